// SPDX-License-Identifier: MIT
/*
 * Channels made of lists (virt-dma.h): where a transaction is from prep to its end, who is called back, what is freed. And routers, and
 * channels that are asked for by name or else by a filter.
 */
#include "test_sw_machine.h"

#include <linux/dmaengine.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include "dmaengine/virt-dma.h"

static struct platform_device pdev = { .name = "vchan" };
static struct platform_driver driver = { .driver.name = "vchan" };
static struct dma_device device;
static struct virt_dma_chan vc;
static struct dma_chan *chan;
static unsigned int freed, called;
static enum dmaengine_tx_result last_result;

static void free_desc(struct virt_dma_desc *vd)
{
	freed++;
	kfree(vd);
}

static struct dma_async_tx_descriptor *prep_interrupt(struct dma_chan *c, unsigned long flags)
{
	struct virt_dma_desc *vd = kzalloc(sizeof(*vd), GFP_NOWAIT);

	return vd ? vchan_tx_prep(to_virt_chan(c), vd, flags) : NULL;
}

static void issue_pending(struct dma_chan *c)
{
	unsigned long flags;

	spin_lock_irqsave(&vc.lock, flags);
	vchan_issue_pending(to_virt_chan(c));
	spin_unlock_irqrestore(&vc.lock, flags);
}

static void free_resources(struct dma_chan *c)
{
	vchan_free_chan_resources(to_virt_chan(c));
}

static void synchronize(struct dma_chan *c)
{
	vchan_synchronize(to_virt_chan(c));
}

static bool takes(struct dma_chan *c, void *param)
{
	return param == &vc && c == &vc.chan;
}

static const struct dma_slave_map names[] = { { "client", "rx", &vc } };

static void up(void)
{
	platform_driver_register(&driver);
	platform_device_register(&pdev);
	freed = called = 0;
	device = (struct dma_device){
		.dev = &pdev.dev,
		.device_prep_dma_interrupt = prep_interrupt,
		.device_issue_pending = issue_pending,
		.device_tx_status = dma_cookie_status,
		.device_free_chan_resources = free_resources,
		.device_synchronize = synchronize,
		.filter = { takes, ARRAY_SIZE(names), names },
		.directions = BIT(DMA_MEM_TO_DEV),
		.descriptor_reuse = true,
	};
	INIT_LIST_HEAD(&device.channels);
	dma_cap_set(DMA_INTERRUPT, device.cap_mask);
	dma_cap_set(DMA_SLAVE, device.cap_mask);
	vchan_init(&vc, &device);
	vc.desc_free = free_desc;
	assert_int_equal(dma_async_device_register(&device), 0);
}

static void down(void)
{
	dma_async_device_unregister(&device);
	platform_device_unregister(&pdev);
	platform_driver_unregister(&driver);
}

static void count(void *arg)
{
	(void)arg;
	called++;
}

static void count_result(void *arg, const struct dmaengine_result *result)
{
	(void)arg;
	called++;
	last_result = result->result;
}

static struct dma_async_tx_descriptor *prep(void)
{
	struct dma_async_tx_descriptor *tx = device.device_prep_dma_interrupt(chan, DMA_PREP_INTERRUPT);

	assert_non_null(tx);
	assert_int_equal(tx->cookie, -EBUSY);
	tx->callback = count;
	return tx;
}

static struct virt_dma_desc *vd_of(struct dma_async_tx_descriptor *tx)
{
	return container_of(tx, struct virt_dma_desc, tx);
}

/* The hardware takes the next transaction off the list; it must be this one. */
static void start(struct dma_async_tx_descriptor *tx)
{
	unsigned long flags;

	spin_lock_irqsave(&vc.lock, flags);
	assert_ptr_equal(vchan_next_desc(&vc), vd_of(tx));
	list_del(&vd_of(tx)->node);
	spin_unlock_irqrestore(&vc.lock, flags);
}

static void finish(struct dma_async_tx_descriptor *tx)
{
	unsigned long flags;

	spin_lock_irqsave(&vc.lock, flags);
	vchan_cookie_complete(vd_of(tx));
	spin_unlock_irqrestore(&vc.lock, flags);
	kernel_sleep_clocks(1000);
}

static bool is_issued(dma_cookie_t cookie)
{
	unsigned long flags;
	bool found;

	spin_lock_irqsave(&vc.lock, flags);
	found = vchan_find_desc(&vc, cookie);
	spin_unlock_irqrestore(&vc.lock, flags);
	return found;
}

static void take(void)
{
	chan = dma_get_slave_channel(&vc.chan);
	assert_ptr_equal(chan, &vc.chan);
}

