/* SPDX-License-Identifier: MIT */
/* Request lines on the timed model: what requests move, when they are looked at, how long they are waited for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "model_peri.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* ---- requests and FIFOs ---- */

static const struct env_line eager = { .kinds = { ORACLE_REQUEST_BURST }, .nr_kinds = 1 };
static const struct env_line mixed = {
	.kinds = { ORACLE_REQUEST_SINGLE, ORACLE_REQUEST_BURST, PERI_BOTH }, .nr_kinds = 3, .last = 10, .delay = 30,
};

static struct desc fifo_desc(struct env *env, uint32_t line, uint32_t i)
{
	struct peri peri = peri_random(env, line);
	struct desc desc;

	peri.paced = true;
	desc = peri_desc(env, &peri, PERI_SRC(i), PERI_DST(i), 700);
	if (peri_is_narrow(peri.src_size, peri.src_mode) && peri.src_mode == PERI_FIXED)
		desc.src = ENV_FIFO(line) + 64;
	if (peri_is_narrow(peri.dst_size, peri.dst_mode) && peri.dst_mode == PERI_FIXED)
		desc.dst = ENV_FIFO(line) + 64;
	return desc;
}

/* Each channel has a line of its own; where there are more channels than lines, the others copy memory. */
static void put_fifo_lists(struct env *env, uint32_t chans)
{
	uint32_t c, i;

	for (c = 0; c < chans; c++) {
		for (i = 0; i < PERI_LIST / 4; i++) {
			const uint32_t at = c * PERI_LIST / 4 + i;
			struct desc desc = fifo_desc(env, c % PQDMA_LINES, at);

			if (c >= PQDMA_LINES || env_random(env) % 8 == 0)
				desc = (struct desc) { .op = PQDMA_OP_COPY, .length = 500, .src = PERI_SRC(at), .dst = PERI_DST(at) };
			env_desc(env, PERI_DESC(at), &desc);
		}
		peri_run(env, c, c * PERI_LIST / 4, PERI_LIST / 4);
	}
}

static void lists_of_fifo_copies(const struct env_profile *profile, const struct env_line *how, uint64_t seed)
{
	const uint32_t chans = PQDMA_CHANNELS < 4 ? PQDMA_CHANNELS : 4;
	struct env *env = env_new(profile, seed);
	uint32_t l, dacks = 0;

	env_fill_random(env);
	for (l = 0; l < PQDMA_LINES; l++)
		env_line_wakes(env, l, how);
	put_fifo_lists(env, chans);
	env_settle(env);
	env_check(env);
	for (l = 0; l < PQDMA_LINES; l++) {
		assert_int_equal(env->lines[l].dacks, env->lines[l].nr[ENV_ORACLE]);
		dacks += env->lines[l].dacks;
	}
	assert_true(dacks > 0);
	env_free(env);
}

static void any_requests_and_fifos(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 20; seed++) {
		lists_of_fifo_copies(&env_ideal, &mixed, seed);
		lists_of_fifo_copies(&env_slow, &mixed, seed + 100);
		lists_of_fifo_copies(&env_slow, &eager, seed + 200);
	}
}

/* From a FIFO of bytes to memory: what one request of each kind moves */
static const struct peri byte_source = { .paced = true, .dst_size = PERI_BUS_SIZE, .src_mode = PERI_FIXED, .burst = 3 };

static struct desc byte_desc(uint32_t length)
{
	return (struct desc) {
		.op = PQDMA_OP_COPY,
		.flags = PQDMA_FLAG_PERI | PQDMA_FLAG_WB,
		.length = length,
		.src = ENV_FIFO(0),
		.dst = PERI_DST(0) + 3,
		.settings = peri_word(&byte_source),
	};
}

static void start_bytes(struct env *env, uint32_t length)
{
	const struct desc desc = byte_desc(length);

	env_desc(env, PERI_DESC(0), &desc);
	env_desc(env, PERI_DESC(1), &(struct desc) { .op = PQDMA_OP_NOP, .flags = PQDMA_FLAG_WB });
	env_start(env, 0, PERI_DESC(0), 2, 2);
}

static void what_a_request_moves(void **state)
{
	static const struct {
		unsigned int request;
		uint32_t length;
		uint32_t pieces;
		uint32_t moved;
	} table[] = {
		{ ORACLE_REQUEST_SINGLE, 20, 20, 20 },
		{ ORACLE_REQUEST_BURST, 20, 3, 20 },
		{ PERI_BOTH, 16, 2, 16 },
		{ PERI_BOTH, 1, 1, 1 },
		{ ORACLE_REQUEST_SINGLE | ORACLE_REQUEST_LAST, 20, 1, 1 },
		{ ORACLE_REQUEST_BURST | ORACLE_REQUEST_LAST, 20, 1, 8 },
		{ ORACLE_REQUEST_BURST | ORACLE_REQUEST_LAST, 5, 1, 5 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		struct env *env = env_new(&env_ideal, 1);

		env_line_wakes(env, 0, &(struct env_line) { .kinds = { (uint8_t)table[i].request }, .nr_kinds = 1 });
		start_bytes(env, table[i].length);
		env_settle(env);
		env_check(env);
		assert_int_equal(env->lines[0].dacks, table[i].pieces);
		assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_BYTES), table[i].moved);
		assert_int_equal((uint32_t)env_peek64(env, PERI_DESC(0) + PQDMA_DESC_STATUS_OFFSET), table[i].moved);
		assert_int_equal(env->fifos[0].nr_given[ENV_DEVICE], table[i].moved);
		assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_DONE), 2);
		env_free(env);
	}
}

