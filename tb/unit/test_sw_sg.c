// SPDX-License-Identifier: MIT
/*
 * Scatter lists beyond one array: tables whose arrays are counted, tables that grow, lists cut into others, and lists page by
 * page. What has pages is compared with the golden sgtable or with a copy of the bytes.
 */
#include "test_sw_map.h"

#include "sgtable.h"

#define ROUNDS 40
#define PAGES 600
#define RUN_MAX 5

/* Tables of arrays that are counted */

static unsigned int arrays, allowed;
static size_t entries;

static struct scatterlist *counted_alloc(unsigned int nents, gfp_t gfp)
{
	if (arrays == allowed)
		return NULL;
	arrays++;
	entries += nents;
	return kcalloc(nents, sizeof(struct scatterlist), gfp);
}

static void counted_free(struct scatterlist *array, unsigned int nents)
{
	arrays--;
	entries -= nents;
	kfree(array);
}

static void assert_chain(struct scatterlist *sgl, unsigned int nents)
{
	assert_int_equal(sg_nents(sgl), nents);
	assert_true(sg_is_last(sg_last(sgl, nents)));
}

static void arrays_chain_and_come_back(void **state)
{
	struct scatterlist first[3];
	struct sg_table table;
	unsigned int n, wanted;

	(void)state;
	boot_map(1, false);
	for (n = 1; n < 40; n++) {
		const unsigned int first_nents = n % 2 ? 0 : 3;

		allowed = UINT_MAX;
		assert_int_equal(__sg_alloc_table(&table, n, 4, first_nents ? first : NULL, first_nents, GFP_KERNEL, counted_alloc), 0);
		assert_chain(table.sgl, n);
		assert_true(first_nents ? table.sgl == first : table.sgl != first);
		/* Every array but the last has one entry that only leads on. */
		assert_int_equal(entries + first_nents - (first_nents > n ? first_nents - n : 0), n + arrays + !!first_nents - 1);
		wanted = arrays;
		__sg_free_table(&table, 4, first_nents, counted_free, table.orig_nents);
		assert_true(!arrays && !entries && !table.sgl);
		for (allowed = 0; allowed < wanted; allowed++) {
			assert_int_equal(__sg_alloc_table(&table, n, 4, first_nents ? first : NULL, first_nents, GFP_KERNEL, counted_alloc),
					 -ENOMEM);
			assert_int_equal(arrays, allowed);
			__sg_free_table(&table, 4, first_nents, counted_free, table.orig_nents);
			assert_true(!arrays && !entries);
		}
	}
	assert_int_equal(__sg_alloc_table(&table, 0, 4, NULL, 0, GFP_KERNEL, counted_alloc), -EINVAL);
	down_map();
}

static void tables_begin_with_the_callers_entries(void **state)
{
	static const int counts[] = { 1, 2, 8, 9, 127, 128, 129, 400 };
	static const unsigned int firsts[] = { 0, 1, 8 };
	struct scatterlist first[8];
	struct sg_table table;
	unsigned int i, j;

	(void)state;
	boot_map(2, false);
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		for (j = 0; j < ARRAY_SIZE(firsts); j++) {
			assert_int_equal(sg_alloc_table_chained(&table, counts[i], firsts[j] ? first : NULL, firsts[j]), 0);
			assert_chain(table.sgl, (unsigned int)counts[i]);
			assert_int_equal(table.sgl == first, firsts[j] == 8 || (firsts[j] == 1 && counts[i] == 1));
			sg_free_table_chained(&table, firsts[j]);
		}
	}
	down_map();
}

static void an_end_can_be_moved(void **state)
{
	struct scatterlist array[6], more[3], *sg;
	unsigned int i;

	(void)state;
	boot_map(3, false);
	sg_init_table(array, 6);
	array[1].length = 7;
	sg_init_marker(array, 2);
	assert_chain(array, 2);
	assert_int_equal(array[1].length, 7);
	sg_unmark_end(&array[1]);
	sg_init_table(more, 3);
	sg_chain(array, 6, more);
	assert_chain(array, 8);
	for_each_sg(array, sg, 8, i)
		assert_true(i < 5 ? sg == &array[i] : sg == &more[i - 5]);
	down_map();
}

/* Tables from pages */

static struct page *pages[PAGES];
static uint64_t phys[PAGES];

