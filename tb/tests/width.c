// SPDX-License-Identifier: MIT
/*
 * Widths and address modes of copies with PERI, from RAM to RAM and not paced: packing and unpacking, alignments, FIXED and decrementing
 * sides, how the bus sees them, and what is refused.
 */
#include "slaves.h"

#define PAIR_SLICES 8		/* so many seeds take every burst of every pair */
#define PAIR_PIECES 3
#define PAIR_SETTINGS 10	/* bursts of 1 to 16 transfers, either side being the device */
#define ALIGN_UNITS 3
#define BURST_COPIES 5
#define MIXED_ROUNDS 4
#define MIXED_DESCS 8
#define REFUSED_LENGTH 64

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Run what has been put if the list is full, or if it is the last time. */
static void flush(struct slaves *s, unsigned int ch, bool last)
{
	if (s->list[ch].nr && (last || s->list[ch].nr == SLAVES_DESCS))
		slaves_run(s);
}

/* Setting @i of a pair: both ways of calling a side the device, each burst */
static struct slave_desc pair_desc(struct slave_side src, struct slave_side dst, unsigned int i)
{
	return (struct slave_desc){ .src = src, .dst = dst, .dst_dev = i % 2, .burst = i / 2, .tag = (uint16_t)i,
				    .length = 1u << (src.width > dst.width ? src.width : dst.width) };
}

/* Those of this seed's slice that are legal; if none of it is, one of the others that are, if there are any. */
static uint32_t pair_settings(struct slave_side src, struct slave_side dst, uint64_t seed)
{
	uint32_t legal = 0, slice = 0;

	for (unsigned int i = 0; i < PAIR_SETTINGS; i++) {
		const struct slave_desc d = pair_desc(src, dst, i);

		legal |= (uint32_t)slave_legal(&d) << i;
		slice |= (uint32_t)!((i + src.mode + dst.mode + seed) % PAIR_SLICES) << i;
	}
	return legal & slice ? legal & slice : legal & -legal;
}

static void put_pair(struct slaves *s, struct slave_side src, struct slave_side dst)
{
	struct rng *rng = test_rng(s->b);

	for (uint32_t settings = pair_settings(src, dst, s->b->options->seed); settings; settings &= settings - 1) {
		struct slave_desc d = pair_desc(src, dst, (unsigned int)__builtin_ctz(settings));

		d.length *= rng_range(rng, 1, PAIR_PIECES * slave_piece(&d) / d.length);
		slaves_place_src(s, &d, rng_below(rng, PQDMA_BYTES));
		slaves_place_dst(s, &d, rng_below(rng, PQDMA_BYTES));
		slaves_put(s, 0, &d);
		flush(s, 0, false);
	}
}

TEST(width_pairs, "every pair of widths and modes that is legal; eight seeds take every burst of every pair", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	const unsigned int kinds = (SLAVES_BUS + 1) * SLAVE_MODES;
	struct slaves *s = slaves_new(b);

	for (unsigned int i = 0; i < kinds * kinds; i++) {
		struct slave_side src = { .width = i % kinds / SLAVE_MODES, .mode = i % kinds % SLAVE_MODES };
		struct slave_side dst = { .width = i / kinds / SLAVE_MODES, .mode = i / kinds % SLAVE_MODES };

		put_pair(s, src, dst);
	}
	flush(s, 0, true);
	CHECK(s->copies >= kinds * kinds / 4);
	CHECK(mem_stats(b)->narrow_bursts && mem_stats(b)->fixed_bursts);
}

/* One side is ordinary, at each offset in a bus word; the other narrow, of this width, at each place that it can have. */
static void put_offsets(struct slaves *s, unsigned int width, unsigned int mode, bool to_narrow)
{
	const struct slave_side narrow = { .width = width, .mode = mode }, ordinary = { .width = SLAVES_BUS };
	const unsigned int slices = PQDMA_BYTES > 16 ? PQDMA_BYTES / 16 : 1;

	for (unsigned int offset = s->b->options->seed % slices; offset < PQDMA_BYTES; offset += slices) {
		struct slave_desc d = {
			.src = to_narrow ? ordinary : narrow,
			.dst = to_narrow ? narrow : ordinary,
			.dst_dev = to_narrow,
			.length = (1u << width) * (1 + offset % ALIGN_UNITS),
			.burst = offset % 3,
		};

		slaves_place_src(s, &d, offset * 5);
		slaves_place_dst(s, &d, offset);
		if (!slave_legal(&d))
			continue;
		slaves_put(s, 0, &d);
		flush(s, 0, false);
	}
}

