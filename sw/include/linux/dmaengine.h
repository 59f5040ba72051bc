/* SPDX-License-Identifier: MIT */
/*
 * DMA engines: channels that copy, fill, sum and check memory for clients.
 *
 *	chan = dma_request_chan_by_mask(&mask);
 *	tx = dmaengine_prep_dma_memcpy(chan, dst, src, len, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
 *	tx->callback = done;
 *	cookie = dmaengine_submit(tx);			// queued, does not start
 *	dma_async_issue_pending(chan);			// starts
 *	...
 *	dma_release_channel(chan);
 *
 * Clients that do not need a channel of their own share the public ones: dmaengine_get(), dma_find_channel(),
 * dmaengine_put(). Names, types and meanings are Linux 6.1's.
 */
#ifndef PQDMA_LINUX_DMAENGINE_H
#define PQDMA_LINUX_DMAENGINE_H

#include <linux/dmaengine_types.h>
#include <linux/err.h>

static inline int dma_submit_error(dma_cookie_t cookie)
{
	return cookie < 0 ? cookie : 0;
}

#define dma_cap_set(tx, mask) set_bit((tx), (mask).bits)
#define dma_cap_clear(tx, mask) clear_bit((tx), (mask).bits)
#define dma_cap_zero(mask) bitmap_zero((mask).bits, DMA_TX_TYPE_END)
#define dma_has_cap(tx, mask) test_bit((tx), (mask).bits)
#define for_each_dma_cap_mask(cap, mask) for_each_set_bit(cap, (mask).bits, DMA_TX_TYPE_END)

/* Providers */

/** dma_async_device_register() - 0; -ENODEV for NULL, -EIO if the device is not filled in as its capabilities ask, -ENOMEM */
int dma_async_device_register(struct dma_device *device);

/** dma_async_device_unregister() - no client may be left, unless the device has a release */
void dma_async_device_unregister(struct dma_device *device);

/** dma_async_tx_descriptor_init() - sets the channel and nothing else */
void dma_async_tx_descriptor_init(struct dma_async_tx_descriptor *tx, struct dma_chan *chan);

/** dmaenginem_async_device_register() - the same, undone when the driver leaves the device */
int dmaenginem_async_device_register(struct dma_device *device);

/** dma_async_device_channel_register() - a channel that comes later; 0 or a negative error */
int dma_async_device_channel_register(struct dma_device *device, struct dma_chan *chan);
void dma_async_device_channel_unregister(struct dma_device *device, struct dma_chan *chan);

/** dma_run_dependencies() - @tx is complete: submit what waits for it and issue it */
#ifdef CONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH
void dma_run_dependencies(struct dma_async_tx_descriptor *tx);
#else
static inline void dma_run_dependencies(struct dma_async_tx_descriptor *tx)
{
	(void)tx;
}
#endif

/* Clients: shared channels */

/** dmaengine_get() - take part in the use of all public channels; may sleep */
void dmaengine_get(void);

/** dmaengine_put() - no longer; may sleep */
void dmaengine_put(void);

/** dma_find_channel() - a public channel for @type, without a reference; NULL if there is none, or no dmaengine_get() */
struct dma_chan *dma_find_channel(enum dma_transaction_type type);

/** dma_issue_pending_all() - issue on all public channels; from any context */
void dma_issue_pending_all(void);

/* Clients: channels */

struct device_node;

struct dma_chan *__dma_request_channel(const dma_cap_mask_t *mask, dma_filter_fn fn, void *fn_param, struct device_node *np);

/** dma_request_channel() - an exclusive channel that can do all of @mask and that @fn, if there is one, takes; NULL if none. May sleep. */
#define dma_request_channel(mask, fn, param) __dma_request_channel(&(mask), fn, param, NULL)

/** dma_request_chan_by_mask() - the same; ERR_PTR(-EPROBE_DEFER) if there is no device at all, ERR_PTR(-ENODEV) if none fits */
struct dma_chan *dma_request_chan_by_mask(const dma_cap_mask_t *mask);

