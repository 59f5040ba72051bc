// SPDX-License-Identifier: MIT
/*
 * Recovery of two lost blocks of a stripe, made of P+Q and XOR operations that follow each other. The lost blocks are
 * where the intermediate sums stand.
 */
#include "async_tx/async_priv.h"

#include <linux/raid/pq.h>
#include <linux/string.h>

/** struct block - a page and where in it */
struct block {
	struct page *page;
	unsigned int offset;
};

/**
 * struct recovery - one call
 * @blocks: the stripe
 * @offs:   where in each page
 * @disks:  how many
 * @len:    bytes
 * @submit: of the next operation
 * @whole:  what the caller wants of the last one
 */
struct recovery {
	struct page **blocks;
	unsigned int *offs;
	int disks;
	size_t len;
	struct async_submit_ctl *submit;
	struct async_submit_ctl whole;
};

static struct block block_of(const struct recovery *r, int i)
{
	return (struct block){ r->blocks[i], r->offs[i] };
}

/* The next operation depends on the one before. */
static void begin_step(struct recovery *r, enum async_tx_flags flags)
{
	struct dma_async_tx_descriptor *tx = r->submit->depend_tx;

	init_async_submit(r->submit, ASYNC_TX_FENCE | flags, tx, NULL, NULL, r->whole.scribble);
}

/* The last one is as the caller wants it. */
static void begin_last_step(struct recovery *r, enum async_tx_flags flags)
{
	struct dma_async_tx_descriptor *tx = r->submit->depend_tx;

	init_async_submit(r->submit, r->whole.flags | flags, tx, r->whole.cb_fn, r->whole.cb_param, r->whole.scribble);
}

static void sum_sync(struct block dest, const struct block *src, const u8 *coefs, unsigned int n, size_t len)
{
	u8 *to = async_page_ptr(dest.page, dest.offset), *from[2];
	unsigned int i;

	for (i = 0; i < n; i++)
		from[i] = async_page_ptr(src[i].page, src[i].offset);
	raid_sums(1, coefs, &to, from, n, len);
}

/* P is off, and its address stays unset: providers must not look at it. */
static struct dma_async_tx_descriptor *prep_weighted(struct dma_chan *chan, struct dmaengine_unmap_data *unmap, const u8 *coefs,
						     struct async_submit_ctl *submit)
{
	dma_addr_t pq[2] = { ~0ull, unmap->addr[unmap->to_cnt] };

	return chan->device->device_prep_dma_pq(chan, pq, unmap->addr, unmap->to_cnt, coefs, unmap->len,
						DMA_PREP_PQ_DISABLE_P | async_prep_flags(submit));
}

static bool map_weighted(struct dmaengine_unmap_data *unmap, struct block dest, const struct block *src, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!async_map_to(unmap, src[i].page, src[i].offset))
			return false;
	return async_map_both(unmap, dest.page, dest.offset);
}

/* @dest = sum of @coefs[i] @src[i], of one or two, as the Q of a P+Q operation. @dest may be a source. */
static void weighted_sum(struct recovery *r, struct block dest, const struct block *src, const u8 *coefs, unsigned int n)
{
	struct dma_chan *chan = async_tx_find_channel(r->submit, DMA_PQ, NULL, 0, NULL, n, r->len);
	struct dmaengine_unmap_data *unmap = NULL;
	struct dma_async_tx_descriptor *tx = NULL;

	if (chan && is_dma_pq_aligned(chan->device, dest.offset, src[0].offset, r->len) &&
	    is_dma_pq_aligned(chan->device, 0, src[n - 1].offset, r->len))
		unmap = async_unmap_data(chan, n + 1, r->len);
	if (unmap && map_weighted(unmap, dest, src, n))
		tx = prep_weighted(chan, unmap, coefs, r->submit);
	if (tx) {
		dma_set_unmap(tx, unmap);
		async_tx_submit(chan, tx, r->submit);
		r->submit->depend_tx = tx;
	}
	dmaengine_unmap_put(unmap);
	if (tx)
		return;
	async_tx_quiesce(&r->submit->depend_tx);
	async_count_sync(DMA_PQ);
	sum_sync(dest, src, coefs, n, r->len);
	async_tx_sync_epilog(r->submit);
}

/* @dest = @dest + @other */
static void add(struct recovery *r, struct block dest, struct block other)
{
	struct page *srcs[] = { dest.page, other.page };
	unsigned int offs[] = { dest.offset, other.offset };

	r->submit->depend_tx = async_xor_offs(dest.page, dest.offset, srcs, offs, 2, r->len, r->submit);
}

static void copy(struct recovery *r, struct block dest, struct block src)
{
	r->submit->depend_tx = async_memcpy(dest.page, src.page, dest.offset, src.offset, r->len, r->submit);
}

/* How many data blocks are there besides the lost ones, and one of them. */
static int count_good(const struct recovery *r, int faila, int failb, int *good)
{
	int n = 0, i;

	for (i = 0; i < r->disks - 2; i++) {
		if (!r->blocks[i] || i == faila || i == failb)
			continue;
		*good = i;
		n++;
	}
	return n;
}

/*
 * P and Q of what is left, into @dp and @dq. Of no block they are 0, and of one block they are a copy and a product,
 * which an engine with few sources can do too.
 */
