/* SPDX-License-Identifier: MIT */
/*
 * The golden timed model of the controller: pins in, pins out, one call per rising clock edge.
 *
 *	struct pqdma *dev = pqdma_model_new();
 *	struct pqdma_in in = { .rst_n = 0 };
 *	struct pqdma_out out;
 *
 *	for (;;) {
 *		pqdma_tick(dev, &in, &out);	// one rising edge
 *		choose_next(&out, &in);		// out holds until the next edge
 *	}
 *
 * Written from docs/timing.md. Depends on libc and the generated register header only: no I/O, no time, no globals.
 * All state is in struct pqdma, which may be copied to take a snapshot. R beats that were never asked for are ignored.
 *
 * Build: the files pqdma*.c of this folder with -Imodel -Iregs/gen. Parameters are macros, see pqdma_params.h.
 *
 * Inaccuracies: none known.
 */
#ifndef PQDMA_MODEL_H
#define PQDMA_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pqdma_pins.h"

#define PQDMA_PIN_WIDE(name, width) uint32_t name[(width) / 32];
#define PQDMA_PIN_WORD(name, width) uint64_t name;

/** struct pqdma_in - values of the input pins, sampled at the rising edge */
struct pqdma_in {
	PQDMA_PINS_IN(PQDMA_PIN_WIDE, PQDMA_PIN_WORD)
};

/** struct pqdma_out - values of the output pins from just after an edge until the next one */
struct pqdma_out {
	PQDMA_PINS_OUT(PQDMA_PIN_WIDE, PQDMA_PIN_WORD)
};

struct pqdma;

/** pqdma_model_size() - bytes of struct pqdma, for snapshots by memcpy */
size_t pqdma_model_size(void);

/** pqdma_model_new() - allocate a model; state is that of a reset. NULL if there is no memory. */
struct pqdma *pqdma_model_new(void);

/** pqdma_model_free() - give it back; NULL is allowed */
void pqdma_model_free(struct pqdma *dev);

/**
 * pqdma_tick() - one rising edge of the clock
 * @dev: the model
 * @in:  pins sampled at the edge; in->rst_n = 0 resets
 * @out: pins after the edge
 */
void pqdma_tick(struct pqdma *dev, const struct pqdma_in *in, struct pqdma_out *out);

/** pqdma_model_peek() - value of the register at byte address @addr in this clock; false if there is none (value 0) */
bool pqdma_model_peek(const struct pqdma *dev, uint32_t addr, uint32_t *value);

/** pqdma_state_name() - "IDLE", "RUN", ... of a channel state; "unknown" for other numbers */
const char *pqdma_state_name(unsigned int state);

/** pqdma_op_name() - "nop", "copy", ... of an operation code; "unknown" for other numbers */
const char *pqdma_op_name(unsigned int op);

/** pqdma_error_name() - "BAD_OP", ... of an error cause, "none" for 0; "unknown" for other numbers */
const char *pqdma_error_name(unsigned int code);

/** pqdma_model_desc() - address of the descriptor that channel @channel works on, or has failed with; 0 for none */
uint64_t pqdma_model_desc(const struct pqdma *dev, unsigned int channel);

/**
 * struct pqdma_glance - a few numbers that change as work goes on
 * @strips: in flight, and @rows of the buffer that they hold
 * @strip_wr: slot that the next strip takes, so this changes when one begins; @strip_rd: slot of the oldest one
 * @strip_chan: channel of the youngest strip, and its @strip_bytes
 * @reads:  of data, in flight
 * @chan:   state, completions so far, and whether there is a current descriptor, at @desc, of each channel
 */
struct pqdma_glance {
	uint32_t strips;
	uint32_t rows;
	uint32_t strip_wr;
	uint32_t strip_rd;
	uint32_t strip_chan;
	uint32_t strip_bytes;
	uint32_t reads;
	struct {
		uint32_t state;
		uint32_t done;
		uint64_t desc;
		uint32_t busy;
	} chan[PQDMA_CHANNELS];
};

/** pqdma_model_glance() - the numbers now */
void pqdma_model_glance(const struct pqdma *dev, struct pqdma_glance *glance);

/**
 * pqdma_model_describe() - say what the model is doing: channels, current descriptors, what is in flight
 * @dev: the model
 * @buf: receives lines of text, zero-terminated; what does not fit is cut off
 * @len: bytes of @buf; 4096 are enough for four channels at rest, 16384 for everything
 *
 * Return: characters written, without the zero.
 */
size_t pqdma_model_describe(const struct pqdma *dev, char *buf, size_t len);

#endif
