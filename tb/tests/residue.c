// SPDX-License-Identifier: MIT
/*
 * BYTES as software reads it while data moves: it never goes back, and every byte that it counts is in memory by then. All channels
 * are sampled by turns as fast as registers can be read.
 */
#include "shapes.h"
#include "sums.h"

#define DESCS 8
#define SMALL_BURST 2
#define SUM_SHAPES 6
#define LONG (40 * PQDMA_BYTES)

/**
 * struct progress - one channel
 * @shapes: what its list does, @nr of them
 * @q:      for a sum: where its Q stands
 * @at:     the shape and byte of it that BYTES has come to
 * @bytes:  BYTES when it was read last
 */
struct progress {
	struct shape shapes[DESCS];
	uint64_t q[DESCS];
	unsigned int nr;
	unsigned int shape;
	uint64_t at;
	uint32_t bytes;
};

static struct progress progress[PQDMA_CHANNELS];

/* One more byte is counted: it must be there. */
static void check_byte(struct bench *b, struct progress *p)
{
	const struct shape *shape = &p->shapes[p->shape];
	const uint8_t want = shapes_byte(b, shape, p->at);

	CHECK(p->shape < p->nr);
	CHECK_EQ(*bench_ram(b, shapes_dst(shape, p->at)), want);
	if (p->q[p->shape])
		CHECK_EQ(*bench_ram(b, p->q[p->shape] + p->at), want);
	if (++p->at < shapes_bytes(shape))
		return;
	p->at = 0;
	p->shape++;
}

/* Returns whether it has moved since the last sample. */
static bool sample(struct bench *b, unsigned int ch)
{
	struct progress *p = &progress[ch];
	const uint32_t bytes = ch_read(b, ch, PQDMA_CH_BYTES), step = bytes - p->bytes;

	CHECK(step <= DESCS * 9 * LONG);
	for (uint32_t i = 0; i < step; i++)
		check_byte(b, p);
	p->bytes = bytes;
	return step;
}

static bool complete(const struct progress *p)
{
	return p->shape == p->nr;
}

/* Sample all channels until all bytes are counted. Returns samples that had moved. */
static unsigned int sample_all(struct bench *b)
{
	const uint64_t until = b->hw.clock + LISTS_CLOCKS;
	unsigned int moved = 0, left = PQDMA_CHANNELS;

	while (left) {
		CHECK(b->hw.clock < until);
		left = 0;
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			moved += sample(b, ch);
			left += !complete(&progress[ch]);
		}
	}
	return moved;
}

static void put(struct shapes *s, unsigned int ch)
{
	struct rng *rng = test_rng(s->l->b);
	struct progress *p = &progress[ch];

	*p = (struct progress){ .nr = DESCS };
	for (unsigned int i = 0; i < DESCS; i++) {
		const uint8_t op = i % 3 ? PQDMA_OP_COPY : PQDMA_OP_FILL;

		p->shapes[i] = shapes_draw(s, ch, op, rng_range(rng, 1, LONG));
		if (i % 2)
			p->shapes[i] = shapes_rows(s, ch, op, rng_range(rng, 1, 5 * PQDMA_BYTES), 9, 77, -5 * PQDMA_BYTES);
		p->shapes[i].desc.flags |= (uint8_t)rng_below(rng, 8);
	}
	shapes_cfg(s, ch, SMALL_BURST << PQDMA_CFG_BURST_SHIFT);
	shapes_scatter(s, ch, p->shapes, DESCS);
}

TEST(residue_moving, "copies, fills and rows on all channels: BYTES never goes back and is never ahead of memory", .moves = true)
{
	struct shapes *s = shapes_new(b);
	unsigned int moved;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		put(s, ch);
	shapes_start_all(s);
	moved = sample_all(b);
	CHECK(moved > 4 * PQDMA_CHANNELS);
	lists_wait(s->l);
	lists_check(s->l);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		CHECK(!sample(b, ch));
	lists_end(s->l);
	CHECK_EQ(lists_moved(s->l), DESCS * PQDMA_CHANNELS);
}

TEST(residue_commands, "the same while every channel is paused, stopped and run again at any moment", .moves = true)
{
	static const uint32_t commands[] = { PQDMA_CTRL_PAUSE_MASK, PQDMA_CTRL_STOP_MASK };
	struct shapes *s = shapes_new(b);
	struct rng *rng = test_rng(b);
	unsigned int moved = 0;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		put(s, ch);
	shapes_start_all(s);
	for (unsigned int i = 0; i < 20 * PQDMA_CHANNELS; i++) {
		const unsigned int ch = rng_below(rng, PQDMA_CHANNELS);

		ch_write(b, ch, PQDMA_CH_CTRL, commands[i % 2]);
		moved += sample(b, ch);
		moved += sample(b, ch);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	}
	moved += sample_all(b);
	CHECK(moved > 4 * PQDMA_CHANNELS);
	lists_wait(s->l);
	lists_check(s->l);
	lists_end(s->l);
	CHECK_EQ(lists_moved(s->l), DESCS * PQDMA_CHANNELS);
}

/* A sum of one source with coefficient 1 is that source, in P and in Q. */
static void put_sums(struct sums *s, unsigned int ch)
{
	struct rng *rng = test_rng(s->l->b);
	struct progress *p = &progress[ch];
	struct sum sums[SUM_SHAPES];

	*p = (struct progress){ .nr = SUM_SHAPES };
	for (unsigned int i = 0; i < SUM_SHAPES; i++) {
		sums[i] = sums_draw(s, ch, PQDMA_OP_PQ, 1, rng_range(rng, 1, LONG));
		sums[i].source[0].b = 1;
		p->q[i] = sums[i].q;
		p->shapes[i].desc = sums[i].desc;
		p->shapes[i].desc.op = PQDMA_OP_COPY;
		p->shapes[i].desc.src = sums[i].source[0].addr;
		p->shapes[i].rows = 1;
	}
	lists_burst(s->l, ch, SMALL_BURST);
	sums_scatter(s, ch, sums, SUM_SHAPES);
}

TEST(residue_sums, "pq: a byte is counted when both its P and its Q are in memory", .moves = true)
{
	struct sums *s;
	unsigned int moved;

	sums_need(b, PQDMA_OP_PQ);
	s = sums_new(b);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		put_sums(s, ch);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		lists_start(s->l, ch, SUM_SHAPES);
	moved = sample_all(b);
	CHECK(moved > 3 * PQDMA_CHANNELS);
	lists_wait(s->l);
	lists_check(s->l);
	sums_end(s);
	CHECK_EQ(s->completed[PQDMA_OP_PQ], SUM_SHAPES * PQDMA_CHANNELS);
}
