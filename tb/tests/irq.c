// SPDX-License-Identifier: MIT
/*
 * Interrupts: which completions raise one, when, and that none is lost. The races are swept clock by clock, on a memory that
 * always takes the same time, so that a step of one clock in the test is one of one clock in the controller.
 */
#include "lists.h"

#define ROUNDS 6
#define COUNTED 60
#define RACE_CLOCKS 24		/* offsets of the sweep, around the event */
#define STREAM 120
#define ALL_EVENTS (PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK | PQDMA_IRQ_BAD_TAIL_MASK | PQDMA_IRQ_IDLE_MASK)

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Everything before the interrupt has happened when the line goes up. */
static void interrupt_in_order(struct lists *l, unsigned int ch)
{
	struct bench *b = l->b;
	struct rng *rng = test_rng(b);
	struct desc descs[] = {
		lists_desc(l, ch, PQDMA_OP_COPY, rng_range(rng, 1, 700)),
		lists_desc(l, ch, PQDMA_OP_NOP, 0),
		lists_desc(l, ch, PQDMA_OP_COPY, rng_range(rng, 1, 700)),
		lists_desc(l, ch, PQDMA_OP_INTERRUPT, 0),
		lists_desc(l, ch, PQDMA_OP_COPY, rng_range(rng, 1, 700)),
		lists_desc(l, ch, PQDMA_OP_COPY, rng_range(rng, 1, 700)),
	};

	lists_scatter(l, ch, descs, NR(descs));
	lists_start(l, ch, NR(descs));
	CHECK_EQ(wait_irq(b, ch, 20000), PQDMA_IRQ_DONE_MASK);
	l->list[ch].cleared = PQDMA_IRQ_DONE_MASK;
	CHECK(!memcmp(bench_ram(b, descs[0].src), bench_ram(b, descs[0].dst), descs[0].length));
	CHECK(!memcmp(bench_ram(b, descs[2].src), bench_ram(b, descs[2].dst), descs[2].length));
	CHECK(ch_read(b, ch, PQDMA_CH_DONE) >= 4);
	lists_wait(l);
	lists_check(l);
	lists_end(l);
}

TEST(irq_order, "nop and interrupt complete in their place between copies: what was before them is in memory", .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int round = 0; round < ROUNDS; round++)
		interrupt_in_order(l, round % PQDMA_CHANNELS);
	CHECK_EQ(l->completed[PQDMA_OP_INTERRUPT], ROUNDS);
	CHECK_EQ(l->completed[PQDMA_OP_NOP], ROUNDS);
	CHECK_EQ(l->completed[PQDMA_OP_COPY], 4 * ROUNDS);
}

TEST(irq_count, "descriptors one at a time: DONE comes with an IRQ flag or an interrupt operation and never else", .moves = true)
{
	static const uint8_t ops[] = { PQDMA_OP_NOP, PQDMA_OP_INTERRUPT, PQDMA_OP_COPY, PQDMA_OP_FILL };
	struct lists *l = lists_new(b);
	struct rng *rng = test_rng(b);
	uint32_t seen = 0;

	for (unsigned int i = 0; i < COUNTED; i++) {
		uint8_t op = ops[i % NR(ops)];
		struct desc desc = lists_desc(l, 0, op, op >= PQDMA_OP_COPY ? rng_range(rng, 1, 100) : 0);

		desc.flags = (uint8_t)rng_below(rng, 8);
		lists_group(l, 0, &desc, 1);
		if (i)
			lists_ring(l, 0, i + 1);
		else
			lists_start(l, 0, 1);
		lists_wait(l);
		seen += ch_read(b, 0, PQDMA_CH_IRQ_STATUS) == PQDMA_IRQ_DONE_MASK;
		ch_write(b, 0, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_DONE_MASK);
		l->list[0].cleared = seen ? PQDMA_IRQ_DONE_MASK : 0;
		CHECK_EQ(ch_read(b, 0, PQDMA_CH_IRQ_STATUS), 0);
	}
	lists_check(l);
	CHECK_EQ(seen, l->list[0].oracle.irqs);
	CHECK(seen >= COUNTED / NR(ops) && seen < COUNTED);
	lists_end(l);
}

