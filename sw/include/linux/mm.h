/* SPDX-License-Identifier: MIT */
/* Pages and addresses: a page has a physical address and, elsewhere, a kernel virtual one. */
#ifndef PQDMA_LINUX_MM_H
#define PQDMA_LINUX_MM_H

#include <linux/gfp.h>
#include <linux/kernel.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE (1ul << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(addr) ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr) IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define offset_in_page(addr) ((unsigned long)(addr) & ~PAGE_MASK)

/* Physical address of the first byte of memory. */
#define PHYS_OFFSET 0x80000000ull

struct slab;

/**
 * struct page - one page of memory; consecutive pages are consecutive in an array
 * @use:      what the page is for; NULL when it is free
 * @where:    which line allocated it
 * @count:    pages of the allocation that begins here
 * @poisoned: free, and filled with the pattern of free memory in both views
 * @slab:     the slab that cuts it up; NULL if none does
 * @size:     bytes asked for, if it is kmalloc memory of whole pages
 */
struct page {
	const char *use;
	const char *where;
	unsigned int count;
	bool poisoned;
	struct slab *slab;
	size_t size;
};

/** page_address() - the CPU's address of a page; NULL for NULL */
void *page_address(const struct page *page);
phys_addr_t page_to_phys(const struct page *page);
unsigned long page_to_pfn(const struct page *page);
struct page *pfn_to_page(unsigned long pfn);

/** virt_to_page() - of memory from pages or kmalloc; anything else is reported and NULL */
struct page *virt_to_page(const void *addr);
phys_addr_t virt_to_phys(const void *addr);
void *phys_to_virt(phys_addr_t phys);

/** get_order() - the smallest n for which 2^n pages hold @size bytes */
static inline int get_order(unsigned long size)
{
	int order = 0;

	while (PAGE_SIZE << order < size)
		order++;
	return order;
}

typedef struct {
	unsigned long pgprot;
} pgprot_t;

/* How a process may see a page: through its caches, or past them, or past them with writes held back. */
#define __pgprot(bits) ((pgprot_t){ bits })
#define pgprot_val(prot) ((prot).pgprot)
#define PGPROT_CACHE_MASK 3ul
#define PGPROT_NONCACHED 1ul
#define PGPROT_WRITECOMBINE 2ul
#define pgprot_noncached(prot) __pgprot((pgprot_val(prot) & ~PGPROT_CACHE_MASK) | PGPROT_NONCACHED)
#define pgprot_writecombine(prot) __pgprot((pgprot_val(prot) & ~PGPROT_CACHE_MASK) | PGPROT_WRITECOMBINE)
#define pgprot_dmacoherent(prot) pgprot_noncached(prot)

#define VMA_PAGES_MAX 64

/**
 * struct vm_area_struct - a range of addresses of a user process; there are no processes, so it is what one would see
 * @vm_start:     first address
 * @vm_end:       behind the last one
 * @vm_pgoff:     page of the object that is seen first
 * @vm_page_prot: how pages are entered
 * @vm_pages:     what stands where, once it is mapped; NULL where nothing does
 */
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	unsigned long vm_pgoff;
	pgprot_t vm_page_prot;
	struct page *vm_pages[VMA_PAGES_MAX];
};

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

/** virt_addr_valid() - is it an address of page or kmalloc memory? */
bool virt_addr_valid(const void *addr);

#endif
