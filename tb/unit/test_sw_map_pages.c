// SPDX-License-Identifier: MIT
/*
 * Memory in less common ways: pages and tables of pages that are mapped from the beginning, memory of one device, memory that goes
 * with its driver, limits of a device, and tables of functions that leave most of them out.
 */
#include "test_sw_map.h"

#include <linux/dmapool.h>

#define SIZE 9000
#define USER 0x7000000ul

static bool user_sees(struct vm_area_struct *vma, unsigned long at, u8 value)
{
	const u8 *p = kernel_user_address(vma, vma->vm_start + at);

	return p && *p == value;
}

/* Pages */

static void run_of_pages(bool iommu)
{
	struct vm_area_struct vma = { .vm_start = USER, .vm_end = USER + 2 * PAGE_SIZE, .vm_pgoff = 1 };
	struct page *page;
	dma_addr_t handle;
	u8 *p;

	boot_map(1, iommu);
	page = dma_alloc_pages(dev, SIZE, &handle, DMA_BIDIRECTIONAL, GFP_KERNEL);
	p = page_address(page);
	assert_true(p && !p[0] && !memcmp(p, p + 1, 3 * PAGE_SIZE - 1));
	/* The CPU has them first, and nothing is told. */
	memset(p, 0x21, SIZE);
	dma_sync_single_for_device(dev, handle, SIZE, DMA_BIDIRECTIONAL);
	if (!iommu)
		assert_int_equal(*device_view(handle + SIZE - 1), 0x21);
	if (!iommu)
		*device_view(handle + PAGE_SIZE) = 0x22;
	dma_sync_single_for_cpu(dev, handle, SIZE, DMA_BIDIRECTIONAL);
	assert_int_equal(p[PAGE_SIZE], iommu ? 0x21 : 0x22);
	assert_int_equal(dma_mmap_pages(dev, &vma, SIZE, page), 0);
	assert_true(user_sees(&vma, 0, p[PAGE_SIZE]) && user_sees(&vma, PAGE_SIZE - 1, 0x21));
	vma.vm_pgoff = 2;
	assert_int_equal(dma_mmap_pages(dev, &vma, SIZE, page), -ENXIO);
	dma_free_pages(dev, SIZE, page, handle, DMA_BIDIRECTIONAL);
	assert_int_equal(mapping_count(), 0);
	kernel_expect_problem("there is no such direction");
	assert_null(dma_alloc_pages(dev, SIZE, &handle, DMA_NONE, GFP_KERNEL));
	assert_null(dma_alloc_pages(dev, 2 * MACHINE_RAM, &handle, DMA_TO_DEVICE, GFP_KERNEL));
	down_map();
}

static void pages_are_the_cpus_first(void **state)
{
	(void)state;
	run_of_pages(false);
	run_of_pages(true);
}

static void what_is_given_early_is_told(void **state)
{
	dma_addr_t handle;
	u8 *p;

	(void)state;
	boot_map(2, false);
	p = dma_alloc_noncoherent(dev, 100, &handle, DMA_TO_DEVICE, GFP_KERNEL);
	dma_sync_single_for_device(dev, handle, 100, DMA_TO_DEVICE);
	dma_free_noncoherent(dev, 100, p, handle, DMA_TO_DEVICE);
	kernel_expect_problem("where nothing is mapped");
	dma_free_pages(dev, 100, virt_to_page(p), handle, DMA_TO_DEVICE);
	down_map();
}

