/* SPDX-License-Identifier: MIT */
/* One channel as software sees it. docs/timing.md, section 4. */
#include "pqdma_priv.h"

#define COMMANDS (PQDMA_CTRL_RUN_MASK | PQDMA_CTRL_STOP_MASK | PQDMA_CTRL_ABORT_MASK)
#define IRQS (PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK | PQDMA_IRQ_BAD_TAIL_MASK | PQDMA_IRQ_IDLE_MASK)

static bool is_busy(const struct pqdma_chan *ch, const struct pqdma_list *list)
{
	const bool moving = ch->state == PQDMA_STATE_RUN || ch->state == PQDMA_STATE_STOP;

	return ch->inflight || ch->sts || list->infl || (list->cur_valid && moving);
}

static uint32_t status_value(const struct pqdma_chan *ch, const struct pqdma_list *list)
{
	return (uint32_t)ch->state << PQDMA_STATUS_STATE_SHIFT | (is_busy(ch, list) ? PQDMA_STATUS_BUSY_MASK : 0);
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
		{ PQDMA_CH_CFG, (uint32_t)ch->burst << PQDMA_CFG_BURST_SHIFT },
		{ PQDMA_CH_HEAD_LO, (uint32_t)ch->head_addr },
		{ PQDMA_CH_HEAD_HI, (uint32_t)(ch->head_addr >> 32) },
		{ PQDMA_CH_HEAD_COUNT, (uint32_t)ch->head_count << PQDMA_HEAD_COUNT_COUNT_SHIFT },
		{ PQDMA_CH_TAIL, ch->tail },
		{ PQDMA_CH_DONE, ch->done },
		{ PQDMA_CH_BYTES, ch->bytes },
		{ PQDMA_CH_IRQ_STATUS, ch->irq_status },
		{ PQDMA_CH_IRQ_ENABLE, ch->irq_enable },
		{ PQDMA_CH_ERR_CAUSE, (uint32_t)ch->err_cause << PQDMA_ERR_CAUSE_CODE_SHIFT },
		{ PQDMA_CH_ERR_ADDR_LO, (uint32_t)ch->err_addr },
		{ PQDMA_CH_ERR_ADDR_HI, (uint32_t)(ch->err_addr >> 32) },
		{ PQDMA_CH_ERR_DESC_LO, (uint32_t)ch->err_desc },
		{ PQDMA_CH_ERR_DESC_HI, (uint32_t)(ch->err_desc >> 32) },
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

void pqdma_chan_events(const struct pqdma *dev, struct pqdma_events *ev)
{
	uint32_t c;

	if (ev->reg_write && ev->with.channel >= 0)
		find_start(dev, ev);

	for (c = 0; c < PQDMA_CHANNELS; c++) {
		const struct pqdma_chan *ch = &dev->chan[c];

		if (ch->state == PQDMA_STATE_ABORT && !ch->inflight && !ch->sts && !dev->list[c].infl)
			ev->idle_now |= 1u << c;
	}
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

/* rules 1 and 2 */
static void write_register(struct pqdma_chan *ch, const struct pqdma_events *ev)
{
	switch (ev->with.offset) {
	case PQDMA_CH_CFG:
		ch->burst = merge(ch->burst, ev) & PQDMA_CFG_BURST_MASK;
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
	}
}

/* rules 3, 4, 5 and 7 for the word that is acknowledged, and its status entry */
static void take_acknowledge(struct pqdma_chan *ch, const struct pqdma_events *ev)
{
	if (ev->ack->status)
		ch->sts--;
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
	if (ev->complete) {
		ch->done++;
		ch->irq_status |= ev->ack->irq ? PQDMA_IRQ_DONE_MASK : 0;
	}
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

/* rule 8; an error event of this tick has moved state to FAIL already, where neither STOP nor RUN do anything */
static void take_command(struct pqdma_chan *ch, uint32_t command)
{
	if (command & PQDMA_CTRL_ABORT_MASK)
		ch->state = PQDMA_STATE_ABORT;
	else if (command & PQDMA_CTRL_STOP_MASK)
		ch->state = ch->state == PQDMA_STATE_RUN ? PQDMA_STATE_STOP : ch->state;
	else if (command & PQDMA_CTRL_RUN_MASK)
		ch->state = ch->state == PQDMA_STATE_IDLE || ch->state == PQDMA_STATE_STOP ? PQDMA_STATE_RUN : ch->state;
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
	ch->irq_status |= PQDMA_IRQ_IDLE_MASK;
}

void pqdma_chan_update(struct pqdma_chan *chans, const struct pqdma_events *ev)
{
	uint32_t mask;

	if (ev->reg_write && ev->with.channel >= 0)
		write_register(&chans[ev->with.channel], ev);
	if (ev->strip)
		chans[ev->with.strip.channel].inflight++;
	if (ev->ack)
		take_acknowledge(&chans[ev->ack->channel], ev);
	for (mask = ev->poison; mask; mask &= mask - 1)
		chans[__builtin_ctz(mask)].poison = true;
	if (ev->reg_write && ev->with.channel >= 0 && ev->with.offset == PQDMA_CH_CTRL)
		take_command(&chans[ev->with.channel], ev->with.data & ev->with.mask);
	for (mask = ev->idle_now; mask; mask &= mask - 1)
		become_idle(&chans[__builtin_ctz(mask)]);
}
