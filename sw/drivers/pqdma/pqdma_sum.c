// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * pqdma driver: operations with many sources. XOR, P+Q, and checks of either.
 *
 * The sources of a transaction stand in a table of their own. A table stays with its transaction's memory when that is used again.
 */
#include "pqdma.h"

#include <linux/bitfield.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include "pqdma_regs.h"

/* An entry of a table: the address, then the coefficients for P and Q. */
#define ENTRY_BYTES 16
#define ENTRY_A_SHIFT 0
#define ENTRY_B_SHIFT 8

/* The controller reads whole blocks of entries. */
#define BLOCK_ENTRIES 4
#define TABLE_ALIGN 64

void pqdma_table_free(struct pqdma_chan *c, struct pqdma_desc *d)
{
	if (d->table)
		dma_pool_free(c->tables, d->table, d->table_bus);
	d->table = NULL;
}

static void move_sources(struct pqdma_desc *d, u32 from, u32 to)
{
	u64 n = FIELD_GET(PQDMA_SETTINGS_SOURCES_MASK, d->settings);

	while (n--)
		d->table[n][0] = cpu_to_le64(le64_to_cpu(d->table[n][0]) - from + to);
}

/* The table of sources says where they begin, so it changes; it is as it was when the piece is complete. */
void pqdma_skip(struct pqdma_desc *d, u32 skip)
{
	if (d->skip != skip && (d->op == PQDMA_OP_XOR || d->op == PQDMA_OP_PQ))
		move_sources(d, d->skip, skip);
	d->skip = skip;
}

/* Without coefficients, as for an xor, those for Q have no meaning. */
static void fill_table(struct pqdma_desc *d, const dma_addr_t *src, unsigned int n, const unsigned char *coefs)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		d->table[i][0] = cpu_to_le64(src[i]);
		d->table[i][1] = cpu_to_le64(1ull << ENTRY_A_SHIFT | (u64)(coefs ? coefs[i] : 0) << ENTRY_B_SHIFT);
	}
}

static bool are_ranges(const dma_addr_t *src, unsigned int n, size_t len)
{
	while (n--)
		if (!pqdma_is_range(src[n], len))
			return false;
	return true;
}

/* A transaction with its sources and the first destination. */
static struct pqdma_desc *prep_sum(struct pqdma_chan *c, u8 op, u64 dst, const dma_addr_t *src, unsigned int n,
				   const unsigned char *coefs, size_t len, unsigned long flags)
{
	struct pqdma_desc *d;

	if (!n || n > pqdma_of(c)->sources || len > PQDMA_PIECE_MAX || !are_ranges(src, n, len))
		return NULL;
	d = pqdma_prep(c, op, 1, flags);
	if (!d)
		return NULL;
	if (!d->table)
		d->table = dma_pool_alloc(c->tables, GFP_NOWAIT, &d->table_bus);
	if (!d->table) {
		pqdma_unprep(c, d);
		return NULL;
	}
	d->settings = FIELD_PREP(PQDMA_SETTINGS_SOURCES_MASK, (u64)n);
	fill_table(d, src, n, coefs);
	pqdma_add(d, d->table_bus, dst, (u32)len);
	return d;
}

static struct dma_async_tx_descriptor *prep_xor(struct dma_chan *chan, dma_addr_t dst, dma_addr_t *src, unsigned int src_cnt,
						size_t len, unsigned long flags)
{
	struct pqdma_desc *d;

	if (!pqdma_is_range(dst, len))
		return NULL;
	d = prep_sum(to_pqdma_chan(chan), PQDMA_OP_XOR, dst, src, src_cnt, NULL, len, flags);
	return d ? &d->tx : NULL;
}

/* The sum of all sources is 0 if the first one is the sum of the others. */
static struct dma_async_tx_descriptor *prep_xor_val(struct dma_chan *chan, dma_addr_t *src, unsigned int src_cnt, size_t len,
						    enum sum_check_flags *result, unsigned long flags)
{
	struct pqdma_desc *d;

	if (src_cnt < 2 || !pqdma_is_range(src[0], len))
		return NULL;
	d = prep_sum(to_pqdma_chan(chan), PQDMA_OP_XOR_VAL, src[0], src + 1, src_cnt - 1, NULL, len, flags);
	if (!d)
		return NULL;
	d->hw_flags = PQDMA_FLAG_WB;
	d->check = result;
	return &d->tx;
}

static const struct {
	unsigned long prep;
	u8 hw;
} sum_flags[] = {
	{ DMA_PREP_CONTINUE, PQDMA_FLAG_CONT },
	{ DMA_PREP_PQ_DISABLE_P, PQDMA_FLAG_P_OFF },
	{ DMA_PREP_PQ_DISABLE_Q, PQDMA_FLAG_Q_OFF },
};

static u8 to_hw_flags(unsigned long flags)
{
	unsigned int i;
	u8 hw = 0;

	for (i = 0; i < ARRAY_SIZE(sum_flags); i++)
		if (flags & sum_flags[i].prep)
			hw |= sum_flags[i].hw;
	return hw;
}

