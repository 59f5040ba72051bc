// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: what the controller has done with the ring. Which transactions are complete, what they have found, and what went wrong.
 */
#include "pqdma.h"

#include <linux/bitfield.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include "pqdma_regs.h"

static u64 chan_read64(struct pqdma_chan *c, u32 lo)
{
	return pqdma_chan_read(c, lo) | (u64)pqdma_chan_read(c, lo + 4) << 32;
}

/* What a validation has found. */
static u32 take_check(u64 status)
{
	u32 found = 0;

	if (FIELD_GET(PQDMA_DSTS_P_BAD_MASK, status))
		found |= SUM_CHECK_P_RESULT;
	if (FIELD_GET(PQDMA_DSTS_Q_BAD_MASK, status))
		found |= SUM_CHECK_Q_RESULT;
	return found;
}

static u64 piece_bytes(const struct pqdma_piece *piece)
{
	return (u64)piece->len * max_t(u32, piece->rows, 1);
}

/* A status word stands in memory before DONE counts its descriptor. A peripheral may have ended it before its length was moved. */
static void take_status(struct pqdma_chan *c, struct pqdma_desc *d, u32 slot)
{
	const u64 status = le64_to_cpu(c->ring[slot][7]), bytes = FIELD_GET(PQDMA_DSTS_BYTES_MASK, status) + d->skip;
	const u32 missing = (u32)(piece_bytes(&d->piece[d->done]) - bytes);

	d->short_by += missing;
	c->skew += missing;
	d->metadata.bytes += bytes;
	d->metadata.found |= take_check(status);
	if (d->check)
		*d->check = (enum sum_check_flags)d->metadata.found;
}

/* Is it to be done once more? Then it is the first that waits, and the next one behind it does not replace it. */
static bool repeats(struct pqdma_chan *c, const struct pqdma_desc *d)
{
	const struct pqdma_desc *next = list_first_entry_or_null(&c->issued, struct pqdma_desc, node);

	return (d->tx.flags & DMA_PREP_REPEAT) && !(next && (next->tx.flags & DMA_PREP_LOAD_EOT));
}

static void repeat(struct pqdma_chan *c, struct pqdma_desc *d)
{
	d->due++;
	d->next = 0;
	d->done = 0;
	d->left = d->len;
	d->started = false;
	list_move(&d->node, &c->issued);
}

static void finish(struct pqdma_chan *c, struct pqdma_desc *d)
{
	if (c->round == d)
		c->round = NULL;
	list_move_tail(&d->node, &c->finished);
}

static void take_piece(struct pqdma_chan *c, struct pqdma_desc *d, u32 slot)
{
	if (d->hw_flags & PQDMA_FLAG_WB)
		take_status(c, d, slot);
	d->left -= piece_bytes(&d->piece[d->done]);
	pqdma_skip(d, 0);
	c->completed[d->op]++;
	if (++d->done < d->nr)
		return;
	c->bytes = max_t(u64, c->bytes, d->end);
	d->result.residue = (u32)min_t(u64, d->short_by, U32_MAX);
	if (repeats(c, d))
		repeat(c, d);
	else
		finish(c, d);
}

/* Periods are counted, and the one that is under way remembered. */
static void collect_cyclic(struct pqdma_chan *c, u32 done)
{
	struct pqdma_desc *d = c->round;
	u32 periods = done - c->done;

	c->done = done;
	if (!d)
		return;
	d->due += periods;
	d->done = (d->done + periods % d->nr) % d->nr;
	c->completed[d->op] += periods;
	pqdma_ring_sample(c);
}

u32 pqdma_cyclic_left(struct pqdma_chan *c, const struct pqdma_desc *d)
{
	u32 at;

	div_u64_rem((u64)c->first_period * d->piece[0].len + c->bytes, (u32)d->len, &at);
	return (u32)d->len - at;
}

void pqdma_collect(struct pqdma_chan *c, u32 done)
{
	if (c->cyclic) {
		collect_cyclic(c, done);
		return;
	}
	for (; c->done != done; c->done++)
		if (c->owner[c->done % PQDMA_RING])
			take_piece(c, c->owner[c->done % PQDMA_RING], c->done % PQDMA_RING);
	if (c->sum - c->bytes > U32_MAX)
		pqdma_ring_sample(c);
}

/* Errors */

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
	{ PQDMA_ERR_STATUS_SLVERR, DMA_TRANS_WRITE_FAILED, "status write: slave error" },
	{ PQDMA_ERR_STATUS_DECERR, DMA_TRANS_WRITE_FAILED, "status write: nothing at this address" },
	{ PQDMA_ERR_BAD_WIDTH, DMA_TRANS_ABORTED, "bad width" },
	{ PQDMA_ERR_REQ_TIMEOUT, DMA_TRANS_ABORTED, "the peripheral does not ask" },
};

static enum dmaengine_tx_result report_cause(struct pqdma_chan *c, u32 cause)
{
	u64 addr = chan_read64(c, PQDMA_CH_ERR_ADDR_LO);
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
	u64 offset = chan_read64(c, PQDMA_CH_ERR_DESC_LO) - c->ring_bus;
	u32 slot = (u32)(offset / PQDMA_DESC_SIZE);
	u32 done = pqdma_chan_read(c, PQDMA_CH_DONE);

	if (offset >= PQDMA_RING * PQDMA_DESC_SIZE)
		return done;
	if (!c->cyclic)
		return (slot - c->done) % PQDMA_RING <= c->tail - c->done ? c->done + (slot - c->done) % PQDMA_RING : done;
	/* Periods are so many that DONE counts laps; the slot says which one of the lap it is. */
	return c->round ? done + (slot + c->round->nr - (c->first_period + done) % c->round->nr) % c->round->nr : done;
}

/* Whose descriptor number @number is; the first that waits if it could not even be fetched. */
static struct pqdma_desc *failed_desc(struct pqdma_chan *c, u32 number)
{
	if (c->cyclic)
		return c->round;
	return number != c->tail ? c->owner[number % PQDMA_RING] : NULL;
}

static u32 bytes_left(struct pqdma_chan *c, const struct pqdma_desc *d)
{
	pqdma_ring_sample(c);
	if (d->cyclic)
		return pqdma_cyclic_left(c, d);
	return (u32)min_t(u64, d->end - c->bytes + d->short_by, U32_MAX);
}

/* Called with c->lock held. */
void pqdma_collect_error(struct pqdma_chan *c)
{
	u32 cause = pqdma_chan_read(c, PQDMA_CH_ERR_CAUSE);
	enum dmaengine_tx_result result = report_cause(c, cause);
	u32 number = failed_number(c);
	struct pqdma_desc *d;

	pqdma_collect(c, number);
	d = failed_desc(c, number);
	if (d) {
		d->result.result = result;
		d->result.residue = bytes_left(c, d);
		d->metadata.error = cause;
		d->metadata.bytes = d->len - d->result.residue;
		finish(c, d);
	}
	pqdma_ring_unpush(c);
	pqdma_ring_abort(c);
}
