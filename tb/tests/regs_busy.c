// SPDX-License-Identifier: MIT
/*
 * Registers while the engine works or is stuck: an access takes the clocks that it takes when all is idle, and a read changes nothing.
 */
#include "lists.h"
#include "pqdma_regs_table.h"

#define DESCS 6
#define MAP_BYTES 0x2000u
#define COUNTERS "PERF_"	/* they go on by themselves */
#define STUCK_CLOCKS 200

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void put_lists(struct lists *l)
{
	struct rng *rng = test_rng(l->b);
	struct desc descs[DESCS];

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		for (unsigned int i = 0; i < DESCS; i++) {
			descs[i] = lists_desc(l, ch, i % 3 ? PQDMA_OP_COPY : PQDMA_OP_FILL, rng_range(rng, 1, 20 * PQDMA_BYTES));
			descs[i].flags = (uint8_t)rng_below(rng, 8);
		}
		lists_scatter(l, ch, descs, DESCS);
	}
}

/* Clocks of an access. The master waits for nothing but the controller. */
static uint64_t time_access(struct bench *b, bool write, uint32_t addr)
{
	struct axil_access access = { .write = write, .strb = 0xf, .addr = addr, .data = 0 };
	const uint64_t begin = b->hw.clock;

	reg_access(b, &access);
	return b->hw.clock - begin;
}

/* Every offset is read, and of each channel three registers are written, to no effect; returns the accesses. */
static unsigned int time_all(struct bench *b, uint64_t read, uint64_t write)
{
	unsigned int accesses = 0;

	for (uint32_t addr = 0; addr < MAP_BYTES; addr += 4, accesses++)
		CHECK_EQ(time_access(b, false, addr), read);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++, accesses += 3) {
		CHECK_EQ(time_access(b, true, PQDMA_CH(ch) + PQDMA_CH_CTRL), write);
		CHECK_EQ(time_access(b, true, PQDMA_CH(ch) + PQDMA_CH_IRQ_STATUS), write);
		CHECK_EQ(time_access(b, true, PQDMA_CH(ch) + PQDMA_CH_DONE), write);
	}
	return accesses;
}

TEST(regs_never_wait, "with all channels stuck in a memory that answers nothing every access takes the clocks it takes when idle",
     .moves = true)
{
	struct axi_mem_config stuck = *axi_mem_profile("ideal");
	struct lists *l = lists_new(b);
	uint64_t read, write;

	axil_master_configure(&b->axil, &(struct axil_config){ 0, 0, 0 });
	mem_configure(b, axi_mem_profile("ideal"));
	read = time_access(b, false, PQDMA_REG_ID);
	write = time_access(b, true, PQDMA_REG_SCRATCH);
	CHECK(time_all(b, read, write) > MAP_BYTES / 4);
	put_lists(l);
	stuck.r_valid = stuck.aw_ready = stuck.w_ready = 0;
	mem_configure(b, &stuck);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		lists_start(l, ch, DESCS);
	wait_clocks(b, STUCK_CLOCKS);
	time_all(b, read, write);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_STATUS), PQDMA_STATE_RUN | PQDMA_STATUS_BUSY_MASK);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), 0);
	mem_configure(b, axi_mem_profile("ideal"));
	lists_wait(l);
	lists_check(l);
	lists_end(l);
	CHECK_EQ(lists_moved(l), DESCS * PQDMA_CHANNELS);
}

static unsigned int read_registers(struct bench *b, uint32_t page, const struct pqdma_reg_access *regs, size_t nr, uint32_t *values)
{
	unsigned int taken = 0;

	for (size_t i = 0; i < nr; i++)
		if (strncmp(regs[i].name, COUNTERS, strlen(COUNTERS)))
			values[taken++] = reg_read(b, page + regs[i].offset);
	return taken;
}

static unsigned int snapshot(struct bench *b, uint32_t *values)
{
	unsigned int taken = read_registers(b, 0, pqdma_global_regs, NR(pqdma_global_regs), values);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		taken += read_registers(b, PQDMA_CH(ch), pqdma_channel_regs, NR(pqdma_channel_regs), values + taken);
	return taken;
}

TEST(regs_reads_do_nothing, "paused, with interrupts standing: every offset is read, and no register has changed; all goes on",
     .moves = true)
{
	static uint32_t before[MAP_BYTES / 4], after[MAP_BYTES / 4];
	struct lists *l = lists_new(b);
	unsigned int taken;

	put_lists(l);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		lists_start(l, ch, DESCS);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		ch_write(b, ch, PQDMA_CH_TAIL, PQDMA_TAIL_WINDOW + DESCS + 1);
		l->list[ch].refused = true;
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_PAUSE_MASK);
	}
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		wait_idle(b, ch, LISTS_CLOCKS);
	taken = snapshot(b, before);
	for (uint32_t addr = 0; addr < MAP_BYTES; addr += 4)
		time_access(b, false, addr);
	CHECK_EQ(snapshot(b, after), taken);
	CHECK(taken > PQDMA_CHANNELS * 10);
	for (unsigned int i = 0; i < taken; i++)
		CHECK_EQ(after[i], before[i]);
	CHECK_EQ(reg_read(b, PQDMA_REG_IRQ_PENDING), (1u << PQDMA_CHANNELS) - 1);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	lists_wait(l);
	lists_check(l);
	lists_end(l);
	CHECK_EQ(lists_moved(l), DESCS * PQDMA_CHANNELS);
}
