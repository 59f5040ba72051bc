// SPDX-License-Identifier: MIT
/*
 * Errors: for each cause the record is exact, what was before it is done, what is after it has no effect, the other channels
 * run on, and ABORT makes the channel good again. Each list is judged by the oracle, and the record besides by what the test
 * itself knows.
 */
#include "lists.h"

#define GOOD 3			/* copies before and after the bad descriptor */
#define COPIES 4
#define READ_SLICES 8		/* so many seeds take every beat */
#define SRC_STEP 8192
#define NOWHERE 0x123456789c0ull
#define SMALL_BURST 2
#define PIECE_MAX 300
#define OTHER_DESCS 24
#define PIECES 12
#define BEGUN 4			/* pieces that may have begun before the answer comes */
#define SLOW_W 8		/* percent of clocks in which W is taken */

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static const unsigned int errors[] = { AXI_SLVERR, AXI_DECERR };

static void put_copies(struct lists *l, unsigned int ch, unsigned int nr)
{
	struct desc descs[OTHER_DESCS];

	for (unsigned int i = 0; i < nr; i++)
		descs[i] = lists_desc(l, ch, PQDMA_OP_COPY, rng_range(test_rng(l->b), 1, PIECE_MAX));
	if (nr)
		lists_scatter(l, ch, descs, nr);
}

/* After the check: ABORT, and a new list on the same channel works. */
static void recover(struct lists *l, unsigned int ch)
{
	struct bench *b = l->b;

	mem_clear_faults(b);
	lists_end(l);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), 0);
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_ADDR_LO) | ch_read64(b, ch, PQDMA_CH_ERR_DESC_LO), 0);
	put_copies(l, ch, 2);
	lists_run(l);
}

/* Descriptors that are wrong in themselves */

struct wrong {
	uint8_t op;
	uint8_t flags;
	uint32_t length;
	uint32_t cause;
};

static void run_wrong(struct lists *l, const struct wrong *wrong)
{
	struct rng *rng = test_rng(l->b);
	unsigned int ch = rng_below(rng, PQDMA_CHANNELS), before = rng_below(rng, GOOD + 1);
	struct desc bad = lists_desc(l, ch, PQDMA_OP_COPY, 100);
	uint64_t at;

	bad.op = wrong->op;
	bad.flags = wrong->flags | (uint8_t)rng_below(rng, 8);
	bad.length = wrong->length;
	put_copies(l, ch, before);
	at = lists_group(l, ch, &bad, 1);
	put_copies(l, ch, GOOD);
	lists_start(l, ch, l->list[ch].nr);
	lists_check_failed(l, ch, wrong->cause, at, at);
	recover(l, ch);
}

TEST(error_op, "every operation that is not built, and garbage, is BAD_OP before anything else is looked at", .moves = true)
{
	struct lists *l = lists_new(b);
	unsigned int runs = 0;

	for (unsigned int op = 0; op < 16; op++) {
		if (PQDMA_OPS >> op & 1)
			continue;
		run_wrong(l, &(struct wrong){ (uint8_t)op, 0, 100, PQDMA_ERR_BAD_OP });
		runs++;
	}
	for (unsigned int bit = 4; bit < 8; bit++)
		for (unsigned int op = PQDMA_OP_NOP; op <= PQDMA_OP_MATRIX; op++, runs++)
			run_wrong(l, &(struct wrong){ (uint8_t)(op | 1u << bit), 0xf8, 0, PQDMA_ERR_BAD_OP });
	CHECK(runs >= 7 + 4 * 9);
	CHECK_EQ(l->failed, runs);
}

/* Flags beyond those of all operations that have a meaning for each */
static const uint8_t allowed[] = {
	[PQDMA_OP_COPY] = PQDMA_FLAG_TWO_D | PQDMA_FLAG_PERI,
	[PQDMA_OP_FILL] = PQDMA_FLAG_TWO_D,
	[PQDMA_OP_XOR] = PQDMA_FLAG_CONT,
	[PQDMA_OP_PQ] = PQDMA_FLAG_CONT | PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF,
	[PQDMA_OP_PQ_VAL] = PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF,
	[PQDMA_OP_MATRIX] = PQDMA_FLAG_CONT | PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF,
};

