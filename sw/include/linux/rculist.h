/* SPDX-License-Identifier: MIT */
/* One CPU at a time, and readers that do not sleep: a list for readers without locks is a list. */
#ifndef PQDMA_LINUX_RCULIST_H
#define PQDMA_LINUX_RCULIST_H

#include <linux/list.h>

#endif
