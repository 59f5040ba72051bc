/* SPDX-License-Identifier: MIT */
/*
 * A client of the driver on the stand-in of test_sw_device.h: a channel, two mapped buffers, many small transactions.
 */
#ifndef TEST_SW_CLIENT_H
#define TEST_SW_CLIENT_H

#include "test_sw_device.h"

#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/slab.h>

#define SEEDS 20

static dma_cap_mask_t copy_mask, fill_mask;

static inline struct dma_chan *get_channel(void)
{
	struct dma_chan *chan;

	dma_cap_zero(copy_mask);
	dma_cap_set(DMA_MEMCPY, copy_mask);
	dma_cap_zero(fill_mask);
	dma_cap_set(DMA_MEMSET, fill_mask);
	chan = dma_request_chan_by_mask(&copy_mask);
	assert_false(IS_ERR(chan));
	return chan;
}

/* What most tests do around their subject. */
static inline int with_channel(void *arg)
{
	int (*subject)(struct dma_chan *chan) = arg;
	struct dma_chan *chan;

	assert_int_equal(kernel_board_up(DEVICE_CHANNELS), 0);
	chan = get_channel();
	subject(chan);
	dma_release_channel(chan);
	kernel_board_down();
	return 0;
}

static inline void run(int (*subject)(struct dma_chan *chan), uint64_t seed)
{
	fake_boot(seed);
	machine_run(with_channel, subject);
	machine_down();
}

/* Two buffers of one size, mapped. */
struct pair {
	struct device *dev;
	u8 *src, *dst;
	dma_addr_t src_bus, dst_bus;
	size_t size;
};

static inline void pair_map(struct pair *p, struct dma_chan *chan, size_t size)
{
	size_t i;

	p->dev = dmaengine_get_dma_device(chan);
	p->size = size;
	p->src = kmalloc(size, GFP_KERNEL);
	p->dst = kzalloc(size, GFP_KERNEL);
	assert_true(p->src && p->dst);
	for (i = 0; i < size; i++)
		p->src[i] = (u8)kernel_random(256);
	p->src_bus = dma_map_single(p->dev, p->src, size, DMA_TO_DEVICE);
	p->dst_bus = dma_map_single(p->dev, p->dst, size, DMA_BIDIRECTIONAL);
	assert_int_equal(dma_mapping_error(p->dev, p->src_bus), 0);
	assert_int_equal(dma_mapping_error(p->dev, p->dst_bus), 0);
}

static inline void pair_unmap(struct pair *p)
{
	dma_unmap_single(p->dev, p->src_bus, p->size, DMA_TO_DEVICE);
	dma_unmap_single(p->dev, p->dst_bus, p->size, DMA_BIDIRECTIONAL);
}

static inline void pair_free(struct pair *p)
{
	kfree(p->src);
	kfree(p->dst);
}

/* Many transactions, prepared in one order and submitted in another. */
#define MANY 700
#define PIECE 40

static unsigned int called[MANY], calls;

static inline void count_callback(void *arg)
{
	called[calls++] = (unsigned int)(uintptr_t)arg;
}

static inline struct dma_async_tx_descriptor *prep_many(struct dma_chan *chan, const struct pair *p, unsigned int i, unsigned long flags)
{
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(chan, p->dst_bus + i * PIECE, p->src_bus + i * PIECE, PIECE, flags | DMA_CTRL_ACK);
	assert_non_null(tx);
	tx->callback = count_callback;
	tx->callback_param = (void *)(uintptr_t)i;
	return tx;
}

#endif
