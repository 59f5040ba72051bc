/* SPDX-License-Identifier: MIT */
/* Modules: drivers are linked in; kernel_board_up() loads them all, kernel_board_down() unloads them. */
#ifndef PQDMA_LINUX_MODULE_H
#define PQDMA_LINUX_MODULE_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/init.h>

/**
 * struct module - one linked-in module
 * @name: for messages
 * @init: run at load
 * @exit: run at unload
 * @next: modules in the order in which they are loaded
 * @refs: users; unloading with users is a problem
 * @live: loaded
 */
struct module {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
	struct module *next;
	int refs;
	bool live;
};

void kernel_module_register(struct module *module);

/* A file that has an init function is a module and its own THIS_MODULE. */
static struct module kernel_this_module __maybe_unused;
#define THIS_MODULE (&kernel_this_module)

#define module_init(init_fn)                                                         \
	static void __attribute__((constructor)) kernel_module_constructor(void)     \
	{                                                                            \
		kernel_this_module.name = __FILE__;                                  \
		kernel_this_module.init = init_fn;                                   \
		kernel_module_register(&kernel_this_module);                         \
	}
#define module_exit(exit_fn)                                                         \
	static void __attribute__((constructor)) kernel_module_exit_constructor(void) \
	{                                                                            \
		kernel_this_module.exit = exit_fn;                                   \
	}

bool try_module_get(struct module *module);
void module_put(struct module *module);

/* Kept out of the program: they are for the module file. */
#define MODULE_LICENSE(text) _Static_assert(1, text)
#define MODULE_AUTHOR(text) _Static_assert(1, text)
#define MODULE_DESCRIPTION(text) _Static_assert(1, text)
#define MODULE_ALIAS(text) _Static_assert(1, text)

#define EXPORT_SYMBOL_GPL(symbol) _Static_assert(1, #symbol)

#endif
