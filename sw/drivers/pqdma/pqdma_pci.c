// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: the controller as a PCI function with its registers in BAR 0, and a message for each channel or, where the machine
 * does not grant so many, one for all.
 */
#include "pqdma.h"

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm.h>

#define PCI_VENDOR_ID_PQDMA 0x1234
#define PCI_DEVICE_ID_PQDMA 0x5051

#define VECTORS_MAX 16

static int get_irq(struct device *dev, unsigned int channel)
{
	int irq = pci_irq_vector(to_pci_dev(dev), channel);

	return irq < 0 ? pci_irq_vector(to_pci_dev(dev), 0) : irq;
}

static const struct pqdma_bus bus = {
	.get_irq = get_irq,
	.messages = true,
};

static int pqdma_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err;

	(void)id;
	err = pcim_enable_device(pdev);
	if (err)
		return err;
	err = pcim_iomap_regions(pdev, BIT(0), "pqdma");
	if (err)
		return err;
	pci_set_master(pdev);
	err = pci_alloc_irq_vectors(pdev, 1, VECTORS_MAX, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (err < 0)
		return err;
	return pqdma_probe(&pdev->dev, pcim_iomap_table(pdev)[0], &bus);
}

static void pqdma_pci_remove(struct pci_dev *pdev)
{
	pqdma_remove(&pdev->dev);
}

static const struct pci_device_id pqdma_pci_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_PQDMA, PCI_DEVICE_ID_PQDMA) },
	{ }
};
MODULE_DEVICE_TABLE(pci, pqdma_pci_ids);

static struct pci_driver pqdma_pci_driver = {
	.name = "pqdma_pci",
	.id_table = pqdma_pci_ids,
	.probe = pqdma_pci_probe,
	.remove = pqdma_pci_remove,
	.driver = {
		.pm = pm_sleep_ptr(&pqdma_pm_ops),
	},
};
module_pci_driver(pqdma_pci_driver);

MODULE_DESCRIPTION("pqdma scatter-gather DMA controller, PCI function");
MODULE_LICENSE("Dual MIT/GPL");
