/* SPDX-License-Identifier: MIT */
/* Fetches of descriptors, links and source tables, of all channels. docs/timing.md, section 5. */
#include <string.h>
#include "pqdma_priv.h"

#define BEAT_BYTES (PQDMA_BYTES < PQDMA_DESC_SIZE ? PQDMA_BYTES : PQDMA_DESC_SIZE)
#define LINK_BYTES 8
#define LINK_BEAT (PQDMA_DESC_LINK_OFFSET / BEAT_BYTES)	/* of a descriptor, in which its link begins */
#define FLAGS_OF_ALL (PQDMA_FLAG_IRQ | PQDMA_FLAG_FENCE | PQDMA_FLAG_WB)
#define FLAGS_OFF (PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF)

/* Flags that mean something to an operation, besides FLAGS_OF_ALL and, in a full descriptor, TWO_D */
static const uint8_t op_flags[PQDMA_OP_MATRIX + 1] = {
	[PQDMA_OP_XOR] = PQDMA_FLAG_CONT,
	[PQDMA_OP_PQ] = PQDMA_FLAG_CONT | FLAGS_OFF,
	[PQDMA_OP_PQ_VAL] = FLAGS_OFF,
	[PQDMA_OP_MATRIX] = PQDMA_FLAG_CONT | FLAGS_OFF,
};

/* TWO_D and PERI exclude each other; both need a full descriptor. */
static uint8_t legal_flags(const struct pqdma_desc *desc, bool compact)
{
	const uint8_t common = FLAGS_OF_ALL | op_flags[desc->op];

	if (compact)
		return common;
	if (desc->op == PQDMA_OP_COPY)
		return common | (desc->flags & PQDMA_FLAG_TWO_D ? PQDMA_FLAG_TWO_D : PQDMA_FLAG_PERI);
	return common | (desc->op == PQDMA_OP_FILL ? PQDMA_FLAG_TWO_D : 0);
}

static uint8_t check_desc(const struct pqdma_desc *desc, bool compact)
{
	const bool moves = desc->op != PQDMA_OP_NOP && desc->op != PQDMA_OP_INTERRUPT;
	const uint8_t last_op = compact ? PQDMA_OP_FILL : PQDMA_OP_MATRIX;

	if (desc->op > last_op || !(PQDMA_OPS & 1u << desc->op))
		return PQDMA_ERR_BAD_OP;
	if ((desc->flags & ~legal_flags(desc, compact)) || (desc->flags & FLAGS_OFF) == FLAGS_OFF)
		return PQDMA_ERR_BAD_FLAGS;
	if (moves != (desc->length != 0) || !desc->rows)
		return PQDMA_ERR_BAD_LENGTH;
	if ((desc->flags & PQDMA_FLAG_PERI) && !pqdma_peri_fits(desc->settings, desc->src, desc->dst, desc->length))
		return PQDMA_ERR_BAD_WIDTH;
	if (desc->op < PQDMA_OP_XOR)
		return PQDMA_ERR_NONE;
	if (desc->sources == 0 || desc->sources > PQDMA_SOURCES || desc->src % PQDMA_BLOCK)
		return PQDMA_ERR_BAD_SOURCES;
	return PQDMA_ERR_NONE;
}

/* What stands behind the first half of a descriptor; a compact one has nothing there. */
static void parse_second_half(const uint64_t *words, struct pqdma_desc *desc)
{
	desc->dst2 = words[PQDMA_DESC_DST2_OFFSET / 8];
	desc->sources = words[PQDMA_DESC_SETTINGS_OFFSET / 8] & PQDMA_SETTINGS_SOURCES_MASK;
	if (desc->flags & PQDMA_FLAG_TWO_D)
		desc->rows = (uint32_t)words[PQDMA_DESC_COUNTS_OFFSET / 8];
	if (desc->flags & PQDMA_FLAG_PERI)
		desc->settings = (uint32_t)words[PQDMA_DESC_SETTINGS_OFFSET / 8];
}

