// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: one channel as the controller sees it. A ring of descriptors, a doorbell, an interrupt.
 *
 * Each channel stays running: work is written into the ring and the count of descriptors to the doorbell. The interrupt
 * handler sees what is done and refills the ring. An error stops the channel; it is aborted, and when it is idle what is
 * left begins again.
 */
#include "pqdma.h"

#include <linux/bitfield.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "pqdma_regs.h"

/* Longest contiguous group of descriptors that a link can name. */
#define GROUP_MAX 63

#define ABORT_POLL_US 10

#define IRQS_USED (PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK | PQDMA_IRQ_BAD_TAIL_MASK | PQDMA_IRQ_IDLE_MASK)

static u32 chan_read(struct pqdma_chan *c, u32 reg)
{
	return readl(c->regs + reg);
}

static void chan_write(struct pqdma_chan *c, u32 reg, u32 value)
{
	writel(value, c->regs + reg);
}

static u64 chan_read64(struct pqdma_chan *c, u32 lo, u32 hi)
{
	return chan_read(c, lo) | (u64)chan_read(c, hi) << 32;
}

/* How many descriptors stand contiguously from slot @slot on, up to the end of its group. */
static u32 group_length(u32 slot)
{
	return min_t(u32, GROUP_MAX, PQDMA_RING - slot);
}

/* The links never change: the last descriptor of each group leads to the next group, and the last group to the first. */
static void ring_link(struct pqdma_chan *c)
{
	u32 slot, last, next;

	memset(c->ring, 0, PQDMA_RING * PQDMA_DESC_SIZE);
	for (slot = 0; slot < PQDMA_RING; slot += GROUP_MAX) {
		last = slot + group_length(slot) - 1;
		next = (last + 1) % PQDMA_RING;
		c->ring[last][3] = cpu_to_le64((c->ring_bus + (u64)next * PQDMA_DESC_SIZE) | group_length(next));
	}
}

/* From IDLE, where all counts are zero. */
static void ring_start(struct pqdma_chan *c)
{
	c->tail = 0;
	c->done = 0;
	c->sum = 0;
	c->bytes = 0;
	chan_write(c, PQDMA_CH_HEAD_LO, lower_32_bits(c->ring_bus));
	chan_write(c, PQDMA_CH_HEAD_HI, upper_32_bits(c->ring_bus));
	chan_write(c, PQDMA_CH_HEAD_COUNT, group_length(0));
	chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
}

void pqdma_ring_open(struct pqdma_chan *c)
{
	ring_link(c);
	c->aborting = false;
	ring_start(c);
	chan_write(c, PQDMA_CH_IRQ_ENABLE, IRQS_USED);
}

static bool is_last_piece(const struct pqdma_desc *d, u32 len)
{
	return d->pushed + len == d->len;
}

/*
 * Interrupt where the client wants it, after each piece of a long transaction so that BYTES is seen before it wraps,
 * and twice around the ring so that a full ring is refilled whatever clients want.
 */
static u32 piece_flags(const struct pqdma_desc *d, u32 slot, u32 len)
{
	bool last = is_last_piece(d, len);
	u32 flags = d->hw_flags;

	if (!last || (d->tx.flags & DMA_PREP_INTERRUPT) || slot % (PQDMA_RING / 2) == 0)
		flags |= PQDMA_FLAG_IRQ;
	if (last && (d->tx.flags & DMA_PREP_FENCE))
		flags |= PQDMA_FLAG_FENCE;
	return flags;
}

/* Write one hardware descriptor. Called with c->lock held and a free slot. */
static void push_piece(struct pqdma_chan *c, struct pqdma_desc *d)
{
	u32 slot = c->tail % PQDMA_RING;
	u32 len = min_t(size_t, d->len - d->pushed, PQDMA_PIECE_MAX);
	__le64 *words = c->ring[slot];

	if (!d->pushed) {
		c->sum += d->len;
		d->end = c->sum;
	}
	words[0] = cpu_to_le64(FIELD_PREP(PQDMA_DESC_OP_MASK, d->op) |
			       FIELD_PREP(PQDMA_DESC_FLAGS_MASK, piece_flags(d, slot, len)) |
			       FIELD_PREP(PQDMA_DESC_TAG_MASK, (u64)d->tx.cookie & 0xffff) |
			       FIELD_PREP(PQDMA_DESC_LENGTH_MASK, len));
	words[1] = cpu_to_le64(d->op == PQDMA_OP_COPY ? d->src + d->pushed : d->src);
	words[2] = cpu_to_le64(d->dst + d->pushed);
	words[4] = cpu_to_le64(d->q);
	words[6] = cpu_to_le64(FIELD_PREP(PQDMA_SETTINGS_SOURCES_MASK, (u64)d->sources));
	d->pushed += len;
	d->last = ++c->tail;
	if (d->pushed == d->len)
		list_move_tail(&d->node, &c->active);
}

