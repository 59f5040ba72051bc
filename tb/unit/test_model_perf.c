/* SPDX-License-Identifier: MIT */
/*
 * The counters of the timed model: those of the bus against what the memory saw, those of a channel against its state in every clock,
 * clearing at any moment. Fails if a clock or a handshake is counted twice or not at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

#define DESC(i) (ENV_DESCS + (uint64_t)(i) * PQDMA_DESC_SIZE)
#define TABLE(c) (ENV_TABLES + (uint64_t)(c) * 64)
#define CH0(reg) (PQDMA_CH(0) + (reg))
#define SRC ENV_DATA
#define DST (ENV_DATA + 0x10000)
#define LIST 5
#define LAST_COMMAND 3999
#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void check_bus(struct env *env, const struct env_counts *from)
{
	const struct env_counts *now = &env->counts;

	assert_int_equal(env_read(env, PQDMA_REG_PERF_AR), now->reads - from->reads);
	assert_int_equal(env_read(env, PQDMA_REG_PERF_FETCH), now->fetches - from->fetches);
	assert_int_equal(env_read(env, PQDMA_REG_PERF_R),
			 now->read_beats + now->fetch_beats - from->read_beats - from->fetch_beats);
	assert_int_equal(env_read(env, PQDMA_REG_PERF_AW), now->write_bursts - from->write_bursts);
	assert_int_equal(env_read(env, PQDMA_REG_PERF_W), now->write_beats - from->write_beats);
	assert_int_equal(env_read(env, PQDMA_REG_PERF_AR_STALL), now->ar_stalls - from->ar_stalls);
	assert_int_equal(env_read(env, PQDMA_REG_PERF_W_STALL), now->w_stalls - from->w_stalls);
	assert_int_equal(env_read(env, PQDMA_REG_PERF_R_IDLE), now->r_idle - from->r_idle);
}

static void put_list(struct env *env, uint32_t c)
{
	static const uint8_t ops[LIST] = { PQDMA_OP_COPY, PQDMA_OP_FILL, PQDMA_OP_XOR, PQDMA_OP_NOP, PQDMA_OP_COPY };
	const struct source sources[3] = { { SRC + 1, 1, 1 }, { SRC + 0x4002, 1, 1 }, { SRC + 0x8007, 1, 1 } };
	uint32_t i;

	env_table(env, TABLE(c), sources, 3);
	for (i = 0; i < LIST; i++)
		env_desc(env, DESC(c * LIST + i), &(struct desc) {
			.op = ops[i], .flags = (uint8_t)(env_random(env) % 8), .sources = 3,
			.length = ops[i] == PQDMA_OP_NOP ? 0 : 1 + env_random(env) % 1500,
			.src = ops[i] == PQDMA_OP_XOR ? TABLE(c) : SRC + c, .dst = DST + (c * LIST + i) * 1600 + 3 });
}

static void what_the_memory_saw(void **state)
{
	uint32_t seed, c;

	(void)state;
	for (seed = 0; seed < 16; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed);
		struct env_counts from = { 0 };

		env_fill_random(env);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			put_list(env, c);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			env_start(env, c, DESC(c * LIST), LIST, LIST);
		if (seed / 2 % 2) {
			env_ticks(env, seed * 40);
			env_write(env, PQDMA_REG_PERF_CTRL, PQDMA_PERF_CTRL_CLEAR_MASK);
			from = env->counts;
		}
		env_settle(env);
		env_check(env);
		check_bus(env, &from);
		check_bus(env, &from);
		assert_true(env->counts.write_beats > from.write_beats && env->counts.r_idle > from.r_idle);
		env_free(env);
	}
}

/* ---- counters of a channel, against its description in every clock ---- */

struct clocks {
	uint32_t busy;
	uint32_t eligible;
	uint32_t starved;
};

static bool says(const char *text, const char *what, const char *end)
{
	const char *found = strstr(text, what);

	return found && found < end;
}

/* Channel 0 and what is said of it before the next one */
static void look(struct env *env, struct clocks *clocks)
{
	const uint32_t status = env_peek_register(env, CH0(PQDMA_CH_STATUS));
	const uint32_t in_state = status & PQDMA_STATUS_STATE_MASK;
	const bool waits = env_peek_register(env, CH0(PQDMA_CH_TAIL)) != env_peek_register(env, CH0(PQDMA_CH_DONE));
	const bool moving = in_state == PQDMA_STATE_RUN || in_state == PQDMA_STATE_STOP;
	char text[16384];
	const char *end;
	bool current;

	pqdma_model_describe(env->dev, text, sizeof(text));
	end = strstr(text, PQDMA_CHANNELS > 1 ? "channel 1:" : "reads:");
	assert_non_null(end);
	current = says(text, "now:", end);
	clocks->busy += (status & PQDMA_STATUS_BUSY_MASK) != 0;
	clocks->eligible += moving && current && !says(text, ", poison", end) && !says(text, "waits for the fence", end);
	clocks->starved += in_state == PQDMA_STATE_RUN && waits && !current;
}

