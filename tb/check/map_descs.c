// SPDX-License-Identifier: MIT
// Who asked: what each operation reads and writes, from the descriptors and tables that were fetched; see map_descs.h.
#include "map_descs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "../../sw/mapping/mapping.h"
#include "pqdma_regs.h"

#define ENTRY_BYTES 16u

static uint64_t word_of(const struct map_desc *desc, unsigned int offset)
{
	uint64_t word;

	memcpy(&word, desc->bytes + offset, sizeof(word));
	return word;
}

static unsigned int op_of(const struct map_desc *desc)
{
	return desc->bytes[0];
}

static bool has_flag(const struct map_desc *desc, unsigned int flag)
{
	return desc->bytes[1] & flag;
}

static uint64_t length_of(const struct map_desc *desc)
{
	return word_of(desc, PQDMA_DESC_HEAD_OFFSET) >> PQDMA_DESC_LENGTH_SHIFT;
}

static bool is_sum(const struct map_desc *desc)
{
	return op_of(desc) >= PQDMA_OP_XOR && op_of(desc) <= PQDMA_OP_MATRIX;
}

static bool is_check(const struct map_desc *desc)
{
	return op_of(desc) == PQDMA_OP_XOR_VAL || op_of(desc) == PQDMA_OP_PQ_VAL;
}

static bool has_q(const struct map_desc *desc)
{
	return op_of(desc) >= PQDMA_OP_PQ && !has_flag(desc, PQDMA_FLAG_Q_OFF);
}

static unsigned int sources_of(const struct map_desc *desc)
{
	return (unsigned int)(word_of(desc, PQDMA_DESC_SETTINGS_OFFSET) & PQDMA_SETTINGS_SOURCES_MASK);
}

/* Does the bus word at @addr touch the range? */
static bool touches(uint64_t addr, uint64_t first, uint64_t length)
{
	const uint64_t word = addr & ~(uint64_t)(PQDMA_BYTES - 1);

	return first < word + PQDMA_BYTES && word < first + length;
}

/* Rows of a copy or a fill; the strides are in one word, that of the source low. */
static bool touches_rows(const struct map_desc *desc, uint64_t addr, unsigned int offset)
{
	const uint64_t strides = word_of(desc, PQDMA_DESC_DST2_OFFSET);
	const int64_t stride = (int32_t)(offset == PQDMA_DESC_DST_OFFSET ? strides >> 32 : strides);
	uint64_t row = word_of(desc, offset), rows = 1;

	/* A peripheral's side goes up or down, or stays. */
	if (has_flag(desc, PQDMA_FLAG_PERI))
		return touches(addr, row - length_of(desc), 2 * length_of(desc));
	if (has_flag(desc, PQDMA_FLAG_TWO_D))
		rows = (uint32_t)word_of(desc, PQDMA_DESC_COUNTS_OFFSET);
	for (; rows; rows--, row += (uint64_t)stride)
		if (touches(addr, row, length_of(desc)))
			return true;
	return false;
}

static bool touches_sums(const struct map_desc *desc, uint64_t addr)
{
	const uint64_t length = length_of(desc);

	if (!has_flag(desc, PQDMA_FLAG_P_OFF) && touches(addr, word_of(desc, PQDMA_DESC_DST_OFFSET), length))
		return true;
	return has_q(desc) && touches(addr, word_of(desc, PQDMA_DESC_DST2_OFFSET), length);
}

static bool in_table(const struct map_desc *desc, uint64_t addr)
{
	return addr - word_of(desc, PQDMA_DESC_SRC_OFFSET) < (uint64_t)sources_of(desc) * ENTRY_BYTES;
}

/* Block number @i from the newest on; NULL behind the oldest. */
static const struct map_desc *newest(const struct map_descs *descs, uint64_t i)
{
	const uint64_t known = descs->nr < MAP_DESCS ? descs->nr : MAP_DESCS;

	return i < known ? &descs->desc[(descs->nr - 1 - i) % MAP_DESCS] : NULL;
}

