// SPDX-License-Identifier: MIT
// Lists of descriptors through the sockets, on all three bodies: memory and registers afterwards against the untimed oracle; errors
// by response status; commands, request lines and reset while lists run.
#include <cstring>
#include "tlm_lists.h"

#define SRC (TLM_TEST_RAM + 0x80000)
#define DST (TLM_TEST_RAM + 0x90000)
#define LIST (TLM_TEST_RAM + 0xa0000)
#define NOWHERE (TLM_TEST_RAM + TLM_TEST_RAM_BYTES)

using sc_core::sc_time;

namespace {

const sc_time clock_period(10, sc_core::SC_NS);

void run_random(tlm_board &board, std::uint64_t seed)
{
	tlm_lists_make(board, seed);
	tlm_expect expect(board);
	tlm_lists_start(board, TLM_LIST_DESCS / 3);
	tlm_lists_wait(board, TLM_LIST_DESCS / 3);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		board.ch_write(ch, PQDMA_CH_TAIL, TLM_LIST_DESCS);
	tlm_lists_wait(board, TLM_LIST_DESCS);
	expect.check(TLM_LIST_DESCS);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		CHECK(board.wait_irq(ch) == PQDMA_IRQ_DONE_MASK);
		board.abort(ch);
	}
}

void random_lists(tlm_board &board)
{
	for (std::uint64_t seed = 1; seed <= 5; seed++)
		run_random(board, seed);
}

/* A target may wait instead of annotating its time. */
void waiting_memory(tlm_board &board)
{
	board.ram.wait_inside(true);
	run_random(board, 11);
	board.ram.wait_inside(false);
}

void by_dmi(tlm_board &board)
{
	const pqdma_tlm_fast *fast = dynamic_cast<const pqdma_tlm_fast *>(board.dma.get());
	const unsigned int before = board.ram.reads;
	std::uint64_t moved;

	board.ram.grant_dmi(true);
	run_random(board, 21);
	CHECK(fast ? board.ram.reads <= before + PQDMA_CHANNELS * (1 + PQDMA_WITH_DESC_PORT) : board.ram.reads > before + TLM_LIST_DESCS);
	if (!fast)
		return;
	moved = fast->bytes_by_dmi();
	CHECK(moved > 10000);
	board.ram.grant_dmi(false);
	run_random(board, 22);
	CHECK(fast->bytes_by_dmi() == moved);
}

/* Each channel has its part of memory, so the address tells which channel an access has to be for. */
void told_apart(tlm_board &board)
{
	unsigned int seen[PQDMA_CHANNELS] = {};

	board.ram.watch = [&](const tlm::tlm_generic_payload &trans) {
		const pqdma_tlm_channel *about = trans.get_extension<pqdma_tlm_channel>();

		CHECK(about && about->channel < PQDMA_CHANNELS && about->channel == tlm_lists_owner(trans.get_address()));
		seen[about->channel]++;
	};
	run_random(board, 61);
	board.ram.grant_dmi(true);
	run_random(board, 62);
	board.ram.grant_dmi(false);
	board.ram.watch = nullptr;
	for (const unsigned int n : seen)
		CHECK(n > TLM_LIST_DESCS);
}

/* What debug transport says of a register is what a read says; both know the same registers. */
void look_at_page(tlm_board &board, std::uint32_t page, unsigned int &registers)
{
	for (std::uint32_t addr = page; addr < page + PQDMA_CH_STRIDE; addr += 4) {
		std::uint32_t looked = 0, value = 0;
		tlm::tlm_generic_payload trans;

		trans.set_command(tlm::TLM_READ_COMMAND);
		trans.set_address(addr);
		trans.set_data_ptr(reinterpret_cast<unsigned char *>(&looked));
		trans.set_data_length(sizeof(looked));
		trans.set_streaming_width(sizeof(looked));
		const unsigned int n = board.cpu->transport_dbg(trans);

		trans.set_data_ptr(reinterpret_cast<unsigned char *>(&value));
		CHECK(n == (board.send(trans) == tlm::TLM_OK_RESPONSE ? sizeof(looked) : 0));
		CHECK(looked == value);
		registers += n / sizeof(looked);
	}
}

unsigned int look_at_all(tlm_board &board)
{
	unsigned int registers = 0;

	for (unsigned int page = 0; page <= PQDMA_CHANNELS; page++)
		look_at_page(board, page * PQDMA_CH_STRIDE, registers);
	return registers;
}

