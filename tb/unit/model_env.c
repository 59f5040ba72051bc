/* SPDX-License-Identifier: MIT */
/* Memory, register master and oracle around one timed model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

#define RESP_DECERR 3
#define SETTLE_LIMIT 2000000

const struct env_profile env_ideal = { .latency = 1 };
const struct env_profile env_slow = { .latency = 12, .jitter = 20, .stall = 90 };

uint32_t env_random(struct env *env)
{
	uint64_t z = env->rng += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(z >> 32);
}

static bool chance_to_go(struct env *env)
{
	return env_random(env) % 256 >= env->profile.stall;
}

static uint64_t due(struct env *env)
{
	return env->clock + env->profile.latency + (env->profile.jitter ? env_random(env) % env->profile.jitter : 0);
}

/* ---- memory ---- */

static unsigned int planted_resp(void *ctx, uint64_t addr, size_t len, enum oracle_access access)
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
	if (addr - ENV_RAM_BUS > ENV_RAM_SIZE - len)
		return RESP_DECERR;
	return (uint8_t)planted_resp(env, addr, len, access);
}

static void take_ar(struct env *env)
{
	struct env_read_queue *queue = &env->reads[env->out.m_axi_arid];
	const uint64_t first = env->out.m_axi_araddr;
	const uint64_t last = first + (env->out.m_axi_arlen + 1) * PQDMA_BYTES - 1;

	assert_true(env->out.m_axi_arid <= 1);
	assert_int_equal(first / PQDMA_STRIP_BYTES, last / PQDMA_STRIP_BYTES);
	assert_true(queue->wr - queue->rd < ENV_QUEUE);
	queue->reads[queue->wr++ % ENV_QUEUE] = (struct env_read) {
		.addr = first,
		.due = due(env),
		.left = (uint32_t)env->out.m_axi_arlen + 1,
	};
}

static bool has_beat(const struct env *env, uint32_t id)
{
	const struct env_read_queue *queue = &env->reads[id];

	return queue->rd != queue->wr && queue->reads[queue->rd % ENV_QUEUE].due <= env->clock;
}

