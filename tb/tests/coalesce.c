// SPDX-License-Identifier: MIT
/*
 * Interrupt coalescing, by count, by time and both: when DONE is raised, to the clock, and that no completion stays without an
 * interrupt. Clocks are counted on a memory that always takes the same time; a list whose last descriptor alone interrupts, without
 * coalescing, says when its n-th completion is.
 */
#include "cover/axes.h"
#include "shapes.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define STEPS 40
#define MANY 255		/* the largest COUNT */
#define RACE_COUNT 4
#define NEVER 0xffffff		/* a TIME that no test reaches */
#define RACE_CLOCKS 40
#define STREAM 100
#define FAILING 4

static void coalesce(struct bench *b, unsigned int ch, uint32_t count, uint32_t time)
{
	ch_write(b, ch, PQDMA_CH_IRQ_COAL, count << PQDMA_IRQ_COAL_COUNT_SHIFT | time << PQDMA_IRQ_COAL_TIME_SHIFT);
}

/* Forget everything; the coalescing is kept by ABORT and must not be in the way of the next list. */
static void end(struct shapes *s)
{
	lists_end(s->l);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		coalesce(s->l->b, ch, 0, 0);
}

/* Append so many interrupt operations. */
static void put_events(struct shapes *s, unsigned int ch, unsigned int nr)
{
	struct shape shapes[PQDMA_HEAD_COUNT_COUNT_MASK];

	for (unsigned int i = 0; i < nr; i++)
		shapes[i] = shapes_draw(s, ch, PQDMA_OP_INTERRUPT, 0);
	shapes_group(s, ch, shapes, nr);
}

/* Completions one at a time. Returns how often DONE was raised. */
static unsigned int step_by_step(struct shapes *s, unsigned int ch, uint32_t count)
{
	static const uint8_t ops[] = { PQDMA_OP_NOP, PQDMA_OP_INTERRUPT, PQDMA_OP_COPY, PQDMA_OP_FILL };
	struct bench *b = s->l->b;
	struct rng *rng = test_rng(b);
	unsigned int raised = 0, pending = 0;

	coalesce(b, ch, count, 0);
	for (unsigned int i = 0; i < STEPS; i++) {
		const uint8_t op = ops[rng_below(rng, NR(ops))];
		struct shape shape = shapes_draw(s, ch, op, op < PQDMA_OP_COPY ? 0 : 20);

		shape.desc.flags = (uint8_t)rng_below(rng, 8);
		pending += op == PQDMA_OP_INTERRUPT || (shape.desc.flags & PQDMA_FLAG_IRQ);
		shapes_group(s, ch, &shape, 1);
		if (i)
			lists_ring(s->l, ch, i + 1);
		else
			shapes_start(s, ch, 1);
		lists_wait(s->l);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), pending && pending >= count ? PQDMA_IRQ_DONE_MASK : 0);
		if (!pending || pending < count)
			continue;
		ch_write(b, ch, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_DONE_MASK);
		pending = 0;
		raised++;
	}
	s->l->list[ch].cleared = PQDMA_IRQ_DONE_MASK;
	lists_check(s->l);
	end(s);
	return raised;
}

static uint64_t setting_of(const struct cover_event *event)
{
	return 1ull << (event->raise.count | event->raise.time << 1);
}

static const char *const settings[] = { "none", "COUNT", "TIME", "COUNT and TIME" };
static const struct cover_axis setting = { "with", 4, settings, setting_of };

static uint64_t raised_by(const struct cover_event *event)
{
	return 1ull << event->raise.by;
}

static const char *const raisers[] = { "a completion", "the timer", "an error" };
static const struct cover_axis raiser = { "raised by", 3, raisers, raised_by };

/* Where every completion raises DONE at once, none is left for timer or error. */
static bool raise_legal(const unsigned int *at)
{
	return !at[1] || at[0] == 3 || (at[0] == 1 && at[1] == 2);
}

COVER(coalesce_raise, COVER_RAISE, "`IRQ_COAL` x what raised DONE", .axes = { &setting, &raiser }, .legal = raise_legal)

