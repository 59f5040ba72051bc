// SPDX-License-Identifier: MIT
/*
 * A controller that looks into the CPU's caches: what the CPU writes after the map arrives, what the device writes is seen before the
 * unmap, and syncs are not needed. The same calls are compared and every beat is judged as elsewhere.
 */
#include "map_env.h"

#define SIZE 5000

static void copy_twice(struct bench *b, bool iommu)
{
	struct map_env env;
	dma_addr_t from, to;
	u8 *src, *dst;

	map_env_up(b, &env, iommu);
	src = kmalloc(SIZE, GFP_KERNEL);
	dst = kzalloc(SIZE, GFP_KERNEL);
	CHECK(src && dst);
	from = map_env_map(&env, src, SIZE, DMA_TO_DEVICE);
	to = map_env_map(&env, dst, SIZE, DMA_FROM_DEVICE);
	CHECK(!dma_need_sync(env.dev, to));
	for (unsigned int i = 0; i < 2; i++) {
		rng_fill(test_rng(b), src, SIZE);
		CHECK_EQ(map_env_copy(&env, to, from, SIZE), DMA_COMPLETE);
		CHECK(!memcmp(src, dst, SIZE));
	}
	dma_unmap_single(env.dev, from, SIZE, DMA_TO_DEVICE);
	dma_unmap_single(env.dev, to, SIZE, DMA_FROM_DEVICE);
	CHECK(!memcmp(src, dst, SIZE));
	kfree(src);
	kfree(dst);
	map_env_down(&env);
}

TEST(map_coherent, "a coherent controller needs no syncs", .moves = true, .software = true, .coherent = true)
{
	copy_twice(b, false);
}

TEST(map_coherent_iommu, "nor does one behind the IOMMU", .moves = true, .software = true, .coherent = true)
{
	copy_twice(b, true);
}
