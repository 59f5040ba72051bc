// SPDX-License-Identifier: MIT
/*
 * Descriptors of every operation with one bit wrong: in the operation, the flags, the number of sources, the low bits of the table.
 * Some are still legal, some are refused, some lead to nowhere; the oracle says what must come of each, to the last byte of RAM.
 */
#include "sums.h"

#define GOOD 2			/* copies before and after it */
#define LENGTH (3 * PQDMA_BYTES)
#define ROWS 2
#define STRIDES ((uint64_t)(2 * LENGTH) << 32 | 64)
#define WORD_BITS 16		/* of word 0: operation and flags */
#define LOW_BITS 6		/* of words 1 and 6 */
#define MUTANTS (WORD_BITS + 2 * LOW_BITS)

/* All lines always ask, as the oracle has it; so a copy that happens to be paced goes on. */
static void ask_always(struct bench *b, void *arg)
{
	(void)arg;
	b->in.drq_burst = b->in.drq_single = PQDMA_LINES == 32 ? UINT32_MAX : (1u << PQDMA_LINES) - 1;
	b->in.drq_last = 0;
}

static void put_good(struct sums *s, unsigned int ch)
{
	struct desc descs[GOOD];

	for (unsigned int i = 0; i < GOOD; i++)
		descs[i] = lists_desc(s->l, ch, PQDMA_OP_COPY, rng_range(test_rng(s->l->b), 1, LENGTH));
	lists_scatter(s->l, ch, descs, GOOD);
}

static void flip(struct bench *b, uint64_t at, unsigned int bit)
{
	if (bit < WORD_BITS)
		ram_put64(b, at, ram_get64(b, at) ^ 1ull << bit);
	else if (bit < WORD_BITS + LOW_BITS)
		ram_put64(b, at + PQDMA_DESC_SRC_OFFSET, ram_get64(b, at + PQDMA_DESC_SRC_OFFSET) ^ 1ull << (bit - WORD_BITS));
	else
		ram_put64(b, at + PQDMA_DESC_SETTINGS_OFFSET,
			  ram_get64(b, at + PQDMA_DESC_SETTINGS_OFFSET) ^ 1ull << (bit - WORD_BITS - LOW_BITS));
}

/* Between good copies, a descriptor with operation @op of which bit @bit is wrong. Rows are there in case it has rows then. */
static void put_mutant(struct sums *s, unsigned int ch, uint8_t op, unsigned int bit)
{
	struct bench *b = s->l->b;
	struct sum sum = sums_draw(s, ch, op, 1 + rng_below(test_rng(b), PQDMA_SOURCES), LENGTH);
	struct list *list = &s->l->list[ch];

	if (op <= PQDMA_OP_INTERRUPT)
		sum.desc.length = 0;
	sum.desc.flags = (uint8_t)rng_below(test_rng(b), 8);
	list->dst += 2 * ROWS * LENGTH;
	put_good(s, ch);
	sums_group(s, ch, &sum, 1);
	if (op < PQDMA_OP_XOR) {
		ram_put64(b, list->at[GOOD] + PQDMA_DESC_DST2_OFFSET, STRIDES);
		ram_put64(b, list->at[GOOD] + PQDMA_DESC_COUNTS_OFFSET, ROWS);
	}
	flip(b, list->at[GOOD], bit);
	put_good(s, ch);
}

TEST(error_mutants, "descriptors of every operation, each with one bit wrong in operation, flags, sources or table: as the oracle says",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int runs = 0;

	bench_tap(b, ask_always, NULL);
	for (uint8_t op = 0; op <= PQDMA_OP_MATRIX; op++) {
		if (!sums_built(op))
			continue;
		for (unsigned int bit = 0; bit < MUTANTS; bit++, runs++) {
			put_mutant(s, runs % PQDMA_CHANNELS, op, bit);
			if (runs % PQDMA_CHANNELS == PQDMA_CHANNELS - 1 || bit == MUTANTS - 1)
				sums_run(s);
		}
	}
	bench_tap(b, NULL, NULL);
	CHECK(s->l->failed > runs / 3 && s->l->failed < runs);
	CHECK(lists_moved(s->l) >= GOOD * runs);
}
