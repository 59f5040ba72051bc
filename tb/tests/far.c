// SPDX-License-Identifier: MIT
/*
 * Addresses of 64 bits. Behind the whole address space there is the same RAM again and again, so descriptors, tables, data and words can
 * lie anywhere. Each block of RAM is given out at one of its addresses, and an access at another one fails the test: every bit counts.
 */
#include <isa-l/erasure_code.h>
#include "pqdma_params.h"
#include "test.h"

#define ROUNDS 8
#define ROOM (64u << 10)	/* of a channel, for everything */
#define LENGTH 200
#define ROWS 3
#define STEP 256		/* from row to row */
#define SUM_SOURCES 2
#define HALF (1ull << 63)
#define BLOCK 64u		/* at least a bus word */
#define BLOCKS (BENCH_RAM_SIZE / BLOCK)
#define NOWHERE UINT64_MAX
#define CLOCKS 200000
#define FAR_CLOCKS 4000000

#define BUS_WIDTH ((uint64_t)__builtin_ctz(PQDMA_BYTES))

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Half of the address space */
struct half {
	struct axi_mem_device device;
	struct bench *b;
	uint64_t reads;
	uint64_t writes;
};

static struct half halves[2];

/* The copy of RAM in which each block is to be accessed */
static uint64_t copy_of_block[BLOCKS];

static uint8_t *mirrored(const struct half *half, uint64_t addr)
{
	if (copy_of_block[addr % BENCH_RAM_SIZE / BLOCK] != addr / BENCH_RAM_SIZE)
		bench_fail(half->b, "access to 0x%" PRIx64 ": what stands there is at another address", addr);
	return half->b->hw.ram + addr % BENCH_RAM_SIZE;
}

static void half_read(struct axi_mem_device *device, uint64_t addr, unsigned int len, uint8_t *data)
{
	struct half *half = (struct half *)device;

	memcpy(data, mirrored(half, addr), len);
	half->reads++;
}

static void half_write(struct axi_mem_device *device, uint64_t addr, unsigned int len, const uint8_t *data)
{
	struct half *half = (struct half *)device;

	memcpy(mirrored(half, addr), data, len);
	half->writes++;
}

static const struct axi_mem_device_ops half_ops = { .read = half_read, .write = half_write };

static void mirror_all(struct bench *b)
{
	for (unsigned int i = 0; i < BLOCKS; i++)
		copy_of_block[i] = NOWHERE;
	for (unsigned int i = 0; i < 2; i++) {
		halves[i] = (struct half){ .device = { .ops = &half_ops, .bus = i ? HALF : 0, .size = HALF }, .b = b };
		CHECK(axi_mem_attach(&b->mem, &halves[i].device) && axi_mem_attach(&b->desc_port.mem, &halves[i].device));
	}
}

static void check_halves(struct bench *b)
{
	CHECK(halves[0].reads && halves[0].writes);
	CHECK(halves[1].reads && halves[1].writes);
}

/* From now on the @size bytes of RAM that are seen at @addr are to be accessed there and nowhere else. */
static void give_out(uint64_t addr, uint64_t size)
{
	for (uint64_t at = addr & -(uint64_t)BLOCK; at - (addr & -(uint64_t)BLOCK) < size + addr % BLOCK; at += BLOCK)
		copy_of_block[at % BENCH_RAM_SIZE / BLOCK] = at / BENCH_RAM_SIZE;
}

/* Any address at which RAM from @addr on is seen too; the only one for the @size bytes there */
static uint64_t far_from(struct bench *b, uint64_t addr, uint64_t size)
{
	uint64_t at = (rng_u64(test_rng(b)) & -(uint64_t)BENCH_RAM_SIZE) | addr % BENCH_RAM_SIZE;

	give_out(at, size);
	return at;
}

/* Room of a channel */
struct room {
	uint64_t at;
	uint64_t used;
};

static uint64_t take(struct bench *b, struct room *room, uint64_t size)
{
	uint64_t at = room->at + room->used;

	room->used += (size + 63) & -64ull;
	CHECK(room->used <= ROOM);
	return at;
}

/* What one descriptor is to do, in addresses of RAM. old: what was in P and Q */
struct job {
	uint8_t op;
	uint8_t flags;
	unsigned int nr;
	uint64_t settings;
	unsigned int rows;
	uint64_t desc;
	uint64_t pattern;
	uint64_t src[SUM_SOURCES];
	uint64_t dst[2];
	uint8_t factor[2][SUM_SOURCES];
	uint8_t old[2][ROWS * LENGTH];
};

