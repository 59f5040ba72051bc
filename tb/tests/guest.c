// SPDX-License-Identifier: MIT
/*
 * A Linux beside the bench has the controller as its PCI function: `make linux`. Without one, a small machine of the test's own shows
 * that what comes over the connection reaches the pins, and that nonsense does not.
 */
#include <stdio.h>
#include <unistd.h>
#include "guest/guest.h"
#include "guest/machine.h"
#include "kernel.h"

#define BAR 0xf0000000u
#define MSI 0x50u		/* capability in configuration space */
#define MSI_DATA 33u
#define DESC MACHINE_FREE
#define FROM (MACHINE_FREE + 0x1000u)
#define TO (MACHINE_FREE + 0x8003u)
#define BYTES 5001u

static void say(const struct guest_stats *stats)
{
	printf("guest: %" PRIu64 " accesses to configuration space, %" PRIu64 " registers read, %" PRIu64 " written, ", stats->config,
	       stats->reads, stats->writes);
	printf("%" PRIu64 " messages\n", stats->messages);
}

/* The machine's side, in a task of its own */

/* As the PCI core of Linux does: who is there, how large is its BAR, and switch it on. */
static void plug(struct machine *m)
{
	struct bench *b = m->b;

	CHECK_EQ(machine_config_read(m, 0x00, 4), KERNEL_PCI_VENDOR | KERNEL_PCI_DEVICE << 16);
	CHECK_EQ(machine_config_read(m, 0x0e, 1), 0);
	CHECK_EQ(machine_config_read(m, 0x100, 4), UINT32_MAX);
	machine_config_write(m, 0x10, UINT32_MAX, 4);
	CHECK_EQ(machine_config_read(m, 0x10, 4), 0xffffe000);
	machine_config_write(m, 0x10, BAR, 4);
	CHECK_EQ(machine_config_read(m, 0x34, 1), MSI);
	CHECK_EQ(machine_config_read(m, MSI, 1), 0x05);
	machine_config_write(m, MSI + 0x4, 0xa0000, 4);
	machine_config_write(m, MSI + 0xc, MSI_DATA, 2);
	machine_config_write(m, MSI + 0x2, 0x1, 2);
	machine_config_write(m, 0x04, 0x6, 2);
	CHECK_EQ(machine_readl(m, PQDMA_REG_ID), PQDMA_ID_VALUE);
}

static void put_copy(struct machine *m)
{
	const uint64_t words[4] = {
		(uint64_t)PQDMA_OP_COPY << PQDMA_DESC_OP_SHIFT | (uint64_t)PQDMA_FLAG_IRQ << PQDMA_DESC_FLAGS_SHIFT |
			(uint64_t)BYTES << PQDMA_DESC_LENGTH_SHIFT,
		MACHINE_RAM + FROM,
		MACHINE_RAM + TO,
		0,
	};

	memcpy(m->ram + DESC, words, sizeof(words));
	rng_fill(test_rng(m->b), m->ram + FROM, BYTES);
}

