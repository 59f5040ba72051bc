// SPDX-License-Identifier: MIT
/*
 * Each cause of failure with each operation that can have it, beside a channel that never rests; and each cause while STOP or PAUSE comes
 * in every clock around it. The record is the same, whatever was going on.
 */
#include "pqdma_params.h"
#include "test.h"

#define PAGE 4096u
#define LENGTH 64
#define SOURCES 2
#define TIMEOUT 6
#define DELAYS 44		/* clocks from RUN to the command: at most what the longest of these lists takes */
#define RING 4
#define CLOCKS 20000
#define ANY_CLOCKS 4000000

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define OP(name) (1u << PQDMA_OP_##name)
#define SUMS (OP(XOR) | OP(XOR_VAL) | OP(PQ) | OP(PQ_VAL) | OP(MATRIX))
#define WRITERS (OP(COPY) | OP(FILL) | OP(XOR) | OP(PQ) | OP(MATRIX))
#define ALL (OP(NOP) | OP(INTERRUPT) | OP(COPY) | OP(FILL) | SUMS)

/* Where everything stands, a page for each */
struct places {
	uint64_t list;
	uint64_t table;
	uint64_t src;
	uint64_t p;
	uint64_t q;
	uint64_t cmpl;
};

/**
 * struct failing - a way to fail
 * @cause: with SLVERR, if the memory answers with an error
 * @kinds: accesses that the memory refuses, 0 if the descriptor is at fault
 * @ops:   operations that can fail so
 * @place: offset in struct places of what is refused
 * @plus:  and of the address behind that
 */
struct failing {
	uint32_t cause;
	unsigned int kinds;
	uint32_t ops;
	size_t place;
	unsigned int plus;
};

#define AT(member) offsetof(struct places, member)
#define WRITES (AXI_MEM_WRITE | AXI_MEM_STATUS)

static const struct failing failings[] = {
	{ PQDMA_ERR_FETCH_SLVERR, AXI_MEM_FETCH, ALL, AT(list), 0 },
	{ PQDMA_ERR_FETCH_SLVERR, AXI_MEM_FETCH, SUMS, AT(table), 0 },
	{ PQDMA_ERR_READ_SLVERR, AXI_MEM_READ, OP(COPY) | SUMS, AT(src), 0 },
	{ PQDMA_ERR_WRITE_SLVERR, WRITES, WRITERS, AT(p), 0 },
	{ PQDMA_ERR_STATUS_SLVERR, WRITES, ALL, AT(list), PQDMA_DESC_STATUS_OFFSET },
	{ PQDMA_ERR_CMPL_SLVERR, WRITES, ALL, AT(cmpl), 0 },
	{ PQDMA_ERR_BAD_OP, 0, OP(NOP), AT(list), 0 },
	{ PQDMA_ERR_BAD_FLAGS, 0, ALL, AT(list), 0 },
	{ PQDMA_ERR_BAD_LENGTH, 0, ALL, AT(list), 0 },
	{ PQDMA_ERR_BAD_SOURCES, 0, SUMS, AT(list), 0 },
	{ PQDMA_ERR_BAD_WIDTH, 0, OP(COPY), AT(list), 0 },
	{ PQDMA_ERR_REQ_TIMEOUT, 0, OP(COPY), AT(src), 0 },
	{ PQDMA_ERR_BAD_ALIGN, 0, OP(NOP), AT(list), 8 },
	{ PQDMA_ERR_BAD_LINK, 0, OP(NOP), AT(list), 0 },
};

static struct places take_places(struct bench *b)
{
	return (struct places){ ram_alloc(b, PAGE), ram_alloc(b, PAGE), ram_alloc(b, PAGE), ram_alloc(b, PAGE), ram_alloc(b, PAGE),
				ram_alloc(b, PAGE) };
}

static uint64_t place_of(const struct places *at, const struct failing *f)
{
	return *(const uint64_t *)((const char *)at + f->place) + f->plus;
}

static void put_table(struct bench *b, const struct places *at)
{
	for (unsigned int i = 0; i < SOURCES; i++) {
		ram_put64(b, at->table + 16 * i, at->src + i * LENGTH);
		ram_put64(b, at->table + 16 * i + 8, rng_u64(test_rng(b)));
	}
}

static uint8_t bad_flag(unsigned int op)
{
	return op < PQDMA_OP_XOR ? PQDMA_FLAG_CONT : PQDMA_FLAG_TWO_D;
}

static void put_desc(struct bench *b, const struct places *at, const struct failing *f, unsigned int op)
{
	const bool peri = f->cause == PQDMA_ERR_BAD_WIDTH || f->cause == PQDMA_ERR_REQ_TIMEOUT, moves = op >= PQDMA_OP_COPY;
	struct desc desc = { .op = (uint8_t)op, .flags = PQDMA_FLAG_WB, .length = moves ? LENGTH : 0, .src = at->src, .dst = at->p };

	if (op >= PQDMA_OP_XOR)
		desc.src = at->table;
	if (f->cause == PQDMA_ERR_BAD_OP)
		desc.op = PQDMA_OP_MATRIX + 1;
	if (f->cause == PQDMA_ERR_BAD_FLAGS)
		desc.flags |= bad_flag(op);
	if (f->cause == PQDMA_ERR_BAD_LENGTH)
		desc.length = !moves;
	if (peri)
		desc.flags |= PQDMA_FLAG_PERI;
	desc_put(b, at->list, &desc);
	ram_put64(b, at->list + PQDMA_DESC_DST2_OFFSET, at->q);
	desc_settings(b, at->list, f->cause == PQDMA_ERR_BAD_SOURCES ? 0 : SOURCES);
	if (peri)
		desc_settings(b, at->list, f->cause == PQDMA_ERR_BAD_WIDTH ? PQDMA_SETTINGS_BURST_MASK : PQDMA_SETTINGS_PACED_MASK);
}

static void start(struct bench *b, unsigned int ch, const struct places *at, const struct failing *f)
{
	ch_write(b, ch, PQDMA_CH_CMPL_LO, (uint32_t)at->cmpl);
	ch_write(b, ch, PQDMA_CH_CMPL_HI, (uint32_t)(at->cmpl >> 32));
	ch_write(b, ch, PQDMA_CH_REQ_TIMEOUT, f->cause == PQDMA_ERR_REQ_TIMEOUT ? TIMEOUT : 0);
	chan_start(b, ch, at->list + (f->cause == PQDMA_ERR_BAD_ALIGN ? 8 : 0), f->cause != PQDMA_ERR_BAD_LINK, 1);
}

static void check_record(struct bench *b, unsigned int ch, const struct places *at, const struct failing *f, unsigned int resp)
{
	const uint64_t desc = at->list + (f->cause == PQDMA_ERR_BAD_ALIGN ? 8 : 0);

	CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), f->cause + (f->kinds && resp == AXI_DECERR));
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_ADDR_LO), place_of(at, f));
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_DESC_LO), f->cause == PQDMA_ERR_CMPL_SLVERR ? 0 : desc);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), f->cause == PQDMA_ERR_CMPL_SLVERR);
}

