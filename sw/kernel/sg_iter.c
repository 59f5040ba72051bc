// SPDX-License-Identifier: MIT
/*
 * Scatter lists page by page: the pages themselves, their bus addresses, and what the CPU sees of them.
 */
#include <linux/scatterlist.h>

#include <linux/highmem.h>

void __sg_page_iter_start(struct sg_page_iter *piter, struct scatterlist *sglist, unsigned int nents, unsigned long pgoffset)
{
	*piter = (struct sg_page_iter){ .sg = sglist, .sg_pgoffset = (unsigned int)pgoffset, .__nents = nents };
}

static unsigned int pages_of(const struct scatterlist *sg)
{
	return (unsigned int)(PAGE_ALIGN((unsigned long)sg->offset + sg->length) >> PAGE_SHIFT);
}

/* An entry that was joined from several has the bus address of its first byte and pages of others. */
static unsigned int dma_pages_of(const struct scatterlist *sg)
{
	return (unsigned int)(PAGE_ALIGN(offset_in_page(sg_dma_address(sg)) + sg_dma_len(sg)) >> PAGE_SHIFT);
}

static bool next_page(struct sg_page_iter *piter, unsigned int (*count)(const struct scatterlist *sg))
{
	if (!piter->__nents || !piter->sg)
		return false;
	piter->sg_pgoffset += (unsigned int)piter->__pg_advance;
	piter->__pg_advance = 1;
	while (piter->sg_pgoffset >= count(piter->sg)) {
		piter->sg_pgoffset -= count(piter->sg);
		piter->sg = sg_next(piter->sg);
		if (!--piter->__nents || !piter->sg)
			return false;
	}
	return true;
}

bool __sg_page_iter_next(struct sg_page_iter *piter)
{
	return next_page(piter, pages_of);
}

bool __sg_page_iter_dma_next(struct sg_dma_page_iter *dma_iter)
{
	return next_page(&dma_iter->base, dma_pages_of);
}

/* What the CPU sees */

void sg_miter_start(struct sg_mapping_iter *miter, struct scatterlist *sgl, unsigned int nents, unsigned int flags)
{
	WARN_ON(!(flags & (SG_MITER_TO_SG | SG_MITER_FROM_SG)));
	*miter = (struct sg_mapping_iter){ .__flags = flags };
	__sg_page_iter_start(&miter->piter, sgl, nents, 0);
}

/* Makes sure that there are bytes left of a page. Pages before the offset of an entry have none. */
static bool find_bytes(struct sg_mapping_iter *miter)
{
	while (!miter->__remaining) {
		unsigned long first, end, page;

		if (!__sg_page_iter_next(&miter->piter))
			return false;
		page = (unsigned long)miter->piter.sg_pgoffset << PAGE_SHIFT;
		first = max_t(unsigned long, page, miter->piter.sg->offset);
		end = min_t(unsigned long, page + PAGE_SIZE, (unsigned long)miter->piter.sg->offset + miter->piter.sg->length);
		miter->__offset = (unsigned int)offset_in_page(first);
		miter->__remaining = end > first ? (unsigned int)(end - first) : 0;
	}
	return true;
}

bool sg_miter_skip(struct sg_mapping_iter *miter, off_t offset)
{
	sg_miter_stop(miter);
	while (offset) {
		off_t step;

		if (!find_bytes(miter))
			return false;
		step = min_t(off_t, offset, miter->__remaining);
		miter->__offset += (unsigned int)step;
		miter->__remaining -= (unsigned int)step;
		offset -= step;
	}
	return true;
}

bool sg_miter_next(struct sg_mapping_iter *miter)
{
	sg_miter_stop(miter);
	if (!find_bytes(miter))
		return false;
	miter->page = sg_page_iter_page(&miter->piter);
	miter->length = miter->consumed = miter->__remaining;
	miter->addr = miter->__flags & SG_MITER_ATOMIC ? kmap_atomic(miter->page) : kmap(miter->page);
	miter->addr = (u8 *)miter->addr + miter->__offset;
	return true;
}

/* What was not consumed comes again. */
void sg_miter_stop(struct sg_mapping_iter *miter)
{
	if (!miter->addr)
		return;
	WARN_ON(miter->consumed > miter->length);
	miter->__offset += (unsigned int)miter->consumed;
	miter->__remaining -= (unsigned int)miter->consumed;
	if (miter->__flags & SG_MITER_ATOMIC)
		kunmap_atomic(miter->addr);
	else
		kunmap(miter->page);
	miter->page = NULL;
	miter->addr = NULL;
	miter->length = 0;
	miter->consumed = 0;
}
