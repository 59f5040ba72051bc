// SPDX-License-Identifier: MIT
/*
 * pq_val: P and Q are judged apart, each descriptor alone, and nothing is written but the status. The sums are made by the test.
 */
#include "sums.h"

#define BATCH 8
#define ROUNDS 6
#define LONG (4096u + PQDMA_STRIP_BYTES + 3)
#define NOWHERE 0x7fff000000000000ull

/* What is wrong in a pair of P and Q, what of them is switched off, and what the status must say */
static const struct verdict {
	bool p_wrong;
	bool q_wrong;
	uint8_t off;
	uint64_t bad;
} verdicts[] = {
	{ false, false, 0, 0 },
	{ true, false, 0, PQDMA_DSTS_P_BAD_MASK },
	{ false, true, 0, PQDMA_DSTS_Q_BAD_MASK },
	{ true, true, 0, PQDMA_DSTS_P_BAD_MASK | PQDMA_DSTS_Q_BAD_MASK },
	{ false, false, PQDMA_FLAG_P_OFF, 0 },
	{ false, true, PQDMA_FLAG_P_OFF, PQDMA_DSTS_Q_BAD_MASK },
	{ false, false, PQDMA_FLAG_Q_OFF, 0 },
	{ true, false, PQDMA_FLAG_Q_OFF, PQDMA_DSTS_P_BAD_MASK },
};

#define NR_VERDICTS (sizeof(verdicts) / sizeof(verdicts[0]))

static void spoil(struct bench *b, uint64_t addr, uint32_t at)
{
	*bench_ram(b, addr + at) ^= (uint8_t)(1u << rng_below(test_rng(b), 8));
}

static struct sum draw_verdict(struct sums *s, unsigned int ch, const struct verdict *v, uint32_t length)
{
	struct bench *b = s->l->b;
	struct rng *rng = test_rng(b);
	struct sum sum = sums_draw(s, ch, PQDMA_OP_PQ_VAL, rng_range(rng, 1, 4), length);

	sum.desc.flags = PQDMA_FLAG_WB | v->off;
	if (v->off & PQDMA_FLAG_P_OFF)
		sum.desc.dst = NOWHERE;
	if (v->off & PQDMA_FLAG_Q_OFF)
		sum.q = NOWHERE;
	sums_settle(s, &sum);
	if (v->p_wrong)
		spoil(b, sum.desc.dst, rng_below(rng, length));
	if (v->q_wrong)
		spoil(b, sum.q, rng_below(rng, length));
	return sum;
}

static void check_verdict(struct sums *s, unsigned int ch, unsigned int i, const struct sum *sum, uint64_t bad)
{
	struct bench *b = s->l->b;

	CHECK_EQ(sums_status(s, ch, i), PQDMA_DSTS_DONE_MASK | bad | (uint64_t)sum->desc.tag << PQDMA_DSTS_TAG_SHIFT | sum->desc.length);
}

TEST(pq_val_verdicts, "good, P bad, Q bad, both bad, P off, Q off, in any order: each status is of its descriptor alone",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct rng *rng = test_rng(b);

	sums_need(b, PQDMA_OP_PQ_VAL);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		unsigned int chosen[2 * NR_VERDICTS];
		struct sum sums[2 * NR_VERDICTS];

		for (unsigned int i = 0; i < 2 * NR_VERDICTS; i++) {
			const uint32_t length = i ? rng_range(rng, 1, 60 * PQDMA_BYTES) : round % 2 ? PQDMA_STRIP_BYTES : LONG;

			chosen[i] = i < NR_VERDICTS ? (i * 3 + round) % NR_VERDICTS : rng_below(rng, NR_VERDICTS);
			sums[i] = draw_verdict(s, 0, &verdicts[chosen[i]], length);
		}
		lists_burst(s->l, 0, 1 + round);
		sums_scatter(s, 0, sums, 2 * NR_VERDICTS);
		sums_check(s);
		for (unsigned int i = 0; i < 2 * NR_VERDICTS; i++)
			check_verdict(s, 0, i, &sums[i], verdicts[chosen[i]].bad);
		sums_end(s);
	}
	CHECK_EQ(s->completed[PQDMA_OP_PQ_VAL], 2 * NR_VERDICTS * ROUNDS);
	CHECK_EQ(mem_stats(b)->write_bursts, 2 * NR_VERDICTS * ROUNDS);
	CHECK_EQ(mem_stats(b)->bytes, 2 * NR_VERDICTS * ROUNDS * 8);
}

