// SPDX-License-Identifier: MIT
/*
 * Interrupt lines, their handlers, and tasklets.
 *
 * Lines are levels. A line that goes up is delivered after a few seeded clocks, or never if it falls before. A line
 * that is still up after its handler is delivered again, one clock later at the earliest.
 */
#include "kernel_priv.h"
#include "trace.h"

#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/string.h>

/* A handler that says "not mine" so often in a row will never quiet the line. */
#define UNHANDLED_MAX 100

/* Longest delays, in clocks, of an interrupt and of a tasklet; one tasklet in so many is delayed at all. */
#define IRQ_DELAY 8
#define SOFTIRQ_DELAY_ODDS 4
#define SOFTIRQ_DELAY 32

/**
 * struct irq_action - who listens
 * @handler: NULL: nobody
 * @dev_id:  for the handler
 * @name:    for messages
 * @shared:  others may listen too
 */
struct irq_action {
	irq_handler_t handler;
	void *dev_id;
	const char *name;
	bool shared;
};

/**
 * struct irq_line - one line
 * @action:    those who listen
 * @disabled:  depth of disable_irq()
 * @unhandled: IRQ_NONE of all of them in a row
 * @up:        the line is up and @due is valid
 * @message:   a message has come and @due is valid
 * @due:       clock from which it may be delivered
 */
struct irq_line {
	struct irq_action action[IRQ_LINES];
	unsigned int disabled;
	unsigned int unhandled;
	bool up;
	bool message;
	u64 due;
};

static struct irq_line lines[IRQ_LINES];
static u32 pins;	/* as they were in the last clock */
static struct list_head tasklets;
static struct list_head running;	/* of this round */
static u64 softirq_due;

void irq_boot(void)
{
	memset(lines, 0, sizeof(lines));
	pins = 0;
	INIT_LIST_HEAD(&tasklets);
	INIT_LIST_HEAD(&running);
	softirq_due = 0;
}

static void set_due(struct irq_line *line)
{
	line->due = cpu.hw->clock + (cpu.seed ? kernel_random(IRQ_DELAY) : 0);
}

/* A function on PCI sends a message when a pin goes up; another one that comes before the handler has run is the same one. */
static void take_message(unsigned int pin)
{
	int i = pci_message(pin);

	if (i < 0)
		return;
	if (!lines[i].message)
		set_due(&lines[i]);
	lines[i].message = true;
}

static void sample_pin(unsigned int i)
{
	const bool up = cpu.hw->irq & BIT(i), rises = up && !(pins & BIT(i));

	if (pci_is_plugged()) {
		if (rises)
			take_message(i);
		return;
	}
	if (rises)
		set_due(&lines[i]);
	lines[i].up = up;
}

void irq_sample(void)
{
	unsigned int i;

	for (i = 0; i < IRQ_LINES; i++)
		sample_pin(i);
	pins = cpu.hw->irq;
}

static bool line_is_due(unsigned int i)
{
	const struct irq_line *line = &lines[i];

	/* The level now, not that of the beginning of the clock: the handler may just have lowered it. */
	const bool raised = pci_is_plugged() ? line->message : line->up && (cpu.hw->irq & BIT(i));

	return raised && line->action[0].handler && !line->disabled && cpu.hw->clock >= line->due;
}

bool irq_is_due(void)
{
	unsigned int i;

	for (i = 0; i < IRQ_LINES; i++)
		if (line_is_due(i))
			return true;
	return false;
}

static void note_result(struct irq_line *line, unsigned int irq, irqreturn_t result)
{
	line->unhandled = result == IRQ_NONE ? line->unhandled + 1 : 0;
	if (line->unhandled < UNHANDLED_MAX)
		return;
	kernel_problem("irq %u (%s): nobody cared", irq, line->action[0].name);
	line->disabled++;
}

/* All of those who share it. */
static irqreturn_t run_actions(struct irq_line *line, unsigned int irq)
{
	irqreturn_t result = IRQ_NONE;
	unsigned int i;

	for (i = 0; i < IRQ_LINES && line->action[i].handler; i++)
		if (line->action[i].handler((int)irq, line->action[i].dev_id) == IRQ_HANDLED)
			result = IRQ_HANDLED;
	return result;
}

static void run_handler(unsigned int i)
{
	struct irq_line *line = &lines[i];
	unsigned int depth = cpu.spin_depth;

	cpu.hardirq = IRQ_BASE + i;
	cpu.stats.irqs++;
	line->message = false;
	kernel_trace(TRACE_IRQ_BEGIN, line->action[0].name);
	note_result(line, IRQ_BASE + i, run_actions(line, IRQ_BASE + i));
	if (cpu.spin_depth != depth)
		kernel_problem("irq %u (%s): handler returned with a spin lock held", IRQ_BASE + i, line->action[0].name);
	kernel_trace(TRACE_IRQ_END, line->action[0].name);
	cpu.hardirq = 0;
	if (!line->message)
		line->due = cpu.hw->clock + 1 + (cpu.seed ? kernel_random(IRQ_DELAY) : 0);
}

void irq_handle(void)
{
	unsigned int i;

	for (i = 0; i < IRQ_LINES; i++) {
		if (!line_is_due(i))
			continue;
		run_handler(i);
		return;
	}
}

static struct irq_line *irq_line(unsigned int irq)
{
	return irq >= IRQ_BASE && irq < IRQ_BASE + IRQ_LINES ? &lines[irq - IRQ_BASE] : NULL;
}

