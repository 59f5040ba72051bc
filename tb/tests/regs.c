// SPDX-License-Identifier: MIT
/*
 * The register map, walked from the table that is generated with it: reset values, read-write, read-only, write-one-to-clear and
 * write-only bits, byte strobes, and SLVERR wherever no register is. A register whose kind differs from its description fails.
 */
#include "pqdma_params.h"
#include "pqdma_regs_table.h"
#include "test.h"

#define PAGE 0x100u
#define MAP_BYTES 0x2000u
#define NR_GLOBAL (sizeof(pqdma_global_regs) / sizeof(pqdma_global_regs[0]))
#define NR_CHANNEL (sizeof(pqdma_channel_regs) / sizeof(pqdma_channel_regs[0]))

/* Calls fn for every register there is; page is that of the register. Returns how many there were. */
static unsigned int for_each_register(struct bench *b,
				      void (*fn)(struct bench *b, const struct pqdma_reg_access *reg, uint32_t page))
{
	for (size_t i = 0; i < NR_GLOBAL; i++)
		fn(b, &pqdma_global_regs[i], 0);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (size_t i = 0; i < NR_CHANNEL; i++)
			fn(b, &pqdma_channel_regs[i], PQDMA_CH(ch));
	return NR_GLOBAL + PQDMA_CHANNELS * NR_CHANNEL;
}

static void check_value(struct bench *b, const struct pqdma_reg_access *reg, uint32_t page, uint32_t want, uint32_t mask)
{
	uint32_t got = reg_read(b, page + reg->offset);

	if ((got ^ want) & mask)
		test_fail(b, "%s at 0x%x is 0x%08x, expected 0x%08x in bits 0x%08x", reg->name, page + reg->offset, got, want, mask);
}

static void check_reset(struct bench *b, const struct pqdma_reg_access *reg, uint32_t page)
{
	check_value(b, reg, page, reg->reset, reg->known);
}

TEST(regs_reset, "every register has its reset value; capability registers tell the parameters of the build")
{
	uint32_t cap0 = reg_read(b, PQDMA_REG_CAP0), cap2 = reg_read(b, PQDMA_REG_CAP2);

	CHECK(for_each_register(b, check_reset) > NR_GLOBAL);
	CHECK_EQ((cap0 & PQDMA_CAP0_CHANNELS_MASK) >> PQDMA_CAP0_CHANNELS_SHIFT, PQDMA_CHANNELS);
	CHECK_EQ(1u << ((cap0 & PQDMA_CAP0_DATA_LOG2_MASK) >> PQDMA_CAP0_DATA_LOG2_SHIFT), PQDMA_BYTES);
	CHECK_EQ(1u << ((cap0 & PQDMA_CAP0_STRIP_LOG2_MASK) >> PQDMA_CAP0_STRIP_LOG2_SHIFT), PQDMA_STRIP_BYTES);
	CHECK_EQ(1u << ((cap0 & PQDMA_CAP0_BUF_LOG2_MASK) >> PQDMA_CAP0_BUF_LOG2_SHIFT), PQDMA_BUF_BYTES);
	CHECK_EQ((cap2 & PQDMA_CAP2_STRIPS_MASK) >> PQDMA_CAP2_STRIPS_SHIFT, PQDMA_STRIPS);
	CHECK_EQ((cap2 & PQDMA_CAP2_READS_MASK) >> PQDMA_CAP2_READS_SHIFT, PQDMA_READS);
	CHECK_EQ((cap2 & PQDMA_CAP2_DESCS_MASK) >> PQDMA_CAP2_DESCS_SHIFT, PQDMA_DESCS);
}

/* What a register may be asked to hold: a windowed one refuses what is too far ahead of DONE, which is 0 here. */
static uint32_t draw_value(struct bench *b, const struct pqdma_reg_access *reg)
{
	uint64_t random = rng_u64(test_rng(b));

	return reg->window ? (uint32_t)(random % (reg->window + 1)) : (uint32_t)random;
}

/* Commands would start the channel, so write-only bits get 0. */
static void write_read(struct bench *b, const struct pqdma_reg_access *reg, uint32_t page)
{
	const uint32_t mask = reg->known & ~reg->w1c;

	for (unsigned int i = 0; i < 4; i++) {
		uint32_t value = draw_value(b, reg) & ~reg->wo;

		reg_write(b, page + reg->offset, value);
		check_value(b, reg, page, (value & reg->rw) | (reg->reset & reg->ro), mask & (reg->rw | ~reg->ro));
	}
	reg_write(b, page + reg->offset, reg->reset & reg->rw);
}

TEST(regs_write, "read-write bits keep what is written, all other bits do not")
{
	CHECK(for_each_register(b, write_read) > NR_GLOBAL);
	for_each_register(b, check_reset);
}

