// SPDX-License-Identifier: MIT
/*
 * Lists to and from peripherals: what a client configures is what the bus shows, every byte arrives once and in order, and a residue, an
 * end that the peripheral sets, a line that does not ask and a terminate are what they should be.
 */
#include "driver_peri.h"

#define BUS ((unsigned int)__builtin_ctz(PQDMA_BYTES))	/* log2 of the bytes of the bus */
#define ROUNDS 6
#define ENTRIES 4
#define PIECES 6
#define LIMIT 1500000
#define ROUNDS_A_CHANNEL ((ROUNDS + PQDMA_CHANNELS - 1) / PQDMA_CHANNELS)
#define ARENA (16384 + ROUNDS_A_CHANNEL * ENTRIES * PIECES * PQDMA_STRIP_BYTES)
#define TIMEOUT 300
#define WINDOW 4

/* As wide and as long as it may be, so that pieces fit into a strip. */
static struct peripheral_config draw(struct bench *b, bool tx)
{
	struct rng *rng = test_rng(b);
	const unsigned int width = rng_below(rng, BUS + 1);
	unsigned int burst = rng_below(rng, 5);

	while (1u << (width + burst) > PQDMA_STRIP_BYTES)
		burst--;
	return (struct peripheral_config){
		.tx = tx,
		.width = width,
		.burst = burst,
		.depth = 2u << burst,
		.asks = burst ? PERIPHERAL_SINGLE | PERIPHERAL_BURST : PERIPHERAL_SINGLE,
		.singles = rng_below(rng, 3) * 20,
		.patience = 40,
		.delay = rng_below(rng, PERIPHERAL_DELAY + 1),
		.period = 1 + rng_below(rng, 6),
		.jitter = rng_below(rng, 5),
	};
}

/* Entries of whole words, as many as some pieces have. */
static size_t draw_sizes(struct bench *b, const struct peripheral_config *config, size_t *size, unsigned int nents)
{
	size_t sum = 0;

	for (unsigned int i = 0; i < nents; i++) {
		size[i] = (size_t)rng_range(test_rng(b), 1, PIECES << config->burst) << config->width;
		sum += size[i];
	}
	return sum;
}

static void need_lines(struct bench *b)
{
	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_PERI_MASK))
		test_skip(b, "PERI is not built");
}

static struct driver *up(struct bench *b)
{
	need_lines(b);
	return driver_up(b, ARENA);
}

/* A channel that has nothing to do with it goes on. */
static void go_down(struct driver *d)
{
	driver_send(driver_copy(d, PQDMA_CHANNELS - 1, 100, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	driver_down(d);
}

TEST(driver_slave_out, "lists to transmitters of all widths and bursts: every byte goes out once, in order, in pieces that were asked for",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	uint64_t dacks = 0;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		const struct peripheral_config config = draw(b, true);
		struct peripheral *with = peri_attach(p, rng_below(test_rng(b), PQDMA_LINES), &config);
		size_t size[ENTRIES];
		const size_t sum = draw_sizes(b, &config, size, ENTRIES);
		struct transfer *t = peri_out(p, round % PQDMA_CHANNELS, with, size, ENTRIES, DMA_PREP_INTERRUPT);

		peri_send(t);
		peri_wait(t, 1);
		CHECK(t->result.result == DMA_TRANS_NOERROR && !t->result.residue);
		while (with->stream_size < sum)
			kernel_sleep_clocks(20);
		peri_check(t, sum);
		CHECK_EQ(with->stats.moved << config.width, sum);
		dacks += with->stats.dacks;
	}
	CHECK(dacks >= ROUNDS * ENTRIES);
	go_down(d);
}

TEST(driver_slave_in, "lists from receivers of all widths and bursts: every byte stands where it should, and no other has changed",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	uint64_t dacks = 0;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		const struct peripheral_config config = draw(b, false);
		struct peripheral *with = peri_attach(p, rng_below(test_rng(b), PQDMA_LINES), &config);
		size_t size[ENTRIES];
		const size_t sum = draw_sizes(b, &config, size, ENTRIES);
		struct transfer *t = peri_in(p, round % PQDMA_CHANNELS, with, size, ENTRIES, DMA_PREP_INTERRUPT);

		peri_feed(p, with, (uint32_t)sum, false);
		peri_send(t);
		peri_wait(t, 1);
		CHECK(t->result.result == DMA_TRANS_NOERROR && !t->result.residue);
		peri_check(t, sum);
		CHECK_EQ(with->stats.moved << config.width, sum);
		dacks += with->stats.dacks;
	}
	CHECK(dacks >= ROUNDS * ENTRIES);
	go_down(d);
}

