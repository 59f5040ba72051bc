/* SPDX-License-Identifier: MIT */
/*
 * Registers of the timed model as pins show them: reset values, access kinds, byte strobes, AXI4-Lite orders and clocks,
 * doorbell rules. Fails on a wrong value, response or clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

#define OKAY 0
#define SLVERR 2
#define CH0(reg) (PQDMA_CH(0) + (reg))
#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define SAME_PIN(name, width) assert_memory_equal(&have->name, &want->name, sizeof(want->name));

static void assert_same_pins(const struct pqdma_out *have, const struct pqdma_out *want)
{
	PQDMA_PINS_OUT(SAME_PIN, SAME_PIN)
}

static void pins_after_reset(void **state)
{
	struct pqdma *dev = pqdma_model_new();
	struct pqdma_in in;
	struct pqdma_out out;
	struct pqdma_out want = {
		.m_axi_awcache = 3, .m_axi_arcache = 3, .m_axi_awburst = 1, .m_axi_arburst = 1,
		.m_axi_awsize = (unsigned int)__builtin_ctz(PQDMA_BYTES), .m_axi_arsize = (unsigned int)__builtin_ctz(PQDMA_BYTES),
		.m_axi_bready = 1, .m_axi_rready = 1, .s_axil_awready = 1, .s_axil_wready = 1, .s_axil_arready = 1,
	};

	(void)state;
	memset(&in, 0xff, sizeof(in));
	memset(&out, 0xff, sizeof(out));
	in.rst_n = 0;
	pqdma_tick(dev, &in, &out);
	assert_same_pins(&out, &want);
	memset(&in, 0, sizeof(in));
	in.rst_n = 1;
	pqdma_tick(dev, &in, &out);
	assert_same_pins(&out, &want);
	pqdma_model_free(dev);
}

/* Each field by its place in docs/registers.md */
#define CAP0								\
	((uint32_t)PQDMA_SOURCES << 25 | (uint32_t)__builtin_ctz(PQDMA_BUF_BYTES) << 20 |	\
	 (uint32_t)__builtin_ctz(PQDMA_STRIP_BYTES) << 16 | (uint32_t)__builtin_ctz(PQDMA_BYTES) << 8 | PQDMA_CHANNELS)

struct access {
	uint32_t offset;
	uint32_t reset;
	uint32_t writable;
};

/* Registers that nothing but a write changes while the channel is IDLE */
static const struct access accesses[] = {
	{ PQDMA_REG_ID, PQDMA_ID_VALUE, 0 },
	{ PQDMA_REG_VERSION, PQDMA_VERSION_VALUE, 0 },
	{ PQDMA_REG_CAP1, PQDMA_LINES << 24 | (PQDMA_WITH_PQ ? 0xf01ff : 0xf003f), 0 },
	{ PQDMA_REG_CAP0, CAP0, 0 },
	{ PQDMA_REG_CAP2, PQDMA_DESCS << 16 | PQDMA_READS << 8 | PQDMA_STRIPS, 0 },
	{ PQDMA_REG_SCRATCH, 0, 0xffffffff },
	{ PQDMA_REG_IRQ_PENDING, 0, 0 },
	{ CH0(PQDMA_CH_STATUS), 0, 0 },
	{ PQDMA_REG_PERF_CTRL, 0, 0 },
	{ PQDMA_REG_PERF_AR, 0, 0 },
	{ PQDMA_REG_PERF_R, 0, 0 },
	{ PQDMA_REG_PERF_AW, 0, 0 },
	{ PQDMA_REG_PERF_W, 0, 0 },
	{ PQDMA_REG_PERF_FETCH, 0, 0 },
	{ PQDMA_REG_PERF_AR_STALL, 0, 0 },
	{ PQDMA_REG_PERF_W_STALL, 0, 0 },
	{ PQDMA_REG_PERF_R_IDLE, 0, 0 },
	{ PQDMA_REG_PERF_NO_ROOM, 0, 0 },
	{ CH0(PQDMA_CH_CFG), 8, 0xf330f },
	{ CH0(PQDMA_CH_HEAD_LO), 0, 0xffffffff },
	{ CH0(PQDMA_CH_HEAD_HI), 0, 0xffffffff },
	{ CH0(PQDMA_CH_HEAD_COUNT), 0, 0x3f },
	{ CH0(PQDMA_CH_DONE), 0, 0 },
	{ CH0(PQDMA_CH_BYTES), 0, 0 },
	{ CH0(PQDMA_CH_IRQ_ENABLE), 0, 0xf },
	{ CH0(PQDMA_CH_IRQ_COAL), 0, 0xffffffff },
	{ CH0(PQDMA_CH_REQ_TIMEOUT), 0, 0xffffffff },
	{ CH0(PQDMA_CH_ERR_CAUSE), 0, 0 },
	{ CH0(PQDMA_CH_ERR_ADDR_LO), 0, 0 },
	{ CH0(PQDMA_CH_ERR_ADDR_HI), 0, 0 },
	{ CH0(PQDMA_CH_ERR_DESC_LO), 0, 0 },
	{ CH0(PQDMA_CH_ERR_DESC_HI), 0, 0 },
	{ CH0(PQDMA_CH_CMPL_LO), 0, 0xfffffff8 },
	{ CH0(PQDMA_CH_CMPL_HI), 0, 0xffffffff },
	{ CH0(PQDMA_CH_PERF_STRIPS), 0, 0 },
	{ CH0(PQDMA_CH_PERF_BUSY), 0, 0 },
	{ CH0(PQDMA_CH_PERF_WAIT), 0, 0 },
	{ CH0(PQDMA_CH_PERF_STARVED), 0, 0 },
	{ PQDMA_CH(PQDMA_CHANNELS - 1) + PQDMA_CH_HEAD_LO, 0, 0xffffffff },
};

