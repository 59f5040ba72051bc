/* SPDX-License-Identifier: MIT */
/*
 * DMA engines: channels that copy and fill memory for clients.
 *
 *	chan = dma_request_chan_by_mask(&mask);
 *	tx = dmaengine_prep_dma_memcpy(chan, dst, src, len, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
 *	tx->callback = done;
 *	cookie = dmaengine_submit(tx);			// queued, does not start
 *	dma_async_issue_pending(chan);			// starts
 *	...
 *	dma_release_channel(chan);
 *
 * The part of Linux 6.1's interface that memory-to-memory clients of exclusive channels need.
 */
#ifndef PQDMA_LINUX_DMAENGINE_H
#define PQDMA_LINUX_DMAENGINE_H

#include <linux/bitmap.h>
#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/spinlock.h>

struct dma_async_tx_descriptor;
struct dma_chan;
struct dma_device;

typedef s32 dma_cookie_t;
#define DMA_MIN_COOKIE 1

static inline int dma_submit_error(dma_cookie_t cookie)
{
	return cookie < 0 ? cookie : 0;
}

enum dma_status {
	DMA_COMPLETE,
	DMA_IN_PROGRESS,
	DMA_PAUSED,
	DMA_ERROR,
	DMA_OUT_OF_ORDER,
};

enum dma_transaction_type {
	DMA_MEMCPY,
	DMA_XOR,
	DMA_PQ,
	DMA_XOR_VAL,
	DMA_PQ_VAL,
	DMA_MEMSET,
	DMA_MEMSET_SG,
	DMA_INTERRUPT,
	DMA_PRIVATE,
	DMA_ASYNC_TX,
	DMA_SLAVE,
	DMA_CYCLIC,
	DMA_INTERLEAVE,
	DMA_COMPLETION_NO_ORDER,
	DMA_REPEAT,
	DMA_LOAD_EOT,
	DMA_TX_TYPE_END,
};

enum dma_transfer_direction {
	DMA_MEM_TO_MEM,
	DMA_MEM_TO_DEV,
	DMA_DEV_TO_MEM,
	DMA_DEV_TO_DEV,
	DMA_TRANS_NONE,
};

/**
 * enum dma_ctrl_flags - what a client says about one transaction
 * @DMA_PREP_INTERRUPT: interrupt at completion
 * @DMA_CTRL_ACK:       the provider may recycle the descriptor once it is complete
 * @DMA_PREP_FENCE:     what comes after depends on the result of this one
 */
enum dma_ctrl_flags {
	DMA_PREP_INTERRUPT = 1 << 0,
	DMA_CTRL_ACK = 1 << 1,
	DMA_PREP_PQ_DISABLE_P = 1 << 2,
	DMA_PREP_PQ_DISABLE_Q = 1 << 3,
	DMA_PREP_CONTINUE = 1 << 4,
	DMA_PREP_FENCE = 1 << 5,
	DMA_CTRL_REUSE = 1 << 6,
	DMA_PREP_CMD = 1 << 7,
	DMA_PREP_REPEAT = 1 << 8,
	DMA_PREP_LOAD_EOT = 1 << 9,
};

typedef struct {
	DECLARE_BITMAP(bits, DMA_TX_TYPE_END);
} dma_cap_mask_t;

#define dma_cap_set(tx, mask) set_bit((tx), (mask).bits)
#define dma_cap_clear(tx, mask) clear_bit((tx), (mask).bits)
#define dma_cap_zero(mask) bitmap_zero((mask).bits, DMA_TX_TYPE_END)
#define dma_has_cap(tx, mask) test_bit((tx), (mask).bits)
#define for_each_dma_cap_mask(cap, mask) for_each_set_bit(cap, (mask).bits, DMA_TX_TYPE_END)

enum dma_residue_granularity {
	DMA_RESIDUE_GRANULARITY_DESCRIPTOR = 0,
	DMA_RESIDUE_GRANULARITY_SEGMENT = 1,
	DMA_RESIDUE_GRANULARITY_BURST = 2,
};

