// SPDX-License-Identifier: MIT
/*
 * A RAID-6 array of eight simulated disks, written, lost and recovered through async_tx, all by the controller: its operations are
 * counted, and so are those that the CPU has done instead.
 */
#include "driver_env.h"
#include <linux/async_tx.h>
#include <linux/completion.h>
#include <linux/raid/pq.h>
#include <linux/slab.h>
#include "dmaengine/dmaengine.h"
#include "drivers/pqdma/pqdma.h"
#include "mapping/mapping.h"

#define DISKS 8
#define DATA (DISKS - 2)
#define CHUNK 512
#define STRIPES 2
#define OPS 16

/**
 * struct array - the array
 * @disks:   of each disk one page, which holds its chunks
 * @want:    what is on them
 * @blocks:  the pages of a stripe, data first, then P and Q
 * @offsets: where in them
 * @done:    of the last operation of a chain
 */
struct array {
	struct bench *b;
	struct page *disks[DISKS];
	uint8_t want[DISKS][STRIPES * CHUNK];
	struct page *blocks[DISKS];
	unsigned int offsets[DISKS];
	struct page *spare;
	addr_conv_t scribble[DISKS];
	struct completion done;
};

/* Who did what since the board came up */
struct work {
	uint64_t hardware[OPS];
	uint64_t software;
};

static bool count_channel(struct dma_chan *chan, void *work_of)
{
	const struct pqdma_chan *c = container_of(chan, struct pqdma_chan, chan);
	struct work *work = work_of;

	for (unsigned int op = 0; op < OPS && op < ARRAY_SIZE(c->completed); op++)
		work->hardware[op] += c->completed[op];
	return false;
}

static void count_work(struct work *work)
{
	*work = (struct work){ 0 };
	dma_for_each_channel(count_channel, work);
	for (unsigned int i = 0; i < DMA_TX_TYPE_END; i++)
		work->software += async_tx_stats()->sync[i];
}

/* Was it the controller, and it alone, that has done @op since @before? */
static bool by_hardware(const struct work *before, unsigned int op)
{
	struct work now;

	count_work(&now);
	return now.software == before->software && now.hardware[op] > before->hardware[op];
}

static uint8_t times_two(uint8_t a)
{
	return (uint8_t)(a << 1 ^ (a & 0x80 ? 0x1d : 0));
}

static uint8_t *chunk_of(struct array *a, unsigned int disk, unsigned int stripe)
{
	return (uint8_t *)page_address(a->disks[disk]) + stripe * CHUNK;
}

/* P and Q move from stripe to stripe. */
static unsigned int disk_of(unsigned int stripe, unsigned int block)
{
	return (block + stripe) % DISKS;
}

static void array_up(struct array *a, struct bench *b)
{
	a->b = b;
	init_completion(&a->done);
	a->spare = alloc_page(GFP_KERNEL);
	CHECK(a->spare);
	for (unsigned int i = 0; i < DISKS; i++) {
		a->disks[i] = alloc_page(GFP_KERNEL);
		CHECK(a->disks[i]);
	}
}

static void array_down(struct array *a)
{
	for (unsigned int i = 0; i < DISKS; i++)
		__free_page(a->disks[i]);
	__free_page(a->spare);
	kfree(a);
}

static void choose_stripe(struct array *a, unsigned int stripe)
{
	for (unsigned int i = 0; i < DISKS; i++) {
		a->blocks[i] = a->disks[disk_of(stripe, i)];
		a->offsets[i] = stripe * CHUNK;
	}
}

