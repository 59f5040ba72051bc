/* SPDX-License-Identifier: MIT */
/*
 * The untimed oracle against results worked out by hand: data, status words, list, each error cause. The tests of the model
 * rest on the oracle, so this one uses nothing but literal expectations.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "oracle.h"

#define BUS UINT64_C(0x40000000)
#define SIZE 65536
#define DESC(i) (BUS + (i) * PQDMA_DESC_SIZE)
#define DATA 0x4000
#define BURST 8
#define NR(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
	uint8_t ram[SIZE];
	struct oracle oracle;
	struct oracle_channel ch;
	uint64_t bad_addr;
	enum oracle_access bad_access;
	unsigned int bad_resp;
};

static struct fixture fix;

static unsigned int resp(void *ctx, uint64_t addr, size_t len, enum oracle_access access)
{
	const struct fixture *f = ctx;

	return access == f->bad_access && f->bad_addr - addr < len ? f->bad_resp : 0;
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

static void put(uint32_t i, uint32_t op, uint32_t flags, uint32_t length, uint64_t src, uint64_t dst)
{
	const uint64_t words[] = { (uint64_t)length << 32 | (0x5000u + i) << 16 | flags << 8 | op, src, dst, 0 };

	memcpy(fix.ram + i * PQDMA_DESC_SIZE, words, sizeof(words));
}

static void put_link(uint32_t i, uint64_t link)
{
	memcpy(fix.ram + i * PQDMA_DESC_SIZE + 24, &link, sizeof(link));
}

static uint64_t status(uint32_t i)
{
	uint64_t word;

	memcpy(&word, fix.ram + i * PQDMA_DESC_SIZE + 56, sizeof(word));
	return word;
}

static void run(uint32_t count, uint32_t tail)
{
	oracle_start(&fix.ch, DESC(0), count, BURST);
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

static void copy_moves_exactly_its_bytes(void **state)
{
	uint8_t want[SIZE];

	(void)state;
	put(0, PQDMA_OP_COPY, 0, 3000, BUS + DATA + 3, BUS + DATA + 0x2005);
	memcpy(want, fix.ram, SIZE);
	memcpy(want + DATA + 0x2005, want + DATA + 3, 3000);
	run(1, 1);
	assert_memory_equal(fix.ram, want, SIZE);
	assert_int_equal(fix.ch.state, PQDMA_STATE_RUN);
	assert_int_equal(fix.ch.done, 1);
	assert_int_equal(fix.ch.bytes, 3000);
	assert_int_equal(fix.ch.irqs, 0);
}

static void fill_goes_by_address(void **state)
{
	static const uint8_t want[] = { 0x04, 0x05, 0x06, 0x07, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05 };

	(void)state;
	put(0, PQDMA_OP_FILL, 0, sizeof(want), UINT64_C(0x0706050403020100), BUS + DATA + 4);
	run(1, 1);
	assert_memory_equal(fix.ram + DATA + 4, want, sizeof(want));
	assert_int_equal(fix.ram[DATA + 3], (uint8_t)((DATA + 3) * 7 + DATA / 256));
	assert_int_equal(fix.ram[DATA + 14], (uint8_t)((DATA + 14) * 7 + DATA / 256));
}

static void status_words_and_interrupts(void **state)
{
	(void)state;
	put(0, PQDMA_OP_COPY, PQDMA_FLAG_WB, 17, BUS + DATA, BUS + DATA + 0x1000);
	put(1, PQDMA_OP_INTERRUPT, 0, 0, 0, 0);
	put(2, PQDMA_OP_NOP, PQDMA_FLAG_WB | PQDMA_FLAG_IRQ, 0, 0, 0);
	put(3, PQDMA_OP_NOP, 0, 0, 0, 0);
	run(4, 4);
	assert_int_equal(status(0), UINT64_C(0x8000500000000011));
	assert_int_equal(status(1), 0);
	assert_int_equal(status(2), UINT64_C(0x8000500200000000));
	assert_int_equal(fix.ch.irqs, 2);
	assert_int_equal(fix.ch.done, 4);
}

/* Groups of 2, 1 and 2; the last goes on with itself, so tail decides how far. */
static void list_goes_from_group_to_group(void **state)
{
	static const uint32_t order[] = { 0, 1, 7, 4, 5, 4, 5, 4 };
	uint32_t i;

	(void)state;
	for (i = 0; i < 8; i++)
		put(i, PQDMA_OP_NOP, PQDMA_FLAG_WB, 0, 0, 0);
	put_link(0, DESC(100) | 5);
	put_link(1, DESC(7) | 1);
	put_link(7, DESC(4) | 2);
	put_link(5, DESC(4) | 2);
	oracle_start(&fix.ch, DESC(0), 2, BURST);
	for (i = 0; i < NR(order); i++) {
		memset(fix.ram + order[i] * PQDMA_DESC_SIZE + 56, 0, 8);
		oracle_run(&fix.oracle, &fix.ch, i + 1);
		assert_true(status(order[i]) >> 63);
	}
	assert_int_equal(fix.ch.done, NR(order));
	assert_int_equal(status(2), 0);
}

