// SPDX-License-Identifier: MIT
/*
 * Request lines: single and burst requests, the last one, lines that never ask, time-outs; commands while a channel waits or is served; and
 * that a channel that waits blocks nobody.
 */
#include "slaves.h"

#define PACKETS 6
#define OTHER_BYTES 8000
#define NEVER_CLOCKS 3000
#define QUIET_CLOCKS 200
#define TIMEOUT 200
#define EDGE_CLOCKS 24		/* requests around the time-out: so many clocks before it to so many after it */
#define SWEEP_ENTRIES 6
#define SWEEP_BYTES (SWEEP_ENTRIES * 4)
#define PIECE_AFTER_DACK 3	/* edges from the one that samples dack to the one at which the next piece may begin */

static struct slave_desc copy_of(struct slaves *s, struct peripheral *p, uint32_t length)
{
	return p->config.tx ? slaves_to(s, p, length) : slaves_from(s, p, length);
}

/* All entries are there, or there is room for all, before it begins. */
static const struct peripheral *run_full(struct slaves *s, bool tx, struct peripheral_config config, uint32_t entries)
{
	const uint32_t length = entries << config.width;
	struct peripheral *p;
	struct slave_desc d;

	config.tx = tx;
	config.depth = PERIPHERAL_DEPTH;
	p = slaves_attach(s, 0, &config);
	d = copy_of(s, p, length);
	if (!tx)
		slaves_feed(s, p, length, false);
	wait_clocks(s->b, entries + 10);
	slaves_put(s, 0, &d);
	slaves_run(s);
	return p;
}

TEST(request_burst_first, "with both requests a burst is made; with bursts only the rest is shorter; with singles only each piece is one",
     .moves = true)
{
	static const struct peripheral_config both = { .width = 1, .burst = 2, .asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST };
	static const struct peripheral_config bursts = { .width = 1, .burst = 2, .asks = PERIPHERAL_BURST };
	static const struct peripheral_config singles = { .width = 1, .burst = 2, .asks = PERIPHERAL_SINGLE };
	struct slaves *s = slaves_new(b);

	for (unsigned int tx = 0; tx < 2; tx++) {
		const struct peripheral *p = run_full(s, tx, both, 24);

		CHECK_EQ(p->stats.bursts, 6);
		CHECK_EQ(p->stats.singles, 0);
		p = run_full(s, true, bursts, 14);
		CHECK_EQ(p->stats.bursts, 4);
		p = run_full(s, tx, singles, 9);
		CHECK_EQ(p->stats.singles, 9);
		CHECK_EQ(p->stats.bursts, 0);
	}
	CHECK_EQ(s->copies, 6);
}

TEST(request_mixed, "single and burst requests in any order, with requests that are up to two clocks late after dack", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);
	uint64_t singles = 0, bursts = 0;

	for (unsigned int i = 0; i < 12; i++) {
		struct peripheral_config config = { .tx = i % 2, .width = i % (SLAVES_BUS + 1), .burst = 1 + i % 3, .depth = 24,
						    .asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST, .singles = 50,
						    .delay = i % (PERIPHERAL_DELAY + 1), .patience = i % 4 * 10, .period = 1 + i % 5 };
		struct peripheral *p;
		struct slave_desc d;

		config.burst = slaves_burst(config.width, config.burst);
		p = slaves_attach(s, i % PQDMA_LINES, &config);
		d = copy_of(s, p, 40u << config.width);
		if (!config.tx)
			slaves_feed(s, p, d.length, false);
		slaves_put(s, i % PQDMA_CHANNELS, &d);
		slaves_run(s);
		singles += p->stats.singles;
		bursts += p->stats.bursts;
	}
	CHECK(singles && bursts);
	CHECK_EQ(s->copies, 12);
}

/* Packets that end before, with and behind the end of their descriptor */
static void run_packets(struct slaves *s, unsigned int line, struct peripheral_config config)
{
	struct bench *b = s->b;
	struct rng *rng = test_rng(b);
	struct peripheral *p = slaves_attach(s, line, &config);
	const unsigned int unit = config.asks == PERIPHERAL_BURST ? 1u << config.burst : 1;

	for (unsigned int i = 0; i < PACKETS; i++) {
		uint32_t packet = (config.tx ? config.packet : unit * rng_range(rng, 1, 20 / unit)) << config.width;
		uint32_t length = packet + ((i % 3) * 4 * unit << config.width);
		struct slave_desc d = copy_of(s, p, length);

		d.flags = i % 2 ? PQDMA_FLAG_WB : PQDMA_FLAG_WB | PQDMA_FLAG_IRQ;
		slaves_put(s, 0, &d);
		s->list[0].moved[i] = packet;
		if (!config.tx)
			slaves_feed(s, p, packet, true);
	}
	slaves_run(s);
	CHECK(p->stats.lasts >= PACKETS);
}

