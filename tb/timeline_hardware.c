// SPDX-License-Identifier: MIT
// The hardware's part of a timeline: register accesses, interrupt lines, channels, descriptors, bursts. See timeline.h.
#include <inttypes.h>
#include <string.h>
#include "../sw/mapping/mapping.h"
#include "pqdma_regs.h"
#include "timeline_priv.h"

#define ROW_WRITE 1
#define ROW_READ 2
#define ROW_IRQ 10
#define NAMED_LANES 8u
#define FETCH_ID 1u
#define CHANNEL_ROWS 100	/* row 100c is the state of channel c, the next ones are its descriptors */

void timeline_name_hardware(struct timeline *t)
{
	char name[TIMELINE_NAME];

	timeline_row(t, GROUP_REGISTERS, ROW_WRITE, "register writes");
	timeline_row(t, GROUP_REGISTERS, ROW_READ, "register reads");
	for (unsigned int c = 0; c < PQDMA_CHANNELS; c++) {
		snprintf(name, sizeof(name), "irq %u", c);
		timeline_row(t, GROUP_REGISTERS, ROW_IRQ + (int)c, name);
		snprintf(name, sizeof(name), "channel %u", c);
		timeline_row(t, GROUP_CHANNELS, (int)(c * CHANNEL_ROWS), name);
		snprintf(name, sizeof(name), "descriptors of channel %u", c);
		for (unsigned int lane = 0; lane < NAMED_LANES; lane++)
			timeline_row(t, GROUP_CHANNELS, (int)(c * CHANNEL_ROWS + 1 + lane), name);
	}
}

/* Registers and interrupts */

static void end_access(struct timeline *t, struct timeline_access *a, int row, const char *sign, uint64_t data)
{
	char name[TIMELINE_NAME];

	if (a->begin <= 0)
		return;
	snprintf(name, sizeof(name), "0x%" PRIx64 " %s 0x%" PRIx64, a->addr, sign, data);
	timeline_slice(t, GROUP_REGISTERS, row, a->begin, name, "");
	a->begin = 0;
}

static void see_lines(struct timeline *t, uint64_t irq)
{
	for (unsigned int c = 0; c < PQDMA_CHANNELS; c++) {
		const uint64_t bit = 1ull << c;

		if (irq & ~t->irq & bit)
			t->irq_begin[c] = t->clock;
		if (~irq & t->irq & bit)
			timeline_slice(t, GROUP_REGISTERS, ROW_IRQ + (int)c, t->irq_begin[c], "irq", "");
	}
	t->irq = irq;
}

void timeline_registers(struct timeline *t, const struct pqdma_out *out, const struct pqdma_in *in)
{
	if (in->s_axil_awvalid && t->write.begin <= 0)
		t->write = (struct timeline_access){ .begin = t->clock, .addr = in->s_axil_awaddr };
	if (in->s_axil_wvalid)
		t->write.data = in->s_axil_wdata;
	if (out->s_axil_bvalid && in->s_axil_bready)
		end_access(t, &t->write, ROW_WRITE, ":=", t->write.data);
	if (in->s_axil_arvalid && t->read.begin <= 0)
		t->read = (struct timeline_access){ .begin = t->clock, .addr = in->s_axil_araddr };
	if (out->s_axil_rvalid && in->s_axil_rready)
		end_access(t, &t->read, ROW_READ, "=", out->s_axil_rdata);
	see_lines(t, out->irq);
}

/* Channels and descriptors */

static uint64_t word_at(const struct timeline *t, uint64_t addr)
{
	uint64_t word = 0;

	if (addr >= t->mem->bus && addr - t->mem->bus <= t->mem->size - sizeof(word))
		memcpy(&word, t->mem->ram + (addr - t->mem->bus), sizeof(word));
	return word;
}

static int row_of(unsigned int c, const struct timeline_desc *d)
{
	return (int)(c * CHANNEL_ROWS + 1 + d->lane);
}

static void begin_desc(struct timeline *t, unsigned int c, uint64_t addr)
{
	struct timeline_chan *ch = &t->chan[c];
	struct timeline_desc *d = &ch->descs[(ch->head + ch->count) % TIMELINE_DESCS];

	if (ch->count == TIMELINE_DESCS)
		return;
	ch->count++;
	*d = (struct timeline_desc){ .begin = t->clock, .addr = addr, .lane = timeline_lane(&ch->lanes) };
	d->head = word_at(t, addr + PQDMA_DESC_HEAD_OFFSET);
	d->src = word_at(t, addr + PQDMA_DESC_SRC_OFFSET);
	d->dst = word_at(t, addr + PQDMA_DESC_DST_OFFSET);
	d->prep = mapping_prep_number(d->src, d->dst);
	ch->prep_of_tag[(d->head >> PQDMA_DESC_TAG_SHIFT & 0xffff) % TIMELINE_TAGS] = d->prep;
}

