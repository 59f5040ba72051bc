// SPDX-License-Identifier: MIT
/*
 * async_tx without channel switching: a chain stays on one channel of a device that can do everything. And what it is
 * that clients share.
 */
#include "test_sw_async.h"

/* Runs the body with one engine that can do @caps, and async_tx. */
static const enum dma_transaction_type *engine_caps;
static unsigned int engine_ncaps;

static int on_engine(void *arg)
{
	void (*body)(void) = arg;

	engine_setup(&engines[0], ENGINE_CHANNELS, engine_caps, engine_ncaps);
	engine_start(&engines[0]);
	with_pages(body);
	engine_stop(&engines[0]);
	return 0;
}

static void run_on(const enum dma_transaction_type *caps, unsigned int n, void (*body)(void))
{
	uint64_t seed;

	engine_caps = caps;
	engine_ncaps = n;
	for (seed = 0; seed < 3; seed++) {
		engines_boot(seed);
		machine_run(on_engine, body);
		engines_down();
	}
}

static void by_the_cpu(void)
{
	struct async_submit_ctl submit;

	submit_with(&submit, 0, NULL);
	assert_null(async_memcpy(pages[1], pages[0], offsets[1], offsets[0], LEN, &submit));
	assert_int_equal(callbacks, 1);
	assert_int_equal(async_tx_stats()->sync[DMA_MEMCPY], 1);
	assert_int_equal(engine_events, 0);
}

static void a_device_that_cannot_do_all_is_not_used(void **state)
{
	static const enum dma_transaction_type caps[] = { DMA_MEMCPY, DMA_XOR, DMA_INTERRUPT };

	(void)state;
	run_on(caps, ARRAY_SIZE(caps), by_the_cpu);
}

static void shared(void)
{
	struct dma_chan *chan = dma_find_channel(DMA_ASYNC_TX);
	dma_cap_mask_t mask;
	unsigned int i, used = 0;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	assert_non_null(chan);
	assert_int_equal(chan->client_count, 1);
	/* All kinds of operations are spread: no channel serves two more than another. */
	for (i = 0; i < ENGINE_CHANNELS; i++) {
		assert_in_range(engines[0].ch[i].chan.table_count, 2, 2);
		used += (unsigned int)engines[0].ch[i].chan.table_count;
	}
	assert_int_equal(used, 6);
	assert_null(dma_find_channel(DMA_SLAVE));
	/* Who shares has all channels, so nobody gets one alone. */
	assert_null(dma_request_channel(mask, NULL, NULL));
	dmaengine_get();
	assert_int_equal(chan->client_count, 2);
	dmaengine_put();
	assert_int_equal(chan->client_count, 1);
}

static void public_channels_are_spread_and_not_given_away(void **state)
{
	(void)state;
	run_on(all_caps, ARRAY_SIZE(all_caps), shared);
}

static int exclusive(void *arg)
{
	struct dma_chan *chan;
	dma_cap_mask_t mask;

	(void)arg;
	dma_cap_zero(mask);
	dma_cap_set(DMA_XOR, mask);
	engine_setup(&engines[0], 2, all_caps, ARRAY_SIZE(all_caps));
	engine_start(&engines[0]);
	assert_null(dma_find_channel(DMA_XOR));
	chan = dma_request_channel(mask, NULL, NULL);
	assert_ptr_equal(chan, &engines[0].ch[0].chan);
	/* The device is private now, and stays out of the table. */
	dmaengine_get();
	assert_null(dma_find_channel(DMA_XOR));
	assert_int_equal(engines[0].ch[1].chan.client_count, 0);
	dma_release_channel(chan);
	assert_false(dma_has_cap(DMA_PRIVATE, engines[0].dma.cap_mask));
	dmaengine_get();
	assert_non_null(dma_find_channel(DMA_XOR));
	dmaengine_put();
	dmaengine_put();
	assert_null(dma_find_channel(DMA_XOR));
	engine_stop(&engines[0]);
	return 0;
}

static void a_private_device_is_not_shared(void **state)
{
	(void)state;
	engines_boot(1);
	machine_run(exclusive, NULL);
	engines_down();
}

static bool is_number(struct dma_chan *chan, void *wanted)
{
	return chan->chan_id == (int)(uintptr_t)wanted;
}

