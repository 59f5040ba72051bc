// SPDX-License-Identifier: MIT
// The loop: device, software, environment, checkers, clock by clock; and how a run ends.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bench.h"
#include "cover/watch.h"
#include "failure_waves.h"
#include "kernel.h"
#include "lockstep.h"
#include "pin_hash.h"
#include "test.h"
#include "timeline.h"
#include "trace.h"

#define SETTLE_CLOCKS 4096

/* The kernel's panic hook has no argument, and there is one run in a process. */
static struct bench *running;

void bench_fail(struct bench *b, const char *format, ...)
{
	va_list args;

	if (b->failed)
		return;
	b->failed = true;
	va_start(args, format);
	vsnprintf(b->why, sizeof(b->why), format, args);
	va_end(args);
}

static void on_panic(const char *text)
{
	bench_fail(running, "panic: %s", text);
}

uint8_t *bench_ram(struct bench *b, uint64_t addr)
{
	if (addr - b->hw.ram_bus >= b->hw.ram_size)
		test_fail(b, "0x%" PRIx64 " is not an address in the device's memory", addr);
	return b->hw.ram + (addr - b->hw.ram_bus);
}

void bench_reset(struct bench *b, uint64_t clocks)
{
	b->reset_until = b->hw.clock + clocks;
	b->in.rst_n = 0;
}

void bench_tap(struct bench *b, void (*fn)(struct bench *b, void *arg), void *arg)
{
	b->tap = fn;
	b->tap_arg = arg;
}

/* Register access for software: struct hw_ops */

static struct bench *to_bench(struct hw *hw)
{
	return (struct bench *)hw;
}

static uint32_t hw_readl(struct hw *hw, uint32_t offset)
{
	struct axil_access access = { .addr = offset };

	axil_master_run(&to_bench(hw)->axil, &access);
	if (access.resp == AXI_OKAY)
		return access.data;
	hw->bus_errors++;
	return UINT32_MAX;
}

static void hw_writel(struct hw *hw, uint32_t offset, uint32_t value)
{
	struct axil_access access = { .write = true, .strb = 0xf, .addr = offset, .data = value };

	axil_master_run(&to_bench(hw)->axil, &access);
	hw->bus_errors += access.resp != AXI_OKAY;
}

static const struct hw_ops hw_ops = {
	.readl = hw_readl,
	.writel = hw_writel,
};

/* One clock */

static void compare(struct bench *b)
{
	const struct mismatch *m = b->pair ? lockstep_mismatch(b->pair) : NULL;

	if (m && !lockstep_expecting(b->pair))
		bench_fail(b, "RTL and model differ after edge %" PRIu64, m->clock);
}

static void make_edge(struct bench *b)
{
	pins_pack_in(b->in_words, &b->in);
	if (b->record && fwrite(b->in_words, sizeof(b->in_words), 1, b->record) != 1)
		bench_fail(b, "cannot write %s", b->options->record);
	if (b->cover)
		cover_watch_before(b->cover, &b->in, &b->out);
	b->dut->ops->tick(b->dut, b->in_words, b->out_words, b->unknown);
	if (b->cover)
		cover_watch_after(b->cover, &b->in);
	b->hw.clock++;
	b->stimulus = pin_hash(b->stimulus, b->in_words, PIN_IN_WORDS);
	b->hash = pin_hash(pin_hash(b->hash, b->in_words, PIN_IN_WORDS), b->out_words, PIN_OUT_WORDS);
	if (b->options->hash_every && b->hw.clock % b->options->hash_every == 0)
		printf("clock %" PRIu64 " hash %016" PRIx64 "\n", b->hw.clock, b->hash);
	history_add(&b->history, b->hw.clock, b->in_words, b->out_words, b->unknown);
	compare(b);
	pins_unpack_out(&b->out, b->out_words);
	b->irqs += (unsigned int)__builtin_popcount((uint32_t)b->out.irq & ~b->hw.irq);
	b->hw.irq = (uint32_t)b->out.irq;
}

static void check_rules(struct bench *b, const struct rules *rules)
{
	const struct rule *rule = rules->first;

	if (rule)
		bench_fail(b, "rule %s is broken at edge %" PRIu64 ": %s (%s)", rule->name, rules->first_edge, rule->text, rule->source);
}