static struct pqdma_desc parse_desc(const uint64_t *words, uint64_t address, bool compact)
{
	struct pqdma_desc desc = {
		.op = (uint8_t)((words[0] & PQDMA_DESC_OP_MASK) >> PQDMA_DESC_OP_SHIFT),
		.flags = (uint8_t)((words[0] & PQDMA_DESC_FLAGS_MASK) >> PQDMA_DESC_FLAGS_SHIFT),
		.tag = (uint16_t)((words[0] & PQDMA_DESC_TAG_MASK) >> PQDMA_DESC_TAG_SHIFT),
		.length = (uint32_t)((words[0] & PQDMA_DESC_LENGTH_MASK) >> PQDMA_DESC_LENGTH_SHIFT),
		.src = words[PQDMA_DESC_SRC_OFFSET / 8],
		.dst = words[PQDMA_DESC_DST_OFFSET / 8],
		.rows = 1,
		.desc = address,
	};

	if (!compact)
		parse_second_half(words, &desc);
	desc.code = check_desc(&desc, compact);
	if (desc.code)
		desc.src = address;
	return desc;
}

/* The next beat of the head of the queue goes to its place among the words of that descriptor. */
static void put_beat(const struct pqdma_fetch *fetch, uint64_t *words, const struct pqdma_in *in)
{
	const uint32_t beat = fetch->beat + (fetch->queue[fetch->fifo.rd].is_link ? LINK_BEAT : 0);

	memcpy((uint8_t *)words + beat % PQDMA_FETCH_BEATS * BEAT_BYTES, PQDMA_FETCH_PIN(in, rdata), BEAT_BYTES);
}

static uint8_t first_error(const struct pqdma_fetch *fetch, const struct pqdma_in *in)
{
	if (fetch->resp)
		return fetch->resp;
	return PQDMA_FETCH_PIN(in, rresp) & PQDMA_RESP_ERROR ? (uint8_t)PQDMA_FETCH_PIN(in, rresp) : 0;
}

/* A compact descriptor may be the upper half of a bus word. */
static void find_desc(const struct pqdma_fetch_word *word, bool compact, uint8_t resp, struct pqdma_events *ev)
{
	const uint64_t *words = ev->with.block + (compact ? word->address % PQDMA_BYTES / 8 : 0);
	const uint64_t link = words[PQDMA_DESC_LINK_OFFSET / 8];
	const uint64_t count_bits = compact ? PQDMA_DESC_LINK_COUNT_MASK / 2 : PQDMA_DESC_LINK_COUNT_MASK;

	ev->with.dead = resp != 0;
	ev->with.push = resp || !word->is_link;
	ev->with.link_addr = link & ~count_bits;
	ev->with.link_left = link & count_bits;
	if (!resp) {
		ev->with.desc = parse_desc(words, word->address, compact);
		return;
	}
	ev->with.desc = (struct pqdma_desc) {
		.code = PQDMA_ERR_FETCH_SLVERR + (resp & PQDMA_RESP_DECODE),
		.src = word->address,
		.desc = word->address,
	};
}

/* A link ahead of its group that cannot be read: not an error yet, the last descriptor of the group will be read too. */
static bool lost_ahead(const struct pqdma_list *list, const struct pqdma_fetch_word *word, struct pqdma_events *ev)
{
	if (!ev->with.resp || !word->is_link || !list->ahead_asked)
		return false;
	ev->with.dead = false;
	ev->with.push = false;
	return true;
}

static void find_arrival(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	const struct pqdma_fetch *fetch = &dev->fetch;
	const struct pqdma_fetch_word *word = &fetch->queue[fetch->fifo.rd];

	ev->arrival = true;
	ev->with.arrived = *word;
	ev->with.resp = first_error(fetch, in);
	memcpy(ev->with.block, fetch->words, sizeof(ev->with.block));
	put_beat(fetch, ev->with.block, in);
	if (!word->is_table && !lost_ahead(&dev->list[word->channel], word, ev))
		find_desc(word, dev->chan[word->channel].compact, ev->with.resp, ev);
}