/* ---- clocks ---- */

static uint32_t ticks_until_dack(struct env *env)
{
	uint32_t n = 0;

	do {
		env_tick(env);
		assert_true(++n < 1000);
	} while (!env->out.dack);
	return n;
}

static uint32_t ticks_until_read(struct env *env)
{
	uint32_t n = 0;

	do {
		env_tick(env);
		assert_true(++n < 1000);
	} while (!env->out.m_axi_arvalid || env->out.m_axi_arid);
	return n;
}

/* The oracle is asked at once, so the test says beforehand what it will show. */
static unsigned int singles(void *ctx, unsigned int line)
{
	(void)ctx;
	(void)line;
	return ORACLE_REQUEST_SINGLE;
}

static void dack_is_one_clock_and_the_next_piece_three_later(void **state)
{
	struct env *env = env_new(&env_ideal, 1);
	uint32_t i;

	(void)state;
	env->oracle.request = singles;
	env->in.drq_single = 1;
	start_bytes(env, 4);
	for (i = 0; i < 3; i++) {
		ticks_until_dack(env);
		assert_int_equal(env->out.dack, 1);
		assert_int_equal(ticks_until_read(env), 4);
		assert_int_equal(env->out.dack, 0);
	}
	ticks_until_dack(env);
	env_settle(env);
	env_check(env);
	env_free(env);
}

/* A request that is taken away in time is not seen again; the clock after that is too late. */
static void old_request_is_not_looked_at(void **state)
{
	uint32_t stale;

	(void)state;
	for (stale = 0; stale <= 4; stale++) {
		struct env *env = env_new(&env_ideal, 1);
		uint32_t i;

		env->oracle.request = singles;
		env->in.drq_single = 1;
		start_bytes(env, 2);
		ticks_until_dack(env);
		env_ticks(env, stale);
		env->in.drq_single = 0;
		for (i = 0; i < 50; i++)
			env_tick(env);
		assert_int_equal(env->fifos[0].nr_given[ENV_DEVICE], stale < 4 ? 1 : 2);
		env->in.drq_single = 1;
		env_settle(env);
		env_check(env);
		env_free(env);
	}
}

static uint32_t ticks_until_error(struct env *env, uint32_t timeout, uint32_t pause)
{
	const uint64_t begin = env->clock;

	env_write(env, PQDMA_CH(0) + PQDMA_CH_REQ_TIMEOUT, timeout);
	start_bytes(env, 100);
	env_ticks(env, 30);
	if (pause) {
		env_write(env, PQDMA_CH(0) + PQDMA_CH_CTRL, PQDMA_CTRL_PAUSE_MASK);
		env_ticks(env, pause - 1);
		env_write(env, PQDMA_CH(0) + PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	}
	while (!env->out.irq)
		env_tick(env);
	return (uint32_t)(env->clock - begin);
}

static void time_without_a_request(void **state)
{
	struct env *env = env_new(&env_ideal, 1);
	uint32_t clocks[3];
	uint32_t i;

	(void)state;
	env_write(env, PQDMA_CH(0) + PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_ERROR_MASK);
	for (i = 0; i < NR(clocks); i++) {
		clocks[i] = ticks_until_error(env, i == 1 ? 140 : 100, i == 2 ? 1000 : 0);
		env_settle(env);
		env_check(env);
		assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_CAUSE), PQDMA_ERR_REQ_TIMEOUT);
		assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_ADDR_LO), (uint32_t)ENV_FIFO(0));
		env_restart(env, 0);
	}
	assert_int_equal(clocks[1], clocks[0] + 40);
	assert_int_equal(clocks[2], clocks[0] + 1000);
	env_free(env);
}

/* From the clock in which a request would have been taken: the clocks of the time-out, and two to tell. */
static void time_out_to_the_clock(void **state)
{
	struct env *asked = env_new(&env_ideal, 1);
	uint32_t clocks, timeout;

	(void)state;
	asked->oracle.request = singles;
	asked->in.drq_single = 1;
	start_bytes(asked, 1);
	clocks = ticks_until_read(asked);
	env_settle(asked);
	env_free(asked);
	for (timeout = 1; timeout <= 3; timeout++) {
		struct env *env = env_new(&env_ideal, 1);

		env_write(env, PQDMA_CH(0) + PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_ERROR_MASK);
		env_write(env, PQDMA_CH(0) + PQDMA_CH_REQ_TIMEOUT, timeout);
		start_bytes(env, 1);
		env_ticks(env, clocks + timeout + 1);
		assert_int_equal(env->out.irq, 0);
		env_tick(env);
		assert_int_equal(env->out.irq, 1);
		env_settle(env);
		env_check(env);
		env_free(env);
	}
}

