/* SPDX-License-Identifier: MIT */
/*
 * XOR, P+Q and matrix of the untimed oracle against products made bit by bit and results worked out by hand: sums, verdicts,
 * old P and Q, tables, refused descriptors, errors. Fails on a wrong byte, status word or record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "oracle.h"

#define BUS UINT64_C(0x40000000)
#define SIZE 0x20000
#define TABLE 0x1000
#define SOURCE(i) (0x4000u + (i) * 0x400u + (i))
#define P 0x10003
#define Q 0x1400e
#define LENGTH 700
#define STRIP 128		/* bytes; CFG.BURST is in beats */
#define BURST ((uint32_t)__builtin_ctz(STRIP / PQDMA_BYTES))
#define NR(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
	uint8_t ram[SIZE];
	uint8_t want[SIZE];
	struct oracle oracle;
	struct oracle_channel ch;
	uint64_t bad_addr;
	enum oracle_access bad_access;
	uint32_t fetches;
};

static struct fixture fix;

static unsigned int resp(void *ctx, uint64_t addr, size_t len, enum oracle_access access)
{
	struct fixture *f = ctx;

	f->fetches += access == ORACLE_FETCH;
	return access == f->bad_access && f->bad_addr - addr < len ? 2 : 0;
}

static uint8_t coefficient(uint32_t i, uint32_t which)
{
	return (uint8_t)(i * 83 + 2 + which * 45);
}

static int set_up(void **state)
{
	uint32_t i;

	(void)state;
	memset(&fix, 0, sizeof(fix));
	for (i = SOURCE(0); i < SIZE; i++)
		fix.ram[i] = (uint8_t)(i * i / 7 + i / 256);
	for (i = 0; i < PQDMA_SOURCES; i++) {
		const uint64_t entry[] = { BUS + SOURCE(i), 0xabcdef000000 | (uint32_t)coefficient(i, 1) << 8 | coefficient(i, 0) };

		memcpy(fix.ram + TABLE + i * sizeof(entry), entry, sizeof(entry));
	}
	fix.oracle = (struct oracle) { .ram = fix.ram, .ram_bus = BUS, .ram_size = SIZE, .resp = resp, .ctx = &fix };
	return 0;
}

static void put(uint32_t op, uint32_t flags, uint32_t nr, uint32_t length)
{
	const uint64_t words[] = { (uint64_t)length << 32 | 0x5a5aull << 16 | flags << 8 | op, BUS + TABLE, BUS + P, 0, BUS + Q, 0,
				   0xffffffffffffffc0 | nr, 0 };

	memcpy(fix.ram, words, sizeof(words));
}

static void run(void)
{
	oracle_start(&fix.ch, BUS, 1, BURST);
	oracle_run(&fix.oracle, &fix.ch, 1);
}

static uint64_t status(void)
{
	uint64_t word;

	memcpy(&word, fix.ram + 56, sizeof(word));
	return word;
}

static void assert_failed(uint32_t cause, uint64_t addr)
{
	assert_int_equal(fix.ch.state, PQDMA_STATE_FAIL);
	assert_int_equal(fix.ch.err_cause, cause);
	assert_int_equal(fix.ch.err_addr, addr);
	assert_int_equal(fix.ch.err_desc, BUS);
	assert_int_equal(fix.ch.done, 0);
}

/* ---- products, one bit at a time ---- */

static uint8_t product(uint8_t a, uint8_t b)
{
	uint32_t sum = 0;
	int bit;

	for (bit = 7; bit >= 0; bit--) {
		sum <<= 1;
		if (sum & 0x100)
			sum ^= 0x11d;
		if (a >> bit & 1)
			sum ^= b;
	}
	return (uint8_t)sum;
}

static uint8_t sum_at(uint32_t at, uint32_t nr, uint32_t which, bool plain)
{
	uint8_t sum = 0;
	uint32_t i;

	for (i = 0; i < nr; i++)
		sum ^= product(plain ? 1 : coefficient(i, which), fix.ram[SOURCE(i) + at]);
	return sum;
}

/* What memory is after the command that put() has written, without its status word */
static void expect(uint32_t op, uint32_t flags, uint32_t nr)
{
	const bool has_q = op >= PQDMA_OP_PQ;
	uint32_t at;

	memcpy(fix.want, fix.ram, SIZE);
	for (at = 0; at < LENGTH; at++) {
		const uint8_t p = sum_at(at, nr, 0, op != PQDMA_OP_MATRIX);
		const uint8_t q = sum_at(at, nr, 1, false);

		if (!(flags & PQDMA_FLAG_P_OFF))
			fix.want[P + at] = p ^ (flags & PQDMA_FLAG_CONT ? fix.ram[P + at] : 0);
		if (has_q && !(flags & PQDMA_FLAG_Q_OFF))
			fix.want[Q + at] = q ^ (flags & PQDMA_FLAG_CONT ? fix.ram[Q + at] : 0);
	}
}

