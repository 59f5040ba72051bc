// SPDX-License-Identifier: MIT
/*
 * async_tx with channel switching: each operation goes to a channel that can do it, and a chain goes from channel to channel.
 */
#include "test_sw_async.h"

/* Two devices that together can do what a chain needs; @carries: the first can interrupt, so that nobody has to poll. */
static bool carries;

static int on_two(void *arg)
{
	const enum dma_transaction_type first[] = { DMA_MEMCPY, carries ? DMA_INTERRUPT : DMA_MEMCPY };
	const enum dma_transaction_type second[] = { DMA_XOR, carries ? DMA_INTERRUPT : DMA_XOR };
	void (*body)(void) = arg;

	engine_setup(&engines[0], 1, first, ARRAY_SIZE(first));
	engine_setup(&engines[1], 2, second, ARRAY_SIZE(second));
	engines[0].latency = 400;
	engine_start(&engines[0]);
	engine_start(&engines[1]);
	with_pages(body);
	engine_stop(&engines[0]);
	engine_stop(&engines[1]);
	return 0;
}

static void run_on_two(void (*body)(void))
{
	uint64_t seed;

	for (seed = 0; seed < 6; seed++) {
		carries = seed % 2;
		engines_boot(seed);
		machine_run(on_two, body);
		engines_down();
	}
}

static unsigned int count_events(enum dma_transaction_type type)
{
	unsigned int i, n = 0;

	for (i = 0; i < engine_events; i++)
		n += engine_log[i].type == type;
	return n;
}

static void across(void)
{
	chains();
	assert_int_equal(async_tx_stats()->sync[DMA_XOR] + async_tx_stats()->sync[DMA_MEMCPY], 0);
	assert_int_equal(count_events(DMA_XOR), 2);
	assert_int_equal(count_events(DMA_MEMCPY), 1);
	/* One for each switch, and the one that was asked for. */
	assert_int_equal(count_events(DMA_INTERRUPT), carries ? 3 : 0);
}

static void a_chain_goes_from_channel_to_channel(void **state)
{
	(void)state;
	run_on_two(across);
}

/* A child of one that waits itself: copy, xor, xor, xor. */
static void waiting(void)
{
	struct page *srcs[] = { pages[1], pages[2] };
	struct dma_async_tx_descriptor *tx;
	struct async_submit_ctl submit;
	unsigned int i, j;

	submit_with(&submit, ASYNC_TX_FENCE, NULL);
	tx = async_memcpy(pages[1], pages[0], 0, 0, LEN, &submit);
	for (i = 0; i < 4; i++) {
		srcs[0] = pages[i ? 3 + i : 1];
		submit_with(&submit, ASYNC_TX_XOR_ZERO_DST | ASYNC_TX_FENCE, tx);
		tx = async_xor(pages[4 + i], srcs, 0, 2, LEN, &submit);
		/* Where it waits it has no cookie. */
		if (carries)
			assert_int_equal(tx->cookie, -EBUSY);
	}
	finish(tx, 5);
	for (j = 0; j < LEN; j++)
		for (i = 0; i < 4; i++)
			assert_int_equal(((u8 *)page_address(pages[4 + i]))[j],
					 ((u8 *)page_address(pages[0]))[j] ^ (i % 2 ? 0 : ((u8 *)page_address(pages[2]))[j]));
	assert_int_equal(count_events(DMA_INTERRUPT), carries ? 1 : 0);
}

static void a_child_of_one_that_waits_follows_it(void **state)
{
	(void)state;
	run_on_two(waiting);
}

static struct dma_async_tx_descriptor stale_tx;

static struct dma_async_tx_descriptor *stale_interrupt(struct dma_chan *chan, unsigned long flags)
{
	stale_tx = (struct dma_async_tx_descriptor){ .chan = chan, .flags = (enum dma_ctrl_flags)flags, .cookie = -EBUSY,
						     .tx_submit = engine_submit, .next = &stale_tx };
	return &stale_tx;
}

static int stale_prep(void *arg)
{
	struct dma_chan *chan;
	dma_cap_mask_t mask;

	(void)arg;
	engine_setup(&engines[0], 1, all_caps, ARRAY_SIZE(all_caps));
	engines[0].dma.device_prep_dma_interrupt = stale_interrupt;
	engine_start(&engines[0]);
	dma_cap_zero(mask);
	chan = dma_request_channel(mask, NULL, NULL);
	assert_non_null(chan);
	kernel_expect_problem("prepared with an old dependency");
	assert_ptr_equal(chan->device->device_prep_dma_interrupt(chan, 0), &stale_tx);
	dma_release_channel(chan);
	engine_stop(&engines[0]);
	return 0;
}

static void an_old_dependency_is_told(void **state)
{
	(void)state;
	engines_boot(1);
	machine_run(stale_prep, NULL);
	engines_down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ASYNC_TESTS,
		cmocka_unit_test(a_chain_goes_from_channel_to_channel),
		cmocka_unit_test(a_child_of_one_that_waits_follows_it),
		cmocka_unit_test(an_old_dependency_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
