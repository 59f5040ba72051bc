// SPDX-License-Identifier: MIT
/*
 * Counters. Those of the pins are compared with a count of the same pins, to the clock, in the middle of traffic: a register read
 * gives what was counted before the edge of its address. Those of inner conditions are compared where traffic is held up, so that the
 * condition holds in every clock.
 */
#include "shapes.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define DESCS 20
#define LOOKS 40
#define WINDOW 120
#define CLEARS 6
#define FULL_CLOCKS (2 * PQDMA_BUF_BYTES / PQDMA_BYTES + 8 * PQDMA_STRIPS + 100)	/* until nothing fits any more */
#define LONG (30 * PQDMA_BYTES)

enum pin_count {
	COUNT_AR,
	COUNT_R,
	COUNT_AW,
	COUNT_W,
	COUNT_FETCH,
	COUNT_AR_STALL,
	COUNT_W_STALL,
	COUNT_R_IDLE,
	NR_COUNTS,
};

static const uint32_t count_regs[NR_COUNTS] = {
	[COUNT_AR] = PQDMA_REG_PERF_AR,		  [COUNT_R] = PQDMA_REG_PERF_R,
	[COUNT_AW] = PQDMA_REG_PERF_AW,		  [COUNT_W] = PQDMA_REG_PERF_W,
	[COUNT_FETCH] = PQDMA_REG_PERF_FETCH,	  [COUNT_AR_STALL] = PQDMA_REG_PERF_AR_STALL,
	[COUNT_W_STALL] = PQDMA_REG_PERF_W_STALL, [COUNT_R_IDLE] = PQDMA_REG_PERF_R_IDLE,
};

static const uint32_t inner_regs[] = { PQDMA_CH_PERF_BUSY, PQDMA_CH_PERF_WAIT, PQDMA_CH_PERF_STARVED };

/**
 * struct counts - what the tap has counted
 * @now:    of edges so far
 * @before: when the address of the last register read was taken, and @edge the edge at which it was
 * @reads:  read bursts of which the last beat has not come
 * @clear:  the next register write clears
 * @strips: writes to the destinations of each channel
 * @first:  first clock in which an address was offered, @line when the line of channel 0 went up
 */
struct counts {
	const struct shapes *s;
	uint32_t now[NR_COUNTS];
	uint32_t before[NR_COUNTS];
	uint64_t edge;
	unsigned int reads;
	bool clear;
	uint32_t strips[PQDMA_CHANNELS];
	uint64_t first;
	uint64_t line;
};

static struct counts counts;

static void count_strips(const struct bench *b, struct counts *c)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		c->strips[ch] += b->out.m_axi_awaddr - c->s->l->room[ch] < LISTS_DST_BYTES;
}

static void watch_pins(struct bench *b, void *arg)
{
	const struct pqdma_out *out = &b->out;
	const struct pqdma_in *in = &b->in;
	struct counts *c = arg;
	const bool ar = out->m_axi_arvalid && in->m_axi_arready, aw = out->m_axi_awvalid && in->m_axi_awready;

	if (c->clear && out->s_axil_bvalid) {	/* written at the edge before this one */
		memset(c->now, 0, sizeof(c->now));
		c->clear = false;
	}
	if (in->s_axil_arvalid && out->s_axil_arready) {
		memcpy(c->before, c->now, sizeof(c->before));
		c->edge = b->hw.clock;
	}
	if (!c->first && out->m_axi_arvalid)
		c->first = b->hw.clock;
	if (!c->line && (out->irq & 1))
		c->line = b->hw.clock;
	c->now[COUNT_AR] += ar;
	c->now[COUNT_FETCH] += ar && out->m_axi_arid;
	c->now[COUNT_AR_STALL] += out->m_axi_arvalid && !in->m_axi_arready;
	c->now[COUNT_R] += in->m_axi_rvalid;
	c->now[COUNT_R_IDLE] += (c->reads || out->m_axi_arvalid) && !in->m_axi_rvalid;
	c->now[COUNT_AW] += aw;
	c->now[COUNT_W] += out->m_axi_wvalid && in->m_axi_wready;
	c->now[COUNT_W_STALL] += out->m_axi_wvalid && !in->m_axi_wready;
	c->reads += (unsigned int)ar - (in->m_axi_rvalid && in->m_axi_rlast);
	if (aw)
		count_strips(b, c);
}

static struct shapes *begin(struct bench *b)
{
	struct shapes *s = shapes_new(b);

	counts = (struct counts){ .s = s };
	bench_tap(b, watch_pins, &counts);
	return s;
}

static void check_count(struct bench *b, enum pin_count which)
{
	const uint32_t got = reg_read(b, count_regs[which]);

	CHECK_EQ(got, counts.before[which]);
}

/* Registers of inner conditions, for the comparison of both devices. */
static void read_inner(struct bench *b)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (unsigned int i = 0; i < NR(inner_regs); i++)
			ch_read(b, ch, inner_regs[i]);
	reg_read(b, PQDMA_REG_PERF_NO_ROOM);
}

