/* SPDX-License-Identifier: MIT */
/*
 * A running hash over every input and output pin of every clock. The same test and seed must give the same hash on
 * every simulator; where they part, +hash=<n> shows the clock.
 */
#ifndef PQDMA_PIN_HASH_H
#define PQDMA_PIN_HASH_H

#include <stdint.h>
#include <string.h>

/** pin_hash() - go on with @count words; start with hash 0 */
static inline uint64_t pin_hash(uint64_t hash, const uint32_t *words, unsigned int count)
{
	uint64_t word = 0;

	for (unsigned int i = 0; i + 1 < count; i += 2) {
		memcpy(&word, words + i, 8);
		hash = (hash ^ word) * 0x9fb21c651e98df25ull;
		hash ^= hash >> 32;
	}
	if (count % 2) {
		hash = (hash ^ words[count - 1]) * 0x9fb21c651e98df25ull;
		hash ^= hash >> 32;
	}
	return hash;
}

#endif
