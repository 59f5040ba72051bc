/* SPDX-License-Identifier: MIT */
/* Contexts of the IOMMU, and who is told of its faults. */
#ifndef PQDMA_LINUX_IOMMU_H
#define PQDMA_LINUX_IOMMU_H

#include <linux/device.h>

struct iommu_domain;

#define IOMMU_FAULT_READ 0x0
#define IOMMU_FAULT_WRITE 0x1

/**
 * typedef iommu_fault_handler_t - an access of a device was refused; called from a tasklet
 *
 * Return: 0 if the fault has been dealt with, anything else to have it reported.
 */
typedef int (*iommu_fault_handler_t)(struct iommu_domain *domain, struct device *dev, unsigned long iova, int flags, void *token);

/** iommu_get_domain_for_dev() - the context by which a device's addresses are translated; NULL if they are not */
struct iommu_domain *iommu_get_domain_for_dev(struct device *dev);

/** iommu_release_device() - the device goes, and its context with it: its streams are refused from now on */
void iommu_release_device(struct device *dev);

/** iommu_set_fault_handler() - be told of the faults of a context; NULL ends it */
void iommu_set_fault_handler(struct iommu_domain *domain, iommu_fault_handler_t handler, void *token);

/** iommu_iova_to_phys() - where an address leads; 0 if nowhere */
phys_addr_t iommu_iova_to_phys(struct iommu_domain *domain, dma_addr_t iova);

#endif
