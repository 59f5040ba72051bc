// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: finding out what the controller is, and registering it.
 */
#include "pqdma.h"

#include <linux/bitfield.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include "pqdma_regs.h"

/* The part of VERSION that changes when a driver has to. */
#define VERSION_MAJOR(version) ((version) >> 8)

static int check_identity(struct device *dev, u8 __iomem *regs)
{
	u32 id = readl(regs + PQDMA_REG_ID);
	u32 version = readl(regs + PQDMA_REG_VERSION);

	if (id != PQDMA_ID_VALUE) {
		dev_err(dev, "not a pqdma controller: ID is %#010x, not %#010x\n", id, PQDMA_ID_VALUE);
		return -ENODEV;
	}
	if (VERSION_MAJOR(version) != VERSION_MAJOR(PQDMA_VERSION_VALUE)) {
		dev_err(dev, "version %#x is not known, only %#x and what is compatible\n", version, PQDMA_VERSION_VALUE);
		return -ENODEV;
	}
	return 0;
}

/* How many channels there are, or a negative error. */
static int check_capabilities(struct device *dev, u8 __iomem *regs)
{
	u32 channels = FIELD_GET(PQDMA_CAP0_CHANNELS_MASK, readl(regs + PQDMA_REG_CAP0));
	u32 ops = FIELD_GET(PQDMA_CAP1_OPS_MASK, readl(regs + PQDMA_REG_CAP1));
	u32 descs = FIELD_GET(PQDMA_CAP2_DESCS_MASK, readl(regs + PQDMA_REG_CAP2));

	if (!channels || channels > PQDMA_CH_MAX) {
		dev_err(dev, "CAP0 says %u channels, 1 to %u are possible\n", channels, PQDMA_CH_MAX);
		return -ENODEV;
	}
	if (!(ops & (BIT(PQDMA_OP_COPY) | BIT(PQDMA_OP_FILL)))) {
		dev_err(dev, "CAP1 says it can neither copy nor fill (operations %#x)\n", ops);
		return -ENODEV;
	}
	if (!descs) {
		dev_err(dev, "CAP2 says no descriptor can be in flight\n");
		return -ENODEV;
	}
	return (int)channels;
}

/* The last client has let go, maybe long after the controller has. */
static void pqdma_release(struct dma_device *dma)
{
	kfree(container_of(dma, struct pqdma, dma));
}

static int setup_dma_device(struct pqdma *pqdma)
{
	const struct pqdma_platform_data *board = dev_get_platdata(pqdma->dev);
	struct dma_device *dma = &pqdma->dma;
	u32 cap1 = readl(pqdma->regs + PQDMA_REG_CAP1);

	INIT_LIST_HEAD(&dma->channels);
	dma->dev = pqdma->dev;
	dma->directions = BIT(DMA_MEM_TO_MEM);
	dma->residue_granularity = DMA_RESIDUE_GRANULARITY_BURST;
	dma->device_alloc_chan_resources = pqdma_alloc_chan_resources;
	dma->device_free_chan_resources = pqdma_free_chan_resources;
	dma->device_issue_pending = pqdma_issue_pending;
	dma->device_tx_status = pqdma_tx_status;
	dma->device_terminate_all = pqdma_terminate_all;
	dma->device_synchronize = pqdma_synchronize;
	dma->device_release = pqdma_release;
	dma->desc_metadata_modes = DESC_METADATA_CLIENT | DESC_METADATA_ENGINE;
	if (cap1 & PQDMA_CAP1_PAUSE_MASK) {
		dma->device_pause = pqdma_pause;
		dma->device_resume = pqdma_resume;
	}
	pqdma->contexts = board && board->contexts;
	/* Who shares channels maps for the controller. */
	if (pqdma->contexts)
		dma_cap_set(DMA_PRIVATE, dma->cap_mask);
	pqdma_setup_mem(pqdma, cap1);
	pqdma_setup_peri(pqdma, cap1);
	return pqdma_setup_sums(pqdma, FIELD_GET(PQDMA_CAP1_OPS_MASK, cap1));
}

static int start_channel(struct pqdma *pqdma, unsigned int i, int irq)
{
	struct pqdma_chan *c = &pqdma->chan[i];
	int err;

	if (irq < 0)
		return irq;
	c->regs = pqdma->regs + PQDMA_CH(i);
	c->irq = irq;
	pqdma_chan_setup(pqdma, c);
	err = pqdma_ring_reset(c);
	if (err) {
		dev_err(pqdma->dev, "channel %u does not become idle\n", i);
		return err;
	}
	err = request_irq(irq, pqdma_ring_irq, IRQF_SHARED, dev_name(pqdma->dev), c);
	if (err)
		dev_err(pqdma->dev, "interrupt %d of channel %u cannot be had: %d\n", irq, i, err);
	return err;
}

static void stop_channels(struct pqdma *pqdma, unsigned int n)
{
	while (n--) {
		pqdma_ring_reset(&pqdma->chan[n]);
		free_irq(pqdma->chan[n].irq, &pqdma->chan[n]);
		tasklet_kill(&pqdma->chan[n].tasklet);
	}
}

static struct pqdma *pqdma_new(struct device *dev, void __iomem *regs)
{
	struct pqdma *pqdma;
	int channels;
	int err;

	err = check_identity(dev, regs);
	if (err)
		return ERR_PTR(err);
	channels = check_capabilities(dev, regs);
	if (channels < 0)
		return ERR_PTR(channels);
	pqdma = kzalloc(sizeof(*pqdma) + (size_t)channels * sizeof(pqdma->chan[0]), GFP_KERNEL);
	if (!pqdma)
		return ERR_PTR(-ENOMEM);
	pqdma->dev = dev;
	pqdma->regs = regs;
	pqdma->nr_channels = (unsigned int)channels;
	return pqdma;
}

int pqdma_probe(struct device *dev, void __iomem *regs, const struct pqdma_bus *bus)
{
	struct pqdma *pqdma = pqdma_new(dev, regs);
	unsigned int i;
	int err;

	if (IS_ERR(pqdma))
		return PTR_ERR(pqdma);
	err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));
	if (err) {
		dev_err(dev, "no suitable DMA mask: %d\n", err);
		goto out_free;
	}
	pqdma->messages = bus->messages;
	err = setup_dma_device(pqdma);
	if (err)
		goto out_free;
	for (i = 0; i < pqdma->nr_channels; i++) {
		err = start_channel(pqdma, i, bus->get_irq(dev, i));
		if (err)
			goto out_stop;
	}
	err = dma_async_device_register(&pqdma->dma);
	if (err)
		goto out_stop;
	dev_set_drvdata(dev, pqdma);
	dev_dbg(dev, "%u channels\n", pqdma->nr_channels);
	return 0;

out_stop:
	stop_channels(pqdma, i);
out_free:
	kfree(pqdma);
	return err;
}
EXPORT_SYMBOL_GPL(pqdma_probe);

void pqdma_remove(struct device *dev)
{
	struct pqdma *pqdma = dev_get_drvdata(dev);
	unsigned int i;

	for (i = 0; i < pqdma->nr_channels; i++)
		pqdma_chan_leave(&pqdma->chan[i]);
	stop_channels(pqdma, pqdma->nr_channels);
	/* Without a client this is the end of it. */
	dma_async_device_unregister(&pqdma->dma);
}
EXPORT_SYMBOL_GPL(pqdma_remove);

MODULE_DESCRIPTION("pqdma scatter-gather DMA controller");
MODULE_LICENSE("Dual MIT/GPL");