static const struct {
	uint8_t op;
	uint8_t flags;
	unsigned int nr;
	uint64_t settings;
} kinds[] = {
	{ PQDMA_OP_COPY, 0, 1, 0 },
	{ PQDMA_OP_FILL, 0, 0, 0 },
	{ PQDMA_OP_COPY, PQDMA_FLAG_TWO_D, 1, 0 },
	{ PQDMA_OP_COPY, PQDMA_FLAG_PERI, 1,
	  3 << PQDMA_SETTINGS_BURST_SHIFT | 2 << PQDMA_SETTINGS_SRC_WIDTH_SHIFT | BUS_WIDTH << PQDMA_SETTINGS_DST_WIDTH_SHIFT },
	{ PQDMA_OP_COPY, PQDMA_FLAG_PERI, 1,
	  3 << PQDMA_SETTINGS_BURST_SHIFT | BUS_WIDTH << PQDMA_SETTINGS_SRC_WIDTH_SHIFT | 2 << PQDMA_SETTINGS_DST_WIDTH_SHIFT |
		  PQDMA_SETTINGS_DST_DEV_MASK },
	{ PQDMA_OP_XOR, PQDMA_FLAG_CONT, 2, 0 },
	{ PQDMA_OP_PQ, PQDMA_FLAG_CONT, 2, 0 },
	{ PQDMA_OP_MATRIX, 0, 2, 0 },
};

static uint8_t *byte_of(struct bench *b, uint64_t base, unsigned int i)
{
	return bench_ram(b, base + i / LENGTH * STEP + i % LENGTH);
}

static unsigned int bytes_of(const struct job *job)
{
	return job->rows * LENGTH;
}

static void draw_job(struct bench *b, struct room *room, unsigned int kind, struct job *job)
{
	struct rng *rng = test_rng(b);
	const unsigned int offset = kinds[kind].settings ? 4 * rng_below(rng, 8) : rng_below(rng, 32);

	*job = (struct job){ .op = kinds[kind].op, .flags = kinds[kind].flags | PQDMA_FLAG_WB, .nr = kinds[kind].nr, .rows = 1 };
	job->settings = kinds[kind].settings;
	if (job->flags & PQDMA_FLAG_TWO_D)
		job->rows = ROWS;
	job->desc = take(b, room, PQDMA_DESC_SIZE);
	job->pattern = rng_u64(rng);
	for (unsigned int i = 0; i < 2; i++) {
		job->src[i] = take(b, room, ROWS * STEP) + offset;
		job->dst[i] = take(b, room, ROWS * STEP) + rng_below(rng, 8) * 4;
		for (unsigned int byte = 0; byte < bytes_of(job); byte++)
			job->old[i][byte] = *byte_of(b, job->dst[i], byte);
		job->factor[0][i] = job->op == PQDMA_OP_MATRIX ? (uint8_t)rng_u64(rng) : 1;
		job->factor[1][i] = (uint8_t)rng_u64(rng);
	}
}

static uint64_t put_table(struct bench *b, struct room *room, const struct job *job)
{
	uint64_t at = take(b, room, 64);

	for (unsigned int i = 0; i < job->nr; i++) {
		ram_put64(b, at + 16 * i, far_from(b, job->src[i], LENGTH));
		ram_put64(b, at + 16 * i + 8, (uint64_t)job->factor[1][i] << 8 | job->factor[0][i]);
	}
	return far_from(b, at, 64);
}

/* A stride that leads from one copy of the RAM to another; the rows from the second on are given out */
static uint32_t far_stride(struct bench *b, uint64_t first)
{
	const uint32_t stride = ((uint32_t)rng_u64(test_rng(b)) & -BENCH_RAM_SIZE) + STEP;

	for (unsigned int row = 1; row < ROWS; row++)
		give_out(first + row * (uint64_t)(int32_t)stride, LENGTH);
	return stride;
}

