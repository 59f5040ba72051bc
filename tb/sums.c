// SPDX-License-Identifier: MIT
// Descriptors with several sources: tables beside the lists, a reference of their own, and sweeps.
#include <isa-l/erasure_code.h>
#include "sums.h"

#define TABLES_BYTES (LIST_MAX * (PQDMA_SOURCES * SUMS_ENTRY + 2 * SUMS_BLOCK))
#define BATCH 8			/* descriptors of a list in a sweep */
#define OFFSETS_BATCH 32
#define EDGE_BATCH 3
#define EDGE_ROOM (20u << 10)	/* for each destination */
#define EDGE_STEP (12u << 10)	/* from source to source */
#define EDGE_SOURCES 3
#define PLACE_SOURCES 4
#define NOWHERE 0x7700000000000000ull

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct sums sums_of_run;

struct sums *sums_new(struct bench *b)
{
	struct sums *s = &sums_of_run;

	s->l = lists_new(b);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		s->tables[ch] = ram_alloc(b, TABLES_BYTES);
	return s;
}

void sums_need(struct bench *b, unsigned int op)
{
	if (!sums_built(op))
		test_skip(b, "the operation is not built");
}

/* ---- one descriptor ---- */

/* 0 and 1 are often special. */
static uint8_t coefficient(struct rng *rng)
{
	uint32_t n = rng_below(rng, 8);

	return n < 2 ? (uint8_t)n : (uint8_t)rng_u64(rng);
}

struct sum sums_draw(struct sums *s, unsigned int ch, uint8_t op, unsigned int nr, uint32_t length)
{
	struct rng *rng = test_rng(s->l->b);
	struct sum sum = { .desc = lists_desc(s->l, ch, PQDMA_OP_COPY, length), .q = rng_u64(rng), .nr = nr };

	sum.desc.op = op;
	if (op >= PQDMA_OP_PQ)
		sum.q = lists_desc(s->l, ch, PQDMA_OP_COPY, length).dst;
	for (unsigned int i = 0; i < nr; i++)
		sum.source[i] = (struct sum_source){
			.addr = s->l->src + rng_below(rng, LISTS_SRC_BYTES - length + 1),
			.a = coefficient(rng),
			.b = coefficient(rng),
		};
	return sum;
}

void sums_apart(struct sums *s, unsigned int ch, struct sum *sum)
{
	for (unsigned int i = 0; i < sum->nr; i++)
		sum->source[i].addr = lists_desc(s->l, ch, PQDMA_OP_COPY, sum->desc.length).dst;
}

static uint8_t random_flags(struct rng *rng, uint8_t op)
{
	static const uint8_t cont[] = { 0, 0, 0, PQDMA_FLAG_CONT };
	static const uint8_t off[] = { 0, 0, PQDMA_FLAG_P_OFF, PQDMA_FLAG_Q_OFF };
	uint8_t flags = (uint8_t)rng_below(rng, 8);

	if (op == PQDMA_OP_XOR || op == PQDMA_OP_PQ || op == PQDMA_OP_MATRIX)
		flags |= cont[rng_below(rng, NR(cont))];
	if (op >= PQDMA_OP_PQ)
		flags |= off[rng_below(rng, NR(off))];
	return flags;
}

struct sum sums_random(struct sums *s, unsigned int ch, uint32_t length)
{
	struct rng *rng = test_rng(s->l->b);
	uint8_t op = (uint8_t)rng_below(rng, PQDMA_WITH_PQ ? PQDMA_OP_MATRIX + 1 : PQDMA_OP_XOR_VAL + 1);
	unsigned int nr = 1 + rng_below(rng, rng_below(rng, PQDMA_SOURCES) + 1);
	struct sum sum = { .desc = { 0 } };

	if (op >= PQDMA_OP_XOR)
		sum = sums_draw(s, ch, op, nr, length);
	else
		sum.desc = lists_desc(s->l, ch, op, op <= PQDMA_OP_INTERRUPT ? 0 : length);
	sum.desc.flags = random_flags(rng, op);
	if (!sums_has_p(&sum))
		sum.desc.dst = NOWHERE + rng_below(rng, 4096);
	if (!sums_has_q(&sum))
		sum.q = NOWHERE + rng_below(rng, 4096);
	return sum;
}

