/* SPDX-License-Identifier: MIT */
/*
 * The untimed oracle against results worked out by hand: rows with strides, compact descriptors, cyclic lists, completion words. The
 * tests of the model rest on the oracle, so this one uses nothing but literal expectations.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "oracle.h"

#define BUS UINT64_C(0x40000000)
#define SIZE 65536
#define DATA 0x4000
#define CMPL 0x3f08
#define CFG_FULL 8
#define CFG_COMPACT 0x208
#define CFG_CYCLIC 0x108
#define NR(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
	uint8_t ram[SIZE];
	struct oracle oracle;
	struct oracle_channel ch;
	uint64_t bad_addr;
	unsigned int bad_resp;
};

static struct fixture fix;

static unsigned int resp(void *ctx, uint64_t addr, size_t len, enum oracle_access access)
{
	const struct fixture *f = ctx;

	return access != ORACLE_FETCH && f->bad_addr - addr < len ? f->bad_resp : 0;
}

static int set_up(void **state)
{
	size_t i;

	(void)state;
	memset(&fix, 0, sizeof(fix));
	for (i = DATA; i < SIZE; i++)
		fix.ram[i] = (uint8_t)(i * 7 + i / 256);
	fix.oracle = (struct oracle) { .ram = fix.ram, .ram_bus = BUS, .ram_size = SIZE, .resp = resp, .ctx = &fix };
	return 0;
}

static uint64_t word_at(uint64_t offset)
{
	uint64_t word;

	memcpy(&word, fix.ram + offset, sizeof(word));
	return word;
}

/* Words 0 to 3 of a descriptor, and 4 and 5 */
static void put(uint64_t offset, uint64_t head, uint64_t src, uint64_t dst, uint64_t link)
{
	const uint64_t words[] = { head, src, dst, link };

	memcpy(fix.ram + offset, words, sizeof(words));
}

static void put_rows(uint64_t offset, int32_t src_stride, int32_t dst_stride, uint32_t rows)
{
	const uint64_t words[] = { (uint64_t)(uint32_t)dst_stride << 32 | (uint32_t)src_stride, UINT64_C(0xabcd000000000000) | rows };

	memcpy(fix.ram + offset + 32, words, sizeof(words));
}

static void run(uint32_t cfg, uint32_t count, uint32_t tail)
{
	oracle_start(&fix.ch, BUS, count, cfg);
	oracle_run(&fix.oracle, &fix.ch, tail);
}

static void assert_failed(uint32_t cause, uint64_t addr, uint64_t desc, uint32_t done)
{
	assert_int_equal(fix.ch.state, PQDMA_STATE_FAIL);
	assert_int_equal(fix.ch.err_cause, cause);
	assert_int_equal(fix.ch.err_addr, addr);
	assert_int_equal(fix.ch.err_desc, desc);
	assert_int_equal(fix.ch.done, done);
}

/* ---- rows ---- */

#define COPY_ROWS(length) ((uint64_t)(length) << 32 | PQDMA_FLAG_TWO_D << 8 | PQDMA_OP_COPY)

static void rows_go_where_the_strides_say(void **state)
{
	uint8_t want[SIZE];

	(void)state;
	put(0, COPY_ROWS(3) | PQDMA_FLAG_WB << 8, BUS + DATA + 100, BUS + DATA + 0x2000, 0);
	put_rows(0, -10, 4, 3);
	memcpy(want, fix.ram, SIZE);
	memcpy(want + DATA + 0x2000, want + DATA + 100, 3);
	memcpy(want + DATA + 0x2004, want + DATA + 90, 3);
	memcpy(want + DATA + 0x2008, want + DATA + 80, 3);
	run(CFG_FULL, 1, 1);
	assert_memory_equal(fix.ram + DATA, want + DATA, SIZE - DATA);
	assert_int_equal(word_at(56), UINT64_C(0x8000000000000009));
	assert_int_equal(fix.ch.bytes, 9);
}

/* The later row wins where rows of the destination overlap; a stride of 0 leaves the last one. */
static void rows_are_moved_in_order(void **state)
{
	(void)state;
	put(0, COPY_ROWS(4), BUS + DATA, BUS + DATA + 0x2000, 0);
	put_rows(0, 16, 1, 3);
	put(64, COPY_ROWS(4), BUS + DATA, BUS + DATA + 0x3000, 0);
	put_rows(64, 16, 0, 3);
	run(CFG_FULL, 2, 2);
	assert_int_equal(fix.ram[DATA + 0x2000], fix.ram[DATA]);
	assert_int_equal(fix.ram[DATA + 0x2001], fix.ram[DATA + 16]);
	assert_memory_equal(fix.ram + DATA + 0x2002, fix.ram + DATA + 32, 4);
	assert_memory_equal(fix.ram + DATA + 0x3000, fix.ram + DATA + 32, 4);
	assert_int_equal(fix.ch.done, 2);
}

