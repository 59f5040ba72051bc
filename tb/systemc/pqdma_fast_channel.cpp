// SPDX-License-Identifier: MIT
// A channel of the loosely timed body. Its registers are those of docs/registers.md, its lists are the oracle's.
#include <algorithm>
#include "pqdma_fast_channel.h"
/* What a row does not name is 0. Only in C++ does the compiler ask whether that is meant. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include "pqdma_regs_table.h"
#pragma GCC diagnostic pop

#define LAUNCH_CLOCKS 8		/* from the doorbell to the first read of data, docs/performance.md, without the memory's part */
#define ACK_CLOCKS 3		/* a peripheral has changed its request that long after dack */
#define RESP_SLVERR 2u

using sc_core::sc_time;
using sc_core::sc_time_stamp;

namespace {

const struct pqdma_reg_access *find_register(std::uint32_t offset)
{
	for (const struct pqdma_reg_access &row : pqdma_channel_regs)
		if (row.offset == offset)
			return &row;
	return nullptr;
}

std::uint32_t bytes_of(std::uint32_t strb)
{
	return (strb & 1 ? 0xffu : 0) | (strb & 2 ? 0xff00u : 0) | (strb & 4 ? 0xff0000u : 0) | (strb & 8 ? 0xff000000u : 0);
}

/* So many blocks of @size bytes are touched. */
std::uint32_t blocks(std::uint64_t addr, std::size_t len, std::uint64_t size)
{
	return static_cast<std::uint32_t>((addr + len - 1) / size - addr / size + 1);
}

/* The commands in the order in which they win, and the states in which they do something */
const struct {
	std::uint32_t command;
	std::uint32_t from;
	std::uint32_t to;
} moves[] = {
	{ PQDMA_CTRL_ABORT_MASK, ~0u, PQDMA_STATE_ABORT },
	{ PQDMA_CTRL_STOP_MASK, 1u << PQDMA_STATE_RUN | 1u << PQDMA_STATE_PAUSE, PQDMA_STATE_STOP },
	{ PQDMA_CTRL_PAUSE_MASK, 1u << PQDMA_STATE_RUN, PQDMA_STATE_PAUSE },
	{ PQDMA_CTRL_RUN_MASK, 1u << PQDMA_STATE_IDLE | 1u << PQDMA_STATE_STOP | 1u << PQDMA_STATE_PAUSE, PQDMA_STATE_RUN },
};

} // namespace

pqdma_fast_channel::pqdma_fast_channel(const sc_core::sc_module_name &module, pqdma_tlm_fast &of, unsigned int number)
	: sc_core::sc_module(module), parent(of)
{
	struct pqdma_tlm_channel *about = new pqdma_tlm_channel;

	about->channel = number;
	trans.set_extension(about);	/* and belongs to it */
	oracle.ctx = this;
	oracle.request = request;
	oracle.read = read_memory;
	oracle.write = write_memory;
	clear();
	SC_HAS_PROCESS(pqdma_fast_channel);
	SC_THREAD(run);
	SC_METHOD(raise_done);
	sensitive << coalesce_time;
	dont_initialize();
}

/* Registers */

std::uint32_t &pqdma_fast_channel::value(std::uint32_t offset)
{
	return values[offset / 4];
}

std::uint32_t pqdma_fast_channel::value(std::uint32_t offset) const
{
	return values[offset / 4];
}

std::uint64_t pqdma_fast_channel::value64(std::uint32_t offset) const
{
	return static_cast<std::uint64_t>(value(offset + 4)) << 32 | value(offset);
}

