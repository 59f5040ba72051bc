// SPDX-License-Identifier: MIT
/*
 * The two views of memory: what the device sees of the CPU's writes and the other way round, when, and what is reported.
 */
#include "test_sw_machine.h"

#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include "mapping/mapping.h"

static struct platform_device device;
static struct device *const dev = &device.dev;

static void boot(uint64_t seed)
{
	machine_boot(&machine_no_device, seed);
	memset(&device, 0, sizeof(device));
	device.name = "tester";
	platform_device_register(&device);
	assert_int_equal(dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)), 0);
}

static void down(void)
{
	platform_device_unregister(&device);
	machine_down();
}

static u8 *device_view(dma_addr_t bus)
{
	return machine.ram + (bus - machine.ram_bus);
}

static dma_addr_t map(void *p, size_t size, enum dma_data_direction dir)
{
	dma_addr_t bus = dma_map_single(dev, p, size, dir);

	assert_int_equal(dma_mapping_error(dev, bus), 0);
	return bus;
}

static void views_meet_at_map_and_unmap(void **state)
{
	dma_addr_t to, from, both;
	u8 *p;

	(void)state;
	boot(1);
	p = kmalloc(384, GFP_KERNEL);
	memset(p, 1, 384);
	to = map(p, 128, DMA_TO_DEVICE);
	from = map(p + 128, 128, DMA_FROM_DEVICE);
	both = map(p + 256, 128, DMA_BIDIRECTIONAL);
	assert_true(to >= MACHINE_BUS && to < MACHINE_BUS + MACHINE_RAM);
	assert_int_equal(to - MACHINE_BUS, virt_to_phys(p) - PHYS_OFFSET);
	assert_int_equal(*device_view(to), 1);
	assert_int_not_equal(*device_view(from), 1);
	assert_int_equal(*device_view(both), 1);
	memset(device_view(to), 2, 384);
	assert_int_equal(p[0] | p[128] | p[256], 1);
	dma_unmap_single(dev, to, 128, DMA_TO_DEVICE);
	dma_unmap_single(dev, from, 128, DMA_FROM_DEVICE);
	dma_unmap_single(dev, both, 128, DMA_BIDIRECTIONAL);
	assert_int_equal(p[0], 1);
	assert_int_equal(p[128], 2);
	assert_int_equal(p[383], 2);
	kfree(p);
	down();
}

static void a_forgotten_sync_shows(void **state)
{
	dma_addr_t bus;
	u8 *p;

	(void)state;
	boot(2);
	p = kmalloc(100, GFP_KERNEL);
	memset(p, 1, 100);
	bus = map(p, 100, DMA_BIDIRECTIONAL);
	*device_view(bus + 10) = 9;
	assert_int_equal(p[10], 1);
	dma_sync_single_range_for_cpu(dev, bus, 10, 5, DMA_BIDIRECTIONAL);
	assert_int_equal(p[10], 9);
	p[10] = 8;
	p[20] = 8;
	assert_int_equal(*device_view(bus + 10), 9);
	dma_sync_single_for_device(dev, bus, 15, DMA_BIDIRECTIONAL);
	assert_int_equal(*device_view(bus + 10), 8);
	assert_int_equal(*device_view(bus + 20), 1);
	dma_unmap_single_attrs(dev, bus, 100, DMA_BIDIRECTIONAL, DMA_ATTR_SKIP_CPU_SYNC);
	assert_int_equal(p[20], 8);
	kfree(p);
	down();
}

