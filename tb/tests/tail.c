// SPDX-License-Identifier: MIT
/*
 * The doorbell: appending at any moment, values that are refused, and what it does in each state. That TAIL and DONE wrap at
 * 2^32 is out of reach of a simulation; what is checked is that differences are taken, not values compared.
 */
#include "cover/axes.h"
#include "shapes.h"

#define FIRST (PQDMA_DESCS < 12 ? PQDMA_DESCS + 2 : 12)	/* descriptors before the append: more than the first clocks can fetch */
#define APPENDED 2
#define AFTER 40		/* appends after the first that had to read the link again */
#define STREAM 160
#define SHORT 40		/* longest copy of the stream, in bytes */
#define ABORT_LATENCY 400

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void put_descs(struct lists *l, unsigned int ch, unsigned int nr)
{
	struct desc descs[FIRST];

	for (unsigned int i = 0; i < nr; i++)
		descs[i] = lists_desc(l, ch, PQDMA_OP_COPY, rng_range(test_rng(l->b), 1, 2 * PQDMA_BYTES));
	descs[nr - 1].flags = PQDMA_FLAG_IRQ | PQDMA_FLAG_WB;
	lists_group(l, ch, descs, nr);
}

/*
 * One append, so many clocks after RUN. Until then the last link leads to a descriptor that would fail. Returns
 * how often the last descriptor was read again for its link.
 */
static uint64_t append_after(struct lists *l, unsigned int ch, uint64_t trap, uint64_t delay)
{
	struct bench *b = l->b;
	const uint64_t fetched = mem_stats(b)->fetch_bursts;

	put_descs(l, ch, FIRST);
	lists_link(l, ch, trap, delay % 2);
	lists_start(l, ch, FIRST);
	if (delay)
		wait_clocks(b, delay);
	put_descs(l, ch, APPENDED);
	lists_ring(l, ch, FIRST + APPENDED);
	lists_wait(l);
	lists_check(l);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), FIRST + APPENDED);
	lists_end(l);
	return mem_stats(b)->fetch_bursts - fetched - (FIRST + APPENDED);
}

static uint64_t tail_of(const struct cover_event *event)
{
	return 1ull << event->tail;
}

static const char *const tails[COVER_TAILS] = { "as it is", "one more", "more", "behind", "beyond the window" };
static const struct cover_axis tail_value = { "TAIL", COVER_TAILS, tails, tail_of };

COVER(tail_values, COVER_TAIL, "state x value of `TAIL` against the old one and `DONE`", .axes = { &cover_state, &tail_value })

TEST(tail_append, "an append in every clock from the start to beyond the end: none is lost, no stale link is used", .moves = true,
     .max_clocks = 600000)
{
	static const unsigned int latencies[] = { 1, 3, 11, 30 };
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct lists *l = lists_new(b);
	uint64_t trap = ram_alloc(b, PQDMA_DESC_SIZE), again[2] = { 0 };

	config.read_latency = latencies[b->options->seed % NR(latencies)];
	mem_configure(b, &config);
	desc_put(b, trap, &(struct desc){ .op = 0xff });
	put_descs(l, 0, FIRST);
	for (uint64_t delay = 0, clocks = lists_run(l); delay < clocks || again[1] < AFTER; delay += lists_step(clocks)) {
		uint64_t times = append_after(l, delay % PQDMA_CHANNELS, trap, delay);

		CHECK(times <= 1);
		again[times]++;
	}
	CHECK(again[0]);
	CHECK(again[1]);
}

static void append_group(struct shapes *s, unsigned int ch, unsigned int nr)
{
	struct rng *rng = test_rng(s->l->b);
	struct shape shapes[PQDMA_HEAD_COUNT_COUNT_MASK];

	for (unsigned int i = 0; i < nr; i++) {
		const uint8_t op = rng_below(rng, 3) ? PQDMA_OP_NOP : PQDMA_OP_COPY;

		shapes[i] = shapes_draw(s, ch, op, op == PQDMA_OP_COPY ? rng_range(rng, 1, SHORT) : 0);
	}
	shapes_group(s, ch, shapes, nr);
}

