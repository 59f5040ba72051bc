// SPDX-License-Identifier: MIT
// Boards, checks, and the main program of the tests of pqdma_tlm.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "tlm_test.h"

#define LIMIT_NS 20000000	/* simulated; a test that takes longer hangs */

using sc_core::sc_time;

namespace {

unsigned long checks;
const char *running = "nothing";
const sc_time period(10, sc_core::SC_NS);

} // namespace

void tlm_test_check(bool ok, const char *text, const char *file, int line)
{
	checks++;
	if (ok)
		return;
	std::printf("FAIL %s at %s: %s:%d: not true: %s\n", running, sc_core::sc_time_stamp().to_string().c_str(), file, line, text);
	std::fflush(stdout);
	std::_Exit(EXIT_FAILURE);
}

tlm_board::tlm_board(const sc_core::sc_module_name &module, sc_core::sc_signal_in_if<bool> &clk,
		     const std::function<std::unique_ptr<pqdma_tlm>()> &make_dma)
	: sc_core::sc_module(module), dma(make_dma())
{
	cpu.register_nb_transport_bw(this, &tlm_board::nb_transport_bw);
	dma->clk(clk);
	dma->rst_n(rst_n);
	dma->irq(irq);
	dma->drq_single(drq_single);
	dma->drq_burst(drq_burst);
	dma->drq_last(drq_last);
	dma->dack(dack);
	cpu.bind(dma->regs);
	dma->mem.bind(ram.socket);
#if PQDMA_WITH_DESC_PORT
	dma->desc.bind(ram.socket);
#endif
}

tlm::tlm_sync_enum tlm_board::nb_transport_bw(tlm::tlm_generic_payload &, tlm::tlm_phase &phase, sc_time &delay)
{
	if (phase != tlm::BEGIN_RESP)
		return tlm::TLM_ACCEPTED;
	responded.notify(delay);
	return tlm::TLM_COMPLETED;
}

bool tlm_board::is_fast() const
{
	return dynamic_cast<const pqdma_tlm_fast *>(dma.get());
}

tlm::tlm_response_status tlm_board::send(tlm::tlm_generic_payload &trans)
{
	sc_time delay = sc_core::SC_ZERO_TIME;

	trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
	cpu->b_transport(trans, delay);
	wait(delay);
	return trans.get_response_status();
}

static void access32(tlm_board &board, tlm::tlm_command command, std::uint32_t addr, std::uint32_t *value)
{
	tlm::tlm_generic_payload trans;

	trans.set_command(command);
	trans.set_address(addr);
	trans.set_data_ptr(reinterpret_cast<unsigned char *>(value));
	trans.set_data_length(sizeof(*value));
	trans.set_streaming_width(sizeof(*value));
	CHECK(board.send(trans) == tlm::TLM_OK_RESPONSE);
}

std::uint32_t tlm_board::read32(std::uint32_t addr)
{
	std::uint32_t value = 0;

	access32(*this, tlm::TLM_READ_COMMAND, addr, &value);
	return value;
}

void tlm_board::write32(std::uint32_t addr, std::uint32_t value)
{
	access32(*this, tlm::TLM_WRITE_COMMAND, addr, &value);
}

std::uint32_t tlm_board::ch_read(unsigned int ch, std::uint32_t reg)
{
	return read32(PQDMA_CH(ch) + reg);
}

void tlm_board::ch_write(unsigned int ch, std::uint32_t reg, std::uint32_t value)
{
	write32(PQDMA_CH(ch) + reg, value);
}

std::uint32_t tlm_board::wait_irq(unsigned int ch)
{
	std::uint32_t status;

	if (!irq[ch].read())
		wait(irq[ch].posedge_event());
	status = ch_read(ch, PQDMA_CH_IRQ_STATUS);
	ch_write(ch, PQDMA_CH_IRQ_STATUS, status);
	return status;
}

