// SPDX-License-Identifier: MIT
/*
 * The board comes and goes: channels are given out and taken back, the controller is unplugged and plugged in again, and it
 * may have been used by somebody else before, who left it as it was.
 */
#include "driver_env.h"
#include <linux/err.h>

#define ARENA 4096
#define TIMES 3
#define LEFT_BYTES 4096

static void run_jobs(struct driver *d)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		driver_send(driver_any(d, ch, driver_length(d, 500), DMA_PREP_INTERRUPT));
	driver_wait_all(d);
}

TEST(sw_replug, "the board is unplugged and plugged in again: everything is given back, and everything works again", .moves = true,
     .software = true)
{
	for (unsigned int i = 0; i < TIMES; i++) {
		struct driver *d = driver_up(b, ARENA);

		run_jobs(d);
		driver_down(d);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			CHECK_EQ(ch_state(b, ch), PQDMA_STATE_IDLE);
			CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_ENABLE), 0);
		}
		CHECK_EQ(b->hw.irq, 0);
	}
}

TEST(sw_channels, "a channel belongs to one client: there are as many as the hardware has, and a released one can be had again",
     .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	CHECK_EQ((reg_read(b, PQDMA_REG_CAP0) & PQDMA_CAP0_CHANNELS_MASK) >> PQDMA_CAP0_CHANNELS_SHIFT, PQDMA_CHANNELS);
	CHECK(PTR_ERR(dma_request_chan_by_mask(&mask)) == -ENODEV);
	CHECK(!dma_request_channel(mask, NULL, NULL));
	dma_release_channel(d->chan[ch]);
	driver_request(d, ch);
	dma_cap_set(DMA_XOR, mask);
	CHECK(PTR_ERR(dma_request_chan_by_mask(&mask)) == -ENODEV);
	run_jobs(d);
	driver_down(d);
	CHECK(PTR_ERR(dma_request_chan_by_mask(&mask)) == -EPROBE_DEFER);
}

/* How somebody may leave a channel behind. */

static void leave_list(struct bench *b, unsigned int ch, uint8_t op)
{
	uint64_t list = ram_alloc(b, PQDMA_DESC_SIZE), src = ram_alloc(b, LEFT_BYTES), dst = ram_alloc(b, LEFT_BYTES);

	desc_put(b, list, &(struct desc){ .op = op, .flags = PQDMA_FLAG_IRQ, .src = src, .dst = dst, .length = LEFT_BYTES });
	chan_start(b, ch, list, 1, 1);
}

static void leave_running(struct bench *b, unsigned int ch)
{
	leave_list(b, ch, PQDMA_OP_COPY);
}

static void leave_done(struct bench *b, unsigned int ch)
{
	leave_list(b, ch, PQDMA_OP_COPY);
	wait_done(b, ch, 1, 20000);
}

static void leave_failed(struct bench *b, unsigned int ch)
{
	leave_list(b, ch, PQDMA_OP_MATRIX);
	wait_state(b, ch, PQDMA_STATE_FAIL, 2000);
}

static void leave_stopped(struct bench *b, unsigned int ch)
{
	leave_list(b, ch, PQDMA_OP_COPY);
	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
}

static void leave_promised(struct bench *b, unsigned int ch)
{
	ch_write(b, ch, PQDMA_CH_TAIL, 5);
	ch_write(b, ch, PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_BAD_TAIL_MASK);
	ch_write(b, ch, PQDMA_CH_TAIL, PQDMA_TAIL_WINDOW + 1);
}

static void (*const leave[])(struct bench *b, unsigned int ch) = {
	leave_running, leave_done, leave_failed, leave_stopped, leave_promised,
};

TEST(sw_takeover, "the driver finds channels that run, have failed, are stopped, interrupt or have a doorbell rung, and makes them its own",
     .moves = true, .software = true)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(leave); i++) {
		struct driver *d;

		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			leave[(ch + i) % ARRAY_SIZE(leave)](b, ch);
		d = driver_up(b, ARENA);
		run_jobs(d);
		CHECK_EQ(d->calls, PQDMA_CHANNELS);
		driver_down(d);
	}
}
