// SPDX-License-Identifier: MIT
/*
 * Compact descriptors: half the size, on 32-byte boundaries, the status word over word 0. Everything a list can do is done with them again:
 * groups, appends, loops, errors.
 */
#include "shapes.h"

#define MIXED 40
#define FIRST (PQDMA_DESCS < 12 ? PQDMA_DESCS + 2 : 12)	/* descriptors before an append: more than the first clocks can fetch */
#define APPENDED 2
#define LINK_BYTES 8
#define AFTER 20		/* appends after the first that had to read the link again */
#define LAPS 5
#define COPIES 4
#define COMPACT PQDMA_CFG_COMPACT_MASK

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct shape random_shape(struct shapes *s, unsigned int ch, bool status)
{
	static const uint8_t ops[] = { PQDMA_OP_COPY, PQDMA_OP_FILL, PQDMA_OP_COPY, PQDMA_OP_NOP, PQDMA_OP_INTERRUPT, PQDMA_OP_COPY };
	struct rng *rng = test_rng(s->l->b);
	const uint8_t op = ops[rng_below(rng, NR(ops))];
	struct shape shape = shapes_draw(s, ch, op, op < PQDMA_OP_COPY ? 0 : rng_range(rng, 1, 6 * PQDMA_BYTES));

	shape.desc.flags = (uint8_t)rng_below(rng, status ? 8 : 4);
	return shape;
}

static void put_group(struct shapes *s, unsigned int ch, unsigned int nr)
{
	struct shape shapes[MIXED];

	for (unsigned int i = 0; i < nr; i++)
		shapes[i] = random_shape(s, ch, true);
	shapes_group(s, ch, shapes, nr);
}

static void put_random(struct shapes *s, unsigned int ch, unsigned int nr)
{
	struct shape shapes[MIXED];

	for (unsigned int i = 0; i < nr; i++)
		shapes[i] = random_shape(s, ch, true);
	shapes_scatter(s, ch, shapes, nr);
}

TEST(compact_mixed, "lists of compact and of full descriptors on all channels at once", .moves = true)
{
	struct shapes *s = shapes_new(b);
	unsigned int nr = 0;

	for (unsigned int round = 0; round < 4; round++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++, nr += MIXED) {
			shapes_cfg(s, ch, (ch + round) % 2 ? COMPACT : 0);
			put_random(s, ch, MIXED);
		}
		shapes_run(s);
	}
	CHECK_EQ(lists_moved(s->l) + s->l->completed[PQDMA_OP_NOP] + s->l->completed[PQDMA_OP_INTERRUPT], nr);
}

static unsigned int beats_of(unsigned int bytes)
{
	return (bytes + PQDMA_BYTES - 1) / PQDMA_BYTES;
}

/*
 * Two groups of nops, so many in each; every descriptor is fetched once, with as few beats as it needs. The link of the first group
 * is read ahead if that has three, else with its last one.
 */
static void run_groups(struct shapes *s, unsigned int first, unsigned int second)
{
	struct bench *b = s->l->b;
	const unsigned int inner = beats_of(PQDMA_DESC_LINK_OFFSET), ahead = first > 2;
	const unsigned int link = ahead ? beats_of(LINK_BYTES) : beats_of(SHAPES_COMPACT_SIZE) - inner;
	const unsigned int ch = first % PQDMA_CHANNELS;
	const struct axi_mem_stats was = *mem_stats(b);
	struct shape shapes[PQDMA_HEAD_COUNT_COUNT_MASK] = { 0 };

	shapes_cfg(s, ch, COMPACT);
	for (unsigned int i = 0; i < NR(shapes); i++)
		shapes[i] = shapes_draw(s, ch, PQDMA_OP_NOP, 0);
	shapes_group(s, ch, shapes, first);
	shapes_group(s, ch, shapes, second);
	shapes_run(s);
	CHECK_EQ(mem_stats(b)->fetch_bursts - was.fetch_bursts, first + second + ahead);
	CHECK_EQ(mem_stats(b)->fetch_beats - was.fetch_beats, (uint64_t)inner * (first + second) + link);
}

TEST(compact_groups, "links of 1 to 31, a first group of up to 63: every descriptor is fetched once")
{
	struct shapes *s = shapes_new(b);
	uint64_t nr = 0;

	for (unsigned int second = 1; second <= SHAPES_COMPACT_GROUP; second++) {
		const unsigned int first = second == SHAPES_COMPACT_GROUP ? PQDMA_HEAD_COUNT_COUNT_MASK : 2 * second - 1;

		run_groups(s, first, second);
		nr += first + second;
	}
	CHECK_EQ(s->l->completed[PQDMA_OP_NOP], nr);
}

