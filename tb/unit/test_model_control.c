/* SPDX-License-Identifier: MIT */
/*
 * Cyclic lists and PAUSE on the timed model: every period counted and none lost, whenever STOP comes; at a pause no byte moves and
 * BYTES is what the memory has; every command in every state. Fails on a lost period, a byte too many or a wrong state.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "model_env.h"

#define DESC(i) (ENV_DESCS + (uint64_t)(i) * PQDMA_DESC_SIZE)
#define TABLE(c) (ENV_TABLES + (uint64_t)(c) * 64)
#define CH0(reg) (PQDMA_CH(0) + (reg))
#define SRC ENV_DATA
#define DST (ENV_DATA + 0x10000)
#define PERIOD 500
#define RESET_BURST 8
#define CYCLIC (PQDMA_CFG_CYCLIC_MASK | RESET_BURST)
#define RUN PQDMA_CTRL_RUN_MASK
#define PAUSE PQDMA_CTRL_PAUSE_MASK
#define STOP PQDMA_CTRL_STOP_MASK
#define ABORT PQDMA_CTRL_ABORT_MASK
#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void command(struct env *env, uint32_t bits)
{
	env_write(env, CH0(PQDMA_CH_CTRL), bits);
}

static uint32_t state_of(struct env *env)
{
	return env_read(env, CH0(PQDMA_CH_STATUS)) & PQDMA_STATUS_STATE_MASK;
}

/* ---- cyclic lists ---- */

static void put_period(struct env *env, uint32_t i, uint8_t flags, uint64_t link)
{
	env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_COPY, .flags = flags, .tag = (uint16_t)i, .length = PERIOD,
						.src = SRC + i * PERIOD + 3, .dst = DST + i * PERIOD, .link = link });
}

/* What the channel has done until now is what the oracle does in as many periods. */
static void check_periods(struct env *env)
{
	const uint32_t done = env_read(env, CH0(PQDMA_CH_DONE));

	assert_int_equal(state_of(env), PQDMA_STATE_STOP);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_BYTES)), done * PERIOD);
	assert_int_equal(env->counts.data_bytes, done * PERIOD);
	oracle_run(&env->oracle, &env->chans[0], done);
	env->chans[0].state = PQDMA_STATE_STOP;
	env_check(env);
	env->chans[0].state = PQDMA_STATE_RUN;
}

/* Rings of 1 to 5 periods in one or two groups, stopped after any number of clocks, and going on from there */
static void stop_ends_with_the_period(void **state)
{
	uint32_t after, i;

	(void)state;
	for (after = 0; after < 400; after += 3) {
		struct env *env = env_new(after % 2 ? &env_slow : &env_ideal, after + 1);
		const uint32_t nr = 1 + env_random(env) % 5;
		const uint32_t split = env_random(env) % nr;

		env_fill_random(env);
		env_write(env, CH0(PQDMA_CH_CFG), CYCLIC);
		for (i = 0; i < nr; i++)
			put_period(env, i, after % 4 ? PQDMA_FLAG_IRQ : PQDMA_FLAG_WB,
				   i == nr - 1 ? DESC(0) | (split + 1) : i == split ? DESC(split + 1) | (nr - 1 - split) : 0x123400041);
		env_start(env, 0, DESC(0), split + 1, 0);
		for (i = 0; i < 3; i++) {
			env_ticks(env, after + i);
			command(env, STOP);
			env_rest(env, 0);
			check_periods(env);
			command(env, RUN);
		}
		env_restart(env, 0);
		env_free(env);
	}
}

static void goes_round_without_a_doorbell(void **state)
{
	struct env *env = env_new(&env_ideal, 2);
	uint32_t bursts;

	(void)state;
	env_fill_random(env);
	env_write(env, CH0(PQDMA_CH_CFG), CYCLIC);
	put_period(env, 0, 0, DESC(0) | 1);
	env_start(env, 0, DESC(0), 1, 0);
	env_ticks(env, 20000);
	command(env, STOP);
	env_rest(env, 0);
	check_periods(env);
	assert_true(env->chans[0].done > 20000 / (PERIOD / PQDMA_BYTES + 40));
	bursts = env->counts.write_bursts;
	env_ticks(env, 1000);
	assert_int_equal(env->counts.write_bursts, bursts);
	env_restart(env, 0);
	env_free(env);
}

