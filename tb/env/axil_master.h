/* SPDX-License-Identifier: MIT */
/*
 * The CPU's side of the register bus: an AXI4-Lite master. Software posts one access and sleeps until it is done, as a CPU
 * does on device memory.
 */
#ifndef PQDMA_AXIL_MASTER_H
#define PQDMA_AXIL_MASTER_H

#include <stdbool.h>
#include <stdint.h>
#include "pqdma_model.h"
#include "rng.h"

/**
 * struct axil_access - one register access
 * @write: direction
 * @strb:  byte strobes of a write
 * @resp:  response: 0 OKAY, 2 SLVERR
 * @addr:  byte address
 * @data:  what to write, or what was read
 * @clock: edge of the handshake that carried the data (W or R)
 */
struct axil_access {
	bool write;
	uint8_t strb;
	uint8_t resp;
	uint32_t addr;
	uint32_t data;
	uint64_t clock;
};

/**
 * struct axil_config - manners of the master, all in clocks, each drawn for each access
 * @gap:   most clocks before an access begins
 * @skew:  most clocks between AW and W, either of them first
 * @delay: most clocks that BREADY or RREADY comes after valid; it may also be there before
 */
struct axil_config {
	unsigned int gap;
	unsigned int skew;
	unsigned int delay;
};

/** struct axil_master - the master; members are private apart from the two counters */
struct axil_master {
	uint64_t reads;
	uint64_t writes;
	struct axil_config config;
	struct rng rng;
	struct axil_access *access;	/* NULL: nothing to do */
	unsigned int addr_wait;
	unsigned int data_wait;
	unsigned int ready_wait;
	bool addr_done;
	bool data_done;
};

/** axil_master_init() - no access, no waiting */
void axil_master_init(struct axil_master *master, uint64_t seed);

/** axil_master_configure() - other manners from the next access on */
void axil_master_configure(struct axil_master *master, const struct axil_config *config);

/** axil_master_clock() - one clock: drive the s_axil pins for the coming edge @edge, take what is transferred at it */
void axil_master_clock(struct axil_master *master, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge);

/** axil_master_run() - do one access to its end. From a fiber of the small kernel; the CPU does nothing else meanwhile. */
void axil_master_run(struct axil_master *master, struct axil_access *access);

#endif
