// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: peripherals. How a client talks to one, lists to and from it, and buffers that go round.
 */
#include "pqdma.h"

#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/slab.h>
#include "pqdma_regs.h"

/* A burst request stands for so many transfers at most. */
#define BURST_MAX 16

/**
 * struct window - registers of a peripheral, mapped until the channel is given back
 * @node: in the channel's list
 * @phys: where they are; @bus where the controller finds them
 * @size: bytes
 * @dir:  whether the controller reads or writes them
 */
struct window {
	struct list_head node;
	phys_addr_t phys;
	dma_addr_t bus;
	size_t size;
	enum dma_data_direction dir;
};

/**
 * struct port - the peripheral's side of a transfer
 * @bus:      address of the first word
 * @width:    bytes of a word
 * @burst:    words of a burst
 * @window:   bytes after which the address begins again; 0: never
 * @settings: word 6
 */
struct port {
	u64 bus;
	u32 width;
	u32 burst;
	u32 window;
	u64 settings;
};

static bool is_width(const struct pqdma *pqdma, u32 width)
{
	return width && is_power_of_2(width) && width <= pqdma->bus_bytes;
}

static bool is_slave(const struct pqdma *pqdma, const struct pqdma_slave *slave)
{
	if (slave->line >= pqdma->lines || slave->access > PQDMA_ACCESS_DECREMENTING)
		return false;
	if (slave->priority > FIELD_MAX(PQDMA_CFG_PRIORITY_MASK) || slave->weight > FIELD_MAX(PQDMA_CFG_WEIGHT_MASK))
		return false;
	/* Without a time the last ones would never interrupt. */
	return (slave->irq_count <= 1 || slave->irq_clocks) && slave->irq_clocks <= FIELD_MAX(PQDMA_IRQ_COAL_TIME_MASK);
}

static bool is_config(const struct pqdma *pqdma, const struct dma_slave_config *config)
{
	if (config->src_addr_width && !is_width(pqdma, config->src_addr_width))
		return false;
	if (config->dst_addr_width && !is_width(pqdma, config->dst_addr_width))
		return false;
	if (!config->peripheral_config)
		return !config->peripheral_size;
	return config->peripheral_size == sizeof(struct pqdma_slave) && is_slave(pqdma, config->peripheral_config);
}

/* Class and weight are taken over when the channel begins anew. Called with c->lock held. */
static int change_slave(struct pqdma_chan *c, const struct pqdma_slave *slave)
{
	const bool restart = slave->priority != c->slave.priority || slave->weight != c->slave.weight;

	if (c->gone)
		return -ENODEV;
	pqdma_ring_service(c);
	if (restart && pqdma_ring_is_busy(c))
		return -EBUSY;
	c->slave = *slave;
	pqdma_ring_tune(c);
	if (restart && !c->aborting)
		pqdma_ring_abort(c);
	return 0;
}

/* For what is prepared from now on. */
static int device_config(struct dma_chan *chan, struct dma_slave_config *config)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);

	unsigned long flags;
	int err = 0;

	if (!is_config(pqdma_of(c), config))
		return -EINVAL;
	spin_lock_irqsave(&c->lock, flags);
	if (config->peripheral_config)
		err = change_slave(c, config->peripheral_config);
	if (!err)
		c->config = *config;
	c->config.peripheral_config = NULL;
	spin_unlock_irqrestore(&c->lock, flags);
	return err;
}

/* Mappings */

static struct window *find_window(struct pqdma_chan *c, phys_addr_t phys, size_t size, enum dma_data_direction dir)
{
	struct window *w;

	list_for_each_entry(w, &c->windows, node)
		if (w->phys == phys && w->size == size && w->dir == dir)
			return w;
	return NULL;
}

static struct window *map_window(struct pqdma_chan *c, phys_addr_t phys, size_t size, enum dma_data_direction dir)
{
	struct window *w = READ_ONCE(c->gone) ? NULL : kzalloc(sizeof(*w), GFP_NOWAIT);

	if (!w)
		return NULL;
	w->phys = phys;
	w->size = size;
	w->dir = dir;
	w->bus = dma_map_resource(c->dma_dev, phys, size, dir, 0);
	if (dma_mapping_error(c->dma_dev, w->bus)) {
		kfree(w);
		return NULL;
	}
	list_add(&w->node, &c->windows);
	return w;
}

void pqdma_forget_peri(struct pqdma_chan *c)
{
	struct window *w, *next;

	list_for_each_entry_safe(w, next, &c->windows, node) {
		dma_unmap_resource(c->dma_dev, w->bus, w->size, w->dir, 0);
		list_del(&w->node);
		kfree(w);
	}
	c->config = (struct dma_slave_config){ 0 };
	c->slave = (struct pqdma_slave){ 0 };
}