TEST(request_last, "drq_last ends a descriptor early: status word, BYTES and the next descriptor agree with the packets", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	static const unsigned int asks[] = { PERIPHERAL_SINGLE, PERIPHERAL_BURST, PERIPHERAL_SINGLE | PERIPHERAL_BURST };
	const unsigned int lines = PQDMA_LINES < 4 ? PQDMA_LINES : 4;
	struct slaves *s = slaves_new(b);

	for (unsigned int i = 0; i < 6 * lines; i++) {
		const struct peripheral_config config = { .tx = i / 3 % 2, .width = i % SLAVES_BUS, .burst = 1, .depth = 64,
							  .asks = asks[i % 3], .patience = 10, .delay = i % (PERIPHERAL_DELAY + 1),
							  .period = 3, .packet = 6 };

		run_packets(s, i / 6, config);
	}
	CHECK_EQ(s->copies, 6 * lines * PACKETS);
	CHECK(mem_stats(b)->status_bursts >= 6 * lines * PACKETS);
}

TEST(request_last_behind, "a packet that is longer than its descriptor goes on in the next one, and ends it", .moves = true)
{
	static const struct peripheral_config config = { .width = 2, .burst = 1, .depth = 64, .period = 2, .patience = 5,
							 .asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST };
	struct slaves *s = slaves_new(b);
	struct peripheral *p = slaves_attach(s, 0, &config);

	for (unsigned int i = 0; i < 3; i++) {
		struct slave_desc d = slaves_from(s, p, 40);

		d.flags = PQDMA_FLAG_WB;
		slaves_put(s, 0, &d);
	}
	s->list[0].moved[1] = 20;
	slaves_feed(s, p, 60, true);
	slaves_feed(s, p, 40, true);
	slaves_run(s);
	CHECK_EQ(s->bytes, 100);
}

/* A copy whose line never asks */
static void start_waiting(struct slaves *s, unsigned int ch, const struct peripheral_config *config)
{
	struct peripheral *p = slaves_attach(s, 0, config);
	const struct slave_desc d = copy_of(s, p, SWEEP_BYTES);

	slaves_put(s, ch, &d);
	slaves_put(s, ch, &d);
	slaves_start(s, ch);
}

static const struct peripheral_config silent = { .width = 2, .depth = 16 };
static const struct peripheral_config by_single = { .width = 2, .depth = 16, .asks = PERIPHERAL_SINGLE };

/* Clocks that a long copy takes on channel @ch, from RUN to its interrupt */
static uint64_t time_copy(struct bench *b, unsigned int ch, uint64_t list)
{
	uint64_t begin = b->hw.clock;

	chan_start(b, ch, list, 1, 1);
	while (!(b->hw.irq >> ch & 1)) {
		CHECK(b->hw.clock < begin + 50000);
		wait_clocks(b, 1);
	}
	begin = b->hw.clock - begin;
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), OTHER_BYTES);
	chan_abort(b, ch);
	return begin;
}

TEST(request_others, "while a channel waits for a line that never asks, copies of the others take not one clock longer", .moves = true)
{
	struct slaves *s = slaves_new(b);
	uint64_t src = ram_alloc(b, OTHER_BYTES), dst = ram_alloc(b, OTHER_BYTES), list = ram_alloc(b, PQDMA_DESC_SIZE);
	uint64_t alone[PQDMA_CHANNELS];

	if (PQDMA_CHANNELS == 1)
		test_skip(b, "there is only one channel");
	mem_configure(b, axi_mem_profile("ideal"));
	desc_put(b, list, &(struct desc){ .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_IRQ, .length = OTHER_BYTES, .src = src, .dst = dst });
	for (unsigned int ch = 1; ch < PQDMA_CHANNELS; ch++)
		alone[ch] = time_copy(b, ch, list);
	start_waiting(s, 0, &silent);
	wait_clocks(b, QUIET_CLOCKS);
	for (unsigned int ch = 1; ch < PQDMA_CHANNELS; ch++)
		CHECK_EQ(time_copy(b, ch, list), alone[ch]);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_DONE), 0);
	CHECK(!memcmp(bench_ram(b, src), bench_ram(b, dst), OTHER_BYTES));
	slaves_end(s);
}

