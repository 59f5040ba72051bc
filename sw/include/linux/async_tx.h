/* SPDX-License-Identifier: MIT */
/*
 * Operations on pages that a DMA engine does if there is one, and the CPU if not. They may depend on each other.
 *
 *	struct async_submit_ctl submit;
 *	addr_conv_t scribble[disks];
 *
 *	init_async_submit(&submit, ASYNC_TX_FENCE | ASYNC_TX_XOR_ZERO_DST, NULL, NULL, NULL, scribble);
 *	tx = async_xor(parity, blocks, 0, n, len, &submit);
 *	init_async_submit(&submit, ASYNC_TX_ACK, tx, done, arg, scribble);
 *	tx = async_memcpy(copy, parity, 0, 0, len, &submit);
 *	async_tx_issue_pending_all();
 *
 * Each call returns the transaction, or NULL if the work is already done; then it has waited for what it depends on, and
 * the callback has run before it returns. Not from interrupts, and not from callbacks.
 */
#ifndef PQDMA_LINUX_ASYNC_TX_H
#define PQDMA_LINUX_ASYNC_TX_H

#include <linux/dmaengine.h>
#include <linux/interrupt.h>
#include <linux/mm.h>
#include <linux/spinlock.h>

#ifdef CONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH
#define async_dma_find_channel(type) dma_find_channel(type)
#else
/* A chain stays on its channel, so that has to be one that can do everything. */
#define async_dma_find_channel(type) ((void)(type), dma_find_channel(DMA_ASYNC_TX))
#endif

#define __async_inline __always_inline

/**
 * enum async_tx_flags - what is asked of one operation
 * @ASYNC_TX_XOR_ZERO_DST: the destination is no source
 * @ASYNC_TX_XOR_DROP_DST: the destination is also the first source
 * @ASYNC_TX_ACK:          nothing will depend on it
 * @ASYNC_TX_FENCE:        what depends on it uses its result
 * @ASYNC_TX_PQ_XOR_DST:   P and Q enter the sums; by the CPU only
 * @ASYNC_TX_DELAY_SUBMIT: extension, see linux/async_tx_rfc2008.h
 */
enum async_tx_flags {
	ASYNC_TX_XOR_ZERO_DST = (1 << 0),
	ASYNC_TX_XOR_DROP_DST = (1 << 1),
	ASYNC_TX_ACK = (1 << 2),
	ASYNC_TX_FENCE = (1 << 3),
	ASYNC_TX_PQ_XOR_DST = (1 << 4),
	ASYNC_TX_DELAY_SUBMIT = (1 << 5),
};

/** addr_conv_t - room for one address that is converted; a caller gives one for each page */
typedef union {
	unsigned long addr;
	struct page *page;
	dma_addr_t dma;
} addr_conv_t;

/**
 * struct async_submit_ctl - how an operation is submitted
 * @flags:     enum async_tx_flags
 * @depend_tx: what it depends on; NULL: nothing
 * @cb_fn:     called when it is done
 * @cb_param:  for @cb_fn
 * @scribble:  an addr_conv_t for each page
 */
struct async_submit_ctl {
	enum async_tx_flags flags;
	struct dma_async_tx_descriptor *depend_tx;
	dma_async_tx_callback cb_fn;
	void *cb_param;
	void *scribble;
};

static inline void init_async_submit(struct async_submit_ctl *args, enum async_tx_flags flags, struct dma_async_tx_descriptor *tx,
				     dma_async_tx_callback cb_fn, void *cb_param, addr_conv_t *scribble)
{
	args->flags = flags;
	args->depend_tx = tx;
	args->cb_fn = cb_fn;
	args->cb_param = cb_param;
	args->scribble = scribble;
}

/** async_tx_load() - take part in the public channels; before any other call. May sleep. */
void async_tx_load(void);

/** async_tx_unload() - no longer; may sleep */
void async_tx_unload(void);

#define async_tx_issue_pending_all dma_issue_pending_all

/** async_tx_issue_pending() - issue on the channel of @tx; NULL is allowed */
static inline void async_tx_issue_pending(struct dma_async_tx_descriptor *tx)
{
	if (tx)
		dma_async_issue_pending(tx->chan);
}

