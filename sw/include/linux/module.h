/* SPDX-License-Identifier: MIT */
/* Modules: drivers are linked in; kernel_board_up() loads them all, kernel_board_down() unloads them. */
#ifndef PQDMA_LINUX_MODULE_H
#define PQDMA_LINUX_MODULE_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/moduleparam.h>

/**
 * struct module - one linked-in module
 * @name: for messages
 * @init: run at load
 * @exit: run at unload
 * @next: modules in the order in which they are loaded
 * @params: what can be set when it is loaded
 * @refs: users; unloading with users is a problem
 * @live: loaded
 */
struct module {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
	struct module *next;
	struct kernel_param *params;
	int refs;
	bool live;
};

void kernel_module_register(struct module *module);

/** kernel_module_newest() - the module that was registered last; NULL if there is none */
struct module *kernel_module_newest(void);

/** kernel_module_load() - set its parameters from @params and run its init; 0 or a negative error. From a task. */
int kernel_module_load(struct module *module, const char *params);

/** kernel_module_unload() - run its exit, if it is loaded; from a task */
void kernel_module_unload(struct module *module);

/* A file that has an init function is a module and its own THIS_MODULE. */
static struct module kernel_this_module __maybe_unused;
#define THIS_MODULE (&kernel_this_module)

/* A source that is run by name has one from its command line. */
#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME __FILE__
#endif

#define module_init(init_fn)                                                         \
	static void __attribute__((constructor)) kernel_module_constructor(void)     \
	{                                                                            \
		kernel_this_module.name = KBUILD_MODNAME;                            \
		kernel_this_module.init = init_fn;                                   \
		kernel_module_register(&kernel_this_module);                         \
	}
/* A module is loaded when the cores are there, so the levels of a kernel's own initcalls do not matter. */
#define late_initcall(init_fn) module_init(init_fn)
#define device_initcall(init_fn) module_init(init_fn)

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
#define MODULE_VERSION(text) _Static_assert(1, text)
#define MODULE_SOFTDEP(text) _Static_assert(1, text)


#endif
