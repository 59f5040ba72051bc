// SPDX-License-Identifier: MIT
/*
 * Memory for CPU and device: with and without a kernel mapping, seen by user processes, passed on to other devices; masks,
 * bounce buffers, resources.
 */
#include "test_sw_map.h"

#include <linux/dma-attrs.h>
#include <linux/iommu.h>

#define SIZE 9000
#define COOKIE DMA_ATTR_NO_KERNEL_MAPPING
#define USER 0x7000000ul

static void memory_is_zero_and_one(bool iommu)
{
	struct sg_table table;
	dma_addr_t handle;
	u8 *p;

	boot_map(1, iommu);
	p = dma_alloc_wc(dev, SIZE, &handle, GFP_KERNEL);
	assert_non_null(p);
	assert_true(!p[0] && !memcmp(p, p + 1, 3 * PAGE_SIZE - 1));
	assert_int_equal(handle % PAGE_SIZE, 0);
	assert_true(mapping_allows(handle, SIZE, true) && mapping_allows(handle, SIZE, false));
	assert_int_equal(handle == machine.ram_bus + (dma_addr_t)(p - machine.ram), !iommu);
	assert_int_equal(dma_get_sgtable(dev, &table, p, handle, SIZE), 0);
	assert_int_equal(table.orig_nents, 1);
	assert_int_equal(table.sgl->length, iommu ? SIZE : 3 * PAGE_SIZE);
	sg_free_table(&table);
	kernel_expect_problem("which were not allocated like this");
	assert_int_equal(dma_get_sgtable(dev, &table, p + 1, handle, SIZE), -ENXIO);
	dma_free_wc(dev, SIZE, p, handle);
	assert_false(mapping_allows(handle, 1, false));
	down_map();
}

static void coherent_memory(void **state)
{
	(void)state;
	memory_is_zero_and_one(false);
	memory_is_zero_and_one(true);
}

/* A process sees pages 1 and 2 of three. */
static void check_user(void *cookie, dma_addr_t handle, struct sg_table *table)
{
	struct vm_area_struct vma = { .vm_start = USER, .vm_end = USER + 2 * PAGE_SIZE, .vm_pgoff = 1 };
	struct scatterlist *sg;
	u8 *first;

	assert_true(dma_can_mmap(dev));
	assert_int_equal(dma_mmap_attrs(dev, &vma, cookie, handle, SIZE, COOKIE), 0);
	first = kernel_user_address(&vma, USER);
	assert_non_null(first);
	assert_null(kernel_user_address(&vma, USER + 2 * PAGE_SIZE));
	*first = 0x77;
	sg = table->orig_nents == 1 ? table->sgl : sg_next(table->sgl);
	assert_int_equal(*(device_view(machine.ram_bus + sg_phys(sg) - PHYS_OFFSET) + (table->orig_nents == 1) * PAGE_SIZE), 0x77);
	vma.vm_pgoff = 2;
	assert_int_equal(dma_mmap_attrs(dev, &vma, cookie, handle, SIZE, COOKIE), -ENXIO);
	vma.vm_pgoff = 3;
	assert_int_equal(dma_mmap_attrs(dev, &vma, cookie, handle, SIZE, COOKIE), -ENXIO);
}

static void cookies(bool iommu)
{
	struct sg_table table;
	dma_addr_t handle;
	void *cookie;
	int mapped;

	boot_map(2, iommu);
	cookie = dma_alloc_attrs(dev, SIZE, &handle, GFP_KERNEL, COOKIE);
	assert_non_null(cookie);
	assert_false(virt_addr_valid(cookie));
	assert_int_equal(dma_get_sgtable_attrs(dev, &table, cookie, handle, SIZE, COOKIE), 0);
	check_user(cookie, handle, &table);
	mapped = (int)dma_map_sg(&other.dev, table.sgl, (int)table.orig_nents, DMA_TO_DEVICE);
	assert_true(mapped > 0);
	if (iommu)
		assert_int_not_equal(sg_dma_address(table.sgl), handle);
	dma_unmap_sg(&other.dev, table.sgl, (int)table.orig_nents, DMA_TO_DEVICE);
	sg_free_table(&table);
	kernel_expect_problem("other attributes (0) than at the allocation (0x10)");
	assert_int_equal(dma_get_sgtable(dev, &table, cookie, handle, SIZE), -ENXIO);
	dma_free_attrs(dev, SIZE, cookie, handle, COOKIE);
	down_map();
}