static void mirror(struct sums *s, uint64_t addr, size_t size)
{
	memcpy(s->l->oracle.ram + (addr - s->l->oracle.ram_bus), bench_ram(s->l->b, addr), size);
}

static uint8_t a_of(const struct sum *sum, unsigned int i)
{
	return sum->desc.op == PQDMA_OP_MATRIX ? sum->source[i].a : 1;
}

void sums_settle(struct sums *s, const struct sum *sum)
{
	struct bench *b = s->l->b;

	for (uint32_t at = 0; at < sum->desc.length; at++) {
		uint8_t p = 0, q = 0;

		for (unsigned int i = 0; i < sum->nr; i++) {
			uint8_t byte = *bench_ram(b, sum->source[i].addr + at);

			p ^= gf_mul(a_of(sum, i), byte);
			q ^= gf_mul(sum->source[i].b, byte);
		}
		if (sums_has_p(sum))
			*bench_ram(b, sum->desc.dst + at) = p;
		if (sums_has_q(sum))
			*bench_ram(b, sum->q + at) = q;
	}
	if (sums_has_p(sum))
		mirror(s, sum->desc.dst, sum->desc.length);
	if (sums_has_q(sum))
		mirror(s, sum->q, sum->desc.length);
}

uint8_t sums_power(unsigned int i)
{
	uint8_t power = 1;

	while (i--)
		power = gf_mul(power, 2);
	return power;
}

/* ---- lists ---- */

static uint64_t put_table(struct sums *s, unsigned int ch, const struct sum *sum)
{
	struct bench *b = s->l->b;
	uint64_t blocks = (sum->nr * SUMS_ENTRY + SUMS_BLOCK - 1) / SUMS_BLOCK;
	uint64_t gap = rng_below(test_rng(b), 2), at;

	at = s->tables[ch] + s->used[ch] + gap * SUMS_BLOCK;
	s->used[ch] += (gap + blocks + 1) * SUMS_BLOCK;
	CHECK(s->used[ch] <= TABLES_BYTES);
	ram_random(b, at, blocks * SUMS_BLOCK);
	for (unsigned int i = 0; i < sum->nr; i++) {
		ram_put64(b, at + i * SUMS_ENTRY, sum->source[i].addr);
		*bench_ram(b, at + i * SUMS_ENTRY + 8) = sum->source[i].a;
		*bench_ram(b, at + i * SUMS_ENTRY + 9) = sum->source[i].b;
	}
	mirror(s, at, blocks * SUMS_BLOCK);
	return at;
}

/* The words of a descriptor that only these operations use; the rest of the settings stays whatever it was. */
static void put_words(struct sums *s, uint64_t at, const struct sum *sum)
{
	struct bench *b = s->l->b;
	uint64_t settings = ram_get64(b, at + PQDMA_DESC_SETTINGS_OFFSET) & ~PQDMA_SETTINGS_SOURCES_MASK;

	ram_put64(b, at + PQDMA_DESC_DST2_OFFSET, sum->q);
	ram_put64(b, at + PQDMA_DESC_SETTINGS_OFFSET, settings | (uint64_t)sum->nr << PQDMA_SETTINGS_SOURCES_SHIFT);
	mirror(s, at, PQDMA_DESC_SIZE);
}

void sums_group(struct sums *s, unsigned int ch, const struct sum *sums, unsigned int nr)
{
	struct bench *b = s->l->b;
	struct desc descs[PQDMA_HEAD_COUNT_COUNT_MASK] = { 0 };
	uint64_t at;

	CHECK(nr <= NR(descs));
	if (!s->l->list[ch].nr)
		s->used[ch] = 0;
	for (unsigned int i = 0; i < nr; i++) {
		descs[i] = sums[i].desc;
		if (descs[i].op >= PQDMA_OP_XOR)
			descs[i].src = put_table(s, ch, &sums[i]);
	}
	at = lists_group(s->l, ch, descs, nr);
	for (unsigned int i = 0; i < nr; i++)
		if (sums[i].desc.op >= PQDMA_OP_XOR)
			put_words(s, at + i * PQDMA_DESC_SIZE, &sums[i]);
}

