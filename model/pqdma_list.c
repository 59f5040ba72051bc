/* SPDX-License-Identifier: MIT */
/* Following the list of one channel: what to fetch next, and the current descriptor. docs/timing.md, section 5. */
#include <string.h>
#include "pqdma_priv.h"

/* Clocks from the acknowledge of a piece until its line is looked at again */
#define HOLD 3

/* The set that is to be filled may still be at work for the descriptor before the current one. */
static bool may_fill_set(const struct pqdma_seq *seq, uint32_t c, uint8_t set)
{
	return !seq->busy || seq->channel != c || seq->set != set;
}

/* The descriptor at the head of the FIFO: may it become the current one, or does it ask for its table? One that is yet to come may. */
static void find_head(const struct pqdma *dev, uint32_t c, struct pqdma_events *ev)
{
	const struct pqdma_list *list = &dev->list[c];
	const uint32_t blocks = list->fifo.count ? pqdma_list_blocks(&list->descs[list->fifo.rd]) : 0;

	if (list->got == blocks)
		ev->may_load |= 1u << c;
	if (list->asked < blocks && may_fill_set(&dev->read.seq, c, list->set))
		ev->tables |= 1u << c;
}

void pqdma_list_events(const struct pqdma *dev, struct pqdma_events *ev)
{
	uint32_t c;

	for (c = 0; c < PQDMA_CHANNELS; c++) {
		const struct pqdma_chan *ch = &dev->chan[c];
		const struct pqdma_list *list = &dev->list[c];

		if (ch->state == PQDMA_STATE_IDLE)
			continue;
		if (list->fence_wait && !ch->inflight)
			ev->fence_over |= 1u << c;
		if (ch->state != PQDMA_STATE_RUN)
			continue;
		if (!ch->poison)
			find_head(dev, c, ev);
		if (ev->tables & 1u << c)
			ev->requests |= 1u << c;
		else
			pqdma_link_events(list, ch, c, ev);
	}
}

static void push_desc(struct pqdma_list *list, const struct pqdma_desc *desc)
{
	list->descs[list->fifo.wr] = *desc;
	pqdma_fifo_push(&list->fifo, PQDMA_DESCS);
}

static void take_grant(struct pqdma_list *list, const struct pqdma_events *ev)
{
	list->infl++;
	if (ev->with.fetch.is_table)
		list->asked++;
	else
		pqdma_link_granted(list, ev);
}

static void take_block(struct pqdma_list *list, const struct pqdma_events *ev)
{
	memcpy(&list->tables[list->set][list->got * PQDMA_BLOCK_SOURCES], ev->with.block, PQDMA_BLOCK);
	if (ev->with.resp && !list->table_resp) {
		list->table_resp = ev->with.resp;
		list->table_block = list->got;
	}
	list->got++;
}

static void take_table(struct pqdma_list *list)
{
	list->cur_set = list->set;
	list->set ^= 1;
	list->asked = 0;
	list->got = 0;
	if (!list->table_resp)
		return;
	list->cur_code = PQDMA_ERR_FETCH_SLVERR + (list->table_resp & PQDMA_RESP_DECODE);
	list->cur_src += list->table_block * PQDMA_BLOCK;
	list->table_resp = 0;
}

static void load_settings(struct pqdma_list *list, const struct pqdma_desc *desc)
{
	list->cur_settings = desc->settings;
	list->cur_peri = (desc->flags & PQDMA_FLAG_PERI) && !desc->code;
	list->cur_source = list->cur_peri ? pqdma_peri_source(desc->settings) : pqdma_ordinary;
	list->cur_destination = list->cur_peri ? pqdma_peri_destination(desc->settings) : pqdma_ordinary;
	list->waited = 0;
}

static void load_current(struct pqdma_list *list, const struct pqdma_desc *desc)
{
	list->cur_valid = true;
	list->cur_code = desc->code;
	list->cur_op = desc->op;
	list->cur_flags = desc->flags;
	list->cur_tag = desc->tag;
	list->cur_src = desc->src;
	list->cur_dst = desc->dst;
	list->cur_dst2 = desc->dst2;
	list->cur_sources = desc->sources;
	list->cur_pos = 0;
	list->cur_left = desc->length;
	list->cur_length = desc->length;
	list->cur_rows = desc->rows;
	list->row_src = desc->src;
	list->row_dst = desc->dst;
	list->cur_desc = desc->desc;
	load_settings(list, desc);
	if (pqdma_list_blocks(desc))
		take_table(list);
}

static void load_head(struct pqdma_list *list)
{
	const struct pqdma_desc *desc = &list->descs[list->fifo.rd];

	pqdma_fifo_pop(&list->fifo, PQDMA_DESCS);
	load_current(list, desc);
}

/* A descriptor that need not wait for anything does not go through the FIFO. */
static void take_desc(struct pqdma_list *list, const struct pqdma_desc *desc, bool may_load)
{
	if (may_load && !list->cur_valid && !list->fifo.count && !pqdma_list_blocks(desc))
		load_current(list, desc);
	else
		push_desc(list, desc);
}

