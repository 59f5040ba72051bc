// SPDX-License-Identifier: MIT
/*
 * What a client can ask of a channel beside its transfers: a class and a weight against other channels, and fewer interrupts.
 */
#include "driver_peri.h"

#define ARENA (3 * LONG + 4096)
#define LONG (16 * PQDMA_STRIP_BYTES)
#define JOBS 10
#define COUNT 4
#define CLOCKS 20000

static int tune(struct driver *d, unsigned int ch, const struct pqdma_slave *slave)
{
	struct pqdma_slave own = *slave;
	struct dma_slave_config config = { .peripheral_config = &own, .peripheral_size = sizeof(own) };

	return dmaengine_slave_config(d->chan[ch], &config);
}

static struct driver *up(struct bench *b)
{
	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_PERI_MASK))
		test_skip(b, "PERI is not built");
	return driver_up(b, ARENA);
}

static u32 field(struct bench *b, unsigned int ch, u32 mask)
{
	return (ch_read(b, ch, PQDMA_CH_CFG) & mask) / (mask & -mask);
}

TEST(driver_priority, "the channel of the higher class is ready first, although it began later; a class is not changed under way",
     .moves = true, .software = true, .max_clocks = 1000000)
{
	struct driver *d = up(b);

	if (PQDMA_CHANNELS < 2)
		test_skip(b, "there is only one channel");
	for (unsigned int high = 0; high < 2; high++) {
		struct job *job[2];

		CHECK_EQ(tune(d, high, &(struct pqdma_slave){ .priority = 3, .weight = 5 }), 0);
		CHECK_EQ(tune(d, !high, &(struct pqdma_slave){ .priority = 0 }), 0);
		job[0] = driver_copy(d, !high, LONG, DMA_PREP_INTERRUPT);
		job[1] = driver_copy(d, high, LONG, DMA_PREP_INTERRUPT);
		driver_send(job[0]);
		driver_send(job[1]);
		CHECK(tune(d, !high, &(struct pqdma_slave){ .priority = 1 }) == -EBUSY);
		driver_wait(job[0]);
		driver_wait(job[1]);
		CHECK(job[1]->clock < job[0]->clock);
		CHECK(field(b, high, PQDMA_CFG_PRIORITY_MASK) == 3 && field(b, high, PQDMA_CFG_WEIGHT_MASK) == 5);
		CHECK_EQ(field(b, !high, PQDMA_CFG_PRIORITY_MASK), 0);
	}
	CHECK(tune(d, 0, &(struct pqdma_slave){ .priority = 4 }) == -EINVAL);
	CHECK(tune(d, 0, &(struct pqdma_slave){ .weight = 16 }) == -EINVAL);
	d->aborts += 4;		/* a channel is made idle to take a class over */
	driver_down(d);
}

TEST(driver_coalesce, "one interrupt for four completions, and one for the rest when time is up: every callback comes", .moves = true,
     .software = true)
{
	struct driver *d = up(b);
	const uint64_t irqs = kernel_stats()->irqs;

	CHECK(tune(d, 0, &(struct pqdma_slave){ .irq_count = COUNT }) == -EINVAL);
	CHECK_EQ(tune(d, 0, &(struct pqdma_slave){ .irq_count = COUNT, .irq_clocks = CLOCKS }), 0);
	for (unsigned int i = 0; i < JOBS; i++)
		driver_submit(driver_copy(d, 0, 20, DMA_PREP_INTERRUPT));
	driver_issue(d, 0);
	driver_wait_all(d);
	CHECK(kernel_stats()->irqs - irqs <= JOBS / COUNT + 1);
	driver_down(d);
}