static void memory_without_kernel_mapping(void **state)
{
	(void)state;
	cookies(false);
	cookies(true);
}

static int pages_left;

static void count_page(void *data)
{
	(void)data;
	pages_left++;
}

static int probe_managed(struct platform_device *pdev)
{
	dma_addr_t handle;

	assert_int_equal(dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64)), 0);
	assert_int_equal(devm_add_action_or_reset(&pdev->dev, count_page, NULL), 0);
	assert_non_null(dmam_alloc_coherent(&pdev->dev, SIZE, &handle, GFP_KERNEL));
	assert_null(dmam_alloc_coherent(&pdev->dev, 2 * MACHINE_RAM, &handle, GFP_KERNEL));
	return 0;
}

static int probe_careless(struct platform_device *pdev)
{
	dma_addr_t handle;

	assert_int_equal(dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64)), 0);
	assert_non_null(dma_alloc_coherent(&pdev->dev, SIZE, &handle, GFP_KERNEL));
	return 0;
}

/* What a driver leaves behind is told when it goes, not at the end. */
static void memory_goes_with_its_driver(void **state)
{
	static struct platform_driver managed = { .probe = probe_managed, .driver = { .name = "managed" } };
	static struct platform_driver careless = { .probe = probe_careless, .driver = { .name = "careless" } };
	struct platform_device one = { .name = "managed" }, two = { .name = "careless" };

	(void)state;
	boot_map(8, false);
	pages_left = 0;
	platform_driver_register(&managed);
	platform_driver_register(&careless);
	platform_device_register(&one);
	platform_device_register(&two);
	platform_device_unregister(&one);
	assert_int_equal(pages_left, 1);
	assert_int_equal(mapping_hits(MAPPING_LEAK), 0);
	kernel_expect_problem("leak: coherent mapping of 12288 bytes, BIDIRECTIONAL, made at tb/unit/test_sw_map_alloc.c");
	platform_device_unregister(&two);
	assert_int_equal(mapping_hits(MAPPING_LEAK), 1);
	platform_driver_unregister(&managed);
	platform_driver_unregister(&careless);
	down_map();
}

static void pages_that_are_mapped_at_once(void **state)
{
	dma_addr_t handle;
	u8 *p;

	(void)state;
	boot_map(9, true);
	p = dma_alloc_noncoherent(dev, SIZE, &handle, DMA_FROM_DEVICE, GFP_KERNEL);
	assert_non_null(p);
	assert_true(mapping_allows(handle, SIZE, true) && !mapping_allows(handle, 1, false));
	dma_sync_single_for_cpu(dev, handle, SIZE, DMA_FROM_DEVICE);
	assert_int_equal(kernel_stats()->maps, 1);
	dma_free_noncoherent(dev, SIZE, p, handle, DMA_FROM_DEVICE);
	assert_false(mapping_allows(handle, 1, true));
	down_map();
}

static int follow(void *arg)
{
	return *(volatile u8 *)arg;
}

static void following_a_cookie_is_a_fault(void **state)
{
	dma_addr_t handle;
	void *cookie;

	(void)state;
	boot_map(3, false);
	cookie = dma_alloc_attrs(dev, SIZE, &handle, GFP_KERNEL, COOKIE);
	kernel_expect_problem("of memory that has no kernel mapping is followed");
	machine_run(follow, cookie);
	assert_true(kernel_panicked());
	machine_down();
}

static void attributes_as_a_struct(void **state)
{
	DEFINE_DMA_ATTRS(attrs);

	(void)state;
	assert_false(dma_get_attr(DMA_ATTR_WRITE_COMBINE, &attrs));
	dma_set_attr(DMA_ATTR_WRITE_COMBINE, &attrs);
	dma_set_attr(COOKIE, &attrs);
	assert_true(dma_get_attr(COOKIE, &attrs));
	assert_int_equal(dma_attrs_bits(&attrs), DMA_ATTR_WRITE_COMBINE | COOKIE);
	assert_int_equal(dma_attrs_bits(NULL), 0);
	assert_false(dma_get_attr(COOKIE, NULL));
	init_dma_attrs(&attrs);
	assert_int_equal(dma_attrs_bits(&attrs), 0);
}

