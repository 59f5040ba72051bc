// SPDX-License-Identifier: MIT
/*
 * 2D: copies and fills of rows. The oracle judges the whole RAM; and because it reads the same text as everything else, some tests also
 * work out byte by byte what row comes where.
 */
#include "cover/axes.h"
#include "shapes.h"

#define STRIDES 9
#define SLICES 2		/* so many seeds take every pair of strides */
#define ROWS_MAX 5
#define BYTE_ROWS 120
#define FAULT_ROWS 6
#define RANDOM 40

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Strides that matter to rows of so many bytes: apart, touching, overlapping, all in one place, upwards and down. */
static void strides_of(uint32_t length, int32_t *strides)
{
	const int32_t n = (int32_t)length;
	const int32_t all[STRIDES] = { n, n + 3, 4 * PQDMA_BYTES, n / 2, 1, 0, -1, -n, -n - 5 };

	memcpy(strides, all, sizeof(all));
}

/* Of rows that overlap the last one counts. Returns the bytes that were looked at. */
static uint64_t check_rows(struct bench *b, const struct shape *shape)
{
	uint64_t bytes = shapes_bytes(shape), seen = 0;

	for (uint64_t i = 0; i < bytes; i++) {
		bool last = true;

		for (uint64_t later = i + 1; last && later < bytes; later++)
			last = shapes_dst(shape, later) != shapes_dst(shape, i);
		if (!last)
			continue;
		CHECK_EQ(*bench_ram(b, shapes_dst(shape, i)), shapes_byte(b, shape, i));
		seen++;
	}
	return seen;
}

/* One list for each source stride; a fill has none, and does not look at it. */
static unsigned int sweep_dst_strides(struct shapes *s, uint8_t op, uint32_t length, int32_t src_stride)
{
	struct bench *b = s->l->b;
	struct rng *rng = test_rng(b);
	struct shape shapes[STRIDES];
	int32_t strides[STRIDES];
	unsigned int ch = rng_below(rng, PQDMA_CHANNELS);

	strides_of(length, strides);
	for (unsigned int i = 0; i < STRIDES; i++) {
		shapes[i] = shapes_rows(s, ch, op, length, rng_range(rng, 1, ROWS_MAX), src_stride, strides[i]);
		shapes[i].desc.flags |= (uint8_t)rng_below(rng, 8);
	}
	shapes_cfg(s, ch, rng_range(rng, 1, 4) << PQDMA_CFG_BURST_SHIFT);
	shapes_scatter(s, ch, shapes, STRIDES);
	shapes_start_all(s);
	lists_wait(s->l);
	lists_check(s->l);
	for (unsigned int i = 0; i < STRIDES; i++)
		CHECK(check_rows(b, &shapes[i]));
	lists_end(s->l);
	return STRIDES;
}

static bool is_two_d(const struct cover_event *event)
{
	return cover_flag(event, PQDMA_FLAG_TWO_D) && event->desc->rows > 1;
}

static uint64_t stride_class(int64_t stride, uint32_t length)
{
	if (stride <= 0)
		return stride ? 1 : 2;
	return stride < length ? 4 : stride == length ? 8 : 16;
}

static uint64_t src_stride_of(const struct cover_event *event)
{
	return stride_class((int32_t)event->desc->dst2, event->desc->length);
}

static uint64_t dst_stride_of(const struct cover_event *event)
{
	return stride_class((int32_t)(event->desc->dst2 >> 32), event->desc->length);
}

static const char *const stride_names[] = { "negative", "0", "shorter than a row", "a row", "longer" };
static const struct cover_axis src_stride = { "source stride", 5, stride_names, src_stride_of };
static const struct cover_axis dst_stride = { "destination stride", 5, stride_names, dst_stride_of };

static bool stride_legal(const unsigned int *at)
{
	return at[0] == PQDMA_OP_COPY || at[0] == PQDMA_OP_FILL;
}

COVER(interleaved_rows, COVER_DESC, "TWO_D: operation x stride of the source x of the destination", .only = is_two_d,
      .axes = { &cover_op, &src_stride, &dst_stride }, .legal = stride_legal)

TEST(interleaved_strides, "rows apart, touching, overlapping, in one place, upwards and down: every pair of stride_names", .moves = true)
{
	static const uint32_t lengths[] = { 1, 7, PQDMA_BYTES, 3 * PQDMA_BYTES + 5 };
	struct shapes *s = shapes_new(b);
	unsigned int runs = 0;
	int32_t strides[STRIDES];

	for (unsigned int i = 0; i < NR(lengths); i++) {
		strides_of(lengths[i], strides);
		for (unsigned int j = (b->options->seed + i) % SLICES; j < STRIDES; j += SLICES)
			for (uint8_t op = PQDMA_OP_COPY; op <= PQDMA_OP_FILL; op++)
				runs += sweep_dst_strides(s, op, lengths[i], strides[j]);
	}
	CHECK(runs >= 2 * NR(lengths) * STRIDES * (STRIDES / SLICES));
	CHECK_EQ(lists_moved(s->l), runs);
}

