/* SPDX-License-Identifier: MIT */
/* Scatter lists: arrays of pieces of pages, chained when one page of them is full. */
#ifndef PQDMA_LINUX_SCATTERLIST_H
#define PQDMA_LINUX_SCATTERLIST_H

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/string.h>

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
#define SG_CHUNK_SIZE 128
#define SG_MAX_SEGMENTS 2048

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

/**
 * struct sg_append_table - a table that grows
 * @sgt:         what there is
 * @prv:         last entry in use
 * @total_nents: entries there is room for
 */
struct sg_append_table {
	struct sg_table sgt;
	struct scatterlist *prv;
	unsigned int total_nents;
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

/** sg_init_marker() - mark the end of an array, and leave what its entries hold */
static inline void sg_init_marker(struct scatterlist *sgl, unsigned int nents)
{
	sg_mark_end(&sgl[nents - 1]);
}

/** __sg_chain() - make this entry lead on to @sgl */
static inline void __sg_chain(struct scatterlist *chain, struct scatterlist *sgl)
{
	chain->offset = 0;
	chain->length = 0;
	chain->page_link = ((unsigned long)sgl | SG_CHAIN) & ~SG_END;
}

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

/* Tables. sg_table.c */

typedef struct scatterlist *(sg_alloc_fn)(unsigned int nents, gfp_t gfp);
typedef void (sg_free_fn)(struct scatterlist *array, unsigned int nents);

/** sg_alloc_table() - room for @nents entries; 0, -EINVAL for none, -ENOMEM */
int sg_alloc_table(struct sg_table *table, unsigned int nents, gfp_t gfp);
void sg_free_table(struct sg_table *table);

/**
 * __sg_alloc_table() - the same with arrays of the caller's choice
 * @max_ents:    longest array; its last entry is the chain, if one follows
 * @first_chunk: the first array, of @nents_first_chunk entries; NULL and 0 if it is to be allocated too
 * @alloc_fn:    makes an array
 *
 * Return: 0, -EINVAL for no entries, -ENOMEM: then what there is must be given back by __sg_free_table().
 */
int __sg_alloc_table(struct sg_table *table, unsigned int nents, unsigned int max_ents, struct scatterlist *first_chunk,
		     unsigned int nents_first_chunk, gfp_t gfp, sg_alloc_fn *alloc_fn);

/** __sg_free_table() - give arrays back to @free_fn, but not a first one of the caller's; @num_ents: all entries, not those in use */
void __sg_free_table(struct sg_table *table, unsigned int max_ents, unsigned int nents_first_chunk, sg_free_fn *free_fn,
		     unsigned int num_ents);

/** sg_alloc_table_chained() - a table that begins in the caller's @first_chunk, if that is not NULL; atomic. 0 or -ENOMEM */
int sg_alloc_table_chained(struct sg_table *table, int nents, struct scatterlist *first_chunk, unsigned int nents_first_chunk);
void sg_free_table_chained(struct sg_table *table, unsigned int nents_first_chunk);

/**
 * sg_alloc_table_from_pages_segment() - entries for @size bytes from @offset in the first of @pages
 * @max_segment: longest entry, rounded down to pages; pages that follow each other share one up to there
 *
 * Return: 0, -EINVAL, -ENOMEM.
 */
int sg_alloc_table_from_pages_segment(struct sg_table *table, struct page **pages, unsigned int n_pages, unsigned int offset,
				      unsigned long size, unsigned int max_segment, gfp_t gfp);

static inline int sg_alloc_table_from_pages(struct sg_table *table, struct page **pages, unsigned int n_pages, unsigned int offset,
					    unsigned long size, gfp_t gfp)
{
	return sg_alloc_table_from_pages_segment(table, pages, n_pages, offset, size, UINT_MAX, gfp);
}

/**
 * sg_alloc_append_table_from_pages() - the same behind what @table has, all 0 before the first call
 * @left_pages: pages that will come later, at most; 0 ends the list
 *
 * Return: 0, -EINVAL, -ENOMEM; whichever, the caller frees it with sg_free_append_table().
 */
int sg_alloc_append_table_from_pages(struct sg_append_table *table, struct page **pages, unsigned int n_pages, unsigned int offset,
				     unsigned long size, unsigned int max_segment, unsigned int left_pages, gfp_t gfp);
void sg_free_append_table(struct sg_append_table *table);

/* Lists out of others, and lists with pages of their own. sg_split.c */

/**
 * sg_split() - cut a list into several
 * @in_mapped_nents:  entries that are mapped, whose bus addresses are cut as well; 0: none
 * @skip:             bytes of the first list to leave out
 * @split_sizes:      bytes of each of the @nb_splits new ones
 * @out:              receives their first entries; kfree() gives each back
 * @out_mapped_nents: receives how many of their entries are mapped; not used if none are
 *
 * Return: 0, -EINVAL if there are not so many bytes, or a size is 0; -ENOMEM.
 */
int sg_split(struct scatterlist *in, int in_mapped_nents, off_t skip, int nb_splits, const size_t *split_sizes,
	     struct scatterlist **out, int *out_mapped_nents, gfp_t gfp);

/**
 * sgl_alloc_order() - a list with pages of its own for @length bytes, 2^@order pages an entry
 * @chainable: one entry more, which may become a chain
 * @nent_p:    receives the number of entries, without that one; may be NULL
 *
 * Return: the first entry, NULL if there is no memory; sgl_free_order() gives all back.
 */
struct scatterlist *sgl_alloc_order(unsigned long long length, unsigned int order, bool chainable, gfp_t gfp, unsigned int *nent_p);
struct scatterlist *sgl_alloc(unsigned long long length, gfp_t gfp, unsigned int *nent_p);
void sgl_free_n_order(struct scatterlist *sgl, int nents, int order);
void sgl_free_order(struct scatterlist *sgl, int order);
void sgl_free(struct scatterlist *sgl);

/* Bytes. sg_copy.c */

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

/* Page by page. sg_iter.c */

/**
 * struct sg_page_iter - a page of a list
 * @sg:          the entry
 * @sg_pgoffset: page of the entry, counted from sg_page()
 */
struct sg_page_iter {
	struct scatterlist *sg;
	unsigned int sg_pgoffset;
	unsigned int __nents;
	int __pg_advance;
};

/** struct sg_dma_page_iter - a page of a list that is mapped, which may have fewer entries than it has as memory */
struct sg_dma_page_iter {
	struct sg_page_iter base;
};

void __sg_page_iter_start(struct sg_page_iter *piter, struct scatterlist *sglist, unsigned int nents, unsigned long pgoffset);
bool __sg_page_iter_next(struct sg_page_iter *piter);
bool __sg_page_iter_dma_next(struct sg_dma_page_iter *dma_iter);

static inline struct page *sg_page_iter_page(struct sg_page_iter *piter)
{
	return sg_page(piter->sg) + piter->sg_pgoffset;
}

/** sg_page_iter_dma_address() - bus address of the page, in the first one of an entry of its first byte */
static inline dma_addr_t sg_page_iter_dma_address(struct sg_dma_page_iter *dma_iter)
{
	return sg_dma_address(dma_iter->base.sg) + ((dma_addr_t)dma_iter->base.sg_pgoffset << PAGE_SHIFT);
}

#define for_each_sg_page(sglist, piter, nents, pgoffset) \
	for (__sg_page_iter_start(piter, sglist, nents, pgoffset); __sg_page_iter_next(piter);)
#define for_each_sg_dma_page(sglist, dma_iter, dma_nents, pgoffset) \
	for (__sg_page_iter_start(&(dma_iter)->base, sglist, dma_nents, pgoffset); __sg_page_iter_dma_next(dma_iter);)
#define for_each_sgtable_page(sgt, piter, pgoffset) for_each_sg_page((sgt)->sgl, piter, (sgt)->orig_nents, pgoffset)
#define for_each_sgtable_dma_page(sgt, dma_iter, pgoffset) for_each_sg_dma_page((sgt)->sgl, dma_iter, (sgt)->nents, pgoffset)

#define SG_MITER_ATOMIC (1 << 0)	/* nobody sleeps between next and stop */
#define SG_MITER_TO_SG (1 << 1)		/* the list is written */
#define SG_MITER_FROM_SG (1 << 2)	/* the list is read */

/**
 * struct sg_mapping_iter - a list as the CPU sees it, piece by piece
 * @page:     where the piece is
 * @addr:     its first byte
 * @length:   bytes
 * @consumed: what of it is done when the iterator moves on; all, unless the user says less
 * @piter:    its page
 */
struct sg_mapping_iter {
	struct page *page;
	void *addr;
	size_t length;
	size_t consumed;
	struct sg_page_iter piter;
	unsigned int __offset;
	unsigned int __remaining;
	unsigned int __flags;
};

void sg_miter_start(struct sg_mapping_iter *miter, struct scatterlist *sgl, unsigned int nents, unsigned int flags);

/** sg_miter_next() - the next piece; false behind the last. May sleep without SG_MITER_ATOMIC. */
bool sg_miter_next(struct sg_mapping_iter *miter);

/** sg_miter_skip() - leave out @offset bytes; false if there are not so many */
bool sg_miter_skip(struct sg_mapping_iter *miter, off_t offset);

/** sg_miter_stop() - let go of the piece; what was not consumed comes again */
void sg_miter_stop(struct sg_mapping_iter *miter);

#endif
