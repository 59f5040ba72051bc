// SPDX-License-Identifier: MIT
/*
 * The forms of 2008: the example of their proposal, a callback that is given afterwards, and a filter that acknowledges.
 */
#include "test_sw_engine.h"

#include <linux/async_tx_rfc2008.h>
#include <linux/completion.h>

#define SRCS 4
#define LEN 1000

static const enum dma_transaction_type all_caps[] = { DMA_MEMCPY, DMA_XOR, DMA_XOR_VAL, DMA_PQ, DMA_PQ_VAL, DMA_INTERRUPT };
static struct page *xor_pages[SRCS], *copy_from, *copy_to;
static struct completion done;
static unsigned int calls;

static void complete_xor_copy_xor(void *param)
{
	(void)param;
	calls++;
	complete(&done);
}

/* As it was proposed, but for two closing parentheses too many. */
static void run_xor_copy_xor(struct page **xor_srcs, int xor_src_cnt, struct page *xor_dest, size_t xor_len, struct page *copy_src,
			     struct page *copy_dest, size_t copy_len)
{
	struct dma_async_tx_descriptor *tx;
	/* async_xor overwrites input parameters to save stack space */
	struct page *srcs[xor_src_cnt];

	memcpy(srcs, xor_srcs, sizeof(struct page *) * xor_src_cnt);
	tx = async_xor(xor_dest, srcs, 0, xor_src_cnt, xor_len,
		       ASYNC_TX_XOR_DROP_DST, NULL);

	tx = async_memcpy(copy_dest, copy_src, 0, 0, copy_len, 0, tx);

	memcpy(srcs, xor_srcs, sizeof(struct page *) * xor_src_cnt);
	tx = async_xor(xor_dest, srcs, 0, xor_src_cnt, xor_len,
		       ASYNC_TX_XOR_DROP_DST | ASYNC_TX_DELAY_SUBMIT, tx);

	tx = async_trigger_callback(tx, complete_xor_copy_xor, NULL);

	async_tx_issue_pending_all();
}

static u8 *bytes(struct page *page)
{
	return page_address(page);
}

static void get_pages(void)
{
	unsigned int i, j;

	copy_from = alloc_page(GFP_KERNEL);
	copy_to = alloc_page(GFP_KERNEL);
	for (j = 0; j < LEN; j++)
		bytes(copy_from)[j] = (u8)kernel_random(256);
	for (i = 0; i < SRCS; i++) {
		xor_pages[i] = alloc_page(GFP_KERNEL);
		for (j = 0; j < LEN; j++)
			bytes(xor_pages[i])[j] = (u8)kernel_random(256);
	}
	init_completion(&done);
	calls = 0;
}

static void put_pages(void)
{
	unsigned int i;

	for (i = 0; i < SRCS; i++)
		__free_page(xor_pages[i]);
	__free_page(copy_from);
	__free_page(copy_to);
}

static bool with_engine;

static int around(void *arg)
{
	void (*body)(void) = arg;

	if (with_engine) {
		engine_setup(&engines[0], 2, all_caps, ARRAY_SIZE(all_caps));
		engine_start(&engines[0]);
	}
	async_tx_load();
	get_pages();
	body();
	put_pages();
	async_tx_unload();
	if (with_engine)
		engine_stop(&engines[0]);
	return 0;
}

static void run(bool engine, void (*body)(void))
{
	uint64_t seed;

	with_engine = engine;
	for (seed = 0; seed < 4; seed++) {
		engines_boot(seed);
		machine_run(around, body);
		engines_down();
	}
}

static void proposal(void)
{
	u8 first[LEN];

	memcpy(first, bytes(xor_pages[0]), LEN);
	run_xor_copy_xor(xor_pages, SRCS, xor_pages[0], LEN, copy_from, copy_to, LEN);
	assert_true(wait_for_completion_timeout(&done, 1000));
	assert_int_equal(calls, 1);
	/* What was added twice is gone. */
	assert_memory_equal(bytes(xor_pages[0]), first, LEN);
	assert_memory_equal(bytes(copy_to), bytes(copy_from), LEN);
	assert_int_equal(mapping_count(), 0);
	/* The callback needed no transaction of its own. */
	assert_int_equal(engine_events, with_engine ? 3 : 0);
}

static void the_example_runs(void **state)
{
	(void)state;
	run(true, proposal);
	run(false, proposal);
}

