/* SPDX-License-Identifier: MIT */
/*
 * async_tx on engines of every kind and on none: sums are compared with sums made byte by byte. What is the same with channel switching
 * and without; the file that includes this says which it is, and has what is not.
 */
#ifndef TEST_SW_ASYNC_H
#define TEST_SW_ASYNC_H

#include "test_sw_pages.h"


/**
 * struct kind - an engine to test on
 * @exists:   there is one at all
 * @max_xor:  most sources
 * @max_pq:   most sources of P+Q
 * @native:   it continues a P+Q by itself
 * @pool:     descriptors
 */
struct kind {
	bool exists;
	unsigned short max_xor, max_pq;
	bool native;
	unsigned int pool;
};

static const struct kind kinds[] = {
	{ .exists = false },
	{ true, 8, 8, true, 32 },
	{ true, 2, 4, false, 5 },
	{ true, 3, 2, true, 3 },
	{ true, 16, 5, false, 32 },
};

static const struct kind *kind;
/* Runs the body on one kind of engine. */
static int on_kind(void *arg)
{
	void (*body)(void) = arg;

	if (kind->exists) {
		engine_setup(&engines[0], ENGINE_CHANNELS, all_caps, ARRAY_SIZE(all_caps));
		engines[0].dma.max_xor = kind->max_xor;
		dma_set_maxpq(&engines[0].dma, kind->max_pq, kind->native);
		engines[0].pool = kind->pool;
		engine_start(&engines[0]);
	}
	with_pages(body);
	if (kind->exists)
		engine_stop(&engines[0]);
	return 0;
}

static void on_all_kinds(void (*body)(void))
{
	uint64_t seed;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		for (seed = 0; seed < 3; seed++) {
			kind = &kinds[i];
			engines_boot(seed);
			machine_run(on_kind, body);
			engines_down();
		}
}

static void copies(void)
{
	struct async_submit_ctl submit;

	submit_with(&submit, 0, NULL);
	finish(async_memcpy(pages[1], pages[0], offsets[1], offsets[0], LEN, &submit), 1);
	memcpy(want[1], want[0], LEN);
	assert_pages(DISKS);
	assert_int_equal(async_tx_stats()->sync[DMA_MEMCPY], !kind->exists);
}

static void a_copy_arrives(void **state)
{
	(void)state;
	on_all_kinds(copies);
}

static void xor_want(unsigned int dest, unsigned int first, unsigned int n)
{
	unsigned int i, j;
	u8 sum;

	for (j = 0; j < LEN; j++) {
		for (sum = 0, i = first; i < first + n; i++)
			sum ^= want[i][j];
		want[dest][j] = sum;
	}
}

static void xors(void)
{
	struct async_submit_ctl submit;
	unsigned int n;

	for (n = 2; n < DISKS; n++) {
		submit_with(&submit, ASYNC_TX_XOR_ZERO_DST, NULL);
		finish(async_xor_offs(pages[0], offsets[0], pages + 1, offsets + 1, (int)n, LEN, &submit), 2 * (n - 2) + 1);
		xor_want(0, 1, n);
		assert_pages(DISKS);
		submit_with(&submit, ASYNC_TX_XOR_DROP_DST | ASYNC_TX_FENCE, NULL);
		finish(async_xor_offs(pages[0], offsets[0], pages, offsets, (int)n, LEN, &submit), 2 * (n - 2) + 2);
		xor_want(0, 0, n);
		assert_pages(DISKS);
	}
	/* A small pool runs out in the middle of a split, and the split goes on. */
	if (kind->exists && kind->pool < 8)
		assert_true(engines[0].starved);
}

static void xors_of_any_number_of_sources(void **state)
{
	(void)state;
	on_all_kinds(xors);
}

static void xor_checks(void)
{
	enum sum_check_flags result = SUM_CHECK_Q_RESULT;
	struct async_submit_ctl submit;
	unsigned int n, expected = 0;

	for (n = 3; n < 12; n++) {
		submit_with(&submit, ASYNC_TX_XOR_ZERO_DST, NULL);
		finish(async_xor_offs(pages[0], offsets[0], pages + 1, offsets + 1, (int)n - 1, LEN, &submit), ++expected);
		xor_want(0, 1, n - 1);
		submit_with(&submit, 0, NULL);
		finish(async_xor_val_offs(pages[0], offsets[0], pages, offsets, (int)n, LEN, &result, &submit), ++expected);
		assert_int_equal(result, 0);
		/* The CPU has left the sum there. */
		memcpy(bytes_of(0), want[0], LEN);
		bytes_of(0)[LEN - 1] ^= 4;
		submit_with(&submit, 0, NULL);
		finish(async_xor_val_offs(pages[0], offsets[0], pages, offsets, (int)n, LEN, &result, &submit), ++expected);
		assert_int_equal(result, SUM_CHECK_P_RESULT);
		memcpy(bytes_of(0), want[0], LEN);
		assert_pages(DISKS);
	}
}

