// SPDX-License-Identifier: MIT
/*
 * What clients of any provider need beside channels: waiting for a cookie, dependencies, what a channel can do for a peripheral,
 * metadata, and mappings that end with a transaction.
 */
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/slab.h>

#define SYNC_WAIT_MS 5000
#define UNMAP_MAX 256

#ifdef CONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH
/* Takes the child off @tx, so that nobody else submits it. */
static struct dma_async_tx_descriptor *take_child(struct dma_async_tx_descriptor *tx)
{
	struct dma_async_tx_descriptor *child;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	child = tx->next;
	tx->next = NULL;
	if (child)
		child->parent = NULL;
	spin_unlock_irqrestore(&tx->lock, flags);
	return child;
}

void dma_run_dependencies(struct dma_async_tx_descriptor *tx)
{
	struct dma_async_tx_descriptor *child = take_child(tx), *next;
	struct dma_chan *chan;

	if (!child)
		return;
	chan = child->chan;
	/* Up to where the chain leaves the channel: what is there waits for an interrupt of this one. */
	for (; child; child = next) {
		next = child->next && child->next->chan == chan ? take_child(child) : NULL;
		child->tx_submit(child);
	}
	chan->device->device_issue_pending(chan);
}
#endif

int dma_get_slave_caps(struct dma_chan *chan, struct dma_slave_caps *caps)
{
	struct dma_device *device;

	if (!chan || !caps)
		return -EINVAL;
	device = chan->device;
	if (!dma_has_cap(DMA_SLAVE, device->cap_mask) && !dma_has_cap(DMA_CYCLIC, device->cap_mask))
		return -ENXIO;
	if (!device->directions)
		return -ENXIO;
	*caps = (struct dma_slave_caps){
		.src_addr_widths = device->src_addr_widths,
		.dst_addr_widths = device->dst_addr_widths,
		.directions = device->directions,
		.min_burst = device->min_burst,
		.max_burst = device->max_burst,
		.max_sg_burst = device->max_sg_burst,
		.cmd_pause = device->device_pause,
		.cmd_resume = device->device_resume,
		.cmd_terminate = device->device_terminate_all,
		.residue_granularity = device->residue_granularity,
		.descriptor_reuse = device->descriptor_reuse,
	};
	if (device->device_caps)
		device->device_caps(chan, caps);
	return 0;
}

/* The first use decides how a descriptor's metadata is used. */
static int choose_metadata(struct dma_async_tx_descriptor *desc, enum dma_desc_metadata_mode mode)
{
	if (!dmaengine_is_metadata_mode_supported(desc->chan, mode))
		return -ENOTSUPP;
	if (desc->desc_metadata_mode == DESC_METADATA_NONE)
		desc->desc_metadata_mode = mode;
	return desc->desc_metadata_mode == mode ? 0 : -EINVAL;
}

int dmaengine_desc_attach_metadata(struct dma_async_tx_descriptor *desc, void *data, size_t len)
{
	int err = desc ? choose_metadata(desc, DESC_METADATA_CLIENT) : -EINVAL;

	if (err)
		return err;
	if (!desc->metadata_ops || !desc->metadata_ops->attach)
		return -ENOTSUPP;
	return desc->metadata_ops->attach(desc, data, len);
}

void *dmaengine_desc_get_metadata_ptr(struct dma_async_tx_descriptor *desc, size_t *payload_len, size_t *max_len)
{
	int err = desc ? choose_metadata(desc, DESC_METADATA_ENGINE) : -EINVAL;

	if (err)
		return ERR_PTR(err);
	if (!desc->metadata_ops || !desc->metadata_ops->get_ptr)
		return ERR_PTR(-ENOTSUPP);
	return desc->metadata_ops->get_ptr(desc, payload_len, max_len);
}

int dmaengine_desc_set_metadata_len(struct dma_async_tx_descriptor *desc, size_t payload_len)
{
	int err = desc ? choose_metadata(desc, DESC_METADATA_ENGINE) : -EINVAL;

	if (err)
		return err;
	if (!desc->metadata_ops || !desc->metadata_ops->set_len)
		return -ENOTSUPP;
	return desc->metadata_ops->set_len(desc, payload_len);
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
