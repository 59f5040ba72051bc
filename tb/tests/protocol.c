// SPDX-License-Identifier: MIT
/*
 * The AXI4 checker itself: each of its rules must fire on a planted violation, and none without one. Real traffic runs on a slow and
 * irregular memory; for each rule a checker of its own sees it with one thing spoiled, once. A rule that cannot
 * fire, or that fires on legal traffic, fails here.
 */
#include "pins.h"
#include "test.h"

#define NONE AXI_RULES

struct probe;

/**
 * struct plant - how to break one rule
 * @rule:  the rule
 * @spoil: spoil the pins if this clock is a good moment; called until it says that it is done
 * @also:  a rule that breaks before it, because the planted violation needs that; NONE for none
 */
struct plant {
	enum axi_rule rule;
	bool (*spoil)(struct probe *p);
	enum axi_rule also;
};

struct probe {
	const struct plant *plant;
	struct axi_check check;
	bool planted;
	bool step;			/* the first of two clocks of a violation is done */
	struct pqdma_out out;
	struct pqdma_in in;
	uint32_t unknown[PIN_OUT_WORDS];
};

static bool new_aw(const struct probe *p)
{
	return p->in.rst_n && p->out.m_axi_awvalid && !p->check.aw_waits;
}

static bool new_w(const struct probe *p)
{
	return p->in.rst_n && p->out.m_axi_wvalid && !p->check.w_waits && (p->check.writes.count || new_aw(p));
}

static bool spoil_reset(struct probe *p)
{
	if (!p->check.was_reset)
		return false;
	p->out.m_axi_arvalid = 1;
	return true;
}

static bool spoil_known(struct probe *p)
{
	p->unknown[PIN_OUT_WORDS - 1] = 1;
	return true;
}

static bool spoil_aw_hold(struct probe *p)
{
	p->out.m_axi_awvalid = 0;
	return p->check.aw_waits;
}

static bool spoil_aw_stable(struct probe *p)
{
	p->out.m_axi_awlen ^= 1;
	return p->check.aw_waits;
}

static bool spoil_w_hold(struct probe *p)
{
	p->out.m_axi_wvalid = 0;
	return p->check.w_waits;
}

static bool spoil_w_stable(struct probe *p)
{
	p->out.m_axi_wdata[PQDMA_DATA_W / 32 - 1] ^= 0x80000000u;
	return p->check.w_waits;
}

static bool spoil_ar_hold(struct probe *p)
{
	p->out.m_axi_arvalid = 0;
	return p->check.ar_waits;
}

static bool spoil_ar_stable(struct probe *p)
{
	p->out.m_axi_araddr ^= 1ull << 63;
	return p->check.ar_waits;
}

static bool spoil_ready_high(struct probe *p)
{
	p->out.m_axi_rready = 0;
	return p->in.rst_n && !p->in.m_axi_rvalid;
}

static bool spoil_4k(struct probe *p)
{
	p->out.m_axi_awaddr = (p->out.m_axi_awaddr | 4095) & ~(uint64_t)(PQDMA_BYTES - 1);
	p->out.m_axi_awlen = 1;
	return new_aw(p);
}

static bool spoil_strip(struct probe *p)
{
	p->out.m_axi_awaddr = (p->out.m_axi_awaddr & ~4095ull) + PQDMA_STRIP_BYTES - PQDMA_BYTES;
	p->out.m_axi_awlen = 1;
	return new_aw(p);
}

static bool spoil_burst_type(struct probe *p)
{
	p->out.m_axi_awburst = 2;
	return new_aw(p);
}

static bool spoil_size(struct probe *p)
{
	p->out.m_axi_araddr &= ~(uint64_t)(PQDMA_STRIP_BYTES - 1);
	p->out.m_axi_arlen = 0;
	p->out.m_axi_arsize += p->out.m_axi_arid == 0;
	return p->out.m_axi_arvalid && !p->out.m_axi_arid && !p->check.ar_waits;
}

static bool spoil_aligned(struct probe *p)
{
	p->out.m_axi_awaddr += 1;
	return new_aw(p);
}

static bool spoil_fixed(struct probe *p)
{
	p->out.m_axi_awburst = 0;
	p->out.m_axi_awlen = 16;
	return new_aw(p);
}

static bool spoil_fetch(struct probe *p)
{
	p->out.m_axi_arsize--;
	return p->out.m_axi_arvalid && p->out.m_axi_arid && !p->check.ar_waits;
}

static bool spoil_attributes(struct probe *p)
{
	p->out.m_axi_awprot = 1;
	return new_aw(p);
}

static bool spoil_aw_id(struct probe *p)
{
	p->out.m_axi_awid = 1;
	return new_aw(p);
}

static bool spoil_ar_id(struct probe *p)
{
	p->out.m_axi_arid = 2;
	return p->out.m_axi_arvalid && !p->check.ar_waits;
}

