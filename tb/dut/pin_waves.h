/* SPDX-License-Identifier: MIT */
/* An FST of the pins alone, written from C: waves where no simulator is there to write them. */
#ifndef PQDMA_PIN_WAVES_H
#define PQDMA_PIN_WAVES_H

#include <stdint.h>

struct pin_waves;

/** pin_waves_open() - begin the file @path @edges rising edges after the beginning: scope tb_top, the pins' names; NULL if that failed */
struct pin_waves *pin_waves_open(const char *path, uint64_t edges);

/** pin_waves_clock() - one clock: input pins @in were sampled by its rising edge, output pins are @out since */
void pin_waves_clock(struct pin_waves *waves, const uint32_t *in, const uint32_t *out);

/** pin_waves_close() - finish the file; NULL is allowed */
void pin_waves_close(struct pin_waves *waves);

#endif