TEST(pq_val_places, "one wrong bit in any lane of P or of Q is found in that one alone; the next descriptor is good", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	const uint32_t length = 3 * PQDMA_BYTES;
	struct sums *s = sums_new(b);
	struct rng *rng = test_rng(b);
	unsigned int found = 0;

	sums_need(b, PQDMA_OP_PQ_VAL);
	for (unsigned int lane = 0; lane < PQDMA_BYTES; lane++) {
		struct sum sums[4];

		for (unsigned int i = 0; i < 4; i++)
			sums[i] = draw_verdict(s, 0, &verdicts[0], length);
		spoil(b, sums[0].desc.dst, (lane - (uint32_t)sums[0].desc.dst) % PQDMA_BYTES + rng_below(rng, 3) * PQDMA_BYTES);
		spoil(b, sums[2].q, (lane - (uint32_t)sums[2].q) % PQDMA_BYTES + rng_below(rng, 3) * PQDMA_BYTES);
		sums_scatter(s, 0, sums, 4);
		sums_check(s);
		for (unsigned int i = 0; i < 4; i++)
			check_verdict(s, 0, i, &sums[i], i == 0 ? PQDMA_DSTS_P_BAD_MASK : i == 2 ? PQDMA_DSTS_Q_BAD_MASK : 0);
		found += 2;
		sums_end(s);
	}
	CHECK_EQ(found, 2 * PQDMA_BYTES);
	CHECK_EQ(s->completed[PQDMA_OP_PQ_VAL], 4 * PQDMA_BYTES);
}

TEST(pq_val_channels, "channels validate at once, each with its own result", .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct sum sums[PQDMA_CHANNELS][BATCH];

	sums_need(b, PQDMA_OP_PQ_VAL);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		lists_burst(s->l, ch, 2);
		for (unsigned int i = 0; i < BATCH; i++)
			sums[ch][i] = draw_verdict(s, ch, &verdicts[(ch + i) % 4], rng_range(test_rng(b), 1, 20 * PQDMA_BYTES));
		sums_scatter(s, ch, sums[ch], BATCH);
	}
	sums_check(s);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (unsigned int i = 0; i < BATCH; i++)
			check_verdict(s, ch, i, &sums[ch][i], verdicts[(ch + i) % 4].bad);
	sums_end(s);
	CHECK_EQ(s->completed[PQDMA_OP_PQ_VAL], BATCH * PQDMA_CHANNELS);
}

TEST(pq_val_error, "a read error of P or Q while both are bad: the status has the code and no verdict, the next list starts clean",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);

	sums_need(b, PQDMA_OP_PQ_VAL);
	for (unsigned int i = 0; i < 4 * PQDMA_CHANNELS; i++) {
		unsigned int ch = i % PQDMA_CHANNELS;
		struct sum sum = draw_verdict(s, ch, &verdicts[0], 20 * PQDMA_BYTES);
		uint64_t beat = ((i % 2 ? sum.q : sum.desc.dst) + 12 * PQDMA_BYTES) & ~(uint64_t)(PQDMA_BYTES - 1), at;

		spoil(b, sum.desc.dst, 0);
		spoil(b, sum.q, 0);
		lists_burst(s->l, ch, 1);
		sums_group(s, ch, &sum, 1);
		at = s->l->list[ch].at[0];
		mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_READ, beat, beat + PQDMA_BYTES - 1, AXI_SLVERR, 0, 0 });
		lists_start(s->l, ch, 1);
		lists_check_failed(s->l, ch, PQDMA_ERR_READ_SLVERR, beat, at);
		CHECK_EQ(sums_status(s, ch, 0) & (PQDMA_DSTS_P_BAD_MASK | PQDMA_DSTS_Q_BAD_MASK), 0);
		mem_clear_faults(b);
		sums_end(s);
		sum = draw_verdict(s, ch, &verdicts[0], 20 * PQDMA_BYTES);
		sums_group(s, ch, &sum, 1);
		sums_check(s);
		check_verdict(s, ch, 0, &sum, 0);
		sums_end(s);
	}
	CHECK_EQ(s->completed[PQDMA_OP_PQ_VAL], 4 * PQDMA_CHANNELS);
}
