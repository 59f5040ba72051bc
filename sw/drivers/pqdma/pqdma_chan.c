// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: one channel as clients see it.
 *
 * A transaction moves through the lists of struct pqdma_chan in the order in which they stand there. The interrupt handler
 * brings it to "finished"; the tasklet completes it and calls the client back. Whoever polls does the same without
 * waiting for either, apart from the call.
 */
#include "pqdma.h"

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "dmaengine/dmaengine.h"
#include "pqdma_regs.h"

static struct pqdma_desc *to_pqdma_desc(struct dma_async_tx_descriptor *tx)
{
	return container_of(tx, struct pqdma_desc, tx);
}

/*
 * Make finished transactions complete for whoever asks: first the memory is the CPU's again, then the cookie says so.
 * Called with c->lock held.
 */
static void chan_settle(struct pqdma_chan *c)
{
	struct pqdma_desc *d, *next;

	list_for_each_entry_safe(d, next, &c->finished, node) {
		dma_descriptor_unmap(&d->tx);
		if (d->result.result != DMA_TRANS_NOERROR)
			c->failed[c->nr_failed++ % PQDMA_FAILED] = d->tx.cookie;
		dma_cookie_complete(&d->tx);
		list_move_tail(&d->node, &c->settled);
	}
}

static bool has_failed(const struct pqdma_chan *c, dma_cookie_t cookie)
{
	unsigned int i;

	for (i = 0; i < min_t(unsigned int, c->nr_failed, PQDMA_FAILED); i++)
		if (c->failed[i] == cookie)
			return true;
	return false;
}

/* Called with c->lock held. */
static void desc_recycle(struct pqdma_chan *c, struct pqdma_desc *d)
{
	list_move_tail(&d->node, async_tx_test_ack(&d->tx) ? &c->idle : &c->unacked);
}

/* Called with c->lock held, which is let go around the callback. */
static void call_back(struct pqdma_chan *c, struct pqdma_desc *d, unsigned long *flags)
{
	struct dmaengine_desc_callback cb;
	struct dmaengine_result result = d->result;

	dmaengine_desc_get_callback(&d->tx, &cb);
	/* Out of reach of a terminate from the callback; only we put it back. */
	list_del_init(&d->node);
	c->callbacks += dmaengine_desc_callback_valid(&cb);
	spin_unlock_irqrestore(&c->lock, *flags);
	dmaengine_desc_callback_invoke(&cb, &result);
	dma_run_dependencies(&d->tx);
	spin_lock_irqsave(&c->lock, *flags);
	desc_recycle(c, d);
}

/* Called with c->lock held. Nothing of a dropped transaction moves once the channel has been idle. */
static void release_dropped(struct pqdma_chan *c)
{
	struct pqdma_desc *d, *next;

	if (c->aborting)
		return;
	list_for_each_entry_safe(d, next, &c->dropped, node) {
		dma_descriptor_unmap(&d->tx);
		desc_recycle(c, d);
	}
}

static void chan_tasklet(struct tasklet_struct *t)
{
	struct pqdma_chan *c = from_tasklet(c, t, tasklet);
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	chan_settle(c);
	while (!list_empty(&c->settled))
		call_back(c, list_first_entry(&c->settled, struct pqdma_desc, node), &flags);
	release_dropped(c);
	spin_unlock_irqrestore(&c->lock, flags);
}

static dma_cookie_t tx_submit(struct dma_async_tx_descriptor *tx)
{
	struct pqdma_chan *c = to_pqdma_chan(tx->chan);
	struct pqdma_desc *d = to_pqdma_desc(tx);
	dma_cookie_t cookie;
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	cookie = dma_cookie_assign(tx);
	list_move_tail(&d->node, &c->submitted);
	spin_unlock_irqrestore(&c->lock, flags);
	return cookie;
}

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
	spin_lock_irqsave(&c->lock, flags);
	list_add_tail(&d->node, &c->allocated);
	spin_unlock_irqrestore(&c->lock, flags);
	return d;
}

struct pqdma_desc *pqdma_prep(struct pqdma_chan *c, u8 op, size_t len, unsigned long flags)
{
	struct pqdma_desc *d = desc_get(c);

	if (!d)
		return NULL;
	memset(&d->tx, 0, sizeof(d->tx));
	dma_async_tx_descriptor_init(&d->tx, &c->chan);
	d->tx.flags = flags;
	/* Not submitted yet: who waits for it must not take it for complete. */
	d->tx.cookie = -EBUSY;
	d->tx.tx_submit = tx_submit;
	d->op = op;
	d->hw_flags = 0;
	d->sources = 0;
	d->src = 0;
	d->dst = 0;
	d->q = 0;
	d->check = NULL;
	d->len = len;
	d->pushed = 0;
	d->result.result = DMA_TRANS_NOERROR;
	d->result.residue = 0;
	return d;
}

void pqdma_unprep(struct pqdma_chan *c, struct pqdma_desc *d)
{
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	list_move_tail(&d->node, &c->idle);
	spin_unlock_irqrestore(&c->lock, flags);
}

struct dma_async_tx_descriptor *pqdma_prep_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
						  unsigned long flags)
{
	struct pqdma_desc *d;

	if (!pqdma_is_range(dst, len) || !pqdma_is_range(src, len))
		return NULL;
	d = pqdma_prep(to_pqdma_chan(chan), PQDMA_OP_COPY, len, flags);
	if (!d)
		return NULL;
	d->src = src;
	d->dst = dst;
	return &d->tx;
}

struct dma_async_tx_descriptor *pqdma_prep_memset(struct dma_chan *chan, dma_addr_t dst, int value, size_t len, unsigned long flags)
{
	struct pqdma_desc *d;

