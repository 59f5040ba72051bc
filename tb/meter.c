// SPDX-License-Identifier: MIT
// The ruler of the measure_* tests: pins counted clock by clock, and compared with the controller's own counters.
#include "meter.h"

static const uint32_t perf_regs[METER_COUNTS] = {
	[METER_AR] = PQDMA_REG_PERF_AR, [METER_FETCH] = PQDMA_REG_PERF_FETCH, [METER_R] = PQDMA_REG_PERF_R,
	[METER_AW] = PQDMA_REG_PERF_AW, [METER_W] = PQDMA_REG_PERF_W,
};

static const char *const names[METER_COUNTS] = { "AR", "FETCH", "R", "AW", "W" };

static struct meter meter_of_run;

/** struct fetches - what the descriptor port does, all 0 where there is none */
struct fetches {
	bool arvalid;
	bool ar;
	bool r;
	bool last;
};

#if PQDMA_WITH_DESC_PORT
static struct fetches fetches(const struct pqdma_out *out, const struct pqdma_in *in)
{
	return (struct fetches){ .arvalid = out->d_axi_arvalid, .ar = out->d_axi_arvalid && in->d_axi_arready,
				 .r = in->d_axi_rvalid, .last = in->d_axi_rvalid && in->d_axi_rlast };
}
#else
static struct fetches fetches(const struct pqdma_out *out, const struct pqdma_in *in)
{
	(void)out;
	(void)in;
	return (struct fetches){ 0 };
}
#endif

static void note_first(uint64_t *at, bool now, uint64_t clock)
{
	if (now && !*at)
		*at = clock;
}

static void count_launch(struct meter *m, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t clock)
{
	const struct fetches d = fetches(out, in);

	if (out->s_axil_wready && in->s_axil_wvalid) {
		m->doorbell = clock;
		m->fetch = m->read = m->desc_last = m->first_w = 0;
	}
	note_first(&m->fetch, d.arvalid || (out->m_axi_arvalid && out->m_axi_arid), clock);
	note_first(&m->read, out->m_axi_arvalid && !out->m_axi_arid, clock);
	note_first(&m->desc_last, d.last || (in->m_axi_rvalid && in->m_axi_rid && in->m_axi_rlast), clock);
	note_first(&m->first_w, out->m_axi_wvalid, clock);
	if (in->m_axi_bvalid)
		m->last_b = clock;
}

static void count_addresses(struct meter *m, const struct pqdma_out *out, const struct pqdma_in *in)
{
	const bool ar = out->m_axi_arvalid && in->m_axi_arready;
	const struct fetches d = fetches(out, in);

	m->count[METER_AR] += ar + d.ar;
	m->count[METER_FETCH] += d.ar + (ar && out->m_axi_arid);
	m->count[METER_AW] += out->m_axi_awvalid && in->m_axi_awready;
	m->reads += ar && !out->m_axi_arid;
	m->most_reads = m->reads > m->most_reads ? m->reads : m->most_reads;
	m->reads -= in->m_axi_rvalid && !in->m_axi_rid && in->m_axi_rlast;
}

static void count_beats(struct meter *m, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t clock)
{
	m->count[METER_R] += in->m_axi_rvalid + fetches(out, in).r;
	if (out->m_axi_wvalid && in->m_axi_wready) {
		m->count[METER_W]++;
		if (m->nr_w < METER_BEATS)
			m->w[m->nr_w++] = clock;
	}
	if (!in->m_axi_rvalid)
		return;
	if (in->m_axi_rid) {
		m->nr_others++;
	} else if (m->nr_r < METER_BEATS) {
		m->others[m->nr_r] = m->nr_others;
		m->r[m->nr_r++] = clock;
	}
}

void meter_clock(struct meter *m, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t clock)
{
	count_launch(m, out, in, clock);
	count_addresses(m, out, in);
	count_beats(m, out, in, clock);
}

unsigned int meter_wrong(const struct meter *m, const uint32_t *perf)
{
	unsigned int i;

	for (i = 0; i < METER_COUNTS && m->count[i] == perf[i]; i++)
		;
	return i;
}

static void meter_tap(struct bench *b, void *arg)
{
	meter_clock(arg, &b->out, &b->in, b->hw.clock);
}

void meter_begin(struct bench *b)
{
	memset(&meter_of_run, 0, sizeof(meter_of_run));
	reg_write(b, PQDMA_REG_PERF_CTRL, PQDMA_PERF_CTRL_CLEAR_MASK);
	bench_tap(b, meter_tap, &meter_of_run);
}

const struct meter *meter_end(struct bench *b)
{
	struct meter *m = &meter_of_run;
	uint32_t perf[METER_COUNTS];
	unsigned int wrong;

	bench_tap(b, NULL, NULL);
	for (unsigned int i = 0; i < METER_COUNTS; i++)
		perf[i] = reg_read(b, perf_regs[i]);
	wrong = meter_wrong(m, perf);
	if (wrong < METER_COUNTS)
		test_fail(b, "%u %s at the pins, the controller's counter says %u", m->count[wrong], names[wrong], perf[wrong]);
	CHECK_EQ(m->nr_w, m->count[METER_W]);
	CHECK(m->nr_w && m->nr_r && m->nr_r < METER_BEATS && !m->reads);
	return m;
}

static double share(unsigned int beats, uint64_t from, uint64_t to)
{
	return (double)beats / (double)(to - from);
}

double meter_w_use(const struct meter *m, unsigned int from, unsigned int to)
{
	return share(to - from, m->w[from], m->w[to]);
}

double meter_r_use(const struct meter *m, unsigned int from, unsigned int to)
{
	return share(to - from, m->r[from], m->r[to]);
}

double meter_r_all(const struct meter *m, unsigned int from, unsigned int to)
{
	return share(to - from + m->others[to] - m->others[from], m->r[from], m->r[to]);
}
