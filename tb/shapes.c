// SPDX-License-Identifier: MIT
// Descriptors of other shapes: rows, the compact form, and the settings of a channel that go with them.
#include "shapes.h"

#define DST2_WORD(src, dst) ((uint64_t)(uint32_t)(dst) << 32 | (uint32_t)(src))
#define GROUP_MAX PQDMA_HEAD_COUNT_COUNT_MASK
#define SCATTER_MAX 8

/* One run in a process. */
static struct shapes shapes_of_run;

struct shapes *shapes_new(struct bench *b)
{
	struct shapes *s = &shapes_of_run;

	s->l = lists_new(b);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		s->cfg[ch] = PQDMA_CFG_BURST_RESET << PQDMA_CFG_BURST_SHIFT;
	return s;
}

void shapes_cfg(struct shapes *s, unsigned int ch, uint32_t bits)
{
	if (!(bits & PQDMA_CFG_BURST_MASK))
		bits |= PQDMA_CFG_BURST_RESET << PQDMA_CFG_BURST_SHIFT;
	s->cfg[ch] = bits;
	ch_write(s->l->b, ch, PQDMA_CH_CFG, bits);
}

void shapes_cmpl(struct shapes *s, unsigned int ch, uint64_t addr)
{
	s->cmpl[ch] = addr;
	ch_write(s->l->b, ch, PQDMA_CH_CMPL_LO, (uint32_t)addr);
	ch_write(s->l->b, ch, PQDMA_CH_CMPL_HI, (uint32_t)(addr >> 32));
}

/* ---- one descriptor ---- */

struct shape shapes_draw(struct shapes *s, unsigned int ch, uint8_t op, uint32_t length)
{
	return (struct shape){ .desc = lists_desc(s->l, ch, op, length), .rows = 1 };
}

/* Bytes from the lowest byte of all rows to the highest, and how far above the lowest the first row begins. */
static uint64_t span(uint32_t length, uint32_t rows, int32_t stride, uint64_t *first)
{
	const uint64_t way = (uint64_t)(rows - 1) * (uint64_t)(stride < 0 ? -(int64_t)stride : stride);

	*first = stride < 0 ? way : 0;
	return way + length;
}

struct shape shapes_rows(struct shapes *s, unsigned int ch, uint8_t op, uint32_t length, uint32_t rows, int32_t src_stride,
			 int32_t dst_stride)
{
	struct bench *b = s->l->b;
	struct shape shape = { .rows = rows, .src_stride = src_stride, .dst_stride = dst_stride };
	uint64_t dst_first, src_first, dst_span = span(length, rows, dst_stride, &dst_first);
	uint64_t src_span = span(length, rows, src_stride, &src_first);

	CHECK(dst_span <= LISTS_DST_BYTES && (op != PQDMA_OP_COPY || src_span <= LISTS_SRC_BYTES));
	shape.desc = lists_desc(s->l, ch, PQDMA_OP_FILL, (uint32_t)dst_span);
	shape.desc.op = op;
	shape.desc.flags = PQDMA_FLAG_TWO_D;
	shape.desc.length = length;
	shape.desc.dst += dst_first;
	if (op == PQDMA_OP_COPY)
		shape.desc.src = s->l->src + rng_below(test_rng(b), (uint32_t)(LISTS_SRC_BYTES - src_span) + 1) + src_first;
	return shape;
}

uint64_t shapes_src(const struct shape *shape, uint64_t i)
{
	const int64_t row = (int64_t)(i / shape->desc.length);

	return shape->desc.src + (uint64_t)(row * shape->src_stride) + i % shape->desc.length;
}

uint64_t shapes_dst(const struct shape *shape, uint64_t i)
{
	const int64_t row = (int64_t)(i / shape->desc.length);

	return shape->desc.dst + (uint64_t)(row * shape->dst_stride) + i % shape->desc.length;
}

uint8_t shapes_byte(struct bench *b, const struct shape *shape, uint64_t i)
{
	if (shape->desc.op == PQDMA_OP_FILL)
		return (uint8_t)(shape->desc.src >> shapes_dst(shape, i) % 8 * 8);
	return *bench_ram(b, shapes_src(shape, i));
}

/* ---- lists ---- */

static bool is_compact(const struct shapes *s, unsigned int ch)
{
	return s->cfg[ch] & PQDMA_CFG_COMPACT_MASK;
}

static void mirror(struct shapes *s, uint64_t addr, size_t size)
{
	memcpy(s->l->oracle.ram + (addr - s->l->oracle.ram_bus), bench_ram(s->l->b, addr), size);
}

static void put_words(struct shapes *s, uint64_t at, const struct shape *shape)
{
	struct bench *b = s->l->b;
	struct rng *rng = test_rng(b);
	const bool two_d = shape->desc.flags & PQDMA_FLAG_TWO_D;
	const uint64_t counts = rng_u64(rng);

	ram_put64(b, at + PQDMA_DESC_DST2_OFFSET, two_d ? DST2_WORD(shape->src_stride, shape->dst_stride) : rng_u64(rng));
	ram_put64(b, at + PQDMA_DESC_COUNTS_OFFSET, two_d ? counts << 32 | shape->rows : counts);
	ram_put64(b, at + PQDMA_DESC_SETTINGS_OFFSET, rng_u64(rng));
	mirror(s, at, PQDMA_DESC_SIZE);
}

