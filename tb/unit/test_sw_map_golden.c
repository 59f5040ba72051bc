// SPDX-License-Identifier: MIT
/*
 * Mapping calls and the golden sgtable: random lists with random limits, with and without an IOMMU, all agree; and ways to map
 * that are wrong in one thing each are found.
 */
#include "test_sw_map.h"

#define ROUNDS 60
#define LIST_MAX 40

static enum dma_data_direction random_dir(void)
{
	return (enum dma_data_direction)kernel_random(3);
}

static void random_limits(void)
{
	static const unsigned long boundaries[] = { 0, 0xffff, 0xfffff, 0xffffffff };

	assert_int_equal(dma_set_max_seg_size(dev, (unsigned int)(4 * PAGE_SIZE + kernel_random(20 * PAGE_SIZE))), 0);
	assert_int_equal(dma_set_seg_boundary(dev, boundaries[kernel_random(4)]), 0);
}

static void random_list(struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i;

	assert_int_equal(sg_alloc_table(table, 1 + (unsigned int)kernel_random(LIST_MAX), GFP_KERNEL), 0);
	for_each_sgtable_sg(table, sg, i) {
		const unsigned int order = (unsigned int)kernel_random(3), size = (unsigned int)(PAGE_SIZE << order);
		const unsigned int offset = kernel_random(2) ? 0 : (unsigned int)kernel_random(size);
		const unsigned int length = kernel_random(2) ? size - offset : 1 + (unsigned int)kernel_random(size - offset);

		sg_set_page(sg, alloc_pages(GFP_KERNEL, order), length, offset);
		assert_non_null(sg_page(sg));
	}
}

static void free_list(struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(table, sg, i)
		__free_pages(sg_page(sg), (unsigned int)__builtin_ctz(sg_page(sg)->count));
	sg_free_table(table);
}

static void map_lists(bool iommu)
{
	unsigned int round, joined = 0;

	for (round = 0; round < ROUNDS; round++) {
		enum dma_data_direction dir;
		struct sg_table table;

		boot_map(round, iommu);
		/* Without an IOMMU nothing keeps an entry from crossing a boundary; with one nothing cuts a piece. */
		mapping_set_severity(MAPPING_SEGMENT_BOUNDARY, MAPPING_NOTE);
		mapping_set_severity(MAPPING_SYNC_USELESS, MAPPING_NOTE);
		random_limits();
		random_list(&table);
		dir = random_dir();
		assert_int_equal(dma_map_sgtable(dev, &table, dir, 0), 0);
		joined += table.orig_nents - table.nents;
		dma_sync_sgtable_for_cpu(dev, &table, dir);
		dma_unmap_sgtable(dev, &table, dir, 0);
		free_list(&table);
		if (iommu)
			assert_int_equal(mapping_hits(MAPPING_SEGMENT_BOUNDARY), 0);
		assert_true(mapping_compared() >= (iommu ? 2u : 1u));
		down_map();
	}
	assert_int_equal(joined > 0, iommu);
}

static void lists_without_an_iommu_agree(void **state)
{
	(void)state;
	map_lists(false);
}

static void lists_with_an_iommu_agree(void **state)
{
	(void)state;
	map_lists(true);
}

static void pieces_agree_and_end_at_one_byte(bool iommu)
{
	unsigned int round;
	u8 *p;

	boot_map(77, iommu);
	p = kmalloc(3 * PAGE_SIZE, GFP_KERNEL);
	for (round = 0; round < ROUNDS; round++) {
		const size_t offset = kernel_random(2 * PAGE_SIZE), size = 1 + kernel_random(PAGE_SIZE);
		dma_addr_t bus = map(p + offset, size, DMA_TO_DEVICE);

		assert_true(mapping_allows(bus, size, false));
		assert_false(mapping_allows(bus, size, true));
		assert_false(mapping_allows(bus + size, 1, false));
		assert_false(mapping_allows(bus - 1, 1, false));
		dma_unmap_single(dev, bus, size, DMA_TO_DEVICE);
		assert_false(mapping_allows(bus, 1, false));
	}
	assert_int_equal(mapping_compared(), iommu ? 2 * ROUNDS : ROUNDS);
	kfree(p);
	down_map();
}

static void pieces_agree(void **state)
{
	(void)state;
	pieces_agree_and_end_at_one_byte(false);
	pieces_agree_and_end_at_one_byte(true);
}

/* Many at once, so that addresses get scarce and are used again */

#define MANY 200
#define CHANGES 3000