/* Reach */

static u8 *alloc_above(dma_addr_t limit)
{
	u8 *p[64];
	unsigned int n = 0;

	do
		p[n] = kmalloc(3000, GFP_KERNEL);
	while (machine.ram_bus + virt_to_phys(p[n]) - PHYS_OFFSET <= limit && ++n < ARRAY_SIZE(p));
	assert_true(n < ARRAY_SIZE(p));
	while (n--) {
		u8 *keep = p[n + 1];

		kfree(p[n]);
		p[n] = keep;
	}
	return p[0];
}

static void what_is_too_high_is_bounced(void **state)
{
	dma_addr_t limit, bus;
	u8 *p;

	(void)state;
	boot_map(4, false);
	limit = machine.ram_bus + MACHINE_RAM / 2 - 1;
	assert_false(dma_addressing_limited(dev));
	assert_int_equal(dma_max_mapping_size(dev), SIZE_MAX);
	dev->bus_dma_limit = limit;
	assert_true(dma_addressing_limited(dev));
	assert_int_equal(dma_max_mapping_size(dev), 256 * 1024);
	p = alloc_above(limit);
	memset(p, 1, 3000);
	bus = map(p, 3000, DMA_BIDIRECTIONAL);
	assert_true(bus + 2999 <= limit);
	assert_int_equal(bus % PAGE_SIZE, offset_in_page(p));
	assert_int_equal(*device_view(bus + 2999), 1);
	*device_view(bus + 5) = 2;
	dma_sync_single_for_cpu(dev, bus, 10, DMA_BIDIRECTIONAL);
	assert_int_equal(p[5], 2);
	p[6] = 3;
	dma_sync_single_for_device(dev, bus, 10, DMA_BIDIRECTIONAL);
	assert_int_equal(*device_view(bus + 6), 3);
	*device_view(bus + 2999) = 4;
	dma_unmap_single(dev, bus, 3000, DMA_BIDIRECTIONAL);
	assert_int_equal(p[2999], 4);
	/* The limit may lie in the middle, as long as there is room below it. */
	dev->bus_dma_limit = machine.ram_bus + virt_to_phys(p) - PHYS_OFFSET + 2998;
	bus = map(p, 3000, DMA_TO_DEVICE);
	assert_true(bus + 2999 <= dev->bus_dma_limit);
	dma_unmap_single(dev, bus, 3000, DMA_TO_DEVICE);
	dev->bus_dma_limit++;
	bus = map(p, 3000, DMA_TO_DEVICE);
	assert_int_equal(bus, machine.ram_bus + virt_to_phys(p) - PHYS_OFFSET);
	dma_unmap_single(dev, bus, 3000, DMA_TO_DEVICE);
	kfree(p);
	dev->bus_dma_limit = machine.ram_bus - 1;
	p = kmalloc(100, GFP_KERNEL);
	assert_int_equal(dma_map_single(dev, p, 100, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
	kfree(p);
	down_map();
}

static void coherent_memory_keeps_the_mask(void **state)
{
	dma_addr_t handle;
	unsigned int i;

	(void)state;
	for (i = 0; i < 20; i++) {
		void *p;

		boot_map(i, false);
		dev->bus_dma_limit = machine.ram_bus + MACHINE_RAM / 4 - 1;
		p = dma_alloc_coherent(dev, 100, &handle, GFP_KERNEL);
		assert_non_null(p);
		assert_true(handle + PAGE_SIZE - 1 <= dev->bus_dma_limit);
		dma_free_coherent(dev, 100, p, handle);
		dev->coherent_dma_mask = DMA_BIT_MASK(32);
		assert_null(dma_alloc_coherent(dev, 100, &handle, GFP_KERNEL));
		down_map();
	}
}

static void an_iommu_reaches_all_memory_with_32_bits(void **state)
{
	dma_addr_t bus;
	u8 *p;

	(void)state;
	boot_map(5, true);
	assert_int_equal(dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32)), 0);
	assert_int_equal(dma_get_required_mask(dev), DMA_BIT_MASK(32));
	assert_int_equal(dma_get_merge_boundary(dev), PAGE_SIZE - 1);
	p = kmalloc(100, GFP_KERNEL);
	bus = map(p, 100, DMA_TO_DEVICE);
	assert_true(bus && bus + 99 <= DMA_BIT_MASK(32));
	assert_int_equal(iommu_iova_to_phys(iommu_get_domain_for_dev(dev), bus), virt_to_phys(p));
	dma_unmap_single(dev, bus, 100, DMA_TO_DEVICE);
	assert_int_equal(iommu_iova_to_phys(iommu_get_domain_for_dev(dev), bus), 0);
	assert_null(iommu_get_domain_for_dev(&other.dev));
	kfree(p);
	down_map();
}

