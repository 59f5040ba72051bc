// SPDX-License-Identifier: MIT
/*
 * Long descriptors, long waits and many completions: counters that go beyond 16 bits. Every further bit would double the time of the test.
 */
#include <isa-l/erasure_code.h>
#include "shapes.h"
#include "sums.h"

#define BYTES (131072u + 4096u)
#define BEHIND 64u		/* bytes behind a destination that stay as they are */
#define LONG_CLOCKS 600000
#define WAIT 66000u		/* clocks: more than 65536 */
#define PERIODS 8200u		/* more than 8192 on each channel */
#define RING 8

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Whole buffers in RAM: a source, another one, and where P and Q go */
struct buffers {
	uint64_t src[2];
	uint64_t dst[2];
};

static uint8_t byte_at(struct bench *b, uint64_t addr)
{
	return *bench_ram(b, addr);
}

/* What byte @i of P or Q of each operation is: xor and pq of two sources with coefficients 1 and 2 in Q, matrix with 3, 4 in P */
static uint8_t expected(struct bench *b, const struct buffers *buf, unsigned int op, unsigned int sum, uint32_t i)
{
	const uint8_t s0 = byte_at(b, buf->src[0] + i), s1 = op < PQDMA_OP_XOR ? 0 : byte_at(b, buf->src[1] + i);

	switch (op) {
	case PQDMA_OP_COPY:
		return s0;
	case PQDMA_OP_FILL:
		return (uint8_t)(buf->src[0] >> (buf->dst[0] + i) % 8 * 8);
	case PQDMA_OP_MATRIX:
		return sum ? s0 ^ gf_mul(2, s1) : gf_mul(3, s0) ^ gf_mul(4, s1);
	default:
		return sum ? s0 ^ gf_mul(2, s1) : s0 ^ s1;
	}
}

static uint64_t put_table(struct bench *b, const struct buffers *buf)
{
	const uint64_t at = ram_alloc(b, 64);

	for (unsigned int i = 0; i < 2; i++) {
		ram_put64(b, at + 16 * i, buf->src[i]);
		ram_put64(b, at + 16 * i + 8, (uint64_t)(i + 1) << 8 | (3 + i));
	}
	return at;
}

static void put_long(struct bench *b, uint64_t at, unsigned int op, uint64_t table, const struct buffers *buf)
{
	desc_put(b, at, &(struct desc){ .op = (uint8_t)op, .flags = PQDMA_FLAG_WB, .length = BYTES, .dst = buf->dst[0],
					.src = op >= PQDMA_OP_XOR ? table : buf->src[0] });
	ram_put64(b, at + PQDMA_DESC_DST2_OFFSET, buf->dst[1]);
	desc_settings(b, at, 2);
}

static void check_long(struct bench *b, unsigned int op, const struct buffers *buf)
{
	for (uint32_t i = 0; i < BYTES; i++) {
		CHECK_EQ(byte_at(b, buf->dst[0] + i), expected(b, buf, op, 0, i));
		if (op == PQDMA_OP_PQ || op == PQDMA_OP_MATRIX)
			CHECK_EQ(byte_at(b, buf->dst[1] + i), expected(b, buf, op, 1, i));
	}
}

/* Each operation that moves data, and the validation of what it has made if there is one */
static const struct {
	unsigned int op;
	unsigned int val;
} pairs[] = {
	{ PQDMA_OP_COPY, PQDMA_OP_NOP },
	{ PQDMA_OP_FILL, PQDMA_OP_NOP },
	{ PQDMA_OP_XOR, PQDMA_OP_XOR_VAL },
	{ PQDMA_OP_PQ, PQDMA_OP_PQ_VAL },
	{ PQDMA_OP_MATRIX, PQDMA_OP_NOP },
};

