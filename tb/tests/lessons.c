// SPDX-License-Identifier: MIT
/*
 * What broke in other controllers, docs/lessons.md, as far as no other test is just about that: many small descriptors against slow
 * answers, a destination that needs a beat more than its source, lengths with high bits, a descriptor that takes long, a list after a ring.
 */
#include "shapes.h"

#define SMALL 64
#define SMALL_DESCS 120		/* fewer than IRQ_COAL.COUNT can count */
#define BEAT_MORE_DESCS 32
#define LONG_BYTES (300u << 10)
#define RING 3
#define RING_CLOCKS 300
#define TAIL_BYTES 3000u	/* of a long range, before its first bad byte */

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void steady_memory(struct bench *b, unsigned int read_latency, unsigned int write_latency)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");

	config.read_latency = read_latency;
	config.write_latency = write_latency;
	mem_configure(b, &config);
}

/* The interrupt comes when as many completions as there are descriptors have asked for it: had one been lost it would not come. */
static void put_small(struct lists *l, unsigned int ch)
{
	struct desc descs[SMALL_DESCS];

	for (unsigned int i = 0; i < SMALL_DESCS; i++) {
		descs[i] = lists_desc(l, ch, PQDMA_OP_COPY, SMALL);
		descs[i].flags = PQDMA_FLAG_WB | PQDMA_FLAG_IRQ;
	}
	ch_write(l->b, ch, PQDMA_CH_IRQ_COAL, SMALL_DESCS << PQDMA_IRQ_COAL_COUNT_SHIFT);
	lists_scatter(l, ch, descs, SMALL_DESCS);
}

/* Lists of small copies on so many channels. Returns how many status words say DONE. */
static unsigned int run_small(struct lists *l, unsigned int channels)
{
	unsigned int done = 0;

	for (unsigned int ch = 0; ch < channels; ch++)
		put_small(l, ch);
	for (unsigned int ch = 0; ch < channels; ch++)
		lists_start(l, ch, SMALL_DESCS);
	lists_wait(l);
	lists_check(l);
	for (unsigned int ch = 0; ch < channels; ch++)
		for (unsigned int i = 0; i < SMALL_DESCS; i++)
			done += !!(desc_status(l->b, l->list[ch].at[i]) & PQDMA_DSTS_DONE_MASK);
	lists_end(l);
	return done;
}

TEST(lessons_slow_answers, "many unaligned copies of 64 bytes at any read and write latency: each status word and each interrupt comes",
     .moves = true, .max_clocks = 1000000)
{
	static const unsigned int reads[] = { 1, 13, 24, 60 }, writes[] = { 1, 20, 24, 100 };
	struct lists *l = lists_new(b);
	uint64_t copies = 0;

	for (unsigned int i = 0; i < NR(reads) * NR(writes); i++) {
		const unsigned int nr = i % NR(writes) == NR(writes) - 1 ? PQDMA_CHANNELS : 1;

		steady_memory(b, reads[i / NR(writes)], writes[i % NR(writes)]);
		CHECK_EQ(run_small(l, nr), nr * SMALL_DESCS);
		copies += nr * SMALL_DESCS;
	}
	CHECK_EQ(lists_moved(l), copies);
}

/* Offsets of which the destination's needs a beat more than the source's */
static unsigned int put_beat_more(struct lists *l, unsigned int ch, uint32_t length, unsigned int src_offset)
{
	struct desc descs[BEAT_MORE_DESCS];
	unsigned int nr = 0;

	for (unsigned int dst_offset = 0; dst_offset < PQDMA_BYTES && nr < BEAT_MORE_DESCS; dst_offset++) {
		const uint64_t beats = (src_offset + length + PQDMA_BYTES - 1) / PQDMA_BYTES;

		if ((dst_offset + length + PQDMA_BYTES - 1) / PQDMA_BYTES <= beats)
			continue;
		descs[nr] = lists_desc(l, ch, PQDMA_OP_COPY, length);
		descs[nr].src = l->src + src_offset + 2048 * (nr % 16);
		descs[nr].dst = ((descs[nr].dst + PQDMA_BYTES) & ~(uint64_t)(PQDMA_BYTES - 1)) + dst_offset;
		l->list[ch].dst = descs[nr].dst + length;
		nr++;
	}
	if (nr)
		lists_group(l, ch, descs, nr);
	return nr;
}

TEST(lessons_beat_more, "copies of about 64 bytes and 1 KiB whose destination needs a beat more than the source, all offsets, all queued",
     .moves = true, .max_clocks = 1000000)
{
	static const uint32_t lengths[] = { SMALL, SMALL - 3, 1024, 1024 - 7 };
	struct lists *l = lists_new(b);
	uint64_t copies = 0;

	steady_memory(b, 10, 1);
	for (unsigned int i = 0; i < NR(lengths); i++) {
		for (unsigned int src_offset = 0; src_offset < PQDMA_BYTES; src_offset++) {
			copies += put_beat_more(l, src_offset % PQDMA_CHANNELS, lengths[i], src_offset);
			if (src_offset % PQDMA_CHANNELS == PQDMA_CHANNELS - 1 || src_offset == PQDMA_BYTES - 1)
				lists_run(l);
		}
	}
	CHECK(copies > PQDMA_BYTES);
	CHECK_EQ(lists_moved(l), copies);
}

