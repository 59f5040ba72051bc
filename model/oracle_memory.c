/* SPDX-License-Identifier: MIT */
/* Memory, responses and error records of the oracle. docs/spec.md, section 6. */
#include <assert.h>
#include "oracle_priv.h"

static bool in_ram(const struct oracle *oracle, uint64_t addr, uint64_t len)
{
	const uint64_t offset = addr - oracle->ram_bus;

	return offset < oracle->ram_size && len <= oracle->ram_size - offset;
}

uint8_t *oracle_ram_at(const struct oracle *oracle, uint64_t addr)
{
	return oracle->ram + (addr - oracle->ram_bus);
}

static uint64_t bus_word(uint64_t addr)
{
	return addr & ~(uint64_t)(PQDMA_BYTES - 1);
}

static unsigned int respond(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access)
{
	if (!in_ram(oracle, addr, len))
		return ORACLE_RESP_DECERR;
	return oracle->resp ? oracle->resp(oracle->ctx, addr, (size_t)len, access) : ORACLE_RESP_OKAY;
}

unsigned int oracle_respond_beats(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access,
				  uint64_t *where)
{
	const uint64_t beats = (addr + len - 1 - bus_word(addr)) / PQDMA_BYTES + 1;
	unsigned int resp = ORACLE_RESP_OKAY;
	uint64_t i;

	for (i = 0; i < beats && !(resp & ORACLE_RESP_ERROR); i++) {
		*where = bus_word(addr) + i * PQDMA_BYTES;
		resp = respond(oracle, *where, PQDMA_BYTES, access);
	}
	return resp;
}

unsigned int oracle_respond_burst(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access)
{
	const uint64_t first = bus_word(addr);

	return respond(oracle, first, bus_word(addr + len - 1) - first + PQDMA_BYTES, access);
}

uint32_t oracle_cause(uint32_t slverr, unsigned int resp)
{
	return slverr + (resp == ORACLE_RESP_DECERR);
}

bool oracle_fail(struct oracle_channel *ch, uint32_t cause, uint64_t addr, uint64_t desc)
{
	ch->state = PQDMA_STATE_FAIL;
	ch->err_cause = cause;
	ch->err_addr = addr;
	ch->err_desc = desc;
	return false;
}

void oracle_mark(struct oracle_channel *ch, uint64_t addr, uint64_t len)
{
	assert(ch->nr_uncertain < ORACLE_RANGES);
	if (len)
		ch->uncertain[ch->nr_uncertain++] = (struct oracle_range) { .addr = addr, .len = len };
}
