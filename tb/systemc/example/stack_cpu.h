/* SPDX-License-Identifier: MIT */
/*
 * A CPU that runs the C software stack: the small kernel and its tasks in one SC_THREAD, registers by blocking transport, memory by a
 * DMI pointer, interrupts from signals.
 */
#ifndef EXAMPLE_STACK_CPU_H
#define EXAMPLE_STACK_CPU_H

#include <cstdint>
#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
extern "C" {
#include "kernel.h"
}

class stack_cpu : public sc_core::sc_module {
public:
	tlm_utils::simple_initiator_socket<stack_cpu> regs { "regs" };
	tlm_utils::simple_initiator_socket<stack_cpu> mem { "mem" };
	sc_core::sc_in<bool> rst_n { "rst_n" };
	sc_core::sc_vector<sc_core::sc_in<bool>> irq;

	/**
	 * stack_cpu() - runs @task with @arg, then stops the simulation
	 * @ram:    bus address of the memory that the kernel owns
	 * @bytes:  of it
	 * @period: of the kernel's clock
	 */
	stack_cpu(const sc_core::sc_module_name &name, unsigned int irqs, std::uint64_t ram, std::size_t bytes,
		  const sc_core::sc_time &period, int (*task)(void *arg), void *arg);

	/** status() - what the task returned; not 0 if it has not, or if the kernel has found something wrong */
	int status() const
	{
		return result;
	}

	unsigned int accesses = 0;	/* of registers */

private:
	/* The seam of sw/kernel/hw.h, and the way back from it */
	struct machine {
		struct hw hw;
		stack_cpu *cpu;
	};

	static std::uint32_t readl(struct hw *hw, std::uint32_t offset);
	static void writel(struct hw *hw, std::uint32_t offset, std::uint32_t value);
	std::uint32_t post(tlm::tlm_command command, std::uint32_t offset, std::uint32_t value);
	void run();
	bool find_memory();
	void look();
	void access();
	void rest();

	static const struct hw_ops ops;
	struct machine machine = {};
	const sc_core::sc_time period;
	int (*const task)(void *arg);
	void *const arg;
	tlm::tlm_generic_payload trans;
	std::uint32_t data = 0;
	bool posted = false;
	int result = 1;
	sc_core::sc_event_or_list interrupts;
};

#endif
