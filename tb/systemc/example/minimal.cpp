// SPDX-License-Identifier: MIT
// The smallest platform: a component, memory of a few lines, and one copy of 4 KiB. PQDMA_BODY and PQDMA_BODY_HEADER name the body;
// PQDMA_BODY_PERIOD is defined for the one that has no clock of its own.
#include PQDMA_BODY_HEADER
#include <cstdio>
#include <cstring>

#define BYTES 4096u
#define SRC 0x10000u
#define DST 0x20000u

using sc_core::sc_time;

namespace {

const sc_time period(10, sc_core::SC_NS);

struct top : sc_core::sc_module {
	tlm_utils::simple_target_socket<top> mem { "mem" };
	tlm_utils::simple_initiator_socket<top> cpu { "cpu" };
	sc_core::sc_clock clk { "clk", period };
	sc_core::sc_signal<bool> rst_n { "rst_n" };
	sc_core::sc_signal<bool> irq { "irq" };
#ifdef PQDMA_BODY_PERIOD
	PQDMA_BODY dma { "dma", period };
#else
	PQDMA_BODY dma { "dma" };
#endif
	unsigned char ram[0x30000] = {};
	bool good = false;

	explicit top(const sc_core::sc_module_name &module) : sc_core::sc_module(module)
	{
		mem.register_b_transport(this, &top::b_transport);
		dma.mem.bind(mem);
		cpu.bind(dma.regs);
		dma.clk(clk);
		dma.rst_n(rst_n);
		dma.irq[0](irq);
		SC_HAS_PROCESS(top);
		SC_THREAD(run);
	}

	void b_transport(tlm::tlm_generic_payload &trans, sc_time &delay)
	{
		unsigned char *at = ram + trans.get_address();

		trans.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
		if (trans.get_address() + trans.get_data_length() > sizeof(ram))
			return;
		if (trans.is_read())
			std::memcpy(trans.get_data_ptr(), at, trans.get_data_length());
		else
			std::memcpy(at, trans.get_data_ptr(), trans.get_data_length());
		delay += 5 * period;
		trans.set_response_status(tlm::TLM_OK_RESPONSE);
	}

	void write(std::uint32_t addr, std::uint32_t value)
	{
		tlm::tlm_generic_payload trans;
		sc_time delay;

		trans.set_write();
		trans.set_address(addr);
		trans.set_data_ptr(reinterpret_cast<unsigned char *>(&value));
		trans.set_data_length(sizeof(value));
		trans.set_streaming_width(sizeof(value));
		cpu->b_transport(trans, delay);
		wait(delay);
	}

	void run()
	{
		const std::uint64_t descriptor[] = {
			std::uint64_t { BYTES } << 32 | PQDMA_FLAG_IRQ << PQDMA_DESC_FLAGS_SHIFT | PQDMA_OP_COPY, SRC, DST,
		};

		std::memcpy(ram, descriptor, sizeof(descriptor));
		std::memset(ram + SRC, 0xa5, BYTES);
		wait(4 * period);
		rst_n = true;
		wait(2 * period);
		write(PQDMA_CH(0) + PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_DONE_MASK);
		write(PQDMA_CH(0) + PQDMA_CH_HEAD_COUNT, 1);
		write(PQDMA_CH(0) + PQDMA_CH_TAIL, 1);
		write(PQDMA_CH(0) + PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		wait(irq.posedge_event());
		good = !std::memcmp(ram + SRC, ram + DST, BYTES);
		sc_core::sc_stop();
	}
};

} // namespace

int sc_main(int, char **)
{
	top top("top");

	sc_core::sc_start(1, sc_core::SC_MS);
	std::printf("%s after %s\n", top.good ? "PASS: copied" : "FAIL: not copied", sc_core::sc_time_stamp().to_string().c_str());
	return top.good ? 0 : 1;
}
