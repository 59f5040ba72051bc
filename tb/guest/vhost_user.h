/* SPDX-License-Identifier: MIT */
/*
 * The device's end of a vhost-user connection, for one device with two split virtqueues. Source of the rules: QEMU's "Vhost-user
 * Protocol", and Virtual I/O Device 1.1, section 2.6, for the rings.
 *
 *	vhost_user_open(&vu, fd, on_kick);
 *	while (vhost_user_serve(&vu, timeout_ms))
 *		work();
 *
 * The machine at the other end shares its memory and says where its rings are. Kicks and calls are messages, too (in-band
 * notifications), and a kick is answered when on_kick() has returned: so to the machine a posted write takes effect before the next
 * instruction.
 *
 * Whatever the other end says is checked before it is used; what is wrong ends the connection with vu.why.
 */
#ifndef PQDMA_VHOST_USER_H
#define PQDMA_VHOST_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VHOST_REGIONS 2
#define VHOST_RINGS 2
#define VHOST_BYTES 64		/* longest message that the machine may send through a ring */

/** struct vhost_region - memory that the machine shares: @size bytes from its physical address @guest on lie at @bytes */
struct vhost_region {
	uint64_t guest;
	uint64_t user;
	uint64_t size;
	uint8_t *bytes;
	void *map;
	size_t map_size;
};

struct vhost_ring {
	uint32_t num;
	uint16_t next;		/* of the available ring, that we take */
	const void *desc;
	const void *avail;
	void *used;
};

/**
 * struct vhost_user - one connection
 * @on_kick: the machine has put something into a ring
 * @while_called: if it is not NULL, a call waits until the machine has taken it; this is called whenever it asks something else meanwhile,
 *           over the socket @other, and returns false if it has gone
 * @regions: memory; @nr_regions of them
 * @why:     what was wrong when vhost_user_serve() has returned false, empty if the machine has just hung up
 */
struct vhost_user {
	int fd;
	int call_fd;
	void (*on_kick)(struct vhost_user *vu, unsigned int ring);
	bool (*while_called)(struct vhost_user *vu);
	int other;
	unsigned int nr_regions;
	struct vhost_region regions[VHOST_REGIONS];
	struct vhost_ring rings[VHOST_RINGS];
	char why[160];
};

/**
 * struct vhost_buffer - what the machine has put into a ring
 * @head:     its number there
 * @out:      bytes from the machine, @out_size of them
 * @in:       room for the answer, of @in_size bytes
 */
struct vhost_buffer {
	uint16_t head;
	size_t out_size;
	size_t in_size;
	uint8_t *in;
	uint8_t out[VHOST_BYTES];
};

/** vhost_user_open() - a connection over the stream socket @fd, which belongs to it from now on */
void vhost_user_open(struct vhost_user *vu, int fd, void (*on_kick)(struct vhost_user *vu, unsigned int ring));

/** vhost_user_close() - give memory and sockets back */
void vhost_user_close(struct vhost_user *vu);

/** vhost_user_serve() - handle one message, if one comes within @timeout_ms milliseconds; false when the connection has ended */
bool vhost_user_serve(struct vhost_user *vu, int timeout_ms);

/** vhost_user_refuse() - the connection ends with this reason, the first one counts; returns false */
bool vhost_user_refuse(struct vhost_user *vu, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** vhost_user_take() - the next buffer of @ring; false if there is none, or if it makes no sense, and then @vu ends */
bool vhost_user_take(struct vhost_user *vu, unsigned int ring, struct vhost_buffer *buffer);

/** vhost_user_give() - a buffer goes back with @size bytes written to its @in */
void vhost_user_give(struct vhost_user *vu, unsigned int ring, const struct vhost_buffer *buffer, size_t size);

/** vhost_user_call() - the machine is told that there are buffers to take back; false if it cannot be */
bool vhost_user_call(struct vhost_user *vu, unsigned int ring);

#endif