bool pqdma_fast_channel::read(std::uint32_t offset, std::uint32_t &data) const
{
	const struct {
		std::uint32_t offset;
		std::uint64_t value;
	} own[] = {
		{ PQDMA_CH_STATUS, state << PQDMA_STATUS_STATE_SHIFT | (busy ? PQDMA_STATUS_BUSY_MASK : 0) },
		{ PQDMA_CH_DONE, list.done },
		{ PQDMA_CH_BYTES, list.bytes },
		{ PQDMA_CH_PERF_STRIPS, strips + list.strips },
		{ PQDMA_CH_IRQ_STATUS, irq_status },
		{ PQDMA_CH_ERR_CAUSE, list.err_cause },
		{ PQDMA_CH_ERR_ADDR_LO, list.err_addr & 0xffffffff },
		{ PQDMA_CH_ERR_ADDR_HI, list.err_addr >> 32 },
		{ PQDMA_CH_ERR_DESC_LO, list.err_desc & 0xffffffff },
		{ PQDMA_CH_ERR_DESC_HI, list.err_desc >> 32 },
	};
	const struct pqdma_reg_access *reg = find_register(offset);

	data = reg ? value(offset) : 0;
	for (const auto &row : own)
		if (row.offset == offset)
			data = static_cast<std::uint32_t>(row.value);
	return reg;
}

bool pqdma_fast_channel::write(std::uint32_t offset, std::uint32_t data, std::uint32_t strb)
{
	const struct pqdma_reg_access *reg = find_register(offset);
	const std::uint32_t mask = bytes_of(strb);

	if (!reg)
		return false;
	if (offset == PQDMA_CH_CTRL)
		command(data & mask);
	else if (offset == PQDMA_CH_TAIL)
		ring_doorbell((value(offset) & ~mask) | (data & mask));
	else
		value(offset) = (value(offset) & ~(mask & reg->rw)) | (data & mask & reg->rw);
	if (offset == PQDMA_CH_IRQ_STATUS)
		irq_status &= ~(data & mask);
	parent.irqs.notify(sc_core::SC_ZERO_TIME);
	return true;
}

void pqdma_fast_channel::command(std::uint32_t bits)
{
	for (const auto &move : moves) {
		if (!(bits & move.command))
			continue;
		if (move.from >> state & 1)
			state = move.to;
		break;
	}
	drop = drop || (busy && state == PQDMA_STATE_ABORT);
	go.notify();
}

void pqdma_fast_channel::ring_doorbell(std::uint32_t tail)
{
	const std::uint32_t ahead = tail - list.done;
	const bool is_behind = state != PQDMA_STATE_IDLE && ahead < value(PQDMA_CH_TAIL) - list.done;

	if (state == PQDMA_STATE_ABORT)
		return;
	if (ahead > PQDMA_TAIL_WINDOW || is_behind)
		raise(PQDMA_IRQ_BAD_TAIL_MASK);
	else
		value(PQDMA_CH_TAIL) = tail;
	go.notify();
}

bool pqdma_fast_channel::irq() const
{
	return irq_status & value(PQDMA_CH_IRQ_ENABLE);
}

void pqdma_fast_channel::raise(std::uint32_t bits)
{
	irq_status |= bits;
	parent.irqs.notify(sc_core::SC_ZERO_TIME);
}

void pqdma_fast_channel::clear()
{
	for (const struct pqdma_reg_access &row : pqdma_channel_regs)
		value(row.offset) = row.reset;
	state = PQDMA_STATE_IDLE;
	irq_status = 0;
	drop = busy;
	forget();
}

void pqdma_fast_channel::clear_counters()
{
	strips = -list.strips;
}

void pqdma_fast_channel::reset()
{
	clear();
	go.notify();
}

void pqdma_fast_channel::forget()
{
	strips += list.strips;
	list = {};
	started = false;
	coalesced = 0;
	coalesce_time.cancel();
	value(PQDMA_CH_TAIL) = 0;
}

/* The list */

bool pqdma_fast_channel::can_go() const
{
	const bool is_cyclic = value(PQDMA_CH_CFG) & PQDMA_CFG_CYCLIC_MASK;

	return state == PQDMA_STATE_RUN && (is_cyclic || list.fetched != value(PQDMA_CH_TAIL));
}

void pqdma_fast_channel::run()
{
	for (;;) {
		if (state == PQDMA_STATE_ABORT) {
			forget();
			state = PQDMA_STATE_IDLE;
			raise(PQDMA_IRQ_IDLE_MASK);
		}
		if (!can_go()) {
			idle = true;
			wait(go);
			continue;
		}
		if (idle) {
			local.reset();
			set_times(sc_time_stamp() + LAUNCH_CLOCKS * parent.period);
			launch = true;
		}
		idle = false;
		step();
	}
}

