/* SPDX-License-Identifier: MIT */
/*
 * The untimed oracle: a list of descriptors and memory before give memory after. No clocks, no pins.
 *
 *	struct oracle oracle = { .ram = copy_of_ram, .ram_bus = bus_address_of_ram_0, .ram_size = size };
 *	struct oracle_channel ch;
 *
 *	oracle_start(&ch, head_address, head_count, burst);
 *	oracle_run(&oracle, &ch, tail);			// again with a larger tail after an append
 *	same = oracle_same(&oracle, &ch, 1, ram_of_the_device, &where);
 *
 * Written from docs/spec.md alone. Channels are run one after another, so they must not touch each other's memory; within one
 * channel a descriptor that uses what an earlier one writes needs FENCE on the way, since the oracle is always in order.
 *
 * P+Q and XOR are made by ISA-L, so nothing here is shared with the timed model. Not reentrant.
 *
 * What the specification leaves open after a write error is listed in the channel as uncertain and not compared.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pqdma_params.h"

/** enum oracle_access - what an access to memory is for */
enum oracle_access {
	ORACLE_FETCH,
	ORACLE_READ,
	ORACLE_WRITE,
	ORACLE_STATUS,
};

/**
 * struct oracle - memory as the oracle sees it
 * @ram:      bytes, read and written
 * @ram_bus:  bus address of ram[0]
 * @ram_size: bytes of @ram; an access that is not wholly inside answers DECERR
 * @resp:     AXI response of an access: 0 OKAY, 2 SLVERR, 3 DECERR. Called for each beat of a fetch or a read, in the order on the bus,
 *            and once for each burst of a write. NULL if nothing answers with errors
 * @ctx:      given to @resp
 */
struct oracle {
	uint8_t *ram;
	uint64_t ram_bus;
	size_t ram_size;
	unsigned int (*resp)(void *ctx, uint64_t addr, size_t len, enum oracle_access access);
	void *ctx;
};

/** struct oracle_range - bytes from bus address @addr on */
struct oracle_range {
	uint64_t addr;
	uint64_t len;
};

/* An error leaves the failing strip or status word uncertain; each strip behind it may have a P, a Q and a status word. */
#define ORACLE_RANGES (6 * PQDMA_STRIPS + 4)

/**
 * struct oracle_channel - one channel, and what has become of it
 * @state:          PQDMA_STATE_RUN, or PQDMA_STATE_FAIL after an error
 * @done:           descriptors completed, as DONE
 * @bytes:          bytes written or compared, as BYTES; of no meaning if @bytes_open
 * @bytes_open:     a status write failed, so BYTES depends on what was under way
 * @irqs:           completions that raise the DONE interrupt
 * @ops:            completions by operation code
 * @err_cause:      PQDMA_ERR_*
 * @err_addr:       as ERR_ADDR
 * @err_desc:       as ERR_DESC
 * @uncertain:      memory that the specification leaves open
 * @nr_uncertain:   entries of @uncertain
 * @fetched:        descriptors fetched, counting a link that was refused
 * @burst:          as CFG.BURST
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
	uint32_t irqs;
	uint32_t ops[PQDMA_OP_MATRIX + 1];
	uint32_t err_cause;
	uint64_t err_addr;
	uint64_t err_desc;
	struct oracle_range uncertain[ORACLE_RANGES];
	uint32_t nr_uncertain;
	uint32_t fetched;
	uint32_t burst;
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
 * @burst: as CFG.BURST
 */
void oracle_start(struct oracle_channel *ch, uint64_t head, uint32_t count, uint32_t burst);

/**
 * oracle_run() - execute descriptors until @tail of them are done or one fails
 * @oracle: memory, which changes
 * @ch:     a channel that was started
 * @tail:   as TAIL; not less than at the last call
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
