/* SPDX-License-Identifier: MIT */
/*
 * What software does, for a timeline: the small kernel and the cores say what begins and ends, and one listener is told.
 *
 *	static void listen(const struct kernel_trace *event) { ... }
 *	kernel_trace_hook(listen);
 *
 * Without a listener nothing happens.
 */
#ifndef PQDMA_TRACE_H
#define PQDMA_TRACE_H

#include <stdint.h>

/** enum kernel_trace_kind - what has happened; each _BEGIN has its _END, and those of one CPU nest */
enum kernel_trace_kind {
	TRACE_TASK_BEGIN,	/* a task has the CPU */
	TRACE_TASK_END,
	TRACE_IRQ_BEGIN,	/* a handler runs */
	TRACE_IRQ_END,
	TRACE_TASKLET_BEGIN,
	TRACE_TASKLET_END,
	TRACE_LOCK,		/* a spin lock is taken */
	TRACE_UNLOCK,
	TRACE_PREP,		/* a transaction is prepared: @name is the line, @number counts them */
	TRACE_SUBMIT,		/* @object gets the cookie @number on @channel */
	TRACE_COMPLETE,		/* likewise */
	TRACE_CALLBACK_BEGIN,	/* of @object */
	TRACE_CALLBACK_END,
};

/** struct kernel_trace - one event; @channel and @number where they mean something */
struct kernel_trace {
	enum kernel_trace_kind kind;
	const char *name;
	int channel;
	uint64_t number;
	const void *object;
};

/** kernel_trace_hook() - @hook is told of every event from now on; NULL: nobody is */
void kernel_trace_hook(void (*hook)(const struct kernel_trace *event));

/** kernel_trace_event() - tell whoever listens */
void kernel_trace_event(const struct kernel_trace *event);

/** kernel_trace() - the same, where a name is all there is to tell */
static inline void kernel_trace(enum kernel_trace_kind kind, const char *name)
{
	const struct kernel_trace event = { .kind = kind, .name = name };

	kernel_trace_event(&event);
}

#endif
