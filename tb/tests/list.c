// SPDX-License-Identifier: MIT
/*
 * Following the list: groups wherever they stand, how far descriptors are fetched ahead, fences, loops, status words.
 */
#include "cover/axes.h"
#include "lists.h"

#define PIECE 48		/* bytes of a small copy */
#define PREFETCH_CLOCKS (100 + 20 * PQDMA_DESCS)
#define FENCE_BYTES 200
#define FENCES 12
#define RING 6
#define SLOW_WRITE 300
#define STATUSES 40
#define LATE_WRITE 60	/* clocks until a write is in memory */

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void random_descs(struct lists *l, unsigned int ch, struct desc *descs, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		descs[i] = lists_desc(l, ch, PQDMA_OP_COPY, rng_range(test_rng(l->b), 1, PIECE));
}

static uint64_t flags_of(const struct cover_event *event)
{
	return 1ull << (event->desc->flags & (PQDMA_FLAG_IRQ | PQDMA_FLAG_FENCE | PQDMA_FLAG_WB));
}

static const char *const flag_names[] = { "none", "IRQ", "FENCE", "IRQ FENCE", "WB", "IRQ WB", "FENCE WB", "IRQ FENCE WB" };
static const struct cover_axis flag_set = { "flag_names", 8, flag_names, flags_of };

static bool form_legal(const unsigned int *at)
{
	return cover_built(at[0]) && (at[0] <= PQDMA_OP_FILL || !at[1]);
}

static uint64_t way_of(const struct cover_event *event)
{
	return 1ull << event->link.way;
}

static const char *const ways[] = { "HEAD", "descriptor", "descriptor read again", "descriptor read ahead" };
static const struct cover_axis link_way = { "from", 4, ways, way_of };

static uint64_t link_form_of(const struct cover_event *event)
{
	return 1ull << event->link.compact;
}

static const char *const forms[] = { "full", "compact" };
static const struct cover_axis link_form = { "form", 2, forms, link_form_of };

static uint64_t link_count_of(const struct cover_event *event)
{
	static const unsigned int most[] = { 0, 1, 2, 7, 30, 31, 62, 63 };
	unsigned int class = 0;

	while (event->link.count > most[class])
		class++;
	return 1ull << class;
}

static const char *const link_counts[] = { "0", "1", "2", "3 to 7", "8 to 30", "31", "32 to 62", "63" };
static const struct cover_axis link_count = { "group of", 8, link_counts, link_count_of };

/* A count has 6 bits in HEAD whatever the form; a link of a compact list has 5. */
static bool link_legal(const unsigned int *at)
{
	return !at[0] || !at[1] || at[2] < 6;
}

COVER(list_flags, COVER_DESC, "operation x form x IRQ, FENCE, WB", .axes = { &cover_op, &cover_form, &flag_set }, .legal = form_legal)
COVER(list_links, COVER_LINK, "where a link comes from x form x descriptors in the group", .axes = { &link_way, &link_form, &link_count },
      .legal = link_legal)

/*
 * Since @was bursts, descriptors 0 to @nr - 1 were fetched once each, and once each the links of the groups that they have begun and
 * behind which the list goes on. A group of two may lose its first descriptor to an empty controller: the other brings the link.
 */
static void check_fetches(struct lists *l, unsigned int ch, unsigned int nr, uint64_t was)
{
	struct bench *b = l->b;
	const struct list *list = &l->list[ch];
	const uint64_t links = mem_stats(b)->fetch_bursts - was - nr;
	unsigned int first = 0, long_ones = 0, pairs = 0;

	for (unsigned int i = 0; i + 1 < list->nr && first < nr; i++)
		if (list->ends[i]) {
			long_ones += i - first > 1;
			pairs += i - first == 1;
			first = i + 1;
		}
	CHECK(links >= long_ones && links <= long_ones + pairs);
}

