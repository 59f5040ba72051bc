// SPDX-License-Identifier: MIT
/*
 * The AXI4-Lite checker itself: each of its rules must fire on a planted violation, and none without one. Real accesses run; for each
 * rule a checker of its own sees them with one thing spoiled, once.
 */
#include "test.h"

struct probe;

/**
 * struct plant - how to break one rule
 * @rule:  the rule
 * @spoil: spoil the pins if this clock is a good moment; called until it says that it is done. A violation that takes two clocks
 *         says so in the second one, with @step of the probe set.
 */
struct plant {
	enum axil_rule rule;
	bool (*spoil)(struct probe *p);
};

struct probe {
	const struct plant *plant;
	struct axil_check check;
	bool planted;
	bool step;
	struct pqdma_out out;
	struct pqdma_in in;
};

static bool spoil_reset(struct probe *p)
{
	p->out.s_axil_rvalid = 1;
	return p->check.was_reset;
}

/* Whoever offers is made to wait in one clock; true in the next one. */
static bool aw_waits(struct probe *p)
{
	if (p->step)
		return true;
	p->out.s_axil_awready = 0;
	p->step = p->in.s_axil_awvalid;
	return false;
}

static bool spoil_aw_hold(struct probe *p)
{
	if (!aw_waits(p))
		return false;
	p->in.s_axil_awvalid = 0;
	return true;
}

static bool spoil_aw_stable(struct probe *p)
{
	if (!aw_waits(p))
		return false;
	p->in.s_axil_awvalid = 1;
	p->in.s_axil_awaddr = p->check.in.s_axil_awaddr ^ 2;
	return true;
}

static bool w_waits(struct probe *p)
{
	if (p->step)
		return true;
	p->out.s_axil_wready = 0;
	p->step = p->in.s_axil_wvalid;
	return false;
}

static bool spoil_w_hold(struct probe *p)
{
	if (!w_waits(p))
		return false;
	p->in.s_axil_wvalid = 0;
	return true;
}

static bool spoil_w_stable(struct probe *p)
{
	if (!w_waits(p))
		return false;
	p->in.s_axil_wvalid = 1;
	p->in.s_axil_wdata = p->check.in.s_axil_wdata ^ 2;
	return true;
}

static bool ar_waits(struct probe *p)
{
	if (p->step)
		return true;
	p->out.s_axil_arready = 0;
	p->step = p->in.s_axil_arvalid;
	return false;
}

static bool spoil_ar_hold(struct probe *p)
{
	if (!ar_waits(p))
		return false;
	p->in.s_axil_arvalid = 0;
	return true;
}

static bool spoil_ar_stable(struct probe *p)
{
	if (!ar_waits(p))
		return false;
	p->in.s_axil_arvalid = 1;
	p->in.s_axil_araddr = p->check.in.s_axil_araddr ^ 2;
	return true;
}

static bool b_waits(struct probe *p)
{
	if (p->step)
		return true;
	p->in.s_axil_bready = 0;
	p->step = p->out.s_axil_bvalid;
	return false;
}

static bool spoil_b_hold(struct probe *p)
{
	if (!b_waits(p))
		return false;
	p->out.s_axil_bvalid = 0;
	return true;
}

static bool spoil_b_stable(struct probe *p)
{
	if (!b_waits(p))
		return false;
	p->out.s_axil_bvalid = 1;
	p->out.s_axil_bresp = p->check.out.s_axil_bresp ^ 2;
	return true;
}

static bool spoil_b_asked(struct probe *p)
{
	p->out.s_axil_bvalid = 1;
	return p->in.rst_n && !p->check.was_reset && !p->check.datas;
}

static bool r_waits(struct probe *p)
{
	if (p->step)
		return true;
	p->in.s_axil_rready = 0;
	p->step = p->out.s_axil_rvalid;
	return false;
}

static bool spoil_r_hold(struct probe *p)
{
	if (!r_waits(p))
		return false;
	p->out.s_axil_rvalid = 0;
	return true;
}

