// SPDX-License-Identifier: MIT
/*
 * Direct mapping, not coherent: a bus address is a physical address with an offset. What a device cannot reach goes through
 * a bounce buffer that it can.
 */
#include "mapping_priv.h"

#include <stdlib.h>
#include <string.h>
#include "kernel/kernel_priv.h"

#define BOUNCE_MAX (256 * 1024)

/**
 * struct bounce - a buffer that the device uses instead of memory that it cannot reach
 * @page: its first page; @bus of the first byte that is used
 * @orig: physical address of the memory it stands for
 * @size: bytes
 * @node: in the list
 */
struct bounce {
	struct page *page;
	dma_addr_t bus;
	phys_addr_t orig;
	size_t size;
	struct list_head node;
};

static struct list_head bounces;

void direct_boot(void)
{
	INIT_LIST_HEAD(&bounces);
}

static dma_addr_t to_bus(phys_addr_t phys)
{
	return cpu.hw->ram_bus + (phys - PHYS_OFFSET);
}

static phys_addr_t to_phys(dma_addr_t bus)
{
	return PHYS_OFFSET + (bus - cpu.hw->ram_bus);
}

static bool reaches(u64 limit, phys_addr_t phys, size_t size)
{
	return to_bus(phys) + size - 1 <= limit;
}

/* The last physical address that a device with this limit can reach; 0 if there is none. */
static phys_addr_t last_phys(u64 limit)
{
	return limit < cpu.hw->ram_bus ? 0 : to_phys(min_t(u64, limit, cpu.hw->ram_bus + cpu.hw->ram_size - 1));
}

/* Coherent memory */

static void *direct_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs)
{
	const u64 limit = dev->bus_dma_limit ? min_t(u64, dev->bus_dma_limit, dev->coherent_dma_mask) : dev->coherent_dma_mask;
	struct page *page = view_alloc_run(PAGE_ALIGN(size) / PAGE_SIZE, last_phys(limit));

	(void)gfp;
	if (!page)
		return NULL;
	*handle = to_bus(page_to_phys(page));
	if (attrs & DMA_ATTR_NO_KERNEL_MAPPING)
		return mapping_cookie(page);
	return memset(view_of_device(page_to_phys(page)), 0, PAGE_ALIGN(size));
}

static void direct_free(struct device *dev, size_t size, void *addr, dma_addr_t handle, unsigned long attrs)
{
	(void)dev;
	(void)size;
	(void)addr;
	(void)attrs;
	view_free_run(pfn_to_page(to_phys(handle) >> PAGE_SHIFT));
}

static int direct_mmap(struct device *dev, struct vm_area_struct *vma, void *addr, dma_addr_t handle, size_t size, unsigned long attrs)
{
	unsigned long i;

	(void)dev;
	(void)addr;
	(void)size;
	(void)attrs;
	for (i = 0; i < vma_pages(vma); i++)
		vma->vm_pages[i] = pfn_to_page((to_phys(handle) >> PAGE_SHIFT) + vma->vm_pgoff + i);
	return 0;
}

static int direct_get_sgtable(struct device *dev, struct sg_table *sgt, void *addr, dma_addr_t handle, size_t size,
			      unsigned long attrs)
{
	int err = sg_alloc_table(sgt, 1, GFP_KERNEL);

	(void)dev;
	(void)addr;
	(void)attrs;
	if (!err)
		sg_set_page(sgt->sgl, pfn_to_page(to_phys(handle) >> PAGE_SHIFT), (unsigned int)PAGE_ALIGN(size), 0);
	return err;
}

/* Bounce buffers */

static struct bounce *bounce_find(dma_addr_t bus)
{
	struct bounce *b;

	list_for_each_entry(b, &bounces, node)
		if (bus >= b->bus && bus - b->bus < b->size)
			return b;
	return NULL;
}

/* The copy stands at the same place of a page, or of whatever the device wants to keep of an address. */
static dma_addr_t bounce_map(struct device *dev, phys_addr_t orig, size_t size)
{
	const u64 keep = dma_get_min_align_mask(dev) | (PAGE_SIZE - 1), slack = keep & PAGE_MASK;
	struct bounce *b = size <= BOUNCE_MAX ? malloc(sizeof(*b)) : NULL;

	if (!b)
		return DMA_MAPPING_ERROR;
	b->page = view_alloc_run(PAGE_ALIGN(offset_in_page(orig) + size + slack) / PAGE_SIZE, last_phys(mapping_limit(dev)));
	if (!b->page) {
		free(b);
		return DMA_MAPPING_ERROR;
	}
	b->bus = to_bus(page_to_phys(b->page));
	b->bus += (to_bus(orig) - b->bus) & keep;
	b->orig = orig;
	b->size = size;
	list_add(&b->node, &bounces);
	return b->bus;
}

