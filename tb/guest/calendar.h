/* SPDX-License-Identifier: MIT */
/*
 * The time of a machine that lets somebody else keep it: user-mode Linux with time-travel=ext:<socket>, messages of
 * include/uapi/linux/um_timetravel.h. Its CPU takes no time. It asks to run at a later time and waits; until then the clock goes on
 * here, and an interrupt on the way makes it ask to run at once. So one of the two works at a time, and a run is the same every time.
 * It may go a little way without asking; how far it has gone is not known when it waits, so then it counts as all the way.
 *
 *	calendar_open(&c, fd);
 *	for (;;) {
 *		while (!c.waiting)
 *			calendar_serve(&c);
 *		clocks();
 *		calendar_pass(&c, clocks * ns);
 *		if (calendar_is_due(&c))
 *			calendar_run(&c);
 *	}
 */
#ifndef PQDMA_CALENDAR_H
#define PQDMA_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct calendar - the time of one machine
 * @fd:      the socket; -1 if it keeps its time itself
 * @now:     what it takes for the time, in ns
 * @wanted:  when it wants to run
 * @waiting: it does nothing until then
 */
struct calendar {
	int fd;
	uint64_t now;
	uint64_t wanted;
	bool waiting;
};

/** calendar_open() - time 0; @fd is the socket, or -1 for a machine that keeps its time itself */
void calendar_open(struct calendar *c, int fd);

/** calendar_close() - give the socket back */
void calendar_close(struct calendar *c);

/** calendar_serve() - take one message and answer it, waiting for it if there is none; false when the machine has gone */
bool calendar_serve(struct calendar *c);

/** calendar_pass() - @ns have passed while the machine waited; it does not hear of more than until it wants to run */
void calendar_pass(struct calendar *c, uint64_t ns);

/** calendar_is_due() - does the machine wait for a time that has come? */
bool calendar_is_due(const struct calendar *c);

/** calendar_run() - let it run; false when it has gone */
bool calendar_run(struct calendar *c);

#endif
