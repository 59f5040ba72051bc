// SPDX-License-Identifier: MIT
// What tests call: registers, memory, descriptors, channels, waiting.
#include <stdarg.h>
#include <stdio.h>
#include "kernel.h"
#include "test.h"

#define CHANNEL_CLOCKS 20000	/* longest time an abort may take: everything in flight, on the slowest memory */

/* Ending a test. The run ends after this clock, so the body never comes back. */

static void __attribute__((noreturn)) stop_here(void)
{
	for (;;)
		kernel_cpu_stall();
}

void test_fail(struct bench *b, const char *format, ...)
{
	char text[sizeof(b->why)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	bench_fail(b, "%s", text);
	stop_here();
}

void test_skip(struct bench *b, const char *reason)
{
	b->skipped = reason;
	stop_here();
}

const char *test_file(const struct bench *b)
{
	return b->options->file;
}

struct program *test_program(struct bench *b)
{
	return &b->program;
}

struct rng *test_rng(struct bench *b)
{
	return &b->rng;
}

/* Registers */

void reg_access(struct bench *b, struct axil_access *access)
{
	axil_master_run(&b->axil, access);
}

uint32_t reg_read(struct bench *b, uint32_t offset)
{
	struct axil_access access = { .addr = offset };

	reg_access(b, &access);
	if (access.resp != AXI_OKAY)
		test_fail(b, "read of register 0x%x answered with %u", offset, access.resp);
	return access.data;
}

void reg_write(struct bench *b, uint32_t offset, uint32_t value)
{
	struct axil_access access = { .write = true, .strb = 0xf, .addr = offset, .data = value };

	reg_access(b, &access);
	if (access.resp != AXI_OKAY)
		test_fail(b, "write of register 0x%x answered with %u", offset, access.resp);
}

uint64_t ch_read64(struct bench *b, unsigned int ch, uint32_t reg)
{
	uint64_t low = ch_read(b, ch, reg);

	return (uint64_t)ch_read(b, ch, reg + 4) << 32 | low;
}

unsigned int ch_state(struct bench *b, unsigned int ch)
{
	return (ch_read(b, ch, PQDMA_CH_STATUS) & PQDMA_STATUS_STATE_MASK) >> PQDMA_STATUS_STATE_SHIFT;
}

/* Memory */

uint64_t ram_alloc(struct bench *b, size_t size)
{
	size_t offset = kernel_reserve_ram(size);

	if (offset == (size_t)-1)
		test_fail(b, "no %zu bytes of memory left", size);
	rng_fill(&b->rng, b->hw.ram + offset, size);
	return b->hw.ram_bus + offset;
}

void ram_random(struct bench *b, uint64_t addr, size_t size)
{
	rng_fill(&b->rng, bench_ram(b, addr), size);
}

void ram_put64(struct bench *b, uint64_t addr, uint64_t value)
{
	memcpy(bench_ram(b, addr), &value, sizeof(value));
}

uint64_t ram_get64(struct bench *b, uint64_t addr)
{
	uint64_t value;

	memcpy(&value, bench_ram(b, addr), sizeof(value));
	return value;
}

/* Register masters are as patient as the memory of the same profile. */
static struct axil_config axil_manners(const struct axi_mem_config *config)
{
	unsigned int most = config->noise ? 6 : config->read_jitter ? 2 : 0;

	return (struct axil_config){ .gap = most, .skew = most, .delay = most };
}

void mem_configure(struct bench *b, const struct axi_mem_config *config)
{
	const struct axil_config manners = axil_manners(config);

	axi_mem_configure(&b->mem, config);
	axi_mem_configure(&b->desc_port.mem, config);
	axil_master_configure(&b->axil, &manners);
}

void mem_ideal(struct bench *b, unsigned int latency)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");

	config.read_latency = latency;
	config.write_latency = 1;
	config.reads = 32;
	mem_configure(b, &config);
}

void mem_profile(struct bench *b, const char *name)
{
	const struct axi_mem_config *config = axi_mem_profile(b->options->mem ? b->options->mem : name);

	if (!config)
		test_fail(b, "no memory profile '%s'", name);
	mem_configure(b, config);
}

void mem_fault(struct bench *b, const struct axi_mem_fault *fault)
{
	if (!axi_mem_fault(&b->mem, fault) || !axi_mem_fault(&b->desc_port.mem, fault))
		test_fail(b, "more than %d memory faults", AXI_MEM_FAULTS);
}

