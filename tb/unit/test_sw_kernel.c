// SPDX-License-Identifier: MIT
/*
 * The small kernel: tasks, sleeping, waiting, interrupts, tasklets, time; and that it is the same for the same seed.
 */
#include "test_sw_machine.h"

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#define SEEDS 50

static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool condition;

static int sleeper(void *arg)
{
	uint64_t before = machine.clock;

	(void)arg;
	kernel_sleep_clocks(100);
	assert_in_range(machine.clock, before + 100, before + 101);
	msleep(2);
	assert_true(machine.clock >= before + 2100);
	udelay(7);
	assert_true(ktime_to_us(ktime_get()) >= (s64)before + 2107);
	return 42;
}

static void time_is_simulated_clocks(void **state)
{
	(void)state;
	machine_boot(&machine_no_device, 1);
	assert_int_equal(machine_run(sleeper, NULL), 42);
	machine_down();
}

static int wait_for_condition(void *arg)
{
	wait_event(queue, condition);
	++*(int *)arg;
	return 0;
}

static int waits(void *arg)
{
	int woken = 0;
	struct task_struct *a, *b;

	(void)arg;
	condition = false;
	assert_int_equal(wait_event_timeout(queue, condition, 3), 0);
	a = kernel_spawn("a", wait_for_condition, &woken);
	b = kernel_spawn("b", wait_for_condition, &woken);
	kernel_sleep_clocks(50);
	wake_up(&queue);
	kernel_sleep_clocks(50);
	assert_int_equal(woken, 0);
	condition = true;
	wake_up(&queue);
	kernel_sleep_clocks(50);
	assert_int_equal(woken, 2);
	assert_true(kernel_task_done(a, NULL) && kernel_task_done(b, NULL));
	assert_true(wait_event_timeout(queue, condition, 3) >= 1);
	return 0;
}

static void waiters_look_at_their_condition(void **state)
{
	(void)state;
	machine_boot(&machine_no_device, 2);
	machine_run(waits, NULL);
	machine_down();
}

static int complete_it(void *arg)
{
	kernel_sleep_clocks(20);
	complete(arg);
	return 0;
}

static int completions(void *arg)
{
	DECLARE_COMPLETION_ONSTACK(done);

	(void)arg;
	assert_false(try_wait_for_completion(&done));
	assert_int_equal(wait_for_completion_timeout(&done, 2), 0);
	kernel_spawn("completer", complete_it, &done);
	wait_for_completion(&done);
	assert_false(completion_done(&done));
	complete(&done);
	complete(&done);
	assert_true(try_wait_for_completion(&done));
	assert_true(try_wait_for_completion(&done));
	assert_false(try_wait_for_completion(&done));
	complete_all(&done);
	wait_for_completion(&done);
	wait_for_completion(&done);
	reinit_completion(&done);
	assert_false(completion_done(&done));
	return 0;
}

static void completions_count(void **state)
{
	(void)state;
	machine_boot(&machine_no_device, 3);
	machine_run(completions, NULL);
	machine_down();
}

static int run_until_stopped(void *arg)
{
	while (!kthread_should_stop()) {
		++*(int *)arg;
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule_timeout(1);
		__set_current_state(TASK_RUNNING);
	}
	return 5;
}

static int threads(void *arg)
{
	int rounds = 0;
	struct task_struct *t = kthread_run(run_until_stopped, &rounds, "worker/%d", 3);

	(void)arg;
	assert_string_equal(t->comm, "worker/3");
	msleep(10);
	assert_int_equal(kthread_stop(t), 5);
	assert_in_range(rounds, 5, 12);
	t = kthread_create(run_until_stopped, &rounds, "never");
	assert_int_equal(kthread_stop(t), -EINTR);
	return 0;
}

static void threads_stop_even_before_they_start(void **state)
{
	(void)state;
	machine_boot(&machine_no_device, 4);
	machine_run(threads, NULL);
	machine_down();
}

static DEFINE_MUTEX(mutex);
static int inside, most_inside, rounds_left;

static int use_mutex(void *arg)
{
	(void)arg;
	while (rounds_left > 0) {
		mutex_lock(&mutex);
		most_inside = max(most_inside, ++inside);
		kernel_sleep_clocks(3);
		inside--;
		rounds_left--;
		mutex_unlock(&mutex);
		cond_resched();
	}
	return 0;
}

static int mutexes(void *arg)
{
	int i;

	(void)arg;
	rounds_left = 200;
	most_inside = 0;
	for (i = 0; i < 5; i++)
		kernel_spawn("user", use_mutex, NULL);
	while (rounds_left > 0)
		kernel_sleep_clocks(10);
	kernel_sleep_clocks(100);
	assert_int_equal(mutex_trylock(&mutex), 1);
	assert_true(mutex_is_locked(&mutex));
	mutex_unlock(&mutex);
	return 0;
}

