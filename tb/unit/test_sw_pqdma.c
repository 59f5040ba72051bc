// SPDX-License-Identifier: MIT
/*
 * The driver on a stand-in for the controller: data, order, callbacks, polling, residue, a full ring, channels.
 */
#include "test_sw_client.h"

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/interrupt.h>
#include <linux/slab.h>

static void complete_callback(void *arg)
{
	assert_true(in_serving_softirq() && !irqs_disabled());
	complete(arg);
}

static int copy_and_fill(struct dma_chan *chan)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct dma_async_tx_descriptor *tx;
	struct pair p;
	u8 fill[100];

	pair_map(&p, chan, 3000);
	tx = dmaengine_prep_dma_memcpy(chan, p.dst_bus + 3, p.src_bus + 1, 2900, DMA_CTRL_ACK);
	assert_int_equal(tx->cookie, -EBUSY);
	assert_true(dmaengine_submit(tx) > 0);
	tx = dmaengine_prep_dma_memset(chan, p.dst_bus + 500, 0x1a5, 100, DMA_PREP_INTERRUPT | DMA_CTRL_ACK | DMA_PREP_FENCE);
	tx->callback = complete_callback;
	tx->callback_param = &done;
	dmaengine_submit(tx);
	assert_int_equal(fake.descriptors, 0);
	dma_async_issue_pending(chan);
	wait_for_completion(&done);
	pair_unmap(&p);
	memset(fill, 0xa5, sizeof(fill));
	assert_memory_equal(p.dst + 3, p.src + 1, 497);
	assert_memory_equal(p.dst + 500, fill, 100);
	assert_memory_equal(p.dst + 600, p.src + 598, 2303);
	assert_int_equal(p.dst[2] | p.dst[2903], 0);
	assert_int_equal(fake.descriptors, 2);
	assert_int_equal(fake.fences, 1);
	pair_free(&p);
	return 0;
}

static void data_arrives_and_nothing_else_changes(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < SEEDS; seed++)
		run(copy_and_fill, seed);
}

static int more_than_a_ring(struct dma_chan *chan)
{
	struct dma_async_tx_descriptor *tx, *other;
	dma_cookie_t cookie, last = 0;
	struct pair p;
	unsigned int i;

	calls = 0;
	pair_map(&p, chan, MANY * PIECE);
	for (i = 0; i < MANY; i += 2) {
		tx = prep_many(chan, &p, i, i % 7 ? 0 : DMA_PREP_INTERRUPT);
		other = prep_many(chan, &p, i + 1, i + 2 == MANY ? DMA_PREP_INTERRUPT : 0);
		cookie = dmaengine_submit(i % 4 ? tx : other);
		assert_true(cookie > last);
		last = dmaengine_submit(i % 4 ? other : tx);
		assert_int_equal(last, cookie + 1);
		if (i % 100 == 0)
			dma_async_issue_pending(chan);
	}
	dma_async_issue_pending(chan);
	while (calls < MANY)
		kernel_sleep_clocks(100);
	for (i = 0; i < MANY; i++)
		assert_int_equal(called[i], i / 2 % 2 ? i : i ^ 1);
	pair_unmap(&p);
	assert_memory_equal(p.dst, p.src, MANY * PIECE);
	assert_int_equal(fake.descriptors, MANY);
	pair_free(&p);
	return 0;
}

static void a_full_ring_is_refilled_in_order(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < SEEDS; seed++)
		run(more_than_a_ring, seed);
}

/* Only the last one asks for an interrupt, and it is far beyond the ring. */
static int nobody_asks(struct dma_chan *chan)
{
	struct pair p;
	unsigned int i;

	calls = 0;
	pair_map(&p, chan, MANY * PIECE);
	for (i = 0; i < MANY; i++)
		dmaengine_submit(prep_many(chan, &p, i, i + 1 == MANY ? DMA_PREP_INTERRUPT : 0));
	dma_async_issue_pending(chan);
	while (calls < MANY)
		kernel_sleep_clocks(100);
	pair_unmap(&p);
	pair_free(&p);
	return 0;
}

static void a_full_ring_is_refilled_without_being_asked(void **state)
{
	(void)state;
	run(nobody_asks, 2);
}

