// SPDX-License-Identifier: MIT
// SIM=verilator: main() for the verilated controller behind VPI. Verilator's own generated main() calls no VPI callback.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include "Vtb_top.h"
#include "verilated.h"
#include "verilated_vpi.h"
#if VM_TRACE
#include "verilated_fst_c.h"
#endif
extern "C" {
#include "tb_vpi.h"
}

namespace {

const char *plusarg(int argc, char **argv, const char *name)
{
	const std::size_t length = std::strlen(name);

	for (int i = 1; i < argc; i++)
		if (!std::strncmp(argv[i], name, length))
			return argv[i] + length;
	return nullptr;
}

/* A bad seed is the bench's to complain about. */
int rand_seed(const char *text)
{
	return static_cast<int>((text ? std::strtoull(text, nullptr, 0) : 1) % 0x7ffffffe) + 1;
}

} // namespace

int main(int argc, char **argv)
{
	auto context = std::make_unique<VerilatedContext>();
	const char *waves = plusarg(argc, argv, "+waves=");

	context->commandArgs(argc, argv);
	context->randReset(2);	/* registers start with random values, as in hardware */
	context->randSeed(rand_seed(plusarg(argc, argv, "+seed=")));
	auto top = std::make_unique<Vtb_top>(context.get(), "");
#if VM_TRACE
	VerilatedFstC fst;
	context->traceEverOn(true);
	if (waves) {
		top->trace(&fst, 99);
		fst.open(waves);
		if (!fst.isOpen()) {
			std::fprintf(stderr, "verilator: cannot write %s\n", waves);
			return 2;
		}
	}
#else
	if (waves) {
		std::fprintf(stderr, "verilator: this build has no waves; build it with WAVES=1\n");
		return 2;
	}
#endif
	for (int i = 0; vlog_startup_routines[i]; i++)
		vlog_startup_routines[i]();
	VerilatedVpi::callCbs(cbStartOfSimulation);
	while (!context->gotFinish()) {
		top->eval();
#if VM_TRACE
		if (fst.isOpen())
			fst.dump(context->time());
#endif
		if (VerilatedVpi::cbNextDeadline() == ~0ull)
			break;
		context->time(VerilatedVpi::cbNextDeadline());
		VerilatedVpi::callTimedCbs();
	}
	top->final();
#if VM_TRACE
	if (fst.isOpen())
		fst.close();
#endif
	return tb_vpi_status();
}
