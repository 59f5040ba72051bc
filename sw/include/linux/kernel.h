/* SPDX-License-Identifier: MIT */
/* Small arithmetic and container_of(). */
#ifndef PQDMA_LINUX_KERNEL_H
#define PQDMA_LINUX_KERNEL_H

#include <limits.h>
#include <stdio.h>
#include <asm/barrier.h>
#include <asm/div64.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/byteorder/generic.h>
#include <linux/compiler.h>
#include <linux/kconfig.h>
#include <linux/kstrtox.h>
#include <linux/printk.h>
#include <linux/types.h>

#define U8_MAX ((u8)~0u)
#define U16_MAX ((u16)~0u)
#define U32_MAX ((u32)~0u)
#define S32_MAX ((s32)(U32_MAX >> 1))
#define U64_MAX ((u64)~0ull)

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* The comparison is never made; it is what refuses a pointer to another type. */
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member) + 0 * sizeof((ptr) == &(type){ 0 }.member)))

/* Each use has its own names, so that one can stand inside another. */
#define KERNEL_PASTE_TEXT(a, b) a##b
#define KERNEL_PASTE(a, b) KERNEL_PASTE_TEXT(a, b)
#define KERNEL_UNIQUE(name) KERNEL_PASTE(name, __COUNTER__)
#define KERNEL_PICK(type, op, x, y, ux, uy) \
	({                                  \
		type ux = (x);              \
		type uy = (y);              \
		ux op uy ? ux : uy;         \
	})

#define min_t(type, x, y) KERNEL_PICK(type, <, x, y, KERNEL_UNIQUE(min_x_), KERNEL_UNIQUE(min_y_))
#define max_t(type, x, y) KERNEL_PICK(type, >, x, y, KERNEL_UNIQUE(max_x_), KERNEL_UNIQUE(max_y_))
#define min(x, y) min_t(__typeof__(x), x, y)
#define clamp_t(type, x, low, high) min_t(type, max_t(type, x, low), high)
#define max(x, y) max_t(__typeof__(x), x, y)

#define swap(a, b)                          \
	do {                                \
		__typeof__(a) swap_a = (a); \
		(a) = (b);                  \
		(b) = swap_a;               \
	} while (0)

#define ALIGN(x, a) (((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)
#define PTR_ALIGN(p, a) ((__typeof__(p))ALIGN((unsigned long)(p), (a)))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define round_up(x, a) ALIGN(x, a)
#define round_down(x, a) ALIGN_DOWN(x, a)

#define lower_32_bits(n) ((u32)((n) & 0xffffffff))
#define upper_32_bits(n) ((u32)(((u64)(n)) >> 32))

/** panic() - report and halt the simulated CPU */
void panic(const char *format, ...) __printf(1, 2) __attribute__((noreturn));

/** might_sleep_at() - report a problem if sleeping is not allowed here */
void might_sleep_at(const char *file, int line);
#define might_sleep() might_sleep_at(__FILE__, __LINE__)

#endif
