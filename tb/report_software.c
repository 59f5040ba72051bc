// SPDX-License-Identifier: MIT
/*
 * What the software was doing: the stack of every task. A task waits on its own stack, so each is looked at from there. Names and lines
 * come from addr2line, one call for all; without it there are addresses, which it takes later.
 */
#define _GNU_SOURCE	/* dladdr() */
#include <dlfcn.h>
#include <execinfo.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "fiber.h"
#include "kernel.h"
#include "report.h"

#define MAX_TASKS 32
#define MAX_FRAMES 32
#define MAX_COMMAND 32768

struct stack {
	const char *name;
	const char *what;
	int count;
	void *frames[MAX_FRAMES];
};

struct stacks {
	struct stack stack[MAX_TASKS];
	unsigned int count;
	unsigned int left_out;
};

static void take_frames(void *arg)
{
	struct stack *stack = arg;

	stack->count = backtrace(stack->frames, MAX_FRAMES);
}

static void look_at(const char *name, const char *what, struct fiber *fiber, void *arg)
{
	struct stacks *all = arg;
	struct stack *stack = &all->stack[all->count];

	if (all->count == MAX_TASKS) {
		all->left_out++;
		return;
	}
	all->count++;
	*stack = (struct stack){ .name = name, .what = what };
	fiber_visit(fiber, take_frames, stack);
}

/* Frames of the simulator and of libraries say nothing about software. A return address is one behind its call. */
static uintptr_t offset_of(const void *frame, const void *base)
{
	Dl_info info;

	return dladdr(frame, &info) && info.dli_fbase == base ? (uintptr_t)frame - (uintptr_t)base - 1 : 0;
}

static bool make_command(const struct stacks *all, const Dl_info *self, char *text, size_t len)
{
	size_t used = (size_t)snprintf(text, len, "addr2line -f -p -e '%s'", self->dli_fname);

	for (unsigned int i = 0; i < all->count; i++) {
		void *const *frames = all->stack[i].frames;

		for (int f = 0; f < all->stack[i].count && used < len; f++)
			used += (size_t)snprintf(text + used, len - used, " 0x%" PRIxPTR, offset_of(frames[f], self->dli_fbase));
	}
	used += used < len ? (size_t)snprintf(text + used, len - used, " 2>/dev/null") : 0;
	return used < len;
}

/* The way into a fiber and out of it is the same for all. */
static bool is_machinery(const char *line)
{
	static const char *const places[] = { "tb/report_software.c", "sw/kernel/fiber.c", "sw/kernel/cpu.c", "??" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strstr(line, places[i]))
			return true;
	return false;
}

/* Paths as they are in the source tree */
static void print_line(char *line)
{
	char here[1024], *at;

	line[strcspn(line, "\n")] = '\0';
	at = strstr(line, " (discriminator");
	if (at)
		*at = '\0';
	at = getcwd(here, sizeof(here)) ? strstr(line, here) : NULL;
	if (at)
		memmove(at, at + strlen(here) + 1, strlen(at + strlen(here)));
	printf("\t    %s\n", line);
}

static void print_stack(const struct stack *stack, FILE *names)
{
	char line[1024];

	printf("\t%s %s:\n", stack->name, stack->what);
	for (int f = 0; f < stack->count; f++)
		if (!names)
			printf("\t    %p\n", stack->frames[f]);
		else if (fgets(line, sizeof(line), names) && !is_machinery(line))
			print_line(line);
}

void report_software(void)
{
	static struct stacks all;
	static char command[MAX_COMMAND];
	FILE *names = NULL;
	Dl_info self;

	kernel_each_task(look_at, &all);
	if (dladdr((void *)(uintptr_t)report_software, &self) && make_command(&all, &self, command, sizeof(command)))
		names = popen(command, "r");
	printf("software, innermost call first:\n");
	for (unsigned int i = 0; i < all.count; i++)
		print_stack(&all.stack[i], names);
	if (all.left_out)
		printf("\tand %u more tasks\n", all.left_out);
	if (names)
		pclose(names);
}
