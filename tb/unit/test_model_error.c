/* SPDX-License-Identifier: MIT */
/*
 * Errors on the timed model: every cause leaves the record, the counts, the status words and the memory that the oracle says,
 * other channels run on, and ABORT brings the channel back. Fails on a wrong record, a stray byte or a channel that hangs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

#define DESC(i) (ENV_DESCS + (uint64_t)(i) * PQDMA_DESC_SIZE)
#define CH0(reg) (PQDMA_CH(0) + (reg))
#define SRC ENV_DATA
#define DST (ENV_DATA + 0x8000)
#define LENGTH 2500
#define LIST 6
#define VICTIM 2
#define SLVERR 2
#define DECERR 3
#define NR(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t victim_dst(void)
{
	return DST + VICTIM * 3000;
}

static struct desc good_desc(uint32_t i, uint8_t flags)
{
	return (struct desc) { .op = PQDMA_OP_COPY, .flags = flags, .tag = (uint16_t)(0x700 + i), .length = LENGTH,
			       .src = SRC + i * 2600 + 5, .dst = DST + i * 3000 };
}

/* Channel 0 runs a list with something wrong in it; every other channel a good one. */
static void put_lists(struct env *env, uint8_t flags)
{
	uint32_t c, i;

	for (i = 0; i < LIST; i++) {
		const struct desc desc = good_desc(i, flags);

		env_desc(env, DESC(i), &desc);
	}
	for (c = 1; c < PQDMA_CHANNELS; c++)
		env_desc(env, DESC(c * 64), &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_WB, .length = 1900,
							     .src = SRC + c, .dst = DST + 0x8000 + c * 2000 });
}

static void run_lists(struct env *env, uint32_t tail)
{
	uint32_t c;

	for (c = 1; c < PQDMA_CHANNELS; c++)
		env_start(env, c, DESC(c * 64), 1, 1);
	env_start(env, 0, DESC(0), LIST, tail);
	env_settle(env);
	env_check(env);
}

/* After ABORT the channel runs a good list as if nothing had been. */
static void recover(struct env *env)
{
	const struct desc desc = good_desc(0, PQDMA_FLAG_IRQ | PQDMA_FLAG_WB);

	env->nr_errors = 0;
	env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_RUN_MASK | PQDMA_CTRL_STOP_MASK);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_STATUS)), PQDMA_STATE_FAIL);
	env_write(env, CH0(PQDMA_CH_CTRL), PQDMA_CTRL_ABORT_MASK);
	env_settle(env);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), 0);
	env_write(env, CH0(PQDMA_CH_IRQ_STATUS), ~0u);
	memcpy(env->oracle.ram, env->ram, ENV_RAM_SIZE);
	env_desc(env, DESC(0), &desc);
	env_start(env, 0, DESC(0), 1, 1);
	env_settle(env);
	env_check(env);
}

static void run_case(struct env *env, uint32_t tail, uint32_t cause, uint32_t done)
{
	run_lists(env, tail);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), cause);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), done);
	recover(env);
	env_free(env);
}

static struct env *new_case(uint32_t variant)
{
	struct env *env = env_new(variant % 2 ? &env_slow : &env_ideal, variant);

	env_fill_random(env);
	put_lists(env, variant & 2 ? PQDMA_FLAG_WB | PQDMA_FLAG_IRQ : 0);
	return env;
}

static void read_error_at_every_beat(void **state)
{
	const uint64_t src = SRC + VICTIM * 2600 + 5;
	uint64_t at;
	uint32_t i = 0;

	(void)state;
	for (at = src - src % PQDMA_BYTES; at < src + LENGTH; at += PQDMA_BYTES, i++) {
		struct env *env = new_case(i);

		env_fail_at(env, at, 1, ORACLE_READ, i % 3 ? SLVERR : DECERR);
		run_case(env, LIST, i % 3 ? PQDMA_ERR_READ_SLVERR : PQDMA_ERR_READ_DECERR, VICTIM);
	}
	assert_true(i >= LENGTH / PQDMA_BYTES);
}

static void write_error_in_every_strip(void **state)
{
	uint32_t at;

	(void)state;
	for (at = 0; at < LENGTH; at += 100) {
		struct env *env = new_case(at / 100);

		env_fail_at(env, victim_dst() + at, 1, ORACLE_WRITE, at % 300 ? SLVERR : DECERR);
		run_case(env, LIST, at % 300 ? PQDMA_ERR_WRITE_SLVERR : PQDMA_ERR_WRITE_DECERR, VICTIM);
	}
}

