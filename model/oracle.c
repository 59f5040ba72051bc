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
	[PQDMA_OP_COPY] = { .length = true, .flags = PQDMA_FLAG_TWO_D | PQDMA_FLAG_PERI },
	[PQDMA_OP_FILL] = { .length = true, .flags = PQDMA_FLAG_TWO_D },
	[PQDMA_OP_XOR] = { .length = true, .sources = true, .flags = PQDMA_FLAG_CONT },
	[PQDMA_OP_XOR_VAL] = { .length = true, .sources = true },
	[PQDMA_OP_PQ] = { .length = true, .sources = true, .flags = PQDMA_FLAG_CONT | PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF },
	[PQDMA_OP_PQ_VAL] = { .length = true, .sources = true, .flags = PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF },
	[PQDMA_OP_MATRIX] = { .length = true, .sources = true, .flags = PQDMA_FLAG_CONT | PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF },
};

#define FLAGS_OF_ALL (PQDMA_FLAG_IRQ | PQDMA_FLAG_FENCE | PQDMA_FLAG_WB)
#define LAST_OP (PQDMA_WITH_PQ ? PQDMA_OP_MATRIX : PQDMA_OP_XOR_VAL)
#define LAST_COMPACT_OP PQDMA_OP_FILL
#define COMPACT_SIZE 32
#define COMPLETION_STATE_SHIFT 32

/* Source tables are read in blocks. */
#define BLOCK 64
#define ENTRY 16

enum {
	WORD_HEAD = PQDMA_DESC_HEAD_OFFSET / 8,
	WORD_SRC = PQDMA_DESC_SRC_OFFSET / 8,
	WORD_DST = PQDMA_DESC_DST_OFFSET / 8,
	WORD_LINK = PQDMA_DESC_LINK_OFFSET / 8,
	WORD_DST2 = PQDMA_DESC_DST2_OFFSET / 8,
	WORD_COUNTS = PQDMA_DESC_COUNTS_OFFSET / 8,
	WORD_SETTINGS = PQDMA_DESC_SETTINGS_OFFSET / 8,
	DESC_WORDS = PQDMA_DESC_SIZE / 8,
};

#define FIELD(word, name) (((word) & PQDMA_DESC_##name##_MASK) >> PQDMA_DESC_##name##_SHIFT)

/* ---- the list ---- */

static uint32_t desc_size(const struct oracle_channel *ch)
{
	return ch->compact ? COMPACT_SIZE : PQDMA_DESC_SIZE;
}

/* The address has as many bits less as the count has more, and both together are the word. */
static void take_link(struct oracle_channel *ch, uint64_t link)
{
	ch->link_left = link % desc_size(ch);
	ch->link_addr = link - ch->link_left;
	ch->link_known = true;
}

/* Words that a compact descriptor does not have read as 0. */
static bool fetch(const struct oracle *oracle, struct oracle_channel *ch, uint64_t addr, uint64_t *words)
{
	uint64_t where;
	unsigned int resp;

	memset(words, 0, PQDMA_DESC_SIZE);
	resp = oracle_read(oracle, addr, (uint8_t *)words, desc_size(ch), ORACLE_FETCH, &where);
	if (resp & ORACLE_RESP_ERROR)
		return oracle_fail(ch, oracle_cause(PQDMA_ERR_FETCH_SLVERR, resp), addr, addr);
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
	if (ch->link_addr % desc_size(ch))
		return oracle_fail(ch, PQDMA_ERR_BAD_ALIGN, ch->link_addr, ch->link_addr);
	if (!ch->link_left)
		return oracle_fail(ch, PQDMA_ERR_BAD_LINK, ch->link_addr, ch->link_addr);
	return true;
}

static struct oracle_command parse(const struct oracle_channel *ch, uint64_t addr, const uint64_t *words)
{
	const bool two_d = FIELD(words[WORD_HEAD], FLAGS) & PQDMA_FLAG_TWO_D;

	return (struct oracle_command) {
		.addr = addr,
		.status = addr + (ch->compact ? 0 : PQDMA_DESC_STATUS_OFFSET),
		.op = (uint32_t)FIELD(words[WORD_HEAD], OP),
		.flags = (uint32_t)FIELD(words[WORD_HEAD], FLAGS),
		.tag = (uint32_t)FIELD(words[WORD_HEAD], TAG),
		.length = (uint32_t)FIELD(words[WORD_HEAD], LENGTH),
		.rows = two_d ? (uint32_t)words[WORD_COUNTS] : 1,
		.src_stride = (int32_t)words[WORD_DST2],
		.dst_stride = (int32_t)(words[WORD_DST2] >> 32),
		.src = words[WORD_SRC],
		.dst = words[WORD_DST],
		.dst2 = words[WORD_DST2],
		.sources = words[WORD_SETTINGS] & PQDMA_SETTINGS_SOURCES_MASK,
		.settings = words[WORD_SETTINGS],
		.link = words[WORD_LINK],
	};
}

