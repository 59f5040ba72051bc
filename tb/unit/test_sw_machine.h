/* SPDX-License-Identifier: MIT */
/*
 * A machine for software tests: memory, a clock, and running a function as a task until it returns.
 *
 *	static int job(void *arg) { ...; return 0; }
 *
 *	machine_boot(&ops, seed);
 *	machine_run(job, NULL);			// fails the test if it does not end
 *	machine_down();				// fails the test if anything leaked or was misused
 */
#ifndef TEST_SW_MACHINE_H
#define TEST_SW_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "kernel.h"

#define MACHINE_RAM (4u << 20)
#define MACHINE_BUS 0x240000000ull
#define MACHINE_PATIENCE 3000000u

static struct hw machine;

/* What else happens in a clock, before software runs; NULL for nothing. */
static void (*machine_clock)(void);

static inline uint32_t machine_no_readl(struct hw *hw, uint32_t offset)
{
	(void)hw;
	(void)offset;
	return ~0u;
}

static inline void machine_no_writel(struct hw *hw, uint32_t offset, uint32_t value)
{
	(void)hw;
	(void)offset;
	(void)value;
}

/* No device at all: every register answers with an error. */
static const struct hw_ops machine_no_device __attribute__((unused)) = { machine_no_readl, machine_no_writel };

static inline void machine_boot(const struct hw_ops *ops, uint64_t seed)
{
	machine = (struct hw){ .ops = ops, .ram_size = MACHINE_RAM, .ram_bus = MACHINE_BUS };
	machine.ram = calloc(1, MACHINE_RAM);
	assert_non_null(machine.ram);
	kernel_init(&machine, seed);
}

static inline void machine_tick(void)
{
	machine.clock++;
	if (machine_clock)
		machine_clock();
	kernel_step();
}

static inline int machine_run(int (*fn)(void *), void *arg)
{
	struct task_struct *task = kernel_spawn("test", fn, arg);
	uint64_t end = machine.clock + MACHINE_PATIENCE;
	int result = 0;

	assert_non_null(task);
	while (!kernel_task_done(task, &result) && machine.clock < end && !kernel_panicked())
		machine_tick();
	assert_true(kernel_task_done(task, NULL) || kernel_panicked());
	return result;
}

static inline void machine_down(void)
{
	assert_int_equal(kernel_shutdown(), 0);
	free(machine.ram);
	machine.ram = NULL;
	machine_clock = NULL;
}

#endif
