// SPDX-License-Identifier: MIT
// Bus, other initiator and serial port of the example.
#include <algorithm>
#include "platform.h"

using sc_core::sc_time;
using tlm::tlm_generic_payload;

#define MAX_INITIATORS 8

example_bus::example_bus(const sc_core::sc_module_name &module, std::uint64_t port, unsigned int bytes, const sc_time &time)
	: sc_core::sc_module(module), serial_at(port), beat(bytes), per_beat(time), uses(MAX_INITIATORS)
{
	in.register_b_transport(this, &example_bus::b_transport);
	in.register_get_direct_mem_ptr(this, &example_bus::get_direct_mem_ptr);
	in.register_transport_dbg(this, &example_bus::transport_dbg);
	ram.register_invalidate_direct_mem_ptr(this, &example_bus::invalidate);
}

tlm_utils::simple_initiator_socket<example_bus> &example_bus::target_of(const tlm_generic_payload &trans)
{
	return trans.get_address() - serial_at < 4 ? serial : ram;
}

void example_bus::b_transport(int id, tlm_generic_payload &trans, sc_time &delay)
{
	const sc_time asked = sc_core::sc_time_stamp() + delay, begin = std::max(asked, free_at);
	struct use &use = uses.at(static_cast<std::size_t>(id));

	use.transactions++;
	use.waited += begin - asked;
	free_at = begin + static_cast<double>((trans.get_data_length() + beat - 1) / beat) * per_beat;
	delay = begin - sc_core::sc_time_stamp();
	target_of(trans)->b_transport(trans, delay);
}

bool example_bus::get_direct_mem_ptr(int, tlm_generic_payload &trans, tlm::tlm_dmi &dmi)
{
	return target_of(trans)->get_direct_mem_ptr(trans, dmi);
}

unsigned int example_bus::transport_dbg(int, tlm_generic_payload &trans)
{
	return target_of(trans)->transport_dbg(trans);
}

void example_bus::invalidate(sc_dt::uint64 first, sc_dt::uint64 last)
{
	for (unsigned int i = 0; i < in.size(); i++)
		in[static_cast<int>(i)]->invalidate_direct_mem_ptr(first, last);
}

example_traffic::example_traffic(const sc_core::sc_module_name &module, std::uint64_t where, unsigned int length, const sc_time &time)
	: sc_core::sc_module(module), at(where), bytes(length), pause(time)
{
	SC_HAS_PROCESS(example_traffic);
	SC_THREAD(run);
}

bool example_traffic::transport(tlm::tlm_command command, std::vector<unsigned char> &data)
{
	sc_time delay = sc_core::SC_ZERO_TIME;
	tlm_generic_payload trans;

	trans.set_command(command);
	trans.set_address(at);
	trans.set_data_ptr(data.data());
	trans.set_data_length(bytes);
	trans.set_streaming_width(bytes);
	socket->b_transport(trans, delay);
	wait(delay);
	return trans.is_response_ok();
}

void example_traffic::run()
{
	std::vector<unsigned char> written(bytes), seen(bytes);

	for (;; rounds++) {
		wait(pause);
		std::fill(written.begin(), written.end(), static_cast<unsigned char>(rounds));
		if (!transport(tlm::TLM_WRITE_COMMAND, written) || !transport(tlm::TLM_READ_COMMAND, seen) || seen != written)
			failures++;
	}
}

example_serial::example_serial(const sc_core::sc_module_name &module, const sc_time &time) : sc_core::sc_module(module), per_word(time)
{
	socket.register_b_transport(this, &example_serial::b_transport);
	SC_HAS_PROCESS(example_serial);
	SC_METHOD(request);
	sensitive << dack.pos() << empty;
}

/* dack says that the word is there; the next one is asked for when it has been sent. */
void example_serial::request()
{
	if (dack.posedge())
		empty.notify(per_word);
	else
		full = false;
	drq = !dack.posedge();
}

void example_serial::b_transport(tlm_generic_payload &trans, sc_time &)
{
	trans.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
	if (!trans.is_write() || trans.get_data_length() != 4)
		return;
	unasked += full;
	full = true;
	sent.append(reinterpret_cast<const char *>(trans.get_data_ptr()), trans.get_data_length());
	trans.set_response_status(tlm::TLM_OK_RESPONSE);
}