static unsigned int run_groups(struct lists *l, unsigned int ch, const unsigned int *counts)
{
	const uint64_t was = mem_stats(l->b)->fetch_bursts;
	struct desc descs[PQDMA_HEAD_COUNT_COUNT_MASK];
	unsigned int nr = 0;

	for (; *counts; nr += *counts++) {
		random_descs(l, ch, descs, *counts);
		lists_group(l, ch, descs, *counts);
	}
	lists_start(l, ch, nr);
	lists_wait(l);
	check_fetches(l, ch, nr, was);
	lists_check(l);
	lists_end(l);
	return nr;
}

TEST(list_groups, "groups of 1 to 63 descriptors anywhere in memory; every descriptor and every link ahead is fetched once", .moves = true)
{
	static const unsigned int behind_one[] = { 31, 1, 62, 5, 1, 63, 17, 1, 31, 2, 1, 1, 2, 0 };
	static const unsigned int behind_more[] = { 2, 62, 63, 31, 5, 2, 1, 17, 3, 1, 5, 0 };
	const unsigned int ch = b->options->seed % PQDMA_CHANNELS;
	struct lists *l = lists_new(b);
	unsigned int nr = run_groups(l, ch, behind_one);

	nr += run_groups(l, ch, behind_more);
	CHECK_EQ(lists_moved(l), nr);
}

/* The memory takes no write, so nothing completes and every credit stays out. */
static void prefetch(struct lists *l, unsigned int ch, bool scattered)
{
	struct bench *b = l->b;
	struct axi_mem_config config = *axi_mem_profile("ideal");
	const uint64_t fetched = mem_stats(b)->fetch_bursts;
	struct desc descs[PQDMA_DESCS + 8];

	config.aw_ready = 0;
	mem_configure(b, &config);
	random_descs(l, ch, descs, NR(descs));
	if (scattered)
		lists_scatter(l, ch, descs, NR(descs));
	for (unsigned int i = 0; i < NR(descs) && !scattered; i += 8)
		lists_group(l, ch, descs + i, NR(descs) - i < 8 ? NR(descs) - i : 8);
	lists_start(l, ch, NR(descs));
	wait_clocks(b, PREFETCH_CLOCKS);
	check_fetches(l, ch, PQDMA_DESCS, fetched);
	mem_configure(b, axi_mem_profile("ideal"));
	lists_wait(l);
	lists_check(l);
	lists_end(l);
}

TEST(list_prefetch, "with writes blocked exactly DESCS descriptors are fetched, and the rest when they go on", .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		prefetch(l, ch, false);
		prefetch(l, ch, true);
	}
	CHECK_EQ(l->checks, 2 * PQDMA_CHANNELS);
}

/*
 * Credits of the only channel, counted on the bus: a fetch takes one, the response to a status write gives it back. All
 * descriptors ask for a status word, and writes are answered in order. Each stands alone, so that no fetch is of a link ahead.
 */
struct credits {
	struct lists *l;
	bool is_status[256];
	uint8_t aw;
	uint8_t b;
	int out;
	int most;
	unsigned int answered;
};

static void watch_credits(struct bench *b, void *arg)
{
	struct credits *c = arg;
	const uint64_t area = c->l->area[0];

	if (b->out.m_axi_arvalid && b->in.m_axi_arready && b->out.m_axi_arid)
		c->out++;
	if (b->out.m_axi_awvalid && b->in.m_axi_awready)
		c->is_status[c->aw++] = b->out.m_axi_awaddr - area < 2 * LIST_MAX * PQDMA_DESC_SIZE;
	if (b->in.m_axi_bvalid && b->out.m_axi_bready && c->is_status[c->b++]) {
		c->out--;
		c->answered++;
	}
	if (c->out > c->most)
		c->most = c->out;
}

