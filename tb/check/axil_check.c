// SPDX-License-Identifier: MIT
// Protocol checker for the AXI4-Lite port. Sections are those of IHI 0022H; "timing" is this project's own promise.
#include <string.h>
#include "axil_check.h"

static const struct rule table[AXIL_RULES] = {
	[AXIL_RESET] = { "axil_reset", "IHI 0022 A3.1.2", "BVALID and RVALID are 0 after an edge with reset" },
	[AXIL_AW_HOLD] = { "axil_aw_hold", "IHI 0022 A3.2.1", "AWVALID stays until AWREADY" },
	[AXIL_AW_STABLE] = { "axil_aw_stable", "IHI 0022 A3.2.1", "the write address does not change until AWREADY" },
	[AXIL_W_HOLD] = { "axil_w_hold", "IHI 0022 A3.2.1", "WVALID stays until WREADY" },
	[AXIL_W_STABLE] = { "axil_w_stable", "IHI 0022 A3.2.1", "the write data does not change until WREADY" },
	[AXIL_AR_HOLD] = { "axil_ar_hold", "IHI 0022 A3.2.1", "ARVALID stays until ARREADY" },
	[AXIL_AR_STABLE] = { "axil_ar_stable", "IHI 0022 A3.2.1", "the read address does not change until ARREADY" },
	[AXIL_B_HOLD] = { "axil_b_hold", "IHI 0022 A3.2.1", "BVALID stays until BREADY" },
	[AXIL_B_STABLE] = { "axil_b_stable", "IHI 0022 A3.2.1", "the write response does not change until BREADY" },
	[AXIL_B_ASKED] = { "axil_b_asked", "IHI 0022 A3.3.1", "a write response comes after address and data" },
	[AXIL_R_HOLD] = { "axil_r_hold", "IHI 0022 A3.2.1", "RVALID stays until RREADY" },
	[AXIL_R_STABLE] = { "axil_r_stable", "IHI 0022 A3.2.1", "the read data does not change until RREADY" },
	[AXIL_R_ASKED] = { "axil_r_asked", "IHI 0022 A3.3.1", "read data comes after an address" },
	[AXIL_RESPONSE] = { "axil_response", "IHI 0022 B1.1.1", "the response is not EXOKAY" },
	[AXIL_PROMPT] = { "axil_prompt", "timing 2", "a response follows its request at the next edge" },
	[AXIL_ALL_DONE] = { "axil_all_done", "spec 7", "at the end nothing is outstanding" },
};

void axil_check_init(struct axil_check *check)
{
	memset(check, 0, sizeof(*check));
	check->rules.table = table;
	check->rules.count = AXIL_RULES;
}

static void check_held(struct axil_check *c, const struct pqdma_out *out, const struct pqdma_in *in)
{
	struct rules *r = &c->rules;

	if (c->aw_waits && rule_check(r, AXIL_AW_HOLD, in->s_axil_awvalid))
		rule_check(r, AXIL_AW_STABLE, in->s_axil_awaddr == c->in.s_axil_awaddr);
	if (c->w_waits && rule_check(r, AXIL_W_HOLD, in->s_axil_wvalid))
		rule_check(r, AXIL_W_STABLE, in->s_axil_wdata == c->in.s_axil_wdata && in->s_axil_wstrb == c->in.s_axil_wstrb);
	if (c->ar_waits && rule_check(r, AXIL_AR_HOLD, in->s_axil_arvalid))
		rule_check(r, AXIL_AR_STABLE, in->s_axil_araddr == c->in.s_axil_araddr);
	if (c->b_waits && rule_check(r, AXIL_B_HOLD, out->s_axil_bvalid))
		rule_check(r, AXIL_B_STABLE, out->s_axil_bresp == c->out.s_axil_bresp);
	if (c->r_waits && rule_check(r, AXIL_R_HOLD, out->s_axil_rvalid))
		rule_check(r, AXIL_R_STABLE, out->s_axil_rdata == c->out.s_axil_rdata && out->s_axil_rresp == c->out.s_axil_rresp);
}

static void keep_waiting(struct axil_check *c, const struct pqdma_out *out, const struct pqdma_in *in)
{
	c->aw_waits = in->s_axil_awvalid && !out->s_axil_awready;
	c->w_waits = in->s_axil_wvalid && !out->s_axil_wready;
	c->ar_waits = in->s_axil_arvalid && !out->s_axil_arready;
	c->b_waits = out->s_axil_bvalid && !in->s_axil_bready;
	c->r_waits = out->s_axil_rvalid && !in->s_axil_rready;
	if (c->aw_waits || c->w_waits || c->ar_waits)
		c->in = *in;
	if (c->b_waits || c->r_waits)
		c->out = *out;
}

/* Looked at before the requests of this edge are counted, so a response cannot answer a request of its own edge. */
static void check_responses(struct axil_check *c, const struct pqdma_out *out, const struct pqdma_in *in)
{
	struct rules *r = &c->rules;

	if (c->addresses && c->datas)
		rule_check(r, AXIL_PROMPT, out->s_axil_bvalid);
	if (c->reads)
		rule_check(r, AXIL_PROMPT, out->s_axil_rvalid);
	if (out->s_axil_bvalid) {
		rule_check(r, AXIL_RESPONSE, out->s_axil_bresp != 1);
		if (rule_check(r, AXIL_B_ASKED, c->addresses && c->datas) && in->s_axil_bready) {
			c->addresses--;
			c->datas--;
		}
	}
	if (out->s_axil_rvalid) {
		rule_check(r, AXIL_RESPONSE, out->s_axil_rresp != 1);
		if (rule_check(r, AXIL_R_ASKED, c->reads != 0) && in->s_axil_rready)
			c->reads--;
	}
}

void axil_check_clock(struct axil_check *c, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t edge)
{
	c->rules.edge = edge;
	if (c->was_reset)
		rule_check(&c->rules, AXIL_RESET, !out->s_axil_bvalid && !out->s_axil_rvalid);
	c->was_reset = !in->rst_n;
	if (!in->rst_n) {
		c->addresses = c->datas = c->reads = 0;
		c->aw_waits = c->w_waits = c->ar_waits = c->b_waits = c->r_waits = false;
		return;
	}
	check_held(c, out, in);
	check_responses(c, out, in);
	c->addresses += in->s_axil_awvalid && out->s_axil_awready;
	c->datas += in->s_axil_wvalid && out->s_axil_wready;
	c->reads += in->s_axil_arvalid && out->s_axil_arready;
	keep_waiting(c, out, in);
}

void axil_check_end(struct axil_check *c)
{
	rule_check(&c->rules, AXIL_ALL_DONE, !c->addresses && !c->datas && !c->reads && !c->aw_waits && !c->w_waits && !c->ar_waits);
}
