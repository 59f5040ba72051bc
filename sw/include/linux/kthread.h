/* SPDX-License-Identifier: MIT */
/* Kernel threads. */
#ifndef PQDMA_LINUX_KTHREAD_H
#define PQDMA_LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

/** kthread_create() - a thread that runs fn(arg) once it is woken; ERR_PTR(-ENOMEM) */
struct task_struct *kthread_create(int (*fn)(void *), void *arg, const char *format, ...) __printf(3, 4);

#define kthread_run(fn, arg, ...)                                              \
	({                                                                     \
		struct task_struct *new_task = kthread_create(fn, arg, __VA_ARGS__); \
		if (!IS_ERR(new_task))                                         \
			wake_up_process(new_task);                             \
		new_task;                                                      \
	})

/**
 * kthread_stop() - ask @task to end and wait until it has; may sleep
 *
 * Return: what its function returned; -EINTR if it never ran.
 */
int kthread_stop(struct task_struct *task);

/** kthread_should_stop() - has kthread_stop() been called on the calling thread? */
bool kthread_should_stop(void);

#endif
