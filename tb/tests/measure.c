/* SPDX-License-Identifier: MIT */
/*
 * How fast copies are, in clocks, on an ideal memory with latency L: the numbers of docs/performance.md. They are facts of the
 * design, the same on every machine, so they are tests: each has the bound that the text states. `make bench` collects the lines that
 * begin with "measure".
 */
#include <stdio.h>
#include "meter.h"

#define LATENCIES 4
#define COMPACT_SIZE (PQDMA_DESC_SIZE / 2)
#define GROUP_MAX 63			/* descriptors that a link can name */
#define COMPACT_GROUP_MAX 31
#define WINDOW 32			/* pieces of the window, at least; as many before and after it */
#define SMALL_WINDOW 96			/* likewise, of pieces below 1 KiB: the fetcher runs far ahead of them */
#define PIECES (3 * 2 * GROUP_MAX)
#define LONGEST 4096
#define LINK_BYTES 8
#define READS 32			/* bursts that the memory takes, unless said otherwise */
#define MEASURE_CLOCKS 2000000
#define GOOD 0.98

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static const unsigned int latencies[LATENCIES] = { 1, 10, 50, 100 };

/**
 * struct run - a list of copies of one size on channel 0
 * @latency: of reads; the memory has @reads of them in flight
 * @size:    bytes of each
 * @src:     offset of each source in a bus word, and @dst of each destination
 * @compact: descriptors of 32 bytes
 * @group:   descriptors that stand contiguously; @scattered: groups and data stand in random order
 * @pieces:  how many copies, 0 for as many as a window needs
 */
struct run {
	unsigned int latency;
	unsigned int reads;
	uint32_t size;
	unsigned int src;
	unsigned int dst;
	bool compact;
	unsigned int group;
	bool scattered;
	unsigned int pieces;
};

/**
 * struct area - memory for any run
 * @list:   descriptors
 * @src:    sources
 * @dst:    destinations
 * @slot:   piece i has its descriptor at place @slot[i] of the list, and likewise its data at @from[i] and @to[i]
 * @pieces: pieces of this run
 */
struct area {
	uint64_t list;
	uint64_t src;
	uint64_t dst;
	unsigned int slot[PIECES];
	unsigned int from[PIECES];
	unsigned int to[PIECES];
	unsigned int pieces;
};

static struct area area;

/* The bounds below are those of a configuration that can hide the latencies asked for */
static void need_standard(struct bench *b)
{
	const bool wide = PQDMA_DATA_W == 64 || PQDMA_DATA_W == 128;

	if (!wide || PQDMA_STRIPS < 32 || PQDMA_READS < 16 || PQDMA_DESCS < 32 || PQDMA_BUF_BYTES < 4096)
		test_skip(b, "its bounds are those of the standard configuration on 64 or 128 bits");
	area.list = ram_alloc(b, (PIECES + 1) * PQDMA_DESC_SIZE);
	area.src = ram_alloc(b, PIECES * LONGEST + PQDMA_BYTES);
	area.dst = ram_alloc(b, PIECES * LONGEST + PQDMA_BYTES);
}

static uint32_t desc_bytes(bool compact)
{
	return compact ? COMPACT_SIZE : PQDMA_DESC_SIZE;
}

/* Pieces of the window: whole groups, so that the fetcher is as far ahead at its end as at its begin. */
static unsigned int window(const struct run *run)
{
	const unsigned int least = run->size < 1024 ? SMALL_WINDOW : WINDOW;

	return (least + run->group - 1) / run->group * run->group;
}

/* Blocks of @step places, each in order, the blocks in random order if @scattered; a last one that is short stays where it is. */
static void places(struct bench *b, unsigned int *place, unsigned int nr, unsigned int step, bool scattered)
{
	const unsigned int blocks = nr / step;
	unsigned int order[PIECES] = { 0 };

	for (unsigned int i = 0; i < blocks; i++)
		order[i] = i;
	for (unsigned int i = blocks; scattered && i > 1; i--) {
		const unsigned int other = rng_below(test_rng(b), i), was = order[i - 1];

		order[i - 1] = order[other];
		order[other] = was;
	}
	for (unsigned int i = 0; i < nr; i++)
		place[i] = i / step < blocks ? order[i / step] * step + i % step : i;
}

static unsigned int group_of(const struct run *run, unsigned int first)
{
	return first + run->group <= area.pieces ? run->group : area.pieces - first;
}