/* Fill the ring and ring the doorbell. Called with c->lock held. */
void pqdma_ring_push(struct pqdma_chan *c)
{
	u32 before = c->tail;

	if (c->aborting)
		return;
	while (!list_empty(&c->issued) && c->tail - c->done < PQDMA_RING)
		push_piece(c, list_first_entry(&c->issued, struct pqdma_desc, node));
	if (c->tail == before)
		return;
	/* Descriptors before the count that promises them. */
	dma_wmb();
	chan_write(c, PQDMA_CH_TAIL, c->tail);
}

/* BYTES is the low word of a count that is followed here in full. Called with c->lock held. */
void pqdma_ring_sample(struct pqdma_chan *c)
{
	c->bytes += (u32)(chan_read(c, PQDMA_CH_BYTES) - (u32)c->bytes);
}

/* What a validation has found. Its status word stands in memory before DONE counts it. Called with c->lock held. */
static void take_check(struct pqdma_chan *c, struct pqdma_desc *d)
{
	u64 status = le64_to_cpu(c->ring[(d->last - 1) % PQDMA_RING][7]);
	unsigned int found = 0;

	if (FIELD_GET(PQDMA_DSTS_P_BAD_MASK, status))
		found |= SUM_CHECK_P_RESULT;
	if (FIELD_GET(PQDMA_DSTS_Q_BAD_MASK, status))
		found |= SUM_CHECK_Q_RESULT;
	*d->check = (enum sum_check_flags)found;
}

/* The first @done hardware descriptors are done. Called with c->lock held. */
static void chan_collect(struct pqdma_chan *c, u32 done)
{
	struct pqdma_desc *d, *next;

	c->done = done;
	list_for_each_entry_safe(d, next, &c->active, node) {
		if ((s32)(done - d->last) < 0)
			break;
		c->bytes = max_t(u64, c->bytes, d->end);
		if (d->check)
			take_check(c, d);
		c->completed[d->op]++;
		list_move_tail(&d->node, &c->finished);
	}
	if (c->sum - c->bytes > U32_MAX)
		pqdma_ring_sample(c);
}

/* See what is done and refill. Called with c->lock held. */
void pqdma_ring_service(struct pqdma_chan *c)
{
	if (c->aborting)
		return;
	chan_collect(c, chan_read(c, PQDMA_CH_DONE));
	pqdma_ring_push(c);
}

void pqdma_ring_abort(struct pqdma_chan *c)
{
	c->aborting = true;
	chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
}

/* An abort has finished. Called with c->lock held. */
static void chan_idle(struct pqdma_chan *c)
{
	if (!c->aborting)
		return;
	c->aborting = false;
	ring_start(c);
	wake_up(&c->idle_wait);
}

static const struct {
	u8 cause;
	enum dmaengine_tx_result result;
	const char *text;
} causes[] = {
	{ PQDMA_ERR_FETCH_SLVERR, DMA_TRANS_READ_FAILED, "descriptor fetch: slave error" },
	{ PQDMA_ERR_FETCH_DECERR, DMA_TRANS_READ_FAILED, "descriptor fetch: nothing at this address" },
	{ PQDMA_ERR_READ_SLVERR, DMA_TRANS_READ_FAILED, "read: slave error" },
	{ PQDMA_ERR_READ_DECERR, DMA_TRANS_READ_FAILED, "read: nothing at this address" },
	{ PQDMA_ERR_WRITE_SLVERR, DMA_TRANS_WRITE_FAILED, "write: slave error" },
	{ PQDMA_ERR_WRITE_DECERR, DMA_TRANS_WRITE_FAILED, "write: nothing at this address" },
	{ PQDMA_ERR_BAD_OP, DMA_TRANS_ABORTED, "bad operation" },
	{ PQDMA_ERR_BAD_FLAGS, DMA_TRANS_ABORTED, "bad flags" },
	{ PQDMA_ERR_BAD_LENGTH, DMA_TRANS_ABORTED, "bad length" },
	{ PQDMA_ERR_BAD_SOURCES, DMA_TRANS_ABORTED, "bad number of sources" },
	{ PQDMA_ERR_BAD_ALIGN, DMA_TRANS_ABORTED, "bad list alignment" },
	{ PQDMA_ERR_BAD_LINK, DMA_TRANS_ABORTED, "bad link" },
};

