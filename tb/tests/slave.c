// SPDX-License-Identifier: MIT
/*
 * Copies between memory and peripherals that ask for what they need: every width and burst in both directions, packing, alignments, address
 * modes, FIFOs of just one burst under every memory, a loopback, a sink that must not run empty, periods that go round.
 */
#include "slaves.h"

#define PIECES 3
#define PAIR_LINES 2
#define LOOP_BYTES 600
#define SINK_BYTES 1024
#define SINK_PERIOD 60		/* clocks for an entry; a piece of 8 takes less on any memory */
#define RING_PERIODS 4
#define RING_BYTES 64
#define RING_LAPS 3
#define RANDOM_ROUNDS 4

/* Manners of a peripheral that asks for both, at random */
static struct peripheral_config draw_config(struct bench *b, bool tx, unsigned int width, unsigned int burst)
{
	struct rng *rng = test_rng(b);

	burst = slaves_burst(width, burst);
	return (struct peripheral_config){
		.tx = tx,
		.width = width,
		.burst = burst,
		.depth = (1u << burst) * rng_range(rng, 1, 3),
		.asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST,
		.singles = rng_below(rng, 40),
		.patience = rng_below(rng, 60),
		.delay = rng_below(rng, PERIPHERAL_DELAY + 1),
		.period = rng_range(rng, 1, 6),
		.jitter = rng_below(rng, 8),
	};
}

/* The window is the FIFO from end to end, so a copy may go up or down in it. */
static void set_mode(struct slave_side *side, unsigned int mode)
{
	side->addr += PERIPHERAL_WINDOW / 2;
	side->mode = mode;
}

static struct slave_desc paced_copy(struct slaves *s, struct peripheral *p, uint32_t length, unsigned int mode)
{
	struct slave_desc d = p->config.tx ? slaves_to(s, p, length) : slaves_from(s, p, length);

	set_mode(p->config.tx ? &d.dst : &d.src, mode);
	return d;
}

/* One peripheral, two copies */
static void run_device(struct slaves *s, bool tx, unsigned int width, unsigned int burst, unsigned int i)
{
	struct bench *b = s->b;
	const struct peripheral_config config = draw_config(b, tx, width, burst);
	struct peripheral *p = slaves_attach(s, i % PQDMA_LINES, &config);

	for (unsigned int n = 0; n < 2; n++) {
		uint32_t length = rng_range(test_rng(b), 1, PIECES << config.burst) << width;
		struct slave_desc d = paced_copy(s, p, length, (i + n) % SLAVE_MODES);

		CHECK(slave_legal(&d));
		slaves_put(s, i % PQDMA_CHANNELS, &d);
		if (!tx)
			slaves_feed(s, p, length, false);
	}
	slaves_run(s);
	CHECK(p->stats.dacks && p->stats.dacks == p->stats.singles + p->stats.bursts);
}

static void run_devices(struct slaves *s, bool tx)
{
	struct bench *b = s->b;

	for (unsigned int width = 0; width <= SLAVES_BUS; width++)
		for (unsigned int burst = 0; burst <= 4; burst++)
			run_device(s, tx, width, burst, 5 * width + burst + (unsigned int)b->options->seed);
	CHECK_EQ(s->copies, 2 * 5 * (SLAVES_BUS + 1));
}

TEST(slave_tx, "memory to peripherals of every width and burst, FIXED, up and down; four seeds take every memory", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	run_devices(slaves_new(b), true);
}

TEST(slave_rx, "peripherals of every width and burst to memory, FIXED, up and down; four seeds take every memory", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	run_devices(slaves_new(b), false);
}

/* The memory's side is narrower than the peripheral, or goes down, or stands. */
static bool run_packed(struct slaves *s, bool tx, unsigned int width, struct slave_side memory)
{
	struct bench *b = s->b;
	struct peripheral_config config = draw_config(b, tx, width, rng_below(test_rng(b), 3));
	const uint32_t length = (2u << config.burst << width) + (1u << width);
	struct peripheral *p = slaves_attach(s, width % PQDMA_LINES, &config);
	struct slave_desc d = paced_copy(s, p, length, SLAVE_FIXED);

	*(tx ? &d.src : &d.dst) = memory;
	if (tx)
		slaves_place_src(s, &d, width);
	else
		slaves_place_dst(s, &d, width);
	if (!slave_legal(&d)) {
		slaves_end(s);
		return false;
	}
	slaves_put(s, width % PQDMA_CHANNELS, &d);
	if (!tx)
		slaves_feed(s, p, length, false);
	slaves_run(s);
	return true;
}