TEST(width_offsets, "between narrow and ordinary, at every alignment of either, in every mode", .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);

	for (unsigned int width = 0; width <= SLAVES_BUS; width++)
		for (unsigned int mode = 0; mode < SLAVE_MODES; mode++)
			for (unsigned int to_narrow = 0; to_narrow < 2; to_narrow++)
				put_offsets(s, width, mode, to_narrow);
	flush(s, 0, true);
	CHECK(s->copies >= 4 * PQDMA_BYTES * SLAVES_BUS / (PQDMA_BYTES > 16 ? PQDMA_BYTES / 16 : 1));
}

/* Bursts that a side takes for one piece: transfers, one burst, or as many as there are edges. */
static uint64_t side_bursts(const struct slave_side *side, uint32_t at, uint32_t n, uint64_t limit)
{
	const uint64_t first = slave_addr(side, at);

	if (side->mode == SLAVE_DOWN)
		return n >> side->width;
	return side->mode == SLAVE_FIXED ? 1 : (first + n - 1) / limit - first / limit + 1;
}

static void count_bursts(const struct slave_desc *d, uint64_t limit, uint64_t *reads, uint64_t *writes)
{
	for (uint32_t at = 0, n; at < d->length; at += n) {
		n = d->length - at < slave_piece(d) ? d->length - at : slave_piece(d);
		*reads += side_bursts(&d->src, at, n, limit);
		*writes += side_bursts(&d->dst, at, n, limit);
	}
}

/* A read burst is longer than the limit, or crosses a multiple of it; a write likewise. */
struct limits {
	uint64_t limit;
	uint64_t seen;
	uint64_t broken;
};

static void watch_one(struct limits *w, uint64_t addr, uint64_t len, uint64_t size, bool fixed)
{
	uint64_t last = addr + ((fixed ? 0 : len) << size) + (1ull << size) - 1;

	w->seen++;
	w->broken += addr / w->limit != last / w->limit;
}

static void watch_limits(struct bench *b, void *arg)
{
	struct limits *w = arg;

	if (b->out.m_axi_awvalid && b->in.m_axi_awready)
		watch_one(w, b->out.m_axi_awaddr, b->out.m_axi_awlen, b->out.m_axi_awsize, !b->out.m_axi_awburst);
	if (b->out.m_axi_arvalid && b->in.m_axi_arready && !b->out.m_axi_arid)
		watch_one(w, b->out.m_axi_araddr, b->out.m_axi_arlen, b->out.m_axi_arsize, !b->out.m_axi_arburst);
}

static void run_with_burst(struct slaves *s, unsigned int burst, struct limits *w)
{
	struct bench *b = s->b;
	const uint64_t set = (uint64_t)PQDMA_BYTES << burst;
	const struct axi_mem_stats was = *mem_stats(b);
	uint64_t reads = 0, writes = 0;

	w->limit = set < PQDMA_STRIP_BYTES ? set : PQDMA_STRIP_BYTES;
	ch_write(b, 0, PQDMA_CH_CFG, burst << PQDMA_CFG_BURST_SHIFT);
	for (unsigned int i = 0; i < BURST_COPIES; i++) {
		struct slave_desc d = slaves_draw(s, 1000);

		slaves_put(s, 0, &d);
		count_bursts(&d, w->limit, &reads, &writes);
	}
	slaves_run(s);
	CHECK_EQ(mem_stats(b)->read_bursts - was.read_bursts, reads);
	CHECK_EQ(mem_stats(b)->write_bursts - was.write_bursts, writes);
}

TEST(width_bursts, "every CFG.BURST: each piece takes just the bursts that it must, and none crosses a multiple of the limit",
     .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct limits w = { .seen = 0 };
	struct slaves *s = slaves_new(b);

	s->watch = watch_limits;
	s->watch_arg = &w;
	for (unsigned int burst = 0; burst <= 8; burst++)
		run_with_burst(s, burst, &w);
	s->watch = NULL;
	CHECK(w.seen);
	CHECK_EQ(w.broken, 0);
	CHECK_EQ(s->copies, 9 * BURST_COPIES);
}

/* Places around an edge of 4 KiB, so that the middle of the copy lies on it */
static void put_edge(struct slaves *s, struct slave_desc *d, unsigned int i)
{
	const uint64_t edge = 4096 * (1 + 2 * i) - (d->length / 2 & -(1u << SLAVES_BUS)), size = 1u << d->src.width;

	d->src.addr = s->src + edge + (slave_narrow(&d->src) ? 0 : i % PQDMA_BYTES) + (d->src.mode == SLAVE_DOWN ? d->length : 0);
	d->dst.addr = s->dst + edge + (slave_narrow(&d->dst) ? 0 : 3 * i % PQDMA_BYTES) + (d->dst.mode == SLAVE_DOWN ? d->length : 0);
	d->src.addr &= slave_narrow(&d->src) ? -size : ~0ull;
	d->dst.addr &= slave_narrow(&d->dst) ? -(1ull << d->dst.width) : ~0ull;
}

