// SPDX-License-Identifier: MIT
/*
 * Protocol checker for the AXI4 port. Sections are those of IHI 0022H; "spec" and "timing" are this project's own promises, which
 * are narrower than AXI. Rules look at the pins before the edge; then the transfers of the edge are followed.
 */
#include <string.h>
#include "axi_check.h"
#include "pins.h"

static const struct rule table[AXI_RULES] = {
	[AXI_RESET] = { "axi_reset", "IHI 0022 A3.1.2", "AWVALID, WVALID, ARVALID and dack are 0 after an edge with reset" },
	[AXI_KNOWN] = { "axi_known", "IHI 0022 A3.2.1", "no output pin is X or Z after the first reset" },
	[AXI_AW_HOLD] = { "axi_aw_hold", "IHI 0022 A3.2.1", "AWVALID stays until AWREADY" },
	[AXI_AW_STABLE] = { "axi_aw_stable", "IHI 0022 A3.2.1", "the write address does not change until AWREADY" },
	[AXI_W_HOLD] = { "axi_w_hold", "IHI 0022 A3.2.1", "WVALID stays until WREADY" },
	[AXI_W_STABLE] = { "axi_w_stable", "IHI 0022 A3.2.1", "the write data does not change until WREADY" },
	[AXI_AR_HOLD] = { "axi_ar_hold", "IHI 0022 A3.2.1", "ARVALID stays until ARREADY" },
	[AXI_AR_STABLE] = { "axi_ar_stable", "IHI 0022 A3.2.1", "the read address does not change until ARREADY" },
	[AXI_READY_HIGH] = { "axi_ready_high", "spec 8", "RREADY and BREADY are 1 whenever the controller is out of reset" },
	[AXI_4K] = { "axi_4k", "IHI 0022 A3.4.1", "a burst does not cross a 4 KiB boundary" },
	[AXI_STRIP] = { "axi_strip", "spec 8", "a burst does not cross a multiple of STRIP_BYTES" },
	[AXI_BURST_TYPE] = { "axi_burst_type", "spec 8", "bursts are INCR or FIXED" },
	[AXI_SIZE] = { "axi_size", "IHI 0022 A3.4.1", "beats are not wider than the bus" },
	[AXI_ALIGNED] = { "axi_aligned", "spec 8", "addresses are aligned to the width of a beat" },
	[AXI_FIXED] = { "axi_fixed", "IHI 0022 A3.4.1", "a FIXED burst has at most 16 beats" },
	[AXI_FETCH] = { "axi_fetch", "timing 7", "descriptors and tables are read with INCR bursts as wide as the bus" },
	[AXI_ATTRIBUTES] = { "axi_attributes", "spec 8", "AxCACHE is 0011, AxPROT is 000" },
	[AXI_AW_ID] = { "axi_aw_id", "spec 8", "the write ID is 0" },
	[AXI_AR_ID] = { "axi_ar_id", "spec 8", "the read ID is 0 or 1" },
	[AXI_USER] = { "axi_user", "spec 8", "AxUSER is the number of a channel that is built" },
	[AXI_W_LAST] = { "axi_w_last", "IHI 0022 A3.2.2", "WLAST is 1 in the last beat of a burst and in no other" },
	[AXI_W_AFTER_AW] = { "axi_w_after_aw", "timing 9", "data is not offered before the address of its burst" },
	[AXI_W_LANES] = { "axi_w_lanes", "timing 9", "the strobes of a burst are one row of bytes without a gap" },
	[AXI_W_NARROW] = { "axi_w_narrow", "timing 9", "a beat of a narrow or FIXED burst strobes all lanes of its transfer and no other" },
	[AXI_W_ZERO] = { "axi_w_zero", "timing 9", "data lanes without strobe are 0" },
	[AXI_B_HOLD] = { "axi_b_hold", "IHI 0022 A3.2.1", "BVALID stays until BREADY" },
	[AXI_B_STABLE] = { "axi_b_stable", "IHI 0022 A3.2.1", "the write response does not change until BREADY" },
	[AXI_B_ASKED] = { "axi_b_asked", "IHI 0022 A3.3.1", "a write response comes after the address and the last data of its burst" },
	[AXI_B_ID] = { "axi_b_id", "IHI 0022 A5.3", "the write response has the ID of its burst" },
	[AXI_R_HOLD] = { "axi_r_hold", "IHI 0022 A3.2.1", "RVALID stays until RREADY" },
	[AXI_R_STABLE] = { "axi_r_stable", "IHI 0022 A3.2.1", "the read data does not change until RREADY" },
	[AXI_R_ASKED] = { "axi_r_asked", "IHI 0022 A3.3.1", "read data comes after an address with its ID" },
	[AXI_R_LAST] = { "axi_r_last", "IHI 0022 A3.2.2", "RLAST is 1 in the last beat of a burst and in no other" },
	[AXI_DACK_PULSE] = { "axi_dack_pulse", "spec 2", "dack of a line is high for one clock" },
	[AXI_DACK_ONE] = { "axi_dack_one", "timing 10", "one piece is acknowledged in a clock" },
	[AXI_ALL_DONE] = { "axi_all_done", "spec 4", "at the end nothing is outstanding" },
};

