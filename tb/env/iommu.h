/* SPDX-License-Identifier: MIT */
/*
 * The IOMMU between the controller's AXI4 master and memory. It translates the address of every burst by page tables in the
 * device's memory, remembers translations in a small TLB, and answers what is not allowed with DECERR and a report.
 *
 *	iommu_init(&iommu, ram, ram_bus, ram_size);
 *	iommu_port_plug(&iommu.port);				// software sets the root
 *	for (;;) {
 *		const struct pqdma_out *seen = iommu_front(&iommu, &out);
 *
 *		axi_mem_clock(&mem, seen, &in, edge);		// memory sees translated addresses
 *		iommu_back(&iommu, seen, &in);			// and the controller waits while tables are walked
 *	}
 *
 * Without a root everything passes as it is. Bursts never cross a page, so each needs one translation. A walk takes IOMMU_WALK_CLOCKS;
 * reads and writes walk at the same time. What software changes in the tables without an invalidation may be seen or not.
 * AXI carries no channel, so there is one context, that of the device.
 */
#ifndef PQDMA_IOMMU_H
#define PQDMA_IOMMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../../sw/mapping/iommu_port.h"
#include "pqdma_model.h"

#define IOMMU_TLB 8u
#define IOMMU_WALK_CLOCKS 12u

/** struct iommu_entry - a translation: page of addresses, and the last-level entry for it */
struct iommu_entry {
	uint64_t page;
	uint64_t entry;
};

/** struct iommu_lane - translation of what one address channel offers; @left clocks to walk, @done when @addr is valid */
struct iommu_lane {
	bool busy;
	bool done;
	unsigned int left;
	uint64_t addr;
};

/**
 * struct iommu_stats - what has been seen
 * @hits:          found in the TLB
 * @walks:         looked up in the tables
 * @faults:        refused
 * @invalidations: commands to forget
 */
struct iommu_stats {
	uint64_t hits;
	uint64_t walks;
	uint64_t faults;
	uint64_t invalidations;
};

/**
 * struct iommu - the IOMMU; its members are private, apart from @port, @stats and @deaf
 * @port: for software
 * @deaf: invalidations are ignored: a fault that a test plants
 */
struct iommu {
	struct iommu_port port;
	struct iommu_stats stats;
	bool deaf;
	const uint8_t *ram;
	uint64_t bus;
	uint64_t size;
	uint64_t root;
	struct iommu_entry tlb[IOMMU_TLB];
	unsigned int next;
	struct iommu_lane read;
	struct iommu_lane write;
	struct iommu_lane fetch;
	struct pqdma_out seen;
};

/** iommu_init() - an IOMMU that passes everything, its tables in @ram[@size] whose first byte has the bus address @bus */
void iommu_init(struct iommu *iommu, const uint8_t *ram, uint64_t bus, size_t size);

/** iommu_front() - the pins that memory sees in this clock, for the controller's pins @out; valid until the next call */
const struct pqdma_out *iommu_front(struct iommu *iommu, const struct pqdma_out *out, bool rst_n);

/** iommu_back() - correct the pins for the controller after memory has chosen them */
void iommu_back(struct iommu *iommu, const struct pqdma_out *out, struct pqdma_in *in);

#endif
