/* SPDX-License-Identifier: MIT */
/* The strip generator: cuts descriptors into strips and reserves what they need. docs/timing.md, section 6. */
#include "pqdma_priv.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t eligible(const struct pqdma *dev)
{
	uint32_t mask = 0;
	uint32_t c;

	for (c = 0; c < PQDMA_CHANNELS; c++) {
		const struct pqdma_chan *ch = &dev->chan[c];
		const struct pqdma_list *list = &dev->list[c];
		const bool moving = ch->state == PQDMA_STATE_RUN || ch->state == PQDMA_STATE_STOP;

		if (list->cur_valid && moving && !ch->poison && !list->fence_wait)
			mask |= 1u << c;
	}
	return mask;
}

static enum pqdma_kind kind_of(const struct pqdma_list *list)
{
	if (list->cur_code || list->cur_op == PQDMA_OP_NOP || list->cur_op == PQDMA_OP_INTERRUPT)
		return PQDMA_KIND_NONE;
	return list->cur_op == PQDMA_OP_FILL ? PQDMA_KIND_FILL : PQDMA_KIND_DATA;
}

/* mask of use_p and use_q */
static uint8_t sums_of(const struct pqdma_list *list)
{
	if (!PQDMA_WITH_PQ || list->cur_op < PQDMA_OP_PQ)
		return PQDMA_BIT_P;
	return (list->cur_flags & PQDMA_FLAG_P_OFF ? 0 : PQDMA_BIT_P) | (list->cur_flags & PQDMA_FLAG_Q_OFF ? 0 : PQDMA_BIT_Q);
}

static uint32_t bytes_to_limit(uint64_t addr, uint32_t limit)
{
	return limit - ((uint32_t)addr & (limit - 1));
}

static struct pqdma_dest dest_of(uint64_t addr, uint32_t n)
{
	const uint32_t first_lane = addr % PQDMA_BYTES;

	return (struct pqdma_dest) {
		.addr = addr,
		.rows = (first_lane + n + PQDMA_BYTES - 1) / PQDMA_BYTES,
		.first_lane = (uint8_t)first_lane,
		.last_lane = (uint8_t)((first_lane + n - 1) % PQDMA_BYTES),
	};
}

static void cut_strip(const struct pqdma_list *list, uint32_t limit, struct pqdma_strip_word *strip)
{
	const uint8_t use = sums_of(list);
	const uint64_t pd = use & PQDMA_BIT_P ? list->cur_dst : list->cur_dst2;
	const uint64_t qd = use & PQDMA_BIT_Q ? list->cur_dst2 : list->cur_dst;

	strip->kind = kind_of(list);
	strip->use = use;
	strip->n = 0;
	strip->rows = 0;
	strip->last = true;
	if (strip->kind == PQDMA_KIND_NONE)
		return;
	strip->n = min_u32(list->cur_left, min_u32(bytes_to_limit(pd, limit), bytes_to_limit(qd, limit)));
	strip->last = strip->n == list->cur_left;
	strip->dest[PQDMA_P] = dest_of(pd, strip->n);
	strip->dest[PQDMA_Q] = dest_of(qd, strip->n);
	strip->rows = strip->dest[PQDMA_P].rows;
	if (strip->rows < strip->dest[PQDMA_Q].rows)
		strip->rows = strip->dest[PQDMA_Q].rows;
}

static bool has_room(const struct pqdma *dev, const struct pqdma_events *ev)
{
	if (ev->with.strip.kind != PQDMA_KIND_DATA)
		return true;
	return dev->strip.rows_used + ev->with.strip.rows <= PQDMA_ROWS &&
	       dev->read.fifo.count < PQDMA_READS && ev->ar_free && !ev->grant;
}

