/* SPDX-License-Identifier: MIT */
/* Devices, drivers, and memory that goes with a device. */
#ifndef PQDMA_LINUX_DEVICE_H
#define PQDMA_LINUX_DEVICE_H

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/printk.h>

struct dev_pm_ops;
struct device_node;
struct dma_coherent_mem;
struct dma_map_ops;
struct iommu_domain;
struct module;

/**
 * struct device_dma_parameters - what a device can take in one piece
 * @max_segment_size:      bytes of a list entry; 0 means 64 KiB
 * @segment_boundary_mask: no entry crosses a multiple of this plus one; 0 means no boundary
 * @min_align_mask:        bits of an address that a mapping does not change
 */
struct device_dma_parameters {
	unsigned int max_segment_size;
	unsigned int min_align_mask;
	unsigned long segment_boundary_mask;
};

/**
 * struct device_driver - the part all drivers have
 * @name:  also what it binds to
 * @owner: the module it is in
 * @pm:    what it does when the machine sleeps; NULL: nothing
 */
struct device_driver {
	const char *name;
	struct module *owner;
	const struct dev_pm_ops *pm;
};

/**
 * struct device - the part all devices have
 * @init_name:         its name
 * @parent:            what it hangs on
 * @driver:            bound driver, NULL if there is none
 * @driver_data:       the driver's
 * @platform_data:     what the board knows of it
 * @dma_mask:          points to the mask of streaming mappings; NULL: it cannot do DMA
 * @coherent_dma_mask: the mask of coherent memory
 * @bus_dma_limit:     last bus address that its bus lets through; 0: no limit
 * @dma_parms:         limits of list entries; NULL: the defaults, which cannot be changed then
 * @dma_mem:           memory of its own; NULL: none
 * @dma_ops:           how its memory is mapped; NULL: as the board does it
 * @iommu_domain:      its context in the IOMMU; NULL: none
 * @of_node:           where it stands in the description of the board; always NULL
 * @devres:            what is undone when the driver leaves, newest first
 */
struct device {
	char init_name[32];
	struct device *parent;
	struct device_driver *driver;
	void *driver_data;
	void *platform_data;
	u64 *dma_mask;
	u64 coherent_dma_mask;
	u64 bus_dma_limit;
	struct device_dma_parameters *dma_parms;
	struct dma_coherent_mem *dma_mem;
	const struct dma_map_ops *dma_ops;
	struct iommu_domain *iommu_domain;
	struct device_node *of_node;
	struct list_head devres;
};

void device_initialize(struct device *dev);

/** device_unregister() - the device goes, and its context in the IOMMU; nothing may be mapped for it */
void device_unregister(struct device *dev);
int dev_set_name(struct device *dev, const char *format, ...) __printf(2, 3);

static inline const char *dev_name(const struct device *dev)
{
	return dev->init_name;
}

/** device_iommu_mapped() - are its addresses translated? */
static inline bool device_iommu_mapped(const struct device *dev)
{
	return dev->iommu_domain;
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void *dev_get_platdata(const struct device *dev)
{
	return dev->platform_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

#define dev_err(dev, format, ...) printk_at(PRINTK_ERR, dev_name(dev), format, ##__VA_ARGS__)
#define dev_warn(dev, format, ...) printk_at(PRINTK_WARNING, dev_name(dev), format, ##__VA_ARGS__)
#define dev_info(dev, format, ...) printk_at(PRINTK_INFO, dev_name(dev), format, ##__VA_ARGS__)
#define dev_dbg(dev, format, ...) printk_at(PRINTK_DEBUG, dev_name(dev), format, ##__VA_ARGS__)
#define dev_vdbg(dev, format, ...) dev_dbg(dev, format, ##__VA_ARGS__)

/** dev_err_probe() - dev_err(), except for -EPROBE_DEFER; returns @error */
int dev_err_probe(const struct device *dev, int error, const char *format, ...) __printf(3, 4);

/** devm_add_action_or_reset() - call @action(@data) when the driver leaves, or at once if that cannot be kept: -ENOMEM */
int devm_add_action_or_reset(struct device *dev, void (*action)(void *), void *data);

/** devm_remove_action() - do not call it then after all; devm_release_action() - call it now instead */
void devm_remove_action(struct device *dev, void (*action)(void *), void *data);
void devm_release_action(struct device *dev, void (*action)(void *), void *data);

void *kernel_devm_kmalloc(struct device *dev, size_t size, gfp_t gfp, const char *where);
#define devm_kzalloc(dev, size, gfp) kernel_devm_kmalloc(dev, size, (gfp) | __GFP_ZERO, KERNEL_HERE)
#define devm_kcalloc(dev, n, size, gfp) devm_kzalloc(dev, (size_t)(n) * (size), gfp)

#endif
