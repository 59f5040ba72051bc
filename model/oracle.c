/* SPDX-License-Identifier: MIT */
/* The untimed oracle. docs/spec.md, sections 2, 3 and 6. */
#include <string.h>
#include "oracle_priv.h"

/* The most that each operation allows. sources: takes its sources from a table. */
static const struct op_rules {
	bool length;
	bool sources;
	uint32_t flags;
} op_rules[PQDMA_OP_MATRIX + 1] = {
	[PQDMA_OP_NOP] = { 0 },
	[PQDMA_OP_INTERRUPT] = { 0 },
	[PQDMA_OP_COPY] = { .length = true },
	[PQDMA_OP_FILL] = { .length = true },
	[PQDMA_OP_XOR] = { .length = true, .sources = true, .flags = PQDMA_FLAG_CONT },
	[PQDMA_OP_XOR_VAL] = { .length = true, .sources = true },
	[PQDMA_OP_PQ] = { .length = true, .sources = true, .flags = PQDMA_FLAG_CONT | PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF },
	[PQDMA_OP_PQ_VAL] = { .length = true, .sources = true, .flags = PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF },
	[PQDMA_OP_MATRIX] = { .length = true, .sources = true, .flags = PQDMA_FLAG_CONT | PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF },
};

#define FLAGS_OF_ALL (PQDMA_FLAG_IRQ | PQDMA_FLAG_FENCE | PQDMA_FLAG_WB)
#define LAST_OP (PQDMA_WITH_PQ ? PQDMA_OP_MATRIX : PQDMA_OP_XOR_VAL)

/* Source tables are read in blocks. */
#define BLOCK 64
#define ENTRY 16

enum {
	WORD_HEAD = PQDMA_DESC_HEAD_OFFSET / 8,
	WORD_SRC = PQDMA_DESC_SRC_OFFSET / 8,
	WORD_DST = PQDMA_DESC_DST_OFFSET / 8,
	WORD_LINK = PQDMA_DESC_LINK_OFFSET / 8,
	WORD_DST2 = PQDMA_DESC_DST2_OFFSET / 8,
	WORD_SETTINGS = PQDMA_DESC_SETTINGS_OFFSET / 8,
	DESC_WORDS = PQDMA_DESC_SIZE / 8,
};

#define FIELD(word, name) (((word) & PQDMA_DESC_##name##_MASK) >> PQDMA_DESC_##name##_SHIFT)

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
	const unsigned int resp = oracle_respond_beats(oracle, addr, PQDMA_DESC_SIZE, ORACLE_FETCH, &where);

	if (resp & ORACLE_RESP_ERROR)
		return oracle_fail(ch, oracle_cause(PQDMA_ERR_FETCH_SLVERR, resp), addr, addr);
	memcpy(words, oracle_ram_at(oracle, addr), PQDMA_DESC_SIZE);
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
		return oracle_fail(ch, PQDMA_ERR_BAD_ALIGN, ch->link_addr, ch->link_addr);
	if (!ch->link_left)
		return oracle_fail(ch, PQDMA_ERR_BAD_LINK, ch->link_addr, ch->link_addr);
	return true;
}

