// SPDX-License-Identifier: MIT
/*
 * The controller as a PCI function: what its configuration space shows, and that interrupts that are messages lose nothing, be there one
 * for each channel or one for all.
 */
#include "driver_env.h"
#include <linux/pci.h>

#define ROUNDS 4
#define JOBS 24
#define CLOSE 80
#define LONGEST 700
#define ARENA (ROUNDS * JOBS * (LONGEST + 40))
#define BAR_SIZE 0x2000u

static u32 read32(struct bench *b, struct pci_dev *pdev, int where)
{
	u32 value;

	CHECK_EQ(pci_read_config_dword(pdev, where, &value), 0);
	return value;
}

static u16 read16(struct bench *b, struct pci_dev *pdev, int where)
{
	u16 value;

	CHECK_EQ(pci_read_config_word(pdev, where, &value), 0);
	return value;
}

static struct driver *up(struct bench *b, unsigned int vectors)
{
	kernel_board_pci(vectors);
	return driver_up(b, ARENA);
}

/* Short ones, so that completions of a channel and of others come while a handler runs. */
static void run_jobs(struct driver *d)
{
	struct rng *rng = test_rng(d->b);

	for (unsigned int i = 0; i < JOBS; i++)
		driver_send(driver_any(d, rng_below(rng, PQDMA_CHANNELS), driver_length(d, LONGEST), DMA_PREP_INTERRUPT));
	driver_wait_all(d);
}

TEST(driver_pci, "the controller on PCI: identity, BAR 0, a message for each channel; traffic on all channels loses no interrupt",
     .moves = true, .software = true)
{
	struct driver *d = up(b, PQDMA_CHANNELS);
	struct pci_dev *pdev = to_pci_dev(d->dev);
	const int msi = pci_find_capability(pdev, PCI_CAP_ID_MSI);
	u32 bar = read32(b, pdev, PCI_BASE_ADDRESS_0), flags;

	CHECK_EQ(read32(b, pdev, PCI_VENDOR_ID), KERNEL_PCI_VENDOR | KERNEL_PCI_DEVICE << 16);
	CHECK_EQ(read32(b, pdev, PCI_CLASS_REVISION) >> 16, 0x0801);
	CHECK(read16(b, pdev, PCI_COMMAND) & PCI_COMMAND_MEMORY && read16(b, pdev, PCI_COMMAND) & PCI_COMMAND_MASTER);
	CHECK(read16(b, pdev, PCI_STATUS) & PCI_STATUS_CAP_LIST && msi);
	flags = read16(b, pdev, msi + PCI_MSI_FLAGS);
	CHECK(flags & PCI_MSI_FLAGS_ENABLE && 1u << ((flags & PCI_MSI_FLAGS_QSIZE) >> 4) >= PQDMA_CHANNELS);
	CHECK_EQ(pci_write_config_dword(pdev, PCI_BASE_ADDRESS_0, ~0u), 0);
	CHECK_EQ(~read32(b, pdev, PCI_BASE_ADDRESS_0) + 1, BAR_SIZE);
	CHECK_EQ(pci_write_config_dword(pdev, PCI_BASE_ADDRESS_0, bar), 0);
	CHECK(pci_write_config_word(pdev, PCI_COMMAND + 1, 0) == -EINVAL);
	run_jobs(d);
	CHECK(kernel_stats()->messages && kernel_stats()->irqs <= kernel_stats()->messages);
	driver_down(d);
	CHECK_EQ(kernel_problems(), 0);
}

/* An error within a few clocks of a completion: its bit comes while the handler clears the other one, and the line never falls. */
static void run_close(struct driver *d, unsigned int ch)
{
	struct job *good = driver_copy(d, ch, 1 + rng_below(test_rng(d->b), 2 * PQDMA_STRIP_BYTES), DMA_PREP_INTERRUPT);
	struct job *bad = driver_copy(d, ch, 1 + rng_below(test_rng(d->b), PQDMA_STRIP_BYTES / 4), DMA_PREP_INTERRUPT);
	const uint64_t at = d->src[ch].bus + bad->from;
	struct bench *b = d->b;

	mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_READ, at, at, AXI_SLVERR, 0, 0 });
	driver_submit(good);
	driver_send(bad);
	driver_wait(good);
	driver_wait(bad);
	CHECK(bad->result.result == DMA_TRANS_READ_FAILED);
	mem_clear_faults(b);
}

TEST(driver_pci_close, "errors right behind completions, again and again: a message that would not be sent twice is not waited for",
     .moves = true, .software = true, .max_clocks = 1000000)
{
	struct driver *d;

	kernel_board_pci(PQDMA_CHANNELS);
	d = driver_up(b, (CLOSE / PQDMA_CHANNELS + 1) * (3 * PQDMA_STRIP_BYTES + 200));
	d->gap = PQDMA_BYTES;
	for (unsigned int i = 0; i < CLOSE; i++)
		run_close(d, i % PQDMA_CHANNELS);
	driver_down(d);
}

TEST(driver_pci_shared, "one message for all channels, and errors and terminates on the way: no interrupt is lost",
     .moves = true, .software = true)
{
	struct driver *d = up(b, 1);
	const unsigned int ch = PQDMA_CHANNELS - 1;
	struct job *bad;
	uint64_t at;

	run_jobs(d);
	d->gap = PQDMA_BYTES;
	bad = driver_copy(d, ch, 300, DMA_PREP_INTERRUPT);
	at = d->src[ch].bus + bad->from;
	mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_READ, at, at, AXI_SLVERR, 0, 0 });
	driver_submit(bad);
	run_jobs(d);
	CHECK(bad->calls && bad->result.result == DMA_TRANS_READ_FAILED);
	mem_clear_faults(b);
	driver_submit(driver_any(d, 0, LONGEST, DMA_PREP_INTERRUPT));
	driver_issue(d, 0);
	CHECK_EQ(dmaengine_terminate_sync(d->chan[0]), 0);
	driver_drop(d, 0);
	run_jobs(d);
	CHECK_EQ(kernel_board_suspend(), 0);
	bench_reset(b, 20);
	kernel_sleep_clocks(50);
	CHECK_EQ(kernel_board_resume(), 0);
	run_jobs(d);
	driver_down(d);
}
