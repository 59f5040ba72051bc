// SPDX-License-Identifier: MIT
/*
 * Classes and weights. The order of strips is the order of their addresses on AW; whose strip it is follows from where it goes. A
 * channel with one long descriptor can always go on between its first and its last strip, so every strip in between is judged.
 */
#include "shapes.h"

#define ORDER_MAX 16384
#define MAX_CLOCKS 1500000	/* many channels, a narrow bus, a slow memory */
#define TURNS 4			/* of its weight that each channel makes */
#define EXTRA (PQDMA_STRIPS + 3)	/* and strips that one may make before the others have their descriptors */
#define WEIGHTS 16
#define ROUNDS (1 + WEIGHTS / PQDMA_CHANNELS)
#define MIXES 7
#define ORDERED 4		/* of them with classes that are not left to chance */
#define SHARE_STRIPS 100
#define SHARE_CLOCKS 6000
#define INSIDE_WEIGHT 8

/**
 * struct order - strips as they came
 * @ch:    whose, @nr of them
 * @first: place of the first one of each channel, and @last of its last
 * @count: how many of each
 */
struct order {
	const struct shapes *s;
	uint8_t ch[ORDER_MAX];
	unsigned int nr;
	unsigned int first[PQDMA_CHANNELS];
	unsigned int last[PQDMA_CHANNELS];
	unsigned int count[PQDMA_CHANNELS];
};

static struct order order;

static void watch_order(struct bench *b, void *arg)
{
	struct order *o = arg;

	if (!b->out.m_axi_awvalid || !b->in.m_axi_awready)
		return;
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		if (b->out.m_axi_awaddr - o->s->l->room[ch] >= LISTS_DST_BYTES)
			continue;
		if (!o->count[ch]++)
			o->first[ch] = o->nr;
		o->last[ch] = o->nr;
		o->ch[o->nr++ % ORDER_MAX] = (uint8_t)ch;
	}
}

static void begin_watch(struct bench *b, const struct shapes *s)
{
	order = (struct order){ .s = s };
	bench_tap(b, watch_order, &order);
}

static void need_channels(struct bench *b)
{
	if (PQDMA_CHANNELS == 1)
		test_skip(b, "there is one channel only");
}

static unsigned int weight_of(const struct shapes *s, unsigned int ch)
{
	const unsigned int weight = (s->cfg[ch] & PQDMA_CFG_WEIGHT_MASK) >> PQDMA_CFG_WEIGHT_SHIFT;

	return weight ? weight : 1;
}

static unsigned int class_of(const struct shapes *s, unsigned int ch)
{
	return (s->cfg[ch] & PQDMA_CFG_PRIORITY_MASK) >> PQDMA_CFG_PRIORITY_SHIFT;
}

/* Strips of one beat: BURST 0. */
static void set_channel(struct shapes *s, unsigned int ch, unsigned int class, unsigned int weight, uint32_t more)
{
	const uint32_t cfg = class << PQDMA_CFG_PRIORITY_SHIFT | weight << PQDMA_CFG_WEIGHT_SHIFT | more;

	s->cfg[ch] = cfg;
	ch_write(s->l->b, ch, PQDMA_CH_CFG, cfg);
}

/* No descriptor arrives until all channels run, and no write goes until all have arrived. */
static void start_together(struct shapes *s, uint32_t tail)
{
	struct bench *b = s->l->b;
	const uint64_t fetches = mem_stats(b)->fetch_bursts + PQDMA_CHANNELS;
	const struct axi_mem_config config = b->mem.config;
	struct axi_mem_config blocked = config;

	blocked.aw_ready = blocked.r_valid = 0;
	mem_configure(b, &blocked);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		shapes_start(s, ch, tail);
	blocked.r_valid = config.r_valid;
	mem_configure(b, &blocked);
	while (mem_stats(b)->fetch_bursts < fetches || b->mem.reads || b->desc_port.mem.reads)
		wait_clocks(b, 1);
	mem_configure(b, &config);
}

/* One long descriptor on each channel, copies and fills as the bits of @mix say; what comes of it is in order. */
static void share(struct shapes *s, unsigned int mix)
{
	struct bench *b = s->l->b;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const uint32_t strips = TURNS * weight_of(s, ch) + EXTRA;
		const uint8_t op = mix >> ch % 4 & 1 ? PQDMA_OP_FILL : PQDMA_OP_COPY;
		struct shape shape = shapes_draw(s, ch, op, strips * PQDMA_BYTES);

		shapes_group(s, ch, &shape, 1);
	}
	reg_write(b, PQDMA_REG_PERF_CTRL, PQDMA_PERF_CTRL_CLEAR_MASK);
	begin_watch(b, s);
	start_together(s, 1);
	lists_wait(s->l);
	bench_tap(b, NULL, NULL);
	CHECK(order.nr && order.nr < ORDER_MAX);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_PERF_STRIPS), order.count[ch]);
	lists_check(s->l);
	lists_end(s->l);
}

