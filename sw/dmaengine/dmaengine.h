/* SPDX-License-Identifier: MIT */
/*
 * Private to the core and to providers: cookies, and calling a client back.
 *
 * Cookies of a channel count up from 2 and go from the largest number back to 1. The caller holds the provider's
 * lock of the channel wherever cookies change.
 */
#ifndef PQDMA_DMAENGINE_PRIV_H
#define PQDMA_DMAENGINE_PRIV_H

#include <linux/dmaengine.h>

/** dma_for_each_channel() - call @fn for the channels of all devices until it returns true; may sleep */
void dma_for_each_channel(bool (*fn)(struct dma_chan *chan, void *data), void *data);

/** enum dma_traced - what the timeline shows of a transaction */
enum dma_traced { DMA_TRACED_SUBMIT, DMA_TRACED_COMPLETE, DMA_TRACED_CALL, DMA_TRACED_RETURN };

/** dma_check_callback() - report a callback that comes with a lock held, with interrupts off, or from a handler */
/** dma_trace() - tell the timeline; with DMA_TRACED_RETURN @tx may be gone */
#ifndef DMAENGINE_HAS_CHECKS
/* A driver that is built for Linux has this file too, and no core that checks. */
static inline void dma_check_callback(void)
{
}

static inline void dma_trace(enum dma_traced what, const struct dma_async_tx_descriptor *tx)
{
}
#else
void dma_check_callback(void);
void dma_trace(enum dma_traced what, const struct dma_async_tx_descriptor *tx);
#endif

static inline void dma_cookie_init(struct dma_chan *chan)
{
	chan->cookie = DMA_MIN_COOKIE;
	chan->completed_cookie = DMA_MIN_COOKIE;
}

/** dma_cookie_assign() - the next cookie, which is now @tx's and the channel's last */
static inline dma_cookie_t dma_cookie_assign(struct dma_async_tx_descriptor *tx)
{
	struct dma_chan *chan = tx->chan;
	dma_cookie_t cookie = (dma_cookie_t)((u32)chan->cookie + 1);

	if (cookie < DMA_MIN_COOKIE)
		cookie = DMA_MIN_COOKIE;
	tx->cookie = cookie;
	chan->cookie = cookie;
	dma_trace(DMA_TRACED_SUBMIT, tx);
	return cookie;
}

/** dma_cookie_complete() - @tx and all before it are complete */
static inline void dma_cookie_complete(struct dma_async_tx_descriptor *tx)
{
	BUG_ON(tx->cookie < DMA_MIN_COOKIE);
	dma_trace(DMA_TRACED_COMPLETE, tx);
	tx->chan->completed_cookie = tx->cookie;
	tx->cookie = 0;
}

/** dma_cookie_status() - status by cookies alone; fills *state, if it is not NULL, with a residue of 0 */
static inline enum dma_status dma_cookie_status(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *state)
{
	dma_cookie_t used = chan->cookie;
	dma_cookie_t complete = chan->completed_cookie;

	barrier();
	if (state)
		*state = (struct dma_tx_state){ .last = complete, .used = used };
	return dma_async_is_complete(cookie, complete, used);
}

static inline void dma_set_residue(struct dma_tx_state *state, u32 residue)
{
	if (state)
		state->residue = residue;
}

static inline void dma_set_in_flight_bytes(struct dma_tx_state *state, u32 bytes)
{
	if (state)
		state->in_flight_bytes = bytes;
}

/** struct dmaengine_desc_callback - what to call, kept apart from a descriptor that may be recycled meanwhile */
struct dmaengine_desc_callback {
	dma_async_tx_callback callback;
	dma_async_tx_callback_result callback_result;
	void *callback_param;
	const struct dma_async_tx_descriptor *tx;	/* for the timeline only: it may be gone */
};

static inline void dmaengine_desc_get_callback(struct dma_async_tx_descriptor *tx, struct dmaengine_desc_callback *cb)
{
	cb->callback = tx->callback;
	cb->callback_result = tx->callback_result;
	cb->callback_param = tx->callback_param;
	cb->tx = tx;
}

/** dmaengine_desc_callback_invoke() - call it; without a @result there was no error */
static inline void dmaengine_desc_callback_invoke(struct dmaengine_desc_callback *cb, const struct dmaengine_result *result)
{
	static const struct dmaengine_result fine = { .result = DMA_TRANS_NOERROR };

	if (cb->callback_result || cb->callback)
		dma_check_callback();
	dma_trace(DMA_TRACED_CALL, cb->tx);
	if (cb->callback_result)
		cb->callback_result(cb->callback_param, result ? result : &fine);
	else if (cb->callback)
		cb->callback(cb->callback_param);
	dma_trace(DMA_TRACED_RETURN, cb->tx);
}

static inline bool dmaengine_desc_callback_valid(const struct dmaengine_desc_callback *cb)
{
	return cb->callback || cb->callback_result;
}

static inline void dmaengine_desc_get_callback_invoke(struct dma_async_tx_descriptor *tx, const struct dmaengine_result *result)
{
	struct dmaengine_desc_callback cb;

	dmaengine_desc_get_callback(tx, &cb);
	dmaengine_desc_callback_invoke(&cb, result);
}

#endif
