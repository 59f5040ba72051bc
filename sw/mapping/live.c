// SPDX-License-Identifier: MIT
/*
 * The list of everything that is mapped, and the rules it must follow: undone once, the way it was made, with the same
 * size and direction, after its address was checked; synced inside its bounds and in its direction. An index by page of bus
 * addresses makes it cheap to ask for every beat; a ring of mappings that have ended says what a stray beat was after.
 */
#include "mapping_priv.h"
#include "iommu_context.h"
#include "iommu_port.h"

#include <stdlib.h>
#include <string.h>
#include "kernel/kernel_priv.h"
#include "kernel/trace.h"

#define BUCKETS 1024u
#define ENDED_MAX 512u
#define PREPS_MAX 4096u

static const char *const kind_names[] = {
	[MAPPING_SINGLE] = "single or page",
	[MAPPING_SG] = "scatter list",
	[MAPPING_COHERENT] = "coherent",
	[MAPPING_RESOURCE] = "resource",
};

const char *const dir_names[] = {
	[DMA_BIDIRECTIONAL] = "BIDIRECTIONAL",
	[DMA_TO_DEVICE] = "TO_DEVICE",
	[DMA_FROM_DEVICE] = "FROM_DEVICE",
	[DMA_NONE] = "NONE",
};

/** struct live_span - one page of bus addresses of one mapping, in its bucket */
struct live_span {
	struct mapping *m;
	struct list_head node;
};

/** struct ended - a mapping that is no more */
struct ended {
	struct mapping m;
	const char *by;
	uint64_t clock;
};

/** struct prep - bytes of the transaction number @nr that a client has prepared at @where */
struct prep {
	uint64_t bus;
	uint64_t size;
	uint64_t nr;
	const char *where;
};

static struct list_head live;
static struct prep preps[PREPS_MAX];
static uint64_t nr_preps;
static uint64_t nr_prepared;
static const char *preparing;
static struct list_head buckets[BUCKETS];
static struct ended ended[ENDED_MAX];
static uint64_t nr_ended;
static uint64_t generation = 1;
static const struct device *masters[IOMMU_STREAMS];

static struct list_head *bucket_of(dma_addr_t bus)
{
	return &buckets[(bus >> PAGE_SHIFT) % BUCKETS];
}

void mapping_set_master(unsigned int stream, const struct device *dev)
{
	masters[stream] = dev;
	generation++;
}

uint64_t mapping_generation(void)
{
	return generation;
}

static size_t nr_spans(const struct mapping *m)
{
	return ((m->bus + m->size - 1) >> PAGE_SHIFT) - (m->bus >> PAGE_SHIFT) + 1;
}

void live_add(const struct mapping *m)
{
	struct mapping *copy = malloc(sizeof(*copy));
	struct live_span *spans = calloc(nr_spans(m), sizeof(*spans));
	size_t i;

	if (!copy || !spans)
		panic("the host has no memory for a mapping");
	*copy = *m;
	copy->spans = spans;
	list_add(&copy->node, &live);
	for (i = 0; i < nr_spans(m); i++) {
		spans[i].m = copy;
		list_add(&spans[i].node, bucket_of(m->bus + i * PAGE_SIZE));
	}
	generation++;
	if (m->kind != MAPPING_COHERENT)
		cpu.stats.maps++;
}

static void forget(struct mapping *m)
{
	size_t i;

	for (i = 0; i < nr_spans(m); i++)
		list_del(&m->spans[i].node);
	list_del(&m->node);
	generation++;
	free(m->spans);
	free(m);
}

/* A machine that halted has had no chance to undo what was mapped. */
static void forget_all(void)
{
	struct mapping *m, *next;

	if (live.next)
		list_for_each_entry_safe(m, next, &live, node)
			forget(m);
	INIT_LIST_HEAD(&live);
}

void mapping_boot(void)
{
	unsigned int i;

	forget_all();
	for (i = 0; i < BUCKETS; i++)
		INIT_LIST_HEAD(&buckets[i]);
	nr_ended = 0;
	nr_preps = 0;
	preparing = NULL;
	generation++;
	memset(masters, 0, sizeof(masters));
	debug_boot();
	owner_boot();
	trap_boot();
	alloc_boot();
	direct_boot();
	iommu_context_boot();
	golden_boot();
}