/** dma_request_chan() - the channel that providers' filters have for @dev and @name; ERR_PTR: -EPROBE_DEFER if there is none (yet) */
struct dma_chan *dma_request_chan(struct device *dev, const char *name);
struct dma_chan *devm_dma_request_chan(struct device *dev, const char *name);

static inline struct dma_chan *dma_request_slave_channel(struct device *dev, const char *name)
{
	struct dma_chan *chan = dma_request_chan(dev, name);

	return IS_ERR(chan) ? NULL : chan;
}

/** dma_request_slave_channel_compat() - by name, or if nobody knows it any channel that @fn takes; NULL if none */
static inline struct dma_chan *dma_request_slave_channel_compat(const dma_cap_mask_t mask, dma_filter_fn fn, void *fn_param,
								 struct device *dev, const char *name)
{
	struct dma_chan *chan = dma_request_slave_channel(dev, name);

	if (chan || !fn || !fn_param)
		return chan;
	return __dma_request_channel(&mask, fn, fn_param, NULL);
}

/** dma_get_slave_channel() - just this channel, for providers; NULL if it is in use */
struct dma_chan *dma_get_slave_channel(struct dma_chan *chan);

/** dma_get_any_slave_channel() - any free one of @device that can serve a peripheral */
struct dma_chan *dma_get_any_slave_channel(struct dma_device *device);

/** dma_get_slave_caps() - what @chan can do for a peripheral; -ENXIO if nothing */
int dma_get_slave_caps(struct dma_chan *chan, struct dma_slave_caps *caps);

/** dma_release_channel() - give an exclusive channel back; may sleep */
void dma_release_channel(struct dma_chan *chan);

static inline const char *dma_chan_name(struct dma_chan *chan)
{
	return dev_name(&chan->dev->device);
}

/** dmaengine_get_dma_device() - the device to map memory for */
static inline struct device *dmaengine_get_dma_device(struct dma_chan *chan)
{
	return chan->dev->chan_dma_dev ? &chan->dev->device : chan->device->dev;
}

/* Clients: transactions */

static inline struct dma_async_tx_descriptor *dmaengine_prep_dma_memcpy(struct dma_chan *chan, dma_addr_t dest, dma_addr_t src,
									 size_t len, unsigned long flags)
{
	if (!chan || !chan->device || !chan->device->device_prep_dma_memcpy)
		return NULL;
	return chan->device->device_prep_dma_memcpy(chan, dest, src, len, flags);
}

static inline struct dma_async_tx_descriptor *dmaengine_prep_dma_memset(struct dma_chan *chan, dma_addr_t dest, int value,
									 size_t len, unsigned long flags)
{
	if (!chan || !chan->device || !chan->device->device_prep_dma_memset)
		return NULL;
	return chan->device->device_prep_dma_memset(chan, dest, value, len, flags);
}

static inline struct dma_async_tx_descriptor *dmaengine_prep_slave_sg(struct dma_chan *chan, struct scatterlist *sgl, unsigned int sg_len,
								       enum dma_transfer_direction dir, unsigned long flags)
{
	if (!chan || !chan->device || !chan->device->device_prep_slave_sg)
		return NULL;
	return chan->device->device_prep_slave_sg(chan, sgl, sg_len, dir, flags, NULL);
}

static inline struct dma_async_tx_descriptor *dmaengine_prep_slave_single(struct dma_chan *chan, dma_addr_t buf, size_t len,
									   enum dma_transfer_direction dir, unsigned long flags)
{
	struct scatterlist sg;

	sg_init_table(&sg, 1);
	sg_dma_address(&sg) = buf;
	sg_dma_len(&sg) = (unsigned int)len;
	return dmaengine_prep_slave_sg(chan, &sg, 1, dir, flags);
}

static inline struct dma_async_tx_descriptor *dmaengine_prep_dma_cyclic(struct dma_chan *chan, dma_addr_t buf_addr, size_t buf_len,
									 size_t period_len, enum dma_transfer_direction dir,
									 unsigned long flags)
{
	if (!chan || !chan->device || !chan->device->device_prep_dma_cyclic)
		return NULL;
	return chan->device->device_prep_dma_cyclic(chan, buf_addr, buf_len, period_len, dir, flags);
}

