// SPDX-License-Identifier: MIT
// Each channel has its part of memory: list, source tables, sources, destinations. Each descriptor writes to a place of its own.
#include <cstring>
#include "tlm_lists.h"

#define PART (TLM_TEST_RAM_BYTES / 16)
#define TABLES (TLM_LIST_DESCS * PQDMA_DESC_SIZE)
#define TABLE_BYTES 64u		/* 4 sources at most */
#define SOURCES (TABLES + TLM_LIST_DESCS * TABLE_BYTES)
#define SOURCE_BYTES 8192u
#define SLICE 512u		/* of each destination */
#define DESTINATIONS (SOURCES + SOURCE_BYTES)

using sc_core::sc_time;

namespace {

std::uint64_t part_of(unsigned int ch)
{
	return TLM_TEST_RAM + ch * PART;
}

std::uint64_t any_source(struct rng *rng, unsigned int ch)
{
	return part_of(ch) + SOURCES + rng_below(rng, SOURCE_BYTES - SLICE);
}

void make_table(tlm_board &board, struct rng *rng, unsigned int ch, std::uint64_t table)
{
	for (unsigned int i = 0; i < 4; i++) {
		put_word(board, table + i * 16, any_source(rng, ch));
		put_word(board, table + i * 16 + 8, rng_below(rng, 65536));
	}
}

void make_one(tlm_board &board, struct rng *rng, unsigned int ch, unsigned int i)
{
	const std::uint32_t last_op = PQDMA_WITH_PQ ? PQDMA_OP_MATRIX : PQDMA_OP_XOR_VAL;
	const std::uint64_t desc = tlm_list_head(ch) + i * PQDMA_DESC_SIZE, table = part_of(ch) + TABLES + i * TABLE_BYTES;
	const std::uint64_t dst = part_of(ch) + DESTINATIONS + i * 2 * SLICE + rng_below(rng, 64);
	const std::uint32_t op = rng_below(rng, last_op + 1);
	const std::uint32_t flags = (rng_below(rng, 2) ? PQDMA_FLAG_WB : 0) | (i + 1 == TLM_LIST_DESCS ? PQDMA_FLAG_IRQ : 0);

	if (op <= PQDMA_OP_INTERRUPT) {
		desc_put(board, desc, op, flags, 0, 0, 0);
		return;
	}
	desc_put(board, desc, op, flags, 1 + rng_below(rng, SLICE - 64), op >= PQDMA_OP_XOR ? table : any_source(rng, ch), dst);
	if (op < PQDMA_OP_XOR)
		return;
	make_table(board, rng, ch, table);
	put_word(board, desc + PQDMA_DESC_DST2_OFFSET, dst + SLICE);
	put_word(board, desc + PQDMA_DESC_SETTINGS_OFFSET, 1 + rng_below(rng, 4));
}

} // namespace

std::uint64_t tlm_list_head(unsigned int ch)
{
	return part_of(ch);
}

unsigned int tlm_lists_owner(std::uint64_t addr)
{
	return static_cast<unsigned int>((addr - TLM_TEST_RAM) / PART);
}

void tlm_lists_make(tlm_board &board, std::uint64_t seed)
{
	struct rng rng;

	static_assert(DESTINATIONS + TLM_LIST_DESCS * 2 * SLICE <= PART, "the destinations fit");
	rng_init(&rng, seed, "lists");
	for (unsigned char &byte : board.ram.bytes)
		byte = static_cast<unsigned char>(rng_below(&rng, 256));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (unsigned int i = 0; i < TLM_LIST_DESCS; i++)
			make_one(board, &rng, ch, i);
}

void tlm_lists_start(tlm_board &board, unsigned int tail)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		board.start(ch, tlm_list_head(ch), TLM_LIST_DESCS, tail);
}

void tlm_lists_wait(tlm_board &board, unsigned int tail)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		while (board.ch_read(ch, PQDMA_CH_DONE) != tail)
			wait(sc_time(1, sc_core::SC_US));
}

tlm_expect::tlm_expect(tlm_board &of) : board(of), before(of.ram.bytes)
{
}

void tlm_expect::check(unsigned int tail)
{
	std::vector<unsigned char> after = before;
	struct oracle oracle = {};

	oracle.ram = after.data();
	oracle.ram_bus = TLM_TEST_RAM;
	oracle.ram_size = after.size();
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct oracle_channel list;

		oracle_start(&list, tlm_list_head(ch), TLM_LIST_DESCS, PQDMA_CFG_BURST_RESET);
		oracle_run(&oracle, &list, tail);
		CHECK(list.state == PQDMA_STATE_RUN);
		CHECK(board.ch_read(ch, PQDMA_CH_DONE) == list.done);
		CHECK(board.ch_read(ch, PQDMA_CH_BYTES) == list.bytes);
		CHECK((board.ch_read(ch, PQDMA_CH_STATUS) & PQDMA_STATUS_STATE_MASK) == PQDMA_STATE_RUN);
	}
	CHECK(after != before);
	CHECK(after == board.ram.bytes);
}
