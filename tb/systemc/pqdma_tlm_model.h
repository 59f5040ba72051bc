/* SPDX-License-Identifier: MIT */
/* The body that is the golden model: every pin of every clock as the RTL has it, without Verilator. */
#ifndef PQDMA_TLM_MODEL_H
#define PQDMA_TLM_MODEL_H

#include "pqdma_tlm_pins.h"

/** class pqdma_tlm_model - see pqdma_tlm.h. Debug transport reads all registers. */
class pqdma_tlm_model : public pqdma_tlm_pins {
public:
	explicit pqdma_tlm_model(const sc_core::sc_module_name &name);
	~pqdma_tlm_model() override;

private:
	void edge(const struct pqdma_in &at, struct pqdma_out &before) override;
	void drive(const struct pqdma_in &next) override;
	bool reg_peek(std::uint32_t addr, std::uint32_t &value) override;

	struct pqdma *dev;
	struct pqdma_out out = {};
};

#endif
