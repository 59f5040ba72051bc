/* SPDX-License-Identifier: MIT */
/*
 * From AXI4 and AXI4-Lite pins to TLM-2.0, for the bodies that have pins.
 *
 * Each class looks at the handshakes of a rising edge and chooses what it drives until the next one. Memory is asked by a thread,
 * with one generic payload a burst: a target that annotates its time lets bursts overlap, one that waits makes the ones behind it wait.
 */
#ifndef PQDMA_AXI_TRANSACTOR_H
#define PQDMA_AXI_TRANSACTOR_H

#include <deque>
#include <memory>
#include <vector>
#include "pqdma_tlm.h"

#define AXI_OKAY 0u
#define AXI_SLVERR 2u
#define AXI_DECERR 3u

/**
 * struct axi_burst - a burst on its way
 * @addr:  of the first beat
 * @beats: how many
 * @size:  bytes a beat
 * @fixed: all beats have the same address
 * @id:    comes back with the response
 * @channel: that it is for
 * @data:  bytes of all beats
 * @strb:  for each of them whether it is written; empty for a read
 * @resp:  AXI response: of each beat of a read, one of a write
 * @asked: memory has answered, and the response may go out from @ready on
 */
struct axi_burst {
	std::uint64_t addr;
	unsigned int beats;
	unsigned int size;
	bool fixed;
	std::uint64_t id;
	unsigned int channel;
	std::vector<unsigned char> data;
	std::vector<unsigned char> strb;
	std::vector<unsigned int> resp;
	bool asked;
	sc_core::sc_time ready;

	/** lane() - place of beat @beat in the bus word */
	unsigned int lane(unsigned int beat) const
	{
		return static_cast<unsigned int>((addr + (fixed ? 0 : beat * size)) % PQDMA_BYTES);
	}
};

/** class axi_asker - bursts in their order, and the thread that asks memory for them */
class axi_asker : public sc_core::sc_module {
public:
	axi_asker(const sc_core::sc_module_name &name, pqdma_tlm::initiator &socket);

	/** push() - ask for this burst when all before it have been answered */
	void push(struct axi_burst &&burst);

	/** first() - the oldest burst if its response may go out now, NULL otherwise */
	struct axi_burst *first();

	/** pop() - the response of the oldest one has gone out */
	void pop();

	/** reset() - forget all; what a target still works on is thrown away when it comes */
	void reset();

private:
	void run();
	void ask(struct axi_burst &burst);
	unsigned int transport(std::uint64_t addr, unsigned char *data, unsigned int length, unsigned int width, bool write);
	void read(struct axi_burst &burst);
	void write(struct axi_burst &burst);

	pqdma_tlm::initiator &socket;
	std::deque<std::shared_ptr<struct axi_burst>> queue;
	sc_core::sc_event more;
	tlm::tlm_generic_payload trans;
	struct pqdma_tlm_channel *const about = new pqdma_tlm_channel;	/* belongs to trans */
	sc_core::sc_time until;
};

/** struct axi_ax - what stands on AR or AW */
struct axi_ax {
	std::uint64_t addr;
	std::uint64_t len;
	std::uint64_t size;
	std::uint64_t burst;
	std::uint64_t id;
	std::uint64_t user;

	/** begin() - the burst that it starts */
	struct axi_burst begin() const;
};

/** struct axi_r - what is driven on R */
struct axi_r {
	bool valid;
	bool last;
	std::uint64_t id;
	std::uint64_t resp;
	unsigned char data[PQDMA_BYTES];
};

/** class axi_reader - an AXI4 slave's read channels; always ready for AR */
class axi_reader {
public:
	axi_reader(const char *name, pqdma_tlm::initiator &socket);

	/** clock() - a rising edge: @ar is accepted unless NULL, and the beat on R is taken if @taken; returns the beat for the next one */
	const struct axi_r &clock(const struct axi_ax *ar, bool taken);

	/** reset() - no burst, no beat */
	void reset();

private:
	void next_beat();

	axi_asker asker;
	unsigned int beat = 0;
	struct axi_r r = {};
};

/** struct axi_b - what is driven on B */
struct axi_b {
	bool valid;
	std::uint64_t id;
	std::uint64_t resp;
};

/** class axi_writer - an AXI4 slave's write channels; always ready for AW and W, in any order */
class axi_writer {
public:
	axi_writer(const char *name, pqdma_tlm::initiator &socket);

	/** address() - an AW handshake */
	void address(const struct axi_ax &aw);

	/** beat() - a W handshake: a whole bus word and its strobes */
	void beat(const unsigned char *data, std::uint64_t strb, bool last);

	/** clock() - the end of a rising edge, at which B was taken or not; returns B for the next one */
	const struct axi_b &clock(bool taken);

	/** reset() - no burst, no response */
	void reset();

private:
	struct word {
		unsigned char data[PQDMA_BYTES];
		std::uint64_t strb;
	};

	axi_asker asker;
	std::deque<struct axi_burst> addresses;
	std::deque<struct word> words;
	std::size_t complete = 0;	/* bursts whose last word is there */
	struct axi_b b = {};
};

#endif
