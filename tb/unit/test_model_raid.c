/* SPDX-License-Identifier: MIT */
/*
 * A RAID-6 array of 8 data disks on the timed model: P and Q are those of ISA-L's own pq_gen() and xor_gen(), and any two lost
 * disks, data or parity, come back with one matrix operation. Nothing here goes by the oracle. Fails if one byte is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <isa-l/erasure_code.h>
#include <isa-l/raid.h>
#include "model_env.h"

#define DATA_DISKS 8
#define DISKS (DATA_DISKS + 2)
#define DISK_BYTES 0x2000
#define LENGTH (64 * 31)
#define SPARE (DISKS * DISK_BYTES)

/* Where a disk's block stands; no two have the same alignment. */
static uint64_t block_of(uint32_t disk)
{
	return ENV_DATA + disk * DISK_BYTES + disk * 5;
}

static uint8_t *bytes_at(struct env *env, uint64_t addr)
{
	return env->ram + (addr - ENV_RAM_BUS);
}

/* b of data disk i: the generator 2 to the i, as in pq_gen() */
static uint8_t power_of_two(uint32_t i)
{
	uint8_t power = 1;

	while (i--)
		power = gf_mul(power, 2);
	return power;
}

static void run(struct env *env, const struct desc *desc)
{
	env_desc(env, ENV_DESCS, desc);
	env_start(env, 0, ENV_DESCS, 1, 1);
	env_settle(env);
	env_check(env);
	assert_int_equal(env->chans[0].ops[desc->op], 1);
	env_restart(env, 0);
}

static void put_data_table(struct env *env, uint32_t nr)
{
	struct source sources[DATA_DISKS];
	uint32_t i;

	for (i = 0; i < nr; i++)
		sources[i] = (struct source) { .addr = block_of(i), .b = power_of_two(i) };
	env_table(env, ENV_TABLES, sources, nr);
}

/* ---- P and Q against ISA-L ---- */

/* ISA-L wants aligned blocks. */
struct blocks {
	_Alignas(64) uint8_t block[DISKS][LENGTH];
	void *array[DISKS];
};

static void copy_data(struct env *env, struct blocks *blocks)
{
	uint32_t i;

	for (i = 0; i < DATA_DISKS; i++)
		memcpy(blocks->block[i], bytes_at(env, block_of(i)), LENGTH);
}

static void sums_are_those_of_isal(void **state)
{
	static struct blocks want;
	struct env *env = env_new(&env_slow, 1);
	uint32_t k, i;

	(void)state;
	env_fill_random(env);
	for (k = 2; k <= DATA_DISKS && k <= PQDMA_SOURCES; k++) {
		const uint64_t p = block_of(k);
		const uint64_t q = block_of(k + 1);

		env_fill_random(env);
		put_data_table(env, k);
		copy_data(env, &want);
		for (i = 0; i < k + 2; i++)
			want.array[i] = want.block[i];
		assert_int_equal(xor_gen((int)k + 1, LENGTH, want.array), 0);
		run(env, &(struct desc) { .op = PQDMA_OP_XOR, .sources = (uint8_t)k, .length = LENGTH, .src = ENV_TABLES, .dst = p });
		assert_memory_equal(bytes_at(env, p), want.block[k], LENGTH);
		if (!PQDMA_WITH_PQ)
			continue;
		assert_int_equal(pq_gen((int)k + 2, LENGTH, want.array), 0);
		run(env, &(struct desc) { .op = PQDMA_OP_PQ, .sources = (uint8_t)k, .length = LENGTH, .src = ENV_TABLES, .dst = p,
					  .dst2 = q });
		assert_memory_equal(bytes_at(env, p), want.block[k], LENGTH);
		assert_memory_equal(bytes_at(env, q), want.block[k + 1], LENGTH);
	}
	env_free(env);
}

/* ---- recovery ---- */

/* Row r says how disk r is made from the data disks. */
static void make_code(uint8_t code[DISKS][DATA_DISKS])
{
	uint32_t i;

	memset(code, 0, DISKS * DATA_DISKS);
	for (i = 0; i < DATA_DISKS; i++) {
		code[i][i] = 1;
		code[DATA_DISKS][i] = 1;
		code[DATA_DISKS + 1][i] = power_of_two(i);
	}
}

/* Coefficients that make disk lost from the surviving ones, given how those make the data disks */
static void make_row(uint8_t *row, const uint8_t *code_of_lost, uint8_t inverse[DATA_DISKS][DATA_DISKS])
{
	uint32_t i, s;

	for (s = 0; s < DATA_DISKS; s++) {
		row[s] = 0;
		for (i = 0; i < DATA_DISKS; i++)
			row[s] ^= gf_mul(code_of_lost[i], inverse[i][s]);
	}
}

