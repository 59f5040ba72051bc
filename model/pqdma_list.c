/* SPDX-License-Identifier: MIT */
/* Following the list of one channel: what to fetch next, and the current descriptor. docs/timing.md, section 5. */
#include <string.h>
#include "pqdma_priv.h"

#define ALIGN_BITS (PQDMA_DESC_SIZE - 1)

static bool wants(const struct pqdma_list *list, const struct pqdma_chan *ch)
{
	return !list->dead && ch->tail != list->fetched && list->credits < PQDMA_DESCS;
}

static void find_request(const struct pqdma_list *list, uint32_t bit, struct pqdma_events *ev)
{
	if (!list->link_known)
		ev->requests |= list->link_need ? bit : 0;
	else if (list->link_left && !(list->link_addr & ALIGN_BITS))
		ev->requests |= bit;
	else if (!list->infl)
		ev->bad_link |= bit;
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
		if (list->fifo.count && !ch->poison)
			ev->may_load |= 1u << c;
		if (wants(list, ch))
			find_request(list, 1u << c, ev);
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
	if (ev->with.fetch.is_link) {
		list->link_need = false;
		return;
	}
	list->fetched++;
	list->credits++;
	list->last_addr = list->link_addr;
	list->link_addr += PQDMA_DESC_SIZE;
	list->link_left--;
	if (!list->link_left) {
		list->link_known = false;
		list->link_need = ev->with.stale;
	}
}

static void take_arrival(struct pqdma_list *list, const struct pqdma_events *ev)
{
	const struct pqdma_fetch_word *word = &ev->with.arrived;

	list->infl--;
	if (ev->with.push)
		push_desc(list, &ev->with.desc);
	if (ev->with.dead) {
		list->dead = true;
		list->fetched += word->is_link;
		list->credits += word->is_link;
	} else if (word->takes_link) {
		list->link_addr = ev->with.link & PQDMA_DESC_LINK_ADDR_MASK;
		list->link_left = ev->with.link & PQDMA_DESC_LINK_COUNT_MASK;
		list->link_known = true;
	}
}

static void refuse_link(struct pqdma_list *list)
{
	const struct pqdma_desc bad = {
		.code = (list->link_addr & ALIGN_BITS) ? PQDMA_ERR_BAD_ALIGN : PQDMA_ERR_BAD_LINK,
		.desc = list->link_addr,
	};

	push_desc(list, &bad);
	list->fetched++;
	list->credits++;
	list->dead = true;
}

static void load_current(struct pqdma_list *list)
{
	const struct pqdma_desc *desc = &list->descs[list->fifo.rd];

	pqdma_fifo_pop(&list->fifo, PQDMA_DESCS);
	list->cur_valid = true;
	list->cur_code = desc->code;
	list->cur_op = desc->op;
	list->cur_flags = desc->flags;
	list->cur_tag = desc->tag;
	list->cur_src = desc->src;
	list->cur_dst = desc->dst;
	list->cur_left = desc->length;
	list->cur_desc = desc->desc;
}

static void take_strip(struct pqdma_list *list, const struct pqdma_events *ev)
{
	const struct pqdma_strip_word *strip = &ev->with.strip;

	if (strip->last)
		list->cur_valid = false;
	if (strip->last && ev->with.fence)
		list->fence_wait = true;
	list->cur_left -= strip->n;
	list->cur_dst += strip->n;
	if (strip->kind == PQDMA_KIND_DATA)
		list->cur_src += strip->n;
}

static void start_from_head(struct pqdma_list *list, const struct pqdma_events *ev)
{
	list->link_addr = ev->with.head_addr;
	list->link_left = ev->with.head_count;
	list->link_known = true;
	list->link_need = false;
}

static void clear_list(struct pqdma_list *list)
{
	memset(list, 0, offsetof(struct pqdma_list, descs));
}

void pqdma_list_update(struct pqdma_list *lists, const struct pqdma_events *ev)
{
	uint32_t mask;

	/* what was in the FIFO before this tick is loaded; what arrives in this tick is pushed after it */
	for (mask = ev->fence_over; mask; mask &= mask - 1)
		lists[__builtin_ctz(mask)].fence_wait = false;
	if (ev->strip)
		take_strip(&lists[ev->with.strip.channel], ev);
	for (mask = ev->may_load; mask; mask &= mask - 1)
		if (!lists[__builtin_ctz(mask)].cur_valid)
			load_current(&lists[__builtin_ctz(mask)]);
	if (ev->arrival)
		take_arrival(&lists[ev->with.arrived.channel], ev);
	for (mask = ev->bad_link; mask; mask &= mask - 1)
		refuse_link(&lists[__builtin_ctz(mask)]);
	if (ev->grant)
		take_grant(&lists[ev->with.fetch.channel], ev);
	if (ev->complete)
		lists[ev->ack->channel].credits--;
	for (mask = ev->start; mask; mask &= mask - 1)
		start_from_head(&lists[__builtin_ctz(mask)], ev);
	for (mask = ev->idle_now; mask; mask &= mask - 1)
		clear_list(&lists[__builtin_ctz(mask)]);
}
