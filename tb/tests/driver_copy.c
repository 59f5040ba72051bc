// SPDX-License-Identifier: MIT
/*
 * The driver does what it is for: copies and fills of any size and alignment, on all channels, more of them than fit the
 * ring, on every kind of memory, for several tasks at once.
 */
#include "driver_env.h"
#include <linux/kthread.h>

#define ARENA 16384
#define JOBS 14			/* of a channel */
#define LONGEST 1500
#define MANY 330		/* more than the ring holds */
#define SMALL 24
#define TASKS 3
#define TASK_JOBS 12

/* Some ask for an interrupt; the last one of a channel must, or nobody would look at those before it. */
static unsigned long any_flags(struct driver *d, bool last)
{
	return last || rng_below(test_rng(d->b), 2) ? DMA_PREP_INTERRUPT : 0;
}

/* Some for each channel in turn, issued now and then. */
static void run_mix(struct driver *d, unsigned int jobs, size_t longest)
{
	for (unsigned int i = 0; i < jobs; i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			driver_submit(driver_any(d, ch, driver_length(d, longest), any_flags(d, i + 1 == jobs)));
			if (i + 1 == jobs || !rng_below(test_rng(d->b), 4))
				driver_issue(d, ch);
		}
	driver_wait_all(d);
}

TEST(driver_mix, "copies and fills of seeded sizes and alignments on all channels at once, callbacks in order", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);

	run_mix(d, JOBS, LONGEST);
	CHECK_EQ(d->calls, JOBS * PQDMA_CHANNELS);
	driver_down(d);
}

TEST(driver_fill, "a fill writes the low byte of its int, whatever the others are, at every alignment", .moves = true, .software = true)
{
	static const int values[] = { 0, 1, 0x80, 0xff, 0x1a5, -1, -256, 0x7fffff3c, (int)0x80000001 };
	struct driver *d = driver_up(b, ARENA);

	for (unsigned int i = 0; i < ARRAY_SIZE(values); i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			driver_send(driver_fill(d, ch, driver_length(d, LONGEST), values[i], DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	CHECK_EQ(d->calls, ARRAY_SIZE(values) * PQDMA_CHANNELS);
	driver_down(d);
}

TEST(driver_profiles, "the same on each kind of memory, one after the other: ideal, typical, slow, torture", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	const char *name;
	unsigned int i;

	for (i = 0; (name = axi_mem_profile_name(i)); i++) {
		mem_profile(b, name);
		run_mix(d, 5, 600);
	}
	CHECK(i >= 4);
	CHECK_EQ(d->calls, 5 * PQDMA_CHANNELS * i);
	driver_down(d);
}

static void shuffle(struct driver *d, struct job **job, unsigned int nr)
{
	for (unsigned int i = nr - 1; i; i--) {
		unsigned int j = rng_below(test_rng(d->b), i + 1);
		struct job *other = job[i];

		job[i] = job[j];
		job[j] = other;
	}
}

TEST(driver_ring, "more transactions than the ring holds, prepared in one order, submitted and called back in another", .moves = true,
     .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	struct driver *d = driver_up(b, ARENA);
	struct job *job[MANY];

	for (unsigned int i = 0; i < MANY; i++)
		job[i] = driver_any(d, ch, rng_range(test_rng(b), 1, SMALL), any_flags(d, false));
	shuffle(d, job, MANY);
	for (unsigned int i = 0; i < MANY; i++) {
		driver_submit(job[i]);
		CHECK_EQ(job[i]->cookie, job[0]->cookie + (int)i);
	}
	driver_send(driver_copy(d, ch, 1, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), MANY + 1);
	driver_down(d);
}

TEST(driver_wrap, "the ring is gone round three times, with a different number in it each time", .moves = true, .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	struct driver *d = driver_up(b, 2 * ARENA);
	unsigned int sent = 0;

	while (sent < 3 * 256) {
		unsigned int nr = rng_range(test_rng(b), 1, 100);

		for (unsigned int i = 0; i < nr; i++)
			driver_submit(driver_any(d, ch, rng_range(test_rng(b), 1, 16), i + 1 == nr ? DMA_PREP_INTERRUPT : 0));
		driver_issue(d, ch);
		driver_wait_all(d);
		sent += nr;
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), sent);
	}
	driver_down(d);
}

/**
 * struct share - one of the tasks on a channel
 * @done: jobs that it has seen complete
 */
struct share {
	struct driver *d;
	unsigned int ch;
	unsigned int done;
};

static int share_task(void *arg)
{
	struct share *share = arg;
	struct driver *d = share->d;
	struct job *job[2];

	for (unsigned int i = 0; i < TASK_JOBS; i += ARRAY_SIZE(job)) {
		for (unsigned int j = 0; j < ARRAY_SIZE(job); j++) {
			job[j] = driver_any(d, share->ch, driver_length(d, 300), DMA_PREP_INTERRUPT);
			if (rng_below(test_rng(d->b), 2))
				kernel_sleep_clocks(rng_below(test_rng(d->b), 60));
			driver_submit(job[j]);
		}
		driver_issue(d, share->ch);
		for (unsigned int j = 0; j < ARRAY_SIZE(job); j++, share->done++)
			driver_wait(job[j]);
	}
	return 0;
}

TEST(driver_share, "several tasks prepare, submit and issue on one channel, and each gets what it asked for", .moves = true,
     .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	struct driver *d = driver_up(b, ARENA);
	struct task_struct *task[TASKS];
	struct share share[TASKS];

	for (unsigned int i = 0; i < TASKS; i++) {
		share[i] = (struct share){ .d = d, .ch = ch };
		task[i] = kthread_run(share_task, &share[i], "share%u", i);
		CHECK(!IS_ERR(task[i]));
		get_task_struct(task[i]);
	}
	for (unsigned int i = 0; i < TASKS; i++) {
		while (!kernel_task_done(task[i], NULL))
			kernel_sleep_clocks(20);
		put_task_struct(task[i]);
		CHECK_EQ(share[i].done, TASK_JOBS);
	}
	driver_down(d);
}
