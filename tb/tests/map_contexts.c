// SPDX-License-Identifier: MIT
/*
 * A context of the IOMMU for each channel: the same address means another page to each, what one may use the others may not, and a
 * context that changes leaves the others alone. A wrong context is planted, and noticed.
 */
#include "map_contexts.h"
#include <linux/iommu.h>

#define SIZE 3000
#define ROUNDS 6
#define SETTLE 2000		/* clocks in which a report of the IOMMU comes */
#define REPLUGS 40		/* more than the IOMMU has contexts, with those of all channels */
#define BACKGROUND 24
#define LONG 65536
#define DETACHES 8

/* The last error message of software, and the number of them */
static char message[256];
static unsigned int messages;

static void note_message(bool is_error, const char *text)
{
	if (!is_error)
		return;
	snprintf(message, sizeof(message), "%s", text);
	messages++;
}

/* What the fault handler was told */
struct told {
	unsigned int calls;
	struct device *dev;
	unsigned long iova;
	int flags;
};

static int note_fault(struct iommu_domain *domain, struct device *dev, unsigned long iova, int flags, void *token)
{
	struct told *told = token;

	(void)domain;
	told->calls++;
	told->dev = dev;
	told->iova = iova;
	told->flags = flags;
	return 0;
}

static bool same_page(dma_addr_t a, dma_addr_t b)
{
	return a >> PAGE_SHIFT == b >> PAGE_SHIFT;
}

static void need_two(struct bench *b)
{
	if (PQDMA_CHANNELS < 2)
		test_skip(b, "there is one channel");
}

/* One copy on every channel, all at once; each must have its own bytes */
static void copy_all(struct contexts *c, const struct buffer *src, const struct buffer *dst)
{
	struct dma_async_tx_descriptor *tx;
	dma_cookie_t cookie[PQDMA_CHANNELS];
	struct bench *b = c->b;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		tx = dmaengine_prep_dma_memcpy(c->chan[ch], dst[ch].bus, src[ch].bus, SIZE, DMA_CTRL_ACK | DMA_PREP_INTERRUPT);
		CHECK(tx);
		cookie[ch] = dmaengine_submit(tx);
	}
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		dma_async_issue_pending(c->chan[ch]);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		CHECK(dma_sync_wait(c->chan[ch], cookie[ch]) == DMA_COMPLETE);
}

TEST(map_contexts_same, "every channel has its ring and its buffers at the same addresses, and each gets its own bytes", .moves = true,
     .software = true, .max_clocks = 2000000)
{
	struct buffer src[PQDMA_CHANNELS], dst[PQDMA_CHANNELS];
	struct contexts c;

	contexts_up(b, &c, true);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			src[ch] = contexts_map(&c, ch, SIZE, DMA_TO_DEVICE);
			dst[ch] = contexts_map(&c, ch, SIZE, DMA_FROM_DEVICE);
			CHECK(same_page(src[ch].bus, src[0].bus) && same_page(dst[ch].bus, dst[0].bus));
		}
		copy_all(&c, src, dst);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			contexts_unmap(&c, ch, &src[ch]);
			contexts_unmap(&c, ch, &dst[ch]);
			CHECK(!memcmp(src[ch].cpu, dst[ch].cpu, SIZE));
			kfree(src[ch].cpu);
			kfree(dst[ch].cpu);
		}
	}
	CHECK_EQ(iommu_faults(&b->iommu), 0);
	CHECK(b->iommu.stats.walks && b->iommu.stats.invalidations >= 2 * ROUNDS * PQDMA_CHANNELS);
	contexts_down(&c);
}

/* Copies on channel 0 go on, while another channel is in trouble */
static void keep_busy(struct contexts *c, const struct buffer *src, const struct buffer *dst, dma_cookie_t *last)
{
	struct dma_async_tx_descriptor *tx;
	struct bench *b = c->b;

	for (unsigned int i = 0; i < BACKGROUND; i++) {
		tx = dmaengine_prep_dma_memcpy(c->chan[0], dst->bus, src->bus, SIZE, DMA_CTRL_ACK | DMA_PREP_INTERRUPT);
		CHECK(tx);
		*last = dmaengine_submit(tx);
	}
	dma_async_issue_pending(c->chan[0]);
}