static void check_channel(struct env *env, const struct clocks *clocks, uint32_t strips)
{
	assert_int_equal(env_peek_register(env, CH0(PQDMA_CH_PERF_STRIPS)), strips);
	assert_int_equal(env_peek_register(env, CH0(PQDMA_CH_PERF_BUSY)), clocks->busy);
	assert_int_equal(env_peek_register(env, CH0(PQDMA_CH_PERF_WAIT)), clocks->eligible - strips);
	assert_int_equal(env_peek_register(env, CH0(PQDMA_CH_PERF_STARVED)), clocks->starved);
}

/* A command in every hundredth clock, while no register is read; the last one is RUN. */
static void drive_command(struct env *env, uint32_t clock)
{
	static const uint32_t commands[] = { PQDMA_CTRL_RUN_MASK, PQDMA_CTRL_PAUSE_MASK, PQDMA_CTRL_STOP_MASK, PQDMA_CTRL_RUN_MASK };
	const bool now = clock % 100 == 99 && clock <= LAST_COMMAND;

	env->in.s_axil_awaddr = CH0(PQDMA_CH_CTRL);
	env->in.s_axil_wdata = clock == LAST_COMMAND ? PQDMA_CTRL_RUN_MASK : commands[env_random(env) % NR(commands)];
	env->in.s_axil_wstrb = 0xf;
	env->in.s_axil_awvalid = now;
	env->in.s_axil_wvalid = now;
}

/* Channel 0 has one destination for each strip, and a range that no other channel writes to. */
static bool is_strip_written(const struct env *env)
{
	const uint64_t addr = env->held.m_axi_awaddr;

	return env->held.m_axi_awvalid && env->in.m_axi_awready && addr >= DST - PQDMA_BYTES && addr < DST + LIST * 1600;
}

static void state_in_every_clock(void **state)
{
	uint32_t seed, c, i;

	(void)state;
	for (seed = 0; seed < 12; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed + 20);
		struct clocks clocks = { 0 };
		uint32_t strips = 1;	/* a nop */

		env_fill_random(env);
		for (c = 0; c < PQDMA_CHANNELS; c++) {
			put_list(env, c);
			env_write(env, PQDMA_CH(c) + PQDMA_CH_CFG, 3 | env_random(env) % 3 << PQDMA_CFG_WEIGHT_SHIFT);
		}
		for (c = 1; c < PQDMA_CHANNELS; c++)
			env_start(env, c, DESC(c * LIST), LIST, LIST);
		env_start(env, 0, DESC(0), LIST, 0);
		env_write(env, PQDMA_REG_PERF_CTRL, PQDMA_PERF_CTRL_CLEAR_MASK);
		look(env, &clocks);
		env_doorbell(env, 0, LIST);
		for (i = 0; i < 2 * LAST_COMMAND; i++) {
			drive_command(env, i);
			look(env, &clocks);
			env_tick(env);
			strips += is_strip_written(env);
		}
		assert_int_equal(env_peek_register(env, CH0(PQDMA_CH_DONE)), LIST);
		check_channel(env, &clocks, strips);
		env_settle(env);
		env_check(env);
		env_free(env);
	}
}

static void wait_for_a_descriptor(void **state)
{
	static const struct env_profile late = { .latency = 200 };
	struct env *env = env_new(&late, 3);
	struct clocks clocks = { 0 };
	uint32_t i;

	(void)state;
	env_desc(env, DESC(0), &(struct desc) { .op = PQDMA_OP_NOP });
	env_start(env, 0, DESC(0), 1, 0);
	look(env, &clocks);
	env_doorbell(env, 0, 1);
	for (i = 0; i < 300; i++) {
		look(env, &clocks);
		env_tick(env);
	}
	assert_in_range(clocks.starved, 200, 220);
	assert_int_equal(clocks.eligible, 1);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_PERF_STARVED)), clocks.starved);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_PERF_WAIT)), 0);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_PERF_STRIPS)), 1);
	env_free(env);
}

/* ---- no room ---- */

static const struct env_profile frozen = { .latency = 1, .stall = 256 };

static void run_then_freeze(struct env *env, const struct desc *desc, const uint64_t *pin)
{
	env_desc(env, DESC(0), desc);
	env_start(env, 0, DESC(0), 1, 1);
	while (!*pin || (desc->op == PQDMA_OP_COPY && env->out.m_axi_arid))
		env_tick(env);
	env->profile = frozen;
	env_ticks(env, 200 + 4 * PQDMA_STRIPS);
}

static void thaw(struct env *env)
{
	env->profile = env_ideal;
	env_settle(env);
	env_check(env);
	env_free(env);
}

