// SPDX-License-Identifier: MIT
/*
 * All channels at once behind the IOMMU, each transaction with mappings of its own that come and go while others run: addresses and
 * TLB entries are used again and again, and every byte arrives.
 */
#include "map_env.h"
#include <linux/completion.h>

#define ROUNDS 12
#define JOBS 6
#define SIZE_MAX_BYTES 6000
#define PATIENCE_JIFFIES 500

/** struct load - one transaction with its memory */
struct load {
	u8 *src;
	u8 *dst;
	size_t size;
	struct completion done;
};

static void load_done(void *param)
{
	complete(param);
}

static struct dmaengine_unmap_data *load_map(struct map_env *env, struct load *load)
{
	struct dmaengine_unmap_data *unmap = dmaengine_get_unmap_data(env->dev, 2, GFP_KERNEL);
	struct bench *b = env->b;

	CHECK(unmap);
	unmap->len = load->size;
	unmap->to_cnt = 1;
	unmap->from_cnt = 1;
	unmap->addr[0] = map_env_map(env, load->src, load->size, DMA_TO_DEVICE);
	unmap->addr[1] = map_env_map(env, load->dst, load->size, DMA_FROM_DEVICE);
	return unmap;
}

static void load_start(struct map_env *env, struct dma_chan *chan, struct load *load)
{
	struct dmaengine_unmap_data *unmap;
	struct dma_async_tx_descriptor *tx;
	struct bench *b = env->b;

	load->size = rng_range(test_rng(b), 1, SIZE_MAX_BYTES);
	load->src = kmalloc(load->size, GFP_KERNEL);
	load->dst = kmalloc(load->size, GFP_KERNEL);
	CHECK(load->src && load->dst);
	rng_fill(test_rng(b), load->src, load->size);
	init_completion(&load->done);
	unmap = load_map(env, load);
	tx = dmaengine_prep_dma_memcpy(chan, unmap->addr[1], unmap->addr[0], load->size, DMA_CTRL_ACK | DMA_PREP_INTERRUPT);
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
	CHECK(!memcmp(load->src, load->dst, load->size));
	kfree(load->src);
	kfree(load->dst);
}

static void run_round(struct map_env *env, struct dma_chan *const *chans)
{
	struct load load[PQDMA_CHANNELS][JOBS];

	for (unsigned int i = 0; i < JOBS; i++)
		for (unsigned int c = 0; c < PQDMA_CHANNELS; c++)
			load_start(env, chans[c], &load[c][i]);
	for (unsigned int i = 0; i < JOBS; i++)
		for (unsigned int c = 0; c < PQDMA_CHANNELS; c++)
			load_end(env->b, &load[c][i]);
}

TEST(map_iommu_load, "all channels at once behind the IOMMU, with mappings that come and go while others run", .moves = true,
     .software = true, .max_clocks = 4000000)
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
		run_round(&env, chans);
	CHECK_EQ(iommu_faults(&b->iommu), 0);
	CHECK(b->iommu.stats.hits && b->iommu.stats.walks && b->iommu.stats.invalidations >= 2 * ROUNDS * JOBS * PQDMA_CHANNELS);
	for (unsigned int c = 1; c < PQDMA_CHANNELS; c++)
		dma_release_channel(chans[c]);
	map_env_down(&env);
}