/* A copy of the last channel is refused: by the bus to the controller, and by name to the driver and to whoever handles faults. */
static void copy_refused(struct contexts *c, unsigned int ch, dma_addr_t dst, dma_addr_t src, const char *text, struct told *told)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(c->dev[ch]);
	struct bench *b = c->b;
	const uint64_t faults = b->iommu.stats.faults[ch], all = iommu_faults(&b->iommu);

	*told = (struct told){ 0 };
	messages = 0;
	iommu_set_fault_handler(domain, note_fault, told);
	kernel_log_hook(note_message);
	map_check_expect(&b->map_check, true);
	CHECK_EQ(contexts_copy(c, ch, dst, src, SIZE), DMA_ERROR);
	kernel_sleep_clocks(SETTLE);
	kernel_log_hook(NULL);
	iommu_set_fault_handler(domain, NULL, NULL);
	CHECK(strstr(message, dma_chan_name(c->chan[ch])) && strstr(message, text));
	CHECK(b->iommu.stats.faults[ch] > faults);
	CHECK_EQ(iommu_faults(&b->iommu) - all, b->iommu.stats.faults[ch] - faults);
}

TEST(map_contexts_foreign, "a buffer that is mapped for channel 0 alone is refused to another one, by name; channel 0 goes on",
     .moves = true, .software = true, .max_clocks = 1000000)
{
	const unsigned int ch = PQDMA_CHANNELS - 1;
	struct buffer src, dst, own;
	struct contexts c;
	dma_cookie_t last;
	struct told told;

	need_two(b);
	contexts_up(b, &c, false);
	src = contexts_map(&c, 0, SIZE, DMA_TO_DEVICE);
	dst = contexts_map(&c, 0, SIZE, DMA_FROM_DEVICE);
	own = contexts_map(&c, ch, SIZE, DMA_BIDIRECTIONAL);
	keep_busy(&c, &src, &dst, &last);
	copy_refused(&c, ch, own.bus, src.bus, "read: nothing at this address", &told);
	CHECK(told.calls && told.dev == c.dev[ch] && same_page(told.iova, src.bus) && told.flags == IOMMU_FAULT_READ);
	CHECK(map_check_expect(&b->map_check, false));
	CHECK(strstr(b->map_check.why, "is mapped for") && strstr(b->map_check.why, dev_name(c.dev[0])));
	copy_refused(&c, ch, dst.bus, own.bus, "write: nothing at this address", &told);
	CHECK(told.calls && told.dev == c.dev[ch] && same_page(told.iova, dst.bus) && told.flags == IOMMU_FAULT_WRITE);
	CHECK(map_check_expect(&b->map_check, false));
	CHECK(dma_sync_wait(c.chan[0], last) == DMA_COMPLETE);
	CHECK_EQ(b->iommu.stats.faults[0], 0);
	CHECK_EQ(contexts_copy(&c, ch, own.bus + SIZE / 2, own.bus, SIZE / 2), DMA_COMPLETE);
	contexts_unmap(&c, 0, &src);
	contexts_unmap(&c, 0, &dst);
	contexts_unmap(&c, ch, &own);
	CHECK(!memcmp(src.cpu, dst.cpu, SIZE) && !memcmp(own.cpu, own.cpu + SIZE / 2, SIZE / 2));
	kfree(src.cpu);
	kfree(dst.cpu);
	kfree(own.cpu);
	contexts_down(&c);
}

TEST(map_contexts_fetch, "a channel in a wrong context, an empty one or none cannot fetch its descriptors; put right, it goes on",
     .moves = true, .software = true, .max_clocks = 1000000)
{
	const unsigned int ch = PQDMA_CHANNELS - 1;
	struct iommu_port *port = &b->iommu.port;
	unsigned int right, wrong[3];
	struct buffer src, dst, *busy;
	struct buffer buffers[2];
	struct contexts c;
	dma_cookie_t last;
	struct told told;

	need_two(b);
	contexts_up(b, &c, false);
	right = b->iommu.context[ch];
	wrong[0] = b->iommu.context[0];
	wrong[1] = IOMMU_CONTEXTS;
	wrong[2] = IOMMU_NO_CONTEXT;
	busy = buffers;
	busy[0] = contexts_map(&c, 0, SIZE, DMA_TO_DEVICE);
	busy[1] = contexts_map(&c, 0, SIZE, DMA_FROM_DEVICE);
	src = contexts_map(&c, ch, SIZE, DMA_TO_DEVICE);
	dst = contexts_map(&c, ch, SIZE, DMA_FROM_DEVICE);
	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++) {
		keep_busy(&c, &busy[0], &busy[1], &last);
		port->ops->attach(port, ch, wrong[i]);
		copy_refused(&c, ch, dst.bus, src.bus, "descriptor fetch: nothing at this address", &told);
		CHECK(told.calls && told.dev == c.dev[ch] && told.flags == IOMMU_FAULT_READ);
		port->ops->attach(port, ch, right);
		CHECK_EQ(map_check_expect(&b->map_check, false), 0);
		CHECK_EQ(contexts_copy(&c, ch, dst.bus, src.bus, SIZE), DMA_COMPLETE);
		CHECK(dma_sync_wait(c.chan[0], last) == DMA_COMPLETE);
	}
	contexts_unmap(&c, ch, &src);
	contexts_unmap(&c, ch, &dst);
	CHECK(!memcmp(src.cpu, dst.cpu, SIZE));
	kfree(src.cpu);
	kfree(dst.cpu);
	contexts_free(&c, 0, &busy[0]);
	contexts_free(&c, 0, &busy[1]);
	contexts_down(&c);
}

