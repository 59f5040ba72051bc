// SPDX-License-Identifier: MIT
/*
 * Pages that the device owns to the last byte are taken away from the CPU's view, so that touching one is a fault. It is told,
 * with the line that gave the page away and a stack that ends where it was touched; then the page comes back and all
 * goes on. Following a cookie of memory without a kernel mapping is the end of the simulated CPU, as it would be of a real one.
 *
 * Linux hosts on x86-64 tell reads from writes; elsewhere each access counts as a read.
 */
#define _GNU_SOURCE		/* for the names of registers in ucontext.h */

#include "mapping_priv.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "kernel/kernel_priv.h"

static const char **armed;
static size_t armed_pages;
static unsigned int quiet;
static struct sigaction before;
static bool installed;

static u8 *page_at(size_t index)
{
	return phys_to_virt(PHYS_OFFSET + index * PAGE_SIZE);
}

static void disarm(size_t index)
{
	armed[index] = NULL;
	if (mprotect(page_at(index), PAGE_SIZE, PROT_READ | PROT_WRITE))
		panic("the host does not give a page back");
}

static bool is_write(const void *context)
{
#ifdef __x86_64__
	return ((const ucontext_t *)context)->uc_mcontext.gregs[REG_ERR] & 2;
#else
	(void)context;
	return false;
#endif
}

static void tell(size_t index, const void *addr, bool write)
{
	if (write)
		debug_report(MAPPING_DIRTY, "the CPU writes at %p to a page that the device owns since %s", addr, armed[index]);
	else
		debug_report(MAPPING_STALE, "the CPU reads at %p from a page that the device owns since %s, without a sync", addr,
			     armed[index]);
}

static void pass_on(int sig, siginfo_t *info, void *context)
{
	if (before.sa_flags & SA_SIGINFO) {
		before.sa_sigaction(sig, info, context);
		return;
	}
	/* The instruction is tried again, and ends the process. */
	signal(SIGSEGV, SIG_DFL);
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	const u8 *addr = info->si_addr;
	size_t index;

	if (mapping_is_cookie(addr))
		panic("the cookie %p of memory that has no kernel mapping is followed", addr);
	if (!armed || addr < page_at(0) || addr >= page_at(0) + armed_pages * PAGE_SIZE) {
		pass_on(sig, info, context);
		return;
	}
	index = (size_t)(addr - page_at(0)) / PAGE_SIZE;
	if (!armed[index]) {
		pass_on(sig, info, context);
		return;
	}
	if (!quiet)
		tell(index, addr, is_write(context));
	disarm(index);
}

/* Whoever handled faults before us still handles what is not ours. A panic does not come back, so faults may nest. */
static void install(void)
{
	const struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK };
	struct sigaction now;

	if (installed)
		return;
	if (sigaction(SIGSEGV, &action, &now))
		panic("the host does not let faults be handled");
	/* A test runner may have put its own in place of what an earlier machine had installed. */
	if (now.sa_sigaction != on_fault)
		before = now;
	installed = true;
}

void trap_boot(void)
{
	free(armed);
	armed = NULL;
	armed_pages = 0;
	quiet = 0;
	installed = false;
}

void trap_cookies(void)
{
	install();
}

void trap_arm(size_t index, const char *given)
{
	if (mapping_severity_of(MAPPING_STALE) == MAPPING_NOTE)
		return;
	install();
	if (!armed) {
		armed_pages = cpu.hw->ram_size / PAGE_SIZE;
		armed = calloc(armed_pages, sizeof(*armed));
	}
	if (!armed)
		panic("the host has no memory for traps");
	if (!armed[index] && mprotect(page_at(index), PAGE_SIZE, PROT_NONE))
		return;
	armed[index] = given;
}

void trap_disarm(size_t first, size_t last)
{
	size_t i;

	for (i = first; armed && i <= last; i++)
		if (armed[i])
			disarm(i);
}

void mapping_release(size_t offset, size_t size)
{
	trap_disarm(offset / PAGE_SIZE, (offset + size - 1) / PAGE_SIZE);
}

void trap_quiet(bool on)
{
	if (on)
		quiet++;
	else
		quiet--;
}
