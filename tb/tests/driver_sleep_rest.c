// SPDX-License-Identifier: MIT
/*
 * The machine sleeps in the middle of a descriptor, which its client has paused or whose peripheral does not ask: afterwards it goes on
 * with the first byte that has not moved. Where the rest cannot be a descriptor of its own the machine stays awake.
 */
#include "driver_peri.h"
#include "map_env.h"

#define ARENA 65536
#define LONG (2 * (PQDMA_BUF_BYTES + PQDMA_STRIP_BYTES) + 100 * PQDMA_BYTES)	/* more than can be under way at once */
#define TRIES 8
#define BEHIND 100	/* bytes of the job that waits in the ring */
#define APART 24	/* bytes: what driver_env.c leaves at most between two jobs */
#define NIGHTS 3
#define LIMIT 1500000
#define SOURCES_USED 3
#define BUFFERS (SOURCES_USED + 2)
#define ROW 64
#define GAP 16

/* Ranges */

/* Pauses @job with some of it moved and some not, and sleeps; false if it was too late. It stays paused. */
static bool night_half_way(struct driver *d, struct job *job, u32 *left)
{
	const u32 before = *left;
	struct bench *b = d->b;
	u32 then;

	do
		driver_status(job, left);
	while (*left == before);
	CHECK_EQ(dmaengine_pause(d->chan[0]), 0);
	driver_status(job, left);
	if (!*left)
		return false;
	driver_sleep_and_wake(b);
	CHECK(driver_status(job, &then) == DMA_PAUSED);
	CHECK_EQ(then, *left);
	return true;
}

/* Several nights in one descriptor; how many. */
static unsigned int sleep_in(struct driver *d, struct job *job, u32 len)
{
	unsigned int nights = 0;
	struct bench *b = d->b;
	u32 left = len;

	driver_send(job);
	while (nights < NIGHTS && night_half_way(d, job, &left)) {
		nights++;
		CHECK_EQ(dmaengine_resume(d->chan[0]), 0);
	}
	CHECK_EQ(dmaengine_resume(d->chan[0]), 0);
	driver_wait(job);
	return nights;
}

TEST(driver_sleep_half_way, "asleep in the middle of a descriptor that is paused, again and again: it goes on with the byte behind",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct driver *d = driver_up(b, TRIES * (LONG + BEHIND + 2 * APART));
	unsigned int nights = 0;

	for (unsigned int i = 0; i < TRIES; i++) {
		nights += sleep_in(d, driver_any(d, 0, LONG, DMA_PREP_INTERRUPT), LONG);
		/* What was behind it in the ring is whole. */
		driver_send(driver_copy(d, 0, BEHIND, DMA_PREP_INTERRUPT));
	}
	driver_wait_all(d);
	printf("%s: %u nights\n", b->test->name, nights);
	CHECK(nights >= TRIES / 2);
	driver_down(d);
}

/* Sums */

struct sum {
	struct map_env env;
	u8 *bytes[BUFFERS];
	dma_addr_t bus[BUFFERS];
	u8 *want;
};

static void sum_map(struct sum *s)
{
	struct bench *b = s->env.b;

	for (unsigned int i = 0; i < BUFFERS; i++) {
		rng_fill(test_rng(b), s->bytes[i], LONG);
		s->bus[i] = map_env_map(&s->env, s->bytes[i], LONG, DMA_BIDIRECTIONAL);
	}
}

static void sum_unmap(struct sum *s)
{
	for (unsigned int i = 0; i < BUFFERS; i++)
		dma_unmap_single(s->env.dev, s->bus[i], LONG, DMA_BIDIRECTIONAL);
}

static void sum_up(struct bench *b, struct sum *s)
{
	map_env_up(b, &s->env, false);
	for (unsigned int i = 0; i < BUFFERS; i++)
		CHECK(s->bytes[i] = kmalloc(LONG, GFP_KERNEL));
}