TEST(map_contexts_direction, "a buffer of the channel's own that it may only read is not written, and the other way round", .moves = true,
     .software = true)
{
	const unsigned int ch = PQDMA_CHANNELS - 1;
	struct buffer src, dst;
	struct contexts c;
	struct told told;

	contexts_up(b, &c, false);
	src = contexts_map(&c, ch, SIZE, DMA_TO_DEVICE);
	dst = contexts_map(&c, ch, SIZE, DMA_FROM_DEVICE);
	copy_refused(&c, ch, src.bus, src.bus, "write: nothing at this address", &told);
	CHECK(told.calls && told.dev == c.dev[ch] && same_page(told.iova, src.bus) && told.flags == IOMMU_FAULT_WRITE);
	CHECK(map_check_expect(&b->map_check, false));
	copy_refused(&c, ch, dst.bus, dst.bus, "read: nothing at this address", &told);
	CHECK(told.calls && told.dev == c.dev[ch] && same_page(told.iova, dst.bus) && told.flags == IOMMU_FAULT_READ);
	CHECK(map_check_expect(&b->map_check, false));
	CHECK_EQ(contexts_copy(&c, ch, dst.bus, src.bus, SIZE), DMA_COMPLETE);
	contexts_unmap(&c, ch, &src);
	contexts_unmap(&c, ch, &dst);
	CHECK(!memcmp(src.cpu, dst.cpu, SIZE));
	kfree(src.cpu);
	kfree(dst.cpu);
	contexts_down(&c);
}

TEST(map_contexts_detach, "a channel that loses its context while it reads and writes fails; it gets it back and goes on", .moves = true,
     .software = true, .max_clocks = 1000000)
{
	const unsigned int ch = PQDMA_CHANNELS - 1;
	struct iommu_port *port = &b->iommu.port;
	struct dma_async_tx_descriptor *tx;
	struct buffer src, dst;
	struct contexts c;
	unsigned int right;
	dma_cookie_t cookie;

	contexts_up(b, &c, false);
	right = b->iommu.context[ch];
	src = contexts_map(&c, ch, LONG, DMA_TO_DEVICE);
	dst = contexts_map(&c, ch, LONG, DMA_FROM_DEVICE);
	for (unsigned int i = 0; i < DETACHES; i++) {
		tx = dmaengine_prep_dma_memcpy(c.chan[ch], dst.bus, src.bus, LONG, DMA_CTRL_ACK | DMA_PREP_INTERRUPT);
		CHECK(tx);
		cookie = dmaengine_submit(tx);
		dma_async_issue_pending(c.chan[ch]);
		kernel_sleep_clocks(300 + 7 * i);
		port->ops->attach(port, ch, IOMMU_NO_CONTEXT);
		CHECK(dma_sync_wait(c.chan[ch], cookie) == DMA_ERROR);
		port->ops->attach(port, ch, right);
		CHECK_EQ(contexts_copy(&c, ch, dst.bus, src.bus, SIZE), DMA_COMPLETE);
	}
	CHECK(b->iommu.stats.faults[ch] >= DETACHES);
	CHECK_EQ(iommu_faults(&b->iommu), b->iommu.stats.faults[ch]);
	kernel_sleep_clocks(SETTLE);
	contexts_free(&c, ch, &src);
	contexts_free(&c, ch, &dst);
	contexts_down(&c);
}

