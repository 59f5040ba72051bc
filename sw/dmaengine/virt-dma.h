/* SPDX-License-Identifier: MIT */
/*
 * Private to providers: channels whose transactions wait in lists until the hardware has room. For peripherals, as in Linux: what is
 * complete is given back to the provider whether it is acknowledged or not, nothing is unmapped, and nobody is told who depends on it.
 *
 * A transaction goes from list to list: allocated (prepared), submitted, issued, completed; or terminated. The provider takes it off
 * the issued ones when it starts it. Lists and @cyclic are under the channel's lock, which callers of the functions hold that say so.
 */
#ifndef PQDMA_VIRT_DMA_H
#define PQDMA_VIRT_DMA_H

#include <linux/dmaengine.h>
#include <linux/interrupt.h>
#include "dmaengine.h"

/**
 * struct virt_dma_desc - one transaction, at the beginning of the provider's
 * @tx:        the client's part
 * @tx_result: what its callback is told; the provider may change it
 * @node:      in one of the lists
 */
struct virt_dma_desc {
	struct dma_async_tx_descriptor tx;
	struct dmaengine_result tx_result;
	struct list_head node;
};

/**
 * struct virt_dma_chan - one channel, in the provider's
 * @chan:      the client's part
 * @task:      calls clients back
 * @desc_free: the provider's: frees a transaction; without the lock
 * @lock:      protects the rest
 * @cyclic:    the one with a period to be called back for
 */
struct virt_dma_chan {
	struct dma_chan chan;
	struct tasklet_struct task;
	void (*desc_free)(struct virt_dma_desc *vd);
	spinlock_t lock;
	struct list_head desc_allocated;
	struct list_head desc_submitted;
	struct list_head desc_issued;
	struct list_head desc_completed;
	struct list_head desc_terminated;
	struct virt_dma_desc *cyclic;
};

/** vchan_init() - make the lists, and the channel one of @dmadev's; @desc_free is set by the caller */
void vchan_init(struct virt_dma_chan *vc, struct dma_device *dmadev);

/** vchan_tx_submit() - what tx_submit is of a prepared transaction; likewise vchan_tx_desc_free() for desc_free */
dma_cookie_t vchan_tx_submit(struct dma_async_tx_descriptor *tx);
int vchan_tx_desc_free(struct dma_async_tx_descriptor *tx);

/** vchan_find_desc() - the issued transaction with this cookie; NULL if it runs already, or there is none. With the lock. */
struct virt_dma_desc *vchan_find_desc(struct virt_dma_chan *vc, dma_cookie_t cookie);

/** vchan_dma_desc_free_list() - free all of a list, or keep what can be used again; without the lock */
void vchan_dma_desc_free_list(struct virt_dma_chan *vc, struct list_head *head);

static inline struct virt_dma_chan *to_virt_chan(struct dma_chan *chan)
{
	return container_of(chan, struct virt_dma_chan, chan);
}

/** vchan_tx_prep() - end of a prep function: what it has filled in waits to be submitted */
static inline struct dma_async_tx_descriptor *vchan_tx_prep(struct virt_dma_chan *vc, struct virt_dma_desc *vd, unsigned long tx_flags)
{
	struct dma_async_tx_descriptor *tx = &vd->tx;
	unsigned long irq;

	dma_async_tx_descriptor_init(tx, &vc->chan);
	tx->flags = (enum dma_ctrl_flags)tx_flags;
	tx->cookie = -EBUSY;
	tx->tx_submit = vchan_tx_submit;
	tx->desc_free = vchan_tx_desc_free;
	vd->tx_result = (struct dmaengine_result){ .result = DMA_TRANS_NOERROR };
	spin_lock_irqsave(&vc->lock, irq);
	list_add_tail(&vd->node, &vc->desc_allocated);
	spin_unlock_irqrestore(&vc->lock, irq);
	return tx;
}

