/* SPDX-License-Identifier: MIT */
/* Memory as a device sees it. Device and CPU have separate views; they meet at map, unmap and sync. docs/mapping.md */
#ifndef PQDMA_LINUX_DMA_MAPPING_H
#define PQDMA_LINUX_DMA_MAPPING_H

#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>

/*
 * Attributes of a mapping or of memory, as bits. What a way to map does not know it ignores, as in the kernel; known here are
 * @DMA_ATTR_NO_KERNEL_MAPPING: memory that the CPU will not touch; what is returned is a cookie, and following it is a fault
 * @DMA_ATTR_SKIP_CPU_SYNC:     the views are not made to meet by this call
 * @DMA_ATTR_NO_WARN:           no message if there is no memory
 */
#define DMA_ATTR_WEAK_ORDERING BIT(1)
#define DMA_ATTR_WRITE_COMBINE BIT(2)
#define DMA_ATTR_NO_KERNEL_MAPPING BIT(4)
#define DMA_ATTR_SKIP_CPU_SYNC BIT(5)
#define DMA_ATTR_FORCE_CONTIGUOUS BIT(6)
#define DMA_ATTR_ALLOC_SINGLE_PAGES BIT(7)
#define DMA_ATTR_NO_WARN BIT(8)
#define DMA_ATTR_PRIVILEGED BIT(9)

#define DMA_MAPPING_ERROR (~(dma_addr_t)0)
#define DMA_BIT_MASK(n) (~0ull >> (64 - (n)))

/* Streaming mappings of one piece; KERNEL_HERE is which line of the client makes and ends them. */

dma_addr_t kernel_dma_map_page(struct device *dev, struct page *page, size_t offset, size_t size, enum dma_data_direction dir,
			       unsigned long attrs, const char *where);
dma_addr_t kernel_dma_map_single(struct device *dev, void *ptr, size_t size, enum dma_data_direction dir, unsigned long attrs,
				 const char *where);
dma_addr_t kernel_dma_map_resource(struct device *dev, phys_addr_t phys, size_t size, enum dma_data_direction dir, unsigned long attrs,
				   const char *where);
void kernel_dma_unmap_page(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs,
			   const char *where);
void kernel_dma_unmap_resource(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs,
			       const char *where);

/** dma_map_page() - give @size bytes to the device; a bus address, to be checked with dma_mapping_error() */
#define dma_map_page_attrs(dev, page, offset, size, dir, attrs) \
	kernel_dma_map_page(dev, page, offset, size, dir, attrs, KERNEL_HERE)
#define dma_map_single_attrs(dev, ptr, size, dir, attrs) kernel_dma_map_single(dev, ptr, size, dir, attrs, KERNEL_HERE)
#define dma_map_page(dev, page, offset, size, dir) dma_map_page_attrs(dev, page, offset, size, dir, 0)
#define dma_map_single(dev, ptr, size, dir) dma_map_single_attrs(dev, ptr, size, dir, 0)
#define dma_unmap_page_attrs(dev, addr, size, dir, attrs) kernel_dma_unmap_page(dev, addr, size, dir, attrs, KERNEL_HERE)
#define dma_unmap_single_attrs(dev, addr, size, dir, attrs) kernel_dma_unmap_page(dev, addr, size, dir, attrs, KERNEL_HERE)
#define dma_unmap_page(dev, addr, size, dir) dma_unmap_page_attrs(dev, addr, size, dir, 0)
#define dma_unmap_single(dev, addr, size, dir) dma_unmap_single_attrs(dev, addr, size, dir, 0)

/** dma_map_resource() - a physical range that is not memory, such as a peripheral's FIFO: no views, no sync */
#define dma_map_resource(dev, phys, size, dir, attrs) kernel_dma_map_resource(dev, phys, size, dir, attrs, KERNEL_HERE)
#define dma_unmap_resource(dev, addr, size, dir, attrs) kernel_dma_unmap_resource(dev, addr, size, dir, attrs, KERNEL_HERE)