/* The peripheral's side */

static u64 mode_of(const struct pqdma_slave *slave, u32 window)
{
	if (window)
		return PQDMA_MODE_UP;
	if (slave->access == PQDMA_ACCESS_FIXED)
		return PQDMA_MODE_FIXED;
	return slave->access == PQDMA_ACCESS_INCREMENTING ? PQDMA_MODE_UP : PQDMA_MODE_DOWN;
}

static u64 side(bool is_dst, u32 width, u64 mode)
{
	u64 log = (u64)ilog2(width);

	if (is_dst)
		return FIELD_PREP(PQDMA_SETTINGS_DST_WIDTH_MASK, log) | FIELD_PREP(PQDMA_SETTINGS_DST_MODE_MASK, mode);
	return FIELD_PREP(PQDMA_SETTINGS_SRC_WIDTH_MASK, log) | FIELD_PREP(PQDMA_SETTINGS_SRC_MODE_MASK, mode);
}

/* Memory is used in whole bus words, unless it has to be used backwards. */
static u64 settings_of(const struct pqdma_chan *c, const struct port *port, bool to_dev)
{
	const struct pqdma_slave *slave = &c->slave;
	const u32 width = slave->memory_down ? port->width : pqdma_of((struct pqdma_chan *)c)->bus_bytes;

	return FIELD_PREP(PQDMA_SETTINGS_LINE_MASK, (u64)slave->line) |
	       FIELD_PREP(PQDMA_SETTINGS_PACED_MASK, (u64)!slave->free_running) |
	       FIELD_PREP(PQDMA_SETTINGS_DST_DEV_MASK, (u64)to_dev) |
	       FIELD_PREP(PQDMA_SETTINGS_BURST_MASK, (u64)ilog2(port->burst)) |
	       side(to_dev, port->width, mode_of(slave, port->window)) |
	       side(!to_dev, width, slave->memory_down ? PQDMA_MODE_DOWN : PQDMA_MODE_UP);
}

/* Bursts no longer than the client allows, and than the controller can make them. */
static u32 burst_of(const struct pqdma *pqdma, u32 maxburst, u32 width)
{
	u32 most = min_t(u32, BURST_MAX, pqdma->strip_bytes / width);

	return rounddown_pow_of_two(clamp_t(u32, maxburst, 1, most));
}

/* Everything but the address. */
static bool get_port(struct pqdma_chan *c, bool to_dev, struct port *port)
{
	const struct dma_slave_config *config = &c->config;
	const u32 words = to_dev ? config->dst_port_window_size : config->src_port_window_size;

	port->width = to_dev ? config->dst_addr_width : config->src_addr_width;
	if (!is_width(pqdma_of(c), port->width))
		return false;
	port->burst = burst_of(pqdma_of(c), to_dev ? config->dst_maxburst : config->src_maxburst, port->width);
	port->window = words > 1 ? words * port->width : 0;
	port->settings = settings_of(c, port, to_dev);
	return true;
}

/* The registers that a transfer of @len bytes uses, from the one at @addr on. */
static struct window *get_window(struct pqdma_chan *c, const struct port *port, phys_addr_t addr, bool to_dev, size_t len)
{
	const enum dma_data_direction dir = to_dev ? DMA_FROM_DEVICE : DMA_TO_DEVICE;
	size_t size = port->window ? port->window : c->slave.access == PQDMA_ACCESS_FIXED ? port->width : len;
	phys_addr_t first = c->slave.access == PQDMA_ACCESS_DECREMENTING && !port->window ? addr - (size - port->width) : addr;
	struct window *w;

	if (addr % port->width)
		return NULL;
	w = find_window(c, first, size, dir);
	return w ? w : map_window(c, first, size, dir);
}

static bool open_port(struct pqdma_chan *c, bool to_dev, size_t longest, struct port *port)
{
	const phys_addr_t addr = to_dev ? c->config.dst_addr : c->config.src_addr;
	unsigned long flags;
	struct window *w;

	if (!get_port(c, to_dev, port))
		return false;
	spin_lock_irqsave(&c->lock, flags);
	w = get_window(c, port, addr, to_dev, longest);
	spin_unlock_irqrestore(&c->lock, flags);
	if (!w)
		return false;
	port->bus = w->bus + (addr - w->phys);
	return true;
}

/* Transfers */

static bool is_entry(const struct port *port, u64 addr, u64 len, bool memory_down)
{
	return pqdma_is_range(addr, len) && len % port->width == 0 && (!memory_down || addr % port->width == 0);
}

static u32 piece_max(const struct port *port)
{
	return port->window ? port->window : PQDMA_PIECE_MAX;
}

