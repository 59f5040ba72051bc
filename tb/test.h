/* SPDX-License-Identifier: MIT */
/*
 * How a test is written. One file in tb/tests/ per subject; each TEST in it is found by itself.
 *
 *	#include "test.h"
 *
 *	TEST(copy_one, "a copy of 4 KiB arrives, byte for byte", .moves = true)
 *	{
 *		uint64_t src = ram_alloc(b, 4096), dst = ram_alloc(b, 4096), list = ram_alloc(b, 64);
 *
 *		desc_put(b, list, &(struct desc){ .op = PQDMA_OP_COPY, .src = src, .dst = dst, .length = 4096 });
 *		chan_start(b, 0, list, 1, 1);
 *		wait_done(b, 0, 1, 10000);
 *		CHECK(!memcmp(bench_ram(b, src), bench_ram(b, dst), 4096));
 *		chan_abort(b, 0);
 *	}
 *
 * The body is a task of the small kernel: it may wait, access registers and call kernel code. The first failed CHECK
 * ends the run. Addresses are bus addresses, as the controller sees them. Before it starts the controller has been
 * reset, and the memory behaves as +mem= says or else the seed: 4n ideal, 4n+1 typical, 4n+2 slow,
 * 4n+3 torture. mem_profile() overrides the seed.
 *
 * At the end the bench waits until nothing is outstanding, and then everything must be given back.
 */
#ifndef PQDMA_TEST_H
#define PQDMA_TEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "env/axi_mem.h"
#include "env/axil_master.h"
#include "bench.h"
#include "program.h"
#include "pqdma_regs.h"
#include "rng.h"

/**
 * struct test - one test
 * @name:       name for +test=
 * @what:       one line: what is proved
 * @body:       the test itself
 * @moves:      it exists to move data: a run that wrote no beat fails
 * @software:   it runs the software stack: the memory is left to the kernel, and a run without an interrupt fails
 * @coherent:   the device sees what the CPU writes at once, and the other way round
 * @needs_pair: it is about the comparison, so it is skipped where there is only one device
 * @one_port:   it looks for descriptors on the port of the data, so it is skipped where they have their own
 * @takes_long: it takes minutes on a slow simulator
 * @program:    its stimulus is a program of these kinds of steps, see program.h
 * @max_clocks: a run that takes longer hangs; 0 means TEST_MAX_CLOCKS
 * @next:       the next one by name
 */
struct test {
	const char *name;
	const char *what;
	void (*body)(struct bench *b);
	bool moves;
	bool software;
	bool coherent;
	bool needs_pair;
	bool one_port;
	bool takes_long;
	const struct program_kinds *program;
	uint64_t max_clocks;
	struct test *next;
};

#define TEST_MAX_CLOCKS 200000

