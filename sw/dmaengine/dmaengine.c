// SPDX-License-Identifier: MIT
/*
 * The core between clients and providers: which devices there are, and who has which channel.
 */
#include "dmaengine/dmaengine.h"
#include "dmaengine/core.h"

#include <linux/err.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

struct mutex dma_list_mutex;
struct list_head dma_device_list;

static int __init dma_core_init(void)
{
	mutex_init(&dma_list_mutex);
	INIT_LIST_HEAD(&dma_device_list);
	dma_shared_boot();
	return 0;
}
subsys_initcall(dma_core_init);

/* What a device must have filled in for a capability. */
static const struct {
	enum dma_transaction_type cap;
	size_t op;
	const char *name;
} cap_ops[] = {
	{ DMA_MEMCPY, offsetof(struct dma_device, device_prep_dma_memcpy), "DMA_MEMCPY" },
	{ DMA_MEMSET, offsetof(struct dma_device, device_prep_dma_memset), "DMA_MEMSET" },
	{ DMA_XOR, offsetof(struct dma_device, device_prep_dma_xor), "DMA_XOR" },
	{ DMA_XOR_VAL, offsetof(struct dma_device, device_prep_dma_xor_val), "DMA_XOR_VAL" },
	{ DMA_PQ, offsetof(struct dma_device, device_prep_dma_pq), "DMA_PQ" },
	{ DMA_PQ_VAL, offsetof(struct dma_device, device_prep_dma_pq_val), "DMA_PQ_VAL" },
	{ DMA_INTERRUPT, offsetof(struct dma_device, device_prep_dma_interrupt), "DMA_INTERRUPT" },
	{ DMA_CYCLIC, offsetof(struct dma_device, device_prep_dma_cyclic), "DMA_CYCLIC" },
	{ DMA_INTERLEAVE, offsetof(struct dma_device, device_prep_interleaved_dma), "DMA_INTERLEAVE" },
	{ DMA_SG, offsetof(struct dma_device, device_prep_dma_sg), "DMA_SG" },
};

static const struct {
	size_t op;
	const char *name;
} must_ops[] = {
	{ offsetof(struct dma_device, device_tx_status), "device_tx_status" },
	{ offsetof(struct dma_device, device_issue_pending), "device_issue_pending" },
};

static bool has_op(const struct dma_device *device, size_t op)
{
	return *(void *const *)((const char *)device + op);
}

static int check_ops(struct dma_device *device)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cap_ops); i++) {
		if (!dma_has_cap(cap_ops[i].cap, device->cap_mask) || has_op(device, cap_ops[i].op))
			continue;
		dev_err(device->dev, "device claims %s, but its op is not defined\n", cap_ops[i].name);
		return -EIO;
	}
	for (i = 0; i < ARRAY_SIZE(must_ops); i++) {
		if (has_op(device, must_ops[i].op))
			continue;
		dev_err(device->dev, "%s is not defined\n", must_ops[i].name);
		return -EIO;
	}
	return 0;
}

/* Everything that async_tx may ask for: only such a device is used where a chain must stay on one channel. */
static bool has_all_async(const struct dma_device *device)
{
	static const enum dma_transaction_type needed[] = { DMA_INTERRUPT, DMA_MEMCPY, DMA_XOR, DMA_XOR_VAL, DMA_PQ, DMA_PQ_VAL };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(needed); i++)
		if (!dma_has_cap(needed[i], device->cap_mask))
			return false;
	return true;
}

/* Smallest number that no registered device has. */
static int free_dev_id(void)
{
	struct dma_device *device;
	int id = 0;

	list_for_each_entry(device, &dma_device_list, global_node)
		if (device->dev_id >= id)
			id = device->dev_id + 1;
	return id;
}

static int channel_register(struct dma_device *device, struct dma_chan *chan)
{
	chan->table_count = 0;
	chan->dev = kzalloc(sizeof(*chan->dev), GFP_KERNEL);
	if (!chan->dev)
		return -ENOMEM;
	device_initialize(&chan->dev->device);
	chan->dev->chan = chan;
	chan->dev->dev_id = device->dev_id;
	chan->chan_id = (int)device->chancnt++;
	chan->client_count = 0;
	return dev_set_name(&chan->dev->device, "dma%dchan%d", device->dev_id, chan->chan_id);
}

static void channel_unregister(struct dma_chan *chan)
{
	WARN(chan->client_count && !chan->device->device_release, "%s called while %d clients hold a reference", __func__,
	     chan->client_count);
	device_unregister(&chan->dev->device);
	kfree(chan->dev);
	chan->dev = NULL;
	chan->device->chancnt--;
}

static void channels_unregister(struct dma_device *device)
{
	struct dma_chan *chan;

	list_for_each_entry(chan, &device->channels, device_node)
		if (chan->dev)
			channel_unregister(chan);
}

static int channels_register(struct dma_device *device)
{
	struct dma_chan *chan;
	int err;

	list_for_each_entry(chan, &device->channels, device_node) {
		err = channel_register(device, chan);
		if (err)
			return err;
	}
	return 0;
}

