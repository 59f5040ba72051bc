/* SPDX-License-Identifier: MIT */
/* The golden model as a device: SIM=model, and the second half of every lockstep pair. */
#ifndef PQDMA_DUT_MODEL_H
#define PQDMA_DUT_MODEL_H

#include "dut.h"
#include "pqdma_model.h"

/** dut_model_new() - a model in reset state; NULL if there is no memory */
struct dut *dut_model_new(void);

/** dut_model_state() - the model inside, for reports */
const struct pqdma *dut_model_state(const struct dut *dut);

#endif