/* Runs of pages that follow each other, in no order. */
static unsigned int take_pages(unsigned int n)
{
	unsigned int i = 0, j;

	while (i < n) {
		const unsigned int run = min_t(unsigned int, n - i, 1 + (unsigned int)kernel_random(RUN_MAX));
		struct page *first = alloc_pages(GFP_KERNEL, 3);

		assert_non_null(first);
		for (j = 0; j < run; j++, i++) {
			pages[i] = first + j;
			phys[i] = page_to_phys(pages[i]);
		}
	}
	return n;
}

static void give_pages(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (pages[i]->count)
			__free_pages(pages[i], 3);
}

static void assert_golden(const struct sg_table *table, unsigned int n, size_t offset, size_t size, size_t longest)
{
	static struct sgtable_piece want[PAGES];
	const size_t pieces = sgtable_from_pages(phys, n, offset, size, longest, want, PAGES);
	struct scatterlist *sg;
	unsigned int i;

	assert_int_equal(table->orig_nents, pieces);
	assert_int_equal(table->nents, pieces);
	for_each_sgtable_sg(table, sg, i) {
		assert_int_equal(sg_phys(sg), want[i].phys);
		assert_int_equal(sg->length, want[i].length);
	}
	assert_true(sg_is_last(sg_last(table->sgl, table->orig_nents)));
}

static void tables_from_pages_are_golden(void **state)
{
	static const unsigned int longest[] = { UINT_MAX, PAGE_SIZE, 3 * PAGE_SIZE - 1, 2 * PAGE_SIZE };
	unsigned int round, n;
	struct sg_table table;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		const unsigned int most = longest[round % ARRAY_SIZE(longest)];
		const unsigned int offset = round % 3 ? (unsigned int)(round * 97 % PAGE_SIZE) : 0;
		size_t size;

		boot_map(round, false);
		n = take_pages(1 + (unsigned int)kernel_random(round % 8 ? 90 : 110));
		size = n * PAGE_SIZE - offset - kernel_random(PAGE_SIZE - offset);
		assert_int_equal(sg_alloc_table_from_pages_segment(&table, pages, n, offset, size, most, GFP_KERNEL), 0);
		assert_golden(&table, n, offset, size, most);
		sg_free_table(&table);
		kernel_expect_problem("is no page");
		assert_int_equal(sg_alloc_table_from_pages_segment(&table, pages, n, 0, size, PAGE_SIZE - 1, GFP_KERNEL), -EINVAL);
		give_pages(n);
		down_map();
	}
}

/* The same table, whether its pages come at once or a few at a time. */
static void grow(unsigned int n, unsigned int most)
{
	struct sg_append_table table = { 0 };
	unsigned int i, step;

	for (i = 0; i < n; i += step) {
		step = min_t(unsigned int, n - i, 1 + (unsigned int)kernel_random(n / 4 + 1));
		assert_int_equal(sg_alloc_append_table_from_pages(&table, pages + i, step, 0, step * PAGE_SIZE, most, n - i - step,
								  GFP_KERNEL), 0);
	}
	assert_golden(&table.sgt, n, 0, n * PAGE_SIZE, most);
	sg_free_append_table(&table);
}

static void tables_grow(void **state)
{
	unsigned int round, n;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		boot_map(round, false);
		n = take_pages(1 + (unsigned int)kernel_random(round % 4 ? 60 : 110));
		grow(n, round % 2 ? UINT_MAX : PAGE_SIZE);
		give_pages(n);
		down_map();
	}
}

/* A page does not follow itself, so one page is enough for as many entries as are wanted. */
static void tables_grow_over_arrays(void **state)
{
	unsigned int i;

	(void)state;
	boot_map(5, false);
	pages[0] = alloc_page(GFP_KERNEL);
	for (i = 0; i < PAGES; i++) {
		pages[i] = pages[0];
		phys[i] = page_to_phys(pages[i]);
	}
	for (i = 1; i < 12; i++)
		grow(i < 6 ? 126 + i : 100 * (i - 5), UINT_MAX);
	__free_page(pages[0]);
	down_map();
}

