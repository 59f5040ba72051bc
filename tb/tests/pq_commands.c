// SPDX-License-Identifier: MIT
/*
 * STOP, PAUSE and ABORT in every clock of a list of sums: pq, a validation, xor, matrix; tables are read ahead, strips are written
 * twice. What has begun is finished or dropped as for a copy; what is written is P and Q byte by byte, worked out here.
 */
#include <isa-l/erasure_code.h>
#include "sums.h"

#define DESCS 4
#define SMALL_BURST 1
#define SOURCES 3
#define LENGTH (5 * PQDMA_BYTES)
#define QUIET 60
#define GOOD_STEP 8		/* after so many aborts a list that is to work */

static const uint8_t ops[DESCS] = {
	PQDMA_WITH_PQ ? PQDMA_OP_PQ : PQDMA_OP_XOR, PQDMA_OP_XOR_VAL, PQDMA_OP_XOR, PQDMA_WITH_PQ ? PQDMA_OP_MATRIX : PQDMA_OP_XOR,
};

/* The list of the channel that is commanded; @p and @q are what its destinations must hold in the end, @old_p and @old_q what they held. */
static struct job {
	struct sum sums[DESCS];
	uint8_t p[DESCS][LENGTH];
	uint8_t q[DESCS][LENGTH];
	uint8_t old_p[DESCS][LENGTH];
	uint8_t old_q[DESCS][LENGTH];
} job;

static void note_expected(struct bench *b, unsigned int n)
{
	const struct sum *sum = &job.sums[n];

	for (uint32_t at = 0; at < sum->desc.length; at++) {
		uint8_t p = 0, q = 0;

		for (unsigned int i = 0; i < sum->nr; i++) {
			const uint8_t byte = *bench_ram(b, sum->source[i].addr + at);

			p ^= sum->desc.op == PQDMA_OP_MATRIX ? gf_mul(sum->source[i].a, byte) : byte;
			q ^= gf_mul(sum->source[i].b, byte);
		}
		job.old_p[n][at] = *bench_ram(b, sum->desc.dst + at);
		job.p[n][at] = sums_validates(sum) ? job.old_p[n][at] : p;
		if (!sums_has_q(sum))
			continue;
		job.old_q[n][at] = *bench_ram(b, sum->q + at);
		job.q[n][at] = q;
	}
}

static void put_list(struct sums *s, unsigned int ch)
{
	struct rng *rng = test_rng(s->l->b);

	for (unsigned int i = 0; i < DESCS; i++) {
		job.sums[i] = sums_draw(s, ch, ops[i], SOURCES, rng_range(rng, 1, LENGTH));
		job.sums[i].desc.flags = (uint8_t)rng_below(rng, 8);
		note_expected(s->l->b, i);
	}
	lists_burst(s->l, ch, SMALL_BURST);
	sums_scatter(s, ch, job.sums, DESCS);
}

static void begin(struct sums *s, unsigned int ch, uint64_t delay)
{
	put_list(s, ch);
	lists_start(s->l, ch, DESCS);
	if (delay)
		wait_clocks(s->l->b, delay);
}

/* How long a list takes, to its last answer. All answers take the same time. */
static uint64_t first_run(struct sums *s)
{
	static const unsigned int latencies[] = { 1, 4, 9, 20 };
	struct bench *b = s->l->b;
	struct axi_mem_config config = *axi_mem_profile("ideal");
	uint64_t clocks;

	config.read_latency = latencies[b->options->seed % 4];
	config.write_latency = latencies[b->options->seed / 4 % 4];
	mem_configure(b, &config);
	put_list(s, 0);
	clocks = b->hw.clock;
	sums_check(s);
	clocks = b->hw.clock - clocks;
	sums_end(s);
	return clocks;
}

