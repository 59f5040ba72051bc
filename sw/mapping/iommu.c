// SPDX-License-Identifier: MIT
/*
 * Mapping through an IOMMU: each device has a context with addresses of its own, from just below its mask downwards. Pages need
 * not be consecutive in memory to be so for the device, so list entries are joined.
 */
#include "mapping_priv.h"

#include <stdlib.h>
#include <string.h>
#include "iommu_context.h"
#include "iommu_table.h"
#include "kernel/kernel_priv.h"

#define SPACE_PAGES IOMMU_SPACE_PAGES

/* Addresses */

static bool is_free(const struct iommu_domain *domain, unsigned int first, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (domain->used[first + i])
			return false;
	return true;
}

/*
 * A run is aligned to its size rounded up to a power of two, so boundaries of the run are boundaries of the addresses. @last is
 * the last address that will do: masks may have shrunk since the space was laid out.
 */
static dma_addr_t space_take(struct iommu_domain *domain, size_t size, u64 last)
{
	unsigned int n = (unsigned int)(size / PAGE_SIZE), step = 1, tried, first;

	if (size > SPACE_PAGES * PAGE_SIZE)
		return DMA_MAPPING_ERROR;
	while (step < n)
		step *= 2;
	first = domain->next / step * step;
	for (tried = 0; tried < SPACE_PAGES / step; tried++, first += step) {
		first %= SPACE_PAGES;
		if (domain->base + (first + n) * PAGE_SIZE - 1 > last || !is_free(domain, first, n))
			continue;
		memset(domain->used + first, true, n);
		domain->next = (first + n) % SPACE_PAGES;
		return domain->base + (dma_addr_t)first * PAGE_SIZE;
	}
	return DMA_MAPPING_ERROR;
}

static void space_give(struct iommu_domain *domain, dma_addr_t iova, size_t size)
{
	memset(domain->used + (iova - domain->base) / PAGE_SIZE, false, size / PAGE_SIZE);
}

static void unmap_range(struct iommu_domain *domain, dma_addr_t iova, size_t size)
{
	iommu_table_clear(domain->root, iova, size);
	iommu_context_invalidate(domain, iova, size);
	space_give(domain, iova, size);
}

/* Streaming mappings of one piece */

static size_t span_of(phys_addr_t phys, size_t size)
{
	return PAGE_ALIGN(offset_in_page(phys) + size);
}

static dma_addr_t map_run(struct device *dev, phys_addr_t phys, size_t size, enum dma_data_direction dir)
{
	struct iommu_domain *domain = iommu_context_of(dev);
	const size_t span = span_of(phys, size);
	dma_addr_t iova = domain ? space_take(domain, span, mapping_limit(dev)) : DMA_MAPPING_ERROR;

	if (iova == DMA_MAPPING_ERROR)
		return DMA_MAPPING_ERROR;
	if (iommu_table_set(domain->root, iova, phys & PAGE_MASK, span, dir))
		return iova + offset_in_page(phys);
	unmap_range(domain, iova, span);
	return DMA_MAPPING_ERROR;
}

/* The views of what stands behind a range of addresses, page by page. */
static void for_views(struct device *dev, dma_addr_t iova, size_t size, enum dma_data_direction dir,
		      void (*fn)(phys_addr_t phys, size_t size, enum dma_data_direction dir))
{
	size_t step;

	for (; size; iova += step, size -= step) {
		step = min_t(size_t, size, PAGE_SIZE - offset_in_page(iova));
		fn(iommu_iova_to_phys(dev->iommu_domain, iova), step, dir);
	}
}

static dma_addr_t iommu_map_page(struct device *dev, struct page *page, unsigned long offset, size_t size, enum dma_data_direction dir,
				 unsigned long attrs)
{
	dma_addr_t iova = map_run(dev, page_to_phys(page) + offset, size, dir);

	if (iova != DMA_MAPPING_ERROR && !(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		for_views(dev, iova, size, dir, view_clean);
	return iova;
}

static void iommu_unmap_page(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		for_views(dev, addr, size, dir, view_invalidate);
	unmap_range(dev->iommu_domain, addr & PAGE_MASK, span_of(addr, size));
}

static dma_addr_t iommu_map_resource(struct device *dev, phys_addr_t phys, size_t size, enum dma_data_direction dir,
				     unsigned long attrs)
{
	(void)attrs;
	return map_run(dev, phys, size, dir);
}

static void iommu_unmap_resource(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	(void)dir;
	(void)attrs;
	unmap_range(dev->iommu_domain, addr & PAGE_MASK, span_of(addr, size));
}

static void iommu_sync_for_cpu(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir)
{
	for_views(dev, addr, size, dir, view_invalidate);
}

static void iommu_sync_for_device(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir)
{
	for_views(dev, addr, size, dir, view_clean);
}

/* Lists. First where each entry goes, counted from the first; then room for all, the tables, and what is joined. */

/* An entry that would cross a boundary begins at it. */
static size_t place_of(size_t at, size_t span, u64 boundary)
{
	const u64 pad = (boundary - at + 1) & boundary;

	return pad && pad < span ? at + pad : at;
}

static size_t layout_sg(struct device *dev, struct scatterlist *sgl, int nents)
{
	const u64 boundary = dma_get_seg_boundary(dev);
	struct scatterlist *sg;
	size_t at = 0;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		const size_t span = span_of(sg_phys(sg), sg->length);

		at = place_of(at, span, boundary);
		sg_dma_address(sg) = at;
		at += span;
	}
	return at;
}

static bool enter_sg(struct iommu_domain *domain, struct scatterlist *sgl, int nents, dma_addr_t iova, enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		const phys_addr_t phys = sg_phys(sg);

		if (!iommu_table_set(domain->root, iova + sg_dma_address(sg), phys & PAGE_MASK, span_of(phys, sg->length), dir))
			return false;
	}
	return true;
}