/* Fetches count as the memory's, whichever port they come by. */
static void check_desc_port(struct bench *b, uint64_t edge)
{
	if (!PQDMA_WITH_DESC_PORT)
		return;
	desc_port_check(&b->desc_port, &b->out, &b->in, b->unknown, edge);
	check_rules(b, &b->desc_port.check.rules);
	b->mem.stats.fetch_bursts = b->desc_port.mem.stats.fetch_bursts;
	b->mem.stats.fetch_beats = b->desc_port.mem.stats.fetch_beats;
}

static void clock_memory(struct bench *b, uint64_t edge)
{
	const struct pqdma_out *seen = iommu_front(&b->iommu, &b->out, b->in.rst_n);

	axi_mem_clock(&b->mem, seen, &b->in, edge);
	desc_port_clock(&b->desc_port, seen, &b->in, edge);
	iommu_back(&b->iommu, &b->out, &b->in);
	if (b->test->software && !map_check_clock(&b->map_check, &b->out, &b->in, edge))
		bench_fail(b, "%s", b->map_check.why);
}

static void make_pins(struct bench *b)
{
	uint64_t edge = b->hw.clock + 1;

	b->in.rst_n = b->hw.clock >= b->reset_until;
	axil_master_clock(&b->axil, &b->out, &b->in, edge);
	clock_memory(b, edge);
	check_desc_port(b, edge);
	axi_check_clock(&b->axi_check, &b->out, &b->in, b->unknown, edge);
	axil_check_clock(&b->axil_check, &b->out, &b->in, edge);
	check_rules(b, &b->axi_check.rules);
	check_rules(b, &b->axil_check.rules);
	if (b->tap)
		b->tap(b, b->tap_arg);
}

/* In the copy this is where life goes on, maybe much later: with waves, and without what is the run's own. */
static void keep_snapshot(struct bench *b)
{
	if (!snapshots_keep(&b->snapshots, b->hw.clock, &b->replay_until))
		return;
	b->replaying = true;
	b->record = NULL;
	b->timeline = NULL;
	kernel_trace_hook(NULL);
	b->waves = b->options->failure_waves;
	b->waves_from = failure_waves_from(b->carrier, b->replay_until);
	if (b->waves_from < b->hw.clock)
		b->waves_from = b->hw.clock;
}

static void begin_waves(struct bench *b)
{
	if (!b->dut->ops->trace(b->dut, b->waves, b->hw.clock))
		bench_fail(b, "cannot write %s", b->waves);
}

static void follow_replay(struct bench *b)
{
	if (b->hw.clock < b->replay_until)
		return;
	b->replay_until = 0;
	bench_fail(b, "the replay goes on where the run had failed");
}

static void bench_clock(struct bench *b)
{
	if (snapshots_due(&b->snapshots, b->hw.clock))
		keep_snapshot(b);
	if (b->replaying)
		follow_replay(b);
	if (b->waves && b->hw.clock == b->waves_from)
		begin_waves(b);
	if (b->failed)
		return;
	make_edge(b);
	if (b->failed)
		return;
	kernel_step();
	make_pins(b);
	if (b->timeline)
		timeline_clock(b->timeline, &b->out, &b->in, b->hw.clock + 1);
}

/* One run */

static uint64_t clock_limit(const struct bench *b)
{
	if (b->options->max_clocks)
		return b->options->max_clocks;
	return b->test->max_clocks ? b->test->max_clocks : TEST_MAX_CLOCKS;
}

static int run_body(void *arg)
{
	struct bench *b = arg;

	b->test->body(b);
	return 0;
}

static void run_test(struct bench *b)
{
	const uint64_t limit = clock_limit(b);
	struct task_struct *task = kernel_spawn(b->test->name, run_body, b);

	if (!task)
		bench_fail(b, "no memory for the test's task");
	while (!b->failed && !b->skipped && !kernel_task_done(task, NULL)) {
		bench_clock(b);
		if (b->hw.clock >= limit)
			bench_fail(b, "hang: not finished after %" PRIu64 " clocks", limit);
	}
}

/* The test is over; what it set in motion comes to rest. */
static void settle(struct bench *b)
{
	for (unsigned int i = 0; i < SETTLE_CLOCKS && !b->failed &&
	     (i < HISTORY_CLOCKS || !axi_mem_idle(&b->mem) || !axi_mem_idle(&b->desc_port.mem)); i++)
		bench_clock(b);
	if (b->failed)
		return;
	axi_check_end(&b->axi_check);
	axi_check_end(&b->desc_port.check);
	check_rules(b, &b->desc_port.check.rules);
	axil_check_end(&b->axil_check);
	check_rules(b, &b->axi_check.rules);
	check_rules(b, &b->axil_check.rules);
}

