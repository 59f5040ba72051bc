/* SPDX-License-Identifier: MIT */
/* How the memory of a device is mapped: one table for each way. */
#ifndef PQDMA_LINUX_DMA_MAP_OPS_H
#define PQDMA_LINUX_DMA_MAP_OPS_H

#include <linux/dma-mapping.h>

/**
 * struct dma_map_ops - one way to map
 * @alloc:               whole pages for both views; fills the bus address
 * @free:                give them back
 * @map_page:            bus address of a piece of page memory, or DMA_MAPPING_ERROR
 * @unmap_page:          undo it
 * @map_sg:              fill the bus addresses of a list; entries to program, or a negative error
 * @unmap_sg:            undo it
 * @sync_single_for_cpu: let the CPU see what the device wrote
 * @sync_single_for_device: let the device see what the CPU wrote
 * @dma_supported:       can the device reach all memory with this mask?
 */
struct dma_map_ops {
	void *(*alloc)(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs);
	void (*free)(struct device *dev, size_t size, void *cpu, dma_addr_t handle, unsigned long attrs);
	dma_addr_t (*map_page)(struct device *dev, struct page *page, unsigned long offset, size_t size,
			       enum dma_data_direction dir, unsigned long attrs);
	void (*unmap_page)(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs);
	int (*map_sg)(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir, unsigned long attrs);
	void (*unmap_sg)(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir, unsigned long attrs);
	void (*sync_single_for_cpu)(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir);
	void (*sync_single_for_device)(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir);
	int (*dma_supported)(struct device *dev, u64 mask);
};

/** get_dma_ops() - the device's table; the direct one if it names none */
const struct dma_map_ops *get_dma_ops(struct device *dev);
void set_dma_ops(struct device *dev, const struct dma_map_ops *ops);

#endif
