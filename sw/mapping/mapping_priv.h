/* SPDX-License-Identifier: MIT */
/*
 * Private to sw/mapping: the ways to map, the list of what is mapped, and the checks.
 */
#ifndef PQDMA_MAPPING_PRIV_H
#define PQDMA_MAPPING_PRIV_H

#include <linux/dma-map-ops.h>
#include "mapping.h"

/** enum mapping_kind - by which call it was made, and must be undone */
enum mapping_kind { MAPPING_SINGLE, MAPPING_SG, MAPPING_COHERENT, MAPPING_RESOURCE };

struct live_span;

/**
 * struct mapping - one range of bus addresses the device may use
 * @kind:    how it was made
 * @dev:     for which device
 * @bus:     first bus address
 * @size:    bytes
 * @dir:     which way data goes
 * @entries: length of the list it was mapped with, if it was one
 * @attrs:   attributes it was made with
 * @phys:    physical address of what it maps, if that is one run
 * @checked: dma_mapping_error() has been asked, or need not be
 * @cpu_owns: a sync has passed it to the CPU, and none has passed it back
 * @where:   which line made it, or, of what is undone, which line does that
 * @cpu:     what the caller got, for coherent memory
 * @node:    in the list, newest first
 * @spans:   in the index, one for each page of bus addresses
 */
struct mapping {
	enum mapping_kind kind;
	struct device *dev;
	dma_addr_t bus;
	size_t size;
	enum dma_data_direction dir;
	int entries;
	unsigned long attrs;
	phys_addr_t phys;
	bool checked;
	bool cpu_owns;
	const char *where;
	void *cpu;
	struct list_head node;
	struct live_span *spans;
};

extern const char *const dir_names[];

/* live.c */

/** live_add() - record *@m; in @node and @spans it is filled in here */
void live_add(const struct mapping *m);

/**
 * live_remove() - forget what looks like *@m, and report what does not fit
 *
 * Return: false if nothing of this kind begins at this address; then nothing may be undone.
 */
bool live_remove(const struct mapping *m);

/** live_find() - the mapping of @dev that begins at @bus and looks most like *@like; NULL if none does */
struct mapping *live_find(const struct mapping *like);

/**
 * live_sync() - may this range be synced?
 * @entries: of the list that is synced, 0 if it is none
 * @call:    name of the call, for the report
 */
bool live_sync(struct device *dev, dma_addr_t bus, size_t size, enum dma_data_direction dir, int entries, const char *call,
	       const char *where);

/** live_around() - the streaming mapping of @dev that holds all these bytes; NULL if none does */
struct mapping *live_around(const struct device *dev, dma_addr_t bus, size_t size);

/** live_page_used() - does a mapping of @dev use this page of bus addresses? */
bool live_page_used(const struct device *dev, dma_addr_t bus);

/** live_check() - note that the address has been checked */
void live_check(struct device *dev, dma_addr_t bus);

/* mapping.c */

/** mapping_may() - can anything be mapped like this? Reports what is wrong. */
bool mapping_may(struct device *dev, size_t size, enum dma_data_direction dir, const char *where);

/** mapping_note_pages() - record pages that are mapped and the CPU's */
void mapping_note_pages(struct device *dev, struct page *page, size_t size, dma_addr_t bus, enum dma_data_direction dir, const char *where);

/** mapping_note_table() - record a table of such pages that is one piece for the device */
void mapping_note_table(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir, const char *where);

/** mapping_undo_page() - undo a mapping of one piece; @page: and give its pages back, NULL: they stay the caller's */
void mapping_undo_page(struct device *dev, dma_addr_t addr, size_t size, enum dma_data_direction dir, unsigned long attrs,
		       struct page *page, const char *where);

/** mapping_forget_sg() - all there is to do before a list is unmapped; false if it is not mapped */
bool mapping_forget_sg(struct device *dev, struct scatterlist *sgl, int nents, enum dma_data_direction dir, unsigned long attrs,
		       const char *where);

/* pages.c */

/** pages_give() - unmap pages and free them */
void pages_give(struct device *dev, size_t size, struct page *page, dma_addr_t handle, enum dma_data_direction dir);

/* debug.c */

void debug_boot(void);
enum mapping_severity mapping_severity_of(enum mapping_check check);

/** debug_report() - a check has failed: count it, and print or complain as it is severe */
void debug_report(enum mapping_check check, const char *format, ...) __printf(2, 3);

