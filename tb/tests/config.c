// SPDX-License-Identifier: MIT
/*
 * What the capability registers say is what was built, and it is true: channels, operations, longest strip, reads and strips in
 * flight. Runs at every configuration, and each channel moves data.
 */
#include "sums.h"

#define LONG_STRIPS 8
#define COPIES 3		/* on each channel */
#define ROW_BEATS (PQDMA_READS + PQDMA_STRIPS)
#define SLOW 200		/* clocks of latency: more than anything in flight takes to be asked for */

static unsigned int log2_of(unsigned int value)
{
	return (unsigned int)__builtin_ctz(value);
}

TEST(config_caps, "CAP0 to CAP2 are the parameters of the build, and there is no channel beyond them")
{
	struct axil_access beyond = { .addr = PQDMA_CH(PQDMA_CHANNELS) + PQDMA_CH_STATUS };

	CHECK_EQ(reg_read(b, PQDMA_REG_CAP0), PQDMA_CHANNELS << PQDMA_CAP0_CHANNELS_SHIFT |
		 log2_of(PQDMA_BYTES) << PQDMA_CAP0_DATA_LOG2_SHIFT | log2_of(PQDMA_STRIP_BYTES) << PQDMA_CAP0_STRIP_LOG2_SHIFT |
		 log2_of(PQDMA_BUF_BYTES) << PQDMA_CAP0_BUF_LOG2_SHIFT | (uint32_t)PQDMA_SOURCES << PQDMA_CAP0_SOURCES_SHIFT);
	CHECK_EQ(reg_read(b, PQDMA_REG_CAP2), PQDMA_STRIPS << PQDMA_CAP2_STRIPS_SHIFT | PQDMA_READS << PQDMA_CAP2_READS_SHIFT |
		 PQDMA_DESCS << PQDMA_CAP2_DESCS_SHIFT);
	CHECK_EQ(ch_state(b, PQDMA_CHANNELS - 1), PQDMA_STATE_IDLE);
	reg_access(b, &beyond);
	CHECK_EQ(beyond.resp, AXI_SLVERR);
	CHECK_EQ(beyond.data, 0);
}

/* One descriptor on channel 0; is it executed? */
static bool executes(struct sums *s, const struct sum *sum)
{
	struct bench *b = s->l->b;
	bool done;

	sums_group(s, 0, sum, 1);
	ram_put64(b, s->l->list[0].at[0] + PQDMA_DESC_COUNTS_OFFSET, 1);	/* rows, if it has any */
	sums_check(s);
	done = ch_state(b, 0) == PQDMA_STATE_RUN;
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_DONE), done);
	sums_end(s);
	return done;
}

TEST(config_ops, "an operation works if its bit in CAP1 is 1 and is refused if it is 0; a capability that reads 0 is refused",
     .moves = true)
{
	static const struct {
		uint32_t mask;
		uint8_t flag;
	} flags[] = { { PQDMA_CAP1_TWO_D_MASK, PQDMA_FLAG_TWO_D }, { PQDMA_CAP1_PERI_MASK, PQDMA_FLAG_PERI } };
	unsigned int refused = 0;
	struct sums *s = sums_new(b);
	uint32_t cap = reg_read(b, PQDMA_REG_CAP1), ops = (cap & PQDMA_CAP1_OPS_MASK) >> PQDMA_CAP1_OPS_SHIFT;

	CHECK_EQ(ops, PQDMA_OPS);
	for (unsigned int op = 0; op < PQDMA_CAP1_OPS_WIDTH; op++) {
		struct sum sum = sums_draw(s, 0, (uint8_t)op, PQDMA_SOURCES, 64);

		sum.desc.length = op == PQDMA_OP_NOP || op == PQDMA_OP_INTERRUPT ? 0 : 64;
		CHECK_EQ(executes(s, &sum), ops >> op & 1);
	}
	for (unsigned int i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		struct sum sum = { .desc = lists_desc(s->l, 0, PQDMA_OP_COPY, 64) };

		sum.desc.flags = flags[i].flag;
		CHECK_EQ(executes(s, &sum), (cap & flags[i].mask) != 0);
		refused += !(cap & flags[i].mask);
	}
	CHECK_EQ(s->l->failed, PQDMA_CAP1_OPS_WIDTH - (unsigned int)__builtin_popcount(ops) + refused);
}