/* Compact descriptors have half a place each, and what desc_put() writes beyond one is written again or nobody's. */
static void put_desc(struct bench *b, const struct run *run, unsigned int i)
{
	const uint32_t step = desc_bytes(run->compact);
	const bool last = i % run->group == run->group - 1 && i + 1 < area.pieces;
	struct desc desc = { .op = PQDMA_OP_COPY, .length = run->size };
	uint8_t behind[COMPACT_SIZE];

	desc.src = area.src + run->src + (uint64_t)area.from[i] * run->size;
	desc.dst = area.dst + run->dst + (uint64_t)area.to[i] * run->size;
	if (last) {
		desc.link = area.list + (uint64_t)area.slot[i + 1] * step;
		desc.count = group_of(run, i + 1);
	}
	memcpy(behind, bench_ram(b, area.list + (uint64_t)area.slot[i] * step + COMPACT_SIZE), COMPACT_SIZE);
	desc_put(b, area.list + (uint64_t)area.slot[i] * step, &desc);
	if (run->compact)
		memcpy(bench_ram(b, area.list + (uint64_t)area.slot[i] * step + COMPACT_SIZE), behind, COMPACT_SIZE);
}

static void check_copies(struct bench *b, const struct run *run)
{
	for (unsigned int i = 0; i < area.pieces; i++) {
		const uint64_t from = area.src + run->src + (uint64_t)area.from[i] * run->size;
		const uint64_t to = area.dst + run->dst + (uint64_t)area.to[i] * run->size;

		CHECK(!memcmp(bench_ram(b, from), bench_ram(b, to), run->size));
	}
}

static void put_list(struct bench *b, const struct run *run)
{
	const bool s = run->scattered;

	area.pieces = run->pieces ? run->pieces : 3 * window(run);
	places(b, area.slot, area.pieces, run->group, s);
	places(b, area.from, area.pieces, 1, s);
	places(b, area.to, area.pieces, 1, s);
	for (unsigned int i = 0; i < area.pieces; i++)
		put_desc(b, run, i);
	ram_random(b, area.src, area.pieces * run->size + PQDMA_BYTES);
}

static const struct meter *run_list(struct bench *b, const struct run *run)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	const struct meter *m;

	config.read_latency = run->latency;
	config.write_latency = 1;
	config.reads = run->reads;
	put_list(b, run);
	mem_configure(b, &config);
	ch_write(b, 0, PQDMA_CH_CFG, PQDMA_CFG_BURST_RESET << PQDMA_CFG_BURST_SHIFT | (run->compact ? PQDMA_CFG_COMPACT_MASK : 0));
	chan_start(b, 0, area.list + (uint64_t)area.slot[0] * desc_bytes(run->compact), group_of(run, 0), 0);
	wait_clocks(b, 50);
	meter_begin(b);
	ch_write(b, 0, PQDMA_CH_TAIL, area.pieces);
	while (!(b->hw.irq & 1) && ch_read(b, 0, PQDMA_CH_DONE) != area.pieces)
		wait_clocks(b, 200);
	m = meter_end(b);
	check_copies(b, run);
	chan_abort(b, 0);
	return m;
}

static unsigned int beats_of(unsigned int bytes)
{
	return (bytes + PQDMA_BYTES - 1) / PQDMA_BYTES;
}

/* R beats of a descriptor whose link is not taken: up to the status word, or up to the link */
static unsigned int desc_beats(bool compact)
{
	return beats_of(compact ? PQDMA_DESC_LINK_OFFSET : PQDMA_DESC_STATUS_OFFSET);
}

/* R beats of a group of @nr: a link is read ahead of two and more, and comes with a single one */
static double group_beats(bool compact, unsigned int nr)
{
	if (nr > 1)
		return nr * desc_beats(compact) + beats_of(LINK_BYTES);
	return compact ? beats_of(COMPACT_SIZE) : desc_beats(false);
}

/* Clocks from one group to the next, at least: to read a link that says where it is */
static double link_clocks(const struct run *run)
{
	return run->latency + 1 + (run->group > 1 ? beats_of(LINK_BYTES) : group_beats(run->compact, 1));
}

static unsigned int in_flight(const struct run *run)
{
	return run->reads < PQDMA_READS ? run->reads : PQDMA_READS;
}

/*
 * On one port the descriptor's beats share R with the data: n / (n + d). On a port of their own the slower of the two decides.
 * The link behind a group says where the next one is, so no group comes sooner after the one before it than a link takes to read.
 * K reads in flight of b beats each bring at most K b beats in L + b clocks.
 */
