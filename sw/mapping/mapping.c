// SPDX-License-Identifier: MIT
/*
 * The streaming calls of linux/dma-mapping.h: check, record, compare with the golden model, and let the device's table do
 * the work.
 */
#define _GNU_SOURCE
#include <link.h>

#include "mapping_priv.h"

#include "kernel/kernel_priv.h"

/* Is it memory that can be mapped, and if not, what is it? */

struct search {
	uintptr_t at;
	const char *what;
};

/* The program may be an executable or a module that a simulator has loaded; its segments say what is where in both. */
static int search_segments(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *search = data;
	unsigned int i;

	(void)size;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type != PT_LOAD || search->at - info->dlpi_addr - segment->p_vaddr >= segment->p_memsz)
			continue;
		search->what = segment->p_flags & PF_X ? "it is code" : "it is data of the program, not allocated memory";
		return 1;
	}
	return 0;
}

static const char *what_else(const void *ptr)
{
	const char *p = ptr, *stack = __builtin_frame_address(0);
	struct search search = { .at = (uintptr_t)ptr, .what = "it is not page or kmalloc memory" };

	if (p >= stack - PAGE_SIZE && p < stack + 16 * PAGE_SIZE)
		return "it is on the stack";
	dl_iterate_phdr(search_segments, &search);
	return search.what;
}

static bool is_allocated(const struct page *page, size_t bytes)
{
	size_t i;

	for (i = 0; i < DIV_ROUND_UP(bytes, PAGE_SIZE); i++)
		if (!page[i].use)
			return false;
	return true;
}

bool mapping_may(struct device *dev, size_t size, enum dma_data_direction dir, const char *where)
{
	const char *wrong = NULL;

	if (!dev || !dev->dma_mask)
		wrong = "the device cannot do DMA";
	else if (!valid_dma_direction(dir))
		wrong = "there is no such direction";
	else if (!size)
		wrong = "there is nothing to map";
	if (wrong)
		debug_report(MAPPING_ARGUMENT, "mapping at %s: %s", where, wrong);
	return !wrong;
}

static bool is_memory(struct page *page, size_t offset, size_t size, const char *where)
{
	if (page && ram_is_cpu(page_address(page), offset + size) && is_allocated(page, offset + size))
		return true;
	debug_report(MAPPING_MEMORY, "mapping at %s: it is not allocated memory", where);
	return false;
}

/* Where a mapping's bytes lie in memory; false if that is not one run, or no memory at all. */
static bool in_ram(const struct mapping *m, size_t *offset)
{
	*offset = m->phys - PHYS_OFFSET;
	return m->phys && m->kind != MAPPING_RESOURCE;
}

static bool is_synced(unsigned long attrs)
{
	return !(attrs & DMA_ATTR_SKIP_CPU_SYNC);
}

dma_addr_t kernel_dma_map_page(struct device *dev, struct page *page, size_t offset, size_t size, enum dma_data_direction dir,
			       unsigned long attrs, const char *where)
{
	struct mapping m = { .kind = MAPPING_SINGLE, .dev = dev, .size = size, .dir = dir, .attrs = attrs, .where = where };

	if (!mapping_may(dev, size, dir, where) || !is_memory(page, offset, size, where))
		return DMA_MAPPING_ERROR;
	m.phys = page_to_phys(page) + offset;
	m.bus = get_dma_ops(dev)->map_page(dev, page, offset, size, dir, attrs);
	golden_check_page(&m);
	if (m.bus == DMA_MAPPING_ERROR)
		return DMA_MAPPING_ERROR;
	owner_map(m.phys - PHYS_OFFSET, size, dir, is_synced(attrs), where);
	live_add(&m);
	return m.bus;
}

dma_addr_t kernel_dma_map_single(struct device *dev, void *ptr, size_t size, enum dma_data_direction dir, unsigned long attrs,
				 const char *where)
{
	if (virt_addr_valid(ptr))
		return kernel_dma_map_page(dev, virt_to_page(ptr), offset_in_page(ptr), size, dir, attrs, where);
	debug_report(MAPPING_MEMORY, "mapping at %s of %p: %s", where, ptr, what_else(ptr));
	return DMA_MAPPING_ERROR;
}