/* Arrows stand behind the slice that they lead to, which is only known when it has ended. */
static void end_desc(struct timeline *t, unsigned int c)
{
	struct timeline_chan *ch = &t->chan[c];
	struct timeline_desc *d = &ch->descs[ch->head];
	char name[TIMELINE_NAME], detail[TIMELINE_NAME];

	if (!ch->count)
		return;
	snprintf(name, sizeof(name), "%s %u", pqdma_op_name(d->head & 0xff), (unsigned int)(d->head >> PQDMA_DESC_LENGTH_SHIFT));
	snprintf(detail, sizeof(detail), "descriptor 0x%" PRIx64 ", tag 0x%04x, source or pattern 0x%" PRIx64 ", destination 0x%" PRIx64,
		 d->addr, (unsigned int)(d->head >> PQDMA_DESC_TAG_SHIFT & 0xffff), d->src, d->dst);
	timeline_slice(t, GROUP_CHANNELS, row_of(c, d), d->begin, name, detail);
	timeline_flow(t, 't', GROUP_CHANNELS, row_of(c, d), d->begin, d->prep);
	ch->lanes &= ~(1ull << d->lane);
	ch->head = (ch->head + 1) % TIMELINE_DESCS;
	ch->count--;
}

static void forget_descs(struct timeline_chan *ch)
{
	ch->count = 0;
	ch->lanes = 0;
	ch->done = 0;
}

static void see_state(struct timeline *t, unsigned int c, uint32_t state)
{
	struct timeline_chan *ch = &t->chan[c];

	if (state == ch->state)
		return;
	if (ch->state != PQDMA_STATE_IDLE)
		timeline_slice(t, GROUP_CHANNELS, (int)(c * CHANNEL_ROWS), ch->state_begin, pqdma_state_name(ch->state), "");
	if (state == PQDMA_STATE_IDLE)
		forget_descs(ch);
	ch->state = state;
	ch->state_begin = t->clock;
}

static void see_numbers(struct timeline *t, const struct pqdma_glance *glance)
{
	if (glance->strips != t->last.strips)
		timeline_number(t, "strips in flight", glance->strips);
	if (glance->rows != t->last.rows)
		timeline_number(t, "rows of the buffer", glance->rows);
	if (glance->reads != t->last.reads)
		timeline_number(t, "reads in flight", glance->reads);
	t->last = *glance;
}

static void begin_strip(struct timeline *t, const struct pqdma_glance *glance)
{
	if (t->strip_count == PQDMA_STRIPS)
		return;
	t->strips[(t->strip_head + t->strip_count++) % PQDMA_STRIPS] = (struct timeline_strip){
		.begin = t->clock, .channel = glance->strip_chan, .bytes = glance->strip_bytes, .lane = timeline_lane(&t->strip_lanes),
	};
}

static void end_strip(struct timeline *t)
{
	const struct timeline_strip *strip = &t->strips[t->strip_head];
	char name[TIMELINE_NAME];

	if (!t->strip_count)
		return;
	snprintf(name, sizeof(name), "channel %u, %u bytes", strip->channel, strip->bytes);
	timeline_slice(t, GROUP_STRIPS, (int)strip->lane + 1, strip->begin, name, "");
	t->strip_lanes &= ~(1ull << strip->lane);
	t->strip_head = (t->strip_head + 1) % PQDMA_STRIPS;
	t->strip_count--;
}

/* A clock begins one strip at most, and ends one. */
static void see_strips(struct timeline *t, const struct pqdma_glance *glance, bool reset)
{
	if (reset) {
		t->strip_count = 0;
		t->strip_lanes = 0;
		return;
	}
	if (glance->strip_wr != t->last.strip_wr)
		begin_strip(t, glance);
	if (glance->strip_rd != t->last.strip_rd)
		end_strip(t);
}

void timeline_channels(struct timeline *t, const struct pqdma_in *in)
{
	struct pqdma_glance glance;

	pqdma_model_glance(t->model, &glance);
	see_strips(t, &glance, !in->rst_n);
	for (unsigned int c = 0; c < PQDMA_CHANNELS; c++) {
		struct timeline_chan *ch = &t->chan[c];
		const bool busy = glance.chan[c].busy;

		see_state(t, c, glance.chan[c].state);
		if (busy && (!ch->busy || glance.chan[c].desc != ch->current))
			begin_desc(t, c, glance.chan[c].desc);
		ch->busy = busy;
		ch->current = glance.chan[c].desc;
		for (; ch->done != glance.chan[c].done; ch->done++)
			end_desc(t, c);
	}
	see_numbers(t, &glance);
}