TEST(compact_status, "the status word replaces word 0, and words 1 to 3 stay", .moves = true)
{
	static const uint8_t ops[] = { PQDMA_OP_NOP, PQDMA_OP_INTERRUPT, PQDMA_OP_COPY, PQDMA_OP_FILL };
	struct shapes *s = shapes_new(b);
	unsigned int checked = 0;

	for (unsigned int i = 0; i < 8 * NR(ops); i++) {
		const unsigned int ch = i % PQDMA_CHANNELS;
		const uint8_t op = ops[i / 8];
		const uint32_t length = op < PQDMA_OP_COPY ? 0 : i % 8 ? 1 + i : PQDMA_BYTES;
		struct shape shape = shapes_draw(s, ch, op, length);
		uint64_t before[3], at, word;

		shapes_cfg(s, ch, COMPACT);
		shape.desc.flags = (uint8_t)(i % 8);
		at = shapes_group(s, ch, &shape, 1);
		word = ram_get64(b, at);
		memcpy(before, bench_ram(b, at + 8), sizeof(before));
		shapes_start_all(s);
		lists_wait(s->l);
		if (shape.desc.flags & PQDMA_FLAG_WB)
			word = PQDMA_DSTS_DONE_MASK | (uint64_t)shape.desc.tag << PQDMA_DSTS_TAG_SHIFT | length;
		CHECK_EQ(ram_get64(b, at), word);
		CHECK(!memcmp(before, bench_ram(b, at + 8), sizeof(before)));
		lists_check(s->l);
		lists_end(s->l);
		checked++;
	}
	CHECK_EQ(checked, 8 * NR(ops));
}

TEST(compact_loop, "rings of compact descriptors without WB run lap by lap", .moves = true)
{
	struct shapes *s = shapes_new(b);
	unsigned int runs = 0;

	for (unsigned int n = 1; n <= 7; n++) {
		const unsigned int ch = n % PQDMA_CHANNELS;
		struct shape shapes[7];

		shapes_cfg(s, ch, COMPACT);
		for (unsigned int i = 0; i < n; i++)
			shapes[i] = random_shape(s, ch, false);
		shapes_scatter(s, ch, shapes, n);
		lists_loop(s->l, ch);
		shapes_start(s, ch, LAPS * n);
		lists_wait(s->l);
		lists_check(s->l);
		lists_end(s->l);
		runs += LAPS * n;
	}
	CHECK_EQ(lists_moved(s->l) + s->l->completed[PQDMA_OP_NOP] + s->l->completed[PQDMA_OP_INTERRUPT], runs);
}

TEST(compact_head, "HEAD with each of the 5 low bits is BAD_ALIGN whatever the count, with count 0 BAD_LINK", .moves = true)
{
	struct shapes *s = shapes_new(b);

	for (unsigned int bit = 0; bit <= 5; bit++) {
		const unsigned int ch = bit % PQDMA_CHANNELS;
		const uint64_t at = s->l->area[ch] + (1u << bit);
		const uint32_t cause = bit < 5 ? PQDMA_ERR_BAD_ALIGN : PQDMA_ERR_BAD_LINK;
		struct shape shape = random_shape(s, ch, true);

		shapes_cfg(s, ch, COMPACT);
		shapes_group(s, ch, &shape, 1);
		s->l->list[ch].head = at;
		s->l->list[ch].head_count = bit < 5 ? bit % 2 : 0;
		shapes_start(s, ch, 1);
		lists_check_failed(s->l, ch, cause, at, at);
		lists_end(s->l);
		put_random(s, ch, 4);
		shapes_run(s);
	}
	CHECK_EQ(s->l->failed, 6);
}

TEST(compact_odd, "HEAD and links in the middle of 64 bytes: bit 5 belongs to the address", .moves = true)
{
	struct shapes *s = shapes_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct shape shapes[] = { shapes_draw(s, ch, PQDMA_OP_COPY, 40), shapes_draw(s, ch, PQDMA_OP_COPY, 40) };
		struct list *list = &s->l->list[ch];
		uint64_t at;

		shapes_cfg(s, ch, COMPACT);
		at = shapes_group(s, ch, shapes, 2);
		list->head = list->at[0] = at % PQDMA_DESC_SIZE ? at : at + SHAPES_COMPACT_SIZE;
		list->head_count = list->nr = 1;
		lists_loop(s->l, ch);
		shapes_start(s, ch, LAPS);
		lists_wait(s->l);
		lists_check(s->l);
		lists_end(s->l);
	}
	CHECK_EQ(lists_moved(s->l), LAPS * PQDMA_CHANNELS);
}

