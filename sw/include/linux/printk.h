/* SPDX-License-Identifier: MIT */
/* Messages, on standard error with the simulated clock in front. */
#ifndef PQDMA_LINUX_PRINTK_H
#define PQDMA_LINUX_PRINTK_H

#include <linux/types.h>

/** enum printk_level - how bad, worst first */
enum printk_level { PRINTK_ERR, PRINTK_WARNING, PRINTK_INFO, PRINTK_DEBUG };

/** printk_at() - one message; PRINTK_DEBUG is dropped */
void printk_at(enum printk_level level, const char *who, const char *format, ...) __printf(3, 4);

/* The level stands in front of a format; without one it is a warning. */
#define KERN_SOH "\001"
#define KERN_EMERG KERN_SOH "0"
#define KERN_ALERT KERN_SOH "1"
#define KERN_CRIT KERN_SOH "2"
#define KERN_ERR KERN_SOH "3"
#define KERN_WARNING KERN_SOH "4"
#define KERN_NOTICE KERN_SOH "5"
#define KERN_INFO KERN_SOH "6"
#define KERN_DEBUG KERN_SOH "7"

void printk(const char *format, ...) __printf(1, 2);

#ifndef pr_fmt
#define pr_fmt(format) format
#endif

#define pr_err(format, ...) printk_at(PRINTK_ERR, NULL, pr_fmt(format), ##__VA_ARGS__)
#define pr_warn(format, ...) printk_at(PRINTK_WARNING, NULL, pr_fmt(format), ##__VA_ARGS__)
#define pr_info(format, ...) printk_at(PRINTK_INFO, NULL, pr_fmt(format), ##__VA_ARGS__)
#define pr_debug(format, ...) printk_at(PRINTK_DEBUG, NULL, pr_fmt(format), ##__VA_ARGS__)

#endif