TEST(interleaved_bytes, "rows of one byte: gathered, scattered, and fills of every phase", .moves = true)
{
	static const int32_t strides[][2] = { { 1, 9 }, { 9, 1 }, { -1, 1 }, { 3, -3 }, { PQDMA_BYTES + 1, PQDMA_BYTES - 1 }, { 0, 2 } };
	struct shapes *s = shapes_new(b);
	struct shape shapes[2];
	uint64_t seen = 0;

	for (unsigned int i = 0; i < NR(strides); i++) {
		unsigned int ch = i % PQDMA_CHANNELS;

		shapes[0] = shapes_rows(s, ch, PQDMA_OP_COPY, 1, BYTE_ROWS, strides[i][0], strides[i][1]);
		shapes[1] = shapes_rows(s, ch, PQDMA_OP_FILL, 1, BYTE_ROWS, strides[i][0], strides[i][1]);
		shapes_scatter(s, ch, shapes, 2);
		shapes_start_all(s);
		lists_wait(s->l);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), 2 * BYTE_ROWS);
		seen += check_rows(b, &shapes[0]) + check_rows(b, &shapes[1]);
		lists_check(s->l);
		lists_end(s->l);
	}
	CHECK_EQ(seen, NR(strides) * 2 * BYTE_ROWS);
}

/* The first row of the destination begins so many bytes before a multiple of 4 KiB. */
static struct shape at_page(struct shapes *s, unsigned int ch, uint8_t op, uint32_t length, int32_t stride, unsigned int before)
{
	struct bench *b = s->l->b;
	struct shape shape = shapes_rows(s, ch, op, length, 3, (int32_t)length + 1, stride);
	const uint64_t page = (shape.desc.dst + 2 * AXI_MEM_BURST_BYTES) & ~(uint64_t)(AXI_MEM_BURST_BYTES - 1);

	s->l->list[ch].dst += 3 * AXI_MEM_BURST_BYTES;
	CHECK(s->l->list[ch].dst <= s->l->list[ch].dst_end);
	shape.desc.dst = page - before + (stride < 0 ? AXI_MEM_BURST_BYTES : 0);
	return shape;
}

TEST(interleaved_pages, "rows across edges of strips and of 4 KiB, every row at another place", .moves = true)
{
	static const uint32_t lengths[] = { 2, PQDMA_BYTES + 1, PQDMA_STRIP_BYTES, PQDMA_STRIP_BYTES + 3 };
	static const unsigned int before[] = { 1, PQDMA_BYTES, PQDMA_BYTES + 1 };
	struct shapes *s = shapes_new(b);
	unsigned int nr = 0;

	for (unsigned int i = 0; i < NR(lengths); i++)
		for (unsigned int j = 0; j < NR(before); j++) {
			const int32_t step = (int32_t)lengths[i] + (int32_t)before[j];
			unsigned int ch = nr % PQDMA_CHANNELS;
			struct shape shapes[] = {
				at_page(s, ch, PQDMA_OP_COPY, lengths[i], step, before[j]),
				at_page(s, ch, PQDMA_OP_FILL, lengths[i], step, before[j]),
				at_page(s, ch, PQDMA_OP_COPY, lengths[i], 1 - step, before[j]),
			};

			shapes_scatter(s, ch, shapes, NR(shapes));
			shapes_run(s);
			nr += NR(shapes);
		}
	CHECK_EQ(lists_moved(s->l), nr);
}

TEST(interleaved_place, "source and destination are the same rows: nothing changes, every byte is counted", .moves = true)
{
	static const int32_t strides[] = { 50, 64, -77, 200 };
	struct shapes *s = shapes_new(b);

	for (unsigned int i = 0; i < NR(strides); i++) {
		struct shape shape = shapes_rows(s, 0, PQDMA_OP_COPY, 50, 7, strides[i], strides[i]);

		shape.desc.src = shape.desc.dst;
		shapes_group(s, 0, &shape, 1);
		shapes_start_all(s);
		lists_wait(s->l);
		CHECK_EQ(ch_read(b, 0, PQDMA_CH_BYTES), 350);
		lists_check(s->l);
		lists_end(s->l);
	}
	CHECK_EQ(lists_moved(s->l), NR(strides));
}

static struct shape random_shape(struct shapes *s, unsigned int ch)
{
	struct rng *rng = test_rng(s->l->b);
	const uint8_t op = rng_below(rng, 3) ? PQDMA_OP_COPY : PQDMA_OP_FILL;
	const uint32_t length = rng_range(rng, 1, rng_below(rng, 4) ? 3 * PQDMA_BYTES : 300);
	struct shape shape = shapes_draw(s, ch, op, length);

