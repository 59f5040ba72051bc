// SPDX-License-Identifier: MIT
/*
 * Contexts as the IOMMU is told of them: a driver's device has all streams, a part of it takes one, and gives it back when it goes. What
 * is mapped for one is not allowed to the other, whatever the address.
 */
#include "test_sw_map.h"

#include <linux/iommu.h>
#include <linux/of_device.h>

#define STREAM 3u
#define SIZE 100
#define MANY (2 * IOMMU_CONTEXTS)

static struct device_driver driver = { .name = "tester" };
static struct device part;

static void boot_contexts(uint64_t seed)
{
	boot_map(seed, true);
	iommu_port_same_start();
	dev->driver = &driver;
}

static void down_contexts(void)
{
	dev->driver = NULL;
	down_map();
}

static int make_part(u32 stream)
{
	device_initialize(&part);
	assert_int_equal(dev_set_name(&part, "part%u", stream), 0);
	assert_int_equal(dma_coerce_mask_and_coherent(&part, DMA_BIT_MASK(64)), 0);
	return of_dma_configure_id(&part, NULL, true, &stream);
}

static void a_driver_has_all_streams(void **state)
{
	unsigned int i;
	dma_addr_t bus;
	u8 *p;

	(void)state;
	boot_contexts(1);
	p = kmalloc(SIZE, GFP_KERNEL);
	bus = map(p, SIZE, DMA_TO_DEVICE);
	assert_int_not_equal(wire.context[0], IOMMU_NO_CONTEXT);
	assert_int_not_equal(wire.root[wire.context[0]], 0);
	for (i = 0; i < IOMMU_STREAMS; i++) {
		assert_int_equal(wire.context[i], wire.context[0]);
		assert_true(mapping_stream_allows(i, bus, SIZE, false));
	}
	dma_unmap_single(dev, bus, SIZE, DMA_TO_DEVICE);
	assert_int_equal(wire.invalidated, wire.context[0]);
	kfree(p);
	down_contexts();
}

static void a_part_has_its_own(void **state)
{
	dma_addr_t whole, own;
	char text[200];
	u8 *p, *q;

	(void)state;
	boot_contexts(2);
	p = (u8 *)__get_free_page(GFP_KERNEL);
	q = (u8 *)__get_free_page(GFP_KERNEL);
	whole = map(p, SIZE, DMA_TO_DEVICE);
	assert_false(device_iommu_mapped(&part));
	assert_int_equal(make_part(STREAM), 0);
	assert_true(device_iommu_mapped(&part));
	assert_int_not_equal(wire.context[STREAM], wire.context[0]);
	own = dma_map_single(&part, q, 2 * SIZE, DMA_TO_DEVICE);
	assert_int_equal(dma_mapping_error(&part, own), 0);
	/* The same address, and another page */
	assert_int_equal(own, whole);
	assert_true(mapping_stream_allows(STREAM, own, 2 * SIZE, false));
	assert_false(mapping_stream_allows(0, own, 2 * SIZE, false));
	assert_int_equal(iommu_iova_to_phys(iommu_get_domain_for_dev(&part), own), virt_to_phys(q));
	assert_int_equal(iommu_iova_to_phys(iommu_get_domain_for_dev(dev), own), virt_to_phys(p));
	dma_unmap_single(&part, own, 2 * SIZE, DMA_TO_DEVICE);
	assert_int_equal(wire.invalidated, wire.context[STREAM]);
	assert_false(mapping_stream_allows(STREAM, own, 1, false));
	mapping_explain(STREAM, whole + SIZE - 1, false, text, sizeof(text));
	assert_non_null(strstr(text, "was ended"));
	device_unregister(&part);
	assert_int_equal(wire.context[STREAM], IOMMU_NO_CONTEXT);
	assert_int_not_equal(wire.context[0], IOMMU_NO_CONTEXT);
	dma_unmap_single(dev, whole, SIZE, DMA_TO_DEVICE);
	free_page((unsigned long)p);
	free_page((unsigned long)q);
	down_contexts();
}

static void what_is_another_ones_is_named(void **state)
{
	dma_addr_t bus;
	char text[200];
	u8 *p;

	(void)state;
	boot_contexts(3);
	assert_int_equal(make_part(STREAM), 0);
	p = kmalloc(SIZE, GFP_KERNEL);
	bus = map(p, SIZE, DMA_TO_DEVICE);
	assert_true(mapping_stream_allows(0, bus, SIZE, false));
	assert_false(mapping_stream_allows(STREAM, bus, SIZE, false));
	mapping_explain(STREAM, bus, false, text, sizeof(text));
	assert_non_null(strstr(text, "it is mapped for tester.0, not for part3"));
	dma_unmap_single(dev, bus, SIZE, DMA_TO_DEVICE);
	kfree(p);
	device_unregister(&part);
	down_contexts();
}

static void bad_streams_are_refused(void **state)
{
	const u32 stream = STREAM;

	(void)state;
	boot_contexts(4);
	assert_int_equal(make_part(IOMMU_STREAMS), -EINVAL);
	assert_int_equal(make_part(STREAM), 0);
	assert_int_equal(of_dma_configure_id(&part, NULL, true, &stream), -EINVAL);
	assert_int_equal(of_dma_configure_id(dev, NULL, true, NULL), -EINVAL);
	device_unregister(&part);
	down_contexts();
	boot_map(5, false);
	assert_int_equal(make_part(STREAM), 0);
	assert_false(device_iommu_mapped(&part));
	device_unregister(&part);
	down_map();
}

static void numbers_are_used_again(void **state)
{
	unsigned int i;

	(void)state;
	boot_contexts(6);
	for (i = 0; i < MANY; i++) {
		assert_int_equal(make_part(i % IOMMU_STREAMS), 0);
		assert_true(wire.context[i % IOMMU_STREAMS] && wire.context[i % IOMMU_STREAMS] <= IOMMU_CONTEXTS);
		device_unregister(&part);
		assert_int_equal(wire.context[i % IOMMU_STREAMS], IOMMU_NO_CONTEXT);
	}
	down_contexts();
}

static void what_a_part_leaves_is_told(void **state)
{
	dma_addr_t bus;
	u8 *p;

	(void)state;
	boot_contexts(7);
	assert_int_equal(make_part(STREAM), 0);
	p = kmalloc(SIZE, GFP_KERNEL);
	bus = dma_map_single(&part, p, SIZE, DMA_TO_DEVICE);
	assert_int_equal(dma_mapping_error(&part, bus), 0);
	kernel_expect_problem("leak: single or page mapping of 100 bytes, TO_DEVICE");
	device_unregister(&part);
	kfree(p);
	down_contexts();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_driver_has_all_streams),
		cmocka_unit_test(a_part_has_its_own),
		cmocka_unit_test(what_is_another_ones_is_named),
		cmocka_unit_test(bad_streams_are_refused),
		cmocka_unit_test(numbers_are_used_again),
		cmocka_unit_test(what_a_part_leaves_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