/* A memory that takes no data lets fills pile up until there is no credit; from then on each clock counts. */
static void no_credits(void **state)
{
	struct env *env = env_new(&env_ideal, 4);
	uint32_t was, stalls;

	(void)state;
	env_write(env, CH0(PQDMA_CH_CFG), 0);
	run_then_freeze(env, &(struct desc) { .op = PQDMA_OP_FILL, .length = 0x4000, .dst = DST }, &env->out.m_axi_wvalid);
	was = env_peek_register(env, PQDMA_REG_PERF_NO_ROOM);
	stalls = env_peek_register(env, PQDMA_REG_PERF_W_STALL);
	env_ticks(env, 123);
	assert_int_equal(env_peek_register(env, PQDMA_REG_PERF_NO_ROOM), was + 123);
	assert_int_equal(env_peek_register(env, PQDMA_REG_PERF_W_STALL), stalls + 123);
	thaw(env);
}

/* A memory that takes no address: there is room enough, but AR is not free. */
static void room_but_no_address(void **state)
{
	struct env *env = env_new(&env_ideal, 5);
	uint32_t was, stalls, idle;

	(void)state;
	run_then_freeze(env, &(struct desc) { .op = PQDMA_OP_COPY, .length = 0x4000, .src = SRC, .dst = DST }, &env->out.m_axi_arvalid);
	was = env_peek_register(env, PQDMA_REG_PERF_NO_ROOM);
	stalls = env_peek_register(env, PQDMA_REG_PERF_AR_STALL);
	idle = env_peek_register(env, PQDMA_REG_PERF_R_IDLE);
	env_ticks(env, 77);
	assert_int_equal(env_peek_register(env, PQDMA_REG_PERF_NO_ROOM), was);
	assert_int_equal(env_peek_register(env, PQDMA_REG_PERF_AR_STALL), stalls + 77);
	assert_int_equal(env_peek_register(env, PQDMA_REG_PERF_R_IDLE), idle + 77);
	thaw(env);
}

/* A memory that answers no read: buffer or read queue are full in the end. */
static void no_buffer(void **state)
{
	static const struct env_profile never = { .latency = 3000 };
	struct env *env = env_new(&env_ideal, 6);
	uint32_t was;

	(void)state;
	env_fill_random(env);
	env_desc(env, DESC(0), &(struct desc) { .op = PQDMA_OP_COPY, .length = 0x8000, .src = SRC, .dst = DST });
	env_start(env, 0, DESC(0), 1, 1);
	while (!env->counts.read_beats)
		env_tick(env);
	env->profile = never;
	env_ticks(env, 1000);
	was = env_peek_register(env, PQDMA_REG_PERF_NO_ROOM);
	env_ticks(env, 99);
	assert_int_equal(env_peek_register(env, PQDMA_REG_PERF_NO_ROOM), was + 99);
	thaw(env);
}

static void room_for_all(void **state)
{
	struct env *env = env_new(&env_ideal, 7);

	(void)state;
	env_desc(env, DESC(0), &(struct desc) { .op = PQDMA_OP_COPY, .length = 100, .src = SRC, .dst = DST });
	env_start(env, 0, DESC(0), 1, 1);
	env_settle(env);
	assert_int_equal(env_read(env, PQDMA_REG_PERF_NO_ROOM), 0);
	env_free(env);
}

/* ---- clearing ---- */

static void clearing(void **state)
{
	static const uint32_t regs[] = {
		PQDMA_REG_PERF_AR, PQDMA_REG_PERF_R, PQDMA_REG_PERF_AW, PQDMA_REG_PERF_W, PQDMA_REG_PERF_FETCH, PQDMA_REG_PERF_R_IDLE,
		CH0(PQDMA_CH_PERF_STRIPS), CH0(PQDMA_CH_PERF_BUSY), CH0(PQDMA_CH_PERF_STARVED),
	};
	struct env *env = env_new(&env_ideal, 8);
	uint32_t was[NR(regs)];
	size_t i;

	(void)state;
	put_list(env, 0);
	env_start(env, 0, DESC(0), LIST, LIST);
	env_settle(env);
	for (i = 0; i < NR(regs); i++) {
		was[i] = env_read(env, regs[i]);
		assert_true(was[i] > 0);
		env_write(env, regs[i], 0);
	}
	env_write_strobed(env, PQDMA_REG_PERF_CTRL, PQDMA_PERF_CTRL_CLEAR_MASK, 0xe);
	env_write(env, PQDMA_REG_PERF_CTRL, ~PQDMA_PERF_CTRL_CLEAR_MASK);
	for (i = 0; i < NR(regs); i++)
		assert_int_equal(env_read(env, regs[i]), was[i]);
	env_write_strobed(env, PQDMA_REG_PERF_CTRL, PQDMA_PERF_CTRL_CLEAR_MASK, 1);
	for (i = 0; i < NR(regs); i++)
		assert_int_equal(env_read(env, regs[i]), 0);
	env_free(env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_memory_saw),
		cmocka_unit_test(state_in_every_clock),
		cmocka_unit_test(wait_for_a_descriptor),
		cmocka_unit_test(no_credits),
		cmocka_unit_test(room_but_no_address),
		cmocka_unit_test(no_buffer),
		cmocka_unit_test(room_for_all),
		cmocka_unit_test(clearing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
