// SPDX-License-Identifier: MIT
/*
 * Page tables of the IOMMU: four levels of 512 entries, written to the device's memory, from which the IOMMU reads them.
 */
#include "iommu_table.h"
#include "mapping_priv.h"

#include <string.h>
#include "kernel/kernel_priv.h"

#define LEVELS 4u
#define INDEX_BITS 9u
#define ENTRIES (1u << INDEX_BITS)
#define MAY_READ 1ull
#define MAY_WRITE 2ull
#define ENTRY_ADDRESS 0x000ffffffffff000ull

static const u64 rights[] = {
	[DMA_BIDIRECTIONAL] = MAY_READ | MAY_WRITE,
	[DMA_TO_DEVICE] = MAY_READ,
	[DMA_FROM_DEVICE] = MAY_WRITE,
};

/* What is no memory has the same address on the bus. */
static u64 to_bus(phys_addr_t phys)
{
	return phys - PHYS_OFFSET < cpu.hw->ram_size ? cpu.hw->ram_bus + (phys - PHYS_OFFSET) : phys;
}

static phys_addr_t to_phys(u64 entry)
{
	return PHYS_OFFSET + ((entry & ENTRY_ADDRESS) - cpu.hw->ram_bus);
}

uint64_t iommu_table_bus(const struct page *table)
{
	return to_bus(page_to_phys(table));
}

struct page *iommu_table_new(void)
{
	struct page *table = page_alloc_run(1, "page table", NULL);

	if (table)
		memset(view_of_device(page_to_phys(table)), 0, PAGE_SIZE);
	return table;
}

static u64 *entry_of(phys_addr_t table, dma_addr_t iova, unsigned int level)
{
	return (u64 *)view_of_device(table) + (iova >> (PAGE_SHIFT + (level - 1) * INDEX_BITS)) % ENTRIES;
}

static void free_level(phys_addr_t table, unsigned int level)
{
	const u64 *entry = view_of_device(table);
	unsigned int i;

	for (i = 0; i < ENTRIES && level > 1; i++)
		if (entry[i])
			free_level(to_phys(entry[i]), level - 1);
	page_free_run(pfn_to_page(table >> PAGE_SHIFT));
}

void iommu_table_free(struct page *root)
{
	free_level(page_to_phys(root), LEVELS);
}

/* The last-level entry of an address. NULL if a table is missing and not to be @made, or cannot be. */
static u64 *find_entry(struct page *root, dma_addr_t iova, bool made)
{
	phys_addr_t table = page_to_phys(root);
	unsigned int level;

	for (level = LEVELS; level > 1; level--) {
		u64 *entry = entry_of(table, iova, level);

		if (!*entry) {
			struct page *next = made ? iommu_table_new() : NULL;

			if (!next)
				return NULL;
			*entry = iommu_table_bus(next) | MAY_READ | MAY_WRITE;
		}
		table = to_phys(*entry);
	}
	return entry_of(table, iova, 1);
}

bool iommu_table_set(struct page *root, dma_addr_t iova, phys_addr_t phys, size_t size, enum dma_data_direction dir)
{
	size_t at;

	for (at = 0; at < size; at += PAGE_SIZE) {
		u64 *entry = find_entry(root, iova + at, true);

		if (!entry)
			return false;
		*entry = to_bus(phys + at) | rights[dir];
	}
	return true;
}

void iommu_table_clear(struct page *root, dma_addr_t iova, size_t size)
{
	size_t at;

	for (at = 0; at < size; at += PAGE_SIZE) {
		u64 *entry = find_entry(root, iova + at, false);

		if (entry)
			*entry = 0;
	}
}

phys_addr_t iommu_table_lookup(struct page *root, dma_addr_t iova)
{
	const u64 *entry = find_entry(root, iova, false);

	return entry && *entry ? to_phys(*entry) : 0;
}
