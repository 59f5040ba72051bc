// SPDX-License-Identifier: MIT
/*
 * The core between clients and providers: who has which channel, waiting for a cookie, mappings that end with a
 * transaction.
 */
#include "dmaengine/dmaengine.h"

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>

#define SYNC_WAIT_MS 5000
#define UNMAP_MAX 256

static struct mutex dma_list_mutex;
static struct list_head dma_device_list;

static int __init dma_core_init(void)
{
	mutex_init(&dma_list_mutex);
	INIT_LIST_HEAD(&dma_device_list);
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

	mutex_lock(&dma_list_mutex);
	kref_init(&device->ref);
	device->dev_id = free_dev_id();
	err = channels_register(device);
	if (err)
		channels_unregister(device);
	else
		list_add_tail(&device->global_node, &dma_device_list);
	/* A device that is private from the start stays it: this count never goes back to 0. */
	if (!err && dma_has_cap(DMA_PRIVATE, device->cap_mask))
		device->privatecnt++;
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
	/* No new client may find it, even while old ones keep it alive. */
	dma_cap_set(DMA_PRIVATE, device->cap_mask);
	list_del_init(&device->global_node);
	kref_put(&device->ref, device_last_put);
	mutex_unlock(&dma_list_mutex);
}

void dma_async_tx_descriptor_init(struct dma_async_tx_descriptor *tx, struct dma_chan *chan)
{
	tx->chan = chan;
}

static int chan_get(struct dma_chan *chan)
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

static void chan_put(struct dma_chan *chan)
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
	module_put(device->owner);
	kref_put(&device->ref, device_last_put);
}

static struct dma_chan *candidate(struct dma_device *device, const dma_cap_mask_t *mask, dma_filter_fn fn, void *fn_param)
{
	struct dma_chan *chan;

	if (!bitmap_subset(mask->bits, device->cap_mask.bits, DMA_TX_TYPE_END))
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
	err = chan_get(chan);
	if (!err)
		return chan;
	dev_err(device->dev, "%s: cannot be used: %d\n", dma_chan_name(chan), err);
	if (--device->privatecnt == 0)
		dma_cap_clear(DMA_PRIVATE, device->cap_mask);
	return NULL;
}

struct dma_chan *__dma_request_channel(const dma_cap_mask_t *mask, dma_filter_fn fn, void *fn_param)
{
	struct dma_device *device;
	struct dma_chan *chan = NULL;

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
	chan = __dma_request_channel(mask, NULL, NULL);
	if (chan)
		return chan;
	mutex_lock(&dma_list_mutex);
	empty = list_empty(&dma_device_list);
	mutex_unlock(&dma_list_mutex);
	return ERR_PTR(empty ? -EPROBE_DEFER : -ENODEV);
}

void dma_release_channel(struct dma_chan *chan)
{
	struct dma_device *device = chan->device;

	mutex_lock(&dma_list_mutex);
	WARN(chan->client_count != 1, "chan reference count %d != 1", chan->client_count);
	if (--device->privatecnt == 0)
		dma_cap_clear(DMA_PRIVATE, device->cap_mask);
	chan_put(chan);
	mutex_unlock(&dma_list_mutex);
}

enum dma_status dma_sync_wait(struct dma_chan *chan, dma_cookie_t cookie)
{
	unsigned long end = jiffies + msecs_to_jiffies(SYNC_WAIT_MS);
	enum dma_status status;

	dma_async_issue_pending(chan);
	do {
		status = dma_async_is_tx_complete(chan, cookie, NULL, NULL);
		if (time_after_eq(jiffies, end)) {
			dev_err(chan->device->dev, "%s: timeout!\n", __func__);
			return DMA_ERROR;
		}
		if (status != DMA_IN_PROGRESS)
			break;
		cpu_relax();
	} while (1);
	return status;
}

enum dma_status dma_wait_for_async_tx(struct dma_async_tx_descriptor *tx)
{
	unsigned long end = jiffies + msecs_to_jiffies(SYNC_WAIT_MS);

	if (!tx)
		return DMA_COMPLETE;
	while (tx->cookie == -EBUSY) {
		if (time_after_eq(jiffies, end)) {
			dev_err(tx->chan->device->dev, "%s timeout waiting for descriptor submission\n", __func__);
			return DMA_ERROR;
		}
		cpu_relax();
	}
	return dma_sync_wait(tx->chan, tx->cookie);
}

struct dmaengine_unmap_data *dmaengine_get_unmap_data(struct device *dev, int nr, gfp_t flags)
{
	struct dmaengine_unmap_data *unmap;

	BUG_ON(nr < 0 || nr > UNMAP_MAX);
	unmap = kzalloc(sizeof(*unmap) + (size_t)nr * sizeof(unmap->addr[0]), flags);
	if (!unmap)
		return NULL;
	kref_init(&unmap->kref);
	unmap->dev = dev;
	unmap->map_cnt = (u16)nr;
	return unmap;
}

static void unmap_all(struct kref *kref)
{
	struct dmaengine_unmap_data *unmap = container_of(kref, struct dmaengine_unmap_data, kref);
	int i = 0, end = unmap->to_cnt;

	for (; i < end; i++)
		dma_unmap_page(unmap->dev, unmap->addr[i], unmap->len, DMA_TO_DEVICE);
	for (end += unmap->from_cnt; i < end; i++)
		dma_unmap_page(unmap->dev, unmap->addr[i], unmap->len, DMA_FROM_DEVICE);
	for (end += unmap->bidi_cnt; i < end; i++)
		if (unmap->addr[i])
			dma_unmap_page(unmap->dev, unmap->addr[i], unmap->len, DMA_BIDIRECTIONAL);
	kfree(unmap);
}

void dmaengine_unmap_put(struct dmaengine_unmap_data *unmap)
{
	if (unmap)
		kref_put(&unmap->kref, unmap_all);
}
