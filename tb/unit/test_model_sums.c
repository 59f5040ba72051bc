/* SPDX-License-Identifier: MIT */
/*
 * XOR, P+Q and matrix of the timed model leave the memory and the status words that the oracle leaves: every operation, every
 * legal set of flags, every number of sources, every pair of alignments of P and Q, in place, on all channels at once. Fails on
 * a wrong or a stray byte, a wrong verdict of a validation, and if an operation was never completed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

#define DESC(i) (ENV_DESCS + (uint64_t)(i) * PQDMA_DESC_SIZE)
#define TABLE(i) (ENV_TABLES + (uint64_t)(i) * PQDMA_SOURCES * 16)
#define SOURCE_AREA ENV_DATA
#define SOURCE_BYTES 0x10000
#define RESULT_AREA (ENV_DATA + SOURCE_BYTES)
#define RESULT_BYTES 0x20000
#define LIST 32
#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define P_OFF PQDMA_FLAG_P_OFF
#define Q_OFF PQDMA_FLAG_Q_OFF
#define CONT PQDMA_FLAG_CONT

/* Every operation with every legal set of the flags that change what it does */
static const struct {
	uint8_t op;
	uint8_t flags;
} kinds[] = {
	{ PQDMA_OP_XOR, 0 }, { PQDMA_OP_XOR, CONT }, { PQDMA_OP_XOR_VAL, 0 },
#if PQDMA_WITH_PQ
	{ PQDMA_OP_PQ, 0 }, { PQDMA_OP_PQ, P_OFF }, { PQDMA_OP_PQ, Q_OFF },
	{ PQDMA_OP_PQ, CONT }, { PQDMA_OP_PQ, CONT | P_OFF }, { PQDMA_OP_PQ, CONT | Q_OFF },
	{ PQDMA_OP_PQ_VAL, 0 }, { PQDMA_OP_PQ_VAL, P_OFF }, { PQDMA_OP_PQ_VAL, Q_OFF },
	{ PQDMA_OP_MATRIX, 0 }, { PQDMA_OP_MATRIX, P_OFF }, { PQDMA_OP_MATRIX, Q_OFF },
	{ PQDMA_OP_MATRIX, CONT }, { PQDMA_OP_MATRIX, CONT | P_OFF }, { PQDMA_OP_MATRIX, CONT | Q_OFF },
#endif
};

/* A contiguous group of up to LIST descriptors, each with its table, for channel 0 */
struct batch {
	struct env *env;
	uint32_t nr;
	uint32_t total;
	uint32_t ops[PQDMA_OP_MATRIX + 1];
};

static struct batch new_batch(const struct env_profile *profile, uint64_t seed)
{
	struct batch batch = { .env = env_new(profile, seed) };

	env_fill_random(batch.env);
	return batch;
}

static void run_batch(struct batch *batch)
{
	struct env *env = batch->env;
	uint32_t op;

	if (!batch->nr)
		return;
	env_start(env, 0, DESC(0), batch->nr, batch->nr);
	env_settle(env);
	env_check(env);
	for (op = 0; op < NR(batch->ops); op++)
		batch->ops[op] += env->chans[0].ops[op];
	batch->total += env->chans[0].done;
	batch->nr = 0;
	env_restart(env, 0);
}

static void end_batch(struct batch *batch, uint32_t want)
{
	run_batch(batch);
	assert_int_equal(batch->total, want);
	env_free(batch->env);
}

/* 0 and 1 are cases of their own in any implementation, so they come more often than chance would have it. */
static uint8_t random_factor(struct env *env)
{
	const uint32_t chance = env_random(env) % 8;

	return chance < 2 ? (uint8_t)chance : (uint8_t)env_random(env);
}

static void put_random_table(struct env *env, uint64_t addr, uint32_t nr, uint32_t length)
{
	struct source sources[PQDMA_SOURCES];
	uint32_t i;

	for (i = 0; i < nr; i++)
		sources[i] = (struct source) { SOURCE_AREA + env_random(env) % (SOURCE_BYTES - length), random_factor(env),
					       random_factor(env) };
	env_table(env, addr, sources, nr);
}

static void add(struct batch *batch, struct desc desc)
{
	desc.src = TABLE(batch->nr);
	desc.tag = (uint16_t)env_random(batch->env);
	put_random_table(batch->env, desc.src, desc.sources, desc.length);
	env_desc(batch->env, DESC(batch->nr++), &desc);
	if (batch->nr == LIST)
		run_batch(batch);
}