/* Nothing moves on the bus for a while. */
static void check_quiet(struct bench *b)
{
	struct axi_mem_stats was;

	CHECK(axi_mem_idle(&b->mem));
	was = *mem_stats(b);
	wait_clocks(b, QUIET_CLOCKS);
	CHECK(!memcmp(&was, mem_stats(b), sizeof(was)));
}

TEST(request_never, "without REQ_TIMEOUT a channel waits for ever, in each direction; ABORT ends that, and a later request moves nothing",
     .moves = true)
{
	struct slaves *s = slaves_new(b);

	for (unsigned int tx = 0; tx < 2; tx++) {
		struct peripheral_config config = silent;
		struct peripheral *p;

		config.tx = tx;
		start_waiting(s, 0, &config);
		wait_clocks(b, NEVER_CLOCKS);
		CHECK_EQ(ch_state(b, 0), PQDMA_STATE_RUN);
		CHECK_EQ(ch_read(b, 0, PQDMA_CH_DONE), 0);
		slaves_end(s);
		config.asks = PERIPHERAL_SINGLE;
		p = slaves_attach(s, 0, &config);
		if (!tx)
			slaves_feed(s, p, SWEEP_BYTES, false);
		check_quiet(b);
		CHECK_EQ(p->stats.moved, 0);
		config.asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST;
		run_full(s, tx, config, 10);
	}
	CHECK_EQ(s->copies, 2);
}

TEST(request_stop, "STOP while a channel waits lets the descriptor that has begun end, and no other begin; RUN goes on", .moves = true)
{
	struct slaves *s = slaves_new(b);
	struct peripheral *p = &s->all.at[0];

	start_waiting(s, 0, &by_single);
	wait_clocks(b, 300);
	ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
	wait_clocks(b, NEVER_CLOCKS);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_STATUS), PQDMA_STATE_STOP | PQDMA_STATUS_BUSY_MASK);
	slaves_feed(s, p, 2 * SWEEP_BYTES, false);
	wait_idle(b, 0, 20000);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_DONE), 1);
	CHECK_EQ(p->stats.moved, SWEEP_ENTRIES);
	check_quiet(b);
	ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	slaves_wait(s);
	slaves_check(s);
	slaves_end(s);
}

/* Every answer takes the same time, so that one clock later in a test is one clock later in the controller. */
static void steady_memory(struct bench *b)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");

	config.read_latency = 1 + b->options->seed % 3 * 4;
	config.write_latency = 1 + b->options->seed / 3 % 3 * 4;
	mem_configure(b, &config);
}

/* Clocks that a receiver's two copies take, from RUN */
static uint64_t time_received(struct slaves *s)
{
	struct bench *b = s->b;
	uint64_t begin;

	start_waiting(s, 0, &by_single);
	begin = b->hw.clock;
	slaves_feed(s, &s->all.at[0], 2 * SWEEP_BYTES, false);
	slaves_wait(s);
	begin = b->hw.clock - begin;
	slaves_check(s);
	slaves_end(s);
	return begin;
}

TEST(request_stop_sweep, "STOP in every clock of two paced copies: what has begun is done, the other one not; RUN then does the rest",
     .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);
	unsigned int seen[3] = { 0 };
	uint64_t clocks;

	steady_memory(b);
	clocks = time_received(s);
	for (uint64_t at = 1; at < clocks; at++) {
		struct peripheral *p = &s->all.at[0];
		uint32_t done;

		start_waiting(s, 0, &by_single);
		slaves_feed(s, p, 2 * SWEEP_BYTES, false);
		wait_clocks(b, at);
		ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
		wait_idle(b, 0, 2000);
		done = ch_read(b, 0, PQDMA_CH_DONE);
		CHECK_EQ(ch_state(b, 0), PQDMA_STATE_STOP);
		CHECK_EQ(ch_read(b, 0, PQDMA_CH_BYTES), done * SWEEP_BYTES);
		CHECK_EQ(p->stats.moved, done * SWEEP_ENTRIES);
		seen[done]++;
		ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		slaves_wait(s);
		slaves_check(s);
		slaves_end(s);
	}
	CHECK(seen[0] && seen[1] && seen[2]);
}

