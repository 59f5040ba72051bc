// SPDX-License-Identifier: MIT
// From virtio-pci messages to the pins: configuration space, registers, memory, interrupts.
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "calendar.h"
#include "guest.h"
#include "kernel.h"
#include "pci_config.h"
#include "vhost_user.h"

#define RING_COMMANDS 0
#define RING_MESSAGES 1

/* Operations, as in include/uapi/linux/virtio_pcidev.h */
#define OP_CONFIG_READ 1
#define OP_CONFIG_WRITE 2
#define OP_MMIO_READ 3
#define OP_MMIO_WRITE 4
#define OP_MSI 7

#define STEP_CLOCKS 16		/* between two looks at the socket */
#define QUIET_CLOCKS 4096	/* without anything in flight, then the clock gets slow */
#define QUIET_MS 1
#define NS_PER_CLOCK 1000	/* as in the small kernel */
#define WRITES_OWED 32		/* whose buffers the machine can have back, and has not been told */

struct command {
	uint8_t op;
	uint8_t bar;
	uint16_t reserved;
	uint32_t size;
	uint64_t addr;
};

struct guest;

/** struct window - a piece of the machine's memory as the controller sees it */
struct window {
	struct axi_mem_device device;
	uint8_t *bytes;
};

/**
 * struct guest - one machine
 * @calendar: its time, if we keep it; the device is asked for at @listening
 * @windows: its memory; known when it kicks
 * @rose:    pins that have risen and whose message has not been sent, one bit each
 * @owed:    writes that are done, and it has not been told
 * @busy:    clock in which something was in flight last
 */
struct guest {
	struct vhost_user vu;
	struct bench *b;
	struct guest_stats *stats;
	struct calendar calendar;
	int listening;
	struct pci_config config;
	struct window windows[VHOST_REGIONS];
	uint32_t irq;
	uint32_t rose;
	unsigned int owed;
	uint64_t busy;
};

/* Memory */

static void window_read(struct axi_mem_device *device, uint64_t addr, unsigned int len, uint8_t *data)
{
	memcpy(data, ((struct window *)device)->bytes + (addr - device->bus), len);
}

static void window_write(struct axi_mem_device *device, uint64_t addr, unsigned int len, const uint8_t *data)
{
	memcpy(((struct window *)device)->bytes + (addr - device->bus), data, len);
}

static const struct axi_mem_device_ops window_ops = { .read = window_read, .write = window_write };

/* In their places from the first machine on, empty as long as there is none. */
static void attach_windows(struct guest *g)
{
	struct bench *b = g->b;

	for (unsigned int i = 0; i < VHOST_REGIONS; i++) {
		g->windows[i].device.ops = &window_ops;
		CHECK(axi_mem_attach(&b->mem, &g->windows[i].device) && axi_mem_attach(&b->desc_port.mem, &g->windows[i].device));
	}
}

static void open_windows(struct guest *g)
{
	for (unsigned int i = 0; i < g->vu.nr_regions; i++) {
		const struct vhost_region *r = &g->vu.regions[i];

		g->windows[i].device.bus = r->guest;
		g->windows[i].device.size = r->size;
		g->windows[i].bytes = r->bytes;
	}
}

static void close_windows(struct guest *g)
{
	for (unsigned int i = 0; i < VHOST_REGIONS; i++)
		g->windows[i].device.size = 0;
}

/* Commands. Data is little endian; what cannot be read is all ones, as on any PCI. */

static void config_read(struct guest *g, const struct command *c, const struct vhost_buffer *buffer)
{
	uint32_t value;

	g->stats->config++;
	pci_config_read(&g->config, (int)c->addr, c->size, &value);
	memcpy(buffer->in, &value, c->size);
}

static void config_write(struct guest *g, const struct command *c, uint32_t value)
{
	g->stats->config++;
	pci_config_write(&g->config, (int)c->addr, c->size, value);
}

static bool is_register(struct guest *g, const struct command *c)
{
	if (c->size == 4 && !c->bar && pci_config_decodes(&g->config))
		return true;
	return vhost_user_refuse(&g->vu, "%u bytes at 0x%" PRIx64 " of BAR %u: registers have 32 bits, and BAR 0 must be switched on",
				 c->size, c->addr, c->bar);
}

static void mmio_read(struct guest *g, const struct command *c, const struct vhost_buffer *buffer)
{
	struct hw *hw = &g->b->hw;
	uint32_t value;

	if (!is_register(g, c))
		return;
	g->stats->reads++;
	value = hw->ops->readl(hw, (uint32_t)c->addr);
	memcpy(buffer->in, &value, c->size);
}

