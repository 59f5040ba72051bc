/* SPDX-License-Identifier: MIT */
/* All memory has a kernel address, so mapping a page for a moment finds it; sleeping is checked where Linux asks for it. */
#ifndef PQDMA_LINUX_HIGHMEM_H
#define PQDMA_LINUX_HIGHMEM_H

#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/uaccess.h>

/* Caches of the CPU are found by physical addresses, so another address of a page shows the same. */
static inline void flush_dcache_page(struct page __always_unused *page)
{
}

static inline void *kmap(struct page *page)
{
	might_sleep();
	return page_address(page);
}

static inline void kunmap(struct page __always_unused *page)
{
}

static inline void *kmap_local_page(struct page *page)
{
	return page_address(page);
}

static inline void kunmap_local(const void __always_unused *addr)
{
}

static inline void *kmap_atomic(struct page *page)
{
	pagefault_disable();
	return page_address(page);
}

static inline void kunmap_atomic(const void __always_unused *addr)
{
	pagefault_enable();
}

#endif
