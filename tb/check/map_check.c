// SPDX-License-Identifier: MIT
/*
 * The live map and the bus, beat by beat; see map_check.h. What is allowed around a burst is asked once, and again only if
 * something was mapped or unmapped since.
 */
#include "map_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "../../sw/mapping/mapping.h"

/* Reports */

static void stray(struct map_check *check, unsigned int channel, uint64_t addr, bool write, const char *what, uint64_t edge)
{
	char became[360], asked[360];

	if (check->strays++)
		return;
	mapping_explain(channel, addr, write, became, sizeof(became));
	map_descs_tell(&check->descs[channel], addr, write, asked, sizeof(asked));
	snprintf(check->why, sizeof(check->why), "stray %s of channel %u at 0x%" PRIx64 ", edge %" PRIu64 ": %s; %s", what, channel,
		 addr, edge, became, asked);
}

/* A burst in the name of a channel that has not been told to make it */
static void judge_asker(struct map_check *check, const struct map_burst *burst, bool write, uint64_t edge)
{
	char asked[360];

	if (map_descs_ask(&check->descs[burst->channel], burst->addr, write))
		return;
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		if (!map_descs_ask(&check->descs[ch], burst->addr, write) || check->strays++)
			continue;
		map_descs_tell(&check->descs[ch], burst->addr, write, asked, sizeof(asked));
		snprintf(check->why, sizeof(check->why),
			 "stray %s of channel %u at 0x%" PRIx64 ", edge %" PRIu64 ": not its own; %s, fetched by channel %u",
			 write ? "write" : "read", burst->channel, burst->addr, edge, asked, ch);
	}
}

/* Judgement */

/*
 * Does one mapping allow all that a burst can mean? Then its beats need no more than a look at the generation. @low is the first
 * byte that is meant for sure and @high the last.
 */
static bool whole_allowed(struct map_burst *burst, uint64_t low, uint64_t high, bool write, uint64_t generation)
{
	struct mapping_window window;

	if (burst->asked == generation)
		return false;
	burst->asked = generation;
	if (!mapping_window(burst->channel, low, write, &window) || high >= window.end)
		return false;
	burst->safe = generation;
	return true;
}

static uint64_t beat_addr(const struct map_burst *burst, unsigned int beat)
{
	return burst->addr + (burst->fixed ? 0 : (uint64_t)beat * burst->size);
}

static uint64_t last_beat(const struct map_burst *burst)
{
	return beat_addr(burst, burst->beats - 1);
}

/* Narrow or fixed: each beat is one transfer of a peripheral's width, and all of it is meant. */
static bool is_exact(const struct map_burst *burst)
{
	return burst->fixed || burst->size < PQDMA_BYTES;
}

/* The first of @size bytes at *@addr that is not allowed; false if all are. */
static bool find_bad(unsigned int channel, uint64_t *addr, uint64_t size, bool write)
{
	if (mapping_stream_allows(channel, *addr, size, write))
		return false;
	while (mapping_stream_allows(channel, *addr, 1, write))
		(*addr)++;
	return true;
}

/* One byte of a word that is first and last at once is meant, and nobody knows which. */
static bool any_allowed(unsigned int channel, uint64_t addr)
{
	for (unsigned int i = 0; i < PQDMA_BYTES; i++)
		if (mapping_stream_allows(channel, addr + i, 1, false))
			return true;
	return false;
}

static bool beat_is_bad(const struct map_burst *burst, unsigned int beat, uint64_t *bad)
{
	const bool first = !beat, last = beat + 1 == burst->beats;

	*bad = beat_addr(burst, beat);
	if (is_exact(burst))
		return find_bad(burst->channel, bad, burst->size, false);
	if (first && last)
		return !any_allowed(burst->channel, *bad);
	if (!first)
		return find_bad(burst->channel, bad, last ? 1 : PQDMA_BYTES, false);
	*bad += PQDMA_BYTES - 1;
	return find_bad(burst->channel, bad, 1, false);
}