/* What a free page holds is not the client's any more. */
static bool was_freed(const struct mapping *m, const char *where)
{
	if (is_allocated(pfn_to_page(m->phys >> PAGE_SHIFT), offset_in_page(m->phys) + m->size))
		return false;
	debug_report(MAPPING_FREED, "the memory that was mapped at %s was freed before it was unmapped at %s", m->where, where);
	return true;
}

void mapping_note_pages(struct device *dev, struct page *page, size_t size, dma_addr_t bus, enum dma_data_direction dir, const char *where)
{
	const struct mapping m = { .kind = MAPPING_SINGLE, .dev = dev, .bus = bus, .size = size, .dir = dir, .where = where,
				   .phys = page_to_phys(page), .attrs = DMA_ATTR_SKIP_CPU_SYNC, .checked = true };

	golden_check_page(&m);
	owner_map(m.phys - PHYS_OFFSET, size, dir, false, where);
	live_add(&m);
}

void mapping_undo_page(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs,
		       struct page *page, const char *where)
{
	const struct mapping like = { .kind = MAPPING_SINGLE, .dev = dev, .bus = addr, .size = size, .dir = dir, .where = where };
	const struct mapping *found = live_find(&like);
	struct mapping m = found ? *found : like;
	size_t offset;
	bool freed;

	if (!live_remove(&like))
		return;
	if (!in_ram(&m, &offset)) {
		get_dma_ops(dev)->unmap_page(dev, addr, size, dir, attrs);
		return;
	}
	freed = was_freed(&m, where);
	if (freed)
		attrs |= DMA_ATTR_SKIP_CPU_SYNC;
	owner_unmap(offset, m.size, m.dir, is_synced(m.attrs | attrs) && !m.cpu_owns, m.where, where);
	if (page)
		pages_give(dev, size, page, addr, dir);
	else
		get_dma_ops(dev)->unmap_page(dev, addr, size, dir, attrs);
	golden_check_unmap(dev, addr, size);
	if (!freed && !page)
		owner_refresh(offset, m.size);
}

void kernel_dma_unmap_page(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs,
			   const char *where)
{
	mapping_undo_page(dev, addr, size, dir, attrs, NULL, where);
}

dma_addr_t kernel_dma_map_resource(struct device *dev, phys_addr_t phys, size_t size, enum dma_data_direction dir, unsigned long attrs,
				   const char *where)
{
	struct mapping m = { .kind = MAPPING_RESOURCE, .dev = dev, .size = size, .dir = dir, .phys = phys, .where = where };

	if (!mapping_may(dev, size, dir, where))
		return DMA_MAPPING_ERROR;
	if (phys + size > PHYS_OFFSET && phys < PHYS_OFFSET + cpu.hw->ram_size) {
		debug_report(MAPPING_MEMORY, "mapping at %s: %#llx is memory, not a resource", where, phys);
		return DMA_MAPPING_ERROR;
	}
	m.bus = get_dma_ops(dev)->map_resource ? get_dma_ops(dev)->map_resource(dev, phys, size, dir, attrs) : DMA_MAPPING_ERROR;
	if (m.bus != DMA_MAPPING_ERROR)
		live_add(&m);
	return m.bus;
}

void kernel_dma_unmap_resource(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs,
			       const char *where)
{
	const struct mapping m = { .kind = MAPPING_RESOURCE, .dev = dev, .bus = addr, .size = size, .dir = dir, .where = where };

	if (live_remove(&m) && get_dma_ops(dev)->unmap_resource)
		get_dma_ops(dev)->unmap_resource(dev, addr, size, dir, attrs);
}

int dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	if (addr == DMA_MAPPING_ERROR)
		return -ENOMEM;
	live_check(dev, addr);
	return 0;
}

/* Lists */

static struct mapping sg_mapping(struct device *dev, const struct scatterlist *sg, int nents, enum dma_data_direction dir,
				 const char *where)
{
	return (struct mapping){
		.kind = MAPPING_SG,
		.dev = dev,
		.bus = sg_dma_address(sg),
		.size = sg_dma_len(sg),
		.dir = dir,
		.entries = nents,
		.checked = true,
		.where = where,
	};
}