static inline struct dma_async_tx_descriptor *dmaengine_prep_interleaved_dma(struct dma_chan *chan, struct dma_interleaved_template *xt,
									      unsigned long flags)
{
	if (!chan || !chan->device || !chan->device->device_prep_interleaved_dma)
		return NULL;
	if ((flags & DMA_PREP_REPEAT) && !dma_has_cap(DMA_REPEAT, chan->device->cap_mask))
		return NULL;
	return chan->device->device_prep_interleaved_dma(chan, xt, flags);
}

/** dmaengine_prep_dma_sg() - extension: copy from list to list */
static inline struct dma_async_tx_descriptor *dmaengine_prep_dma_sg(struct dma_chan *chan, struct scatterlist *dst_sg,
								     unsigned int dst_nents, struct scatterlist *src_sg,
								     unsigned int src_nents, unsigned long flags)
{
	if (!chan || !chan->device || !chan->device->device_prep_dma_sg)
		return NULL;
	return chan->device->device_prep_dma_sg(chan, dst_sg, dst_nents, src_sg, src_nents, flags);
}

static inline size_t dmaengine_get_icg(bool inc, bool sgl, size_t icg, size_t dir_icg)
{
	if (!inc)
		return 0;
	if (dir_icg)
		return dir_icg;
	return sgl ? icg : 0;
}

static inline size_t dmaengine_get_dst_icg(struct dma_interleaved_template *xt, struct data_chunk *chunk)
{
	return dmaengine_get_icg(xt->dst_inc, xt->dst_sgl, chunk->icg, chunk->dst_icg);
}

static inline size_t dmaengine_get_src_icg(struct dma_interleaved_template *xt, struct data_chunk *chunk)
{
	return dmaengine_get_icg(xt->src_inc, xt->src_sgl, chunk->icg, chunk->src_icg);
}

static inline int dmaengine_slave_config(struct dma_chan *chan, struct dma_slave_config *config)
{
	return chan->device->device_config ? chan->device->device_config(chan, config) : -ENOSYS;
}

static inline int dmaengine_pause(struct dma_chan *chan)
{
	return chan->device->device_pause ? chan->device->device_pause(chan) : -ENOSYS;
}

static inline int dmaengine_resume(struct dma_chan *chan)
{
	return chan->device->device_resume ? chan->device->device_resume(chan) : -ENOSYS;
}

static inline bool is_slave_direction(enum dma_transfer_direction direction)
{
	return direction == DMA_MEM_TO_DEV || direction == DMA_DEV_TO_MEM || direction == DMA_DEV_TO_DEV;
}

static inline const char *dmaengine_get_direction_text(enum dma_transfer_direction dir)
{
	static const char *const texts[] = { "MEM_TO_MEM", "MEM_TO_DEV", "DEV_TO_MEM", "DEV_TO_DEV" };

	return (unsigned int)dir < ARRAY_SIZE(texts) ? texts[dir] : "invalid";
}

static inline dma_cookie_t dmaengine_submit(struct dma_async_tx_descriptor *desc)
{
	return desc->tx_submit(desc);
}

static inline void dma_async_issue_pending(struct dma_chan *chan)
{
	chan->device->device_issue_pending(chan);
}

static inline enum dma_status dmaengine_tx_status(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *state)
{
	return chan->device->device_tx_status(chan, cookie, state);
}

/** dma_async_is_tx_complete() - status of @cookie; *last and *used, if not NULL, for dma_async_is_complete() */
static inline enum dma_status dma_async_is_tx_complete(struct dma_chan *chan, dma_cookie_t cookie, dma_cookie_t *last,
						       dma_cookie_t *used)
{
	struct dma_tx_state state;
	enum dma_status status = dmaengine_tx_status(chan, cookie, &state);

	if (last)
		*last = state.last;
	if (used)
		*used = state.used;
	return status;
}

/** dma_async_is_complete() - by cookies alone; cookies count in a circle, so what is not between last and used is complete */
static inline enum dma_status dma_async_is_complete(dma_cookie_t cookie, dma_cookie_t last_complete, dma_cookie_t last_used)
{
	bool done;

	if (last_complete <= last_used)
		done = cookie <= last_complete || cookie > last_used;
	else
		done = cookie <= last_complete && cookie > last_used;
	return done ? DMA_COMPLETE : DMA_IN_PROGRESS;
}

