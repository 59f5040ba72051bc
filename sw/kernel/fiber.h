/* SPDX-License-Identifier: MIT */
/*
 * Fibers: stacks that hand control to each other. Boost.Context's C entry points underneath.
 *
 *	struct fiber *f = fiber_new("worker", fn, arg);
 *	fiber_switch(f);		// runs fn until somebody switches back here
 *	fiber_free(f);			// after fn has returned, or to throw it away
 *
 * Whoever runs first is the root fiber; fiber_self() names it too. Fibers may switch to any other fiber, in any
 * nesting. When fn returns, control goes to the fiber that last switched to it. Each stack ends in a guard page.
 * Annotated for AddressSanitizer. One thread only.
 */
#ifndef PQDMA_FIBER_H
#define PQDMA_FIBER_H

#include <stdbool.h>

struct fiber;

/** fiber_new() - make a fiber that will run fn(arg); NULL if there is no memory. @name is kept by pointer. */
struct fiber *fiber_new(const char *name, void (*fn)(void *), void *arg);

/** fiber_switch() - stop here and go on in @to; returns when somebody switches back */
void fiber_switch(struct fiber *to);

/** fiber_self() - the fiber that runs now */
struct fiber *fiber_self(void);

/** fiber_visit() - call fn(arg) on the stack of @to, which waits, where it waits; for a look at that stack */
void fiber_visit(struct fiber *to, void (*fn)(void *), void *arg);

/** fiber_done() - has its function returned? */
bool fiber_done(const struct fiber *f);

/** fiber_name() - the name it was made with; "root" for the root fiber */
const char *fiber_name(const struct fiber *f);

/** fiber_free() - release stack and all; not for the running fiber */
void fiber_free(struct fiber *f);

#endif
