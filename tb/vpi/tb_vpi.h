/* SPDX-License-Identifier: MIT */
/* What a main() of our own needs from the VPI side. */
#ifndef PQDMA_TB_VPI_H
#define PQDMA_TB_VPI_H

/** vlog_startup_routines - what a VPI simulator calls first, in order, NULL at the end */
extern void (*vlog_startup_routines[])(void);

/** tb_vpi_status() - exit status of the bench; 1 before it has ended */
int tb_vpi_status(void);

#endif