static size_t pieces_of(const struct port *port, u64 len)
{
	return (size_t)((len + piece_max(port) - 1) / piece_max(port));
}

/* One entry of a list, or one chunk. */
static void add_entry(struct pqdma_chan *c, struct pqdma_desc *d, const struct port *port, bool to_dev, u64 addr, u64 len)
{
	const bool down = c->slave.memory_down;
	u64 memory = down ? addr + len - port->width : addr;

	while (len) {
		u32 part = (u32)min_t(u64, len, piece_max(port));

		if (to_dev)
			pqdma_add(d, memory, port->bus, part);
		else
			pqdma_add(d, port->bus, memory, part);
		memory = down ? memory - part : memory + part;
		len -= part;
	}
}

static struct pqdma_desc *prep_peri(struct pqdma_chan *c, const struct port *port, size_t room, unsigned long flags)
{
	struct pqdma_desc *d = pqdma_prep(c, PQDMA_OP_COPY, room, flags);

	if (!d)
		return NULL;
	d->hw_flags = PQDMA_FLAG_PERI;
	d->settings = port->settings;
	return d;
}

static size_t longest_of(struct scatterlist *sgl, unsigned int nents)
{
	struct scatterlist *sg;
	size_t longest = 0;
	unsigned int i;

	for_each_sg(sgl, sg, nents, i)
		longest = max_t(size_t, longest, sg_dma_len(sg));
	return longest;
}

/* Pieces of all entries; 0 if one of them is none. */
static size_t count_list(struct pqdma_chan *c, const struct port *port, struct scatterlist *sgl, unsigned int nents)
{
	struct scatterlist *sg;
	unsigned int i;
	size_t n = 0;

	for_each_sg(sgl, sg, nents, i) {
		if (!is_entry(port, sg_dma_address(sg), sg_dma_len(sg), c->slave.memory_down))
			return 0;
		n += pieces_of(port, sg_dma_len(sg));
	}
	return n;
}

static bool is_to_or_from(enum dma_transfer_direction dir)
{
	return dir == DMA_MEM_TO_DEV || dir == DMA_DEV_TO_MEM;
}

static struct dma_async_tx_descriptor *prep_slave_sg(struct dma_chan *chan, struct scatterlist *sgl, unsigned int nents,
						     enum dma_transfer_direction dir, unsigned long flags, void *context)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	const bool to_dev = dir == DMA_MEM_TO_DEV;
	struct scatterlist *sg;
	struct pqdma_desc *d;
	struct port port;
	unsigned int i;
	size_t n;

	(void)context;
	if (!is_to_or_from(dir) || !nents || !open_port(c, to_dev, longest_of(sgl, nents), &port))
		return NULL;
	n = count_list(c, &port, sgl, nents);
	d = n ? prep_peri(c, &port, n, flags) : NULL;
	if (!d)
		return NULL;
	/* How much of it was moved is the peripheral's to say. */
	d->hw_flags |= PQDMA_FLAG_WB;
	for_each_sg(sgl, sg, nents, i)
		add_entry(c, d, &port, to_dev, sg_dma_address(sg), sg_dma_len(sg));
	return &d->tx;
}

/* Periods have a descriptor each, so a window ends none of them early. */
static bool are_periods(const struct port *port, u64 addr, u64 len, size_t period, bool memory_down)
{
	return period && len % period == 0 && len <= PQDMA_PIECE_MAX && len / period <= PQDMA_RING && period <= piece_max(port) &&
	       is_entry(port, addr, len, memory_down) && period % port->width == 0;
}

static struct dma_async_tx_descriptor *prep_dma_cyclic(struct dma_chan *chan, dma_addr_t addr, size_t len, size_t period,
						       enum dma_transfer_direction dir, unsigned long flags)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);
	const bool to_dev = dir == DMA_MEM_TO_DEV;
	struct pqdma_desc *d;
	struct port port;
	size_t at;

	if (!is_to_or_from(dir) || !open_port(c, to_dev, period, &port))
		return NULL;
	if (!are_periods(&port, addr, len, period, c->slave.memory_down))
		return NULL;
	d = prep_peri(c, &port, len / period, flags);
	if (!d)
		return NULL;
	d->cyclic = true;
	for (at = 0; at < len; at += period)
		add_entry(c, d, &port, to_dev, addr + at, period);
	return &d->tx;
}

/* Frames and a peripheral: a template has bus addresses, so its client has mapped what is there. */

static size_t memory_gap(struct dma_interleaved_template *xt, size_t i, bool to_dev)
{
	return to_dev ? dmaengine_get_src_icg(xt, &xt->sgl[i]) : dmaengine_get_dst_icg(xt, &xt->sgl[i]);
}

