// SPDX-License-Identifier: MIT
/*
 * The comparison itself: a wrong bit on any output pin, in any clock, must be found in that clock and named. A pin that is not
 * compared, or a clock that is counted wrongly, fails here.
 */
#include "lockstep.h"
#include "test.h"

/* What the pair found must be this flip and nothing else. */
static void check_found(struct bench *b, const struct flip *flip)
{
	const struct mismatch *m = lockstep_mismatch(b->pair);

	if (!m)
		test_fail(b, "%s[%u] was flipped at %" PRIu64 " and nothing was found", flip->pin->name, flip->bit, flip->clock);
	CHECK_EQ(m->clock, flip->clock);
	for (size_t i = 0; i < pin_count_out; i++)
		if (mismatch_has(m, &pin_table_out[i]) != (&pin_table_out[i] == flip->pin))
			test_fail(b, "%s[%u] was flipped, and %s is named wrongly", flip->pin->name, flip->bit, pin_table_out[i].name);
}

static void plant(struct bench *b, const struct pin *pin, unsigned int bit)
{
	struct flip flip = { .pin = pin, .bit = bit, .clock = b->hw.clock + rng_range(test_rng(b), 1, 20) };

	lockstep_expect(b->pair, true);
	dut_fault_arm(b->fault, &flip);
	wait_clocks(b, flip.clock - b->hw.clock - 1);
	if (lockstep_mismatch(b->pair) && lockstep_mismatch(b->pair)->clock < flip.clock)
		test_fail(b, "%s[%u]: something was found before it was flipped", pin->name, bit);
	wait_clocks(b, 2);
	check_found(b, &flip);
	lockstep_expect(b->pair, false);
}

TEST(lockstep_pins, "a flip of any bit of any output pin is found in its clock, and named", .needs_pair = true)
{
	unsigned int bits = 0;

	for (size_t i = 0; i < pin_count_out; i++)
		for (unsigned int bit = 0; bit < pin_table_out[i].width; bit++, bits++)
			plant(b, &pin_table_out[i], bit);
	CHECK_EQ(bits, PIN_OUT_BITS);
	CHECK_EQ(reg_read(b, PQDMA_REG_ID), PQDMA_ID_VALUE);
}

TEST(lockstep_busy, "a flip is found while the controller copies, too", .needs_pair = true, .moves = true)
{
	uint64_t list = ram_alloc(b, PQDMA_DESC_SIZE), src = ram_alloc(b, 65536), dst = ram_alloc(b, 65536);

	desc_put(b, list, &(struct desc){ .op = PQDMA_OP_COPY, .src = src, .dst = dst, .length = 65536 });
	chan_start(b, 0, list, 1, 1);
	for (size_t i = 0; i < pin_count_out; i++)
		plant(b, &pin_table_out[i], rng_below(test_rng(b), pin_table_out[i].width));
	wait_done(b, 0, 1, 100000);
	CHECK(!memcmp(bench_ram(b, src), bench_ram(b, dst), 65536));
	chan_abort(b, 0);
}
