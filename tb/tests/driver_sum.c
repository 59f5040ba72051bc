// SPDX-License-Identifier: MIT
/*
 * Operations with many sources through the driver and through async_tx, on the controller: every byte is compared with sums that are
 * made one byte at a time.
 */
#include "driver_env.h"
#include <linux/async_tx.h>
#include <linux/completion.h>
#include <linux/raid/pq.h>
#include <linux/slab.h>
#include "mapping/mapping.h"

#define BUFFERS (PQDMA_SOURCES + 2)
#define LONGEST 1500
#define SLACK 64
#define ROUNDS 12
#define DISKS 9
#define STRIPE 1200

/**
 * struct sums - buffers of random bytes, mapped, and what should be in them
 * @chan:  the channel they are used on
 * @bytes: the buffers; the last two are P and Q
 * @want:  what should be in them
 * @bus:   where the controller finds them
 */
struct sums {
	struct bench *b;
	struct dma_chan *chan;
	uint8_t *bytes[BUFFERS];
	uint8_t want[BUFFERS][LONGEST + SLACK];
	dma_addr_t bus[BUFFERS];
	struct completion done;
};

static uint8_t gf_times(uint8_t a, uint8_t b)
{
	uint8_t product = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			product ^= a;
		a = (uint8_t)(a << 1 ^ (a & 0x80 ? 0x1d : 0));
	}
	return product;
}

static bool controller_can(struct bench *b, unsigned int op)
{
	return reg_read(b, PQDMA_REG_CAP1) >> op & 1;
}

static struct dma_chan *get_channel(struct bench *b, enum dma_transaction_type type)
{
	struct dma_chan *chan;
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(type, mask);
	chan = dma_request_chan_by_mask(&mask);
	CHECK(!IS_ERR(chan));
	return chan;
}

static void fill_all(struct sums *s)
{
	for (unsigned int i = 0; i < BUFFERS; i++) {
		rng_fill(test_rng(s->b), s->bytes[i], LONGEST + SLACK);
		memcpy(s->want[i], s->bytes[i], LONGEST + SLACK);
	}
}

static void map_all(struct sums *s)
{
	struct device *dev = dmaengine_get_dma_device(s->chan);
	struct bench *b = s->b;

	for (unsigned int i = 0; i < BUFFERS; i++) {
		memcpy(s->bytes[i], s->want[i], LONGEST + SLACK);
		s->bus[i] = dma_map_single(dev, s->bytes[i], LONGEST + SLACK, DMA_BIDIRECTIONAL);
		CHECK(!dma_mapping_error(dev, s->bus[i]));
	}
}

static void unmap_and_compare(struct sums *s)
{
	struct device *dev = dmaengine_get_dma_device(s->chan);
	struct bench *b = s->b;

	for (unsigned int i = 0; i < BUFFERS; i++) {
		dma_unmap_single(dev, s->bus[i], LONGEST + SLACK, DMA_BIDIRECTIONAL);
		CHECK(!memcmp(s->bytes[i], s->want[i], LONGEST + SLACK));
	}
}

static struct sums *sums_up(struct bench *b, enum dma_transaction_type type)
{
	struct sums *s = kzalloc(sizeof(*s), GFP_KERNEL);

	CHECK(s);
	CHECK_EQ(kernel_board_up(PQDMA_CHANNELS), 0);
	s->b = b;
	s->chan = get_channel(b, type);
	for (unsigned int i = 0; i < BUFFERS; i++) {
		s->bytes[i] = kmalloc(LONGEST + SLACK, GFP_KERNEL);
		CHECK(s->bytes[i]);
	}
	init_completion(&s->done);
	return s;
}

static void sums_down(struct sums *s)
{
	for (unsigned int i = 0; i < BUFFERS; i++)
		kfree(s->bytes[i]);
	dma_release_channel(s->chan);
	kfree(s);
	kernel_board_down();
}

static void sum_done(void *done)
{
	complete(done);
}

static void run_tx(struct sums *s, struct dma_async_tx_descriptor *tx)
{
	struct bench *b = s->b;

	CHECK(tx);
	CHECK(tx->cookie == -EBUSY);
	tx->callback = sum_done;
	tx->callback_param = &s->done;
	reinit_completion(&s->done);
	CHECK(!dma_submit_error(dmaengine_submit(tx)));
	dma_async_issue_pending(s->chan);
	CHECK(wait_for_completion_timeout(&s->done, DRIVER_PATIENCE));
}

/**
 * struct draw - one random operation
 * @n:     sources
 * @len:   bytes
 * @index: which buffers, P and Q last
 * @at:    where in them
 * @coefs: of the sources, for Q
 * @bus:   addresses of the sources
 * @pq:    addresses of P and Q
 */
