// SPDX-License-Identifier: MIT
// The descriptor port: read channels under other names.
#include <string.h>
#include "desc_port.h"
#include "pins.h"

#define SEED_OF_PORT 0xd0

void desc_port_init(struct desc_port *port, uint8_t *ram, uint64_t bus, size_t size, uint64_t seed)
{
	axi_mem_init(&port->mem, ram, bus, size, seed + SEED_OF_PORT);
	axi_check_init(&port->check);
	memset(&port->in, 0, sizeof(port->in));
}

#if PQDMA_WITH_DESC_PORT

/* The port's pins as a data port would have them that never writes */
static struct pqdma_out as_data_port(const struct pqdma_out *out)
{
	struct pqdma_out port = *out;

	port.m_axi_awvalid = 0;
	port.m_axi_wvalid = 0;
	port.m_axi_araddr = out->d_axi_araddr;
	port.m_axi_arlen = out->d_axi_arlen;
	port.m_axi_arid = out->d_axi_arid;
	port.m_axi_arsize = out->d_axi_arsize;
	port.m_axi_arburst = out->d_axi_arburst;
	port.m_axi_arcache = out->d_axi_arcache;
	port.m_axi_arprot = out->d_axi_arprot;
	port.m_axi_aruser = out->d_axi_aruser;
	port.m_axi_arvalid = out->d_axi_arvalid;
	port.m_axi_rready = out->d_axi_rready;
	port.dack = 0;
	return port;
}

void desc_port_clock(struct desc_port *port, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge)
{
	const struct pqdma_out pins = as_data_port(out);

	port->in.rst_n = in->rst_n;
	axi_mem_clock(&port->mem, &pins, &port->in, edge);
	memcpy(in->d_axi_rdata, port->in.m_axi_rdata, sizeof(in->d_axi_rdata));
	in->d_axi_arready = port->in.m_axi_arready;
	in->d_axi_rid = port->in.m_axi_rid;
	in->d_axi_rresp = port->in.m_axi_rresp;
	in->d_axi_rlast = port->in.m_axi_rlast;
	in->d_axi_rvalid = port->in.m_axi_rvalid;
}

void desc_port_check(struct desc_port *port, const struct pqdma_out *out, const struct pqdma_in *in, const uint32_t *unknown,
		     uint64_t edge)
{
	const struct pqdma_out pins = as_data_port(out);

	port->in.m_axi_arready = in->d_axi_arready;
	axi_check_clock(&port->check, &pins, &port->in, unknown, edge);
}

#else

void desc_port_clock(struct desc_port *port, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge)
{
	(void)port;
	(void)out;
	(void)in;
	(void)edge;
}

void desc_port_check(struct desc_port *port, const struct pqdma_out *out, const struct pqdma_in *in, const uint32_t *unknown,
		     uint64_t edge)
{
	(void)port;
	(void)out;
	(void)in;
	(void)unknown;
	(void)edge;
}

#endif
