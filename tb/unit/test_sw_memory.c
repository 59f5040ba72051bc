// SPDX-License-Identifier: MIT
/*
 * Pages, kmalloc, addresses, lists and scatter lists.
 */
#include "test_sw_machine.h"

#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#define CONFIG_IS_ONE 1
#define CONFIG_IS_MODULE_MODULE 1

#ifdef __SANITIZE_ADDRESS__
#define UNDER_ASAN 1
#else
#define UNDER_ASAN 0
#endif

static void boot(uint64_t seed)
{
	machine_boot(&machine_no_device, seed);
}

static void pages_are_scattered_and_have_three_addresses(void **state)
{
	struct page *page[64];
	unsigned int i, next_to = 0;

	(void)state;
	boot(1);
	for (i = 0; i < 64; i++) {
		page[i] = alloc_page(GFP_KERNEL);
		assert_non_null(page[i]);
		next_to += i && page[i] == page[i - 1] + 1;
		assert_ptr_equal(virt_to_page((u8 *)page_address(page[i]) + 4095), page[i]);
		assert_ptr_equal(pfn_to_page(page_to_pfn(page[i])), page[i]);
		assert_int_equal(virt_to_phys(page_address(page[i])), page_to_phys(page[i]));
		assert_ptr_equal(phys_to_virt(page_to_phys(page[i])), page_address(page[i]));
		assert_true(page_to_phys(page[i]) != (uintptr_t)page_address(page[i]));
		assert_true(page_to_phys(page[i]) < MACHINE_BUS);
	}
	assert_true(next_to < 8);
	for (i = 0; i < 64; i++)
		__free_page(page[i]);
	machine_down();
}

static void runs_of_pages_are_aligned(void **state)
{
	struct page *page;
	unsigned int order;

	(void)state;
	boot(2);
	for (order = 0; order < 6; order++) {
		page = alloc_pages(GFP_KERNEL | __GFP_ZERO, order);
		assert_int_equal(page_to_pfn(page) % (1u << order), 0);
		assert_int_equal(((u8 *)page_address(page))[(PAGE_SIZE << order) - 1], 0);
		__free_pages(page, order);
	}
	assert_null(alloc_pages(GFP_KERNEL, 20));
	machine_down();
}

static void memory_runs_out_and_comes_back(void **state)
{
	static struct page *page[MACHINE_RAM / PAGE_SIZE];
	size_t i, all = MACHINE_RAM / PAGE_SIZE;

	(void)state;
	boot(3);
	assert_int_equal(kernel_reserve_ram(5000) % PAGE_SIZE, 0);
	for (i = 0; i < all - 2; i++) {
		page[i] = alloc_page(GFP_ATOMIC);
		assert_non_null(page[i]);
	}
	assert_null(alloc_page(GFP_ATOMIC));
	assert_null(kmalloc(10, GFP_ATOMIC));
	assert_int_equal(kernel_reserve_ram(1), (size_t)-1);
	for (i = 0; i < all - 2; i++)
		__free_page(page[i]);
	machine_down();
}

static void a_write_to_a_free_page_is_found(void **state)
{
	size_t left = MACHINE_RAM / PAGE_SIZE, i;
	static struct page *page[MACHINE_RAM / PAGE_SIZE];
	struct page *freed;

	(void)state;
	boot(4);
	freed = alloc_page(GFP_KERNEL);
	__free_page(freed);
	machine.ram[page_to_phys(freed) - PHYS_OFFSET + 77] = 1;
	kernel_expect_problem("the device wrote to a free page");
	if (!UNDER_ASAN) {
		((u8 *)page_address(freed))[9] = 1;
		kernel_expect_problem("the CPU wrote to a free page");
	}
	for (i = 0; i < left; i++)
		page[i] = alloc_page(GFP_KERNEL);
	for (i = 0; i < left; i++)
		__free_page(page[i]);
	machine_down();
}

static void kmalloc_is_aligned_and_guarded(void **state)
{
	static const size_t sizes[] = { 1, 8, 64, 65, 100, 500, 1024, 2000, 2040, 2041, 4096, 5000, 16384 };
	unsigned int i, j;
	u8 *p;

	(void)state;
	boot(5);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = kmalloc(sizes[i], GFP_KERNEL);
		assert_int_equal((uintptr_t)p % (sizes[i] >= PAGE_SIZE ? PAGE_SIZE : 64), 0);
		assert_true(virt_addr_valid(p));
		memset(p, 0xff, sizes[i]);
		kfree(p);
		p = kzalloc(sizes[i], GFP_ATOMIC);
		for (j = 0; j < sizes[i]; j++)
			assert_int_equal(p[j], 0);
		kfree(p);
	}
	kfree(NULL);
	assert_null(kcalloc((size_t)1 << 40, (size_t)1 << 40, GFP_KERNEL));
	machine_down();
}

