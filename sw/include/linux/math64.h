/* SPDX-License-Identifier: MIT */
/* Division of 64-bit numbers, which not every machine has. */
#ifndef PQDMA_LINUX_MATH64_H
#define PQDMA_LINUX_MATH64_H

#include <linux/types.h>

/** div_u64_rem() - @dividend / @divisor, which is not 0; *@remainder is what is left */
static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = (u32)(dividend % divisor);
	return dividend / divisor;
}

#endif
