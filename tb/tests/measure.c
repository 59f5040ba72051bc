/* SPDX-License-Identifier: MIT */
/*
 * How fast the controller is, in clocks, on an ideal memory with latency L: the numbers of docs/performance.md. They are facts
 * of the design, the same on every machine, so they are tests: each has the bound that the text states. `make bench` collects the
 * lines that begin with "measure".
 */
#include <stdio.h>
#include "test.h"

#define MAX_BEATS 32768
#define LATENCIES 4

static const unsigned int latencies[LATENCIES] = { 1, 10, 50, 100 };

/**
 * struct meter - what the bus did, clock by clock
 * @doorbell:  clock of the last W handshake on the register bus
 * @fetch:     first clock after it with ARVALID for a descriptor, 0 if none yet
 * @read:      the same for data
 * @desc_last: clock of the first last beat of a descriptor after it
 * @w:         clock of each W beat
 * @nr_w:      how many
 * @r:         clock of each R beat of data
 * @nr_r:      how many
 * @desc:      R beats of descriptors before each R beat of data
 * @nr_desc:   how many so far
 */
struct meter {
	uint64_t doorbell;
	uint64_t fetch;
	uint64_t read;
	uint64_t desc_last;
	uint64_t w[MAX_BEATS];
	unsigned int nr_w;
	uint64_t r[MAX_BEATS];
	unsigned int desc[MAX_BEATS];
	unsigned int nr_r;
	unsigned int nr_desc;
};

static struct meter meter;

static void note_first(uint64_t *at, bool now, uint64_t clock)
{
	if (now && !*at)
		*at = clock;
}

static void meter_tap(struct bench *b, void *arg)
{
	const struct pqdma_out *out = &b->out;
	const struct pqdma_in *in = &b->in;
	struct meter *m = arg;
	const uint64_t clock = b->hw.clock;

	if (out->s_axil_wready && in->s_axil_wvalid) {
		m->doorbell = clock;
		m->fetch = m->read = m->desc_last = 0;
	}
	note_first(&m->fetch, out->m_axi_arvalid && out->m_axi_arid, clock);
	note_first(&m->read, out->m_axi_arvalid && !out->m_axi_arid, clock);
	note_first(&m->desc_last, in->m_axi_rvalid && in->m_axi_rid && in->m_axi_rlast, clock);
	if (out->m_axi_wvalid && in->m_axi_wready && m->nr_w < MAX_BEATS)
		m->w[m->nr_w++] = clock;
	if (!in->m_axi_rvalid)
		return;
	if (in->m_axi_rid) {
		m->nr_desc++;
	} else if (m->nr_r < MAX_BEATS) {
		m->desc[m->nr_r] = m->nr_desc;
		m->r[m->nr_r++] = clock;
	}
}

/**
 * struct run - one list of copies, contiguous descriptors and data, on channel 0
 * @latency: of reads
 * @count:   copies
 * @size:    bytes of each
 * @src:     place of the first source in 4 KiB, and @dst of the first destination
 * @compact: descriptors of 32 bytes
 */
struct run {
	unsigned int latency;
	unsigned int count;
	uint32_t size;
	unsigned int src;
	unsigned int dst;
	bool compact;
};

#define COMPACT_SIZE (PQDMA_DESC_SIZE / 2)
#define GROUP 32		/* descriptors of a group */
#define COMPACT_GROUP 31

static uint32_t desc_bytes(bool compact)
{
	return compact ? COMPACT_SIZE : PQDMA_DESC_SIZE;
}

