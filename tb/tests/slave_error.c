// SPDX-License-Identifier: MIT
/*
 * Errors in copies with PERI: on the device and on the memory side, reads and writes. Cause, address and descriptor are exact, whole pieces
 * before the failing one are done, a failed piece has no dack, and after ABORT the channel and a peripheral set up again work.
 */
#include "slaves.h"

#define PIECES 4u
#define WIDTH 2

/* A peripheral that asks for bursts only, so that which entry is in which piece is known */
static struct peripheral *attach(struct slaves *s, bool tx, unsigned int burst)
{
	const struct peripheral_config config = { .tx = tx, .width = WIDTH, .burst = burst, .depth = 32, .asks = PERIPHERAL_BURST };

	return slaves_attach(s, 0, &config);
}

/* Two copies; the second one goes on where no error comes. What is received goes to whole bus words, so that a piece is one burst. */
static struct slave_desc put_copies(struct slaves *s, struct peripheral *p, unsigned int mode)
{
	const uint32_t length = PIECES << p->config.burst << WIDTH;
	struct slave_desc d = p->config.tx ? slaves_to(s, p, length) : slaves_from(s, p, length);
	struct slave_side *device = p->config.tx ? &d.dst : &d.src;

	if (!p->config.tx)
		slaves_feed(s, p, 2 * length, false);
	d.dst.addr &= p->config.tx ? ~0ull : -(uint64_t)PQDMA_STRIP_BYTES;
	device->addr += PERIPHERAL_WINDOW / 2;
	device->mode = mode;
	d.flags = PQDMA_FLAG_WB;
	slaves_put(s, 0, &d);
	slaves_put(s, 0, &d);
	return d;
}

static void arm(struct bench *b, unsigned int kind, uint64_t first, uint64_t last, unsigned int skip, unsigned int resp)
{
	mem_fault(b, &(struct axi_mem_fault){ .kinds = kind, .first = first, .last = last, .resp = resp, .skip = skip, .count = 1 });
}

/* It failed in the first copy, after @pieces of it. */
static void expect(struct slaves *s, const struct slave_desc *d, unsigned int pieces, uint32_t cause, uint64_t addr)
{
	struct bench *b = s->b;
	const struct peripheral *p = &s->all.at[0];

	slaves_start(s, 0);
	slaves_wait(s);
	mem_clear_faults(b);
	slaves_check_failed(s, 0, 0, pieces * slave_piece(d), cause, addr);
	CHECK_EQ(p->stats.dacks, pieces);
	wait_clocks(b, 200);
	CHECK_EQ(p->stats.dacks, pieces);
	slaves_end(s);
}

static void works_again(struct slaves *s, bool tx)
{
	struct peripheral *p = attach(s, tx, 1);

	put_copies(s, p, SLAVE_FIXED);
	slaves_run(s);
}

static void fail_device_read(struct slaves *s, unsigned int burst, unsigned int mode, unsigned int beat, unsigned int resp)
{
	struct bench *b = s->b;
	struct peripheral *p = attach(s, false, burst);
	const struct slave_desc d = put_copies(s, p, mode);

	arm(b, AXI_MEM_READ, peripheral_bus(0), peripheral_bus(0) + PERIPHERAL_WINDOW - 1, beat, resp);
	expect(s, &d, beat >> burst, resp == AXI_SLVERR ? PQDMA_ERR_READ_SLVERR : PQDMA_ERR_READ_DECERR,
	       slave_addr(&d.src, beat << WIDTH));
	CHECK_EQ(p->stats.moved, (((beat >> burst) + 1) << burst) - 1);
}

TEST(slave_error_read, "an error at any beat of a peripheral's data: its address, the piece is not written, what was before is",
     .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);
	unsigned int failed = 0;

	for (unsigned int burst = 0; burst < 3; burst++)
		for (unsigned int mode = 0; mode < SLAVE_MODES; mode++)
			for (unsigned int beat = b->options->seed % 3; beat < PIECES << burst; beat += 3, failed++)
				fail_device_read(s, burst, mode, beat, failed % 2 ? AXI_SLVERR : AXI_DECERR);
	works_again(s, false);
	CHECK(failed >= 9);
}

