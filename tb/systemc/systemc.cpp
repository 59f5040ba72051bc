// SPDX-License-Identifier: MIT
// SIM=systemc: the controller as a SystemC module, each pin a signal, on an sc_clock. The bench owns the loop: a tick puts the
// input pins, lets one period pass, and gets the output pins. The rising edge is in the middle of the period. Waves have the times of
// the other simulators: edge n at n * 10 ns.
#include <cstdio>
#include <cstring>
#include <memory>
#include <systemc>
#include "pqdma_rtl_pins.h"
#include "verilated_fst_c.h"
extern "C" {
#include "carrier.h"
}

namespace {

constexpr uint64_t HALF = 5;
constexpr uint64_t WINDOW = 200000;
constexpr uint64_t SHOWN = 20000;
const sc_core::sc_time half(HALF, sc_core::SC_NS);

struct systemc {
	struct dut dut;
	sc_core::sc_clock clk { "clk", 2 * half, 0.5, half };
	pqdma_signals pins { "pins" };
	pqdma_rtl_pins rtl { "pqdma" };
	uint64_t time = 0;	/* of the waves, in ns */
	std::unique_ptr<VerilatedFstC> fst;

	systemc()
	{
		rtl.clk(clk);
		pins.bind(rtl);
	}
};

void half_clock(systemc *s)
{
	sc_core::sc_start(half);
	s->time += HALF;
	s->fst->dump(s->time);
}

void systemc_tick(struct dut *dut, const uint32_t *in, uint32_t *out, uint32_t *unknown)
{
	systemc *s = reinterpret_cast<systemc *>(dut);
	struct pqdma_in pins_in;
	struct pqdma_out pins_out;

	pins_unpack_in(&pins_in, in);
	s->pins.put(pins_in);
	if (s->fst) {
		half_clock(s);
		half_clock(s);
	} else {
		sc_core::sc_start(2 * half);
	}
	s->pins.get(pins_out);
	pins_pack_out(out, &pins_out);
	std::memset(unknown, 0, PIN_OUT_WORDS * sizeof(*unknown));
}

void systemc_close(struct dut *dut)
{
	systemc *s = reinterpret_cast<systemc *>(dut);

	if (s->fst)
		s->fst->close();
	sc_core::sc_stop();
	s->rtl.final();
	delete s;
}

bool systemc_trace(struct dut *dut, const char *path, uint64_t edges)
{
	systemc *s = reinterpret_cast<systemc *>(dut);

	sc_core::sc_start(sc_core::SC_ZERO_TIME);	/* a module has its scopes only after elaboration */
	s->time = 2 * HALF * edges;
	s->fst = std::make_unique<VerilatedFstC>();
	s->fst->set_time_unit("1ns");
	s->fst->set_time_resolution("1ns");
	s->rtl.trace(s->fst.get(), 99);
	s->fst->open(path);
	return s->fst->isOpen();
}

const struct dut_ops systemc_ops = { "rtl", systemc_tick, nullptr, systemc_trace, systemc_close };

struct dut *systemc_open(uint64_t seed)
{
	Verilated::threadContextp()->threads(1);	/* otherwise it starts one for each core, which do not live on in a snapshot */
	Verilated::threadContextp()->traceEverOn(true);
	Verilated::randReset(2);	/* registers start with random values, as in hardware */
	Verilated::randSeed(static_cast<int>(seed % 0x7ffffffe) + 1);
	auto s = std::make_unique<systemc>();

	s->dut.ops = &systemc_ops;
	return &s.release()->dut;
}

const struct carrier systemc_carrier = { "systemc", false, WINDOW, SHOWN, systemc_open };

} // namespace

int sc_main(int argc, char **argv)
{
	return bench_main(&systemc_carrier, argc, argv);
}
