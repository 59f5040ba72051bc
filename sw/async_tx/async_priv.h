/* SPDX-License-Identifier: MIT */
/*
 * Private to sw/async_tx: mapping the pages of an operation, and the split of one that has more sources than a
 * channel takes at once.
 */
#ifndef PQDMA_ASYNC_PRIV_H
#define PQDMA_ASYNC_PRIV_H

#include <linux/async_tx.h>

/* Pages of one operation, P and Q included. */
#define ASYNC_PAGES 255

/** async_count_sync() - the CPU does an operation of @type */
void async_count_sync(enum dma_transaction_type type);

/** async_prep_flags() - what a provider is told of the flags of @submit */
unsigned long async_prep_flags(const struct async_submit_ctl *submit);

/** async_unmap_data() - room for @pages mappings for @chan; NULL if there is no channel or no memory */
struct dmaengine_unmap_data *async_unmap_data(struct dma_chan *chan, unsigned int pages, size_t len);

/** async_map_to() - map one more source; false if it cannot be mapped. Sources come before all others. */
bool async_map_to(struct dmaengine_unmap_data *unmap, struct page *page, unsigned int offset);

/** async_map_both() - map a destination, which may also be read; NULL stands for none and has the address 0 */
bool async_map_both(struct dmaengine_unmap_data *unmap, struct page *page, unsigned int offset);

/**
 * struct async_prep - one transaction to prepare, again and again while there is no descriptor
 * @prep:    asks the provider; NULL: not now
 * @dst:     destinations; both of a check
 * @src:     sources
 * @src_cnt: how many
 * @coefs:   of the sources, for Q
 * @len:     bytes
 * @result:  of a check
 */
struct async_prep {
	struct dma_async_tx_descriptor *(*prep)(struct dma_chan *chan, struct async_prep *p, unsigned long flags);
	dma_addr_t dst[2];
	dma_addr_t *src;
	unsigned int src_cnt;
	const unsigned char *coefs;
	size_t len;
	enum sum_check_flags *result;
};

/**
 * async_submit_prep() - prepare, and submit as @submit says, with @unmap to be undone at the end
 *
 * While the provider has no descriptor it waits for what the operation depends on and for what is submitted.
 */
struct dma_async_tx_descriptor *async_submit_prep(struct dma_chan *chan, struct async_prep *p, unsigned long flags,
						  struct dmaengine_unmap_data *unmap, struct async_submit_ctl *submit);

/**
 * async_begin_piece() - adjust @submit for one piece of a split: only the last one is acknowledged and calls back
 * @submit: what is submitted next
 * @whole:  what the caller wants
 * @last:   it is the last piece
 */
void async_begin_piece(struct async_submit_ctl *submit, const struct async_submit_ctl *whole, bool last);

/** async_tx_unhold() - submit @tx, if it is held back, with this callback; true if it was */
bool async_tx_unhold(struct dma_async_tx_descriptor *tx, dma_async_tx_callback cb_fn, void *cb_param);

/** async_page_ptr() - the CPU's address of a byte of a page; NULL for NULL */
static inline u8 *async_page_ptr(struct page *page, unsigned int offset)
{
	return page ? (u8 *)page_address(page) + offset : NULL;
}

#endif
