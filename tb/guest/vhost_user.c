// SPDX-License-Identifier: MIT
// vhost-user: messages over the socket, memory by its file descriptors, rings in that memory.
#define _GNU_SOURCE	/* struct ucred */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "vhost_user.h"

#define VERSION 0x1u
#define FLAG_REPLY 0x4u
#define FLAG_NEED_REPLY 0x8u

#define FEATURES (UINT64_C(1) << 32 | UINT64_C(1) << 30)				/* VIRTIO_F_VERSION_1, protocol features */
#define PROTOCOL_FEATURES (UINT64_C(1) << 3 | UINT64_C(1) << 5 | UINT64_C(1) << 14)	/* REPLY_ACK, BACKEND_REQ, INBAND_NOTIFICATIONS */

#define BACKEND_VRING_CALL 4u
#define MOST_FDS 8
#define MOST_RING 32768u

#define DESC_NEXT 0x1u
#define DESC_WRITE 0x2u

struct header {
	uint32_t request;
	uint32_t flags;
	uint32_t size;
};

struct memory {
	uint32_t num;
	uint32_t padding;
	struct {
		uint64_t guest;
		uint64_t size;
		uint64_t user;
		uint64_t offset;
	} regions[MOST_FDS];
};

struct vring_state {
	uint32_t index;
	uint32_t num;
};

struct vring_addr {
	uint32_t index;
	uint32_t flags;
	uint64_t desc, used, avail, log;
};

struct message {
	struct header header;
	union {
		uint64_t number;
		struct vring_state state;
		struct vring_addr addr;
		struct memory memory;
		uint8_t bytes[512];
	};
	int fds[MOST_FDS];
	unsigned int nr_fds;
};

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

struct avail {
	uint16_t flags;
	uint16_t idx;
	uint16_t ring[];
};

struct used {
	uint16_t flags;
	uint16_t idx;
	struct {
		uint32_t id;
		uint32_t len;
	} ring[];
};

bool vhost_user_refuse(struct vhost_user *vu, const char *format, ...)
{
	va_list args;

	if (*vu->why)
		return false;
	va_start(args, format);
	vsnprintf(vu->why, sizeof(vu->why), format, args);
	va_end(args);
	return false;
}

/* Messages */

static void close_fds(struct message *m)
{
	while (m->nr_fds)
		close(m->fds[--m->nr_fds]);
}

