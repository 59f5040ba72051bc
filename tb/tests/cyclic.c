// SPDX-License-Identifier: MIT
/*
 * Cyclic lists: a ring of periods that runs without a doorbell. What a lap does is what the lap before did, so memory alone cannot tell how
 * often it ran; the test watches the order of the periods on AW as well.
 */
#include "cover/axes.h"
#include "shapes.h"
#include "sums.h"

#define PERIODS_MAX 7
#define SMALL_BURST 1
#define STOP_LAST 200
#define SLOW_PERIODS 30
#define SLOW_CLOCKS 150		/* most clocks in which the software does something else */
#define LONG_RING 31
#define OPS_LENGTH 200
#define OPS_LAPS 3
#define LONG_CLOCKS 40000	/* between two looks at the long run */
#define CYCLIC PQDMA_CFG_CYCLIC_MASK
#define CFG (CYCLIC | SMALL_BURST << PQDMA_CFG_BURST_SHIFT)

/**
 * struct ring - the periods of one channel as AW shows them
 * @nr:      periods of the ring
 * @shapes:  what they do
 * @begun:   periods whose first write was seen
 * @strange: writes that were neither of the period under way nor of the next one
 */
struct ring {
	unsigned int nr;
	struct shape shapes[PERIODS_MAX];
	uint32_t begun;
	unsigned int strange;
};

static struct ring rings[PQDMA_CHANNELS];

static bool writes_to(const struct ring *ring, uint32_t period, uint64_t addr)
{
	const struct desc *desc = &ring->shapes[period % ring->nr].desc;

	return addr + PQDMA_BYTES > desc->dst && addr < desc->dst + desc->length;
}

/* A first write is the one that begins at the bus word of the first byte. */
static void note_write(struct ring *ring, uint64_t addr)
{
	const struct desc *next = &ring->shapes[ring->begun % ring->nr].desc;

	if (addr == (next->dst & ~(uint64_t)(PQDMA_BYTES - 1)))
		ring->begun++;
	else if (!ring->begun || !writes_to(ring, ring->begun - 1, addr))
		ring->strange++;
}

static void watch_periods(struct bench *b, void *arg)
{
	const struct shapes *s = arg;
	const uint64_t addr = b->out.m_axi_awaddr;

	if (!b->out.m_axi_awvalid || !b->in.m_axi_awready)
		return;
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (rings[ch].nr && addr - s->l->room[ch] < LISTS_DST_BYTES)
			note_write(&rings[ch], addr);
}

static void put_ring(struct shapes *s, unsigned int ch, unsigned int nr, uint32_t cfg, uint8_t flags)
{
	struct rng *rng = test_rng(s->l->b);
	struct ring *ring = &rings[ch];

	*ring = (struct ring){ .nr = nr };
	for (unsigned int i = 0; i < nr; i++) {
		const uint8_t op = rng_below(rng, 3) ? PQDMA_OP_COPY : PQDMA_OP_FILL;

		s->l->list[ch].dst += PQDMA_BYTES;	/* no two periods share a bus word */
		ring->shapes[i] = shapes_draw(s, ch, op, rng_range(rng, 1, 7 * PQDMA_BYTES << SMALL_BURST));
		ring->shapes[i].desc.flags = flags | (rng_below(rng, 4) ? 0 : PQDMA_FLAG_FENCE);
	}
	shapes_cfg(s, ch, cfg);
	shapes_scatter(s, ch, ring->shapes, nr);
	lists_loop(s->l, ch);
}

static uint32_t bytes_of(const struct ring *ring, uint32_t periods)
{
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < periods; i++)
		bytes += ring->shapes[i % ring->nr].desc.length;
	return bytes;
}

/* Stopped: every period that has begun is complete and counted. Returns DONE. */
static uint32_t check_stopped(struct shapes *s, unsigned int ch)
{
	struct bench *b = s->l->b;
	const uint32_t done = shapes_stop(s, ch);

	CHECK_EQ(ch_state(b, ch), PQDMA_STATE_STOP);
	CHECK_EQ(done, rings[ch].begun);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), bytes_of(&rings[ch], done));
	CHECK_EQ(rings[ch].strange, 0);
	return done;
}

static bool is_cyclic(const struct cover_event *event)
{
	return event->desc->cyclic;
}

static bool cyclic_legal(const unsigned int *at)
{
	return cover_built(at[0]) && (at[0] <= PQDMA_OP_FILL || !at[1]);
}