/* The next descriptor of a list that holds tail of them. Its link is used only if the list goes on by now. */
static bool next_command(const struct oracle *oracle, struct oracle_channel *ch, uint32_t tail, struct oracle_command *cmd)
{
	uint64_t words[DESC_WORDS];

	if (!know_link(oracle, ch) || !fetch(oracle, ch, ch->link_addr, words))
		return false;
	*cmd = parse(ch, ch->link_addr, words);
	ch->fetched++;
	ch->last_addr = ch->link_addr;
	ch->link_addr += desc_size(ch);
	ch->link_left--;
	ch->link_known = ch->link_left != 0;
	if (!ch->link_known && (ch->fetched != tail || ch->cyclic))
		take_link(ch, cmd->link);
	return true;
}

/* Both flags are legal, but not together. */
static bool has_both(const struct oracle_command *cmd, uint32_t flags)
{
	return (cmd->flags & flags) == flags;
}

static uint32_t check(const struct oracle_channel *ch, const struct oracle_command *cmd)
{
	const struct op_rules *rules = &op_rules[cmd->op % (PQDMA_OP_MATRIX + 1)];
	const uint32_t own_flags = ch->compact ? 0 : rules->flags;

	if (cmd->op > (ch->compact ? LAST_COMPACT_OP : LAST_OP))
		return PQDMA_ERR_BAD_OP;
	if (cmd->flags & ~(own_flags | FLAGS_OF_ALL))
		return PQDMA_ERR_BAD_FLAGS;
	if (has_both(cmd, PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF) || has_both(cmd, PQDMA_FLAG_TWO_D | PQDMA_FLAG_PERI))
		return PQDMA_ERR_BAD_FLAGS;
	if (rules->length != (cmd->length > 0) || !cmd->rows)
		return PQDMA_ERR_BAD_LENGTH;
	if (rules->sources && (cmd->sources < 1 || cmd->sources > PQDMA_SOURCES || cmd->src % BLOCK))
		return PQDMA_ERR_BAD_SOURCES;
	if ((cmd->flags & PQDMA_FLAG_PERI) && !oracle_peri_is_legal(cmd))
		return PQDMA_ERR_BAD_WIDTH;
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
	uint8_t block[BLOCK];
	uint32_t i;

	if (!op_rules[cmd->op].sources)
		return true;
	for (i = 0; i < cmd->sources; i++) {
		const uint64_t entry = cmd->src + i * ENTRY;
		unsigned int resp = ORACLE_RESP_OKAY;
		uint64_t where;

		if (entry % BLOCK == 0)
			resp = oracle_read(oracle, entry, block, BLOCK, ORACLE_FETCH, &where);
		if (resp & ORACLE_RESP_ERROR)
			return oracle_fail(ch, oracle_cause(PQDMA_ERR_FETCH_SLVERR, resp), entry, cmd->addr);
		cmd->source[i] = parse_source(block + entry % BLOCK);
	}
	return true;
}

/* ---- errors of writes ---- */

/*
 * What may have been under way behind a write that failed: strips of following descriptors and, if it was a status or completion
 * word that failed, their status words. A descriptor has one strip at least, and there are never more than @budget of them.
 * A piece of a peripheral begins when no strip is on its way, so it follows a status write at most.
 */
static void mark_following(const struct oracle *oracle, struct oracle_channel *ch, uint32_t tail, uint32_t budget, bool statuses)
{
	struct oracle_channel ahead = *ch;
	struct oracle_command cmd;

	while (budget && ahead.fetched != tail && next_command(oracle, &ahead, tail, &cmd) && !check(ch, &cmd)) {
		if (!statuses && (cmd.flags & PQDMA_FLAG_PERI))
			break;
		if (cmd.length)
			budget = oracle_mark_strips(ch, &cmd, 0, budget);
		else
			budget--;
		if (statuses && (cmd.flags & PQDMA_FLAG_WB))
			oracle_mark(ch, cmd.status, 8);
		if (!statuses && (cmd.flags & PQDMA_FLAG_FENCE))
			break;
	}
}

