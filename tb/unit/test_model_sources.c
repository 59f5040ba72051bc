/* SPDX-License-Identifier: MIT */
/*
 * Source tables and errors of operations with many sources on the timed model: refused descriptors, errors in every block of a
 * table, in every source, in P and in Q, ABORT at every moment, tables read ahead. Fails on a wrong record or a stray byte, if a
 * channel hangs, and if strips or buffer rows are lost for those who come after.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

#define DESC(i) (ENV_DESCS + (uint64_t)(i) * PQDMA_DESC_SIZE)
#define TABLE(i) (ENV_TABLES + (uint64_t)(i) * PQDMA_SOURCES * 16)
#define CH0(reg) (PQDMA_CH(0) + (reg))
#define SOURCE(i) (ENV_DATA + (uint64_t)(i) % 8 * 0x1000 + 3 * (i))
#define RESULT(i) (ENV_DATA + 0x10000 + (uint64_t)(i) * (LENGTH + 307))
#define LENGTH 2500
#define LIST 4
#define VICTIM 1
#define SLVERR 2
#define DECERR 3
#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define TWO_SUMS (PQDMA_WITH_PQ ? PQDMA_OP_MATRIX : PQDMA_OP_XOR)

static void put_table(struct env *env, uint32_t i)
{
	struct source sources[PQDMA_SOURCES];
	uint32_t s;

	for (s = 0; s < PQDMA_SOURCES; s++)
		sources[s] = (struct source) { SOURCE(s), (uint8_t)(s * 7 + 1), (uint8_t)(s * 29 + 2) };
	env_table(env, TABLE(i), sources, PQDMA_SOURCES);
}

static struct desc good_desc(uint32_t i, uint8_t flags)
{
	return (struct desc) { .op = TWO_SUMS, .flags = flags, .sources = 3, .tag = (uint16_t)(0x900 + i), .length = LENGTH,
			       .src = TABLE(i), .dst = RESULT(2 * i), .dst2 = RESULT(2 * i + 1) };
}

/* Channel 0 has a list of sums; every other channel one of its own, which must not notice anything. */
static struct env *new_case(uint32_t variant)
{
	struct env *env = env_new(variant % 2 ? &env_slow : &env_ideal, variant);
	const uint8_t flags = variant & 2 ? PQDMA_FLAG_WB | PQDMA_FLAG_IRQ : 0;
	uint32_t c, i;

	env_fill_random(env);
	for (i = 0; i < LIST; i++) {
		const struct desc desc = good_desc(i, flags);

		put_table(env, i);
		env_desc(env, DESC(i), &desc);
	}
	for (c = 1; c < PQDMA_CHANNELS; c++) {
		struct desc desc = good_desc(LIST + c, PQDMA_FLAG_WB);

		desc.op = PQDMA_OP_XOR;
		desc.length = 1900;
		put_table(env, LIST + c);
		env_desc(env, DESC(LIST + c), &desc);
	}
	return env;
}

static void run_lists(struct env *env, uint32_t tail)
{
	uint32_t c;

	for (c = 1; c < PQDMA_CHANNELS; c++)
		env_start(env, c, DESC(LIST + c), 1, 1);
	env_start(env, 0, DESC(0), LIST, tail);
	env_settle(env);
	env_check(env);
	for (c = 1; c < PQDMA_CHANNELS; c++)
		assert_int_equal(env->chans[c].done, 1);
}

static void check_nothing_lost(struct env *env)
{
	char text[16384];

	pqdma_model_describe(env->dev, text, sizeof(text));
	assert_non_null(strstr(text, "strips: 0 in flight, 0 to write, 0 rows used"));
	assert_non_null(strstr(text, "acknowledges: 0 wait, 0 status entries, 0 B"));
}

/* What was written before must not pass for what is written now. */
static void spoil_results(struct env *env)
{
	uint8_t bytes[LENGTH];
	uint32_t i, at;

	for (i = 0; i < 2 * LIST; i++) {
		for (at = 0; at < LENGTH; at++)
			bytes[at] = (uint8_t)env_random(env);
		env_poke(env, RESULT(i), bytes, LENGTH);
	}
}

/* After ABORT the channel runs the whole list as if nothing had been. */
static void recover(struct env *env, uint8_t flags)
{
	uint32_t i;

	env_restart(env, 0);
	check_nothing_lost(env);
	spoil_results(env);
	for (i = 0; i < LIST; i++) {
		const struct desc desc = good_desc(i, flags);

		env_desc(env, DESC(i), &desc);
	}
	env_start(env, 0, DESC(0), LIST, LIST);
	env_settle(env);
	env_check(env);
	assert_int_equal(env->chans[0].done, LIST);
	check_nothing_lost(env);
}

static void run_case(struct env *env, uint32_t cause)
{
	run_lists(env, LIST);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), cause);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), VICTIM);
	recover(env, PQDMA_FLAG_WB);
	env_free(env);
}