/** dma_mapping_error() - 0, or -ENOMEM if @addr is no mapping; every mapping has to be asked */
int dma_mapping_error(struct device *dev, dma_addr_t addr);

/* Streaming mappings of lists */

unsigned int kernel_dma_map_sg(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir,
			       unsigned long attrs, const char *where);
int kernel_dma_map_sgtable(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir, unsigned long attrs,
			   const char *where);
void kernel_dma_unmap_sg(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir, unsigned long attrs,
			 const char *where);

/** dma_map_sg() - map a list; how many entries to program, 0 on error. Unmap with the number given here. */
#define dma_map_sg_attrs(dev, sg, nents, dir, attrs) kernel_dma_map_sg(dev, sg, nents, dir, attrs, KERNEL_HERE)
#define dma_map_sg(dev, sg, nents, dir) dma_map_sg_attrs(dev, sg, nents, dir, 0)
#define dma_unmap_sg_attrs(dev, sg, nents, dir, attrs) kernel_dma_unmap_sg(dev, sg, nents, dir, attrs, KERNEL_HERE)
#define dma_unmap_sg(dev, sg, nents, dir) dma_unmap_sg_attrs(dev, sg, nents, dir, 0)

/** dma_map_sgtable() - 0, or -EINVAL, -ENOMEM, -EIO; sets @sgt->nents */
#define dma_map_sgtable(dev, sgt, dir, attrs) kernel_dma_map_sgtable(dev, sgt, dir, attrs, KERNEL_HERE)
#define dma_unmap_sgtable(dev, sgt, dir, attrs) \
	kernel_dma_unmap_sg(dev, (sgt)->sgl, (int)(sgt)->orig_nents, dir, attrs, KERNEL_HERE)

/* Whose turn it is: sync passes a range to the CPU or to the device */

void kernel_dma_sync(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, bool for_cpu, const char *where);
void kernel_dma_sync_sg(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir, bool for_cpu,
			const char *where);

#define dma_sync_single_for_cpu(dev, addr, size, dir) kernel_dma_sync(dev, addr, size, dir, true, KERNEL_HERE)
#define dma_sync_single_for_device(dev, addr, size, dir) kernel_dma_sync(dev, addr, size, dir, false, KERNEL_HERE)
#define dma_sync_single_range_for_cpu(dev, addr, offset, size, dir) dma_sync_single_for_cpu(dev, (addr) + (offset), size, dir)
#define dma_sync_single_range_for_device(dev, addr, offset, size, dir) dma_sync_single_for_device(dev, (addr) + (offset), size, dir)
#define dma_sync_sg_for_cpu(dev, sg, nents, dir) kernel_dma_sync_sg(dev, sg, nents, dir, true, KERNEL_HERE)
#define dma_sync_sg_for_device(dev, sg, nents, dir) kernel_dma_sync_sg(dev, sg, nents, dir, false, KERNEL_HERE)
#define dma_sync_sgtable_for_cpu(dev, sgt, dir) dma_sync_sg_for_cpu(dev, (sgt)->sgl, (int)(sgt)->orig_nents, dir)
#define dma_sync_sgtable_for_device(dev, sgt, dir) dma_sync_sg_for_device(dev, (sgt)->sgl, (int)(sgt)->orig_nents, dir)

/* Memory that CPU and device see alike. alloc.c */

void *kernel_dma_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs, const char *where);
void kernel_dma_free(struct device *dev, size_t size, void *cpu, dma_addr_t handle, unsigned long attrs, const char *where);

/** dma_alloc_coherent() - zeroed whole pages that CPU and device see alike; NULL if there are none. Not page memory. */
#define dma_alloc_attrs(dev, size, handle, gfp, attrs) kernel_dma_alloc(dev, size, handle, gfp, attrs, KERNEL_HERE)
#define dma_alloc_coherent(dev, size, handle, gfp) dma_alloc_attrs(dev, size, handle, gfp, 0)
#define dma_alloc_wc(dev, size, handle, gfp) dma_alloc_attrs(dev, size, handle, gfp, DMA_ATTR_WRITE_COMBINE)
#define dma_free_attrs(dev, size, cpu, handle, attrs) kernel_dma_free(dev, size, cpu, handle, attrs, KERNEL_HERE)
#define dma_free_coherent(dev, size, cpu, handle) dma_free_attrs(dev, size, cpu, handle, 0)
#define dma_free_wc(dev, size, cpu, handle) dma_free_attrs(dev, size, cpu, handle, DMA_ATTR_WRITE_COMBINE)

