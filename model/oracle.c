/* SPDX-License-Identifier: MIT */
/* The untimed oracle. docs/spec.md, sections 2, 3 and 6. */
#include <assert.h>
#include <string.h>
#include "oracle.h"

#define RESP_OKAY 0
#define RESP_DECERR 3
#define RESP_ERROR 2

/* The flags and operations of this version */
#define LEGAL_FLAGS (PQDMA_FLAG_IRQ | PQDMA_FLAG_FENCE | PQDMA_FLAG_WB)

enum {
	WORD_HEAD = PQDMA_DESC_HEAD_OFFSET / 8,
	WORD_SRC = PQDMA_DESC_SRC_OFFSET / 8,
	WORD_DST = PQDMA_DESC_DST_OFFSET / 8,
	WORD_LINK = PQDMA_DESC_LINK_OFFSET / 8,
	DESC_WORDS = PQDMA_DESC_SIZE / 8,
};

#define FIELD(word, name) (((word) & PQDMA_DESC_##name##_MASK) >> PQDMA_DESC_##name##_SHIFT)

struct command {
	uint64_t addr;
	uint32_t op;
	uint32_t flags;
	uint32_t tag;
	uint32_t length;
	uint64_t src;
	uint64_t dst;
	uint64_t link;
};

/* ---- memory ---- */

static bool in_ram(const struct oracle *oracle, uint64_t addr, uint64_t len)
{
	const uint64_t offset = addr - oracle->ram_bus;

	return offset < oracle->ram_size && len <= oracle->ram_size - offset;
}

static uint8_t *ram_at(const struct oracle *oracle, uint64_t addr)
{
	return oracle->ram + (addr - oracle->ram_bus);
}

static uint64_t bus_word(uint64_t addr)
{
	return addr & ~(uint64_t)(PQDMA_BYTES - 1);
}

static unsigned int respond(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access)
{
	if (!in_ram(oracle, addr, len))
		return RESP_DECERR;
	return oracle->resp ? oracle->resp(oracle->ctx, addr, (size_t)len, access) : RESP_OKAY;
}

/* The first error of all beats that touch the range; where is the beat's address. */
static unsigned int respond_beats(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access,
				  uint64_t *where)
{
	const uint64_t beats = (addr + len - 1 - bus_word(addr)) / PQDMA_BYTES + 1;
	unsigned int resp = RESP_OKAY;
	uint64_t i;

	for (i = 0; i < beats && !(resp & RESP_ERROR); i++) {
		*where = bus_word(addr) + i * PQDMA_BYTES;
		resp = respond(oracle, *where, PQDMA_BYTES, access);
	}
	return resp;
}

static unsigned int respond_burst(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access)
{
	const uint64_t first = bus_word(addr);

	return respond(oracle, first, bus_word(addr + len - 1) - first + PQDMA_BYTES, access);
}

/* ---- errors ---- */

/* The code of an error is that of its SLVERR form, plus one for DECERR. */
static uint32_t cause_of(uint32_t slverr, unsigned int resp)
{
	return slverr + (resp == RESP_DECERR);
}

static bool fail(struct oracle_channel *ch, uint32_t cause, uint64_t addr, uint64_t desc)
{
	ch->state = PQDMA_STATE_FAIL;
	ch->err_cause = cause;
	ch->err_addr = addr;
	ch->err_desc = desc;
	return false;
}

static void mark(struct oracle_channel *ch, uint64_t addr, uint64_t len)
{
	assert(ch->nr_uncertain < ORACLE_RANGES);
	if (len)
		ch->uncertain[ch->nr_uncertain++] = (struct oracle_range) { .addr = addr, .len = len };
}

/* ---- the list ---- */

static void take_link(struct oracle_channel *ch, uint64_t link)
{
	ch->link_addr = link & PQDMA_DESC_LINK_ADDR_MASK;
	ch->link_left = link & PQDMA_DESC_LINK_COUNT_MASK;
	ch->link_known = true;
}

static bool fetch(const struct oracle *oracle, struct oracle_channel *ch, uint64_t addr, uint64_t *words)
{
	uint64_t where;
	const unsigned int resp = respond_beats(oracle, addr, PQDMA_DESC_SIZE, ORACLE_FETCH, &where);

	if (resp & RESP_ERROR)
		return fail(ch, cause_of(PQDMA_ERR_FETCH_SLVERR, resp), addr, addr);
	memcpy(words, ram_at(oracle, addr), PQDMA_DESC_SIZE);
	return true;
}

static bool know_link(const struct oracle *oracle, struct oracle_channel *ch)
{
	if (!ch->link_known) {
		uint64_t words[DESC_WORDS];

		if (!fetch(oracle, ch, ch->last_addr, words))
			return false;
		take_link(ch, words[WORD_LINK]);
	}
	if (ch->link_addr % PQDMA_DESC_SIZE)
		return fail(ch, PQDMA_ERR_BAD_ALIGN, ch->link_addr, ch->link_addr);
	if (!ch->link_left)
		return fail(ch, PQDMA_ERR_BAD_LINK, ch->link_addr, ch->link_addr);
	return true;
}