static void coherent_memory_is_one(void **state)
{
	dma_addr_t handle;
	u8 *p;

	(void)state;
	boot(3);
	p = dma_alloc_coherent(dev, 5000, &handle, GFP_KERNEL);
	assert_ptr_equal(p, device_view(handle));
	assert_int_equal(p[0] | p[8191], 0);
	assert_int_equal(handle % PAGE_SIZE, 0);
	assert_false(virt_addr_valid(p));
	kernel_expect_problem("it is not page or kmalloc memory");
	assert_int_equal(dma_map_single(dev, p, 10, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
	dma_free_coherent(dev, 5000, p, handle);
	dma_free_coherent(dev, 5000, NULL, 0);
	assert_null(dma_alloc_coherent(dev, MACHINE_RAM + 1, &handle, GFP_KERNEL));
	down();
}

static void lists_map_entry_by_entry(void **state)
{
	struct scatterlist *sg;
	struct sg_table table;
	struct page *page[3];
	unsigned int i;

	(void)state;
	boot(4);
	for (i = 0; i < 3; i++)
		page[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	assert_int_equal(sg_alloc_table_from_pages(&table, page, 3, 50, 3 * PAGE_SIZE - 100, GFP_KERNEL), 0);
	assert_int_equal(dma_map_sgtable(dev, &table, DMA_BIDIRECTIONAL, 0), 0);
	assert_int_equal(mapping_count(), table.nents);
	for_each_sgtable_dma_sg(&table, sg, i) {
		assert_int_equal(sg_dma_address(sg), machine.ram_bus + sg_phys(sg) - PHYS_OFFSET);
		memset(device_view(sg_dma_address(sg)), 3, sg_dma_len(sg));
	}
	dma_sync_sgtable_for_cpu(dev, &table, DMA_BIDIRECTIONAL);
	assert_int_equal(((u8 *)sg_virt(table.sgl))[7], 3);
	dma_unmap_sgtable(dev, &table, DMA_BIDIRECTIONAL, 0);
	assert_int_equal(dma_map_sg(dev, table.sgl, 2, DMA_TO_DEVICE), 2);
	kernel_expect_problem("mapped with 2 entries, unmapped with 1");
	dma_unmap_sg(dev, table.sgl, 1, DMA_TO_DEVICE);
	kernel_expect_problem("leak: scatter list mapping");
	sg_free_table(&table);
	for (i = 0; i < 3; i++)
		__free_page(page[i]);
	down();
}

static void misuse_is_reported(void **state)
{
	dma_addr_t bus;
	u8 *p;

	(void)state;
	boot(5);
	p = kmalloc(100, GFP_KERNEL);
	bus = map(p, 100, DMA_TO_DEVICE);
	kernel_expect_problem("mapped with 100 bytes, unmapped with 99");
	kernel_expect_problem("mapped TO_DEVICE, unmapped FROM_DEVICE");
	dma_unmap_single(dev, bus, 99, DMA_FROM_DEVICE);
	kernel_expect_problem("where nothing is mapped");
	dma_unmap_single(dev, bus, 100, DMA_TO_DEVICE);
	kernel_expect_problem("not inside one mapping");
	dma_sync_single_for_cpu(dev, bus, 100, DMA_FROM_DEVICE);

	bus = dma_map_single(dev, p, 100, DMA_TO_DEVICE);
	kernel_expect_problem("not inside one mapping");
	dma_sync_single_for_device(dev, bus, 101, DMA_TO_DEVICE);
	kernel_expect_problem("sync for CPU FROM_DEVICE of a mapping TO_DEVICE");
	dma_sync_single_for_cpu(dev, bus, 100, DMA_FROM_DEVICE);
	kernel_expect_problem("dma_mapping_error() was never asked");
	dma_unmap_single(dev, bus, 100, DMA_TO_DEVICE);
	kernel_expect_problem("there is no such direction");
	assert_int_equal(dma_map_single(dev, p, 100, DMA_NONE), DMA_MAPPING_ERROR);
	kernel_expect_problem("there is nothing to map");
	assert_int_equal(dma_map_single(dev, p, 0, DMA_TO_DEVICE), DMA_MAPPING_ERROR);

	kernel_expect_problem("leak: single or page mapping of 100 bytes, FROM_DEVICE, made at tb/unit/test_sw_mapping.c");
	map(p, 100, DMA_FROM_DEVICE);
	kfree(p);
	kernel_expect_problem("it is not allocated memory");
	assert_int_equal(dma_map_single(dev, p, 100, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
	down();
}

static void masks_are_kept(void **state)
{
	u8 *p;

	(void)state;
	boot(6);
	p = kmalloc(100, GFP_KERNEL);
	assert_int_equal(dma_set_mask(dev, DMA_BIT_MASK(32)), -EIO);
	assert_int_equal(dma_get_mask(dev), DMA_BIT_MASK(64));
	*dev->dma_mask = DMA_BIT_MASK(32);
	assert_int_equal(dma_map_single(dev, p, 100, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
	assert_int_equal(dma_mapping_error(dev, DMA_MAPPING_ERROR), -ENOMEM);
	dev->dma_mask = NULL;
	assert_int_equal(dma_set_mask(dev, DMA_BIT_MASK(64)), -EIO);
	kernel_expect_problem("the device cannot do DMA");
	assert_int_equal(dma_map_single(dev, p, 100, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
	kfree(p);
	down();
}

static void the_device_may_touch_what_is_mapped(void **state)
{
	dma_addr_t to, from, handle;
	void *coherent;
	u8 *p;

	(void)state;
	boot(7);
	p = kmalloc(100, GFP_KERNEL);
	coherent = dma_alloc_coherent(dev, 64, &handle, GFP_KERNEL);
	to = map(p, 50, DMA_TO_DEVICE);
	from = map(p + 50, 50, DMA_FROM_DEVICE);
	assert_true(mapping_allows(to, 50, false));
	assert_false(mapping_allows(to, 51, false));
	assert_false(mapping_allows(to, 1, true));
	assert_false(mapping_allows(to - 1, 2, false));
	assert_true(mapping_allows(from, 50, true));
	assert_false(mapping_allows(from, 1, false));
	assert_true(mapping_allows(handle, 64, true) && mapping_allows(handle, 64, false));
	dma_unmap_single(dev, from, 50, DMA_FROM_DEVICE);
	from = map(p + 50, 50, DMA_BIDIRECTIONAL);
	assert_true(mapping_allows(to, 100, false));
	dma_unmap_single(dev, from, 50, DMA_BIDIRECTIONAL);
	dma_unmap_single(dev, to, 50, DMA_TO_DEVICE);
	assert_false(mapping_allows(to, 1, false));
	assert_int_equal(kernel_stats()->maps, 3);
	assert_int_equal(kernel_stats()->unmaps, 3);
	dma_free_coherent(dev, 64, coherent, handle);
	kfree(p);
	down();
}

static void pools_cut_coherent_memory(void **state)
{
	struct dma_pool *pool;
	dma_addr_t handle[200];
	u8 *block[200];
	unsigned int i;

	(void)state;
	boot(8);
	assert_null(dma_pool_create("bad", dev, 0, 8, 0));
	assert_null(dma_pool_create("bad", dev, 8, 3, 0));
	assert_null(dma_pool_create("bad", dev, 100, 4, 64));
	pool = dma_pool_create("blocks", dev, 100, 32, 256);
	for (i = 0; i < 200; i++) {
		block[i] = dma_pool_zalloc(pool, GFP_ATOMIC, &handle[i]);
		assert_ptr_equal(block[i], device_view(handle[i]));
		assert_int_equal(handle[i] % 32, 0);
		assert_true(handle[i] / 256 == (handle[i] + 99) / 256);
		assert_int_equal(block[i][99], 0);
		memset(block[i], (int)i, 100);
	}
	for (i = 0; i < 200; i++)
		assert_int_equal(block[i][99], (u8)i);
	for (i = 1; i < 200; i++)
		dma_pool_free(pool, block[i], handle[i]);
	kernel_expect_problem("a block is freed twice");
	dma_pool_free(pool, block[5], handle[5]);
	kernel_expect_problem("free of a block that is not its own");
	dma_pool_free(pool, block[5] + 1, handle[5] + 1);
	kernel_expect_problem("1 blocks were not freed");
	dma_pool_destroy(pool);
	dma_pool_destroy(NULL);
	down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views_meet_at_map_and_unmap),
		cmocka_unit_test(a_forgotten_sync_shows),
		cmocka_unit_test(coherent_memory_is_one),
		cmocka_unit_test(lists_map_entry_by_entry),
		cmocka_unit_test(misuse_is_reported),
		cmocka_unit_test(masks_are_kept),
		cmocka_unit_test(the_device_may_touch_what_is_mapped),
		cmocka_unit_test(pools_cut_coherent_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
