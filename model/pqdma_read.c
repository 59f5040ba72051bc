/* SPDX-License-Identifier: MIT */
/* Read requests and read data. docs/timing.md, section 7. */
#include "pqdma_priv.h"

/* A beat that nobody asked for is ignored. */
void pqdma_read_beat(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	const struct pqdma_read *read = &dev->read;
	const struct pqdma_read_word *word = &read->queue[read->fifo.rd];
	const uint32_t b = read->beat;

	if (!in->m_axi_rvalid || in->m_axi_rid != 0 || !read->fifo.count)
		return;
	ev->data_beat = true;
	ev->with.read = *word;
	ev->with.beat_addr = word->address + (uint64_t)b * PQDMA_BYTES;
	ev->with.low = b ? 0 : word->first_lane;
	ev->with.high = in->m_axi_rlast ? word->last_lane : PQDMA_BYTES - 1;
	ev->with.at = (word->base_row + b) * PQDMA_BYTES + word->rot + ev->with.low;
}

void pqdma_read_second(const struct pqdma *dev, struct pqdma_events *ev)
{
	ev->second = dev->read.second.valid && ev->ar_free && !ev->grant;
}

static uint32_t beats_of(uint32_t bytes)
{
	return (bytes + PQDMA_BYTES - 1) / PQDMA_BYTES;
}

static void load_ar(struct pqdma_read *read, uint64_t addr, uint32_t beats, uint8_t id)
{
	read->arvalid = true;
	read->araddr = addr;
	read->arlen = (uint8_t)(beats - 1);
	read->arid = id;
}

static void push_read(struct pqdma_read *read, const struct pqdma_read_word *word)
{
	read->queue[read->fifo.wr] = *word;
	pqdma_fifo_push(&read->fifo, PQDMA_READS);
}

static void take_strip(struct pqdma_read *read, const struct pqdma_events *ev)
{
	const struct pqdma_strip_word *strip = &ev->with.strip;
	const uint64_t src = ev->with.src;
	const uint32_t so = src % PQDMA_BYTES;
	const uint32_t beats1 = beats_of(so + ev->with.n1);
	const bool split = strip->n > ev->with.n1;
	struct pqdma_read_word word = {
		.slot = (uint8_t)ev->with.slot,
		.rot = (uint8_t)((strip->d0 - so) % PQDMA_BYTES),
		.first_lane = (uint8_t)so,
		.last_lane = (uint8_t)((src + ev->with.n1 - 1) % PQDMA_BYTES),
		.final = !split,
		.base_row = (ev->with.row - (strip->d0 < so)) % PQDMA_ROWS,
		.address = src - so,
	};

	load_ar(read, word.address, beats1, 0);
	push_read(read, &word);
	if (!split)
		return;

	word.first_lane = 0;
	word.last_lane = (uint8_t)((src + strip->n - 1) % PQDMA_BYTES);
	word.final = true;
	word.base_row = (word.base_row + beats1) % PQDMA_ROWS;
	word.address = src + ev->with.n1;
	read->second.valid = true;
	read->second.address = word.address;
	read->second.beats = beats_of(strip->n - ev->with.n1);
	read->second.word = word;
}

static void take_second(struct pqdma_read *read)
{
	load_ar(read, read->second.address, read->second.beats, 0);
	push_read(read, &read->second.word);
	read->second.valid = false;
}

static void update_ar(struct pqdma_read *read, const struct pqdma_events *ev)
{
	if (ev->grant)
		load_ar(read, ev->with.fetch.address, PQDMA_FETCH_BEATS, 1);
	else if (ev->second)
		take_second(read);
	else if (ev->strip && ev->with.strip.kind == PQDMA_KIND_DATA)
		take_strip(read, ev);
	else if (ev->ar_free)
		read->arvalid = false;
}

void pqdma_read_update(struct pqdma_read *read, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	update_ar(read, ev);
	if (!ev->data_beat)
		return;
	read->beat++;
	if (in->m_axi_rlast) {
		read->beat = 0;
		pqdma_fifo_pop(&read->fifo, PQDMA_READS);
	}
}