static void growing_is_checked(void **state)
{
	struct sg_append_table table = { 0 };
	unsigned int i;

	(void)state;
	boot_map(6, false);
	pages[0] = alloc_page(GFP_KERNEL);
	for (i = 1; i < 9; i++)
		pages[i] = pages[0];
	assert_int_equal(sg_alloc_append_table_from_pages(&table, pages, 3, 0, 3 * PAGE_SIZE, UINT_MAX, 3, GFP_KERNEL), 0);
	kernel_expect_problem("begin at their beginning");
	assert_int_equal(sg_alloc_append_table_from_pages(&table, pages, 1, 8, 100, UINT_MAX, 2, GFP_KERNEL), -EINVAL);
	kernel_expect_problem("more pages are appended than were announced");
	assert_int_equal(sg_alloc_append_table_from_pages(&table, pages, 4, 0, 4 * PAGE_SIZE, UINT_MAX, 0, GFP_KERNEL), -ENOMEM);
	sg_free_append_table(&table);
	table = (struct sg_append_table){ 0 };
	assert_int_equal(sg_alloc_append_table_from_pages(&table, pages, 0, 0, 1, UINT_MAX, 0, GFP_KERNEL), -EINVAL);
	__free_page(pages[0]);
	down_map();
}

/* Lists out of others */

#define BYTES (70 * 1000)

static u8 bytes[BYTES], back[BYTES];

static unsigned int random_list(struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i, total = 0;

	assert_int_equal(sg_alloc_table(table, 1 + (unsigned int)kernel_random(200), GFP_KERNEL), 0);
	for_each_sgtable_sg(table, sg, i) {
		const unsigned int size = 1 + (unsigned int)kernel_random(300);

		sg_set_buf(sg, kmalloc(size, GFP_KERNEL), size);
		total += size;
	}
	assert_true(total <= BYTES);
	for (i = 0; i < total; i++)
		bytes[i] = (u8)kernel_random(256);
	assert_int_equal(sg_copy_from_buffer(table->sgl, table->orig_nents, bytes, total), total);
	return total;
}

static void free_list(struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(table, sg, i)
		kfree(sg_virt(sg));
	sg_free_table(table);
}

/* Bus addresses of a split lead to the bytes of the split. */
static void assert_mapped(struct scatterlist *out, int mapped, const u8 *want)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(out, sg, mapped, i) {
		assert_true(mapping_allows(sg_dma_address(sg), sg_dma_len(sg), false));
		assert_memory_equal(device_view(sg_dma_address(sg)), want, sg_dma_len(sg));
		want += sg_dma_len(sg);
	}
}

static void split_random(unsigned int round)
{
	struct scatterlist *out[3];
	size_t sizes[3], at, skip;
	int mapped_nents[3], mapped, i;
	struct sg_table table;
	unsigned int total;

	boot_map(round, false);
	total = random_list(&table) - 3;
	skip = kernel_random(total / 2 + 1);
	sizes[0] = 1 + kernel_random(total / 4 + 1);
	sizes[1] = 1 + kernel_random(total / 8 + 1);
	sizes[2] = total + 3 - skip - sizes[0] - sizes[1];
	mapped = (int)dma_map_sg(dev, table.sgl, (int)table.orig_nents, DMA_TO_DEVICE);
	assert_int_equal(sg_split(table.sgl, mapped, (off_t)skip, 3, sizes, out, mapped_nents, GFP_KERNEL), 0);
	for (i = 0, at = skip; i < 3; at += sizes[i++]) {
		assert_int_equal(sg_copy_to_buffer(out[i], (unsigned int)sg_nents(out[i]), back, BYTES), sizes[i]);
		assert_memory_equal(back, bytes + at, sizes[i]);
		assert_mapped(out[i], mapped_nents[i], bytes + at);
		kfree(out[i]);
	}
	sizes[2]++;
	assert_int_equal(sg_split(table.sgl, 0, (off_t)skip, 3, sizes, out, NULL, GFP_KERNEL), -EINVAL);
	assert_null(out[0]);
	dma_unmap_sg(dev, table.sgl, (int)table.orig_nents, DMA_TO_DEVICE);
	free_list(&table);
	down_map();
}

static void lists_are_cut(void **state)
{
	unsigned int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++)
		split_random(round);
}