/** dma_sync_wait() - issue and poll until @cookie is done; DMA_ERROR after 5 seconds of simulated time */
enum dma_status dma_sync_wait(struct dma_chan *chan, dma_cookie_t cookie);

/** dma_wait_for_async_tx() - the same for a descriptor that may not even be submitted yet; NULL is complete */
enum dma_status dma_wait_for_async_tx(struct dma_async_tx_descriptor *tx);

/** dmaengine_terminate_all() - deprecated: whether it waits depends on the provider */
static inline int dmaengine_terminate_all(struct dma_chan *chan)
{
	return chan->device->device_terminate_all ? chan->device->device_terminate_all(chan) : -ENOSYS;
}

/** dmaengine_terminate_async() - drop everything; from any context. -EINVAL if the device cannot. */
static inline int dmaengine_terminate_async(struct dma_chan *chan)
{
	if (!chan->device->device_terminate_all)
		return -EINVAL;
	return chan->device->device_terminate_all(chan);
}

/** dmaengine_synchronize() - after this nothing of what was dropped happens any more; may sleep */
static inline void dmaengine_synchronize(struct dma_chan *chan)
{
	might_sleep();
	if (chan->device->device_synchronize)
		chan->device->device_synchronize(chan);
}

static inline int dmaengine_terminate_sync(struct dma_chan *chan)
{
	int err = dmaengine_terminate_async(chan);

	if (err)
		return err;
	dmaengine_synchronize(chan);
	return 0;
}

static inline void async_tx_ack(struct dma_async_tx_descriptor *tx)
{
	tx->flags |= DMA_CTRL_ACK;
}

static inline void async_tx_clear_ack(struct dma_async_tx_descriptor *tx)
{
	tx->flags &= ~DMA_CTRL_ACK;
}

static inline bool async_tx_test_ack(struct dma_async_tx_descriptor *tx)
{
	return tx->flags & DMA_CTRL_ACK;
}

/* Alignment */

static inline bool dmaengine_check_align(enum dmaengine_alignment align, size_t off1, size_t off2, size_t len)
{
	return !(((1ul << align) - 1) & (off1 | off2 | len));
}

static inline bool is_dma_copy_aligned(struct dma_device *dev, size_t off1, size_t off2, size_t len)
{
	return dmaengine_check_align(dev->copy_align, off1, off2, len);
}

static inline bool is_dma_xor_aligned(struct dma_device *dev, size_t off1, size_t off2, size_t len)
{
	return dmaengine_check_align(dev->xor_align, off1, off2, len);
}

static inline bool is_dma_pq_aligned(struct dma_device *dev, size_t off1, size_t off2, size_t len)
{
	return dmaengine_check_align(dev->pq_align, off1, off2, len);
}

static inline bool is_dma_fill_aligned(struct dma_device *dev, size_t off1, size_t off2, size_t len)
{
	return dmaengine_check_align(dev->fill_align, off1, off2, len);
}

/* P+Q sources: a provider without native continuation spends some on the old P and Q. */

static inline void dma_set_maxpq(struct dma_device *dma, int maxpq, int has_pq_continue)
{
	dma->max_pq = (unsigned short)(maxpq | (has_pq_continue ? DMA_HAS_PQ_CONTINUE : 0));
}

static inline bool dmaf_continue(enum dma_ctrl_flags flags)
{
	return flags & DMA_PREP_CONTINUE;
}

static inline bool dmaf_p_disabled_continue(enum dma_ctrl_flags flags)
{
	const enum dma_ctrl_flags mask = DMA_PREP_CONTINUE | DMA_PREP_PQ_DISABLE_P;

	return (flags & mask) == mask;
}

static inline bool dma_dev_has_pq_continue(struct dma_device *dma)
{
	return dma->max_pq & DMA_HAS_PQ_CONTINUE;
}

static inline unsigned short dma_dev_to_maxpq(struct dma_device *dma)
{
	return (unsigned short)(dma->max_pq & ~DMA_HAS_PQ_CONTINUE);
}

