// SPDX-License-Identifier: MIT
// Two devices, the same input pins, every output pin compared on every clock.
#include <stdlib.h>
#include <string.h>
#include "lockstep.h"

struct lockstep {
	struct dut dut;
	struct dut *a;
	struct dut *b;
	bool showing;
	bool expecting;
	uint64_t compared;
	struct mismatch first;
};

static bool pins_equal(const uint32_t *a, const uint32_t *b, const uint32_t *unknown)
{
	uint32_t differs = 0;

	for (unsigned int i = 0; i < PIN_OUT_WORDS; i++)
		differs |= (a[i] ^ b[i]) | unknown[i];
	return !differs;
}

static void keep(struct lockstep *l, const uint32_t *in, const uint32_t *a, const uint32_t *b, const uint32_t *unknown)
{
	struct mismatch *m = &l->first;

	m->clock = l->compared;
	memcpy(m->in, in, sizeof(m->in));
	memcpy(m->a, a, sizeof(m->a));
	memcpy(m->b, b, sizeof(m->b));
	memcpy(m->unknown, unknown, sizeof(m->unknown));
}

/* b goes first, so that its pins can stand in a's dump from the very edge they belong to. */
static void lockstep_tick(struct dut *dut, const uint32_t *in, uint32_t *out, uint32_t *unknown)
{
	struct lockstep *l = (struct lockstep *)dut;
	uint32_t expected[PIN_OUT_WORDS];

	l->b->ops->tick(l->b, in, expected, unknown);
	if (l->showing)
		l->a->ops->show(l->a, expected);
	l->a->ops->tick(l->a, in, out, unknown);
	l->compared++;
	if (__builtin_expect(pins_equal(out, expected, unknown), 1))
		return;
	if (!l->first.clock)
		keep(l, in, out, expected, unknown);
	if (!l->expecting)
		return;
	memcpy(out, expected, sizeof(expected));
	memset(unknown, 0, sizeof(expected));
}

static bool lockstep_trace(struct dut *dut, const char *path, uint64_t edges)
{
	struct lockstep *l = (struct lockstep *)dut;

	l->showing = l->a->ops->show != NULL;
	return l->a->ops->trace(l->a, path, edges);
}

static void lockstep_close(struct dut *dut)
{
	struct lockstep *l = (struct lockstep *)dut;

	l->a->ops->close(l->a);
	l->b->ops->close(l->b);
	free(l);
}

static const struct dut_ops lockstep_ops = {
	.name = "lockstep",
	.tick = lockstep_tick,
	.trace = lockstep_trace,
	.close = lockstep_close,
};

struct dut *lockstep_new(struct dut *a, struct dut *b)
{
	struct lockstep *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->dut.ops = &lockstep_ops;
	l->a = a;
	l->b = b;
	return &l->dut;
}

const struct mismatch *lockstep_mismatch(const struct dut *dut)
{
	const struct lockstep *l = (const struct lockstep *)dut;

	return l->first.clock ? &l->first : NULL;
}

uint64_t lockstep_compared(const struct dut *dut)
{
	return ((const struct lockstep *)dut)->compared;
}

void lockstep_expect(struct dut *dut, bool on)
{
	struct lockstep *l = (struct lockstep *)dut;

	l->expecting = on;
	l->first.clock = 0;
}

bool lockstep_expecting(const struct dut *dut)
{
	return ((const struct lockstep *)dut)->expecting;
}

bool mismatch_has(const struct mismatch *m, const struct pin *pin)
{
	static const uint32_t none[PIN_OUT_WORDS];

	return pin_differs(pin, m->a, m->b) || pin_differs(pin, m->unknown, none);
}