static void filled_rows(void **state)
{
	static const uint8_t want[] = { 0x22, 0x33, 0x44, 0x55 };

	(void)state;
	put(0, UINT64_C(4) << 32 | PQDMA_FLAG_TWO_D << 8 | PQDMA_OP_FILL, UINT64_C(0x7766554433221100), BUS + DATA + 2, 0);
	put_rows(0, 1, 0x1000, 2);
	run(CFG_FULL, 1, 1);
	assert_memory_equal(fix.ram + DATA + 2, want, sizeof(want));
	assert_memory_equal(fix.ram + DATA + 0x1002, want, sizeof(want));
	assert_int_equal(fix.ram[DATA + 0x1001], (uint8_t)((DATA + 0x1001) * 7 + (DATA + 0x1001) / 256));
}

/* The error is in the third row: two rows are done, the rest of them is open if it was a write. */
static void error_in_a_row(void **state)
{
	uint8_t device[SIZE];
	uint64_t where = 0;

	(void)state;
	if (PQDMA_STRIPS < 4)
		skip();	/* not all of the rows can be on their way */
	put(0, COPY_ROWS(8) | PQDMA_FLAG_WB << 8, BUS + DATA, BUS + DATA + 0x2000, 0);
	put_rows(0, 64, 256, 5);
	fix.bad_addr = BUS + DATA + 0x2000 + 512;
	fix.bad_resp = 2;
	run(CFG_FULL, 1, 1);
	assert_failed(PQDMA_ERR_WRITE_SLVERR, fix.bad_addr, BUS, 0);
	assert_int_equal(word_at(56), UINT64_C(0x8005000000000010));
	memcpy(device, fix.ram, SIZE);
	device[DATA + 0x2000 + 1024 + 7] ^= 1;
	device[DATA + 0x2000 + 512] ^= 1;
	assert_true(oracle_same(&fix.oracle, &fix.ch, 1, device, &where));
	device[DATA + 0x2000 + 1024 + 8] ^= 1;
	assert_false(oracle_same(&fix.oracle, &fix.ch, 1, device, &where));
	assert_int_equal(where, BUS + DATA + 0x2000 + 1024 + 8);
}

static void no_rows(void **state)
{
	(void)state;
	put(0, COPY_ROWS(8), BUS + DATA, BUS + DATA + 0x2000, 0);
	put_rows(0, 0, 0, 0);
	run(CFG_FULL, 1, 1);
	assert_failed(PQDMA_ERR_BAD_LENGTH, BUS, BUS, 0);
}

/* ---- compact descriptors ---- */

#define COPY(length, flags) ((uint64_t)(length) << 32 | (uint64_t)(flags) << 8 | PQDMA_OP_COPY)

/* Groups of 2 and 31, the second behind an odd place; the status word is word 0. */
static void compact_list(void **state)
{
	uint32_t i;

	(void)state;
	put(0, COPY(5, PQDMA_FLAG_WB) | 0x1234 << 16, BUS + DATA, BUS + DATA + 0x2000, 0);
	put(32, COPY(6, 0), BUS + DATA + 16, BUS + DATA + 0x2010, (BUS + 96) | 31);
	for (i = 0; i < 31; i++)
		put(96 + i * 32, PQDMA_OP_NOP | PQDMA_FLAG_IRQ << 8, 0, 0, 0);
	run(CFG_COMPACT, 2, 33);
	assert_int_equal(fix.ch.done, 33);
	assert_int_equal(fix.ch.irqs, 31);
	assert_int_equal(fix.ch.bytes, 11);
	assert_int_equal(word_at(0), UINT64_C(0x8000123400000005));
	assert_int_equal(word_at(8), BUS + DATA);
	assert_int_equal(word_at(32), COPY(6, 0));
	assert_memory_equal(fix.ram + DATA + 0x2000, fix.ram + DATA, 5);
	assert_memory_equal(fix.ram + DATA + 0x2010, fix.ram + DATA + 16, 6);
}

