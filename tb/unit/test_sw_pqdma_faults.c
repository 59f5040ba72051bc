// SPDX-License-Identifier: MIT
/*
 * The driver when things end badly, on a stand-in for the controller: failed transactions, terminate, hardware that is not
 * what it should be.
 */
#include "test_sw_client.h"

#include <linux/bottom_half.h>

/* Three transactions, the middle one fails. */
static struct dmaengine_result results[3];
static unsigned int nr_results;

static void keep_result(void *arg, const struct dmaengine_result *result)
{
	assert_int_equal((uintptr_t)arg, nr_results);
	results[nr_results++] = *result;
}

static dma_cookie_t submit_third(struct dma_chan *chan, const struct pair *p, uintptr_t i)
{
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(chan, p->dst_bus + i * 1000, p->src_bus + i * 1000, 1000, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	tx->callback_result = keep_result;
	tx->callback_param = (void *)i;
	return dmaengine_submit(tx);
}

static int middle_fails(struct dma_chan *chan)
{
	/* At its first byte the one before may not even be counted yet. */
	unsigned int at = kernel_random(2) ? (unsigned int)kernel_random(1000) : 0;
	dma_cookie_t cookie[3];
	struct pair p;
	uintptr_t i;

	nr_results = 0;
	pair_map(&p, chan, 3000);
	fake.fail_at = (fake.fail_cause == PQDMA_ERR_WRITE_DECERR ? p.dst_bus : p.src_bus) + 1000 + at;
	for (i = 0; i < 3; i++)
		cookie[i] = submit_third(chan, &p, i);
	dma_async_issue_pending(chan);
	while (nr_results < 3)
		kernel_sleep_clocks(10);
	pair_unmap(&p);
	assert_int_equal(results[0].result, DMA_TRANS_NOERROR);
	assert_int_equal(results[1].result, fake.fail_cause == PQDMA_ERR_WRITE_DECERR ? DMA_TRANS_WRITE_FAILED : DMA_TRANS_READ_FAILED);
	assert_in_range(results[1].residue, 1000 - at, 1000 - at + 16);
	assert_int_equal(results[2].result, DMA_TRANS_NOERROR);
	assert_int_equal(dma_async_is_tx_complete(chan, cookie[0], NULL, NULL), DMA_COMPLETE);
	assert_int_equal(dma_async_is_tx_complete(chan, cookie[1], NULL, NULL), DMA_ERROR);
	assert_int_equal(dma_async_is_tx_complete(chan, cookie[2], NULL, NULL), DMA_COMPLETE);
	assert_memory_equal(p.dst, p.src, 2000 - results[1].residue);
	assert_memory_equal(p.dst + 2000, p.src + 2000, 1000);
	pair_free(&p);
	return 0;
}

static void a_failure_is_told_and_the_rest_goes_on(void **state)
{
	static const uint32_t faults[] = { PQDMA_ERR_READ_SLVERR, PQDMA_ERR_WRITE_DECERR };
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < SEEDS; seed++) {
		fake_boot(seed);
		fake.fail_cause = faults[seed % 2];
		machine_run(with_channel, middle_fails);
		assert_true(fake.aborts > 0);
		machine_down();
	}
}

static int terminated(struct dma_chan *chan)
{
	dma_cookie_t cookie = 0;
	struct pair p;
	unsigned int i, before;

	calls = 0;
	pair_map(&p, chan, MANY * PIECE);
	for (i = 0; i < 300; i++)
		cookie = dmaengine_submit(prep_many(chan, &p, i, DMA_PREP_INTERRUPT));
	dma_async_issue_pending(chan);
	dmaengine_submit(prep_many(chan, &p, i, 0));
	kernel_sleep_clocks(kernel_random(300));
	assert_int_equal(dmaengine_terminate_sync(chan), 0);
	before = calls;
	assert_true(before < 300);
	assert_int_equal(dma_async_is_tx_complete(chan, cookie, NULL, NULL), DMA_COMPLETE);
	memset(machine.ram + (p.dst_bus - MACHINE_BUS), 0xee, p.size);
	kernel_sleep_clocks(3000);
	assert_int_equal(calls, before);
	for (i = 0; i < p.size; i++)
		assert_int_equal(machine.ram[p.dst_bus - MACHINE_BUS + i], 0xee);
	/* And it works again. */
	cookie = dmaengine_submit(prep_many(chan, &p, 5, 0));
	assert_int_equal(dma_sync_wait(chan, cookie), DMA_COMPLETE);
	pair_unmap(&p);
	assert_memory_equal(p.dst + 5 * PIECE, p.src + 5 * PIECE, PIECE);
	pair_free(&p);
	return 0;
}

static void nothing_moves_after_terminate(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < SEEDS; seed++)
		run(terminated, seed);
}