static bool may_join(struct device *dev, const struct scatterlist *to, dma_addr_t next, unsigned int length)
{
	return sg_dma_address(to) + sg_dma_len(to) == next && (next & dma_get_seg_boundary(dev)) &&
	       dma_get_max_seg_size(dev) - sg_dma_len(to) >= length && sg_dma_len(to) <= dma_get_max_seg_size(dev);
}

static int join_sg(struct device *dev, struct scatterlist *sgl, int nents, dma_addr_t iova)
{
	struct scatterlist *sg, *to = NULL;
	int i, count = 0;

	for_each_sg(sgl, sg, nents, i) {
		const dma_addr_t next = iova + sg_dma_address(sg) + offset_in_page(sg_phys(sg));

		sg_dma_len(sg) = 0;
		if (to && may_join(dev, to, next, sg->length)) {
			sg_dma_len(to) += sg->length;
			continue;
		}
		to = to ? sg_next(to) : sg;
		sg_dma_address(to) = next;
		sg_dma_len(to) = sg->length;
		count++;
	}
	return count;
}

static void views_sg(struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs,
		     void (*fn)(phys_addr_t phys, size_t size, enum dma_data_direction dir))
{
	struct scatterlist *sg;
	int i;

	if (attrs & DMA_ATTR_SKIP_CPU_SYNC)
		return;
	for_each_sg(sgl, sg, nents, i)
		fn(sg_phys(sg), sg->length, dir);
}

static int iommu_map_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs)
{
	struct iommu_domain *domain = iommu_context_of(dev);
	const size_t size = layout_sg(dev, sgl, nents);
	dma_addr_t iova = domain ? space_take(domain, size, mapping_limit(dev)) : DMA_MAPPING_ERROR;

	if (iova == DMA_MAPPING_ERROR)
		return -ENOMEM;
	if (!enter_sg(domain, sgl, nents, iova, dir)) {
		unmap_range(domain, iova, size);
		return -ENOMEM;
	}
	views_sg(sgl, nents, dir, attrs, view_clean);
	return join_sg(dev, sgl, nents, iova);
}

static void iommu_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs)
{
	const dma_addr_t iova = sg_dma_address(sgl) & PAGE_MASK;
	dma_addr_t end = iova;
	struct scatterlist *sg;
	int i;

	views_sg(sgl, nents, dir, attrs, view_invalidate);
	for_each_sg(sgl, sg, nents, i)
		if (sg_dma_len(sg))
			end = sg_dma_address(sg) + sg_dma_len(sg);
	unmap_range(dev->iommu_domain, iova, PAGE_ALIGN(end) - iova);
}

/* Coherent memory: single pages, wherever they are */

static void free_pages_of(struct page **pages, size_t n)
{
	while (n)
		view_free_run(pages[--n]);
	free(pages);
}

static struct page **alloc_pages_of(size_t n)
{
	struct page **pages = calloc(n, sizeof(*pages));
	size_t i;

	for (i = 0; pages && i < n; i++) {
		pages[i] = view_alloc_run(1, ~0ull);
		if (!pages[i]) {
			free_pages_of(pages, i);
			return NULL;
		}
		memset(view_of_device(page_to_phys(pages[i])), 0, PAGE_SIZE);
	}
	return pages;
}

static bool enter_pages(struct iommu_domain *domain, struct page **pages, size_t n, dma_addr_t iova)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!iommu_table_set(domain->root, iova + i * PAGE_SIZE, page_to_phys(pages[i]), PAGE_SIZE, DMA_BIDIRECTIONAL))
			return false;
	return true;
}