static void mmio_write(struct guest *g, const struct command *c, uint32_t value)
{
	struct hw *hw = &g->b->hw;

	if (!is_register(g, c))
		return;
	g->stats->writes++;
	hw->ops->writel(hw, (uint32_t)c->addr, value);
}

static const struct {
	uint8_t op;
	void (*read)(struct guest *g, const struct command *c, const struct vhost_buffer *buffer);
	void (*write)(struct guest *g, const struct command *c, uint32_t value);
} table[] = {
	{ .op = OP_CONFIG_READ, .read = config_read },
	{ .op = OP_CONFIG_WRITE, .write = config_write },
	{ .op = OP_MMIO_READ, .read = mmio_read },
	{ .op = OP_MMIO_WRITE, .write = mmio_write },
};

static bool check_sizes(struct guest *g, const struct vhost_buffer *buffer, const struct command *c, bool is_read)
{
	const size_t data = is_read ? buffer->in_size : buffer->out_size - sizeof(*c);

	if ((c->size == 1 || c->size == 2 || c->size == 4) && data >= c->size)
		return true;
	return vhost_user_refuse(&g->vu, "command %u of %u bytes comes with room for %zu; it may have 1, 2 or 4", c->op, c->size, data);
}

/* Returns how many bytes were answered. */
static size_t command(struct guest *g, const struct vhost_buffer *buffer)
{
	uint32_t value = 0;
	struct command c;

	if (buffer->out_size < sizeof(c)) {
		vhost_user_refuse(&g->vu, "a command of %zu bytes is too short", buffer->out_size);
		return 0;
	}
	memcpy(&c, buffer->out, sizeof(c));
	for (unsigned int i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].op != c.op)
			continue;
		if (!check_sizes(g, buffer, &c, table[i].read))
			return 0;
		if (table[i].read) {
			table[i].read(g, &c, buffer);
			return c.size;
		}
		memcpy(&value, buffer->out + sizeof(c), c.size);
		table[i].write(g, &c, value);
		return 0;
	}
	vhost_user_refuse(&g->vu, "command %u is none that this device knows", c.op);
	return 0;
}

/* Nobody waits for the end of a write; when it reads, the machine takes back what is done. */
static void on_kick(struct vhost_user *vu, unsigned int ring)
{
	struct guest *g = (struct guest *)vu;
	struct vhost_buffer buffer;

	if (ring != RING_COMMANDS)
		return;
	open_windows(g);
	while (vhost_user_take(vu, ring, &buffer)) {
		vhost_user_give(vu, ring, &buffer, command(g, &buffer));
		g->owed = buffer.in ? 0 : g->owed + 1;
	}
	if (g->owed < WRITES_OWED)
		return;
	g->owed = 0;
	vhost_user_call(vu, ring);
}

/* Interrupts: in every clock */

static void watch(struct bench *b, void *arg)
{
	struct guest *g = arg;

	g->rose |= b->hw.irq & ~g->irq;
	g->irq = b->hw.irq;
	if (!axi_mem_idle(&b->mem) || !axi_mem_idle(&b->desc_port.mem) || g->rose)
		g->busy = b->hw.clock;
}

static bool send_message(struct guest *g, unsigned int vector)
{
	struct command c = { .op = OP_MSI, .size = 2 };
	struct vhost_buffer buffer;
	u16 data;
	u64 addr;

	if (!vhost_user_take(&g->vu, RING_MESSAGES, &buffer))
		return false;
	if (buffer.in_size < sizeof(c) + c.size)
		return vhost_user_refuse(&g->vu, "%zu bytes are no room for an interrupt message", buffer.in_size);
	pci_config_message(&g->config, vector, &addr, &data);
	c.addr = addr;
	memcpy(buffer.in, &c, sizeof(c));
	memcpy(buffer.in + sizeof(c), &data, c.size);
	vhost_user_give(&g->vu, RING_MESSAGES, &buffer, sizeof(c) + c.size);
	g->stats->messages++;
	return vhost_user_call(&g->vu, RING_MESSAGES);
}

/* A message that may not be sent is lost, as on any PCI; one for which there is no room waits. */
static void send_messages(struct guest *g)
{
	while (g->rose) {
		const unsigned int pin = (unsigned int)__builtin_ctz(g->rose);
		const int vector = pci_config_vector(&g->config, pin);

		if (vector >= 0 && !send_message(g, (unsigned int)vector))
			return;
		g->rose &= g->rose - 1;
	}
}

/* One machine after the other */

static int listen_at(struct bench *b, const char *path, const char *more)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd;

	if (snprintf(name.sun_path, sizeof(name.sun_path), "%s%s", path, more) >= (int)sizeof(name.sun_path))
		test_fail(b, "+socket=%s%s: a socket's path has at most %zu bytes", path, more, sizeof(name.sun_path) - 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) || listen(fd, 1))
		test_fail(b, "+socket=%s%s: %s", path, more, strerror(errno));
	return fd;
}

