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
#define ENV_CMPL(c) (ENV_DATA - 1024 + 40 * (uint64_t)(c))
#define ENV_FIFO_SIZE 1024
#define ENV_FIFO_BYTES 16384
#define ENV_FIFO(line) (ENV_RAM_BUS + 0x1000000 + ENV_FIFO_SIZE * (uint64_t)(line))
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

/**
 * struct desc - a descriptor as a test says it
 *
 * With TWO_D the strides stand where @dst2 would, with PERI @settings where @sources would.
 */
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
	uint32_t settings;
	uint32_t rows;
	int32_t src_stride;
	int32_t dst_stride;
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

struct env_shape {
	uint32_t size;
	uint32_t beats;
	bool fixed;
};

struct env_read {
	struct env_shape shape;
	uint64_t addr;
	uint64_t due;
	uint32_t beat;
};

struct env_read_queue {
	struct env_read reads[ENV_QUEUE];
	uint32_t rd;
	uint32_t wr;
};

struct env_burst {
	struct env_shape shape;
	uint64_t addr;
	uint32_t beat;
	uint8_t resp;
};

struct env_beat {
	uint8_t data[PQDMA_BYTES];
	uint64_t strb;
	bool last;
};

/* What happens to a device and what should: each has its own place in the same requests and bytes. */
enum {
	ENV_DEVICE,
	ENV_ORACLE,
	ENV_VIEWS,
};

/* A FIFO gives bytes that depend on their number, and keeps those that it is given. */
struct env_fifo {
	uint32_t nr_given[ENV_VIEWS];
	uint32_t nr_taken[ENV_VIEWS];
	uint8_t taken[ENV_VIEWS][ENV_FIFO_BYTES];
};

/**
 * struct env_line - a request line and the peripheral behind it
 * @kinds: the requests that it makes, each one of these: ORACLE_REQUEST_SINGLE, ORACLE_REQUEST_BURST, or both at once. 0: it is dumb
 * @nr_kinds: how many of @kinds there are
 * @last:  chance in 256 that a request is the last one
 * @delay: most clocks between two requests
 * @limit: requests that it makes
 * @nr:    requests that were served
 * @wait:  clocks until the next one is shown
 * @stale: clocks until the old one is taken away
 * @dacks: clocks with dack
 */
struct env_line {
	uint8_t kinds[3];
	uint8_t nr_kinds;
	uint32_t last;
	uint32_t delay;
	uint32_t limit;
	uint32_t nr[ENV_VIEWS];
	uint32_t wait;
	uint32_t stale;
	uint32_t dacks;
};

/* What the memory saw. data_*: without status and completion words; bytes of a burst that fails do not count. */
struct env_counts {
	uint32_t reads;
	uint32_t fetches;
	uint32_t read_beats;
	uint32_t fetch_beats;
	uint32_t write_beats;
	uint32_t write_bursts;
	uint32_t data_bursts;
	uint32_t data_bytes;
	uint32_t ar_stalls;
	uint32_t w_stalls;
	uint32_t r_idle;
	uint32_t checks;
};

/**
 * struct env - one controller with its surroundings
 *
 * Descriptors stand from ENV_DESCS on, source tables from ENV_TABLES on, completion words at ENV_CMPL(c), data from ENV_DATA on.
 * The FIFO of the peripheral behind line l has ENV_FIFO_SIZE bytes of addresses from ENV_FIFO(l) on, which all mean the same.
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
	struct env_line lines[PQDMA_LINES];
	struct env_fifo fifos[PQDMA_LINES];
	struct oracle_device devices[PQDMA_LINES];
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

/** env_peek_register() - what reading a register would give, without a clock going by */
uint32_t env_peek_register(const struct env *env, uint32_t offset);

/** env_poke() - write memory of the device and of the oracle */
void env_poke(struct env *env, uint64_t addr, const void *bytes, size_t len);

/** env_peek64() - a 64-bit word of the device's memory */
uint64_t env_peek64(const struct env *env, uint64_t addr);

/** env_fill_random() - random bytes in the whole memory, both copies */
void env_fill_random(struct env *env);

/** env_desc() - write a descriptor; words that have no meaning for it are random */
void env_desc(struct env *env, uint64_t addr, const struct desc *desc);

/** env_compact_desc() - write a descriptor in compact form */
void env_compact_desc(struct env *env, uint64_t addr, const struct desc *desc);

/** env_table() - write a source table; the bytes that have no meaning are random */
void env_table(struct env *env, uint64_t addr, const struct source *sources, uint32_t nr);

/** env_line_wakes() - the peripheral behind @line makes requests from now on, in the way that @how says in its first five members */
void env_line_wakes(struct env *env, uint32_t line, const struct env_line *how);

/** env_fail_at() - accesses of a kind that touch a range answer with @resp, on the device and on the oracle */
void env_fail_at(struct env *env, uint64_t addr, uint64_t len, enum oracle_access access, uint8_t resp);

/** env_start() - head, RUN, doorbell; the oracle runs to @tail at once */
void env_start(struct env *env, uint32_t c, uint64_t head, uint32_t count, uint32_t tail);

/** env_doorbell() - a new tail count for a running channel; the oracle follows */
void env_doorbell(struct env *env, uint32_t c, uint32_t tail);

/** env_completion_word() - have channel @c write its completion word to ENV_CMPL(@c) */
void env_completion_word(struct env *env, uint32_t c);

/** env_rest() - clocks until BUSY of channel @c is 0, for a channel that is stopped or paused */
void env_rest(struct env *env, uint32_t c);

/** env_settle() - clocks until no channel has anything to do; fails the test if that takes too long */
void env_settle(struct env *env);

/** env_restart() - bring channel @c to IDLE and forget its interrupts and planted errors; the oracle takes over the memory */
void env_restart(struct env *env, uint32_t c);

/**
 * env_check() - compare memory and every started channel with the oracle
 *
 * A DONE interrupt is not looked at where completions share it.
 */
void env_check(struct env *env);

/* ---- model_memory.c ---- */

/** env_memory_step() - what the memory does between two edges */
void env_memory_step(struct env *env);

/** env_planted_resp() - the response of memory and devices, as struct oracle wants it */
unsigned int env_planted_resp(void *ctx, uint64_t addr, size_t len, enum oracle_access access);

/* ---- model_lines.c ---- */

/** env_lines_new() - all lines are dumb, the oracle knows the FIFOs */
void env_lines_new(struct env *env);

/** env_lines_step() - what the peripherals do between two edges */
void env_lines_step(struct env *env);

/** env_lines_check() - FIFOs hold what they should, and all requests were served if no channel has failed */
void env_lines_check(struct env *env);

/** env_is_fifo() - is the address a FIFO's? */
bool env_is_fifo(uint64_t addr);

/** env_fifo_read() - the FIFO at @addr gives its next @len bytes */
void env_fifo_read(struct env *env, uint32_t view, uint64_t addr, uint8_t *bytes, size_t len);

/** env_fifo_write() - the FIFO at @addr takes @len bytes */
void env_fifo_write(struct env *env, uint32_t view, uint64_t addr, const uint8_t *bytes, size_t len);

#endif
