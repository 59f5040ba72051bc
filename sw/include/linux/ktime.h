/* SPDX-License-Identifier: MIT */
/* Time in nanoseconds of simulated clocks. */
#ifndef PQDMA_LINUX_KTIME_H
#define PQDMA_LINUX_KTIME_H

#include <linux/types.h>

typedef s64 ktime_t;

ktime_t ktime_get(void);

static inline ktime_t ktime_add_us(ktime_t time, u64 us)
{
	return time + (s64)us * 1000;
}

static inline ktime_t ktime_add(ktime_t a, ktime_t b)
{
	return a + b;
}

static inline ktime_t ktime_sub(ktime_t later, ktime_t earlier)
{
	return later - earlier;
}

static inline s64 ktime_to_us(ktime_t time)
{
	return time / 1000;
}

static inline int ktime_compare(ktime_t a, ktime_t b)
{
	return a < b ? -1 : a > b;
}

#endif
