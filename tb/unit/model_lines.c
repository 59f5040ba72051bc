/* SPDX-License-Identifier: MIT */
/*
 * Peripherals around one timed model: request lines, and a FIFO behind each.
 *
 * Request number k of a line is the same for model and oracle, whenever it comes; so are byte number k of a FIFO. That holds while
 * one channel at a time uses a line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "model_env.h"

/* A peripheral looks at dack one clock after it came, and has two clocks to change what it shows. */
#define STALE_MAX 3

static uint32_t mix(uint32_t line, uint32_t k, uint32_t what)
{
	uint64_t z = ((uint64_t)what << 56 | (uint64_t)line << 32 | k) * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)((z ^ z >> 27) >> 24);
}

/* ---- FIFOs ---- */

static uint32_t fifo_at(uint64_t addr)
{
	return (uint32_t)((addr - ENV_FIFO(0)) / ENV_FIFO_SIZE);
}

bool env_is_fifo(uint64_t addr)
{
	return addr >= ENV_FIFO(0) && addr < ENV_FIFO(PQDMA_LINES);
}

void env_fifo_read(struct env *env, uint32_t view, uint64_t addr, uint8_t *bytes, size_t len)
{
	struct env_fifo *fifo = &env->fifos[fifo_at(addr)];

	while (len--)
		*bytes++ = (uint8_t)mix(fifo_at(addr), fifo->nr_given[view]++, 0);
}

void env_fifo_write(struct env *env, uint32_t view, uint64_t addr, const uint8_t *bytes, size_t len)
{
	struct env_fifo *fifo = &env->fifos[fifo_at(addr)];

	assert_true(fifo->nr_taken[view] + len <= ENV_FIFO_BYTES);
	memcpy(fifo->taken[view] + fifo->nr_taken[view], bytes, len);
	fifo->nr_taken[view] += (uint32_t)len;
}

static void oracle_reads(void *ctx, uint64_t addr, uint8_t *bytes, size_t len)
{
	env_fifo_read(ctx, ENV_ORACLE, addr, bytes, len);
}

static void oracle_writes(void *ctx, uint64_t addr, const uint8_t *bytes, size_t len)
{
	env_fifo_write(ctx, ENV_ORACLE, addr, bytes, len);
}

/* ---- lines ---- */

static unsigned int request_of(const struct env *env, uint32_t l, uint32_t k)
{
	const struct env_line *line = &env->lines[l];
	unsigned int request;

	if (!line->nr_kinds || k >= line->limit)
		return 0;
	request = line->kinds[mix(l, k, 1) % line->nr_kinds];
	return request | (mix(l, k, 2) % 256 < line->last ? ORACLE_REQUEST_LAST : 0);
}

static unsigned int oracle_asks(void *ctx, unsigned int l)
{
	struct env *env = ctx;

	return request_of(env, l, env->lines[l].nr[ENV_ORACLE]++);
}

static void show(struct env *env, uint32_t l, unsigned int request)
{
	const uint64_t bit = UINT64_C(1) << l;

	env->in.drq_single = (env->in.drq_single & ~bit) | (request & ORACLE_REQUEST_SINGLE ? bit : 0);
	env->in.drq_burst = (env->in.drq_burst & ~bit) | (request & ORACLE_REQUEST_BURST ? bit : 0);
	env->in.drq_last = (env->in.drq_last & ~bit) | (request & ORACLE_REQUEST_LAST ? bit : 0);
}

static void step_line(struct env *env, uint32_t l)
{
	struct env_line *line = &env->lines[l];

	if (env->out.dack >> l & 1) {
		line->dacks++;
		line->nr[ENV_DEVICE]++;
		line->stale = env_random(env) % (STALE_MAX + 1);
		line->wait = line->delay ? env_random(env) % line->delay : 0;
	}
	if (line->stale) {
		line->stale--;
	} else if (line->wait) {
		line->wait--;
		show(env, l, 0);
	} else {
		show(env, l, request_of(env, l, line->nr[ENV_DEVICE]));
	}
}

/* Pins of a dumb line belong to the test. */
void env_lines_step(struct env *env)
{
	uint32_t l;

	for (l = 0; l < PQDMA_LINES; l++)
		if (env->lines[l].nr_kinds)
			step_line(env, l);
}

void env_line_wakes(struct env *env, uint32_t line, const struct env_line *how)
{
	env->lines[line] = *how;
	if (!how->limit)
		env->lines[line].limit = UINT32_MAX;
}

void env_lines_new(struct env *env)
{
	uint32_t l;

	for (l = 0; l < PQDMA_LINES; l++)
		env->devices[l] = (struct oracle_device) {
			.bus = ENV_FIFO(l),
			.size = ENV_FIFO_SIZE,
			.read = oracle_reads,
			.write = oracle_writes,
		};
	env->oracle.devices = env->devices;
	env->oracle.nr_devices = PQDMA_LINES;
	env->oracle.request = oracle_asks;
}

static bool any_failed(const struct env *env)
{
	uint32_t c;

	for (c = 0; c < PQDMA_CHANNELS; c++)
		if (env->started[c] && env->chans[c].state != PQDMA_STATE_RUN)
			return true;
	return false;
}

static void check_fifo(const struct env_fifo *fifo)
{
	assert_int_equal(fifo->nr_given[ENV_DEVICE], fifo->nr_given[ENV_ORACLE]);
	assert_int_equal(fifo->nr_taken[ENV_DEVICE], fifo->nr_taken[ENV_ORACLE]);
	assert_memory_equal(fifo->taken[ENV_DEVICE], fifo->taken[ENV_ORACLE], fifo->nr_taken[ENV_ORACLE]);
}

void env_lines_check(struct env *env)
{
	uint32_t l;

	for (l = 0; l < PQDMA_LINES; l++) {
		check_fifo(&env->fifos[l]);
		if (env->lines[l].nr_kinds && !any_failed(env))
			assert_int_equal(env->lines[l].nr[ENV_DEVICE], env->lines[l].nr[ENV_ORACLE]);
	}
}
