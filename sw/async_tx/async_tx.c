// SPDX-License-Identifier: MIT
/*
 * The order of operations: what is submitted when, and what waits for what.
 *
 * On one channel the engine keeps the order. From channel to channel an interrupt transaction on the first carries what
 * is to follow on the second.
 */
#include "async_tx/async_priv.h"

#include <linux/dma-mapping.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

/** struct held - a transaction that is prepared and waits for its callback, see linux/async_tx_rfc2008.h */
struct held {
	struct dma_async_tx_descriptor *tx;
	struct async_submit_ctl submit;
	struct list_head node;
};

static struct async_tx_stats stats;
static LIST_HEAD(held_list);

void async_tx_load(void)
{
	memset(&stats, 0, sizeof(stats));
	INIT_LIST_HEAD(&held_list);
	dmaengine_get();
}

void async_tx_unload(void)
{
	WARN(!list_empty(&held_list), "a transaction is still held back");
	dmaengine_put();
}

const struct async_tx_stats *async_tx_stats(void)
{
	return &stats;
}

void async_count_sync(enum dma_transaction_type type)
{
	stats.sync[type]++;
}

struct dma_chan *__async_tx_find_channel(struct async_submit_ctl *submit, enum dma_transaction_type tx_type)
{
	struct dma_async_tx_descriptor *depend_tx = submit->depend_tx;

	/* Where it is already there is nothing to switch. */
	if (depend_tx && dma_has_cap(tx_type, depend_tx->chan->device->cap_mask))
		return depend_tx->chan;
	return async_dma_find_channel(tx_type);
}

#ifdef CONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH
/* @child follows @parent; false if @parent does not wait for anything itself, so nobody would look for its child. */
static bool chain_if_waiting(struct dma_async_tx_descriptor *parent, struct dma_async_tx_descriptor *child)
{
	unsigned long flags;
	bool waiting;

	spin_lock_irqsave(&parent->lock, flags);
	waiting = parent->parent;
	if (waiting) {
		parent->next = child;
		child->parent = parent;
	}
	spin_unlock_irqrestore(&parent->lock, flags);
	return waiting;
}

static void wait_and_submit(struct dma_async_tx_descriptor *parent, struct dma_async_tx_descriptor *tx)
{
	if (dma_wait_for_async_tx(parent) != DMA_COMPLETE)
		panic("%s: DMA error waiting for the parent", __func__);
	tx->tx_submit(tx);
}

static void switch_channel(struct dma_async_tx_descriptor *parent, struct dma_async_tx_descriptor *tx)
{
	struct dma_device *device = parent->chan->device;
	struct dma_async_tx_descriptor *carrier = NULL;

	if (dma_has_cap(DMA_INTERRUPT, device->cap_mask))
		carrier = device->device_prep_dma_interrupt(parent->chan, 0);
	if (!carrier) {
		wait_and_submit(parent, tx);
		return;
	}
	/* Nobody else knows it yet. */
	carrier->next = tx;
	tx->parent = carrier;
	async_tx_ack(carrier);
	if (!chain_if_waiting(parent, carrier))
		carrier->tx_submit(carrier);
	dma_async_issue_pending(parent->chan);
}

static void submit_behind(struct dma_async_tx_descriptor *parent, struct dma_async_tx_descriptor *tx)
{
	BUG_ON(parent->next || tx->parent);
	if (parent->chan != tx->chan)
		switch_channel(parent, tx);
	else if (!chain_if_waiting(parent, tx))
		tx->tx_submit(tx);
}
#else
static void submit_behind(struct dma_async_tx_descriptor *parent, struct dma_async_tx_descriptor *tx)
{
	BUG_ON(parent->chan != tx->chan);
	tx->tx_submit(tx);
}
#endif

static void submit_now(struct dma_async_tx_descriptor *tx, const struct async_submit_ctl *submit)
{
	struct dma_async_tx_descriptor *parent = submit->depend_tx;

	tx->callback = submit->cb_fn;
	tx->callback_param = submit->cb_param;
	/* Before it is submitted: afterwards it may be gone. */
	if (submit->flags & ASYNC_TX_ACK)
		async_tx_ack(tx);
	if (!parent) {
		tx->tx_submit(tx);
		return;
	}
	BUG_ON(async_tx_test_ack(parent));
	submit_behind(parent, tx);
	/* To have a child is an acknowledge. */
	async_tx_ack(parent);
}

static struct held *find_held(const struct dma_async_tx_descriptor *tx)
{
	struct held *held;

	list_for_each_entry(held, &held_list, node)
		if (held->tx == tx)
			return held;
	return NULL;
}

bool async_tx_unhold(struct dma_async_tx_descriptor *tx, dma_async_tx_callback cb_fn, void *cb_param)
{
	struct held *held = find_held(tx);

	if (!held)
		return false;
	list_del(&held->node);
	held->submit.cb_fn = cb_fn;
	held->submit.cb_param = cb_param;
	submit_now(tx, &held->submit);
	kfree(held);
	return true;
}

