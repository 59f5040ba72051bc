// SPDX-License-Identifier: MIT
/*
 * Descriptors that are submitted again, metadata of transactions, and peripherals that the board knows by name.
 */
#include "driver_peri.h"

#define ARENA 16384
#define TIMES 5
#define SIZE 128

static const struct peripheral_config source = { .width = 2, .burst = 2, .depth = 16, .asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST };

static void need_lines(struct bench *b)
{
	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_PERI_MASK))
		test_skip(b, "PERI is not built");
}

static void go_down(struct driver *d)
{
	driver_send(driver_copy(d, PQDMA_CHANNELS - 1, 100, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	driver_down(d);
}

TEST(driver_reuse, "a descriptor with DMA_CTRL_REUSE is submitted again and again, and does its work each time, until it is freed",
     .moves = true, .software = true)
{
	const size_t size[] = { SIZE, SIZE };
	struct dma_async_tx_descriptor *tx;
	struct peripheral *with;
	struct transfer *t;
	struct driver *d;
	struct peri *p;

	need_lines(b);
	d = driver_up(b, ARENA);
	p = peri_up(d);
	with = peri_attach(p, 0, &source);
	t = peri_in(p, 0, with, size, ARRAY_SIZE(size), DMA_PREP_INTERRUPT);
	tx = t->tx;
	CHECK_EQ(dmaengine_desc_set_reuse(tx), 0);
	for (unsigned int i = 1; i <= TIMES; i++) {
		struct transfer *other = peri_in(p, 0, with, size, 1, 0);

		CHECK(other->tx != tx);
		peri_feed(p, with, 2 * SIZE, false);
		peri_send(t);
		if (i == 2) {
			CHECK_EQ(dmaengine_terminate_sync(d->chan[0]), 0);
			d->aborts++;
			peri_attach(p, 0, &source);
			peri_feed(p, with, 2 * SIZE, false);
			peri_send(t);
		}
		peri_wait(t, i);
		CHECK(t->result.result == DMA_TRANS_NOERROR && !t->result.residue);
		peri_check(t, t->len);
	}
	CHECK_EQ(dmaengine_desc_free(tx), 0);
	go_down(d);
}

TEST(driver_metadata, "metadata says how many bytes were moved and what was found: in a buffer of the client, or in one of the driver",
     .moves = true, .software = true)
{
	struct pqdma_metadata client, *engine;
	size_t payload, max, size = SIZE;
	struct peripheral *with;
	struct transfer *t;
	struct driver *d;
	struct job *job;
	struct peri *p;

	need_lines(b);
	d = driver_up(b, ARENA);
	p = peri_up(d);
	job = driver_copy(d, 0, 300, DMA_PREP_INTERRUPT);
	CHECK(dmaengine_desc_attach_metadata(job->tx, &client, sizeof(client) - 1) == -EINVAL);
	memset(&client, 0xff, sizeof(client));
	CHECK_EQ(dmaengine_desc_attach_metadata(job->tx, &client, sizeof(client)), 0);
	CHECK(PTR_ERR(dmaengine_desc_get_metadata_ptr(job->tx, &payload, &max)) == -EINVAL);
	driver_send(job);
	driver_wait(job);
	CHECK(client.bytes == 300 && !client.error && !client.found);
	with = peri_attach(p, 0, &source);
	t = peri_in(p, 0, with, &size, 1, DMA_PREP_INTERRUPT | DMA_CTRL_REUSE);
	engine = dmaengine_desc_get_metadata_ptr(t->tx, &payload, &max);
	CHECK(!IS_ERR(engine) && payload == sizeof(*engine) && max == sizeof(*engine));
	CHECK(dmaengine_desc_set_metadata_len(t->tx, payload) == -ENOTSUPP);
	peri_feed(p, with, 40, true);
	peri_send(t);
	peri_wait(t, 1);
	CHECK(engine->bytes == 40 && !engine->error);
	peri_check(t, 40);
	CHECK_EQ(dmaengine_desc_free(t->tx), 0);
	d->other += 8;		/* the copy's status word */
	go_down(d);
}

/* Who asks by name on this board. */
static struct device asker;

TEST(driver_slave_name, "a client asks by name, and gets a channel with its request line; one whom the board does not know gets none",
     .moves = true, .software = true)
{
	static struct pqdma_slave line = { .line = PQDMA_LINES - 1 };
	static const struct dma_slave_map map[] = { { "codec", "rx", &line } };
	static struct pqdma_platform_data board = { .slave_map = map, .slave_cnt = ARRAY_SIZE(map) };
	struct dma_slave_config config;
	struct pqdma_slave own;
	struct peripheral *with;
	const size_t size = SIZE;
	struct dma_chan *chan;
	struct transfer *t;
	struct driver *d;
	struct peri *p;

	need_lines(b);
	kernel_board_data(&board);
	d = driver_up(b, ARENA);
	p = peri_up(d);
	with = peri_attach(p, PQDMA_LINES - 1, &source);
	device_initialize(&asker);
	dev_set_name(&asker, "codec");
	dma_release_channel(d->chan[0]);
	CHECK(IS_ERR(dma_request_chan(&asker, "tx")));
	chan = dma_request_chan(&asker, "rx");
	CHECK(!IS_ERR(chan) && !chan->chan_id);
	d->chan[0] = chan;
	config = peri_config(p, with, &own);
	config.peripheral_config = NULL;
	config.peripheral_size = 0;
	CHECK_EQ(dmaengine_slave_config(chan, &config), 0);
	t = peri_place(p, 0, with, &size, 1);
	peri_give(t, dmaengine_prep_slave_sg(chan, t->sg, 1, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT | DMA_CTRL_ACK));
	peri_feed(p, with, SIZE, false);
	peri_send(t);
	peri_wait(t, 1);
	peri_check(t, SIZE);
	go_down(d);
}
