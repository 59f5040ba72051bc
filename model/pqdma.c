/* SPDX-License-Identifier: MIT */
/* The whole controller: one tick, reset, pins. docs/timing.md, section 1. */
#include <stdlib.h>
#include <string.h>
#include "pqdma_priv.h"

#define AXI_CACHE 3

/* Memories may be cleared as well: nothing reads a word that was not written. */
static void reset(struct pqdma *dev)
{
	uint32_t c;

	memset(dev, 0, sizeof(*dev));
	dev->fetch.arb = (struct pqdma_arb) { .last = PQDMA_CHANNELS - 1, .turn = PQDMA_TURN_MAX };
	for (c = 0; c < PQDMA_CLASSES; c++)
		dev->strip.arb[c] = dev->fetch.arb;
	dev->read.arsize = PQDMA_BUS_SIZE;
	dev->read.arburst = PQDMA_AXI_INCR;
	dev->write.awsize = PQDMA_BUS_SIZE;
	dev->write.awburst = PQDMA_AXI_INCR;
	for (c = 0; c < PQDMA_CHANNELS; c++)
		dev->chan[c].burst = PQDMA_CFG_BURST_RESET;
}

/* Old registers and pins to events; the order is that in which events depend on each other. */
static void find_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	memset(ev, 0, offsetof(struct pqdma_events, with));
	ev->ar_free = !dev->read.arvalid || in->m_axi_arready;
	ev->fetch_free = PQDMA_WITH_DESC_PORT ? !dev->fetch.arvalid || PQDMA_FETCH_PIN(in, arready) : ev->ar_free;
	pqdma_axil_events(dev, in, ev);
	pqdma_fetch_beat(dev, in, ev);
	pqdma_read_beat(dev, in, ev);
	pqdma_ack_events(dev, in, ev);
	pqdma_chan_events(dev, in, ev);
	pqdma_write_events(dev, in, ev);
	pqdma_list_events(dev, ev);
	pqdma_fetch_grant(dev, ev);
	pqdma_read_offer(dev, ev);
	pqdma_strip_events(dev, in, ev);
}

/* Events to new registers. Those whose words or rows events point at come last. */
static void apply_events(struct pqdma *dev, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	pqdma_regs_update(dev, in, ev);
	pqdma_axil_update(&dev->axil, in, ev);
	pqdma_chan_update(dev->chan, ev);
	pqdma_chan_count(&dev->perf, ev);
	pqdma_list_update(dev->list, ev);
	pqdma_fetch_update(&dev->fetch, in, ev);
	pqdma_write_update(&dev->write, ev);
	pqdma_read_update(&dev->read, in, ev);
	pqdma_strip_update(&dev->strip, in, ev);
	pqdma_ack_update(&dev->ack, in, ev);
	if (ev->data_beat)
		pqdma_buf_update(&dev->buf, in, ev);
}

static void drive_memory(const struct pqdma *dev, struct pqdma_out *out)
{
	memcpy(out->m_axi_wdata, dev->write.wdata, PQDMA_BYTES);
	out->m_axi_wstrb = dev->write.wstrb;
	out->m_axi_wlast = dev->write.wlast;
	out->m_axi_wvalid = dev->write.wvalid;
	out->m_axi_awaddr = dev->write.awaddr;
	out->m_axi_awlen = dev->write.awlen;
	out->m_axi_awsize = dev->write.awsize;
	out->m_axi_awburst = dev->write.awburst;
	out->m_axi_awuser = dev->write.awuser;
	out->m_axi_awvalid = dev->write.awvalid;
	out->m_axi_araddr = dev->read.araddr;
	out->m_axi_arlen = dev->read.arlen;
	out->m_axi_arid = dev->read.arid;
	out->m_axi_arsize = dev->read.arsize;
	out->m_axi_arburst = dev->read.arburst;
	out->m_axi_aruser = dev->read.aruser;
	out->m_axi_arvalid = dev->read.arvalid;
}

#if PQDMA_WITH_DESC_PORT
static void drive_descriptors(const struct pqdma *dev, struct pqdma_out *out)
{
	out->d_axi_araddr = dev->fetch.araddr;
	out->d_axi_arlen = dev->fetch.arlen;
	out->d_axi_aruser = dev->fetch.aruser;
	out->d_axi_arvalid = dev->fetch.arvalid;
	out->d_axi_arid = 1;
	out->d_axi_arsize = PQDMA_BUS_SIZE;
	out->d_axi_arburst = PQDMA_AXI_INCR;
	out->d_axi_arcache = AXI_CACHE;
	out->d_axi_arprot = 0;
	out->d_axi_rready = 1;
}
#else
static void drive_descriptors(const struct pqdma *dev, struct pqdma_out *out)
{
	(void)dev;
	(void)out;
}
#endif

static void drive_registers(const struct pqdma *dev, struct pqdma_out *out)
{
	out->s_axil_awready = !dev->axil.aw_full;
	out->s_axil_wready = !dev->axil.w_full;
	out->s_axil_bresp = dev->axil.bresp;
	out->s_axil_bvalid = dev->axil.bvalid;
	out->s_axil_arready = !dev->axil.rvalid;
	out->s_axil_rdata = dev->axil.rdata;
	out->s_axil_rresp = dev->axil.rresp;
	out->s_axil_rvalid = dev->axil.rvalid;
	out->irq = pqdma_chan_irqs(dev);
	out->dack = dev->ack.dack;
}

static void drive_constants(struct pqdma_out *out)
{
	out->m_axi_awid = 0;
	out->m_axi_awcache = AXI_CACHE;
	out->m_axi_arcache = AXI_CACHE;
	out->m_axi_awprot = 0;
	out->m_axi_arprot = 0;
	out->m_axi_bready = 1;
	out->m_axi_rready = 1;
}

size_t pqdma_model_size(void)
{
	return sizeof(struct pqdma);
}

struct pqdma *pqdma_model_new(void)
{
	struct pqdma *dev = malloc(sizeof(*dev));

	if (dev)
		reset(dev);
	return dev;
}

void pqdma_model_free(struct pqdma *dev)
{
	free(dev);
}

bool pqdma_model_peek(const struct pqdma *dev, uint32_t addr, uint32_t *value)
{
	return pqdma_regs_read(dev, addr, value);
}

void pqdma_tick(struct pqdma *dev, const struct pqdma_in *in, struct pqdma_out *out)
{
	struct pqdma_events ev;

	if (in->rst_n) {
		find_events(dev, in, &ev);
		apply_events(dev, in, &ev);
	} else {
		reset(dev);
	}
	drive_memory(dev, out);
	drive_descriptors(dev, out);
	drive_registers(dev, out);
	drive_constants(out);
}
