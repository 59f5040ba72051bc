/* SPDX-License-Identifier: MIT */
/* What functional coverage counts: events, and what is known of each. cover/watch.c makes them. */
#ifndef PQDMA_COVER_EVENT_H
#define PQDMA_COVER_EVENT_H

#include <stdbool.h>
#include <stdint.h>

/**
 * enum cover_kind - kinds of event, and which members of struct cover_event they have besides @kind, @ch and @memory
 * @COVER_DESC:    a descriptor without an error so far has been cut into strips wholly: desc, state
 * @COVER_STRIP:   a strip was taken: desc, strip, state
 * @COVER_STATUS:  a descriptor has ended, with or without a status word: desc, status
 * @COVER_FAIL:    a channel went to FAIL: desc if it is known, state before, cause, outstanding
 * @COVER_COMMAND: CTRL was written: state before, command, outstanding
 * @COVER_RESET:   reset began: outstanding of all channels
 * @COVER_TAIL:    TAIL was written: state, tail
 * @COVER_LINK:    a channel knows where its next group is: link
 * @COVER_RAISE:   DONE was raised: raise
 * @COVER_WORD:    a completion word was loaded: state
 * @COVER_BURST:   a burst began on the bus: burst
 * @COVER_ACCESS:  a register was written or read: access
 * @COVER_STREAM:  an address was taken on the bus, by its AxUSER that of @ch: stream
 * @COVER_TRANSLATION: the IOMMU has translated one: stream, translation
 */
enum cover_kind {
	COVER_DESC,
	COVER_STRIP,
	COVER_STATUS,
	COVER_FAIL,
	COVER_COMMAND,
	COVER_RESET,
	COVER_TAIL,
	COVER_LINK,
	COVER_RAISE,
	COVER_WORD,
	COVER_BURST,
	COVER_ACCESS,
	COVER_STREAM,
	COVER_TRANSLATION,
	COVER_KINDS,
};

/* What a channel has under way, as bits */
#define COVER_NOTHING 0x01u	/* none of the others */
#define COVER_FETCH 0x02u	/* a descriptor, link or table is on its way */
#define COVER_CURRENT 0x04u	/* a descriptor has begun and its strips are not all taken */
#define COVER_STRIPS 0x08u	/* strips are in flight */
#define COVER_PIECE 0x10u	/* and they are pieces of a peripheral */
#define COVER_LINE 0x20u	/* a piece waits for its line */
#define COVER_FENCED 0x40u	/* a fence holds the next descriptor back */
#define COVER_STS 0x80u		/* a status write is under way */
#define COVER_CMPL 0x100u	/* a completion word is */
#define COVER_BUSY_BITS 9

/** struct cover_desc - a descriptor, as the controller has read it; @burst, @compact and @cyclic are of CFG */
struct cover_desc {
	uint8_t op;
	uint8_t flags;
	uint8_t sources;
	uint8_t burst;
	bool compact;
	bool cyclic;
	uint32_t length;
	uint32_t rows;
	uint32_t settings;
	uint64_t at;
	uint64_t src;
	uint64_t dst;
	uint64_t dst2;
};

/**
 * struct cover_strip - a strip that was taken
 * @before: operation of the strip before it if that was another channel's, else -1
 * @same:   another channel of its class could have made one; @below likewise of a lower class
 * @piece:  it is a piece of a peripheral; @paced, @burst_request, @last_request: how its line asked
 */
struct cover_strip {
	int before;
	bool same;
	bool below;
	unsigned int prio;
	unsigned int weight;
	bool piece;
	bool paced;
	bool burst_request;
	bool last_request;
};

/** enum cover_tail - a value of TAIL against the old one and against DONE */
enum cover_tail {
	COVER_TAIL_SAME,
	COVER_TAIL_NEXT,
	COVER_TAIL_FURTHER,
	COVER_TAIL_BACK,
	COVER_TAIL_BEYOND,
	COVER_TAILS,
};

/* What an address is for */
enum cover_stream { COVER_STREAM_FETCH, COVER_STREAM_READ, COVER_STREAM_WRITE, COVER_STREAMS };

/** struct cover_event - see enum cover_kind */
struct cover_event {
	enum cover_kind kind;
	unsigned int ch;
	unsigned int memory;		/* 0 to 3: as ideal, typical, slow, torture */
	const struct cover_desc *desc;
	unsigned int state;
	uint32_t outstanding;
	enum cover_stream stream;
	union {
		struct cover_strip strip;
		struct {
			unsigned int code;
			unsigned int bad;	/* mask: P, Q */
			bool wb;
		} status;
		struct {
			unsigned int code;
			bool others;		/* another channel runs, and has a descriptor or strips */
		} cause;
		uint32_t command;		/* PQDMA_CTRL_ bit of the one that counts */
		enum cover_tail tail;
		struct {
			unsigned int way;	/* 0 HEAD, 1 with the last descriptor, 2 read again, 3 read ahead */
			unsigned int count;
			bool compact;
		} link;
		struct {
			bool count;		/* IRQ_COAL.COUNT is above 1 */
			bool time;		/* IRQ_COAL.TIME is not 0 */
			unsigned int by;	/* 0 a completion, 1 the timer, 2 an error */
		} raise;
		struct {
			bool write;
			bool fixed;
			unsigned int size;	/* log2 of bytes */
			unsigned int beats;
		} burst;
		struct {
			bool write;
			bool refused;
			unsigned int strobes;
			unsigned int order;	/* of a write: 0 address and data at once, 1 address first, 2 data first */
		} access;
		struct {
			unsigned int outcome;	/* enum iommu_outcome */
			bool alone;		/* no other channel has this context */
		} translation;
	};
};

#endif
