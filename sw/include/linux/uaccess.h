/* SPDX-License-Identifier: MIT */
/* Page faults: there is no user space whose pages could be missing, but who holds them off must not sleep. */
#ifndef PQDMA_LINUX_UACCESS_H
#define PQDMA_LINUX_UACCESS_H

#include <linux/types.h>

/** pagefault_disable() - from here on nobody sleeps; calls nest */
void pagefault_disable(void);
void pagefault_enable(void);
bool pagefault_disabled(void);

#endif
