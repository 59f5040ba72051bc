/* SPDX-License-Identifier: MIT */
/*
 * The main job: a real file, in scattered pages, mapped with dma_map_sg(), copied by the driver as descriptor lists on all channels,
 * compared byte for byte and by SHA-256. FILE= names the file; without it /bin/bash is taken, which every Debian has and which is
 * larger than 1 MiB. Files larger than the simulated memory go through in windows.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <openssl/evp.h>
#include "kernel.h"
#include "lockstep.h"
#include "test.h"
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>

#define DEFAULT_FILE "/bin/bash"
#define WINDOW_PAGES 256
#define PATIENCE_JIFFIES 2000

/**
 * struct file_job - one copy of one file
 * @b:           the bench
 * @file:        where the bytes come from
 * @chans:       all channels of the controller
 * @src:         pages of a window, mapped to the device, and @dst from it
 * @pages:       how many of them are in use
 * @last_bytes:  bytes in the last of them
 * @bytes:       copied so far
 * @descriptors: submitted so far
 * @before:      digest of what was read from the file, @after of what arrived
 */
struct file_job {
	struct bench *b;
	FILE *file;
	struct dma_chan *chans[PQDMA_CHANNELS];
	struct sg_table src;
	struct sg_table dst;
	unsigned int pages;
	unsigned int last_bytes;
	uint64_t bytes;
	uint64_t descriptors;
	EVP_MD_CTX *before;
	EVP_MD_CTX *after;
};

static void open_file(struct file_job *job)
{
	struct bench *b = job->b;
	const char *path = test_file(b) ? test_file(b) : DEFAULT_FILE;

	job->file = fopen(path, "rb");
	if (!job->file)
		test_fail(b, "FILE=%s: %s", path, strerror(errno));
	printf("copy_file: %s\n", path);
}

static EVP_MD_CTX *new_digest(struct bench *b)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();

	CHECK(digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL));
	return digest;
}

static void get_channels(struct file_job *job)
{
	struct bench *b = job->b;
	dma_cap_mask_t mask;
	unsigned int c;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	for (c = 0; c < PQDMA_CHANNELS; c++) {
		job->chans[c] = dma_request_chan_by_mask(&mask);
		CHECK(!IS_ERR(job->chans[c]));
	}
}

/* Pages come scattered from the allocator, and the destination's are others. */
static void alloc_pages_of(struct file_job *job, struct sg_table *table)
{
	struct bench *b = job->b;
	struct scatterlist *sg;
	unsigned int i;

	CHECK(!sg_alloc_table(table, WINDOW_PAGES, GFP_KERNEL));
	for_each_sgtable_sg(table, sg, i) {
		struct page *page = alloc_page(GFP_KERNEL);

		CHECK(page);
		sg_set_page(sg, page, PAGE_SIZE, 0);
	}
}

static void free_pages_of(struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(table, sg, i)
		__free_page(sg_page(sg));
	sg_free_table(table);
}

/*
 * Fills source pages from the file and spoils destination pages; false at the end of the file. Where to read is said each time:
 * a replay from a snapshot shares the open file with the run.
 */
static bool read_window(struct file_job *job)
{
	struct scatterlist *sg;
	unsigned int i;

	job->pages = 0;
	for_each_sgtable_sg(&job->src, sg, i) {
		ssize_t got = pread(fileno(job->file), sg_virt(sg), PAGE_SIZE, (off_t)job->bytes);

		if (got <= 0)
			break;
		EVP_DigestUpdate(job->before, sg_virt(sg), (size_t)got);
		job->pages++;
		job->last_bytes = (unsigned int)got;
		job->bytes += (uint64_t)got;
	}
	for_each_sgtable_sg(&job->dst, sg, i)
		memset(sg_virt(sg), 0xee, PAGE_SIZE);
	return job->pages;
}

static unsigned int bytes_of(const struct file_job *job, unsigned int page)
{
	return page + 1 == job->pages ? job->last_bytes : PAGE_SIZE;
}

static void map_window(struct file_job *job)
{
	struct bench *b = job->b;
	struct device *dev = dmaengine_get_dma_device(job->chans[0]);

	CHECK_EQ(dma_map_sg(dev, job->src.sgl, job->pages, DMA_TO_DEVICE), job->pages);
	CHECK_EQ(dma_map_sg(dev, job->dst.sgl, job->pages, DMA_FROM_DEVICE), job->pages);
}

