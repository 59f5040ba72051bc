// SPDX-License-Identifier: MIT
// The board with contexts, its channels and their buffers; see map_contexts.h.
#include "map_contexts.h"

static struct pqdma_platform_data board = { .contexts = true };

static void take_channel(struct contexts *c, unsigned int ch)
{
	struct bench *b = c->b;
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	c->chan[ch] = dma_request_chan_by_mask(&mask);
	CHECK(!IS_ERR(c->chan[ch]));
	CHECK_EQ((unsigned int)c->chan[ch]->chan_id, ch);
	c->dev[ch] = dmaengine_get_dma_device(c->chan[ch]);
	CHECK(c->dev[ch] == &c->chan[ch]->dev->device);
	CHECK(b->iommu.context[ch] != IOMMU_NO_CONTEXT);
}

void contexts_up(struct bench *b, struct contexts *c, bool same_start)
{
	*c = (struct contexts){ .b = b };
	iommu_port_plug(&b->iommu.port);
	if (same_start)
		iommu_port_same_start();
	kernel_board_data(&board);
	CHECK_EQ(kernel_board_up(PQDMA_CHANNELS), 0);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		take_channel(c, ch);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (unsigned int i = 0; i < ch; i++)
			CHECK(b->iommu.context[ch] != b->iommu.context[i]);
}

void contexts_down(struct contexts *c)
{
	struct bench *b = c->b;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		dma_release_channel(c->chan[ch]);
	kernel_board_down();
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		CHECK_EQ(b->iommu.context[ch], IOMMU_NO_CONTEXT);
	CHECK(mapping_compared());
}

struct buffer contexts_map(struct contexts *c, unsigned int ch, size_t size, enum dma_data_direction dir)
{
	struct buffer buffer = { .cpu = kmalloc(size, GFP_KERNEL), .size = size, .dir = dir };
	struct bench *b = c->b;

	CHECK(buffer.cpu);
	rng_fill(test_rng(b), buffer.cpu, size);
	buffer.bus = dma_map_single(c->dev[ch], buffer.cpu, size, dir);
	CHECK(!dma_mapping_error(c->dev[ch], buffer.bus));
	return buffer;
}

void contexts_unmap(struct contexts *c, unsigned int ch, const struct buffer *buffer)
{
	dma_unmap_single(c->dev[ch], buffer->bus, buffer->size, buffer->dir);
}

void contexts_free(struct contexts *c, unsigned int ch, struct buffer *buffer)
{
	contexts_unmap(c, ch, buffer);
	kfree(buffer->cpu);
}

enum dma_status contexts_copy(struct contexts *c, unsigned int ch, dma_addr_t dst, dma_addr_t src, size_t size)
{
	struct dma_async_tx_descriptor *tx = dmaengine_prep_dma_memcpy(c->chan[ch], dst, src, size, DMA_CTRL_ACK | DMA_PREP_INTERRUPT);
	struct bench *b = c->b;

	CHECK(tx);
	return dma_sync_wait(c->chan[ch], dmaengine_submit(tx));
}
