/* SPDX-License-Identifier: MIT */
/* PCI functions and their drivers. There is one function: the controller, if the board has it on PCI. */
#ifndef PQDMA_LINUX_PCI_H
#define PQDMA_LINUX_PCI_H

#include <linux/device.h>
#include <linux/ioport.h>
#include <linux/module.h>

#define PCI_STD_NUM_BARS 6

#define PCI_VENDOR_ID 0x00
#define PCI_DEVICE_ID 0x02
#define PCI_COMMAND 0x04
#define PCI_COMMAND_MEMORY 0x2
#define PCI_COMMAND_MASTER 0x4
#define PCI_STATUS 0x06
#define PCI_STATUS_CAP_LIST 0x10
#define PCI_CLASS_REVISION 0x08
#define PCI_BASE_ADDRESS_0 0x10
#define PCI_CAPABILITY_LIST 0x34
#define PCI_CAP_ID_MSI 0x05

/* In the MSI capability */
#define PCI_MSI_FLAGS 0x02
#define PCI_MSI_FLAGS_ENABLE 0x0001
#define PCI_MSI_FLAGS_QMASK 0x000e	/* log2 of the messages that the function can make */
#define PCI_MSI_FLAGS_QSIZE 0x0070	/* and of those that it may */
#define PCI_MSI_FLAGS_64BIT 0x0080
#define PCI_MSI_ADDRESS_LO 0x04
#define PCI_MSI_ADDRESS_HI 0x08
#define PCI_MSI_DATA_64 0x0c

#define PCI_IRQ_LEGACY (1 << 0)
#define PCI_IRQ_MSI (1 << 1)
#define PCI_IRQ_MSIX (1 << 2)

#define PCI_ANY_ID (~0u)

struct pci_device_id {
	u32 vendor, device, subvendor, subdevice, class, class_mask;
	unsigned long driver_data;
};

#define PCI_DEVICE(vend, dev) .vendor = (vend), .device = (dev), .subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID

/**
 * struct pci_dev - one function
 * @dev:      its device
 * @vendor:   from configuration space; likewise @device
 * @resource: what its BARs decode
 * @dma_mask: where @dev.dma_mask points to
 */
struct pci_dev {
	struct device dev;
	unsigned short vendor;
	unsigned short device;
	struct resource resource[PCI_STD_NUM_BARS];
	u64 dma_mask;
	struct device_dma_parameters dma_parms;
};

struct pci_driver {
	const char *name;
	const struct pci_device_id *id_table;
	int (*probe)(struct pci_dev *pdev, const struct pci_device_id *id);
	void (*remove)(struct pci_dev *pdev);
	struct device_driver driver;
	struct list_head node;
};

#define to_pci_dev(d) container_of(d, struct pci_dev, dev)

int kernel_pci_register_driver(struct pci_driver *driver, struct module *owner);
#define pci_register_driver(driver) kernel_pci_register_driver(driver, THIS_MODULE)
void pci_unregister_driver(struct pci_driver *driver);

/* Configuration space: 0, or -EINVAL for an offset that is not aligned or not there. */
int pci_read_config_word(const struct pci_dev *pdev, int where, u16 *value);
int pci_read_config_dword(const struct pci_dev *pdev, int where, u32 *value);
int pci_write_config_word(const struct pci_dev *pdev, int where, u16 value);
int pci_write_config_dword(const struct pci_dev *pdev, int where, u32 value);

/** pci_find_capability() - offset of a capability, 0 if there is none */
u8 pci_find_capability(struct pci_dev *pdev, int id);

/** pcim_enable_device() - its BARs decode; this and all vectors are undone when the driver leaves. 0 or a negative error */
int pcim_enable_device(struct pci_dev *pdev);

/** pci_set_master() - it may access memory and send messages */
void pci_set_master(struct pci_dev *pdev);

/** pcim_iomap_regions() - map the BARs of @mask; 0, or a negative error if one of them is not there */
int pcim_iomap_regions(struct pci_dev *pdev, int mask, const char *name);

/** pcim_iomap_table() - where they are, by BAR */
void __iomem *const *pcim_iomap_table(struct pci_dev *pdev);

/** pci_alloc_irq_vectors() - from @min to @max vectors, as many as can be had: how many, or -ENOSPC */
int pci_alloc_irq_vectors(struct pci_dev *pdev, unsigned int min, unsigned int max, unsigned int flags);

/** pci_irq_vector() - interrupt of vector @nr, or -EINVAL */
int pci_irq_vector(struct pci_dev *pdev, unsigned int nr);

#define MODULE_DEVICE_TABLE(type, table) _Static_assert(sizeof(table), #type)

#define module_pci_driver(pci_driver_name)                          \
	static int __init pci_driver_name##_init(void)              \
	{                                                           \
		return pci_register_driver(&pci_driver_name);       \
	}                                                           \
	static void __exit pci_driver_name##_exit(void)             \
	{                                                           \
		pci_unregister_driver(&pci_driver_name);            \
	}                                                           \
	module_init(pci_driver_name##_init)                         \
	module_exit(pci_driver_name##_exit)

#endif
