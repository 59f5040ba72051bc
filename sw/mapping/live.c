// SPDX-License-Identifier: MIT
/*
 * The list of everything that is mapped, and the rules it must follow: undone once, the way it was made, with the same
 * size and direction, after its address was checked; synced inside its bounds and in its direction.
 */
#include "mapping_priv.h"

#include <stdlib.h>
#include "kernel/kernel_priv.h"
#include "mapping.h"

static const char *const kind_names[] = {
	[MAPPING_SINGLE] = "single or page",
	[MAPPING_SG] = "scatter list",
	[MAPPING_COHERENT] = "coherent",
};

static const char *const dir_names[] = {
	[DMA_BIDIRECTIONAL] = "BIDIRECTIONAL",
	[DMA_TO_DEVICE] = "TO_DEVICE",
	[DMA_FROM_DEVICE] = "FROM_DEVICE",
	[DMA_NONE] = "NONE",
};

static struct list_head live;

void mapping_boot(void)
{
	INIT_LIST_HEAD(&live);
}

void mapping_check_shutdown(void)
{
	struct mapping *m, *next;

	list_for_each_entry_safe(m, next, &live, node) {
		kernel_problem("leak: %s mapping of %zu bytes, %s, made at %s", kind_names[m->kind], m->size, dir_names[m->dir], m->where);
		list_del(&m->node);
		free(m);
	}
}

void live_add(const struct mapping *m)
{
	struct mapping *copy = malloc(sizeof(*copy));

	if (!copy)
		panic("the host has no memory for a mapping");
	*copy = *m;
	list_add(&copy->node, &live);
	if (m->kind != MAPPING_COHERENT)
		cpu.stats.maps++;
}

static bool is_same(const struct mapping *a, const struct mapping *b)
{
	return a->kind == b->kind && a->dev == b->dev && a->bus == b->bus && a->size == b->size && a->dir == b->dir &&
	       a->entries == b->entries;
}

static struct mapping *find_start(const struct mapping *like)
{
	struct mapping *m, *close = NULL;

	list_for_each_entry(m, &live, node) {
		if (is_same(m, like))
			return m;
		if (m->bus == like->bus && !close)
			close = m;
	}
	return close;
}

static void report_mismatch(const struct mapping *made, const struct mapping *undone)
{
	if (made->kind != undone->kind)
		kernel_problem("mapped as %s, undone as %s; mapped at %s", kind_names[made->kind], kind_names[undone->kind], made->where);
	if (made->dev != undone->dev)
		kernel_problem("mapped for another device than it is unmapped for; mapped at %s", made->where);
	if (made->size != undone->size)
		kernel_problem("mapped with %zu bytes, unmapped with %zu; mapped at %s", made->size, undone->size, made->where);
	if (made->dir != undone->dir)
		kernel_problem("mapped %s, unmapped %s; mapped at %s", dir_names[made->dir], dir_names[undone->dir], made->where);
	if (made->entries != undone->entries)
		kernel_problem("mapped with %d entries, unmapped with %d; mapped at %s", made->entries, undone->entries, made->where);
	if (!made->checked)
		kernel_problem("dma_mapping_error() was never asked about the mapping made at %s", made->where);
}

bool live_remove(const struct mapping *like)
{
	struct mapping *m = find_start(like);

	if (!m) {
		kernel_problem("unmap of %zu bytes at bus address %#llx, where nothing is mapped", like->size, like->bus);
		return false;
	}
	report_mismatch(m, like);
	if (m->kind != MAPPING_COHERENT)
		cpu.stats.unmaps++;
	list_del(&m->node);
	free(m);
	return true;
}

static bool covers(const struct mapping *m, dma_addr_t bus, size_t size)
{
	return bus >= m->bus && bus - m->bus < m->size && size <= m->size - (bus - m->bus);
}

static struct mapping *find_around(struct device *dev, dma_addr_t bus, size_t size)
{
	struct mapping *m;

	list_for_each_entry(m, &live, node)
		if (m->kind != MAPPING_COHERENT && m->dev == dev && covers(m, bus, size))
			return m;
	return NULL;
}

bool live_sync(struct device *dev, dma_addr_t bus, size_t size, enum dma_data_direction dir, const char *call)
{
	struct mapping *m = find_around(dev, bus, size);

	if (!m) {
		kernel_problem("%s of %zu bytes at bus address %#llx, which are not inside one mapping", call, size, bus);
		return false;
	}
	if (m->dir != dir && m->dir != DMA_BIDIRECTIONAL)
		kernel_problem("%s %s of a mapping %s; mapped at %s", call, dir_names[dir], dir_names[m->dir], m->where);
	return true;
}

void live_check(struct device *dev, dma_addr_t bus)
{
	struct mapping *m;

	list_for_each_entry(m, &live, node) {
		if (m->dev != dev || m->bus != bus || m->checked)
			continue;
		m->checked = true;
		return;
	}
}

unsigned int mapping_count(void)
{
	struct mapping *m;
	unsigned int n = 0;

	list_for_each_entry(m, &live, node)
		n += m->kind != MAPPING_COHERENT;
	return n;
}

static bool dir_allows(enum dma_data_direction dir, bool write)
{
	return dir == DMA_BIDIRECTIONAL || dir == (write ? DMA_FROM_DEVICE : DMA_TO_DEVICE);
}

/* How many of the bytes from @bus on are allowed without a break. */
static size_t allowed_from(uint64_t bus, bool write)
{
	struct mapping *m;

	list_for_each_entry(m, &live, node)
		if (dir_allows(m->dir, write) && covers(m, bus, 1))
			return m->size - (bus - m->bus);
	return 0;
}

bool mapping_allows(uint64_t bus, size_t size, bool write)
{
	size_t step;

	for (; size; bus += step, size -= step) {
		step = min_t(size_t, allowed_from(bus, write), size);
		if (!step)
			return false;
	}
	return true;
}
