/* SPDX-License-Identifier: MIT */
/*
 * DMA engines for tests of their clients: any capabilities, limits and number of channels, and a log of what they did.
 *
 * They do the work in the device's view of memory, one transaction of each channel at a time, some clocks apart, and do what a
 * provider has to: nothing before it is issued, -EBUSY before submit, nothing recycled before it is acknowledged.
 */
#ifndef TEST_SW_ENGINE_H
#define TEST_SW_ENGINE_H

#include "test_sw_machine.h"

#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include "dmaengine/dmaengine.h"
#include "mapping/mapping.h"

#define ENGINES 2
#define ENGINE_CHANNELS 3
#define ENGINE_SOURCES 64
#define ENGINE_LOG 256

struct engine_desc {
	struct dma_async_tx_descriptor tx;
	struct list_head node;
	enum dma_transaction_type type;
	dma_addr_t dst[2];
	dma_addr_t src[ENGINE_SOURCES];
	u8 coefs[ENGINE_SOURCES];
	unsigned int n;
	size_t len;
	unsigned long flags;
	enum sum_check_flags *result;
};

struct engine_chan {
	struct dma_chan chan;
	spinlock_t lock;
	struct tasklet_struct tasklet;
	struct list_head prepared, submitted, issued, done, unacked;
	unsigned int live;
};

/**
 * struct engine - one device
 * @pool:    descriptors of a channel; prep fails when all are in use
 * @starved: preps that failed
 * @latency: clocks from one transaction to the next
 * @fails:   complete nothing: everything reads DMA_ERROR
 */
struct engine {
	struct dma_device dma;
	struct engine_chan ch[ENGINE_CHANNELS];
	struct task_struct *thread;
	unsigned int pool;
	unsigned int starved;
	unsigned int latency;
	bool fails;
};

/* One entry for each of the last transactions done, in order. */
struct engine_event {
	enum dma_transaction_type type;
	const struct engine *engine;
	const struct dma_chan *chan;
	unsigned int n;
	unsigned long flags;
};

static struct engine engines[ENGINES];
static struct engine_event engine_log[ENGINE_LOG];
static unsigned int engine_events;
static struct platform_device engine_platform;
static struct platform_driver engine_driver = { .driver.name = "engines" };

static struct engine_chan *to_engine_chan(struct dma_chan *chan)
{
	return container_of(chan, struct engine_chan, chan);
}

static struct engine *engine_of(struct dma_chan *chan)
{
	return container_of(chan->device, struct engine, dma);
}

static u8 gf_times(u8 a, u8 b)
{
	u8 product = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			product ^= a;
		a = (u8)(a << 1 ^ (a & 0x80 ? 0x1d : 0));
	}
	return product;
}

static u8 *engine_byte(dma_addr_t addr, bool write)
{
	assert_true(mapping_allows(addr, 1, write));
	return machine.ram + (addr - machine.ram_bus);
}

/* One byte of both sums; the old ones are part of a sum that is continued. */
static void engine_sums(const struct engine_desc *d, size_t i, u8 *sums)
{
	const bool keep = d->flags & DMA_PREP_CONTINUE;
	unsigned int s;

	sums[0] = keep && !(d->flags & DMA_PREP_PQ_DISABLE_P) ? *engine_byte(d->dst[0] + i, false) : 0;
	sums[1] = keep && !(d->flags & DMA_PREP_PQ_DISABLE_Q) ? *engine_byte(d->dst[1] + i, false) : 0;
	for (s = 0; s < d->n; s++) {
		const u8 byte = *engine_byte(d->src[s] + i, false);

		sums[0] ^= byte;
		sums[1] ^= gf_times(byte, d->coefs[s]);
	}
}

static unsigned int engine_offs(const struct engine_desc *d)
{
	if (d->type != DMA_PQ && d->type != DMA_PQ_VAL)
		return DMA_PREP_PQ_DISABLE_Q;
	return d->flags & (DMA_PREP_PQ_DISABLE_P | DMA_PREP_PQ_DISABLE_Q);
}

