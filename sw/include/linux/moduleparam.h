/* SPDX-License-Identifier: MIT */
/* Module parameters: variables of a module that whoever loads it may set by name. */
#ifndef PQDMA_LINUX_MODULEPARAM_H
#define PQDMA_LINUX_MODULEPARAM_H

#include <linux/types.h>

struct kernel_param;
struct module;

/**
 * struct kernel_param_ops - how a kind of parameter is set and shown
 * @flags: KERNEL_PARAM_OPS_FL_*
 * @set:   from text, NULL for a name without a value; 0 or a negative error
 * @get:   as text with a line end, into a page; bytes written or a negative error
 * @free:  when the module goes; may be NULL
 */
struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp);
	void (*free)(void *arg);
};

/* A name without a value may be given. */
#define KERNEL_PARAM_OPS_FL_NOARG (1 << 0)

struct kparam_string {
	unsigned int maxlen;
	char *string;
};

struct kparam_array {
	unsigned int max;
	unsigned int elemsize;
	unsigned int *num;
	const struct kernel_param_ops *ops;
	void *elem;
};

/**
 * struct kernel_param - one parameter
 * @name: what it is set by
 * @mod:  whose it is
 * @ops:  how it is set
 * @perm: who may see and change it after the module was loaded; not looked at here
 * @arg:  the variable; for the kinds that need more, @str or @arr
 * @next: in the order of the source
 */
struct kernel_param {
	const char *name;
	struct module *mod;
	const struct kernel_param_ops *ops;
	u16 perm;
	union {
		void *arg;
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
	struct kernel_param *next;
};

void kernel_param_register(struct module *module, struct kernel_param *param);

/**
 * kernel_param_parse() - set parameters from "name=value name2="a b" name3"
 *
 * Return: 0; -ENOENT for a name that there is not, -EINVAL for a missing value, or what the parameter's set() returned.
 */
int kernel_param_parse(struct module *module, const char *text);

/** kernel_param_release() - give back what setting them has allocated */
void kernel_param_release(struct module *module);

#define __module_param_call(pname, pops, parg, pperm)                                                          \
	static struct kernel_param kernel_param_##pname = {                                                    \
		.name = #pname, .ops = (pops), .perm = (pperm), .arg = (void *)(parg)                          \
	};                                                                                                     \
	static void __attribute__((constructor)) kernel_param_##pname##_constructor(void)                      \
	{                                                                                                      \
		kernel_param_register(THIS_MODULE, &kernel_param_##pname);                                     \
	}

#define module_param_cb(name, ops, arg, perm) __module_param_call(name, ops, arg, perm)

/* A variable of another type than the parameter's does not compile. */
#define __module_param_typed(pname, value, type, pperm)                                                        \
	static inline void __maybe_unused kernel_param_##pname##_check(void)                                   \
	{                                                                                                      \
		kernel_param_type_##type *check = &(value);                                                    \
		(void)check;                                                                                   \
	}                                                                                                      \
	__module_param_call(pname, &param_ops_##type, &(value), pperm)

/* bool is a macro of the C library, so it arrives as _Bool. */
#define module_param_named(name, value, type, perm) __module_param_typed(name, value, type, perm)
#define module_param(name, type, perm) module_param_named(name, name, type, perm)

#define module_param_string(pname, pstring, len, perm)                                                         \
	static const struct kparam_string kernel_param_##pname##_string = { len, pstring };                    \
	__module_param_call(pname, &param_ops_string, &kernel_param_##pname##_string, perm)

#define module_param_array_named(pname, array, type, nump, perm)                                               \
	static const struct kparam_array kernel_param_##pname##_array = {                                      \
		.max = sizeof(array) / sizeof((array)[0]), .elemsize = sizeof((array)[0]), .num = (nump),      \
		.ops = &param_ops_##type, .elem = (array)                                                      \
	};                                                                                                     \
	__module_param_call(pname, &param_array_ops, &kernel_param_##pname##_array, perm)
#define module_param_array(name, type, nump, perm) module_param_array_named(name, name, type, nump, perm)

typedef u8 kernel_param_type_byte;
typedef short kernel_param_type_short;
typedef unsigned short kernel_param_type_ushort;
typedef int kernel_param_type_int;
typedef unsigned int kernel_param_type_uint;
typedef long kernel_param_type_long;
typedef unsigned long kernel_param_type_ulong;
typedef unsigned long long kernel_param_type_ullong;
typedef char *kernel_param_type_charp;
typedef bool kernel_param_type__Bool;

#define KERNEL_PARAM_KIND(kind)                                                 \
	extern const struct kernel_param_ops param_ops_##kind;                  \
	int param_set_##kind(const char *val, const struct kernel_param *kp);   \
	int param_get_##kind(char *buffer, const struct kernel_param *kp)

KERNEL_PARAM_KIND(byte);
KERNEL_PARAM_KIND(short);
KERNEL_PARAM_KIND(ushort);
KERNEL_PARAM_KIND(int);
KERNEL_PARAM_KIND(uint);
KERNEL_PARAM_KIND(long);
KERNEL_PARAM_KIND(ulong);
KERNEL_PARAM_KIND(ullong);
KERNEL_PARAM_KIND(charp);

extern const struct kernel_param_ops param_ops__Bool;
extern const struct kernel_param_ops param_ops_string;
extern const struct kernel_param_ops param_array_ops;

#define param_ops_bool param_ops__Bool

/** param_set_bool() - y, n, 1, 0, on, off; no value is yes */
int param_set_bool(const char *val, const struct kernel_param *kp);
int param_get_bool(char *buffer, const struct kernel_param *kp);

/** param_set_copystring() - copy into @kp->str; -ENOSPC if it does not fit */
int param_set_copystring(const char *val, const struct kernel_param *kp);
int param_get_string(char *buffer, const struct kernel_param *kp);

#define MODULE_PARM_DESC(name, text) _Static_assert(1, text)

#endif