static void run_on(struct sums *s, unsigned int ch)
{
	s->l->list[ch].goal = DESCS;
	ch_write(s->l->b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	lists_wait(s->l);
	lists_check(s->l);
	sums_end(s);
}

TEST(pq_stop, "STOP in every clock of a list of sums: exactly DONE descriptors are executed; RUN then executes the others", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	const uint64_t clocks = first_run(s);
	unsigned int seen[DESCS + 1] = { 0 };

	for (uint64_t delay = 0; delay < clocks; delay += lists_step(clocks)) {
		const unsigned int ch = delay % PQDMA_CHANNELS;
		uint32_t done;

		begin(s, ch, delay);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
		wait_idle(b, ch, LISTS_CLOCKS);
		done = ch_read(b, ch, PQDMA_CH_DONE);
		s->l->list[ch].goal = done;
		lists_check(s->l);
		CHECK_EQ(ch_state(b, ch), PQDMA_STATE_STOP);
		seen[done]++;
		run_on(s, ch);
	}
	CHECK(seen[0] && seen[1] + seen[2] + seen[3] > DESCS && seen[DESCS]);
}

static void check_range(struct bench *b, uint64_t addr, const uint8_t *old, const uint8_t *new, uint32_t done, uint32_t length)
{
	CHECK(!memcmp(bench_ram(b, addr), new, done));
	CHECK(!memcmp(bench_ram(b, addr + done), old + done, length - done));
}

/* Paused: P and Q are those of exactly BYTES bytes. */
static uint32_t check_paused(struct sums *s, unsigned int ch)
{
	struct bench *b = s->l->b;
	const uint32_t bytes = ch_read(b, ch, PQDMA_CH_BYTES);
	uint32_t left = bytes;

	CHECK_EQ(ch_read(b, ch, PQDMA_CH_STATUS), PQDMA_STATE_PAUSE);
	for (unsigned int i = 0; i < DESCS; i++) {
		const struct sum *sum = &job.sums[i];
		const uint32_t n = left < sum->desc.length ? left : sum->desc.length;

		check_range(b, sum->desc.dst, job.old_p[i], job.p[i], n, sum->desc.length);
		if (sums_has_q(sum))
			check_range(b, sum->q, job.old_q[i], job.q[i], n, sum->desc.length);
		left -= n;
	}
	CHECK_EQ(left, 0);
	return bytes;
}

TEST(pq_pause, "PAUSE in every clock of a list of sums: P and Q are those of BYTES bytes, nothing moves; RUN then does the rest",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	const uint64_t clocks = first_run(s);
	unsigned int part = 0;

	for (uint64_t delay = 0; delay < clocks; delay += lists_step(clocks)) {
		const unsigned int ch = delay % PQDMA_CHANNELS;
		struct axi_mem_stats was;
		uint32_t bytes;

		begin(s, ch, delay);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_PAUSE_MASK);
		wait_idle(b, ch, LISTS_CLOCKS);
		bytes = check_paused(s, ch);
		part += bytes && ch_read(b, ch, PQDMA_CH_DONE) < DESCS;
		was = *mem_stats(b);
		wait_clocks(b, QUIET);
		CHECK(!memcmp(&was, mem_stats(b), sizeof(was)));
		CHECK_EQ(check_paused(s, ch), bytes);
		run_on(s, ch);
	}
	CHECK(part > DESCS);
}

TEST(pq_abort, "ABORT in every clock of a list of sums: IDLE with an empty bus, nothing after it, and a new list works", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	const uint64_t clocks = first_run(s);
	unsigned int aborts = 0, early = 0;

	for (uint64_t delay = 0; delay < clocks; delay += lists_step(clocks), aborts++) {
		const unsigned int ch = delay % PQDMA_CHANNELS;
		struct axi_mem_stats was;

		begin(s, ch, delay);
		early += ch_read(b, ch, PQDMA_CH_DONE) < DESCS;
		lists_break(s->l, ch);
		CHECK(axi_mem_idle(&b->mem));
		was = *mem_stats(b);
		wait_clocks(b, QUIET);
		CHECK(!memcmp(&was, mem_stats(b), sizeof(was)));
		lists_check(s->l);
		sums_end(s);
		if (aborts % GOOD_STEP)
			continue;
		put_list(s, ch);
		sums_run(s);
	}
	CHECK(early && early < aborts);
	CHECK(s->completed[PQDMA_OP_XOR] >= aborts / GOOD_STEP);
}