static void a_mutex_admits_one(void **state)
{
	(void)state;
	machine_boot(&machine_no_device, 5);
	machine_run(mutexes, NULL);
	assert_int_equal(most_inside, 1);
	machine_down();
}

/* A line that goes up by itself from time to time, a handler that lowers it and schedules a tasklet. */
static DEFINE_SPINLOCK(lock);
static struct tasklet_struct tasklet;
static unsigned int raised, handled, ran, in_section, interrupted_section;

static void raise_line(void)
{
	if (machine.clock % 37 || machine.irq)
		return;
	machine.irq = 1u << 3;
	raised++;
}

static irqreturn_t handler(int irq, void *dev_id)
{
	assert_true(in_hardirq() && irqs_disabled() && !in_task());
	assert_int_equal(irq, 35);
	assert_ptr_equal(dev_id, &tasklet);
	assert_false(in_section);
	spin_lock(&lock);
	machine.irq = 0;
	handled++;
	spin_unlock(&lock);
	tasklet_schedule(&tasklet);
	return IRQ_HANDLED;
}

static void count_run(struct tasklet_struct *t)
{
	unsigned long flags;

	assert_ptr_equal(t, &tasklet);
	assert_true(in_serving_softirq() && !irqs_disabled());
	spin_lock_irqsave(&lock, flags);
	ran++;
	spin_unlock_irqrestore(&lock, flags);
}

static void critical_section(void)
{
	unsigned int before = handled;
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	in_section = 1;
	udelay(5);
	in_section = 0;
	interrupted_section += handled != before;
	spin_unlock_irqrestore(&lock, flags);
	udelay(3);
}

static int interrupts(void *arg)
{
	int i;

	(void)arg;
	tasklet_setup(&tasklet, count_run);
	assert_int_equal(request_irq(35, handler, 0, "line", &tasklet), 0);
	assert_int_equal(request_irq(35, handler, 0, "line", &tasklet), -EBUSY);
	assert_int_equal(request_irq(31, handler, 0, "line", &tasklet), -EINVAL);
	for (i = 0; i < 300; i++)
		critical_section();
	free_irq(35, &tasklet);
	tasklet_kill(&tasklet);
	return 0;
}

static void interrupts_come_where_they_are_enabled(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < SEEDS; seed++) {
		raised = handled = ran = 0;
		machine_boot(&machine_no_device, seed);
		machine_clock = raise_line;
		machine_run(interrupts, NULL);
		assert_true(raised > 30 && handled > 30 && ran > 20);
		assert_int_equal(interrupted_section, 0);
		assert_int_equal(kernel_stats()->irqs, handled);
		assert_int_equal(kernel_stats()->tasklets, ran);
		machine_down();
	}
}

static int disabled_tasklet(void *arg)
{
	(void)arg;
	ran = 0;
	tasklet_setup(&tasklet, count_run);
	tasklet_disable(&tasklet);
	tasklet_schedule(&tasklet);
	tasklet_schedule(&tasklet);
	kernel_sleep_clocks(100);
	assert_int_equal(ran, 0);
	tasklet_enable(&tasklet);
	tasklet_kill(&tasklet);
	assert_int_equal(ran, 1);
	local_bh_disable();
	tasklet_schedule(&tasklet);
	udelay(100);
	assert_int_equal(ran, 1);
	local_bh_enable();
	tasklet_kill(&tasklet);
	assert_int_equal(ran, 2);
	return 0;
}

static void tasklets_can_be_held_back(void **state)
{
	(void)state;
	machine_boot(&machine_no_device, 6);
	machine_run(disabled_tasklet, NULL);
	machine_down();
}

/* All that a run did, in one number. */
static uint64_t trace;

static void note(uint64_t value)
{
	trace = (trace ^ value) * 0x100000001b3ull;
}

static int traced(void *arg)
{
	int i;

	for (i = 0; i < 50; i++) {
		critical_section();
		note(machine.clock << 8 | (uintptr_t)arg);
		cpu_relax();
	}
	return 0;
}

static uint64_t trace_of(uint64_t seed)
{
	uintptr_t i;

	trace = 0;
	machine_boot(&machine_no_device, seed);
	for (i = 0; i < 4; i++)
		kernel_spawn("traced", traced, (void *)i);
	machine_run(traced, (void *)4);
	while (!kernel_is_idle() || machine.clock < 20000)
		machine_tick();
	machine_down();
	return trace;
}

static void a_seed_decides_everything(void **state)
{
	(void)state;
	assert_int_equal(trace_of(7), trace_of(7));
	assert_int_not_equal(trace_of(7), trace_of(8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_is_simulated_clocks),
		cmocka_unit_test(waiters_look_at_their_condition),
		cmocka_unit_test(completions_count),
		cmocka_unit_test(threads_stop_even_before_they_start),
		cmocka_unit_test(a_mutex_admits_one),
		cmocka_unit_test(interrupts_come_where_they_are_enabled),
		cmocka_unit_test(tasklets_can_be_held_back),
		cmocka_unit_test(a_seed_decides_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
