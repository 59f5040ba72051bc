/* SPDX-License-Identifier: MIT */
/*
 * Private to model/: the registers of every block, and the events of one tick.
 *
 * One struct per block of docs/timing.md, fields named as there. A tick has two phases. The first finds the events
 * of this tick from old registers and input pins (pqdma_<block>_events()); it changes nothing. The second applies
 * them (pqdma_<block>_update()); each block changes its own registers only and knows of the others what the events say.
 *
 * Events point at queue heads and buffer rows instead of copying them. That holds through the second phase, because
 * no queue is pushed while it is full, and because the buffer is updated after the write engine has read its row.
 */
#ifndef PQDMA_PRIV_H
#define PQDMA_PRIV_H

#include <stdbool.h>
#include <stdint.h>
#include "pqdma_model.h"
#include "pqdma_params.h"
#include "pqdma_regs.h"

#define PQDMA_ROWS (PQDMA_BUF_BYTES / PQDMA_BYTES)
#define PQDMA_FETCHES 16
#define PQDMA_FETCH_BEATS (PQDMA_BYTES < PQDMA_DESC_SIZE ? PQDMA_DESC_SIZE / PQDMA_BYTES : 1)
#define PQDMA_DESC_WORDS (PQDMA_DESC_SIZE / 8)
#define PQDMA_ACKS (2 * PQDMA_STRIPS)

/* A block of a source table is read with one fetch */
#define PQDMA_BLOCK 64
#define PQDMA_BLOCK_SOURCES (PQDMA_BLOCK / 16)

/* The two sums of a strip: P and Q. A mask of them has bit PQDMA_P for P and bit PQDMA_Q for Q. */
enum {
	PQDMA_P,
	PQDMA_Q,
	PQDMA_SUMS,
};

#define PQDMA_BIT_P (1u << PQDMA_P)
#define PQDMA_BIT_Q (1u << PQDMA_Q)
#define PQDMA_HALVES (PQDMA_WITH_PQ ? PQDMA_SUMS : 1)

/* AXI response bits: bit 1 says error, bit 0 tells DECERR from SLVERR */
#define PQDMA_RESP_SLVERR 2
#define PQDMA_RESP_ERROR 2
#define PQDMA_RESP_DECODE 1

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

/** pqdma_arb_choice() - the first bit of @requests (not 0) in the order last+1, last+2, ... last */
static inline uint32_t pqdma_arb_choice(uint32_t requests, uint32_t last)
{
	const uint32_t after = requests & ~((2u << last) - 1);

	return (uint32_t)__builtin_ctz(after ? after : requests);
}

/* ---- words of the queues ---- */

