// SPDX-License-Identifier: MIT
/*
 * Direct mapping, not coherent: a bus address is a physical address with an offset, and the views of CPU and device
 * are copied into each other where caches would be cleaned or dropped.
 */
#include "mapping_priv.h"

#include <string.h>
#include "kernel/kernel_priv.h"

static dma_addr_t to_bus(size_t offset)
{
	return cpu.hw->ram_bus + offset;
}

static void *device_at(dma_addr_t bus)
{
	return cpu.hw->ram + (bus - cpu.hw->ram_bus);
}

static void *cpu_at(dma_addr_t bus)
{
	return phys_to_virt(PHYS_OFFSET + (bus - cpu.hw->ram_bus));
}

static void clean(dma_addr_t bus, size_t size, enum dma_data_direction dir)
{
	if (dir != DMA_FROM_DEVICE)
		memcpy(device_at(bus), cpu_at(bus), size);
}

static void invalidate(dma_addr_t bus, size_t size, enum dma_data_direction dir)
{
	if (dir != DMA_TO_DEVICE)
		memcpy(cpu_at(bus), device_at(bus), size);
}

static void *direct_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs)
{
	struct page *page = page_alloc_run(PAGE_ALIGN(size) / PAGE_SIZE, "coherent memory", NULL);

	(void)gfp;
	(void)attrs;
	if (!page)
		return NULL;
	*handle = to_bus(page_offset(page));
	if (*handle + size - 1 > dev->coherent_dma_mask) {
		page_free_run(page);
		return NULL;
	}
	memory_guard(page_address(page), PAGE_ALIGN(size));
	return memset(device_at(*handle), 0, PAGE_ALIGN(size));
}

static void direct_free(struct device *dev, size_t size, void *addr, dma_addr_t handle, unsigned long attrs)
{
	struct page *page = virt_to_page(cpu_at(handle));

	(void)dev;
	(void)attrs;
	if (addr != device_at(handle) || page->count != PAGE_ALIGN(size) / PAGE_SIZE) {
		kernel_problem("coherent memory of %zu bytes at %#llx was not allocated like this", size, handle);
		return;
	}
	memory_unguard(page_address(page), PAGE_ALIGN(size));
	page_free_run(page);
}

static dma_addr_t direct_map_page(struct device *dev, struct page *page, unsigned long offset, size_t size,
				  enum dma_data_direction dir, unsigned long attrs)
{
	dma_addr_t bus = to_bus(page_offset(page) + offset);

	if (bus + size - 1 > *dev->dma_mask)
		return DMA_MAPPING_ERROR;
	if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		clean(bus, size, dir);
	return bus;
}

static void direct_unmap_page(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	(void)dev;
	if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		invalidate(addr, size, dir);
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
		sg->dma_address = direct_map_page(dev, sg_page(sg), sg->offset, sg->length, dir, attrs);
		if (sg->dma_address != DMA_MAPPING_ERROR)
			continue;
		direct_unmap_sg(dev, sgl, i, dir, attrs | DMA_ATTR_SKIP_CPU_SYNC);
		return -EIO;
	}
	return nents;
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

static int direct_supported(struct device *dev, u64 mask)
{
	(void)dev;
	return cpu.hw->ram_bus + cpu.hw->ram_size - 1 <= mask;
}

const struct dma_map_ops direct_ops = {
	.alloc = direct_alloc,
	.free = direct_free,
	.map_page = direct_map_page,
	.unmap_page = direct_unmap_page,
	.map_sg = direct_map_sg,
	.unmap_sg = direct_unmap_sg,
	.sync_single_for_cpu = direct_sync_for_cpu,
	.sync_single_for_device = direct_sync_for_device,
	.dma_supported = direct_supported,
};