TEST(slave_pack, "narrow memory of every width up to the peripheral's, and every mode: packed and unpacked in order", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);
	unsigned int done = 0;

	for (unsigned int width = 0; width <= SLAVES_BUS; width++)
		for (unsigned int i = 0; i <= width; i++)
			for (unsigned int mode = 0; mode < SLAVE_MODES; mode++)
				done += run_packed(s, (i + mode + b->options->seed) % 2, width,
						   (struct slave_side){ .width = i, .mode = mode });
	CHECK(done >= 3 * SLAVES_BUS);
	CHECK_EQ(s->copies, done);
}

TEST(slave_align, "memory at every alignment, lengths that end anywhere, on both sides of a peripheral of every width", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	const unsigned int slices = PQDMA_BYTES > 16 ? PQDMA_BYTES / 16 : 1;
	struct slaves *s = slaves_new(b);
	unsigned int done = 0;

	for (unsigned int offset = b->options->seed % slices; offset < PQDMA_BYTES; offset += slices, done += 2) {
		for (unsigned int tx = 0; tx < 2; tx++) {
			struct peripheral_config config = draw_config(b, tx, (offset + tx) % (SLAVES_BUS + 1), offset % 3);
			struct peripheral *p = slaves_attach(s, tx % PQDMA_LINES, &config);
			uint32_t length = (5 + offset % 4) << config.width;
			struct slave_desc d = paced_copy(s, p, length, SLAVE_FIXED);

			d.src.addr = tx ? (d.src.addr & -(uint64_t)PQDMA_BYTES) + offset : d.src.addr;
			d.dst.addr = tx ? d.dst.addr : (d.dst.addr & -(uint64_t)PQDMA_BYTES) + offset;
			if (!tx)
				slaves_feed(s, p, length, false);
			slaves_put(s, tx % PQDMA_CHANNELS, &d);
			slaves_run(s);
		}
	}
	CHECK_EQ(s->copies, done);
}

/* Nobody asks: the FIFO holds everything before it begins, or has room for it. */
static void run_unpaced(struct slaves *s, bool tx, unsigned int width, unsigned int mode)
{
	struct bench *b = s->b;
	const struct peripheral_config config = { .tx = tx, .width = width, .burst = slaves_burst(width, width % 3),
						  .depth = PERIPHERAL_DEPTH };
	struct peripheral *p = slaves_attach(s, width % PQDMA_LINES, &config);
	const uint32_t length = rng_range(test_rng(b), 1, 20) << width;
	struct slave_desc d = paced_copy(s, p, length, mode);

	d.paced = false;
	if (!tx)
		slaves_feed(s, p, length, false);
	wait_clocks(b, 40);
	slaves_put(s, 0, &d);
	slaves_run(s);
	CHECK_EQ(p->stats.dacks, 0);
}

TEST(slave_unpaced, "without PACED a peripheral is accessed at once, in the same pieces, without dack", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);

	for (unsigned int width = 0; width <= SLAVES_BUS; width++)
		for (unsigned int mode = 0; mode < SLAVE_MODES; mode++)
			for (unsigned int tx = 0; tx < 2; tx++)
				run_unpaced(s, tx, width, mode);
	CHECK_EQ(s->copies, 2 * SLAVE_MODES * (SLAVES_BUS + 1));
}