TEST(driver_slave_loop, "a pair of peripherals in a loop, one channel sends while another receives: what comes back is what was sent",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct peripheral_config out = { .tx = true, .width = 2, .burst = 2, .depth = 16, .asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST,
					 .patience = 30, .latency = 7 }, in = out;
	const size_t size[] = { 256, 64, 512 };
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct transfer *send, *receive;
	struct peripheral *tx, *rx;

	if (PQDMA_LINES < 2 || PQDMA_CHANNELS < 2)
		test_skip(b, "it needs two lines and two channels");
	in.tx = false;
	tx = peri_attach(p, 0, &out);
	rx = peri_attach(p, PQDMA_LINES - 1, &in);
	peripheral_link(tx, rx);
	receive = peri_in(p, 1, rx, size, ARRAY_SIZE(size), DMA_PREP_INTERRUPT);
	send = peri_out(p, 0, tx, size, ARRAY_SIZE(size), DMA_PREP_INTERRUPT);
	peri_send(receive);
	peri_send(send);
	peri_wait(receive, 1);
	CHECK_EQ(send->calls, 1);
	peri_check(send, send->len);
	memcpy(rx->stream, tx->stream, tx->stream_size);
	rx->stream_size = tx->stream_size;
	peri_check(receive, receive->len);
	CHECK_EQ(rx->stats.moved * 4, receive->len);
	go_down(d);
}

TEST(driver_slave_caps, "what a channel can do for a peripheral is what the hardware has, and what it cannot is refused", .moves = true,
     .software = true)
{
	const struct peripheral_config config = { .tx = true, .width = 0, .asks = PERIPHERAL_SINGLE, .depth = 4 };
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &config);
	struct pqdma_slave slave;
	struct dma_slave_config good = peri_config(p, with, &slave), bad;
	struct dma_chan *chan = d->chan[0];
	struct dma_slave_caps caps;

	CHECK_EQ(dma_get_slave_caps(chan, &caps), 0);
	CHECK_EQ(caps.directions, BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM) | BIT(DMA_MEM_TO_MEM));
	for (unsigned int width = 1; width <= 16; width *= 2)
		CHECK_EQ(caps.src_addr_widths >> width & caps.dst_addr_widths >> width & 1, width <= PQDMA_BYTES);
	CHECK(caps.max_burst == 16 && caps.cmd_pause && caps.cmd_resume && caps.cmd_terminate && caps.descriptor_reuse);
	CHECK(caps.residue_granularity == DMA_RESIDUE_GRANULARITY_BURST);
	CHECK(!dmaengine_prep_slave_single(chan, d->src[0].bus, 4, DMA_MEM_TO_DEV, DMA_CTRL_ACK));
	bad = good;
	bad.dst_addr_width = DMA_SLAVE_BUSWIDTH_3_BYTES;
	CHECK(dmaengine_slave_config(chan, &bad) == -EINVAL);
	bad.dst_addr_width = DMA_SLAVE_BUSWIDTH_128_BYTES;
	CHECK(dmaengine_slave_config(chan, &bad) == -EINVAL);
	bad = good;
	bad.peripheral_size--;
	CHECK(dmaengine_slave_config(chan, &bad) == -EINVAL);
	slave.line = PQDMA_LINES;
	CHECK(dmaengine_slave_config(chan, &good) == -EINVAL);
	slave.line = 0;
	good.dst_addr_width = DMA_SLAVE_BUSWIDTH_4_BYTES;
	CHECK_EQ(dmaengine_slave_config(chan, &good), 0);
	CHECK(!dmaengine_prep_slave_single(chan, d->src[0].bus, 6, DMA_MEM_TO_DEV, DMA_CTRL_ACK));
	CHECK(!dmaengine_prep_slave_single(chan, d->src[0].bus, 0, DMA_MEM_TO_DEV, DMA_CTRL_ACK));
	CHECK(!dmaengine_prep_slave_single(chan, d->src[0].bus, 4, DMA_MEM_TO_MEM, DMA_CTRL_ACK));
	good.dst_addr++;
	CHECK_EQ(dmaengine_slave_config(chan, &good), 0);
	CHECK(!dmaengine_prep_slave_single(chan, d->src[0].bus, 4, DMA_MEM_TO_DEV, DMA_CTRL_ACK));
	go_down(d);
}

