/* SPDX-License-Identifier: MIT */
/*
 * Where software meets the IOMMU: commands one way, faults the other. The bench implements struct iommu_port_ops.
 *
 *	iommu_port_plug(&iommu->port);			// before software maps anything
 *	...
 *	iommu_port_fault(&(struct iommu_fault){ .iova = addr, .write = true, .reason = "not mapped" });
 *
 * Page tables have four levels of 512 entries of 64 bits and stand in the device's memory. An entry holds the bus address of the
 * next table or of the page in bits 51:12; bit 0 allows reads and bit 1 writes; 0 is no entry.
 */
#ifndef PQDMA_IOMMU_PORT_H
#define PQDMA_IOMMU_PORT_H

#include <stdbool.h>
#include <stdint.h>

struct iommu_port;

/**
 * struct iommu_port_ops - commands
 * @set_root:   translate by the tables at bus address @root from now on; 0: do not translate
 * @invalidate: forget translations of these addresses
 */
struct iommu_port_ops {
	void (*set_root)(struct iommu_port *port, uint64_t root);
	void (*invalidate)(struct iommu_port *port, uint64_t iova, uint64_t size);
};

/** struct iommu_port - one IOMMU; embed it */
struct iommu_port {
	const struct iommu_port_ops *ops;
};

/**
 * struct iommu_fault - an access that was refused
 * @iova:   its address
 * @write:  it was a write
 * @reason: static text
 */
struct iommu_fault {
	uint64_t iova;
	bool write;
	const char *reason;
};

/** iommu_port_plug() - devices without a table of their own are mapped through this IOMMU, until the next boot */
void iommu_port_plug(struct iommu_port *port);

/** iommu_port_fault() - tell software; from the bench, in the clock in which it happens. What does not fit is dropped, and counted. */
void iommu_port_fault(const struct iommu_fault *fault);

#endif
