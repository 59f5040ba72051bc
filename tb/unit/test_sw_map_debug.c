// SPDX-License-Identifier: MIT
/*
 * The checks of the debug layer: each is broken once, is found, names the lines that are to blame, and can be made less severe.
 */
#include "test_sw_map.h"

static u8 *p;

static void boot(uint64_t seed)
{
	boot_map(seed, false);
	p = kmalloc(3 * PAGE_SIZE, GFP_KERNEL);
	assert_non_null(p);
}

static void down(void)
{
	kfree(p);
	down_map();
}

/* Undoing otherwise than was done; @each leaves nothing mapped. */

static void undo_twice(void)
{
	dma_addr_t bus = map(p, 100, DMA_TO_DEVICE);

	dma_unmap_single(dev, bus, 100, DMA_TO_DEVICE);
	dma_unmap_single(dev, bus, 100, DMA_TO_DEVICE);
}

static void undo_less(void)
{
	dma_unmap_single(dev, map(p, 100, DMA_TO_DEVICE), 99, DMA_TO_DEVICE);
}

static void undo_as_resource(void)
{
	dma_unmap_resource(dev, map(p, 100, DMA_TO_DEVICE), 100, DMA_TO_DEVICE, 0);
}

static void undo_for_another(void)
{
	dma_unmap_single(&other.dev, map(p, 100, DMA_TO_DEVICE), 100, DMA_TO_DEVICE);
}

static void free_at_another_address(void)
{
	dma_addr_t handle;
	u8 *memory = dma_alloc_coherent(dev, 100, &handle, GFP_KERNEL);

	dma_free_coherent(dev, 100, memory + 1, handle);
}

static void undo_half_a_list(void)
{
	struct scatterlist sg[2];

	sg_init_table(sg, 2);
	sg_set_buf(&sg[0], p, 100);
	sg_set_buf(&sg[1], p + PAGE_SIZE, 100);
	assert_int_equal(dma_map_sg(dev, sg, 2, DMA_TO_DEVICE), 2);
	kernel_expect_problem("leak: scatter list mapping of 100 bytes");
	dma_unmap_sg(dev, sg, 1, DMA_TO_DEVICE);
}

static void undo_the_other_way(void)
{
	dma_unmap_single(dev, map(p, 100, DMA_TO_DEVICE), 100, DMA_BIDIRECTIONAL);
}

static void never_ask(void)
{
	dma_addr_t bus = dma_map_single(dev, p, 100, DMA_TO_DEVICE);

	dma_unmap_single(dev, bus, 100, DMA_TO_DEVICE);
}

static void map_stack(void)
{
	u8 here[100] = { 0 };

	assert_int_equal(dma_map_single(dev, here, sizeof(here), DMA_TO_DEVICE), DMA_MAPPING_ERROR);
}