static void judge_read(struct map_check *check, struct map_burst *burst, unsigned int beat, uint64_t edge)
{
	const uint64_t generation = mapping_generation();
	uint64_t bad;

	if (burst->safe == generation || (burst->beats > 1 && !is_exact(burst) &&
	    whole_allowed(burst, burst->addr + PQDMA_BYTES - 1, last_beat(burst), false, generation)))
		return;
	if (beat_is_bad(burst, beat, &bad))
		stray(check, burst->channel, bad, false, "read", edge);
}

static void judge_write(struct map_check *check, struct map_burst *burst, uint64_t addr, uint64_t size, const char *what, uint64_t edge)
{
	const uint64_t generation = mapping_generation();

	if (burst->safe == generation || whole_allowed(burst, burst->addr, last_beat(burst) + burst->size - 1, true, generation))
		return;
	if (size && find_bad(burst->channel, &addr, size, true))
		stray(check, burst->channel, addr, true, what, edge);
}

/* Queues */

/* What stands on an address channel */
struct map_address {
	uint64_t user;
	uint64_t addr;
	uint64_t len;
	uint64_t size;
	uint64_t type;
};

#define ADDRESS(out, c) { (out)->c##user, (out)->c##addr, (out)->c##len, (out)->c##size, (out)->c##burst }

static struct map_burst *nth(struct map_queue *queue, unsigned int i)
{
	return &queue->burst[(queue->head + i) % MAP_CHECK_BURSTS];
}

static struct map_burst *push(struct map_queue *queue, const struct map_address *a)
{
	struct map_burst *burst = nth(queue, queue->count++);

	*burst = (struct map_burst){ .channel = (unsigned int)a->user % PQDMA_CHANNELS, .addr = a->addr & -(1ull << a->size),
				     .beats = (unsigned int)a->len + 1, .size = 1u << a->size, .fixed = !a->type };
	return burst;
}

/* A burst that is not followed would not be judged, and the beats of the next ones would be taken for its own. */
static bool has_room(struct map_check *check, const struct map_queue *queue)
{
	if (queue->count < MAP_CHECK_BURSTS)
		return true;
	if (!check->strays++)
		snprintf(check->why, sizeof(check->why), "more than %u bursts in flight", MAP_CHECK_BURSTS);
	return false;
}

static void pop(struct map_queue *queue)
{
	queue->head = (queue->head + 1) % MAP_CHECK_BURSTS;
	queue->count--;
}

/* Reads */

/* Descriptors and tables, on whichever port they come */
#if PQDMA_WITH_DESC_PORT
#define FETCH_PIN(pins, name) ((pins)->d_axi_##name)
#define FETCH_ADDRESS(out) ADDRESS(out, d_axi_ar)
#else
#define FETCH_PIN(pins, name) ((pins)->m_axi_##name)
#define FETCH_ADDRESS(out) ADDRESS(out, m_axi_ar)
#endif
#define FETCHES 1u

static void keep_descriptor(struct map_check *check, const struct map_burst *burst, const struct pqdma_in *in)
{
	const uint64_t addr = beat_addr(burst, burst->seen);

	if (!burst->seen || !(addr % MAP_DESC_BYTES))
		map_descs_start(&check->descs[burst->channel], addr);
	map_descs_beat(&check->descs[burst->channel], addr, FETCH_PIN(in, rdata));
}

static void see_read_data(struct map_check *check, unsigned int id, const struct pqdma_in *in, uint64_t edge)
{
	struct map_queue *queue = &check->reads[id];
	struct map_burst *burst = nth(queue, 0);

	if (!queue->count)
		return;
	judge_read(check, burst, burst->seen, edge);
	check->judged_reads++;
	if (id == FETCHES)
		keep_descriptor(check, burst, in);
	if (++burst->seen == burst->beats)
		pop(queue);
}

