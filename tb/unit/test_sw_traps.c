// SPDX-License-Identifier: MIT
/*
 * Traps of the DMA engine API that nothing else here would see: each provider or client breaks one rule and is told so, or keeps one
 * that is easily broken. docs/traps.md lists all of them, with the tests.
 */
#include "test_sw_pages.h"

/* Runs the body with one engine that can do everything, without async_tx. */
static int with_engine(void *arg)
{
	void (*body)(void) = arg;

	engine_setup(&engines[0], 2, all_caps, ARRAY_SIZE(all_caps));
	body();
	return 0;
}

static void run(void (*body)(void))
{
	engines_boot(1);
	machine_run(with_engine, body);
	engines_down();
}

static struct dma_chan *take(void)
{
	struct dma_chan *chan;
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	chan = dma_request_channel(mask, NULL, NULL);
	assert_non_null(chan);
	return chan;
}

/* A provider that prepares one descriptor, badly. */
static struct dma_async_tx_descriptor bad_tx;

static struct dma_async_tx_descriptor *bad_interrupt(struct dma_chan *chan, unsigned long flags)
{
	(void)chan;
	(void)flags;
	return &bad_tx;
}

static void bad_preps(void)
{
	struct dma_chan *chan = &engines[0].ch[0].chan;

	engines[0].dma.device_prep_dma_interrupt = bad_interrupt;
	engine_start(&engines[0]);
	kernel_expect_problem("prepared on a channel that nobody has");
	kernel_expect_problem("prepared without channel or tx_submit");
	kernel_expect_problem("prepared with cookie 0, not -EBUSY");
	assert_ptr_equal(chan->device->device_prep_dma_interrupt(chan, 0), &bad_tx);
	chan = take();
	bad_tx = (struct dma_async_tx_descriptor){ .chan = chan, .tx_submit = engine_submit, .cookie = 7 };
	kernel_expect_problem("prepared with cookie 7, not -EBUSY");
	assert_ptr_equal(chan->device->device_prep_dma_interrupt(chan, 0), &bad_tx);
	bad_tx.cookie = -EBUSY;
	assert_ptr_equal(chan->device->device_prep_dma_interrupt(chan, 0), &bad_tx);
	dma_release_channel(chan);
	engine_stop(&engines[0]);
	assert_ptr_equal(engines[0].dma.device_prep_dma_interrupt, bad_interrupt);
}

static void a_descriptor_that_looks_submitted_is_told(void **state)
{
	(void)state;
	run(bad_preps);
}

static void called(void *param)
{
	(*(unsigned int *)param)++;
}

static void locked_callback(void)
{
	struct dma_async_tx_descriptor tx = { .callback = called, .callback_param = &callbacks };
	spinlock_t lock;

	callbacks = 0;
	spin_lock_init(&lock);
	spin_lock(&lock);
	kernel_expect_problem("called back with 1 spin locks");
	dmaengine_desc_get_callback_invoke(&tx, NULL);
	spin_unlock(&lock);
	local_irq_disable();
	kernel_expect_problem("interrupts off");
	dmaengine_desc_get_callback_invoke(&tx, NULL);
	local_irq_enable();
	dmaengine_desc_get_callback_invoke(&tx, NULL);
	assert_int_equal(callbacks, 3);
}

static void a_callback_under_a_lock_is_told(void **state)
{
	(void)state;
	run(locked_callback);
}

struct with_tasklet {
	struct tasklet_struct tasklet;
	unsigned int runs;
};

static void with_tasklet_run(struct tasklet_struct *t)
{
	container_of(t, struct with_tasklet, tasklet)->runs++;
}

static void freed_tasklets(void)
{
	struct with_tasklet *w = kzalloc(sizeof(*w), GFP_KERNEL);
	struct with_tasklet *big = kzalloc(3 * PAGE_SIZE, GFP_KERNEL);

	tasklet_setup(&w->tasklet, with_tasklet_run);
	tasklet_setup(&big->tasklet, with_tasklet_run);
	local_bh_disable();
	tasklet_schedule(&w->tasklet);
	tasklet_schedule(&big->tasklet);
	kernel_expect_problem("in which a tasklet is scheduled");
	kfree(w);
	kernel_expect_problem("in which a tasklet is scheduled");
	kfree(big);
	local_bh_enable();
	w = kzalloc(sizeof(*w), GFP_KERNEL);
	tasklet_setup(&w->tasklet, with_tasklet_run);
	tasklet_schedule(&w->tasklet);
	tasklet_kill(&w->tasklet);
	assert_int_equal(w->runs, 1);
	kfree(w);
}

static void a_tasklet_that_outlives_its_memory_is_told(void **state)
{
	(void)state;
	run(freed_tasklets);
}

