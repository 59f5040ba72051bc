/* SPDX-License-Identifier: MIT */
/* The memory around one timed model: all kinds of bursts, stalls, planted errors. Devices are behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

#define RESP_DECERR 3
#define FIXED_BEATS 16

static bool chance_to_go(struct env *env)
{
	return env_random(env) % 256 >= env->profile.stall;
}

static uint64_t due(struct env *env)
{
	return env->clock + env->profile.latency + (env->profile.jitter ? env_random(env) % env->profile.jitter : 0);
}

unsigned int env_planted_resp(void *ctx, uint64_t addr, size_t len, enum oracle_access access)
{
	const struct env *env = ctx;
	uint32_t i;

	for (i = 0; i < env->nr_errors; i++) {
		const struct env_error *error = &env->errors[i];

		if (access == error->access && addr < error->addr + error->len && error->addr < addr + len)
			return error->resp;
	}
	return 0;
}

static uint8_t resp_of(struct env *env, uint64_t addr, uint64_t len, enum oracle_access access)
{
	if (addr - ENV_RAM_BUS > ENV_RAM_SIZE - len && !env_is_fifo(addr))
		return RESP_DECERR;
	return (uint8_t)env_planted_resp(env, addr, len, access);
}

static void check_burst(const struct env_shape *shape, uint64_t addr, uint64_t type)
{
	const uint64_t last = addr + (uint64_t)shape->beats * shape->size - 1;

	assert_true(type <= 1);
	assert_true(shape->size <= PQDMA_BYTES);
	assert_int_equal(addr % shape->size, 0);
	if (shape->fixed)
		assert_true(shape->beats <= FIXED_BEATS);
	else
		assert_int_equal(addr / PQDMA_STRIP_BYTES, last / PQDMA_STRIP_BYTES);
}

static uint64_t beat_addr(const struct env_shape *shape, uint64_t addr, uint32_t beat)
{
	return shape->fixed ? addr : addr + (uint64_t)beat * shape->size;
}

static void take_ar(struct env *env)
{
	struct env_read_queue *queue = &env->reads[env->out.m_axi_arid];
	const struct env_shape shape = {
		.size = 1u << env->out.m_axi_arsize,
		.beats = (uint32_t)env->out.m_axi_arlen + 1,
		.fixed = env->out.m_axi_arburst == 0,
	};

	assert_true(env->out.m_axi_arid <= 1);
	assert_true(queue->wr - queue->rd < ENV_QUEUE);
	check_burst(&shape, env->out.m_axi_araddr, env->out.m_axi_arburst);
	queue->reads[queue->wr++ % ENV_QUEUE] = (struct env_read) {
		.shape = shape,
		.addr = env->out.m_axi_araddr,
		.due = due(env),
	};
	env->counts.reads++;
	env->counts.fetches += env->out.m_axi_arid == 1;
}

static bool has_beat(const struct env *env, uint32_t id)
{
	const struct env_read_queue *queue = &env->reads[id];

	return queue->rd != queue->wr && queue->reads[queue->rd % ENV_QUEUE].due <= env->clock;
}

/* Lanes that are not asked for are random. */
static void put_beat(struct env *env, uint64_t addr, uint32_t size)
{
	uint8_t *lanes = (uint8_t *)env->in.m_axi_rdata;
	uint32_t i;

	for (i = 0; i < PQDMA_BYTES && size < PQDMA_BYTES; i++)
		lanes[i] = (uint8_t)env_random(env);
	if (env_is_fifo(addr))
		env_fifo_read(env, ENV_DEVICE, addr, lanes + addr % PQDMA_BYTES, size);
	else
		memcpy(lanes + addr % PQDMA_BYTES, env->ram + (addr - ENV_RAM_BUS), size);
}

static void drive_beat(struct env *env, uint32_t id)
{
	struct env_read_queue *queue = &env->reads[id];
	struct env_read *read = &queue->reads[queue->rd % ENV_QUEUE];
	const uint64_t addr = beat_addr(&read->shape, read->addr, read->beat);
	const uint32_t size = read->shape.size;

	env->in.m_axi_rvalid = 1;
	env->in.m_axi_rid = id;
	env->in.m_axi_rresp = resp_of(env, addr, size, id ? ORACLE_FETCH : ORACLE_READ);
	env->in.m_axi_rlast = read->beat == read->shape.beats - 1;
	if (env->in.m_axi_rresp)
		memset(env->in.m_axi_rdata, 0xee, PQDMA_BYTES);
	else
		put_beat(env, addr, size);
	read->beat++;
	queue->rd += env->in.m_axi_rlast;
	env->counts.read_beats += id == 0;
	env->counts.fetch_beats += id == 1;
}

static void drive_r(struct env *env)
{
	const uint32_t first = env_random(env) % 2;

	env->in.m_axi_rvalid = 0;
	if (!chance_to_go(env))
		return;
	if (has_beat(env, first))
		drive_beat(env, first);
	else if (has_beat(env, !first))
		drive_beat(env, !first);
}

/* Descriptors stand in the first quarter of memory, data in the rest. */
static enum oracle_access write_kind(const struct env *env)
{
	return env->out.m_axi_awaddr < ENV_DATA ? ORACLE_STATUS : ORACLE_WRITE;
}

