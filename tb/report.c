// SPDX-License-Identifier: MIT
/*
 * What a failed run prints: why; which pins differ; what hardware and software were doing; the last clocks, only what changed; the
 * command that repeats it; where its waves are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "bench.h"
#include "failure_waves.h"
#include "lockstep.h"
#include "report.h"
#include "test.h"

#define SHOWN_PINS 8

static void print_differing(const struct mismatch *m)
{
	char rtl[PIN_TEXT], model[PIN_TEXT];
	unsigned int count = 0;

	printf("pins that differ after edge %" PRIu64 ":\n\t%-20s %-36s %s\n", m->clock, "pin", "RTL", "model");
	for (size_t i = 0; i < pin_count_out; i++) {
		const struct pin *pin = &pin_table_out[i];

		if (!mismatch_has(m, pin) || ++count > SHOWN_PINS)
			continue;
		pin_format(pin, m->a, m->unknown, rtl);
		pin_format(pin, m->b, NULL, model);
		printf("\t%-20s %-36s %s\n", pin->name, rtl, model);
	}
	if (count > SHOWN_PINS)
		printf("\tand %u more\n", count - SHOWN_PINS);
}

/* Returns how many there were. */
static unsigned int print_changed(const struct pin *table, size_t count, const uint32_t *now, const uint32_t *unknown,
				  const uint32_t *before)
{
	char text[PIN_TEXT];
	unsigned int changed = 0;

	for (size_t i = 0; i < count; i++) {
		if (!pin_differs(&table[i], now, before))
			continue;
		pin_format(&table[i], now, unknown, text);
		printf(" %s=%s", table[i].name, text);
		changed++;
	}
	return changed;
}

static void print_clock(const struct history_clock *now, const struct history_clock *before)
{
	unsigned int changed;

	printf("\t%" PRIu64 ":", now->edge);
	changed = print_changed(pin_table_in, pin_count_in, now->in, NULL, before->in);
	printf(" |");
	changed += print_changed(pin_table_out, pin_count_out, now->out, now->unknown, before->out);
	printf(changed ? "\n" : " the same\n");
}

static void print_history(const struct bench *b)
{
	static const struct history_clock nothing;
	uint64_t last = b->hw.clock, first = last > HISTORY_CLOCKS ? last - HISTORY_CLOCKS + 1 : 1;
	const struct history_clock *before = &nothing;

	printf("last %d clocks; edge: input pins that changed before it | output pins that changed after it; "
	       "the first line has all that are not 0\n", HISTORY_CLOCKS);
	for (uint64_t edge = first; edge <= last; edge++) {
		const struct history_clock *now = &b->history.ring[edge % HISTORY_CLOCKS];

		print_clock(now, before);
		before = now;
	}
}

static void print_repeat(const struct bench *b)
{
	const struct options *o = b->options;

	printf("repeat: make sim T=%s SEED=%" PRIu64 " SIM=%s", b->test->name, o->seed, b->carrier->name);
	report_parameters();
	if (o->file)
		printf(" FILE='%s'", o->file);
	if (o->program)
		printf(" PROGRAM='%s'", o->program);
	if (o->mem)
		printf(" MEM=%s", o->mem);
	if (o->flip_text)
		printf(" FLIP='%s'", o->flip_text);
	if (o->max_clocks)
		printf(" MAX_CLOCKS=%" PRIu64, o->max_clocks);
	printf("\n");
}

static void print_waves(struct bench *b)
{
	const char *path = b->options->waves ? b->options->waves : b->options->failure_waves;

	if (!path)
		return;
	fflush(stdout);
	if (!b->options->waves && !failure_waves_write(b))
		printf("waves: none: the last clocks could not be repeated; add WAVES=1 to the command above\n");
	else
		printf("waves: %s, clocks %" PRIu64 " to %" PRIu64 "\n", path,
		       b->options->waves ? b->options->waves_from : failure_waves_from(b->carrier, b->hw.clock), b->hw.clock);
}

/* What a run was: the same parameters, test, seed and stimulus are the same run. */
static void print_identity(const struct bench *b)
{
	printf("configuration %08" PRIx32, report_config_hash());
	report_parameters();
	printf("\nstimulus %016" PRIx64 ": the input pins of all clocks until here\n", b->stimulus);
}

/* What matters most comes first. */
void bench_report(struct bench *b)
{
	const struct mismatch *m = b->pair ? lockstep_mismatch(b->pair) : NULL;
	char cause[REPORT_CAUSE];

	report_cause(b, cause, sizeof(cause));
	printf("FAIL %s seed %" PRIu64 " clock %" PRIu64 ": %s\n", b->test->name, b->options->seed, b->hw.clock, b->why);
	printf("cause: %s\n", cause);
	if (m)
		print_differing(m);
	report_hardware(b);
	report_software();
	report_model(b);
	print_history(b);
	print_identity(b);
	print_repeat(b);
	print_waves(b);
}