static void sum_down(struct sum *s)
{
	for (unsigned int i = 0; i < BUFFERS; i++)
		kfree(s->bytes[i]);
	map_env_down(&s->env);
}

static u8 twice(u8 a)
{
	return (u8)(a << 1 ^ (a & 0x80 ? 0x1d : 0));
}

/* Coefficients of 1, 2 and 4. */
static void check_sum(struct sum *s, bool with_q)
{
	struct bench *b = s->env.b;

	for (size_t i = 0; i < LONG; i++) {
		const u8 a = s->bytes[0][i], c = s->bytes[1][i], e = s->bytes[2][i];

		CHECK_EQ(s->bytes[SOURCES_USED][i], a ^ c ^ e);
		if (with_q)
			CHECK_EQ(s->bytes[SOURCES_USED + 1][i], a ^ twice(c) ^ twice(twice(e)));
	}
}

/* Pauses in the middle; false if it was too late. */
static bool pause_half_way(struct map_env *env, dma_cookie_t cookie)
{
	struct dma_tx_state state;
	struct bench *b = env->b;

	u32 whole;

	dmaengine_tx_status(env->chan, cookie, &state);
	whole = state.residue;
	do
		dmaengine_tx_status(env->chan, cookie, &state);
	while (state.residue == whole);
	CHECK_EQ(dmaengine_pause(env->chan), 0);
	return dmaengine_tx_status(env->chan, cookie, &state) == DMA_PAUSED && state.residue && state.residue < whole;
}

static dma_cookie_t send(struct map_env *env, struct dma_async_tx_descriptor *tx)
{
	struct bench *b = env->b;
	dma_cookie_t cookie;

	CHECK(tx);
	cookie = dmaengine_submit(tx);
	dma_async_issue_pending(env->chan);
	return cookie;
}

static void go_on(struct map_env *env, dma_cookie_t cookie)
{
	struct bench *b = env->b;

	CHECK_EQ(dmaengine_resume(env->chan), 0);
	CHECK_EQ(dma_sync_wait(env->chan, cookie), DMA_COMPLETE);
}

static struct dma_async_tx_descriptor *prep_sum(struct sum *s, bool with_q)
{
	static const unsigned char coefs[SOURCES_USED] = { 1, 2, 4 };
	struct dma_device *device = s->env.chan->device;

	if (with_q)
		return device->device_prep_dma_pq(s->env.chan, &s->bus[SOURCES_USED], s->bus, SOURCES_USED, coefs, LONG, 0);
	return device->device_prep_dma_xor(s->env.chan, s->bus[SOURCES_USED], s->bus, SOURCES_USED, LONG, 0);
}

/* The same transaction once more, from its beginning, with P spoiled. */
static void sum_again(struct sum *s, struct dma_async_tx_descriptor *tx, bool with_q)
{
	struct dma_device *device = s->env.chan->device;
	struct bench *b = s->env.b;
	unsigned int i;

	for (i = 0; i < BUFFERS; i++)
		dma_sync_single_for_cpu(s->env.dev, s->bus[i], LONG, DMA_BIDIRECTIONAL);
	check_sum(s, with_q);
	for (i = 0; i < BUFFERS; i++)
		dma_sync_single_for_device(s->env.dev, s->bus[i], LONG, DMA_BIDIRECTIONAL);

	send(&s->env, device->device_prep_dma_memset(s->env.chan, s->bus[SOURCES_USED], 0x11, LONG, DMA_PREP_FENCE | DMA_CTRL_ACK));
	CHECK_EQ(dma_sync_wait(s->env.chan, send(&s->env, tx)), DMA_COMPLETE);
	CHECK_EQ(dmaengine_desc_free(tx), 0);
}

