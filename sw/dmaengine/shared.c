// SPDX-License-Identifier: MIT
/*
 * Channels that clients share: everyone who takes part has a reference to every public channel, and each kind of
 * operation has one channel, so that the kinds are spread over the channels.
 */
#include "dmaengine/core.h"

#include <linux/string.h>

static struct dma_chan *table[DMA_TX_TYPE_END];
static int sharers;

void dma_shared_boot(void)
{
	memset(table, 0, sizeof(table));
	sharers = 0;
}

/* These say what a channel is, not what it can be asked to do. */
static bool is_operation(unsigned int cap)
{
	return cap != DMA_INTERRUPT && cap != DMA_PRIVATE && cap != DMA_SLAVE;
}

static bool is_public(const struct dma_device *device)
{
	return !dma_has_cap(DMA_PRIVATE, device->cap_mask);
}

/* The channel in use that serves the fewest operations so far. */
static struct dma_chan *least_busy(unsigned int cap)
{
	struct dma_chan *chan, *least = NULL;
	struct dma_device *device;

	list_for_each_entry(device, &dma_device_list, global_node) {
		if (!dma_has_cap(cap, device->cap_mask) || !is_public(device))
			continue;
		list_for_each_entry(chan, &device->channels, device_node)
			if (chan->client_count && (!least || chan->table_count < least->table_count))
				least = chan;
	}
	return least;
}

static void forget_table(void)
{
	struct dma_device *device;
	struct dma_chan *chan;

	memset(table, 0, sizeof(table));
	list_for_each_entry(device, &dma_device_list, global_node)
		list_for_each_entry(chan, &device->channels, device_node)
			chan->table_count = 0;
}

void dma_shared_balance(void)
{
	unsigned int cap;

	forget_table();
	if (!sharers)
		return;
	for (cap = 0; cap < DMA_TX_TYPE_END; cap++) {
		if (!is_operation(cap))
			continue;
		table[cap] = least_busy(cap);
		if (table[cap])
			table[cap]->table_count++;
	}
}

static void get_device_channels(struct dma_device *device)
{
	struct dma_chan *chan;
	int err;

	list_for_each_entry(chan, &device->channels, device_node) {
		err = dma_chan_get(chan);
		if (err)
			dev_err(device->dev, "%s: cannot be shared: %d\n", dma_chan_name(chan), err);
	}
}

void dma_shared_add(struct dma_device *device)
{
	if (sharers && is_public(device))
		get_device_channels(device);
	dma_shared_balance();
}

void dmaengine_get(void)
{
	struct dma_device *device;

	mutex_lock(&dma_list_mutex);
	sharers++;
	list_for_each_entry(device, &dma_device_list, global_node)
		if (is_public(device))
			get_device_channels(device);
	dma_shared_balance();
	mutex_unlock(&dma_list_mutex);
}

void dmaengine_put(void)
{
	struct dma_device *device;
	struct dma_chan *chan;

	mutex_lock(&dma_list_mutex);
	BUG_ON(!sharers);
	sharers--;
	/* Out of the table before the reference that held them there goes. */
	if (!sharers)
		forget_table();
	list_for_each_entry(device, &dma_device_list, global_node) {
		if (!is_public(device))
			continue;
		list_for_each_entry(chan, &device->channels, device_node)
			dma_chan_put(chan);
	}
	mutex_unlock(&dma_list_mutex);
}

struct dma_chan *dma_find_channel(enum dma_transaction_type type)
{
	return table[type];
}

void dma_issue_pending_all(void)
{
	struct dma_device *device;
	struct dma_chan *chan;

	list_for_each_entry(device, &dma_device_list, global_node) {
		if (!is_public(device))
			continue;
		list_for_each_entry(chan, &device->channels, device_node)
			if (chan->client_count)
				device->device_issue_pending(chan);
	}
}
