/* SPDX-License-Identifier: MIT */
/* Threads that stop while the machine is suspended. This one never is. */
#ifndef PQDMA_LINUX_FREEZER_H
#define PQDMA_LINUX_FREEZER_H

#include <linux/wait.h>

static inline bool set_freezable(void)
{
	return false;
}

static inline bool try_to_freeze(void)
{
	return false;
}

#define wait_event_freezable(wq, condition) wait_event_interruptible(wq, condition)
#define wait_event_freezable_timeout(wq, condition, timeout) wait_event_interruptible_timeout(wq, condition, timeout)

#endif
