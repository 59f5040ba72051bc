// SPDX-License-Identifier: MIT
/*
 * Two channels at one request line, which software should not do: each looks at the line by itself, so one request can begin a piece of
 * each, and each piece has its dack. Nothing else happens: no byte is wrong, none is lost, and other lines are not concerned.
 */
#include "slaves.h"

#define PIECES 6
#define PIECE 4u			/* bytes, one to a beat: so far are two dacks apart */
#define LENGTH (PIECES * PIECE)
#define LINE 0
#define LIMIT 20000

/**
 * struct line - the request line and its dack
 * @asks:  a burst is asked for
 * @once:  until the first dack
 * @dacks: how many came; @others of other lines
 */
struct line {
	bool asks;
	bool once;
	unsigned int dacks;
	unsigned int others;
};

static void drive_line(struct bench *b, void *arg)
{
	struct line *line = arg;

	line->dacks += b->out.dack >> LINE & 1;
	line->others += (b->out.dack & ~(1ull << LINE)) != 0;
	if (line->once && line->dacks)
		line->asks = false;
	b->in.drq_burst = line->asks ? 1u << LINE : 0;
	b->in.drq_single = 0;
}

/* A paced copy from RAM to RAM, byte by byte at the destination */
static struct slave_desc put_copy(struct bench *b, unsigned int ch)
{
	const struct slave_desc d = {
		.length = LENGTH, .line = LINE, .burst = 2, .paced = true, .dst_dev = true,
		.src = { ram_alloc(b, LENGTH), SLAVES_BUS, SLAVE_UP }, .dst = { ram_alloc(b, LENGTH), 0, SLAVE_UP },
	};
	const uint64_t list = ram_alloc(b, PQDMA_DESC_SIZE);

	desc_put(b, list, &(struct desc){ .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_PERI, .length = LENGTH, .src = d.src.addr,
					  .dst = d.dst.addr });
	desc_settings(b, list, slave_settings(&d));
	chan_start(b, ch, list, 1, 1);
	return d;
}

/* Both wait, and then a request comes. */
static void share_line(struct bench *b, unsigned int first, unsigned int second)
{
	struct line line = { .once = true };
	struct slave_desc d[2];

	bench_tap(b, drive_line, &line);
	d[0] = put_copy(b, first);
	d[1] = put_copy(b, second);
	wait_clocks(b, 200);
	CHECK_EQ(line.dacks, 0);
	line.asks = true;
	wait_clocks(b, 400);
	CHECK_EQ(line.dacks, 2);
	CHECK_EQ(ch_read(b, first, PQDMA_CH_BYTES), PIECE);
	CHECK_EQ(ch_read(b, second, PQDMA_CH_BYTES), PIECE);
	line.once = false;
	line.asks = true;
	wait_done(b, first, 1, LIMIT);
	wait_done(b, second, 1, LIMIT);
	wait_clocks(b, 2);
	bench_tap(b, NULL, NULL);
	CHECK_EQ(line.dacks, 2 * PIECES);
	CHECK_EQ(line.others, 0);
	for (unsigned int i = 0; i < 2; i++)
		CHECK(!memcmp(bench_ram(b, d[i].src.addr), bench_ram(b, d[i].dst.addr), LENGTH));
	chan_abort(b, first);
	chan_abort(b, second);
}

TEST(request_shared, "two channels at one line: a request begins a piece of each, each has its dack, and every byte is right",
     .moves = true)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");

	if (PQDMA_CHANNELS == 1)
		test_skip(b, "there is only one channel");
	config.read_latency = 1 + b->options->seed % 20;
	config.write_latency = 1 + b->options->seed / 2 % 20;
	mem_configure(b, &config);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		share_line(b, ch, (ch + 1) % PQDMA_CHANNELS);
}