static void table_of_pages(bool iommu)
{
	struct vm_area_struct vma = { .vm_start = USER, .vm_end = USER + 3 * PAGE_SIZE };
	struct sg_table *sgt;
	u8 *p;

	boot_map(3, iommu);
	sgt = dma_alloc_noncontiguous(dev, SIZE, DMA_BIDIRECTIONAL, GFP_KERNEL, 0);
	assert_int_equal(sgt->nents, 1);
	assert_int_equal(sg_dma_len(sgt->sgl), 3 * PAGE_SIZE);
	assert_true(mapping_allows(sg_dma_address(sgt->sgl), SIZE, true));
	p = dma_vmap_noncontiguous(dev, SIZE, sgt);
	assert_int_equal(p[SIZE - 1], 0);
	dma_sync_sgtable_for_device(dev, sgt, DMA_BIDIRECTIONAL);
	if (!iommu)
		*device_view(sg_dma_address(sgt->sgl) + SIZE - 1) = 0x33;
	dma_sync_sgtable_for_cpu(dev, sgt, DMA_BIDIRECTIONAL);
	assert_int_equal(p[SIZE - 1], iommu ? 0 : 0x33);
	assert_int_equal(dma_mmap_noncontiguous(dev, &vma, SIZE, sgt), 0);
	assert_true(user_sees(&vma, SIZE - 1, p[SIZE - 1]));
	dma_vunmap_noncontiguous(dev, p);
	dma_free_noncontiguous(dev, SIZE, sgt, DMA_BIDIRECTIONAL);
	assert_int_equal(mapping_count(), 0);
	assert_null(dma_alloc_noncontiguous(dev, 2 * MACHINE_RAM, DMA_BIDIRECTIONAL, GFP_KERNEL, 0));
	kernel_expect_problem("have no meaning here");
	assert_null(dma_alloc_noncontiguous(dev, SIZE, DMA_BIDIRECTIONAL, GFP_KERNEL, DMA_ATTR_WRITE_COMBINE));
	kernel_expect_problem("was not made by dma_vmap_noncontiguous()");
	dma_vunmap_noncontiguous(dev, &vma);
	down_map();
}

static void tables_of_pages_are_one_piece(void **state)
{
	(void)state;
	table_of_pages(false);
	table_of_pages(true);
}

/* Memory of one device */

#define OWN_PAGES 8

static void own_memory(void **state)
{
	struct vm_area_struct vma = { .vm_start = USER, .vm_end = USER + 2 * PAGE_SIZE };
	dma_addr_t bus, first, second, none;
	struct sg_table table;
	phys_addr_t phys;
	u8 *p, *q;

	(void)state;
	boot_map(4, false);
	phys = PHYS_OFFSET + kernel_reserve_ram(OWN_PAGES * PAGE_SIZE);
	bus = machine.ram_bus + (phys - PHYS_OFFSET);
	assert_int_equal(dma_declare_coherent_memory(dev, phys, bus, OWN_PAGES * PAGE_SIZE), 0);
	assert_int_equal(dma_declare_coherent_memory(&other.dev, phys, bus, OWN_PAGES * PAGE_SIZE), -EINVAL);
	/* Runs of 2^n pages, and nothing from elsewhere when it is full. */
	p = dma_alloc_coherent(dev, 3 * PAGE_SIZE, &first, GFP_KERNEL);
	q = dma_alloc_coherent(dev, 2 * PAGE_SIZE, &second, GFP_KERNEL);
	assert_true(p && !p[0] && !memcmp(p, p + 1, 3 * PAGE_SIZE - 1));
	assert_int_equal(first, bus);
	assert_int_equal(second, bus + 4 * PAGE_SIZE);
	assert_null(dma_alloc_coherent(dev, 4 * PAGE_SIZE, &none, GFP_KERNEL));
	assert_true(mapping_allows(second, 2 * PAGE_SIZE, true));
	*device_view(second + PAGE_SIZE) = 0x41;
	assert_int_equal(q[PAGE_SIZE], 0x41);
	assert_int_equal(dma_mmap_coherent(dev, &vma, q, second, 2 * PAGE_SIZE), 0);
	assert_true(user_sees(&vma, PAGE_SIZE, 0x41));
	assert_int_equal(dma_get_sgtable(dev, &table, q, second, 2 * PAGE_SIZE), -ENXIO);
	dma_free_coherent(dev, 3 * PAGE_SIZE, p, first);
	p = dma_alloc_coherent(dev, 4 * PAGE_SIZE, &first, GFP_KERNEL);
	assert_int_equal(first, bus);
	dma_free_coherent(dev, 4 * PAGE_SIZE, p, first);
	kernel_expect_problem("2 pages of the memory of tester.0 are in use");
	dma_release_coherent_memory(dev);
	kernel_expect_problem("leak");
	down_map();
}