int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void *dev_id)
{
	const struct irq_action action = { handler, dev_id, name, flags & IRQF_SHARED };
	struct irq_line *line = irq_line(irq);
	unsigned int i;

	might_sleep();
	if (!line || !handler)
		return -EINVAL;
	if (!line->action[0].handler)
		*line = (struct irq_line){ .message = false };
	for (i = 0; i < IRQ_LINES && line->action[i].handler; i++)
		if (!action.shared || !line->action[i].shared)
			return -EBUSY;
	if (i == IRQ_LINES)
		return -EBUSY;
	line->action[i] = action;
	return 0;
}

static struct irq_action *find_action(struct irq_line *line, const void *dev_id)
{
	unsigned int i;

	for (i = 0; i < IRQ_LINES && line->action[i].handler; i++)
		if (line->action[i].dev_id == dev_id)
			return &line->action[i];
	return NULL;
}

const void *free_irq(unsigned int irq, void *dev_id)
{
	struct irq_line *line = irq_line(irq);
	struct irq_action *action = line ? find_action(line, dev_id) : NULL;
	const void *name;

	might_sleep();
	if (!action) {
		kernel_problem("free_irq: irq %u does not belong to the caller", irq);
		return NULL;
	}
	/* No handler can be half way through: a task does not run while one is. */
	name = action->name;
	for (; action < &line->action[IRQ_LINES - 1]; action++)
		action[0] = action[1];
	*action = (struct irq_action){ 0 };
	return name;
}

void synchronize_irq(unsigned int irq)
{
	might_sleep();
	if (!irq_line(irq))
		kernel_problem("synchronize_irq: there is no irq %u", irq);
}

void disable_irq(unsigned int irq)
{
	struct irq_line *line = irq_line(irq);

	might_sleep();
	if (line)
		line->disabled++;
}

void enable_irq(unsigned int irq)
{
	struct irq_line *line = irq_line(irq);

	if (!line || !line->disabled) {
		kernel_problem("enable_irq(%u) without disable_irq()", irq);
		return;
	}
	line->disabled--;
	line->unhandled = 0;
	cpu_deliver();
}

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *t))
{
	*t = (struct tasklet_struct){ .callback = callback };
}

static u64 softirq_delay(void)
{
	return cpu.seed && !kernel_random(SOFTIRQ_DELAY_ODDS) ? kernel_random(SOFTIRQ_DELAY) : 0;
}

void tasklet_schedule(struct tasklet_struct *t)
{
	if (t->scheduled)
		return;
	/* A tasklet that schedules itself again must let time pass. */
	if (list_empty(&tasklets))
		softirq_due = cpu.hw->clock + cpu.in_softirq + softirq_delay();
	t->scheduled = true;
	list_add_tail(&t->node, &tasklets);
}

bool softirq_is_due(void)
{
	struct tasklet_struct *t;

	if (cpu.hw->clock < softirq_due)
		return false;
	list_for_each_entry(t, &tasklets, node)
		if (!t->disabled)
			return true;
	return false;
}

static void run_tasklet(struct tasklet_struct *t)
{
	unsigned int depth = cpu.spin_depth;

	list_del(&t->node);
	t->scheduled = false;
	cpu.stats.tasklets++;
	kernel_trace(TRACE_TASKLET_BEGIN, "tasklet");
	t->callback(t);
	kernel_trace(TRACE_TASKLET_END, "tasklet");
	/* t may be gone. */
	if (cpu.spin_depth == depth && !cpu.irqs_off)
		return;
	kernel_problem("a tasklet returned with a spin lock held or interrupts off");
	cpu.irqs_off = false;
}

static struct tasklet_struct *first_enabled(struct list_head *list)
{
	struct tasklet_struct *t;

	list_for_each_entry(t, list, node)
		if (!t->disabled)
			return t;
	return NULL;
}

void softirq_handle(void)
{
	struct tasklet_struct *t;

	/* What is scheduled meanwhile waits for the next round, so that tasklets cannot starve tasks. */
	list_splice_init(&tasklets, &running);
	cpu.in_softirq = true;
	while ((t = first_enabled(&running)))
		run_tasklet(t);
	list_splice_init(&running, &tasklets);
	cpu.in_softirq = false;
}

static void check_freed(struct list_head *list, const u8 *p, size_t size)
{
	struct tasklet_struct *t, *next;

	list_for_each_entry_safe(t, next, list, node) {
		if ((const u8 *)t < p || (const u8 *)t >= p + size)
			continue;
		kernel_problem("memory is freed in which a tasklet is scheduled: tasklet_kill() is missing, or the interrupt is still on");
		list_del(&t->node);
	}
}

void irq_check_freed(const void *p, size_t size)
{
	check_freed(&tasklets, p, size);
	check_freed(&running, p, size);
}

void tasklet_kill(struct tasklet_struct *t)
{
	if (in_interrupt()) {
		kernel_problem("tasklet_kill in an interrupt");
		return;
	}
	might_sleep();
	if (t->scheduled && t->disabled)
		kernel_problem("tasklet_kill would wait for ever: the tasklet is disabled");
	while (t->scheduled && !t->disabled)
		kernel_sleep_clocks(1);
}

void tasklet_disable(struct tasklet_struct *t)
{
	t->disabled++;
}

void tasklet_enable(struct tasklet_struct *t)
{
	if (!t->disabled) {
		kernel_problem("tasklet_enable without tasklet_disable");
		return;
	}
	t->disabled--;
	cpu_deliver();
}

void irq_check_shutdown(void)
{
	struct tasklet_struct *t;
	unsigned int i;

	for (i = 0; i < IRQ_LINES; i++)
		if (lines[i].action[0].handler)
			kernel_problem("irq %u (%s) was not freed", IRQ_BASE + i, lines[i].action[0].name);
	list_for_each_entry(t, &tasklets, node)
		kernel_problem("a tasklet is still scheduled");
}
