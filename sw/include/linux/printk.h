/* SPDX-License-Identifier: MIT */
/* Messages, on standard error with the simulated clock in front. */
#ifndef PQDMA_LINUX_PRINTK_H
#define PQDMA_LINUX_PRINTK_H

#include <linux/types.h>

/** enum printk_level - how bad, worst first */
enum printk_level { PRINTK_ERR, PRINTK_WARNING, PRINTK_INFO, PRINTK_DEBUG };

/** printk_at() - one message; PRINTK_DEBUG is dropped */
void printk_at(enum printk_level level, const char *who, const char *format, ...) __printf(3, 4);

#ifndef pr_fmt
#define pr_fmt(format) format
#endif

#define pr_err(format, ...) printk_at(PRINTK_ERR, NULL, pr_fmt(format), ##__VA_ARGS__)
#define pr_warn(format, ...) printk_at(PRINTK_WARNING, NULL, pr_fmt(format), ##__VA_ARGS__)
#define pr_info(format, ...) printk_at(PRINTK_INFO, NULL, pr_fmt(format), ##__VA_ARGS__)
#define pr_debug(format, ...) printk_at(PRINTK_DEBUG, NULL, pr_fmt(format), ##__VA_ARGS__)

#endif
