// SPDX-License-Identifier: MIT
// What the hardware was doing: bursts in flight as the bus has shown them, channels as the model knows them.
#include <inttypes.h>
#include <stdio.h>
#include "../sw/mapping/mapping.h"
#include "dut_model.h"
#include "pqdma_regs.h"
#include "report.h"
#include "test.h"

#define SHOWN_BURSTS 8
#define DESCRIPTION_SIZE 16384

/* What is behind an access is known where software has mapped it and descriptors were watched. */
static void print_asker(const struct bench *b, uint64_t channel, uint64_t addr, bool write)
{
	char text[360];

	if (!b->test->software || channel >= PQDMA_CHANNELS)
		return;
	map_descs_tell(&b->map_check.descs[channel], addr, write, text, sizeof(text));
	printf("\t\t%s\n", text);
}

static void print_bursts(const struct bench *b, const struct axi_check_fifo *fifo, unsigned int done, const char *what, unsigned int id,
			 bool write)
{
	for (unsigned int i = 0; i < fifo->count && i < SHOWN_BURSTS; i++) {
		const struct axi_check_burst *burst = &fifo->bursts[(fifo->head + i) % AXI_CHECK_BURSTS];

		printf("\t%s id %u: 0x%" PRIx64 ", %u beats of %u bytes%s, %u done, channel %u\n", what, id, burst->addr, burst->beats,
		       burst->size, burst->fixed ? ", fixed" : "", i ? 0 : done, burst->channel);
		if (!id)
			print_asker(b, burst->channel, burst->addr, write);
	}
	if (fifo->count > SHOWN_BURSTS)
		printf("\tand %u more\n", fifo->count - SHOWN_BURSTS);
}

static void print_port(const struct bench *b, const struct axi_check *check, const char *read, const char *write)
{
	for (unsigned int id = 0; id < AXI_CHECK_IDS; id++)
		print_bursts(b, &check->reads[id], check->rbeat[id], read, id, false);
	print_bursts(b, &check->writes, check->wbeat, write, 0, true);
	if (check->addresses)	/* those without all their data stand above as well */
		printf("\t%s: %u addresses taken, %u of them with all their data, and not answered\n", write, check->addresses,
		       check->datas);
}

/* Addresses that are offered and have not been taken are in no list yet. */
static void print_offered(const struct bench *b)
{
	const struct pqdma_out *out = &b->out;

	if (out->m_axi_arvalid) {
		printf("\tread id %u, offered now: 0x%" PRIx64 ", %u beats, channel %u\n", (unsigned int)out->m_axi_arid,
		       (uint64_t)out->m_axi_araddr, (unsigned int)out->m_axi_arlen + 1, (unsigned int)out->m_axi_aruser);
		if (!out->m_axi_arid)
			print_asker(b, out->m_axi_aruser, out->m_axi_araddr, false);
	}
	if (out->m_axi_awvalid) {
		printf("\twrite, offered now: 0x%" PRIx64 ", %u beats, channel %u\n", (uint64_t)out->m_axi_awaddr,
		       (unsigned int)out->m_axi_awlen + 1, (unsigned int)out->m_axi_awuser);
		print_asker(b, out->m_axi_awuser, out->m_axi_awaddr, true);
	}
}

static uint64_t word_at(const struct bench *b, uint64_t addr)
{
	uint64_t word = 0;

	if (addr >= b->hw.ram_bus && addr - b->hw.ram_bus <= b->hw.ram_size - sizeof(word))
		memcpy(&word, b->hw.ram + (addr - b->hw.ram_bus), sizeof(word));
	return word;
}

/* Both forms begin alike. */
static void print_descriptor(const struct bench *b, unsigned int ch, uint64_t addr)
{
	const uint64_t head = word_at(b, addr + PQDMA_DESC_HEAD_OFFSET), dst = word_at(b, addr + PQDMA_DESC_DST_OFFSET);
	char prep[160] = "";

	if (b->test->software)
		mapping_explain_prep(dst, dst, prep, sizeof(prep));
	printf("\tchannel %u, 0x%" PRIx64 ": %s, flags 0x%02x, tag 0x%04x, %u bytes, ", ch, addr, pqdma_op_name(head & 0xff),
	       (unsigned int)(head >> PQDMA_DESC_FLAGS_SHIFT & 0xff), (unsigned int)(head >> PQDMA_DESC_TAG_SHIFT & 0xffff),
	       (unsigned int)(head >> PQDMA_DESC_LENGTH_SHIFT));
	printf("source or pattern 0x%" PRIx64 ", destination 0x%" PRIx64 ", link 0x%" PRIx64 "%s\n",
	       word_at(b, addr + PQDMA_DESC_SRC_OFFSET), dst, word_at(b, addr + PQDMA_DESC_LINK_OFFSET), prep);
}

static void print_descriptors(const struct bench *b, const struct pqdma *model)
{
	unsigned int nr = 0;

	printf("descriptors that channels work on, as they stand in memory:\n");
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const uint64_t addr = pqdma_model_desc(model, ch);

		if (addr)
			print_descriptor(b, ch, addr);
		nr += addr != 0;
	}
	if (!nr)
		printf("\tnone: what is in flight belongs to descriptors that have been read to their end\n");
}

void report_hardware(const struct bench *b)
{
	printf("AXI in flight; id 1 is a fetch:\n");
	print_offered(b);
	print_port(b, &b->axi_check, "read", "write");
	if (PQDMA_WITH_DESC_PORT)
		print_port(b, &b->desc_port.check, "descriptor port read", "descriptor port write");
	print_descriptors(b, dut_model_state(b->model));
}

void report_model(const struct bench *b)
{
	static char text[DESCRIPTION_SIZE];

	pqdma_model_describe(dut_model_state(b->model), text, sizeof(text));
	printf("what the model is doing:\n%s", text);
}