static uint64_t put_full(struct shapes *s, unsigned int ch, const struct shape *shapes, unsigned int nr)
{
	struct desc descs[GROUP_MAX] = { 0 };
	uint64_t at;

	for (unsigned int i = 0; i < nr; i++)
		descs[i] = shapes[i].desc;
	at = lists_group(s->l, ch, descs, nr);
	for (unsigned int i = 0; i < nr; i++)
		put_words(s, at + i * PQDMA_DESC_SIZE, &shapes[i]);
	return at;
}

/* As in lists: groups grow from both ends of the room, with gaps. */
static uint64_t place(struct shapes *s, struct list *list, unsigned int nr)
{
	struct bench *b = s->l->b;
	struct rng *rng = test_rng(b);
	uint64_t gap = rng_below(rng, 3) * SHAPES_COMPACT_SIZE, size = nr * SHAPES_COMPACT_SIZE;

	CHECK(list->low + gap + size <= list->high);
	if (rng_below(rng, 2)) {
		list->low += gap + size;
		return list->low - size;
	}
	list->high -= gap + size;
	return list->high;
}

static void put_half(struct bench *b, uint64_t at, const struct desc *desc)
{
	ram_put64(b, at, (uint64_t)desc->op << PQDMA_DESC_OP_SHIFT | (uint64_t)desc->flags << PQDMA_DESC_FLAGS_SHIFT |
			 (uint64_t)desc->tag << PQDMA_DESC_TAG_SHIFT | (uint64_t)desc->length << PQDMA_DESC_LENGTH_SHIFT);
	ram_put64(b, at + PQDMA_DESC_SRC_OFFSET, desc->src);
	ram_put64(b, at + PQDMA_DESC_DST_OFFSET, desc->dst);
	ram_put64(b, at + PQDMA_DESC_LINK_OFFSET, desc->link | desc->count);
}

static uint64_t put_compact(struct shapes *s, unsigned int ch, const struct shape *shapes, unsigned int nr)
{
	struct bench *b = s->l->b;
	struct list *list = &s->l->list[ch];
	const uint64_t at = place(s, list, nr);

	CHECK(list->nr + nr <= LIST_MAX && nr <= (list->nr ? SHAPES_COMPACT_GROUP : GROUP_MAX));
	for (unsigned int i = 0; i < nr; i++)
		put_half(b, at + i * SHAPES_COMPACT_SIZE, &shapes[i].desc);
	mirror(s, at, nr * SHAPES_COMPACT_SIZE);
	if (list->nr) {
		lists_link(s->l, ch, at, nr);
	} else {
		list->head = at;
		list->head_count = nr;
	}
	for (unsigned int i = 0; i < nr; i++) {
		list->ends[list->nr] = i + 1 == nr;
		list->at[list->nr++] = at + i * SHAPES_COMPACT_SIZE;
	}
	return at;
}

uint64_t shapes_group(struct shapes *s, unsigned int ch, const struct shape *shapes, unsigned int nr)
{
	struct bench *b = s->l->b;

	CHECK(nr && nr <= GROUP_MAX);
	return is_compact(s, ch) ? put_compact(s, ch, shapes, nr) : put_full(s, ch, shapes, nr);
}

void shapes_scatter(struct shapes *s, unsigned int ch, const struct shape *shapes, unsigned int nr)
{
	while (nr) {
		unsigned int n = rng_range(test_rng(s->l->b), 1, SCATTER_MAX);

		n = n < nr ? n : nr;
		shapes_group(s, ch, shapes, n);
		shapes += n;
		nr -= n;
	}
}

uint64_t shapes_status(struct shapes *s, unsigned int ch, unsigned int i)
{
	return ram_get64(s->l->b, s->l->list[ch].at[i] + (is_compact(s, ch) ? 0 : PQDMA_DESC_STATUS_OFFSET));
}

/* ---- running them ---- */

void shapes_start(struct shapes *s, unsigned int ch, uint32_t tail)
{
	struct list *list = &s->l->list[ch];

	lists_start(s->l, ch, tail);
	oracle_start(&list->oracle, list->head, list->head_count, s->cfg[ch]);
	list->oracle.cmpl = s->cmpl[ch];
}

void shapes_start_all(struct shapes *s)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (s->l->list[ch].nr)
			shapes_start(s, ch, s->l->list[ch].nr);
}

uint32_t shapes_stop(struct shapes *s, unsigned int ch)
{
	struct bench *b = s->l->b;

	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
	wait_idle(b, ch, LISTS_CLOCKS);
	s->l->list[ch].goal = ch_read(b, ch, PQDMA_CH_DONE);
	return s->l->list[ch].goal;
}

void shapes_run(struct shapes *s)
{
	shapes_start_all(s);
	lists_wait(s->l);
	lists_check(s->l);
	lists_end(s->l);
}