static double bound_of(const struct run *run)
{
	const double g = run->group, n = (double)run->size / PQDMA_BYTES, d = group_beats(run->compact, run->group) / g;
	const double burst = run->size < PQDMA_STRIP_BYTES ? n : PQDMA_STRIP_BYTES / PQDMA_BYTES;
	const double port = n / (PQDMA_WITH_DESC_PORT ? (n > d ? n : d) : n + d), list = g * n / link_clocks(run);
	const double flight = in_flight(run) * burst / (run->latency + burst), least = port < list ? port : list;

	return least < flight ? least : flight;
}

/* Payload over what W could have carried, in the middle third of the list */
static double payload_use(struct bench *b, const struct run *run, const struct meter *m)
{
	const unsigned int beats = m->nr_w / area.pieces, from = area.pieces / 3 * beats - 1;
	const unsigned int to = from + area.pieces / 3 * beats;

	CHECK_EQ(m->nr_w, area.pieces * beats);
	return meter_w_use(m, from, to) * run->size / (beats * PQDMA_BYTES);
}

/* Prints a line; returns W use */
static double measure_use(struct bench *b, const struct run *run)
{
	const struct meter *m = run_list(b, run);
	const unsigned int from = m->nr_r / 3 - 1, to = from + m->nr_r / 3;
	const double w = payload_use(b, run, m), bound = bound_of(run);

	printf("measure copy size=%u latency=%u form=%s group=%u scattered=%d src=%u dst=%u reads=%u w=%.3f r=%.3f r_all=%.3f bound=%.3f "
	       "outstanding=%u\n",
	       run->size, run->latency, run->compact ? "compact" : "full", run->group, run->scattered, run->src, run->dst, run->reads, w,
	       meter_r_use(m, from, to), meter_r_all(m, from, to), bound, m->most_reads);
	CHECK(w <= bound * 1.02 && meter_r_all(m, from, to) <= 1.0);
	CHECK(m->most_reads <= in_flight(run));
	return w;
}

TEST(measure_w_use, "use of W and R by size and latency; the bound of the ports is reached up to latency 10", .moves = true,
     .takes_long = true, .max_clocks = MEASURE_CLOCKS)
{
	static const uint32_t sizes[] = { 64, 256, 1024, 4096 };

	need_standard(b);
	for (unsigned int l = 0; l < LATENCIES; l++)
		for (unsigned int i = 0; i < NR(sizes); i++) {
			const struct run run = { .latency = latencies[l], .size = sizes[i], .group = GROUP_MAX, .reads = READS };

			CHECK(measure_use(b, &run) >= GOOD * bound_of(&run) || latencies[l] > 10);
		}
}

TEST(measure_compact, "the same with compact descriptors", .moves = true, .takes_long = true, .max_clocks = MEASURE_CLOCKS)
{
	static const uint32_t sizes[] = { 64, 256, 1024 };

	need_standard(b);
	for (unsigned int l = 0; l < LATENCIES; l++)
		for (unsigned int i = 0; i < NR(sizes); i++) {
			const struct run run = { .latency = latencies[l], .size = sizes[i], .group = COMPACT_GROUP_MAX, .reads = READS,
						 .compact = true };

			CHECK(measure_use(b, &run) >= GOOD * bound_of(&run) || latencies[l] > 10);
		}
}

TEST(measure_scattered, "the same with groups of 8 and of 1 in random order, and data in random order", .moves = true,
     .takes_long = true, .max_clocks = MEASURE_CLOCKS)
{
	static const uint32_t sizes[] = { 64, 256, 1024 };
	static const unsigned int groups[] = { 8, 1 };

	need_standard(b);
	for (unsigned int n = 0; n < NR(groups) * LATENCIES * NR(sizes) * 2; n++) {
		const struct run run = { .latency = latencies[n / 2 / NR(sizes) % LATENCIES], .size = sizes[n / 2 % NR(sizes)],
					 .group = groups[n / 2 / NR(sizes) / LATENCIES], .scattered = true, .compact = n % 2,
					 .reads = READS };

		CHECK(measure_use(b, &run) >= GOOD * bound_of(&run) || run.size < 1024 || run.latency > 10);
	}
}

TEST(measure_reads, "use of W by what the memory has in flight: 1 to 32 bursts at latency 50", .moves = true, .takes_long = true,
     .max_clocks = MEASURE_CLOCKS)
{
	static const uint32_t sizes[] = { 64, 256, 4096 };
	double was, use;

	need_standard(b);
	for (unsigned int i = 0; i < NR(sizes); i++) {
		was = 0;
		for (unsigned int reads = 1; reads <= READS; reads *= 2) {
			const struct run run = { .latency = 50, .size = sizes[i], .group = COMPACT_GROUP_MAX, .reads = reads,
						 .compact = true };

			use = measure_use(b, &run);
			CHECK(use >= was * 0.99);
			was = use;
		}
	}
}

