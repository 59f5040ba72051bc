// SPDX-License-Identifier: MIT
/*
 * One run of a client: load, wait, unload, count.
 */
#define _GNU_SOURCE	/* dladdr() */
#include "kmod.h"

#include <dlfcn.h>
#include <stdio.h>
#include <linux/async_tx.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "dmaengine/dmaengine.h"
#include "drivers/pqdma/pqdma.h"
#include "kernel/kernel.h"
#include "mapping/mapping.h"
#include "pqdma_regs.h"

/* How often it looks, how long nothing must have moved, and after how long threads that go on are stopped. */
#define LOOK_CLOCKS 500
#define QUIET_LOOKS 8
#define PATIENCE_LOOKS 400000

static const char *const op_names[KMOD_OPS] = {
	[PQDMA_OP_NOP] = "nop", [PQDMA_OP_INTERRUPT] = "interrupt", [PQDMA_OP_COPY] = "copy", [PQDMA_OP_FILL] = "fill",
	[PQDMA_OP_XOR] = "xor", [PQDMA_OP_XOR_VAL] = "xor_val", [PQDMA_OP_PQ] = "pq", [PQDMA_OP_PQ_VAL] = "pq_val",
	[PQDMA_OP_MATRIX] = "matrix",
};

static const char *const type_names[KMOD_TYPES] = {
	[DMA_MEMCPY] = "memcpy", [DMA_XOR] = "xor", [DMA_XOR_VAL] = "xor_val", [DMA_PQ] = "pq", [DMA_PQ_VAL] = "pq_val",
};

static struct kmod_report *running;

static void take_line(bool is_error, const char *text)
{
	const bool is_failure = is_error || kmod_is_failure(text);

	running->lines++;
	running->failures += is_failure;
	printf("kmod: %s%s", text, strchr(text, '\n') ? "" : "\n");
}

/* A simulator loads the bench without making its names visible to others. Where the bench is the program there is nothing to do. */
static void show_names(void)
{
	Dl_info info;

	if (dladdr((const void *)kmod_open, &info))
		dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL);
}

bool kmod_open(const char *path, struct kmod_client *client)
{
	struct module *before = kernel_module_newest();
	const char *const *params;
	void *object;

	show_names();
	object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!object) {
		printf("kmod: %s\n", dlerror());
		return false;
	}
	if (kernel_module_newest() == before) {
		printf("kmod: %s has neither module_init nor late_initcall\n", path);
		return false;
	}
	params = dlsym(object, "kmod_params");
	*client = (struct kmod_client){
		.module = kernel_module_newest(),
		.before = before,
		.params = params ? *params : "",
		.uses_async_tx = dlsym(object, "kernel_module_uses_async_tx"),
		.brings_async_tx = dlsym(object, "async_tx_submit"),
	};
	return true;
}

/* Counts a channel's work, and does not take it. A client may have brought channels of its own. */
static bool count_channel(struct dma_chan *chan, void *report_of)
{
	const struct pqdma_chan *c = container_of(chan, struct pqdma_chan, chan);
	struct kmod_report *report = report_of;
	unsigned int op;

	if (chan->device->device_alloc_chan_resources != pqdma_alloc_chan_resources)
		return false;
	for (op = 0; op < KMOD_OPS; op++)
		report->operations[op] += c->completed[op];
	report->callbacks += c->callbacks;
	return false;
}

static uint64_t count_work(struct kmod_report *report)
{
	const struct async_tx_stats *stats = async_tx_stats();
	uint64_t work = 0;
	unsigned int i;

	memset(report->operations, 0, sizeof(report->operations));
	report->callbacks = 0;
	dma_for_each_channel(count_channel, report);
	report->sync_callbacks = stats->callbacks;
	for (i = 0; i < DMA_TX_TYPE_END; i++)
		report->fallbacks[i] = stats->sync[i];
	for (i = 0; i < KMOD_OPS; i++)
		work += report->operations[i];
	for (i = 0; i < KMOD_TYPES; i++)
		work += report->fallbacks[i];
	return work + report->callbacks + report->sync_callbacks;
}

static void wait_for_end(struct kmod_report *report)
{
	unsigned int quiet = 0, looks;
	uint64_t before = 0, now;

	for (looks = 0; looks < PATIENCE_LOOKS && quiet < QUIET_LOOKS; looks++) {
		kernel_sleep_clocks(LOOK_CLOCKS);
		now = count_work(report);
		quiet = kernel_threads() || now != before ? 0 : quiet + 1;
		before = now;
	}
	report->unfinished = kernel_threads();
}

/* Those that came with the client, oldest first. */
static int load_before(struct module *module, struct module *before)
{
	int err;

	if (module == before)
		return 0;
	err = load_before(module->next, before);
	return err ? err : kernel_module_load(module, "");
}

static void unload_until(struct module *module, struct module *before)
{
	for (; module != before; module = module->next)
		kernel_module_unload(module);
}

static void load_and_unload(const struct kmod_client *client, struct kmod_report *report)
{
	if (client->uses_async_tx && !client->brings_async_tx)
		async_tx_load();
	report->error = load_before(client->module->next, client->before);
	if (!report->error)
		report->error = kernel_module_load(client->module, client->params);
	if (!report->error)
		wait_for_end(report);
	unload_until(client->module, client->before);
	if (client->uses_async_tx && !client->brings_async_tx)
		async_tx_unload();
}

bool kmod_run(const struct kmod_client *client, struct kmod_report *report)
{
	uint64_t work;

	*report = (struct kmod_report){ 0 };
	running = report;
	kernel_log_hook(take_line);
	/* Linux's async_tx never asks whether a mapping went well. */
	if (client->brings_async_tx)
		mapping_set_severity(MAPPING_UNCHECKED, MAPPING_NOTE);
	load_and_unload(client, report);
	work = count_work(report);
	kernel_log_hook(NULL);
	report->mappings = mapping_count();
	return !report->error && !report->failures && !report->mappings && work;
}

static void print_counts(const char *what, const uint64_t *counts, const char *const *names, unsigned int n)
{
	bool any = false;
	unsigned int i;

	printf("kmod: %s:", what);
	for (i = 0; i < n; i++) {
		if (!counts[i])
			continue;
		printf(" %llu %s", (unsigned long long)counts[i], names[i] ? names[i] : "unknown");
		any = true;
	}
	printf("%s\n", any ? "" : " none");
}

void kmod_print(const struct kmod_report *report)
{
	print_counts("hardware operations", report->operations, op_names, KMOD_OPS);
	print_counts("software fallbacks", report->fallbacks, type_names, KMOD_TYPES);
	printf("kmod: %llu callbacks from the driver, %llu from software\n", (unsigned long long)report->callbacks,
	       (unsigned long long)report->sync_callbacks);
	printf("kmod: %u mappings still alive\n", report->mappings);
	if (mapping_hits(MAPPING_UNCHECKED))
		printf("kmod: %u mappings were never checked\n", mapping_hits(MAPPING_UNCHECKED));
	if (report->unfinished)
		printf("kmod: %u threads still ran and were stopped\n", report->unfinished);
	printf("kmod: %u lines of log, %u of them report a failure", report->lines, report->failures);
	printf(report->error ? "; init returned %d\n" : "\n", report->error);
}
