/* SPDX-License-Identifier: MIT */
/* How the memory of a device is mapped: one table for each way. */
#ifndef PQDMA_LINUX_DMA_MAP_OPS_H
#define PQDMA_LINUX_DMA_MAP_OPS_H

#include <linux/dma-mapping.h>

/**
 * struct dma_map_ops - one way to map
 * @alloc:               whole pages for both views; fills the bus address
 * @free:                give them back
 * @mmap:                let a user process see them
 * @get_sgtable:         list their pages
 * @map_page:            bus address of a piece of page memory, or DMA_MAPPING_ERROR
 * @unmap_page:          undo it
 * @map_sg:              fill the bus addresses of a list; entries to program, or a negative error
 * @unmap_sg:            undo it; gets the original number of entries
 * @map_resource:        bus address of a physical range that is no memory, or DMA_MAPPING_ERROR
 * @unmap_resource:      undo it
 * @sync_single_for_cpu: let the CPU see what the device wrote
 * @sync_single_for_device: let the device see what the CPU wrote
 * @dma_supported:       can the device do DMA with this mask?
 * @get_required_mask:   the smallest mask that needs no copies
 * @max_mapping_size:    longest piece
 * @get_merge_boundary:  by which list entries are joined; NULL: they are not
 */
struct dma_map_ops {
	void *(*alloc)(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs);
	void (*free)(struct device *dev, size_t size, void *cpu, dma_addr_t handle, unsigned long attrs);
	int (*mmap)(struct device *dev, struct vm_area_struct *vma, void *cpu, dma_addr_t handle, size_t size, unsigned long attrs);
	int (*get_sgtable)(struct device *dev, struct sg_table *sgt, void *cpu, dma_addr_t handle, size_t size, unsigned long attrs);
	dma_addr_t (*map_page)(struct device *dev, struct page *page, unsigned long offset, size_t size,
			       enum dma_data_direction dir, unsigned long attrs);
	void (*unmap_page)(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs);
	int (*map_sg)(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir, unsigned long attrs);
	void (*unmap_sg)(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir, unsigned long attrs);
	dma_addr_t (*map_resource)(struct device *dev, phys_addr_t phys, size_t size, enum dma_data_direction dir, unsigned long attrs);
	void (*unmap_resource)(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs);
	void (*sync_single_for_cpu)(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir);
	void (*sync_single_for_device)(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir);
	int (*dma_supported)(struct device *dev, u64 mask);
	u64 (*get_required_mask)(struct device *dev);
	size_t (*max_mapping_size)(struct device *dev);
	unsigned long (*get_merge_boundary)(struct device *dev);
};

/** get_dma_ops() - the device's table; the board's if it names none */
const struct dma_map_ops *get_dma_ops(struct device *dev);
void set_dma_ops(struct device *dev, const struct dma_map_ops *ops);

#endif