static void take_fds(struct message *m, struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		return;
	m->nr_fds = (unsigned int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	memcpy(m->fds, CMSG_DATA(c), m->nr_fds * sizeof(int));
}

static bool read_rest(struct vhost_user *vu, uint8_t *to, size_t size)
{
	while (size) {
		const ssize_t got = read(vu->fd, to, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return vhost_user_refuse(vu, "the machine hung up in the middle of a message");
		to += got;
		size -= (size_t)got;
	}
	return true;
}

/* Descriptors come with the first byte. Without a first byte the machine has ended, and that is no fault. */
static bool receive(struct vhost_user *vu, struct message *m)
{
	char control[CMSG_SPACE(MOST_FDS * sizeof(int))];
	struct iovec iov = { .iov_base = &m->header, .iov_len = sizeof(m->header) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	ssize_t got;

	memset(m, 0, sizeof(*m));
	do
		got = recvmsg(vu->fd, &msg, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return false;
	take_fds(m, &msg);
	if (!read_rest(vu, (uint8_t *)&m->header + got, sizeof(m->header) - (size_t)got))
		return false;
	if (m->header.size > sizeof(m->bytes))
		return vhost_user_refuse(vu, "message %u of %u bytes is too long", m->header.request, m->header.size);
	return read_rest(vu, m->bytes, m->header.size);
}

static bool reply(struct vhost_user *vu, const struct message *m, uint64_t number)
{
	const struct {
		struct header header;
		uint32_t low, high;
	} answer = {
		.header = { .request = m->header.request, .flags = VERSION | FLAG_REPLY, .size = sizeof(number) },
		.low = (uint32_t)number,
		.high = (uint32_t)(number >> 32),
	};

	if (send(vu->fd, &answer, sizeof(answer), MSG_NOSIGNAL) == (ssize_t)sizeof(answer))
		return true;
	return vhost_user_refuse(vu, "cannot answer message %u: %s", m->header.request, strerror(errno));
}

/* Memory */

static void unmap_all(struct vhost_user *vu)
{
	while (vu->nr_regions) {
		const struct vhost_region *r = &vu->regions[--vu->nr_regions];

		munmap(r->map, r->map_size);
	}
}

static bool map_region(struct vhost_user *vu, uint64_t offset, uint64_t size, int fd)
{
	struct vhost_region *r = &vu->regions[vu->nr_regions];

	r->map_size = (size_t)(offset + size);
	r->map = mmap(NULL, r->map_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (r->map == MAP_FAILED)
		return vhost_user_refuse(vu, "cannot map %" PRIu64 " bytes of the machine's memory: %s", size, strerror(errno));
	r->bytes = (uint8_t *)r->map + offset;
	r->size = size;
	vu->nr_regions++;
	return true;
}

static bool set_memory(struct vhost_user *vu, struct message *m)
{
	const struct memory *memory = &m->memory;

	unmap_all(vu);
	if (!memory->num || memory->num > VHOST_REGIONS || memory->num != m->nr_fds)
		return vhost_user_refuse(vu, "%u regions of memory with %u files; there may be 1 to %u", memory->num, m->nr_fds,
					 VHOST_REGIONS);
	for (unsigned int i = 0; i < memory->num; i++) {
		vu->regions[i].guest = memory->regions[i].guest;
		vu->regions[i].user = memory->regions[i].user;
		if (!map_region(vu, memory->regions[i].offset, memory->regions[i].size, m->fds[i]))
			return false;
	}
	return true;
}

static uint8_t *in_region(const struct vhost_region *r, uint64_t at, uint64_t size)
{
	return at < r->size && size <= r->size - at ? r->bytes + at : NULL;
}

static uint8_t *by_guest(struct vhost_user *vu, uint64_t addr, uint64_t size)
{
	uint8_t *bytes = NULL;

	for (unsigned int i = 0; i < vu->nr_regions && !bytes; i++)
		bytes = in_region(&vu->regions[i], addr - vu->regions[i].guest, size);
	return bytes;
}

static uint8_t *by_user(struct vhost_user *vu, uint64_t addr, uint64_t size)
{
	uint8_t *bytes = NULL;

	for (unsigned int i = 0; i < vu->nr_regions && !bytes; i++)
		bytes = in_region(&vu->regions[i], addr - vu->regions[i].user, size);
	return bytes;
}

/* Setting up rings */

static struct vhost_ring *ring_of(struct vhost_user *vu, uint32_t index)
{
	if (index < VHOST_RINGS)
		return &vu->rings[index];
	vhost_user_refuse(vu, "there is no ring %u", index);
	return NULL;
}

static bool set_num(struct vhost_user *vu, struct message *m)
{
	struct vhost_ring *ring = ring_of(vu, m->state.index);
	const uint32_t num = m->state.num;

	if (!ring)
		return false;
	if (!num || num > MOST_RING || num & (num - 1))
		return vhost_user_refuse(vu, "a ring of %u entries: that is no power of two up to %u", num, MOST_RING);
	ring->num = num;
	return true;
}

static bool set_base(struct vhost_user *vu, struct message *m)
{
	struct vhost_ring *ring = ring_of(vu, m->state.index);

	if (!ring)
		return false;
	ring->next = (uint16_t)m->state.num;
	return true;
}

static bool set_addr(struct vhost_user *vu, struct message *m)
{
	struct vhost_ring *ring = ring_of(vu, m->addr.index);

	if (!ring)
		return false;
	if (!ring->num)
		return vhost_user_refuse(vu, "ring %u has addresses before it has a size", m->addr.index);
	ring->desc = by_user(vu, m->addr.desc, ring->num * sizeof(struct desc));
	ring->avail = by_user(vu, m->addr.avail, sizeof(struct avail) + ring->num * 2);
	ring->used = by_user(vu, m->addr.used, sizeof(struct used) + ring->num * 8);
	if (!ring->desc || !ring->avail || !ring->used)
		return vhost_user_refuse(vu, "ring %u does not lie in the machine's memory", m->addr.index);
	return true;
}

static bool set_call_fd(struct vhost_user *vu, struct message *m)
{
	if (m->nr_fds != 1)
		return vhost_user_refuse(vu, "the socket for calls came as %u files", m->nr_fds);
	if (vu->call_fd >= 0)
		close(vu->call_fd);
	vu->call_fd = m->fds[0];
	m->nr_fds = 0;
	return true;
}

static bool kick(struct vhost_user *vu, struct message *m)
{
	if (m->state.index >= VHOST_RINGS || !vu->rings[m->state.index].used)
		return vhost_user_refuse(vu, "a kick for ring %u, which is not set up", m->state.index);
	vu->on_kick(vu, m->state.index);
	return !*vu->why;
}

static bool get_features(struct vhost_user *vu, struct message *m)
{
	return reply(vu, m, FEATURES);
}

static bool get_protocol_features(struct vhost_user *vu, struct message *m)
{
	return reply(vu, m, PROTOCOL_FEATURES);
}

static bool set_features(struct vhost_user *vu, struct message *m)
{
	if (m->number & ~FEATURES)
		return vhost_user_refuse(vu, "the machine wants features 0x%" PRIx64 ", there are 0x%" PRIx64, m->number, FEATURES);
	return true;
}

static bool set_protocol_features(struct vhost_user *vu, struct message *m)
{
	if (m->number == PROTOCOL_FEATURES)
		return true;
	return vhost_user_refuse(vu, "the machine has protocol features 0x%" PRIx64 ", it must have 0x%" PRIx64, m->number,
				 PROTOCOL_FEATURES);
}

static bool nothing_to_do(struct vhost_user *vu, struct message *m)
{
	(void)vu;
	(void)m;
	return true;
}

static const struct {
	uint32_t request;
	uint32_t size;
	bool answers;		/* itself, whether asked to or not */
	bool (*handle)(struct vhost_user *vu, struct message *m);
} table[] = {
	{ 1, 0, true, get_features },
	{ 2, 8, false, set_features },
	{ 3, 0, false, nothing_to_do },				/* SET_OWNER */
	{ 5, 40, false, set_memory },				/* and 32 more for a second region */
	{ 8, sizeof(struct vring_state), false, set_num },
	{ 9, sizeof(struct vring_addr), false, set_addr },
	{ 10, sizeof(struct vring_state), false, set_base },
	{ 15, 0, true, get_protocol_features },
	{ 16, 8, false, set_protocol_features },
	{ 18, sizeof(struct vring_state), false, nothing_to_do },	/* SET_VRING_ENABLE */
	{ 21, 0, false, set_call_fd },
	{ 35, sizeof(struct vring_state), false, kick },
};

static bool handle(struct vhost_user *vu, struct message *m)
{
	for (unsigned int i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].request != m->header.request)
			continue;
		if (m->header.size < table[i].size)
			return vhost_user_refuse(vu, "message %u of %u bytes is too short", m->header.request, m->header.size);
		if (!table[i].handle(vu, m))
			return false;
		return table[i].answers || !(m->header.flags & FLAG_NEED_REPLY) || reply(vu, m, 0);
	}
	return vhost_user_refuse(vu, "message %u is none that this device knows", m->header.request);
}

void vhost_user_open(struct vhost_user *vu, int fd, void (*on_kick)(struct vhost_user *vu, unsigned int ring))
{
	*vu = (struct vhost_user){ .fd = fd, .call_fd = -1, .on_kick = on_kick };
}

void vhost_user_close(struct vhost_user *vu)
{
	unmap_all(vu);
	if (vu->fd >= 0)
		close(vu->fd);
	if (vu->call_fd >= 0)
		close(vu->call_fd);
}

bool vhost_user_serve(struct vhost_user *vu, int timeout_ms)
{
	struct pollfd waiting = { .fd = vu->fd, .events = POLLIN };
	struct message m;
	bool ok;

	if (poll(&waiting, 1, timeout_ms) <= 0)
		return true;
	ok = receive(vu, &m) && handle(vu, &m);
	close_fds(&m);
	return ok;
}

/* Rings */

static bool add_part(struct vhost_user *vu, struct vhost_buffer *buffer, const struct desc *d)
{
	uint8_t *bytes = by_guest(vu, d->addr, d->len);

	if (!bytes)
		return vhost_user_refuse(vu, "%u bytes at 0x%" PRIx64 " of a ring are not in memory that can be shared", d->len, d->addr);
	if (d->flags & DESC_WRITE) {
		if (buffer->in)
			return vhost_user_refuse(vu, "an answer in two parts");
		buffer->in = bytes;
		buffer->in_size = d->len;
		return true;
	}
	if (buffer->in || d->len > VHOST_BYTES - buffer->out_size)
		return vhost_user_refuse(vu, "a message of more than %u bytes, or behind its answer", VHOST_BYTES);
	memcpy(buffer->out + buffer->out_size, bytes, d->len);
	buffer->out_size += d->len;
	return true;
}

bool vhost_user_take(struct vhost_user *vu, unsigned int index, struct vhost_buffer *buffer)
{
	struct vhost_ring *ring = &vu->rings[index];
	const struct avail *avail = ring->avail;
	const struct desc *desc = ring->desc, *d;
	unsigned int at, parts = 0;

	if (!avail || __atomic_load_n(&avail->idx, __ATOMIC_ACQUIRE) == ring->next)
		return false;
	at = avail->ring[ring->next++ % ring->num];
	*buffer = (struct vhost_buffer){ .head = (uint16_t)at };
	do {
		if (at >= ring->num || parts++ == ring->num)
			return vhost_user_refuse(vu, "ring %u has a chain that leaves it, or has no end", index);
		d = &desc[at];
		if (!add_part(vu, buffer, d))
			return false;
		at = d->next;
	} while (d->flags & DESC_NEXT);
	return true;
}

void vhost_user_give(struct vhost_user *vu, unsigned int index, const struct vhost_buffer *buffer, size_t size)
{
	struct vhost_ring *ring = &vu->rings[index];
	struct used *used = ring->used;

	used->ring[used->idx % ring->num].id = buffer->head;
	used->ring[used->idx % ring->num].len = (uint32_t)size;
	__atomic_store_n(&used->idx, (uint16_t)(used->idx + 1), __ATOMIC_RELEASE);
}

/* Calls */

static bool read_reply(struct vhost_user *vu)
{
	struct {
		struct header header;
		uint32_t low, high;
	} reply;

	if (recv(vu->call_fd, &reply, sizeof(reply), MSG_WAITALL) == (ssize_t)sizeof(reply) && !reply.low && !reply.high)
		return true;
	return vhost_user_refuse(vu, "the machine does not take a call");
}

/* The machine may have to ask for the time before it can say that it has been called. */
static bool wait_taken(struct vhost_user *vu)
{
	struct pollfd waiting[] = { { .fd = vu->call_fd, .events = POLLIN }, { .fd = vu->other, .events = POLLIN } };

	for (;;) {
		if (poll(waiting, 2, -1) < 0 && errno != EINTR)
			return vhost_user_refuse(vu, "cannot wait for the machine: %s", strerror(errno));
		if (waiting[1].revents && !vu->while_called(vu))
			return vhost_user_refuse(vu, "the machine hung up while it was called");
		if (waiting[0].revents)
			return read_reply(vu);
	}
}

static bool is_asleep(pid_t pid)
{
	char path[32], text[256];
	const char *state;
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return true;
	size = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[size] = '\0';
	state = strrchr(text, ')');
	return !state || strncmp(state, ") R", 3);
}

/*
 * A call is a signal to the machine, and Linux makes random numbers of where its processor was then. So it has to have come to where it
 * waits, or it would not be the same the next time.
 */
static void let_it_settle(const struct vhost_user *vu)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(vu->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return;
	while (!is_asleep(peer.pid))
		sched_yield();
}

bool vhost_user_call(struct vhost_user *vu, unsigned int index)
{
	const struct {
		struct header header;
		struct vring_state state;
	} message = {
		.header = { .request = BACKEND_VRING_CALL, .flags = VERSION | (vu->while_called ? FLAG_NEED_REPLY : 0),
			    .size = sizeof(message.state) },
		.state = { .index = index },
	};

	if (vu->while_called)
		let_it_settle(vu);
	if (vu->call_fd < 0 || write(vu->call_fd, &message, sizeof(message)) != (ssize_t)sizeof(message))
		return vhost_user_refuse(vu, "cannot call the machine: %s", strerror(errno));
	return !vu->while_called || wait_taken(vu);
}