static void status_error(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 8; i++) {
		struct env *env = new_case(i | 2);

		env_fail_at(env, DESC(VICTIM) + 56, 8, ORACLE_STATUS, i % 4 < 2 ? SLVERR : DECERR);
		run_case(env, LIST, i % 4 < 2 ? PQDMA_ERR_STATUS_SLVERR : PQDMA_ERR_STATUS_DECERR, VICTIM);
	}
}

/* Many status writes are under way when the one in the middle fails: DONE stops there although later ones succeed. */
static void status_error_among_others(void **state)
{
	static const struct env_profile late_answers = { .latency = 100 };
	struct env *env = env_new(&late_answers, 4);
	uint32_t i;

	(void)state;
	for (i = 0; i < 2 * LIST; i++)
		env_desc(env, DESC(i), &(struct desc) { .op = PQDMA_OP_NOP, .flags = PQDMA_FLAG_WB });
	env_fail_at(env, DESC(LIST) + 56, 8, ORACLE_STATUS, SLVERR);
	env_start(env, 0, DESC(0), 2 * LIST, 2 * LIST);
	env_settle(env);
	env_check(env);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), LIST);
	/* a narrow bus or few strips do not let the next one get on its way in time */
	if (PQDMA_BYTES >= 8 && PQDMA_STRIPS >= 8)
		assert_int_equal(env_peek64(env, DESC(LIST + 1) + 56), PQDMA_DSTS_DONE_MASK);
	recover(env);
	env_free(env);
}

/* Once the error shows, at most the burst whose address stands at the pins is still given out. */
static void write_error_begins_no_other_burst(void **state)
{
	static const struct env_profile late_answers = { .latency = 150 };
	struct env *env = env_new(&late_answers, 5);
	uint32_t bursts;

	(void)state;
	env_fill_random(env);
	env_desc(env, DESC(0), &(struct desc) { .op = PQDMA_OP_FILL, .length = 0x8000, .dst = DST });
	env_fail_at(env, DST, 1, ORACLE_WRITE, SLVERR);
	env_write(env, CH0(PQDMA_CH_IRQ_ENABLE), PQDMA_IRQ_ERROR_MASK);
	env_write(env, CH0(PQDMA_CH_CFG), 3);
	env_start(env, 0, DESC(0), 1, 1);
	while (!env->out.irq)
		env_tick(env);
	bursts = env->counts.write_bursts + (env->out.m_axi_awvalid != 0);
	assert_in_range(bursts, 1, PQDMA_STRIPS);
	env_settle(env);
	env_ticks(env, 200);
	env_check(env);
	assert_int_equal(env->counts.write_bursts, bursts);
	recover(env);
	env_free(env);
}

static void fetch_error_at_every_byte(void **state)
{
	uint32_t byte;

	(void)state;
	for (byte = 0; byte < PQDMA_DESC_SIZE; byte += 4) {
		struct env *env = new_case(byte / 4);

		env_fail_at(env, DESC(VICTIM) + byte, 1, ORACLE_FETCH, byte % 8 ? SLVERR : DECERR);
		run_case(env, LIST, byte % 8 ? PQDMA_ERR_FETCH_SLVERR : PQDMA_ERR_FETCH_DECERR, VICTIM);
	}
}

static void malformed_descriptors(void **state)
{
	static const struct {
		struct desc desc;
		uint32_t cause;
	} table[] = {
		{ { .op = PQDMA_OP_MATRIX + 1, .flags = 0x84, .length = 5 }, PQDMA_ERR_BAD_OP },
		{ { .op = 0xff }, PQDMA_ERR_BAD_OP },
		{ { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_CONT | PQDMA_FLAG_WB }, PQDMA_ERR_BAD_FLAGS },
		{ { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_P_OFF, .length = 1 }, PQDMA_ERR_BAD_FLAGS },
		{ { .op = PQDMA_OP_FILL, .flags = PQDMA_FLAG_Q_OFF, .length = 1 }, PQDMA_ERR_BAD_FLAGS },
		{ { .op = PQDMA_OP_NOP, .flags = PQDMA_FLAG_TWO_D }, PQDMA_ERR_BAD_FLAGS },
		{ { .op = PQDMA_OP_NOP, .flags = 0x80 }, PQDMA_ERR_BAD_FLAGS },
		{ { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_WB }, PQDMA_ERR_BAD_LENGTH },
		{ { .op = PQDMA_OP_FILL }, PQDMA_ERR_BAD_LENGTH },
		{ { .op = PQDMA_OP_INTERRUPT, .flags = PQDMA_FLAG_WB, .length = 1 }, PQDMA_ERR_BAD_LENGTH },
		{ { .op = PQDMA_OP_NOP, .length = 0x80000000 }, PQDMA_ERR_BAD_LENGTH },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		struct env *env = new_case((uint32_t)i);

		env_desc(env, DESC(VICTIM), &table[i].desc);
		run_case(env, LIST, table[i].cause, VICTIM);
	}
}

