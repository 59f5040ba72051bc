/* SPDX-License-Identifier: MIT */
/* Interrupt handlers and tasklets. */
#ifndef PQDMA_LINUX_INTERRUPT_H
#define PQDMA_LINUX_INTERRUPT_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/irqflags.h>
#include <linux/bottom_half.h>
#include <linux/preempt.h>

enum irqreturn {
	IRQ_NONE,
	IRQ_HANDLED,
};

typedef enum irqreturn irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

#define IRQF_TRIGGER_HIGH 0x4ul
#define IRQF_SHARED 0x80ul	/* others with this flag and another dev_id may listen to the same line */

/**
 * request_irq() - call @handler(@irq, @dev_id) while the line is high; task context
 *
 * Return: 0, -EINVAL if there is no such line or no handler, -EBUSY if it is taken.
 */
int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void *dev_id);

/** free_irq() - the handler is not running and will not be called again when this returns; may sleep. The dev name it had. */
const void *free_irq(unsigned int irq, void *dev_id);

/** synchronize_irq() - wait until no handler of @irq runs; may sleep */
void synchronize_irq(unsigned int irq);

/** disable_irq() - hold the line back; calls nest */
void disable_irq(unsigned int irq);
void enable_irq(unsigned int irq);

/**
 * struct tasklet_struct - a function that runs soon after an interrupt, with interrupts on
 * @callback: what to run
 * @data:     for the user
 */
struct tasklet_struct {
	void (*callback)(struct tasklet_struct *t);
	unsigned long data;
	bool scheduled;
	int disabled;
	struct list_head node;
};

#define from_tasklet(var, tasklet, field) container_of(tasklet, __typeof__(*(var)), field)

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *t));

/** tasklet_schedule() - run it soon; once, however often this is called before it begins. From any context. */
void tasklet_schedule(struct tasklet_struct *t);

/** tasklet_kill() - returns when the tasklet neither runs nor waits to; may sleep. It can be scheduled again. */
void tasklet_kill(struct tasklet_struct *t);

/** tasklet_disable() - keep it from running; calls nest */
void tasklet_disable(struct tasklet_struct *t);
void tasklet_enable(struct tasklet_struct *t);

#endif
