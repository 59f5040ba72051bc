// SPDX-License-Identifier: MIT
/*
 * pq: every number of sources, every alignment of source, P and Q, edges, coefficients, continuation, P or Q off, in place. Each
 * comparison is of the whole RAM. What a of a source says must not matter: it is random.
 */
#include <isa-l/raid.h>
#include "sums.h"

#define DISKS 40
#define CHAIN_BYTES 1152	/* pq_gen() wants a multiple of 32 */
#define OFF_DESCS 24
#define NOWHERE 0x7fff000000000000ull

TEST(pq_sources, "every number of sources from 1 to SOURCES, with any alignment and any coefficients, several descriptors queued",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr;

	sums_need(b, PQDMA_OP_PQ);
	nr = sums_sweep_sources(s, PQDMA_OP_PQ);
	CHECK(nr >= PQDMA_SOURCES);
	CHECK_EQ(s->completed[PQDMA_OP_PQ], nr);
}

TEST(pq_offsets, "every pair of offsets of source, P and Q in a bus word, lengths around one beat", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr;

	sums_need(b, PQDMA_OP_PQ);
	nr = sums_sweep_offsets(s, PQDMA_OP_PQ);
	CHECK(nr >= 4 * PQDMA_BYTES);
	CHECK_EQ(s->completed[PQDMA_OP_PQ], nr);
}

TEST(pq_edges, "lengths and places of source, P and Q around beat, strip and 4 KiB edges; six seeds take every place of P", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr;

	sums_need(b, PQDMA_OP_PQ);
	nr = sums_sweep_edges(s, PQDMA_OP_PQ);
	CHECK_EQ(s->completed[PQDMA_OP_PQ], nr);
}

TEST(pq_in_place, "P is any one of the sources and Q another", .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr;

	sums_need(b, PQDMA_OP_PQ);
	nr = sums_sweep_in_place(s, PQDMA_OP_PQ);
	CHECK_EQ(s->completed[PQDMA_OP_PQ], nr);
}

/* ISA-L wants aligned blocks. */
static _Alignas(64) uint8_t blocks[DISKS + 2][CHAIN_BYTES];

TEST(pq_chain, "P and Q of 40 disks in pieces of SOURCES with CONT and FENCE are those of pq_gen(), on all channels at once",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct sum sum[PQDMA_CHANNELS];
	struct sum_source disks[DISKS];
	void *array[DISKS + 2];
	unsigned int pieces = 0;

	sums_need(b, PQDMA_OP_PQ);
	for (unsigned int i = 0; i < DISKS; i++) {
		disks[i] = (struct sum_source){ .addr = s->l->src + i * CHAIN_BYTES + 3 * i, .b = sums_power(i) };
		memcpy(blocks[i], bench_ram(b, disks[i].addr), CHAIN_BYTES);
	}
	for (unsigned int i = 0; i < DISKS + 2; i++)
		array[i] = blocks[i];
	CHECK(!pq_gen(DISKS + 2, CHAIN_BYTES, array));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		sum[ch] = sums_draw(s, ch, PQDMA_OP_PQ, 0, CHAIN_BYTES);
		pieces += sums_chain(s, ch, &sum[ch], disks, DISKS, PQDMA_SOURCES);
	}
	sums_run(s);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		CHECK(!memcmp(bench_ram(b, sum[ch].desc.dst), blocks[DISKS], CHAIN_BYTES));
		CHECK(!memcmp(bench_ram(b, sum[ch].q), blocks[DISKS + 1], CHAIN_BYTES));
	}
	CHECK(pieces > PQDMA_CHANNELS);
	CHECK_EQ(s->completed[PQDMA_OP_PQ], pieces);
}

/* Every third one has both; an address that has no meaning is outside RAM, where every access is an error. */
static struct sum draw_off(struct sums *s, uint8_t op, unsigned int i)
{
	static const uint8_t off[] = { PQDMA_FLAG_P_OFF, PQDMA_FLAG_Q_OFF, 0 };
	struct rng *rng = test_rng(s->l->b);
	struct sum sum = sums_draw(s, 0, op, rng_range(rng, 1, 4), rng_range(rng, 1, 2 * PQDMA_STRIP_BYTES));

	sum.desc.flags = off[i % 3] | PQDMA_FLAG_WB | (i / 3 % 2 && !sums_validates(&sum) ? PQDMA_FLAG_CONT : 0);
	if (!sums_has_p(&sum))
		sum.desc.dst = NOWHERE + rng_below(rng, PQDMA_BYTES);
	if (!sums_has_q(&sum))
		sum.q = NOWHERE + rng_below(rng, PQDMA_BYTES);
	return sum;
}

TEST(pq_off, "with P_OFF or Q_OFF, also with CONT and in validations, that destination is not touched, and may be anywhere", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	static const uint8_t ops[] = { PQDMA_OP_PQ, PQDMA_OP_MATRIX, PQDMA_OP_PQ_VAL };
	struct sums *s = sums_new(b);
	uint64_t bytes = 0;

	sums_need(b, PQDMA_OP_PQ);
	for (unsigned int n = 0; n < sizeof(ops); n++) {
		for (unsigned int i = 0; i < OFF_DESCS; i++) {
			struct sum sum = draw_off(s, ops[n], i);

			sums_group(s, 0, &sum, 1);
			bytes += 8;
			if (!sums_validates(&sum))
				bytes += sum.desc.length * ((uint64_t)sums_has_p(&sum) + sums_has_q(&sum));
			if (i % 4 == 3)
				sums_run(s);
		}
		CHECK_EQ(s->completed[ops[n]], OFF_DESCS);
	}
	CHECK_EQ(mem_stats(b)->bytes, bytes);
	CHECK_EQ(mem_stats(b)->errors, 0);
}

TEST(pq_channels, "channels mix all operations with any legal flags, each with its own burst length", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct rng *rng = test_rng(b);
	uint64_t nr = 0, done = 0;

	for (unsigned int round = 0; round < 4; round++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			lists_burst(s->l, ch, rng_range(rng, 1, 8));
			for (unsigned int i = 0; i < 12; i++, nr++) {
				struct sum sum = sums_random(s, ch, rng_range(rng, 1, 40 * PQDMA_BYTES));

				sums_group(s, ch, &sum, 1);
			}
		}
		sums_run(s);
	}
	for (unsigned int op = 0; op <= PQDMA_OP_MATRIX; op++)
		done += s->completed[op];
	CHECK_EQ(done, nr);
	CHECK(s->completed[PQDMA_OP_XOR] + s->completed[PQDMA_OP_PQ] && s->completed[PQDMA_OP_COPY] + s->completed[PQDMA_OP_FILL]);
}
