/* SPDX-License-Identifier: MIT */
/* Types of linux/dmaengine.h: what clients and providers of DMA engines hand to each other. */
#ifndef PQDMA_LINUX_DMAENGINE_TYPES_H
#define PQDMA_LINUX_DMAENGINE_TYPES_H

#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>

struct dma_async_tx_descriptor;
struct dma_chan;
struct dma_device;

typedef s32 dma_cookie_t;
#define DMA_MIN_COOKIE 1

enum dma_status {
	DMA_COMPLETE,
	DMA_IN_PROGRESS,
	DMA_PAUSED,
	DMA_ERROR,
	DMA_OUT_OF_ORDER,
};

/* DMA_SG is an extension: Linux had it up to 4.13. It stands behind all others, so their numbers are Linux 6.1's. */
#define DMAENGINE_HAS_DMA_SG 1

/* The core checks its providers: sw/dmaengine/dmaengine.h. */
#define DMAENGINE_HAS_CHECKS 1

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
	DMA_SG,
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
 * struct data_chunk - a piece of a frame and the gap behind it
 * @size:    bytes to move
 * @icg:     bytes to skip then, at both ends; if it is 0, @src_icg and @dst_icg at either
 * @dst_icg: instead of @icg, at the destination
 * @src_icg: instead of @icg, at the source
 */
struct data_chunk {
	size_t size;
	size_t icg;
	size_t dst_icg;
	size_t src_icg;
};

/**
 * struct dma_interleaved_template - a transfer of @numf frames of @frame_size chunks
 * @src_start:  first byte of the source
 * @dst_start:  first byte of the destination
 * @dir:        which way
 * @src_inc:    the source address moves on
 * @dst_inc:    the destination address moves on
 * @src_sgl:    the gaps apply at the source
 * @dst_sgl:    the gaps apply at the destination
 * @numf:       frames
 * @frame_size: chunks of a frame, entries of @sgl
 * @sgl:        the chunks
 */
struct dma_interleaved_template {
	dma_addr_t src_start;
	dma_addr_t dst_start;
	enum dma_transfer_direction dir;
	bool src_inc;
	bool dst_inc;
	bool src_sgl;
	bool dst_sgl;
	size_t numf;
	size_t frame_size;
	struct data_chunk sgl[];
};

/**
 * enum dma_ctrl_flags - what a client says about one transaction
 * @DMA_PREP_INTERRUPT:    interrupt at completion
 * @DMA_CTRL_ACK:          the provider may recycle the descriptor once it is complete
 * @DMA_PREP_PQ_DISABLE_P: no P; its address has no meaning
 * @DMA_PREP_PQ_DISABLE_Q: no Q; likewise
 * @DMA_PREP_CONTINUE:     the old P and Q enter the sums
 * @DMA_PREP_FENCE:        what comes after depends on the result of this one
 * @DMA_CTRL_REUSE:        submitted again until it is cleared; the provider must be able to
 * @DMA_PREP_CMD:          the data are commands of the peripheral
 * @DMA_PREP_REPEAT:       again and again until the next one, which must have DMA_PREP_LOAD_EOT
 * @DMA_PREP_LOAD_EOT:     replaces a repeated one at its end
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

enum sum_check_bits {
	SUM_CHECK_P = 0,
	SUM_CHECK_Q = 1,
};

/** enum sum_check_flags - what a validation found; a bit that is set means the sum differs */
enum sum_check_flags {
	SUM_CHECK_P_RESULT = (1 << SUM_CHECK_P),
	SUM_CHECK_Q_RESULT = (1 << SUM_CHECK_Q),
};

typedef struct {
	DECLARE_BITMAP(bits, DMA_TX_TYPE_END);
} dma_cap_mask_t;

enum dma_desc_metadata_mode {
	DESC_METADATA_NONE = 0,
	DESC_METADATA_CLIENT = BIT(0),
	DESC_METADATA_ENGINE = BIT(1),
};

