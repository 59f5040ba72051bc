// SPDX-License-Identifier: MIT
/*
 * Tasks: who may run, sleeping, waiting, and the end of a task.
 */
#include "kernel_priv.h"

#include <stdarg.h>
#include <stdlib.h>
#include <linux/completion.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/string.h>
#include <linux/wait.h>

#define FOREVER (~0ull)

static struct list_head tasks;
static struct wait_queue_head exits;

void sched_boot(void)
{
	INIT_LIST_HEAD(&tasks);
	init_waitqueue_head(&exits);
}

static void task_free(struct task_struct *task)
{
	list_del(&task->node);
	fiber_free(task->fiber);
	free(task);
}

void sched_down(void)
{
	struct task_struct *task, *next;

	list_for_each_entry_safe(task, next, &tasks, node)
		task_free(task);
}

void sched_check_shutdown(void)
{
	struct task_struct *task;

	list_for_each_entry(task, &tasks, node)
		if (!task->dead)
			kernel_problem("task %s has not ended", task->comm);
}

static void check_task_end(const struct task_struct *task)
{
	if (cpu.faults_off)
		kernel_problem("task %s ends with %u pages mapped for a moment", task->comm, cpu.faults_off);
	if (cpu.spin_depth || cpu.bh_off || cpu.irqs_off)
		kernel_problem("task %s ends with %u spin locks, tasklets %s, interrupts %s", task->comm, cpu.spin_depth,
			       cpu.bh_off ? "off" : "on", cpu.irqs_off ? "off" : "on");
	cpu.spin_depth = 0;
	cpu.faults_off = 0;
	cpu.bh_off = 0;
	cpu.irqs_off = false;
}

static void task_entry(void *arg)
{
	struct task_struct *task = arg;

	task->started = true;
	task->result = task->should_stop ? -EINTR : task->fn(task->arg);
	check_task_end(task);
	task->dead = true;
	wake_up(&exits);
}

static struct task_struct *task_new(int (*fn)(void *), void *arg, const char *name)
{
	struct task_struct *task = calloc(1, sizeof(*task));

	if (!task)
		return NULL;
	strscpy(task->comm, name, sizeof(task->comm));
	task->fiber = fiber_new(task->comm, task_entry, task);
	if (!task->fiber) {
		free(task);
		return NULL;
	}
	task->fn = fn;
	task->arg = arg;
	task->references = 1;
	task->state = TASK_UNINTERRUPTIBLE;
	task->deadline = FOREVER;
	list_add_tail(&task->node, &tasks);
	return task;
}

struct task_struct *kernel_spawn(const char *name, int (*fn)(void *), void *arg)
{
	struct task_struct *task = task_new(fn, arg, name);

	if (!task)
		return NULL;
	get_task_struct(task);
	wake_up_process(task);
	return task;
}

bool kernel_task_done(const struct task_struct *task, int *result)
{
	if (task->dead && result)
		*result = task->result;
	return task->dead;
}

struct task_struct *kthread_create(int (*fn)(void *), void *arg, const char *format, ...)
{
	struct task_struct *task;
	char name[TASK_COMM_LEN];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	task = task_new(fn, arg, name);
	if (!task)
		return ERR_PTR(-ENOMEM);
	task->kthread = true;
	return task;
}

int kthread_stop(struct task_struct *task)
{
	int result;

	get_task_struct(task);
	task->should_stop = true;
	wake_up_process(task);
	wait_event(exits, task->dead);
	result = task->result;
	put_task_struct(task);
	return result;
}

bool kthread_should_stop(void)
{
	return cpu.curr->should_stop;
}

void get_task_struct(struct task_struct *task)
{
	task->references++;
}

void put_task_struct(struct task_struct *task)
{
	if (--task->references == 0)
		task_free(task);
}

void sched_reap(struct task_struct *task)
{
	fiber_free(task->fiber);
	task->fiber = NULL;
	put_task_struct(task);
}

struct task_struct *kernel_current(void)
{
	return cpu.curr;
}

static bool can_run(struct task_struct *task)
{
	if (task->dead || cpu.hw->clock < task->not_before)
		return false;
	return task->preempted || task->state == TASK_RUNNING || cpu.hw->clock >= task->deadline;
}

unsigned int kernel_threads(void)
{
	struct task_struct *task;
	unsigned int n = 0;

	list_for_each_entry(task, &tasks, node)
		n += task->kthread && !task->dead && (task->started || task->state == TASK_RUNNING);
	return n;
}

static unsigned int count_runnable(void)
{
	struct task_struct *task;
	unsigned int n = 0;

	list_for_each_entry(task, &tasks, node)
		n += can_run(task);
	return n;
}

bool sched_can_run(void)
{
	return count_runnable();
}

struct task_struct *sched_pick(void)
{
	unsigned int n = count_runnable();
	struct task_struct *task;

	if (!n)
		return NULL;
	n = cpu.seed ? (unsigned int)kernel_random(n) : 0;
	list_for_each_entry(task, &tasks, node)
		if (can_run(task) && !n--)
			break;
	if (!task->preempted)
		task->state = TASK_RUNNING;
	task->preempted = false;
	/* Without a seed this makes it round robin. */
	list_move_tail(&task->node, &tasks);
	return task;
}