/* ---- descriptors that are refused ---- */

/* table: bytes behind TABLE(0), which is aligned */
static const struct refused {
	uint8_t op;
	uint8_t flags;
	uint8_t sources;
	uint32_t length;
	uint32_t table;
	uint32_t cause;
} refused[] = {
	{ PQDMA_OP_XOR, 0, 0, 9, 0, PQDMA_ERR_BAD_SOURCES },
	{ PQDMA_OP_XOR, PQDMA_FLAG_WB, 0, 9, 0, PQDMA_ERR_BAD_SOURCES },
	{ PQDMA_OP_XOR, 0, PQDMA_SOURCES + 1, 9, 0, PQDMA_ERR_BAD_SOURCES },
	{ PQDMA_OP_XOR_VAL, 0, 63, 9, 0, PQDMA_ERR_BAD_SOURCES },
	{ PQDMA_OP_XOR, 0, 1, 9, 16, PQDMA_ERR_BAD_SOURCES },
	{ PQDMA_OP_XOR_VAL, 0, 1, 9, 1, PQDMA_ERR_BAD_SOURCES },
	{ PQDMA_OP_XOR, PQDMA_FLAG_WB, 0, 0, 32, PQDMA_ERR_BAD_LENGTH },
	{ PQDMA_OP_XOR, PQDMA_FLAG_P_OFF, 1, 0, 0, PQDMA_ERR_BAD_FLAGS },
	{ PQDMA_OP_XOR, PQDMA_FLAG_Q_OFF, 1, 9, 0, PQDMA_ERR_BAD_FLAGS },
	{ PQDMA_OP_XOR, PQDMA_FLAG_TWO_D, 1, 9, 0, PQDMA_ERR_BAD_FLAGS },
	{ PQDMA_OP_XOR, 0x80, 1, 9, 0, PQDMA_ERR_BAD_FLAGS },
	{ PQDMA_OP_XOR_VAL, PQDMA_FLAG_CONT, 1, 9, 0, PQDMA_ERR_BAD_FLAGS },
	{ PQDMA_OP_XOR_VAL, PQDMA_FLAG_P_OFF, 1, 9, 0, PQDMA_ERR_BAD_FLAGS },
	{ PQDMA_OP_MATRIX + 1, 0x84, 1, 9, 0, PQDMA_ERR_BAD_OP },
#if PQDMA_WITH_PQ
	{ PQDMA_OP_PQ_VAL, PQDMA_FLAG_CONT, 1, 9, 0, PQDMA_ERR_BAD_FLAGS },
	{ PQDMA_OP_PQ, PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF, 1, 9, 0, PQDMA_ERR_BAD_FLAGS },
	{ PQDMA_OP_PQ_VAL, PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF, 1, 9, 0, PQDMA_ERR_BAD_FLAGS },
	{ PQDMA_OP_MATRIX, PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF, 1, 9, 0, PQDMA_ERR_BAD_FLAGS },
	{ PQDMA_OP_MATRIX, 0, PQDMA_SOURCES + 1, 9, 0, PQDMA_ERR_BAD_SOURCES },
#else
	{ PQDMA_OP_PQ, 0, 1, 9, 0, PQDMA_ERR_BAD_OP },
	{ PQDMA_OP_PQ_VAL, 0, 1, 9, 0, PQDMA_ERR_BAD_OP },
	{ PQDMA_OP_MATRIX, 0x80, 1, 9, 0, PQDMA_ERR_BAD_OP },
#endif
};

static void refused_descriptors(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR(refused); i++) {
		struct env *env = new_case((uint32_t)i);

		env_desc(env, DESC(VICTIM), &(struct desc) { .op = refused[i].op, .flags = refused[i].flags, .length = refused[i].length,
							     .sources = refused[i].sources, .src = TABLE(0) + refused[i].table });
		run_case(env, refused[i].cause);
	}
}

/* ---- errors of the bus ---- */

static void table_error_in_every_beat(void **state)
{
	const uint32_t bytes = PQDMA_SOURCES * 16;
	uint32_t at;

	(void)state;
	for (at = 0; at < bytes; at += 8) {
		struct env *env = new_case(at / 8);
		struct desc desc = good_desc(VICTIM, at & 16 ? PQDMA_FLAG_WB : 0);

		desc.sources = PQDMA_SOURCES;
		env_desc(env, DESC(VICTIM), &desc);
		env_fail_at(env, TABLE(VICTIM) + at, 1, ORACLE_FETCH, at % 24 ? SLVERR : DECERR);
		run_lists(env, LIST);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), at % 24 ? PQDMA_ERR_FETCH_SLVERR : PQDMA_ERR_FETCH_DECERR);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_ADDR_LO)), (uint32_t)(TABLE(VICTIM) + at / 64 * 64));
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_DESC_LO)), (uint32_t)DESC(VICTIM));
		recover(env, 0);
		env_free(env);
	}
}

