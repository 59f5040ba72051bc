// SPDX-License-Identifier: MIT
// From AXI4 bursts to generic payloads and back.
#include <algorithm>
#include <cstring>
#include "axi_transactor.h"

using sc_core::sc_time;
using sc_core::sc_time_stamp;

namespace {

constexpr std::uint64_t BURST_FIXED = 0;

unsigned int axi_resp(const tlm::tlm_generic_payload &trans)
{
	if (trans.is_response_ok())
		return AXI_OKAY;
	return trans.get_response_status() == tlm::TLM_ADDRESS_ERROR_RESPONSE ? AXI_DECERR : AXI_SLVERR;
}

} // namespace

struct axi_burst axi_ax::begin() const
{
	struct axi_burst started = {};

	started.addr = addr;
	started.beats = static_cast<unsigned int>(len) + 1;
	started.size = 1u << size;
	started.fixed = burst == BURST_FIXED;
	started.id = id;
	started.channel = static_cast<unsigned int>(user);
	started.data.resize(started.beats * started.size);
	return started;
}

axi_asker::axi_asker(const sc_core::sc_module_name &module, pqdma_tlm::initiator &to) : sc_core::sc_module(module), socket(to)
{
	trans.set_extension(about);
	SC_HAS_PROCESS(axi_asker);
	SC_THREAD(run);
}

void axi_asker::push(struct axi_burst &&burst)
{
	queue.push_back(std::make_shared<struct axi_burst>(std::move(burst)));
	more.notify();
}

struct axi_burst *axi_asker::first()
{
	const bool is_ready = !queue.empty() && queue.front()->asked && queue.front()->ready <= sc_time_stamp();

	return is_ready ? queue.front().get() : nullptr;
}

void axi_asker::pop()
{
	queue.pop_front();
}

void axi_asker::reset()
{
	queue.clear();
}

void axi_asker::run()
{
	for (;;) {
		const auto next = std::find_if(queue.begin(), queue.end(), [](const auto &burst) { return !burst->asked; });

		if (next == queue.end()) {
			wait(more);
			continue;
		}
		const std::shared_ptr<struct axi_burst> burst = *next;	/* a reset may empty the queue meanwhile */

		ask(*burst);
	}
}

void axi_asker::ask(struct axi_burst &burst)
{
	until = sc_time_stamp();
	about->channel = burst.channel;
	if (burst.strb.empty())
		read(burst);
	else
		write(burst);
	burst.ready = until;
	burst.asked = true;
}

unsigned int axi_asker::transport(std::uint64_t addr, unsigned char *data, unsigned int length, unsigned int width, bool is_write)
{
	sc_time delay = until - sc_time_stamp();

	trans.set_command(is_write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
	trans.set_address(addr);
	trans.set_data_ptr(data);
	trans.set_data_length(length);
	trans.set_streaming_width(width);
	trans.set_byte_enable_ptr(nullptr);
	trans.set_dmi_allowed(false);
	trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
	socket->b_transport(trans, delay);
	until = sc_time_stamp() + delay;
	return axi_resp(trans);
}

/* Which beat has failed only the beats themselves can tell. A FIXED burst would be another one at the device, so it is not asked again. */
void axi_asker::read(struct axi_burst &burst)
{
	const unsigned int length = burst.beats * burst.size;
	const unsigned int resp = transport(burst.addr, burst.data.data(), length, burst.fixed ? burst.size : length, false);

	burst.resp.assign(burst.beats, resp);
	if (resp == AXI_OKAY || burst.fixed || burst.beats == 1)
		return;
	for (unsigned int i = 0; i < burst.beats; i++)
		burst.resp[i] = transport(burst.addr + i * burst.size, &burst.data[i * burst.size], burst.size, burst.size, false);
}

/* The controller writes one run of bytes, so memory need not know byte enables. */
void axi_asker::write(struct axi_burst &burst)
{
	const auto first = std::find(burst.strb.begin(), burst.strb.end(), 1);
	const auto last = std::find(first, burst.strb.end(), 0);
	const auto at = static_cast<unsigned int>(first - burst.strb.begin());
	const auto length = static_cast<unsigned int>(last - first);

	sc_assert(length && std::find(last, burst.strb.end(), 1) == burst.strb.end());
	burst.resp.assign(1, transport(burst.addr + at, &burst.data[at], length, burst.fixed ? burst.size : length, true));
}

axi_reader::axi_reader(const char *name, pqdma_tlm::initiator &socket) : asker(name, socket)
{
}

const struct axi_r &axi_reader::clock(const struct axi_ax *ar, bool taken)
{
	if (ar)
		asker.push(ar->begin());
	if (taken) {
		if (r.last) {
			asker.pop();
			beat = 0;
		}
		r.valid = false;
	}
	if (!r.valid)
		next_beat();
	return r;
}

void axi_reader::next_beat()
{
	const struct axi_burst *burst = asker.first();

	if (!burst)
		return;
	r.valid = true;
	r.last = beat + 1 == burst->beats;
	r.id = burst->id;
	r.resp = burst->resp[beat];
	std::memset(r.data, 0, sizeof(r.data));
	std::memcpy(r.data + burst->lane(beat), &burst->data[beat * burst->size], burst->size);
	beat++;
}

void axi_reader::reset()
{
	asker.reset();
	beat = 0;
	r = {};
}

axi_writer::axi_writer(const char *name, pqdma_tlm::initiator &socket) : asker(name, socket)
{
}

void axi_writer::address(const struct axi_ax &aw)
{
	addresses.push_back(aw.begin());
}

void axi_writer::beat(const unsigned char *data, std::uint64_t strb, bool last)
{
	struct word word;

	std::memcpy(word.data, data, sizeof(word.data));
	word.strb = strb;
	words.push_back(word);
	complete += last;
}

const struct axi_b &axi_writer::clock(bool taken)
{
	if (complete && !addresses.empty()) {
		struct axi_burst burst = std::move(addresses.front());

		addresses.pop_front();
		complete--;
		burst.strb.resize(burst.data.size());
		for (unsigned int i = 0; i < burst.beats; i++, words.pop_front()) {
			const unsigned int lane = burst.lane(i), at = i * burst.size;

			std::memcpy(&burst.data[at], words.front().data + lane, burst.size);
			for (unsigned int k = 0; k < burst.size; k++)
				burst.strb[at + k] = words.front().strb >> (lane + k) & 1;
		}
		asker.push(std::move(burst));
	}
	if (taken) {
		asker.pop();
		b.valid = false;
	}
	if (const struct axi_burst *burst = b.valid ? nullptr : asker.first())
		b = { true, burst->id, burst->resp[0] };
	return b;
}

void axi_writer::reset()
{
	asker.reset();
	addresses.clear();
	words.clear();
	complete = 0;
	b = {};
}