void axi_check_init(struct axi_check *check)
{
	memset(check, 0, sizeof(*check));
	check->rules.table = table;
	check->rules.count = AXI_RULES;
}

static void fifo_push(struct axi_check_fifo *fifo, const struct axi_check_burst *burst)
{
	fifo->bursts[(fifo->head + fifo->count++) % AXI_CHECK_BURSTS] = *burst;
}

static const struct axi_check_burst *fifo_head(const struct axi_check_fifo *fifo)
{
	return &fifo->bursts[fifo->head % AXI_CHECK_BURSTS];
}

static void fifo_pop(struct axi_check_fifo *fifo)
{
	fifo->head++;
	fifo->count--;
}

/* Valid stays, and what it offers stays */

static bool same_aw(const struct pqdma_out *a, const struct pqdma_out *b)
{
	return a->m_axi_awaddr == b->m_axi_awaddr && a->m_axi_awlen == b->m_axi_awlen && a->m_axi_awid == b->m_axi_awid &&
	       a->m_axi_awsize == b->m_axi_awsize && a->m_axi_awburst == b->m_axi_awburst &&
	       a->m_axi_awcache == b->m_axi_awcache && a->m_axi_awprot == b->m_axi_awprot && a->m_axi_awuser == b->m_axi_awuser;
}

static bool same_ar(const struct pqdma_out *a, const struct pqdma_out *b)
{
	return a->m_axi_araddr == b->m_axi_araddr && a->m_axi_arlen == b->m_axi_arlen && a->m_axi_arid == b->m_axi_arid &&
	       a->m_axi_arsize == b->m_axi_arsize && a->m_axi_arburst == b->m_axi_arburst &&
	       a->m_axi_arcache == b->m_axi_arcache && a->m_axi_arprot == b->m_axi_arprot && a->m_axi_aruser == b->m_axi_aruser;
}

static bool same_w(const struct pqdma_out *a, const struct pqdma_out *b)
{
	return !memcmp(a->m_axi_wdata, b->m_axi_wdata, sizeof(a->m_axi_wdata)) && a->m_axi_wstrb == b->m_axi_wstrb &&
	       a->m_axi_wlast == b->m_axi_wlast;
}

static bool same_b(const struct pqdma_in *a, const struct pqdma_in *b)
{
	return a->m_axi_bid == b->m_axi_bid && a->m_axi_bresp == b->m_axi_bresp;
}

static bool same_r(const struct pqdma_in *a, const struct pqdma_in *b)
{
	return !memcmp(a->m_axi_rdata, b->m_axi_rdata, sizeof(a->m_axi_rdata)) && a->m_axi_rid == b->m_axi_rid &&
	       a->m_axi_rresp == b->m_axi_rresp && a->m_axi_rlast == b->m_axi_rlast;
}

static void check_held(struct axi_check *c, const struct pqdma_out *out, const struct pqdma_in *in)
{
	struct rules *r = &c->rules;

	if (c->aw_waits && rule_check(r, AXI_AW_HOLD, out->m_axi_awvalid))
		rule_check(r, AXI_AW_STABLE, same_aw(out, &c->out));
	if (c->w_waits && rule_check(r, AXI_W_HOLD, out->m_axi_wvalid))
		rule_check(r, AXI_W_STABLE, same_w(out, &c->out));
	if (c->ar_waits && rule_check(r, AXI_AR_HOLD, out->m_axi_arvalid))
		rule_check(r, AXI_AR_STABLE, same_ar(out, &c->out));
	if (c->b_waits && rule_check(r, AXI_B_HOLD, in->m_axi_bvalid))
		rule_check(r, AXI_B_STABLE, same_b(in, &c->in));
	if (c->r_waits && rule_check(r, AXI_R_HOLD, in->m_axi_rvalid))
		rule_check(r, AXI_R_STABLE, same_r(in, &c->in));
}

static void keep_waiting(struct axi_check *c, const struct pqdma_out *out, const struct pqdma_in *in)
{
	c->aw_waits = out->m_axi_awvalid && !in->m_axi_awready;
	c->w_waits = out->m_axi_wvalid && !in->m_axi_wready;
	c->ar_waits = out->m_axi_arvalid && !in->m_axi_arready;
	c->b_waits = in->m_axi_bvalid && !out->m_axi_bready;
	c->r_waits = in->m_axi_rvalid && !out->m_axi_rready;
	if (c->aw_waits || c->w_waits || c->ar_waits)
		c->out = *out;
	if (c->b_waits || c->r_waits)
		c->in = *in;
}