static void sums(void **state)
{
	static const uint32_t ops[] = { PQDMA_OP_XOR, PQDMA_OP_PQ, PQDMA_OP_MATRIX };
	static const uint32_t all_flags[] = { 0, PQDMA_FLAG_P_OFF, PQDMA_FLAG_Q_OFF };
	uint32_t o, f, cont, nr;

	for (o = 0; o < (PQDMA_WITH_PQ ? NR(ops) : 1); o++) {
		for (f = 0; f < (ops[o] == PQDMA_OP_XOR ? 1 : NR(all_flags)); f++) {
			for (cont = 0; cont < 2; cont++) {
				for (nr = 1; nr <= PQDMA_SOURCES; nr++) {
					const uint32_t flags = all_flags[f] | (cont ? PQDMA_FLAG_CONT : 0);

					set_up(state);
					put(ops[o], flags, nr, LENGTH);
					expect(ops[o], flags, nr);
					run();
					assert_memory_equal(fix.ram, fix.want, SIZE);
					assert_int_equal(fix.ch.ops[ops[o]], 1);
					assert_int_equal(fix.ch.bytes, LENGTH);
				}
			}
		}
	}
}

/* From the definition of the field: 2 x 0x80 = 0x1d, 3 x 0x1d = 0x27; 1 + 2 + 4 = 7 */
static void sums_by_hand(void **state)
{
	static const uint8_t bytes[] = { 0x80, 0x1d, 0x07 };
	uint32_t i;

	(void)state;
	for (i = 0; i < NR(bytes); i++) {
		fix.ram[TABLE + i * 16 + 8] = 1;
		fix.ram[TABLE + i * 16 + 9] = (uint8_t)(i + 2);
		fix.ram[SOURCE(i)] = bytes[i];
	}
	put(PQDMA_WITH_PQ ? PQDMA_OP_MATRIX : PQDMA_OP_XOR, PQDMA_FLAG_WB, 2, 1);
	run();
	assert_int_equal(fix.ram[P], 0x80 ^ 0x1d);
	if (PQDMA_WITH_PQ)
		assert_int_equal(fix.ram[Q], 0x1d ^ 0x27);
	assert_int_equal(status(), UINT64_C(0x80005a5a00000001));
}

static void verdicts(void **state)
{
	static const struct {
		uint32_t op;
		uint32_t flags;
		uint64_t bad;
	} table[] = {
		{ PQDMA_OP_XOR_VAL, 0, 1 },
		{ PQDMA_OP_PQ_VAL, 0, 3 },
		{ PQDMA_OP_PQ_VAL, PQDMA_FLAG_P_OFF, 2 },
		{ PQDMA_OP_PQ_VAL, PQDMA_FLAG_Q_OFF, 1 },
	};
	uint32_t i;

	for (i = 0; i < (PQDMA_WITH_PQ ? NR(table) : 1); i++) {
		set_up(state);
		expect(PQDMA_OP_PQ, 0, 3);
		memcpy(fix.ram, fix.want, SIZE);
		put(table[i].op, table[i].flags | PQDMA_FLAG_WB, 3, LENGTH);
		run();
		assert_int_equal(status(), UINT64_C(0x80005a5a00000000) | LENGTH);
		fix.ram[P + LENGTH - 1] ^= 1;
		fix.ram[Q] ^= 0x80;
		memcpy(fix.want, fix.ram, SIZE);
		run();
		assert_int_equal(status(), UINT64_C(0x80005a5a00000000) | table[i].bad << 56 | LENGTH);
		assert_memory_equal(fix.ram + TABLE, fix.want + TABLE, SIZE - TABLE);
		assert_int_equal(fix.ch.bytes, LENGTH);
	}
}

static void in_place(void **state)
{
	uint32_t at;

	(void)state;
	put(PQDMA_OP_XOR, 0, 2, LENGTH);
	memcpy(fix.ram + 16, &(uint64_t) { BUS + SOURCE(1) }, 8);
	memcpy(fix.want, fix.ram, SIZE);
	for (at = 0; at < LENGTH; at++)
		fix.want[SOURCE(1) + at] ^= fix.ram[SOURCE(0) + at];
	run();
	assert_memory_equal(fix.ram, fix.want, SIZE);
}

