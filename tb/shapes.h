/* SPDX-License-Identifier: MIT */
/*
 * Descriptors with rows, compact descriptors, cyclic lists and completion words for raw register tests, in lists of lists.h.
 *
 *	struct shapes *s = shapes_new(b);
 *	struct shape shapes[3];
 *
 *	shapes_cfg(s, 0, PQDMA_CFG_COMPACT_MASK);
 *	for (unsigned int i = 0; i < 3; i++)
 *		shapes[i] = shapes_draw(s, 0, PQDMA_OP_COPY, 100);
 *	shapes_scatter(s, 0, shapes, 3);
 *	shapes_run(s);			// doorbell, RUN, wait, compare everything with the oracle, ABORT
 *
 * What a descriptor does not look at is random: words 4 to 6 without TWO_D, the upper half of word 5, word 6.
 */
#ifndef PQDMA_SHAPES_H
#define PQDMA_SHAPES_H

#include "lists.h"

#define SHAPES_COMPACT_SIZE 32
#define SHAPES_COMPACT_GROUP 31		/* most descriptors that a link of a compact list can name */

/**
 * struct shape - a descriptor
 * @desc:       as in test.h
 * @rows:       with TWO_D: rows of desc.length bytes
 * @src_stride: with TWO_D: bytes from row to row; @dst_stride likewise
 */
struct shape {
	struct desc desc;
	uint32_t rows;
	int32_t src_stride;
	int32_t dst_stride;
};

/**
 * struct shapes - all of them
 * @l:    their lists
 * @cfg:  CFG of each channel
 * @cmpl: CMPL of each channel, 0 for none
 */
struct shapes {
	struct lists *l;
	uint32_t cfg[PQDMA_CHANNELS];
	uint64_t cmpl[PQDMA_CHANNELS];
};

/** shapes_new() - no lists; the memory they need is taken. Instead of lists_new(), once in a run. */
struct shapes *shapes_new(struct bench *b);

/** shapes_cfg() - set bits of CFG of an idle channel; BURST keeps its reset value if @bits has none */
void shapes_cfg(struct shapes *s, unsigned int ch, uint32_t bits);

/** shapes_cmpl() - set the address of the completion word of an idle channel */
void shapes_cmpl(struct shapes *s, unsigned int ch, uint64_t addr);

/** shapes_draw() - lists_desc() as a shape: one row */
struct shape shapes_draw(struct shapes *s, unsigned int ch, uint8_t op, uint32_t length);

/**
 * shapes_rows() - a copy or fill with TWO_D, seeded addresses and tag, and destinations of its own
 * @length: bytes of a row
 * @rows:   at least 1
 *
 * Return: the shape. Fails the test if there is no room for all rows.
 */
struct shape shapes_rows(struct shapes *s, unsigned int ch, uint8_t op, uint32_t length, uint32_t rows, int32_t src_stride,
			 int32_t dst_stride);

/** shapes_bytes() - bytes that a shape moves */
static inline uint64_t shapes_bytes(const struct shape *shape)
{
	return (uint64_t)shape->desc.length * (shape->desc.flags & PQDMA_FLAG_TWO_D ? shape->rows : 1);
}

/** shapes_src() - source address of byte number @i that a copy moves */
uint64_t shapes_src(const struct shape *shape, uint64_t i);

/** shapes_dst() - destination address of byte number @i that a copy or fill moves */
uint64_t shapes_dst(const struct shape *shape, uint64_t i);

/** shapes_byte() - what byte number @i that a copy or fill moves is, as long as nobody writes to its source */
uint8_t shapes_byte(struct bench *b, const struct shape *shape, uint64_t i);

/** shapes_group() - append @nr descriptors that stand contiguously, in the form that CFG says. Return: address of the first */
uint64_t shapes_group(struct shapes *s, unsigned int ch, const struct shape *shapes, unsigned int nr);

/** shapes_scatter() - append @nr descriptors in groups of 1 to 8 */
void shapes_scatter(struct shapes *s, unsigned int ch, const struct shape *shapes, unsigned int nr);

/** shapes_status() - status word of descriptor @i of the channel's list */
uint64_t shapes_status(struct shapes *s, unsigned int ch, unsigned int i);

/** shapes_start() - head, doorbell with @tail, RUN; all interrupts enabled */
void shapes_start(struct shapes *s, unsigned int ch, uint32_t tail);

/** shapes_start_all() - start every list that has descriptors with all of them */
void shapes_start_all(struct shapes *s);

/** shapes_stop() - STOP, wait until the channel is not busy; what has completed by then is the goal. Return: DONE */
uint32_t shapes_stop(struct shapes *s, unsigned int ch);

/** shapes_run() - shapes_start_all(), wait, check, end */
void shapes_run(struct shapes *s);

#endif
