/* SPDX-License-Identifier: MIT */
/* How the memory of a device is mapped: one table for each way. */
#ifndef PQDMA_LINUX_DMA_MAP_OPS_H
#define PQDMA_LINUX_DMA_MAP_OPS_H

#include <linux/dma-mapping.h>

/**
 * struct dma_map_ops - one way to map
 *
 * What a table does not have it cannot do, and the call fails; @alloc_pages, @free_pages, @alloc_noncontiguous, @free_noncontiguous
 * and syncs of lists are then made from the others.
 *
 * @flags:               none is known
 * @alloc:               whole pages for both views; fills the bus address
 * @free:                give them back
 * @alloc_pages:         pages that are mapped, but not given to the device yet
 * @free_pages:          give them back
 * @alloc_noncontiguous: a list of such pages that are one piece for the device
 * @free_noncontiguous:  give them back
 * @mmap:                let a user process see memory of @alloc
 * @get_sgtable:         list its pages
 * @map_page:            bus address of a piece of page memory, or DMA_MAPPING_ERROR
 * @unmap_page:          undo it
 * @map_sg:              fill the bus addresses of a list; entries to program, or a negative error
 * @unmap_sg:            undo it; gets the original number of entries
 * @map_resource:        bus address of a physical range that is no memory, or DMA_MAPPING_ERROR
 * @unmap_resource:      undo it
 * @sync_single_for_cpu: let the CPU see what the device wrote
 * @sync_single_for_device: let the device see what the CPU wrote
 * @sync_sg_for_cpu:     the same for a list; likewise @sync_sg_for_device
 * @dma_supported:       can the device do DMA with this mask?
 * @get_required_mask:   the smallest mask that needs no copies
 * @max_mapping_size:    longest piece
 * @opt_mapping_size:    longest piece that is mapped quickly
 * @get_merge_boundary:  by which list entries are joined; NULL: they are not
 */
struct dma_map_ops {
	unsigned int flags;
	void *(*alloc)(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs);
	void (*free)(struct device *dev, size_t size, void *cpu, dma_addr_t handle, unsigned long attrs);
	struct page *(*alloc_pages)(struct device *dev, size_t size, dma_addr_t *handle, enum dma_data_direction dir, gfp_t gfp);
	void (*free_pages)(struct device *dev, size_t size, struct page *page, dma_addr_t handle, enum dma_data_direction dir);
	struct sg_table *(*alloc_noncontiguous)(struct device *dev, size_t size, enum dma_data_direction dir, gfp_t gfp,
						unsigned long attrs);
	void (*free_noncontiguous)(struct device *dev, size_t size, struct sg_table *sgt, enum dma_data_direction dir);
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
	void (*sync_sg_for_cpu)(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir);
	void (*sync_sg_for_device)(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir);
	int (*dma_supported)(struct device *dev, u64 mask);
	u64 (*get_required_mask)(struct device *dev);
	size_t (*max_mapping_size)(struct device *dev);
	size_t (*opt_mapping_size)(void);
	unsigned long (*get_merge_boundary)(struct device *dev);
};

/** get_dma_ops() - the device's table; the board's if it names none */
const struct dma_map_ops *get_dma_ops(struct device *dev);
void set_dma_ops(struct device *dev, const struct dma_map_ops *ops);

/* For tables: what is the same in many of them */

/** dma_common_get_sgtable() - memory that is one run of pages as one entry of whole pages */
int dma_common_get_sgtable(struct device *dev, struct sg_table *sgt, void *cpu, dma_addr_t handle, size_t size, unsigned long attrs);

/** dma_common_mmap() - let a process see such memory */
int dma_common_mmap(struct device *dev, struct vm_area_struct *vma, void *cpu, dma_addr_t handle, size_t size, unsigned long attrs);

/** dma_common_alloc_pages() - pages of the kernel's, mapped by the table's map_page and not synced */
struct page *dma_common_alloc_pages(struct device *dev, size_t size, dma_addr_t *handle, enum dma_data_direction dir, gfp_t gfp);
void dma_common_free_pages(struct device *dev, size_t size, struct page *page, dma_addr_t handle, enum dma_data_direction dir);

/** dma_pgprot() - how a process sees memory of dma_alloc_attrs() with @attrs */
pgprot_t dma_pgprot(struct device *dev, pgprot_t prot, unsigned long attrs);

/* Memory of one device. device_memory.c */

/**
 * dma_declare_coherent_memory() - let all coherent memory of @dev come from a range that somebody has reserved
 * @phys:        its first byte; @device_addr: the same for the device
 * @size:        bytes, whole pages
 *
 * Return: 0, -EINVAL if it is not reserved memory, -EBUSY if the device has such memory, -ENOMEM.
 */
int dma_declare_coherent_memory(struct device *dev, phys_addr_t phys, dma_addr_t device_addr, size_t size);
void dma_release_coherent_memory(struct device *dev);

/** dma_alloc_from_dev_coherent() - 0 if the device has no such memory; otherwise *@ret is what there was, or NULL */
int dma_alloc_from_dev_coherent(struct device *dev, ssize_t size, dma_addr_t *handle, void **ret);

/** dma_release_from_dev_coherent() - 0 if it did not come from there */
int dma_release_from_dev_coherent(struct device *dev, int order, void *vaddr);
int dma_mmap_from_dev_coherent(struct device *dev, struct vm_area_struct *vma, void *vaddr, size_t size, int *ret);

#endif
