/* SPDX-License-Identifier: MIT */
/*
 * Configuration space of the controller as a PCI function: header of type 0, BAR 0 with the registers, and MSI with 64-bit addresses.
 * PCI Local Bus Specification 3.0, sections 6.1, 6.2 and 6.8.1.
 */
#ifndef PQDMA_PCI_CONFIG_H
#define PQDMA_PCI_CONFIG_H

#include <stdbool.h>
#include <linux/types.h>

#define PCI_CONFIG_SIZE 256
#define PCI_CONFIG_MSI 0x50	/* where the MSI capability lies */

/**
 * struct pci_config - configuration space of one function
 * @bytes:    what it reads, little endian
 * @writable: which bits of it can be written
 */
struct pci_config {
	u8 bytes[PCI_CONFIG_SIZE];
	u8 writable[PCI_CONFIG_SIZE];
};

/** pci_config_init() - as after reset: BAR 0 at @bar, of BOARD_MMIO_SIZE bytes, and MSI for @lines messages */
void pci_config_init(struct pci_config *config, u32 bar, unsigned int lines);

/** pci_config_read() - 1, 2 or 4 bytes at @where, which must be aligned: 0, or -EINVAL and all ones */
int pci_config_read(const struct pci_config *config, int where, unsigned int size, u32 *value);

/** pci_config_write() - the same way round; bits that cannot be written stay */
int pci_config_write(struct pci_config *config, int where, unsigned int size, u32 value);

/** pci_config_decodes() - is BAR 0 switched on? */
bool pci_config_decodes(const struct pci_config *config);

/** pci_config_vector() - which message the rise of interrupt pin @pin sends: from 0; -1 for none, as long as it may not send any */
int pci_config_vector(const struct pci_config *config, unsigned int pin);

/** pci_config_message() - what message @vector writes, and where to */
void pci_config_message(const struct pci_config *config, unsigned int vector, u64 *addr, u16 *data);

#endif
