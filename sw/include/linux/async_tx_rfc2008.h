/* SPDX-License-Identifier: MIT */
/*
 * The forms of async_tx that were proposed in 2008, on top of today's: flags and dependency as arguments, and the callback
 * given afterwards.
 *
 *	tx = async_memcpy(dest, src, 0, 0, len, ASYNC_TX_DELAY_SUBMIT, tx);
 *	tx = async_trigger_callback(tx, done, NULL);		// now it is submitted, with its callback
 *
 * A transaction with ASYNC_TX_DELAY_SUBMIT is prepared and held back: its cookie is -EBUSY, and issuing does not run it.
 * async_trigger_callback() gives it its callback and submits it; a child and a wait submit it without one. For
 * any other transaction a separate interrupt transaction calls back, and if there is none at all, because the CPU has done
 * the work, it calls back at once. Chains were in order then, so each operation is fenced.
 *
 * Instead of linux/async_tx.h, not beside it.
 */
#ifndef PQDMA_LINUX_ASYNC_TX_RFC2008_H
#define PQDMA_LINUX_ASYNC_TX_RFC2008_H

#include <linux/async_tx.h>
#include <linux/string.h>

/* What a filter says of a channel. Only to take it is not 0, so a filter of today's form serves as well. */
enum dma_state_client {
	DMA_DUP = 0,
	DMA_NAK = 0,
	DMA_ACK = 1,
};

struct dma_async_tx_descriptor *rfc2008_xor(struct page *dest, struct page **src_list, unsigned int offset, int src_cnt, size_t len,
					    enum async_tx_flags flags, struct dma_async_tx_descriptor *depend_tx);

/** rfc2008_xor_zero_sum() - *@result is 0 if the sum of @src_list is 0 */
struct dma_async_tx_descriptor *rfc2008_xor_zero_sum(struct page *dest, struct page **src_list, unsigned int offset, int src_cnt,
						     size_t len, u32 *result, enum async_tx_flags flags,
						     struct dma_async_tx_descriptor *depend_tx);
struct dma_async_tx_descriptor *rfc2008_memcpy(struct page *dest, struct page *src, unsigned int dest_offset, unsigned int src_offset,
					       size_t len, enum async_tx_flags flags, struct dma_async_tx_descriptor *depend_tx);
struct dma_async_tx_descriptor *rfc2008_trigger_callback(struct dma_async_tx_descriptor *tx, dma_async_tx_callback cb_fn,
							 void *cb_param);

typedef enum dma_state_client (*rfc2008_filter_fn)(struct dma_chan *chan, void *filter_param);

/** rfc2008_request_channel() - dma_request_channel() with a filter that says DMA_ACK */
struct dma_chan *rfc2008_request_channel(const dma_cap_mask_t *mask, rfc2008_filter_fn fn, void *filter_param);

#define async_xor rfc2008_xor
#define async_xor_zero_sum rfc2008_xor_zero_sum
#define async_memcpy rfc2008_memcpy
#define async_trigger_callback rfc2008_trigger_callback
#undef dma_request_channel
#define dma_request_channel(mask, fn, param) rfc2008_request_channel(&(mask), fn, param)

#endif
