/* SPDX-License-Identifier: MIT */
/* The write engine: bursts of strips, status and completion words, comparing instead of writing. docs/timing.md, section 9. */
#include <string.h>
#include "pqdma_priv.h"

#define ALL_LANES (~UINT64_C(0) >> (64 - PQDMA_BYTES))
#define PATTERN_BYTES (PQDMA_BYTES < 8 ? PQDMA_BYTES : 8)
#define WORD_BEATS (PQDMA_BYTES < 8 ? 2 : 1)

static const struct pqdma_strip_word *head_strip(const struct pqdma_strip *gen)
{
	if (!gen->fifo.count || !gen->ready[gen->fifo.rd])
		return NULL;
	return &gen->words[gen->fifo.rd];
}

static bool is_killed(const struct pqdma_chan *ch)
{
	return ch->poison || ch->state == PQDMA_STATE_ABORT;
}

static uint8_t strip_code(const struct pqdma *dev, const struct pqdma_strip_word *strip)
{
	const uint8_t rerr = dev->strip.rerr[dev->strip.fifo.rd];

	if (strip->code)
		return strip->code;
	return rerr ? PQDMA_ERR_READ_SLVERR + (rerr & PQDMA_RESP_DECODE) : PQDMA_ERR_NONE;
}

static uint64_t error_addr(const struct pqdma *dev, const struct pqdma_strip_word *strip)
{
	return strip->code ? strip->pattern : dev->strip.rerr_addr[dev->strip.fifo.rd];
}

/* What all acknowledges of a strip have in common; the caller adds what is special. */
static struct pqdma_ack_word *push_strip_ack(const struct pqdma_strip_word *strip, struct pqdma_events *ev)
{
	ev->ack_push = true;
	ev->with.ack = (struct pqdma_ack_word) {
		.last = strip->last,
		.wb = strip->wb,
		.irq = strip->irq,
		.compact = strip->compact,
		.paced = strip->paced,
		.line = strip->line,
		.channel = strip->channel,
		.tag = strip->tag,
		.n = strip->n,
		.desc = strip->desc,
	};
	return &ev->with.ack;
}

static void push_status_ack(const struct pqdma_status_word *status, struct pqdma_events *ev)
{
	ev->status_pop = true;
	ev->ack_push = true;
	ev->with.ack = (struct pqdma_ack_word) {
		.kind = PQDMA_ACK_STATUS,
		.no_b = !status->wb,
		.irq = status->irq,
		.channel = status->channel,
		.code = status->code,
		.tag = status->tag,
		.addr = status->desc + (status->compact ? 0 : PQDMA_DESC_STATUS_OFFSET),
		.desc = status->desc,
	};
}

static void release_rows(const struct pqdma_strip_word *strip, uint32_t rows, struct pqdma_events *ev)
{
	ev->rows_released = strip->kind == PQDMA_KIND_DATA ? rows : 0;
}

/* Q is at work in phase 1, or if there is no P. While Q is to follow, P's rows stay where they are. */
static void find_strip_beat(const struct pqdma *dev, const struct pqdma_strip_word *strip, uint32_t beat,
			    struct pqdma_events *ev)
{
	const struct pqdma_write *write = &dev->write;
	const uint32_t sum = write->phase || !(strip->use & PQDMA_BIT_P) ? PQDMA_Q : PQDMA_P;
	const struct pqdma_dest *dest = &strip->dest[sum];
	uint32_t row = write->row_read;

	ev->more = sum == PQDMA_P && (strip->use & PQDMA_BIT_Q);
	if (ev->more)
		row = (row + beat) & (PQDMA_ROWS - 1);
	ev->with.strip_head = strip;
	ev->with.dest = dest;
	ev->with.beat = beat;
	ev->with.row_bytes = dev->buf.bytes[sum] + (size_t)row * PQDMA_BYTES;
	ev->w_last = beat == dest->rows - 1;
	ev->strip_pop = ev->w_last && !ev->more;
	if (!ev->more)
		release_rows(strip, ev->w_last ? 1 + strip->rows - dest->rows : 1, ev);
}

/*
 * A beat of a piece; its bursts are destinations that follow each other. The bursts of an ordinary side but the first begin in
 * lane 0, so their beats are whole rows of the buffer. Of a narrow one, a beat is the next width bytes.
 */