/* A run that did nothing of what it is for has proved nothing. */
static void check_counts(struct bench *b)
{
	if (b->pair && !lockstep_compared(b->pair))
		bench_fail(b, "no clock was compared");
	if (b->test->moves && !b->mem.stats.write_beats)
		bench_fail(b, "the test is there to move data, and not one beat was written");
	if (b->test->software && !b->irqs)
		bench_fail(b, "the test is there to run the driver, and there was no interrupt");
	if (b->test->software && !b->map_check.judged_reads)
		bench_fail(b, "the test is there to run the driver, and no beat was compared with what is mapped");
	if (!b->axil.reads && !b->axil.writes)
		bench_fail(b, "no register was accessed");
	if (b->options->flip.pin)
		bench_fail(b, "nobody noticed the flip %s", b->options->flip_text);
}

static void print_pass(const struct bench *b)
{
	const struct axi_mem_stats *s = &b->mem.stats;

	printf("PASS %s seed %" PRIu64 ": %" PRIu64 " clocks, %" PRIu64 " compared, %" PRIu64 " register accesses, ", b->test->name,
	       b->options->seed, b->hw.clock, b->pair ? lockstep_compared(b->pair) : 0, b->axil.reads + b->axil.writes);
	printf("%" PRIu64 " beats read, %" PRIu64 " fetched, %" PRIu64 " written, %" PRIu64 " irqs, ", s->read_beats, s->fetch_beats,
	       s->write_beats, b->irqs);
	printf("%" PRIu64 " checks, stimulus %016" PRIx64 ", hash %016" PRIx64 "\n",
	       rules_evaluated(&b->axi_check.rules) + rules_evaluated(&b->axil_check.rules), b->stimulus, b->hash);
}

/* How fast this was, for people; it never decides anything. */
static void print_speed(const struct bench *b)
{
	const double seconds = (double)(clock() - b->cpu_begin) / CLOCKS_PER_SEC;

	printf("%s: %.0f clocks/s\n", b->test->name, seconds > 0 ? (double)b->hw.clock / seconds : 0);
}

static int finish(struct bench *b)
{
	unsigned int problems;

	if (b->skipped) {
		printf("SKIP %s: %s\n", b->test->name, b->skipped);
		return BENCH_SKIP;
	}
	if (!b->failed)
		settle(b);
	if (!b->failed) {
		problems = kernel_shutdown();
		if (problems)
			bench_fail(b, "%u problems in the kernel, printed above; the first: %s", problems, kernel_first_problem());
	}
	if (!b->failed)
		check_counts(b);
	if (b->replaying)
		return b->failed && b->hw.clock == b->replay_until ? BENCH_FAIL : BENCH_USAGE;
	if (b->failed) {
		bench_report(b);
		return BENCH_FAIL;
	}
	snapshots_drop(&b->snapshots);
	print_speed(b);
	print_pass(b);
	return BENCH_PASS;
}

static void choose_profile(struct bench *b)
{
	const char *name = axi_mem_profile_name((unsigned int)(b->options->seed % 4));

	mem_profile(b, name);
}

int bench_run(struct bench *b)
{
	running = b;
	b->cpu_begin = clock();
	if (b->test->needs_pair && !b->pair) {
		b->skipped = "there is only one device here, nothing to compare";
		return finish(b);
	}
	if (b->test->one_port && PQDMA_WITH_DESC_PORT) {
		b->skipped = "it looks for descriptors on the port of the data";
		return finish(b);
	}
	axi_mem_init(&b->mem, b->hw.ram, b->hw.ram_bus, b->hw.ram_size, b->options->seed);
	iommu_init(&b->iommu, b->hw.ram, b->hw.ram_bus, b->hw.ram_size);
	map_check_init(&b->map_check);
	axil_master_init(&b->axil, b->options->seed);
	axi_check_init(&b->axi_check);
	desc_port_init(&b->desc_port, b->hw.ram, b->hw.ram_bus, b->hw.ram_size, b->options->seed);
	axil_check_init(&b->axil_check);
	rng_init(&b->rng, b->options->seed, "test");
	choose_profile(b);
	b->hw.ops = &hw_ops;
	b->hw.coherent = b->test->coherent;
	kernel_init(&b->hw, b->options->seed);
	kernel_panic_hook(on_panic);
	bench_reset(b, BENCH_RESET_CLOCKS);
	while (!b->failed && b->hw.clock < BENCH_RESET_CLOCKS)
		bench_clock(b);
	run_test(b);
	return finish(b);
}