/* The list has run out before each group comes, so its last descriptor is read again, once; in the end for a link that leads nowhere. */
static void append_groups(struct shapes *s, unsigned int ch, const unsigned int *counts, unsigned int most)
{
	struct bench *b = s->l->b;
	const uint64_t fetched = mem_stats(b)->fetch_bursts, next = s->l->area[ch];
	unsigned int links = 0;

	append_group(s, ch, 1);
	shapes_start(s, ch, 1);
	for (; counts[links] && counts[links] <= most; links++) {
		lists_wait(s->l);
		append_group(s, ch, counts[links]);
		lists_ring(s->l, ch, s->l->list[ch].nr);
	}
	lists_wait(s->l);
	lists_check(s->l);
	CHECK_EQ(mem_stats(b)->fetch_bursts - fetched, s->l->list[ch].nr + links);
	lists_link(s->l, ch, next, 0);
	lists_ring(s->l, ch, s->l->list[ch].nr + 1);
	lists_check_failed(s->l, ch, PQDMA_ERR_BAD_LINK, next, next);
	lists_end(s->l);
}

TEST(tail_groups, "groups of 1 to 63 and of 0 in both forms, each appended to a list that has run out: one more read for each link",
     .moves = true)
{
	static const unsigned int counts[] = { 1, 2, 5, 30, 31, 62, 63, 0 };
	const unsigned int ch = b->options->seed % PQDMA_CHANNELS;
	struct shapes *s = shapes_new(b);

	append_groups(s, ch, counts, PQDMA_HEAD_COUNT_COUNT_MASK);
	shapes_cfg(s, ch, PQDMA_CFG_COMPACT_MASK);
	append_groups(s, ch, counts, SHAPES_COMPACT_GROUP);
	CHECK(lists_moved(s->l));
	CHECK_EQ(s->l->failed, 2);
}

static void ring_refused(struct lists *l, unsigned int ch, uint32_t value)
{
	struct bench *b = l->b;

	ch_write(b, ch, PQDMA_CH_TAIL, value);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), l->list[ch].tail);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS) & PQDMA_IRQ_BAD_TAIL_MASK, PQDMA_IRQ_BAD_TAIL_MASK);
	CHECK(b->hw.irq >> ch & 1);
	ch_write(b, ch, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_BAD_TAIL_MASK);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS) & PQDMA_IRQ_BAD_TAIL_MASK, 0);
	CHECK_EQ(ch_state(b, ch), PQDMA_STATE_RUN);
}

TEST(tail_refused, "a doorbell behind DONE or too far ahead changes nothing but BAD_TAIL, and the channel runs on", .moves = true)
{
	static const uint32_t wrong[] = { FIRST - 1, 0, FIRST + PQDMA_TAIL_WINDOW + 1, FIRST + 0x80000000u, 0xffffffffu };
	struct lists *l = lists_new(b);
	unsigned int refused = 0;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		put_descs(l, ch, FIRST);
		lists_start(l, ch, FIRST);
		lists_wait(l);
		for (unsigned int i = 0; i < NR(wrong); i++, refused++)
			ring_refused(l, ch, wrong[i]);
		put_descs(l, ch, APPENDED);
		lists_ring(l, ch, FIRST + APPENDED);
		lists_wait(l);
		lists_check(l);
		lists_end(l);
	}
	CHECK_EQ(refused, PQDMA_CHANNELS * NR(wrong));
}

TEST(tail_refused_running, "doorbells that are refused in the middle of traffic disturb nothing", .moves = true)
{
	struct lists *l = lists_new(b);
	unsigned int refused = 0;

	for (unsigned int round = 0; round < 4; round++) {
		unsigned int ch = round % PQDMA_CHANNELS;

		for (unsigned int i = 0; i < 6; i++)
			put_descs(l, ch, FIRST);
		lists_start(l, ch, 6 * FIRST);
		for (; ch_read(b, ch, PQDMA_CH_DONE) < 3 * FIRST; refused++)
			ring_refused(l, ch, 6 * FIRST + PQDMA_TAIL_WINDOW + 1 + rng_below(test_rng(b), 1u << 31));
		lists_wait(l);
		lists_check(l);
		lists_end(l);
	}
	CHECK(refused >= 4);
}

