/* SPDX-License-Identifier: MIT */
/*
 * Packed pins: the pin lists of model/pqdma_pins.h as little-endian bit strings in uint32_t words.
 *
 *	uint32_t in[PIN_IN_WORDS] = { 0 };
 *	struct pqdma_out out;
 *
 *	pins_pack_in(in, &pins);
 *	dut->ops->tick(dut, in, words, unknown);
 *	pins_unpack_out(&out, words);
 *
 * PIN_IN_<name> and PIN_OUT_<name> are bit offsets, known at compile time. pin_table_in and pin_table_out name the
 * pins for reports. A value that is wider than its pin is an error of the caller and spoils the pins beside it.
 */
#ifndef PQDMA_TB_PINS_H
#define PQDMA_TB_PINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pqdma_model.h"

#define PIN_IN_AT(name, width) PIN_IN_##name, PIN_IN_##name##_END = PIN_IN_##name + (width) - 1,
#define PIN_OUT_AT(name, width) PIN_OUT_##name, PIN_OUT_##name##_END = PIN_OUT_##name + (width) - 1,

enum pin_in_offset {
	PQDMA_PINS_IN(PIN_IN_AT, PIN_IN_AT)
	PIN_IN_BITS,
	PIN_IN_WORDS = (PIN_IN_BITS + 31) / 32,
};

enum pin_out_offset {
	PQDMA_PINS_OUT(PIN_OUT_AT, PIN_OUT_AT)
	PIN_OUT_BITS,
	PIN_OUT_WORDS = (PIN_OUT_BITS + 31) / 32,
};

/** struct pin - one row of a pin table */
struct pin {
	const char *name;
	unsigned int at;
	unsigned int width;
};

extern const struct pin pin_table_in[];
extern const struct pin pin_table_out[];
extern const size_t pin_count_in;
extern const size_t pin_count_out;

/** pins_pack_in() - struct of input pins to PIN_IN_WORDS words */
void pins_pack_in(uint32_t *words, const struct pqdma_in *pins);

/** pins_unpack_in() - PIN_IN_WORDS words to struct of input pins */
void pins_unpack_in(struct pqdma_in *pins, const uint32_t *words);

/** pins_pack_out() - struct of output pins to PIN_OUT_WORDS words */
void pins_pack_out(uint32_t *words, const struct pqdma_out *pins);

/** pins_unpack_out() - PIN_OUT_WORDS words to struct of output pins */
void pins_unpack_out(struct pqdma_out *pins, const uint32_t *words);

/** pin_by_name() - the row of table[count] with this name, NULL if there is none */
const struct pin *pin_by_name(const struct pin *table, size_t count, const char *name);

/** pin_differs() - has the pin another value in a than in b? */
bool pin_differs(const struct pin *pin, const uint32_t *a, const uint32_t *b);

/** pin_format() - value of the pin as "0x..." into text (PIN_TEXT bytes); bits that are set in unknown (may be NULL) show as x */
void pin_format(const struct pin *pin, const uint32_t *words, const uint32_t *unknown, char *text);

#define PIN_TEXT 160

#endif
