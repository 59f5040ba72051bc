/* SPDX-License-Identifier: MIT */
/* AXI4-Lite slave: when a register is read or written. docs/timing.md, section 2. */
#include "pqdma_priv.h"

static uint32_t strobed_bits(uint32_t strb)
{
	uint32_t mask = 0;
	uint32_t i;

	for (i = 0; i < 4; i++)
		if (strb & 1u << i)
			mask |= 0xffu << 8 * i;
	return mask;
}

static void find_write(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	const struct pqdma_axil *axil = &dev->axil;
	const uint32_t addr = axil->aw_full ? axil->aw_addr : (uint32_t)in->s_axil_awaddr;
	uint32_t value;

	ev->reg_write = true;
	ev->with.channel = pqdma_regs_channel(addr);
	ev->with.offset = addr & (ev->with.channel < 0 ? ~3u : PQDMA_CH_STRIDE - 4);
	ev->with.data = axil->w_full ? axil->w_data : (uint32_t)in->s_axil_wdata;
	ev->with.mask = strobed_bits(axil->w_full ? axil->w_strb : (uint32_t)in->s_axil_wstrb);
	ev->clear_counts = ev->with.channel < 0 && ev->with.offset == PQDMA_REG_PERF_CTRL &&
			   (ev->with.data & ev->with.mask & PQDMA_PERF_CTRL_CLEAR_MASK);
	ev->with.bresp = pqdma_regs_read(dev, addr, &value) ? 0 : PQDMA_RESP_SLVERR;
}

static void find_read(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	ev->reg_read = true;
	ev->with.rresp = pqdma_regs_read(dev, (uint32_t)in->s_axil_araddr, &ev->with.rdata) ? 0 : PQDMA_RESP_SLVERR;
}

void pqdma_axil_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev)
{
	const struct pqdma_axil *axil = &dev->axil;
	const bool have_aw = axil->aw_full || in->s_axil_awvalid;
	const bool have_w = axil->w_full || in->s_axil_wvalid;

	if (have_aw && have_w && (!axil->bvalid || in->s_axil_bready))
		find_write(dev, in, ev);
	if (in->s_axil_arvalid && !axil->rvalid)
		find_read(dev, in, ev);
}

static void keep_request(struct pqdma_axil *axil, const struct pqdma_in *in)
{
	if (in->s_axil_awvalid && !axil->aw_full) {
		axil->aw_full = true;
		axil->aw_addr = (uint32_t)in->s_axil_awaddr;
	}
	if (in->s_axil_wvalid && !axil->w_full) {
		axil->w_full = true;
		axil->w_data = (uint32_t)in->s_axil_wdata;
		axil->w_strb = (uint8_t)in->s_axil_wstrb;
	}
	if (in->s_axil_bready)
		axil->bvalid = false;
}

void pqdma_axil_update(struct pqdma_axil *axil, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	if (ev->reg_write) {
		axil->aw_full = false;
		axil->w_full = false;
		axil->bvalid = true;
		axil->bresp = ev->with.bresp;
	} else {
		keep_request(axil, in);
	}

	if (ev->reg_read) {
		axil->rvalid = true;
		axil->rdata = ev->with.rdata;
		axil->rresp = ev->with.rresp;
	} else if (in->s_axil_rready) {
		axil->rvalid = false;
	}
}