/* Interrupts are taken one by one while the ring goes on, in compact form; the memory saw as many periods as DONE says. */
static void every_period_is_told(void **state)
{
	struct env *env = env_new(&env_slow, 3);
	uint32_t i, round;

	(void)state;
	env_write(env, CH0(PQDMA_CH_CFG), CYCLIC | PQDMA_CFG_COMPACT_MASK);
	for (i = 0; i < 2; i++)
		env_compact_desc(env, ENV_DESCS + 32 * i, &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_IRQ, .length = 8,
			.src = SRC + 8 * i, .dst = DST + 8 * i, .link = ENV_DESCS | 2 });
	env_write(env, CH0(PQDMA_CH_IRQ_ENABLE), PQDMA_IRQ_DONE_MASK);
	env_start(env, 0, ENV_DESCS, 2, 0);
	for (round = 0; round < 50; round++) {
		while (!env->out.irq)
			env_tick(env);
		env_write(env, CH0(PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_DONE_MASK);
	}
	assert_true(env_read(env, CH0(PQDMA_CH_DONE)) >= 50);
	command(env, STOP);
	env_rest(env, 0);
	assert_int_equal(env->counts.data_bursts, env_read(env, CH0(PQDMA_CH_DONE)));
	env_restart(env, 0);
	env_free(env);
}

static void error_in_a_period(void **state)
{
	struct env *env = env_new(&env_slow, 4);

	(void)state;
	env_fill_random(env);
	env_write(env, CH0(PQDMA_CH_CFG), CYCLIC);
	put_period(env, 0, PQDMA_FLAG_WB, 0);
	put_period(env, 1, PQDMA_FLAG_WB, DESC(1));
	env_start(env, 0, DESC(0), 2, 0);
	oracle_run(&env->oracle, &env->chans[0], 3);
	while (state_of(env) == PQDMA_STATE_RUN)
		;
	env_settle(env);
	env_check(env);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), PQDMA_ERR_BAD_LINK);
	env_restart(env, 0);
	env_free(env);
}

/* ---- pause ---- */

static struct desc random_desc(struct env *env, uint32_t c, uint32_t i)
{
	static const uint8_t ops[] = { PQDMA_OP_COPY, PQDMA_OP_COPY, PQDMA_OP_FILL, PQDMA_OP_XOR };
	const uint32_t area = 0x20000 / PQDMA_CHANNELS;
	struct desc desc = {
		.op = ops[env_random(env) % NR(ops)],
		.flags = (uint8_t)(env_random(env) % 8),
		.sources = 3,
		.length = 1 + env_random(env) % (area / 8),
		.src = SRC + env_random(env) % 0x1000,
		.dst = DST + c * area + i * (area / 4),
	};

	if (desc.op == PQDMA_OP_XOR)
		desc.src = TABLE(c);
	return desc;
}

static void put_lists(struct env *env)
{
	const struct source sources[3] = { { SRC + 1, 1, 1 }, { SRC + 0x4002, 1, 1 }, { SRC + 0x8007, 1, 1 } };
	uint32_t c, i;

	for (c = 0; c < PQDMA_CHANNELS; c++) {
		env_table(env, TABLE(c), sources, 3);
		for (i = 0; i < 4; i++) {
			const struct desc desc = random_desc(env, c, i);

			env_desc(env, DESC(c * 4 + i), &desc);
		}
	}
}

static void assert_still(struct env *env)
{
	const struct env_counts was = env->counts;

	env_ticks(env, 200);
	assert_int_equal(env->counts.reads, was.reads);
	assert_int_equal(env->counts.write_bursts, was.write_bursts);
	assert_int_equal(env->counts.read_beats + env->counts.fetch_beats, was.read_beats + was.fetch_beats);
	assert_int_equal(env->counts.write_beats, was.write_beats);
}

/* One channel alone, so that all the memory has seen is its own; several pauses in one list, some of them ended by way of STOP. */
static void nothing_moves_and_bytes_are_exact(void **state)
{
	uint32_t halfway = 0;
	uint32_t seed;

	(void)state;
	for (seed = 0; seed < 60; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed + 10);

		env_fill_random(env);
		put_lists(env);
		env_start(env, 0, DESC(0), 4, 4);
		while (env_read(env, CH0(PQDMA_CH_DONE)) < 4) {
			env_ticks(env, env_random(env) % 400);
			command(env, PAUSE);
			env_rest(env, 0);
			assert_int_equal(state_of(env), PQDMA_STATE_PAUSE);
			assert_int_equal(env_read(env, CH0(PQDMA_CH_BYTES)), env->counts.data_bytes);
			assert_still(env);
			if (env_random(env) % 4 == 0)
				command(env, STOP);
			command(env, RUN);
			halfway += env->counts.data_bytes && env->counts.data_bytes != env->chans[0].bytes;
		}
		env_settle(env);
		env_check(env);
		env_free(env);
	}
	assert_true(halfway > 10);
}

static void other_channels_run_on(void **state)
{
	uint32_t seed, c;

	(void)state;
	for (seed = 0; seed < 12; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed + 80);
		uint32_t bytes;

		env_fill_random(env);
		put_lists(env);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			env_start(env, c, DESC(c * 4), 4, 4);
		env_ticks(env, seed * 30);
		command(env, PAUSE);
		env_rest(env, 0);
		bytes = env_read(env, CH0(PQDMA_CH_BYTES));
		for (c = 1; c < PQDMA_CHANNELS; c++)
			while (env_read(env, PQDMA_CH(c) + PQDMA_CH_DONE) < 4)
				;
		assert_int_equal(env_read(env, CH0(PQDMA_CH_BYTES)), bytes);
		command(env, RUN);
		env_settle(env);
		env_check(env);
		env_free(env);
	}
}

