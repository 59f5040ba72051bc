/* SPDX-License-Identifier: MIT */
/*
 * The golden sgtable: what a mapping must be. From pages, offset, size and the limits of a device it says which entries a
 * scatter list has, which bus addresses they get, and what the page tables hold.
 *
 *	struct sgtable_limits limits = { .ram_phys = ..., .last = DMA_BIT_MASK(32), .max_segment = 65536, .boundary = ~0ull };
 *
 *	n = sgtable_from_pages(pages, nr_pages, 100, 9000, UINT64_MAX, piece, room);
 *	m = sgtable_iommu(&limits, iova, piece, n, segment, page, room);
 *
 * Where the address space of an IOMMU has room is its allocator's choice; everything behind the first address follows.
 * Depends on libc only; written from docs/mapping.md, not from sw/mapping. No state, no allocation.
 */
#ifndef PQDMA_SGTABLE_H
#define PQDMA_SGTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SGTABLE_PAGE 4096ull
#define SGTABLE_LEVELS 4u
#define SGTABLE_ENTRIES 512u

/* Bits of an entry of a page table; the address is in bits 51:12. */
#define SGTABLE_READ 0x1ull
#define SGTABLE_WRITE 0x2ull
#define SGTABLE_ADDRESS 0x000ffffffffff000ull

/** struct sgtable_piece - consecutive bytes of physical memory */
struct sgtable_piece {
	uint64_t phys;
	uint64_t length;
};

/** struct sgtable_segment - consecutive bytes as the device sees them */
struct sgtable_segment {
	uint64_t bus;
	uint64_t length;
};

/** struct sgtable_page - one page of an IOMMU's address space and the physical page that it must lead to */
struct sgtable_page {
	uint64_t iova;
	uint64_t phys;
};

/**
 * struct sgtable_limits - what a device can do
 * @ram_phys:    physical address of memory
 * @ram_bus:     bus address of the same byte where there is no IOMMU
 * @ram_size:    bytes of memory
 * @last:        last bus address that it reaches
 * @max_segment: longest entry
 * @boundary:    no entry crosses a multiple of this plus one; all ones for no boundary
 * @keep:        bits of a bus address that a copy has, too, besides those within a page
 */
struct sgtable_limits {
	uint64_t ram_phys;
	uint64_t ram_bus;
	uint64_t ram_size;
	uint64_t last;
	uint64_t max_segment;
	uint64_t boundary;
	uint64_t keep;
};

/**
 * sgtable_from_pages() - the scatter list of @size bytes from @offset in @pages
 * @pages:       physical addresses; those that follow each other share an entry
 * @nr_pages:    how many
 * @offset:      in the first page
 * @size:        bytes; no more than the pages hold
 * @max_segment: longest entry, rounded down to pages; at least one page
 * @piece:       receives the entries
 * @room:        how many fit
 *
 * Return: the number of entries, which may be more than @room.
 */
size_t sgtable_from_pages(const uint64_t *pages, size_t nr_pages, uint64_t offset, uint64_t size, uint64_t max_segment,
			  struct sgtable_piece *piece, size_t room);

/** sgtable_direct() - bus address of a piece without an IOMMU. Return: false if the device cannot reach it, so that it needs a copy. */
bool sgtable_direct(const struct sgtable_limits *limits, const struct sgtable_piece *piece, uint64_t *bus);

/** sgtable_bounce_fits() - may a copy of @piece stand at @bus: in reach, in memory, at the same place of a page, or of what is kept? */
bool sgtable_bounce_fits(const struct sgtable_limits *limits, const struct sgtable_piece *piece, uint64_t bus);

/**
 * sgtable_iommu() - the layout of a list in the address space of an IOMMU
 * @iova:    first page of the space, as chosen by its allocator
 * @piece:   what is mapped, @n of them
 * @segment: receives what the device is given; as many as @n fit
 * @page:    receives one entry for each page of addresses, in order
 * @room:    how many fit there
 * @nr_pages: receives how many there are, which may be more than @room
 *
 * Pieces get whole pages, one behind the other. One that would cross a boundary begins at it. What is consecutive for the
 * device is one segment, as far as length and boundary allow.
 *
 * Return: the number of segments.
 */
size_t sgtable_iommu(const struct sgtable_limits *limits, uint64_t iova, const struct sgtable_piece *piece, size_t n,
		     struct sgtable_segment *segment, struct sgtable_page *page, size_t room, size_t *nr_pages);

/** sgtable_entry() - the last-level entry for a physical page: bus address of the page in memory, and what the device may do */
uint64_t sgtable_entry(const struct sgtable_limits *limits, uint64_t phys, bool read, bool write);

/**
 * sgtable_walk() - look up an address in page tables
 * @load: reads an entry at a bus address; @arg is for it
 * @root: bus address of the first table
 *
 * Return: the last-level entry; 0 if a table on the way is missing.
 */
uint64_t sgtable_walk(uint64_t (*load)(void *arg, uint64_t bus), void *arg, uint64_t root, uint64_t iova);

#endif
