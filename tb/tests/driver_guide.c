// SPDX-License-Identifier: MIT
/*
 * The register sequences of docs/driver.md, step by step, without an operating system: a small ring on one channel. What the guide
 * tells is done here just like that, so it cannot be wrong.
 */
#include "test.h"

#define SLOTS 8
#define GROUP 5			/* descriptors of the first group; the others are the second */
#define PIECE 700
#define ROUNDS 20
#define PATIENCE 20000		/* clocks that anything may take */

#define ALL_EVENTS (PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK | PQDMA_IRQ_BAD_TAIL_MASK | PQDMA_IRQ_IDLE_MASK)

/**
 * struct guide - what software has to remember of a channel
 * @ring: bus address of the descriptors
 * @src:  bus address of SLOTS pieces to be read, @dst of as many to be written
 * @tail: descriptors promised since the channel left IDLE
 * @sum:  bytes of all of them
 * @end:  that sum at the end of the descriptor in each slot
 */
struct guide {
	struct bench *b;
	unsigned int ch;
	uint64_t ring;
	uint64_t src;
	uint64_t dst;
	uint32_t tail;
	uint32_t sum;
	uint32_t end[SLOTS];
};

static uint64_t slot_addr(const struct guide *g, uint32_t number)
{
	return g->ring + number % SLOTS * PQDMA_DESC_SIZE;
}

static uint64_t piece(uint64_t base, uint32_t number)
{
	return base + number % SLOTS * PIECE;
}

/* Guide, 1. Find the controller */
static void identify(struct bench *b)
{
	CHECK_EQ(reg_read(b, PQDMA_REG_ID), PQDMA_ID_VALUE);
	CHECK_EQ(reg_read(b, PQDMA_REG_VERSION) >> 8, PQDMA_VERSION_VALUE >> 8);
	CHECK_EQ((reg_read(b, PQDMA_REG_CAP0) & PQDMA_CAP0_CHANNELS_MASK) >> PQDMA_CAP0_CHANNELS_SHIFT, PQDMA_CHANNELS);
	CHECK(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_OPS_MASK & 1u << PQDMA_OP_COPY);
}