static void run_long(struct bench *b, unsigned int ch, unsigned int which, struct buffers *buf)
{
	const unsigned int op = pairs[which].op, nr = 1 + (pairs[which].val != PQDMA_OP_NOP);
	const uint64_t list = ram_alloc(b, 2 * PQDMA_DESC_SIZE), table = put_table(b, buf);
	uint8_t guard[BEHIND];

	memcpy(guard, bench_ram(b, buf->dst[0] + BYTES), BEHIND);
	put_long(b, list, op, table, buf);
	if (nr > 1)
		put_long(b, list + PQDMA_DESC_SIZE, pairs[which].val, table, buf);
	chan_start(b, ch, list, nr, nr);
	wait_done(b, ch, nr, LONG_CLOCKS);
	wait_idle(b, ch, LONG_CLOCKS);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), nr * BYTES);
	for (unsigned int i = 0; i < nr; i++)
		CHECK_EQ(desc_status(b, list + i * PQDMA_DESC_SIZE), 1ull << 63 | BYTES);
	check_long(b, op, buf);
	CHECK(!memcmp(guard, bench_ram(b, buf->dst[0] + BYTES), BEHIND));
	chan_abort(b, ch);
}

TEST(long_bytes, "one descriptor of more than 128 KiB of each operation that moves data: every byte, BYTES, status word", .moves = true,
     .max_clocks = 3000000, .takes_long = true)
{
	struct buffers buf;
	unsigned int done = 0;

	mem_ideal(b, 4);
	for (unsigned int i = 0; i < 2; i++) {
		buf.src[i] = ram_alloc(b, BYTES);
		buf.dst[i] = ram_alloc(b, BYTES + BEHIND + 64) + 4 + i;
	}
	for (unsigned int i = 0; i < NR(pairs); i++) {
		if (!sums_built(pairs[i].op))
			continue;
		run_long(b, (i + 1) % PQDMA_CHANNELS, i, &buf);
		done++;
	}
	CHECK(done >= 3);
}

/* A copy or fill in either form: every byte, BYTES, and the status word, which has its place by the form */
static void run_form(struct bench *b, uint64_t list, const struct buffers *buf, unsigned int op, bool compact, uint32_t length)
{
	const uint32_t cfg = ch_read(b, 0, PQDMA_CH_CFG) & ~PQDMA_CFG_COMPACT_MASK;

	ch_write(b, 0, PQDMA_CH_CFG, cfg | (compact ? PQDMA_CFG_COMPACT_MASK : 0));
	desc_put(b, list, &(struct desc){ .op = (uint8_t)op, .flags = PQDMA_FLAG_WB, .tag = UINT16_MAX, .length = length,
					  .src = buf->src[0], .dst = buf->dst[0] });
	chan_start(b, 0, list, 1, 1);
	wait_done(b, 0, 1, LONG_CLOCKS);
	wait_idle(b, 0, LONG_CLOCKS);
	CHECK_EQ(ram_get64(b, list + (compact ? 0 : PQDMA_DESC_STATUS_OFFSET)), 1ull << 63 | (uint64_t)UINT16_MAX << 32 | length);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_BYTES), length);
	for (uint32_t i = 0; i < length; i++)
		CHECK_EQ(byte_at(b, buf->dst[0] + i), expected(b, buf, op, 0, i));
	chan_abort(b, 0);
}

TEST(long_forms, "copies and fills of a strip to 256 KiB, compact and full: the status word has all of their bytes", .moves = true,
     .max_clocks = 3000000, .takes_long = true)
{
	static const uint32_t lengths[] = { PQDMA_STRIP_BYTES, 4096, 70000, 0x3fff0 };
	const uint64_t list = ram_alloc(b, PQDMA_DESC_SIZE);
	const struct buffers buf = { .src = { ram_alloc(b, 0x40000) }, .dst = { ram_alloc(b, 0x40000) } };

	mem_ideal(b, 4);
	for (unsigned int i = 0; i < 4 * NR(lengths); i++)
		run_form(b, list, &buf, i % 2 ? PQDMA_OP_FILL : PQDMA_OP_COPY, i / 2 % 2, lengths[i / 4]);
}

