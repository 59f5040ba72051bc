// SPDX-License-Identifier: MIT
/*
 * Fibers on Boost.Context. Its two entry points are plain assembly with a C calling convention, declared here by
 * hand because the library only ships C++ headers.
 */
#include "fiber.h"

#include <stdlib.h>
#include <sys/mman.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#else
/* Without the sanitizer there is nothing to tell about stacks. */
static inline void __sanitizer_start_switch_fiber(void **save, const void *bottom, size_t size)
{
	(void)save;
	(void)bottom;
	(void)size;
}

static inline void __sanitizer_finish_switch_fiber(void *saved, const void **bottom, size_t *size)
{
	(void)saved;
	(void)bottom;
	(void)size;
}

static inline void __asan_unpoison_memory_region(const volatile void *addr, size_t size)
{
	(void)addr;
	(void)size;
}
#endif

#define GUARD_BYTES 4096
#define STACK_BYTES (256 * 1024)

/* What a context switch hands over: the context that was left and a pointer. Layout is Boost's. */
struct transfer {
	void *from;
	void *data;
};

extern struct transfer jump_fcontext(void *to, void *data);
extern void *make_fcontext(void *stack_top, size_t size, void (*entry)(struct transfer));

struct fiber {
	const char *name;
	void (*fn)(void *);
	void *arg;
	void *context;
	void *area;
	struct fiber *resumer;
	bool done;
	void *fake_stack;
	const void *bottom;
	size_t size;
};

/* A call that is to be made on another stack; nothing if there is no @fn. */
static struct {
	void (*fn)(void *);
	void *arg;
	struct fiber *from;
} visit;

static struct fiber root = { .name = "root" };
static struct fiber *current_fiber = &root;

static void jump(struct fiber *to);

/* The visitor's business is done here, and he goes back. The fiber still waits; it has only gone one call deeper to do so. */
static void receive_visitor(void)
{
	void (*fn)(void *) = visit.fn;

	visit.fn = NULL;
	fn(visit.arg);
	jump(visit.from);
}

/* Runs on the new stack after every switch: remember where the old one stopped. */
static void arrive(struct transfer t)
{
	struct fiber *from = t.data;
	const void *bottom;
	size_t size;

	__sanitizer_finish_switch_fiber(current_fiber->fake_stack, &bottom, &size);
	from->context = t.from;
#ifdef __SANITIZE_ADDRESS__
	/* The root's stack is not ours; the sanitizer names it at the first switch away from it. */
	if (from == &root) {
		root.bottom = bottom;
		root.size = size;
	}
#endif
	if (visit.fn)
		receive_visitor();
}

static void jump(struct fiber *to)
{
	struct fiber *from = current_fiber;

	current_fiber = to;
	__sanitizer_start_switch_fiber(from->done ? NULL : &from->fake_stack, to->bottom, to->size);
	arrive(jump_fcontext(to->context, from));
}

static void entry(struct transfer t)
{
	struct fiber *self = current_fiber;

	arrive(t);
	self->fn(self->arg);
	self->done = true;
	jump(self->resumer);
	abort();
}

struct fiber *fiber_new(const char *name, void (*fn)(void *), void *arg)
{
	struct fiber *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->area = mmap(NULL, GUARD_BYTES + STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (f->area == MAP_FAILED)
		goto out_free;
	if (mprotect(f->area, GUARD_BYTES, PROT_NONE))
		goto out_unmap;
	f->name = name;
	f->fn = fn;
	f->arg = arg;
	f->bottom = (char *)f->area + GUARD_BYTES;
	f->size = STACK_BYTES;
	f->context = make_fcontext((char *)f->bottom + STACK_BYTES, STACK_BYTES, entry);
	return f;

out_unmap:
	munmap(f->area, GUARD_BYTES + STACK_BYTES);
out_free:
	free(f);
	return NULL;
}

void fiber_switch(struct fiber *to)
{
	if (to == current_fiber)
		return;
	if (to->done)
		abort();
	to->resumer = current_fiber;
	jump(to);
}

void fiber_visit(struct fiber *to, void (*fn)(void *), void *arg)
{
	visit.fn = fn;
	visit.arg = arg;
	visit.from = current_fiber;
	jump(to);
}

struct fiber *fiber_self(void)
{
	return current_fiber;
}

bool fiber_done(const struct fiber *f)
{
	return f->done;
}

const char *fiber_name(const struct fiber *f)
{
	return f->name;
}

void fiber_free(struct fiber *f)
{
	if (!f)
		return;
	if (f == current_fiber || f == &root)
		abort();
	/* Frames that never returned left marks in the shadow; the next mapping here must not inherit them. */
	__asan_unpoison_memory_region(f->area, GUARD_BYTES + STACK_BYTES);
	munmap(f->area, GUARD_BYTES + STACK_BYTES);
	free(f);
}
