// SPDX-License-Identifier: MIT
// Waves of a failure: from the oldest snapshot; of a short run, which has none, from its beginning.
#include <inttypes.h>
#include <string.h>
#include "failure_waves.h"

#define MAX_ARGS 64
#define MAX_TEXT 16384
#define MAX_OPTION 4200

/* A program's arguments as they were given: to the simulator, which is not always the one to be asked for them. */
struct arguments {
	char text[MAX_TEXT];
	char waves[MAX_OPTION];
	char from[64];
	char *argv[MAX_ARGS + 1];
};

/* The repetition is silent and writes no file but the waves. */
static bool is_dropped(const char *arg)
{
	static const char *const names[] = { "+failure_waves=", "+record=", "+save=", "+cover=", "+timeline=" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(arg, names[i], strlen(names[i])))
			return true;
	return false;
}

static bool read_arguments(struct arguments *a)
{
	FILE *f = fopen("/proc/self/cmdline", "rb");
	size_t used = f ? fread(a->text, 1, sizeof(a->text), f) : 0;
	unsigned int n = 0;

	if (f)
		fclose(f);
	if (!used || used == sizeof(a->text))
		return false;
	for (char *arg = a->text; arg < a->text + used; arg += strlen(arg) + 1) {
		if (is_dropped(arg))
			continue;
		if (n + 2 >= MAX_ARGS)
			return false;
		a->argv[n++] = arg;
	}
	a->argv[n++] = a->waves;
	a->argv[n] = a->from;
	return true;
}

uint64_t failure_waves_from(const struct carrier *carrier, uint64_t clock)
{
	return clock > carrier->shown ? clock - carrier->shown : 0;
}

bool failure_waves_write(struct bench *b)
{
	static struct arguments again;

	if (!read_arguments(&again))
		return false;
	snprintf(again.waves, sizeof(again.waves), "+waves=%s", b->options->failure_waves);
	snprintf(again.from, sizeof(again.from), "+waves_from=%" PRIu64, failure_waves_from(b->carrier, b->hw.clock));
	return snapshots_replay(&b->snapshots, b->hw.clock, again.argv) == BENCH_FAIL;
}
