/* SPDX-License-Identifier: MIT */
/*
 * How the timed model tells what has happened: interrupts that completions share, by count and by time, and the completion word after
 * every completion and every error. Fails on an interrupt too early, too late or lost, and on a word that is not what DONE and the
 * state are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

#define DESC(i) (ENV_DESCS + (uint64_t)(i) * PQDMA_DESC_SIZE)
#define CH0(reg) (PQDMA_CH(0) + (reg))
#define SRC ENV_DATA
#define DST (ENV_DATA + 0x10000)
#define IRQ PQDMA_FLAG_IRQ
#define WB PQDMA_FLAG_WB
#define SLVERR 2
#define DECERR 3
#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void put_ring(struct env *env, uint8_t flags)
{
	env_desc(env, DESC(0), &(struct desc) { .op = PQDMA_OP_NOP, .flags = flags, .link = DESC(0) | 1 });
}

static void share_interrupts(struct env *env, uint32_t count, uint32_t time)
{
	env_write(env, CH0(PQDMA_CH_IRQ_COAL), count << PQDMA_IRQ_COAL_COUNT_SHIFT | time << PQDMA_IRQ_COAL_TIME_SHIFT);
	env_write(env, CH0(PQDMA_CH_IRQ_ENABLE), PQDMA_IRQ_DONE_MASK);
}

/* ---- interrupts that completions share ---- */

static void run_one(struct env *env, uint32_t tail)
{
	env_doorbell(env, 0, tail);
	env_settle(env);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), tail);
}

