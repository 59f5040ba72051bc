/* SPDX-License-Identifier: MIT */
/* Small blocks of coherent memory. */
#ifndef PQDMA_LINUX_DMAPOOL_H
#define PQDMA_LINUX_DMAPOOL_H

#include <linux/dma-mapping.h>

struct dma_pool;

/**
 * dma_pool_create() - a pool of blocks of @size bytes, aligned to @align, none across a multiple of @boundary (0: a page)
 *
 * Return: the pool; NULL if an argument is not a power of two where it must be, or memory is out.
 */
struct dma_pool *dma_pool_create(const char *name, struct device *dev, size_t size, size_t align, size_t boundary);

/** dma_pool_destroy() - all blocks must be back; NULL is allowed */
void dma_pool_destroy(struct dma_pool *pool);

/** dma_pool_alloc() - a block, NULL if there is none */
void *dma_pool_alloc(struct dma_pool *pool, gfp_t gfp, dma_addr_t *handle);
void *dma_pool_zalloc(struct dma_pool *pool, gfp_t gfp, dma_addr_t *handle);
void dma_pool_free(struct dma_pool *pool, void *cpu, dma_addr_t handle);

/** dmam_pool_create() - the same, destroyed by itself when the driver leaves the device */
struct dma_pool *dmam_pool_create(const char *name, struct device *dev, size_t size, size_t align, size_t boundary);
void dmam_pool_destroy(struct dma_pool *pool);

#endif
