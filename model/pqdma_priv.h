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
#include <string.h>
#include "pqdma_model.h"
#include "pqdma_params.h"
#include "pqdma_peri.h"
#include "pqdma_regs.h"
#include "pqdma_words.h"

#define PQDMA_ROWS (PQDMA_BUF_BYTES / PQDMA_BYTES)
#define PQDMA_FETCHES 16
#define PQDMA_FETCH_BEATS (PQDMA_BYTES < PQDMA_DESC_SIZE ? PQDMA_DESC_SIZE / PQDMA_BYTES : 1)
#define PQDMA_DESC_WORDS (PQDMA_DESC_SIZE / 8)

/* A power of two that is large enough: a strip has two acknowledges, a piece 17, a channel a completion word and one piece at a time */
#define PQDMA_ACKS_USED (2 * PQDMA_STRIPS + 16 + 16 * PQDMA_CHANNELS)
#define PQDMA_ACKS (1u << (32 - __builtin_clz(PQDMA_ACKS_USED - 1)))

/* A compact descriptor is the first half of a full one. */
#define PQDMA_COMPACT_SIZE (PQDMA_DESC_SIZE / 2)

/* A block of a source table is read with one fetch */
#define PQDMA_BLOCK 64
#define PQDMA_BLOCK_SOURCES (PQDMA_BLOCK / 16)

/* AXI response bits: bit 1 says error, bit 0 tells DECERR from SLVERR */
#define PQDMA_RESP_SLVERR 2
#define PQDMA_RESP_ERROR 2
#define PQDMA_RESP_DECODE 1

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

/* The global counters, in the order of their registers */
enum pqdma_counter {
	PQDMA_COUNT_AR,
	PQDMA_COUNT_R,
	PQDMA_COUNT_AW,
	PQDMA_COUNT_W,
	PQDMA_COUNT_FETCH,
	PQDMA_COUNT_AR_STALL,
	PQDMA_COUNT_W_STALL,
	PQDMA_COUNT_R_IDLE,
	PQDMA_COUNT_NO_ROOM,
	PQDMA_COUNTERS,
};

struct pqdma_regs {
	uint32_t scratch;
	uint32_t perf[PQDMA_COUNTERS];
};

/* What clocks are counted of; a strip is taken of an eligible channel only, so perf_wait is eligible without perf_strips. */
enum pqdma_condition {
	PQDMA_BUSY,
	PQDMA_ELIGIBLE,
	PQDMA_STARVED,
	PQDMA_CONDITIONS,
};

#define PQDMA_CONDITION(condition, c) ((condition) * PQDMA_CH_MAX + (c))

/*
 * Clocks in which conditions of channels hold. A change costs time, a clock does not: sum is the count while a condition does
 * not hold, and the count without now while it does. Bits of mask and places in sum are those of PQDMA_CONDITION().
 */
struct pqdma_perf {
	uint32_t now;
	uint64_t mask;
	uint32_t sum[PQDMA_CONDITIONS * PQDMA_CH_MAX];
};

struct pqdma_chan {
	uint8_t state;
	uint8_t burst;
	uint8_t prio;
	uint8_t weight;
	bool cyclic;
	bool compact;
	uint8_t head_count;
	uint8_t irq_status;
	uint8_t irq_enable;
	uint8_t err_cause;
	uint8_t dbad;	/* mask */
	bool poison;
	bool broken;
	bool cw_dirty;
	bool cw_busy;
	uint8_t coal_count;
	uint8_t pend;
	uint32_t coal_time;
	uint32_t timer;
	uint32_t req_timeout;
	uint32_t inflight;
	uint32_t sts;
	uint32_t tail;
	uint32_t done;
	uint32_t bytes;
	uint32_t dbytes;
	uint32_t perf_strips;
	uint64_t head_addr;
	uint64_t err_addr;
	uint64_t err_desc;
	uint64_t cmpl;
};

static inline uint32_t pqdma_desc_size(const struct pqdma_chan *ch)
{
	return ch->compact ? PQDMA_COMPACT_SIZE : PQDMA_DESC_SIZE;
}

/*
 * set, asked, got, table_resp, table_block: the source table of the descriptor at the head of the FIFO. cur_peri: PERI and code 0.
 * cur_source, cur_destination: what cur_settings says of them, or that they are ordinary.
 */
struct pqdma_list {
	bool link_known;
	bool link_need;
	bool ahead_asked;
	bool ahead_known;
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
	uint8_t hold;
	bool cur_peri;
	struct pqdma_side cur_source;
	struct pqdma_side cur_destination;
	uint16_t cur_tag;
	uint32_t cur_settings;
	uint32_t waited;
	uint32_t cur_left;
	uint32_t cur_pos;
	uint32_t cur_rows;
	uint32_t cur_length;
	uint32_t link_left;
	uint32_t ahead_left;
	uint32_t fetched;
	uint32_t credits;
	uint32_t infl;
	uint64_t link_addr;
	uint64_t last_addr;
	uint64_t ahead_addr;
	uint64_t cur_src;
	uint64_t cur_dst;
	uint64_t cur_dst2;
	uint64_t cur_desc;
	uint64_t row_src;
	uint64_t row_dst;
	struct pqdma_fifo fifo;
	struct pqdma_desc descs[PQDMA_DESCS];
	struct pqdma_source tables[2][PQDMA_SOURCES];
};