static void misuse_of_kmalloc_is_found(void **state)
{
	u8 *p, *q, *keep;

	(void)state;
	boot(6);
	keep = kmalloc(100, GFP_KERNEL);
	p = kmalloc(100, GFP_KERNEL);
	kernel_expect_problem("which is not allocated");
	kfree(p + 64);
	kfree(p);
	kernel_expect_problem("which is not allocated");
	kfree(p);
	kernel_expect_problem("is not page or kmalloc memory");
	kfree(&p);
	if (!UNDER_ASAN) {
		kernel_expect_problem("behind its end: 100 bytes");
		keep[100] = 0;
		q = kmalloc(5000, GFP_KERNEL);
		kernel_expect_problem("behind its end: 5000 bytes");
		q[5000] = 0;
		kfree(q);
	}
	kfree(keep);
	machine_down();
}

static void leaks_name_their_line(void **state)
{
	(void)state;
	boot(7);
	(void)!kmalloc(123, GFP_KERNEL);
	(void)!kmalloc(9000, GFP_KERNEL);
	(void)!alloc_pages(GFP_KERNEL, 2);
	kernel_expect_problem("123 bytes, allocated at tb/unit/test_sw_memory.c");
	kernel_expect_problem("3 pages, kmalloc of tb/unit/test_sw_memory.c");
	kernel_expect_problem("4 pages, pages of tb/unit/test_sw_memory.c");
	machine_down();
}

static void registers_are_no_memory(void **state)
{
	u8 __iomem *regs;

	(void)state;
	boot(8);
	assert_null(ioremap(0x1000, 0x100));
	assert_null(ioremap(0x40000000, 0x3000));
	regs = ioremap(0x40000000, 0x2000);
	assert_non_null(regs);
	iounmap(regs);
	kernel_expect_problem("which is not mapped");
	iounmap(regs);
	machine_down();
}

struct item {
	int value;
	struct list_head node;
};

static int digits(struct list_head *head)
{
	struct item *item;
	int all = 0;

	list_for_each_entry(item, head, node)
		all = all * 10 + item->value;
	return all;
}

static void lists_keep_their_order(void **state)
{
	struct item items[6];
	struct item *item, *next;
	LIST_HEAD(a);
	LIST_HEAD(b);
	int i;

	(void)state;
	assert_null(list_first_entry_or_null(&a, struct item, node));
	for (i = 0; i < 6; i++) {
		items[i].value = i + 1;
		list_add_tail(&items[i].node, i < 3 ? &a : &b);
	}
	assert_int_equal(digits(&a), 123);
	list_splice_init(&b, &a);
	assert_int_equal(digits(&a), 456123);
	assert_true(list_empty(&b));
	list_move(&items[0].node, &a);
	list_move_tail(&items[3].node, &b);
	list_splice_tail_init(&a, &b);
	assert_int_equal(digits(&b), 415623);
	list_for_each_entry_safe(item, next, &b, node)
		if (item->value % 2)
			list_del_init(&item->node);
	assert_int_equal(digits(&b), 462);
	assert_true(list_is_last(&items[1].node, &b));
	assert_int_equal(list_last_entry(&b, struct item, node)->value, 2);
}

static void small_helpers(void **state)
{
	DECLARE_BITMAP(part, 100);
	DECLARE_BITMAP(whole, 100);

	(void)state;
	bitmap_zero(part, 100);
	bitmap_zero(whole, 100);
	set_bit(70, part);
	assert_false(bitmap_subset(part, whole, 100));
	assert_false(test_and_set_bit(70, whole));
	assert_true(bitmap_subset(part, whole, 100));
	assert_int_equal(find_next_bit(whole, 100, 0), 70);
	assert_int_equal(find_next_bit(whole, 100, 71), 100);
	assert_int_equal(FIELD_GET(0xff00u, 0x1234u), 0x12);
	assert_int_equal(FIELD_PREP(0xff00000000ull, 0x1ffull), 0xff00000000ull);
	assert_int_equal(ALIGN(13, 8) + ALIGN_DOWN(13, 8), 24);
	assert_int_equal(min(max(3, 5), 4), 4);
	assert_int_equal(IS_ENABLED(CONFIG_IS_ONE) + 10 * IS_BUILTIN(CONFIG_IS_MODULE) + 100 * IS_ENABLED(CONFIG_IS_NOT), 1);
	assert_int_equal(IS_ENABLED(CONFIG_IS_MODULE) + 10 * IS_MODULE(CONFIG_IS_ONE) + 100 * IS_MODULE(CONFIG_IS_MODULE), 101);
	assert_int_equal(get_order(1) + 10 * get_order(PAGE_SIZE + 1) + 100 * get_order(9 * PAGE_SIZE), 410);
	assert_true(IS_ERR(ERR_PTR(-EIO)) && PTR_ERR(ERR_PTR(-EIO)) == -EIO && !IS_ERR(&part));
	assert_int_equal(lower_32_bits(0x123456789abcdefull) ^ upper_32_bits(0x123456789abcdefull), 0x89abcdef ^ 0x1234567);
}

