/* SPDX-License-Identifier: MIT */
/*
 * The strip buffer and the products that are added up in it. docs/timing.md, sections 7 and 8.
 *
 * Lane l of row r is byte r x BYTES + l of a half. Rotating by rot lanes with a carry into the next row is then plain
 * addition, so the valid lanes of a beat are one run of bytes that wraps at the end of the half.
 */
#include <string.h>
#include "pqdma_priv.h"

#define WORD_BYTES (PQDMA_BYTES < 8 ? PQDMA_BYTES : 8)
#define TOP_BITS UINT64_C(0x8080808080808080)
#define POLYNOMIAL 0x1d		/* 0x11d without the bit that falls out */

/* eight bytes, each times x in GF(2^8) */
static uint64_t times_x(uint64_t bytes)
{
	const uint64_t top = bytes & TOP_BITS;

	return (bytes ^ top) << 1 ^ (top >> 7) * POLYNOMIAL;
}

static uint64_t times(uint64_t bytes, uint8_t factor)
{
	uint64_t product = 0;

	for (; factor; factor >>= 1) {
		if (factor & 1)
			product ^= bytes;
		bytes = times_x(bytes);
	}
	return product;
}

static void multiply(uint8_t *lanes, const uint8_t *bytes, uint8_t factor)
{
	uint64_t word = 0;
	uint32_t i;

	for (i = 0; i < PQDMA_BYTES; i += WORD_BYTES) {
		memcpy(&word, bytes + i, WORD_BYTES);
		word = times(word, factor);
		memcpy(lanes + i, &word, WORD_BYTES);
	}
}

static void add(uint8_t *to, const uint8_t *from, uint32_t n)
{
	uint64_t sum, word;

	for (; n >= sizeof(word); n -= sizeof(word)) {
		memcpy(&sum, to, sizeof(sum));
		memcpy(&word, from, sizeof(word));
		sum ^= word;
		memcpy(to, &sum, sizeof(sum));
		to += sizeof(word);
		from += sizeof(word);
	}
	while (n--)
		*to++ ^= *from++;
}

static void put(uint8_t *to, const uint8_t *from, uint32_t n, bool fresh)
{
	if (fresh)
		memcpy(to, from, n);
	else
		add(to, from, n);
}

static void take_lanes(uint8_t *half, uint32_t at, const uint8_t *from, uint32_t n, bool fresh)
{
	const uint32_t to_end = PQDMA_BUF_BYTES - at;

	if (n <= to_end) {
		put(half + at, from, n, fresh);
		return;
	}
	put(half + at, from, to_end, fresh);
	put(half, from + to_end, n - to_end, fresh);
}

void pqdma_buf_update(struct pqdma_buf *buf, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	const struct pqdma_read_word *word = ev->with.read;
	uint8_t lanes[PQDMA_BYTES];
	uint32_t half;

	if (ev->with.high < ev->with.low)
		return;
	for (half = 0; half < PQDMA_HALVES; half++) {
		const uint32_t at = (word->at[half] + ev->with.at) % PQDMA_BUF_BYTES;
		const uint8_t *from = (const uint8_t *)in->m_axi_rdata;

		if (!(word->adds & 1u << half))
			continue;
		if (word->factor[half] != 1) {
			multiply(lanes, from, word->factor[half]);
			from = lanes;
		}
		take_lanes(buf->bytes[half], at, from + ev->with.low, ev->with.high + 1 - ev->with.low, word->fresh);
	}
}