static void describe_strip(const struct pqdma_list *list, uint32_t c, struct pqdma_strip_word *strip)
{
	strip->channel = (uint8_t)c;
	strip->code = list->cur_code;
	strip->check = list->cur_op == PQDMA_OP_XOR_VAL || list->cur_op == PQDMA_OP_PQ_VAL;
	strip->wb = list->cur_flags & PQDMA_FLAG_WB;
	strip->irq = (list->cur_flags & PQDMA_FLAG_IRQ) || list->cur_op == PQDMA_OP_INTERRUPT;
	strip->tag = list->cur_tag;
	strip->desc = list->cur_desc;
	strip->pattern = list->cur_src;
}

static struct pqdma_seq describe_reads(const struct pqdma *dev, const struct pqdma_strip_word *strip, uint32_t limit)
{
	const struct pqdma_list *list = &dev->list[strip->channel];

	return (struct pqdma_seq) {
		.extra = strip->check || (list->cur_flags & PQDMA_FLAG_CONT),
		.channel = strip->channel,
		.set = list->cur_set,
		.op = list->cur_op,
		.use = strip->use,
		.slot = (uint8_t)dev->strip.fifo.wr,
		.sources = list->cur_sources,
		.limit = limit,
		.n = strip->n,
		.first_row = dev->strip.row_alloc,
		.pos = list->cur_pos,
		.src = list->cur_src,
		.dest = { strip->dest[PQDMA_P].addr, strip->dest[PQDMA_Q].addr },
	};
}

void pqdma_strip_events(const struct pqdma *dev, struct pqdma_events *ev)
{
	const struct pqdma_strip *gen = &dev->strip;
	const uint32_t requests = eligible(dev);
	const struct pqdma_list *list;
	uint32_t limit;
	uint32_t c;

	if (!requests || gen->strips >= PQDMA_STRIPS || dev->read.seq.busy)
		return;

	c = pqdma_arb_choice(requests, gen->last);
	list = &dev->list[c];
	limit = min_u32(PQDMA_STRIP_BYTES, (uint32_t)PQDMA_BYTES << dev->chan[c].burst);
	cut_strip(list, limit, &ev->with.strip);
	if (!has_room(dev, ev))
		return;

	ev->strip = true;
	describe_strip(list, c, &ev->with.strip);
	ev->with.slot = gen->fifo.wr;
	ev->with.fence = list->cur_flags & PQDMA_FLAG_FENCE;
	if (ev->with.strip.kind != PQDMA_KIND_DATA)
		return;
	ev->with.seq = describe_reads(dev, &ev->with.strip, limit);
	pqdma_read_next(dev, ev);
}

static void take_strip(struct pqdma_strip *gen, const struct pqdma_events *ev)
{
	const struct pqdma_strip_word *strip = &ev->with.strip;
	const bool data = strip->kind == PQDMA_KIND_DATA;

	gen->last = strip->channel;
	gen->strips++;
	gen->words[ev->with.slot] = *strip;
	gen->ready[ev->with.slot] = !data;
	gen->rerr[ev->with.slot] = 0;
	pqdma_fifo_push(&gen->fifo, PQDMA_STRIPS);
	if (!data)
		return;
	gen->rows_used += strip->rows;
	gen->row_alloc = (gen->row_alloc + strip->rows) & (PQDMA_ROWS - 1);
}

static void take_beat(struct pqdma_strip *gen, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	const uint32_t slot = ev->with.read->slot;

	if ((in->m_axi_rresp & PQDMA_RESP_ERROR) && !gen->rerr[slot]) {
		gen->rerr[slot] = (uint8_t)in->m_axi_rresp;
		gen->rerr_addr[slot] = ev->with.beat_addr;
	}
	if (in->m_axi_rlast && ev->with.read->final)
		gen->ready[slot] = true;
}

void pqdma_strip_update(struct pqdma_strip *gen, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	if (ev->data_beat)
		take_beat(gen, in, ev);
	if (ev->strip)
		take_strip(gen, ev);
	if (ev->strip_pop)
		pqdma_fifo_pop(&gen->fifo, PQDMA_STRIPS);
	gen->rows_used -= ev->rows_released;
	if (ev->ack && !ev->ack->more && !ev->status_push)
		gen->strips--;
}
