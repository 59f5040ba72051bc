/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * pqdma driver: what the core shares with the front ends that find the controller.
 */
#ifndef PQDMA_DRIVER_H
#define PQDMA_DRIVER_H

#include <linux/dmaengine.h>
#include <linux/dmapool.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include "pqdma_slave.h"

/* Hardware descriptors of a channel. A power of two, so that counts modulo 2^32 and ring slots agree. */
#define PQDMA_RING 256

/* An abort waits for bursts on the bus to end, and for nothing else. */
#define PQDMA_ABORT_TIMEOUT_US 100000

/* Operation codes there can be. */
#define PQDMA_OP_CODES 16

/*
 * Longest hardware descriptor that is used: long enough, and far from the 2^32 bytes after which BYTES wraps. Operations
 * with source tables are not cut into pieces, so they are no longer than this.
 */
#define PQDMA_PIECE_MAX 0x80000000u

/* Failed cookies that are remembered for clients that poll. */
#define PQDMA_FAILED 16

/* How addresses go on: what word 6 calls it. */
enum pqdma_mode {
	PQDMA_MODE_UP,
	PQDMA_MODE_FIXED,
	PQDMA_MODE_DOWN,
};

/**
 * struct pqdma_piece - one hardware descriptor of a transaction
 * @src:        bus address of the source; for a fill the 8-byte pattern, for many sources that of the table
 * @dst:        bus address of the destination, P of two
 * @len:        bytes, of a row if there are rows
 * @rows:       rows; 0: it is not 2D
 * @src_stride: bytes from row to row, two's complement; likewise @dst_stride
 */
struct pqdma_piece {
	u64 src;
	u64 dst;
	u32 len;
	u32 rows;
	u32 src_stride;
	u32 dst_stride;
};

/**
 * struct pqdma_desc - one transaction
 * @tx:     what the client has
 * @node:   in exactly one list of the channel
 * @op:     PQDMA_OP_*
 * @hw_flags: PQDMA_FLAG_* that belong to the operation
 * @cyclic: goes round until it is terminated; each piece is a period
 * @started: counted in the channel's sum
 * @settings: word 6 of the hardware descriptors
 * @q:      the second destination
 * @piece:  the hardware descriptors, @nr of them; @one if one is enough
 * @room:   pieces that @piece has memory for
 * @nr:     pieces
 * @next:   next piece to be put into the ring
 * @done:   pieces that are complete
 * @skip:   bytes of the next one that were moved before the machine slept
 * @due:    periods, or rounds of a repeated transaction, that are complete and not the last; the client has been called for @called
 * @table:  sources of this transaction; kept for the next one
 * @table_bus: where the controller finds them
 * @check:  where the result of a validation goes; NULL for what is none
 * @metadata: what the status words of its pieces said; @wanted: where the client wants it, NULL: nowhere
 * @len:    bytes
 * @left:   bytes of the pieces that are not complete
 * @short_by: bytes that a peripheral has ended too early
 * @end:    the channel's running sum of bytes at the end of this transaction
 * @result: what became of it
 */
struct pqdma_desc {
	struct dma_async_tx_descriptor tx;
	struct list_head node;
	u8 op;
	u8 hw_flags;
	bool cyclic;
	bool started;
	u64 settings;
	dma_addr_t q;
	struct pqdma_piece *piece;
	struct pqdma_piece one;
	u32 room;
	u32 nr;
	u32 next;
	u32 done;
	u32 skip;
	u32 due;
	u32 called;
	__le64 (*table)[2];
	dma_addr_t table_bus;
	enum sum_check_flags *check;
	struct pqdma_metadata metadata;
	void *wanted;
	u64 len;
	u64 left;
	u64 short_by;
	u64 end;
	struct dmaengine_result result;
};

