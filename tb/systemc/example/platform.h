/* SPDX-License-Identifier: MIT */
/* What stands around CPU and controller in the example: a bus, another initiator, a serial port. */
#ifndef EXAMPLE_PLATFORM_H
#define EXAMPLE_PLATFORM_H

#include <cstdint>
#include <string>
#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <vector>

/** class example_bus - one transaction at a time: who comes while another one has the bus waits, by annotated time */
class example_bus : public sc_core::sc_module {
public:
	tlm_utils::multi_passthrough_target_socket<example_bus> in { "in" };
	tlm_utils::simple_initiator_socket<example_bus> ram { "ram" };
	tlm_utils::simple_initiator_socket<example_bus> serial { "serial" };

	/** example_bus() - @per_beat is the time of @beat bytes; @serial_at the address of the serial port, all else is memory */
	example_bus(const sc_core::sc_module_name &name, std::uint64_t serial_at, unsigned int beat, const sc_core::sc_time &per_beat);

	/** struct use - what an initiator had of the bus, by the order in which they were bound */
	struct use {
		unsigned int transactions;
		sc_core::sc_time waited;
	};

	/** used() - by initiator number @id */
	struct use used(int id) const
	{
		return uses[static_cast<std::size_t>(id)];
	}

private:
	void b_transport(int id, tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
	bool get_direct_mem_ptr(int id, tlm::tlm_generic_payload &trans, tlm::tlm_dmi &dmi);
	unsigned int transport_dbg(int id, tlm::tlm_generic_payload &trans);
	void invalidate(sc_dt::uint64 first, sc_dt::uint64 last);
	tlm_utils::simple_initiator_socket<example_bus> &target_of(const tlm::tlm_generic_payload &trans);

	const std::uint64_t serial_at;
	const unsigned int beat;
	const sc_core::sc_time per_beat;
	sc_core::sc_time free_at;
	std::vector<struct use> uses;
};

/** class example_traffic - writes and reads back @bytes of memory at @at, again and again, @pause after each */
class example_traffic : public sc_core::sc_module {
public:
	tlm_utils::simple_initiator_socket<example_traffic> socket { "socket" };

	example_traffic(const sc_core::sc_module_name &name, std::uint64_t at, unsigned int bytes, const sc_core::sc_time &pause);

	unsigned int rounds = 0;
	unsigned int failures = 0;

private:
	void run();
	bool transport(tlm::tlm_command command, std::vector<unsigned char> &data);

	const std::uint64_t at;
	const unsigned int bytes;
	const sc_core::sc_time pause;
};

/** class example_serial - takes a word of 4 bytes when its request is up, and needs @per_word until it asks for the next one */
class example_serial : public sc_core::sc_module {
public:
	tlm_utils::simple_target_socket<example_serial> socket { "socket" };
	sc_core::sc_out<bool> drq { "drq" };
	sc_core::sc_in<bool> dack { "dack" };

	example_serial(const sc_core::sc_module_name &name, const sc_core::sc_time &per_word);

	std::string sent;
	unsigned int unasked = 0;	/* words that came while there was no request */

private:
	void b_transport(tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
	void request();

	const sc_core::sc_time per_word;
	bool full = false;
	sc_core::sc_event empty;
};

#endif
