// SPDX-License-Identifier: MIT
/*
 * The driver under load, seeded: a task for each channel, batches of copies and fills of any alignment, waited for in
 * different ways, with failures and terminates in between. Every byte of every destination is known afterwards.
 */
#include "test_sw_client.h"

#include <linux/completion.h>
#include <linux/kthread.h>

#define BATCHES 25
#define SLOTS 24
#define SLOT 400
#define UNTOUCHED 0xee

/**
 * struct slot - one transaction and where it writes
 * @cookie: its cookie
 * @offset: of its first byte in its part of the destination
 * @length: bytes
 * @fill:   what it fills with, -1 for a copy
 * @called: callbacks so far
 * @result: what the callback said
 */
struct slot {
	dma_cookie_t cookie;
	unsigned int offset, length;
	int fill;
	unsigned int called;
	enum dmaengine_tx_result result;
};

struct worker {
	struct dma_chan *chan;
	struct pair p;
	struct slot slot[SLOTS];
	unsigned int left;
	struct completion done;
};

static struct {
	unsigned int copies, fills, failures, terminates, callbacks, polls;
} seen;

static void slot_done(void *arg, const struct dmaengine_result *result)
{
	struct slot *s = arg;

	s->called++;
	s->result = result->result;
	seen.callbacks++;
}

static void last_done(void *arg)
{
	complete(arg);
}

static struct dma_async_tx_descriptor *prep_slot(struct worker *w, unsigned int i)
{
	struct slot *s = &w->slot[i];
	dma_addr_t dst = w->p.dst_bus + i * SLOT;
	unsigned long flags = DMA_CTRL_ACK | (kernel_random(3) ? 0 : DMA_PREP_INTERRUPT);

	*s = (struct slot){ .offset = (unsigned int)kernel_random(SLOT - 1), .fill = -1 };
	s->length = 1 + (unsigned int)kernel_random(SLOT - s->offset);
	if (kernel_random(3)) {
		seen.copies++;
		return dmaengine_prep_dma_memcpy(w->chan, dst + s->offset, w->p.src_bus + i * SLOT, s->length, flags);
	}
	seen.fills++;
	s->fill = (int)kernel_random(256);
	return dmaengine_prep_dma_memset(w->chan, dst + s->offset, s->fill, s->length, flags);
}

static void submit_batch(struct worker *w)
{
	struct dma_async_tx_descriptor *tx;
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		tx = prep_slot(w, i);
		assert_non_null(tx);
		tx->callback_result = slot_done;
		tx->callback_param = &w->slot[i];
		w->slot[i].cookie = dmaengine_submit(tx);
		if (!kernel_random(4))
			dma_async_issue_pending(w->chan);
		if (!kernel_random(8))
			kernel_sleep_clocks(kernel_random(50));
	}
}