static void start(struct machine *m)
{
	const uint32_t ch = PQDMA_CH(0);

	machine_writel(m, ch + PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_DONE_MASK);
	machine_writel(m, ch + PQDMA_CH_HEAD_LO, (uint32_t)(MACHINE_RAM + DESC));
	machine_writel(m, ch + PQDMA_CH_HEAD_HI, 0);
	machine_writel(m, ch + PQDMA_CH_HEAD_COUNT, 1);
	machine_writel(m, ch + PQDMA_CH_TAIL, 1);
	machine_writel(m, ch + PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
}

static void stop(struct machine *m)
{
	const uint32_t ch = PQDMA_CH(0);

	machine_writel(m, ch + PQDMA_CH_IRQ_STATUS, UINT32_MAX);
	machine_writel(m, ch + PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	while ((machine_readl(m, ch + PQDMA_CH_STATUS) & PQDMA_STATUS_STATE_MASK) >> PQDMA_STATUS_STATE_SHIFT != PQDMA_STATE_IDLE)
		;
	machine_writel(m, ch + PQDMA_CH_IRQ_STATUS, UINT32_MAX);
}

static int copy_once(void *arg)
{
	struct machine *m = arg;
	struct bench *b = m->b;

	machine_connect(m);
	plug(m);
	put_copy(m);
	start(m);
	CHECK_EQ(machine_message(m), MSI_DATA);
	CHECK(!memcmp(m->ram + FROM, m->ram + TO, BYTES));
	CHECK(machine_readl(m, PQDMA_CH(0) + PQDMA_CH_IRQ_STATUS) & PQDMA_IRQ_DONE_MASK);
	stop(m);
	machine_end(m);
	return 0;
}

static const char *run_machine(struct bench *b, int (*fn)(void *), struct guest_stats *stats)
{
	static struct machine m;
	struct task_struct *task;
	const char *why;
	int fd;

	machine_make(&m, b, &fd);
	task = kernel_spawn("machine", fn, &m);
	CHECK(task);
	why = guest_run(b, (struct guest_ends){ .listening = -1, .device = fd, .calendar = -1 }, stats);
	while (!kernel_task_done(task, NULL))
		kernel_sleep_clocks(1);
	return why;
}

TEST(guest, "a machine beside the bench has the controller on PCI: +socket= for one that runs Linux, see make linux", .moves = true,
     .max_clocks = 1ull << 40)
{
	const char *path = b->options->socket;
	struct guest_stats stats = { 0 };
	const char *why;

	why = path ? guest_run(b, guest_listen(b, path), &stats) : run_machine(b, copy_once, &stats);
	if (path)
		unlink(path);
	if (why)
		test_fail(b, "the machine: %s", why);
	say(&stats);
	if (!stats.messages)
		test_fail(b, "the machine has not used the controller: no interrupt came");
	CHECK_EQ(b->hw.bus_errors, 0);
}

/* Nonsense */

static void unknown_message(struct machine *m)
{
	machine_say(m, 99, NULL, 0, -1);
}

static void long_message(struct machine *m)
{
	const uint8_t bytes[600] = { 0 };

	machine_say(m, 2, bytes, sizeof(bytes), -1);
}

static void short_message(struct machine *m)
{
	machine_say(m, 9, &(uint32_t){ 0 }, 4, -1);
}

static void unknown_feature(struct machine *m)
{
	machine_say(m, 2, &(uint64_t){ 1ull << 34 }, 8, -1);
}

static void no_memory(struct machine *m)
{
	machine_say(m, 5, (uint64_t[9]){ 1, MACHINE_RAM, MACHINE_RAM_SIZE }, 72, -1);
}

static void far_ring(struct machine *m)
{
	machine_say(m, 9, (uint64_t[5]){ 0, MACHINE_RAM, MACHINE_RAM + MACHINE_RAM_SIZE, MACHINE_RAM }, 40, -1);
}

static void no_such_ring(struct machine *m)
{
	machine_say(m, 8, &(uint32_t[]){ 7, 8 }, 8, -1);
}

static void odd_ring(struct machine *m)
{
	machine_say(m, 8, &(uint32_t[]){ 0, 12 }, 8, -1);
}

static void unknown_command(struct machine *m)
{
	machine_command(m, 77, 0, 0, &(uint64_t){ 0 }, 4);
}

static void wide_register(struct machine *m)
{
	machine_command(m, 3, 0, 0, &(uint64_t){ 0 }, 8);
}

static void narrow_register(struct machine *m)
{
	plug(m);
	machine_command(m, 4, 0, PQDMA_REG_ID, &(uint32_t){ 0 }, 2);
}

static void second_bar(struct machine *m)
{
	plug(m);
	machine_command(m, 3, 1, 0, &(uint32_t){ 0 }, 4);
}

static void switched_off(struct machine *m)
{
	machine_readl(m, PQDMA_REG_ID);
}

static void power_cut(struct machine *m)
{
	plug(m);
	put_copy(m);
	start(m);
}

static const struct nonsense {
	void (*do_it)(struct machine *m);
	const char *why;
} nonsense[] = {
	{ unknown_message, "message 99 is none that this device knows" },
	{ long_message, "message 2 of 600 bytes is too long" },
	{ short_message, "message 9 of 4 bytes is too short" },
	{ unknown_feature, "the machine wants features" },
	{ no_memory, "1 regions of memory with 0 files" },
	{ far_ring, "ring 0 does not lie in the machine's memory" },
	{ no_such_ring, "there is no ring 7" },
	{ odd_ring, "a ring of 12 entries" },
	{ unknown_command, "command 77 is none that this device knows" },
	{ wide_register, "command 3 of 8 bytes comes with room for 8" },
	{ narrow_register, "2 bytes at 0x0 of BAR 0" },
	{ second_bar, "4 bytes at 0x0 of BAR 1" },
	{ switched_off, "BAR 0 must be switched on" },
	{ power_cut, "it has gone, and the controller is still at work" },
};

static unsigned int turn;

static int talk_nonsense(void *arg)
{
	struct machine *m = arg;

	machine_connect(m);
	nonsense[turn].do_it(m);
	machine_end(m);
	return 0;
}

TEST(guest_nonsense, "what no machine should say ends the connection with a reason, and reaches no pin")
{
	struct guest_stats stats = { 0 };

	mem_ideal(b, 2000);
	for (turn = 0; turn < sizeof(nonsense) / sizeof(nonsense[0]); turn++) {
		const char *why = run_machine(b, talk_nonsense, &stats);

		if (!why || !strstr(why, nonsense[turn].why))
			test_fail(b, "the reason is \"%s\", expected \"%s\"", why ? why : "none", nonsense[turn].why);
		chan_abort(b, 0);
	}
}