COVER(cyclic_ops, COVER_DESC, "cyclic: operation x form", .only = is_cyclic, .axes = { &cover_op, &cover_form }, .legal = cyclic_legal)

TEST(cyclic_rings, "rings of 1 to 7 periods on all channels, full and compact, without a doorbell: STOP after some laps", .moves = true)
{
	struct shapes *s = shapes_new(b);
	uint32_t done = 0;

	bench_tap(b, watch_periods, s);
	for (unsigned int nr = 1; nr <= PERIODS_MAX; nr++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			put_ring(s, ch, nr, CFG | (nr + ch) % 2 * PQDMA_CFG_COMPACT_MASK, 0);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			shapes_start(s, ch, 0);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			while (ch_read(b, ch, PQDMA_CH_DONE) < 2 * nr + 1)
				wait_clocks(b, 20);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			done += check_stopped(s, ch);
		lists_check(s->l);
		lists_end(s->l);
	}
	bench_tap(b, NULL, NULL);
	CHECK(done >= PERIODS_MAX * (PERIODS_MAX + 2) * PQDMA_CHANNELS);
	CHECK_EQ(lists_moved(s->l), done);
}

/* A period of a full ring. Sums with CONT change with every lap, and FENCE keeps the laps apart. */
static struct sum draw_period(struct sums *sums, unsigned int ch, uint8_t op)
{
	struct rng *rng = test_rng(sums->l->b);
	const uint32_t length = op < PQDMA_OP_COPY ? 0 : rng_range(rng, 1, OPS_LENGTH);
	struct sum sum = { .desc = { 0 } };

	if (op < PQDMA_OP_XOR)
		sum.desc = lists_desc(sums->l, ch, op, length);
	else
		sum = sums_draw(sums, ch, op, rng_range(rng, 1, 4), length);
	sum.desc.flags = (uint8_t)rng_below(rng, 8);
	if (op >= PQDMA_OP_XOR && !sums_validates(&sum) && rng_below(rng, 2))
		sum.desc.flags |= PQDMA_FLAG_CONT | PQDMA_FLAG_FENCE;
	if (op >= PQDMA_OP_XOR && sums_validates(&sum) && rng_below(rng, 2))
		sums_settle(sums, &sum);
	return sum;
}

/* A ring of one period of each operation; without WB if it is compact. Returns how many that are. */
static unsigned int put_ops(struct shapes *s, struct sums *sums, unsigned int ch, bool compact)
{
	unsigned int nr = 0;

	shapes_cfg(s, ch, CFG | (compact ? PQDMA_CFG_COMPACT_MASK : 0));
	for (uint8_t op = 0; op <= (compact ? PQDMA_OP_FILL : PQDMA_OP_MATRIX); op++) {
		struct sum sum;

		if (!sums_built(op))
			continue;
		sum = draw_period(sums, ch, op);
		if (compact)
			sum.desc.flags &= (uint8_t)~PQDMA_FLAG_WB;
		if (compact)
			shapes_group(s, ch, &(struct shape){ .desc = sum.desc }, 1);
		else
			sums_group(sums, ch, &sum, 1);
		nr++;
	}
	lists_loop(s->l, ch);
	return nr;
}

TEST(cyclic_ops, "rings of every operation, full and compact: each lap does it again, and sums with CONT tell how often", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *sums = sums_new(b);
	struct shapes shapes = { .l = sums->l };
	unsigned int nr[PQDMA_CHANNELS];

	for (unsigned int round = 0; round < 2; round++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			nr[ch] = put_ops(&shapes, sums, ch, (ch + round) % 2);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			shapes_start(&shapes, ch, 0);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			while (ch_read(b, ch, PQDMA_CH_DONE) < OPS_LAPS * nr[ch])
				wait_clocks(b, 20);
			shapes_stop(&shapes, ch);
		}
		lists_check(sums->l);
		sums_end(sums);
	}
	for (unsigned int op = 0; op <= PQDMA_OP_MATRIX; op++)
		CHECK(!sums_built(op) || sums->completed[op] >= OPS_LAPS * PQDMA_CHANNELS);
}

/* STOP so many clocks after the start, and again after RUN: the next period is the next one of the ring. */
static uint32_t stop_after(struct shapes *s, unsigned int ch, uint64_t delay)
{
	struct bench *b = s->l->b;
	uint32_t first;

	put_ring(s, ch, 3, CFG, delay % 3 ? 0 : PQDMA_FLAG_WB);
	shapes_start(s, ch, 0);
	if (delay)
		wait_clocks(b, delay);
	first = check_stopped(s, ch);
	wait_clocks(b, 40);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), first);
	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	wait_clocks(b, 100);
	CHECK(check_stopped(s, ch) > first);
	lists_check(s->l);
	lists_end(s->l);
	return first;
}