static void own_memory_is_reserved(void **state)
{
	struct page *page;
	phys_addr_t phys;
	dma_addr_t handle;
	void *p;

	(void)state;
	boot_map(5, false);
	phys = PHYS_OFFSET + kernel_reserve_ram(2 * PAGE_SIZE);
	page = alloc_page(GFP_KERNEL);
	assert_int_equal(dma_declare_coherent_memory(dev, page_to_phys(page), 0x1000, PAGE_SIZE), -EINVAL);
	assert_int_equal(dma_declare_coherent_memory(dev, PHYS_OFFSET - PAGE_SIZE, 0x1000, PAGE_SIZE), -EINVAL);
	assert_int_equal(dma_declare_coherent_memory(dev, PHYS_OFFSET + MACHINE_RAM, 0x1000, PAGE_SIZE), -EINVAL);
	assert_int_equal(dma_declare_coherent_memory(dev, phys + 1, 0x1000, PAGE_SIZE), -EINVAL);
	assert_int_equal(dma_declare_coherent_memory(dev, phys, 0x1000, 0), -EINVAL);
	assert_int_equal(dma_declare_coherent_memory(dev, phys, 0x1000, PAGE_SIZE), 0);
	assert_int_equal(dma_declare_coherent_memory(dev, phys + PAGE_SIZE, 0x2000, PAGE_SIZE), -EBUSY);
	/* What the device calls it is the caller's to know. */
	p = dma_alloc_coherent(dev, 1, &handle, GFP_KERNEL);
	assert_int_equal(handle, 0x1000);
	dma_free_coherent(dev, 1, p, handle);
	dma_release_coherent_memory(dev);
	dma_release_coherent_memory(dev);
	assert_int_equal(dma_declare_coherent_memory(&other.dev, phys, 0x1000, 2 * PAGE_SIZE), 0);
	dma_release_coherent_memory(&other.dev);
	__free_page(page);
	down_map();
}

/* Memory that goes with its driver, or before it */

static struct dma_pool *pool;
static dma_addr_t early, late;
static void *early_cpu;

static int probe_managed(struct platform_device *pdev)
{
	dma_addr_t block;
	void *cpu;

	assert_int_equal(dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64)), 0);
	early_cpu = dmam_alloc_coherent(&pdev->dev, 100, &early, GFP_KERNEL);
	assert_non_null(dmam_alloc_coherent(&pdev->dev, 100, &late, GFP_KERNEL));
	pool = dmam_pool_create("managed", &pdev->dev, 64, 64, 0);
	assert_non_null(dmam_pool_create("forgotten", &pdev->dev, 64, 64, 0));
	assert_null(dmam_pool_create("wrong", &pdev->dev, 64, 3, 0));
	cpu = dma_pool_alloc(pool, GFP_KERNEL, &block);
	dma_pool_free(pool, cpu, block);
	return 0;
}

static void managed_memory_may_go_early(void **state)
{
	static struct platform_driver managed = { .driver = { .name = "managed" }, .probe = probe_managed };
	struct platform_device pdev = { .name = "managed" };

	(void)state;
	boot_map(6, false);
	platform_driver_register(&managed);
	platform_device_register(&pdev);
	assert_true(mapping_allows(early, 100, true) && mapping_allows(late, 100, true));
	dmam_free_coherent(&pdev.dev, 100, early_cpu, early);
	assert_false(mapping_allows(early, 1, true));
	kernel_expect_problem("were not allocated by dmam_alloc_coherent()");
	dmam_free_coherent(&pdev.dev, 100, early_cpu, early);
	dmam_pool_destroy(pool);
	platform_device_unregister(&pdev);
	assert_false(mapping_allows(late, 1, true));
	assert_int_equal(mapping_hits(MAPPING_LEAK), 0);
	platform_driver_unregister(&managed);
	down_map();
}

/* Limits */

static void copies_keep_what_the_device_wants(void **state)
{
	static const unsigned int masks[] = { 0, 0xfff, 0x1fff, 0x7fff };
	unsigned int i;
	dma_addr_t bus;
	u8 *p;

	(void)state;
	boot_map(7, false);
	assert_int_equal(dma_get_min_align_mask(dev), 0);
	dev->bus_dma_limit = machine.ram_bus + MACHINE_RAM / 2 - 1;
	for (i = 0; i < 200; i++) {
		const unsigned int mask = masks[i % ARRAY_SIZE(masks)];

		assert_int_equal(dma_set_min_align_mask(dev, mask), 0);
		assert_int_equal(dma_get_min_align_mask(dev), mask);
		p = kmalloc(1 + kernel_random(3 * PAGE_SIZE), GFP_KERNEL);
		bus = map(p, 1, DMA_TO_DEVICE);
		assert_int_equal(bus & mask, (machine.ram_bus + virt_to_phys(p) - PHYS_OFFSET) & mask);
		dma_unmap_single(dev, bus, 1, DMA_TO_DEVICE);
		kfree(p);
	}
	dev->dma_parms = NULL;
	kernel_expect_problem("has no place for its limits");
	assert_int_equal(dma_set_min_align_mask(dev, 1), -EIO);
	assert_int_equal(dma_get_min_align_mask(dev), 0);
	down_map();
}