/**
 * struct pqdma_chan - one channel
 * @chan:      what the core has
 * @regs:      its page of registers
 * @irq:       its interrupt
 * @dma_dev:   what memory is mapped for, and what the channel's own is allocated for: the controller, or the channel's own device
 * @tables:    where its source tables come from
 * @tasklet:   calls the clients back
 * @idle_wait: those who wait for an abort to finish
 * @lock:      protects all below, and cookies
 * @ring:      hardware descriptors, eight words each
 * @ring_bus:  where the controller finds them
 * @owner:     transaction of each slot; NULL: none
 * @tail:      hardware descriptors promised to the controller
 * @done:      of those, completed, as far as is known
 * @sum:       bytes of all transactions that have begun to be pushed
 * @bytes:     of those, written to memory, as far as is known
 * @skew:      how much @bytes is ahead of the register, because pieces ended early
 * @quiet:     bytes pushed since the last descriptor that interrupts
 * @aborting:  the controller has been told to abort; it will interrupt when it is idle
 * @paused:    the client wants nothing to move
 * @suspended: the machine is about to sleep, or does
 * @gone:      the controller has left, and the client has not: its registers are not there any more
 * @cyclic:    the ring is a cyclic list, which began with piece @first_period
 * @marker:    the ring ends with a descriptor that is nobody's and interrupts
 * @round:     the cyclic or repeated transaction that is in the ring
 * @config:    how the client talks to its peripheral; @slave: the part that only this controller knows
 * @windows:   registers of peripherals that are mapped
 * @allocated: prepared, not submitted
 * @submitted: submitted, not issued
 * @issued:    issued, not or not wholly in the ring
 * @active:    in the ring
 * @finished:  done by the controller, not yet by us
 * @settled:   complete for whoever asks, to be called back
 * @dropped:   terminated; the controller may still be writing
 * @unacked:   done with, but the client has not let go
 * @idle:      free
 * @completed: hardware descriptors that the controller has completed, by operation code, since the probe
 * @callbacks: clients called back since the probe
 * @failed:    cookies of the last transactions that failed
 * @nr_failed: how many there were
 */
struct pqdma_chan {
	struct dma_chan chan;
	u8 __iomem *regs;
	int irq;
	struct device *dma_dev;
	struct dma_pool *tables;
	struct tasklet_struct tasklet;
	wait_queue_head_t idle_wait;
	spinlock_t lock;
	__le64 (*ring)[8];
	dma_addr_t ring_bus;
	struct pqdma_desc *owner[PQDMA_RING];
	u32 tail;
	u32 done;
	u64 sum;
	u64 bytes;
	u32 skew;
	u64 quiet;
	bool aborting;
	bool paused;
	bool suspended;
	bool gone;
	bool cyclic;
	bool marker;
	u32 first_period;
	struct pqdma_desc *round;
	struct dma_slave_config config;
	struct pqdma_slave slave;
	struct list_head windows;
	struct list_head allocated;
	struct list_head submitted;
	struct list_head issued;
	struct list_head active;
	struct list_head finished;
	struct list_head settled;
	struct list_head dropped;
	struct list_head unacked;
	struct list_head idle;
	u64 completed[PQDMA_OP_CODES];
	u64 callbacks;
	dma_cookie_t failed[PQDMA_FAILED];
	unsigned int nr_failed;
};

/**
 * struct pqdma - one controller
 * @dma:         what the core has
 * @dev:         the device
 * @regs:        its registers
 * @tables:      where source tables of channels without a device of their own come from; NULL if the controller reads none
 * @contexts:    channels have devices of their own, if the IOMMU knows them
 * @sources:     most sources of one operation; 0 if it has none with several
 * @messages:    interrupts are messages
 * @lines:       request lines
 * @bus_bytes:   bytes of a bus word
 * @strip_bytes: bytes of a strip
 * @nr_channels: length of @chan
 * @chan:        its channels
 */
struct pqdma {
	struct dma_device dma;
	struct device *dev;
	u8 __iomem *regs;
	struct dma_pool *tables;
	bool contexts;
	unsigned int sources;
	bool messages;
	unsigned int lines;
	unsigned int bus_bytes;
	unsigned int strip_bytes;
	unsigned int nr_channels;
	struct pqdma_chan chan[];
};

static inline struct device *pqdma_chan_device(struct pqdma_chan *c)
{
	return c->chan.device->dev;
}

