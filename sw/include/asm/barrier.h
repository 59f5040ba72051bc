/* SPDX-License-Identifier: MIT */
/* Memory barriers. One CPU that runs in program order: only the compiler has to be held. */
#ifndef PQDMA_ASM_BARRIER_H
#define PQDMA_ASM_BARRIER_H

#include <linux/compiler.h>

#define mb() barrier()
#define rmb() barrier()
#define wmb() barrier()
#define dma_rmb() barrier()
#define dma_wmb() barrier()
#define smp_mb() barrier()
#define smp_rmb() barrier()
#define smp_wmb() barrier()

#endif