/* Submitted in another order than prepared; started in that of submit. */
static int in_order(void *arg)
{
	struct dma_async_tx_descriptor *a, *b, *never;
	dma_cookie_t first, second;

	(void)arg;
	up();
	take();
	a = prep();
	b = prep();
	never = prep();
	first = dmaengine_submit(b);
	second = dmaengine_submit(a);
	assert_int_equal(second, first + 1);
	assert_null(vchan_next_desc(&vc));
	assert_false(is_issued(first));
	dma_async_issue_pending(chan);
	assert_true(is_issued(first) && is_issued(second));
	start(b);
	assert_false(is_issued(first));
	assert_int_equal(dmaengine_tx_status(chan, first, NULL), DMA_IN_PROGRESS);
	b->callback_result = count_result;
	vd_of(b)->tx_result.result = DMA_TRANS_WRITE_FAILED;
	finish(b);
	assert_int_equal(dmaengine_tx_status(chan, first, NULL), DMA_COMPLETE);
	assert_int_equal(last_result, DMA_TRANS_WRITE_FAILED);
	assert_true(called == 1 && freed == 1);
	start(a);
	finish(a);
	assert_true(called == 2 && freed == 2);
	assert_ptr_equal(list_first_entry(&vc.desc_allocated, struct virt_dma_desc, node), vd_of(never));
	dma_release_channel(chan);
	assert_int_equal(freed, 3);
	down();
	return 0;
}

/* A buffer that goes round: a callback for each period, unless the next one is over first. */
static int round_and_round(void *arg)
{
	struct dma_async_tx_descriptor *tx;
	unsigned long flags;
	unsigned int i;

	(void)arg;
	up();
	take();
	tx = prep();
	dmaengine_submit(tx);
	dma_async_issue_pending(chan);
	start(tx);
	for (i = 0; i < 3; i++) {
		spin_lock_irqsave(&vc.lock, flags);
		vchan_cyclic_callback(vd_of(tx));
		spin_unlock_irqrestore(&vc.lock, flags);
		kernel_sleep_clocks(1000);
		assert_int_equal(called, i + 1);
	}
	spin_lock_irqsave(&vc.lock, flags);
	vchan_cyclic_callback(vd_of(tx));
	vchan_terminate_vdesc(vd_of(tx));
	spin_unlock_irqrestore(&vc.lock, flags);
	assert_int_equal(freed, 0);
	dmaengine_synchronize(chan);
	assert_true(called == 3 && freed == 1);
	dma_release_channel(chan);
	down();
	return 0;
}

/* What may be used again comes back to where it was when it was prepared. */
static int again(void *arg)
{
	struct dma_async_tx_descriptor *tx;
	dma_cookie_t cookie = 0, next;
	unsigned int i;

	(void)arg;
	up();
	take();
	tx = prep();
	assert_int_equal(dmaengine_desc_free(tx), -EPERM);
	assert_int_equal(dmaengine_desc_set_reuse(tx), 0);
	for (i = 1; i < 4; i++) {
		next = dmaengine_submit(tx);
		assert_true(next > cookie);
		cookie = next;
		dma_async_issue_pending(chan);
		start(tx);
		finish(tx);
		assert_true(called == i && !freed);
	}
	assert_int_equal(dmaengine_desc_free(tx), 0);
	assert_int_equal(freed, 1);
	assert_int_equal(dmaengine_desc_set_reuse(prep()), 0);
	dma_release_channel(chan);
	assert_int_equal(freed, 2);
	down();
	return 0;
}

static unsigned int routes;

static void route_free(struct device *dev, void *route)
{
	assert_ptr_equal(dev, &pdev.dev);
	assert_ptr_equal(route, &routes);
	routes++;
}

static int routed(void *arg)
{
	struct dma_router router = { &pdev.dev, route_free };

	(void)arg;
	up();
	take();
	chan->router = &router;
	chan->route_data = &routes;
	dma_release_channel(chan);
	assert_int_equal(routes, 1);
	assert_true(!chan->router && !chan->route_data);
	take();
	dma_release_channel(chan);
	assert_int_equal(routes, 1);
	down();
	return 0;
}

static int by_name_or_filter(void *arg)
{
	dma_cap_mask_t mask = { .bits = { 0 } };
	struct device client;

	(void)arg;
	up();
	device_initialize(&client);
	dev_set_name(&client, "client");
	dma_cap_set(DMA_SLAVE, mask);
	chan = dma_request_slave_channel_compat(mask, NULL, NULL, &client, "rx");
	assert_ptr_equal(chan, &vc.chan);
	dma_release_channel(chan);
	assert_null(dma_request_slave_channel_compat(mask, NULL, NULL, &client, "tx"));
	assert_null(dma_request_slave_channel_compat(mask, takes, NULL, &client, "tx"));
	chan = dma_request_slave_channel_compat(mask, takes, &vc, &client, "tx");
	assert_ptr_equal(chan, &vc.chan);
	dma_release_channel(chan);
	assert_null(__dma_request_channel(&mask, NULL, NULL, (struct device_node *)&client));
	down();
	return 0;
}

static void run(int (*fn)(void *))
{
	machine_boot(&machine_no_device, 1);
	machine_run(fn, NULL);
	machine_down();
}

static void transactions_go_from_list_to_list(void **state)
{
	(void)state;
	run(in_order);
}

static void periods_call_back(void **state)
{
	(void)state;
	run(round_and_round);
}

static void what_may_be_used_again_comes_back(void **state)
{
	(void)state;
	run(again);
}

static void routes_go_with_the_channel(void **state)
{
	(void)state;
	run(routed);
}

static void names_come_before_filters(void **state)
{
	(void)state;
	run(by_name_or_filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transactions_go_from_list_to_list),
		cmocka_unit_test(periods_call_back),
		cmocka_unit_test(what_may_be_used_again_comes_back),
		cmocka_unit_test(routes_go_with_the_channel),
		cmocka_unit_test(names_come_before_filters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
