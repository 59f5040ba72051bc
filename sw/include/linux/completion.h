/* SPDX-License-Identifier: MIT */
/* Completions: wait until something has been done. */
#ifndef PQDMA_LINUX_COMPLETION_H
#define PQDMA_LINUX_COMPLETION_H

#include <linux/wait.h>

struct completion {
	unsigned int done;
	struct wait_queue_head wait;
};

#define COMPLETION_INITIALIZER(work) { 0, __WAIT_QUEUE_HEAD_INITIALIZER((work).wait) }
#define DECLARE_COMPLETION(work) struct completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work) DECLARE_COMPLETION(work)

void init_completion(struct completion *x);
void reinit_completion(struct completion *x);

/** complete() - let one waiter go on; from any context. Does not touch @x once that waiter can run. */
void complete(struct completion *x);

/** complete_all() - let all waiters go on, until reinit_completion() */
void complete_all(struct completion *x);

void wait_for_completion(struct completion *x);

/** wait_for_completion_timeout() - 0 if @timeout jiffies were not enough, else what was left of them, at least 1 */
unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout);

/** try_wait_for_completion() - false, and no waiting, if it is not done */
bool try_wait_for_completion(struct completion *x);

/** completion_done() - would a waiter go on at once? */
bool completion_done(const struct completion *x);

#endif
