/* SPDX-License-Identifier: MIT */
/* The machine sleeps and wakes up: kernel_board_suspend() and kernel_board_resume() call these. */
#ifndef PQDMA_LINUX_PM_H
#define PQDMA_LINUX_PM_H

struct device;

/**
 * struct dev_pm_ops - what a driver does about it
 * @suspend_late: interrupts still come; a negative error keeps the machine awake
 * @resume_early: the device has lost all its state
 */
struct dev_pm_ops {
	int (*suspend_late)(struct device *dev);
	int (*resume_early)(struct device *dev);
};

#define LATE_SYSTEM_SLEEP_PM_OPS(suspend_fn, resume_fn) .suspend_late = suspend_fn, .resume_early = resume_fn,
#define pm_sleep_ptr(ops) (ops)

#endif