static void write_bytes(struct bench *b, const struct pqdma_reg_access *reg, uint32_t page)
{
	uint32_t value = reg->reset & reg->rw;

	if (!reg->rw || reg->window)
		return;
	reg_write(b, page + reg->offset, value);
	for (unsigned int strb = 0; strb < 16; strb++) {
		struct axil_access access = { .write = true, .strb = (uint8_t)strb, .addr = page + reg->offset };
		uint32_t mask = 0;

		for (unsigned int lane = 0; lane < 4; lane++)
			mask |= (strb >> lane & 1) ? 0xffu << lane * 8 : 0;
		access.data = (uint32_t)rng_u64(test_rng(b));
		value = (value & ~mask) | (access.data & mask);
		reg_access(b, &access);
		CHECK_EQ(access.resp, AXI_OKAY);
		check_value(b, reg, page, value & reg->rw, reg->rw);
	}
	reg_write(b, page + reg->offset, reg->reset & reg->rw);
}

TEST(regs_strobes, "each byte strobe writes its own byte and no other")
{
	CHECK(for_each_register(b, write_bytes) > NR_GLOBAL);
}

static const struct pqdma_reg_access *register_at(uint32_t addr)
{
	uint32_t page = addr / PAGE, offset = addr % PAGE & ~3u;
	const struct pqdma_reg_access *table = page ? pqdma_channel_regs : pqdma_global_regs;
	size_t count = page > PQDMA_CHANNELS ? 0 : page ? NR_CHANNEL : NR_GLOBAL;

	for (size_t i = 0; i < count; i++)
		if (table[i].offset == offset)
			return &table[i];
	return NULL;
}

/* Returns 1 if it was one; the strobes of the write go round with @holes, those that were before. */
static unsigned int check_hole(struct bench *b, uint32_t addr, unsigned int holes)
{
	struct axil_access read = { .addr = addr, .data = 1 };
	struct axil_access write = { .write = true, .strb = holes % 16, .addr = addr, .data = UINT32_MAX };

	if (register_at(addr))
		return 0;
	reg_access(b, &write);
	reg_access(b, &read);
	if (write.resp != AXI_SLVERR || read.resp != AXI_SLVERR || read.data)
		test_fail(b, "0x%x has no register, and answered write %u, read %u with 0x%x", addr, write.resp, read.resp, read.data);
	return 1;
}

TEST(regs_holes, "an offset without a register answers SLVERR, reads as 0 and changes nothing")
{
	unsigned int holes = 0;

	for (uint32_t addr = 0; addr < MAP_BYTES; addr += 4)
		holes += check_hole(b, addr, holes);
	CHECK(holes >= 16);
	for_each_register(b, check_reset);
}

TEST(regs_lanes, "the two lowest address bits are ignored")
{
	for (uint32_t low = 0; low < 4; low++) {
		uint32_t value = (uint32_t)rng_u64(test_rng(b));

		reg_write(b, PQDMA_REG_SCRATCH + low, value);
		CHECK_EQ(reg_read(b, PQDMA_REG_SCRATCH + (3 - low)), value);
		CHECK_EQ(reg_read(b, PQDMA_REG_ID + low), PQDMA_ID_VALUE);
	}
}

/* The bit comes from a doorbell that is refused, and the pin follows it. */
static void check_w1c(struct bench *b, unsigned int ch)
{
	uint32_t other = PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK | PQDMA_IRQ_IDLE_MASK;

	ch_write(b, ch, PQDMA_CH_TAIL, PQDMA_TAIL_WINDOW + 1);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), 0);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_BAD_TAIL_MASK);
	CHECK_EQ(reg_read(b, PQDMA_REG_IRQ_PENDING), 0);
	ch_write(b, ch, PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_BAD_TAIL_MASK);
	CHECK_EQ(reg_read(b, PQDMA_REG_IRQ_PENDING), 1u << ch);
	CHECK_EQ(b->hw.irq, 1u << ch);
	ch_write(b, ch, PQDMA_CH_IRQ_STATUS, other);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_BAD_TAIL_MASK);
	ch_write(b, ch, PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_BAD_TAIL_MASK);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), 0);
	CHECK_EQ(reg_read(b, PQDMA_REG_IRQ_PENDING), 0);
}

TEST(regs_w1c, "an interrupt bit stays until 1 is written to it, and its pin follows status and enable")
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		check_w1c(b, ch);
}

TEST(regs_reset_again, "a reset in the middle of a run brings every register back")
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		ch_write(b, ch, PQDMA_CH_HEAD_LO, UINT32_MAX);
	reg_write(b, PQDMA_REG_SCRATCH, UINT32_MAX);
	bench_reset(b, 1);
	CHECK(for_each_register(b, check_reset) > NR_GLOBAL);
}
