/* SPDX-License-Identifier: MIT */
/*
 * 2D on the timed model: rows with strides of every kind leave what a loop over rows leaves, and what the oracle leaves; errors in
 * any row; what is refused. Fails on a wrong or a stray byte, a wrong count of bytes or a wrong record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

#define DESC(i) (ENV_DESCS + (uint64_t)(i) * PQDMA_DESC_SIZE)
#define CH0(reg) (PQDMA_CH(0) + (reg))
#define SRC (ENV_DATA + 0x8000)
#define DST (ENV_DATA + 0x18000)
#define PATTERN UINT64_C(0x8796a5b4c3d2e1f0)
#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void run(struct env *env, const struct desc *desc)
{
	env_desc(env, DESC(0), desc);
	env_start(env, 0, DESC(0), 1, 1);
	env_settle(env);
	env_check(env);
}

/* What the rows come to, one after another, without any help of the oracle */
static void move_rows(uint8_t *ram, const struct desc *desc)
{
	uint32_t r;

	for (r = 0; r < desc->rows; r++) {
		const int64_t src = (int64_t)(desc->src - ENV_RAM_BUS) + (int64_t)r * desc->src_stride;
		const int64_t dst = (int64_t)(desc->dst - ENV_RAM_BUS) + (int64_t)r * desc->dst_stride;

		memmove(ram + dst, ram + src, desc->length);
	}
}

static void check_strides(const struct env_profile *profile, int32_t src_stride, int32_t dst_stride, uint32_t length)
{
	const struct desc desc = {
		.op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_TWO_D | PQDMA_FLAG_WB, .tag = 7, .length = length, .rows = 9,
		.src = SRC + 5, .dst = DST + 3, .src_stride = src_stride, .dst_stride = dst_stride,
	};
	struct env *env = env_new(profile, length);
	uint8_t *want = malloc(ENV_RAM_SIZE);

	assert_non_null(want);
	env_fill_random(env);
	env_desc(env, DESC(0), &desc);
	memcpy(want, env->ram, ENV_RAM_SIZE);
	move_rows(want, &desc);
	env_start(env, 0, DESC(0), 1, 1);
	env_settle(env);
	env_check(env);
	assert_memory_equal(env->ram + (ENV_DATA - ENV_RAM_BUS), want + (ENV_DATA - ENV_RAM_BUS), ENV_RAM_SIZE - ENV_RAM_SIZE / 4);
	assert_int_equal(env_peek64(env, DESC(0) + PQDMA_DESC_STATUS_OFFSET) & PQDMA_DSTS_BYTES_MASK, 9 * length);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_BYTES)), 9 * length);
	free(want);
	env_free(env);
}

/* Backwards, standing still, one byte on, overlapping, without a gap, with one */
static void every_pair_of_strides(void **state)
{
	static const uint32_t lengths[] = { 1, 13, 2 * PQDMA_BYTES, 700 };
	size_t l, s, d;

	(void)state;
	for (l = 0; l < NR(lengths); l++) {
		const int32_t n = (int32_t)lengths[l];
		const int32_t strides[] = { -n - 9, -n, -1, 0, 1, n - 1, n, n + 64, 1024 };

		for (s = 0; s < NR(strides); s++)
			for (d = 0; d < NR(strides); d++)
				check_strides((s + d) % 2 ? &env_slow : &env_ideal, strides[s], strides[d], lengths[l]);
	}
}

static struct desc random_rows(struct env *env, uint32_t i)
{
	const uint32_t reach = 8 * 500;
	const int32_t src_stride = (int32_t)(env_random(env) % 1000) - 500;
	const int32_t dst_stride = (int32_t)(env_random(env) % 1000) - 500;

