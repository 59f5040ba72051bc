/* SPDX-License-Identifier: MIT */
/* One channel as software sees it. docs/timing.md, section 4. */
#include <string.h>
#include "pqdma_priv.h"

#define COMMANDS (PQDMA_CTRL_RUN_MASK | PQDMA_CTRL_PAUSE_MASK | PQDMA_CTRL_STOP_MASK | PQDMA_CTRL_ABORT_MASK)
#define IRQS (PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK | PQDMA_IRQ_BAD_TAIL_MASK | PQDMA_IRQ_IDLE_MASK)

/* These are asked in every clock: operators without branches are twice as fast. */

static bool is_moving(const struct pqdma_chan *ch)
{
	return (ch->state == PQDMA_STATE_RUN) | (ch->state == PQDMA_STATE_STOP);
}

static bool is_busy(const struct pqdma_chan *ch, const struct pqdma_list *list)
{
	return (ch->inflight | ch->sts | ch->cw_dirty | ch->cw_busy | list->infl | (list->cur_valid & is_moving(ch))) != 0;
}

static bool is_eligible(const struct pqdma_chan *ch, const struct pqdma_list *list)
{
	return list->cur_valid & is_moving(ch) & !ch->poison & !list->fence_wait;
}

static bool is_starved(const struct pqdma_chan *ch, const struct pqdma_list *list)
{
	return (ch->state == PQDMA_STATE_RUN) & (ch->tail != ch->done) & !list->cur_valid;
}

static uint32_t cfg_value(const struct pqdma_chan *ch)
{
	return (uint32_t)ch->burst << PQDMA_CFG_BURST_SHIFT | (uint32_t)ch->cyclic << PQDMA_CFG_CYCLIC_SHIFT |
	       (uint32_t)ch->compact << PQDMA_CFG_COMPACT_SHIFT | (uint32_t)ch->prio << PQDMA_CFG_PRIORITY_SHIFT |
	       (uint32_t)ch->weight << PQDMA_CFG_WEIGHT_SHIFT;
}

static uint32_t coal_value(const struct pqdma_chan *ch)
{
	return (uint32_t)ch->coal_count << PQDMA_IRQ_COAL_COUNT_SHIFT | ch->coal_time << PQDMA_IRQ_COAL_TIME_SHIFT;
}

static uint32_t status_value(const struct pqdma_chan *ch, const struct pqdma_list *list)
{
	return (uint32_t)ch->state << PQDMA_STATUS_STATE_SHIFT | (is_busy(ch, list) ? PQDMA_STATUS_BUSY_MASK : 0);
}

static uint32_t clocks(const struct pqdma_perf *perf, uint32_t i)
{
	return perf->sum[i] + (perf->mask >> i & 1 ? perf->now : 0);
}