static uint64_t clear_at(struct bench *b, unsigned int ch, uint64_t clocks)
{
	struct axil_access clear = { .write = true, .strb = 0xf, .addr = PQDMA_CH(ch) + PQDMA_CH_IRQ_STATUS, .data = ALL_EVENTS };

	if (clocks)
		wait_clocks(b, clocks);
	reg_access(b, &clear);
	return clear.clock;
}

/**
 * struct race - an event that a clear meets
 * @begin:        do what the event follows from, as late as can be
 * @mask:         its bit
 * @read_latency: of the memory, so that there are clocks before it in which a clear can come
 */
struct race {
	void (*begin)(struct lists *l, unsigned int ch);
	uint32_t mask;
	unsigned int read_latency;
};

static void begin_interrupt(struct lists *l, unsigned int ch)
{
	struct desc desc = lists_desc(l, ch, PQDMA_OP_INTERRUPT, 0);

	lists_group(l, ch, &desc, 1);
	lists_start(l, ch, 1);
}

static void begin_error(struct lists *l, unsigned int ch)
{
	struct desc desc = lists_desc(l, ch, PQDMA_OP_NOP, 1);

	lists_group(l, ch, &desc, 1);
	lists_start(l, ch, 1);
}

/* A read is on its way, and ABORT waits for it. */
static void begin_idle(struct lists *l, unsigned int ch)
{
	struct desc desc = lists_desc(l, ch, PQDMA_OP_COPY, PQDMA_BYTES);
	const uint64_t reads = mem_stats(l->b)->read_bursts;

	lists_group(l, ch, &desc, 1);
	lists_start(l, ch, 1);
	while (mem_stats(l->b)->read_bursts == reads)
		wait_clocks(l->b, 1);
	ch_write(l->b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
}

static const struct race race_done = { begin_interrupt, PQDMA_IRQ_DONE_MASK, 1 };
static const struct race races[] = {
	{ begin_error, PQDMA_IRQ_ERROR_MASK, 1 }, { begin_idle, PQDMA_IRQ_IDLE_MASK, RACE_CLOCKS / 2 },
};

/* One event, and a clear @delay clocks after its beginning. Returns 0, 1 or 2 for a clear before, with or after the event. */
static unsigned int clear_against_event(struct lists *l, unsigned int ch, uint64_t delay, const struct race *race)
{
	struct bench *b = l->b;
	struct irq_rise rise = { .ch = ch };
	uint64_t clear;

	bench_tap(b, irq_rise_tap, &rise);
	race->begin(l, ch);
	clear = clear_at(b, ch, delay);
	wait_clocks(b, 2 * RACE_CLOCKS);
	bench_tap(b, NULL, NULL);
	CHECK(rise.edge);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), clear > rise.edge ? 0 : race->mask);
	lists_end(l);
	return clear < rise.edge ? 0 : clear == rise.edge ? 1 : 2;
}

/* The register master takes its own time, so the sweep goes on until a clear has met the event. */
static void sweep_clears(struct lists *l, const struct race *race)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct bench *b = l->b;
	uint64_t seen[3] = { 0 };

	config.read_latency = race->read_latency;
	mem_configure(b, &config);
	for (unsigned int i = 0; i < RACE_CLOCKS || !seen[0] || !seen[1] || !seen[2]; i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			seen[clear_against_event(l, ch, i % RACE_CLOCKS, race)]++;
	CHECK(seen[0] + seen[1] + seen[2] >= RACE_CLOCKS * PQDMA_CHANNELS);
}

TEST(irq_clear_race, "a clear in every clock around an event: the event is lost in none, also not in the same clock")
{
	sweep_clears(lists_new(b), &race_done);
}

TEST(irq_clear_events, "the same for the interrupts of an error and of an ABORT that has finished", .moves = true)
{
	struct lists *l = lists_new(b);
	struct desc desc = lists_desc(l, 0, PQDMA_OP_COPY, 100);

	for (unsigned int i = 0; i < NR(races); i++)
		sweep_clears(l, &races[i]);
	lists_group(l, 0, &desc, 1);
	lists_run(l);
}

/* A handler that clears first and looks at DONE then. Returns how often it was called. */
static unsigned int serve(struct lists *l, unsigned int ch, uint32_t goal)
{
	struct bench *b = l->b;
	uint64_t until = b->hw.clock + 60000;
	unsigned int calls = 0;
	uint32_t done = 0;

	while (done != goal) {
		CHECK(b->hw.clock < until);
		wait_clocks(b, 1 + rng_below(test_rng(b), 12));
		if (!(b->hw.irq >> ch & 1))
			continue;
		calls++;
		ch_write(b, ch, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_DONE_MASK);
		done = ch_read(b, ch, PQDMA_CH_DONE);
	}
	return calls;
}