TEST(list_credits, "a credit comes back only with the response to the status write: never more than DESCS are out", .moves = true,
     .one_port = true)
{
	struct lists *l = lists_new(b);
	struct axi_mem_config slow = *axi_mem_profile("ideal");
	struct credits credits = { .l = l };
	struct desc descs[LIST_MAX / 2];

	slow.write_latency = SLOW_WRITE;
	bench_tap(b, watch_credits, &credits);
	for (unsigned int round = 0; round < 2; round++) {
		if (round)
			mem_configure(b, &slow);
		random_descs(l, 0, descs, NR(descs));
		for (unsigned int i = 0; i < NR(descs); i++)
			descs[i].flags = PQDMA_FLAG_WB;
		for (unsigned int i = 0; i < NR(descs); i++)
			lists_group(l, 0, &descs[i], 1);
		lists_run(l);
		CHECK_EQ((unsigned int)credits.out, 0);
	}
	bench_tap(b, NULL, NULL);
	CHECK_EQ((unsigned int)credits.most, PQDMA_DESCS);
	CHECK_EQ(credits.answered, 2 * NR(descs));
}

/* A to B, then B to C. With a fence the oracle must agree; returns whether C is A. */
static bool copy_twice(struct lists *l, unsigned int ch, uint32_t length, uint8_t flags)
{
	struct bench *b = l->b;
	struct desc descs[2];
	bool same;

	descs[0] = lists_desc(l, ch, PQDMA_OP_COPY, length);
	descs[1] = lists_desc(l, ch, PQDMA_OP_COPY, length);
	ram_random(b, descs[0].dst, length);
	descs[0].flags = flags;
	descs[1].src = descs[0].dst;
	lists_scatter(l, ch, descs, 2);
	lists_start(l, ch, 2);
	lists_wait(l);
	if (flags & PQDMA_FLAG_FENCE)
		lists_check(l);
	same = !memcmp(bench_ram(b, descs[0].src), bench_ram(b, descs[1].dst), length);
	lists_end(l);
	return same;
}

TEST(list_fence, "copy A to B with FENCE, copy B to C: C is A on every memory; without FENCE it often is not", .moves = true)
{
	struct lists *l = lists_new(b);
	static const uint32_t lengths[] = { 1, PQDMA_BYTES, FENCE_BYTES };
	unsigned int fenced = 0, stale = 0;

	for (unsigned int profile = 0; axi_mem_profile_name(profile); profile++) {
		mem_configure(b, axi_mem_profile(axi_mem_profile_name(profile)));
		for (unsigned int i = 0; i < FENCES; i++) {
			CHECK(copy_twice(l, i % PQDMA_CHANNELS, lengths[i % NR(lengths)], PQDMA_FLAG_FENCE));
			fenced++;
			stale += !copy_twice(l, i % PQDMA_CHANNELS, lengths[i % NR(lengths)], 0);
		}
	}
	CHECK(fenced >= FENCES);
	CHECK(stale);
}

TEST(list_fence_chain, "a chain of fenced copies and fills through the same bytes comes out as if done one by one", .moves = true)
{
	struct lists *l = lists_new(b);
	struct rng *rng = test_rng(b);
	uint64_t room = ram_alloc(b, 4096);
	struct desc descs[STATUSES];

	for (unsigned int i = 0; i < STATUSES; i++) {
		descs[i] = lists_desc(l, 0, i % 4 ? PQDMA_OP_COPY : PQDMA_OP_FILL, rng_range(rng, 1, FENCE_BYTES));
		descs[i].flags = PQDMA_FLAG_FENCE | (i % 3 ? 0 : PQDMA_FLAG_WB);
		descs[i].dst = room + 512 * (i % 2) + rng_below(rng, 64);
		if (i % 4)
			descs[i].src = room + 512 * ((i + 1) % 2) + rng_below(rng, 64);
	}
	lists_scatter(l, 0, descs, STATUSES);
	lists_run(l);
	CHECK_EQ(lists_moved(l), STATUSES);
}

