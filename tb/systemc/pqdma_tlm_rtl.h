/* SPDX-License-Identifier: MIT */
/* The body that is the RTL itself, by verilator --sc. */
#ifndef PQDMA_TLM_RTL_H
#define PQDMA_TLM_RTL_H

#include "pqdma_rtl_pins.h"
#include "pqdma_tlm_pins.h"

/** class pqdma_tlm_rtl - see pqdma_tlm.h. Debug transport reads all registers, if peek.vlt was among the files of verilator. */
class pqdma_tlm_rtl : public pqdma_tlm_pins {
public:
	explicit pqdma_tlm_rtl(const sc_core::sc_module_name &name);
	~pqdma_tlm_rtl() override;

	pqdma_signals pins { "pins" };	/* for sc_trace() */

private:
	void edge(const struct pqdma_in &at, struct pqdma_out &before) override;
	void drive(const struct pqdma_in &next) override;
	bool reg_peek(std::uint32_t addr, std::uint32_t &value) override;
	void show_lines();

	pqdma_rtl_pins rtl { "rtl" };
};

#endif
