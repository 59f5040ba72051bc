/* SPDX-License-Identifier: MIT */
/* What the model is doing, in words, for failure reports. */
#include <stdarg.h>
#include <stdio.h>
#include "pqdma_priv.h"

/* text grows to the right of used; what does not fit is cut off, the terminating zero never */
struct text {
	char *buf;
	size_t len;
	size_t used;
};

static const char *const state_names[] = {
	[PQDMA_STATE_IDLE] = "IDLE",
	[PQDMA_STATE_RUN] = "RUN",
	[PQDMA_STATE_STOP] = "STOP",
	[PQDMA_STATE_FAIL] = "FAIL",
	[PQDMA_STATE_ABORT] = "ABORT",
	[PQDMA_STATE_PAUSE] = "PAUSE",
};

static const char *const op_names[] = {
	[PQDMA_OP_NOP] = "nop",
	[PQDMA_OP_INTERRUPT] = "interrupt",
	[PQDMA_OP_COPY] = "copy",
	[PQDMA_OP_FILL] = "fill",
	[PQDMA_OP_XOR] = "xor",
	[PQDMA_OP_XOR_VAL] = "xor_val",
	[PQDMA_OP_PQ] = "pq",
	[PQDMA_OP_PQ_VAL] = "pq_val",
	[PQDMA_OP_MATRIX] = "matrix",
};

static const char *const error_names[] = {
	[PQDMA_ERR_NONE] = "none",
	[PQDMA_ERR_FETCH_SLVERR] = "FETCH_SLVERR",
	[PQDMA_ERR_FETCH_DECERR] = "FETCH_DECERR",
	[PQDMA_ERR_READ_SLVERR] = "READ_SLVERR",
	[PQDMA_ERR_READ_DECERR] = "READ_DECERR",
	[PQDMA_ERR_WRITE_SLVERR] = "WRITE_SLVERR",
	[PQDMA_ERR_WRITE_DECERR] = "WRITE_DECERR",
	[PQDMA_ERR_STATUS_SLVERR] = "STATUS_SLVERR",
	[PQDMA_ERR_STATUS_DECERR] = "STATUS_DECERR",
	[PQDMA_ERR_BAD_OP] = "BAD_OP",
	[PQDMA_ERR_BAD_FLAGS] = "BAD_FLAGS",
	[PQDMA_ERR_BAD_LENGTH] = "BAD_LENGTH",
	[PQDMA_ERR_BAD_ALIGN] = "BAD_ALIGN",
	[PQDMA_ERR_BAD_LINK] = "BAD_LINK",
	[PQDMA_ERR_BAD_SOURCES] = "BAD_SOURCES",
	[PQDMA_ERR_CMPL_SLVERR] = "CMPL_SLVERR",
	[PQDMA_ERR_CMPL_DECERR] = "CMPL_DECERR",
	[PQDMA_ERR_BAD_WIDTH] = "BAD_WIDTH",
	[PQDMA_ERR_REQ_TIMEOUT] = "REQ_TIMEOUT",
};

#define NAME_OF(names, i) ((i) < sizeof(names) / sizeof((names)[0]) && (names)[i] ? (names)[i] : "unknown")

const char *pqdma_state_name(unsigned int state)
{
	return NAME_OF(state_names, state);
}

const char *pqdma_op_name(unsigned int op)
{
	return NAME_OF(op_names, op);
}

const char *pqdma_error_name(unsigned int code)
{
	return NAME_OF(error_names, code);
}

__attribute__((format(printf, 2, 3)))
static void say(struct text *text, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text->buf + text->used, text->len - text->used, format, args);
	va_end(args);
	if (n > 0)
		text->used += (size_t)n < text->len - text->used ? (size_t)n : text->len - text->used - 1;
}

static void say_peripheral(struct text *text, const struct pqdma_list *list)
{
	static const char *const modes[] = { "up", "fixed", "down" };
	const struct pqdma_side *src = &list->cur_source;
	const struct pqdma_side *dst = &list->cur_destination;

	say(text, "    %s is the device: %s x %u -> %s x %u", pqdma_peri_writes_device(list->cur_settings) ? "destination" : "source",
	    modes[src->mode], 1u << src->size, modes[dst->mode], 1u << dst->size);
	if (pqdma_peri_paced(list->cur_settings))
		say(text, ", line %u, waited %u", pqdma_peri_line(list->cur_settings), list->waited);
	say(text, "%s\n", list->hold ? ", held" : "");
}

