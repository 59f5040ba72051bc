// SPDX-License-Identifier: MIT
/*
 * The golden sgtable by itself: lists, layouts and page tables that were worked out by hand, and properties of random ones: every
 * byte is where it should be, no segment is too long or crosses a boundary, no two that could be joined are left apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "sgtable.h"
#include <cmocka.h>

#define ROOM 64
#define ROUNDS 2000
#define PAGE SGTABLE_PAGE

static uint64_t state64 = 1;

static uint64_t any(uint64_t below)
{
	state64 = state64 * 6364136223846793005ull + 1442695040888963407ull;
	return (state64 >> 33) % below;
}

/* Lists from pages */

static const struct {
	uint64_t pages[4];
	size_t nr_pages;
	uint64_t offset;
	uint64_t size;
	uint64_t max_segment;
	struct sgtable_piece want[4];
	size_t n;
} lists[] = {
	{ { 0x1000 }, 1, 0, 4096, UINT64_MAX, { { 0x1000, 4096 } }, 1 },
	{ { 0x1000, 0x2000 }, 2, 0, 8192, UINT64_MAX, { { 0x1000, 8192 } }, 1 },
	{ { 0x1000, 0x3000 }, 2, 0, 8192, UINT64_MAX, { { 0x1000, 4096 }, { 0x3000, 4096 } }, 2 },
	{ { 0x2000, 0x1000 }, 2, 100, 5000, UINT64_MAX, { { 0x2064, 3996 }, { 0x1000, 1004 } }, 2 },
	{ { 0x1000, 0x2000, 0x3000 }, 3, 4095, 4098, UINT64_MAX, { { 0x1fff, 4098 } }, 1 },
	{ { 0x1000, 0x2000, 0x3000 }, 3, 0, 12288, 8192, { { 0x1000, 8192 }, { 0x3000, 4096 } }, 2 },
	{ { 0x1000, 0x2000, 0x3000 }, 3, 0, 12288, 8191, { { 0x1000, 4096 }, { 0x2000, 4096 }, { 0x3000, 4096 } }, 3 },
};

static void pages_become_lists(void **state)
{
	struct sgtable_piece got[4];

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const size_t n = sgtable_from_pages(lists[i].pages, lists[i].nr_pages, lists[i].offset, lists[i].size,
						    lists[i].max_segment, got, 4);

		assert_int_equal(n, lists[i].n);
		assert_memory_equal(got, lists[i].want, n * sizeof(*got));
	}
	assert_int_equal(sgtable_from_pages(lists[2].pages, 2, 0, 8192, UINT64_MAX, got, 1), 2);
}

/* Without an IOMMU */

static const struct sgtable_limits direct = {
	.ram_phys = 0x80000000, .ram_bus = 0x4000000000, .ram_size = 0x10000, .last = 0x4000007fff, .max_segment = 65536, .boundary = ~0ull,
};

static void what_is_out_of_reach_is_copied(void **state)
{
	const struct sgtable_piece low = { 0x80000010, 0x7ff0 }, over = { 0x80000010, 0x7ff1 }, page = { 0x80000010, 0x100 };
	struct sgtable_limits kept = direct;
	uint64_t bus;

	(void)state;
	assert_true(sgtable_direct(&direct, &low, &bus));
	assert_int_equal(bus, 0x4000000010);
	assert_false(sgtable_direct(&direct, &over, &bus));
	assert_true(sgtable_bounce_fits(&direct, &low, 0x4000000010));
	assert_false(sgtable_bounce_fits(&direct, &over, 0x4000000010));
	assert_false(sgtable_bounce_fits(&direct, &low, 0x4000000011));
	assert_false(sgtable_bounce_fits(&direct, &low, 0x3ffffff010));
	kept.keep = 0x1fff;
	assert_true(sgtable_bounce_fits(&kept, &page, 0x4000002010));
	assert_false(sgtable_bounce_fits(&kept, &page, 0x4000001010));
}

/* With one */

static const struct {
	uint64_t max_segment;
	uint64_t boundary;
	uint64_t iova;
	struct sgtable_piece piece[4];
	size_t n;
	struct sgtable_segment want[4];
	size_t segments;
	size_t pages;
} layouts[] = {
	/* whole pages are joined */
	{ 65536, ~0ull, 0x10000, { { 0x5000, 4096 }, { 0x9000, 4096 } }, 2, { { 0x10000, 8192 } }, 1, 2 },
	/* the first may begin anywhere, the last end anywhere */
	{ 65536, ~0ull, 0x10000, { { 0x5800, 0x800 }, { 0x9000, 100 } }, 2, { { 0x10800, 0x864 } }, 1, 2 },
	/* a hole between them */
	{ 65536, ~0ull, 0x10000, { { 0x5000, 4095 }, { 0x9000, 4096 } }, 2, { { 0x10000, 4095 }, { 0x11000, 4096 } }, 2, 2 },
	{ 65536, ~0ull, 0x10000, { { 0x5000, 4096 }, { 0x9004, 4092 } }, 2, { { 0x10000, 4096 }, { 0x11004, 4092 } }, 2, 2 },
	/* as long as is allowed, and no longer */
	{ 8192, ~0ull, 0x10000, { { 0x5000, 4096 }, { 0x9000, 4096 }, { 0x7000, 4096 } }, 3,
	  { { 0x10000, 8192 }, { 0x12000, 4096 } }, 2, 3 },
	{ 8191, ~0ull, 0x10000, { { 0x5000, 4096 }, { 0x9000, 4096 } }, 2, { { 0x10000, 4096 }, { 0x11000, 4096 } }, 2, 2 },
	/* what would cross a boundary begins at it */
	{ 65536, 0x1fff, 0x10000, { { 0x5000, 4096 }, { 0x9000, 8192 } }, 2, { { 0x10000, 4096 }, { 0x12000, 8192 } }, 2, 3 },
	/* what ends at a boundary ends there */
	{ 65536, 0x1fff, 0x10000, { { 0x5000, 8192 }, { 0x9000, 8192 } }, 2, { { 0x10000, 8192 }, { 0x12000, 8192 } }, 2, 4 },
};

