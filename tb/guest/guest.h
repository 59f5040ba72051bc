/* SPDX-License-Identifier: MIT */
/*
 * A Linux that runs beside the bench, as a process of its own, has the controller as a PCI function: user-mode Linux with
 * CONFIG_UML_PCI_OVER_VIRTIO, or whoever else speaks vhost-user with the messages of include/uapi/linux/virtio_pcidev.h. Its
 * register accesses become AXI4-Lite accesses, the controller's beats go to its memory, and a rising interrupt pin becomes an MSI.
 *
 * The two run side by side, so a run cannot be repeated clock by clock. Everything else is as in other tests: two devices in lockstep,
 * protocol checkers, waves. As long as the machine waits for a register it stands still; while nothing moves here the clock is slow,
 * to leave the processor to it.
 */
#ifndef PQDMA_GUEST_H
#define PQDMA_GUEST_H

#include "test.h"

/**
 * struct guest_stats - what the machine has done
 * @config:   accesses to configuration space
 * @reads:    of registers; @writes
 * @messages: MSIs that have been sent
 */
struct guest_stats {
	uint64_t config;
	uint64_t reads;
	uint64_t writes;
	uint64_t messages;
};

/** guest_listen() - a socket at @path, and the first that connects there: its descriptor. Waits; whatever cannot be ends the test. */
int guest_listen(struct bench *b, const char *path);

/**
 * guest_run() - be the device of the machine behind the connected stream socket @fd until it hangs up
 *
 * Return: NULL, or what the machine did wrong; it stays until the next call.
 */
const char *guest_run(struct bench *b, int fd, struct guest_stats *stats);

#endif
