// SPDX-License-Identifier: MIT
/*
 * Events of functional coverage. What a tick has done is found by comparing what is kept of the old registers with the new
 * ones: a queue's write pointer moves with each push, so no strip and no status is missed.
 */
#include <stdlib.h>
#include "cover/cover.h"
#include "cover/watch.h"
#include "pqdma_priv.h"

#define KEPT 256	/* descriptors of a channel that are remembered: more than can be in flight */

/* What is kept of a channel. relink: the next link is read again; piece: its last strip was one */
struct seen {
	uint8_t state;
	uint8_t irq_status;
	bool cur_valid;
	bool link_known;
	bool ahead_known;
	bool ahead_asked;
	bool relink;
	bool cw_busy;
	bool piece;
	uint32_t done;
	uint32_t tail;
	struct cover_desc *current;
	unsigned int next;
	struct cover_desc descs[KEPT];
};

struct cover_watch {
	const struct pqdma *dev;
	const struct axi_mem *mem;
	const struct iommu *iommu;
	bool in_reset;
	bool tail_written;
	unsigned int tail_ch;
	uint32_t tail;
	uint32_t strip_wr;
	uint32_t status_wr;
	int last_ch;
	int last_op;
	struct seen chan[PQDMA_CHANNELS];
};

struct cover_watch *cover_watch_new(const struct pqdma *dev, const struct axi_mem *mem, const struct iommu *iommu)
{
	struct cover_watch *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->dev = dev;
	w->mem = mem;
	w->iommu = iommu;
	w->in_reset = true;
	w->last_ch = -1;
	return w;
}

void cover_watch_free(struct cover_watch *w)
{
	free(w);
}

static unsigned int memory_of(const struct axi_mem_config *config)
{
	if (config->noise)
		return 3;
	if (config->read_latency >= 50)
		return 2;
	return config->read_latency > 4;
}

static struct cover_event event_of(const struct cover_watch *w, enum cover_kind kind, unsigned int ch)
{
	return (struct cover_event){ .kind = kind, .ch = ch, .memory = memory_of(&w->mem->config), .state = w->chan[ch].state };
}

static bool waits_for_line(const struct pqdma_chan *ch, const struct pqdma_list *list)
{
	return list->cur_valid && list->cur_peri && pqdma_peri_paced(list->cur_settings) && !ch->inflight && !list->hold;
}

/* What has channel @c under way, by the old registers? */
static uint32_t outstanding(const struct cover_watch *w, unsigned int c)
{
	const struct pqdma_chan *ch = &w->dev->chan[c];
	const struct pqdma_list *list = &w->dev->list[c];
	uint32_t bits = 0;

	bits |= list->infl ? COVER_FETCH : 0;
	bits |= list->cur_valid ? COVER_CURRENT : 0;
	bits |= ch->inflight ? COVER_STRIPS : 0;
	bits |= ch->inflight && w->chan[c].piece ? COVER_PIECE : 0;
	bits |= waits_for_line(ch, list) ? COVER_LINE : 0;
	bits |= list->fence_wait ? COVER_FENCED : 0;
	bits |= ch->sts ? COVER_STS : 0;
	bits |= ch->cw_dirty || ch->cw_busy ? COVER_CMPL : 0;
	return bits ? bits : COVER_NOTHING;
}

/* ---- before the edge ---- */

static void see_reset(struct cover_watch *w)
{
	struct cover_event event = event_of(w, COVER_RESET, 0);

	for (unsigned int c = 0; c < PQDMA_CHANNELS; c++)
		event.outstanding |= outstanding(w, c);
	if (event.outstanding & ~COVER_NOTHING)
		event.outstanding &= ~COVER_NOTHING;
	cover_event(&event);
}

static void see_bursts(const struct cover_watch *w, const struct pqdma_in *in, const struct pqdma_out *out)
{
	struct cover_event event = event_of(w, COVER_BURST, 0);

	if (out->m_axi_arvalid && in->m_axi_arready && !out->m_axi_arid) {
		event.burst.fixed = !out->m_axi_arburst;
		event.burst.size = (unsigned int)out->m_axi_arsize;
		event.burst.beats = (unsigned int)out->m_axi_arlen + 1;
		cover_event(&event);
	}
	if (out->m_axi_awvalid && in->m_axi_awready) {
		event.burst.write = true;
		event.burst.fixed = !out->m_axi_awburst;
		event.burst.size = (unsigned int)out->m_axi_awsize;
		event.burst.beats = (unsigned int)out->m_axi_awlen + 1;
		cover_event(&event);
	}
}

