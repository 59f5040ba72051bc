// SPDX-License-Identifier: MIT
// The board, a channel and copies for the tests of mapping; see map_env.h.
#include "map_env.h"

void map_env_up(struct bench *b, struct map_env *env, bool iommu)
{
	dma_cap_mask_t mask;

	if (iommu)
		iommu_port_plug(&b->iommu.port);
	*env = (struct map_env){ .b = b };
	CHECK_EQ(kernel_board_up(PQDMA_CHANNELS), 0);
	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	env->chan = dma_request_chan_by_mask(&mask);
	CHECK(!IS_ERR(env->chan));
	env->dev = dmaengine_get_dma_device(env->chan);
}

void map_env_down(struct map_env *env)
{
	struct bench *b = env->b;

	dma_release_channel(env->chan);
	kernel_board_down();
	CHECK(mapping_compared());
	printf("%s: %" PRIu64 " calls compared with the golden sgtable, %" PRIu64 " beats with the live map\n", b->test->name,
	       mapping_compared(), b->map_check.judged_reads + b->map_check.judged_writes);
}

enum dma_status map_env_copy(struct map_env *env, dma_addr_t dst, dma_addr_t src, size_t size)
{
	struct bench *b = env->b;
	struct dma_async_tx_descriptor *tx = dmaengine_prep_dma_memcpy(env->chan, dst, src, size, DMA_CTRL_ACK | DMA_PREP_INTERRUPT);

	CHECK(tx);
	return dma_sync_wait(env->chan, dmaengine_submit(tx));
}

dma_addr_t map_env_map(struct map_env *env, void *p, size_t size, enum dma_data_direction dir)
{
	dma_addr_t bus = dma_map_single(env->dev, p, size, dir);
	struct bench *b = env->b;

	CHECK(!dma_mapping_error(env->dev, bus));
	return bus;
}

void map_env_table(struct map_env *env, struct sg_table *table, unsigned int n, unsigned int offset, unsigned int length)
{
	struct bench *b = env->b;
	struct scatterlist *sg;
	unsigned int i;

	CHECK(!sg_alloc_table(table, n, GFP_KERNEL));
	for_each_sgtable_sg(table, sg, i) {
		struct page *page = alloc_page(GFP_KERNEL);

		CHECK(page);
		rng_fill(test_rng(b), page_address(page), PAGE_SIZE);
		sg_set_page(sg, page, length, offset);
	}
}

void map_env_free_table(struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(table, sg, i)
		__free_page(sg_page(sg));
	sg_free_table(table);
}
