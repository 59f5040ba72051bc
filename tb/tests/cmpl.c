// SPDX-License-Identifier: MIT
/*
 * The completion word: after every completion and every error memory says so, the last event is never left out, and a word that
 * memory refuses is an error like any other.
 */
#include "cover/axes.h"
#include "shapes.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define STEPS 24
#define STREAM 120
#define SWEEP 40		/* longest list of the sweep of lengths */
#define POLLED 40
#define DESCS 6
#define ABORT_LAST 160
#define QUIET 60
#define STATE_SHIFT 32

static uint64_t word_of(unsigned int state, uint32_t done)
{
	return (uint64_t)state << STATE_SHIFT | done;
}

/* A place for the completion word of each channel, all in different bus words. */
static uint64_t place(struct shapes *s, unsigned int ch)
{
	if (!s->cmpl[ch])
		shapes_cmpl(s, ch, ram_alloc(s->l->b, 64) + 8 * (ch % 8));
	return s->cmpl[ch];
}

static struct shape random_shape(struct shapes *s, unsigned int ch)
{
	static const uint8_t ops[] = { PQDMA_OP_COPY, PQDMA_OP_FILL, PQDMA_OP_NOP, PQDMA_OP_INTERRUPT, PQDMA_OP_COPY };
	struct rng *rng = test_rng(s->l->b);
	const uint8_t op = ops[rng_below(rng, NR(ops))];
	struct shape shape = shapes_draw(s, ch, op, op == PQDMA_OP_COPY || op == PQDMA_OP_FILL ? rng_range(rng, 1, 5 * PQDMA_BYTES) : 0);

	shape.desc.flags = (uint8_t)rng_below(rng, 8);
	return shape;
}

static void put_list(struct shapes *s, unsigned int ch, unsigned int nr)
{
	struct shape shapes[STREAM];

	for (unsigned int i = 0; i < nr; i++)
		shapes[i] = random_shape(s, ch);
	shapes_scatter(s, ch, shapes, nr);
}

/* In IDLE there is none. */
static bool word_legal(const unsigned int *at)
{
	return at[0] != PQDMA_STATE_IDLE;
}

COVER(cmpl_states, COVER_WORD, "completion word written in each state", .axes = { &cover_state }, .legal = word_legal)

TEST(cmpl_each, "completions one at a time: after each the word says DONE and RUN", .moves = true)
{
	struct shapes *s = shapes_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const uint64_t at = place(s, ch);

		for (uint32_t i = 1; i <= STEPS; i++) {
			put_list(s, ch, 1);
			if (i == 1)
				shapes_start(s, ch, 1);
			else
				lists_ring(s->l, ch, i);
			lists_wait(s->l);
			CHECK_EQ(ram_get64(b, at), word_of(PQDMA_STATE_RUN, i));
		}
		lists_check(s->l);
		lists_end(s->l);
		CHECK_EQ(ram_get64(b, at), word_of(PQDMA_STATE_RUN, STEPS));
	}
}

TEST(cmpl_places, "every place in 64 bytes; the low three bits of the address are ignored and read 0", .moves = true)
{
	struct shapes *s = shapes_new(b);
	const uint64_t room = ram_alloc(b, 64);

	for (unsigned int i = 0; i < 8; i++) {
		const unsigned int ch = i % PQDMA_CHANNELS;

		shapes_cmpl(s, ch, room + 8 * i + i);
		CHECK_EQ(ch_read64(b, ch, PQDMA_CH_CMPL_LO), room + 8 * i);
		s->cmpl[ch] = room + 8 * i;
		put_list(s, ch, 3);
		shapes_run(s);
		CHECK_EQ(ram_get64(b, room + 8 * i), word_of(PQDMA_STATE_RUN, 3));
	}
	CHECK_EQ(s->l->checks, 8);
}

/* What the tap has seen of a channel's word. */
struct words {
	uint64_t at;
	uint64_t last;
	uint64_t changes;
	bool back;
};

static void watch_word(struct bench *b, void *arg)
{
	struct words *words = arg;
	uint64_t now;

	memcpy(&now, b->hw.ram + (words->at - b->hw.ram_bus), sizeof(now));
	words->changes += now != words->last;
	words->back |= now < words->last;
	words->last = now;
}