static void every_nth_completion(void **state)
{
	static const uint32_t counts[] = { 0, 1, 2, 3, 7, 32, 255 };
	size_t i;
	uint32_t n;

	(void)state;
	for (i = 0; i < NR(counts); i++) {
		struct env *env = env_new(&env_ideal, i);
		const uint32_t every = counts[i] ? counts[i] : 1;
		uint32_t raised = 0;

		put_ring(env, IRQ);
		share_interrupts(env, counts[i], 0);
		env_start(env, 0, DESC(0), 1, 0);
		for (n = 1; n <= 3 * every; n++) {
			run_one(env, n);
			assert_int_equal(env->out.irq & 1, n % every == 0);
			raised += env->out.irq & 1;
			env_write(env, CH0(PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_DONE_MASK);
			assert_int_equal(env->out.irq, 0);
		}
		assert_int_equal(raised, 3);
		env_free(env);
	}
}

/* Only completions that ask for an interrupt count, and an interrupt operation always does. */
static void what_counts(void **state)
{
	static const struct {
		uint8_t op;
		uint8_t flags;
	} list[] = {
		{ PQDMA_OP_NOP, 0 }, { PQDMA_OP_NOP, IRQ }, { PQDMA_OP_NOP, WB }, { PQDMA_OP_INTERRUPT, 0 }, { PQDMA_OP_NOP, 0 },
		{ PQDMA_OP_INTERRUPT, WB },
	};
	struct env *env = env_new(&env_slow, 3);
	uint32_t i;

	(void)state;
	for (i = 0; i < NR(list); i++)
		env_desc(env, DESC(i), &(struct desc) { .op = list[i].op, .flags = list[i].flags });
	share_interrupts(env, 3, 0);
	env_start(env, 0, DESC(0), NR(list), 0);
	for (i = 0; i < NR(list); i++) {
		assert_int_equal(env->out.irq, 0);
		run_one(env, i + 1);
	}
	assert_int_equal(env->out.irq, 1);
	env_check(env);
	env_free(env);
}

/* Clock of the interrupt after a doorbell for @tail */
static uint64_t irq_clock(uint32_t count, uint32_t time, uint32_t tail)
{
	struct env *env = env_new(&env_ideal, 4);
	uint64_t clock;

	put_ring(env, IRQ);
	share_interrupts(env, count, time);
	env_start(env, 0, DESC(0), 1, 0);
	env_doorbell(env, 0, tail);
	while (!env->out.irq && env->clock < 100000)
		env_tick(env);
	clock = env->clock;
	env_settle(env);
	env_free(env);
	return clock;
}

/* Time begins with the first completion that waits, whatever comes after it, and 0 is no time. */
static void at_the_latest_after_the_time(void **state)
{
	static const uint32_t times[] = { 1, 2, 3, 17, 1000, 50000 };
	const uint64_t at_once = irq_clock(0, 0, 1);
	size_t i;

	(void)state;
	for (i = 0; i < NR(times); i++) {
		assert_int_equal(irq_clock(200, times[i], 1), at_once + times[i]);
		assert_int_equal(irq_clock(200, times[i], 150), at_once + times[i]);
	}
	assert_int_equal(irq_clock(1, 1000, 1), at_once);
	assert_int_equal(irq_clock(2, 0, 1), 100000);
	assert_true(irq_clock(2, 1000, 2) < at_once + 1000);
}

/* After an interrupt by time the count begins anew, and so does the time. */
static void count_and_time_begin_anew(void **state)
{
	struct env *env = env_new(&env_ideal, 5);
	uint32_t n;

	(void)state;
	put_ring(env, IRQ);
	share_interrupts(env, 3, 500);
	env_start(env, 0, DESC(0), 1, 0);
	run_one(env, 2);
	env_ticks(env, 500);
	assert_int_equal(env->out.irq, 1);
	env_write(env, CH0(PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_DONE_MASK);
	env_ticks(env, 1000);
	for (n = 3; n < 5; n++) {
		run_one(env, n);
		assert_int_equal(env->out.irq, 0);
	}
	run_one(env, 5);
	assert_int_equal(env->out.irq, 1);
	env_free(env);
}

/* Settings that change while completions wait: fewer are enough, a time that is over, no time any more. */
static void settings_change_while_some_wait(void **state)
{
	struct env *env = env_new(&env_ideal, 6);

	(void)state;
	put_ring(env, IRQ);
	share_interrupts(env, 100, 0);
	env_start(env, 0, DESC(0), 1, 5);
	env_settle(env);
	env_ticks(env, 3000);
	share_interrupts(env, 100, 2000);
	env_ticks(env, 1990);
	assert_int_equal(env->out.irq, 0);
	share_interrupts(env, 100, 0);
	env_ticks(env, 5000);
	assert_int_equal(env->out.irq, 0);
	share_interrupts(env, 3, 0);
	env_ticks(env, 10);
	assert_int_equal(env->out.irq, 0);
	run_one(env, 6);
	assert_int_equal(env->out.irq, 1);
	env_free(env);
}

/* Those who wait are told with the error, and so are completions that come behind it. */
static void error_raises_what_is_pending(void **state)
{
	uint32_t seed, wb;

	(void)state;
	for (seed = 0; seed < 20; seed++) {
		for (wb = 0; wb < 2; wb++) {
			struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed);
			const uint32_t nr = seed / 2;
			uint32_t i;

			for (i = 0; i < nr; i++)
				env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_NOP, .flags = wb ? IRQ | WB : IRQ });
			env_desc(env, DESC(nr), &(struct desc) { .op = 0xee });
			share_interrupts(env, 100, 0);
			env_start(env, 0, DESC(0), nr + 1, nr + 1);
			env_settle(env);
			env_check(env);
			assert_int_equal(env_read(env, CH0(PQDMA_CH_IRQ_STATUS)), PQDMA_IRQ_ERROR_MASK | (nr ? PQDMA_IRQ_DONE_MASK : 0));
			env_restart(env, 0);
			env_free(env);
		}
	}
}

/* What waits at an ABORT is forgotten. */
static void abort_forgets_what_is_pending(void **state)
{
	struct env *env = env_new(&env_ideal, 8);

	(void)state;
	put_ring(env, IRQ);
	share_interrupts(env, 4, 400);
	env_start(env, 0, DESC(0), 1, 3);
	env_settle(env);
	env_restart(env, 0);
	env_ticks(env, 1000);
	assert_int_equal(env->out.irq, 0);
	env_start(env, 0, DESC(0), 1, 3);
	env_settle(env);
	assert_int_equal(env->out.irq, 0);
	env_free(env);
}

/* ---- completion word ---- */

static void assert_word(struct env *env, uint32_t c, uint32_t state, uint32_t done)
{
	assert_int_equal(env_peek64(env, ENV_CMPL(c)), (uint64_t)state << 32 | done);
}