static bool hold(struct dma_async_tx_descriptor *tx, const struct async_submit_ctl *submit)
{
	struct held *held = kmalloc(sizeof(*held), GFP_NOWAIT);

	if (!held)
		return false;
	held->tx = tx;
	held->submit = *submit;
	list_add_tail(&held->node, &held_list);
	return true;
}

void async_tx_submit(struct dma_chan __always_unused *chan, struct dma_async_tx_descriptor *tx, struct async_submit_ctl *submit)
{
	/* A parent goes before its child. */
	if (submit->depend_tx)
		async_tx_unhold(submit->depend_tx, NULL, NULL);
	if (!(submit->flags & ASYNC_TX_DELAY_SUBMIT) || !hold(tx, submit))
		submit_now(tx, submit);
}

void async_tx_sync_epilog(struct async_submit_ctl *submit)
{
	if (!submit->cb_fn)
		return;
	stats.callbacks++;
	submit->cb_fn(submit->cb_param);
}

void async_tx_quiesce(struct dma_async_tx_descriptor **tx)
{
	if (!*tx)
		return;
	async_tx_unhold(*tx, NULL, NULL);
	BUG_ON(async_tx_test_ack(*tx));
	if (dma_wait_for_async_tx(*tx) != DMA_COMPLETE)
		panic("%s: DMA error waiting for a transaction", __func__);
	async_tx_ack(*tx);
	*tx = NULL;
}

struct dma_async_tx_descriptor *async_trigger_callback(struct async_submit_ctl *submit)
{
	struct dma_async_tx_descriptor *tx = NULL;
	struct dma_device *device;
	struct dma_chan *chan;

	if (submit->depend_tx) {
		chan = submit->depend_tx->chan;
		device = chan->device;
		if (dma_has_cap(DMA_INTERRUPT, device->cap_mask))
			tx = device->device_prep_dma_interrupt(chan, 0);
	}
	if (tx) {
		async_tx_submit(chan, tx, submit);
		return tx;
	}
	async_tx_quiesce(&submit->depend_tx);
	async_tx_sync_epilog(submit);
	return NULL;
}

unsigned long async_prep_flags(const struct async_submit_ctl *submit)
{
	unsigned long flags = 0;

	if (submit->cb_fn || (submit->flags & ASYNC_TX_DELAY_SUBMIT))
		flags |= DMA_PREP_INTERRUPT;
	if (submit->flags & ASYNC_TX_FENCE)
		flags |= DMA_PREP_FENCE;
	return flags;
}

struct dmaengine_unmap_data *async_unmap_data(struct dma_chan *chan, unsigned int pages, size_t len)
{
	struct dmaengine_unmap_data *unmap;

	if (!chan)
		return NULL;
	unmap = dmaengine_get_unmap_data(dmaengine_get_dma_device(chan), (int)pages, GFP_NOWAIT);
	if (unmap)
		unmap->len = len;
	return unmap;
}

static bool map_page(struct dmaengine_unmap_data *unmap, struct page *page, unsigned int offset, unsigned int index,
		     enum dma_data_direction dir)
{
	unmap->addr[index] = dma_map_page(unmap->dev, page, offset, unmap->len, dir);
	return !dma_mapping_error(unmap->dev, unmap->addr[index]);
}

bool async_map_to(struct dmaengine_unmap_data *unmap, struct page *page, unsigned int offset)
{
	if (!map_page(unmap, page, offset, unmap->to_cnt, DMA_TO_DEVICE))
		return false;
	unmap->to_cnt++;
	return true;
}

bool async_map_both(struct dmaengine_unmap_data *unmap, struct page *page, unsigned int offset)
{
	unsigned int index = unmap->to_cnt + unmap->bidi_cnt;

	if (!page)
		unmap->addr[index] = 0;
	else if (!map_page(unmap, page, offset, index, DMA_BIDIRECTIONAL))
		return false;
	unmap->bidi_cnt++;
	return true;
}

struct dma_async_tx_descriptor *async_submit_prep(struct dma_chan *chan, struct async_prep *p, unsigned long flags,
						  struct dmaengine_unmap_data *unmap, struct async_submit_ctl *submit)
{
	struct dma_async_tx_descriptor *tx = p->prep(chan, p, flags | async_prep_flags(submit));

	if (!tx)
		async_tx_quiesce(&submit->depend_tx);
	while (!tx) {
		dma_async_issue_pending(chan);
		cpu_relax();
		tx = p->prep(chan, p, flags | async_prep_flags(submit));
	}
	dma_set_unmap(tx, unmap);
	async_tx_submit(chan, tx, submit);
	return tx;
}

void async_begin_piece(struct async_submit_ctl *submit, const struct async_submit_ctl *whole, bool last)
{
	submit->flags = whole->flags;
	submit->cb_fn = whole->cb_fn;
	submit->cb_param = whole->cb_param;
	if (last)
		return;
	submit->flags &= ~(ASYNC_TX_ACK | ASYNC_TX_DELAY_SUBMIT);
	submit->flags |= ASYNC_TX_FENCE;
	submit->cb_fn = NULL;
	submit->cb_param = NULL;
}
