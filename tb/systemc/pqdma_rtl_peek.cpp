// SPDX-License-Identifier: MIT
// The read port of rtl/pqdma_regs.v and rtl/pqdma_chan.v once more, for debug transport: which bits of which variable a register shows.
#include "pqdma_rtl_peek.h"
#include "verilated.h"
#include "verilated_sym_props.h"
extern "C" {
#include "pqdma_params.h"
#include "pqdma_regs.h"
}

namespace {

struct view {
	std::uint32_t offset;
	const char *variable;
	unsigned int from;	/* lowest bit of the variable that is seen */
	unsigned int to;	/* where in the register it stands */
};

/* A register may show two variables, or none: then it reads 0. */
const struct view channel_views[] = {
	{ PQDMA_CH_CTRL, nullptr, 0, 0 },
	{ PQDMA_CH_STATUS, "state_q", 0, PQDMA_STATUS_STATE_SHIFT },
	{ PQDMA_CH_STATUS, "busy", 0, PQDMA_STATUS_BUSY_SHIFT },
	{ PQDMA_CH_CFG, "cfg", 0, 0 },
	{ PQDMA_CH_HEAD_LO, "head_addr_q", 0, 0 },
	{ PQDMA_CH_HEAD_HI, "head_addr_q", 32, 0 },
	{ PQDMA_CH_HEAD_COUNT, "head_count_q", 0, 0 },
	{ PQDMA_CH_TAIL, "tail_q", 0, 0 },
	{ PQDMA_CH_DONE, "done_q", 0, 0 },
	{ PQDMA_CH_BYTES, "bytes_q", 0, 0 },
	{ PQDMA_CH_IRQ_STATUS, "irq_status_q", 0, 0 },
	{ PQDMA_CH_IRQ_ENABLE, "irq_enable_q", 0, 0 },
	{ PQDMA_CH_IRQ_COAL, "coal_count_q", 0, PQDMA_IRQ_COAL_COUNT_SHIFT },
	{ PQDMA_CH_IRQ_COAL, "coal_time_q", 0, PQDMA_IRQ_COAL_TIME_SHIFT },
	{ PQDMA_CH_REQ_TIMEOUT, "req_timeout_q", 0, 0 },
	{ PQDMA_CH_ERR_CAUSE, "err_cause_q", 0, 0 },
	{ PQDMA_CH_ERR_ADDR_LO, "err_addr_q", 0, 0 },
	{ PQDMA_CH_ERR_ADDR_HI, "err_addr_q", 32, 0 },
	{ PQDMA_CH_ERR_DESC_LO, "err_desc_q", 0, 0 },
	{ PQDMA_CH_ERR_DESC_HI, "err_desc_q", 32, 0 },
	{ PQDMA_CH_CMPL_LO, "cmpl_q", 0, 3 },
	{ PQDMA_CH_CMPL_HI, "cmpl_q", 29, 0 },
	{ PQDMA_CH_PERF_STRIPS, "perf_strips_q", 0, 0 },
	{ PQDMA_CH_PERF_BUSY, "perf_busy_q", 0, 0 },
	{ PQDMA_CH_PERF_WAIT, "perf_wait_q", 0, 0 },
	{ PQDMA_CH_PERF_STARVED, "perf_starved_q", 0, 0 },
};

/* 64 bits from bit @from on, as far as the variable has them */
bool look(const std::string &scope, const char *variable, unsigned int from, std::uint64_t &bits)
{
	const VerilatedScope *found = Verilated::threadContextp()->scopeFind(scope.c_str());
	const VerilatedVar *var = found ? found->varFind(variable) : nullptr;

	if (!var)
		return false;
	switch (var->vltype()) {
	case VLVT_UINT8:
		bits = *static_cast<const CData *>(var->datap()) >> from;
		return true;
	case VLVT_UINT16:
		bits = *static_cast<const SData *>(var->datap()) >> from;
		return true;
	case VLVT_UINT32:
		bits = *static_cast<const IData *>(var->datap()) >> from;
		return true;
	case VLVT_UINT64:
		bits = *static_cast<const QData *>(var->datap()) >> from;
		return true;
	default:
		bits = static_cast<const EData *>(var->datap())[from / 32];
		return true;
	}
}

bool peek_channel(const std::string &scope, std::uint32_t offset, std::uint32_t &value)
{
	bool exists = false;
	std::uint64_t bits = 0;

	value = 0;
	for (const struct view &view : channel_views) {
		if (view.offset != offset)
			continue;
		if (view.variable && !look(scope, view.variable, view.from, bits))
			return false;
		value |= static_cast<std::uint32_t>(bits << view.to);
		exists = true;
	}
	return exists;
}

bool peek_global(const std::string &top, std::uint32_t irq, std::uint32_t addr, std::uint32_t &value)
{
	const struct {
		std::uint32_t addr;
		std::uint32_t value;
	} known[] = {
		{ PQDMA_REG_ID, PQDMA_ID_VALUE }, { PQDMA_REG_VERSION, PQDMA_VERSION_VALUE }, { PQDMA_REG_CAP0, PQDMA_BUILD_CAP0 },
		{ PQDMA_REG_CAP1, PQDMA_BUILD_CAP1 }, { PQDMA_REG_CAP2, PQDMA_BUILD_CAP2 }, { PQDMA_REG_IRQ_PENDING, irq },
		{ PQDMA_REG_PERF_CTRL, 0 },
	};
	std::uint64_t bits = 0;
	bool exists;

	if (addr == PQDMA_REG_SCRATCH)
		exists = look(top + ".u_regs", "scratch_q", 0, bits);
	else
		exists = addr >= PQDMA_REG_PERF_AR && addr <= PQDMA_REG_PERF_NO_ROOM &&
			 look(top + ".u_perf", "count_q", (addr - PQDMA_REG_PERF_AR) * 8, bits);
	value = static_cast<std::uint32_t>(bits);
	for (const auto &row : known) {
		if (row.addr != addr)
			continue;
		value = row.value;
		exists = true;
	}
	return exists;
}

} // namespace

bool pqdma_rtl_peek(const std::string &name, std::uint32_t irq, std::uint32_t addr, std::uint32_t &value)
{
	const std::string top = name + ".pqdma";
	const std::uint32_t page = addr / PQDMA_CH_STRIDE;

	if (!page)
		return peek_global(top, irq, addr, value);
	if (page > PQDMA_CHANNELS)
		return false;
	return peek_channel(top + ".u_channels.g_chan[" + std::to_string(page - 1) + "].u_chan", addr % PQDMA_CH_STRIDE, value);
}