static void put_job(struct bench *b, struct room *room, const struct job *job)
{
	struct desc desc = { .op = job->op, .flags = job->flags, .length = LENGTH, .tag = (uint16_t)job->desc };
	uint64_t second;

	if (job->op == PQDMA_OP_FILL)
		desc.src = job->pattern;
	else
		desc.src = job->op >= PQDMA_OP_XOR ? put_table(b, room, job) : far_from(b, job->src[0], LENGTH);
	desc.dst = far_from(b, job->dst[0], LENGTH);
	second = far_from(b, job->dst[1], LENGTH);
	if (job->flags & PQDMA_FLAG_TWO_D)
		second = (uint64_t)far_stride(b, desc.dst) << 32 | far_stride(b, desc.src);
	desc_put(b, job->desc, &desc);
	ram_put64(b, job->desc + PQDMA_DESC_DST2_OFFSET, second);
	ram_put64(b, job->desc + PQDMA_DESC_COUNTS_OFFSET, job->rows);
	desc_settings(b, job->desc, job->op >= PQDMA_OP_XOR ? job->nr : job->settings);
}

static uint8_t expected(struct bench *b, const struct job *job, unsigned int sum, unsigned int i)
{
	uint8_t byte = job->flags & PQDMA_FLAG_CONT ? job->old[sum][i] : 0;

	if (job->op == PQDMA_OP_FILL)
		return (uint8_t)(job->pattern >> (job->dst[0] + i) % 8 * 8);
	for (unsigned int s = 0; s < job->nr; s++)
		byte ^= gf_mul(job->factor[sum][s], *byte_of(b, job->src[s], i));
	return byte;
}

static void check_job(struct bench *b, const struct job *job)
{
	const uint64_t want = 1ull << 63 | (uint64_t)(uint16_t)job->desc << 32 | bytes_of(job);

	CHECK_EQ(desc_status(b, job->desc), want);
	for (unsigned int i = 0; i < bytes_of(job); i++) {
		CHECK_EQ(*byte_of(b, job->dst[0], i), expected(b, job, 0, i));
		if (job->op >= PQDMA_OP_PQ)
			CHECK_EQ(*byte_of(b, job->dst[1], i), expected(b, job, 1, i));
	}
}

static void set_cmpl(struct bench *b, unsigned int ch, uint64_t addr)
{
	ch_write(b, ch, PQDMA_CH_CMPL_LO, (uint32_t)addr);
	ch_write(b, ch, PQDMA_CH_CMPL_HI, (uint32_t)(addr >> 32));
}

static void run_round(struct bench *b, unsigned int ch, struct room *room)
{
	static struct job jobs[NR(kinds)];
	uint64_t cmpl;
	unsigned int nr = 0;

	room->used = 0;
	cmpl = take(b, room, 8);
	for (unsigned int i = 0; i < NR(kinds); i++) {
		if (!(PQDMA_OPS >> kinds[i].op & 1))
			continue;
		draw_job(b, room, i, &jobs[nr]);
		put_job(b, room, &jobs[nr]);
		if (nr)
			desc_link(b, jobs[nr - 1].desc, far_from(b, jobs[nr].desc, PQDMA_DESC_SIZE), 1);
		nr++;
	}
	set_cmpl(b, ch, far_from(b, cmpl, 8));
	chan_start(b, ch, far_from(b, jobs[0].desc, PQDMA_DESC_SIZE), 1, nr);
	wait_done(b, ch, nr, CLOCKS);
	wait_idle(b, ch, CLOCKS);
	CHECK_EQ(ram_get64(b, cmpl), (uint64_t)PQDMA_STATE_RUN << 32 | nr);
	for (unsigned int i = 0; i < nr; i++)
		check_job(b, &jobs[i]);
	chan_abort(b, ch);
}

TEST(far_lists, "every operation with descriptors, links, tables, data, status and completion words anywhere in 64 bits of address",
     .moves = true, .max_clocks = FAR_CLOCKS)
{
	struct room room;

	mirror_all(b);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		room.at = ram_alloc(b, ROOM);
		for (unsigned int round = 0; round < ROUNDS; round++)
			run_round(b, ch, &room);
	}
	check_halves(b);
}

TEST(far_wrap, "a copy whose source goes on at address 0 behind the last one", .moves = true)
{
	struct room room = { .at = ram_alloc(b, ROOM) };
	uint64_t list = take(b, &room, PQDMA_DESC_SIZE), dst = take(b, &room, LENGTH);

	mirror_all(b);
	give_out(list, PQDMA_DESC_SIZE);
	give_out(dst, LENGTH);
	for (unsigned int before = 1; before < LENGTH; before += 9) {
		give_out(-(uint64_t)before, LENGTH);
		desc_put(b, list, &(struct desc){ .op = PQDMA_OP_COPY, .src = -(uint64_t)before, .dst = dst, .length = LENGTH });
		chan_start(b, 0, list, 1, 1);
		wait_done(b, 0, 1, CLOCKS);
		for (unsigned int i = 0; i < LENGTH; i++)
			CHECK_EQ(*bench_ram(b, dst + i), b->hw.ram[(i - (uint64_t)before) % BENCH_RAM_SIZE]);
		chan_abort(b, 0);
	}
	CHECK(halves[0].reads && halves[1].reads);
}

