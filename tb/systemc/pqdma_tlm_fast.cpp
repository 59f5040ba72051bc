// SPDX-License-Identifier: MIT
// What the channels of the loosely timed body share: global registers, memory ports, lines, reset.
#include <algorithm>
#include <cstring>
#include <string>
#include "pqdma_fast_channel.h"
#include "pqdma_tlm_fast.h"

#define REG_CLOCKS 5		/* of an access by the other bodies */
#define RESP_OKAY 0u
#define RESP_SLVERR 2u
#define RESP_DECERR 3u

using sc_core::sc_time;

pqdma_tlm_fast::pqdma_tlm_fast(const sc_core::sc_module_name &module, const sc_time &clock) : pqdma_tlm(module), period(clock)
{
	for (unsigned int c = 0; c < PQDMA_CHANNELS; c++)
		channels.push_back(std::make_unique<pqdma_fast_channel>(("channel_" + std::to_string(c)).c_str(), *this, c));
	SC_HAS_PROCESS(pqdma_tlm_fast);
	SC_METHOD(reset);
	sensitive << rst_n;
	SC_METHOD(ask_again);
	sensitive << rst_n;
	for (int i = 0; i < PQDMA_LINES; i++)
		sensitive << drq_single[i] << drq_burst[i] << drq_last[i];
	SC_METHOD(drive_irq);
	sensitive << irqs;
	SC_METHOD(drive_dack);
	sensitive << dacks;
}

pqdma_tlm_fast::~pqdma_tlm_fast() = default;

void pqdma_tlm_fast::reset()
{
	if (rst_n.read())
		return;
	scratch = 0;
	for (auto &channel : channels)
		channel->reset();
	clear_counters();
	irqs.notify(sc_core::SC_ZERO_TIME);
}

/* Lines */

void pqdma_tlm_fast::ask_again()
{
	lines.notify();
}

void pqdma_tlm_fast::drive_irq()
{
	std::uint32_t value;

	read_global(PQDMA_REG_IRQ_PENDING, value);
	show(irq, value);
}

void pqdma_tlm_fast::pulse(unsigned int line)
{
	dack_bits |= 1u << line;
	dacks.notify(sc_core::SC_ZERO_TIME);
}

void pqdma_tlm_fast::drive_dack()
{
	show(dack, dack_bits);
	if (dack_bits)
		dacks.notify(period);
	dack_bits = 0;
}

/* Registers */

pqdma_fast_channel *pqdma_tlm_fast::channel_at(std::uint32_t addr)
{
	const std::uint32_t page = addr / PQDMA_CH_STRIDE;

	return page >= 1 && page <= PQDMA_CHANNELS ? channels[page - 1].get() : nullptr;
}

bool pqdma_tlm_fast::read_global(std::uint32_t addr, std::uint32_t &value) const
{
	value = 0;
	switch (addr) {
	case PQDMA_REG_ID:
		value = PQDMA_ID_VALUE;
		return true;
	case PQDMA_REG_VERSION:
		value = PQDMA_VERSION_VALUE;
		return true;
	case PQDMA_REG_CAP0:
		value = PQDMA_BUILD_CAP0;
		return true;
	case PQDMA_REG_CAP1:
		value = PQDMA_BUILD_CAP1;
		return true;
	case PQDMA_REG_CAP2:
		value = PQDMA_BUILD_CAP2;
		return true;
	case PQDMA_REG_SCRATCH:
		value = scratch;
		return true;
	case PQDMA_REG_IRQ_PENDING:
		for (std::size_t c = 0; c < channels.size(); c++)
			value |= static_cast<std::uint32_t>(channels[c]->irq()) << c;
		return true;
	case PQDMA_REG_PERF_CTRL:
		return true;
	case PQDMA_REG_PERF_AR:
	case PQDMA_REG_PERF_R:
	case PQDMA_REG_PERF_AW:
	case PQDMA_REG_PERF_W:
	case PQDMA_REG_PERF_FETCH:
		value = counters[(addr - PQDMA_REG_PERF_AR) / 4];
		return true;
	default:
		return addr > PQDMA_REG_PERF_FETCH && addr <= PQDMA_REG_PERF_NO_ROOM;	/* there are no clocks to count */
	}
}

bool pqdma_tlm_fast::reg_peek(std::uint32_t addr, std::uint32_t &value)
{
	const pqdma_fast_channel *channel = channel_at(addr);

	return channel ? channel->read(addr % PQDMA_CH_STRIDE, value) : read_global(addr, value);
}