static struct dma_async_tx_descriptor *held_copy(struct dma_async_tx_descriptor *parent)
{
	return async_memcpy(copy_to, copy_from, 0, 0, LEN, ASYNC_TX_DELAY_SUBMIT, parent);
}

static void holding(void)
{
	struct dma_async_tx_descriptor *tx = held_copy(NULL);

	assert_int_equal(tx->cookie, -EBUSY);
	async_tx_issue_pending_all();
	kernel_sleep_clocks(2000);
	assert_int_equal(engine_events, 0);
	assert_int_equal(tx->cookie, -EBUSY);
	/* To wait for it submits it. */
	async_tx_quiesce(&tx);
	assert_int_equal(engine_events, 1);
	assert_memory_equal(bytes(copy_to), bytes(copy_from), LEN);
}

static void it_is_held_until_it_is_waited_for(void **state)
{
	(void)state;
	run(true, holding);
}

static void child_of_held(void)
{
	struct dma_async_tx_descriptor *tx = held_copy(NULL);
	struct page *srcs[] = { copy_to, xor_pages[1] };
	unsigned int j;

	tx = async_xor(xor_pages[0], srcs, 0, 2, LEN, ASYNC_TX_XOR_ZERO_DST, tx);
	tx = async_trigger_callback(tx, complete_xor_copy_xor, NULL);
	async_tx_issue_pending_all();
	assert_true(wait_for_completion_timeout(&done, 1000));
	assert_int_equal(engine_log[0].type, DMA_MEMCPY);
	assert_int_equal(engine_log[1].type, DMA_XOR);
	/* This one was not held, so the callback took a transaction. */
	assert_int_equal(engine_log[2].type, DMA_INTERRUPT);
	for (j = 0; j < LEN; j++)
		assert_int_equal(bytes(xor_pages[0])[j], bytes(copy_from)[j] ^ bytes(xor_pages[1])[j]);
}

static void a_child_submits_its_parent_first(void **state)
{
	(void)state;
	run(true, child_of_held);
}

static void zero_sum(void)
{
	struct dma_async_tx_descriptor *tx;
	struct page *srcs[] = { copy_to, copy_from };
	u32 result = 7;

	memcpy(bytes(copy_to), bytes(copy_from), LEN);
	tx = async_xor_zero_sum(copy_to, srcs, 0, 2, LEN, &result, 0, NULL);
	async_tx_issue_pending(tx);
	async_tx_quiesce(&tx);
	assert_int_equal(result, 0);
	memcpy(bytes(copy_to), bytes(copy_from), LEN);
	bytes(copy_to)[5]++;
	tx = async_xor_zero_sum(copy_to, srcs, 0, 2, LEN, &result, 0, NULL);
	async_tx_issue_pending(tx);
	async_tx_quiesce(&tx);
	assert_int_not_equal(result, 0);
}

static void a_sum_is_compared_with_zero(void **state)
{
	(void)state;
	run(true, zero_sum);
	run(false, zero_sum);
}

static enum dma_state_client take_second(struct dma_chan *chan, void *asked)
{
	(*(unsigned int *)asked)++;
	return chan->chan_id == 1 ? DMA_ACK : DMA_DUP;
}

static int filters(void *arg)
{
	unsigned int asked = 0;
	struct dma_chan *chan;
	dma_cap_mask_t mask;

	(void)arg;
	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	engine_setup(&engines[0], 3, all_caps, ARRAY_SIZE(all_caps));
	engine_start(&engines[0]);
	chan = dma_request_channel(mask, take_second, &asked);
	assert_ptr_equal(chan, &engines[0].ch[1].chan);
	assert_int_equal(asked, 2);
	dma_release_channel(chan);
	chan = dma_request_channel(mask, NULL, NULL);
	assert_ptr_equal(chan, &engines[0].ch[0].chan);
	dma_release_channel(chan);
	engine_stop(&engines[0]);
	return 0;
}

static void a_filter_acknowledges(void **state)
{
	(void)state;
	engines_boot(1);
	machine_run(filters, NULL);
	engines_down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_runs),
		cmocka_unit_test(it_is_held_until_it_is_waited_for),
		cmocka_unit_test(a_child_submits_its_parent_first),
		cmocka_unit_test(a_sum_is_compared_with_zero),
		cmocka_unit_test(a_filter_acknowledges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
