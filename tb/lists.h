/* SPDX-License-Identifier: MIT */
/*
 * Lists of descriptors for raw register tests, and the oracle that says what must come of them.
 *
 *	struct lists *l = lists_new(b);
 *	struct desc descs[3];
 *
 *	for (unsigned int i = 0; i < 3; i++)
 *		descs[i] = lists_desc(l, 0, PQDMA_OP_COPY, 100);
 *	lists_group(l, 0, descs, 3);
 *	lists_run(l);			// doorbell, RUN, wait, compare everything with the oracle, ABORT
 *
 * A test that does something meanwhile goes step by step: lists_start(), lists_ring(), lists_wait(), lists_check(),
 * lists_end(). The oracle works on a copy of RAM taken when the first list is started; what is appended later through this
 * interface goes to both. So a check covers the whole RAM: every destination, every status word, every byte beside them.
 *
 * The oracle knows the faults of the memory as far as they hold for the whole run (no skip, no count), and it sees bursts as
 * whole bus words; so ranges of faults begin and end at bus words, and faults of data writes name AXI_MEM_WRITE and
 * AXI_MEM_STATUS both, because a data write may have the shape of a status write.
 */
#ifndef PQDMA_LISTS_H
#define PQDMA_LISTS_H

#include "oracle.h"
#include "test.h"

#define LIST_MAX 256				/* descriptors of a list */
#define LISTS_SRC_BYTES (64u << 10)		/* bytes that all copies of lists_desc() read from */
#define LISTS_DST_BYTES (128u << 10)		/* bytes that those of one channel write to */
#define LISTS_CLOCKS 2000000			/* more than anything takes, at the slowest configuration */
#define LISTS_SWEEP 300				/* about the most steps of a sweep */

/**
 * struct list - the list of one channel
 * @nr:         descriptors so far, and @at their addresses; @ends: the last ones of their groups
 * @head:       address of the first group; @head_count descriptors stand there
 * @tail:       last doorbell that was not refused
 * @goal:       descriptors that are to be executed at the next check: as @tail, unless a test says otherwise
 * @burst:      CFG.BURST
 * @cleared:    interrupts that the test has seen and cleared since the start
 * @refused:    the test has rung a doorbell that must be refused
 * @started:    the channel has got RUN
 * @broken:     it was broken off, by ABORT or by a reset: what it was to write is there or is not
 * @oracle:     what must come of it, as far as the last check
 * @low:        room for descriptors goes from here to @high
 * @dst:        destinations of lists_desc() go from here to @dst_end
 */
struct list {
	unsigned int nr;
	uint64_t at[LIST_MAX];
	bool ends[LIST_MAX];
	uint64_t head;
	unsigned int head_count;
	uint32_t tail;
	uint32_t goal;
	unsigned int burst;
	uint32_t cleared;
	bool refused;
	bool started;
	bool broken;
	struct oracle_channel oracle;
	uint64_t low;
	uint64_t high;
	uint64_t dst;
	uint64_t dst_end;
};

/**
 * struct lists - all of them
 * @b:         the bench
 * @oracle:    the oracle's memory
 * @src:       LISTS_SRC_BYTES that copies read
 * @area:      room for the descriptors of each channel, @room for its destinations
 * @completed: descriptors that were checked and had completed, by operation
 * @failed:    lists that were checked and had failed
 * @checks:    comparisons of the whole RAM
 */
struct lists {
	struct bench *b;
	struct oracle oracle;
	uint64_t src;
	uint64_t area[PQDMA_CHANNELS];
	uint64_t room[PQDMA_CHANNELS];
	uint64_t completed[PQDMA_OP_FILL + 1];
	uint64_t failed;
	uint64_t checks;
	struct list list[PQDMA_CHANNELS];
};

/** lists_new() - no lists; the memory they need is taken. Once in a run. */
struct lists *lists_new(struct bench *b);

/**
 * lists_desc() - a descriptor with seeded addresses and tag, whose destination nobody else has
 * @l:      lists
 * @ch:     channel
 * @op:     PQDMA_OP_COPY, PQDMA_OP_FILL, PQDMA_OP_NOP or PQDMA_OP_INTERRUPT
 * @length: in bytes; 0 for the last two
 *
 * Return: the descriptor, flags 0. Fails the test if a copy is longer than LISTS_SRC_BYTES, or if the room for destinations is
 * used up; lists_end() gives that back.
 */
struct desc lists_desc(struct lists *l, unsigned int ch, uint8_t op, uint32_t length);

/**
 * lists_group() - append @nr descriptors that stand contiguously, and link them
 *
 * They stand somewhere in the channel's room. Return: address of the first.
 */
uint64_t lists_group(struct lists *l, unsigned int ch, const struct desc *descs, unsigned int nr);

/** lists_scatter() - append @nr descriptors in groups of 1 to 8 */
void lists_scatter(struct lists *l, unsigned int ch, const struct desc *descs, unsigned int nr);

/** lists_loop() - link the last descriptor of the list to its first group */
void lists_loop(struct lists *l, unsigned int ch);

/** lists_link() - link the last descriptor of the list to @next, where @count descriptors stand */
void lists_link(struct lists *l, unsigned int ch, uint64_t next, unsigned int count);

/** lists_burst() - set CFG.BURST of an idle channel */
void lists_burst(struct lists *l, unsigned int ch, unsigned int burst);

/** lists_start() - head, doorbell with @tail, RUN; all interrupts enabled */
void lists_start(struct lists *l, unsigned int ch, uint32_t tail);

/** lists_ring() - doorbell with @tail, which is legal */
void lists_ring(struct lists *l, unsigned int ch, uint32_t tail);

/** lists_wait() - until every started channel has reached its goal or failed, and is not busy; fails the test after LISTS_CLOCKS */
void lists_wait(struct lists *l);

/**
 * lists_check() - run the oracle to the goals and compare
 *
 * The whole RAM: bytes that belong to a broken list are what they were or what the oracle says, all others what the oracle says.
 * Of each list that was started and is not broken: counters, error record, state and interrupts.
 */
void lists_check(struct lists *l);

/** lists_check_failed() - lists_wait(); the channel has failed with this record, its line is up, and lists_check() finds nothing else */
void lists_check_failed(struct lists *l, unsigned int ch, uint32_t cause, uint64_t addr, uint64_t desc);

/** lists_break() - ABORT a started channel, wait until it is IDLE; its list is broken from now on */
void lists_break(struct lists *l, unsigned int ch);

/** lists_end() - ABORT every started channel, clear its interrupts, and forget all lists */
void lists_end(struct lists *l);

/** lists_forget() - forget all lists without touching the controller: it was reset */
void lists_forget(struct lists *l);

/** lists_run() - start every list that has descriptors with all of them, wait, check, end; returns the clocks until all was done */
uint64_t lists_run(struct lists *l);

/**
 * lists_step() - steps for a sweep of something through all clocks of a list
 * @clocks: how long the list takes
 *
 * Return: 1, so that no clock is left out, unless a slow configuration makes that too many; odd in any case.
 */
static inline uint64_t lists_step(uint64_t clocks)
{
	return clocks / LISTS_SWEEP | 1;
}

/** lists_moved() - descriptors of copies and fills that have completed */
static inline uint64_t lists_moved(const struct lists *l)
{
	return l->completed[PQDMA_OP_COPY] + l->completed[PQDMA_OP_FILL];
}

#endif
