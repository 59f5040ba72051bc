// SPDX-License-Identifier: MIT
/*
 * Transfers that are more than a range: lists on both sides, fills of lists, rows with gaps, rows to a peripheral, and rows that are
 * repeated until something takes their place.
 */
#include "driver_peri.h"
#include <linux/slab.h>

#define ARENA 32768
#define ROUNDS 6
#define NUMF 5
#define CHUNKS 3
#define LIMIT 1500000
#define FRAMES 6

/**
 * struct piece - a range that a job has to move
 * @from: offset in the source arena; @at in the destination
 */
struct piece {
	size_t from;
	size_t at;
	size_t len;
};

/**
 * struct rows - a transaction of this file
 * @d:     the driver
 * @ch:    channel
 * @calls: callbacks; @clock of the last one
 */
struct rows {
	struct driver *d;
	unsigned int ch;
	unsigned int calls;
	uint64_t clock;
	dma_cookie_t cookie;
};

static void called_back(void *param)
{
	struct rows *r = param;

	r->calls++;
	r->clock = r->d->b->hw.clock;
	wake_up(&r->d->wait);
}

static void submit(struct rows *r, struct dma_async_tx_descriptor *tx)
{
	struct bench *b = r->d->b;

	CHECK(tx);
	CHECK_EQ((u32)tx->cookie, (u32)-EBUSY);
	tx->callback = called_back;
	tx->callback_param = r;
	r->cookie = dmaengine_submit(tx);
	CHECK(r->cookie >= DMA_MIN_COOKIE);
}

static void wait_calls(struct rows *r, unsigned int calls)
{
	struct bench *b = r->d->b;

	if (!wait_event_timeout(r->d->wait, r->calls >= calls, DRIVER_PATIENCE))
		test_fail(b, "%u callbacks on channel %u, not %u", r->calls, r->ch, calls);
}

static void run(struct rows *r, struct dma_async_tx_descriptor *tx)
{
	struct bench *b = r->d->b;

	submit(r, tx);
	driver_issue(r->d, r->ch);
	wait_calls(r, r->calls + 1);
	CHECK(dmaengine_tx_status(r->d->chan[r->ch], r->cookie, NULL) == DMA_COMPLETE);
}

static size_t take(struct driver *d, struct arena *arena, size_t len)
{
	const size_t at = arena->used + rng_below(test_rng(d->b), 24);
	struct bench *b = d->b;

	arena->used = at + len;
	CHECK(arena->used <= d->size);
	return at;
}

/* From now on the destination should hold it. */
static void expect(struct driver *d, unsigned int ch, const struct piece *piece)
{
	memcpy(d->dst[ch].want + piece->at, d->src[ch].cpu + piece->from, piece->len);
	d->other += piece->len;
}