	return (struct desc) {
		.op = env_random(env) % 4 ? PQDMA_OP_COPY : PQDMA_OP_FILL,
		.flags = (uint8_t)(env_random(env) % 8 | PQDMA_FLAG_TWO_D),
		.tag = (uint16_t)env_random(env),
		.length = 1 + env_random(env) % (env_random(env) % 2 ? 40 : 900),
		.rows = 1 + env_random(env) % 8,
		.src = SRC + env_random(env) % 0x4000,
		.dst = DST + reach + i * (2 * reach + 1000) + env_random(env) % 64,
		.src_stride = src_stride,
		.dst_stride = dst_stride,
	};
}

/* Many in a list, with descriptors of one row between them, at every burst setting */
static void lists_of_rows(void **state)
{
	uint32_t seed, i;

	(void)state;
	for (seed = 0; seed < 32; seed++) {
		struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed + 1);

		env_fill_random(env);
		env_write(env, CH0(PQDMA_CH_CFG), seed % 16);
		for (i = 0; i < 8; i++) {
			struct desc desc = random_rows(env, i);

			if (env_random(env) % 4 == 0)
				desc.flags &= (uint8_t)~PQDMA_FLAG_TWO_D;
			env_desc(env, DESC(i), &desc);
		}
		env_start(env, 0, DESC(0), 8, 8);
		env_settle(env);
		env_check(env);
		assert_int_equal(env->chans[0].done, 8);
		env_free(env);
	}
}

static void fills_keep_their_pattern(void **state)
{
	struct env *env = env_new(&env_slow, 40);
	uint32_t r, i;

	(void)state;
	run(env, &(struct desc) { .op = PQDMA_OP_FILL, .flags = PQDMA_FLAG_TWO_D, .length = 11, .rows = 30, .src = PATTERN,
				  .dst = DST + 2, .src_stride = 0x1234567, .dst_stride = 37 });
	for (r = 0; r < 30; r++)
		for (i = 0; i < 11; i++) {
			const uint64_t addr = DST + 2 + r * 37 + i;

			assert_int_equal(env->ram[addr - ENV_RAM_BUS], PATTERN >> addr % 8 * 8 & 0xff);
		}
	assert_int_equal(env->counts.data_bytes, 11 * 30);
	env_free(env);
}

static void many_rows_of_one_byte(void **state)
{
	struct env *env = env_new(&env_ideal, 41);

	(void)state;
	env_fill_random(env);
	run(env, &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_TWO_D | PQDMA_FLAG_WB, .length = 1, .rows = 3000,
				  .src = SRC, .dst = DST, .src_stride = 3, .dst_stride = 5 });
	assert_int_equal(env->counts.data_bursts, 3000);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_BYTES)), 3000);
	env_free(env);
}

/* The same rows as source and destination */
static void in_place(void **state)
{
	struct env *env = env_new(&env_slow, 42);

	(void)state;
	env_fill_random(env);
	run(env, &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_TWO_D, .length = 1500, .rows = 6, .src = SRC + 1,
				  .dst = SRC + 1, .src_stride = -1501, .dst_stride = -1501 });
	assert_int_equal(env->counts.data_bytes, 6 * 1500);
	env_free(env);
}

/* Nobody waits for the end of such a descriptor, but it can be paused and aborted like any other. */
static void more_rows_than_anyone_waits_for(void **state)
{
	struct env *env = env_new(&env_ideal, 43);
	uint32_t bytes;

	(void)state;
	env_desc(env, DESC(0), &(struct desc) { .op = PQDMA_OP_FILL, .flags = PQDMA_FLAG_TWO_D, .length = 24, .rows = 0xffffffff,
						.dst = DST });
	env_start(env, 0, DESC(0), 1, 0);
	env_write(env, CH0(PQDMA_CH_TAIL), 1);
	env_ticks(env, 500);
	env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_PAUSE_MASK);
	env_rest(env, 0);
	bytes = env_read(env, CH0(PQDMA_CH_BYTES));
	assert_true(bytes > 24);
	assert_int_equal(bytes, env->counts.data_bytes);
	env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_ABORT_MASK);
	env_settle(env);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_STATUS)), PQDMA_STATE_IDLE);
	env_free(env);
}