/* The CPU needs one run of addresses, so memory that it will look at is one run of pages. */
static struct page **alloc_run_of(size_t n)
{
	struct page **pages = calloc(n, sizeof(*pages));
	struct page *run = pages ? view_alloc_run(n, ~0ull) : NULL;
	size_t i;

	if (!run) {
		free(pages);
		return NULL;
	}
	memset(view_of_device(page_to_phys(run)), 0, n * PAGE_SIZE);
	for (i = 0; i < n; i++)
		pages[i] = run + i;
	return pages;
}

static void *iommu_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs)
{
	const bool is_cookie = attrs & DMA_ATTR_NO_KERNEL_MAPPING;
	struct iommu_domain *domain = iommu_context_of(dev);
	const size_t n = PAGE_ALIGN(size) / PAGE_SIZE;
	struct page **pages = NULL;
	void *addr;

	(void)gfp;
	if (domain)
		pages = is_cookie ? alloc_pages_of(n) : alloc_run_of(n);
	if (!pages)
		return NULL;
	*handle = space_take(domain, n * PAGE_SIZE, min_t(u64, mapping_limit(dev), dev->coherent_dma_mask));
	if (*handle == DMA_MAPPING_ERROR)
		goto out_pages;
	if (!enter_pages(domain, pages, n, *handle))
		goto out_space;
	addr = is_cookie ? mapping_cookie(pages[0]) : view_of_device(page_to_phys(pages[0]));
	free(pages);
	return addr;

out_space:
	unmap_range(domain, *handle, n * PAGE_SIZE);
out_pages:
	free_pages_of(pages, is_cookie ? n : 1);
	return NULL;
}

static struct page *page_behind(struct device *dev, dma_addr_t iova)
{
	return pfn_to_page(iommu_iova_to_phys(dev->iommu_domain, iova) >> PAGE_SHIFT);
}

static void iommu_free(struct device *dev, size_t size, void *addr, dma_addr_t handle, unsigned long attrs)
{
	const size_t n = PAGE_ALIGN(size) / PAGE_SIZE;
	size_t i;

	(void)addr;
	for (i = 0; i < n && (!i || (attrs & DMA_ATTR_NO_KERNEL_MAPPING)); i++)
		view_free_run(page_behind(dev, handle + i * PAGE_SIZE));
	unmap_range(dev->iommu_domain, handle, n * PAGE_SIZE);
}

static int iommu_mmap(struct device *dev, struct vm_area_struct *vma, void *addr, dma_addr_t handle, size_t size, unsigned long attrs)
{
	unsigned long i;

	(void)addr;
	(void)size;
	(void)attrs;
	for (i = 0; i < vma_pages(vma); i++)
		vma->vm_pages[i] = page_behind(dev, handle + (vma->vm_pgoff + i) * PAGE_SIZE);
	return 0;
}

static int iommu_get_sgtable(struct device *dev, struct sg_table *sgt, void *addr, dma_addr_t handle, size_t size, unsigned long attrs)
{
	const unsigned int n = (unsigned int)(PAGE_ALIGN(size) / PAGE_SIZE);
	struct page **pages = calloc(n, sizeof(*pages));
	unsigned int i;
	int err;

	(void)addr;
	(void)attrs;
	if (!pages)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		pages[i] = page_behind(dev, handle + i * PAGE_SIZE);
	err = sg_alloc_table_from_pages(sgt, pages, n, 0, size, GFP_KERNEL);
	free(pages);
	return err;
}

/* Limits */

static int iommu_supported(struct device *dev, u64 mask)
{
	(void)dev;
	return mask >= (u64)SPACE_PAGES * PAGE_SIZE - 1;
}

static u64 iommu_get_required_mask(struct device *dev)
{
	(void)dev;
	return DMA_BIT_MASK(32);
}

static size_t iommu_max_mapping_size(struct device *dev)
{
	(void)dev;
	return SPACE_PAGES / 2 * PAGE_SIZE;
}

static unsigned long iommu_get_merge_boundary(struct device *dev)
{
	(void)dev;
	return PAGE_SIZE - 1;
}

const struct dma_map_ops iommu_dma_ops = {
	.alloc = iommu_alloc,
	.free = iommu_free,
	.mmap = iommu_mmap,
	.get_sgtable = iommu_get_sgtable,
	.map_page = iommu_map_page,
	.unmap_page = iommu_unmap_page,
	.map_sg = iommu_map_sg,
	.unmap_sg = iommu_unmap_sg,
	.map_resource = iommu_map_resource,
	.unmap_resource = iommu_unmap_resource,
	.sync_single_for_cpu = iommu_sync_for_cpu,
	.sync_single_for_device = iommu_sync_for_device,
	.dma_supported = iommu_supported,
	.get_required_mask = iommu_get_required_mask,
	.max_mapping_size = iommu_max_mapping_size,
	.get_merge_boundary = iommu_get_merge_boundary,
};