/* Each piece has the whole time for itself. */
static void time_begins_with_each_piece(void **state)
{
	struct env *env = env_new(&env_ideal, 1);
	uint32_t i;

	(void)state;
	env->oracle.request = singles;
	env_write(env, PQDMA_CH(0) + PQDMA_CH_REQ_TIMEOUT, 50);
	start_bytes(env, 4);
	for (i = 0; i < 4; i++) {
		env_ticks(env, 40);
		env->in.drq_single = 1;
		ticks_until_dack(env);
		env->in.drq_single = 0;
	}
	env_settle(env);
	env_check(env);
	assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_DONE), 2);
	env_free(env);
}

/* A device that gives up in the middle: what came is written, and the address is where it stands by then. */
static void device_gives_up(void **state)
{
	static const struct peri up = { .paced = true, .dst_dev = true, .src_size = PERI_BUS_SIZE, .dst_size = 1, .burst = 2 };
	struct env_line how = mixed;
	struct env *env = env_new(&env_slow, 1);

	(void)state;
	env_fill_random(env);
	how.last = 0;
	how.limit = 3;
	how.kinds[0] = ORACLE_REQUEST_BURST;
	how.nr_kinds = 1;
	env_line_wakes(env, 0, &how);
	env_write(env, PQDMA_CH(0) + PQDMA_CH_REQ_TIMEOUT, 300);
	env_desc(env, PERI_DESC(0), &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_PERI | PQDMA_FLAG_WB, .length = 64,
						.src = PERI_SRC(0) + 5, .dst = ENV_FIFO(0), .settings = peri_word(&up) });
	env_start(env, 0, PERI_DESC(0), 1, 1);
	env_settle(env);
	env_check(env);
	assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_CAUSE), PQDMA_ERR_REQ_TIMEOUT);
	assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_ADDR_LO), (uint32_t)ENV_FIFO(0) + 24);
	assert_int_equal(env->fifos[0].nr_taken[ENV_DEVICE], 24);
	env_free(env);
}

static void waiting_blocks_nobody(void **state)
{
	struct env *env = env_new(&env_ideal, 1);
	uint32_t status;

	(void)state;
	if (PQDMA_CHANNELS < 2)
		skip();
	env_fill_random(env);
	env_write(env, PQDMA_CH(0) + PQDMA_CH_CFG, 8 | 3 << PQDMA_CFG_PRIORITY_SHIFT);
	start_bytes(env, 10);
	env_desc(env, PERI_DESC(2), &(struct desc) { .op = PQDMA_OP_COPY, .length = 3000, .src = PERI_SRC(4), .dst = PERI_DST(8) });
	env_start(env, 1, PERI_DESC(2), 1, 1);
	while (env_read(env, PQDMA_CH(1) + PQDMA_CH_DONE) != 1)
		assert_true(env->clock < 5000);
	env_write(env, PQDMA_CH(0) + PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
	status = env_read(env, PQDMA_CH(0) + PQDMA_CH_STATUS);
	assert_int_equal(status, PQDMA_STATE_STOP | PQDMA_STATUS_BUSY_MASK);
	env_restart(env, 0);
	assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_STATUS), PQDMA_STATE_IDLE);
	env_free(env);
}

/* ---- words ---- */

static void describe_says_what_it_waits_for(void **state)
{
	struct env *env = env_new(&env_ideal, 1);
	char text[16384];

	(void)state;
	start_bytes(env, 10);
	env_ticks(env, 50);
	pqdma_model_describe(env->dev, text, sizeof(text));
	assert_non_null(strstr(text, "source is the device: fixed x 1 -> up x "));
	assert_non_null(strstr(text, "line 0, waited "));
	assert_string_equal(pqdma_error_name(PQDMA_ERR_BAD_WIDTH), "BAD_WIDTH");
	assert_string_equal(pqdma_error_name(PQDMA_ERR_REQ_TIMEOUT), "REQ_TIMEOUT");
	env_free(env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_requests_and_fifos),
		cmocka_unit_test(what_a_request_moves),
		cmocka_unit_test(dack_is_one_clock_and_the_next_piece_three_later),
		cmocka_unit_test(old_request_is_not_looked_at),
		cmocka_unit_test(time_without_a_request),
		cmocka_unit_test(time_out_to_the_clock),
		cmocka_unit_test(time_begins_with_each_piece),
		cmocka_unit_test(device_gives_up),
		cmocka_unit_test(waiting_blocks_nobody),
		cmocka_unit_test(describe_says_what_it_waits_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
