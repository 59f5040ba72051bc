/* SPDX-License-Identifier: MIT */
/* Error numbers: the C library's, and those that only exist inside a kernel. The C library includes this file too. */
#ifndef PQDMA_LINUX_ERRNO_H
#define PQDMA_LINUX_ERRNO_H

#include <asm/errno.h>

#define ERESTARTSYS 512
#define EPROBE_DEFER 517
#define ENOTSUPP 524

#endif
