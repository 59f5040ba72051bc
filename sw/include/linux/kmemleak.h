/* SPDX-License-Identifier: MIT */
/* Pages and kmalloc memory that nobody frees are told at shutdown by the line that allocated them; there is nothing to announce. */
#ifndef PQDMA_LINUX_KMEMLEAK_H
#define PQDMA_LINUX_KMEMLEAK_H

#include <linux/gfp.h>

static inline void kmemleak_alloc(const void __always_unused *ptr, size_t __always_unused size, int __always_unused min_count,
				  gfp_t __always_unused gfp)
{
}

static inline void kmemleak_free(const void __always_unused *ptr)
{
}

#endif
