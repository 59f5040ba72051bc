/* SPDX-License-Identifier: MIT */
/*
 * Compact descriptors on the timed model: groups, links, appending, rings, status words in place of the first word, beside channels
 * with full descriptors; what is refused; errors of fetches and status writes. Fails where memory or records are not the oracle's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "model_env.h"

#define SIZE 32
#define DESC(i) (ENV_DESCS + (uint64_t)(i) * SIZE)
#define CH0(reg) (PQDMA_CH(0) + (reg))
#define RESET_BURST 8
#define COMPACT (PQDMA_CFG_COMPACT_MASK | RESET_BURST)
#define LINK_OFFSET PQDMA_DESC_LINK_OFFSET
#define MAX_GROUP 31
#define SRC ENV_DATA
#define DST (ENV_DATA + 0x10000)
#define PIECE 40
#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct env *new_case(uint64_t seed)
{
	struct env *env = env_new(seed % 2 ? &env_slow : &env_ideal, seed);

	env_fill_random(env);
	env_write(env, CH0(PQDMA_CH_CFG), COMPACT);
	return env;
}

static void put_piece(struct env *env, uint32_t place, uint32_t i, uint8_t flags, uint64_t link)
{
	env_compact_desc(env, DESC(place), &(struct desc) {
		.op = i % 5 == 4 ? PQDMA_OP_FILL : PQDMA_OP_COPY, .flags = flags, .tag = (uint16_t)i, .length = PIECE - 3,
		.src = SRC + i * PIECE + 1, .dst = DST + i * PIECE, .link = link,
	});
}

/* Groups of any size, each on the next place that has an odd number of descriptors between; returns the size of the first. */
static uint32_t put_groups(struct env *env, uint32_t nr)
{
	uint32_t size = 1 + env_random(env) % MAX_GROUP;
	uint32_t place = 0;
	uint32_t first = 0;
	uint32_t i = 0;

	while (i < nr) {
		const uint32_t next_size = 1 + env_random(env) % MAX_GROUP;
		const uint32_t next_place = place + size + 1 + env_random(env) % 3;
		const uint32_t end = i + size;

		first = first ? first : size;
		for (; i < end; i++, place++)
			put_piece(env, place, i, (uint8_t)(PQDMA_FLAG_WB | env_random(env) % 4),
				  i == end - 1 ? DESC(next_place) | next_size : env_random(env));
		size = next_size;
		place = next_place;
	}
	return first;
}

static void groups_and_links(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 24; seed++) {
		struct env *env = new_case(seed);
		const uint32_t nr = 1 + env_random(env) % 150;
		const uint32_t first = put_groups(env, nr);

		env_start(env, 0, DESC(0), first, nr);
		env_settle(env);
		env_check(env);
		assert_int_equal(env->chans[0].done, nr);
		env_free(env);
	}
}

static void status_replaces_the_first_word(void **state)
{
	struct env *env = new_case(2);

	(void)state;
	put_piece(env, 1, 0x345, PQDMA_FLAG_WB, 0x55);
	env_start(env, 0, DESC(1), 1, 1);
	env_settle(env);
	env_check(env);
	assert_int_equal(env_peek64(env, DESC(1)), PQDMA_DSTS_DONE_MASK | UINT64_C(0x345) << PQDMA_DSTS_TAG_SHIFT | (PIECE - 3));
	assert_int_equal(env_peek64(env, DESC(1) + 8), SRC + 0x345 * PIECE + 1);
	assert_int_equal(env_peek64(env, DESC(1) + LINK_OFFSET), 0x55);
	env_free(env);
}

/* The stale link is read again, from a descriptor whose first word may be a status word by now. */
static void append_at_every_moment(void **state)
{
	uint32_t gap;

	(void)state;
	for (gap = 0; gap < 60; gap++) {
		struct env *env = new_case(gap + 100);
		uint32_t i;

		put_piece(env, 0, 0, 0, 0);
		env_start(env, 0, DESC(0), 1, 1);
		for (i = 1; i < 40; i++) {
			const uint64_t link = DESC(i) | 1;

			env_ticks(env, i % 3 ? gap : env_random(env) % 60);
			put_piece(env, i, i, (uint8_t)(env_random(env) % 8), 0);
			env_poke(env, DESC(i - 1) + LINK_OFFSET, &link, sizeof(link));
			env_doorbell(env, 0, i + 1);
		}
		env_settle(env);
		env_check(env);
		assert_int_equal(env->chans[0].done, 40);
		env_free(env);
	}
}

