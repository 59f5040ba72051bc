/* SPDX-License-Identifier: MIT */
/*
 * What tests of contexts share: a board whose IOMMU has a context for each channel, and all its channels, each with a device of its own.
 *
 *	struct contexts c;
 *
 *	contexts_up(b, &c, true);			// true: all contexts hand out the same addresses
 *	buffer = contexts_map(&c, 1, SIZE, DMA_TO_DEVICE);
 *	...
 *	contexts_down(&c);
 */
#ifndef PQDMA_MAP_CONTEXTS_H
#define PQDMA_MAP_CONTEXTS_H

#include "map_env.h"
#include "pqdma_slave.h"

/** struct contexts - the board; @chan are all its channels, and @dev their devices */
struct contexts {
	struct bench *b;
	struct dma_chan *chan[PQDMA_CHANNELS];
	struct device *dev[PQDMA_CHANNELS];
};

/** struct buffer - @size bytes of memory mapped for a channel */
struct buffer {
	u8 *cpu;
	size_t size;
	dma_addr_t bus;
	enum dma_data_direction dir;
};

/** contexts_up() - plug the board in behind the IOMMU, with contexts, and take all channels */
void contexts_up(struct bench *b, struct contexts *c, bool same_start);

/** contexts_down() - give all back; every stream has lost its context then */
void contexts_down(struct contexts *c);

/** contexts_map() - new memory of random bytes, mapped for channel @ch */
struct buffer contexts_map(struct contexts *c, unsigned int ch, size_t size, enum dma_data_direction dir);

/** contexts_unmap() - end the mapping; the memory stays */
void contexts_unmap(struct contexts *c, unsigned int ch, const struct buffer *buffer);

/** contexts_free() - end the mapping, and free the memory */
void contexts_free(struct contexts *c, unsigned int ch, struct buffer *buffer);

/** contexts_copy() - run one copy on a channel to its end; what became of it */
enum dma_status contexts_copy(struct contexts *c, unsigned int ch, dma_addr_t dst, dma_addr_t src, size_t size);

#endif
