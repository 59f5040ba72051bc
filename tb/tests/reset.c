// SPDX-License-Identifier: MIT
/*
 * Reset in the middle of traffic: afterwards every register is as after power-on, nothing moves, and new lists work. In RAM each
 * byte that the lists were to write is what it was or what it was to become; no other byte has changed.
 */
#include "lists.h"
#include "pqdma_regs_table.h"

#define DESCS 8
#define RESETS 10
#define LONGEST 400		/* clocks of traffic before a reset */
#define QUIET 100

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void put_lists(struct lists *l)
{
	struct rng *rng = test_rng(l->b);
	struct desc descs[DESCS];

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		for (unsigned int i = 0; i < DESCS; i++) {
			descs[i] = lists_desc(l, ch, i % 4 ? PQDMA_OP_COPY : PQDMA_OP_FILL, rng_range(rng, 1, 900));
			descs[i].flags = (uint8_t)rng_below(rng, 8);
		}
		lists_scatter(l, ch, descs, DESCS);
	}
}

/* Where the completion words go, for the lists that a reset ends */
static void set_words(struct bench *b, const uint64_t *words)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		ram_put64(b, words[ch], 0);
		ch_write(b, ch, PQDMA_CH_CMPL_LO, (uint32_t)words[ch]);
		ch_write(b, ch, PQDMA_CH_CMPL_HI, (uint32_t)(words[ch] >> 32));
	}
}

/* Which completion was the last that came through nobody knows; it is no more than there were. */
static void check_words(struct lists *l, const uint64_t *words)
{
	struct bench *b = l->b;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const uint64_t word = ram_get64(b, words[ch]);

		CHECK(!word || (word >> 32 == PQDMA_STATE_RUN && (uint32_t)word && (uint32_t)word <= DESCS));
		memcpy(l->oracle.ram + (words[ch] - l->oracle.ram_bus), bench_ram(b, words[ch]), 8);
	}
}

static void check_registers(struct bench *b, uint32_t page, const struct pqdma_reg_access *regs, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		CHECK_EQ(reg_read(b, page + regs[i].offset) & regs[i].known, regs[i].reset);
}

static void check_power_on(struct bench *b)
{
	const struct axi_mem_stats was = *mem_stats(b);

	CHECK_EQ(b->hw.irq, 0);
	check_registers(b, 0, pqdma_global_regs, NR(pqdma_global_regs));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		check_registers(b, PQDMA_CH(ch), pqdma_channel_regs, NR(pqdma_channel_regs));
	wait_clocks(b, QUIET);
	CHECK_EQ(mem_stats(b)->write_beats + mem_stats(b)->read_beats + mem_stats(b)->fetch_beats,
		 was.write_beats + was.read_beats + was.fetch_beats);
}

TEST(reset_traffic, "reset at random moments of traffic on all channels: registers as after power-on, and new lists work", .moves = true,
     .max_clocks = 600000)
{
	struct lists *l = lists_new(b);
	struct rng *rng = test_rng(b);
	uint64_t lost = 0, words[PQDMA_CHANNELS];

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		words[ch] = ram_alloc(b, 8);
	for (unsigned int i = 0; i < RESETS; i++) {
		uint64_t length = rng_range(rng, 1, 5);

		reg_write(b, PQDMA_REG_SCRATCH, rng_range(rng, 1, 0xffff));
		put_lists(l);
		set_words(b, words);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			lists_start(l, ch, DESCS);
		wait_clocks(b, 1 + rng_below(rng, LONGEST));
		lost += !axi_mem_idle(&b->mem);
		bench_reset(b, length);
		wait_clocks(b, length + 1);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			l->list[ch].broken = true;
		check_power_on(b);
		check_words(l, words);
		lists_check(l);
		lists_forget(l);
		put_lists(l);
		lists_run(l);
	}
	CHECK(lost);
	CHECK_EQ(lists_moved(l), RESETS * DESCS * PQDMA_CHANNELS);
}