/* A place for a result that no other result of the batch uses */
static uint64_t place(const struct batch *batch, uint32_t half)
{
	return RESULT_AREA + (batch->nr * 2 + half) * (RESULT_BYTES / LIST / 2);
}

static void every_kind_and_count(void **state)
{
	uint32_t seed, kind, k;

	(void)state;
	for (seed = 0; seed < 4; seed++) {
		struct batch batch = new_batch(seed % 2 ? &env_slow : &env_ideal, seed);

		for (kind = 0; kind < NR(kinds); kind++)
			for (k = 1; k <= PQDMA_SOURCES; k++)
				add(&batch, (struct desc) {
					.op = kinds[kind].op, .flags = kinds[kind].flags | PQDMA_FLAG_WB, .sources = (uint8_t)k,
					.length = 1 + env_random(batch.env) % (seed < 2 ? 100 : 1800),
					.dst = place(&batch, 0) + env_random(batch.env) % 128,
					.dst2 = place(&batch, 1) + env_random(batch.env) % 128,
				});
		run_batch(&batch);
		for (kind = 0; kind < NR(kinds); kind++)
			assert_true(batch.ops[kinds[kind].op] >= PQDMA_SOURCES);
		end_batch(&batch, NR(kinds) * PQDMA_SOURCES);
	}
}

/* A pair of results with any two alignments, so that the strip is cut by the one or by the other and has more rows in one */
static void every_pair_of_alignments(void **state)
{
	struct batch batch;
	uint32_t p, q;

	(void)state;
	if (!PQDMA_WITH_PQ)
		skip();
	batch = new_batch(&env_ideal, 10);
	for (p = 0; p < PQDMA_BYTES; p++)
		for (q = 0; q < PQDMA_BYTES; q++)
			add(&batch, (struct desc) {
				.op = PQDMA_OP_MATRIX, .flags = PQDMA_FLAG_WB | ((p + q) % 4 ? 0 : CONT), .sources = 2,
				.length = 1 + env_random(batch.env) % (3 * PQDMA_BYTES),
				.dst = place(&batch, 0) + p, .dst2 = place(&batch, 1) + q,
			});
	end_batch(&batch, PQDMA_BYTES * PQDMA_BYTES);
}

static void every_burst_setting(void **state)
{
	uint32_t burst, kind;

	(void)state;
	for (burst = 0; burst < 16; burst++) {
		struct batch batch = new_batch(&env_slow, burst);

		env_write(batch.env, PQDMA_CH(0) + PQDMA_CH_CFG, burst);
		for (kind = 0; kind < NR(kinds); kind++)
			add(&batch, (struct desc) {
				.op = kinds[kind].op, .flags = kinds[kind].flags | PQDMA_FLAG_WB, .sources = 3, .length = 300 + burst,
				.dst = place(&batch, 0) + burst, .dst2 = place(&batch, 1) + 3 * burst + 1,
			});
		end_batch(&batch, NR(kinds));
	}
}

/* P is source i and Q source j, or both are the same one. */
static void put_in_place(struct batch *batch, uint32_t kind, uint32_t i, uint32_t j)
{
	struct source sources[3];
	uint32_t s;

	for (s = 0; s < 3; s++)
		sources[s] = (struct source) { RESULT_AREA + s * 0x3000 + 5 * s, (uint8_t)(s + 2), (uint8_t)(s * 3 + 1) };
	env_table(batch->env, TABLE(0), sources, 3);
	env_desc(batch->env, DESC(0), &(struct desc) {
		.op = kinds[kind].op, .flags = kinds[kind].flags | PQDMA_FLAG_WB, .sources = 3, .length = 2500, .src = TABLE(0),
		.dst = sources[i].addr, .dst2 = sources[j].addr,
	});
	batch->nr = 1;
}

/* The old bytes are what is read. */
static void in_place(void **state)
{
	struct batch batch = new_batch(&env_slow, 20);
	uint32_t kind, i, j;

	(void)state;
	for (kind = 0; kind < NR(kinds); kind++) {
		for (i = 0; i < 3; i++) {
			for (j = 0; j < 3; j++) {
				put_in_place(&batch, kind, i, j);
				run_batch(&batch);
			}
		}
	}
	end_batch(&batch, NR(kinds) * 9);
}

/* ---- validation ---- */

