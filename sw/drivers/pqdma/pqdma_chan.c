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
#include <linux/iopoll.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/of_device.h>
#include <linux/string.h>
#include "dmaengine/dmaengine.h"
#include "pqdma_regs.h"

#define PAUSE_POLL_US 1

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
		if (d->wanted)
			memcpy(d->wanted, &d->metadata, sizeof(d->metadata));
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

/* Called with c->lock held, which is let go around the callback. */
static void call(struct pqdma_chan *c, struct pqdma_desc *d, const struct dmaengine_result *result, unsigned long *flags)
{
	struct dmaengine_desc_callback cb;

	dmaengine_desc_get_callback(&d->tx, &cb);
	c->callbacks += dmaengine_desc_callback_valid(&cb);
	spin_unlock_irqrestore(&c->lock, *flags);
	dmaengine_desc_callback_invoke(&cb, result);
	spin_lock_irqsave(&c->lock, *flags);
}

/* One call for each period that is over, however many there were since the last time. */
static bool call_period(struct pqdma_chan *c, struct pqdma_desc *d, unsigned long *flags)
{
	static const struct dmaengine_result fine = { .result = DMA_TRANS_NOERROR };

	if (d->called == d->due)
		return false;
	d->called++;
	if (d->tx.flags & DMA_PREP_INTERRUPT)
		call(c, d, &fine, flags);
	return true;
}

static void call_back(struct pqdma_chan *c, struct pqdma_desc *d, unsigned long *flags)
{
	struct dmaengine_result result = d->result;

	/* Out of reach of a terminate from the callback; only we put it back. */
	list_del_init(&d->node);
	while (call_period(c, d, flags))
		;
	call(c, d, &result, flags);
	spin_unlock_irqrestore(&c->lock, *flags);
	dma_run_dependencies(&d->tx);
	spin_lock_irqsave(&c->lock, *flags);
	pqdma_recycle(c, d);
}

/* Called with c->lock held. Nothing of a dropped transaction moves once the channel has been idle. */
static void release_dropped(struct pqdma_chan *c)
{
	struct pqdma_desc *d, *next;

	if (c->aborting)
		return;
	list_for_each_entry_safe(d, next, &c->dropped, node) {
		dma_descriptor_unmap(&d->tx);
		pqdma_recycle(c, d);
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
	/* A callback may have terminated it. */
	while (c->round && call_period(c, c->round, &flags))
		;
	release_dropped(c);
	spin_unlock_irqrestore(&c->lock, flags);
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

static struct pqdma_desc *find_open(struct pqdma_chan *c, dma_cookie_t cookie)
{
	struct pqdma_desc *d = find_cookie(&c->active, cookie);

	if (!d)
		d = find_cookie(&c->issued, cookie);
	return d ? d : find_cookie(&c->submitted, cookie);
}

/* Bytes that @cookie, which is not complete, has to go. Called with c->lock held. */
static u32 residue(struct pqdma_chan *c, dma_cookie_t cookie)
{
	struct pqdma_desc *d = find_open(c, cookie);

	if (!d)
		return 0;
	if (!d->started)
		return (u32)min_t(u64, d->left - d->skip, U32_MAX);
	pqdma_ring_sample(c);
	if (d->cyclic)
		return pqdma_cyclic_left(c, d);
	/* The transaction may have ended since DONE was read. */
	if (c->bytes >= d->end)
		return 0;
	return (u32)min_t(u64, min_t(u64, d->end - c->bytes, d->len), U32_MAX);
}

static bool has_calls(const struct pqdma_chan *c)
{
	return !list_empty(&c->settled) || (c->round && c->round->called != c->round->due);
}

/* The state of a cookie that is not complete. Called with c->lock held. */
static enum dma_status look(struct pqdma_chan *c, dma_cookie_t cookie, struct dma_tx_state *state)
{
	enum dma_status status;

	pqdma_ring_service(c);
	chan_settle(c);
	status = dma_cookie_status(&c->chan, cookie, state);
	if (has_calls(c))
		tasklet_schedule(&c->tasklet);
	if (status == DMA_COMPLETE)
		return status;
	dma_set_residue(state, residue(c, cookie));
	return c->paused ? DMA_PAUSED : status;
}

enum dma_status pqdma_tx_status(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *state)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	enum dma_status status;
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	status = dma_cookie_status(chan, cookie, state);
	if (status != DMA_COMPLETE)
		status = look(c, cookie, state);
	if (status == DMA_COMPLETE && has_failed(c, cookie))
		status = DMA_ERROR;
	spin_unlock_irqrestore(&c->lock, flags);
	return status;
}

/*
 * Strips that have begun are finished, and nothing else: that takes no longer than the bus does. A channel that is being aborted comes
 * to rest by itself, and stays there as long as it is paused.
 */
int pqdma_pause(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	unsigned long flags;
	u32 status;
	int err;

	spin_lock_irqsave(&c->lock, flags);
	if (c->gone) {
		spin_unlock_irqrestore(&c->lock, flags);
		return -ENODEV;
	}
	c->paused = true;
	pqdma_chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_PAUSE_MASK);
	spin_unlock_irqrestore(&c->lock, flags);
	err = readl_poll_timeout_atomic(c->regs + PQDMA_CH_STATUS, status, !(status & PQDMA_STATUS_BUSY_MASK), PAUSE_POLL_US,
					PQDMA_ABORT_TIMEOUT_US);
	if (err)
		dev_err(pqdma_chan_device(c), "%s: does not pause\n", dma_chan_name(chan));
	return err;
}

