// SPDX-License-Identifier: MIT
/*
 * Everything the device touches must be mapped for it, in that direction and at that time: a write from its data beat to its
 * response, a read from its address to its data. Of a read the bytes that are surely meant are judged: bursts are
 * whole bus words, and what stands beside the range in the first and the last word may belong to anybody.
 */
#include "driver_env.h"
#include "mapping/mapping.h"

static struct watch_burst *nth(struct watch_queue *queue, unsigned int i)
{
	return &queue->burst[(queue->head + i) % WATCH_BURSTS];
}

static void push(struct bench *b, struct watch_queue *queue, uint64_t addr, uint64_t len)
{
	if (queue->count == WATCH_BURSTS) {
		bench_fail(b, "more than %d bursts in flight", WATCH_BURSTS);
		return;
	}
	*nth(queue, queue->count++) = (struct watch_burst){ .addr = addr, .beats = (unsigned int)len + 1 };
}

static void pop(struct watch_queue *queue)
{
	queue->head = (queue->head + 1) % WATCH_BURSTS;
	queue->count--;
}

/* Which bytes of beat @beat are meant for sure. */
static void judge_read(struct bench *b, const struct watch_burst *burst, unsigned int beat)
{
	const uint64_t addr = burst->addr + (uint64_t)beat * PQDMA_BYTES;
	const bool first = !beat, last = beat + 1 == burst->beats;
	bool ok = false;

	if (first && last)
		for (unsigned int i = 0; i < PQDMA_BYTES && !ok; i++)
			ok = mapping_allows(addr + i, 1, false);
	else if (first)
		ok = mapping_allows(addr + PQDMA_BYTES - 1, 1, false);
	else
		ok = mapping_allows(addr, last ? 1 : PQDMA_BYTES, false);
	if (!ok)
		bench_fail(b, "the device reads at 0x%" PRIx64 ", which is not mapped for it", addr);
}

static void see_reads(struct bench *b, struct watch *watch)
{
	struct watch_queue *queue;
	struct watch_burst *burst;

	if (b->out.m_axi_arvalid && b->in.m_axi_arready) {
		queue = &watch->reads[b->out.m_axi_arid % WATCH_IDS];
		push(b, queue, b->out.m_axi_araddr, b->out.m_axi_arlen);
		judge_read(b, nth(queue, queue->count - 1), 0);
	}
	queue = &watch->reads[b->in.m_axi_rid % WATCH_IDS];
	if (!b->in.m_axi_rvalid || !b->out.m_axi_rready || !queue->count)
		return;
	burst = nth(queue, 0);
	judge_read(b, burst, burst->seen);
	watch->nr_reads++;
	if (++burst->seen == burst->beats)
		pop(queue);
}

static void judge_write(struct bench *b, uint64_t addr, uint64_t size)
{
	if (size && !mapping_allows(addr, size, true))
		bench_fail(b, "the device writes %" PRIu64 " bytes at 0x%" PRIx64 ", which are not mapped for it", size, addr);
}

static void see_beat(struct bench *b, struct watch *watch, struct watch_burst *burst)
{
	const uint64_t addr = burst->addr + (uint64_t)burst->seen++ * PQDMA_BYTES, strb = b->out.m_axi_wstrb;
	const unsigned int low = strb ? (unsigned int)__builtin_ctzll(strb) : 0, high = strb ? 64 - (unsigned int)__builtin_clzll(strb) : 0;

	watch->nr_writes++;
	if (!strb)
		return;
	if (!burst->end)
		burst->first = addr + low;
	burst->end = addr + high;
	judge_write(b, addr + low, high - low);
}

/* A data beat may be taken before its address is, so a burst counts from the clock in which its address is offered. */
static void see_address(struct bench *b, struct watch *watch)
{
	if (b->out.m_axi_awvalid && !watch->offered)
		push(b, &watch->writes, b->out.m_axi_awaddr, b->out.m_axi_awlen);
	watch->offered = b->out.m_axi_awvalid && !b->in.m_axi_awready;
}

static void see_data(struct bench *b, struct watch *watch)
{
	struct watch_queue *queue = &watch->writes;
	struct watch_burst *burst;

	if (!b->out.m_axi_wvalid || !b->in.m_axi_wready || queue->data == queue->count)
		return;
	burst = nth(queue, queue->data);
	see_beat(b, watch, burst);
	queue->data += burst->seen == burst->beats;
}

static void see_response(struct bench *b, struct watch *watch)
{
	struct watch_queue *queue = &watch->writes;
	struct watch_burst *burst = nth(queue, 0);

	if (!b->in.m_axi_bvalid || !b->out.m_axi_bready || !queue->data)
		return;
	judge_write(b, burst->first, burst->end - burst->first);
	queue->data--;
	pop(queue);
}

static void watch_clock(struct bench *b, void *arg)
{
	struct watch *watch = arg;

	see_reads(b, watch);
	see_response(b, watch);
	see_address(b, watch);
	see_data(b, watch);
}

void watch_start(struct bench *b, struct watch *watch)
{
	memset(watch, 0, sizeof(*watch));
	bench_tap(b, watch_clock, watch);
}
