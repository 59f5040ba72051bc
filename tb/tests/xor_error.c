// SPDX-License-Identifier: MIT
/*
 * Source tables: wrong ones, tables that cannot be read, tables read ahead, tables of several channels at once. xor stands for all
 * operations that have one.
 */
#include "sums.h"

#define BEFORE 2		/* good descriptors before the bad one */
#define BLOCKS (PQDMA_SOURCES * SUMS_ENTRY / SUMS_BLOCK)
#define AHEAD_BYTES 4096
#define SLOW_W 15		/* percent of clocks in which W is taken */
#define QUEUED 24
#define PIECE_MAX 300

static const unsigned int errors[] = { AXI_SLVERR, AXI_DECERR };

static struct sum some_sum(struct sums *s, unsigned int ch, unsigned int nr)
{
	return sums_draw(s, ch, PQDMA_OP_XOR, nr, rng_range(test_rng(s->l->b), 1, PIECE_MAX));
}

/* A list of four whose third has @nr sources; the address of that */
static uint64_t put_list(struct sums *s, unsigned int ch, unsigned int nr)
{
	struct sum sums[BEFORE + 2];

	for (unsigned int i = 0; i < BEFORE + 2; i++) {
		sums[i] = some_sum(s, ch, i == BEFORE ? nr : 1 + i % 2);
		sums[i].desc.flags = PQDMA_FLAG_WB;
	}
	sums_scatter(s, ch, sums, BEFORE + 2);
	return s->l->list[ch].at[BEFORE];
}

/* The list has failed at its third descriptor, before any byte of it. */
static void check_bad(struct sums *s, unsigned int ch, uint32_t cause, uint64_t addr)
{
	struct bench *b = s->l->b;
	uint64_t at = s->l->list[ch].at[BEFORE], tag = ram_get64(b, at) & PQDMA_DESC_TAG_MASK;

	lists_start(s->l, ch, BEFORE + 2);
	lists_check_failed(s->l, ch, cause, addr, at);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), BEFORE);
	CHECK_EQ(desc_status(b, at), PQDMA_DSTS_DONE_MASK | (uint64_t)cause << PQDMA_DSTS_CODE_SHIFT |
		 tag >> PQDMA_DESC_TAG_SHIFT << PQDMA_DSTS_TAG_SHIFT);
	mem_clear_faults(b);
	sums_end(s);
}

static void run_bad_sources(struct sums *s, unsigned int ch, unsigned int nr, uint64_t offset)
{
	struct bench *b = s->l->b;
	uint64_t at = put_list(s, ch, 2), settings = ram_get64(b, at + PQDMA_DESC_SETTINGS_OFFSET);

	ram_put64(b, at + PQDMA_DESC_SETTINGS_OFFSET, (settings & ~PQDMA_SETTINGS_SOURCES_MASK) | nr);
	ram_put64(b, at + PQDMA_DESC_SRC_OFFSET, ram_get64(b, at + PQDMA_DESC_SRC_OFFSET) + offset);
	check_bad(s, ch, PQDMA_ERR_BAD_SOURCES, at);
}

TEST(xor_bad_sources, "no source, more than SOURCES, or a table off its boundary by any bit is BAD_SOURCES; the status word says so",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int runs = 0;

	run_bad_sources(s, runs++ % PQDMA_CHANNELS, 0, 0);
	for (unsigned int nr = PQDMA_SOURCES + 1; nr <= PQDMA_SETTINGS_SOURCES_MASK; nr += 1 + nr % 5)
		run_bad_sources(s, runs++ % PQDMA_CHANNELS, nr, 0);
	for (uint64_t offset = 1; offset < SUMS_BLOCK; offset <<= 1)
		run_bad_sources(s, runs++ % PQDMA_CHANNELS, 1, offset);
	CHECK_EQ(s->l->failed, runs);
	CHECK_EQ(s->completed[PQDMA_OP_XOR], BEFORE * runs);
}