void sums_scatter(struct sums *s, unsigned int ch, const struct sum *sums, unsigned int nr)
{
	while (nr) {
		unsigned int n = rng_range(test_rng(s->l->b), 1, 8);

		n = n < nr ? n : nr;
		sums_group(s, ch, sums, n);
		sums += n;
		nr -= n;
	}
}

uint64_t sums_table(struct sums *s, unsigned int ch, unsigned int i)
{
	return ram_get64(s->l->b, s->l->list[ch].at[i] + PQDMA_DESC_SRC_OFFSET);
}

uint64_t sums_status(struct sums *s, unsigned int ch, unsigned int i)
{
	return desc_status(s->l->b, s->l->list[ch].at[i]);
}

void sums_check(struct sums *s)
{
	struct lists *l = s->l;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (l->list[ch].nr)
			lists_start(l, ch, l->list[ch].nr);
	lists_wait(l);
	lists_check(l);
}

void sums_end(struct sums *s)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const struct list *list = &s->l->list[ch];

		for (unsigned int op = 0; list->started && !list->broken && op < NR(s->completed); op++)
			s->completed[op] += list->oracle.ops[op];
	}
	lists_end(s->l);
}

void sums_run(struct sums *s)
{
	sums_check(s);
	sums_end(s);
}

/* ---- sweeps ---- */

unsigned int sums_sweep_sources(struct sums *s, uint8_t op)
{
	struct rng *rng = test_rng(s->l->b);
	struct sum sums[BATCH];
	unsigned int nr = 0;

	for (unsigned int k = 1; k <= PQDMA_SOURCES; k += BATCH / 2) {
		unsigned int ch = k / (BATCH / 2) % PQDMA_CHANNELS;

		for (unsigned int i = 0; i < BATCH; i++)
			sums[i] = sums_draw(s, ch, op, k + i / 2, rng_range(rng, 1, i % 2 ? 20 * PQDMA_BYTES : 3 * PQDMA_BYTES));
		lists_burst(s->l, ch, rng_range(rng, 2, 8));
		sums_scatter(s, ch, sums, BATCH);
		sums_run(s);
		nr += BATCH;
	}
	return nr;
}

static uint64_t with_offset(uint64_t addr, unsigned int offset)
{
	return ((addr + PQDMA_BYTES - 1) & ~(uint64_t)(PQDMA_BYTES - 1)) + offset % PQDMA_BYTES;
}

/* Every value of two of the three offsets goes with every third one that makes the pairs complete. */
static struct sum draw_offsets(struct sums *s, uint8_t op, unsigned int src_offset, unsigned int p_offset)
{
	static const uint32_t lengths[] = { 1, 2, PQDMA_BYTES - 1, PQDMA_BYTES, PQDMA_BYTES + 1, 2 * PQDMA_BYTES + 3, 3 * PQDMA_BYTES + 5 };
	const unsigned int seed = (unsigned int)s->l->b->options->seed;
	uint32_t length = lengths[(src_offset + 3 * p_offset + seed) % NR(lengths)];
	struct sum sum = sums_draw(s, 0, op, 2, length + 2 * PQDMA_BYTES);

	sum.desc.length = length;
	sum.desc.dst = with_offset(sum.desc.dst, p_offset);
	if (op >= PQDMA_OP_PQ)
		sum.q = with_offset(sum.q, src_offset + p_offset + seed);
	sum.source[0].addr = with_offset(sum.source[0].addr, src_offset);
	sum.source[1].addr = with_offset(sum.source[1].addr, src_offset + 2 * p_offset + seed);
	return sum;
}

unsigned int sums_sweep_offsets(struct sums *s, uint8_t op)
{
	const unsigned int slices = PQDMA_BYTES > 16 ? PQDMA_BYTES / 16 : 1, first = s->l->b->options->seed % slices;
	struct sum sums[OFFSETS_BATCH];
	unsigned int nr = 0, n = 0;

	for (unsigned int src_offset = first; src_offset < PQDMA_BYTES; src_offset += slices) {
		for (unsigned int p_offset = 0; p_offset < PQDMA_BYTES; p_offset++, nr++) {
			sums[n++] = draw_offsets(s, op, src_offset, p_offset);
			if (n < OFFSETS_BATCH && (src_offset + slices < PQDMA_BYTES || p_offset + 1 < PQDMA_BYTES))
				continue;
			sums_scatter(s, 0, sums, n);
			sums_run(s);
			n = 0;
		}
	}
	return nr;
}

