// SPDX-License-Identifier: MIT
/*
 * async_gen_syndrome() and async_syndrome_val(): P+Q of the data blocks of a stripe.
 */
#include "async_tx/async_priv.h"

#include <linux/raid/pq.h>
#include <linux/string.h>

/** struct stripe - the blocks of one call */
struct stripe {
	struct page **blocks;
	unsigned int *offsets;
	int disks;
	size_t len;
};

static struct page *p_page(const struct stripe *s)
{
	return s->blocks[s->disks - 2];
}

static struct page *q_page(const struct stripe *s)
{
	return s->blocks[s->disks - 1];
}

static bool is_aligned(struct dma_device *device, const struct stripe *s)
{
	int i;

	for (i = 0; i < s->disks; i++)
		if (s->blocks[i] && !is_dma_pq_aligned(device, s->offsets[i], 0, s->len))
			return false;
	return true;
}

/* Blocks that are there, with the coefficients of their places. */
static bool map_data(struct dmaengine_unmap_data *unmap, const struct stripe *s, unsigned char *coefs)
{
	int i;

	for (i = 0; i < s->disks - 2; i++) {
		if (!s->blocks[i])
			continue;
		coefs[unmap->to_cnt] = raid6_gfexp[i];
		if (!async_map_to(unmap, s->blocks[i], s->offsets[i]))
			return false;
	}
	return unmap->to_cnt;
}

static bool map_sums(struct dmaengine_unmap_data *unmap, const struct stripe *s)
{
	return async_map_both(unmap, p_page(s), s->offsets[s->disks - 2]) && async_map_both(unmap, q_page(s), s->offsets[s->disks - 1]);
}

static unsigned long off_flags(const struct stripe *s)
{
	return (p_page(s) ? 0 : DMA_PREP_PQ_DISABLE_P) | (q_page(s) ? 0 : DMA_PREP_PQ_DISABLE_Q);
}

static struct dma_async_tx_descriptor *prep_pq(struct dma_chan *chan, struct async_prep *p, unsigned long flags)
{
	return chan->device->device_prep_dma_pq(chan, p->dst, p->src, p->src_cnt, p->coefs, p->len, flags);
}

static struct dma_async_tx_descriptor *prep_pq_val(struct dma_chan *chan, struct async_prep *p, unsigned long flags)
{
	return chan->device->device_prep_dma_pq_val(chan, p->dst, p->src, p->src_cnt, p->coefs, p->len, p->result, flags);
}

/* As many new sources at a time as the channel takes; all pieces but the first one continue the sums. */
static struct dma_async_tx_descriptor *pq_pieces(struct dma_chan *chan, struct dmaengine_unmap_data *unmap, const unsigned char *coefs,
						 unsigned long flags, struct async_submit_ctl *submit)
{
	const struct async_submit_ctl whole = *submit;
	const dma_addr_t *dst = &unmap->addr[unmap->to_cnt];
	struct async_prep p = { .prep = prep_pq, .src = unmap->addr, .coefs = coefs, .len = unmap->len };
	unsigned int left = unmap->to_cnt;

	for (;;) {
		p.src_cnt = min_t(unsigned int, left, (unsigned int)dma_maxpq(chan->device, flags));
		p.dst[0] = dst[0];
		p.dst[1] = dst[1];
		async_begin_piece(submit, &whole, p.src_cnt == left);
		submit->depend_tx = async_submit_prep(chan, &p, flags, unmap, submit);
		left -= p.src_cnt;
		if (!left)
			return submit->depend_tx;
		p.src += p.src_cnt;
		p.coefs += p.src_cnt;
		flags |= DMA_PREP_CONTINUE;
	}
}

/* The data blocks from @first to @last that are there, and their coefficients for both rows. */
static unsigned int data_of(const struct stripe *s, u8 **src, u8 *ones, u8 *coefs)
{
	unsigned int n = 0;
	int i;

	for (i = 0; i < s->disks - 2; i++) {
		if (!s->blocks[i])
			continue;
		src[n] = async_page_ptr(s->blocks[i], s->offsets[i]);
		ones[n] = 1;
		coefs[n++] = raid6_gfexp[i];
	}
	return n;
}

/* One sum: P of @ones or Q of @coefs. With @keep the old bytes enter it. */
static void sum_sync(u8 *dst, u8 *coefs, u8 **src, unsigned int n, size_t len, bool keep)
{
	src[n] = dst;
	coefs[n] = 1;
	raid_sums(1, coefs, &dst, src, n + keep, len);
}

static void gen_sync(const struct stripe *s, bool keep)
{
	u8 ones[RAID_SOURCES], coefs[RAID_SOURCES], *src[RAID_SOURCES];
	unsigned int n = data_of(s, src, ones, coefs);

	if (p_page(s))
		sum_sync(async_page_ptr(p_page(s), s->offsets[s->disks - 2]), ones, src, n, s->len, keep);
	if (q_page(s))
		sum_sync(async_page_ptr(q_page(s), s->offsets[s->disks - 1]), coefs, src, n, s->len, keep);
}

