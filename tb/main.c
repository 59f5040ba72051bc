// SPDX-License-Identifier: MIT
// bench_main(): from arguments and a simulator to one run.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bench.h"
#include "cover/cover.h"
#include "cover/watch.h"
#include "dut_model.h"
#include "lockstep.h"
#include "test.h"
#include "timeline.h"

/* The device, a decorator that can spoil it, and beside it the model, unless the device is one. */
static bool stack_devices(struct bench *b, struct dut *device)
{
	b->fault = dut_fault_new(device);
	if (!b->fault)
		return false;
	b->dut = b->fault;
	b->model = device;
	if (b->carrier->is_model)
		return true;
	b->model = dut_model_new();
	b->pair = b->model ? lockstep_new(b->fault, b->model) : NULL;
	if (!b->pair)
		return false;
	b->dut = b->pair;
	return true;
}

static bool open_cover(struct bench *b)
{
	if (!b->options->cover)
		return true;
	b->cover = cover_watch_new(dut_model_state(b->model), &b->mem, &b->iommu);
	if (b->cover && cover_begin())
		return true;
	fprintf(stderr, "no memory\n");
	return false;
}

/* A run that has failed covers nothing. Returns the exit status. */
static int close_cover(struct bench *b, int status)
{
	if (b->cover && status == BENCH_PASS && !cover_write(b->options->cover)) {
		fprintf(stderr, "cannot write %s: %s\n", b->options->cover, strerror(errno));
		status = BENCH_FAIL;
	}
	cover_watch_free(b->cover);
	return status;
}

/* What is there afterwards belongs to this run. */
static void prepare_failure_waves(struct bench *b)
{
	if (!b->options->failure_waves || b->waves)
		return;
	remove(b->options->failure_waves);
	b->snapshots.window = b->snapshots.next = b->carrier->window;
}

static bool open_timeline(struct bench *b)
{
	const char *path = b->options->timeline;

	if (!path)
		return true;
	b->timeline = timeline_open(path, dut_model_state(b->model), &b->mem);
	if (!b->timeline)
		fprintf(stderr, "cannot write %s: %s\n", path, strerror(errno));
	return b->timeline;
}

static int close_timeline(struct bench *b, int status)
{
	if (!b->timeline)
		return status;
	if (timeline_close(b->timeline)) {
		printf("timeline: %s\n", b->options->timeline);
		return status;
	}
	fprintf(stderr, "cannot write %s: %s\n", b->options->timeline, strerror(errno));
	return BENCH_FAIL;
}

static int run(struct bench *b)
{
	struct dut *device = b->carrier->open(b->options->seed);
	int status = BENCH_USAGE;

	if (!device)
		return status;
	b->hw.ram = aligned_alloc(BENCH_RAM_ALIGN, BENCH_RAM_SIZE);
	if (b->hw.ram)
		memset(b->hw.ram, 0, BENCH_RAM_SIZE);
	b->hw.ram_size = BENCH_RAM_SIZE;
	b->hw.ram_bus = BENCH_RAM_BUS;
	if (!b->hw.ram || !stack_devices(b, device)) {
		fprintf(stderr, "no memory\n");
		goto out_ram;
	}
	if (b->options->flip.pin)
		dut_fault_arm(b->fault, &b->options->flip);
	if (b->options->record) {
		b->record = fopen(b->options->record, "wb");
		if (!b->record) {
			fprintf(stderr, "cannot write %s: %s\n", b->options->record, strerror(errno));
			goto out_dut;
		}
	}
	b->waves = b->options->waves;
	b->waves_from = b->options->waves_from;
	prepare_failure_waves(b);
	if (!open_cover(b) || !open_timeline(b))
		goto out_dut;
	status = close_timeline(b, close_cover(b, bench_run(b)));
	if (b->record && fclose(b->record)) {
		fprintf(stderr, "cannot write %s: %s\n", b->options->record, strerror(errno));
		status = BENCH_FAIL;
	}
out_dut:
	b->dut->ops->close(b->dut);
out_ram:
	free(b->hw.ram);
	return status;
}

static int no_such_test(const struct options *o)
{
	if (o->test)
		fprintf(stderr, "no test '%s'; there are:\n", o->test);
	else
		fprintf(stderr, "which test? +test=<name>; there are:\n");
	test_list();
	return BENCH_USAGE;
}

static bool open_program(struct bench *b)
{
	const struct options *o = b->options;

	if (b->test->program)
		return program_open(&b->program, b->test->program, o->test, o->seed, o->program, o->save);
	if (!o->program && !o->save)
		return true;
	fprintf(stderr, "test %s is not made of a program, so there is none to replay or save; +list marks those that are\n", o->test);
	return false;
}

int bench_main(const struct carrier *carrier, int argc, char **argv)
{
	struct options options;
	struct bench *b;
	int status;

	if (!options_parse(&options, argc, argv))
		return BENCH_USAGE;
	if (options.list || options.covers) {
		if (options.list)
			test_list();
		else
			cover_list();
		return BENCH_PASS;
	}
	if (!options.test || !test_find(options.test))
		return no_such_test(&options);
	b = calloc(1, sizeof(*b));
	if (!b) {
		fprintf(stderr, "no memory\n");
		return BENCH_USAGE;
	}
	b->carrier = carrier;
	b->options = &options;
	b->test = test_find(options.test);
	status = open_program(b) ? run(b) : BENCH_USAGE;
	if (!program_close(&b->program))
		status = BENCH_FAIL;
	fflush(stdout);
	free(b);
	return status;
}