static bool spoil_user(struct probe *p)
{
	p->out.m_axi_awuser = PQDMA_CHANNELS;
	return new_aw(p);
}

static bool spoil_w_last(struct probe *p)
{
	p->out.m_axi_wlast ^= 1;
	return new_w(p);
}

/* The first data of a burst comes together with its address; without the address it is alone. */
static bool spoil_w_after_aw(struct probe *p)
{
	bool alone = new_aw(p) && p->out.m_axi_wvalid && !p->check.w_waits && !p->check.writes.count;

	p->out.m_axi_awvalid = 0;
	return alone;
}

static bool spoil_w_lanes(struct probe *p)
{
	p->out.m_axi_wstrb = 0;
	memset(p->out.m_axi_wdata, 0, sizeof(p->out.m_axi_wdata));
	return new_w(p);
}

/* A burst of one byte, in lane 0, with a second strobe */
static bool spoil_w_narrow(struct probe *p)
{
	bool alone = new_aw(p) && p->out.m_axi_wvalid && !p->check.w_waits && !p->check.writes.count;

	p->out.m_axi_awaddr &= ~(uint64_t)(PQDMA_BYTES - 1);
	p->out.m_axi_awlen = 0;
	p->out.m_axi_awsize = 0;
	p->out.m_axi_wlast = 1;
	p->out.m_axi_wstrb = 3;
	memset(p->out.m_axi_wdata, 0, sizeof(p->out.m_axi_wdata));
	return alone;
}

static bool spoil_w_zero(struct probe *p)
{
	memset(p->out.m_axi_wdata, 0xff, sizeof(p->out.m_axi_wdata));
	return new_w(p) && p->out.m_axi_wstrb != ~0ull >> (64 - PQDMA_BYTES);
}

/* The controller takes every response at once, so it first has to be made to wait. True in the clock after that. */
static bool b_waits(struct probe *p)
{
	if (p->step)
		return true;
	p->out.m_axi_bready = 0;
	p->step = p->in.m_axi_bvalid;
	return false;
}

static bool spoil_b_hold(struct probe *p)
{
	if (!b_waits(p))
		return false;
	p->in.m_axi_bvalid = 0;
	return true;
}

static bool spoil_b_stable(struct probe *p)
{
	if (!b_waits(p))
		return false;
	p->in.m_axi_bvalid = 1;
	p->in.m_axi_bresp = p->check.in.m_axi_bresp ^ 2;
	return true;
}

static bool spoil_b_asked(struct probe *p)
{
	p->in.m_axi_bvalid = 1;
	return p->in.rst_n && !p->check.datas;
}

static bool spoil_b_id(struct probe *p)
{
	p->in.m_axi_bid = 1;
	return p->in.m_axi_bvalid;
}

static bool r_waits(struct probe *p)
{
	if (p->step)
		return true;
	p->out.m_axi_rready = 0;
	p->step = p->in.m_axi_rvalid;
	return false;
}

static bool spoil_r_hold(struct probe *p)
{
	if (!r_waits(p))
		return false;
	p->in.m_axi_rvalid = 0;
	return true;
}

static bool spoil_r_stable(struct probe *p)
{
	if (!r_waits(p))
		return false;
	p->in.m_axi_rvalid = 1;
	p->in.m_axi_rdata[0] = ~p->check.in.m_axi_rdata[0];
	return true;
}

static bool spoil_r_asked(struct probe *p)
{
	bool quiet = p->in.rst_n && !p->in.m_axi_rvalid;

	p->in.m_axi_rvalid = 1;
	p->in.m_axi_rid = 7;
	return quiet;
}

static bool spoil_r_last(struct probe *p)
{
	p->in.m_axi_rlast ^= 1;
	return p->in.m_axi_rvalid;
}

static bool spoil_dack_pulse(struct probe *p)
{
	bool again = p->step;

	p->step = p->in.rst_n && !p->check.was_reset;
	p->out.dack = p->step;
	return again;
}

static bool spoil_dack_one(struct probe *p)
{
	p->out.dack = 3;
	return p->in.rst_n && !p->check.was_reset;
}

static bool spoil_all_done(struct probe *p)
{
	if (!p->check.addresses)
		return false;
	axi_check_end(&p->check);
	return true;
}

