/* SPDX-License-Identifier: MIT */
/* Strings: the C library's, and the kernel's bounded copy. */
#ifndef PQDMA_LINUX_STRING_H
#define PQDMA_LINUX_STRING_H

#include <string.h>
#include <linux/types.h>

/** strscpy() - copy @src, cut to @size bytes with its end; the length copied, or -E2BIG if it was cut */
ssize_t strscpy(char *dst, const char *src, size_t size);

char *skip_spaces(const char *text);

/** memchr_inv() - the first of @size bytes that is not @c; NULL if all are */
void *memchr_inv(const void *start, int c, size_t size);

/** strim() - cut spaces off the end of @text; its first character that is none */
char *strim(char *text);

#endif