/* Bus word by bus word: the peripheral's side is ordinary. */
TEST(slave_ordinary, "a peripheral as wide as the bus, accessed like memory, paced", .moves = true)
{
	struct slaves *s = slaves_new(b);

	for (unsigned int i = 0; i < 8; i++) {
		struct peripheral_config config = draw_config(b, i % 2, SLAVES_BUS, i % 3);
		struct peripheral *p = slaves_attach(s, i % PQDMA_LINES, &config);
		const uint32_t length = rng_range(test_rng(b), 1, 10) * PQDMA_BYTES;
		struct slave_desc d = paced_copy(s, p, length, SLAVE_UP);

		CHECK(!slave_narrow(slave_device(&d)));
		if (i % 2 == 0)
			slaves_feed(s, p, length, false);
		slaves_put(s, 0, &d);
		slaves_run(s);
	}
	CHECK_EQ(s->copies, 8);
}

/* A FIFO with room for one burst and no more, each way */
static void run_tight(struct slaves *s, unsigned int burst)
{
	struct bench *b = s->b;

	for (unsigned int tx = 0; tx < 2; tx++) {
		struct peripheral_config config = { .tx = tx, .width = 2, .burst = burst, .depth = 1u << burst, .asks = PERIPHERAL_BURST,
						    .delay = (burst + tx) % 3 };
		struct peripheral *p = slaves_attach(s, tx, &config);
		const uint32_t length = 4u * (4u << burst);
		struct slave_desc d = paced_copy(s, p, length, SLAVE_FIXED);

		if (!tx)
			slaves_feed(s, p, length, false);
		slaves_put(s, tx % PQDMA_CHANNELS, &d);
	}
	slaves_run(s);
	CHECK_EQ(s->all.at[0].stats.most, 1u << burst);
	CHECK_EQ(s->all.at[0].stats.dacks, 4);
	CHECK_EQ(s->all.at[1].stats.dacks, 4);
}

static void need_lines(struct bench *b, unsigned int lines, unsigned int channels)
{
	if (PQDMA_LINES < lines)
		test_skip(b, "it takes more request lines");
	if (PQDMA_CHANNELS < channels)
		test_skip(b, "it takes more channels");
}

TEST(slave_fifo, "a FIFO of just one burst neither over- nor underflows, on any memory, both ways at once", .moves = true)
{
	struct slaves *s = slaves_new(b);

	need_lines(b, PAIR_LINES, 1);
	for (unsigned int i = 0; axi_mem_profile_name(i); i++) {
		mem_configure(b, axi_mem_profile(axi_mem_profile_name(i)));
		for (unsigned int burst = 0; burst <= 4; burst++)
			run_tight(s, burst);
	}
	CHECK(s->copies >= 4 * 2 * 5);
}

TEST(slave_loop, "what one channel sends through a serial port another one receives, byte for byte", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);
	struct peripheral_config config = draw_config(b, true, b->options->seed % 3, 2);
	struct peripheral *tx, *rx;
	struct slave_desc from, to;

	need_lines(b, PAIR_LINES, 2);
	config.latency = rng_below(test_rng(b), 200);
	tx = slaves_attach(s, 0, &config);
	config.tx = false;
	config.depth = 16;
	rx = slaves_attach(s, PQDMA_LINES - 1, &config);
	peripheral_link(tx, rx);
	to = slaves_to(s, tx, LOOP_BYTES);
	from = slaves_from(s, rx, LOOP_BYTES);
	slaves_put(s, 0, &to);
	slaves_put(s, 1, &from);
	slaves_start(s, 1);
	slaves_start(s, 0);
	slaves_wait(s);
	slaves_check(s);
	CHECK(!memcmp(bench_ram(b, to.src.addr), bench_ram(b, from.dst.addr), LOOP_BYTES));
	CHECK_EQ(rx->stats.moved, LOOP_BYTES >> config.width);
	slaves_end(s);
}

static uint64_t play(struct slaves *s, unsigned int period)
{
	const struct peripheral_config config = { .tx = true, .width = 2, .burst = 3, .depth = 32, .asks = PERIPHERAL_BURST,
						  .period = period, .total = SINK_BYTES };
	struct peripheral *p = slaves_attach(s, 0, &config);

	for (unsigned int i = 0; i < 4; i++) {
		struct slave_desc d = slaves_to(s, p, SINK_BYTES / 4);

		slaves_put(s, 0, &d);
	}
	slaves_run(s);
	return p->stats.underruns;
}

