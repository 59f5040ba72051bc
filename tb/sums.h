/* SPDX-License-Identifier: MIT */
/*
 * Descriptors with several sources for raw register tests: xor, pq, matrix and their validations, in lists of lists.h.
 *
 *	struct sums *s = sums_new(b);
 *	struct sum sums[3];
 *
 *	for (unsigned int i = 0; i < 3; i++)
 *		sums[i] = sums_draw(s, 0, PQDMA_OP_PQ, 5, 1000);
 *	sums_scatter(s, 0, sums, 3);
 *	sums_run(s);			// doorbell, RUN, wait, compare everything with the oracle, ABORT
 *
 * What an operation does not look at is random: a and b where they are not used, the address of a Q that is not there, the rest
 * of each table's last block, and the block behind it belongs to nobody.
 */
#ifndef PQDMA_SUMS_H
#define PQDMA_SUMS_H

#include "lists.h"

#define SUMS_BLOCK 64		/* bytes of a table that are read at once */
#define SUMS_ENTRY 16
#define SUMS_CLOCKS 2000000	/* limit for a sweep, at the slowest configuration and memory */
#define SUMS_SLICES 6		/* so many seeds take every place of P in sums_sweep_edges() */

/** struct sum_source - an entry of a source table */
struct sum_source {
	uint64_t addr;
	uint8_t a;
	uint8_t b;
};

/**
 * struct sum - a descriptor with its sources
 * @desc:   as in test.h; its src is filled in with the table's address. Any operation: those below PQDMA_OP_XOR go as they are
 * @q:      second destination
 * @nr:     number of sources
 * @source: the table
 */
struct sum {
	struct desc desc;
	uint64_t q;
	unsigned int nr;
	struct sum_source source[PQDMA_SOURCES];
};

/**
 * struct sums - all of them
 * @l:         their lists
 * @tables:    room for the tables of each channel; @used bytes of it are taken
 * @completed: descriptors that were checked and had completed, by operation
 */
struct sums {
	struct lists *l;
	uint64_t tables[PQDMA_CHANNELS];
	uint64_t used[PQDMA_CHANNELS];
	uint64_t completed[PQDMA_OP_MATRIX + 1];
};

/** sums_built() - is operation @op built in this configuration? */
static inline bool sums_built(unsigned int op)
{
	return op < 32 && PQDMA_OPS >> op & 1;
}

/** sums_has_p() - is P of this operation written or compared? */
static inline bool sums_has_p(const struct sum *sum)
{
	return sum->desc.op < PQDMA_OP_PQ || !(sum->desc.flags & PQDMA_FLAG_P_OFF);
}

/** sums_has_q() - is Q? */
static inline bool sums_has_q(const struct sum *sum)
{
	return sum->desc.op >= PQDMA_OP_PQ && !(sum->desc.flags & PQDMA_FLAG_Q_OFF);
}

/** sums_validates() - does it compare and not write? */
static inline bool sums_validates(const struct sum *sum)
{
	return sum->desc.op == PQDMA_OP_XOR_VAL || sum->desc.op == PQDMA_OP_PQ_VAL;
}

/** sums_new() - no lists; the memory they need is taken. Instead of lists_new(), once in a run. */
struct sums *sums_new(struct bench *b);

/** sums_need() - skip this test where operation @op is not built */
void sums_need(struct bench *b, unsigned int op);

/** sums_draw() - operation @op with @nr sources of @length bytes: seeded addresses, coefficients and tag, destinations of its own */
struct sum sums_draw(struct sums *s, unsigned int ch, uint8_t op, unsigned int nr, uint32_t length);

/** sums_apart() - give each source a range of its own, that nobody else uses, of the channel's room for destinations */
void sums_apart(struct sums *s, unsigned int ch, struct sum *sum);

/** sums_random() - any operation that is built, @length bytes if it has any, legal flags; a P or Q that is off is outside RAM */
struct sum sums_random(struct sums *s, unsigned int ch, uint32_t length);

/** sums_settle() - store the sums of what the sources are now at P and Q, byte by byte by gf_mul(): a validation finds them good */
void sums_settle(struct sums *s, const struct sum *sum);

/** sums_group() - append @nr descriptors that stand contiguously, and their tables */
void sums_group(struct sums *s, unsigned int ch, const struct sum *sums, unsigned int nr);

/** sums_scatter() - append @nr descriptors in groups of 1 to 8, and their tables */
void sums_scatter(struct sums *s, unsigned int ch, const struct sum *sums, unsigned int nr);

/** sums_table() - address of the table of descriptor @i of the channel's list */
uint64_t sums_table(struct sums *s, unsigned int ch, unsigned int i);

/** sums_status() - status word of descriptor @i of the channel's list */
uint64_t sums_status(struct sums *s, unsigned int ch, unsigned int i);

/** sums_check() - start every list that has descriptors with all of them, wait, compare with the oracle */
void sums_check(struct sums *s);

/** sums_end() - count what has completed, and lists_end() */
void sums_end(struct sums *s);

/** sums_run() - sums_check() and sums_end() */
void sums_run(struct sums *s);

/** sums_power() - 2 to the @i in GF(2^8): the coefficient of disk @i in Q of a RAID-6 array */
uint8_t sums_power(unsigned int i);

/* Sweeps that every operation that writes can do; they run what they append, and return how many descriptors that was. */

/** sums_sweep_sources() - every number of sources, lengths of a few beats */
unsigned int sums_sweep_sources(struct sums *s, uint8_t op);

/** sums_sweep_offsets() - every pair of offsets in a bus word of two out of source, P and Q; a wide bus takes several seeds */
unsigned int sums_sweep_offsets(struct sums *s, uint8_t op);

/** sums_sweep_edges() - lengths and places around edges of beat, strip and 4 KiB; SUMS_SLICES seeds take every place of P */
unsigned int sums_sweep_edges(struct sums *s, uint8_t op);

/** sums_sweep_in_place() - P is each of the sources, and Q the next one */
unsigned int sums_sweep_in_place(struct sums *s, uint8_t op);

/**
 * sums_chain() - append one sum over more sources than a descriptor has
 * @s:      the lists
 * @ch:     channel
 * @sum:    operation, length and destinations
 * @source: its sources
 * @nr:     how many
 * @most:   at most so many for one descriptor
 *
 * Each descriptor has FENCE and all but the first have CONT. Return: descriptors.
 */
unsigned int sums_chain(struct sums *s, unsigned int ch, const struct sum *sum, const struct sum_source *source, unsigned int nr,
			unsigned int most);

#endif