static void find_piece_beat(const struct pqdma *dev, const struct pqdma_strip_word *strip, uint32_t beat, struct pqdma_events *ev)
{
	const struct pqdma_write *write = &dev->write;
	const struct pqdma_burst burst = pqdma_side_burst(&strip->side, strip->dest[PQDMA_P].addr, write->done, strip->n, strip->limit);
	const uint32_t done = strip->dest[PQDMA_P].first_lane + write->done;
	const uint32_t at = strip->side.narrow ? done + (beat << strip->side.size) : (done / PQDMA_BYTES + beat) * PQDMA_BYTES;
	const uint32_t half_at = (write->row_read * PQDMA_BYTES + at) % PQDMA_BUF_BYTES;

	ev->with.strip_head = strip;
	ev->with.burst = burst;
	ev->with.beat = beat;
	ev->with.row_bytes = dev->buf.bytes[PQDMA_P] + half_at;
	ev->w_last = beat == burst.beats - 1;
	ev->more = write->done + burst.bytes < strip->n;
	ev->strip_pop = ev->w_last && !ev->more;
	if (ev->strip_pop)
		release_rows(strip, strip->rows, ev);
}

/* ---- validation ---- */

static bool has_other_than_zero(const uint8_t *bytes, uint32_t first, uint32_t last)
{
	uint32_t i;

	for (i = first; i <= last; i++)
		if (bytes[i])
			return true;
	return false;
}

static bool is_row_bad(const uint8_t *bytes, const struct pqdma_dest *dest, uint32_t row)
{
	const uint32_t first = row ? 0 : dest->first_lane;
	const uint32_t last = row == dest->rows - 1 ? dest->last_lane : PQDMA_BYTES - 1;

	return row < dest->rows && has_other_than_zero(bytes, first, last);
}

static uint8_t compare(const struct pqdma *dev, const struct pqdma_strip_word *strip, uint32_t row)
{
	uint8_t bad = 0;
	uint32_t sum;

	for (sum = 0; sum < PQDMA_HALVES; sum++) {
		const uint8_t *bytes = dev->buf.bytes[sum] + (size_t)dev->write.row_read * PQDMA_BYTES;

		if ((strip->use & 1u << sum) && is_row_bad(bytes, &strip->dest[sum], row))
			bad |= (uint8_t)(1u << sum);
	}
	return bad;
}

static void find_compare(const struct pqdma *dev, struct pqdma_events *ev)
{
	const struct pqdma_write *write = &dev->write;
	const struct pqdma_strip_word *strip = &dev->strip.words[dev->strip.fifo.rd];
	const uint32_t row = write->scan ? write->wbeat : 0;
	struct pqdma_ack_word *ack;

	ev->write = PQDMA_WRITE_COMPARE;
	ev->with.beat = row;
	ev->with.bad = write->scan_bad | compare(dev, strip, row);
	ev->strip_pop = row == strip->rows - 1;
	release_rows(strip, 1, ev);
	if (!ev->strip_pop)
		return;
	ack = push_strip_ack(strip, ev);
	ack->no_b = true;
	ack->bad = ev->with.bad;
}

/* ---- what the engine does in this tick ---- */

static void find_next_beat(const struct pqdma *dev, struct pqdma_events *ev)
{
	const struct pqdma_strip_word *strip = &dev->strip.words[dev->strip.fifo.rd];

	if (dev->write.scan) {
		find_compare(dev, ev);
		return;
	}
	if (!ev->w_free)
		return;
	if (dev->write.busy_sts) {
		ev->write = PQDMA_WRITE_STS_HIGH;
		ev->w_last = true;
		return;
	}
	if (strip->is_piece) {
		ev->write = PQDMA_WRITE_PIECE_BEAT;
		find_piece_beat(dev, strip, dev->write.wbeat, ev);
		return;
	}
	ev->write = PQDMA_WRITE_BEAT;
	find_strip_beat(dev, strip, dev->write.wbeat, ev);
}

/* The word is written to where its acknowledge says. */
static void find_word(uint64_t word, struct pqdma_events *ev)
{
	ev->write = PQDMA_WRITE_WORD;
	ev->w_last = WORD_BEATS == 1;
	ev->with.word = word;
}

static void find_status(const struct pqdma_status_word *status, struct pqdma_events *ev)
{
	if (!ev->aw_free || !ev->w_free)
		return;
	find_word((uint64_t)status->bytes << PQDMA_DSTS_BYTES_SHIFT | (uint64_t)status->tag << PQDMA_DSTS_TAG_SHIFT |
		  (uint64_t)status->code << PQDMA_DSTS_CODE_SHIFT | (uint64_t)status->bad << PQDMA_DSTS_P_BAD_SHIFT |
		  PQDMA_DSTS_DONE_MASK, ev);
	push_status_ack(status, ev);
}

static void find_completion_word(const struct pqdma_chan *chans, struct pqdma_events *ev)
{
	const uint32_t c = (uint32_t)__builtin_ctz(ev->cw_ready);

	if (!ev->aw_free || !ev->w_free)
		return;
	find_word((uint64_t)chans[c].state << 32 | chans[c].done, ev);
	ev->cw_load = true;
	ev->ack_push = true;
	ev->with.ack = (struct pqdma_ack_word) {
		.kind = PQDMA_ACK_COMPLETION,
		.channel = (uint8_t)c,
		.addr = chans[c].cmpl,
	};
}