TEST(measure_launch, "doorbell to first ARVALID, and from a descriptor's last beat to its first read: as docs/timing.md says",
     .moves = true)
{
	need_standard(b);
	for (unsigned int i = 0; i < 2 * LATENCIES; i++) {
		const struct run run = { .latency = latencies[i / 2], .size = 64, .compact = i % 2, .group = 1, .pieces = 1,
					 .reads = READS };
		const struct meter *m = run_list(b, &run);
		const uint64_t read = m->read - m->doorbell;

		printf("measure launch form=%s latency=%u fetch=%" PRIu64 " read=%" PRIu64 " beyond_latency=%" PRIu64 " first_w=%" PRIu64
		       " last_b=%" PRIu64 "\n", run.compact ? "compact" : "full", run.latency, m->fetch - m->doorbell, read,
		       read - run.latency, m->first_w - m->doorbell, m->last_b - m->doorbell);
		CHECK_EQ(m->fetch - m->doorbell, 2);
		CHECK_EQ(m->read - m->desc_last, 2);
		CHECK_EQ(read, 2 + run.latency + desc_beats(run.compact) - 1 + 2);
	}
}

/* Most idle clocks between the beats @from - 1 and @from of two chained pieces, in the second half of the list. */
static unsigned int worst_gap(const uint64_t *at, const unsigned int *other, unsigned int nr, unsigned int beats)
{
	unsigned int worst = 0, i;

	for (i = nr / 2 / beats * beats; i < nr; i += beats) {
		const unsigned int gap = (unsigned int)(at[i] - at[i - 1] - 1) - (other ? other[i] - other[i - 1] : 0);

		worst = gap > worst ? gap : worst;
	}
	return worst;
}

TEST(measure_gaps, "no idle clock on R between chained 1 KiB and 4 KiB descriptors up to latency 50", .moves = true,
     .takes_long = true, .max_clocks = MEASURE_CLOCKS)
{
	need_standard(b);
	for (unsigned int i = 0; i < 2 * LATENCIES; i++) {
		const struct run run = { .latency = latencies[i / 2], .size = i % 2 ? 4096 : 1024, .group = 24, .pieces = 24,
					 .reads = READS };
		const unsigned int beats = run.size / PQDMA_BYTES;
		const struct meter *m = run_list(b, &run);
		const unsigned int r_gap = worst_gap(m->r, m->others, m->nr_r, beats), w_gap = worst_gap(m->w, NULL, m->nr_w, beats);

		printf("measure gaps size=%u latency=%u r=%u w=%u outstanding=%u\n", run.size, run.latency, r_gap, w_gap, m->most_reads);
		if (run.latency <= 50)
			CHECK_EQ(r_gap, 0);
	}
}

/* The ideal reads and writes one beat more than the payload fills, where that side is not aligned. */
static double unaligned_ideal(const struct run *run)
{
	const double n = (double)run->size / PQDMA_BYTES, d = desc_beats(run->compact);
	const double r = n + !!run->src + (PQDMA_WITH_DESC_PORT ? 0 : d), w = n + !!run->dst;

	return n / (r > w ? r : w);
}

TEST(measure_unaligned, "copies of 64 B to 4 KiB with any offsets; of 1 KiB on they reach 0.97 of the ideal with one extra beat",
     .moves = true, .takes_long = true, .max_clocks = MEASURE_CLOCKS)
{
	static const struct {
		unsigned int src;
		unsigned int dst;
	} offsets[] = { { 0, 0 }, { 1, 0 }, { 0, 1 }, { 3, 3 }, { 5, 2 }, { 2, 5 }, { 7, 1 } };
	static const uint32_t sizes[] = { 64, 1024, 4096 };

	need_standard(b);
	for (unsigned int n = 0; n < NR(sizes) * NR(offsets); n++) {
		const struct run run = { .latency = 10, .size = sizes[n / NR(offsets)], .src = offsets[n % NR(offsets)].src,
					 .dst = offsets[n % NR(offsets)].dst, .group = COMPACT_GROUP_MAX, .compact = true, .reads = READS };
		const struct meter *m = run_list(b, &run);
		const double w = payload_use(b, &run, m), ideal = unaligned_ideal(&run);

		printf("measure unaligned size=%u src=%u dst=%u w=%.3f ideal=%.3f\n", run.size, run.src, run.dst, w, ideal);
		CHECK(w <= 1.0 && w >= (run.size >= 1024 ? 0.97 * ideal : 0));
	}
}
