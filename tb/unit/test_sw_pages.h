/* SPDX-License-Identifier: MIT */
/*
 * Pages of random bytes for tests of async_tx, what should be in them, and how a chain is waited for.
 */
#ifndef TEST_SW_PAGES_H
#define TEST_SW_PAGES_H

#include "test_sw_engine.h"

#include <linux/async_tx.h>
#include <linux/completion.h>
#include <linux/raid/pq.h>

#define DISKS 24
#define LEN 700
#define OFFSETS 5	/* pages are used from different bytes on */

static const enum dma_transaction_type all_caps[] = { DMA_MEMCPY, DMA_XOR, DMA_XOR_VAL, DMA_PQ, DMA_PQ_VAL, DMA_INTERRUPT };

static struct page *pages[DISKS];
static struct page *spare;
static unsigned int offsets[DISKS];
static u8 want[DISKS][LEN];
static addr_conv_t scribble[DISKS];
static unsigned int callbacks;

static u8 *bytes_of(unsigned int i)
{
	return (u8 *)page_address(pages[i]) + offsets[i];
}

static void get_pages(void)
{
	unsigned int i, j;

	spare = alloc_page(GFP_KERNEL);
	for (i = 0; i < DISKS; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		offsets[i] = i % OFFSETS * 64;
		for (j = 0; j < LEN; j++)
			bytes_of(i)[j] = want[i][j] = (u8)kernel_random(256);
	}
}

static void put_pages(void)
{
	unsigned int i;

	for (i = 0; i < DISKS; i++)
		__free_page(pages[i]);
	__free_page(spare);
}

/* On the engines that are there; async_tx finds them as it is loaded, and lets them go. */
static void with_pages(void (*body)(void))
{
	async_tx_load();
	get_pages();
	callbacks = 0;
	body();
	put_pages();
	async_tx_unload();
}

/* What P and Q of the first @data blocks are. */
static void want_pq(unsigned int p, unsigned int q, unsigned int data, unsigned int missing)
{
	unsigned int i, j;
	u8 power;

	for (j = 0; j < LEN; j++) {
		want[p][j] = want[q][j] = 0;
		for (i = 0, power = 1; i < data; i++, power = gf_times(power, 2)) {
			if (i == missing)
				continue;
			want[p][j] ^= want[i][j];
			want[q][j] ^= gf_times(want[i][j], power);
		}
	}
}

static void assert_pages(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		assert_memory_equal(bytes_of(i), want[i], LEN);
	assert_int_equal(mapping_count(), 0);
}

static void count_callback(void *arg)
{
	(void)arg;
	callbacks++;
}

static void submit_with(struct async_submit_ctl *submit, unsigned int flags, struct dma_async_tx_descriptor *tx)
{
	init_async_submit(submit, (enum async_tx_flags)flags, tx, count_callback, NULL, scribble);
}

/* Waits for the last of a chain; the callback of each must have come by then. */
static void finish(struct dma_async_tx_descriptor *tx, unsigned int expected)
{
	unsigned int patience = 10000;

	async_tx_issue_pending(tx);
	async_tx_quiesce(&tx);
	while (callbacks < expected && patience--)
		kernel_sleep_clocks(1);
	assert_int_equal(callbacks, expected);
}

#endif