/** dma_maxpq() - new sources that fit an operation with @flags */
static inline int dma_maxpq(struct dma_device *dma, enum dma_ctrl_flags flags)
{
	if (dma_dev_has_pq_continue(dma) || !dmaf_continue(flags))
		return dma_dev_to_maxpq(dma);
	return dma_dev_to_maxpq(dma) - (dmaf_p_disabled_continue(flags) ? 1 : 3);
}

/* Descriptors that are submitted more than once */

static inline int dmaengine_desc_set_reuse(struct dma_async_tx_descriptor *tx)
{
	struct dma_slave_caps caps;
	int err = dma_get_slave_caps(tx->chan, &caps);

	if (err)
		return err;
	if (!caps.descriptor_reuse)
		return -EPERM;
	tx->flags |= DMA_CTRL_REUSE;
	return 0;
}

static inline void dmaengine_desc_clear_reuse(struct dma_async_tx_descriptor *tx)
{
	tx->flags &= ~DMA_CTRL_REUSE;
}

static inline bool dmaengine_desc_test_reuse(struct dma_async_tx_descriptor *tx)
{
	return (tx->flags & DMA_CTRL_REUSE) == DMA_CTRL_REUSE;
}

/** dmaengine_desc_free() - -EPERM unless it has DMA_CTRL_REUSE; only while it is idle */
static inline int dmaengine_desc_free(struct dma_async_tx_descriptor *desc)
{
	if (!dmaengine_desc_test_reuse(desc))
		return -EPERM;
	return desc->desc_free(desc);
}

/* Metadata: bytes beside the data, in a buffer of the client or of the provider; the first use of a descriptor decides. */

static inline bool dmaengine_is_metadata_mode_supported(struct dma_chan *chan, enum dma_desc_metadata_mode mode)
{
	return chan && (chan->device->desc_metadata_modes & mode);
}

/** dmaengine_desc_attach_metadata() - client mode; -ENOTSUPP if the provider has none, -EINVAL if it is used in the other mode */
int dmaengine_desc_attach_metadata(struct dma_async_tx_descriptor *desc, void *data, size_t len);

/** dmaengine_desc_get_metadata_ptr() - engine mode; ERR_PTR likewise. Valid until the callback returns. */
void *dmaengine_desc_get_metadata_ptr(struct dma_async_tx_descriptor *desc, size_t *payload_len, size_t *max_len);
int dmaengine_desc_set_metadata_len(struct dma_async_tx_descriptor *desc, size_t payload_len);

/* Mappings that end with a transaction */

/** dmaengine_get_unmap_data() - room for @nr mappings, 256 at most, with one user; NULL if there is no memory */
struct dmaengine_unmap_data *dmaengine_get_unmap_data(struct device *dev, int nr, gfp_t flags);

/** dmaengine_unmap_put() - one user less; the last one unmaps all */
void dmaengine_unmap_put(struct dmaengine_unmap_data *unmap);

static inline void dma_set_tx_state(struct dma_tx_state *st, dma_cookie_t last, dma_cookie_t used, u32 residue)
{
	if (!st)
		return;
	st->last = last;
	st->used = used;
	st->residue = residue;
}

static inline void dma_set_unmap(struct dma_async_tx_descriptor *tx, struct dmaengine_unmap_data *unmap)
{
	kref_get(&unmap->kref);
	tx->unmap = unmap;
}

static inline void dma_descriptor_unmap(struct dma_async_tx_descriptor *tx)
{
	if (!tx->unmap)
		return;
	dmaengine_unmap_put(tx->unmap);
	tx->unmap = NULL;
}

#define async_dmaengine_get() dmaengine_get()
#define async_dmaengine_put() dmaengine_put()

/* A transaction and the one that waits for it, where channels may be switched; elsewhere nobody waits. */

#ifdef CONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH
static inline void txd_lock(struct dma_async_tx_descriptor *txd)
{
	spin_lock_bh(&txd->lock);
}

static inline void txd_unlock(struct dma_async_tx_descriptor *txd)
{
	spin_unlock_bh(&txd->lock);
}

