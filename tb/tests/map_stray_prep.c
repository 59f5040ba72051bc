// SPDX-License-Identifier: MIT
/*
 * The report of a stray beat names the line that prepared the transaction, by whichever function it was prepared: each of them
 * once, with a source or a destination whose mapping has ended, beside a good transaction of the same memory.
 */
#include "map_env.h"

#define PIECE 512
#define SOURCES 3
#define BLOCKS (SOURCES + 2)

/**
 * struct stray_prep - blocks for one transaction
 * @bus: sources, then P and Q
 * @line: which line prepared it
 */
struct stray_prep {
	struct map_env *env;
	u8 *block[BLOCKS];
	dma_addr_t bus[BLOCKS];
	enum sum_check_flags verdict;
	int line;
};

static const unsigned char coefs[SOURCES] = { 1, 2, 4 };

static struct dma_async_tx_descriptor *prep_memcpy(struct stray_prep *p, struct dma_chan *chan)
{
	p->line = __LINE__ + 1;
	return dmaengine_prep_dma_memcpy(chan, p->bus[SOURCES], p->bus[0], PIECE, DMA_CTRL_ACK);
}

static struct dma_async_tx_descriptor *prep_memcpy_op(struct stray_prep *p, struct dma_chan *chan)
{
	p->line = __LINE__ + 1;
	return chan->device->device_prep_dma_memcpy(chan, p->bus[SOURCES], p->bus[0], PIECE, DMA_CTRL_ACK);
}

static struct dma_async_tx_descriptor *prep_memset(struct stray_prep *p, struct dma_chan *chan)
{
	p->line = __LINE__ + 1;
	return dmaengine_prep_dma_memset(chan, p->bus[SOURCES], 7, PIECE, DMA_CTRL_ACK);
}

static struct dma_async_tx_descriptor *prep_xor(struct stray_prep *p, struct dma_chan *chan)
{
	p->line = __LINE__ + 1;
	return chan->device->device_prep_dma_xor(chan, p->bus[SOURCES], p->bus, SOURCES, PIECE, DMA_CTRL_ACK);
}

static struct dma_async_tx_descriptor *prep_xor_val(struct stray_prep *p, struct dma_chan *chan)
{
	p->line = __LINE__ + 1;
	return chan->device->device_prep_dma_xor_val(chan, p->bus, SOURCES, PIECE, &p->verdict, DMA_CTRL_ACK);
}

static struct dma_async_tx_descriptor *prep_pq(struct stray_prep *p, struct dma_chan *chan)
{
	p->line = __LINE__ + 1;
	return chan->device->device_prep_dma_pq(chan, p->bus + SOURCES, p->bus, SOURCES, coefs, PIECE, DMA_CTRL_ACK);
}

static struct dma_async_tx_descriptor *prep_pq_val(struct stray_prep *p, struct dma_chan *chan)
{
	p->line = __LINE__ + 1;
	return chan->device->device_prep_dma_pq_val(chan, p->bus + SOURCES, p->bus, SOURCES, coefs, PIECE, &p->verdict, DMA_CTRL_ACK);
}

/* @lost: the block whose mapping ends too early */
static const struct {
	const char *op;
	struct dma_async_tx_descriptor *(*prep)(struct stray_prep *p, struct dma_chan *chan);
	enum dma_transaction_type cap;
	unsigned int lost;
	const char *beat;
} plants[] = {
	{ "copy", prep_memcpy, DMA_MEMCPY, 0, "stray read" },
	{ "copy", prep_memcpy_op, DMA_MEMCPY, SOURCES, "stray write" },
	{ "fill", prep_memset, DMA_MEMSET, SOURCES, "stray write" },
	{ "xor", prep_xor, DMA_XOR, 1, "stray read" },
	{ "xor", prep_xor, DMA_XOR, SOURCES, "stray write" },
	{ "xor_val", prep_xor_val, DMA_XOR_VAL, 2, "stray read" },
	{ "pq", prep_pq, DMA_PQ, 0, "stray read" },
	{ "pq", prep_pq, DMA_PQ, SOURCES + 1, "stray write" },
	{ "pq_val", prep_pq_val, DMA_PQ_VAL, SOURCES + 1, "stray read" },
};

static void map_blocks(struct stray_prep *p)
{
	for (unsigned int i = 0; i < BLOCKS; i++)
		p->bus[i] = map_env_map(p->env, p->block[i], PIECE, DMA_BIDIRECTIONAL);
}

static void unmap_block(struct stray_prep *p, unsigned int i)
{
	dma_unmap_single(p->env->dev, p->bus[i], PIECE, DMA_BIDIRECTIONAL);
}

static void check_report(struct bench *b, const struct stray_prep *p, unsigned int plant)
{
	const char *why = b->map_check.why;
	char op[32], prepared[80];

	snprintf(op, sizeof(op), "asks for it: %s of ", plants[plant].op);
	snprintf(prepared, sizeof(prepared), "prepared at %s:%d", __FILE__, p->line);
	CHECK(map_check_expect(&b->map_check, false));
	if (!strstr(why, plants[plant].beat) || !strstr(why, op) || !strstr(why, prepared) || !strstr(why, "was ended in clock"))
		test_fail(b, "the report does not say \"%s\", \"%s\" and \"%s\": %s", plants[plant].beat, op, prepared, why);
}

/* The stray transaction, behind a good one of the same blocks that another line has prepared. */
static void plant_stray(struct stray_prep *p, unsigned int plant)
{
	struct dma_chan *chan = p->env->chan;
	struct dma_async_tx_descriptor *tx;
	struct bench *b = p->env->b;

	map_blocks(p);
	tx = dmaengine_prep_dma_memcpy(chan, p->bus[SOURCES], p->bus[0], PIECE, DMA_CTRL_ACK);
	CHECK(tx);
	CHECK_EQ(dma_sync_wait(chan, dmaengine_submit(tx)), DMA_COMPLETE);
	unmap_block(p, plants[plant].lost);
	map_check_expect(&b->map_check, true);
	tx = plants[plant].prep(p, chan);
	CHECK(tx);
	dma_sync_wait(chan, dmaengine_submit(tx));
	check_report(b, p, plant);
	for (unsigned int i = 0; i < BLOCKS; i++)
		if (i != plants[plant].lost)
			unmap_block(p, i);
}

TEST(map_stray_prep, "the report names operation and line of whatever prep function it was", .moves = true, .software = true)
{
	struct map_env env;
	struct stray_prep p = { .env = &env };
	unsigned int planted = 0;

	map_env_up(b, &env, false);
	for (unsigned int i = 0; i < BLOCKS; i++) {
		p.block[i] = kzalloc(PIECE, GFP_KERNEL);
		CHECK(p.block[i]);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(plants); i++) {
		if (!dma_has_cap(plants[i].cap, env.chan->device->cap_mask))
			continue;
		plant_stray(&p, i);
		planted++;
	}
	CHECK(planted >= 3);
	printf("%s: %u stray transactions, each named by its line\n", b->test->name, planted);
	for (unsigned int i = 0; i < BLOCKS; i++)
		kfree(p.block[i]);
	map_env_down(&env);
}