static void sums_of_rest(struct recovery *r, int faila, int failb, struct block dp, struct block dq)
{
	struct page *blocks[ASYNC_PAGES];
	unsigned int offs[ASYNC_PAGES];
	int good;

	if (count_good(r, faila, failb, &good) == 1) {
		const struct block src = block_of(r, good);

		begin_step(r, 0);
		copy(r, dp, src);
		begin_step(r, 0);
		weighted_sum(r, dq, &src, &raid6_gfexp[good], 1);
		return;
	}
	memcpy(blocks, r->blocks, (size_t)r->disks * sizeof(blocks[0]));
	memcpy(offs, r->offs, (size_t)r->disks * sizeof(offs[0]));
	blocks[faila] = NULL;
	if (failb >= 0)
		blocks[failb] = NULL;
	blocks[r->disks - 2] = dp.page;
	blocks[r->disks - 1] = dq.page;
	offs[r->disks - 2] = dp.offset;
	offs[r->disks - 1] = dq.offset;
	begin_step(r, 0);
	r->submit->depend_tx = async_gen_syndrome(blocks, offs, r->disks, r->len, r->submit);
}

/* B = a (P + P of the rest) + b (Q + Q of the rest), then A is what is missing in P. */
static void recover_two(struct recovery *r, int faila, int failb)
{
	const u8 coefs[] = { raid6_gfexi[failb - faila], raid6_gfinv[raid6_gfexp[faila] ^ raid6_gfexp[failb]] };
	const struct block p = block_of(r, r->disks - 2), q = block_of(r, r->disks - 1);
	const struct block dp = block_of(r, faila), dq = block_of(r, failb);
	const struct block rest[] = { dp, dq }, alone[] = { p, q };
	int good;

	if (!count_good(r, faila, failb, &good)) {
		begin_step(r, 0);
		weighted_sum(r, dq, alone, coefs, 2);
		begin_step(r, 0);
		copy(r, dp, p);
		begin_last_step(r, ASYNC_TX_XOR_DROP_DST);
		add(r, dp, dq);
		return;
	}
	sums_of_rest(r, faila, failb, dp, dq);
	begin_step(r, ASYNC_TX_XOR_DROP_DST);
	add(r, dp, p);
	begin_step(r, ASYNC_TX_XOR_DROP_DST);
	add(r, dq, q);
	begin_step(r, 0);
	weighted_sum(r, dq, rest, coefs, 2);
	begin_last_step(r, ASYNC_TX_XOR_DROP_DST);
	add(r, dp, dq);
}

/* D = (Q + Q of the rest) / 2^faila, and P = P of the rest + D. */
static void recover_data_and_p(struct recovery *r, int faila)
{
	const u8 coef = raid6_gfinv[raid6_gfexp[faila]];
	const struct block p = block_of(r, r->disks - 2), q = block_of(r, r->disks - 1), d = block_of(r, faila);
	int good;

	BUG_ON(!count_good(r, faila, -1, &good));
	sums_of_rest(r, faila, -1, p, d);
	begin_step(r, ASYNC_TX_XOR_DROP_DST);
	add(r, d, q);
	begin_step(r, 0);
	weighted_sum(r, d, &d, &coef, 1);
	begin_last_step(r, ASYNC_TX_XOR_DROP_DST);
	add(r, p, d);
}

/* No engine: all at once. Missing blocks are zeros. */
static void recover_sync(struct recovery *r, int faila, int failb)
{
	void *ptrs[ASYNC_PAGES];
	int i;

	async_tx_quiesce(&r->submit->depend_tx);
	async_count_sync(DMA_PQ);
	for (i = 0; i < r->disks; i++)
		ptrs[i] = r->blocks[i] ? async_page_ptr(r->blocks[i], r->offs[i]) : (void *)raid6_empty_zero_page;
	if (failb >= 0)
		raid6_2data_recov(r->disks, r->len, faila, failb, ptrs);
	else
		raid6_datap_recov(r->disks, r->len, faila, ptrs);
	async_tx_sync_epilog(r->submit);
}

struct dma_async_tx_descriptor *async_raid6_2data_recov(int disks, size_t bytes, int faila, int failb, struct page **blocks,
							unsigned int *offs, struct async_submit_ctl *submit)
{
	struct recovery r = { blocks, offs, disks, bytes, submit, *submit };

	BUG_ON(faila == failb || disks > ASYNC_PAGES);
	if (failb < faila)
		return async_raid6_2data_recov(disks, bytes, failb, faila, blocks, offs, submit);
	if (async_dma_find_channel(DMA_PQ))
		recover_two(&r, faila, failb);
	else
		recover_sync(&r, faila, failb);
	return submit->depend_tx;
}

struct dma_async_tx_descriptor *async_raid6_datap_recov(int disks, size_t bytes, int faila, struct page **blocks, unsigned int *offs,
							struct async_submit_ctl *submit)
{
	struct recovery r = { blocks, offs, disks, bytes, submit, *submit };

	BUG_ON(disks > ASYNC_PAGES);
	if (async_dma_find_channel(DMA_PQ))
		recover_data_and_p(&r, faila);
	else
		recover_sync(&r, faila, -1);
	return submit->depend_tx;
}
