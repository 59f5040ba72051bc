/* SPDX-License-Identifier: MIT */
/* Acknowledges and completions. docs/timing.md, section 10. */
#include "pqdma_priv.h"

static void find_error(struct pqdma_events *ev, uint8_t cause, uint64_t addr)
{
	ev->error = true;
	ev->with.err_cause = cause;
	ev->with.err_addr = addr;
}

static void push_status(struct pqdma_events *ev, uint8_t code, uint32_t bytes, uint8_t bad)
{
	const struct pqdma_ack_word *ack = ev->ack;

	ev->status_push = true;
	ev->with.status = (struct pqdma_status_word) {
		.channel = ack->channel,
		.code = code,
		.bad = bad,
		.wb = ack->wb,
		.irq = ack->irq && !code,
		.compact = ack->compact,
		.tag = ack->tag,
		.bytes = bytes,
		.desc = ack->desc,
	};
}

/* A strip with two destinations is judged when both are acknowledged. */
static void find_strip_ack(const struct pqdma_ack *acks, const struct pqdma_chan *ch, bool live, struct pqdma_events *ev)
{
	const struct pqdma_ack_word *ack = ev->ack;
	const uint8_t resp = acks->held_resp ? acks->held_resp : ev->bad_resp;
	uint8_t code = ack->code;

	if (resp) {
		ev->poison |= 1u << ack->channel;
		code = PQDMA_ERR_WRITE_SLVERR + (resp & PQDMA_RESP_DECODE);
	}
	if (!live)
		return;
	if (code) {
		find_error(ev, code, acks->held_resp ? acks->held_addr : ack->addr);
		if (ack->wb)
			push_status(ev, code, ch->dbytes, 0);
		return;
	}
	if (ack->drop)
		return;
	ev->good = true;
	if (ack->last)
		push_status(ev, PQDMA_ERR_NONE, ch->dbytes + ack->n, ch->dbad | ack->bad);
}

static void find_status_ack(const struct pqdma_chan *ch, bool live, struct pqdma_events *ev)
{
	const struct pqdma_ack_word *ack = ev->ack;

	if (ev->bad_resp) {
		ev->broken = true;
		ev->poison |= 1u << ack->channel;
		if (live)
			find_error(ev, PQDMA_ERR_STATUS_SLVERR + (ev->bad_resp & PQDMA_RESP_DECODE), ack->addr);
		return;
	}
	ev->complete = !ack->code && !ch->broken;
}

static void find_completion_ack(bool live, struct pqdma_events *ev)
{
	if (!ev->bad_resp)
		return;
	ev->poison |= 1u << ev->ack->channel;
	if (live)
		find_error(ev, PQDMA_ERR_CMPL_SLVERR + (ev->bad_resp & PQDMA_RESP_DECODE), ev->ack->addr);
}

static bool is_live(const struct pqdma_chan *ch)
{
	return ch->state == PQDMA_STATE_RUN || ch->state == PQDMA_STATE_STOP || ch->state == PQDMA_STATE_PAUSE;
}

static uint8_t bad_response(const struct pqdma_ack *acks)
{
	const uint8_t resp = acks->bresp[acks->b_fifo.rd];

	return resp & PQDMA_RESP_ERROR ? resp : 0;
}

void pqdma_ack_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	const struct pqdma_ack *acks = &dev->ack;
	const struct pqdma_ack_word *ack = &acks->words[acks->fifo.rd];
	const struct pqdma_chan *ch;

	ev->b_beat = in->m_axi_bvalid;
	if (!acks->fifo.count || (!ack->no_b && !acks->b_fifo.count))
		return;

	ch = &dev->chan[ack->channel];
	ev->ack = ack;
	ev->b_pop = !ack->no_b;
	ev->bad_resp = ack->no_b ? 0 : bad_response(acks);
	if (ack->kind == PQDMA_ACK_STATUS)
		find_status_ack(ch, is_live(ch), ev);
	else if (ack->kind == PQDMA_ACK_COMPLETION)
		find_completion_ack(is_live(ch), ev);
	else if (!ack->more)
		find_strip_ack(acks, ch, is_live(ch), ev);
	ev->dirty = ch->cmpl && (ev->complete || ev->error);
}

/* Until all bursts of the strip are acknowledged */
static void hold_response(struct pqdma_ack *acks, const struct pqdma_events *ev)
{
	if (!ev->ack->more) {
		acks->held_resp = 0;
	} else if (!acks->held_resp) {
		acks->held_resp = ev->bad_resp;
		acks->held_addr = ev->ack->addr;
	}
}

void pqdma_ack_update(struct pqdma_ack *acks, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	if (ev->b_beat) {
		acks->bresp[acks->b_fifo.wr] = (uint8_t)in->m_axi_bresp;
		pqdma_fifo_push(&acks->b_fifo, PQDMA_ACKS);
	}
	if (ev->ack && ev->ack->kind == PQDMA_ACK_STRIP)
		hold_response(acks, ev);
	acks->dack = ev->good && ev->ack && ev->ack->paced ? 1u << ev->ack->line : 0;
	if (ev->b_pop)
		pqdma_fifo_pop(&acks->b_fifo, PQDMA_ACKS);
	if (ev->ack)
		pqdma_fifo_pop(&acks->fifo, PQDMA_ACKS);
	if (ev->ack_push) {
		acks->words[acks->fifo.wr] = ev->with.ack;
		pqdma_fifo_push(&acks->fifo, PQDMA_ACKS);
	}
	if (ev->status_pop)
		pqdma_fifo_pop(&acks->status_fifo, PQDMA_STRIPS);
	if (ev->status_push) {
		acks->status[acks->status_fifo.wr] = ev->with.status;
		pqdma_fifo_push(&acks->status_fifo, PQDMA_STRIPS);
	}
}
