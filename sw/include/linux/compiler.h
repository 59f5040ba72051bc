/* SPDX-License-Identifier: MIT */
/* Hints to the compiler, and single accesses it may neither merge nor repeat. */
#ifndef PQDMA_LINUX_COMPILER_H
#define PQDMA_LINUX_COMPILER_H

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() __asm__ __volatile__("" ::: "memory")
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))

#define __iomem
#define __force
#define __init
#define __exit
#define __must_check __attribute__((warn_unused_result))
#define __maybe_unused __attribute__((unused))
#define __always_unused __attribute__((unused))
#define __printf(format_index, args_index) __attribute__((__format__(__printf__, format_index, args_index)))
#define fallthrough __attribute__((fallthrough))

#endif
