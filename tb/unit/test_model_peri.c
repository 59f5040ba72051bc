/* SPDX-License-Identifier: MIT */
/* Copies with PERI on the timed model: all kinds of sides, their bursts, their errors, against the oracle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "model_peri.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* ---- memory on both sides ---- */

/* Pins of lines say nothing to a copy that is not paced. */
static void lists_of_memory_copies(const struct env_profile *profile, uint64_t seed)
{
	struct env *env = env_new(profile, seed);
	uint32_t round, i;

	for (round = 0; round < 6; round++) {
		env_fill_random(env);
		env->in.drq_single = env_random(env) % 2;
		env->in.drq_burst = env_random(env) % 2;
		env->in.drq_last = env_random(env) % 2;
		for (i = 0; i < PERI_LIST; i++) {
			const struct peri peri = peri_random(env, 0);
			struct desc desc = peri_desc(env, &peri, PERI_SRC(i), PERI_DST(i), 700);

			if (env_random(env) % 4 == 0)
				desc.flags &= (uint8_t)~PQDMA_FLAG_PERI;
			env_desc(env, PERI_DESC(i), &desc);
		}
		peri_run(env, 0, 0, PERI_LIST);
		env_settle(env);
		env_check(env);
		env_restart(env, 0);
	}
	assert_int_equal(env->counts.checks, 6);
	env_free(env);
}

static void any_sides_in_memory(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 6; seed++) {
		lists_of_memory_copies(&env_ideal, seed);
		lists_of_memory_copies(&env_slow, seed);
	}
}

/* Any word 6, any address and length: model and oracle agree on what is legal, and nobody asks on a dumb line. */
static void any_settings(void **state)
{
	struct env *env = env_new(&env_ideal, 7);
	uint32_t causes[256] = { 0 };
	uint32_t i;

	(void)state;
	env_write(env, PQDMA_CH(0) + PQDMA_CH_REQ_TIMEOUT, 5);
	for (i = 0; i < 600; i++) {
		const uint32_t unit = 1u << env_random(env) % 5;
		struct peri peri = peri_random(env, env_random(env) % PQDMA_LINES);
		struct desc desc;

		peri.paced = env_random(env) % 8 == 0;
		desc = peri_desc(env, &peri, PERI_SRC(0), PERI_DST(0), 300);
		desc.settings ^= env_random(env) % 2 ? 1u << env_random(env) % 32 : 0;
		desc.src += env_random(env) % 8 ? 0 : unit;
		desc.dst += env_random(env) % 8 ? 0 : unit;
		desc.length += env_random(env) % 8 ? 0 : unit;
		desc.flags |= PQDMA_FLAG_WB | (env_random(env) % 16 ? 0 : PQDMA_FLAG_TWO_D);
		desc.rows = 1;
		env_desc(env, PERI_DESC(0), &desc);
		peri_run(env, 0, 0, 1);
		env_settle(env);
		env_check(env);
		causes[env->chans[0].err_cause]++;
		env_restart(env, 0);
	}
	assert_true(causes[PQDMA_ERR_NONE] > 100);
	assert_true(causes[PQDMA_ERR_BAD_WIDTH] > 100);
	assert_true(causes[PQDMA_ERR_REQ_TIMEOUT] > 5);
	assert_true(causes[PQDMA_ERR_BAD_FLAGS] > 5);
	env_free(env);
}

static uint32_t cause_of(struct env *env, const struct peri *peri, uint64_t src, uint64_t dst, uint32_t length)
{
	uint32_t cause;

	env_desc(env, PERI_DESC(0), &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_PERI, .length = length, .src = src,
						     .dst = dst, .settings = peri_word(peri) });
	env_write(env, PQDMA_CH(0) + PQDMA_CH_CFG, 8);
	env_start(env, 0, PERI_DESC(0), 1, 1);
	env_settle(env);
	env_check(env);
	cause = env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_CAUSE);
	if (cause)
		assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_ADDR_LO), (uint32_t)PERI_DESC(0));
	env_restart(env, 0);
	return cause;
}

