/* SPDX-License-Identifier: MIT */
/*
 * Lists on the timed model: groups and links, appending at every moment, rings longer than the credits, fences, STOP, RUN, ABORT,
 * and the clocks that docs/timing.md promises. Fails if a descriptor is lost, run twice or out of order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "model_env.h"

#define DESC(i) (ENV_DESCS + (uint64_t)(i) * PQDMA_DESC_SIZE)
#define CH0(reg) (PQDMA_CH(0) + (reg))
#define SRC ENV_DATA
#define DST (ENV_DATA + 0x10000)
#define PIECE 24

static void put_piece(struct env *env, uint32_t place, uint32_t i, uint8_t flags, uint64_t link)
{
	env_desc(env, DESC(place), &(struct desc) { .op = PQDMA_OP_COPY, .flags = flags, .tag = (uint16_t)i, .length = PIECE - 3,
						    .src = SRC + i * PIECE + 1, .dst = DST + i * PIECE, .link = link });
}

static uint32_t group_size(struct env *env)
{
	return env_random(env) % 4 ? env_random(env) % 5 + 1 : 1 + env_random(env) % 63;
}

/* A list of groups that stand in scattered order; returns the size of the first group. */
static uint32_t put_groups(struct env *env, uint32_t nr)
{
	const uint32_t first = group_size(env);
	uint32_t size = first < nr ? first : nr;
	uint32_t place = 0;
	uint32_t next = 1;
	uint32_t done = 0;
	uint32_t i;

	while (done < nr) {
		const uint32_t next_size = group_size(env);
		const uint32_t next_place = next * 64;

		for (i = 0; i < size; i++)
			put_piece(env, place + i, done + i, PQDMA_FLAG_WB, i == size - 1 ? DESC(next_place) | next_size : 0x123400041);
		done += size;
		size = next_size < nr - done || done == nr ? next_size : nr - done;
		place = next_place;
		next = (next + 5) % 16;
		if (next == 1)
			break;
	}
	return first < nr ? first : nr;
}

static void groups_and_links(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 20; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed);
		const uint32_t nr = 1 + env_random(env) % 120;
		uint32_t first;

		env_fill_random(env);
		first = put_groups(env, nr);
		env_start(env, 0, DESC(0), first, nr);
		env_settle(env);
		env_check(env);
		env_free(env);
	}
}

/* One descriptor more, at any moment: descriptor, then link of the one before, then doorbell. */
static void append(struct env *env, uint32_t i)
{
	const uint64_t link = DESC(i) | 1;

	put_piece(env, i, i, env_random(env) % 8, 0);
	env_poke(env, DESC(i - 1) + PQDMA_DESC_LINK_OFFSET, &link, sizeof(link));
	env_doorbell(env, 0, i + 1);
}

static void append_at_every_moment(void **state)
{
	uint32_t gap;

	(void)state;
	for (gap = 0; gap < 60; gap++) {
		struct env *env = env_new(gap % 2 ? &env_slow : &env_ideal, gap + 100);
		uint32_t i;

		env_fill_random(env);
		put_piece(env, 0, 0, 0, 0);
		env_start(env, 0, DESC(0), 1, 1);
		for (i = 1; i < 40; i++) {
			env_ticks(env, i % 3 ? gap : env_random(env) % 60);
			append(env, i);
		}
		env_settle(env);
		env_check(env);
		assert_int_equal(env->chans[0].done, 40);
		env_free(env);
	}
}

/* A ring of two descriptors, run many times: TAIL alone decides how often. */
static void ring_ends_at_the_tail(void **state)
{
	struct env *env = env_new(&env_ideal, 5);

	(void)state;
	env_fill_random(env);
	put_piece(env, 0, 0, 0, 0);
	put_piece(env, 1, 1, PQDMA_FLAG_IRQ, DESC(0) | 2);
	env_start(env, 0, DESC(0), 2, 1001);
	env_settle(env);
	env_check(env);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), 1001);
	env_doorbell(env, 0, 1006);
	env_settle(env);
	env_check(env);
	assert_int_equal(env->counts.write_bursts, 1006);
	env_free(env);
}

/* Each descriptor copies what the one before has written. */
static void fence_orders_descriptors(void **state)
{
	struct env *env = env_new(&env_slow, 6);
	uint32_t i;

	(void)state;
	env_fill_random(env);
	for (i = 0; i < 20; i++)
		env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_FENCE, .length = 1500,
							.src = SRC + i * 1601, .dst = SRC + (i + 1) * 1601 });
	env_start(env, 0, DESC(0), 20, 20);
	env_settle(env);
	env_check(env);
	assert_int_equal(env->chans[0].bytes, 20 * 1500);
	env_free(env);
}

static void stop_ends_with_the_descriptor(void **state)
{
	struct env *env;
	uint32_t done, bytes;
	uint32_t i;

	(void)state;
	if (PQDMA_BUF_BYTES > 16384)
		skip();	/* the whole list could have begun */
	env = env_new(&env_slow, 7);
	env_fill_random(env);
	for (i = 0; i < 8; i++)
		env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_COPY, .length = 3000, .src = SRC + 7, .dst = DST + i * 3001 });
	env_write(env, CH0(PQDMA_CH_CFG), 2);
	env_start(env, 0, DESC(0), 8, 8);
	while (!env->counts.data_bursts)
		env_tick(env);
	env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_STOP_MASK);
	while (env_read(env, CH0(PQDMA_CH_STATUS)) & PQDMA_STATUS_BUSY_MASK)
		;
	done = env_read(env, CH0(PQDMA_CH_DONE));
	bytes = env_read(env, CH0(PQDMA_CH_BYTES));
	assert_in_range(done, 1, 6);
	assert_int_equal(bytes, done * 3000);
	env_ticks(env, 500);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_STATUS)), PQDMA_STATE_STOP);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), done);

	env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_RUN_MASK);
	env_settle(env);
	env_check(env);
	env_free(env);
}

