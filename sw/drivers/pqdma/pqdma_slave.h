/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * pqdma: what clients with a peripheral tell the driver beside struct dma_slave_config.
 *
 *	struct pqdma_slave slave = { .line = 3 };
 *	struct dma_slave_config config = { .dst_addr = fifo, .dst_addr_width = DMA_SLAVE_BUSWIDTH_4_BYTES, .dst_maxburst = 8,
 *					   .peripheral_config = &slave, .peripheral_size = sizeof(slave) };
 *
 * A client that does not know its line gets it from the board: struct dma_slave_map with pqdma_filter(), and dma_request_chan().
 */
#ifndef PQDMA_SLAVE_H
#define PQDMA_SLAVE_H

#include <linux/dmaengine.h>
#include <linux/types.h>

/** enum pqdma_access - which addresses of the peripheral are used */
enum pqdma_access {
	PQDMA_ACCESS_FIXED,
	PQDMA_ACCESS_INCREMENTING,
	PQDMA_ACCESS_DECREMENTING,
};

/**
 * struct pqdma_slave - peripheral_config of struct dma_slave_config
 * @line:         request line
 * @free_running: the peripheral has none: nothing waits
 * @access:       its addresses; a port window of struct dma_slave_config increments within the window
 * @memory_down:  memory is used word by word from the end of each entry to its beginning
 * @timeout:      clocks that the line may not ask before the transfer fails; 0: for ever. For the whole channel, at once
 * @priority:     class of the channel, 0 to 3: while a higher one can go on a lower one waits. Changed only while nothing is under way
 * @weight:       strips in a row, 0 to 15, before another channel of the class has its turn; likewise
 * @irq_count:    completions for one interrupt; 0 and 1: each. For the whole channel, at once
 * @irq_clocks:   clocks after which the first of them interrupts at the latest; not 0 if there is a count
 */
struct pqdma_slave {
	u32 line;
	bool free_running;
	enum pqdma_access access;
	bool memory_down;
	u32 timeout;
	u8 priority;
	u8 weight;
	u8 irq_count;
	u32 irq_clocks;
};

/**
 * struct pqdma_metadata - what the controller has to say about a transaction: descriptor metadata, client or engine mode
 * @bytes: moved, whatever the length was
 * @error: cause, one of PQDMA_ERR_*; 0: none
 * @found: enum sum_check_flags of a validation
 *
 * It is written before the callback. A client says before it submits that it wants it; for lists and peripherals it is always there.
 */
struct pqdma_metadata {
	u64 bytes;
	u32 error;
	u32 found;
};

/**
 * struct pqdma_platform_data - what the board knows
 * @slave_map: which device gets which line under which name; each @param is a const struct pqdma_slave *
 * @slave_cnt: entries
 * @contexts:  the IOMMU tells channels apart: each has a device of its own, for which its clients map (dmaengine_get_dma_device()).
 *             Channels are private then, since those who share one take it that all of a controller have one device
 */
struct pqdma_platform_data {
	const struct dma_slave_map *slave_map;
	int slave_cnt;
	bool contexts;
};

/**
 * pqdma_filter() - for dma_request_channel() and struct dma_slave_map: any channel of a controller of this kind
 * @chan:  a free channel
 * @slave: const struct pqdma_slave *, which becomes the channel's until its client configures another one
 *
 * Return: true if the channel's controller has the line. May sleep.
 */
bool pqdma_filter(struct dma_chan *chan, void *slave);

#endif
