/* SPDX-License-Identifier: MIT */
/*
 * The bench: one device, everything around it, one loop.
 *
 * In each clock: the device makes a rising edge; pins are hashed, kept for a report, and (in the lockstep pair) compared;
 * the small kernel runs until all software waits; then register master, memory and checkers choose or look at the
 * pins for the next edge. The clock number of everything is the number of rising edges so far.
 */
#ifndef PQDMA_BENCH_H
#define PQDMA_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include "check/axi_check.h"
#include "env/axi_mem.h"
#include "check/axil_check.h"
#include "check/map_check.h"
#include "env/axil_master.h"
#include "env/iommu.h"
#include "carrier.h"
#include "desc_port.h"
#include "history.h"
#include "hw.h"
#include "options.h"
#include "program.h"
#include "rng.h"
#include "snapshot.h"

#define BENCH_RAM_BUS 0x4000000000ull
#define BENCH_RAM_SIZE (8u << 20)
#define BENCH_RAM_ALIGN 4096u
#define BENCH_RESET_CLOCKS 4	/* before every test */

#define BENCH_PASS 0
#define BENCH_FAIL 1
#define BENCH_USAGE 2
#define BENCH_SKIP 77

/**
 * struct bench - everything of one run
 * @hw:       the machine as software sees it; hw.clock counts the edges
 * @carrier:  the simulator
 * @options:  the arguments
 * @test:     the test that runs
 * @dut:      what is clocked: the lockstep pair or, if there is none, the device
 * @pair:     the lockstep pair, NULL if there is none
 * @fault:    the decorator that can flip a pin
 * @model:    the golden model, alone or as half of the pair
 * @in:       pins for the next edge; @out pins since the last one
 * @desc_port: memory and checker of the descriptor port, where there is one
 * @mem:      memory; @axil: register master; @axi_check and @axil_check: protocol checkers
 * @iommu:    between the controller and @mem, if a test plugs it in; @map_check: are beats mapped? for tests of software
 * @rng:      the test's random numbers
 * @program:  its stimulus, if that is a program
 * @tap:      called in every clock with @tap_arg; see bench_tap()
 * @hash:     of all pins of all clocks; @stimulus of the input pins alone
 * @record: where +record= wants the input pins, or NULL
 * @cover:  observer of functional coverage, or NULL
 * @waves:    FST that is written from clock @waves_from on; NULL for none
 * @snapshots: copies of this run, for waves of a failure
 * @replaying: this is such a copy, and it has been woken to go on up to and with clock @replay_until
 * @timeline: what +timeline= asks for, or NULL
 * @cpu_begin: CPU time when the run began
 * @failed:   the run has failed, and @why says why
 * @skipped:  why it was skipped, or NULL
 */
struct bench {
	struct hw hw;
	const struct carrier *carrier;
	const struct options *options;
	const struct test *test;
	struct dut *dut;
	struct dut *pair;
	struct dut *fault;
	struct dut *model;
	struct pqdma_in in;
	struct pqdma_out out;
	uint32_t in_words[PIN_IN_WORDS];
	uint32_t out_words[PIN_OUT_WORDS];
	uint32_t unknown[PIN_OUT_WORDS];
	struct axil_master axil;
	struct axi_check axi_check;
	struct axil_check axil_check;
	struct iommu iommu;
	struct map_check map_check;
	struct rng rng;
	struct program program;
	FILE *record;
	struct cover_watch *cover;
	const char *waves;
	uint64_t waves_from;
	struct snapshots snapshots;
	bool replaying;
	uint64_t replay_until;
	struct timeline *timeline;
	clock_t cpu_begin;
	void (*tap)(struct bench *b, void *arg);
	void *tap_arg;
	struct history history;
	uint64_t hash;
	uint64_t stimulus;
	uint64_t reset_until;
	uint64_t irqs;
	bool failed;
	char why[1024];
	const char *skipped;
	struct axi_mem mem;
	struct desc_port desc_port;
};

/** bench_run() - run one test on a device that has been opened; returns the exit status after the summary or report is printed */
int bench_run(struct bench *b);

/** bench_fail() - note why the run has failed; the first call counts, the loop ends after this clock */
void bench_fail(struct bench *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** bench_ram() - where the byte with bus address @addr lies in the device's memory; it must be inside */
uint8_t *bench_ram(struct bench *b, uint64_t addr);

/** bench_reset() - hold rst_n low for the next @clocks edges; what is in flight is forgotten on both sides */
void bench_reset(struct bench *b, uint64_t clocks);

/**
 * bench_tap() - have @fn called in every clock, after everything else has chosen its pins; NULL for none
 *
 * It may read and change b->in, the pins of the next edge, and look at b->out. It runs in the bench's own fiber: no CHECK(), no waiting.
 */
void bench_tap(struct bench *b, void (*fn)(struct bench *b, void *arg), void *arg);

/** bench_report() - print what there is to know about a failure; see report.c */
void bench_report(struct bench *b);

#endif
