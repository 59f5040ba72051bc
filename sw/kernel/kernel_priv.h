/* SPDX-License-Identifier: MIT */
/*
 * Private to sw/kernel and sw/mapping: the simulated CPU and what its parts ask of each other.
 */
#ifndef PQDMA_KERNEL_PRIV_H
#define PQDMA_KERNEL_PRIV_H

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include "fiber.h"
#include "kernel.h"

struct device;

/* Where the board has the controller's registers, and the number of its first interrupt. */
#define BOARD_MMIO_PHYS 0x40000000ull
#define BOARD_MMIO_SIZE 0x2000u
#define IRQ_BASE 32u
#define IRQ_LINES 16u

/* What memory is filled with: as allocated, as freed, behind the end, and what the device sees in a page that is new. */
#define POISON_NEW 0x5a
#define POISON_FREE 0x6b
#define POISON_END 0xcc
#define POISON_DEVICE 0xd5

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define memory_guard(addr, size) __asan_poison_memory_region(addr, size)
#define memory_unguard(addr, size) __asan_unpoison_memory_region(addr, size)
#else
/* Without the sanitizer nothing stops an access; patterns show writes afterwards. */
#define memory_guard(addr, size) ((void)(addr), (void)(size))
#define memory_unguard(addr, size) ((void)(addr), (void)(size))
#endif

/**
 * struct cpu - the one CPU
 * @hw:         the machine around it
 * @curr:       the task whose fiber runs or was interrupted; &idle when none
 * @idle:       stands for "no task"; its fiber takes interrupts and tasklets
 * @bench:      the fiber that owns the clock
 * @stalled:    the fiber that is in the middle of an instruction; NULL if none
 * @running:    control is in software, not with the bench
 * @halted:     panicked
 * @irqs_off:   interrupts disabled by hand
 * @hardirq:    number of the interrupt being handled, 0 if none
 * @in_softirq: a tasklet runs
 * @bh_off:     depth of local_bh_disable()
 * @spin_depth: spin locks held in the present context
 * @faults_off: depth of pagefault_disable()
 * @seed:       0: no pauses, no delays
 * @random:     state of the generator
 * @stats:      counts for tests
 */
struct cpu {
	struct hw *hw;
	struct task_struct *curr;
	struct task_struct idle;
	struct fiber *bench;
	struct fiber *stalled;
	bool running;
	bool halted;
	bool irqs_off;
	unsigned int hardirq;
	bool in_softirq;
	unsigned int bh_off;
	unsigned int spin_depth;
	unsigned int faults_off;
	uint64_t seed;
	uint64_t random;
	struct kernel_stats stats;
};

extern struct cpu cpu;

/* cpu.c */

/** cpu_boot() - forget the previous machine */
void cpu_boot(struct hw *hw, uint64_t seed);
void cpu_down(void);

/** cpu_deliver() - a place where interrupts and tasklets may come in, if they are on */
void cpu_deliver(void);

/** cpu_pause() - a place where, now and then, some clocks pass */
void cpu_pause(void);

/** cpu_preempt() - a place where, now and then, another task gets the CPU */
void cpu_preempt(void);

/** cpu_leave_to_bench() - the fiber stops here until kernel_step() picks it again */
void cpu_leave_to_bench(void);

/* irq.c */

/** irq_boot() - no handlers, no tasklets */
void irq_boot(void);

/** irq_sample() - look at the lines, once per clock, and choose when those that went up are delivered */
void irq_sample(void);

/** irq_is_due() - would the CPU take an interrupt now, if they were on? */
bool irq_is_due(void);

/** irq_handle() - run the handler of the first line that is due */
void irq_handle(void);

/** softirq_is_due() - does a tasklet wait that may run? */
bool softirq_is_due(void);

/** softirq_handle() - run tasklets that wait, each at most once */
void softirq_handle(void);

/** irq_check_freed() - report tasklets that are scheduled in memory that is about to be freed */
void irq_check_freed(const void *p, size_t size);

/** irq_check_shutdown() - report handlers and tasklets left behind */
void irq_check_shutdown(void);

/* pci.c */

void pci_boot(void);

/** pci_plug() - the controller comes as a PCI function with @lines interrupts, of which the machine grants @granted; its device */
struct device *pci_plug(unsigned int lines, unsigned int granted, void *data);

/** pci_unplug() - it goes */
void pci_unplug(void);

/** pci_is_plugged() - is it on PCI? */
bool pci_is_plugged(void);

/** pci_decodes() - are registers there, as far as PCI is concerned? */
bool pci_decodes(void);

/** pci_message() - a pin has gone up: number of the interrupt that it sends as a message, -1 if it must not */
int pci_message(unsigned int pin);

/* device.c */

/** device_release_driver() - the driver has left its device: undo what it had the device keep */
void device_release_driver(struct device *dev);

/* sched.c */

void sched_boot(void);
void sched_down(void);

/** sched_pick() - a task that can run, seeded among them; NULL if all wait */
struct task_struct *sched_pick(void);

/** sched_can_run() - would sched_pick() find one? */
bool sched_can_run(void);

/** sched_reap() - give back the fiber of a task that has just returned */
void sched_reap(struct task_struct *task);
void sched_check_shutdown(void);

/* page.c, slab.c */

/** page_boot() - all memory of the machine is free; false if the host has none */
bool page_boot(void);
void page_down(void);
void page_check_shutdown(void);

/** page_alloc_run() - @count consecutive pages, seeded where; NULL if there is no such run. Reported as leaked if there is a @where. */
struct page *page_alloc_run(size_t count, const char *use, const char *where);
void page_free_run(struct page *page);

/** page_offset() - of a page's first byte from the beginning of memory: the same in every view */
size_t page_offset(const struct page *page);

/** ram_is_cpu() - do @size bytes at @addr lie in the CPU's view of memory? */
bool ram_is_cpu(const void *addr, size_t size);
void slab_boot(void);
void slab_check_shutdown(void);
void slab_down(void);

/* device.c, io.c, kernel.c */

/** device_boot() - nothing is plugged in, no module is loaded */
void device_boot(void);

/** device_initcalls() - what the linked-in cores do at boot */
void device_initcalls(void);
void device_check_shutdown(void);
void io_boot(void);
void io_check_shutdown(void);
void io_down(void);

/** kernel_problem() - count and print, with context and stack */
void kernel_problem(const char *format, ...) __printf(1, 2);

/* sw/mapping */

void mapping_boot(void);
void mapping_check_shutdown(void);

/** mapping_release() - pages are about to be freed: the CPU may touch them, whoever owns them */
void mapping_release(size_t offset, size_t size);

/** mapping_check_device() - report coherent memory that a driver has left behind in its device */
void mapping_check_device(struct device *dev);

struct device;

/** devres_search() - the data of the action of @dev that matches; NULL if none does */
void *devres_search(struct device *dev, void (*action)(void *), bool (*match)(const void *data, const void *like), const void *like);

/** mapping_forget_device() - the device goes: report all that is left mapped for it, and end its context in the IOMMU */
void mapping_forget_device(struct device *dev);

#endif
