// SPDX-License-Identifier: MIT
/*
 * PAUSE in every clock. Paused means: nothing moves any more, and memory is that of exactly BYTES bytes of the list, none more and none
 * less, which is worked out here byte by byte. Then whatever may follow: RUN, STOP, ABORT, an error that was on its way.
 */
#include "shapes.h"

#define DESCS 6
#define SMALL_BURST 1
#define QUIET 200		/* clocks in which nothing may move */
#define ROUNDS 6
#define FAULTY 2		/* the descriptor that reads what fails */

/**
 * struct job - a list and what it is to do
 * @before: destinations before it was started
 * @loud:   clocks in which anything was offered on the bus, as the tap has seen
 */
struct job {
	struct shapes *s;
	unsigned int ch;
	struct shape shapes[DESCS];
	uint8_t before[LISTS_DST_BYTES];
	uint64_t loud;
};

static struct job job;

static void watch_bus(struct bench *b, void *arg)
{
	uint64_t *loud = arg;

	*loud += b->out.m_axi_arvalid || b->out.m_axi_awvalid || b->out.m_axi_wvalid || b->in.m_axi_rvalid || b->in.m_axi_bvalid;
}

static void steady_memory(struct bench *b)
{
	static const unsigned int latencies[] = { 1, 4, 9, 20 };
	struct axi_mem_config config = *axi_mem_profile("ideal");

	config.read_latency = latencies[b->options->seed % 4];
	config.write_latency = latencies[(b->options->seed / 4 + 1) % 4];
	mem_configure(b, &config);
}

static void put_list(struct shapes *s, unsigned int ch)
{
	static const uint8_t ops[DESCS] = { PQDMA_OP_COPY, PQDMA_OP_FILL, PQDMA_OP_COPY, PQDMA_OP_FILL, PQDMA_OP_COPY, PQDMA_OP_COPY };
	struct rng *rng = test_rng(s->l->b);

	job.s = s;
	job.ch = ch;
	for (unsigned int i = 0; i < DESCS; i++) {
		job.shapes[i] = shapes_draw(s, ch, ops[i], rng_range(rng, 1, 10 * PQDMA_BYTES << SMALL_BURST));
		if (i >= DESCS / 2)
			job.shapes[i] = shapes_rows(s, ch, ops[i], rng_range(rng, 1, 4 * PQDMA_BYTES), 4, -100, 4 * PQDMA_BYTES + 9);
		job.shapes[i].desc.flags |= (uint8_t)rng_below(rng, 8);
	}
	shapes_cfg(s, ch, SMALL_BURST << PQDMA_CFG_BURST_SHIFT);
	shapes_scatter(s, ch, job.shapes, DESCS);
	memcpy(job.before, bench_ram(s->l->b, s->l->room[ch]), LISTS_DST_BYTES);
}

/* What RAM must be after so many bytes. Returns how many descriptors that are. */
static uint32_t apply(uint64_t bytes)
{
	struct bench *b = job.s->l->b;
	uint32_t done = 0;

	for (unsigned int i = 0; i < DESCS; i++) {
		const uint64_t all = shapes_bytes(&job.shapes[i]), n = bytes < all ? bytes : all;

		for (uint64_t k = 0; k < n; k++)
			job.before[shapes_dst(&job.shapes[i], k) - job.s->l->room[job.ch]] = shapes_byte(b, &job.shapes[i], k);
		bytes -= n;
		done += n == all;
	}
	CHECK_EQ(bytes, 0);
	return done;
}

/* The channel is paused: RAM, status words and DONE are those of exactly BYTES bytes, and stay so. Returns BYTES. */
static uint32_t check_paused(void)
{
	struct bench *b = job.s->l->b;
	const uint32_t bytes = ch_read(b, job.ch, PQDMA_CH_BYTES), done = apply(bytes);

	CHECK_EQ(ch_read(b, job.ch, PQDMA_CH_STATUS), PQDMA_STATE_PAUSE);
	CHECK_EQ(ch_read(b, job.ch, PQDMA_CH_DONE), done);
	CHECK(!memcmp(job.before, bench_ram(b, job.s->l->room[job.ch]), LISTS_DST_BYTES));
	for (unsigned int i = 0; i < DESCS; i++)
		CHECK_EQ(shapes_status(job.s, job.ch, i) >> PQDMA_DSTS_DONE_SHIFT,
			 i < done && (job.shapes[i].desc.flags & PQDMA_FLAG_WB) ? 1 : 0);
	return bytes;
}

static void pause_now(unsigned int ch)
{
	struct bench *b = job.s->l->b;

	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_PAUSE_MASK);
	wait_idle(b, ch, LISTS_CLOCKS);
}

static void run_on(unsigned int ch)
{
	struct bench *b = job.s->l->b;

	job.s->l->list[ch].goal = job.s->l->list[ch].nr;
	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	lists_wait(job.s->l);
	lists_check(job.s->l);
	lists_end(job.s->l);
}