static void take_arrival(struct pqdma_list *list, const struct pqdma_events *ev)
{
	const struct pqdma_fetch_word *word = &ev->with.arrived;

	list->infl--;
	if (word->is_table) {
		take_block(list, ev);
		return;
	}
	if (ev->with.push)
		take_desc(list, &ev->with.desc, ev->may_load >> word->channel & 1);
	if (ev->with.dead) {
		list->dead = true;
		list->fetched += word->is_link;
		list->credits += word->is_link;
	} else if (word->takes_link) {
		pqdma_link_arrived(list, ev);
	}
}

static void refuse_link(struct pqdma_list *list, uint32_t c, const struct pqdma_events *ev)
{
	const struct pqdma_desc bad = {
		.code = ev->with.bad_align[c] ? PQDMA_ERR_BAD_ALIGN : PQDMA_ERR_BAD_LINK,
		.src = list->link_addr,
		.desc = list->link_addr,
	};

	take_desc(list, &bad, ev->may_load >> c & 1);
	list->fetched++;
	list->credits++;
	list->dead = true;
}

/* cur_dst2 is two strides of 32 bits */
static void next_row(struct pqdma_list *list)
{
	list->cur_rows--;
	list->cur_left = list->cur_length;
	list->row_dst += (uint64_t)((int64_t)list->cur_dst2 >> 32);
	list->cur_dst = list->row_dst;
	if (list->cur_op != PQDMA_OP_COPY)
		return;
	list->row_src += (uint64_t)(int32_t)list->cur_dst2;
	list->cur_src = list->row_src;
}

static void take_strip(struct pqdma_list *list, const struct pqdma_events *ev)
{
	const struct pqdma_strip_word *strip = &ev->with.strip;

	list->waited = 0;
	if (strip->last)
		list->cur_valid = false;
	if (strip->last && ev->with.fence)
		list->fence_wait = true;
	if (strip->n == list->cur_left && list->cur_rows > 1) {
		next_row(list);
		return;
	}
	list->cur_left -= strip->n;
	list->cur_dst = pqdma_side_at(&list->cur_destination, list->cur_dst, strip->n);
	list->cur_pos += strip->n;
	if (list->cur_op == PQDMA_OP_COPY)
		list->cur_src = pqdma_side_at(&list->cur_source, list->cur_src, strip->n);
	if (list->cur_op >= PQDMA_OP_XOR)
		list->cur_dst2 += strip->n;
}

static void clear_list(struct pqdma_list *list)
{
	memset(list, 0, offsetof(struct pqdma_list, descs));
}

/* The line has not asked in time: the rest of the descriptor is refused, and its address is that of the device. */
static void give_up_waiting(struct pqdma_list *list)
{
	list->cur_peri = false;
	list->cur_code = PQDMA_ERR_REQ_TIMEOUT;
	if (pqdma_peri_writes_device(list->cur_settings))
		list->cur_src = list->cur_dst;
}

static void update_waiting(struct pqdma_list *lists, const struct pqdma_events *ev)
{
	uint32_t mask;

	for (mask = ev->holding; mask; mask &= mask - 1)
		lists[__builtin_ctz(mask)].hold--;
	if (ev->ack && ev->ack->kind == PQDMA_ACK_STRIP && !ev->ack->more)
		lists[ev->ack->channel].hold = HOLD;
	for (mask = ev->waiting; mask; mask &= mask - 1)
		lists[__builtin_ctz(mask)].waited++;
	for (mask = ev->late; mask; mask &= mask - 1)
		give_up_waiting(&lists[__builtin_ctz(mask)]);
}

/* mask of the channel whose current descriptor makes room in this tick */
static uint32_t last_taken(const struct pqdma_events *ev)
{
	return ev->strip && ev->with.strip.last ? 1u << ev->with.strip.channel : 0;
}

void pqdma_list_update(struct pqdma_list *lists, const struct pqdma_events *ev)
{
	uint32_t mask;

	if (ev->ack || (ev->holding | ev->waiting))
		update_waiting(lists, ev);
	/* what was in the FIFO before this tick is loaded; what arrives in this tick comes after it */
	for (mask = ev->fence_over; mask; mask &= mask - 1)
		lists[__builtin_ctz(mask)].fence_wait = false;
	if (ev->strip)
		take_strip(&lists[ev->with.strip.channel], ev);
	for (mask = ev->may_load & (ev->vacant | last_taken(ev)); mask; mask &= mask - 1)
		if (lists[__builtin_ctz(mask)].fifo.count)
			load_head(&lists[__builtin_ctz(mask)]);
	if (ev->arrival)
		take_arrival(&lists[ev->with.arrived.channel], ev);
	for (mask = ev->bad_link; mask; mask &= mask - 1)
		refuse_link(&lists[__builtin_ctz(mask)], (uint32_t)__builtin_ctz(mask), ev);
	if (ev->grant)
		take_grant(&lists[ev->with.fetch.channel], ev);
	if (ev->complete)
		lists[ev->ack->channel].credits--;
	for (mask = ev->start; mask; mask &= mask - 1)
		pqdma_link_start(&lists[__builtin_ctz(mask)], ev);
	for (mask = ev->idle_now; mask; mask &= mask - 1)
		clear_list(&lists[__builtin_ctz(mask)]);
}