void tlm_board::start(unsigned int ch, std::uint64_t head, unsigned int count, std::uint32_t tail)
{
	ch_write(ch, PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK | PQDMA_IRQ_BAD_TAIL_MASK | PQDMA_IRQ_IDLE_MASK);
	ch_write(ch, PQDMA_CH_HEAD_LO, static_cast<std::uint32_t>(head));
	ch_write(ch, PQDMA_CH_HEAD_HI, static_cast<std::uint32_t>(head >> 32));
	ch_write(ch, PQDMA_CH_HEAD_COUNT, count);
	ch_write(ch, PQDMA_CH_TAIL, tail);
	ch_write(ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
}

void tlm_board::abort(unsigned int ch)
{
	ch_write(ch, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_IDLE_MASK);
	ch_write(ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	while (ch_read(ch, PQDMA_CH_STATUS) & PQDMA_STATUS_STATE_MASK)
		wait(period);
	ch_write(ch, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_IDLE_MASK | PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK);
}

void tlm_board::do_reset()
{
	rst_n = false;
	wait(4 * period);
	rst_n = true;
	wait(period);
}

void put_word(tlm_board &board, std::uint64_t addr, std::uint64_t word)
{
	std::memcpy(board.ram.at(addr), &word, sizeof(word));
}

std::uint64_t word_at(tlm_board &board, std::uint64_t addr)
{
	std::uint64_t word;

	std::memcpy(&word, board.ram.at(addr), sizeof(word));
	return word;
}

void desc_put(tlm_board &board, std::uint64_t addr, std::uint32_t op, std::uint32_t flags, std::uint32_t length, std::uint64_t src,
	      std::uint64_t dst)
{
	std::memset(board.ram.at(addr), 0, PQDMA_DESC_SIZE);
	put_word(board, addr + PQDMA_DESC_HEAD_OFFSET, static_cast<std::uint64_t>(length) << 32 | flags << 8 | op);
	put_word(board, addr + PQDMA_DESC_SRC_OFFSET, src);
	put_word(board, addr + PQDMA_DESC_DST_OFFSET, dst);
}

namespace {

struct runner : sc_core::sc_module {
	runner(const sc_core::sc_module_name &module, const std::vector<struct tlm_test> &what, const std::vector<tlm_board *> &where)
		: sc_core::sc_module(module), tests(what), boards(where)
	{
		SC_HAS_PROCESS(runner);
		SC_THREAD(run);
		set_stack_size(1 << 20);
	}

	void run()
	{
		for (tlm_board *board : boards)
			board->do_reset();
		for (const struct tlm_test &test : tests) {
			running = test.name;
			if (test.on_all)
				test.on_all(boards);
			else
				for (tlm_board *board : boards)
					run_on(test, *board);
		}
		over = true;
		sc_core::sc_stop();
	}

	void run_on(const struct tlm_test &test, tlm_board &board)
	{
		const unsigned long before = checks;

		test.on_each(board);
		CHECK(checks > before);
		std::printf("  %s on %s: %lu checks\n", test.name, board.basename(), checks - before - 1);
	}

	const std::vector<struct tlm_test> &tests;
	std::vector<tlm_board *> boards;
	bool over = false;
};

} // namespace

int tlm_test_main(int argc, char **, const char *name, const std::vector<struct tlm_test> &tests)
{
	sc_core::sc_clock clk("clk", period);
	tlm_board rtl("rtl", clk, [] { return std::make_unique<pqdma_tlm_rtl>("dma"); });
	tlm_board model("model", clk, [] { return std::make_unique<pqdma_tlm_model>("dma"); });
	tlm_board fast("fast", clk, [] { return std::make_unique<pqdma_tlm_fast>("dma", period); });
	runner run("runner", tests, { &rtl, &model, &fast });

	if (argc != 1) {
		std::fprintf(stderr, "test_%s takes no arguments\n", name);
		return 2;
	}
	sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_DO_NOTHING);	/* that the simulation stops is no news */
	sc_core::sc_start(LIMIT_NS, sc_core::SC_NS);
	if (!run.over) {
		std::printf("FAIL %s: not finished after %d ns, in %s\n", name, LIMIT_NS, running);
		return 1;
	}
	std::printf("PASS %s: %zu tests, %lu checks\n", name, tests.size(), checks);
	return checks ? 0 : 1;
}
