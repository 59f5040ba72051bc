/* SPDX-License-Identifier: MIT */
/*
 * Private to model/: copies from and to peripherals. docs/spec.md, section 2; docs/timing.md, sections 5 to 9.
 *
 * A side of a copy is its source or its destination. An ordinary one increments with the width of the bus; any other is
 * narrow: every beat is one transfer. The sides of all other operations are ordinary as well.
 */
#ifndef PQDMA_PERI_H
#define PQDMA_PERI_H

#include <stdbool.h>
#include <stdint.h>
#include "pqdma_model.h"
#include "pqdma_params.h"

#define PQDMA_BUS_SIZE ((uint8_t)__builtin_ctz(PQDMA_BYTES))

/* AxBURST */
#define PQDMA_AXI_FIXED 0
#define PQDMA_AXI_INCR 1

enum pqdma_mode {
	PQDMA_MODE_UP,
	PQDMA_MODE_FIXED,
	PQDMA_MODE_DOWN,
	PQDMA_MODES,
};

/** struct pqdma_side - @size is log2 of the bytes of a beat */
struct pqdma_side {
	bool narrow;
	uint8_t mode;
	uint8_t size;
};

/** struct pqdma_burst - @addr is that of the first byte; the bus word around it begins the burst of an ordinary side */
struct pqdma_burst {
	uint64_t addr;
	uint32_t bytes;
	uint32_t beats;
};

/** struct pqdma_piece - what a request takes: bytes, and whether they are the last of the descriptor */
struct pqdma_piece {
	uint32_t n;
	bool last;
};

static const struct pqdma_side pqdma_ordinary = { .size = PQDMA_BUS_SIZE };

/** pqdma_peri_source() - the source as word 6 says */
struct pqdma_side pqdma_peri_source(uint32_t settings);

/** pqdma_peri_destination() - the destination as word 6 says */
struct pqdma_side pqdma_peri_destination(uint32_t settings);

/** pqdma_peri_fits() - false for all that is BAD_WIDTH */
bool pqdma_peri_fits(uint32_t settings, uint64_t src, uint64_t dst, uint32_t length);

/** pqdma_peri_line() - the request line */
uint32_t pqdma_peri_line(uint32_t settings);

/** pqdma_peri_paced() - do pieces wait for the line? */
bool pqdma_peri_paced(uint32_t settings);

/** pqdma_peri_writes_device() - is the device the destination? */
bool pqdma_peri_writes_device(uint32_t settings);

/** pqdma_peri_asks() - may a piece begin as far as the line is concerned? */
bool pqdma_peri_asks(uint32_t settings, const struct pqdma_in *in);

/** pqdma_peri_piece() - the piece that begins now, @left bytes before the end of the descriptor */
struct pqdma_piece pqdma_peri_piece(uint32_t settings, uint32_t left, const struct pqdma_in *in);

/** pqdma_side_at() - where @n bytes behind @addr are */
static inline uint64_t pqdma_side_at(const struct pqdma_side *side, uint64_t addr, uint32_t n)
{
	if (side->mode == PQDMA_MODE_UP)
		return addr + n;
	return side->mode == PQDMA_MODE_DOWN ? addr - n : addr;
}

/**
 * pqdma_side_burst() - the next burst of a strip or piece on one of its sides
 * @side:  how it is accessed
 * @addr:  where the strip begins
 * @done:  bytes of it that earlier bursts have
 * @n:     bytes of it in all
 * @limit: incrementing bursts end at multiples of this
 */
struct pqdma_burst pqdma_side_burst(const struct pqdma_side *side, uint64_t addr, uint32_t done, uint32_t n, uint32_t limit);

/** pqdma_side_type() - AxBURST */
static inline uint8_t pqdma_side_type(const struct pqdma_side *side)
{
	return side->mode == PQDMA_MODE_FIXED ? PQDMA_AXI_FIXED : PQDMA_AXI_INCR;
}

#endif
