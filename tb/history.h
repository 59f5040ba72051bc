/* SPDX-License-Identifier: MIT */
/* The last clocks of all pins, for the report of a failure. */
#ifndef PQDMA_HISTORY_H
#define PQDMA_HISTORY_H

#include <stdint.h>
#include <string.h>
#include "pins.h"

#define HISTORY_CLOCKS 16

/** struct history_clock - pins of one clock: @in was sampled by the edge number @edge, @out is what came after it */
struct history_clock {
	uint64_t edge;
	uint32_t in[PIN_IN_WORDS];
	uint32_t out[PIN_OUT_WORDS];
	uint32_t unknown[PIN_OUT_WORDS];
};

/** struct history - a ring of them; the clock of edge e stands at e % HISTORY_CLOCKS */
struct history {
	struct history_clock ring[HISTORY_CLOCKS];
};

/** history_add() - one more clock */
static inline void history_add(struct history *h, uint64_t edge, const uint32_t *in, const uint32_t *out, const uint32_t *unknown)
{
	struct history_clock *c = &h->ring[edge % HISTORY_CLOCKS];

	c->edge = edge;
	memcpy(c->in, in, sizeof(c->in));
	memcpy(c->out, out, sizeof(c->out));
	memcpy(c->unknown, unknown, sizeof(c->unknown));
}

#endif
