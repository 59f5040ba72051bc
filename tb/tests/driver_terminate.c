// SPDX-License-Identifier: MIT
/*
 * Broken off: after dmaengine_terminate_sync(), and after a channel or the controller has been given back, no byte moves and
 * nobody is called; and a channel that was broken off is as good as new.
 */
#include "driver_env.h"
#include <linux/slab.h>

#define ARENA 32768
#define ROUNDS 4
#define JOBS 12
#define LONGEST 900
#define WORK (JOBS * LONGEST / 2 / PQDMA_BYTES)	/* clocks that so many jobs take at least */
#define QUIET 1500		/* clocks in which nothing may move */
#define OWN 0x5c		/* what a client writes to memory that is his again */
#define LOST 3000		/* bytes in flight when the board goes */
#define CUT 4			/* callback in which everything is terminated */

static void submit_some(struct driver *d, unsigned int ch, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		driver_submit(driver_any(d, ch, driver_length(d, LONGEST), DMA_PREP_INTERRUPT));
}

/* One job, from beginning to end. */
static void run_one(struct driver *d, unsigned int ch)
{
	struct job *job = driver_any(d, ch, driver_length(d, LONGEST), DMA_PREP_INTERRUPT);
	struct bench *b = d->b;

	driver_send(job);
	driver_wait(job);
	CHECK(driver_status(job, NULL) == DMA_COMPLETE);
}

/* Nothing may touch the memory of a channel any more, though a client writes to it now. */
static void check_still(struct driver *d, unsigned int ch)
{
	u8 *const at = bench_ram(d->b, d->dst[ch].bus), *const kept = kmalloc(d->size, GFP_KERNEL);
	struct bench *b = d->b;

	CHECK(kept);
	memcpy(kept, at, d->size);
	memset(at, OWN, d->size);
	kernel_sleep_clocks(QUIET);
	for (size_t i = 0; i < d->size; i++)
		CHECK_EQ(at[i], OWN);
	memcpy(at, kept, d->size);
	kfree(kept);
	for (unsigned int i = 0; i < d->nr_jobs; i++)
		CHECK(!d->job[i].dropped || !d->job[i].calls);
}

static unsigned int count_dropped(struct driver *d, unsigned int from)
{
	struct bench *b = d->b;
	unsigned int n = 0;

	for (unsigned int i = from; i < d->nr_jobs; i++) {
		if (!d->job[i].dropped)
			continue;
		n++;
		CHECK(driver_status(&d->job[i], NULL) == DMA_COMPLETE);
	}
	return n;
}

TEST(driver_terminate, "terminate_sync in the middle of traffic: no byte and no callback afterwards, other channels run on, the channel is "
     "good again", .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	unsigned int dropped = 0, from;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		const unsigned int cut = rng_below(test_rng(b), PQDMA_CHANNELS);

		from = d->nr_jobs;
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			submit_some(d, ch, ch == cut ? JOBS : JOBS / 3);
			driver_issue(d, ch);
		}
		submit_some(d, cut, 1);
		kernel_sleep_clocks(rng_below(test_rng(b), WORK));
		CHECK_EQ(dmaengine_terminate_sync(d->chan[cut]), 0);
		driver_drop(d, cut);
		check_still(d, cut);
		dropped += count_dropped(d, from);
		run_one(d, cut);
		driver_wait_all(d);
	}
	CHECK(dropped > ROUNDS);
	driver_down(d);
}

/* In a tasklet: what has not been called back never will be. */
static void terminate_here(struct job *job)
{
	struct driver *d = job->d;
	struct bench *b = d->b;

	CHECK_EQ(dmaengine_terminate_async(d->chan[job->ch]), 0);
	driver_drop(d, job->ch);
}

TEST(driver_terminate_callback, "a callback may terminate its channel: those behind it are not called, and new work runs", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	unsigned int dropped = 0, from;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);

		from = d->nr_jobs;
		submit_some(d, ch, JOBS);
		d->job[from + CUT].then = terminate_here;
		driver_issue(d, ch);
		driver_wait(&d->job[from + CUT]);
		dmaengine_synchronize(d->chan[ch]);
		check_still(d, ch);
		CHECK_EQ(count_dropped(d, from), JOBS - CUT - 1);
		run_one(d, ch);
		dropped += JOBS - CUT - 1;
	}
	CHECK(dropped);
	driver_down(d);
}

