// SPDX-License-Identifier: MIT
// The face of pqdma_tlm: what a generic payload asks for, cut into accesses of registers.
#include <algorithm>
#include "pqdma_tlm.h"

#define WORD 4u

using tlm::tlm_generic_payload;
using tlm::tlm_response_status;

namespace {

/* Every byte enable is 0x00 or 0xff. */
bool are_enables(const tlm_generic_payload &trans)
{
	const unsigned char *enables = trans.get_byte_enable_ptr();
	const unsigned int length = trans.get_byte_enable_length();

	return !enables || (length && std::all_of(enables, enables + length, [](unsigned char e) {
		return e == TLM_BYTE_ENABLED || e == TLM_BYTE_DISABLED;
	}));
}

bool is_enabled(const tlm_generic_payload &trans, unsigned int byte)
{
	const unsigned char *enables = trans.get_byte_enable_ptr();

	return !enables || enables[byte % trans.get_byte_enable_length()] == TLM_BYTE_ENABLED;
}

/* No sum of address and length here: it could wrap. */
bool is_inside(const tlm_generic_payload &trans)
{
	const unsigned int span = std::min(trans.get_data_length(), trans.get_streaming_width());

	return trans.get_address() < PQDMA_TLM_REG_BYTES && span <= PQDMA_TLM_REG_BYTES - trans.get_address();
}

tlm_response_status check(const tlm_generic_payload &trans)
{
	if (!trans.is_read() && !trans.is_write())
		return tlm::TLM_COMMAND_ERROR_RESPONSE;
	if (!trans.get_data_length() || !trans.get_streaming_width())
		return tlm::TLM_BURST_ERROR_RESPONSE;
	if (!trans.get_data_ptr())
		return tlm::TLM_GENERIC_ERROR_RESPONSE;
	if (!are_enables(trans))
		return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
	return is_inside(trans) ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE;
}

/* The bytes from number @byte on that stand in one word, without a jump back by the streaming width */
struct part {
	unsigned int byte;
	unsigned int n;
	unsigned int lane;
	struct pqdma_access access;
};

struct part cut_part(const tlm_generic_payload &trans, unsigned int byte)
{
	const unsigned int pos = byte % trans.get_streaming_width();
	const std::uint32_t addr = static_cast<std::uint32_t>(trans.get_address()) + pos;
	struct part part = { byte, 0, addr % WORD, { trans.is_write(), addr - addr % WORD, 0, 0 } };

	part.n = std::min({ WORD - part.lane, trans.get_data_length() - byte, trans.get_streaming_width() - pos });
	for (unsigned int i = 0; i < part.n; i++) {
		if (!is_enabled(trans, byte + i))
			continue;
		part.access.strb |= 1u << (part.lane + i);
		part.access.data |= std::uint32_t { trans.get_data_ptr()[byte + i] } << 8 * (part.lane + i);
	}
	return part;
}

void take_part(tlm_generic_payload &trans, const struct part &part)
{
	for (unsigned int i = 0; i < part.n; i++)
		if (is_enabled(trans, part.byte + i))
			trans.get_data_ptr()[part.byte + i] = static_cast<unsigned char>(part.access.data >> 8 * (part.lane + i));
}

} // namespace

pqdma_tlm::pqdma_tlm(const sc_core::sc_module_name &module) : sc_core::sc_module(module)
{
	regs.register_b_transport(this, &pqdma_tlm::b_transport);
	regs.register_transport_dbg(this, &pqdma_tlm::transport_dbg);
	mem.register_invalidate_direct_mem_ptr(this, &pqdma_tlm::invalidate);
#if PQDMA_WITH_DESC_PORT
	desc.register_invalidate_direct_mem_ptr(this, &pqdma_tlm::invalidate);
#endif
}

void pqdma_tlm::invalidate(sc_dt::uint64, sc_dt::uint64)
{
}

tlm_response_status pqdma_tlm::access_words(tlm_generic_payload &trans, sc_core::sc_time &delay)
{
	struct part part;

	for (unsigned int byte = 0; byte < trans.get_data_length(); byte += part.n) {
		part = cut_part(trans, byte);
		if (!part.access.strb)
			continue;
		const tlm_response_status status = reg_access(part.access, delay);

		if (status != tlm::TLM_OK_RESPONSE)
			return status;
		if (trans.is_read())
			take_part(trans, part);
	}
	return tlm::TLM_OK_RESPONSE;
}

void pqdma_tlm::b_transport(tlm_generic_payload &trans, sc_core::sc_time &delay)
{
	tlm_response_status status = tlm::TLM_OK_RESPONSE;

	trans.set_dmi_allowed(false);
	if (trans.get_command() != tlm::TLM_IGNORE_COMMAND)
		status = check(trans);
	if (status == tlm::TLM_OK_RESPONSE && trans.get_command() != tlm::TLM_IGNORE_COMMAND)
		status = access_words(trans, delay);
	trans.set_response_status(status);
}

/* Debug transport has neither byte enables nor a streaming width. Writing could start a transfer, so it is not offered. */
unsigned int pqdma_tlm::transport_dbg(tlm_generic_payload &trans)
{
	const std::uint64_t addr = trans.get_address();
	unsigned int byte = 0;

	if (!trans.is_read() || addr >= PQDMA_TLM_REG_BYTES)
		return 0;
	for (; byte < trans.get_data_length() && byte < PQDMA_TLM_REG_BYTES - addr; byte++) {
		const std::uint32_t at = static_cast<std::uint32_t>(addr) + byte;
		std::uint32_t value;

		if (!reg_peek(at - at % WORD, value))
			break;
		trans.get_data_ptr()[byte] = static_cast<unsigned char>(value >> 8 * (at % WORD));
	}
	return byte;
}

std::uint32_t pqdma_tlm::levels(const sc_core::sc_vector<in_port> &lines)
{
	std::uint32_t bits = 0;

	for (std::size_t i = 0; i < lines.size(); i++)
		bits |= static_cast<std::uint32_t>(lines[i].size() && lines[i]->read()) << i;
	return bits;
}

void pqdma_tlm::show(sc_core::sc_vector<out_port> &lines, std::uint64_t values)
{
	for (std::size_t i = 0; i < lines.size(); i++)
		if (lines[i].size())
			lines[i]->write(values >> i & 1);
}
