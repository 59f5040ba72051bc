/* SPDX-License-Identifier: MIT */
/*
 * Private to sw/mapping: contexts of the IOMMU, and which streams they translate.
 */
#ifndef PQDMA_IOMMU_CONTEXT_H
#define PQDMA_IOMMU_CONTEXT_H

#include <linux/iommu.h>
#include <linux/mm.h>

#define IOMMU_SPACE_PAGES 65536u

/**
 * struct iommu_domain - one context
 * @dev:     whose; NULL: it is gone
 * @number:  by which the IOMMU knows it; IOMMU_NO_CONTEXT: it does not
 * @root:    first page of its tables
 * @base:    first address it hands out
 * @next:    page from which it looks for room
 * @used:    which of its pages are handed out
 * @handler: who is told of faults, with @token
 * @node:    in the list of all
 */
struct iommu_domain {
	struct device *dev;
	unsigned int number;
	struct page *root;
	dma_addr_t base;
	unsigned int next;
	bool used[IOMMU_SPACE_PAGES];
	iommu_fault_handler_t handler;
	void *token;
	struct list_head node;
};

/** iommu_context_of() - a device's context, made when it is first asked for; NULL if there is no memory, or its mask is too small */
struct iommu_domain *iommu_context_of(struct device *dev);

/** iommu_context_invalidate() - the IOMMU may remember no translation of these addresses */
void iommu_context_invalidate(const struct iommu_domain *domain, dma_addr_t iova, size_t size);

/** iommu_context_boot() - no contexts, no IOMMU */
void iommu_context_boot(void);

#endif
