// SPDX-License-Identifier: MIT
/*
 * Whose turn it is, by cache line. A line under a mapping that the device writes belongs to the device from map or sync for
 * device until sync for CPU or unmap. What the CPU's view held when the line was given away is kept, so a write by the CPU
 * in between shows when the line comes back: with real caches either that write or the device's data would have been lost.
 *
 * Of a mapping that the device only reads, the bytes that were sent are kept: the CPU may write them before a sync for the device, as
 * long as there is one.
 */
#include "mapping_priv.h"

#include <stdlib.h>
#include <string.h>
#include "kernel/kernel_priv.h"

/**
 * struct line - one cache line of memory
 * @given:    which line of code gave it to the device; NULL: it is the CPU's
 * @mapped:   which line of code made the mapping by which the device writes it, of the last one
 * @offset:   of that mapping in memory, and its @size
 * @mappings: how many of them there are
 */
struct line {
	const char *given;
	const char *mapped;
	size_t offset;
	size_t size;
	unsigned int mappings;
};

static struct line *lines;
static u8 *kept;
static u8 *sent;

void owner_boot(void)
{
	free(lines);
	free(kept);
	free(sent);
	lines = NULL;
	kept = NULL;
	sent = NULL;
}

static void owner_up(void)
{
	if (lines)
		return;
	lines = calloc(cpu.hw->ram_size / DMA_CACHE_LINE, sizeof(*lines));
	kept = malloc(cpu.hw->ram_size);
	sent = malloc(cpu.hw->ram_size);
	if (!lines || !kept || !sent)
		panic("the host has no memory to keep cache lines");
}

/* Coherent memory has no owner. */
static bool is_out(size_t offset)
{
	return view_is_one(PHYS_OFFSET + offset);
}

static u8 *cpu_view(size_t offset)
{
	return phys_to_virt(PHYS_OFFSET + offset);
}

/* Copies or compares a line under the eyes of the sanitizer, which guards what lies beside an object. */
static void __attribute__((no_sanitize("address"))) copy_line(u8 *to, const u8 *from)
{
	u64 word;
	size_t i;

	for (i = 0; i < DMA_CACHE_LINE; i += sizeof(word)) {
		word = *(const u64 *)(const void *)(from + i);
		*(u64 *)(void *)(to + i) = word;
	}
}

static bool __attribute__((no_sanitize("address"))) same_line(const u8 *a, const u8 *b)
{
	size_t i;

	for (i = 0; i < DMA_CACHE_LINE; i += sizeof(u64))
		if (*(const u64 *)(const void *)(a + i) != *(const u64 *)(const void *)(b + i))
			return false;
	return true;
}

static size_t first_line(size_t offset)
{
	return offset / DMA_CACHE_LINE;
}

static size_t last_line(size_t offset, size_t size)
{
	return (offset + size - 1) / DMA_CACHE_LINE;
}

/* A page is armed when each line of it is the device's. */
static void arm(size_t offset, size_t size)
{
	const size_t per_page = PAGE_SIZE / DMA_CACHE_LINE;
	size_t page, i;

	for (page = offset / PAGE_SIZE; page <= (offset + size - 1) / PAGE_SIZE; page++) {
		for (i = page * per_page; i < (page + 1) * per_page && lines[i].given; i++)
			;
		if (i == (page + 1) * per_page)
			trap_arm(page, lines[i - 1].given);
	}
}

static void disarm(size_t offset, size_t size)
{
	trap_disarm(offset / PAGE_SIZE, (offset + size - 1) / PAGE_SIZE);
}

static void give_line(size_t i, const char *where)
{
	lines[i].given = where;
	copy_line(kept + i * DMA_CACHE_LINE, cpu_view(i * DMA_CACHE_LINE));
}

static bool is_dirty(size_t i)
{
	return lines[i].given && !same_line(kept + i * DMA_CACHE_LINE, cpu_view(i * DMA_CACHE_LINE));
}

/* Has the CPU written to lines of the device? It is told once, of the first of them. */
static void check_lines(size_t offset, size_t size, const char *where)
{
	size_t i, dirty = 0, first = 0;

	for (i = last_line(offset, size) + 1; i-- > first_line(offset);) {
		if (!is_dirty(i))
			continue;
		dirty++;
		first = i;
		copy_line(kept + i * DMA_CACHE_LINE, cpu_view(i * DMA_CACHE_LINE));
	}
	if (dirty)
		debug_report(MAPPING_DIRTY, "the CPU wrote to %zu cache lines, first %p, which the device owns since %s; they come back "
			     "at %s", dirty, cpu_view(first * DMA_CACHE_LINE), lines[first].given, where);
}

