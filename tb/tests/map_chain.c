// SPDX-License-Identifier: MIT
/*
 * Lists of more entries than one array holds: mapped as a chain of arrays, given to the controller as one transaction from list to
 * list, and for filling.
 */
#include "map_env.h"

#define ENTRIES (2 * SG_MAX_SINGLE_ALLOC + 20)
#define ENTRY_MAX 200
#define FILL 0x6b

static size_t draw_list(struct bench *b, struct sg_table *table, unsigned int nents)
{
	struct scatterlist *sg;
	unsigned int i;
	size_t sum = 0;

	CHECK_EQ(sg_alloc_table(table, nents, GFP_KERNEL), 0);
	for_each_sgtable_sg(table, sg, i) {
		const unsigned int length = 1 + rng_below(test_rng(b), ENTRY_MAX);
		u8 *p = kmalloc(length, GFP_KERNEL);

		CHECK(p);
		rng_fill(test_rng(b), p, length);
		sg_set_buf(sg, p, length);
		sum += length;
	}
	return sum;
}

static void free_list(struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(table, sg, i)
		kfree(sg_virt(sg));
	sg_free_table(table);
}

static void finish(struct map_env *env, struct dma_async_tx_descriptor *tx)
{
	struct bench *b = env->b;

	CHECK(tx);
	CHECK_EQ(dma_sync_wait(env->chan, dmaengine_submit(tx)), DMA_COMPLETE);
}

/* The first bytes of @to are those of @from. */
static void check_lists(struct bench *b, struct sg_table *to, struct sg_table *from, size_t len)
{
	u8 *got = kmalloc(2 * len, GFP_KERNEL), *want = got + len;

	CHECK(got);
	CHECK_EQ(sg_copy_to_buffer(to->sgl, to->orig_nents, got, len), len);
	CHECK_EQ(sg_copy_to_buffer(from->sgl, from->orig_nents, want, len), len);
	CHECK(!memcmp(got, want, len));
	kfree(got);
}

static void chain(struct bench *b, bool iommu)
{
	struct sg_table src, dst;
	struct dma_device *device;
	struct sg_mapping_iter miter;
	struct map_env env;
	size_t len;

	map_env_up(b, &env, iommu);
	device = env.chan->device;
	len = min_t(size_t, draw_list(b, &src, ENTRIES), draw_list(b, &dst, ENTRIES - 7));
	CHECK_EQ(dma_map_sgtable(env.dev, &src, DMA_TO_DEVICE, 0), 0);
	CHECK_EQ(dma_map_sgtable(env.dev, &dst, DMA_FROM_DEVICE, 0), 0);
	finish(&env, device->device_prep_dma_sg(env.chan, dst.sgl, dst.nents, src.sgl, src.nents, DMA_CTRL_ACK));
	dma_sync_sgtable_for_cpu(env.dev, &dst, DMA_FROM_DEVICE);
	check_lists(b, &dst, &src, len);
	dma_sync_sgtable_for_device(env.dev, &dst, DMA_FROM_DEVICE);
	finish(&env, device->device_prep_dma_memset_sg(env.chan, dst.sgl, dst.nents, FILL, DMA_CTRL_ACK));
	dma_unmap_sgtable(env.dev, &dst, DMA_FROM_DEVICE, 0);
	dma_unmap_sgtable(env.dev, &src, DMA_TO_DEVICE, 0);
	for (sg_miter_start(&miter, dst.sgl, dst.orig_nents, SG_MITER_FROM_SG); sg_miter_next(&miter);)
		for (size_t i = 0; i < miter.length; i++)
			CHECK_EQ(((u8 *)miter.addr)[i], FILL);
	free_list(&src);
	free_list(&dst);
	map_env_down(&env);
}

TEST(map_chain, "lists of 276 entries, which take three arrays, are mapped, copied and filled", .moves = true, .software = true,
     .max_clocks = 1000000)
{
	chain(b, false);
}

TEST(map_chain_iommu, "the same behind the IOMMU, where entries may be joined", .moves = true, .software = true, .max_clocks = 1000000)
{
	chain(b, true);
}