/* New data, and what P and Q of it are, by Horner's rule and a byte at a time. */
static void new_data(struct array *a, unsigned int stripe)
{
	uint8_t *want[DISKS];

	for (unsigned int i = 0; i < DISKS; i++)
		want[i] = a->want[disk_of(stripe, i)] + stripe * CHUNK;
	for (unsigned int i = 0; i < DATA; i++) {
		rng_fill(test_rng(a->b), want[i], CHUNK);
		memcpy(chunk_of(a, disk_of(stripe, i), stripe), want[i], CHUNK);
	}
	for (unsigned int j = 0; j < CHUNK; j++) {
		uint8_t p = 0, q = 0;

		for (unsigned int i = DATA; i-- > 0;) {
			p ^= want[i][j];
			q = times_two(q) ^ want[i][j];
		}
		want[DATA][j] = p;
		want[DATA + 1][j] = q;
	}
}

static void array_called(void *arg)
{
	complete(arg);
}

static void begin(struct array *a, struct async_submit_ctl *submit)
{
	reinit_completion(&a->done);
	init_async_submit(submit, ASYNC_TX_ACK, NULL, array_called, &a->done, a->scribble);
}

static void finish(struct array *a)
{
	struct bench *b = a->b;

	async_tx_issue_pending_all();
	CHECK(wait_for_completion_timeout(&a->done, DRIVER_PATIENCE));
}

static void compare(struct array *a)
{
	struct bench *b = a->b;

	for (unsigned int i = 0; i < DISKS; i++)
		CHECK(!memcmp(chunk_of(a, i, 0), a->want[i], sizeof(a->want[i])));
	CHECK_EQ(mapping_count(), 0);
}

static void write_stripe(struct array *a, unsigned int stripe)
{
	struct async_submit_ctl submit;

	choose_stripe(a, stripe);
	new_data(a, stripe);
	begin(a, &submit);
	async_gen_syndrome(a->blocks, a->offsets, DISKS, CHUNK, &submit);
	finish(a);
}

/* P, Q or both and a data block: what is left of the data is enough for P; Q is made anew. */
static void recover_parity(struct array *a, unsigned int data, struct async_submit_ctl *submit)
{
	struct page *sources[DATA], *dest = a->blocks[data];
	unsigned int offsets[DATA], n = 0;
	struct dma_async_tx_descriptor *tx;

	if (data < DATA) {
		for (unsigned int i = 0; i < DATA + 1; i++) {
			if (i == data)
				continue;
			sources[n] = a->blocks[i];
			offsets[n++] = a->offsets[i];
		}
		init_async_submit(submit, ASYNC_TX_XOR_ZERO_DST | ASYNC_TX_FENCE, NULL, NULL, NULL, a->scribble);
		tx = async_xor_offs(dest, a->offsets[data], sources, offsets, (int)n, CHUNK, submit);
		init_async_submit(submit, ASYNC_TX_ACK, tx, array_called, &a->done, a->scribble);
	}
	async_gen_syndrome(a->blocks, a->offsets, DISKS, CHUNK, submit);
}

/* Blocks @x < @y of a stripe are gone; each kind of pair has its own way back. */
static void recover(struct array *a, unsigned int x, unsigned int y)
{
	struct async_submit_ctl submit;

	begin(a, &submit);
	if (y == DATA + 1)
		recover_parity(a, x, &submit);
	else if (y == DATA)
		async_raid6_datap_recov(DISKS, CHUNK, (int)x, a->blocks, a->offsets, &submit);
	else
		async_raid6_2data_recov(DISKS, CHUNK, (int)x, (int)y, a->blocks, a->offsets, &submit);
	finish(a);
}

static void lose_and_recover(struct array *a, unsigned int first, unsigned int second)
{
	memset(page_address(a->disks[first]), 0xaa, STRIPES * CHUNK);
	memset(page_address(a->disks[second]), 0xbb, STRIPES * CHUNK);
	for (unsigned int stripe = 0; stripe < STRIPES; stripe++) {
		const unsigned int x = (first + DISKS - stripe) % DISKS, y = (second + DISKS - stripe) % DISKS;

		choose_stripe(a, stripe);
		recover(a, x < y ? x : y, x < y ? y : x);
	}
	compare(a);
}

