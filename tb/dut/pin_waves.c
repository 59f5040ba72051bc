// SPDX-License-Identifier: MIT
/*
 * An FST of the pins, with GTKWave's own writer (it comes with Verilator). Times are those of the simulators: the
 * clock falls and input pins change at 10n + 5 ns, the clock rises and output pins change at 10n + 10 ns, so one
 * GTKWave save file serves all.
 */
#include <stdlib.h>
#include <string.h>
#include "fstapi.h"
#include "pin_waves.h"
#include "pins.h"

#define HALF 5

struct side {
	const struct pin *table;
	size_t count;
	fstHandle *handles;
	uint32_t *last;
};

struct pin_waves {
	void *fst;
	fstHandle clk;
	uint64_t time;
	bool started;
	struct side in;
	struct side out;
	fstHandle in_handles[sizeof(struct pqdma_in) / 4];
	fstHandle out_handles[sizeof(struct pqdma_out) / 4];
	uint32_t in_last[PIN_IN_WORDS];
	uint32_t out_last[PIN_OUT_WORDS];
};

static void make_vars(struct pin_waves *w, struct side *side)
{
	for (size_t i = 0; i < side->count; i++)
		side->handles[i] = fstWriterCreateVar(w->fst, FST_VT_VCD_WIRE, FST_VD_IMPLICIT, side->table[i].width,
						      side->table[i].name, 0);
}

struct pin_waves *pin_waves_open(const char *path, uint64_t edges)
{
	struct pin_waves *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->fst = fstWriterCreate(path, 1);
	if (!w->fst) {
		free(w);
		return NULL;
	}
	w->time = edges * 2 * HALF;
	w->in = (struct side){ pin_table_in, pin_count_in, w->in_handles, w->in_last };
	w->out = (struct side){ pin_table_out, pin_count_out, w->out_handles, w->out_last };
	fstWriterSetTimescale(w->fst, -9);
	fstWriterSetPackType(w->fst, FST_WR_PT_LZ4);
	fstWriterSetScope(w->fst, FST_ST_VCD_MODULE, "tb_top", NULL);
	w->clk = fstWriterCreateVar(w->fst, FST_VT_VCD_REG, FST_VD_IMPLICIT, 1, "clk", 0);
	make_vars(w, &w->in);
	make_vars(w, &w->out);
	fstWriterSetUpscope(w->fst);
	return w;
}

/* FST wants binary digits, highest bit first. */
static void emit(struct pin_waves *w, fstHandle handle, const struct pin *pin, const uint32_t *words)
{
	char digits[PQDMA_DATA_W > 64 ? PQDMA_DATA_W : 64];

	for (unsigned int i = 0; i < pin->width; i++) {
		unsigned int at = pin->at + i;

		digits[pin->width - 1 - i] = (char)('0' + (words[at / 32] >> (at % 32) & 1));
	}
	fstWriterEmitValueChange(w->fst, handle, digits);
}

static void emit_changed(struct pin_waves *w, struct side *side, const uint32_t *words, size_t nr_words)
{
	for (size_t i = 0; i < side->count; i++)
		if (!w->started || pin_differs(&side->table[i], words, side->last))
			emit(w, side->handles[i], &side->table[i], words);
	memcpy(side->last, words, nr_words * sizeof(*words));
}

void pin_waves_clock(struct pin_waves *w, const uint32_t *in, const uint32_t *out)
{
	w->time += HALF;
	fstWriterEmitTimeChange(w->fst, w->time);
	fstWriterEmitValueChange(w->fst, w->clk, "0");
	emit_changed(w, &w->in, in, PIN_IN_WORDS);
	w->time += HALF;
	fstWriterEmitTimeChange(w->fst, w->time);
	fstWriterEmitValueChange(w->fst, w->clk, "1");
	emit_changed(w, &w->out, out, PIN_OUT_WORDS);
	w->started = true;
}

void pin_waves_close(struct pin_waves *w)
{
	if (!w)
		return;
	fstWriterClose(w->fst);
	free(w);
}
