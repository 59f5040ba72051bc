// SPDX-License-Identifier: MIT
/*
 * Every mapping call is compared with the golden sgtable: bus addresses, lengths and number of entries, page tables entry by
 * entry, and after an unmap that nothing is left in them.
 */
#include "mapping_priv.h"

#include <stdlib.h>
#include <string.h>
#include "kernel/kernel_priv.h"
#include "sgtable.h"

static uint64_t compared;

uint64_t mapping_compared(void)
{
	return compared;
}

void golden_boot(void)
{
	compared = 0;
}

static struct sgtable_limits limits_of(struct device *dev)
{
	return (struct sgtable_limits){
		.ram_phys = PHYS_OFFSET,
		.ram_bus = cpu.hw->ram_bus,
		.ram_size = cpu.hw->ram_size,
		.last = mapping_limit(dev),
		.max_segment = dma_get_max_seg_size(dev),
		.boundary = dma_get_seg_boundary(dev),
		.keep = dma_get_min_align_mask(dev),
	};
}

static bool is_translated(struct device *dev)
{
	return iommu_root(dev) || get_dma_ops(dev) == &iommu_dma_ops;
}

static uint64_t load(void *arg, uint64_t bus)
{
	uint64_t entry;

	(void)arg;
	if (bus - cpu.hw->ram_bus > cpu.hw->ram_size - sizeof(entry))
		return 0;
	memcpy(&entry, cpu.hw->ram + (bus - cpu.hw->ram_bus), sizeof(entry));
	return entry;
}

/* One piece without an IOMMU */
static void check_direct(struct device *dev, const struct sgtable_piece *piece, dma_addr_t bus, const char *where)
{
	const struct sgtable_limits limits = limits_of(dev);
	uint64_t want;

	compared++;
	if (sgtable_direct(&limits, piece, &want)) {
		if (bus != want)
			debug_report(MAPPING_GOLDEN, "mapping at %s: bus address %#llx, and the golden model says %#llx", where, bus,
				     (u64)want);
		return;
	}
	if (bus != DMA_MAPPING_ERROR && !sgtable_bounce_fits(&limits, piece, bus))
		debug_report(MAPPING_GOLDEN, "mapping at %s: no copy of %llu bytes may stand at %#llx", where, (u64)piece->length, bus);
}

/* What an IOMMU does */

static bool may_read(enum dma_data_direction dir)
{
	return dir != DMA_FROM_DEVICE;
}

static bool may_write(enum dma_data_direction dir)
{
	return dir != DMA_TO_DEVICE;
}

static void check_tables(struct device *dev, const struct sgtable_page *page, size_t n, enum dma_data_direction dir, const char *where)
{
	const struct sgtable_limits limits = limits_of(dev);
	size_t i;

	for (i = 0; i < n; i++) {
		const uint64_t want = sgtable_entry(&limits, page[i].phys, may_read(dir), may_write(dir));
		const uint64_t got = sgtable_walk(load, NULL, iommu_root(dev), page[i].iova);

		if (live_page_used(dev, page[i].iova))
			debug_report(MAPPING_GOLDEN, "mapping at %s: page %#llx is in use already", where, (u64)page[i].iova);
		if (got == want && page[i].iova && page[i].iova + PAGE_SIZE - 1 <= limits.last)
			continue;
		debug_report(MAPPING_GOLDEN, "mapping at %s: page %#llx leads to %#llx, and the golden model says %#llx", where,
			     (u64)page[i].iova, (u64)got, (u64)want);
		return;
	}
}

static void check_segments(const struct sgtable_segment *want, size_t n, const struct sgtable_segment *got, size_t mapped,
			   const char *where)
{
	size_t i;

	if (n != mapped)
		debug_report(MAPPING_GOLDEN, "mapping at %s: %zu entries, and the golden model says %zu", where, mapped, n);
	for (i = 0; i < n && i < mapped; i++) {
		if (got[i].bus == want[i].bus && got[i].length == want[i].length)
			continue;
		debug_report(MAPPING_GOLDEN, "mapping at %s: entry %zu has %llu bytes at %#llx, and the golden model says %llu at %#llx",
			     where, i, (u64)got[i].length, (u64)got[i].bus, (u64)want[i].length, (u64)want[i].bus);
		return;
	}
}

static size_t pages_of(const struct sgtable_piece *piece, size_t n)
{
	size_t i, pages = 0;

	for (i = 0; i < n; i++)
		pages += PAGE_ALIGN(offset_in_page(piece[i].phys) + piece[i].length) / PAGE_SIZE;
	return pages;
}

static void check_translated(struct device *dev, const struct sgtable_piece *piece, size_t n, const struct sgtable_segment *got,
			     size_t mapped, enum dma_data_direction dir, const char *where)
{
	const struct sgtable_limits limits = limits_of(dev);
	struct sgtable_page *page = calloc(pages_of(piece, n), sizeof(*page));
	struct sgtable_segment *want = calloc(n, sizeof(*want));
	size_t segments, pages;

	if (!page || !want)
		panic("the host has no memory for the golden model");
	segments = sgtable_iommu(&limits, got[0].bus & PAGE_MASK, piece, n, want, page, pages_of(piece, n), &pages);
	check_segments(want, segments, got, mapped, where);
	check_tables(dev, page, pages, dir, where);
	compared++;
	free(want);
	free(page);
}

/* The calls */

void golden_check_page(const struct mapping *m)
{
	const struct sgtable_piece piece = { .phys = m->phys, .length = m->size };
	const struct sgtable_segment got = { .bus = m->bus, .length = m->size };

	if (!is_translated(m->dev))
		check_direct(m->dev, &piece, m->bus, m->where);
	else if (m->bus != DMA_MAPPING_ERROR)
		check_translated(m->dev, &piece, 1, &got, 1, m->dir, m->where);
}