/** dmam_alloc_attrs() - the same, freed by itself when the driver leaves the device */
void *kernel_dmam_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs, const char *where);
#define dmam_alloc_attrs(dev, size, handle, gfp, attrs) kernel_dmam_alloc(dev, size, handle, gfp, attrs, KERNEL_HERE)
#define dmam_alloc_coherent(dev, size, handle, gfp) dmam_alloc_attrs(dev, size, handle, gfp, 0)
void dmam_free_coherent(struct device *dev, size_t size, void *cpu, dma_addr_t handle);

/* Pages. pages.c */

struct page *kernel_dma_alloc_pages(struct device *dev, size_t size, dma_addr_t *handle, enum dma_data_direction dir, gfp_t gfp,
				    const char *where);
void kernel_dma_free_pages(struct device *dev, size_t size, struct page *page, dma_addr_t handle, enum dma_data_direction dir,
			   const char *where);

/** dma_alloc_pages() - zeroed pages, mapped, but the CPU's until they are synced for the device; NULL if there are none */
#define dma_alloc_pages(dev, size, handle, dir, gfp) kernel_dma_alloc_pages(dev, size, handle, dir, gfp, KERNEL_HERE)
#define dma_free_pages(dev, size, page, handle, dir) kernel_dma_free_pages(dev, size, page, handle, dir, KERNEL_HERE)

/** dma_alloc_noncoherent() - the same, and the CPU's address of them */
#define dma_alloc_noncoherent(dev, size, handle, dir, gfp) page_address(dma_alloc_pages(dev, size, handle, dir, gfp))
#define dma_free_noncoherent(dev, size, cpu, handle, dir) dma_free_pages(dev, size, virt_to_page(cpu), handle, dir)

/** dma_mmap_pages() - let a process see memory of dma_alloc_pages(), from page @vma->vm_pgoff on; 0, or -ENXIO outside of it */
int dma_mmap_pages(struct device *dev, struct vm_area_struct *vma, size_t size, struct page *page);

struct sg_table *kernel_dma_alloc_noncontiguous(struct device *dev, size_t size, enum dma_data_direction dir, gfp_t gfp,
						unsigned long attrs, const char *where);
void kernel_dma_free_noncontiguous(struct device *dev, size_t size, struct sg_table *sgt, enum dma_data_direction dir, const char *where);

/** dma_alloc_noncontiguous() - the same as a table of pages that are one piece for the device, wherever they lie */
#define dma_alloc_noncontiguous(dev, size, dir, gfp, attrs) kernel_dma_alloc_noncontiguous(dev, size, dir, gfp, attrs, KERNEL_HERE)
#define dma_free_noncontiguous(dev, size, sgt, dir) kernel_dma_free_noncontiguous(dev, size, sgt, dir, KERNEL_HERE)

/** dma_vmap_noncontiguous() - one range of kernel addresses for it; NULL if its pages are not one run */
void *dma_vmap_noncontiguous(struct device *dev, size_t size, struct sg_table *sgt);
void dma_vunmap_noncontiguous(struct device *dev, void *vaddr);
int dma_mmap_noncontiguous(struct device *dev, struct vm_area_struct *vma, size_t size, struct sg_table *sgt);

/**
 * dma_mmap_attrs() - let a user process see memory of dma_alloc_attrs(), from its page @vma->vm_pgoff on
 * @attrs: the same as at the allocation
 *
 * Return: 0; -ENXIO if the range is not inside the memory, or the memory is not known; -ENOMEM.
 */
