// SPDX-License-Identifier: MIT
/*
 * What a failed run prints: why; which pins differ; the last clocks, only what changed; what the model says that the controller is
 * doing; the command that repeats it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "bench.h"
#include "dut_model.h"
#include "failure_waves.h"
#include "lockstep.h"
#include "pqdma_params.h"
#include "test.h"

#define SHOWN_PINS 8
#define DESCRIPTION_SIZE 16384

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

static void print_description(const struct bench *b)
{
	static char text[DESCRIPTION_SIZE];

	pqdma_model_describe(dut_model_state(b->model), text, sizeof(text));
	printf("what the model is doing:\n%s", text);
}

/* Only what differs from its default has to be said again. */
static void print_parameters(void)
{
	static const struct {
		const char *name;
		unsigned int value;
		unsigned int normal;
	} parameters[] = {
		{ "CHANNELS", PQDMA_CHANNELS, 4 },
		{ "DATA_W", PQDMA_DATA_W, 128 },
		{ "STRIP_BYTES", PQDMA_STRIP_BYTES, 1024 },
		{ "BUF_BYTES", PQDMA_BUF_BYTES, 4096 },
		{ "STRIPS", PQDMA_STRIPS, 32 },
		{ "READS", PQDMA_READS, 16 },
		{ "DESCS", PQDMA_DESCS, 32 },
		{ "SOURCES", PQDMA_SOURCES, 16 },
		{ "LINES", PQDMA_LINES, 4 },
		{ "WITH_PQ", PQDMA_WITH_PQ, 1 },
		{ "WITH_DESC_PORT", PQDMA_WITH_DESC_PORT, 0 },
	};

	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		if (parameters[i].value != parameters[i].normal)
			printf(" %s=%u", parameters[i].name, parameters[i].value);
}

static void print_repeat(const struct bench *b)
{
	const struct options *o = b->options;

	printf("repeat: make sim T=%s SEED=%" PRIu64 " SIM=%s", b->test->name, o->seed, b->carrier->name);
	print_parameters();
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

void bench_report(struct bench *b)
{
	const struct mismatch *m = b->pair ? lockstep_mismatch(b->pair) : NULL;

	printf("FAIL %s seed %" PRIu64 " clock %" PRIu64 ": %s\n", b->test->name, b->options->seed, b->hw.clock, b->why);
	if (m)
		print_differing(m);
	print_history(b);
	print_description(b);
	printf("stimulus %016" PRIx64 ": the input pins of all clocks until here\n", b->stimulus);
	print_repeat(b);
	print_waves(b);
}