/* A FIFO whose registers are a window, or that is used backwards, without a line: memory behind the peripheral's window stands for it. */
static size_t run_free(struct peri *p, struct pqdma_slave *slave, u32 window, size_t size)
{
	const struct peripheral_config plain = { .tx = true, .width = 2, .depth = PERIPHERAL_DEPTH };
	struct peripheral *with = peri_attach(p, 0, &plain);
	struct pqdma_slave own;
	struct dma_slave_config config = peri_config(p, with, &own);
	struct transfer *t = peri_place(p, 0, with, &size, 1);
	struct bench *b = p->d->b;

	if (slave->memory_down)
		sg_dma_address(&t->sg[0]) = p->d->src[0].bus + (t->offset[0] = (t->offset[0] + 3) & ~3ul);
	config.peripheral_config = slave;
	config.dst_port_window_size = window;
	config.dst_addr += slave->access == PQDMA_ACCESS_DECREMENTING ? PERIPHERAL_WINDOW - 4 : 0;
	CHECK_EQ(dmaengine_slave_config(p->d->chan[0], &config), 0);
	peri_give(t, dmaengine_prep_slave_sg(p->d->chan[0], t->sg, 1, DMA_MEM_TO_DEV, DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
	peri_send(t);
	peri_wait(t, 1);
	while (with->stream_size < size)
		kernel_sleep_clocks(10);
	for (size_t at = 0; at < size; at++)
		CHECK_EQ(with->stream[at], p->d->src[0].cpu[t->offset[0] + (slave->memory_down ? (size - 4 - (at & ~3ul)) + at % 4 : at)]);
	p->d->other += size + 8 * (window ? DIV_ROUND_UP(size, 4 * window) : 1);
	return size;
}

TEST(driver_slave_access, "registers at one address, at rising and falling ones, in a window; memory from its end; no request line",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	const uint64_t fixed = mem_stats(b)->fixed_bursts;
	struct pqdma_slave slave = { .free_running = true };

	run_free(p, &slave, 0, 256);
	CHECK(mem_stats(b)->fixed_bursts > fixed);
	run_free(p, &slave, WINDOW, 200);
	slave.access = PQDMA_ACCESS_INCREMENTING;
	run_free(p, &slave, 0, 256);
	slave.access = PQDMA_ACCESS_DECREMENTING;
	run_free(p, &slave, 0, 256);
	slave.access = PQDMA_ACCESS_FIXED;
	slave.memory_down = true;
	run_free(p, &slave, 0, 256);
	CHECK(mem_stats(b)->narrow_bursts || PQDMA_BYTES == 4);
	go_down(d);
}

TEST(driver_slave_residue, "a residue falls piece by piece, and what it does not count the peripheral has", .moves = true, .software = true,
     .max_clocks = LIMIT)
{
	const struct peripheral_config config = { .tx = true, .width = 1, .burst = 2, .depth = 8, .asks = PERIPHERAL_BURST, .period = 20 };
	const size_t size[] = { 64, 32, 96 };
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &config);
	struct transfer *t = peri_out(p, 0, with, size, ARRAY_SIZE(size), DMA_PREP_INTERRUPT);
	u32 left, last = (u32)t->len;
	unsigned int changes = 0;

	peri_submit(t);
	CHECK(peri_status(t, &left) == DMA_IN_PROGRESS && left == t->len);
	driver_issue(d, 0);
	while (peri_status(t, &left) == DMA_IN_PROGRESS) {
		CHECK(left <= last && left % 8 == 0);
		CHECK(t->len - left <= with->stats.moved << config.width);
		changes += left != last;
		last = left;
	}
	CHECK(changes > t->len / 8 / 2);
	peri_wait(t, 1);
	while (with->stream_size < t->len)
		kernel_sleep_clocks(20);
	peri_check(t, t->len);
	go_down(d);
}

/* After transfers that ended early a residue is still exact: half of this one is there. */
static void check_half(struct peri *p, struct peripheral *with, size_t size)
{
	struct transfer *t = peri_in(p, 0, with, &size, 1, DMA_PREP_INTERRUPT);
	const uint64_t moved = with->stats.moved + size / 2 / 4;
	struct bench *b = p->d->b;
	u32 left;

	peri_feed(p, with, (uint32_t)size / 2, false);
	peri_send(t);
	while (with->stats.moved < moved)
		kernel_sleep_clocks(20);
	kernel_sleep_clocks(500);
	CHECK(peri_status(t, &left) == DMA_IN_PROGRESS);
	CHECK_EQ(left, size / 2);
	peri_feed(p, with, (uint32_t)size / 2, false);
	peri_wait(t, 1);
	peri_check(t, size);
}

TEST(driver_slave_last, "a receiver that ends a transfer before its length: the callback comes, and the residue is what did not come",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	const struct peripheral_config config = { .width = 2, .burst = 2, .depth = 16, .asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST };
	const size_t size = 400, packet[] = { 100, 8, 300, 396, 4 };
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &config);

	for (unsigned int i = 0; i < ARRAY_SIZE(packet); i++) {
		struct transfer *t = peri_in(p, 0, with, &size, 1, DMA_PREP_INTERRUPT);

		peri_feed(p, with, (uint32_t)packet[i], true);
		peri_send(t);
		peri_wait(t, 1);
		CHECK(t->result.result == DMA_TRANS_NOERROR);
		CHECK_EQ(t->result.residue, size - packet[i]);
		peri_check(t, packet[i]);
		CHECK(peri_status(t, NULL) == DMA_COMPLETE);
	}
	check_half(p, with, size);
	go_down(d);
}