TEST(cyclic_stop, "STOP in every clock of the first laps: the period that has begun is the last; RUN goes on with the next one",
     .moves = true, .max_clocks = 600000)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct shapes *s = shapes_new(b);
	unsigned int some = 0;

	config.read_latency = 1 + b->options->seed % 3 * 6;
	mem_configure(b, &config);
	bench_tap(b, watch_periods, s);
	for (uint64_t delay = 0; delay < STOP_LAST || some < 10; delay++)
		some += stop_after(s, (unsigned int)delay % PQDMA_CHANNELS, delay) > 1;
	bench_tap(b, NULL, NULL);
	CHECK(lists_moved(s->l) > some);
}

/*
 * A handler that is late: it clears, reads DONE, and has seen every period up to that. Then DONE may be ahead by many, but none is
 * without an interrupt that comes after it.
 */
static unsigned int serve_slowly(struct shapes *s, unsigned int ch)
{
	struct bench *b = s->l->b;
	const uint64_t until = b->hw.clock + LISTS_CLOCKS;
	unsigned int calls = 0;
	uint32_t seen = 0;

	while (seen < SLOW_PERIODS) {
		uint32_t done;

		CHECK(b->hw.clock < until);
		wait_irq(b, ch, LISTS_CLOCKS);
		done = ch_read(b, ch, PQDMA_CH_DONE);
		CHECK(done >= seen);
		seen = done;
		calls++;
		wait_clocks(b, 1 + rng_below(test_rng(b), SLOW_CLOCKS));
	}
	return calls;
}

TEST(cyclic_periods, "an interrupt of every period and software that is slow: DONE has counted every one, in the order of the ring",
     .moves = true)
{
	struct shapes *s = shapes_new(b);

	bench_tap(b, watch_periods, s);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {

		put_ring(s, ch, 4, CFG, PQDMA_FLAG_IRQ);
		shapes_start(s, ch, 0);
		CHECK(serve_slowly(s, ch) > 1);
		CHECK(check_stopped(s, ch) >= SLOW_PERIODS);
		s->l->list[ch].cleared = PQDMA_IRQ_DONE_MASK;
		lists_check(s->l);
		lists_end(s->l);
	}
	bench_tap(b, NULL, NULL);
	CHECK(lists_moved(s->l) >= SLOW_PERIODS * PQDMA_CHANNELS);
}

TEST(cyclic_pause, "PAUSE and RUN at any moment: the ring goes on where it was", .moves = true)
{
	struct shapes *s = shapes_new(b);
	struct rng *rng = test_rng(b);
	unsigned int ch = b->options->seed % PQDMA_CHANNELS;
	uint32_t bytes = 0;

	bench_tap(b, watch_periods, s);
	put_ring(s, ch, 3, CFG, 0);
	shapes_start(s, ch, 0);
	for (unsigned int i = 0; i < 40; i++) {
		uint32_t now;

		wait_clocks(b, 1 + rng_below(rng, 60));
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_PAUSE_MASK);
		wait_idle(b, ch, LISTS_CLOCKS);
		now = ch_read(b, ch, PQDMA_CH_BYTES);
		CHECK(now >= bytes && now >= bytes_of(&rings[ch], ch_read(b, ch, PQDMA_CH_DONE)));
		CHECK(now < bytes_of(&rings[ch], ch_read(b, ch, PQDMA_CH_DONE) + 1));
		bytes = now;
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	}
	CHECK(bytes);
	check_stopped(s, ch);
	bench_tap(b, NULL, NULL);
	lists_check(s->l);
	lists_end(s->l);
}