/** TEST(name, what, .member = value ...) - define a test; its body follows and has the parameter b */
#define TEST(id, text, ...)										\
	static void id##_body(struct bench *b);								\
	static struct test id##_test = { .name = #id, .what = text, .body = id##_body, ##__VA_ARGS__ };	\
	static void __attribute__((constructor)) id##_register(void)					\
	{												\
		test_register(&id##_test);								\
	}												\
	static void id##_body(struct bench *b)

/** test_register() - add a test to those of this build; TEST() calls it before main() */
void test_register(struct test *test);

/** test_find() - a test by name, NULL if there is none */
const struct test *test_find(const char *name);

/** test_list() - print all tests by name, one line each: name, tab, flags (moves,software,pair,long,program), tab, what it proves */
void test_list(void);

/** CHECK() - @ok must be true, or the run fails here */
#define CHECK(ok)										\
	do {											\
		if (!(ok))									\
			test_fail(b, "%s:%d: not true: %s", __FILE__, __LINE__, #ok);		\
	} while (0)

/** CHECK_EQ() - @got must be @want, both unsigned integers; both are shown otherwise */
#define CHECK_EQ(got, want)									\
	do {											\
		uint64_t got_ = (got), want_ = (want);						\
												\
		if (got_ != want_)								\
			test_fail(b, "%s:%d: %s is 0x%" PRIx64 ", expected 0x%" PRIx64, __FILE__, __LINE__, #got, got_, want_); \
	} while (0)

/** test_fail() - the run has failed, for the reason given like printf; does not return */
void test_fail(struct bench *b, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));

/** test_skip() - this test cannot run here, because of @reason; does not return */
void test_skip(struct bench *b, const char *reason) __attribute__((noreturn));

/** test_file() - path given with +file= (make sim FILE=), NULL if none was */
const char *test_file(const struct bench *b);

/** test_program() - the stimulus of a test that has .program */
struct program *test_program(struct bench *b);

/** test_rng() - the test's own stream of random numbers */
struct rng *test_rng(struct bench *b);

/* Registers */

/** reg_read() - read the register at byte @offset; the response must be OKAY */
uint32_t reg_read(struct bench *b, uint32_t offset);

/** reg_write() - write it, all four bytes; the response must be OKAY */
void reg_write(struct bench *b, uint32_t offset, uint32_t value);

/** reg_access() - any access, with strobes and whatever response comes */
void reg_access(struct bench *b, struct axil_access *access);

/** ch_read() - read a register of channel @ch, @reg being PQDMA_CH_* */
static inline uint32_t ch_read(struct bench *b, unsigned int ch, uint32_t reg)
{
	return reg_read(b, PQDMA_CH(ch) + reg);
}

/** ch_write() - write a register of channel @ch, @reg being PQDMA_CH_* */
static inline void ch_write(struct bench *b, unsigned int ch, uint32_t reg, uint32_t value)
{
	reg_write(b, PQDMA_CH(ch) + reg, value);
}

/** ch_read64() - read the pair of registers @reg and @reg + 4 */
uint64_t ch_read64(struct bench *b, unsigned int ch, uint32_t reg);

/** ch_state() - PQDMA_STATE_* of channel @ch */
unsigned int ch_state(struct bench *b, unsigned int ch);

/* Memory */

/** ram_alloc() - @size random bytes of the device's memory, on a 4 KiB boundary, for the rest of the run: their bus address */
uint64_t ram_alloc(struct bench *b, size_t size);

/** ram_random() - fill bytes with random numbers */
void ram_random(struct bench *b, uint64_t addr, size_t size);

/** ram_put64() - store a little-endian 64-bit word */
void ram_put64(struct bench *b, uint64_t addr, uint64_t value);

/** ram_get64() - load one */
uint64_t ram_get64(struct bench *b, uint64_t addr);

/** mem_profile() - the memory behaves as profile @name from now on, unless +mem= says otherwise */
void mem_profile(struct bench *b, const char *name);

/** mem_configure() - the memory behaves just like this from now on, whatever +mem= says */
void mem_configure(struct bench *b, const struct axi_mem_config *config);

/** mem_ideal() - nothing but @latency clocks of each read stands in the way from now on: 32 reads in flight, as measurements want it */
void mem_ideal(struct bench *b, unsigned int latency);

/** mem_fault() - answer some accesses with an error from now on */
void mem_fault(struct bench *b, const struct axi_mem_fault *fault);

/** mem_clear_faults() - no errors any more */
void mem_clear_faults(struct bench *b);

/** mem_stats() - what has been moved so far, live; see axi_mem.h */
const struct axi_mem_stats *mem_stats(const struct bench *b);

/* Descriptors */

/**
 * struct desc - a descriptor in full form
 * @op:     PQDMA_OP_*
 * @flags:  PQDMA_FLAG_*
 * @tag:    comes back in the status word
 * @length: bytes
 * @src:    source address; pattern of a fill
 * @dst:    destination address
 * @link:   address of the next group
 * @count:  descriptors in the next group; 0 for no link
 */
struct desc {
	uint8_t op;
	uint8_t flags;
	uint16_t tag;
	uint32_t length;
	uint64_t src;
	uint64_t dst;
	uint64_t link;
	unsigned int count;
};

/** desc_put() - write it to memory at @addr; its status word becomes 0 */
void desc_put(struct bench *b, uint64_t addr, const struct desc *desc);

/** desc_link() - set the link of the descriptor at @addr with one store, as software does that appends */
void desc_link(struct bench *b, uint64_t addr, uint64_t next, unsigned int count);

/** desc_settings() - set word 6 of the descriptor at @addr: the settings of a copy with PQDMA_FLAG_PERI */
void desc_settings(struct bench *b, uint64_t addr, uint64_t settings);

/** desc_status() - its status word */
uint64_t desc_status(struct bench *b, uint64_t addr);

/* Channels */

/** chan_start() - give an idle channel its list, ring the doorbell with @tail, and RUN; all interrupts enabled */
void chan_start(struct bench *b, unsigned int ch, uint64_t head, unsigned int count, uint32_t tail);

/** chan_abort() - ABORT and wait until the channel is IDLE; clears its interrupts */
void chan_abort(struct bench *b, unsigned int ch);

/* Waiting; every one of them fails the test after @clocks clocks */

/** wait_done() - until DONE of the channel is @count */
void wait_done(struct bench *b, unsigned int ch, uint32_t count, uint64_t clocks);

/** wait_state() - until the channel is in state PQDMA_STATE_* */
void wait_state(struct bench *b, unsigned int ch, unsigned int state, uint64_t clocks);

/** wait_idle() - until STATUS.BUSY of the channel is 0 */
void wait_idle(struct bench *b, unsigned int ch, uint64_t clocks);

/** wait_irq() - until the interrupt pin of the channel is high; returns IRQ_STATUS and clears what it read */
uint32_t wait_irq(struct bench *b, unsigned int ch, uint64_t clocks);

/** struct irq_rise - @edge is the first after which the interrupt pin of channel @ch was high; begin with 0 */
struct irq_rise {
	unsigned int ch;
	uint64_t edge;
};

/** irq_rise_tap() - for bench_tap(), with a struct irq_rise */
void irq_rise_tap(struct bench *b, void *arg);

/** wait_clocks() - let so many clocks pass */
void wait_clocks(struct bench *b, uint64_t clocks);

#endif
