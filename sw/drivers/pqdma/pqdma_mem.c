// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: copies and fills in memory, of ranges, lists and rows.
 */
#include "pqdma.h"

#include <linux/bitfield.h>
#include <linux/kernel.h>
#include <linux/scatterlist.h>
#include "pqdma_regs.h"

/* Pieces of a range. */
static size_t pieces_of(u64 len)
{
	return (size_t)((len + PQDMA_PIECE_MAX - 1) / PQDMA_PIECE_MAX);
}

/* Likewise of all entries of a list. */
static size_t pieces_of_list(struct scatterlist *sgl, unsigned int nents)
{
	struct scatterlist *sg;
	unsigned int i;
	size_t n = 0;

	for_each_sg(sgl, sg, nents, i)
		n += pieces_of(sg_dma_len(sg));
	return n;
}

/* The pattern of a fill does not move on. */
static void add_pieces(struct pqdma_desc *d, u64 src, u64 dst, u64 len)
{
	while (len) {
		u32 part = (u32)min_t(u64, len, PQDMA_PIECE_MAX);

		pqdma_add(d, src, dst, part);
		src += d->op == PQDMA_OP_FILL ? 0 : part;
		dst += part;
		len -= part;
	}
}

static struct dma_async_tx_descriptor *prep_range(struct dma_chan *chan, u8 op, u64 src, u64 dst, size_t len, unsigned long flags)
{
	struct pqdma_desc *d = pqdma_prep(to_pqdma_chan(chan), op, pieces_of(len), flags);

	if (!d)
		return NULL;
	add_pieces(d, src, dst, len);
	return &d->tx;
}

static struct dma_async_tx_descriptor *prep_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len, unsigned long flags)
{
	if (!pqdma_is_range(dst, len) || !pqdma_is_range(src, len))
		return NULL;
	return prep_range(chan, PQDMA_OP_COPY, src, dst, len, flags);
}

static u64 pattern_of(int value)
{
	return (u8)value * 0x0101010101010101ull;
}

static struct dma_async_tx_descriptor *prep_memset(struct dma_chan *chan, dma_addr_t dst, int value, size_t len, unsigned long flags)
{
	if (!pqdma_is_range(dst, len))
		return NULL;
	return prep_range(chan, PQDMA_OP_FILL, pattern_of(value), dst, len, flags);
}

static struct dma_async_tx_descriptor *prep_memset_sg(struct dma_chan *chan, struct scatterlist *sgl, unsigned int nents, int value,
						      unsigned long flags)
{
	struct pqdma_desc *d;
	struct scatterlist *sg;
	unsigned int i;

	for_each_sg(sgl, sg, nents, i)
		if (!pqdma_is_range(sg_dma_address(sg), sg_dma_len(sg)))
			return NULL;
	d = nents ? pqdma_prep(to_pqdma_chan(chan), PQDMA_OP_FILL, pieces_of_list(sgl, nents), flags) : NULL;
	if (!d)
		return NULL;
	for_each_sg(sgl, sg, nents, i)
		add_pieces(d, pattern_of(value), sg_dma_address(sg), sg_dma_len(sg));
	return &d->tx;
}

static struct dma_async_tx_descriptor *prep_interrupt(struct dma_chan *chan, unsigned long flags)
{
	struct pqdma_desc *d = pqdma_prep(to_pqdma_chan(chan), PQDMA_OP_INTERRUPT, 1, flags);

	if (!d)
		return NULL;
	pqdma_add(d, 0, 0, 0);
	return &d->tx;
}

#ifdef DMAENGINE_HAS_DMA_SG
/**
 * struct cursor - a place in a list
 * @sg:   the entry; NULL behind the last one
 * @left: entries from there on
 * @at:   bytes of it that are behind us
 */
struct cursor {
	struct scatterlist *sg;
	unsigned int left;
	u32 at;
};

static u32 cursor_room(const struct cursor *cur)
{
	return sg_dma_len(cur->sg) - cur->at;
}

/* On by @len bytes, and over what is empty. False at the end. */
static bool cursor_move(struct cursor *cur, u32 len)
{
	cur->at += len;
	while (cur->left && cur->at == sg_dma_len(cur->sg)) {
		cur->sg = sg_next(cur->sg);
		cur->at = 0;
		cur->left--;
	}
	return cur->left;
}

/* The shorter list ends it. Each piece ends an entry of one of them, so there are no more pieces than entries and cuts. */
static struct dma_async_tx_descriptor *prep_sg(struct dma_chan *chan, struct scatterlist *dst_sg, unsigned int dst_nents,
					       struct scatterlist *src_sg, unsigned int src_nents, unsigned long flags)
{
	struct cursor dst = { dst_sg, dst_nents, 0 }, src = { src_sg, src_nents, 0 };
	size_t room = pieces_of_list(dst_sg, dst_nents) + pieces_of_list(src_sg, src_nents);
	struct pqdma_desc *d;
	u32 len;

	if (!dst_nents || !src_nents || !cursor_move(&dst, 0) || !cursor_move(&src, 0))
		return NULL;
	d = pqdma_prep(to_pqdma_chan(chan), PQDMA_OP_COPY, room, flags);
	if (!d)
		return NULL;
	do {
		len = min_t(u32, min_t(u32, cursor_room(&dst), cursor_room(&src)), PQDMA_PIECE_MAX);
		pqdma_add(d, sg_dma_address(src.sg) + src.at, sg_dma_address(dst.sg) + dst.at, len);
	} while (cursor_move(&dst, len) & cursor_move(&src, len));
	return &d->tx;
}
#endif

