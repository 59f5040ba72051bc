/* SPDX-License-Identifier: MIT */
/*
 * What tests of pqdma_tlm have in common: a component with clock, reset, memory and somebody who accesses its registers.
 *
 *	int sc_main(int argc, char **argv)
 *	{
 *		return tlm_test_main(argc, argv, "payload", tests);
 *	}
 *
 * All bodies are elaborated side by side, each on a memory of its own, and every test runs on each body that it names. The first
 * check that fails ends the run.
 */
#ifndef TLM_TEST_H
#define TLM_TEST_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <vector>
#include "pqdma_tlm.h"
#include "pqdma_tlm_fast.h"
#include "pqdma_tlm_model.h"
#include "pqdma_tlm_rtl.h"
#include "tlm_memory.h"
extern "C" {
#include "pqdma_regs.h"
}

#define TLM_TEST_RAM UINT64_C(0x4000000000)
#define TLM_TEST_RAM_BYTES (1u << 20)

/** CHECK() - @ok must be true, or the run ends here */
#define CHECK(ok) tlm_test_check(ok, #ok, __FILE__, __LINE__)

/** tlm_test_check() - see CHECK(); counts */
void tlm_test_check(bool ok, const char *text, const char *file, int line);

/** struct tlm_board - a component and all around it; @name says which body it is */
struct tlm_board : sc_core::sc_module {
	tlm_board(const sc_core::sc_module_name &name, sc_core::sc_signal_in_if<bool> &clk,
		  const std::function<std::unique_ptr<pqdma_tlm>()> &make_dma);

	/** send() - a transaction with everything in @trans but the response status set by the caller */
	tlm::tlm_response_status send(tlm::tlm_generic_payload &trans);

	/** read32(), write32() - registers; the response must be OK */
	std::uint32_t read32(std::uint32_t addr);
	void write32(std::uint32_t addr, std::uint32_t value);

	/** ch_read(), ch_write() - a register of a channel, @reg being PQDMA_CH_* */
	std::uint32_t ch_read(unsigned int ch, std::uint32_t reg);
	void ch_write(unsigned int ch, std::uint32_t reg, std::uint32_t value);

	/** wait_irq() - until the interrupt of a channel is high; returns IRQ_STATUS and clears it */
	std::uint32_t wait_irq(unsigned int ch);

	/** start() - a list of @count descriptors at @head, all interrupts enabled */
	void start(unsigned int ch, std::uint64_t head, unsigned int count, std::uint32_t tail);

	/** abort() - back to IDLE */
	void abort(unsigned int ch);

	/** do_reset() - some clocks of reset */
	void do_reset();

	/** is_fast() - is it the loosely timed body? */
	bool is_fast() const;

	sc_core::sc_signal<bool, sc_core::SC_MANY_WRITERS> rst_n { "rst_n" };
	sc_core::sc_vector<sc_core::sc_signal<bool>> irq { "irq", PQDMA_CHANNELS };
	sc_core::sc_vector<sc_core::sc_signal<bool>> drq_single { "drq_single", PQDMA_LINES };
	sc_core::sc_vector<sc_core::sc_signal<bool>> drq_burst { "drq_burst", PQDMA_LINES };
	sc_core::sc_vector<sc_core::sc_signal<bool>> drq_last { "drq_last", PQDMA_LINES };
	sc_core::sc_vector<sc_core::sc_signal<bool>> dack { "dack", PQDMA_LINES };
	tlm_memory ram { "ram", TLM_TEST_RAM, TLM_TEST_RAM_BYTES, sc_core::sc_time(100, sc_core::SC_NS) };
	tlm_utils::simple_initiator_socket<tlm_board> cpu { "cpu" };
	sc_core::sc_event responded;	/* to a non-blocking call */
	std::unique_ptr<pqdma_tlm> dma;

private:
	tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload &trans, tlm::tlm_phase &phase, sc_core::sc_time &delay);
};

/** desc_put() - a descriptor in full form at @addr; its status word becomes 0 */
void desc_put(tlm_board &board, std::uint64_t addr, std::uint32_t op, std::uint32_t flags, std::uint32_t length, std::uint64_t src,
	      std::uint64_t dst);

/** word_at() - the 64-bit word at @addr of the board's memory */
std::uint64_t word_at(tlm_board &board, std::uint64_t addr);

/** put_word() - store one */
void put_word(tlm_board &board, std::uint64_t addr, std::uint64_t word);

/** struct tlm_test - @body is run on one board after another, or once with all of them */
struct tlm_test {
	const char *name;
	void (*on_each)(tlm_board &board);
	void (*on_all)(std::vector<tlm_board *> &boards);
};

/** tlm_test_main() - run the tests of a program; returns the exit status */
int tlm_test_main(int argc, char **argv, const char *name, const std::vector<struct tlm_test> &tests);

#endif
