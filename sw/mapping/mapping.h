/* SPDX-License-Identifier: MIT */
/*
 * The mapping layer as a bench sees it: what the device may touch now, what became of what it may not touch any more,
 * and how severe each check of the debug layer is.
 *
 *	if (!mapping_stream_allows(channel, addr, bytes, true)) {
 *		mapping_explain(channel, addr, true, text, sizeof(text));
 *		report("the device wrote %u bytes at %#llx: %s", ..., text);
 *	}
 *
 * Accesses come in streams: each channel of the controller is one, and behind an IOMMU each may be another device's. A read beat carries
 * bytes beside the range that was asked for; pass the bytes that matter.
 */
#ifndef PQDMA_MAPPING_H
#define PQDMA_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * mapping_stream_allows() - may the device access these bytes in this clock?
 * @stream: number of the channel
 * @bus:   bus address of the first
 * @size:  how many
 * @write: it writes them; otherwise it reads
 *
 * Return: true if live mappings or coherent memory, of a direction that fits, cover all of them.
 */
bool mapping_stream_allows(unsigned int stream, uint64_t bus, size_t size, bool write);

/** mapping_allows() - the same where all channels are one device's */
bool mapping_allows(uint64_t bus, size_t size, bool write);

/** struct mapping_window - bus addresses from @first up to and without @end */
struct mapping_window {
	uint64_t first;
	uint64_t end;
};

/**
 * mapping_window() - the bytes around @bus that one live mapping allows
 *
 * The answer holds as long as mapping_generation() stays the same, so a check of every beat need not ask each time.
 *
 * Return: false, and an empty *@window, if the byte at @bus is not allowed.
 */
bool mapping_window(unsigned int stream, uint64_t bus, bool write, struct mapping_window *window);

/** mapping_generation() - a number that changes with everything that is mapped or unmapped; never 0 */
uint64_t mapping_generation(void);

/**
 * mapping_explain() - why the channel @stream may not access the byte at @bus
 * @text: receives one sentence: mapped in another direction, or which line ended the mapping and which had made it, or never mapped
 * @len:  bytes of @text
 */
void mapping_explain(unsigned int stream, uint64_t bus, bool write, char *text, size_t len);

/** mapping_note_prep() - a client prepares a transaction at @where, kept by pointer; NULL if that is not known */
void mapping_note_prep(const char *where);

/** mapping_note_range() - bytes that it reads or writes */
void mapping_note_range(unsigned long long bus, unsigned long long size);

/**
 * mapping_explain_prep() - who prepared an access: ", prepared at file:line", or nothing if nobody is known
 * @bus:  the address accessed
 * @dst:  where the descriptor that did it begins to write; of several transactions with @bus the last with @dst is meant
 * @text: receives it
 * @len:  bytes of @text
 */
void mapping_explain_prep(uint64_t bus, uint64_t dst, char *text, size_t len);

/** mapping_prep_number() - the same as the number that TRACE_PREP has told; 0 if nobody is known */
uint64_t mapping_prep_number(uint64_t bus, uint64_t dst);

/** mapping_count() - live streaming mappings; an sg entry counts as one */
unsigned int mapping_count(void);

/** mapping_compared() - calls that were compared with the golden sgtable since boot */
uint64_t mapping_compared(void);

struct device;
struct dma_map_ops;
struct vm_area_struct;

/** mapping_set_board_ops() - how devices without a table of their own are mapped, until the next boot */
void mapping_set_board_ops(const struct dma_map_ops *ops);

/** kernel_user_address() - what a user process sees at @addr of a range that dma_mmap_attrs() has filled; NULL if nothing */
void *kernel_user_address(const struct vm_area_struct *vma, unsigned long addr);

/** mapping_set_master() - judge accesses of a stream by the mappings of this device alone; NULL, as after boot: of all devices */
void mapping_set_master(unsigned int stream, const struct device *dev);

/** enum mapping_check - what the debug layer looks for; names are in mapping_check_name() */
enum mapping_check {
	MAPPING_UNKNOWN,	/* unmap or free of what is not mapped */
	MAPPING_SIZE,		/* undone with another size */
	MAPPING_FUNCTION,	/* undone by the call of another kind */
	MAPPING_DEVICE,		/* undone for another device */
	MAPPING_CPU_ADDRESS,	/* coherent memory freed with another CPU address, size or attributes */
	MAPPING_ENTRIES,	/* list undone or synced with another number of entries */
	MAPPING_DIRECTION,	/* undone in another direction */
	MAPPING_UNCHECKED,	/* dma_mapping_error() was never asked */
	MAPPING_MEMORY,		/* memory that cannot be mapped: stack, constants, code, free, not memory at all */
	MAPPING_ARGUMENT,	/* no mask, no direction, no length */
	MAPPING_SYNC_UNKNOWN,	/* sync of what is not mapped */
	MAPPING_SYNC_RANGE,	/* sync of more than is mapped */
	MAPPING_SYNC_DIRECTION,	/* sync in a direction that the mapping does not have */
	MAPPING_SYNC_USELESS,	/* sync for the CPU of what the device only reads, or the other way round */
	MAPPING_SEGMENT_SIZE,	/* list entry longer than the device can take */
	MAPPING_SEGMENT_BOUNDARY, /* list entry across a boundary of the device */
	MAPPING_OVERLAP,	/* two buffers that the device writes share a cache line */
	MAPPING_NESTED,		/* the device may write the same bytes by two mappings */
	MAPPING_DIRTY,		/* the CPU wrote to a cache line that the device owned */
	MAPPING_STALE,		/* the CPU read a page that the device owned */
	MAPPING_FREED,		/* memory freed while it was mapped */
	MAPPING_LEAK,		/* still mapped at the end, or when the driver left */
	MAPPING_GOLDEN,		/* not what the golden model says */
	MAPPING_FAULT,		/* the IOMMU refused an access */
	MAPPING_CHECKS
};

/** enum mapping_severity - what happens when a check fails: counted alone, printed too, or a problem that fails the run */
enum mapping_severity { MAPPING_NOTE, MAPPING_WARNING, MAPPING_ERROR };

/** mapping_check_name() - "unknown", "size", ... */
const char *mapping_check_name(enum mapping_check check);

/** mapping_set_severity() - until the next boot; returns what it was */
enum mapping_severity mapping_set_severity(enum mapping_check check, enum mapping_severity severity);

/** mapping_hits() - how often a check has failed since boot, whatever its severity */
unsigned int mapping_hits(enum mapping_check check);

#endif