/* Of two bad blocks the first is told; a bad block behind the last that is needed is not read. */
static void blocks_that_count(void **state)
{
	struct desc desc = good_desc(VICTIM, 0);
	struct env *env;

	(void)state;
	if (PQDMA_SOURCES < 8)
		skip();
	env = new_case(2);
	desc.sources = 8;
	env_desc(env, DESC(VICTIM), &desc);
	env_fail_at(env, TABLE(VICTIM) + 64, 1, ORACLE_FETCH, DECERR);
	env_fail_at(env, TABLE(VICTIM), 1, ORACLE_FETCH, SLVERR);
	run_case(env, PQDMA_ERR_FETCH_SLVERR);

	env = new_case(3);
	env_fail_at(env, TABLE(VICTIM) + 64, PQDMA_SOURCES * 16 - 64, ORACLE_FETCH, DECERR);
	run_lists(env, LIST);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), LIST);
	env_free(env);
}

static void table_outside_memory(void **state)
{
	struct env *env = new_case(1);
	struct desc desc = good_desc(VICTIM, PQDMA_FLAG_WB);

	(void)state;
	desc.src = UINT64_C(0xffffffffffffffc0);
	env_desc(env, DESC(VICTIM), &desc);
	run_case(env, PQDMA_ERR_FETCH_DECERR);
}

/* In each source, in the old P and in the old Q; a source that is read twice fails the first time. */
static void read_error_in_every_source(void **state)
{
	uint32_t i, at;

	(void)state;
	for (i = 0; i < (PQDMA_WITH_PQ ? 5 : 4); i++) {
		for (at = 0; at < LENGTH; at += 311) {
			struct env *env = new_case(i * 8 + at % 4);
			struct desc desc = good_desc(VICTIM, PQDMA_FLAG_WB | PQDMA_FLAG_CONT);
			const uint64_t place = i < 3 ? SOURCE(5) : i == 3 ? desc.dst : desc.dst2;
			const struct source source = { SOURCE(5), 3, 4 };

			env_desc(env, DESC(VICTIM), &desc);
			if (i < 3)
				env_table(env, TABLE(VICTIM) + i * 16, &source, 1);
			env_fail_at(env, place + at, 1, ORACLE_READ, at % 2 ? SLVERR : DECERR);
			run_case(env, at % 2 ? PQDMA_ERR_READ_SLVERR : PQDMA_ERR_READ_DECERR);
		}
	}
}

/* In P, in Q and in both: the strip is judged when both have answered. */
static void write_error_in_every_strip(void **state)
{
	uint32_t at, which;

	(void)state;
	for (at = 0; at < LENGTH; at += 97) {
		for (which = 1; which < (PQDMA_WITH_PQ ? 4 : 2); which++) {
			struct env *env = new_case(at + which);
			const struct desc desc = good_desc(VICTIM, 0);

			if (which & 1)
				env_fail_at(env, desc.dst + at, 1, ORACLE_WRITE, SLVERR);
			if (which & 2)
				env_fail_at(env, desc.dst2 + at, 1, ORACLE_WRITE, DECERR);
			run_lists(env, LIST);
			assert_in_range(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), PQDMA_ERR_WRITE_SLVERR, PQDMA_ERR_WRITE_DECERR);
			recover(env, at % 2 ? PQDMA_FLAG_WB : 0);
			env_free(env);
		}
	}
}

/* Its reads of P and of the sources may fail, its writes cannot. */
static void errors_of_a_validation(void **state)
{
	const struct source source = { SOURCE(5), 1, 1 };
	uint32_t i;

	(void)state;
	for (i = 0; i < 8; i++) {
		struct env *env = new_case(i);
		struct desc desc = good_desc(VICTIM, PQDMA_FLAG_WB);

		desc.op = PQDMA_OP_XOR_VAL;
		env_desc(env, DESC(VICTIM), &desc);
		env_table(env, TABLE(VICTIM) + 16, &source, 1);
		env_fail_at(env, desc.dst + i * 300, 1, i % 2 ? ORACLE_WRITE : ORACLE_READ, SLVERR);
		if (i % 2)
			env_fail_at(env, SOURCE(5) + i * 300, 1, ORACLE_READ, SLVERR);
		run_lists(env, LIST);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), PQDMA_ERR_READ_SLVERR);
		recover(env, PQDMA_FLAG_WB);
		env_free(env);
	}
}

/* ---- tables read ahead ---- */

