/* SPDX-License-Identifier: MIT */
/*
 * Runs a kernel client, such as dmatest.c, on the simulated controller: loads it, waits until its threads have ended and
 * nothing moves any more, unloads it, and judges.
 *
 *	kernel_board_up(channels);
 *	if (kmod_open("build/kmod/dmatest.so", &client))
 *		ok = kmod_run(&client, &report);
 *	kernel_board_down();
 *	kmod_print(&report);
 *
 * What a client says goes to standard output, line by line.
 */
#ifndef PQDMA_KMOD_H
#define PQDMA_KMOD_H

#include <stdbool.h>
#include <stdint.h>

struct module;

#define KMOD_OPS 16
#define KMOD_TYPES 32

/**
 * struct kmod_client - what is run
 * @module:        the client
 * @before:        what had been registered before it was linked in; modules in between come with it, and are loaded first
 * @params:        parameters, as they would stand behind insmod
 * @uses_async_tx: async_tx has to be there before it, which takes all channels
 * @brings_async_tx: Linux's own is linked in with it
 */
struct kmod_client {
	struct module *module;
	struct module *before;
	const char *params;
	bool uses_async_tx;
	bool brings_async_tx;
};

/**
 * struct kmod_report - what a client did
 * @operations: transactions that the controller completed, by PQDMA_OP_*
 * @fallbacks:  operations of async_tx that the CPU did, by enum dma_transaction_type
 * @callbacks:  clients called back by the driver
 * @sync_callbacks: clients called back by software that had done the work itself
 * @mappings:   streaming mappings still alive after the client had gone
 * @lines:      messages
 * @failures:   messages that report a failure
 * @error:      what its init returned
 * @unfinished: threads that still ran when patience ended, and were stopped
 */
struct kmod_report {
	uint64_t operations[KMOD_OPS];
	uint64_t fallbacks[KMOD_TYPES];
	uint64_t callbacks;
	uint64_t sync_callbacks;
	unsigned int mappings;
	unsigned int lines;
	unsigned int failures;
	int error;
	unsigned int unfinished;
};

/**
 * kmod_open() - link a client in that scripts/kmod has built
 * @path:   its shared object
 * @client: receives it
 *
 * Return: false, after a message that says why, if it cannot be had.
 */
bool kmod_open(const char *path, struct kmod_client *client);

/**
 * kmod_run() - one run of a client; from a task, after kernel_board_up()
 *
 * Return: true if it loaded, no message reported a failure, no mapping is left, and the controller or software did anything at all.
 */
bool kmod_run(const struct kmod_client *client, struct kmod_report *report);

/** kmod_print() - the counts, for people */
void kmod_print(const struct kmod_report *report);

/** kmod_is_failure() - does this message report a failure? "0 failures" does not. */
bool kmod_is_failure(const char *text);

#endif
