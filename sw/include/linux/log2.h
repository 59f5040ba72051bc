/* SPDX-License-Identifier: MIT */
/* Powers of two. */
#ifndef PQDMA_LINUX_LOG2_H
#define PQDMA_LINUX_LOG2_H

#include <linux/types.h>

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

/** ilog2() - number of the highest bit of @n, which is not 0 */
static inline int ilog2(unsigned long n)
{
	return 63 - __builtin_clzl(n);
}

static inline unsigned long rounddown_pow_of_two(unsigned long n)
{
	return 1ul << ilog2(n);
}

#endif