static enum sum_check_flags check_stripe(struct array *a, unsigned int stripe)
{
	enum sum_check_flags result = SUM_CHECK_P_RESULT | SUM_CHECK_Q_RESULT;
	struct async_submit_ctl submit;

	choose_stripe(a, stripe);
	begin(a, &submit);
	async_syndrome_val(a->blocks, a->offsets, DISKS, CHUNK, &result, a->spare, 0, &submit);
	finish(a);
	return result;
}

static struct array *start(struct bench *b)
{
	struct array *a;

	if (!(reg_read(b, PQDMA_REG_CAP1) >> PQDMA_OP_PQ & 1))
		test_skip(b, "the controller has no P+Q");
	if (PQDMA_SOURCES < DISKS)
		test_skip(b, "the controller takes fewer sources than the array has disks");
	a = kzalloc(sizeof(*a), GFP_KERNEL);
	CHECK(a);
	CHECK_EQ(kernel_board_up(PQDMA_CHANNELS), 0);
	async_tx_load();
	array_up(a, b);
	return a;
}

static void end(struct array *a)
{
	array_down(a);
	async_tx_unload();
	kernel_board_down();
}

TEST(async_array, "eight disks: stripes are written, every pair of disks is lost and comes back, checks agree, all by the controller",
     .moves = true, .software = true, .max_clocks = 4000000)
{
	struct work before, now;
	unsigned int pairs = 0;
	struct array *a = start(b);

	count_work(&before);
	for (unsigned int stripe = 0; stripe < STRIPES; stripe++)
		write_stripe(a, stripe);
	compare(a);
	CHECK(by_hardware(&before, PQDMA_OP_PQ));
	for (unsigned int first = 0; first < DISKS; first++)
		for (unsigned int second = first + 1; second < DISKS; second++, pairs++)
			lose_and_recover(a, first, second);
	CHECK(by_hardware(&before, PQDMA_OP_XOR));
	for (unsigned int stripe = 0; stripe < STRIPES; stripe++)
		CHECK_EQ(check_stripe(a, stripe), 0);
	*chunk_of(a, disk_of(0, 3), 0) ^= 0x10;
	CHECK_EQ(check_stripe(a, 0), SUM_CHECK_P_RESULT | SUM_CHECK_Q_RESULT);
	CHECK(by_hardware(&before, PQDMA_OP_PQ_VAL));
	count_work(&now);
	CHECK_EQ(pairs, DISKS * (DISKS - 1) / 2);
	printf("%s: %u pairs x %u stripes by %" PRIu64 " P+Q, %" PRIu64 " XOR, %" PRIu64 " checks of the controller, "
	       "%" PRIu64 " of the CPU\n", b->test->name, pairs, STRIPES, now.hardware[PQDMA_OP_PQ], now.hardware[PQDMA_OP_XOR],
	       now.hardware[PQDMA_OP_PQ_VAL], now.software);
	end(a);
}

TEST(async_by_cpu, "what the CPU does instead of the controller is right too, and does not pass for the controller's work", .moves = true,
     .software = true)
{
	struct async_submit_ctl submit;
	struct array *a = start(b);
	struct work before;

	write_stripe(a, 0);
	count_work(&before);
	choose_stripe(a, 0);
	memset(chunk_of(a, disk_of(0, DATA), 0), 0, CHUNK);
	memset(chunk_of(a, disk_of(0, DATA + 1), 0), 0, CHUNK);
	begin(a, &submit);
	submit.flags |= ASYNC_TX_PQ_XOR_DST;
	async_gen_syndrome(a->blocks, a->offsets, DISKS, CHUNK, &submit);
	CHECK(wait_for_completion_timeout(&a->done, DRIVER_PATIENCE));
	for (unsigned int i = 0; i < DISKS; i++)
		CHECK(!memcmp(chunk_of(a, i, 0), a->want[i], CHUNK));
	CHECK(!by_hardware(&before, PQDMA_OP_PQ));
	end(a);
}
