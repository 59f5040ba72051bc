// SPDX-License-Identifier: MIT
/*
 * async_xor() and async_xor_val(), and their forms with offsets.
 */
#include "async_tx/async_priv.h"

#include <linux/raid/pq.h>
#include <linux/string.h>

static bool is_aligned(struct dma_device *device, unsigned int offset, const unsigned int *src_offs, int src_cnt, size_t len)
{
	int i;

	if (!is_dma_xor_aligned(device, offset, 0, len))
		return false;
	for (i = 0; i < src_cnt; i++)
		if (!is_dma_xor_aligned(device, src_offs[i], 0, len))
			return false;
	return true;
}

static bool map_sources(struct dmaengine_unmap_data *unmap, struct page **src_list, const unsigned int *src_offs, int src_cnt)
{
	int i;

	for (i = 0; i < src_cnt; i++)
		if (src_list[i] && !async_map_to(unmap, src_list[i], src_offs[i]))
			return false;
	return true;
}

static struct dma_async_tx_descriptor *prep_xor(struct dma_chan *chan, struct async_prep *p, unsigned long flags)
{
	return chan->device->device_prep_dma_xor(chan, p->dst[0], p->src, p->src_cnt, p->len, flags);
}

static struct dma_async_tx_descriptor *prep_xor_val(struct dma_chan *chan, struct async_prep *p, unsigned long flags)
{
	return chan->device->device_prep_dma_xor_val(chan, p->src, p->src_cnt, p->len, p->result, flags);
}

/*
 * As many sources at a time as the channel takes; the sum so far is the first source of the next piece. The address whose
 * place it takes is put back, since it is still to be unmapped.
 */
static struct dma_async_tx_descriptor *xor_pieces(struct dma_chan *chan, struct dmaengine_unmap_data *unmap,
						  struct async_submit_ctl *submit)
{
	const struct async_submit_ctl whole = *submit;
	const unsigned int most = chan->device->max_xor;
	struct async_prep p = { .prep = prep_xor, .dst = { unmap->addr[unmap->to_cnt] }, .src = unmap->addr, .len = unmap->len };
	unsigned int left = unmap->to_cnt;
	struct dma_async_tx_descriptor *tx;
	dma_addr_t first;

	for (;;) {
		p.src_cnt = min_t(unsigned int, left, most);
		async_begin_piece(submit, &whole, p.src_cnt == left);
		first = p.src[0];
		if (p.src > unmap->addr)
			p.src[0] = p.dst[0];
		tx = async_submit_prep(chan, &p, 0, unmap, submit);
		p.src[0] = first;
		submit->depend_tx = tx;
		if (p.src_cnt == left)
			return tx;
		left -= p.src_cnt - 1;
		p.src += p.src_cnt - 1;
	}
}

/* The destination is a source unless it begins as 0. */
static void xor_sync(struct page *dest, unsigned int offset, struct page **src_list, const unsigned int *src_offs, int src_cnt,
		     size_t len, bool zero_dst)
{
	u8 *dst = async_page_ptr(dest, offset);
	u8 ones[RAID_SOURCES], *src[RAID_SOURCES];
	unsigned int n = 0;
	int i;

	memset(ones, 1, sizeof(ones));
	if (!zero_dst)
		src[n++] = dst;
	for (i = 0; i < src_cnt; i++)
		if (src_list[i])
			src[n++] = async_page_ptr(src_list[i], src_offs[i]);
	raid_sums(1, ones, &dst, src, n, len);
}

