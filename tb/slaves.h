/* SPDX-License-Identifier: MIT */
/*
 * Copies from and to peripherals for raw register tests: descriptors with PERI, peripherals at request lines, and what must come of it.
 *
 *	struct slaves *s = slaves_new(b);
 *	struct peripheral *p = slaves_attach(s, 1, &(struct peripheral_config){ .width = 2, .asks = PERIPHERAL_SINGLE, .depth = 16 });
 *	struct slave_desc d = slaves_from(s, p, 256);		// receive 256 bytes into memory
 *
 *	slaves_feed(s, p, 256, false);
 *	slaves_put(s, 0, &d);
 *	slaves_run(s);			// doorbell, RUN, wait, compare, ABORT
 *
 * The expected bytes come from a walk over both sides, byte by byte, that knows widths and modes, but no pieces, bursts or lanes. The
 * whole RAM is compared, and what each transmitter was given. Copies of one run do not depend on each other through RAM.
 */
#ifndef PQDMA_SLAVES_H
#define PQDMA_SLAVES_H

#include "env/peripheral.h"
#include "pqdma_params.h"
#include "test.h"

#define SLAVES_DESCS 48			/* most descriptors of a channel in a run */
#define SLAVES_ROOM (256u << 10)	/* bytes that the copies of a run can use, for sources and for destinations each */
#define SLAVES_CLOCKS 400000		/* longest time one run may take */
#define SLAVES_LIMIT 3000000		/* for max_clocks of a test with many runs */
#define SLAVES_BUS ((unsigned int)__builtin_ctz(PQDMA_BYTES))	/* log2 of the bytes of the bus */

#define SLAVE_UP 0
#define SLAVE_FIXED 1
#define SLAVE_DOWN 2
#define SLAVE_MODES 3

/** struct slave_side - source or destination of a copy: @width is log2 of the bytes of a transfer, @mode a SLAVE_ mode */
struct slave_side {
	uint64_t addr;
	unsigned int width;
	unsigned int mode;
};

/** struct slave_desc - a copy with PERI; members as in the descriptor */
struct slave_desc {
	uint8_t flags;
	uint16_t tag;
	uint32_t length;
	struct slave_side src;
	struct slave_side dst;
	unsigned int line;
	unsigned int burst;
	bool paced;
	bool dst_dev;
};

/* What a channel is to do: @moved bytes of each descriptor, as many as its length says if nobody says otherwise */
struct slave_list {
	uint64_t at;
	unsigned int nr;
	struct slave_desc desc[SLAVES_DESCS];
	uint32_t moved[SLAVES_DESCS];
	bool started;
};

/**
 * struct slaves - all of it
 * @b:       the bench
 * @all:     peripherals
 * @watch:   called in every clock after the peripherals, if not NULL, with @watch_arg
 * @copies:  descriptors that were checked, @bytes of them
 * @list:    one for each channel
 */
struct slaves {
	struct bench *b;
	struct peripherals all;
	uint32_t attached;
	void (*watch)(struct bench *b, void *arg);
	void *watch_arg;
	uint64_t copies;
	uint64_t bytes;
	uint64_t src;
	uint64_t dst;
	uint32_t src_used;
	uint32_t dst_used;
	struct slave_list list[PQDMA_CHANNELS];
	uint32_t received[PQDMA_LINES];		/* bytes of a receiver's stream that copies have used */
	uint32_t sent_size[PQDMA_LINES];
	uint8_t sent[PQDMA_LINES][PERIPHERAL_STREAM];
};

/** slaves_new() - no peripherals, no copies. Once in a run; takes the bench's tap. Skips the test where PERI is not built. */
struct slaves *slaves_new(struct bench *b);

/** slaves_attach() - a peripheral at @line, in place of the one before */
struct peripheral *slaves_attach(struct slaves *s, unsigned int line, const struct peripheral_config *config);

