// SPDX-License-Identifier: MIT
/*
 * Buffers that go round: a callback for every period, none lost however late software is, bytes without a gap from lap to lap, and
 * whatever ends it leaves a good channel behind.
 */
#include "driver_peri.h"
#include <linux/delay.h>

#define ARENA 16384
#define PERIODS 4
#define PERIOD 64
#define LEN (PERIODS * PERIOD)
#define LAPS 5
#define LIMIT 1500000
#define LATE 8000		/* clocks in which nobody serves an interrupt: several periods */
#define ROUNDS 5

static const struct peripheral_config sink = {
	.tx = true, .width = 1, .burst = 2, .depth = 16, .asks = PERIPHERAL_BURST, .period = 12,
};
static const struct peripheral_config source = {
	.width = 2, .burst = 1, .depth = 8, .asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST, .period = 40,
};

static struct driver *up(struct bench *b)
{
	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_PERI_MASK))
		test_skip(b, "PERI is not built");
	return driver_up(b, ARENA);
}

static void go_down(struct driver *d)
{
	driver_send(driver_copy(d, PQDMA_CHANNELS - 1, 100, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	driver_down(d);
}

static struct transfer *prepare(struct peri *p, unsigned int ch, struct peripheral *with, unsigned long flags)
{
	const enum dma_transfer_direction dir = with->config.tx ? DMA_MEM_TO_DEV : DMA_DEV_TO_MEM;
	const size_t len = LEN;
	struct transfer *t = peri_place(p, ch, with, &len, 1);

	t->cyclic = true;
	peri_configure(p, ch, with);
	peri_give(t, dmaengine_prep_dma_cyclic(p->d->chan[ch], sg_dma_address(&t->sg[0]), LEN, PERIOD, dir, flags | DMA_CTRL_ACK));
	return t;
}

/* Stops it; what was sent is the buffer again and again. */
static void end(struct transfer *t)
{
	struct driver *d = t->p->d;
	struct bench *b = d->b;
	unsigned int calls;

	CHECK_EQ(dmaengine_terminate_sync(d->chan[t->ch]), 0);
	d->aborts++;
	calls = t->calls;
	CHECK(t->with->stats.moved << t->with->config.width >= calls * PERIOD);
	kernel_sleep_clocks(1000);
	CHECK_EQ(t->calls, calls);
	for (uint32_t at = 0; at < t->with->stream_size; at++)
		CHECK_EQ(t->with->stream[at], d->src[t->ch].cpu[t->offset[0] + at % LEN]);
}

TEST(driver_cyclic_out, "a sink is fed lap after lap without running empty, with a callback for each period and no doorbell", .moves = true,
     .software = true, .max_clocks = LIMIT)
{
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, PQDMA_LINES - 1, &sink);
	struct transfer *t = prepare(p, 0, with, DMA_PREP_INTERRUPT);

	peri_send(t);
	peri_wait(t, LAPS * PERIODS);
	CHECK(ch_read(b, 0, PQDMA_CH_CFG) & PQDMA_CFG_CYCLIC_MASK);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_TAIL), 0);
	CHECK(ch_read(b, 0, PQDMA_CH_DONE) >= LAPS * PERIODS);
	CHECK(peri_status(t, NULL) == DMA_IN_PROGRESS);
	CHECK_EQ(with->stats.underruns, 0);
	end(t);
	CHECK(with->stream_size > LAPS * LEN - 2 * sizeof(u64) * 16);
	go_down(d);
}

/* In each callback the period that has just come is what the peripheral gave. */
static void check_period(struct transfer *t)
{
	struct driver *d = t->p->d;
	const unsigned int period = t->calls - 1;
	const size_t at = t->offset[0] + period % PERIODS * PERIOD;
	struct bench *b = d->b;

	for (unsigned int i = 0; i < PERIOD; i++)
		CHECK_EQ(*bench_ram(b, d->dst[t->ch].bus + at + i), t->with->stream[period * PERIOD + i]);
}

TEST(driver_cyclic_in, "from a receiver: when a period's callback comes, its bytes are there", .moves = true, .software = true,
     .max_clocks = LIMIT)
{
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &source);
	struct transfer *t = prepare(p, 0, with, DMA_PREP_INTERRUPT);

	peri_feed(p, with, LAPS * LEN, false);
	t->then = check_period;
	peri_send(t);
	peri_wait(t, LAPS * PERIODS);
	CHECK_EQ(with->stats.moved << source.width, LAPS * LEN);
	memcpy(d->dst[0].want + t->offset[0], with->stream + (LAPS - 1) * LEN, LEN);
	CHECK_EQ(dmaengine_terminate_sync(d->chan[0]), 0);
	d->aborts++;
	CHECK_EQ(t->calls, LAPS * PERIODS);
	go_down(d);
}

TEST(driver_cyclic_late, "interrupts are off for several periods: every one of them is called back all the same", .moves = true,
     .software = true, .max_clocks = LIMIT)
{
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &sink);
	struct transfer *t = prepare(p, 0, with, DMA_PREP_INTERRUPT);
	unsigned int before, done;

	peri_send(t);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		peri_wait(t, t->calls + 1);
		local_irq_disable();
		before = t->calls;
		udelay(LATE);
		CHECK_EQ(t->calls, before);
		local_irq_enable();
		/* No more periods: those that there were have to do. */
		CHECK_EQ(dmaengine_pause(d->chan[0]), 0);
		done = ch_read(b, 0, PQDMA_CH_DONE);
		CHECK(done > before + 1);
		peri_wait(t, done);
		CHECK_EQ(t->calls, done);
		CHECK_EQ(dmaengine_resume(d->chan[0]), 0);
	}
	end(t);
	go_down(d);
}

