/* SPDX-License-Identifier: MIT */
/*
 * What unit tests of mapping share: a machine with one device that has limits, and another beside it.
 */
#ifndef TEST_SW_MAP_H
#define TEST_SW_MAP_H

#include "test_sw_machine.h"

#include <linux/dma-map-ops.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include "mapping/iommu_port.h"
#include "mapping/mapping.h"

static struct platform_device device, other;
static struct device *const dev = &device.dev;

/* An IOMMU that is told everything and does nothing: page tables are compared in memory. */
static struct {
	struct iommu_port port;
	uint64_t root[IOMMU_CONTEXTS + 1];
	unsigned int context[IOMMU_STREAMS];
	unsigned int invalidations;
	unsigned int invalidated;	/* context of the last one */
} wire;

static inline void wire_set_root(struct iommu_port *port, unsigned int context, uint64_t root)
{
	(void)port;
	wire.root[context] = root;
}

static inline void wire_attach(struct iommu_port *port, unsigned int stream, unsigned int context)
{
	(void)port;
	wire.context[stream] = context;
}

static inline void wire_invalidate(struct iommu_port *port, unsigned int context, uint64_t iova, uint64_t size)
{
	(void)port;
	wire.invalidated = context;
	(void)iova;
	(void)size;
	wire.invalidations++;
}

static const struct iommu_port_ops wire_ops = { wire_set_root, wire_attach, wire_invalidate };

static inline void plug(struct platform_device *pdev, const char *name)
{
	memset(pdev, 0, sizeof(*pdev));
	pdev->name = name;
	platform_device_register(pdev);
	assert_int_equal(dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64)), 0);
}

static inline void boot_map(uint64_t seed, bool iommu)
{
	machine_boot(&machine_no_device, seed);
	wire.port.ops = &wire_ops;
	memset(wire.root, 0, sizeof(wire.root));
	memset(wire.context, 0, sizeof(wire.context));
	wire.invalidations = 0;
	if (iommu)
		iommu_port_plug(&wire.port);
	plug(&device, "tester");
	plug(&other, "other");
}

static inline void down_map(void)
{
	platform_device_unregister(&device);
	platform_device_unregister(&other);
	machine_down();
}

static inline u8 *device_view(dma_addr_t bus)
{
	return machine.ram + (bus - machine.ram_bus);
}

static inline dma_addr_t map(void *p, size_t size, enum dma_data_direction dir)
{
	dma_addr_t bus = dma_map_single(dev, p, size, dir);

	assert_int_equal(dma_mapping_error(dev, bus), 0);
	return bus;
}

#endif