static void find_drop(const struct pqdma *dev, const struct pqdma_strip_word *strip, bool kill, uint8_t code,
		      struct pqdma_events *ev)
{
	struct pqdma_ack_word *ack = push_strip_ack(strip, ev);

	ack->no_b = true;
	ack->drop = kill || code;
	ack->code = code;
	ack->addr = code ? error_addr(dev, strip) : 0;
	ev->write = PQDMA_WRITE_DROP;
	ev->strip_pop = true;
	ev->poison |= code ? 1u << strip->channel : 0;
	release_rows(strip, strip->rows, ev);
}

static void find_burst(const struct pqdma *dev, const struct pqdma_strip_word *strip, struct pqdma_events *ev)
{
	struct pqdma_ack_word *ack;

	if (!ev->aw_free || !ev->w_free)
		return;
	ack = push_strip_ack(strip, ev);
	if (strip->is_piece) {
		ev->write = PQDMA_WRITE_PIECE;
		find_piece_beat(dev, strip, 0, ev);
		ack->addr = ev->with.burst.addr;
	} else {
		ev->write = PQDMA_WRITE_STRIP;
		find_strip_beat(dev, strip, 0, ev);
		ack->addr = ev->with.dest->addr;
	}
	ack->more = ev->more;
}

static void find_strip(const struct pqdma *dev, const struct pqdma_strip_word *strip, struct pqdma_events *ev)
{
	const bool judged = dev->write.phase;
	const bool kill = !judged && is_killed(&dev->chan[strip->channel]);
	const uint8_t code = kill || judged ? PQDMA_ERR_NONE : strip_code(dev, strip);

	if (kill || code || strip->kind == PQDMA_KIND_NONE)
		find_drop(dev, strip, kill, code, ev);
	else if (strip->check)
		find_compare(dev, ev);
	else
		find_burst(dev, strip, ev);
}

void pqdma_write_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	const struct pqdma_write *write = &dev->write;
	const struct pqdma_fifo *statuses = &dev->ack.status_fifo;
	const struct pqdma_status_word *status = statuses->count ? &dev->ack.status[statuses->rd] : NULL;
	const struct pqdma_strip_word *strip = head_strip(&dev->strip);

	ev->aw_free = !write->awvalid || in->m_axi_awready;
	ev->w_free = !write->wvalid || in->m_axi_wready;

	if (write->busy || write->busy_sts || write->scan)
		find_next_beat(dev, ev);
	else if (status && status->wb)
		find_status(status, ev);
	else if (ev->cw_ready && !write->nob_late)
		find_completion_word(dev->chan, ev);
	else if (strip && !write->nob_late)
		find_strip(dev, strip, ev);

	ev->nob_late = ev->ack_push && status && !status->wb;
	if (!ev->ack_push && status && !status->wb)
		push_status_ack(status, ev);
}

static void load_aw(struct pqdma_write *write, uint64_t addr, uint32_t beats, const struct pqdma_side *side)
{
	write->awvalid = true;
	write->awaddr = side->narrow ? addr : addr & ~(uint64_t)(PQDMA_BYTES - 1);
	write->awlen = (uint8_t)(beats - 1);
	write->awsize = side->size;
	write->awburst = pqdma_side_type(side);
}

static void load_w(struct pqdma_write *write, const uint8_t *bytes, uint32_t low, uint32_t high, bool last)
{
	write->wvalid = true;
	write->wlast = last;
	write->wstrb = ALL_LANES << low & ALL_LANES >> (PQDMA_BYTES - 1 - high);
	if (low || high != PQDMA_BYTES - 1)
		memset(write->wdata, 0, PQDMA_BYTES);
	memcpy(write->wdata + low, bytes + low, high + 1 - low);
}

static void load_word(struct pqdma_write *write, uint64_t addr, uint64_t word)
{
	const uint32_t low = addr % PQDMA_BYTES;
	uint8_t lanes[PQDMA_BYTES];

	memcpy(lanes + low, &word, PATTERN_BYTES);
	load_aw(write, addr, WORD_BEATS, &pqdma_ordinary);
	load_w(write, lanes, low, low + PATTERN_BYTES - 1, WORD_BEATS == 1);
	write->sts_high = (uint32_t)(word >> 32);
	write->busy_sts = WORD_BEATS == 2;
}

static void load_sts_high(struct pqdma_write *write)
{
	uint8_t lanes[PQDMA_BYTES] = { 0 };

	memcpy(lanes, &write->sts_high, 4);
	load_w(write, lanes, 0, PQDMA_BYTES - 1, true);
	write->busy_sts = false;
}