static void many_pieces_never_meet(bool iommu)
{
	struct {
		u8 *p;
		size_t size;
		dma_addr_t bus;
	} piece[MANY] = { 0 };
	unsigned int i, round;

	boot_map(3, iommu);
	for (round = 0; round < CHANGES; round++) {
		i = (unsigned int)kernel_random(MANY);
		if (piece[i].p) {
			dma_unmap_single(dev, piece[i].bus, piece[i].size, DMA_TO_DEVICE);
			kfree(piece[i].p);
			piece[i].p = NULL;
			continue;
		}
		piece[i].size = 1 + kernel_random(3 * PAGE_SIZE);
		piece[i].p = kmalloc(piece[i].size, GFP_KERNEL);
		assert_non_null(piece[i].p);
		piece[i].bus = map(piece[i].p, piece[i].size, DMA_TO_DEVICE);
	}
	for (i = 0; i < MANY; i++) {
		if (!piece[i].p)
			continue;
		dma_unmap_single(dev, piece[i].bus, piece[i].size, DMA_TO_DEVICE);
		kfree(piece[i].p);
	}
	assert_true(mapping_compared() >= CHANGES / 2);
	down_map();
}

static void many_pieces(void **state)
{
	(void)state;
	many_pieces_never_meet(false);
	many_pieces_never_meet(true);
}

/* Ways to map that are wrong in one thing */

static const struct dma_map_ops *right;

static dma_addr_t shifted(struct device *d, struct page *page, unsigned long offset, size_t size, enum dma_data_direction dir,
			  unsigned long attrs)
{
	return right->map_page(d, page, offset, size, dir, attrs) + 1;
}

static void shifted_undo(struct device *d, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	right->unmap_page(d, addr - 1, size, dir, attrs);
}

static dma_addr_t reversed(struct device *d, struct page *page, unsigned long offset, size_t size, enum dma_data_direction dir,
			   unsigned long attrs)
{
	return right->map_page(d, page, offset, size, dir == DMA_TO_DEVICE ? DMA_FROM_DEVICE : DMA_TO_DEVICE, attrs);
}

static void kept(struct device *d, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	(void)d;
	(void)addr;
	(void)size;
	(void)dir;
	(void)attrs;
}

static int swapped(struct device *d, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs)
{
	int mapped = right->map_sg(d, sgl, nents, dir, attrs);
	dma_addr_t first = sg_dma_address(sgl);

	sg_dma_address(sgl) = sg_dma_address(sg_next(sgl));
	sg_dma_address(sg_next(sgl)) = first;
	return mapped;
}

static int one_less(struct device *d, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs)
{
	return right->map_sg(d, sgl, nents, dir, attrs) - 1;
}

static void use_page(void)
{
	u8 *p = kmalloc(100, GFP_KERNEL);
	dma_addr_t bus = map(p, 99, DMA_TO_DEVICE);

	dma_unmap_single(dev, bus, 99, DMA_TO_DEVICE);
	kfree(p);
}

/* Two entries that nothing joins; they are not unmapped, since what is wrong with them would have to be undone first. */
static void use_list(void)
{
	void *p[2] = { kmalloc(100, GFP_KERNEL), kmalloc(200, GFP_KERNEL) };
	struct scatterlist sg[2];
	int i, mapped;

	sg_init_table(sg, 2);
	sg_set_buf(&sg[0], p[0], 100);
	sg_set_buf(&sg[1], p[1], 200);
	mapped = (int)dma_map_sg(dev, sg, 2, DMA_TO_DEVICE);
	for (i = 0; i < mapped; i++)
		kernel_expect_problem("leak: scatter list mapping");
	kfree(p[0]);
	kfree(p[1]);
}

static const struct {
	bool iommu;
	struct dma_map_ops ops;
	void (*use)(void);
} faults[] = {
	{ false, { .map_page = shifted, .unmap_page = shifted_undo }, use_page },
	{ true, { .map_page = shifted, .unmap_page = shifted_undo }, use_page },
	{ true, { .map_page = reversed }, use_page },
	{ true, { .unmap_page = kept }, use_page },
	{ false, { .map_sg = swapped }, use_list },
	{ true, { .map_sg = swapped }, use_list },
	{ false, { .map_sg = one_less }, use_list },
	{ true, { .map_sg = one_less }, use_list },
};

static void plant(const struct dma_map_ops *ops)
{
	static struct dma_map_ops table;

	right = get_dma_ops(dev);
	table = *right;
	table.map_page = ops->map_page ? ops->map_page : right->map_page;
	table.unmap_page = ops->unmap_page ? ops->unmap_page : right->unmap_page;
	table.map_sg = ops->map_sg ? ops->map_sg : right->map_sg;
	set_dma_ops(dev, &table);
}

static void each_planted_fault_is_found(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		boot_map(i, faults[i].iommu);
		use_page();
		assert_int_equal(mapping_hits(MAPPING_GOLDEN), 0);
		assert_int_equal(mapping_set_severity(MAPPING_GOLDEN, MAPPING_NOTE), MAPPING_ERROR);
		plant(&faults[i].ops);
		faults[i].use();
		if (!mapping_hits(MAPPING_GOLDEN))
			fail_msg("fault %zu was not found", i);
		down_map();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_without_an_iommu_agree),
		cmocka_unit_test(lists_with_an_iommu_agree),
		cmocka_unit_test(pieces_agree),
		cmocka_unit_test(many_pieces),
		cmocka_unit_test(each_planted_fault_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
