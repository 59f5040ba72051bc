/* SPDX-License-Identifier: MIT */
/* Memory as a device sees it. Device and CPU have separate views; they meet at map, unmap and sync. */
#ifndef PQDMA_LINUX_DMA_MAPPING_H
#define PQDMA_LINUX_DMA_MAPPING_H

#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>

#define DMA_ATTR_SKIP_CPU_SYNC BIT(5)
#define DMA_ATTR_NO_WARN BIT(8)
#define DMA_MAPPING_ERROR (~(dma_addr_t)0)
#define DMA_BIT_MASK(n) (~0ull >> (64 - (n)))

dma_addr_t kernel_dma_map_page(struct device *dev, struct page *page, size_t offset, size_t size, enum dma_data_direction dir,
			       unsigned long attrs, const char *where);
dma_addr_t kernel_dma_map_single(struct device *dev, void *ptr, size_t size, enum dma_data_direction dir, unsigned long attrs,
				 const char *where);
unsigned int kernel_dma_map_sg(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir,
			       unsigned long attrs, const char *where);
int kernel_dma_map_sgtable(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir, unsigned long attrs,
			   const char *where);
void *kernel_dma_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs, const char *where);

/** dma_map_page() - give @size bytes to the device; a bus address, to be checked with dma_mapping_error() */
#define dma_map_page_attrs(dev, page, offset, size, dir, attrs) \
	kernel_dma_map_page(dev, page, offset, size, dir, attrs, KERNEL_HERE)
#define dma_map_single_attrs(dev, ptr, size, dir, attrs) kernel_dma_map_single(dev, ptr, size, dir, attrs, KERNEL_HERE)
#define dma_map_page(dev, page, offset, size, dir) dma_map_page_attrs(dev, page, offset, size, dir, 0)
#define dma_map_single(dev, ptr, size, dir) dma_map_single_attrs(dev, ptr, size, dir, 0)
void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs);
void dma_unmap_single_attrs(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs);
#define dma_unmap_page(dev, addr, size, dir) dma_unmap_page_attrs(dev, addr, size, dir, 0)
#define dma_unmap_single(dev, addr, size, dir) dma_unmap_single_attrs(dev, addr, size, dir, 0)

/** dma_mapping_error() - 0, or -ENOMEM if @addr is no mapping; every mapping has to be asked */
int dma_mapping_error(struct device *dev, dma_addr_t addr);

/** dma_map_sg() - map a list; how many entries to program, 0 on error. Unmap with the number given here. */
#define dma_map_sg_attrs(dev, sg, nents, dir, attrs) kernel_dma_map_sg(dev, sg, nents, dir, attrs, KERNEL_HERE)
#define dma_map_sg(dev, sg, nents, dir) dma_map_sg_attrs(dev, sg, nents, dir, 0)
void dma_unmap_sg_attrs(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir, unsigned long attrs);
#define dma_unmap_sg(dev, sg, nents, dir) dma_unmap_sg_attrs(dev, sg, nents, dir, 0)

/** dma_map_sgtable() - 0, or -EINVAL, -EIO; sets @sgt->nents */
#define dma_map_sgtable(dev, sgt, dir, attrs) kernel_dma_map_sgtable(dev, sgt, dir, attrs, KERNEL_HERE)
void dma_unmap_sgtable(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir, unsigned long attrs);

void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir);
void dma_sync_single_for_device(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir);
void dma_sync_sg_for_cpu(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir);
void dma_sync_sg_for_device(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir);

static inline void dma_sync_single_range_for_cpu(struct device *dev, dma_addr_t addr, unsigned long offset, size_t size,
						 enum dma_data_direction dir)
{
	dma_sync_single_for_cpu(dev, addr + offset, size, dir);
}

static inline void dma_sync_single_range_for_device(struct device *dev, dma_addr_t addr, unsigned long offset, size_t size,
						    enum dma_data_direction dir)
{
	dma_sync_single_for_device(dev, addr + offset, size, dir);
}

static inline void dma_sync_sgtable_for_cpu(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir)
{
	dma_sync_sg_for_cpu(dev, sgt->sgl, (int)sgt->orig_nents, dir);
}

static inline void dma_sync_sgtable_for_device(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir)
{
	dma_sync_sg_for_device(dev, sgt->sgl, (int)sgt->orig_nents, dir);
}

/** dma_alloc_coherent() - zeroed whole pages that CPU and device see alike; NULL if there are none. Not page memory. */
#define dma_alloc_attrs(dev, size, handle, gfp, attrs) kernel_dma_alloc(dev, size, handle, gfp, attrs, KERNEL_HERE)
#define dma_alloc_coherent(dev, size, handle, gfp) dma_alloc_attrs(dev, size, handle, gfp, 0)
void dma_free_attrs(struct device *dev, size_t size, void *cpu, dma_addr_t handle, unsigned long attrs);
#define dma_free_coherent(dev, size, cpu, handle) dma_free_attrs(dev, size, cpu, handle, 0)

/** dma_set_mask() - 0, or -EIO if the device cannot do DMA or memory lies beyond @mask */
int dma_set_mask(struct device *dev, u64 mask);
int dma_set_coherent_mask(struct device *dev, u64 mask);
int dma_set_mask_and_coherent(struct device *dev, u64 mask);
u64 dma_get_mask(struct device *dev);

#endif