static void remember(const struct mapping *m, const char *by)
{
	ended[nr_ended++ % ENDED_MAX] = (struct ended){ .m = *m, .by = by, .clock = cpu.hw->clock };
}

static bool is_same(const struct mapping *a, const struct mapping *b)
{
	return a->kind == b->kind && a->dev == b->dev && a->bus == b->bus && a->size == b->size && a->dir == b->dir &&
	       a->entries == b->entries;
}

struct mapping *live_find(const struct mapping *like)
{
	struct live_span *span;
	struct mapping *close = NULL;

	list_for_each_entry(span, bucket_of(like->bus), node) {
		struct mapping *m = span->m;

		if (is_same(m, like))
			return m;
		/* Another device's address is another address, unless there is nothing better. */
		if (m->bus == like->bus && (!close || (close->dev != like->dev && m->dev == like->dev)))
			close = m;
	}
	return close;
}

static void report_mismatch(const struct mapping *made, const struct mapping *undone)
{
	if (made->kind != undone->kind)
		debug_report(MAPPING_FUNCTION, "mapped as %s, undone as %s at %s; mapped at %s", kind_names[made->kind],
			     kind_names[undone->kind], undone->where, made->where);
	if (made->dev != undone->dev)
		debug_report(MAPPING_DEVICE, "mapped for another device than it is unmapped for at %s; mapped at %s", undone->where,
			     made->where);
	if (made->size != undone->size)
		debug_report(MAPPING_SIZE, "mapped with %zu bytes, unmapped with %zu at %s; mapped at %s", made->size, undone->size,
			     undone->where, made->where);
	if (made->dir != undone->dir)
		debug_report(MAPPING_DIRECTION, "mapped %s, unmapped %s at %s; mapped at %s", dir_names[made->dir], dir_names[undone->dir],
			     undone->where, made->where);
	if (made->entries != undone->entries)
		debug_report(MAPPING_ENTRIES, "mapped with %d entries, unmapped with %d at %s; mapped at %s", made->entries,
			     undone->entries, undone->where, made->where);
	if (made->cpu != undone->cpu)
		debug_report(MAPPING_CPU_ADDRESS, "coherent memory of %zu bytes at %#llx is freed at %s with another CPU address; "
			     "allocated at %s", made->size, made->bus, undone->where, made->where);
	if (!made->checked)
		debug_report(MAPPING_UNCHECKED, "dma_mapping_error() was never asked about the mapping made at %s", made->where);
}

bool live_remove(const struct mapping *like)
{
	struct mapping *m = live_find(like);

	if (!m) {
		debug_report(MAPPING_UNKNOWN, "unmap of %zu bytes at bus address %#llx, where nothing is mapped, at %s", like->size,
			     like->bus, like->where);
		return false;
	}
	report_mismatch(m, like);
	if (m->kind != MAPPING_COHERENT)
		cpu.stats.unmaps++;
	remember(m, like->where);
	forget(m);
	return true;
}

static bool covers(const struct mapping *m, dma_addr_t bus, size_t size)
{
	return bus >= m->bus && bus - m->bus < m->size && size <= m->size - (bus - m->bus);
}

struct mapping *live_around(const struct device *dev, dma_addr_t bus, size_t size)
{
	struct live_span *span;

	list_for_each_entry(span, bucket_of(bus), node)
		if (span->m->kind != MAPPING_COHERENT && span->m->dev == dev && covers(span->m, bus, size))
			return span->m;
	return NULL;
}

bool live_page_used(const struct device *dev, dma_addr_t bus)
{
	struct live_span *span;

	list_for_each_entry(span, bucket_of(bus), node) {
		const struct mapping *m = span->m;

		if (m->dev == dev && bus < m->bus + m->size && bus + PAGE_SIZE > m->bus)
			return true;
	}
	return false;
}

