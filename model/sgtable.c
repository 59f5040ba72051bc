// SPDX-License-Identifier: MIT
/*
 * The golden sgtable: lists, layouts and page tables from first principles; see sgtable.h.
 */
#include "sgtable.h"

/* Lists */

size_t sgtable_from_pages(const uint64_t *pages, size_t nr_pages, uint64_t offset, uint64_t size, uint64_t max_segment,
			  struct sgtable_piece *piece, size_t room)
{
	const uint64_t longest = max_segment / SGTABLE_PAGE * SGTABLE_PAGE;
	uint64_t end = 0, length = 0;
	size_t n = 0;

	for (size_t i = 0; i < nr_pages && size; i++) {
		const uint64_t begin = pages[i] + (i ? 0 : offset);
		const uint64_t here = SGTABLE_PAGE - (i ? 0 : offset);
		const uint64_t take = here < size ? here : size;

		/* The limit counts whole pages, whatever of the first one is used. */
		if (!n || pages[i] != end || length + SGTABLE_PAGE > longest) {
			length = 0;
			if (n++ < room)
				piece[n - 1] = (struct sgtable_piece){ .phys = begin };
		}
		if (n <= room)
			piece[n - 1].length += take;
		length += SGTABLE_PAGE;
		end = pages[i] + SGTABLE_PAGE;
		size -= take;
	}
	return n;
}

/* Without an IOMMU */

static bool in_ram(const struct sgtable_limits *limits, uint64_t bus, uint64_t length)
{
	return bus >= limits->ram_bus && bus - limits->ram_bus + length <= limits->ram_size;
}

bool sgtable_direct(const struct sgtable_limits *limits, const struct sgtable_piece *piece, uint64_t *bus)
{
	*bus = limits->ram_bus + (piece->phys - limits->ram_phys);
	return *bus + piece->length - 1 <= limits->last;
}

bool sgtable_bounce_fits(const struct sgtable_limits *limits, const struct sgtable_piece *piece, uint64_t bus)
{
	return in_ram(limits, bus, piece->length) && bus + piece->length - 1 <= limits->last &&
	       bus % SGTABLE_PAGE == piece->phys % SGTABLE_PAGE &&
	       !((bus ^ (limits->ram_bus + (piece->phys - limits->ram_phys))) & limits->keep);
}

/* With an IOMMU */

static uint64_t page_up(uint64_t n)
{
	return (n + SGTABLE_PAGE - 1) / SGTABLE_PAGE * SGTABLE_PAGE;
}

static bool crosses(uint64_t boundary, uint64_t first, uint64_t length)
{
	return (first & ~boundary) != ((first + length - 1) & ~boundary);
}

/* Can the device be given @next as a continuation of @before? */
static bool continues(const struct sgtable_limits *limits, const struct sgtable_segment *before, uint64_t next, uint64_t length)
{
	return before->bus + before->length == next && before->length + length <= limits->max_segment &&
	       !crosses(limits->boundary, before->bus + before->length - 1, 2);
}

size_t sgtable_iommu(const struct sgtable_limits *limits, uint64_t iova, const struct sgtable_piece *piece, size_t n,
		     struct sgtable_segment *segment, struct sgtable_page *page, size_t room, size_t *nr_pages)
{
	size_t segments = 0, pages = 0;

	for (size_t i = 0; i < n; i++) {
		const uint64_t offset = piece[i].phys % SGTABLE_PAGE, span = page_up(offset + piece[i].length);

		if (crosses(limits->boundary, iova, span) && (iova & limits->boundary))
			iova = (iova | limits->boundary) + 1;
		if (segments && continues(limits, &segment[segments - 1], iova + offset, piece[i].length))
			segment[segments - 1].length += piece[i].length;
		else
			segment[segments++] = (struct sgtable_segment){ .bus = iova + offset, .length = piece[i].length };
		for (uint64_t at = 0; at < span; at += SGTABLE_PAGE, pages++)
			if (pages < room)
				page[pages] = (struct sgtable_page){ .iova = iova + at, .phys = piece[i].phys - offset + at };
		iova += span;
	}
	*nr_pages = pages;
	return segments;
}

/* Page tables */

uint64_t sgtable_entry(const struct sgtable_limits *limits, uint64_t phys, bool read, bool write)
{
	return (limits->ram_bus + (phys - limits->ram_phys)) | (read ? SGTABLE_READ : 0) | (write ? SGTABLE_WRITE : 0);
}

uint64_t sgtable_walk(uint64_t (*load)(void *arg, uint64_t bus), void *arg, uint64_t root, uint64_t iova)
{
	uint64_t entry = root;

	for (unsigned int level = SGTABLE_LEVELS; level; level--) {
		const uint64_t index = iova / SGTABLE_PAGE >> (level - 1) * 9 & (SGTABLE_ENTRIES - 1);

		entry = load(arg, (entry & SGTABLE_ADDRESS) + index * sizeof(entry));
		if (!entry)
			return 0;
	}
	return entry;
}