	if (!pqdma_is_range(dst, len))
		return NULL;
	d = pqdma_prep(to_pqdma_chan(chan), PQDMA_OP_FILL, len, flags);
	if (!d)
		return NULL;
	d->src = (u8)value * 0x0101010101010101ull;
	d->dst = dst;
	return &d->tx;
}

struct dma_async_tx_descriptor *pqdma_prep_interrupt(struct dma_chan *chan, unsigned long flags)
{
	struct pqdma_desc *d = pqdma_prep(to_pqdma_chan(chan), PQDMA_OP_INTERRUPT, 0, flags);

	return d ? &d->tx : NULL;
}

void pqdma_issue_pending(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	list_splice_tail_init(&c->submitted, &c->issued);
	pqdma_ring_push(c);
	spin_unlock_irqrestore(&c->lock, flags);
}

static struct pqdma_desc *find_cookie(struct list_head *list, dma_cookie_t cookie)
{
	struct pqdma_desc *d;

	list_for_each_entry(d, list, node)
		if (d->tx.cookie == cookie)
			return d;
	return NULL;
}

/* Bytes that @cookie, which is not complete, has to go. Called with c->lock held. */
static u32 residue(struct pqdma_chan *c, dma_cookie_t cookie)
{
	struct pqdma_desc *d = find_cookie(&c->active, cookie);

	if (!d)
		d = find_cookie(&c->issued, cookie);
	if (!d)
		d = find_cookie(&c->submitted, cookie);
	if (!d)
		return 0;
	if (!d->pushed)
		return (u32)min_t(u64, d->len, U32_MAX);
	pqdma_ring_sample(c);
	/* The transaction may have ended since DONE was read. */
	if (c->bytes >= d->end)
		return 0;
	return (u32)min_t(u64, min_t(u64, d->end - c->bytes, d->len), U32_MAX);
}

enum dma_status pqdma_tx_status(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *state)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	enum dma_status status;
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	status = dma_cookie_status(chan, cookie, state);
	if (status != DMA_COMPLETE) {
		pqdma_ring_service(c);
		chan_settle(c);
		status = dma_cookie_status(chan, cookie, state);
		if (!list_empty(&c->settled))
			tasklet_schedule(&c->tasklet);
	}
	if (status != DMA_COMPLETE)
		dma_set_residue(state, residue(c, cookie));
	else if (has_failed(c, cookie))
		status = DMA_ERROR;
	spin_unlock_irqrestore(&c->lock, flags);
	return status;
}

int pqdma_terminate_all(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	list_splice_tail_init(&c->settled, &c->dropped);
	list_splice_tail_init(&c->finished, &c->dropped);
	list_splice_tail_init(&c->active, &c->dropped);
	list_splice_tail_init(&c->issued, &c->dropped);
	list_splice_tail_init(&c->submitted, &c->dropped);
	/* A cookie that was dropped must never be in progress again. */
	chan->completed_cookie = chan->cookie;
	if (c->tail != c->done && !c->aborting)
		pqdma_ring_abort(c);
	spin_unlock_irqrestore(&c->lock, flags);
	tasklet_schedule(&c->tasklet);
	return 0;
}

void pqdma_synchronize(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);

	if (!wait_event_timeout(c->idle_wait, !READ_ONCE(c->aborting), usecs_to_jiffies(PQDMA_ABORT_TIMEOUT_US)))
		dev_err(pqdma_chan_device(c), "%s: abort does not finish\n", dma_chan_name(chan));
	synchronize_irq(c->irq);
	tasklet_kill(&c->tasklet);
}

int pqdma_alloc_chan_resources(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	int err;

	err = pqdma_ring_reset(c);
	if (err)
		return err;
	c->ring = dma_alloc_coherent(pqdma_chan_device(c), PQDMA_RING * PQDMA_DESC_SIZE, &c->ring_bus, GFP_KERNEL);
	if (!c->ring)
		return -ENOMEM;
	dma_cookie_init(chan);
	c->nr_failed = 0;
	pqdma_ring_open(c);
	return PQDMA_RING;
}

static void free_list(struct pqdma_chan *c, struct list_head *list)
{
	struct pqdma_desc *d, *next;

	list_for_each_entry_safe(d, next, list, node) {
		dma_descriptor_unmap(&d->tx);
		list_del(&d->node);
		pqdma_table_free(c, d);
		kfree(d);
	}
}

void pqdma_free_chan_resources(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);

	pqdma_terminate_all(chan);
	pqdma_synchronize(chan);
	/* The channel still runs, with nothing to do, on a ring that is about to go. */
	if (pqdma_ring_reset(c))
		dev_err(pqdma_chan_device(c), "%s: does not become idle\n", dma_chan_name(chan));
	synchronize_irq(c->irq);
	tasklet_kill(&c->tasklet);
	free_list(c, &c->dropped);
	free_list(c, &c->allocated);
	free_list(c, &c->unacked);
	free_list(c, &c->idle);
	dma_free_coherent(pqdma_chan_device(c), PQDMA_RING * PQDMA_DESC_SIZE, c->ring, c->ring_bus);
	c->ring = NULL;
}

void pqdma_chan_setup(struct pqdma *pqdma, struct pqdma_chan *c)
{
	struct list_head *const lists[] = {
		&c->allocated, &c->submitted, &c->issued, &c->active, &c->finished, &c->settled, &c->dropped, &c->unacked, &c->idle,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		INIT_LIST_HEAD(lists[i]);
	spin_lock_init(&c->lock);
	init_waitqueue_head(&c->idle_wait);
	tasklet_setup(&c->tasklet, chan_tasklet);
	c->chan.device = &pqdma->dma;
	dma_cookie_init(&c->chan);
	list_add_tail(&c->chan.device_node, &pqdma->dma.channels);
}
