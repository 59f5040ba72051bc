/* SPDX-License-Identifier: MIT */
/* Descriptor fetches of all channels. docs/timing.md, section 5. */
#include <string.h>
#include "pqdma_priv.h"

#define BEAT_BYTES (PQDMA_BYTES < PQDMA_DESC_SIZE ? PQDMA_BYTES : PQDMA_DESC_SIZE)
#define UNBUILT_FLAGS 0xf8u

static uint8_t check_desc(const struct pqdma_desc *desc)
{
	const bool moves = desc->op == PQDMA_OP_COPY || desc->op == PQDMA_OP_FILL;

	if (desc->op > PQDMA_OP_FILL)
		return PQDMA_ERR_BAD_OP;
	if (desc->flags & UNBUILT_FLAGS)
		return PQDMA_ERR_BAD_FLAGS;
	if (moves != (desc->length != 0))
		return PQDMA_ERR_BAD_LENGTH;
	return PQDMA_ERR_NONE;
}

static struct pqdma_desc parse_desc(const uint64_t *words, uint64_t address)
{
	struct pqdma_desc desc = {
		.op = (uint8_t)((words[0] & PQDMA_DESC_OP_MASK) >> PQDMA_DESC_OP_SHIFT),
		.flags = (uint8_t)((words[0] & PQDMA_DESC_FLAGS_MASK) >> PQDMA_DESC_FLAGS_SHIFT),
		.tag = (uint16_t)((words[0] & PQDMA_DESC_TAG_MASK) >> PQDMA_DESC_TAG_SHIFT),
		.length = (uint32_t)((words[0] & PQDMA_DESC_LENGTH_MASK) >> PQDMA_DESC_LENGTH_SHIFT),
		.src = words[PQDMA_DESC_SRC_OFFSET / 8],
		.dst = words[PQDMA_DESC_DST_OFFSET / 8],
		.desc = address,
	};

	desc.code = check_desc(&desc);
	return desc;
}

static void put_beat(uint64_t *words, uint32_t beat, const struct pqdma_in *in)
{
	memcpy((uint8_t *)words + beat % PQDMA_FETCH_BEATS * BEAT_BYTES, in->m_axi_rdata, BEAT_BYTES);
}

static uint8_t first_error(const struct pqdma_fetch *fetch, const struct pqdma_in *in)
{
	if (fetch->resp)
		return fetch->resp;
	return in->m_axi_rresp & PQDMA_RESP_ERROR ? (uint8_t)in->m_axi_rresp : 0;
}

static void find_arrival(const struct pqdma_fetch *fetch, const struct pqdma_in *in, struct pqdma_events *ev)
{
	const struct pqdma_fetch_word *word = &fetch->queue[fetch->fifo.rd];
	const uint8_t resp = first_error(fetch, in);
	uint64_t words[PQDMA_DESC_WORDS];

	ev->arrival = true;
	ev->with.arrived = *word;
	ev->with.dead = resp != 0;
	ev->with.push = resp || !word->is_link;
	if (resp) {
		ev->with.desc = (struct pqdma_desc) {
			.code = PQDMA_ERR_FETCH_SLVERR + (resp & PQDMA_RESP_DECODE),
			.desc = word->address,
		};
		return;
	}
	memcpy(words, fetch->words, sizeof(words));
	put_beat(words, fetch->beat, in);
	ev->with.desc = parse_desc(words, word->address);
	ev->with.link = words[PQDMA_DESC_LINK_OFFSET / 8];
}

/* A beat that nobody asked for is ignored. */
void pqdma_fetch_beat(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	if (!in->m_axi_rvalid || in->m_axi_rid != 1 || !dev->fetch.fifo.count)
		return;
	ev->desc_beat = true;
	if (in->m_axi_rlast)
		find_arrival(&dev->fetch, in, ev);
}

void pqdma_fetch_grant(const struct pqdma *dev, struct pqdma_events *ev)
{
	struct pqdma_fetch_word *word = &ev->with.fetch;
	const struct pqdma_list *list;
	bool closes_group;
	uint32_t c;

	if (!ev->requests || dev->fetch.fifo.count == PQDMA_FETCHES || !ev->ar_free)
		return;

	c = pqdma_arb_choice(ev->requests, dev->fetch.last);
	list = &dev->list[c];
	closes_group = list->link_left == 1;
	ev->grant = true;
	ev->with.stale = closes_group && dev->chan[c].tail == list->fetched + 1;
	word->channel = (uint8_t)c;
	word->is_link = !list->link_known;
	word->takes_link = word->is_link || (closes_group && !ev->with.stale);
	word->address = word->is_link ? list->last_addr : list->link_addr;
}

void pqdma_fetch_update(struct pqdma_fetch *fetch, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	if (ev->desc_beat) {
		put_beat(fetch->words, fetch->beat, in);
		fetch->resp = first_error(fetch, in);
		fetch->beat++;
	}
	if (ev->arrival) {
		fetch->resp = 0;
		fetch->beat = 0;
		pqdma_fifo_pop(&fetch->fifo, PQDMA_FETCHES);
	}
	if (ev->grant) {
		fetch->last = ev->with.fetch.channel;
		fetch->queue[fetch->fifo.wr] = ev->with.fetch;
		pqdma_fifo_push(&fetch->fifo, PQDMA_FETCHES);
	}
}
