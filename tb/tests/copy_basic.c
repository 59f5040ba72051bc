// SPDX-License-Identifier: MIT
/*
 * One copy, by hand through the registers: the first thing that must work. Fails if a byte of the destination is wrong, if
 * a byte beside it was touched, or if the channel tells anything else than what happened.
 */
#include "test.h"

#define LENGTH 3000
#define OFFSET_SRC 5
#define OFFSET_DST 18
#define GUARD 64

static void check_bytes(struct bench *b, uint64_t src, uint64_t dst, const uint8_t *before)
{
	const uint8_t *after = bench_ram(b, dst - OFFSET_DST);

	CHECK(!memcmp(bench_ram(b, src), after + OFFSET_DST, LENGTH));
	CHECK(!memcmp(before, after, OFFSET_DST));
	CHECK(!memcmp(before + OFFSET_DST + LENGTH, after + OFFSET_DST + LENGTH, GUARD));
}

static void check_status(struct bench *b, uint64_t list)
{
	uint64_t status = desc_status(b, list);

	CHECK_EQ((status & PQDMA_DSTS_BYTES_MASK) >> PQDMA_DSTS_BYTES_SHIFT, LENGTH);
	CHECK_EQ((status & PQDMA_DSTS_TAG_MASK) >> PQDMA_DSTS_TAG_SHIFT, 0x1234);
	CHECK_EQ((status & PQDMA_DSTS_CODE_MASK) >> PQDMA_DSTS_CODE_SHIFT, PQDMA_ERR_NONE);
	CHECK(status & PQDMA_DSTS_DONE_MASK);
}

TEST(copy_basic, "one unaligned copy through raw registers: bytes, guard bytes, status word, counters, interrupt", .moves = true)
{
	static uint8_t before[OFFSET_DST + LENGTH + GUARD];
	uint64_t list = ram_alloc(b, PQDMA_DESC_SIZE);
	uint64_t src = ram_alloc(b, OFFSET_SRC + LENGTH) + OFFSET_SRC;
	uint64_t dst = ram_alloc(b, sizeof(before)) + OFFSET_DST;

	memcpy(before, bench_ram(b, dst - OFFSET_DST), sizeof(before));
	desc_put(b, list, &(struct desc){ .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_IRQ | PQDMA_FLAG_WB, .tag = 0x1234,
					  .length = LENGTH, .src = src, .dst = dst });
	chan_start(b, 0, list, 1, 1);
	CHECK_EQ(wait_irq(b, 0, 10000), PQDMA_IRQ_DONE_MASK);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_DONE), 1);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_BYTES), LENGTH);
	CHECK_EQ(ch_state(b, 0), PQDMA_STATE_RUN);
	wait_idle(b, 0, 100);
	check_bytes(b, src, dst, before);
	check_status(b, list);
	chan_abort(b, 0);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_DONE), 0);
}
