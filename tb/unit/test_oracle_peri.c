/* SPDX-License-Identifier: MIT */
/* Copies with PERI of the untimed oracle against results worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "oracle.h"

#define BUS UINT64_C(0x40000000)
#define SIZE 16384
#define DESC(i) (BUS + (i) * PQDMA_DESC_SIZE)
#define SRC 0x1000
#define DST 0x2000
#define DEVICE UINT64_C(0x90000000)
#define BURST 8
#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define LINE(l) ((uint64_t)(l) << PQDMA_SETTINGS_LINE_SHIFT)
#define PACED PQDMA_SETTINGS_PACED_MASK
#define DST_DEV PQDMA_SETTINGS_DST_DEV_MASK
#define SRC_IS(mode, log2) ((uint64_t)(mode) << PQDMA_SETTINGS_SRC_MODE_SHIFT | (uint64_t)(log2) << PQDMA_SETTINGS_SRC_WIDTH_SHIFT)
#define DST_IS(mode, log2) ((uint64_t)(mode) << PQDMA_SETTINGS_DST_MODE_SHIFT | (uint64_t)(log2) << PQDMA_SETTINGS_DST_WIDTH_SHIFT)
#define BURST_OF(log2) ((uint64_t)(log2) << PQDMA_SETTINGS_BURST_SHIFT)
#define WORD ((unsigned int)__builtin_ctz(PQDMA_BYTES))
#define UP 0
#define FIXED 1
#define DOWN 2

struct fixture {
	uint8_t ram[SIZE];
	struct oracle oracle;
	struct oracle_channel ch;
	const unsigned int *requests;
	unsigned int line;
	unsigned int nr_requests;
	uint8_t next;		/* what the device gives */
	uint8_t taken[64];
	uint32_t nr_taken;
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

static unsigned int request(void *ctx, unsigned int line)
{
	struct fixture *f = ctx;

	assert_int_equal(line, f->line);
	return f->requests[f->nr_requests++];
}

static void device_gives(void *ctx, uint64_t addr, uint8_t *bytes, size_t len)
{
	struct fixture *f = ctx;

	assert_int_equal(addr % len, 0);
	while (len--)
		*bytes++ = ++f->next;
}

static void device_takes(void *ctx, uint64_t addr, const uint8_t *bytes, size_t len)
{
	struct fixture *f = ctx;

	assert_int_equal(addr % len, 0);
	assert_true(f->nr_taken + len <= sizeof(f->taken));
	memcpy(f->taken + f->nr_taken, bytes, len);
	f->nr_taken += (uint32_t)len;
}

static const struct oracle_device device = { .bus = DEVICE, .size = 64, .read = device_gives, .write = device_takes };

static int set_up(void **state)
{
	size_t i;

	(void)state;
	memset(&fix, 0, sizeof(fix));
	for (i = 0; i < 256; i++)
		fix.ram[SRC + i] = (uint8_t)(i + 1);
	fix.oracle = (struct oracle) { .ram = fix.ram, .ram_bus = BUS, .ram_size = SIZE, .resp = resp, .ctx = &fix,
				       .devices = &device, .nr_devices = 1 };
	return 0;
}

static void put(uint32_t i, uint32_t flags, uint32_t length, uint64_t src, uint64_t dst, uint64_t settings)
{
	const uint64_t words[] = { (uint64_t)length << 32 | flags << 8 | PQDMA_OP_COPY, src, dst, 0, 0, 0, settings };

	memcpy(fix.ram + i * PQDMA_DESC_SIZE, words, sizeof(words));
}

static void run(uint32_t length, uint64_t src, uint64_t dst, uint64_t settings)
{
	put(0, PQDMA_FLAG_PERI | PQDMA_FLAG_WB, length, src, dst, settings);
	oracle_start(&fix.ch, DESC(0), 1, BURST);
	oracle_run(&fix.oracle, &fix.ch, 1);
}

static void assert_status(uint32_t code, uint32_t bytes)
{
	uint64_t word;

	memcpy(&word, fix.ram + PQDMA_DESC_STATUS_OFFSET, sizeof(word));
	assert_int_equal(word, PQDMA_DSTS_DONE_MASK | (uint64_t)code << PQDMA_DSTS_CODE_SHIFT | bytes);
	assert_int_equal(fix.ch.bytes, bytes);
	assert_int_equal(fix.ch.done, !code);
	assert_int_equal(fix.ch.err_cause, code);
}

static void assert_bytes(const uint8_t *want, size_t nr)
{
	assert_memory_equal(fix.ram + DST, want, nr);
	assert_int_equal(fix.ram[DST - 1], 0);
	assert_int_equal(fix.ram[DST + nr], 0);
}

/* ---- where bytes go ---- */