static void compact_and_refused(void **state)
{
	static const struct {
		uint64_t head;
		uint32_t cause;
	} table[] = {
		{ COPY(5, PQDMA_FLAG_TWO_D), PQDMA_ERR_BAD_FLAGS },
		{ COPY(0, 0), PQDMA_ERR_BAD_LENGTH },
		{ UINT64_C(5) << 32 | PQDMA_OP_XOR, PQDMA_ERR_BAD_OP },
		{ UINT64_C(5) << 32 | PQDMA_OP_MATRIX, PQDMA_ERR_BAD_OP },
	};
	size_t i;

	for (i = 0; i < NR(table); i++) {
		set_up(state);
		put(0, PQDMA_OP_NOP, 0, 0, 0);
		put(32, table[i].head, BUS + DATA, BUS + DATA + 0x2000, 0);
		run(CFG_COMPACT, 2, 2);
		assert_failed(table[i].cause, BUS + 32, BUS + 32, 1);
	}
	oracle_start(&fix.ch, BUS + 16, 1, CFG_COMPACT);
	oracle_run(&fix.oracle, &fix.ch, 1);
	assert_failed(PQDMA_ERR_BAD_ALIGN, BUS + 16, BUS + 16, 0);
	oracle_start(&fix.ch, BUS + 32, 0, CFG_COMPACT);
	oracle_run(&fix.oracle, &fix.ch, 1);
	assert_failed(PQDMA_ERR_BAD_LINK, BUS + 32, BUS + 32, 0);
}

/* ---- cyclic lists ---- */

/* Seven periods of a ring of three; the link of the last period is taken although nothing follows. */
static void cyclic_list(void **state)
{
	(void)state;
	put(0, COPY(1, 0), BUS + DATA, BUS + DATA + 0x2000, 0);
	put(64, COPY(2, PQDMA_FLAG_IRQ), BUS + DATA, BUS + DATA + 0x2010, (BUS + 128) | 1);
	put(128, COPY(4, 0), BUS + DATA, BUS + DATA + 0x2020, BUS | 2);
	run(CFG_CYCLIC, 2, 6);
	assert_int_equal(fix.ch.done, 6);
	assert_int_equal(fix.ch.bytes, 14);
	put(128, COPY(4, 0), BUS + DATA, BUS + DATA + 0x2020, 0);
	oracle_run(&fix.oracle, &fix.ch, 9);
	assert_int_equal(fix.ch.done, 9);
	assert_int_equal(fix.ch.irqs, 3);
	assert_int_equal(fix.ch.state, PQDMA_STATE_RUN);
	oracle_run(&fix.oracle, &fix.ch, 10);
	assert_failed(PQDMA_ERR_BAD_LINK, 0, 0, 9);
}

/* ---- completion word ---- */

static void start_with_word(uint32_t count)
{
	oracle_start(&fix.ch, BUS, count, CFG_FULL);
	fix.ch.cmpl = BUS + CMPL;
}

static void completion_word(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		put(i * 64, PQDMA_OP_NOP, 0, 0, 0);
	put(192, 0x77, 0, 0, 0);
	start_with_word(4);
	oracle_run(&fix.oracle, &fix.ch, 0);
	assert_int_equal(word_at(CMPL), 0);
	oracle_run(&fix.oracle, &fix.ch, 2);
	assert_int_equal(word_at(CMPL), UINT64_C(0x100000002));
	oracle_run(&fix.oracle, &fix.ch, 4);
	assert_int_equal(word_at(CMPL), UINT64_C(0x300000003));
	assert_failed(PQDMA_ERR_BAD_OP, BUS + 192, BUS + 192, 3);
}

static void completion_word_that_fails(void **state)
{
	(void)state;
	put(0, PQDMA_OP_NOP, 0, 0, 0);
	put(64, COPY(4, PQDMA_FLAG_WB), BUS + DATA, BUS + DATA + 0x2000, 0);
	fix.bad_addr = BUS + CMPL + 7;
	fix.bad_resp = 3;
	start_with_word(2);
	oracle_run(&fix.oracle, &fix.ch, 2);
	assert_int_equal(fix.ch.err_cause, PQDMA_ERR_CMPL_DECERR);
	assert_int_equal(fix.ch.err_addr, BUS + CMPL);
	assert_int_equal(fix.ch.err_desc, 0);
	assert_true(fix.ch.done_open && fix.ch.bytes_open);
	assert_int_equal(fix.ch.nr_uncertain, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(rows_go_where_the_strides_say, set_up),
		cmocka_unit_test_setup(rows_are_moved_in_order, set_up),
		cmocka_unit_test_setup(filled_rows, set_up),
		cmocka_unit_test_setup(error_in_a_row, set_up),
		cmocka_unit_test_setup(no_rows, set_up),
		cmocka_unit_test_setup(compact_list, set_up),
		cmocka_unit_test_setup(compact_and_refused, set_up),
		cmocka_unit_test_setup(cyclic_list, set_up),
		cmocka_unit_test_setup(completion_word, set_up),
		cmocka_unit_test_setup(completion_word_that_fails, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
