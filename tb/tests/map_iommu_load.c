// SPDX-License-Identifier: MIT
/*
 * All channels at once behind the IOMMU, each transaction with mappings of its own that come and go while others run: addresses and
 * TLB entries are used again and again, and every byte arrives. In one context for all channels, and in one for each.
 */
#include "map_contexts.h"
#include <linux/completion.h>

#define ROUNDS 12
#define JOBS 6
#define SIZE_MAX_BYTES 6000
#define SOURCES 3
#define PATIENCE_JIFFIES 500

/** struct load - one transaction with its memory: the sum of @nr sources; of one, a copy */
struct load {
	u8 *src[SOURCES];
	unsigned int nr;
	u8 *dst;
	size_t size;
	struct completion done;
};

static void load_done(void *param)
{
	complete(param);
}

static dma_addr_t load_map_one(struct bench *b, struct device *dev, void *p, size_t size, enum dma_data_direction dir)
{
	dma_addr_t bus = dma_map_single(dev, p, size, dir);

	CHECK(!dma_mapping_error(dev, bus));
	return bus;
}

static struct dmaengine_unmap_data *load_map(struct bench *b, struct dma_chan *chan, struct load *load)
{
	struct device *dev = dmaengine_get_dma_device(chan);
	struct dmaengine_unmap_data *unmap = dmaengine_get_unmap_data(dev, SOURCES + 1, GFP_KERNEL);

	CHECK(unmap);
	unmap->len = load->size;
	unmap->to_cnt = (u8)load->nr;
	unmap->from_cnt = 1;
	for (unsigned int i = 0; i < load->nr; i++)
		unmap->addr[i] = load_map_one(b, dev, load->src[i], load->size, DMA_TO_DEVICE);
	unmap->addr[load->nr] = load_map_one(b, dev, load->dst, load->size, DMA_FROM_DEVICE);
	return unmap;
}

static void load_draw(struct bench *b, struct dma_chan *chan, struct load *load)
{
	load->nr = dma_has_cap(DMA_XOR, chan->device->cap_mask) && rng_below(test_rng(b), 2) ? SOURCES : 1;
	load->size = rng_range(test_rng(b), 1, SIZE_MAX_BYTES);
	load->dst = kmalloc(load->size, GFP_KERNEL);
	CHECK(load->dst);
	for (unsigned int i = 0; i < load->nr; i++) {
		load->src[i] = kmalloc(load->size, GFP_KERNEL);
		CHECK(load->src[i]);
		rng_fill(test_rng(b), load->src[i], load->size);
	}
	init_completion(&load->done);
}

static void load_start(struct bench *b, struct dma_chan *chan, struct load *load)
{
	const unsigned long flags = DMA_CTRL_ACK | DMA_PREP_INTERRUPT;
	struct dmaengine_unmap_data *unmap;
	struct dma_async_tx_descriptor *tx;

	load_draw(b, chan, load);
	unmap = load_map(b, chan, load);
	if (load->nr == 1)
		tx = dmaengine_prep_dma_memcpy(chan, unmap->addr[1], unmap->addr[0], load->size, flags);
	else
		tx = chan->device->device_prep_dma_xor(chan, unmap->addr[SOURCES], unmap->addr, SOURCES, load->size, flags);
	CHECK(tx);
	dma_set_unmap(tx, unmap);
	dmaengine_unmap_put(unmap);
	tx->callback = load_done;
	tx->callback_param = &load->done;
	CHECK(!dma_submit_error(dmaengine_submit(tx)));
	dma_async_issue_pending(chan);
}

static void load_end(struct bench *b, struct load *load)
{
	CHECK(wait_for_completion_timeout(&load->done, PATIENCE_JIFFIES));
	for (unsigned int i = 1; i < load->nr; i++)
		for (size_t at = 0; at < load->size; at++)
			load->src[0][at] ^= load->src[i][at];
	CHECK(!memcmp(load->src[0], load->dst, load->size));
	for (unsigned int i = 0; i < load->nr; i++)
		kfree(load->src[i]);
	kfree(load->dst);
}

static void run_round(struct bench *b, struct dma_chan *const *chans)
{
	struct load load[PQDMA_CHANNELS][JOBS];

	for (unsigned int i = 0; i < JOBS; i++)
		for (unsigned int c = 0; c < PQDMA_CHANNELS; c++)
			load_start(b, chans[c], &load[c][i]);
	for (unsigned int i = 0; i < JOBS; i++)
		for (unsigned int c = 0; c < PQDMA_CHANNELS; c++)
			load_end(b, &load[c][i]);
}

TEST(map_iommu_load, "all channels at once behind the IOMMU, with mappings that come and go while others run", .moves = true,
     .software = true, .takes_long = true, .max_clocks = 4000000)
{
	struct dma_chan *chans[PQDMA_CHANNELS];
	struct map_env env;
	dma_cap_mask_t mask;

	map_env_up(b, &env, true);
	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	chans[0] = env.chan;
	for (unsigned int c = 1; c < PQDMA_CHANNELS; c++) {
		chans[c] = dma_request_chan_by_mask(&mask);
		CHECK(!IS_ERR(chans[c]));
	}
	for (unsigned int i = 0; i < ROUNDS; i++)
		run_round(b, chans);
	CHECK_EQ(iommu_faults(&b->iommu), 0);
	CHECK(b->iommu.stats.hits && b->iommu.stats.walks && b->iommu.stats.invalidations >= 2 * ROUNDS * JOBS * PQDMA_CHANNELS);
	for (unsigned int c = 1; c < PQDMA_CHANNELS; c++)
		dma_release_channel(chans[c]);
	map_env_down(&env);
}

TEST(map_contexts_load, "the same with a context for each channel, whose addresses are alike or not", .moves = true, .software = true,
     .takes_long = true, .max_clocks = 4000000)
{
	struct contexts c;

	contexts_up(b, &c, rng_below(test_rng(b), 2));
	for (unsigned int i = 0; i < ROUNDS; i++)
		run_round(b, c.chan);
	CHECK_EQ(iommu_faults(&b->iommu), 0);
	CHECK(b->iommu.stats.hits && b->iommu.stats.walks && b->iommu.stats.invalidations >= 2 * ROUNDS * JOBS * PQDMA_CHANNELS);
	contexts_down(&c);
}
