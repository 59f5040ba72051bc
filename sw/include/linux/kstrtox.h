/* SPDX-License-Identifier: MIT */
/* Numbers from text. All of the text must be the number; one line end behind it is allowed. */
#ifndef PQDMA_LINUX_KSTRTOX_H
#define PQDMA_LINUX_KSTRTOX_H

#include <linux/types.h>

/** kstrtoull() - 0; -EINVAL if it is not a number, -ERANGE if it does not fit. @base 0 takes 0x and 0 in front. */
int kstrtoull(const char *text, unsigned int base, unsigned long long *result);
int kstrtoll(const char *text, unsigned int base, long long *result);
int kstrtoul(const char *text, unsigned int base, unsigned long *result);
int kstrtol(const char *text, unsigned int base, long *result);
int kstrtouint(const char *text, unsigned int base, unsigned int *result);
int kstrtoint(const char *text, unsigned int base, int *result);

/** kstrtobool() - y, Y, t, T, 1, on; n, N, f, F, 0, off; only as much as decides is read */
int kstrtobool(const char *text, bool *result);

#endif