TEST(irq_stream, "a handler that clears and then reads DONE sees every completion of a fast list", .moves = true)
{
	struct lists *l = lists_new(b);
	struct desc descs[STREAM];
	unsigned int ch = b->options->seed % PQDMA_CHANNELS, calls;

	for (unsigned int i = 0; i < STREAM; i++) {
		descs[i] = lists_desc(l, ch, i % 3 ? PQDMA_OP_COPY : PQDMA_OP_INTERRUPT, i % 3 ? 1 + i % 64 : 0);
		descs[i].flags = i % 5 ? PQDMA_FLAG_IRQ : 0;
	}
	descs[STREAM - 1].flags = PQDMA_FLAG_IRQ;
	lists_scatter(l, ch, descs, STREAM);
	lists_start(l, ch, STREAM);
	calls = serve(l, ch, STREAM);
	CHECK(calls > 1);
	l->list[ch].cleared = PQDMA_IRQ_DONE_MASK;
	lists_wait(l);
	lists_check(l);
	lists_end(l);
}

/* Make each event once, and leave it standing. */

static void cause_done(struct lists *l, unsigned int ch)
{
	struct desc desc = lists_desc(l, ch, PQDMA_OP_INTERRUPT, 0);

	lists_group(l, ch, &desc, 1);
	lists_start(l, ch, 1);
	lists_wait(l);
}

static void cause_error(struct lists *l, unsigned int ch)
{
	struct desc desc = lists_desc(l, ch, PQDMA_OP_COPY, 0);

	lists_group(l, ch, &desc, 1);
	lists_start(l, ch, 1);
	lists_wait(l);
}

static void cause_bad_tail(struct lists *l, unsigned int ch)
{
	ch_write(l->b, ch, PQDMA_CH_TAIL, PQDMA_TAIL_WINDOW + 1);
}

static void cause_idle(struct lists *l, unsigned int ch)
{
	ch_write(l->b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	wait_state(l->b, ch, PQDMA_STATE_IDLE, 1000);
}

static const struct {
	void (*cause)(struct lists *l, unsigned int ch);
	uint32_t mask;
} events[] = {
	{ cause_done, PQDMA_IRQ_DONE_MASK },
	{ cause_error, PQDMA_IRQ_ERROR_MASK },
	{ cause_bad_tail, PQDMA_IRQ_BAD_TAIL_MASK },
	{ cause_idle, PQDMA_IRQ_IDLE_MASK },
};

static void check_line(struct bench *b, unsigned int ch, bool up)
{
	uint32_t pending = reg_read(b, PQDMA_REG_IRQ_PENDING);

	CHECK_EQ(pending, up ? 1u << ch : 0);
	CHECK_EQ(b->hw.irq, pending);
}

/* With one event standing: the line follows the mask, and only a 1 in the right place clears. */
static void check_mask(struct bench *b, unsigned int ch, uint32_t event)
{
	for (uint32_t enable = 0; enable <= ALL_EVENTS; enable++) {
		ch_write(b, ch, PQDMA_CH_IRQ_ENABLE, enable);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), event);
		check_line(b, ch, enable & event);
	}
	ch_write(b, ch, PQDMA_CH_IRQ_STATUS, ~event);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), event);
	check_line(b, ch, true);
	ch_write(b, ch, PQDMA_CH_IRQ_STATUS, event);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), 0);
	check_line(b, ch, false);
}

TEST(irq_mask, "each event on each channel under every IRQ_ENABLE: IRQ_STATUS, the line and IRQ_PENDING; W1C clears that bit alone")
{
	struct lists *l = lists_new(b);
	unsigned int checked = 0;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (unsigned int i = 0; i < NR(events); i++) {
			ch_write(b, ch, PQDMA_CH_IRQ_ENABLE, 0);
			events[i].cause(l, ch);
			check_mask(b, ch, events[i].mask);
			lists_end(l);
			checked++;
		}
	CHECK_EQ(checked, PQDMA_CHANNELS * NR(events));
}