TEST(config_sources, "SOURCES of CAP0 is the most that a descriptor may have: that many work, one more is refused", .moves = true)
{
	struct sums *s = sums_new(b);
	unsigned int most = (reg_read(b, PQDMA_REG_CAP0) & PQDMA_CAP0_SOURCES_MASK) >> PQDMA_CAP0_SOURCES_SHIFT;
	struct sum sum = sums_draw(s, 0, PQDMA_OP_XOR, PQDMA_SOURCES, 100);

	CHECK_EQ(most, PQDMA_SOURCES);
	CHECK(executes(s, &sum));
	sums_group(s, 0, &sum, 1);
	ram_put64(b, s->l->list[0].at[0] + PQDMA_DESC_SETTINGS_OFFSET, most + 1);
	sums_check(s);
	CHECK_EQ(ch_read(b, 0, PQDMA_CH_ERR_CAUSE), PQDMA_ERR_BAD_SOURCES);
	sums_end(s);
}

/* What is in flight on the bus, now and at most */
struct flight {
	unsigned int reads;
	unsigned int most_reads;
	unsigned int writes;
	unsigned int most_writes;
	unsigned int longest;
};

static unsigned int smaller(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static unsigned int larger(unsigned int a, unsigned int b)
{
	return a > b ? a : b;
}

static void watch_flight(struct bench *b, void *arg)
{
	struct flight *f = arg;
	const struct pqdma_out *out = &b->out;
	const struct pqdma_in *in = &b->in;

	f->reads += out->m_axi_arvalid && in->m_axi_arready && !out->m_axi_arid;
	f->writes += out->m_axi_awvalid && in->m_axi_awready;
	f->most_reads = larger(f->most_reads, f->reads);
	f->most_writes = larger(f->most_writes, f->writes);
	f->reads -= in->m_axi_rvalid && out->m_axi_rready && in->m_axi_rlast && !in->m_axi_rid;
	f->writes -= in->m_axi_bvalid && out->m_axi_bready;
	if (out->m_axi_awvalid)
		f->longest = larger(f->longest, ((unsigned int)out->m_axi_awlen + 1) * PQDMA_BYTES);
}

static void put_copies(struct lists *l, unsigned int ch, unsigned int nr, uint32_t length)
{
	struct desc descs[COPIES];

	for (unsigned int i = 0; i < nr; i++)
		descs[i] = lists_desc(l, ch, PQDMA_OP_COPY, length);
	lists_scatter(l, ch, descs, nr);
}

/* On each channel a long row of strips of one beat, which wait for nothing but what is limited. */
static void run_rows(struct lists *l, unsigned int read_latency, unsigned int write_latency)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");

	config.read_latency = read_latency;
	config.write_latency = write_latency;
	mem_configure(l->b, &config);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		lists_burst(l, ch, 0);
		put_copies(l, ch, 1, ROW_BEATS * PQDMA_BYTES);
	}
	lists_run(l);
}

TEST(config_limits, "the longest strip is STRIP_BYTES; with a slow memory READS reads and STRIPS writes are in flight, and no more",
     .moves = true)
{
	struct lists *l = lists_new(b);
	struct flight flight = { 0 };

	bench_tap(b, watch_flight, &flight);
	put_copies(l, 0, 1, LONG_STRIPS * PQDMA_STRIP_BYTES);
	lists_run(l);
	CHECK_EQ(flight.longest, PQDMA_STRIP_BYTES);
	run_rows(l, SLOW, 1);
	CHECK(flight.most_reads <= PQDMA_READS);
	CHECK(flight.most_reads + 1 >= smaller(smaller(PQDMA_READS, PQDMA_STRIPS), PQDMA_BUF_BYTES / PQDMA_BYTES));
	run_rows(l, 1, SLOW);
	CHECK(flight.most_writes <= PQDMA_STRIPS);
	CHECK(flight.most_writes + 1 >= PQDMA_STRIPS);
	bench_tap(b, NULL, NULL);
	CHECK_EQ(lists_moved(l), 1 + 2 * PQDMA_CHANNELS);
}

TEST(config_copy, "at this configuration each channel copies and fills, alone and all together", .moves = true)
{
	struct lists *l = lists_new(b);
	struct rng *rng = test_rng(b);

	for (unsigned int round = 0; round <= PQDMA_CHANNELS; round++) {
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
			struct desc fill = lists_desc(l, ch, PQDMA_OP_FILL, rng_range(rng, 1, 2 * PQDMA_STRIP_BYTES));

			if (round < PQDMA_CHANNELS && ch != round)
				continue;
			put_copies(l, ch, COPIES, rng_range(rng, 1, 3 * PQDMA_STRIP_BYTES));
			lists_group(l, ch, &fill, 1);
		}
		lists_run(l);
	}
	CHECK_EQ(lists_moved(l), 2 * (COPIES + 1) * PQDMA_CHANNELS);
}