static void bounce_unmap(struct bounce *b)
{
	view_free_run(b->page);
	list_del(&b->node);
	free(b);
}

/* A buffer whose memory has one view is copied from and to that one. */
static void *bounced(const struct bounce *b, dma_addr_t bus)
{
	const phys_addr_t phys = b->orig + (bus - b->bus);

	return view_is_one(phys) ? view_of_device(phys) : phys_to_virt(phys);
}

static void clean(dma_addr_t bus, size_t size, enum dma_data_direction dir)
{
	const struct bounce *b = bounce_find(bus);

	if (!b)
		view_clean(to_phys(bus), size, dir);
	else if (dir != DMA_FROM_DEVICE)
		memcpy(view_of_device(to_phys(bus)), bounced(b, bus), size);
}

static void invalidate(dma_addr_t bus, size_t size, enum dma_data_direction dir)
{
	const struct bounce *b = bounce_find(bus);

	if (!b)
		view_invalidate(to_phys(bus), size, dir);
	else if (dir != DMA_TO_DEVICE)
		memcpy(bounced(b, bus), view_of_device(to_phys(bus)), size);
}

/* Streaming mappings */

static dma_addr_t direct_map_page(struct device *dev, struct page *page, unsigned long offset, size_t size,
				  enum dma_data_direction dir, unsigned long attrs)
{
	const phys_addr_t phys = page_to_phys(page) + offset;
	dma_addr_t bus = to_bus(phys);

	if (!reaches(mapping_limit(dev), phys, size))
		bus = bounce_map(dev, phys, size);
	if (bus != DMA_MAPPING_ERROR && !(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		clean(bus, size, dir);
	return bus;
}

static void direct_unmap_page(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	struct bounce *b = bounce_find(addr);

	(void)dev;
	if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		invalidate(addr, size, dir);
	if (b)
		bounce_unmap(b);
}

static void direct_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i)
		direct_unmap_page(dev, sg_dma_address(sg), sg_dma_len(sg), dir, attrs);
}

static int direct_map_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		sg_dma_address(sg) = direct_map_page(dev, sg_page(sg), sg->offset, sg->length, dir, attrs);
		sg_dma_len(sg) = sg->length;
		if (sg_dma_address(sg) != DMA_MAPPING_ERROR)
			continue;
		direct_unmap_sg(dev, sgl, i, dir, attrs | DMA_ATTR_SKIP_CPU_SYNC);
		return -EIO;
	}
	return nents;
}

/* A resource is on the same bus; its addresses have no offset. */
static dma_addr_t direct_map_resource(struct device *dev, phys_addr_t phys, size_t size, enum dma_data_direction dir,
				      unsigned long attrs)
{
	(void)dir;
	(void)attrs;
	return phys + size - 1 <= mapping_limit(dev) ? phys : DMA_MAPPING_ERROR;
}

static void direct_unmap_resource(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	(void)dev;
	(void)addr;
	(void)size;
	(void)dir;
	(void)attrs;
}

static void direct_sync_for_cpu(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir)
{
	(void)dev;
	invalidate(addr, size, dir);
}

static void direct_sync_for_device(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir)
{
	(void)dev;
	clean(addr, size, dir);
}

/* With bounce buffers some memory within reach is enough. */
static int direct_supported(struct device *dev, u64 mask)
{
	(void)dev;
	return mask >= cpu.hw->ram_bus + PAGE_SIZE - 1;
}

static u64 direct_get_required_mask(struct device *dev)
{
	(void)dev;
	return ~0ull >> __builtin_clzll(cpu.hw->ram_bus + cpu.hw->ram_size - 1);
}

static size_t direct_max_mapping_size(struct device *dev)
{
	return dma_addressing_limited(dev) ? BOUNCE_MAX : SIZE_MAX;
}

const struct dma_map_ops direct_ops = {
	.alloc = direct_alloc,
	.free = direct_free,
	.mmap = direct_mmap,
	.get_sgtable = direct_get_sgtable,
	.map_page = direct_map_page,
	.unmap_page = direct_unmap_page,
	.map_sg = direct_map_sg,
	.unmap_sg = direct_unmap_sg,
	.map_resource = direct_map_resource,
	.unmap_resource = direct_unmap_resource,
	.sync_single_for_cpu = direct_sync_for_cpu,
	.sync_single_for_device = direct_sync_for_device,
	.dma_supported = direct_supported,
	.get_required_mask = direct_get_required_mask,
	.max_mapping_size = direct_max_mapping_size,
};
