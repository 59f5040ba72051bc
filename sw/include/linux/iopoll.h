/* SPDX-License-Identifier: MIT */
/* Poll a register until a condition holds or time is up. */
#ifndef PQDMA_LINUX_IOPOLL_H
#define PQDMA_LINUX_IOPOLL_H

#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/sched.h>

/* Reads into value until condition; one more look after the time is up. 0 or -ETIMEDOUT. */
#define __read_poll(op, value, condition, timeout_us, pause, addr)                  \
	({                                                                          \
		ktime_t poll_end = ktime_add_us(ktime_get(), timeout_us);           \
		for (;;) {                                                          \
			(value) = op(addr);                                         \
			if (condition)                                              \
				break;                                              \
			if ((timeout_us) && ktime_compare(ktime_get(), poll_end) > 0) { \
				(value) = op(addr);                                 \
				break;                                              \
			}                                                           \
			pause;                                                      \
		}                                                                   \
		(condition) ? 0 : -ETIMEDOUT;                                       \
	})

/** readl_poll_timeout() - sleeps between the reads */
#define readl_poll_timeout(addr, value, condition, sleep_us, timeout_us) \
	__read_poll(readl, value, condition, timeout_us, usleep_range(((sleep_us) >> 2) + 1, (sleep_us) + 1), addr)

/** readl_poll_timeout_atomic() - keeps the CPU between the reads */
#define readl_poll_timeout_atomic(addr, value, condition, delay_us, timeout_us) \
	__read_poll(readl, value, condition, timeout_us, udelay((delay_us) ? (delay_us) : 1), addr)

#endif
