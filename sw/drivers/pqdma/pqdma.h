/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * pqdma driver: what the core shares with the front ends that find the controller.
 */
#ifndef PQDMA_DRIVER_H
#define PQDMA_DRIVER_H

#include <linux/dmaengine.h>
#include <linux/dmapool.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

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

/**
 * struct pqdma_desc - one transaction
 * @tx:     what the client has
 * @node:   in exactly one list of the channel
 * @op:     PQDMA_OP_*
 * @hw_flags: PQDMA_FLAG_* that belong to the operation
 * @sources: entries of @table in use
 * @src:    bus address of the source; for a fill the 8-byte pattern, for many sources that of the table
 * @dst:    bus address of the destination, P of two
 * @q:      the second destination
 * @table:  sources of this transaction; kept for the next one
 * @table_bus: where the controller finds them
 * @check:  where the result of a validation goes; NULL for what is none
 * @len:    bytes
 * @pushed: bytes that are in the ring; long transactions are several hardware descriptors
 * @last:   the channel's count of hardware descriptors after what has been pushed of it
 * @end:    the channel's running sum of bytes at the end of this transaction
 * @result: what became of it
 */
struct pqdma_desc {
	struct dma_async_tx_descriptor tx;
	struct list_head node;
	u8 op;
	u8 hw_flags;
	u8 sources;
	u64 src;
	dma_addr_t dst;
	dma_addr_t q;
	__le64 (*table)[2];
	dma_addr_t table_bus;
	enum sum_check_flags *check;
	size_t len;
	size_t pushed;
	u32 last;
	u64 end;
	struct dmaengine_result result;
};

/**
 * struct pqdma_chan - one channel
 * @chan:      what the core has
 * @regs:      its page of registers
 * @irq:       its interrupt
 * @tasklet:   calls the clients back
 * @idle_wait: those who wait for an abort to finish
 * @lock:      protects all below, and cookies
 * @ring:      hardware descriptors, eight words each
 * @ring_bus:  where the controller finds them
 * @tail:      hardware descriptors promised to the controller
 * @done:      of those, completed, as far as is known
 * @sum:       bytes of all transactions that have begun to be pushed
 * @bytes:     of those, written to memory, as far as is known
 * @aborting:  the controller has been told to abort; it will interrupt when it is idle
 * @allocated: prepared, not submitted
 * @submitted: submitted, not issued
 * @issued:    issued, not or not wholly in the ring
 * @active:    in the ring
 * @finished:  done by the controller, not yet by us
 * @settled:   complete for whoever asks, to be called back
 * @dropped:   terminated; the controller may still be writing
 * @unacked:   done with, but the client has not let go
 * @idle:      free
 * @completed: transactions that the controller has completed, by operation code, since the probe
 * @callbacks: clients called back since the probe
 * @failed:    cookies of the last transactions that failed
 * @nr_failed: how many there were
 */
