// SPDX-License-Identifier: MIT
/*
 * Channels whose transactions wait in lists: submitting, finding, freeing, and calling back what is complete.
 */
#include "dmaengine/virt-dma.h"

#include <linux/list.h>

static struct virt_dma_desc *to_virt_desc(struct dma_async_tx_descriptor *tx)
{
	return container_of(tx, struct virt_dma_desc, tx);
}

dma_cookie_t vchan_tx_submit(struct dma_async_tx_descriptor *tx)
{
	struct virt_dma_chan *vc = to_virt_chan(tx->chan);
	dma_cookie_t cookie;
	unsigned long irq;

	spin_lock_irqsave(&vc->lock, irq);
	cookie = dma_cookie_assign(tx);
	list_move_tail(&to_virt_desc(tx)->node, &vc->desc_submitted);
	spin_unlock_irqrestore(&vc->lock, irq);
	return cookie;
}

int vchan_tx_desc_free(struct dma_async_tx_descriptor *tx)
{
	struct virt_dma_chan *vc = to_virt_chan(tx->chan);
	struct virt_dma_desc *vd = to_virt_desc(tx);
	unsigned long irq;

	spin_lock_irqsave(&vc->lock, irq);
	list_del(&vd->node);
	spin_unlock_irqrestore(&vc->lock, irq);
	vc->desc_free(vd);
	return 0;
}

struct virt_dma_desc *vchan_find_desc(struct virt_dma_chan *vc, dma_cookie_t cookie)
{
	struct virt_dma_desc *vd;

	list_for_each_entry(vd, &vc->desc_issued, node)
		if (vd->tx.cookie == cookie)
			return vd;
	return NULL;
}

void vchan_dma_desc_free_list(struct virt_dma_chan __always_unused *vc, struct list_head *head)
{
	struct virt_dma_desc *vd, *next;

	list_for_each_entry_safe(vd, next, head, node) {
		list_del(&vd->node);
		vchan_vdesc_fini(vd);
	}
}

/* The one that goes round first, since its period is over while what is complete is merely waiting. */
static void call_back(struct tasklet_struct *task)
{
	struct virt_dma_chan *vc = from_tasklet(vc, task, task);
	struct virt_dma_desc *vd, *next, *cyclic;
	LIST_HEAD(complete);

	spin_lock_irq(&vc->lock);
	list_splice_tail_init(&vc->desc_completed, &complete);
	cyclic = vc->cyclic;
	vc->cyclic = NULL;
	spin_unlock_irq(&vc->lock);

	if (cyclic)
		dmaengine_desc_get_callback_invoke(&cyclic->tx, &cyclic->tx_result);
	list_for_each_entry_safe(vd, next, &complete, node) {
		list_del(&vd->node);
		dmaengine_desc_get_callback_invoke(&vd->tx, &vd->tx_result);
		vchan_vdesc_fini(vd);
	}
}

void vchan_init(struct virt_dma_chan *vc, struct dma_device *dmadev)
{
	struct list_head *const lists[] = {
		&vc->desc_allocated, &vc->desc_submitted, &vc->desc_issued, &vc->desc_completed, &vc->desc_terminated,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		INIT_LIST_HEAD(lists[i]);
	spin_lock_init(&vc->lock);
	tasklet_setup(&vc->task, call_back);
	dma_cookie_init(&vc->chan);
	vc->chan.device = dmadev;
	list_add_tail(&vc->chan.device_node, &dmadev->channels);
}