static void go_down(struct driver *d)
{
	driver_send(driver_copy(d, PQDMA_CHANNELS - 1, 100, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	driver_down(d);
}

/* Lists */

static size_t draw_list(struct driver *d, struct arena *arena, struct scatterlist *sg, size_t *at, unsigned int nents)
{
	size_t sum = 0;

	sg_init_table(sg, nents);
	for (unsigned int i = 0; i < nents; i++) {
		const unsigned int len = i % 3 == 1 ? 0 : 1 + rng_below(test_rng(d->b), 400);

		at[i] = take(d, arena, len);
		sg_dma_address(&sg[i]) = arena->bus + at[i];
		sg_dma_len(&sg[i]) = len;
		sum += len;
	}
	return sum;
}

/* Byte @n of a list */
static size_t byte_of(const struct scatterlist *sg, const size_t *at, size_t n)
{
	unsigned int i = 0;

	for (; n >= sg_dma_len(&sg[i]); i++)
		n -= sg_dma_len(&sg[i]);
	return at[i] + n;
}

TEST(driver_sg, "from list to list, entries of any length on either side, empty ones too: the shorter list ends it", .moves = true,
     .software = true)
{
	struct driver *d = driver_up(b, ARENA);

	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct rows r = { .d = d, .ch = round % PQDMA_CHANNELS };
		struct scatterlist src[5], dst[7];
		size_t from[5], at[7];
		const size_t have = draw_list(d, &d->src[r.ch], src, from, 5), room = draw_list(d, &d->dst[r.ch], dst, at, 7);
		const size_t len = min_t(size_t, have, room);

		run(&r, dmaengine_prep_dma_sg(d->chan[r.ch], dst, 7, src, 5, DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
		for (size_t i = 0; i < len; i++)
			expect(d, r.ch, &(struct piece){ byte_of(src, from, i), byte_of(dst, at, i), 1 });
		CHECK(!dmaengine_prep_dma_sg(d->chan[r.ch], &dst[1], 1, src, 5, DMA_CTRL_ACK));
	}
	go_down(d);
}

TEST(driver_fill_sg, "every entry of a list is filled, and nothing between them", .moves = true, .software = true)
{
	struct driver *d = driver_up(b, ARENA);

	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct rows r = { .d = d, .ch = round % PQDMA_CHANNELS };
		struct dma_device *device = d->chan[r.ch]->device;
		const int value = (int)rng_below(test_rng(b), 1000);
		struct scatterlist sg[3];
		size_t at[3];

		draw_list(d, &d->dst[r.ch], sg, at, 3);
		CHECK(!device->device_prep_dma_memset_sg(d->chan[r.ch], sg, 3, value, DMA_CTRL_ACK));
		sg_dma_len(&sg[1]) = 1;
		at[1] = take(d, &d->dst[r.ch], 1);
		sg_dma_address(&sg[1]) = d->dst[r.ch].bus + at[1];
		run(&r, device->device_prep_dma_memset_sg(d->chan[r.ch], sg, 3, value, DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
		for (unsigned int i = 0; i < 3; i++) {
			memset(d->dst[r.ch].want + at[i], (u8)value, sg_dma_len(&sg[i]));
			d->other += sg_dma_len(&sg[i]);
		}
	}
	go_down(d);
}

/* Rows */

static struct dma_interleaved_template *new_template(struct bench *b, size_t chunks)
{
	struct dma_interleaved_template *xt = kzalloc(sizeof(*xt) + chunks * sizeof(xt->sgl[0]), GFP_KERNEL);

	CHECK(xt);
	xt->numf = NUMF;
	xt->frame_size = chunks;
	xt->src_inc = xt->dst_inc = true;
	return xt;
}

/* Gaps on both sides, on one side, or for all: as the template's fields say. */
static void draw_gaps(struct bench *b, struct dma_interleaved_template *xt)
{
	struct rng *rng = test_rng(b);

	xt->src_sgl = rng_below(rng, 2);
	xt->dst_sgl = rng_below(rng, 2);
	for (size_t i = 0; i < xt->frame_size; i++)
		xt->sgl[i] = (struct data_chunk){ .size = 1 + rng_below(rng, 90), .icg = rng_below(rng, 40),
						  .src_icg = rng_below(rng, 2) * rng_below(rng, 50),
						  .dst_icg = rng_below(rng, 2) * rng_below(rng, 50) };
}

/* Walks over it as a client would who knows nothing of the hardware; notes what has to come of it. Returns bytes of either side. */
static void walk(struct driver *d, unsigned int ch, struct dma_interleaved_template *xt, size_t from, size_t at, bool note)
{
	for (size_t f = 0; f < xt->numf; f++)
		for (size_t i = 0; i < xt->frame_size; i++) {
			if (note)
				expect(d, ch, &(struct piece){ from, at, xt->sgl[i].size });
			from += xt->sgl[i].size + dmaengine_get_src_icg(xt, &xt->sgl[i]);
			at += xt->sgl[i].size + dmaengine_get_dst_icg(xt, &xt->sgl[i]);
		}
	d->src[ch].used = from;
	d->dst[ch].used = at;
}

static void need_rows(struct bench *b)
{
	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_TWO_D_MASK))
		test_skip(b, "2D is not built");
}

TEST(driver_rows, "frames of chunks with gaps on either side, both or none: what a walk over the template says, by one descriptor a chunk",
     .moves = true, .software = true, .one_port = true)
{
	struct driver *d;

	need_rows(b);
	d = driver_up(b, ARENA);
	for (unsigned int round = 0; round < 2 * ROUNDS; round++) {
		const size_t chunks = 1 + round % CHUNKS;
		struct dma_interleaved_template *xt = new_template(b, chunks);
		struct rows r = { .d = d, .ch = round % PQDMA_CHANNELS };
		const size_t from = take(d, &d->src[r.ch], 0), at = take(d, &d->dst[r.ch], 0);
		const uint64_t fetched = mem_stats(b)->fetch_bursts;

		draw_gaps(b, xt);
		xt->src_start = d->src[r.ch].bus + from;
		xt->dst_start = d->dst[r.ch].bus + at;
		walk(d, r.ch, xt, from, at, true);
		run(&r, dmaengine_prep_interleaved_dma(d->chan[r.ch], xt, DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
		CHECK(mem_stats(b)->fetch_bursts <= fetched + chunks + 1);
		xt->src_inc = false;
		CHECK(!dmaengine_prep_interleaved_dma(d->chan[r.ch], xt, DMA_CTRL_ACK));
		xt->src_inc = true;
		xt->numf = 0;
		CHECK(!dmaengine_prep_interleaved_dma(d->chan[r.ch], xt, DMA_CTRL_ACK));
		kfree(xt);
	}
	go_down(d);
}

TEST(driver_rows_slave, "a window of a picture to a peripheral: its rows arrive one after the other, in order", .moves = true,
     .software = true, .max_clocks = LIMIT)
{
	const struct peripheral_config config = { .tx = true, .width = 2, .burst = 2, .depth = 16,
						  .asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST };
	struct dma_interleaved_template *xt;
	struct peripheral *with;
	struct rows r = { 0 };
	struct peri *p;
	dma_addr_t fifo;

	need_rows(b);
	r.d = driver_up(b, ARENA);
	p = peri_up(r.d);
	with = peri_attach(p, 0, &config);
	peri_configure(p, 0, with);
	fifo = dma_map_resource(r.d->dev, peripheral_bus(0), 4, DMA_FROM_DEVICE, 0);
	CHECK(!dma_mapping_error(r.d->dev, fifo));
	xt = new_template(b, 1);
	xt->dir = DMA_MEM_TO_DEV;
	xt->dst_inc = false;
	xt->src_sgl = true;
	xt->sgl[0] = (struct data_chunk){ .size = 44, .icg = 85 };
	xt->src_start = r.d->src[0].bus + 7;
	xt->dst_start = fifo;
	run(&r, dmaengine_prep_interleaved_dma(r.d->chan[0], xt, DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
	while (with->stream_size < NUMF * 44)
		kernel_sleep_clocks(10);
	for (uint32_t i = 0; i < NUMF * 44; i++)
		CHECK_EQ(with->stream[i], r.d->src[0].cpu[7 + i / 44 * (44 + 85) + i % 44]);
	r.d->other += NUMF * (44 + 8);
	dma_unmap_resource(r.d->dev, fifo, 4, DMA_FROM_DEVICE, 0);
	kfree(xt);
	go_down(r.d);
}

/* Repeated */

static void prep_frame(struct rows *r, struct dma_interleaved_template *xt, size_t from, size_t at, unsigned long flags)
{
	struct driver *d = r->d;

	xt->src_start = d->src[r->ch].bus + from;
	xt->dst_start = d->dst[r->ch].bus + at;
	submit(r, dmaengine_prep_interleaved_dma(d->chan[r->ch], xt, flags | DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
	driver_issue(d, r->ch);
}

TEST(driver_repeat, "a frame is repeated, with a callback each time, until one with LOAD_EOT takes its place at its end; one without waits",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct rows first, second, behind;
	struct dma_interleaved_template *xt;
	unsigned int calls;
	struct driver *d;
	size_t from, at;

	need_rows(b);
	d = driver_up(b, ARENA);
	first = second = behind = (struct rows){ .d = d };
	xt = new_template(b, 2);
	draw_gaps(b, xt);
	from = take(d, &d->src[0], 0);
	at = take(d, &d->dst[0], 0);
	walk(d, 0, xt, from, at, true);
	prep_frame(&first, xt, from, at, DMA_PREP_REPEAT);
	wait_calls(&first, FRAMES);
	CHECK(dmaengine_tx_status(d->chan[0], first.cookie, NULL) == DMA_IN_PROGRESS);
	from = take(d, &d->src[0], 0);
	at = take(d, &d->dst[0], 0);
	walk(d, 0, xt, from, at, true);
	prep_frame(&second, xt, from, at, DMA_PREP_REPEAT | DMA_PREP_LOAD_EOT);
	wait_calls(&second, 1);
	CHECK(dmaengine_tx_status(d->chan[0], first.cookie, NULL) == DMA_COMPLETE);
	calls = first.calls;
	prep_frame(&behind, xt, from, at, 0);
	wait_calls(&second, FRAMES);
	CHECK(first.calls == calls && calls >= FRAMES && !behind.calls);
	CHECK(first.clock < second.clock);
	CHECK_EQ(dmaengine_terminate_sync(d->chan[0]), 0);
	d->aborts++;
	calls = second.calls;
	kernel_sleep_clocks(1000);
	CHECK(second.calls == calls && !behind.calls);
	kfree(xt);
	driver_send(driver_copy(d, 0, 100, DMA_PREP_INTERRUPT));
	go_down(d);
}
