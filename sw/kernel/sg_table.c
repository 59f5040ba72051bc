// SPDX-License-Identifier: MIT
/*
 * Tables of scatter list entries: arrays with room for a page of them, the last entry of a full one leading on to the next.
 *
 * How long each array is follows from the number of entries alone: all but the last are full. So an end that a user has
 * moved forward does not keep what is behind it from being freed.
 */
#include <linux/scatterlist.h>

#include <linux/errno.h>
#include <linux/slab.h>

static struct scatterlist *array_alloc(unsigned int nents, gfp_t gfp)
{
	return kcalloc(nents, sizeof(struct scatterlist), gfp);
}

static void array_free(struct scatterlist *array, unsigned int nents)
{
	(void)nents;
	kfree(array);
}

/* Arrays */

void __sg_free_table(struct sg_table *table, unsigned int max_ents, unsigned int nents_first_chunk, sg_free_fn *free_fn,
		     unsigned int num_ents)
{
	unsigned int room = nents_first_chunk ? nents_first_chunk : max_ents, left = num_ents;
	struct scatterlist *array = table->sgl;
	bool is_callers = nents_first_chunk;

	while (array) {
		const unsigned int size = min_t(unsigned int, left, room);
		struct scatterlist *next = left > room ? sg_chain_ptr(&array[room - 1]) : NULL;

		if (!is_callers)
			free_fn(array, size);
		left -= next ? size - 1 : size;
		array = next;
		room = max_ents;
		is_callers = false;
	}
	table->sgl = NULL;
	table->nents = 0;
	table->orig_nents = 0;
}

void sg_free_table(struct sg_table *table)
{
	__sg_free_table(table, SG_MAX_SINGLE_ALLOC, 0, array_free, table->orig_nents);
}

void sg_free_append_table(struct sg_append_table *table)
{
	__sg_free_table(&table->sgt, SG_MAX_SINGLE_ALLOC, 0, array_free, table->total_nents);
}

int __sg_alloc_table(struct sg_table *table, unsigned int nents, unsigned int max_ents, struct scatterlist *first_chunk,
		     unsigned int nents_first_chunk, gfp_t gfp, sg_alloc_fn *alloc_fn)
{
	unsigned int room = nents_first_chunk ? nents_first_chunk : max_ents, before_room = 0;
	struct scatterlist *array = first_chunk, *before = NULL;

	*table = (struct sg_table){ 0 };
	if (!nents)
		return -EINVAL;
	while (nents) {
		const bool is_last = nents <= room;
		const unsigned int size = is_last ? nents : room;

		array = array ? array : alloc_fn(size, gfp);
		if (!array) {
			/* What ends here was to lead on, so it has one entry more: that is how it will be freed. */
			if (before)
				table->nents = ++table->orig_nents;
			return -ENOMEM;
		}
		sg_init_table(array, size);
		if (before)
			sg_chain(before, before_room, array);
		else
			table->sgl = array;
		table->orig_nents += is_last ? size : size - 1;
		table->nents = table->orig_nents;
		nents -= is_last ? size : size - 1;
		before = array;
		before_room = room;
		room = max_ents;
		array = NULL;
	}
	return 0;
}

int sg_alloc_table(struct sg_table *table, unsigned int nents, gfp_t gfp)
{
	const int err = __sg_alloc_table(table, nents, SG_MAX_SINGLE_ALLOC, NULL, 0, gfp, array_alloc);

	if (err)
		sg_free_table(table);
	return err;
}

/* Tables whose first array is the caller's */

int sg_alloc_table_chained(struct sg_table *table, int nents, struct scatterlist *first_chunk, unsigned int nents_first_chunk)
{
	int err;

	BUG_ON(nents <= 0);
	if (first_chunk && nents_first_chunk && (unsigned int)nents <= nents_first_chunk) {
		table->sgl = first_chunk;
		table->nents = table->orig_nents = (unsigned int)nents;
		sg_init_table(first_chunk, (unsigned int)nents);
		return 0;
	}
	/* An array of one entry has no room for anything but the chain. */
	if (!first_chunk || nents_first_chunk <= 1) {
		first_chunk = NULL;
		nents_first_chunk = 0;
	}
	err = __sg_alloc_table(table, (unsigned int)nents, SG_CHUNK_SIZE, first_chunk, nents_first_chunk, GFP_ATOMIC, array_alloc);
	if (err)
		sg_free_table_chained(table, nents_first_chunk);
	return err;
}

void sg_free_table_chained(struct sg_table *table, unsigned int nents_first_chunk)
{
	if (table->orig_nents <= nents_first_chunk)
		return;
	__sg_free_table(table, SG_CHUNK_SIZE, nents_first_chunk <= 1 ? 0 : nents_first_chunk, array_free, table->orig_nents);
}

/* Tables from pages: those that follow each other share an entry, up to the longest one. */

static bool follows(const struct page *page, const struct page *before)
{
	return page_to_pfn(page) == page_to_pfn(before) + 1;
}

