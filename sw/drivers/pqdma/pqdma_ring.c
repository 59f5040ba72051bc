// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: one channel as the controller sees it. A ring of descriptors, a doorbell, an interrupt.
 *
 * Each channel stays running: work is written into the ring and the count of descriptors to the doorbell. The interrupt
 * handler sees what is done and refills the ring. An error stops the channel; it is aborted, and when it is idle what is
 * left begins again.
 *
 * A cyclic transaction has the ring for itself: when it is its turn the channel is made idle, its periods are written
 * into the ring, and the controller follows them round and round until it is aborted.
 */
#include "pqdma.h"

#include <linux/bitfield.h>
#include <linux/iopoll.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "pqdma_regs.h"

/* Longest contiguous group of descriptors that a link can name. */
#define GROUP_MAX 63

#define ABORT_POLL_US 10

#define IRQS_USED (PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK | PQDMA_IRQ_BAD_TAIL_MASK | PQDMA_IRQ_IDLE_MASK)

/* How many of @nr descriptors stand contiguously from slot @slot on, up to the end of its group. */
static u32 group_length(u32 slot, u32 nr)
{
	return min_t(u32, GROUP_MAX - slot % GROUP_MAX, nr - slot);
}

/* The last descriptor of each group leads to the next group, and the last group to the first. */
static void ring_link(struct pqdma_chan *c, u32 nr)
{
	u32 slot, last, next;

	memset(c->ring, 0, PQDMA_RING * PQDMA_DESC_SIZE);
	for (slot = 0; slot < nr; slot += GROUP_MAX) {
		last = slot + group_length(slot, nr) - 1;
		next = (last + 1) % nr;
		c->ring[last][3] = cpu_to_le64((c->ring_bus + (u64)next * PQDMA_DESC_SIZE) | group_length(next, nr));
	}
}

/* Begin with slot @slot of @nr. */
static void ring_run(struct pqdma_chan *c, u32 slot, u32 nr, u32 cfg)
{
	u64 head = c->ring_bus + (u64)slot * PQDMA_DESC_SIZE;

	cfg |= FIELD_PREP(PQDMA_CFG_BURST_MASK, PQDMA_CFG_BURST_RESET);
	cfg |= FIELD_PREP(PQDMA_CFG_PRIORITY_MASK, (u32)c->slave.priority) | FIELD_PREP(PQDMA_CFG_WEIGHT_MASK, (u32)c->slave.weight);
	pqdma_chan_write(c, PQDMA_CH_CFG, cfg);
	pqdma_chan_write(c, PQDMA_CH_HEAD_LO, lower_32_bits(head));
	pqdma_chan_write(c, PQDMA_CH_HEAD_HI, upper_32_bits(head));
	pqdma_chan_write(c, PQDMA_CH_HEAD_COUNT, group_length(slot, nr));
	if (!c->paused && !c->suspended)
		pqdma_chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
}

static bool is_last_piece(const struct pqdma_desc *d, const struct pqdma_piece *piece)
{
	return piece == &d->piece[d->nr - 1];
}

/*
 * Interrupt where the client wants it, often enough that BYTES is seen before it wraps, and twice around the ring so that a
 * full ring is refilled whatever clients want.
 */
static bool needs_irq(struct pqdma_chan *c, const struct pqdma_desc *d, const struct pqdma_piece *piece, u32 slot)
{
	const bool wanted = d->tx.flags & (DMA_PREP_INTERRUPT | DMA_PREP_REPEAT);

	c->quiet += (u64)piece->len * max_t(u32, piece->rows, 1);
	if (!(is_last_piece(d, piece) && wanted) && !(d->cyclic && wanted) && slot % (PQDMA_RING / 2) && c->quiet < PQDMA_PIECE_MAX)
		return false;
	c->quiet = 0;
	return true;
}

static u32 piece_flags(struct pqdma_chan *c, const struct pqdma_desc *d, const struct pqdma_piece *piece, u32 slot)
{
	u32 flags = d->hw_flags;

	if (needs_irq(c, d, piece, slot))
		flags |= PQDMA_FLAG_IRQ;
	if (is_last_piece(d, piece) && (d->tx.flags & DMA_PREP_FENCE))
		flags |= PQDMA_FLAG_FENCE;
	return piece->rows ? flags | PQDMA_FLAG_TWO_D : flags;
}

/* Where a side of a copy is after @skip bytes. */
static u64 address_after(u64 addr, u64 mode, u32 skip)
{
	if (mode == PQDMA_MODE_FIXED)
		return addr;
	return mode == PQDMA_MODE_DOWN ? addr - skip : addr + skip;
}

/* What of a piece there is to move: all, unless the machine has slept in the middle of it. */
static struct pqdma_piece rest_of(const struct pqdma_desc *d, const struct pqdma_piece *piece)
{
	struct pqdma_piece rest = *piece;