TEST(slave_sink, "a sink that drains steadily never finds its FIFO empty until the end; one that is too fast does", .moves = true)
{
	struct slaves *s = slaves_new(b);

	CHECK_EQ(play(s, SINK_PERIOD), 0);
	CHECK(play(s, 1));
	CHECK_EQ(s->bytes, 2 * SINK_BYTES);
}

/* A ring of periods that goes round until STOP */
static uint64_t start_ring(struct slaves *s, const struct peripheral *p)
{
	struct bench *b = s->b;
	struct slave_desc d = slaves_to(s, p, RING_BYTES);
	uint64_t src = d.src.addr, at = s->list[0].at;

	for (unsigned int i = 0; i < RING_PERIODS; i++) {
		d.src.addr = src + i * RING_BYTES;
		d.flags = PQDMA_FLAG_IRQ;
		slaves_put(s, 0, &d);
	}
	desc_link(b, at + (RING_PERIODS - 1) * PQDMA_DESC_SIZE, at, RING_PERIODS);
	ch_write(b, 0, PQDMA_CH_CFG, PQDMA_CFG_BURST_RESET << PQDMA_CFG_BURST_SHIFT | PQDMA_CFG_CYCLIC_MASK);
	chan_start(b, 0, at, RING_PERIODS, 0);
	return src;
}

TEST(slave_ring, "periods that go round feed a sink in order, with an interrupt each, and STOP ends at the end of one", .moves = true)
{
	const struct peripheral_config config = { .tx = true, .width = 1, .burst = 2, .depth = 16, .asks = PERIPHERAL_BURST, .period = 12 };
	struct slaves *s = slaves_new(b);
	struct peripheral *p = slaves_attach(s, 0, &config);
	const uint64_t src = start_ring(s, p);
	uint32_t done;

	for (unsigned int i = 0; i < RING_LAPS * RING_PERIODS; i++)
		CHECK_EQ(wait_irq(b, 0, 20000), PQDMA_IRQ_DONE_MASK);
	ch_write(b, 0, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
	wait_idle(b, 0, 20000);
	done = ch_read(b, 0, PQDMA_CH_DONE);
	CHECK(done >= RING_LAPS * RING_PERIODS && done <= RING_LAPS * RING_PERIODS + 4);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_BYTES), done * RING_BYTES);
	CHECK_EQ(p->stats.moved << config.width, done * RING_BYTES);
	for (uint32_t at = 0; at < p->stream_size; at++)
		CHECK_EQ(p->stream[at], *bench_ram(b, src + at % (RING_PERIODS * RING_BYTES)));
	CHECK(p->stream_size > RING_PERIODS * RING_BYTES);
	chan_abort(b, 0);
}

/* A peripheral for each channel, as far as there are lines, and copies between RAM for the others */
static void put_random(struct slaves *s, unsigned int ch)
{
	struct bench *b = s->b;
	struct rng *rng = test_rng(b);
	struct peripheral_config config = draw_config(b, rng_below(rng, 2), rng_below(rng, SLAVES_BUS + 1), rng_below(rng, 3));
	struct peripheral *p = ch < PQDMA_LINES ? slaves_attach(s, ch, &config) : NULL;

	for (unsigned int i = 0; i < 3; i++) {
		const uint32_t length = rng_range(rng, 1, PIECES << config.burst) << config.width;
		struct slave_desc d = p ? paced_copy(s, p, length, rng_below(rng, SLAVE_MODES)) : slaves_draw(s, 200);

		d = slave_legal(&d) ? d : slaves_draw(s, 200);
		d.flags = (uint8_t)rng_below(rng, 8);
		slaves_put(s, ch, &d);
		if (d.paced && !config.tx)
			slaves_feed(s, p, length, false);
	}
}

TEST(slave_random, "peripherals of all kinds on all lines at once, each with a channel", .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);

	for (unsigned int round = 0; round < RANDOM_ROUNDS; round++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			put_random(s, ch);
		slaves_run(s);
	}
	CHECK_EQ(s->copies, RANDOM_ROUNDS * 3 * PQDMA_CHANNELS);
}