/* A line that is silent fails its transfer after the client's time, and the channel is good again. */
TEST(driver_slave_timeout, "a line that does not ask for so many clocks: ABORTED with an exact residue, and the next transfer runs",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	struct peripheral_config config = { .width = 2, .burst = 1, .depth = 16, .asks = PERIPHERAL_SINGLE };
	const size_t size = 64;
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &config);
	struct pqdma_slave slave;
	struct dma_slave_config slow = peri_config(p, with, &slave);
	struct transfer *t = peri_in(p, 0, with, &size, 1, DMA_PREP_INTERRUPT);

	slave.timeout = TIMEOUT;
	CHECK_EQ(dmaengine_slave_config(d->chan[0], &slow), 0);
	peri_feed(p, with, 24, false);
	peri_send(t);
	peri_wait(t, 1);
	CHECK(t->result.result == DMA_TRANS_ABORTED);
	CHECK_EQ(t->result.residue, size - 24);
	CHECK(peri_status(t, NULL) == DMA_ERROR);
	peri_check(t, 24);
	t = peri_in(p, 0, with, &size, 1, DMA_PREP_INTERRUPT);
	peri_feed(p, with, (uint32_t)size, false);
	peri_send(t);
	peri_wait(t, 1);
	CHECK(t->result.result == DMA_TRANS_NOERROR);
	peri_check(t, size);
	d->aborts++;
	go_down(d);
}

