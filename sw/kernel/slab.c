// SPDX-License-Identifier: MIT
/*
 * kmalloc: pages cut into objects of one size, and whole pages for what is larger.
 *
 * What is left of an object behind the bytes asked for holds a pattern that is checked at kfree(); a free object holds
 * another, checked when it is given out again. Under AddressSanitizer both are out of bounds. A free slot is chosen
 * at random, so that memory is not reused at once.
 */
#include "kernel_priv.h"

#include <stdlib.h>
#include <string.h>
#include <linux/slab.h>

#define CLASS_MIN_LOG2 6
#define CLASS_MAX_LOG2 11
#define CLASSES (CLASS_MAX_LOG2 - CLASS_MIN_LOG2 + 1)
#define OBJECTS_MAX (PAGE_SIZE >> CLASS_MIN_LOG2)

/* At least so much behind every object. */
#define END_BYTES 8

/**
 * struct slab_object - one slot
 * @size:   bytes asked for; 0: free
 * @was:    has been in use before, so it holds the pattern of free memory
 * @where:  which line allocated it last
 */
struct slab_object {
	size_t size;
	bool was;
	const char *where;
};

/**
 * struct slab - a page of objects of one size
 * @page:   the page
 * @step:   bytes of a slot
 * @used:   slots in use
 * @node:   in the list of its size
 * @object: the slots
 */
struct slab {
	struct page *page;
	size_t step;
	unsigned int used;
	struct list_head node;
	struct slab_object object[OBJECTS_MAX];
};

static struct list_head slabs[CLASSES];

void slab_boot(void)
{
	unsigned int i;

	for (i = 0; i < CLASSES; i++)
		INIT_LIST_HEAD(&slabs[i]);
}

static unsigned int slots(const struct slab *slab)
{
	return (unsigned int)(PAGE_SIZE / slab->step);
}

static void report_leaks(const struct slab *slab)
{
	unsigned int i;

	for (i = 0; i < slots(slab); i++)
		if (slab->object[i].size)
			kernel_problem("leak: %zu bytes, allocated at %s", slab->object[i].size, slab->object[i].where);
}

void slab_check_shutdown(void)
{
	struct slab *slab;
	unsigned int i;

	for (i = 0; i < CLASSES; i++)
		list_for_each_entry(slab, &slabs[i], node)
			report_leaks(slab);
}

void slab_down(void)
{
	struct slab *slab, *next;
	unsigned int i;

	for (i = 0; i < CLASSES; i++)
		list_for_each_entry_safe(slab, next, &slabs[i], node)
			free(slab);
}

static void *slot_address(const struct slab *slab, unsigned int index)
{
	return (u8 *)page_address(slab->page) + index * slab->step;
}

static struct slab *slab_new(unsigned int class, const char *where)
{
	struct slab *slab = calloc(1, sizeof(*slab));

	if (!slab)
		return NULL;
	slab->page = page_alloc_run(1, "slab", where);
	if (!slab->page) {
		free(slab);
		return NULL;
	}
	slab->step = 1ul << (class + CLASS_MIN_LOG2);
	slab->page->slab = slab;
	list_add(&slab->node, &slabs[class]);
	memory_guard(page_address(slab->page), PAGE_SIZE);
	return slab;
}

static struct slab *slab_with_room(unsigned int class, const char *where)
{
	struct slab *slab;

	list_for_each_entry(slab, &slabs[class], node)
		if (slab->used < slots(slab))
			return slab;
	return slab_new(class, where);
}

static unsigned int free_slot(const struct slab *slab)
{
	unsigned int i = (unsigned int)kernel_random(slots(slab));

	while (slab->object[i].size)
		i = (i + 1) % slots(slab);
	return i;
}

static bool is_filled(const u8 *memory, u8 pattern, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (memory[i] != pattern)
			return false;
	return true;
}

static void *object_take(struct slab *slab, size_t size, const char *where)
{
	unsigned int index = free_slot(slab);
	struct slab_object *object = &slab->object[index];
	u8 *p = slot_address(slab, index);

	memory_unguard(p, slab->step);
	if (object->was && !is_filled(p, POISON_FREE, slab->step))
		kernel_problem("memory was written after kfree; it had been allocated at %s", object->where);
	*object = (struct slab_object){ .size = size, .was = true, .where = where };
	slab->used++;
	memset(p, POISON_NEW, size);
	memset(p + size, POISON_END, slab->step - size);
	memory_guard(p + size, slab->step - size);
	return p;
}

static void *alloc_whole_pages(size_t size, const char *where)
{
	size_t count = PAGE_ALIGN(size + END_BYTES) / PAGE_SIZE;
	struct page *page = page_alloc_run(count, "kmalloc", where);
	u8 *p = page_address(page);

	if (!page)
		return NULL;
	page->size = size;
	memset(p + size, POISON_END, count * PAGE_SIZE - size);
	memory_guard(p + size, count * PAGE_SIZE - size);
	return p;
}

static unsigned int class_of(size_t size)
{
	unsigned int class = 0;

	while (size > 1ul << (class + CLASS_MIN_LOG2))
		class++;
	return class;
}

void *kernel_kmalloc(size_t size, gfp_t gfp, const char *where)
{
	struct slab *slab;
	void *p = NULL;

	if (gfp & __GFP_SLEEP)
		might_sleep();
	size = max_t(size_t, size, 1);
	if (size + END_BYTES > 1ul << CLASS_MAX_LOG2) {
		p = alloc_whole_pages(size, where);
	} else {
		slab = slab_with_room(class_of(size + END_BYTES), where);
		if (slab)
			p = object_take(slab, size, where);
	}
	if (p && (gfp & __GFP_ZERO))
		memset(p, 0, size);
	return p;
}

void *kernel_kmalloc_array(size_t n, size_t size, gfp_t gfp, const char *where)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kernel_kmalloc(bytes, gfp, where);
}

static void check_end(u8 *p, size_t size, size_t room, const char *where)
{
	memory_unguard(p, room);
	if (!is_filled(p + size, POISON_END, room - size))
		kernel_problem("memory was written behind its end: %zu bytes, allocated at %s", size, where);
}

static void slab_free(struct slab *slab)
{
	memory_unguard(page_address(slab->page), PAGE_SIZE);
	list_del(&slab->node);
	slab->page->slab = NULL;
	page_free_run(slab->page);
	free(slab);
}

static void object_free(struct slab *slab, u8 *p)
{
	unsigned int index = (unsigned int)((size_t)(p - (u8 *)page_address(slab->page)) / slab->step);
	struct slab_object *object = &slab->object[index];

	if (p != slot_address(slab, index) || !object->size) {
		kernel_problem("kfree of %p, which is not allocated; last allocated at %s", p, object->where ? object->where : "no place");
		return;
	}
	irq_check_freed(p, slab->step);
	check_end(p, object->size, slab->step, object->where);
	memset(p, POISON_FREE, slab->step);
	memory_guard(p, slab->step);
	object->size = 0;
	if (--slab->used == 0)
		slab_free(slab);
}

void kfree(const void *ptr)
{
	struct page *page;

	if (!ptr)
		return;
	page = virt_to_page(ptr);
	if (!page)
		return;
	if (page->slab) {
		object_free(page->slab, (u8 *)ptr);
		return;
	}
	if (!page->size || ptr != page_address(page)) {
		kernel_problem("kfree of %p, which is not allocated; last allocated at %s", ptr, page->where ? page->where : "no place");
		return;
	}
	irq_check_freed(page_address(page), page->size);
	check_end(page_address(page), page->size, page->count * PAGE_SIZE, page->where);
	page_free_run(page);
}