/* Addresses */

static struct axi_check_burst make_burst(uint64_t user, uint64_t addr, uint64_t len, uint64_t size, uint64_t type)
{
	return (struct axi_check_burst){ .channel = (unsigned int)user, .addr = addr, .beats = (unsigned int)len + 1,
					 .size = 1u << size, .fixed = !type };
}

static struct axi_check_burst aw_burst(const struct pqdma_out *out)
{
	return make_burst(out->m_axi_awuser, out->m_axi_awaddr, out->m_axi_awlen, out->m_axi_awsize, out->m_axi_awburst);
}

static struct axi_check_burst ar_burst(const struct pqdma_out *out)
{
	return make_burst(out->m_axi_aruser, out->m_axi_araddr, out->m_axi_arlen, out->m_axi_arsize, out->m_axi_arburst);
}

static void check_burst(struct rules *r, const struct axi_check_burst *burst, uint64_t type)
{
	uint64_t first = burst->addr, last = first + (burst->fixed ? 1 : burst->beats) * (uint64_t)burst->size - 1;

	rule_check(r, AXI_4K, first / 4096 == last / 4096);
	rule_check(r, AXI_STRIP, first / PQDMA_STRIP_BYTES == last / PQDMA_STRIP_BYTES);
	rule_check(r, AXI_BURST_TYPE, type <= 1);
	rule_check(r, AXI_SIZE, burst->size <= PQDMA_BYTES);
	rule_check(r, AXI_ALIGNED, first % burst->size == 0);
	if (burst->fixed)
		rule_check(r, AXI_FIXED, burst->beats <= 16);
}

static void check_aw(struct axi_check *c, const struct pqdma_out *out)
{
	const struct axi_check_burst burst = aw_burst(out);
	struct rules *r = &c->rules;

	check_burst(r, &burst, out->m_axi_awburst);
	rule_check(r, AXI_ATTRIBUTES, out->m_axi_awcache == 3 && out->m_axi_awprot == 0);
	rule_check(r, AXI_AW_ID, out->m_axi_awid == 0);
	rule_check(r, AXI_USER, out->m_axi_awuser < PQDMA_CHANNELS);
	if (!c->aw_waits)
		fifo_push(&c->writes, &burst);
}

static void check_ar(struct axi_check *c, const struct pqdma_out *out)
{
	const struct axi_check_burst burst = ar_burst(out);
	struct rules *r = &c->rules;

	check_burst(r, &burst, out->m_axi_arburst);
	rule_check(r, AXI_ATTRIBUTES, out->m_axi_arcache == 3 && out->m_axi_arprot == 0);
	rule_check(r, AXI_AR_ID, out->m_axi_arid <= 1);
	rule_check(r, AXI_USER, out->m_axi_aruser < PQDMA_CHANNELS);
	if (out->m_axi_arid)
		rule_check(r, AXI_FETCH, !burst.fixed && burst.size == PQDMA_BYTES);
}

/* Write data */

/* Is the strobe one row of bytes, that goes to the top lane unless the burst ends here, and begins at lane 0 unless it begins here? */
static bool lanes_fit(uint64_t strb, bool first, bool last)
{
	const uint64_t all = ~0ull >> (64 - PQDMA_BYTES);
	uint64_t low = strb & -strb;

	if (!strb || (strb & ~all))
		return false;
	if (!first && low != 1)
		return false;
	return last ? !(strb & (strb + low)) : strb == (all & -low);
}

/* The lanes that a beat of this burst has to itself. */
static uint64_t own_lanes(const struct axi_check_burst *burst, unsigned int beat)
{
	uint64_t addr = burst->addr + (burst->fixed ? 0 : (uint64_t)beat * burst->size);

	return ~0ull >> (64 - burst->size) << addr % PQDMA_BYTES;
}

static bool lanes_zero(const struct pqdma_out *out)
{
	const uint8_t *data = (const uint8_t *)out->m_axi_wdata;

	if (out->m_axi_wstrb == ~0ull >> (64 - PQDMA_BYTES))
		return true;
	for (unsigned int lane = 0; lane < PQDMA_BYTES; lane++)
		if (!(out->m_axi_wstrb >> lane & 1) && data[lane])
			return false;
	return true;
}

static void check_lanes(struct axi_check *c, const struct axi_check_burst *burst, uint64_t strb, bool last)
{
	if (burst->fixed || burst->size < PQDMA_BYTES)
		rule_check(&c->rules, AXI_W_NARROW, strb == own_lanes(burst, c->wbeat));
	else
		rule_check(&c->rules, AXI_W_LANES, lanes_fit(strb, !c->wbeat, last));
}