/* The next descriptor of a list that holds tail of them. Its link is used only if the list goes on by now. */
static bool next_command(const struct oracle *oracle, struct oracle_channel *ch, uint32_t tail, struct oracle_command *cmd)
{
	uint64_t words[DESC_WORDS];

	if (!know_link(oracle, ch) || !fetch(oracle, ch, ch->link_addr, words))
		return false;
	*cmd = (struct oracle_command) {
		.addr = ch->link_addr,
		.op = (uint32_t)FIELD(words[WORD_HEAD], OP),
		.flags = (uint32_t)FIELD(words[WORD_HEAD], FLAGS),
		.tag = (uint32_t)FIELD(words[WORD_HEAD], TAG),
		.length = (uint32_t)FIELD(words[WORD_HEAD], LENGTH),
		.src = words[WORD_SRC],
		.dst = words[WORD_DST],
		.dst2 = words[WORD_DST2],
		.sources = words[WORD_SETTINGS] & PQDMA_SETTINGS_SOURCES_MASK,
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

static uint32_t check(const struct oracle_command *cmd)
{
	const uint32_t off = PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF;
	const struct op_rules *rules = &op_rules[cmd->op % (PQDMA_OP_MATRIX + 1)];

	if (cmd->op > LAST_OP)
		return PQDMA_ERR_BAD_OP;
	if ((cmd->flags & ~(rules->flags | FLAGS_OF_ALL)) || (cmd->flags & off) == off)
		return PQDMA_ERR_BAD_FLAGS;
	if (rules->length != (cmd->length > 0))
		return PQDMA_ERR_BAD_LENGTH;
	if (rules->sources && (cmd->sources < 1 || cmd->sources > PQDMA_SOURCES || cmd->src % BLOCK))
		return PQDMA_ERR_BAD_SOURCES;
	return PQDMA_ERR_NONE;
}

static struct oracle_source parse_source(const uint8_t *entry)
{
	struct oracle_source source = { .a = entry[8], .b = entry[9] };

	memcpy(&source.addr, entry, sizeof(source.addr));
	return source;
}

static bool read_table(const struct oracle *oracle, struct oracle_channel *ch, struct oracle_command *cmd)
{
	uint32_t i;

	if (!op_rules[cmd->op].sources)
		return true;
	for (i = 0; i < cmd->sources; i++) {
		const uint64_t entry = cmd->src + i * ENTRY;
		unsigned int resp = ORACLE_RESP_OKAY;
		uint64_t where;

		if (entry % BLOCK == 0)
			resp = oracle_respond_beats(oracle, entry, BLOCK, ORACLE_FETCH, &where);
		if (resp & ORACLE_RESP_ERROR)
			return oracle_fail(ch, oracle_cause(PQDMA_ERR_FETCH_SLVERR, resp), entry, cmd->addr);
		cmd->source[i] = parse_source(oracle_ram_at(oracle, entry));
	}
	return true;
}

/* ---- errors of writes ---- */

/*
 * What may have been under way behind a write that failed: strips of following descriptors and, if it was a status write that
 * failed, their status words. A descriptor has one strip at least, and there are never more than STRIPS in flight.
 */
static void mark_following(const struct oracle *oracle, struct oracle_channel *ch, uint32_t tail, uint32_t budget, bool statuses)
{
	struct oracle_channel ahead = *ch;
	struct oracle_command cmd;

	while (budget && ahead.fetched != tail && next_command(oracle, &ahead, tail, &cmd) && !check(&cmd)) {
		if (cmd.length)
			budget = oracle_mark_strips(ch, &cmd, 0, budget);
		else
			budget--;
		if (statuses && (cmd.flags & PQDMA_FLAG_WB))
			oracle_mark(ch, cmd.addr + PQDMA_DESC_STATUS_OFFSET, 8);
		if (!statuses && (cmd.flags & PQDMA_FLAG_FENCE))
			break;
	}
}

static void write_failed(const struct oracle *oracle, struct oracle_channel *ch, const struct oracle_command *cmd, uint32_t done,
			 uint32_t tail)
{
	const uint32_t budget = oracle_mark_strips(ch, cmd, done, PQDMA_STRIPS);

	if (!(cmd->flags & PQDMA_FLAG_FENCE))
		mark_following(oracle, ch, tail, budget, false);
}

/* ---- completion ---- */

static unsigned int write_status(const struct oracle *oracle, struct oracle_channel *ch, const struct oracle_command *cmd,
				 const struct oracle_moved *moved)
{
	const uint64_t addr = cmd->addr + PQDMA_DESC_STATUS_OFFSET;
	const uint64_t bad = (moved->p_bad ? PQDMA_DSTS_P_BAD_MASK : 0) | (moved->q_bad ? PQDMA_DSTS_Q_BAD_MASK : 0);
	const uint64_t word = PQDMA_DSTS_DONE_MASK | (ch->err_cause ? 0 : bad) | (uint64_t)ch->err_cause << PQDMA_DSTS_CODE_SHIFT |
			      (uint64_t)cmd->tag << PQDMA_DSTS_TAG_SHIFT | moved->bytes;
	const unsigned int resp = oracle_respond_burst(oracle, addr, 8, ORACLE_STATUS);

	if (!(resp & ORACLE_RESP_ERROR))
		memcpy(oracle_ram_at(oracle, addr), &word, sizeof(word));
	else
		oracle_mark(ch, addr, 8);
	return resp;
}

static void complete(struct oracle_channel *ch, const struct oracle_command *cmd)
{
	ch->done++;
	ch->ops[cmd->op]++;
	ch->irqs += (cmd->flags & PQDMA_FLAG_IRQ) || cmd->op == PQDMA_OP_INTERRUPT;
}

static void status_failed(const struct oracle *oracle, struct oracle_channel *ch, const struct oracle_command *cmd, uint32_t tail,
			  unsigned int resp)
{
	ch->bytes_open = true;
	/*
	 * STRIPS - 1 strips may be on their way when the status write is pushed. Those whose burst began before it are acknowledged
	 * before it and make room for as many again.
	 */
	mark_following(oracle, ch, tail, 2 * (PQDMA_STRIPS - 1), true);
	oracle_fail(ch, oracle_cause(PQDMA_ERR_STATUS_SLVERR, resp), cmd->addr + PQDMA_DESC_STATUS_OFFSET, cmd->addr);
}

static void execute(const struct oracle *oracle, struct oracle_channel *ch, struct oracle_command *cmd, uint32_t tail)
{
	const uint32_t code = check(cmd);
	struct oracle_moved moved = { 0 };
	unsigned int resp = ORACLE_RESP_OKAY;
	bool good;

	if (code)
		good = oracle_fail(ch, code, cmd->addr, cmd->addr);
	else
		good = read_table(oracle, ch, cmd) && oracle_move(oracle, ch, cmd, &moved);
	if (moved.write_error)
		write_failed(oracle, ch, cmd, moved.bytes, tail);
	if (cmd->flags & PQDMA_FLAG_WB)
		resp = write_status(oracle, ch, cmd, &moved);
	if (good && (resp & ORACLE_RESP_ERROR))
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
	struct oracle_command cmd;

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
