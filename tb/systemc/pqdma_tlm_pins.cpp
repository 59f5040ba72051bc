// SPDX-License-Identifier: MIT
// Transactors around the pins: AXI4-Lite master for the registers, AXI4 slaves for memory, lines as they are.
#include <cstring>
#include "pqdma_tlm_pins.h"

/* The members of one AR or AW channel */
#define AX(pins, c) { (pins).c##addr, (pins).c##len, (pins).c##size, (pins).c##burst, (pins).c##id, (pins).c##user }

pqdma_tlm_pins::pqdma_tlm_pins(const sc_core::sc_module_name &module) : pqdma_tlm(module)
{
	SC_HAS_PROCESS(pqdma_tlm_pins);
	SC_METHOD(step);
	sensitive << clk.pos() << rst_n;
	for (int i = 0; i < PQDMA_LINES; i++)
		sensitive << drq_single[i] << drq_burst[i] << drq_last[i];
}

/* One process drives all input pins: at a rising edge, and when a line changes. */
void pqdma_tlm_pins::step()
{
	if (clk.posedge())
		clocked();
	in.rst_n = rst_n.read();
	in.drq_single = levels(drq_single);
	in.drq_burst = levels(drq_burst);
	in.drq_last = levels(drq_last);
	drive(in);
}

void pqdma_tlm_pins::clocked()
{
	sampled = in;
	edge(sampled, out);
	nr_edges++;
	if (!in.rst_n) {
		in_reset();
		return;
	}
	clock_regs();
	clock_memory();
	clock_desc();
}

void pqdma_tlm_pins::in_reset()
{
	in = {};
	aw_done = w_done = ar_done = false;
	in.m_axi_arready = in.m_axi_awready = in.m_axi_wready = 1;
	reader.reset();
	writer.reset();
#if PQDMA_WITH_DESC_PORT
	in.d_axi_arready = 1;
	fetcher.reset();
#endif
	if (access)
		end_access(tlm::TLM_GENERIC_ERROR_RESPONSE);
}

/* Registers */

tlm::tlm_response_status pqdma_tlm_pins::reg_access(struct pqdma_access &wanted, sc_core::sc_time &delay)
{
	reg_port.lock();
	wait(delay);	/* pins know no time but their own */
	delay = sc_core::SC_ZERO_TIME;
	access_status = tlm::TLM_INCOMPLETE_RESPONSE;
	access = &wanted;
	while (access_status == tlm::TLM_INCOMPLETE_RESPONSE)
		wait(access_ended);
	reg_port.unlock();
	return access_status;
}

void pqdma_tlm_pins::end_access(tlm::tlm_response_status status)
{
	access = nullptr;
	access_status = status;
	access_ended.notify();
}

/* SLVERR means that there is no such register. */
static tlm::tlm_response_status status_of(std::uint64_t resp)
{
	return resp == AXI_OKAY ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE;
}

void pqdma_tlm_pins::clock_regs()
{
	if (!access)
		return;
	if (access->write)
		clock_reg_write();
	else
		clock_reg_read();
}

void pqdma_tlm_pins::clock_reg_write()
{
	const bool ended = in.s_axil_bready && out.s_axil_bvalid;

	aw_done = !ended && (aw_done || (in.s_axil_awvalid && out.s_axil_awready));
	w_done = !ended && (w_done || (in.s_axil_wvalid && out.s_axil_wready));
	in.s_axil_awaddr = access->addr;
	in.s_axil_wdata = access->data;
	in.s_axil_wstrb = access->strb;
	in.s_axil_awvalid = !ended && !aw_done;
	in.s_axil_wvalid = !ended && !w_done;
	in.s_axil_bready = !ended;
	if (ended)
		end_access(status_of(out.s_axil_bresp));
}

void pqdma_tlm_pins::clock_reg_read()
{
	const bool ended = in.s_axil_rready && out.s_axil_rvalid;

	ar_done = !ended && (ar_done || (in.s_axil_arvalid && out.s_axil_arready));
	in.s_axil_araddr = access->addr;
	in.s_axil_arvalid = !ended && !ar_done;
	in.s_axil_rready = !ended;
	if (!ended)
		return;
	access->data = static_cast<std::uint32_t>(out.s_axil_rdata);
	end_access(status_of(out.s_axil_rresp));
}

/* Memory */

void pqdma_tlm_pins::clock_memory()
{
	const struct axi_ax ar = AX(out, m_axi_ar), aw = AX(out, m_axi_aw);
	const bool takes_ar = out.m_axi_arvalid && in.m_axi_arready;

	if (out.m_axi_awvalid && in.m_axi_awready)
		writer.address(aw);
	if (out.m_axi_wvalid && in.m_axi_wready)
		writer.beat(reinterpret_cast<const unsigned char *>(out.m_axi_wdata), out.m_axi_wstrb, out.m_axi_wlast);
	const struct axi_r &r = reader.clock(takes_ar ? &ar : nullptr, in.m_axi_rvalid && out.m_axi_rready);
	const struct axi_b &b = writer.clock(in.m_axi_bvalid && out.m_axi_bready);

	in.m_axi_arready = in.m_axi_awready = in.m_axi_wready = 1;
	in.m_axi_rvalid = r.valid;
	in.m_axi_rlast = r.last;
	in.m_axi_rid = r.id;
	in.m_axi_rresp = r.resp;
	std::memcpy(in.m_axi_rdata, r.data, sizeof(r.data));
	in.m_axi_bvalid = b.valid;
	in.m_axi_bid = b.id;
	in.m_axi_bresp = b.resp;
}

#if PQDMA_WITH_DESC_PORT
void pqdma_tlm_pins::clock_desc()
{
	const struct axi_ax ar = AX(out, d_axi_ar);
	const bool takes_ar = out.d_axi_arvalid && in.d_axi_arready;
	const struct axi_r &r = fetcher.clock(takes_ar ? &ar : nullptr, in.d_axi_rvalid && out.d_axi_rready);

	in.d_axi_arready = 1;
	in.d_axi_rvalid = r.valid;
	in.d_axi_rlast = r.last;
	in.d_axi_rid = r.id;
	in.d_axi_rresp = r.resp;
	std::memcpy(in.d_axi_rdata, r.data, sizeof(r.data));
}
#else
void pqdma_tlm_pins::clock_desc()
{
}
#endif