enum dma_slave_buswidth {
	DMA_SLAVE_BUSWIDTH_UNDEFINED = 0,
	DMA_SLAVE_BUSWIDTH_1_BYTE = 1,
	DMA_SLAVE_BUSWIDTH_2_BYTES = 2,
	DMA_SLAVE_BUSWIDTH_3_BYTES = 3,
	DMA_SLAVE_BUSWIDTH_4_BYTES = 4,
	DMA_SLAVE_BUSWIDTH_8_BYTES = 8,
	DMA_SLAVE_BUSWIDTH_16_BYTES = 16,
	DMA_SLAVE_BUSWIDTH_32_BYTES = 32,
	DMA_SLAVE_BUSWIDTH_64_BYTES = 64,
	DMA_SLAVE_BUSWIDTH_128_BYTES = 128,
};

/**
 * struct dma_slave_config - how a channel talks to its peripheral, for transactions prepared from now on
 * @direction:            deprecated; the one given to prep counts
 * @src_addr:             the peripheral's register that is read
 * @dst_addr:             the one that is written
 * @src_addr_width:       bytes of a word there
 * @dst_addr_width:       likewise
 * @src_maxburst:         words, not bytes, of a burst
 * @dst_maxburst:         likewise
 * @src_port_window_size: words of an area that is used instead of one register
 * @dst_port_window_size: likewise
 * @device_fc:            the peripheral controls the flow
 * @peripheral_config:    for the provider alone
 * @peripheral_size:      bytes of it
 */
struct dma_slave_config {
	enum dma_transfer_direction direction;
	phys_addr_t src_addr;
	phys_addr_t dst_addr;
	enum dma_slave_buswidth src_addr_width;
	enum dma_slave_buswidth dst_addr_width;
	u32 src_maxburst;
	u32 dst_maxburst;
	u32 src_port_window_size;
	u32 dst_port_window_size;
	bool device_fc;
	void *peripheral_config;
	size_t peripheral_size;
};

enum dma_residue_granularity {
	DMA_RESIDUE_GRANULARITY_DESCRIPTOR = 0,
	DMA_RESIDUE_GRANULARITY_SEGMENT = 1,
	DMA_RESIDUE_GRANULARITY_BURST = 2,
};