/* One access of a list of one descriptor that fails, and what ERR_ADDR is to be */
struct failure {
	const char *what;
	uint32_t cause;
	unsigned int kinds;
	uint8_t op;
};

static const struct failure failures[] = {
	{ "fetch", PQDMA_ERR_FETCH_SLVERR, AXI_MEM_FETCH, PQDMA_OP_COPY },
	{ "table", PQDMA_ERR_FETCH_SLVERR, AXI_MEM_FETCH, PQDMA_OP_XOR },
	{ "read", PQDMA_ERR_READ_SLVERR, AXI_MEM_READ, PQDMA_OP_COPY },
	{ "write", PQDMA_ERR_WRITE_SLVERR, AXI_MEM_WRITE | AXI_MEM_STATUS, PQDMA_OP_COPY },
	{ "status", PQDMA_ERR_STATUS_SLVERR, AXI_MEM_WRITE | AXI_MEM_STATUS, PQDMA_OP_COPY },
	{ "completion word", PQDMA_ERR_CMPL_SLVERR, AXI_MEM_WRITE | AXI_MEM_STATUS, PQDMA_OP_COPY },
};

/* Make the descriptor; returns the address whose access is to fail */
static uint64_t put_failing(struct bench *b, struct room *room, const struct failure *f, uint64_t desc, uint64_t cmpl)
{
	struct job job;
	uint64_t at;

	draw_job(b, room, f->op == PQDMA_OP_XOR ? 5 : 0, &job);
	job.desc = desc % BENCH_RAM_SIZE + b->hw.ram_bus;
	put_job(b, room, &job);
	switch (f->cause) {
	case PQDMA_ERR_READ_SLVERR:
		return ram_get64(b, job.desc + PQDMA_DESC_SRC_OFFSET) & -(uint64_t)PQDMA_BYTES;
	case PQDMA_ERR_WRITE_SLVERR:
		return ram_get64(b, job.desc + PQDMA_DESC_DST_OFFSET);
	case PQDMA_ERR_STATUS_SLVERR:
		return desc + PQDMA_DESC_STATUS_OFFSET;
	case PQDMA_ERR_CMPL_SLVERR:
		return cmpl;
	default:
		at = ram_get64(b, job.desc + PQDMA_DESC_SRC_OFFSET);
		return f->op == PQDMA_OP_XOR ? at : desc;
	}
}

static void fail_once(struct bench *b, unsigned int ch, struct room *room, const struct failure *f)
{
	const unsigned int resp = rng_below(test_rng(b), 2) ? AXI_SLVERR : AXI_DECERR;
	uint64_t desc, cmpl, at;

	room->used = 0;
	desc = far_from(b, take(b, room, PQDMA_DESC_SIZE), PQDMA_DESC_SIZE);
	cmpl = far_from(b, take(b, room, 8), 8);
	at = put_failing(b, room, f, desc, cmpl);
	mem_fault(b, &(struct axi_mem_fault){ f->kinds, at, at, resp, 0, 0 });
	set_cmpl(b, ch, f->cause == PQDMA_ERR_CMPL_SLVERR ? cmpl : 0);
	chan_start(b, ch, desc, 1, 1);
	wait_state(b, ch, PQDMA_STATE_FAIL, CLOCKS);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), f->cause + (resp == AXI_DECERR));
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_ADDR_LO), at);
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_DESC_LO), f->cause == PQDMA_ERR_CMPL_SLVERR ? 0 : desc);
	mem_clear_faults(b);
	chan_abort(b, ch);
}

TEST(far_errors, "an error of each kind of access anywhere in 64 bits: ERR_ADDR and ERR_DESC have every bit of it", .moves = true,
     .max_clocks = FAR_CLOCKS)
{
	struct room room;
	unsigned int failed = 0;

	mirror_all(b);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		room.at = ram_alloc(b, ROOM);
		for (unsigned int i = 0; i < ROUNDS * NR(failures); i++, failed++)
			fail_once(b, ch, &room, &failures[i % NR(failures)]);
	}
	CHECK_EQ(failed, PQDMA_CHANNELS * ROUNDS * NR(failures));
}