TEST(request_pause, "PAUSE in every clock of a paced copy: nothing moves, BYTES is what the FIFO gave; RUN loses nothing",
     .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);
	unsigned int paused = 0;
	uint64_t clocks;

	steady_memory(b);
	clocks = time_received(s);
	for (uint64_t at = 1; at < clocks; at++) {
		struct peripheral *p = &s->all.at[0];

		start_waiting(s, 0, &by_single);
		slaves_feed(s, p, 2 * SWEEP_BYTES, false);
		wait_clocks(b, at);
		ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_PAUSE_MASK);
		wait_idle(b, 0, 2000);
		paused += ch_read(b, 0, PQDMA_CH_DONE) < 2;
		check_quiet(b);
		CHECK_EQ(ch_read(b, 0, PQDMA_CH_BYTES), 4 * p->stats.moved);
		CHECK_EQ(p->stats.dacks, p->stats.moved);
		ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		slaves_wait(s);
		slaves_check(s);
		slaves_end(s);
	}
	CHECK(paused >= 5);
}

TEST(request_abort, "ABORT in every clock of a paced copy: IDLE with an empty bus, nothing after it; a new copy works",
     .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);
	unsigned int early = 0, aborts = 0;
	uint64_t clocks;

	steady_memory(b);
	clocks = time_received(s);
	for (uint64_t at = 1; at < clocks; at++, aborts++) {
		start_waiting(s, 0, &by_single);
		slaves_feed(s, &s->all.at[0], 2 * SWEEP_BYTES, false);
		wait_clocks(b, at);
		early += ch_read(b, 0, PQDMA_CH_DONE) < 2;
		slaves_end(s);
		check_quiet(b);
		if (aborts % 8 == 0)
			time_received(s);
	}
	CHECK(early >= 5);
}

/* REQ_TIMEOUT */

static void check_timed_out(struct slaves *s, unsigned int nr, uint32_t bytes)
{
	struct bench *b = s->b;
	const struct slave_desc *d = &s->list[0].desc[nr];

	CHECK_EQ(wait_irq(b, 0, 20000), PQDMA_IRQ_ERROR_MASK);
	wait_idle(b, 0, 2000);
	slaves_check_failed(s, 0, nr, bytes, PQDMA_ERR_REQ_TIMEOUT, slave_addr(slave_device(d), bytes));
	slaves_end(s);
}

/* Clocks from the write of RUN to the interrupt */
static uint64_t time_out(struct slaves *s, bool tx, uint32_t timeout)
{
	struct bench *b = s->b;
	struct peripheral_config config = silent;
	uint64_t begin;

	config.tx = tx;
	ch_write(b, 0, PQDMA_CH_REQ_TIMEOUT, timeout);
	start_waiting(s, 0, &config);
	begin = b->hw.clock;
	while (!(b->hw.irq & 1)) {
		CHECK(b->hw.clock < begin + timeout + 1000);
		wait_clocks(b, 1);
	}
	begin = b->hw.clock - begin;
	check_timed_out(s, 0, 0);
	return begin;
}

TEST(request_timeout, "a line that does not ask for REQ_TIMEOUT clocks: the copy fails with the device's address, clock by clock as set",
     .moves = true)
{
	struct slaves *s = slaves_new(b);
	const struct peripheral_config fast = { .width = 2, .burst = 1, .asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST };

	mem_configure(b, axi_mem_profile("ideal"));
	for (unsigned int tx = 0; tx < 2; tx++) {
		const uint64_t first = time_out(s, tx, TIMEOUT);

		CHECK(first >= TIMEOUT);
		CHECK_EQ(time_out(s, tx, TIMEOUT + 1), first + 1);
		CHECK_EQ(time_out(s, tx, 2 * TIMEOUT), first + TIMEOUT);
		run_full(s, tx, fast, 40);
	}
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_REQ_TIMEOUT), 2 * TIMEOUT);
}

TEST(request_timeout_mode, "ERR_ADDR is where the device's next transfer would be, also when its address moves", .moves = true)
{
	struct slaves *s = slaves_new(b);
	unsigned int failed = 0;

	ch_write(b, 0, PQDMA_CH_REQ_TIMEOUT, TIMEOUT);
	for (unsigned int mode = 0; mode < SLAVE_MODES; mode++) {
		for (unsigned int tx = 0; tx < 2; tx++, failed++) {
			struct peripheral_config config = by_single;
			struct peripheral *p;
			struct slave_desc d;

			config.tx = tx;
			config.depth = 5;
			config.period = tx ? 1u << 20 : 1;
			p = slaves_attach(s, 0, &config);
			d = copy_of(s, p, 2 * SWEEP_BYTES);
			d.flags = PQDMA_FLAG_WB;
			*(tx ? &d.dst.mode : &d.src.mode) = mode;
			*(tx ? &d.dst.addr : &d.src.addr) += PERIPHERAL_WINDOW / 2;
			if (!tx)
				slaves_feed(s, p, 5 * 4, false);
			slaves_put(s, 0, &d);
			slaves_start(s, 0);
			check_timed_out(s, 0, (5 + tx) * 4);
		}
	}
	CHECK_EQ(failed, 2 * SLAVE_MODES);
}

