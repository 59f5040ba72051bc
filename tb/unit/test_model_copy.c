/* SPDX-License-Identifier: MIT */
/*
 * Copies and fills of the timed model leave the memory that the oracle leaves: every pair of byte alignments, lengths around
 * bus words, strips and 4 KiB, every burst setting, all channels at once. Fails on a wrong or a stray byte anywhere in memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "model_env.h"

#define SRC (ENV_DATA + 0x4000)
#define DST (ENV_DATA + 0x14000)
#define BATCH 64

static const uint32_t lengths[] = { 1, 2, PQDMA_BYTES - 1, PQDMA_BYTES, PQDMA_BYTES + 1, 3 * PQDMA_BYTES + 5 };

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* A contiguous group of copies, at most BATCH, is run at once. */
struct batch {
	struct env *env;
	uint32_t nr;
	uint32_t total;
};

static void run_batch(struct batch *batch)
{
	struct env *env = batch->env;

	if (!batch->nr)
		return;
	env_write(env, PQDMA_CH(0) + PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	env_settle(env);
	env_write(env, PQDMA_CH(0) + PQDMA_CH_IRQ_STATUS, ~0u);
	env_start(env, 0, ENV_DESCS, batch->nr, batch->nr);
	env_settle(env);
	env_check(env);
	batch->total += batch->nr;
	batch->nr = 0;
}

static void add(struct batch *batch, const struct desc *desc)
{
	env_desc(batch->env, ENV_DESCS + batch->nr++ * PQDMA_DESC_SIZE, desc);
	if (batch->nr == BATCH - 1)
		run_batch(batch);
}

static void alignments_with(const struct env_profile *profile)
{
	struct batch batch = { .env = env_new(profile, 1) };
	uint32_t s, d, i;

	env_fill_random(batch.env);
	for (s = 0; s < PQDMA_BYTES; s++)
		for (d = 0; d < PQDMA_BYTES; d++)
			for (i = 0; i < NR(lengths); i++)
				add(&batch, &(struct desc) { .op = PQDMA_OP_COPY, .src = SRC + (s + i * 7) * 256 + s,
							     .dst = DST + batch.nr * 1024 + d, .length = lengths[i] });
	run_batch(&batch);
	assert_int_equal(batch.total, PQDMA_BYTES * PQDMA_BYTES * NR(lengths));
	env_free(batch.env);
}

static void every_alignment_pair(void **state)
{
	(void)state;
	alignments_with(&env_ideal);
}

static void every_alignment_pair_with_stalls(void **state)
{
	(void)state;
	alignments_with(&env_slow);
}

static void every_fill(void **state)
{
	struct batch batch = { .env = env_new(&env_slow, 2) };
	uint32_t d, i;

	(void)state;
	env_fill_random(batch.env);
	for (d = 0; d < 2 * PQDMA_BYTES; d++)
		for (i = 0; i < NR(lengths); i++)
			add(&batch, &(struct desc) { .op = PQDMA_OP_FILL, .src = UINT64_C(0x8796a5b4c3d2e1f0),
						     .dst = DST + batch.nr * 1024 + d, .length = lengths[i] });
	run_batch(&batch);
	assert_int_equal(batch.total, 2 * PQDMA_BYTES * NR(lengths));
	env_free(batch.env);
}

/* Long, unaligned, with each burst setting; strips must never cross what the setting allows (checked by the memory). */
static void every_burst_setting(void **state)
{
	uint32_t burst;

	(void)state;
	for (burst = 0; burst < 16; burst++) {
		struct env *env = env_new(&env_slow, burst);

		env_fill_random(env);
		env_write(env, PQDMA_CH(0) + PQDMA_CH_CFG, burst);
		env_desc(env, ENV_DESCS, &(struct desc) { .op = PQDMA_OP_COPY, .src = SRC + burst * 3 + 1, .dst = DST + 5,
							  .length = 5000 });
		env_desc(env, ENV_DESCS + 64, &(struct desc) { .op = PQDMA_OP_FILL, .src = 0x1122334455667788, .dst = DST + 0x3001,
							       .length = 3000 + burst });
		env_start(env, 0, ENV_DESCS, 2, 2);
		env_settle(env);
		env_check(env);
		assert_true(env->counts.write_beats >= (8000 + burst) / PQDMA_BYTES);
		env_free(env);
	}
}

static void same_source_and_destination(void **state)
{
	struct env *env = env_new(&env_slow, 3);

	(void)state;
	env_fill_random(env);
	env_desc(env, ENV_DESCS, &(struct desc) { .op = PQDMA_OP_COPY, .src = SRC + 3, .dst = SRC + 3, .length = 4099 });
	env_start(env, 0, ENV_DESCS, 1, 1);
	env_settle(env);
	env_check(env);
	assert_true(env->counts.write_beats > 0);
	env_free(env);
}

static void random_desc(struct env *env, uint32_t c, uint32_t i)
{
	const uint32_t area = (ENV_RAM_SIZE - ENV_RAM_SIZE / 4) / 2 / PQDMA_CHANNELS;
	const uint64_t src = ENV_DATA + c * 2 * area;
	const uint32_t room = area / 4;

	env_desc(env, ENV_DESCS + (c * 16 + i) * PQDMA_DESC_SIZE, &(struct desc) {
		.op = env_random(env) % 8 ? PQDMA_OP_COPY : PQDMA_OP_FILL,
		.flags = (uint8_t)(env_random(env) % 8),
		.tag = (uint16_t)env_random(env),
		.length = env_random(env) % 4 ? env_random(env) % room + 1 : env_random(env) % 40 + 1,
		.src = src + env_random(env) % (area - room),
		.dst = src + area + env_random(env) % (area - room),
	});
}

static void all_channels_at_once(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 8; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed);
		uint32_t c, i;

		env_fill_random(env);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			for (i = 0; i < 16; i++)
				random_desc(env, c, i);
		for (c = 0; c < PQDMA_CHANNELS; c++)
			env_start(env, c, ENV_DESCS + c * 16 * PQDMA_DESC_SIZE, 16, 16);
		env_settle(env);
		env_check(env);
		assert_true(env->counts.write_beats > 1000);
		env_free(env);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_alignment_pair),
		cmocka_unit_test(every_alignment_pair_with_stalls),
		cmocka_unit_test(every_fill),
		cmocka_unit_test(every_burst_setting),
		cmocka_unit_test(same_source_and_destination),
		cmocka_unit_test(all_channels_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