static void limits_of_a_device(void **state)
{
	struct device bare = { 0 };

	(void)state;
	boot_map(6, false);
	assert_int_equal(dma_get_max_seg_size(dev), 65536);
	assert_int_equal(dma_get_seg_boundary(dev), ULONG_MAX);
	assert_int_equal(dma_set_max_seg_size(dev, 100), 0);
	assert_int_equal(dma_get_max_seg_size(dev), 100);
	assert_int_equal(dma_set_max_seg_size(&bare, 100), -EIO);
	assert_int_equal(dma_set_seg_boundary(&bare, 0xfff), -EIO);
	assert_int_equal(dma_coerce_mask_and_coherent(&bare, DMA_BIT_MASK(64)), 0);
	assert_int_equal(dma_get_mask(&bare), DMA_BIT_MASK(64));
	assert_true(dma_need_sync(dev, 0));
	assert_int_equal(dma_get_cache_alignment(), 64);
	down_map();
}

static void resources(bool iommu)
{
	dma_addr_t bus;

	boot_map(7, iommu);
	bus = dma_map_resource(dev, 0x40001000, 64, DMA_FROM_DEVICE, 0);
	assert_int_equal(dma_mapping_error(dev, bus), 0);
	assert_true(mapping_allows(bus, 64, true) && !mapping_allows(bus, 64, false));
	assert_int_equal(bus == 0x40001000, !iommu);
	dma_unmap_resource(dev, bus, 64, DMA_FROM_DEVICE, 0);
	kernel_expect_problem("is memory, not a resource");
	assert_int_equal(dma_map_resource(dev, PHYS_OFFSET + 100, 64, DMA_FROM_DEVICE, 0), DMA_MAPPING_ERROR);
	down_map();
}

static void what_is_no_memory_can_be_mapped(void **state)
{
	(void)state;
	resources(false);
	resources(true);
}

/* Address 0 means "not mapped" in many a client, so nobody gets it: not even where a context begins at 0. */
#define MAPPINGS 300

static void nobody_gets_address_zero(void **state)
{
	dma_addr_t addr[MAPPINGS];
	unsigned int i;
	u8 *byte;

	(void)state;
	boot_map(1, true);
	byte = kmalloc(64, GFP_KERNEL);
	assert_int_equal(dma_set_mask(dev, DMA_BIT_MASK(28)), 0);
	for (i = 0; i < MAPPINGS; i++) {
		addr[i] = map(byte, 64, DMA_TO_DEVICE);
		assert_in_range(addr[i], PAGE_SIZE, DMA_BIT_MASK(28));
	}
	for (i = 0; i < MAPPINGS; i++)
		dma_unmap_single(dev, addr[i], 64, DMA_TO_DEVICE);
	kfree(byte);
	down_map();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coherent_memory),
		cmocka_unit_test(memory_without_kernel_mapping),
		cmocka_unit_test(memory_goes_with_its_driver),
		cmocka_unit_test(pages_that_are_mapped_at_once),
		cmocka_unit_test(following_a_cookie_is_a_fault),
		cmocka_unit_test(attributes_as_a_struct),
		cmocka_unit_test(what_is_too_high_is_bounced),
		cmocka_unit_test(coherent_memory_keeps_the_mask),
		cmocka_unit_test(an_iommu_reaches_all_memory_with_32_bits),
		cmocka_unit_test(limits_of_a_device),
		cmocka_unit_test(what_is_no_memory_can_be_mapped),
		cmocka_unit_test(nobody_gets_address_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