static void report_no_sync(struct device *dev, dma_addr_t bus, size_t size, const char *call, const char *where)
{
	struct mapping *m = live_around(dev, bus, 1);

	if (m)
		debug_report(MAPPING_SYNC_RANGE, "%s of %zu bytes at bus address %#llx, which are not inside one mapping, at %s; "
			     "%zu bytes are mapped, at %s", call, size, bus, where, m->size, m->where);
	else
		debug_report(MAPPING_SYNC_UNKNOWN, "%s of %zu bytes at bus address %#llx, which are not inside one mapping, at %s", call,
			     size, bus, where);
}

bool live_sync(struct device *dev, dma_addr_t bus, size_t size, enum dma_data_direction dir, int entries, const char *call,
	       const char *where)
{
	struct mapping *m = live_around(dev, bus, size);

	if (!m) {
		report_no_sync(dev, bus, size, call, where);
		return false;
	}
	if (m->dir != dir && m->dir != DMA_BIDIRECTIONAL)
		debug_report(MAPPING_SYNC_DIRECTION, "%s %s of a mapping %s, at %s; mapped at %s", call, dir_names[dir],
			     dir_names[m->dir], where, m->where);
	if (entries && m->entries && m->entries != entries)
		debug_report(MAPPING_ENTRIES, "%s of %d entries at %s; %d were mapped, at %s", call, entries, where, m->entries, m->where);
	return true;
}

void live_check(struct device *dev, dma_addr_t bus)
{
	struct live_span *span;

	list_for_each_entry(span, bucket_of(bus), node) {
		if (span->m->dev != dev || span->m->bus != bus || span->m->checked)
			continue;
		span->m->checked = true;
		return;
	}
}

/* Of one device: what its driver has allocated. Mappings that clients have made for it are theirs to end. */
static void report_leaks(const struct device *dev, bool streaming)
{
	struct mapping *m, *next;

	list_for_each_entry_safe(m, next, &live, node) {
		if (dev && (m->dev != dev || (m->kind != MAPPING_COHERENT && !streaming)))
			continue;
		debug_report(MAPPING_LEAK, "leak: %s mapping of %zu bytes, %s, made at %s", kind_names[m->kind], m->size,
			     dir_names[m->dir], m->where);
		forget(m);
	}
}

void mapping_check_shutdown(void)
{
	report_leaks(NULL, true);
}

void mapping_check_device(struct device *dev)
{
	report_leaks(dev, false);
}

void mapping_forget_device(struct device *dev)
{
	report_leaks(dev, true);
	iommu_release_device(dev);
}

unsigned int mapping_count(void)
{
	struct mapping *m;
	unsigned int n = 0;

	list_for_each_entry(m, &live, node)
		n += m->kind != MAPPING_COHERENT;
	return n;
}

/* What the device may do */

static bool dir_allows(enum dma_data_direction dir, bool write)
{
	return dir == DMA_BIDIRECTIONAL || dir == (write ? DMA_FROM_DEVICE : DMA_TO_DEVICE);
}

static bool is_masters(const struct mapping *m, unsigned int stream)
{
	return !masters[stream] || m->dev == masters[stream];
}

/* Memory that a bench has reserved for itself needs no mapping, if there is no translation. */
static bool reserved_window(unsigned int stream, uint64_t bus, struct mapping_window *window)
{
	const uint64_t offset = bus - cpu.hw->ram_bus;
	const char *use;

	if (offset >= cpu.hw->ram_size || (masters[stream] && masters[stream]->iommu_domain))
		return false;
	use = pfn_to_page((PHYS_OFFSET + offset) >> PAGE_SHIFT)->use;
	if (!use || strcmp(use, "reserved"))
		return false;
	*window = (struct mapping_window){ .first = bus & PAGE_MASK, .end = (bus & PAGE_MASK) + PAGE_SIZE };
	return true;
}

bool mapping_window(unsigned int stream, uint64_t bus, bool write, struct mapping_window *window)
{
	struct live_span *span;

	*window = (struct mapping_window){ 0 };
	list_for_each_entry(span, bucket_of(bus), node) {
		const struct mapping *m = span->m;

		if (!is_masters(m, stream) || !dir_allows(m->dir, write) || !covers(m, bus, 1))
			continue;
		*window = (struct mapping_window){ .first = m->bus, .end = m->bus + m->size };
		return true;
	}
	return reserved_window(stream, bus, window);
}