/* Behind an IOMMU several entries are one for the device, and a cut may go through any of them. */
static void joined_lists_are_cut(void **state)
{
	const size_t sizes[] = { 100, 3 * PAGE_SIZE, PAGE_SIZE - 200 };
	int mapped_nents[3], mapped;
	struct scatterlist *out[3];
	struct sg_table table;
	dma_addr_t bus;
	unsigned int n;

	(void)state;
	boot_map(8, true);
	n = take_pages(6);
	assert_int_equal(sg_alloc_table_from_pages_segment(&table, pages, n, 0, n * PAGE_SIZE, PAGE_SIZE, GFP_KERNEL), 0);
	mapped = (int)dma_map_sg(dev, table.sgl, (int)table.orig_nents, DMA_TO_DEVICE);
	assert_int_equal(mapped, 1);
	bus = sg_dma_address(table.sgl);
	assert_int_equal(sg_split(table.sgl, mapped, 100, 3, sizes, out, mapped_nents, GFP_KERNEL), 0);
	for (n = 0; n < 3; n++)
		assert_int_equal(mapped_nents[n], 1);
	assert_int_equal(sg_dma_address(out[1]), bus + 200);
	assert_int_equal(sg_dma_len(out[1]), 3 * PAGE_SIZE);
	assert_int_equal(sg_nents(out[1]), 4);
	assert_int_equal(sg_nents(out[2]), 1);
	for (n = 0; n < 3; n++)
		kfree(out[n]);
	dma_unmap_sg(dev, table.sgl, (int)table.orig_nents, DMA_TO_DEVICE);
	sg_free_table(&table);
	give_pages(6);
	down_map();
}

static void lists_bring_their_pages(void **state)
{
	struct scatterlist *sgl, more[2];
	unsigned int nents;

	(void)state;
	boot_map(9, false);
	sgl = sgl_alloc(10 * PAGE_SIZE + 1, GFP_KERNEL, &nents);
	assert_int_equal(nents, 11);
	assert_int_equal(sg_last(sgl, nents)->length, 1);
	sgl_free(sgl);
	sgl = sgl_alloc_order(5 * PAGE_SIZE, 1, true, GFP_KERNEL, &nents);
	assert_int_equal(nents, 3);
	assert_int_equal(sgl[2].length, PAGE_SIZE);
	sg_init_table(more, 2);
	sg_chain(sgl, nents + 1, more);
	assert_chain(sgl, 5);
	sgl_free_n_order(sgl, (int)nents, 1);
	sgl_free_order(sgl_alloc_order(PAGE_SIZE, 0, true, GFP_KERNEL, NULL), 0);
	assert_null(sgl_alloc(0, GFP_KERNEL, &nents));
	assert_null(sgl_alloc(2 * MACHINE_RAM, GFP_KERNEL, &nents));
	down_map();
}

/* Page by page */

static void pages_come_in_order(bool iommu)
{
	struct sg_dma_page_iter dma_iter;
	struct sg_page_iter iter;
	struct sg_table table;
	unsigned int n, i = 0;

	boot_map(10, iommu);
	n = take_pages(110);
	assert_int_equal(sg_alloc_table_from_pages(&table, pages, n, 50, n * PAGE_SIZE - 60, GFP_KERNEL), 0);
	for_each_sgtable_page(&table, &iter, 0)
		assert_ptr_equal(sg_page_iter_page(&iter), pages[i++]);
	assert_int_equal(i, n);
	for_each_sgtable_page(&table, &iter, 7)
		assert_ptr_equal(sg_page_iter_page(&iter), pages[n - i-- + 7]);
	assert_int_equal(i, 7);
	assert_int_equal(dma_map_sgtable(dev, &table, DMA_TO_DEVICE, 0), 0);
	assert_int_equal(table.nents < table.orig_nents, iommu);
	i = 0;
	for_each_sgtable_dma_page(&table, &dma_iter, 0) {
		const dma_addr_t bus = sg_page_iter_dma_address(&dma_iter);

		assert_int_equal(bus & PAGE_MASK, iommu ? (sg_dma_address(table.sgl) & PAGE_MASK) + i * PAGE_SIZE
							: machine.ram_bus + phys[i] - PHYS_OFFSET);
		i++;
	}
	assert_int_equal(i, n);
	dma_unmap_sgtable(dev, &table, DMA_TO_DEVICE, 0);
	sg_free_table(&table);
	give_pages(n);
	down_map();
}

static void lists_go_page_by_page(void **state)
{
	(void)state;
	pages_come_in_order(false);
	pages_come_in_order(true);
}

