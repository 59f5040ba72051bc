// SPDX-License-Identifier: MIT
/*
 * ABORT: at every clock of traffic it ends in IDLE with nothing outstanding, no write follows, and a new list works. Of the list that
 * was broken off each byte is what it was or what it was to become; nothing else in RAM has changed.
 */
#include "lists.h"

#define DESCS 6
#define SMALL_BURST 1
#define QUIET 40		/* clocks after IDLE in which nothing may come */
#define RANDOM_ABORTS 12
#define BLOCKED 8
#define SLOW_W 8		/* percent of clocks in which W is taken */
#define DROP_STRIPS 40

static void put_list(struct lists *l, unsigned int ch)
{
	struct rng *rng = test_rng(l->b);
	struct desc descs[DESCS];

	for (unsigned int i = 0; i < DESCS; i++) {
		descs[i] = lists_desc(l, ch, i % 3 ? PQDMA_OP_COPY : PQDMA_OP_FILL, rng_range(rng, 1, 10 * PQDMA_BYTES << SMALL_BURST));
		descs[i].flags = (uint8_t)rng_below(rng, 8);
	}
	lists_burst(l, ch, SMALL_BURST);
	lists_scatter(l, ch, descs, DESCS);
}

/* The only channel that works, and the clock in which its line went up: then nothing may be on the bus. */
struct idle_watch {
	unsigned int ch;
	uint64_t edge;
	bool busy;
};

static bool offers(const struct pqdma_out *out)
{
	return out->m_axi_arvalid || out->m_axi_awvalid || out->m_axi_wvalid;
}

static void watch_idle(struct bench *b, void *arg)
{
	struct idle_watch *watch = arg;

	if (watch->edge || !(b->out.irq >> watch->ch & 1))
		return;
	watch->edge = b->hw.clock;
	watch->busy = !axi_mem_idle(&b->mem) || offers(&b->out);
}

/* ABORT now. When the line goes up for IDLE the bus must be empty, and stay so. */
static void abort_watched(struct lists *l, unsigned int ch)
{
	struct bench *b = l->b;
	struct idle_watch watch = { .ch = ch };
	struct axi_mem_stats was;

	ch_write(b, ch, PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_IDLE_MASK);
	bench_tap(b, watch_idle, &watch);
	lists_break(l, ch);
	bench_tap(b, NULL, NULL);
	CHECK(watch.edge && !watch.busy);
	was = *mem_stats(b);
	wait_clocks(b, QUIET);
	CHECK_EQ(mem_stats(b)->write_beats + mem_stats(b)->read_beats + mem_stats(b)->fetch_beats,
		 was.write_beats + was.read_beats + was.fetch_beats);
}

static void check_idle(struct bench *b, unsigned int ch)
{
	static const uint32_t zero[] = { PQDMA_CH_STATUS, PQDMA_CH_TAIL, PQDMA_CH_DONE, PQDMA_CH_BYTES, PQDMA_CH_ERR_CAUSE,
					 PQDMA_CH_ERR_ADDR_LO, PQDMA_CH_ERR_ADDR_HI, PQDMA_CH_ERR_DESC_LO, PQDMA_CH_ERR_DESC_HI };

	for (unsigned int i = 0; i < sizeof(zero) / sizeof(zero[0]); i++)
		CHECK_EQ(ch_read(b, ch, zero[i]), 0);
	CHECK(ch_read(b, ch, PQDMA_CH_IRQ_STATUS) & PQDMA_IRQ_IDLE_MASK);
	ch_write(b, ch, PQDMA_CH_IRQ_STATUS, UINT32_MAX);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), 0);
}

/* The list is broken off after so many clocks. Returns how many of its descriptors had completed. */
static uint32_t abort_after(struct lists *l, unsigned int ch, uint64_t delay)
{
	struct bench *b = l->b;
	uint32_t done;

	put_list(l, ch);
	lists_start(l, ch, DESCS);
	if (delay)
		wait_clocks(b, delay);
	done = ch_read(b, ch, PQDMA_CH_DONE);
	abort_watched(l, ch);
	lists_check(l);
	check_idle(b, ch);
	lists_end(l);
	return done;
}

TEST(abort_sweep, "ABORT in every clock of a list: IDLE when the bus is empty, no write after it, and a new list works", .moves = true,
     .max_clocks = 600000)
{
	static const unsigned int latencies[] = { 1, 4, 9, 20 };
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct lists *l = lists_new(b);
	unsigned int seen[DESCS + 1] = { 0 }, runs = 0;

	config.read_latency = latencies[b->options->seed % 4];
	config.write_latency = latencies[b->options->seed / 4 % 4];
	mem_configure(b, &config);
	put_list(l, 0);
	for (uint64_t delay = 0, step = lists_step(lists_run(l)); !seen[DESCS]; delay += step, runs++) {
		unsigned int ch = delay % PQDMA_CHANNELS;

		seen[abort_after(l, ch, delay)]++;
		if (runs % 8)
			continue;
		put_list(l, ch);
		lists_run(l);
	}
	CHECK(seen[0] && seen[DESCS] < runs);
	CHECK_EQ(lists_moved(l), (1 + (runs + 7) / 8) * DESCS);
}