/** struct dma_slave_caps - what a channel can do for a peripheral; members as in struct dma_device */
struct dma_slave_caps {
	u32 src_addr_widths;
	u32 dst_addr_widths;
	u32 directions;
	u32 min_burst;
	u32 max_burst;
	u32 max_sg_burst;
	bool cmd_pause;
	bool cmd_resume;
	bool cmd_terminate;
	enum dma_residue_granularity residue_granularity;
	bool descriptor_reuse;
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

typedef bool (*dma_filter_fn)(struct dma_chan *chan, void *filter_param);
typedef void (*dma_async_tx_callback)(void *dma_async_param);

/** struct dma_slave_map - dma_request_chan(): the device @devname asks for @slave and gets what the filter takes with @param */
struct dma_slave_map {
	const char *devname;
	const char *slave;
	void *param;
};

struct dma_filter {
	dma_filter_fn fn;
	int mapcnt;
	const struct dma_slave_map *map;
};

/** struct dma_chan_percpu - counts of a channel, kept by the core's memory copies */
struct dma_chan_percpu {
	unsigned long memcpy_count;
	unsigned long bytes_transferred;
};

/**
 * struct dma_router - what leads a peripheral's request line to a channel
 * @dev:        the router
 * @route_free: let go of @route_data, when the channel is released
 */
struct dma_router {
	struct device *dev;
	void (*route_free)(struct device *dev, void *route_data);
};

/** struct dma_chan_dev - the device of a channel; its name is dma<d>chan<c> */
struct dma_chan_dev {
	struct dma_chan *chan;
	struct device device;
	int dev_id;
	bool chan_dma_dev;
};

/**
 * struct dma_chan - one channel
 * @device:           the provider's device
 * @cookie:           last cookie handed out
 * @completed_cookie: last cookie completed
 * @chan_id:          number in the device
 * @dev:              its device
 * @name:             what its client asked for it by, if it did by name
 * @local:            its counts
 * @client_count:     clients that hold it
 * @table_count:      entries of the table of shared channels that name it
 * @slave:            who has it by name
 * @router:           what leads its request line to it; NULL: nothing
 * @route_data:       the router's
 * @device_node:      in the device's list
 * @private:          for whoever owns the channel
 */
struct dma_chan {
	struct dma_device *device;
	dma_cookie_t cookie;
	dma_cookie_t completed_cookie;
	int chan_id;
	struct dma_chan_dev *dev;
	const char *name;
	struct dma_chan_percpu local;
	int client_count;
	int table_count;
	struct device *slave;
	struct dma_router *router;
	void *route_data;
	struct list_head device_node;
	void *private;
};

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

struct dma_descriptor_metadata_ops {
	int (*attach)(struct dma_async_tx_descriptor *desc, void *data, size_t len);
	void *(*get_ptr)(struct dma_async_tx_descriptor *desc, size_t *payload_len, size_t *max_len);
	int (*set_len)(struct dma_async_tx_descriptor *desc, size_t payload_len);
};

/**
 * struct dma_async_tx_descriptor - one transaction
 * @cookie:          -EBUSY from prep to submit, then what to ask by; 0 when complete
 * @flags:           enum dma_ctrl_flags
 * @phys:            bus address of the hardware's descriptor
 * @chan:            its channel
 * @tx_submit:       queue it
 * @desc_free:       let go of one that has DMA_CTRL_REUSE
 * @callback:        called when complete
 * @callback_result: the same with the result; if set, @callback is not called
 * @callback_param:  for either
 * @unmap:           mappings to undo when complete
 * @desc_metadata_mode: how metadata is used, fixed by the first use
 * @metadata_ops:    the provider's
 * @next:            the one that waits for it; likewise @parent and @lock only where channels may be switched
 * @parent:          the one it waits for
 * @lock:            protects @next and @parent
 */
struct dma_async_tx_descriptor {
	dma_cookie_t cookie;
	enum dma_ctrl_flags flags;
	dma_addr_t phys;
	struct dma_chan *chan;
	dma_cookie_t (*tx_submit)(struct dma_async_tx_descriptor *tx);
	int (*desc_free)(struct dma_async_tx_descriptor *tx);
	dma_async_tx_callback callback;
	dma_async_tx_callback_result callback_result;
	void *callback_param;
	struct dmaengine_unmap_data *unmap;
	enum dma_desc_metadata_mode desc_metadata_mode;
	struct dma_descriptor_metadata_ops *metadata_ops;
#ifdef CONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH
	struct dma_async_tx_descriptor *next;
	struct dma_async_tx_descriptor *parent;
	spinlock_t lock;
#endif
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
 * @filter:              which channel a name of dma_request_chan() means
 * @cap_mask:            what it can do
 * @desc_metadata_modes: enum dma_desc_metadata_mode it knows
 * @max_xor:             most sources of an xor
 * @max_pq:              most sources of a P+Q, with DMA_HAS_PQ_CONTINUE
 * @copy_align:          log2 of bytes; likewise @xor_align, @pq_align, @fill_align
 * @dev_id:              number, from registration
 * @dev:                 its device
 * @owner:               its module
 * @src_addr_widths:     BIT(bytes) of a peripheral's words; likewise @dst_addr_widths
 * @directions:          BIT(enum dma_transfer_direction)
 * @min_burst:           words; likewise @max_burst
 * @max_sg_burst:        entries of a list that go without software
 * @descriptor_reuse:    DMA_CTRL_REUSE works
 * @residue_granularity: how exact a residue is
 * @device_alloc_chan_resources: first client comes; may sleep; negative error or any other number
 * @device_free_chan_resources:  last client has gone; may sleep
 * @device_prep_dma_memcpy:      make a copy; atomic; NULL: not now. So are all that follow
 * @device_prep_dma_xor:         @dst = sum of @src[]
 * @device_prep_dma_xor_val:     *@result says whether the sum of @src[] is 0
 * @device_prep_dma_pq:          @dst[0] = sum of @src[], @dst[1] = sum of @scf[i] * @src[i]
 * @device_prep_dma_pq_val:      *@pqres says whether @pq[0] and @pq[1] are those sums
 * @device_prep_dma_memset:      fill with the low byte of @value
 * @device_prep_dma_memset_sg:   fill each entry
 * @device_prep_dma_interrupt:   moves nothing and interrupts
 * @device_prep_slave_sg:        between a list and a peripheral
 * @device_prep_dma_cyclic:      round and round a buffer, a callback for each period
 * @device_prep_interleaved_dma: frames of chunks
 * @device_prep_dma_imm_data:    write one word
 * @device_prep_dma_sg:          extension: from list to list; the shorter one ends it
 * @device_router_config:        a router has been put before the channel; called by who does so
 * @device_caps:                 fill in what differs for a channel
 * @device_config:               settings for what is prepared from now on
 * @device_pause:                nothing moves when this returns
 * @device_resume:               go on
 * @device_terminate_all:        drop everything; atomic; what has begun may go on until @device_synchronize
 * @device_synchronize:          nothing of the dropped moves and no callback runs when this returns; may sleep
 * @device_tx_status:            state of a cookie; atomic; @txstate may be NULL
 * @device_issue_pending:        start what was submitted; atomic
 * @device_release:              the last reference has gone
 * @provider:            the core's: the prep functions as they were registered
 */
struct dma_device {
	struct kref ref;
	unsigned int chancnt;
	unsigned int privatecnt;
	struct list_head channels;
	struct list_head global_node;
	struct dma_filter filter;
	dma_cap_mask_t cap_mask;
	enum dma_desc_metadata_mode desc_metadata_modes;
	unsigned short max_xor;
	unsigned short max_pq;
	enum dmaengine_alignment copy_align;
	enum dmaengine_alignment xor_align;
	enum dmaengine_alignment pq_align;
	enum dmaengine_alignment fill_align;
#define DMA_HAS_PQ_CONTINUE (1 << 15)
	int dev_id;
	struct device *dev;
	struct module *owner;
	u32 src_addr_widths;
	u32 dst_addr_widths;
	u32 directions;
	u32 min_burst;
	u32 max_burst;
	u32 max_sg_burst;
	bool descriptor_reuse;
	enum dma_residue_granularity residue_granularity;

