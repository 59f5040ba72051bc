// SPDX-License-Identifier: MIT
// The kernel's fibers run inside one SC_THREAD. Only that thread itself waits: a fiber that makes an access posts it and stalls.
#include <cstdio>
#include "stack_cpu.h"

#define REST_CLOCKS 100		/* an idle CPU looks at its timers that often; an interrupt wakes it at once */

using sc_core::sc_time;

const struct hw_ops stack_cpu::ops = { readl, writel };

stack_cpu::stack_cpu(const sc_core::sc_module_name &module, unsigned int irqs, std::uint64_t ram, std::size_t bytes, const sc_time &clock,
		     int (*body)(void *arg), void *body_arg)
	: sc_core::sc_module(module), irq("irq", irqs), period(clock), task(body), arg(body_arg)
{
	machine.cpu = this;
	machine.hw.ops = &ops;
	machine.hw.ram_bus = ram;
	machine.hw.ram_size = bytes;
	SC_HAS_PROCESS(stack_cpu);
	SC_THREAD(run);
	set_stack_size(1 << 20);
}

std::uint32_t stack_cpu::readl(struct hw *hw, std::uint32_t offset)
{
	return reinterpret_cast<struct machine *>(hw)->cpu->post(tlm::TLM_READ_COMMAND, offset, 0);
}

void stack_cpu::writel(struct hw *hw, std::uint32_t offset, std::uint32_t value)
{
	reinterpret_cast<struct machine *>(hw)->cpu->post(tlm::TLM_WRITE_COMMAND, offset, value);
}

std::uint32_t stack_cpu::post(tlm::tlm_command command, std::uint32_t offset, std::uint32_t value)
{
	data = value;
	trans.set_command(command);
	trans.set_address(offset);
	trans.set_data_ptr(reinterpret_cast<unsigned char *>(&data));
	trans.set_data_length(sizeof(data));
	trans.set_streaming_width(sizeof(data));
	trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
	posted = true;
	while (posted)
		kernel_cpu_stall();
	if (trans.is_response_ok())
		return data;
	machine.hw.bus_errors++;
	return UINT32_MAX;
}

void stack_cpu::access()
{
	sc_time delay = sc_core::SC_ZERO_TIME;

	regs->b_transport(trans, delay);
	wait(delay);
	accesses++;
	posted = false;
}

bool stack_cpu::find_memory()
{
	tlm::tlm_generic_payload where;
	tlm::tlm_dmi dmi;

	where.set_command(tlm::TLM_WRITE_COMMAND);
	where.set_address(machine.hw.ram_bus);
	if (!mem->get_direct_mem_ptr(where, dmi) || dmi.get_end_address() < machine.hw.ram_bus + machine.hw.ram_size - 1)
		return false;
	machine.hw.ram = dmi.get_dmi_ptr() + (machine.hw.ram_bus - dmi.get_start_address());
	return true;
}

void stack_cpu::look()
{
	machine.hw.clock = static_cast<std::uint64_t>(sc_core::sc_time_stamp() / period);
	machine.hw.irq = 0;
	for (std::size_t i = 0; i < irq.size(); i++)
		machine.hw.irq |= static_cast<std::uint32_t>(irq[i].read()) << i;
}

void stack_cpu::rest()
{
	if (kernel_is_idle())
		wait(REST_CLOCKS * period, interrupts);
	else
		wait(period);
}

void stack_cpu::run()
{
	struct task_struct *running;

	for (const sc_core::sc_in<bool> &line : irq)
		interrupts |= line.value_changed_event();
	if (!rst_n.read())
		wait(rst_n.posedge_event());
	if (!find_memory()) {
		std::fprintf(stderr, "%s: memory grants no DMI pointer to all that the kernel owns\n", name());
		sc_core::sc_stop();
		return;
	}
	look();
	kernel_init(&machine.hw, 0);
	running = kernel_spawn("client", task, arg);
	while (!kernel_task_done(running, &result)) {
		look();
		kernel_step();
		if (posted)
			access();
		else
			rest();
	}
	if (kernel_shutdown())
		result = 1;
	sc_core::sc_stop();
}