enum dmaengine_alignment {
	DMAENGINE_ALIGN_1_BYTE = 0,
	DMAENGINE_ALIGN_2_BYTES = 1,
	DMAENGINE_ALIGN_4_BYTES = 2,
	DMAENGINE_ALIGN_8_BYTES = 3,
	DMAENGINE_ALIGN_16_BYTES = 4,
	DMAENGINE_ALIGN_32_BYTES = 5,
	DMAENGINE_ALIGN_64_BYTES = 6,
	DMAENGINE_ALIGN_128_BYTES = 7,
	DMAENGINE_ALIGN_256_BYTES = 8,
};

/** struct dma_chan_dev - the device of a channel; its name is dma<d>chan<c> */
struct dma_chan_dev {
	struct dma_chan *chan;
	struct device device;
	int dev_id;
};

/**
 * struct dma_chan - one channel
 * @device:           the provider's device
 * @cookie:           last cookie handed out
 * @completed_cookie: last cookie completed
 * @chan_id:          number in the device
 * @dev:              its device
 * @client_count:     clients that hold it
 * @device_node:      in the device's list
 * @private:          for whoever owns the channel
 */
struct dma_chan {
	struct dma_device *device;
	dma_cookie_t cookie;
	dma_cookie_t completed_cookie;
	int chan_id;
	struct dma_chan_dev *dev;
	int client_count;
	struct list_head device_node;
	void *private;
};

typedef bool (*dma_filter_fn)(struct dma_chan *chan, void *filter_param);
typedef void (*dma_async_tx_callback)(void *dma_async_param);

enum dmaengine_tx_result {
	DMA_TRANS_NOERROR = 0,
	DMA_TRANS_READ_FAILED,
	DMA_TRANS_WRITE_FAILED,
	DMA_TRANS_ABORTED,
};

struct dmaengine_result {
	enum dmaengine_tx_result result;
	u32 residue;
};

typedef void (*dma_async_tx_callback_result)(void *dma_async_param, const struct dmaengine_result *result);

/**
 * struct dmaengine_unmap_data - mappings that go when the last user of this does
 * @map_cnt:  room in @addr
 * @to_cnt:   how many of @addr, first, are DMA_TO_DEVICE
 * @from_cnt: how many then are DMA_FROM_DEVICE
 * @bidi_cnt: how many last are DMA_BIDIRECTIONAL; an address of 0 is skipped there
 * @dev:      device they are mapped for
 * @kref:     users
 * @len:      bytes of each
 * @addr:     the mappings
 */
struct dmaengine_unmap_data {
	u16 map_cnt;
	u8 to_cnt;
	u8 from_cnt;
	u8 bidi_cnt;
	struct device *dev;
	struct kref kref;
	size_t len;
	dma_addr_t addr[];
};

/**
 * struct dma_async_tx_descriptor - one transaction
 * @cookie:          -EBUSY from prep to submit, then what to ask by; 0 when complete
 * @flags:           enum dma_ctrl_flags
 * @phys:            bus address of the hardware's descriptor
 * @chan:            its channel
 * @tx_submit:       queue it
 * @callback:        called when complete
 * @callback_result: the same with the result; if set, @callback is not called
 * @callback_param:  for either
 * @unmap:           mappings to undo when complete
 */
struct dma_async_tx_descriptor {
	dma_cookie_t cookie;
	enum dma_ctrl_flags flags;
	dma_addr_t phys;
	struct dma_chan *chan;
	dma_cookie_t (*tx_submit)(struct dma_async_tx_descriptor *tx);
	dma_async_tx_callback callback;
	dma_async_tx_callback_result callback_result;
	void *callback_param;
	struct dmaengine_unmap_data *unmap;
};

/**
 * struct dma_tx_state - where a channel stands
 * @last:            last completed cookie
 * @used:            last cookie handed out
 * @residue:         bytes the asked transaction has to go
 * @in_flight_bytes: bytes that have left the source and not reached the destination
 */
struct dma_tx_state {
	dma_cookie_t last;
	dma_cookie_t used;
	u32 residue;
	u32 in_flight_bytes;
};

