// SPDX-License-Identifier: MIT
// The example platform: docs/systemc.md explains it and what it prints.
//
// usage: example BODY [FILE.vcd]     BODY is rtl, model or fast
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include "platform.h"
#include "pqdma_tlm_fast.h"
#include "pqdma_tlm_model.h"
#include "pqdma_tlm_rtl.h"
#include "stack_cpu.h"
#include "tlm_memory.h"
extern "C" {
#include "client.h"
}

#define RAM UINT64_C(0x4000000000)
#define RAM_BYTES (8u << 20)		/* the kernel's */
#define OTHER_BYTES 4096u		/* the other initiator's, behind them */
#define LIMIT_MS 100

using sc_core::sc_time;

namespace {

const sc_time period(10, sc_core::SC_NS);

/* The order in which initiators are bound to the bus */
enum { BY_CPU, BY_DMA, BY_OTHER };

struct platform : sc_core::sc_module {
	sc_core::sc_signal<bool> clk { "clk" };		/* the fast body needs no clock: only the others get one */
	sc_core::sc_signal<bool> rst_n { "rst_n" };
	sc_core::sc_vector<sc_core::sc_signal<bool>> irq { "irq", PQDMA_CHANNELS };
	sc_core::sc_signal<bool> drq { "drq" };
	sc_core::sc_signal<bool> dack { "dack" };
	struct example_result result = {};
	tlm_memory ram { "ram", RAM, RAM_BYTES + OTHER_BYTES, 5 * period };
	example_bus bus { "bus", EXAMPLE_SERIAL, PQDMA_BYTES, period };
	example_traffic other { "other", RAM + RAM_BYTES, 256, 30 * period };
	example_serial serial { "serial", 40 * period };
	stack_cpu cpu { "cpu", PQDMA_CHANNELS, RAM, RAM_BYTES, period, example_client, &result };
	std::unique_ptr<pqdma_tlm> dma;

	platform(const sc_core::sc_module_name &module, const char *body, std::unique_ptr<pqdma_tlm> (*make)())
		: sc_core::sc_module(module), dma(make()), clocked(std::strcmp(body, "fast"))
	{
		cpu.regs.bind(dma->regs);
		cpu.mem.bind(bus.in);
		dma->mem.bind(bus.in);
		other.socket.bind(bus.in);
#if PQDMA_WITH_DESC_PORT
		dma->desc.bind(bus.in);
#endif
		bus.ram.bind(ram.socket);
		bus.serial.bind(serial.socket);
		dma->clk(clk);
		dma->rst_n(rst_n);
		dma->irq(irq);
		dma->drq_single[EXAMPLE_LINE](drq);
		dma->dack[EXAMPLE_LINE](dack);
		serial.drq(drq);
		serial.dack(dack);
		cpu.rst_n(rst_n);
		cpu.irq(irq);
		ram.grant_dmi(true);
		SC_HAS_PROCESS(platform);
		SC_THREAD(power_up);
	}

	void power_up()
	{
		rst_n = false;
		for (unsigned int half = 0; clocked || half < 8; half++) {
			if (half == 8)
				rst_n = true;
			clk = clocked && half % 2;
			wait(period / 2);
		}
		rst_n = true;
	}

	const bool clocked;
};

struct body {
	const char *name;
	std::unique_ptr<pqdma_tlm> (*make)();
};

const struct body bodies[] = {
	{ "rtl", []() -> std::unique_ptr<pqdma_tlm> { return std::make_unique<pqdma_tlm_rtl>("dma"); } },
	{ "model", []() -> std::unique_ptr<pqdma_tlm> { return std::make_unique<pqdma_tlm_model>("dma"); } },
	{ "fast", []() -> std::unique_ptr<pqdma_tlm> { return std::make_unique<pqdma_tlm_fast>("dma", period); } },
};

const struct body *find_body(const char *name)
{
	for (const struct body &body : bodies)
		if (!std::strcmp(body.name, name))
			return &body;
	return nullptr;
}

sc_core::sc_trace_file *open_trace(const char *path, const platform &p)
{
	std::string stem = path;	/* SystemC appends .vcd */

	if (stem.size() > 4 && stem.substr(stem.size() - 4) == ".vcd")
		stem.resize(stem.size() - 4);
	sc_core::sc_trace_file *trace = sc_core::sc_create_vcd_trace_file(stem.c_str());

	sc_core::sc_trace(trace, p.clk, "clk");
	sc_core::sc_trace(trace, p.rst_n, "rst_n");
	sc_core::sc_trace(trace, p.drq, "drq");
	sc_core::sc_trace(trace, p.dack, "dack");
	for (const sc_core::sc_signal<bool> &line : p.irq)
		sc_core::sc_trace(trace, line, line.basename());
	return trace;
}

void report(const platform &p, const char *body, double seconds)
{
	const struct example_bus::use dma = p.bus.used(BY_DMA), other = p.bus.used(BY_OTHER);

	std::printf("%-6s copies   %u of %u KiB arrived\n", body, p.result.copies, EXAMPLE_COPY_BYTES / 1024);
	std::printf("%-6s serial   \"%.26s...\", %zu bytes, %u of them unasked\n", body, p.serial.sent.c_str(), p.serial.sent.size(),
		    4 * p.serial.unasked);
	std::printf("%-6s bus      controller: %u transactions, waited %s; other: %u transactions, waited %s\n", body, dma.transactions,
		    dma.waited.to_string().c_str(), other.transactions, other.waited.to_string().c_str());
	std::printf("%-6s other    %u rounds, %u wrong\n", body, p.other.rounds, p.other.failures);
	std::printf("%-6s time     %s simulated, %u register accesses, %.0f clocks of %s a CPU second\n", body,
		    sc_core::sc_time_stamp().to_string().c_str(), p.cpu.accesses, sc_core::sc_time_stamp() / period / seconds,
		    period.to_string().c_str());
}

bool is_right(const platform &p)
{
	const std::string text(reinterpret_cast<const char *>(p.result.text), sizeof(p.result.text));

	return !p.cpu.status() && p.result.copies == EXAMPLE_COPIES && p.result.words == EXAMPLE_WORDS && p.serial.sent == text &&
	       !p.serial.unasked && p.other.rounds && !p.other.failures && p.bus.used(BY_DMA).transactions;
}

} // namespace

int sc_main(int argc, char **argv)
{
	const struct body *body = argc == 2 || argc == 3 ? find_body(argv[1]) : nullptr;
	sc_core::sc_trace_file *trace = nullptr;

	if (!body) {
		std::fprintf(stderr, "usage: example rtl|model|fast [FILE.vcd]\n");
		return 2;
	}
	platform p("platform", body->name, body->make);

	if (argc == 3)
		trace = open_trace(argv[2], p);
	sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_DO_NOTHING);	/* that the simulation stops is no news */
	const std::clock_t begin = std::clock();

	sc_core::sc_start(LIMIT_MS, sc_core::SC_MS);
	report(p, body->name, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
	if (trace)
		sc_core::sc_close_vcd_trace_file(trace);
	std::printf("%s example %s\n", is_right(p) ? "PASS" : "FAIL", body->name);
	return is_right(p) ? 0 : 1;
}
