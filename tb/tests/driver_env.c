// SPDX-License-Identifier: MIT
// Channels, arenas and jobs for the tests of the driver; see driver_env.h.
#include "driver_env.h"
#include <linux/interrupt.h>
#include <linux/slab.h>

#define QUIET_CLOCKS 200
#define WAIT_STEP 20
#define SLACK_IRQS 4
#define ASLEEP 500		/* clocks, some of them in reset */

/* Coming up */

void driver_request(struct driver *d, unsigned int ch)
{
	struct bench *b = d->b;
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	dma_cap_set(DMA_MEMSET, mask);
	d->chan[ch] = dma_request_chan_by_mask(&mask);
	CHECK(!IS_ERR(d->chan[ch]));
	CHECK_EQ(d->chan[ch]->chan_id, ch);
	d->session++;
}

static void map_arena(struct driver *d, struct device *dev, struct arena *arena, enum dma_data_direction dir)
{
	struct bench *b = d->b;

	arena->cpu = kmalloc(d->size, GFP_KERNEL);
	CHECK(arena->cpu);
	rng_fill(test_rng(b), arena->cpu, d->size);
	if (dir != DMA_TO_DEVICE) {
		arena->want = kmalloc(d->size, GFP_KERNEL);
		CHECK(arena->want);
		memcpy(arena->want, arena->cpu, d->size);
	}
	arena->bus = dma_map_single(dev, arena->cpu, d->size, dir);
	CHECK(!dma_mapping_error(dev, arena->bus));
}

static void take_channel(struct driver *d, unsigned int ch)
{
	driver_request(d, ch);
	d->dev = dmaengine_get_dma_device(d->chan[ch]);
	d->own[ch] = d->dev;
	map_arena(d, d->own[ch], &d->src[ch], DMA_TO_DEVICE);
	map_arena(d, d->own[ch], &d->dst[ch], DMA_BIDIRECTIONAL);
}

struct driver *driver_up(struct bench *b, size_t size)
{
	struct driver *d = kzalloc(sizeof(*d), GFP_KERNEL);

	CHECK(d);
	d->b = b;
	d->size = size;
	d->job = kcalloc(DRIVER_JOBS, sizeof(*d->job), GFP_KERNEL);
	CHECK(d->job);
	init_waitqueue_head(&d->wait);
	CHECK_EQ(kernel_board_up(PQDMA_CHANNELS), 0);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		take_channel(d, ch);
	d->bytes = mem_stats(b)->bytes;
	d->fetched = mem_stats(b)->fetch_bursts;
	d->irqs = kernel_stats()->irqs;
	d->reads = b->map_check.judged_reads;
	d->writes = b->map_check.judged_writes;
	return d;
}

/* Jobs */

static void check_callback(struct job *job)
{
	struct bench *b = job->d->b;

	CHECK(in_serving_softirq() && !irqs_disabled());
	CHECK(!job->dropped);
	CHECK_EQ(job->calls, 0);
	/* A task that has been interrupted in the middle of submit does not know the cookie yet. */
	if (job->cookie)
		CHECK(driver_status(job, NULL) == (job->result.result == DMA_TRANS_NOERROR ? DMA_COMPLETE : DMA_ERROR));
}

static void called_back(void *param, const struct dmaengine_result *result)
{
	struct job *job = param;
	struct driver *d = job->d;

	job->result = *result;
	check_callback(job);
	job->calls++;
	job->clock = d->b->hw.clock;
	job->turn = d->calls++;
	d->aborts += result->result != DMA_TRANS_NOERROR;
	if (job->then)
		job->then(job);
	wake_up(&d->wait);
}

static struct job *place(struct driver *d, unsigned int ch, u8 op, size_t len)
{
	struct job *job = &d->job[d->nr_jobs++];
	struct arena *src = &d->src[ch], *dst = &d->dst[ch];
	struct bench *b = d->b;

	CHECK(d->nr_jobs <= DRIVER_JOBS);
	src->used += d->gap + rng_below(test_rng(b), 24);
	dst->used += d->gap + rng_below(test_rng(b), 24);
	*job = (struct job){ .d = d, .ch = ch, .op = op, .len = len, .from = src->used, .at = dst->used, .session = d->session };
	src->used += len;
	dst->used += len;
	CHECK(src->used + d->gap <= d->size && dst->used + d->gap <= d->size);
	return job;
}

static struct job *give_callback(struct job *job)
{
	struct bench *b = job->d->b;

	CHECK(job->tx);
	CHECK_EQ((u32)job->tx->cookie, (u32)-EBUSY);
	job->tx->callback_result = called_back;
	job->tx->callback_param = job;
	return job;
}

