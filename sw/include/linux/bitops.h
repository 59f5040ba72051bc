/* SPDX-License-Identifier: MIT */
/* Bitmaps, one bit at a time. On one simulated CPU every one of these is atomic. */
#ifndef PQDMA_LINUX_BITOPS_H
#define PQDMA_LINUX_BITOPS_H

#include <linux/bits.h>

static inline void set_bit(unsigned int nr, unsigned long *map)
{
	map[nr / BITS_PER_LONG] |= BIT(nr % BITS_PER_LONG);
}

static inline void clear_bit(unsigned int nr, unsigned long *map)
{
	map[nr / BITS_PER_LONG] &= ~BIT(nr % BITS_PER_LONG);
}

static inline bool test_bit(unsigned int nr, const unsigned long *map)
{
	return map[nr / BITS_PER_LONG] & BIT(nr % BITS_PER_LONG);
}

static inline bool test_and_set_bit(unsigned int nr, unsigned long *map)
{
	bool old = test_bit(nr, map);

	set_bit(nr, map);
	return old;
}

static inline bool test_and_clear_bit(unsigned int nr, unsigned long *map)
{
	bool old = test_bit(nr, map);

	clear_bit(nr, map);
	return old;
}

static inline unsigned int find_next_bit(const unsigned long *map, unsigned int size, unsigned int from)
{
	while (from < size && !test_bit(from, map))
		from++;
	return from;
}

#define for_each_set_bit(bit, map, size) \
	for ((bit) = find_next_bit(map, size, 0); (bit) < (size); (bit) = find_next_bit(map, size, (bit) + 1))

#define hweight32(x) ((unsigned int)__builtin_popcount(x))

#endif
