// SPDX-License-Identifier: MIT
/*
 * Copies: every alignment, the lengths around every edge, every burst setting, one channel and all of them. Each comparison is of
 * the whole RAM, so a byte beside a destination that changes fails as well as a wrong byte in it.
 */
#include "cover/axes.h"
#include "lists.h"

#define QUEUED 6		/* descriptors of a list in the edge sweep */
#define EDGE_SLICES 6		/* so many seeds cover all edges */
#define EDGE_ROOM (16u << 10)
#define SLOW_W 15		/* percent of clocks in which W is taken */
#define FULL_BYTES (12u << 10)
#define CHANNEL_LISTS 6
#define CHANNEL_DESCS 12

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Every pair of offsets in a bus word. Wide buses have many: then each seed takes some of the source offsets. */
static unsigned int copy_offsets(struct lists *l, unsigned int src_offset, uint64_t dst)
{
	static const unsigned int lengths[] = { 1, 2, PQDMA_BYTES - 1, PQDMA_BYTES, PQDMA_BYTES + 1, 3 * PQDMA_BYTES + 5 };
	struct desc descs[NR(lengths)];

	for (unsigned int i = 0; i < PQDMA_BYTES; i++) {
		for (unsigned int n = 0; n < NR(lengths); n++) {
			descs[n] = lists_desc(l, 0, PQDMA_OP_COPY, lengths[n]);
			descs[n].src = l->src + n * 8 * PQDMA_BYTES + src_offset;
			descs[n].dst = dst + (i * NR(lengths) + n) * 8 * PQDMA_BYTES + i;
		}
		lists_scatter(l, 0, descs, NR(lengths));
		if (i % 16 == 15 || i + 1 == PQDMA_BYTES)
			lists_run(l);
	}
	return PQDMA_BYTES * NR(lengths);
}

/* What has to happen */

static bool is_copy(const struct cover_event *event)
{
	return event->desc->op == PQDMA_OP_COPY && !cover_flag(event, PQDMA_FLAG_PERI);
}

static bool moves(const struct cover_event *event)
{
	return event->desc->op >= PQDMA_OP_COPY;
}

static bool moves_legal(const unsigned int *at)
{
	return at[0] >= PQDMA_OP_COPY && cover_built(at[0]);
}

static bool form_legal(const unsigned int *at)
{
	return moves_legal(at) && (at[0] <= PQDMA_OP_FILL || !at[1]);
}

static uint64_t burst_of(const struct cover_event *event)
{
	return 1ull << (event->desc->burst - 1);
}

static const struct cover_axis cfg_burst = { "CFG.BURST", 16, NULL, burst_of };

COVER(copy_lanes, COVER_DESC, "copies: place of the source in a bus word x place of the destination", .only = is_copy,
      .axes = { &cover_src_lane, &cover_dst_lane })
COVER(copy_lengths, COVER_DESC, "operation x form x length", .axes = { &cover_op, &cover_form, &cover_length }, .legal = form_legal)
COVER(copy_limits, COVER_DESC, "operation x `CFG.BURST`", .only = moves, .axes = { &cover_op, &cfg_burst }, .legal = moves_legal)

TEST(copy_offsets, "every pair of source and destination offsets in a bus word, lengths around one beat, descriptors queued",
     .moves = true, .max_clocks = 2000000)
{
	const unsigned int slices = PQDMA_BYTES > 16 ? PQDMA_BYTES / 16 : 1;
	struct lists *l = lists_new(b);
	uint64_t dst = ram_alloc(b, PQDMA_BYTES * 6 * 8 * PQDMA_BYTES + PQDMA_BYTES);
	uint64_t copies = 0;

	for (unsigned int offset = b->options->seed % slices; offset < PQDMA_BYTES; offset += slices)
		copies += copy_offsets(l, offset, dst);
	CHECK_EQ(copies, lists_moved(l));
	CHECK(copies >= 3 * PQDMA_BYTES);
}

/*
 * Each seed takes one place of the destination for all lengths, and one place of the source for each length; 36 seeds take all
 * pairs.
 */
