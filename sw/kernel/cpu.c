// SPDX-License-Identifier: MIT
/*
 * The simulated CPU: what runs in a clock, and in which context.
 *
 * Each task has a fiber. Interrupt handlers and tasklets run on top of whatever they interrupt, on its stack, or on
 * the idle fiber. So a CPU that stalls is one fiber that gives control to the bench and gets it back.
 */
#include "kernel_priv.h"
#include "trace.h"

#include <linux/irqflags.h>
#include <linux/bottom_half.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* More switches than this in one clock is software that polls without letting time pass. */
#define SWITCHES_PER_CLOCK 100000u

/* One lock operation in PAUSE_ODDS lets up to PAUSE_CLOCKS pass; one in PREEMPT_ODDS lets another task run. */
#define PAUSE_ODDS 16
#define PAUSE_CLOCKS 8
#define PREEMPT_ODDS 32

struct cpu cpu;

static void idle_loop(void *arg)
{
	(void)arg;
	for (;;) {
		cpu_deliver();
		cpu_leave_to_bench();
	}
}

void cpu_boot(struct hw *hw, uint64_t seed)
{
	memset(&cpu, 0, sizeof(cpu));
	cpu.hw = hw;
	cpu.seed = seed;
	cpu.random = seed;
	cpu.bench = fiber_self();
	strscpy(cpu.idle.comm, "idle", sizeof(cpu.idle.comm));
	cpu.idle.fiber = fiber_new("idle", idle_loop, NULL);
	BUG_ON(!cpu.idle.fiber);
	cpu.curr = &cpu.idle;
}

void cpu_down(void)
{
	fiber_free(cpu.idle.fiber);
	memset(&cpu, 0, sizeof(cpu));
}

void cpu_leave_to_bench(void)
{
	cpu.running = false;
	fiber_switch(cpu.bench);
	cpu.running = true;
}

static void resume(struct fiber *fiber)
{
	cpu.stalled = NULL;
	cpu.running = true;
	fiber_switch(fiber);
	cpu.running = false;
}

static void run_task(struct task_struct *task)
{
	cpu.curr = task;
	cpu.stats.switches++;
	if (task != &cpu.idle)
		kernel_trace(TRACE_TASK_BEGIN, task->comm);
	resume(task->fiber);
}

/* Control is back from a fiber: was it a task that gave the CPU away? */
static void settle(void)
{
	struct task_struct *task = cpu.curr;

	if (cpu.stalled)
		return;
	if (task != &cpu.idle)
		kernel_trace(TRACE_TASK_END, task->comm);
	cpu.curr = &cpu.idle;
	if (task->dead)
		sched_reap(task);
}

static bool run_something(void)
{
	struct task_struct *task;

	if (irq_is_due() || softirq_is_due()) {
		run_task(&cpu.idle);
		return true;
	}
	task = sched_pick();
	if (task)
		run_task(task);
	return task;
}

void kernel_step(void)
{
	unsigned int budget = SWITCHES_PER_CLOCK;

	if (cpu.halted)
		return;
	cpu.bench = fiber_self();
	irq_sample();
	if (cpu.stalled) {
		resume(cpu.stalled);
		settle();
	}
	while (!cpu.stalled && !cpu.halted && run_something()) {
		settle();
		if (--budget)
			continue;
		kernel_problem("software does not come to rest in one clock");
		cpu.halted = true;
	}
}

bool kernel_panicked(void)
{
	return cpu.halted;
}

bool kernel_is_idle(void)
{
	return !cpu.stalled && !irq_is_due() && !softirq_is_due() && !sched_can_run();
}

void kernel_cpu_stall(void)
{
	if (!cpu.running) {
		kernel_problem("a register access or delay outside of software");
		return;
	}
	cpu.stalled = fiber_self();
	cpu_leave_to_bench();
}

void cpu_deliver(void)
{
	bool handled = false;

	if (!cpu.running || cpu.irqs_off || cpu.hardirq)
		return;
	for (; irq_is_due(); handled = true)
		irq_handle();
	if (cpu.in_softirq || cpu.bh_off || !softirq_is_due())
		return;
	/* On the way out of an interrupt tasklets run whatever a task has locked; that is what spin_lock_bh() is for. */
	if (handled || !cpu.spin_depth)
		softirq_handle();
}

void cpu_pause(void)
{
	u64 clocks;

	if (!cpu.seed || !cpu.running || kernel_random(PAUSE_ODDS))
		return;
	cpu.stats.pauses++;
	for (clocks = 1 + kernel_random(PAUSE_CLOCKS); clocks; clocks--)
		kernel_cpu_stall();
}

void cpu_preempt(void)
{
	if (!cpu.seed || !cpu.running || cpu.curr == &cpu.idle || in_atomic() || irqs_disabled() || kernel_random(PREEMPT_ODDS))
		return;
	/* Not schedule(): a task that was about to sleep must be let finish that, whatever its state says by now. */
	cpu.curr->preempted = true;
	cpu_leave_to_bench();
}

const char *kernel_context(void)
{
	static char text[64];

	if (!cpu.running)
		return "bench";
	if (cpu.hardirq)
		snprintf(text, sizeof(text), "hardirq %u", cpu.hardirq);
	else if (cpu.in_softirq)
		snprintf(text, sizeof(text), "softirq");
	else
		snprintf(text, sizeof(text), "task %s", cpu.curr->comm);
	return text;
}

unsigned long kernel_irq_save(void)
{
	unsigned long flags = cpu.irqs_off;

	cpu_pause();
	cpu.irqs_off = true;
	return flags;
}

void kernel_irq_restore(unsigned long flags)
{
	cpu.irqs_off = flags;
	if (flags)
		return;
	cpu_pause();
	cpu_deliver();
	cpu_preempt();
}

bool irqs_disabled(void)
{
	return cpu.irqs_off || cpu.hardirq;
}

void local_bh_disable(void)
{
	cpu.bh_off++;
}

void local_bh_enable(void)
{
	if (!cpu.bh_off) {
		kernel_problem("local_bh_enable without local_bh_disable");
		return;
	}
	if (irqs_disabled())
		kernel_problem("local_bh_enable with interrupts off");
	cpu.bh_off--;
	cpu_deliver();
	cpu_preempt();
}

bool in_hardirq(void)
{
	return cpu.hardirq;
}

bool in_serving_softirq(void)
{
	return cpu.in_softirq && !cpu.hardirq;
}

bool in_interrupt(void)
{
	return cpu.hardirq || cpu.in_softirq || cpu.bh_off;
}

bool in_task(void)
{
	return !cpu.hardirq && !cpu.in_softirq;
}

bool in_atomic(void)
{
	return in_interrupt() || cpu.spin_depth || cpu.faults_off;
}

void pagefault_disable(void)
{
	cpu.faults_off++;
}

void pagefault_enable(void)
{
	if (cpu.faults_off)
		cpu.faults_off--;
	else
		kernel_problem("a page is unmapped that was not mapped for a moment");
}

bool pagefault_disabled(void)
{
	return cpu.faults_off;
}

void might_sleep_at(const char *file, int line)
{
	if (!cpu.running)
		return;
	if (in_atomic() || irqs_disabled())
		kernel_problem("sleeping where it is not allowed, at %s:%d: %s%s%s%s%s%s", file, line, cpu.hardirq ? "hardirq " : "",
			       cpu.in_softirq ? "softirq " : "", cpu.bh_off ? "bh off " : "", cpu.spin_depth ? "spin lock held " : "",
			       cpu.faults_off ? "page mapped for a moment " : "", cpu.irqs_off ? "irqs off" : "");
}
