/* SPDX-License-Identifier: MIT */
/*
 * Options of a run, given as plus arguments because every simulator lets those pass:
 *
 *	+test=<name>		which test; +list shows them
 *	+seed=<n>		default 1; the same test and seed do the same on every simulator
 *	+file=<path>		a file for the test, where it takes one
 *	+socket=<path>		a socket to wait at for a machine that runs Linux; see guest/guest.h
 *	+mem=<profile>		memory instead of the one the test or the seed chooses
 *	+program=<path>		take the steps of a random test from a file instead of drawing them; see program.h
 *	+save=<path>		write them to a file, each before it is taken
 *	+waves=<file.fst>	write waves
 *	+waves_from=<clock>	from that clock on
 *	+failure_waves=<file.fst>	write waves of the last clocks if the run fails: snapshot.h
 *	+timeline=<file.json>	write what happens in software and hardware, for Perfetto: timeline.h
 *	+record=<file>		write the packed input pins of every clock, for tb/direct/replay.cpp
 *	+flip=<pin>[<bit>]@<clock>	flip an output pin of the device once, to see that it is noticed
 *	+max_clocks=<n>		time limit instead of the test's
 *	+hash=<n>		print the pin hash every n clocks
 *	+cover=<file>		write the points of functional coverage that were hit
 *	+list			print the tests and what each proves
 *	+covers			print all points of functional coverage
 */
#ifndef PQDMA_OPTIONS_H
#define PQDMA_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "dut_fault.h"

/** struct options - the options as given; NULL or 0 where an option was not */
struct options {
	const char *test;
	const char *file;
	const char *socket;
	const char *mem;
	const char *program;
	const char *save;
	const char *waves;
	uint64_t waves_from;
	const char *failure_waves;
	const char *timeline;
	const char *record;
	const char *flip_text;
	struct flip flip;
	uint64_t seed;
	uint64_t max_clocks;
	uint64_t hash_every;
	const char *cover;
	bool list;
	bool covers;
};

/**
 * options_parse() - read the arguments
 * @o:     receives them
 * @argc:  number of arguments, the program's name included
 * @argv:  arguments; texts are kept by pointer. Those that begin with +verilator+ are not ours and are passed over.
 *
 * Return: true if all were good; otherwise what is wrong, and what would be right, is on stderr.
 */
bool options_parse(struct options *o, int argc, char **argv);

#endif