struct dma_chan *__async_tx_find_channel(struct async_submit_ctl *submit, enum dma_transaction_type tx_type);

/** async_tx_find_channel() - where an operation may go; NULL: the CPU */
#define async_tx_find_channel(submit, type, dst, dst_cnt, src, src_cnt, len) __async_tx_find_channel(submit, type)

/** async_tx_submit() - hand a prepared transaction to its channel, behind what it depends on, and acknowledge that */
void async_tx_submit(struct dma_chan *chan, struct dma_async_tx_descriptor *tx, struct async_submit_ctl *submit);

/** async_tx_sync_epilog() - the CPU has done it: call back */
void async_tx_sync_epilog(struct async_submit_ctl *submit);

/** async_tx_quiesce() - wait for *@tx, acknowledge it and forget it; panics if it failed. *@tx may be NULL. */
void async_tx_quiesce(struct dma_async_tx_descriptor **tx);

/** async_trigger_callback() - call back when what @submit depends on is done */
struct dma_async_tx_descriptor *async_trigger_callback(struct async_submit_ctl *submit);

struct dma_async_tx_descriptor *async_memcpy(struct page *dest, struct page *src, unsigned int dest_offset, unsigned int src_offset,
					     size_t len, struct async_submit_ctl *submit);

/** async_xor() - @dest = sum of @src_list, more than one, all at @offset */
struct dma_async_tx_descriptor *async_xor(struct page *dest, struct page **src_list, unsigned int offset, int src_cnt, size_t len,
					  struct async_submit_ctl *submit);

/** async_xor_offs() - the same with an offset for each page */
struct dma_async_tx_descriptor *async_xor_offs(struct page *dest, unsigned int offset, struct page **src_list,
					       unsigned int *src_offset, int src_cnt, size_t len, struct async_submit_ctl *submit);

/** async_xor_val() - *@result says whether the sum of @src_list, of which @dest is the first, is 0. By the CPU @dest becomes that sum. */
struct dma_async_tx_descriptor *async_xor_val(struct page *dest, struct page **src_list, unsigned int offset, int src_cnt, size_t len,
					      enum sum_check_flags *result, struct async_submit_ctl *submit);
struct dma_async_tx_descriptor *async_xor_val_offs(struct page *dest, unsigned int offset, struct page **src_list,
						   unsigned int *src_offset, int src_cnt, size_t len, enum sum_check_flags *result,
						   struct async_submit_ctl *submit);

/** async_gen_syndrome() - P into @blocks[@disks - 2] and Q into @blocks[@disks - 1], either may be NULL; a data block that is NULL is 0 */
struct dma_async_tx_descriptor *async_gen_syndrome(struct page **blocks, unsigned int *offsets, int disks, size_t len,
						   struct async_submit_ctl *submit);

/** async_syndrome_val() - *@pqres says whether P and Q are right; @spare is room for the CPU's work */
struct dma_async_tx_descriptor *async_syndrome_val(struct page **blocks, unsigned int *offsets, int disks, size_t len,
						   enum sum_check_flags *pqres, struct page *spare, unsigned int s_off,
						   struct async_submit_ctl *submit);

/** async_raid6_2data_recov() - data blocks @faila and @failb from all others */
struct dma_async_tx_descriptor *async_raid6_2data_recov(int disks, size_t bytes, int faila, int failb, struct page **blocks,
							unsigned int *offs, struct async_submit_ctl *submit);

/** async_raid6_datap_recov() - data block @faila and P from all others */
struct dma_async_tx_descriptor *async_raid6_datap_recov(int disks, size_t bytes, int faila, struct page **blocks, unsigned int *offs,
							struct async_submit_ctl *submit);

/**
 * struct async_tx_stats - what the CPU has done since async_tx_load()
 * @sync:      operations, by enum dma_transaction_type
 * @callbacks: of these
 */
struct async_tx_stats {
	u64 sync[DMA_TX_TYPE_END];
	u64 callbacks;
};

/** async_tx_stats() - the counts, live */
const struct async_tx_stats *async_tx_stats(void);

#ifdef MODULE
/* A client that is loaded by name finds async_tx loaded before it, as it would by a kernel's symbol table. */
__attribute__((weak)) const char kernel_module_uses_async_tx;
#endif

#endif
