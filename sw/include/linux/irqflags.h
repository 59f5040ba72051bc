/* SPDX-License-Identifier: MIT */
/* Interrupts of the simulated CPU, on and off. */
#ifndef PQDMA_LINUX_IRQFLAGS_H
#define PQDMA_LINUX_IRQFLAGS_H

#include <linux/types.h>

unsigned long kernel_irq_save(void);
void kernel_irq_restore(unsigned long flags);

#define local_irq_save(flags) ((flags) = kernel_irq_save())
#define local_irq_restore(flags) kernel_irq_restore(flags)
#define local_irq_disable() ((void)kernel_irq_save())
#define local_irq_enable() kernel_irq_restore(0)

/** irqs_disabled() - are interrupts off, by hand or because a handler runs? */
bool irqs_disabled(void);

#endif