static void after_every_completion(void **state)
{
	uint32_t seed, n;

	(void)state;
	for (seed = 0; seed < 4; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed);

		put_ring(env, seed / 2 ? WB : 0);
		env_completion_word(env, 0);
		env_start(env, 0, DESC(0), 1, 0);
		for (n = 1; n <= 40; n++) {
			run_one(env, n);
			assert_word(env, 0, PQDMA_STATE_RUN, n);
		}
		env_check(env);
		env_free(env);
	}
}

static uint32_t nr_of_words(const struct env *env)
{
	return env->counts.write_bursts - env->counts.data_bursts;
}

/* Many completions at once share the words, but the last one is told; on all channels, beside data. */
static void last_one_is_never_left_out(void **state)
{
	uint32_t seed, c, i;

	(void)state;
	for (seed = 0; seed < 12; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed + 10);
		const uint32_t nr = 24;
		const uint8_t flags = seed % 3 ? 0 : WB;

		env_fill_random(env);
		for (c = 0; c < PQDMA_CHANNELS; c++) {
			for (i = 0; i < nr; i++)
				env_desc(env, DESC(c * nr + i), &(struct desc) {
					.op = PQDMA_OP_COPY, .flags = flags, .length = 1 + env_random(env) % 60, .src = SRC + i,
					.dst = DST + (c * nr + i) * 64 });
			env_completion_word(env, c);
			env_start(env, c, DESC(c * nr), nr, nr);
		}
		env_settle(env);
		env_check(env);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			assert_word(env, c, PQDMA_STATE_RUN, nr);
		assert_in_range(nr_of_words(env), PQDMA_CHANNELS * (1 + (flags ? nr : 0)), PQDMA_CHANNELS * nr * (flags ? 2 : 1));
		env_free(env);
	}
}

static void after_every_error(void **state)
{
	static const struct {
		struct desc desc;
		uint64_t bad;
		enum oracle_access access;
		uint32_t cause;
	} table[] = {
		{ { .op = 0x99 }, 0, ORACLE_READ, PQDMA_ERR_BAD_OP },
		{ { .op = PQDMA_OP_COPY, .flags = WB }, 0, ORACLE_READ, PQDMA_ERR_BAD_LENGTH },
		{ { .op = PQDMA_OP_COPY, .length = 300, .src = SRC, .dst = DST }, SRC + 200, ORACLE_READ, PQDMA_ERR_READ_SLVERR },
		{ { .op = PQDMA_OP_COPY, .flags = WB, .length = 300, .src = SRC, .dst = DST }, DST, ORACLE_WRITE, PQDMA_ERR_WRITE_SLVERR },
		{ { .op = PQDMA_OP_NOP, .flags = WB }, DESC(3) + 56, ORACLE_STATUS, PQDMA_ERR_STATUS_SLVERR },
		{ { .op = PQDMA_OP_NOP }, DESC(3), ORACLE_FETCH, PQDMA_ERR_FETCH_SLVERR },
	};
	size_t t;
	uint32_t i;

	(void)state;
	for (t = 0; t < 2 * NR(table); t++) {
		struct env *env = env_new(t % 2 ? &env_slow : &env_ideal, t);

		env_fill_random(env);
		env_completion_word(env, 0);
		for (i = 0; i < 3; i++)
			env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_NOP, .flags = IRQ });
		env_desc(env, DESC(3), &table[t / 2].desc);
		if (table[t / 2].bad)
			env_fail_at(env, table[t / 2].bad, 1, table[t / 2].access, SLVERR);
		env_start(env, 0, DESC(0), 4, 4);
		env_settle(env);
		env_check(env);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), table[t / 2].cause);
		assert_word(env, 0, PQDMA_STATE_FAIL, 3);
		env_restart(env, 0);
		env_free(env);
	}
}

/* The state is that of the moment when the word is written. */
static void tells_stop_and_pause(void **state)
{
	static const struct {
		uint32_t command;
		uint32_t state;
	} table[] = { { PQDMA_CTRL_STOP_MASK, PQDMA_STATE_STOP }, { PQDMA_CTRL_PAUSE_MASK, PQDMA_STATE_PAUSE } };
	static const struct env_profile late = { .latency = 60 };
	size_t i;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		struct env *env = env_new(&late, i);

		env_desc(env, DESC(0), &(struct desc) { .op = PQDMA_OP_FILL, .length = 8, .dst = DST });
		env_completion_word(env, 0);
		env_start(env, 0, DESC(0), 1, 1);
		while (!env->counts.data_bursts)
			env_tick(env);
		env_write(env, CH0(PQDMA_CH_CTRL), table[i].command);
		env_rest(env, 0);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), 1);
		assert_word(env, 0, table[i].state, 1);
		env_restart(env, 0);
		env_free(env);
	}
}