void dma_for_each_channel(bool (*fn)(struct dma_chan *chan, void *data), void *data)
{
	struct dma_device *device;
	struct dma_chan *chan;
	bool stop = false;

	mutex_lock(&dma_list_mutex);
	list_for_each_entry(device, &dma_device_list, global_node) {
		list_for_each_entry(chan, &device->channels, device_node) {
			stop = fn(chan, data);
			if (stop)
				break;
		}
		if (stop)
			break;
	}
	mutex_unlock(&dma_list_mutex);
}

int dma_async_device_register(struct dma_device *device)
{
	int err;

	if (!device)
		return -ENODEV;
	if (!device->dev) {
		pr_err("DMAdevice must have dev\n");
		return -EIO;
	}
	device->owner = device->dev->driver->owner;
	err = check_ops(device);
	if (err)
		return err;
	/* It is counted here. A provider that counts too is off by as much, and nothing says so. */
	WARN(device->chancnt, "%s: chancnt is %u before registration, not 0", dev_name(device->dev), device->chancnt);
	err = dma_note_begin(device);
	if (err)
		return err;
	if (has_all_async(device))
		dma_cap_set(DMA_ASYNC_TX, device->cap_mask);

	mutex_lock(&dma_list_mutex);
	kref_init(&device->ref);
	device->dev_id = free_dev_id();
	err = channels_register(device);
	if (err) {
		channels_unregister(device);
		dma_note_end(device);
	} else {
		list_add_tail(&device->global_node, &dma_device_list);
	}
	/* A device that is private from the start stays it: this count never goes back to 0. */
	if (!err && dma_has_cap(DMA_PRIVATE, device->cap_mask))
		device->privatecnt++;
	if (!err)
		dma_shared_add(device);
	mutex_unlock(&dma_list_mutex);
	return err;
}

static void device_last_put(struct kref *ref)
{
	struct dma_device *device = container_of(ref, struct dma_device, ref);

	list_del(&device->global_node);
	if (device->device_release)
		device->device_release(device);
}

void dma_async_device_unregister(struct dma_device *device)
{
	mutex_lock(&dma_list_mutex);
	channels_unregister(device);
	dma_note_end(device);
	/* No new client may find it, even while old ones keep it alive. */
	dma_cap_set(DMA_PRIVATE, device->cap_mask);
	list_del_init(&device->global_node);
	dma_shared_balance();
	kref_put(&device->ref, device_last_put);
	mutex_unlock(&dma_list_mutex);
}

static void unregister_action(void *device)
{
	dma_async_device_unregister(device);
}

int dmaenginem_async_device_register(struct dma_device *device)
{
	int err = dma_async_device_register(device);

	return err ? err : devm_add_action_or_reset(device->dev, unregister_action, device);
}

int dma_async_device_channel_register(struct dma_device *device, struct dma_chan *chan)
{
	int err;

	mutex_lock(&dma_list_mutex);
	err = channel_register(device, chan);
	if (!err)
		dma_shared_balance();
	mutex_unlock(&dma_list_mutex);
	return err;
}

void dma_async_device_channel_unregister(struct dma_device __always_unused *device, struct dma_chan *chan)
{
	mutex_lock(&dma_list_mutex);
	channel_unregister(chan);
	dma_shared_balance();
	mutex_unlock(&dma_list_mutex);
}

void dma_async_tx_descriptor_init(struct dma_async_tx_descriptor *tx, struct dma_chan *chan)
{
	tx->chan = chan;
#ifdef CONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH
	spin_lock_init(&tx->lock);
#endif
}

int dma_chan_get(struct dma_chan *chan)
{
	struct dma_device *device = chan->device;
	int err = 0;

	if (!try_module_get(device->owner))
		return -ENODEV;
	kref_get(&device->ref);
	if (!chan->client_count && device->device_alloc_chan_resources)
		err = device->device_alloc_chan_resources(chan);
	if (err < 0) {
		kref_put(&device->ref, device_last_put);
		module_put(device->owner);
		return err;
	}
	chan->client_count++;
	return 0;
}

static void release_route(struct dma_chan *chan)
{
	if (!chan->router || !chan->router->route_free)
		return;
	chan->router->route_free(chan->router->dev, chan->route_data);
	chan->router = NULL;
	chan->route_data = NULL;
}

void dma_chan_put(struct dma_chan *chan)
{
	struct dma_device *device = chan->device;

	if (!chan->client_count)
		return;
	chan->client_count--;
	if (!chan->client_count && device->device_free_chan_resources) {
		/* The provider may still be running a callback of something it dropped. */
		dmaengine_synchronize(chan);
		device->device_free_chan_resources(chan);
	}
	release_route(chan);
	module_put(device->owner);
	kref_put(&device->ref, device_last_put);
}

/* Whoever shares a channel of a device counts on all of them, so none of them becomes exclusive meanwhile. */
static bool is_shared(const struct dma_device *device)
{
	struct dma_chan *chan;

	if (device->chancnt < 2 || dma_has_cap(DMA_PRIVATE, device->cap_mask))
		return false;
	list_for_each_entry(chan, &device->channels, device_node)
		if (chan->client_count)
			return true;
	return false;
}

