/* SPDX-License-Identifier: MIT */
/* Locks that sleep. They check their use: owner, context, double use. */
#ifndef PQDMA_LINUX_MUTEX_H
#define PQDMA_LINUX_MUTEX_H

#include <linux/wait.h>

struct mutex {
	struct task_struct *owner;
	const char *name;
	struct wait_queue_head wait;
};

#define __MUTEX_INITIALIZER(lock) { .name = #lock, .wait = __WAIT_QUEUE_HEAD_INITIALIZER((lock).wait) }
#define DEFINE_MUTEX(lock) struct mutex lock = __MUTEX_INITIALIZER(lock)

void kernel_mutex_init(struct mutex *lock, const char *name);
#define mutex_init(lock) kernel_mutex_init(lock, #lock)

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

/** mutex_trylock() - 1 if the lock was free and is taken now */
int mutex_trylock(struct mutex *lock);
bool mutex_is_locked(const struct mutex *lock);

#endif
