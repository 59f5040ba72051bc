/* SPDX-License-Identifier: MIT */
/* Scatter lists: arrays of pieces of pages, chained when one page of them is full. */
#ifndef PQDMA_LINUX_SCATTERLIST_H
#define PQDMA_LINUX_SCATTERLIST_H

#include <linux/mm.h>

/**
 * struct scatterlist - one piece
 * @page_link:   the page, or the next array (SG_CHAIN), with SG_END in the last entry
 * @offset:      in the page; may be beyond it, the pages that follow belong to the piece too
 * @length:      bytes
 * @dma_address: bus address once mapped
 * @dma_length:  bytes from there once mapped; other than @length where entries were joined
 */
struct scatterlist {
	unsigned long page_link;
	unsigned int offset;
	unsigned int length;
	dma_addr_t dma_address;
	unsigned int dma_length;
};

#define SG_CHAIN 1ul
#define SG_END 2ul
#define SG_PAGE_LINK_MASK (SG_CHAIN | SG_END)
#define SG_MAX_SINGLE_ALLOC (PAGE_SIZE / sizeof(struct scatterlist))

/**
 * struct sg_table - a scatter list that knows its length
 * @sgl:        first entry
 * @nents:      entries that are mapped; only dma_map_sgtable() changes it
 * @orig_nents: entries
 */
struct sg_table {
	struct scatterlist *sgl;
	unsigned int nents;
	unsigned int orig_nents;
};

#define sg_dma_address(sg) ((sg)->dma_address)
#define sg_dma_len(sg) ((sg)->dma_length)

static inline bool sg_is_chain(const struct scatterlist *sg)
{
	return sg->page_link & SG_CHAIN;
}

static inline bool sg_is_last(const struct scatterlist *sg)
{
	return sg->page_link & SG_END;
}

static inline struct scatterlist *sg_chain_ptr(const struct scatterlist *sg)
{
	return (struct scatterlist *)(sg->page_link & ~SG_PAGE_LINK_MASK);
}

static inline struct page *sg_page(const struct scatterlist *sg)
{
	BUG_ON(sg_is_chain(sg));
	return (struct page *)(sg->page_link & ~SG_PAGE_LINK_MASK);
}

static inline void sg_mark_end(struct scatterlist *sg)
{
	sg->page_link = (sg->page_link | SG_END) & ~SG_CHAIN;
}

static inline void sg_unmark_end(struct scatterlist *sg)
{
	sg->page_link &= ~SG_END;
}

/** sg_assign_page() - change the page and nothing else */
void sg_assign_page(struct scatterlist *sg, struct page *page);
void sg_set_page(struct scatterlist *sg, struct page *page, unsigned int length, unsigned int offset);
void sg_set_buf(struct scatterlist *sg, const void *buf, unsigned int length);
void sg_init_table(struct scatterlist *sgl, unsigned int nents);
void sg_init_one(struct scatterlist *sg, const void *buf, unsigned int length);

/** sg_chain() - make the last of @nents entries of @prv lead on to @sgl */
void sg_chain(struct scatterlist *prv, unsigned int nents, struct scatterlist *sgl);

/** sg_next() - the entry after @sg, over chains; NULL after the last */
struct scatterlist *sg_next(struct scatterlist *sg);
struct scatterlist *sg_last(struct scatterlist *sgl, unsigned int nents);
int sg_nents(struct scatterlist *sgl);

/** sg_nents_for_len() - how many entries hold @len bytes; -EINVAL if all of them do not */
int sg_nents_for_len(struct scatterlist *sgl, u64 len);

void *sg_virt(const struct scatterlist *sg);
phys_addr_t sg_phys(const struct scatterlist *sg);

/** sg_alloc_table() - room for @nents entries; 0, -EINVAL for none, -ENOMEM */
int sg_alloc_table(struct sg_table *table, unsigned int nents, gfp_t gfp);
void sg_free_table(struct sg_table *table);

/** sg_alloc_table_from_pages() - entries for @size bytes from @offset in @pages; consecutive pages share one. 0, -EINVAL, -ENOMEM */
int sg_alloc_table_from_pages(struct sg_table *table, struct page **pages, unsigned int n_pages, unsigned int offset,
			      unsigned long size, gfp_t gfp);

/** sg_copy_buffer() - between the list, its first @skip bytes left out, and @buf; bytes copied */
size_t sg_copy_buffer(struct scatterlist *sgl, unsigned int nents, void *buf, size_t len, off_t skip, bool to_buffer);
size_t sg_pcopy_from_buffer(struct scatterlist *sgl, unsigned int nents, const void *buf, size_t len, off_t skip);
size_t sg_pcopy_to_buffer(struct scatterlist *sgl, unsigned int nents, void *buf, size_t len, off_t skip);

/** sg_zero_buffer() - @len bytes of the list behind the first @skip become 0; how many did */
size_t sg_zero_buffer(struct scatterlist *sgl, unsigned int nents, size_t len, off_t skip);

/** sg_copy_from_buffer() - from @buf into the list; bytes copied */
size_t sg_copy_from_buffer(struct scatterlist *sgl, unsigned int nents, const void *buf, size_t len);

/** sg_copy_to_buffer() - from the list into @buf; bytes copied */
size_t sg_copy_to_buffer(struct scatterlist *sgl, unsigned int nents, void *buf, size_t len);

#define for_each_sg(sglist, sg, nr, i) for (i = 0, sg = (sglist); i < (nr); i++, sg = sg_next(sg))
#define for_each_sgtable_sg(sgt, sg, i) for_each_sg((sgt)->sgl, sg, (sgt)->orig_nents, i)
#define for_each_sgtable_dma_sg(sgt, sg, i) for_each_sg((sgt)->sgl, sg, (sgt)->nents, i)

#endif