struct job *driver_copy(struct driver *d, unsigned int ch, size_t len, unsigned long flags)
{
	struct job *job = place(d, ch, PQDMA_OP_COPY, len);

	job->tx = dmaengine_prep_dma_memcpy(d->chan[ch], d->dst[ch].bus + job->at, d->src[ch].bus + job->from, len, flags | DMA_CTRL_ACK);
	return give_callback(job);
}

struct job *driver_fill(struct driver *d, unsigned int ch, size_t len, int value, unsigned long flags)
{
	struct job *job = place(d, ch, PQDMA_OP_FILL, len);

	job->value = (u8)value;
	job->tx = dmaengine_prep_dma_memset(d->chan[ch], d->dst[ch].bus + job->at, value, len, flags | DMA_CTRL_ACK);
	return give_callback(job);
}

struct job *driver_any(struct driver *d, unsigned int ch, size_t len, unsigned long flags)
{
	struct rng *rng = test_rng(d->b);

	if (rng_below(rng, 4))
		return driver_copy(d, ch, len, flags);
	return driver_fill(d, ch, len, (int)rng_u64(rng), flags);
}

size_t driver_length(struct driver *d, size_t most)
{
	struct rng *rng = test_rng(d->b);

	return rng_range(rng, 1, (uint32_t)(rng_below(rng, 2) ? most : min_t(size_t, most, 3 * PQDMA_BYTES)));
}

void driver_submit(struct job *job)
{
	struct bench *b = job->d->b;
	dma_cookie_t cookie = dmaengine_submit(job->tx);

	CHECK(cookie >= DMA_MIN_COOKIE);
	job->cookie = cookie;
	job->tx = NULL;
}

void driver_issue(struct driver *d, unsigned int ch)
{
	dma_async_issue_pending(d->chan[ch]);
}

void driver_send(struct job *job)
{
	driver_submit(job);
	driver_issue(job->d, job->ch);
}

enum dma_status driver_status(struct job *job, u32 *residue)
{
	struct dma_tx_state state;
	enum dma_status status = dmaengine_tx_status(job->d->chan[job->ch], job->cookie, &state);

	if (residue)
		*residue = state.residue;
	return status;
}

void driver_wait(struct job *job)
{
	struct bench *b = job->d->b;

	if (!wait_event_timeout(job->d->wait, job->calls, DRIVER_PATIENCE))
		test_fail(b, "job %u of %zu bytes on channel %u was not called back", (unsigned int)(job - job->d->job), job->len, job->ch);
}

void driver_wait_all(struct driver *d)
{
	for (unsigned int i = 0; i < d->nr_jobs; i++)
		if (d->job[i].cookie && !d->job[i].dropped)
			driver_wait(&d->job[i]);
}

void driver_drop(struct driver *d, unsigned int ch)
{
	for (unsigned int i = 0; i < d->nr_jobs; i++)
		if (d->job[i].ch == ch && d->job[i].cookie && !d->job[i].calls)
			d->job[i].dropped = true;
	d->aborts++;
}

/* Data */

static u8 byte_of(const struct job *job, size_t i)
{
	return job->op == PQDMA_OP_FILL ? job->value : job->d->src[job->ch].cpu[job->from + i];
}

static u8 *device_at(const struct job *job)
{
	return bench_ram(job->d->b, job->d->dst[job->ch].bus + job->at);
}

size_t driver_arrived(const struct job *job)
{
	const u8 *at = device_at(job);
	size_t n = 0;

	for (size_t i = 0; i < job->len; i++)
		n += at[i] == byte_of(job, i);
	return n;
}

size_t driver_prefix(const struct job *job)
{
	const u8 *at = device_at(job);
	size_t n = 0;

	while (n < job->len && at[n] == byte_of(job, n))
		n++;
	return n;
}

void driver_spoil(const struct job *job)
{
	struct arena *dst = &job->d->dst[job->ch];

	for (size_t i = 0; i < job->len; i++)
		dst->want[job->at + i] = device_at(job)[i] = (u8)~byte_of(job, i);
}

/* How many bytes of a job must be right, counted from its beginning; of the rest those may be that were in flight. */
static size_t surely_done(const struct job *job)
{
	if (!job->calls)
		return 0;
	return job->result.result == DMA_TRANS_NOERROR ? job->len : job->len - job->result.residue;
}

static void settle_job(const struct job *job)
{
	struct arena *dst = &job->d->dst[job->ch];
	const size_t sure = surely_done(job);
	struct bench *b = job->d->b;

	CHECK(job->result.residue <= job->len);
	for (size_t i = 0; i < job->len; i++) {
		u8 *want = &dst->want[job->at + i];
		const u8 got = dst->cpu[job->at + i];

		if (i < sure || (job->cookie && got == byte_of(job, i) && sure < job->len))
			*want = byte_of(job, i);
		if (got != *want)
			test_fail(b, "byte %zu of %zu of a job on channel %u is 0x%02x, not 0x%02x", i, job->len, job->ch, got, *want);
	}
}

