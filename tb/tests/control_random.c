// SPDX-License-Identifier: MIT
/*
 * Commands at any moment, in any order, also such as do nothing in the state they meet: beside fences, pieces that wait for their line,
 * status and completion words, and failures. Whatever happened, ABORT ends it: IDLE, counters at zero, an empty bus, and sources as
 * they were.
 */
#include "test.h"

#define ROUNDS 24
#define DESCS 6
#define COMMANDS (10 * PQDMA_CHANNELS)
#define LENGTH 300
#define PAGE 4096u
#define PIECES 64		/* bytes of a paced copy */
#define GAP 24			/* most clocks between commands */
#define QUIET 60

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* list, src, dst, cmpl: a page each */
struct area {
	uint64_t list;
	uint64_t src;
	uint64_t dst;
	uint64_t cmpl;
};

/* Lines ask by chance, and keep asking for a while. */
static void ask(struct bench *b, void *arg)
{
	struct rng *rng = arg;

	if (rng_below(rng, 8))
		return;
	b->in.drq_single = rng_u64(rng) & ((1ull << PQDMA_LINES) - 1);
	b->in.drq_burst = rng_u64(rng) & b->in.drq_single;
}

static struct desc draw(struct bench *b, const struct area *at, unsigned int ch, uint64_t *settings)
{
	static const uint8_t ops[] = { PQDMA_OP_NOP, PQDMA_OP_INTERRUPT, PQDMA_OP_COPY, PQDMA_OP_COPY, PQDMA_OP_FILL, PQDMA_OP_COPY };
	struct rng *rng = test_rng(b);
	const unsigned int kind = rng_below(rng, NR(ops));
	struct desc desc = { .op = ops[kind], .flags = (uint8_t)rng_below(rng, 8), .tag = (uint16_t)rng_u64(rng), .src = at->src,
			     .dst = at->dst };

	desc.length = desc.op < PQDMA_OP_COPY ? 0 : rng_range(rng, 1, LENGTH);
	*settings = 0;
	if (kind + 1 == NR(ops)) {
		desc.flags |= PQDMA_FLAG_PERI;
		desc.length = PIECES;
		*settings = PQDMA_SETTINGS_PACED_MASK | 2ull << PQDMA_SETTINGS_SRC_WIDTH_SHIFT | 2ull << PQDMA_SETTINGS_DST_WIDTH_SHIFT |
			    (uint64_t)(ch % PQDMA_LINES) << PQDMA_SETTINGS_LINE_SHIFT;
	} else if (desc.op == PQDMA_OP_COPY && !rng_below(rng, 6)) {
		desc.src = PAGE;	/* outside RAM */
	}
	return desc;
}

static void start(struct bench *b, unsigned int ch, const struct area *at)
{
	const uint64_t cmpl = rng_below(test_rng(b), 4) ? at->cmpl : 0;

	for (unsigned int i = 0; i < DESCS; i++) {
		uint64_t settings;
		const struct desc desc = draw(b, at, ch, &settings);

		desc_put(b, at->list + i * PQDMA_DESC_SIZE, &desc);
		desc_settings(b, at->list + i * PQDMA_DESC_SIZE, settings);
	}
	ch_write(b, ch, PQDMA_CH_CMPL_LO, (uint32_t)cmpl);
	ch_write(b, ch, PQDMA_CH_CMPL_HI, (uint32_t)(cmpl >> 32));
	chan_start(b, ch, at->list, DESCS, DESCS);
}

static void command(struct bench *b)
{
	static const uint32_t commands[] = { PQDMA_CTRL_RUN_MASK, PQDMA_CTRL_RUN_MASK, PQDMA_CTRL_RUN_MASK, PQDMA_CTRL_PAUSE_MASK,
					     PQDMA_CTRL_PAUSE_MASK, PQDMA_CTRL_STOP_MASK, PQDMA_CTRL_STOP_MASK, PQDMA_CTRL_ABORT_MASK };
	struct rng *rng = test_rng(b);
	const unsigned int ch = rng_below(rng, PQDMA_CHANNELS);

	ch_write(b, ch, PQDMA_CH_CTRL, commands[rng_below(rng, NR(commands))]);
	if (rng_below(rng, 3))
		ch_write(b, ch, PQDMA_CH_CTRL, commands[rng_below(rng, NR(commands))]);
	if (rng_below(rng, 4) == 0)
		ch_write(b, ch, PQDMA_CH_TAIL, rng_below(rng, DESCS + 1));
	if (rng_below(rng, 2))
		wait_clocks(b, 1 + rng_below(rng, GAP));
}

static void end(struct bench *b)
{
	uint64_t beats;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		chan_abort(b, ch);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), 0);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), 0);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), 0);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), 0);
	}
	CHECK(axi_mem_idle(&b->mem));
	beats = mem_stats(b)->write_beats + mem_stats(b)->read_beats + mem_stats(b)->fetch_beats;
	wait_clocks(b, QUIET);
	CHECK_EQ(mem_stats(b)->write_beats + mem_stats(b)->read_beats + mem_stats(b)->fetch_beats, beats);
}

TEST(control_random, "any command at any moment, with everything under way; then ABORT: IDLE, all zero, silence, sources as they were",
     .moves = true, .max_clocks = 8000000)
{
	struct area areas[PQDMA_CHANNELS];
	uint8_t src[PAGE];
	struct rng lines;

	rng_init(&lines, b->options->seed, "lines");
	bench_tap(b, ask, &lines);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		areas[ch] = (struct area){ ram_alloc(b, PAGE), ch ? areas[0].src : ram_alloc(b, PAGE), ram_alloc(b, PAGE),
					   ram_alloc(b, PAGE) };
	memcpy(src, bench_ram(b, areas[0].src), PAGE);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		mem_profile(b, axi_mem_profile_name(rng_below(test_rng(b), 4)));
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			start(b, ch, &areas[ch]);
		for (unsigned int k = 0; k < COMMANDS; k++)
			command(b);
		end(b);
	}
	CHECK(!memcmp(src, bench_ram(b, areas[0].src), PAGE));
	bench_tap(b, NULL, NULL);
}