struct pqdma_desc {
	uint8_t code;
	uint8_t op;
	uint8_t flags;
	uint8_t sources;
	uint16_t tag;
	uint32_t length;
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

/* use is the mask of use_p and use_q */
struct pqdma_strip_word {
	uint8_t channel;
	uint8_t kind;
	uint8_t code;
	uint8_t use;
	bool check;
	bool last;
	bool wb;
	bool irq;
	uint16_t tag;
	uint32_t rows;
	uint32_t n;
	struct pqdma_dest dest[PQDMA_SUMS];
	uint64_t desc;
	uint64_t pattern;
};

/*
 * at: where lane 0 of beat 0 goes, counted in bytes of a half of the buffer: base x BYTES + rot of the text, and the same of Q.
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
	uint32_t at[PQDMA_SUMS];
	uint64_t address;
};

struct pqdma_ack_word {
	bool status;
	bool no_b;
	bool drop;
	bool more;
	bool last;
	bool wb;
	bool irq;
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
	uint16_t tag;
	uint32_t bytes;
	uint64_t desc;
};

/* ---- registers of the blocks ---- */

struct pqdma_axil {
	bool aw_full;
	bool w_full;
	bool bvalid;
	bool rvalid;
	uint8_t w_strb;
	uint8_t bresp;
	uint8_t rresp;
	uint32_t aw_addr;
	uint32_t w_data;
	uint32_t rdata;
};

struct pqdma_regs {
	uint32_t scratch;
};

struct pqdma_chan {
	uint8_t state;
	uint8_t burst;
	uint8_t head_count;
	uint8_t irq_status;
	uint8_t irq_enable;
	uint8_t err_cause;
	uint8_t dbad;	/* mask */
	bool poison;
	bool broken;
	uint32_t inflight;
	uint32_t sts;
	uint32_t tail;
	uint32_t done;
	uint32_t bytes;
	uint32_t dbytes;
	uint64_t head_addr;
	uint64_t err_addr;
	uint64_t err_desc;
};

/* set, asked, got, table_resp, table_block: the source table of the descriptor at the head of the FIFO */
struct pqdma_list {
	bool link_known;
	bool link_need;
	bool dead;
	bool cur_valid;
	bool fence_wait;
	uint8_t cur_code;
	uint8_t cur_op;
	uint8_t cur_flags;
	uint8_t cur_sources;
	uint8_t cur_set;
	uint8_t set;
	uint8_t asked;
	uint8_t got;
	uint8_t table_resp;	/* 0 is no error */
	uint8_t table_block;
	uint16_t cur_tag;
	uint32_t cur_left;
	uint32_t cur_pos;
	uint32_t link_left;
	uint32_t fetched;
	uint32_t credits;
	uint32_t infl;
	uint64_t link_addr;
	uint64_t last_addr;
	uint64_t cur_src;
	uint64_t cur_dst;
	uint64_t cur_dst2;
	uint64_t cur_desc;
	struct pqdma_fifo fifo;
	struct pqdma_desc descs[PQDMA_DESCS];
	struct pqdma_source tables[2][PQDMA_SOURCES];
};

/* beat, resp, words: what has come of the descriptor at the head of the queue */
struct pqdma_fetch {
	uint32_t last;
	uint32_t beat;
	uint8_t resp;
	struct pqdma_fifo fifo;
	struct pqdma_fetch_word queue[PQDMA_FETCHES];
	uint64_t words[PQDMA_DESC_WORDS];
};

struct pqdma_strip {
	uint32_t last;
	uint32_t strips;
	uint32_t rows_used;
	uint32_t row_alloc;
	struct pqdma_fifo fifo;
	bool ready[PQDMA_STRIPS];
	uint8_t rerr[PQDMA_STRIPS];
	uint64_t rerr_addr[PQDMA_STRIPS];
	struct pqdma_strip_word words[PQDMA_STRIPS];
};

/* The sequencer: what the reads of a strip are made from, and which of them is next. limit is that of the strip's channel. */
struct pqdma_seq {
	bool busy;
	bool extra;
	bool half;
	uint8_t channel;
	uint8_t set;
	uint8_t op;
	uint8_t use;
	uint8_t slot;
	uint8_t sources;
	uint8_t index;
	uint32_t limit;
	uint32_t n;
	uint32_t first_row;
	uint32_t pos;
	uint64_t src;
	uint64_t dest[PQDMA_SUMS];
};

struct pqdma_read {
	bool arvalid;
	uint8_t arlen;
	uint8_t arid;
	uint64_t araddr;
	struct pqdma_seq seq;
	uint32_t beat;
	struct pqdma_fifo fifo;
	struct pqdma_read_word queue[PQDMA_READS];
};

struct pqdma_buf {
	uint8_t bytes[PQDMA_HALVES][PQDMA_BUF_BYTES];
};

struct pqdma_write {
	bool awvalid;
	bool wvalid;
	bool wlast;
	bool busy;
	bool busy_sts;
	bool nob_late;
	bool phase;
	bool scan;
	uint8_t scan_bad;	/* mask */
	uint8_t awlen;
	uint32_t wbeat;
	uint32_t row_read;
	uint32_t sts_high;
	uint64_t awaddr;
	uint64_t wstrb;
	uint8_t wdata[PQDMA_BYTES];
};

/* held_resp, held_addr: a bad response of P whose Q is still to come; held_resp is 0 if there is none */
struct pqdma_ack {
	uint8_t held_resp;
	uint64_t held_addr;
	struct pqdma_fifo fifo;
	struct pqdma_fifo b_fifo;
	struct pqdma_fifo status_fifo;
	struct pqdma_ack_word words[PQDMA_ACKS];
	uint8_t bresp[PQDMA_ACKS];
	struct pqdma_status_word status[PQDMA_STRIPS];
};

struct pqdma {
	struct pqdma_axil axil;
	struct pqdma_regs regs;
	struct pqdma_chan chan[PQDMA_CHANNELS];
	struct pqdma_list list[PQDMA_CHANNELS];
	struct pqdma_fetch fetch;
	struct pqdma_strip strip;
	struct pqdma_read read;
	struct pqdma_write write;
	struct pqdma_ack ack;
	struct pqdma_buf buf;
};

/* ---- events of one tick ---- */

/* What the write engine does; the numbers are those of docs/timing.md, section 9 */
enum pqdma_write_action {
	PQDMA_WRITE_NOTHING,
	PQDMA_WRITE_BEAT,	/* 1, busy */
	PQDMA_WRITE_STS_HIGH,	/* 1, busy_sts */
	PQDMA_WRITE_STATUS,	/* 2 */
	PQDMA_WRITE_DROP,	/* 3 */
	PQDMA_WRITE_COMPARE,	/* 4, and 1, scan */
	PQDMA_WRITE_STRIP,	/* 5 */
};

/**
 * struct pqdma_events - everything that happens in one tick
 * @with: what the events carry. A member is valid only if its event happens; all before @with is cleared for each tick.
 *
 * Masks have bit c set for channel c.
 */
struct pqdma_events {
	/* 2: register port */
	bool reg_write;
	bool reg_read;

