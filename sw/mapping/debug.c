// SPDX-License-Identifier: MIT
/*
 * The checks of the debug layer: their names, how severe they are, how often they failed. What is an error in the
 * kernel's own dma-debug is an error here.
 */
#include "mapping_priv.h"

#include <stdarg.h>
#include "kernel/kernel_priv.h"

static const struct {
	const char *name;
	enum mapping_severity severity;
} checks[MAPPING_CHECKS] = {
	[MAPPING_UNKNOWN] = { "unknown", MAPPING_ERROR },
	[MAPPING_SIZE] = { "size", MAPPING_ERROR },
	[MAPPING_FUNCTION] = { "function", MAPPING_ERROR },
	[MAPPING_DEVICE] = { "device", MAPPING_ERROR },
	[MAPPING_CPU_ADDRESS] = { "CPU address", MAPPING_ERROR },
	[MAPPING_ENTRIES] = { "entries", MAPPING_ERROR },
	[MAPPING_DIRECTION] = { "direction", MAPPING_ERROR },
	[MAPPING_UNCHECKED] = { "unchecked", MAPPING_ERROR },
	[MAPPING_MEMORY] = { "memory", MAPPING_ERROR },
	[MAPPING_ARGUMENT] = { "argument", MAPPING_ERROR },
	[MAPPING_SYNC_UNKNOWN] = { "sync unknown", MAPPING_ERROR },
	[MAPPING_SYNC_RANGE] = { "sync range", MAPPING_ERROR },
	[MAPPING_SYNC_DIRECTION] = { "sync direction", MAPPING_ERROR },
	[MAPPING_SYNC_USELESS] = { "sync useless", MAPPING_WARNING },
	[MAPPING_SEGMENT_SIZE] = { "segment size", MAPPING_ERROR },
	[MAPPING_SEGMENT_BOUNDARY] = { "segment boundary", MAPPING_ERROR },
	[MAPPING_OVERLAP] = { "overlap", MAPPING_ERROR },
	[MAPPING_NESTED] = { "nested", MAPPING_NOTE },
	[MAPPING_DIRTY] = { "dirty", MAPPING_ERROR },
	[MAPPING_STALE] = { "stale", MAPPING_ERROR },
	[MAPPING_FREED] = { "freed", MAPPING_WARNING },
	[MAPPING_LEAK] = { "leak", MAPPING_ERROR },
	[MAPPING_GOLDEN] = { "golden", MAPPING_ERROR },
	[MAPPING_FAULT] = { "fault", MAPPING_WARNING },
};

static enum mapping_severity severities[MAPPING_CHECKS];
static unsigned int hits[MAPPING_CHECKS];

void debug_boot(void)
{
	unsigned int i;

	for (i = 0; i < MAPPING_CHECKS; i++) {
		severities[i] = checks[i].severity;
		hits[i] = 0;
	}
}

const char *mapping_check_name(enum mapping_check check)
{
	return checks[check].name;
}

enum mapping_severity mapping_set_severity(enum mapping_check check, enum mapping_severity severity)
{
	enum mapping_severity old = severities[check];

	severities[check] = severity;
	return old;
}

enum mapping_severity mapping_severity_of(enum mapping_check check)
{
	return severities[check];
}

unsigned int mapping_hits(enum mapping_check check)
{
	return hits[check];
}

void debug_report(enum mapping_check check, const char *format, ...)
{
	char text[512];
	va_list args;

	hits[check]++;
	if (severities[check] == MAPPING_NOTE)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (severities[check] == MAPPING_ERROR)
		kernel_problem("%s", text);
	else
		pr_warn("mapping check \"%s\": %s\n", checks[check].name, text);
}