static void put_long_copies(struct env *env, uint32_t c)
{
	uint32_t i;

	for (i = c * 2; i < c * 2 + 2; i++)
		env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_WB, .length = 1200, .src = SRC + 3,
							.dst = DST + i * 1213 });
}

/* ABORT of channel 0 after any number of clocks; the others and a new list on channel 0 must not notice. */
static void abort_at_every_moment(void **state)
{
	uint32_t after;

	(void)state;
	for (after = 0; after < 400; after += 3) {
		struct env *env = env_new(after % 2 ? &env_slow : &env_ideal, after);
		uint32_t status;
		uint32_t c;

		env_fill_random(env);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			put_long_copies(env, c);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			env_start(env, c, DESC(c * 2), 2, 2);
		env_ticks(env, after);
		env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_ABORT_MASK);
		do
			status = env_read(env, CH0(PQDMA_CH_STATUS));
		while ((status & PQDMA_STATUS_STATE_MASK) == PQDMA_STATE_ABORT);
		assert_int_equal(status, PQDMA_STATE_IDLE);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_TAIL)), 0);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_BYTES)), 0);
		assert_true(env_read(env, CH0(PQDMA_CH_IRQ_STATUS)) & PQDMA_IRQ_IDLE_MASK);
		env_write(env, CH0(PQDMA_CH_IRQ_STATUS), ~0u);
		put_long_copies(env, 0);
		env_start(env, 0, DESC(0), 2, 2);
		env_settle(env);
		env_check(env);
		env_free(env);
	}
}

/* A channel that makes a strip in every clock does not hold up the completions of another one. */
static void completion_beside_a_stream_of_strips(void **state)
{
	struct env *env;

	(void)state;
	if (PQDMA_CHANNELS < 2)
		skip();	/* nobody to hold up */
	env = env_new(&env_ideal, 10);
	env_write(env, PQDMA_CH(1) + PQDMA_CH_CFG, 0);
	env_desc(env, DESC(8), &(struct desc) { .op = PQDMA_OP_FILL, .length = 0x8000, .dst = DST });
	env_desc(env, DESC(0), &(struct desc) { .op = PQDMA_OP_NOP });
	env_start(env, 1, DESC(8), 1, 1);
	env_ticks(env, 50);
	env_start(env, 0, DESC(0), 1, 1);
	env_ticks(env, 50 + 4 * PQDMA_STRIPS);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), 1);
	assert_int_equal(env_read(env, PQDMA_CH(1) + PQDMA_CH_DONE), 0);
	env_settle(env);
	env_check(env);
	env_free(env);
}

/* ---- docs/timing.md, section 11: clocks from one handshake to the clock in which a valid is seen ---- */

static uint64_t clocks_until(struct env *env, const uint64_t *pin)
{
	const uint64_t from = env->clock;

	while (!*pin && env->clock < from + 1000)
		env_tick(env);
	return env->clock - from + 1;
}

static void promised_clocks(void **state)
{
	struct env *env = env_new(&env_ideal, 8);

	(void)state;
	env_fill_random(env);
	put_piece(env, 0, 0, 0, 0);
	env_start(env, 0, DESC(0), 1, 0);
	env_write(env, CH0(PQDMA_CH_TAIL), 1);
	assert_int_equal(clocks_until(env, &env->out.m_axi_arvalid), 2);
	while (!(env->in.m_axi_rvalid && env->in.m_axi_rid == 1 && env->in.m_axi_rlast))
		env_tick(env);
	assert_int_equal(clocks_until(env, &env->out.m_axi_arvalid), 2);
	while (!(env->in.m_axi_rvalid && env->in.m_axi_rid == 0 && env->in.m_axi_rlast))
		env_tick(env);
	assert_int_equal(clocks_until(env, &env->out.m_axi_wvalid), 2);
	env_ticks(env, 50);
	env_free(env);
}

/* Aligned fills of one strip each: once the first beat is there, every clock writes one until the last. */
static void no_idle_clock_between_descriptors(void **state)
{
	const uint32_t beats = 16 * PQDMA_STRIP_BYTES / PQDMA_BYTES;
	struct env *env;
	uint32_t i;

	(void)state;
	if (PQDMA_STRIPS < 8 || PQDMA_DESCS < 8)
		skip();	/* too few to cover the way of an acknowledge */
	env = env_new(&env_ideal, 9);
	for (i = 0; i < 16; i++)
		env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_FILL, .length = PQDMA_STRIP_BYTES,
							.dst = DST + i * PQDMA_STRIP_BYTES });
	env_start(env, 0, DESC(0), 16, 16);
	clocks_until(env, &env->out.m_axi_wvalid);
	for (i = 0; i < beats; i++) {
		assert_true(env->out.m_axi_wvalid);
		env_tick(env);
	}
	assert_false(env->out.m_axi_wvalid);
	assert_int_equal(env->counts.write_beats, beats);
	env_ticks(env, 10);
	env_check(env);
	env_free(env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_and_links),
		cmocka_unit_test(append_at_every_moment),
		cmocka_unit_test(ring_ends_at_the_tail),
		cmocka_unit_test(fence_orders_descriptors),
		cmocka_unit_test(stop_ends_with_the_descriptor),
		cmocka_unit_test(abort_at_every_moment),
		cmocka_unit_test(completion_beside_a_stream_of_strips),
		cmocka_unit_test(promised_clocks),
		cmocka_unit_test(no_idle_clock_between_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