static void put_recovery_table(struct env *env, uint32_t x, uint32_t y)
{
	struct source sources[DATA_DISKS];
	uint8_t code[DISKS][DATA_DISKS];
	uint8_t left[DATA_DISKS][DATA_DISKS];
	uint8_t inverse[DATA_DISKS][DATA_DISKS];
	uint8_t a[DATA_DISKS], b[DATA_DISKS];
	uint32_t disk, s = 0;

	make_code(code);
	for (disk = 0; disk < DISKS; disk++) {
		if (disk == x || disk == y)
			continue;
		memcpy(left[s], code[disk], DATA_DISKS);
		sources[s++].addr = block_of(disk);
	}
	assert_int_equal(gf_invert_matrix(left[0], inverse[0], DATA_DISKS), 0);
	make_row(a, code[x], inverse);
	make_row(b, code[y], inverse);
	for (s = 0; s < DATA_DISKS; s++) {
		sources[s].a = a[s];
		sources[s].b = b[s];
	}
	env_table(env, ENV_TABLES, sources, DATA_DISKS);
}

static void any_two_disks_come_back(void **state)
{
	struct env *env;
	uint32_t x, y;
	uint32_t pairs = 0;

	(void)state;
	if (!PQDMA_WITH_PQ || PQDMA_SOURCES < DATA_DISKS)
		skip();
	env = env_new(&env_ideal, 2);
	env_fill_random(env);
	put_data_table(env, DATA_DISKS);
	run(env, &(struct desc) { .op = PQDMA_OP_PQ, .sources = DATA_DISKS, .length = LENGTH, .src = ENV_TABLES,
				  .dst = block_of(DATA_DISKS), .dst2 = block_of(DATA_DISKS + 1) });
	for (x = 0; x < DISKS; x++) {
		for (y = x + 1; y < DISKS; y++, pairs++) {
			put_recovery_table(env, x, y);
			run(env, &(struct desc) { .op = PQDMA_OP_MATRIX, .sources = DATA_DISKS, .length = LENGTH, .src = ENV_TABLES,
						  .dst = ENV_DATA + SPARE + x, .dst2 = ENV_DATA + SPARE + DISK_BYTES + y });
			assert_memory_equal(bytes_at(env, ENV_DATA + SPARE + x), bytes_at(env, block_of(x)), LENGTH);
			assert_memory_equal(bytes_at(env, ENV_DATA + SPARE + DISK_BYTES + y), bytes_at(env, block_of(y)), LENGTH);
		}
	}
	assert_int_equal(pairs, DISKS * (DISKS - 1) / 2);
	env_free(env);
}

/* New data on one disk: P and Q go on from what they were, with the difference of old and new as the only sources. */
static void update_of_one_disk(void **state)
{
	struct env *env;
	uint32_t disk;

	(void)state;
	if (!PQDMA_WITH_PQ || PQDMA_SOURCES < DATA_DISKS)
		skip();
	env = env_new(&env_slow, 3);
	env_fill_random(env);
	for (disk = 0; disk < DATA_DISKS; disk++) {
		const uint64_t new_block = ENV_DATA + SPARE + 11;
		const struct source both[] = { { block_of(disk), 1, power_of_two(disk) }, { new_block, 1, power_of_two(disk) } };
		struct desc desc = { .op = PQDMA_OP_PQ, .sources = DATA_DISKS, .length = LENGTH, .src = ENV_TABLES,
				     .dst = block_of(DATA_DISKS), .dst2 = block_of(DATA_DISKS + 1), .flags = PQDMA_FLAG_WB };

		put_data_table(env, DATA_DISKS);
		run(env, &desc);
		env_table(env, ENV_TABLES, both, 2);
		desc.flags |= PQDMA_FLAG_CONT;
		desc.sources = 2;
		run(env, &desc);
		env_poke(env, block_of(disk), bytes_at(env, new_block), LENGTH);
		put_data_table(env, DATA_DISKS);
		desc.flags = PQDMA_FLAG_WB;
		desc.op = PQDMA_OP_PQ_VAL;
		desc.sources = DATA_DISKS;
		run(env, &desc);
		assert_int_equal(env_peek64(env, ENV_DESCS + PQDMA_DESC_STATUS_OFFSET) >> 56, PQDMA_DSTS_DONE_MASK >> 56);
	}
	env_free(env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_those_of_isal),
		cmocka_unit_test(any_two_disks_come_back),
		cmocka_unit_test(update_of_one_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
