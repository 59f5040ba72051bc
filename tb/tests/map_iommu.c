// SPDX-License-Identifier: MIT
/*
 * The controller behind the IOMMU: scattered pages are one range for it, what is not mapped or not allowed is a bus error for
 * the controller and a report for the driver, and a translation that was not invalidated lets a stray beat through, which the live
 * map finds.
 */
#include "map_env.h"
#include <linux/iommu.h>

#define SIZE 4000
#define PAGES 24
#define COPIES 40

static void check_worked(struct map_env *env)
{
	const struct iommu_stats *stats = &env->b->iommu.stats;
	struct bench *b = env->b;

	CHECK(stats->walks && stats->invalidations);
	printf("%s: TLB %" PRIu64 " hits, %" PRIu64 " walks, %" PRIu64 " invalidations, %" PRIu64 " faults\n", b->test->name, stats->hits,
	       stats->walks, stats->invalidations, iommu_faults(&b->iommu));
}

static void copy_buffer(struct map_env *env, size_t size)
{
	u8 *src = kmalloc(size, GFP_KERNEL), *dst = kzalloc(size, GFP_KERNEL);
	struct bench *b = env->b;
	dma_addr_t from, to;

	CHECK(src && dst);
	rng_fill(test_rng(b), src, size);
	from = map_env_map(env, src, size, DMA_TO_DEVICE);
	to = map_env_map(env, dst, size, DMA_FROM_DEVICE);
	CHECK(from != virt_to_phys(src) && from < b->hw.ram_bus + b->hw.ram_size + BENCH_RAM_BUS * 4);
	CHECK_EQ(map_env_copy(env, to, from, size), DMA_COMPLETE);
	dma_unmap_single(env->dev, from, size, DMA_TO_DEVICE);
	dma_unmap_single(env->dev, to, size, DMA_FROM_DEVICE);
	CHECK(!memcmp(src, dst, size));
	kfree(src);
	kfree(dst);
}

TEST(map_iommu_copy, "buffers of any size go through the IOMMU, descriptors too", .moves = true, .software = true, .max_clocks = 2000000)
{
	struct map_env env;

	map_env_up(b, &env, true);
	for (unsigned int i = 0; i < COPIES; i++)
		copy_buffer(&env, rng_range(test_rng(b), 1, 3 * PAGE_SIZE));
	CHECK_EQ(iommu_faults(&b->iommu), 0);
	check_worked(&env);
	map_env_down(&env);
}

TEST(map_iommu_sg, "scattered pages are one range for the controller: one descriptor copies all of them", .moves = true,
     .software = true, .max_clocks = 2000000)
{
	struct scatterlist *a, *z;
	struct sg_table src, dst;
	struct map_env env;
	unsigned int i;

	map_env_up(b, &env, true);
	CHECK_EQ(dma_set_max_seg_size(env.dev, UINT_MAX), 0);
	map_env_table(&env, &src, PAGES, 0, PAGE_SIZE);
	map_env_table(&env, &dst, PAGES, 0, PAGE_SIZE);
	CHECK_EQ(dma_map_sgtable(env.dev, &src, DMA_TO_DEVICE, 0), 0);
	CHECK_EQ(dma_map_sgtable(env.dev, &dst, DMA_FROM_DEVICE, 0), 0);
	CHECK_EQ(src.nents, 1);
	CHECK_EQ(dst.nents, 1);
	CHECK_EQ(sg_dma_len(src.sgl), PAGES * PAGE_SIZE);
	CHECK_EQ(map_env_copy(&env, sg_dma_address(dst.sgl), sg_dma_address(src.sgl), PAGES * PAGE_SIZE), DMA_COMPLETE);
	dma_unmap_sgtable(env.dev, &src, DMA_TO_DEVICE, 0);
	dma_unmap_sgtable(env.dev, &dst, DMA_FROM_DEVICE, 0);
	z = dst.sgl;
	for_each_sgtable_sg(&src, a, i) {
		CHECK(!memcmp(sg_virt(a), sg_virt(z), PAGE_SIZE));
		z = sg_next(z);
	}
	check_worked(&env);
	map_env_free_table(&src);
	map_env_free_table(&dst);
	map_env_down(&env);
}

/* What the fault handler was told */
struct told {
	unsigned int calls;
	unsigned long iova;
	int flags;
};

