// SPDX-License-Identifier: MIT
/*
 * How fast sums are, in clocks, on an ideal memory: use of the R channel by xor and pq, and of W beside it. Sums are bound by what they
 * read: with every beat of sources, tables and descriptors counted, 1 would be that R never rests. The numbers are facts of the
 * design, so these are tests.
 */
#include <stdio.h>
#include "meter.h"
#include "sums.h"

#define BLOCK 4096
#define BLOCKS 6		/* of BLOCK bytes; the window goes from the end of the second to the end of the last but one */
#define MOST_BLOCKS 60		/* of small ones, in one group; the window begins behind a third and ends before the last third */
#define GOOD_USE 0.99
#define TABLE_WAIT 64		/* clocks beside the latency, once a block, for a table of 16 sources at any offsets */
#define HIDDEN 50		/* latency up to which nothing else is waited for */
#define READS 32
#define SMALL_CLOCKS 8000000	/* small sums, on a narrow bus; and one read in flight there */
#define ENOUGH (16u << 10)	/* bytes of reads in flight */

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	uint8_t op;
} ops[] = { { "xor", PQDMA_OP_XOR }, { "pq", PQDMA_OP_PQ } };

static const unsigned int latencies[] = { 1, 10, 50, 100 };

/**
 * struct run - one list of sums on channel 0
 * @op:        which of ops[]
 * @k:         sources
 * @size:      bytes of each
 * @latency:   of reads; the memory has @reads of them in flight
 * @unaligned: any offset of each source and destination; else all on 4 KiB
 */
struct run {
	unsigned int op;
	unsigned int k;
	uint32_t size;
	unsigned int latency;
	unsigned int reads;
	bool unaligned;
};

static void need_room(struct bench *b)
{
	if (PQDMA_READS * PQDMA_STRIP_BYTES < ENOUGH || PQDMA_BUF_BYTES < 4 * PQDMA_STRIP_BYTES)
		test_skip(b, "too little is in flight to hide the latency");
}

static void mem_run(struct bench *b, const struct run *run)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");

	config.read_latency = run->latency;
	config.write_latency = 1;
	config.reads = run->reads;
	mem_configure(b, &config);
}

static struct sum draw(struct sums *s, const struct run *run, unsigned int i)
{
	const uint64_t step = run->unaligned ? run->size + PQDMA_BYTES : run->size, room = s->l->room[0];
	struct sum sum = sums_draw(s, 0, ops[run->op].op, run->k, run->size);

	sum.desc.dst = room + 2 * i * step + (run->unaligned ? rng_below(test_rng(s->l->b), PQDMA_BYTES) : 0);
	if (ops[run->op].op >= PQDMA_OP_PQ)
		sum.q = sum.desc.dst + step;
	for (unsigned int n = 0; n < run->k && !run->unaligned; n++)
		sum.source[n].addr &= ~(uint64_t)(BLOCK - 1);
	return sum;
}

static unsigned int blocks_of(const struct run *run)
{
	return run->size == BLOCK ? BLOCKS : MOST_BLOCKS;
}

/* The bus must count every beat of an aligned list, and no less of another. */
static const struct meter *run_blocks(struct sums *s, const struct run *run)
{
	const unsigned int blocks = blocks_of(run);
	struct bench *b = s->l->b;
	struct sum sums[MOST_BLOCKS];
	const struct meter *m;

	mem_run(b, run);
	for (unsigned int i = 0; i < blocks; i++)
		sums[i] = draw(s, run, i);
	sums_group(s, 0, sums, blocks);
	meter_begin(b);
	sums_check(s);
	m = meter_end(b);
	sums_end(s);
	CHECK(m->nr_r >= blocks * run->k * run->size / PQDMA_BYTES);
	CHECK(run->unaligned || m->nr_r == blocks * run->k * run->size / PQDMA_BYTES);
	return m;
}

