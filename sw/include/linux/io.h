/* SPDX-License-Identifier: MIT */
/* Registers. A cookie from ioremap() is no memory: to follow the pointer is a fault. */
#ifndef PQDMA_LINUX_IO_H
#define PQDMA_LINUX_IO_H

#include <linux/errno.h>
#include <linux/kernel.h>

/** ioremap() - a cookie for @size bytes of registers at physical address @phys; NULL if the board has none there */
void __iomem *ioremap(phys_addr_t phys, size_t size);
void iounmap(void __iomem *addr);

/** readl() - read a register; takes as many clocks as the bus does. All ones if the bus answered with an error. */
u32 readl(const void __iomem *addr);
void writel(u32 value, void __iomem *addr);

#define readl_relaxed(addr) readl(addr)
#define writel_relaxed(value, addr) writel(value, addr)

#endif