static uint64_t list_bytes(void)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < DESCS; i++)
		bytes += shapes_bytes(&job.shapes[i]);
	return bytes;
}

/* Start a list and let so many clocks pass. */
static void begin(struct shapes *s, unsigned int ch, uint64_t delay)
{
	put_list(s, ch);
	shapes_start(s, ch, DESCS);
	if (delay)
		wait_clocks(s->l->b, delay);
}

/* How long a list takes, and the step through its clocks. */
static uint64_t first_run(struct shapes *s, uint64_t *step)
{
	uint64_t clocks = s->l->b->hw.clock;

	put_list(s, 0);
	shapes_run(s);
	clocks = s->l->b->hw.clock - clocks;
	*step = lists_step(clocks);
	return clocks;
}

TEST(pause_sweep, "PAUSE in every clock of a list: memory is that of BYTES bytes, nothing moves; RUN then does the rest", .moves = true,
     .max_clocks = 600000)
{
	struct shapes *s = shapes_new(b);
	unsigned int seen[3] = { 0 }, runs = 1;
	uint64_t step, bytes;

	steady_memory(b);
	first_run(s, &step);
	for (uint64_t delay = 0; !seen[2]; delay += step, runs++) {
		const unsigned int ch = runs % PQDMA_CHANNELS;

		begin(s, ch, delay);
		pause_now(ch);
		bytes = check_paused();
		job.loud = 0;
		bench_tap(b, watch_bus, &job.loud);
		wait_clocks(b, QUIET);
		bench_tap(b, NULL, NULL);
		CHECK_EQ(job.loud, 0);
		CHECK_EQ(check_paused(), bytes);
		seen[!bytes ? 0 : bytes < list_bytes() ? 1 : 2]++;
		run_on(ch);
	}
	CHECK(seen[0] && seen[1] > 5);
	CHECK_EQ(lists_moved(s->l), runs * DESCS);
}

TEST(pause_steps, "PAUSE and RUN again and again: BYTES is exact every time, and nothing is lost or done twice", .moves = true)
{
	struct shapes *s = shapes_new(b);
	struct rng *rng = test_rng(b);
	unsigned int pauses = 0, moved = 0;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		const unsigned int ch = rng_below(rng, PQDMA_CHANNELS);
		uint32_t bytes = 0, now;

		begin(s, ch, 0);
		for (; bytes < list_bytes(); moved += now > bytes, bytes = now, pauses++) {
			wait_clocks(b, rng_range(rng, 1, 12));
			pause_now(ch);
			now = check_paused();
			CHECK(now >= bytes);
			ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		}
		run_on(ch);
	}
	CHECK(pauses > 2 * ROUNDS && moved > ROUNDS);
	CHECK_EQ(lists_moved(s->l), ROUNDS * DESCS);
}

TEST(pause_hurry, "PAUSE, RUN and STOP at any moment without waiting, on all channels at once, lose nothing", .moves = true)
{
	static const uint32_t commands[] = { PQDMA_CTRL_PAUSE_MASK, PQDMA_CTRL_RUN_MASK, PQDMA_CTRL_STOP_MASK, PQDMA_CTRL_RUN_MASK };
	struct shapes *s = shapes_new(b);
	struct rng *rng = test_rng(b);

	for (unsigned int i = 0; i < ROUNDS; i++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			put_list(s, ch);
		shapes_start_all(s);
		for (unsigned int k = 0; k < 15 * PQDMA_CHANNELS; k++)
			ch_write(b, rng_below(rng, PQDMA_CHANNELS), PQDMA_CH_CTRL, commands[rng_below(rng, 4)]);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		lists_wait(s->l);
		lists_check(s->l);
		lists_end(s->l);
	}
	CHECK_EQ(lists_moved(s->l), ROUNDS * PQDMA_CHANNELS * DESCS);
}

TEST(pause_stop, "PAUSE and then STOP, in every clock: the descriptor that has begun is finished, no other begins", .moves = true,
     .max_clocks = 600000)
{
	struct shapes *s = shapes_new(b);
	uint64_t step, clocks;
	unsigned int part = 0, runs = 1;

	steady_memory(b);
	clocks = first_run(s, &step);
	for (uint64_t delay = 0; delay < clocks; delay += step, runs++) {
		const unsigned int ch = runs % PQDMA_CHANNELS;
		uint32_t bytes, done;

		begin(s, ch, delay);
		pause_now(ch);
		bytes = check_paused();
		done = ch_read(b, ch, PQDMA_CH_DONE);
		shapes_stop(s, ch);
		lists_check(s->l);
		CHECK_EQ(ch_state(b, ch), PQDMA_STATE_STOP);
		CHECK(ch_read(b, ch, PQDMA_CH_DONE) <= done + 1);
		part += ch_read(b, ch, PQDMA_CH_BYTES) > bytes;
		run_on(ch);
	}
	CHECK(part);
	CHECK_EQ(lists_moved(s->l), runs * DESCS);
}