TEST(cmpl_stream, "a fast list on every channel: the word never goes back, changes on the way, and says all in the end", .moves = true)
{
	struct shapes *s = shapes_new(b);
	struct words words = { .at = place(s, 0) };

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		ram_put64(b, place(s, ch), 0);
		put_list(s, ch, STREAM);
	}
	bench_tap(b, watch_word, &words);
	shapes_start_all(s);
	lists_wait(s->l);
	bench_tap(b, NULL, NULL);
	CHECK(!words.back && words.changes > 2 && words.changes <= STREAM);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		CHECK_EQ(ram_get64(b, place(s, ch)), word_of(PQDMA_STATE_RUN, STREAM));
	lists_check(s->l);
	lists_end(s->l);
}

TEST(cmpl_last, "lists of every length and memories of every latency: when BUSY is 0 the last completion is in memory", .moves = true)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct shapes *s = shapes_new(b);
	uint64_t shared = 0;

	for (unsigned int nr = 1; nr <= SWEEP; nr++) {
		const unsigned int ch = nr % PQDMA_CHANNELS;
		struct shape shapes[SWEEP];
		const uint64_t writes = mem_stats(b)->write_bursts;

		config.write_latency = 1 + (nr * 7 + (unsigned int)b->options->seed * 3) % 29;
		mem_configure(b, &config);
		place(s, ch);
		for (unsigned int i = 0; i < nr; i++)
			shapes[i] = shapes_draw(s, ch, i % 2 ? PQDMA_OP_NOP : PQDMA_OP_INTERRUPT, 0);
		shapes_scatter(s, ch, shapes, nr);
		shapes_start_all(s);
		wait_done(b, ch, nr, LISTS_CLOCKS);
		wait_idle(b, ch, LISTS_CLOCKS);
		CHECK_EQ(ram_get64(b, place(s, ch)), word_of(PQDMA_STATE_RUN, nr));
		CHECK(mem_stats(b)->write_bursts - writes <= nr);
		shared += nr - (mem_stats(b)->write_bursts - writes);
		lists_check(s->l);
		lists_end(s->l);
	}
	CHECK(shared || PQDMA_STRIPS < 8);	/* few strips: completions come too slowly to share a word */
}

TEST(cmpl_poll, "software that looks at memory alone: what the word counts is there", .moves = true)
{
	struct shapes *s = shapes_new(b);
	struct shape shapes[POLLED];
	const uint64_t at = place(s, 0), until = b->hw.clock + LISTS_CLOCKS;
	uint32_t seen = 0;

	for (unsigned int i = 0; i < POLLED; i++)
		shapes[i] = shapes_draw(s, 0, PQDMA_OP_COPY, 1 + i % 50);
	ram_put64(b, at, 0);
	shapes_scatter(s, 0, shapes, POLLED);
	shapes_start_all(s);
	for (; seen < POLLED; wait_clocks(b, 1)) {
		const uint32_t done = (uint32_t)ram_get64(b, at);

		CHECK(b->hw.clock < until && done <= POLLED);
		for (; seen < done; seen++)
			CHECK(!memcmp(bench_ram(b, shapes[seen].desc.src), bench_ram(b, shapes[seen].desc.dst), shapes[seen].desc.length));
	}
	lists_wait(s->l);
	lists_check(s->l);
	lists_end(s->l);
}

TEST(cmpl_none, "address 0 writes nothing; after it was set and cleared neither", .moves = true)
{
	struct shapes *s = shapes_new(b);
	const uint64_t room = ram_alloc(b, 64);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (unsigned int round = 0; round < 3; round++) {
			struct shape shapes[DESCS];
			const uint64_t writes = mem_stats(b)->write_bursts;

			shapes_cmpl(s, ch, round == 1 ? room : 0);
			for (unsigned int i = 0; i < DESCS; i++)
				shapes[i] = shapes_draw(s, ch, PQDMA_OP_NOP, 0);
			shapes_group(s, ch, shapes, DESCS);
			shapes_run(s);
			CHECK(round == 1 ? mem_stats(b)->write_bursts > writes : mem_stats(b)->write_bursts == writes);
		}
	CHECK_EQ(s->l->completed[PQDMA_OP_NOP], PQDMA_CHANNELS * 3 * DESCS);
}

/* ---- errors ---- */

