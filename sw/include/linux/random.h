/* SPDX-License-Identifier: MIT */
/* Random numbers: seeded, the same in every run with the same seed. */
#ifndef PQDMA_LINUX_RANDOM_H
#define PQDMA_LINUX_RANDOM_H

#include <linux/types.h>

void get_random_bytes(void *buffer, size_t size);
u32 get_random_u32(void);
u64 get_random_u64(void);

/** prandom_u32_max() - below @limit; 0 for a limit of 0 */
u32 prandom_u32_max(u32 limit);

#endif