static unsigned int total(struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i, bytes = 0;

	for_each_sgtable_sg(table, sg, i)
		bytes += sg->length;
	return bytes;
}

static void scatter_lists_chain(void **state)
{
	static const unsigned int counts[] = { 1, 2, 127, 128, 129, 254, 255, 256, 400 };
	struct sg_table table;
	struct scatterlist *sg;
	unsigned int i, n;
	u8 *buf;

	(void)state;
	boot(9);
	buf = kmalloc(64, GFP_KERNEL);
	assert_int_equal(sg_alloc_table(&table, 0, GFP_KERNEL), -EINVAL);
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		assert_int_equal(sg_alloc_table(&table, counts[i], GFP_KERNEL), 0);
		assert_int_equal(sg_nents(table.sgl), counts[i]);
		for_each_sgtable_sg(&table, sg, n)
			sg_set_buf(sg, buf, 1 + n % 3);
		assert_true(sg_is_last(sg_last(table.sgl, counts[i])));
		assert_null(sg_next(sg_last(table.sgl, counts[i])));
		assert_int_equal(sg_nents_for_len(table.sgl, total(&table)), counts[i]);
		assert_int_equal(sg_nents_for_len(table.sgl, total(&table) + 1), -EINVAL);
		sg_free_table(&table);
	}
	kfree(buf);
	machine_down();
}

static void scatter_lists_from_pages(void **state)
{
	struct page *run, *single, *pages[6];
	struct sg_table table;
	u8 data[10000], back[10000];
	off_t skip;
	unsigned int i;

	(void)state;
	boot(10);
	run = alloc_pages(GFP_KERNEL, 2);
	do
		single = alloc_page(GFP_KERNEL);
	while (single == run + 4);
	for (i = 0; i < 4; i++)
		pages[i] = run + i;
	pages[4] = single;
	assert_int_equal(sg_alloc_table_from_pages(&table, pages, 5, 100, 17000, GFP_KERNEL), 0);
	assert_int_equal(table.nents, 2);
	assert_int_equal(table.sgl->length, 4 * PAGE_SIZE - 100);
	assert_int_equal(table.sgl->offset, 100);
	assert_int_equal(total(&table), 17000);
	assert_ptr_equal(sg_virt(table.sgl), (u8 *)page_address(run) + 100);
	assert_int_equal(sg_phys(sg_next(table.sgl)), page_to_phys(single));
	for (i = 0; i < sizeof(data); i++)
		data[i] = (u8)(i * 7);
	assert_int_equal(sg_copy_from_buffer(table.sgl, table.nents, data, sizeof(data)), sizeof(data));
	assert_int_equal(sg_copy_to_buffer(table.sgl, table.nents, back, sizeof(back)), sizeof(back));
	assert_memory_equal(back, data, sizeof(data));
	/* From the middle, across the edge between two entries. */
	skip = 4 * PAGE_SIZE - 100 - 10;
	assert_int_equal(sg_pcopy_from_buffer(table.sgl, table.nents, data, 40, skip), 40);
	assert_int_equal(sg_zero_buffer(table.sgl, table.nents, 5, skip + 8), 5);
	memset(data + 8, 0, 5);
	assert_int_equal(sg_pcopy_to_buffer(table.sgl, table.nents, back, 40, skip), 40);
	assert_memory_equal(back, data, 40);
	assert_int_equal(((u8 *)sg_virt(sg_next(table.sgl)))[3], data[13]);
	assert_int_equal(sg_pcopy_to_buffer(table.sgl, table.nents, back, 40, 17000 - 7), 7);
	sg_free_table(&table);
	__free_pages(run, 2);
	__free_page(single);
	machine_down();
}

static unsigned int released;

static void count_release(struct kref *kref)
{
	(void)kref;
	released++;
}

static void references_count(void **state)
{
	struct kref ref;

	(void)state;
	boot(11);
	kref_init(&ref);
	kref_get(&ref);
	assert_int_equal(kref_put(&ref, count_release), 0);
	assert_int_equal(kref_put(&ref, count_release), 1);
	assert_int_equal(released, 1);
	kernel_expect_problem("reference taken on something that is gone");
	kref_get(&ref);
	machine_down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_scattered_and_have_three_addresses),
		cmocka_unit_test(runs_of_pages_are_aligned),
		cmocka_unit_test(memory_runs_out_and_comes_back),
		cmocka_unit_test(a_write_to_a_free_page_is_found),
		cmocka_unit_test(kmalloc_is_aligned_and_guarded),
		cmocka_unit_test(misuse_of_kmalloc_is_found),
		cmocka_unit_test(leaks_name_their_line),
		cmocka_unit_test(registers_are_no_memory),
		cmocka_unit_test(lists_keep_their_order),
		cmocka_unit_test(small_helpers),
		cmocka_unit_test(scatter_lists_chain),
		cmocka_unit_test(scatter_lists_from_pages),
		cmocka_unit_test(references_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