/* The address of what is off is never looked at: clients leave it as it happens to be. */
static struct pqdma_desc *prep_two(struct dma_chan *chan, u8 op, const dma_addr_t *pq, const dma_addr_t *src, unsigned int n,
				   const unsigned char *coefs, size_t len, unsigned long flags)
{
	const bool p_off = flags & DMA_PREP_PQ_DISABLE_P, q_off = flags & DMA_PREP_PQ_DISABLE_Q;
	struct pqdma_desc *d;

	if ((p_off && q_off) || (!p_off && !pqdma_is_range(pq[0], len)) || (!q_off && !pqdma_is_range(pq[1], len)))
		return NULL;
	d = prep_sum(to_pqdma_chan(chan), op, p_off ? 0 : pq[0], src, n, q_off ? NULL : coefs, len, flags);
	if (!d)
		return NULL;
	d->q = q_off ? 0 : pq[1];
	d->hw_flags = to_hw_flags(flags);
	return d;
}

static struct dma_async_tx_descriptor *prep_pq(struct dma_chan *chan, dma_addr_t *dst, dma_addr_t *src, unsigned int src_cnt,
					       const unsigned char *scf, size_t len, unsigned long flags)
{
	struct pqdma_desc *d = prep_two(chan, PQDMA_OP_PQ, dst, src, src_cnt, scf, len, flags);

	return d ? &d->tx : NULL;
}

static struct dma_async_tx_descriptor *prep_pq_val(struct dma_chan *chan, dma_addr_t *pq, dma_addr_t *src, unsigned int src_cnt,
						   const unsigned char *scf, size_t len, enum sum_check_flags *pqres,
						   unsigned long flags)
{
	struct pqdma_desc *d = prep_two(chan, PQDMA_OP_PQ_VAL, pq, src, src_cnt, scf, len, flags & ~(unsigned long)DMA_PREP_CONTINUE);

	if (!d)
		return NULL;
	d->hw_flags |= PQDMA_FLAG_WB;
	d->check = pqres;
	return &d->tx;
}

static const struct {
	u8 op;
	enum dma_transaction_type cap;
} sum_caps[] = {
	{ PQDMA_OP_XOR, DMA_XOR },
	{ PQDMA_OP_XOR_VAL, DMA_XOR_VAL },
	{ PQDMA_OP_PQ, DMA_PQ },
	{ PQDMA_OP_PQ_VAL, DMA_PQ_VAL },
};

static void destroy_tables(void *pool)
{
	dma_pool_destroy(pool);
}

static struct dma_pool *make_pool(const struct pqdma *pqdma, struct device *dev)
{
	return dma_pool_create("pqdma_tables", dev, round_up(pqdma->sources, BLOCK_ENTRIES) * ENTRY_BYTES, TABLE_ALIGN, 0);
}

/* One pool for all channels that have no device of their own, gone when the driver leaves. */
static int make_tables(struct pqdma *pqdma)
{
	pqdma->tables = make_pool(pqdma, pqdma->dev);
	if (!pqdma->tables)
		return -ENOMEM;
	return devm_add_action_or_reset(pqdma->dev, destroy_tables, pqdma->tables);
}

int pqdma_tables_open(struct pqdma_chan *c)
{
	struct pqdma *pqdma = pqdma_of(c);

	c->tables = pqdma->tables;
	if (c->dma_dev == pqdma->dev || !pqdma->tables)
		return 0;
	c->tables = make_pool(pqdma, c->dma_dev);
	return c->tables ? 0 : -ENOMEM;
}

void pqdma_tables_close(struct pqdma_chan *c)
{
	if (c->tables != pqdma_of(c)->tables)
		dma_pool_destroy(c->tables);
	c->tables = NULL;
}

static bool set_caps(struct dma_device *dma, u32 ops)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sum_caps); i++) {
		if (!(ops & BIT(sum_caps[i].op)))
			continue;
		dma_cap_set(sum_caps[i].cap, dma->cap_mask);
		any = true;
	}
	return any;
}

int pqdma_setup_sums(struct pqdma *pqdma, u32 ops)
{
	struct dma_device *dma = &pqdma->dma;

	if (!set_caps(dma, ops))
		return 0;
	pqdma->sources = FIELD_GET(PQDMA_CAP0_SOURCES_MASK, readl(pqdma->regs + PQDMA_REG_CAP0));
	dma->max_xor = (unsigned short)pqdma->sources;
	dma_set_maxpq(dma, (int)pqdma->sources, 1);
	dma->xor_align = DMAENGINE_ALIGN_1_BYTE;
	dma->pq_align = DMAENGINE_ALIGN_1_BYTE;
	dma->device_prep_dma_xor = prep_xor;
	dma->device_prep_dma_xor_val = prep_xor_val;
	dma->device_prep_dma_pq = prep_pq;
	dma->device_prep_dma_pq_val = prep_pq_val;
	return make_tables(pqdma);
}
