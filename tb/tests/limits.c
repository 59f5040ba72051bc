// SPDX-License-Identifier: MIT
// Every operation with every value of CFG.BURST, the ones that are longer than a strip among them.
#include "sums.h"

#define BURSTS 16
#define LENGTH 1500		/* longer than a strip, and not a multiple of anything */

static struct sum draw(struct sums *s, unsigned int ch, uint8_t op)
{
	if (op < PQDMA_OP_XOR)
		return (struct sum){ .desc = lists_desc(s->l, ch, op, LENGTH) };
	return sums_draw(s, ch, op, 3, LENGTH);
}

TEST(limits_bursts, "each operation that moves data with each CFG.BURST, all of them queued", .moves = true,
     .takes_long = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int done = 0;

	for (unsigned int burst = 0; burst < BURSTS; burst++) {
		const unsigned int ch = burst % PQDMA_CHANNELS;

		lists_burst(s->l, ch, burst);
		for (uint8_t op = PQDMA_OP_COPY; op <= PQDMA_OP_MATRIX; op++) {
			struct sum sum;

			if (!sums_built(op))
				continue;
			sum = draw(s, ch, op);
			sums_group(s, ch, &sum, 1);
			done++;
		}
		sums_run(s);
	}
	CHECK_EQ(done, BURSTS * (unsigned int)__builtin_popcount(PQDMA_OPS >> PQDMA_OP_COPY));
	CHECK(s->completed[PQDMA_OP_COPY] == BURSTS && s->completed[PQDMA_OP_XOR] == BURSTS);
}