/* The next descriptor of a list that holds tail of them. Its link is used only if the list goes on by now. */
static bool next_command(const struct oracle *oracle, struct oracle_channel *ch, uint32_t tail, struct command *cmd)
{
	uint64_t words[DESC_WORDS];

	if (!know_link(oracle, ch) || !fetch(oracle, ch, ch->link_addr, words))
		return false;
	*cmd = (struct command) {
		.addr = ch->link_addr,
		.op = (uint32_t)FIELD(words[WORD_HEAD], OP),
		.flags = (uint32_t)FIELD(words[WORD_HEAD], FLAGS),
		.tag = (uint32_t)FIELD(words[WORD_HEAD], TAG),
		.length = (uint32_t)FIELD(words[WORD_HEAD], LENGTH),
		.src = words[WORD_SRC],
		.dst = words[WORD_DST],
		.link = words[WORD_LINK],
	};
	ch->fetched++;
	ch->last_addr = ch->link_addr;
	ch->link_addr += PQDMA_DESC_SIZE;
	ch->link_left--;
	ch->link_known = ch->link_left != 0;
	if (!ch->link_known && ch->fetched != tail)
		take_link(ch, cmd->link);
	return true;
}

static uint32_t check(const struct command *cmd)
{
	switch (cmd->op) {
	case PQDMA_OP_NOP:
	case PQDMA_OP_INTERRUPT:
		if (cmd->flags & ~LEGAL_FLAGS)
			return PQDMA_ERR_BAD_FLAGS;
		return cmd->length ? PQDMA_ERR_BAD_LENGTH : PQDMA_ERR_NONE;
	case PQDMA_OP_COPY:
	case PQDMA_OP_FILL:
		if (cmd->flags & ~LEGAL_FLAGS)
			return PQDMA_ERR_BAD_FLAGS;
		return cmd->length ? PQDMA_ERR_NONE : PQDMA_ERR_BAD_LENGTH;
	default:
		return PQDMA_ERR_BAD_OP;
	}
}

/* ---- strips ---- */

static uint64_t strip_limit(const struct oracle_channel *ch)
{
	const uint64_t burst = (uint64_t)PQDMA_BYTES << ch->burst;

	return burst < PQDMA_STRIP_BYTES ? burst : PQDMA_STRIP_BYTES;
}

static uint64_t strip_bytes(const struct oracle_channel *ch, uint64_t dst, uint64_t left)
{
	const uint64_t room = strip_limit(ch) - dst % strip_limit(ch);

	return left < room ? left : room;
}

static uint32_t mark_strips(struct oracle_channel *ch, uint64_t dst, uint64_t left, uint32_t budget)
{
	const uint64_t first = dst;

	for (; left && budget; budget--) {
		const uint64_t n = strip_bytes(ch, dst, left);

		dst += n;
		left -= n;
	}
	mark(ch, first, dst - first);
	return budget;
}

/*
 * What may have been under way behind a write that failed: strips of following descriptors and, if it was a status write that
 * failed, their status words. A descriptor has one strip at least, and there are never more than @budget of them.
 */
static void mark_following(const struct oracle *oracle, struct oracle_channel *ch, uint32_t tail, uint32_t budget, bool statuses)
{
	struct oracle_channel ahead = *ch;
	struct command cmd;

	while (budget && ahead.fetched != tail && next_command(oracle, &ahead, tail, &cmd) && !check(&cmd)) {
		if (cmd.length)
			budget = mark_strips(ch, cmd.dst, cmd.length, budget);
		else
			budget--;
		if (statuses && (cmd.flags & PQDMA_FLAG_WB))
			mark(ch, cmd.addr + PQDMA_DESC_STATUS_OFFSET, 8);
		if (!statuses && (cmd.flags & PQDMA_FLAG_FENCE))
			break;
	}
}

static bool write_failed(const struct oracle *oracle, struct oracle_channel *ch, const struct command *cmd, uint64_t dst,
			 uint64_t left, uint32_t tail, unsigned int resp)
{
	const uint32_t budget = mark_strips(ch, dst, left, PQDMA_STRIPS);

	if (!(cmd->flags & PQDMA_FLAG_FENCE))
		mark_following(oracle, ch, tail, budget, false);
	return fail(ch, cause_of(PQDMA_ERR_WRITE_SLVERR, resp), dst, cmd->addr);
}

static void fill_bytes(const struct oracle *oracle, uint64_t pattern, uint64_t dst, uint64_t n)
{
	uint8_t *bytes = ram_at(oracle, dst);
	uint64_t i;

	for (i = 0; i < n; i++)
		bytes[i] = (uint8_t)(pattern >> (dst + i) % 8 * 8);
}

/*
 * The reads of a strip: those of its first bytes end at a multiple of the limit, as the writes do, and a second burst brings
 * the rest. For errors that makes no difference, since the beats are the same ones in the same order.
 */