/* Every bit that software can write, then an error, then what lists leave */
void looked_at(tlm_board &board)
{
	static const std::uint32_t kept[] = {
		PQDMA_CH_CFG, PQDMA_CH_HEAD_LO, PQDMA_CH_HEAD_HI, PQDMA_CH_HEAD_COUNT, PQDMA_CH_IRQ_ENABLE, PQDMA_CH_IRQ_COAL,
		PQDMA_CH_REQ_TIMEOUT, PQDMA_CH_CMPL_LO, PQDMA_CH_CMPL_HI,
	};

	board.write32(PQDMA_REG_SCRATCH, 0x8badf00d);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (const std::uint32_t reg : kept)
			board.ch_write(ch, reg, 0xfedcba98 + ch);
	CHECK(look_at_all(board) > 20 * PQDMA_CHANNELS);
	board.do_reset();
	board.start(0, NOWHERE, 1, 1);
	CHECK(board.wait_irq(0) == PQDMA_IRQ_ERROR_MASK);
	CHECK(look_at_all(board) > 20 * PQDMA_CHANNELS);
	board.do_reset();
	tlm_lists_make(board, 71);
	tlm_lists_start(board, TLM_LIST_DESCS);
	tlm_lists_wait(board, TLM_LIST_DESCS);
	CHECK(look_at_all(board) > 20 * PQDMA_CHANNELS);
	board.do_reset();
}

std::vector<std::uint32_t> counters(tlm_board &board)
{
	std::vector<std::uint32_t> values;

	for (std::uint32_t addr = PQDMA_REG_PERF_AR; addr <= PQDMA_REG_PERF_FETCH; addr += 4)
		values.push_back(board.read32(addr));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		values.push_back(board.ch_read(ch, PQDMA_CH_PERF_STRIPS));
	return values;
}

/* Short lists in each channel, with bursts of another length, then a long copy that begins and ends anywhere */
std::vector<std::uint32_t> count(tlm_board &board)
{
	board.do_reset();
	tlm_lists_make(board, 51);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		board.ch_write(ch, PQDMA_CH_CFG, ch % 5);
	tlm_lists_start(board, TLM_LIST_DESCS);
	tlm_lists_wait(board, TLM_LIST_DESCS);
	board.abort(0);
	board.ch_write(0, PQDMA_CH_CFG, PQDMA_CFG_BURST_RESET);
	desc_put(board, LIST, PQDMA_OP_COPY, PQDMA_FLAG_IRQ | PQDMA_FLAG_WB, 9001, SRC + 5, DST + 46);
	board.start(0, LIST, 1, 1);
	CHECK(board.wait_irq(0) & PQDMA_IRQ_DONE_MASK);
	return counters(board);
}

/* Counters of facts are the same on all bodies; one write clears them. */
void same_counters(std::vector<tlm_board *> &boards)
{
	const std::vector<std::uint32_t> want = count(*boards[0]), none(want.size());

	for (const std::uint32_t value : want)
		CHECK(value >= TLM_LIST_DESCS);
	for (tlm_board *board : boards) {
		CHECK(board == boards[0] || count(*board) == want);
		CHECK(board->is_fast() == !board->ch_read(0, PQDMA_CH_PERF_BUSY));
		board->write32(PQDMA_REG_PERF_CTRL, PQDMA_PERF_CTRL_CLEAR_MASK);
		CHECK(counters(*board) == none);
		board->do_reset();
	}
}

/* One copy and how it must end: cause, ERR_ADDR less the base */
struct failure {
	std::uint64_t src;
	std::uint64_t dst;
	std::uint64_t list;
	std::uint64_t broken;
	std::uint32_t cause;
	std::uint64_t err_addr;
};

void fail_once(tlm_board &board, const struct failure &f)
{
	if (f.list < NOWHERE)
		desc_put(board, f.list, PQDMA_OP_COPY, PQDMA_FLAG_WB, 512, f.src, f.dst);
	if (f.broken)
		board.ram.break_at(f.broken, 1);
	board.start(0, f.list, 1, 1);
	CHECK(board.wait_irq(0) == PQDMA_IRQ_ERROR_MASK);
	board.ram.break_at(0, 0);
	CHECK((board.ch_read(0, PQDMA_CH_STATUS) & PQDMA_STATUS_STATE_MASK) == PQDMA_STATE_FAIL);
	CHECK(board.ch_read(0, PQDMA_CH_ERR_CAUSE) == f.cause);
	CHECK(board.ch_read(0, PQDMA_CH_ERR_ADDR_LO) == static_cast<std::uint32_t>(f.err_addr));
	CHECK(board.ch_read(0, PQDMA_CH_ERR_ADDR_HI) == f.err_addr >> 32);
	board.abort(0);
	CHECK(!board.ch_read(0, PQDMA_CH_ERR_CAUSE));
}