TEST(coalesce_count, "completions one at a time under each COUNT: DONE comes with every c-th that interrupts, others do not count",
     .moves = true)
{
	static const uint32_t counts[] = { 0, 1, 2, 3, 7 };
	struct shapes *s = shapes_new(b);

	for (unsigned int i = 0; i < NR(counts); i++)
		CHECK(step_by_step(s, i % PQDMA_CHANNELS, counts[i]) >= (counts[i] > 3 ? 1 : 3));
}

TEST(coalesce_many, "COUNT 255: 254 completions raise nothing, however fast they come; the next one does")
{
	struct shapes *s = shapes_new(b);
	const unsigned int ch = b->options->seed % PQDMA_CHANNELS;

	coalesce(b, ch, MANY, 0);
	for (unsigned int left = MANY; left; left -= left > 60 ? 60 : left)
		put_events(s, ch, left > 60 ? 60 : left);
	shapes_start(s, ch, MANY - 1);
	lists_wait(s->l);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), 0);
	lists_ring(s->l, ch, MANY);
	lists_wait(s->l);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_DONE_MASK);
	lists_check(s->l);
	end(s);
	CHECK_EQ(s->l->completed[PQDMA_OP_INTERRUPT], MANY);
}

/*
 * Run @nr events; returns how many clocks after RUN the line goes up. Without coalescing and with @only_last that is the clock of the
 * last completion.
 */
static uint64_t clocks_to_rise(struct shapes *s, unsigned int ch, unsigned int nr, bool only_last)
{
	struct bench *b = s->l->b;
	struct shape shapes[RACE_COUNT + 1];
	struct irq_rise rise = { .ch = ch };
	uint64_t start;

	CHECK(nr <= NR(shapes));
	for (unsigned int i = 0; i < nr; i++)
		shapes[i] = shapes_draw(s, ch, only_last && i + 1 < nr ? PQDMA_OP_NOP : PQDMA_OP_INTERRUPT, 0);
	shapes_group(s, ch, shapes, nr);
	bench_tap(b, irq_rise_tap, &rise);
	shapes_start(s, ch, nr);
	start = b->hw.clock;
	lists_wait(s->l);
	wait_irq(b, ch, LISTS_CLOCKS);
	bench_tap(b, NULL, NULL);
	CHECK(rise.edge > start);
	return rise.edge - start;
}

TEST(coalesce_time, "TIME t: DONE comes exactly t clocks after the first completion that has not raised it")
{
	static const uint32_t times[] = { 1, 2, 3, 10, 100, 1000 };
	struct shapes *s = shapes_new(b);
	unsigned int checked = 0;

	mem_configure(b, axi_mem_profile("ideal"));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const uint64_t first = clocks_to_rise(s, ch, 1, true);

		end(s);
		for (unsigned int i = 0; i < NR(times); i++, checked++) {
			coalesce(b, ch, 2 + i, times[i]);
			CHECK_EQ(clocks_to_rise(s, ch, 1, false), first + times[i]);
			end(s);
			coalesce(b, ch, i % 2, times[i]);
			CHECK_EQ(clocks_to_rise(s, ch, 1, false), first);
			end(s);
		}
	}
	CHECK_EQ(checked, PQDMA_CHANNELS * NR(times));
}

TEST(coalesce_both, "COUNT and TIME: whichever is first, for every TIME around the clock in which the count is full")
{
	struct shapes *s = shapes_new(b);
	const unsigned int ch = b->options->seed % PQDMA_CHANNELS;
	uint64_t first, full, by_time = 0, by_count = 0;

	mem_configure(b, axi_mem_profile("ideal"));
	first = clocks_to_rise(s, ch, RACE_COUNT, false);
	end(s);
	full = clocks_to_rise(s, ch, RACE_COUNT, true);
	end(s);
	CHECK(full > first);
	for (uint64_t time = 1; time < full - first + 8; time++) {
		const uint64_t timeout = first + time;

		coalesce(b, ch, RACE_COUNT, (uint32_t)time);
		CHECK_EQ(clocks_to_rise(s, ch, RACE_COUNT, false), timeout < full ? timeout : full);
		end(s);
		coalesce(b, ch, RACE_COUNT, (uint32_t)time);
		CHECK_EQ(clocks_to_rise(s, ch, RACE_COUNT - 1, false), timeout);
		end(s);
		by_time += timeout < full;
		by_count += timeout > full;
	}
	CHECK(by_time && by_count);
}