/* What the CPU sees piece by piece is what is in the list, wherever it begins and however little it takes. */
static void iterate(struct sg_table *table, unsigned int total, unsigned int flags)
{
	size_t at = kernel_random(total), n;
	struct sg_mapping_iter miter;

	sg_miter_start(&miter, table->sgl, table->orig_nents, flags);
	assert_true(sg_miter_skip(&miter, (off_t)at));
	while (sg_miter_next(&miter)) {
		assert_true(miter.length && offset_in_page(miter.addr) + miter.length <= PAGE_SIZE);
		n = kernel_random(4) ? miter.length : kernel_random(miter.length);
		assert_memory_equal(miter.addr, bytes + at, n);
		if (flags & SG_MITER_TO_SG)
			memset(miter.addr, 0x3c, n);
		miter.consumed = n;
		at += n;
	}
	assert_int_equal(at, total);
	assert_false(sg_miter_skip(&miter, 1));
	sg_miter_stop(&miter);
}

static void lists_are_seen_piece_by_piece(void **state)
{
	struct sg_table table;
	unsigned int round, total;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		boot_map(round, false);
		total = random_list(&table);
		iterate(&table, total, SG_MITER_FROM_SG | (round % 2 ? SG_MITER_ATOMIC : 0));
		iterate(&table, total, SG_MITER_TO_SG);
		assert_int_equal(sg_pcopy_to_buffer(table.sgl, table.orig_nents, back, 1, (off_t)total - 1), 1);
		assert_int_equal(back[0], 0x3c);
		free_list(&table);
		down_map();
	}
}

/* An entry may begin many pages after the page that it names. */
static void offsets_go_beyond_a_page(void **state)
{
	struct page *page;
	struct scatterlist sg;
	struct sg_mapping_iter miter;
	size_t seen = 0;

	(void)state;
	boot_map(12, false);
	page = alloc_pages(GFP_KERNEL, 2);
	sg_init_table(&sg, 1);
	sg_set_page(&sg, page, 2000, 2 * PAGE_SIZE + 3000);
	sg_miter_start(&miter, &sg, 1, SG_MITER_FROM_SG);
	while (sg_miter_next(&miter)) {
		assert_ptr_equal(miter.addr, (u8 *)sg_virt(&sg) + seen);
		seen += miter.length;
	}
	assert_int_equal(seen, 2000);
	kernel_expect_problem("SG_MITER_TO_SG");
	sg_miter_start(&miter, &sg, 1, 0);
	__free_pages(page, 2);
	down_map();
}

/* Mapped, synced and unmapped as a chain of arrays */

static void map_chain(bool iommu)
{
	struct sg_table table;
	unsigned int total;

	boot_map(13, iommu);
	do
		total = random_list(&table);
	while (table.orig_nents <= SG_MAX_SINGLE_ALLOC && (free_list(&table), true));
	assert_int_equal(dma_map_sgtable(dev, &table, DMA_BIDIRECTIONAL, 0), 0);
	if (!iommu)
		*device_view(sg_dma_address(sg_last(table.sgl, table.orig_nents))) = 0x5e;
	dma_sync_sgtable_for_cpu(dev, &table, DMA_BIDIRECTIONAL);
	if (!iommu)
		assert_int_equal(*(u8 *)sg_virt(sg_last(table.sgl, table.orig_nents)), 0x5e);
	dma_sync_sgtable_for_device(dev, &table, DMA_BIDIRECTIONAL);
	dma_unmap_sgtable(dev, &table, DMA_BIDIRECTIONAL, 0);
	assert_int_equal(sg_copy_to_buffer(table.sgl, table.orig_nents, back, BYTES), total);
	assert_int_equal(mapping_count(), 0);
	free_list(&table);
	down_map();
}

static void chains_are_mapped(void **state)
{
	(void)state;
	map_chain(false);
	map_chain(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arrays_chain_and_come_back),
		cmocka_unit_test(tables_begin_with_the_callers_entries),
		cmocka_unit_test(an_end_can_be_moved),
		cmocka_unit_test(tables_from_pages_are_golden),
		cmocka_unit_test(tables_grow),
		cmocka_unit_test(tables_grow_over_arrays),
		cmocka_unit_test(growing_is_checked),
		cmocka_unit_test(lists_are_cut),
		cmocka_unit_test(joined_lists_are_cut),
		cmocka_unit_test(lists_bring_their_pages),
		cmocka_unit_test(lists_go_page_by_page),
		cmocka_unit_test(lists_are_seen_piece_by_piece),
		cmocka_unit_test(offsets_go_beyond_a_page),
		cmocka_unit_test(chains_are_mapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
