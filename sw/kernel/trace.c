// SPDX-License-Identifier: MIT
// The one listener to what software does; see trace.h.
#include "trace.h"

#include <stddef.h>

static void (*listener)(const struct kernel_trace *event);

void kernel_trace_hook(void (*hook)(const struct kernel_trace *event))
{
	listener = hook;
}

void kernel_trace_event(const struct kernel_trace *event)
{
	if (listener)
		listener(event);
}