static bool are_chunks(const struct dma_interleaved_template *xt, const struct port *port)
{
	size_t i;

	for (i = 0; i < xt->frame_size; i++)
		if (!xt->sgl[i].size || xt->sgl[i].size % port->width || xt->sgl[i].size > piece_max(port))
			return false;
	return true;
}

static struct dma_async_tx_descriptor *prep_frames(struct pqdma_chan *c, struct dma_interleaved_template *xt, unsigned long flags)
{
	const bool to_dev = xt->dir == DMA_MEM_TO_DEV;
	u64 memory = to_dev ? xt->src_start : xt->dst_start;
	struct pqdma_desc *d;
	struct port port;
	size_t frame, i;

	if (!(to_dev ? xt->src_inc : xt->dst_inc) || c->slave.memory_down || !get_port(c, to_dev, &port) || !are_chunks(xt, &port))
		return NULL;
	port.bus = to_dev ? xt->dst_start : xt->src_start;
	d = prep_peri(c, &port, xt->numf * xt->frame_size, flags);
	if (!d)
		return NULL;
	d->hw_flags |= PQDMA_FLAG_WB;
	for (frame = 0; frame < xt->numf; frame++) {
		for (i = 0; i < xt->frame_size; i++) {
			add_entry(c, d, &port, to_dev, memory, xt->sgl[i].size);
			memory += xt->sgl[i].size + memory_gap(xt, i, to_dev);
		}
	}
	return &d->tx;
}

static struct dma_async_tx_descriptor *prep_interleaved(struct dma_chan *chan, struct dma_interleaved_template *xt, unsigned long flags)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);

	if (!xt->numf || !xt->frame_size)
		return NULL;
	if (xt->dir == DMA_MEM_TO_MEM)
		return pqdma_prep_rows(c, xt, flags);
	return is_to_or_from(xt->dir) && pqdma_of(c)->lines ? prep_frames(c, xt, flags) : NULL;
}

/* Widths as bits; a mask of 32 bits has none for what is wider than 16 bytes. */
static u32 widths(unsigned int bus_bytes)
{
	u32 width, mask = 0;

	for (width = 1; width <= min_t(u32, bus_bytes, DMA_SLAVE_BUSWIDTH_16_BYTES); width *= 2)
		mask |= (u32)BIT(width);
	return mask;
}

static void setup_lines(struct pqdma *pqdma)
{
	const struct pqdma_platform_data *board = dev_get_platdata(pqdma->dev);
	struct dma_device *dma = &pqdma->dma;

	dma_cap_set(DMA_SLAVE, dma->cap_mask);
	dma_cap_set(DMA_CYCLIC, dma->cap_mask);
	dma->src_addr_widths = widths(pqdma->bus_bytes);
	dma->dst_addr_widths = widths(pqdma->bus_bytes);
	dma->directions |= BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM);
	dma->min_burst = 1;
	dma->max_burst = BURST_MAX;
	dma->descriptor_reuse = true;
	dma->device_config = device_config;
	dma->device_prep_slave_sg = prep_slave_sg;
	dma->device_prep_dma_cyclic = prep_dma_cyclic;
	if (!board)
		return;
	dma->filter.fn = pqdma_filter;
	dma->filter.map = board->slave_map;
	dma->filter.mapcnt = board->slave_cnt;
}

void pqdma_setup_peri(struct pqdma *pqdma, u32 cap1)
{
	u32 cap0 = readl(pqdma->regs + PQDMA_REG_CAP0);

	pqdma->bus_bytes = 1u << FIELD_GET(PQDMA_CAP0_DATA_LOG2_MASK, cap0);
	pqdma->strip_bytes = 1u << FIELD_GET(PQDMA_CAP0_STRIP_LOG2_MASK, cap0);
	if (cap1 & PQDMA_CAP1_TWO_D_MASK) {
		dma_cap_set(DMA_INTERLEAVE, pqdma->dma.cap_mask);
		dma_cap_set(DMA_REPEAT, pqdma->dma.cap_mask);
		dma_cap_set(DMA_LOAD_EOT, pqdma->dma.cap_mask);
		pqdma->dma.device_prep_interleaved_dma = prep_interleaved;
	}
	if (!(cap1 & PQDMA_CAP1_PERI_MASK))
		return;
	pqdma->lines = FIELD_GET(PQDMA_CAP1_LINES_MASK, cap1);
	setup_lines(pqdma);
}

bool pqdma_filter(struct dma_chan *chan, void *slave)
{
	struct pqdma_chan *c = to_pqdma_chan(chan);

	if (chan->device->device_config != device_config || !is_slave(pqdma_of(c), slave))
		return false;
	c->slave = *(const struct pqdma_slave *)slave;
	return true;
}
EXPORT_SYMBOL_GPL(pqdma_filter);
