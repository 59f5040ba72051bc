// SPDX-License-Identifier: MIT
/*
 * The controller as a PCI function: configuration space, BAR 0 with the registers, and MSI. A pin that goes up sends a message,
 * if configuration space allows it; which one, the number of vectors decides.
 */
#include "kernel_priv.h"
#include "pci_config.h"

#include <linux/bitops.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/log2.h>
#include <linux/pci.h>
#include <linux/string.h>

#define MSI_ADDRESS 0xfee00000u

/**
 * struct function - the one function there is
 * @config:   its configuration space
 * @plugged:  it is on the board
 * @granted:  most vectors that the machine grants
 * @vectors:  vectors that the driver has
 * @bars:     where the driver has mapped its BARs
 */
struct function {
	struct pci_config config;
	bool plugged;
	unsigned int granted;
	unsigned int vectors;
	void __iomem *bars[PCI_STD_NUM_BARS];
	struct pci_dev dev;
};

static struct function function;
static LIST_HEAD(pci_drivers);

/* Configuration space */

static int read_config(int where, unsigned int size, u32 *value)
{
	*value = ~0u;
	return function.plugged ? pci_config_read(&function.config, where, size, value) : -EINVAL;
}

static int write_config(int where, unsigned int size, u32 value)
{
	return function.plugged ? pci_config_write(&function.config, where, size, value) : -EINVAL;
}

int pci_read_config_word(const struct pci_dev __always_unused *pdev, int where, u16 *value)
{
	u32 got;
	int err = read_config(where, sizeof(*value), &got);

	*value = (u16)got;
	return err;
}

int pci_read_config_dword(const struct pci_dev __always_unused *pdev, int where, u32 *value)
{
	return read_config(where, sizeof(*value), value);
}

int pci_write_config_word(const struct pci_dev __always_unused *pdev, int where, u16 value)
{
	return write_config(where, sizeof(value), value);
}

int pci_write_config_dword(const struct pci_dev __always_unused *pdev, int where, u32 value)
{
	return write_config(where, sizeof(value), value);
}

u8 pci_find_capability(struct pci_dev __always_unused *pdev, int id)
{
	const u8 *bytes = function.config.bytes;
	u8 at = bytes[PCI_CAPABILITY_LIST];

	while (at && bytes[at] != id)
		at = bytes[at + 1];
	return at;
}

static void set_bits(int where, u16 bits, bool on)
{
	u32 value;

	read_config(where, sizeof(bits), &value);
	write_config(where, sizeof(bits), on ? value | bits : value & ~(u32)bits);
}

/* What irq.c and io.c ask */

bool pci_is_plugged(void)
{
	return function.plugged;
}

bool pci_decodes(void)
{
	return !function.plugged || pci_config_decodes(&function.config);
}

int pci_message(unsigned int pin)
{
	const int vector = pci_config_vector(&function.config, pin);

	cpu.stats.messages += vector >= 0;
	return vector;
}

/* What drivers ask */

static void disable_action(void __always_unused *data)
{
	set_bits(PCI_CONFIG_MSI + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE, false);
	set_bits(PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, false);
	function.vectors = 0;
}

int pcim_enable_device(struct pci_dev *pdev)
{
	set_bits(PCI_COMMAND, PCI_COMMAND_MEMORY, true);
	return devm_add_action_or_reset(&pdev->dev, disable_action, NULL);
}

void pci_set_master(struct pci_dev __always_unused *pdev)
{
	set_bits(PCI_COMMAND, PCI_COMMAND_MASTER, true);
}

static void unmap_action(void *addr)
{
	iounmap(addr);
}

int pcim_iomap_regions(struct pci_dev *pdev, int mask, const char __always_unused *name)
{
	if (mask != BIT(0))
		return -EINVAL;
	function.bars[0] = ioremap(pdev->resource[0].start, resource_size(&pdev->resource[0]));
	if (!function.bars[0])
		return -ENOMEM;
	return devm_add_action_or_reset(&pdev->dev, unmap_action, (void *)function.bars[0]);
}

void __iomem *const *pcim_iomap_table(struct pci_dev __always_unused *pdev)
{
	return function.bars;
}

