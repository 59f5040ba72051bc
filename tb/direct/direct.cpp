// SPDX-License-Identifier: MIT
// SIM=direct: the verilated controller, its packed pins read and written by pointer. The fastest way to run the RTL.
#include <cstdio>
#include <cstring>
#include <memory>
#include "Vtb_top.h"
#include "Vtb_top___024root.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_fst_c.h"
#endif
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
#if VM_TRACE
	std::unique_ptr<VerilatedFstC> fst;
#endif
};

void half_clock(direct *d, bool level)
{
	d->top->rootp->tb_top__DOT__clk = level;
	d->top->eval();
	d->context->timeInc(HALF);
#if VM_TRACE
	if (d->fst)
		d->fst->dump(d->context->time());
#endif
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

#if VM_TRACE
	if (d->fst) {
		half_clock(d, false);	/* gives what the last edge made a width in the dump */
		d->fst->close();
	}
#endif
	d->top->final();
#if VM_COVERAGE
	write_coverage(d, "");
#endif
	delete d;
}

const struct dut_ops direct_ops = { "rtl", direct_tick, direct_show, direct_close };

bool open_waves(direct *d, const char *path)
{
#if VM_TRACE
	d->context->traceEverOn(true);
	d->fst = std::make_unique<VerilatedFstC>();
	d->top->trace(d->fst.get(), 99);
	d->fst->open(path);
	if (d->fst->isOpen())
		return true;
	std::fprintf(stderr, "direct: cannot write %s\n", path);
#else
	(void)d;
	(void)path;
	std::fprintf(stderr, "direct: this build has no waves; build it with WAVES=1\n");
#endif
	return false;
}

struct dut *direct_open(const char *waves, uint64_t seed)
{
	auto d = std::make_unique<direct>();

	d->dut.ops = &direct_ops;
	d->context = std::make_unique<VerilatedContext>();
	d->context->randReset(VM_COVERAGE ? 0 : 2);	/* random, as in hardware; but a random start would count as a change */
	d->context->randSeed(static_cast<int>(seed % 0x7ffffffe) + 1);
	d->top = std::make_unique<Vtb_top>(d->context.get(), "");
	if (waves && !open_waves(d.get(), waves))
		return nullptr;
	d->top->eval();	/* initial values are set here, over what was put before */
	return &d.release()->dut;
}

const struct carrier direct_carrier = { "direct", false, direct_open };

} // namespace

int main(int argc, char **argv)
{
	return bench_main(&direct_carrier, argc, argv);
}