/* beat, resp, words: what has come of the descriptor at the head of the queue */
/* The pins of the port on which descriptors are read */
#if PQDMA_WITH_DESC_PORT
#define PQDMA_FETCH_PIN(in, pin) ((in)->d_axi_##pin)
#else
#define PQDMA_FETCH_PIN(in, pin) ((in)->m_axi_##pin)
#endif

/* arvalid, araddr, arlen, aruser: of the descriptor port, if there is one */
struct pqdma_fetch {
	struct pqdma_arb arb;
	bool arvalid;
	uint8_t arlen;
	uint8_t aruser;
	uint64_t araddr;
	uint32_t beat;
	uint8_t resp;
	struct pqdma_fifo fifo;
	struct pqdma_fetch_word queue[PQDMA_FETCHES];
	uint64_t words[PQDMA_DESC_WORDS];
};

/* arb: one of each class */
struct pqdma_strip {
	struct pqdma_arb arb[PQDMA_CLASSES];
	uint32_t strips;
	uint32_t rows_used;
	uint32_t row_alloc;
	struct pqdma_fifo fifo;
	bool ready[PQDMA_STRIPS];
	uint8_t rerr[PQDMA_STRIPS];
	uint64_t rerr_addr[PQDMA_STRIPS];
	struct pqdma_strip_word words[PQDMA_STRIPS];
};

/*
 * The sequencer: what the reads of a strip are made from, and which of them is next. limit is that of the strip's channel. done: bytes
 * of the source that is next for which there is a read already; half of the text counts those reads. lane: do and qdo.
 */
struct pqdma_seq {
	bool busy;
	bool extra;
	struct pqdma_side side;
	uint8_t channel;
	uint8_t set;
	uint8_t op;
	uint8_t use;
	uint8_t slot;
	uint8_t sources;
	uint8_t index;
	uint8_t lane[PQDMA_SUMS];
	uint32_t limit;
	uint32_t n;
	uint32_t done;
	uint32_t first_row;
	uint32_t pos;
	uint64_t src;
	uint64_t dest[PQDMA_SUMS];
};

struct pqdma_read {
	bool arvalid;
	uint8_t arlen;
	uint8_t arid;
	uint8_t arsize;
	uint8_t arburst;
	uint8_t aruser;
	uint64_t araddr;
	struct pqdma_seq seq;
	uint32_t beat;
	struct pqdma_fifo fifo;
	struct pqdma_read_word queue[PQDMA_READS];
};

struct pqdma_buf {
	uint8_t bytes[PQDMA_HALVES][PQDMA_BUF_BYTES];
};

/* done: bytes of the piece at work that are in bursts which have been loaded wholly */
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
	uint8_t awsize;
	uint8_t awburst;
	uint8_t awuser;
	uint32_t wbeat;
	uint32_t done;
	uint32_t row_read;
	uint32_t sts_high;
	uint64_t awaddr;
	uint64_t wstrb;
	uint8_t wdata[PQDMA_BYTES];
};

/* held_resp, held_addr: the first bad response of a strip whose last one is still to come; held_resp is 0 if there is none */
struct pqdma_ack {
	uint32_t dack;
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
	struct pqdma_perf perf;
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
	PQDMA_WRITE_WORD,	/* 2, 2b */
	PQDMA_WRITE_DROP,	/* 3 */
	PQDMA_WRITE_COMPARE,	/* 4, and 1, scan */
	PQDMA_WRITE_STRIP,	/* 5 */
	PQDMA_WRITE_PIECE,	/* 5 of a piece: the first beat of one of its bursts */
	PQDMA_WRITE_PIECE_BEAT,	/* 1, busy, of a piece */
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

	/* 3 */
	bool clear_counts;

	/* 4 */
	uint16_t busy;		/* mask: BUSY */
	uint16_t starved;	/* mask */
	uint16_t eligible;	/* mask */
	uint16_t vacant;	/* mask: no current descriptor */
	uint8_t classes;	/* the classes of all channels, or-ed */
	uint16_t pending;	/* mask: completions have not raised DONE */
	uint16_t timed;		/* mask: and IRQ_COAL.TIME is not 0 */
	uint16_t raise;		/* mask */
	uint16_t cw_ready;	/* mask: the completion word may be loaded */
	uint16_t start;		/* mask: RUN from IDLE */
	uint16_t idle_now;	/* mask */
	uint16_t poison;	/* mask */
	bool broken;		/* for the channel of @ack, like the next five */
	bool good;
	bool complete;
	bool dirty;		/* something that the completion word is to tell */
	bool status_push;
	bool error;

