// SPDX-License-Identifier: MIT
/*
 * Ranges in places that ordinary lists do not use: source and destination that overlap in part, and ranges that go on at address 0. The
 * bytes are looked at one by one, without the oracle.
 */
#include "sums.h"

#define ROOM (16u << 10)
#define MIDDLE (ROOM / 2)
#define WINDOW 4096u
#define WRAP_SOURCES 3
#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* A byte is exact unless it is made from one that this copy writes too. Returns how many were. */
static uint64_t check_overlap(struct bench *b, uint64_t room, const uint8_t *before, uint32_t src, uint32_t dst, uint32_t length)
{
	const uint8_t *after = bench_ram(b, room);
	uint64_t exact = 0;

	for (uint32_t at = 0; at < ROOM; at++) {
		const bool written = at - dst < length;
		const uint32_t from = src + (at - dst);

		if (written && from - dst < length)
			continue;
		CHECK_EQ(after[at], before[written ? from : at]);
		exact += written;
	}
	return exact;
}

TEST(copy_overlap, "ranges that overlap in part: bytes that are made from none that is written too are exact, and no other byte changes",
     .moves = true)
{
	static const uint32_t shifts[] = { 1, PQDMA_BYTES / 2, PQDMA_BYTES, 3 * PQDMA_BYTES + 5, PQDMA_STRIP_BYTES + 1 };
	static const uint32_t lengths[] = { 2, 2 * PQDMA_BYTES + 3, 2 * PQDMA_STRIP_BYTES - 3 };
	const uint64_t room = ram_alloc(b, ROOM), list = ram_alloc(b, PQDMA_DESC_SIZE);
	static uint8_t before[ROOM];
	uint64_t exact = 0;

	for (unsigned int i = 0; i < 2 * NR(shifts) * NR(lengths); i++) {
		const uint32_t length = lengths[i / 2 % NR(lengths)], shift = shifts[i / 2 / NR(lengths)];
		const uint32_t src = MIDDLE + rng_below(test_rng(b), PQDMA_BYTES), dst = i % 2 ? src - shift : src + shift;

		ram_random(b, room, ROOM);
		memcpy(before, bench_ram(b, room), ROOM);
		desc_put(b, list, &(struct desc){ .op = PQDMA_OP_COPY, .length = length, .src = room + src, .dst = room + dst });
		chan_start(b, 0, list, 1, 1);
		wait_done(b, 0, 1, 50000);
		exact += check_overlap(b, room, before, src, dst, length);
		CHECK_EQ(ch_read(b, 0, PQDMA_CH_BYTES), length);
		chan_abort(b, 0);
	}
	CHECK(exact > 100);
}

/* Memory at the last and at the first addresses there are */
struct edge {
	struct axi_mem_device device;
	uint8_t bytes[WINDOW];
};

static struct edge edges[2];

static void edge_read(struct axi_mem_device *device, uint64_t addr, unsigned int len, uint8_t *data)
{
	const struct edge *edge = (const struct edge *)device;

	memcpy(data, edge->bytes + addr % WINDOW, len);
}

static void edge_write(struct axi_mem_device *device, uint64_t addr, unsigned int len, const uint8_t *data)
{
	struct edge *edge = (struct edge *)device;

	memcpy(edge->bytes + addr % WINDOW, data, len);
}

static const struct axi_mem_device_ops edge_ops = { edge_read, edge_write };

/* Byte number @i from @addr on, in the windows or in RAM */
static uint8_t *byte_at(struct bench *b, uint64_t addr)
{
	if (addr < WINDOW || -addr <= WINDOW)
		return &edges[addr < WINDOW].bytes[addr % WINDOW];
	return bench_ram(b, addr);
}

static void attach_edges(struct bench *b)
{
	for (unsigned int i = 0; i < NR(edges); i++) {
		edges[i].device = (struct axi_mem_device){ &edge_ops, i ? 0 : -(uint64_t)WINDOW, WINDOW };
		for (unsigned int at = 0; at < WINDOW; at++)
			edges[i].bytes[at] = (uint8_t)rng_u64(test_rng(b));
		CHECK(axi_mem_attach(&b->mem, &edges[i].device));
	}
}

/* One descriptor, and both of its addresses may go on at 0. */
static void run_wrap(struct bench *b, uint8_t op, uint64_t src, uint64_t dst, uint32_t length)
{
	const uint64_t list = ram_alloc(b, PQDMA_DESC_SIZE);
	static uint8_t want[WINDOW];

	for (uint32_t i = 0; i < length; i++)
		want[i] = op == PQDMA_OP_FILL ? (uint8_t)(src >> (dst + i) % 8 * 8) : *byte_at(b, src + i);
	desc_put(b, list, &(struct desc){ .op = op, .flags = PQDMA_FLAG_WB, .length = length, .src = src, .dst = dst });
	chan_start(b, 0, list, 1, 1);
	wait_done(b, 0, 1, 50000);
	for (uint32_t i = 0; i < length; i++)
		CHECK_EQ(*byte_at(b, dst + i), want[i]);
	CHECK_EQ(desc_status(b, list), PQDMA_DSTS_DONE_MASK | length);
	chan_abort(b, 0);
}

/* P and its sources go on at 0, each at its own distance from there. */
static void run_wrap_sum(struct bench *b, uint32_t length)
{
	const uint64_t list = ram_alloc(b, PQDMA_DESC_SIZE), table = ram_alloc(b, SUMS_BLOCK), dst = ram_alloc(b, 2 * WINDOW) + 9;
	uint64_t source[WRAP_SOURCES];

	for (unsigned int k = 0; k < WRAP_SOURCES; k++) {
		source[k] = -(uint64_t)rng_range(test_rng(b), 1, length - 1);
		ram_put64(b, table + k * SUMS_ENTRY, source[k]);
	}
	desc_put(b, list, &(struct desc){ .op = PQDMA_OP_XOR, .length = length, .src = table, .dst = dst });
	desc_settings(b, list, (uint64_t)WRAP_SOURCES << PQDMA_SETTINGS_SOURCES_SHIFT);
	chan_start(b, 0, list, 1, 1);
	wait_done(b, 0, 1, 50000);
	for (uint32_t i = 0; i < length; i++)
		CHECK_EQ(*byte_at(b, dst + i), *byte_at(b, source[0] + i) ^ *byte_at(b, source[1] + i) ^ *byte_at(b, source[2] + i));
	chan_abort(b, 0);
}

TEST(copy_wrap, "ranges that begin before 2^64 go on at address 0: copies from there and to there, fills, sources of a sum", .moves = true)
{
	static const uint32_t lengths[] = { 2, PQDMA_BYTES + 3, 300, WINDOW / 2 + 5 };
	const uint64_t room = ram_alloc(b, WINDOW) + 7;

	attach_edges(b);
	for (unsigned int i = 0; i < NR(lengths); i++) {
		const uint64_t edge = -(uint64_t)(lengths[i] / 2);

		run_wrap(b, PQDMA_OP_COPY, edge, room, lengths[i]);
		run_wrap(b, PQDMA_OP_COPY, room + 1, edge, lengths[i]);
		run_wrap(b, PQDMA_OP_FILL, rng_u64(test_rng(b)), edge, lengths[i]);
		run_wrap_sum(b, lengths[i]);
	}
	CHECK_EQ(mem_stats(b)->errors, 0);
}
