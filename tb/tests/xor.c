// SPDX-License-Identifier: MIT
/*
 * xor: every number of sources, every alignment, edges, continuation, in place. Each comparison is of the whole RAM. What a and b of
 * a source say, and where a Q would be, must not matter: they are random.
 */
#include <isa-l/raid.h>
#include "sums.h"

#define DISKS 40
#define CHAIN_BYTES 1200
#define ROUNDS 8
#define PIECES 8
#define WRITE_LATENCY 60

TEST(xor_sources, "every number of sources from 1 to SOURCES, with any alignment, several descriptors queued", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr = sums_sweep_sources(s, PQDMA_OP_XOR);

	CHECK(nr >= PQDMA_SOURCES);
	CHECK_EQ(s->completed[PQDMA_OP_XOR], nr);
}

TEST(xor_offsets, "every pair of source and destination offsets in a bus word, lengths around one beat", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr = sums_sweep_offsets(s, PQDMA_OP_XOR);

	CHECK(nr >= 4 * PQDMA_BYTES);
	CHECK_EQ(s->completed[PQDMA_OP_XOR], nr);
}

TEST(xor_edges, "lengths and places around beat, strip and 4 KiB edges; six seeds take every place of the destination", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr = sums_sweep_edges(s, PQDMA_OP_XOR);

	CHECK_EQ(s->completed[PQDMA_OP_XOR], nr);
}

TEST(xor_in_place, "the destination is any one of the sources", .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr = sums_sweep_in_place(s, PQDMA_OP_XOR);

	CHECK_EQ(s->completed[PQDMA_OP_XOR], nr);
}

TEST(xor_twice, "a source that stands in the table twice cancels out; all of them twice give zeros", .moves = true)
{
	struct sums *s = sums_new(b);
	struct rng *rng = test_rng(b);

	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct sum sum = sums_draw(s, 0, PQDMA_OP_XOR, 4, rng_range(rng, 1, PQDMA_STRIP_BYTES));

		sum.source[round % 2 ? 2 : 1] = sum.source[0];
		sum.source[3] = sum.source[round % 2 ? 1 : 2];
		sums_group(s, 0, &sum, 1);
		sums_check(s);
		for (uint32_t i = 0; i < sum.desc.length; i++)
			CHECK_EQ(*bench_ram(b, sum.desc.dst + i), 0);
		sums_end(s);
	}
	CHECK_EQ(s->completed[PQDMA_OP_XOR], ROUNDS);
}

/* ISA-L wants aligned blocks. */
static _Alignas(64) uint8_t blocks[DISKS + 1][CHAIN_BYTES];

TEST(xor_chain, "the parity of 40 disks in pieces of SOURCES with CONT and FENCE is that of xor_gen(), on all channels at once",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct sum sum[PQDMA_CHANNELS];
	struct sum_source disks[DISKS];
	void *array[DISKS + 1];
	unsigned int pieces = 0;

	for (unsigned int i = 0; i < DISKS; i++) {
		disks[i] = (struct sum_source){ .addr = s->l->src + i * CHAIN_BYTES + i };
		memcpy(blocks[i], bench_ram(b, disks[i].addr), CHAIN_BYTES);
	}
	for (unsigned int i = 0; i <= DISKS; i++)
		array[i] = blocks[i];
	CHECK(!xor_gen(DISKS + 1, CHAIN_BYTES, array));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		sum[ch] = sums_draw(s, ch, PQDMA_OP_XOR, 0, CHAIN_BYTES);
		pieces += sums_chain(s, ch, &sum[ch], disks, DISKS, PQDMA_SOURCES);
	}
	sums_run(s);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		CHECK(!memcmp(bench_ram(b, sum[ch].desc.dst), blocks[DISKS], CHAIN_BYTES));
	CHECK(pieces > PQDMA_CHANNELS);
	CHECK_EQ(s->completed[PQDMA_OP_XOR], pieces);
}

TEST(xor_cont, "a sum that grows by one source a descriptor, on a memory that stores late: each sees what the one before has written",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct sums *s = sums_new(b);
	struct rng *rng = test_rng(b);
	unsigned int pieces = 0;

	config.write_latency = WRITE_LATENCY;
	config.late = 100;
	mem_configure(b, &config);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int ch = 0; ch < (round % 2 ? PQDMA_CHANNELS : 1); ch++) {
			struct sum sum = sums_draw(s, ch, PQDMA_OP_XOR, PIECES < PQDMA_SOURCES ? PIECES : PQDMA_SOURCES,
						   rng_range(rng, 1, 3 * PQDMA_BYTES));

			pieces += sums_chain(s, ch, &sum, sum.source, sum.nr, 1);
		}
		sums_run(s);
	}
	CHECK(pieces >= 4 * ROUNDS);
	CHECK_EQ(s->completed[PQDMA_OP_XOR], pieces);
}
