/* SPDX-License-Identifier: MIT */
/*
 * How channels share the datapath of the timed model: as many strips in a row as the weight says, higher classes first, nobody
 * waits longer than the sum of the weights of the others. Fails on a strip of the wrong channel, and if nothing was shared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "model_env.h"

#define DESC(i) (ENV_DESCS + (uint64_t)(i) * PQDMA_DESC_SIZE)
#define AREA (0x20000 / PQDMA_CHANNELS)
#define SRC ENV_DATA
#define DST(c) (ENV_DATA + 0x10000 + (uint64_t)(c) * AREA)
#define BURST 0
#define STRIP (PQDMA_BYTES << BURST)
#define FEW (50 * STRIP)
#define MANY (AREA < 200 * STRIP ? AREA : 200 * STRIP)
#define HISTORY 4096
#define LIMIT 200000

/* Whose strips were written, in order; a strip is one burst here. seen: of all bursts */
struct history {
	uint8_t channel[HISTORY];
	uint32_t nr;
	uint32_t seen;
};

static uint32_t cfg(uint32_t prio, uint32_t weight)
{
	return BURST << PQDMA_CFG_BURST_SHIFT | prio << PQDMA_CFG_PRIORITY_SHIFT | weight << PQDMA_CFG_WEIGHT_SHIFT;
}

static void watch(struct env *env, struct history *history)
{
	env_tick(env);
	assert_true(env->burst_wr - history->seen <= ENV_QUEUE && history->nr + ENV_QUEUE <= HISTORY);
	for (; history->seen != env->burst_wr; history->seen++) {
		const uint64_t addr = env->bursts[history->seen % ENV_QUEUE].addr;

		if (addr >= DST(0))
			history->channel[history->nr++] = (uint8_t)((addr - DST(0)) / AREA);
	}
}

static void put(struct env *env, uint32_t c, uint8_t op, uint32_t length)
{
	env_desc(env, DESC(c), &(struct desc) { .op = op, .length = length, .src = SRC, .dst = DST(c) });
}

/* Doorbells last and in consecutive clocks: the channels begin as nearly together as software can have it. */
static void start_all(struct env *env)
{
	uint32_t c;

	for (c = 0; c < PQDMA_CHANNELS; c++)
		env_start(env, c, DESC(c), 1, 0);
	for (c = 0; c < PQDMA_CHANNELS; c++)
		env_doorbell(env, c, 1);
}

static bool all_done(const struct env *env)
{
	uint32_t c;

	for (c = 0; c < PQDMA_CHANNELS; c++)
		if (!env_peek_register(env, PQDMA_CH(c) + PQDMA_CH_DONE))
			return false;
	return true;
}

static void run_all(struct env *env, struct history *history)
{
	const uint64_t limit = env->clock + LIMIT;
	uint32_t i;

	start_all(env);
	while (!all_done(env)) {
		assert_true(env->clock < limit);
		for (i = 0; i < 20; i++)
			watch(env, history);
	}
	env_settle(env);
	env_check(env);
}

static uint32_t nr_of(const struct history *history, uint32_t c)
{
	uint32_t nr = 0;
	uint32_t i;

	for (i = 0; i < history->nr; i++)
		nr += history->channel[i] == c;
	return nr;
}

/* From the first strip of the last channel that begins to the last strip of the first that ends, all want to go on all the time. */
static void shared_part(const struct history *history, uint32_t *from, uint32_t *to)
{
	uint32_t c, i;

	*from = 0;
	*to = history->nr;
	for (c = 0; c < PQDMA_CHANNELS; c++) {
		uint32_t first = history->nr;
		uint32_t last = 0;

		for (i = 0; i < history->nr; i++) {
			if (history->channel[i] != c)
				continue;
			first = first < i ? first : i;
			last = i;
		}
		*from = first > *from ? first : *from;
		*to = last < *to ? last : *to;
	}
}

static uint32_t run_length(const struct history *history, uint32_t from, uint32_t to)
{
	uint32_t n = 1;

	while (from + n < to && history->channel[from + n] == history->channel[from])
		n++;
	return n;
}

/* Fills need nothing but a strip credit, so the weights decide alone. The first and the last run may be cut. */
static void weights_are_kept(void **state)
{
	uint32_t seed, c, i, n, from, to;

	(void)state;
	if (PQDMA_CHANNELS < 2)
		skip();
	for (seed = 0; seed < 20; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed);
		struct history history = { .nr = 0 };
		uint32_t weights[PQDMA_CHANNELS];
		uint32_t turns = 0;

		for (c = 0; c < PQDMA_CHANNELS; c++) {
			weights[c] = env_random(env) % 16;
			env_write(env, PQDMA_CH(c) + PQDMA_CH_CFG, cfg(seed % 4, weights[c]));
			put(env, c, PQDMA_OP_FILL, MANY);
		}
		run_all(env, &history);
		shared_part(&history, &from, &to);
		from += run_length(&history, from, to);
		for (i = from; i < to; i += n) {
			const uint32_t me = history.channel[i];

			n = run_length(&history, i, to);
			if (i + n == to)
				break;
			assert_int_equal(n, weights[me] ? weights[me] : 1);
			assert_int_equal(history.channel[i + n], (me + 1) % PQDMA_CHANNELS);
			turns++;
		}
		assert_true(turns >= PQDMA_CHANNELS);
		env_free(env);
	}
}