struct draw {
	unsigned int n;
	unsigned int len;
	unsigned int index[BUFFERS];
	unsigned int at[BUFFERS];
	uint8_t coefs[BUFFERS];
	dma_addr_t bus[BUFFERS];
	dma_addr_t pq[2];
};

static void draw(struct sums *s, struct draw *d, unsigned int least)
{
	struct rng *rng = test_rng(s->b);

	d->n = rng_range(rng, least, PQDMA_SOURCES);
	d->len = rng_range(rng, 1, LONGEST);
	for (unsigned int i = 0; i < d->n + 2; i++) {
		d->index[i] = i < d->n ? i : PQDMA_SOURCES + i - d->n;
		d->at[i] = rng_below(rng, SLACK);
		d->coefs[i] = (uint8_t)rng_below(rng, 256);
	}
}

/* Every other time P is its own first source, as the pieces of a split are. */
static void draw_in_place(struct sums *s, struct draw *d)
{
	if (rng_below(test_rng(s->b), 2))
		return;
	d->index[0] = d->index[d->n];
	d->at[0] = d->at[d->n];
}

static void map_draw(struct sums *s, struct draw *d)
{
	map_all(s);
	for (unsigned int i = 0; i < d->n; i++)
		d->bus[i] = s->bus[d->index[i]] + d->at[i];
	for (unsigned int i = 0; i < 2; i++)
		d->pq[i] = s->bus[d->index[d->n + i]] + d->at[d->n + i];
}

static uint8_t *want_at(struct sums *s, const struct draw *d, unsigned int i, unsigned int j)
{
	return &s->want[d->index[i]][d->at[i] + j];
}

/* What the operation does; off and continued as its flags say. */
static void apply(struct sums *s, const struct draw *d, unsigned long flags)
{
	for (unsigned int j = 0; j < d->len; j++) {
		uint8_t p = flags & DMA_PREP_CONTINUE ? *want_at(s, d, d->n, j) : 0;
		uint8_t q = flags & DMA_PREP_CONTINUE ? *want_at(s, d, d->n + 1, j) : 0;

		for (unsigned int i = 0; i < d->n; i++) {
			p ^= *want_at(s, d, i, j);
			q ^= gf_times(*want_at(s, d, i, j), d->coefs[i]);
		}
		if (!(flags & DMA_PREP_PQ_DISABLE_P))
			*want_at(s, d, d->n, j) = p;
		if (!(flags & DMA_PREP_PQ_DISABLE_Q))
			*want_at(s, d, d->n + 1, j) = q;
	}
}

static const unsigned long plain = DMA_PREP_INTERRUPT | DMA_CTRL_ACK;

TEST(driver_xor, "XOR of any number of sources at any alignment, in place too", .moves = true, .software = true)
{
	struct dma_device *device;
	struct sums *s;
	struct draw d;

	if (!controller_can(b, PQDMA_OP_XOR))
		test_skip(b, "the controller has no XOR");
	s = sums_up(b, DMA_XOR);
	device = s->chan->device;
	CHECK_EQ(device->max_xor, PQDMA_SOURCES);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		fill_all(s);
		draw(s, &d, 1);
		draw_in_place(s, &d);
		map_draw(s, &d);
		run_tx(s, device->device_prep_dma_xor(s->chan, d.pq[0], d.bus, d.n, d.len, plain));
		apply(s, &d, DMA_PREP_PQ_DISABLE_Q);
		unmap_and_compare(s);
	}
	CHECK(!device->device_prep_dma_xor(s->chan, d.pq[0], d.bus, PQDMA_SOURCES + 1, d.len, plain));
	CHECK(!device->device_prep_dma_xor(s->chan, d.pq[0], d.bus, 0, d.len, plain));
	CHECK(!device->device_prep_dma_xor(s->chan, d.pq[0], d.bus, 2, 0, plain));
	sums_down(s);
}

/* P and Q are right, but for one bit of those that @bad says. */
static void make_right(struct sums *s, const struct draw *d, unsigned int bad, unsigned long flags)
{
	apply(s, d, flags);
	for (unsigned int i = 0; i < 2; i++)
		if (bad >> i & 1)
			*want_at(s, d, d->n + i, rng_below(test_rng(s->b), d->len)) ^= (uint8_t)(1 << rng_below(test_rng(s->b), 8));
}