	if (!d->skip || piece != &d->piece[d->done])
		return rest;
	rest.len -= d->skip;
	if (d->op == PQDMA_OP_COPY) {
		rest.src = address_after(rest.src, FIELD_GET(PQDMA_SETTINGS_SRC_MODE_MASK, d->settings), d->skip);
		rest.dst = address_after(rest.dst, FIELD_GET(PQDMA_SETTINGS_DST_MODE_MASK, d->settings), d->skip);
	} else {
		rest.dst += d->skip;
	}
	return rest;
}

/* One hardware descriptor, but for the link. */
static void write_piece(struct pqdma_chan *c, struct pqdma_desc *d, const struct pqdma_piece *piece, u32 slot)
{
	const struct pqdma_piece rest = rest_of(d, piece);
	__le64 *words = c->ring[slot];

	words[0] = cpu_to_le64(FIELD_PREP(PQDMA_DESC_OP_MASK, d->op) |
			       FIELD_PREP(PQDMA_DESC_FLAGS_MASK, piece_flags(c, d, piece, slot)) |
			       FIELD_PREP(PQDMA_DESC_TAG_MASK, (u64)d->tx.cookie & 0xffff) |
			       FIELD_PREP(PQDMA_DESC_LENGTH_MASK, rest.len));
	words[1] = cpu_to_le64(rest.src);
	words[2] = cpu_to_le64(rest.dst);
	words[4] = cpu_to_le64(piece->rows ? piece->src_stride | (u64)piece->dst_stride << 32 : d->q + (piece->len - rest.len));
	words[5] = cpu_to_le64(piece->rows);
	words[6] = cpu_to_le64(d->settings);
	c->owner[slot] = d;
}

static void start_list(struct pqdma_chan *c)
{
	if (c->cyclic)
		ring_link(c, PQDMA_RING);
	c->cyclic = false;
	ring_run(c, 0, PQDMA_RING, 0);
}

/* All periods at once; the list has no end. */
static void start_cyclic(struct pqdma_chan *c, struct pqdma_desc *d)
{
	u32 i;

	ring_link(c, d->nr);
	for (i = 0; i < d->nr; i++)
		write_piece(c, d, &d->piece[i], i);
	c->cyclic = true;
	c->round = d;
	c->first_period = d->done;
	d->started = true;
	list_move_tail(&d->node, &c->active);
	/* Periods before the register that starts them. */
	dma_wmb();
	ring_run(c, d->done, d->nr, PQDMA_CFG_CYCLIC_MASK);
}

void pqdma_ring_start(struct pqdma_chan *c)
{
	struct pqdma_desc *d = list_first_entry_or_null(&c->issued, struct pqdma_desc, node);

	c->tail = 0;
	c->done = 0;
	c->sum = 0;
	c->bytes = 0;
	c->skew = 0;
	c->quiet = 0;
	c->marker = false;
	if (d && d->cyclic)
		start_cyclic(c, d);
	else
		start_list(c);
}

void pqdma_ring_tune(struct pqdma_chan *c)
{
	pqdma_chan_write(c, PQDMA_CH_REQ_TIMEOUT, c->slave.timeout);
	pqdma_chan_write(c, PQDMA_CH_IRQ_COAL, FIELD_PREP(PQDMA_IRQ_COAL_COUNT_MASK, (u32)c->slave.irq_count) |
			 FIELD_PREP(PQDMA_IRQ_COAL_TIME_MASK, c->slave.irq_clocks));
}

void pqdma_ring_open(struct pqdma_chan *c)
{
	ring_link(c, PQDMA_RING);
	c->aborting = false;
	c->cyclic = false;
	if (pqdma_of(c)->lines)
		pqdma_ring_tune(c);
	pqdma_ring_start(c);
	pqdma_chan_write(c, PQDMA_CH_IRQ_ENABLE, IRQS_USED);
}

/* The next piece of a transaction. Called with c->lock held and a free slot. */
static void push_piece(struct pqdma_chan *c, struct pqdma_desc *d)
{
	if (!d->started) {
		c->sum += d->left - d->skip;
		d->end = c->sum;
		d->started = true;
	}
	write_piece(c, d, &d->piece[d->next++], c->tail % PQDMA_RING);
	c->tail++;
	if (d->next < d->nr)
		return;
	list_move_tail(&d->node, &c->active);
	if (d->tx.flags & DMA_PREP_REPEAT)
		c->round = d;
}

/* A descriptor that moves nothing and interrupts, so that the handler sees the end of what is before it. */
static void push_marker(struct pqdma_chan *c)
{
	__le64 *words = c->ring[c->tail % PQDMA_RING];

	words[0] = cpu_to_le64(FIELD_PREP(PQDMA_DESC_OP_MASK, (u64)PQDMA_OP_INTERRUPT));
	c->owner[c->tail % PQDMA_RING] = NULL;
	c->tail++;
	c->marker = true;
}

