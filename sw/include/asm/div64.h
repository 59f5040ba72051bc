/* SPDX-License-Identifier: MIT */
/* Division of 64-bit numbers. */
#ifndef PQDMA_ASM_DIV64_H
#define PQDMA_ASM_DIV64_H

#include <linux/types.h>

/** do_div() - divide the variable @n by the 32-bit @base; its value is the remainder */
#define do_div(n, base)                         \
	({                                      \
		u32 do_div_base = (u32)(base);  \
		u32 do_div_rest = (u32)((n) % do_div_base); \
		(n) /= do_div_base;             \
		do_div_rest;                    \
	})

#endif
