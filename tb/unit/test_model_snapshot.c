/* SPDX-License-Identifier: MIT */
/*
 * A copy of the model's state goes on exactly as the original does, whatever the pins do, and pins that break every rule of
 * the bus do no harm outside the model. Fails if two copies drift apart; the sanitizers see the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "pqdma_model.h"
#include "pqdma_regs.h"

#define SEEDS 20
#define CLOCKS 4000
#define NR(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t rng;

static uint64_t next_random(void)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng;
}

#define RANDOM_WIDE(name, width)					\
	for (i = 0; i < (width) / 32; i++)				\
		in->name[i] = (uint32_t)next_random();
#define RANDOM_WORD(name, width) in->name = next_random() >> (64 - (width));

/*
 * Whichever two words of a descriptor or of a source table these are, they make sense: the even one an operation, a number of
 * sources or an address, the odd one a table, a link or two coefficients. A bus of 32 bits sees bad operations only.
 */
static void choose_desc(struct pqdma_in *in)
{
	size_t i;

	for (i = 0; i < NR(in->m_axi_rdata); i += 2)
		in->m_axi_rdata[i] = (uint32_t)(next_random() % (PQDMA_OP_MATRIX + 1));
	for (i = 2; i < NR(in->m_axi_rdata); i += 4)
		in->m_axi_rdata[i] = (uint32_t)next_random() & 0xffffffc1;
}

/* Random pins, but register writes that get something going more often than chance would, and no reset. */
static void choose_pins(struct pqdma_in *in)
{
	static const uint32_t offsets[] = { PQDMA_CH_CTRL, PQDMA_CH_HEAD_LO, PQDMA_CH_HEAD_COUNT, PQDMA_CH_TAIL, PQDMA_CH_CFG,
					    PQDMA_CH_IRQ_COAL, PQDMA_CH_CMPL_LO };
	size_t i;

	PQDMA_PINS_IN(RANDOM_WIDE, RANDOM_WORD)
	in->s_axil_awaddr = PQDMA_CH(next_random() % PQDMA_CHANNELS) + offsets[next_random() % NR(offsets)];
	if (in->s_axil_awaddr % PQDMA_CH_STRIDE != PQDMA_CH_TAIL)
		in->s_axil_wdata &= 0x133cb;
	else
		in->s_axil_wdata %= PQDMA_TAIL_WINDOW;
	if (next_random() % 4)
		in->m_axi_rid %= 2;
	if (next_random() % 2)
		choose_desc(in);
	in->rst_n = 1;
}

static struct pqdma *copy_of(const struct pqdma *dev)
{
	struct pqdma *copy = pqdma_model_new();

	assert_non_null(copy);
	memcpy(copy, dev, pqdma_model_size());
	return copy;
}

static void copy_goes_on_alike(void **state)
{
	uint32_t requests = 0;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++) {
		struct pqdma *dev = pqdma_model_new();
		struct pqdma *copy = NULL;
		struct pqdma_out out;
		struct pqdma_out other;
		uint32_t clock;

		rng = seed * UINT64_C(0x9e3779b97f4a7c15);
		memset(&out, 0, sizeof(out));
		memset(&other, 0, sizeof(other));
		for (clock = 0; clock < 2 * CLOCKS; clock++) {
			struct pqdma_in in;

			choose_pins(&in);
			if (clock == CLOCKS)
				copy = copy_of(dev);
			pqdma_tick(dev, &in, &out);
			if (!copy)
				continue;
			pqdma_tick(copy, &in, &other);
			assert_memory_equal(&out, &other, sizeof(out));
			requests += out.m_axi_arvalid || out.m_axi_awvalid;
		}
		pqdma_model_free(copy);
		pqdma_model_free(dev);
	}
	assert_true(requests > SEEDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copy_goes_on_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
