// SPDX-License-Identifier: MIT
/*
 * The live map: a beat that is not mapped in its clock is found, and told with its descriptor, the line that prepared it and the
 * lines that made and ended the mapping. Each test plants its fault; all other tests of software show that there is none.
 */
#include "kernel.h"
#include "test.h"
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/slab.h>

#define SIZE 4096
#define PATIENCE_JIFFIES 200

/**
 * struct stray - one copy whose memory is not what it should be
 * @src: mapped at @from; @dst mapped at @to
 */
struct stray {
	struct bench *b;
	struct dma_chan *chan;
	struct device *dev;
	u8 *src;
	u8 *dst;
	dma_addr_t from;
	dma_addr_t to;
	struct completion done;
};

static void called(void *param)
{
	complete(param);
}

static void stray_up(struct bench *b, struct stray *s, enum dma_data_direction from, enum dma_data_direction to)
{
	dma_cap_mask_t mask;

	*s = (struct stray){ .b = b };
	CHECK_EQ(kernel_board_up(PQDMA_CHANNELS), 0);
	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	s->chan = dma_request_chan_by_mask(&mask);
	CHECK(!IS_ERR(s->chan));
	s->dev = dmaengine_get_dma_device(s->chan);
	s->src = kmalloc(SIZE, GFP_KERNEL);
	s->dst = kmalloc(SIZE, GFP_KERNEL);
	CHECK(s->src && s->dst);
	rng_fill(test_rng(b), s->src, SIZE);
	memset(s->dst, 0, SIZE);
	s->from = dma_map_single(s->dev, s->src, SIZE, from);
	s->to = dma_map_single(s->dev, s->dst, SIZE, to);
	CHECK(!dma_mapping_error(s->dev, s->from) && !dma_mapping_error(s->dev, s->to));
	init_completion(&s->done);
}

static void stray_start(struct stray *s)
{
	struct bench *b = s->b;
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(s->chan, s->to, s->from, SIZE, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	CHECK(tx);
	tx->callback = called;
	tx->callback_param = &s->done;
	CHECK(!dma_submit_error(dmaengine_submit(tx)));
	dma_async_issue_pending(s->chan);
}

static void stray_down(struct stray *s)
{
	dma_release_channel(s->chan);
	kernel_board_down();
	kfree(s->src);
	kfree(s->dst);
}

/* What is told must name all of these. */
static void check_told(struct bench *b, uint64_t strays, const char *const *parts)
{
	CHECK(strays);
	for (; *parts; parts++)
		if (!strstr(b->map_check.why, *parts))
			test_fail(b, "the report of a stray beat does not say \"%s\": %s", *parts, b->map_check.why);
	printf("%s: %" PRIu64 " stray beats; %s\n", b->test->name, strays, b->map_check.why);
}

TEST(map_stray_write, "writes after an unmap are found, with descriptor, prep call, and the lines that mapped and unmapped", .moves = true,
     .software = true)
{
	static const char *const parts[] = { "stray write", "the descriptor at 0x", "copy of 4096 bytes", "was ended in clock",
					     "prepared at tb/tests/map_stray.c:", "FROM_DEVICE, made at tb/tests/map_stray.c:", NULL };
	struct stray s;

	stray_up(b, &s, DMA_TO_DEVICE, DMA_FROM_DEVICE);
	map_check_expect(&b->map_check, true);
	stray_start(&s);
	dma_unmap_single(s.dev, s.to, SIZE, DMA_FROM_DEVICE);
	CHECK(wait_for_completion_timeout(&s.done, PATIENCE_JIFFIES));
	check_told(b, map_check_expect(&b->map_check, false), parts);
	dma_unmap_single(s.dev, s.from, SIZE, DMA_TO_DEVICE);
	CHECK(memcmp(s.src, s.dst, SIZE));
	stray_down(&s);
}

TEST(map_stray_read, "reads after an unmap are found", .moves = true, .software = true)
{
	static const char *const parts[] = { "stray read", "TO_DEVICE, made at tb/tests/map_stray.c:", "prepared at", NULL };
	struct stray s;

	stray_up(b, &s, DMA_TO_DEVICE, DMA_FROM_DEVICE);
	map_check_expect(&b->map_check, true);
	dma_unmap_single(s.dev, s.from, SIZE, DMA_TO_DEVICE);
	stray_start(&s);
	CHECK(wait_for_completion_timeout(&s.done, PATIENCE_JIFFIES));
	check_told(b, map_check_expect(&b->map_check, false), parts);
	dma_unmap_single(s.dev, s.to, SIZE, DMA_FROM_DEVICE);
	stray_down(&s);
}

TEST(map_stray_direction, "a write through a mapping that may only be read is found, and a read through one that may only be written",
     .moves = true, .software = true)
{
	static const char *const parts[] = { "stray read", "it is mapped FROM_DEVICE, at tb/tests/map_stray.c:", NULL };
	uint64_t strays;
	struct stray s;

	stray_up(b, &s, DMA_FROM_DEVICE, DMA_TO_DEVICE);
	map_check_expect(&b->map_check, true);
	stray_start(&s);
	CHECK(wait_for_completion_timeout(&s.done, PATIENCE_JIFFIES));
	strays = map_check_expect(&b->map_check, false);
	check_told(b, strays, parts);
	CHECK(strays >= 2 * SIZE / PQDMA_BYTES);
	dma_unmap_single(s.dev, s.from, SIZE, DMA_FROM_DEVICE);
	dma_unmap_single(s.dev, s.to, SIZE, DMA_TO_DEVICE);
	stray_down(&s);
}

/* A fill of @size bytes up to one byte behind the mapping of the first @mapped bytes. */
static void overrun(struct stray *s, size_t mapped, size_t size, const char *const *parts)
{
	struct dma_async_tx_descriptor *tx;
	struct bench *b = s->b;

	s->to = dma_map_single(s->dev, s->dst, mapped, DMA_FROM_DEVICE);
	CHECK(!dma_mapping_error(s->dev, s->to));
	map_check_expect(&b->map_check, true);
	tx = dmaengine_prep_dma_memset(s->chan, s->to + mapped + 1 - size, 7, size, DMA_CTRL_ACK);
	CHECK(tx);
	CHECK_EQ(dma_sync_wait(s->chan, dmaengine_submit(tx)), DMA_COMPLETE);
	check_told(b, map_check_expect(&b->map_check, false), parts);
	dma_unmap_single(s->dev, s->to, mapped, DMA_FROM_DEVICE);
}

TEST(map_stray_length, "one byte more than is mapped is found where it is, in a burst of its own or at the end of another", .moves = true,
     .software = true)
{
	static const char *const never[] = { "stray write", "it has never been mapped", NULL };
	static const char *const ended[] = { "stray write", "of 4096 bytes, FROM_DEVICE", "was ended in clock", NULL };
	struct stray s;

	stray_up(b, &s, DMA_TO_DEVICE, DMA_FROM_DEVICE);
	dma_unmap_single(s.dev, s.to, SIZE, DMA_FROM_DEVICE);
	overrun(&s, SIZE, 101, never);
	overrun(&s, SIZE - 500, 101, ended);
	overrun(&s, SIZE - 1, 1, ended);
	dma_unmap_single(s.dev, s.from, SIZE, DMA_TO_DEVICE);
	stray_down(&s);
}
