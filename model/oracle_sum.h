/* SPDX-License-Identifier: MIT */
/*
 * Private to the oracle: sums of products over GF(2^8), by ISA-L.
 *
 *	oracle_sum_start(&sum, n);
 *	oracle_sum_add(&sum, bytes_of_source, a, b);		// each source
 *	oracle_sum_finish(&sum, xor_only);
 *	memcpy(p, sum.p, n);
 */
#ifndef ORACLE_SUM_H
#define ORACLE_SUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pqdma_params.h"

/* Old P and old Q may be terms besides the sources. */
#define ORACLE_TERMS (PQDMA_SOURCES + 2)

/**
 * struct oracle_sum - the terms of a strip, and P = sum of a x term, Q = sum of b x term
 * @n:      bytes
 * @nr:     terms so far
 * @factor: a, then b of each term
 * @term:   copies of the sources, aligned as ISA-L wants them
 * @p:      result, valid after oracle_sum_finish()
 * @q:      result, valid after oracle_sum_finish() unless that had @xor_only
 */
struct oracle_sum {
	size_t n;
	unsigned int nr;
	uint8_t factor[2][ORACLE_TERMS];
	_Alignas(64) uint8_t term[ORACLE_TERMS][PQDMA_STRIP_BYTES];
	_Alignas(64) uint8_t p[PQDMA_STRIP_BYTES];
	_Alignas(64) uint8_t q[PQDMA_STRIP_BYTES];
};

/** oracle_sum_start() - begin with no terms; @n is 1 to STRIP_BYTES */
void oracle_sum_start(struct oracle_sum *sum, size_t n);

/** oracle_sum_add() - one more term, at most ORACLE_TERMS: the sum's n bytes from @bytes on, which are copied */
void oracle_sum_add(struct oracle_sum *sum, const uint8_t *bytes, uint8_t a, uint8_t b);

/** oracle_sum_finish() - make P and Q from at least one term; with @xor_only P alone, and all a must be 1 */
void oracle_sum_finish(struct oracle_sum *sum, bool xor_only);

#endif