static void check_limits(struct device *dev, const struct scatterlist *sg, const char *where)
{
	const u64 boundary = dma_get_seg_boundary(dev);
	const u64 last = sg_dma_address(sg) + sg_dma_len(sg) - 1;

	if (sg_dma_len(sg) > dma_get_max_seg_size(dev))
		debug_report(MAPPING_SEGMENT_SIZE, "mapping at %s: an entry of %u bytes, and the device takes %u", where, sg_dma_len(sg),
			     dma_get_max_seg_size(dev));
	if ((sg_dma_address(sg) & ~boundary) != (last & ~boundary))
		debug_report(MAPPING_SEGMENT_BOUNDARY, "mapping at %s: an entry of %u bytes at %#llx crosses a boundary of the device, "
			     "%#llx", where, sg_dma_len(sg), sg_dma_address(sg), boundary);
}

static void record_sg(struct device *dev, struct scatterlist *sgl, int nents, int mapped, enum dma_data_direction dir,
		      unsigned long attrs, const char *where)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, mapped, i) {
		struct mapping m = sg_mapping(dev, sg, nents, dir, where);

		check_limits(dev, sg, where);
		m.attrs = attrs;
		m.phys = mapped == nents ? sg_phys(sg) : 0;
		live_add(&m);
	}
	for_each_sg(sgl, sg, nents, i)
		owner_map(sg_phys(sg) - PHYS_OFFSET, sg->length, dir, is_synced(attrs), where);
}

static int map_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs,
		  const char *where)
{
	struct scatterlist *sg;
	int i, mapped;

	if (nents <= 0)
		return -EINVAL;
	for_each_sg(sgl, sg, nents, i)
		if (!mapping_may(dev, sg->length, dir, where) || !is_memory(sg_page(sg), sg->offset, sg->length, where))
			return -EINVAL;
	mapped = get_dma_ops(dev)->map_sg(dev, sgl, nents, dir, attrs);
	golden_check_sg(dev, sgl, nents, mapped, dir, where);
	if (mapped > 0)
		record_sg(dev, sgl, nents, mapped, dir, attrs, where);
	return mapped;
}

void mapping_note_table(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir, const char *where)
{
	golden_check_sg(dev, sgt->sgl, (int)sgt->orig_nents, (int)sgt->nents, dir, where);
	record_sg(dev, sgt->sgl, (int)sgt->orig_nents, (int)sgt->nents, dir, DMA_ATTR_SKIP_CPU_SYNC, where);
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

/* Entries that were joined have left others without a length behind them. */
static bool is_mapped_entry(const struct scatterlist *sg)
{
	return sg_dma_len(sg);
}

/* Forgets all entries; false if one of them was not mapped. *@first receives what was recorded of the first. */
static bool remove_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, const char *where,
		      struct mapping *first)
{
	struct scatterlist *sg;
	bool all = true;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		struct mapping like = sg_mapping(dev, sg, nents, dir, where);
		const struct mapping *found;

		if (!is_mapped_entry(sg))
			break;
		found = live_find(&like);
		if (found && !i)
			*first = *found;
		all &= live_remove(&like);
	}
	return all && i;
}

/* From the first bus address to the last one, where one allocation of them holds all. */
static size_t sg_span(struct scatterlist *sgl, int nents)
{
	const struct scatterlist *last = sgl;
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i)
		if (is_mapped_entry(sg))
			last = sg;
	return sg_dma_address(last) + sg_dma_len(last) - sg_dma_address(sgl);
}

bool mapping_forget_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs,
		       const char *where)
{
	struct mapping m = { .where = "an unknown place" };
	struct scatterlist *sg;
	int i;

	if (!remove_sg(dev, sgl, nents, dir, where, &m))
		return false;
	for_each_sg(sgl, sg, nents, i)
		owner_unmap(sg_phys(sg) - PHYS_OFFSET, sg->length, dir, is_synced(m.attrs | attrs) && !m.cpu_owns, m.where, where);
	return true;
}