static void see_read_address(struct map_check *check, unsigned int id, const struct map_address *a, uint64_t edge)
{
	struct map_queue *queue = &check->reads[id];
	struct map_burst *burst;

	if (!has_room(check, queue))
		return;
	burst = push(queue, a);
	judge_read(check, burst, 0, edge);
	if (id != FETCHES)
		judge_asker(check, burst, false, edge);
}

static void see_reads(struct map_check *check, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t edge)
{
	if (in->m_axi_rvalid && out->m_axi_rready)
		see_read_data(check, in->m_axi_rid % MAP_CHECK_IDS, in, edge);
	if (out->m_axi_arvalid && in->m_axi_arready)
		see_read_address(check, out->m_axi_arid % MAP_CHECK_IDS, &(struct map_address)ADDRESS(out, m_axi_ar), edge);
}

/* The descriptor port, if there is one */
static void see_fetches(struct map_check *check, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t edge)
{
	if (!PQDMA_WITH_DESC_PORT)
		return;
	if (FETCH_PIN(in, rvalid) && FETCH_PIN(out, rready))
		see_read_data(check, FETCHES, in, edge);
	if (FETCH_PIN(out, arvalid) && FETCH_PIN(in, arready))
		see_read_address(check, FETCHES, &(struct map_address)FETCH_ADDRESS(out), edge);
}

/* Writes */

static void see_write_data(struct map_check *check, const struct pqdma_out *out, uint64_t edge)
{
	struct map_burst *burst = nth(&check->writes, check->writes.data);
	const uint64_t word = beat_addr(burst, burst->seen++) & ~(uint64_t)(PQDMA_BYTES - 1), strb = out->m_axi_wstrb;

	check->judged_writes++;
	if (strb) {
		const unsigned int low = (unsigned int)__builtin_ctzll(strb), high = 64 - (unsigned int)__builtin_clzll(strb);

		if (!burst->end)
			burst->first = word + low;
		burst->end = word + high;
		judge_write(check, burst, word + low, high - low, "write", edge);
	}
	check->writes.data += burst->seen == burst->beats;
}

static void see_response(struct map_check *check, uint64_t edge)
{
	struct map_burst *burst = nth(&check->writes, 0);

	judge_write(check, burst, burst->first, burst->end - burst->first, "write until its response", edge);
	check->writes.data--;
	pop(&check->writes);
}

/* A data beat may be taken before its address is, so a burst counts from the clock in which its address is offered. */
static void see_write_address(struct map_check *check, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t edge)
{
	if (out->m_axi_awvalid && !check->offered && has_room(check, &check->writes))
		judge_asker(check, push(&check->writes, &(struct map_address)ADDRESS(out, m_axi_aw)), true, edge);
	check->offered = out->m_axi_awvalid && !in->m_axi_awready;
}

static void forget_bursts(struct map_check *check)
{
	for (unsigned int id = 0; id < MAP_CHECK_IDS; id++)
		check->reads[id].count = 0;
	check->writes.count = check->writes.data = 0;
	check->offered = false;
}

void map_check_init(struct map_check *check)
{
	memset(check, 0, sizeof(*check));
}

bool map_check_clock(struct map_check *check, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t edge)
{
	if (!in->rst_n) {
		forget_bursts(check);
		return true;
	}
	see_reads(check, out, in, edge);
	see_fetches(check, out, in, edge);
	if (in->m_axi_bvalid && out->m_axi_bready && check->writes.data)
		see_response(check, edge);
	if (out->m_axi_awvalid || check->offered)
		see_write_address(check, out, in, edge);
	if (out->m_axi_wvalid && in->m_axi_wready && check->writes.data < check->writes.count)
		see_write_data(check, out, edge);
	return !check->strays || check->wanted;
}

uint64_t map_check_expect(struct map_check *check, bool on)
{
	const uint64_t strays = check->wanted ? check->strays : 0;

	check->wanted = on;
	check->strays = 0;
	return strays;
}
