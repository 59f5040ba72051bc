// SPDX-License-Identifier: MIT
// The golden model as a device. Two-state, so no bit is ever unknown.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "dut_model.h"
#include "pin_waves.h"

struct dut_model {
	struct dut dut;
	struct pqdma *model;
	struct pin_waves *waves;
};

static void model_tick(struct dut *dut, const uint32_t *in, uint32_t *out, uint32_t *unknown)
{
	struct dut_model *m = (struct dut_model *)dut;
	struct pqdma_in pins_in;
	struct pqdma_out pins_out;

	pins_unpack_in(&pins_in, in);
	pqdma_tick(m->model, &pins_in, &pins_out);
	pins_pack_out(out, &pins_out);
	memset(unknown, 0, PIN_OUT_WORDS * sizeof(*unknown));
	if (m->waves)
		pin_waves_clock(m->waves, in, out);
}

static void model_close(struct dut *dut)
{
	struct dut_model *m = (struct dut_model *)dut;

	pin_waves_close(m->waves);
	pqdma_model_free(m->model);
	free(m);
}

static const struct dut_ops model_ops = {
	.name = "model",
	.tick = model_tick,
	.close = model_close,
};

struct dut *dut_model_new(const char *waves)
{
	struct dut_model *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->dut.ops = &model_ops;
	m->model = pqdma_model_new();
	if (!m->model)
		goto out_free;
	if (waves) {
		m->waves = pin_waves_open(waves);
		if (!m->waves)
			goto out_model;
	}
	return &m->dut;

out_model:
	fprintf(stderr, "model: cannot write %s\n", waves);
	pqdma_model_free(m->model);
out_free:
	free(m);
	return NULL;
}

const struct pqdma *dut_model_state(const struct dut *dut)
{
	return ((const struct dut_model *)dut)->model;
}
