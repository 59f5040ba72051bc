/* SPDX-License-Identifier: MIT */
/* Time in jiffies. HZ is 1000 and a jiffy is 1000 clocks. */
#ifndef PQDMA_LINUX_JIFFIES_H
#define PQDMA_LINUX_JIFFIES_H

#include <linux/ktime.h>
#include <linux/types.h>

#define HZ 1000
#define MAX_SCHEDULE_TIMEOUT ((long)(~0ul >> 1))
#define MAX_JIFFY_OFFSET ((unsigned long)(MAX_SCHEDULE_TIMEOUT >> 1) - 1)

unsigned long kernel_jiffies(void);
#define jiffies kernel_jiffies()

#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)

/** msecs_to_jiffies() - rounded up; a negative number of milliseconds is for ever */
static inline unsigned long msecs_to_jiffies(unsigned int ms)
{
	return (int)ms < 0 ? MAX_JIFFY_OFFSET : ms;
}

static inline unsigned long usecs_to_jiffies(unsigned int us)
{
	return ((unsigned long)us + 999) / 1000;
}

static inline unsigned int jiffies_to_msecs(unsigned long j)
{
	return (unsigned int)j;
}

#endif