TEST(coalesce_lower, "COUNT and TIME written while completions wait: a shorter TIME raises at once, 0 never")
{
	struct shapes *s = shapes_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		coalesce(b, ch, 10, NEVER);
		put_events(s, ch, 4);
		shapes_start(s, ch, 3);
		lists_wait(s->l);
		wait_clocks(b, 100);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), 0);
		coalesce(b, ch, 10, 0);
		wait_clocks(b, 100);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), 0);
		coalesce(b, ch, 10, 5);
		wait_clocks(b, 10);
		CHECK_EQ(wait_irq(b, ch, 1), PQDMA_IRQ_DONE_MASK);
		coalesce(b, ch, 1, 0);
		lists_ring(s->l, ch, 4);
		lists_wait(s->l);
		CHECK_EQ(wait_irq(b, ch, 1), PQDMA_IRQ_DONE_MASK);
		end(s);
	}
}

/* Some completions that wait, and then an error. */
static void fail_after(struct shapes *s, unsigned int ch, unsigned int waiting, uint8_t op)
{
	struct bench *b = s->l->b;
	struct shape shapes[FAILING + 1];

	for (unsigned int i = 0; i < waiting; i++) {
		shapes[i] = shapes_draw(s, ch, op, op < PQDMA_OP_COPY ? 0 : 50);
		shapes[i].desc.flags = PQDMA_FLAG_IRQ | (i % 2 ? PQDMA_FLAG_WB : 0);
	}
	shapes[waiting] = shapes_draw(s, ch, PQDMA_OP_NOP, 1);
	coalesce(b, ch, waiting + 2, waiting % 2 ? 0 : NEVER);
	shapes_scatter(s, ch, shapes, waiting + 1);
	shapes_start(s, ch, waiting + 1);
	lists_wait(s->l);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), waiting);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_ERROR_MASK | (waiting ? PQDMA_IRQ_DONE_MASK : 0));
	lists_check(s->l);
	end(s);
}

TEST(coalesce_error, "an error raises what waits, also completions that come after it; nothing if nothing waits", .moves = true)
{
	static const char *const profiles[] = { "ideal", "typical", "slow", "torture" };
	static const uint8_t ops[] = { PQDMA_OP_NOP, PQDMA_OP_COPY, PQDMA_OP_FILL };
	struct shapes *s = shapes_new(b);
	unsigned int nr = 0;

	for (unsigned int p = 0; p < NR(profiles); p++) {
		mem_profile(b, profiles[p]);
		for (unsigned int i = 0; i < NR(ops); i++)
			for (unsigned int waiting = 0; waiting <= FAILING; waiting++, nr++)
				fail_after(s, nr % PQDMA_CHANNELS, waiting, ops[i]);
	}
	CHECK_EQ(s->l->failed, nr);
}

TEST(coalesce_abort, "ABORT forgets what waits: no DONE afterwards, and the next list counts from 0")
{
	struct shapes *s = shapes_new(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		coalesce(b, ch, 4, 150);
		put_events(s, ch, 3);
		shapes_start(s, ch, 3);
		wait_done(b, ch, 3, LISTS_CLOCKS);
		ch_write(b, ch, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_DONE_MASK);	/* a slow memory may have taken that long */
		lists_break(s->l, ch);
		ch_write(b, ch, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_IDLE_MASK);
		wait_clocks(b, 200);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), 0);
		lists_end(s->l);
		coalesce(b, ch, 4, 0);
		put_events(s, ch, 4);
		shapes_start(s, ch, 3);
		lists_wait(s->l);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), 0);
		lists_ring(s->l, ch, 4);
		lists_wait(s->l);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_DONE_MASK);
		end(s);
	}
	CHECK(mem_stats(b)->fetch_bursts >= 7 * PQDMA_CHANNELS);
}

