// SPDX-License-Identifier: MIT
/*
 * Kernel clients run from their own source: `make kmod SRC=`. Without FILE= a client that is built in shows that the runner
 * counts, and that it sees what a client does wrong.
 */
#include <stdio.h>
#include "kmod/kmod.h"
#include "kernel.h"
#include "test.h"
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#define BYTES 3000
#define PATIENCE_JIFFIES 2000

/* The built-in client: parameters, a thread, and copies. */

static unsigned int copies;
static bool complain;
static bool forget;
static struct task_struct *thread;
static struct dma_chan *chan;
static dma_addr_t forgotten;
static u8 *buffer;

static struct kernel_param param_forget = { .name = "forget", .ops = &param_ops_bool, .arg = &forget };
static struct kernel_param param_complain = { .name = "complain", .ops = &param_ops_bool, .arg = &complain, .next = &param_forget };
static struct kernel_param param_copies = { .name = "copies", .ops = &param_ops_uint, .arg = &copies, .next = &param_complain };

static void copied(void *done)
{
	complete(done);
}

static void copy_once(dma_addr_t bus)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(chan, bus + BYTES, bus, BYTES, DMA_CTRL_ACK | DMA_PREP_INTERRUPT);
	if (!tx)
		return;
	tx->callback = copied;
	tx->callback_param = &done;
	dmaengine_submit(tx);
	dma_async_issue_pending(chan);
	wait_for_completion_timeout(&done, PATIENCE_JIFFIES);
}

static int copy_thread(void *arg)
{
	struct device *dev = dmaengine_get_dma_device(chan);
	dma_addr_t bus = dma_map_single(dev, buffer, 2 * BYTES, DMA_BIDIRECTIONAL);

	(void)arg;
	if (dma_mapping_error(dev, bus))
		return -ENOMEM;
	for (unsigned int i = 0; i < copies; i++)
		copy_once(bus);
	if (forget)
		forgotten = bus;
	else
		dma_unmap_single(dev, bus, 2 * BYTES, DMA_BIDIRECTIONAL);
	pr_info("%u copies, %u failures\n", copies, (unsigned int)complain);
	return 0;
}

static int client_init(void)
{
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	chan = dma_request_channel(mask, NULL, NULL);
	if (!chan)
		return -ENODEV;
	buffer = kzalloc(2 * BYTES, GFP_KERNEL);
	thread = kthread_create(copy_thread, NULL, "copies");
	get_task_struct(thread);
	wake_up_process(thread);
	return 0;
}

static void client_exit(void)
{
	kthread_stop(thread);
	put_task_struct(thread);
	dma_release_channel(chan);
	kfree(buffer);
}

static struct module built_in = { .name = "built_in", .init = client_init, .exit = client_exit, .params = &param_copies };

static bool run_built_in(struct bench *b, const char *params, struct kmod_report *report)
{
	const struct kmod_client client = { .module = &built_in, .params = params };
	bool ok;

	copies = 0;
	complain = forget = false;
	CHECK_EQ(kernel_board_up(PQDMA_CHANNELS), 0);
	ok = kmod_run(&client, report);
	kmod_print(report);
	return ok;
}

static void run_file(struct bench *b)
{
	struct kmod_client client;
	struct kmod_report report;
	bool ok;

	CHECK_EQ(kernel_board_up(PQDMA_CHANNELS), 0);
	CHECK(kmod_open(test_file(b), &client));
	ok = kmod_run(&client, &report);
	kmod_print(&report);
	if (!ok)
		test_fail(b, "the client failed: %u messages of failure, %u mappings left, init returned %d", report.failures,
			  report.mappings, report.error);
	kernel_board_down();
}

TEST(kmod, "a kernel client from its own source runs on the controller: FILE=, see make kmod", .moves = true, .software = true,
     .max_clocks = 1ull << 40)
{
	struct kmod_report report;

	if (test_file(b)) {
		run_file(b);
		return;
	}
	CHECK(run_built_in(b, "copies=5", &report));
	CHECK_EQ(report.operations[PQDMA_OP_COPY], 5);
	CHECK_EQ(report.operations[PQDMA_OP_FILL], 0);
	CHECK_EQ(report.callbacks, 5);
	CHECK_EQ(report.mappings, 0);
	CHECK_EQ(report.lines, 1);
	kernel_board_down();
}

TEST(kmod_leak, "the runner fails a client that leaves a mapping", .moves = true, .software = true)
{
	struct kmod_report report;

	CHECK(!run_built_in(b, "copies=2 forget", &report));
	CHECK_EQ(report.mappings, 1);
	CHECK_EQ(report.failures, 0);
	dma_unmap_single(dmaengine_get_dma_device(chan), forgotten, 2 * BYTES, DMA_BIDIRECTIONAL);
	kernel_board_down();
}

TEST(kmod_failure, "the runner fails a client whose log reports a failure, and one that did nothing", .moves = true, .software = true)
{
	struct kmod_report report;

	CHECK(!run_built_in(b, "copies=1 complain=y", &report));
	CHECK_EQ(report.failures, 1);
	kernel_board_down();
	CHECK(!run_built_in(b, "copies=0", &report));
	CHECK_EQ(report.failures, 0);
	kernel_board_down();
}

TEST(kmod_params, "parameters that there are not, and values that do not fit, are refused", .software = true, .moves = true)
{
	static const struct {
		const char *params;
		int error;
	} bad[] = {
		{ "copys=5", -ENOENT }, { "copies", -EINVAL }, { "copies=5x", -EINVAL }, { "copies=4294967296", -ERANGE },
		{ "forget=maybe", -EINVAL },
	};
	struct kmod_report report;

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK(!run_built_in(b, bad[i].params, &report));
		CHECK(report.error == bad[i].error);
		kernel_board_down();
	}
	CHECK(run_built_in(b, " copies=\"3\"  forget=0 complain=off\n", &report));
	CHECK_EQ(report.operations[PQDMA_OP_COPY], 3);
	kernel_board_down();
}
