// SPDX-License-Identifier: MIT
/*
 * The machine sleeps while transactions are under way, and the controller forgets everything meanwhile: nothing moves in between, and
 * then all of it goes on, with no byte moved twice and none left out.
 */
#include "driver_peri.h"

#define ARENA 65536
#define ROUNDS 3
#define JOBS 10
#define LONGEST 2000
#define ASLEEP 500
#define LIMIT 1500000

TEST(driver_sleep, "asleep in the middle of traffic on all channels: what is left goes on afterwards, in order, every byte once",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct driver *d = driver_up(b, ARENA);
	unsigned int before = 0;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int i = 0; i < JOBS; i++)
			driver_submit(driver_any(d, i % PQDMA_CHANNELS, driver_length(d, LONGEST), i % 3 ? DMA_PREP_INTERRUPT : 0));
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			driver_submit(driver_any(d, ch, driver_length(d, LONGEST), DMA_PREP_INTERRUPT));
			driver_issue(d, ch);
		}
		kernel_sleep_clocks(rng_below(test_rng(b), 2 * LONGEST / PQDMA_BYTES));
		before += d->calls < d->nr_jobs;
		driver_sleep_and_wake(b);
		driver_wait_all(d);
	}
	CHECK(before);
	driver_down(d);
}

TEST(driver_sleep_paused, "asleep with a channel that is paused: it stays so, and what was issued to it waits for resume", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	struct job *job = driver_copy(d, 0, 600, DMA_PREP_INTERRUPT);

	CHECK_EQ(dmaengine_pause(d->chan[0]), 0);
	driver_send(job);
	driver_sleep_and_wake(b);
	kernel_sleep_clocks(ASLEEP);
	CHECK(driver_status(job, NULL) == DMA_PAUSED && !job->calls);
	CHECK_EQ(dmaengine_resume(d->chan[0]), 0);
	driver_wait(job);
	driver_down(d);
}

static struct driver *up_with_lines(struct bench *b)
{
	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_PERI_MASK))
		test_skip(b, "PERI is not built");
	return driver_up(b, ARENA);
}

TEST(driver_sleep_cyclic, "asleep with a buffer that goes round: the stream has no gap and nothing twice, and no callback is lost",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	const struct peripheral_config sink = { .tx = true, .width = 1, .burst = 2, .depth = 16, .asks = PERIPHERAL_BURST, .period = 8 };
	const size_t len = 192, period = 64;
	struct driver *d = up_with_lines(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &sink);
	struct transfer *t = peri_place(p, 0, with, &len, 1);

	peri_configure(p, 0, with);
	peri_give(t, dmaengine_prep_dma_cyclic(d->chan[0], sg_dma_address(&t->sg[0]), len, period, DMA_MEM_TO_DEV,
					       DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
	peri_send(t);
	for (unsigned int round = 0; round < 2 * ROUNDS; round++) {
		peri_wait(t, t->calls + 1 + round % 3);
		driver_sleep_and_wake(b);
	}
	peri_wait(t, t->calls + 5);
	CHECK_EQ(dmaengine_pause(d->chan[0]), 0);
	kernel_sleep_clocks(200);
	CHECK_EQ(t->calls, (with->stats.moved << sink.width) / period);
	CHECK_EQ(dmaengine_terminate_sync(d->chan[0]), 0);
	d->aborts++;
	for (uint32_t at = 0; at < with->stream_size; at++)
		CHECK_EQ(with->stream[at], d->src[0].cpu[t->offset[0] + at % len]);
	CHECK(with->stream_size > 2 * len);
	driver_send(driver_copy(d, 0, 100, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	driver_down(d);
}

TEST(driver_sleep_list, "asleep between the entries of a list to a slow peripheral: it gets each entry once", .moves = true,
     .software = true, .max_clocks = LIMIT)
{
	/* Slow enough to be busy still when the last channel is awake. */
	const struct peripheral_config sink = { .tx = true, .width = 2, .burst = 1, .depth = 8, .asks = PERIPHERAL_BURST,
						.period = 20 * PQDMA_CHANNELS };
	const size_t size[] = { 64, 96, 32, 64 };
	struct driver *d = up_with_lines(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &sink);
	struct transfer *t = peri_out(p, 0, with, size, ARRAY_SIZE(size), DMA_PREP_INTERRUPT);
	u32 left;

	peri_send(t);
	while (with->stats.moved * 4 < 70)
		kernel_sleep_clocks(10);
	driver_sleep_and_wake(b);
	CHECK(peri_status(t, &left) == DMA_IN_PROGRESS && left <= 96 && left);
	peri_wait(t, 1);
	while (with->stream_size < t->len)
		kernel_sleep_clocks(10);
	CHECK_EQ(with->stats.moved * 4, t->len);
	peri_check(t, t->len);
	driver_send(driver_copy(d, 0, 100, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	driver_down(d);
}
