// SPDX-License-Identifier: MIT
// Packed pins: struct <-> words with offsets that the compiler knows, and pin names for reports.
#include <string.h>
#include "pins.h"

#define PIN_ROW_IN(name, width) { #name, PIN_IN_##name, width },
#define PIN_ROW_OUT(name, width) { #name, PIN_OUT_##name, width },

const struct pin pin_table_in[] = { PQDMA_PINS_IN(PIN_ROW_IN, PIN_ROW_IN) };
const struct pin pin_table_out[] = { PQDMA_PINS_OUT(PIN_ROW_OUT, PIN_ROW_OUT) };
const size_t pin_count_in = sizeof(pin_table_in) / sizeof(pin_table_in[0]);
const size_t pin_count_out = sizeof(pin_table_out) / sizeof(pin_table_out[0]);

/* at and width are constants wherever these two are inlined, so only the shifts and masks that are needed remain. */
static inline __attribute__((always_inline)) uint64_t get_bits(const uint32_t *words, unsigned int at, unsigned int width)
{
	const unsigned int word = at / 32, low = at % 32;
	uint64_t value = words[word] >> low;

	if (low + width > 32)
		value |= (uint64_t)words[word + 1] << (32 - low);
	if (low + width > 64)
		value |= (uint64_t)words[word + 2] << (64 - low);
	return width < 64 ? value & ((1ull << width) - 1) : value;
}

static inline __attribute__((always_inline)) void or_bits(uint32_t *words, unsigned int at, unsigned int width, uint64_t value)
{
	const unsigned int word = at / 32, low = at % 32;

	words[word] |= (uint32_t)(value << low);
	if (low + width > 32)
		words[word + 1] |= (uint32_t)(value >> (32 - low));
	if (low + width > 64)
		words[word + 2] |= (uint32_t)(value >> (64 - low));
}

#define PACK_WIDE_IN(name, width) memcpy(packed + PIN_IN_##name / 32, pins->name, (width) / 8);
#define PACK_PIN_IN(name, width) or_bits(packed, PIN_IN_##name, width, pins->name);
#define UNPACK_WIDE_IN(name, width) memcpy(pins->name, words + PIN_IN_##name / 32, (width) / 8);
#define UNPACK_PIN_IN(name, width) pins->name = get_bits(words, PIN_IN_##name, width);
#define PACK_WIDE_OUT(name, width) memcpy(packed + PIN_OUT_##name / 32, pins->name, (width) / 8);
#define PACK_PIN_OUT(name, width) or_bits(packed, PIN_OUT_##name, width, pins->name);
#define UNPACK_WIDE_OUT(name, width) memcpy(pins->name, words + PIN_OUT_##name / 32, (width) / 8);
#define UNPACK_PIN_OUT(name, width) pins->name = get_bits(words, PIN_OUT_##name, width);

void pins_pack_in(uint32_t *words, const struct pqdma_in *pins)
{
	uint32_t packed[PIN_IN_WORDS] = { 0 };

	PQDMA_PINS_IN(PACK_WIDE_IN, PACK_PIN_IN)
	memcpy(words, packed, sizeof(packed));
}

void pins_unpack_in(struct pqdma_in *pins, const uint32_t *words)
{
	PQDMA_PINS_IN(UNPACK_WIDE_IN, UNPACK_PIN_IN)
}

void pins_pack_out(uint32_t *words, const struct pqdma_out *pins)
{
	uint32_t packed[PIN_OUT_WORDS] = { 0 };

	PQDMA_PINS_OUT(PACK_WIDE_OUT, PACK_PIN_OUT)
	memcpy(words, packed, sizeof(packed));
}

void pins_unpack_out(struct pqdma_out *pins, const uint32_t *words)
{
	PQDMA_PINS_OUT(UNPACK_WIDE_OUT, UNPACK_PIN_OUT)
}

const struct pin *pin_by_name(const struct pin *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(table[i].name, name))
			return &table[i];
	return NULL;
}

static unsigned int bit(const uint32_t *words, unsigned int at)
{
	return words[at / 32] >> (at % 32) & 1;
}

bool pin_differs(const struct pin *pin, const uint32_t *a, const uint32_t *b)
{
	for (unsigned int i = pin->at; i < pin->at + pin->width; i++)
		if (bit(a, i) != bit(b, i))
			return true;
	return false;
}

static char digit(const struct pin *pin, const uint32_t *words, const uint32_t *unknown, unsigned int nibble)
{
	unsigned int value = 0;

	for (unsigned int i = nibble * 4; i < nibble * 4 + 4 && i < pin->width; i++) {
		if (unknown && bit(unknown, pin->at + i))
			return 'x';
		value |= bit(words, pin->at + i) << (i % 4);
	}
	return "0123456789abcdef"[value];
}

void pin_format(const struct pin *pin, const uint32_t *words, const uint32_t *unknown, char *text)
{
	unsigned int nibbles = (pin->width + 3) / 4;

	*text++ = '0';
	*text++ = 'x';
	while (nibbles--)
		*text++ = digit(pin, words, unknown, nibbles);
	*text = '\0';
}