/* With @command, @delay clocks behind RUN: a channel that it has stopped in time fails when it goes on. Returns whether it had before. */
static bool fail_once(struct bench *b, unsigned int ch, const struct places *at, const struct failing *f, unsigned int op,
		      unsigned int resp, uint32_t command, unsigned int delay)
{
	bool failed = true;

	put_desc(b, at, f, op);
	if (f->kinds)
		mem_fault(b, &(struct axi_mem_fault){ f->kinds, place_of(at, f), place_of(at, f) + 7, resp, 0, 0 });
	start(b, ch, at, f);
	if (command) {
		if (delay)
			wait_clocks(b, delay);
		ch_write(b, ch, PQDMA_CH_CTRL, command);
		wait_idle(b, ch, CLOCKS);
		failed = ch_state(b, ch) == PQDMA_STATE_FAIL;
		if (!failed)
			ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	}
	wait_state(b, ch, PQDMA_STATE_FAIL, CLOCKS);
	check_record(b, ch, at, f, resp);
	mem_clear_faults(b);
	chan_abort(b, ch);
	return failed;
}

/* A ring of fills that goes round until it is aborted */
static void start_ring(struct bench *b, unsigned int ch)
{
	const uint64_t list = ram_alloc(b, RING * PQDMA_DESC_SIZE), to = ram_alloc(b, PAGE);

	for (unsigned int i = 0; i < RING; i++)
		desc_put(b, list + i * PQDMA_DESC_SIZE, &(struct desc){ .op = PQDMA_OP_FILL, .length = LENGTH, .dst = to, .link = list,
									.count = i + 1 == RING ? RING : 0 });
	ch_write(b, ch, PQDMA_CH_CFG, ch_read(b, ch, PQDMA_CH_CFG) | PQDMA_CFG_CYCLIC_MASK);
	chan_start(b, ch, list, RING, 0);
}

TEST(error_any, "each cause with each operation that can have it, beside a channel that never rests: the record, and the other runs on",
     .max_clocks = ANY_CLOCKS)
{
	const unsigned int other = PQDMA_CHANNELS - 1;
	const struct places at = take_places(b);
	unsigned int failed = 0;
	uint32_t done = 0;

	put_table(b, &at);
	mem_ideal(b, 4);
	if (other)
		start_ring(b, other);
	for (unsigned int i = 0; i < 2 * NR(failings); i++)
		for (uint32_t ops = failings[i / 2].ops & PQDMA_OPS; ops; ops &= ops - 1, failed++)
			fail_once(b, 0, &at, &failings[i / 2], (unsigned int)__builtin_ctz(ops), i % 2 ? AXI_DECERR : AXI_SLVERR, 0, 0);
	CHECK(failed >= 2 * NR(failings));
	if (!other)
		return;
	done = ch_read(b, other, PQDMA_CH_DONE);
	wait_clocks(b, PAGE);
	CHECK(ch_read(b, other, PQDMA_CH_DONE) > done);
	chan_abort(b, other);
}

TEST(error_held, "each cause with STOP or PAUSE in every clock around it: it fails at once, or when it goes on, with the same record",
     .takes_long = true, .max_clocks = ANY_CLOCKS)
{
	static const uint32_t commands[] = { PQDMA_CTRL_STOP_MASK, PQDMA_CTRL_PAUSE_MASK };
	const unsigned int ch = b->options->seed % PQDMA_CHANNELS;
	const struct places at = take_places(b);
	unsigned int before = 0, behind = 0;

	put_table(b, &at);
	mem_configure(b, axi_mem_profile("ideal"));
	for (unsigned int i = 0; i < 4 * NR(failings); i++) {
		const struct failing *f = &failings[i / 4];
		const unsigned int op = 31 - (unsigned int)__builtin_clz(f->ops & PQDMA_OPS & ~OP(XOR_VAL) & ~OP(PQ_VAL));

		for (unsigned int delay = 0; delay < DELAYS; delay++) {
			const bool failed = fail_once(b, ch, &at, f, op, i / 2 % 2 ? AXI_DECERR : AXI_SLVERR, commands[i % 2], delay);

			before += failed;
			behind += !failed;
		}
	}
	CHECK(before && behind);
}
