/* SPDX-License-Identifier: MIT */
/* Single bits and runs of bits. */
#ifndef PQDMA_LINUX_BITS_H
#define PQDMA_LINUX_BITS_H

#include <linux/types.h>

#define BIT(nr) (1ul << (nr))
#define BIT_ULL(nr) (1ull << (nr))
#define GENMASK(high, low) ((~0ul << (low)) & (~0ul >> (BITS_PER_LONG - 1 - (high))))
#define GENMASK_ULL(high, low) ((~0ull << (low)) & (~0ull >> (63 - (high))))

#endif
