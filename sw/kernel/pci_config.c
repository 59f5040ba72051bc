// SPDX-License-Identifier: MIT
// Configuration space of the controller: registers as a table of bytes, and a table of the bits that can be written.
#include "kernel_priv.h"
#include "pci_config.h"

#include <linux/log2.h>
#include <linux/pci.h>
#include <linux/string.h>

#define CLASS_DMA 0x08018000u	/* system peripheral, DMA controller; programming interface 0x80: none of the standard ones */

static u32 get(const u8 *bytes, unsigned int size)
{
	u32 value = 0;

	memcpy(&value, bytes, size);
	return value;
}

static void put(struct pci_config *config, int where, u32 value, u32 writable, unsigned int size)
{
	memcpy(config->bytes + where, &value, size);
	memcpy(config->writable + where, &writable, size);
}

static bool is_place(int where, unsigned int size)
{
	return where >= 0 && where + (int)size <= PCI_CONFIG_SIZE && where % (int)size == 0;
}

/* BAR 0 keeps the low bits that say how large it is. */
void pci_config_init(struct pci_config *config, u32 bar, unsigned int lines)
{
	const u32 most = lines > 1 ? (u32)ilog2(lines - 1) + 1 : 0;

	memset(config, 0, sizeof(*config));
	put(config, PCI_VENDOR_ID, KERNEL_PCI_VENDOR | KERNEL_PCI_DEVICE << 16, 0, 4);
	put(config, PCI_COMMAND, 0, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 2);
	put(config, PCI_STATUS, PCI_STATUS_CAP_LIST, 0, 2);
	put(config, PCI_CLASS_REVISION, CLASS_DMA, 0, 4);
	put(config, PCI_BASE_ADDRESS_0, bar, ~(BOARD_MMIO_SIZE - 1), 4);
	put(config, PCI_CAPABILITY_LIST, PCI_CONFIG_MSI, 0, 1);
	put(config, PCI_CONFIG_MSI, PCI_CAP_ID_MSI, 0, 2);
	put(config, PCI_CONFIG_MSI + PCI_MSI_FLAGS, PCI_MSI_FLAGS_64BIT | most << 1, PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE, 2);
	put(config, PCI_CONFIG_MSI + PCI_MSI_ADDRESS_LO, 0, ~3u, 4);
	put(config, PCI_CONFIG_MSI + PCI_MSI_ADDRESS_HI, 0, ~0u, 4);
	put(config, PCI_CONFIG_MSI + PCI_MSI_DATA_64, 0, 0xffff, 2);
}

int pci_config_read(const struct pci_config *config, int where, unsigned int size, u32 *value)
{
	*value = ~0u;
	if (!is_place(where, size))
		return -EINVAL;
	*value = get(config->bytes + where, size);
	return 0;
}

int pci_config_write(struct pci_config *config, int where, unsigned int size, u32 value)
{
	unsigned int i;

	if (!is_place(where, size))
		return -EINVAL;
	for (i = 0; i < size; i++) {
		u8 *byte = &config->bytes[where + (int)i], mask = config->writable[where + (int)i];

		*byte = (u8)((*byte & ~mask) | ((value >> 8 * i) & mask));
	}
	return 0;
}

bool pci_config_decodes(const struct pci_config *config)
{
	return get(config->bytes + PCI_COMMAND, 2) & PCI_COMMAND_MEMORY;
}

int pci_config_vector(const struct pci_config *config, unsigned int pin)
{
	const u32 flags = get(config->bytes + PCI_CONFIG_MSI + PCI_MSI_FLAGS, 2);
	const unsigned int vectors = 1u << ((flags & PCI_MSI_FLAGS_QSIZE) >> 4);

	if (!(flags & PCI_MSI_FLAGS_ENABLE) || !(get(config->bytes + PCI_COMMAND, 2) & PCI_COMMAND_MASTER))
		return -1;
	return (int)(pin < vectors ? pin : 0);
}

void pci_config_message(const struct pci_config *config, unsigned int vector, u64 *addr, u16 *data)
{
	const u8 *msi = config->bytes + PCI_CONFIG_MSI;

	*addr = get(msi + PCI_MSI_ADDRESS_LO, 4) | (u64)get(msi + PCI_MSI_ADDRESS_HI, 4) << 32;
	*data = (u16)(get(msi + PCI_MSI_DATA_64, 2) | vector);
}
