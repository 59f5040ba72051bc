// SPDX-License-Identifier: MIT
/*
 * Misuse of locks, contexts and tasks is reported, once and by name; right use is not.
 */
#include "test_sw_machine.h"

#include <linux/delay.h>
#include <linux/highmem.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static spinlock_t lock;
static struct mutex mutex;
static struct tasklet_struct tasklet;
static const char *panic_text;

static void unlock_free(void)
{
	spin_unlock(&lock);
}

static irqreturn_t unlock_in_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	spin_unlock(&lock);
	machine.irq = 0;
	return IRQ_HANDLED;
}

static void unlock_of_another(void)
{
	assert_int_equal(request_irq(32, unlock_in_handler, 0, "line", NULL), 0);
	spin_lock(&lock);
	machine.irq = 1;
	udelay(30);
	assert_int_equal(machine.irq, 0);
	spin_unlock(&lock);
	free_irq(32, NULL);
}

static void sleep_with_lock(void)
{
	spin_lock(&lock);
	might_sleep();
	spin_unlock(&lock);
}

static void sleep_with_page_mapped(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *p = kmap_atomic(page);

	might_sleep();
	kunmap_atomic(p);
	__free_page(page);
}

static void unmap_page_alone(void)
{
	kunmap_atomic(&lock);
}

static void sleep_with_irqs_off(void)
{
	unsigned long flags;

	local_irq_save(flags);
	kfree(kmalloc(10, GFP_KERNEL));
	local_irq_restore(flags);
}

static void schedule_with_bh_off(void)
{
	local_bh_disable();
	kernel_sleep_clocks(1);
	local_bh_enable();
}

static void uninitialised_lock(void)
{
	spinlock_t none = { 0 };

	spin_lock(&none);
	spin_unlock(&none);
}

static void not_held(void)
{
	lockdep_assert_held(&lock);
}

static void bh_enable_alone(void)
{
	local_bh_enable();
}

static void unlock_mutex(void)
{
	mutex_unlock(&mutex);
}

static irqreturn_t lock_in_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	spin_lock(&lock);
	spin_unlock(&lock);
	machine.irq = 0;
	return IRQ_HANDLED;
}

static void lock_of_handler_with_irqs_on(void)
{
	assert_int_equal(request_irq(32, lock_in_handler, 0, "line", NULL), 0);
	machine.irq = 1;
	kernel_sleep_clocks(30);
	assert_int_equal(machine.irq, 0);
	spin_lock(&lock);
	spin_unlock(&lock);
	free_irq(32, NULL);
}

static void lock_in_tasklet(struct tasklet_struct *t)
{
	(void)t;
	spin_lock(&lock);
	spin_unlock(&lock);
}

static void lock_of_tasklet_with_bh_on(void)
{
	spin_lock(&lock);
	spin_unlock(&lock);
	tasklet_setup(&tasklet, lock_in_tasklet);
	tasklet_schedule(&tasklet);
	tasklet_kill(&tasklet);
}

static void sleep_in_tasklet_fn(struct tasklet_struct *t)
{
	(void)t;
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
}

static void sleep_in_tasklet(void)
{
	tasklet_setup(&tasklet, sleep_in_tasklet_fn);
	tasklet_schedule(&tasklet);
	tasklet_kill(&tasklet);
}

static irqreturn_t not_mine(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	return IRQ_NONE;
}

static void nobody_cares(void)
{
	assert_int_equal(request_irq(33, not_mine, 0, "stuck", NULL), 0);
	machine.irq = 2;
	kernel_sleep_clocks(3000);
	machine.irq = 0;
	free_irq(33, NULL);
}

static int end_with_lock_fn(void *arg)
{
	(void)arg;
	spin_lock(&lock);
	return 0;
}

static void end_with_lock(void)
{
	kernel_spawn("careless", end_with_lock_fn, NULL);
	kernel_sleep_clocks(5);
}

static void direct_register(void)
{
	assert_int_equal(readl(&lock), ~0u);
}

static int bad_thing(void *arg)
{
	void (*fn)(void) = *(void (**)(void))arg;

	fn();
	return 0;
}

static void misuse_is_reported(void **state)
{
	static const struct {
		void (*fn)(void);
		const char *text;
	} cases[] = {
		{ unlock_free, "which is not held" },
		{ unlock_of_another, "by another than its holder" },
		{ sleep_with_lock, "spin lock held" },
		{ sleep_with_irqs_off, "irqs off" },
		{ sleep_with_page_mapped, "page mapped for a moment" },
		{ unmap_page_alone, "that was not mapped for a moment" },
		{ schedule_with_bh_off, "tasklets off" },
		{ uninitialised_lock, "not initialised" },
		{ not_held, "&lock should be held" },
		{ bh_enable_alone, "without local_bh_disable" },
		{ unlock_mutex, "unlock of mutex &mutex" },
		{ lock_of_handler_with_irqs_on, "taken in an interrupt handler, and elsewhere with interrupts on" },
		{ lock_of_tasklet_with_bh_on, "taken in a tasklet, and elsewhere with tasklets on" },
		{ sleep_in_tasklet, "softirq" },
		{ nobody_cares, "irq 33 (stuck): nobody cared" },
		{ end_with_lock, "task careless ends with 1 spin locks" },
		{ direct_register, "which is no register" },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_boot(&machine_no_device, i);
		spin_lock_init(&lock);
		mutex_init(&mutex);
		kernel_expect_problem(cases[i].text);
		machine_run(bad_thing, (void *)&cases[i].fn);
		machine_down();
	}
}