/* Copies, fills and nops; @nops of the channel. */
static void put_traffic(struct shapes *s, unsigned int ch, uint32_t *nops)
{
	static const uint8_t ops[] = { PQDMA_OP_COPY, PQDMA_OP_FILL, PQDMA_OP_COPY, PQDMA_OP_NOP };
	struct rng *rng = test_rng(s->l->b);
	struct shape shapes[DESCS];

	for (unsigned int i = 0; i < DESCS; i++) {
		const uint8_t op = ops[rng_below(rng, NR(ops))];

		shapes[i] = shapes_draw(s, ch, op, op == PQDMA_OP_NOP ? 0 : rng_range(rng, 1, LONG));
		shapes[i].desc.flags = (uint8_t)rng_below(rng, 8);
		*nops += op == PQDMA_OP_NOP;
	}
	shapes_cfg(s, ch, rng_range(rng, 1, 4) << PQDMA_CFG_BURST_SHIFT);
	shapes_scatter(s, ch, shapes, DESCS);
}

TEST(perf_pins, "the counters of the pins in the middle of traffic and after it, to the clock; strips of each channel", .moves = true,
     .one_port = true)
{
	struct shapes *s = begin(b);
	uint32_t nops[PQDMA_CHANNELS] = { 0 };

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		put_traffic(s, ch, &nops[ch]);
	shapes_start_all(s);
	for (unsigned int i = 0; i < LOOKS; i++)
		check_count(b, i % NR_COUNTS);
	read_inner(b);
	lists_wait(s->l);
	for (unsigned int i = 0; i < NR_COUNTS; i++) {
		check_count(b, i);
		CHECK(counts.now[i] || i == COUNT_AR_STALL || i == COUNT_W_STALL);
	}
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_PERF_STRIPS), counts.strips[ch] + nops[ch]);
	read_inner(b);
	lists_check(s->l);
	bench_tap(b, NULL, NULL);
	lists_end(s->l);
}

TEST(perf_clear, "PERF_CTRL.CLEAR in the middle of traffic: counters go on from 0; other bits and other bytes clear nothing", .moves = true,
     .one_port = true)
{
	struct shapes *s = begin(b);
	struct axil_access other = { .write = true, .strb = 0xe, .addr = PQDMA_REG_PERF_CTRL, .data = UINT32_MAX };
	uint32_t nops = 0;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		put_traffic(s, ch, &nops);
	shapes_start_all(s);
	for (unsigned int i = 0; i < CLEARS; i++) {
		reg_write(b, PQDMA_REG_PERF_CTRL, ~PQDMA_PERF_CTRL_CLEAR_MASK);
		reg_access(b, &other);
		check_count(b, COUNT_R);
		counts.clear = true;
		reg_write(b, PQDMA_REG_PERF_CTRL, PQDMA_PERF_CTRL_CLEAR_MASK);
		CHECK_EQ(reg_read(b, PQDMA_REG_PERF_CTRL), 0);
		for (unsigned int which = 0; which < NR_COUNTS; which++)
			check_count(b, which);
	}
	lists_wait(s->l);
	for (unsigned int i = 0; i < NR_COUNTS; i++)
		check_count(b, i);
	reg_write(b, PQDMA_REG_PERF_CTRL, PQDMA_PERF_CTRL_CLEAR_MASK);
	for (unsigned int i = 0; i < NR_COUNTS; i++)
		CHECK_EQ(reg_read(b, count_regs[i]), 0);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_PERF_STRIPS), 0);
		for (unsigned int i = 0; i < NR(inner_regs); i++)
			CHECK_EQ(ch_read(b, ch, inner_regs[i]), 0);
	}
	CHECK_EQ(reg_read(b, PQDMA_REG_PERF_NO_ROOM), 0);
	bench_tap(b, NULL, NULL);
	lists_check(s->l);
	lists_end(s->l);
}

TEST(perf_strips, "each row is a strip at least, and so is an operation without data", .moves = true)
{
	struct shapes *s = begin(b);
	struct shape shapes[2];

	mem_configure(b, axi_mem_profile("ideal"));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const uint32_t rows = 3 + ch;

		shapes[0] = shapes_draw(s, ch, PQDMA_OP_INTERRUPT, 0);
		shapes[1] = shapes_rows(s, ch, PQDMA_OP_COPY, 1, rows, 5, 2 * PQDMA_BYTES);
		shapes_group(s, ch, shapes, 2);
		shapes_run(s);
		CHECK_EQ(counts.strips[ch], rows);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_PERF_STRIPS), rows + 1);
	}
	bench_tap(b, NULL, NULL);
}