/**
 * struct pqdma_bus - what differs from front end to front end
 * @get_irq:  returns the interrupt of a channel, or a negative error; channels may share one
 * @messages: interrupts are messages, sent when a line goes up, and not levels
 */
struct pqdma_bus {
	int (*get_irq)(struct device *dev, unsigned int channel);
	bool messages;
};

/**
 * pqdma_probe() - take a controller into service
 * @dev:  the device; its driver data is set
 * @regs: its registers, mapped until after pqdma_remove()
 * @bus:  what it is connected to
 *
 * Return: 0, -ENODEV if it is not a controller this driver knows, or another negative error.
 */
int pqdma_probe(struct device *dev, void __iomem *regs, const struct pqdma_bus *bus);

/**
 * pqdma_remove() - take it out of service
 *
 * Clients may be left, as when a function is unplugged or unbound: what they have submitted is called back with DMA_TRANS_ABORTED, they
 * get nothing new, and what they hold is freed when the last of them lets go.
 */
void pqdma_remove(struct device *dev);

/* pqdma_ring.c: the lock of the channel is held for all but open, reset and irq. */

/** pqdma_ring_open() - start an idle channel on its ring, which is empty */
void pqdma_ring_open(struct pqdma_chan *c);

/** pqdma_ring_tune() - time-out and coalescing as the client wants them; may be changed at any time */
void pqdma_ring_tune(struct pqdma_chan *c);

/** pqdma_ring_push() - fill the ring with what is issued, and ring the doorbell */
void pqdma_ring_push(struct pqdma_chan *c);

/** pqdma_ring_service() - see what is finished, and push */
void pqdma_ring_service(struct pqdma_chan *c);

/** pqdma_ring_sample() - bring the count of bytes written up to date */
void pqdma_ring_sample(struct pqdma_chan *c);

/** pqdma_ring_abort() - throw away what is in the ring; an interrupt says when it is over */
void pqdma_ring_abort(struct pqdma_chan *c);

/** pqdma_ring_unpush() - what was in the ring and has no result goes back, to begin again with its first piece that is not complete */
void pqdma_ring_unpush(struct pqdma_chan *c);

/** pqdma_ring_start() - begin with what is issued, on a channel that is IDLE, where all counts are zero */
void pqdma_ring_start(struct pqdma_chan *c);

/** pqdma_ring_is_busy() - is anything in the ring that the controller may work at? */
static inline bool pqdma_ring_is_busy(const struct pqdma_chan *c)
{
	return c->cyclic || c->tail != c->done;
}

/**
 * pqdma_ring_reset() - abort whatever runs, and wait, with all interrupts off; may sleep
 *
 * Return: 0, or -ETIMEDOUT if the channel does not become idle.
 */
int pqdma_ring_reset(struct pqdma_chan *c);

/** pqdma_ring_irq() - handler of a channel's interrupt */
irqreturn_t pqdma_ring_irq(int irq, void *data);

/* pqdma_collect.c: the lock of the channel is held */

/** pqdma_collect() - the first @done hardware descriptors are done */
void pqdma_collect(struct pqdma_chan *c, u32 done);

/** pqdma_collect_error() - the list has stopped at an error: the transaction gets its result, all others go back */
void pqdma_collect_error(struct pqdma_chan *c);

/** pqdma_cyclic_left() - bytes that a cyclic transaction has to go in its lap, as far as they have been sampled */
u32 pqdma_cyclic_left(struct pqdma_chan *c, const struct pqdma_desc *d);

static inline u32 pqdma_chan_read(struct pqdma_chan *c, u32 reg)
{
	return readl(c->regs + reg);
}

static inline void pqdma_chan_write(struct pqdma_chan *c, u32 reg, u32 value)
{
	writel(value, c->regs + reg);
}

/* pqdma_chan.c */

/** pqdma_chan_leave() - the controller is about to go; may sleep */
void pqdma_chan_leave(struct pqdma_chan *c);

/** pqdma_chan_setup() - everything of a channel that is in memory */
void pqdma_chan_setup(struct pqdma *pqdma, struct pqdma_chan *c);

