/* SPDX-License-Identifier: MIT */
/*
 * What tests of the driver share: all channels of the controller, memory that the device may use, and jobs: transactions
 * that know what they should do.
 *
 *	struct driver *d = driver_up(b, 8192);
 *	struct job *job = driver_copy(d, 0, 1000, DMA_PREP_INTERRUPT);
 *
 *	driver_submit(job);
 *	driver_issue(d, 0);
 *	driver_wait(job);
 *	driver_down(d);
 *
 * Each channel has two arenas of random bytes, one to read and one to write; jobs lie in them one behind the other, at any
 * alignment. Whatever a test does, this is checked for every job and every byte:
 *  - a callback comes once, in a tasklet, with interrupts on, in the order of the cookies, after the cookie reads complete;
 *  - the bytes of a job have arrived, those of one that failed up to its residue, and no other byte of an arena has changed;
 *  - as many bytes were written on the bus as jobs asked for, each to memory that was mapped for it at that time, and
 *    every byte that was read was mapped for reading;
 *  - the handler ran no more often than there was something to interrupt for.
 */
#ifndef PQDMA_DRIVER_ENV_H
#define PQDMA_DRIVER_ENV_H

#include "kernel.h"
#include "test.h"
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/wait.h>

#define DRIVER_JOBS 1000
#define DRIVER_PATIENCE 100	/* jiffies that anything may take */

struct driver;

/**
 * struct job - one transaction
 * @ch:        its channel
 * @op:        PQDMA_OP_COPY or PQDMA_OP_FILL
 * @value:     of a fill
 * @from:      offset in the channel's source arena
 * @at:        offset in the destination arena
 * @len:       bytes
 * @tx:        from prep, valid until it is submitted
 * @cookie:    from submit, 0 before
 * @calls:     callbacks so far, 0 or 1
 * @turn:      number of that callback among all
 * @clock:     when it came
 * @result:    what it said
 * @session:   how often the channels had been requested when it was made: cookies begin anew then
 * @dropped:   terminated, so no callback may come any more
 * @then:      called in the callback if not NULL
 */
struct job {
	struct driver *d;
	unsigned int ch;
	u8 op;
	u8 value;
	size_t from;
	size_t at;
	size_t len;
	struct dma_async_tx_descriptor *tx;
	dma_cookie_t cookie;
	unsigned int calls;
	unsigned int turn;
	uint64_t clock;
	struct dmaengine_result result;
	unsigned int session;
	bool dropped;
	void (*then)(struct job *job);
};

/**
 * struct arena - memory of one channel in one direction
 * @cpu:  as the CPU sees it
 * @bus:  as the device sees it
 * @want: what the destination should hold
 * @used: bytes given to jobs
 */
struct arena {
	u8 *cpu;
	dma_addr_t bus;
	u8 *want;
	size_t used;
};

/**
 * struct driver - the driver under test
 * @b:     the bench
 * @dev:   device for mappings
 * @own:   that of each channel, the same for all unless each has a context
 * @chan:  all channels, by number
 * @src:   where each channel reads
 * @dst:   where each channel writes
 * @size:  bytes of each arena
 * @gap:   least distance between jobs; 0 unless a test must keep their bus words apart
 * @wait:  those who wait for a callback
 * @job:   all jobs, @nr_jobs of them
 * @calls: callbacks so far
 * @session: channels requested so far
 * @aborts: failed jobs and terminated channels, for which the driver aborts
 * @other: bytes that the test has the device write besides its jobs
 * @bytes: written when the driver came up; @fetched: bursts; @irqs: handled; @reads, @writes: beats that the live map had judged
 */
struct driver {
	struct bench *b;
	struct device *dev;
	struct device *own[PQDMA_CHANNELS];
	struct dma_chan *chan[PQDMA_CHANNELS];
	struct arena src[PQDMA_CHANNELS];
	struct arena dst[PQDMA_CHANNELS];
	size_t size;
	size_t gap;
	wait_queue_head_t wait;
	struct job *job;
	unsigned int nr_jobs;
	unsigned int calls;
	unsigned int session;
	unsigned int aborts;
	uint64_t other;
	uint64_t bytes;
	uint64_t fetched;
	uint64_t irqs;
	uint64_t reads;
	uint64_t writes;
};

/** driver_up() - plug the board in, take every channel, make arenas of @size bytes and map them; from a task */
struct driver *driver_up(struct bench *b, size_t size);

/** driver_down() - check everything that is promised above, and give all back; nothing may be running */
void driver_down(struct driver *d);

/** driver_free_arenas() - unmap and free the arenas alone, for a test that takes channels and board down by itself */
void driver_free_arenas(struct driver *d);

/** driver_free() - likewise: the rest */
void driver_free(struct driver *d);

/** driver_request() - take channel @ch, the only one that is free or the first of those that are */
void driver_request(struct driver *d, unsigned int ch);

/** driver_copy() - prepare a copy of @len bytes at the next place of the arenas; @flags as for prep, DMA_CTRL_ACK is added */
struct job *driver_copy(struct driver *d, unsigned int ch, size_t len, unsigned long flags);

/** driver_fill() - prepare a fill with the low byte of @value; likewise */
struct job *driver_fill(struct driver *d, unsigned int ch, size_t len, int value, unsigned long flags);

/** driver_any() - prepare a copy or, one time in four, a fill */
struct job *driver_any(struct driver *d, unsigned int ch, size_t len, unsigned long flags);

/** driver_length() - a seeded length up to @most, short ones often */
size_t driver_length(struct driver *d, size_t most);

/** driver_submit() - submit it; starts nothing */
void driver_submit(struct job *job);

/** driver_issue() - start what is submitted on a channel */
void driver_issue(struct driver *d, unsigned int ch);

/** driver_send() - submit and issue one job */
void driver_send(struct job *job);

/** driver_status() - status of a submitted job; *residue, if not NULL, is what it has to go */
enum dma_status driver_status(struct job *job, u32 *residue);

/** driver_wait() - sleep until a job has been called back */
void driver_wait(struct job *job);

/** driver_wait_all() - until every submitted job that is not dropped has been called back */
void driver_wait_all(struct driver *d);

/** driver_drop() - note that a channel was terminated: what has not been called back now never will be */
void driver_drop(struct driver *d, unsigned int ch);

/** driver_arrived() - how many bytes of a job are right in the device's memory now */
size_t driver_arrived(const struct job *job);

/** driver_prefix() - how many of its first bytes are right */
size_t driver_prefix(const struct job *job);

/** driver_spoil() - before it starts: make every byte of its destination differ from what it should become */
void driver_spoil(const struct job *job);

/** driver_check() - compare all arenas with what they should hold; nothing may be running */
void driver_check(struct driver *d);

/** driver_sleep_and_wake() - the machine sleeps, the controller is reset, and nothing moves until it wakes up; a night must be possible */
void driver_sleep_and_wake(struct bench *b);

/** driver_rest() - wait until the bus has been quiet for a while, whatever the state of the channels */
void driver_rest(struct driver *d);

#endif