static void refuse(struct shapes *s, const struct desc *desc, uint32_t cause)
{
	struct bench *b = s->l->b;
	struct rng *rng = test_rng(b);
	const unsigned int ch = rng_below(rng, PQDMA_CHANNELS);
	struct shape shapes[2] = { shapes_draw(s, ch, PQDMA_OP_NOP, 0), { .desc = *desc } };
	uint64_t at, word;

	shapes_cfg(s, ch, COMPACT);
	at = shapes_group(s, ch, shapes, 2) + SHAPES_COMPACT_SIZE;
	word = ram_get64(b, at);
	shapes_start(s, ch, 2);
	lists_check_failed(s->l, ch, cause, at, at);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), 1);
	if (desc->flags & PQDMA_FLAG_WB)
		word = PQDMA_DSTS_DONE_MASK | (uint64_t)cause << PQDMA_DSTS_CODE_SHIFT | (uint64_t)desc->tag << PQDMA_DSTS_TAG_SHIFT;
	CHECK_EQ(ram_get64(b, at), word);
	lists_end(s->l);
}

TEST(compact_refused, "operations above fill, each flag beyond the three, wrong lengths; the status word says so in word 0")
{
	static const uint8_t high[] = { 0x10, 0x20, 0x40, 0x80, 0xff };
	static const uint8_t ops[] = { PQDMA_OP_NOP, PQDMA_OP_INTERRUPT, PQDMA_OP_COPY, PQDMA_OP_FILL };
	struct shapes *s = shapes_new(b);
	unsigned int nr = 0;

	for (uint8_t op = PQDMA_OP_XOR; op < 16; op++, nr++)
		refuse(s, &(struct desc){ .op = op, .flags = op % 8, .tag = op, .length = 64, .src = s->l->src }, PQDMA_ERR_BAD_OP);
	for (unsigned int i = 0; i < NR(high); i++, nr++)
		refuse(s, &(struct desc){ .op = high[i], .flags = PQDMA_FLAG_WB }, PQDMA_ERR_BAD_OP);
	for (unsigned int i = 0; i < NR(ops); i++) {
		const uint32_t legal = ops[i] < PQDMA_OP_COPY ? 0 : 5;

		for (unsigned int bit = 3; bit < 8; bit++, nr++)
			refuse(s, &(struct desc){ .op = ops[i], .flags = (uint8_t)(1u << bit | bit), .length = legal, .src = s->l->src },
			       PQDMA_ERR_BAD_FLAGS);
		refuse(s, &(struct desc){ .op = ops[i], .flags = PQDMA_FLAG_WB, .tag = 7, .length = 5 - legal }, PQDMA_ERR_BAD_LENGTH);
		nr++;
	}
	CHECK_EQ(s->l->failed, nr);
	CHECK_EQ(mem_stats(b)->read_bursts, 0);
}

/* As tail_append, with a trap that would fail. */
static uint64_t append_after(struct shapes *s, unsigned int ch, uint64_t trap, uint64_t delay)
{
	struct bench *b = s->l->b;
	const uint64_t fetched = mem_stats(b)->fetch_bursts;

	put_group(s, ch, FIRST);
	lists_link(s->l, ch, trap, delay % 2);
	shapes_start(s, ch, FIRST);
	if (delay)
		wait_clocks(b, delay);
	put_group(s, ch, APPENDED);
	lists_ring(s->l, ch, FIRST + APPENDED);
	lists_wait(s->l);
	lists_check(s->l);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), FIRST + APPENDED);
	lists_end(s->l);
	return mem_stats(b)->fetch_bursts - fetched - (FIRST + APPENDED);
}

