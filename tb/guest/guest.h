/* SPDX-License-Identifier: MIT */
/*
 * A Linux that runs beside the bench, as a process of its own, has the controller as a PCI function: user-mode Linux with
 * CONFIG_UML_PCI_OVER_VIRTIO, or whoever else speaks vhost-user with the messages of include/uapi/linux/virtio_pcidev.h. Its
 * register accesses become AXI4-Lite accesses, the controller's beats go to its memory, and a rising interrupt pin becomes an MSI.
 *
 * If the machine lets us keep its time (calendar.h), one of the two works at a time: its CPU takes no time, and clocks pass while it waits
 * for a register or for a later time. Then a run is the same again each time. Otherwise they run side by side; while nothing moves
 * here the clock is slow, to leave the processor to the machine.
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

/**
 * struct guest_ends - how a machine is reached; -1 for what there is not
 * @listening: socket at which it will ask for the device
 * @device:    it has
 * @calendar:  it lets us keep its time
 */
struct guest_ends {
	int listening;
	int device;
	int calendar;
};

/**
 * guest_listen() - wait until a machine comes
 *
 * The socket for the device is made at @path, that for the time at @path.time. Whatever cannot be ends the test.
 */
struct guest_ends guest_listen(struct bench *b, const char *path);

/**
 * guest_run() - be the device of a machine until it hangs up
 *
 * Return: NULL, or what the machine did wrong; it stays until the next call.
 */
const char *guest_run(struct bench *b, struct guest_ends ends, struct guest_stats *stats);

#endif