/* An entry arrives @clocks after RUN. True if it was in time. */
static bool ask_after(struct slaves *s, uint64_t clocks)
{
	struct bench *b = s->b;
	struct peripheral *p = &s->all.at[0];
	bool done;

	start_waiting(s, 0, &by_single);
	wait_clocks(b, clocks);
	slaves_feed(s, p, SWEEP_BYTES, false);
	wait_clocks(b, TIMEOUT / 2 + 400);
	done = ch_read(b, 0, PQDMA_CH_DONE) == 1;
	CHECK_EQ(p->stats.moved, done ? SWEEP_ENTRIES : 0);
	check_timed_out(s, done, 0);
	return done;
}

TEST(request_timeout_edge, "a request just before the time-out is served, one just after it is not; from one clock on all are too late",
     .moves = true)
{
	struct slaves *s = slaves_new(b);
	unsigned int served = 0, late = 0;

	mem_configure(b, axi_mem_profile("ideal"));
	ch_write(b, 0, PQDMA_CH_REQ_TIMEOUT, TIMEOUT);
	for (uint64_t clocks = TIMEOUT - EDGE_CLOCKS; clocks < TIMEOUT + EDGE_CLOCKS; clocks++) {
		if (ask_after(s, clocks)) {
			CHECK_EQ(late, 0);
			served++;
		} else {
			late++;
		}
	}
	CHECK(served && late);
}

TEST(request_timeout_again, "each piece has its own REQ_TIMEOUT: a slow peripheral that always asks in time is served to the end",
     .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct peripheral_config config = by_single;
	struct slaves *s = slaves_new(b);
	uint64_t clocks;

	ch_write(b, 0, PQDMA_CH_REQ_TIMEOUT, TIMEOUT);
	for (unsigned int tx = 0; tx < 2; tx++) {
		struct peripheral *p;
		struct slave_desc d;

		config.tx = tx;
		config.depth = 2;
		config.period = TIMEOUT - 10;
		p = slaves_attach(s, 0, &config);
		d = copy_of(s, p, SWEEP_BYTES);
		if (!tx)
			slaves_feed(s, p, SWEEP_BYTES, false);
		slaves_put(s, 0, &d);
		clocks = slaves_run(s);
		CHECK(clocks > (SWEEP_ENTRIES - 4) * config.period);
	}
	CHECK_EQ(s->copies, 2);
}

/* Requests are hidden after each dack, so that the first clock in which a piece could begin and @missed - 1 more have none. */
struct hidden {
	uint64_t until;
	unsigned int missed;
};

static void watch_hidden(struct bench *b, void *arg)
{
	struct hidden *hidden = arg;
	const uint64_t edge = b->hw.clock + 1;

	if (b->out.dack & 1)
		hidden->until = edge + PIECE_AFTER_DACK + hidden->missed;
	if (edge < hidden->until)
		b->in.drq_single = 0;
}

static void run_hidden(struct slaves *s, struct hidden *hidden, unsigned int timeout, unsigned int missed)
{
	struct bench *b = s->b;
	struct peripheral *p = slaves_attach(s, 0, &by_single);
	const struct slave_desc d = slaves_from(s, p, SWEEP_BYTES);

	*hidden = (struct hidden){ .missed = missed };
	slaves_feed(s, p, SWEEP_BYTES, false);
	slaves_put(s, 0, &d);
	wait_clocks(b, 2 * SWEEP_ENTRIES);
	ch_write(b, 0, PQDMA_CH_REQ_TIMEOUT, timeout);
	if (missed < timeout) {
		slaves_run(s);
		return;
	}
	slaves_start(s, 0);
	check_timed_out(s, 0, 4);
}

TEST(request_timeout_exact, "REQ_TIMEOUT 1 and more: a line that misses one clock less is served to the end, one that misses as many fails",
     .moves = true)
{
	static const unsigned int timeouts[] = { 1, 2, 3, 17 };
	struct hidden hidden = { .missed = 0 };
	struct slaves *s = slaves_new(b);

	s->watch = watch_hidden;
	s->watch_arg = &hidden;
	for (unsigned int i = 0; i < sizeof(timeouts) / sizeof(timeouts[0]); i++) {
		run_hidden(s, &hidden, timeouts[i], timeouts[i] - 1);
		run_hidden(s, &hidden, timeouts[i], timeouts[i]);
	}
	s->watch = NULL;
	CHECK_EQ(s->bytes, 4 * (SWEEP_BYTES + 4));
}