static bool touches_sources(const struct map_descs *descs, const struct map_desc *desc, uint64_t addr)
{
	const struct map_desc *block;

	for (uint64_t i = 0; (block = newest(descs, i)); i++) {
		if (!block->table || !in_table(desc, block->addr))
			continue;
		for (unsigned int entry = 0; entry < MAP_DESC_BYTES && in_table(desc, block->addr + entry); entry += ENTRY_BYTES)
			if (touches(addr, word_of(block, entry), length_of(desc)))
				return true;
	}
	return false;
}

static bool reads(const struct map_descs *descs, const struct map_desc *desc, uint64_t addr)
{
	if (!is_sum(desc))
		return op_of(desc) == PQDMA_OP_COPY && touches_rows(desc, addr, PQDMA_DESC_SRC_OFFSET);
	if ((is_check(desc) || has_flag(desc, PQDMA_FLAG_CONT)) && touches_sums(desc, addr))
		return true;
	return in_table(desc, addr) || touches_sources(descs, desc, addr);
}

static bool writes(const struct map_desc *desc, uint64_t addr)
{
	if (has_flag(desc, PQDMA_FLAG_WB) && touches(addr, desc->addr + PQDMA_DESC_STATUS_OFFSET, sizeof(uint64_t)))
		return true;
	if (is_sum(desc))
		return !is_check(desc) && touches_sums(desc, addr);
	return (op_of(desc) == PQDMA_OP_COPY || op_of(desc) == PQDMA_OP_FILL) && touches_rows(desc, addr, PQDMA_DESC_DST_OFFSET);
}

static const struct map_desc *who_asked(const struct map_descs *descs, uint64_t addr, bool write)
{
	const struct map_desc *desc;

	for (uint64_t i = 0; (desc = newest(descs, i)); i++)
		if (!desc->table && (write ? writes(desc, addr) : reads(descs, desc, addr)))
			return desc;
	return NULL;
}

bool map_descs_ask(const struct map_descs *descs, uint64_t addr, bool write)
{
	return who_asked(descs, addr, write);
}

void map_descs_tell(const struct map_descs *descs, uint64_t addr, bool write, char *text, size_t len)
{
	const struct map_desc *desc = who_asked(descs, addr, write);
	char prep[160], what[80];

	if (!desc) {
		snprintf(text, len, "no descriptor that was fetched asks for it");
		return;
	}
	mapping_explain_prep(addr, word_of(desc, PQDMA_DESC_DST_OFFSET), prep, sizeof(prep));
	if (is_sum(desc))
		snprintf(what, sizeof(what), "%u sources in the table at 0x%" PRIx64, sources_of(desc),
			 word_of(desc, PQDMA_DESC_SRC_OFFSET));
	else
		snprintf(what, sizeof(what), "source or pattern 0x%" PRIx64, word_of(desc, PQDMA_DESC_SRC_OFFSET));
	snprintf(text, len, "the descriptor at 0x%" PRIx64 " asks for it: %s of %u bytes to 0x%" PRIx64 ", %s, tag 0x%04x%s", desc->addr,
		 pqdma_op_name(op_of(desc)), (unsigned int)length_of(desc), word_of(desc, PQDMA_DESC_DST_OFFSET), what,
		 (unsigned int)(word_of(desc, PQDMA_DESC_HEAD_OFFSET) >> PQDMA_DESC_TAG_SHIFT & 0xffff), prep);
}

/* A table is fetched after the descriptor that names it, and long before that one is forgotten. */
static bool is_table(const struct map_descs *descs, uint64_t addr)
{
	const struct map_desc *desc;

	for (uint64_t i = 0; (desc = newest(descs, i)); i++)
		if (!desc->table && is_sum(desc) && in_table(desc, addr))
			return true;
	return false;
}

void map_descs_start(struct map_descs *descs, uint64_t addr)
{
	const uint64_t start = addr & ~(uint64_t)(MAP_DESC_BYTES - 1);
	const bool table = is_table(descs, start);

	descs->desc[descs->nr++ % MAP_DESCS] = (struct map_desc){ .addr = start, .table = table };
}

void map_descs_beat(struct map_descs *descs, uint64_t addr, const void *data)
{
	struct map_desc *desc = &descs->desc[(descs->nr - 1) % MAP_DESCS];

	memcpy(desc->bytes + (addr - desc->addr), data, PQDMA_BYTES < MAP_DESC_BYTES ? PQDMA_BYTES : MAP_DESC_BYTES);
}
