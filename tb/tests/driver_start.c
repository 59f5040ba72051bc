// SPDX-License-Identifier: MIT
/*
 * When the driver starts something, when it tells of its end, and to whom: issue_pending, work that comes while other work
 * runs, callbacks, polling, and the interrupt handler that goes on without tasklets.
 */
#include "driver_env.h"
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/interrupt.h>

#define ARENA 16384
#define LONG 3000
#define NOT_YET 400		/* clocks in which nothing may happen */
#define ROUNDS 4
#define APPENDS 40
#define CHAIN 25
#define RING 256
#define MORE 40			/* what goes behind a full ring */
#define POLLS 6

static uint64_t fetched(const struct driver *d)
{
	return mem_stats(d->b)->fetch_bursts;
}

static void check_waiting(struct job *job, unsigned int calls)
{
	struct bench *b = job->d->b;
	u32 residue;

	CHECK_EQ(job->calls, calls);
	CHECK(driver_status(job, &residue) == DMA_IN_PROGRESS);
	CHECK_EQ(residue, job->len);
	CHECK_EQ(driver_arrived(job), 0);
}

TEST(driver_issue, "what is submitted does not start, not even its descriptor is read, before it is issued", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	struct job *job[PQDMA_CHANNELS];

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		driver_issue(d, ch);
		job[ch] = driver_any(d, ch, 200, DMA_PREP_INTERRUPT);
		driver_spoil(job[ch]);
		driver_submit(job[ch]);
	}
	kernel_sleep_clocks(NOT_YET);
	CHECK_EQ(fetched(d), d->fetched);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		check_waiting(job[ch], 0);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		driver_issue(d, ch);
		driver_issue(d, ch);
		driver_wait(job[ch]);
		CHECK_EQ(fetched(d), d->fetched + ch + 1);
	}
	driver_down(d);
}

/* B comes while A runs: it waits for its own issue, also when A has ended and the handler has looked for more work. */
static void submit_behind(struct driver *d, unsigned int ch)
{
	struct job *a = driver_copy(d, ch, LONG, DMA_PREP_INTERRUPT), *other = driver_copy(d, ch, 100, DMA_PREP_INTERRUPT);
	const uint64_t before = fetched(d);
	struct bench *b = d->b;

	driver_spoil(other);
	driver_send(a);
	kernel_sleep_clocks(1 + rng_below(test_rng(b), 200));
	driver_submit(other);
	driver_status(a, NULL);
	driver_wait(a);
	kernel_sleep_clocks(NOT_YET);
	CHECK_EQ(fetched(d), before + 1);
	check_waiting(other, 0);
	driver_issue(d, ch);
	driver_wait(other);
	CHECK_EQ(fetched(d), before + 2);
}

TEST(driver_later, "what is submitted while the channel runs waits for the next issue_pending", .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);

	for (unsigned int i = 0; i < ROUNDS; i++)
		submit_behind(d, rng_below(test_rng(b), PQDMA_CHANNELS));
	driver_down(d);
}

TEST(driver_append, "work that is issued at any moment around the end of the work before it is never forgotten", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	struct job *job = NULL;

	for (unsigned int i = 0; i < APPENDS; i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			job = driver_any(d, ch, rng_range(test_rng(b), 1, 200), DMA_PREP_INTERRUPT);
			driver_send(job);
			udelay(rng_below(test_rng(b), 60));
			if (rng_below(test_rng(b), 4) == 0)
				driver_wait(job);
		}
	driver_wait_all(d);
	driver_down(d);
}

/* Callbacks */

static unsigned int jobs_of(const struct driver *d, unsigned int ch)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < d->nr_jobs; i++)
		n += d->job[i].ch == ch;
	return n;
}

static void send_chained(struct driver *d, unsigned int ch);

static void send_next(struct job *job)
{
	struct bench *b = job->d->b;

	CHECK_EQ(driver_arrived(job), job->len);
	if (jobs_of(job->d, job->ch) < CHAIN)
		send_chained(job->d, job->ch);
}

static void send_chained(struct driver *d, unsigned int ch)
{
	struct job *job = driver_any(d, ch, driver_length(d, 200), DMA_PREP_INTERRUPT);

	job->then = send_next;
	driver_send(job);
}

TEST(driver_callback, "a callback runs in a tasklet, once, after the data has arrived and the cookie is complete, and may submit and issue",
     .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		send_chained(d, ch);
	while (d->calls < CHAIN * PQDMA_CHANNELS) {
		CHECK(b->hw.clock < TEST_MAX_CLOCKS / 2);
		kernel_sleep_clocks(10);
	}
	CHECK_EQ(d->nr_jobs, CHAIN * PQDMA_CHANNELS);
	driver_down(d);
}

