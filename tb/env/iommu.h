/* SPDX-License-Identifier: MIT */
/*
 * The IOMMU between the controller's AXI4 masters and memory. It translates the address of every burst by page tables in the
 * device's memory, remembers translations in a small TLB, and answers what is not allowed with DECERR and a report. Which tables it
 * uses is decided by AxUSER, the channel's number: each channel may have a context of its own.
 *
 *	iommu_init(&iommu, ram, ram_bus, ram_size);
 *	iommu_port_plug(&iommu.port);				// software makes contexts, and attaches streams to them
 *	for (;;) {
 *		const struct pqdma_out *seen = iommu_front(&iommu, &out);
 *
 *		axi_mem_clock(&mem, seen, &in, edge);		// memory sees translated addresses
 *		iommu_back(&iommu, seen, &in);			// and the controller waits while tables are walked
 *	}
 *
 * Before the first stream is attached everything passes as it is. Bursts never cross a page, so each needs one translation. A walk
 * takes IOMMU_WALK_CLOCKS; reads and writes walk at the same time. What software changes in the tables without an invalidation may
 * be seen or not.
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

/** struct iommu_entry - a translation: page of addresses in a context, and the last-level entry for it */
struct iommu_entry {
	unsigned int context;
	uint64_t page;
	uint64_t entry;
};

/** enum iommu_outcome - what a translation has come to */
enum iommu_outcome {
	IOMMU_HIT,		/* it was in the TLB */
	IOMMU_WALKED,		/* it was in the tables */
	IOMMU_UNMAPPED,		/* it was nowhere */
	IOMMU_FORBIDDEN,	/* not in this direction */
	IOMMU_NO_STREAM,	/* the stream has no context */
	IOMMU_OUTCOMES,
};

/**
 * struct iommu_lane - translation of what one AXI address channel offers; @left clocks to walk, @done when @addr is valid
 * @stream:  whose
 * @outcome: what it came to
 * @fresh:   in this clock
 */
struct iommu_lane {
	unsigned int stream;
	enum iommu_outcome outcome;
	bool fresh;
	bool busy;
	bool done;
	unsigned int left;
	uint64_t addr;
};

/**
 * struct iommu_stats - what has been seen
 * @hits:          found in the TLB
 * @walks:         looked up in the tables
 * @faults:        refused, of each stream
 * @invalidations: commands to forget
 */
struct iommu_stats {
	uint64_t hits;
	uint64_t walks;
	uint64_t faults[IOMMU_STREAMS];
	uint64_t invalidations;
};

/**
 * struct iommu - the IOMMU; its members are private, apart from @port, @stats, @deaf, @context and the lanes
 * @port:    for software
 * @deaf:    invalidations are ignored: a fault that a test plants
 * @context: of each stream
 * @read:    lane of AR, @write of AW, @fetch of the descriptor port's AR
 */
struct iommu {
	struct iommu_port port;
	struct iommu_stats stats;
	bool deaf;
	bool on;
	const uint8_t *ram;
	uint64_t bus;
	uint64_t size;
	uint64_t root[IOMMU_CONTEXTS + 1];
	unsigned int context[IOMMU_STREAMS];
	struct iommu_entry tlb[IOMMU_TLB];
	unsigned int next;
	struct iommu_lane read;
	struct iommu_lane write;
	struct iommu_lane fetch;
	struct pqdma_out seen;
};

/** iommu_init() - an IOMMU that passes everything, its tables in @ram[@size] whose first byte has the bus address @bus */
void iommu_init(struct iommu *iommu, const uint8_t *ram, uint64_t bus, size_t size);

/** iommu_alone() - has the stream a context that no other one has? */
bool iommu_alone(const struct iommu *iommu, unsigned int stream);

/** iommu_faults() - accesses refused so far, of all streams */
uint64_t iommu_faults(const struct iommu *iommu);

/** iommu_front() - the pins that memory sees in this clock, for the controller's pins @out; valid until the next call */
const struct pqdma_out *iommu_front(struct iommu *iommu, const struct pqdma_out *out, bool rst_n);

/** iommu_back() - correct the pins for the controller after memory has chosen them */
void iommu_back(struct iommu *iommu, const struct pqdma_out *out, struct pqdma_in *in);

#endif