static void preset_count(void)
{
	engines[0].dma.chancnt = 1;
	kernel_expect_problem("chancnt is 1 before registration");
	engine_start(&engines[0]);
	assert_int_equal(engines[0].dma.chancnt, 3);
	engine_stop(&engines[0]);
}

static void channels_that_a_provider_counts_itself_are_told(void **state)
{
	(void)state;
	run(preset_count);
}

static unsigned int releases;

static void count_release(struct dma_device *device)
{
	assert_ptr_equal(device, &engines[0].dma);
	releases++;
}

/* Without device_release a device must not go while somebody has a channel; with it, it stays until the last one has gone. */
static void unplugged(void)
{
	struct dma_chan *chan;

	engine_start(&engines[0]);
	chan = take();
	kernel_expect_problem("called while 1 clients hold a reference");
	engine_stop(&engines[0]);
	dma_release_channel(chan);
	engine_setup(&engines[0], 2, all_caps, ARRAY_SIZE(all_caps));
	engines[0].dma.device_release = count_release;
	releases = 0;
	engine_start(&engines[0]);
	chan = take();
	engine_stop(&engines[0]);
	assert_int_equal(releases, 0);
	dma_release_channel(chan);
	assert_int_equal(releases, 1);
}

static void a_device_stays_until_its_last_client_has_gone(void **state)
{
	(void)state;
	run(unplugged);
}

/* Each client's reference is one on the module. */
static void module_users(void)
{
	static struct module module = { .name = "provider" };
	struct dma_chan *chan;

	engine_driver.driver.owner = &module;
	engine_start(&engines[0]);
	assert_int_equal(module.refs, 0);
	chan = take();
	assert_int_equal(module.refs, 1);
	dma_release_channel(chan);
	dmaengine_get();
	assert_int_equal(module.refs, 2);
	dmaengine_get();
	assert_int_equal(module.refs, 4);
	dmaengine_put();
	dmaengine_put();
	assert_int_equal(module.refs, 0);
	engine_stop(&engines[0]);
	engine_driver.driver.owner = NULL;
}

static void references_are_counted_on_the_module(void **state)
{
	(void)state;
	run(module_users);
}

static int attach(struct dma_async_tx_descriptor *tx, void *data, size_t len)
{
	(void)tx;
	(void)data;
	return len > 8 ? -EINVAL : 0;
}

static void *get_ptr(struct dma_async_tx_descriptor *tx, size_t *payload_len, size_t *max_len)
{
	*payload_len = 4;
	*max_len = 8;
	return tx;
}

static int set_len(struct dma_async_tx_descriptor *tx, size_t payload_len)
{
	(void)tx;
	return payload_len > 8 ? -EINVAL : 0;
}

static void metadata(void)
{
	static struct dma_descriptor_metadata_ops ops = { .attach = attach, .get_ptr = get_ptr, .set_len = set_len };
	struct dma_async_tx_descriptor client = { .chan = &engines[0].ch[0].chan, .metadata_ops = &ops }, engine = client;
	size_t payload, most;
	u8 data[8];

	engines[0].dma.desc_metadata_modes = DESC_METADATA_CLIENT | DESC_METADATA_ENGINE;
	assert_int_equal(dmaengine_desc_attach_metadata(&client, data, sizeof(data)), 0);
	assert_int_equal(PTR_ERR(dmaengine_desc_get_metadata_ptr(&client, &payload, &most)), -EINVAL);
	assert_int_equal(dmaengine_desc_set_metadata_len(&client, 4), -EINVAL);
	assert_ptr_equal(dmaengine_desc_get_metadata_ptr(&engine, &payload, &most), &engine);
	assert_int_equal(most, 8);
	assert_int_equal(dmaengine_desc_set_metadata_len(&engine, 8), 0);
	assert_int_equal(dmaengine_desc_attach_metadata(&engine, data, sizeof(data)), -EINVAL);
}

static void metadata_is_used_in_one_mode(void **state)
{
	(void)state;
	run(metadata);
}

static struct dma_async_tx_descriptor *take_interleaved(struct dma_chan *chan, struct dma_interleaved_template *xt, unsigned long flags)
{
	(void)flags;
	bad_tx = (struct dma_async_tx_descriptor){ .chan = chan, .tx_submit = engine_submit, .cookie = -EBUSY };
	return xt ? &bad_tx : NULL;
}