/* Copies cannot always go on, but who is there and waits is served within the bound; who is not there does not count. */
static void nobody_waits_longer_than_the_others_weigh(void **state)
{
	uint32_t seed, c;

	(void)state;
	for (seed = 0; seed < 12; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed + 50);
		uint32_t waits[PQDMA_CHANNELS] = { 0 };
		uint32_t weights[PQDMA_CHANNELS];
		uint32_t sum = 0;
		struct history history = { .nr = 0 };
		uint32_t from, to, i;

		env_fill_random(env);
		for (c = 0; c < PQDMA_CHANNELS; c++) {
			weights[c] = 1 + env_random(env) % 15;
			sum += weights[c];
			env_write(env, PQDMA_CH(c) + PQDMA_CH_CFG, cfg(0, weights[c]));
			put(env, c, PQDMA_OP_COPY, MANY);
		}
		run_all(env, &history);
		shared_part(&history, &from, &to);
		for (i = from; i < to; i++) {
			for (c = 0; c < PQDMA_CHANNELS; c++)
				waits[c]++;
			waits[history.channel[i]] = 0;
			for (c = 0; c < PQDMA_CHANNELS; c++)
				assert_true(waits[c] <= sum - weights[c]);
		}
		assert_true(to > from);
		env_free(env);
	}
}

/* From its first strip to its last, a channel of the highest class has no other's between. */
static void higher_classes_go_first(void **state)
{
	uint32_t seed, c;

	(void)state;
	if (PQDMA_CHANNELS < 2)
		skip();
	for (seed = 0; seed < 12; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed + 80);
		const uint32_t high = seed % PQDMA_CHANNELS;
		struct history history = { .nr = 0 };
		uint32_t first = 0;

		for (c = 0; c < PQDMA_CHANNELS; c++) {
			env_write(env, PQDMA_CH(c) + PQDMA_CH_CFG, cfg(c == high ? 1 + seed % 3 : 0, 1 + seed % 5));
			put(env, c, PQDMA_OP_FILL, FEW);
		}
		run_all(env, &history);
		while (history.channel[first] != high)
			first++;
		assert_int_equal(nr_of(&history, high), FEW / STRIP);
		assert_int_equal(run_length(&history, first, history.nr), FEW / STRIP);
		assert_int_equal(history.nr, PQDMA_CHANNELS * FEW / STRIP);
		env_free(env);
	}
}

/* Classes 0 to 3 that are all there at once end in the order of their classes. */
static void classes_in_order(void **state)
{
	struct env *env = env_new(&env_ideal, 6);
	struct history history = { .nr = 0 };
	uint32_t last[PQDMA_CHANNELS] = { 0 };
	uint32_t c, i;

	(void)state;
	for (c = 0; c < PQDMA_CHANNELS; c++) {
		env_write(env, PQDMA_CH(c) + PQDMA_CH_CFG, cfg(c < 3 ? c : 3, 0));
		put(env, c, PQDMA_OP_FILL, MANY);
	}
	run_all(env, &history);
	for (i = 0; i < history.nr; i++)
		last[history.channel[i]] = i;
	for (c = 1; c < PQDMA_CHANNELS && c < 4; c++)
		assert_true(last[c] < last[c - 1]);
	env_free(env);
}

/* A channel of the highest class that waits for its own data lets the others through. */
static void nobody_waits_for_a_fence(void **state)
{
	static const struct env_profile late = { .latency = 300 };
	struct env *env;
	struct history history = { .nr = 0 };
	uint32_t i;

	(void)state;
	if (PQDMA_CHANNELS < 2)
		skip();
	env = env_new(&late, 7);
	env_write(env, PQDMA_CH(0) + PQDMA_CH_CFG, cfg(3, 0));
	env_write(env, PQDMA_CH(1) + PQDMA_CH_CFG, cfg(0, 0));
	for (i = 0; i < 2; i++)
		env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_FILL, .flags = PQDMA_FLAG_FENCE, .length = STRIP,
							.dst = DST(0) + i * STRIP });
	env_desc(env, DESC(2), &(struct desc) { .op = PQDMA_OP_FILL, .length = FEW, .dst = DST(1) });
	env_start(env, 0, DESC(0), 2, 2);
	env_start(env, 1, DESC(2), 1, 1);
	for (i = 0; i < LIMIT && nr_of(&history, 0) + nr_of(&history, 1) < 2 + FEW / STRIP; i++)
		watch(env, &history);
	assert_int_equal(history.channel[0], 0);
	assert_int_equal(history.channel[1], 1);
	assert_int_equal(nr_of(&history, 0), 2);
	assert_int_equal(nr_of(&history, 1), FEW / STRIP);
	env_settle(env);
	env_check(env);
	env_free(env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_are_kept),
		cmocka_unit_test(nobody_waits_longer_than_the_others_weigh),
		cmocka_unit_test(higher_classes_go_first),
		cmocka_unit_test(classes_in_order),
		cmocka_unit_test(nobody_waits_for_a_fence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
