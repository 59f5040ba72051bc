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
#include "lockstep.h"
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

static void print_changed(const struct pin *table, size_t count, const uint32_t *now, const uint32_t *unknown, const uint32_t *before)
{
	char text[PIN_TEXT];

	for (size_t i = 0; i < count; i++) {
		if (before && !pin_differs(&table[i], now, before))
			continue;
		pin_format(&table[i], now, unknown, text);
		printf(" %s=%s", table[i].name, text);
	}
}

/* The oldest clock of the ring is only what the next one is compared with. */
static void print_history(const struct bench *b)
{
	uint64_t last = b->hw.clock, first = last > HISTORY_CLOCKS - 2 ? last - (HISTORY_CLOCKS - 2) : 1;

	printf("last clocks (edge: input pins that changed before it | output pins that changed after it):\n");
	for (uint64_t edge = first; edge <= last; edge++) {
		const struct history_clock *now = &b->history.ring[edge % HISTORY_CLOCKS];
		const struct history_clock *before = edge > 1 ? &b->history.ring[(edge - 1) % HISTORY_CLOCKS] : NULL;

		printf("\t%" PRIu64 ":", edge);
		print_changed(pin_table_in, pin_count_in, now->in, NULL, before ? before->in : NULL);
		printf(" |");
		print_changed(pin_table_out, pin_count_out, now->out, now->unknown, before ? before->out : NULL);
		printf("\n");
	}
}

static void print_description(const struct bench *b)
{
	static char text[DESCRIPTION_SIZE];

	pqdma_model_describe(dut_model_state(b->model), text, sizeof(text));
	printf("what the model is doing:\n%s", text);
}

static void print_repeat(const struct bench *b)
{
	const struct options *o = b->options;

	printf("repeat: make sim T=%s SEED=%" PRIu64 " SIM=%s", b->test->name, o->seed, b->carrier->name);
	if (o->mem)
		printf(" MEM=%s", o->mem);
	if (o->flip_text)
		printf(" FLIP='%s'", o->flip_text);
	if (o->max_clocks)
		printf(" MAX_CLOCKS=%" PRIu64, o->max_clocks);
	printf("\n");
}

void bench_report(struct bench *b)
{
	const struct mismatch *m = b->pair ? lockstep_mismatch(b->pair) : NULL;

	printf("FAIL %s seed %" PRIu64 " clock %" PRIu64 ": %s\n", b->test->name, b->options->seed, b->hw.clock, b->why);
	if (m)
		print_differing(m);
	print_history(b);
	print_description(b);
	print_repeat(b);
}