/* owner.c: offsets are from the beginning of memory; coherent memory is left out */

/* The host memory of the machine before is given back when the next one boots: *_boot(). */

void owner_boot(void);

/** owner_map() - bytes have been mapped at @where; @synced: and given to the device */
void owner_map(size_t offset, size_t size, enum dma_data_direction dir, bool synced, const char *where);

/**
 * owner_clean() - write back what the CPU has written: lines that are the device's, and that the CPU has not touched, are not
 * @to: where the first byte goes
 */
void owner_clean(size_t offset, size_t size, u8 *to);

/** owner_unmap() - bytes mapped at @given are about to be unmapped at @where; @synced: and go back to the CPU */
void owner_unmap(size_t offset, size_t size, enum dma_data_direction dir, bool synced, const char *given, const char *where);

/** owner_to_cpu() - a sync is about to pass bytes that the device may write to the CPU */
void owner_to_cpu(size_t offset, size_t size, const char *where);

/** owner_to_device() - a sync is about to pass bytes to the device */
void owner_to_device(size_t offset, size_t size, enum dma_data_direction dir, const char *where);

/** owner_refresh() - the CPU's view has just been changed by the device's */
void owner_refresh(size_t offset, size_t size);

/* trap.c: pages are counted from the beginning of memory */

void trap_boot(void);

/** trap_cookies() - cookies exist from now on: following one is told */
void trap_cookies(void);

/** trap_arm() - the device owns page @index since @given */
void trap_arm(size_t index, const char *given);

/** trap_disarm() - the CPU may touch these pages again */
void trap_disarm(size_t first, size_t last);

/** trap_quiet() - the mapping layer itself is about to touch pages, or has done so; calls nest */
void trap_quiet(bool on);

/* views.c */

/** view_of_device() - where the device sees a physical address */
void *view_of_device(phys_addr_t phys);

/** view_of_page() - where everybody sees a page of coherent memory, and the CPU any other */
void *view_of_page(const struct page *page);

/** view_page() - the page at a CPU address, which may be one of coherent memory */
struct page *view_page(const void *addr);

/** view_declare() - reserved memory becomes one device's, or is merely reserved again; false if it is not such memory */
bool view_declare(phys_addr_t phys, size_t size, bool on);

/** view_is_one() - is it coherent memory? */
bool view_is_one(phys_addr_t phys);

/** view_clean() - let the device see what the CPU wrote, if the direction asks for it */
void view_clean(phys_addr_t phys, size_t size, enum dma_data_direction dir);

/** view_invalidate() - let the CPU see what the device wrote, if the direction asks for it */
void view_invalidate(phys_addr_t phys, size_t size, enum dma_data_direction dir);

/** view_alloc_run() - consecutive pages for coherent memory that end at physical address @last or below; NULL if there are none */
struct page *view_alloc_run(size_t count, phys_addr_t last);
void view_free_run(struct page *page);

/* golden.c: report what is not as the golden model says */

void golden_boot(void);

/** golden_check_page() - one piece has been mapped, but is not recorded yet */
void golden_check_page(const struct mapping *m);

/** golden_check_sg() - a list has been mapped, but is not recorded yet; @mapped: what the call returns */
void golden_check_sg(struct device *dev, struct scatterlist *sgl, int nents, int mapped, enum dma_data_direction dir,
		     const char *where);

/** golden_check_unmap() - nothing may be left of these bus addresses */
void golden_check_unmap(struct device *dev, dma_addr_t bus, size_t size);
void golden_check_alloc(const struct mapping *m);
void golden_check_sgtable(struct device *dev, struct sg_table *sgt, dma_addr_t handle, size_t size);

/* alloc.c */

void alloc_boot(void);

/** mapping_cookie() - an address that stands for memory and cannot be followed */
void *mapping_cookie(const struct page *page);
bool mapping_is_cookie(const void *addr);

/** mapping_limit() - last bus address of a streaming mapping of @dev */
u64 mapping_limit(struct device *dev);

/* direct.c, iommu.c, iommu_context.c */

extern const struct dma_map_ops direct_ops;
extern const struct dma_map_ops iommu_dma_ops;

void direct_boot(void);

/** iommu_root() - bus address of the root table of a device's context; 0 if it has none */
uint64_t iommu_root(struct device *dev);

#endif