TEST(pause_abort, "PAUSE and then ABORT, in every clock, at once and after all is quiet: IDLE, and the channel works again", .moves = true,
     .max_clocks = 600000)
{
	struct shapes *s = shapes_new(b);
	uint64_t step, clocks;
	unsigned int runs = 1;

	steady_memory(b);
	clocks = first_run(s, &step);
	for (uint64_t delay = 0; delay < clocks; delay += step, runs++) {
		const unsigned int ch = runs % PQDMA_CHANNELS;

		begin(s, ch, delay);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_PAUSE_MASK);
		if (runs % 2)
			wait_idle(b, ch, LISTS_CLOCKS);
		lists_break(s->l, ch);
		lists_check(s->l);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_STATUS), 0);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), 0);
		lists_end(s->l);
	}
	put_list(s, 0);
	shapes_run(s);
	CHECK_EQ(lists_moved(s->l), 2 * DESCS);
}

/* As begin(), and a beat in the middle of one source fails. */
static void begin_faulty(struct shapes *s, unsigned int ch, uint64_t delay)
{
	struct bench *b = s->l->b;
	const struct shape *faulty = &job.shapes[FAULTY];
	uint64_t beat;

	put_list(s, ch);
	beat = shapes_src(faulty, shapes_bytes(faulty) / 2) & ~(uint64_t)(PQDMA_BYTES - 1);
	mem_fault(b, &(struct axi_mem_fault){ .kinds = AXI_MEM_READ, .first = beat, .last = beat + PQDMA_BYTES - 1, .resp = AXI_SLVERR });
	shapes_start(s, ch, DESCS);
	if (delay)
		wait_clocks(b, delay);
}

TEST(pause_error, "an error that comes while a channel pauses, and one that waits until it runs again, in every clock", .moves = true,
     .max_clocks = 600000)
{
	struct shapes *s = shapes_new(b);
	unsigned int failed[2] = { 0 }, runs = 1;
	uint64_t step, clocks;

	steady_memory(b);
	clocks = first_run(s, &step);
	for (uint64_t delay = 0; delay < clocks; delay += step, runs++) {
		const unsigned int ch = runs % PQDMA_CHANNELS;

		begin_faulty(s, ch, delay);
		pause_now(ch);
		failed[ch_state(b, ch) == PQDMA_STATE_FAIL]++;
		if (ch_state(b, ch) == PQDMA_STATE_PAUSE)
			check_paused();
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		lists_wait(s->l);
		CHECK_EQ(ch_state(b, ch), PQDMA_STATE_FAIL);
		lists_check(s->l);
		CHECK_EQ(s->l->list[ch].oracle.err_cause, PQDMA_ERR_READ_SLVERR);
		mem_clear_faults(b);
		lists_end(s->l);
	}
	CHECK(failed[0] && failed[1]);
	CHECK_EQ(s->l->failed, runs - 1);
}

TEST(pause_others, "one channel is paused; the others run to the end meanwhile", .moves = true)
{
	struct shapes *s = shapes_new(b);
	unsigned int part = 0;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		const unsigned int ch = i % PQDMA_CHANNELS;
		uint32_t bytes;

		for (unsigned int other = 1; other <= PQDMA_CHANNELS; other++)
			put_list(s, (ch + other) % PQDMA_CHANNELS);	/* the last one is the job */
		shapes_start_all(s);
		pause_now(ch);
		bytes = check_paused();
		part += bytes < list_bytes();
		for (unsigned int other = 0; other < PQDMA_CHANNELS; other++)
			if (other != ch)
				wait_done(b, other, DESCS, LISTS_CLOCKS);
		CHECK_EQ(check_paused(), bytes);
		run_on(ch);
	}
	CHECK(part);
	CHECK_EQ(lists_moved(s->l), ROUNDS * PQDMA_CHANNELS * DESCS);
}

TEST(pause_tail, "a doorbell while paused is kept, and starts nothing before RUN", .moves = true)
{
	struct shapes *s = shapes_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		put_list(s, ch);
		shapes_start(s, ch, 1);
		lists_wait(s->l);
		pause_now(ch);
		lists_ring(s->l, ch, DESCS);
		job.loud = 0;
		bench_tap(b, watch_bus, &job.loud);
		wait_clocks(b, QUIET);
		bench_tap(b, NULL, NULL);
		CHECK_EQ(job.loud, 0);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), DESCS);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_STATUS), PQDMA_STATE_PAUSE);
		run_on(ch);
	}
	CHECK_EQ(lists_moved(s->l), PQDMA_CHANNELS * DESCS);
}
