// SPDX-License-Identifier: MIT
// SIM=model: the golden model alone is the device. No simulator, nothing to compare with; the fastest one.
#include "carrier.h"
#include "dut_model.h"

static struct dut *open_model(uint64_t seed)
{
	(void)seed;	/* everything in the model has a reset value */
	return dut_model_new();
}

static const struct carrier carrier = {
	.name = "model",
	.is_model = true,
	.window = 2000000,
	.shown = 20000,
	.open = open_model,
};

int main(int argc, char **argv)
{
	return bench_main(&carrier, argc, argv);
}
