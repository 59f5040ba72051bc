// SPDX-License-Identifier: MIT
/*
 * Memory that one device has for itself: its coherent memory comes from there and from nowhere else.
 */
#include "mapping_priv.h"

#include <linux/slab.h>
#include <linux/string.h>
#include "kernel/kernel_priv.h"

/**
 * struct dma_coherent_mem - the memory
 * @phys:  its first byte
 * @bus:   the same for the device
 * @pages: how many
 * @used:  which are handed out
 */
struct dma_coherent_mem {
	phys_addr_t phys;
	dma_addr_t bus;
	size_t pages;
	bool used[];
};

int dma_declare_coherent_memory(struct device *dev, phys_addr_t phys, dma_addr_t device_addr, size_t size)
{
	struct dma_coherent_mem *mem;

	if (!size || (phys | device_addr | size) & ~PAGE_MASK || !view_declare(phys, size, true))
		return -EINVAL;
	mem = dev->dma_mem ? ERR_PTR(-EBUSY) : kzalloc(sizeof(*mem) + size / PAGE_SIZE * sizeof(mem->used[0]), GFP_KERNEL);
	if (IS_ERR_OR_NULL(mem)) {
		view_declare(phys, size, false);
		return mem ? (int)PTR_ERR(mem) : -ENOMEM;
	}
	mem->phys = phys;
	mem->bus = device_addr;
	mem->pages = size / PAGE_SIZE;
	dev->dma_mem = mem;
	return 0;
}

void dma_release_coherent_memory(struct device *dev)
{
	struct dma_coherent_mem *mem = dev->dma_mem;
	size_t i, used = 0;

	if (!mem)
		return;
	for (i = 0; i < mem->pages; i++)
		used += mem->used[i];
	WARN(used, "%zu pages of the memory of %s are in use, and it is taken away", used, dev_name(dev));
	view_declare(mem->phys, mem->pages * PAGE_SIZE, false);
	kfree(mem);
	dev->dma_mem = NULL;
}

static bool is_free(const struct dma_coherent_mem *mem, size_t first, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (first + i >= mem->pages || mem->used[first + i])
			return false;
	return true;
}

int dma_alloc_from_dev_coherent(struct device *dev, ssize_t size, dma_addr_t *handle, void **ret)
{
	struct dma_coherent_mem *mem = dev->dma_mem;
	const size_t n = 1ul << get_order((unsigned long)size);
	size_t first;

	if (!mem)
		return 0;
	*ret = NULL;
	for (first = 0; first < mem->pages && !*ret; first += n) {
		if (!is_free(mem, first, n))
			continue;
		memset(mem->used + first, true, n * sizeof(mem->used[0]));
		*handle = mem->bus + first * PAGE_SIZE;
		*ret = memset(view_of_device(mem->phys + first * PAGE_SIZE), 0, n * PAGE_SIZE);
	}
	return 1;
}

/* How far into the memory an address is; false if it is elsewhere. */
static bool is_inside(const struct dma_coherent_mem *mem, const void *vaddr, size_t *offset)
{
	const u8 *first = mem ? view_of_device(mem->phys) : NULL, *p = vaddr;

	if (!mem || p < first || p >= first + mem->pages * PAGE_SIZE)
		return false;
	*offset = (size_t)(p - first);
	return true;
}

int dma_release_from_dev_coherent(struct device *dev, int order, void *vaddr)
{
	size_t offset;

	if (!is_inside(dev->dma_mem, vaddr, &offset))
		return 0;
	memset(dev->dma_mem->used + offset / PAGE_SIZE, false, sizeof(dev->dma_mem->used[0]) << order);
	return 1;
}

int dma_mmap_from_dev_coherent(struct device *dev, struct vm_area_struct *vma, void *vaddr, size_t size, int *ret)
{
	size_t offset;
	struct page *first;

	if (!is_inside(dev->dma_mem, vaddr, &offset))
		return 0;
	first = pfn_to_page((dev->dma_mem->phys + offset) >> PAGE_SHIFT);
	*ret = dma_mmap_pages(dev, vma, size, first);
	return 1;
}