/* ---- errors ---- */

static void error_in_every_row(void **state)
{
	uint32_t row, kind;

	(void)state;
	for (row = 0; row < 12; row++) {
		for (kind = 0; kind < 2; kind++) {
			struct env *env = env_new(row % 2 ? &env_slow : &env_ideal, row);
			const struct desc desc = {
				.op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_TWO_D | PQDMA_FLAG_WB, .length = 300, .rows = 12, .src = SRC,
				.dst = DST + 9, .src_stride = 512, .dst_stride = -301,
			};

			env_fill_random(env);
			env_desc(env, DESC(1), &(struct desc) { .op = PQDMA_OP_COPY, .length = 100, .src = SRC, .dst = DST + 0x4000 });
			if (kind)
				env_fail_at(env, SRC + row * 512 + 150, 1, ORACLE_READ, 2);
			else
				env_fail_at(env, DST + 9 - row * 301 + 150, 1, ORACLE_WRITE, 3);
			env_desc(env, DESC(0), &desc);
			env_start(env, 0, DESC(0), 2, 2);
			env_settle(env);
			env_check(env);
			assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), kind ? PQDMA_ERR_READ_SLVERR : PQDMA_ERR_WRITE_DECERR);
			env_free(env);
		}
	}
}

/* The second row lies outside of memory, so its address shows how the stride was extended. */
static void strides_are_signed(void **state)
{
	static const int32_t strides[] = { INT32_MIN, INT32_MAX, -0x40000000 };
	size_t i;

	(void)state;
	for (i = 0; i < NR(strides); i++) {
		struct env *env = env_new(&env_ideal, i);

		env_fill_random(env);
		run(env, &(struct desc) { .op = PQDMA_OP_FILL, .flags = PQDMA_FLAG_TWO_D, .length = 4, .rows = 2, .dst = DST,
					  .dst_stride = strides[i] });
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_ADDR_HI)), (DST + (uint64_t)(int64_t)strides[i]) >> 32);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_ADDR_LO)), (uint32_t)(DST + (uint64_t)(int64_t)strides[i]));
		env_restart(env, 0);
		run(env, &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_TWO_D, .length = 4, .rows = 2, .src = SRC, .dst = DST,
					  .src_stride = strides[i] });
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_ADDR_LO)),
				 (uint32_t)(SRC + (uint64_t)(int64_t)strides[i]) & ~(PQDMA_BYTES - 1u));
		env_free(env);
	}
}

static void refused(void **state)
{
	static const struct {
		uint8_t op;
		uint32_t length;
		uint32_t rows;
		uint32_t cause;
	} table[] = {
		{ PQDMA_OP_COPY, 4, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_FILL, 4, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_COPY, 0, 4, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_FILL, 0, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_NOP, 0, 1, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_INTERRUPT, 0, 1, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_XOR, 4, 1, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_XOR_VAL, 4, 1, PQDMA_ERR_BAD_FLAGS },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		struct env *env = env_new(&env_ideal, i);

		run(env, &(struct desc) { .op = table[i].op, .flags = PQDMA_FLAG_TWO_D | PQDMA_FLAG_WB, .length = table[i].length,
					  .rows = table[i].rows, .sources = 1, .src = ENV_TABLES, .dst = DST });
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), table[i].cause);
		assert_int_equal(env->counts.data_bursts, 0);
		env_free(env);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_of_strides),
		cmocka_unit_test(lists_of_rows),
		cmocka_unit_test(fills_keep_their_pattern),
		cmocka_unit_test(many_rows_of_one_byte),
		cmocka_unit_test(in_place),
		cmocka_unit_test(more_rows_than_anyone_waits_for),
		cmocka_unit_test(error_in_every_row),
		cmocka_unit_test(strides_are_signed),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
