/* SPDX-License-Identifier: MIT */
/* The strip generator: cuts descriptors into strips and reserves what they need. docs/timing.md, section 6. */
#include "pqdma_priv.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Who of @requests is in the highest class? */
static uint32_t top_of(const struct pqdma_chan *chans, uint32_t requests)
{
	uint32_t top = 0;
	uint32_t class = 0;

	for (; requests; requests &= requests - 1) {
		const uint32_t prio = chans[__builtin_ctz(requests)].prio;

		if (prio > class)
			top = 0;
		if (prio >= class) {
			top |= requests & -requests;
			class = prio;
		}
	}
	return top;
}

static uint32_t choose(const struct pqdma *dev, const struct pqdma_events *ev)
{
	const uint32_t top = ev->classes ? top_of(dev->chan, ev->eligible) : ev->eligible;
	const struct pqdma_arb *arb = &dev->strip.arb[dev->chan[__builtin_ctz(top)].prio];
	const uint32_t weight = dev->chan[arb->last].weight;

	return pqdma_arb_choice(arb, top, weight ? weight : 1);
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

/* The bytes of a piece for a narrow destination stand in the buffer without a gap in front. */
static void cut_piece(const struct pqdma_list *list, const struct pqdma_in *in, struct pqdma_strip_word *strip)
{
	const struct pqdma_piece piece = pqdma_peri_piece(list->cur_settings, list->cur_left, in);
	struct pqdma_dest dest = dest_of(list->cur_destination.narrow ? 0 : list->cur_dst, piece.n);

	dest.addr = list->cur_dst;
	strip->n = piece.n;
	strip->last = piece.last;
	strip->rows = dest.rows;
	strip->dest[PQDMA_P] = dest;
	strip->dest[PQDMA_Q] = dest;
}

static void cut_strip(const struct pqdma_list *list, uint32_t limit, const struct pqdma_in *in, struct pqdma_strip_word *strip)
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
	if (list->cur_peri) {
		cut_piece(list, in, strip);
		return;
	}
	strip->n = min_u32(list->cur_left, min_u32(bytes_to_limit(pd, limit), bytes_to_limit(qd, limit)));
	strip->last = strip->n == list->cur_left && list->cur_rows == 1;
	strip->dest[PQDMA_P] = dest_of(pd, strip->n);
	strip->dest[PQDMA_Q] = dest_of(qd, strip->n);
	strip->rows = strip->dest[PQDMA_P].rows;
	if (strip->rows < strip->dest[PQDMA_Q].rows)
		strip->rows = strip->dest[PQDMA_Q].rows;
}

static bool has_room(const struct pqdma *dev, const struct pqdma_strip_word *strip)
{
	if (strip->kind != PQDMA_KIND_DATA)
		return true;
	return dev->strip.rows_used + strip->rows <= PQDMA_ROWS && dev->read.fifo.count < PQDMA_READS;
}

static void describe_strip(const struct pqdma *dev, uint32_t c, uint32_t limit, struct pqdma_strip_word *strip)
{
	const struct pqdma_list *list = &dev->list[c];

	strip->channel = (uint8_t)c;
	strip->compact = dev->chan[c].compact;
	strip->is_piece = list->cur_peri;
	strip->paced = pqdma_peri_paced(list->cur_settings);
	strip->line = (uint8_t)pqdma_peri_line(list->cur_settings);
	strip->side = list->cur_destination;
	strip->limit = limit;
	strip->code = list->cur_code;
	strip->check = list->cur_op == PQDMA_OP_XOR_VAL || list->cur_op == PQDMA_OP_PQ_VAL;
	strip->wb = list->cur_flags & PQDMA_FLAG_WB;
	strip->irq = (list->cur_flags & PQDMA_FLAG_IRQ) || list->cur_op == PQDMA_OP_INTERRUPT;
	strip->tag = list->cur_tag;
	strip->desc = list->cur_desc;
	strip->pattern = list->cur_src;
}

static struct pqdma_seq describe_reads(const struct pqdma *dev, const struct pqdma_strip_word *strip)
{
	const struct pqdma_list *list = &dev->list[strip->channel];

	return (struct pqdma_seq) {
		.side = list->cur_source,
		.extra = strip->check || (list->cur_flags & PQDMA_FLAG_CONT),
		.channel = strip->channel,
		.set = list->cur_set,
		.op = list->cur_op,
		.use = strip->use,
		.slot = (uint8_t)dev->strip.fifo.wr,
		.sources = list->cur_sources,
		.lane = { strip->dest[PQDMA_P].first_lane, strip->dest[PQDMA_Q].first_lane },
		.limit = strip->limit,
		.n = strip->n,
		.first_row = dev->strip.row_alloc,
		.pos = list->cur_pos,
		.src = list->cur_src,
		.dest = { strip->dest[PQDMA_P].addr, strip->dest[PQDMA_Q].addr },
	};
}

/* The strip that channel @c would make; false if credits, buffer or read queue are short */
static bool find_strip(const struct pqdma *dev, const struct pqdma_in *in, uint32_t c, uint32_t limit,
		       struct pqdma_strip_word *strip)
{
	if (dev->strip.strips >= PQDMA_STRIPS)
		return false;
	cut_strip(&dev->list[c], limit, in, strip);
	return has_room(dev, strip);
}

void pqdma_strip_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	const struct pqdma_list *list;
	uint32_t limit;
	uint32_t c;

	if (!ev->eligible || dev->read.seq.busy)
		return;

	c = choose(dev, ev);
	list = &dev->list[c];
	limit = min_u32(PQDMA_STRIP_BYTES, (uint32_t)PQDMA_BYTES << dev->chan[c].burst);
	if (!find_strip(dev, in, c, limit, &ev->with.strip)) {
		ev->no_room = true;
		return;
	}
	if (ev->with.strip.kind == PQDMA_KIND_DATA && (!ev->ar_free || ev->shared_grant))
		return;

	ev->strip = true;
	describe_strip(dev, c, limit, &ev->with.strip);
	ev->with.slot = dev->strip.fifo.wr;
	ev->with.class = dev->chan[c].prio;
	ev->with.fence = list->cur_flags & PQDMA_FLAG_FENCE;
	if (ev->with.strip.kind != PQDMA_KIND_DATA)
		return;
	ev->with.seq = describe_reads(dev, &ev->with.strip);
	pqdma_read_next(dev, ev);
}

static void take_strip(struct pqdma_strip *gen, const struct pqdma_events *ev)
{
	const struct pqdma_strip_word *strip = &ev->with.strip;
	const bool data = strip->kind == PQDMA_KIND_DATA;

	pqdma_arb_grant(&gen->arb[ev->with.class], strip->channel);
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
	if (ev->ack && ev->ack->kind != PQDMA_ACK_COMPLETION && !ev->ack->more && !ev->status_push)
		gen->strips--;
}