int dma_mmap_attrs(struct device *dev, struct vm_area_struct *vma, void *cpu, dma_addr_t handle, size_t size, unsigned long attrs);
#define dma_mmap_coherent(dev, vma, cpu, handle, size) dma_mmap_attrs(dev, vma, cpu, handle, size, 0)
#define dma_mmap_wc(dev, vma, cpu, handle, size) dma_mmap_attrs(dev, vma, cpu, handle, size, DMA_ATTR_WRITE_COMBINE)
bool dma_can_mmap(struct device *dev);

/**
 * dma_get_sgtable_attrs() - the pages of memory of dma_alloc_attrs() as a list, for another device to map
 *
 * Fills in pages, no bus addresses. The caller frees the table with sg_free_table().
 *
 * Return: 0; -ENXIO if the memory is not known; -ENOMEM.
 */
int dma_get_sgtable_attrs(struct device *dev, struct sg_table *sgt, void *cpu, dma_addr_t handle, size_t size, unsigned long attrs);
#define dma_get_sgtable(dev, sgt, cpu, handle, size) dma_get_sgtable_attrs(dev, sgt, cpu, handle, size, 0)

/* What a device can take */

/** dma_set_mask() - 0, or -EIO if the device cannot do DMA or memory lies beyond @mask */
int dma_set_mask(struct device *dev, u64 mask);
int dma_set_coherent_mask(struct device *dev, u64 mask);
int dma_set_mask_and_coherent(struct device *dev, u64 mask);
u64 dma_get_mask(struct device *dev);

/** dma_coerce_mask_and_coherent() - the same for a device without a mask of its own: it gets the coherent one */
int dma_coerce_mask_and_coherent(struct device *dev, u64 mask);

/** dma_get_required_mask() - the smallest mask that reaches all memory */
u64 dma_get_required_mask(struct device *dev);

/** dma_addressing_limited() - is there memory that the device cannot reach without a copy? */
bool dma_addressing_limited(struct device *dev);

/** dma_get_max_seg_size() - longest list entry the device takes; 64 KiB unless it says otherwise */
unsigned int dma_get_max_seg_size(struct device *dev);

/** dma_set_max_seg_size() - 0, -EIO if the device has no place for it */
int dma_set_max_seg_size(struct device *dev, unsigned int size);

/** dma_get_seg_boundary() - no list entry may cross a multiple of this plus one; all ones unless the device says otherwise */
unsigned long dma_get_seg_boundary(struct device *dev);
int dma_set_seg_boundary(struct device *dev, unsigned long mask);

/** dma_get_seg_boundary_nr_pages() - the same in pages of 2^@page_shift bytes; of no device: that of 32 bits */
unsigned long dma_get_seg_boundary_nr_pages(struct device *dev, unsigned int page_shift);

/** dma_get_min_align_mask() - bits of an address that are the same in memory and for the device, also where it is copied */
unsigned int dma_get_min_align_mask(struct device *dev);
int dma_set_min_align_mask(struct device *dev, unsigned int mask);

/** dma_max_mapping_size() - longest piece that can be mapped; SIZE_MAX without a limit */
size_t dma_max_mapping_size(struct device *dev);

/** dma_opt_mapping_size() - longest piece that is mapped quickly; not more than the longest one */
size_t dma_opt_mapping_size(struct device *dev);

/** dma_get_merge_boundary() - 0, or the mask by which list entries are joined to longer ones */
unsigned long dma_get_merge_boundary(struct device *dev);

/** dma_need_sync() - must a mapping be synced between two accesses? */
bool dma_need_sync(struct device *dev, dma_addr_t addr);

#define DMA_CACHE_LINE 64

static inline int dma_get_cache_alignment(void)
{
	return DMA_CACHE_LINE;
}

#define DEFINE_DMA_UNMAP_ADDR(name) dma_addr_t name
#define DEFINE_DMA_UNMAP_LEN(name) __u32 name
#define dma_unmap_addr(ptr, name) ((ptr)->name)
#define dma_unmap_addr_set(ptr, name, value) ((ptr)->name = (value))
#define dma_unmap_len(ptr, name) ((ptr)->name)
#define dma_unmap_len_set(ptr, name, value) ((ptr)->name = (value))

#endif
