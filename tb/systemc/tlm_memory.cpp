// SPDX-License-Identifier: MIT
// The memory of SystemC tests and of the example.
#include <algorithm>
#include <cstring>
#include "tlm_memory.h"

using tlm::tlm_generic_payload;

tlm_memory::tlm_memory(const sc_core::sc_module_name &module, std::uint64_t at, std::size_t size, const sc_core::sc_time &time)
	: sc_core::sc_module(module), base(at), bytes(size), latency(time)
{
	socket.register_b_transport(this, &tlm_memory::b_transport);
	socket.register_get_direct_mem_ptr(this, &tlm_memory::get_direct_mem_ptr);
	socket.register_transport_dbg(this, &tlm_memory::transport_dbg);
}

void tlm_memory::grant_dmi(bool on)
{
	dmi_on = on;
	for (unsigned int i = 0; i < socket.size() && !on; i++)
		socket[static_cast<int>(i)]->invalidate_direct_mem_ptr(base, base + bytes.size() - 1);
}

void tlm_memory::break_at(std::uint64_t addr, std::size_t n)
{
	broken_at = addr;
	broken = n;
}

void tlm_memory::wait_inside(bool on)
{
	waits = on;
}

bool tlm_memory::is_broken(std::uint64_t addr, std::uint64_t n) const
{
	return broken && addr < broken_at + broken && broken_at < addr + n;
}

tlm::tlm_response_status tlm_memory::check(const tlm_generic_payload &trans) const
{
	const std::uint64_t offset = trans.get_address() - base;
	const std::uint64_t span = std::min(trans.get_data_length(), trans.get_streaming_width());

	if (!span)
		return tlm::TLM_BURST_ERROR_RESPONSE;
	if (offset >= bytes.size() || span > bytes.size() - offset)
		return tlm::TLM_ADDRESS_ERROR_RESPONSE;
	return is_broken(trans.get_address(), span) ? tlm::TLM_GENERIC_ERROR_RESPONSE : tlm::TLM_OK_RESPONSE;
}

void tlm_memory::move(tlm_generic_payload &trans)
{
	const unsigned char *enables = trans.get_byte_enable_ptr();

	for (unsigned int i = 0; i < trans.get_data_length(); i++) {
		unsigned char &byte = *at(trans.get_address() + i % trans.get_streaming_width());

		if (enables && enables[i % trans.get_byte_enable_length()] != TLM_BYTE_ENABLED)
			continue;
		if (trans.is_read())
			trans.get_data_ptr()[i] = byte;
		else
			byte = trans.get_data_ptr()[i];
	}
}

void tlm_memory::b_transport(int, tlm_generic_payload &trans, sc_core::sc_time &delay)
{
	if (watch)
		watch(trans);
	reads += trans.is_read();
	writes += trans.is_write();
	most_ahead = std::max(most_ahead, delay);
	delay += latency;
	if (waits) {
		wait(delay);
		delay = sc_core::SC_ZERO_TIME;
	}
	trans.set_response_status(check(trans));
	if (trans.is_response_ok())
		move(trans);
	trans.set_dmi_allowed(dmi_on && trans.is_response_ok());
}

/* One byte is broken: no pointer to it is given, nor to what lies before it. */
bool tlm_memory::get_direct_mem_ptr(int, tlm_generic_payload &trans, tlm::tlm_dmi &dmi)
{
	const std::uint64_t first = broken ? std::max(base, broken_at + broken) : base;

	if (watch)
		watch(trans);
	dmi.set_dmi_ptr(at(first));
	dmi.set_start_address(first);
	dmi.set_end_address(base + bytes.size() - 1);
	dmi.set_read_latency(latency);
	dmi.set_write_latency(latency);
	dmi.allow_read_write();
	return dmi_on;
}

unsigned int tlm_memory::transport_dbg(int, tlm_generic_payload &trans)
{
	const std::uint64_t offset = trans.get_address() - base;

	if (offset >= bytes.size())
		return 0;
	const unsigned int n = static_cast<unsigned int>(std::min<std::uint64_t>(trans.get_data_length(), bytes.size() - offset));

	if (trans.is_read())
		std::memcpy(trans.get_data_ptr(), &bytes[offset], n);
	else
		std::memcpy(&bytes[offset], trans.get_data_ptr(), n);
	return n;
}
