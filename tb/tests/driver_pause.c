// SPDX-License-Identifier: MIT
/*
 * Pause and resume: when dmaengine_pause() has returned no byte moves, the status says so and the residue is exact; resume goes on as
 * if nothing had been.
 */
#include "driver_peri.h"

#define ROUNDS 8
#define LONG (2 * (PQDMA_BUF_BYTES + PQDMA_STRIP_BYTES) + 100 * PQDMA_BYTES)	/* more than can be under way at once */
#define ARENA ((ROUNDS / PQDMA_CHANNELS + 1) * (LONG + 1600))
#define STILL 300		/* clocks in which nothing may move */
#define LIMIT 1500000

static struct driver *up(struct bench *b)
{
	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_PAUSE_MASK))
		test_skip(b, "PAUSE is not built");
	return driver_up(b, ARENA);
}

/* Nothing of it moves; what the residue does not count is there, and no more but for what is right by chance. */
static void check_paused(struct job *job, enum dma_status expected)
{
	struct bench *b = job->d->b;
	size_t arrived;
	u32 left, again;

	CHECK(driver_status(job, &left) == expected);
	arrived = driver_arrived(job);
	CHECK(job->len - left == arrived);
	kernel_sleep_clocks(STILL);
	CHECK(driver_status(job, &again) == expected);
	CHECK(again == left && driver_arrived(job) == arrived);
}

/* Until some of it has moved */
static void wait_begun(struct job *job)
{
	u32 left;

	do
		driver_status(job, &left);
	while (left == job->len);
}

TEST(driver_pause, "pause anywhere in a copy: nothing moves, DMA_PAUSED with an exact residue; resume, and it completes", .moves = true,
     .software = true, .max_clocks = LIMIT)
{
	struct driver *d = up(b);
	unsigned int middle = 0;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		const unsigned int ch = round % PQDMA_CHANNELS;
		struct job *job = driver_any(d, ch, LONG, DMA_PREP_INTERRUPT), *other = NULL;
		u32 left;

		driver_spoil(job);
		driver_send(job);
		if (round % 2)
			kernel_sleep_clocks(rng_below(test_rng(b), 2 * LONG / PQDMA_BYTES));
		else
			wait_begun(job);
		CHECK_EQ(dmaengine_pause(d->chan[ch]), 0);
		driver_status(job, &left);
		middle += left && left < LONG;
		check_paused(job, left ? DMA_PAUSED : DMA_COMPLETE);
		if (PQDMA_CHANNELS > 1) {
			other = driver_any(d, (ch + 1) % PQDMA_CHANNELS, 300, DMA_PREP_INTERRUPT);
			driver_send(other);
			driver_wait(other);
		}
		CHECK_EQ(dmaengine_resume(d->chan[ch]), 0);
		driver_wait(job);
	}
	CHECK(middle);
	driver_down(d);
}

TEST(driver_pause_issue, "what is issued to a paused channel waits for resume; terminate ends the pause", .moves = true, .software = true,
     .max_clocks = LIMIT)
{
	struct driver *d = up(b);

	for (unsigned int round = 0; round < ROUNDS; round++) {
		const unsigned int ch = round % PQDMA_CHANNELS;
		struct job *job = driver_any(d, ch, 500, DMA_PREP_INTERRUPT);

		driver_spoil(job);
		CHECK_EQ(dmaengine_pause(d->chan[ch]), 0);
		driver_send(job);
		check_paused(job, DMA_PAUSED);
		CHECK(!job->calls);
		if (round % 2) {
			CHECK_EQ(dmaengine_terminate_sync(d->chan[ch]), 0);
			driver_drop(d, ch);
		} else {
			CHECK_EQ(dmaengine_resume(d->chan[ch]), 0);
			driver_wait(job);
		}
		job = driver_any(d, ch, 100, DMA_PREP_INTERRUPT);
		driver_send(job);
		driver_wait(job);
	}
	driver_down(d);
}

TEST(driver_pause_error, "an error that comes while the channel is being paused: it is told, and what is behind it waits for resume",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct driver *d = up(b);

	d->gap = PQDMA_BYTES;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		const unsigned int ch = round % PQDMA_CHANNELS;
		struct job *bad = driver_copy(d, ch, 600, DMA_PREP_INTERRUPT), *behind = driver_copy(d, ch, 400, DMA_PREP_INTERRUPT);
		const uint64_t at = (d->src[ch].bus + bad->from + 200) & ~(uint64_t)(PQDMA_BYTES - 1);

		driver_spoil(behind);
		mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_READ, at, at, AXI_SLVERR, 0, 0 });
		driver_submit(bad);
		driver_send(behind);
		kernel_sleep_clocks(rng_below(test_rng(b), 60));
		CHECK_EQ(dmaengine_pause(d->chan[ch]), 0);
		kernel_sleep_clocks(STILL);
		CHECK(!behind->calls && !driver_arrived(behind));
		CHECK_EQ(dmaengine_resume(d->chan[ch]), 0);
		driver_wait(bad);
		CHECK(bad->result.result == DMA_TRANS_READ_FAILED);
		driver_wait(behind);
		mem_clear_faults(b);
	}
	CHECK(d->calls == 2 * ROUNDS);
	driver_down(d);
}

TEST(driver_pause_slave, "a cyclic transfer is paused and goes on where it was: the stream has no gap and nothing twice", .moves = true,
     .software = true, .max_clocks = LIMIT)
{
	const struct peripheral_config sink = { .tx = true, .width = 1, .burst = 2, .depth = 16, .asks = PERIPHERAL_BURST, .period = 8 };
	const size_t len = 256;
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &sink);
	struct transfer *t = peri_place(p, 0, with, &len, 1);
	uint64_t moved;

	peri_configure(p, 0, with);
	peri_give(t, dmaengine_prep_dma_cyclic(d->chan[0], sg_dma_address(&t->sg[0]), len, 64, DMA_MEM_TO_DEV,
					       DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
	peri_send(t);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		kernel_sleep_clocks(400 + rng_below(test_rng(b), 400));
		CHECK_EQ(dmaengine_pause(d->chan[0]), 0);
		moved = with->stats.moved;
		CHECK(peri_status(t, NULL) == DMA_PAUSED);
		kernel_sleep_clocks(STILL);
		CHECK_EQ(with->stats.moved, moved);
		CHECK_EQ(dmaengine_resume(d->chan[0]), 0);
		CHECK(peri_status(t, NULL) == DMA_IN_PROGRESS);
	}
	peri_wait(t, 2 * ROUNDS);
	CHECK_EQ(dmaengine_terminate_sync(d->chan[0]), 0);
	d->aborts++;
	for (uint32_t at = 0; at < with->stream_size; at++)
		CHECK_EQ(with->stream[at], d->src[0].cpu[t->offset[0] + at % len]);
	driver_send(driver_copy(d, 0, 100, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	driver_down(d);
}
