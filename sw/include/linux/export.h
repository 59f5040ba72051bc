/* SPDX-License-Identifier: MIT */
/* Symbols for other modules: everything that is not static is one. */
#ifndef PQDMA_LINUX_EXPORT_H
#define PQDMA_LINUX_EXPORT_H

#define EXPORT_SYMBOL(symbol) _Static_assert(1, #symbol)
#define EXPORT_SYMBOL_GPL(symbol) EXPORT_SYMBOL(symbol)

#endif