TEST(error_flags, "each flag that has no meaning for the operation, and P_OFF with Q_OFF, is BAD_FLAGS, also if the length is wrong too",
     .moves = true)
{
	struct lists *l = lists_new(b);
	unsigned int runs = 0;

	for (unsigned int op = PQDMA_OP_NOP; op < NR(allowed); op++) {
		if (!(PQDMA_OPS >> op & 1))
			continue;
		for (uint32_t flag = PQDMA_FLAG_CONT; flag <= 0x80; flag <<= 1) {
			if (allowed[op] & flag)
				continue;
			run_wrong(l, &(struct wrong){ (uint8_t)op, (uint8_t)flag, runs % 2 ? 100 : 0, PQDMA_ERR_BAD_FLAGS });
			runs++;
		}
		if (!(allowed[op] & PQDMA_FLAG_P_OFF))
			continue;
		run_wrong(l, &(struct wrong){ (uint8_t)op, PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF, 100, PQDMA_ERR_BAD_FLAGS });
		runs++;
	}
	CHECK(runs >= 4 * 5 + 4 + (PQDMA_WITH_PQ ? 5 : 0));
	CHECK_EQ(l->failed, runs);
}

TEST(error_length, "length 0 of a copy or fill, and any other of a nop or interrupt, is BAD_LENGTH", .moves = true)
{
	static const struct wrong wrong[] = {
		{ PQDMA_OP_COPY, 0, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_FILL, 0, 0, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_NOP, 0, 1, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_NOP, 0, 0xffffffff, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_INTERRUPT, 0, 1, PQDMA_ERR_BAD_LENGTH },
		{ PQDMA_OP_INTERRUPT, 0, 0x80000000, PQDMA_ERR_BAD_LENGTH },
	};
	struct lists *l = lists_new(b);

	for (unsigned int i = 0; i < 4 * NR(wrong); i++)
		run_wrong(l, &wrong[i % NR(wrong)]);
	CHECK_EQ(l->failed, 4 * NR(wrong));
}

/* Heads and links */

static void run_head(struct lists *l, unsigned int ch, uint64_t offset, unsigned int count, uint32_t cause)
{
	struct bench *b = l->b;
	const uint64_t fetched = mem_stats(b)->fetch_bursts;
	struct list *list = &l->list[ch];

	put_copies(l, ch, GOOD);
	list->head += offset;
	list->head_count = count;
	lists_start(l, ch, GOOD);
	lists_check_failed(l, ch, cause, list->head, list->head);
	CHECK_EQ(mem_stats(b)->fetch_bursts, fetched);
	recover(l, ch);
}

TEST(error_head, "a HEAD with any of its low bits set is BAD_ALIGN, with count 0 BAD_LINK, with both BAD_ALIGN; nothing is fetched",
     .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int bit = 0; bit < 6; bit++) {
		run_head(l, bit % PQDMA_CHANNELS, 1u << bit, 1, PQDMA_ERR_BAD_ALIGN);
		run_head(l, bit % PQDMA_CHANNELS, 1u << bit, 0, PQDMA_ERR_BAD_ALIGN);
		run_head(l, bit % PQDMA_CHANNELS, 0, 0, PQDMA_ERR_BAD_LINK);
	}
	CHECK_EQ(l->failed, 18);
}

static void run_link(struct lists *l, uint64_t next, unsigned int count, uint32_t cause)
{
	unsigned int ch = rng_below(test_rng(l->b), PQDMA_CHANNELS);

	put_copies(l, ch, GOOD);
	lists_link(l, ch, next, count);
	lists_start(l, ch, GOOD + 1);
	lists_check_failed(l, ch, cause, next, next);
	recover(l, ch);
}