static void spread_pattern(uint8_t *lanes, uint64_t pattern, uint64_t beat_addr)
{
	uint32_t i;

	pattern >>= beat_addr % 8 * 8;
	for (i = 0; i < PQDMA_BYTES; i += PATTERN_BYTES)
		memcpy(lanes + i, &pattern, PATTERN_BYTES);
}

static void load_beat(struct pqdma_write *write, const struct pqdma_events *ev)
{
	const struct pqdma_strip_word *strip = ev->with.strip_head;
	const struct pqdma_dest *dest = ev->with.dest;
	const uint32_t beat = ev->with.beat;
	const uint64_t beat_addr = dest->addr - dest->first_lane + (uint64_t)beat * PQDMA_BYTES;
	const uint32_t low = beat ? 0 : dest->first_lane;
	const uint32_t high = ev->w_last ? dest->last_lane : PQDMA_BYTES - 1;
	const uint8_t *bytes = ev->with.row_bytes;
	uint8_t lanes[PQDMA_BYTES];

	if (strip->kind == PQDMA_KIND_FILL) {
		spread_pattern(lanes, strip->pattern, beat_addr);
		bytes = lanes;
	}
	load_w(write, bytes, low, high, ev->w_last);
	write->busy = !ev->w_last;
	write->phase = ev->w_last ? ev->more : write->phase;
	write->wbeat = beat + 1;
}

/* A transfer takes its bytes from where they stand in the buffer to the lanes of its address. */
static void load_transfer(struct pqdma_write *write, const struct pqdma_events *ev)
{
	const struct pqdma_side *side = &ev->with.strip_head->side;
	const uint32_t width = 1u << side->size;
	const uint32_t low = pqdma_side_at(side, ev->with.burst.addr, ev->with.beat * width) % PQDMA_BYTES;
	uint8_t lanes[PQDMA_BYTES];

	memcpy(lanes + low, ev->with.row_bytes, width);
	load_w(write, lanes, low, low + width - 1, ev->w_last);
}

static void load_piece_row(struct pqdma_write *write, const struct pqdma_events *ev)
{
	const uint64_t first = ev->with.burst.addr;
	const uint32_t low = ev->with.beat ? 0 : first % PQDMA_BYTES;
	const uint32_t high = ev->w_last ? (first + ev->with.burst.bytes - 1) % PQDMA_BYTES : PQDMA_BYTES - 1;

	load_w(write, ev->with.row_bytes, low, high, ev->w_last);
}

static void load_piece_beat(struct pqdma_write *write, const struct pqdma_events *ev)
{
	if (ev->with.strip_head->side.narrow)
		load_transfer(write, ev);
	else
		load_piece_row(write, ev);
	write->busy = !ev->w_last;
	write->wbeat = ev->with.beat + 1;
	if (!ev->w_last)
		return;
	write->phase = ev->more;
	write->done = ev->more ? write->done + ev->with.burst.bytes : 0;
}

static void go_on_comparing(struct pqdma_write *write, const struct pqdma_events *ev)
{
	write->scan = !ev->strip_pop;
	write->scan_bad = ev->strip_pop ? 0 : ev->with.bad;
	write->wbeat = ev->with.beat + 1;
}

void pqdma_write_update(struct pqdma_write *write, const struct pqdma_events *ev)
{
	if (ev->aw_free)
		write->awvalid = false;
	if (ev->w_free)
		write->wvalid = false;
	if (ev->write == PQDMA_WRITE_WORD || ev->write == PQDMA_WRITE_STRIP || ev->write == PQDMA_WRITE_PIECE)
		write->awuser = ev->with.ack.channel;
	write->nob_late = ev->nob_late;

	switch (ev->write) {
	case PQDMA_WRITE_BEAT:
		load_beat(write, ev);
		break;
	case PQDMA_WRITE_STS_HIGH:
		load_sts_high(write);
		break;
	case PQDMA_WRITE_WORD:
		load_word(write, ev->with.ack.addr, ev->with.word);
		break;
	case PQDMA_WRITE_STRIP:
		load_aw(write, ev->with.dest->addr, ev->with.dest->rows, &pqdma_ordinary);
		load_beat(write, ev);
		break;
	case PQDMA_WRITE_PIECE:
		load_aw(write, ev->with.burst.addr, ev->with.burst.beats, &ev->with.strip_head->side);
		load_piece_beat(write, ev);
		break;
	case PQDMA_WRITE_PIECE_BEAT:
		load_piece_beat(write, ev);
		break;
	case PQDMA_WRITE_COMPARE:
		go_on_comparing(write, ev);
		break;
	case PQDMA_WRITE_NOTHING:
	case PQDMA_WRITE_DROP:
		break;
	}
	write->row_read = (write->row_read + ev->rows_released) & (PQDMA_ROWS - 1);
}