void errors(tlm_board &board)
{
	const std::uint64_t middle = SRC + 256;
	const struct failure failures[] = {
		{ NOWHERE - 256, DST, LIST, 0, PQDMA_ERR_READ_DECERR, NOWHERE },
		{ SRC, DST, LIST, middle + 3, PQDMA_ERR_READ_SLVERR, middle },
		{ SRC, NOWHERE, LIST, 0, PQDMA_ERR_WRITE_DECERR, NOWHERE },
		{ SRC, DST, LIST, DST + 300, PQDMA_ERR_WRITE_SLVERR, DST },
		{ SRC, DST, NOWHERE, 0, PQDMA_ERR_FETCH_DECERR, NOWHERE },
		{ SRC, DST, LIST, LIST + 5, PQDMA_ERR_FETCH_SLVERR, LIST },
		{ SRC, DST, LIST, LIST + 57, PQDMA_ERR_FETCH_SLVERR, LIST },
	};

	for (const struct failure &f : failures)
		fail_once(board, f);
}

void interrupts_of(tlm_board &board, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		desc_put(board, LIST + i * PQDMA_DESC_SIZE, PQDMA_OP_INTERRUPT, 0, 0, 0, 0);
}

/* Six completions, three a time; and one that time alone raises. */
void coalescing(tlm_board &board)
{
	unsigned int raised = 0;

	interrupts_of(board, 7);
	board.ch_write(0, PQDMA_CH_IRQ_COAL, 3 << PQDMA_IRQ_COAL_COUNT_SHIFT | 400 << PQDMA_IRQ_COAL_TIME_SHIFT);
	for (std::uint32_t tail = 3; tail <= 6; tail += 3, raised++) {
		if (tail == 3)
			board.start(0, LIST, 7, tail);
		else
			board.ch_write(0, PQDMA_CH_TAIL, tail);
		CHECK(board.wait_irq(0) == PQDMA_IRQ_DONE_MASK);
		CHECK(board.ch_read(0, PQDMA_CH_DONE) == tail);
	}
	const sc_time begin = sc_core::sc_time_stamp();

	board.ch_write(0, PQDMA_CH_TAIL, 7);
	CHECK(board.wait_irq(0) == PQDMA_IRQ_DONE_MASK);
	CHECK(sc_core::sc_time_stamp() >= begin + 400 * clock_period);
	CHECK(raised == 2);
	board.ch_write(0, PQDMA_CH_IRQ_COAL, 0);
	board.abort(0);
}

void bad_tail(tlm_board &board)
{
	interrupts_of(board, 2);
	board.start(0, LIST, 2, 2);
	CHECK(board.wait_irq(0) & PQDMA_IRQ_DONE_MASK);
	wait(sc_time(1, sc_core::SC_US));
	board.ch_write(0, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_DONE_MASK);
	board.ch_write(0, PQDMA_CH_TAIL, 1);
	CHECK(board.wait_irq(0) == PQDMA_IRQ_BAD_TAIL_MASK);
	board.ch_write(0, PQDMA_CH_TAIL, PQDMA_TAIL_WINDOW + 3);
	CHECK(board.wait_irq(0) == PQDMA_IRQ_BAD_TAIL_MASK);
	CHECK(board.ch_read(0, PQDMA_CH_TAIL) == 2);
	board.abort(0);
}

unsigned int state_of(tlm_board &board)
{
	return board.ch_read(0, PQDMA_CH_STATUS) & PQDMA_STATUS_STATE_MASK;
}