static void memory_up_and_down(void **state)
{
	static const uint8_t pairs[] = { 5, 6, 3, 4, 1, 2 };
	static const uint8_t up[] = { 9, 10, 7, 8, 5, 6 };

	(void)state;
	run(6, BUS + SRC, BUS + DST + 4, SRC_IS(UP, 0) | DST_IS(DOWN, 1) | DST_DEV);
	assert_bytes(pairs, sizeof(pairs));
	assert_status(0, 6);
	set_up(NULL);
	run(6, BUS + SRC + 8, BUS + DST, SRC_IS(DOWN, 1) | DST_IS(UP, WORD) | BURST_OF(1));
	assert_bytes(up, sizeof(up));
	assert_status(0, 6);
}

static void memory_that_stays(void **state)
{
	static const uint8_t again[] = { 3, 4, 3, 4, 3, 4 };
	static const uint8_t last[] = { 5, 6 };

	(void)state;
	run(6, BUS + SRC + 2, BUS + DST, SRC_IS(FIXED, 1) | DST_IS(UP, 0) | BURST_OF(2));
	assert_bytes(again, sizeof(again));
	set_up(NULL);
	run(6, BUS + SRC, BUS + DST, SRC_IS(UP, WORD) | DST_IS(FIXED, 1) | DST_DEV | BURST_OF(2));
	assert_bytes(last, sizeof(last));
	assert_status(0, 6);
}