/* Each rule by itself, and beside it what is just legal */
static void bad_widths(void **state)
{
	const uint32_t bus = PERI_BUS_SIZE;
	const struct {
		struct peri peri;
		bool good;
		uint32_t src;
		uint32_t dst;
		uint32_t length;
	} table[] = {
		{ .peri = { .src_size = bus, .dst_size = bus }, .good = true, .src = 1, .dst = 3, .length = 5 },
		{ .peri = { .src_size = 1, .dst_size = bus }, .good = true, .src = 2, .length = 6 },
		{ .peri = { .src_size = 1, .dst_size = bus }, .src = 3, .length = 6 },
		{ .peri = { .src_size = 1, .dst_size = bus }, .src = 2, .length = 5 },
		{ .peri = { .src_size = 1, .dst_size = 1 }, .good = true, .dst = 2, .length = 2 },
		{ .peri = { .src_size = 1, .dst_size = 1 }, .dst = 1, .length = 2 },
		{ .peri = { .dst_dev = true, .src_size = bus, .dst_size = 1 }, .dst = 2, .length = 3 },
		{ .peri = { .src_size = bus + 1, .dst_size = bus }, .length = 128 },
		{ .peri = { .src_size = bus, .dst_size = 7 }, .length = 128 },
		{ .peri = { .src_size = bus, .src_mode = 3, .dst_size = bus }, .length = 128 },
		{ .peri = { .src_size = bus, .dst_size = bus, .dst_mode = 3 }, .length = 128 },
		{ .peri = { .src_size = bus, .src_mode = PERI_FIXED, .dst_size = bus }, .src = PQDMA_BYTES / 2, .length = 128 },
		{ .peri = { .src_size = bus, .dst_size = bus, .burst = 5 }, .length = 128 },
		{ .peri = { .src_size = 0, .dst_size = bus, .burst = 4 }, .good = true, .length = 128 },
		{ .peri = { .src_size = 0, .dst_size = 1 }, .length = 128 },
		{ .peri = { .dst_dev = true, .src_size = 0, .dst_size = 1 }, .good = true, .length = 128 },
		{ .peri = { .dst_dev = true, .src_size = 0, .dst_size = 1, .burst = 3 }, .good = true, .length = 128 },
		{ .peri = { .dst_dev = true, .src_size = 0, .dst_size = 1, .burst = 4 }, .length = 128 },
		{ .peri = { .line = PQDMA_LINES - 1, .src_size = bus, .dst_size = bus }, .good = true, .length = 128 },
		{ .peri = { .line = 31, .src_size = bus, .dst_size = bus }, .good = PQDMA_LINES == 32, .length = 128 },
		{ .peri = { .src_size = bus, .dst_size = bus, .burst = 4 }, .good = 16 * PQDMA_BYTES <= PQDMA_STRIP_BYTES, .length = 128 },
	};
	struct env *env = env_new(&env_ideal, 1);
	size_t i;

	(void)state;
	env_fill_random(env);
	for (i = 0; i < NR(table); i++)
		assert_int_equal(cause_of(env, &table[i].peri, PERI_SRC(0) + table[i].src, PERI_DST(0) + table[i].dst, table[i].length),
				 table[i].good ? PQDMA_ERR_NONE : PQDMA_ERR_BAD_WIDTH);
	env_free(env);
}

static void peri_where_it_means_nothing(void **state)
{
	static const struct {
		uint32_t cfg;
		uint8_t op;
	} table[] = {
		{ 8, PQDMA_OP_FILL }, { 8, PQDMA_OP_XOR }, { 8, PQDMA_OP_XOR_VAL }, { 8, PQDMA_OP_NOP },
		{ 8 | PQDMA_CFG_COMPACT_MASK, PQDMA_OP_COPY },
	};
	struct env *env = env_new(&env_ideal, 1);
	size_t i;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		env_desc(env, PERI_DESC(0), &(struct desc) { .op = table[i].op, .flags = PQDMA_FLAG_PERI, .length = 16, .src = PERI_SRC(0),
							.dst = PERI_DST(0) });
		env_write(env, PQDMA_CH(0) + PQDMA_CH_CFG, table[i].cfg);
		env_start(env, 0, PERI_DESC(0), 1, 1);
		env_settle(env);
		env_check(env);
		assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_CAUSE), PQDMA_ERR_BAD_FLAGS);
		env_restart(env, 0);
	}
	env_free(env);
}

/* ---- bursts ---- */

struct burst {
	uint64_t addr;
	uint64_t len;
	uint64_t size;
	uint64_t type;
};

struct bursts {
	struct burst read[32];
	struct burst write[32];
	uint32_t nr_reads;
	uint32_t nr_writes;
};