	if (rng_below(rng, 4))
		shape = shapes_rows(s, ch, op, length, rng_range(rng, 1, 9), (int32_t)rng_below(rng, 800) - 400,
				    (int32_t)rng_below(rng, 800) - 400);
	shape.desc.flags |= (uint8_t)rng_below(rng, 8);
	return shape;
}

TEST(interleaved_random, "rows and plain transfers mixed, on all channels at once; without TWO_D words 4 and 5 mean nothing", .moves = true)
{
	struct shapes *s = shapes_new(b);
	struct rng *rng = test_rng(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct shape shapes[RANDOM];

		for (unsigned int i = 0; i < RANDOM; i++)
			shapes[i] = random_shape(s, ch);
		shapes_cfg(s, ch, rng_range(rng, 1, 8) << PQDMA_CFG_BURST_SHIFT);
		shapes_scatter(s, ch, shapes, RANDOM);
	}
	shapes_run(s);
	CHECK_EQ(lists_moved(s->l), RANDOM * PQDMA_CHANNELS);
}

TEST(interleaved_refused, "no rows is BAD_LENGTH; TWO_D of an operation that has no rows is BAD_FLAGS; both before anything moves")
{
	struct shapes *s = shapes_new(b);
	unsigned int nr = 0;

	for (uint8_t op = PQDMA_OP_NOP; op <= PQDMA_OP_MATRIX; op++) {
		const bool has_rows = op == PQDMA_OP_COPY || op == PQDMA_OP_FILL;
		const uint32_t cause = !(PQDMA_OPS >> op & 1) ? PQDMA_ERR_BAD_OP : has_rows ? PQDMA_ERR_BAD_LENGTH : PQDMA_ERR_BAD_FLAGS;
		const unsigned int ch = op % PQDMA_CHANNELS;
		struct shape shape = shapes_draw(s, ch, op, op < PQDMA_OP_COPY ? 0 : 8);
		uint64_t at;

		shape.desc.flags = PQDMA_FLAG_TWO_D;
		shape.rows = has_rows ? 0 : 2;
		at = shapes_group(s, ch, &shape, 1);
		shapes_start(s, ch, 1);
		lists_check_failed(s->l, ch, cause, at, at);
		lists_end(s->l);
		nr++;
	}
	CHECK_EQ(s->l->failed, nr);
	CHECK_EQ(mem_stats(b)->write_bursts + mem_stats(b)->read_bursts, 0);
}

/* An access in row @row of the middle one of three descriptors fails; rows before it are there and are counted. */
static void fail_row(struct shapes *s, unsigned int ch, unsigned int row, bool reads)
{
	struct bench *b = s->l->b;
	const int32_t stride = 4 * PQDMA_BYTES, back = -5 * PQDMA_BYTES;
	struct shape shapes[3];
	struct axi_mem_fault fault = { .kinds = reads ? AXI_MEM_READ : AXI_MEM_WRITE | AXI_MEM_STATUS, .resp = AXI_SLVERR + row % 2 };
	uint64_t where, at;

	for (unsigned int i = 0; i < NR(shapes); i++) {
		s->l->list[ch].dst += PQDMA_BYTES;
		shapes[i] = shapes_rows(s, ch, PQDMA_OP_COPY, 3 * PQDMA_BYTES, FAULT_ROWS, back, stride);
		shapes[i].desc.flags |= PQDMA_FLAG_WB;
	}
	shapes[1].desc.src = s->l->src + FAULT_ROWS * 5 * PQDMA_BYTES;
	shapes[0].desc.src = shapes[2].desc.src = s->l->src + LISTS_SRC_BYTES / 2 + FAULT_ROWS * 5 * PQDMA_BYTES;
	where = reads ? shapes_src(&shapes[1], row * 3 * PQDMA_BYTES) : shapes_dst(&shapes[1], row * 3 * PQDMA_BYTES);
	fault.first = where & ~(uint64_t)(PQDMA_BYTES - 1);
	fault.last = fault.first + PQDMA_BYTES - 1;
	mem_fault(b, &fault);
	at = shapes_group(s, ch, shapes, NR(shapes));
	shapes_start(s, ch, NR(shapes));
	lists_wait(s->l);
	lists_check_failed(s->l, ch, (reads ? PQDMA_ERR_READ_SLVERR : PQDMA_ERR_WRITE_SLVERR) + row % 2, where, at + PQDMA_DESC_SIZE);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), 1);
	CHECK_EQ((uint32_t)shapes_status(s, ch, 1), row * 3 * PQDMA_BYTES);
	lists_end(s->l);
	mem_clear_faults(b);
}

TEST(interleaved_errors, "an error of reading or writing in each row: its address, and the rows before it are there", .moves = true)
{
	struct shapes *s = shapes_new(b);

	for (unsigned int row = 0; row < FAULT_ROWS; row++) {
		fail_row(s, row % PQDMA_CHANNELS, row, true);
		fail_row(s, row % PQDMA_CHANNELS, row, false);
	}
	CHECK_EQ(s->l->failed, 2 * FAULT_ROWS);
}
