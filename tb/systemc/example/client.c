// SPDX-License-Identifier: MIT
// Copies through one channel, a text to the serial port through another one: nothing here knows that it is simulated.
#include "client.h"
#include "kernel.h"
#include "pqdma_slave.h"
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/err.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#define PATIENCE_JIFFIES 1000

/* One transaction at a time */
static struct completion done;

static void over(void *arg)
{
	complete(arg);
}

static int run(struct dma_chan *chan, struct dma_async_tx_descriptor *tx)
{
	if (!tx)
		return -ENOMEM;
	init_completion(&done);
	tx->callback = over;
	tx->callback_param = &done;
	dmaengine_submit(tx);
	dma_async_issue_pending(chan);
	return wait_for_completion_timeout(&done, PATIENCE_JIFFIES) ? 0 : -ETIMEDOUT;
}

static int copy_once(struct dma_chan *chan, u8 *from, u8 *to)
{
	struct device *dev = dmaengine_get_dma_device(chan);
	dma_addr_t src, dst;
	int error = -ENOMEM;

	src = dma_map_single(dev, from, EXAMPLE_COPY_BYTES, DMA_TO_DEVICE);
	if (dma_mapping_error(dev, src))
		return error;
	dst = dma_map_single(dev, to, EXAMPLE_COPY_BYTES, DMA_FROM_DEVICE);
	if (dma_mapping_error(dev, dst))
		goto out_src;
	error = run(chan, dmaengine_prep_dma_memcpy(chan, dst, src, EXAMPLE_COPY_BYTES, DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
	dma_unmap_single(dev, dst, EXAMPLE_COPY_BYTES, DMA_FROM_DEVICE);
	if (!error && memcmp(from, to, EXAMPLE_COPY_BYTES))
		error = -EIO;
out_src:
	dma_unmap_single(dev, src, EXAMPLE_COPY_BYTES, DMA_TO_DEVICE);
	return error;
}

static int copy_all(struct dma_chan *chan, struct example_result *result)
{
	u8 *from = kmalloc(EXAMPLE_COPY_BYTES, GFP_KERNEL), *to = kzalloc(EXAMPLE_COPY_BYTES, GFP_KERNEL);
	int error = from && to ? 0 : -ENOMEM;

	for (unsigned int i = 0; i < EXAMPLE_COPIES && !error; i++) {
		for (unsigned int k = 0; k < EXAMPLE_COPY_BYTES; k++)
			from[k] = (u8)(k * 7 + k / 256 + i);
		error = copy_once(chan, from, to);
		result->copies += !error;
	}
	kfree(from);
	kfree(to);
	return error;
}

static int send_text(struct dma_chan *chan, struct example_result *result)
{
	struct pqdma_slave slave = { .line = EXAMPLE_LINE };
	struct dma_slave_config config = { .direction = DMA_MEM_TO_DEV, .dst_addr = EXAMPLE_SERIAL, .dst_maxburst = 1,
					   .dst_addr_width = DMA_SLAVE_BUSWIDTH_4_BYTES, .peripheral_config = &slave,
					   .peripheral_size = sizeof(slave) };
	struct device *dev = dmaengine_get_dma_device(chan);
	u8 *text = kmalloc(sizeof(result->text), GFP_KERNEL);
	struct scatterlist sg;
	int error = text ? dmaengine_slave_config(chan, &config) : -ENOMEM;

	if (error)
		goto out_text;
	for (unsigned int i = 0; i < sizeof(result->text); i++)
		text[i] = result->text[i] = (unsigned char)('a' + i % 26);
	sg_init_one(&sg, text, sizeof(result->text));
	error = dma_map_sg(dev, &sg, 1, DMA_TO_DEVICE) == 1 ? 0 : -ENOMEM;
	if (error)
		goto out_text;
	error = run(chan, dmaengine_prep_slave_sg(chan, &sg, 1, DMA_MEM_TO_DEV, DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
	dma_unmap_sg(dev, &sg, 1, DMA_TO_DEVICE);
	result->words = error ? 0 : EXAMPLE_WORDS;
out_text:
	kfree(text);
	return error;
}

static int use_channel(int (*use)(struct dma_chan *chan, struct example_result *result), struct example_result *result)
{
	struct dma_chan *chan;
	dma_cap_mask_t mask;
	int error;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	chan = dma_request_chan_by_mask(&mask);
	if (IS_ERR(chan))
		return (int)PTR_ERR(chan);
	error = use(chan, result);
	dmaengine_terminate_sync(chan);
	dma_release_channel(chan);
	return error;
}

int example_client(void *arg)
{
	struct example_result *result = arg;
	int error = kernel_board_up(PQDMA_CHANNELS);

	if (error)
		return error;
	error = use_channel(copy_all, result);
	if (!error)
		error = use_channel(send_text, result);
	kernel_board_down();
	return error;
}