static void engine_write(const struct engine_desc *d)
{
	const unsigned int offs = engine_offs(d);
	u8 sums[2];
	size_t i;

	for (i = 0; i < d->len; i++) {
		engine_sums(d, i, sums);
		if (!(offs & DMA_PREP_PQ_DISABLE_P))
			*engine_byte(d->dst[0] + i, true) = sums[0];
		if (!(offs & DMA_PREP_PQ_DISABLE_Q))
			*engine_byte(d->dst[1] + i, true) = sums[1];
	}
}

static void engine_check(const struct engine_desc *d)
{
	const unsigned int offs = engine_offs(d);
	unsigned int found = 0;
	u8 sums[2];
	size_t i;

	for (i = 0; i < d->len; i++) {
		engine_sums(d, i, sums);
		if (d->type == DMA_XOR_VAL ? sums[0] : !(offs & DMA_PREP_PQ_DISABLE_P) && sums[0] != *engine_byte(d->dst[0] + i, false))
			found |= SUM_CHECK_P_RESULT;
		if (!(offs & DMA_PREP_PQ_DISABLE_Q) && sums[1] != *engine_byte(d->dst[1] + i, false))
			found |= SUM_CHECK_Q_RESULT;
	}
	*d->result = (enum sum_check_flags)found;
}

static void engine_do(struct engine_desc *d)
{
	engine_log[engine_events++ % ENGINE_LOG] = (struct engine_event){ d->type, engine_of(d->tx.chan), d->tx.chan, d->n, d->flags };
	if (d->result)
		engine_check(d);
	else if (d->type != DMA_INTERRUPT)
		engine_write(d);
}

static struct engine_desc *engine_first(struct list_head *list)
{
	return list_first_entry_or_null(list, struct engine_desc, node);
}

static void engine_step(struct engine_chan *c)
{
	struct engine_desc *d;
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	d = engine_first(&c->issued);
	if (d) {
		engine_do(d);
		list_move_tail(&d->node, &c->done);
	}
	spin_unlock_irqrestore(&c->lock, flags);
	if (d)
		tasklet_schedule(&c->tasklet);
}

static int engine_run(void *arg)
{
	struct engine *e = arg;
	unsigned int i;

	while (!kthread_should_stop()) {
		kernel_sleep_clocks(e->latency);
		for (i = 0; i < ENGINE_CHANNELS && !e->fails; i++)
			if (e->ch[i].chan.client_count)
				engine_step(&e->ch[i]);
	}
	return 0;
}

/* Called with c->lock held, which is let go around the callback. */
static void engine_finish(struct engine_chan *c, struct engine_desc *d, unsigned long *flags)
{
	struct dmaengine_desc_callback cb;

	dma_cookie_complete(&d->tx);
	dma_descriptor_unmap(&d->tx);
	list_del_init(&d->node);
	dmaengine_desc_get_callback(&d->tx, &cb);
	spin_unlock_irqrestore(&c->lock, *flags);
	dmaengine_desc_callback_invoke(&cb, NULL);
	dma_run_dependencies(&d->tx);
	spin_lock_irqsave(&c->lock, *flags);
	list_add_tail(&d->node, &c->unacked);
}

static void engine_tasklet(struct tasklet_struct *t)
{
	struct engine_chan *c = from_tasklet(c, t, tasklet);
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	while (!list_empty(&c->done))
		engine_finish(c, engine_first(&c->done), &flags);
	spin_unlock_irqrestore(&c->lock, flags);
}

static dma_cookie_t engine_submit(struct dma_async_tx_descriptor *tx)
{
	struct engine_chan *c = to_engine_chan(tx->chan);
	struct engine_desc *d = container_of(tx, struct engine_desc, tx);
	dma_cookie_t cookie;
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	cookie = dma_cookie_assign(tx);
	list_move_tail(&d->node, &c->submitted);
	spin_unlock_irqrestore(&c->lock, flags);
	return cookie;
}

