/* SPDX-License-Identifier: MIT */
/*
 * What the oracle does with data: strips, copies, fills, sums, validation. docs/spec.md, sections 2 and 6.
 *
 * Strips matter for two reasons: an error spares all of its strip, and a source that is also a destination is read strip by
 * strip before it is overwritten.
 */
#include <string.h>
#include "oracle_priv.h"
#include "oracle_sum.h"

/* The bytes of a strip: of a copy, fill or the source that is being read; old P and Q; sums. */
struct contents {
	uint8_t bytes[PQDMA_STRIP_BYTES];
	uint8_t p[PQDMA_STRIP_BYTES];
	uint8_t q[PQDMA_STRIP_BYTES];
	struct oracle_sum sum;
};

/* One strip: n bytes from byte number pos of a row. src has no meaning where sources stand in a table. */
struct strip {
	const struct oracle_command *cmd;
	uint32_t pos;
	uint32_t n;
	bool use_p;
	bool use_q;
	uint64_t src;
	uint64_t p;
	uint64_t q;
};

static bool has_table(const struct oracle_command *cmd)
{
	return cmd->op >= PQDMA_OP_XOR;
}

static bool is_validation(const struct oracle_command *cmd)
{
	return cmd->op == PQDMA_OP_XOR_VAL || cmd->op == PQDMA_OP_PQ_VAL;
}

static uint64_t total_bytes(const struct oracle_command *cmd)
{
	return (uint64_t)cmd->rows * cmd->length;
}

uint64_t oracle_limit(const struct oracle_channel *ch)
{
	const uint64_t burst = (uint64_t)PQDMA_BYTES << ch->burst;

	return burst < PQDMA_STRIP_BYTES ? burst : PQDMA_STRIP_BYTES;
}

static uint32_t up_to_limit(const struct oracle_channel *ch, uint64_t addr, uint32_t n)
{
	const uint64_t room = oracle_limit(ch) - addr % oracle_limit(ch);

	return n < room ? n : (uint32_t)room;
}

/* A strip begins behind done bytes of all rows, and ends with its row or where P or Q reaches a multiple of the limit. */
static struct strip cut_strip(const struct oracle_channel *ch, const struct oracle_command *cmd, uint64_t done)
{
	const bool has_q = cmd->op >= PQDMA_OP_PQ;
	const int64_t row = (int64_t)(done / cmd->length);
	const uint32_t pos = (uint32_t)(done % cmd->length);
	struct strip strip = {
		.cmd = cmd,
		.pos = pos,
		.n = cmd->length - pos,
		.use_p = !(has_q && (cmd->flags & PQDMA_FLAG_P_OFF)),
		.use_q = has_q && !(cmd->flags & PQDMA_FLAG_Q_OFF),
		.src = cmd->src + (uint64_t)(row * cmd->src_stride) + pos,
		.p = cmd->dst + (uint64_t)(row * cmd->dst_stride) + pos,
		.q = cmd->dst2 + pos,
	};

	if (strip.use_p)
		strip.n = up_to_limit(ch, strip.p, strip.n);
	if (strip.use_q)
		strip.n = up_to_limit(ch, strip.q, strip.n);
	return strip;
}

static void mark_part(struct oracle_channel *ch, const struct strip *first, uint32_t len)
{
	if (is_validation(first->cmd))
		return;
	if (first->use_p)
		oracle_mark(ch, first->p, len);
	if (first->use_q)
		oracle_mark(ch, first->q, len);
}

uint32_t oracle_mark_strips(struct oracle_channel *ch, const struct oracle_command *cmd, uint64_t done, uint32_t budget)
{
	if (cmd->flags & PQDMA_FLAG_PERI) {
		oracle_peri_mark(ch, cmd, (uint32_t)done);
		return budget - 1;
	}
	while (budget && done < total_bytes(cmd)) {
		const struct strip first = cut_strip(ch, cmd, done);
		const uint32_t rest = cmd->length - first.pos;
		uint32_t len = 0;

		for (; len < rest && budget; budget--)
			len += cut_strip(ch, cmd, done + len).n;
		mark_part(ch, &first, len);
		done += len;
	}
	return budget;
}

/* ---- reading ---- */

/*
 * A read that crosses a multiple of the limit is two bursts. For errors that makes no difference, since the beats are the same
 * ones in the same order.
 */
static bool read_bytes(const struct oracle *oracle, struct oracle_channel *ch, const struct strip *strip, uint64_t addr,
		       uint8_t *bytes)
{
	uint64_t where;
	const unsigned int resp = oracle_read(oracle, addr, bytes, strip->n, ORACLE_READ, &where);

	if (resp & ORACLE_RESP_ERROR)
		return oracle_fail(ch, oracle_cause(PQDMA_ERR_READ_SLVERR, resp), where, strip->cmd->addr);
	return true;
}

