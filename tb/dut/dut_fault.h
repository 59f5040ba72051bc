/* SPDX-License-Identifier: MIT */
/* A decorator that flips one output pin of a device in one clock: proof that whoever watches the pins would see it. */
#ifndef PQDMA_DUT_FAULT_H
#define PQDMA_DUT_FAULT_H

#include <stddef.h>
#include "dut.h"

/**
 * struct flip - which bit, and when
 * @pin:   output pin, NULL for none
 * @bit:   bit of the pin
 * @clock: number of the rising edge after which the pin is wrong, first edge 1
 */
struct flip {
	const struct pin *pin;
	unsigned int bit;
	uint64_t clock;
};

/**
 * flip_parse() - read "<pin>[<bit>]@<clock>"; without "[<bit>]" it is bit 0
 * @text:  what to read
 * @flip:  where to put it
 * @error: on failure, what is wrong, in words
 * @size:  bytes of @error
 *
 * Return: true if it could be read.
 */
bool flip_parse(const char *text, struct flip *flip, char *error, size_t size);

/** dut_fault_new() - decorate @inner, which it closes in the end; NULL if there is no memory */
struct dut *dut_fault_new(struct dut *inner);

/** dut_fault_arm() - flip once as said; replaces what was armed before */
void dut_fault_arm(struct dut *dut, const struct flip *flip);

#endif