void mem_clear_faults(struct bench *b)
{
	axi_mem_clear_faults(&b->mem);
	axi_mem_clear_faults(&b->desc_port.mem);
}

const struct axi_mem_stats *mem_stats(const struct bench *b)
{
	return &b->mem.stats;
}

/* Descriptors */

void desc_put(struct bench *b, uint64_t addr, const struct desc *desc)
{
	const uint64_t words[PQDMA_DESC_SIZE / 8] = {
		(uint64_t)desc->op << PQDMA_DESC_OP_SHIFT | (uint64_t)desc->flags << PQDMA_DESC_FLAGS_SHIFT |
			(uint64_t)desc->tag << PQDMA_DESC_TAG_SHIFT | (uint64_t)desc->length << PQDMA_DESC_LENGTH_SHIFT,
		desc->src,
		desc->dst,
		desc->link | desc->count,
	};

	for (unsigned int i = 0; i < PQDMA_DESC_SIZE / 8; i++)
		ram_put64(b, addr + i * 8, words[i]);
}

void desc_link(struct bench *b, uint64_t addr, uint64_t next, unsigned int count)
{
	ram_put64(b, addr + 24, next | count);
}

void desc_settings(struct bench *b, uint64_t addr, uint64_t settings)
{
	ram_put64(b, addr + PQDMA_DESC_SETTINGS_OFFSET, settings);
}

uint64_t desc_status(struct bench *b, uint64_t addr)
{
	return ram_get64(b, addr + PQDMA_DESC_STATUS_OFFSET);
}

/* Channels */

void chan_start(struct bench *b, unsigned int ch, uint64_t head, unsigned int count, uint32_t tail)
{
	ch_write(b, ch, PQDMA_CH_IRQ_ENABLE,
		 PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK | PQDMA_IRQ_BAD_TAIL_MASK | PQDMA_IRQ_IDLE_MASK);
	ch_write(b, ch, PQDMA_CH_HEAD_LO, (uint32_t)head);
	ch_write(b, ch, PQDMA_CH_HEAD_HI, (uint32_t)(head >> 32));
	ch_write(b, ch, PQDMA_CH_HEAD_COUNT, count);
	ch_write(b, ch, PQDMA_CH_TAIL, tail);
	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
}

void chan_abort(struct bench *b, unsigned int ch)
{
	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	wait_state(b, ch, PQDMA_STATE_IDLE, CHANNEL_CLOCKS);
	ch_write(b, ch, PQDMA_CH_IRQ_STATUS, UINT32_MAX);
}

/* Waiting */

void irq_rise_tap(struct bench *b, void *arg)
{
	struct irq_rise *rise = arg;

	if (!rise->edge && (b->out.irq >> rise->ch & 1))
		rise->edge = b->hw.clock;
}

void wait_clocks(struct bench *b, uint64_t clocks)
{
	(void)b;
	kernel_sleep_clocks(clocks);
}

static void check_time(struct bench *b, uint64_t until, unsigned int ch, const char *what)
{
	if (b->hw.clock > until)
		test_fail(b, "channel %u: waited too long for %s", ch, what);
}

void wait_done(struct bench *b, unsigned int ch, uint32_t count, uint64_t clocks)
{
	uint64_t until = b->hw.clock + clocks;

	while (ch_read(b, ch, PQDMA_CH_DONE) != count)
		check_time(b, until, ch, "DONE");
}

void wait_state(struct bench *b, unsigned int ch, unsigned int state, uint64_t clocks)
{
	uint64_t until = b->hw.clock + clocks;

	while (ch_state(b, ch) != state)
		check_time(b, until, ch, "its state");
}

void wait_idle(struct bench *b, unsigned int ch, uint64_t clocks)
{
	uint64_t until = b->hw.clock + clocks;

	while (ch_read(b, ch, PQDMA_CH_STATUS) & PQDMA_STATUS_BUSY_MASK)
		check_time(b, until, ch, "BUSY 0");
}

uint32_t wait_irq(struct bench *b, unsigned int ch, uint64_t clocks)
{
	uint64_t until = b->hw.clock + clocks;
	uint32_t events;

	while (!(b->hw.irq >> ch & 1)) {
		check_time(b, until, ch, "its interrupt");
		kernel_sleep_clocks(1);
	}
	events = ch_read(b, ch, PQDMA_CH_IRQ_STATUS);
	ch_write(b, ch, PQDMA_CH_IRQ_STATUS, events);
	return events;
}
