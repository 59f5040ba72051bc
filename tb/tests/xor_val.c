// SPDX-License-Identifier: MIT
/*
 * xor_val: the status says what is true, for a wrong byte at any place, and for each descriptor alone. Nothing is written but the
 * status. The sums are made by the test, so hardware that compares with something else is found out.
 */
#include "sums.h"

#define BATCH 8
#define BEATS 3
#define LONG (3u * PQDMA_STRIP_BYTES)
#define LONGER (4096u + PQDMA_STRIP_BYTES + 3)
#define ROUNDS 6

/* The status word of a validation that found @bad */
static uint64_t verdict(const struct sum *sum, uint64_t bad)
{
	return PQDMA_DSTS_DONE_MASK | bad | (uint64_t)sum->desc.tag << PQDMA_DSTS_TAG_SHIFT | sum->desc.length;
}

/* Validations on channel @ch of which number i is wrong in the byte @wrong[i], if that is less than its length */
static void validate(struct sums *s, unsigned int ch, struct sum *sums, const uint32_t *wrong, unsigned int nr)
{
	struct bench *b = s->l->b;
	const struct axi_mem_stats was = *mem_stats(b);

	for (unsigned int i = 0; i < nr; i++) {
		sums[i].desc.flags = PQDMA_FLAG_WB;
		sums_settle(s, &sums[i]);
		if (wrong[i] < sums[i].desc.length)
			*bench_ram(b, sums[i].desc.dst + wrong[i]) ^= (uint8_t)(1u << rng_below(test_rng(b), 8));
	}
	sums_scatter(s, ch, sums, nr);
	sums_check(s);
	for (unsigned int i = 0; i < nr; i++)
		CHECK_EQ(sums_status(s, ch, i), verdict(&sums[i], wrong[i] < sums[i].desc.length ? PQDMA_DSTS_P_BAD_MASK : 0));
	CHECK_EQ(mem_stats(b)->write_bursts - was.write_bursts, nr);
	CHECK_EQ(mem_stats(b)->bytes - was.bytes, 8 * nr);
	sums_end(s);
}

TEST(xor_val_places, "one wrong bit in any lane of the first, a middle or the last beat is found, and the next descriptor is good",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct rng *rng = test_rng(b);
	struct sum sums[BATCH];
	uint32_t wrong[BATCH];
	unsigned int n = 0;

	for (unsigned int lane = 0; lane < PQDMA_BYTES; lane++) {
		struct sum sum = sums_draw(s, 0, PQDMA_OP_XOR_VAL, rng_range(rng, 1, 3), BEATS * PQDMA_BYTES);

		wrong[n] = (lane - (uint32_t)sum.desc.dst) % PQDMA_BYTES + rng_below(rng, BEATS) * PQDMA_BYTES;
		sums[n++] = sum;
		sums[n] = sums_draw(s, 0, PQDMA_OP_XOR_VAL, rng_range(rng, 1, 3), rng_range(rng, 1, 2 * PQDMA_BYTES));
		wrong[n++] = UINT32_MAX;
		if (n < BATCH)
			continue;
		validate(s, 0, sums, wrong, n);
		n = 0;
	}
	CHECK_EQ(s->completed[PQDMA_OP_XOR_VAL], 2 * PQDMA_BYTES);
}

TEST(xor_val_strips, "a wrong byte in any strip of several is found: the first, the last, one between, the byte at either end; or in none",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct rng *rng = test_rng(b);

	for (unsigned int round = 0; round < ROUNDS; round++) {
		const uint32_t lengths[] = { LONG, PQDMA_STRIP_BYTES, LONG, LONGER, LONG, LONG };
		const uint32_t wrong[] = { 0, round % 2 ? PQDMA_STRIP_BYTES - 1 : UINT32_MAX, LONG - 1, round % 2 ? UINT32_MAX : LONGER - 1,
					   UINT32_MAX, rng_below(rng, LONG) };
		struct sum sums[6];

		for (unsigned int i = 0; i < 6; i++)
			sums[i] = sums_draw(s, 0, PQDMA_OP_XOR_VAL, 1 + i % 2, lengths[i]);
		validate(s, 0, sums, wrong, 6);
	}
	CHECK_EQ(s->completed[PQDMA_OP_XOR_VAL], 6 * ROUNDS);
}

TEST(xor_val_sources, "every number of sources, good and bad in turn", .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct rng *rng = test_rng(b);

	for (unsigned int k = 1; k <= PQDMA_SOURCES; k++) {
		struct sum sums[3];
		uint32_t wrong[3];

		for (unsigned int i = 0; i < 3; i++) {
			sums[i] = sums_draw(s, k % PQDMA_CHANNELS, PQDMA_OP_XOR_VAL, k, rng_range(rng, 1, 5 * PQDMA_BYTES));
			wrong[i] = i % 2 == k % 2 ? rng_below(rng, sums[i].desc.length) : UINT32_MAX;
		}
		validate(s, k % PQDMA_CHANNELS, sums, wrong, 3);
	}
	CHECK_EQ(s->completed[PQDMA_OP_XOR_VAL], 3 * PQDMA_SOURCES);
}