static void map_code(void)
{
	assert_int_equal(dma_map_single(dev, (void *)(uintptr_t)map_stack, 4, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
}

static void map_constants(void)
{
	assert_int_equal(dma_map_single(dev, (void *)(uintptr_t)"constant", 4, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
}

static void map_nothing(void)
{
	assert_int_equal(dma_map_single(dev, p, 0, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
}

/* Syncs */

static void sync_what_is_not_mapped(void)
{
	dma_sync_single_for_cpu(dev, machine.ram_bus, 4, DMA_FROM_DEVICE);
}

static void sync_too_much(void)
{
	dma_addr_t bus = map(p, 100, DMA_FROM_DEVICE);

	dma_sync_single_for_cpu(dev, bus, 101, DMA_FROM_DEVICE);
	dma_unmap_single(dev, bus, 100, DMA_FROM_DEVICE);
}

static void sync_the_other_way(void)
{
	dma_addr_t bus = map(p, 100, DMA_TO_DEVICE);

	dma_sync_single_for_device(dev, bus, 100, DMA_BIDIRECTIONAL);
	dma_unmap_single(dev, bus, 100, DMA_TO_DEVICE);
}

static void sync_for_nothing(void)
{
	dma_addr_t bus = map(p, 100, DMA_FROM_DEVICE);

	dma_sync_single_for_device(dev, bus, 100, DMA_FROM_DEVICE);
	dma_unmap_single(dev, bus, 100, DMA_FROM_DEVICE);
}

/* Lists that the device cannot take */

static void map_one(unsigned int offset, unsigned int length)
{
	struct scatterlist sg;

	sg_init_one(&sg, p + offset, length);
	assert_int_equal(dma_map_sg(dev, &sg, 1, DMA_TO_DEVICE), 1);
	dma_unmap_sg(dev, &sg, 1, DMA_TO_DEVICE);
}

static void map_too_long(void)
{
	assert_int_equal(dma_set_max_seg_size(dev, 100), 0);
	map_one(0, 101);
}

static void map_across(void)
{
	assert_int_equal(dma_set_seg_boundary(dev, PAGE_SIZE - 1), 0);
	map_one(PAGE_SIZE - 10, 11);
}

/* Cache lines and pages */

static void share_a_line(void)
{
	dma_addr_t one = map(p, 100, DMA_FROM_DEVICE), two = map(p + 100, 100, DMA_BIDIRECTIONAL);

	dma_unmap_single(dev, one, 100, DMA_FROM_DEVICE);
	dma_unmap_single(dev, two, 100, DMA_BIDIRECTIONAL);
}

static void map_twice(void)
{
	dma_addr_t one = map(p, 64, DMA_FROM_DEVICE), two = map(p, 64, DMA_BIDIRECTIONAL);

	dma_unmap_single(dev, one, 64, DMA_FROM_DEVICE);
	dma_unmap_single(dev, two, 64, DMA_BIDIRECTIONAL);
}

static void dirty_before_unmap(void)
{
	dma_addr_t bus = map(p, 100, DMA_BIDIRECTIONAL);

	p[99] ^= 1;
	dma_unmap_single(dev, bus, 100, DMA_BIDIRECTIONAL);
}

static void dirty_beside_in_the_line(void)
{
	dma_addr_t bus = map(p, 100, DMA_FROM_DEVICE);

	p[127] ^= 1;
	dma_unmap_single(dev, bus, 100, DMA_FROM_DEVICE);
}

static void dirty_before_sync(void)
{
	dma_addr_t bus = map(p, 100, DMA_BIDIRECTIONAL);

	p[0] ^= 1;
	dma_sync_single_for_device(dev, bus, 100, DMA_BIDIRECTIONAL);
	dma_unmap_single(dev, bus, 100, DMA_BIDIRECTIONAL);
}

static void dirty_before_sync_for_cpu(void)
{
	dma_addr_t bus = map(p, 100, DMA_FROM_DEVICE);

	p[0] ^= 1;
	dma_sync_single_for_cpu(dev, bus, 100, DMA_FROM_DEVICE);
	dma_unmap_single(dev, bus, 100, DMA_FROM_DEVICE);
}

static void dirty_what_was_sent(void)
{
	dma_addr_t bus = map(p, 100, DMA_TO_DEVICE);

	p[0] ^= 1;
	dma_unmap_single(dev, bus, 100, DMA_TO_DEVICE);
}

static void dirty_a_page(void)
{
	dma_addr_t bus = map(p, PAGE_SIZE, DMA_FROM_DEVICE);

	*(volatile u8 *)p = 1;
	mapping_set_severity(MAPPING_DIRTY, MAPPING_NOTE);
	dma_unmap_single(dev, bus, PAGE_SIZE, DMA_FROM_DEVICE);
}

static void read_a_page(void)
{
	dma_addr_t bus = map(p, PAGE_SIZE, DMA_FROM_DEVICE);

	(void)*(volatile u8 *)p;
	dma_unmap_single(dev, bus, PAGE_SIZE, DMA_FROM_DEVICE);
}

static void free_what_is_mapped(void)
{
	u8 *page = kmalloc(PAGE_SIZE, GFP_KERNEL);
	dma_addr_t bus = map(page, PAGE_SIZE, DMA_FROM_DEVICE);

	kfree(page);
	dma_unmap_single(dev, bus, PAGE_SIZE, DMA_FROM_DEVICE);
}

static const struct {
	enum mapping_check check;
	void (*break_it)(void);
	const char *says;
} cases[] = {
	{ MAPPING_UNKNOWN, undo_twice, "where nothing is mapped, at tb/unit/test_sw_map_debug.c" },
	{ MAPPING_SIZE, undo_less, "mapped with 100 bytes, unmapped with 99 at tb/unit/test_sw_map_debug.c" },
	{ MAPPING_FUNCTION, undo_as_resource, "mapped as single or page, undone as resource at" },
	{ MAPPING_DEVICE, undo_for_another, "mapped for another device than it is unmapped for at" },
	{ MAPPING_CPU_ADDRESS, free_at_another_address, "is freed at tb/unit/test_sw_map_debug.c" },
	{ MAPPING_ENTRIES, undo_half_a_list, "mapped with 2 entries, unmapped with 1 at" },
	{ MAPPING_DIRECTION, undo_the_other_way, "mapped TO_DEVICE, unmapped BIDIRECTIONAL at" },
	{ MAPPING_UNCHECKED, never_ask, "dma_mapping_error() was never asked" },
	{ MAPPING_MEMORY, map_stack, "it is on the stack" },
	{ MAPPING_MEMORY, map_code, "it is code" },
	{ MAPPING_MEMORY, map_constants, "it is data of the program" },
	{ MAPPING_ARGUMENT, map_nothing, "there is nothing to map" },
	{ MAPPING_SYNC_UNKNOWN, sync_what_is_not_mapped, "which are not inside one mapping, at" },
	{ MAPPING_SYNC_RANGE, sync_too_much, "100 bytes are mapped, at" },
	{ MAPPING_SYNC_DIRECTION, sync_the_other_way, "BIDIRECTIONAL of a mapping TO_DEVICE, at" },
	{ MAPPING_SYNC_USELESS, sync_for_nothing, "passes nothing on" },
	{ MAPPING_SEGMENT_SIZE, map_too_long, "an entry of 101 bytes, and the device takes 100" },
	{ MAPPING_SEGMENT_BOUNDARY, map_across, "crosses a boundary of the device" },
	{ MAPPING_OVERLAP, share_a_line, "by the mapping made at tb/unit/test_sw_map.h" },
	{ MAPPING_NESTED, map_twice, "by the mapping made at tb/unit/test_sw_map.h" },
	{ MAPPING_DIRTY, dirty_before_unmap, "wrote to 1 cache lines" },
	{ MAPPING_DIRTY, dirty_beside_in_the_line, "they come back at tb/unit/test_sw_map_debug.c" },
	{ MAPPING_DIRTY, dirty_before_sync, "which the device owns since tb/unit/test_sw_map.h" },
	{ MAPPING_DIRTY, dirty_before_sync_for_cpu, "they come back at tb/unit/test_sw_map_debug.c" },
	{ MAPPING_DIRTY, dirty_what_was_sent, "for the device to read, and there was no sync" },
	{ MAPPING_DIRTY, dirty_a_page, "the CPU writes at" },
	{ MAPPING_STALE, read_a_page, "the CPU reads at" },
	{ MAPPING_FREED, free_what_is_mapped, "was freed before it was unmapped at tb/unit/test_sw_map_debug.c" },
};

static void every_check_finds_what_it_is_for(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		boot(i);
		mapping_set_severity(cases[i].check, MAPPING_ERROR);
		kernel_expect_problem(cases[i].says);
		cases[i].break_it();
		if (!mapping_hits(cases[i].check))
			fail_msg("check \"%s\" found nothing in case %zu", mapping_check_name(cases[i].check), i);
		down();
	}
}

static void severities_decide(void **state)
{
	(void)state;
	boot(1);
	assert_int_equal(mapping_set_severity(MAPPING_DIRECTION, MAPPING_WARNING), MAPPING_ERROR);
	undo_the_other_way();
	assert_int_equal(kernel_problems(), 0);
	assert_int_equal(mapping_set_severity(MAPPING_DIRECTION, MAPPING_NOTE), MAPPING_WARNING);
	undo_the_other_way();
	assert_int_equal(kernel_problems(), 0);
	assert_int_equal(mapping_hits(MAPPING_DIRECTION), 2);
	down();
	boot(1);
	assert_int_equal(mapping_hits(MAPPING_DIRECTION), 0);
	assert_int_equal(mapping_set_severity(MAPPING_DIRECTION, MAPPING_ERROR), MAPPING_ERROR);
	down();
}

/* What one transaction writes and the next one reads is mapped for the second while the first still runs. */
static void a_map_does_not_undo_what_the_device_wrote(void **state)
{
	dma_addr_t one, two, three;

	(void)state;
	boot(3);
	memset(p, 1, 2 * PAGE_SIZE);
	one = map(p, PAGE_SIZE + 100, DMA_FROM_DEVICE);
	memset(device_view(one), 2, PAGE_SIZE + 100);
	two = map(p, PAGE_SIZE + 100, DMA_TO_DEVICE);
	three = map(p, PAGE_SIZE + 100, DMA_BIDIRECTIONAL);
	assert_int_equal(*device_view(two), 2);
	assert_int_equal(*device_view(two + PAGE_SIZE + 99), 2);
	memset(device_view(three) + 10, 3, 10);
	dma_unmap_single(dev, one, PAGE_SIZE + 100, DMA_FROM_DEVICE);
	dma_unmap_single(dev, two, PAGE_SIZE + 100, DMA_TO_DEVICE);
	memset(device_view(three) + 20, 4, 10);
	dma_unmap_single(dev, three, PAGE_SIZE + 100, DMA_BIDIRECTIONAL);
	assert_int_equal(p[0], 2);
	assert_int_equal(p[10], 3);
	assert_int_equal(p[20], 4);
	assert_int_equal(p[PAGE_SIZE + 99], 2);
	assert_int_equal(p[PAGE_SIZE + 100], 1);
	assert_int_equal(mapping_hits(MAPPING_OVERLAP), 0);
	down();
}

/* The same as above, done as it should be. */
static void what_is_right_is_silent(void **state)
{
	dma_addr_t one, two;

	(void)state;
	boot(2);
	one = map(p, 100, DMA_TO_DEVICE);
	two = map(p + 20, 40, DMA_FROM_DEVICE);
	dma_sync_single_for_cpu(dev, two, 40, DMA_FROM_DEVICE);
	p[63] ^= 1;
	dma_sync_single_for_device(dev, one, 100, DMA_TO_DEVICE);
	p[0] ^= 1;
	dma_sync_single_for_device(dev, one, 100, DMA_TO_DEVICE);
	dma_unmap_single(dev, one, 100, DMA_TO_DEVICE);
	dma_unmap_single(dev, two, 40, DMA_FROM_DEVICE);
	one = map(p, PAGE_SIZE, DMA_BIDIRECTIONAL);
	dma_sync_single_for_cpu(dev, one, PAGE_SIZE, DMA_BIDIRECTIONAL);
	p[7] = p[8];
	dma_sync_single_for_device(dev, one, PAGE_SIZE, DMA_BIDIRECTIONAL);
	dma_unmap_single(dev, one, PAGE_SIZE, DMA_BIDIRECTIONAL);
	p[7] = p[9];
	down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_check_finds_what_it_is_for),
		cmocka_unit_test(severities_decide),
		cmocka_unit_test(a_map_does_not_undo_what_the_device_wrote),
		cmocka_unit_test(what_is_right_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