TEST(map_contexts_invalidate, "an unmap forgets translations of its own context and of no other; one that is not invalidated is found",
     .moves = true, .software = true, .max_clocks = 1000000)
{
	struct buffer src[2], dst[2];
	struct contexts c;
	uint64_t walks;

	need_two(b);
	contexts_up(b, &c, true);
	for (unsigned int ch = 0; ch < 2; ch++) {
		src[ch] = contexts_map(&c, ch, SIZE, DMA_TO_DEVICE);
		dst[ch] = contexts_map(&c, ch, SIZE, DMA_FROM_DEVICE);
	}
	CHECK(same_page(src[0].bus, src[1].bus) && same_page(dst[0].bus, dst[1].bus));
	for (unsigned int ch = 0; ch < 2; ch++)
		CHECK_EQ(contexts_copy(&c, ch, dst[ch].bus, src[ch].bus, SIZE), DMA_COMPLETE);
	walks = b->iommu.stats.walks;
	CHECK_EQ(contexts_copy(&c, 1, dst[1].bus, src[1].bus, SIZE), DMA_COMPLETE);
	CHECK_EQ(b->iommu.stats.walks, walks);
	contexts_free(&c, 0, &src[0]);
	contexts_free(&c, 0, &dst[0]);
	CHECK_EQ(contexts_copy(&c, 1, dst[1].bus, src[1].bus, SIZE), DMA_COMPLETE);
	CHECK_EQ(b->iommu.stats.walks, walks);
	b->iommu.deaf = true;
	contexts_free(&c, 1, &dst[1]);
	map_check_expect(&b->map_check, true);
	CHECK_EQ(contexts_copy(&c, 1, dst[1].bus, src[1].bus, 64), DMA_COMPLETE);
	CHECK_EQ(b->iommu.stats.walks, walks);
	CHECK(map_check_expect(&b->map_check, false));
	CHECK(strstr(b->map_check.why, "of channel 1") && strstr(b->map_check.why, "was ended in clock"));
	b->iommu.deaf = false;
	contexts_free(&c, 1, &src[1]);
	contexts_down(&c);
}

TEST(map_contexts_replug, "channels and their contexts come and go, more often than the IOMMU has contexts", .moves = true,
     .software = true, .max_clocks = 2000000)
{
	struct buffer src, dst;
	struct contexts c;

	for (unsigned int i = 0; i < REPLUGS; i++) {
		const unsigned int ch = i % PQDMA_CHANNELS;

		contexts_up(b, &c, i & 1);
		src = contexts_map(&c, ch, SIZE, DMA_TO_DEVICE);
		dst = contexts_map(&c, ch, SIZE, DMA_FROM_DEVICE);
		CHECK_EQ(contexts_copy(&c, ch, dst.bus, src.bus, SIZE), DMA_COMPLETE);
		contexts_unmap(&c, ch, &dst);
		CHECK(!memcmp(src.cpu, dst.cpu, SIZE));
		kfree(dst.cpu);
		contexts_free(&c, ch, &src);
		contexts_down(&c);
	}
}

TEST(map_contexts_private, "channels with contexts are not shared; without an IOMMU they are the controller's, with a warning",
     .moves = true, .software = true)
{
	static struct pqdma_platform_data board = { .contexts = true };
	struct map_env env;

	kernel_board_data(&board);
	map_env_up(b, &env, false);
	CHECK(env.dev == env.chan->device->dev && !env.chan->dev->chan_dma_dev);
	dmaengine_get();
	CHECK(!dma_find_channel(DMA_MEMCPY));
	dmaengine_put();
	for (unsigned int i = 0; i < 2; i++) {
		u8 *src = kmalloc(SIZE, GFP_KERNEL), *dst = kmalloc(SIZE, GFP_KERNEL);
		dma_addr_t from = map_env_map(&env, src, SIZE, DMA_TO_DEVICE), to = map_env_map(&env, dst, SIZE, DMA_FROM_DEVICE);

		CHECK_EQ(map_env_copy(&env, to, from, SIZE), DMA_COMPLETE);
		dma_unmap_single(env.dev, from, SIZE, DMA_TO_DEVICE);
		dma_unmap_single(env.dev, to, SIZE, DMA_FROM_DEVICE);
		CHECK(!memcmp(src, dst, SIZE));
		kfree(src);
		kfree(dst);
	}
	map_env_down(&env);
}
