/* SPDX-License-Identifier: MIT */
/*
 * Every pin of the controller, once. X(name, width in bits).
 *
 * The packed form of a pin list is a little-endian bit string: the first pin stands at bit 0, the next one after
 * it without gaps. tb_top.v (generated from this file by scripts/gen_tb_top) has the same order, so packed pins
 * of any simulator can be compared word by word. Wide pins come first so that they stay word aligned.
 *
 * Pins of up to 64 bits are u64 members of struct pqdma_in and pqdma_out; wider ones are arrays of u32.
 * PQDMA_DATA_W, PQDMA_CHANNELS and PQDMA_LINES are set by the build (-D) and must match the RTL's parameters.
 */
#ifndef PQDMA_PINS_H
#define PQDMA_PINS_H

#ifndef PQDMA_DATA_W
#define PQDMA_DATA_W 128
#endif
#ifndef PQDMA_CHANNELS
#define PQDMA_CHANNELS 4
#endif
#ifndef PQDMA_WITH_DESC_PORT
#define PQDMA_WITH_DESC_PORT 0
#endif
#ifndef PQDMA_LINES
#define PQDMA_LINES 4
#endif
#define PQDMA_BYTES (PQDMA_DATA_W / 8)

/* V(name, width): pins of DATA_W bits; X(name, width): pins of at most 64 bits. rst_n is a pin like any other. */
/* The descriptor port has pins only where it is built; elsewhere its inputs are tied to 0. */
#define PQDMA_PINS_DESC_IN(V, X)		\
	V(d_axi_rdata, PQDMA_DATA_W)		\
	X(d_axi_arready, 1)			\
	X(d_axi_rid, 4)				\
	X(d_axi_rresp, 2)			\
	X(d_axi_rlast, 1)			\
	X(d_axi_rvalid, 1)
#define PQDMA_PINS_DESC_OUT(V, X)		\
	X(d_axi_araddr, 64)			\
	X(d_axi_arlen, 8)			\
	X(d_axi_arid, 4)			\
	X(d_axi_arcache, 4)			\
	X(d_axi_aruser, 4)			\
	X(d_axi_arsize, 3)			\
	X(d_axi_arprot, 3)			\
	X(d_axi_arburst, 2)			\
	X(d_axi_arvalid, 1)			\
	X(d_axi_rready, 1)
#if PQDMA_WITH_DESC_PORT
#define PQDMA_PINS_PORT_IN(V, X) PQDMA_PINS_DESC_IN(V, X)
#define PQDMA_PINS_PORT_OUT(V, X) PQDMA_PINS_DESC_OUT(V, X)
#else
#define PQDMA_PINS_PORT_IN(V, X)
#define PQDMA_PINS_PORT_OUT(V, X)
#endif

#define PQDMA_PINS_IN(V, X)			\
	V(m_axi_rdata, PQDMA_DATA_W)		\
	PQDMA_PINS_PORT_IN(V, X)		\
	X(s_axil_wdata, 32)			\
	X(s_axil_awaddr, 13)			\
	X(s_axil_araddr, 13)			\
	X(s_axil_wstrb, 4)			\
	X(s_axil_awvalid, 1)			\
	X(s_axil_wvalid, 1)			\
	X(s_axil_bready, 1)			\
	X(s_axil_arvalid, 1)			\
	X(s_axil_rready, 1)			\
	X(m_axi_awready, 1)			\
	X(m_axi_wready, 1)			\
	X(m_axi_bid, 4)				\
	X(m_axi_bresp, 2)			\
	X(m_axi_bvalid, 1)			\
	X(m_axi_arready, 1)			\
	X(m_axi_rid, 4)				\
	X(m_axi_rresp, 2)			\
	X(m_axi_rlast, 1)			\
	X(m_axi_rvalid, 1)			\
	X(drq_single, PQDMA_LINES)		\
	X(drq_burst, PQDMA_LINES)		\
	X(drq_last, PQDMA_LINES)		\
	X(rst_n, 1)

#define PQDMA_PINS_OUT(V, X)			\
	V(m_axi_wdata, PQDMA_DATA_W)		\
	X(m_axi_wstrb, PQDMA_BYTES)		\
	X(m_axi_awaddr, 64)			\
	X(m_axi_araddr, 64)			\
	PQDMA_PINS_PORT_OUT(V, X)		\
	X(s_axil_rdata, 32)			\
	X(m_axi_awlen, 8)			\
	X(m_axi_arlen, 8)			\
	X(m_axi_awid, 4)			\
	X(m_axi_arid, 4)			\
	X(m_axi_awcache, 4)			\
	X(m_axi_arcache, 4)			\
	X(m_axi_awuser, 4)			\
	X(m_axi_aruser, 4)			\
	X(m_axi_awsize, 3)			\
	X(m_axi_arsize, 3)			\
	X(m_axi_awprot, 3)			\
	X(m_axi_arprot, 3)			\
	X(m_axi_awburst, 2)			\
	X(m_axi_arburst, 2)			\
	X(m_axi_awvalid, 1)			\
	X(m_axi_wlast, 1)			\
	X(m_axi_wvalid, 1)			\
	X(m_axi_bready, 1)			\
	X(m_axi_arvalid, 1)			\
	X(m_axi_rready, 1)			\
	X(s_axil_awready, 1)			\
	X(s_axil_wready, 1)			\
	X(s_axil_bresp, 2)			\
	X(s_axil_bvalid, 1)			\
	X(s_axil_arready, 1)			\
	X(s_axil_rresp, 2)			\
	X(s_axil_rvalid, 1)			\
	X(dack, PQDMA_LINES)			\
	X(irq, PQDMA_CHANNELS)

#endif