TEST(cyclic_error, "an error in a later lap stops the ring: DONE and the record say where", .moves = true)
{
	struct shapes *s = shapes_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const struct ring *ring = &rings[ch];
		uint64_t beat;

		put_ring(s, ch, 3, CFG, 0);
		beat = ring->shapes[1].desc.dst & ~(uint64_t)(PQDMA_BYTES - 1);
		mem_fault(b, &(struct axi_mem_fault){ .kinds = AXI_MEM_WRITE | AXI_MEM_STATUS, .first = beat,
						      .last = beat + PQDMA_BYTES - 1, .resp = AXI_DECERR, .skip = 3, .count = 1 });
		shapes_start(s, ch, 0);
		wait_state(b, ch, PQDMA_STATE_FAIL, LISTS_CLOCKS);
		wait_idle(b, ch, LISTS_CLOCKS);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), 3 * 3 + 1);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), bytes_of(ring, 3 * 3 + 1));
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), PQDMA_ERR_WRITE_DECERR);
		CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_ADDR_LO), ring->shapes[1].desc.dst);
		CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_DESC_LO), s->l->list[ch].at[1]);
		mem_clear_faults(b);
		lists_end(s->l);
		put_ring(s, ch, 2, CFG, 0);
		shapes_start(s, ch, 0);
		wait_clocks(b, 200);
		shapes_stop(s, ch);
		lists_check(s->l);
		lists_end(s->l);
	}
}

/* Fetches, and how many of them were of the same descriptor as the one before. */
struct fetches {
	uint64_t last;
	unsigned int nr;
	unsigned int again;
};

static void watch_fetches(struct bench *b, void *arg)
{
	struct fetches *fetches = arg;

	if (!b->out.m_axi_arvalid || !b->in.m_axi_arready || !b->out.m_axi_arid)
		return;
	fetches->again += b->out.m_axi_araddr == fetches->last;
	fetches->last = b->out.m_axi_araddr;
	fetches->nr++;
}

TEST(cyclic_links, "links are used as they stand, whatever TAIL says: one fetch a period, and a new link is followed", .moves = true,
     .one_port = true)
{
	struct shapes *s = shapes_new(b);
	struct shape shapes[4];
	struct fetches fetches = { 0 };
	uint64_t at;

	for (unsigned int i = 0; i < 4; i++) {
		shapes[i] = shapes_draw(s, 0, PQDMA_OP_COPY, 2 * PQDMA_BYTES);
		shapes[i].desc.flags = PQDMA_FLAG_WB;
	}
	shapes_cfg(s, 0, CYCLIC);
	shapes_group(s, 0, shapes, 2);
	lists_loop(s->l, 0);
	bench_tap(b, watch_fetches, &fetches);
	shapes_start(s, 0, 2);		/* where a list with a tail would read its last link again */
	while (ch_read(b, 0, PQDMA_CH_DONE) < 6)
		wait_clocks(b, 10);
	at = shapes_group(s, 0, &shapes[2], 2);
	lists_link(s->l, 0, at, 2);
	while (!shapes_status(s, 0, 3))
		wait_clocks(b, 10);
	shapes_stop(s, 0);
	bench_tap(b, NULL, NULL);
	CHECK(ch_read(b, 0, PQDMA_CH_DONE) > 8);
	CHECK(fetches.nr >= ch_read(b, 0, PQDMA_CH_DONE) && fetches.nr <= ch_read(b, 0, PQDMA_CH_DONE) + PQDMA_DESCS);
	CHECK_EQ(fetches.again, 0);
	for (unsigned int i = 0; i < 4; i++)
		CHECK(!memcmp(bench_ram(b, shapes[i].desc.src), bench_ram(b, shapes[i].desc.dst), 2 * PQDMA_BYTES));
	lists_end(s->l);
}

TEST(cyclic_long, "more than 65536 periods without a doorbell, and DONE counts on", .takes_long = true, .max_clocks = 3000000)
{
	struct shapes *s = shapes_new(b);
	struct shape shapes[LONG_RING];
	uint32_t done = 0;

	mem_configure(b, axi_mem_profile("ideal"));
	for (unsigned int i = 0; i < LONG_RING; i++)
		shapes[i] = shapes_draw(s, 0, PQDMA_OP_NOP, 0);
	shapes_cfg(s, 0, CYCLIC | PQDMA_CFG_COMPACT_MASK);
	shapes_group(s, 0, shapes, LONG_RING);
	lists_loop(s->l, 0);
	shapes_start(s, 0, 0);
	while (done <= PQDMA_TAIL_WINDOW) {
		uint32_t now;

		wait_clocks(b, LONG_CLOCKS);
		now = ch_read(b, 0, PQDMA_CH_DONE);
		CHECK(now > done);
		done = now;
	}
	done = shapes_stop(s, 0);
	CHECK(done > PQDMA_TAIL_WINDOW);
	lists_check(s->l);
	CHECK_EQ(s->l->completed[PQDMA_OP_NOP], done);
	lists_end(s->l);
}
