/* SPDX-License-Identifier: MIT */
/* What a main() of our own needs from the VPI side. */
#ifndef PQDMA_TB_VPI_H
#define PQDMA_TB_VPI_H

#include <stdbool.h>

/** vlog_startup_routines - what a VPI simulator calls first, in order, NULL at the end */
extern void (*vlog_startup_routines[])(void);

/** tb_vpi_status() - exit status of the bench; 1 before it has ended */
int tb_vpi_status(void);

/** tb_vpi_trace() - begin a wave dump; main() has it where the dump is main()'s own. False if @path cannot be written. */
bool tb_vpi_trace(const char *path);

#endif
