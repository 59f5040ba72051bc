// SPDX-License-Identifier: MIT
/*
 * Spin locks and mutexes that check their use.
 *
 * On one CPU a spin lock that is taken can only be in the way of its own holder, or of an interrupt that came in while
 * it was held: for the other it would spin for ever. The second is found without having to happen, from the ways in
 * which a lock has been taken so far.
 */
#include "kernel_priv.h"
#include "trace.h"

#include <linux/mutex.h>
#include <linux/spinlock.h>

#define USED_IN_HARDIRQ BIT(0)
#define USED_IN_SOFTIRQ BIT(1)
#define USED_WITH_IRQS_ON BIT(2)
#define USED_WITH_BH_ON BIT(3)

/* Two ways to take a lock that must not both occur. */
static const struct {
	unsigned int ways;
	const char *text;
} deadlocks[] = {
	{ USED_IN_HARDIRQ | USED_WITH_IRQS_ON, "is taken in an interrupt handler, and elsewhere with interrupts on" },
	{ USED_IN_SOFTIRQ | USED_WITH_BH_ON, "is taken in a tasklet, and elsewhere with tasklets on" },
};

static const char hardirq_holder[] = "hardirq", softirq_holder[] = "softirq";

static const void *holder_now(void)
{
	if (cpu.hardirq)
		return hardirq_holder;
	return cpu.in_softirq ? (const void *)softirq_holder : cpu.curr;
}

static unsigned int ways_now(void)
{
	unsigned int ways = 0;

	if (!cpu.running)
		return 0;
	if (cpu.hardirq)
		return USED_IN_HARDIRQ;
	if (!cpu.irqs_off)
		ways |= USED_WITH_IRQS_ON;
	if (cpu.in_softirq)
		ways |= USED_IN_SOFTIRQ;
	else if (!cpu.irqs_off && !cpu.bh_off)
		ways |= USED_WITH_BH_ON;
	return ways;
}

static void note_use(spinlock_t *lock)
{
	unsigned int used = lock->used | ways_now();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(deadlocks); i++)
		if ((used & deadlocks[i].ways) == deadlocks[i].ways && (lock->used & deadlocks[i].ways) != deadlocks[i].ways)
			kernel_problem("spin lock %s %s", lock->name, deadlocks[i].text);
	lock->used = used;
}

void kernel_spin_lock(spinlock_t *lock)
{
	if (!lock->name)
		kernel_problem("spin lock was not initialised");
	if (lock->holder)
		panic("spin lock %s is held already%s: deadlock", lock->name, lock->holder == holder_now() ? ", by the same context" : "");
	note_use(lock);
	lock->holder = holder_now();
	cpu.spin_depth++;
	kernel_trace(TRACE_LOCK, lock->name);
}

void kernel_spin_unlock(spinlock_t *lock)
{
	if (!lock->holder) {
		kernel_problem("unlock of spin lock %s, which is not held", lock->name);
		return;
	}
	if (lock->holder != holder_now()) {
		kernel_problem("unlock of spin lock %s by another than its holder", lock->name);
		return;
	}
	lock->holder = NULL;
	cpu.spin_depth--;
	kernel_trace(TRACE_UNLOCK, lock->name);
}

void kernel_spin_lock_bh(spinlock_t *lock)
{
	local_bh_disable();
	kernel_spin_lock(lock);
}

void kernel_spin_unlock_bh(spinlock_t *lock)
{
	kernel_spin_unlock(lock);
	local_bh_enable();
}

unsigned long kernel_spin_lock_irqsave(spinlock_t *lock)
{
	unsigned long flags = kernel_irq_save();

	kernel_spin_lock(lock);
	return flags;
}

void kernel_spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	kernel_spin_unlock(lock);
	kernel_irq_restore(flags);
}

bool spin_is_locked(const spinlock_t *lock)
{
	return lock->holder;
}

void kernel_assert_held(const spinlock_t *lock)
{
	if (lock->holder != holder_now())
		kernel_problem("spin lock %s should be held here", lock->name);
}

void kernel_mutex_init(struct mutex *lock, const char *name)
{
	lock->owner = NULL;
	lock->name = name;
	init_waitqueue_head(&lock->wait);
}

void mutex_lock(struct mutex *lock)
{
	might_sleep();
	if (lock->owner == cpu.curr)
		panic("mutex %s is held already by the same task: deadlock", lock->name);
	if (lock->owner)
		wait_event(lock->wait, !lock->owner);
	lock->owner = cpu.curr;
}

int mutex_trylock(struct mutex *lock)
{
	if (!in_task())
		kernel_problem("mutex %s in an interrupt", lock->name);
	if (lock->owner)
		return 0;
	lock->owner = cpu.curr;
	return 1;
}

void mutex_unlock(struct mutex *lock)
{
	if (lock->owner != cpu.curr) {
		kernel_problem("unlock of mutex %s by another than its owner", lock->name);
		return;
	}
	lock->owner = NULL;
	wake_up(&lock->wait);
}

bool mutex_is_locked(const struct mutex *lock)
{
	return lock->owner;
}
