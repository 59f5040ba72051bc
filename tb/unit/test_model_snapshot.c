/* SPDX-License-Identifier: MIT */
/*
 * A copy of the model's state goes on exactly as the original does, whatever the pins do, and pins that break every rule of
 * the bus do no harm outside the model. Fails if two copies drift apart; the sanitizers see the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
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

static bool one_in(uint32_t n)
{
	return next_random() % n == 0;
}

/*
 * Whichever two words of a descriptor or of a source table these are, they often make sense: the even one an operation with a
 * length, a number of sources or an address, the odd one a table, a link or two coefficients.
 */
static void choose_words(struct pqdma_in *in)
{
	uint32_t words[16];
	size_t i;

	for (i = 0; i < NR(words); i += 4) {
		words[i] = (uint32_t)(next_random() % (PQDMA_OP_MATRIX + 1)) | (one_in(4) ? (uint32_t)next_random() & 0x3f00 : 0);
		words[i + 1] = (uint32_t)next_random() & (one_in(2) ? 0x3ff : 0xffff);
		words[i + 2] = (uint32_t)next_random() & (one_in(4) ? 0xffffffff : 0xffffffc0);
		words[i + 3] = (uint32_t)next_random();
	}
	memcpy(in->m_axi_rdata, words + (NR(in->m_axi_rdata) == 1 ? next_random() % 4 : 0), sizeof(in->m_axi_rdata));
}

/* Register writes that get something going more often than chance would */
static void choose_write(struct pqdma_in *in)
{
	static const struct {
		uint32_t offset;
		uint32_t mask;
	} writes[] = {
		{ PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK },
		{ PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK },
		{ PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK | PQDMA_CTRL_STOP_MASK | PQDMA_CTRL_ABORT_MASK },
		{ PQDMA_CH_HEAD_LO, 0xffffffc0 },
		{ PQDMA_CH_HEAD_COUNT, 0x3f },
		{ PQDMA_CH_TAIL, PQDMA_TAIL_WINDOW - 1 },
		{ PQDMA_CH_CFG, 0xffffffff },
	};
	const size_t i = next_random() % NR(writes);

	in->s_axil_awaddr = PQDMA_CH(next_random() % PQDMA_CHANNELS) + writes[i].offset;
	in->s_axil_wdata &= writes[i].mask;
}

/* Random pins, but errors are rare, and there is no reset. */
static void choose_pins(struct pqdma_in *in)
{
	size_t i;

	PQDMA_PINS_IN(RANDOM_WIDE, RANDOM_WORD)
	choose_write(in);
	if (!one_in(8))
		choose_words(in);
	if (!one_in(4))
		in->m_axi_rid %= 2;
	if (!one_in(50))
		in->m_axi_rresp = 0;
	if (!one_in(50))
		in->m_axi_bresp = 0;
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
	uint32_t reads = 0;
	uint32_t writes = 0;
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
			reads += out.m_axi_arvalid && out.m_axi_arid == 0;
			writes += out.m_axi_wvalid;
		}
		pqdma_model_free(copy);
		pqdma_model_free(dev);
	}
	assert_true(reads > SEEDS);
	assert_true(writes > SEEDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copy_goes_on_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
