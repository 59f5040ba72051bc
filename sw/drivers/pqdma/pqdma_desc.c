// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: transactions, and the memory they are in.
 *
 * A transaction is one hardware descriptor or several: its pieces. What is done with is used again, with its memory.
 */
#include "pqdma.h"

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "dmaengine/dmaengine.h"
#include "pqdma_regs.h"

/* It begins anew; one that is reused has done all this before. */
static void rewind_desc(struct pqdma_desc *d)
{
	d->started = false;
	d->next = 0;
	d->done = 0;
	pqdma_skip(d, 0);
	d->due = 0;
	d->called = 0;
	d->left = d->len;
	d->short_by = 0;
	d->metadata = (struct pqdma_metadata){ 0 };
	d->result.result = DMA_TRANS_NOERROR;
	d->result.residue = 0;
}

static dma_cookie_t tx_submit(struct dma_async_tx_descriptor *tx)
{
	struct pqdma_chan *c = to_pqdma_chan(tx->chan);
	struct pqdma_desc *d = to_pqdma_desc(tx);
	dma_cookie_t cookie;
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	if (c->gone) {
		spin_unlock_irqrestore(&c->lock, flags);
		return -ENODEV;
	}
	rewind_desc(d);
	cookie = dma_cookie_assign(tx);
	list_move_tail(&d->node, &c->submitted);
	spin_unlock_irqrestore(&c->lock, flags);
	return cookie;
}

/* The client lets go of what it has submitted again and again; it is not under way. */
static int tx_free(struct dma_async_tx_descriptor *tx)
{
	pqdma_unprep(to_pqdma_chan(tx->chan), to_pqdma_desc(tx));
	return 0;
}

/* Metadata: what status words say, so there has to be one. */

static int attach(struct dma_async_tx_descriptor *tx, void *data, size_t len)
{
	struct pqdma_desc *d = to_pqdma_desc(tx);

	if (!data || len < sizeof(d->metadata))
		return -EINVAL;
	d->wanted = data;
	d->hw_flags |= PQDMA_FLAG_WB;
	return 0;
}

static void *get_ptr(struct dma_async_tx_descriptor *tx, size_t *payload_len, size_t *max_len)
{
	struct pqdma_desc *d = to_pqdma_desc(tx);

	d->hw_flags |= PQDMA_FLAG_WB;
	*payload_len = sizeof(d->metadata);
	*max_len = sizeof(d->metadata);
	return &d->metadata;
}

static struct dma_descriptor_metadata_ops metadata_ops = {
	.attach = attach,
	.get_ptr = get_ptr,
};

/* Called with c->lock held. */
static struct pqdma_desc *desc_reuse(struct pqdma_chan *c)
{
	struct pqdma_desc *d, *next;

	if (list_empty(&c->idle))
		list_for_each_entry_safe(d, next, &c->unacked, node)
			if (async_tx_test_ack(&d->tx))
				list_move_tail(&d->node, &c->idle);
	d = list_first_entry_or_null(&c->idle, struct pqdma_desc, node);
	if (d)
		list_move_tail(&d->node, &c->allocated);
	return d;
}

static struct pqdma_desc *desc_get(struct pqdma_chan *c)
{
	struct pqdma_desc *d;
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	d = desc_reuse(c);
	spin_unlock_irqrestore(&c->lock, flags);
	if (d)
		return d;
	d = kzalloc(sizeof(*d), GFP_NOWAIT);
	if (!d)
		return NULL;
	d->piece = &d->one;
	d->room = 1;
	spin_lock_irqsave(&c->lock, flags);
	list_add_tail(&d->node, &c->allocated);
	spin_unlock_irqrestore(&c->lock, flags);
	return d;
}

static void free_pieces(struct pqdma_desc *d)
{
	if (d->piece != &d->one)
		kfree(d->piece);
	d->piece = &d->one;
	d->room = 1;
}

static bool make_room(struct pqdma_desc *d, size_t room)
{
	struct pqdma_piece *piece;

	if (room <= d->room)
		return true;
	if (room > U32_MAX)
		return false;
	piece = kcalloc(room, sizeof(*piece), GFP_NOWAIT);
	if (!piece)
		return false;
	free_pieces(d);
	d->piece = piece;
	d->room = (u32)room;
	return true;
}

struct pqdma_desc *pqdma_prep(struct pqdma_chan *c, u8 op, size_t room, unsigned long flags)
{
	struct pqdma_desc *d = READ_ONCE(c->gone) ? NULL : desc_get(c);

	if (!d)
		return NULL;
	if (!make_room(d, room)) {
		pqdma_unprep(c, d);
		return NULL;
	}
	memset(&d->tx, 0, sizeof(d->tx));
	dma_async_tx_descriptor_init(&d->tx, &c->chan);
	d->tx.flags = flags;
	/* Not submitted yet: who waits for it must not take it for complete. */
	d->tx.cookie = -EBUSY;
	d->tx.tx_submit = tx_submit;
	d->tx.desc_free = tx_free;
	d->tx.metadata_ops = &metadata_ops;
	d->op = op;
	d->hw_flags = 0;
	d->cyclic = false;
	d->settings = 0;
	d->q = 0;
	d->nr = 0;
	d->skip = 0;
	d->check = NULL;
	d->wanted = NULL;
	d->len = 0;
	return d;
}

struct pqdma_piece *pqdma_add(struct pqdma_desc *d, u64 src, u64 dst, u32 len)
{
	struct pqdma_piece *piece = &d->piece[d->nr++];

	*piece = (struct pqdma_piece){ .src = src, .dst = dst, .len = len };
	d->len += len;
	return piece;
}

void pqdma_unprep(struct pqdma_chan *c, struct pqdma_desc *d)
{
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	list_move_tail(&d->node, &c->idle);
	spin_unlock_irqrestore(&c->lock, flags);
}

void pqdma_recycle(struct pqdma_chan *c, struct pqdma_desc *d)
{
	if (dmaengine_desc_test_reuse(&d->tx))
		list_move_tail(&d->node, &c->allocated);
	else
		list_move_tail(&d->node, async_tx_test_ack(&d->tx) ? &c->idle : &c->unacked);
}

void pqdma_free_list(struct pqdma_chan *c, struct list_head *list)
{
	struct pqdma_desc *d, *next;

	list_for_each_entry_safe(d, next, list, node) {
		dma_descriptor_unmap(&d->tx);
		list_del(&d->node);
		pqdma_table_free(c, d);
		free_pieces(d);
		kfree(d);
	}
}
