/* SPDX-License-Identifier: MIT */
/*
 * Protocol checker for the AXI4-Lite port: the controller as slave, and our own register master. Used like axi_check.h.
 */
#ifndef PQDMA_AXIL_CHECK_H
#define PQDMA_AXIL_CHECK_H

#include "pqdma_model.h"
#include "rules.h"

enum axil_rule {
	AXIL_RESET,
	AXIL_AW_HOLD,
	AXIL_AW_STABLE,
	AXIL_W_HOLD,
	AXIL_W_STABLE,
	AXIL_AR_HOLD,
	AXIL_AR_STABLE,
	AXIL_B_HOLD,
	AXIL_B_STABLE,
	AXIL_B_ASKED,
	AXIL_R_HOLD,
	AXIL_R_STABLE,
	AXIL_R_ASKED,
	AXIL_RESPONSE,
	AXIL_PROMPT,
	AXIL_ALL_DONE,
	AXIL_RULES,
};

/** struct axil_check - the checker; @rules is public */
struct axil_check {
	struct rules rules;
	bool was_reset;
	bool aw_waits;			/* was offered at the last edge and not taken */
	bool w_waits;
	bool ar_waits;
	bool b_waits;
	bool r_waits;
	struct pqdma_out out;
	struct pqdma_in in;
	unsigned int addresses;		/* AW taken and not yet answered */
	unsigned int datas;		/* W taken and not yet answered */
	unsigned int reads;		/* AR taken and not yet answered */
};

/** axil_check_init() - nothing outstanding, all counts 0 */
void axil_check_init(struct axil_check *check);

/** axil_check_clock() - look at one clock: pins @out now, pins @in for the coming edge @edge */
void axil_check_clock(struct axil_check *check, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t edge);

/** axil_check_end() - the run is over: nothing may be outstanding */
void axil_check_end(struct axil_check *check);

#endif
