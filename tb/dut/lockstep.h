/* SPDX-License-Identifier: MIT */
/*
 * The lockstep pair: a device made of two. Both get the same input pins at every rising edge, and every output pin is
 * compared after it, unknown bits included. The first difference is kept; what goes on is up to the caller. In a wave dump the pins of
 * the second stand beside those of the first.
 */
#ifndef PQDMA_LOCKSTEP_H
#define PQDMA_LOCKSTEP_H

#include "dut.h"

/**
 * struct mismatch - the first clock in which the two differed
 * @clock:   number of the rising edge, first edge 1; 0 if they never differed
 * @in:      input pins sampled at that edge
 * @a:       output pins of the first device after it
 * @b:       output pins of the second
 * @unknown: bits of @a that are X or Z
 */
struct mismatch {
	uint64_t clock;
	uint32_t in[PIN_IN_WORDS];
	uint32_t a[PIN_OUT_WORDS];
	uint32_t b[PIN_OUT_WORDS];
	uint32_t unknown[PIN_OUT_WORDS];
};

/** lockstep_new() - pair @a (whose pins are passed on) with @b (what they should be); closes both in the end */
struct dut *lockstep_new(struct dut *a, struct dut *b);

/** lockstep_mismatch() - the first difference, NULL if there was none */
const struct mismatch *lockstep_mismatch(const struct dut *dut);

/** lockstep_compared() - clocks in which all pins were compared */
uint64_t lockstep_compared(const struct dut *dut);

/**
 * lockstep_expect() - a difference is wanted: forget the one that is kept, and pass on b's pins in a clock in which they differ
 * @dut: the pair
 * @on:  begin (true) or end (false)
 *
 * So a test can plant a difference, read what was found with lockstep_mismatch(), and go on undisturbed.
 */
void lockstep_expect(struct dut *dut, bool on);

/** lockstep_expecting() - has lockstep_expect() been begun and not ended? */
bool lockstep_expecting(const struct dut *dut);

/** mismatch_has() - does this pin differ, or is it unknown? */
bool mismatch_has(const struct mismatch *m, const struct pin *pin);

#endif
