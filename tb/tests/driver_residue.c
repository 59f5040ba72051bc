// SPDX-License-Identifier: MIT
/*
 * A residue is what is left: never more than the length, never more than before, never less than what is missing in memory,
 * and just that whenever nothing is under way.
 */
#include "driver_env.h"

#define ARENA 32768
/* Of the long ones: more strips where they are short, so that there is something to be seen. */
#define LONG (PQDMA_STRIP_BYTES * (PQDMA_STRIP_BYTES > 32 * PQDMA_BYTES ? 4 : 16))
#define BEHIND 700
#define QUIETS 6
#define FROZEN 500		/* clocks after which every burst that is complete has been answered */
#define BEATS (PQDMA_CHANNELS * (LONG + BEHIND) / PQDMA_BYTES)
#define STOP_JOBS 20

/**
 * struct sample - what is known of one transaction from looking at it now and then
 * @residue: the last that was seen
 * @changes: how often it was another than before
 */
struct sample {
	struct job *job;
	u32 residue;
	unsigned int changes;
};

static enum dma_status look(struct sample *s)
{
	struct bench *b = s->job->d->b;
	u32 residue;
	enum dma_status status = driver_status(s->job, &residue);

	CHECK(status == DMA_IN_PROGRESS || status == DMA_COMPLETE);
	CHECK(residue <= s->residue);
	CHECK(s->job->len - residue <= driver_arrived(s->job));
	CHECK(status == DMA_IN_PROGRESS || !residue);
	s->changes += residue != s->residue;
	s->residue = residue;
	return status;
}

static struct sample begin(struct driver *d, unsigned int ch, size_t len)
{
	struct sample s = { .job = driver_any(d, ch, len, DMA_PREP_INTERRUPT), .residue = (u32)len };

	driver_spoil(s.job);
	driver_submit(s.job);
	return s;
}

TEST(driver_residue, "sampled all the time: a residue only falls, is never less than what is missing, and ends at 0", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	unsigned int changes = 0;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct sample first = begin(d, ch, LONG), second = begin(d, ch, LONG / 2);

		driver_issue(d, ch);
		while (look(&first) == DMA_IN_PROGRESS) {
			/* What is behind it has not begun. */
			if (look(&second) == DMA_IN_PROGRESS && second.residue != second.job->len)
				CHECK_EQ(driver_arrived(first.job), LONG);
			kernel_sleep_clocks(1 + rng_below(test_rng(b), 10));
		}
		while (look(&second) == DMA_IN_PROGRESS)
			kernel_sleep_clocks(1 + rng_below(test_rng(b), 10));
		changes += first.changes + second.changes;
	}
	CHECK(changes > 3 * PQDMA_CHANNELS);
	driver_wait_all(d);
	driver_down(d);
}

/* The memory takes no more data, and what it has taken is acknowledged. */
static struct axi_mem_config freeze(struct driver *d)
{
	struct axi_mem_config config = d->b->mem.config, frozen = config;

	frozen.w_ready = 0;
	mem_configure(d->b, &frozen);
	kernel_sleep_clocks(FROZEN);
	return config;
}

static void check_exact(struct sample *s)
{
	struct bench *b = s->job->d->b;

	look(s);
	CHECK_EQ(s->residue, s->job->len - driver_arrived(s->job));
}

TEST(driver_residue_quiet, "whenever nothing is under way, in the middle of a transaction, its residue is what is missing in memory",
     .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	struct sample s[PQDMA_CHANNELS][2];
	unsigned int middle = 0;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		s[ch][0] = begin(d, ch, LONG);
		s[ch][1] = begin(d, ch, BEHIND);
		driver_issue(d, ch);
	}
	for (unsigned int i = 0; i < QUIETS; i++) {
		struct axi_mem_config config;

		kernel_sleep_clocks(rng_below(test_rng(b), BEATS / 2));
		config = freeze(d);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			for (unsigned int j = 0; j < 2; j++) {
				check_exact(&s[ch][j]);
				middle += s[ch][j].residue && s[ch][j].residue < s[ch][j].job->len;
			}
		mem_configure(b, &config);
	}
	CHECK(middle);
	driver_wait_all(d);
	driver_down(d);
}

static void stop_and_go(struct driver *d, unsigned int ch, struct sample *s)
{
	struct bench *b = d->b;

	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
	wait_idle(b, ch, 20000);
	for (unsigned int i = 0; i < STOP_JOBS; i++) {
		check_exact(&s[i]);
		CHECK(!s[i].residue || s[i].residue == s[i].job->len);
	}
	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
}

TEST(driver_residue_stop, "a channel stopped behind the driver's back: each residue is 0 or all, as its bytes are in memory; it goes on",
     .moves = true, .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	struct driver *d = driver_up(b, ARENA);
	struct sample s[STOP_JOBS];
	unsigned int left = 0;

	for (unsigned int i = 0; i < STOP_JOBS; i++)
		s[i] = begin(d, ch, 300 + 25 * i);
	driver_issue(d, ch);
	for (unsigned int i = 0; i < QUIETS; i++) {
		kernel_sleep_clocks(rng_below(test_rng(b), 40));
		stop_and_go(d, ch, s);
		left += s[STOP_JOBS - 1].residue != 0;
	}
	CHECK(left);
	driver_wait_all(d);
	driver_down(d);
}
