// SPDX-License-Identifier: MIT
/*
 * How fast sums are, in clocks, on an ideal memory: use of the R channel by xor and pq of 4 KiB blocks, every beat of sources, tables
 * and descriptors counted. Sums are bound by what they read: 1 would be that R never rests. The numbers are facts of the design, so
 * this is a test.
 */
#include <stdio.h>
#include "sums.h"

#define BLOCK 4096
#define BLOCKS 6		/* the window goes from the end of the second to the end of the last but one */
#define GOOD_USE 0.98
#define ENOUGH (16u << 10)	/* bytes of reads in flight */

/**
 * struct meter - R beats
 * @block:  beats of data that a block has
 * @beats:  of data, so far
 * @others: of descriptors and tables
 * @from:   when the window began, @to when it ended
 * @busy:   beats of all kinds in the window
 */
struct meter {
	uint64_t block;
	uint64_t beats;
	uint64_t others;
	uint64_t from;
	uint64_t to;
	uint64_t busy;
};

static void meter_tap(struct bench *b, void *arg)
{
	struct meter *m = arg;

	if (!b->in.m_axi_rvalid)
		return;
	if (m->from && !m->to)
		m->busy++;
	if (b->in.m_axi_rid) {
		m->others++;
		return;
	}
	m->beats++;
	if (m->beats == 2 * m->block)
		m->from = b->hw.clock;
	if (m->beats == (BLOCKS - 1) * m->block)
		m->to = b->hw.clock;
}

/* The use of R by one list of BLOCKS descriptors on channel 0 */
static double run_blocks(struct sums *s, uint8_t op, unsigned int k)
{
	struct bench *b = s->l->b;
	struct meter meter = { .block = (uint64_t)k * BLOCK / PQDMA_BYTES };
	struct sum sums[BLOCKS];

	for (unsigned int i = 0; i < BLOCKS; i++) {
		sums[i] = sums_draw(s, 0, op, k, BLOCK);
		sums[i].desc.dst = s->l->room[0] + 2 * i * BLOCK;
		if (op >= PQDMA_OP_PQ)
			sums[i].q = sums[i].desc.dst + BLOCK;
		for (unsigned int n = 0; n < k; n++)
			sums[i].source[n].addr &= ~(uint64_t)(BLOCK - 1);
	}
	sums_group(s, 0, sums, BLOCKS);
	bench_tap(b, meter_tap, &meter);
	sums_run(s);
	bench_tap(b, NULL, NULL);
	CHECK_EQ(meter.beats, BLOCKS * meter.block);
	CHECK(meter.from && meter.to);
	return (double)meter.busy / (double)(meter.to - meter.from);
}

TEST(measure_sums, "use of the R channel by xor and pq of 2 to 16 sources, up to latency 50", .moves = true, .takes_long = true,
     .max_clocks = SUMS_CLOCKS)
{
	static const struct {
		const char *name;
		uint8_t op;
	} ops[] = { { "xor", PQDMA_OP_XOR }, { "pq", PQDMA_OP_PQ } };
	static const unsigned int latencies[] = { 1, 10, 50 };
	struct sums *s = sums_new(b);
	unsigned int runs = 0;

	if (PQDMA_READS * PQDMA_STRIP_BYTES < ENOUGH || PQDMA_BUF_BYTES < 4 * PQDMA_STRIP_BYTES)
		test_skip(b, "too little is in flight to hide the latency");
	for (unsigned int i = 0; i < sizeof(ops) / sizeof(ops[0]) && sums_built(ops[i].op); i++) {
		for (unsigned int n = 0; n < sizeof(latencies) / sizeof(latencies[0]); n++) {
			mem_ideal(b, latencies[n]);
			for (unsigned int k = 2; k <= 16 && k <= PQDMA_SOURCES; k *= 2, runs++) {
				double use = run_blocks(s, ops[i].op, k);

				printf("measure sums op=%s k=%u latency=%u value=%.3f\n", ops[i].name, k, latencies[n], use);
				CHECK(use >= GOOD_USE);
			}
		}
	}
	CHECK_EQ(s->completed[PQDMA_OP_XOR] + s->completed[PQDMA_OP_PQ], runs * BLOCKS);
}
