/* SPDX-License-Identifier: MIT */
/*
 * Private to sw/dmaengine: the list of devices, references to channels, and the table of shared channels.
 *
 * All of it is under dma_list_mutex.
 */
#ifndef PQDMA_DMAENGINE_CORE_H
#define PQDMA_DMAENGINE_CORE_H

#include <linux/dmaengine.h>
#include <linux/mutex.h>

extern struct mutex dma_list_mutex;
extern struct list_head dma_device_list;

/** dma_chan_get() - one client more; 0 or a negative error. The first one lets the provider allocate. */
int dma_chan_get(struct dma_chan *chan);

/** dma_chan_put() - one client less; nothing if there is none. The last one lets the provider free. */
void dma_chan_put(struct dma_chan *chan);

/** dma_shared_boot() - nobody shares anything */
void dma_shared_boot(void);

/** dma_shared_add() - a device has come, which those who share channels may use too */
void dma_shared_add(struct dma_device *device);

/** dma_shared_balance() - give each operation the channel that has the fewest; after channels came, went or became private */
void dma_shared_balance(void);

/** dma_note_begin() - let what clients prepare pass by the core from now on. -ENOMEM if there is no memory. */
int dma_note_begin(struct dma_device *device);

/** dma_note_end() - the device's prep functions are its own again */
void dma_note_end(struct dma_device *device);

#endif