#define VAL_LENGTH 2100
#define VAL_P (RESULT_AREA + 3)
#define VAL_Q (RESULT_AREA + 0x4000 + 14)

static uint64_t validate(struct batch *batch, uint8_t op, uint8_t off)
{
	env_desc(batch->env, DESC(0), &(struct desc) { .op = op, .flags = PQDMA_FLAG_WB | off, .sources = 4, .length = VAL_LENGTH,
						       .src = TABLE(0), .dst = VAL_P, .dst2 = VAL_Q, .tag = 0x77 });
	batch->nr = 1;
	run_batch(batch);
	return env_peek64(batch->env, DESC(0) + PQDMA_DESC_STATUS_OFFSET);
}

static void spoil(struct batch *batch, uint64_t addr)
{
	const uint8_t byte = (uint8_t)(env_peek64(batch->env, addr) ^ 1u << env_random(batch->env) % 8);

	env_poke(batch->env, addr, &byte, 1);
}

static void make_sums(struct batch *batch, uint8_t op)
{
	put_random_table(batch->env, TABLE(0), 4, VAL_LENGTH);
	env_desc(batch->env, DESC(0), &(struct desc) { .op = op, .sources = 4, .length = VAL_LENGTH, .src = TABLE(0), .dst = VAL_P,
						       .dst2 = VAL_Q });
	batch->nr = 1;
	run_batch(batch);
}

/* One wrong byte at the place, in P, in Q, in both; the bytes beside the ranges do not count. */
static void verdicts(struct batch *batch, uint32_t at)
{
	const uint64_t good = PQDMA_DSTS_DONE_MASK | UINT64_C(0x77) << PQDMA_DSTS_TAG_SHIFT | VAL_LENGTH;
	const uint64_t p_bad = PQDMA_DSTS_P_BAD_MASK;
	const uint64_t q_bad = PQDMA_DSTS_Q_BAD_MASK;

	make_sums(batch, PQDMA_OP_PQ);
	spoil(batch, VAL_P - 1);
	spoil(batch, VAL_P + VAL_LENGTH);
	spoil(batch, VAL_Q - 1);
	spoil(batch, VAL_Q + VAL_LENGTH);
	assert_int_equal(validate(batch, PQDMA_OP_PQ_VAL, 0), good);
	assert_int_equal(validate(batch, PQDMA_OP_XOR_VAL, 0), good);
	spoil(batch, VAL_P + at);
	assert_int_equal(validate(batch, PQDMA_OP_PQ_VAL, 0), good | p_bad);
	assert_int_equal(validate(batch, PQDMA_OP_PQ_VAL, P_OFF), good);
	assert_int_equal(validate(batch, PQDMA_OP_PQ_VAL, Q_OFF), good | p_bad);
	assert_int_equal(validate(batch, PQDMA_OP_XOR_VAL, 0), good | p_bad);
	spoil(batch, VAL_Q + at);
	assert_int_equal(validate(batch, PQDMA_OP_PQ_VAL, 0), good | p_bad | q_bad);
	assert_int_equal(validate(batch, PQDMA_OP_PQ_VAL, P_OFF), good | q_bad);
	assert_int_equal(validate(batch, PQDMA_OP_PQ_VAL, Q_OFF), good | p_bad);
}

static void validation_sees_every_byte(void **state)
{
	struct batch batch;
	uint32_t at;

	(void)state;
	if (!PQDMA_WITH_PQ)
		skip();
	batch = new_batch(&env_ideal, 30);
	for (at = 0; at < VAL_LENGTH; at += at < 40 || at > VAL_LENGTH - 40 ? 1 : 37)
		verdicts(&batch, at);
	assert_true(batch.ops[PQDMA_OP_PQ_VAL] > 500 && batch.ops[PQDMA_OP_XOR_VAL] > 100);
	env_free(batch.env);
}

/* Without WITH_PQ there is only this one. */
static void xor_validation(void **state)
{
	struct batch batch = new_batch(&env_slow, 31);
	uint32_t at;

	(void)state;
	for (at = 0; at < VAL_LENGTH; at += 53) {
		make_sums(&batch, PQDMA_OP_XOR);
		assert_int_equal(validate(&batch, PQDMA_OP_XOR_VAL, 0) & PQDMA_DSTS_P_BAD_MASK, 0);
		spoil(&batch, VAL_P + at);
		assert_int_equal(validate(&batch, PQDMA_OP_XOR_VAL, 0) & PQDMA_DSTS_P_BAD_MASK, PQDMA_DSTS_P_BAD_MASK);
	}
	env_free(batch.env);
}

