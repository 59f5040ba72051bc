/* SPDX-License-Identifier: MIT */
/*
 * The small kernel as the bench sees it: one simulated CPU that runs kernel code in fibers, beside the clock.
 *
 *	kernel_init(&hw, seed);
 *	struct task_struct *job = kernel_spawn("job", job_fn, NULL);
 *
 *	while (!kernel_task_done(job, &result)) {
 *		hw.clock++;			// one rising edge of everything else
 *		kernel_step();			// software until it waits
 *	}
 *	failures += kernel_shutdown();
 *
 * Software costs no clocks of its own. Clocks pass where it waits: in a register access, in a delay, asleep, and,
 * with a seed other than 0, in short seeded pauses at the places where a lock is taken or interrupts are allowed. So
 * the hardware moves between any two steps of a driver, and interrupts arrive wherever they are enabled.
 *
 * A clock is a microsecond of simulated time and a jiffy is 1000 clocks.
 *
 * What is wrong is collected, never fatal to the process: see kernel_problems(). Limits: one machine at a time, one
 * CPU, no signals, no user space.
 */
#ifndef PQDMA_KERNEL_H
#define PQDMA_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "hw.h"

struct fiber;
struct task_struct;

#define KERNEL_NS_PER_CLOCK 1000
#define KERNEL_CLOCKS_PER_JIFFY 1000

/**
 * kernel_init() - boot: an empty machine, no tasks, all memory free
 * @hw:   the machine; its ops, ram, ram_size (a multiple of 4096) and ram_bus are filled in, and stay
 * @seed: decides scheduling, interrupt delays, pauses and where pages lie; 0 means no delays and no pauses
 */
void kernel_init(struct hw *hw, uint64_t seed);

/**
 * kernel_spawn() - start a task; it first runs in a later kernel_step()
 *
 * Return: the task, valid until kernel_shutdown(); NULL if there is no memory.
 */
struct task_struct *kernel_spawn(const char *name, int (*fn)(void *), void *arg);

/** kernel_task_done() - has @task returned? If so and @result is not NULL, *@result is what it returned. */
bool kernel_task_done(const struct task_struct *task, int *result);

/**
 * kernel_step() - let software run in this clock: interrupts, then tasklets, then tasks, until all wait
 *
 * Call once per clock, from the fiber that owns the clock, after hw->clock and hw->irq are up to date. Returns at once
 * if the CPU has panicked.
 */
void kernel_step(void);

/** kernel_is_idle() - nothing would run in this clock: every task sleeps or is done, no interrupt or tasklet waits */
bool kernel_is_idle(void);

/**
 * kernel_cpu_stall() - let one clock pass with the CPU stopped in the middle of an instruction
 *
 * For implementations of struct hw_ops, called from the fiber that makes the access. Returns in the next kernel_step().
 */
void kernel_cpu_stall(void);

/** kernel_sleep_clocks() - the calling task sleeps for at least @clocks clocks, at least 1; others run */
void kernel_sleep_clocks(uint64_t clocks);

/**
 * kernel_shutdown() - check that everything was given back, print what was not, and free the machine
 *
 * Return: the number of problems since kernel_init(), these included. Expected problems that did not come count too.
 */
unsigned int kernel_shutdown(void);

/**
 * kernel_problems() - how many WARN, BUG, panic, misuse reports there were since kernel_init()
 *
 * The first 20 were printed when they happened, each with its context and its stack.
 */
unsigned int kernel_problems(void);

/** kernel_first_problem() - text of the first of them, until the next kernel_init(); empty if there was none */
const char *kernel_first_problem(void);

/**
 * kernel_expect_problem() - the next problem whose text contains @part is wanted: it is neither counted nor printed
 *
 * One call for one problem, eight waiting at most. @part is kept by pointer.
 */
void kernel_expect_problem(const char *part);

/**
 * kernel_panic_hook() - @hook is called with the text of a panic or BUG
 *
 * When it returns, the CPU halts: no software runs any more until kernel_init(). NULL removes it.
 */
void kernel_panic_hook(void (*hook)(const char *text));

/** kernel_panicked() - has the CPU halted? */
bool kernel_panicked(void);

/**
 * kernel_log_hook() - messages of software go to @hook instead of standard error
 *
 * @hook gets whether it is an error, and the text with its line end. NULL removes it.
 */
void kernel_log_hook(void (*hook)(bool is_error, const char *text));

/** kernel_threads() - kernel threads that have been woken and have not ended */
unsigned int kernel_threads(void);

/** kernel_context() - what runs now, for messages: "task name", "softirq", "hardirq 33", "bench" */
const char *kernel_context(void);

/**
 * kernel_reserve_ram() - take whole pages out of the kernel's pool, for a bench that feeds the device by itself
 *
 * Return: offset into hw->ram, a multiple of 4096; (size_t)-1 if there is no such run of free pages. They come back with kernel_shutdown().
 */
size_t kernel_reserve_ram(size_t bytes);

/**
 * kernel_each_task() - what every task that has not ended is doing, for a report
 * @fn: is given its name, what it does in words, the fiber to look at, and @arg; an interrupted idle CPU counts as a task
 */
void kernel_each_task(void (*fn)(const char *name, const char *what, struct fiber *fiber, void *arg), void *arg);

/** kernel_random() - next number of the kernel's seeded generator; below @limit if that is not 0 */
uint64_t kernel_random(uint64_t limit);

/**
 * struct kernel_stats - what has happened since kernel_init(), so that a test can see that it did something
 * @irqs:     interrupts handled
 * @tasklets: tasklet runs
 * @reads:    register reads
 * @writes:   register writes
 * @switches: times a task was given the CPU
 * @pauses:   seeded pauses taken
 * @messages: interrupts that came as messages over PCI
 * @maps:     streaming mappings made, an sg entry counts as one
 * @unmaps:   streaming mappings undone
 */
struct kernel_stats {
	uint64_t irqs;
	uint64_t tasklets;
	uint64_t reads;
	uint64_t writes;
	uint64_t switches;
	uint64_t pauses;
	uint64_t messages;
	uint64_t maps;
	uint64_t unmaps;
};

/** kernel_stats() - the counts, live */
const struct kernel_stats *kernel_stats(void);

/**
 * kernel_board_up() - plug the controller in and load the drivers that are linked in; from a task
 * @channels: how many interrupt lines the board has wired, hw->irq bits 0 and up
 *
 * Return: 0 if a driver bound to the controller, -ENODEV if none did, or the error of a module's init.
 */
int kernel_board_up(unsigned int channels);

/* What the controller is on PCI */
#define KERNEL_PCI_VENDOR 0x1234u
#define KERNEL_PCI_DEVICE 0x5051u

/** kernel_board_pci() - the controller is a PCI function, and the machine grants @vectors messages. Before kernel_board_up() */
void kernel_board_pci(unsigned int vectors);

/** kernel_board_data() - what the board knows of the controller, for its driver: dev_get_platdata(). Before kernel_board_up() */
void kernel_board_data(void *data);

/** kernel_board_suspend() - the machine is about to sleep: 0, or the error of the driver that keeps it awake; from a task */
int kernel_board_suspend(void);

/** kernel_board_resume() - it has woken up, the controller has been reset; from a task */
int kernel_board_resume(void);

/** kernel_board_unplug() - take the controller away from its driver, which stays; from a task. kernel_board_up() plugs it in again */
void kernel_board_unplug(void);

/** kernel_board_down() - unload the drivers, and unplug the controller if that has not been done; from a task */
void kernel_board_down(void);

#endif
