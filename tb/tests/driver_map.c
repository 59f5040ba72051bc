// SPDX-License-Identifier: MIT
/*
 * Whose memory it is: mappings that end with a transaction, views of CPU and device that differ until somebody syncs, a
 * transaction that reads what another one has just written, and transactions that are refused.
 */
#include "driver_env.h"
#include "mapping/mapping.h"
#include <linux/completion.h>
#include <linux/slab.h>

#define ARENA 8192
#define SIZE 1500
#define OWNERS 4		/* transactions with memory of their own, of a channel */
#define LINKS 12
#define NEW_BYTE 0x3c

/* Mappings that end with a transaction */

/**
 * struct owner - a transaction and memory that is mapped for it alone
 * @seen: its callback has come, and the data was there
 */
struct owner {
	struct bench *b;
	u8 *src;
	u8 *dst;
	bool seen;
	struct completion done;
};

static void owner_called(void *param, const struct dmaengine_result *result)
{
	struct owner *owner = param;
	struct bench *b = owner->b;

	CHECK(result->result == DMA_TRANS_NOERROR);
	CHECK(!memcmp(owner->src, owner->dst, SIZE));
	owner->seen = true;
	complete(&owner->done);
}

static struct dmaengine_unmap_data *owner_map(struct driver *d, struct owner *owner)
{
	struct dmaengine_unmap_data *unmap = dmaengine_get_unmap_data(d->dev, 2, GFP_KERNEL);
	struct bench *b = d->b;

	CHECK(unmap);
	unmap->len = SIZE;
	unmap->to_cnt = 1;
	unmap->from_cnt = 1;
	unmap->addr[0] = dma_map_single(d->dev, owner->src, SIZE, DMA_TO_DEVICE);
	unmap->addr[1] = dma_map_single(d->dev, owner->dst, SIZE, DMA_FROM_DEVICE);
	CHECK(!dma_mapping_error(d->dev, unmap->addr[0]) && !dma_mapping_error(d->dev, unmap->addr[1]));
	return unmap;
}

static void owner_start(struct driver *d, unsigned int ch, struct owner *owner)
{
	struct dmaengine_unmap_data *unmap;
	struct dma_async_tx_descriptor *tx;
	struct bench *b = d->b;

	*owner = (struct owner){ .b = b, .src = kmalloc(SIZE, GFP_KERNEL), .dst = kzalloc(SIZE, GFP_KERNEL) };
	CHECK(owner->src && owner->dst);
	rng_fill(test_rng(b), owner->src, SIZE);
	init_completion(&owner->done);
	unmap = owner_map(d, owner);
	tx = dmaengine_prep_dma_memcpy(d->chan[ch], unmap->addr[1], unmap->addr[0], SIZE, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	CHECK(tx);
	tx->callback_result = owner_called;
	tx->callback_param = owner;
	dma_set_unmap(tx, unmap);
	dmaengine_unmap_put(unmap);
	CHECK(dmaengine_submit(tx) >= DMA_MIN_COOKIE);
	d->other += SIZE;
}

static void owner_end(struct driver *d, struct owner *owner)
{
	struct bench *b = d->b;

	CHECK(wait_for_completion_timeout(&owner->done, DRIVER_PATIENCE));
	CHECK(owner->seen);
	kfree(owner->src);
	kfree(owner->dst);
}

/* Something for the channels that counts as a job, as every test of the driver must have. */
static void run_jobs(struct driver *d)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		driver_send(driver_copy(d, ch, driver_length(d, 500), DMA_PREP_INTERRUPT));
	driver_wait_all(d);
}

