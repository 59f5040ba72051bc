/* SPDX-License-Identifier: MIT */
/* Bitmaps as a whole. */
#ifndef PQDMA_LINUX_BITMAP_H
#define PQDMA_LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/string.h>

static inline void bitmap_zero(unsigned long *map, unsigned int bits)
{
	memset(map, 0, BITS_TO_LONGS(bits) * sizeof(long));
}

/** bitmap_subset() - is every bit of @part also in @whole? */
static inline bool bitmap_subset(const unsigned long *part, const unsigned long *whole, unsigned int bits)
{
	unsigned int bit;

	for_each_set_bit(bit, part, bits)
		if (!test_bit(bit, whole))
			return false;
	return true;
}

#endif
