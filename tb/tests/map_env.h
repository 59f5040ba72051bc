/* SPDX-License-Identifier: MIT */
/*
 * What tests of mapping share: the board behind an IOMMU or not, one channel, and copies that are checked byte by byte.
 */
#ifndef PQDMA_MAP_ENV_H
#define PQDMA_MAP_ENV_H

#include "kernel.h"
#include "mapping/iommu_port.h"
#include "mapping/mapping.h"
#include "test.h"
#include <linux/dma-map-ops.h>
#include <linux/dmaengine.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

/**
 * struct map_env - the board
 * @chan: a channel that copies
 * @dev:  to map for it
 */
struct map_env {
	struct bench *b;
	struct dma_chan *chan;
	struct device *dev;
};

/** map_env_up() - plug the board in, behind the IOMMU if @iommu, and take a channel */
void map_env_up(struct bench *b, struct map_env *env, bool iommu);

/** map_env_down() - give all back; mapping calls must have been compared with the golden sgtable */
void map_env_down(struct map_env *env);

/** map_env_copy() - run one copy to its end; what became of it */
enum dma_status map_env_copy(struct map_env *env, dma_addr_t dst, dma_addr_t src, size_t size);

/** map_env_map() - map kmalloc memory, which must go well */
dma_addr_t map_env_map(struct map_env *env, void *p, size_t size, enum dma_data_direction dir);

/** map_env_table() - a list of @n scattered pages of random bytes, with @offset in each */
void map_env_table(struct map_env *env, struct sg_table *table, unsigned int n, unsigned int offset, unsigned int length);

/** map_env_free_table() - free list and pages */
void map_env_free_table(struct sg_table *table);

#endif
