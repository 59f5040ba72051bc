// SPDX-License-Identifier: MIT
// The bodies against each other: the RTL and the model in lockstep behind their transactors, every pin on every clock; and how far
// the loosely timed body's time is from theirs.
#define SC_INCLUDE_DYNAMIC_PROCESSES
#include <cstring>
#include "tlm_lists.h"

#define FIRST_SEED 41
#define SEEDS 4

using sc_core::sc_time;

namespace {

/* What two bodies did so far */
struct pair {
	const pqdma_tlm_pins *a;
	const pqdma_tlm_pins *b;
	unsigned long compared;
	unsigned long different;
	unsigned long beats;

	void compare()
	{
#define SAME(name, width) && !std::memcmp(&x.name, &y.name, sizeof(x.name))
		const struct pqdma_in &x = a->last_in(), &y = b->last_in();
		const bool same_in = true PQDMA_PINS_IN(SAME, SAME);

		different += !(same_in && same_out());
		compared++;
		beats += x.m_axi_rvalid;
	}

	bool same_out() const
	{
		const struct pqdma_out &x = a->last_out(), &y = b->last_out();

		return true PQDMA_PINS_OUT(SAME, SAME);
#undef SAME
	}
};

void scenario(tlm_board &board, std::uint64_t seed)
{
	board.do_reset();
	board.ram.wait_inside(seed % 2);
	tlm_lists_make(board, seed);
	tlm_lists_start(board, TLM_LIST_DESCS / 2);
	tlm_lists_wait(board, TLM_LIST_DESCS / 2);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		board.ch_write(ch, PQDMA_CH_TAIL, TLM_LIST_DESCS);
	tlm_lists_wait(board, TLM_LIST_DESCS);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		board.abort(ch);
	board.ram.wait_inside(false);
}

/* Both at once, from the same moment on */
void both(tlm_board &a, std::uint64_t seed_a, tlm_board &b, std::uint64_t seed_b)
{
	sc_core::sc_process_handle first = sc_core::sc_spawn([&] { scenario(a, seed_a); });
	sc_core::sc_process_handle second = sc_core::sc_spawn([&] { scenario(b, seed_b); });

	while (!first.terminated())
		wait(first.terminated_event());
	while (!second.terminated())
		wait(second.terminated_event());
}

struct pair run_pair(std::vector<tlm_board *> &boards, std::uint64_t seed_a, std::uint64_t seed_b)
{
	struct pair pair = {
		dynamic_cast<pqdma_tlm_pins *>(boards[0]->dma.get()), dynamic_cast<pqdma_tlm_pins *>(boards[1]->dma.get()), 0, 0, 0,
	};
	sc_core::sc_spawn_options on_fall;

	on_fall.spawn_method();
	on_fall.dont_initialize();
	on_fall.set_sensitivity(&boards[0]->dma->clk.negedge_event());
	sc_core::sc_process_handle watch = sc_core::sc_spawn([&] { pair.compare(); }, "watch", &on_fall);