/* Rows */

/**
 * struct rows - how far it is from frame to frame
 * @src: bytes at the source; likewise @dst
 * @chunks: bytes of a frame without its gaps
 */
struct rows {
	u64 src;
	u64 dst;
	u64 chunks;
};

static bool measure_rows(struct dma_interleaved_template *xt, struct rows *rows)
{
	size_t i;

	*rows = (struct rows){ 0 };
	for (i = 0; i < xt->frame_size; i++) {
		if (!xt->sgl[i].size || xt->sgl[i].size > PQDMA_PIECE_MAX)
			return false;
		rows->chunks += xt->sgl[i].size;
		rows->src += xt->sgl[i].size + dmaengine_get_src_icg(xt, &xt->sgl[i]);
		rows->dst += xt->sgl[i].size + dmaengine_get_dst_icg(xt, &xt->sgl[i]);
	}
	return rows->chunks <= PQDMA_PIECE_MAX && rows->src <= S32_MAX && rows->dst <= S32_MAX;
}

/* So many rows of a chunk are one piece. */
static u32 rows_at_once(size_t chunk)
{
	return (u32)(PQDMA_PIECE_MAX / chunk);
}

static size_t pieces_of_rows(const struct dma_interleaved_template *xt)
{
	size_t i, n = 0;

	for (i = 0; i < xt->frame_size; i++)
		n += DIV_ROUND_UP(xt->numf, rows_at_once(xt->sgl[i].size));
	return n;
}

static void add_rows(struct pqdma_desc *d, const struct rows *rows, u64 src, u64 dst, u32 len, size_t nr)
{
	while (nr) {
		u32 part = (u32)min_t(u64, nr, rows_at_once(len));
		struct pqdma_piece *piece = pqdma_add(d, src, dst, len);

		piece->rows = part;
		piece->src_stride = (u32)rows->src;
		piece->dst_stride = (u32)rows->dst;
		d->len += (u64)len * (part - 1);
		src += part * rows->src;
		dst += part * rows->dst;
		nr -= part;
	}
}

/* One chunk of all frames, then the next chunk: no two of them may overlap in memory, so their order is free. */
struct dma_async_tx_descriptor *pqdma_prep_rows(struct pqdma_chan *c, struct dma_interleaved_template *xt, unsigned long flags)
{
	u64 src = xt->src_start, dst = xt->dst_start;
	struct pqdma_desc *d;
	struct rows rows;
	size_t i;

	if (!xt->src_inc || !xt->dst_inc || !measure_rows(xt, &rows) || xt->numf > U32_MAX)
		return NULL;
	if (!pqdma_is_range(src, xt->numf * rows.src) || !pqdma_is_range(dst, xt->numf * rows.dst))
		return NULL;
	d = pqdma_prep(c, PQDMA_OP_COPY, pieces_of_rows(xt), flags);
	if (!d)
		return NULL;
	for (i = 0; i < xt->frame_size; i++) {
		add_rows(d, &rows, src, dst, (u32)xt->sgl[i].size, xt->numf);
		src += xt->sgl[i].size + dmaengine_get_src_icg(xt, &xt->sgl[i]);
		dst += xt->sgl[i].size + dmaengine_get_dst_icg(xt, &xt->sgl[i]);
	}
	return &d->tx;
}

static void setup_copy(struct dma_device *dma)
{
	dma_cap_set(DMA_MEMCPY, dma->cap_mask);
	dma->device_prep_dma_memcpy = prep_memcpy;
#ifdef DMAENGINE_HAS_DMA_SG
	dma_cap_set(DMA_SG, dma->cap_mask);
	dma->device_prep_dma_sg = prep_sg;
#endif
}

static void setup_fill(struct dma_device *dma)
{
	dma_cap_set(DMA_MEMSET, dma->cap_mask);
	dma_cap_set(DMA_MEMSET_SG, dma->cap_mask);
	dma->device_prep_dma_memset = prep_memset;
	dma->device_prep_dma_memset_sg = prep_memset_sg;
}

static void setup_interrupt(struct dma_device *dma)
{
	dma_cap_set(DMA_INTERRUPT, dma->cap_mask);
	dma->device_prep_dma_interrupt = prep_interrupt;
}

static const struct {
	u8 op;
	void (*setup)(struct dma_device *dma);
} operations[] = {
	{ PQDMA_OP_COPY, setup_copy },
	{ PQDMA_OP_FILL, setup_fill },
	{ PQDMA_OP_INTERRUPT, setup_interrupt },
};

void pqdma_setup_mem(struct pqdma *pqdma, u32 cap1)
{
	u32 ops = FIELD_GET(PQDMA_CAP1_OPS_MASK, cap1);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (ops & BIT(operations[i].op))
			operations[i].setup(&pqdma->dma);
	pqdma->dma.copy_align = DMAENGINE_ALIGN_1_BYTE;
	pqdma->dma.fill_align = DMAENGINE_ALIGN_1_BYTE;
}