uint64_t timeline_prep_of(const struct timeline *t, uint64_t addr, bool write)
{
	for (unsigned int c = 0; c < PQDMA_CHANNELS; c++)
		for (unsigned int i = 0; i < t->chan[c].count; i++) {
			const struct timeline_desc *d = &t->chan[c].descs[(t->chan[c].head + i) % TIMELINE_DESCS];
			const uint64_t first = (write ? d->dst : d->src) & ~(uint64_t)(PQDMA_BYTES - 1);
			const uint64_t last = (write ? d->dst : d->src) + (d->head >> PQDMA_DESC_LENGTH_SHIFT);

			if (addr >= first && addr < last)
				return d->prep;
		}
	return 0;
}

/* Bursts */

static void begin_burst(struct timeline *t, struct timeline_queue *queue, uint64_t *lanes, uint64_t addr, uint64_t len, uint64_t id,
			bool write)
{
	struct timeline_burst *burst = &queue->bursts[(queue->head + queue->count) % TIMELINE_LANES];

	if (queue->count == TIMELINE_LANES)
		return;
	queue->count++;
	*burst = (struct timeline_burst){
		.begin = t->clock, .addr = addr, .beats = (unsigned int)len + 1, .id = (unsigned int)id, .lane = timeline_lane(lanes),
		.prep = id ? 0 : timeline_prep_of(t, addr, write),
	};
}

static void end_burst(struct timeline *t, struct timeline_queue *queue, uint64_t *lanes, int group)
{
	const struct timeline_burst *burst = &queue->bursts[queue->head];
	char name[TIMELINE_NAME];

	if (!queue->count)
		return;
	snprintf(name, sizeof(name), "%s0x%" PRIx64 " x %u", burst->id ? "fetch " : "", burst->addr, burst->beats);
	timeline_slice(t, group, (int)burst->lane + 1, burst->begin, name, "");
	timeline_flow(t, 't', group, (int)burst->lane + 1, burst->begin, burst->prep);
	*lanes &= ~(1ull << burst->lane);
	queue->head = (queue->head + 1) % TIMELINE_LANES;
	queue->count--;
}

static void forget_bursts(struct timeline *t)
{
	for (unsigned int id = 0; id < AXI_MEM_IDS; id++)
		t->reads[id].count = 0;
	t->writes.count = 0;
	t->read_lanes = t->writes.lanes = 0;
}

/* Descriptors and tables on a port of their own stand among the reads, as they do without it. */
#if PQDMA_WITH_DESC_PORT
static void see_fetches(struct timeline *t, const struct pqdma_out *out, const struct pqdma_in *in)
{
	if (in->d_axi_rvalid && out->d_axi_rready && in->d_axi_rlast)
		end_burst(t, &t->reads[FETCH_ID], &t->read_lanes, GROUP_READS);
	if (out->d_axi_arvalid && in->d_axi_arready)
		begin_burst(t, &t->reads[FETCH_ID], &t->read_lanes, out->d_axi_araddr, out->d_axi_arlen, FETCH_ID, false);
}
#else
static void see_fetches(struct timeline *t, const struct pqdma_out *out, const struct pqdma_in *in)
{
	(void)t;
	(void)out;
	(void)in;
}
#endif

/* From the address to the last beat of data, or to the answer */
void timeline_bursts(struct timeline *t, const struct pqdma_out *out, const struct pqdma_in *in)
{
	if (!in->rst_n) {
		forget_bursts(t);
		return;
	}
	see_fetches(t, out, in);
	if (in->m_axi_rvalid && out->m_axi_rready && in->m_axi_rlast)
		end_burst(t, &t->reads[in->m_axi_rid % AXI_MEM_IDS], &t->read_lanes, GROUP_READS);
	if (in->m_axi_bvalid && out->m_axi_bready)
		end_burst(t, &t->writes, &t->writes.lanes, GROUP_WRITES);
	if (out->m_axi_arvalid && in->m_axi_arready)
		begin_burst(t, &t->reads[out->m_axi_arid % AXI_MEM_IDS], &t->read_lanes, out->m_axi_araddr, out->m_axi_arlen,
			    out->m_axi_arid, false);
	if (out->m_axi_awvalid && in->m_axi_awready)
		begin_burst(t, &t->writes, &t->writes.lanes, out->m_axi_awaddr, out->m_axi_awlen, 0, true);
}
