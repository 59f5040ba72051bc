/* SPDX-License-Identifier: MIT */
/*
 * The memory behind the descriptor port (WITH_DESC_PORT): the same RAM as that of the data port, with the same manners, behind read
 * channels of its own. Where the port is not built there is nothing behind it and nothing to do.
 */
#ifndef PQDMA_DESC_PORT_H
#define PQDMA_DESC_PORT_H

#include "axi_check.h"
#include "axi_mem.h"

/**
 * struct desc_port - the port as seen from outside
 * @mem:   its memory; counters of fetches are here
 * @check: its protocol checker
 * @in:    its input pins, under the names of the data port
 */
struct desc_port {
	struct axi_mem mem;
	struct axi_check check;
	struct pqdma_in in;
};

/** desc_port_init() - as axi_mem_init(), with an own stream of random numbers */
void desc_port_init(struct desc_port *port, uint8_t *ram, uint64_t bus, size_t size, uint64_t seed);

/** desc_port_clock() - one clock of the memory: as axi_mem_clock(), for the pins d_axi_* as memory sees them */
void desc_port_clock(struct desc_port *port, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge);

/** desc_port_check() - one clock of the checker: as axi_check_clock(), for the pins d_axi_* as the controller has them */
void desc_port_check(struct desc_port *port, const struct pqdma_out *out, const struct pqdma_in *in, const uint32_t *unknown,
		     uint64_t edge);

#endif