static void validation_writes_nothing(void **state)
{
	struct batch batch = new_batch(&env_ideal, 33);
	uint32_t bursts;

	(void)state;
	make_sums(&batch, PQDMA_OP_XOR);
	bursts = batch.env->counts.write_bursts;
	env_desc(batch.env, DESC(0), &(struct desc) { .op = PQDMA_OP_XOR_VAL, .sources = 4, .length = VAL_LENGTH, .src = TABLE(0),
						      .dst = VAL_P });
	batch.nr = 1;
	run_batch(&batch);
	assert_int_equal(batch.ops[PQDMA_OP_XOR_VAL], 1);
	assert_int_equal(batch.env->counts.write_bursts, bursts);
	assert_true(bursts > 0);
	env_free(batch.env);
}

/* The verdict is of one descriptor alone: bad, good, bad, good ... in one list. */
static void verdict_of_each_descriptor(void **state)
{
	struct batch batch = new_batch(&env_slow, 32);
	struct env *env = batch.env;
	uint32_t i;

	(void)state;
	make_sums(&batch, PQDMA_OP_XOR);
	for (i = 0; i < 20; i++)
		env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_XOR_VAL, .flags = i % 3 ? PQDMA_FLAG_WB : 0, .sources = 4,
							.length = VAL_LENGTH, .src = TABLE(0), .dst = VAL_P + (i % 2 ? 0 : 16) });
	env_start(env, 0, DESC(0), 20, 20);
	env_settle(env);
	env_check(env);
	for (i = 0; i < 20; i++)
		if (i % 3)
			assert_int_equal(!(env_peek64(env, DESC(i) + PQDMA_DESC_STATUS_OFFSET) & PQDMA_DSTS_P_BAD_MASK), i % 2);
	env_free(env);
}

/* ---- all together ---- */

static void put_random_desc(struct env *env, uint32_t c, uint32_t i)
{
	const uint32_t area = RESULT_BYTES / PQDMA_CHANNELS / 2;
	const uint32_t kind = env_random(env) % (NR(kinds) + 2);
	const uint64_t dst = RESULT_AREA + c * 2 * area;
	struct desc desc = {
		.op = kind < NR(kinds) ? kinds[kind].op : PQDMA_OP_COPY,
		.flags = (uint8_t)(env_random(env) % 8 | (kind < NR(kinds) ? kinds[kind].flags : 0)),
		.sources = (uint8_t)(1 + env_random(env) % PQDMA_SOURCES),
		.tag = (uint16_t)env_random(env),
		.length = 1 + env_random(env) % (env_random(env) % 2 ? 40 : area / 2),
	};

	desc.dst = dst + env_random(env) % (area - desc.length);
	desc.dst2 = dst + area + env_random(env) % (area - desc.length);
	desc.src = desc.op == PQDMA_OP_COPY ? SOURCE_AREA + env_random(env) % 99 : TABLE(c * 8 + i);
	put_random_table(env, TABLE(c * 8 + i), desc.sources, desc.length);
	if (env_random(env) % 2 || desc.op == PQDMA_OP_XOR_VAL || desc.op == PQDMA_OP_PQ_VAL || (desc.flags & CONT))
		desc.flags |= PQDMA_FLAG_FENCE;
	env_desc(env, DESC(c * 8 + i), &desc);
}

/* Old bytes that are read must be there: the descriptor in front of one that reads them has FENCE. */
static void all_channels_at_once(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 12; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed + 100);
		uint32_t c, i;

		env_fill_random(env);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			for (i = 0; i < 8; i++)
				put_random_desc(env, c, i);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			env_start(env, c, DESC(c * 8), 8, 8);
		env_settle(env);
		env_check(env);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			assert_int_equal(env->chans[c].done, 8);
		env_free(env);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_and_count),
		cmocka_unit_test(every_pair_of_alignments),
		cmocka_unit_test(every_burst_setting),
		cmocka_unit_test(in_place),
		cmocka_unit_test(validation_sees_every_byte),
		cmocka_unit_test(xor_validation),
		cmocka_unit_test(validation_writes_nothing),
		cmocka_unit_test(verdict_of_each_descriptor),
		cmocka_unit_test(all_channels_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
