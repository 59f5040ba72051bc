/* SPDX-License-Identifier: MIT */
/* References to tasks. */
#ifndef PQDMA_LINUX_SCHED_TASK_H
#define PQDMA_LINUX_SCHED_TASK_H

#include <linux/sched.h>

#endif