TEST(error_link, "a link with count 0 that is needed is BAD_LINK, one to nowhere FETCH_DECERR; what is before completes", .moves = true)
{
	struct lists *l = lists_new(b);

	run_link(l, 0, 0, PQDMA_ERR_BAD_LINK);
	run_link(l, l->src, 0, PQDMA_ERR_BAD_LINK);
	run_link(l, NOWHERE & ~63ull, 0, PQDMA_ERR_BAD_LINK);
	run_link(l, NOWHERE & ~63ull, 1, PQDMA_ERR_FETCH_DECERR);
	run_link(l, BENCH_RAM_BUS + BENCH_RAM_SIZE, 63, PQDMA_ERR_FETCH_DECERR);
	run_link(l, 0xffffffffffffffc0ull, 1, PQDMA_ERR_FETCH_DECERR);
	CHECK_EQ(l->failed, 6);
}

TEST(error_relink, "an error of the second read of a descriptor for its link is a fetch error at that descriptor", .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int i = 0; i < 2 * 4; i++) {
		unsigned int ch = i % PQDMA_CHANNELS;
		uint64_t last;

		put_copies(l, ch, GOOD);
		last = l->list[ch].at[GOOD - 1];
		lists_start(l, ch, GOOD);
		lists_wait(l);
		lists_check(l);
		mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_FETCH, last, last + 63, errors[i % 2], 0, 0 });
		put_copies(l, ch, 1);
		lists_ring(l, ch, GOOD + 1);
		lists_check_failed(l, ch, PQDMA_ERR_FETCH_SLVERR + i % 2, last, last);
		recover(l, ch);
	}
	CHECK_EQ(l->failed, 8);
}

TEST(error_fetch, "an error on any beat of any descriptor's fetch: those before it complete, none after it begins", .moves = true)
{
	const unsigned int beats = (PQDMA_DESC_STATUS_OFFSET + PQDMA_BYTES - 1) / PQDMA_BYTES;	/* the status word is not read */
	struct lists *l = lists_new(b);
	unsigned int runs = 0;

	for (unsigned int i = 0; i < COPIES; i++)
		for (unsigned int beat = 0; beat < beats; beat++, runs++) {
			unsigned int ch = runs % PQDMA_CHANNELS, error = runs / 2 % 2;
			uint64_t at, addr;

			put_copies(l, ch, COPIES);
			at = l->list[ch].at[i];
			addr = at + beat * PQDMA_BYTES;
			mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_FETCH, addr, addr, errors[error], 0, 0 });
			lists_start(l, ch, COPIES);
			lists_check_failed(l, ch, PQDMA_ERR_FETCH_SLVERR + error, at, at);
			CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), i);
			recover(l, ch);
		}
	CHECK_EQ(l->failed, COPIES * beats);
}

/* Data */

static uint64_t limit_of(unsigned int burst)
{
	uint64_t set = (uint64_t)PQDMA_BYTES << burst;

	return set < PQDMA_STRIP_BYTES ? set : PQDMA_STRIP_BYTES;
}

/*
 * Copies of several strips; all ask for a status word. No bus word belongs to the sources, or to the destinations, of two of
 * them, because faults hit whole bus words.
 */
static void put_long_copies(struct lists *l, unsigned int ch, struct desc *descs)
{
	struct rng *rng = test_rng(l->b);

	for (unsigned int i = 0; i < COPIES; i++) {
		descs[i] = lists_desc(l, ch, PQDMA_OP_COPY, 5 * (uint32_t)limit_of(SMALL_BURST) + rng_below(rng, 2 * PQDMA_BYTES));
		descs[i].flags = PQDMA_FLAG_WB | (uint8_t)rng_below(rng, 2) * PQDMA_FLAG_IRQ;
		descs[i].src = l->src + i * SRC_STEP + rng_below(rng, PQDMA_BYTES);
		l->list[ch].dst = (l->list[ch].dst + PQDMA_BYTES - 1) & ~(uint64_t)(PQDMA_BYTES - 1);
	}
	lists_burst(l, ch, SMALL_BURST);
	lists_scatter(l, ch, descs, COPIES);
}