static void keep_text(const char *text)
{
	panic_text = text;
}

static int take_twice(void *arg)
{
	(void)arg;
	spin_lock(&lock);
	spin_lock(&lock);
	fail_msg("a deadlock went on");
	return 0;
}

static int take_mutex_twice(void *arg)
{
	(void)arg;
	mutex_lock(&mutex);
	mutex_lock(&mutex);
	fail_msg("a deadlock went on");
	return 0;
}

static void wait_in_tasklet_fn(struct tasklet_struct *t)
{
	(void)t;
	kernel_sleep_clocks(1);
}

static int wait_in_tasklet(void *arg)
{
	(void)arg;
	tasklet_setup(&tasklet, wait_in_tasklet_fn);
	tasklet_schedule(&tasklet);
	kernel_sleep_clocks(100);
	fail_msg("a tasklet slept");
	return 0;
}

static int hit_bug(void *arg)
{
	(void)arg;
	BUG_ON(machine.clock);
	fail_msg("a BUG went on");
	return 0;
}

static void what_cannot_go_on_halts_the_cpu(void **state)
{
	static const struct {
		int (*fn)(void *arg);
		const char *text;
	} cases[] = {
		{ take_twice, "&lock is held already, by the same context: deadlock" },
		{ take_mutex_twice, "mutex &mutex is held already" },
		{ wait_in_tasklet, "schedule() outside of a task" },
		{ hit_bug, "BUG at" },
	};
	unsigned int i;

	(void)state;
	kernel_panic_hook(keep_text);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_boot(&machine_no_device, i);
		spin_lock_init(&lock);
		mutex_init(&mutex);
		panic_text = NULL;
		kernel_expect_problem(cases[i].text);
		machine_run(cases[i].fn, NULL);
		assert_true(kernel_panicked());
		assert_non_null(panic_text);
		machine_tick();
		machine_down();
	}
	kernel_panic_hook(NULL);
}

static int right_use(void *arg)
{
	unsigned long flags;

	(void)arg;
	spin_lock_irqsave(&lock, flags);
	lockdep_assert_held(&lock);
	assert_true(spin_is_locked(&lock) && in_atomic() && irqs_disabled());
	spin_unlock_irqrestore(&lock, flags);
	assert_false(spin_is_locked(&lock) || in_atomic() || irqs_disabled());
	spin_lock_bh(&lock);
	assert_true(in_interrupt() && in_task());
	spin_unlock_bh(&lock);
	assert_int_equal(WARN_ON(false), 0);
	return 0;
}

static void right_use_is_silent(void **state)
{
	(void)state;
	machine_boot(&machine_no_device, 1);
	spin_lock_init(&lock);
	machine_run(right_use, NULL);
	assert_int_equal(kernel_problems(), 0);
	machine_down();
}

static int sleep_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		kernel_sleep_clocks(1000);
	return 0;
}

static int leave_things_behind(void *arg)
{
	(void)arg;
	kernel_spawn("sleeper", sleep_for_ever, NULL);
	assert_int_equal(request_irq(40, not_mine, 0, "left", NULL), 0);
	tasklet_setup(&tasklet, lock_in_tasklet);
	tasklet_disable(&tasklet);
	tasklet_schedule(&tasklet);
	return 0;
}

static void what_is_left_behind_is_reported(void **state)
{
	(void)state;
	machine_boot(&machine_no_device, 1);
	machine_run(leave_things_behind, NULL);
	kernel_expect_problem("task sleeper has not ended");
	kernel_expect_problem("irq 40 (left) was not freed");
	kernel_expect_problem("a tasklet is still scheduled");
	machine_down();
}

static void an_expected_problem_must_come(void **state)
{
	(void)state;
	machine_boot(&machine_no_device, 1);
	kernel_expect_problem("never comes");
	assert_int_equal(kernel_shutdown(), 1);
	free(machine.ram);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(misuse_is_reported),
		cmocka_unit_test(what_cannot_go_on_halts_the_cpu),
		cmocka_unit_test(right_use_is_silent),
		cmocka_unit_test(what_is_left_behind_is_reported),
		cmocka_unit_test(an_expected_problem_must_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