static int by_name(void *arg)
{
	static const struct dma_slave_map map[] = { { "uart", "rx", (void *)1 }, { "uart", "tx", (void *)0 } };
	struct platform_device uart = { .name = "uart" };
	struct dma_chan *rx;

	(void)arg;
	platform_device_register(&uart);
	assert_int_equal(PTR_ERR(dma_request_chan(&uart.dev, "rx")), -EPROBE_DEFER);
	engine_setup(&engines[0], 2, all_caps, ARRAY_SIZE(all_caps));
	engines[0].dma.filter = (struct dma_filter){ .fn = is_number, .mapcnt = ARRAY_SIZE(map), .map = map };
	engine_start(&engines[0]);
	dev_set_name(&uart.dev, "uart");
	rx = dma_request_chan(&uart.dev, "rx");
	assert_ptr_equal(rx, &engines[0].ch[1].chan);
	assert_int_equal(PTR_ERR(dma_request_chan(&uart.dev, "rx")), -EPROBE_DEFER);
	assert_int_equal(PTR_ERR(dma_request_chan(&uart.dev, "xy")), -EPROBE_DEFER);
	assert_null(dma_get_slave_channel(rx));
	dma_release_channel(rx);
	rx = dma_get_slave_channel(rx);
	assert_non_null(rx);
	assert_null(dma_get_any_slave_channel(&engines[0].dma));
	dma_release_channel(rx);
	engine_stop(&engines[0]);
	platform_device_unregister(&uart);
	return 0;
}

static void a_channel_is_found_by_name(void **state)
{
	(void)state;
	engines_boot(1);
	machine_run(by_name, NULL);
	engines_down();
}

/* What a peripheral's client asks of a channel. */
static int peripherals(void *arg)
{
	struct dma_async_tx_descriptor tx = { 0 };
	struct dma_slave_config config = { 0 };
	struct dma_slave_caps caps;
	struct dma_chan *chan = &engines[0].ch[0].chan;
	size_t a, b;

	(void)arg;
	engine_setup(&engines[0], 1, all_caps, ARRAY_SIZE(all_caps));
	engine_start(&engines[0]);
	tx.chan = chan;
	assert_int_equal(dmaengine_slave_config(chan, &config), -ENOSYS);
	assert_int_equal(dmaengine_pause(chan), -ENOSYS);
	assert_int_equal(dmaengine_resume(chan), -ENOSYS);
	assert_int_equal(dmaengine_terminate_all(chan), -ENOSYS);
	assert_int_equal(dmaengine_terminate_async(chan), -EINVAL);
	assert_null(dmaengine_prep_dma_cyclic(chan, 64, 64, 32, DMA_MEM_TO_DEV, 0));
	assert_null(dmaengine_prep_slave_single(chan, 64, 64, DMA_MEM_TO_DEV, 0));
	assert_null(dmaengine_prep_interleaved_dma(chan, NULL, 0));
	assert_null(dmaengine_prep_dma_sg(chan, NULL, 0, NULL, 0, 0));
	/* Reuse goes by what a channel can do for a peripheral, so a device for memory alone has none. */
	engines[0].dma.descriptor_reuse = true;
	engines[0].dma.directions = BIT(DMA_MEM_TO_MEM);
	assert_int_equal(dma_get_slave_caps(chan, &caps), -ENXIO);
	assert_int_equal(dmaengine_desc_set_reuse(&tx), -ENXIO);
	dma_cap_set(DMA_SLAVE, engines[0].dma.cap_mask);
	assert_int_equal(dma_get_slave_caps(chan, &caps), 0);
	assert_false(caps.cmd_pause || caps.cmd_terminate);
	assert_int_equal(dmaengine_desc_free(&tx), -EPERM);
	assert_int_equal(dmaengine_desc_set_reuse(&tx), 0);
	assert_true(dmaengine_desc_test_reuse(&tx));
	dmaengine_desc_clear_reuse(&tx);
	engines[0].dma.descriptor_reuse = false;
	assert_int_equal(dmaengine_desc_set_reuse(&tx), -EPERM);
	/* Metadata: none, then the first use decides. */
	assert_int_equal(dmaengine_desc_attach_metadata(&tx, &config, 4), -ENOTSUPP);
	engines[0].dma.desc_metadata_modes = DESC_METADATA_CLIENT | DESC_METADATA_ENGINE;
	assert_int_equal(PTR_ERR(dmaengine_desc_get_metadata_ptr(&tx, &a, &b)), -ENOTSUPP);
	assert_int_equal(dmaengine_desc_attach_metadata(&tx, &config, 4), -EINVAL);
	dma_cap_clear(DMA_SLAVE, engines[0].dma.cap_mask);
	engine_stop(&engines[0]);
	return 0;
}

static void what_a_provider_does_not_have_is_refused(void **state)
{
	(void)state;
	engines_boot(1);
	machine_run(peripherals, NULL);
	engines_down();
}