	/* 4 */
	uint32_t start;		/* mask: RUN from IDLE */
	uint32_t idle_now;	/* mask */
	uint32_t poison;	/* mask */
	bool broken;		/* for the channel of @ack, like the next four */
	bool good;
	bool complete;
	bool status_push;
	bool error;

	/* 5 */
	uint32_t requests;	/* mask */
	uint32_t tables;	/* mask: requests that ask for a source table */
	uint32_t bad_link;	/* mask */
	uint32_t may_load;	/* mask: all that loading a current descriptor needs, but room for it */
	uint32_t fence_over;	/* mask */
	bool grant;
	bool desc_beat;
	bool arrival;

	/* 6, 7 */
	bool ar_free;
	bool strip;
	bool read;		/* of a taken strip or of the sequencer */
	bool data_beat;

	/* 9 */
	enum pqdma_write_action write;
	bool aw_free;
	bool w_free;
	bool w_last;
	bool more;
	bool nob_late;
	bool strip_pop;
	bool status_pop;
	bool ack_push;
	uint32_t rows_released;

	/* 10 */
	bool b_beat;
	bool b_pop;
	uint8_t bad_resp;	/* the response to @ack if that is an error, else 0 */
	const struct pqdma_ack_word *ack;	/* the word that is acknowledged, or NULL */