static void engine_free(struct engine_chan *c, struct list_head *list, bool only_acked)
{
	struct engine_desc *d, *next;

	list_for_each_entry_safe(d, next, list, node) {
		if (only_acked && !async_tx_test_ack(&d->tx))
			continue;
		dma_descriptor_unmap(&d->tx);
		list_del(&d->node);
		/* Whoever looks at it now finds nothing of it. */
		memset(d, 0xdb, sizeof(*d));
		kfree(d);
		c->live--;
	}
}

static struct engine_desc *engine_prep(struct dma_chan *chan, enum dma_transaction_type type, size_t len, unsigned long flags)
{
	struct engine_chan *c = to_engine_chan(chan);
	struct engine *e = engine_of(chan);
	struct engine_desc *d = NULL;
	unsigned long irq_flags;

	spin_lock_irqsave(&c->lock, irq_flags);
	engine_free(c, &c->unacked, true);
	if (c->live < e->pool) {
		d = kzalloc(sizeof(*d), GFP_NOWAIT);
		list_add_tail(&d->node, &c->prepared);
		c->live++;
	} else {
		e->starved++;
	}
	spin_unlock_irqrestore(&c->lock, irq_flags);
	if (!d)
		return NULL;
	dma_async_tx_descriptor_init(&d->tx, chan);
	d->tx.cookie = -EBUSY;
	d->tx.flags = flags;
	d->tx.tx_submit = engine_submit;
	d->type = type;
	d->len = len;
	d->flags = flags;
	return d;
}

static struct dma_async_tx_descriptor *engine_many(struct dma_chan *chan, enum dma_transaction_type type, const dma_addr_t *dst,
						   const dma_addr_t *src, unsigned int n, const u8 *coefs, size_t len,
						   enum sum_check_flags *result, unsigned long flags)
{
	struct engine_desc *d = engine_prep(chan, type, len, flags);

	if (!d)
		return NULL;
	assert_true(n <= ENGINE_SOURCES);
	memcpy(d->src, src, n * sizeof(*src));
	if (coefs)
		memcpy(d->coefs, coefs, n);
	if (dst)
		memcpy(d->dst, dst, (type == DMA_PQ || type == DMA_PQ_VAL ? 2 : 1) * sizeof(*dst));
	d->n = n;
	d->result = result;
	return &d->tx;
}

static struct dma_async_tx_descriptor *engine_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
						     unsigned long flags)
{
	return engine_many(chan, DMA_MEMCPY, &dst, &src, 1, NULL, len, NULL, flags);
}

static struct dma_async_tx_descriptor *engine_xor(struct dma_chan *chan, dma_addr_t dst, dma_addr_t *src, unsigned int n, size_t len,
						  unsigned long flags)
{
	assert_in_range(n, 2, chan->device->max_xor);
	return engine_many(chan, DMA_XOR, &dst, src, n, NULL, len, NULL, flags);
}

static struct dma_async_tx_descriptor *engine_xor_val(struct dma_chan *chan, dma_addr_t *src, unsigned int n, size_t len,
						      enum sum_check_flags *result, unsigned long flags)
{
	assert_in_range(n, 2, chan->device->max_xor);
	return engine_many(chan, DMA_XOR_VAL, NULL, src, n, NULL, len, result, flags);
}

static struct dma_async_tx_descriptor *engine_pq(struct dma_chan *chan, dma_addr_t *dst, dma_addr_t *src, unsigned int n,
						 const unsigned char *scf, size_t len, unsigned long flags)
{
	assert_in_range(n, 1, dma_maxpq(chan->device, (enum dma_ctrl_flags)flags));
	return engine_many(chan, DMA_PQ, dst, src, n, scf, len, NULL, flags);
}

static struct dma_async_tx_descriptor *engine_pq_val(struct dma_chan *chan, dma_addr_t *pq, dma_addr_t *src, unsigned int n,
						     const unsigned char *scf, size_t len, enum sum_check_flags *result,
						     unsigned long flags)
{
	assert_in_range(n, 1, dma_maxpq(chan->device, 0));
	return engine_many(chan, DMA_PQ_VAL, pq, src, n, scf, len, result, flags);
}

static struct dma_async_tx_descriptor *engine_interrupt(struct dma_chan *chan, unsigned long flags)
{
	struct engine_desc *d = engine_prep(chan, DMA_INTERRUPT, 0, flags);