static bool read_sources(const struct oracle *oracle, struct oracle_channel *ch, const struct strip *strip, struct contents *c)
{
	const struct oracle_command *cmd = strip->cmd;
	uint32_t i;

	for (i = 0; i < cmd->sources; i++) {
		const struct oracle_source *source = &cmd->source[i];
		const uint64_t addr = source->addr + strip->pos;

		if (!read_bytes(oracle, ch, strip, addr, c->bytes))
			return false;
		oracle_sum_add(&c->sum, c->bytes, cmd->op == PQDMA_OP_MATRIX ? source->a : 1, source->b);
	}
	return true;
}

/* The old P and Q: terms of the sums with CONT; a validation must be able to read them, but compares them later. */
static bool read_old(const struct oracle *oracle, struct oracle_channel *ch, const struct strip *strip, struct contents *c)
{
	const bool add = strip->cmd->flags & PQDMA_FLAG_CONT;

	if (!add && !is_validation(strip->cmd))
		return true;
	if (strip->use_p && !read_bytes(oracle, ch, strip, strip->p, c->p))
		return false;
	if (strip->use_q && !read_bytes(oracle, ch, strip, strip->q, c->q))
		return false;
	if (add && strip->use_p)
		oracle_sum_add(&c->sum, c->p, 1, 0);
	if (add && strip->use_q)
		oracle_sum_add(&c->sum, c->q, 0, 1);
	return true;
}

static bool read_strip(const struct oracle *oracle, struct oracle_channel *ch, const struct strip *strip, struct contents *c)
{
	const struct oracle_command *cmd = strip->cmd;

	if (cmd->op == PQDMA_OP_COPY)
		return read_bytes(oracle, ch, strip, strip->src, c->bytes);
	if (!has_table(cmd))
		return true;
	oracle_sum_start(&c->sum, strip->n);
	if (!read_sources(oracle, ch, strip, c) || !read_old(oracle, ch, strip, c))
		return false;
	oracle_sum_finish(&c->sum, cmd->op == PQDMA_OP_XOR || cmd->op == PQDMA_OP_XOR_VAL);
	return true;
}

/* ---- writing and comparing ---- */

static bool write_bytes(const struct oracle *oracle, struct oracle_channel *ch, const struct strip *strip, uint64_t addr,
			const uint8_t *bytes)
{
	const unsigned int resp = oracle_write(oracle, addr, bytes, strip->n, ORACLE_WRITE);

	if (resp & ORACLE_RESP_ERROR)
		return oracle_fail(ch, oracle_cause(PQDMA_ERR_WRITE_SLVERR, resp), addr, strip->cmd->addr);
	return true;
}

static void fill_bytes(uint8_t *bytes, uint64_t pattern, uint64_t addr, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		bytes[i] = (uint8_t)(pattern >> (addr + i) % 8 * 8);
}

static bool write_strip(const struct oracle *oracle, struct oracle_channel *ch, const struct strip *strip, struct contents *c)
{
	const struct oracle_command *cmd = strip->cmd;

	if (cmd->op == PQDMA_OP_FILL)
		fill_bytes(c->bytes, cmd->src, strip->p, strip->n);
	if (strip->use_p && !write_bytes(oracle, ch, strip, strip->p, has_table(cmd) ? c->sum.p : c->bytes))
		return false;
	return !strip->use_q || write_bytes(oracle, ch, strip, strip->q, c->sum.q);
}

static void compare_strip(const struct strip *strip, const struct contents *c, struct oracle_moved *moved)
{
	if (strip->use_p && memcmp(c->p, c->sum.p, strip->n))
		moved->p_bad = true;
	if (strip->use_q && memcmp(c->q, c->sum.q, strip->n))
		moved->q_bad = true;
}

bool oracle_move(const struct oracle *oracle, struct oracle_channel *ch, const struct oracle_command *cmd,
		 struct oracle_moved *moved)
{
	static struct contents contents;	/* too large for the stack of a fiber; oracles run one at a time */

	if (cmd->flags & PQDMA_FLAG_PERI)
		return oracle_peri_move(oracle, ch, cmd, moved);
	while (moved->bytes < total_bytes(cmd)) {
		const struct strip strip = cut_strip(ch, cmd, moved->bytes);

		ch->strips++;
		if (!read_strip(oracle, ch, &strip, &contents))
			return false;
		if (is_validation(cmd)) {
			compare_strip(&strip, &contents, moved);
		} else if (!write_strip(oracle, ch, &strip, &contents)) {
			moved->write_error = true;
			return false;
		}
		moved->bytes += strip.n;
		ch->bytes += strip.n;
	}
	return true;
}