static void check_status_word(struct lists *l, uint64_t at, const struct desc *desc, uint32_t cause, uint64_t bytes)
{
	struct bench *b = l->b;

	CHECK_EQ(desc_status(b, at), PQDMA_DSTS_DONE_MASK | (uint64_t)cause << PQDMA_DSTS_CODE_SHIFT |
				     (uint64_t)desc->tag << PQDMA_DSTS_TAG_SHIFT | bytes);
}

/* Bytes of the strips before the one that holds byte at of the destination */
static uint64_t bytes_before(const struct desc *desc, uint64_t at)
{
	uint64_t strip = (desc->dst + at) & ~(limit_of(SMALL_BURST) - 1);

	return strip > desc->dst ? strip - desc->dst : 0;
}

static void fail_read(struct lists *l, unsigned int ch, unsigned int victim, uint64_t beat, unsigned int error)
{
	struct desc descs[COPIES];
	uint64_t word, at;

	put_long_copies(l, ch, descs);
	at = l->list[ch].at[victim];
	word = (descs[victim].src & ~(uint64_t)(PQDMA_BYTES - 1)) + beat * PQDMA_BYTES;
	mem_fault(l->b, &(struct axi_mem_fault){ AXI_MEM_READ, word, word + PQDMA_BYTES - 1, errors[error], 0, 0 });
	lists_start(l, ch, COPIES);
	lists_check_failed(l, ch, PQDMA_ERR_READ_SLVERR + error, word, at);
	check_status_word(l, at, &descs[victim], PQDMA_ERR_READ_SLVERR + error,
			  bytes_before(&descs[victim], word > descs[victim].src ? word - descs[victim].src : 0));
	recover(l, ch);
}

TEST(error_read, "an error on any beat read, of any of several copies in flight: cause, beat, status word; eight seeds take every beat",
     .moves = true)
{
	const uint64_t beats = 5 * limit_of(SMALL_BURST) / PQDMA_BYTES;
	const uint64_t slices = beats < READ_SLICES ? beats : READ_SLICES;
	struct lists *l = lists_new(b);
	unsigned int runs = 0;

	for (uint64_t beat = b->options->seed % slices; beat < beats; beat += slices)
		for (unsigned int victim = 0; victim < COPIES; victim++, runs++)
			fail_read(l, runs % PQDMA_CHANNELS, victim, beat, (victim + beat / slices) % 2);
	CHECK(runs >= COPIES);
	CHECK_EQ(l->failed, runs);
}

static void fail_write(struct lists *l, unsigned int ch, unsigned int victim, unsigned int strip, unsigned int error)
{
	struct desc descs[COPIES];
	const struct desc *desc = &descs[victim];
	uint64_t first, at;

	put_long_copies(l, ch, descs);
	at = l->list[ch].at[victim];
	first = (desc->dst & ~(limit_of(SMALL_BURST) - 1)) + strip * limit_of(SMALL_BURST);
	first = first > desc->dst ? first : desc->dst;
	mem_fault(l->b, &(struct axi_mem_fault){ AXI_MEM_WRITE | AXI_MEM_STATUS, first, first, errors[error], 0, 0 });
	lists_start(l, ch, COPIES);
	lists_check_failed(l, ch, PQDMA_ERR_WRITE_SLVERR + error, first, at);
	check_status_word(l, at, desc, PQDMA_ERR_WRITE_SLVERR + error, first - desc->dst);
	recover(l, ch);
}

TEST(error_write, "an error on any strip written, of any of several copies in flight: cause, strip, status word", .moves = true)
{
	struct lists *l = lists_new(b);
	unsigned int runs = 0;

	for (unsigned int victim = 0; victim < COPIES; victim++)
		for (unsigned int strip = 0; strip < 5; strip++, runs++)
			fail_write(l, runs % PQDMA_CHANNELS, victim, strip, (victim + strip) % 2);
	CHECK_EQ(l->failed, 5 * COPIES);
}

