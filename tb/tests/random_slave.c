// SPDX-License-Identifier: MIT
/*
 * Peripherals beside everything else, by chance: on some channels paced copies to and from peripherals, on the others all operations that
 * are built, each with a class and a weight; commands and appends at any moment; and resets in the middle of it. The walk over the copies
 * judges what belongs to them, the oracle all the rest of RAM.
 */
#include "pqdma_regs_table.h"
#include "slaves.h"
#include "sums.h"

#define SESSIONS 4
#define STEPS (15 * PQDMA_CHANNELS)
#define COPIES 3		/* most of a channel */
#define ENTRIES 60		/* most of a copy */
#define APPEND_MAX 4
#define LONGEST 600		/* bytes of an operation beside the copies */
#define RESETS 10
#define TRAFFIC 500		/* most clocks before a reset */
#define PAUSE 40
#define PAGE 4096
#define RANDOM_CLOCKS 6000000

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* peri: channels that make paced copies; the line of each is its own */
struct mix {
	struct slaves *s;
	struct sums *sums;
	struct lists *l;
	uint32_t peri;
	unsigned int pieces;
	unsigned int commands;
};

static struct mix new_mix(struct bench *b)
{
	struct sums *sums = sums_new(b);

	return (struct mix){ .sums = sums, .l = sums->l, .s = slaves_new(b) };
}

static bool is_peri(const struct mix *m, unsigned int ch)
{
	return m->peri >> ch & 1;
}

static struct peripheral_config draw_peripheral(struct rng *rng)
{
	const unsigned int width = rng_below(rng, SLAVES_BUS + 1), burst = slaves_burst(width, rng_below(rng, 5));

	return (struct peripheral_config){
		.tx = rng_below(rng, 2),
		.width = width,
		.burst = burst,
		.depth = (1u << burst) * rng_range(rng, 1, 3),
		.asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST,
		.singles = rng_below(rng, 60),
		.patience = rng_below(rng, 60),
		.delay = rng_below(rng, PERIPHERAL_DELAY + 1),
		.period = rng_range(rng, 1, 8),
		.jitter = rng_below(rng, 8),
	};
}

static void put_copies(struct mix *m, unsigned int ch)
{
	struct rng *rng = test_rng(m->l->b);
	const struct peripheral_config config = draw_peripheral(rng);
	struct peripheral *p = slaves_attach(m->s, ch, &config);
	const unsigned int nr = rng_range(rng, 1, COPIES);

	for (unsigned int i = 0; i < nr; i++) {
		const uint32_t length = rng_range(rng, 1, ENTRIES) << config.width;
		struct slave_desc d = config.tx ? slaves_to(m->s, p, length) : slaves_from(m->s, p, length);

		d.flags = (uint8_t)rng_below(rng, 8);
		slaves_put(m->s, ch, &d);
		if (!config.tx)
			slaves_feed(m->s, p, length, false);
	}
}

static void append(struct mix *m, unsigned int ch)
{
	struct lists *l = m->l;
	struct rng *rng = test_rng(l->b);
	const unsigned int nr = rng_range(rng, 1, APPEND_MAX);
	struct sum sums[APPEND_MAX];

	if (l->list[ch].nr + APPEND_MAX > LIST_MAX / 2 || l->list[ch].dst + 2 * APPEND_MAX * (LONGEST + 64) > l->list[ch].dst_end)
		return;
	for (unsigned int i = 0; i < nr; i++)
		sums[i] = sums_random(m->sums, ch, rng_range(rng, 1, LONGEST));
	sums_scatter(m->sums, ch, sums, nr);
	if (l->list[ch].started)
		lists_ring(l, ch, l->list[ch].nr);
	else
		lists_start(l, ch, l->list[ch].nr);
}

static void configure(struct mix *m, unsigned int ch)
{
	struct bench *b = m->l->b;
	struct rng *rng = test_rng(b);
	const unsigned int burst = rng_below(rng, 10);

	lists_burst(m->l, ch, burst);
	ch_write(b, ch, PQDMA_CH_CFG, burst << PQDMA_CFG_BURST_SHIFT | rng_below(rng, 4) << PQDMA_CFG_PRIORITY_SHIFT |
				      rng_below(rng, 16) << PQDMA_CFG_WEIGHT_SHIFT);
}

/* Who has peripherals in this session? Every channel in turn, and never all of several. */
static uint32_t draw_peri(struct rng *rng, unsigned int session)
{
	const unsigned int most = PQDMA_CHANNELS < PQDMA_LINES ? PQDMA_CHANNELS : PQDMA_LINES;
	const uint32_t all = (uint32_t)(1ull << PQDMA_CHANNELS) - 1;
	uint32_t peri;

	if (PQDMA_CHANNELS == 1)
		return session & 1;
	do {
		peri = (rng_below(rng, 1u << most) | 1u << session % most) & all;
	} while (peri == all);
	return peri;
}

