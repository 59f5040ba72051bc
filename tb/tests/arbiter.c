// SPDX-License-Identifier: MIT
/*
 * Sharing: strip by strip by turns, and nobody starves. The order of strips is the order of their addresses on AW, and whose
 * strip it is follows from where it goes.
 */
#include "lists.h"

#define STRIPS_EACH 48
#define BURST 2
#define STARVE_BEATS 2000	/* strips of one beat */
#define STARVE_CLOCKS 1200	/* in which the others must be through; less than STARVE_BEATS */
#define SMALL_DESCS 12
#define RING 8
#define RING_TAIL 20000

struct turns {
	const struct lists *l;
	bool seen[PQDMA_CHANNELS];		/* its first strip has come */
	unsigned int strips[PQDMA_CHANNELS];
	unsigned int others[PQDMA_CHANNELS];	/* strips of others since its last one */
	unsigned int longest[PQDMA_CHANNELS];	/* largest of these that was followed by one of its own */
};

static void note_turn(struct turns *turns, unsigned int ch)
{
	turns->strips[ch]++;
	if (turns->seen[ch] && turns->others[ch] > turns->longest[ch])
		turns->longest[ch] = turns->others[ch];
	turns->seen[ch] = true;
	for (unsigned int i = 0; i < PQDMA_CHANNELS; i++)
		turns->others[i] = i == ch ? 0 : turns->others[i] + 1;
}

static void watch_turns(struct bench *b, void *arg)
{
	struct turns *turns = arg;

	if (!b->out.m_axi_awvalid || !b->in.m_axi_awready)
		return;
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (b->out.m_axi_awaddr - turns->l->room[ch] < LISTS_DST_BYTES)
			note_turn(turns, ch);
}

/* No descriptor arrives until all channels run. */
static void start_together(struct lists *l)
{
	struct bench *b = l->b;
	struct axi_mem_config config = b->mem.config, blocked = config;

	blocked.r_valid = 0;
	mem_configure(b, &blocked);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		lists_start(l, ch, l->list[ch].nr);
	mem_configure(b, &config);
}

/* One long descriptor on each channel, copies and fills as the bits of mix say. */
static void share(struct lists *l, unsigned int mix, struct turns *turns)
{
	struct bench *b = l->b;
	const uint32_t limit = PQDMA_BYTES << BURST < PQDMA_STRIP_BYTES ? PQDMA_BYTES << BURST : PQDMA_STRIP_BYTES;

	*turns = (struct turns){ .l = l };
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		uint8_t op = mix >> ch % 4 & 1 ? PQDMA_OP_FILL : PQDMA_OP_COPY;
		struct desc desc = lists_desc(l, ch, op, STRIPS_EACH * limit);

		lists_burst(l, ch, BURST);
		lists_group(l, ch, &desc, 1);
	}
	bench_tap(b, watch_turns, turns);
	start_together(l);
	lists_wait(l);
	lists_check(l);
	lists_end(l);
	bench_tap(b, NULL, NULL);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		CHECK(turns->strips[ch] >= STRIPS_EACH);
		CHECK(turns->longest[ch] <= PQDMA_CHANNELS - 1);
		CHECK(turns->longest[ch] || PQDMA_CHANNELS == 1);
	}
}

TEST(arbiter_turns, "strips of a channel that always has one are at most CHANNELS-1 strips of others apart, copies, fills and both",
     .moves = true)
{
	static const unsigned int mixes[] = { 0x0, 0xf, 0x5, 0x8 };
	struct lists *l = lists_new(b);
	struct turns turns;

	for (unsigned int i = 0; i < 4; i++)
		share(l, mixes[i], &turns);
	CHECK_EQ(lists_moved(l), 4 * PQDMA_CHANNELS);
}

/* Channels 1 and up get through small lists while channel 0 keeps the datapath busy; returns when they are done. */
static void finish_others(struct lists *l, uint8_t op, uint8_t flags)
{
	struct bench *b = l->b;
	struct rng *rng = test_rng(b);
	struct desc descs[SMALL_DESCS];

	for (unsigned int ch = 1; ch < PQDMA_CHANNELS; ch++) {
		for (unsigned int i = 0; i < SMALL_DESCS; i++) {
			descs[i] = lists_desc(l, ch, op, op == PQDMA_OP_NOP ? 0 : rng_range(rng, 1, 2 * PQDMA_BYTES));
			descs[i].flags = flags;
		}
		lists_scatter(l, ch, descs, SMALL_DESCS);
	}
	for (unsigned int ch = 1; ch < PQDMA_CHANNELS; ch++)
		lists_start(l, ch, SMALL_DESCS);
	for (unsigned int ch = 1; ch < PQDMA_CHANNELS; ch++)
		wait_done(b, ch, SMALL_DESCS, STARVE_CLOCKS * PQDMA_CHANNELS / 4 + STARVE_CLOCKS);
}

TEST(arbiter_starve, "while one channel writes an endless row of strips of one beat the others' completions come, with and without WB",
     .moves = true)
{
	static const struct {
		uint8_t op;
		uint8_t flags;
	} others[] = { { PQDMA_OP_NOP, 0 }, { PQDMA_OP_COPY, 0 }, { PQDMA_OP_NOP, PQDMA_FLAG_WB }, { PQDMA_OP_FILL, PQDMA_FLAG_IRQ } };
	struct lists *l = lists_new(b);

	if (PQDMA_CHANNELS == 1)
		test_skip(b, "there is one channel only");
	mem_configure(b, axi_mem_profile("ideal"));
	for (unsigned int i = 0; i < 4; i++) {
		uint32_t beats = LISTS_DST_BYTES / PQDMA_BYTES - 16;
		struct desc row = lists_desc(l, 0, PQDMA_OP_FILL, (beats < STARVE_BEATS ? beats : STARVE_BEATS) * PQDMA_BYTES);

		lists_burst(l, 0, 0);
		lists_group(l, 0, &row, 1);
		lists_start(l, 0, 1);
		finish_others(l, others[i].op, others[i].flags);
		CHECK_EQ(ch_read(b, 0, PQDMA_CH_DONE), 0);
		CHECK(ch_read(b, 0, PQDMA_CH_BYTES));
		lists_wait(l);
		lists_check(l);
		lists_end(l);
	}
	CHECK_EQ(l->completed[PQDMA_OP_NOP], 2 * (PQDMA_CHANNELS - 1) * SMALL_DESCS);
}

TEST(arbiter_fetch, "while one channel runs through a ring of nops as fast as it can the others' lists are fetched and moved",
     .moves = true)
{
	struct lists *l = lists_new(b);
	struct desc ring[RING];
	uint32_t done;

	if (PQDMA_CHANNELS == 1)
		test_skip(b, "there is one channel only");
	mem_configure(b, axi_mem_profile("ideal"));
	for (unsigned int i = 0; i < RING; i++)
		ring[i] = lists_desc(l, 0, PQDMA_OP_NOP, 0);
	lists_group(l, 0, ring, RING);
	lists_loop(l, 0);
	lists_start(l, 0, RING_TAIL);
	finish_others(l, PQDMA_OP_COPY, PQDMA_FLAG_WB);
	done = ch_read(b, 0, PQDMA_CH_DONE);
	CHECK(done && done < RING_TAIL);
	lists_break(l, 0);
	lists_wait(l);
	lists_check(l);
	lists_end(l);
	CHECK_EQ(lists_moved(l), (PQDMA_CHANNELS - 1) * SMALL_DESCS);
}
