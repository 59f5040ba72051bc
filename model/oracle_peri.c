/* SPDX-License-Identifier: MIT */
/*
 * What the oracle does with peripherals: a copy with PERI is made piece by piece. docs/spec.md, sections 2 and 6.
 *
 * Time is left out: a request is there as soon as it is asked for, or never. A piece is read wholly before it is written, whatever the
 * memory answers, because its requests have been made by then; that matters to a device that gives each byte once.
 */
#include <string.h>
#include "oracle_priv.h"

#define SETTING(cmd, name) ((uint32_t)(((cmd)->settings & PQDMA_SETTINGS_##name##_MASK) >> PQDMA_SETTINGS_##name##_SHIFT))
#define BURST_MAX 4
#define TRANSFERS_MAX 16

enum mode {
	MODE_UP,
	MODE_FIXED,
	MODE_DOWN,
	MODE_NONE,
};

/* A side of a copy, from byte number 0 of the command */
struct side {
	uint64_t addr;
	uint32_t width;
	enum mode mode;
	bool narrow;
};

/* n bytes from byte number done of the command; last whatever the length says */
struct piece {
	const struct oracle_command *cmd;
	uint32_t done;
	uint32_t n;
	bool last;
	uint8_t bytes[PQDMA_STRIP_BYTES];
};

static struct side make_side(uint64_t addr, uint32_t width_log2, uint32_t mode)
{
	return (struct side) {
		.addr = addr,
		.width = 1u << width_log2,
		.mode = mode,
		.narrow = mode != MODE_UP || 1u << width_log2 != PQDMA_BYTES,
	};
}

static struct side source_of(const struct oracle_command *cmd)
{
	return make_side(cmd->src, SETTING(cmd, SRC_WIDTH), SETTING(cmd, SRC_MODE));
}

static struct side destination_of(const struct oracle_command *cmd)
{
	return make_side(cmd->dst, SETTING(cmd, DST_WIDTH), SETTING(cmd, DST_MODE));
}

static struct side device_of(const struct oracle_command *cmd)
{
	return SETTING(cmd, DST_DEV) ? destination_of(cmd) : source_of(cmd);
}

/* ---- BAD_WIDTH ---- */

static bool is_legal_side(const struct oracle_command *cmd, const struct side *side)
{
	const uint32_t single = device_of(cmd).width;
	const uint32_t burst = single << SETTING(cmd, BURST);

	if (side->width > PQDMA_BYTES || side->mode == MODE_NONE)
		return false;
	if (!side->narrow)
		return true;
	if (side->addr % side->width || cmd->length % side->width)
		return false;
	return side->width <= single && burst / side->width <= TRANSFERS_MAX;
}

bool oracle_peri_is_legal(const struct oracle_command *cmd)
{
	const struct side source = source_of(cmd);
	const struct side destination = destination_of(cmd);

	if (!is_legal_side(cmd, &source) || !is_legal_side(cmd, &destination))
		return false;
	if (SETTING(cmd, BURST) > BURST_MAX || SETTING(cmd, LINE) >= PQDMA_LINES)
		return false;
	return device_of(cmd).width << SETTING(cmd, BURST) <= PQDMA_STRIP_BYTES;
}

/* ---- where bytes are ---- */

static uint64_t address_of(const struct side *side, uint32_t byte)
{
	switch (side->mode) {
	case MODE_FIXED:
		return side->addr;
	case MODE_DOWN:
		return side->addr - byte / side->width * side->width;
	default:
		return side->addr + byte;
	}
}

/* Bytes of the next burst of a write, which has @n bytes left from byte number @byte of the command on */
static uint32_t burst_bytes(const struct side *side, uint32_t byte, uint32_t n, uint64_t limit)
{
	const uint64_t room = limit - address_of(side, byte) % limit;

	if (side->mode == MODE_DOWN)
		return side->width;
	return side->mode == MODE_FIXED || n < room ? n : (uint32_t)room;
}

static void mark_bytes(struct oracle_channel *ch, const struct side *side, uint32_t byte, uint32_t n)
{
	if (side->mode == MODE_FIXED)
		oracle_mark(ch, side->addr, side->width);
	else if (side->mode == MODE_DOWN)
		oracle_mark(ch, address_of(side, byte + n - side->width), n);
	else
		oracle_mark(ch, address_of(side, byte), n);
}

void oracle_peri_mark(struct oracle_channel *ch, const struct oracle_command *cmd, uint32_t done)
{
	const struct side destination = destination_of(cmd);
	const uint32_t most = device_of(cmd).width << SETTING(cmd, BURST);
	const uint32_t left = cmd->length - done;

	mark_bytes(ch, &destination, done, left < most ? left : most);
}

/* ---- reading ---- */