TEST(compact_append, "an append in every clock from the start to beyond the end: none is lost, no stale link is used", .moves = true,
     .max_clocks = 600000)
{
	static const unsigned int latencies[] = { 1, 3, 11, 30 };
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct shapes *s = shapes_new(b);
	uint64_t trap = ram_alloc(b, PQDMA_DESC_SIZE), again[2] = { 0 }, clocks;

	config.read_latency = latencies[b->options->seed % NR(latencies)];
	mem_configure(b, &config);
	ram_put64(b, trap, 0xff);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		shapes_cfg(s, ch, COMPACT);
	put_random(s, 0, FIRST);
	clocks = b->hw.clock;
	shapes_run(s);
	clocks = b->hw.clock - clocks;
	for (uint64_t delay = 0; delay < clocks || again[1] < AFTER; delay += lists_step(clocks)) {
		uint64_t times = append_after(s, delay % PQDMA_CHANNELS, trap, delay);

		CHECK(times <= 1);
		again[times]++;
	}
	CHECK(again[0] && again[1]);
}

/* Copies with status, each on bus words of its own. */
static uint64_t put_copies(struct shapes *s, unsigned int ch, struct shape *shapes)
{
	shapes_cfg(s, ch, COMPACT);
	for (unsigned int i = 0; i < COPIES; i++) {
		s->l->list[ch].dst += PQDMA_BYTES;
		shapes[i] = shapes_draw(s, ch, PQDMA_OP_COPY, 2 * PQDMA_BYTES);
		shapes[i].desc.flags = PQDMA_FLAG_WB;
	}
	return shapes_group(s, ch, shapes, COPIES);
}

static uint64_t word_of(uint64_t addr)
{
	return addr & ~(uint64_t)(PQDMA_BYTES - 1);
}

TEST(compact_fetch_error, "an error in each beat of each descriptor; on a wide bus two of them share one", .moves = true)
{
	const unsigned int beats = beats_of(PQDMA_DESC_LINK_OFFSET);		/* no link is read here */
	struct shapes *s = shapes_new(b);
	struct shape shapes[COPIES];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < COPIES * beats; i++, nr++) {
		const unsigned int ch = nr % PQDMA_CHANNELS, at = i / beats * SHAPES_COMPACT_SIZE + i % beats * PQDMA_BYTES;
		const uint64_t list = put_copies(s, ch, shapes), beat = word_of(list + at);
		const uint64_t desc = beat < list ? list : beat & ~(uint64_t)(SHAPES_COMPACT_SIZE - 1);

		mem_fault(b, &(struct axi_mem_fault){ .kinds = AXI_MEM_FETCH, .first = beat, .last = beat + PQDMA_BYTES - 1,
						      .resp = AXI_SLVERR + nr % 2 });
		shapes_start(s, ch, COPIES);
		lists_check_failed(s->l, ch, PQDMA_ERR_FETCH_SLVERR + nr % 2, desc, desc);
		mem_clear_faults(b);
		lists_end(s->l);
	}
	CHECK_EQ(s->l->failed, nr);
}

TEST(compact_status_error, "an error of each status word: its address is that of the descriptor, on a wide bus of the first in its word",
     .moves = true)
{
	struct shapes *s = shapes_new(b);
	struct shape shapes[COPIES];

	for (unsigned int i = 0; i < COPIES; i++) {
		const unsigned int ch = i % PQDMA_CHANNELS;
		const uint64_t list = put_copies(s, ch, shapes), word = word_of(list + i * SHAPES_COMPACT_SIZE);
		const uint64_t desc = word < list ? list : word;

		mem_fault(b, &(struct axi_mem_fault){ .kinds = AXI_MEM_WRITE | AXI_MEM_STATUS, .first = word,
						      .last = word + PQDMA_BYTES - 1, .resp = AXI_SLVERR + i % 2 });
		shapes_start(s, ch, COPIES);
		lists_check_failed(s->l, ch, PQDMA_ERR_STATUS_SLVERR + i % 2, desc, desc);
		mem_clear_faults(b);
		lists_end(s->l);
	}
	CHECK_EQ(s->l->failed, COPIES);
}

TEST(compact_link, "a link with count 0 that is needed is BAD_LINK, also where the full form would read a count", .moves = true)
{
	struct shapes *s = shapes_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const uint64_t next = s->l->area[ch] + 3 * SHAPES_COMPACT_SIZE;

		shapes_cfg(s, ch, COMPACT);
		put_random(s, ch, FIRST);
		lists_link(s->l, ch, next, 0);
		shapes_start(s, ch, FIRST + 1);
		lists_check_failed(s->l, ch, PQDMA_ERR_BAD_LINK, next, next);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), FIRST);
		lists_end(s->l);
	}
	CHECK_EQ(s->l->failed, PQDMA_CHANNELS);
}