static void take_aw(struct env *env)
{
	const uint64_t addr = env->out.m_axi_awaddr;
	const struct env_shape shape = {
		.size = 1u << env->out.m_axi_awsize,
		.beats = (uint32_t)env->out.m_axi_awlen + 1,
		.fixed = env->out.m_axi_awburst == 0,
	};

	assert_true(env->burst_wr - env->burst_rd < ENV_QUEUE);
	check_burst(&shape, addr, env->out.m_axi_awburst);
	env->bursts[env->burst_wr++ % ENV_QUEUE] = (struct env_burst) {
		.shape = shape,
		.addr = addr,
		.resp = resp_of(env, addr, (uint64_t)shape.size * (shape.fixed ? 1 : shape.beats), write_kind(env)),
	};
	env->counts.write_bursts++;
	env->counts.data_bursts += write_kind(env) == ORACLE_WRITE;
}

static void take_w(struct env *env)
{
	struct env_beat *beat = &env->beats[env->beat_wr++ % ENV_BEATS];

	assert_true(env->beat_wr - env->beat_rd <= ENV_BEATS);
	memcpy(beat->data, env->out.m_axi_wdata, PQDMA_BYTES);
	beat->strb = env->out.m_axi_wstrb;
	beat->last = env->out.m_axi_wlast;
	env->counts.write_beats++;
}

/* Strobes stay in the transfer; of a narrow one and of a device's, all are set. */
static void check_strobes(const struct env_burst *burst, uint64_t addr, const struct env_beat *beat)
{
	const uint64_t transfer = ~UINT64_C(0) >> (64 - burst->shape.size) << addr % PQDMA_BYTES;
	uint32_t i;

	if (burst->shape.size < PQDMA_BYTES || burst->shape.fixed || env_is_fifo(addr))
		assert_int_equal(beat->strb, transfer);
	assert_int_equal(beat->strb & ~transfer, 0);
	for (i = 0; i < PQDMA_BYTES; i++)
		if (!(beat->strb & UINT64_C(1) << i))
			assert_int_equal(beat->data[i], 0);
}

static void store_lanes(struct env *env, uint64_t addr, uint32_t size, const struct env_beat *beat)
{
	const uint64_t word = addr - addr % PQDMA_BYTES;
	uint32_t i;

	if (env_is_fifo(addr)) {
		env_fifo_write(env, ENV_DEVICE, addr, beat->data + addr % PQDMA_BYTES, size);
		return;
	}
	for (i = 0; i < PQDMA_BYTES; i++)
		if (beat->strb & UINT64_C(1) << i)
			env->ram[word - ENV_RAM_BUS + i] = beat->data[i];
}

static void store_beat(struct env *env, struct env_burst *burst, const struct env_beat *beat)
{
	const uint64_t addr = beat_addr(&burst->shape, burst->addr, burst->beat);

	assert_int_equal(beat->last, burst->beat == burst->shape.beats - 1);
	check_strobes(burst, addr, beat);
	if (!burst->resp)
		store_lanes(env, addr, burst->shape.size, beat);
	if (burst->addr >= ENV_DATA && !burst->resp)
		env->counts.data_bytes += (uint32_t)__builtin_popcountll(beat->strb);
	burst->beat++;
}

static void store_beats(struct env *env)
{
	while (env->burst_rd != env->burst_wr && env->beat_rd != env->beat_wr) {
		struct env_burst *burst = &env->bursts[env->burst_rd % ENV_QUEUE];

		store_beat(env, burst, &env->beats[env->beat_rd++ % ENV_BEATS]);
		if (burst->beat < burst->shape.beats)
			continue;
		env->answers[env->answer_wr % ENV_QUEUE].due = due(env);
		env->answers[env->answer_wr++ % ENV_QUEUE].resp = burst->resp;
		env->burst_rd++;
	}
}

static void drive_b(struct env *env)
{
	env->in.m_axi_bvalid = env->answer_rd != env->answer_wr && chance_to_go(env) &&
			       env->answers[env->answer_rd % ENV_QUEUE].due <= env->clock;
	env->in.m_axi_bid = 0;
	if (env->in.m_axi_bvalid)
		env->in.m_axi_bresp = env->answers[env->answer_rd++ % ENV_QUEUE].resp;
}

static bool is_reading(const struct env *env)
{
	return env->out.m_axi_arvalid || env->reads[0].rd != env->reads[0].wr || env->reads[1].rd != env->reads[1].wr;
}

static void count_stalls(struct env *env)
{
	env->counts.ar_stalls += env->out.m_axi_arvalid && !env->in.m_axi_arready;
	env->counts.w_stalls += env->out.m_axi_wvalid && !env->in.m_axi_wready;
	env->counts.r_idle += is_reading(env) && !env->in.m_axi_rvalid;
}

void env_memory_step(struct env *env)
{
	drive_r(env);
	drive_b(env);
	env->in.m_axi_arready = chance_to_go(env);
	env->in.m_axi_awready = chance_to_go(env);
	env->in.m_axi_wready = chance_to_go(env);
	count_stalls(env);
	if (env->out.m_axi_arvalid && env->in.m_axi_arready)
		take_ar(env);
	if (env->out.m_axi_awvalid && env->in.m_axi_awready)
		take_aw(env);
	if (env->out.m_axi_wvalid && env->in.m_axi_wready)
		take_w(env);
	store_beats(env);
}