/* A doorbell that takes back what was promised is refused; the same value again is none that takes back. */
static void ring_back(struct lists *l, unsigned int ch, unsigned int state, uint32_t least)
{
	struct bench *b = l->b;
	uint32_t tail = l->list[ch].tail;

	CHECK_EQ(ch_state(b, ch), state);
	for (uint32_t value = least; value <= tail; value++) {
		ch_write(b, ch, PQDMA_CH_TAIL, value);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), tail);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS) & PQDMA_IRQ_BAD_TAIL_MASK, value < tail ? PQDMA_IRQ_BAD_TAIL_MASK : 0);
		ch_write(b, ch, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_BAD_TAIL_MASK);
	}
}

TEST(tail_back, "a doorbell behind TAIL but not behind DONE is refused in RUN, STOP and FAIL, and taken in IDLE", .moves = true)
{
	struct lists *l = lists_new(b);
	struct axi_mem_config config = b->mem.config, blocked = config;

	blocked.r_valid = 0;
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct desc bad = lists_desc(l, ch, PQDMA_OP_XOR, 1);

		for (uint32_t value = FIRST; value; value--) {
			ch_write(b, ch, PQDMA_CH_TAIL, value);
			CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), value);
		}
		put_descs(l, ch, FIRST);
		lists_group(l, ch, &bad, 1);
		put_descs(l, ch, APPENDED);
		mem_configure(b, &blocked);
		lists_start(l, ch, l->list[ch].nr);
		ring_back(l, ch, PQDMA_STATE_RUN, 0);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
		ring_back(l, ch, PQDMA_STATE_STOP, 0);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		mem_configure(b, &config);
		lists_wait(l);
		ring_back(l, ch, PQDMA_STATE_FAIL, FIRST);
		lists_check(l);
		lists_end(l);
	}
	CHECK_EQ(l->failed, PQDMA_CHANNELS);
}

/* A doorbell in this state: as it is, one more, further, behind, beyond the window; the last two are refused */
static void ring_all(struct bench *b, unsigned int ch, uint32_t tail, uint32_t done)
{
	const struct {
		uint32_t value;
		bool taken;
	} rings[] = {
		{ tail, true }, { tail + 1, true }, { tail + 3, true }, { tail + 2, false }, { done + PQDMA_TAIL_WINDOW + 1, false },
	};
	uint32_t last = tail;

	for (unsigned int i = 0; i < sizeof(rings) / sizeof(rings[0]); i++) {
		ch_write(b, ch, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_BAD_TAIL_MASK);
		ch_write(b, ch, PQDMA_CH_TAIL, rings[i].value);
		last = rings[i].taken ? rings[i].value : last;
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), last);
		CHECK_EQ(!(ch_read(b, ch, PQDMA_CH_IRQ_STATUS) & PQDMA_IRQ_BAD_TAIL_MASK), rings[i].taken);
	}
}

TEST(tail_kept, "in PAUSE, STOP and FAIL a doorbell is stored or refused as in RUN, and starts nothing")
{
	static const uint32_t commands[] = { PQDMA_CTRL_PAUSE_MASK, PQDMA_CTRL_STOP_MASK, 0 };
	const uint64_t list = ram_alloc(b, 2 * PQDMA_DESC_SIZE);

	desc_put(b, list, &(struct desc){ .op = PQDMA_OP_NOP });
	desc_put(b, list + PQDMA_DESC_SIZE, &(struct desc){ .op = PQDMA_OP_NOP, .length = 1, .link = list, .count = 1 });
	for (unsigned int i = 0; i < PQDMA_CHANNELS * 3; i++) {
		const unsigned int ch = i / 3;
		const uint32_t command = commands[i % 3], tail = command ? 1 : 2;

		chan_start(b, ch, list, 2, tail);
		wait_done(b, ch, 1, LISTS_CLOCKS);
		if (command)
			ch_write(b, ch, PQDMA_CH_CTRL, command);
		else
			wait_state(b, ch, PQDMA_STATE_FAIL, LISTS_CLOCKS);
		wait_idle(b, ch, LISTS_CLOCKS);
		ring_all(b, ch, tail, 1);
		wait_idle(b, ch, LISTS_CLOCKS);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), 1);
		chan_abort(b, ch);
	}
}

