/* SPDX-License-Identifier: MIT */
/* Tasklets of the simulated CPU, held back and let go; calls nest. */
#ifndef PQDMA_LINUX_BOTTOM_HALF_H
#define PQDMA_LINUX_BOTTOM_HALF_H

void local_bh_disable(void);
void local_bh_enable(void);

#endif
