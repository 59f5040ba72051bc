// SPDX-License-Identifier: MIT
// Peripherals and transfers for the tests of the driver; see driver_peri.h.
#include "driver_peri.h"

#define STATUS_BYTES 8

/* One run in a process, and too big for a fiber's stack. */
static struct peri peri;

static void tap(struct bench *b, void *arg)
{
	struct peri *p = arg;
	unsigned int line;
	const char *fault;

	peripherals_clock(&p->all, &b->out, &b->in, b->hw.clock + 1);
	fault = peripherals_fault(&p->all, &line);
	if (fault)
		bench_fail(b, "peripheral at line %u: %s", line, fault);
}

struct peri *peri_up(struct driver *d)
{
	struct peri *p = &peri;

	p->d = d;
	peripherals_init(&p->all, d->b->options->seed);
	init_waitqueue_head(&p->wait);
	bench_tap(d->b, tap, p);
	return p;
}

struct peripheral *peri_attach(struct peri *p, unsigned int line, const struct peripheral_config *config)
{
	struct peripheral *with = peripheral_add(&p->all, line, config);
	struct bench *b = p->d->b;

	p->used[line] = 0;
	if (!(p->attached >> line & 1))
		CHECK(axi_mem_attach(&b->mem, &with->device));
	p->attached |= 1u << line;
	return with;
}

unsigned int peri_line(const struct peri *p, const struct peripheral *with)
{
	return (unsigned int)(with - p->all.at);
}

void peri_feed(struct peri *p, struct peripheral *with, uint32_t size, bool last)
{
	static uint8_t data[PERIPHERAL_STREAM];
	struct bench *b = p->d->b;

	CHECK(size <= sizeof(data));
	rng_fill(test_rng(b), data, size);
	peripheral_feed(with, data, size, last);
}

struct dma_slave_config peri_config(const struct peri *p, const struct peripheral *with, struct pqdma_slave *slave)
{
	const unsigned int line = peri_line(p, with);

	*slave = (struct pqdma_slave){ .line = line };
	return (struct dma_slave_config){
		.src_addr = peripheral_bus(line),
		.dst_addr = peripheral_bus(line),
		.src_addr_width = (enum dma_slave_buswidth)(1u << with->config.width),
		.dst_addr_width = (enum dma_slave_buswidth)(1u << with->config.width),
		.src_maxburst = 1u << with->config.burst,
		.dst_maxburst = 1u << with->config.burst,
		.peripheral_config = slave,
		.peripheral_size = sizeof(*slave),
	};
}

void peri_configure(struct peri *p, unsigned int ch, const struct peripheral *with)
{
	struct pqdma_slave slave;
	struct dma_slave_config config = peri_config(p, with, &slave);
	struct bench *b = p->d->b;

	CHECK_EQ(dmaengine_slave_config(p->d->chan[ch], &config), 0);
}

/* Transfers */

static void called_back(void *param, const struct dmaengine_result *result)
{
	struct transfer *t = param;
	struct bench *b = t->p->d->b;

	CHECK(in_serving_softirq() && !irqs_disabled());
	t->calls++;
	t->result = *result;
	t->clock = b->hw.clock;
	if (t->then)
		t->then(t);
	wake_up(&t->p->wait);
}

/* At any alignment, as lists in memory are. */
static size_t take_room(struct driver *d, struct arena *arena, size_t size)
{
	const size_t at = arena->used + rng_below(test_rng(d->b), 24);
	struct bench *b = d->b;

	arena->used = at + size;
	CHECK(arena->used <= d->size);
	return at;
}

struct transfer *peri_place(struct peri *p, unsigned int ch, struct peripheral *with, const size_t *size, unsigned int nents)
{
	struct transfer *t = &p->transfer[p->nr++];
	struct arena *arena = with->config.tx ? &p->d->src[ch] : &p->d->dst[ch];
	struct bench *b = p->d->b;

