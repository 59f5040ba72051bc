/* SPDX-License-Identifier: MIT */
/* Address ranges and interrupt numbers of a device. */
#ifndef PQDMA_LINUX_IOPORT_H
#define PQDMA_LINUX_IOPORT_H

#include <linux/types.h>

#define IORESOURCE_MEM 0x200ul
#define IORESOURCE_IRQ 0x400ul

struct resource {
	resource_size_t start;
	resource_size_t end;
	const char *name;
	unsigned long flags;
};

static inline resource_size_t resource_size(const struct resource *res)
{
	return res->end - res->start + 1;
}

#endif