static void fail_status(struct lists *l, unsigned int ch, unsigned int victim, unsigned int error)
{
	const uint64_t word_mask = PQDMA_BYTES - 1;
	struct desc descs[COPIES];
	uint64_t at, status;

	put_long_copies(l, ch, descs);
	at = l->list[ch].at[victim];
	status = at + PQDMA_DESC_STATUS_OFFSET;
	mem_fault(l->b, &(struct axi_mem_fault){ AXI_MEM_STATUS, status & ~word_mask, (status + 7) | word_mask, errors[error], 0, 0 });
	lists_start(l, ch, COPIES);
	lists_check_failed(l, ch, PQDMA_ERR_STATUS_SLVERR + error, status, at);
	recover(l, ch);
}

TEST(error_status, "an error of any status write, of any of several copies in flight", .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int i = 0; i < 4 * COPIES; i++)
		fail_status(l, i % PQDMA_CHANNELS, i % COPIES, i / COPIES % 2);
	CHECK_EQ(l->failed, 4 * COPIES);
}

/*
 * Writes are taken so slowly, and answered so fast, that when the answer to one comes the next has begun and no other. So
 * what lies further behind must not be there. Pieces are of one strip each.
 */
static void check_untouched(struct lists *l, unsigned int ch, unsigned int kinds, bool status)
{
	struct bench *b = l->b;
	struct axi_mem_config config = *axi_mem_profile("ideal");
	const uint32_t length = (uint32_t)limit_of(SMALL_BURST);
	static uint8_t before[PIECES][PQDMA_BYTES << SMALL_BURST];
	struct desc descs[PIECES];
	uint64_t bad;

	config.w_ready = SLOW_W;
	mem_configure(b, &config);
	lists_burst(l, ch, SMALL_BURST);
	for (unsigned int i = 0; i < PIECES; i++) {
		l->list[ch].dst = (l->list[ch].dst + length - 1) & ~(uint64_t)(length - 1);
		descs[i] = lists_desc(l, ch, i % 2 ? PQDMA_OP_COPY : PQDMA_OP_FILL, length);
		descs[i].dst &= ~(uint64_t)(length - 1);
		descs[i].flags = status ? PQDMA_FLAG_WB : 0;
		l->list[ch].dst = descs[i].dst + length;
		memcpy(before[i], bench_ram(b, descs[i].dst), length);
	}
	lists_scatter(l, ch, descs, PIECES);
	bad = status ? l->list[ch].at[0] + PQDMA_DESC_STATUS_OFFSET : descs[0].dst;
	mem_fault(b, &(struct axi_mem_fault){ kinds, bad & ~(uint64_t)(PQDMA_BYTES - 1), bad | (PQDMA_BYTES - 1), AXI_SLVERR, 0, 0 });
	lists_start(l, ch, PIECES);
	lists_check_failed(l, ch, status ? PQDMA_ERR_STATUS_SLVERR : PQDMA_ERR_WRITE_SLVERR, bad, l->list[ch].at[0]);
	for (unsigned int i = BEGUN; i < PIECES; i++)
		CHECK(!memcmp(before[i], bench_ram(b, descs[i].dst), length));
	recover(l, ch);
}

TEST(error_write_ends, "when the error of a data or status write comes back no other burst of the channel begins", .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int i = 0; i < 4; i++) {
		check_untouched(l, i % PQDMA_CHANNELS, AXI_MEM_WRITE | AXI_MEM_STATUS, false);
		check_untouched(l, i % PQDMA_CHANNELS, AXI_MEM_STATUS, true);
	}
	CHECK_EQ(l->failed, 8);
}

