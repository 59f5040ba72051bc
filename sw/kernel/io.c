// SPDX-License-Identifier: MIT
/*
 * Registers: what ioremap() hands out is a range of addresses with nothing behind it, so only readl() and writel() work.
 */
#include "kernel_priv.h"

#include <sys/mman.h>
#include <linux/io.h>

static u8 *window;
static unsigned int users;

void io_boot(void)
{
	window = mmap(NULL, BOARD_MMIO_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (window == MAP_FAILED)
		panic("the host has no address space for registers");
	users = 0;
}

void io_check_shutdown(void)
{
	if (users)
		kernel_problem("leak: registers are still mapped %u times", users);
}

void io_down(void)
{
	munmap(window, BOARD_MMIO_SIZE);
	window = NULL;
}

void __iomem *ioremap(phys_addr_t phys, size_t size)
{
	if (phys < BOARD_MMIO_PHYS || size > BOARD_MMIO_SIZE || phys - BOARD_MMIO_PHYS > BOARD_MMIO_SIZE - size)
		return NULL;
	users++;
	return window + (phys - BOARD_MMIO_PHYS);
}

void iounmap(void __iomem *addr)
{
	const u8 *p = addr;

	if (p < window || p >= window + BOARD_MMIO_SIZE || !users)
		kernel_problem("iounmap of %p, which is not mapped", addr);
	else
		users--;
}

static bool to_offset(const void __iomem *addr, u32 *offset)
{
	const u8 *p = addr;

	if (!cpu.running || p < window || p >= window + BOARD_MMIO_SIZE || (p - window) % 4 || !users) {
		kernel_problem("register access outside of software, or to %p, which is no register", addr);
		return false;
	}
	if (!pci_decodes())
		kernel_problem("register access while the PCI function does not decode memory");
	*offset = (u32)(p - window);
	return true;
}

/* An instruction has ended: interrupts come in here, and now and then another task. */
static void access_end(void)
{
	cpu_deliver();
	cpu_preempt();
}

u32 readl(const void __iomem *addr)
{
	u32 offset, value;

	if (!to_offset(addr, &offset))
		return ~0u;
	value = cpu.hw->ops->readl(cpu.hw, offset);
	cpu.stats.reads++;
	access_end();
	return value;
}

void writel(u32 value, void __iomem *addr)
{
	u32 offset;

	if (!to_offset(addr, &offset))
		return;
	cpu.hw->ops->writel(cpu.hw, offset, value);
	cpu.stats.writes++;
	access_end();
}