static void refused(void **state)
{
	static const struct {
		uint32_t op;
		uint32_t flags;
		uint32_t nr;
		uint32_t length;
		uint32_t cause;
	} table[] = {
		{ PQDMA_OP_XOR, 0, 0, 1, PQDMA_ERR_BAD_SOURCES },
		{ PQDMA_OP_XOR, 0, PQDMA_SOURCES + 1, 1, PQDMA_ERR_BAD_SOURCES },
		{ PQDMA_OP_XOR_VAL, 0, 63, 1, PQDMA_ERR_BAD_SOURCES },
		{ PQDMA_OP_XOR, 0, 0, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_XOR_VAL, PQDMA_FLAG_CONT, 1, 0, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_XOR, PQDMA_FLAG_Q_OFF, 1, 1, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_PQ_VAL, PQDMA_FLAG_CONT, 1, 1, PQDMA_WITH_PQ ? PQDMA_ERR_BAD_FLAGS : PQDMA_ERR_BAD_OP },
		{ PQDMA_OP_PQ, PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF, 1, 1, PQDMA_WITH_PQ ? PQDMA_ERR_BAD_FLAGS : PQDMA_ERR_BAD_OP },
		{ PQDMA_OP_MATRIX, PQDMA_FLAG_TWO_D, 1, 1, PQDMA_WITH_PQ ? PQDMA_ERR_BAD_FLAGS : PQDMA_ERR_BAD_OP },
	};
	uint32_t i;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		put(table[i].op, table[i].flags | PQDMA_FLAG_WB, table[i].nr, table[i].length);
		run();
		assert_failed(table[i].cause, BUS);
		assert_int_equal(status(), UINT64_C(0x80005a5a00000000) | (uint64_t)table[i].cause << 48);
	}
	put(PQDMA_OP_XOR, 0, 1, 1);
	memcpy(fix.ram + 8, &(uint64_t) { BUS + TABLE + 32 }, 8);
	run();
	assert_failed(PQDMA_ERR_BAD_SOURCES, BUS);
}

/* A descriptor and its blocks are fetched, no more; an error in a block is told with the block and has a status word. */
static void table_errors(void **state)
{
	const uint32_t beats = PQDMA_BYTES < 64 ? 64 / PQDMA_BYTES : 1;
	const uint32_t last = PQDMA_SOURCES * 16 - 1;

	(void)state;
	put(PQDMA_OP_XOR, 0, 4, 1);
	run();
	assert_int_equal(fix.fetches, 2 * beats);
	put(PQDMA_OP_XOR, PQDMA_FLAG_WB, PQDMA_SOURCES, 1);
	fix.bad_addr = BUS + TABLE + last;
	fix.bad_access = ORACLE_FETCH;
	run();
	assert_failed(PQDMA_ERR_FETCH_SLVERR, BUS + TABLE + last / 64 * 64);
	assert_int_equal(status(), UINT64_C(0x80015a5a00000000));
	memcpy(fix.ram + 8, &(uint64_t) { BUS + SIZE }, 8);
	run();
	assert_failed(PQDMA_ERR_FETCH_DECERR, BUS + SIZE);
}

/* An error of the second source: strips before it are written, in P and in Q, and nothing of its own strip or behind. */
static void read_error_spares_the_strip(void **state)
{
	uint32_t bytes;

	(void)state;
	if (!PQDMA_WITH_PQ)
		skip();
	put(PQDMA_OP_PQ, PQDMA_FLAG_WB, 2, LENGTH);
	expect(PQDMA_OP_PQ, 0, 2);
	fix.bad_addr = BUS + SOURCE(1) + 3 * STRIP;
	fix.bad_access = ORACLE_READ;
	run();
	bytes = fix.ch.bytes;
	assert_failed(PQDMA_ERR_READ_SLVERR, fix.bad_addr / PQDMA_BYTES * PQDMA_BYTES);
	assert_in_range(bytes, 2 * STRIP, 3 * STRIP);
	assert_memory_equal(fix.ram + P, fix.want + P, bytes);
	assert_memory_equal(fix.ram + Q, fix.want + Q, bytes);
	assert_memory_not_equal(fix.ram + P + bytes, fix.want + P + bytes, LENGTH - bytes);
	assert_memory_not_equal(fix.ram + Q + bytes, fix.want + Q + bytes, LENGTH - bytes);
	assert_int_equal(status(), UINT64_C(0x80035a5a00000000) | bytes);
}

static void write_error_leaves_both_open(void **state)
{
	uint8_t device[SIZE];
	uint64_t where = 0;

	(void)state;
	if (!PQDMA_WITH_PQ)
		skip();
	put(PQDMA_OP_PQ, 0, 2, 100);
	fix.bad_addr = BUS + Q + 50;
	fix.bad_access = ORACLE_WRITE;
	run();
	assert_int_equal(fix.ch.err_cause, PQDMA_ERR_WRITE_SLVERR);
	assert_in_range(fix.ch.err_addr, BUS + Q, fix.bad_addr);
	memcpy(device, fix.ram, SIZE);
	device[P + 99] ^= 1;
	device[Q + 99] ^= 1;
	assert_true(oracle_same(&fix.oracle, &fix.ch, 1, device, &where));
	device[Q + 100] ^= 1;
	assert_false(oracle_same(&fix.oracle, &fix.ch, 1, device, &where));
	assert_int_equal(where, BUS + Q + 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(sums, set_up),
		cmocka_unit_test_setup(sums_by_hand, set_up),
		cmocka_unit_test_setup(verdicts, set_up),
		cmocka_unit_test_setup(in_place, set_up),
		cmocka_unit_test_setup(refused, set_up),
		cmocka_unit_test_setup(table_errors, set_up),
		cmocka_unit_test_setup(read_error_spares_the_strip, set_up),
		cmocka_unit_test_setup(write_error_leaves_both_open, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