TEST(driver_slave_terminate, "terminate while a line is waited for, at once and not: nothing is called, nothing moves, the channel is good",
     .moves = true, .software = true, .max_clocks = LIMIT)
{
	const struct peripheral_config config = { .tx = true, .width = 2, .burst = 2, .depth = 8, .asks = PERIPHERAL_BURST, .period = 10 };
	const size_t size[] = { 512, 512 }, few = 64;
	struct driver *d = up(b);
	struct peri *p = peri_up(d);

	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct peripheral *with = peri_attach(p, 0, &config);
		struct transfer *t = peri_out(p, 0, with, size, 2, DMA_PREP_INTERRUPT), *next;
		uint64_t moved;

		peri_send(t);
		while (!with->stats.moved)
			kernel_sleep_clocks(10);
		kernel_sleep_clocks(1 + rng_below(test_rng(b), 300));
		CHECK_EQ(round % 2 ? dmaengine_terminate_sync(d->chan[0]) : dmaengine_terminate_async(d->chan[0]), 0);
		dmaengine_synchronize(d->chan[0]);
		d->aborts++;
		moved = with->stats.moved;
		CHECK(moved && moved * 4 < t->len);
		kernel_sleep_clocks(500);
		CHECK(with->stats.moved == moved && !t->calls);
		CHECK(peri_status(t, NULL) == DMA_COMPLETE);
		with = peri_attach(p, 0, &config);
		next = peri_out(p, 0, with, &few, 1, DMA_PREP_INTERRUPT);
		peri_send(next);
		peri_wait(next, 1);
		while (with->stream_size < few)
			kernel_sleep_clocks(10);
		peri_check(next, few);
	}
	go_down(d);
}

/* A list of more entries than one array holds, of one word each; it describes what @t has as one entry. */
static void chain_of_words(struct transfer *t, struct sg_table *table, unsigned int nents, unsigned int word)
{
	struct bench *b = t->p->d->b;
	struct scatterlist *sg;
	unsigned int i;

	CHECK_EQ(sg_alloc_table(table, nents, GFP_KERNEL), 0);
	for_each_sgtable_sg(table, sg, i) {
		sg_dma_address(sg) = sg_dma_address(&t->sg[0]) + (size_t)i * word;
		sg_dma_len(sg) = word;
	}
	/* Each entry has a status word, and one of them is counted anyway. */
	t->p->d->other += (nents - 1) * sizeof(u64);
}

TEST(driver_slave_chain, "a list of several arrays to a transmitter: every entry goes out once, in order", .moves = true,
     .software = true, .max_clocks = LIMIT)
{
	const struct peripheral_config sink = { .tx = true, .width = 2, .burst = 1, .depth = 16, .period = 2,
						.asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST };
	const unsigned int nents = 2 * SG_MAX_SINGLE_ALLOC + 3, word = 4;
	const size_t size = nents * word;
	struct driver *d = up(b);
	struct peri *p = peri_up(d);
	struct peripheral *with = peri_attach(p, 0, &sink);
	struct transfer *t = peri_place(p, 0, with, &size, 1);
	struct sg_table table;

	peri_configure(p, 0, with);
	chain_of_words(t, &table, nents, word);
	peri_give(t, dmaengine_prep_slave_sg(d->chan[0], table.sgl, nents, DMA_MEM_TO_DEV, DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
	peri_send(t);
	peri_wait(t, 1);
	CHECK(t->result.result == DMA_TRANS_NOERROR && !t->result.residue);
	while (with->stream_size < size)
		kernel_sleep_clocks(20);
	peri_check(t, size);
	sg_free_table(&table);
	go_down(d);
}