/* Write bursts of a piece: all its entries one by one if they go down, else one. The bursts of a piece that has begun are all made. */
static void fail_device_write(struct slaves *s, unsigned int burst, unsigned int mode, unsigned int nr, unsigned int resp)
{
	struct bench *b = s->b;
	struct peripheral *p = attach(s, true, burst);
	const struct slave_desc d = put_copies(s, p, mode);
	const unsigned int entries = mode == SLAVE_DOWN ? 1 : 1u << burst, pieces = nr * entries >> burst;

	arm(b, AXI_MEM_WRITE, peripheral_bus(0), peripheral_bus(0) + PERIPHERAL_WINDOW - 1, nr, resp);
	expect(s, &d, pieces, resp == AXI_SLVERR ? PQDMA_ERR_WRITE_SLVERR : PQDMA_ERR_WRITE_DECERR,
	       slave_addr(&d.dst, nr * entries << WIDTH));
	CHECK_EQ(p->stats.moved, ((pieces + 1) << burst) - entries);
}

TEST(slave_error_write, "an error of any burst to a peripheral: the address of its first byte, no byte of it arrives, the piece ends it",
     .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);
	unsigned int failed = 0;

	for (unsigned int burst = 0; burst < 3; burst++) {
		for (unsigned int mode = 0; mode < SLAVE_MODES; mode++) {
			unsigned int bursts = mode == SLAVE_DOWN ? PIECES << burst : PIECES;

			for (unsigned int nr = b->options->seed % 2; nr < bursts; nr += 2, failed++)
				fail_device_write(s, burst, mode, nr, failed % 2 ? AXI_SLVERR : AXI_DECERR);
		}
	}
	works_again(s, true);
	CHECK(failed >= 9);
}

/* The memory's side is ordinary: its failing word, which the piece before may read as well, or the first byte of its burst */
static void fail_memory(struct slaves *s, bool tx, unsigned int piece, unsigned int resp)
{
	struct bench *b = s->b;
	struct peripheral *p = attach(s, tx, 2);
	struct slave_desc d = put_copies(s, p, SLAVE_FIXED);
	const struct slave_side *memory = tx ? &d.src : &d.dst;
	uint64_t addr = slave_addr(memory, piece * slave_piece(&d));

	arm(b, tx ? AXI_MEM_READ : AXI_MEM_WRITE, addr, addr, 0, resp);
	if (tx) {
		addr &= -(uint64_t)PQDMA_BYTES;
		piece = addr > memory->addr ? (uint32_t)(addr - memory->addr) / slave_piece(&d) : 0;
		expect(s, &d, piece, resp == AXI_SLVERR ? PQDMA_ERR_READ_SLVERR : PQDMA_ERR_READ_DECERR, addr);
		return;
	}
	expect(s, &d, piece, resp == AXI_SLVERR ? PQDMA_ERR_WRITE_SLVERR : PQDMA_ERR_WRITE_DECERR, addr);
}

TEST(slave_error_memory, "an error of the memory that a peripheral's bytes come from or go to", .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);
	unsigned int failed = 0;

	for (unsigned int tx = 0; tx < 2; tx++) {
		for (unsigned int piece = 0; piece < PIECES; piece++, failed++)
			fail_memory(s, tx, piece, failed % 2 ? AXI_SLVERR : AXI_DECERR);
		works_again(s, tx);
	}
	CHECK_EQ(failed, 2 * PIECES);
}

TEST(slave_error_others, "a peripheral's copy fails; copies of other channels run on, and complete", .moves = true)
{
	struct slaves *s = slaves_new(b);
	struct peripheral *p = attach(s, false, 1);
	const struct slave_desc d = put_copies(s, p, SLAVE_FIXED);
	uint64_t bad = peripheral_bus(0) + PERIPHERAL_WINDOW / 2;
	unsigned int done = 0;

	if (PQDMA_CHANNELS == 1)
		test_skip(b, "there is only one channel");
	for (unsigned int ch = 1; ch < PQDMA_CHANNELS; ch++) {
		for (unsigned int i = 0; i < 4; i++) {
			const struct slave_desc copy = slaves_draw(s, 300);

			slaves_put(s, ch, &copy);
		}
		slaves_start(s, ch);
	}
	arm(b, AXI_MEM_READ, bad, bad, 3, AXI_SLVERR);
	slaves_start(s, 0);
	slaves_wait(s);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_ERR_CAUSE), PQDMA_ERR_READ_SLVERR);
	CHECK_EQ(ch_read64(b, 0, PQDMA_CH_ERR_ADDR_LO), d.src.addr);
	for (unsigned int ch = 1; ch < PQDMA_CHANNELS; ch++)
		done += ch_read(b, ch, PQDMA_CH_DONE);
	CHECK_EQ(done, 4 * (PQDMA_CHANNELS - 1));
	slaves_end(s);
}
