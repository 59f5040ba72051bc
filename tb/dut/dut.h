/* SPDX-License-Identifier: MIT */
/*
 * A device under test: something with the controller's pins that can be clocked.
 *
 * The bench owns the loop on every simulator:
 *
 *	for (;;) {
 *		dut->ops->tick(dut, in, out);	// one rising edge
 *		bench_clock(in, out);		// checks, memory, software; chooses the next in
 *	}
 *
 * Pins travel packed (model/pqdma_pins.h). Devices: the verilated RTL by pointer (direct/), the RTL behind VPI
 * (vpi/), the golden model (dut_model.c). Decorators are devices too: lockstep.c runs two and compares them,
 * dut_fault.c flips a chosen pin in a chosen clock.
 */
#ifndef PQDMA_DUT_H
#define PQDMA_DUT_H

#include <stdbool.h>
#include <stdint.h>
#include "pins.h"

struct dut;

/**
 * struct dut_ops - what a device can do
 * @name:  "rtl", "model", ...
 * @tick:  one rising edge with input pins @in; fills @out with the output pins after the edge and @unknown with a
 *         1 for each output bit that is X or Z (all 0 on two-state devices)
 * @show:  put the pins that are expected after this edge into the wave dump; NULL if the device has none
 * @trace: begin a wave dump now, in the FST @path; @edges is how many rising edges there were. False if it cannot be written.
 * @close: release the device, finish its waves
 */
struct dut_ops {
	const char *name;
	void (*tick)(struct dut *dut, const uint32_t *in, uint32_t *out, uint32_t *unknown);
	void (*show)(struct dut *dut, const uint32_t *expected);
	bool (*trace)(struct dut *dut, const char *path, uint64_t edges);
	void (*close)(struct dut *dut);
};

/** struct dut - base of every device; embed it first */
struct dut {
	const struct dut_ops *ops;
};

#endif