/* Pages at the beginning of @pages that fit one entry of @most pages. */
static unsigned int run_of(struct page *const *pages, unsigned int n_pages, unsigned int most)
{
	unsigned int n = 1;

	while (n < n_pages && n < most && follows(pages[n], pages[n - 1]))
		n++;
	return n;
}

static unsigned int count_runs(struct page *const *pages, unsigned int n_pages, unsigned int most)
{
	unsigned int first, runs = 0;

	for (first = 0; first < n_pages; first += run_of(pages + first, n_pages - first, most))
		runs++;
	return runs;
}

/* An array for @wanted entries more; behind the last one there is, which becomes the chain unless it is unused. */
static struct scatterlist *append_array(struct sg_append_table *table, unsigned int wanted, gfp_t gfp)
{
	const unsigned int size = min_t(unsigned int, wanted, SG_MAX_SINGLE_ALLOC);
	struct scatterlist *array = array_alloc(size, gfp);

	if (!array)
		return NULL;
	sg_init_table(array, size);
	if (!table->prv) {
		table->sgt.sgl = array;
		table->total_nents = size;
		return array;
	}
	__sg_chain(sg_next(table->prv), array);
	table->total_nents += size - 1;
	return array;
}

/* Only full arrays lead on, since that is how they will be found again. */
static bool is_full_size(const struct sg_append_table *table)
{
	return (table->total_nents - 1) % (SG_MAX_SINGLE_ALLOC - 1) == 0;
}

/* The entry behind the last one in use. The very last of an array is kept for the chain, unless no more than it is @wanted. */
static struct scatterlist *append_entry(struct sg_append_table *table, unsigned int wanted, gfp_t gfp)
{
	struct scatterlist *next;

	if (!table->prv)
		return append_array(table, wanted, gfp);
	next = table->sgt.orig_nents < table->total_nents ? table->prv + 1 : NULL;
	if (WARN(!next || (sg_is_last(next) && wanted > 1 && !is_full_size(table)), "more pages are appended than were announced"))
		return NULL;
	sg_unmark_end(table->prv);
	return sg_is_last(next) && wanted > 1 ? append_array(table, wanted, gfp) : next;
}

/* Lets the last entry grow over pages that follow it; how many bytes it took. */
static size_t append_grow(struct sg_append_table *table, struct page **pages, unsigned int n_pages, size_t size, unsigned int most)
{
	struct scatterlist *last = table->prv;
	const unsigned int used = last ? DIV_ROUND_UP(last->length, (unsigned int)PAGE_SIZE) : most;
	size_t grown;

	if (used >= most || page_to_phys(pages[0]) != sg_phys(last) + last->length)
		return 0;
	grown = min_t(size_t, size, run_of(pages, n_pages, most - used) * PAGE_SIZE);
	last->length += (unsigned int)grown;
	return grown;
}

static int append_runs(struct sg_append_table *table, struct page **pages, unsigned int n_pages, unsigned int offset, size_t size,
		       unsigned int most, unsigned int left_pages, gfp_t gfp)
{
	unsigned int runs = count_runs(pages, n_pages, most), n;
	struct scatterlist *sg = table->prv;

	for (; runs; runs--, pages += n, n_pages -= n) {
		sg = append_entry(table, runs + left_pages, gfp);
		if (!sg)
			return -ENOMEM;
		n = run_of(pages, n_pages, most);
		sg_set_page(sg, pages[0], (unsigned int)min_t(size_t, size, n * PAGE_SIZE - offset), offset);
		size -= sg->length;
		offset = 0;
		table->sgt.orig_nents++;
		table->sgt.nents = table->sgt.orig_nents;
		table->prv = sg;
	}
	if (sg && !left_pages)
		sg_mark_end(sg);
	return 0;
}

int sg_alloc_append_table_from_pages(struct sg_append_table *table, struct page **pages, unsigned int n_pages, unsigned int offset,
				     unsigned long size, unsigned int max_segment, unsigned int left_pages, gfp_t gfp)
{
	const unsigned int most = (unsigned int)(max_segment / PAGE_SIZE);
	size_t grown;

	if (WARN(!most, "the longest entry, %u bytes, is no page", max_segment) || !n_pages || offset >= PAGE_SIZE)
		return -EINVAL;
	if (WARN(table->prv && offset, "pages that are appended begin at their beginning"))
		return -EINVAL;
	grown = append_grow(table, pages, n_pages, size, most);
	pages += DIV_ROUND_UP(grown, PAGE_SIZE);
	n_pages -= (unsigned int)DIV_ROUND_UP(grown, PAGE_SIZE);
	return append_runs(table, pages, n_pages, offset, size - grown, most, left_pages, gfp);
}

int sg_alloc_table_from_pages_segment(struct sg_table *table, struct page **pages, unsigned int n_pages, unsigned int offset,
				      unsigned long size, unsigned int max_segment, gfp_t gfp)
{
	struct sg_append_table whole = { 0 };
	const int err = sg_alloc_append_table_from_pages(&whole, pages, n_pages, offset, size, max_segment, 0, gfp);

	if (err)
		sg_free_append_table(&whole);
	*table = whole.sgt;
	return err;
}