TEST(width_edges, "copies across an edge of 4 KiB on both sides, in every mode", .moves = true, .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);

	for (unsigned int round = 0; round < 4; round++) {
		for (unsigned int i = 0; i < 30; i++) {
			struct slave_desc d = slaves_draw(s, 600);

			put_edge(s, &d, i);
			CHECK(slave_legal(&d));
			slaves_put(s, i % PQDMA_CHANNELS, &d);
		}
		slaves_run(s);
	}
	CHECK_EQ(s->copies, 4 * 30);
}

TEST(width_mixed, "copies with PERI on all channels, with FENCE, WB and IRQ, each status word right", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);

	for (unsigned int round = 0; round < MIXED_ROUNDS; round++) {
		for (unsigned int i = 0; i < MIXED_DESCS * PQDMA_CHANNELS; i++) {
			struct slave_desc d = slaves_draw(s, 400);

			d.flags = (uint8_t)rng_below(test_rng(b), 8);
			slaves_put(s, i % PQDMA_CHANNELS, &d);
		}
		slaves_run(s);
	}
	CHECK_EQ(s->copies, MIXED_ROUNDS * MIXED_DESCS * PQDMA_CHANNELS);
	CHECK(mem_stats(b)->status_bursts);
}

/* What is refused. Each row begins with a copy that is legal, and makes it illegal, or leaves it legal at the limit. */

static struct slave_desc legal_copy(struct slaves *s)
{
	struct slave_desc d = {
		.flags = PQDMA_FLAG_WB, .tag = 0x55aa, .length = REFUSED_LENGTH,
		.src = { .width = 1, .mode = SLAVE_FIXED }, .dst = { .width = SLAVES_BUS }, .burst = 2,
	};

	slaves_place_src(s, &d, 0);
	slaves_place_dst(s, &d, 3);
	return d;
}

static void refuse_src_width(struct slave_desc *d)
{
	d->src.width = SLAVES_BUS + 1;
	d->burst = 0;
	d->src.addr &= -256ull;
	d->length = 256;
}

static void refuse_dst_width(struct slave_desc *d)
{
	d->dst.width = 7;
}

static void refuse_src_mode(struct slave_desc *d)
{
	d->src.mode = 3;
}

static void refuse_dst_mode(struct slave_desc *d)
{
	d->dst.mode = 3;
}

static void refuse_burst(struct slave_desc *d)
{
	d->src = (struct slave_side){ .addr = d->src.addr, .width = SLAVES_BUS };
	d->burst = 5;
}

static void refuse_line(struct slave_desc *d)
{
	d->line = PQDMA_LINES;
}

static void refuse_src_addr(struct slave_desc *d)
{
	d->src.addr++;
}

static void refuse_dst_addr(struct slave_desc *d)
{
	d->dst = (struct slave_side){ .addr = (d->dst.addr & -256ull) + 1, .width = 1, .mode = SLAVE_DOWN };
}

static void refuse_length(struct slave_desc *d)
{
	d->length++;
}

static void refuse_wider(struct slave_desc *d)
{
	d->dst = (struct slave_side){ .addr = d->dst.addr & -256ull, .width = 2, .mode = SLAVE_FIXED };
}

/* 32 transfers of the narrow memory side */
static void refuse_transfers(struct slave_desc *d)
{
	d->dst = (struct slave_side){ .addr = d->dst.addr, .width = 0, .mode = SLAVE_UP };
	d->burst = 4;
}

/* More than a strip in a piece, which only small strips allow with so few transfers */
static void refuse_piece(struct slave_desc *d)
{
	d->src = (struct slave_side){ .addr = d->src.addr & -256ull, .width = SLAVES_BUS };
	d->burst = 4;
}

static void accept_nothing_changed(struct slave_desc *d)
{
	d->src.addr += 2;
}

static void accept_line(struct slave_desc *d)
{
	d->line = PQDMA_LINES - 1;
}

static void accept_transfers(struct slave_desc *d)
{
	d->dst = (struct slave_side){ .addr = d->dst.addr, .width = 0, .mode = SLAVE_UP };
	d->burst = 3;
}

static void accept_odd(struct slave_desc *d)
{
	d->src = (struct slave_side){ .addr = d->src.addr + 1, .width = SLAVES_BUS };
	d->length = 13;
	d->burst = 0;
}

static void (*const changes[])(struct slave_desc *d) = {
	refuse_src_width, refuse_dst_width, refuse_src_mode, refuse_dst_mode, refuse_burst, refuse_line, refuse_src_addr, refuse_dst_addr,
	refuse_length, refuse_wider, refuse_transfers, refuse_piece,
	accept_nothing_changed, accept_line, accept_transfers, accept_odd,
};