static void plain_callback(void *param)
{
	complete(param);
}

TEST(driver_plain, "a plain callback comes like one with a result; without DMA_PREP_INTERRUPT it comes when somebody looks",
     .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	DECLARE_COMPLETION_ONSTACK(done);
	struct job *job = driver_copy(d, 0, 500, DMA_PREP_INTERRUPT), *quiet = driver_copy(d, 0, 500, 0);
	uint64_t irqs;

	driver_send(job);
	driver_wait(job);
	irqs = b->irqs;
	driver_send(quiet);
	driver_rest(d);
	CHECK_EQ(b->irqs, irqs);
	CHECK_EQ(quiet->calls, 0);
	CHECK(driver_status(quiet, NULL) == DMA_COMPLETE);
	driver_wait(quiet);
	job = driver_copy(d, 0, 500, DMA_PREP_INTERRUPT);
	job->tx->callback_result = NULL;
	job->tx->callback = plain_callback;
	job->tx->callback_param = &done;
	driver_send(job);
	CHECK(wait_for_completion_timeout(&done, DRIVER_PATIENCE));
	CHECK(driver_status(job, NULL) == DMA_COMPLETE);
	job->turn = d->calls++;
	job->calls++;
	driver_down(d);
}

/* Polling: with interrupts off nobody but the poll can see the end. */
static void poll_one(struct driver *d, unsigned int ch)
{
	struct job *job = driver_any(d, ch, driver_length(d, 1000), rng_below(test_rng(d->b), 2) ? DMA_PREP_INTERRUPT : 0);
	struct bench *b = d->b;
	unsigned long flags;

	driver_submit(job);
	local_irq_save(flags);
	CHECK(dma_sync_wait(d->chan[ch], job->cookie) == DMA_COMPLETE);
	CHECK_EQ(driver_arrived(job), job->len);
	CHECK_EQ(job->calls, 0);
	local_irq_restore(flags);
	driver_wait(job);
}

TEST(driver_poll, "dma_sync_wait() needs no interrupt; the callback comes later, from the tasklet", .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);

	for (unsigned int i = 0; i < POLLS; i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			poll_one(d, ch);
	driver_send(driver_copy(d, 0, 10, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	driver_down(d);
}

/* The handler alone */

static void wait_arrived(struct job *job)
{
	const uint64_t until = job->d->b->hw.clock + DRIVER_PATIENCE * KERNEL_CLOCKS_PER_JIFFY;
	struct bench *b = job->d->b;

	while (driver_arrived(job) != job->len) {
		CHECK(b->hw.clock < until);
		udelay(10);
	}
}

TEST(driver_handler, "with tasklets held back the handler alone starts what did not fit the ring, also if no client wants an interrupt",
     .moves = true, .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	struct driver *d = driver_up(b, ARENA);
	struct job *job = NULL;

	local_bh_disable();
	for (unsigned int i = 0; i < RING + MORE; i++) {
		job = driver_any(d, ch, rng_range(test_rng(b), 1, 20), 0);
		driver_submit(job);
	}
	driver_spoil(job);
	driver_issue(d, ch);
	CHECK(ch_read(b, ch, PQDMA_CH_TAIL) <= RING);
	wait_arrived(job);
	CHECK_EQ(d->calls, 0);
	local_bh_enable();
	driver_send(driver_copy(d, ch, 5, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	driver_down(d);
}

TEST(driver_handler_error, "with tasklets held back the handler alone recovers from an error and starts the rest", .moves = true,
     .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	struct driver *d = driver_up(b, ARENA);
	struct job *job[3];

	d->gap = PQDMA_BYTES;
	local_bh_disable();
	for (unsigned int i = 0; i < ARRAY_SIZE(job); i++) {
		job[i] = driver_copy(d, ch, 700, DMA_PREP_INTERRUPT);
		driver_spoil(job[i]);
		driver_submit(job[i]);
	}
	mem_fault(b, &(struct axi_mem_fault){ .kinds = AXI_MEM_READ, .first = d->src[ch].bus + job[1]->from + 350,
					      .last = d->src[ch].bus + job[1]->from + 350, .resp = AXI_SLVERR });
	driver_issue(d, ch);
	wait_arrived(job[2]);
	CHECK_EQ(d->calls, 0);
	local_bh_enable();
	driver_wait_all(d);
	CHECK(job[1]->result.result == DMA_TRANS_READ_FAILED);
	driver_down(d);
}
