/* SPDX-License-Identifier: MIT */
/* The golden model as a device: SIM=model, and the second half of every lockstep pair. */
#ifndef PQDMA_DUT_MODEL_H
#define PQDMA_DUT_MODEL_H

#include "dut.h"
#include "pqdma_model.h"

/** dut_model_new() - a model in reset state; @waves is an FST of its pins to write, or NULL. NULL if that failed. */
struct dut *dut_model_new(const char *waves);

/** dut_model_state() - the model inside, for reports */
const struct pqdma *dut_model_state(const struct dut *dut);

#endif
