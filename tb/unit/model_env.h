/* SPDX-License-Identifier: MIT */
/*
 * What the unit tests of the model share: a memory and a register master around one timed model, with an oracle beside it.
 *
 *	struct env *env = env_new(&env_ideal, 1);
 *
 *	env_fill_random(env);
 *	env_desc(env, ENV_DESCS, &(struct desc) { .op = PQDMA_OP_COPY, .src = ENV_DATA, .dst = ENV_DATA + 4096, .length = 100 });
 *	env_start(env, 0, ENV_DESCS, 1, 1);			// also on the oracle
 *	env_settle(env);
 *	env_check(env);					// memory, counters and error records against the oracle
 *	env_free(env);
 *
 * Memory is written through both: env_desc() and env_poke() change the device's memory and the oracle's. One seed decides
 * every stall and latency. All checks are cmocka assertions.
 */
#ifndef MODEL_ENV_H
#define MODEL_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "oracle.h"
#include "pqdma_model.h"
#include "pqdma_regs.h"

#define ENV_RAM_BUS UINT64_C(0x123400000)
#define ENV_RAM_SIZE (256 * 1024)
#define ENV_DESCS ENV_RAM_BUS
#define ENV_TABLES (ENV_RAM_BUS + ENV_RAM_SIZE / 8)
#define ENV_DATA (ENV_RAM_BUS + ENV_RAM_SIZE / 4)
#define ENV_QUEUE 256
#define ENV_BEATS 4096
#define ENV_ERRORS 4

/** struct env_profile - how the memory behaves; a stall is a chance in 256 that a ready or valid is withheld in a clock */
struct env_profile {
	uint32_t latency;
	uint32_t jitter;
	uint32_t stall;
};

extern const struct env_profile env_ideal;
extern const struct env_profile env_slow;

/** struct desc - a descriptor as a test says it */
struct desc {
	uint8_t op;
	uint8_t flags;
	uint8_t sources;
	uint16_t tag;
	uint32_t length;
	uint64_t src;
	uint64_t dst;
	uint64_t dst2;
	uint64_t link;
};

/** struct source - an entry of a source table as a test says it */
struct source {
	uint64_t addr;
	uint8_t a;
	uint8_t b;
};

struct env_error {
	uint64_t addr;
	uint64_t len;
	enum oracle_access access;
	uint8_t resp;
};

struct env_read {
	uint64_t addr;
	uint64_t due;
	uint32_t left;
};

struct env_read_queue {
	struct env_read reads[ENV_QUEUE];
	uint32_t rd;
	uint32_t wr;
};

struct env_burst {
	uint64_t addr;
	uint32_t beats;
	uint32_t beat;
	uint8_t resp;
};

struct env_beat {
	uint8_t data[PQDMA_BYTES];
	uint64_t strb;
	bool last;
};

struct env_counts {
	uint32_t read_beats;
	uint32_t fetch_beats;
	uint32_t write_beats;
	uint32_t write_bursts;
	uint32_t checks;
};

/**
 * struct env - one controller with its surroundings
 *
 * Descriptors stand from ENV_DESCS on, source tables from ENV_TABLES on, data from ENV_DATA on.
 * @in:    pins for the next edge; the register pins belong to env_read(), env_write() or to the test
 * @out:   pins after the last edge
 * @clock: edges so far
 */
struct env {
	struct pqdma *dev;
	struct pqdma_in in;
	struct pqdma_out out;
	struct pqdma_out held;
	uint64_t clock;
	uint64_t rng;
	struct env_profile profile;
	uint8_t *ram;
	struct oracle oracle;
	struct oracle_channel chans[PQDMA_CHANNELS];
	bool started[PQDMA_CHANNELS];
	struct env_error errors[ENV_ERRORS];
	uint32_t nr_errors;
	struct env_read_queue reads[2];
	struct env_burst bursts[ENV_QUEUE];
	uint32_t burst_rd;
	uint32_t burst_wr;
	struct env_beat beats[ENV_BEATS];
	uint32_t beat_rd;
	uint32_t beat_wr;
	struct {
		uint64_t due;
		uint8_t resp;
	} answers[ENV_QUEUE];
	uint32_t answer_rd;
	uint32_t answer_wr;
	struct env_counts counts;
};

/** env_new() - a controller out of reset, memory all zero */
struct env *env_new(const struct env_profile *profile, uint64_t seed);

/** env_free() - give it back; fails the test if the memory still owes or is owed something */
void env_free(struct env *env);

/** env_tick() - one rising edge: choose the memory's pins, check that held payload is stable, tick */
void env_tick(struct env *env);

/** env_ticks() - @n rising edges */
void env_ticks(struct env *env, uint32_t n);

/** env_random() - the next number of the seed */
uint32_t env_random(struct env *env);

/** env_write() - write a register; returns BRESP */
uint32_t env_write(struct env *env, uint32_t offset, uint32_t value);

/** env_write_strobed() - the same with WSTRB */
uint32_t env_write_strobed(struct env *env, uint32_t offset, uint32_t value, uint32_t strb);

/** env_read_resp() - read a register; returns RRESP */
uint32_t env_read_resp(struct env *env, uint32_t offset, uint32_t *value);

/** env_read() - read a register that must be there */
uint32_t env_read(struct env *env, uint32_t offset);

/** env_poke() - write memory of the device and of the oracle */
void env_poke(struct env *env, uint64_t addr, const void *bytes, size_t len);

/** env_peek64() - a 64-bit word of the device's memory */
uint64_t env_peek64(const struct env *env, uint64_t addr);

/** env_fill_random() - random bytes in the whole memory, both copies */
void env_fill_random(struct env *env);

/** env_desc() - write a descriptor */
void env_desc(struct env *env, uint64_t addr, const struct desc *desc);

/** env_table() - write a source table; the bytes that have no meaning are random */
void env_table(struct env *env, uint64_t addr, const struct source *sources, uint32_t nr);

/** env_fail_at() - accesses of a kind that touch a range answer with @resp, on the device and on the oracle */
void env_fail_at(struct env *env, uint64_t addr, uint64_t len, enum oracle_access access, uint8_t resp);

/** env_start() - head, RUN, doorbell; the oracle runs to @tail at once */
void env_start(struct env *env, uint32_t c, uint64_t head, uint32_t count, uint32_t tail);

/** env_doorbell() - a new tail count for a running channel; the oracle follows */
void env_doorbell(struct env *env, uint32_t c, uint32_t tail);

/** env_settle() - clocks until no channel has anything to do; fails the test if that takes too long */
void env_settle(struct env *env);

/** env_restart() - bring channel @c to IDLE and forget its interrupts and planted errors; the oracle takes over the memory */
void env_restart(struct env *env, uint32_t c);

/** env_check() - compare memory and every started channel with the oracle */
void env_check(struct env *env);

#endif
