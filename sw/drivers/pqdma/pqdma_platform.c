// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: the controller as a platform device with one memory resource and one interrupt for each channel.
 */
#include "pqdma.h"

#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>

static int get_irq(struct device *dev, unsigned int channel)
{
	return platform_get_irq(to_platform_device(dev), channel);
}

static const struct pqdma_bus bus = {
	.get_irq = get_irq,
};

static int pqdma_platform_probe(struct platform_device *pdev)
{
	void __iomem *regs = devm_platform_ioremap_resource(pdev, 0);

	if (IS_ERR(regs))
		return PTR_ERR(regs);
	return pqdma_probe(&pdev->dev, regs, &bus);
}

static int pqdma_platform_remove(struct platform_device *pdev)
{
	pqdma_remove(&pdev->dev);
	return 0;
}

static struct platform_driver pqdma_platform_driver = {
	.probe = pqdma_platform_probe,
	.remove = pqdma_platform_remove,
	.driver = {
		.name = "pqdma",
		.pm = pm_sleep_ptr(&pqdma_pm_ops),
	},
};
module_platform_driver(pqdma_platform_driver);

MODULE_ALIAS("platform:pqdma");
MODULE_DESCRIPTION("pqdma scatter-gather DMA controller, platform device");
MODULE_LICENSE("Dual MIT/GPL");
