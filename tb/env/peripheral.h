/* SPDX-License-Identifier: MIT */
/*
 * Peripherals at request lines: a FIFO behind a small window of bus addresses, and an outside world at the other end of it.
 *
 *	peripherals_init(&all, seed);
 *	p = peripheral_add(&all, line, &(struct peripheral_config){ .tx = true, .width = 2, .burst = 3, .depth = 16, .period = 5 });
 *	axi_mem_attach(&mem, &p->device);
 *	for (;;) {
 *		axi_mem_clock(&mem, &out, &in, edge);		// reads and writes go to the FIFOs
 *		peripherals_clock(&all, &out, &in, edge);	// requests, and the outside world
 *	}
 *
 * Every address of the window is the FIFO, so it can be accessed FIXED, incrementing and decrementing. Requests follow the level:
 * drq_burst with the room or the entries for a whole burst, drq_single with one. What the controller does beyond what was asked for, and
 * every overflow and underflow of the FIFO, is a fault; the first one is kept in words.
 */
#ifndef PQDMA_PERIPHERAL_H
#define PQDMA_PERIPHERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "axi_mem.h"
#include "pqdma_model.h"
#include "rng.h"

#define PERIPHERAL_BUS 0x5000000000ull
#define PERIPHERAL_WINDOW 0x4000u	/* line l has its window at PERIPHERAL_BUS + l * PERIPHERAL_WINDOW */
#define PERIPHERAL_DEPTH 512u		/* most entries of a FIFO */
#define PERIPHERAL_STREAM 65536u	/* most bytes that come or go in a run */
#define PERIPHERAL_DELAY 2u		/* clocks after dack until requests are true again, at most */

#define PERIPHERAL_SINGLE 1u
#define PERIPHERAL_BURST 2u

/**
 * struct peripheral_config - what it is and how it behaves
 * @tx:       the controller writes to it; else it reads from it
 * @width:    log2 of the bytes of an entry: the width of its register
 * @burst:    log2 of the entries of a burst request
 * @depth:    entries of the FIFO, at most PERIPHERAL_DEPTH; at least a burst if it makes burst requests
 * @asks:     PERIPHERAL_SINGLE, PERIPHERAL_BURST or both; 0 never asks
 * @singles:  percent of the requests for which it asks for single transfers even where a burst would do
 * @patience: clocks for which it waits for a burst before it asks for single ones
 * @delay:    clocks from a level to its requests, at most PERIPHERAL_DELAY
 * @period:   clocks from one entry to the next in the outside world; 0 counts as 1
 * @jitter:   up to so many more
 * @latency:  clocks on the wire, for a pair that is linked
 * @packet:   a transmitter takes packets of so many entries and shows drq_last with the last request for each; 0 for none
 * @total:    bytes that a transmitter will be given in all: until then it must not run empty
 */
struct peripheral_config {
	bool tx;
	unsigned int width;
	unsigned int burst;
	unsigned int depth;
	unsigned int asks;
	unsigned int singles;
	unsigned int patience;
	unsigned int delay;
	unsigned int period;
	unsigned int jitter;
	unsigned int latency;
	uint32_t packet;
	uint32_t total;
};

/**
 * struct peripheral_stats - what has happened
 * @moved:     entries that the controller has read or written; @outside: those that have come from or gone to the outside
 * @dacks:     pieces acknowledged: @singles of one entry, @bursts of more
 * @lasts:     requests shown with drq_last
 * @underruns: times the outside wanted an entry of a transmitter that had begun and not ended, and there was none
 * @most:      most entries that were in the FIFO
 */
struct peripheral_stats {
	uint64_t moved;
	uint64_t outside;
	uint64_t dacks;
	uint64_t singles;
	uint64_t bursts;
	uint64_t lasts;
	uint64_t underruns;
	unsigned int most;
};

struct peripheral_entry {
	uint64_t due;
	bool last;
	uint8_t data[PQDMA_BYTES];
};

struct peripheral_queue {
	struct peripheral_entry at[PERIPHERAL_DEPTH];
	unsigned int head;
	unsigned int count;
};

struct peripheral_pins {
	bool single;
	bool burst;
	bool last;
};

struct peripheral;

/** struct peripheral_ops - what the outside world does in one clock; true if an entry has moved */
struct peripheral_ops {
	bool (*outside)(struct peripheral *p, uint64_t edge);
};

/**
 * struct peripheral - one of them; @device, @stats, @fault, @stream and @stream_size are public
 * @device:      its window
 * @fault:       what went wrong first, NULL if nothing did
 * @stream:      receiver: bytes that come from outside; transmitter: bytes that have gone there
 * @stream_size: bytes of it
 */
struct peripheral {
	struct axi_mem_device device;
	struct peripheral_config config;
	const struct peripheral_ops *ops;
	struct peripheral_stats stats;
	const char *fault;
	struct rng rng;
	struct peripheral_queue fifo;
	struct peripheral_queue wire;	/* on the way from the other end of a linked pair */
	struct peripheral *peer;
	uint64_t next;			/* edge at which the outside may move again */
	uint64_t waits;			/* clocks since it could ask for a single */
	bool only_single;		/* drawn for the next request */
	struct peripheral_pins shown[PERIPHERAL_DELAY + 1];
	uint64_t dack_edge;
	unsigned int asked;		/* PERIPHERAL_* requests seen since the last dack */
	unsigned int taken;		/* entries moved since then */
	uint8_t stream[PERIPHERAL_STREAM];
	bool ends[PERIPHERAL_STREAM];	/* the entry that begins at this byte is the last of a packet */
	uint32_t stream_size;
	uint32_t stream_at;
};

/** struct peripherals - one at each line, or none */
struct peripherals {
	uint64_t seed;
	uint32_t present;
	struct peripheral at[PQDMA_LINES];
};

/** peripherals_init() - none at any line */
void peripherals_init(struct peripherals *all, uint64_t seed);

/** peripheral_add() - put a peripheral at @line, in place of what was there; its window has still to be attached to the memory, once a line */
struct peripheral *peripheral_add(struct peripherals *all, unsigned int line, const struct peripheral_config *config);

/** peripheral_feed() - more bytes will come from outside: @size is a multiple of an entry; @last: the last entry ends a packet */
void peripheral_feed(struct peripheral *p, const uint8_t *data, uint32_t size, bool last);

/** peripheral_link() - what leaves @tx arrives at @rx; it is held back while @rx has no room */
void peripheral_link(struct peripheral *tx, struct peripheral *rx);

/** peripherals_clock() - choose the request pins for the coming edge; after axi_mem_clock() of the same clock */
void peripherals_clock(struct peripherals *all, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge);

/** peripherals_fault() - the first fault of any, NULL if there is none; @line is set to whose it is */
const char *peripherals_fault(const struct peripherals *all, unsigned int *line);

/** peripheral_bus() - address of a line's window */
static inline uint64_t peripheral_bus(unsigned int line)
{
	return PERIPHERAL_BUS + (uint64_t)line * PERIPHERAL_WINDOW;
}

#endif
