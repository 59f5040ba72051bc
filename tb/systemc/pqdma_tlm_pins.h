/* SPDX-License-Identifier: MIT */
/*
 * What the bodies with pins have in common: the face on one side, struct pqdma_in and struct pqdma_out on the other, transactors
 * between. A body says what its output pins are before a rising edge, and drives its input pins until the next one.
 */
#ifndef PQDMA_TLM_PINS_H
#define PQDMA_TLM_PINS_H

#include "axi_transactor.h"
#include "pqdma_tlm.h"
extern "C" {
#include "pqdma_model.h"
}

class pqdma_tlm_pins : public pqdma_tlm {
public:
	/** last_in() - input pins at the latest rising edge */
	const struct pqdma_in &last_in() const
	{
		return sampled;
	}

	/** last_out() - output pins just before the latest rising edge */
	const struct pqdma_out &last_out() const
	{
		return out;
	}

	/** edges() - rising edges so far */
	std::uint64_t edges() const
	{
		return nr_edges;
	}

protected:
	explicit pqdma_tlm_pins(const sc_core::sc_module_name &name);

	/** edge() - a rising edge with input pins @at; sets @before to the output pins before it */
	virtual void edge(const struct pqdma_in &at, struct pqdma_out &before) = 0;

	/** drive() - the input pins from now on */
	virtual void drive(const struct pqdma_in &next) = 0;

	tlm::tlm_response_status reg_access(struct pqdma_access &access, sc_core::sc_time &delay) override;

private:
	void step();
	void clocked();
	void clock_regs();
	void clock_reg_write();
	void clock_reg_read();
	void clock_memory();
	void clock_desc();
	void in_reset();
	void end_access(tlm::tlm_response_status status);

	struct pqdma_in in = {};
	struct pqdma_in sampled = {};
	struct pqdma_out out = {};
	std::uint64_t nr_edges = 0;
	axi_reader reader { "reader", mem };
	axi_writer writer { "writer", mem };
#if PQDMA_WITH_DESC_PORT
	axi_reader fetcher { "fetcher", desc };
#endif
	sc_core::sc_mutex reg_port;	/* one access at a time */
	sc_core::sc_event access_ended;
	struct pqdma_access *access = nullptr;
	bool aw_done = false;
	bool w_done = false;
	bool ar_done = false;
	tlm::tlm_response_status access_status = tlm::TLM_INCOMPLETE_RESPONSE;
};

#endif