TEST(driver_xor_val, "a check of an XOR finds a single bit, and none where all are right", .moves = true, .software = true)
{
	enum sum_check_flags result;
	struct dma_device *device;
	struct sums *s;
	struct draw d;

	if (!controller_can(b, PQDMA_OP_XOR_VAL))
		test_skip(b, "the controller cannot check an XOR");
	s = sums_up(b, DMA_XOR_VAL);
	device = s->chan->device;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		result = SUM_CHECK_P_RESULT | SUM_CHECK_Q_RESULT;
		fill_all(s);
		draw(s, &d, 2);
		d.n--;
		d.index[d.n] = PQDMA_SOURCES;
		make_right(s, &d, round & 1, DMA_PREP_PQ_DISABLE_Q);
		map_draw(s, &d);
		/* The sum is one of the sources; which one must not matter. */
		d.bus[d.n] = d.pq[0];
		if (round & 2) {
			d.bus[d.n] = d.bus[0];
			d.bus[0] = d.pq[0];
		}
		run_tx(s, device->device_prep_dma_xor_val(s->chan, d.bus, d.n + 1, d.len, &result, plain));
		CHECK_EQ(result, round & 1);
		unmap_and_compare(s);
	}
	CHECK(!device->device_prep_dma_xor_val(s->chan, d.bus, 1, d.len, &result, plain));
	sums_down(s);
}

/* What has no address: it is never looked at. */
static void forget_off(struct draw *d, unsigned long flags)
{
	if (flags & DMA_PREP_PQ_DISABLE_P)
		d->pq[0] = 0x5a5a5a5a5a5a5a5aull;
	if (flags & DMA_PREP_PQ_DISABLE_Q)
		d->pq[1] = 0x5a5a5a5a5a5a5a5aull;
}

static const unsigned long offs[] = { 0, DMA_PREP_PQ_DISABLE_P, DMA_PREP_PQ_DISABLE_Q };

TEST(driver_pq, "P and Q, either alone, begun or continued, with the coefficients that are given", .moves = true, .software = true)
{
	struct dma_device *device;
	struct sums *s;
	struct draw d;

	if (!controller_can(b, PQDMA_OP_PQ))
		test_skip(b, "the controller has no P+Q");
	s = sums_up(b, DMA_PQ);
	device = s->chan->device;
	CHECK(dma_dev_has_pq_continue(device));
	CHECK_EQ(dma_maxpq(device, DMA_PREP_CONTINUE), PQDMA_SOURCES);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		unsigned long flags = offs[round % 3] | (round & 1 ? DMA_PREP_CONTINUE : 0);

		fill_all(s);
		draw(s, &d, 1);
		map_draw(s, &d);
		forget_off(&d, flags);
		run_tx(s, device->device_prep_dma_pq(s->chan, d.pq, d.bus, d.n, d.coefs, d.len, plain | flags));
		apply(s, &d, flags);
		unmap_and_compare(s);
	}
	CHECK(!device->device_prep_dma_pq(s->chan, d.pq, d.bus, 2, d.coefs, d.len, DMA_PREP_PQ_DISABLE_P | DMA_PREP_PQ_DISABLE_Q));
	sums_down(s);
}

TEST(driver_pq_val, "a check of P and Q says which of them is wrong, and only that of this transaction", .moves = true, .software = true)
{
	struct dma_device *device;
	struct sums *s;
	struct draw d;

	if (!controller_can(b, PQDMA_OP_PQ_VAL))
		test_skip(b, "the controller cannot check P+Q");
	s = sums_up(b, DMA_PQ_VAL);
	device = s->chan->device;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		enum sum_check_flags result = (enum sum_check_flags)(round % 4 ^ 3);
		unsigned long flags = offs[round % 3];

		fill_all(s);
		draw(s, &d, 1);
		make_right(s, &d, round % 4, 0);
		map_draw(s, &d);
		forget_off(&d, flags);
		run_tx(s, device->device_prep_dma_pq_val(s->chan, d.pq, d.bus, d.n, d.coefs, d.len, &result, plain | flags));
		CHECK_EQ(result, round % 4 & ~(flags & DMA_PREP_PQ_DISABLE_P ? 1u : 0) & ~(flags & DMA_PREP_PQ_DISABLE_Q ? 2u : 0));
		unmap_and_compare(s);
	}
	sums_down(s);
}

TEST(driver_interrupt, "a transaction that moves nothing calls back, in its place among others", .moves = true, .software = true)
{
	struct dma_device *device;
	struct sums *s;
	struct draw d;

	s = sums_up(b, DMA_INTERRUPT);
	device = s->chan->device;
	for (unsigned int round = 0; round < 3; round++) {
		fill_all(s);
		draw(s, &d, 1);
		map_draw(s, &d);
		dmaengine_submit(dmaengine_prep_dma_memcpy(s->chan, d.pq[0], d.bus[0], d.len, DMA_CTRL_ACK));
		/* Its flags ask for nothing, and still it interrupts. */
		run_tx(s, device->device_prep_dma_interrupt(s->chan, DMA_CTRL_ACK));
		for (unsigned int j = 0; j < d.len; j++)
			*want_at(s, &d, d.n, j) = *want_at(s, &d, 0, j);
		unmap_and_compare(s);
	}
	sums_down(s);
}

