// SPDX-License-Identifier: MIT
/*
 * A provider whose hardware is a channel of another one: its own channel is made of lists (virt-dma.h), and what is next in them is
 * copied by a channel that it has taken. So the lists, written here or Linux's own virt-dma.c, carry real copies.
 *
 *	make kmod SRC="tb/kmod/virtual_dma.c <client>.c"
 *	make kmod LINUX=1 SRC="drivers/dma/virt-dma.c tb/kmod/virtual_dma.c drivers/dma/dmatest.c" PARAMS="channel=dma1chan0 run=1"
 */
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "virt-dma.h"

struct copy {
	struct virt_dma_desc vd;
	dma_addr_t dst;
	dma_addr_t src;
	size_t len;
};

/**
 * struct virtual_dma - the device and its channel
 * @vc:      the channel that clients get
 * @below:   the one that does its work
 * @running: what that has been given; not in any list
 * @copies:  how many it has done
 */
static struct virtual_dma {
	struct dma_device device;
	struct virt_dma_chan vc;
	struct dma_chan *below;
	struct copy *running;
	unsigned int copies;
} virtual;

static void start_next(struct virtual_dma *v);

static void copy_done(void *arg)
{
	struct virtual_dma *v = arg;
	unsigned long flags;

	spin_lock_irqsave(&v->vc.lock, flags);
	if (v->running) {
		v->copies++;
		vchan_cookie_complete(&v->running->vd);
		v->running = NULL;
		start_next(v);
	}
	spin_unlock_irqrestore(&v->vc.lock, flags);
}

/* With the lock. The channel below has room for one, which is all it is given at a time. */
static void start_next(struct virtual_dma *v)
{
	struct virt_dma_desc *vd = vchan_next_desc(&v->vc);
	struct dma_async_tx_descriptor *tx;

	if (v->running || !vd)
		return;
	v->running = container_of(vd, struct copy, vd);
	list_del(&vd->node);
	tx = dmaengine_prep_dma_memcpy(v->below, v->running->dst, v->running->src, v->running->len, DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	if (!tx) {
		vd->tx_result.result = DMA_TRANS_ABORTED;
		pr_err("virtual_dma: failure: the channel below has no room\n");
		return;
	}
	tx->callback = copy_done;
	tx->callback_param = v;
	dmaengine_submit(tx);
	dma_async_issue_pending(v->below);
}

static struct dma_async_tx_descriptor *prep_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len, unsigned long flags)
{
	struct copy *copy = kzalloc(sizeof(*copy), GFP_NOWAIT);

	if (!copy)
		return NULL;
	copy->dst = dst;
	copy->src = src;
	copy->len = len;
	return vchan_tx_prep(to_virt_chan(chan), &copy->vd, flags);
}

static void issue_pending(struct dma_chan *chan)
{
	struct virt_dma_chan *vc = to_virt_chan(chan);
	unsigned long flags;

	spin_lock_irqsave(&vc->lock, flags);
	if (vchan_issue_pending(vc))
		start_next(&virtual);
	spin_unlock_irqrestore(&vc->lock, flags);
}

/* What is issued has all of its bytes to go, and so has what runs: the residue is that of a whole transaction. */
static enum dma_status tx_status(struct dma_chan *chan, dma_cookie_t cookie, struct dma_tx_state *state)
{
	enum dma_status status = dma_cookie_status(chan, cookie, state);
	struct virt_dma_chan *vc = to_virt_chan(chan);
	struct virt_dma_desc *vd;
	unsigned long flags;

	if (status == DMA_COMPLETE)
		return status;
	spin_lock_irqsave(&vc->lock, flags);
	vd = vchan_find_desc(vc, cookie);
	if (!vd && virtual.running && virtual.running->vd.tx.cookie == cookie)
		vd = &virtual.running->vd;
	if (vd)
		dma_set_residue(state, (u32)container_of(vd, struct copy, vd)->len);
	spin_unlock_irqrestore(&vc->lock, flags);
	return status;
}

static int terminate_all(struct dma_chan *chan)
{
	struct virt_dma_chan *vc = to_virt_chan(chan);
	unsigned long flags;
	LIST_HEAD(all);

	dmaengine_terminate_async(virtual.below);
	spin_lock_irqsave(&vc->lock, flags);
	if (virtual.running)
		vchan_terminate_vdesc(&virtual.running->vd);
	virtual.running = NULL;
	vchan_get_all_descriptors(vc, &all);
	list_splice_tail_init(&all, &vc->desc_terminated);
	spin_unlock_irqrestore(&vc->lock, flags);
	return 0;
}

static void synchronize(struct dma_chan *chan)
{
	dmaengine_synchronize(virtual.below);
	vchan_synchronize(to_virt_chan(chan));
}

static void free_chan_resources(struct dma_chan *chan)
{
	vchan_free_chan_resources(to_virt_chan(chan));
}

static void free_copy(struct virt_dma_desc *vd)
{
	kfree(container_of(vd, struct copy, vd));
}

static int register_device(struct virtual_dma *v)
{
	struct dma_device *device = &v->device;

	INIT_LIST_HEAD(&device->channels);
	dma_cap_set(DMA_MEMCPY, device->cap_mask);
	device->dev = v->below->device->dev;
	device->device_free_chan_resources = free_chan_resources;
	device->device_prep_dma_memcpy = prep_memcpy;
	device->device_issue_pending = issue_pending;
	device->device_tx_status = tx_status;
	device->device_terminate_all = terminate_all;
	device->device_synchronize = synchronize;
	v->vc.desc_free = free_copy;
	vchan_init(&v->vc, device);
	return dma_async_device_register(device);
}

static int __init virtual_init(void)
{
	dma_cap_mask_t mask;
	int err;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	virtual.below = dma_request_chan_by_mask(&mask);
	if (IS_ERR(virtual.below))
		return (int)PTR_ERR(virtual.below);
	err = register_device(&virtual);
	if (err)
		dma_release_channel(virtual.below);
	return err;
}
module_init(virtual_init);

static void __exit virtual_exit(void)
{
	pr_info("virtual_dma: %u copies%s\n", virtual.copies, virtual.copies ? "" : ", which is a failure");
	dma_async_device_unregister(&virtual.device);
	dma_release_channel(virtual.below);
}
module_exit(virtual_exit);

MODULE_LICENSE("GPL");