TEST(driver_terminate_soon, "terminate right before, at and after the end of a transaction, an error or nothing at all, and again at once",
     .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);

	d->gap = PQDMA_BYTES;
	for (unsigned int round = 0; round < 12 * ROUNDS; round++) {
		struct job *job = driver_copy(d, ch, 1 + rng_below(test_rng(b), 100), DMA_PREP_INTERRUPT);
		const uint64_t at = d->src[ch].bus + job->from;

		if (round % 3 == 0)
			mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_READ, at, at, AXI_SLVERR, 0, 0 });
		driver_send(job);
		kernel_sleep_clocks(rng_below(test_rng(b), 100));
		CHECK_EQ(dmaengine_terminate_async(d->chan[ch]), 0);
		if (round % 2)
			CHECK_EQ(dmaengine_terminate_async(d->chan[ch]), 0);
		dmaengine_synchronize(d->chan[ch]);
		driver_drop(d, ch);
		mem_clear_faults(b);
		if (round % 4 == 3)
			run_one(d, ch);
	}
	CHECK(count_dropped(d, 0));
	check_still(d, ch);
	driver_down(d);
}

TEST(driver_release, "a channel that is released while it works is quiet then, and whoever requests it next finds it good",
     .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);

	for (unsigned int round = 0; round < ROUNDS; round++) {
		const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);

		submit_some(d, ch, JOBS);
		driver_issue(d, ch);
		kernel_sleep_clocks(rng_below(test_rng(b), WORK));
		dma_release_channel(d->chan[ch]);
		driver_drop(d, ch);
		CHECK_EQ(ch_state(b, ch), PQDMA_STATE_IDLE);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_ENABLE), 0);
		check_still(d, ch);
		driver_request(d, ch);
		run_one(d, ch);
	}
	driver_down(d);
}

/* Memory that its client cannot give back any more, since the device will be gone. */
static dma_addr_t map_lost(struct driver *d, u8 *cpu, enum dma_data_direction dir)
{
	dma_addr_t bus = dma_map_single(d->dev, cpu, LOST, dir);
	struct bench *b = d->b;

	CHECK(!dma_mapping_error(d->dev, bus));
	return bus;
}

static void send_lost(struct driver *d, unsigned int ch, dma_addr_t dst, dma_addr_t src)
{
	struct dma_async_tx_descriptor *tx = dmaengine_prep_dma_memcpy(d->chan[ch], dst, src, LOST, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	struct bench *b = d->b;

	CHECK(tx);
	CHECK(dmaengine_submit(tx) >= DMA_MIN_COOKIE);
	driver_issue(d, ch);
}

static void expect_loss(void)
{
	static const char *const problems[] = {
		"is unloaded with 1 users",
		"TO_DEVICE, made at tb/tests/driver_terminate.c",
		"FROM_DEVICE, made at tb/tests/driver_terminate.c",
		"allocated at sw/drivers/pqdma/pqdma_desc.c",
		"kmalloc of sw/drivers/pqdma/pqdma_core.c",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(problems); i++)
		kernel_expect_problem(problems[i]);
}

static void check_lost(struct bench *b, dma_addr_t bus)
{
	u8 kept[LOST];

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		CHECK_EQ(ch_state(b, ch), PQDMA_STATE_IDLE);
	CHECK_EQ(b->hw.irq, 0);
	memcpy(kept, bench_ram(b, bus), LOST);
	kernel_sleep_clocks(QUIET);
	CHECK(!memcmp(kept, bench_ram(b, bus), LOST));
}

TEST(driver_remove, "the board goes down under a client: what is lost is reported, and the device does not move a byte afterwards",
     .moves = true, .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	u8 *src = kzalloc(LOST, GFP_KERNEL), *dst = kzalloc(LOST, GFP_KERNEL);
	struct driver *d = driver_up(b, ARENA);
	dma_addr_t dst_bus;

	CHECK(src && dst);
	for (unsigned int other = 0; other < PQDMA_CHANNELS; other++) {
		run_one(d, other);
		if (other != ch)
			dma_release_channel(d->chan[other]);
	}
	driver_free_arenas(d);
	dst_bus = map_lost(d, dst, DMA_FROM_DEVICE);
	send_lost(d, ch, dst_bus, map_lost(d, src, DMA_TO_DEVICE));
	kernel_sleep_clocks(rng_below(test_rng(b), 2 * LOST / PQDMA_BYTES));
	bench_tap(b, NULL, NULL);
	expect_loss();
	kernel_board_down();
	check_lost(b, dst_bus);
	driver_free(d);
	kfree(src);
	kfree(dst);
}