static bool is_active(unsigned int ch, unsigned int at)
{
	return order.first[ch] <= at && at <= order.last[ch];
}

/* While all are active: each makes as many strips in a row as its weight says, and then it is the next one's turn. */
static unsigned int check_turns(struct shapes *s)
{
	struct bench *b = s->l->b;
	unsigned int from = 0, to = order.nr - 1, turns = 0, run = 0;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		from = order.first[ch] > from ? order.first[ch] : from;
		to = order.last[ch] < to ? order.last[ch] : to;
	}
	while (from < to && order.ch[from] == order.ch[from + 1])
		from++;
	for (unsigned int i = from + 1; i < to; i++) {
		const unsigned int ch = order.ch[i];

		run++;
		CHECK(run <= weight_of(s, ch));
		if (order.ch[i + 1] == ch)
			continue;
		CHECK_EQ(run, weight_of(s, ch));
		CHECK_EQ(order.ch[i + 1], (ch + 1) % PQDMA_CHANNELS);
		run = 0;
		turns++;
	}
	return turns;
}

/* Every weight once, in any order */
static void shuffle_weights(struct rng *rng, unsigned int *weights)
{
	for (unsigned int i = 0; i < WEIGHTS; i++) {
		const unsigned int j = rng_below(rng, i + 1);

		weights[i] = weights[j];
		weights[j] = i;
	}
}

TEST(weight_turns, "one class: each channel makes exactly as many strips in a row as its weight says, then the next one", .moves = true,
     .max_clocks = MAX_CLOCKS)
{
	struct shapes *s;
	struct rng *rng = test_rng(b);
	unsigned int weights[ROUNDS * PQDMA_CHANNELS];

	need_channels(b);
	s = shapes_new(b);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		weights[ch] = (ch + (unsigned int)b->options->seed) % 2 * (WEIGHTS - 1);
	shuffle_weights(rng, weights + PQDMA_CHANNELS);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		const unsigned int class = rng_below(rng, 4);

		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			set_channel(s, ch, class, weights[round * PQDMA_CHANNELS + ch], 0);
		share(s, round * 5);
		CHECK(check_turns(s) >= PQDMA_CHANNELS);
	}
	CHECK_EQ(lists_moved(s->l), PQDMA_CHANNELS * ROUNDS);
}

/* No strip while a channel of a higher class is between its first and its last one. Returns how many strips had to wait for that. */
static unsigned int check_classes(struct shapes *s)
{
	struct bench *b = s->l->b;
	unsigned int waited = 0;

	for (unsigned int i = 0; i < order.nr; i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			CHECK(!is_active(ch, i) || class_of(s, ch) <= class_of(s, order.ch[i]));
			waited += order.last[ch] < i && class_of(s, ch) > class_of(s, order.ch[i]);
		}
	return waited;
}

/* Between two strips of a channel are at most as many of others of its class as their weights allow. */
static void check_gaps(struct shapes *s)
{
	struct bench *b = s->l->b;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		unsigned int gap = 0, most = 0;

		for (unsigned int other = 0; other < PQDMA_CHANNELS; other++)
			most += other != ch && class_of(s, other) == class_of(s, ch) ? weight_of(s, other) : 0;
		for (unsigned int i = order.first[ch]; i <= order.last[ch]; i++) {
			gap = order.ch[i] == ch ? 0 : gap + (class_of(s, order.ch[i]) == class_of(s, ch));
			CHECK(gap <= most);
		}
	}
}

/* One channel a class; then two in a class and two in the one below, for each of the classes; then by chance */
static unsigned int draw_class(struct rng *rng, unsigned int mix, unsigned int ch)
{
	if (!mix)
		return ch % 4;
	return mix < ORDERED ? mix - ch / 2 % 2 : rng_below(rng, 4);
}

TEST(weight_classes, "classes and weights by chance: a higher class goes first without exception, and inside a class nobody starves",
     .moves = true, .max_clocks = MAX_CLOCKS)
{
	struct shapes *s;
	struct rng *rng = test_rng(b);
	unsigned int waited = 0;

	need_channels(b);
	s = shapes_new(b);
	for (unsigned int mix = 0; mix < MIXES; mix++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			set_channel(s, ch, draw_class(rng, mix, ch), rng_below(rng, WEIGHTS), 0);
		share(s, rng_below(rng, 16));
		waited += check_classes(s);
		check_gaps(s);
	}
	CHECK(waited);
	CHECK_EQ(lists_moved(s->l), PQDMA_CHANNELS * MIXES);
}