TEST(driver_cyclic_residue, "a residue is what is left of the lap: it falls to nearly nothing and begins again with the whole buffer",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &sink);
	struct transfer *t = prepare(p, 0, with, 0);
	unsigned int laps = 0, changes = 0;
	u32 left, last = LEN;

	peri_submit(t);
	CHECK(peri_status(t, &left) == DMA_IN_PROGRESS && left == LEN);
	driver_issue(d, 0);
	while (laps < LAPS) {
		const uint32_t before = (uint32_t)with->stats.moved << sink.width;

		CHECK(peri_status(t, &left) == DMA_IN_PROGRESS);
		CHECK(left && left <= LEN && left % (2u << sink.burst) == 0);
		/* What it counts had been moved by then, and not much more than what was moved before it was asked for. */
		CHECK((LEN - left + LEN - before % LEN) % LEN <= LEN / 2 || (before % LEN + left) % LEN <= 2u << sink.burst);
		changes += left != last;
		laps += left > last;
		last = left;
	}
	CHECK(changes >= LAPS * LEN / (2u << sink.burst) / 2);
	CHECK_EQ(t->calls, 0);
	end(t);
	go_down(d);
}

/* In the callback of a period, as sound drivers do. */
static void stop_here(struct transfer *t)
{
	struct bench *b = t->p->d->b;

	if (t->calls == PERIODS + 1)
		CHECK_EQ(dmaengine_terminate_async(t->p->d->chan[t->ch]), 0);
	CHECK(t->calls <= PERIODS + 1);
}

TEST(driver_cyclic_turns, "what was issued before it completes first, what is issued behind it waits until it is terminated; and again",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct driver *d = up(b);
	struct peri *p = peri_up(d);

	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct peripheral *with = peri_attach(p, 0, &sink);
		struct job *first = driver_copy(d, 0, 700, round % 2 ? DMA_PREP_INTERRUPT : 0), *second;
		struct transfer *t = prepare(p, 0, with, DMA_PREP_INTERRUPT);

		t->then = stop_here;
		driver_submit(first);
		peri_send(t);
		second = driver_copy(d, 0, 100, DMA_PREP_INTERRUPT);
		driver_send(second);
		driver_wait(first);
		peri_wait(t, PERIODS + 1);
		CHECK(first->clock < t->clock && !second->calls);
		second->dropped = true;
		dmaengine_synchronize(d->chan[0]);
		d->aborts++;
		CHECK(peri_status(t, NULL) == DMA_COMPLETE);
		CHECK(!(ch_read(b, 0, PQDMA_CH_CFG) & PQDMA_CFG_CYCLIC_MASK));
		second = driver_copy(d, 0, 100, DMA_PREP_INTERRUPT);
		driver_send(second);
		driver_wait(second);
	}
	go_down(d);
}

TEST(driver_cyclic_error, "an error in a later lap: all periods before it are called back, then the failure, and the channel is good again",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &sink);
	struct transfer *t = prepare(p, 0, with, DMA_PREP_INTERRUPT);
	uint64_t third = sg_dma_address(&t->sg[0]) + 2 * PERIOD + PQDMA_BYTES;

	third &= ~(uint64_t)(PQDMA_BYTES - 1);
	peri_send(t);
	peri_wait(t, PERIODS);
	mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_READ, third, third, AXI_SLVERR, 0, 1 });
	while (t->result.result == DMA_TRANS_NOERROR)
		peri_wait(t, t->calls + 1);
	CHECK(t->result.result == DMA_TRANS_READ_FAILED);
	CHECK_EQ((t->calls - 1) % PERIODS, 2);
	CHECK(t->result.residue <= LEN - 2 * PERIOD && t->result.residue > PERIOD);
	CHECK(peri_status(t, NULL) == DMA_ERROR);
	d->aborts++;
	mem_clear_faults(b);
	driver_send(driver_copy(d, 0, 300, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	go_down(d);
}

TEST(driver_cyclic_refused, "a buffer that is no whole number of periods, or of more periods than the ring has, is refused", .moves = true,
     .software = true)
{
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &sink);
	const dma_addr_t bus = d->src[0].bus;
	struct dma_chan *chan = d->chan[0];

	peri_configure(p, 0, with);
	CHECK(!dmaengine_prep_dma_cyclic(chan, bus, 0, 0, DMA_MEM_TO_DEV, 0));
	CHECK(!dmaengine_prep_dma_cyclic(chan, bus, 64, 0, DMA_MEM_TO_DEV, 0));
	CHECK(!dmaengine_prep_dma_cyclic(chan, bus, 100, 64, DMA_MEM_TO_DEV, 0));
	CHECK(!dmaengine_prep_dma_cyclic(chan, bus, 9, 3, DMA_MEM_TO_DEV, 0));
	CHECK(!dmaengine_prep_dma_cyclic(chan, bus, 2 * 257, 2, DMA_MEM_TO_DEV, 0));
	CHECK(!dmaengine_prep_dma_cyclic(chan, bus, 64, 64, DMA_MEM_TO_MEM, 0));
	go_down(d);
}
