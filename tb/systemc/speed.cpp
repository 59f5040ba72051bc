// SPDX-License-Identifier: MIT
// How fast a body of pqdma_tlm simulates: copies of 256 KiB, one after another, judged by their bytes. Used by `make bench`.
//
// usage: speed BODY COPIES     BODY is rtl, model, fast (no DMI) or dmi (fast, with DMI)
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include "tlm_test.h"

#define BYTES 0x40000u
#define SRC (TLM_TEST_RAM + 0x40000)
#define DST (TLM_TEST_RAM + 0x80000)

namespace {

const sc_core::sc_time period(10, sc_core::SC_NS);

std::unique_ptr<pqdma_tlm> make_body(const char *name)
{
	if (!std::strcmp(name, "rtl"))
		return std::make_unique<pqdma_tlm_rtl>("dma");
	if (!std::strcmp(name, "model"))
		return std::make_unique<pqdma_tlm_model>("dma");
	return std::make_unique<pqdma_tlm_fast>("dma", period);
}

struct copier : sc_core::sc_module {
	copier(const sc_core::sc_module_name &module, tlm_board &where, unsigned int count)
		: sc_core::sc_module(module), board(where), copies(count)
	{
		SC_HAS_PROCESS(copier);
		SC_THREAD(run);
	}

	void run()
	{
		board.do_reset();
		for (; done < copies; done++) {
			std::memset(board.ram.at(SRC), static_cast<int>(done), BYTES);
			desc_put(board, TLM_TEST_RAM, PQDMA_OP_COPY, PQDMA_FLAG_IRQ, BYTES, SRC, DST);
			board.start(0, TLM_TEST_RAM, 1, 1);
			CHECK(board.wait_irq(0) == PQDMA_IRQ_DONE_MASK);
			board.abort(0);
			CHECK(!std::memcmp(board.ram.at(SRC), board.ram.at(DST), BYTES));
		}
		sc_core::sc_stop();
	}

	tlm_board &board;
	const unsigned int copies;
	unsigned int done = 0;
};

bool is_body(const char *name)
{
	for (const char *body : { "rtl", "model", "fast", "dmi" })
		if (!std::strcmp(body, name))
			return true;
	return false;
}

} // namespace

int sc_main(int argc, char **argv)
{
	const unsigned int copies = argc == 3 ? static_cast<unsigned int>(std::strtoul(argv[2], nullptr, 10)) : 0;

	if (!copies || !is_body(argv[1])) {
		std::fprintf(stderr, "usage: speed rtl|model|fast|dmi COPIES\n");
		return 2;
	}
	const bool has_clock = argv[1][0] == 'r' || argv[1][0] == 'm';
	sc_core::sc_clock clk("clk", period);
	sc_core::sc_signal<bool> no_clk("no_clk");
	sc_core::sc_signal_in_if<bool> &used = has_clock ? static_cast<sc_core::sc_signal_in_if<bool> &>(clk) : no_clk;
	tlm_board board("board", used, [=] { return make_body(argv[1]); });
	copier run("copier", board, copies);

	if (!std::strcmp(argv[1], "dmi"))
		board.ram.grant_dmi(true);
	const std::clock_t begin = std::clock();

	sc_core::sc_start();
	const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;

	std::printf("speed %s: %u copies, %.0f clocks, %.0f clocks/s, %.1f MB/s\n", argv[1], run.done, sc_core::sc_time_stamp() / period,
		    sc_core::sc_time_stamp() / period / seconds, static_cast<double>(run.done) * BYTES / 1e6 / seconds);
	return run.done == copies ? 0 : 1;
}