static void see_stream(const struct cover_watch *w, uint64_t user, enum cover_stream stream)
{
	struct cover_event event = event_of(w, COVER_STREAM, (unsigned int)user % PQDMA_CHANNELS);

	event.stream = stream;
	cover_event(&event);
}

static void see_streams(const struct cover_watch *w, const struct pqdma_in *in, const struct pqdma_out *out)
{
	if (out->m_axi_arvalid && in->m_axi_arready)
		see_stream(w, out->m_axi_aruser, out->m_axi_arid ? COVER_STREAM_FETCH : COVER_STREAM_READ);
	if (out->m_axi_awvalid && in->m_axi_awready)
		see_stream(w, out->m_axi_awuser, COVER_STREAM_WRITE);
#if PQDMA_WITH_DESC_PORT
	if (out->d_axi_arvalid && in->d_axi_arready)
		see_stream(w, out->d_axi_aruser, COVER_STREAM_FETCH);
#endif
}

static void see_translation(const struct cover_watch *w, const struct iommu_lane *lane, enum cover_stream stream)
{
	struct cover_event event;

	if (!lane->fresh)
		return;
	event = event_of(w, COVER_TRANSLATION, lane->stream % PQDMA_CHANNELS);
	event.stream = stream;
	event.translation.outcome = lane->outcome;
	event.translation.alone = iommu_alone(w->iommu, lane->stream);
	cover_event(&event);
}

/* Translations of the clock before this edge */
static void see_iommu(const struct cover_watch *w, const struct pqdma_out *out)
{
	if (!w->iommu->on)
		return;
	if (out->m_axi_arvalid)
		see_translation(w, &w->iommu->read, out->m_axi_arid ? COVER_STREAM_FETCH : COVER_STREAM_READ);
	if (out->m_axi_awvalid)
		see_translation(w, &w->iommu->write, COVER_STREAM_WRITE);
#if PQDMA_WITH_DESC_PORT
	if (out->d_axi_arvalid)
		see_translation(w, &w->iommu->fetch, COVER_STREAM_FETCH);
#endif
}

/* The command that counts when several are written */
static uint32_t command_of(uint32_t written)
{
	static const uint32_t order[] = { PQDMA_CTRL_ABORT_MASK, PQDMA_CTRL_STOP_MASK, PQDMA_CTRL_PAUSE_MASK, PQDMA_CTRL_RUN_MASK };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (written & order[i])
			return order[i];
	return 0;
}

static void see_write(struct cover_watch *w, const struct pqdma_events *ev)
{
	const unsigned int c = (unsigned int)ev->with.channel;
	struct cover_event event;

	if (ev->with.channel < 0)
		return;
	if (ev->with.offset == PQDMA_CH_TAIL) {
		w->tail_written = true;
		w->tail_ch = c;
		w->tail = (w->dev->chan[c].tail & ~ev->with.mask) | (ev->with.data & ev->with.mask);
		return;
	}
	if (ev->with.offset != PQDMA_CH_CTRL)
		return;
	event = event_of(w, COVER_COMMAND, c);
	event.command = command_of(ev->with.data & ev->with.mask);
	event.outstanding = outstanding(w, c);
	if (event.command)
		cover_event(&event);
}

static void see_access(struct cover_watch *w, const struct pqdma_in *in)
{
	const struct pqdma_axil *axil = &w->dev->axil;
	struct cover_event event = event_of(w, COVER_ACCESS, 0);
	struct pqdma_events ev;

	memset(&ev, 0, offsetof(struct pqdma_events, with));
	pqdma_axil_events(w->dev, in, &ev);
	if (ev.reg_read) {
		event.access.refused = ev.with.rresp;
		cover_event(&event);
	}
	if (!ev.reg_write)
		return;
	event.access.write = true;
	event.access.refused = ev.with.bresp;
	event.access.strobes = (unsigned int)(axil->w_full ? axil->w_strb : in->s_axil_wstrb);
	event.access.order = axil->aw_full == axil->w_full ? 0 : axil->aw_full ? 1 : 2;
	cover_event(&event);
	see_write(w, &ev);
}

void cover_watch_before(struct cover_watch *w, const struct pqdma_in *in, const struct pqdma_out *out)
{
	const struct pqdma_axil *axil = &w->dev->axil;

	w->tail_written = false;
	if (!in->rst_n) {
		if (!w->in_reset)
			see_reset(w);
		w->in_reset = true;
		return;
	}
	w->in_reset = false;
	if ((out->m_axi_arvalid && in->m_axi_arready) || (out->m_axi_awvalid && in->m_axi_awready))
		see_bursts(w, in, out);
	see_streams(w, in, out);
	see_iommu(w, out);
	if (in->s_axil_arvalid || ((axil->aw_full || in->s_axil_awvalid) && (axil->w_full || in->s_axil_wvalid)))
		see_access(w, in);
}