/* What fails in the last one of three copies; without a kind it is the list that is wrong. */
static const struct {
	uint32_t cause;
	unsigned int kinds;
	uint32_t done;
} causes[] = {
	{ PQDMA_ERR_FETCH_SLVERR, AXI_MEM_FETCH, 2 },
	{ PQDMA_ERR_READ_SLVERR, AXI_MEM_READ, 2 },
	{ PQDMA_ERR_WRITE_SLVERR, AXI_MEM_WRITE | AXI_MEM_STATUS, 2 },
	{ PQDMA_ERR_STATUS_SLVERR, AXI_MEM_WRITE | AXI_MEM_STATUS, 2 },
	{ PQDMA_ERR_BAD_OP, 0, 2 },
	{ PQDMA_ERR_BAD_LINK, 0, 3 },
};

static uint64_t fault_place(uint32_t cause, const struct desc *desc, uint64_t at)
{
	switch (cause) {
	case PQDMA_ERR_READ_SLVERR:
		return desc->src;
	case PQDMA_ERR_WRITE_SLVERR:
		return desc->dst;
	case PQDMA_ERR_STATUS_SLVERR:
		return at + PQDMA_DESC_STATUS_OFFSET;
	default:
		return at;
	}
}

/* With @alone the good copies have completed and their word is written before the bad one is allowed. */
static void fail_with(struct shapes *s, unsigned int ch, unsigned int row, bool alone)
{
	struct bench *b = s->l->b;
	const uint64_t at = place(s, ch);
	struct axi_mem_fault fault = { .resp = AXI_SLVERR, .kinds = causes[row].kinds };
	struct shape shapes[3];
	uint64_t last;

	for (unsigned int i = 0; i < NR(shapes); i++) {
		s->l->list[ch].dst += PQDMA_BYTES;
		shapes[i] = shapes_draw(s, ch, PQDMA_OP_COPY, 2 * PQDMA_BYTES);
		shapes[i].desc.src = s->l->src + 4 * i * PQDMA_BYTES;
		shapes[i].desc.flags = PQDMA_FLAG_WB;
	}
	if (causes[row].cause == PQDMA_ERR_BAD_OP)
		shapes[2].desc.op = 0xff;
	last = shapes_group(s, ch, shapes, NR(shapes)) + 2 * PQDMA_DESC_SIZE;
	fault.first = fault_place(causes[row].cause, &shapes[2].desc, last) & ~(uint64_t)(PQDMA_BYTES - 1);
	fault.last = fault.first + PQDMA_BYTES - 1;
	mem_fault(b, &fault);
	shapes_start(s, ch, alone ? causes[row].done : causes[row].done + 1);
	lists_wait(s->l);
	if (alone) {
		CHECK_EQ(ram_get64(b, at), word_of(PQDMA_STATE_RUN, causes[row].done));
		lists_ring(s->l, ch, causes[row].done + 1);
		lists_wait(s->l);
	}
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), causes[row].cause);
	CHECK_EQ(ram_get64(b, at), word_of(PQDMA_STATE_FAIL, causes[row].done));
	lists_check(s->l);
	mem_clear_faults(b);
	lists_end(s->l);
}

TEST(cmpl_errors, "after an error of any kind the word says FAIL and what had completed", .moves = true)
{
	struct shapes *s = shapes_new(b);

	for (unsigned int i = 0; i < 2 * NR(causes); i++)
		fail_with(s, i % PQDMA_CHANNELS, i % NR(causes), i >= NR(causes));
	CHECK_EQ(s->l->failed, 2 * NR(causes));
}

/* RAM beyond what a failed completion word leaves open is as the oracle says; each completion that was counted is there. */
static void check_refused(struct shapes *s, unsigned int ch, const struct shape *shapes, uint32_t cause)
{
	struct bench *b = s->l->b;
	struct oracle_channel *oracle = &s->l->list[ch].oracle;
	const uint32_t done = ch_read(b, ch, PQDMA_CH_DONE);
	uint64_t where = 0;

	CHECK_EQ(ch_state(b, ch), PQDMA_STATE_FAIL);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), cause);
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_ADDR_LO), s->cmpl[ch]);
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_DESC_LO), 0);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_ERROR_MASK);
	CHECK(done >= 1 && done <= DESCS);
	oracle_run(&s->l->oracle, oracle, DESCS);
	CHECK_EQ(oracle->err_cause, cause);
	CHECK(oracle_same(&s->l->oracle, oracle, 1, b->hw.ram, &where));
	for (uint32_t i = 0; i < done; i++)
		CHECK(!memcmp(bench_ram(b, shapes[i].desc.src), bench_ram(b, shapes[i].desc.dst), shapes[i].desc.length));
}