static void check_arena(struct driver *d, unsigned int ch)
{
	const struct arena *dst = &d->dst[ch];
	struct bench *b = d->b;

	for (size_t i = 0; i < d->size; i++)
		if (dst->cpu[i] != dst->want[i])
			test_fail(b, "channel %u: byte %zu of the arena belongs to no job and has changed", ch, i);
}

void driver_check(struct driver *d)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		dma_sync_single_for_cpu(d->own[ch], d->dst[ch].bus, d->size, DMA_BIDIRECTIONAL);
	for (unsigned int i = 0; i < d->nr_jobs; i++)
		settle_job(&d->job[i]);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		check_arena(d, ch);
}

void driver_rest(struct driver *d)
{
	const uint64_t until = d->b->hw.clock + DRIVER_PATIENCE * KERNEL_CLOCKS_PER_JIFFY;
	struct bench *b = d->b;
	unsigned int quiet = 0;

	while (quiet < QUIET_CLOCKS) {
		CHECK(b->hw.clock < until);
		kernel_sleep_clocks(WAIT_STEP);
		quiet = axi_mem_idle(&b->mem) ? quiet + WAIT_STEP : 0;
	}
}

/* Going down */

/* Of one channel callbacks come in the order of cookies. */
static void check_order(struct driver *d)
{
	struct bench *b = d->b;

	for (unsigned int i = 0; i < d->nr_jobs; i++)
		for (unsigned int j = 0; j < i; j++) {
			const struct job *one = &d->job[i], *two = &d->job[j];

			if (one->ch == two->ch && one->session == two->session && one->calls && two->calls)
				CHECK((one->cookie < two->cookie) == (one->turn < two->turn));
		}
}

/* What jobs have asked for has been done in hardware, and nothing else. */
static void check_counts(struct driver *d)
{
	const uint64_t bytes = mem_stats(d->b)->bytes - d->bytes - d->other, fetched = mem_stats(d->b)->fetch_bursts - d->fetched;
	const uint64_t irqs = kernel_stats()->irqs - d->irqs;
	uint64_t sure = 0, most = 0, done = 0;
	struct bench *b = d->b;

	for (unsigned int i = 0; i < d->nr_jobs; i++) {
		const struct job *job = &d->job[i];

		sure += surely_done(job);
		most += job->cookie ? job->len : 0;
		done += job->calls;
	}
	CHECK(done == d->calls && done);
	CHECK(fetched >= done);
	CHECK(bytes >= sure);
	if (!d->aborts)
		CHECK_EQ(bytes, most);
	CHECK(b->map_check.judged_reads > d->reads && b->map_check.judged_writes > d->writes);
	CHECK(irqs && irqs <= fetched + 2 * d->aborts + SLACK_IRQS);
}

static void check_all_called(struct driver *d)
{
	struct bench *b = d->b;

	for (unsigned int i = 0; i < d->nr_jobs; i++)
		CHECK(d->job[i].calls == (d->job[i].cookie && !d->job[i].dropped));
}

static void free_arena(struct driver *d, unsigned int ch)
{
	dma_unmap_single(d->own[ch], d->src[ch].bus, d->size, DMA_TO_DEVICE);
	dma_unmap_single(d->own[ch], d->dst[ch].bus, d->size, DMA_BIDIRECTIONAL);
	kfree(d->src[ch].cpu);
	kfree(d->dst[ch].cpu);
	kfree(d->dst[ch].want);
}

void driver_free_arenas(struct driver *d)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		free_arena(d, ch);
}

void driver_free(struct driver *d)
{
	bench_tap(d->b, NULL, NULL);
	kfree(d->job);
	kfree(d);
}

void driver_down(struct driver *d)
{
	driver_rest(d);
	check_all_called(d);
	check_order(d);
	driver_check(d);
	check_counts(d);
	driver_free_arenas(d);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		dma_release_channel(d->chan[ch]);
	kernel_board_down();
	driver_free(d);
}

void driver_sleep_and_wake(struct bench *b)
{
	uint64_t bytes;

	CHECK_EQ(kernel_board_suspend(), 0);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		CHECK_EQ(ch_state(b, ch), PQDMA_STATE_IDLE);
	bytes = mem_stats(b)->bytes;
	bench_reset(b, 20);
	kernel_sleep_clocks(ASLEEP);
	CHECK_EQ(mem_stats(b)->bytes, bytes);
	CHECK_EQ(kernel_board_resume(), 0);
}