	both(*boards[0], seed_a, *boards[1], seed_b);
	watch.kill();
	return pair;
}

void lockstep(std::vector<tlm_board *> &boards)
{
	for (std::uint64_t seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
		const struct pair pair = run_pair(boards, seed, seed);

		CHECK(pair.compared > 1000 && pair.beats > 500);
		CHECK(!pair.different);
		CHECK(boards[0]->ram.bytes == boards[1]->ram.bytes);
		std::printf("  lockstep: seed %u, %lu clocks compared, %lu beats read\n", static_cast<unsigned int>(seed), pair.compared,
			    pair.beats);
	}
}

/* The comparison sees that two runs are not the same. */
void difference_is_seen(std::vector<tlm_board *> &boards)
{
	CHECK(run_pair(boards, FIRST_SEED, FIRST_SEED + 1).different > 100);
}

/* Clocks that a copy of @bytes takes from the doorbell to the interrupt, in each of the first @n channels at once */
double clocks_of(tlm_board &board, unsigned int bytes, unsigned int n = 1)
{
	const std::uint64_t list = TLM_TEST_RAM, src = list + 0x10000, dst = list + 0x50000;
	sc_time begin;

	desc_put(board, list, PQDMA_OP_COPY, PQDMA_FLAG_IRQ, bytes, src, dst);
	for (unsigned int ch = 0; ch < n; ch++)
		board.start(ch, list, 1, 1);
	begin = sc_core::sc_time_stamp();
	for (unsigned int ch = 0; ch < n; ch++)
		CHECK(board.wait_irq(ch) == PQDMA_IRQ_DONE_MASK);
	const double clocks = (sc_core::sc_time_stamp() - begin) / sc_time(10, sc_core::SC_NS);

	for (unsigned int ch = 0; ch < n; ch++)
		board.abort(ch);
	return clocks;
}

#define STRIPS_COPIED 8u

/* Payloads at memory for a copy of some whole strips: descriptor, reads, writes */
unsigned int payloads_of(tlm_board &board, unsigned int offset)
{
	const std::uint64_t list = TLM_TEST_RAM, src = list + 0x10000, dst = list + 0x50000;
	const unsigned int before = board.ram.reads + board.ram.writes;

	desc_put(board, list, PQDMA_OP_COPY, PQDMA_FLAG_IRQ, STRIPS_COPIED * PQDMA_STRIP_BYTES, src + offset, dst);
	board.start(0, list, 1, 1);
	CHECK(board.wait_irq(0) == PQDMA_IRQ_DONE_MASK);
	board.abort(0);
	return board.ram.reads + board.ram.writes - before;
}

/*
 * What docs/systemc.md says: RTL and model take the same clocks, and the loosely timed body at most a tenth more or less. Memory
 * has a latency of 10 clocks.
 */
void timing(std::vector<tlm_board *> &boards)
{
	for (const unsigned int bytes : { 256u, 4096u, 65536u, 262144u }) {
		const double rtl = clocks_of(*boards[0], bytes), model = clocks_of(*boards[1], bytes), fast = clocks_of(*boards[2], bytes);

		std::printf("  timing: copy of %u bytes: rtl %.0f, model %.0f, fast %.0f clocks\n", bytes, rtl, model, fast);
		CHECK(rtl == model);
		CHECK(fast > 0.9 * rtl && fast < 1.1 * rtl);
	}
}

/* Two channels share the bus of the bodies with pins; each has the loosely timed one for itself. */
void together(std::vector<tlm_board *> &boards)
{
	for (tlm_board *board : boards) {
		const double alone = clocks_of(*board, 65536), both = clocks_of(*board, 65536, 2);

		std::printf("  together on %s: %.0f clocks, alone %.0f\n", board->basename(), both, alone);
		CHECK(board->is_fast() ? both < 1.1 * alone : both > 1.8 * alone);
	}
}

/* A payload is a burst of a body with pins, a strip of a source for the loosely timed one: the same as long as no strip crosses a limit. */
void payloads(std::vector<tlm_board *> &boards)
{
	for (const unsigned int offset : { 0u, PQDMA_BYTES - 1u }) {
		unsigned int n[3];

		for (std::size_t i = 0; i < boards.size(); i++)
			n[i] = payloads_of(*boards[i], offset);
		std::printf("  payloads of a copy %u bytes off: rtl %u, model %u, fast %u\n", offset, n[0], n[1], n[2]);
		CHECK(n[0] == n[1]);
		CHECK(n[2] == 1 + 2 * STRIPS_COPIED && (offset ? n[0] == n[2] + STRIPS_COPIED : n[0] == n[2]));
	}
}

} // namespace

int sc_main(int argc, char **argv)
{
	std::vector<struct tlm_test> tests = {
		{ "lockstep", nullptr, lockstep }, { "difference_is_seen", nullptr, difference_is_seen }, { "timing", nullptr, timing },
		{ "payloads", nullptr, payloads },
	};

	if (PQDMA_CHANNELS > 1)
		tests.push_back({ "together", nullptr, together });
	else
		std::printf("  together is left out: there is only one channel\n");
	return tlm_test_main(argc, argv, "bodies", tests);
}