TEST(error_first, "of two errors in one list the first in the order of the list is recorded, whichever comes back first", .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int i = 0; i < 6; i++) {
		unsigned int ch = i % PQDMA_CHANNELS;
		struct desc descs[COPIES];
		uint64_t late, bad;

		put_long_copies(l, ch, descs);
		late = (descs[1].src + 4 * limit_of(SMALL_BURST)) & ~(uint64_t)(PQDMA_BYTES - 1);
		bad = l->list[ch].at[i % 2 ? 2 : 3];
		mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_READ, late, late + PQDMA_BYTES - 1, AXI_SLVERR, 0, 0 });
		mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_FETCH, bad, bad + 63, AXI_DECERR, 0, 0 });
		lists_start(l, ch, COPIES);
		lists_check_failed(l, ch, PQDMA_ERR_READ_SLVERR, late, l->list[ch].at[1]);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), 1);
		recover(l, ch);
	}
	CHECK_EQ(l->failed, 6);
}

TEST(error_exokay, "EXOKAY on every access is as good as OKAY", .moves = true, .one_port = true)
{
	struct lists *l = lists_new(b);
	struct desc descs[COPIES];

	mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_ANY, 0, UINT64_MAX, AXI_EXOKAY, 0, 0 });
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		put_long_copies(l, ch, descs);
	lists_run(l);
	CHECK_EQ(lists_moved(l), PQDMA_CHANNELS * COPIES);
	CHECK(mem_stats(b)->errors >= mem_stats(b)->write_bursts + mem_stats(b)->read_beats + mem_stats(b)->fetch_beats);
}

/* A list with an error of one kind in its middle */

static void plant_op(struct lists *l, unsigned int ch)
{
	struct desc bad = lists_desc(l, ch, PQDMA_OP_COPY, 10);

	bad.op = PQDMA_OP_MATRIX + 1;
	lists_group(l, ch, &bad, 1);
}

static void plant_link(struct lists *l, unsigned int ch)
{
	lists_link(l, ch, NOWHERE & ~63ull, 1);
	l->list[ch].nr++;
}

static void plant_read(struct lists *l, unsigned int ch)
{
	struct desc bad = lists_desc(l, ch, PQDMA_OP_COPY, 300);

	bad.src = NOWHERE;
	lists_group(l, ch, &bad, 1);
}

static void plant_write(struct lists *l, unsigned int ch)
{
	struct desc bad = lists_desc(l, ch, PQDMA_OP_FILL, 300);

	bad.dst = NOWHERE;
	lists_group(l, ch, &bad, 1);
}

static void (*const plants[])(struct lists *l, unsigned int ch) = { plant_op, plant_link, plant_read, plant_write };

TEST(error_channels, "one channel after the other fails while all others run on, and one by one they are recovered meanwhile",
     .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int i = 0; i < NR(plants); i++) {
		unsigned int victim = (i + (unsigned int)b->options->seed) % PQDMA_CHANNELS;

		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			if (ch != victim)
				put_copies(l, ch, OTHER_DESCS);
		put_copies(l, victim, GOOD);
		plants[i](l, victim);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			lists_start(l, ch, l->list[ch].nr);
		wait_state(b, victim, PQDMA_STATE_FAIL, LISTS_CLOCKS);
		lists_wait(l);
		lists_check(l);
		recover(l, victim);
	}
	CHECK_EQ(l->failed, NR(plants));
	CHECK(lists_moved(l) >= NR(plants) * ((PQDMA_CHANNELS - 1) * OTHER_DESCS + GOOD));
}

TEST(error_all, "all channels fail at once, each in its own way, and each has its own record", .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int round = 0; round < NR(plants); round++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			put_copies(l, ch, GOOD);
			plants[(ch + round) % NR(plants)](l, ch);
		}
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			lists_start(l, ch, l->list[ch].nr);
		lists_wait(l);
		lists_check(l);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			CHECK_EQ(ch_state(b, ch), PQDMA_STATE_FAIL);
		lists_end(l);
	}
	CHECK_EQ(l->failed, NR(plants) * PQDMA_CHANNELS);
	CHECK_EQ(lists_moved(l), NR(plants) * PQDMA_CHANNELS * GOOD);
}