static int not_before_issue(struct dma_chan *chan)
{
	struct pair p;
	unsigned int i;

	calls = 0;
	pair_map(&p, chan, MANY * PIECE);
	dma_async_issue_pending(chan);
	fake.rate = 1;
	dmaengine_submit(prep_many(chan, &p, 0, DMA_PREP_INTERRUPT));
	dma_async_issue_pending(chan);
	for (i = 1; i < 4; i++)
		dmaengine_submit(prep_many(chan, &p, i, DMA_PREP_INTERRUPT));
	kernel_sleep_clocks(2000);
	assert_int_equal(fake.descriptors, 1);
	assert_int_equal(calls, 1);
	dma_async_issue_pending(chan);
	dma_async_issue_pending(chan);
	kernel_sleep_clocks(2000);
	assert_int_equal(fake.descriptors, 4);
	assert_int_equal(calls, 4);
	pair_unmap(&p);
	pair_free(&p);
	return 0;
}

static void nothing_starts_before_it_is_issued(void **state)
{
	(void)state;
	run(not_before_issue, 1);
}

static int tasklets_blocked(struct dma_chan *chan)
{
	struct pair p;
	unsigned int i;

	calls = 0;
	pair_map(&p, chan, MANY * PIECE);
	local_bh_disable();
	for (i = 0; i < 400; i++)
		dmaengine_submit(prep_many(chan, &p, i, DMA_PREP_INTERRUPT));
	dma_async_issue_pending(chan);
	udelay(10000);
	assert_int_equal(fake.descriptors, 400);
	assert_int_equal(calls, 0);
	local_bh_enable();
	kernel_sleep_clocks(2000);
	assert_int_equal(calls, 400);
	pair_unmap(&p);
	pair_free(&p);
	return 0;
}

static void the_handler_alone_keeps_the_hardware_busy(void **state)
{
	(void)state;
	run(tasklets_blocked, 3);
}

static int polled(struct dma_chan *chan)
{
	struct dma_async_tx_descriptor *tx;
	struct dmaengine_unmap_data *unmap;
	struct device *dev = dmaengine_get_dma_device(chan);
	u8 *src = kmalloc(2000, GFP_KERNEL), *dst = kzalloc(2000, GFP_KERNEL);
	dma_cookie_t cookie;

	memset(src, 0x77, 2000);
	unmap = dmaengine_get_unmap_data(dev, 2, GFP_KERNEL);
	unmap->len = 2000;
	unmap->addr[0] = dma_map_single(dev, src, 2000, DMA_TO_DEVICE);
	unmap->addr[1] = dma_map_single(dev, dst, 2000, DMA_FROM_DEVICE);
	assert_int_equal(dma_mapping_error(dev, unmap->addr[0]) | dma_mapping_error(dev, unmap->addr[1]), 0);
	unmap->to_cnt = 1;
	unmap->from_cnt = 1;
	/* With interrupts of the line held back only the poll can see the end. */
	disable_irq(32);
	tx = dmaengine_prep_dma_memcpy(chan, unmap->addr[1], unmap->addr[0], 2000, DMA_CTRL_ACK);
	dma_set_unmap(tx, unmap);
	dmaengine_unmap_put(unmap);
	cookie = dmaengine_submit(tx);
	assert_int_equal(dma_async_is_tx_complete(chan, cookie, NULL, NULL), DMA_IN_PROGRESS);
	assert_int_equal(dma_sync_wait(chan, cookie), DMA_COMPLETE);
	/* Complete means that the memory is the CPU's again. */
	assert_memory_equal(dst, src, 2000);
	enable_irq(32);
	kfree(src);
	kfree(dst);
	return 0;
}

static void polling_needs_no_interrupt(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < SEEDS; seed++)
		run(polled, seed);
}

static int residues(struct dma_chan *chan)
{
	struct dma_async_tx_descriptor *a, *b;
	struct dma_tx_state state;
	dma_cookie_t first, second;
	unsigned int seen = 0;
	u32 before = 4000;
	struct pair p;

	pair_map(&p, chan, 8000);
	a = dmaengine_prep_dma_memcpy(chan, p.dst_bus, p.src_bus, 4000, DMA_CTRL_ACK);
	b = dmaengine_prep_dma_memcpy(chan, p.dst_bus + 4000, p.src_bus + 4000, 3000, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	first = dmaengine_submit(a);
	second = dmaengine_submit(b);
	assert_int_equal(dmaengine_tx_status(chan, first, &state), DMA_IN_PROGRESS);
	assert_int_equal(state.residue, 4000);
	dma_async_issue_pending(chan);
	while (dmaengine_tx_status(chan, first, &state) == DMA_IN_PROGRESS) {
		assert_true(state.residue <= before && state.residue + fake.ch[0].bytes >= 4000);
		seen += state.residue && state.residue < before;
		before = state.residue;
		assert_int_equal(dmaengine_tx_status(chan, second, &state), DMA_IN_PROGRESS);
		assert_true(state.residue == 3000 || fake.ch[0].bytes > 4000);
		assert_int_equal(dmaengine_tx_status(chan, second, NULL), DMA_IN_PROGRESS);
	}
	assert_true(seen > 3);
	assert_int_equal(state.last, first);
	assert_int_equal(state.used, second);
	assert_int_equal(dma_sync_wait(chan, second), DMA_COMPLETE);
	assert_int_equal(dmaengine_tx_status(chan, second, &state), DMA_COMPLETE);
	assert_int_equal(state.residue, 0);
	pair_unmap(&p);
	pair_free(&p);
	return 0;
}

static void a_residue_is_what_is_left(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < SEEDS; seed++)
		run(residues, seed);
}