/* ---- after it ---- */

static const struct cover_desc *find_desc(const struct seen *seen, uint64_t at)
{
	for (unsigned int i = 1; i <= KEPT; i++) {
		const struct cover_desc *desc = &seen->descs[(seen->next - i) % KEPT];

		if (desc->at == at && desc->burst)
			return desc;
	}
	return NULL;
}

/* burst is kept one higher, so that 0 is an entry that nobody has used. */
static void keep_desc(struct seen *seen, const struct pqdma_chan *ch, const struct pqdma_list *list)
{
	seen->current = &seen->descs[seen->next++ % KEPT];
	*seen->current = (struct cover_desc){
		.op = list->cur_op,
		.flags = list->cur_flags,
		.sources = list->cur_sources,
		.burst = (uint8_t)(ch->burst + 1),
		.compact = ch->compact,
		.cyclic = ch->cyclic,
		.length = list->cur_length,
		.rows = list->cur_rows,
		.settings = list->cur_settings,
		.at = list->cur_desc,
		.src = list->row_src,
		.dst = list->row_dst,
		.dst2 = list->cur_dst2,
	};
}

static uint32_t eligible(const struct cover_watch *w)
{
	return (uint32_t)(w->dev->perf.mask >> PQDMA_CONDITION(PQDMA_ELIGIBLE, 0)) & ((1u << PQDMA_CH_MAX) - 1);
}

static void describe_strip(const struct cover_watch *w, const struct pqdma_strip_word *word, const struct pqdma_in *in,
			   struct cover_strip *strip)
{
	strip->prio = w->dev->chan[word->channel].prio;
	strip->weight = w->dev->chan[word->channel].weight;
	strip->before = w->last_ch >= 0 && w->last_ch != word->channel ? w->last_op : -1;
	strip->piece = word->is_piece;
	strip->paced = word->paced;
	strip->burst_request = in->drq_burst >> word->line & 1;
	strip->last_request = in->drq_last >> word->line & 1;
	for (uint32_t mask = eligible(w) & ~(1u << word->channel); mask; mask &= mask - 1) {
		const unsigned int prio = w->dev->chan[__builtin_ctz(mask)].prio;

		strip->same |= prio == strip->prio;
		strip->below |= prio < strip->prio;
	}
}

static void see_strip(struct cover_watch *w, const struct pqdma_in *in)
{
	const struct pqdma_strip_word *word = &w->dev->strip.words[(w->dev->strip.fifo.wr - 1) & (PQDMA_STRIPS - 1)];
	struct seen *seen = &w->chan[word->channel];
	struct cover_event event = event_of(w, COVER_STRIP, word->channel);

	seen->piece = word->is_piece;
	if (word->last)
		seen->cur_valid = false;
	if (word->code || !seen->current)
		return;
	event.desc = seen->current;
	describe_strip(w, word, in, &event.strip);
	cover_event(&event);
	w->last_ch = word->channel;
	w->last_op = event.desc->op;
	if (!word->last)
		return;
	event.kind = COVER_DESC;
	cover_event(&event);
}

static void see_status(struct cover_watch *w)
{
	const struct pqdma_status_word *word = &w->dev->ack.status[(w->dev->ack.status_fifo.wr - 1) & (PQDMA_STRIPS - 1)];
	struct cover_event event = event_of(w, COVER_STATUS, word->channel);

	event.desc = find_desc(&w->chan[word->channel], word->desc);
	event.status.code = word->code;
	event.status.bad = word->bad;
	event.status.wb = word->wb;
	if (event.desc)
		cover_event(&event);
}

/* In the clock of the failure its strip makes room, which another channel takes: with its last strip, it has no current descriptor then. */
static bool others_live(const struct cover_watch *w, unsigned int c)
{
	for (unsigned int i = 0; i < PQDMA_CHANNELS; i++)
		if (i != c && w->chan[i].state == PQDMA_STATE_RUN && (w->chan[i].cur_valid || w->dev->chan[i].inflight))
			return true;
	return false;
}

static void see_failure(struct cover_watch *w, unsigned int c)
{
	const struct pqdma_chan *ch = &w->dev->chan[c];
	struct cover_event event = event_of(w, COVER_FAIL, c);

	event.desc = find_desc(&w->chan[c], ch->err_desc);
	event.outstanding = outstanding(w, c);
	event.cause.code = ch->err_cause;
	event.cause.others = others_live(w, c);
	cover_event(&event);
}