/* The meter sees it. */
static void run_list(struct bench *b, const struct run *run)
{
	const unsigned int count = run->count, group = run->compact ? COMPACT_GROUP : GROUP;
	const uint32_t size = run->size, step = desc_bytes(run->compact);
	const uint64_t list = ram_alloc(b, (count + 1) * step);
	const uint64_t src = ram_alloc(b, count * size + PQDMA_BYTES) + run->src;
	const uint64_t dst = ram_alloc(b, count * size + PQDMA_BYTES) + run->dst;
	struct desc desc = { .op = PQDMA_OP_COPY, .length = size };
	unsigned int i;

	for (i = 0; i < count; i++) {
		desc.src = src + (uint64_t)i * size;
		desc.dst = dst + (uint64_t)i * size;
		desc.link = list + (i + 1) * step;
		desc.count = i % group == group - 1 ? group : 0;
		desc_put(b, list + i * step, &desc);	/* the next one covers what a compact one does not have */
	}
	mem_ideal(b, run->latency);
	ch_write(b, 0, PQDMA_CH_CFG, PQDMA_CFG_BURST_RESET << PQDMA_CFG_BURST_SHIFT | (run->compact ? PQDMA_CFG_COMPACT_MASK : 0));
	memset(&meter, 0, sizeof(meter));
	chan_start(b, 0, list, group, 0);
	wait_clocks(b, 50);
	b->tap_arg = &meter;
	b->tap = meter_tap;
	ch_write(b, 0, PQDMA_CH_TAIL, count);
	while (!(b->hw.irq & 1) && ch_read(b, 0, PQDMA_CH_DONE) != count)
		wait_clocks(b, 200);
	b->tap = NULL;
	CHECK(!memcmp(bench_ram(b, src), bench_ram(b, dst), (size_t)count * size));
	chan_abort(b, 0);
}

/*
 * Payload over what W could carry. Aligned pieces only. The window ends before the last descriptor is fetched, so that
 * the fetcher is as far ahead at its end as at its begin; otherwise descriptors that were fetched before it would
 * flatter the number.
 */
static double w_use(unsigned int count, uint32_t size)
{
	const unsigned int beats = size / PQDMA_BYTES;
	const unsigned int first = count / 8, last = count - PQDMA_DESCS;
	const uint64_t from = meter.w[first * beats - 1], to = meter.w[last * beats - 1];

	return (double)(last - first) * size / ((double)(to - from) * PQDMA_BYTES);
}

/* On one port the descriptor's beats share R with the data: n / (n + d). On a port of their own the slower of the two decides. */
static double port_bound(uint32_t size, bool compact)
{
	const double n = (double)size / PQDMA_BYTES;
	const double d = PQDMA_BYTES < desc_bytes(compact) ? (double)desc_bytes(compact) / PQDMA_BYTES : 1;

	return n / (PQDMA_WITH_DESC_PORT ? (n > d ? n : d) : n + d);
}

/* Up to latency 10 the bound of one port is reached; with two, the fetcher's wait for a link costs up to a tenth of the shortest pieces. */
static void measure_use(struct bench *b, const struct run *run, const char *name)
{
	const double bound = port_bound(run->size, run->compact);
	double use;

	run_list(b, run);
	use = w_use(run->count, run->size);
	printf("measure %s size=%u latency=%u value=%.3f bound=%.3f\n", name, run->size, run->latency, use, bound);
	CHECK(meter.nr_w == run->count * run->size / PQDMA_BYTES);
	CHECK(use <= 1.0);
	if (run->latency <= 10)
		CHECK(use >= (PQDMA_WITH_DESC_PORT ? 0.90 : 0.98) * bound);
}

/* The bounds below are those of a configuration that can hide the latencies asked for */
static void need_standard(struct bench *b)
{
	if (PQDMA_DATA_W != 128 || PQDMA_STRIPS < 32 || PQDMA_READS < 16 || PQDMA_DESCS < 32 || PQDMA_BUF_BYTES < 4096)
		test_skip(b, "its bounds are those of the standard configuration");
}

TEST(measure_w_use, "use of the W channel by size and latency; the bound of one port is reached up to latency 10", .moves = true,
     .max_clocks = 600000)
{
	static const struct run pieces[] = { { .size = 64, .count = 256 }, { .size = 256, .count = 128 }, { .size = 1024, .count = 80 },
					     { .size = 4096, .count = 64 } };

	need_standard(b);
	for (unsigned int l = 0; l < LATENCIES; l++)
		for (unsigned int i = 0; i < 4; i++) {
			struct run run = pieces[i];

			run.latency = latencies[l];
			measure_use(b, &run, "w_use");
		}
}