int pci_alloc_irq_vectors(struct pci_dev __always_unused *pdev, unsigned int min, unsigned int max, unsigned int flags)
{
	unsigned int have, count;
	u32 msi;

	read_config(PCI_CONFIG_MSI + PCI_MSI_FLAGS, 2, &msi);
	have = 1u << ((msi & PCI_MSI_FLAGS_QMASK) >> 1);
	count = min_t(unsigned int, max, min_t(unsigned int, have, function.granted));
	if (!(flags & PCI_IRQ_MSI) || count < min)
		return -ENOSPC;
	write_config(PCI_CONFIG_MSI + PCI_MSI_ADDRESS_LO, 4, MSI_ADDRESS);
	write_config(PCI_CONFIG_MSI + PCI_MSI_DATA_64, 2, IRQ_BASE);
	set_bits(PCI_CONFIG_MSI + PCI_MSI_FLAGS, (u16)((count > 1 ? ilog2(count - 1) + 1 : 0) << 4), true);
	set_bits(PCI_CONFIG_MSI + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE, true);
	function.vectors = count;
	return (int)count;
}

int pci_irq_vector(struct pci_dev __always_unused *pdev, unsigned int nr)
{
	return nr < function.vectors ? (int)(IRQ_BASE + nr) : -EINVAL;
}

/* Functions and drivers meet */

static const struct pci_device_id *find_id(const struct pci_driver *driver)
{
	const struct pci_device_id *id;

	for (id = driver->id_table; id->vendor; id++)
		if (id->vendor == function.dev.vendor && id->device == function.dev.device)
			return id;
	return NULL;
}

static void bind(struct pci_driver *driver)
{
	const struct pci_device_id *id = find_id(driver);
	struct device *dev = &function.dev.dev;
	int err;

	if (!function.plugged || dev->driver || !id)
		return;
	dev->driver = &driver->driver;
	err = driver->probe(&function.dev, id);
	if (!err)
		return;
	dev_err(dev, "probe with driver %s failed: %d\n", driver->name, err);
	device_release_driver(dev);
}

static void unbind(void)
{
	struct device *dev = &function.dev.dev;

	if (!dev->driver)
		return;
	container_of(dev->driver, struct pci_driver, driver)->remove(&function.dev);
	device_release_driver(dev);
	mapping_check_device(dev);
}

int kernel_pci_register_driver(struct pci_driver *driver, struct module *owner)
{
	driver->driver.owner = owner;
	driver->driver.name = driver->name;
	list_add_tail(&driver->node, &pci_drivers);
	bind(driver);
	return 0;
}

void pci_unregister_driver(struct pci_driver *driver)
{
	if (function.dev.dev.driver == &driver->driver)
		unbind();
	list_del(&driver->node);
}

struct device *pci_plug(unsigned int lines, unsigned int granted, void *data)
{
	struct pci_dev *pdev = &function.dev;
	struct pci_driver *driver;

	memset(&function, 0, sizeof(function));
	pci_config_init(&function.config, (u32)BOARD_MMIO_PHYS, lines);
	function.plugged = true;
	function.granted = granted;
	device_initialize(&pdev->dev);
	dev_set_name(&pdev->dev, "0000:01:00.0");
	pdev->dev.platform_data = data;
	pdev->dma_mask = DMA_BIT_MASK(32);
	pdev->dev.dma_mask = &pdev->dma_mask;
	pdev->dev.coherent_dma_mask = DMA_BIT_MASK(32);
	pdev->dev.dma_parms = &pdev->dma_parms;
	pdev->vendor = KERNEL_PCI_VENDOR;
	pdev->device = KERNEL_PCI_DEVICE;
	pdev->resource[0] = (struct resource){ .start = BOARD_MMIO_PHYS, .end = BOARD_MMIO_PHYS + BOARD_MMIO_SIZE - 1,
					       .name = "BAR 0", .flags = IORESOURCE_MEM };
	list_for_each_entry(driver, &pci_drivers, node)
		bind(driver);
	return &pdev->dev;
}

void pci_unplug(void)
{
	unbind();
	function.plugged = false;
}

void pci_boot(void)
{
	INIT_LIST_HEAD(&pci_drivers);
	memset(&function, 0, sizeof(function));
}