static bool is_in_task(void)
{
	return cpu.running && in_task() && cpu.curr != &cpu.idle;
}

static void check_schedule(void)
{
	/* There is nothing to go back to: the caller would look at its condition for ever. */
	if (!is_in_task())
		panic("schedule() outside of a task");
	if (in_atomic() || irqs_disabled())
		kernel_problem("schedule() with %u spin locks, tasklets %s, interrupts %s", cpu.spin_depth,
			       cpu.bh_off ? "off" : "on", cpu.irqs_off ? "off" : "on");
}

void schedule(void)
{
	unsigned int spin_depth = cpu.spin_depth;
	unsigned int faults_off = cpu.faults_off;
	unsigned int bh_off = cpu.bh_off;
	bool irqs_off = cpu.irqs_off;

	check_schedule();
	cpu.spin_depth = 0;
	cpu.faults_off = 0;
	cpu.bh_off = 0;
	cpu.irqs_off = false;
	cpu_leave_to_bench();
	cpu.spin_depth = spin_depth;
	cpu.faults_off = faults_off;
	cpu.bh_off = bh_off;
	cpu.irqs_off = irqs_off;
	cpu.curr->deadline = FOREVER;
}

long schedule_timeout(long timeout)
{
	u64 end = cpu.hw->clock + (u64)timeout * KERNEL_CLOCKS_PER_JIFFY;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	cpu.curr->deadline = end;
	schedule();
	if (cpu.hw->clock >= end)
		return 0;
	return (long)DIV_ROUND_UP(end - cpu.hw->clock, KERNEL_CLOCKS_PER_JIFFY);
}

void kernel_sleep_clocks(uint64_t clocks)
{
	u64 end = cpu.hw->clock + max_t(u64, clocks, 1);

	do {
		cpu.curr->state = TASK_UNINTERRUPTIBLE;
		cpu.curr->deadline = end;
		schedule();
	} while (cpu.hw->clock < end);
}

int wake_up_process(struct task_struct *task)
{
	if (task->dead || task->state == TASK_RUNNING)
		return 0;
	task->state = TASK_RUNNING;
	return 1;
}

int cond_resched(void)
{
	might_sleep();
	if (!cpu.running || !count_runnable())
		return 0;
	cpu.curr->preempted = true;
	cpu_leave_to_bench();
	return 1;
}

void cpu_relax(void)
{
	if (is_in_task() && !in_atomic() && !irqs_disabled()) {
		cpu.curr->not_before = cpu.hw->clock + 1;
		cpu.curr->preempted = true;
		cpu_leave_to_bench();
		return;
	}
	kernel_cpu_stall();
	cpu_deliver();
}

void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *wait, unsigned int state)
{
	if (list_empty(&wait->entry))
		list_add_tail(&wait->entry, &wq->head);
	set_current_state(state);
}

void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *wait)
{
	(void)wq;
	set_current_state(TASK_RUNNING);
	if (!list_empty(&wait->entry))
		list_del_init(&wait->entry);
}

void wake_up(struct wait_queue_head *wq)
{
	struct wait_queue_entry *wait, *next;

	/* Whoever is woken has left the queue: its entry is on its stack, and the queue may be gone before it runs. */
	list_for_each_entry_safe(wait, next, &wq->head, entry) {
		list_del_init(&wait->entry);
		wake_up_process(wait->task);
	}
}

void init_completion(struct completion *x)
{
	x->done = 0;
	init_waitqueue_head(&x->wait);
}

void reinit_completion(struct completion *x)
{
	x->done = 0;
}

void complete(struct completion *x)
{
	if (x->done != U32_MAX)
		x->done++;
	wake_up(&x->wait);
}

void complete_all(struct completion *x)
{
	x->done = U32_MAX;
	wake_up(&x->wait);
}

bool try_wait_for_completion(struct completion *x)
{
	if (!x->done)
		return false;
	if (x->done != U32_MAX)
		x->done--;
	return true;
}

bool completion_done(const struct completion *x)
{
	return x->done;
}

void wait_for_completion(struct completion *x)
{
	wait_event(x->wait, try_wait_for_completion(x));
}

unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout)
{
	return (unsigned long)wait_event_timeout(x->wait, try_wait_for_completion(x), (long)timeout);
}

static const char *doing(const struct task_struct *task)
{
	if (cpu.curr == task)
		return cpu.stalled ? "has the CPU, in a register access or a delay" : "has the CPU";
	if (task->preempted || task->state == TASK_RUNNING)
		return "can run";
	return task->deadline == FOREVER ? "waits" : "waits, with a time limit";
}

void kernel_each_task(void (*fn)(const char *name, const char *what, struct fiber *fiber, void *arg), void *arg)
{
	struct task_struct *task;

	if (cpu.curr == &cpu.idle && cpu.stalled)
		fn("idle", "interrupted, and the interrupt is in a register access or a delay", cpu.idle.fiber, arg);
	list_for_each_entry(task, &tasks, node)
		if (!task->dead && task->fiber)
			fn(task->comm, doing(task), task->fiber, arg);
}
