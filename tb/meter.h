/* SPDX-License-Identifier: MIT */
/*
 * What the bus did, clock by clock: the ruler of the measure_* tests.
 *
 *	meter_begin(b);
 *	...				// one list on an idle controller, until it is done
 *	meter = meter_end(b);		// what was counted at the pins is what the controller's own counters say, or the test fails
 *	use = meter_w_use(meter, from, to);
 *
 * Data goes over m_axi; descriptors and source tables come over the same port or, WITH_DESC_PORT, over d_axi.
 */
#ifndef PQDMA_METER_H
#define PQDMA_METER_H

#include "test.h"

#define METER_BEATS (1u << 18)

/** enum meter_count - what both the pins and a counter of the controller tell */
enum meter_count {
	METER_AR,
	METER_FETCH,
	METER_R,
	METER_AW,
	METER_W,
	METER_COUNTS,
};

/**
 * struct meter - clocks are numbers of rising edges, 0 for never
 * @doorbell:  last W handshake on the register bus
 * @fetch:     first clock after it with ARVALID for a descriptor
 * @read:      the same for data
 * @desc_last: first last beat of a descriptor after it
 * @first_w:   first W beat after it, and @last_b the last B so far
 * @w:         each W beat, @nr_w of them
 * @r:         each R beat of data, @nr_r of them
 * @others:    R beats of descriptors and tables on the port of the data before each R beat of data; @nr_others so far
 * @reads:     data bursts whose address was taken and whose last beat has not come; @most_reads at a time
 * @count:     handshakes of both ports
 */
struct meter {
	uint64_t doorbell;
	uint64_t fetch;
	uint64_t read;
	uint64_t desc_last;
	uint64_t first_w;
	uint64_t last_b;
	uint64_t w[METER_BEATS];
	unsigned int nr_w;
	uint64_t r[METER_BEATS];
	unsigned int others[METER_BEATS];
	unsigned int nr_r;
	unsigned int nr_others;
	unsigned int reads;
	unsigned int most_reads;
	uint32_t count[METER_COUNTS];
};

/** meter_clock() - count the pins of one clock: outputs now and inputs for the coming edge @clock */
void meter_clock(struct meter *m, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t clock);

/** meter_wrong() - the first of @perf[METER_COUNTS] that is not what was counted, METER_COUNTS if there is none */
unsigned int meter_wrong(const struct meter *m, const uint32_t *perf);

/** meter_begin() - clear the controller's counters and count from now on; the controller must be idle */
void meter_begin(struct bench *b);

/** meter_end() - count no longer; the controller must be idle. Fails the test if pins and counters differ, or if nothing was written. */
const struct meter *meter_end(struct bench *b);

/** meter_w_use() - share of the clocks from W beat @from to W beat @to in which there was one; beats count from 0, @from < @to < nr_w */
double meter_w_use(const struct meter *m, unsigned int from, unsigned int to);

/** meter_r_use() - likewise of R beats of data */
double meter_r_use(const struct meter *m, unsigned int from, unsigned int to);

/** meter_r_all() - likewise, in the same window, of all R beats of the port of the data */
double meter_r_all(const struct meter *m, unsigned int from, unsigned int to);

#endif
