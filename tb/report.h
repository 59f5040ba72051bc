/* SPDX-License-Identifier: MIT */
/* Parts of the report of a failed run; bench_report() prints them in turn. All print to standard output. */
#ifndef PQDMA_REPORT_H
#define PQDMA_REPORT_H

#include "bench.h"

#define REPORT_CAUSE 400

/**
 * report_cause() - why the run has failed, the same words whenever the cause is the same: without clocks, addresses, numbers
 * @b:     the run
 * @text:  receives it
 * @len:   bytes of @text
 */
void report_cause(const struct bench *b, char *text, size_t len);

/** report_parameters() - the parameters that are not the standard ones, as words of a make command */
void report_parameters(void);

/** report_config_hash() - a number for all parameters of this build */
uint32_t report_config_hash(void);

/** report_hardware() - bursts in flight, with the descriptor and the prep call behind each; the descriptor of each channel */
void report_hardware(const struct bench *b);

/** report_model() - the state of the model in words */
void report_model(const struct bench *b);

/** report_software() - every task of the simulated CPU, and where it stands */
void report_software(void);

#endif
