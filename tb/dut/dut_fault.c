// SPDX-License-Identifier: MIT
// Flips one output pin of a device in one clock.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "dut_fault.h"

struct dut_fault {
	struct dut dut;
	struct dut *inner;
	struct flip flip;
	uint64_t clock;
};

static void list_pins(char *text, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < pin_count_out && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, " %s", pin_table_out[i].name);
}

static bool unknown_pin(const char *name, char *error, size_t size)
{
	int used = snprintf(error, size, "no output pin '%s'; there are:", name);

	list_pins(error + used, size - (size_t)used);
	return false;
}

bool flip_parse(const char *text, struct flip *flip, char *error, size_t size)
{
	char name[64], end;
	unsigned int bit = 0;
	uint64_t clock;

	if (sscanf(text, "%63[a-z0-9_][%u]@%" SCNu64 "%c", name, &bit, &clock, &end) != 3 &&
	    sscanf(text, "%63[a-z0-9_]@%" SCNu64 "%c", name, &clock, &end) != 2) {
		snprintf(error, size, "'%s' is not <pin>@<clock> or <pin>[<bit>]@<clock>", text);
		return false;
	}
	flip->pin = pin_by_name(pin_table_out, pin_count_out, name);
	if (!flip->pin)
		return unknown_pin(name, error, size);
	if (bit >= flip->pin->width) {
		snprintf(error, size, "%s has bits 0 to %u, not %u", name, flip->pin->width - 1, bit);
		return false;
	}
	if (!clock) {
		snprintf(error, size, "clocks count from 1");
		return false;
	}
	flip->bit = bit;
	flip->clock = clock;
	return true;
}

static void fault_tick(struct dut *dut, const uint32_t *in, uint32_t *out, uint32_t *unknown)
{
	struct dut_fault *f = (struct dut_fault *)dut;
	unsigned int at;

	f->inner->ops->tick(f->inner, in, out, unknown);
	if (++f->clock != f->flip.clock)
		return;
	at = f->flip.pin->at + f->flip.bit;
	out[at / 32] ^= 1u << (at % 32);
}

static void fault_show(struct dut *dut, const uint32_t *expected)
{
	struct dut_fault *f = (struct dut_fault *)dut;

	if (f->inner->ops->show)
		f->inner->ops->show(f->inner, expected);
}

static bool fault_trace(struct dut *dut, const char *path, uint64_t edges)
{
	struct dut_fault *f = (struct dut_fault *)dut;

	return f->inner->ops->trace(f->inner, path, edges);
}

static void fault_close(struct dut *dut)
{
	struct dut_fault *f = (struct dut_fault *)dut;

	f->inner->ops->close(f->inner);
	free(f);
}

static const struct dut_ops fault_ops = {
	.name = "fault",
	.tick = fault_tick,
	.show = fault_show,
	.trace = fault_trace,
	.close = fault_close,
};

struct dut *dut_fault_new(struct dut *inner)
{
	struct dut_fault *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->dut.ops = &fault_ops;
	f->inner = inner;
	return &f->dut;
}

void dut_fault_arm(struct dut *dut, const struct flip *flip)
{
	((struct dut_fault *)dut)->flip = *flip;
}