	return d ? &d->tx : NULL;
}

static void engine_issue(struct dma_chan *chan)
{
	struct engine_chan *c = to_engine_chan(chan);
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	list_splice_tail_init(&c->submitted, &c->issued);
	spin_unlock_irqrestore(&c->lock, flags);
}

static enum dma_status engine_status(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *state)
{
	enum dma_status status = dma_cookie_status(chan, cookie, state);

	return status != DMA_COMPLETE && engine_of(chan)->fails ? DMA_ERROR : status;
}

static int engine_alloc(struct dma_chan *chan)
{
	dma_cookie_init(chan);
	return 0;
}

static void engine_release(struct dma_chan *chan)
{
	struct engine_chan *c = to_engine_chan(chan);

	tasklet_kill(&c->tasklet);
	engine_free(c, &c->prepared, false);
	engine_free(c, &c->submitted, false);
	engine_free(c, &c->issued, false);
	engine_free(c, &c->done, false);
	engine_free(c, &c->unacked, false);
	assert_int_equal(c->live, 0);
}

static void engine_chan_setup(struct engine *e, struct engine_chan *c)
{
	memset(c, 0, sizeof(*c));
	spin_lock_init(&c->lock);
	tasklet_setup(&c->tasklet, engine_tasklet);
	INIT_LIST_HEAD(&c->prepared);
	INIT_LIST_HEAD(&c->submitted);
	INIT_LIST_HEAD(&c->issued);
	INIT_LIST_HEAD(&c->done);
	INIT_LIST_HEAD(&c->unacked);
	c->chan.device = &e->dma;
	list_add_tail(&c->chan.device_node, &e->dma.channels);
}

/* An engine that can do all of @caps; limits may be changed until engine_start(). */
static void engine_setup(struct engine *e, unsigned int channels, const enum dma_transaction_type *caps, unsigned int n)
{
	unsigned int i;

	memset(e, 0, sizeof(*e));
	INIT_LIST_HEAD(&e->dma.channels);
	e->dma.dev = &engine_platform.dev;
	for (i = 0; i < n; i++)
		dma_cap_set(caps[i], e->dma.cap_mask);
	e->dma.max_xor = 8;
	dma_set_maxpq(&e->dma, 8, 1);
	e->dma.device_alloc_chan_resources = engine_alloc;
	e->dma.device_free_chan_resources = engine_release;
	e->dma.device_prep_dma_memcpy = engine_memcpy;
	e->dma.device_prep_dma_xor = engine_xor;
	e->dma.device_prep_dma_xor_val = engine_xor_val;
	e->dma.device_prep_dma_pq = engine_pq;
	e->dma.device_prep_dma_pq_val = engine_pq_val;
	e->dma.device_prep_dma_interrupt = engine_interrupt;
	e->dma.device_issue_pending = engine_issue;
	e->dma.device_tx_status = engine_status;
	e->pool = 32;
	e->latency = 20;
	for (i = 0; i < channels; i++)
		engine_chan_setup(e, &e->ch[i]);
}

static void engine_start(struct engine *e)
{
	assert_int_equal(dma_async_device_register(&e->dma), 0);
	e->thread = kthread_run(engine_run, e, "engine");
	get_task_struct(e->thread);
}

static void engine_stop(struct engine *e)
{
	kthread_stop(e->thread);
	put_task_struct(e->thread);
	dma_async_device_unregister(&e->dma);
}

static void engines_boot(uint64_t seed)
{
	machine_boot(&machine_no_device, seed);
	memset(&engine_platform, 0, sizeof(engine_platform));
	engine_platform.name = "engines";
	platform_device_register(&engine_platform);
	engine_platform.dev.driver = &engine_driver.driver;
	dma_set_mask_and_coherent(&engine_platform.dev, DMA_BIT_MASK(64));
	engine_events = 0;
}

static void engines_down(void)
{
	engine_platform.dev.driver = NULL;
	platform_device_unregister(&engine_platform);
	machine_down();
}

#endif