/* An error that comes back while the channel pauses stops it as any other. */
static void error_while_pausing(void **state)
{
	static const struct env_profile late = { .latency = 100 };
	struct env *env = env_new(&late, 5);

	(void)state;
	env_fill_random(env);
	env_desc(env, DESC(0), &(struct desc) { .op = PQDMA_OP_FILL, .flags = PQDMA_FLAG_WB, .length = 64, .dst = DST });
	env_fail_at(env, DST, 1, ORACLE_WRITE, 2);
	env_start(env, 0, DESC(0), 1, 1);
	while (!env->counts.data_bursts)
		env_tick(env);
	command(env, PAUSE);
	assert_int_equal(state_of(env), PQDMA_STATE_PAUSE);
	env_settle(env);
	while (state_of(env) == PQDMA_STATE_PAUSE)
		;
	env_check(env);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), PQDMA_ERR_WRITE_SLVERR);
	env_restart(env, 0);
	env_free(env);
}

static void abort_of_a_pause(void **state)
{
	uint32_t after;

	(void)state;
	for (after = 0; after < 300; after += 7) {
		struct env *env = env_new(after % 2 ? &env_slow : &env_ideal, after);

		env_fill_random(env);
		put_lists(env);
		env_start(env, 0, DESC(0), 4, 4);
		env_ticks(env, after);
		command(env, PAUSE);
		env_ticks(env, after % 5);
		env_restart(env, 0);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_STATUS)), PQDMA_STATE_IDLE);
		put_lists(env);
		env_start(env, 0, DESC(0), 4, 4);
		env_settle(env);
		env_check(env);
		env_free(env);
	}
}

/* ---- commands ---- */

#define FROM_IDLE 0
#define FROM_RUN RUN
#define FROM_STOP STOP
#define FROM_PAUSE PAUSE

/* A channel in the state that the command leads to; its list is empty, so nothing happens by itself. */
static void every_command_in_every_state(void **state)
{
	static const struct {
		uint32_t from;
		uint32_t bits;
		uint32_t to;
	} table[] = {
		{ FROM_IDLE, RUN, PQDMA_STATE_RUN }, { FROM_IDLE, PAUSE, PQDMA_STATE_IDLE }, { FROM_IDLE, STOP, PQDMA_STATE_IDLE },
		{ FROM_IDLE, ABORT, PQDMA_STATE_ABORT }, { FROM_IDLE, RUN | PAUSE, PQDMA_STATE_IDLE },
		{ FROM_RUN, RUN, PQDMA_STATE_RUN }, { FROM_RUN, PAUSE, PQDMA_STATE_PAUSE }, { FROM_RUN, STOP, PQDMA_STATE_STOP },
		{ FROM_RUN, ABORT, PQDMA_STATE_ABORT }, { FROM_RUN, PAUSE | STOP, PQDMA_STATE_STOP },
		{ FROM_RUN, RUN | PAUSE, PQDMA_STATE_PAUSE }, { FROM_RUN, RUN | PAUSE | STOP | ABORT, PQDMA_STATE_ABORT },
		{ FROM_STOP, RUN, PQDMA_STATE_RUN }, { FROM_STOP, PAUSE, PQDMA_STATE_STOP }, { FROM_STOP, STOP, PQDMA_STATE_STOP },
		{ FROM_STOP, ABORT, PQDMA_STATE_ABORT }, { FROM_STOP, RUN | PAUSE, PQDMA_STATE_STOP },
		{ FROM_STOP, RUN | STOP, PQDMA_STATE_STOP },
		{ FROM_PAUSE, RUN, PQDMA_STATE_RUN }, { FROM_PAUSE, PAUSE, PQDMA_STATE_PAUSE }, { FROM_PAUSE, STOP, PQDMA_STATE_STOP },
		{ FROM_PAUSE, ABORT, PQDMA_STATE_ABORT }, { FROM_PAUSE, RUN | PAUSE, PQDMA_STATE_PAUSE },
		{ FROM_PAUSE, RUN | STOP, PQDMA_STATE_STOP },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		struct env *env = env_new(&env_ideal, i);

		command(env, table[i].from ? RUN : 0);
		command(env, table[i].from);
		command(env, table[i].bits);
		assert_int_equal(state_of(env), table[i].to);
		env_free(env);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stop_ends_with_the_period),
		cmocka_unit_test(goes_round_without_a_doorbell),
		cmocka_unit_test(every_period_is_told),
		cmocka_unit_test(error_in_a_period),
		cmocka_unit_test(nothing_moves_and_bytes_are_exact),
		cmocka_unit_test(other_channels_run_on),
		cmocka_unit_test(error_while_pausing),
		cmocka_unit_test(abort_of_a_pause),
		cmocka_unit_test(every_command_in_every_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