bool pqdma_chan_read(const struct pqdma *dev, uint32_t c, uint32_t offset, uint32_t *value)
{
	const struct pqdma_chan *ch = &dev->chan[c];
	const struct {
		uint32_t offset;
		uint32_t value;
	} table[] = {
		{ PQDMA_CH_CTRL, 0 },
		{ PQDMA_CH_STATUS, status_value(ch, &dev->list[c]) },
		{ PQDMA_CH_CFG, cfg_value(ch) },
		{ PQDMA_CH_HEAD_LO, (uint32_t)ch->head_addr },
		{ PQDMA_CH_HEAD_HI, (uint32_t)(ch->head_addr >> 32) },
		{ PQDMA_CH_HEAD_COUNT, (uint32_t)ch->head_count << PQDMA_HEAD_COUNT_COUNT_SHIFT },
		{ PQDMA_CH_TAIL, ch->tail },
		{ PQDMA_CH_DONE, ch->done },
		{ PQDMA_CH_BYTES, ch->bytes },
		{ PQDMA_CH_IRQ_STATUS, ch->irq_status },
		{ PQDMA_CH_IRQ_ENABLE, ch->irq_enable },
		{ PQDMA_CH_IRQ_COAL, coal_value(ch) },
		{ PQDMA_CH_REQ_TIMEOUT, ch->req_timeout },
		{ PQDMA_CH_ERR_CAUSE, (uint32_t)ch->err_cause << PQDMA_ERR_CAUSE_CODE_SHIFT },
		{ PQDMA_CH_ERR_ADDR_LO, (uint32_t)ch->err_addr },
		{ PQDMA_CH_ERR_ADDR_HI, (uint32_t)(ch->err_addr >> 32) },
		{ PQDMA_CH_ERR_DESC_LO, (uint32_t)ch->err_desc },
		{ PQDMA_CH_ERR_DESC_HI, (uint32_t)(ch->err_desc >> 32) },
		{ PQDMA_CH_CMPL_LO, (uint32_t)ch->cmpl },
		{ PQDMA_CH_CMPL_HI, (uint32_t)(ch->cmpl >> 32) },
		{ PQDMA_CH_PERF_STRIPS, ch->perf_strips },
		{ PQDMA_CH_PERF_BUSY, clocks(&dev->perf, PQDMA_CONDITION(PQDMA_BUSY, c)) },
		{ PQDMA_CH_PERF_WAIT, clocks(&dev->perf, PQDMA_CONDITION(PQDMA_ELIGIBLE, c)) - ch->perf_strips },
		{ PQDMA_CH_PERF_STARVED, clocks(&dev->perf, PQDMA_CONDITION(PQDMA_STARVED, c)) },
	};
	uint32_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].offset != offset)
			continue;
		*value = table[i].value;
		return true;
	}
	*value = 0;
	return false;
}

uint32_t pqdma_chan_irqs(const struct pqdma *dev)
{
	uint32_t irqs = 0;
	uint32_t c;

	for (c = 0; c < PQDMA_CHANNELS; c++)
		irqs |= (uint32_t)((dev->chan[c].irq_status & dev->chan[c].irq_enable) != 0) << c;
	return irqs;
}

static void find_start(const struct pqdma *dev, struct pqdma_events *ev)
{
	const uint32_t c = (uint32_t)ev->with.channel;
	const struct pqdma_chan *ch = &dev->chan[c];

	if (ev->with.offset != PQDMA_CH_CTRL || ch->state != PQDMA_STATE_IDLE)
		return;
	if ((ev->with.data & ev->with.mask & COMMANDS) != PQDMA_CTRL_RUN_MASK)
		return;
	ev->start = 1u << c;
	ev->with.head_addr = ch->head_addr;
	ev->with.head_count = ch->head_count;
}

static bool is_time_over(const struct pqdma_chan *ch)
{
	return ch->coal_time && ch->timer + 1 >= ch->coal_time;
}

/* What is acknowledged may raise DONE, whether time is over or not. */
static void find_raise(const struct pqdma_chan *ch, struct pqdma_events *ev)
{
	const bool counts = ev->complete && ev->ack->irq;
	const bool enough = ch->pend + 1 >= ch->coal_count || ch->state == PQDMA_STATE_FAIL;

	if ((counts && enough) || (ev->error && ch->pend))
		ev->raise |= 1u << ev->ack->channel;
	if (counts)
		ev->pending |= 1u << ev->ack->channel;
}

/* Pieces follow each other one at a time, and when their line asks. */
static void find_piece(const struct pqdma_chan *ch, const struct pqdma_list *list, const struct pqdma_in *in, uint32_t c,
		       struct pqdma_events *ev)
{
	const bool is_next = !ch->inflight && !list->hold;

	if (is_next && pqdma_peri_asks(list->cur_settings, in))
		return;
	ev->eligible &= (uint16_t)~(1u << c);
	if (!is_next || !is_moving(ch))
		return;
	ev->waiting |= 1u << c;
	if (ch->req_timeout && list->waited + 1 >= ch->req_timeout)
		ev->late |= 1u << c;
}

