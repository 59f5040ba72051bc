/* SPDX-License-Identifier: MIT */
/* Sums of products over GF(2^8) for the oracle, by ISA-L. */
#include <string.h>
#include <isa-l/erasure_code.h>
#include <isa-l/raid.h>
#include "oracle_sum.h"

#define TABLE_BYTES 32	/* what ISA-L makes of one factor */

void oracle_sum_start(struct oracle_sum *sum, size_t n)
{
	sum->n = n;
	sum->nr = 0;
}

void oracle_sum_add(struct oracle_sum *sum, const uint8_t *bytes, uint8_t a, uint8_t b)
{
	sum->factor[0][sum->nr] = a;
	sum->factor[1][sum->nr] = b;
	memcpy(sum->term[sum->nr], bytes, sum->n);
	sum->nr++;
}

/* xor_gen() wants two sources at least. */
static void add_up(struct oracle_sum *sum)
{
	void *array[ORACLE_TERMS + 1];
	unsigned int i;

	for (i = 0; i < sum->nr; i++)
		array[i] = sum->term[i];
	array[sum->nr] = sum->p;
	if (sum->nr == 1)
		memcpy(sum->p, sum->term[0], sum->n);
	else
		xor_gen((int)sum->nr + 1, (int)sum->n, array);
}

static void multiply_and_add_up(struct oracle_sum *sum)
{
	unsigned char tables[2 * ORACLE_TERMS * TABLE_BYTES];
	unsigned char factors[2 * ORACLE_TERMS];
	unsigned char *terms[ORACLE_TERMS];
	unsigned char *results[] = { sum->p, sum->q };
	unsigned int i;

	for (i = 0; i < sum->nr; i++)
		terms[i] = sum->term[i];
	memcpy(factors, sum->factor[0], sum->nr);
	memcpy(factors + sum->nr, sum->factor[1], sum->nr);
	ec_init_tables((int)sum->nr, 2, factors, tables);
	ec_encode_data((int)sum->n, (int)sum->nr, 2, tables, terms, results);
}

void oracle_sum_finish(struct oracle_sum *sum, bool xor_only)
{
	if (xor_only)
		add_up(sum);
	else
		multiply_and_add_up(sum);
}