void kernel_dma_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs,
			 const char *where)
{
	struct scatterlist *sg;
	dma_addr_t first;
	size_t size;
	int i;

	if (!mapping_forget_sg(dev, sgl, nents, dir, attrs, where))
		return;
	first = sg_dma_address(sgl);
	size = sg_span(sgl, nents);
	get_dma_ops(dev)->unmap_sg(dev, sgl, nents, dir, attrs);
	golden_check_unmap(dev, first, size);
	for_each_sg(sgl, sg, nents, i)
		owner_refresh(sg_phys(sg) - PHYS_OFFSET, sg->length);
}

/* Syncs */

static bool sync_is_useless(enum dma_data_direction dir, bool for_cpu)
{
	return dir == (for_cpu ? DMA_TO_DEVICE : DMA_FROM_DEVICE);
}

static void sync_owner(size_t offset, size_t size, enum dma_data_direction dir, bool for_cpu, const char *where)
{
	if (!for_cpu)
		owner_to_device(offset, size, dir, where);
	else if (dir != DMA_TO_DEVICE)
		owner_to_cpu(offset, size, where);
}

static void sync_views(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, bool for_cpu)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	if (for_cpu && ops->sync_single_for_cpu)
		ops->sync_single_for_cpu(dev, addr, size, dir);
	if (!for_cpu && ops->sync_single_for_device)
		ops->sync_single_for_device(dev, addr, size, dir);
}

static void sync_views_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, bool for_cpu)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);
	void (*sync_sg)(struct device *, struct scatterlist *, int, enum dma_data_direction);
	struct scatterlist *sg;
	int i;

	sync_sg = for_cpu ? ops->sync_sg_for_cpu : ops->sync_sg_for_device;
	if (sync_sg)
		sync_sg(dev, sgl, nents, dir);
	for_each_sg(sgl, sg, sync_sg ? 0 : nents, i)
		if (is_mapped_entry(sg))
			sync_views(dev, sg_dma_address(sg), sg_dma_len(sg), dir, for_cpu);
}

static bool may_sync(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, int entries, bool for_cpu,
		     const char *where)
{
	const char *call = for_cpu ? "sync for CPU" : "sync for device";

	if (!live_sync(dev, addr, size, dir, entries, call, where))
		return false;
	if (sync_is_useless(dir, for_cpu))
		debug_report(MAPPING_SYNC_USELESS, "%s %s at %s passes nothing on", call, dir_names[dir], where);
	return true;
}

void kernel_dma_sync(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, bool for_cpu, const char *where)
{
	struct mapping *m;
	size_t offset;

	if (!may_sync(dev, addr, size, dir, 0, for_cpu, where))
		return;
	m = live_around(dev, addr, size);
	m->cpu_owns = for_cpu;
	if (!in_ram(m, &offset)) {
		sync_views(dev, addr, size, dir, for_cpu);
		return;
	}
	offset += addr - m->bus;
	/* What goes to the device is cleaned while it is still the CPU's. */
	if (!for_cpu)
		sync_views(dev, addr, size, dir, false);
	sync_owner(offset, size, dir, for_cpu, where);
	if (for_cpu)
		sync_views(dev, addr, size, dir, true);
	owner_refresh(offset, size);
}

void kernel_dma_sync_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, bool for_cpu,
			const char *where)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		if (!is_mapped_entry(sg))
			break;
		if (!may_sync(dev, sg_dma_address(sg), sg_dma_len(sg), dir, nents, for_cpu, where))
			return;
		live_around(dev, sg_dma_address(sg), sg_dma_len(sg))->cpu_owns = for_cpu;
	}
	if (!for_cpu)
		sync_views_sg(dev, sgl, nents, dir, false);
	for_each_sg(sgl, sg, nents, i)
		sync_owner(sg_phys(sg) - PHYS_OFFSET, sg->length, dir, for_cpu, where);
	if (for_cpu)
		sync_views_sg(dev, sgl, nents, dir, true);
	for_each_sg(sgl, sg, nents, i)
		owner_refresh(sg_phys(sg) - PHYS_OFFSET, sg->length);
}
