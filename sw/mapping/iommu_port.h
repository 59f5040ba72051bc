/* SPDX-License-Identifier: MIT */
/*
 * Where software meets the IOMMU: commands one way, faults the other. The bench implements struct iommu_port_ops.
 *
 *	iommu_port_plug(&iommu->port);			// before software maps anything
 *	...
 *	iommu_port_fault(&(struct iommu_fault){ .stream = 2, .iova = addr, .write = true, .reason = "not mapped" });
 *
 * A stream is one source of accesses: a channel of the controller, by its number on AxUSER. A context is one set of page tables, with
 * a number from 1 on. Each stream is translated by a context; several streams may have the same.
 *
 * Page tables have four levels of 512 entries of 64 bits and stand in the device's memory. An entry holds the bus address of the
 * next table or of the page in bits 51:12; bit 0 allows reads and bit 1 writes; 0 is no entry.
 */
#ifndef PQDMA_IOMMU_PORT_H
#define PQDMA_IOMMU_PORT_H

#include <stdbool.h>
#include <stdint.h>

struct iommu_port;

#define IOMMU_STREAMS 16u
#define IOMMU_CONTEXTS 32u	/* 1 to IOMMU_CONTEXTS */
#define IOMMU_NO_CONTEXT 0u

/**
 * struct iommu_port_ops - commands
 * @set_root:   the tables of a context are at bus address @root from now on, and none of its translations is remembered
 * @attach:     translate a stream by a context from now on; IOMMU_NO_CONTEXT: refuse all that it does. Before the first of these commands
 *              nothing is translated and all pass
 * @invalidate: forget translations of these addresses in a context, and in no other one
 */
struct iommu_port_ops {
	void (*set_root)(struct iommu_port *port, unsigned int context, uint64_t root);
	void (*attach)(struct iommu_port *port, unsigned int stream, unsigned int context);
	void (*invalidate)(struct iommu_port *port, unsigned int context, uint64_t iova, uint64_t size);
};

/** struct iommu_port - one IOMMU; embed it */
struct iommu_port {
	const struct iommu_port_ops *ops;
};

/**
 * struct iommu_fault - an access that was refused
 * @stream: whose
 * @iova:   its address
 * @write:  it was a write
 * @reason: static text
 */
struct iommu_fault {
	unsigned int stream;
	uint64_t iova;
	bool write;
	const char *reason;
};

/** iommu_port_plug() - devices without a table of their own are mapped through this IOMMU, until the next boot */
void iommu_port_plug(struct iommu_port *port);

/** iommu_port_same_start() - contexts made from now on, until the next boot, all hand out the same addresses first, as those of Linux do */
void iommu_port_same_start(void);

/** iommu_port_fault() - tell software; from the bench, in the clock in which it happens. What does not fit is dropped, and counted. */
void iommu_port_fault(const struct iommu_fault *fault);

#endif