static void wait_by_callback(struct worker *w)
{
	struct dma_async_tx_descriptor *tx;

	reinit_completion(&w->done);
	tx = dmaengine_prep_dma_memset(w->chan, w->p.dst_bus + SLOTS * SLOT, 0, 1, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	tx->callback = last_done;
	tx->callback_param = &w->done;
	dmaengine_submit(tx);
	dma_async_issue_pending(w->chan);
	wait_for_completion(&w->done);
}

static void wait_by_polling(struct worker *w)
{
	unsigned int i;

	seen.polls++;
	for (i = 0; i < SLOTS; i++)
		assert_int_not_equal(dma_sync_wait(w->chan, w->slot[i].cookie), DMA_IN_PROGRESS);
	/* Callbacks come soon after. */
	while (!w->slot[SLOTS - 1].called)
		kernel_sleep_clocks(10);
}

static u8 expected(const struct worker *w, unsigned int i, unsigned int at)
{
	const struct slot *s = &w->slot[i];

	if (at < s->offset || at >= s->offset + s->length)
		return UNTOUCHED;
	return s->fill < 0 ? w->p.src[i * SLOT + at - s->offset] : (u8)s->fill;
}

static void check_slot(struct worker *w, unsigned int i)
{
	const struct slot *s = &w->slot[i];
	enum dma_status status = dma_async_is_tx_complete(w->chan, s->cookie, NULL, NULL);
	unsigned int at;

	assert_int_equal(s->called, 1);
	assert_int_equal(status, s->result == DMA_TRANS_NOERROR ? DMA_COMPLETE : DMA_ERROR);
	for (at = 0; at < SLOT; at++)
		if (s->result == DMA_TRANS_NOERROR || at < s->offset || at >= s->offset + s->length)
			assert_int_equal(w->p.dst[i * SLOT + at], expected(w, i, at));
	seen.failures += s->result != DMA_TRANS_NOERROR;
}

/* Terminated somewhere on the way: what was called back is there, nothing is called back any more. */
static void terminate_batch(struct worker *w)
{
	unsigned int i, before = 0, after = 0;

	seen.terminates++;
	kernel_sleep_clocks(kernel_random(200));
	assert_int_equal(dmaengine_terminate_sync(w->chan), 0);
	for (i = 0; i < SLOTS; i++)
		before += w->slot[i].called;
	kernel_sleep_clocks(200);
	for (i = 0; i < SLOTS; i++)
		after += w->slot[i].called;
	assert_int_equal(before, after);
}

static void one_batch(struct worker *w)
{
	size_t bytes = SLOTS * SLOT + 1;
	bool terminate = !kernel_random(5);
	unsigned int i;

	dma_sync_single_for_cpu(w->p.dev, w->p.dst_bus, bytes, DMA_BIDIRECTIONAL);
	memset(w->p.dst, UNTOUCHED, bytes);
	dma_sync_single_for_device(w->p.dev, w->p.dst_bus, bytes, DMA_BIDIRECTIONAL);
	if (!kernel_random(3))
		fake.fail_at = (kernel_random(2) ? w->p.dst_bus : w->p.src_bus) + kernel_random(SLOTS * SLOT);
	submit_batch(w);
	if (terminate)
		terminate_batch(w);
	else if (kernel_random(2))
		wait_by_callback(w);
	else
		wait_by_polling(w);
	dma_sync_single_for_cpu(w->p.dev, w->p.dst_bus, bytes, DMA_BIDIRECTIONAL);
	for (i = 0; i < SLOTS && !terminate; i++)
		check_slot(w, i);
}

static int work(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	init_completion(&w->done);
	pair_map(&w->p, w->chan, SLOTS * SLOT + 1);
	for (i = 0; i < BATCHES; i++)
		one_batch(w);
	pair_unmap(&w->p);
	pair_free(&w->p);
	return 0;
}

static int soak(void *arg)
{
	static struct worker workers[DEVICE_CHANNELS];
	struct task_struct *task[DEVICE_CHANNELS];
	unsigned int i;

	(void)arg;
	memset(workers, 0, sizeof(workers));
	assert_int_equal(kernel_board_up(DEVICE_CHANNELS), 0);
	for (i = 0; i < DEVICE_CHANNELS; i++) {
		workers[i].chan = get_channel();
		task[i] = kernel_spawn("worker", work, &workers[i]);
	}
	for (i = 0; i < DEVICE_CHANNELS; i++)
		while (!kernel_task_done(task[i], NULL))
			kernel_sleep_clocks(100);
	for (i = 0; i < DEVICE_CHANNELS; i++)
		dma_release_channel(workers[i].chan);
	kernel_board_down();
	return 0;
}

static void every_byte_is_right_whatever_happens(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < SEEDS; seed++) {
		fake_boot(seed);
		fake.rate = 1 + kernel_random(64);
		fake.fail_cause = seed % 2 ? PQDMA_ERR_WRITE_SLVERR : PQDMA_ERR_READ_DECERR;
		machine_run(soak, NULL);
		assert_int_equal(kernel_stats()->maps, kernel_stats()->unmaps);
		machine_down();
	}
	print_message("copies %u fills %u failures %u terminates %u callbacks %u polls %u\n", seen.copies, seen.fills, seen.failures,
		      seen.terminates, seen.callbacks, seen.polls);
	assert_true(seen.copies && seen.fills && seen.failures && seen.terminates && seen.callbacks && seen.polls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_right_whatever_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