static void say_current(struct text *text, const struct pqdma_list *list)
{
	say(text, "    now: %s at desc 0x%llx, flags 0x%02x, tag %u, 0x%llx -> 0x%llx, %u bytes left",
	    pqdma_op_name(list->cur_op), (unsigned long long)list->cur_desc, list->cur_flags, list->cur_tag,
	    (unsigned long long)list->cur_src, (unsigned long long)list->cur_dst, list->cur_left);
	if (list->cur_op >= PQDMA_OP_XOR)
		say(text, ", %u sources, Q 0x%llx, at %u", list->cur_sources, (unsigned long long)list->cur_dst2, list->cur_pos);
	if (list->cur_rows > 1)
		say(text, ", %u rows of %u bytes", list->cur_rows, list->cur_length);
	if (list->cur_code)
		say(text, ", refused: %s", pqdma_error_name(list->cur_code));
	say(text, "%s\n", list->fence_wait ? ", waits for the fence" : "");
	if (list->cur_peri)
		say_peripheral(text, list);
}

/* What was asked of the channel besides its list; nothing for a channel as it is after reset */
static void say_settings(struct text *text, const struct pqdma_chan *ch)
{
	if (ch->cyclic || ch->compact || ch->prio || ch->weight)
		say(text, "    %s%sclass %u, weight %u\n", ch->cyclic ? "cyclic, " : "", ch->compact ? "compact, " : "",
		    ch->prio, ch->weight);
	if (ch->coal_count || ch->coal_time)
		say(text, "    DONE after %u completions or %u clocks: %u wait since %u\n", ch->coal_count, ch->coal_time,
		    ch->pend, ch->timer);
	if (ch->cmpl)
		say(text, "    completion word at 0x%llx%s%s\n", (unsigned long long)ch->cmpl, ch->cw_dirty ? ", to be written" : "",
		    ch->cw_busy ? ", being written" : "");
}

static void say_channel(struct text *text, uint32_t c, const struct pqdma_chan *ch, const struct pqdma_list *list)
{
	say(text, "channel %u: %s, tail %u, fetched %u, done %u, bytes %u, irq %x/%x%s%s\n", c, pqdma_state_name(ch->state),
	    ch->tail, list->fetched, ch->done, ch->bytes, ch->irq_status, ch->irq_enable, ch->poison ? ", poison" : "",
	    ch->broken ? ", broken" : "");
	if (ch->err_cause)
		say(text, "    error: %s, address 0x%llx, desc 0x%llx\n", pqdma_error_name(ch->err_cause),
		    (unsigned long long)ch->err_addr, (unsigned long long)ch->err_desc);
	say_settings(text, ch);
	say(text, "    in flight: %u strips, %u status entries, %u fetches; %u credits, %u descriptors wait\n", ch->inflight,
	    ch->sts, list->infl, list->credits, list->fifo.count);
	say(text, "    link: 0x%llx, %u left%s%s%s%s\n", (unsigned long long)list->link_addr, list->link_left,
	    list->link_known ? "" : ", not known", list->link_need ? ", to be read again" : "",
	    list->ahead_asked ? ", the next in flight" : list->ahead_known ? ", the next known" : "", list->dead ? ", dead" : "");
	if (list->cur_valid)
		say_current(text, list);
	if (list->fifo.count && pqdma_list_blocks(&list->descs[list->fifo.rd]))
		say(text, "    next: source table 0x%llx, %u of %u blocks are here\n",
		    (unsigned long long)list->descs[list->fifo.rd].src, list->got, pqdma_list_blocks(&list->descs[list->fifo.rd]));
}

static void say_sequencer(struct text *text, const struct pqdma_seq *seq)
{
	if (seq->busy)
		say(text, "    sequencer: channel %u, slot %u, next is byte %u of source %u of %u%s\n", seq->channel, seq->slot,
		    seq->done, seq->index, seq->sources, seq->extra ? " and old P, Q" : "");
}

static const char *fetch_name(const struct pqdma_fetch_word *word)
{
	if (word->is_table)
		return "table";
	return word->is_link ? "link" : "desc";
}