static unsigned int copy_edges(struct lists *l, const uint32_t *lengths, unsigned int nr, const unsigned int *places,
			       unsigned int dst_place)
{
	struct bench *b = l->b;
	struct desc descs[QUEUED];
	unsigned int copies = 0;

	CHECK(nr % QUEUED == 0);
	for (unsigned int i = 0; i < nr; i += QUEUED) {
		for (unsigned int n = 0; n < QUEUED; n++) {
			uint64_t room = l->list[0].dst;

			descs[n] = lists_desc(l, 0, PQDMA_OP_COPY, lengths[i + n]);
			descs[n].src = l->src + EDGE_ROOM + places[(i + n + b->options->seed / EDGE_SLICES) % EDGE_SLICES];
			descs[n].dst = room + dst_place;
			l->list[0].dst = room + EDGE_ROOM;
		}
		lists_group(l, 0, descs, QUEUED);
		lists_run(l);
		copies += QUEUED;
	}
	return copies;
}

TEST(copy_edges, "lengths and places around beat, strip and 4 KiB edges; six seeds take every place of the destination", .moves = true)
{
	enum { STRIP = PQDMA_STRIP_BYTES, BEAT = PQDMA_BYTES };
	static const uint32_t lengths[] = {
		1, BEAT + 1, STRIP - BEAT / 2, STRIP - 1, STRIP, STRIP + 1, 2 * STRIP - 1, 2 * STRIP, 2 * STRIP + 1,
		4095, 4096, 4097, 4096 + STRIP + 1, 2 * 4096 - 1, 2 * 4096, 2 * 4096 + BEAT + 1, 3 * STRIP + 7, 5,
	};
	static const unsigned int places[EDGE_SLICES] = { 0, 1, BEAT - 1, STRIP - 1, 4096 - BEAT, 4096 - 1 };
	struct lists *l = lists_new(b);
	unsigned int copies = copy_edges(l, lengths, NR(lengths), places, places[b->options->seed % EDGE_SLICES]);

	CHECK_EQ(copies, NR(lengths));
	CHECK_EQ(lists_moved(l), copies);
}

TEST(copy_in_place, "a copy whose source is its destination changes nothing, and does write", .moves = true)
{
	static const uint32_t lengths[] = { 1, PQDMA_BYTES, PQDMA_BYTES + 3, PQDMA_STRIP_BYTES, 2 * PQDMA_STRIP_BYTES + 11, 4096 };
	struct lists *l = lists_new(b);
	struct desc descs[NR(lengths)];
	uint64_t bytes = 0;

	for (unsigned int round = 0; round < 4; round++) {
		for (unsigned int i = 0; i < NR(lengths); i++) {
			descs[i] = lists_desc(l, 0, PQDMA_OP_COPY, lengths[i]);
			descs[i].src = descs[i].dst;
			bytes += lengths[i];
		}
		lists_scatter(l, 0, descs, NR(lengths));
		lists_run(l);
	}
	CHECK_EQ(mem_stats(b)->bytes, bytes);
	CHECK_EQ(lists_moved(l), 4 * NR(lengths));
}

/* Longest bursts that were seen on AW and on AR with ID 0, in beats. */
struct longest {
	unsigned int write;
	unsigned int read;
};

static void watch_bursts(struct bench *b, void *arg)
{
	struct longest *longest = arg;
	unsigned int write = (unsigned int)b->out.m_axi_awlen + 1, read = (unsigned int)b->out.m_axi_arlen + 1;

	if (b->out.m_axi_awvalid && write > longest->write)
		longest->write = write;
	if (b->out.m_axi_arvalid && !b->out.m_axi_arid && read > longest->read)
		longest->read = read;
}

/* The fewest bursts that a copy can do with: one write for each piece of a strip's size, one read, or two over an edge. */
static void count_bursts(const struct desc *desc, uint64_t limit, uint64_t *writes, uint64_t *reads)
{
	uint64_t n;

	for (uint64_t at = 0; at < desc->length; at += n) {
		uint64_t room = limit - (desc->dst + at) % limit;

		n = desc->length - at < room ? desc->length - at : room;
		++*writes;
		*reads += 1 + (n > limit - (desc->src + at) % limit);
	}
}

