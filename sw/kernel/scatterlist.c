// SPDX-License-Identifier: MIT
/*
 * Scatter lists: their entries, and the way from one to the next. Tables are in sg_table.c, bytes in sg_copy.c and sg_iter.c.
 */
#include <linux/scatterlist.h>

#include <string.h>
#include <linux/errno.h>

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
	__sg_chain(&prv[nents - 1], sgl);
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