/* One raise, by the count if @time is NEVER, and a clear @delay clocks after the start. Returns 0, 1, 2: before, with, after it. */
static unsigned int clear_against_raise(struct shapes *s, unsigned int ch, uint32_t time, uint64_t delay, struct irq_rise *rise)
{
	struct bench *b = s->l->b;
	struct axil_access clear = {
		.write = true, .strb = 0xf, .addr = PQDMA_CH(ch) + PQDMA_CH_IRQ_STATUS, .data = PQDMA_IRQ_DONE_MASK
	};

	*rise = (struct irq_rise){ .ch = ch };
	coalesce(b, ch, 2, time);
	put_events(s, ch, time == NEVER ? 2 : 1);
	shapes_start_all(s);
	if (delay)
		wait_clocks(b, delay);
	reg_access(b, &clear);
	lists_wait(s->l);
	wait_clocks(b, RACE_CLOCKS);
	CHECK(rise->edge);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), clear.clock > rise->edge ? 0 : PQDMA_IRQ_DONE_MASK);
	end(s);
	return clear.clock < rise->edge ? 0 : clear.clock == rise->edge ? 1 : 2;
}

TEST(coalesce_clear, "a clear in every clock around a raise, by count and by time: lost in none, also not in the same clock")
{
	static const uint32_t times[] = { NEVER, 9 };
	struct shapes *s = shapes_new(b);
	struct irq_rise rise;
	unsigned int seen[NR(times)][3] = { { 0 } };

	mem_configure(b, axi_mem_profile("ideal"));
	bench_tap(b, irq_rise_tap, &rise);
	for (uint64_t delay = 0; delay < RACE_CLOCKS; delay++)
		for (unsigned int i = 0; i < NR(times); i++)
			seen[i][clear_against_raise(s, (unsigned int)delay % PQDMA_CHANNELS, times[i], delay, &rise)]++;
	bench_tap(b, NULL, NULL);
	for (unsigned int i = 0; i < NR(times); i++)
		CHECK(seen[i][0] && seen[i][1] && seen[i][2]);
}

TEST(coalesce_stream, "a handler that clears and then reads DONE sees every completion of a fast list, and is called no oftener than said",
     .moves = true)
{
	struct shapes *s = shapes_new(b);
	struct rng *rng = test_rng(b);
	const unsigned int ch = rng_below(rng, PQDMA_CHANNELS);
	const uint32_t count = rng_range(rng, 2, 20), time = rng_range(rng, 50, 300);
	const uint64_t start = b->hw.clock;
	struct shape shapes[STREAM];
	unsigned int calls = 0;

	for (unsigned int i = 0; i < STREAM; i++) {
		shapes[i] = shapes_draw(s, ch, i % 3 ? PQDMA_OP_COPY : PQDMA_OP_FILL, 1 + i % 64);
		shapes[i].desc.flags = PQDMA_FLAG_IRQ;
	}
	coalesce(b, ch, count, time);
	shapes_scatter(s, ch, shapes, STREAM);
	shapes_start(s, ch, STREAM);
	for (uint32_t done = 0; done < STREAM; calls++) {
		CHECK_EQ(wait_irq(b, ch, LISTS_CLOCKS), PQDMA_IRQ_DONE_MASK);
		done = ch_read(b, ch, PQDMA_CH_DONE);
		wait_clocks(b, 1 + rng_below(rng, 12));
	}
	CHECK(calls > 1 && calls <= STREAM / count + (b->hw.clock - start) / time + 1);
	lists_wait(s->l);
	s->l->list[ch].cleared = PQDMA_IRQ_DONE_MASK;
	lists_check(s->l);
	end(s);
}