/* async_tx */

/**
 * struct stripe - data, P and Q in pages
 * @spare: room for a check that the CPU makes
 */
struct stripe {
	struct bench *b;
	struct page *pages[DISKS];
	struct page *spare;
	unsigned int offsets[DISKS];
	uint8_t want[DISKS][STRIPE];
	addr_conv_t scribble[DISKS];
	struct completion done;
};

static uint8_t *block(struct stripe *s, unsigned int i)
{
	return (uint8_t *)page_address(s->pages[i]) + s->offsets[i];
}

static void stripe_up(struct stripe *s, struct bench *b)
{
	s->b = b;
	init_completion(&s->done);
	s->spare = alloc_page(GFP_KERNEL);
	CHECK(s->spare);
	for (unsigned int i = 0; i < DISKS; i++) {
		s->pages[i] = alloc_page(GFP_KERNEL);
		CHECK(s->pages[i]);
		s->offsets[i] = rng_below(test_rng(b), 128);
		rng_fill(test_rng(b), block(s, i), STRIPE);
	}
	for (unsigned int j = 0; j < STRIPE; j++) {
		uint8_t p = 0, q = 0;

		for (unsigned int i = 0; i < DISKS - 2; i++) {
			s->want[i][j] = block(s, i)[j];
			p ^= s->want[i][j];
			q ^= gf_times(s->want[i][j], (uint8_t)(1u << i));
		}
		s->want[DISKS - 2][j] = p;
		s->want[DISKS - 1][j] = q;
	}
}

static void stripe_compare(struct stripe *s)
{
	struct bench *b = s->b;

	for (unsigned int i = 0; i < DISKS; i++)
		CHECK(!memcmp(block(s, i), s->want[i], STRIPE));
	CHECK_EQ(mapping_count(), 0);
}

static void stripe_submit(struct stripe *s, struct async_submit_ctl *submit)
{
	reinit_completion(&s->done);
	init_async_submit(submit, ASYNC_TX_ACK, NULL, sum_done, &s->done, s->scribble);
}

static void stripe_wait(struct stripe *s)
{
	struct bench *b = s->b;

	async_tx_issue_pending_all();
	CHECK(wait_for_completion_timeout(&s->done, DRIVER_PATIENCE));
}

static void recover(struct stripe *s, unsigned int faila, unsigned int failb)
{
	struct async_submit_ctl submit;

	memset(block(s, faila), 0xaa, STRIPE);
	memset(block(s, failb), 0xbb, STRIPE);
	stripe_submit(s, &submit);
	if (failb == DISKS - 2)
		async_raid6_datap_recov(DISKS, STRIPE, (int)faila, s->pages, s->offsets, &submit);
	else
		async_raid6_2data_recov(DISKS, STRIPE, (int)faila, (int)failb, s->pages, s->offsets, &submit);
	stripe_wait(s);
	stripe_compare(s);
}

static uint64_t work_by_cpu(void)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < DMA_TX_TYPE_END; i++)
		n += async_tx_stats()->sync[i];
	return n;
}

TEST(async_stripe, "P and Q of a stripe, a check of them, and any two lost blocks come back, all by the controller", .moves = true,
     .software = true)
{
	enum sum_check_flags result = SUM_CHECK_P_RESULT;
	struct async_submit_ctl submit;
	struct stripe *s;

	if (!controller_can(b, PQDMA_OP_PQ))
		test_skip(b, "the controller has no P+Q");
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	CHECK(s);
	CHECK_EQ(kernel_board_up(PQDMA_CHANNELS), 0);
	async_tx_load();
	stripe_up(s, b);
	stripe_submit(s, &submit);
	async_gen_syndrome(s->pages, s->offsets, DISKS, STRIPE, &submit);
	stripe_wait(s);
	stripe_compare(s);
	stripe_submit(s, &submit);
	async_syndrome_val(s->pages, s->offsets, DISKS, STRIPE, &result, s->spare, 0, &submit);
	stripe_wait(s);
	CHECK_EQ(result, 0);
	for (unsigned int faila = 0; faila < DISKS - 2; faila += 2)
		for (unsigned int failb = faila + 1; failb < DISKS - 1; failb += 3)
			recover(s, faila, failb);
	if (PQDMA_SOURCES >= DISKS)
		CHECK_EQ(work_by_cpu(), 0);
	for (unsigned int i = 0; i < DISKS; i++)
		__free_page(s->pages[i]);
	__free_page(s->spare);
	kfree(s);
	async_tx_unload();
	kernel_board_down();
}