static int note_fault(struct iommu_domain *domain, struct device *dev, unsigned long iova, int flags, void *token)
{
	struct told *told = token;

	(void)domain;
	(void)dev;
	told->calls++;
	told->iova = iova;
	told->flags = flags;
	return 0;
}

/* A copy that the IOMMU must refuse at @addr. */
static void copy_refused(struct map_env *env, dma_addr_t dst, dma_addr_t src, dma_addr_t addr, int flags)
{
	struct bench *b = env->b;
	struct told told = { 0 };

	iommu_set_fault_handler(iommu_get_domain_for_dev(env->dev), note_fault, &told);
	map_check_expect(&b->map_check, true);
	CHECK_EQ(map_env_copy(env, dst, src, SIZE), DMA_ERROR);
	kernel_sleep_clocks(2000);
	CHECK(map_check_expect(&b->map_check, false));
	CHECK(told.calls);
	CHECK_EQ(told.iova >> PAGE_SHIFT, addr >> PAGE_SHIFT);
	CHECK_EQ((unsigned int)told.flags, (unsigned int)flags);
	iommu_set_fault_handler(iommu_get_domain_for_dev(env->dev), NULL, NULL);
}

TEST(map_iommu_fault, "what is not mapped, or not in this direction, is a bus error and a report; then all goes on", .moves = true,
     .software = true)
{
	struct map_env env;
	dma_addr_t from, to;
	u8 *src, *dst;

	map_env_up(b, &env, true);
	src = (u8 *)__get_free_page(GFP_KERNEL);
	dst = (u8 *)__get_free_page(GFP_KERNEL);
	CHECK(src && dst);
	from = map_env_map(&env, src, PAGE_SIZE, DMA_TO_DEVICE);
	to = map_env_map(&env, dst, PAGE_SIZE, DMA_FROM_DEVICE);
	copy_refused(&env, from, from, from, IOMMU_FAULT_WRITE);
	copy_refused(&env, to, to, to, IOMMU_FAULT_READ);
	dma_unmap_single(env.dev, from, PAGE_SIZE, DMA_TO_DEVICE);
	copy_refused(&env, to, from, from, IOMMU_FAULT_READ);
	from = map_env_map(&env, src, PAGE_SIZE, DMA_TO_DEVICE);
	dma_unmap_single(env.dev, to, PAGE_SIZE, DMA_FROM_DEVICE);
	/* A new page is filled with one pattern in the device's view, and nothing has been written to it. */
	CHECK(!memcmp(dst, dst + 1, PAGE_SIZE - 1));
	copy_refused(&env, to, from, to, IOMMU_FAULT_WRITE);
	CHECK(iommu_faults(&b->iommu) >= 4);
	copy_buffer(&env, SIZE);
	dma_unmap_single(env.dev, from, PAGE_SIZE, DMA_TO_DEVICE);
	free_page((unsigned long)src);
	free_page((unsigned long)dst);
	check_worked(&env);
	map_env_down(&env);
}

TEST(map_iommu_stale, "a translation that nobody invalidated lets a write through, and the live map finds it", .moves = true,
     .software = true)
{
	u64 faults;
	struct map_env env;
	dma_addr_t from, to;
	u8 *src, *dst;

	map_env_up(b, &env, true);
	src = kmalloc(64, GFP_KERNEL);
	dst = kmalloc(64, GFP_KERNEL);
	CHECK(src && dst);
	from = map_env_map(&env, src, 64, DMA_TO_DEVICE);
	to = map_env_map(&env, dst, 64, DMA_FROM_DEVICE);
	CHECK_EQ(map_env_copy(&env, to, from, 64), DMA_COMPLETE);
	b->iommu.deaf = true;
	dma_unmap_single(env.dev, to, 64, DMA_FROM_DEVICE);
	faults = iommu_faults(&b->iommu);
	map_check_expect(&b->map_check, true);
	CHECK_EQ(map_env_copy(&env, to, from, 64), DMA_COMPLETE);
	CHECK_EQ(iommu_faults(&b->iommu), faults);
	CHECK(map_check_expect(&b->map_check, false));
	CHECK(strstr(b->map_check.why, "was ended in clock"));
	b->iommu.deaf = false;
	dma_unmap_single(env.dev, from, 64, DMA_TO_DEVICE);
	kfree(src);
	kfree(dst);
	map_env_down(&env);
}