std::uint32_t &pqdma_tlm_fast::counter(std::uint32_t addr)
{
	return counters[(addr - PQDMA_REG_PERF_AR) / 4];
}

void pqdma_tlm_fast::clear_counters()
{
	std::fill(std::begin(counters), std::end(counters), 0);
	for (auto &channel : channels)
		channel->clear_counters();
}

bool pqdma_tlm_fast::write(const struct pqdma_access &access)
{
	pqdma_fast_channel *channel = channel_at(access.addr);
	std::uint32_t value;

	if (channel)
		return channel->write(access.addr % PQDMA_CH_STRIDE, access.data, access.strb);
	if (access.addr == PQDMA_REG_PERF_CTRL && (access.strb & 1) && (access.data & PQDMA_PERF_CTRL_CLEAR_MASK))
		clear_counters();
	for (unsigned int i = 0; i < 4 && access.addr == PQDMA_REG_SCRATCH; i++)
		if (access.strb >> i & 1)
			scratch = (scratch & ~(0xffu << 8 * i)) | (access.data & 0xffu << 8 * i);
	return read_global(access.addr, value);
}

tlm::tlm_response_status pqdma_tlm_fast::reg_access(struct pqdma_access &access, sc_time &delay)
{
	bool exists;

	if (!rst_n.read())
		return tlm::TLM_GENERIC_ERROR_RESPONSE;
	delay += REG_CLOCKS * period;
	exists = access.write ? write(access) : reg_peek(access.addr, access.data);
	return exists ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE;
}

/* Memory */

struct pqdma_tlm_fast::port &pqdma_tlm_fast::port_of([[maybe_unused]] enum oracle_access access)
{
#if PQDMA_WITH_DESC_PORT
	if (access == ORACLE_FETCH)
		return desc_port;
#endif
	return mem_port;
}

static unsigned int channel_of(const tlm::tlm_generic_payload &trans)
{
	return trans.get_extension<pqdma_tlm_channel>()->channel;
}

bool pqdma_tlm_fast::by_dmi(struct port &port, const tlm::tlm_generic_payload &trans, sc_time &delay)
{
	const std::uint64_t addr = trans.get_address(), last = addr + trans.get_data_length() - 1;

	for (const tlm::tlm_dmi &dmi : port.granted[channel_of(trans)]) {
		if (addr < dmi.get_start_address() || last > dmi.get_end_address() || last < addr)
			continue;
		if (trans.is_read() ? !dmi.is_read_allowed() : !dmi.is_write_allowed())
			continue;
		unsigned char *bytes = dmi.get_dmi_ptr() + (addr - dmi.get_start_address());

		if (trans.is_read())
			std::memcpy(trans.get_data_ptr(), bytes, trans.get_data_length());
		else
			std::memcpy(bytes, trans.get_data_ptr(), trans.get_data_length());
		delay += trans.is_read() ? dmi.get_read_latency() : dmi.get_write_latency();
		dmi_bytes += trans.get_data_length();
		return true;
	}
	return false;
}

unsigned int pqdma_tlm_fast::transport(struct port &port, tlm::tlm_generic_payload &trans, sc_time &delay)
{
	tlm::tlm_dmi dmi;

	if (by_dmi(port, trans, delay))
		return RESP_OKAY;
	(*port.socket)->b_transport(trans, delay);
	if (trans.is_dmi_allowed() && (*port.socket)->get_direct_mem_ptr(trans, dmi))
		port.granted[channel_of(trans)].push_back(dmi);
	if (trans.is_response_ok())
		return RESP_OKAY;
	return trans.get_response_status() == tlm::TLM_ADDRESS_ERROR_RESPONSE ? RESP_DECERR : RESP_SLVERR;
}

static void take_back(std::vector<tlm::tlm_dmi> &granted, sc_dt::uint64 first, sc_dt::uint64 last)
{
	granted.erase(std::remove_if(granted.begin(), granted.end(), [=](const tlm::tlm_dmi &dmi) {
		return dmi.get_start_address() <= last && first <= dmi.get_end_address();
	}), granted.end());
}

/* Memory that takes back a pointer does not say which socket it was given to. */
void pqdma_tlm_fast::invalidate(sc_dt::uint64 first, sc_dt::uint64 last)
{
	for (auto &granted : mem_port.granted)
		take_back(granted, first, last);
#if PQDMA_WITH_DESC_PORT
	for (auto &granted : desc_port.granted)
		take_back(granted, first, last);
#endif
}