static void tick_and_note(struct env *env, struct bursts *seen)
{
	const struct pqdma_out *out = &env->out;
	const struct burst read = { out->m_axi_araddr, out->m_axi_arlen, out->m_axi_arsize, out->m_axi_arburst };
	const struct burst write = { out->m_axi_awaddr, out->m_axi_awlen, out->m_axi_awsize, out->m_axi_awburst };
	const bool ar = out->m_axi_arvalid && !out->m_axi_arid;
	const bool aw = out->m_axi_awvalid;

	env_tick(env);
	assert_true(seen->nr_reads < NR(seen->read) && seen->nr_writes < NR(seen->write));
	if (ar && env->in.m_axi_arready)
		seen->read[seen->nr_reads++] = read;
	if (aw && env->in.m_axi_awready)
		seen->write[seen->nr_writes++] = write;
}

/* What 16 bytes in transfers of 2 from @addr on come to, if no burst crosses a multiple of the bus word */
static uint32_t expect(struct burst *bursts, uint64_t addr, uint32_t mode)
{
	uint32_t nr = 0, done, n;

	for (done = 0; done < 16; done += n, nr++) {
		const uint64_t at = mode == PERI_UP ? addr + done : addr - done;
		const uint32_t room = (uint32_t)(PQDMA_BYTES - at % PQDMA_BYTES);

		n = mode == PERI_DOWN ? 2 : 16 - done;
		if (mode == PERI_UP && n > room)
			n = room;
		bursts[nr] = (struct burst) { .addr = at, .len = n / 2 - 1, .size = 1, .type = 1 };
		if (mode != PERI_FIXED)
			continue;
		bursts[nr].addr = addr;
		bursts[nr].type = 0;
	}
	return nr;
}

static void check_bursts(const struct peri *peri)
{
	struct env *env = env_new(&env_ideal, 1);
	struct bursts seen = { 0 };
	struct bursts want;

	env_desc(env, PERI_DESC(0), &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_PERI, .length = 16, .src = PERI_SRC(0) + 62,
						.dst = PERI_DST(0) + 50, .settings = peri_word(peri) });
	want.nr_reads = expect(want.read, PERI_SRC(0) + 62, peri->src_mode);
	want.nr_writes = expect(want.write, PERI_DST(0) + 50, peri->dst_mode);
	env_write(env, PQDMA_CH(0) + PQDMA_CH_CFG, 0);
	env_start(env, 0, PERI_DESC(0), 1, 1);
	while (!env_peek_register(env, PQDMA_CH(0) + PQDMA_CH_DONE))
		tick_and_note(env, &seen);
	assert_int_equal(seen.nr_reads, want.nr_reads);
	assert_int_equal(seen.nr_writes, want.nr_writes);
	assert_memory_equal(seen.read, want.read, want.nr_reads * sizeof(want.read[0]));
	assert_memory_equal(seen.write, want.write, want.nr_writes * sizeof(want.write[0]));
	env_check(env);
	env_free(env);
}

static void bursts_of_each_mode(void **state)
{
	uint32_t src, dst;

	(void)state;
	for (src = PERI_UP; src <= PERI_DOWN; src++)
		for (dst = PERI_UP; dst <= PERI_DOWN; dst++)
			check_bursts(&(struct peri) { .src_size = 1, .src_mode = src, .dst_size = 1, .dst_mode = dst, .burst = 3 });
}

/* ---- errors ---- */

static void run_bytes(struct env *env, const struct desc *desc, uint32_t cfg)
{
	env_desc(env, PERI_DESC(0), desc);
	env_write(env, PQDMA_CH(0) + PQDMA_CH_CFG, cfg);
	env_start(env, 0, PERI_DESC(0), 1, 1);
	env_settle(env);
	env_check(env);
}

static uint64_t err_addr(struct env *env)
{
	return env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_ADDR_LO) | (uint64_t)env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_ADDR_HI) << 32;
}