static void access_kinds(void **state)
{
	struct env *env = env_new(&env_ideal, 1);
	size_t i;

	(void)state;
	for (i = 0; i < NR(accesses); i++) {
		const struct access *reg = &accesses[i];

		assert_int_equal(env_read(env, reg->offset), reg->reset);
		assert_int_equal(env_write(env, reg->offset, ~reg->reset), OKAY);
		assert_int_equal(env_read(env, reg->offset), reg->reset ^ reg->writable);
		assert_int_equal(env_write(env, reg->offset, reg->reset), OKAY);
		assert_int_equal(env_read(env, reg->offset), reg->reset);
	}
	env_free(env);
}

static void byte_strobes(void **state)
{
	struct env *env = env_new(&env_ideal, 1);
	uint32_t strb;

	(void)state;
	for (strb = 0; strb < 16; strb++) {
		uint32_t want = 0x11223344;
		uint32_t i;

		for (i = 0; i < 4; i++)
			if (strb & 1u << i)
				want = (want & ~(0xffu << 8 * i)) | (0xaabbccddu & 0xffu << 8 * i);
		env_write(env, PQDMA_REG_SCRATCH, 0x11223344);
		env_write_strobed(env, PQDMA_REG_SCRATCH, 0xaabbccdd, strb);
		assert_int_equal(env_read(env, PQDMA_REG_SCRATCH), want);
	}
	env_write_strobed(env, CH0(PQDMA_CH_TAIL), 0xffff0300, 2);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_TAIL)), 0x300);
	env_write_strobed(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_RUN_MASK, 0xe);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_STATUS)), PQDMA_STATE_IDLE);
	env_free(env);
}

static void offsets_without_register(void **state)
{
	static const uint32_t holes[] = { 0x01c, 0x048, 0x0fc, CH0(0x0c), CH0(0x1c), CH0(0x2c), CH0(0x44), CH0(0x58),
					  CH0(0x68), CH0(0x80), CH0(0xfc), PQDMA_CH(PQDMA_CHANNELS), 0x1f00, 0x1ffc };
	struct env *env = env_new(&env_ideal, 1);
	uint32_t value;
	size_t i;

	(void)state;
	for (i = 0; i < NR(holes); i++) {
		assert_int_equal(env_read_resp(env, holes[i], &value), SLVERR);
		assert_int_equal(value, 0);
		assert_int_equal(env_write(env, holes[i], 0xffffffff), SLVERR);
	}
	assert_int_equal(env_read(env, PQDMA_REG_SCRATCH + 3), 0);
	env_free(env);
}

/* Address and data in either order, with a gap; no response until both are there. */
static void write_orders(void **state)
{
	struct env *env = env_new(&env_ideal, 1);
	int order;

	(void)state;
	for (order = 0; order < 2; order++) {
		env->in.s_axil_awaddr = PQDMA_REG_SCRATCH;
		env->in.s_axil_wdata = 0x1000 + (unsigned int)order;
		env->in.s_axil_wstrb = 0xf;
		env->in.s_axil_awvalid = order == 0;
		env->in.s_axil_wvalid = order == 1;
		env_tick(env);
		assert_int_equal(env->out.s_axil_awready, order == 1);
		assert_int_equal(env->out.s_axil_wready, order == 0);
		env->in.s_axil_awvalid = 0;
		env->in.s_axil_wvalid = 0;
		env_ticks(env, 3);
		assert_false(env->out.s_axil_bvalid);
		env->in.s_axil_awvalid = order == 1;
		env->in.s_axil_wvalid = order == 0;
		env_tick(env);
		assert_true(env->out.s_axil_bvalid);
		env->in.s_axil_awvalid = 0;
		env->in.s_axil_wvalid = 0;
		assert_int_equal(env_read(env, PQDMA_REG_SCRATCH), 0x1000 + order);
	}
	env_free(env);
}

