// SPDX-License-Identifier: MIT
// Fills: the byte at address A becomes pattern byte A mod 8, whatever the alignment, the length and the burst.
#include "lists.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define PATTERN 0x8877665544332211ull
#define PHASE_LENGTH 45

TEST(fill_offsets, "fills at every offset in a bus word, lengths around one beat, a new pattern each", .moves = true)
{
	static const uint32_t lengths[] = { 1, 7, 8, PQDMA_BYTES - 1, PQDMA_BYTES, PQDMA_BYTES + 1, 3 * PQDMA_BYTES + 5 };
	struct lists *l = lists_new(b);
	struct desc descs[NR(lengths)];

	for (unsigned int offset = 0; offset < PQDMA_BYTES; offset++) {
		for (unsigned int i = 0; i < NR(lengths); i++) {
			descs[i] = lists_desc(l, 0, PQDMA_OP_FILL, lengths[i]);
			descs[i].dst = (descs[i].dst & ~(uint64_t)(PQDMA_BYTES - 1)) + offset;
			l->list[0].dst = descs[i].dst + lengths[i] + PQDMA_BYTES;
		}
		lists_scatter(l, 0, descs, NR(lengths));
		lists_run(l);
	}
	CHECK_EQ(l->completed[PQDMA_OP_FILL], PQDMA_BYTES * NR(lengths));
}

TEST(fill_lengths, "fills around strip and 4 KiB edges with every CFG.BURST", .moves = true)
{
	enum { STRIP = PQDMA_STRIP_BYTES };
	static const uint32_t lengths[] = { STRIP - 1, STRIP, STRIP + 1, 4095, 4097, 3 * STRIP + 7 };
	struct lists *l = lists_new(b);
	struct rng *rng = test_rng(b);
	struct desc descs[3];
	unsigned int fills = 0;

	for (unsigned int burst = 0; burst <= 8; burst++) {
		lists_burst(l, 0, burst);
		for (unsigned int i = 0; i < NR(descs); i++) {
			descs[i] = lists_desc(l, 0, PQDMA_OP_FILL, lengths[(burst + i * 2) % NR(lengths)]);
			if (rng_below(rng, 2))
				descs[i].dst = ((descs[i].dst + PQDMA_BYTES + 4095) & ~4095ull) - PQDMA_BYTES;
			l->list[0].dst = descs[i].dst + descs[i].length;
		}
		lists_group(l, 0, descs, NR(descs));
		lists_run(l);
		fills += NR(descs);
	}
	CHECK_EQ(l->completed[PQDMA_OP_FILL], fills);
}

/* Without the oracle: the bytes are looked at here. */
TEST(fill_phase, "the phase of the pattern is that of the address, not of the range", .moves = true)
{
	uint64_t list = ram_alloc(b, PQDMA_DESC_SIZE), room = ram_alloc(b, 4096), bytes = 0;

	for (unsigned int offset = 0; offset < 2 * PQDMA_BYTES; offset++) {
		uint64_t dst = room + 1024 + offset;

		ram_random(b, room, 4096);
		desc_put(b, list, &(struct desc){ .op = PQDMA_OP_FILL, .length = PHASE_LENGTH, .src = PATTERN, .dst = dst });
		chan_start(b, 0, list, 1, 1);
		wait_done(b, 0, 1, 2000);
		for (uint64_t at = dst; at < dst + PHASE_LENGTH; at++, bytes++)
			CHECK_EQ(*bench_ram(b, at), 0x11 * (at % 8 + 1));
		chan_abort(b, 0);
	}
	CHECK_EQ(bytes, 2 * PQDMA_BYTES * PHASE_LENGTH);
}