static enum dmaengine_tx_result report_cause(struct pqdma_chan *c, u32 cause)
{
	u64 addr = chan_read64(c, PQDMA_CH_ERR_ADDR_LO, PQDMA_CH_ERR_ADDR_HI);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(causes); i++) {
		if (causes[i].cause != cause)
			continue;
		dev_err(pqdma_chan_device(c), "%s: %s, address %#llx\n", dma_chan_name(&c->chan), causes[i].text, (unsigned long long)addr);
		return causes[i].result;
	}
	dev_err(pqdma_chan_device(c), "%s: unknown error %u, address %#llx\n", dma_chan_name(&c->chan), cause, (unsigned long long)addr);
	return DMA_TRANS_ABORTED;
}

/*
 * Number of the hardware descriptor that failed. Not DONE: descriptors before it that have written everything may be
 * about to be counted still.
 */
static u32 failed_number(struct pqdma_chan *c)
{
	u64 offset = chan_read64(c, PQDMA_CH_ERR_DESC_LO, PQDMA_CH_ERR_DESC_HI) - c->ring_bus;
	u32 slot = (u32)(offset / PQDMA_DESC_SIZE);

	if (offset >= PQDMA_RING * PQDMA_DESC_SIZE)
		return chan_read(c, PQDMA_CH_DONE);
	return c->done + (slot - c->done) % PQDMA_RING;
}

/* The transaction that hardware descriptor @number belongs to is the first that is not finished. */
static struct pqdma_desc *first_unfinished(struct pqdma_chan *c)
{
	struct pqdma_desc *d = list_first_entry_or_null(&c->active, struct pqdma_desc, node);

	if (d)
		return d;
	d = list_first_entry_or_null(&c->issued, struct pqdma_desc, node);
	return d && d->pushed ? d : NULL;
}

/* What was in the ring and has no result goes back, to be pushed once more from its beginning. */
static void unpush(struct pqdma_chan *c)
{
	struct pqdma_desc *d;

	list_splice_init(&c->active, &c->issued);
	list_for_each_entry(d, &c->issued, node)
		d->pushed = 0;
}

/* The list has stopped at an error. Called with c->lock held. */
static void chan_fail(struct pqdma_chan *c)
{
	enum dmaengine_tx_result result = report_cause(c, chan_read(c, PQDMA_CH_ERR_CAUSE));
	struct pqdma_desc *d;

	chan_collect(c, failed_number(c));
	d = first_unfinished(c);
	if (d) {
		pqdma_ring_sample(c);
		d->result.result = result;
		d->result.residue = (u32)min_t(u64, d->end - c->bytes, U32_MAX);
		list_move_tail(&d->node, &c->finished);
	}
	unpush(c);
	pqdma_ring_abort(c);
}

irqreturn_t pqdma_ring_irq(int __always_unused irq, void *data)
{
	struct pqdma_chan *c = data;
	u32 status = chan_read(c, PQDMA_CH_IRQ_STATUS) & IRQS_USED;

	if (!status)
		return IRQ_NONE;
	/* Cleared before the counts are read: what happens after the clear interrupts again. */
	chan_write(c, PQDMA_CH_IRQ_STATUS, status);
	if (status & PQDMA_IRQ_BAD_TAIL_MASK)
		dev_err(pqdma_chan_device(c), "%s: doorbell refused\n", dma_chan_name(&c->chan));

	spin_lock(&c->lock);
	/* An error that came before the abort had finished went with it. */
	if (status & PQDMA_IRQ_IDLE_MASK)
		chan_idle(c);
	else if ((status & PQDMA_IRQ_ERROR_MASK) && !c->aborting)
		chan_fail(c);
	pqdma_ring_service(c);
	spin_unlock(&c->lock);
	tasklet_schedule(&c->tasklet);
	return IRQ_HANDLED;
}

int pqdma_ring_reset(struct pqdma_chan *c)
{
	u32 status;
	int err;

	chan_write(c, PQDMA_CH_IRQ_ENABLE, 0);
	chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	err = readl_poll_timeout(c->regs + PQDMA_CH_STATUS, status, FIELD_GET(PQDMA_STATUS_STATE_MASK, status) == PQDMA_STATE_IDLE,
				 ABORT_POLL_US, PQDMA_ABORT_TIMEOUT_US);
	chan_write(c, PQDMA_CH_IRQ_STATUS, IRQS_USED);
	return err;
}