static void drive_beat(struct env *env, uint32_t id)
{
	struct env_read_queue *queue = &env->reads[id];
	struct env_read *read = &queue->reads[queue->rd % ENV_QUEUE];

	env->in.m_axi_rvalid = 1;
	env->in.m_axi_rid = id;
	env->in.m_axi_rresp = resp_of(env, read->addr, PQDMA_BYTES, id ? ORACLE_FETCH : ORACLE_READ);
	env->in.m_axi_rlast = read->left == 1;
	if (env->in.m_axi_rresp)
		memset(env->in.m_axi_rdata, 0xee, PQDMA_BYTES);
	else
		memcpy(env->in.m_axi_rdata, env->ram + (read->addr - ENV_RAM_BUS), PQDMA_BYTES);
	read->addr += PQDMA_BYTES;
	read->left--;
	queue->rd += read->left == 0;
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
	const uint32_t beats = (uint32_t)env->out.m_axi_awlen + 1;

	assert_true(env->burst_wr - env->burst_rd < ENV_QUEUE);
	assert_int_equal(env->out.m_axi_awaddr % PQDMA_BYTES, 0);
	env->bursts[env->burst_wr++ % ENV_QUEUE] = (struct env_burst) {
		.addr = env->out.m_axi_awaddr,
		.beats = beats,
		.resp = resp_of(env, env->out.m_axi_awaddr, (uint64_t)beats * PQDMA_BYTES, write_kind(env)),
	};
	env->counts.write_bursts++;
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

static void store_beat(struct env *env, struct env_burst *burst, const struct env_beat *beat)
{
	const uint64_t offset = burst->addr + (uint64_t)burst->beat * PQDMA_BYTES - ENV_RAM_BUS;
	uint32_t i;

	assert_int_equal(beat->last, burst->beat == burst->beats - 1);
	for (i = 0; i < PQDMA_BYTES; i++) {
		if (!(beat->strb & UINT64_C(1) << i))
			assert_int_equal(beat->data[i], 0);
		else if (!burst->resp)
			env->ram[offset + i] = beat->data[i];
	}
	burst->beat++;
}

static void store_beats(struct env *env)
{
	while (env->burst_rd != env->burst_wr && env->beat_rd != env->beat_wr) {
		struct env_burst *burst = &env->bursts[env->burst_rd % ENV_QUEUE];

		store_beat(env, burst, &env->beats[env->beat_rd++ % ENV_BEATS]);
		if (burst->beat < burst->beats)
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

static void step_memory(struct env *env)
{
	drive_r(env);
	drive_b(env);
	env->in.m_axi_arready = chance_to_go(env);
	env->in.m_axi_awready = chance_to_go(env);
	env->in.m_axi_wready = chance_to_go(env);
	if (env->out.m_axi_arvalid && env->in.m_axi_arready)
		take_ar(env);
	if (env->out.m_axi_awvalid && env->in.m_axi_awready)
		take_aw(env);
	if (env->out.m_axi_wvalid && env->in.m_axi_wready)
		take_w(env);
	store_beats(env);
}

/* ---- clock ---- */

static void check_held(const struct env *env)
{
	const struct pqdma_out *old = &env->held;
	const struct pqdma_out *new = &env->out;

	if (old->m_axi_arvalid && !env->in.m_axi_arready) {
		assert_true(new->m_axi_arvalid && new->m_axi_araddr == old->m_axi_araddr);
		assert_true(new->m_axi_arlen == old->m_axi_arlen && new->m_axi_arid == old->m_axi_arid);
	}
	if (old->m_axi_awvalid && !env->in.m_axi_awready)
		assert_true(new->m_axi_awvalid && new->m_axi_awaddr == old->m_axi_awaddr && new->m_axi_awlen == old->m_axi_awlen);
	if (old->m_axi_wvalid && !env->in.m_axi_wready) {
		assert_true(new->m_axi_wvalid && new->m_axi_wstrb == old->m_axi_wstrb && new->m_axi_wlast == old->m_axi_wlast);
		assert_memory_equal(new->m_axi_wdata, old->m_axi_wdata, PQDMA_BYTES);
	}
}

void env_tick(struct env *env)
{
	step_memory(env);
	env->held = env->out;
	pqdma_tick(env->dev, &env->in, &env->out);
	env->clock++;
	check_held(env);
}

void env_ticks(struct env *env, uint32_t n)
{
	while (n--)
		env_tick(env);
}

struct env *env_new(const struct env_profile *profile, uint64_t seed)
{
	struct env *env = calloc(1, sizeof(*env));

	assert_non_null(env);
	env->rng = seed;
	env->profile = *profile;
	env->dev = pqdma_model_new();
	env->ram = calloc(1, ENV_RAM_SIZE);
	env->oracle.ram = calloc(1, ENV_RAM_SIZE);
	assert_true(env->dev && env->ram && env->oracle.ram);
	env->oracle.ram_bus = ENV_RAM_BUS;
	env->oracle.ram_size = ENV_RAM_SIZE;
	env->oracle.resp = planted_resp;
	env->oracle.ctx = env;
	env->in.s_axil_bready = 1;
	env->in.s_axil_rready = 1;
	env_ticks(env, 2);
	env->in.rst_n = 1;
	env_tick(env);
	return env;
}

void env_free(struct env *env)
{
	assert_int_equal(env->reads[0].rd, env->reads[0].wr);
	assert_int_equal(env->reads[1].rd, env->reads[1].wr);
	assert_int_equal(env->burst_rd, env->burst_wr);
	assert_int_equal(env->beat_rd, env->beat_wr);
	assert_int_equal(env->answer_rd, env->answer_wr);
	pqdma_model_free(env->dev);
	free(env->oracle.ram);
	free(env->ram);
	free(env);
}

/* ---- registers ---- */

uint32_t env_write_strobed(struct env *env, uint32_t offset, uint32_t value, uint32_t strb)
{
	env->in.s_axil_awaddr = offset;
	env->in.s_axil_wdata = value;
	env->in.s_axil_wstrb = strb;
	env->in.s_axil_awvalid = 1;
	env->in.s_axil_wvalid = 1;
	env_tick(env);
	env->in.s_axil_awvalid = 0;
	env->in.s_axil_wvalid = 0;
	assert_true(env->out.s_axil_bvalid);
	return (uint32_t)env->out.s_axil_bresp;
}

uint32_t env_write(struct env *env, uint32_t offset, uint32_t value)
{
	return env_write_strobed(env, offset, value, 0xf);
}

uint32_t env_read_resp(struct env *env, uint32_t offset, uint32_t *value)
{
	uint32_t resp;

	env->in.s_axil_araddr = offset;
	env->in.s_axil_arvalid = 1;
	env_tick(env);
	env->in.s_axil_arvalid = 0;
	assert_true(env->out.s_axil_rvalid);
	*value = (uint32_t)env->out.s_axil_rdata;
	resp = (uint32_t)env->out.s_axil_rresp;
	env_tick(env);
	assert_false(env->out.s_axil_rvalid);
	return resp;
}

uint32_t env_read(struct env *env, uint32_t offset)
{
	uint32_t value;

	assert_int_equal(env_read_resp(env, offset, &value), 0);
	return value;
}

/* ---- memory as tests see it ---- */

void env_poke(struct env *env, uint64_t addr, const void *bytes, size_t len)
{
	assert_true(addr - ENV_RAM_BUS <= ENV_RAM_SIZE - len);
	memcpy(env->ram + (addr - ENV_RAM_BUS), bytes, len);
	memcpy(env->oracle.ram + (addr - ENV_RAM_BUS), bytes, len);
}

uint64_t env_peek64(const struct env *env, uint64_t addr)
{
	uint64_t word;

	memcpy(&word, env->ram + (addr - ENV_RAM_BUS), sizeof(word));
	return word;
}

void env_fill_random(struct env *env)
{
	size_t i;

	for (i = 0; i < ENV_RAM_SIZE; i += 4) {
		const uint32_t word = env_random(env);

		memcpy(env->ram + i, &word, 4);
	}
	memcpy(env->oracle.ram, env->ram, ENV_RAM_SIZE);
}

void env_desc(struct env *env, uint64_t addr, const struct desc *desc)
{
	const uint64_t words[PQDMA_DESC_SIZE / 8] = {
		(uint64_t)desc->length << PQDMA_DESC_LENGTH_SHIFT | (uint64_t)desc->tag << PQDMA_DESC_TAG_SHIFT |
			(uint64_t)desc->flags << PQDMA_DESC_FLAGS_SHIFT | desc->op,
		desc->src,
		desc->dst,
		desc->link,
		desc->dst2,
		0,
		desc->sources,
	};

	env_poke(env, addr, words, sizeof(words));
}

void env_table(struct env *env, uint64_t addr, const struct source *sources, uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		uint64_t words[2] = { sources[i].addr, (uint64_t)env_random(env) << 16 };

		words[1] |= (uint64_t)sources[i].b << 8 | sources[i].a;
		env_poke(env, addr + i * sizeof(words), words, sizeof(words));
	}
}

void env_fail_at(struct env *env, uint64_t addr, uint64_t len, enum oracle_access access, uint8_t resp)
{
	assert_true(env->nr_errors < ENV_ERRORS);
	env->errors[env->nr_errors++] = (struct env_error) { .addr = addr, .len = len, .access = access, .resp = resp };
}

/* ---- channels ---- */

void env_start(struct env *env, uint32_t c, uint64_t head, uint32_t count, uint32_t tail)
{
	const uint32_t burst = env_read(env, PQDMA_CH(c) + PQDMA_CH_CFG);

	oracle_start(&env->chans[c], head, count, burst);
	env->started[c] = true;
	env_write(env, PQDMA_CH(c) + PQDMA_CH_HEAD_LO, (uint32_t)head);
	env_write(env, PQDMA_CH(c) + PQDMA_CH_HEAD_HI, (uint32_t)(head >> 32));
	env_write(env, PQDMA_CH(c) + PQDMA_CH_HEAD_COUNT, count);
	env_write(env, PQDMA_CH(c) + PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	env_doorbell(env, c, tail);
}

void env_doorbell(struct env *env, uint32_t c, uint32_t tail)
{
	env_write(env, PQDMA_CH(c) + PQDMA_CH_TAIL, tail);
	oracle_run(&env->oracle, &env->chans[c], tail);
}

static bool is_settled(struct env *env, uint32_t c)
{
	const uint32_t status = env_read(env, PQDMA_CH(c) + PQDMA_CH_STATUS);
	const uint32_t state = status & PQDMA_STATUS_STATE_MASK;

	if (status & PQDMA_STATUS_BUSY_MASK)
		return false;
	if (state == PQDMA_STATE_RUN)
		return env_read(env, PQDMA_CH(c) + PQDMA_CH_DONE) == env_read(env, PQDMA_CH(c) + PQDMA_CH_TAIL);
	return state != PQDMA_STATE_ABORT;
}

static void settle_failed(struct env *env)
{
	char text[16384];

	pqdma_model_describe(env->dev, text, sizeof(text));
	fail_msg("the channels do not come to rest:\n%s", text);
}

void env_settle(struct env *env)
{
	const uint64_t limit = env->clock + SETTLE_LIMIT;
	uint32_t c;

	for (c = 0; c < PQDMA_CHANNELS; c++)
		while (!is_settled(env, c))
			if (env->clock > limit)
				settle_failed(env);
}

void env_restart(struct env *env, uint32_t c)
{
	env->nr_errors = 0;
	env_write(env, PQDMA_CH(c) + PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	env_settle(env);
	env_write(env, PQDMA_CH(c) + PQDMA_CH_IRQ_STATUS, ~0u);
	memcpy(env->oracle.ram, env->ram, ENV_RAM_SIZE);
	env->chans[c] = (struct oracle_channel) { 0 };
	env->started[c] = false;
}

static uint64_t read64(struct env *env, uint32_t low)
{
	return env_read(env, low) | (uint64_t)env_read(env, low + 4) << 32;
}

static void check_channel(struct env *env, uint32_t c)
{
	const struct oracle_channel *want = &env->chans[c];
	const uint32_t base = PQDMA_CH(c);
	const uint32_t irqs = (want->irqs ? PQDMA_IRQ_DONE_MASK : 0) |
			      (want->state == PQDMA_STATE_FAIL ? PQDMA_IRQ_ERROR_MASK : 0);

	assert_int_equal(env_read(env, base + PQDMA_CH_STATUS) & PQDMA_STATUS_STATE_MASK, want->state);
	assert_int_equal(env_read(env, base + PQDMA_CH_DONE), want->done);
	assert_int_equal(env_read(env, base + PQDMA_CH_ERR_CAUSE), want->err_cause);
	assert_int_equal(read64(env, base + PQDMA_CH_ERR_ADDR_LO), want->err_addr);
	assert_int_equal(read64(env, base + PQDMA_CH_ERR_DESC_LO), want->err_desc);
	assert_int_equal(env_read(env, base + PQDMA_CH_IRQ_STATUS) & (PQDMA_IRQ_DONE_MASK | PQDMA_IRQ_ERROR_MASK), irqs);
	if (!want->bytes_open)
		assert_int_equal(env_read(env, base + PQDMA_CH_BYTES), want->bytes);
}

void env_check(struct env *env)
{
	uint64_t where = 0;
	uint32_t c;

	for (c = 0; c < PQDMA_CHANNELS; c++)
		if (env->started[c])
			check_channel(env, c);
	if (!oracle_same(&env->oracle, env->chans, PQDMA_CHANNELS, env->ram, &where))
		fail_msg("memory differs at 0x%llx: model 0x%02x, oracle 0x%02x", (unsigned long long)where,
			 env->ram[where - ENV_RAM_BUS], env->oracle.ram[where - ENV_RAM_BUS]);
	env->counts.checks++;
}
