// SPDX-License-Identifier: MIT
/*
 * Between scatter lists and buffers.
 */
#include <linux/scatterlist.h>

#include <string.h>

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
