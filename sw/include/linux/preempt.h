/* SPDX-License-Identifier: MIT */
/* In which context does the simulated CPU run? */
#ifndef PQDMA_LINUX_PREEMPT_H
#define PQDMA_LINUX_PREEMPT_H

#include <linux/types.h>

/** in_hardirq() - in an interrupt handler */
bool in_hardirq(void);

/** in_serving_softirq() - in a tasklet, not merely with tasklets held back */
bool in_serving_softirq(void);

/** in_interrupt() - in a handler or a tasklet, or with tasklets held back */
bool in_interrupt(void);

/** in_task() - in a task, with tasklets held back or not */
bool in_task(void);

/** in_atomic() - anywhere that must not sleep for another reason than interrupts being off */
bool in_atomic(void);

#endif
