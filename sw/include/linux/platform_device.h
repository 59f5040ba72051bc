/* SPDX-License-Identifier: MIT */
/* Devices that are simply there, and their drivers. */
#ifndef PQDMA_LINUX_PLATFORM_DEVICE_H
#define PQDMA_LINUX_PLATFORM_DEVICE_H

#include <linux/device.h>
#include <linux/ioport.h>
#include <linux/module.h>

struct platform_device {
	const char *name;
	int id;
	struct device dev;
	u64 platform_dma_mask;
	struct device_dma_parameters dma_parms;
	unsigned int num_resources;
	struct resource *resource;
	struct list_head node;
};

struct platform_driver {
	int (*probe)(struct platform_device *pdev);
	int (*remove)(struct platform_device *pdev);
	struct device_driver driver;
	struct list_head node;
};

#define to_platform_device(device) container_of(device, struct platform_device, dev)

/** platform_device_register() - 0; a driver of this name, if there is one, is probed before this returns */
int platform_device_register(struct platform_device *pdev);
void platform_device_unregister(struct platform_device *pdev);

int kernel_platform_driver_register(struct platform_driver *driver, struct module *owner);
#define platform_driver_register(driver) kernel_platform_driver_register(driver, THIS_MODULE)
void platform_driver_unregister(struct platform_driver *driver);

/** platform_get_irq() - number of interrupt @index, -ENXIO if there is none */
int platform_get_irq(struct platform_device *pdev, unsigned int index);

/** devm_platform_ioremap_resource() - registers of memory resource @index, or ERR_PTR */
void __iomem *devm_platform_ioremap_resource(struct platform_device *pdev, unsigned int index);

static inline void platform_set_drvdata(struct platform_device *pdev, void *data)
{
	dev_set_drvdata(&pdev->dev, data);
}

static inline void *platform_get_drvdata(const struct platform_device *pdev)
{
	return dev_get_drvdata(&pdev->dev);
}

#define module_platform_driver(platform_driver_name)                     \
	static int __init platform_driver_name##_init(void)              \
	{                                                                \
		return platform_driver_register(&platform_driver_name);  \
	}                                                                \
	static void __exit platform_driver_name##_exit(void)             \
	{                                                                \
		platform_driver_unregister(&platform_driver_name);       \
	}                                                                \
	module_init(platform_driver_name##_init)                         \
	module_exit(platform_driver_name##_exit)

#endif