static void see_raise(struct cover_watch *w, unsigned int c)
{
	const struct pqdma_chan *ch = &w->dev->chan[c];
	struct cover_event event = event_of(w, COVER_RAISE, c);

	event.raise.count = ch->coal_count > 1;
	event.raise.time = ch->coal_time;
	event.raise.by = ch->state == PQDMA_STATE_FAIL && w->chan[c].state != PQDMA_STATE_FAIL ? 2 : ch->done == w->chan[c].done;
	cover_event(&event);
}

static void see_link(const struct cover_watch *w, unsigned int c, unsigned int way, unsigned int count)
{
	struct cover_event event = event_of(w, COVER_LINK, c);

	event.link.way = way;
	event.link.count = count;
	event.link.compact = w->dev->chan[c].compact;
	cover_event(&event);
}

/* A link that was asked for ahead may come when its group has ended. */
static void see_links(const struct cover_watch *w, unsigned int c)
{
	const struct pqdma_list *list = &w->dev->list[c];
	const struct seen *seen = &w->chan[c];

	if (list->ahead_known && !seen->ahead_known)
		see_link(w, c, 3, list->ahead_left);
	else if (list->link_known && !seen->link_known)
		see_link(w, c, seen->state == PQDMA_STATE_IDLE ? 0 : seen->ahead_asked ? 3 : seen->relink ? 2 : 1, list->link_left);
}

static enum cover_tail tail_of(uint32_t value, uint32_t tail, uint32_t done)
{
	if (value - done > PQDMA_TAIL_WINDOW)
		return COVER_TAIL_BEYOND;
	if (value - done < tail - done)
		return COVER_TAIL_BACK;
	if (value - tail > 1)
		return COVER_TAIL_FURTHER;
	return value == tail ? COVER_TAIL_SAME : COVER_TAIL_NEXT;
}

static void see_tail(const struct cover_watch *w)
{
	const struct seen *seen = &w->chan[w->tail_ch];
	struct cover_event event = event_of(w, COVER_TAIL, w->tail_ch);

	event.tail = tail_of(w->tail, seen->tail, seen->done);
	cover_event(&event);
}

static void see_word(const struct cover_watch *w, unsigned int c)
{
	struct cover_event event = event_of(w, COVER_WORD, c);

	cover_event(&event);
}

static void see_channel(struct cover_watch *w, unsigned int c)
{
	const struct pqdma_chan *ch = &w->dev->chan[c];
	const struct pqdma_list *list = &w->dev->list[c];
	struct seen *seen = &w->chan[c];

	if (list->cur_valid && !seen->cur_valid)
		keep_desc(seen, ch, list);
	if (ch->state == PQDMA_STATE_FAIL && seen->state != PQDMA_STATE_FAIL)
		see_failure(w, c);
	if (ch->irq_status & ~seen->irq_status & PQDMA_IRQ_DONE_MASK)
		see_raise(w, c);
	see_links(w, c);
	if (ch->cw_busy && !seen->cw_busy)
		see_word(w, c);
}

static void keep_channel(struct cover_watch *w, unsigned int c)
{
	const struct pqdma_chan *ch = &w->dev->chan[c];
	const struct pqdma_list *list = &w->dev->list[c];
	struct seen *seen = &w->chan[c];

	seen->state = ch->state;
	seen->irq_status = ch->irq_status;
	seen->cur_valid = list->cur_valid;
	seen->relink = !list->link_known && ch->state != PQDMA_STATE_IDLE && (seen->relink || list->link_need);
	seen->link_known = list->link_known;
	seen->ahead_known = list->ahead_known;
	seen->ahead_asked = list->ahead_asked;
	seen->cw_busy = ch->cw_busy;
	seen->done = ch->done;
	seen->tail = ch->tail;
}

void cover_watch_after(struct cover_watch *w, const struct pqdma_in *in)
{
	if (!w->in_reset) {
		if (w->tail_written)
			see_tail(w);
		if (w->dev->strip.fifo.wr != w->strip_wr)
			see_strip(w, in);
		if (w->dev->ack.status_fifo.wr != w->status_wr)
			see_status(w);
		for (unsigned int c = 0; c < PQDMA_CHANNELS; c++)
			see_channel(w, c);
	}
	w->strip_wr = w->dev->strip.fifo.wr;
	w->status_wr = w->dev->ack.status_fifo.wr;
	for (unsigned int c = 0; c < PQDMA_CHANNELS; c++)
		keep_channel(w, c);
}
