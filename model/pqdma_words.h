/* SPDX-License-Identifier: MIT */
/* Private to model/: FIFOs, arbiters, and the words that stand in the queues between the blocks. */
#ifndef PQDMA_WORDS_H
#define PQDMA_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include "pqdma_params.h"
#include "pqdma_peri.h"

/** struct pqdma_fifo - pointers of a FIFO; the words stand in an array beside it whose size is a power of two */
struct pqdma_fifo {
	uint32_t rd;
	uint32_t wr;
	uint32_t count;
};

static inline void pqdma_fifo_push(struct pqdma_fifo *fifo, uint32_t size)
{
	fifo->wr = (fifo->wr + 1) & (size - 1);
	fifo->count++;
}

static inline void pqdma_fifo_pop(struct pqdma_fifo *fifo, uint32_t size)
{
	fifo->rd = (fifo->rd + 1) & (size - 1);
	fifo->count--;
}

/** struct pqdma_arb - an arbiter; turn counts how often last was chosen in a row */
struct pqdma_arb {
	uint8_t last;
	uint8_t turn;
};

#define PQDMA_TURN_MAX 15
#define PQDMA_CLASSES 4

/**
 * pqdma_arb_choice() - who is next?
 * @arb:    the arbiter
 * @top:    mask of the requests of the highest class, not 0
 * @weight: weight of the one that was chosen last, 1 or more
 */
static inline uint32_t pqdma_arb_choice(const struct pqdma_arb *arb, uint32_t top, uint32_t weight)
{
	const uint32_t after = top & ~((2u << arb->last) - 1);

	if ((top & 1u << arb->last) && arb->turn < weight)
		return arb->last;
	return (uint32_t)__builtin_ctz(after ? after : top);
}

static inline void pqdma_arb_grant(struct pqdma_arb *arb, uint32_t choice)
{
	if (choice != arb->last)
		arb->turn = 1;
	else if (arb->turn < PQDMA_TURN_MAX)
		arb->turn++;
	arb->last = (uint8_t)choice;
}

/* ---- words of the queues ---- */

/* The two sums of a strip: P and Q. A mask of them has bit PQDMA_P for P and bit PQDMA_Q for Q. */
enum {
	PQDMA_P,
	PQDMA_Q,
	PQDMA_SUMS,
};

#define PQDMA_BIT_P (1u << PQDMA_P)
#define PQDMA_BIT_Q (1u << PQDMA_Q)
#define PQDMA_HALVES (PQDMA_WITH_PQ ? PQDMA_SUMS : 1)

struct pqdma_desc {
	uint8_t code;
	uint8_t op;
	uint8_t flags;
	uint8_t sources;
	uint16_t tag;
	uint32_t length;
	uint32_t rows;	/* 1 without TWO_D */
	uint32_t settings;	/* 0 without PERI */
	uint64_t src;
	uint64_t dst;
	uint64_t dst2;
	uint64_t desc;
};

/* An entry of a source table, as it stands in memory */
struct pqdma_source {
	uint64_t address;
	uint8_t a;
	uint8_t b;
	uint8_t unused[6];
};

struct pqdma_fetch_word {
	uint8_t channel;
	bool is_table;
	bool is_link;
	bool takes_link;
	uint64_t address;
};

enum pqdma_kind {
	PQDMA_KIND_NONE,
	PQDMA_KIND_FILL,
	PQDMA_KIND_DATA,
};

/* Where a strip's P or Q stands: pd, prows, do and eo of the text, or qd, qrows, qdo and qeo */
struct pqdma_dest {
	uint64_t addr;
	uint32_t rows;
	uint8_t first_lane;
	uint8_t last_lane;
};

/* use is the mask of use_p and use_q. is_piece: side and limit say in which bursts dest[PQDMA_P] is written */
struct pqdma_strip_word {
	uint8_t channel;
	uint8_t kind;
	uint8_t code;
	uint8_t use;
	bool check;
	bool last;
	bool wb;
	bool irq;
	bool compact;
	bool is_piece;
	bool paced;
	uint8_t line;
	struct pqdma_side side;
	uint16_t tag;
	uint32_t rows;
	uint32_t n;
	uint32_t limit;
	struct pqdma_dest dest[PQDMA_SUMS];
	uint64_t desc;
	uint64_t pattern;
};

/*
 * at: where lane 0 of beat 0 goes, counted in bytes of a half of the buffer: base x BYTES + rot of the text, and the same of Q;
 * of a narrow read: where its first byte goes, which comes in the lane of its address.
 * adds: mask of the halves that change; one that is not used, or that gets 0 times the source added, does not.
 */
struct pqdma_read_word {
	uint8_t slot;
	uint8_t first_lane;
	uint8_t last_lane;
	uint8_t adds;
	uint8_t factor[PQDMA_SUMS];
	bool fresh;
	bool final;
	struct pqdma_side side;
	uint32_t at[PQDMA_SUMS];
	uint64_t address;
};

enum pqdma_ack_kind {
	PQDMA_ACK_STRIP,
	PQDMA_ACK_STATUS,
	PQDMA_ACK_COMPLETION,
};

struct pqdma_ack_word {
	uint8_t kind;
	bool no_b;
	bool drop;
	bool more;
	bool last;
	bool wb;
	bool irq;
	bool compact;
	bool paced;
	uint8_t line;
	uint8_t channel;
	uint8_t code;
	uint8_t bad;	/* mask: p_bad, q_bad */
	uint16_t tag;
	uint32_t n;
	uint64_t addr;
	uint64_t desc;
};

struct pqdma_status_word {
	uint8_t channel;
	uint8_t code;
	uint8_t bad;
	bool wb;
	bool irq;
	bool compact;
	uint16_t tag;
	uint32_t bytes;
	uint64_t desc;
};

#endif