void pqdma_fast_channel::set_times(const sc_time &to)
{
	read_from = read_until = write_from = write_until = to;
}

/* Local time is when all that was done so far is over. */
void pqdma_fast_channel::catch_up()
{
	local.set(std::max({ read_until, write_until, sc_time_stamp() }) - sc_time_stamp());
}

/* One descriptor. What it does to memory is seen at once, the registers show it when its time has come or the quantum ends. */
void pqdma_fast_channel::step()
{
	struct oracle_channel next;

	busy = true;
	parent.engine.lock();
	if (!started)
		oracle_start(&list, value64(PQDMA_CH_HEAD_LO), value(PQDMA_CH_HEAD_COUNT), value(PQDMA_CH_CFG));
	started = true;
	next = list;
	next.cmpl = value64(PQDMA_CH_CMPL_LO);
	oracle_run(&oracle, &next, next.fetched + 1);
	parent.engine.unlock();
	catch_up();
	if (served >= 0 && next.state == PQDMA_STATE_RUN)
		settle();
	served = -1;
	if (next.irqs != list.irqs || next.state != PQDMA_STATE_RUN || local.need_sync())
		local.sync();
	if (!drop)
		end_step(next);
	drop = busy = false;
}

void pqdma_fast_channel::end_step(const struct oracle_channel &next)
{
	const std::uint32_t interrupts = next.irqs - list.irqs;

	list = next;
	if (interrupts)
		complete();
	if (list.state != PQDMA_STATE_FAIL)
		return;
	state = PQDMA_STATE_FAIL;
	raise(PQDMA_IRQ_ERROR_MASK);
	raise_done();
}

void pqdma_fast_channel::complete()
{
	const std::uint32_t coal = value(PQDMA_CH_IRQ_COAL);
	const std::uint32_t count = (coal & PQDMA_IRQ_COAL_COUNT_MASK) >> PQDMA_IRQ_COAL_COUNT_SHIFT;
	const std::uint32_t clocks = (coal & PQDMA_IRQ_COAL_TIME_MASK) >> PQDMA_IRQ_COAL_TIME_SHIFT;

	if (++coalesced >= count)
		raise_done();
	else if (coalesced == 1 && clocks)
		coalesce_time.notify(clocks * parent.period);
}

void pqdma_fast_channel::raise_done()
{
	if (coalesced)
		raise(PQDMA_IRQ_DONE_MASK);
	coalesced = 0;
	coalesce_time.cancel();
}

/* Memory */

/* What the other bodies would have on their pins. Data bursts end at multiples of their greatest length; all else is one burst each. */
void pqdma_fast_channel::count_bursts(bool is_read, std::uint64_t addr, std::size_t len, enum oracle_access access)
{
	const std::uint64_t longest = std::min<std::uint64_t>(std::uint64_t { PQDMA_BYTES } << list.burst, PQDMA_STRIP_BYTES);
	const bool is_data = access == ORACLE_READ || access == ORACLE_WRITE;

	parent.counter(is_read ? PQDMA_REG_PERF_AR : PQDMA_REG_PERF_AW) += is_data ? blocks(addr, len, longest) : 1;
	parent.counter(is_read ? PQDMA_REG_PERF_R : PQDMA_REG_PERF_W) += blocks(addr, len, PQDMA_BYTES);
	parent.counter(PQDMA_REG_PERF_FETCH) += access == ORACLE_FETCH;
}

/* Reads overlap: the next one is asked for while the data of this one comes. */
void pqdma_fast_channel::count_read(const sc_time &begin, const sc_time &there, const sc_time &beats)
{
	read_until = std::max(read_until, there) + beats;
	read_from = launch ? read_until : begin + beats;
	launch = false;
}

