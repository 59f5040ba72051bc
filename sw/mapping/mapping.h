/* SPDX-License-Identifier: MIT */
/*
 * What the device may touch now, as the mapping layer knows it: for a bench that checks every beat on the bus.
 *
 *	if (!mapping_allows(addr, bytes, true))
 *		report("the device wrote %u bytes at %#llx, which is not mapped for it", ...);
 *
 * A read beat carries bytes beside the range that was asked for; pass the bytes that matter.
 */
#ifndef PQDMA_MAPPING_H
#define PQDMA_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * mapping_allows() - may the device access these bytes in this clock?
 * @bus:   bus address of the first
 * @size:  how many
 * @write: it writes them; otherwise it reads
 *
 * Return: true if live mappings or coherent memory, of a direction that fits, cover all of them.
 */
bool mapping_allows(uint64_t bus, size_t size, bool write);

/** mapping_count() - live streaming mappings; an sg entry counts as one */
unsigned int mapping_count(void);

#endif