	struct {
		/* reg_write: channel is -1 for the global page and for offsets without register */
		int channel;
		uint32_t offset;
		uint32_t data;
		uint32_t mask;
		uint8_t bresp;
		/* reg_read */
		uint8_t rresp;
		uint32_t rdata;
		/* start */
		uint64_t head_addr;
		uint32_t head_count;
		/* good, status_push, error */
		struct pqdma_status_word status;
		uint64_t err_addr;
		uint8_t err_cause;
		/* grant */
		struct pqdma_fetch_word fetch;
		bool stale;
		/* arrival: one descriptor, one link or one block of a source table */
		struct pqdma_fetch_word arrived;
		uint8_t resp;
		bool push;
		bool dead;
		uint64_t link;
		uint64_t block[PQDMA_BLOCK / 8];
		struct pqdma_desc desc;
		/* strip */
		struct pqdma_strip_word strip;
		uint32_t slot;
		bool fence;
		/* read: the word and its beats, and the sequencer behind it */
		struct pqdma_read_word read_push;
		uint32_t read_beats;
		struct pqdma_seq seq;
		/* data_beat: lanes low to high of the bus, the first of them at bytes behind where the read began */
		const struct pqdma_read_word *read;
		uint64_t beat_addr;
		uint32_t at;
		uint32_t low;
		uint32_t high;
		/* write: the strip, its destination or the status word at work, the buffer row of a data beat */
		const struct pqdma_strip_word *strip_head;
		const struct pqdma_dest *dest;
		uint32_t beat;
		uint8_t bad;
		const struct pqdma_status_word *status_head;
		const uint8_t *row_bytes;
		struct pqdma_ack_word ack;
	} with;
};

/* Blocks, in the order of docs/timing.md. _events(): first phase; _update(): second phase. */

void pqdma_axil_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev);
void pqdma_axil_update(struct pqdma_axil *axil, const struct pqdma_in *in, const struct pqdma_events *ev);

/** pqdma_regs_read() - value of the register at byte address @addr; false if there is none (value 0) */
bool pqdma_regs_read(const struct pqdma *dev, uint32_t addr, uint32_t *value);
/** pqdma_regs_channel() - whose page is @addr in? -1 if it is no built channel's */
int pqdma_regs_channel(uint32_t addr);
void pqdma_regs_update(struct pqdma_regs *regs, const struct pqdma_events *ev);

/** pqdma_chan_read() - value of register @offset of channel @c; false if there is none */
bool pqdma_chan_read(const struct pqdma *dev, uint32_t c, uint32_t offset, uint32_t *value);
/** pqdma_chan_irqs() - the irq pins */
uint32_t pqdma_chan_irqs(const struct pqdma *dev);
void pqdma_chan_events(const struct pqdma *dev, struct pqdma_events *ev);
void pqdma_chan_update(struct pqdma_chan *chans, const struct pqdma_events *ev);

/** pqdma_list_blocks() - blocks of the source table that @desc needs; 0 if it needs none */
uint32_t pqdma_list_blocks(const struct pqdma_desc *desc);
void pqdma_list_events(const struct pqdma *dev, struct pqdma_events *ev);
void pqdma_list_update(struct pqdma_list *lists, const struct pqdma_events *ev);

void pqdma_fetch_beat(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev);
void pqdma_fetch_grant(const struct pqdma *dev, struct pqdma_events *ev);
void pqdma_fetch_update(struct pqdma_fetch *fetch, const struct pqdma_in *in, const struct pqdma_events *ev);

void pqdma_strip_events(const struct pqdma *dev, struct pqdma_events *ev);
void pqdma_strip_update(struct pqdma_strip *strip, const struct pqdma_in *in, const struct pqdma_events *ev);

void pqdma_read_beat(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev);
void pqdma_read_offer(const struct pqdma *dev, struct pqdma_events *ev);
/** pqdma_read_next() - make a read event of the next read that ev->with.seq describes, and put the sequencer behind it there */
void pqdma_read_next(const struct pqdma *dev, struct pqdma_events *ev);
void pqdma_read_update(struct pqdma_read *read, const struct pqdma_in *in, const struct pqdma_events *ev);

void pqdma_buf_update(struct pqdma_buf *buf, const struct pqdma_in *in, const struct pqdma_events *ev);

void pqdma_write_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev);
void pqdma_write_update(struct pqdma_write *write, const struct pqdma_events *ev);

void pqdma_ack_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev);
void pqdma_ack_update(struct pqdma_ack *ack, const struct pqdma_in *in, const struct pqdma_events *ev);

#endif