/* Tables of all lengths, and descriptors without one between them, appended in pieces; each has its own table. */
static void tables_do_not_mix(void **state)
{
	const uint32_t nr = 60;
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < 8; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed + 40);
		uint32_t tail = 0;
		uint32_t i, s;

		env_fill_random(env);
		for (i = 0; i < nr; i++) {
			const uint32_t k = 1 + env_random(env) % PQDMA_SOURCES;
			struct source sources[PQDMA_SOURCES];

			for (s = 0; s < k; s++)
				sources[s] = (struct source) { ENV_DATA + env_random(env) % 0x10000, (uint8_t)env_random(env),
							       (uint8_t)env_random(env) };
			env_table(env, TABLE(i), sources, k);
			env_desc(env, DESC(i), &(struct desc) {
				.op = env_random(env) % 4 ? TWO_SUMS : PQDMA_OP_COPY, .flags = PQDMA_FLAG_WB, .sources = (uint8_t)k,
				.length = 1 + env_random(env) % (seed < 4 ? 60 : 700), .src = TABLE(i),
				.dst = ENV_DATA + 0x10000 + i * 0x400 + i, .dst2 = ENV_DATA + 0x10000 + (nr + i) * 0x400,
			});
		}
		env_start(env, 0, DESC(0), nr, 0);
		while (tail < nr) {
			tail += 1 + env_random(env) % 12;
			tail = tail < nr ? tail : nr;
			env_doorbell(env, 0, tail);
			env_ticks(env, env_random(env) % 300);
		}
		env_settle(env);
		env_check(env);
		assert_int_equal(env->chans[0].done, nr);
		check_nothing_lost(env);
		env_free(env);
	}
}

/* ABORT after any number of clocks; then the same list again. */
static void abort_at_every_moment(void **state)
{
	uint32_t after;

	(void)state;
	for (after = 0; after < 900; after += 7) {
		struct env *env = new_case(after);
		uint32_t c;

		for (c = 1; c < PQDMA_CHANNELS; c++)
			env_start(env, c, DESC(LIST + c), 1, 1);
		env_start(env, 0, DESC(0), LIST, LIST);
		env_ticks(env, after);
		recover(env, PQDMA_FLAG_WB);
		env_free(env);
	}
}

static void stop_ends_with_the_descriptor(void **state)
{
	struct env *env;
	uint32_t done;

	(void)state;
	if (PQDMA_BUF_BYTES > 4096)
		skip();	/* the whole list could have begun */
	env = new_case(3);
	env_start(env, 0, DESC(0), LIST, LIST);
	env_ticks(env, 500);
	env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_STOP_MASK);
	while (env_read(env, CH0(PQDMA_CH_STATUS)) & PQDMA_STATUS_BUSY_MASK)
		;
	done = env_read(env, CH0(PQDMA_CH_DONE));
	assert_in_range(done, 1, LIST - 1);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_BYTES)), done * LENGTH);
	env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_RUN_MASK);
	env_settle(env);
	env_check(env);
	env_free(env);
}

/* Once the first byte is there, the reads of a long sum leave no clock of the bus unused. */
static void reads_fill_the_bus(void **state)
{
	const uint32_t beats = 4 * 16 * PQDMA_STRIP_BYTES / PQDMA_BYTES;
	struct desc desc = good_desc(0, 0);
	struct env *env;
	uint64_t from;

	(void)state;
	if (PQDMA_READS < 8 || PQDMA_BUF_BYTES < 4 * PQDMA_STRIP_BYTES)
		skip();
	env = env_new(&env_ideal, 50);
	env_fill_random(env);
	env_table(env, TABLE(0), (struct source[4]) { { ENV_DATA, 1, 2 }, { ENV_DATA + 0x4000, 1, 2 }, { ENV_DATA + 0x8000, 1, 2 },
						      { ENV_DATA + 0xc000, 1, 2 } }, 4);
	desc.sources = 4;
	desc.length = 16 * PQDMA_STRIP_BYTES;
	desc.dst = ENV_DATA + 0x10000;
	desc.dst2 = ENV_DATA + 0x20000;
	env_desc(env, DESC(0), &desc);
	env_start(env, 0, DESC(0), 1, 1);
	while (!env->counts.read_beats)
		env_tick(env);
	from = env->clock;
	while (env->counts.read_beats < beats)
		env_tick(env);
	assert_in_range(env->clock - from, beats - 1, beats + beats / 50);
	env_settle(env);
	env_check(env);
	env_free(env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_descriptors),
		cmocka_unit_test(table_error_in_every_beat),
		cmocka_unit_test(blocks_that_count),
		cmocka_unit_test(table_outside_memory),
		cmocka_unit_test(read_error_in_every_source),
		cmocka_unit_test(write_error_in_every_strip),
		cmocka_unit_test(errors_of_a_validation),
		cmocka_unit_test(tables_do_not_mix),
		cmocka_unit_test(abort_at_every_moment),
		cmocka_unit_test(stop_ends_with_the_descriptor),
		cmocka_unit_test(reads_fill_the_bus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
