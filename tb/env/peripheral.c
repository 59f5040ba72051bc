// SPDX-License-Identifier: MIT
/*
 * Peripherals at request lines. The memory hands over reads and writes as they happen; once a clock the outside world moves, and the
 * requests follow the level, some clocks late. A transmitter never asks for more than it has room for, a receiver never
 * for more than it has: so with a controller that does what it is asked for no FIFO ever over- or underflows.
 */
#include <string.h>
#include "peripheral.h"

static void note_fault(struct peripheral *p, const char *text)
{
	if (!p->fault)
		p->fault = text;
}

/* FIFO */

static unsigned int entry_size(const struct peripheral *p)
{
	return 1u << p->config.width;
}

static struct peripheral_entry *entry_at(struct peripheral_queue *queue, unsigned int index)
{
	return &queue->at[(queue->head + index) % PERIPHERAL_DEPTH];
}

static struct peripheral_entry *push(struct peripheral_queue *queue)
{
	return entry_at(queue, queue->count++);
}

static struct peripheral_entry *pop(struct peripheral_queue *queue)
{
	struct peripheral_entry *entry = entry_at(queue, 0);

	queue->head++;
	queue->count--;
	return entry;
}

static void note_level(struct peripheral *p)
{
	if (p->fifo.count > p->stats.most)
		p->stats.most = p->fifo.count;
}

/* The controller's side */

static struct peripheral *to_peripheral(struct axi_mem_device *device)
{
	return (struct peripheral *)((char *)device - offsetof(struct peripheral, device));
}

/* One entry is read or written. Without requests there is nothing that it could be compared with. */
static void count_transfer(struct peripheral *p)
{
	const unsigned int allowed = p->asked & PERIPHERAL_BURST ? 1u << p->config.burst : p->asked & PERIPHERAL_SINGLE;

	p->stats.moved++;
	p->taken++;
	if (p->config.asks && p->taken > allowed)
		note_fault(p, "more was moved than it had asked for");
}

static void device_read(struct axi_mem_device *device, uint64_t addr, unsigned int len, uint8_t *data)
{
	struct peripheral *p = to_peripheral(device);

	if (p->config.tx || len != entry_size(p) || addr % len)
		note_fault(p, "a read that it does not know");
	else if (!p->fifo.count)
		note_fault(p, "its FIFO was read while it was empty");
	else
		memcpy(data, pop(&p->fifo)->data, len);
	count_transfer(p);
}

static void device_write(struct axi_mem_device *device, uint64_t addr, unsigned int len, const uint8_t *data)
{
	struct peripheral *p = to_peripheral(device);

	if (!p->config.tx || len != entry_size(p) || addr % len)
		note_fault(p, "a write that it does not know");
	else if (p->fifo.count == p->config.depth)
		note_fault(p, "its FIFO was written while it was full");
	else
		memcpy(push(&p->fifo)->data, data, len);
	note_level(p);
	count_transfer(p);
}

static const struct axi_mem_device_ops device_ops = {
	.read = device_read,
	.write = device_write,
};

/* The outside world */

/* A receiver's bytes come from a stream that was fed to it. */
static bool outside_source(struct peripheral *p, uint64_t edge)
{
	struct peripheral_entry *entry;

	(void)edge;
	if (p->stream_at == p->stream_size || p->fifo.count == p->config.depth)
		return false;
	entry = push(&p->fifo);
	entry->last = p->ends[p->stream_at];
	memcpy(entry->data, p->stream + p->stream_at, entry_size(p));
	p->stream_at += entry_size(p);
	return true;
}

static void record(struct peripheral *p, const struct peripheral_entry *entry)
{
	if (p->stream_size + entry_size(p) > PERIPHERAL_STREAM) {
		note_fault(p, "more bytes were sent than a stream holds");
		return;
	}
	memcpy(p->stream + p->stream_size, entry->data, entry_size(p));
	p->stream_size += entry_size(p);
}

/* A transmitter's bytes go out one after the other; once it has begun it wants one each time. */
static bool outside_sink(struct peripheral *p, uint64_t edge)
{
	(void)edge;
	if (!p->fifo.count) {
		bool wants = p->stats.outside && p->stream_size < p->config.total;

		p->stats.underruns += wants;
		return wants;
	}
	record(p, pop(&p->fifo));
	p->stats.outside++;
	return true;
}

static bool outside_send(struct peripheral *p, uint64_t edge)
{
	struct peripheral *peer = p->peer;
	struct peripheral_entry *entry;

	if (!p->fifo.count || peer->fifo.count + peer->wire.count >= peer->config.depth)
		return false;
	entry = pop(&p->fifo);
	record(p, entry);
	*push(&peer->wire) = *entry;
	entry_at(&peer->wire, peer->wire.count - 1)->due = edge + p->config.latency;
	p->stats.outside++;
	return true;
}

static bool outside_receive(struct peripheral *p, uint64_t edge)
{
	if (!p->wire.count || entry_at(&p->wire, 0)->due > edge)
		return false;
	*push(&p->fifo) = *pop(&p->wire);
	entry_at(&p->fifo, p->fifo.count - 1)->last = false;
	return true;
}

static const struct peripheral_ops ops_source = { outside_source };
static const struct peripheral_ops ops_sink = { outside_sink };
static const struct peripheral_ops ops_send = { outside_send };
static const struct peripheral_ops ops_receive = { outside_receive };

