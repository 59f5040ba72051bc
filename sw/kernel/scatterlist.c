// SPDX-License-Identifier: MIT
/*
 * Scatter lists: walking, making, copying.
 */
#include <linux/scatterlist.h>

#include <string.h>
#include <linux/errno.h>
#include <linux/slab.h>

void sg_assign_page(struct scatterlist *sg, struct page *page)
{
	BUG_ON((unsigned long)page & SG_PAGE_LINK_MASK);
	sg->page_link = (sg->page_link & SG_PAGE_LINK_MASK) | (unsigned long)page;
}

void sg_set_page(struct scatterlist *sg, struct page *page, unsigned int length, unsigned int offset)
{
	sg_assign_page(sg, page);
	sg->offset = offset;
	sg->length = length;
}

void sg_set_buf(struct scatterlist *sg, const void *buf, unsigned int length)
{
	sg_set_page(sg, virt_to_page(buf), length, (unsigned int)offset_in_page(buf));
}

void sg_init_table(struct scatterlist *sgl, unsigned int nents)
{
	memset(sgl, 0, nents * sizeof(*sgl));
	sg_mark_end(&sgl[nents - 1]);
}

void sg_init_one(struct scatterlist *sg, const void *buf, unsigned int length)
{
	sg_init_table(sg, 1);
	sg_set_buf(sg, buf, length);
}

void sg_chain(struct scatterlist *prv, unsigned int nents, struct scatterlist *sgl)
{
	struct scatterlist *link = &prv[nents - 1];

	link->offset = 0;
	link->length = 0;
	link->page_link = ((unsigned long)sgl | SG_CHAIN) & ~SG_END;
}

struct scatterlist *sg_next(struct scatterlist *sg)
{
	if (sg_is_last(sg))
		return NULL;
	sg++;
	return sg_is_chain(sg) ? sg_chain_ptr(sg) : sg;
}

struct scatterlist *sg_last(struct scatterlist *sgl, unsigned int nents)
{
	struct scatterlist *sg, *last = NULL;
	unsigned int i;

	for_each_sg(sgl, sg, nents, i)
		last = sg;
	BUG_ON(!last || !sg_is_last(last));
	return last;
}

int sg_nents(struct scatterlist *sgl)
{
	int nents = 0;

	for (; sgl; sgl = sg_next(sgl))
		nents++;
	return nents;
}

int sg_nents_for_len(struct scatterlist *sgl, u64 len)
{
	u64 total = 0;
	int nents = 0;

	if (!len)
		return 0;
	for (; sgl; sgl = sg_next(sgl)) {
		nents++;
		total += sgl->length;
		if (total >= len)
			return nents;
	}
	return -EINVAL;
}

void *sg_virt(const struct scatterlist *sg)
{
	return (u8 *)page_address(sg_page(sg)) + sg->offset;
}

phys_addr_t sg_phys(const struct scatterlist *sg)
{
	return page_to_phys(sg_page(sg)) + sg->offset;
}

void sg_free_table(struct sg_table *table)
{
	struct scatterlist *array = table->sgl;
	unsigned int left = table->orig_nents;

	while (array && left > SG_MAX_SINGLE_ALLOC) {
		struct scatterlist *next = sg_chain_ptr(&array[SG_MAX_SINGLE_ALLOC - 1]);

		kfree(array);
		array = next;
		left -= SG_MAX_SINGLE_ALLOC - 1;
	}
	kfree(array);
	*table = (struct sg_table){ 0 };
}

int sg_alloc_table(struct sg_table *table, unsigned int nents, gfp_t gfp)
{
	struct scatterlist *array, *before = NULL;

	*table = (struct sg_table){ 0 };
	if (!nents)
		return -EINVAL;
	/* The last entry of a full array is the chain to the next one. */
	while (nents) {
		unsigned int room = min_t(unsigned int, nents, SG_MAX_SINGLE_ALLOC);
		unsigned int used = nents > SG_MAX_SINGLE_ALLOC ? room - 1 : room;

		array = kcalloc(room, sizeof(*array), gfp);
		if (!array) {
			sg_free_table(table);
			return -ENOMEM;
		}
		sg_init_table(array, room);
		if (before)
			sg_chain(before, SG_MAX_SINGLE_ALLOC, array);
		else
			table->sgl = array;
		table->orig_nents += used;
		nents -= used;
		before = array;
	}
	table->nents = table->orig_nents;
	return 0;
}

static bool follows(struct page *const *pages, unsigned int i)
{
	return page_to_pfn(pages[i]) == page_to_pfn(pages[i - 1]) + 1;
}

static unsigned int count_runs(struct page *const *pages, unsigned int n_pages)
{
	unsigned int i, runs = 1;

	for (i = 1; i < n_pages; i++)
		runs += !follows(pages, i);
	return runs;
}

int sg_alloc_table_from_pages(struct sg_table *table, struct page **pages, unsigned int n_pages, unsigned int offset,
			      unsigned long size, gfp_t gfp)
{
	struct scatterlist *sg;
	unsigned int i, first = 0, n;
	int err;

	if (!n_pages || offset >= PAGE_SIZE)
		return -EINVAL;
	err = sg_alloc_table(table, count_runs(pages, n_pages), gfp);
	if (err)
		return err;
	for_each_sgtable_sg(table, sg, i) {
		for (n = 1; first + n < n_pages && follows(pages, first + n); n++)
			;
		sg_set_page(sg, pages[first], (unsigned int)min_t(unsigned long, size, n * PAGE_SIZE - offset), offset);
		size -= sg->length;
		offset = 0;
		first += n;
	}
	return 0;
}

size_t sg_copy_buffer(struct scatterlist *sgl, unsigned int nents, void *buf, size_t len, off_t skip, bool to_buffer)
{
	size_t done = 0, left = (size_t)skip;
	struct scatterlist *sg;
	unsigned int i;

	for_each_sg(sgl, sg, nents, i) {
		const size_t before = min_t(size_t, left, sg->length), n = min_t(size_t, sg->length - before, len - done);
		u8 *at = (u8 *)sg_virt(sg) + before;

		left -= before;
		if (to_buffer)
			memcpy((u8 *)buf + done, at, n);
		else
			memcpy(at, (u8 *)buf + done, n);
		done += n;
	}
	return done;
}

size_t sg_copy_from_buffer(struct scatterlist *sgl, unsigned int nents, const void *buf, size_t len)
{
	return sg_copy_buffer(sgl, nents, (void *)buf, len, 0, false);
}

size_t sg_copy_to_buffer(struct scatterlist *sgl, unsigned int nents, void *buf, size_t len)
{
	return sg_copy_buffer(sgl, nents, buf, len, 0, true);
}

size_t sg_pcopy_from_buffer(struct scatterlist *sgl, unsigned int nents, const void *buf, size_t len, off_t skip)
{
	return sg_copy_buffer(sgl, nents, (void *)buf, len, skip, false);
}

size_t sg_pcopy_to_buffer(struct scatterlist *sgl, unsigned int nents, void *buf, size_t len, off_t skip)
{
	return sg_copy_buffer(sgl, nents, buf, len, skip, true);
}

size_t sg_zero_buffer(struct scatterlist *sgl, unsigned int nents, size_t len, off_t skip)
{
	size_t done = 0, left = (size_t)skip;
	struct scatterlist *sg;
	unsigned int i;

	for_each_sg(sgl, sg, nents, i) {
		const size_t before = min_t(size_t, left, sg->length), n = min_t(size_t, sg->length - before, len - done);

		left -= before;
		memset((u8 *)sg_virt(sg) + before, 0, n);
		done += n;
	}
	return done;
}