static void repeats(void)
{
	struct dma_interleaved_template xt = { .numf = 0 };
	struct dma_chan *chan;

	engines[0].dma.device_prep_interleaved_dma = take_interleaved;
	engine_start(&engines[0]);
	chan = take();
	assert_non_null(dmaengine_prep_interleaved_dma(chan, &xt, 0));
	assert_null(dmaengine_prep_interleaved_dma(chan, &xt, DMA_PREP_REPEAT));
	dma_cap_set(DMA_REPEAT, engines[0].dma.cap_mask);
	assert_non_null(dmaengine_prep_interleaved_dma(chan, &xt, DMA_PREP_REPEAT));
	dma_release_channel(chan);
	engine_stop(&engines[0]);
}

static void only_who_can_repeat_is_asked_to(void **state)
{
	(void)state;
	run(repeats);
}

/* An unacknowledged parent is kept while everything else is recycled, and may be waited for long after it is complete. */
static void late_child(void)
{
	struct dma_async_tx_descriptor *parent, *tx;
	struct async_submit_ctl submit;
	unsigned int i;

	init_async_submit(&submit, 0, NULL, NULL, NULL, scribble);
	parent = async_memcpy(pages[1], pages[0], offsets[1], offsets[0], LEN, &submit);
	memcpy(want[1], want[0], LEN);
	assert_int_equal(dma_wait_for_async_tx(parent), DMA_COMPLETE);
	for (i = 0; i < 40; i++) {
		submit_with(&submit, 0, NULL);
		finish(async_memcpy(pages[3], pages[2], offsets[3], offsets[2], LEN, &submit), i + 1);
	}
	memcpy(want[3], want[2], LEN);
	assert_int_equal(parent->cookie, 0);
	submit_with(&submit, 0, parent);
	tx = async_memcpy(pages[4], pages[1], offsets[4], offsets[1], LEN, &submit);
	assert_true(async_tx_test_ack(parent));
	finish(tx, 41);
	memcpy(want[4], want[1], LEN);
	assert_pages(DISKS);
}

static int with_async(void *arg)
{
	void (*body)(void) = arg;

	engine_setup(&engines[0], 2, all_caps, ARRAY_SIZE(all_caps));
	engines[0].pool = 6;
	engine_start(&engines[0]);
	with_pages(body);
	engine_stop(&engines[0]);
	return 0;
}

static void run_async(void (*body)(void))
{
	uint64_t seed;

	for (seed = 0; seed < 4; seed++) {
		engines_boot(seed);
		machine_run(with_async, body);
		engines_down();
	}
}

static void a_child_may_come_late(void **state)
{
	(void)state;
	run_async(late_child);
}

/* What a recovery reads is still being written when it is asked for. */
static void recovery_behind_a_copy(void)
{
	const unsigned int disks = 8, lost = 2, fresh = 5;
	struct dma_async_tx_descriptor *tx;
	struct async_submit_ctl submit;

	engines[0].latency = 200;
	memcpy(want[fresh], want[20], LEN);
	want_pq(disks - 2, disks - 1, disks - 2, DISKS);
	memcpy(bytes_of(disks - 2), want[disks - 2], LEN);
	memcpy(bytes_of(disks - 1), want[disks - 1], LEN);
	memset(bytes_of(lost), 0xaa, LEN);
	submit_with(&submit, ASYNC_TX_FENCE, NULL);
	tx = async_memcpy(pages[fresh], pages[20], offsets[fresh], offsets[20], LEN, &submit);
	submit_with(&submit, 0, tx);
	finish(async_raid6_datap_recov((int)disks, LEN, (int)lost, pages, offsets, &submit), 2);
	memset(bytes_of(lost), 0xbb, LEN);
	memset(bytes_of(lost + 1), 0xbb, LEN);
	submit_with(&submit, ASYNC_TX_FENCE, NULL);
	tx = async_memcpy(pages[fresh], pages[20], offsets[fresh], offsets[20], LEN, &submit);
	submit_with(&submit, 0, tx);
	finish(async_raid6_2data_recov((int)disks, LEN, (int)lost, (int)lost + 1, pages, offsets, &submit), 4);
	assert_pages(DISKS);
}

static void a_recovery_waits_for_its_parent(void **state)
{
	(void)state;
	run_async(recovery_behind_a_copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_descriptor_that_looks_submitted_is_told),
		cmocka_unit_test(a_callback_under_a_lock_is_told),
		cmocka_unit_test(a_tasklet_that_outlives_its_memory_is_told),
		cmocka_unit_test(channels_that_a_provider_counts_itself_are_told),
		cmocka_unit_test(a_device_stays_until_its_last_client_has_gone),
		cmocka_unit_test(references_are_counted_on_the_module),
		cmocka_unit_test(metadata_is_used_in_one_mode),
		cmocka_unit_test(only_who_can_repeat_is_asked_to),
		cmocka_unit_test(a_child_may_come_late),
		cmocka_unit_test(a_recovery_waits_for_its_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
