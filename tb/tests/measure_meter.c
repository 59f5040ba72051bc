// SPDX-License-Identifier: MIT
// The ruler of the measure_* tests measures pins that are made up here, whose counts and clocks are known.
#include <math.h>
#include "meter.h"

#define DOORBELL 1000
#define PERIOD 10		/* clocks: a descriptor of 2 beats, 4 beats read, 4 written */
#define PERIODS 20
#define BEATS 4

static struct meter meter;

/* In each period: AR in clocks 0 (descriptor) and 1, R in 0 and 1 (descriptor) and 3 to 6, AW in 4, W in 4 to 7, B in 9 */
static void play(void)
{
	const struct pqdma_out ring = { .s_axil_wready = 1 };
	const struct pqdma_in rung = { .s_axil_wvalid = 1 };

	memset(&meter, 0, sizeof(meter));
	meter_clock(&meter, &ring, &rung, DOORBELL);
	for (unsigned int clock = 0; clock < PERIODS * PERIOD; clock++) {
		const unsigned int at = clock % PERIOD;
		const bool data = at >= 3 && at < 3 + BEATS;
		const struct pqdma_out out = { .m_axi_arvalid = at < 2, .m_axi_arid = at == 0, .m_axi_awvalid = at == 4,
					       .m_axi_wvalid = at >= 4 && at < 4 + BEATS };
		const struct pqdma_in in = { .m_axi_arready = 1, .m_axi_awready = 1, .m_axi_wready = 1, .m_axi_bvalid = at == 9,
					     .m_axi_rvalid = at < 2 || data, .m_axi_rid = at < 2,
					     .m_axi_rlast = at == 1 || at == 6 };

		meter_clock(&meter, &out, &in, DOORBELL + 1 + clock);
	}
}

static void check_near(struct bench *b, double got, double want)
{
	CHECK(fabs(got - want) < 1e-9);
}

TEST(measure_meter, "pins made up here: every count, first clock and share is right, and a counter that is wrong by one is found")
{
	static const uint32_t perf[METER_COUNTS] = { [METER_AR] = 2 * PERIODS, [METER_FETCH] = PERIODS, [METER_R] = 6 * PERIODS,
						     [METER_AW] = PERIODS, [METER_W] = BEATS * PERIODS };

	play();
	CHECK_EQ(reg_read(b, PQDMA_REG_PERF_R), 0);
	CHECK_EQ(meter_wrong(&meter, perf), METER_COUNTS);
	for (unsigned int i = 0; i < METER_COUNTS; i++) {
		uint32_t planted[METER_COUNTS];

		memcpy(planted, perf, sizeof(planted));
		planted[i] += i % 2 ? 1 : UINT32_MAX;
		CHECK_EQ(meter_wrong(&meter, planted), i);
	}
	CHECK_EQ(meter.fetch, DOORBELL + 1);
	CHECK_EQ(meter.desc_last, DOORBELL + 2);
	CHECK_EQ(meter.read, DOORBELL + 2);
	CHECK_EQ(meter.first_w, DOORBELL + 5);
	CHECK_EQ(meter.last_b, DOORBELL + PERIODS * PERIOD);
	CHECK_EQ(meter.most_reads, 1);
	CHECK_EQ(meter.reads, 0);
	check_near(b, meter_w_use(&meter, 3, 3 + 5 * BEATS), 0.4);
	check_near(b, meter_r_use(&meter, 3, 3 + 5 * BEATS), 0.4);
	check_near(b, meter_r_all(&meter, 3, 3 + 5 * BEATS), 0.6);
}
