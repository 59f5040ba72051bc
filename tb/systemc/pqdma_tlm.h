/* SPDX-License-Identifier: MIT */
/*
 * The controller as a TLM-2.0 component. One face, three bodies:
 *
 *	pqdma_tlm_rtl dma("dma");		// pqdma_tlm_rtl.h: the verilated RTL behind transactors
 *	pqdma_tlm_model dma("dma");		// pqdma_tlm_model.h: the golden model behind the same transactors
 *	pqdma_tlm_fast dma("dma", period);	// pqdma_tlm_fast.h: loosely timed, no clock
 *
 *	cpu.socket.bind(dma.regs);
 *	dma.mem.bind(bus.target);
 *	dma.clk(clk);
 *	dma.rst_n(rst_n);
 *	dma.irq[0](line);			// irq, drq and dack may stay unbound
 *
 * docs/systemc.md says what each body is exact about. Parameters are macros, as of the model: -DPQDMA_CHANNELS=4 and so on.
 */
#ifndef PQDMA_TLM_H
#define PQDMA_TLM_H

#include <cstdint>
#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
extern "C" {
#include "pqdma_params.h"
}

#define PQDMA_TLM_REG_BYTES 0x2000u	/* address space of the registers */

/**
 * struct pqdma_access - one access to a register
 * @write: else it is a read
 * @addr:  byte address, a multiple of 4
 * @strb:  bit i: byte i is meant
 * @data:  written, or what was read
 */
struct pqdma_access {
	bool write;
	std::uint32_t addr;
	std::uint32_t strb;
	std::uint32_t data;
};

/** struct pqdma_tlm_channel - extension of every payload at memory: the channel that it is for, as AxUSER. May be ignored */
struct pqdma_tlm_channel : tlm::tlm_extension<pqdma_tlm_channel> {
	unsigned int channel = 0;

	tlm_extension_base *clone() const override
	{
		return new pqdma_tlm_channel(*this);
	}

	void copy_from(const tlm_extension_base &from) override
	{
		channel = static_cast<const pqdma_tlm_channel &>(from).channel;
	}
};

/**
 * class pqdma_tlm - the face that all bodies have
 * @regs:  registers. Blocking and non-blocking transport, debug transport where the body can; no DMI
 * @mem:   memory: whole bursts, by blocking transport, with struct pqdma_tlm_channel
 * @desc:  descriptors and source tables, if WITH_DESC_PORT
 * @clk:   the rising edge counts; the fast body does not look at it, so a signal that never changes will do
 * @rst_n: active low, sampled at the rising edge; in the fast body at any time
 * @drq_single, @drq_burst, @drq_last, @dack: request lines
 * @irq:   one a channel, level
 */
class pqdma_tlm : public sc_core::sc_module {
public:
	using in_port = sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;
	using out_port = sc_core::sc_port<sc_core::sc_signal_inout_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;
	using initiator = tlm_utils::simple_initiator_socket<pqdma_tlm>;

	tlm_utils::simple_target_socket<pqdma_tlm> regs { "regs" };
	initiator mem { "mem" };
#if PQDMA_WITH_DESC_PORT
	initiator desc { "desc" };
#endif
	sc_core::sc_in<bool> clk { "clk" };
	sc_core::sc_in<bool> rst_n { "rst_n" };
	sc_core::sc_vector<in_port> drq_single { "drq_single", PQDMA_LINES };
	sc_core::sc_vector<in_port> drq_burst { "drq_burst", PQDMA_LINES };
	sc_core::sc_vector<in_port> drq_last { "drq_last", PQDMA_LINES };
	sc_core::sc_vector<out_port> dack { "dack", PQDMA_LINES };
	sc_core::sc_vector<out_port> irq { "irq", PQDMA_CHANNELS };

protected:
	explicit pqdma_tlm(const sc_core::sc_module_name &name);

	/** reg_access() - make an access; may wait. @delay: local time of the caller, in and out. Anything but OK ends the transaction */
	virtual tlm::tlm_response_status reg_access(struct pqdma_access &access, sc_core::sc_time &delay) = 0;

	/** reg_peek() - the value of a register without any effect, in no time; false if there is none or the body cannot tell */
	virtual bool reg_peek(std::uint32_t addr, std::uint32_t &value) = 0;

	/** invalidate() - no DMI pointer into this range holds any longer */
	virtual void invalidate(sc_dt::uint64 first, sc_dt::uint64 last);

	/** levels() - a bit for each line that is bound and high */
	static std::uint32_t levels(const sc_core::sc_vector<in_port> &lines);

	/** show() - bit i of @values to line i, where it is bound */
	static void show(sc_core::sc_vector<out_port> &lines, std::uint64_t values);

private:
	void b_transport(tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
	unsigned int transport_dbg(tlm::tlm_generic_payload &trans);
	tlm::tlm_response_status access_words(tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
};

#endif