/* Use of R by every kind of beat */
static double measure(struct sums *s, const struct run *run)
{
	const unsigned int blocks = blocks_of(run), margin = blocks / 3;
	const struct meter *m = run_blocks(s, run);
	struct bench *b = s->l->b;
	const unsigned int from = m->nr_r / blocks * margin - 1, to = m->nr_r - m->nr_r / blocks * (margin / 2);
	const unsigned int w_from = m->nr_w / blocks * margin - 1, w_to = m->nr_w - m->nr_w / blocks * (margin / 2) - 1;
	const double all = meter_r_all(m, from, to), payload = (double)blocks * run->k * run->size / PQDMA_BYTES / m->nr_r;

	printf("measure sums op=%s k=%u size=%u latency=%u reads=%u unaligned=%d r=%.3f r_all=%.3f w=%.3f outstanding=%u\n",
	       ops[run->op].name, run->k, run->size, run->latency, run->reads, run->unaligned, meter_r_use(m, from, to) * payload, all,
	       meter_w_use(m, w_from, w_to), m->most_reads);
	CHECK(all <= 1.0 && m->most_reads <= run->reads && m->most_reads <= PQDMA_READS);
	return all;
}

/* Small blocks have no promise. */
static double good_use(const struct run *run)
{
	const double beats = run->k * (run->size / PQDMA_BYTES + 1);

	if (run->size != BLOCK || run->latency > HIDDEN)
		return 0;
	if (run->unaligned && run->k == 16)
		return beats / (beats + run->latency + TABLE_WAIT);
	return GOOD_USE;
}

/* Every number of sources at every latency; returns how many lists */
static unsigned int measure_all(struct sums *s, uint32_t size, bool unaligned)
{
	struct bench *b = s->l->b;
	unsigned int runs = 0;

	for (unsigned int i = 0; i < NR(ops) && sums_built(ops[i].op); i++)
		for (unsigned int n = 0; n < NR(latencies); n++)
			for (unsigned int k = 2; k <= 16 && k <= PQDMA_SOURCES; k *= 2, runs++) {
				const struct run run = { .op = i, .k = k, .size = size, .latency = latencies[n], .reads = READS,
							 .unaligned = unaligned };

				CHECK(measure(s, &run) >= good_use(&run));
			}
	return runs;
}

static void check_completed(struct sums *s, unsigned int blocks)
{
	struct bench *b = s->l->b;

	CHECK_EQ(s->completed[PQDMA_OP_XOR] + s->completed[PQDMA_OP_PQ], blocks);
}

TEST(measure_sums, "use of the R channel by xor and pq of 2 to 16 sources of 4 KiB, up to latency 50", .moves = true, .takes_long = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);

	need_room(b);
	check_completed(s, measure_all(s, BLOCK, false) * BLOCKS);
}

TEST(measure_sums_unaligned, "the same with any offset of every source and destination", .moves = true, .takes_long = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);

	need_room(b);
	check_completed(s, measure_all(s, BLOCK, true) * BLOCKS);
}

TEST(measure_sums_small, "use of the R channel by xor and pq of 64 B and 1 KiB", .moves = true, .takes_long = true,
     .max_clocks = SMALL_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int runs;

	need_room(b);
	runs = measure_all(s, 64, false);
	check_completed(s, (runs + measure_all(s, 1024, false)) * MOST_BLOCKS);
}

TEST(measure_sums_reads, "use of the R channel by what the memory has in flight: 1 to 32 bursts at latency 50", .moves = true,
     .takes_long = true, .max_clocks = SMALL_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int runs = 0;

	need_room(b);
	for (unsigned int i = 0; i < NR(ops) && sums_built(ops[i].op); i++)
		for (unsigned int k = 2; k <= 16 && k <= PQDMA_SOURCES; k *= 2) {
			double was = 0;

			for (unsigned int reads = 1; reads <= READS; reads *= 2, runs++) {
				const struct run run = { .op = i, .k = k, .size = BLOCK, .latency = 50, .reads = reads };
				const double use = measure(s, &run);

				CHECK(use >= was * 0.99);
				was = use;
			}
		}
	check_completed(s, runs * BLOCKS);
}
