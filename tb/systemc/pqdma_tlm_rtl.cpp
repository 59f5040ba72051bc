// SPDX-License-Identifier: MIT
// The verilated module samples its pins at the same rising edge as the transactors, before either of them changes a signal.
#include "pqdma_rtl_peek.h"
#include "pqdma_tlm_rtl.h"

pqdma_tlm_rtl::pqdma_tlm_rtl(const sc_core::sc_module_name &module) : pqdma_tlm_pins(module)
{
	SC_HAS_PROCESS(pqdma_tlm_rtl);
	SC_METHOD(show_lines);
	sensitive << pins.irq << pins.dack;
	rtl.clk(clk);
	pins.bind(rtl);
}

pqdma_tlm_rtl::~pqdma_tlm_rtl()
{
	rtl.final();
}

void pqdma_tlm_rtl::edge(const struct pqdma_in &, struct pqdma_out &before)
{
	pins.get(before);
}

void pqdma_tlm_rtl::drive(const struct pqdma_in &next)
{
	pins.put(next);
}

bool pqdma_tlm_rtl::reg_peek(std::uint32_t addr, std::uint32_t &value)
{
	return pqdma_rtl_peek(rtl.name(), pins.irq.read(), addr, value);
}

void pqdma_tlm_rtl::show_lines()
{
	show(irq, pins.irq.read());
	show(dack, pins.dack.read());
}
