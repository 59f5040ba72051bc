// SPDX-License-Identifier: MIT
// Time for user-mode Linux: requests, and the permission to run.
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include "calendar.h"

enum { ACK, START, REQUEST, WAIT, GET, UPDATE, RUN, FREE_UNTIL, GET_TOD };

#define FREE_NS 1000000	/* how far the machine may go without asking: it reads its time often, and each time that takes 256 ns */
#define DAY_ONE UINT64_C(1767225600000000000)	/* 2026-01-01, in ns: what a machine takes for the date when it starts */

struct message {
	uint32_t op;
	uint32_t seq;
	uint64_t time;
};

void calendar_open(struct calendar *c, int fd)
{
	*c = (struct calendar){ .fd = fd, .wanted = UINT64_MAX };
}

void calendar_close(struct calendar *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

static bool receive(const struct calendar *c, struct message *m)
{
	ssize_t got;

	do
		got = recv(c->fd, m, sizeof(*m), MSG_WAITALL);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof(*m);
}

static bool say(const struct calendar *c, uint32_t op, uint32_t seq, uint64_t time)
{
	const struct message m = { .op = op, .seq = seq, .time = time };

	return send(c->fd, &m, sizeof(m), MSG_NOSIGNAL) == (ssize_t)sizeof(m);
}

void calendar_pass(struct calendar *c, uint64_t ns)
{
	const uint64_t left = c->wanted > c->now ? c->wanted - c->now : 0;

	c->now += ns < left ? ns : left;
}

bool calendar_serve(struct calendar *c)
{
	uint64_t time = 0;
	struct message m;

	if (!receive(c, &m))
		return false;
	switch (m.op) {
	case REQUEST:
		c->wanted = m.time;
		break;
	case WAIT:
		c->waiting = true;
		calendar_pass(c, FREE_NS);
		break;
	case GET:
		time = c->now;
		break;
	case UPDATE:
		c->now = m.time > c->now ? m.time : c->now;
		break;
	case GET_TOD:
		time = DAY_ONE;
		break;
	default:
		break;
	}
	return say(c, ACK, m.seq, time);
}

bool calendar_is_due(const struct calendar *c)
{
	return c->waiting && c->wanted <= c->now;
}

/* It answers before it does anything else. */
static bool tell(const struct calendar *c, uint32_t op, uint64_t time)
{
	struct message m;

	return say(c, op, 0, time) && receive(c, &m) && m.op == ACK;
}

bool calendar_run(struct calendar *c)
{
	c->waiting = false;
	c->wanted = UINT64_MAX;
	return tell(c, FREE_UNTIL, c->now + FREE_NS) && tell(c, RUN, c->now);
}