TEST(measure_compact, "use of the W channel with compact descriptors; the bound of one port is reached up to latency 10", .moves = true,
     .max_clocks = 600000)
{
	static const struct run pieces[] = { { .size = 64, .count = 256, .compact = true },
					     { .size = 256, .count = 128, .compact = true } };

	need_standard(b);
	for (unsigned int l = 0; l < LATENCIES; l++)
		for (unsigned int i = 0; i < 2; i++) {
			struct run run = pieces[i];

			run.latency = latencies[l];
			measure_use(b, &run, "compact");
		}
}

TEST(measure_launch, "doorbell to first ARVALID, and from a descriptor's last beat to its first read: as docs/timing.md says",
     .moves = true, .one_port = true)
{
	for (unsigned int i = 0; i < 2 * LATENCIES; i++) {
		const struct run run = { .latency = latencies[i / 2], .count = 1, .size = 64, .compact = i % 2 };
		const uint64_t beats = PQDMA_BYTES < desc_bytes(run.compact) ? desc_bytes(run.compact) / PQDMA_BYTES : 1;

		run_list(b, &run);
		printf("measure %s latency=%u fetch=%llu read=%llu beyond_latency=%llu\n", run.compact ? "launch_compact" : "launch",
		       run.latency, (unsigned long long)(meter.fetch - meter.doorbell), (unsigned long long)(meter.read - meter.doorbell),
		       (unsigned long long)(meter.read - meter.doorbell - run.latency));
		CHECK_EQ(meter.fetch - meter.doorbell, 2);
		CHECK_EQ(meter.read - meter.desc_last, 2);
		CHECK_EQ(meter.read - meter.doorbell, 2 + run.latency + beats - 1 + 2);
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

TEST(measure_gaps, "no idle clock on R between chained 1 KiB descriptors up to latency 50", .moves = true)
{
	const unsigned int beats = 1024 / PQDMA_BYTES;
	unsigned int l;

	need_standard(b);
	for (l = 0; l < LATENCIES; l++) {
		unsigned int r_gap, w_gap;

		run_list(b, &(struct run){ .latency = latencies[l], .count = 24, .size = 1024 });
		r_gap = worst_gap(meter.r, meter.desc, meter.nr_r, beats);
		w_gap = worst_gap(meter.w, NULL, meter.nr_w, beats);
		printf("measure gaps latency=%u r=%u w=%u\n", latencies[l], r_gap, w_gap);
		if (latencies[l] <= 50)
			CHECK_EQ(r_gap, 0);
	}
}

TEST(measure_unaligned, "1 KiB copies with any offsets reach 0.97 of the ideal with one extra beat", .moves = true)
{
	static const struct {
		unsigned int src;
		unsigned int dst;
	} offsets[] = { { 0, 0 }, { 1, 0 }, { 0, 1 }, { 3, 3 }, { 5, 2 }, { 2, 5 }, { 7, 1 } };
	unsigned int i;

	need_standard(b);
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		const unsigned int count = 96, beats = 1024 / PQDMA_BYTES;
		double clocks, ideal, value;

		run_list(b, &(struct run){ .latency = 10, .count = count, .size = 1024, .src = offsets[i].src, .dst = offsets[i].dst });
		clocks = (double)(meter.w[meter.nr_w / 2 - 1] - meter.w[meter.nr_w / 4 - 1]);
		value = count / 4 * 1024.0 / PQDMA_BYTES / clocks;
		ideal = (double)beats / (beats + 1 + PQDMA_DESC_SIZE / PQDMA_BYTES);
		printf("measure unaligned src=%u dst=%u value=%.3f ideal=%.3f\n", offsets[i].src, offsets[i].dst, value, ideal);
		CHECK(value >= 0.97 * ideal);
	}
}
