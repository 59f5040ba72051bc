/* SPDX-License-Identifier: MIT */
/* Is an option of the kernel's configuration on? Options are macros: 1 if they are on, not defined otherwise. */
#ifndef PQDMA_LINUX_KCONFIG_H
#define PQDMA_LINUX_KCONFIG_H

/* What an option that is 1 becomes brings a comma along, so that another argument is the second one. */
#define KCONFIG_COMMA_1 0,
#define KCONFIG_SECOND(first, second, ...) second
#define KCONFIG_CHOOSE(...) KCONFIG_SECOND(__VA_ARGS__ 1, 0, 0)
#define KCONFIG_JOIN(value) KCONFIG_CHOOSE(KCONFIG_COMMA_##value)
#define KCONFIG_IS_ONE(option) KCONFIG_JOIN(option)

#define IS_BUILTIN(option) KCONFIG_IS_ONE(option)
#define IS_MODULE(option) KCONFIG_IS_ONE(option##_MODULE)

/** IS_ENABLED() - 1 if it is on, in the kernel or as a module */
#define IS_ENABLED(option) (IS_BUILTIN(option) || IS_MODULE(option))

#endif