static size_t quick_size(void)
{
	return 5 * PAGE_SIZE;
}

static void sizes_and_boundaries(void **state)
{
	const struct dma_map_ops quick = { .opt_mapping_size = quick_size };

	(void)state;
	boot_map(8, false);
	assert_int_equal(dma_opt_mapping_size(dev), SIZE_MAX);
	dev->bus_dma_limit = machine.ram_bus + MACHINE_RAM / 2 - 1;
	assert_int_equal(dma_opt_mapping_size(dev), 256 * 1024);
	set_dma_ops(dev, &quick);
	assert_int_equal(dma_opt_mapping_size(dev), 5 * PAGE_SIZE);
	assert_int_equal(dma_set_seg_boundary(dev, 0xffff), 0);
	assert_int_equal(dma_get_seg_boundary_nr_pages(dev, PAGE_SHIFT), 16);
	assert_int_equal(dma_get_seg_boundary_nr_pages(NULL, PAGE_SHIFT), 1 << 20);
	down_map();
}

/* How a process sees it */

static void pages_are_seen_past_the_caches(void **state)
{
	struct vm_area_struct vma = { .vm_start = USER, .vm_end = USER + PAGE_SIZE };
	dma_addr_t handle;
	void *p;

	(void)state;
	boot_map(9, false);
	p = dma_alloc_wc(dev, 10, &handle, GFP_KERNEL);
	assert_int_equal(dma_mmap_wc(dev, &vma, p, handle, 10), 0);
	assert_int_equal(pgprot_val(vma.vm_page_prot), PGPROT_WRITECOMBINE);
	assert_int_equal(dma_mmap_coherent(dev, &vma, p, handle, 10), 0);
	assert_int_equal(pgprot_val(vma.vm_page_prot), PGPROT_NONCACHED);
	dma_free_wc(dev, 10, p, handle);
	down_map();
}

/* Tables of functions */

static dma_addr_t plain_map_page(struct device *d, struct page *page, unsigned long offset, size_t size, enum dma_data_direction dir,
				 unsigned long attrs)
{
	(void)d;
	(void)size;
	(void)dir;
	(void)attrs;
	return machine.ram_bus + (page_to_phys(page) - PHYS_OFFSET) + offset;
}

static void plain_unmap_page(struct device *d, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	(void)d;
	(void)addr;
	(void)size;
	(void)dir;
	(void)attrs;
}

static void *plain_alloc(struct device *d, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs)
{
	return get_dma_ops(&other.dev)->alloc(d, size, handle, gfp, attrs);
}

static void plain_free(struct device *d, size_t size, void *cpu, dma_addr_t handle, unsigned long attrs)
{
	get_dma_ops(&other.dev)->free(d, size, cpu, handle, attrs);
}

static unsigned int lists_synced;

static void plain_sync_sg(struct device *d, struct scatterlist *sg, int nents, enum dma_data_direction dir)
{
	(void)d;
	(void)sg;
	(void)dir;
	lists_synced += (unsigned int)nents;
}

static int plain_map_sg(struct device *d, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		sg_dma_address(sg) = plain_map_page(d, sg_page(sg), sg->offset, sg->length, dir, attrs);
		sg_dma_len(sg) = sg->length;
	}
	return nents;
}

static void plain_unmap_sg(struct device *d, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs)
{
	(void)d;
	(void)sgl;
	(void)nents;
	(void)dir;
	(void)attrs;
}

static const struct dma_map_ops plain = {
	.alloc = plain_alloc,
	.free = plain_free,
	.alloc_pages = dma_common_alloc_pages,
	.free_pages = dma_common_free_pages,
	.mmap = dma_common_mmap,
	.get_sgtable = dma_common_get_sgtable,
	.map_page = plain_map_page,
	.unmap_page = plain_unmap_page,
	.map_sg = plain_map_sg,
	.unmap_sg = plain_unmap_sg,
	.sync_sg_for_cpu = plain_sync_sg,
	.sync_sg_for_device = plain_sync_sg,
};