static int terminate_then_issue(struct dma_chan *chan)
{
	struct pair p;
	unsigned int i;

	pair_map(&p, chan, MANY * PIECE);
	for (i = 0; i < 20; i++) {
		calls = 0;
		dmaengine_submit(prep_many(chan, &p, 2 * i, DMA_PREP_INTERRUPT));
		dma_async_issue_pending(chan);
		kernel_sleep_clocks(1 + kernel_random(30));
		dmaengine_terminate_async(chan);
		dmaengine_synchronize(chan);
		calls = 0;
		dmaengine_submit(prep_many(chan, &p, 2 * i + 1, DMA_PREP_INTERRUPT));
		dma_async_issue_pending(chan);
		while (!calls)
			kernel_sleep_clocks(10);
		assert_int_equal(called[0], 2 * i + 1);
	}
	pair_unmap(&p);
	pair_free(&p);
	return 0;
}

static void a_terminated_channel_takes_new_work(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < SEEDS; seed++)
		run(terminate_then_issue, seed);
}

/* Memory that belongs to the transactions, which are dropped while the controller still writes. */
static int terminate_unmaps(struct dma_chan *chan)
{
	struct device *dev = dmaengine_get_dma_device(chan);
	struct dma_async_tx_descriptor *tx;
	struct dmaengine_unmap_data *unmap;
	u8 *p = kmalloc(4096, GFP_KERNEL);
	unsigned int i;

	for (i = 0; i < 4; i++) {
		unmap = dmaengine_get_unmap_data(dev, 1, GFP_KERNEL);
		unmap->addr[0] = dma_map_single(dev, p + 1024 * i, 1000, DMA_FROM_DEVICE);
		assert_int_equal(dma_mapping_error(dev, unmap->addr[0]), 0);
		unmap->len = 1000;
		unmap->from_cnt = 1;
		tx = dmaengine_prep_dma_memset(chan, unmap->addr[0], 1, 1000, DMA_CTRL_ACK);
		dma_set_unmap(tx, unmap);
		dmaengine_unmap_put(unmap);
		dmaengine_submit(tx);
	}
	dma_async_issue_pending(chan);
	kernel_sleep_clocks(10);
	assert_int_equal(dmaengine_terminate_sync(chan), 0);
	assert_int_equal(mapping_count(), 0);
	kfree(p);
	return 0;
}

static void memory_is_unmapped_when_nothing_moves_any_more(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < SEEDS; seed++)
		run(terminate_unmaps, seed);
}

/* Complete, but terminated before the tasklet came to call back. */
static int terminate_before_callback(struct dma_chan *chan)
{
	dma_cookie_t cookie;
	struct pair p;

	calls = 0;
	pair_map(&p, chan, MANY * PIECE);
	local_bh_disable();
	cookie = dmaengine_submit(prep_many(chan, &p, 0, DMA_PREP_INTERRUPT));
	assert_int_equal(dma_sync_wait(chan, cookie), DMA_COMPLETE);
	assert_int_equal(dmaengine_terminate_async(chan), 0);
	local_bh_enable();
	dmaengine_synchronize(chan);
	kernel_sleep_clocks(100);
	assert_int_equal(calls, 0);
	pair_unmap(&p);
	pair_free(&p);
	return 0;
}

static void no_callback_after_terminate(void **state)
{
	(void)state;
	run(terminate_before_callback, 1);
}

static int probe_fails(void *arg)
{
	(void)arg;
	assert_int_equal(kernel_board_up(DEVICE_CHANNELS), -ENODEV);
	kernel_board_down();
	return 0;
}

static void unknown_hardware_is_refused(void **state)
{
	static const struct {
		size_t reg;
		uint32_t value;
	} cases[] = {
		{ offsetof(struct fake, id), ~0u },
		{ offsetof(struct fake, version), 0x200 },
		{ offsetof(struct fake, cap0), 0 },
		{ offsetof(struct fake, cap0), 17 },
		{ offsetof(struct fake, cap1), 0x3 },
		{ offsetof(struct fake, cap2), 0 },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake_boot(i);
		*(uint32_t *)((char *)&fake + cases[i].reg) = cases[i].value;
		machine_run(probe_fails, NULL);
		machine_down();
	}
}

static int probe_with_missing_irq(void *arg)
{
	(void)arg;
	assert_int_equal(kernel_board_up(DEVICE_CHANNELS - 1), -ENODEV);
	kernel_board_down();
	return 0;
}

static void a_failed_probe_leaves_nothing_behind(void **state)
{
	(void)state;
	fake_boot(9);
	machine_run(probe_with_missing_irq, NULL);
	machine_down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_is_told_and_the_rest_goes_on),
		cmocka_unit_test(nothing_moves_after_terminate),
		cmocka_unit_test(a_terminated_channel_takes_new_work),
		cmocka_unit_test(memory_is_unmapped_when_nothing_moves_any_more),
		cmocka_unit_test(no_callback_after_terminate),
		cmocka_unit_test(unknown_hardware_is_refused),
		cmocka_unit_test(a_failed_probe_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