static inline struct pqdma_chan *to_pqdma_chan(struct dma_chan *chan)
{
	return container_of(chan, struct pqdma_chan, chan);
}

static inline struct pqdma_desc *to_pqdma_desc(struct dma_async_tx_descriptor *tx)
{
	return container_of(tx, struct pqdma_desc, tx);
}

static inline struct pqdma *pqdma_of(struct pqdma_chan *c)
{
	return container_of(c->chan.device, struct pqdma, dma);
}

int pqdma_alloc_chan_resources(struct dma_chan *chan);
void pqdma_free_chan_resources(struct dma_chan *chan);
void pqdma_issue_pending(struct dma_chan *chan);
enum dma_status pqdma_tx_status(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *state);
int pqdma_terminate_all(struct dma_chan *chan);
void pqdma_synchronize(struct dma_chan *chan);
int pqdma_pause(struct dma_chan *chan);
int pqdma_resume(struct dma_chan *chan);

/* pqdma_pm.c: the machine goes to sleep, and wakes up */

extern const struct dev_pm_ops pqdma_pm_ops;

/* pqdma_desc.c: transactions and the memory they are in */

/**
 * pqdma_prep() - a transaction that is not submitted yet
 * @c:     the channel
 * @op:    PQDMA_OP_*
 * @room:  most pieces it will have
 * @flags: what the client wants, enum dma_ctrl_flags
 *
 * Return: the transaction, with no pieces; NULL if there is no memory. Any context.
 */
struct pqdma_desc *pqdma_prep(struct pqdma_chan *c, u8 op, size_t room, unsigned long flags);

/** pqdma_unprep() - give it back instead of to the client */
void pqdma_unprep(struct pqdma_chan *c, struct pqdma_desc *d);

/** pqdma_recycle() - done with; the lock of the channel is held */
void pqdma_recycle(struct pqdma_chan *c, struct pqdma_desc *d);

/** pqdma_add() - one more piece of @len bytes; the room is there */
struct pqdma_piece *pqdma_add(struct pqdma_desc *d, u64 src, u64 dst, u32 len);

/** pqdma_free_list() - free all of a list; the channel is idle */
void pqdma_free_list(struct pqdma_chan *c, struct list_head *list);

/** pqdma_is_range() - addresses wrap in the controller; no client means that */
static inline bool pqdma_is_range(u64 addr, u64 len)
{
	return len && addr + (len - 1) >= addr;
}

/* pqdma_mem.c: operations in memory */

/** pqdma_setup_mem() - what of it the controller has, by CAP1 */
void pqdma_setup_mem(struct pqdma *pqdma, u32 cap1);

/** pqdma_prep_rows() - interleaved transfer in memory; arguments as of device_prep_interleaved_dma */
struct dma_async_tx_descriptor *pqdma_prep_rows(struct pqdma_chan *c, struct dma_interleaved_template *xt, unsigned long flags);

/* pqdma_sum.c: operations with many sources */

/** pqdma_setup_sums() - what of it the controller has, by its operation bits; 0 or a negative error */
int pqdma_setup_sums(struct pqdma *pqdma, u32 ops);

/** pqdma_tables_open() - where source tables of a channel come from, once its device is known; 0 or -ENOMEM */
int pqdma_tables_open(struct pqdma_chan *c);

/** pqdma_tables_close() - its transactions are gone */
void pqdma_tables_close(struct pqdma_chan *c);

/** pqdma_skip() - the next piece of a transaction begins so many bytes after its beginning; c->lock is held, or nobody else has it */
void pqdma_skip(struct pqdma_desc *d, u32 skip);

/** pqdma_table_free() - give the table of a transaction back, if it has one */
void pqdma_table_free(struct pqdma_chan *c, struct pqdma_desc *d);

/* pqdma_peri.c: peripherals */

/** pqdma_setup_peri() - what of it the controller has, by CAP1 */
void pqdma_setup_peri(struct pqdma *pqdma, u32 cap1);

/** pqdma_forget_peri() - the channel's client has gone */
void pqdma_forget_peri(struct pqdma_chan *c);

#endif