static bool is_whole(size_t i, size_t offset, size_t size)
{
	return offset <= i * DMA_CACHE_LINE && offset + size >= (i + 1) * DMA_CACHE_LINE;
}

/*
 * Chains of transactions map what they pass on once for each, which is well as long as they mean the same bytes. Two buffers
 * that share a line are never well.
 */
static void map_line(size_t i, size_t offset, size_t size, const char *where)
{
	struct line *line = &lines[i];
	const bool is_same = line->offset == offset && line->size == size;
	const bool both_whole = is_whole(i, offset, size) && is_whole(i, line->offset, line->size);

	if (line->mappings++)
		debug_report(is_same || both_whole ? MAPPING_NESTED : MAPPING_OVERLAP,
			     "the device writes cache line %p by the mapping made at %s and by that made at %s",
			     cpu_view(i * DMA_CACHE_LINE), line->mapped, where);
	line->mapped = where;
	line->offset = offset;
	line->size = size;
}

void owner_map(size_t offset, size_t size, enum dma_data_direction dir, bool synced, const char *where)
{
	size_t i;

	if (is_out(offset))
		return;
	owner_up();
	disarm(offset, size);
	if (synced)
		memcpy(sent + offset, cpu_view(offset), size);
	if (dir == DMA_TO_DEVICE)
		return;
	if (synced)
		check_lines(offset, size, where);
	for (i = first_line(offset); i <= last_line(offset, size); i++) {
		if (!synced) {
			lines[i].mappings++;
			continue;
		}
		map_line(i, offset, size, where);
		give_line(i, where);
	}
	arm(offset, size);
}

void owner_clean(size_t offset, size_t size, u8 *to)
{
	size_t i, from, end;

	for (i = first_line(offset); i <= last_line(offset, size); i++) {
		from = max_t(size_t, offset, i * DMA_CACHE_LINE);
		end = min_t(size_t, offset + size, (i + 1) * DMA_CACHE_LINE);
		if (!lines || !lines[i].given || is_dirty(i))
			memcpy(to + (from - offset), cpu_view(from), end - from);
	}
}

/* Told once for a range; what was sent is what the device could read. */
static void check_sent(size_t offset, size_t size, const char *given, const char *where)
{
	if (memcmp(sent + offset, cpu_view(offset), size))
		debug_report(MAPPING_DIRTY, "the CPU wrote to memory that was mapped at %s for the device to read, and there was no sync "
			     "for the device before %s", given, where);
}

void owner_unmap(size_t offset, size_t size, enum dma_data_direction dir, bool synced, const char *given, const char *where)
{
	size_t i;

	if (is_out(offset))
		return;
	disarm(offset, size);
	if (dir == DMA_TO_DEVICE) {
		if (synced)
			check_sent(offset, size, given, where);
		return;
	}
	if (synced)
		check_lines(offset, size, where);
	for (i = first_line(offset); i <= last_line(offset, size); i++)
		if (lines[i].mappings && !--lines[i].mappings)
			lines[i].given = NULL;
}

void owner_to_cpu(size_t offset, size_t size, const char *where)
{
	size_t i;

	if (is_out(offset))
		return;
	disarm(offset, size);
	check_lines(offset, size, where);
	for (i = first_line(offset); i <= last_line(offset, size); i++)
		lines[i].given = NULL;
}

void owner_to_device(size_t offset, size_t size, enum dma_data_direction dir, const char *where)
{
	size_t i;

	if (is_out(offset))
		return;
	disarm(offset, size);
	memcpy(sent + offset, cpu_view(offset), size);
	if (dir == DMA_TO_DEVICE)
		return;
	check_lines(offset, size, where);
	for (i = first_line(offset); i <= last_line(offset, size); i++)
		if (lines[i].mappings)
			give_line(i, where);
}

void owner_refresh(size_t offset, size_t size)
{
	size_t i;

	if (is_out(offset))
		return;
	memcpy(sent + offset, cpu_view(offset), size);
	for (i = first_line(offset); i <= last_line(offset, size); i++)
		if (lines[i].given)
			copy_line(kept + i * DMA_CACHE_LINE, cpu_view(i * DMA_CACHE_LINE));
	arm(offset, size);
}
