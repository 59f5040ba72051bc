// SPDX-License-Identifier: MIT
/*
 * The forms of 2008, by today's.
 */
#include "async_tx/async_priv.h"

#include <linux/async_tx_rfc2008.h>

#undef async_xor
#undef async_memcpy
#undef async_trigger_callback

static struct async_submit_ctl submit_of(enum async_tx_flags flags, struct dma_async_tx_descriptor *depend_tx)
{
	struct async_submit_ctl submit;

	init_async_submit(&submit, flags | ASYNC_TX_FENCE, depend_tx, NULL, NULL, NULL);
	return submit;
}

struct dma_async_tx_descriptor *rfc2008_xor(struct page *dest, struct page **src_list, unsigned int offset, int src_cnt, size_t len,
					    enum async_tx_flags flags, struct dma_async_tx_descriptor *depend_tx)
{
	struct async_submit_ctl submit = submit_of(flags, depend_tx);

	return async_xor(dest, src_list, offset, src_cnt, len, &submit);
}

/* The result of today's form is written when the check is done, so it has to go where the caller looks. */
struct dma_async_tx_descriptor *rfc2008_xor_zero_sum(struct page *dest, struct page **src_list, unsigned int offset, int src_cnt,
						     size_t len, u32 *result, enum async_tx_flags flags,
						     struct dma_async_tx_descriptor *depend_tx)
{
	struct async_submit_ctl submit = submit_of(flags, depend_tx);

	BUILD_BUG_ON(sizeof(enum sum_check_flags) != sizeof(u32));
	return async_xor_val(dest, src_list, offset, src_cnt, len, (enum sum_check_flags *)result, &submit);
}

struct dma_async_tx_descriptor *rfc2008_memcpy(struct page *dest, struct page *src, unsigned int dest_offset, unsigned int src_offset,
					       size_t len, enum async_tx_flags flags, struct dma_async_tx_descriptor *depend_tx)
{
	struct async_submit_ctl submit = submit_of(flags, depend_tx);

	return async_memcpy(dest, src, dest_offset, src_offset, len, &submit);
}

struct dma_async_tx_descriptor *rfc2008_trigger_callback(struct dma_async_tx_descriptor *tx, dma_async_tx_callback cb_fn,
							 void *cb_param)
{
	struct async_submit_ctl submit = submit_of(ASYNC_TX_ACK, tx);

	if (tx && async_tx_unhold(tx, cb_fn, cb_param))
		return tx;
	submit.cb_fn = cb_fn;
	submit.cb_param = cb_param;
	return async_trigger_callback(&submit);
}

/** struct filter_2008 - a filter and what it is called with */
struct filter_2008 {
	rfc2008_filter_fn fn;
	void *param;
};

static bool filter_takes(struct dma_chan *chan, void *filter_of)
{
	const struct filter_2008 *filter = filter_of;

	return filter->fn(chan, filter->param) == DMA_ACK;
}

struct dma_chan *rfc2008_request_channel(const dma_cap_mask_t *mask, rfc2008_filter_fn fn, void *filter_param)
{
	struct filter_2008 filter = { fn, filter_param };

	return __dma_request_channel(mask, fn ? filter_takes : NULL, &filter, NULL);
}