/* While a response is not taken one more write is held, and it happens in the clock in which the response is taken. */
static void held_write_response(void **state)
{
	struct env *env = env_new(&env_ideal, 1);

	(void)state;
	env->in.s_axil_bready = 0;
	env_write(env, PQDMA_REG_SCRATCH, 1);
	env->in.s_axil_awvalid = 1;
	env->in.s_axil_wvalid = 1;
	env->in.s_axil_wdata = 2;
	env_tick(env);
	env->in.s_axil_awvalid = 0;
	env->in.s_axil_wvalid = 0;
	assert_false(env->out.s_axil_awready || env->out.s_axil_wready);
	assert_int_equal(env_read(env, PQDMA_REG_SCRATCH), 1);
	env->in.s_axil_bready = 1;
	env_tick(env);
	assert_true(env->out.s_axil_bvalid && env->out.s_axil_awready && env->out.s_axil_wready);
	env_tick(env);
	assert_false(env->out.s_axil_bvalid);
	assert_int_equal(env_read(env, PQDMA_REG_SCRATCH), 2);
	env_free(env);
}

static void held_read_response(void **state)
{
	struct env *env = env_new(&env_ideal, 1);

	(void)state;
	env->in.s_axil_rready = 0;
	env->in.s_axil_araddr = PQDMA_REG_ID;
	env->in.s_axil_arvalid = 1;
	env_tick(env);
	env->in.s_axil_araddr = PQDMA_REG_VERSION;
	env_ticks(env, 5);
	assert_true(env->out.s_axil_rvalid);
	assert_false(env->out.s_axil_arready);
	assert_int_equal(env->out.s_axil_rdata, PQDMA_ID_VALUE);
	env->in.s_axil_rready = 1;
	env_tick(env);
	assert_false(env->out.s_axil_rvalid);
	env_tick(env);
	env->in.s_axil_arvalid = 0;
	assert_true(env->out.s_axil_rvalid);
	assert_int_equal(env->out.s_axil_rdata, PQDMA_VERSION_VALUE);
	env_tick(env);
	env_free(env);
}

static void doorbell_window(void **state)
{
	struct env *env = env_new(&env_ideal, 1);

	(void)state;
	env_write(env, CH0(PQDMA_CH_TAIL), PQDMA_TAIL_WINDOW);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_TAIL)), PQDMA_TAIL_WINDOW);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_IRQ_STATUS)), 0);
	assert_int_equal(env_write(env, CH0(PQDMA_CH_TAIL), PQDMA_TAIL_WINDOW + 1), OKAY);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_TAIL)), PQDMA_TAIL_WINDOW);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_IRQ_STATUS)), PQDMA_IRQ_BAD_TAIL_MASK);
	env_write(env, CH0(PQDMA_CH_TAIL), 0xffffffff);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_TAIL)), PQDMA_TAIL_WINDOW);
	env_free(env);
}

static void interrupt_line(void **state)
{
	struct env *env = env_new(&env_ideal, 1);
	const uint32_t c = PQDMA_CHANNELS - 1;

	(void)state;
	env_write(env, PQDMA_CH(c) + PQDMA_CH_TAIL, 0xffffffff);
	assert_int_equal(env->out.irq, 0);
	env_write(env, PQDMA_CH(c) + PQDMA_CH_IRQ_ENABLE, PQDMA_IRQ_BAD_TAIL_MASK);
	assert_int_equal(env->out.irq, 1u << c);
	assert_int_equal(env_read(env, PQDMA_REG_IRQ_PENDING), 1u << c);
	env_write(env, PQDMA_CH(c) + PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_DONE_MASK);
	assert_int_equal(env->out.irq, 1u << c);
	env_write(env, PQDMA_CH(c) + PQDMA_CH_IRQ_STATUS, PQDMA_IRQ_BAD_TAIL_MASK);
	assert_int_equal(env->out.irq, 0);
	assert_int_equal(env_read(env, PQDMA_CH(c) + PQDMA_CH_IRQ_STATUS), 0);
	env_free(env);
}

/* ABORT in IDLE comes back after one clock, with its interrupt and without the counts. */
static void abort_in_idle(void **state)
{
	struct env *env = env_new(&env_ideal, 1);

	(void)state;
	env_write(env, CH0(PQDMA_CH_TAIL), 5);
	env_write(env, CH0(PQDMA_CH_HEAD_LO), 0x1240);
	env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_ABORT_MASK | PQDMA_CTRL_STOP_MASK | PQDMA_CTRL_RUN_MASK);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_STATUS)), PQDMA_STATE_ABORT);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_STATUS)), PQDMA_STATE_IDLE);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_IRQ_STATUS)), PQDMA_IRQ_IDLE_MASK);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_TAIL)), 0);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_HEAD_LO)), 0x1240);
	env_free(env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pins_after_reset),
		cmocka_unit_test(access_kinds),
		cmocka_unit_test(byte_strobes),
		cmocka_unit_test(offsets_without_register),
		cmocka_unit_test(write_orders),
		cmocka_unit_test(held_write_response),
		cmocka_unit_test(held_read_response),
		cmocka_unit_test(doorbell_window),
		cmocka_unit_test(interrupt_line),
		cmocka_unit_test(abort_in_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