static void find_channel(const struct pqdma_chan *ch, const struct pqdma_list *list, uint32_t c, struct pqdma_events *ev)
{
	ev->busy |= (uint32_t)is_busy(ch, list) << c;
	ev->eligible |= (uint32_t)is_eligible(ch, list) << c;
	ev->starved |= (uint32_t)is_starved(ch, list) << c;
	ev->vacant |= (uint32_t)!list->cur_valid << c;
	ev->holding |= (uint32_t)(list->hold != 0) << c;
	ev->classes |= ch->prio;
	if (ch->pend)
		ev->pending |= 1u << c;
	if (ch->pend && ch->coal_time)
		ev->timed |= 1u << c;
	if (ch->pend && is_time_over(ch))
		ev->raise |= 1u << c;
	if (ch->cw_dirty && !ch->cw_busy)
		ev->cw_ready |= 1u << c;
	if (ch->state == PQDMA_STATE_ABORT && !is_busy(ch, list))
		ev->idle_now |= 1u << c;
}

void pqdma_chan_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	uint32_t c;

	if (ev->reg_write && ev->with.channel >= 0)
		find_start(dev, ev);
	for (c = 0; c < PQDMA_CHANNELS; c++) {
		const struct pqdma_list *list = &dev->list[c];

		if (dev->chan[c].state == PQDMA_STATE_IDLE)
			continue;
		find_channel(&dev->chan[c], list, c, ev);
		if (list->cur_valid & list->cur_peri)
			find_piece(&dev->chan[c], list, in, c, ev);
	}
	if (ev->ack)
		find_raise(&dev->chan[ev->ack->channel], ev);
}

static uint32_t merge(uint32_t old, const struct pqdma_events *ev)
{
	return (old & ~ev->with.mask) | (ev->with.data & ev->with.mask);
}

static uint64_t merge_low(uint64_t old, const struct pqdma_events *ev)
{
	return (old & ~UINT64_C(0xffffffff)) | merge((uint32_t)old, ev);
}

static uint64_t merge_high(uint64_t old, const struct pqdma_events *ev)
{
	return (old & 0xffffffff) | (uint64_t)merge((uint32_t)(old >> 32), ev) << 32;
}

static bool is_bad_tail(const struct pqdma_chan *ch, uint32_t tail)
{
	const uint32_t ahead = tail - ch->done;

	return ahead > PQDMA_TAIL_WINDOW || (ch->state != PQDMA_STATE_IDLE && ahead < ch->tail - ch->done);
}

static void ring_doorbell(struct pqdma_chan *ch, const struct pqdma_events *ev)
{
	const uint32_t tail = merge(ch->tail, ev);

	if (ch->state == PQDMA_STATE_ABORT)
		return;
	if (is_bad_tail(ch, tail))
		ch->irq_status |= PQDMA_IRQ_BAD_TAIL_MASK;
	else
		ch->tail = tail;
}

static void configure(struct pqdma_chan *ch, uint32_t cfg)
{
	ch->burst = (cfg & PQDMA_CFG_BURST_MASK) >> PQDMA_CFG_BURST_SHIFT;
	ch->cyclic = cfg & PQDMA_CFG_CYCLIC_MASK;
	ch->compact = cfg & PQDMA_CFG_COMPACT_MASK;
	ch->prio = (cfg & PQDMA_CFG_PRIORITY_MASK) >> PQDMA_CFG_PRIORITY_SHIFT;
	ch->weight = (cfg & PQDMA_CFG_WEIGHT_MASK) >> PQDMA_CFG_WEIGHT_SHIFT;
}

static void coalesce(struct pqdma_chan *ch, uint32_t coal)
{
	ch->coal_count = (coal & PQDMA_IRQ_COAL_COUNT_MASK) >> PQDMA_IRQ_COAL_COUNT_SHIFT;
	ch->coal_time = (coal & PQDMA_IRQ_COAL_TIME_MASK) >> PQDMA_IRQ_COAL_TIME_SHIFT;
}

