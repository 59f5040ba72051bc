// SPDX-License-Identifier: MIT
/*
 * Pages that are mapped from the beginning: one run of them, or a table of them. The CPU has them first.
 */
#include "mapping_priv.h"

#include <linux/slab.h>
#include <linux/string.h>
#include "kernel/kernel_priv.h"

/* What a table without a way of its own does */

struct page *dma_common_alloc_pages(struct device *dev, size_t size, dma_addr_t *handle, enum dma_data_direction dir, gfp_t gfp)
{
	struct page *page = alloc_pages(gfp | __GFP_ZERO, (unsigned int)get_order(size));

	if (!page)
		return NULL;
	*handle = get_dma_ops(dev)->map_page(dev, page, 0, size, dir, DMA_ATTR_SKIP_CPU_SYNC);
	if (*handle != DMA_MAPPING_ERROR)
		return page;
	__free_pages(page, (unsigned int)get_order(size));
	return NULL;
}

void dma_common_free_pages(struct device *dev, size_t size, struct page *page, dma_addr_t handle, enum dma_data_direction dir)
{
	get_dma_ops(dev)->unmap_page(dev, handle, size, dir, DMA_ATTR_SKIP_CPU_SYNC);
	__free_pages(page, (unsigned int)get_order(size));
}

static struct page *take_pages(struct device *dev, size_t size, dma_addr_t *handle, enum dma_data_direction dir, gfp_t gfp,
			       const char *where)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);
	struct page *page;

	page = (ops->alloc_pages ? ops->alloc_pages : dma_common_alloc_pages)(dev, size, handle, dir, gfp);
	if (page)
		page->where = where;
	return page;
}

void pages_give(struct device *dev, size_t size, struct page *page, dma_addr_t handle, enum dma_data_direction dir)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	(ops->free_pages ? ops->free_pages : dma_common_free_pages)(dev, size, page, handle, dir);
}

struct page *kernel_dma_alloc_pages(struct device *dev, size_t size, dma_addr_t *handle, enum dma_data_direction dir, gfp_t gfp,
				    const char *where)
{
	struct page *page;

	if (!mapping_may(dev, size, dir, where))
		return NULL;
	page = take_pages(dev, PAGE_ALIGN(size), handle, dir, gfp, where);
	if (page)
		mapping_note_pages(dev, page, PAGE_ALIGN(size), *handle, dir, where);
	return page;
}

void kernel_dma_free_pages(struct device *dev, size_t size, struct page *page, dma_addr_t handle, enum dma_data_direction dir,
			   const char *where)
{
	mapping_undo_page(dev, handle, PAGE_ALIGN(size), dir, DMA_ATTR_SKIP_CPU_SYNC, page, where);
}

static int show_pages(struct vm_area_struct *vma, size_t size, struct sg_table *sgt)
{
	const unsigned long pages = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct sg_page_iter iter;
	unsigned long i = 0;

	if (vma->vm_pgoff >= pages || vma_pages(vma) > pages - vma->vm_pgoff || vma_pages(vma) > VMA_PAGES_MAX)
		return -ENXIO;
	for_each_sgtable_page(sgt, &iter, vma->vm_pgoff) {
		if (i == vma_pages(vma))
			return 0;
		vma->vm_pages[i++] = sg_page_iter_page(&iter);
	}
	return i == vma_pages(vma) ? 0 : -ENXIO;
}

int dma_mmap_pages(struct device *dev, struct vm_area_struct *vma, size_t size, struct page *page)
{
	struct sg_table whole = { .nents = 1, .orig_nents = 1 };
	struct scatterlist sg;

	(void)dev;
	sg_init_table(&sg, 1);
	sg_set_page(&sg, page, (unsigned int)PAGE_ALIGN(size), 0);
	whole.sgl = &sg;
	return show_pages(vma, size, &whole);
}

/* Tables of pages. Without a way of its own a device gets one run, which the CPU sees as one as well. */

static struct sg_table *table_of_run(struct device *dev, size_t size, enum dma_data_direction dir, gfp_t gfp, const char *where)
{
	struct sg_table *sgt = kzalloc(sizeof(*sgt), gfp);
	struct page *page;

	if (!sgt)
		return NULL;
	if (sg_alloc_table(sgt, 1, gfp))
		goto out_sgt;
	page = take_pages(dev, size, &sg_dma_address(sgt->sgl), dir, gfp, where);
	if (!page)
		goto out_table;
	sg_set_page(sgt->sgl, page, (unsigned int)size, 0);
	sg_dma_len(sgt->sgl) = sgt->sgl->length;
	return sgt;

out_table:
	sg_free_table(sgt);
out_sgt:
	kfree(sgt);
	return NULL;
}

static void free_table_of_run(struct device *dev, size_t size, struct sg_table *sgt, enum dma_data_direction dir)
{
	pages_give(dev, size, sg_page(sgt->sgl), sg_dma_address(sgt->sgl), dir);
	sg_free_table(sgt);
	kfree(sgt);
}

struct sg_table *kernel_dma_alloc_noncontiguous(struct device *dev, size_t size, enum dma_data_direction dir, gfp_t gfp,
						unsigned long attrs, const char *where)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);
	struct sg_table *sgt;

	if (WARN(attrs & ~DMA_ATTR_ALLOC_SINGLE_PAGES, "attributes %#lx have no meaning here, at %s", attrs, where))
		return NULL;
	if (!mapping_may(dev, size, dir, where))
		return NULL;
	if (ops->alloc_noncontiguous)
		sgt = ops->alloc_noncontiguous(dev, PAGE_ALIGN(size), dir, gfp, attrs);
	else
		sgt = table_of_run(dev, PAGE_ALIGN(size), dir, gfp, where);
	if (!sgt)
		return NULL;
	sgt->nents = 1;
	mapping_note_table(dev, sgt, dir, where);
	return sgt;
}

void kernel_dma_free_noncontiguous(struct device *dev, size_t size, struct sg_table *sgt, enum dma_data_direction dir, const char *where)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);
	const dma_addr_t bus = sg_dma_address(sgt->sgl);

	if (!mapping_forget_sg(dev, sgt->sgl, (int)sgt->orig_nents, dir, DMA_ATTR_SKIP_CPU_SYNC, where))
		return;
	(ops->free_noncontiguous ? ops->free_noncontiguous : free_table_of_run)(dev, PAGE_ALIGN(size), sgt, dir);
	golden_check_unmap(dev, bus, PAGE_ALIGN(size));
}

/* Only what is one run can be seen as one: there are no other kernel addresses than those of pages. */
void *dma_vmap_noncontiguous(struct device *dev, size_t size, struct sg_table *sgt)
{
	(void)dev;
	return sgt->orig_nents == 1 && size <= sgt->sgl->length ? sg_virt(sgt->sgl) : NULL;
}

void dma_vunmap_noncontiguous(struct device *dev, void *vaddr)
{
	(void)dev;
	WARN(!virt_addr_valid(vaddr), "%p was not made by dma_vmap_noncontiguous()", vaddr);
}

int dma_mmap_noncontiguous(struct device *dev, struct vm_area_struct *vma, size_t size, struct sg_table *sgt)
{
	(void)dev;
	return show_pages(vma, size, sgt);
}