/** slaves_feed() - @size random bytes come to a receiver, the last entry with drq_last if @last */
void slaves_feed(struct slaves *s, struct peripheral *p, uint32_t size, bool last);

/** slaves_line() - line of a peripheral */
unsigned int slaves_line(const struct slaves *s, const struct peripheral *p);

/** slave_narrow() - is this side narrow? */
static inline bool slave_narrow(const struct slave_side *side)
{
	return side->mode || side->width < SLAVES_BUS;
}

/** slave_device() - the side that is the device */
static inline const struct slave_side *slave_device(const struct slave_desc *d)
{
	return d->dst_dev ? &d->dst : &d->src;
}

/** slave_piece() - bytes of a whole piece */
static inline uint32_t slave_piece(const struct slave_desc *d)
{
	return 1u << (slave_device(d)->width + d->burst);
}

/** slaves_burst() - @burst, or the highest below it whose pieces are not longer than a strip */
static inline unsigned int slaves_burst(unsigned int width, unsigned int burst)
{
	while (1u << (width + burst) > PQDMA_STRIP_BYTES)
		burst--;
	return burst;
}

/** slave_addr() - address of byte @at of a side */
uint64_t slave_addr(const struct slave_side *side, uint32_t at);

/** slave_legal() - is it none of the BAD_WIDTH cases? */
bool slave_legal(const struct slave_desc *d);

/** slave_settings() - word 6 */
uint64_t slave_settings(const struct slave_desc *d);

/** slaves_place_src() - give the source its own place in RAM, a multiple of its width and at @offset in a bus word as far as that goes */
void slaves_place_src(struct slaves *s, struct slave_desc *d, unsigned int offset);

/** slaves_place_dst() - likewise the destination */
void slaves_place_dst(struct slaves *s, struct slave_desc *d, unsigned int offset);

/** slaves_draw() - a legal copy from RAM to RAM of up to @max bytes in a few pieces, not paced; everything else is random */
struct slave_desc slaves_draw(struct slaves *s, uint32_t max);

/** slaves_from() - a paced copy of @length bytes from a receiver to ordinary memory at a random alignment; slaves_to() to a transmitter */
struct slave_desc slaves_from(struct slaves *s, const struct peripheral *p, uint32_t length);
struct slave_desc slaves_to(struct slaves *s, const struct peripheral *p, uint32_t length);

/** slaves_put() - append a copy to a channel's list; returns the address of the descriptor */
uint64_t slaves_put(struct slaves *s, unsigned int ch, const struct slave_desc *d);

/** slaves_start() - start a channel with all its copies */
void slaves_start(struct slaves *s, unsigned int ch);

/** slaves_wait() - until every started channel has completed all its copies or failed, and is not busy */
void slaves_wait(struct slaves *s);

/** slaves_check() - all copies are done: the whole RAM, DONE, BYTES, status words, what transmitters were given */
void slaves_check(struct slaves *s);

/** slaves_check_failed() - channel @ch, alone, has failed in copy @nr after @bytes of it, with this record; all before it is done */
void slaves_check_failed(struct slaves *s, unsigned int ch, unsigned int nr, uint32_t bytes, uint32_t cause, uint64_t addr);

/**
 * slaves_own() - judge only what belongs to the copies from now on: their descriptors and SLAVES_ROOM for destinations
 *
 * All other bytes of RAM are taken as they are; somebody else judges them. For tests in which other lists run beside the copies.
 */
void slaves_own(struct slaves *s);

/** slaves_mine() - does the page of RAM at @addr belong to the copies? */
bool slaves_mine(const struct slaves *s, uint64_t addr);

/** slaves_check_broken() - the copies were broken off by a reset: each byte is what it was or what it was to become; all are forgotten */
void slaves_check_broken(struct slaves *s);

/** slaves_end() - ABORT every started channel, and forget the copies */
void slaves_end(struct slaves *s);

/** slaves_run() - start every channel that has copies, wait, check, end; returns the clocks it took until all was done */
uint64_t slaves_run(struct slaves *s);

#endif