/* Ten gigabytes that only the counters see. */
#define HUGE (10ull << 30)

static int huge(struct dma_chan *chan)
{
	struct dma_async_tx_descriptor *tx;
	DECLARE_COMPLETION_ONSTACK(done);
	struct dma_tx_state state;
	dma_cookie_t cookie;
	unsigned int seen;

	fake.only_count = true;
	fake.rate = 16 << 20;
	tx = dmaengine_prep_dma_memset(chan, 0x1000, 0, HUGE, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	tx->callback = complete_callback;
	tx->callback_param = &done;
	cookie = dmaengine_submit(tx);
	dma_async_issue_pending(chan);
	assert_int_equal(dmaengine_tx_status(chan, cookie, &state), DMA_IN_PROGRESS);
	assert_int_equal(state.residue, U32_MAX);
	/* Long enough for BYTES to wrap twice while nobody asks. */
	while (fake.descriptors < 4)
		kernel_sleep_clocks(10);
	for (seen = 0; dmaengine_tx_status(chan, cookie, &state) == DMA_IN_PROGRESS; seen++)
		assert_true(state.residue <= 2u << 30);
	wait_for_completion(&done);
	assert_true(seen > 3);
	assert_int_equal(fake.descriptors, 5);
	return 0;
}

static void long_transactions_are_split(void **state)
{
	(void)state;
	run(huge, 4);
}

static int unacked(struct dma_chan *chan)
{
	struct dma_async_tx_descriptor *tx, *other;
	dma_cookie_t cookie;
	struct pair p;
	unsigned int i;

	pair_map(&p, chan, MANY * PIECE);
	tx = dmaengine_prep_dma_memcpy(chan, p.dst_bus, p.src_bus, 10, DMA_PREP_INTERRUPT);
	cookie = dmaengine_submit(tx);
	assert_int_equal(dma_sync_wait(chan, cookie), DMA_COMPLETE);
	kernel_sleep_clocks(200);
	for (i = 0; i < 20; i++) {
		other = prep_many(chan, &p, i, 0);
		assert_ptr_not_equal(other, tx);
		assert_int_equal(dma_sync_wait(chan, dmaengine_submit(other)), DMA_COMPLETE);
	}
	assert_int_equal(tx->cookie, 0);
	async_tx_ack(tx);
	for (i = 0, other = NULL; i < 50 && other != tx; i++)
		other = prep_many(chan, &p, i, 0);
	assert_ptr_equal(other, tx);
	assert_int_equal(other->cookie, -EBUSY);
	pair_unmap(&p);
	pair_free(&p);
	return 0;
}

static void a_descriptor_is_kept_until_it_is_acked(void **state)
{
	(void)state;
	run(unacked, 5);
}

static struct dma_chan *callback_chan;
static struct pair callback_pair;

static void submit_again(void *arg)
{
	struct dma_async_tx_descriptor *tx;
	uintptr_t left = (uintptr_t)arg;

	calls++;
	if (!left)
		return;
	tx = dmaengine_prep_dma_memset(callback_chan, callback_pair.dst_bus, (int)left, 64, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	tx->callback = submit_again;
	tx->callback_param = (void *)(left - 1);
	dmaengine_submit(tx);
	dma_async_issue_pending(callback_chan);
}

static int callbacks_submit(struct dma_chan *chan)
{
	calls = 0;
	callback_chan = chan;
	pair_map(&callback_pair, chan, 64);
	local_bh_disable();
	submit_again((void *)30);
	local_bh_enable();
	while (calls < 31)
		kernel_sleep_clocks(10);
	pair_unmap(&callback_pair);
	assert_int_equal(callback_pair.dst[13], 1);
	pair_free(&callback_pair);
	return 0;
}

static void a_callback_may_submit(void **state)
{
	(void)state;
	run(callbacks_submit, 6);
}

/* All memory there is, page by page, and back again. */
static struct page *hoard_memory(void)
{
	struct page *page, *hoard = NULL;

	while ((page = alloc_page(GFP_NOWAIT))) {
		*(struct page **)page_address(page) = hoard;
		hoard = page;
	}
	return hoard;
}

static void give_memory_back(struct page *hoard)
{
	struct page *next;

	for (; hoard; hoard = next) {
		next = *(struct page **)page_address(hoard);
		__free_page(hoard);
	}
}

static int submits_without_memory(struct dma_chan *chan)
{
	struct dma_async_tx_descriptor *tx[MANY];
	dma_cookie_t cookie = 0;
	struct page *hoard;
	struct pair p;
	unsigned int i;

	calls = 0;
	pair_map(&p, chan, MANY * PIECE);
	for (i = 0; i < MANY; i++)
		tx[i] = prep_many(chan, &p, i, DMA_PREP_INTERRUPT);
	hoard = hoard_memory();
	assert_non_null(hoard);
	for (i = 0; i < MANY; i++) {
		cookie = dmaengine_submit(tx[i]);
		assert_int_equal(dma_submit_error(cookie), 0);
	}
	assert_int_equal(dma_sync_wait(chan, cookie), DMA_COMPLETE);
	while (calls < MANY)
		kernel_sleep_clocks(10);
	give_memory_back(hoard);
	pair_unmap(&p);
	assert_memory_equal(p.dst, p.src, MANY * PIECE);
	pair_free(&p);
	return 0;
}

static void what_is_prepared_needs_no_more_memory(void **state)
{
	(void)state;
	run(submits_without_memory, 7);
}

static int no_prep(struct dma_chan *chan)
{
	assert_null(dmaengine_prep_dma_memcpy(chan, 0x1000, 0x2000, 0, 0));
	assert_null(dmaengine_prep_dma_memset(chan, 0x1000, 0, 0, 0));
	assert_null(dmaengine_prep_dma_memcpy(NULL, 0x1000, 0x2000, 4, 0));
	/* Prepared and never submitted: released with the channel. */
	assert_non_null(dmaengine_prep_dma_memcpy(chan, 0x1000, 0x2000, 4, 0));
	return 0;
}

static void nothing_is_no_transaction(void **state)
{
	(void)state;
	run(no_prep, 7);
}

static int all_channels(void *arg)
{
	struct dma_chan *chan[DEVICE_CHANNELS];
	unsigned int i;

	(void)arg;
	assert_int_equal(kernel_board_up(DEVICE_CHANNELS), 0);
	for (i = 0; i < DEVICE_CHANNELS; i++) {
		chan[i] = get_channel();
		assert_int_equal(chan[i]->chan_id, (int)i);
	}
	assert_string_equal(dma_chan_name(chan[2]), "dma0chan2");
	assert_int_equal(PTR_ERR(dma_request_chan_by_mask(&copy_mask)), -ENODEV);
	assert_null(dma_request_channel(fill_mask, NULL, NULL));
	dma_release_channel(chan[1]);
	assert_ptr_equal(get_channel(), chan[1]);
	for (i = 0; i < DEVICE_CHANNELS; i++)
		dma_release_channel(chan[i]);
	kernel_board_down();
	assert_int_equal(PTR_ERR(dma_request_chan_by_mask(&copy_mask)), -EPROBE_DEFER);
	return 0;
}

static void channels_are_exclusive(void **state)
{
	(void)state;
	fake_boot(8);
	machine_run(all_channels, NULL);
	machine_down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_arrives_and_nothing_else_changes),
		cmocka_unit_test(a_full_ring_is_refilled_in_order),
		cmocka_unit_test(a_full_ring_is_refilled_without_being_asked),
		cmocka_unit_test(nothing_starts_before_it_is_issued),
		cmocka_unit_test(the_handler_alone_keeps_the_hardware_busy),
		cmocka_unit_test(polling_needs_no_interrupt),
		cmocka_unit_test(a_residue_is_what_is_left),
		cmocka_unit_test(long_transactions_are_split),
		cmocka_unit_test(a_descriptor_is_kept_until_it_is_acked),
		cmocka_unit_test(a_callback_may_submit),
		cmocka_unit_test(what_is_prepared_needs_no_more_memory),
		cmocka_unit_test(nothing_is_no_transaction),
		cmocka_unit_test(channels_are_exclusive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