static bool spoil_r_stable(struct probe *p)
{
	if (!r_waits(p))
		return false;
	p->out.s_axil_rvalid = 1;
	p->out.s_axil_rdata = p->check.out.s_axil_rdata ^ 2;
	return true;
}

static bool spoil_r_asked(struct probe *p)
{
	p->out.s_axil_rvalid = 1;
	return p->in.rst_n && !p->check.was_reset && !p->check.reads;
}

static bool spoil_response(struct probe *p)
{
	p->out.s_axil_bresp = 1;
	return p->out.s_axil_bvalid && !p->check.b_waits;
}

static bool spoil_prompt(struct probe *p)
{
	bool due = p->check.reads && !p->check.r_waits;

	p->out.s_axil_rvalid = 0;
	return due;
}

static bool spoil_all_done(struct probe *p)
{
	if (!p->check.reads)
		return false;
	axil_check_end(&p->check);
	return true;
}

static const struct plant plants[] = {
	{ AXIL_RESET, spoil_reset },
	{ AXIL_AW_HOLD, spoil_aw_hold },
	{ AXIL_AW_STABLE, spoil_aw_stable },
	{ AXIL_W_HOLD, spoil_w_hold },
	{ AXIL_W_STABLE, spoil_w_stable },
	{ AXIL_AR_HOLD, spoil_ar_hold },
	{ AXIL_AR_STABLE, spoil_ar_stable },
	{ AXIL_B_HOLD, spoil_b_hold },
	{ AXIL_B_STABLE, spoil_b_stable },
	{ AXIL_B_ASKED, spoil_b_asked },
	{ AXIL_R_HOLD, spoil_r_hold },
	{ AXIL_R_STABLE, spoil_r_stable },
	{ AXIL_R_ASKED, spoil_r_asked },
	{ AXIL_RESPONSE, spoil_response },
	{ AXIL_PROMPT, spoil_prompt },
	{ AXIL_ALL_DONE, spoil_all_done },
};

#define NR_PLANTS (sizeof(plants) / sizeof(plants[0]))

static void probe_clock(struct bench *b, struct probe *p)
{
	if (p->planted)
		return;
	p->out = b->out;
	p->in = b->in;
	p->planted = p->plant->spoil(p);
	if (!p->planted && !p->step) {
		p->out = b->out;
		p->in = b->in;
	}
	axil_check_clock(&p->check, &p->out, &p->in, b->hw.clock + 1);
}

static void probe_all(struct bench *b, void *arg)
{
	struct probe *probes = arg;

	for (size_t i = 0; i < NR_PLANTS; i++)
		probe_clock(b, &probes[i]);
}

static void check_probe(struct bench *b, const struct probe *p)
{
	const struct rules *rules = &p->check.rules;
	const struct rule *rule = &rules->table[p->plant->rule];

	if (!p->planted)
		test_fail(b, "there was no occasion to break %s", rule->name);
	if (!rules->broken[p->plant->rule])
		test_fail(b, "%s was broken and did not fire", rule->name);
	if (rules->first != rule)
		test_fail(b, "%s was broken and %s fired first", rule->name, rules->first->name);
}

TEST(protocol_axil, "every rule of the AXI4-Lite checker fires on a planted violation and on nothing else")
{
	static struct probe probes[NR_PLANTS];

	_Static_assert(NR_PLANTS == AXIL_RULES, "a rule without a planted violation");
	for (size_t i = 0; i < NR_PLANTS; i++) {
		probes[i].plant = &plants[i];
		axil_check_init(&probes[i].check);
	}
	bench_tap(b, probe_all, probes);
	bench_reset(b, 2);
	for (unsigned int i = 0; i < 50; i++) {
		reg_write(b, PQDMA_REG_SCRATCH, i);
		CHECK_EQ(reg_read(b, PQDMA_REG_SCRATCH), i);
	}
	bench_tap(b, NULL, NULL);
	for (size_t i = 0; i < NR_PLANTS; i++)
		check_probe(b, &probes[i]);
	CHECK(!b->axil_check.rules.first);
}