static unsigned int read_transfers(const struct oracle *oracle, const struct side *side, struct piece *piece, uint64_t *where)
{
	unsigned int first = ORACLE_RESP_OKAY;
	uint32_t i;

	for (i = 0; i < piece->n; i += side->width) {
		const uint64_t addr = address_of(side, piece->done + i);
		const unsigned int resp = oracle_read_transfer(oracle, addr, piece->bytes + i, side->width);

		if (first & ORACLE_RESP_ERROR)
			continue;
		first = resp;
		*where = addr;
	}
	return first;
}

static unsigned int read_memory(const struct oracle *oracle, const struct side *side, struct piece *piece, uint64_t *where)
{
	return oracle_read(oracle, address_of(side, piece->done), piece->bytes, piece->n, ORACLE_READ, where);
}

static bool read_piece(const struct oracle *oracle, struct oracle_channel *ch, struct piece *piece)
{
	const struct side side = source_of(piece->cmd);
	uint64_t where = 0;
	unsigned int resp;

	if (side.narrow)
		resp = read_transfers(oracle, &side, piece, &where);
	else
		resp = read_memory(oracle, &side, piece, &where);
	if (resp & ORACLE_RESP_ERROR)
		return oracle_fail(ch, oracle_cause(PQDMA_ERR_READ_SLVERR, resp), where, piece->cmd->addr);
	return true;
}

/* ---- writing ---- */

static unsigned int write_transfers(const struct oracle *oracle, const struct side *side, uint32_t byte, const uint8_t *bytes, uint32_t n)
{
	const uint32_t len = side->mode == MODE_FIXED ? side->width : n;
	unsigned int resp = ORACLE_RESP_OKAY;
	uint32_t i;

	if (!oracle->write)
		resp = oracle_respond(oracle, address_of(side, byte), len, ORACLE_WRITE);
	for (i = 0; i < n && !(resp & ORACLE_RESP_ERROR); i += side->width)
		resp = oracle_write_transfer(oracle, address_of(side, byte + i), bytes + i, side->width);
	return resp;
}

static unsigned int write_memory(const struct oracle *oracle, const struct side *side, uint32_t byte, const uint8_t *bytes, uint32_t n)
{
	return oracle_write(oracle, address_of(side, byte), bytes, n, ORACLE_WRITE);
}

/* All bursts are made, also those behind one that fails. */
static bool write_piece(const struct oracle *oracle, struct oracle_channel *ch, struct piece *piece)
{
	const struct side side = destination_of(piece->cmd);
	uint32_t i, n;

	for (i = 0; i < piece->n; i += n) {
		const uint32_t byte = piece->done + i;
		unsigned int resp;

		n = burst_bytes(&side, byte, piece->n - i, oracle_limit(ch));
		if (side.narrow)
			resp = write_transfers(oracle, &side, byte, piece->bytes + i, n);
		else
			resp = write_memory(oracle, &side, byte, piece->bytes + i, n);
		if ((resp & ORACLE_RESP_ERROR) && !ch->err_cause)
			oracle_fail(ch, oracle_cause(PQDMA_ERR_WRITE_SLVERR, resp), address_of(&side, byte), piece->cmd->addr);
	}
	return !ch->err_cause;
}

/* ---- pieces ---- */

/* What the line asks for when the next piece is due; a descriptor that is not paced goes as fast as a line that asks for bursts. */
static unsigned int ask(const struct oracle *oracle, const struct oracle_command *cmd)
{
	if (!SETTING(cmd, PACED) || !oracle->request)
		return ORACLE_REQUEST_BURST;
	return oracle->request(oracle->ctx, SETTING(cmd, LINE));
}

static bool next_piece(const struct oracle *oracle, struct oracle_channel *ch, struct piece *piece)
{
	const struct oracle_command *cmd = piece->cmd;
	const struct side device = device_of(cmd);
	const uint32_t left = cmd->length - piece->done;
	const unsigned int request = ask(oracle, cmd);
	uint32_t most = device.width;

	if (!(request & (ORACLE_REQUEST_SINGLE | ORACLE_REQUEST_BURST)))
		return oracle_fail(ch, PQDMA_ERR_REQ_TIMEOUT, address_of(&device, piece->done), cmd->addr);
	if (request & ORACLE_REQUEST_BURST)
		most <<= SETTING(cmd, BURST);
	piece->n = left < most ? left : most;
	piece->last = piece->n == left || (request & ORACLE_REQUEST_LAST);
	return true;
}

bool oracle_peri_move(const struct oracle *oracle, struct oracle_channel *ch, const struct oracle_command *cmd,
		      struct oracle_moved *moved)
{
	struct piece piece = { .cmd = cmd };

	while (!piece.last) {
		piece.done = moved->bytes;
		ch->strips++;
		if (!next_piece(oracle, ch, &piece) || !read_piece(oracle, ch, &piece))
			return false;
		if (!write_piece(oracle, ch, &piece)) {
			moved->write_error = true;
			return false;
		}
		moved->bytes += piece.n;
		ch->bytes += piece.n;
	}
	return true;
}
