/* SPDX-License-Identifier: MIT */
/* Pages, and what an allocation may do. */
#ifndef PQDMA_LINUX_GFP_H
#define PQDMA_LINUX_GFP_H

#include <linux/types.h>

struct page;

#define __GFP_ZERO 0x1u
#define __GFP_SLEEP 0x2u
#define __GFP_NOWARN 0x4u
#define __GFP_DMA 0x8u		/* all memory is alike, so it changes nothing */
#define GFP_DMA __GFP_DMA
#define GFP_NOWAIT 0u
#define GFP_ATOMIC 0u
#define GFP_KERNEL __GFP_SLEEP

/* Where in the source something was allocated, for the report of what leaked. */
#define KERNEL_LINE_TEXT(line) #line
#define KERNEL_LINE(line) KERNEL_LINE_TEXT(line)
#define KERNEL_HERE __FILE__ ":" KERNEL_LINE(__LINE__)

struct page *kernel_alloc_pages(gfp_t gfp, unsigned int order, const char *where);

/** alloc_pages() - 2^order pages with consecutive numbers, NULL if there are none. Where they lie is seeded. */
#define alloc_pages(gfp, order) kernel_alloc_pages(gfp, order, KERNEL_HERE)
#define alloc_page(gfp) alloc_pages(gfp, 0)

void __free_pages(struct page *page, unsigned int order);
#define __free_page(page) __free_pages(page, 0)

/* A page has one user, so that is the last one. */
#define put_page(page) __free_page(page)
#define free_page(addr) __free_pages(virt_to_page((void *)(addr)), 0)
#define __get_free_page(gfp) ((unsigned long)page_address(alloc_page(gfp)))

#endif
