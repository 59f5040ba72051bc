/* SPDX-License-Identifier: MIT */
/* The sequencer, read requests and read data. docs/timing.md, section 7. */
#include "pqdma_priv.h"

/* A beat of a narrow read */
static void find_transfer(const struct pqdma_read_word *word, uint32_t b, struct pqdma_events *ev)
{
	const uint32_t width = 1u << word->side.size;

	ev->with.beat_addr = word->address + (word->side.mode == PQDMA_MODE_UP ? (uint64_t)b * width : 0);
	ev->with.low = ev->with.beat_addr % PQDMA_BYTES;
	ev->with.high = ev->with.low + width - 1;
	ev->with.at = b * width;
}

/* A beat that nobody asked for is ignored. */
void pqdma_read_beat(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	const struct pqdma_read *read = &dev->read;
	const struct pqdma_read_word *word = &read->queue[read->fifo.rd];
	const uint32_t b = read->beat;

	if (!in->m_axi_rvalid || (!PQDMA_WITH_DESC_PORT && in->m_axi_rid != 0) || !read->fifo.count)
		return;
	ev->data_beat = true;
	ev->with.read = word;
	if (word->side.narrow) {
		find_transfer(word, b, ev);
		return;
	}
	ev->with.beat_addr = word->address + (uint64_t)b * PQDMA_BYTES;
	ev->with.low = b ? 0 : word->first_lane;
	ev->with.high = in->m_axi_rlast ? word->last_lane : PQDMA_BYTES - 1;
	ev->with.at = b * PQDMA_BYTES + ev->with.low;
}

/* ---- which read is next ---- */

struct source {
	uint64_t address;
	uint8_t factor[PQDMA_SUMS];
};

static uint32_t nr_sources(const struct pqdma_seq *seq)
{
	const uint32_t own = seq->op == PQDMA_OP_COPY ? 1 : seq->sources;

	return own + (seq->extra ? (uint32_t)__builtin_popcount(seq->use) : 0);
}

/* Old P, then old Q; either may be off */
static struct source extra_source(const struct pqdma_seq *seq)
{
	const bool is_p = seq->index == seq->sources && (seq->use & PQDMA_BIT_P);

	return (struct source) { .address = seq->dest[is_p ? PQDMA_P : PQDMA_Q], .factor = { is_p, !is_p } };
}

/* The second factor of xor and xor_val has no effect, since they do not use Q. */
static struct source next_source(const struct pqdma *dev, const struct pqdma_seq *seq)
{
	const struct pqdma_source *entry = &dev->list[seq->channel].tables[seq->set][seq->index % PQDMA_SOURCES];

	if (seq->op == PQDMA_OP_COPY)
		return (struct source) { .address = seq->src, .factor = { 1, 0 } };
	if (seq->index >= seq->sources)
		return extra_source(seq);
	return (struct source) {
		.address = entry->address + seq->pos,
		.factor = { seq->op == PQDMA_OP_MATRIX ? entry->a : 1, entry->b },
	};
}

static uint8_t halves_that_change(const struct pqdma_seq *seq, const struct source *source)
{
	uint8_t mask = seq->use;

	if (seq->index == 0)
		return mask;
	if (!source->factor[PQDMA_P])
		mask &= (uint8_t)~PQDMA_BIT_P;
	if (!source->factor[PQDMA_Q])
		mask &= (uint8_t)~PQDMA_BIT_Q;
	return mask;
}

/* The read's bytes go on behind those for which there is a read already; lead: lanes in front of them that are counted too */
static uint32_t place(const struct pqdma_seq *seq, uint32_t sum, uint32_t lead)
{
	return (seq->first_row * PQDMA_BYTES + seq->lane[sum] + seq->done - lead) % PQDMA_BUF_BYTES;
}

static void advance(struct pqdma_seq *seq, uint32_t bytes)
{
	seq->done += bytes;
	if (seq->done == seq->n) {
		seq->done = 0;
		seq->index++;
	}
	seq->busy = seq->index < nr_sources(seq);
}

void pqdma_read_next(const struct pqdma *dev, struct pqdma_events *ev)
{
	struct pqdma_seq *seq = &ev->with.seq;
	const struct source source = next_source(dev, seq);
	const struct pqdma_burst burst = pqdma_side_burst(&seq->side, source.address, seq->done, seq->n, seq->limit);
	const uint32_t lane = burst.addr % PQDMA_BYTES;
	const uint32_t lead = seq->side.narrow ? 0 : lane;

	ev->read = true;
	ev->with.read_beats = burst.beats;
	ev->with.read_push = (struct pqdma_read_word) {
		.slot = seq->slot,
		.first_lane = (uint8_t)lane,
		.last_lane = (uint8_t)((lane + burst.bytes - 1) % PQDMA_BYTES),
		.adds = halves_that_change(seq, &source),
		.factor = { source.factor[PQDMA_P], source.factor[PQDMA_Q] },
		.fresh = seq->index == 0,
		.side = seq->side,
		.at = { place(seq, PQDMA_P, lead), place(seq, PQDMA_Q, lead) },
		.address = burst.addr - lead,
	};
	advance(seq, burst.bytes);
	ev->with.read_push.final = !seq->busy;
}

void pqdma_read_offer(const struct pqdma *dev, struct pqdma_events *ev)
{
	if (!dev->read.seq.busy || !ev->ar_free || ev->shared_grant || dev->read.fifo.count == PQDMA_READS)
		return;
	ev->with.seq = dev->read.seq;
	pqdma_read_next(dev, ev);
}

/* ---- registers ---- */

static void load_ar(struct pqdma_read *read, uint64_t addr, uint32_t beats, uint8_t id, const struct pqdma_side *side)
{
	read->arvalid = true;
	read->araddr = addr;
	read->arsize = side->size;
	read->arburst = pqdma_side_type(side);
	read->arlen = (uint8_t)(beats - 1);
	read->arid = id;
}

static void take_fetch(struct pqdma_read *read, const struct pqdma_events *ev)
{
	load_ar(read, ev->with.fetch_addr, ev->with.fetch_beats, 1, &pqdma_ordinary);
	read->aruser = ev->with.fetch.channel;
}

static void take_read(struct pqdma_read *read, const struct pqdma_events *ev)
{
	load_ar(read, ev->with.read_push.address, ev->with.read_beats, 0, &ev->with.read_push.side);
	read->aruser = ev->with.seq.channel;
	read->seq = ev->with.seq;
	read->queue[read->fifo.wr] = ev->with.read_push;
	pqdma_fifo_push(&read->fifo, PQDMA_READS);
}

void pqdma_read_update(struct pqdma_read *read, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	if (ev->shared_grant)
		take_fetch(read, ev);
	else if (ev->read)
		take_read(read, ev);
	else if (ev->ar_free)
		read->arvalid = false;
	if (!ev->data_beat)
		return;
	read->beat++;
	if (in->m_axi_rlast) {
		read->beat = 0;
		pqdma_fifo_pop(&read->fifo, PQDMA_READS);
	}
}