	/* 5 */
	uint16_t requests;	/* mask */
	uint16_t tables;	/* mask: requests that ask for a source table */
	uint16_t aheads;	/* mask: requests for a link ahead of its group */
	uint16_t bad_link;	/* mask */
	uint16_t may_load;	/* mask: all that loading a current descriptor needs, but room for it and the descriptor */
	uint16_t fence_over;	/* mask */
	uint16_t holding;	/* mask: hold is not 0 */
	uint16_t waiting;	/* mask: a piece waits for its line */
	uint16_t late;		/* mask: that has taken too long */
	bool grant;
	bool shared_grant;	/* the grant takes the AR register of the data port */
	bool fetch_free;
	bool desc_beat;
	bool arrival;

	/* 6, 7 */
	bool no_room;
	bool ar_free;
	bool strip;
	bool read;		/* of a taken strip or of the sequencer */
	bool data_beat;

	/* 9 */
	uint8_t write;		/* enum pqdma_write_action */
	bool aw_free;
	bool w_free;
	bool w_last;
	bool more;
	bool nob_late;
	bool cw_load;
	bool strip_pop;
	bool status_pop;
	bool ack_push;
	uint16_t rows_released;

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
		/* bad_link, of each channel */
		bool bad_align[PQDMA_CHANNELS];
		/* grant */
		struct pqdma_fetch_word fetch;
		uint64_t fetch_addr;
		uint32_t fetch_beats;
		uint32_t desc_size;
		/* arrival: one descriptor, one link or one block of a source table */
		struct pqdma_fetch_word arrived;
		uint8_t resp;
		bool push;
		bool dead;
		uint64_t link_addr;
		uint32_t link_left;
		uint64_t block[PQDMA_BLOCK / 8];
		struct pqdma_desc desc;
		/* strip */
		struct pqdma_strip_word strip;
		uint32_t slot;
		uint8_t class;
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
		/* write: the strip, its destination and the buffer row of a data beat, or the word at work */
		const struct pqdma_strip_word *strip_head;
		const struct pqdma_dest *dest;
		uint32_t beat;
		struct pqdma_burst burst;
		uint8_t bad;
		uint64_t word;
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
/** pqdma_regs_update() - as the others, but it counts what old registers of other blocks say, so it comes first */
void pqdma_regs_update(struct pqdma *dev, const struct pqdma_in *in, const struct pqdma_events *ev);

/** pqdma_chan_read() - value of register @offset of channel @c; false if there is none */
bool pqdma_chan_read(const struct pqdma *dev, uint32_t c, uint32_t offset, uint32_t *value);
/** pqdma_chan_irqs() - the irq pins */
uint32_t pqdma_chan_irqs(const struct pqdma *dev);
void pqdma_chan_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev);
void pqdma_chan_update(struct pqdma_chan *chans, const struct pqdma_events *ev);
void pqdma_chan_count(struct pqdma_perf *perf, const struct pqdma_events *ev);

/** pqdma_list_blocks() - blocks of the source table that @desc needs; 0 if it needs none */
static inline uint32_t pqdma_list_blocks(const struct pqdma_desc *desc)
{
	if (desc->code || desc->op < PQDMA_OP_XOR)
		return 0;
	return (desc->sources + PQDMA_BLOCK_SOURCES - 1) / PQDMA_BLOCK_SOURCES;
}

void pqdma_list_events(const struct pqdma *dev, struct pqdma_events *ev);
void pqdma_list_update(struct pqdma_list *lists, const struct pqdma_events *ev);

/* Part of the list: requests of channel @c, the word of a request, and what a grant, an arrival and RUN from IDLE do to its links */
void pqdma_link_events(const struct pqdma_list *list, const struct pqdma_chan *ch, uint32_t c, struct pqdma_events *ev);
struct pqdma_fetch_word pqdma_link_ask(const struct pqdma_list *list, const struct pqdma_chan *ch, bool ahead);
void pqdma_link_granted(struct pqdma_list *list, const struct pqdma_events *ev);
void pqdma_link_arrived(struct pqdma_list *list, const struct pqdma_events *ev);
void pqdma_link_start(struct pqdma_list *list, const struct pqdma_events *ev);

void pqdma_fetch_beat(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev);
void pqdma_fetch_grant(const struct pqdma *dev, struct pqdma_events *ev);
void pqdma_fetch_update(struct pqdma_fetch *fetch, const struct pqdma_in *in, const struct pqdma_events *ev);

void pqdma_strip_events(const struct pqdma *dev, const struct pqdma_in *in, struct pqdma_events *ev);
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