TEST(xor_bad_first, "of several mistakes in one descriptor the first counts: operation, flags, length, sources", .moves = true)
{
	static const struct {
		uint8_t op;
		uint8_t flags;
		uint32_t length;
		uint32_t cause;
	} bad[] = {
		{ 0x24, 0x80, 0, PQDMA_ERR_BAD_OP },
		{ PQDMA_OP_XOR, PQDMA_FLAG_P_OFF, 0, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_XOR_VAL, PQDMA_FLAG_CONT, 0, PQDMA_ERR_BAD_FLAGS },
		{ PQDMA_OP_XOR, 0, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_XOR_VAL, 0, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_XOR, 0, 1, PQDMA_ERR_BAD_SOURCES },
		{ PQDMA_OP_XOR_VAL, 0, 1, PQDMA_ERR_BAD_SOURCES },
	};
	struct sums *s = sums_new(b);

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		unsigned int ch = i % PQDMA_CHANNELS;
		struct sum sum = some_sum(s, ch, 0);
		uint64_t at;

		sum.desc.op = bad[i].op;
		sum.desc.flags = bad[i].flags;
		sum.desc.length = bad[i].length;
		sums_group(s, ch, &sum, 1);
		at = s->l->list[ch].at[0];
		lists_start(s->l, ch, 1);
		lists_check_failed(s->l, ch, bad[i].cause, at, at);
		sums_end(s);
	}
	CHECK_EQ(s->l->failed, sizeof(bad) / sizeof(bad[0]));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		put_list(s, ch, 1);
	sums_run(s);
}

TEST(xor_table_errors, "an error of any block of a table is a fetch error at that block; of several the first; behind the last one none",
     .moves = true, .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);
	unsigned int runs = 0, good = 0;

	for (unsigned int block = 0; block <= BLOCKS; block++) {
		for (unsigned int error = 0; error < 2; error++, runs++) {
			unsigned int ch = runs % PQDMA_CHANNELS;
			uint64_t at;

			put_list(s, ch, PQDMA_SOURCES);
			at = sums_table(s, ch, BEFORE) + block * SUMS_BLOCK;
			mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_FETCH, at, at + SUMS_BLOCK - 1, errors[error], 0, 0 });
			if (block + 1 < BLOCKS)
				mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_FETCH, at + SUMS_BLOCK, at + 2 * SUMS_BLOCK - 1,
								      errors[!error], 0, 0 });
			if (block < BLOCKS) {
				check_bad(s, ch, PQDMA_ERR_FETCH_SLVERR + error, at);
				continue;
			}
			good++;
			sums_run(s);
			mem_clear_faults(b);
		}
	}
	CHECK_EQ(s->l->failed, 2 * BLOCKS);
	CHECK_EQ(good, 2);
	CHECK_EQ(s->completed[PQDMA_OP_XOR], 2 * (BLOCKS * BEFORE + BEFORE + 2));
}

TEST(xor_table_turn, "a table that cannot be read, and is read ahead, counts only when its descriptor's turn comes", .moves = true,
     .max_clocks = SUMS_CLOCKS)
{
	struct sums *s = sums_new(b);

	for (unsigned int i = 0; i < 4; i++) {
		unsigned int ch = i % PQDMA_CHANNELS;
		struct sum sums[2] = { sums_draw(s, ch, PQDMA_OP_XOR, 2, AHEAD_BYTES), some_sum(s, ch, 3) };
		uint64_t beat, table;

		sums[0].desc.flags = PQDMA_FLAG_WB;
		sums[0].source[0].addr = s->l->src;
		sums[0].source[1].addr = s->l->src + LISTS_SRC_BYTES - AHEAD_BYTES;
		beat = s->l->src + LISTS_SRC_BYTES - 2 * PQDMA_BYTES;
		sums[1].source[0].addr = sums[1].source[1].addr = sums[1].source[2].addr = s->l->src;
		sums_group(s, ch, sums, 2);
		table = sums_table(s, ch, 1);
		mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_FETCH, table, table + SUMS_BLOCK - 1, AXI_DECERR, 0, 0 });
		mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_READ, beat, beat + PQDMA_BYTES - 1, AXI_SLVERR, 0, 0 });
		lists_start(s->l, ch, 2);
		lists_check_failed(s->l, ch, PQDMA_ERR_READ_SLVERR, beat, s->l->list[ch].at[0]);
		mem_clear_faults(b);
		sums_end(s);
	}
	CHECK_EQ(s->l->failed, 4);
}

/* When the table of the second descriptor and its first source are asked for, and how much of the first was written by then */
struct ahead {
	uint64_t table;
	uint64_t source;
	uint64_t table_at;
	uint64_t source_at;
	uint64_t written_at_table;
	uint64_t written_at_source;
};

