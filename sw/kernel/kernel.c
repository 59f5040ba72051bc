// SPDX-License-Identifier: MIT
/*
 * Boot, shutdown, problems, messages, random numbers: what belongs to no part of the kernel in particular.
 */
#include "kernel_priv.h"

#include <execinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/string.h>

#define EXPECTED_MAX 8
#define STACK_DEPTH 32

/* What goes wrong all the time is not printed all the time. */
#define PRINTED_MAX 20

static unsigned int problems;
static char first_problem[256];
static const char *expected[EXPECTED_MAX];
static void (*panic_hook)(const char *text);
static void (*log_hook)(bool is_error, const char *text);

static void forget_problems(void)
{
	problems = 0;
	first_problem[0] = '\0';
	memset(expected, 0, sizeof(expected));
}

void kernel_init(struct hw *hw, uint64_t seed)
{
	forget_problems();
	cpu_boot(hw, seed);
	irq_boot();
	sched_boot();
	io_boot();
	device_boot();
	slab_boot();
	mapping_boot();
	if (!page_boot())
		panic("the host has no memory for a machine of %zu bytes", hw->ram_size);
	device_initcalls();
}

static void report_missing(void)
{
	unsigned int i;

	for (i = 0; i < EXPECTED_MAX; i++) {
		if (!expected[i])
			continue;
		fprintf(stderr, "kernel: expected problem did not come: %s\n", expected[i]);
		problems++;
	}
}

static void check_leaks(void)
{
	device_check_shutdown();
	sched_check_shutdown();
	irq_check_shutdown();
	mapping_check_shutdown();
	io_check_shutdown();
	slab_check_shutdown();
	page_check_shutdown();
}

unsigned int kernel_shutdown(void)
{
	/* A halted CPU had no chance to give anything back. */
	if (!cpu.halted)
		check_leaks();
	report_missing();
	sched_down();
	slab_down();
	page_down();
	io_down();
	cpu_down();
	return problems;
}

unsigned int kernel_problems(void)
{
	return problems;
}

void kernel_expect_problem(const char *part)
{
	unsigned int i;

	for (i = 0; i < EXPECTED_MAX; i++) {
		if (expected[i])
			continue;
		expected[i] = part;
		return;
	}
	kernel_problem("more than %u problems expected at once", EXPECTED_MAX);
}

const char *kernel_first_problem(void)
{
	return first_problem;
}

static bool is_expected(const char *text)
{
	unsigned int i;

	for (i = 0; i < EXPECTED_MAX; i++) {
		if (!expected[i] || !strstr(text, expected[i]))
			continue;
		expected[i] = NULL;
		return true;
	}
	return false;
}

static void print_stack(void)
{
	void *frames[STACK_DEPTH];

	fflush(stderr);
	backtrace_symbols_fd(frames, backtrace(frames, STACK_DEPTH), STDERR_FILENO);
}

static void report(const char *text)
{
	if (is_expected(text))
		return;
	if (++problems == 1)
		strscpy(first_problem, text, sizeof(first_problem));
	if (problems > PRINTED_MAX)
		return;
	fprintf(stderr, "kernel: [%llu] in %s: %s\n", cpu.hw ? (u64)cpu.hw->clock : 0, kernel_context(), text);
	print_stack();
	if (problems == PRINTED_MAX)
		fprintf(stderr, "kernel: further problems are counted and not printed\n");
}

void kernel_problem(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	report(text);
}

void kernel_warn(const char *file, int line, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	kernel_problem("WARN at %s:%d: %s", file, line, text);
}

/* The end of the simulated CPU. Outside of software there is no fiber to stop, so there it is the end of the process. */
static void __attribute__((noreturn)) halt(const char *text)
{
	report(text);
	cpu.halted = true;
	if (panic_hook)
		panic_hook(text);
	if (!cpu.running)
		abort();
	for (;;)
		cpu_leave_to_bench();
}

void panic(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	halt(text);
}

void kernel_bug(const char *file, int line, const char *what)
{
	panic("BUG at %s:%d: %s", file, line, what);
}

void kernel_panic_hook(void (*hook)(const char *text))
{
	panic_hook = hook;
}

void kernel_log_hook(void (*hook)(bool is_error, const char *text))
{
	log_hook = hook;
}

static void __printf(3, 0) log_text(enum printk_level level, const char *who, const char *format, va_list args)
{
	static const char *const names[] = { "error", "warning", "info" };
	char text[512];
	int len;

	if (level >= PRINTK_DEBUG)
		return;
	len = snprintf(text, sizeof(text), "[%llu] %s: %s%s",
		       cpu.hw ? (u64)cpu.hw->clock : 0, names[level], who ? who : "", who ? ": " : "");
	vsnprintf(text + len, sizeof(text) - (size_t)len, format, args);
	if (log_hook)
		log_hook(level == PRINTK_ERR, text);
	else
		fputs(text, stderr);
}

void printk_at(enum printk_level level, const char *who, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_text(level, who, format, args);
	va_end(args);
}

void printk(const char *format, ...)
{
	enum printk_level level = PRINTK_WARNING;
	va_list args;

	if (format[0] == KERN_SOH[0] && format[1]) {
		level = format[1] <= '3' ? PRINTK_ERR : format[1] == '4' ? PRINTK_WARNING : format[1] == '7' ? PRINTK_DEBUG : PRINTK_INFO;
		format += 2;
	}
	va_start(args, format);
	log_text(level, NULL, format, args);
	va_end(args);
}

uint64_t kernel_random(uint64_t limit)
{
	uint64_t x = cpu.random += 0x9e3779b97f4a7c15ull;

	/* splitmix64: any seed is as good as any other */
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	x ^= x >> 31;
	return limit ? x % limit : x;
}

void get_random_bytes(void *buffer, size_t size)
{
	u8 *bytes = buffer;

	while (size--)
		*bytes++ = (u8)kernel_random(256);
}

u32 get_random_u32(void)
{
	return (u32)kernel_random(0);
}

u64 get_random_u64(void)
{
	return kernel_random(0);
}

u32 prandom_u32_max(u32 limit)
{
	return limit ? (u32)kernel_random(limit) : 0;
}

const struct kernel_stats *kernel_stats(void)
{
	return &cpu.stats;
}

unsigned long kernel_jiffies(void)
{
	return cpu.hw->clock / KERNEL_CLOCKS_PER_JIFFY;
}

ktime_t ktime_get(void)
{
	return (ktime_t)(cpu.hw->clock * KERNEL_NS_PER_CLOCK);
}

void udelay(unsigned long us)
{
	u64 end = cpu.hw->clock + us;

	while (cpu.hw->clock < end) {
		kernel_cpu_stall();
		cpu_deliver();
	}
}

void msleep(unsigned int ms)
{
	might_sleep();
	kernel_sleep_clocks((u64)ms * KERNEL_CLOCKS_PER_JIFFY);
}

void usleep_range(unsigned long min_us, unsigned long max_us)
{
	might_sleep();
	kernel_sleep_clocks(min_us + (max_us > min_us ? kernel_random(max_us - min_us + 1) : 0));
}

void *memchr_inv(const void *start, int c, size_t size)
{
	const u8 *p = start;
	size_t i;

	for (i = 0; i < size; i++)
		if (p[i] != (u8)c)
			return (void *)(uintptr_t)(p + i);
	return NULL;
}

ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (!size)
		return -E2BIG;
	if (len >= size) {
		memcpy(dst, src, size - 1);
		dst[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dst, src, len + 1);
	return (ssize_t)len;
}