static void write_failed(const struct oracle *oracle, struct oracle_channel *ch, const struct oracle_command *cmd, uint64_t done,
			 uint32_t tail)
{
	const uint32_t budget = oracle_mark_strips(ch, cmd, done, PQDMA_STRIPS);

	if (!(cmd->flags & PQDMA_FLAG_FENCE))
		mark_following(oracle, ch, tail, budget, false);
}

/* ---- completion ---- */

static unsigned int write_word(const struct oracle *oracle, struct oracle_channel *ch, uint64_t addr, uint64_t word)
{
	const unsigned int resp = oracle_write(oracle, addr, (const uint8_t *)&word, sizeof(word), ORACLE_STATUS);

	if (resp & ORACLE_RESP_ERROR)
		oracle_mark(ch, addr, 8);
	return resp;
}

static unsigned int write_status(const struct oracle *oracle, struct oracle_channel *ch, const struct oracle_command *cmd,
				 const struct oracle_moved *moved)
{
	const uint64_t bad = (moved->p_bad ? PQDMA_DSTS_P_BAD_MASK : 0) | (moved->q_bad ? PQDMA_DSTS_Q_BAD_MASK : 0);
	const uint64_t word = PQDMA_DSTS_DONE_MASK | (ch->err_cause ? 0 : bad) | (uint64_t)ch->err_cause << PQDMA_DSTS_CODE_SHIFT |
			      (uint64_t)cmd->tag << PQDMA_DSTS_TAG_SHIFT | (uint32_t)moved->bytes;

	return write_word(oracle, ch, cmd->status, word);
}

static void complete(struct oracle_channel *ch, const struct oracle_command *cmd)
{
	ch->done++;
	ch->ops[cmd->op]++;
	ch->irqs += (cmd->flags & PQDMA_FLAG_IRQ) || cmd->op == PQDMA_OP_INTERRUPT;
	ch->strips += cmd->op <= PQDMA_OP_INTERRUPT;	/* without data there is one all the same */
}

static void status_failed(const struct oracle *oracle, struct oracle_channel *ch, const struct oracle_command *cmd, uint32_t tail,
			  unsigned int resp)
{
	ch->bytes_open = true;
	mark_following(oracle, ch, tail, ORACLE_FOLLOWING, true);
	oracle_fail(ch, oracle_cause(PQDMA_ERR_STATUS_SLVERR, resp), cmd->status, cmd->addr);
}

/* After every completion and every error */
static void write_completion_word(const struct oracle *oracle, struct oracle_channel *ch, uint32_t tail)
{
	const uint64_t word = (uint64_t)ch->state << COMPLETION_STATE_SHIFT | ch->done;
	unsigned int resp;

	if (!ch->cmpl)
		return;
	resp = write_word(oracle, ch, ch->cmpl, word);
	if (!(resp & ORACLE_RESP_ERROR) || ch->state != PQDMA_STATE_RUN)
		return;
	ch->bytes_open = true;
	ch->done_open = true;
	mark_following(oracle, ch, tail, ORACLE_FOLLOWING, true);
	oracle_fail(ch, oracle_cause(PQDMA_ERR_CMPL_SLVERR, resp), ch->cmpl, 0);
}

static void execute(const struct oracle *oracle, struct oracle_channel *ch, struct oracle_command *cmd, uint32_t tail)
{
	const uint32_t code = check(ch, cmd);
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

void oracle_start(struct oracle_channel *ch, uint64_t head, uint32_t count, uint32_t cfg)
{
	*ch = (struct oracle_channel) {
		.state = PQDMA_STATE_RUN,
		.burst = (cfg & PQDMA_CFG_BURST_MASK) >> PQDMA_CFG_BURST_SHIFT,
		.cyclic = cfg & PQDMA_CFG_CYCLIC_MASK,
		.compact = cfg & PQDMA_CFG_COMPACT_MASK,
		.link_known = true,
		.link_addr = head,
		.link_left = count,
	};
}

void oracle_run(const struct oracle *oracle, struct oracle_channel *ch, uint32_t tail)
{
	struct oracle_command cmd;

	while (ch->state == PQDMA_STATE_RUN && ch->fetched != tail) {
		if (next_command(oracle, ch, tail, &cmd))
			execute(oracle, ch, &cmd, tail);
		write_completion_word(oracle, ch, tail);
	}
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