static void move_outside(struct peripheral *p, uint64_t edge)
{
	unsigned int period = p->config.period ? p->config.period : 1;

	if (edge < p->next || !p->ops->outside(p, edge))
		return;
	note_level(p);
	if (!p->config.tx)
		p->stats.outside++;
	p->next = edge + period + rng_below(&p->rng, p->config.jitter + 1);
}

/* Requests */

static unsigned int can_take(const struct peripheral *p, bool *ends)
{
	const unsigned int room = p->config.depth - p->fifo.count;
	unsigned int left;

	if (!p->config.packet)
		return room;
	left = p->config.packet - (unsigned int)(p->stats.moved % p->config.packet);
	*ends = room >= left;
	return *ends ? left : room;
}

/* Entries that a request could be for: up to the end of a packet, or what there is */
static unsigned int can_move(struct peripheral *p, bool *ends)
{
	*ends = false;
	if (p->config.tx)
		return can_take(p, ends);
	for (unsigned int i = 0; i < p->fifo.count && i < 1u << p->config.burst; i++) {
		*ends = entry_at(&p->fifo, i)->last;
		if (*ends)
			return i + 1;
	}
	return p->fifo.count;
}

/* A packet that has ended, or data of which no more will come, cannot wait for a burst. */
static bool flushes(const struct peripheral *p, bool ends)
{
	return ends || (!p->config.tx && !p->peer && p->stream_at == p->stream_size);
}

static struct peripheral_pins choose(struct peripheral *p)
{
	const unsigned int burst = 1u << p->config.burst;
	struct peripheral_pins pins = { false };
	bool ends;
	unsigned int entries = can_move(p, &ends);
	bool whole = entries >= burst && (p->config.asks & PERIPHERAL_BURST);

	p->waits = entries ? p->waits + 1 : 0;
	pins.burst = whole && !p->only_single;
	if (entries && (p->config.asks & PERIPHERAL_SINGLE))
		pins.single = p->only_single || flushes(p, ends) || p->waits > p->config.patience;
	if (ends)
		pins.last = pins.burst ? entries == burst : pins.single && entries == 1;
	return pins;
}

/* What the controller may act upon: requests that it has seen when they were true. */
static void note_shown(struct peripheral *p, const struct peripheral_pins *pins, uint64_t edge)
{
	if (edge < p->dack_edge + p->config.delay)
		return;
	p->asked |= (pins->single ? PERIPHERAL_SINGLE : 0) | (pins->burst ? PERIPHERAL_BURST : 0);
	p->stats.lasts += pins->last;
}

static void take_dack(struct peripheral *p, uint64_t edge)
{
	if (!p->taken)
		note_fault(p, "dack, and nothing was moved");
	p->stats.dacks++;
	if (p->taken > 1)
		p->stats.bursts++;
	else
		p->stats.singles++;
	p->taken = p->asked = 0;
	p->waits = 0;
	p->only_single = rng_percent(&p->rng, p->config.singles);
	p->dack_edge = edge;
}

static void put_pin(uint64_t *pins, unsigned int line, bool value)
{
	*pins = (*pins & ~(1ull << line)) | (uint64_t)value << line;
}

static void clock_one(struct peripheral *p, unsigned int line, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge)
{
	const struct peripheral_pins *pins;

	if (out->dack >> line & 1)
		take_dack(p, edge);
	move_outside(p, edge);
	memmove(p->shown + 1, p->shown, sizeof(p->shown) - sizeof(p->shown[0]));
	p->shown[0] = choose(p);
	pins = &p->shown[p->config.delay];
	note_shown(p, pins, edge);
	put_pin(&in->drq_single, line, pins->single);
	put_pin(&in->drq_burst, line, pins->burst);
	put_pin(&in->drq_last, line, pins->last);
}

void peripherals_clock(struct peripherals *all, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge)
{
	for (uint32_t left = all->present; left; left &= left - 1) {
		unsigned int line = (unsigned int)__builtin_ctz(left);

		clock_one(&all->at[line], line, out, in, edge);
	}
}

/* Making them */

void peripherals_init(struct peripherals *all, uint64_t seed)
{
	memset(all, 0, sizeof(*all));
	all->seed = seed;
}

struct peripheral *peripheral_add(struct peripherals *all, unsigned int line, const struct peripheral_config *config)
{
	struct peripheral *p = &all->at[line];

	memset(p, 0, sizeof(*p));
	p->device = (struct axi_mem_device){ .ops = &device_ops, .bus = peripheral_bus(line), .size = PERIPHERAL_WINDOW };
	p->config = *config;
	p->ops = config->tx ? &ops_sink : &ops_source;
	rng_init(&p->rng, all->seed + line, "peripheral");
	p->only_single = rng_percent(&p->rng, config->singles);
	all->present |= 1u << line;
	return p;
}

void peripheral_feed(struct peripheral *p, const uint8_t *data, uint32_t size, bool last)
{
	if (!size || size % entry_size(p) || p->stream_size + size > PERIPHERAL_STREAM) {
		note_fault(p, "it was fed what it cannot take");
		return;
	}
	memcpy(p->stream + p->stream_size, data, size);
	p->stream_size += size;
	p->ends[p->stream_size - entry_size(p)] = last;
}

void peripheral_link(struct peripheral *tx, struct peripheral *rx)
{
	tx->ops = &ops_send;
	rx->ops = &ops_receive;
	tx->peer = rx;
	rx->peer = tx;
}

const char *peripherals_fault(const struct peripherals *all, unsigned int *line)
{
	for (*line = 0; *line < PQDMA_LINES; ++*line)
		if (all->at[*line].fault)
			return all->at[*line].fault;
	return NULL;
}
