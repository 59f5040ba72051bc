/* SPDX-License-Identifier: MIT */
/* Private to the loosely timed body: one channel, its registers, and the thread that executes its list. */
#ifndef PQDMA_FAST_CHANNEL_H
#define PQDMA_FAST_CHANNEL_H

#include "pqdma_tlm_fast.h"

class pqdma_fast_channel : public sc_core::sc_module {
public:
	pqdma_fast_channel(const sc_core::sc_module_name &name, pqdma_tlm_fast &parent, unsigned int number);

	/** read() - register at @offset of the page; false if there is none */
	bool read(std::uint32_t offset, std::uint32_t &value) const;

	/** write() - bytes of @strb of the register; false if there is none */
	bool write(std::uint32_t offset, std::uint32_t data, std::uint32_t strb);

	/** irq() - level of the interrupt */
	bool irq() const;

	/** clear_counters() - as PERF_CTRL does */
	void clear_counters();

	/** reset() - rst_n is low */
	void reset();

private:
	static unsigned int read_memory(void *ctx, std::uint64_t addr, std::uint8_t *bytes, std::size_t len, enum oracle_access access);
	static unsigned int write_memory(void *ctx, std::uint64_t addr, const std::uint8_t *bytes, std::size_t len,
					 enum oracle_access access);
	static unsigned int request(void *ctx, unsigned int line);
	unsigned int transport(tlm::tlm_command command_is, std::uint64_t addr, unsigned char *bytes, std::size_t len,
			       enum oracle_access access);
	void count_bursts(bool is_read, std::uint64_t addr, std::size_t len, enum oracle_access access);
	void count_read(const sc_core::sc_time &begin, const sc_core::sc_time &there, const sc_core::sc_time &beats);
	unsigned int wait_for_line(unsigned int line);
	unsigned int line_shows(unsigned int line) const;
	std::uint32_t &value(std::uint32_t offset);
	std::uint32_t value(std::uint32_t offset) const;
	std::uint64_t value64(std::uint32_t offset) const;
	void command(std::uint32_t bits);
	void ring_doorbell(std::uint32_t tail);
	void raise(std::uint32_t bits);
	void run();
	bool can_go() const;
	void step();
	void settle();
	void set_times(const sc_core::sc_time &to);
	void catch_up();
	void end_step(const struct oracle_channel &next);
	void complete();
	void raise_done();
	void forget();
	void clear();

	pqdma_tlm_fast &parent;
	struct oracle oracle = {};
	struct oracle_channel list = {};
	std::uint32_t values[PQDMA_CH_STRIDE / 4] = {};	/* of registers that keep what is written */
	std::uint32_t state = PQDMA_STATE_IDLE;
	std::uint32_t irq_status = 0;
	std::uint32_t strips = 0;	/* of lists that are over, less those at the time of PERF_CTRL */
	std::uint32_t coalesced = 0;	/* completions that have not raised DONE */
	bool started = false;		/* list is in use */
	bool idle = true;		/* the thread waits */
	bool busy = false;
	bool drop = false;		/* what goes on is thrown away: ABORT or reset */
	int served = -1;		/* line whose piece goes on */
	tlm::tlm_generic_payload trans;
	tlm_utils::tlm_quantumkeeper local;
	sc_core::sc_time read_from;	/* the next read may be asked for */
	sc_core::sc_time read_until;	/* all that was read is there */
	sc_core::sc_time write_from;
	sc_core::sc_time write_until;	/* all that was written is acknowledged */
	bool launch = false;		/* the next read is the first of a list: nothing overlaps with it */
	sc_core::sc_event go;
	sc_core::sc_event coalesce_time;
};

#endif
