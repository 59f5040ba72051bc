// SPDX-License-Identifier: MIT
/*
 * What the CPU does when no DMA engine can: sums in GF(2^8), by ISA-L.
 */
#include <isa-l.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/raid/pq.h>
#include <linux/raid/xor.h>
#include <linux/string.h>

#define CHUNK 4096
#define ROWS_MAX 2
#define TABLE_BYTES 32	/* of one coefficient, as ISA-L wants it */

const char raid6_empty_zero_page[PAGE_SIZE];
u8 raid6_gfmul[256][256];
u8 raid6_gfexp[256];
u8 raid6_gflog[256];
u8 raid6_gfinv[256];
u8 raid6_gfexi[256];

static void make_powers(void)
{
	unsigned int i;
	u8 power = 1;

	raid6_gflog[0] = 255;
	for (i = 0; i < 255; i++) {
		raid6_gfexp[i] = power;
		raid6_gflog[power] = (u8)i;
		power = gf_mul(power, 2);
	}
	raid6_gfexp[255] = 0;
}

static int __init make_tables(void)
{
	unsigned int a, b;

	make_powers();
	for (a = 0; a < 256; a++) {
		for (b = 0; b < 256; b++)
			raid6_gfmul[a][b] = gf_mul((u8)a, (u8)b);
		raid6_gfinv[a] = a ? gf_inv((u8)a) : 0;
	}
	for (a = 0; a < 256; a++)
		raid6_gfexi[a] = raid6_gfinv[raid6_gfexp[a] ^ 1];
	return 0;
}
subsys_initcall(make_tables);

/* Into a buffer of its own first: ISA-L may write bytes that it reads again. */
void raid_sums(unsigned int rows, const u8 *coefs, u8 *const *dst, u8 *const *src, unsigned int n, size_t len)
{
	static u8 tables[ROWS_MAX * RAID_SOURCES * TABLE_BYTES];
	static u8 result[ROWS_MAX][CHUNK];
	u8 *results[ROWS_MAX] = { result[0], result[1] };
	u8 *at[RAID_SOURCES];
	size_t done, step;
	unsigned int i;

	BUG_ON(!n || n > RAID_SOURCES || !rows || rows > ROWS_MAX);
	ec_init_tables((int)n, (int)rows, (u8 *)coefs, tables);
	for (done = 0; done < len; done += step) {
		step = min_t(size_t, len - done, CHUNK);
		for (i = 0; i < n; i++)
			at[i] = src[i] + done;
		ec_encode_data((int)step, (int)n, (int)rows, tables, at, results);
		for (i = 0; i < rows; i++)
			memcpy(dst[i] + done, result[i], step);
	}
}

void xor_blocks(unsigned int count, unsigned int bytes, void *dest, void **srcs)
{
	u8 *src[MAX_XOR_BLOCKS + 1] = { dest }, *dst[] = { dest };
	u8 ones[MAX_XOR_BLOCKS + 1];
	unsigned int i;

	BUG_ON(count > MAX_XOR_BLOCKS);
	memset(ones, 1, sizeof(ones));
	for (i = 0; i < count; i++)
		src[i + 1] = srcs[i];
	raid_sums(1, ones, dst, src, count + 1, bytes);
}

static void gen_syndrome(int disks, size_t bytes, void **ptrs)
{
	unsigned int n = (unsigned int)disks - 2, i;
	u8 coefs[ROWS_MAX * RAID_SOURCES];

	for (i = 0; i < n; i++) {
		coefs[i] = 1;
		coefs[n + i] = raid6_gfexp[i];
	}
	raid_sums(2, coefs, (u8 **)&ptrs[n], (u8 **)ptrs, n, bytes);
}

/* The old P and Q are sources too, each of its own row only. */
static void xor_syndrome(int disks, int start, int stop, size_t bytes, void **ptrs)
{
	unsigned int n = (unsigned int)(stop - start) + 1, i;
	u8 coefs[ROWS_MAX * RAID_SOURCES] = { 0 }, *second = &coefs[n + 2];
	u8 *src[RAID_SOURCES];

	for (i = 0; i < n; i++) {
		src[i] = ptrs[(unsigned int)start + i];
		coefs[i] = 1;
		second[i] = raid6_gfexp[(unsigned int)start + i];
	}
	src[n] = ptrs[disks - 2];
	src[n + 1] = ptrs[disks - 1];
	coefs[n] = 1;
	second[n + 1] = 1;
	raid_sums(2, coefs, (u8 **)&ptrs[disks - 2], src, n + 2, bytes);
}

const struct raid6_calls raid6_call = { .gen_syndrome = gen_syndrome, .xor_syndrome = xor_syndrome };

/*
 * B = a (P + sum of the others) + b (Q + sum of 2^i times the others), and A is what is then missing in P, so both are
 * sums of the others, P and Q.
 */
void raid6_2data_recov(int disks, size_t bytes, int faila, int failb, void **ptrs)
{
	const u8 a = raid6_gfexi[failb - faila], b = raid6_gfinv[raid6_gfexp[faila] ^ raid6_gfexp[failb]];
	u8 coefs[ROWS_MAX * RAID_SOURCES], second[RAID_SOURCES], *src[RAID_SOURCES];
	u8 *dst[] = { ptrs[faila], ptrs[failb] };
	unsigned int n = 0, j;
	int i;

	for (i = 0; i < disks; i++) {
		if (i == faila || i == failb)
			continue;
		src[n] = ptrs[i];
		second[n] = i == disks - 1 ? b : i == disks - 2 ? a : a ^ raid6_gfmul[b][raid6_gfexp[i]];
		n++;
	}
	for (j = 0; j < n; j++) {
		/* Q, the last one, is not part of P's sum. */
		coefs[j] = second[j] ^ (j + 1 < n);
		coefs[n + j] = second[j];
	}
	raid_sums(2, coefs, dst, src, n, bytes);
}

/* D = (Q + sum of 2^i times the others) / 2^faila, and P is that and the others. */
void raid6_datap_recov(int disks, size_t bytes, int faila, void **ptrs)
{
	const u8 inverse = raid6_gfinv[raid6_gfexp[faila]];
	u8 coefs[ROWS_MAX * RAID_SOURCES], data[RAID_SOURCES], *src[RAID_SOURCES];
	u8 *dst[] = { ptrs[faila], ptrs[disks - 2] };
	unsigned int n = 0, j;
	int i;

	for (i = 0; i < disks; i++) {
		if (i == faila || i == disks - 2)
			continue;
		src[n] = ptrs[i];
		data[n++] = i == disks - 1 ? inverse : raid6_gfmul[inverse][raid6_gfexp[i]];
	}
	for (j = 0; j < n; j++) {
		coefs[j] = data[j];
		coefs[n + j] = data[j] ^ (j + 1 < n);
	}
	raid_sums(2, coefs, dst, src, n, bytes);
}
