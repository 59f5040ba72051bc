/* SPDX-License-Identifier: MIT */
/* What must not happen: BUG halts the simulated CPU, WARN goes on; both are counted as problems. */
#ifndef PQDMA_LINUX_BUG_H
#define PQDMA_LINUX_BUG_H

#include <linux/printk.h>

void kernel_bug(const char *file, int line, const char *what) __attribute__((noreturn));
void kernel_warn(const char *file, int line, const char *format, ...) __printf(3, 4);

#define BUG() kernel_bug(__FILE__, __LINE__, __func__)
#define BUG_ON(condition)                                           \
	do {                                                        \
		if (unlikely(condition))                            \
			kernel_bug(__FILE__, __LINE__, #condition); \
	} while (0)

#define WARN(condition, ...)                                          \
	({                                                            \
		bool warn_hit = !!(condition);                        \
		if (unlikely(warn_hit))                               \
			kernel_warn(__FILE__, __LINE__, __VA_ARGS__); \
		unlikely(warn_hit);                                   \
	})
#define WARN_ON(condition) WARN(condition, "%s", #condition)

/* A machine is booted many times in one process, so "once" would depend on what ran before: every time. */
#define WARN_ONCE(condition, ...) WARN(condition, __VA_ARGS__)
#define WARN_ON_ONCE(condition) WARN_ON(condition)

#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)

#endif