static void ring_ends_at_the_tail(void **state)
{
	struct env *env = new_case(4);
	uint32_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		put_piece(env, 1 + i, i, 0, i == 2 ? DESC(1) | 3 : 0);
	env_start(env, 0, DESC(1), 3, 1000);
	env_settle(env);
	env_check(env);
	assert_int_equal(env->counts.data_bytes, 1000 * (PIECE - 3));
	env_free(env);
}

/* What a link's bit 5 is: address here, count there. */
static void beside_full_descriptors(void **state)
{
	struct env *env;
	uint32_t c, i;

	(void)state;
	if (PQDMA_CHANNELS < 2)
		skip();
	env = new_case(5);
	for (i = 0; i < 62; i++)
		put_piece(env, i, i, PQDMA_FLAG_WB, i == 30 ? DESC(31) | 31 : 0);
	for (c = 1; c < PQDMA_CHANNELS; c++)
		for (i = 0; i < 40; i++)
			env_desc(env, ENV_DESCS + 0x1000 + (c * 40 + i) * PQDMA_DESC_SIZE, &(struct desc) {
				.op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_WB, .length = PIECE, .src = SRC + i,
				.dst = DST + (c * 64 + i) * PIECE });
	env_start(env, 0, DESC(0), 31, 62);
	for (c = 1; c < PQDMA_CHANNELS; c++)
		env_start(env, c, ENV_DESCS + 0x1000 + c * 40 * PQDMA_DESC_SIZE, 40, 40);
	env_settle(env);
	env_check(env);
	for (c = 0; c < PQDMA_CHANNELS; c++)
		assert_int_equal(env->chans[c].done, c ? 40 : 62);
	env_free(env);
}

/* ---- errors ---- */

static void run_with_victim(struct env *env, uint32_t cause)
{
	env_start(env, 0, DESC(0), 5, 5);
	env_settle(env);
	env_check(env);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), cause);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), 3);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_DESC_LO)), (uint32_t)DESC(3));
	env_restart(env, 0);
	put_piece(env, 0, 0, PQDMA_FLAG_WB, 0);
	env_start(env, 0, DESC(0), 1, 1);
	env_settle(env);
	env_check(env);
	env_free(env);
}

static struct env *case_with_list(uint64_t seed, uint8_t flags)
{
	struct env *env = new_case(seed);
	uint32_t i;

	for (i = 0; i < 5; i++)
		put_piece(env, i, i, flags, 0);
	return env;
}

static void refused(void **state)
{
	static const struct {
		uint8_t op;
		uint8_t flags;
		uint32_t length;
		uint32_t cause;
	} table[] = {
		{ PQDMA_OP_XOR, 0, 9, PQDMA_ERR_BAD_OP },
		{ PQDMA_OP_XOR_VAL, PQDMA_FLAG_WB, 9, PQDMA_ERR_BAD_OP },
		{ PQDMA_OP_PQ, PQDMA_FLAG_WB, 9, PQDMA_ERR_BAD_OP },
		{ PQDMA_OP_PQ_VAL, 0x80, 9, PQDMA_ERR_BAD_OP },
		{ PQDMA_OP_MATRIX, PQDMA_FLAG_CONT, 9, PQDMA_ERR_BAD_OP },
		{ 0xff, 0, 9, PQDMA_ERR_BAD_OP },
		{ PQDMA_OP_COPY, PQDMA_FLAG_TWO_D | PQDMA_FLAG_WB, 9, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_FILL, PQDMA_FLAG_TWO_D, 9, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_NOP, PQDMA_FLAG_TWO_D, 0, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_COPY, PQDMA_FLAG_CONT, 9, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_COPY, PQDMA_FLAG_WB, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_NOP, PQDMA_FLAG_WB, 9, PQDMA_ERR_BAD_LENGTH },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		struct env *env = case_with_list(i, PQDMA_FLAG_WB);

		env_compact_desc(env, DESC(3), &(struct desc) { .op = table[i].op, .flags = table[i].flags, .length = table[i].length,
								.src = SRC, .dst = DST, .link = UINT64_MAX });
		run_with_victim(env, table[i].cause);
	}
}

