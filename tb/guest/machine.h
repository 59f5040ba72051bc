/* SPDX-License-Identifier: MIT */
/*
 * The machine's end of the connection, as a test needs it: a machine of 1 MiB that has no Linux, only what a test does with it. Its
 * calls wait for the answer, so they belong into a task of their own beside guest_run().
 */
#ifndef PQDMA_MACHINE_H
#define PQDMA_MACHINE_H

#include <stdio.h>
#include "test.h"

#define MACHINE_RAM 0x10000000ull	/* where its memory lies on the bus; the first 64 KiB are the rings' */
#define MACHINE_RAM_SIZE (1u << 20)
#define MACHINE_FREE 0x10000u

/**
 * struct machine - one machine
 * @ram:  its memory
 * @gone: the device has hung up; nothing answers any more
 */
struct machine {
	struct bench *b;
	int fd;
	int calls;
	int calls_end;
	FILE *memory;
	uint8_t *ram;
	uint16_t commands;
	uint16_t messages;
	bool gone;
};

/** machine_make() - memory and a socket, not yet connected to anything; the socket for the device is in *@device */
void machine_make(struct machine *m, struct bench *b, int *device);

/** machine_connect() - introduce itself to the device: features, memory, rings, room for interrupt messages */
void machine_connect(struct machine *m);

/** machine_end() - hang up and give everything back */
void machine_end(struct machine *m);

/** machine_say() - one vhost-user message with @size bytes, and @fd if it is not -1, and wait for the answer, which it returns */
uint64_t machine_say(struct machine *m, uint32_t request, const void *payload, uint32_t size, int fd);

/** machine_command() - one command over the ring: @data is written, or receives what is read; @size bytes, 8 at most */
void machine_command(struct machine *m, unsigned int op, unsigned int bar, uint64_t addr, void *data, unsigned int size);

/** machine_config_read() - @size bytes of configuration space */
uint32_t machine_config_read(struct machine *m, unsigned int where, unsigned int size);

/** machine_config_write() - the other way round */
void machine_config_write(struct machine *m, unsigned int where, uint32_t value, unsigned int size);

/** machine_readl() - a register in BAR 0 */
uint32_t machine_readl(struct machine *m, uint32_t offset);

/** machine_writel() - write one */
void machine_writel(struct machine *m, uint32_t offset, uint32_t value);

/** machine_message() - wait for an interrupt message; its data */
uint16_t machine_message(struct machine *m);

#endif