bool mapping_stream_allows(unsigned int stream, uint64_t bus, size_t size, bool write)
{
	struct mapping_window window;
	size_t step;

	for (; size; bus += step, size -= step) {
		if (!mapping_window(stream, bus, write, &window))
			return false;
		step = min_t(size_t, window.end - bus, size);
	}
	return true;
}

bool mapping_allows(uint64_t bus, size_t size, bool write)
{
	return mapping_stream_allows(0, bus, size, write);
}

static const struct ended *last_ended(unsigned int stream, uint64_t bus)
{
	uint64_t i, known = min_t(uint64_t, nr_ended, ENDED_MAX);

	for (i = 1; i <= known; i++) {
		const struct ended *e = &ended[(nr_ended - i) % ENDED_MAX];

		if (is_masters(&e->m, stream) && covers(&e->m, bus, 1))
			return e;
	}
	return NULL;
}

/* Of the stream's device, or, if @others, of any other */
static const struct mapping *any_around(unsigned int stream, uint64_t bus, bool others)
{
	struct live_span *span;

	list_for_each_entry(span, bucket_of(bus), node)
		if (is_masters(span->m, stream) != others && covers(span->m, bus, 1))
			return span->m;
	return NULL;
}

void mapping_explain(unsigned int stream, uint64_t bus, bool write, char *text, size_t len)
{
	const struct mapping *m = any_around(stream, bus, false), *other = any_around(stream, bus, true);
	const struct ended *e = last_ended(stream, bus);

	if (m && !dir_allows(m->dir, write))
		snprintf(text, len, "it is mapped %s, at %s", dir_names[m->dir], m->where);
	else if (e)
		snprintf(text, len, "its %s mapping of %zu bytes, %s, made at %s, was ended in clock %llu at %s", kind_names[e->m.kind],
			 e->m.size, dir_names[e->m.dir], e->m.where, (u64)e->clock, e->by);
	else if (other)
		snprintf(text, len, "it is mapped for %s, not for %s, at %s", dev_name(other->dev), dev_name(masters[stream]),
			 other->where);
	else
		snprintf(text, len, "it has never been mapped");
}

/* Preparations: ranges, newest last; those of one transaction stand together */

void mapping_note_prep(const char *where)
{
	preparing = where;
	nr_prepared++;
	kernel_trace_event(&(struct kernel_trace){ .kind = TRACE_PREP, .name = where, .number = nr_prepared });
}

void mapping_note_range(unsigned long long bus, unsigned long long size)
{
	if (preparing)
		preps[nr_preps++ % PREPS_MAX] = (struct prep){ .bus = bus, .size = size, .nr = nr_prepared, .where = preparing };
}

static const struct prep *prep_before(uint64_t i)
{
	return i <= min_t(uint64_t, nr_preps, PREPS_MAX) ? &preps[(nr_preps - i) % PREPS_MAX] : NULL;
}

/* The last transaction that has the byte at @bus, or, if @nr is not 0, whether that one does. */
static const struct prep *prep_with(uint64_t bus, uint64_t nr)
{
	const struct prep *p;
	uint64_t i;

	for (i = 1; (p = prep_before(i)); i++)
		if ((!nr || p->nr == nr) && bus - p->bus < p->size)
			return p;
	return NULL;
}

static const struct prep *prep_with_both(uint64_t bus, uint64_t dst)
{
	const struct prep *p;
	uint64_t i;

	for (i = 1; (p = prep_before(i)); i++)
		if (bus - p->bus < p->size && prep_with(dst, p->nr))
			return p;
	return NULL;
}

uint64_t mapping_prep_number(uint64_t bus, uint64_t dst)
{
	const struct prep *p = prep_with_both(bus, dst);

	if (!p)
		p = prep_with(dst, 0);
	return p ? p->nr : 0;
}

void mapping_explain_prep(uint64_t bus, uint64_t dst, char *text, size_t len)
{
	const struct prep *p = prep_with_both(bus, dst);

	if (!p)
		p = prep_with(bus, 0);
	if (!p)
		p = prep_with(dst, 0);
	snprintf(text, len, "%s%s", p ? ", prepared at " : "", p ? p->where : "");
}