static void watch_ahead(struct bench *b, void *arg)
{
	struct ahead *a = arg;

	if (!(b->out.m_axi_arvalid && b->in.m_axi_arready))
		return;
	if (b->out.m_axi_arid && b->out.m_axi_araddr == a->table && !a->table_at) {
		a->table_at = b->hw.clock;
		a->written_at_table = mem_stats(b)->bytes;
	} else if (!b->out.m_axi_arid && b->out.m_axi_araddr == a->source && !a->source_at) {
		a->source_at = b->hw.clock;
		a->written_at_source = mem_stats(b)->bytes;
	}
}

TEST(xor_table_ahead, "a table is read while the descriptor before it runs, a FENCE notwithstanding; its sources are not", .moves = true,
     .max_clocks = SUMS_CLOCKS, .one_port = true)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct sums *s = sums_new(b);
	struct ahead ahead = { 0 };
	struct sum sums[2];

	config.w_ready = SLOW_W;
	mem_configure(b, &config);
	for (unsigned int i = 0; i < 2; i++) {
		sums[i] = sums_draw(s, 0, PQDMA_OP_XOR, 2, AHEAD_BYTES);
		sums[i].desc.flags = PQDMA_FLAG_FENCE;
		sums_apart(s, 0, &sums[i]);
	}
	sums[1].source[0].addr = sums[0].desc.dst;
	sums_group(s, 0, sums, 2);
	ahead.table = sums_table(s, 0, 1);
	ahead.source = sums[0].desc.dst & ~(uint64_t)(PQDMA_BYTES - 1);
	bench_tap(b, watch_ahead, &ahead);
	sums_run(s);
	bench_tap(b, NULL, NULL);
	CHECK(ahead.table_at && ahead.source_at);
	CHECK(ahead.table_at < ahead.source_at);
	CHECK(ahead.written_at_table < AHEAD_BYTES / 2);
	CHECK_EQ(ahead.written_at_source, AHEAD_BYTES);
	CHECK_EQ(s->completed[PQDMA_OP_XOR], 2);
}

/* How often tables of one channel follow those of another on the bus */
struct turns {
	const struct sums *s;
	unsigned int ch;
	unsigned int blocks;
	unsigned int changes;
};

static void watch_tables(struct bench *b, void *arg)
{
	struct turns *turns = arg;

	if (!(b->out.m_axi_arvalid && b->in.m_axi_arready && b->out.m_axi_arid))
		return;
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		if (b->out.m_axi_araddr - turns->s->tables[ch] >= turns->s->used[ch])
			continue;
		turns->blocks++;
		turns->changes += ch != turns->ch;
		turns->ch = ch;
	}
}

TEST(xor_tables, "tables of all channels are read at once, for many short sums between copies, and none gets the sources of another",
     .moves = true, .max_clocks = SUMS_CLOCKS, .one_port = true)
{
	struct sums *s = sums_new(b);
	struct turns turns = { .s = s };
	unsigned int blocks = 0;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct sum sums[QUEUED];

		for (unsigned int i = 0; i < QUEUED; i++) {
			unsigned int nr = rng_range(test_rng(b), PQDMA_SOURCES / 2, PQDMA_SOURCES);

			sums[i] = sums_draw(s, ch, i % 4 == 3 ? PQDMA_OP_COPY : PQDMA_OP_XOR, nr,
					    rng_range(test_rng(b), 1, 2 * PQDMA_BYTES));
			sums[i].desc.src = s->l->src;
			blocks += i % 4 == 3 ? 0 : (nr * SUMS_ENTRY + SUMS_BLOCK - 1) / SUMS_BLOCK;
		}
		sums_scatter(s, ch, sums, QUEUED);
	}
	bench_tap(b, watch_tables, &turns);
	sums_run(s);
	bench_tap(b, NULL, NULL);
	CHECK_EQ(turns.blocks, blocks);
	CHECK(PQDMA_CHANNELS == 1 || turns.changes > 2 * PQDMA_CHANNELS);
	CHECK_EQ(s->completed[PQDMA_OP_XOR], PQDMA_CHANNELS * QUEUED * 3 / 4);
	CHECK_EQ(s->completed[PQDMA_OP_COPY], PQDMA_CHANNELS * QUEUED / 4);
}