static void link_is_read_when_the_list_goes_on(void **state)
{
	(void)state;
	put(0, PQDMA_OP_NOP, 0, 0, 0, 0);
	put(9, PQDMA_OP_NOP, PQDMA_FLAG_WB, 0, 0, 0);
	run(1, 1);
	assert_int_equal(fix.ch.done, 1);
	put_link(0, DESC(9) | 1);
	oracle_run(&fix.oracle, &fix.ch, 2);
	assert_int_equal(fix.ch.done, 2);
	assert_true(status(9) >> 63);
}

static void malformed_descriptors(void **state)
{
	static const struct {
		uint32_t op;
		uint32_t flags;
		uint32_t length;
		uint32_t cause;
	} table[] = {
		{ PQDMA_OP_MATRIX + 1, 0x80, 0, PQDMA_ERR_BAD_OP },
		{ 255, 0, 1, PQDMA_ERR_BAD_OP },
		{ PQDMA_OP_COPY, PQDMA_FLAG_CONT, 0, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_NOP, PQDMA_FLAG_TWO_D, 0, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_NOP, 0x80, 0, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_COPY, 0, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_FILL, 0, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_NOP, 0, 1, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_INTERRUPT, 0, 1, PQDMA_ERR_BAD_LENGTH },
	};
	size_t i;

	for (i = 0; i < NR(table); i++) {
		set_up(state);
		put(0, PQDMA_OP_NOP, 0, 0, 0, 0);
		put(1, table[i].op, table[i].flags | PQDMA_FLAG_WB, table[i].length, BUS + DATA, BUS + DATA);
		put(2, PQDMA_OP_NOP, PQDMA_FLAG_WB, 0, 0, 0);
		run(3, 3);
		assert_failed(table[i].cause, DESC(1), DESC(1), 1);
		assert_int_equal(status(1), UINT64_C(0x8000500100000000) | (uint64_t)table[i].cause << 48);
		assert_int_equal(status(2), 0);
	}
}

static void bad_heads_and_links(void **state)
{
	(void)state;
	put(0, PQDMA_OP_NOP, 0, 0, 0, 0);
	run(1, 2);
	assert_failed(PQDMA_ERR_BAD_LINK, 0, 0, 1);
	put_link(0, DESC(3));
	run(1, 2);
	assert_failed(PQDMA_ERR_BAD_LINK, DESC(3), DESC(3), 1);
	run(0, 1);
	assert_failed(PQDMA_ERR_BAD_LINK, DESC(0), DESC(0), 0);
	oracle_start(&fix.ch, DESC(0) + 32, 0, BURST);
	assert_int_equal(fix.ch.state, PQDMA_STATE_RUN);
	oracle_run(&fix.oracle, &fix.ch, 1);
	assert_failed(PQDMA_ERR_BAD_ALIGN, DESC(0) + 32, DESC(0) + 32, 0);
}

static void addresses_outside_memory(void **state)
{
	(void)state;
	put(0, PQDMA_OP_COPY, 0, 4, BUS - 4, BUS + DATA);
	run(1, 1);
	assert_failed(PQDMA_ERR_READ_DECERR, BUS - PQDMA_BYTES, DESC(0), 0);
	put(0, PQDMA_OP_FILL, 0, 4, 0, BUS + SIZE);
	run(1, 1);
	assert_failed(PQDMA_ERR_WRITE_DECERR, BUS + SIZE, DESC(0), 0);
	put(0, PQDMA_OP_NOP, 0, 0, 0, 0);
	put_link(0, UINT64_C(0xffffffffffffffc0) | 1);
	run(1, 2);
	assert_failed(PQDMA_ERR_FETCH_DECERR, UINT64_C(0xffffffffffffffc0), UINT64_C(0xffffffffffffffc0), 1);
}

