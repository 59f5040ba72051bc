/* SPDX-License-Identifier: MIT */
/* Memory by the byte. At least 64-byte aligned; powers of two are aligned to their size, up to a page. */
#ifndef PQDMA_LINUX_SLAB_H
#define PQDMA_LINUX_SLAB_H

#include <linux/errno.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/mm.h>

void *kernel_kmalloc(size_t size, gfp_t gfp, const char *where);
void *kernel_kmalloc_array(size_t n, size_t size, gfp_t gfp, const char *where);

/** kmalloc() - NULL if there is no memory; filled with a pattern, and guarded behind its end */
#define kmalloc(size, gfp) kernel_kmalloc(size, gfp, KERNEL_HERE)
#define kzalloc(size, gfp) kernel_kmalloc(size, (gfp) | __GFP_ZERO, KERNEL_HERE)
#define kmalloc_array(n, size, gfp) kernel_kmalloc_array(n, size, gfp, KERNEL_HERE)
#define kcalloc(n, size, gfp) kmalloc_array(n, size, (gfp) | __GFP_ZERO)

/** kfree() - NULL is allowed */
void kfree(const void *ptr);

#endif