/* rules 1 and 2 */
static void write_register(struct pqdma_chan *ch, const struct pqdma_events *ev)
{
	switch (ev->with.offset) {
	case PQDMA_CH_CFG:
		configure(ch, merge(cfg_value(ch), ev));
		break;
	case PQDMA_CH_HEAD_LO:
		ch->head_addr = merge_low(ch->head_addr, ev);
		break;
	case PQDMA_CH_HEAD_HI:
		ch->head_addr = merge_high(ch->head_addr, ev);
		break;
	case PQDMA_CH_HEAD_COUNT:
		ch->head_count = merge(ch->head_count, ev) & PQDMA_HEAD_COUNT_COUNT_MASK;
		break;
	case PQDMA_CH_TAIL:
		ring_doorbell(ch, ev);
		break;
	case PQDMA_CH_IRQ_STATUS:
		ch->irq_status &= (uint8_t)~(ev->with.data & ev->with.mask);
		break;
	case PQDMA_CH_IRQ_ENABLE:
		ch->irq_enable = merge(ch->irq_enable, ev) & IRQS;
		break;
	case PQDMA_CH_IRQ_COAL:
		coalesce(ch, merge(coal_value(ch), ev));
		break;
	case PQDMA_CH_REQ_TIMEOUT:
		ch->req_timeout = merge(ch->req_timeout, ev);
		break;
	case PQDMA_CH_CMPL_LO:
		ch->cmpl = merge_low(ch->cmpl, ev) & ~UINT64_C(7);
		break;
	case PQDMA_CH_CMPL_HI:
		ch->cmpl = merge_high(ch->cmpl, ev);
		break;
	}
}

/* rules 3, 4, 5 and 7 for the word that is acknowledged, and its status entry */
static void take_acknowledge(struct pqdma_chan *ch, const struct pqdma_events *ev)
{
	if (ev->ack->kind == PQDMA_ACK_STATUS)
		ch->sts--;
	else if (ev->ack->kind == PQDMA_ACK_COMPLETION)
		ch->cw_busy = false;
	else if (!ev->ack->more)
		ch->inflight--;
	if (ev->good) {
		ch->bytes += ev->ack->n;
		ch->dbytes += ev->ack->n;
		ch->dbad |= ev->ack->bad;
	}
	if (ev->status_push) {
		ch->sts++;
		ch->dbytes = 0;
		ch->dbad = 0;
	}
	if (ev->complete)
		ch->done++;
	if (ev->dirty)
		ch->cw_dirty = true;
	if (ev->broken)
		ch->broken = true;
	if (ev->error) {
		ch->err_cause = ev->with.err_cause;
		ch->err_addr = ev->with.err_addr;
		ch->err_desc = ev->ack->desc;
		ch->irq_status |= PQDMA_IRQ_ERROR_MASK;
		ch->state = PQDMA_STATE_FAIL;
	}
}

/* The commands in the order in which they win, and the states in which they do something */
static const struct {
	uint32_t command;
	uint32_t from;
	uint8_t to;
} moves[] = {
	{ PQDMA_CTRL_ABORT_MASK, ~0u, PQDMA_STATE_ABORT },
	{ PQDMA_CTRL_STOP_MASK, 1u << PQDMA_STATE_RUN | 1u << PQDMA_STATE_PAUSE, PQDMA_STATE_STOP },
	{ PQDMA_CTRL_PAUSE_MASK, 1u << PQDMA_STATE_RUN, PQDMA_STATE_PAUSE },
	{ PQDMA_CTRL_RUN_MASK, 1u << PQDMA_STATE_IDLE | 1u << PQDMA_STATE_STOP | 1u << PQDMA_STATE_PAUSE, PQDMA_STATE_RUN },
};