/* 8 x STRIP_BYTES from a strip boundary; the fault is in the third strip, which is then not written at all. */
static void read_error_spares_the_strip(void **state)
{
	const uint64_t dst = DATA + 0x4000;
	uint8_t want[SIZE];

	(void)state;
	put(0, PQDMA_OP_COPY, PQDMA_FLAG_WB, 8 * PQDMA_STRIP_BYTES, BUS + DATA, BUS + dst);
	fix.bad_addr = BUS + DATA + 2 * PQDMA_STRIP_BYTES + PQDMA_BYTES;
	fix.bad_access = ORACLE_READ;
	fix.bad_resp = 2;
	memcpy(want, fix.ram, SIZE);
	memcpy(want + dst, want + DATA, 2 * PQDMA_STRIP_BYTES);
	run(1, 1);
	assert_failed(PQDMA_ERR_READ_SLVERR, fix.bad_addr, DESC(0), 0);
	assert_int_equal(status(0), UINT64_C(0x8003500000000000) | 2 * PQDMA_STRIP_BYTES);
	assert_memory_equal(fix.ram + DATA, want + DATA, SIZE - DATA);
	assert_int_equal(fix.ch.nr_uncertain, 0);
}

static void write_error_leaves_open_what_follows(void **state)
{
	uint8_t device[SIZE];
	uint64_t where = 0;

	(void)state;
	if (PQDMA_STRIPS < 4)
		skip();	/* not all that follows can be on its way */
	put(0, PQDMA_OP_FILL, 0, 2 * PQDMA_STRIP_BYTES, 0, BUS + DATA);
	put(1, PQDMA_OP_FILL, 0, 60, 0, BUS + DATA + 0x4000);
	fix.bad_addr = BUS + DATA + PQDMA_STRIP_BYTES;
	fix.bad_access = ORACLE_WRITE;
	fix.bad_resp = 3;
	run(2, 2);
	assert_failed(PQDMA_ERR_WRITE_DECERR, fix.bad_addr, DESC(0), 0);
	assert_int_equal(fix.ch.bytes, PQDMA_STRIP_BYTES);

	memcpy(device, fix.ram, SIZE);
	assert_true(oracle_same(&fix.oracle, &fix.ch, 1, device, &where));
	device[DATA + 2 * PQDMA_STRIP_BYTES - 1] ^= 1;
	device[DATA + 0x4000 + 59] ^= 1;
	assert_true(oracle_same(&fix.oracle, &fix.ch, 1, device, &where));
	device[DATA + 0x4000 + 60] ^= 1;
	assert_false(oracle_same(&fix.oracle, &fix.ch, 1, device, &where));
	assert_int_equal(where, BUS + DATA + 0x4000 + 60);
	device[DATA + PQDMA_STRIP_BYTES - 1] ^= 1;
	assert_false(oracle_same(&fix.oracle, &fix.ch, 1, device, &where));
	assert_int_equal(where, BUS + DATA + PQDMA_STRIP_BYTES - 1);
}

static void fetch_and_status_errors(void **state)
{
	(void)state;
	put(0, PQDMA_OP_NOP, PQDMA_FLAG_WB, 0, 0, 0);
	put(1, PQDMA_OP_NOP, PQDMA_FLAG_WB, 0, 0, 0);
	fix.bad_addr = DESC(1) + 8;
	fix.bad_access = ORACLE_FETCH;
	fix.bad_resp = 2;
	run(2, 2);
	assert_failed(PQDMA_ERR_FETCH_SLVERR, DESC(1), DESC(1), 1);
	assert_int_equal(status(1), 0);
	fix.bad_addr = DESC(0) + 56;
	fix.bad_access = ORACLE_STATUS;
	fix.bad_resp = 3;
	run(2, 2);
	assert_failed(PQDMA_ERR_STATUS_DECERR, DESC(0) + 56, DESC(0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(copy_moves_exactly_its_bytes, set_up),
		cmocka_unit_test_setup(fill_goes_by_address, set_up),
		cmocka_unit_test_setup(status_words_and_interrupts, set_up),
		cmocka_unit_test_setup(list_goes_from_group_to_group, set_up),
		cmocka_unit_test_setup(link_is_read_when_the_list_goes_on, set_up),
		cmocka_unit_test_setup(malformed_descriptors, set_up),
		cmocka_unit_test_setup(bad_heads_and_links, set_up),
		cmocka_unit_test_setup(addresses_outside_memory, set_up),
		cmocka_unit_test_setup(read_error_spares_the_strip, set_up),
		cmocka_unit_test_setup(write_error_leaves_open_what_follows, set_up),
		cmocka_unit_test_setup(fetch_and_status_errors, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