static void bytes_of_a_device(void **state)
{
	static const uint8_t want[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

	(void)state;
	run(12, DEVICE, BUS + DST, SRC_IS(FIXED, 2) | DST_IS(UP, 1));
	assert_bytes(want, sizeof(want));
	run(12, BUS + SRC, DEVICE + 8, SRC_IS(UP, WORD) | DST_IS(FIXED, 1) | DST_DEV);
	assert_int_equal(fix.nr_taken, 12);
	assert_memory_equal(fix.taken, want, sizeof(want));
}

/* ---- requests ---- */

static void requests_decide(void **state)
{
	static const unsigned int three[] = { ORACLE_REQUEST_SINGLE, ORACLE_REQUEST_BURST,
					      ORACLE_REQUEST_SINGLE | ORACLE_REQUEST_BURST | ORACLE_REQUEST_LAST };

	(void)state;
	fix.requests = three;
	fix.line = PQDMA_LINES - 1;
	fix.oracle.request = request;
	run(100, DEVICE, BUS + DST, SRC_IS(FIXED, 1) | DST_IS(UP, WORD) | BURST_OF(3) | PACED | LINE(PQDMA_LINES - 1));
	assert_int_equal(fix.nr_requests, 3);
	assert_status(0, 2 + 16 + 16);
	assert_int_equal(fix.next, 34);
	assert_int_equal(fix.ram[DST + 33], 34);
	assert_int_equal(fix.ram[DST + 34], 0);
}

static void nobody_is_asked_without_paced(void **state)
{
	(void)state;
	fix.oracle.request = request;
	run(20, DEVICE, BUS + DST, SRC_IS(FIXED, 1) | DST_IS(UP, WORD) | BURST_OF(3));
	assert_int_equal(fix.nr_requests, 0);
	assert_status(0, 20);
}

static void line_that_falls_silent(void **state)
{
	static const unsigned int one[] = { ORACLE_REQUEST_BURST, ORACLE_REQUEST_LAST };

	(void)state;
	fix.requests = one;
	fix.oracle.request = request;
	run(100, BUS + SRC, DEVICE, SRC_IS(UP, WORD) | DST_IS(UP, 1) | DST_DEV | BURST_OF(2) | PACED);
	assert_status(PQDMA_ERR_REQ_TIMEOUT, 8);
	assert_int_equal(fix.ch.err_addr, DEVICE + 8);
	assert_int_equal(fix.ch.err_desc, DESC(0));
	assert_int_equal(fix.nr_taken, 8);
}

/* ---- errors ---- */

/* Pieces of 8 bytes: the second one has an error in its third transfer, and all of it has left the device. */
static void read_error_spares_the_piece(void **state)
{
	static const uint8_t first[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	(void)state;
	fix.bad_addr = DEVICE + 8 + 4;
	fix.bad_access = ORACLE_READ;
	fix.bad_resp = 2;
	run(24, DEVICE, BUS + DST, SRC_IS(UP, 1) | DST_IS(UP, WORD) | BURST_OF(2));
	assert_status(PQDMA_ERR_READ_SLVERR, 8);
	assert_int_equal(fix.ch.err_addr, DEVICE + 12);
	assert_bytes(first, sizeof(first));
	assert_int_equal(fix.next, 8 + 6);
	assert_int_equal(fix.ch.nr_uncertain, 0);
}

static void write_error_leaves_the_piece_open(void **state)
{
	uint8_t ram[SIZE];
	uint64_t where = 0;

	(void)state;
	fix.bad_addr = BUS + DST + 5;
	fix.bad_access = ORACLE_WRITE;
	fix.bad_resp = 3;
	run(8, BUS + SRC, BUS + DST + 6, SRC_IS(UP, 0) | DST_IS(DOWN, 1) | DST_DEV | BURST_OF(1));
	assert_status(PQDMA_ERR_WRITE_DECERR, 0);
	assert_int_equal(fix.ch.err_addr, BUS + DST + 4);
	assert_int_equal(fix.ram[DST + 6], 1);
	memcpy(ram, fix.ram, SIZE);
	ram[DST + 4] ^= 1;
	ram[DST + 7] ^= 1;
	assert_true(oracle_same(&fix.oracle, &fix.ch, 1, ram, &where));
	ram[DST + 3] ^= 1;
	assert_false(oracle_same(&fix.oracle, &fix.ch, 1, ram, &where));
	assert_int_equal(where, BUS + DST + 3);
}

/* A piece begins when all before it is acknowledged, so it does not follow a write that fails. */
static void piece_does_not_follow_a_failing_write(void **state)
{
	(void)state;
	put(0, 0, 8, BUS + SRC, BUS + DST, 0);
	put(1, PQDMA_FLAG_PERI, 8, BUS + SRC, BUS + DST + 0x100, SRC_IS(UP, WORD) | DST_IS(UP, WORD));
	fix.bad_addr = BUS + DST;
	fix.bad_access = ORACLE_WRITE;
	fix.bad_resp = 2;
	oracle_start(&fix.ch, DESC(0), 2, BURST);
	oracle_run(&fix.oracle, &fix.ch, 2);
	assert_int_equal(fix.ch.err_cause, PQDMA_ERR_WRITE_SLVERR);
	assert_int_equal(fix.ch.nr_uncertain, 1);
	assert_int_equal(fix.ch.uncertain[0].addr, BUS + DST);
}

static void malformed(void **state)
{
	static const struct {
		uint32_t flags;
		uint32_t length;
		uint64_t src;
		uint64_t settings;
		uint32_t cause;
	} table[] = {
		{ PQDMA_FLAG_PERI | PQDMA_FLAG_TWO_D, 16, 0, SRC_IS(UP, WORD) | DST_IS(UP, WORD), PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_FLAG_PERI, 0, 0, SRC_IS(UP, 7) | DST_IS(UP, WORD), PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_FLAG_PERI, 16, 0, SRC_IS(UP, WORD + 1) | DST_IS(UP, WORD), PQDMA_ERR_BAD_WIDTH },
		{ PQDMA_FLAG_PERI, 16, 0, SRC_IS(UP, WORD) | DST_IS(3, WORD), PQDMA_ERR_BAD_WIDTH },
		{ PQDMA_FLAG_PERI, 16, 0, SRC_IS(UP, WORD) | DST_IS(UP, WORD) | BURST_OF(5), PQDMA_ERR_BAD_WIDTH },
		{ PQDMA_FLAG_PERI, 16, 1, SRC_IS(UP, 1) | DST_IS(UP, WORD), PQDMA_ERR_BAD_WIDTH },
		{ PQDMA_FLAG_PERI, 17, 0, SRC_IS(UP, 1) | DST_IS(UP, WORD), PQDMA_ERR_BAD_WIDTH },
		{ PQDMA_FLAG_PERI, 16, 0, SRC_IS(UP, 0) | DST_IS(UP, 1), PQDMA_ERR_BAD_WIDTH },
		{ PQDMA_FLAG_PERI, 16, 0, SRC_IS(UP, 1) | DST_IS(UP, 0) | BURST_OF(4), PQDMA_ERR_BAD_WIDTH },
		{ PQDMA_FLAG_PERI, 16, 0, SRC_IS(UP, 1) | DST_IS(UP, 0) | BURST_OF(3), PQDMA_ERR_NONE },
		{ 0, 17, 1, SRC_IS(UP, 7) | DST_IS(3, 7), PQDMA_ERR_NONE },
	};
	size_t i;

	for (i = 0; i < NR(table); i++) {
		set_up(state);
		put(0, table[i].flags, table[i].length, BUS + SRC + table[i].src, BUS + DST, table[i].settings);
		oracle_start(&fix.ch, DESC(0), 1, BURST);
		oracle_run(&fix.oracle, &fix.ch, 1);
		assert_int_equal(fix.ch.err_cause, table[i].cause);
		assert_int_equal(fix.ch.err_addr, table[i].cause ? DESC(0) : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(memory_up_and_down, set_up),
		cmocka_unit_test_setup(memory_that_stays, set_up),
		cmocka_unit_test_setup(bytes_of_a_device, set_up),
		cmocka_unit_test_setup(requests_decide, set_up),
		cmocka_unit_test_setup(nobody_is_asked_without_paced, set_up),
		cmocka_unit_test_setup(line_that_falls_silent, set_up),
		cmocka_unit_test_setup(read_error_spares_the_piece, set_up),
		cmocka_unit_test_setup(write_error_leaves_the_piece_open, set_up),
		cmocka_unit_test_setup(piece_does_not_follow_a_failing_write, set_up),
		cmocka_unit_test_setup(malformed, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
