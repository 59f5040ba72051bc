/* SPDX-License-Identifier: MIT */
/*
 * Private to sw/mapping: page tables of the IOMMU, in the device's memory; their form is in iommu_port.h.
 */
#ifndef PQDMA_IOMMU_TABLE_H
#define PQDMA_IOMMU_TABLE_H

#include <linux/dma-direction.h>
#include <linux/mm.h>

/** iommu_table_new() - an empty table; NULL if there is no memory. It stays until the machine goes, or it is given back. */
struct page *iommu_table_new(void);

/** iommu_table_free() - give back a root and all tables behind it; nobody may look at them any more */
void iommu_table_free(struct page *root);

/** iommu_table_bus() - bus address of a table in memory */
uint64_t iommu_table_bus(const struct page *table);

/**
 * iommu_table_set() - let @size bytes from @iova lead to those from @phys, in a direction; all are whole pages
 *
 * Return: false if there is no memory for a table; some pages may have been entered then.
 */
bool iommu_table_set(struct page *root, dma_addr_t iova, phys_addr_t phys, size_t size, enum dma_data_direction dir);

/** iommu_table_clear() - let them lead nowhere */
void iommu_table_clear(struct page *root, dma_addr_t iova, size_t size);

/** iommu_table_lookup() - physical address of the page that @iova leads to; 0 if nowhere */
phys_addr_t iommu_table_lookup(struct page *root, dma_addr_t iova);

#endif
