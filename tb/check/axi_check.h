/* SPDX-License-Identifier: MIT */
/*
 * Protocol checker for the AXI4 port: the controller as master, and our own memory as slave.
 *
 *	axi_check_init(&check);
 *	axi_check_clock(&check, &out, &in, unknown, edge);	// once per clock, pins as the coming edge will sample them
 *	axi_check_end(&check);				// nothing may be outstanding
 *
 * It follows handshakes by itself and knows nothing of the memory or of the registers.
 */
#ifndef PQDMA_AXI_CHECK_H
#define PQDMA_AXI_CHECK_H

#include "pqdma_model.h"
#include "pqdma_params.h"
#include "rules.h"

#define AXI_CHECK_BURSTS 256	/* most bursts followed at a time, per kind */
#define AXI_CHECK_IDS 16

enum axi_rule {
	AXI_RESET,
	AXI_KNOWN,
	AXI_AW_HOLD,
	AXI_AW_STABLE,
	AXI_W_HOLD,
	AXI_W_STABLE,
	AXI_AR_HOLD,
	AXI_AR_STABLE,
	AXI_READY_HIGH,
	AXI_4K,
	AXI_STRIP,
	AXI_BURST_TYPE,
	AXI_SIZE,
	AXI_ALIGNED,
	AXI_FIXED,
	AXI_FETCH,
	AXI_ATTRIBUTES,
	AXI_AW_ID,
	AXI_AR_ID,
	AXI_USER,
	AXI_W_LAST,
	AXI_W_AFTER_AW,
	AXI_W_LANES,
	AXI_W_NARROW,
	AXI_W_ZERO,
	AXI_B_HOLD,
	AXI_B_STABLE,
	AXI_B_ASKED,
	AXI_B_ID,
	AXI_R_HOLD,
	AXI_R_STABLE,
	AXI_R_ASKED,
	AXI_R_LAST,
	AXI_DACK_PULSE,
	AXI_DACK_ONE,
	AXI_ALL_DONE,
	AXI_RULES,
};

/* A burst of @channel: @beats of @size bytes from @addr on */
struct axi_check_burst {
	unsigned int channel;
	uint64_t addr;
	unsigned int beats;
	unsigned int size;
	bool fixed;
};

/* Each burst that is under way, oldest first. */
struct axi_check_fifo {
	struct axi_check_burst bursts[AXI_CHECK_BURSTS];
	unsigned int head;
	unsigned int count;
};

/** struct axi_check - the checker; @rules is public */
struct axi_check {
	struct rules rules;
	bool was_reset;
	bool aw_waits;			/* was offered at the last edge and not taken; so must be offered still */
	bool w_waits;
	bool ar_waits;
	bool b_waits;
	bool r_waits;
	struct pqdma_out out;		/* pins of the last clock in which one of them waited */
	struct pqdma_in in;
	struct axi_check_fifo writes;	/* bursts whose address was offered and whose data is not complete */
	struct axi_check_fifo reads[AXI_CHECK_IDS];
	unsigned int wbeat;		/* beats taken of the burst at the head of writes */
	unsigned int rbeat[AXI_CHECK_IDS];
	unsigned int addresses;		/* AW taken and not yet answered */
	unsigned int datas;		/* last W taken and not yet answered */
	uint64_t dack;			/* pins of the last clock */
};

/** axi_check_init() - nothing outstanding, all counts 0 */
void axi_check_init(struct axi_check *check);

/**
 * axi_check_clock() - look at one clock
 * @out:     output pins of the controller now
 * @in:      input pins for the coming edge
 * @unknown: bits of the packed output pins that are X or Z
 * @edge:    number of the coming edge
 */
void axi_check_clock(struct axi_check *check, const struct pqdma_out *out, const struct pqdma_in *in, const uint32_t *unknown,
		     uint64_t edge);

/** axi_check_end() - the run is over: nothing may be outstanding */
void axi_check_end(struct axi_check *check);

#endif
