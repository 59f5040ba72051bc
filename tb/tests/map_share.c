// SPDX-License-Identifier: MIT
/*
 * Memory of one device for another: dma_alloc_attrs() and dma_get_sgtable() on a device that is not the controller, dma_map_sg() of
 * the pages for the controller, which fills them; and memory that the controller cannot reach, which is copied for it.
 */
#include "map_env.h"
#include <linux/dma-attrs.h>

#define SIZE 9000
#define LIMIT_PAGES 1024	/* of the 2048 that there are */

static struct platform_device owner;

static void plug_owner(void)
{
	owner = (struct platform_device){ .name = "owner" };
	platform_device_register(&owner);
	dma_set_mask_and_coherent(&owner.dev, DMA_BIT_MASK(64));
}

/* The bytes of a buffer that has no kernel mapping, seen by a user process. */
static bool user_sees(void *cookie, dma_addr_t handle, unsigned long attrs, u8 value)
{
	struct vm_area_struct vma = { .vm_start = 0x10000, .vm_end = 0x10000 + PAGE_ALIGN(SIZE) };
	unsigned long i;

	if (dma_mmap_attrs(&owner.dev, &vma, cookie, handle, SIZE, attrs))
		return false;
	for (i = 0; i < SIZE; i++)
		if (*(u8 *)kernel_user_address(&vma, vma.vm_start + i) != value)
			return false;
	return true;
}

static void fill_list(struct map_env *env, struct sg_table *table, u8 value)
{
	struct dma_async_tx_descriptor *tx;
	struct bench *b = env->b;
	struct scatterlist *sg;
	unsigned int i;

	CHECK_EQ(dma_map_sgtable(env->dev, table, DMA_FROM_DEVICE, 0), 0);
	for_each_sgtable_dma_sg(table, sg, i) {
		tx = dmaengine_prep_dma_memset(env->chan, sg_dma_address(sg), value, sg_dma_len(sg), DMA_CTRL_ACK);
		CHECK(tx);
		CHECK_EQ(dma_sync_wait(env->chan, dmaengine_submit(tx)), DMA_COMPLETE);
	}
	dma_unmap_sgtable(env->dev, table, DMA_FROM_DEVICE, 0);
}

static void share(struct bench *b, bool iommu)
{
	struct sg_table table;
	struct map_env env;
	dma_addr_t handle;
	void *cookie;
	DEFINE_DMA_ATTRS(attrs);

	map_env_up(b, &env, iommu);
	plug_owner();
	dma_set_attr(DMA_ATTR_NO_KERNEL_MAPPING, &attrs);
	cookie = dma_alloc_attrs(&owner.dev, SIZE, &handle, GFP_KERNEL, dma_attrs_bits(&attrs));
	CHECK(cookie && !virt_addr_valid(cookie));
	CHECK_EQ(dma_get_sgtable_attrs(&owner.dev, &table, cookie, handle, SIZE, dma_attrs_bits(&attrs)), 0);
	fill_list(&env, &table, 0xa1);
	CHECK(user_sees(cookie, handle, dma_attrs_bits(&attrs), 0xa1));
	sg_free_table(&table);
	dma_free_attrs(&owner.dev, SIZE, cookie, handle, dma_attrs_bits(&attrs));
	platform_device_unregister(&owner);
	map_env_down(&env);
}

TEST(map_share, "a buffer without kernel mapping of one device is filled by the controller and seen by a user process", .moves = true,
     .software = true)
{
	share(b, false);
}

TEST(map_share_iommu, "the same where each device has its own addresses and the buffer's pages are scattered", .moves = true,
     .software = true)
{
	share(b, true);
}

static void copy_at(struct map_env *env, u8 *src, u8 *dst, size_t size)
{
	dma_addr_t from = map_env_map(env, src, size, DMA_TO_DEVICE), to = map_env_map(env, dst, size, DMA_FROM_DEVICE);
	const u64 last = env->b->hw.ram_bus + LIMIT_PAGES * PAGE_SIZE - 1;
	struct bench *b = env->b;

	CHECK(from + size - 1 <= last && to + size - 1 <= last);
	CHECK_EQ(from % PAGE_SIZE, offset_in_page(src));
	CHECK_EQ(map_env_copy(env, to, from, size), DMA_COMPLETE);
	dma_sync_single_for_cpu(env->dev, to, size, DMA_FROM_DEVICE);
	CHECK(!memcmp(src, dst, size));
	dma_sync_single_for_cpu(env->dev, from, size, DMA_TO_DEVICE);
	rng_fill(test_rng(b), src, size);
	dma_sync_single_for_device(env->dev, from, size, DMA_TO_DEVICE);
	dma_sync_single_for_device(env->dev, to, size, DMA_FROM_DEVICE);
	CHECK_EQ(map_env_copy(env, to, from, size), DMA_COMPLETE);
	dma_unmap_single(env->dev, from, size, DMA_TO_DEVICE);
	dma_unmap_single(env->dev, to, size, DMA_FROM_DEVICE);
	CHECK(!memcmp(src, dst, size));
}

TEST(map_bounce, "memory that the controller's bus does not reach goes through bounce buffers, syncs too", .moves = true,
     .software = true, .max_clocks = 1000000)
{
	unsigned int high = 0;
	struct map_env env;

	map_env_up(b, &env, false);
	mapping_set_severity(MAPPING_SYNC_USELESS, MAPPING_NOTE);
	env.dev->bus_dma_limit = b->hw.ram_bus + LIMIT_PAGES * PAGE_SIZE - 1;
	CHECK(dma_addressing_limited(env.dev));
	for (unsigned int i = 0; i < 20; i++) {
		const size_t size = rng_range(test_rng(b), 1, 5000);
		u8 *src = kmalloc(size, GFP_KERNEL), *dst = kmalloc(size, GFP_KERNEL);

		CHECK(src && dst);
		rng_fill(test_rng(b), src, size);
		high += virt_to_phys(dst) >= PHYS_OFFSET + LIMIT_PAGES * PAGE_SIZE;
		copy_at(&env, src, dst, size);
		kfree(src);
		kfree(dst);
	}
	CHECK(high);
	env.dev->bus_dma_limit = 0;
	map_env_down(&env);
}
