// SPDX-License-Identifier: MIT
/*
 * Between clients and a provider's prep functions: which line prepared which bytes is kept for a report of what goes wrong
 * with them, and both sides of the contract are looked at.
 */
#include "dmaengine/dmaengine.h"
#include "dmaengine/core.h"

#include <linux/slab.h>
#include "kernel/kernel_priv.h"
#include "kernel/trace.h"
#include "mapping/mapping.h"

/* Who prepares next, from the macros in linux/dmaengine.h. */
static const struct dma_chan *here_chan;
static const char *here;

struct dma_chan *dma_prep_here(struct dma_chan *chan, const char *where)
{
	here_chan = chan;
	here = where;
	return chan;
}

static const struct dma_device *begin(const struct dma_chan *chan)
{
	if (!chan->client_count)
		kernel_problem("%s: prepared on a channel that nobody has", dma_chan_name((struct dma_chan *)chan));
	mapping_note_prep(here_chan == chan ? here : NULL);
	here_chan = NULL;
	return chan->device->provider;
}

static void note_each(const dma_addr_t *addr, unsigned int n, size_t len)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		mapping_note_range(addr[i], len);
}

static void note_sums(const dma_addr_t *pq, unsigned long flags, size_t len)
{
	if (!(flags & DMA_PREP_PQ_DISABLE_P))
		mapping_note_range(pq[0], len);
	if (!(flags & DMA_PREP_PQ_DISABLE_Q))
		mapping_note_range(pq[1], len);
}

static void note_list(struct scatterlist *sgl, unsigned int nents)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sg(sgl, sg, nents, i)
		mapping_note_range(sg_dma_address(sg), sg_dma_len(sg));
}

/* What async_tx relies on: a descriptor that is not submitted yet does not look complete, and waits for nobody. */
static struct dma_async_tx_descriptor *check_prepared(struct dma_chan *chan, struct dma_async_tx_descriptor *tx)
{
	if (!tx)
		return NULL;
	if (tx->chan != chan || !tx->tx_submit)
		kernel_problem("%s: prepared without channel or tx_submit", dma_chan_name(chan));
	if (dma_has_cap(DMA_ASYNC_TX, chan->device->cap_mask) && tx->cookie != -EBUSY)
		kernel_problem("%s: prepared with cookie %d, not -EBUSY: it looks submitted", dma_chan_name(chan), tx->cookie);
	if (txd_parent(tx) || txd_next(tx))
		kernel_problem("%s: prepared with an old dependency", dma_chan_name(chan));
	return tx;
}

static struct dma_async_tx_descriptor *noted_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
						     unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	mapping_note_range(dst, len);
	mapping_note_range(src, len);
	return check_prepared(chan, (real->device_prep_dma_memcpy)(chan, dst, src, len, flags));
}

static struct dma_async_tx_descriptor *noted_xor(struct dma_chan *chan, dma_addr_t dst, dma_addr_t *src, unsigned int src_cnt,
						 size_t len, unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	mapping_note_range(dst, len);
	note_each(src, src_cnt, len);
	return check_prepared(chan, (real->device_prep_dma_xor)(chan, dst, src, src_cnt, len, flags));
}

static struct dma_async_tx_descriptor *noted_xor_val(struct dma_chan *chan, dma_addr_t *src, unsigned int src_cnt, size_t len,
						     enum sum_check_flags *result, unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	note_each(src, src_cnt, len);
	return check_prepared(chan, (real->device_prep_dma_xor_val)(chan, src, src_cnt, len, result, flags));
}

static struct dma_async_tx_descriptor *noted_pq(struct dma_chan *chan, dma_addr_t *dst, dma_addr_t *src, unsigned int src_cnt,
						const unsigned char *scf, size_t len, unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	note_sums(dst, flags, len);
	note_each(src, src_cnt, len);
	return check_prepared(chan, (real->device_prep_dma_pq)(chan, dst, src, src_cnt, scf, len, flags));
}

static struct dma_async_tx_descriptor *noted_pq_val(struct dma_chan *chan, dma_addr_t *pq, dma_addr_t *src, unsigned int src_cnt,
						    const unsigned char *scf, size_t len, enum sum_check_flags *result,
						    unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	note_sums(pq, flags, len);
	note_each(src, src_cnt, len);
	return check_prepared(chan, (real->device_prep_dma_pq_val)(chan, pq, src, src_cnt, scf, len, result, flags));
}

static struct dma_async_tx_descriptor *noted_memset(struct dma_chan *chan, dma_addr_t dst, int value, size_t len, unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	mapping_note_range(dst, len);
	return check_prepared(chan, (real->device_prep_dma_memset)(chan, dst, value, len, flags));
}

static struct dma_async_tx_descriptor *noted_memset_sg(struct dma_chan *chan, struct scatterlist *sgl, unsigned int nents, int value,
						       unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	note_list(sgl, nents);
	return check_prepared(chan, (real->device_prep_dma_memset_sg)(chan, sgl, nents, value, flags));
}

static struct dma_async_tx_descriptor *noted_interrupt(struct dma_chan *chan, unsigned long flags)
{
	return check_prepared(chan, (begin(chan)->device_prep_dma_interrupt)(chan, flags));
}

static struct dma_async_tx_descriptor *noted_slave_sg(struct dma_chan *chan, struct scatterlist *sgl, unsigned int nents,
						      enum dma_transfer_direction dir, unsigned long flags, void *context)
{
	const struct dma_device *real = begin(chan);