static bool takes_split(struct dma_device *device, int sources)
{
	return sources <= dma_maxpq(device, 0) || dma_maxpq(device, DMA_PREP_CONTINUE) > 0;
}

struct dma_async_tx_descriptor *async_gen_syndrome(struct page **blocks, unsigned int *offsets, int disks, size_t len,
						   struct async_submit_ctl *submit)
{
	const struct stripe s = { blocks, offsets, disks, len };
	struct dma_chan *chan = async_tx_find_channel(submit, DMA_PQ, &blocks[disks - 2], 2, blocks, disks - 2, len);
	struct dmaengine_unmap_data *unmap = NULL;
	struct dma_async_tx_descriptor *tx;
	unsigned char coefs[ASYNC_PAGES];

	BUG_ON(disks > ASYNC_PAGES || !(p_page(&s) || q_page(&s)));
	if (chan && !(submit->flags & ASYNC_TX_PQ_XOR_DST) && takes_split(chan->device, disks - 2) && is_aligned(chan->device, &s))
		unmap = async_unmap_data(chan, (unsigned int)disks, len);
	if (unmap && map_data(unmap, &s, coefs) && map_sums(unmap, &s)) {
		tx = pq_pieces(chan, unmap, coefs, off_flags(&s), submit);
		dmaengine_unmap_put(unmap);
		return tx;
	}
	dmaengine_unmap_put(unmap);
	async_tx_quiesce(&submit->depend_tx);
	async_count_sync(DMA_PQ);
	gen_sync(&s, submit->flags & ASYNC_TX_PQ_XOR_DST);
	async_tx_sync_epilog(submit);
	return NULL;
}

/* Into the spare page, since the CPU can only compare what stands somewhere. */
static bool differs(struct page *sum, unsigned int offset, u8 *spare, u8 *coefs, u8 **src, unsigned int n, size_t len)
{
	if (!sum)
		return false;
	raid_sums(1, coefs, &spare, src, n, len);
	return memcmp(spare, async_page_ptr(sum, offset), len);
}

static void val_sync(const struct stripe *s, enum sum_check_flags *pqres, u8 *spare)
{
	u8 ones[RAID_SOURCES], coefs[RAID_SOURCES], *src[RAID_SOURCES];
	unsigned int n = data_of(s, src, ones, coefs), found = 0;

	if (differs(p_page(s), s->offsets[s->disks - 2], spare, ones, src, n, s->len))
		found |= SUM_CHECK_P_RESULT;
	if (differs(q_page(s), s->offsets[s->disks - 1], spare, coefs, src, n, s->len))
		found |= SUM_CHECK_Q_RESULT;
	*pqres = (enum sum_check_flags)found;
}

/* What is checked is only read, so it is mapped as the data are; NULL stands for none. */
static bool map_checked(struct dmaengine_unmap_data *unmap, const struct stripe *s, dma_addr_t *pq)
{
	int i;

	for (i = 0; i < 2; i++) {
		pq[i] = 0;
		if (!s->blocks[s->disks - 2 + i])
			continue;
		if (!async_map_to(unmap, s->blocks[s->disks - 2 + i], s->offsets[s->disks - 2 + i]))
			return false;
		pq[i] = unmap->addr[unmap->to_cnt - 1];
	}
	return true;
}

struct dma_async_tx_descriptor *async_syndrome_val(struct page **blocks, unsigned int *offsets, int disks, size_t len,
						   enum sum_check_flags *pqres, struct page *spare, unsigned int s_off,
						   struct async_submit_ctl *submit)
{
	const struct stripe s = { blocks, offsets, disks, len };
	struct dma_chan *chan = async_tx_find_channel(submit, DMA_PQ_VAL, NULL, 0, blocks, disks, len);
	struct dmaengine_unmap_data *unmap = NULL;
	struct dma_async_tx_descriptor *tx;
	unsigned char coefs[ASYNC_PAGES];
	struct async_prep p = { .prep = prep_pq_val, .coefs = coefs, .len = len, .result = pqres };
	bool mapped;

	BUG_ON(disks < 4 || disks > ASYNC_PAGES);
	if (chan && disks <= dma_maxpq(chan->device, 0) && is_aligned(chan->device, &s))
		unmap = async_unmap_data(chan, (unsigned int)disks, len);
	mapped = unmap && map_data(unmap, &s, coefs);
	if (mapped) {
		p.src = unmap->addr;
		p.src_cnt = unmap->to_cnt;
		mapped = map_checked(unmap, &s, p.dst);
	}
	tx = mapped ? async_submit_prep(chan, &p, off_flags(&s), unmap, submit) : NULL;
	dmaengine_unmap_put(unmap);
	if (tx)
		return tx;
	BUG_ON(!spare);
	async_tx_quiesce(&submit->depend_tx);
	async_count_sync(DMA_PQ_VAL);
	val_sync(&s, pqres, async_page_ptr(spare, s_off));
	async_tx_sync_epilog(submit);
	return NULL;
}
