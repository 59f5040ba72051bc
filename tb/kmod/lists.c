// SPDX-License-Identifier: MIT
/*
 * A client of scatter lists: tables from pages, in one piece and growing, lists with pages of their own, lists cut into others. All that
 * it makes is copied by the controller, piece by piece, and compared as the CPU sees it.
 *
 *	make kmod SRC=tb/kmod/lists.c PARAMS="pages=200"
 *	make kmod LINUX=1 SRC="lib/scatterlist.c lib/sg_split.c tb/kmod/lists.c"
 */
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#define SPLITS 3
#define SKIP 100
#define ENTRY_MAX (2 * PAGE_SIZE)

static unsigned int pages = 160;
module_param(pages, uint, 0444);
MODULE_PARM_DESC(pages, "pages of a list (default: 160)");

static struct dma_chan *chan;
static unsigned int checks, failures;

static void check(bool ok, const char *what)
{
	checks++;
	if (ok)
		return;
	failures++;
	pr_err("lists: failure: %s\n", what);
}

static void copied(void *done)
{
	complete(done);
}

/* One entry is copied to @bus and waited for. */
static void copy_entry(dma_addr_t bus, struct scatterlist *sg)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(chan, bus, sg_dma_address(sg), sg_dma_len(sg), DMA_CTRL_ACK | DMA_PREP_INTERRUPT);
	if (!tx) {
		check(false, "no room for a copy");
		return;
	}
	tx->callback = copied;
	tx->callback_param = &done;
	dmaengine_submit(tx);
	dma_async_issue_pending(chan);
	check(wait_for_completion_timeout(&done, msecs_to_jiffies(60000)), "a copy has not ended");
}

static void fill(struct scatterlist *sgl, unsigned int nents)
{
	struct sg_mapping_iter miter;

	sg_miter_start(&miter, sgl, nents, SG_MITER_ATOMIC | SG_MITER_TO_SG);
	while (sg_miter_next(&miter))
		get_random_bytes(miter.addr, (int)miter.length);
	sg_miter_stop(&miter);
}

/* What is mapped of @part are the bytes of @table from @at on; how many. */
static size_t compare(struct sg_table *table, size_t at, struct scatterlist *part, int mapped)
{
	struct device *dev = dmaengine_get_dma_device(chan);
	u8 *got = kmalloc(ENTRY_MAX, GFP_KERNEL), *want = kmalloc(ENTRY_MAX, GFP_KERNEL);
	dma_addr_t bus = dma_map_single(dev, got, ENTRY_MAX, DMA_FROM_DEVICE);
	const size_t begin = at;
	struct scatterlist *sg;
	int i;

	check(got && want && !dma_mapping_error(dev, bus), "no buffers");
	for_each_sg(part, sg, mapped, i) {
		copy_entry(bus, sg);
		dma_sync_single_for_cpu(dev, bus, ENTRY_MAX, DMA_FROM_DEVICE);
		check(sg_pcopy_to_buffer(table->sgl, table->orig_nents, want, sg_dma_len(sg), (off_t)at) == sg_dma_len(sg),
		      "the list is too short");
		check(!memcmp(got, want, sg_dma_len(sg)), "other bytes have come");
		at += sg_dma_len(sg);
	}
	dma_unmap_single(dev, bus, ENTRY_MAX, DMA_FROM_DEVICE);
	kfree(want);
	kfree(got);
	return at - begin;
}

static void copy_split(struct sg_table *table, size_t len)
{
	const size_t sizes[SPLITS] = { len / 3 + 5, len / 5, len - len / 3 - len / 5 - 5 - SKIP };
	struct scatterlist *out[SPLITS];
	int mapped[SPLITS], i;
	size_t at = SKIP;

	check(!sg_split(table->sgl, (int)table->nents, SKIP, SPLITS, sizes, out, mapped, GFP_KERNEL), "the list is not cut");
	for (i = 0; i < SPLITS; at += sizes[i++]) {
		check(compare(table, at, out[i], mapped[i]) == sizes[i], "a part has another length");
		kfree(out[i]);
	}
}

static void use_table(struct sg_table *table, size_t len)
{
	struct device *dev = dmaengine_get_dma_device(chan);

	fill(table->sgl, table->orig_nents);
	check(!dma_map_sgtable(dev, table, DMA_TO_DEVICE, 0), "the list is not mapped");
	copy_split(table, len);
	dma_unmap_sgtable(dev, table, DMA_TO_DEVICE, 0);
}

static void from_pages(struct page **page)
{
	struct sg_table table;

	check(!sg_alloc_table_from_pages_segment(&table, page, pages, 300, pages * PAGE_SIZE - 700, ENTRY_MAX,
						 GFP_KERNEL), "no table from pages");
	use_table(&table, pages * PAGE_SIZE - 700);
	sg_free_table(&table);
}

static void growing(struct page **page)
{
	struct sg_append_table table = { };
	unsigned int i, n;

	for (i = 0; i < pages; i += n) {
		n = min(pages - i, 1 + i % 7);
		check(!sg_alloc_append_table_from_pages(&table, page + i, n, 0, n * PAGE_SIZE, ENTRY_MAX, pages - i - n, GFP_KERNEL),
		      "the table does not grow");
	}
	use_table(&table.sgt, pages * PAGE_SIZE);
	sg_free_append_table(&table);
}

static void with_pages(void)
{
	struct sg_table table = { };

	table.sgl = sgl_alloc(20 * PAGE_SIZE + 9, GFP_KERNEL, &table.orig_nents);
	check(table.orig_nents == 21, "a list with pages of its own");
	use_table(&table, 20 * PAGE_SIZE + 9);
	sgl_free(table.sgl);
}

static void run(struct page **page)
{
	from_pages(page);
	growing(page);
	with_pages();
	pr_info("lists: %u checks, %u failures\n", checks, failures);
}

static int __init lists_init(void)
{
	struct page **page = kmalloc_array(pages, sizeof(*page), GFP_KERNEL);
	dma_cap_mask_t mask;
	unsigned int i;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	chan = dma_request_channel(mask, NULL, NULL);
	if (!chan || !page)
		return -ENODEV;
	for (i = 0; i < pages; i++)
		page[i] = alloc_page(GFP_KERNEL);
	run(page);
	for (i = 0; i < pages; i++)
		__free_page(page[i]);
	kfree(page);
	return 0;
}
module_init(lists_init);

static void __exit lists_exit(void)
{
	dma_release_channel(chan);
}
module_exit(lists_exit);

MODULE_LICENSE("GPL");