static unsigned int sum_night(struct sum *s, bool with_q)
{
	struct dma_async_tx_descriptor *tx;
	struct bench *b = s->env.b;
	dma_cookie_t cookie;
	bool half_way, again;

	sum_map(s);
	tx = prep_sum(s, with_q);
	CHECK(tx);
	async_tx_ack(tx);
	again = !dmaengine_desc_set_reuse(tx);
	cookie = send(&s->env, tx);
	half_way = pause_half_way(&s->env, cookie);
	driver_sleep_and_wake(b);
	go_on(&s->env, cookie);
	if (again)
		sum_again(s, tx, with_q);
	sum_unmap(s);
	check_sum(s, with_q);
	return half_way;
}

TEST(driver_sleep_sum, "asleep in the middle of a sum: P and Q are right, and so they are when it is submitted again", .moves = true,
     .software = true, .takes_long = true, .max_clocks = LIMIT)
{
	unsigned int nights = 0;
	struct sum s;

	if (!(reg_read(b, PQDMA_REG_CAP1) >> PQDMA_OP_XOR & 1))
		test_skip(b, "XOR is not built");
	sum_up(b, &s);
	for (unsigned int i = 0; i < TRIES; i++)
		nights += sum_night(&s, i % 2 && reg_read(b, PQDMA_REG_CAP1) >> PQDMA_OP_PQ & 1);
	CHECK(nights >= TRIES / 2);
	sum_down(&s);
}

/* Peripherals that do not ask */

static struct driver *up_with_lines(struct bench *b)
{
	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_PERI_MASK))
		test_skip(b, "PERI is not built");
	return driver_up(b, ARENA);
}

static const struct peripheral_config receiver = { .width = 2, .burst = 1, .depth = 16, .asks = PERIPHERAL_SINGLE };

static void wait_for_rest(struct transfer *t, u32 rest)
{
	u32 left;

	do {
		kernel_sleep_clocks(10);
		peri_status(t, &left);
	} while (left != rest);
}

/* One night in the first entry of two, and, if @twice_over, one in the second. */
static void silent_nights(struct peri *p, struct peripheral *with, bool twice_over)
{
	const size_t size[] = { 64, 32 };
	const unsigned int ch = PQDMA_CHANNELS - 1;
	struct driver *d = p->d;
	struct bench *b = d->b;
	struct transfer *t = peri_in(p, ch, with, size, ARRAY_SIZE(size), DMA_PREP_INTERRUPT);
	u32 left;

	peri_feed(p, with, 20, false);
	peri_send(t);
	wait_for_rest(t, (u32)t->len - 20);
	driver_send(driver_copy(d, 0, 2000, DMA_PREP_INTERRUPT));
	driver_sleep_and_wake(b);
	CHECK(peri_status(t, &left) == DMA_IN_PROGRESS);
	CHECK_EQ(left, t->len - 20);
	driver_send(driver_copy(d, 0, 100, DMA_PREP_INTERRUPT));
	peri_feed(p, with, 60, false);
	wait_for_rest(t, (u32)t->len - 80);
	if (twice_over)
		driver_sleep_and_wake(b);
	peri_feed(p, with, 16, false);
	peri_wait(t, 1);
	CHECK(t->result.result == DMA_TRANS_NOERROR && !t->result.residue);
	peri_check(t, t->len);
}

TEST(driver_sleep_silent, "asleep while a peripheral does not ask: what it gives before and after the night stands side by side",
     .moves = true, .software = true, .takes_long = true, .max_clocks = LIMIT)
{
	struct driver *d = up_with_lines(b);
	struct peri *p = peri_up(d);

	silent_nights(p, peri_attach(p, 0, &receiver), true);
	silent_nights(p, peri_attach(p, 0, &receiver), false);
	driver_wait_all(d);
	driver_down(d);
}

/* What keeps the machine awake */

