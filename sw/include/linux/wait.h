/* SPDX-License-Identifier: MIT */
/* Wait queues: sleep until a condition holds. */
#ifndef PQDMA_LINUX_WAIT_H
#define PQDMA_LINUX_WAIT_H

#include <linux/list.h>
#include <linux/sched.h>

struct wait_queue_head {
	struct list_head head;
};

typedef struct wait_queue_head wait_queue_head_t;

struct wait_queue_entry {
	struct task_struct *task;
	struct list_head entry;
};

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) { .head = LIST_HEAD_INIT((name).head) }
#define DECLARE_WAIT_QUEUE_HEAD(name) struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DEFINE_WAIT(name) struct wait_queue_entry name = { .task = current, .entry = LIST_HEAD_INIT((name).entry) }

static inline void init_waitqueue_head(struct wait_queue_head *wq)
{
	INIT_LIST_HEAD(&wq->head);
}

static inline bool waitqueue_active(const struct wait_queue_head *wq)
{
	return !list_empty(&wq->head);
}

void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *wait, unsigned int state);
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *wait);

/** wake_up() - make every task that waits on @wq look at its condition again; from any context */
void wake_up(struct wait_queue_head *wq);

#define wake_up_all(wq) wake_up(wq)
#define wake_up_interruptible(wq) wake_up(wq)

/* Sleeps until condition; left counts down from timeout jiffies and ends as Linux says: 0 if it ran out, at least 1 if not. */
#define ___wait_event(wq, condition, sleep_state, timeout)             \
	({                                                             \
		long wait_left = (timeout);                            \
		DEFINE_WAIT(wait_entry);                               \
		might_sleep();                                         \
		for (;;) {                                             \
			prepare_to_wait(&(wq), &wait_entry, sleep_state); \
			if (condition) {                               \
				wait_left = max_t(long, wait_left, 1); \
				break;                                 \
			}                                              \
			if (!wait_left)                                \
				break;                                 \
			wait_left = schedule_timeout(wait_left);       \
		}                                                      \
		finish_wait(&(wq), &wait_entry);                       \
		wait_left;                                             \
	})

#define wait_event(wq, condition) ((void)___wait_event(wq, condition, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT))
#define wait_event_timeout(wq, condition, timeout) ___wait_event(wq, condition, TASK_UNINTERRUPTIBLE, timeout)

/* There are no signals, so the interruptible forms differ in what they return only. */
#define wait_event_interruptible(wq, condition) (wait_event(wq, condition), 0)
#define wait_event_interruptible_timeout(wq, condition, timeout) ___wait_event(wq, condition, TASK_INTERRUPTIBLE, timeout)

#endif
