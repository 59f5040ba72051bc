// SPDX-License-Identifier: MIT
// The golden model as a device. Two-state, so no bit is ever unknown.
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

static bool model_trace(struct dut *dut, const char *path, uint64_t edges)
{
	struct dut_model *m = (struct dut_model *)dut;

	m->waves = pin_waves_open(path, edges);
	return m->waves;
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
	.trace = model_trace,
	.close = model_close,
};

struct dut *dut_model_new(void)
{
	struct dut_model *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->dut.ops = &model_ops;
	m->model = pqdma_model_new();
	if (m->model)
		return &m->dut;
	free(m);
	return NULL;
}

const struct pqdma *dut_model_state(const struct dut *dut)
{
	return ((const struct dut_model *)dut)->model;
}