/* A ring that goes round for ever: paused it stands still, resumed it goes on, stopped it ends, aborted it forgets. */
void commands(tlm_board &board)
{
	std::uint32_t done;

	desc_put(board, LIST, PQDMA_OP_COPY, 0, 4096, SRC, DST);
	put_word(board, LIST + PQDMA_DESC_LINK_OFFSET, LIST | 1);
	board.ch_write(0, PQDMA_CH_CFG, PQDMA_CFG_BURST_RESET | PQDMA_CFG_CYCLIC_MASK);
	board.start(0, LIST, 1, 0);
	while (board.ch_read(0, PQDMA_CH_DONE) < 3)
		wait(clock_period);
	for (const std::uint32_t command : { PQDMA_CTRL_PAUSE_MASK, PQDMA_CTRL_STOP_MASK }) {
		board.ch_write(0, PQDMA_CH_CTRL, command);
		while (board.ch_read(0, PQDMA_CH_STATUS) & PQDMA_STATUS_BUSY_MASK)
			wait(clock_period);
		CHECK(state_of(board) == (command == PQDMA_CTRL_PAUSE_MASK ? PQDMA_STATE_PAUSE : PQDMA_STATE_STOP));
		done = board.ch_read(0, PQDMA_CH_DONE);
		wait(sc_time(20, sc_core::SC_US));
		CHECK(board.ch_read(0, PQDMA_CH_DONE) == done);
		board.ch_write(0, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		while (board.ch_read(0, PQDMA_CH_DONE) == done)
			wait(clock_period);
	}
	board.ch_write(0, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	CHECK(board.wait_irq(0) == PQDMA_IRQ_IDLE_MASK);
	CHECK(state_of(board) == PQDMA_STATE_IDLE && !board.ch_read(0, PQDMA_CH_DONE) && !board.ch_read(0, PQDMA_CH_BYTES));
	board.ch_write(0, PQDMA_CH_CFG, PQDMA_CFG_BURST_RESET);
}

/* How far the body was ahead of simulated time when it accessed memory, in a ring of copies of 256 bytes that goes on for 100 us */
sc_time most_ahead(tlm_board &board, const sc_time &quantum)
{
	tlm_utils::tlm_quantumkeeper::set_global_quantum(quantum);
	board.ram.most_ahead = sc_core::SC_ZERO_TIME;
	desc_put(board, LIST, PQDMA_OP_COPY, 0, 256, SRC, DST);
	put_word(board, LIST + PQDMA_DESC_LINK_OFFSET, LIST | 1);
	board.ch_write(0, PQDMA_CH_CFG, PQDMA_CFG_BURST_RESET | PQDMA_CFG_CYCLIC_MASK);
	board.start(0, LIST, 1, 0);
	wait(sc_time(100, sc_core::SC_US));
	board.abort(0);
	CHECK(*board.ram.at(SRC + 255) == *board.ram.at(DST + 255));
	board.ch_write(0, PQDMA_CH_CFG, PQDMA_CFG_BURST_RESET);
	tlm_utils::tlm_quantumkeeper::set_global_quantum(sc_core::SC_ZERO_TIME);
	return board.ram.most_ahead;
}

/* One descriptor ends at most 2 us after the quantum; pins are never ahead. */
void quantum(tlm_board &board)
{
	const sc_time step(2, sc_core::SC_US), ten(10, sc_core::SC_US);
	const sc_time without = most_ahead(board, sc_core::SC_ZERO_TIME), with = most_ahead(board, ten);

	CHECK(without < step);
	CHECK(board.is_fast() ? with > step && with < ten + step : with == sc_core::SC_ZERO_TIME);
}

#define DEVICE (TLM_TEST_RAM + 0xb0000)
#define PIECES 5u

/* 4 bytes a piece from a FIXED address, when the line asks */
void put_paced(tlm_board &board, unsigned int bytes)
{
	desc_put(board, LIST, PQDMA_OP_COPY, PQDMA_FLAG_PERI | PQDMA_FLAG_IRQ | PQDMA_FLAG_WB, bytes, DEVICE, DST);
	put_word(board, LIST + PQDMA_DESC_SETTINGS_OFFSET, PQDMA_SETTINGS_PACED_MASK | UINT64_C(2) << PQDMA_SETTINGS_SRC_WIDTH_SHIFT |
		 UINT64_C(1) << PQDMA_SETTINGS_SRC_MODE_SHIFT |
		 static_cast<std::uint64_t>(__builtin_ctz(PQDMA_BYTES)) << PQDMA_SETTINGS_DST_WIDTH_SHIFT);
}

/* The device shows another word for each request, and the last one ends the descriptor. */
void paced(tlm_board &board)
{
	put_paced(board, 4096);
	board.start(0, LIST, 1, 1);
	for (std::uint32_t i = 0; i < PIECES; i++) {
		const std::uint32_t word = 0x01010101 * (i + 1);

		wait(sc_time(1, sc_core::SC_US));
		CHECK(board.ch_read(0, PQDMA_CH_BYTES) <= 4 * i);
		std::memcpy(board.ram.at(DEVICE), &word, sizeof(word));
		board.drq_single[0] = true;
		board.drq_last[0] = i + 1 == PIECES;
		wait(board.dack[0].posedge_event());
		board.drq_single[0] = false;
		board.drq_last[0] = false;
		CHECK(!std::memcmp(board.ram.at(DST + 4 * i), &word, sizeof(word)));
	}
	CHECK(board.wait_irq(0) == PQDMA_IRQ_DONE_MASK);
	CHECK(board.ch_read(0, PQDMA_CH_BYTES) == 4 * PIECES);
	CHECK(static_cast<std::uint32_t>(word_at(board, LIST + PQDMA_DESC_STATUS_OFFSET)) == 4 * PIECES);
	board.abort(0);
}

void line_never_asks(tlm_board &board)
{
	put_paced(board, 64);
	board.ch_write(0, PQDMA_CH_REQ_TIMEOUT, 100);
	board.start(0, LIST, 1, 1);
	CHECK(board.wait_irq(0) == PQDMA_IRQ_ERROR_MASK);
	CHECK(board.ch_read(0, PQDMA_CH_ERR_CAUSE) == PQDMA_ERR_REQ_TIMEOUT);
	board.abort(0);
	board.ch_write(0, PQDMA_CH_REQ_TIMEOUT, 0);
	put_word(board, LIST + PQDMA_DESC_STATUS_OFFSET, 0);
	board.start(0, LIST, 1, 1);
	wait(sc_time(10, sc_core::SC_US));
	CHECK(state_of(board) == PQDMA_STATE_RUN);
	board.ch_write(0, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	CHECK(board.wait_irq(0) == PQDMA_IRQ_IDLE_MASK);
	CHECK(!word_at(board, LIST + PQDMA_DESC_STATUS_OFFSET));
}

/* While one channel waits for its line another one works. */
void waits_alone(tlm_board &board)
{
	put_paced(board, 64);
	board.start(0, LIST, 1, 1);
	wait(sc_time(1, sc_core::SC_US));
	desc_put(board, LIST + 4096, PQDMA_OP_FILL, PQDMA_FLAG_IRQ, 4096, 0x0101010101010101, DST);
	board.start(1, LIST + 4096, 1, 1);
	CHECK(board.wait_irq(1) == PQDMA_IRQ_DONE_MASK);
	CHECK(*board.ram.at(DST + 4095) == 1);
	board.abort(0);
	board.abort(1);
}

/* Reset in the middle of everything: registers are new at once, and what comes afterwards is right. */
void reset_while_running(tlm_board &board)
{
	for (unsigned int clocks = 20; clocks < 400; clocks += 37) {
		tlm_lists_make(board, clocks);
		tlm_lists_start(board, TLM_LIST_DESCS);
		wait(clocks * clock_period);
		board.do_reset();
		CHECK(!board.read32(PQDMA_REG_IRQ_PENDING));
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			CHECK(!board.ch_read(ch, PQDMA_CH_DONE) && !board.ch_read(ch, PQDMA_CH_TAIL));
			CHECK(!(board.ch_read(ch, PQDMA_CH_STATUS) & PQDMA_STATUS_STATE_MASK));
		}
	}
	wait(sc_time(10, sc_core::SC_US));
	run_random(board, 31);
}

} // namespace

int sc_main(int argc, char **argv)
{
	std::vector<struct tlm_test> tests = {
		{ "random_lists", random_lists, nullptr }, { "waiting_memory", waiting_memory, nullptr }, { "by_dmi", by_dmi, nullptr },
		{ "looked_at", looked_at, nullptr },
		{ "told_apart", told_apart, nullptr },
		{ "same_counters", nullptr, same_counters },
		{ "errors", errors, nullptr }, { "coalescing", coalescing, nullptr }, { "bad_tail", bad_tail, nullptr },
		{ "commands", commands, nullptr }, { "quantum", quantum, nullptr }, { "paced", paced, nullptr },
		{ "line_never_asks", line_never_asks, nullptr },
		{ "reset_while_running", reset_while_running, nullptr },
	};

	if (PQDMA_CHANNELS > 1)
		tests.push_back({ "waits_alone", waits_alone, nullptr });
	else
		std::printf("  waits_alone is left out: there is only one channel\n");
	return tlm_test_main(argc, argv, "lists", tests);
}
