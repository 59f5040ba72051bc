// SPDX-License-Identifier: MIT
/*
 * The views of CPU and device, which lie at the same offset, are copied into each other where caches would be cleaned or
 * dropped. Coherent memory has one view, the device's, for everybody who gets hold of its pages; on a coherent machine all memory has.
 */
#include "mapping_priv.h"

#include <string.h>
#include "kernel/kernel_priv.h"

#define TRIES 32

static const char coherent_memory[] = "coherent memory";
static const char declared_memory[] = "memory of one device";

void *view_of_device(phys_addr_t phys)
{
	return cpu.hw->ram + (phys - PHYS_OFFSET);
}

void *view_of_page(const struct page *page)
{
	return view_is_one(page_to_phys(page)) ? view_of_device(page_to_phys(page)) : page_address(page);
}

struct page *view_page(const void *addr)
{
	const u8 *p = addr;

	if (p >= cpu.hw->ram && p < cpu.hw->ram + cpu.hw->ram_size)
		return pfn_to_page((PHYS_OFFSET + (size_t)(p - cpu.hw->ram)) >> PAGE_SHIFT);
	return virt_to_page(addr);
}

bool view_is_one(phys_addr_t phys)
{
	const char *use = pfn_to_page(phys >> PAGE_SHIFT)->use;

	return cpu.hw->coherent || use == coherent_memory || use == declared_memory;
}

void view_clean(phys_addr_t phys, size_t size, enum dma_data_direction dir)
{
	if (dir == DMA_FROM_DEVICE || view_is_one(phys))
		return;
	trap_quiet(true);
	owner_clean(phys - PHYS_OFFSET, size, view_of_device(phys));
	trap_quiet(false);
}

void view_invalidate(phys_addr_t phys, size_t size, enum dma_data_direction dir)
{
	if (dir == DMA_TO_DEVICE || view_is_one(phys))
		return;
	trap_quiet(true);
	memcpy(phys_to_virt(phys), view_of_device(phys), size);
	trap_quiet(false);
}

/* The allocator chooses by chance, so what lies too high is held back until something low enough comes. */
struct page *view_alloc_run(size_t count, phys_addr_t last)
{
	struct page *high[TRIES], *page;
	unsigned int n = 0;

	while ((page = page_alloc_run(count, coherent_memory, NULL))) {
		if (page_to_phys(page) + count * PAGE_SIZE - 1 <= last || n == TRIES)
			break;
		high[n++] = page;
	}
	if (page && page_to_phys(page) + count * PAGE_SIZE - 1 > last) {
		page_free_run(page);
		page = NULL;
	}
	while (n)
		page_free_run(high[--n]);
	if (page && !cpu.hw->coherent)
		memory_guard(page_address(page), count * PAGE_SIZE);
	return page;
}

/* Reserved pages have no line that will free them. */
static bool is_reserved(const struct page *page)
{
	return page->use && !page->where && !page->slab && page->use != coherent_memory;
}

bool view_declare(phys_addr_t phys, size_t size, bool on)
{
	struct page *page;
	size_t i;

	if (phys < PHYS_OFFSET || size > cpu.hw->ram_size || phys - PHYS_OFFSET > cpu.hw->ram_size - size)
		return false;
	page = pfn_to_page(phys >> PAGE_SHIFT);
	for (i = 0; i < size / PAGE_SIZE; i++)
		if (!is_reserved(&page[i]) || on == (page[i].use == declared_memory))
			return false;
	for (i = 0; i < size / PAGE_SIZE; i++)
		page[i].use = on ? declared_memory : "reserved";
	return true;
}

void view_free_run(struct page *page)
{
	memory_unguard(page_address(page), page->count * PAGE_SIZE);
	page_free_run(page);
}
