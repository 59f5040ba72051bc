// SPDX-License-Identifier: MIT
/*
 * matrix: P and Q with coefficients of their own. Products of all bytes with all coefficients against gf_mul(), one by one; the rest
 * against the oracle.
 */
#include <isa-l/erasure_code.h>
#include "sums.h"

#define ALL 256
#define BATCH 16
#define SLICES 4	/* so many seeds take every coefficient */

TEST(matrix_sources, "every number of sources from 1 to SOURCES, with any alignment and any coefficients, several descriptors queued",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr;

	sums_need(b, PQDMA_OP_MATRIX);
	nr = sums_sweep_sources(s, PQDMA_OP_MATRIX);
	CHECK(nr >= PQDMA_SOURCES);
	CHECK_EQ(s->completed[PQDMA_OP_MATRIX], nr);
}

TEST(matrix_edges, "lengths and places of source, P and Q around beat, strip and 4 KiB edges; six seeds take every place of P",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr;

	sums_need(b, PQDMA_OP_MATRIX);
	nr = sums_sweep_edges(s, PQDMA_OP_MATRIX);
	CHECK_EQ(s->completed[PQDMA_OP_MATRIX], nr);
}

TEST(matrix_in_place, "P is any one of the sources and Q another", .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int nr;

	sums_need(b, PQDMA_OP_MATRIX);
	nr = sums_sweep_in_place(s, PQDMA_OP_MATRIX);
	CHECK_EQ(s->completed[PQDMA_OP_MATRIX], nr);
}

static unsigned int check_products(struct sums *s, const struct sum *sum)
{
	struct bench *b = s->l->b;

	for (unsigned int i = 0; i < ALL; i++) {
		uint8_t byte = *bench_ram(b, sum->source[0].addr + i);

		CHECK_EQ(*bench_ram(b, sum->desc.dst + i), gf_mul(sum->source[0].a, byte));
		CHECK_EQ(*bench_ram(b, sum->q + i), gf_mul(sum->source[0].b, byte));
	}
	return 2 * ALL;
}

TEST(matrix_products, "every product of a byte and a coefficient, in P and in Q; four seeds take every coefficient", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct sum sums[BATCH];
	unsigned int products = 0;

	sums_need(b, PQDMA_OP_MATRIX);
	for (unsigned int i = 0; i < ALL; i++)
		*bench_ram(b, s->l->src + i) = *bench_ram(b, s->l->src + ALL + i) = (uint8_t)i;
	for (unsigned int n = 0; n < ALL / SLICES; n++) {
		unsigned int i = n * SLICES + (unsigned int)b->options->seed % SLICES;

		sums[n % BATCH] = sums_draw(s, 0, PQDMA_OP_MATRIX, 1, ALL);
		sums[n % BATCH].source[0] = (struct sum_source){ s->l->src + i, (uint8_t)i, (uint8_t)(ALL - 1 - i) };
		if (n % BATCH != BATCH - 1)
			continue;
		sums_scatter(s, 0, sums, BATCH);
		sums_run(s);
		for (unsigned int j = 0; j < BATCH; j++)
			products += check_products(s, &sums[j]);
	}
	CHECK_EQ(products, 2 * ALL * ALL / SLICES);
	CHECK_EQ(s->completed[PQDMA_OP_MATRIX], ALL / SLICES);
}
