// SPDX-License-Identifier: MIT
/*
 * Interrupt lines, their handlers, and tasklets.
 *
 * Lines are levels. A line that goes up is delivered after a few seeded clocks, or never if it falls before. A line
 * that is still up after its handler is delivered again, one clock later at the earliest.
 */
#include "kernel_priv.h"

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
 * struct irq_line - one line
 * @handler:   NULL: nobody listens
 * @dev_id:    for the handler
 * @name:      for messages
 * @disabled:  depth of disable_irq()
 * @unhandled: IRQ_NONE in a row
 * @up:        the line is up and @due is valid
 * @due:       clock from which it may be delivered
 */
struct irq_line {
	irq_handler_t handler;
	void *dev_id;
	const char *name;
	unsigned int disabled;
	unsigned int unhandled;
	bool up;
	u64 due;
};

static struct irq_line lines[IRQ_LINES];
static struct list_head tasklets;
static struct list_head running;	/* of this round */
static u64 softirq_due;

void irq_boot(void)
{
	memset(lines, 0, sizeof(lines));
	INIT_LIST_HEAD(&tasklets);
	INIT_LIST_HEAD(&running);
	softirq_due = 0;
}

void irq_sample(void)
{
	unsigned int i;

	for (i = 0; i < IRQ_LINES; i++) {
		bool up = cpu.hw->irq & BIT(i);

		if (up && !lines[i].up)
			lines[i].due = cpu.hw->clock + (cpu.seed ? kernel_random(IRQ_DELAY) : 0);
		lines[i].up = up;
	}
}

static bool line_is_due(unsigned int i)
{
	const struct irq_line *line = &lines[i];

	/* The level now, not that of the beginning of the clock: the handler may just have lowered it. */
	return line->up && (cpu.hw->irq & BIT(i)) && line->handler && !line->disabled && cpu.hw->clock >= line->due;
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
	kernel_problem("irq %u (%s): nobody cared", irq, line->name);
	line->disabled++;
}

static void run_handler(unsigned int i)
{
	struct irq_line *line = &lines[i];
	unsigned int depth = cpu.spin_depth;

	cpu.hardirq = IRQ_BASE + i;
	cpu.stats.irqs++;
	note_result(line, IRQ_BASE + i, line->handler((int)(IRQ_BASE + i), line->dev_id));
	if (cpu.spin_depth != depth)
		kernel_problem("irq %u (%s): handler returned with a spin lock held", IRQ_BASE + i, line->name);
	cpu.hardirq = 0;
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
	struct irq_line *line = irq_line(irq);

	(void)flags;
	might_sleep();
	if (!line || !handler)
		return -EINVAL;
	if (line->handler)
		return -EBUSY;
	*line = (struct irq_line){ .handler = handler, .dev_id = dev_id, .name = name };
	return 0;
}

const void *free_irq(unsigned int irq, void *dev_id)
{
	struct irq_line *line = irq_line(irq);
	const void *name;

	might_sleep();
	if (!line || !line->handler || line->dev_id != dev_id) {
		kernel_problem("free_irq: irq %u does not belong to the caller", irq);
		return NULL;
	}
	/* No handler can be half way through: a task does not run while one is. */
	name = line->name;
	line->handler = NULL;
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
	t->callback(t);
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
		if (lines[i].handler)
			kernel_problem("irq %u (%s) was not freed", IRQ_BASE + i, lines[i].name);
	list_for_each_entry(t, &tasklets, node)
		kernel_problem("a tasklet is still scheduled");
}