static void unmap_window(struct file_job *job)
{
	struct device *dev = dmaengine_get_dma_device(job->chans[0]);

	dma_unmap_sg(dev, job->src.sgl, job->pages, DMA_TO_DEVICE);
	dma_unmap_sg(dev, job->dst.sgl, job->pages, DMA_FROM_DEVICE);
}

static void window_done(void *param)
{
	complete(param);
}

/* One page, one transaction; the last one of each channel calls back. */
static void submit_page(struct file_job *job, unsigned int page, struct scatterlist *src, struct scatterlist *dst,
			struct completion *done)
{
	struct bench *b = job->b;
	struct dma_chan *chan = job->chans[page % PQDMA_CHANNELS];
	const bool is_last = page + PQDMA_CHANNELS >= job->pages;
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(chan, sg_dma_address(dst), sg_dma_address(src), bytes_of(job, page),
				       DMA_CTRL_ACK | (is_last ? DMA_PREP_INTERRUPT : 0));
	CHECK(tx);
	if (is_last) {
		tx->callback = window_done;
		tx->callback_param = done;
	}
	CHECK(!dma_submit_error(dmaengine_submit(tx)));
	job->descriptors++;
}

static void copy_window(struct file_job *job)
{
	const unsigned int used = job->pages < PQDMA_CHANNELS ? job->pages : PQDMA_CHANNELS;
	struct completion done[PQDMA_CHANNELS];
	struct scatterlist *src, *dst = job->dst.sgl;
	struct bench *b = job->b;
	unsigned int i;

	for (i = 0; i < used; i++)
		init_completion(&done[i]);
	for_each_sg(job->src.sgl, src, job->pages, i) {
		submit_page(job, i, src, dst, &done[i % PQDMA_CHANNELS]);
		dst = sg_next(dst);
	}
	for (i = 0; i < used; i++)
		dma_async_issue_pending(job->chans[i]);
	for (i = 0; i < used; i++)
		CHECK(wait_for_completion_timeout(&done[i], PATIENCE_JIFFIES));
}

static void compare_window(struct file_job *job)
{
	struct scatterlist *src, *dst = job->dst.sgl;
	struct bench *b = job->b;
	unsigned int i;

	for_each_sg(job->src.sgl, src, job->pages, i) {
		CHECK(!memcmp(sg_virt(src), sg_virt(dst), bytes_of(job, i)));
		EVP_DigestUpdate(job->after, sg_virt(dst), bytes_of(job, i));
		dst = sg_next(dst);
	}
}

static void compare_digests(struct file_job *job)
{
	unsigned char before[EVP_MAX_MD_SIZE], after[EVP_MAX_MD_SIZE];
	struct bench *b = job->b;
	unsigned int bytes, i;

	CHECK(EVP_DigestFinal_ex(job->before, before, &bytes) && EVP_DigestFinal_ex(job->after, after, &bytes));
	CHECK(!memcmp(before, after, bytes));
	printf("copy_file: SHA-256 ");
	for (i = 0; i < bytes; i++)
		printf("%02x", after[i]);
	printf(", the same before and after\n");
	EVP_MD_CTX_free(job->before);
	EVP_MD_CTX_free(job->after);
}

static void print_counts(const struct file_job *job, uint64_t clocks)
{
	const struct bench *b = job->b;

	printf("copy_file: %" PRIu64 " bytes, %" PRIu64 " descriptors on %d channels, %" PRIu64 " clocks simulated, %" PRIu64
	       " compared, %.2f bytes a clock\n", job->bytes, job->descriptors, PQDMA_CHANNELS, clocks,
	       b->pair ? lockstep_compared(b->pair) : 0, (double)job->bytes / (double)clocks);
}

TEST(copy_file, "a real file goes through driver, bus, RTL and model: FILE=<path>", .moves = true, .software = true,
     .max_clocks = 1ull << 40)
{
	struct file_job job = { .b = b };

	open_file(&job);
	CHECK_EQ(kernel_board_up(PQDMA_CHANNELS), 0);
	get_channels(&job);
	alloc_pages_of(&job, &job.src);
	alloc_pages_of(&job, &job.dst);
	job.before = new_digest(b);
	job.after = new_digest(b);
	while (read_window(&job)) {
		map_window(&job);
		copy_window(&job);
		unmap_window(&job);
		compare_window(&job);
	}
	fclose(job.file);
	CHECK(job.bytes);
	compare_digests(&job);
	print_counts(&job, b->hw.clock);
	free_pages_of(&job.src);
	free_pages_of(&job.dst);
	for (unsigned int c = 0; c < PQDMA_CHANNELS; c++)
		dma_release_channel(job.chans[c]);
	kernel_board_down();
}