static const struct plant plants[] = {
	{ AXI_RESET, spoil_reset, NONE },
	{ AXI_KNOWN, spoil_known, NONE },
	{ AXI_AW_HOLD, spoil_aw_hold, NONE },
	{ AXI_AW_STABLE, spoil_aw_stable, NONE },
	{ AXI_W_HOLD, spoil_w_hold, NONE },
	{ AXI_W_STABLE, spoil_w_stable, NONE },
	{ AXI_AR_HOLD, spoil_ar_hold, NONE },
	{ AXI_AR_STABLE, spoil_ar_stable, NONE },
	{ AXI_READY_HIGH, spoil_ready_high, NONE },
	{ AXI_4K, spoil_4k, NONE },
	{ AXI_STRIP, spoil_strip, AXI_4K },
	{ AXI_BURST_TYPE, spoil_burst_type, NONE },
	{ AXI_SIZE, spoil_size, AXI_STRIP },
	{ AXI_ALIGNED, spoil_aligned, AXI_STRIP },
	{ AXI_FIXED, spoil_fixed, NONE },
	{ AXI_FETCH, spoil_fetch, NONE },
	{ AXI_ATTRIBUTES, spoil_attributes, NONE },
	{ AXI_AW_ID, spoil_aw_id, NONE },
	{ AXI_AR_ID, spoil_ar_id, NONE },
	{ AXI_USER, spoil_user, NONE },
	{ AXI_W_LAST, spoil_w_last, NONE },
	{ AXI_W_AFTER_AW, spoil_w_after_aw, NONE },
	{ AXI_W_LANES, spoil_w_lanes, NONE },
	{ AXI_W_NARROW, spoil_w_narrow, NONE },
	{ AXI_W_ZERO, spoil_w_zero, NONE },
	{ AXI_B_HOLD, spoil_b_hold, AXI_READY_HIGH },
	{ AXI_B_STABLE, spoil_b_stable, AXI_READY_HIGH },
	{ AXI_B_ASKED, spoil_b_asked, NONE },
	{ AXI_B_ID, spoil_b_id, NONE },
	{ AXI_R_HOLD, spoil_r_hold, AXI_READY_HIGH },
	{ AXI_R_STABLE, spoil_r_stable, AXI_READY_HIGH },
	{ AXI_R_ASKED, spoil_r_asked, NONE },
	{ AXI_R_LAST, spoil_r_last, NONE },
	{ AXI_DACK_PULSE, spoil_dack_pulse, NONE },
	{ AXI_DACK_ONE, spoil_dack_one, NONE },
	{ AXI_ALL_DONE, spoil_all_done, NONE },
};

#define NR_PLANTS (sizeof(plants) / sizeof(plants[0]))

/* A planted violation confuses whoever followed the traffic, so a checker is of no use after it. */
static void probe_clock(struct bench *b, struct probe *p)
{
	if (p->planted)
		return;
	p->out = b->out;
	p->in = b->in;
	memset(p->unknown, 0, sizeof(p->unknown));
	p->planted = p->plant->spoil(p);
	if (!p->planted && !p->step) {
		p->out = b->out;
		p->in = b->in;
		memset(p->unknown, 0, sizeof(p->unknown));
	}
	axi_check_clock(&p->check, &p->out, &p->in, p->unknown, b->hw.clock + 1);
}

static void probe_all(struct bench *b, void *arg)
{
	struct probe *probes = arg;

	for (size_t i = 0; i < NR_PLANTS; i++)
		probe_clock(b, &probes[i]);
}

static void run_traffic(struct bench *b)
{
	uint64_t list = ram_alloc(b, 2 * PQDMA_DESC_SIZE), src = ram_alloc(b, 8192), dst = ram_alloc(b, 8192);

	for (unsigned int i = 0; i < 2; i++)
		desc_put(b, list + i * PQDMA_DESC_SIZE, &(struct desc){ .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_WB, .length = 3001,
									.src = src + i * 4096 + 3, .dst = dst + i * 4096 + 9 });
	chan_start(b, 0, list, 2, 2);
	wait_done(b, 0, 2, 50000);
	wait_idle(b, 0, 1000);
	chan_abort(b, 0);
}

static void check_probe(struct bench *b, const struct probe *p)
{
	const struct rules *rules = &p->check.rules;
	const struct rule *rule = &rules->table[p->plant->rule];

	if (!p->planted)
		test_fail(b, "there was no occasion to break %s", rule->name);
	if (!rules->broken[p->plant->rule])
		test_fail(b, "%s was broken and did not fire", rule->name);
	if (rules->first != rule && (p->plant->also == NONE || rules->first != &rules->table[p->plant->also]))
		test_fail(b, "%s was broken and %s fired first", rule->name, rules->first->name);
}

TEST(protocol_axi, "every rule of the AXI4 checker fires on a planted violation and on nothing else", .moves = true, .one_port = true)
{
	static struct probe probes[NR_PLANTS];
	const struct axi_mem_config *config = axi_mem_profile("torture");

	_Static_assert(NR_PLANTS == AXI_RULES, "a rule without a planted violation");
	for (size_t i = 0; i < NR_PLANTS; i++) {
		probes[i].plant = &plants[i];
		axi_check_init(&probes[i].check);
	}
	mem_configure(b, config);
	bench_tap(b, probe_all, probes);
	bench_reset(b, 2);
	run_traffic(b);
	bench_tap(b, NULL, NULL);
	for (size_t i = 0; i < NR_PLANTS; i++)
		check_probe(b, &probes[i]);
	CHECK(!b->axi_check.rules.first);
}