/* Does a counter go by one in every clock of some window, or by none? */
static void check_rate(struct bench *b, uint32_t reg, bool moves)
{
	const uint32_t was = reg_read(b, reg);
	const uint64_t from = counts.edge;

	wait_clocks(b, WINDOW);
	CHECK_EQ(reg_read(b, reg) - was, moves ? counts.edge - from : 0);
}

static void check_rates(struct bench *b, unsigned int ch, bool busy, bool waits, bool starved)
{
	check_rate(b, PQDMA_CH(ch) + PQDMA_CH_PERF_BUSY, busy);
	check_rate(b, PQDMA_CH(ch) + PQDMA_CH_PERF_WAIT, waits);
	check_rate(b, PQDMA_CH(ch) + PQDMA_CH_PERF_STARVED, starved);
}

static void put_long(struct shapes *s, unsigned int ch, uint8_t op)
{
	const uint32_t length = 2 * PQDMA_BUF_BYTES + 2 * PQDMA_STRIPS * PQDMA_BYTES;
	struct shape shape = shapes_draw(s, ch, op, length < LISTS_SRC_BYTES ? length : LISTS_SRC_BYTES);

	shapes_cfg(s, ch, 1 << PQDMA_CFG_BURST_SHIFT);
	shapes_group(s, ch, &shape, 1);
	shapes_start(s, ch, 1);
}

TEST(perf_starved, "a fetch that is not answered: BUSY, STARVED and R_IDLE count every clock, WAIT and NO_ROOM none; in STOP "
     "STARVED does not, in IDLE nothing does",
     .moves = true, .one_port = true)
{
	struct axi_mem_config config = *axi_mem_profile("ideal"), blocked = config;
	struct shapes *s = begin(b);

	blocked.r_valid = 0;
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		mem_configure(b, &blocked);
		put_long(s, ch, PQDMA_OP_COPY);
		wait_clocks(b, 20);
		check_rates(b, ch, true, false, true);
		check_rate(b, PQDMA_REG_PERF_R_IDLE, true);
		check_rate(b, PQDMA_REG_PERF_NO_ROOM, false);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
		check_rates(b, ch, true, false, false);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		mem_configure(b, &config);
		lists_wait(s->l);
		lists_check(s->l);
		lists_end(s->l);
		check_rates(b, ch, false, false, false);
		check_rate(b, PQDMA_REG_PERF_R_IDLE, false);
	}
	bench_tap(b, NULL, NULL);
	CHECK_EQ(lists_moved(s->l), PQDMA_CHANNELS);
}

TEST(perf_wait, "writes that are not taken: BUSY, WAIT, NO_ROOM and W_STALL count every clock once all is full, with copies and with fills",
     .moves = true)
{
	struct axi_mem_config config = *axi_mem_profile("ideal"), blocked = config;
	struct shapes *s = begin(b);

	blocked.w_ready = 0;
	for (unsigned int i = 0; i < 2 * PQDMA_CHANNELS; i++) {
		const unsigned int ch = i / 2;

		mem_configure(b, &blocked);
		put_long(s, ch, i % 2 ? PQDMA_OP_COPY : PQDMA_OP_FILL);
		wait_clocks(b, FULL_CLOCKS);
		check_rates(b, ch, true, true, false);
		check_rate(b, PQDMA_REG_PERF_NO_ROOM, true);
		check_rate(b, PQDMA_REG_PERF_W_STALL, true);
		mem_configure(b, &config);
		lists_wait(s->l);
		check_rates(b, ch, false, false, false);
		check_rate(b, PQDMA_REG_PERF_NO_ROOM, false);
		lists_check(s->l);
		lists_end(s->l);
	}
	bench_tap(b, NULL, NULL);
	CHECK_EQ(lists_moved(s->l), 2 * PQDMA_CHANNELS);
}

TEST(perf_busy, "BUSY of one descriptor counts from the address of its fetch to its completion, to the clock; paused it stands still",
     .moves = true, .one_port = true)
{
	struct shapes *s = begin(b);

	for (unsigned int i = 0; i < 8; i++) {
		struct shape shape = shapes_draw(s, 0, PQDMA_OP_COPY, 1 + i * LONG / 8);

		shape.desc.flags = PQDMA_FLAG_IRQ | (i % 2 ? PQDMA_FLAG_WB : 0);
		shapes_group(s, 0, &shape, 1);
		reg_write(b, PQDMA_REG_PERF_CTRL, PQDMA_PERF_CTRL_CLEAR_MASK);
		counts.first = counts.line = 0;
		shapes_start(s, 0, 1);
		lists_wait(s->l);
		CHECK(counts.first && counts.line > counts.first);
		CHECK_EQ(ch_read(b, 0, PQDMA_CH_PERF_BUSY), counts.line - counts.first);
		ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_PAUSE_MASK);
		check_rates(b, 0, false, false, false);
		lists_wait(s->l);
		ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		lists_check(s->l);
		lists_end(s->l);
	}
	bench_tap(b, NULL, NULL);
	CHECK_EQ(lists_moved(s->l), 8);
}