TEST(driver_sleep_refused, "a period that does not end keeps the machine awake, and everything goes on as before", .moves = true,
     .software = true, .takes_long = true, .max_clocks = LIMIT)
{
	const size_t len = 192, period = 64;
	struct driver *d = up_with_lines(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &receiver);
	struct transfer *t = peri_place(p, 0, with, &len, 1);

	peri_configure(p, 0, with);
	peri_give(t, dmaengine_prep_dma_cyclic(d->chan[0], sg_dma_address(&t->sg[0]), len, period, DMA_DEV_TO_MEM,
					       DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
	peri_feed(p, with, 80, false);
	peri_send(t);
	peri_wait(t, 1);
	kernel_sleep_clocks(300);
	CHECK(kernel_board_suspend() == -EBUSY);
	CHECK(peri_status(t, NULL) == DMA_IN_PROGRESS);
	peri_feed(p, with, (uint32_t)(len - 80), false);
	peri_wait(t, 3);
	driver_sleep_and_wake(b);
	memcpy(d->dst[0].want + t->offset[0], with->stream, len);
	CHECK_EQ(dmaengine_terminate_sync(d->chan[0]), 0);
	d->aborts++;
	driver_send(driver_copy(d, 0, 100, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	driver_down(d);
}

/* Refused while it is paused half way, and allowed when it is complete. */
static bool refuse(struct map_env *env, dma_cookie_t cookie)
{
	const bool half_way = pause_half_way(env, cookie);
	struct bench *b = env->b;
	uint64_t bytes = mem_stats(b)->bytes;

	if (half_way) {
		CHECK(kernel_board_suspend() == -EBUSY);
		CHECK(dmaengine_tx_status(env->chan, cookie, NULL) == DMA_PAUSED);
		CHECK_EQ(mem_stats(b)->bytes, bytes);
	}
	go_on(env, cookie);
	driver_sleep_and_wake(b);
	return half_way;
}

TEST(driver_sleep_check, "a check that is paused half way keeps the machine awake, and then it finds what there is", .moves = true,
     .software = true, .max_clocks = LIMIT)
{
	enum sum_check_flags found;
	unsigned int refused = 0;
	struct sum s;

	if (!(reg_read(b, PQDMA_REG_CAP1) >> PQDMA_OP_XOR_VAL & 1))
		test_skip(b, "checks are not built");
	sum_up(b, &s);
	for (unsigned int i = 0; i < TRIES; i++) {
		sum_map(&s);
		found = 0;
		refused += refuse(&s.env, send(&s.env, s.env.chan->device->device_prep_dma_xor_val(s.env.chan, s.bus, SOURCES_USED, LONG,
												   &found, DMA_CTRL_ACK)));
		CHECK_EQ(found, SUM_CHECK_P_RESULT);
		sum_unmap(&s);
	}
	CHECK(refused >= TRIES / 2);
	sum_down(&s);
}

TEST(driver_sleep_rows, "rows that are paused half way keep the machine awake, and all of them arrive", .moves = true,
     .software = true, .max_clocks = LIMIT)
{
	const size_t rows = LONG / (ROW + GAP);
	struct dma_interleaved_template *xt;
	unsigned int refused = 0;
	struct sum s;

	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_TWO_D_MASK))
		test_skip(b, "TWO_D is not built");
	sum_up(b, &s);
	CHECK(xt = kzalloc(sizeof(*xt) + sizeof(xt->sgl[0]), GFP_KERNEL));
	for (unsigned int i = 0; i < TRIES; i++) {
		sum_map(&s);
		*xt = (struct dma_interleaved_template){ .src_start = s.bus[0], .dst_start = s.bus[1], .src_inc = true, .dst_inc = true,
							 .src_sgl = true, .numf = rows, .frame_size = 1 };
		xt->sgl[0] = (struct data_chunk){ .size = ROW, .icg = GAP };
		refused += refuse(&s.env, send(&s.env, dmaengine_prep_interleaved_dma(s.env.chan, xt, DMA_CTRL_ACK)));
		sum_unmap(&s);
		for (size_t row = 0; row < rows; row++)
			CHECK(!memcmp(s.bytes[1] + row * ROW, s.bytes[0] + row * (ROW + GAP), ROW));
	}
	CHECK(refused >= TRIES / 2);
	kfree(xt);
	sum_down(&s);
}