	note_list(sgl, nents);
	return check_prepared(chan, (real->device_prep_slave_sg)(chan, sgl, nents, dir, flags, context));
}

static struct dma_async_tx_descriptor *noted_cyclic(struct dma_chan *chan, dma_addr_t addr, size_t len, size_t period,
						    enum dma_transfer_direction dir, unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	mapping_note_range(addr, len);
	return check_prepared(chan, (real->device_prep_dma_cyclic)(chan, addr, len, period, dir, flags));
}

/* From the first byte of the first frame to the last of the last, gaps included. */
static size_t span_of(struct dma_interleaved_template *xt, bool inc, size_t (*gap)(struct dma_interleaved_template *, struct data_chunk *))
{
	size_t frame = 0, i;

	for (i = 0; i < xt->frame_size; i++)
		frame += xt->sgl[i].size + gap(xt, &xt->sgl[i]);
	return inc ? frame * xt->numf : frame;
}

static struct dma_async_tx_descriptor *noted_interleaved(struct dma_chan *chan, struct dma_interleaved_template *xt, unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	mapping_note_range(xt->dst_start, span_of(xt, xt->dst_inc, dmaengine_get_dst_icg));
	mapping_note_range(xt->src_start, span_of(xt, xt->src_inc, dmaengine_get_src_icg));
	return check_prepared(chan, (real->device_prep_interleaved_dma)(chan, xt, flags));
}

static struct dma_async_tx_descriptor *noted_imm_data(struct dma_chan *chan, dma_addr_t dst, u64 data, unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	mapping_note_range(dst, sizeof(data));
	return check_prepared(chan, (real->device_prep_dma_imm_data)(chan, dst, data, flags));
}

static struct dma_async_tx_descriptor *noted_sg(struct dma_chan *chan, struct scatterlist *dst, unsigned int dst_nents,
						struct scatterlist *src, unsigned int src_nents, unsigned long flags)
{
	const struct dma_device *real = begin(chan);

	note_list(dst, dst_nents);
	note_list(src, src_nents);
	return check_prepared(chan, (real->device_prep_dma_sg)(chan, dst, dst_nents, src, src_nents, flags));
}

void dma_trace(enum dma_traced what, const struct dma_async_tx_descriptor *tx)
{
	static const enum kernel_trace_kind kinds[] = {
		[DMA_TRACED_SUBMIT] = TRACE_SUBMIT,
		[DMA_TRACED_COMPLETE] = TRACE_COMPLETE,
		[DMA_TRACED_CALL] = TRACE_CALLBACK_BEGIN,
		[DMA_TRACED_RETURN] = TRACE_CALLBACK_END,
	};
	struct kernel_trace event = { .kind = kinds[what], .name = "callback", .object = tx };

	if (what == DMA_TRACED_SUBMIT || what == DMA_TRACED_COMPLETE) {
		event.channel = tx->chan->chan_id;
		event.number = (u64)tx->cookie;
	}
	kernel_trace_event(&event);
}

void dma_check_callback(void)
{
	if (cpu.spin_depth || cpu.irqs_off || cpu.hardirq)
		kernel_problem("a client is called back with %u spin locks, interrupts %s%s", cpu.spin_depth, cpu.irqs_off ? "off" : "on",
			       cpu.hardirq ? ", in a handler" : "");
}

static const struct dma_device noted = {
	.device_prep_dma_memcpy = noted_memcpy,
	.device_prep_dma_xor = noted_xor,
	.device_prep_dma_xor_val = noted_xor_val,
	.device_prep_dma_pq = noted_pq,
	.device_prep_dma_pq_val = noted_pq_val,
	.device_prep_dma_memset = noted_memset,
	.device_prep_dma_memset_sg = noted_memset_sg,
	.device_prep_dma_interrupt = noted_interrupt,
	.device_prep_slave_sg = noted_slave_sg,
	.device_prep_dma_cyclic = noted_cyclic,
	.device_prep_interleaved_dma = noted_interleaved,
	.device_prep_dma_imm_data = noted_imm_data,
	.device_prep_dma_sg = noted_sg,
};

/* Put a prep function of @from where @device has one. */
#define PUT(device, from, op) ((device)->op = (device)->op ? (from)->op : NULL)

static void put_preps(struct dma_device *device, const struct dma_device *from)
{
	PUT(device, from, device_prep_dma_memcpy);
	PUT(device, from, device_prep_dma_xor);
	PUT(device, from, device_prep_dma_xor_val);
	PUT(device, from, device_prep_dma_pq);
	PUT(device, from, device_prep_dma_pq_val);
	PUT(device, from, device_prep_dma_memset);
	PUT(device, from, device_prep_dma_memset_sg);
	PUT(device, from, device_prep_dma_interrupt);
	PUT(device, from, device_prep_slave_sg);
	PUT(device, from, device_prep_dma_cyclic);
	PUT(device, from, device_prep_interleaved_dma);
	PUT(device, from, device_prep_dma_imm_data);
	PUT(device, from, device_prep_dma_sg);
}

int dma_note_begin(struct dma_device *device)
{
	struct dma_device *provider = kmalloc(sizeof(*provider), GFP_KERNEL);

	if (!provider)
		return -ENOMEM;
	*provider = *device;
	device->provider = provider;
	put_preps(device, &noted);
	return 0;
}

void dma_note_end(struct dma_device *device)
{
	if (!device->provider)
		return;
	put_preps(device, device->provider);
	kfree(device->provider);
	device->provider = NULL;
}