static void helpers_make_a_table(void **state)
{
	struct vm_area_struct vma = { .vm_start = USER, .vm_end = USER + PAGE_SIZE, .vm_pgoff = 2 };
	struct sg_table table;
	struct page *page;
	dma_addr_t handle;
	u8 *p;

	(void)state;
	boot_map(10, false);
	set_dma_ops(dev, &plain);
	p = dma_alloc_coherent(dev, SIZE, &handle, GFP_KERNEL);
	p[2 * PAGE_SIZE] = 0x51;
	assert_int_equal(dma_get_sgtable(dev, &table, p, handle, SIZE), 0);
	assert_int_equal(table.sgl->length, 3 * PAGE_SIZE);
	assert_int_equal(machine.ram_bus + sg_phys(table.sgl) - PHYS_OFFSET, handle);
	assert_int_equal(dma_map_sg(dev, table.sgl, 1, DMA_BIDIRECTIONAL), 1);
	dma_sync_sg_for_cpu(dev, table.sgl, 1, DMA_BIDIRECTIONAL);
	dma_sync_sg_for_device(dev, table.sgl, 1, DMA_BIDIRECTIONAL);
	assert_int_equal(lists_synced, 2);
	dma_unmap_sg(dev, table.sgl, 1, DMA_BIDIRECTIONAL);
	sg_free_table(&table);
	assert_int_equal(dma_mmap_coherent(dev, &vma, p, handle, SIZE), 0);
	assert_true(user_sees(&vma, 0, 0x51));
	dma_free_coherent(dev, SIZE, p, handle);
	page = dma_alloc_pages(dev, SIZE, &handle, DMA_TO_DEVICE, GFP_KERNEL);
	dma_free_pages(dev, SIZE, page, handle, DMA_TO_DEVICE);
	down_map();
}

/* What a table does not have fails, and does not crash. */
static void empty_tables_refuse(void **state)
{
	const struct dma_map_ops no_alloc = { .map_page = plain_map_page, .unmap_page = plain_unmap_page };
	const struct dma_map_ops no_show = { .alloc = plain_alloc, .free = plain_free };
	struct vm_area_struct vma = { .vm_start = USER, .vm_end = USER + PAGE_SIZE };
	struct sg_table table;
	dma_addr_t handle;
	void *p;

	(void)state;
	boot_map(11, false);
	set_dma_ops(dev, &no_alloc);
	assert_null(dma_alloc_coherent(dev, 10, &handle, GFP_KERNEL));
	assert_int_equal(dma_map_resource(dev, 0x1000, 4, DMA_TO_DEVICE, 0), DMA_MAPPING_ERROR);
	assert_int_equal(dma_set_mask_and_coherent(dev, DMA_BIT_MASK(20)), 0);
	assert_int_equal(dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)), 0);
	assert_int_equal(dma_get_required_mask(dev), DMA_BIT_MASK(32));
	p = kmalloc(10, GFP_KERNEL);
	handle = map(p, 10, DMA_TO_DEVICE);
	dma_sync_single_for_device(dev, handle, 10, DMA_TO_DEVICE);
	dma_unmap_single(dev, handle, 10, DMA_TO_DEVICE);
	kfree(p);
	set_dma_ops(dev, &no_show);
	p = dma_alloc_coherent(dev, 10, &handle, GFP_KERNEL);
	assert_false(dma_can_mmap(dev));
	assert_int_equal(dma_mmap_coherent(dev, &vma, p, handle, 10), -ENXIO);
	assert_int_equal(dma_get_sgtable(dev, &table, p, handle, 10), -ENXIO);
	dma_free_coherent(dev, 10, p, handle);
	down_map();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_the_cpus_first),
		cmocka_unit_test(what_is_given_early_is_told),
		cmocka_unit_test(tables_of_pages_are_one_piece),
		cmocka_unit_test(own_memory),
		cmocka_unit_test(own_memory_is_reserved),
		cmocka_unit_test(managed_memory_may_go_early),
		cmocka_unit_test(copies_keep_what_the_device_wants),
		cmocka_unit_test(sizes_and_boundaries),
		cmocka_unit_test(pages_are_seen_past_the_caches),
		cmocka_unit_test(helpers_make_a_table),
		cmocka_unit_test(empty_tables_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