static struct dma_chan *candidate(struct dma_device *device, const dma_cap_mask_t *mask, dma_filter_fn fn, void *fn_param)
{
	struct dma_chan *chan;

	if (mask && !bitmap_subset(mask->bits, device->cap_mask.bits, DMA_TX_TYPE_END))
		return NULL;
	if (is_shared(device))
		return NULL;
	list_for_each_entry(chan, &device->channels, device_node)
		if (!chan->client_count && (!fn || fn(chan, fn_param)))
			return chan;
	return NULL;
}

static struct dma_chan *take_candidate(struct dma_device *device, const dma_cap_mask_t *mask, dma_filter_fn fn, void *fn_param)
{
	struct dma_chan *chan = candidate(device, mask, fn, fn_param);
	int err;

	if (!chan)
		return NULL;
	dma_cap_set(DMA_PRIVATE, device->cap_mask);
	device->privatecnt++;
	err = dma_chan_get(chan);
	dma_shared_balance();
	if (!err)
		return chan;
	dev_err(device->dev, "%s: cannot be used: %d\n", dma_chan_name(chan), err);
	if (--device->privatecnt == 0)
		dma_cap_clear(DMA_PRIVATE, device->cap_mask);
	return NULL;
}

struct dma_chan *__dma_request_channel(const dma_cap_mask_t *mask, dma_filter_fn fn, void *fn_param, struct device_node *np)
{
	struct dma_device *device;
	struct dma_chan *chan = NULL;

	/* There is no device tree, so no device is at a node of it. */
	if (np)
		return NULL;
	mutex_lock(&dma_list_mutex);
	list_for_each_entry(device, &dma_device_list, global_node) {
		chan = take_candidate(device, mask, fn, fn_param);
		if (chan)
			break;
	}
	mutex_unlock(&dma_list_mutex);
	return chan;
}

struct dma_chan *dma_request_chan_by_mask(const dma_cap_mask_t *mask)
{
	struct dma_chan *chan;
	bool empty;

	if (!mask)
		return ERR_PTR(-ENODEV);
	chan = __dma_request_channel(mask, NULL, NULL, NULL);
	if (chan)
		return chan;
	mutex_lock(&dma_list_mutex);
	empty = list_empty(&dma_device_list);
	mutex_unlock(&dma_list_mutex);
	return ERR_PTR(empty ? -EPROBE_DEFER : -ENODEV);
}

/* The provider whose filter knows @name of @dev, and the channel that it takes. */
static struct dma_chan *find_by_name(struct dma_device *device, struct device *dev, const char *name)
{
	const struct dma_slave_map *map = device->filter.map;
	int i;

	for (i = 0; map && i < device->filter.mapcnt; i++)
		if (!strcmp(map[i].devname, dev_name(dev)) && !strcmp(map[i].slave, name))
			return take_candidate(device, NULL, device->filter.fn, map[i].param);
	return NULL;
}

struct dma_chan *dma_request_chan(struct device *dev, const char *name)
{
	struct dma_device *device;
	struct dma_chan *chan = NULL;

	mutex_lock(&dma_list_mutex);
	list_for_each_entry(device, &dma_device_list, global_node) {
		chan = find_by_name(device, dev, name);
		if (!chan)
			continue;
		chan->name = name;
		chan->slave = dev;
		break;
	}
	mutex_unlock(&dma_list_mutex);
	return chan ? chan : ERR_PTR(-EPROBE_DEFER);
}

static void release_action(void *chan)
{
	dma_release_channel(chan);
}

struct dma_chan *devm_dma_request_chan(struct device *dev, const char *name)
{
	struct dma_chan *chan = dma_request_chan(dev, name);
	int err = PTR_ERR_OR_ZERO(chan);

	if (!err)
		err = devm_add_action_or_reset(dev, release_action, chan);
	return err ? ERR_PTR(err) : chan;
}

static bool is_chan(struct dma_chan *chan, void *wanted)
{
	return chan == wanted;
}

struct dma_chan *dma_get_slave_channel(struct dma_chan *chan)
{
	struct dma_chan *got;

	mutex_lock(&dma_list_mutex);
	got = take_candidate(chan->device, NULL, is_chan, chan);
	mutex_unlock(&dma_list_mutex);
	return got;
}

struct dma_chan *dma_get_any_slave_channel(struct dma_device *device)
{
	struct dma_chan *chan;
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_SLAVE, mask);
	mutex_lock(&dma_list_mutex);
	chan = take_candidate(device, &mask, NULL, NULL);
	mutex_unlock(&dma_list_mutex);
	return chan;
}

void dma_release_channel(struct dma_chan *chan)
{
	struct dma_device *device = chan->device;

	mutex_lock(&dma_list_mutex);
	chan->name = NULL;
	chan->slave = NULL;
	WARN(chan->client_count != 1, "chan reference count %d != 1", chan->client_count);
	if (--device->privatecnt == 0)
		dma_cap_clear(DMA_PRIVATE, device->cap_mask);
	dma_chan_put(chan);
	mutex_unlock(&dma_list_mutex);
}