/**
 * struct dma_device - one provider
 * @ref:                 held while registered and by each client
 * @chancnt:             channels, counted by dma_async_device_register()
 * @privatecnt:          exclusive channels out
 * @channels:            the provider's list, filled in before registration
 * @global_node:         in the list of devices
 * @cap_mask:            what it can do
 * @copy_align:          log2 of bytes; likewise @fill_align
 * @dev_id:              number, from registration
 * @dev:                 its device
 * @owner:               its module
 * @directions:          BIT(enum dma_transfer_direction)
 * @residue_granularity: how exact a residue is
 * @device_alloc_chan_resources: first client comes; may sleep; negative error or any other number
 * @device_free_chan_resources:  last client has gone; may sleep
 * @device_prep_dma_memcpy:      make a copy; atomic; NULL: not now
 * @device_prep_dma_memset:      make a fill with the low byte of @value; likewise
 * @device_terminate_all:        drop everything; atomic; what has begun may go on until @device_synchronize
 * @device_synchronize:          nothing of the dropped moves and no callback runs when this returns; may sleep
 * @device_tx_status:            state of a cookie; atomic; @txstate may be NULL
 * @device_issue_pending:        start what was submitted; atomic
 * @device_release:              the last reference has gone
 */
struct dma_device {
	struct kref ref;
	unsigned int chancnt;
	unsigned int privatecnt;
	struct list_head channels;
	struct list_head global_node;
	dma_cap_mask_t cap_mask;
	enum dmaengine_alignment copy_align;
	enum dmaengine_alignment fill_align;
	int dev_id;
	struct device *dev;
	struct module *owner;
	u32 directions;
	enum dma_residue_granularity residue_granularity;

	int (*device_alloc_chan_resources)(struct dma_chan *chan);
	void (*device_free_chan_resources)(struct dma_chan *chan);
	struct dma_async_tx_descriptor *(*device_prep_dma_memcpy)(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
								  unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_memset)(struct dma_chan *chan, dma_addr_t dest, int value, size_t len,
								  unsigned long flags);
	int (*device_terminate_all)(struct dma_chan *chan);
	void (*device_synchronize)(struct dma_chan *chan);
	enum dma_status (*device_tx_status)(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *txstate);
	void (*device_issue_pending)(struct dma_chan *chan);
	void (*device_release)(struct dma_device *device);
};

/* Providers */

/** dma_async_device_register() - 0; -ENODEV for NULL, -EIO if the device is not filled in as its capabilities ask, -ENOMEM */
int dma_async_device_register(struct dma_device *device);

/** dma_async_device_unregister() - no client may be left, unless the device has a release */
void dma_async_device_unregister(struct dma_device *device);

/** dma_async_tx_descriptor_init() - sets the channel and nothing else */
void dma_async_tx_descriptor_init(struct dma_async_tx_descriptor *tx, struct dma_chan *chan);

/* Clients: channels */

struct dma_chan *__dma_request_channel(const dma_cap_mask_t *mask, dma_filter_fn fn, void *fn_param);

/** dma_request_channel() - an exclusive channel that can do all of @mask and that @fn, if there is one, takes; NULL if none. May sleep. */
#define dma_request_channel(mask, fn, param) __dma_request_channel(&(mask), fn, param)

/** dma_request_chan_by_mask() - the same; ERR_PTR(-EPROBE_DEFER) if there is no device at all, ERR_PTR(-ENODEV) if none fits */
struct dma_chan *dma_request_chan_by_mask(const dma_cap_mask_t *mask);

/** dma_release_channel() - give an exclusive channel back; may sleep */
void dma_release_channel(struct dma_chan *chan);

static inline const char *dma_chan_name(struct dma_chan *chan)
{
	return dev_name(&chan->dev->device);
}

/** dmaengine_get_dma_device() - the device to map memory for */
static inline struct device *dmaengine_get_dma_device(struct dma_chan *chan)
{
	return chan->device->dev;
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

static inline bool is_dma_fill_aligned(struct dma_device *dev, size_t off1, size_t off2, size_t len)
{
	return dmaengine_check_align(dev->fill_align, off1, off2, len);
}

/* Mappings that end with a transaction */

/** dmaengine_get_unmap_data() - room for @nr mappings, 256 at most, with one user; NULL if there is no memory */
struct dmaengine_unmap_data *dmaengine_get_unmap_data(struct device *dev, int nr, gfp_t flags);

/** dmaengine_unmap_put() - one user less; the last one unmaps all */
void dmaengine_unmap_put(struct dmaengine_unmap_data *unmap);

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

#endif