TEST(abort_random, "ABORT at random moments on the memory of the seed, while all other channels run to their end", .moves = true,
     .max_clocks = 600000)
{
	struct lists *l = lists_new(b);
	struct rng *rng = test_rng(b);
	unsigned int broken = 0;

	for (unsigned int i = 0; i < RANDOM_ABORTS; i++) {
		unsigned int victim = i % PQDMA_CHANNELS;

		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			put_list(l, ch);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			lists_start(l, ch, DESCS);
		wait_clocks(b, 1 + rng_below(rng, 250));
		broken += ch_read(b, victim, PQDMA_CH_DONE) < DESCS;
		lists_break(l, victim);
		check_idle(b, victim);
		lists_wait(l);
		lists_check(l);
		lists_end(l);
	}
	CHECK(broken);
	CHECK_EQ(lists_moved(l), RANDOM_ABORTS * (PQDMA_CHANNELS - 1) * DESCS);
	put_list(l, 0);
	lists_run(l);
}

/* An ABORT in a state; afterwards everything is zero and the channel works. */

static void in_idle(struct lists *l, unsigned int ch)
{
	ch_write(l->b, ch, PQDMA_CH_TAIL, 77);
	ch_write(l->b, ch, PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_IDLE_MASK);
}

static void in_run(struct lists *l, unsigned int ch)
{
	put_list(l, ch);
	lists_start(l, ch, DESCS);
}

static void in_stop(struct lists *l, unsigned int ch)
{
	put_list(l, ch);
	lists_start(l, ch, DESCS);
	ch_write(l->b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
}

static void in_fail(struct lists *l, unsigned int ch)
{
	struct desc bad = lists_desc(l, ch, PQDMA_OP_MATRIX, 10);

	put_list(l, ch);
	lists_group(l, ch, &bad, 1);
	lists_start(l, ch, DESCS + 1);
	wait_state(l->b, ch, PQDMA_STATE_FAIL, LISTS_CLOCKS);
}

static void in_abort(struct lists *l, unsigned int ch)
{
	put_list(l, ch);
	lists_start(l, ch, DESCS);
	ch_write(l->b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
}

TEST(abort_states, "ABORT in each state, with traffic and without, twice too: IDLE interrupt, all counts zero, a new list works",
     .moves = true)
{
	static void (*const states[])(struct lists *l, unsigned int ch) = { in_idle, in_run, in_stop, in_fail, in_abort };
	const unsigned int nr = sizeof(states) / sizeof(states[0]);
	struct lists *l = lists_new(b);

	for (unsigned int i = 0; i < 4 * nr; i++) {
		unsigned int ch = i / nr % PQDMA_CHANNELS;

		states[i % nr](l, ch);
		lists_break(l, ch);
		CHECK(b->hw.irq >> ch & 1);
		lists_check(l);
		check_idle(b, ch);
		lists_end(l);
		put_list(l, ch);
		lists_run(l);
	}
	CHECK_EQ(lists_moved(l), 4 * nr * DESCS);
}

TEST(abort_drops, "with a memory that takes writes slowly, ABORT throws away what has not begun to be written", .moves = true)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct lists *l = lists_new(b);
	uint64_t begun;

	config.w_ready = SLOW_W;
	for (unsigned int i = 0; i < 2 * PQDMA_CHANNELS; i++) {
		unsigned int ch = i / 2;
		struct desc desc = lists_desc(l, ch, i % 2 ? PQDMA_OP_COPY : PQDMA_OP_FILL, DROP_STRIPS * PQDMA_BYTES << SMALL_BURST);

		mem_configure(b, &config);
		lists_burst(l, ch, SMALL_BURST);
		lists_group(l, ch, &desc, 1);
		begun = mem_stats(b)->write_bursts;
		lists_start(l, ch, 1);
		while (mem_stats(b)->write_bursts < begun + 2)
			wait_clocks(b, 1);
		begun = mem_stats(b)->write_bursts;
		lists_break(l, ch);
		CHECK(mem_stats(b)->write_bursts - begun <= 3);
		lists_check(l);
		lists_end(l);
		put_list(l, ch);
		lists_run(l);
	}
	CHECK_EQ(lists_moved(l), 2 * PQDMA_CHANNELS * DESCS);
}

/* Wait until the memory owes the channel something: a descriptor, or data. Then it answers nothing any more. */
static void block(struct lists *l, unsigned int ch, bool data)
{
	struct bench *b = l->b;
	struct axi_mem_config blocked = *axi_mem_profile("ideal");
	const struct axi_mem_stats was = *mem_stats(b);

	blocked.r_valid = 0;
	mem_configure(b, axi_mem_profile("slow"));
	put_list(l, ch);
	lists_start(l, ch, DESCS);
	while (mem_stats(b)->fetch_bursts == was.fetch_bursts || (data && mem_stats(b)->read_bursts == was.read_bursts))
		wait_clocks(b, 1);
	mem_configure(b, &blocked);
}

TEST(abort_blocked, "ABORT while the memory answers nothing: the channel stays in ABORT until it does, and other commands do nothing",
     .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int i = 0; i < BLOCKED; i++) {
		unsigned int ch = i / 2 % PQDMA_CHANNELS;

		block(l, ch, i % 2);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
		wait_clocks(b, 400);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_STATUS), PQDMA_STATE_ABORT | PQDMA_STATUS_BUSY_MASK);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_STATUS), PQDMA_STATE_ABORT | PQDMA_STATUS_BUSY_MASK);
		mem_configure(b, axi_mem_profile("ideal"));
		abort_watched(l, ch);
		lists_check(l);
		check_idle(b, ch);
		lists_end(l);
		put_list(l, ch);
		lists_run(l);
	}
	CHECK_EQ(lists_moved(l), BLOCKED * DESCS);
}
