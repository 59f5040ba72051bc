// SPDX-License-Identifier: MIT
/*
 * The driver's own tests behind an IOMMU with a context for each channel: jobs of all channels, and peripherals, whose registers are
 * mapped for the channel that has them. Rings, tables and registers may have the same addresses for all channels.
 */
#include "driver_peri.h"
#include "mapping/iommu_port.h"

#define ARENA 32768
#define JOBS 24
#define LENGTH 1200
#define ENTRIES 3
#define ENTRY 96

static struct pqdma_platform_data board = { .contexts = true };

static struct driver *up(struct bench *b)
{
	struct driver *d;

	iommu_port_plug(&b->iommu.port);
	if (rng_below(test_rng(b), 2))
		iommu_port_same_start();
	kernel_board_data(&board);
	d = driver_up(b, ARENA);
	for (unsigned int ch = 1; ch < PQDMA_CHANNELS; ch++)
		CHECK(d->own[ch] != d->own[0]);
	return d;
}

static void down(struct driver *d)
{
	struct bench *b = d->b;

	CHECK(b->iommu.stats.hits && b->iommu.stats.walks);
	CHECK_EQ(iommu_faults(&b->iommu), 0);
	driver_down(d);
}

TEST(map_contexts_jobs, "jobs of all channels, each in its context: callbacks, residues, every byte", .moves = true, .software = true,
     .max_clocks = 2000000)
{
	struct driver *d = up(b);

	for (unsigned int i = 0; i < JOBS; i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			driver_send(driver_any(d, ch, driver_length(d, LENGTH), DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	down(d);
}

/* Channel @ch, and a peripheral at a line of its own as far as there are lines */
static struct transfer *start(struct peri *p, unsigned int ch, bool tx)
{
	const struct peripheral_config config = { .tx = tx, .width = 2, .burst = 2, .depth = 16, .patience = 30, .latency = 7,
						  .asks = PERIPHERAL_SINGLE | PERIPHERAL_BURST };
	struct peripheral *with = peri_attach(p, ch % PQDMA_LINES, &config);
	const size_t size[ENTRIES] = { ENTRY, 2 * ENTRY, ENTRY };
	struct transfer *t;

	if (!tx)
		peri_feed(p, with, 4 * ENTRY, false);
	t = tx ? peri_out(p, ch, with, size, ENTRIES, DMA_PREP_INTERRUPT) : peri_in(p, ch, with, size, ENTRIES, DMA_PREP_INTERRUPT);
	peri_send(t);
	return t;
}

TEST(map_contexts_peri, "peripherals of all channels: their registers, mapped for the channel, and every byte", .moves = true,
     .software = true, .max_clocks = 2000000)
{
	const unsigned int together = PQDMA_CHANNELS < PQDMA_LINES ? PQDMA_CHANNELS : PQDMA_LINES;
	struct transfer *t[PQDMA_CHANNELS];
	struct driver *d;
	struct peri *p;

	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_PERI_MASK))
		test_skip(b, "PERI is not built");
	d = up(b);
	p = peri_up(d);
	for (unsigned int round = 0; round < 4; round++) {
		for (unsigned int ch = 0; ch < together; ch++)
			t[ch] = start(p, ch, (round + ch) % 2);
		for (unsigned int ch = 0; ch < together; ch++) {
			peri_wait(t[ch], 1);
			CHECK(t[ch]->result.result == DMA_TRANS_NOERROR && !t[ch]->result.residue);
			while ((round + ch) % 2 && t[ch]->with->stream_size < t[ch]->len)
				kernel_sleep_clocks(20);
			peri_check(t[ch], t[ch]->len);
		}
	}
	driver_send(driver_copy(d, PQDMA_CHANNELS - 1, 100, DMA_PREP_INTERRUPT));
	driver_wait_all(d);
	down(d);
}