static void fences(void)
{
	struct async_submit_ctl submit;
	unsigned int i;

	/* 20 sources of 8 at a time: 8, then 7 and 5 that go on. Only the last one calls back. */
	submit_with(&submit, ASYNC_TX_XOR_ZERO_DST, NULL);
	finish(async_xor_offs(pages[0], offsets[0], pages + 1, offsets + 1, 20, LEN, &submit), 1);
	assert_int_equal(engine_events, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(engine_log[i].type, DMA_XOR);
		assert_int_equal(engine_log[i].n, i == 2 ? 6 : 8);
		assert_int_equal(!!(engine_log[i].flags & DMA_PREP_FENCE), i < 2);
		assert_int_equal(!!(engine_log[i].flags & DMA_PREP_INTERRUPT), i == 2);
	}
}

static void a_split_is_fenced_and_calls_back_once(void **state)
{
	(void)state;
	run_on(all_caps, ARRAY_SIZE(all_caps), fences);
}

/* A transaction that maps nothing: what a halted CPU has mapped is never given back. */
static struct dma_async_tx_descriptor *bare_tx(unsigned int flags)
{
	struct dma_chan *chan = dma_find_channel(DMA_ASYNC_TX);
	struct dma_async_tx_descriptor *tx = chan->device->device_prep_dma_interrupt(chan, 0);
	struct async_submit_ctl submit;

	submit_with(&submit, flags, NULL);
	async_tx_submit(chan, tx, &submit);
	return tx;
}

static void alignment(void)
{
	struct async_submit_ctl submit;
	enum sum_check_flags result;
	unsigned int odd[DISKS];

	engines[0].dma.copy_align = DMAENGINE_ALIGN_4_BYTES;
	engines[0].dma.xor_align = DMAENGINE_ALIGN_64_BYTES;
	engines[0].dma.pq_align = DMAENGINE_ALIGN_64_BYTES;
	memcpy(odd, offsets, sizeof(odd));
	odd[2] += 2;
	submit_with(&submit, 0, NULL);
	finish(async_memcpy(pages[1], pages[0], 0, 4, 64, &submit), 1);
	assert_int_equal(engine_events, 1);
	submit_with(&submit, 0, NULL);
	finish(async_memcpy(pages[1], pages[0], 0, 2, 64, &submit), 2);
	submit_with(&submit, ASYNC_TX_XOR_ZERO_DST, NULL);
	finish(async_xor_offs(pages[0], 0, pages + 1, odd + 1, 4, 64, &submit), 3);
	submit_with(&submit, 0, NULL);
	finish(async_xor_val_offs(pages[0], 0, pages, odd, 4, 64, &result, &submit), 4);
	submit_with(&submit, 0, NULL);
	finish(async_gen_syndrome(pages, odd, 8, 64, &submit), 5);
	submit_with(&submit, 0, NULL);
	finish(async_syndrome_val(pages, odd, 8, 64, &result, spare, 0, &submit), 6);
	assert_int_equal(result, 0);
	assert_int_equal(engine_events, 1);
	submit_with(&submit, 0, NULL);
	finish(async_gen_syndrome(pages, offsets, 8, 64, &submit), 7);
	assert_int_equal(engine_events, 2);
}

static void what_is_not_aligned_is_done_by_the_cpu(void **state)
{
	(void)state;
	run_on(all_caps, ARRAY_SIZE(all_caps), alignment);
}

static void failing(void)
{
	struct dma_async_tx_descriptor *tx = bare_tx(0);

	engines[0].fails = true;
	kernel_expect_problem("DMA error waiting for a transaction");
	async_tx_quiesce(&tx);
}

static void acked_parent(void)
{
	struct async_submit_ctl submit;

	submit_with(&submit, 0, bare_tx(ASYNC_TX_ACK));
	kernel_expect_problem("async_tx_test_ack(parent)");
	async_trigger_callback(&submit);
}

/* These halt the CPU, so nothing is given back but the host's memory. */
static void panics(void **state)
{
	static void (*const bodies[])(void) = { failing, acked_parent };
	unsigned int i;

	(void)state;
	engine_caps = all_caps;
	engine_ncaps = ARRAY_SIZE(all_caps);
	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		engines_boot(1);
		machine_run(on_engine, bodies[i]);
		assert_true(kernel_panicked());
		machine_down();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ASYNC_TESTS,
		cmocka_unit_test(a_device_that_cannot_do_all_is_not_used),
		cmocka_unit_test(public_channels_are_spread_and_not_given_away),
		cmocka_unit_test(a_private_device_is_not_shared),
		cmocka_unit_test(a_channel_is_found_by_name),
		cmocka_unit_test(what_a_provider_does_not_have_is_refused),
		cmocka_unit_test(a_split_is_fenced_and_calls_back_once),
		cmocka_unit_test(what_is_not_aligned_is_done_by_the_cpu),
		cmocka_unit_test(panics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
