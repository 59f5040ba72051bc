// SPDX-License-Identifier: MIT
// SIM=direct: the verilated controller, its packed pins read and written by pointer. The fastest way to run the RTL.
#include <cstdio>
#include <cstring>
#include <memory>
#include "Vtb_top.h"
#include "Vtb_top___024root.h"
#include "verilated.h"
#include "verilated_fst_c.h"
#if VM_COVERAGE
#include <cstdlib>
#include <string>
#include "verilated_cov.h"
#endif
extern "C" {
#include "carrier.h"
}

namespace {

constexpr int HALF = 5;
constexpr uint64_t WINDOW = 200000;
constexpr uint64_t SHOWN = 20000;

struct direct {
	struct dut dut;
	std::unique_ptr<VerilatedContext> context;
	std::unique_ptr<Vtb_top> top;
	bool showing;
	uint32_t shown[PIN_OUT_WORDS];
#if VM_COVERAGE
	unsigned int ticks;	/* in reset */
	bool counting;
#endif
	std::unique_ptr<VerilatedFstC> fst;
};

void half_clock(direct *d, bool level)
{
	d->top->rootp->tb_top__DOT__clk = level;
	d->top->eval();
	d->context->timeInc(HALF);
	if (d->fst)
		d->fst->dump(d->context->time());
}

#if VM_COVERAGE
void write_coverage(direct *d, const char *suffix)
{
	const char *path = std::getenv("PQDMA_COVERAGE");

	if (path)
		d->context->coveragep()->write((std::string(path) + suffix).c_str());
}

/*
 * What happens until the first reset is over is no test's doing: power-up, and Verilator's own first comparison of each bit.
 * Yet Verilator counts a combinational block without conditions only then, so it is written to a file of its own.
 */
void count_from_reset(direct *d, const uint32_t *in)
{
	if (d->counting)
		return;
	if (!d->ticks++)
		write_coverage(d, ".start");
	d->counting = in[PIN_IN_rst_n / 32] >> PIN_IN_rst_n % 32 & 1;
	if (!d->counting)
		d->context->coveragep()->zero();
}
#endif

void direct_tick(struct dut *dut, const uint32_t *in, uint32_t *out, uint32_t *unknown)
{
	direct *d = reinterpret_cast<direct *>(dut);
	Vtb_top___024root *root = d->top->rootp;

	std::memcpy(root->tb_top__DOT__in.data(), in, PIN_IN_WORDS * sizeof(*in));
	half_clock(d, false);
	if (d->showing)
		std::memcpy(root->tb_top__DOT__exp.data(), d->shown, sizeof(d->shown));
	half_clock(d, true);
	std::memcpy(out, root->tb_top__DOT__out.data(), PIN_OUT_WORDS * sizeof(*out));
	std::memset(unknown, 0, PIN_OUT_WORDS * sizeof(*unknown));
#if VM_COVERAGE
	count_from_reset(d, in);
#endif
}

void direct_show(struct dut *dut, const uint32_t *expected)
{
	direct *d = reinterpret_cast<direct *>(dut);

	std::memcpy(d->shown, expected, sizeof(d->shown));
	d->showing = true;
}

void direct_close(struct dut *dut)
{
	direct *d = reinterpret_cast<direct *>(dut);

	if (d->fst) {
		half_clock(d, false);	/* gives what the last edge made a width in the dump */
		d->fst->close();
	}
	d->top->final();
#if VM_COVERAGE
	write_coverage(d, "");
#endif
	delete d;
}

bool direct_trace(struct dut *dut, const char *path, uint64_t edges)
{
	direct *d = reinterpret_cast<direct *>(dut);

	(void)edges;	/* Verilator knows the time */
	d->fst = std::make_unique<VerilatedFstC>();
	d->top->trace(d->fst.get(), 99);
	d->fst->open(path);
	return d->fst->isOpen();
}

const struct dut_ops direct_ops = { "rtl", direct_tick, direct_show, direct_trace, direct_close };

struct dut *direct_open(uint64_t seed)
{
	auto d = std::make_unique<direct>();

	d->dut.ops = &direct_ops;
	d->context = std::make_unique<VerilatedContext>();
	d->context->threads(1);	/* otherwise it starts one for each core, which do nothing, and do not live on in a snapshot */
	d->context->randReset(VM_COVERAGE ? 0 : 2);	/* random, as in hardware; but a random start would count as a change */
	d->context->randSeed(static_cast<int>(seed % 0x7ffffffe) + 1);
	d->context->traceEverOn(true);
	d->top = std::make_unique<Vtb_top>(d->context.get(), "");
	d->top->eval();	/* initial values are set here, over what was put before */
	return &d.release()->dut;
}

const struct carrier direct_carrier = { "direct", false, WINDOW, SHOWN, direct_open };

} // namespace

int main(int argc, char **argv)
{
	return bench_main(&direct_carrier, argc, argv);
}