static void low_bits_are_ignored(void **state)
{
	struct env *env = env_new(&env_ideal, 12);

	(void)state;
	put_ring(env, 0);
	env_completion_word(env, 0);
	env_write(env, CH0(PQDMA_CH_CMPL_LO), (uint32_t)ENV_CMPL(0) | 7);
	env_start(env, 0, DESC(0), 1, 3);
	env_settle(env);
	env_check(env);
	assert_word(env, 0, PQDMA_STATE_RUN, 3);
	env_restart(env, 0);
	env_write(env, CH0(PQDMA_CH_CMPL_LO), 7);
	env_write(env, CH0(PQDMA_CH_CMPL_HI), 0);
	env_start(env, 0, DESC(0), 1, 3);
	env_settle(env);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), 3);
	assert_word(env, 0, PQDMA_STATE_RUN, 3);
	env_free(env);
}

/* The word itself fails: an error like any other, but of no descriptor; other channels do not notice. */
static void word_that_fails(void **state)
{
	uint32_t seed, i;

	(void)state;
	for (seed = 0; seed < 16; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed);
		const uint8_t resp = seed / 2 % 2 ? SLVERR : DECERR;

		env_fill_random(env);
		for (i = 0; i < 12; i++)
			env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_COPY, .flags = (uint8_t)(seed / 4 % 8), .length = 90,
								.src = SRC + i, .dst = DST + i * 128 });
		env_completion_word(env, 0);
		env_fail_at(env, ENV_CMPL(0), 8, ORACLE_STATUS, resp);
		env_start(env, 0, DESC(0), 12, 12);
		env_settle(env);
		env_check(env);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), resp == SLVERR ? PQDMA_ERR_CMPL_SLVERR : PQDMA_ERR_CMPL_DECERR);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_ADDR_LO)), (uint32_t)ENV_CMPL(0));
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_DESC_LO)), 0);
		assert_true(env_read(env, CH0(PQDMA_CH_DONE)) >= 1);
		env_restart(env, 0);
		put_ring(env, WB);
		env_start(env, 0, DESC(0), 1, 4);
		env_settle(env);
		env_check(env);
		assert_word(env, 0, PQDMA_STATE_RUN, 4);
		env_free(env);
	}
}

/* IDLE comes when the last word is written, with nothing of this life left for the next one. */
static void abort_at_every_moment(void **state)
{
	uint32_t after, status;

	(void)state;
	for (after = 0; after < 250; after++) {
		struct env *env = env_new(after % 2 ? &env_slow : &env_ideal, after);

		put_ring(env, after % 3 ? 0 : WB);
		env_completion_word(env, 0);
		env_start(env, 0, DESC(0), 1, 2000);
		env_ticks(env, after);
		env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_ABORT_MASK);
		do
			status = env_read(env, CH0(PQDMA_CH_STATUS));
		while ((status & PQDMA_STATUS_STATE_MASK) == PQDMA_STATE_ABORT);
		assert_int_equal(status, PQDMA_STATE_IDLE);
		assert_int_equal(env->answer_rd, env->answer_wr);
		assert_int_equal(env->burst_rd, env->burst_wr);
		env_restart(env, 0);
		put_ring(env, 0);
		env_start(env, 0, DESC(0), 1, 3);
		env_settle(env);
		env_check(env);
		env_free(env);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_nth_completion),
		cmocka_unit_test(what_counts),
		cmocka_unit_test(at_the_latest_after_the_time),
		cmocka_unit_test(count_and_time_begin_anew),
		cmocka_unit_test(settings_change_while_some_wait),
		cmocka_unit_test(error_raises_what_is_pending),
		cmocka_unit_test(abort_forgets_what_is_pending),
		cmocka_unit_test(after_every_completion),
		cmocka_unit_test(last_one_is_never_left_out),
		cmocka_unit_test(after_every_error),
		cmocka_unit_test(tells_stop_and_pause),
		cmocka_unit_test(low_bits_are_ignored),
		cmocka_unit_test(word_that_fails),
		cmocka_unit_test(abort_at_every_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