TEST(cmpl_refused, "a completion word that is answered with an error: CMPL_SLVERR, CMPL_DECERR, outside RAM too; then all is well again",
     .moves = true)
{
	struct shapes *s = shapes_new(b);

	for (unsigned int i = 0; i < 3 * PQDMA_CHANNELS; i++) {
		const unsigned int ch = i % PQDMA_CHANNELS, kind = i / PQDMA_CHANNELS;
		const uint64_t at = place(s, ch);
		struct shape shapes[DESCS];

		for (unsigned int k = 0; k < DESCS; k++)
			shapes[k] = shapes_draw(s, ch, PQDMA_OP_COPY, 3 * PQDMA_BYTES);
		if (kind == 2)
			shapes_cmpl(s, ch, BENCH_RAM_BUS + BENCH_RAM_SIZE + 8 * ch);
		else
			mem_fault(b, &(struct axi_mem_fault){ .kinds = AXI_MEM_WRITE | AXI_MEM_STATUS, .first = at, .last = at + 7,
							      .resp = AXI_SLVERR + kind });
		shapes_scatter(s, ch, shapes, DESCS);
		shapes_start(s, ch, DESCS);
		lists_wait(s->l);
		check_refused(s, ch, shapes, kind ? PQDMA_ERR_CMPL_DECERR : PQDMA_ERR_CMPL_SLVERR);
		mem_clear_faults(b);
		lists_end(s->l);
		shapes_cmpl(s, ch, at);
		put_list(s, ch, DESCS);
		shapes_run(s);
		CHECK_EQ(ram_get64(b, at), word_of(PQDMA_STATE_RUN, DESCS));
	}
	CHECK_EQ(s->l->checks, 3 * PQDMA_CHANNELS);
}

/* ---- ABORT ---- */

/* The clock in which the line went up for IDLE: then nothing may be on the bus. */
struct idle_watch {
	unsigned int ch;
	uint64_t edge;
	bool busy;
};

static void watch_idle(struct bench *b, void *arg)
{
	struct idle_watch *watch = arg;

	if (watch->edge || !(b->out.irq >> watch->ch & 1))
		return;
	watch->edge = b->hw.clock;
	watch->busy = !axi_mem_idle(&b->mem) || b->out.m_axi_arvalid || b->out.m_axi_awvalid || b->out.m_axi_wvalid;
}

/* ABORT so many clocks after the start. Returns what the word counts in the end. */
static uint32_t abort_after(struct shapes *s, unsigned int ch, uint64_t delay)
{
	struct bench *b = s->l->b;
	struct idle_watch watch = { .ch = ch };
	const uint64_t at = place(s, ch);
	uint64_t word, writes;
	uint32_t done;

	put_list(s, ch, DESCS);
	ram_put64(b, at, 0);
	shapes_start_all(s);
	ch_write(b, ch, PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_IDLE_MASK);
	if (delay)
		wait_clocks(b, delay);
	bench_tap(b, watch_idle, &watch);
	done = ch_read(b, ch, PQDMA_CH_DONE);
	lists_break(s->l, ch);
	bench_tap(b, NULL, NULL);
	CHECK(watch.edge && !watch.busy);
	word = ram_get64(b, at);
	writes = mem_stats(b)->write_bursts;
	CHECK((uint32_t)word >= done && (uint32_t)word <= DESCS);
	wait_clocks(b, QUIET);
	CHECK_EQ(ram_get64(b, at), word);
	CHECK_EQ(mem_stats(b)->write_bursts, writes);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_STATUS), PQDMA_STATE_IDLE);
	lists_end(s->l);
	return (uint32_t)word;
}

TEST(cmpl_abort, "ABORT in every clock: IDLE comes when the last word is in memory and not before, and nothing after it", .moves = true)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct shapes *s = shapes_new(b);
	unsigned int none = 0, some = 0, all = 0;

	config.write_latency = 1 + b->options->seed % 3 * 8;
	mem_configure(b, &config);
	for (uint64_t delay = 0; delay < ABORT_LAST || !all; delay++) {
		const uint32_t done = abort_after(s, (unsigned int)delay % PQDMA_CHANNELS, delay);

		none += !done;
		some += done && done < DESCS;
		all += done == DESCS;
	}
	CHECK(none && some && all);
	put_list(s, 0, DESCS);
	shapes_run(s);
	CHECK_EQ(s->l->checks, 1);
}
