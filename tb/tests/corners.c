// SPDX-License-Identifier: MIT
/*
 * Every pair of offsets x lengths around a beat, a burst, a strip and 4 KiB, by turns at an edge and one beat before it, with many
 * descriptors queued: copy, fill, xor, pq. Each comparison is of the whole RAM.
 */
#include "sums.h"

#define BEAT PQDMA_BYTES
#define SHORT_BURST 2u
#define BURST (BEAT << SHORT_BURST < PQDMA_STRIP_BYTES ? BEAT << SHORT_BURST : PQDMA_STRIP_BYTES)
#define STRIP PQDMA_STRIP_BYTES
#define PAGE 4096u
#define SOURCES 2
#define QUEUE 63u		/* descriptors of a list, at most */
#define SLICES (BEAT > 16 ? BEAT / 16 : 1)	/* a wide bus has many offsets: so many seeds take all of the sources */

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static const uint32_t short_lengths[] = { 1, BEAT - 1, BEAT, BEAT + 1, BURST - 1, BURST, BURST + 1, 2 * BURST + 1 };
static const uint32_t long_lengths[] = { STRIP - 1, STRIP, STRIP + 1, PAGE - 1, PAGE, PAGE + 1 };

/**
 * struct sweep - what is swept
 * @s:       lists
 * @op:      operation
 * @slot:    distance of the edges that are used; every so many of them are of 4 KiB
 * @queue:   descriptors of the list so far, @nr of them
 * @corners: descriptors in all
 */
struct sweep {
	struct sums *s;
	uint8_t op;
	uint32_t slot;
	struct sum queue[QUEUE];
	unsigned int nr;
	unsigned int corners;
};

static struct sweep sweep;

static void run_queue(void)
{
	if (!sweep.nr)
		return;
	sums_group(sweep.s, 0, sweep.queue, sweep.nr);
	sums_run(sweep.s);
	sweep.corners += sweep.nr;
	sweep.nr = 0;
}

/* At the next free edge, or a beat before it, @offset further on */
static uint64_t take_place(unsigned int offset, uint32_t length)
{
	struct list *list = &sweep.s->l->list[0];
	const uint64_t edge = (list->dst + BEAT + sweep.slot - 1) / sweep.slot * sweep.slot;
	const uint64_t at = edge - sweep.nr % 2 * BEAT + offset;

	list->dst = at + length;
	return at;
}

static uint64_t source_place(unsigned int n, unsigned int offset)
{
	return sweep.s->l->src + (1 + (sweep.nr + n) % 4) * sweep.slot - (sweep.nr / 2 + n) % 2 * BEAT + offset % BEAT;
}

static void add_corner(unsigned int src_offset, unsigned int dst_offset, uint32_t length)
{
	const struct list *list = &sweep.s->l->list[0];
	struct rng *rng = test_rng(sweep.s->l->b);
	struct sum *sum;

	if (sweep.nr == QUEUE || list->dst + 2 * (length + 2 * sweep.slot) > list->dst_end)
		run_queue();
	sum = &sweep.queue[sweep.nr];
	*sum = (struct sum){ .desc = { .op = sweep.op, .tag = (uint16_t)rng_u64(rng), .length = length }, .nr = SOURCES };
	sum->desc.flags = (uint8_t)rng_below(rng, 8);
	sum->desc.dst = take_place(dst_offset, length);
	sum->desc.src = sweep.op == PQDMA_OP_FILL ? rng_u64(rng) : source_place(0, src_offset);
	if (sweep.op >= PQDMA_OP_PQ)
		sum->q = take_place((src_offset + dst_offset) % BEAT, length);
	for (unsigned int i = 0; i < SOURCES; i++)
		sum->source[i] = (struct sum_source){ source_place(i, src_offset + i * (2 * dst_offset + 1)), (uint8_t)rng_u64(rng),
						      (uint8_t)rng_u64(rng) };
	sweep.nr++;
}

/* Every pair of offsets x the first @all of these lengths. Of the others each pair takes one; three seeds take them all. */
static void sweep_lengths(const uint32_t *lengths, unsigned int nr, unsigned int all)
{
	const unsigned int seed = (unsigned int)sweep.s->l->b->options->seed;
	const unsigned int step = sweep.op == PQDMA_OP_FILL ? BEAT : SLICES;

	for (unsigned int src_offset = seed % SLICES; src_offset < BEAT; src_offset += step)
		for (unsigned int dst_offset = 0; dst_offset < BEAT; dst_offset++) {
			for (unsigned int i = 0; i < all; i++)
				add_corner(src_offset, dst_offset, lengths[i]);
			if (all < nr)
				add_corner(src_offset, dst_offset, lengths[all + (src_offset + dst_offset + seed) % (nr - all)]);
		}
	run_queue();
}

static void sweep_corners(struct bench *b, uint8_t op)
{
	sums_need(b, op);
	sweep.s = sums_new(b);
	sweep.op = op;
	mem_configure(b, axi_mem_profile(b->options->seed % 2 ? "ideal" : "typical"));
	sweep.slot = 1024;
	lists_burst(sweep.s->l, 0, SHORT_BURST);
	sweep_lengths(short_lengths, NR(short_lengths), NR(short_lengths));
	sweep.slot = PAGE;
	lists_burst(sweep.s->l, 0, PQDMA_CFG_BURST_RESET);
	sweep_lengths(long_lengths, NR(long_lengths), 3);
	CHECK(sweep.corners >= (NR(short_lengths) + 4) * BEAT);
	CHECK_EQ(sweep.s->completed[op], sweep.corners);
}

TEST(copy_corners, "every pair of offsets x lengths around beat, burst, strip and 4 KiB, at edges and a beat before them, many queued",
     .moves = true, .max_clocks = SUMS_CLOCKS, .takes_long = true)
{
	sweep_corners(b, PQDMA_OP_COPY);
}

TEST(fill_corners, "the same for fills: every offset of the destination", .moves = true, .max_clocks = SUMS_CLOCKS)
{
	sweep_corners(b, PQDMA_OP_FILL);
}

TEST(xor_corners, "the same for xor: every pair of offsets of a source and the destination", .moves = true, .max_clocks = SUMS_CLOCKS,
     .takes_long = true)
{
	sweep_corners(b, PQDMA_OP_XOR);
}

TEST(pq_corners, "the same for pq: every pair of offsets out of source, P and Q", .moves = true, .max_clocks = SUMS_CLOCKS,
     .takes_long = true)
{
	sweep_corners(b, PQDMA_OP_PQ);
}
