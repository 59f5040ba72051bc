// SPDX-License-Identifier: MIT
/*
 * Lists out of others, and lists with pages of their own.
 */
#include <linux/scatterlist.h>

#include <linux/errno.h>
#include <linux/slab.h>

/**
 * struct walk - a place in a list, by what its entries hold or by how they are mapped
 * @sg:     the entry
 * @nents:  entries from there on
 * @used:   bytes of the entry that are behind
 * @mapped: lengths are those of the mapping
 */
struct walk {
	struct scatterlist *sg;
	unsigned int nents;
	size_t used;
	bool mapped;
};

static size_t walk_room(const struct walk *walk)
{
	return (walk->mapped ? sg_dma_len(walk->sg) : walk->sg->length) - walk->used;
}

/* Goes on by what the entry has, @size bytes at most; how many. */
static size_t walk_step(struct walk *walk, size_t size)
{
	const size_t step = min_t(size_t, walk_room(walk), size);

	walk->used += step;
	if (!walk_room(walk)) {
		walk->sg = sg_next(walk->sg);
		walk->nents--;
		walk->used = 0;
	}
	return step;
}

/* Goes on by @size bytes; how many entries hold them, -EINVAL if there are not so many bytes. */
static int walk_on(struct walk *walk, size_t size)
{
	int nents = 0;

	for (; size; nents++) {
		if (!walk->nents)
			return -EINVAL;
		size -= walk_step(walk, size);
	}
	return nents;
}

static void fill_entry(struct scatterlist *out, const struct walk *at, size_t size)
{
	const size_t offset = at->sg->offset + at->used;

	sg_set_page(out, sg_page(at->sg) + offset / PAGE_SIZE, (unsigned int)size, (unsigned int)offset_in_page(offset));
}

/* The next @size bytes as a list of their own; NULL if there is no memory. */
static struct scatterlist *split_pages(struct walk *walk, size_t size, unsigned int nents, gfp_t gfp)
{
	struct scatterlist *out = kcalloc(nents, sizeof(*out), gfp);
	unsigned int i;

	if (!out)
		return NULL;
	sg_init_table(out, nents);
	for (i = 0; i < nents; i++) {
		const struct walk at = *walk;
		const size_t step = walk_step(walk, size);

		fill_entry(&out[i], &at, step);
		size -= step;
	}
	return out;
}

/* The bus addresses of the next @size bytes; how many entries have one. */
static int split_mapping(struct walk *walk, size_t size, struct scatterlist *out)
{
	int nents = 0;

	for (; size; nents++) {
		sg_dma_address(&out[nents]) = sg_dma_address(walk->sg) + walk->used;
		sg_dma_len(&out[nents]) = (unsigned int)walk_step(walk, size);
		size -= sg_dma_len(&out[nents]);
	}
	return nents;
}

static int split_all(struct walk pages, struct walk mapping, int nb_splits, const size_t *sizes, struct scatterlist **out,
		     int *out_mapped_nents, gfp_t gfp)
{
	int i;

	for (i = 0; i < nb_splits; i++) {
		struct walk ahead = pages;

		out[i] = split_pages(&pages, sizes[i], (unsigned int)walk_on(&ahead, sizes[i]), gfp);
		if (!out[i])
			return -ENOMEM;
		if (mapping.mapped)
			out_mapped_nents[i] = split_mapping(&mapping, sizes[i], out[i]);
	}
	return 0;
}

/* Are there so many bytes? *@walk is at the first of them then. */
static bool has_splits(struct walk *walk, off_t skip, int nb_splits, const size_t *sizes)
{
	struct walk ahead;
	int i;

	if (walk_on(walk, (size_t)skip) < 0)
		return false;
	ahead = *walk;
	for (i = 0; i < nb_splits; i++)
		if (walk_on(&ahead, sizes[i]) <= 0)
			return false;
	return true;
}

int sg_split(struct scatterlist *in, int in_mapped_nents, off_t skip, int nb_splits, const size_t *split_sizes,
	     struct scatterlist **out, int *out_mapped_nents, gfp_t gfp)
{
	struct walk pages = { .sg = in, .nents = (unsigned int)sg_nents(in) };
	struct walk mapping = { .sg = in, .nents = (unsigned int)in_mapped_nents, .mapped = in_mapped_nents };
	int i, err;

	for (i = 0; i < nb_splits; i++)
		out[i] = NULL;
	if (!has_splits(&pages, skip, nb_splits, split_sizes))
		return -EINVAL;
	if (in_mapped_nents && !has_splits(&mapping, skip, nb_splits, split_sizes))
		return -EINVAL;
	err = split_all(pages, mapping, nb_splits, split_sizes, out, out_mapped_nents, gfp);
	for (i = 0; err && i < nb_splits; i++) {
		kfree(out[i]);
		out[i] = NULL;
	}
	return err;
}

/* Lists with pages of their own */

static bool add_pages(struct scatterlist *sgl, unsigned int nents, unsigned long long length, unsigned int order, gfp_t gfp)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sg(sgl, sg, nents, i) {
		const unsigned long long size = min_t(unsigned long long, length, PAGE_SIZE << order);
		struct page *page = alloc_pages(gfp, order);

		if (!page)
			return false;
		sg_set_page(sg, page, (unsigned int)size, 0);
		length -= size;
	}
	return true;
}

struct scatterlist *sgl_alloc_order(unsigned long long length, unsigned int order, bool chainable, gfp_t gfp, unsigned int *nent_p)
{
	const unsigned long long nents = DIV_ROUND_UP(length, (unsigned long long)PAGE_SIZE << order);
	struct scatterlist *sgl;

	if (!nents || nents >= UINT_MAX)
		return NULL;
	sgl = kcalloc(nents + chainable, sizeof(*sgl), gfp);
	if (!sgl)
		return NULL;
	sg_init_table(sgl, (unsigned int)nents + chainable);
	if (!add_pages(sgl, (unsigned int)nents, length, order, gfp)) {
		sgl_free_order(sgl, (int)order);
		return NULL;
	}
	if (nent_p)
		*nent_p = (unsigned int)nents;
	return sgl;
}

struct scatterlist *sgl_alloc(unsigned long long length, gfp_t gfp, unsigned int *nent_p)
{
	return sgl_alloc_order(length, 0, false, gfp, nent_p);
}

void sgl_free_n_order(struct scatterlist *sgl, int nents, int order)
{
	struct scatterlist *sg;
	int i;

	for (i = 0, sg = sgl; i < nents && sg; i++, sg = sg_next(sg))
		__free_pages(sg_page(sg), (unsigned int)order);
	kfree(sgl);
}

void sgl_free_order(struct scatterlist *sgl, int order)
{
	sgl_free_n_order(sgl, INT_MAX, order);
}

void sgl_free(struct scatterlist *sgl)
{
	sgl_free_order(sgl, 0);
}
