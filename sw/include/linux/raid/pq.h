/* SPDX-License-Identifier: MIT */
/*
 * P+Q by the CPU: sums in GF(2^8) with polynomial 0x11d and generator 2.
 *
 * Where there are @disks pointers, the last but one is P and the last one is Q.
 */
#ifndef PQDMA_LINUX_RAID_PQ_H
#define PQDMA_LINUX_RAID_PQ_H

#include <linux/types.h>

/* A page of zeros. */
extern const char raid6_empty_zero_page[];

/**
 * struct raid6_calls - sums
 * @gen_syndrome: P and Q of all data
 * @xor_syndrome: add those of data @start to @stop, both included, to P and Q
 */
struct raid6_calls {
	void (*gen_syndrome)(int disks, size_t bytes, void **ptrs);
	void (*xor_syndrome)(int disks, int start, int stop, size_t bytes, void **ptrs);
};

extern const struct raid6_calls raid6_call;

extern u8 raid6_gfmul[256][256];	/* a * b */
extern u8 raid6_gfexp[256];		/* 2^a */
extern u8 raid6_gflog[256];		/* of a; 255 for 0 */
extern u8 raid6_gfinv[256];		/* 1/a; 0 for 0 */
extern u8 raid6_gfexi[256];		/* 1/(2^a + 1); 0 where that is 1/0 */

/** raid6_2data_recov() - data @faila and @failb, @faila being the lower, from all others */
void raid6_2data_recov(int disks, size_t bytes, int faila, int failb, void **ptrs);

/** raid6_datap_recov() - data @faila and P from all others */
void raid6_datap_recov(int disks, size_t bytes, int faila, void **ptrs);

#define RAID_SOURCES 256

/**
 * raid_sums() - @rows sums of @n sources
 * @rows:  1 or 2
 * @coefs: @n for the first row, then @n for the second
 * @dst:   a destination for each row; may be among the sources
 * @src:   at most RAID_SOURCES sources, of any alignment
 * @n:     how many
 * @len:   bytes of each
 */
void raid_sums(unsigned int rows, const u8 *coefs, u8 *const *dst, u8 *const *src, unsigned int n, size_t len);

#endif