/* A line that is not built has no number in the descriptor if all 32 are built. */
static bool can_be_said(const struct slave_desc *d)
{
	return d->line <= PQDMA_SETTINGS_LINE_MASK >> PQDMA_SETTINGS_LINE_SHIFT;
}

static bool try_settings(struct slaves *s, const struct slave_desc *d)
{
	const uint64_t at = s->list[0].at;
	const bool legal = slave_legal(d);

	slaves_put(s, 0, d);
	if (legal) {
		slaves_run(s);
		return true;
	}
	slaves_start(s, 0);
	slaves_wait(s);
	slaves_check_failed(s, 0, 0, 0, PQDMA_ERR_BAD_WIDTH, at);
	slaves_end(s);
	return false;
}

TEST(width_refused, "each BAD_WIDTH case by itself is refused, moves nothing, and is told; what is just legal is done", .moves = true)
{
	struct slaves *s = slaves_new(b);
	unsigned int refused = 0, accepted = 0;

	for (unsigned int i = 0; i < NR(changes); i++) {
		struct slave_desc d = legal_copy(s);

		changes[i](&d);
		if (!can_be_said(&d))
			continue;
		if (try_settings(s, &d))
			accepted++;
		else
			refused++;
	}
	CHECK(accepted >= 4 && accepted <= 6);
	CHECK(refused >= 10);
}

TEST(width_refused_random, "random settings are refused if one of the rules says so, and done otherwise", .moves = true,
     .max_clocks = SLAVES_LIMIT)
{
	struct slaves *s = slaves_new(b);
	struct rng *rng = test_rng(b);
	unsigned int count[2] = { 0 };

	for (unsigned int i = 0; i < 80; i++) {
		struct slave_desc d = slaves_draw(s, 200);

		d.src.width = rng_percent(rng, 20) ? rng_below(rng, 8) : d.src.width;
		d.dst.width = rng_percent(rng, 20) ? rng_below(rng, 8) : d.dst.width;
		d.src.mode = rng_percent(rng, 15) ? rng_below(rng, 4) : d.src.mode;
		d.dst.mode = rng_percent(rng, 15) ? rng_below(rng, 4) : d.dst.mode;
		d.burst = rng_percent(rng, 20) ? rng_below(rng, 8) : d.burst;
		d.dst_dev = rng_percent(rng, 20) ? !d.dst_dev : d.dst_dev;
		d.length += rng_percent(rng, 15);
		d.src.addr += rng_percent(rng, 10);
		count[try_settings(s, &d)]++;
	}
	CHECK(count[0] && count[1]);
}

/* Flags and operations that PERI does not go with */
static void refuse_flags(struct slaves *s, uint8_t op, uint8_t flags, bool compact)
{
	struct bench *b = s->b;
	const uint64_t at = s->list[0].at;
	const struct slave_desc d = legal_copy(s);

	ch_write(b, 0, PQDMA_CH_CFG, PQDMA_CFG_BURST_RESET << PQDMA_CFG_BURST_SHIFT | (compact ? PQDMA_CFG_COMPACT_MASK : 0));
	desc_put(b, at, &(struct desc){ .op = op, .flags = flags | PQDMA_FLAG_PERI, .length = op < PQDMA_OP_COPY ? 0 : d.length,
					.src = d.src.addr & -64ull, .dst = d.dst.addr });
	desc_settings(b, at, slave_settings(&d) | 1u << PQDMA_SETTINGS_SOURCES_SHIFT);
	chan_start(b, 0, at, 1, 1);
	wait_state(b, 0, PQDMA_STATE_FAIL, 20000);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_ERR_CAUSE), PQDMA_ERR_BAD_FLAGS);
	CHECK_EQ(ch_read64(b, 0, PQDMA_CH_ERR_ADDR_LO), at);
	chan_abort(b, 0);
	s->src_used = s->dst_used = 0;
}

TEST(width_flags, "PERI with TWO_D, in a compact descriptor, or of another operation is BAD_FLAGS, and nothing is written")
{
	struct slaves *s = slaves_new(b);
	unsigned int tried = 0;

	for (uint8_t op = 0; op <= PQDMA_OP_MATRIX; op++) {
		if (op == PQDMA_OP_COPY || !(PQDMA_OPS >> op & 1))
			continue;
		refuse_flags(s, op, 0, false);
		tried++;
	}
	refuse_flags(s, PQDMA_OP_COPY, PQDMA_FLAG_TWO_D, false);
	refuse_flags(s, PQDMA_OP_COPY, 0, true);
	CHECK_EQ(mem_stats(b)->write_bursts, 0);
	CHECK(tried >= 4);
}
