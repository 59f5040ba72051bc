// SPDX-License-Identifier: MIT
// A small machine: vhost-user from its front end, without any hurry.
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"
#include "vhost_user.h"

#define ENTRIES 8u
#define PATIENCE 200000		/* clocks for an answer */

/* Where things lie in memory */
#define RING_AT(ring) ((ring) * 0x1000u)
#define AVAIL 0x400u
#define USED 0x800u
#define COMMAND 0x3000u
#define ANSWER 0x3100u
#define MESSAGES 0x4000u
#define MESSAGE_ROOM 32u

#define NEED_REPLY 0x9u		/* version 1, and an answer is wanted */

static void put(struct machine *m, uint32_t at, uint64_t value, unsigned int size)
{
	memcpy(m->ram + at, &value, size);
}

static uint64_t get(const struct machine *m, uint32_t at, unsigned int size)
{
	uint64_t value = 0;

	memcpy(&value, m->ram + at, size);
	return value;
}

/* Messages */

/* Lets the device work until there is something to read; false if it has hung up. */
static bool receive(struct machine *m, int fd, void *to, size_t size)
{
	const uint64_t until = m->b->hw.clock + PATIENCE;
	struct bench *b = m->b;
	uint8_t *at = to;
	ssize_t got;

	while (size) {
		got = read(fd, at, size);
		CHECK(got >= 0 || errno == EAGAIN || errno == ECONNRESET);
		if (!got || (got < 0 && errno == ECONNRESET))
			m->gone = true;
		if (m->gone)
			return false;
		CHECK(b->hw.clock < until);
		kernel_sleep_clocks(1);
		if (got < 0)
			continue;
		at += got;
		size -= (size_t)got;
	}
	return true;
}

static void send_message(struct machine *m, uint32_t request, const void *payload, uint32_t size, int fd)
{
	const uint32_t header[3] = { request, NEED_REPLY, size };
	char control[CMSG_SPACE(sizeof(fd))] = { 0 };
	struct iovec iov[2] = { { .iov_base = (void *)header, .iov_len = sizeof(header) },
				{ .iov_base = (void *)payload, .iov_len = size } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (fd < 0)
		msg.msg_controllen = 0;
	m->gone |= sendmsg(m->fd, &msg, MSG_NOSIGNAL) != (ssize_t)(sizeof(header) + size);
}

uint64_t machine_say(struct machine *m, uint32_t request, const void *payload, uint32_t size, int fd)
{
	struct {
		uint32_t header[3];
		uint32_t number[2];
	} answer = { .number = { ~0u, ~0u } };
	struct bench *b = m->b;

	if (!m->gone)
		send_message(m, request, payload, size, fd);
	if (m->gone || !receive(m, m->fd, &answer, sizeof(answer)))
		return UINT64_MAX;
	CHECK_EQ(answer.header[0], request);
	CHECK_EQ(answer.header[1], 0x5);
	CHECK_EQ(answer.header[2], sizeof(answer.number));
	return answer.number[0] | (uint64_t)answer.number[1] << 32;
}

/* Coming and going */

void machine_make(struct machine *m, struct bench *b, int *device)
{
	int sockets[2], ends[2];

	*m = (struct machine){ .b = b };
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) && !pipe(ends));
	m->fd = sockets[0];
	*device = sockets[1];
	m->calls = ends[0];
	m->calls_end = ends[1];
	CHECK(!fcntl(m->fd, F_SETFL, O_NONBLOCK) && !fcntl(m->calls, F_SETFL, O_NONBLOCK));
	m->memory = tmpfile();
	CHECK(m->memory && !ftruncate(fileno(m->memory), MACHINE_RAM_SIZE));
	m->ram = mmap(NULL, MACHINE_RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(m->memory), 0);
	CHECK(m->ram != MAP_FAILED);
}

static void set_up_ring(struct machine *m, uint32_t ring)
{
	const uint64_t at = MACHINE_RAM + RING_AT(ring);
	const uint64_t addr[5] = { ring, at, at + USED, at + AVAIL, 0 };

	machine_say(m, 8, &(uint32_t[]){ ring, ENTRIES }, 8, -1);
	machine_say(m, 10, &(uint32_t[]){ ring, 0 }, 8, -1);
	machine_say(m, 9, addr, sizeof(addr), -1);
	machine_say(m, 18, &(uint32_t[]){ ring, 1 }, 8, -1);
}

