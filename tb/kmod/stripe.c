// SPDX-License-Identifier: MIT
/*
 * A small kernel client: one RAID-6 stripe is made, every pair of its blocks is lost and recovered. It is for `make kmod` and includes
 * nothing but Linux's headers, so it runs on this project's async_tx, on Linux's own, and in a kernel.
 */
#include <linux/async_tx.h>
#include <linux/completion.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/string.h>

#define DISKS 6
#define DATA (DISKS - 2)

static unsigned int length = 1024;
module_param(length, uint, 0444);
MODULE_PARM_DESC(length, "bytes of a block, up to a page");

static struct page *blocks[DISKS], *copies[DISKS], *spare;
static unsigned int offsets[DISKS];
static addr_conv_t scribble[DISKS];
static struct completion done;

static void stripe_done(void *param)
{
	complete(param);
}

static void begin(struct async_submit_ctl *submit)
{
	init_completion(&done);
	init_async_submit(submit, ASYNC_TX_ACK, NULL, stripe_done, &done, scribble);
}

static int finish(void)
{
	async_tx_issue_pending_all();
	if (wait_for_completion_timeout(&done, 10000))
		return 0;
	pr_err("stripe: an operation failed to end\n");
	return -ETIMEDOUT;
}

static int compare(int faila, int failb)
{
	int i;

	for (i = 0; i < DISKS; i++) {
		if (!memcmp(page_address(blocks[i]), page_address(copies[i]), length))
			continue;
		pr_err("stripe: failed: block %d differs after %d and %d were lost\n", i, faila, failb);
		return -EIO;
	}
	return 0;
}

/* Any two data blocks, or one and P. */
static int lose(int faila, int failb)
{
	struct async_submit_ctl submit;

	memset(page_address(blocks[faila]), 0xaa, length);
	memset(page_address(blocks[failb]), 0xbb, length);
	begin(&submit);
	if (failb == DATA)
		async_raid6_datap_recov(DISKS, length, faila, blocks, offsets, &submit);
	else
		async_raid6_2data_recov(DISKS, length, faila, failb, blocks, offsets, &submit);
	return finish() ? : compare(faila, failb);
}

static int make_stripe(void)
{
	enum sum_check_flags result = SUM_CHECK_P_RESULT;
	struct async_submit_ctl submit;
	int i, err;

	for (i = 0; i < DATA; i++)
		get_random_bytes(page_address(blocks[i]), length);
	begin(&submit);
	async_gen_syndrome(blocks, offsets, DISKS, length, &submit);
	err = finish();
	if (err)
		return err;
	begin(&submit);
	async_syndrome_val(blocks, offsets, DISKS, length, &result, spare, 0, &submit);
	err = finish();
	if (!err && result)
		pr_err("stripe: failed: what has just been made is found wrong\n");
	for (i = 0; i < DISKS; i++)
		memcpy(page_address(copies[i]), page_address(blocks[i]), length);
	return err;
}

static int run(void)
{
	int faila, failb, pairs = 0, err = make_stripe();

	for (faila = 0; faila < DATA && !err; faila++)
		for (failb = faila + 1; failb <= DATA && !err; failb++, pairs++)
			err = lose(faila, failb);
	if (!err)
		pr_info("stripe: %d pairs came back\n", pairs);
	return err;
}

static int get_pages(void)
{
	int i;

	spare = alloc_page(GFP_KERNEL);
	if (!spare)
		return -ENOMEM;
	for (i = 0; i < DISKS; i++) {
		blocks[i] = alloc_page(GFP_KERNEL);
		copies[i] = alloc_page(GFP_KERNEL);
		if (!blocks[i] || !copies[i])
			return -ENOMEM;
	}
	return 0;
}

static void put_pages(void)
{
	int i;

	for (i = 0; i < DISKS; i++) {
		if (blocks[i])
			__free_page(blocks[i]);
		if (copies[i])
			__free_page(copies[i]);
	}
	if (spare)
		__free_page(spare);
}

static int __init stripe_init(void)
{
	int err = length <= PAGE_SIZE ? get_pages() : -EINVAL;

	if (!err)
		err = run();
	put_pages();
	return err;
}

static void __exit stripe_exit(void)
{
}

module_init(stripe_init);
module_exit(stripe_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("RAID-6 stripe on async_tx");
