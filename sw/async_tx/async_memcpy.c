// SPDX-License-Identifier: MIT
/*
 * async_memcpy()
 */
#include "async_tx/async_priv.h"

#include <linux/dma-mapping.h>
#include <linux/string.h>

static struct dma_async_tx_descriptor *prep_copy(struct dma_chan *chan, struct dmaengine_unmap_data *unmap,
						 struct async_submit_ctl *submit)
{
	return chan->device->device_prep_dma_memcpy(chan, unmap->addr[1], unmap->addr[0], unmap->len, async_prep_flags(submit));
}

static bool map_dest(struct dmaengine_unmap_data *unmap, struct page *page, unsigned int offset)
{
	unmap->addr[1] = dma_map_page(unmap->dev, page, offset, unmap->len, DMA_FROM_DEVICE);
	if (dma_mapping_error(unmap->dev, unmap->addr[1]))
		return false;
	unmap->from_cnt++;
	return true;
}

struct dma_async_tx_descriptor *async_memcpy(struct page *dest, struct page *src, unsigned int dest_offset, unsigned int src_offset,
					     size_t len, struct async_submit_ctl *submit)
{
	struct dma_chan *chan = async_tx_find_channel(submit, DMA_MEMCPY, &dest, 1, &src, 1, len);
	struct dmaengine_unmap_data *unmap = async_unmap_data(chan, 2, len);
	struct dma_async_tx_descriptor *tx = NULL;

	if (unmap && is_dma_copy_aligned(chan->device, src_offset, dest_offset, len) && async_map_to(unmap, src, src_offset) &&
	    map_dest(unmap, dest, dest_offset))
		tx = prep_copy(chan, unmap, submit);
	if (tx) {
		dma_set_unmap(tx, unmap);
		async_tx_submit(chan, tx, submit);
	}
	/* Here, so that the CPU's copy is not overwritten. */
	dmaengine_unmap_put(unmap);
	if (tx)
		return tx;
	async_tx_quiesce(&submit->depend_tx);
	async_count_sync(DMA_MEMCPY);
	memcpy(async_page_ptr(dest, dest_offset), async_page_ptr(src, src_offset), len);
	async_tx_sync_epilog(submit);
	return NULL;
}