/* Clocks from RUN of a list of one descriptor at @list to the interrupt, which must be @event */
static uint64_t clocks_to_irq(struct bench *b, unsigned int ch, uint64_t list, uint32_t event)
{
	struct irq_rise rise = { .ch = ch };
	uint64_t start;

	bench_tap(b, irq_rise_tap, &rise);
	chan_start(b, ch, list, 1, 1);
	start = b->hw.clock;
	CHECK_EQ(wait_irq(b, ch, LONG_CLOCKS), event);
	bench_tap(b, NULL, NULL);
	chan_abort(b, ch);
	return rise.edge - start;
}

TEST(long_timeout, "REQ_TIMEOUT of more than 65536 clocks, to the clock", .max_clocks = LONG_CLOCKS)
{
	const unsigned int ch = b->options->seed % PQDMA_CHANNELS;
	const uint64_t list = ram_alloc(b, PQDMA_DESC_SIZE);
	uint64_t soon, late;

	mem_configure(b, axi_mem_profile("ideal"));
	desc_put(b, list, &(struct desc){ .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_PERI, .length = 8, .src = list, .dst = list });
	desc_settings(b, list, PQDMA_SETTINGS_PACED_MASK);
	ch_write(b, ch, PQDMA_CH_REQ_TIMEOUT, 1);
	soon = clocks_to_irq(b, ch, list, PQDMA_IRQ_ERROR_MASK);
	ch_write(b, ch, PQDMA_CH_REQ_TIMEOUT, WAIT);
	late = clocks_to_irq(b, ch, list, PQDMA_IRQ_ERROR_MASK);
	CHECK_EQ(late - soon, WAIT - 1);
}

TEST(long_coalesce, "IRQ_COAL.TIME of more than 65536 clocks, to the clock", .max_clocks = LONG_CLOCKS)
{
	const unsigned int ch = b->options->seed % PQDMA_CHANNELS;
	const uint64_t list = ram_alloc(b, PQDMA_DESC_SIZE);
	uint64_t soon, late;

	mem_configure(b, axi_mem_profile("ideal"));
	desc_put(b, list, &(struct desc){ .op = PQDMA_OP_INTERRUPT });
	ch_write(b, ch, PQDMA_CH_IRQ_COAL, 2u << PQDMA_IRQ_COAL_COUNT_SHIFT | 1u << PQDMA_IRQ_COAL_TIME_SHIFT);
	soon = clocks_to_irq(b, ch, list, PQDMA_IRQ_DONE_MASK);
	ch_write(b, ch, PQDMA_CH_IRQ_COAL, 2u << PQDMA_IRQ_COAL_COUNT_SHIFT | WAIT << PQDMA_IRQ_COAL_TIME_SHIFT);
	late = clocks_to_irq(b, ch, list, PQDMA_IRQ_DONE_MASK);
	CHECK_EQ(late - soon, WAIT - 1);
}

/* The ring of a channel is endless; its completion word follows. */
static void start_ring(struct shapes *s, unsigned int ch)
{
	struct shape shapes[RING];

	shapes_cfg(s, ch, PQDMA_CFG_CYCLIC_MASK | PQDMA_CFG_COMPACT_MASK);
	shapes_cmpl(s, ch, ram_alloc(s->l->b, 64));
	for (unsigned int i = 0; i < RING; i++)
		shapes[i] = shapes_draw(s, ch, PQDMA_OP_NOP, 0);
	shapes_group(s, ch, shapes, RING);
	lists_loop(s->l, ch);
	shapes_start(s, ch, 0);
}

TEST(long_done, "more than 8192 completions on each channel at once: DONE and the completion word count every one", .takes_long = true,
     .max_clocks = 4000000)
{
	struct shapes *s = shapes_new(b);

	mem_configure(b, axi_mem_profile("ideal"));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		start_ring(s, ch);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		while (ch_read(b, ch, PQDMA_CH_DONE) < PERIODS)
			wait_clocks(b, 1000);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const uint32_t done = shapes_stop(s, ch);

		CHECK(done >= PERIODS);
		CHECK_EQ((uint32_t)ram_get64(b, s->cmpl[ch]), done);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), 0);
	}
	lists_end(s->l);
}
