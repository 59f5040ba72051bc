/* SPDX-License-Identifier: MIT */
/*
 * Descriptors and source tables as one channel of the controller has fetched them, to name the one that asked for an access.
 *
 *	map_descs_start(&descs, addr);				// first beat of a fetch, and of each block
 *	map_descs_beat(&descs, addr, data);
 *	...
 *	map_descs_tell(&descs, addr, write, text, sizeof(text));	// "the descriptor at 0x... asks for it: copy of ..."
 *
 * The last MAP_DESCS blocks are kept. Descriptors of the compact form are not known.
 */
#ifndef PQDMA_MAP_DESCS_H
#define PQDMA_MAP_DESCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pqdma_model.h"

#define MAP_DESCS 256u
#define MAP_DESC_BYTES 64u

/** struct map_desc - a block as it was fetched from @addr; @table: it is four sources, not a descriptor */
struct map_desc {
	uint64_t addr;
	bool table;
	uint8_t bytes[MAP_DESC_BYTES];
};

/** struct map_descs - the last of @nr blocks */
struct map_descs {
	struct map_desc desc[MAP_DESCS];
	uint64_t nr;
};

/** map_descs_start() - a block begins at or around @addr */
void map_descs_start(struct map_descs *descs, uint64_t addr);

/** map_descs_beat() - the bus word @data at @addr of the last block */
void map_descs_beat(struct map_descs *descs, uint64_t addr, const void *data);

/** map_descs_ask() - does a descriptor ask for the access to the bus word at @addr? */
bool map_descs_ask(const struct map_descs *descs, uint64_t addr, bool write);

/** map_descs_tell() - which descriptor asks for the access to @addr, and who prepared it, as a sentence in @text[@len] */
void map_descs_tell(const struct map_descs *descs, uint64_t addr, bool write, char *text, size_t len);

#endif
