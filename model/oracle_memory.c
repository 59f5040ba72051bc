/* SPDX-License-Identifier: MIT */
/* Memory, responses and error records of the oracle. docs/spec.md, section 6. */
#include <assert.h>
#include <string.h>
#include "oracle_priv.h"

static bool is_inside(uint64_t bus, uint64_t size, uint64_t addr, uint64_t len)
{
	const uint64_t offset = addr - bus;

	return offset < size && len <= size - offset;
}

static bool in_ram(const struct oracle *oracle, uint64_t addr, uint64_t len)
{
	return is_inside(oracle->ram_bus, oracle->ram_size, addr, len);
}

static const struct oracle_device *device_at(const struct oracle *oracle, uint64_t addr, uint64_t len)
{
	size_t i;

	for (i = 0; i < oracle->nr_devices; i++)
		if (is_inside(oracle->devices[i].bus, oracle->devices[i].size, addr, len))
			return &oracle->devices[i];
	return NULL;
}

static uint8_t *ram_at(const struct oracle *oracle, uint64_t addr)
{
	return oracle->ram + (addr - oracle->ram_bus);
}

static uint64_t bus_word(uint64_t addr)
{
	return addr & ~(uint64_t)(PQDMA_BYTES - 1);
}

static unsigned int planted(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access)
{
	return oracle->resp ? oracle->resp(oracle->ctx, addr, (size_t)len, access) : ORACLE_RESP_OKAY;
}

/* What accesses whole bus words must not come to a device: it is there for single transfers. */
static unsigned int respond_ram(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access)
{
	return in_ram(oracle, addr, len) ? planted(oracle, addr, len, access) : ORACLE_RESP_DECERR;
}

unsigned int oracle_respond(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access)
{
	if (device_at(oracle, addr, len))
		return planted(oracle, addr, len, access);
	return respond_ram(oracle, addr, len, access);
}

/* What a beat answers when it is read alone */
static unsigned int respond_beat(const struct oracle *oracle, uint64_t addr, enum oracle_access access)
{
	uint8_t beat[PQDMA_BYTES];

	if (oracle->read)
		return oracle->read(oracle->ctx, addr, beat, sizeof(beat), access);
	return respond_ram(oracle, addr, PQDMA_BYTES, access);
}

static unsigned int respond_beats(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access, uint64_t *where)
{
	const uint64_t beats = (addr + len - 1 - bus_word(addr)) / PQDMA_BYTES + 1;
	unsigned int resp = ORACLE_RESP_OKAY;
	uint64_t i;

	for (i = 0; i < beats && !(resp & ORACLE_RESP_ERROR); i++) {
		*where = bus_word(addr) + i * PQDMA_BYTES;
		resp = respond_beat(oracle, *where, access);
	}
	return resp;
}

/* If no beat fails alone it is the first one that has failed. */
static unsigned int read_outside(const struct oracle *oracle, uint64_t addr, uint8_t *bytes, size_t len, enum oracle_access access,
				 uint64_t *where)
{
	const unsigned int resp = oracle->read(oracle->ctx, addr, bytes, len, access);
	unsigned int beat_resp;

	if (!(resp & ORACLE_RESP_ERROR))
		return resp;
	beat_resp = respond_beats(oracle, addr, len, access, where);
	if (beat_resp & ORACLE_RESP_ERROR)
		return beat_resp;
	*where = bus_word(addr);
	return resp;
}

unsigned int oracle_read(const struct oracle *oracle, uint64_t addr, uint8_t *bytes, size_t len, enum oracle_access access,
			 uint64_t *where)
{
	unsigned int resp;

	if (oracle->read)
		return read_outside(oracle, addr, bytes, len, access, where);
	resp = respond_beats(oracle, addr, len, access, where);
	if (!(resp & ORACLE_RESP_ERROR))
		memcpy(bytes, ram_at(oracle, addr), len);
	return resp;
}

unsigned int oracle_write(const struct oracle *oracle, uint64_t addr, const uint8_t *bytes, size_t len, enum oracle_access access)
{
	const uint64_t first = bus_word(addr);
	unsigned int resp;

	if (oracle->write)
		return oracle->write(oracle->ctx, addr, bytes, len, access);
	resp = respond_ram(oracle, first, bus_word(addr + len - 1) - first + PQDMA_BYTES, access);
	if (!(resp & ORACLE_RESP_ERROR))
		memcpy(ram_at(oracle, addr), bytes, len);
	return resp;
}

unsigned int oracle_read_transfer(const struct oracle *oracle, uint64_t addr, uint8_t *bytes, size_t len)
{
	const struct oracle_device *device = device_at(oracle, addr, len);
	unsigned int resp;

	if (oracle->read)
		return oracle->read(oracle->ctx, addr, bytes, len, ORACLE_READ);
	resp = oracle_respond(oracle, addr, len, ORACLE_READ);
	if (resp & ORACLE_RESP_ERROR)
		return resp;
	if (device)
		device->read(oracle->ctx, addr, bytes, len);
	else
		memcpy(bytes, ram_at(oracle, addr), len);
	return resp;
}

unsigned int oracle_write_transfer(const struct oracle *oracle, uint64_t addr, const uint8_t *bytes, size_t len)
{
	const struct oracle_device *device = device_at(oracle, addr, len);

	if (oracle->write)
		return oracle->write(oracle->ctx, addr, bytes, len, ORACLE_WRITE);
	if (device)
		device->write(oracle->ctx, addr, bytes, len);
	else
		memcpy(ram_at(oracle, addr), bytes, len);
	return ORACLE_RESP_OKAY;
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
