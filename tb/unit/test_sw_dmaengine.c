// SPDX-License-Identifier: MIT
/*
 * The core without a driver: cookies and their wrap, registration, who has a channel, mappings that end with a transaction.
 */
#include "test_sw_machine.h"

#include <linux/dma-mapping.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include "dmaengine/dmaengine.h"
#include "mapping/mapping.h"

static void cookies_count_from_two_and_wrap_to_one(void **state)
{
	struct dma_chan chan = { 0 };
	struct dma_async_tx_descriptor tx = { .chan = &chan };

	(void)state;
	dma_cookie_init(&chan);
	assert_int_equal(dma_cookie_assign(&tx), 2);
	assert_int_equal(tx.cookie, 2);
	chan.cookie = INT32_MAX - 1;
	assert_int_equal(dma_cookie_assign(&tx), INT32_MAX);
	assert_int_equal(dma_cookie_assign(&tx), DMA_MIN_COOKIE);
	assert_int_equal(dma_cookie_assign(&tx), 2);
	dma_cookie_complete(&tx);
	assert_int_equal(chan.completed_cookie, 2);
	assert_int_equal(tx.cookie, 0);
}

static void a_cookie_is_in_progress_between_last_and_used(void **state)
{
	static const struct {
		dma_cookie_t cookie, last, used;
		enum dma_status status;
	} cases[] = {
		{ 5, 4, 6, DMA_IN_PROGRESS },
		{ 6, 4, 6, DMA_IN_PROGRESS },
		{ 4, 4, 6, DMA_COMPLETE },
		{ 7, 4, 6, DMA_COMPLETE },
		{ 0, 4, 6, DMA_COMPLETE },
		{ 4, 4, 4, DMA_COMPLETE },
		/* wrapped: last is big, used is small again */
		{ INT32_MAX, INT32_MAX - 1, 2, DMA_IN_PROGRESS },
		{ 1, INT32_MAX - 1, 2, DMA_IN_PROGRESS },
		{ 2, INT32_MAX - 1, 2, DMA_IN_PROGRESS },
		{ 3, INT32_MAX - 1, 2, DMA_COMPLETE },
		{ INT32_MAX - 1, INT32_MAX - 1, 2, DMA_COMPLETE },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(dma_async_is_complete(cases[i].cookie, cases[i].last, cases[i].used), cases[i].status);
}

static void status_by_cookie_fills_the_state(void **state)
{
	struct dma_chan chan = { .cookie = 9, .completed_cookie = 7 };
	struct dma_tx_state tx_state = { .residue = 1, .in_flight_bytes = 1 };

	(void)state;
	assert_int_equal(dma_cookie_status(&chan, 8, &tx_state), DMA_IN_PROGRESS);
	assert_int_equal(tx_state.last, 7);
	assert_int_equal(tx_state.used, 9);
	assert_int_equal(tx_state.residue | tx_state.in_flight_bytes, 0);
	assert_int_equal(dma_cookie_status(&chan, 7, NULL), DMA_COMPLETE);
	dma_set_residue(NULL, 5);
	assert_int_equal(dma_submit_error(-5), -5);
	assert_int_equal(dma_submit_error(5), 0);
}

/* A provider with two channels that does nothing. */
static struct platform_device platform;
static struct platform_driver driver = { .driver.name = "other" };
static struct dma_device provider;
static struct dma_chan channels[2];
static int allocs, frees;

static int provider_alloc(struct dma_chan *chan)
{
	(void)chan;
	allocs++;
	return 0;
}

static int provider_alloc_fails(struct dma_chan *chan)
{
	(void)chan;
	return -ENOMEM;
}

static void provider_free(struct dma_chan *chan)
{
	(void)chan;
	frees++;
}

static struct dma_async_tx_descriptor *provider_prep(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
						     unsigned long flags)
{
	(void)chan;
	(void)dst;
	(void)src;
	(void)len;
	(void)flags;
	return NULL;
}

static enum dma_status provider_status(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *state)
{
	return dma_cookie_status(chan, cookie, state);
}

static void provider_issue(struct dma_chan *chan)
{
	(void)chan;
}

static void provider_setup(void)
{
	unsigned int i;

	memset(&provider, 0, sizeof(provider));
	INIT_LIST_HEAD(&provider.channels);
	provider.dev = &platform.dev;
	dma_cap_set(DMA_MEMCPY, provider.cap_mask);
	provider.device_prep_dma_memcpy = provider_prep;
	provider.device_tx_status = provider_status;
	provider.device_issue_pending = provider_issue;
	provider.device_alloc_chan_resources = provider_alloc;
	provider.device_free_chan_resources = provider_free;
	for (i = 0; i < ARRAY_SIZE(channels); i++) {
		channels[i] = (struct dma_chan){ .device = &provider };
		list_add_tail(&channels[i].device_node, &provider.channels);
	}
}

static void boot(uint64_t seed)
{
	machine_boot(&machine_no_device, seed);
	memset(&platform, 0, sizeof(platform));
	platform.name = "tester";
	platform_device_register(&platform);
	platform.dev.driver = &driver.driver;
	dma_set_mask_and_coherent(&platform.dev, DMA_BIT_MASK(64));
	provider_setup();
	allocs = frees = 0;
}

static void down(void)
{
	platform.dev.driver = NULL;
	platform_device_unregister(&platform);
	machine_down();
}

static int registers(void *arg)
{
	(void)arg;
	assert_int_equal(dma_async_device_register(NULL), -ENODEV);
	provider.device_prep_dma_memcpy = NULL;
	assert_int_equal(dma_async_device_register(&provider), -EIO);
	provider_setup();
	dma_cap_set(DMA_MEMSET, provider.cap_mask);
	assert_int_equal(dma_async_device_register(&provider), -EIO);
	provider_setup();
	provider.device_tx_status = NULL;
	assert_int_equal(dma_async_device_register(&provider), -EIO);
	provider_setup();
	provider.dev = NULL;
	assert_int_equal(dma_async_device_register(&provider), -EIO);
	provider_setup();
	assert_int_equal(dma_async_device_register(&provider), 0);
	assert_int_equal(provider.chancnt, 2);
	assert_string_equal(dma_chan_name(&channels[1]), "dma0chan1");
	dma_async_device_unregister(&provider);
	assert_int_equal(provider.chancnt, 0);
	return 0;
}

static void a_device_is_checked_when_it_registers(void **state)
{
	(void)state;
	boot(1);
	machine_run(registers, NULL);
	down();
}

static bool is_second(struct dma_chan *chan, void *param)
{
	assert_ptr_equal(param, &provider);
	return chan->chan_id == 1;
}

static int requests(void *arg)
{
	struct dma_chan *chan, *other;
	dma_cap_mask_t mask;

	(void)arg;
	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	assert_int_equal(PTR_ERR(dma_request_chan_by_mask(NULL)), -ENODEV);
	assert_int_equal(PTR_ERR(dma_request_chan_by_mask(&mask)), -EPROBE_DEFER);
	assert_int_equal(dma_async_device_register(&provider), 0);
	chan = dma_request_channel(mask, is_second, &provider);
	assert_ptr_equal(chan, &channels[1]);
	assert_null(dma_request_channel(mask, is_second, &provider));
	assert_true(dma_has_cap(DMA_PRIVATE, provider.cap_mask));
	other = dma_request_chan_by_mask(&mask);
	assert_ptr_equal(other, &channels[0]);
	assert_int_equal(allocs, 2);
	dma_release_channel(chan);
	assert_true(dma_has_cap(DMA_PRIVATE, provider.cap_mask));
	dma_release_channel(other);
	assert_false(dma_has_cap(DMA_PRIVATE, provider.cap_mask));
	assert_int_equal(frees, 2);
	dma_cap_set(DMA_MEMSET, mask);
	assert_int_equal(PTR_ERR(dma_request_chan_by_mask(&mask)), -ENODEV);
	dma_cap_clear(DMA_MEMSET, mask);
	provider.device_alloc_chan_resources = provider_alloc_fails;
	assert_null(dma_request_channel(mask, NULL, NULL));
	assert_int_equal(channels[0].client_count, 0);
	assert_int_equal(dmaengine_terminate_async(&channels[0]), -EINVAL);
	assert_null(dmaengine_prep_dma_memset(&channels[0], 0, 0, 1, 0));
	dma_async_device_unregister(&provider);
	return 0;
}

static void a_channel_has_one_owner(void **state)
{
	(void)state;
	boot(2);
	machine_run(requests, NULL);
	down();
}

static int waits_for_ever(void *arg)
{
	struct dma_async_tx_descriptor tx = { .chan = &channels[0], .cookie = -EBUSY };

	(void)arg;
	assert_int_equal(dma_wait_for_async_tx(NULL), DMA_COMPLETE);
	assert_int_equal(dma_wait_for_async_tx(&tx), DMA_ERROR);
	channels[0].completed_cookie = 4;
	channels[0].cookie = 5;
	assert_int_equal(dma_sync_wait(&channels[0], 4), DMA_COMPLETE);
	return 0;
}

static void waiting_has_an_end(void **state)
{
	uint64_t before;

	(void)state;
	boot(3);
	before = machine.clock;
	kernel_spawn("waiter", waits_for_ever, NULL);
	while (machine.clock - before < 6000ull * KERNEL_CLOCKS_PER_JIFFY)
		machine_tick();
	assert_true(kernel_is_idle());
	down();
}

static void mappings_end_with_their_last_user(void **state)
{
	struct dma_async_tx_descriptor tx = { 0 };
	struct dmaengine_unmap_data *unmap;
	u8 *p;
	int i;

	(void)state;
	boot(4);
	p = kmalloc(384, GFP_KERNEL);
	unmap = dmaengine_get_unmap_data(&platform.dev, 4, GFP_KERNEL);
	unmap->to_cnt = 1;
	unmap->from_cnt = 1;
	unmap->bidi_cnt = 2;
	unmap->len = 100;
	for (i = 0; i < 3; i++) {
		static const enum dma_data_direction dirs[] = { DMA_TO_DEVICE, DMA_FROM_DEVICE, DMA_BIDIRECTIONAL };

		unmap->addr[i] = dma_map_single(&platform.dev, p + 128 * i, 100, dirs[i]);
		assert_int_equal(dma_mapping_error(&platform.dev, unmap->addr[i]), 0);
	}
	dma_set_unmap(&tx, unmap);
	dmaengine_unmap_put(unmap);
	assert_int_equal(mapping_count(), 3);
	dma_descriptor_unmap(&tx);
	dma_descriptor_unmap(&tx);
	dmaengine_unmap_put(NULL);
	assert_int_equal(mapping_count(), 0);
	kfree(p);
	down();
}

static int result_calls, plain_calls;

static void with_result(void *param, const struct dmaengine_result *result)
{
	assert_null(param);
	assert_int_equal(result->result, DMA_TRANS_NOERROR);
	result_calls++;
}

static void plain(void *param)
{
	assert_null(param);
	plain_calls++;
}

static void a_result_callback_wins(void **state)
{
	struct dma_async_tx_descriptor tx = { .callback = plain, .callback_result = with_result };
	struct dmaengine_desc_callback cb;

	(void)state;
	dmaengine_desc_get_callback(&tx, &cb);
	dmaengine_desc_callback_invoke(&cb, NULL);
	tx.callback_result = NULL;
	dmaengine_desc_get_callback(&tx, &cb);
	dmaengine_desc_callback_invoke(&cb, NULL);
	tx.callback = NULL;
	dmaengine_desc_get_callback(&tx, &cb);
	dmaengine_desc_callback_invoke(&cb, NULL);
	assert_int_equal(result_calls, 1);
	assert_int_equal(plain_calls, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cookies_count_from_two_and_wrap_to_one),
		cmocka_unit_test(a_cookie_is_in_progress_between_last_and_used),
		cmocka_unit_test(status_by_cookie_fills_the_state),
		cmocka_unit_test(a_device_is_checked_when_it_registers),
		cmocka_unit_test(a_channel_has_one_owner),
		cmocka_unit_test(waiting_has_an_end),
		cmocka_unit_test(mappings_end_with_their_last_user),
		cmocka_unit_test(a_result_callback_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