static bool move_bytes(const struct oracle *oracle, struct oracle_channel *ch, const struct command *cmd, uint32_t tail)
{
	uint64_t at;
	uint64_t n;

	for (at = 0; at < cmd->length; at += n) {
		const uint64_t src = cmd->src + at;
		const uint64_t dst = cmd->dst + at;
		unsigned int resp;
		uint64_t where;

		n = strip_bytes(ch, dst, cmd->length - at);
		if (cmd->op == PQDMA_OP_COPY) {
			resp = respond_beats(oracle, src, n, ORACLE_READ, &where);
			if (resp & RESP_ERROR)
				return fail(ch, cause_of(PQDMA_ERR_READ_SLVERR, resp), where, cmd->addr);
		}
		resp = respond_burst(oracle, dst, n, ORACLE_WRITE);
		if (resp & RESP_ERROR)
			return write_failed(oracle, ch, cmd, dst, cmd->length - at, tail, resp);
		if (cmd->op == PQDMA_OP_COPY)
			memmove(ram_at(oracle, dst), ram_at(oracle, src), n);
		else
			fill_bytes(oracle, cmd->src, dst, n);
		ch->bytes += (uint32_t)n;
	}
	return true;
}

/* ---- completion ---- */

static unsigned int write_status(const struct oracle *oracle, struct oracle_channel *ch, const struct command *cmd, uint32_t bytes)
{
	const uint64_t addr = cmd->addr + PQDMA_DESC_STATUS_OFFSET;
	const uint64_t word = PQDMA_DSTS_DONE_MASK | (uint64_t)ch->err_cause << PQDMA_DSTS_CODE_SHIFT |
			      (uint64_t)cmd->tag << PQDMA_DSTS_TAG_SHIFT | bytes;
	const unsigned int resp = respond_burst(oracle, addr, 8, ORACLE_STATUS);

	if (!(resp & RESP_ERROR))
		memcpy(ram_at(oracle, addr), &word, sizeof(word));
	else
		mark(ch, addr, 8);
	return resp;
}

static void complete(struct oracle_channel *ch, const struct command *cmd)
{
	ch->done++;
	ch->ops[cmd->op]++;
	ch->irqs += (cmd->flags & PQDMA_FLAG_IRQ) || cmd->op == PQDMA_OP_INTERRUPT;
}

static void status_failed(const struct oracle *oracle, struct oracle_channel *ch, const struct command *cmd, uint32_t tail,
			  unsigned int resp)
{
	ch->bytes_open = true;
	/*
	 * STRIPS - 1 strips may be on their way when the status write is pushed. Those whose burst began before it are acknowledged
	 * before it and make room for as many again.
	 */
	mark_following(oracle, ch, tail, 2 * (PQDMA_STRIPS - 1), true);
	fail(ch, cause_of(PQDMA_ERR_STATUS_SLVERR, resp), cmd->addr + PQDMA_DESC_STATUS_OFFSET, cmd->addr);
}

static void execute(const struct oracle *oracle, struct oracle_channel *ch, const struct command *cmd, uint32_t tail)
{
	const uint32_t before = ch->bytes;
	const uint32_t code = check(cmd);
	const bool good = code ? fail(ch, code, cmd->addr, cmd->addr) : move_bytes(oracle, ch, cmd, tail);
	unsigned int resp = RESP_OKAY;

	if (cmd->flags & PQDMA_FLAG_WB)
		resp = write_status(oracle, ch, cmd, ch->bytes - before);
	if (good && (resp & RESP_ERROR))
		status_failed(oracle, ch, cmd, tail, resp);
	else if (good)
		complete(ch, cmd);
}

void oracle_start(struct oracle_channel *ch, uint64_t head, uint32_t count, uint32_t burst)
{
	*ch = (struct oracle_channel) {
		.state = PQDMA_STATE_RUN,
		.burst = burst,
		.link_known = true,
		.link_addr = head,
		.link_left = count,
	};
}

void oracle_run(const struct oracle *oracle, struct oracle_channel *ch, uint32_t tail)
{
	struct command cmd;

	while (ch->state == PQDMA_STATE_RUN && ch->fetched != tail)
		if (next_command(oracle, ch, tail, &cmd))
			execute(oracle, ch, &cmd, tail);
}

static bool is_uncertain(const struct oracle_channel *chans, size_t nr, uint64_t addr)
{
	size_t c;
	uint32_t i;

	for (c = 0; c < nr; c++)
		for (i = 0; i < chans[c].nr_uncertain; i++)
			if (addr - chans[c].uncertain[i].addr < chans[c].uncertain[i].len)
				return true;
	return false;
}

bool oracle_same(const struct oracle *oracle, const struct oracle_channel *chans, size_t nr, const uint8_t *ram, uint64_t *where)
{
	size_t i;

	if (!memcmp(oracle->ram, ram, oracle->ram_size))
		return true;
	for (i = 0; i < oracle->ram_size; i++) {
		if (oracle->ram[i] == ram[i] || is_uncertain(chans, nr, oracle->ram_bus + i))
			continue;
		*where = oracle->ram_bus + i;
		return false;
	}
	return true;
}
