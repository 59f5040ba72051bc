// SPDX-License-Identifier: MIT
/*
 * The controller goes while clients have it, as when a function is unbound: what they have submitted comes back, they get nothing more,
 * and what they hold is theirs until they let go. Memory that the driver unmaps is used, since the device takes no mapping with it.
 */
#include "driver_env.h"
#include <linux/slab.h>

#define ARENA 4096	/* bytes that the environment maps, and does not need */
#define LONG 3000
#define QUIET 5000
#define TIMES 6
#define ISSUED 2
#define WORKS (ISSUED + 1)	/* the last one is submitted and not issued */

/**
 * struct work - one copy
 * @src:   from here to @dst
 * @calls: times it was called back, with @result
 */
struct work {
	struct driver *d;
	struct dma_async_tx_descriptor *tx;
	u8 *src;
	u8 *dst;
	dma_cookie_t cookie;
	unsigned int calls;
	struct dmaengine_result result;
};

static struct work works[PQDMA_CHANNELS][WORKS];
static struct dma_async_tx_descriptor *unsent[PQDMA_CHANNELS];

static void called_back(void *param, const struct dmaengine_result *result)
{
	struct work *w = param;
	struct bench *b = w->d->b;
	struct dma_chan *chan = w->tx->chan;

	w->calls++;
	w->result = *result;
	if (result->result == DMA_TRANS_ABORTED)
		CHECK(!chan->device->device_prep_dma_interrupt(chan, 0));
}

static struct dmaengine_unmap_data *map(struct bench *b, struct device *dev, const struct work *w)
{
	struct dmaengine_unmap_data *unmap = dmaengine_get_unmap_data(dev, 2, GFP_KERNEL);

	CHECK(unmap);
	unmap->len = LONG;
	unmap->to_cnt = 1;
	unmap->addr[0] = dma_map_page(dev, virt_to_page(w->src), offset_in_page(w->src), LONG, DMA_TO_DEVICE);
	unmap->from_cnt = 1;
	unmap->addr[1] = dma_map_page(dev, virt_to_page(w->dst), offset_in_page(w->dst), LONG, DMA_FROM_DEVICE);
	CHECK(!dma_mapping_error(dev, unmap->addr[0]) && !dma_mapping_error(dev, unmap->addr[1]));
	return unmap;
}

static void submit(struct driver *d, unsigned int ch, struct work *w)
{
	struct dmaengine_unmap_data *unmap;
	struct bench *b = d->b;

	*w = (struct work){ .d = d, .src = kmalloc(LONG, GFP_KERNEL), .dst = kzalloc(LONG, GFP_KERNEL) };
	CHECK(w->src && w->dst);
	rng_fill(test_rng(b), w->src, LONG);
	unmap = map(b, d->own[ch], w);
	w->tx = dmaengine_prep_dma_memcpy(d->chan[ch], unmap->addr[1], unmap->addr[0], LONG, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	CHECK(w->tx);
	dma_set_unmap(w->tx, unmap);
	dmaengine_unmap_put(unmap);
	w->tx->callback_result = called_back;
	w->tx->callback_param = w;
	w->cookie = dmaengine_submit(w->tx);
	CHECK(w->cookie >= DMA_MIN_COOKIE);
}

static void start(struct driver *d, unsigned int ch)
{
	for (unsigned int i = 0; i < ISSUED; i++)
		submit(d, ch, &works[ch][i]);
	driver_issue(d, ch);
	submit(d, ch, &works[ch][ISSUED]);
	unsent[ch] = d->chan[ch]->device->device_prep_dma_interrupt(d->chan[ch], 0);
}

/* Returns how many were aborted. */
static unsigned int check_works(struct driver *d, unsigned int ch)
{
	struct bench *b = d->b;
	unsigned int aborted = 0;

	for (unsigned int i = 0; i < WORKS; i++) {
		struct work *w = &works[ch][i];
		const bool is_good = w->result.result == DMA_TRANS_NOERROR;

		CHECK_EQ(w->calls, 1);
		CHECK(is_good ? !aborted : w->result.result == DMA_TRANS_ABORTED);
		CHECK(dmaengine_tx_status(d->chan[ch], w->cookie, NULL) == (is_good ? DMA_COMPLETE : DMA_ERROR));
		CHECK(is_good ? !memcmp(w->src, w->dst, LONG) : w->result.residue <= LONG);
		aborted += !is_good;
		kfree(w->src);
		kfree(w->dst);
	}
	CHECK(aborted);
	return aborted;
}

/* Whatever is asked of a channel without a controller is refused, or does nothing. */
static void ask(struct driver *d, unsigned int ch)
{
	struct dma_slave_config config = { .direction = DMA_MEM_TO_DEV };
	struct dma_chan *chan = d->chan[ch];
	struct bench *b = d->b;

	CHECK(dmaengine_submit(unsent[ch]) < 0);
	CHECK(!dmaengine_prep_dma_memcpy(chan, 0, 0, LONG, 0));
	CHECK(!chan->device->device_prep_dma_interrupt(chan, 0));
	dma_async_issue_pending(chan);
	CHECK_EQ((u32)dmaengine_pause(chan), (u32)-ENODEV);
	CHECK_EQ(dmaengine_resume(chan), 0);
	if (chan->device->device_config)
		dmaengine_slave_config(chan, &config);
	CHECK_EQ(dmaengine_terminate_sync(chan), 0);
}

/* At any time; or, if it is to be @late, when something is complete already. */
static unsigned int unplug(struct driver *d, bool late)
{
	const uint64_t latest = rng_below(test_rng(d->b), 2 * LONG / PQDMA_BYTES + 200);
	unsigned int aborted = 0;
	struct bench *b = d->b;
	uint64_t bytes;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		start(d, ch);
	while (late && !works[0][0].calls)
		kernel_sleep_clocks(1);
	kernel_sleep_clocks(latest + 1);
	kernel_board_unplug();
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		CHECK_EQ(ch_state(b, ch), PQDMA_STATE_IDLE);
		aborted += check_works(d, ch);
		ask(d, ch);
	}
	bytes = mem_stats(b)->bytes;
	kernel_sleep_clocks(QUIET);
	CHECK_EQ(mem_stats(b)->bytes, bytes);
	CHECK_EQ(b->hw.irq, 0);
	return aborted;
}

TEST(driver_unplug, "the controller goes while clients work, again and again: all is called back, nothing moves, and it comes back",
     .moves = true, .software = true, .max_clocks = 2000000)
{
	unsigned int aborted = 0;

	for (unsigned int i = 0; i < TIMES; i++) {
		struct driver *d;
		dma_cap_mask_t mask;

		kernel_board_pci(i % 2);
		d = driver_up(b, ARENA);
		driver_free_arenas(d);
		aborted += unplug(d, i % 3);
		dma_cap_zero(mask);
		dma_cap_set(DMA_MEMCPY, mask);
		CHECK(IS_ERR(dma_request_chan_by_mask(&mask)));
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			dma_release_channel(d->chan[ch]);
		kernel_board_down();
		driver_free(d);
	}
	printf("%s: %u aborted\n", b->test->name, aborted);
	CHECK(aborted >= TIMES * PQDMA_CHANNELS);
}
