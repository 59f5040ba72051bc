// SPDX-License-Identifier: MIT
// SIM=verilator: main() for the verilated controller behind VPI. Verilator's own generated main() calls no VPI callback.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include "Vtb_top.h"
#include "verilated.h"
#include "verilated_vpi.h"
#include "verilated_fst_c.h"
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

std::unique_ptr<Vtb_top> top;

std::unique_ptr<VerilatedFstC> fst;

void run(VerilatedContext *context)
{
	while (!context->gotFinish()) {
		top->eval();
		if (fst)
			fst->dump(context->time());
		if (VerilatedVpi::cbNextDeadline() == ~0ull)
			break;
		context->time(VerilatedVpi::cbNextDeadline());
		VerilatedVpi::callTimedCbs();
	}
}

} // namespace

bool tb_vpi_trace(const char *path)
{
	fst = std::make_unique<VerilatedFstC>();
	top->trace(fst.get(), 99);
	fst->open(path);
	return fst->isOpen();
}

int main(int argc, char **argv)
{
	auto context = std::make_unique<VerilatedContext>();

	context->threads(1);	/* otherwise it starts one for each core, which do nothing, and do not live on in a snapshot */
	context->commandArgs(argc, argv);
	context->randReset(2);	/* registers start with random values, as in hardware */
	context->randSeed(rand_seed(plusarg(argc, argv, "+seed=")));
	context->traceEverOn(true);
	top = std::make_unique<Vtb_top>(context.get(), "");
	for (int i = 0; vlog_startup_routines[i]; i++)
		vlog_startup_routines[i]();
	VerilatedVpi::callCbs(cbStartOfSimulation);
	run(context.get());
	top->final();
	if (fst)
		fst->close();
	fst.reset();	/* these two before what they were made with goes */
	top.reset();
	return tb_vpi_status();
}
