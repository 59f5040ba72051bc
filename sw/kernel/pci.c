// SPDX-License-Identifier: MIT
/*
 * The controller as a PCI function: configuration space, BAR 0 with the registers, and MSI. A pin that goes up sends a message,
 * if configuration space allows it; which one, the number of vectors decides.
 */
#include "kernel_priv.h"

#include <linux/bitops.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/log2.h>
#include <linux/pci.h>
#include <linux/string.h>

#define CONFIG_SIZE 256
#define CLASS_DMA 0x08018000u	/* system peripheral, DMA controller; programming interface 0x80: none of the standard ones */
#define MSI_AT 0x50
#define MSI_ADDRESS 0xfee00000u

/**
 * struct function - the one function there is
 * @config:   what its configuration space reads
 * @writable: which bits of it can be written
 * @plugged:  it is on the board
 * @granted:  most vectors that the machine grants
 * @vectors:  vectors that the driver has
 * @bars:     where the driver has mapped its BARs
 */
struct function {
	u8 config[CONFIG_SIZE];
	u8 writable[CONFIG_SIZE];
	bool plugged;
	unsigned int granted;
	unsigned int vectors;
	void __iomem *bars[PCI_STD_NUM_BARS];
	struct pci_dev dev;
};

static struct function function;
static LIST_HEAD(pci_drivers);

/* Configuration space */

static bool is_place(int where, unsigned int size)
{
	return where >= 0 && where + (int)size <= CONFIG_SIZE && where % (int)size == 0;
}

static u32 get(const u8 *bytes, unsigned int size)
{
	u32 value = 0;

	memcpy(&value, bytes, size);
	return value;
}

static void put(int where, u32 value, u32 writable, unsigned int size)
{
	memcpy(function.config + where, &value, size);
	memcpy(function.writable + where, &writable, size);
}

static int read_config(int where, unsigned int size, u32 *value)
{
	*value = ~0u;
	if (!is_place(where, size) || !function.plugged)
		return -EINVAL;
	*value = get(function.config + where, size);
	return 0;
}

static int write_config(int where, unsigned int size, u32 value)
{
	unsigned int i;

	if (!is_place(where, size) || !function.plugged)
		return -EINVAL;
	for (i = 0; i < size; i++) {
		u8 *byte = &function.config[where + (int)i], mask = function.writable[where + (int)i];

		*byte = (u8)((*byte & ~mask) | ((value >> 8 * i) & mask));
	}
	return 0;
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
	u8 at = function.config[PCI_CAPABILITY_LIST];

	while (at && function.config[at] != id)
		at = function.config[at + 1];
	return at;
}

static void set_bits(int where, u16 bits, bool on)
{
	u16 value = (u16)get(function.config + where, sizeof(value));

	write_config(where, sizeof(value), on ? value | bits : value & (u16)~bits);
}

static bool has_bits(int where, u16 bits)
{
	return (get(function.config + where, sizeof(bits)) & bits) == bits;
}

/* As after reset. BAR 0 keeps the low bits that say how large it is. */
static void make_config(unsigned int lines)
{
	const u32 most = lines > 1 ? (u32)ilog2(lines - 1) + 1 : 0;

	memset(function.config, 0, sizeof(function.config));
	memset(function.writable, 0, sizeof(function.writable));
	put(PCI_VENDOR_ID, KERNEL_PCI_VENDOR | KERNEL_PCI_DEVICE << 16, 0, 4);
	put(PCI_COMMAND, 0, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 2);
	put(PCI_STATUS, PCI_STATUS_CAP_LIST, 0, 2);
	put(PCI_CLASS_REVISION, CLASS_DMA, 0, 4);
	put(PCI_BASE_ADDRESS_0, (u32)BOARD_MMIO_PHYS, ~(BOARD_MMIO_SIZE - 1), 4);
	put(PCI_CAPABILITY_LIST, MSI_AT, 0, 1);
	put(MSI_AT, PCI_CAP_ID_MSI, 0, 2);
	put(MSI_AT + PCI_MSI_FLAGS, PCI_MSI_FLAGS_64BIT | most << 1, PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE, 2);
	put(MSI_AT + PCI_MSI_ADDRESS_LO, 0, ~3u, 4);
	put(MSI_AT + PCI_MSI_ADDRESS_HI, 0, ~0u, 4);
	put(MSI_AT + PCI_MSI_DATA_64, 0, 0xffff, 2);
}

/* What irq.c and io.c ask */

bool pci_is_plugged(void)
{
	return function.plugged;
}

bool pci_decodes(void)
{
	return !function.plugged || has_bits(PCI_COMMAND, PCI_COMMAND_MEMORY);
}

int pci_message(unsigned int pin)
{
	const unsigned int vectors = 1u << ((get(function.config + MSI_AT + PCI_MSI_FLAGS, 2) & PCI_MSI_FLAGS_QSIZE) >> 4);

	if (!has_bits(MSI_AT + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE) || !has_bits(PCI_COMMAND, PCI_COMMAND_MASTER))
		return -1;
	cpu.stats.messages++;
	return (int)(pin < vectors ? pin : 0);
}

/* What drivers ask */

static void disable_action(void __always_unused *data)
{
	set_bits(MSI_AT + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE, false);
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
	const unsigned int have = 1u << ((get(function.config + MSI_AT + PCI_MSI_FLAGS, 2) & PCI_MSI_FLAGS_QMASK) >> 1);
	const unsigned int count = min_t(unsigned int, max, min_t(unsigned int, have, function.granted));

	if (!(flags & PCI_IRQ_MSI) || count < min)
		return -ENOSPC;
	write_config(MSI_AT + PCI_MSI_ADDRESS_LO, 4, MSI_ADDRESS);
	write_config(MSI_AT + PCI_MSI_DATA_64, 2, IRQ_BASE);
	set_bits(MSI_AT + PCI_MSI_FLAGS, (u16)((count > 1 ? ilog2(count - 1) + 1 : 0) << 4), true);
	set_bits(MSI_AT + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE, true);
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
	make_config(lines);
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
