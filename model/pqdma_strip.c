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
	if (list->cur_code)
		return PQDMA_KIND_NONE;
	switch (list->cur_op) {
	case PQDMA_OP_COPY:
		return PQDMA_KIND_DATA;
	case PQDMA_OP_FILL:
		return PQDMA_KIND_FILL;
	default:
		return PQDMA_KIND_NONE;
	}
}

static uint32_t bytes_to_limit(uint64_t addr, uint32_t limit)
{
	return limit - ((uint32_t)addr & (limit - 1));
}

static void cut_strip(const struct pqdma_list *list, uint32_t limit, struct pqdma_events *ev)
{
	struct pqdma_strip_word *strip = &ev->with.strip;

	strip->kind = kind_of(list);
	strip->n = 0;
	strip->rows = 0;
	strip->last = true;
	strip->d0 = (uint8_t)(list->cur_dst % PQDMA_BYTES);
	if (strip->kind != PQDMA_KIND_NONE) {
		strip->n = min_u32(list->cur_left, bytes_to_limit(list->cur_dst, limit));
		strip->rows = (strip->d0 + strip->n + PQDMA_BYTES - 1) / PQDMA_BYTES;
		strip->last = strip->n == list->cur_left;
	}
	strip->e0 = (uint8_t)((list->cur_dst + strip->n - 1) % PQDMA_BYTES);
	ev->with.n1 = min_u32(strip->n, bytes_to_limit(list->cur_src, limit));
}

static bool has_room(const struct pqdma *dev, const struct pqdma_events *ev)
{
	if (ev->with.strip.kind != PQDMA_KIND_DATA)
		return true;
	return dev->strip.rows_used + ev->with.strip.rows <= PQDMA_ROWS &&
	       dev->read.fifo.count + 2 <= PQDMA_READS && ev->ar_free && !ev->grant;
}

static void describe_strip(const struct pqdma_list *list, uint32_t c, struct pqdma_strip_word *strip)
{
	strip->channel = (uint8_t)c;
	strip->code = list->cur_code;
	strip->wb = list->cur_flags & PQDMA_FLAG_WB;
	strip->irq = (list->cur_flags & PQDMA_FLAG_IRQ) || list->cur_op == PQDMA_OP_INTERRUPT;
	strip->tag = list->cur_tag;
	strip->dst = list->cur_dst;
	strip->desc = list->cur_desc;
	strip->pattern = list->cur_src;
}

void pqdma_strip_events(const struct pqdma *dev, struct pqdma_events *ev)
{
	const struct pqdma_strip *gen = &dev->strip;
	const uint32_t requests = eligible(dev);
	const struct pqdma_list *list;
	uint32_t c;

	if (!requests || gen->strips == PQDMA_STRIPS || dev->read.second.valid)
		return;

	c = pqdma_arb_choice(requests, gen->last);
	list = &dev->list[c];
	cut_strip(list, min_u32(PQDMA_STRIP_BYTES, (uint32_t)PQDMA_BYTES << dev->chan[c].burst), ev);
	if (!has_room(dev, ev))
		return;

	ev->strip = true;
	describe_strip(list, c, &ev->with.strip);
	ev->with.slot = gen->fifo.wr;
	ev->with.row = gen->row_alloc;
	ev->with.src = list->cur_src;
	ev->with.fence = list->cur_flags & PQDMA_FLAG_FENCE;
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
	const uint32_t slot = ev->with.read.slot;

	if ((in->m_axi_rresp & PQDMA_RESP_ERROR) && !gen->rerr[slot]) {
		gen->rerr[slot] = (uint8_t)in->m_axi_rresp;
		gen->rerr_addr[slot] = ev->with.beat_addr;
	}
	if (in->m_axi_rlast && ev->with.read.final)
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
	if (ev->ack && !ev->status_push)
		gen->strips--;
}
