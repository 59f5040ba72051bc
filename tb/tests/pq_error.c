// SPDX-License-Identifier: MIT
/*
 * Errors of data reads and writes of pq, matrix and pq_val: whichever source, old P, old Q or destination it is, the record is
 * exact, what was before is done, and the oracle judges the rest.
 */
#include "sums.h"

#define SMALL_BURST 1
#define LIMIT ((uint64_t)(PQDMA_STRIP_BYTES < PQDMA_BYTES << SMALL_BURST ? PQDMA_STRIP_BYTES : PQDMA_BYTES << SMALL_BURST))
#define STRIPS 6		/* of a descriptor, about */
#define LENGTH ((uint32_t)(STRIPS * LIMIT - PQDMA_BYTES))
#define NR_SOURCES 4

static const unsigned int errors[] = { AXI_SLVERR, AXI_DECERR };

/* Good, bad, good, with P and Q at the same distance from a strip's edge, so that strips are whole ones; returns the bad one */
static struct sum put_list(struct sums *s, unsigned int ch, uint8_t op, uint8_t flags)
{
	struct sum sums[3];

	lists_burst(s->l, ch, SMALL_BURST);
	for (unsigned int i = 0; i < 3; i++) {
		struct sum *sum = &sums[i];

		*sum = sums_draw(s, ch, op, NR_SOURCES, LENGTH + (uint32_t)LIMIT);
		sum->desc.flags = PQDMA_FLAG_WB | flags;
		sums_apart(s, ch, sum);
		sum->desc.length = LENGTH;
		sum->q += (sum->desc.dst - sum->q) % LIMIT;
	}
	sums_group(s, ch, sums, 3);
	return sums[1];
}

static void check_bad(struct sums *s, unsigned int ch, const struct sum *sum, uint32_t cause, uint64_t addr, uint64_t bytes)
{
	struct bench *b = s->l->b;
	uint64_t at = s->l->list[ch].at[1];

	lists_start(s->l, ch, 3);
	lists_check_failed(s->l, ch, cause, addr, at);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), 1);
	CHECK_EQ(desc_status(b, at), PQDMA_DSTS_DONE_MASK | (uint64_t)cause << PQDMA_DSTS_CODE_SHIFT |
		 (uint64_t)sum->desc.tag << PQDMA_DSTS_TAG_SHIFT | bytes);
	mem_clear_faults(b);
	sums_end(s);
}

/* Bytes that strips before the one with byte @at have; @at is not 0 */
static uint64_t strips_before(const struct sum *sum, uint64_t at)
{
	uint64_t edge = (sum->desc.dst + at) / LIMIT * LIMIT;

	return edge > sum->desc.dst ? edge - sum->desc.dst : 0;
}

static void fail_read(struct sums *s, unsigned int ch, uint8_t op, uint8_t flags, unsigned int which, unsigned int error)
{
	struct bench *b = s->l->b;
	struct sum sum = put_list(s, ch, op, flags);
	uint64_t offset = 2 * PQDMA_BYTES + rng_below(test_rng(b), LENGTH - 4 * PQDMA_BYTES), at, beat;

	at = which < NR_SOURCES ? sum.source[which].addr : which == NR_SOURCES ? sum.desc.dst : sum.q;
	beat = (at + offset) & ~(uint64_t)(PQDMA_BYTES - 1);
	mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_READ, beat, beat + PQDMA_BYTES - 1, errors[error], 0, 0 });
	offset = beat - at;
	check_bad(s, ch, &sum, PQDMA_ERR_READ_SLVERR + error, beat, strips_before(&sum, offset));
}

TEST(pq_error_read, "a read error of any source, and with CONT or in a validation of P or Q, is recorded at its beat", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	static const struct {
		uint8_t op;
		uint8_t flags;
		unsigned int reads;
	} rows[] = {
		{ PQDMA_OP_PQ, 0, NR_SOURCES },
		{ PQDMA_OP_PQ, PQDMA_FLAG_CONT, NR_SOURCES + 2 },
		{ PQDMA_OP_MATRIX, PQDMA_FLAG_CONT, NR_SOURCES + 2 },
		{ PQDMA_OP_PQ_VAL, 0, NR_SOURCES + 2 },
	};
	struct sums *s = sums_new(b);
	unsigned int runs = 0;

	sums_need(b, PQDMA_OP_PQ);
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (unsigned int which = 0; which < rows[i].reads; which++, runs++)
			fail_read(s, runs % PQDMA_CHANNELS, rows[i].op, rows[i].flags, which, (which + i + b->options->seed) % 2);
	CHECK_EQ(s->l->failed, runs);
	CHECK(runs > 4 * NR_SOURCES);
}

static void fault_strip(struct sums *s, uint64_t first, unsigned int error)
{
	const uint64_t word = first & ~(uint64_t)(PQDMA_BYTES - 1);

	mem_fault(s->l->b, &(struct axi_mem_fault){ AXI_MEM_WRITE | AXI_MEM_STATUS, word, word + PQDMA_BYTES - 1, errors[error], 0, 0 });
}

/* The strip @strip of P, of Q, or of both fails; with both the two answers differ. */
static void fail_write(struct sums *s, unsigned int ch, uint8_t op, bool p, bool q, unsigned int strip, unsigned int error)
{
	struct sum sum = put_list(s, ch, op, 0);
	uint64_t bytes = strips_before(&sum, strip * LIMIT);

	if (p)
		fault_strip(s, sum.desc.dst + bytes, error);
	if (q)
		fault_strip(s, sum.q + bytes, p ? !error : error);
	check_bad(s, ch, &sum, PQDMA_ERR_WRITE_SLVERR + error, (p ? sum.desc.dst : sum.q) + bytes, bytes);
}

TEST(pq_error_write, "a write error of any strip of P, of Q, or of both: the address is in the destination that failed, if both in P",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int runs = 0;

	sums_need(b, PQDMA_OP_PQ);
	for (unsigned int strip = 1; strip + 1 < STRIPS; strip++)
		for (unsigned int which = 1; which < 4; which++, runs++)
			fail_write(s, runs % PQDMA_CHANNELS, runs % 2 ? PQDMA_OP_PQ : PQDMA_OP_MATRIX, which & 1, which & 2, strip,
				   (strip + which / 2) % 2);
	CHECK_EQ(s->l->failed, runs);
}

TEST(pq_error_channels, "one channel after the other fails on Q while the others mix all operations undisturbed", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	uint64_t nr = 0, done = 0;

	sums_need(b, PQDMA_OP_PQ);
	for (unsigned int victim = 0; victim < PQDMA_CHANNELS; victim++) {
		struct sum sum = put_list(s, victim, PQDMA_OP_PQ, 0);

		fault_strip(s, sum.q + strips_before(&sum, 2 * LIMIT), victim % 2);
		for (unsigned int i = 0; i < 10 * PQDMA_CHANNELS; i++) {
			struct sum other = sums_random(s, i % PQDMA_CHANNELS, rng_range(test_rng(b), 1, 20 * PQDMA_BYTES));

			if (i % PQDMA_CHANNELS == victim)
				continue;
			sums_group(s, i % PQDMA_CHANNELS, &other, 1);
			nr++;
		}
		sums_check(s);
		CHECK_EQ(ch_state(b, victim), PQDMA_STATE_FAIL);
		mem_clear_faults(b);
		sums_end(s);
	}
	for (unsigned int op = 0; op <= PQDMA_OP_MATRIX; op++)
		done += s->completed[op];
	CHECK_EQ(s->l->failed, PQDMA_CHANNELS);
	CHECK_EQ(done, nr + PQDMA_CHANNELS);
}
