/* SPDX-License-Identifier: MIT */
/* Functions that run once, at boot. A machine that boots again runs them again. */
#ifndef PQDMA_LINUX_INIT_H
#define PQDMA_LINUX_INIT_H

#include <linux/compiler.h>

/** struct initcall - a function of a linked-in core, to be run at each boot; it returns 0 */
struct initcall {
	int (*fn)(void);
	struct initcall *next;
};

void kernel_initcall_register(struct initcall *call);

#define subsys_initcall(init_fn)                                                          \
	static void __attribute__((constructor)) init_fn##_constructor(void)              \
	{                                                                                 \
		static struct initcall init_fn##_call = { .fn = init_fn };                \
		kernel_initcall_register(&init_fn##_call);                                \
	}

#endif