/* A ring of nr descriptors, for two laps and a bit, then for some more. */
static void run_ring(struct lists *l, unsigned int ch, unsigned int nr)
{
	struct bench *b = l->b;
	const uint64_t fetched = mem_stats(b)->fetch_bursts;
	struct desc descs[RING];
	uint64_t again, links = 0;

	random_descs(l, ch, descs, nr);
	for (unsigned int i = 0; i < nr; i++)
		descs[i].flags = PQDMA_FLAG_WB;
	lists_scatter(l, ch, descs, nr);
	lists_loop(l, ch);
	for (unsigned int i = 0; i < nr; i++)
		links += l->list[ch].ends[i];
	lists_start(l, ch, 2 * nr + 1);
	lists_wait(l);
	lists_check(l);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), 2 * nr + 1);
	lists_ring(l, ch, 7 * nr + 2);
	lists_wait(l);
	lists_check(l);
	again = mem_stats(b)->fetch_bursts - fetched - (7 * nr + 2);
	CHECK(again <= 1 + links * 8);
	lists_end(l);
}

TEST(list_loop, "rings of 1 to 6 descriptors run exactly as often as TAIL says", .moves = true)
{
	struct lists *l = lists_new(b);
	uint64_t laps = 0;

	for (unsigned int nr = 1; nr <= RING; nr++) {
		run_ring(l, nr % PQDMA_CHANNELS, nr);
		laps += 7 * nr + 2;
	}
	CHECK_EQ(lists_moved(l), laps);
}

static void check_status(struct bench *b, uint64_t addr, const struct desc *desc)
{
	uint64_t status = desc_status(b, addr), want = 0;

	if (desc->flags & PQDMA_FLAG_WB)
		want = PQDMA_DSTS_DONE_MASK | (uint64_t)desc->tag << PQDMA_DSTS_TAG_SHIFT | desc->length;
	CHECK_EQ(status, want);
}

TEST(list_status, "the status word has tag, bytes and DONE where WB asks for it, and is not touched elsewhere", .moves = true)
{
	static const uint8_t ops[] = { PQDMA_OP_COPY, PQDMA_OP_NOP, PQDMA_OP_FILL, PQDMA_OP_INTERRUPT };
	struct lists *l = lists_new(b);
	struct rng *rng = test_rng(b);
	struct desc descs[STATUSES];
	unsigned int asked = 0;

	for (unsigned int i = 0; i < STATUSES; i++) {
		uint8_t op = ops[rng_below(rng, NR(ops))];

		descs[i] = lists_desc(l, 0, op, op >= PQDMA_OP_COPY ? rng_range(rng, 1, 2000) : 0);
		descs[i].flags = rng_below(rng, 3) ? PQDMA_FLAG_WB : 0;
		asked += descs[i].flags != 0;
	}
	lists_scatter(l, 0, descs, STATUSES);
	lists_start(l, 0, STATUSES);
	lists_wait(l);
	lists_check(l);
	for (unsigned int i = 0; i < STATUSES; i++)
		check_status(b, l->list[0].at[i], &descs[i]);
	CHECK(asked && asked < STATUSES);
	lists_end(l);
}

TEST(list_status_last, "on a memory that stores late: when a status word says DONE, every byte of its descriptor is there", .moves = true)
{
	struct axi_mem_config config = *axi_mem_profile("typical");
	struct lists *l = lists_new(b);
	struct desc descs[STATUSES];
	const uint64_t until = b->hw.clock + LISTS_CLOCKS;
	unsigned int seen = 0;

	config.write_latency = LATE_WRITE;
	config.late = 100;
	mem_configure(b, &config);
	random_descs(l, 0, descs, STATUSES);
	for (unsigned int i = 0; i < STATUSES; i++)
		descs[i].flags = PQDMA_FLAG_WB;
	lists_scatter(l, 0, descs, STATUSES);
	lists_start(l, 0, STATUSES);
	for (; seen < STATUSES; wait_clocks(b, 1)) {
		CHECK(b->hw.clock < until);
		for (; seen < STATUSES && desc_status(b, l->list[0].at[seen]) & PQDMA_DSTS_DONE_MASK; seen++)
			CHECK(!memcmp(bench_ram(b, descs[seen].src), bench_ram(b, descs[seen].dst), descs[seen].length));
	}
	lists_wait(l);
	lists_check(l);
	lists_end(l);
	CHECK_EQ(lists_moved(l), STATUSES);
}