/* A range that begins TAIL_BYTES before the first bad byte: with any bit of the length dropped it would end before that, or not at all. */
static void run_tail(struct lists *l, unsigned int ch, uint8_t op, uint32_t length)
{
	struct bench *b = l->b;
	const uint64_t end = b->hw.ram_bus + BENCH_RAM_SIZE;
	struct desc desc = lists_desc(l, ch, op, TAIL_BYTES);
	uint64_t at, bad;

	desc.flags = PQDMA_FLAG_WB;
	desc.length = length;
	if (op == PQDMA_OP_COPY)
		desc.src = end - TAIL_BYTES;
	bad = op == PQDMA_OP_COPY ? end : (desc.dst + TAIL_BYTES) & ~(uint64_t)(PQDMA_STRIP_BYTES - 1);
	if (op == PQDMA_OP_FILL)
		mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_WRITE | AXI_MEM_STATUS, bad, bad, AXI_DECERR, 0, 0 });
	at = lists_group(l, ch, &desc, 1);
	lists_start(l, ch, 1);
	lists_check_failed(l, ch, op == PQDMA_OP_COPY ? PQDMA_ERR_READ_DECERR : PQDMA_ERR_WRITE_DECERR, bad, at);
	mem_clear_faults(b);
	lists_end(l);
}

TEST(lessons_high_bits, "copies and fills of 2^12 to 2^32-1 bytes, each bit of the length by itself, go on to the end of memory",
     .moves = true)
{
	struct lists *l = lists_new(b);
	unsigned int runs = 0;

	for (unsigned int bit = 12; bit <= 32; bit++, runs += 2) {
		const uint32_t length = (uint32_t)((1ull << bit) - bit / 32);

		run_tail(l, runs % PQDMA_CHANNELS, PQDMA_OP_COPY, length);
		run_tail(l, runs % PQDMA_CHANNELS, PQDMA_OP_FILL, length);
	}
	CHECK_EQ(l->failed, runs);
}

/* Without lists: one descriptor is longer than their room. */
TEST(lessons_long, "one descriptor of 300 KiB: every byte, BYTES and status word, and the descriptor behind it", .moves = true,
     .max_clocks = 600000, .takes_long = true)
{
	uint64_t src = ram_alloc(b, LONG_BYTES + 4096), dst = ram_alloc(b, LONG_BYTES + 4096), list = ram_alloc(b, 2 * PQDMA_DESC_SIZE);
	const struct desc first = { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_WB, .length = LONG_BYTES, .src = src + 3, .dst = dst + 5 };
	const struct desc second = { .op = PQDMA_OP_COPY, .length = 100, .src = src + 9, .dst = dst + 5 + LONG_BYTES };

	desc_put(b, list, &first);
	desc_put(b, list + PQDMA_DESC_SIZE, &second);
	chan_start(b, 0, list, 2, 2);
	wait_done(b, 0, 2, 500000);
	CHECK(!memcmp(bench_ram(b, first.src), bench_ram(b, first.dst), LONG_BYTES));
	CHECK(!memcmp(bench_ram(b, second.src), bench_ram(b, second.dst), second.length));
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_BYTES), LONG_BYTES + second.length);
	CHECK_EQ(desc_status(b, list), PQDMA_DSTS_DONE_MASK | LONG_BYTES);
	chan_abort(b, 0);
}

static void put_ring(struct shapes *s, unsigned int ch)
{
	struct shape shapes[RING];

	for (unsigned int i = 0; i < RING; i++)
		shapes[i] = shapes_draw(s, ch, i % 2 ? PQDMA_OP_FILL : PQDMA_OP_COPY, 100);
	shapes_group(s, ch, shapes, RING);
}

/* Once, and on to any place of the second round */
static void go_round(struct bench *b, unsigned int ch)
{
	const uint32_t begin = ch_read(b, ch, PQDMA_CH_DONE);

	while (ch_read(b, ch, PQDMA_CH_DONE) - begin <= RING)
		wait_clocks(b, 10);
	wait_clocks(b, rng_below(test_rng(b), RING_CLOCKS));
}

TEST(lessons_after_ring, "a ring is stopped, or broken off as it runs; then the same channel does an ordinary list, and no more",
     .moves = true)
{
	struct shapes *s = shapes_new(b);

	for (unsigned int i = 0; i < 2 * PQDMA_CHANNELS; i++) {
		const unsigned int ch = i / 2;

		shapes_cfg(s, ch, PQDMA_CFG_CYCLIC_MASK);
		put_ring(s, ch);
		lists_loop(s->l, ch);
		shapes_start(s, ch, 0);
		go_round(b, ch);
		if (i % 2)
			shapes_stop(s, ch);
		lists_break(s->l, ch);
		lists_end(s->l);
		shapes_cfg(s, ch, 0);
		put_ring(s, ch);
		lists_loop(s->l, ch);
		shapes_run(s);
	}
	CHECK_EQ(lists_moved(s->l), 2 * PQDMA_CHANNELS * RING);
}