static void check_w(struct axi_check *c, const struct pqdma_out *out, bool taken)
{
	struct rules *r = &c->rules;
	bool last;

	if (!rule_check(r, AXI_W_AFTER_AW, c->writes.count != 0))
		return;
	last = c->wbeat + 1 == fifo_head(&c->writes)->beats;
	rule_check(r, AXI_W_LAST, out->m_axi_wlast == last);
	check_lanes(c, fifo_head(&c->writes), out->m_axi_wstrb, last);
	rule_check(r, AXI_W_ZERO, lanes_zero(out));
	if (!taken)
		return;
	c->wbeat++;
	if (!last)
		return;
	c->wbeat = 0;
	c->datas++;
	fifo_pop(&c->writes);
}

/* Responses */

static void check_b(struct axi_check *c, const struct pqdma_in *in, bool taken)
{
	bool asked = rule_check(&c->rules, AXI_B_ASKED, c->addresses && c->datas);

	rule_check(&c->rules, AXI_B_ID, in->m_axi_bid == 0);
	if (!asked || !taken)
		return;
	c->addresses--;
	c->datas--;
}

static void check_r(struct axi_check *c, const struct pqdma_in *in, bool taken)
{
	struct axi_check_fifo *reads = &c->reads[in->m_axi_rid];
	unsigned int *beat = &c->rbeat[in->m_axi_rid];
	bool last;

	if (!rule_check(&c->rules, AXI_R_ASKED, reads->count != 0))
		return;
	last = *beat + 1 == fifo_head(reads)->beats;
	rule_check(&c->rules, AXI_R_LAST, in->m_axi_rlast == last);
	if (!taken)
		return;
	++*beat;
	if (!last)
		return;
	*beat = 0;
	fifo_pop(reads);
}

/* Request lines */

static void check_dack(struct axi_check *c, const struct pqdma_out *out)
{
	if (!out->dack)
		return;
	rule_check(&c->rules, AXI_DACK_PULSE, !(out->dack & c->dack));
	rule_check(&c->rules, AXI_DACK_ONE, !(out->dack & (out->dack - 1)));
}

/* Reset */

static void forget(struct axi_check *c)
{
	for (unsigned int id = 0; id < AXI_CHECK_IDS; id++)
		c->reads[id].count = c->rbeat[id] = 0;
	c->writes.count = c->wbeat = c->addresses = c->datas = 0;
	c->dack = 0;
	c->aw_waits = c->w_waits = c->ar_waits = c->b_waits = c->r_waits = false;
}

static bool all_known(const uint32_t *unknown)
{
	uint32_t any = 0;

	for (unsigned int i = 0; i < PIN_OUT_WORDS; i++)
		any |= unknown[i];
	return !any;
}

/* Responses are looked at before addresses and data: what is asked for at an edge cannot be answered at the same one. */
static void check_transfers(struct axi_check *c, const struct pqdma_out *out, const struct pqdma_in *in)
{
	if (in->m_axi_bvalid)
		check_b(c, in, out->m_axi_bready);
	if (in->m_axi_rvalid)
		check_r(c, in, out->m_axi_rready);
	if (out->m_axi_awvalid)
		check_aw(c, out);
	if (out->m_axi_arvalid)
		check_ar(c, out);
	if (out->m_axi_wvalid)
		check_w(c, out, in->m_axi_wready);
	c->addresses += out->m_axi_awvalid && in->m_axi_awready;
	if (out->m_axi_arvalid && in->m_axi_arready) {
		const struct axi_check_burst burst = ar_burst(out);

		fifo_push(&c->reads[out->m_axi_arid], &burst);
	}
}

void axi_check_clock(struct axi_check *c, const struct pqdma_out *out, const struct pqdma_in *in, const uint32_t *unknown, uint64_t edge)
{
	c->rules.edge = edge;
	rule_check(&c->rules, AXI_KNOWN, all_known(unknown));
	if (c->was_reset)
		rule_check(&c->rules, AXI_RESET, !out->m_axi_awvalid && !out->m_axi_wvalid && !out->m_axi_arvalid && !out->dack);
	c->was_reset = !in->rst_n;
	if (!in->rst_n) {
		forget(c);
		return;
	}
	rule_check(&c->rules, AXI_READY_HIGH, out->m_axi_rready && out->m_axi_bready);
	check_held(c, out, in);
	check_transfers(c, out, in);
	check_dack(c, out);
	c->dack = out->dack;
	keep_waiting(c, out, in);
}

void axi_check_end(struct axi_check *c)
{
	bool reading = false;

	for (unsigned int id = 0; id < AXI_CHECK_IDS; id++)
		reading |= c->reads[id].count != 0;
	rule_check(&c->rules, AXI_ALL_DONE, !reading && !c->writes.count && !c->addresses && !c->datas && !c->aw_waits && !c->ar_waits);
}