/* Transfer 5 of a piece of 8: the address says which, unless it is that of all. Its piece is not written and has no dack. */
static void failing_reads(void **state)
{
	uint32_t mode;

	(void)state;
	for (mode = PERI_UP; mode <= PERI_DOWN; mode++) {
		const struct peri peri = { .paced = true, .src_size = 1, .src_mode = mode, .dst_size = PERI_BUS_SIZE, .burst = 3 };
		const uint64_t bad[] = { PERI_SRC(0) + 32 + 26, PERI_SRC(0) + 32, PERI_SRC(0) + 32 - 26 };
		struct env *env = env_new(&env_slow, mode);

		env_fill_random(env);
		env_line_wakes(env, 0, &(struct env_line) { .kinds = { ORACLE_REQUEST_BURST }, .nr_kinds = 1 });
		env_fail_at(env, bad[mode], 1, ORACLE_READ, 2);
		run_bytes(env, &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_PERI | PQDMA_FLAG_WB, .length = 48,
						.src = PERI_SRC(0) + 32, .dst = PERI_DST(0) + 1, .settings = peri_word(&peri) }, 8);
		assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_CAUSE), PQDMA_ERR_READ_SLVERR);
		assert_int_equal(err_addr(env), bad[mode]);
		assert_int_equal(env->lines[0].dacks, mode == PERI_FIXED ? 0 : 1);
		assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_BYTES), mode == PERI_FIXED ? 0 : 16);
		env_free(env);
	}
}

/* A piece that is cut in many bursts: those behind one that fails are written, and the first failing one is told. */
static void failing_writes(void **state)
{
	const struct peri down = { .dst_dev = true, .src_size = PERI_BUS_SIZE, .dst_mode = PERI_DOWN, .burst = 4 };
	const struct peri wide = { .src_size = PERI_BUS_SIZE, .src_mode = PERI_FIXED, .dst_size = PERI_BUS_SIZE, .burst = 2 };
	struct env *env = env_new(&env_slow, 1);

	(void)state;
	env_fill_random(env);
	env_fail_at(env, PERI_DST(0) + 20, 2, ORACLE_WRITE, 3);
	run_bytes(env, &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_PERI | PQDMA_FLAG_WB, .length = 30, .src = PERI_SRC(0),
					.dst = PERI_DST(0) + 39, .settings = peri_word(&down) }, 8);
	assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_CAUSE), PQDMA_ERR_WRITE_DECERR);
	assert_int_equal(err_addr(env), PERI_DST(0) + 21);
	env_restart(env, 0);

	env_fail_at(env, PERI_DST(0) + 2 * PQDMA_BYTES, 1, ORACLE_WRITE, 2);
	run_bytes(env, &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_PERI, .length = 4 * PQDMA_BYTES, .src = PERI_SRC(0),
					.dst = PERI_DST(0) + 1, .settings = peri_word(&wide) }, 0);
	assert_int_equal(env_read(env, PQDMA_CH(0) + PQDMA_CH_ERR_CAUSE), PQDMA_ERR_WRITE_SLVERR);
	assert_int_equal(err_addr(env), PERI_DST(0) + 2 * PQDMA_BYTES);
	env_free(env);
}

/* Errors anywhere, of any kind, in lists of any copies */
static void any_errors(void **state)
{
	uint32_t failed = 0;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 150; seed++) {
		struct env *env = env_new(seed % 2 ? &env_ideal : &env_slow, seed);
		uint32_t i;

		env_fill_random(env);
		for (i = 0; i < PERI_LIST / 4; i++) {
			const struct peri peri = peri_random(env, 0);
			const struct desc desc = peri_desc(env, &peri, PERI_SRC(i), PERI_DST(i), 300);

			env_desc(env, PERI_DESC(i), &desc);
			if (i == 1)
				env_fail_at(env, desc.src - 100 + env_random(env) % 200, 1, ORACLE_READ, 2 + env_random(env) % 2);
			if (i == 2)
				env_fail_at(env, desc.dst - 100 + env_random(env) % 200, 1, ORACLE_WRITE, 2 + env_random(env) % 2);
		}
		peri_run(env, 0, 0, PERI_LIST / 4);
		env_settle(env);
		env_check(env);
		failed += env->chans[0].state == PQDMA_STATE_FAIL;
		env_free(env);
	}
	assert_in_range(failed, 40, 149);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_sides_in_memory),
		cmocka_unit_test(any_settings),
		cmocka_unit_test(bad_widths),
		cmocka_unit_test(peri_where_it_means_nothing),
		cmocka_unit_test(bursts_of_each_mode),
		cmocka_unit_test(failing_reads),
		cmocka_unit_test(failing_writes),
		cmocka_unit_test(any_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