TEST(driver_unmap, "mappings that are tied to a transaction end with it, before its callback, which may read the data", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	const unsigned int live = mapping_count();
	const struct kernel_stats *stats = kernel_stats();
	const uint64_t maps = stats->maps, unmaps = stats->unmaps;
	struct owner owner[PQDMA_CHANNELS][OWNERS];

	for (unsigned int i = 0; i < OWNERS; i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			owner_start(d, ch, &owner[ch][i]);
			driver_issue(d, ch);
		}
	for (unsigned int i = 0; i < OWNERS; i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			owner_end(d, &owner[ch][i]);
	CHECK_EQ(stats->maps - maps, 2 * OWNERS * PQDMA_CHANNELS);
	CHECK_EQ(stats->unmaps - unmaps, 2 * OWNERS * PQDMA_CHANNELS);
	CHECK_EQ(mapping_count(), live);
	run_jobs(d);
	driver_down(d);
}

TEST(driver_unmap_dropped, "mappings of transactions that are terminated end too, once nothing moves any more", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	const unsigned int live = mapping_count();
	struct owner owner[OWNERS];

	for (unsigned int i = 0; i < OWNERS; i++)
		owner_start(d, 0, &owner[i]);
	driver_issue(d, 0);
	kernel_sleep_clocks(rng_below(test_rng(b), OWNERS * SIZE / PQDMA_BYTES));
	CHECK(mapping_count() > live);
	CHECK_EQ(dmaengine_terminate_sync(d->chan[0]), 0);
	d->aborts++;
	CHECK_EQ(mapping_count(), live);
	for (unsigned int i = 0; i < OWNERS; i++) {
		kfree(owner[i].src);
		kfree(owner[i].dst);
	}
	d->other = 0;
	run_jobs(d);
	driver_down(d);
}

TEST(driver_unmap_forgotten, "a mapping that its client forgets is reported at the end, with the line that made it", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	u8 *buffer = kmalloc(SIZE, GFP_KERNEL);
	struct dma_async_tx_descriptor *tx;
	dma_addr_t bus;

	CHECK(buffer);
	bus = dma_map_single(d->dev, buffer, SIZE, DMA_FROM_DEVICE);
	CHECK(!dma_mapping_error(d->dev, bus));
	tx = dmaengine_prep_dma_memset(d->chan[0], bus, 1, SIZE, DMA_CTRL_ACK);
	CHECK(tx);
	CHECK(dma_sync_wait(d->chan[0], dmaengine_submit(tx)) == DMA_COMPLETE);
	d->other += SIZE;
	run_jobs(d);
	kernel_expect_problem("leak: single or page mapping of 1500 bytes, FROM_DEVICE, made at tb/tests/driver_map.c");
	driver_down(d);
	kfree(buffer);
}

/* Views */

static void check_view(struct bench *b, const u8 *view, const u8 *want, size_t size)
{
	CHECK(!memcmp(view, want, size));
}

TEST(driver_sync_cpu, "without dma_sync_single_for_cpu() the CPU sees what was there before, with it what the device wrote",
     .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	struct job *job = driver_copy(d, 0, SIZE, DMA_PREP_INTERRUPT);
	const u8 *src = d->src[0].cpu + job->from, *dst = d->dst[0].cpu + job->at;
	u8 *before = kmalloc(SIZE, GFP_KERNEL);

	CHECK(before);
	memcpy(before, d->dst[0].want + job->at, SIZE);
	driver_send(job);
	driver_wait(job);
	CHECK_EQ(driver_arrived(job), SIZE);
	kernel_expect_problem("from a page that the device owns since tb/tests/driver_env.c");
	check_view(b, dst, before, SIZE);
	dma_sync_single_for_cpu(d->dev, d->dst[0].bus + job->at, SIZE, DMA_BIDIRECTIONAL);
	check_view(b, dst, src, SIZE);
	kfree(before);
	driver_down(d);
}

TEST(driver_sync_device, "without dma_sync_single_for_device() the device reads what was there before, with it what the CPU wrote",
     .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	struct job *stale = driver_copy(d, 0, SIZE, DMA_PREP_INTERRUPT), *fresh = driver_copy(d, 0, SIZE, DMA_PREP_INTERRUPT);
	u8 *src = d->src[0].cpu + stale->from, *old = kmalloc(SIZE, GFP_KERNEL);

	CHECK(old);
	memcpy(old, src, SIZE);
	memset(src, NEW_BYTE, SIZE);
	driver_send(stale);
	driver_wait(stale);
	CHECK(driver_arrived(stale) < SIZE / 8);
	memcpy(src, old, SIZE);
	CHECK_EQ(driver_arrived(stale), SIZE);
	memset(d->src[0].cpu + fresh->from, NEW_BYTE, SIZE);
	dma_sync_single_for_device(d->dev, d->src[0].bus + fresh->from, SIZE, DMA_TO_DEVICE);
	driver_send(fresh);
	driver_wait(fresh);
	CHECK_EQ(driver_arrived(fresh), SIZE);
	kfree(old);
	driver_down(d);
}

/* One behind the other */

static dma_cookie_t submit_link(struct driver *d, dma_addr_t bus, unsigned int i)
{
	struct dma_async_tx_descriptor *tx;
	struct bench *b = d->b;

	tx = dmaengine_prep_dma_memcpy(d->chan[0], bus + (i + 1) * SIZE, bus + i * SIZE, SIZE, DMA_PREP_FENCE | DMA_CTRL_ACK);
	CHECK(tx);
	d->other += SIZE;
	return dmaengine_submit(tx);
}

TEST(driver_fence, "each transaction copies what the one before it has written: with DMA_PREP_FENCE the first bytes reach the end",
     .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);
	u8 *chain = kmalloc((LINKS + 1) * SIZE, GFP_KERNEL);
	dma_cookie_t cookie = 0;
	dma_addr_t bus;

	CHECK(chain);
	rng_fill(test_rng(b), chain, (LINKS + 1) * SIZE);
	bus = dma_map_single(d->dev, chain, (LINKS + 1) * SIZE, DMA_BIDIRECTIONAL);
	CHECK(!dma_mapping_error(d->dev, bus));
	for (unsigned int i = 0; i < LINKS; i++)
		cookie = submit_link(d, bus, i);
	CHECK(dma_sync_wait(d->chan[0], cookie) == DMA_COMPLETE);
	dma_unmap_single(d->dev, bus, (LINKS + 1) * SIZE, DMA_BIDIRECTIONAL);
	CHECK(!memcmp(chain, chain + LINKS * SIZE, SIZE));
	kfree(chain);
	run_jobs(d);
	driver_down(d);
}

TEST(driver_refused, "nothing to do, and ranges that end behind the last address, are refused at prep, and cost nothing", .moves = true,
     .software = true)
{
	static const struct {
		dma_addr_t dst;
		dma_addr_t src;
		size_t len;
	} bad[] = {
		{ 0x1000, 0x2000, 0 },
		{ 0, 0, 0 },
		{ 0x1000, 0x2000, SIZE_MAX },
		{ 0x1000, 0, SIZE_MAX },
		{ ~0ull - 10, 0x2000, 12 },
		{ 0x1000, ~0ull - 10, 12 },
		{ 0x8000000000000000, 0x2000, 0x8000000000000001 },
	};
	struct driver *d = driver_up(b, ARENA);

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK(!dmaengine_prep_dma_memcpy(d->chan[0], bad[i].dst, bad[i].src, bad[i].len, 0));
		CHECK(!dmaengine_prep_dma_memset(d->chan[0], bad[i].src > bad[i].dst ? bad[i].src : bad[i].dst, 1, bad[i].len, 0));
	}
	CHECK_EQ(mem_stats(b)->fetch_bursts, d->fetched);
	run_jobs(d);
	driver_down(d);
}