static void layouts_are_as_by_hand(void **state)
{
	struct sgtable_segment got[4];
	struct sgtable_page page[8];
	size_t pages;

	(void)state;
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		struct sgtable_limits limits = direct;

		limits.max_segment = layouts[i].max_segment;
		limits.boundary = layouts[i].boundary;
		assert_int_equal(sgtable_iommu(&limits, layouts[i].iova, layouts[i].piece, layouts[i].n, got, page, 8, &pages),
				 layouts[i].segments);
		assert_memory_equal(got, layouts[i].want, layouts[i].segments * sizeof(*got));
		assert_int_equal(pages, layouts[i].pages);
		assert_int_equal(page[0].iova, layouts[i].iova);
		assert_int_equal(page[0].phys, layouts[i].piece[0].phys & ~(PAGE - 1));
	}
}

/* A random list and its layout */
struct layout {
	struct sgtable_limits limits;
	struct sgtable_piece piece[ROOM / 4];
	size_t n;
	struct sgtable_segment segment[ROOM / 4];
	size_t segments;
	struct sgtable_page page[ROOM];
	size_t pages;
};

static void make_layout(struct layout *l)
{
	*l = (struct layout){ .limits = direct, .n = 1 + any(ROOM / 4) };
	l->limits.max_segment = PAGE * (4 + any(8)) + any(2) * any(PAGE);
	l->limits.boundary = any(2) ? ~0ull : PAGE * 4 - 1;
	for (size_t i = 0; i < l->n; i++) {
		const uint64_t offset = any(2) ? 0 : any(PAGE);

		l->piece[i].phys = PAGE * (16 + 8 * i) + offset;
		l->piece[i].length = any(2) ? PAGE * (1 + any(3)) - offset : 1 + any(2 * PAGE);
	}
	l->segments = sgtable_iommu(&l->limits, PAGE * 64, l->piece, l->n, l->segment, l->page, ROOM, &l->pages);
	assert_true(l->pages <= ROOM);
}

static uint64_t translate(const struct layout *l, uint64_t bus)
{
	for (size_t i = 0; i < l->pages; i++)
		if (l->page[i].iova == (bus & ~(PAGE - 1)))
			return l->page[i].phys | bus % PAGE;
	fail_msg("nothing is behind an address of the list");
	return 0;
}

/* Bytes of the segments, one after the other, are those of the pieces. */
static void check_bytes(const struct layout *l)
{
	size_t s = 0;
	uint64_t at = 0;

	for (size_t i = 0; i < l->n; i++)
		for (uint64_t k = 0; k < l->piece[i].length; k += 1 + any(97)) {
			uint64_t target = k;

			for (size_t j = 0; j < i; j++)
				target += l->piece[j].length;
			while (target >= at + l->segment[s].length)
				at += l->segment[s++].length;
			assert_int_equal(translate(l, l->segment[s].bus + (target - at)), l->piece[i].phys + k);
		}
	assert_int_equal(s, l->segments - 1);
}

static void check_limits(const struct layout *l)
{
	const uint64_t boundary = l->limits.boundary;

	for (size_t i = 0; i < l->segments; i++) {
		const struct sgtable_segment *s = &l->segment[i];

		assert_true(s->length && s->length <= l->limits.max_segment);
		assert_int_equal(s->bus & ~boundary, (s->bus + s->length - 1) & ~boundary);
	}
}

static void random_layouts_keep_every_byte_and_limit(void **state)
{
	struct layout l;
	size_t joined = 0;

	(void)state;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		make_layout(&l);
		check_bytes(&l);
		check_limits(&l);
		joined += l.n - l.segments;
	}
	assert_true(joined > ROUNDS);
}

/* Page tables */

static uint64_t tables[4][SGTABLE_ENTRIES];

static uint64_t load(void *arg, uint64_t bus)
{
	(void)arg;
	return tables[bus / PAGE - 1][bus % PAGE / 8];
}

static void tables_are_walked_from_the_top(void **state)
{
	const uint64_t iova = 1ull << 39 | 2ull << 30 | 3ull << 21 | 4ull << 12 | 0x123;

	(void)state;
	tables[0][1] = 0x2000 | SGTABLE_READ | SGTABLE_WRITE;
	tables[1][2] = 0x3000 | SGTABLE_READ | SGTABLE_WRITE;
	tables[2][3] = 0x4000 | SGTABLE_READ | SGTABLE_WRITE;
	tables[3][4] = sgtable_entry(&direct, 0x80005000, true, false);
	assert_int_equal(sgtable_walk(load, NULL, 0x1000, iova), 0x4000005001);
	assert_int_equal(sgtable_walk(load, NULL, 0x1000, iova + PAGE), 0);
	assert_int_equal(sgtable_walk(load, NULL, 0x1000, 0), 0);
	assert_int_equal(sgtable_entry(&direct, 0x80005000, false, true), 0x4000005002);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_become_lists),
		cmocka_unit_test(what_is_out_of_reach_is_copied),
		cmocka_unit_test(layouts_are_as_by_hand),
		cmocka_unit_test(random_layouts_keep_every_byte_and_limit),
		cmocka_unit_test(tables_are_walked_from_the_top),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