	int (*device_alloc_chan_resources)(struct dma_chan *chan);
	void (*device_free_chan_resources)(struct dma_chan *chan);
	struct dma_async_tx_descriptor *(*device_prep_dma_memcpy)(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
								  unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_xor)(struct dma_chan *chan, dma_addr_t dst, dma_addr_t *src,
							       unsigned int src_cnt, size_t len, unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_xor_val)(struct dma_chan *chan, dma_addr_t *src, unsigned int src_cnt,
								   size_t len, enum sum_check_flags *result, unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_pq)(struct dma_chan *chan, dma_addr_t *dst, dma_addr_t *src,
							      unsigned int src_cnt, const unsigned char *scf, size_t len,
							      unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_pq_val)(struct dma_chan *chan, dma_addr_t *pq, dma_addr_t *src,
								  unsigned int src_cnt, const unsigned char *scf, size_t len,
								  enum sum_check_flags *pqres, unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_memset)(struct dma_chan *chan, dma_addr_t dest, int value, size_t len,
								  unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_memset_sg)(struct dma_chan *chan, struct scatterlist *sg, unsigned int nents,
								     int value, unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_interrupt)(struct dma_chan *chan, unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_slave_sg)(struct dma_chan *chan, struct scatterlist *sgl, unsigned int sg_len,
								enum dma_transfer_direction direction, unsigned long flags, void *context);
	struct dma_async_tx_descriptor *(*device_prep_dma_cyclic)(struct dma_chan *chan, dma_addr_t buf_addr, size_t buf_len,
								  size_t period_len, enum dma_transfer_direction direction,
								  unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_interleaved_dma)(struct dma_chan *chan, struct dma_interleaved_template *xt,
								       unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_imm_data)(struct dma_chan *chan, dma_addr_t dst, u64 data, unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_sg)(struct dma_chan *chan, struct scatterlist *dst_sg, unsigned int dst_nents,
							      struct scatterlist *src_sg, unsigned int src_nents, unsigned long flags);
	void (*device_caps)(struct dma_chan *chan, struct dma_slave_caps *caps);
	int (*device_config)(struct dma_chan *chan, struct dma_slave_config *config);
	int (*device_router_config)(struct dma_chan *chan);
	int (*device_pause)(struct dma_chan *chan);
	int (*device_resume)(struct dma_chan *chan);
	int (*device_terminate_all)(struct dma_chan *chan);
	void (*device_synchronize)(struct dma_chan *chan);
	enum dma_status (*device_tx_status)(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *txstate);
	void (*device_issue_pending)(struct dma_chan *chan);
	void (*device_release)(struct dma_device *device);
	struct dma_device *provider;
};

#endif
