/* SPDX-License-Identifier: MIT */
/* Tasks. Kernel code of one task is only interrupted where interrupts are. */
#ifndef PQDMA_LINUX_SCHED_H
#define PQDMA_LINUX_SCHED_H

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/preempt.h>

#define TASK_RUNNING 0
#define TASK_INTERRUPTIBLE 1
#define TASK_UNINTERRUPTIBLE 2
#define TASK_COMM_LEN 16

struct fiber;

/**
 * struct task_struct - a task; fields after @comm belong to the scheduler
 * @comm: its name
 */
struct task_struct {
	char comm[TASK_COMM_LEN];
	unsigned int state;
	struct fiber *fiber;
	int (*fn)(void *arg);
	void *arg;
	int result;
	int references;
	bool kthread;
	bool started;
	bool dead;
	bool preempted;
	bool should_stop;
	u64 not_before;
	u64 deadline;
	unsigned int spin_depth;
	unsigned int bh_off;
	struct list_head node;
};

struct task_struct *kernel_current(void);
#define current kernel_current()

#define set_current_state(new_state) (current->state = (new_state))
#define __set_current_state(new_state) set_current_state(new_state)

/** schedule() - give the CPU away; returns when the task is running again */
void schedule(void);

/** schedule_timeout() - as schedule(), at most @timeout jiffies; what is left of them. Set the state first. */
long schedule_timeout(long timeout);

/** wake_up_process() - 1 if @task was not running before */
int wake_up_process(struct task_struct *task);

/** cond_resched() - a good place for others to run; 1 if they did */
int cond_resched(void);

/** cpu_relax() - in a loop that polls: lets one clock pass, and others run if that is allowed here */
void cpu_relax(void);

/** set_user_nice() - nothing: who runs next is drawn by lot */
static inline void set_user_nice(struct task_struct __always_unused *task, long __always_unused nice)
{
}

void get_task_struct(struct task_struct *task);
void put_task_struct(struct task_struct *task);

#endif