static void fill_sg(struct scatterlist *sgl, int nents, int mapped, struct sgtable_piece *piece, struct sgtable_segment *got)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		piece[i] = (struct sgtable_piece){ .phys = sg_phys(sg), .length = sg->length };
		if (i < mapped)
			got[i] = (struct sgtable_segment){ .bus = sg_dma_address(sg), .length = sg_dma_len(sg) };
	}
}

/* Each piece is an entry of its own. */
static void check_direct_list(struct device *dev, const struct sgtable_piece *piece, const struct sgtable_segment *got, int mapped,
			      const char *where)
{
	int i;

	for (i = 0; i < mapped; i++) {
		check_direct(dev, &piece[i], got[i].bus, where);
		if (got[i].length != piece[i].length)
			debug_report(MAPPING_GOLDEN, "mapping at %s: entry %d has %llu bytes, and the golden model says %llu", where, i,
				     (u64)got[i].length, (u64)piece[i].length);
	}
}

void golden_check_sg(struct device *dev, struct scatterlist *sgl, int nents, int mapped, enum dma_data_direction dir,
		     const char *where)
{
	struct sgtable_piece *piece = calloc((size_t)nents, sizeof(*piece));
	struct sgtable_segment *got = calloc((size_t)nents, sizeof(*got));

	if (!piece || !got)
		panic("the host has no memory for the golden model");
	fill_sg(sgl, nents, mapped, piece, got);
	if (mapped > 0 && is_translated(dev))
		check_translated(dev, piece, (size_t)nents, got, (size_t)mapped, dir, where);
	if (mapped > 0 && !is_translated(dev) && mapped != nents)
		debug_report(MAPPING_GOLDEN, "mapping at %s: %d entries of %d, and nothing joins them", where, mapped, nents);
	if (!is_translated(dev))
		check_direct_list(dev, piece, got, mapped, where);
	free(got);
	free(piece);
}

void golden_check_unmap(struct device *dev, dma_addr_t bus, size_t size)
{
	dma_addr_t at;

	if (!is_translated(dev))
		return;
	compared++;
	for (at = bus & PAGE_MASK; at < bus + size; at += PAGE_SIZE) {
		if (!sgtable_walk(load, NULL, iommu_root(dev), at))
			continue;
		debug_report(MAPPING_GOLDEN, "page %#llx is still in the page tables after it was unmapped", at);
		return;
	}
}

/* Memory of dma_alloc_attrs() */

/* The physical address of a page that the device sees; 0 if it sees none. */
static uint64_t phys_of(struct device *dev, dma_addr_t bus)
{
	uint64_t entry = bus;

	if (is_translated(dev)) {
		entry = sgtable_walk(load, NULL, iommu_root(dev), bus);
		if ((entry & (SGTABLE_READ | SGTABLE_WRITE)) != (SGTABLE_READ | SGTABLE_WRITE))
			return 0;
	}
	return PHYS_OFFSET + ((entry & SGTABLE_ADDRESS) - cpu.hw->ram_bus);
}

void golden_check_alloc(const struct mapping *m)
{
	const u64 last = min_t(u64, m->dev->coherent_dma_mask, m->dev->bus_dma_limit ? m->dev->bus_dma_limit : U64_MAX);
	dma_addr_t at;

	compared++;
	if (!m->bus || offset_in_page(m->bus) || m->bus + m->size - 1 > last)
		debug_report(MAPPING_GOLDEN, "memory allocated at %s: bus address %#llx is out of reach or not a page", m->where, m->bus);
	for (at = m->bus; at < m->bus + m->size; at += PAGE_SIZE) {
		const uint64_t phys = phys_of(m->dev, at);

		if (phys >= PHYS_OFFSET && phys < PHYS_OFFSET + cpu.hw->ram_size && view_is_one(phys))
			continue;
		debug_report(MAPPING_GOLDEN, "memory allocated at %s: nothing is behind bus address %#llx", m->where, at);
		return;
	}
}

void golden_check_sgtable(struct device *dev, struct sg_table *sgt, dma_addr_t handle, size_t size)
{
	const size_t whole = PAGE_ALIGN(size), n = whole / PAGE_SIZE;
	struct sgtable_piece *want = calloc(n, sizeof(*want));
	uint64_t *pages = calloc(n, sizeof(*pages));
	struct scatterlist *sg;
	size_t pieces;
	unsigned int i;

	if (!want || !pages)
		panic("the host has no memory for the golden model");
	for (i = 0; i < n; i++)
		pages[i] = phys_of(dev, handle + i * PAGE_SIZE);
	/* One run is described to the end of its last page, scattered pages to the size that was asked for. */
	pieces = sgtable_from_pages(pages, n, 0, is_translated(dev) ? size : whole, UINT64_MAX, want, n);
	if (pieces != sgt->orig_nents)
		debug_report(MAPPING_GOLDEN, "dma_get_sgtable(): %u entries, and the golden model says %zu", sgt->orig_nents, pieces);
	for_each_sgtable_sg(sgt, sg, i)
		if (i < pieces && (sg_phys(sg) != want[i].phys || sg->length != want[i].length))
			debug_report(MAPPING_GOLDEN, "dma_get_sgtable(): entry %u has %u bytes at %#llx, not %llu at %#llx", i, sg->length,
				     sg_phys(sg), (u64)want[i].length, (u64)want[i].phys);
	compared++;
	free(pages);
	free(want);
}
