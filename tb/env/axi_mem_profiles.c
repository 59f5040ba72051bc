// SPDX-License-Identifier: MIT
// How memories behave, by name.
#include <string.h>
#include "axi_mem.h"

#define ALWAYS_READY .ar_ready = 100, .aw_ready = 100, .w_ready = 100, .r_valid = 100

static const struct {
	const char *name;
	struct axi_mem_config config;
} profiles[] = {
	{ "ideal", { .read_latency = 1, .write_latency = 1, .reads = 64, .writes = 64, ALWAYS_READY } },
	{ "typical", { .read_latency = 24, .read_jitter = 8, .write_latency = 12, .write_jitter = 4, .reads = 16, .writes = 16,
		       .ar_ready = 90, .aw_ready = 90, .w_ready = 95, .r_valid = 95 } },
	{ "slow", { .read_latency = 100, .write_latency = 100, .reads = 16, .writes = 16, ALWAYS_READY } },
	{ "torture", { .read_latency = 1, .read_jitter = 60, .write_latency = 1, .write_jitter = 60, .reads = 12, .writes = 6,
		       .ar_ready = 40, .aw_ready = 35, .w_ready = 50, .r_valid = 60, .interleave = true, .early = 50, .late = 50,
		       .noise = true } },
};

#define NR_PROFILES (sizeof(profiles) / sizeof(profiles[0]))

const struct axi_mem_config *axi_mem_profile(const char *name)
{
	for (unsigned int i = 0; i < NR_PROFILES; i++)
		if (!strcmp(profiles[i].name, name))
			return &profiles[i].config;
	return NULL;
}

const char *axi_mem_profile_name(unsigned int index)
{
	return index < NR_PROFILES ? profiles[index].name : NULL;
}