TEST(weight_share, "endless rings in one class: over a long time the strips of each channel are as its weight", .moves = true)
{
	struct shapes *s;
	uint64_t rounds;

	need_channels(b);
	s = shapes_new(b);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct shape shape = shapes_draw(s, ch, PQDMA_OP_FILL, SHARE_STRIPS * PQDMA_BYTES);

		set_channel(s, ch, 1, 1 + (ch * 3 + (unsigned int)b->options->seed) % 5, PQDMA_CFG_CYCLIC_MASK);
		shapes_group(s, ch, &shape, 1);
		lists_loop(s->l, ch);
	}
	mem_configure(b, axi_mem_profile("ideal"));
	start_together(s, 0);
	wait_clocks(b, 500);
	begin_watch(b, s);
	wait_clocks(b, SHARE_CLOCKS);
	bench_tap(b, NULL, NULL);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		shapes_stop(s, ch);
	rounds = order.count[0] / weight_of(s, 0);
	CHECK(rounds > 10);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		CHECK(order.count[ch] >= (rounds - 1) * weight_of(s, ch));
		CHECK(order.count[ch] <= (rounds + 2) * weight_of(s, ch));
	}
	lists_check(s->l);
	lists_end(s->l);
}

TEST(weight_above, "a channel of a higher class gets through while one of a lower class never pauses, and that one goes on after it",
     .moves = true)
{
	struct shapes *s;

	need_channels(b);
	s = shapes_new(b);
	for (unsigned int high = 0; high < PQDMA_CHANNELS; high++) {
		const unsigned int low = (high + 1) % PQDMA_CHANNELS;
		struct shape endless = shapes_draw(s, low, PQDMA_OP_FILL, SHARE_STRIPS * PQDMA_BYTES);
		struct shape wanted = shapes_draw(s, high, PQDMA_OP_FILL, SHARE_STRIPS / 2 * PQDMA_BYTES);

		set_channel(s, low, 2, 15, PQDMA_CFG_CYCLIC_MASK);
		set_channel(s, high, 3, 0, 0);
		shapes_group(s, low, &endless, 1);
		lists_loop(s->l, low);
		shapes_group(s, high, &wanted, 1);
		shapes_start(s, low, 0);
		wait_clocks(b, 200);
		begin_watch(b, s);
		shapes_start(s, high, 1);
		wait_done(b, high, 1, LISTS_CLOCKS);
		while (order.last[low] < order.last[high])
			wait_clocks(b, 1);
		bench_tap(b, NULL, NULL);
		CHECK_EQ(order.last[high] - order.first[high] + 1, order.count[high]);
		CHECK(order.first[low] < order.first[high]);
		shapes_stop(s, low);
		lists_check(s->l);
		lists_end(s->l);
	}
	CHECK(lists_moved(s->l) >= 2 * PQDMA_CHANNELS);
}

TEST(weight_inside, "a channel of a higher class that comes and goes: inside the class below, shares are as the weights", .moves = true)
{
	struct shapes *s;
	const unsigned int high = (unsigned int)b->options->seed % PQDMA_CHANNELS, other = (high + 1) % PQDMA_CHANNELS;

	if (PQDMA_CHANNELS < 3)
		test_skip(b, "there are less than three channels");
	s = shapes_new(b);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct shape shape = shapes_draw(s, ch, PQDMA_OP_FILL, (ch == high ? 2 : SHARE_STRIPS) * PQDMA_BYTES);

		set_channel(s, ch, ch == high ? 3 : 1, ch == high ? 1 : INSIDE_WEIGHT, PQDMA_CFG_CYCLIC_MASK);
		shapes_group(s, ch, &shape, 1);
		lists_loop(s->l, ch);
	}
	mem_configure(b, axi_mem_profile("ideal"));
	start_together(s, 0);
	wait_clocks(b, 500);
	begin_watch(b, s);
	wait_clocks(b, SHARE_CLOCKS);
	bench_tap(b, NULL, NULL);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		shapes_stop(s, ch);
	CHECK(order.count[high] > SHARE_CLOCKS / 100 && order.count[other] > 4 * INSIDE_WEIGHT);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (ch != high)
			CHECK(order.count[ch] - order.count[other] + 2 * INSIDE_WEIGHT <= 4 * INSIDE_WEIGHT);
	lists_check(s->l);
	lists_end(s->l);
}