/** vchan_issue_pending() - what was submitted is issued; is anything? With the lock. */
static inline bool vchan_issue_pending(struct virt_dma_chan *vc)
{
	list_splice_tail_init(&vc->desc_submitted, &vc->desc_issued);
	return !list_empty(&vc->desc_issued);
}

/** vchan_next_desc() - the oldest issued transaction, NULL if there is none. With the lock. */
static inline struct virt_dma_desc *vchan_next_desc(struct virt_dma_chan *vc)
{
	return list_empty(&vc->desc_issued) ? NULL : list_first_entry(&vc->desc_issued, struct virt_dma_desc, node);
}

/** vchan_cookie_complete() - the hardware has done it; it is in no list. With the lock. */
static inline void vchan_cookie_complete(struct virt_dma_desc *vd)
{
	struct virt_dma_chan *vc = to_virt_chan(vd->tx.chan);

	dma_cookie_complete(&vd->tx);
	list_add_tail(&vd->node, &vc->desc_completed);
	tasklet_schedule(&vc->task);
}

/** vchan_cyclic_callback() - a period is over; several at once may be one callback. With the lock. */
static inline void vchan_cyclic_callback(struct virt_dma_desc *vd)
{
	struct virt_dma_chan *vc = to_virt_chan(vd->tx.chan);

	vc->cyclic = vd;
	tasklet_schedule(&vc->task);
}

/** vchan_terminate_vdesc() - drop what runs, and is in no list; it is freed by vchan_synchronize(). With the lock. */
static inline void vchan_terminate_vdesc(struct virt_dma_desc *vd)
{
	struct virt_dma_chan *vc = to_virt_chan(vd->tx.chan);

	if (vc->cyclic == vd)
		vc->cyclic = NULL;
	list_add_tail(&vd->node, &vc->desc_terminated);
}

/** vchan_vdesc_fini() - free it, unless it can be submitted again; without the lock */
static inline void vchan_vdesc_fini(struct virt_dma_desc *vd)
{
	struct virt_dma_chan *vc = to_virt_chan(vd->tx.chan);
	unsigned long irq;

	if (!dmaengine_desc_test_reuse(&vd->tx)) {
		vc->desc_free(vd);
		return;
	}
	spin_lock_irqsave(&vc->lock, irq);
	list_add(&vd->node, &vc->desc_allocated);
	spin_unlock_irqrestore(&vc->lock, irq);
}

/** vchan_get_all_descriptors() - move all that is in any list to @head. With the lock. */
static inline void vchan_get_all_descriptors(struct virt_dma_chan *vc, struct list_head *head)
{
	struct list_head *const lists[] = {
		&vc->desc_allocated, &vc->desc_submitted, &vc->desc_issued, &vc->desc_completed, &vc->desc_terminated,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		list_splice_tail_init(lists[i], head);
}

/** vchan_free_chan_resources() - free all there is, also what can be used again */
static inline void vchan_free_chan_resources(struct virt_dma_chan *vc)
{
	struct virt_dma_desc *vd;
	unsigned long irq;
	LIST_HEAD(all);

	spin_lock_irqsave(&vc->lock, irq);
	vchan_get_all_descriptors(vc, &all);
	spin_unlock_irqrestore(&vc->lock, irq);
	list_for_each_entry(vd, &all, node)
		dmaengine_desc_clear_reuse(&vd->tx);
	vchan_dma_desc_free_list(vc, &all);
}

/** vchan_synchronize() - no callback runs when this returns, and what was terminated is freed; may sleep */
static inline void vchan_synchronize(struct virt_dma_chan *vc)
{
	unsigned long irq;
	LIST_HEAD(dropped);

	tasklet_kill(&vc->task);
	spin_lock_irqsave(&vc->lock, irq);
	list_splice_tail_init(&vc->desc_terminated, &dropped);
	spin_unlock_irqrestore(&vc->lock, irq);
	vchan_dma_desc_free_list(vc, &dropped);
}

#endif