/* Called with c->lock held. After an abort the handler lets it run. */
static void chan_resume(struct pqdma_chan *c)
{
	if (c->paused && !c->aborting)
		pqdma_chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	c->paused = false;
}

int pqdma_resume(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	chan_resume(c);
	spin_unlock_irqrestore(&c->lock, flags);
	return 0;
}

int pqdma_terminate_all(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	unsigned long flags;

	if (READ_ONCE(c->gone))
		return 0;
	spin_lock_irqsave(&c->lock, flags);
	list_splice_tail_init(&c->settled, &c->dropped);
	list_splice_tail_init(&c->finished, &c->dropped);
	list_splice_tail_init(&c->active, &c->dropped);
	list_splice_tail_init(&c->issued, &c->dropped);
	list_splice_tail_init(&c->submitted, &c->dropped);
	/* A cookie that was dropped must never be in progress again. */
	chan->completed_cookie = chan->cookie;
	c->round = NULL;
	if (pqdma_ring_is_busy(c) && !c->aborting)
		pqdma_ring_abort(c);
	chan_resume(c);
	spin_unlock_irqrestore(&c->lock, flags);
	tasklet_schedule(&c->tasklet);
	return 0;
}

void pqdma_synchronize(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);

	if (READ_ONCE(c->gone))
		return;
	if (!wait_event_timeout(c->idle_wait, !READ_ONCE(c->aborting), usecs_to_jiffies(PQDMA_ABORT_TIMEOUT_US)))
		dev_err(pqdma_chan_device(c), "%s: abort does not finish\n", dma_chan_name(chan));
	synchronize_irq(c->irq);
	tasklet_kill(&c->tasklet);
}

/*
 * The channel's device as the part of the controller whose accesses have the channel's number. If nothing translates them by that,
 * they are the controller's like all others.
 */
static bool has_own_device(struct pqdma_chan *c)
{
	struct device *parent = pqdma_of(c)->dev, *own = &c->chan.dev->device;
	const u32 id = (u32)c->chan.chan_id;

	own->dma_parms = parent->dma_parms;
	if (dma_coerce_mask_and_coherent(own, DMA_BIT_MASK(64)) || of_dma_configure_id(own, parent->of_node, true, &id))
		return false;
	return device_iommu_mapped(own);
}

static void choose_device(struct pqdma_chan *c)
{
	struct dma_chan *chan = &c->chan;

	if (pqdma_of(c)->contexts && !chan->dev->chan_dma_dev) {
		chan->dev->chan_dma_dev = has_own_device(c);
		if (!chan->dev->chan_dma_dev)
			dev_warn(pqdma_chan_device(c), "%s: has no context of its own\n", dma_chan_name(chan));
	}
	c->dma_dev = dmaengine_get_dma_device(chan);
}

