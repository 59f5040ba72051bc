// SPDX-License-Identifier: MIT
// Generic payloads at the register socket that no driver would send: what the base protocol says about each, on all three bodies.
#define SC_INCLUDE_DYNAMIC_PROCESSES
#include <cstring>
#include "tlm_test.h"

#define SCRATCH PQDMA_REG_SCRATCH
#define HOLE 0x1cu	/* between IRQ_PENDING and PERF_CTRL there is no register */

using tlm::tlm_generic_payload;
using tlm::tlm_response_status;

namespace {

/* A payload, all of whose attributes may be set before it is sent */
struct payload : tlm_generic_payload {
	payload(tlm::tlm_command command, std::uint64_t addr, unsigned char *data, unsigned int length)
	{
		set_command(command);
		set_address(addr);
		set_data_ptr(data);
		set_data_length(length);
		set_streaming_width(length);
	}
};

tlm_response_status write_bytes(tlm_board &board, std::uint64_t addr, const char *text, unsigned int length)
{
	unsigned char data[64];
	payload trans(tlm::TLM_WRITE_COMMAND, addr, data, length);

	std::memcpy(data, text, length);
	return board.send(trans);
}

void odd_lengths(tlm_board &board)
{
	unsigned char data[64];

	for (unsigned int offset = 0; offset < 4; offset++) {
		for (unsigned int length = 1; length <= 4 - offset; length++) {
			std::uint32_t want = 0x33221100;
			payload trans(tlm::TLM_READ_COMMAND, SCRATCH + offset, data, length);

			board.write32(SCRATCH, want);
			CHECK(write_bytes(board, SCRATCH + offset, "\xa1\xb2\xc3\xd4", length) == tlm::TLM_OK_RESPONSE);
			std::memcpy(reinterpret_cast<char *>(&want) + offset, "\xa1\xb2\xc3\xd4", length);
			CHECK(board.read32(SCRATCH) == want);
			std::memset(data, 0x5a, sizeof(data));
			CHECK(board.send(trans) == tlm::TLM_OK_RESPONSE);
			CHECK(!std::memcmp(data, "\xa1\xb2\xc3\xd4", length) && data[length] == 0x5a);
		}
	}
}

/* From the middle of ID to the middle of CAP0, in one transaction */
void across_registers(tlm_board &board)
{
	const std::uint32_t words[3] = { PQDMA_ID_VALUE, PQDMA_VERSION_VALUE, board.read32(PQDMA_REG_CAP0) };
	unsigned char data[9];
	payload trans(tlm::TLM_READ_COMMAND, 1, data, sizeof(data));

	CHECK(board.send(trans) == tlm::TLM_OK_RESPONSE);
	CHECK(!std::memcmp(data, reinterpret_cast<const char *>(words) + 1, sizeof(data)));
}

void byte_enables(tlm_board &board)
{
	unsigned char data[4] = { 0x10, 0x20, 0x30, 0x40 };
	unsigned char enables[3] = { 0xff, 0x00, 0x00 };	/* shorter than the data: it repeats */
	payload write(tlm::TLM_WRITE_COMMAND, SCRATCH, data, sizeof(data)), read(tlm::TLM_READ_COMMAND, SCRATCH, data, sizeof(data));

	board.write32(SCRATCH, 0xddccbbaa);
	write.set_byte_enable_ptr(enables);
	write.set_byte_enable_length(sizeof(enables));
	CHECK(board.send(write) == tlm::TLM_OK_RESPONSE);
	CHECK(board.read32(SCRATCH) == 0x40ccbb10);
	std::memset(data, 0, sizeof(data));
	read.set_byte_enable_ptr(enables + 1);
	read.set_byte_enable_length(2);
	CHECK(board.send(read) == tlm::TLM_OK_RESPONSE);
	CHECK(!data[0] && !data[1] && !data[2] && !data[3]);
	enables[2] = 0xff;
	CHECK(board.send(read) == tlm::TLM_OK_RESPONSE);
	CHECK(!data[0] && data[1] == 0xbb && !data[2] && data[3] == 0x40);
}

void bad_byte_enables(tlm_board &board)
{
	unsigned char data[4] = {}, enables[4] = { 0xff, 0x01, 0xff, 0xff };
	payload trans(tlm::TLM_WRITE_COMMAND, SCRATCH, data, sizeof(data));

	board.write32(SCRATCH, 0x600dda7a);
	trans.set_byte_enable_ptr(enables);
	trans.set_byte_enable_length(sizeof(enables));
	CHECK(board.send(trans) == tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
	trans.set_byte_enable_length(0);
	CHECK(board.send(trans) == tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
	CHECK(board.read32(SCRATCH) == 0x600dda7a);
}

/* The address goes round within the streaming width: a FIFO's way to write. The last word stays. */
void streaming(tlm_board &board)
{
	unsigned char data[12] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
	payload trans(tlm::TLM_WRITE_COMMAND, SCRATCH, data, sizeof(data));

	trans.set_streaming_width(4);
	CHECK(board.send(trans) == tlm::TLM_OK_RESPONSE);
	CHECK(board.read32(SCRATCH) == 0x0c0b0a09);
	trans.set_command(tlm::TLM_READ_COMMAND);
	trans.set_streaming_width(2);
	CHECK(board.send(trans) == tlm::TLM_OK_RESPONSE);
	CHECK(!std::memcmp(data, "\x09\x0a\x09\x0a\x09\x0a\x09\x0a\x09\x0a\x09\x0a", sizeof(data)));
	trans.set_streaming_width(0);
	CHECK(board.send(trans) == tlm::TLM_BURST_ERROR_RESPONSE);
}

void wrong_commands(tlm_board &board)
{
	unsigned char data[4] = { 1, 2, 3, 4 };
	payload trans(static_cast<tlm::tlm_command>(7), SCRATCH, data, sizeof(data));

	board.write32(SCRATCH, 0x11223344);
	CHECK(board.send(trans) == tlm::TLM_COMMAND_ERROR_RESPONSE);
	trans.set_command(tlm::TLM_IGNORE_COMMAND);
	CHECK(board.send(trans) == tlm::TLM_OK_RESPONSE);
	trans.set_address(~UINT64_C(0));
	trans.set_data_ptr(nullptr);
	trans.set_data_length(0);
	CHECK(board.send(trans) == tlm::TLM_OK_RESPONSE);
	CHECK(board.read32(SCRATCH) == 0x11223344);
	CHECK(!std::memcmp(data, "\x01\x02\x03\x04", sizeof(data)));
}

void no_data(tlm_board &board)
{
	unsigned char data[4] = {};
	payload trans(tlm::TLM_READ_COMMAND, SCRATCH, data, 0);

	CHECK(board.send(trans) == tlm::TLM_BURST_ERROR_RESPONSE);
	trans.set_data_length(4);
	trans.set_streaming_width(4);
	trans.set_data_ptr(nullptr);
	CHECK(board.send(trans) == tlm::TLM_GENERIC_ERROR_RESPONSE);
}

void out_of_range(tlm_board &board)
{
	static const std::uint64_t addrs[] = {
		HOLE, PQDMA_CH(PQDMA_CHANNELS), PQDMA_TLM_REG_BYTES - 4, PQDMA_TLM_REG_BYTES - 2, PQDMA_TLM_REG_BYTES,
		0x100000000 + SCRATCH, ~UINT64_C(0) - 3, ~UINT64_C(0),
	};

	for (const std::uint64_t addr : addrs) {
		CHECK(write_bytes(board, addr, "\xff\xff\xff\xff", 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
		unsigned char data[4];
		payload trans(tlm::TLM_READ_COMMAND, addr, data, sizeof(data));

		CHECK(board.send(trans) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
		CHECK(!trans.is_dmi_allowed());
	}
	CHECK(write_bytes(board, SCRATCH, "abcdefghijkl", 12) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
	CHECK(board.read32(SCRATCH) == 0x64636261);	/* in front of the hole */
}

struct stranger : tlm::tlm_extension<stranger> {
	tlm_extension_base *clone() const override
	{
		return new stranger(*this);
	}

	void copy_from(const tlm_extension_base &) override
	{
	}
};

void unknown_extension(tlm_board &board)
{
	unsigned char data[4] = { 9, 8, 7, 6 };
	stranger extension;
	payload trans(tlm::TLM_WRITE_COMMAND, SCRATCH, data, sizeof(data));

	trans.set_extension(&extension);
	CHECK(board.send(trans) == tlm::TLM_OK_RESPONSE);
	CHECK(trans.get_extension<stranger>() == &extension);
	trans.clear_extension(&extension);
	CHECK(board.read32(SCRATCH) == 0x06070809);
}

void hints_and_dmi(tlm_board &board)
{
	unsigned char data[4];
	payload trans(tlm::TLM_READ_COMMAND, SCRATCH, data, sizeof(data));
	tlm::tlm_dmi dmi;

	trans.set_dmi_allowed(true);
	CHECK(board.send(trans) == tlm::TLM_OK_RESPONSE);
	CHECK(!trans.is_dmi_allowed());
	CHECK(trans.get_address() == SCRATCH && trans.get_data_length() == 4 && trans.get_data_ptr() == data);
	CHECK(!board.cpu->get_direct_mem_ptr(trans, dmi));
}

/* Registers can be looked at without a clock, and not written. */
void debug_transport(tlm_board &board)
{
	unsigned char data[8] = {};
	payload trans(tlm::TLM_READ_COMMAND, SCRATCH - 2, data, 6);

	board.write32(SCRATCH, 0xcafef00d);
	const sc_core::sc_time before = sc_core::sc_time_stamp();

	CHECK(board.cpu->transport_dbg(trans) == 6);
	CHECK(sc_core::sc_time_stamp() == before);
	CHECK(!std::memcmp(data + 2, "\x0d\xf0\xfe\xca", 4));
	trans.set_address(PQDMA_TLM_REG_BYTES - 1);
	CHECK(!board.cpu->transport_dbg(trans));
	trans.set_address(HOLE - 4);
	trans.set_data_length(8);
	CHECK(board.cpu->transport_dbg(trans) == 4);
	trans.set_address(SCRATCH);
	trans.set_command(tlm::TLM_WRITE_COMMAND);
	CHECK(!board.cpu->transport_dbg(trans));
	CHECK(board.read32(SCRATCH) == 0xcafef00d);
}

/* A payload that is used in non-blocking calls belongs to somebody. */
struct keeper : tlm::tlm_mm_interface {
	void free(tlm_generic_payload *) override
	{
		freed++;
	}

	unsigned int freed = 0;
};

void non_blocking(tlm_board &board)
{
	unsigned char data[4] = { 1, 2, 3, 4 };
	payload trans(tlm::TLM_WRITE_COMMAND, SCRATCH, data, sizeof(data));
	sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
	tlm::tlm_phase phase = tlm::BEGIN_REQ;
	keeper owner;

	trans.set_mm(&owner);
	trans.acquire();
	CHECK(board.cpu->nb_transport_fw(trans, phase, delay) != tlm::TLM_COMPLETED);
	wait(board.responded);
	CHECK(trans.is_response_ok());
	trans.release();
	wait(sc_core::sc_time(100, sc_core::SC_NS));
	CHECK(owner.freed == 1);
	CHECK(board.read32(SCRATCH) == 0x04030201);
}

/* Threads that do not know of each other, each with a register of its own */
void at_once(tlm_board &board)
{
	static const std::uint32_t addrs[] = { SCRATCH, PQDMA_CH(0) + PQDMA_CH_HEAD_LO, PQDMA_CH(0) + PQDMA_CH_CMPL_HI };
	unsigned int ended = 0, right = 0;
	sc_core::sc_event end;

	for (const std::uint32_t addr : addrs)
		sc_core::sc_spawn([&, addr] {
			for (std::uint32_t i = 0; i < 20; i++) {
				board.write32(addr, addr + i);
				right += board.read32(addr) == addr + i;
			}
			ended++;
			end.notify();
		});
	while (ended < 3)
		wait(end);
	CHECK(right == 60);
}

/* A register access is never lost, and never hangs: in reset it is refused, and reset ends one that is under way. */
void reset_during_access(tlm_board &board)
{
	unsigned char data[4] = {};
	payload trans(tlm::TLM_READ_COMMAND, SCRATCH, data, sizeof(data));

	board.write32(SCRATCH, 5);
	board.rst_n = false;
	wait(sc_core::sc_time(20, sc_core::SC_NS));
	CHECK(board.send(trans) == tlm::TLM_GENERIC_ERROR_RESPONSE);
	board.rst_n = true;
	wait(sc_core::sc_time(20, sc_core::SC_NS));
	CHECK(board.read32(SCRATCH) == 0);
	sc_core::sc_spawn([&] {
		wait(sc_core::sc_time(20, sc_core::SC_NS));
		board.rst_n = false;
	});
	CHECK(board.send(trans) == (board.is_fast() ? tlm::TLM_OK_RESPONSE : tlm::TLM_GENERIC_ERROR_RESPONSE));
	board.do_reset();
}

/* Time that the caller is ahead counts: the access ends after it. */
void local_time(tlm_board &board)
{
	unsigned char data[4] = {};
	payload trans(tlm::TLM_READ_COMMAND, SCRATCH, data, sizeof(data));
	const sc_core::sc_time ahead(1, sc_core::SC_US), begin = sc_core::sc_time_stamp();
	sc_core::sc_time delay = ahead;

	board.cpu->b_transport(trans, delay);
	CHECK(trans.is_response_ok());
	CHECK(sc_core::sc_time_stamp() + delay > begin + ahead);
	CHECK(board.is_fast() ? sc_core::sc_time_stamp() == begin : delay == sc_core::SC_ZERO_TIME);
	wait(delay);
}

} // namespace

int sc_main(int argc, char **argv)
{
	return tlm_test_main(argc, argv, "payload", {
		{ "odd_lengths", odd_lengths, nullptr }, { "across_registers", across_registers, nullptr },
		{ "byte_enables", byte_enables, nullptr }, { "bad_byte_enables", bad_byte_enables, nullptr },
		{ "streaming", streaming, nullptr }, { "wrong_commands", wrong_commands, nullptr }, { "no_data", no_data, nullptr },
		{ "out_of_range", out_of_range, nullptr }, { "unknown_extension", unknown_extension, nullptr },
		{ "non_blocking", non_blocking, nullptr }, { "at_once", at_once, nullptr }, { "hints_and_dmi", hints_and_dmi, nullptr },
		{ "debug_transport", debug_transport, nullptr }, { "reset_during_access", reset_during_access, nullptr },
		{ "local_time", local_time, nullptr },
	});
}
