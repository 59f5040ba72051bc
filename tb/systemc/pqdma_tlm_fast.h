/* SPDX-License-Identifier: MIT */
/*
 * The loosely timed body: registers answer at once, and lists are executed by the untimed oracle through the memory socket, by DMI
 * where memory offers it. A descriptor takes as long as its bytes need on the bus; local time runs ahead by the global quantum at most.
 */
#ifndef PQDMA_TLM_FAST_H
#define PQDMA_TLM_FAST_H

#include <memory>
#include <vector>
#include "pqdma_tlm.h"
#include <tlm_utils/tlm_quantumkeeper.h>
extern "C" {
#include "oracle.h"
#include "pqdma_regs.h"
}

class pqdma_fast_channel;

/** class pqdma_tlm_fast - see pqdma_tlm.h; @period is that of the clock which the other bodies would have */
class pqdma_tlm_fast : public pqdma_tlm {
public:
	pqdma_tlm_fast(const sc_core::sc_module_name &name, const sc_core::sc_time &period);
	~pqdma_tlm_fast() override;

	/** bytes_by_dmi() - so many bytes of memory were moved through DMI pointers */
	std::uint64_t bytes_by_dmi() const
	{
		return dmi_bytes;
	}

private:
	friend class pqdma_fast_channel;

	/* one initiator socket, and the pointers that were granted on it: to each channel its own, since memory may tell them apart */
	struct port {
		initiator *socket;
		std::vector<tlm::tlm_dmi> granted[PQDMA_CHANNELS];
	};

	tlm::tlm_response_status reg_access(struct pqdma_access &access, sc_core::sc_time &delay) override;
	bool reg_peek(std::uint32_t addr, std::uint32_t &value) override;
	void invalidate(sc_dt::uint64 first, sc_dt::uint64 last) override;
	bool read_global(std::uint32_t addr, std::uint32_t &value) const;
	pqdma_fast_channel *channel_at(std::uint32_t addr);
	bool write(const struct pqdma_access &access);
	void clear_counters();
	std::uint32_t &counter(std::uint32_t addr);
	bool by_dmi(struct port &port, const tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
	unsigned int transport(struct port &port, tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
	struct port &port_of(enum oracle_access access);
	void pulse(unsigned int line);
	void reset();
	void ask_again();
	void drive_irq();
	void drive_dack();

	const sc_core::sc_time period;
	std::vector<std::unique_ptr<pqdma_fast_channel>> channels;
	std::uint32_t scratch = 0;
	std::uint64_t dmi_bytes = 0;
	std::uint32_t counters[(PQDMA_REG_PERF_FETCH - PQDMA_REG_PERF_AR) / 4 + 1] = {};
	struct port mem_port { &mem, {} };
#if PQDMA_WITH_DESC_PORT
	struct port desc_port { &desc, {} };
#endif
	sc_core::sc_mutex engine;	/* the oracle is not reentrant */
	sc_core::sc_event lines;	/* a request line or rst_n has changed */
	sc_core::sc_event irqs;
	sc_core::sc_event dacks;
	std::uint32_t dack_bits = 0;
	std::uint32_t dack_shown = 0;
};

#endif
