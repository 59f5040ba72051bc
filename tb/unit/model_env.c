/* SPDX-License-Identifier: MIT */
/* Register master and oracle around one timed model, and the clock of all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

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

/* ---- clock ---- */

static void check_held(const struct env *env)
{
	const struct pqdma_out *old = &env->held;
	const struct pqdma_out *new = &env->out;

	if (old->m_axi_arvalid && !env->in.m_axi_arready) {
		assert_true(new->m_axi_arvalid && new->m_axi_araddr == old->m_axi_araddr);
		assert_true(new->m_axi_arlen == old->m_axi_arlen && new->m_axi_arid == old->m_axi_arid);
		assert_true(new->m_axi_arsize == old->m_axi_arsize && new->m_axi_arburst == old->m_axi_arburst);
		assert_true(new->m_axi_aruser == old->m_axi_aruser);
	}
	if (old->m_axi_awvalid && !env->in.m_axi_awready) {
		assert_true(new->m_axi_awvalid && new->m_axi_awaddr == old->m_axi_awaddr && new->m_axi_awlen == old->m_axi_awlen);
		assert_true(new->m_axi_awsize == old->m_axi_awsize && new->m_axi_awburst == old->m_axi_awburst);
		assert_true(new->m_axi_awuser == old->m_axi_awuser);
	}
	if (old->m_axi_wvalid && !env->in.m_axi_wready) {
		assert_true(new->m_axi_wvalid && new->m_axi_wstrb == old->m_axi_wstrb && new->m_axi_wlast == old->m_axi_wlast);
		assert_memory_equal(new->m_axi_wdata, old->m_axi_wdata, PQDMA_BYTES);
	}
}

void env_tick(struct env *env)
{
	env_memory_step(env);
	env_lines_step(env);
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
	env->oracle.resp = env_planted_resp;
	env->oracle.ctx = env;
	env_lines_new(env);
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

uint32_t env_peek_register(const struct env *env, uint32_t offset)
{
	struct pqdma *copy = pqdma_model_new();
	struct pqdma_in in = env->in;
	struct pqdma_out out;

	assert_non_null(copy);
	assert_false(env->out.s_axil_rvalid);
	memcpy(copy, env->dev, pqdma_model_size());
	in.s_axil_araddr = offset;
	in.s_axil_arvalid = 1;
	pqdma_tick(copy, &in, &out);
	pqdma_model_free(copy);
	return (uint32_t)out.s_axil_rdata;
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

static uint64_t head_word(const struct desc *desc)
{
	return (uint64_t)desc->length << PQDMA_DESC_LENGTH_SHIFT | (uint64_t)desc->tag << PQDMA_DESC_TAG_SHIFT |
	       (uint64_t)desc->flags << PQDMA_DESC_FLAGS_SHIFT | desc->op;
}

void env_desc(struct env *env, uint64_t addr, const struct desc *desc)
{
	const uint64_t strides = (uint64_t)(uint32_t)desc->dst_stride << 32 | (uint32_t)desc->src_stride;
	const bool two_d = desc->flags & PQDMA_FLAG_TWO_D;
	const uint64_t words[PQDMA_DESC_SIZE / 8] = {
		head_word(desc),
		desc->src,
		desc->dst,
		desc->link,
		two_d ? strides : desc->dst2,
		(uint64_t)env_random(env) << 32 | (two_d ? desc->rows : env_random(env)),
		desc->flags & PQDMA_FLAG_PERI ? desc->settings : desc->sources,
	};

	env_poke(env, addr, words, sizeof(words));
}

void env_compact_desc(struct env *env, uint64_t addr, const struct desc *desc)
{
	const uint64_t words[] = { head_word(desc), desc->src, desc->dst, desc->link };

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

static uint64_t read64(struct env *env, uint32_t low)
{
	return env_read(env, low) | (uint64_t)env_read(env, low + 4) << 32;
}

void env_start(struct env *env, uint32_t c, uint64_t head, uint32_t count, uint32_t tail)
{
	const uint32_t cfg = env_read(env, PQDMA_CH(c) + PQDMA_CH_CFG);

	oracle_start(&env->chans[c], head, count, cfg);
	env->chans[c].cmpl = read64(env, PQDMA_CH(c) + PQDMA_CH_CMPL_LO);
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

void env_completion_word(struct env *env, uint32_t c)
{
	env_write(env, PQDMA_CH(c) + PQDMA_CH_CMPL_LO, (uint32_t)ENV_CMPL(c));
	env_write(env, PQDMA_CH(c) + PQDMA_CH_CMPL_HI, (uint32_t)(ENV_CMPL(c) >> 32));
}

void env_rest(struct env *env, uint32_t c)
{
	const uint64_t limit = env->clock + SETTLE_LIMIT;

	while (env_read(env, PQDMA_CH(c) + PQDMA_CH_STATUS) & PQDMA_STATUS_BUSY_MASK)
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

static void check_channel(struct env *env, uint32_t c)
{
	const struct oracle_channel *want = &env->chans[c];
	const uint32_t base = PQDMA_CH(c);
	const uint32_t known = PQDMA_IRQ_ERROR_MASK | (env_read(env, base + PQDMA_CH_IRQ_COAL) ? 0 : PQDMA_IRQ_DONE_MASK);
	const uint32_t irqs = (want->irqs ? PQDMA_IRQ_DONE_MASK : 0) |
			      (want->state == PQDMA_STATE_FAIL ? PQDMA_IRQ_ERROR_MASK : 0);

	assert_int_equal(env_read(env, base + PQDMA_CH_STATUS) & PQDMA_STATUS_STATE_MASK, want->state);
	if (!want->done_open)
		assert_int_equal(env_read(env, base + PQDMA_CH_DONE), want->done);
	assert_int_equal(env_read(env, base + PQDMA_CH_ERR_CAUSE), want->err_cause);
	assert_int_equal(read64(env, base + PQDMA_CH_ERR_ADDR_LO), want->err_addr);
	assert_int_equal(read64(env, base + PQDMA_CH_ERR_DESC_LO), want->err_desc);
	if (!want->done_open)
		assert_int_equal(env_read(env, base + PQDMA_CH_IRQ_STATUS) & known, irqs & known);
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
	env_lines_check(env);
	env->counts.checks++;
}
