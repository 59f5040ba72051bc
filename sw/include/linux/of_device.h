/* SPDX-License-Identifier: MIT */
/* What the description of the board says of a device's DMA. */
#ifndef PQDMA_LINUX_OF_DEVICE_H
#define PQDMA_LINUX_OF_DEVICE_H

#include <linux/device.h>

/**
 * of_dma_configure_id() - a device that is a part of another one: its accesses come with number @id from @np, and are its own
 *
 * Behind an IOMMU it has a context from now on; its mask must have been set before. There is no tree here: stream @id is meant.
 *
 * Return: 0, also without an IOMMU; -EINVAL if there is no such stream or the device has a context; -ENOMEM.
 */
int of_dma_configure_id(struct device *dev, struct device_node *np, bool force_dma, const u32 *id);

#endif
