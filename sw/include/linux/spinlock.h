/* SPDX-License-Identifier: MIT */
/* Spin locks. There is one CPU, so they never spin: they check how they are used. */
#ifndef PQDMA_LINUX_SPINLOCK_H
#define PQDMA_LINUX_SPINLOCK_H

#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/types.h>

/**
 * struct spinlock - a lock that reports misuse
 * @holder: what holds it; NULL when free
 * @name:   how the source calls it
 * @used:   in which ways it has been taken so far, to find the pair of them that can deadlock
 */
struct spinlock {
	const void *holder;
	const char *name;
	unsigned int used;
};

typedef struct spinlock spinlock_t;

#define __SPIN_LOCK_UNLOCKED(lock_name) { .name = #lock_name }
#define DEFINE_SPINLOCK(lock_name) spinlock_t lock_name = __SPIN_LOCK_UNLOCKED(lock_name)
#define spin_lock_init(lock) (*(lock) = (spinlock_t){ .name = #lock })

void kernel_spin_lock(spinlock_t *lock);
void kernel_spin_unlock(spinlock_t *lock);
void kernel_spin_lock_bh(spinlock_t *lock);
void kernel_spin_unlock_bh(spinlock_t *lock);
unsigned long kernel_spin_lock_irqsave(spinlock_t *lock);
void kernel_spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);

#define spin_lock(lock) kernel_spin_lock(lock)
#define spin_unlock(lock) kernel_spin_unlock(lock)
#define spin_lock_bh(lock) kernel_spin_lock_bh(lock)
#define spin_unlock_bh(lock) kernel_spin_unlock_bh(lock)
#define spin_lock_irq(lock) ((void)kernel_spin_lock_irqsave(lock))
#define spin_unlock_irq(lock) kernel_spin_unlock_irqrestore(lock, 0)
#define spin_lock_irqsave(lock, flags) ((flags) = kernel_spin_lock_irqsave(lock))
#define spin_unlock_irqrestore(lock, flags) kernel_spin_unlock_irqrestore(lock, flags)

bool spin_is_locked(const spinlock_t *lock);

/** lockdep_assert_held() - report a problem unless the caller holds the spin lock */
#define lockdep_assert_held(lock) kernel_assert_held(lock)
void kernel_assert_held(const spinlock_t *lock);

#endif