	CHECK(p->nr <= PERI_TRANSFERS && nents <= PERI_ENTRIES);
	*t = (struct transfer){ .p = p, .ch = ch, .with = with, .nents = nents };
	sg_init_table(t->sg, nents);
	for (unsigned int i = 0; i < nents; i++) {
		t->offset[i] = take_room(p->d, arena, size[i]);
		sg_dma_address(&t->sg[i]) = arena->bus + t->offset[i];
		sg_dma_len(&t->sg[i]) = (unsigned int)size[i];
		t->len += size[i];
	}
	return t;
}

void peri_give(struct transfer *t, struct dma_async_tx_descriptor *tx)
{
	struct bench *b = t->p->d->b;

	CHECK(tx);
	CHECK_EQ((u32)tx->cookie, (u32)-EBUSY);
	t->tx = tx;
	tx->callback_result = called_back;
	tx->callback_param = t;
}

static struct transfer *prepare(struct peri *p, unsigned int ch, struct peripheral *with, const size_t *size, unsigned int nents,
				enum dma_transfer_direction dir, unsigned long flags)
{
	struct transfer *t = peri_place(p, ch, with, size, nents);

	peri_configure(p, ch, with);
	peri_give(t, dmaengine_prep_slave_sg(p->d->chan[ch], t->sg, nents, dir, flags | DMA_CTRL_ACK));
	return t;
}

struct transfer *peri_out(struct peri *p, unsigned int ch, struct peripheral *with, const size_t *size, unsigned int nents,
			  unsigned long flags)
{
	return prepare(p, ch, with, size, nents, DMA_MEM_TO_DEV, flags);
}

struct transfer *peri_in(struct peri *p, unsigned int ch, struct peripheral *with, const size_t *size, unsigned int nents,
			 unsigned long flags)
{
	return prepare(p, ch, with, size, nents, DMA_DEV_TO_MEM, flags);
}

void peri_submit(struct transfer *t)
{
	struct bench *b = t->p->d->b;

	t->cookie = dmaengine_submit(t->tx);
	CHECK(t->cookie >= DMA_MIN_COOKIE);
}

void peri_send(struct transfer *t)
{
	peri_submit(t);
	driver_issue(t->p->d, t->ch);
}

void peri_wait(struct transfer *t, unsigned int calls)
{
	struct bench *b = t->p->d->b;

	if (!wait_event_timeout(t->p->wait, t->calls >= calls, DRIVER_PATIENCE))
		test_fail(b, "transfer %u of %zu bytes on channel %u was called back %u times, not %u", (unsigned int)(t - t->p->transfer),
			  t->len, t->ch, t->calls, calls);
}

enum dma_status peri_status(struct transfer *t, u32 *residue)
{
	struct dma_tx_state state;
	enum dma_status status = dmaengine_tx_status(t->p->d->chan[t->ch], t->cookie, &state);

	if (residue)
		*residue = state.residue;
	return status;
}

/* What a receiver was given stands in memory; an arena expects it from now on. The device has written so many bytes. */
static void expect_entry(struct transfer *t, unsigned int i, const uint8_t *stream, size_t size)
{
	struct driver *d = t->p->d;

	memcpy(d->dst[t->ch].want + t->offset[i], stream, size);
	d->other += size + (t->cyclic ? 0 : STATUS_BYTES);
}

static void compare_entry(struct transfer *t, unsigned int i, const uint8_t *stream, size_t size)
{
	struct bench *b = t->p->d->b;
	const u8 *sent = t->p->d->src[t->ch].cpu + t->offset[i];

	for (size_t at = 0; at < size; at++)
		if (stream[at] != sent[at])
			test_fail(b, "byte %zu of entry %u came to the peripheral as 0x%02x, not 0x%02x", at, i, stream[at], sent[at]);
	t->p->d->other += size + (t->cyclic ? 0 : STATUS_BYTES);
}

void peri_check(struct transfer *t, size_t moved)
{
	uint32_t *used = &t->p->used[peri_line(t->p, t->with)];
	struct bench *b = t->p->d->b;

	for (unsigned int i = 0; i < t->nents && moved; i++) {
		const size_t size = min_t(size_t, moved, sg_dma_len(&t->sg[i]));

		CHECK(*used + size <= t->with->stream_size);
		(t->with->config.tx ? compare_entry : expect_entry)(t, i, t->with->stream + *used, size);
		*used += (uint32_t)size;
		moved -= size;
	}
}