/* A beat that nobody asked for is ignored. */
void pqdma_fetch_beat(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	if (!PQDMA_FETCH_PIN(in, rvalid) || (!PQDMA_WITH_DESC_PORT && in->m_axi_rid != 1) || !dev->fetch.fifo.count)
		return;
	ev->desc_beat = true;
	if (PQDMA_FETCH_PIN(in, rlast))
		find_arrival(dev, in, ev);
}

static struct pqdma_fetch_word ask_table(const struct pqdma_list *list)
{
	return (struct pqdma_fetch_word) {
		.is_table = true,
		.address = list->descs[list->fifo.rd].src + list->asked * PQDMA_BLOCK,
	};
}

static uint32_t beats_of(uint32_t bytes)
{
	return (bytes + PQDMA_BYTES - 1) / PQDMA_BYTES;
}

/* Only what is needed is read: not the status word behind a full descriptor, nor a link that is not taken behind a compact one. */
static uint32_t bytes_of(const struct pqdma_fetch_word *word, uint32_t desc_size)
{
	if (word->is_table)
		return PQDMA_BLOCK;
	if (word->is_link)
		return LINK_BYTES;
	if (desc_size == PQDMA_DESC_SIZE)
		return PQDMA_DESC_STATUS_OFFSET;
	return word->takes_link ? desc_size : PQDMA_DESC_LINK_OFFSET;
}

static void find_burst(const struct pqdma_fetch_word *word, struct pqdma_events *ev)
{
	const uint64_t address = word->address + (word->is_link ? PQDMA_DESC_LINK_OFFSET : 0);

	ev->with.fetch_addr = address & ~(uint64_t)(PQDMA_BYTES - 1);
	ev->with.fetch_beats = beats_of(bytes_of(word, ev->with.desc_size));
}

void pqdma_fetch_grant(const struct pqdma *dev, struct pqdma_events *ev)
{
	const struct pqdma_list *list;
	const struct pqdma_chan *ch;
	uint32_t c;

	if (!ev->requests || dev->fetch.fifo.count == PQDMA_FETCHES || !ev->fetch_free)
		return;

	c = pqdma_arb_choice(&dev->fetch.arb, ev->requests, 1);
	list = &dev->list[c];
	ch = &dev->chan[c];
	ev->grant = true;
	ev->shared_grant = !PQDMA_WITH_DESC_PORT;
	ev->with.desc_size = pqdma_desc_size(ch);
	ev->with.fetch = (ev->tables & 1u << c) ? ask_table(list) : pqdma_link_ask(list, ch, ev->aheads >> c & 1);
	ev->with.fetch.channel = (uint8_t)c;
	find_burst(&ev->with.fetch, ev);
}

void pqdma_fetch_update(struct pqdma_fetch *fetch, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	if (ev->desc_beat) {
		put_beat(fetch, fetch->words, in);
		fetch->resp = first_error(fetch, in);
		fetch->beat++;
	}
	if (ev->arrival) {
		fetch->resp = 0;
		fetch->beat = 0;
		pqdma_fifo_pop(&fetch->fifo, PQDMA_FETCHES);
	}
	if (PQDMA_WITH_DESC_PORT && ev->fetch_free)
		fetch->arvalid = ev->grant;
	if (ev->grant) {
		if (PQDMA_WITH_DESC_PORT) {
			fetch->araddr = ev->with.fetch_addr;
			fetch->arlen = (uint8_t)(ev->with.fetch_beats - 1);
			fetch->aruser = ev->with.fetch.channel;
		}
		pqdma_arb_grant(&fetch->arb, ev->with.fetch.channel);
		fetch->queue[fetch->fifo.wr] = ev->with.fetch;
		pqdma_fifo_push(&fetch->fifo, PQDMA_FETCHES);
	}
}