static void bad_links_and_heads(void **state)
{
	static const struct {
		uint64_t head;
		uint32_t count;
		uint32_t cause;
		uint32_t done;
	} table[] = {
		{ DESC(0), LIST, PQDMA_ERR_BAD_LINK, LIST },
		{ DESC(0), 0, PQDMA_ERR_BAD_LINK, 0 },
		{ DESC(0) + 4, 1, PQDMA_ERR_BAD_ALIGN, 0 },
		{ DESC(0) + 32, 0, PQDMA_ERR_BAD_ALIGN, 0 },
		{ DESC(0) + 1, 1, PQDMA_ERR_BAD_ALIGN, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		struct env *env = new_case((uint32_t)i);

		env_start(env, 0, table[i].head, table[i].count, LIST + 1);
		env_settle(env);
		env_check(env);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), table[i].cause);
		assert_int_equal(env_read(env, CH0(PQDMA_CH_DONE)), table[i].done);
		recover(env);
		env_free(env);
	}
}

/* The link of a group's last descriptor is read again when the list goes on, and that read fails. */
static void link_read_error(void **state)
{
	const struct desc desc = good_desc(0, 0);
	struct env *env = env_new(&env_slow, 3);

	(void)state;
	env_fill_random(env);
	env_desc(env, DESC(0), &desc);
	env_start(env, 0, DESC(0), 1, 1);
	env_settle(env);
	env_check(env);
	env_fail_at(env, DESC(0) + 24, 8, ORACLE_FETCH, SLVERR);
	env_doorbell(env, 0, 2);
	env_settle(env);
	env_check(env);
	assert_int_equal(env_read(env, CH0(PQDMA_CH_ERR_CAUSE)), PQDMA_ERR_FETCH_SLVERR);
	recover(env);
	env_free(env);
}

static void addresses_outside_memory(void **state)
{
	static const struct {
		uint64_t src;
		uint64_t dst;
		uint32_t cause;
	} table[] = {
		{ ENV_RAM_BUS - 100, DST, PQDMA_ERR_READ_DECERR },
		{ ENV_RAM_BUS + ENV_RAM_SIZE - 2000, DST + 0x6000, PQDMA_ERR_READ_DECERR },
		{ UINT64_C(0xffffffffffffff00), DST, PQDMA_ERR_READ_DECERR },
		{ SRC, ENV_RAM_BUS + ENV_RAM_SIZE - 2000, PQDMA_ERR_WRITE_DECERR },
		{ SRC, UINT64_C(0xfffffffffffff802), PQDMA_ERR_WRITE_DECERR },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR(table); i++) {
		struct env *env = new_case((uint32_t)i);

		env_desc(env, DESC(VICTIM), &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_WB, .length = LENGTH,
							     .src = table[i].src, .dst = table[i].dst });
		run_case(env, LIST, table[i].cause, VICTIM);
	}
}

/* What the description of a failed channel must tell whoever reads a report. */
static void description_names_the_error(void **state)
{
	struct env *env = new_case(2);
	char text[16384];
	char small[20];
	size_t n;

	(void)state;
	env_desc(env, DESC(VICTIM), &(struct desc) { .op = 9 });
	run_lists(env, LIST);
	n = pqdma_model_describe(env->dev, text, sizeof(text));
	assert_int_equal(n, strlen(text));
	assert_non_null(strstr(text, "channel 0: FAIL"));
	assert_non_null(strstr(text, "error: BAD_OP"));
	n = pqdma_model_describe(env->dev, small, sizeof(small));
	assert_int_equal(n, sizeof(small) - 1);
	assert_int_equal(n, strlen(small));
	env_free(env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_error_at_every_beat),
		cmocka_unit_test(write_error_in_every_strip),
		cmocka_unit_test(status_error),
		cmocka_unit_test(status_error_among_others),
		cmocka_unit_test(write_error_begins_no_other_burst),
		cmocka_unit_test(fetch_error_at_every_byte),
		cmocka_unit_test(malformed_descriptors),
		cmocka_unit_test(bad_links_and_heads),
		cmocka_unit_test(link_read_error),
		cmocka_unit_test(addresses_outside_memory),
		cmocka_unit_test(description_names_the_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