/* A ring of nops, which runs as long as it is allowed to. */
static void start_ring(struct lists *l, unsigned int ch, uint32_t tail)
{
	struct desc descs[FIRST];

	for (unsigned int i = 0; i < FIRST; i++)
		descs[i] = lists_desc(l, ch, PQDMA_OP_NOP, 0);
	lists_group(l, ch, descs, FIRST);
	lists_loop(l, ch);
	lists_start(l, ch, tail);
}

TEST(tail_window, "exactly 65536 ahead of DONE is taken, one more is not: in IDLE, and stopped in the middle of a ring")
{
	struct lists *l = lists_new(b);
	uint32_t done;

	ch_write(b, 0, PQDMA_CH_TAIL, PQDMA_TAIL_WINDOW);
	ch_write(b, 0, PQDMA_CH_TAIL, PQDMA_TAIL_WINDOW + 1);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_TAIL), PQDMA_TAIL_WINDOW);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_BAD_TAIL_MASK);
	ch_write(b, 0, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_BAD_TAIL_MASK);
	start_ring(l, 0, PQDMA_TAIL_WINDOW);
	wait_clocks(b, 500);
	ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
	wait_idle(b, 0, 2000);
	done = ch_read(b, 0, PQDMA_CH_DONE);
	CHECK(done && done < PQDMA_TAIL_WINDOW);
	ch_write(b, 0, PQDMA_CH_TAIL, done + PQDMA_TAIL_WINDOW);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_TAIL), done + PQDMA_TAIL_WINDOW);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_IRQ_STATUS), 0);
	ch_write(b, 0, PQDMA_CH_TAIL, done + PQDMA_TAIL_WINDOW + 1);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_TAIL), done + PQDMA_TAIL_WINDOW);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_BAD_TAIL_MASK);
	ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	wait_clocks(b, 500);
	CHECK(ch_read(b, 0, PQDMA_CH_DONE) > done);
	lists_end(l);
}

static void write_strobed(struct bench *b, uint32_t reg, uint32_t value, uint8_t strb)
{
	struct axil_access access = { .write = true, .strb = strb, .addr = PQDMA_CH(0) + reg, .data = value };

	reg_access(b, &access);
	CHECK_EQ(access.resp, AXI_OKAY);
}

TEST(tail_strobes, "a doorbell of some bytes keeps the others, and it is the whole that is judged", .moves = true)
{
	struct lists *l = lists_new(b);

	put_descs(l, 0, FIRST);
	lists_start(l, 0, 2);
	lists_wait(l);
	write_strobed(b, PQDMA_CH_TAIL, 0xffffff00u | FIRST, 0x1);
	l->list[0].tail = l->list[0].goal = FIRST;
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_TAIL), FIRST);
	lists_wait(l);
	write_strobed(b, PQDMA_CH_TAIL, 0x02000000, 0x8);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_TAIL), FIRST);
	write_strobed(b, PQDMA_CH_TAIL, 0xffffffff, 0x0);
	l->list[0].refused = true;
	lists_check(l);
	lists_end(l);
}

/* So many descriptors would be ready; none must move. */
static void check_still(struct lists *l, unsigned int ch, unsigned int state, uint32_t tail)
{
	struct bench *b = l->b;
	const struct axi_mem_stats was = *mem_stats(b);
	uint32_t done = ch_read(b, ch, PQDMA_CH_DONE);

	wait_clocks(b, 300);
	CHECK_EQ(ch_state(b, ch), state);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), tail);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), done);
	CHECK_EQ(mem_stats(b)->fetch_bursts + mem_stats(b)->write_bursts, was.fetch_bursts + was.write_bursts);
}

