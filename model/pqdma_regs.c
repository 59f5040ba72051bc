/* SPDX-License-Identifier: MIT */
/* Register decode and the global page. docs/timing.md, section 3. */
#include "pqdma_priv.h"

#define LOG2(x) ((uint32_t)__builtin_ctz(x))

#define CAP0								\
	((uint32_t)PQDMA_CHANNELS << PQDMA_CAP0_CHANNELS_SHIFT |	\
	 LOG2(PQDMA_BYTES) << PQDMA_CAP0_DATA_LOG2_SHIFT |		\
	 LOG2(PQDMA_STRIP_BYTES) << PQDMA_CAP0_STRIP_LOG2_SHIFT |	\
	 LOG2(PQDMA_BUF_BYTES) << PQDMA_CAP0_BUF_LOG2_SHIFT |		\
	 (uint32_t)PQDMA_SOURCES << PQDMA_CAP0_SOURCES_SHIFT)
#define CAP1 (PQDMA_OPS << PQDMA_CAP1_OPS_SHIFT)
#define CAP2								\
	((uint32_t)PQDMA_STRIPS << PQDMA_CAP2_STRIPS_SHIFT |		\
	 (uint32_t)PQDMA_READS << PQDMA_CAP2_READS_SHIFT |		\
	 (uint32_t)PQDMA_DESCS << PQDMA_CAP2_DESCS_SHIFT)

int pqdma_regs_channel(uint32_t addr)
{
	const uint32_t page = addr / PQDMA_CH_STRIDE;

	return page >= 1 && page <= PQDMA_CHANNELS ? (int)page - 1 : -1;
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
		*value = CAP0;
		break;
	case PQDMA_REG_CAP1:
		*value = CAP1;
		break;
	case PQDMA_REG_CAP2:
		*value = CAP2;
		break;
	case PQDMA_REG_SCRATCH:
		*value = dev->regs.scratch;
		break;
	case PQDMA_REG_IRQ_PENDING:
		*value = pqdma_chan_irqs(dev);
		break;
	default:
		*value = 0;
		return false;
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

void pqdma_regs_update(struct pqdma_regs *regs, const struct pqdma_events *ev)
{
	if (ev->reg_write && ev->with.channel < 0 && ev->with.offset == PQDMA_REG_SCRATCH)
		regs->scratch = (regs->scratch & ~ev->with.mask) | (ev->with.data & ev->with.mask);
}