struct dma_async_tx_descriptor *async_xor_offs(struct page *dest, unsigned int offset, struct page **src_list,
					       unsigned int *src_offset, int src_cnt, size_t len, struct async_submit_ctl *submit)
{
	struct dma_chan *chan = async_tx_find_channel(submit, DMA_XOR, &dest, 1, src_list, src_cnt, len);
	struct dmaengine_unmap_data *unmap = async_unmap_data(chan, (unsigned int)src_cnt + 1, len);
	struct dma_async_tx_descriptor *tx;

	BUG_ON(src_cnt <= 1);
	if (unmap && chan->device->max_xor > 1 && is_aligned(chan->device, offset, src_offset, src_cnt, len) &&
	    map_sources(unmap, src_list, src_offset, src_cnt) && async_map_both(unmap, dest, offset)) {
		tx = xor_pieces(chan, unmap, submit);
		dmaengine_unmap_put(unmap);
		return tx;
	}
	dmaengine_unmap_put(unmap);
	async_tx_quiesce(&submit->depend_tx);
	async_count_sync(DMA_XOR);
	if (submit->flags & ASYNC_TX_XOR_DROP_DST)
		xor_sync(dest, offset, src_list + 1, src_offset + 1, src_cnt - 1, len, false);
	else
		xor_sync(dest, offset, src_list, src_offset, src_cnt, len, submit->flags & ASYNC_TX_XOR_ZERO_DST);
	async_tx_sync_epilog(submit);
	return NULL;
}

static void same_offsets(unsigned int *offsets, unsigned int offset, int cnt)
{
	while (cnt--)
		offsets[cnt] = offset;
}

struct dma_async_tx_descriptor *async_xor(struct page *dest, struct page **src_list, unsigned int offset, int src_cnt, size_t len,
					  struct async_submit_ctl *submit)
{
	unsigned int offsets[ASYNC_PAGES];

	BUG_ON(src_cnt > ASYNC_PAGES);
	same_offsets(offsets, offset, src_cnt);
	return async_xor_offs(dest, offset, src_list, offsets, src_cnt, len, submit);
}

static bool is_zero(const u8 *bytes, size_t len)
{
	return !bytes[0] && !memcmp(bytes, bytes + 1, len - 1);
}

/* The CPU has no place for the sum but the destination. */
static void xor_val_sync(struct page *dest, unsigned int offset, struct page **src_list, unsigned int *src_offset, int src_cnt,
			 size_t len, enum sum_check_flags *result)
{
	xor_sync(dest, offset, src_list + 1, src_offset + 1, src_cnt - 1, len, false);
	*result = (enum sum_check_flags)(is_zero(async_page_ptr(dest, offset), len) ? 0 : SUM_CHECK_P_RESULT);
}

struct dma_async_tx_descriptor *async_xor_val_offs(struct page *dest, unsigned int offset, struct page **src_list,
						   unsigned int *src_offset, int src_cnt, size_t len, enum sum_check_flags *result,
						   struct async_submit_ctl *submit)
{
	struct dma_chan *chan = async_tx_find_channel(submit, DMA_XOR_VAL, &dest, 1, src_list, src_cnt, len);
	struct dmaengine_unmap_data *unmap = NULL;
	struct dma_async_tx_descriptor *tx;
	struct async_prep p;

	BUG_ON(src_cnt <= 1);
	if (chan && src_cnt <= chan->device->max_xor && is_aligned(chan->device, offset, src_offset, src_cnt, len))
		unmap = async_unmap_data(chan, (unsigned int)src_cnt, len);
	if (unmap && map_sources(unmap, src_list, src_offset, src_cnt)) {
		p = (struct async_prep){ .prep = prep_xor_val, .src = unmap->addr, .src_cnt = unmap->to_cnt, .len = len, .result = result };
		tx = async_submit_prep(chan, &p, 0, unmap, submit);
		dmaengine_unmap_put(unmap);
		return tx;
	}
	dmaengine_unmap_put(unmap);
	async_tx_quiesce(&submit->depend_tx);
	async_count_sync(DMA_XOR_VAL);
	xor_val_sync(dest, offset, src_list, src_offset, src_cnt, len, result);
	async_tx_sync_epilog(submit);
	return NULL;
}

struct dma_async_tx_descriptor *async_xor_val(struct page *dest, struct page **src_list, unsigned int offset, int src_cnt, size_t len,
					      enum sum_check_flags *result, struct async_submit_ctl *submit)
{
	unsigned int offsets[ASYNC_PAGES];

	BUG_ON(src_cnt > ASYNC_PAGES);
	same_offsets(offsets, offset, src_cnt);
	return async_xor_val_offs(dest, offset, src_list, offsets, src_cnt, len, result, submit);
}
