/* SPDX-License-Identifier: MIT */
/* Marks of functions that run once. */
#ifndef PQDMA_LINUX_INIT_H
#define PQDMA_LINUX_INIT_H

#include <linux/types.h>

#endif
