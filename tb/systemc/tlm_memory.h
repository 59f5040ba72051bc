/* SPDX-License-Identifier: MIT */
/*
 * A memory with a TLM-2.0 target socket for any number of initiators: byte enables, streaming, debug transport, DMI if it is
 * granted, time annotated.
 *
 *	tlm_memory ram("ram", 0x80000000, 1 << 20, sc_time(50, SC_NS));
 *	dma.mem.bind(ram.socket);
 */
#ifndef TLM_MEMORY_H
#define TLM_MEMORY_H

#include <cstdint>
#include <functional>
#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <vector>

/** class tlm_memory - @base, bytes and the time of a transaction are given when it is made */
class tlm_memory : public sc_core::sc_module {
public:
	tlm_utils::multi_passthrough_target_socket<tlm_memory> socket { "socket" };

	tlm_memory(const sc_core::sc_module_name &name, std::uint64_t base, std::size_t size, const sc_core::sc_time &latency);

	/** grant_dmi() - hand out pointers from now on, or take them all back */
	void grant_dmi(bool on);

	/** break_at() - accesses to the @n bytes at @addr end with TLM_GENERIC_ERROR_RESPONSE; 0 bytes: none */
	void break_at(std::uint64_t addr, std::size_t n);

	/** wait_inside() - wait for the latency instead of annotating it */
	void wait_inside(bool on);

	/** at() - the byte at bus address @addr */
	unsigned char *at(std::uint64_t addr)
	{
		return &bytes.at(addr - base);
	}

	/** watch - called with each transaction and each request for a pointer, if it is set */
	std::function<void(const tlm::tlm_generic_payload &)> watch;

	const std::uint64_t base;
	std::vector<unsigned char> bytes;
	unsigned int reads = 0;		/* transactions, without DMI and debug */
	unsigned int writes = 0;
	sc_core::sc_time most_ahead;	/* the longest local time that an initiator came with */

private:
	void b_transport(int, tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
	bool get_direct_mem_ptr(int, tlm::tlm_generic_payload &trans, tlm::tlm_dmi &dmi);
	unsigned int transport_dbg(int, tlm::tlm_generic_payload &trans);
	tlm::tlm_response_status check(const tlm::tlm_generic_payload &trans) const;
	bool is_broken(std::uint64_t addr, std::uint64_t n) const;
	void move(tlm::tlm_generic_payload &trans);

	const sc_core::sc_time latency;
	bool dmi_on = false;
	bool waits = false;
	std::uint64_t broken_at = 0;
	std::size_t broken = 0;
};

#endif