/* Guide, 2. Make a channel idle, whatever it does */
static void make_idle(struct guide *g)
{
	ch_write(g->b, g->ch, PQDMA_CH_IRQ_ENABLE, 0);
	ch_write(g->b, g->ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	wait_state(g->b, g->ch, PQDMA_STATE_IDLE, PATIENCE);
	ch_write(g->b, g->ch, PQDMA_CH_IRQ_STATUS, ALL_EVENTS);
}

/* Guide, 3. Make a ring, once: the last descriptor of each group names the next group */
static void make_ring(struct guide *g)
{
	for (uint32_t i = 0; i < SLOTS; i++)
		desc_put(g->b, slot_addr(g, i), &(struct desc){ 0 });
	desc_link(g->b, slot_addr(g, GROUP - 1), slot_addr(g, GROUP), SLOTS - GROUP);
	desc_link(g->b, slot_addr(g, SLOTS - 1), slot_addr(g, 0), GROUP);
}

/* Guide, 4. Start: from IDLE, with nothing to do yet */
static void start(struct guide *g)
{
	g->tail = 0;
	g->sum = 0;
	ch_write(g->b, g->ch, PQDMA_CH_HEAD_LO, (uint32_t)g->ring);
	ch_write(g->b, g->ch, PQDMA_CH_HEAD_HI, (uint32_t)(g->ring >> 32));
	ch_write(g->b, g->ch, PQDMA_CH_HEAD_COUNT, GROUP);
	ch_write(g->b, g->ch, PQDMA_CH_IRQ_ENABLE, ALL_EVENTS);
	ch_write(g->b, g->ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
}

/* Guide, 5. Append: words 0 to 2 of the next free slot, then the doorbell */
static void append(struct guide *g)
{
	const uint64_t at = slot_addr(g, g->tail);

	ram_put64(g->b, at, (uint64_t)PQDMA_OP_COPY << PQDMA_DESC_OP_SHIFT | (uint64_t)PQDMA_FLAG_IRQ << PQDMA_DESC_FLAGS_SHIFT |
		  (uint64_t)PIECE << PQDMA_DESC_LENGTH_SHIFT);
	ram_put64(g->b, at + 8, piece(g->src, g->tail));
	ram_put64(g->b, at + 16, piece(g->dst, g->tail));
	g->sum += PIECE;
	g->end[g->tail % SLOTS] = g->sum;
	ch_write(g->b, g->ch, PQDMA_CH_TAIL, ++g->tail);
}

/* Guide, 6. Interrupt: clear what was read, then look at DONE */
static uint32_t interrupt(struct guide *g, uint32_t *events)
{
	struct bench *b = g->b;
	uint64_t until = b->hw.clock + PATIENCE;

	while (!(b->hw.irq >> g->ch & 1)) {
		CHECK(b->hw.clock < until);
		wait_clocks(b, 1);
	}
	*events = ch_read(b, g->ch, PQDMA_CH_IRQ_STATUS);
	ch_write(b, g->ch, PQDMA_CH_IRQ_STATUS, *events);
	return ch_read(b, g->ch, PQDMA_CH_DONE);
}

/* Guide, 7. Residue of the last one appended: one read */
static uint32_t residue(struct guide *g)
{
	const uint32_t left = g->end[(g->tail - 1) % SLOTS] - ch_read(g->b, g->ch, PQDMA_CH_BYTES);

	return left < PIECE ? left : PIECE;
}

static void check_piece(struct guide *g, uint32_t number)
{
	struct bench *b = g->b;

	CHECK(!memcmp(bench_ram(b, piece(g->src, number)), bench_ram(b, piece(g->dst, number)), PIECE));
}

static struct guide guide_new(struct bench *b)
{
	struct guide g = { .b = b, .ch = rng_below(test_rng(b), PQDMA_CHANNELS), .ring = ram_alloc(b, SLOTS * PQDMA_DESC_SIZE),
			   .src = ram_alloc(b, SLOTS * PIECE), .dst = ram_alloc(b, SLOTS * PIECE) };

	identify(b);
	make_idle(&g);
	make_ring(&g);
	start(&g);
	return g;
}

TEST(driver_guide_ring, "the guide's sequences: find, start, append, interrupt, residue; a ring that is gone round several times",
     .moves = true)
{
	struct guide g = guide_new(b);
	uint32_t done = 0, events, left, before;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		before = done;
		while (g.tail - done < rng_range(test_rng(b), 1, SLOTS))
			append(&g);
		while (done != g.tail) {
			left = residue(&g);
			done = interrupt(&g, &events);
			CHECK_EQ(events, PQDMA_IRQ_DONE_MASK);
			CHECK(residue(&g) <= left);
		}
		CHECK_EQ(residue(&g), 0);
		for (; before != done; before++)
			check_piece(&g, before);
		ram_random(b, g.dst, SLOTS * PIECE);
	}
	CHECK(done > SLOTS);
	make_idle(&g);
}

/* Guide, 8. An error: which one was it, abort, and begin again behind it */
static void recover(struct guide *g, uint32_t failed)
{
	const uint32_t promised = g->tail;
	struct bench *b = g->b;
	uint32_t events;

	CHECK_EQ(ch_state(b, g->ch), PQDMA_STATE_FAIL);
	CHECK_EQ(ch_read(b, g->ch, PQDMA_CH_ERR_CAUSE), PQDMA_ERR_READ_SLVERR);
	CHECK_EQ(ch_read64(b, g->ch, PQDMA_CH_ERR_DESC_LO), slot_addr(g, failed));
	ch_write(b, g->ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	/* Descriptors before the failed one may still be counted, and interrupt for that. */
	do
		interrupt(g, &events);
	while (!(events & PQDMA_IRQ_IDLE_MASK));
	CHECK_EQ(ch_read(b, g->ch, PQDMA_CH_DONE), 0);
	CHECK_EQ(ch_state(b, g->ch), PQDMA_STATE_IDLE);
	mem_clear_faults(b);
	start(g);
	while (g->tail < promised)
		append(g);
}

TEST(driver_guide_error, "the guide's sequence after an error: the descriptor that failed is known, and the channel good again",
     .moves = true)
{
	struct guide g = guide_new(b);
	const uint32_t nr = GROUP, failed = rng_below(test_rng(b), nr);
	const uint64_t at = piece(g.src, failed) + PIECE / 2;
	uint32_t done = 0, events = 0;

	mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_READ, at, at, AXI_SLVERR, 0, 0 });
	while (g.tail < nr)
		append(&g);
	while (!(events & PQDMA_IRQ_ERROR_MASK))
		interrupt(&g, &events);
	recover(&g, failed);
	while (done != nr)
		done = interrupt(&g, &events);
	for (uint32_t i = 0; i < nr; i++)
		check_piece(&g, i);
	make_idle(&g);
}

TEST(driver_guide_descriptor, "the guide's example of a descriptor, bit by bit, and that it does what is said of it", .moves = true)
{
	static const uint64_t example[] = { 0x000003e800070102, 0x0000004000001003, 0x0000004000002005, 0x000000400000003f };
	const uint64_t at = ram_alloc(b, PQDMA_DESC_SIZE);
	struct guide g = guide_new(b);
	struct desc desc = { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_IRQ, .tag = 7, .length = 1000, .src = 0x4000001003,
			     .dst = 0x4000002005, .link = 0x4000000000, .count = 63 };
	uint32_t events;

	desc_put(b, at, &desc);
	for (unsigned int i = 0; i < sizeof(example) / sizeof(example[0]); i++)
		CHECK_EQ(ram_get64(b, at + 8 * i), example[i]);
	desc.src = g.src + 3;
	desc.dst = g.dst + 5;
	desc_put(b, g.ring, &desc);
	ch_write(b, g.ch, PQDMA_CH_TAIL, 1);
	CHECK_EQ(interrupt(&g, &events), 1);
	CHECK(!memcmp(bench_ram(b, desc.src), bench_ram(b, desc.dst), desc.length));
	make_idle(&g);
}