static int take_call(struct bench *b, int listening)
{
	const int fd = accept(listening, NULL, NULL);

	if (fd < 0)
		test_fail(b, "nobody came: %s", strerror(errno));
	close(listening);
	return fd;
}

struct guest_ends guest_listen(struct bench *b, const char *path)
{
	struct pollfd waiting[] = { { .fd = listen_at(b, path, ".time"), .events = POLLIN }, { .events = POLLIN } };
	char time[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	struct guest_ends ends = { .device = -1, .calendar = -1 };

	waiting[1].fd = ends.listening = listen_at(b, path, "");
	while (poll(waiting, 2, -1) < 0 && errno == EINTR)
		;
	if (waiting[0].revents)
		ends.calendar = take_call(b, waiting[0].fd);
	else
		close(waiting[0].fd);
	snprintf(time, sizeof(time), "%s.time", path);
	unlink(time);
	return ends;
}

static bool on_calendar(struct vhost_user *vu)
{
	return calendar_serve(&((struct guest *)vu)->calendar);
}

static void connect_device(struct guest *g, int fd)
{
	vhost_user_open(&g->vu, fd, on_kick);
	if (g->calendar.fd < 0)
		return;
	g->vu.while_called = on_calendar;
	g->vu.other = g->calendar.fd;
}

/* Whatever the machine says next, about the time, the device, or that it would like to have one. */
static bool listen_to_machine(struct guest *g)
{
	struct pollfd waiting[] = { { .fd = g->calendar.fd, .events = POLLIN }, { .events = POLLIN } };

	waiting[1].fd = g->listening < 0 ? g->vu.fd : g->listening;
	if (poll(waiting, 2, -1) < 0)
		return errno == EINTR;
	if (waiting[0].revents)
		return calendar_serve(&g->calendar);
	if (g->listening < 0)
		return vhost_user_serve(&g->vu, 0);
	connect_device(g, take_call(g->b, g->listening));
	g->listening = -1;
	return true;
}

/* It waits, and clocks pass: as many as it wants, and not too many at once, for the sake of interrupts. */
static bool pass_time(struct guest *g)
{
	struct calendar *c = &g->calendar;
	const uint64_t ns = c->wanted > c->now ? c->wanted - c->now : 0;
	const uint64_t clocks = ns / NS_PER_CLOCK < STEP_CLOCKS ? ns / NS_PER_CLOCK + 1 : STEP_CLOCKS;

	kernel_sleep_clocks(clocks);
	calendar_pass(c, clocks * NS_PER_CLOCK);
	send_messages(g);
	return !calendar_is_due(c) || calendar_run(c);
}

static bool side_by_side(struct guest *g)
{
	const bool quiet = g->b->hw.clock - g->busy > QUIET_CLOCKS;

	kernel_sleep_clocks(STEP_CLOCKS);
	send_messages(g);
	return vhost_user_serve(&g->vu, quiet ? QUIET_MS : 0);
}

static bool go_on(struct guest *g)
{
	if (g->calendar.fd < 0)
		return side_by_side(g);
	return g->calendar.waiting ? pass_time(g) : listen_to_machine(g);
}

static void begin(struct guest *g, struct bench *b, struct guest_ends ends)
{
	if (!g->b) {
		g->b = b;
		attach_windows(g);
	}
	g->irq = b->hw.irq;
	g->rose = 0;
	g->owed = 0;
	g->listening = ends.listening;
	calendar_open(&g->calendar, ends.calendar);
	pci_config_init(&g->config, 0, PQDMA_CHANNELS);
	if (ends.calendar < 0 && ends.device < 0) {
		ends.device = take_call(b, ends.listening);
		g->listening = -1;
	}
	connect_device(g, ends.device);
}

/* Its memory goes with it, so whatever the controller still had to do there is a fault of who let it go. */
static const char *machine_gone(struct guest *g)
{
	const struct bench *b = g->b;

	close_windows(g);
	vhost_user_close(&g->vu);
	calendar_close(&g->calendar);
	if (g->listening >= 0)
		close(g->listening);
	if (!axi_mem_idle(&b->mem) || !axi_mem_idle(&b->desc_port.mem))
		vhost_user_refuse(&g->vu, "it has gone, and the controller is still at work in its memory");
	return *g->vu.why ? g->vu.why : NULL;
}

const char *guest_run(struct bench *b, struct guest_ends ends, struct guest_stats *stats)
{
	static struct guest g;

	begin(&g, b, ends);
	g.stats = stats;
	bench_tap(b, watch, &g);
	while (go_on(&g))
		;
	bench_tap(b, NULL, NULL);
	return machine_gone(&g);
}
