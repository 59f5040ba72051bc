/* SPDX-License-Identifier: MIT */
/* Random lists for tests of pqdma_tlm, and what the untimed oracle says they do to memory. */
#ifndef TLM_LISTS_H
#define TLM_LISTS_H

#include <vector>
#include "tlm_test.h"
extern "C" {
#include "oracle.h"
#include "rng.h"
}

#define TLM_LIST_DESCS 48	/* of each channel */

/** tlm_list_head() - where the list of channel @ch stands; it is one group */
std::uint64_t tlm_list_head(unsigned int ch);

/** tlm_lists_owner() - the channel to whose list, tables, sources or destinations @addr belongs */
unsigned int tlm_lists_owner(std::uint64_t addr);

/** tlm_lists_make() - random bytes everywhere, and a random list for each channel; the last descriptor has IRQ */
void tlm_lists_make(tlm_board &board, std::uint64_t seed);

/** tlm_lists_start() - all channels; the list ends after @tail descriptors */
void tlm_lists_start(tlm_board &board, unsigned int tail);

/** tlm_lists_wait() - until @tail descriptors of each channel are done */
void tlm_lists_wait(tlm_board &board, unsigned int tail);

/** class tlm_expect - memory as it was when this was made; what the lists make of it */
class tlm_expect {
public:
	explicit tlm_expect(tlm_board &board);

	/** check() - memory and registers of all channels must be as the oracle has them after @tail descriptors */
	void check(unsigned int tail);

private:
	tlm_board &board;
	std::vector<unsigned char> before;
};

#endif