static inline void txd_chain(struct dma_async_tx_descriptor *txd, struct dma_async_tx_descriptor *next)
{
	txd->next = next;
	next->parent = txd;
}

static inline void txd_clear_parent(struct dma_async_tx_descriptor *txd)
{
	txd->parent = NULL;
}

static inline void txd_clear_next(struct dma_async_tx_descriptor *txd)
{
	txd->next = NULL;
}

static inline struct dma_async_tx_descriptor *txd_parent(struct dma_async_tx_descriptor *txd)
{
	return txd->parent;
}

static inline struct dma_async_tx_descriptor *txd_next(struct dma_async_tx_descriptor *txd)
{
	return txd->next;
}
#else
static inline void txd_lock(struct dma_async_tx_descriptor __always_unused *txd)
{
}

static inline void txd_unlock(struct dma_async_tx_descriptor __always_unused *txd)
{
}

static inline void txd_chain(struct dma_async_tx_descriptor __always_unused *txd, struct dma_async_tx_descriptor __always_unused *next)
{
	BUG();
}

static inline void txd_clear_parent(struct dma_async_tx_descriptor __always_unused *txd)
{
}

static inline void txd_clear_next(struct dma_async_tx_descriptor __always_unused *txd)
{
}

static inline struct dma_async_tx_descriptor *txd_parent(struct dma_async_tx_descriptor __always_unused *txd)
{
	return NULL;
}

static inline struct dma_async_tx_descriptor *txd_next(struct dma_async_tx_descriptor __always_unused *txd)
{
	return NULL;
}
#endif

/*
 * Which line prepares a transaction is kept, for a report of what goes wrong with it. A macro does not expand inside itself, and
 * a name without parentheses is not one of these, so members of struct dma_device and pointers to functions stay what they are.
 */

/** dma_prep_here() - @where is about to prepare something on @chan; returns @chan */
struct dma_chan *dma_prep_here(struct dma_chan *chan, const char *where);

#define DMA_PREP_HERE(chan) dma_prep_here(chan, KERNEL_HERE)

#define dmaengine_prep_dma_memcpy(chan, ...) dmaengine_prep_dma_memcpy(DMA_PREP_HERE(chan), __VA_ARGS__)
#define dmaengine_prep_dma_memset(chan, ...) dmaengine_prep_dma_memset(DMA_PREP_HERE(chan), __VA_ARGS__)
#define dmaengine_prep_slave_sg(chan, ...) dmaengine_prep_slave_sg(DMA_PREP_HERE(chan), __VA_ARGS__)
#define dmaengine_prep_slave_single(chan, ...) dmaengine_prep_slave_single(DMA_PREP_HERE(chan), __VA_ARGS__)
#define dmaengine_prep_dma_cyclic(chan, ...) dmaengine_prep_dma_cyclic(DMA_PREP_HERE(chan), __VA_ARGS__)
#define dmaengine_prep_interleaved_dma(chan, ...) dmaengine_prep_interleaved_dma(DMA_PREP_HERE(chan), __VA_ARGS__)
#define dmaengine_prep_dma_sg(chan, ...) dmaengine_prep_dma_sg(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_memcpy(chan, ...) device_prep_dma_memcpy(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_xor(chan, ...) device_prep_dma_xor(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_xor_val(chan, ...) device_prep_dma_xor_val(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_pq(chan, ...) device_prep_dma_pq(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_pq_val(chan, ...) device_prep_dma_pq_val(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_memset(chan, ...) device_prep_dma_memset(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_memset_sg(chan, ...) device_prep_dma_memset_sg(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_interrupt(chan, ...) device_prep_dma_interrupt(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_slave_sg(chan, ...) device_prep_slave_sg(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_cyclic(chan, ...) device_prep_dma_cyclic(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_interleaved_dma(chan, ...) device_prep_interleaved_dma(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_imm_data(chan, ...) device_prep_dma_imm_data(DMA_PREP_HERE(chan), __VA_ARGS__)
#define device_prep_dma_sg(chan, ...) device_prep_dma_sg(DMA_PREP_HERE(chan), __VA_ARGS__)

#endif
