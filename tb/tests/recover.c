// SPDX-License-Identifier: MIT
/*
 * RAID-6: an array of data disks, P and Q made by pq; then any two of the disks are lost and come back with one matrix operation.
 * The coefficients are the formulas of RAID-6, computed here; what comes back is compared with what was there.
 */
#include <isa-l/erasure_code.h>
#include "sums.h"

#define DATA (PQDMA_SOURCES < 8 ? PQDMA_SOURCES : 8)
#define P_DISK DATA
#define Q_DISK (DATA + 1)
#define DISKS (DATA + 2)
#define PAIRS (DISKS * (DISKS - 1) / 2)
#define BATCH 8
#define MOST 1500

/** struct array - one RAID-6 array: a block of each disk, no two with the same alignment */
struct array {
	uint32_t length;
	uint64_t disk[DISKS];
};

static struct array new_array(struct sums *s, unsigned int ch)
{
	struct array array = { .length = rng_range(test_rng(s->l->b), 1, MOST) };

	for (unsigned int i = 0; i < DATA; i++)
		array.disk[i] = s->l->src + i * (MOST + 64) + rng_below(test_rng(s->l->b), 64);
	array.disk[P_DISK] = lists_desc(s->l, ch, PQDMA_OP_COPY, array.length).dst;
	array.disk[Q_DISK] = lists_desc(s->l, ch, PQDMA_OP_COPY, array.length).dst;
	return array;
}

static struct sum sum_over_data(const struct array *array, uint8_t op)
{
	struct sum sum = {
		.desc = { .op = op, .flags = PQDMA_FLAG_FENCE, .length = array->length, .dst = array->disk[P_DISK] },
		.q = array->disk[Q_DISK],
		.nr = DATA,
	};

	for (unsigned int i = 0; i < DATA; i++)
		sum.source[i] = (struct sum_source){ array->disk[i], 1, sums_power(i) };
	return sum;
}

/* The sources that are left without data disks x and y, with coefficients 0; then P and Q if they are there */
static void add_survivors(struct sum *sum, const struct array *array, unsigned int x, unsigned int y)
{
	sum->nr = 0;
	for (unsigned int disk = 0; disk < DISKS; disk++)
		if (disk != x && disk != y)
			sum->source[sum->nr++].addr = array->disk[disk];
}

static uint8_t over(uint8_t a, uint8_t b)
{
	return gf_mul(a, gf_inv(b));
}

/* Data disks x and y: P and Q without them give two equations. a makes disk x, b makes disk y. */
static void two_data(struct sum *sum, unsigned int x, unsigned int y)
{
	const uint8_t gx = sums_power(x), gy = sums_power(y), of_p = over(gy, gx ^ gy), of_q = gf_inv(gx ^ gy);
	unsigned int s = 0;

	for (unsigned int i = 0; i < DATA; i++) {
		if (i == x || i == y)
			continue;
		sum->source[s].a = of_p ^ gf_mul(of_q, sums_power(i));
		sum->source[s].b = 1 ^ sum->source[s].a;
		s++;
	}
	sum->source[s].a = of_p;
	sum->source[s++].b = 1 ^ of_p;
	sum->source[s].a = sum->source[s].b = of_q;
}

/* Data disk x comes back from Q, and P is made again from all. */
static void data_and_p(struct sum *sum, unsigned int x, unsigned int y)
{
	unsigned int s = 0;

	(void)y;
	for (unsigned int i = 0; i < DATA; i++) {
		if (i == x)
			continue;
		sum->source[s].a = over(sums_power(i), sums_power(x));
		sum->source[s].b = 1 ^ sum->source[s].a;
		s++;
	}
	sum->source[s].a = sum->source[s].b = gf_inv(sums_power(x));
}

/* Data disk x comes back from P, and Q is made again from all. */
static void data_and_q(struct sum *sum, unsigned int x, unsigned int y)
{
	unsigned int s = 0;

	(void)y;
	for (unsigned int i = 0; i < DATA; i++) {
		if (i == x)
			continue;
		sum->source[s].a = 1;
		sum->source[s].b = sums_power(i) ^ sums_power(x);
		s++;
	}
	sum->source[s].a = 1;
	sum->source[s].b = sums_power(x);
}

static void both_parities(struct sum *sum, unsigned int x, unsigned int y)
{
	(void)x;
	(void)y;
	for (unsigned int i = 0; i < DATA; i++) {
		sum->source[i].a = 1;
		sum->source[i].b = sums_power(i);
	}
}

