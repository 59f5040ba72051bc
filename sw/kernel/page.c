// SPDX-License-Identifier: MIT
/*
 * Pages. There are two views of memory: the CPU's, mapped here, and the device's, hw->ram. Page n is at the same
 * offset in both, and they have nothing else in common; sw/mapping copies between them. On a coherent machine they are one.
 *
 * Free pages hold a pattern in both views, so that a write by either side after the page was freed shows at the next
 * allocation. New pages hold other patterns, different in the two views.
 */
#include "kernel_priv.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static struct page *pages;
static size_t page_total;
static u8 *cpu_view;

bool page_boot(void)
{
	page_total = cpu.hw->ram_size / PAGE_SIZE;
	pages = calloc(page_total, sizeof(*pages));
	cpu_view = cpu.hw->ram;
	if (!cpu.hw->coherent)
		cpu_view = mmap(NULL, page_total * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (!pages || cpu_view == MAP_FAILED)
		return false;
	memory_guard(cpu_view, page_total * PAGE_SIZE);
	return true;
}

void page_down(void)
{
	memory_unguard(cpu_view, page_total * PAGE_SIZE);
	if (!cpu.hw->coherent)
		munmap(cpu_view, page_total * PAGE_SIZE);
	free(pages);
	pages = NULL;
	page_total = 0;
}

size_t page_offset(const struct page *page)
{
	return (size_t)(page - pages) * PAGE_SIZE;
}

static u8 *device_view(const struct page *page)
{
	return cpu.hw->ram + page_offset(page);
}

static bool is_filled(const u8 *memory, u8 pattern, size_t size)
{
	return memory[0] == pattern && !memcmp(memory, memory + 1, size - 1);
}

static void check_poison(struct page *page)
{
	if (!page->poisoned)
		return;
	if (!is_filled(page_address(page), POISON_FREE, PAGE_SIZE))
		kernel_problem("the CPU wrote to a free page, last allocated at %s", page->where);
	if (!is_filled(device_view(page), POISON_FREE, PAGE_SIZE))
		kernel_problem("the device wrote to a free page, last allocated at %s", page->where);
}

static void page_take(struct page *page, size_t count, const char *use, const char *where)
{
	size_t i;

	memory_unguard(page_address(page), count * PAGE_SIZE);
	for (i = 0; i < count; i++) {
		check_poison(&page[i]);
		page[i] = (struct page){ .use = use, .where = where };
	}
	page->count = (unsigned int)count;
	memset(device_view(page), POISON_DEVICE, count * PAGE_SIZE);
	memset(page_address(page), POISON_NEW, count * PAGE_SIZE);
}

static bool run_is_free(size_t first, size_t count)
{
	size_t i;

	if (first + count > page_total)
		return false;
	for (i = 0; i < count; i++)
		if (pages[first + i].use)
			return false;
	return true;
}

static struct page *find_run(size_t count, size_t align)
{
	size_t slots = page_total / align;
	size_t start, i;

	if (!slots)
		return NULL;
	start = kernel_random(slots);
	for (i = 0; i < slots; i++)
		if (run_is_free((start + i) % slots * align, count))
			return &pages[(start + i) % slots * align];
	return NULL;
}

struct page *page_alloc_run(size_t count, const char *use, const char *where)
{
	struct page *page = find_run(count, 1);

	if (page)
		page_take(page, count, use, where);
	return page;
}

void page_free_run(struct page *page)
{
	size_t count = page->count;
	size_t i;

	mapping_release(page_offset(page), count * PAGE_SIZE);
	memset(page_address(page), POISON_FREE, count * PAGE_SIZE);
	memset(device_view(page), POISON_FREE, count * PAGE_SIZE);
	memory_guard(page_address(page), count * PAGE_SIZE);
	for (i = 0; i < count; i++)
		page[i] = (struct page){ .where = page[i].where, .poisoned = true };
}

struct page *kernel_alloc_pages(gfp_t gfp, unsigned int order, const char *where)
{
	size_t count = 1ul << order;
	struct page *page;

	if (gfp & __GFP_SLEEP)
		might_sleep();
	/* Runs of 2^order pages are aligned to their size, as users of physical addresses expect. */
	page = find_run(count, count);
	if (!page)
		return NULL;
	page_take(page, count, "pages", where);
	if (gfp & __GFP_ZERO)
		memset(page_address(page), 0, count * PAGE_SIZE);
	return page;
}

void __free_pages(struct page *page, unsigned int order)
{
	if (!page)
		return;
	if (!page->use || page->slab || page->count != 1u << order) {
		kernel_problem("free of pages that were not allocated like this (order %u)", order);
		return;
	}
	page_free_run(page);
}

size_t kernel_reserve_ram(size_t bytes)
{
	struct page *page = page_alloc_run(PAGE_ALIGN(bytes) / PAGE_SIZE, "reserved", NULL);

	return page ? page_offset(page) : (size_t)-1;
}

void page_check_shutdown(void)
{
	size_t i;

	for (i = 0; i < page_total; i++)
		if (pages[i].count && !pages[i].slab && pages[i].where)
			kernel_problem("leak: %u pages, %s of %s", pages[i].count, pages[i].use, pages[i].where);
}

void *page_address(const struct page *page)
{
	return page ? cpu_view + page_offset(page) : NULL;
}

unsigned long page_to_pfn(const struct page *page)
{
	return page_to_phys(page) >> PAGE_SHIFT;
}

struct page *pfn_to_page(unsigned long pfn)
{
	size_t index = pfn - (PHYS_OFFSET >> PAGE_SHIFT);

	if (index < page_total)
		return &pages[index];
	kernel_problem("pfn_to_page: %#lx is no page of memory", pfn);
	return NULL;
}

phys_addr_t page_to_phys(const struct page *page)
{
	return PHYS_OFFSET + page_offset(page);
}

bool ram_is_cpu(const void *addr, size_t size)
{
	const u8 *p = addr;

	return p >= cpu_view && p < cpu_view + page_total * PAGE_SIZE && size <= (size_t)(cpu_view + page_total * PAGE_SIZE - p);
}

bool virt_addr_valid(const void *addr)
{
	return ram_is_cpu(addr, 1);
}

static bool check_cpu_address(const void *addr, const char *what)
{
	if (virt_addr_valid(addr))
		return true;
	kernel_problem("%s: %p is not page or kmalloc memory", what, addr);
	return false;
}

struct page *virt_to_page(const void *addr)
{
	return check_cpu_address(addr, "virt_to_page") ? &pages[((const u8 *)addr - cpu_view) / (long)PAGE_SIZE] : NULL;
}

phys_addr_t virt_to_phys(const void *addr)
{
	return check_cpu_address(addr, "virt_to_phys") ? PHYS_OFFSET + (size_t)((const u8 *)addr - cpu_view) : 0;
}

void *phys_to_virt(phys_addr_t phys)
{
	if (phys - PHYS_OFFSET < page_total * PAGE_SIZE)
		return cpu_view + (phys - PHYS_OFFSET);
	kernel_problem("phys_to_virt: %#llx is no address of memory", phys);
	return NULL;
}