int pqdma_alloc_chan_resources(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	int err;

	if (c->gone)
		return -ENODEV;
	err = pqdma_ring_reset(c);
	if (err)
		return err;
	choose_device(c);
	err = pqdma_tables_open(c);
	if (err)
		return err;
	c->ring = dma_alloc_coherent(c->dma_dev, PQDMA_RING * PQDMA_DESC_SIZE, &c->ring_bus, GFP_KERNEL);
	if (!c->ring) {
		pqdma_tables_close(c);
		return -ENOMEM;
	}
	dma_cookie_init(chan);
	c->nr_failed = 0;
	c->paused = false;
	pqdma_ring_open(c);
	return PQDMA_RING;
}

/* The channel is to be idle, and nobody is to hear of it any more. */
static void chan_quiet(struct pqdma_chan *c)
{
	if (pqdma_ring_reset(c))
		dev_err(pqdma_chan_device(c), "%s: does not become idle\n", dma_chan_name(&c->chan));
	synchronize_irq(c->irq);
	tasklet_kill(&c->tasklet);
}

/* What the controller reaches. */
static void chan_close(struct pqdma_chan *c)
{
	pqdma_forget_peri(c);
	pqdma_tables_close(c);
	dma_free_coherent(c->dma_dev, PQDMA_RING * PQDMA_DESC_SIZE, c->ring, c->ring_bus);
	c->ring = NULL;
}

void pqdma_free_chan_resources(struct dma_chan *chan)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);

	pqdma_terminate_all(chan);
	pqdma_synchronize(chan);
	/* The channel still runs, with nothing to do, on a ring that is about to go. */
	if (c->ring)
		chan_quiet(c);
	pqdma_free_list(c, &c->dropped);
	pqdma_free_list(c, &c->allocated);
	pqdma_free_list(c, &c->unacked);
	pqdma_free_list(c, &c->idle);
	if (c->ring)
		chan_close(c);
}

/* What is under way never ends. Called with c->lock held. */
static void abort_all(struct pqdma_chan *c)
{
	struct pqdma_desc *d;

	list_splice_tail_init(&c->issued, &c->active);
	list_splice_tail_init(&c->submitted, &c->active);
	list_for_each_entry(d, &c->active, node) {
		d->result.result = DMA_TRANS_ABORTED;
		d->result.residue = (u32)min_t(u64, d->left, U32_MAX);
	}
	list_splice_tail_init(&c->active, &c->finished);
	c->round = NULL;
	c->paused = false;
}

static void free_tables(struct pqdma_chan *c, struct list_head *list)
{
	struct pqdma_desc *d;

	list_for_each_entry(d, list, node)
		pqdma_table_free(c, d);
}

/* Clients keep their transactions until they let go of the channel; the tasklet calls them back for the last time. */
void pqdma_chan_leave(struct pqdma_chan *c)
{
	unsigned long flags;

	if (c->ring)
		pqdma_synchronize(&c->chan);
	spin_lock_irqsave(&c->lock, flags);
	if (c->ring)
		pqdma_ring_service(c);
	c->gone = true;
	spin_unlock_irqrestore(&c->lock, flags);
	if (!c->ring)
		return;
	chan_quiet(c);
	spin_lock_irqsave(&c->lock, flags);
	abort_all(c);
	spin_unlock_irqrestore(&c->lock, flags);
	tasklet_schedule(&c->tasklet);
	tasklet_kill(&c->tasklet);
	free_tables(c, &c->allocated);
	free_tables(c, &c->unacked);
	free_tables(c, &c->idle);
	chan_close(c);
}

void pqdma_chan_setup(struct pqdma *pqdma, struct pqdma_chan *c)
{
	struct list_head *const lists[] = {
		&c->allocated, &c->submitted, &c->issued, &c->active, &c->finished, &c->settled,
		&c->dropped, &c->unacked, &c->idle, &c->windows,
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
