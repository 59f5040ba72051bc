/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of a run: copies of the whole process, made by fork(), that sleep. When the run fails the oldest one is woken, and
 * runs the same clocks once more, this time with waves.
 *
 *	struct snapshots s = { .window = 200000, .next = 200000 };
 *
 *	for (;;) {
 *		if (snapshots_due(&s, clock) && snapshots_keep(&s, clock, &until))
 *			...			// woken: the clocks up to and with until are to be repeated
 *		one_clock();
 *	}
 *	status = snapshots_replay(&s, clock, again);	// or snapshots_drop()
 *
 * Two are kept, a window apart, so a replay is at most two windows long. A run that fails within its first window, before there is any
 * copy, is begun anew instead, so a short run costs nothing at all. Everything is in one thread, as fork() wants it. A copy dies with its
 * maker, however that ends. Open files are shared: a file that is read while clocks pass has to be read by position.
 */
#ifndef PQDMA_SNAPSHOT_H
#define PQDMA_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SNAPSHOTS 2

/** struct snapshot - one copy: its process, and the pipe that wakes it */
struct snapshot {
	pid_t pid;
	int wake;
};

/**
 * struct snapshots - the copies of a run
 * @window: clocks from one to the next; 0: none are made
 * @next:   clock in which the next one is due
 * @kept:   oldest first, @count of them
 */
struct snapshots {
	uint64_t window;
	uint64_t next;
	struct snapshot kept[SNAPSHOTS];
	unsigned int count;
};

/** snapshots_due() - should one be made in this clock? */
static inline bool snapshots_due(const struct snapshots *s, uint64_t clock)
{
	return __builtin_expect(clock >= s->next, 0) && s->window;
}

/**
 * snapshots_keep() - make a copy of this process
 * @s:     the copies; the oldest goes if there are two
 * @clock: now
 * @until: in the copy: the clock up to which it has to run
 *
 * Return: false at once in the process that runs on, also if no copy could be made; true in the copy, once it has been woken. What the
 * copy prints is seen by nobody.
 */
bool snapshots_keep(struct snapshots *s, uint64_t clock, uint64_t *until);

/**
 * snapshots_replay() - have the oldest copy repeat what has happened since, and wait for it; the others go
 * @s:     the copies
 * @clock: up to and with this one
 * @again: arguments of this program, without its name, to begin anew with if there is no copy; NULL at the end
 *
 * Return: status with which it ended; -1 if it did not.
 */
int snapshots_replay(struct snapshots *s, uint64_t clock, char *const *again);

/** snapshots_drop() - they are not needed any more */
void snapshots_drop(struct snapshots *s);

#endif
