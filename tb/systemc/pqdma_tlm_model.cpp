// SPDX-License-Identifier: MIT
// The model needs no signals: one call a rising edge.
#include <new>
#include "pqdma_tlm_model.h"

pqdma_tlm_model::pqdma_tlm_model(const sc_core::sc_module_name &module) : pqdma_tlm_pins(module), dev(pqdma_model_new())
{
	if (!dev)
		throw std::bad_alloc();
}

pqdma_tlm_model::~pqdma_tlm_model()
{
	pqdma_model_free(dev);
}

void pqdma_tlm_model::edge(const struct pqdma_in &at, struct pqdma_out &before)
{
	before = out;
	pqdma_tick(dev, &at, &out);
	show(irq, out.irq);
	show(dack, out.dack);
}

void pqdma_tlm_model::drive(const struct pqdma_in &)
{
}

bool pqdma_tlm_model::reg_peek(std::uint32_t addr, std::uint32_t &value)
{
	return pqdma_model_peek(dev, addr, &value);
}