static void put_desc(struct machine *m, uint32_t ring, uint32_t entry, uint32_t at, uint32_t size, uint64_t flags)
{
	const uint32_t desc = RING_AT(ring) + entry % ENTRIES * 16;

	put(m, desc, MACHINE_RAM + at, 8);
	put(m, desc + 8, size, 4);
	put(m, desc + 12, flags | (uint64_t)((entry + 1) % ENTRIES) << 16, 4);
}

static void offer(struct machine *m, uint32_t ring, uint16_t *idx, uint16_t entry)
{
	put(m, RING_AT(ring) + AVAIL + 4 + *idx % ENTRIES * 2, entry, 2);
	put(m, RING_AT(ring) + AVAIL + 2, ++*idx, 2);
}

void machine_connect(struct machine *m)
{
	const uint64_t memory[9] = { 1, MACHINE_RAM, MACHINE_RAM_SIZE, MACHINE_RAM, 0 };
	struct bench *b = m->b;
	uint16_t room = 0;
	uint64_t features;

	features = machine_say(m, 1, NULL, 0, -1);
	CHECK_EQ(features, 1ull << 32 | 1ull << 30);
	machine_say(m, 2, &features, 8, -1);
	machine_say(m, 3, NULL, 0, -1);
	features = machine_say(m, 15, NULL, 0, -1);
	machine_say(m, 16, &features, 8, -1);
	machine_say(m, 21, NULL, 0, m->calls_end);
	machine_say(m, 5, memory, sizeof(memory), fileno(m->memory));
	for (uint32_t ring = 0; ring < VHOST_RINGS; ring++)
		set_up_ring(m, ring);
	while (room < ENTRIES) {
		put_desc(m, 1, room, MESSAGES + room * MESSAGE_ROOM, MESSAGE_ROOM, 0x2);
		offer(m, 1, &room, room);
	}
	machine_say(m, 35, &(uint32_t[]){ 1, 0 }, 8, -1);
}

void machine_end(struct machine *m)
{
	close(m->fd);
	close(m->calls);
	close(m->calls_end);
	munmap(m->ram, MACHINE_RAM_SIZE);
	fclose(m->memory);
}

/* Commands */

/* What the machine waits for has an answer: reads have the numbers 1 and 3. */
void machine_command(struct machine *m, unsigned int op, unsigned int bar, uint64_t addr, void *data, unsigned int size)
{
	const uint16_t entry = m->commands % (ENTRIES / 2) * 2;
	const bool is_read = op & 1;

	put(m, COMMAND, op | bar << 8, 4);
	put(m, COMMAND + 4, size, 4);
	put(m, COMMAND + 8, addr, 8);
	memset(m->ram + ANSWER, 0xff, 8);
	if (!is_read)
		memcpy(m->ram + COMMAND + 16, data, size);
	put_desc(m, 0, entry, COMMAND, is_read ? 16 : 16 + size, is_read);
	put_desc(m, 0, entry + 1u, ANSWER, 8, 0x2);
	offer(m, 0, &m->commands, entry);
	machine_say(m, 35, &(uint32_t[]){ 0, 0 }, 8, -1);
	if (is_read)
		memcpy(data, m->ram + ANSWER, size);
}

uint32_t machine_config_read(struct machine *m, unsigned int where, unsigned int size)
{
	uint32_t value = 0;

	machine_command(m, 1, 0, where, &value, size);
	return value;
}

void machine_config_write(struct machine *m, unsigned int where, uint32_t value, unsigned int size)
{
	machine_command(m, 2, 0, where, &value, size);
}

uint32_t machine_readl(struct machine *m, uint32_t offset)
{
	uint32_t value;

	machine_command(m, 3, 0, offset, &value, sizeof(value));
	return value;
}

void machine_writel(struct machine *m, uint32_t offset, uint32_t value)
{
	machine_command(m, 4, 0, offset, &value, sizeof(value));
}

/* Calls come for posted writes, too; those of ring 1 bring a message. */
uint16_t machine_message(struct machine *m)
{
	const uint32_t used = RING_AT(1) + USED;
	struct bench *b = m->b;
	uint32_t call[5], entry;

	while ((uint16_t)get(m, used + 2, 2) == m->messages)
		if (!receive(m, m->calls, call, sizeof(call)))
			return 0;
	entry = (uint32_t)get(m, used + 4 + m->messages % ENTRIES * 8, 4);
	CHECK(entry < ENTRIES);
	CHECK_EQ(get(m, used + 8 + m->messages++ % ENTRIES * 8, 4), 18);
	CHECK_EQ(get(m, MESSAGES + entry * MESSAGE_ROOM, 1), 7);
	return (uint16_t)get(m, MESSAGES + entry * MESSAGE_ROOM + 16, 2);
}
