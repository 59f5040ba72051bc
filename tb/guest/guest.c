// SPDX-License-Identifier: MIT
// From virtio-pci messages to the pins: configuration space, registers, memory, interrupts.
#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
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
 * @windows: its memory; known when it kicks
 * @rose:    pins that have risen and whose message has not been sent, one bit each
 * @busy:    clock in which something was in flight last
 */
struct guest {
	struct vhost_user vu;
	struct bench *b;
	struct guest_stats *stats;
	struct pci_config config;
	struct window windows[VHOST_REGIONS];
	uint32_t irq;
	uint32_t rose;
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

/* Nobody waits for the end of a write, so the machine is told that it can have its buffer back. */
static void on_kick(struct vhost_user *vu, unsigned int ring)
{
	struct guest *g = (struct guest *)vu;
	struct vhost_buffer buffer;

	if (ring != RING_COMMANDS)
		return;
	open_windows(g);
	while (vhost_user_take(vu, ring, &buffer)) {
		const size_t answered = command(g, &buffer);

		vhost_user_give(vu, ring, &buffer, answered, !buffer.in);
	}
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
	vhost_user_give(&g->vu, RING_MESSAGES, &buffer, sizeof(c) + c.size, true);
	g->stats->messages++;
	return true;
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

/* The machine */

int guest_listen(struct bench *b, const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int listening, fd;

	if (strlen(path) >= sizeof(name.sun_path))
		test_fail(b, "+socket=%s: a socket's path has at most %zu bytes", path, sizeof(name.sun_path) - 1);
	strcpy(name.sun_path, path);
	listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listening < 0 || bind(listening, (struct sockaddr *)&name, sizeof(name)) || listen(listening, 1))
		test_fail(b, "+socket=%s: %s", path, strerror(errno));
	fd = accept(listening, NULL, NULL);
	if (fd < 0)
		test_fail(b, "+socket=%s: nobody came: %s", path, strerror(errno));
	close(listening);
	unlink(path);
	return fd;
}

/* Its memory goes with it, so whatever the controller still had to do there is a fault of who let it go. */
static const char *machine_gone(struct guest *g)
{
	const struct bench *b = g->b;

	close_windows(g);
	vhost_user_close(&g->vu);
	if (!axi_mem_idle(&b->mem) || !axi_mem_idle(&b->desc_port.mem))
		vhost_user_refuse(&g->vu, "it has gone, and the controller is still at work in its memory");
	return *g->vu.why ? g->vu.why : NULL;
}

const char *guest_run(struct bench *b, int fd, struct guest_stats *stats)
{
	static struct guest g;

	if (!g.b) {
		g.b = b;
		attach_windows(&g);
	}
	g.stats = stats;
	g.irq = b->hw.irq;
	g.rose = 0;
	pci_config_init(&g.config, 0, PQDMA_CHANNELS);
	vhost_user_open(&g.vu, fd, on_kick);
	bench_tap(b, watch, &g);
	while (vhost_user_serve(&g.vu, b->hw.clock - g.busy > QUIET_CLOCKS ? QUIET_MS : 0)) {
		kernel_sleep_clocks(STEP_CLOCKS);
		send_messages(&g);
	}
	bench_tap(b, NULL, NULL);
	return machine_gone(&g);
}
