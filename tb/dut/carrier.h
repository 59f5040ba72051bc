/* SPDX-License-Identifier: MIT */
/*
 * What carries the pins: one per simulator. Each adapter has a main (or a start-up callback) that hands its carrier
 * to bench_main(); everything else is the same on all of them.
 */
#ifndef PQDMA_CARRIER_H
#define PQDMA_CARRIER_H

#include <stdbool.h>
#include <stdint.h>
#include "dut.h"

/**
 * struct carrier - one simulator
 * @name:     value of SIM= on the command line of make
 * @is_model: the device is the golden model itself, so there is nothing to compare it with
 * @window:   clocks from one snapshot to the next; see snapshot.h
 * @shown:    clocks that the waves of a failure show
 * @open:     make the device; @seed chooses values of what has no reset. NULL if that failed, and the reason is on stderr.
 */
struct carrier {
	const char *name;
	bool is_model;
	uint64_t window;
	uint64_t shown;
	struct dut *(*open)(uint64_t seed);
};

/**
 * bench_main() - run what the arguments ask for
 * @carrier: the simulator
 * @argc:    number of arguments, the program's name included
 * @argv:    arguments; see options.h
 *
 * Return: exit status: 0 passed, 1 failed, 2 bad arguments, 77 skipped.
 */
int bench_main(const struct carrier *carrier, int argc, char **argv);

#endif