static void copy_with_burst(struct lists *l, unsigned int burst, struct longest *longest)
{
	const uint64_t set = (uint64_t)PQDMA_BYTES << burst, limit = set < PQDMA_STRIP_BYTES ? set : PQDMA_STRIP_BYTES;
	static const uint32_t factors[] = { 1, 2, 5 };
	struct bench *b = l->b;
	const struct axi_mem_stats was = *mem_stats(b);
	uint64_t writes = 0, reads = 0;
	struct desc descs[NR(factors)];

	lists_burst(l, 0, burst);
	for (unsigned int i = 0; i < NR(factors); i++) {
		descs[i] = lists_desc(l, 0, PQDMA_OP_COPY, factors[i] * (uint32_t)limit + rng_below(test_rng(b), PQDMA_BYTES));
		count_bursts(&descs[i], limit, &writes, &reads);
	}
	lists_group(l, 0, descs, NR(factors));
	*longest = (struct longest){ 0 };
	lists_run(l);
	CHECK_EQ(mem_stats(b)->write_bursts - was.write_bursts, writes);
	CHECK_EQ(mem_stats(b)->read_bursts - was.read_bursts, reads);
	CHECK(longest->write && longest->write * (uint64_t)PQDMA_BYTES <= limit);
	CHECK(longest->read && longest->read * (uint64_t)PQDMA_BYTES <= limit);
}

TEST(copy_bursts, "every CFG.BURST: copies of many strips take the fewest bursts, and none is longer than set", .moves = true)
{
	struct lists *l = lists_new(b);
	struct longest longest;

	bench_tap(b, watch_bursts, &longest);
	for (unsigned int burst = 0; burst <= PQDMA_CFG_BURST_MASK >> PQDMA_CFG_BURST_SHIFT; burst++)
		copy_with_burst(l, burst, &longest);
	bench_tap(b, NULL, NULL);
	CHECK_EQ(l->checks, (PQDMA_CFG_BURST_MASK >> PQDMA_CFG_BURST_SHIFT) + 1);
}

/* How far reads are ahead of writes, in beats, at most */
static void watch_ahead(struct bench *b, void *arg)
{
	uint64_t *most = arg, ahead = mem_stats(b)->read_beats - mem_stats(b)->write_beats;

	if (ahead > *most)
		*most = ahead;
}

TEST(copy_buffer, "with a memory that takes writes slowly the buffer fills up, never beyond its size, and no byte in it is lost",
     .moves = true)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct lists *l = lists_new(b);
	uint64_t most = 0;

	config.w_ready = SLOW_W;
	mem_configure(b, &config);
	bench_tap(b, watch_ahead, &most);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct desc desc = lists_desc(l, ch, PQDMA_OP_COPY, FULL_BYTES / PQDMA_CHANNELS);

		desc.src &= ~(uint64_t)(PQDMA_BYTES - 1);
		desc.dst &= ~(uint64_t)(PQDMA_BYTES - 1);
		lists_group(l, ch, &desc, 1);
	}
	lists_run(l);
	bench_tap(b, NULL, NULL);
	CHECK(most <= PQDMA_BUF_BYTES / PQDMA_BYTES + 1);	/* a beat that waits on the W pins has left the buffer */
	CHECK(2 * most >= PQDMA_BUF_BYTES / PQDMA_BYTES || PQDMA_STRIPS < 8 || FULL_BYTES < 2 * PQDMA_BUF_BYTES);
	CHECK_EQ(lists_moved(l), PQDMA_CHANNELS);
}

TEST(copy_channels, "lists of copies on all channels at once, each with its own burst length", .moves = true)
{
	struct lists *l = lists_new(b);
	struct rng *rng = test_rng(b);
	struct desc descs[CHANNEL_DESCS];

	for (unsigned int round = 0; round < CHANNEL_LISTS; round++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			for (unsigned int i = 0; i < CHANNEL_DESCS; i++)
				descs[i] = lists_desc(l, ch, PQDMA_OP_COPY, 1 + rng_below(rng, rng_below(rng, 1200) + 1));
			lists_burst(l, ch, rng_range(rng, 2, 8));
			lists_scatter(l, ch, descs, CHANNEL_DESCS);
		}
		lists_run(l);
	}
	CHECK_EQ(lists_moved(l), CHANNEL_LISTS * CHANNEL_DESCS * PQDMA_CHANNELS);
}