struct pqdma_chan {
	struct dma_chan chan;
	u8 __iomem *regs;
	int irq;
	struct tasklet_struct tasklet;
	wait_queue_head_t idle_wait;
	spinlock_t lock;
	__le64 (*ring)[8];
	dma_addr_t ring_bus;
	u32 tail;
	u32 done;
	u64 sum;
	u64 bytes;
	bool aborting;
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
 * @tables:      where source tables come from; NULL if the controller reads none
 * @sources:     most sources of one operation; 0 if it has none with several
 * @nr_channels: length of @chan
 * @chan:        its channels
 */
struct pqdma {
	struct dma_device dma;
	struct device *dev;
	u8 __iomem *regs;
	struct dma_pool *tables;
	unsigned int sources;
	unsigned int nr_channels;
	struct pqdma_chan chan[];
};

static inline struct device *pqdma_chan_device(struct pqdma_chan *c)
{
	return c->chan.device->dev;
}

/**
 * pqdma_probe() - take a controller into service
 * @dev:     the device; its driver data is set
 * @regs:    its registers, mapped until after pqdma_remove()
 * @get_irq: returns the interrupt of a channel, or a negative error
 *
 * Return: 0, -ENODEV if it is not a controller this driver knows, or another negative error.
 */
int pqdma_probe(struct device *dev, void __iomem *regs, int (*get_irq)(struct device *dev, unsigned int channel));

/** pqdma_remove() - take it out of service; no client may be left */
void pqdma_remove(struct device *dev);

/* pqdma_ring.c: the lock of the channel is held for all but open, reset and irq. */

/** pqdma_ring_open() - start an idle channel on its ring, which is empty */
void pqdma_ring_open(struct pqdma_chan *c);

/** pqdma_ring_push() - fill the ring with what is issued, and ring the doorbell */
void pqdma_ring_push(struct pqdma_chan *c);

/** pqdma_ring_service() - see what is finished, and push */
void pqdma_ring_service(struct pqdma_chan *c);

/** pqdma_ring_sample() - bring the count of bytes written up to date */
void pqdma_ring_sample(struct pqdma_chan *c);

/** pqdma_ring_abort() - throw away what is in the ring; an interrupt says when it is over */
void pqdma_ring_abort(struct pqdma_chan *c);

/**
 * pqdma_ring_reset() - abort whatever runs, and wait, with all interrupts off; may sleep
 *
 * Return: 0, or -ETIMEDOUT if the channel does not become idle.
 */
int pqdma_ring_reset(struct pqdma_chan *c);

/** pqdma_ring_irq() - handler of a channel's interrupt */
irqreturn_t pqdma_ring_irq(int irq, void *data);

/* pqdma_chan.c */

/** pqdma_chan_setup() - everything of a channel that is in memory */
void pqdma_chan_setup(struct pqdma *pqdma, struct pqdma_chan *c);

static inline struct pqdma_chan *to_pqdma_chan(struct dma_chan *chan)
{
	return container_of(chan, struct pqdma_chan, chan);
}

/**
 * pqdma_prep() - a transaction that is not submitted yet
 * @c:     the channel
 * @op:    PQDMA_OP_*
 * @len:   bytes
 * @flags: what the client wants, enum dma_ctrl_flags
 *
 * Return: the transaction, with no addresses; NULL if there is no memory. Any context.
 */
struct pqdma_desc *pqdma_prep(struct pqdma_chan *c, u8 op, size_t len, unsigned long flags);

/** pqdma_unprep() - give it back instead of to the client */
void pqdma_unprep(struct pqdma_chan *c, struct pqdma_desc *d);

/** pqdma_is_range() - addresses wrap in the controller; no client means that */
static inline bool pqdma_is_range(u64 addr, size_t len)
{
	return len && addr + (len - 1) >= addr;
}

int pqdma_alloc_chan_resources(struct dma_chan *chan);
void pqdma_free_chan_resources(struct dma_chan *chan);
struct dma_async_tx_descriptor *pqdma_prep_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
						  unsigned long flags);
struct dma_async_tx_descriptor *pqdma_prep_memset(struct dma_chan *chan, dma_addr_t dst, int value, size_t len,
						  unsigned long flags);
struct dma_async_tx_descriptor *pqdma_prep_interrupt(struct dma_chan *chan, unsigned long flags);
void pqdma_issue_pending(struct dma_chan *chan);
enum dma_status pqdma_tx_status(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *state);
int pqdma_terminate_all(struct dma_chan *chan);
void pqdma_synchronize(struct dma_chan *chan);

/* pqdma_sum.c: operations with many sources */

/** pqdma_setup_sums() - what of it the controller has, by its operation bits; 0 or a negative error */
int pqdma_setup_sums(struct pqdma *pqdma, u32 ops);

/** pqdma_table_free() - give the table of a transaction back, if it has one */
void pqdma_table_free(struct pqdma_chan *c, struct pqdma_desc *d);

#endif
