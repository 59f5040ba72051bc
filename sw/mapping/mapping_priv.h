/* SPDX-License-Identifier: MIT */
/*
 * Private to sw/mapping: one way to map, and the list of what is mapped.
 */
#ifndef PQDMA_MAPPING_PRIV_H
#define PQDMA_MAPPING_PRIV_H

#include <linux/dma-map-ops.h>

/** enum mapping_kind - by which call it was made, and must be undone */
enum mapping_kind { MAPPING_SINGLE, MAPPING_SG, MAPPING_COHERENT };

/**
 * struct mapping - one range of bus addresses the device may use
 * @kind:    how it was made
 * @dev:     for which device
 * @bus:     first bus address
 * @size:    bytes
 * @dir:     which way data goes
 * @entries: length of the list it was mapped with, if it was one
 * @checked: dma_mapping_error() has been asked, or need not be
 * @where:   which line made it
 * @node:    in the list, newest first
 */
struct mapping {
	enum mapping_kind kind;
	struct device *dev;
	dma_addr_t bus;
	size_t size;
	enum dma_data_direction dir;
	int entries;
	bool checked;
	const char *where;
	struct list_head node;
};

/* live.c */

/** live_add() - record *@m; only in @node it is filled in here */
void live_add(const struct mapping *m);

/**
 * live_remove() - forget what looks like *@m, and report what does not fit
 *
 * Return: false if nothing of this kind begins at this address; then nothing may be undone.
 */
bool live_remove(const struct mapping *m);

/** live_sync() - may this range be synced? @call names the call for the report. */
bool live_sync(struct device *dev, dma_addr_t bus, size_t size, enum dma_data_direction dir, const char *call);

/** live_check() - note that the address has been checked */
void live_check(struct device *dev, dma_addr_t bus);

/* direct.c */

extern const struct dma_map_ops direct_ops;

#endif
