/* SPDX-License-Identifier: MIT */
/*
 * The untimed oracle: a list of descriptors and memory before give memory after. No clocks, no pins.
 *
 *	struct oracle oracle = { .ram = copy_of_ram, .ram_bus = bus_address_of_ram_0, .ram_size = size };
 *	struct oracle_channel ch;
 *
 *	oracle_start(&ch, head_address, head_count, cfg);
 *	oracle_run(&oracle, &ch, tail);			// again with a larger tail after an append
 *	same = oracle_same(&oracle, &ch, 1, ram_of_the_device, &where);
 *
 * Written from docs/spec.md alone. Channels are run one after another, so they must not touch each other's memory; within one
 * channel a descriptor that uses what an earlier one writes needs FENCE on the way, since the oracle is always in order.
 *
 * P+Q and XOR are made by ISA-L, so nothing here is shared with the timed model. Not reentrant.
 *
 * What the specification leaves open after a write error is listed in the channel as uncertain and not compared. How completions
 * share interrupts and completion words is open as well: the oracle writes every completion word, and the last one counts.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pqdma_params.h"

/** enum oracle_access - what an access to memory is for; a completion word is a status */
enum oracle_access {
	ORACLE_FETCH,
	ORACLE_READ,
	ORACLE_WRITE,
	ORACLE_STATUS,
};

/**
 * struct oracle_device - a peripheral that sides other than ordinary memory may access
 * @bus:   address of its window
 * @size:  bytes of it; it does not touch memory
 * @read:  give the @len bytes of a transfer
 * @write: take the @len bytes of a transfer
 *
 * Transfers that are answered with an error do not come here. Both get the ctx of struct oracle.
 */
struct oracle_device {
	uint64_t bus;
	uint64_t size;
	void (*read)(void *ctx, uint64_t addr, uint8_t *bytes, size_t len);
	void (*write)(void *ctx, uint64_t addr, const uint8_t *bytes, size_t len);
};

/* What a line shows; a burst goes before a single request. */
#define ORACLE_REQUEST_SINGLE 1u
#define ORACLE_REQUEST_BURST 2u
#define ORACLE_REQUEST_LAST 4u

/**
 * struct oracle - memory as the oracle sees it
 * @ram:      bytes, read and written
 * @ram_bus:  bus address of ram[0]
 * @ram_size: bytes of @ram; an access that is not wholly inside answers DECERR
 * @resp:     AXI response of an access: 0 OKAY, 2 SLVERR, 3 DECERR. Called for each beat of a fetch or a read, in the order on the bus,
 *            and once for each burst of a write. NULL if nothing answers with errors
 * @request:  what a line shows when a piece waits for it: ORACLE_REQUEST_*; without single and burst it never asks again, and
 *            that ends in REQ_TIMEOUT. Called once for each paced piece. NULL if all lines always ask for bursts
 * @read:     NULL, or memory that is not an array: gives the @len bytes at @addr and an AXI response. Then @ram, @resp and
 *            @devices are not used. Called for a whole range first; if that fails for each bus word of it, to find the one that failed
 * @write:    goes with @read: takes bytes, gives a response
 * @devices:  peripherals
 * @nr_devices: how many
 * @ctx:      given to @resp, @request and to the devices
 */
struct oracle {
	uint8_t *ram;
	uint64_t ram_bus;
	size_t ram_size;
	unsigned int (*resp)(void *ctx, uint64_t addr, size_t len, enum oracle_access access);
	unsigned int (*request)(void *ctx, unsigned int line);
	unsigned int (*read)(void *ctx, uint64_t addr, uint8_t *bytes, size_t len, enum oracle_access access);
	unsigned int (*write)(void *ctx, uint64_t addr, const uint8_t *bytes, size_t len, enum oracle_access access);
	const struct oracle_device *devices;
	size_t nr_devices;
	void *ctx;
};

/** struct oracle_range - bytes from bus address @addr on */
struct oracle_range {
	uint64_t addr;
	uint64_t len;
};

/*
 * Strips that may be on their way behind a write that fails: STRIPS when it is made, and as many again that took the room of
 * those which were acknowledged before it.
 */
#define ORACLE_FOLLOWING (2 * PQDMA_STRIPS)

/* An error leaves the failing strip or word uncertain; each strip behind it may have a P, a Q and a status word. */
#define ORACLE_RANGES (3 * ORACLE_FOLLOWING + 2)

/**
 * struct oracle_channel - one channel, and what has become of it
 * @state:          PQDMA_STATE_RUN, or PQDMA_STATE_FAIL after an error
 * @done:           descriptors completed, as DONE
 * @bytes:          bytes written or compared, as BYTES; of no meaning if @bytes_open
 * @bytes_open:     a status or completion word failed, so BYTES depends on what was under way
 * @done_open:      a completion word failed, so DONE does too
 * @irqs:           completions that raise the DONE interrupt
 * @ops:            completions by operation code
 * @strips:         as PERF_STRIPS; of no meaning after an error
 * @err_cause:      PQDMA_ERR_*
 * @err_addr:       as ERR_ADDR
 * @err_desc:       as ERR_DESC
 * @uncertain:      memory that the specification leaves open
 * @nr_uncertain:   entries of @uncertain
 * @fetched:        descriptors fetched, counting a link that was refused
 * @burst:          as CFG.BURST
 * @cyclic:         as CFG.CYCLIC
 * @compact:        as CFG.COMPACT
 * @cmpl:           as CMPL_LO and CMPL_HI; set it behind oracle_start()
 * @link_known:     @link_addr and @link_left hold
 * @link_addr:      address of the next descriptor
 * @link_left:      descriptors that stand there
 * @last_addr:      address of the descriptor fetched last
 */
struct oracle_channel {
	uint32_t state;
	uint32_t done;
	uint32_t bytes;
	bool bytes_open;
	bool done_open;
	uint32_t irqs;
	uint32_t ops[PQDMA_OP_MATRIX + 1];
	uint32_t strips;
	uint32_t err_cause;
	uint64_t err_addr;
	uint64_t err_desc;
	struct oracle_range uncertain[ORACLE_RANGES];
	uint32_t nr_uncertain;
	uint32_t fetched;
	uint32_t burst;
	bool cyclic;
	bool compact;
	uint64_t cmpl;
	bool link_known;
	uint64_t link_addr;
	uint32_t link_left;
	uint64_t last_addr;
};

/**
 * oracle_start() - a channel that was IDLE gets RUN
 * @ch:    set up anew
 * @head:  as HEAD_LO and HEAD_HI
 * @count: as HEAD_COUNT
 * @cfg:   as CFG; classes and weights change nothing here
 */
void oracle_start(struct oracle_channel *ch, uint64_t head, uint32_t count, uint32_t cfg);

/**
 * oracle_run() - execute descriptors until @tail of them are done or one fails
 * @oracle: memory, which changes
 * @ch:     a channel that was started
 * @tail:   as TAIL, or the number of periods if the list is cyclic; not less than at the last call
 */
void oracle_run(const struct oracle *oracle, struct oracle_channel *ch, uint32_t tail);

/**
 * oracle_same() - compare the whole memory of a device with the oracle's, without what is uncertain
 * @oracle: memory after oracle_run()
 * @chans:  every channel that ran on it
 * @nr:     how many
 * @ram:    oracle->ram_size bytes of the device
 * @where:  set to the bus address of the first difference; not changed if there is none
 *
 * Return: true if there is no difference.
 */
bool oracle_same(const struct oracle *oracle, const struct oracle_channel *chans, size_t nr, const uint8_t *ram, uint64_t *where);

#endif