/* A descriptor that shares its bus word with a neighbour shares its errors too. */
static void fetch_errors(void **state)
{
	uint32_t byte;

	(void)state;
	if (PQDMA_BYTES > SIZE)
		skip();
	for (byte = 0; byte < SIZE; byte += 4) {
		struct env *env = case_with_list(byte / 4, 0);

		env_fail_at(env, DESC(3) + byte, 1, ORACLE_FETCH, byte % 8 ? 2 : 3);
		run_with_victim(env, byte % 8 ? PQDMA_ERR_FETCH_SLVERR : PQDMA_ERR_FETCH_DECERR);
	}
}

static void status_errors(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct env *env = case_with_list(i, 0);

		put_piece(env, 3, 3, PQDMA_FLAG_WB, 0);
		env_fail_at(env, DESC(3), 8, ORACLE_STATUS, i / 2 ? 2 : 3);
		run_with_victim(env, i / 2 ? PQDMA_ERR_STATUS_SLVERR : PQDMA_ERR_STATUS_DECERR);
	}
}

static void data_errors(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 8; i++) {
		struct env *env = case_with_list(i, 0);

		env_compact_desc(env, DESC(3), &(struct desc) { .op = PQDMA_OP_COPY, .flags = i % 4 < 2 ? PQDMA_FLAG_WB : 0,
								.length = 3000, .src = SRC + 0x8000, .dst = DST + 0x8001 });
		env_fail_at(env, (i < 4 ? SRC : DST) + 0x8000 + i * 400, 1, i < 4 ? ORACLE_READ : ORACLE_WRITE, 2);
		run_with_victim(env, i < 4 ? PQDMA_ERR_READ_SLVERR : PQDMA_ERR_WRITE_SLVERR);
	}
}

static void bad_links_and_heads(void **state)
{
	static const struct {
		uint64_t head;
		uint32_t count;
		uint32_t cause;
	} table[] = {
		{ DESC(0) + 16, 1, PQDMA_ERR_BAD_ALIGN },
		{ DESC(0) + 1, 0, PQDMA_ERR_BAD_ALIGN },
		{ DESC(1), 0, PQDMA_ERR_BAD_LINK },
		{ DESC(1), 1, PQDMA_ERR_BAD_LINK },
		{ DESC(1), 63, PQDMA_ERR_NONE },
	};
	uint32_t i, j;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		struct env *env = new_case(i);

		for (j = 0; j < 64; j++)
			put_piece(env, j, j, 0, DESC(9));
		env_start(env, 0, table[i].head, table[i].count, 63);
		env_settle(env);
		env_check(env);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), table[i].cause);
		env_free(env);
	}
}

static void abort_at_every_moment(void **state)
{
	uint32_t after;

	(void)state;
	for (after = 0; after < 200; after += 3) {
		struct env *env = case_with_list(after, 0);

		env_start(env, 0, DESC(0), 5, 5);
		env_ticks(env, after);
		env_restart(env, 0);
		put_piece(env, 0, 0, PQDMA_FLAG_WB, 0);
		env_start(env, 0, DESC(0), 5, 5);
		env_settle(env);
		env_check(env);
		env_free(env);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_and_links),
		cmocka_unit_test(status_replaces_the_first_word),
		cmocka_unit_test(append_at_every_moment),
		cmocka_unit_test(ring_ends_at_the_tail),
		cmocka_unit_test(beside_full_descriptors),
		cmocka_unit_test(refused),
		cmocka_unit_test(fetch_errors),
		cmocka_unit_test(status_errors),
		cmocka_unit_test(data_errors),
		cmocka_unit_test(bad_links_and_heads),
		cmocka_unit_test(abort_at_every_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
