/* SPDX-License-Identifier: MIT */
/* Delays in simulated time: a clock is a microsecond. */
#ifndef PQDMA_LINUX_DELAY_H
#define PQDMA_LINUX_DELAY_H

#include <linux/kernel.h>

/** udelay() - keep the CPU for @us microseconds; in any context */
void udelay(unsigned long us);

void msleep(unsigned int ms);

/** usleep_range() - sleep, for a seeded time between @min and @max microseconds */
void usleep_range(unsigned long min_us, unsigned long max_us);

#endif
