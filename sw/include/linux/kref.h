/* SPDX-License-Identifier: MIT */
/* Reference counts that call a function when the last one goes. */
#ifndef PQDMA_LINUX_KREF_H
#define PQDMA_LINUX_KREF_H

#include <linux/atomic.h>
#include <linux/bug.h>

struct kref {
	atomic_t refcount;
};

static inline void kref_init(struct kref *kref)
{
	atomic_set(&kref->refcount, 1);
}

static inline void kref_get(struct kref *kref)
{
	WARN(atomic_inc_return(&kref->refcount) < 2, "reference taken on something that is gone");
}

/** kref_put() - drop a reference; 1 if it was the last and @release was called */
static inline int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	WARN(atomic_read(&kref->refcount) < 1, "reference dropped on something that is gone");
	if (!atomic_dec_and_test(&kref->refcount))
		return 0;
	release(kref);
	return 1;
}

#endif