TEST(tail_idle, "a doorbell in IDLE is kept and starts nothing; RUN then needs no other", .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		put_descs(l, ch, FIRST);
		ch_write(b, ch, PQDMA_CH_TAIL, FIRST);
		check_still(l, ch, PQDMA_STATE_IDLE, FIRST);
	}
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		lists_start(l, ch, FIRST);
	lists_wait(l);
	lists_check(l);
	lists_end(l);
}

TEST(tail_stop, "a doorbell in STOP is kept and starts nothing until RUN", .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		put_descs(l, ch, FIRST);
		lists_start(l, ch, FIRST);
		lists_wait(l);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
		put_descs(l, ch, APPENDED);
		ch_write(b, ch, PQDMA_CH_TAIL, FIRST + APPENDED);
		check_still(l, ch, PQDMA_STATE_STOP, FIRST + APPENDED);
		l->list[ch].tail = l->list[ch].goal = FIRST + APPENDED;
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		lists_wait(l);
	}
	lists_check(l);
	lists_end(l);
}

TEST(tail_fail, "a doorbell in FAIL is kept and starts nothing", .moves = true)
{
	struct lists *l = lists_new(b);
	struct desc bad = lists_desc(l, 0, PQDMA_OP_NOP, 1);

	put_descs(l, 0, FIRST);
	lists_group(l, 0, &bad, 1);
	lists_start(l, 0, FIRST + 1);
	lists_wait(l);
	lists_check(l);
	put_descs(l, 0, APPENDED);
	ch_write(b, 0, PQDMA_CH_TAIL, FIRST + 1 + APPENDED);
	check_still(l, 0, PQDMA_STATE_FAIL, FIRST + 1 + APPENDED);
	l->list[0].tail = FIRST + 1 + APPENDED;
	lists_check(l);
	lists_end(l);
	CHECK_EQ(l->failed, 1);
}

TEST(tail_abort, "a doorbell in ABORT is ignored, also one that would be refused", .moves = true)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct lists *l = lists_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		config.read_latency = ABORT_LATENCY;
		mem_configure(b, &config);
		put_descs(l, ch, FIRST);
		lists_start(l, ch, FIRST);
		wait_clocks(b, 10);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
		ch_write(b, ch, PQDMA_CH_TAIL, FIRST + 1);
		ch_write(b, ch, PQDMA_CH_TAIL, FIRST + 5);
		ch_write(b, ch, PQDMA_CH_TAIL, FIRST + PQDMA_TAIL_WINDOW + 1);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), FIRST);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), 0);
		CHECK_EQ(ch_state(b, ch), PQDMA_STATE_ABORT);
		wait_state(b, ch, PQDMA_STATE_IDLE, 2000);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), 0);
		lists_end(l);
		mem_configure(b, axi_mem_profile("ideal"));
		put_descs(l, ch, FIRST);
		lists_run(l);
	}
	CHECK_EQ(lists_moved(l), PQDMA_CHANNELS * FIRST);
}

/* Append some more, at some moment. */
static void append(struct lists *l, unsigned int ch)
{
	struct rng *rng = test_rng(l->b);
	unsigned int nr = rng_range(rng, 1, 7);
	struct desc descs[7];

	for (unsigned int i = 0; i < nr; i++)
		descs[i] = lists_desc(l, ch, PQDMA_OP_COPY, rng_range(rng, 1, SHORT));
	lists_group(l, ch, descs, nr);
	if (l->list[ch].started)
		lists_ring(l, ch, l->list[ch].nr);
	else
		lists_start(l, ch, nr);
}

TEST(tail_stream, "software that appends small groups at random moments, on all channels by turns", .moves = true)
{
	struct lists *l = lists_new(b);
	struct rng *rng = test_rng(b);
	unsigned int appends = 0;

	for (unsigned int nr = 0; nr < STREAM; appends++) {
		unsigned int ch = rng_below(rng, PQDMA_CHANNELS);
		unsigned int had = l->list[ch].nr;

		append(l, ch);
		nr += l->list[ch].nr - had;
		wait_clocks(b, 1 + rng_below(rng, 40));
	}
	lists_wait(l);
	lists_check(l);
	CHECK(lists_moved(l) >= STREAM && appends > STREAM / 7);
	lists_end(l);
}