/* A strip is written when it has been read, a status word when all before it is acknowledged. */
unsigned int pqdma_fast_channel::transport(tlm::tlm_command command_is, std::uint64_t addr, unsigned char *bytes, std::size_t len,
					   enum oracle_access access)
{
	const bool is_read = command_is == tlm::TLM_READ_COMMAND;
	const sc_time beats = blocks(addr, len, PQDMA_BYTES) * parent.period;
	const sc_time from = is_read ? read_from : std::max(write_from, access == ORACLE_STATUS ? write_until : read_until);
	const sc_time begin = std::max(from, sc_time_stamp());
	sc_time delay = begin - sc_time_stamp();
	unsigned int resp;

	if (drop)
		return RESP_SLVERR;
	count_bursts(is_read, addr, len, access);
	trans.set_command(command_is);
	trans.set_address(addr);
	trans.set_data_ptr(bytes);
	trans.set_data_length(static_cast<unsigned int>(len));
	trans.set_streaming_width(static_cast<unsigned int>(len));
	trans.set_byte_enable_ptr(nullptr);
	trans.set_dmi_allowed(false);
	trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
	resp = parent.transport(parent.port_of(access), trans, delay);
	if (is_read) {
		count_read(begin, sc_time_stamp() + delay, beats);
	} else {
		write_from = begin + beats;
		write_until = std::max(write_until, sc_time_stamp() + delay + beats);
	}
	return resp;
}

unsigned int pqdma_fast_channel::read_memory(void *ctx, std::uint64_t addr, std::uint8_t *bytes, std::size_t len,
					     enum oracle_access access)
{
	return static_cast<pqdma_fast_channel *>(ctx)->transport(tlm::TLM_READ_COMMAND, addr, bytes, len, access);
}

/* A payload's pointer is never const; a write leaves the bytes as they are. */
unsigned int pqdma_fast_channel::write_memory(void *ctx, std::uint64_t addr, const std::uint8_t *bytes, std::size_t len,
					      enum oracle_access access)
{
	return static_cast<pqdma_fast_channel *>(ctx)->transport(tlm::TLM_WRITE_COMMAND, addr, const_cast<std::uint8_t *>(bytes), len,
								 access);
}

/* Request lines */

unsigned int pqdma_fast_channel::request(void *ctx, unsigned int line)
{
	return static_cast<pqdma_fast_channel *>(ctx)->wait_for_line(line);
}

unsigned int pqdma_fast_channel::line_shows(unsigned int line) const
{
	const std::uint32_t single = pqdma_tlm_fast::levels(parent.drq_single) >> line & 1;
	const std::uint32_t burst = pqdma_tlm_fast::levels(parent.drq_burst) >> line & 1;
	const std::uint32_t last = pqdma_tlm_fast::levels(parent.drq_last) >> line & 1;

	return (single ? ORACLE_REQUEST_SINGLE : 0) | (burst ? ORACLE_REQUEST_BURST : 0) | (last ? ORACLE_REQUEST_LAST : 0);
}

/* A piece is done: its dack, and time for the peripheral to see it. */
void pqdma_fast_channel::settle()
{
	local.sync();
	parent.pulse(static_cast<unsigned int>(served));
	wait(ACK_CLOCKS * parent.period);
	local.reset();
}

/* Lines are real signals, so local time has to catch up, and others may use the oracle meanwhile. */
unsigned int pqdma_fast_channel::wait_for_line(unsigned int line)
{
	const std::uint32_t clocks = value(PQDMA_CH_REQ_TIMEOUT);
	unsigned int shows;
	sc_time deadline;

	parent.engine.unlock();
	catch_up();
	if (served >= 0)
		settle();
	else
		local.sync();
	deadline = sc_time_stamp() + clocks * parent.period;
	for (;;) {
		shows = line_shows(line);
		if ((shows & (ORACLE_REQUEST_SINGLE | ORACLE_REQUEST_BURST)) || drop)
			break;
		if (clocks && sc_time_stamp() >= deadline)
			break;
		if (clocks)
			wait(deadline - sc_time_stamp(), parent.lines | go);
		else
			wait(parent.lines | go);
	}
	parent.engine.lock();
	set_times(sc_time_stamp());
	served = static_cast<int>(line);
	return drop ? 0 : shows;
}