/* One matrix operation that makes lost disks x < y at P and Q of @sum */
static void make_recovery(struct sum *sum, const struct array *array, unsigned int x, unsigned int y)
{
	add_survivors(sum, array, x, y);
	if (y < DATA)
		two_data(sum, x, y);
	else if (x == P_DISK)
		both_parities(sum, x, y);
	else if (y == P_DISK)
		data_and_p(sum, x, y);
	else
		data_and_q(sum, x, y);
}

static void make_parity(struct sums *s, unsigned int ch, const struct array *array)
{
	struct sum sum = sum_over_data(array, PQDMA_OP_PQ);

	sums_group(s, ch, &sum, 1);
	sums_run(s);
}

TEST(recover_pairs, "any two disks of an array of data, P and Q come back with one matrix operation, several queued on a channel",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct array array;
	struct sum sums[BATCH];
	unsigned int lost[BATCH][2], n = 0, pairs = 0;
	uint64_t room;

	sums_need(b, PQDMA_OP_MATRIX);
	array = new_array(s, 0);
	make_parity(s, 0, &array);
	room = array.disk[Q_DISK] + array.length;
	for (unsigned int i = 0; i < DISKS * DISKS; i++) {
		unsigned int x = i / DISKS, y = i % DISKS;

		if (x >= y)
			continue;
		s->l->list[0].dst = n ? s->l->list[0].dst : room;
		sums[n] = sums_draw(s, 0, PQDMA_OP_MATRIX, 0, array.length);
		make_recovery(&sums[n], &array, x, y);
		lost[n][0] = x;
		lost[n++][1] = y;
		if (n < BATCH && pairs + n < PAIRS)
			continue;
		sums_scatter(s, 0, sums, n);
		sums_run(s);
		for (pairs += n; n; n--) {
			CHECK(!memcmp(bench_ram(b, sums[n - 1].desc.dst), bench_ram(b, array.disk[lost[n - 1][0]]), array.length));
			CHECK(!memcmp(bench_ram(b, sums[n - 1].q), bench_ram(b, array.disk[lost[n - 1][1]]), array.length));
		}
	}
	CHECK_EQ(pairs, PAIRS);
	CHECK_EQ(s->completed[PQDMA_OP_MATRIX], PAIRS);
}

static uint8_t kept[PQDMA_CHANNELS][DISKS][MOST];

/* An array whose P and Q are right, made by the test; then two of its disks become garbage, and a list brings them back. */
static struct array put_broken(struct sums *s, unsigned int ch)
{
	struct bench *b = s->l->b;
	struct array array = new_array(s, ch);
	unsigned int x = rng_below(test_rng(b), DISKS - 1), y = rng_range(test_rng(b), x + 1, DISKS - 1);
	struct sum list[2];

	for (unsigned int i = 0; i < DATA; i++)
		array.disk[i] = lists_desc(s->l, ch, PQDMA_OP_COPY, array.length).dst;
	list[1] = sum_over_data(&array, PQDMA_OP_PQ_VAL);
	list[1].desc.flags |= PQDMA_FLAG_WB;
	sums_settle(s, &list[1]);
	for (unsigned int i = 0; i < DISKS; i++)
		memcpy(kept[ch][i], bench_ram(b, array.disk[i]), array.length);
	ram_random(b, array.disk[x], array.length);
	ram_random(b, array.disk[y], array.length);
	list[0] = list[1];
	list[0].desc = (struct desc){
		.op = PQDMA_OP_MATRIX, .flags = PQDMA_FLAG_FENCE, .length = array.length, .dst = array.disk[x],
	};
	list[0].q = array.disk[y];
	make_recovery(&list[0], &array, x, y);
	sums_scatter(s, ch, list, 2);
	return array;
}

TEST(recover_whole, "each channel has its array, two disks of it are garbage: they come back in their own place, and pq_val finds all good",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	struct array array[PQDMA_CHANNELS];

	sums_need(b, PQDMA_OP_MATRIX);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		array[ch] = put_broken(s, ch);
	sums_check(s);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		for (unsigned int i = 0; i < DISKS; i++)
			CHECK(!memcmp(kept[ch][i], bench_ram(b, array[ch].disk[i]), array[ch].length));
		CHECK_EQ(sums_status(s, ch, 1) >> PQDMA_DSTS_CODE_SHIFT, PQDMA_DSTS_DONE_MASK >> PQDMA_DSTS_CODE_SHIFT);
	}
	sums_end(s);
	CHECK_EQ(s->completed[PQDMA_OP_MATRIX], PQDMA_CHANNELS);
	CHECK_EQ(s->completed[PQDMA_OP_PQ_VAL], PQDMA_CHANNELS);
}
