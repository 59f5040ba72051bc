/* SPDX-License-Identifier: MIT */
/*
 * The seam between software and whatever carries it: registers, interrupt lines, a clock, device memory.
 *
 * The bench implements struct hw_ops; the small kernel and the tests use it. The driver never sees it: it calls
 * readl() and writel() of linux/io.h, which end up here. A unit test may implement it with a table.
 *
 * Every call of an op comes from a fiber of the small kernel. A register access takes bus clocks: the
 * implementation posts it and calls kernel_cpu_stall() until the response is there; the simulated CPU, like a
 * real one, does nothing else meanwhile.
 */
#ifndef PQDMA_HW_H
#define PQDMA_HW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hw;

/**
 * struct hw_ops - register access, one implementation per carrier
 * @readl:  read the 32-bit register at byte @offset; all ones if the bus answered with an error
 * @writel: write it; returns when the write response has come
 */
struct hw_ops {
	uint32_t (*readl)(struct hw *hw, uint32_t offset);
	void (*writel)(struct hw *hw, uint32_t offset, uint32_t value);
};

/**
 * struct hw - one simulated machine as software sees it
 * @ops:      register access
 * @ram:      the device's view of memory: what the controller reads and writes
 * @ram_size: bytes of @ram
 * @ram_bus:  bus address of ram[0]; never 0
 * @coherent: the device looks into the CPU's caches, so both see one memory, @ram, which begins at a page then
 * @clock:    rising edges so far; the only time there is
 * @irq:      levels of the interrupt pins in this clock, bit c = channel c
 * @bus_errors: register accesses that were answered with an error, so far
 */
struct hw {
	const struct hw_ops *ops;
	uint8_t *ram;
	size_t ram_size;
	uint64_t ram_bus;
	bool coherent;
	uint64_t clock;
	uint32_t irq;
	uint32_t bus_errors;
};

#endif