/* rule 8; an error event of this tick has moved state to FAIL already, where nothing but ABORT does anything */
static void take_command(struct pqdma_chan *ch, uint32_t command)
{
	size_t i;

	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		if (!(command & moves[i].command))
			continue;
		if (moves[i].from & 1u << ch->state)
			ch->state = moves[i].to;
		break;
	}
}

/* rule 9 */
static void become_idle(struct pqdma_chan *ch)
{
	ch->state = PQDMA_STATE_IDLE;
	ch->tail = 0;
	ch->done = 0;
	ch->bytes = 0;
	ch->dbytes = 0;
	ch->dbad = 0;
	ch->err_cause = 0;
	ch->err_addr = 0;
	ch->err_desc = 0;
	ch->poison = false;
	ch->broken = false;
	ch->pend = 0;
	ch->timer = 0;
	ch->irq_status |= PQDMA_IRQ_IDLE_MASK;
}

/* rule 5 */
static void count_pending(struct pqdma_chan *ch, uint32_t c, const struct pqdma_events *ev)
{
	if (ev->raise & 1u << c) {
		ch->irq_status |= PQDMA_IRQ_DONE_MASK;
		ch->pend = 0;
		ch->timer = 0;
		return;
	}
	ch->timer = ev->timed & 1u << c ? ch->timer + 1 : 0;
	ch->pend += ev->complete && ev->ack->channel == c && ev->ack->irq;
}

static void clear_strips(struct pqdma_chan *chans)
{
	uint32_t c;

	for (c = 0; c < PQDMA_CHANNELS; c++)
		chans[c].perf_strips = 0;
}

void pqdma_chan_update(struct pqdma_chan *chans, const struct pqdma_events *ev)
{
	uint32_t mask;

	if (ev->reg_write && ev->with.channel >= 0)
		write_register(&chans[ev->with.channel], ev);
	for (mask = ev->pending; mask; mask &= mask - 1)
		count_pending(&chans[__builtin_ctz(mask)], (uint32_t)__builtin_ctz(mask), ev);
	if (ev->strip) {
		chans[ev->with.strip.channel].inflight++;
		chans[ev->with.strip.channel].perf_strips++;
	}
	if (ev->cw_load) {
		chans[ev->with.ack.channel].cw_dirty = false;
		chans[ev->with.ack.channel].cw_busy = true;
	}
	if (ev->ack)
		take_acknowledge(&chans[ev->ack->channel], ev);
	for (mask = ev->poison; mask; mask &= mask - 1)
		chans[__builtin_ctz(mask)].poison = true;
	if (ev->reg_write && ev->with.channel >= 0 && ev->with.offset == PQDMA_CH_CTRL)
		take_command(&chans[ev->with.channel], ev->with.data & ev->with.mask);
	for (mask = ev->idle_now; mask; mask &= mask - 1)
		become_idle(&chans[__builtin_ctz(mask)]);
	if (ev->clear_counts)
		clear_strips(chans);
}

void pqdma_chan_count(struct pqdma_perf *perf, const struct pqdma_events *ev)
{
	const uint64_t mask = (uint64_t)ev->busy << PQDMA_CONDITION(PQDMA_BUSY, 0) |
			      (uint64_t)ev->eligible << PQDMA_CONDITION(PQDMA_ELIGIBLE, 0) |
			      (uint64_t)ev->starved << PQDMA_CONDITION(PQDMA_STARVED, 0);
	uint64_t changed;

	for (changed = perf->mask ^ mask; changed; changed &= changed - 1) {
		const uint32_t i = (uint32_t)__builtin_ctzll(changed);

		perf->sum[i] += mask >> i & 1 ? -perf->now : perf->now;
	}
	perf->mask = mask;
	perf->now++;
	if (!ev->clear_counts)
		return;
	memset(perf->sum, 0, sizeof(perf->sum));
	perf->now = 0;
}