/* A cyclic transaction is next: the channel has to be idle for it, and nothing may be lost that is in the ring. */
static void make_way(struct pqdma_chan *c)
{
	if (!pqdma_ring_is_busy(c))
		pqdma_ring_abort(c);
	else if (!c->marker)
		push_marker(c);
}

/* What may be put into the ring next. Nothing goes behind one that may have to be repeated. */
static struct pqdma_desc *next_issued(struct pqdma_chan *c)
{
	struct pqdma_desc *d = list_first_entry_or_null(&c->issued, struct pqdma_desc, node);

	if (c->cyclic || (c->round && c->round != d))
		return NULL;
	return d;
}

/* Fill the ring and ring the doorbell. Called with c->lock held. */
void pqdma_ring_push(struct pqdma_chan *c)
{
	u32 before = c->tail;
	struct pqdma_desc *d;

	while (!c->aborting && !c->gone && c->tail - c->done < PQDMA_RING) {
		d = next_issued(c);
		if (d && !d->cyclic) {
			push_piece(c, d);
			continue;
		}
		if (d)
			make_way(c);
		break;
	}
	if (c->tail == before)
		return;
	/* Descriptors before the count that promises them. */
	dma_wmb();
	pqdma_chan_write(c, PQDMA_CH_TAIL, c->tail);
}

/*
 * BYTES is the low word of a count that is followed here in full, and that is ahead of it where pieces have ended early. Called with
 * c->lock held.
 */
void pqdma_ring_sample(struct pqdma_chan *c)
{
	c->bytes += (u32)(pqdma_chan_read(c, PQDMA_CH_BYTES) + c->skew - (u32)c->bytes);
}

/* See what is done and refill. Called with c->lock held. */
void pqdma_ring_service(struct pqdma_chan *c)
{
	if (c->aborting || c->gone)
		return;
	pqdma_collect(c, pqdma_chan_read(c, PQDMA_CH_DONE));
	pqdma_ring_push(c);
}

void pqdma_ring_abort(struct pqdma_chan *c)
{
	c->aborting = true;
	pqdma_chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
}

void pqdma_ring_unpush(struct pqdma_chan *c)
{
	struct pqdma_desc *d;

	list_splice_init(&c->active, &c->issued);
	list_for_each_entry(d, &c->issued, node) {
		d->next = d->done;
		d->started = false;
	}
	c->round = NULL;
}

/* An abort has finished. Called with c->lock held. */
static void chan_idle(struct pqdma_chan *c)
{
	if (!c->aborting)
		return;
	c->aborting = false;
	pqdma_ring_start(c);
	wake_up(&c->idle_wait);
}

static irqreturn_t serve(struct pqdma_chan *c)
{
	u32 status = pqdma_chan_read(c, PQDMA_CH_IRQ_STATUS) & IRQS_USED;

	if (!status)
		return IRQ_NONE;
	/* Cleared before the counts are read: what happens after the clear interrupts again. */
	pqdma_chan_write(c, PQDMA_CH_IRQ_STATUS, status);
	if (status & PQDMA_IRQ_BAD_TAIL_MASK)
		dev_err(pqdma_chan_device(c), "%s: doorbell refused\n", dma_chan_name(&c->chan));

	spin_lock(&c->lock);
	/* An error that came before the abort had finished went with it. */
	if (status & PQDMA_IRQ_IDLE_MASK)
		chan_idle(c);
	else if ((status & PQDMA_IRQ_ERROR_MASK) && !c->aborting)
		pqdma_collect_error(c);
	pqdma_ring_service(c);
	spin_unlock(&c->lock);
	tasklet_schedule(&c->tasklet);
	return IRQ_HANDLED;
}

/* A line that stays up sends no second message, so where there are messages it has to have been down once. */
irqreturn_t pqdma_ring_irq(int irq, void *data)
{
	struct pqdma_chan *c = data;
	irqreturn_t result = serve(c);

	(void)irq;
	if (result == IRQ_HANDLED && pqdma_of(c)->messages)
		while (serve(c) == IRQ_HANDLED)
			;
	return result;
}

int pqdma_ring_reset(struct pqdma_chan *c)
{
	u32 status;
	int err;

	pqdma_chan_write(c, PQDMA_CH_IRQ_ENABLE, 0);
	pqdma_chan_write(c, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	err = readl_poll_timeout(c->regs + PQDMA_CH_STATUS, status, FIELD_GET(PQDMA_STATUS_STATE_MASK, status) == PQDMA_STATE_IDLE,
				 ABORT_POLL_US, PQDMA_ABORT_TIMEOUT_US);
	pqdma_chan_write(c, PQDMA_CH_IRQ_STATUS, IRQS_USED);
	return err;
}
