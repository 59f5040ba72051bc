// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: the machine goes to sleep, and wakes up with a controller that has forgotten everything.
 *
 * Each channel finishes the descriptor that has begun and is made idle; what is left begins again after the sleep, with the first
 * descriptor that was not complete. One that does not end, because its peripheral does not ask or its client has paused it, is
 * interrupted, and afterwards goes on with the first byte that has not moved. Where that cannot be, in the middle of rows, of a check
 * and of a period, it keeps the machine awake: nothing is done twice and nothing is lost.
 */
#include "pqdma.h"

#include <linux/bitfield.h>
#include <linux/iopoll.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/pm.h>
#include "pqdma_regs.h"

#define STOP_POLL_US 10

static bool is_open(const struct pqdma_chan *c)
{
	return c->ring;
}

/* Go on as if nothing had been. */
static void chan_wake(struct pqdma_chan *c)
{
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	c->suspended = false;
	if (!c->paused && !c->aborting)
		pqdma_chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	spin_unlock_irqrestore(&c->lock, flags);
}

static int wait_at_rest(struct pqdma_chan *c)
{
	u32 status;

	return readl_poll_timeout(c->regs + PQDMA_CH_STATUS, status, !(status & PQDMA_STATUS_BUSY_MASK), STOP_POLL_US,
				  PQDMA_ABORT_TIMEOUT_US);
}

/* The descriptor that has begun does not end: from STOP there is no way to PAUSE, but through RUN. */
static int chan_interrupt(struct pqdma_chan *c)
{
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	if (!c->paused) {
		pqdma_chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		pqdma_chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_PAUSE_MASK);
	}
	spin_unlock_irqrestore(&c->lock, flags);
	return wait_at_rest(c);
}

/* Begin no descriptor any more, and wait for the one that has begun. */
static int chan_stop(struct pqdma_chan *c)
{
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	c->suspended = true;
	if (!c->paused)
		pqdma_chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
	spin_unlock_irqrestore(&c->lock, flags);
	if (wait_at_rest(c) && chan_interrupt(c))
		return -EBUSY;
	/* An error on the way has made the handler abort. */
	if (!wait_event_timeout(c->idle_wait, !READ_ONCE(c->aborting), usecs_to_jiffies(PQDMA_ABORT_TIMEOUT_US)))
		return -EBUSY;
	return 0;
}

/* Can the rest of it be a descriptor of its own? A check has not told yet what it has found. */
static bool can_skip(const struct pqdma_desc *d, u64 moved)
{
	const struct pqdma_piece *piece = &d->piece[d->done];

	switch (d->op) {
	case PQDMA_OP_COPY:
	case PQDMA_OP_FILL:
	case PQDMA_OP_XOR:
	case PQDMA_OP_PQ:
		return !piece->rows && moved < piece->len;
	default:
		return false;
	}
}

/*
 * Has a descriptor begun that is not complete? Then what it has moved is left out afterwards, or it is in the way. Called with c->lock
 * held, on a channel at rest.
 */
static int keep_rest(struct pqdma_chan *c)
{
	struct pqdma_desc *d = c->owner[c->done % PQDMA_RING];
	u32 rest = 0;
	u64 moved;

	pqdma_ring_sample(c);
	if (c->cyclic && c->round)
		div_u64_rem(c->bytes, c->round->piece[0].len, &rest);
	if (c->cyclic)
		return rest ? -EBUSY : 0;
	if (c->tail == c->done || !d)
		return 0;
	moved = d->left - (d->end - c->bytes);
	if (moved == d->skip)
		return 0;
	if (!can_skip(d, moved))
		return -EBUSY;
	pqdma_skip(d, (u32)moved);
	return 0;
}

/* Take back what is not complete. From here on the handler has nothing to do until the machine wakes up. */
static int chan_park(struct pqdma_chan *c)
{
	unsigned long flags;
	int err;

	spin_lock_irqsave(&c->lock, flags);
	pqdma_collect(c, pqdma_chan_read(c, PQDMA_CH_DONE));
	err = keep_rest(c);
	if (!err)
		pqdma_ring_unpush(c);
	c->aborting = !err;
	spin_unlock_irqrestore(&c->lock, flags);
	tasklet_schedule(&c->tasklet);
	return err;
}

static int chan_suspend(struct pqdma_chan *c)
{
	int err;

	if (!is_open(c))
		return pqdma_ring_reset(c);
	err = chan_stop(c);
	if (!err)
		err = chan_park(c);
	if (err) {
		dev_err(pqdma_chan_device(c), "%s: a transfer does not end, the machine cannot sleep\n", dma_chan_name(&c->chan));
		chan_wake(c);
		return err;
	}
	err = pqdma_ring_reset(c);
	synchronize_irq(c->irq);
	return err;
}

static void chan_restart(struct pqdma_chan *c)
{
	unsigned long flags;

	if (pqdma_ring_reset(c) || !is_open(c))
		return;
	spin_lock_irqsave(&c->lock, flags);
	c->suspended = false;
	pqdma_ring_open(c);
	pqdma_ring_push(c);
	spin_unlock_irqrestore(&c->lock, flags);
	wake_up(&c->idle_wait);
	tasklet_schedule(&c->tasklet);
}

static int resume(struct device *dev)
{
	struct pqdma *pqdma = dev_get_drvdata(dev);
	unsigned int i;

	for (i = 0; i < pqdma->nr_channels; i++)
		chan_restart(&pqdma->chan[i]);
	return 0;
}

static int suspend(struct device *dev)
{
	struct pqdma *pqdma = dev_get_drvdata(dev);
	unsigned int i;
	int err;

	for (i = 0; i < pqdma->nr_channels; i++) {
		err = chan_suspend(&pqdma->chan[i]);
		if (!err)
			continue;
		while (i--)
			chan_restart(&pqdma->chan[i]);
		return err;
	}
	return 0;
}

/* After the clients, so that they can still finish what they do. */
const struct dev_pm_ops pqdma_pm_ops = {
	LATE_SYSTEM_SLEEP_PM_OPS(suspend, resume)
};
EXPORT_SYMBOL_GPL(pqdma_pm_ops);