static struct sum draw_edges(struct sums *s, uint8_t op, uint32_t length, unsigned int i, unsigned int room)
{
	static const unsigned int places[SUMS_SLICES] = { 0, 1, PQDMA_BYTES - 1, PQDMA_STRIP_BYTES - 1, 4096 - PQDMA_BYTES, 4096 - 1 };
	const unsigned int seed = (unsigned int)s->l->b->options->seed;
	struct sum sum = sums_draw(s, 0, op, EDGE_SOURCES, length);

	sum.desc.dst = s->l->room[0] + 2 * room * EDGE_ROOM + places[seed % SUMS_SLICES];
	if (op >= PQDMA_OP_PQ)
		sum.q = s->l->room[0] + (2 * room + 1) * EDGE_ROOM + places[(seed / SUMS_SLICES + i) % SUMS_SLICES];
	for (unsigned int n = 0; n < sum.nr; n++)
		sum.source[n].addr = s->l->src + n * EDGE_STEP + places[(seed + i + n) % SUMS_SLICES];
	return sum;
}

unsigned int sums_sweep_edges(struct sums *s, uint8_t op)
{
	enum { STRIP = PQDMA_STRIP_BYTES, BEAT = PQDMA_BYTES };
	static const uint32_t lengths[] = {
		1, BEAT + 1, STRIP - BEAT / 2, STRIP - 1, STRIP, STRIP + 1, 2 * STRIP - 1, 2 * STRIP, 2 * STRIP + 1,
		4095, 4096, 4097, 4096 + STRIP + 1, 2 * 4096 - 1, 2 * 4096, 2 * 4096 + BEAT + 1, 3 * STRIP + 7, 5,
	};
	struct sum sums[EDGE_BATCH];

	for (unsigned int i = 0; i < NR(lengths); i++) {
		sums[i % EDGE_BATCH] = draw_edges(s, op, lengths[i], i, i % EDGE_BATCH);
		if (i % EDGE_BATCH != EDGE_BATCH - 1)
			continue;
		sums_group(s, 0, sums, EDGE_BATCH);
		sums_run(s);
	}
	return NR(lengths);
}

unsigned int sums_sweep_in_place(struct sums *s, uint8_t op)
{
	static const uint32_t lengths[] = { 1, PQDMA_BYTES, PQDMA_BYTES + 3, PQDMA_STRIP_BYTES, PQDMA_STRIP_BYTES + 11 };
	struct sum sums[NR(lengths)];

	for (unsigned int place = 0; place < PLACE_SOURCES; place++) {
		for (unsigned int i = 0; i < NR(lengths); i++) {
			sums[i] = sums_draw(s, 0, op, PLACE_SOURCES, lengths[i]);
			sums_apart(s, 0, &sums[i]);
			sums[i].desc.dst = sums[i].source[place].addr;
			if (op >= PQDMA_OP_PQ)
				sums[i].q = sums[i].source[(place + 1) % PLACE_SOURCES].addr;
		}
		sums_scatter(s, 0, sums, NR(lengths));
		sums_run(s);
	}
	return PLACE_SOURCES * NR(lengths);
}

unsigned int sums_chain(struct sums *s, unsigned int ch, const struct sum *sum, const struct sum_source *source, unsigned int nr,
			unsigned int most)
{
	unsigned int pieces = 0;

	for (unsigned int at = 0; at < nr; at += most, pieces++) {
		struct sum piece = *sum;

		piece.nr = nr - at < most ? nr - at : most;
		piece.desc.flags |= PQDMA_FLAG_FENCE | (at ? PQDMA_FLAG_CONT : 0);
		memcpy(piece.source, source + at, piece.nr * sizeof(*source));
		sums_group(s, ch, &piece, 1);
	}
	return pieces;
}