static void say_reads(struct text *text, const struct pqdma *dev)
{
	uint32_t i;

	say(text, "reads: %u of data, %u of descriptors; AR %s 0x%llx id %u\n", dev->read.fifo.count, dev->fetch.fifo.count,
	    dev->read.arvalid ? "asks" : "rests at", (unsigned long long)dev->read.araddr, dev->read.arid);
	say_sequencer(text, &dev->read.seq);
	for (i = 0; i < dev->read.fifo.count; i++) {
		const struct pqdma_read_word *word = &dev->read.queue[(dev->read.fifo.rd + i) % PQDMA_READS];

		say(text, "    data 0x%llx for slot %u%s, beat %u\n", (unsigned long long)word->address, word->slot,
		    word->final ? " (final)" : "", i ? 0 : dev->read.beat);
	}
	for (i = 0; i < dev->fetch.fifo.count; i++) {
		const struct pqdma_fetch_word *word = &dev->fetch.queue[(dev->fetch.fifo.rd + i) % PQDMA_FETCHES];

		say(text, "    %s 0x%llx of channel %u, beat %u\n", fetch_name(word),
		    (unsigned long long)word->address, word->channel, i ? 0 : dev->fetch.beat);
	}
}

static void say_strips(struct text *text, const struct pqdma *dev)
{
	const struct pqdma_strip *gen = &dev->strip;
	uint32_t i;

	say(text, "strips: %u in flight, %u to write, %u rows used; AW %s 0x%llx, %s\n", gen->strips, gen->fifo.count,
	    gen->rows_used, dev->write.awvalid ? "asks" : "rests at", (unsigned long long)dev->write.awaddr,
	    dev->write.busy || dev->write.busy_sts ? "in a burst" : "no burst");
	for (i = 0; i < gen->fifo.count; i++) {
		const uint32_t slot = (gen->fifo.rd + i) % PQDMA_STRIPS;
		const struct pqdma_strip_word *word = &gen->words[slot];

		say(text, "    slot %u: channel %u, %sP 0x%llx, %sQ 0x%llx, %u bytes, %s%s%s\n", slot, word->channel,
		    word->use & PQDMA_BIT_P ? "" : "no ", (unsigned long long)word->dest[PQDMA_P].addr,
		    word->use & PQDMA_BIT_Q ? "" : "no ", (unsigned long long)word->dest[PQDMA_Q].addr, word->n,
		    gen->ready[slot] ? "ready" : "reading", gen->rerr[slot] ? ", read error" : "", word->check ? ", check" : "");
	}
	say(text, "acknowledges: %u wait, %u status entries, %u B\n", dev->ack.fifo.count, dev->ack.status_fifo.count,
	    dev->ack.b_fifo.count);
}

size_t pqdma_model_describe(const struct pqdma *dev, char *buf, size_t len)
{
	struct text text = { .buf = buf, .len = len };
	uint32_t c;

	if (!len)
		return 0;
	buf[0] = '\0';
	for (c = 0; c < PQDMA_CHANNELS; c++)
		say_channel(&text, c, &dev->chan[c], &dev->list[c]);
	say_reads(&text, dev);
	say_strips(&text, dev);
	return text.used;
}

uint64_t pqdma_model_desc(const struct pqdma *dev, unsigned int channel)
{
	if (dev->list[channel].cur_valid)
		return dev->list[channel].cur_desc;
	return dev->chan[channel].err_cause ? dev->chan[channel].err_desc : 0;
}

void pqdma_model_glance(const struct pqdma *dev, struct pqdma_glance *glance)
{
	const struct pqdma_strip_word *youngest = &dev->strip.words[(dev->strip.fifo.wr - 1) % PQDMA_STRIPS];
	uint32_t c;

	glance->strips = dev->strip.strips;
	glance->strip_wr = dev->strip.fifo.wr;
	glance->strip_rd = dev->strip.fifo.rd;
	glance->strip_chan = youngest->channel;
	glance->strip_bytes = youngest->n;
	glance->rows = dev->strip.rows_used;
	glance->reads = dev->read.fifo.count;
	for (c = 0; c < PQDMA_CHANNELS; c++) {
		glance->chan[c].state = dev->chan[c].state;
		glance->chan[c].done = dev->chan[c].done;
		glance->chan[c].desc = dev->list[c].cur_desc;
		glance->chan[c].busy = dev->list[c].cur_valid;
	}
}
