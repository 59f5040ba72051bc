// SPDX-License-Identifier: MIT
/*
 * The calls of linux/dma-mapping.h: check, record, and let the device's table do the work.
 */
#include "mapping_priv.h"

#include <linux/irqflags.h>
#include "kernel/kernel_priv.h"

const struct dma_map_ops *get_dma_ops(struct device *dev)
{
	return dev->dma_ops ? dev->dma_ops : &direct_ops;
}

void set_dma_ops(struct device *dev, const struct dma_map_ops *ops)
{
	dev->dma_ops = ops;
}

static bool is_allocated(const struct page *page, size_t bytes)
{
	size_t i;

	for (i = 0; i < DIV_ROUND_UP(bytes, PAGE_SIZE); i++)
		if (!page[i].use)
			return false;
	return true;
}

static bool may_map(struct device *dev, struct page *page, size_t offset, size_t size, enum dma_data_direction dir, const char *where)
{
	const char *wrong = NULL;

	if (!dev || !dev->dma_mask)
		wrong = "the device cannot do DMA";
	else if (!valid_dma_direction(dir))
		wrong = "there is no such direction";
	else if (!size)
		wrong = "there is nothing to map";
	else if (!page || !ram_is_cpu(page_address(page), offset + size) || !is_allocated(page, offset + size))
		wrong = "it is not allocated memory";
	if (wrong)
		kernel_problem("mapping at %s: %s", where, wrong);
	return !wrong;
}

dma_addr_t kernel_dma_map_page(struct device *dev, struct page *page, size_t offset, size_t size, enum dma_data_direction dir,
			       unsigned long attrs, const char *where)
{
	struct mapping m = { .kind = MAPPING_SINGLE, .dev = dev, .size = size, .dir = dir, .where = where };

	if (!may_map(dev, page, offset, size, dir, where))
		return DMA_MAPPING_ERROR;
	m.bus = get_dma_ops(dev)->map_page(dev, page, offset, size, dir, attrs);
	if (m.bus != DMA_MAPPING_ERROR)
		live_add(&m);
	return m.bus;
}

dma_addr_t kernel_dma_map_single(struct device *dev, void *ptr, size_t size, enum dma_data_direction dir, unsigned long attrs,
				 const char *where)
{
	struct page *page = virt_to_page(ptr);

	return page ? kernel_dma_map_page(dev, page, offset_in_page(ptr), size, dir, attrs, where) : DMA_MAPPING_ERROR;
}

void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	const struct mapping m = { .kind = MAPPING_SINGLE, .dev = dev, .bus = addr, .size = size, .dir = dir };

	if (live_remove(&m))
		get_dma_ops(dev)->unmap_page(dev, addr, size, dir, attrs);
}

void dma_unmap_single_attrs(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	dma_unmap_page_attrs(dev, addr, size, dir, attrs);
}

int dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	if (addr == DMA_MAPPING_ERROR)
		return -ENOMEM;
	live_check(dev, addr);
	return 0;
}

static struct mapping sg_mapping(struct device *dev, const struct scatterlist *sg, int nents, enum dma_data_direction dir)
{
	return (struct mapping){
		.kind = MAPPING_SG,
		.dev = dev,
		.bus = sg_dma_address(sg),
		.size = sg_dma_len(sg),
		.dir = dir,
		.entries = nents,
		.checked = true,
	};
}

static int map_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs,
		  const char *where)
{
	struct scatterlist *sg;
	int i, mapped;

	for_each_sg(sgl, sg, nents, i)
		if (!may_map(dev, sg_page(sg), sg->offset, sg->length, dir, where))
			return -EINVAL;
	mapped = get_dma_ops(dev)->map_sg(dev, sgl, nents, dir, attrs);
	for_each_sg(sgl, sg, mapped, i) {
		struct mapping m = sg_mapping(dev, sg, nents, dir);

		m.where = where;
		live_add(&m);
	}
	return mapped;
}

unsigned int kernel_dma_map_sg(struct device *dev, struct scatterlist *sg, int nents, enum dma_data_direction dir,
			       unsigned long attrs, const char *where)
{
	int mapped = map_sg(dev, sg, nents, dir, attrs, where);

	return mapped < 0 ? 0 : (unsigned int)mapped;
}

int kernel_dma_map_sgtable(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir, unsigned long attrs,
			   const char *where)
{
	int mapped = map_sg(dev, sgt->sgl, (int)sgt->orig_nents, dir, attrs, where);

	if (mapped < 0)
		return mapped;
	sgt->nents = (unsigned int)mapped;
	return 0;
}

void dma_unmap_sg_attrs(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs)
{
	struct scatterlist *sg;
	bool all = true;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		struct mapping m = sg_mapping(dev, sg, nents, dir);

		all &= live_remove(&m);
	}
	if (all)
		get_dma_ops(dev)->unmap_sg(dev, sgl, nents, dir, attrs);
}

void dma_unmap_sgtable(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir, unsigned long attrs)
{
	dma_unmap_sg_attrs(dev, sgt->sgl, (int)sgt->orig_nents, dir, attrs);
}

void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir)
{
	if (live_sync(dev, addr, size, dir, "sync for CPU"))
		get_dma_ops(dev)->sync_single_for_cpu(dev, addr, size, dir);
}

void dma_sync_single_for_device(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir)
{
	if (live_sync(dev, addr, size, dir, "sync for device"))
		get_dma_ops(dev)->sync_single_for_device(dev, addr, size, dir);
}

void dma_sync_sg_for_cpu(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i)
		dma_sync_single_for_cpu(dev, sg_dma_address(sg), sg_dma_len(sg), dir);
}

void dma_sync_sg_for_device(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i)
		dma_sync_single_for_device(dev, sg_dma_address(sg), sg_dma_len(sg), dir);
}

void *kernel_dma_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs, const char *where)
{
	struct mapping m = { .kind = MAPPING_COHERENT, .dev = dev, .size = PAGE_ALIGN(size), .checked = true, .where = where };
	void *addr;

	if (gfp & __GFP_SLEEP)
		might_sleep();
	addr = size ? get_dma_ops(dev)->alloc(dev, size, handle, gfp, attrs) : NULL;
	if (!addr)
		return NULL;
	m.bus = *handle;
	m.dir = DMA_BIDIRECTIONAL;
	live_add(&m);
	return addr;
}

void dma_free_attrs(struct device *dev, size_t size, void *addr, dma_addr_t handle, unsigned long attrs)
{
	const struct mapping m = { .kind = MAPPING_COHERENT, .dev = dev, .bus = handle, .size = PAGE_ALIGN(size) };

	if (!addr)
		return;
	WARN(irqs_disabled(), "coherent memory is freed with interrupts off");
	if (live_remove(&m))
		get_dma_ops(dev)->free(dev, size, addr, handle, attrs);
}

int dma_set_mask(struct device *dev, u64 mask)
{
	if (!dev->dma_mask || !get_dma_ops(dev)->dma_supported(dev, mask))
		return -EIO;
	*dev->dma_mask = mask;
	return 0;
}

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	if (!get_dma_ops(dev)->dma_supported(dev, mask))
		return -EIO;
	dev->coherent_dma_mask = mask;
	return 0;
}

int dma_set_mask_and_coherent(struct device *dev, u64 mask)
{
	int err = dma_set_mask(dev, mask);

	return err ? err : dma_set_coherent_mask(dev, mask);
}

u64 dma_get_mask(struct device *dev)
{
	return dev->dma_mask && *dev->dma_mask ? *dev->dma_mask : DMA_BIT_MASK(32);
}
