/* SPDX-License-Identifier: MIT */
/*
 * Seeded random numbers: splitmix64. Every user has a stream of his own, named by a string, so that one user who
 * draws more numbers does not change what the others see.
 *
 *	struct rng rng;
 *
 *	rng_init(&rng, seed, "axi_mem");
 *	delay = rng_below(&rng, 10);	// 0 to 9
 */
#ifndef PQDMA_RNG_H
#define PQDMA_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

/** rng_u64() - next number, all 64 bits random */
static inline uint64_t rng_u64(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/** rng_init() - begin the stream @name of @seed */
static inline void rng_init(struct rng *rng, uint64_t seed, const char *name)
{
	rng->state = seed;
	while (*name)
		rng->state = rng_u64(rng) ^ (unsigned char)*name++;
}

/** rng_below() - 0 to n-1; 0 if @n is 0 */
static inline uint32_t rng_below(struct rng *rng, uint32_t n)
{
	return (uint32_t)((rng_u64(rng) >> 32) * n >> 32);
}

/** rng_range() - @low to @high, both included */
static inline uint32_t rng_range(struct rng *rng, uint32_t low, uint32_t high)
{
	return low + rng_below(rng, high - low + 1);
}

/** rng_percent() - true in @percent of 100 cases; draws no number if the answer is certain */
static inline bool rng_percent(struct rng *rng, unsigned int percent)
{
	return percent >= 100 || (percent && rng_below(rng, 100) < percent);
}

/** rng_fill() - @size random bytes */
static inline void rng_fill(struct rng *rng, void *to, size_t size)
{
	uint8_t *p = (uint8_t *)to;

	for (; size >= 8; size -= 8, p += 8) {
		uint64_t word = rng_u64(rng);

		__builtin_memcpy(p, &word, 8);
	}
	while (size--)
		*p++ = (uint8_t)rng_u64(rng);
}

#endif