static void an_xor_is_checked(void **state)
{
	(void)state;
	on_all_kinds(xor_checks);
}

/* Blocks of a stripe of @disks, without data block @missing, without P or Q if bit 0 or 1 of @off is set. */
static void stripe(struct page **blocks, unsigned int disks, unsigned int missing, unsigned int off)
{
	memcpy(blocks, pages, disks * sizeof(blocks[0]));
	if (missing < disks - 2)
		blocks[missing] = NULL;
	if (off & 1)
		blocks[disks - 2] = NULL;
	if (off & 2)
		blocks[disks - 1] = NULL;
}

static void syndromes(void)
{
	unsigned int disks, off, missing, expected = 0;
	struct page *blocks[DISKS];
	struct async_submit_ctl submit;
	u8 old[2][LEN];

	for (disks = 4; disks < DISKS; disks += 3)
		for (off = 0; off < 3; off++) {
			missing = disks % 2 ? 1 : disks;
			stripe(blocks, disks, missing, off);
			memcpy(old, want[disks - 2], sizeof(old));
			submit_with(&submit, 0, NULL);
			finish(async_gen_syndrome(blocks, offsets, (int)disks, LEN, &submit), ++expected);
			want_pq(disks - 2, disks - 1, disks - 2, missing);
			if (off)
				memcpy(want[disks - 3 + off], old[off - 1], LEN);
			assert_pages(DISKS);
		}
}

static void syndromes_of_any_number_of_disks(void **state)
{
	(void)state;
	on_all_kinds(syndromes);
}

static void syndrome_checks(void)
{
	unsigned int disks, bad, expected = 0;
	enum sum_check_flags result;
	struct async_submit_ctl submit;

	for (disks = 4; disks < DISKS; disks += 2)
		for (bad = 0; bad < 4; bad++) {
			want_pq(disks - 2, disks - 1, disks - 2, disks);
			memcpy(bytes_of(disks - 2), want[disks - 2], LEN);
			memcpy(bytes_of(disks - 1), want[disks - 1], LEN);
			bytes_of(disks - 2)[17] ^= (u8)(bad & 1);
			bytes_of(disks - 1)[LEN - 1] ^= (u8)(bad >> 1 << 7);
			result = SUM_CHECK_P_RESULT | SUM_CHECK_Q_RESULT;
			submit_with(&submit, 0, NULL);
			finish(async_syndrome_val(pages, offsets, (int)disks, LEN, &result, spare, 0, &submit), ++expected);
			assert_int_equal(result, bad);
			memcpy(bytes_of(disks - 2), want[disks - 2], LEN);
			memcpy(bytes_of(disks - 1), want[disks - 1], LEN);
		}
	assert_int_equal(mapping_count(), 0);
}

static void a_syndrome_is_checked(void **state)
{
	(void)state;
	on_all_kinds(syndrome_checks);
}

static void make_stripe(unsigned int disks)
{
	want_pq(disks - 2, disks - 1, disks - 2, disks);
	memcpy(bytes_of(disks - 2), want[disks - 2], LEN);
	memcpy(bytes_of(disks - 1), want[disks - 1], LEN);
}

static void recoveries(void)
{
	static const unsigned int counts[] = { 4, 5, 6, 11 };
	struct async_submit_ctl submit;
	unsigned int i, a, b, disks, expected = 0;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		disks = counts[i];
		make_stripe(disks);
		for (a = 0; a < disks - 2; a++)
			for (b = 0; b < disks - 2; b++) {
				/* b = a stands for P */
				memset(bytes_of(a), 0xaa, LEN);
				memset(bytes_of(b == a ? disks - 2 : b), 0xbb, LEN);
				submit_with(&submit, 0, NULL);
				finish(a == b ? async_raid6_datap_recov((int)disks, LEN, (int)a, pages, offsets, &submit) :
				       async_raid6_2data_recov((int)disks, LEN, (int)a, (int)b, pages, offsets, &submit), ++expected);
				assert_pages(DISKS);
			}
	}
}