static void start_all(struct mix *m, unsigned int session)
{
	struct bench *b = m->l->b;
	struct rng *rng = test_rng(b);

	mem_profile(b, axi_mem_profile_name(rng_below(rng, 4)));
	m->peri = draw_peri(rng, session);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		configure(m, ch);
		if (is_peri(m, ch))
			put_copies(m, ch);
	}
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		if (is_peri(m, ch))
			slaves_start(m->s, ch);
		else
			append(m, ch);
	}
}

/* STOP, PAUSE or RUN; whatever it was, all get RUN in the end. */
static void step(struct mix *m)
{
	static const uint32_t commands[] = { PQDMA_CTRL_STOP_MASK, PQDMA_CTRL_PAUSE_MASK, PQDMA_CTRL_RUN_MASK, PQDMA_CTRL_RUN_MASK };
	struct bench *b = m->l->b;
	struct rng *rng = test_rng(b);
	const unsigned int ch = rng_below(rng, PQDMA_CHANNELS);

	if (!is_peri(m, ch) && rng_below(rng, 2)) {
		append(m, ch);
	} else {
		ch_write(b, ch, PQDMA_CH_CTRL, commands[rng_below(rng, NR(commands))]);
		m->commands++;
	}
	if (rng_below(rng, 2))
		wait_clocks(b, 1 + rng_below(rng, PAUSE));
}

/* What belongs to the copies is not the oracle's business; nothing is where no list was started. */
static void leave_copies(struct mix *m)
{
	struct bench *b = m->l->b;
	bool started = false;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		started |= m->l->list[ch].started;
	for (size_t at = 0; at < BENCH_RAM_SIZE; at += PAGE)
		if (!started || slaves_mine(m->s, b->hw.ram_bus + at))
			memcpy(m->l->oracle.ram + at, b->hw.ram + at, PAGE);
}

static void count_pieces(struct mix *m)
{
	for (uint32_t left = m->s->all.present; left; left &= left - 1)
		m->pieces += (unsigned int)m->s->all.at[__builtin_ctz(left)].stats.dacks;
	m->s->all.present = 0;
}

static void run_session(struct mix *m, unsigned int session)
{
	struct bench *b = m->l->b;

	start_all(m, session);
	for (unsigned int i = 0; i < STEPS; i++)
		step(m);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	slaves_wait(m->s);
	lists_wait(m->l);
	leave_copies(m);
	lists_check(m->l);
	slaves_own(m->s);
	slaves_check(m->s);
	sums_end(m->sums);
	slaves_end(m->s);
	count_pieces(m);
}

TEST(random_slaves, "paced copies on some channels, all operations on the others, classes, weights, STOP, PAUSE and RUN by chance",
     .moves = true, .max_clocks = RANDOM_CLOCKS)
{
	struct mix m = new_mix(b);
	uint64_t others = 0;

	for (unsigned int i = 0; i < SESSIONS; i++)
		run_session(&m, i);
	for (unsigned int op = 0; op <= PQDMA_OP_MATRIX; op++)
		others += m.sums->completed[op];
	CHECK(m.s->copies && m.pieces && m.commands);
	CHECK(others);
	CHECK_EQ(m.l->failed, 0);
}

static void check_power_on(struct bench *b)
{
	CHECK_EQ(b->hw.irq, 0);
	CHECK_EQ(b->out.dack, 0);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (size_t i = 0; i < NR(pqdma_channel_regs); i++)
			CHECK_EQ(ch_read(b, ch, pqdma_channel_regs[i].offset) & pqdma_channel_regs[i].known, pqdma_channel_regs[i].reset);
}

/* A piece is being moved, or a channel waits for its line, as far as one can see that from outside */
static bool is_paced(const struct mix *m)
{
	struct bench *b = m->l->b;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (is_peri(m, ch) && ch_read(b, ch, PQDMA_CH_DONE) != m->s->list[ch].nr)
			return true;
	return false;
}

/* The peripherals are reset with the controller: nobody asks any more, and the rest of their streams is gone. */
static void reset_all(struct mix *m)
{
	struct bench *b = m->l->b;
	const uint64_t length = rng_range(test_rng(b), 1, 5);

	count_pieces(m);
	b->in.drq_single = b->in.drq_burst = b->in.drq_last = 0;
	bench_reset(b, length);
	wait_clocks(b, length + 1);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		m->l->list[ch].broken = true;
	check_power_on(b);
	leave_copies(m);
	lists_check(m->l);
	slaves_own(m->s);
	slaves_check_broken(m->s);
	lists_forget(m->l);
	memset(m->sums->used, 0, sizeof(m->sums->used));
}

TEST(random_slave_reset, "reset amid paced copies and other operations: registers as after power-on, each byte old or new, new ones work",
     .moves = true, .max_clocks = RANDOM_CLOCKS)
{
	struct mix m = new_mix(b);
	unsigned int paced = 0;

	for (unsigned int i = 0; i < RESETS; i++) {
		start_all(&m, i);
		wait_clocks(b, 1 + rng_below(test_rng(b), TRAFFIC));
		paced += is_paced(&m);
		reset_all(&m);
		if (i % 3 == 2)
			run_session(&m, i);
	}
	CHECK(paced);
	CHECK(m.s->copies && m.pieces);
	CHECK_EQ(m.l->failed, 0);
}
