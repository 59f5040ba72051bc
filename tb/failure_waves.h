/* SPDX-License-Identifier: MIT */
/* Waves of the last clocks of a run that has failed, made by repeating them; see snapshot.h. */
#ifndef PQDMA_FAILURE_WAVES_H
#define PQDMA_FAILURE_WAVES_H

#include "bench.h"

/** failure_waves_from() - the clock with which waves of a run that fails in clock @clock begin */
uint64_t failure_waves_from(const struct carrier *carrier, uint64_t clock);

/**
 * failure_waves_write() - write options->failure_waves
 *
 * Return: false if the repetition did not fail in the same way, or the file cannot be written.
 */
bool failure_waves_write(struct bench *b);

#endif