static void lost_blocks_come_back(void **state)
{
	(void)state;
	on_all_kinds(recoveries);
}

/* a = b + c; d = a; e = d + f: each needs the one before. */
static void chains(void)
{
	struct page *first[] = { pages[1], pages[2] }, *last[] = { pages[3], pages[5] };
	struct dma_async_tx_descriptor *tx;
	struct async_submit_ctl submit;
	unsigned int j;

	memset(offsets, 0, sizeof(offsets));
	for (j = 0; j < DISKS; j++)
		memcpy(bytes_of(j), want[j], LEN);
	submit_with(&submit, ASYNC_TX_XOR_ZERO_DST | ASYNC_TX_FENCE, NULL);
	tx = async_xor(pages[0], first, 0, 2, LEN, &submit);
	submit_with(&submit, ASYNC_TX_FENCE, tx);
	tx = async_memcpy(pages[3], pages[0], 0, 0, LEN, &submit);
	submit_with(&submit, ASYNC_TX_XOR_ZERO_DST, tx);
	tx = async_xor(pages[4], last, 0, 2, LEN, &submit);
	submit_with(&submit, 0, tx);
	tx = async_trigger_callback(&submit);
	async_tx_issue_pending_all();
	finish(tx, 4);
	for (j = 0; j < LEN; j++) {
		want[3][j] = want[0][j] = want[1][j] ^ want[2][j];
		want[4][j] = want[3][j] ^ want[5][j];
	}
	assert_pages(DISKS);
}

static void a_chain_is_done_in_order(void **state)
{
	(void)state;
	on_all_kinds(chains);
}

static void tables_of_the_field(void)
{
	unsigned int a;

	for (a = 1; a < 256; a++) {
		assert_int_equal(gf_times((u8)a, raid6_gfinv[a]), 1);
		assert_int_equal(raid6_gfexp[raid6_gflog[a]], a);
		assert_int_equal(raid6_gfmul[a][(a * 7) & 255], gf_times((u8)a, (u8)(a * 7)));
	}
	for (a = 1; a < 255; a++)
		assert_int_equal(gf_times(raid6_gfexi[a], raid6_gfexp[a] ^ 1), 1);
	assert_int_equal(raid6_gfexp[0], 1);
	assert_int_equal(raid6_gfinv[0] | raid6_gfexi[0], 0);
}

static void the_tables_are_those_of_the_field(void **state)
{
	(void)state;
	kind = &kinds[0];
	engines_boot(0);
	machine_run(on_kind, tables_of_the_field);
	engines_down();
}

/* P and Q as they are enter the sums: only the CPU does that. */
static void pq_xor_dst(void)
{
	struct async_submit_ctl submit;
	unsigned int i;

	submit_with(&submit, ASYNC_TX_PQ_XOR_DST, NULL);
	finish(async_gen_syndrome(pages, offsets, 6, LEN, &submit), 1);
	for (i = 0; i < LEN; i++) {
		u8 p = want[4][i], q = want[5][i];
		unsigned int d;

		for (d = 0; d < 4; d++) {
			p ^= want[d][i];
			q ^= gf_times(want[d][i], (u8)(1 << d));
		}
		want[4][i] = p;
		want[5][i] = q;
	}
	assert_pages(DISKS);
	assert_int_equal(async_tx_stats()->sync[DMA_PQ], 1);
}

static void old_p_and_q_are_added_by_the_cpu(void **state)
{
	(void)state;
	on_all_kinds(pq_xor_dst);
}

#define ASYNC_TESTS                                           \
	cmocka_unit_test(a_copy_arrives),                     \
	cmocka_unit_test(xors_of_any_number_of_sources),      \
	cmocka_unit_test(an_xor_is_checked),                  \
	cmocka_unit_test(syndromes_of_any_number_of_disks),   \
	cmocka_unit_test(a_syndrome_is_checked),              \
	cmocka_unit_test(lost_blocks_come_back),              \
	cmocka_unit_test(a_chain_is_done_in_order),           \
	cmocka_unit_test(the_tables_are_those_of_the_field),  \
	cmocka_unit_test(old_p_and_q_are_added_by_the_cpu)

#endif
