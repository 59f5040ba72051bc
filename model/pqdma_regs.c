/* SPDX-License-Identifier: MIT */
/* Register decode and the global page. docs/timing.md, section 3. */
#include <string.h>
#include "pqdma_priv.h"

int pqdma_regs_channel(uint32_t addr)
{
	const uint32_t page = addr / PQDMA_CH_STRIDE;

	return page >= 1 && page <= PQDMA_CHANNELS ? (int)page - 1 : -1;
}

/* The counters stand in a row. */
static bool is_counter(uint32_t addr)
{
	return addr >= PQDMA_REG_PERF_AR && addr <= PQDMA_REG_PERF_NO_ROOM;
}

static bool global_read(const struct pqdma *dev, uint32_t addr, uint32_t *value)
{
	switch (addr) {
	case PQDMA_REG_ID:
		*value = PQDMA_ID_VALUE;
		break;
	case PQDMA_REG_VERSION:
		*value = PQDMA_VERSION_VALUE;
		break;
	case PQDMA_REG_CAP0:
		*value = PQDMA_BUILD_CAP0;
		break;
	case PQDMA_REG_CAP1:
		*value = PQDMA_BUILD_CAP1;
		break;
	case PQDMA_REG_CAP2:
		*value = PQDMA_BUILD_CAP2;
		break;
	case PQDMA_REG_SCRATCH:
		*value = dev->regs.scratch;
		break;
	case PQDMA_REG_IRQ_PENDING:
		*value = pqdma_chan_irqs(dev);
		break;
	case PQDMA_REG_PERF_CTRL:
		*value = 0;
		break;
	default:
		*value = is_counter(addr) ? dev->regs.perf[(addr - PQDMA_REG_PERF_AR) / 4] : 0;
		return is_counter(addr);
	}
	return true;
}

bool pqdma_regs_read(const struct pqdma *dev, uint32_t addr, uint32_t *value)
{
	const int channel = pqdma_regs_channel(addr);

	if (channel < 0)
		return global_read(dev, addr & ~3u, value);
	return pqdma_chan_read(dev, (uint32_t)channel, addr & (PQDMA_CH_STRIDE - 4), value);
}

static void count(uint32_t *perf, const struct pqdma *dev, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	const bool reading = (dev->read.fifo.count | (PQDMA_WITH_DESC_PORT ? 0 : dev->fetch.fifo.count)) != 0;
	const bool ar = dev->read.arvalid & in->m_axi_arready;
	const bool w = dev->write.wvalid & in->m_axi_wready;
	const bool r = in->m_axi_rvalid;
	const bool own = PQDMA_WITH_DESC_PORT && dev->fetch.arvalid;	/* the descriptor port asks */
	const bool own_ar = own & PQDMA_FETCH_PIN(in, arready);
	const bool own_r = PQDMA_WITH_DESC_PORT && PQDMA_FETCH_PIN(in, rvalid);

	perf[PQDMA_COUNT_AR] += ar + own_ar;
	perf[PQDMA_COUNT_FETCH] += (ar & dev->read.arid) + own_ar;
	perf[PQDMA_COUNT_AR_STALL] += (dev->read.arvalid ^ ar) | (own ^ own_ar);
	perf[PQDMA_COUNT_R] += r + own_r;
	perf[PQDMA_COUNT_R_IDLE] += reading & !r;
	perf[PQDMA_COUNT_AW] += dev->write.awvalid & (uint32_t)in->m_axi_awready;
	perf[PQDMA_COUNT_W] += w;
	perf[PQDMA_COUNT_W_STALL] += dev->write.wvalid ^ w;
	perf[PQDMA_COUNT_NO_ROOM] += ev->no_room;
}

void pqdma_regs_update(struct pqdma *dev, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	struct pqdma_regs *regs = &dev->regs;

	count(regs->perf, dev, in, ev);
	if (ev->clear_counts)
		memset(regs->perf, 0, sizeof(regs->perf));
	if (ev->reg_write && ev->with.channel < 0 && ev->with.offset == PQDMA_REG_SCRATCH)
		regs->scratch = (regs->scratch & ~ev->with.mask) | (ev->with.data & ev->with.mask);
}
