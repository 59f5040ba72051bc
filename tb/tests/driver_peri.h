/* SPDX-License-Identifier: MIT */
/*
 * Peripherals for the tests of the driver: the bench's peripherals at request lines, and transfers that a client makes to and from them
 * with a channel of struct driver.
 *
 *	struct peri *p = peri_up(d);
 *	const struct peripheral_config config = { .tx = true, .width = 2, .asks = PERIPHERAL_SINGLE, .depth = 16 };
 *	struct peripheral *sink = peri_attach(p, 1, &config);
 *	struct transfer *t = peri_out(p, 0, sink, (size_t[]){ 64, 32 }, 2, DMA_PREP_INTERRUPT);
 *
 *	peri_send(t);
 *	peri_wait(t, 1);
 *	peri_check(t);		// the peripheral has got these bytes
 *
 * What the device reads and writes lies in the arenas of struct driver, so all that is checked there is checked here too.
 */
#ifndef PQDMA_DRIVER_PERI_H
#define PQDMA_DRIVER_PERI_H

#include "driver_env.h"
#include "env/peripheral.h"
#include "pqdma_slave.h"
#include <linux/scatterlist.h>

#define PERI_ENTRIES 16
#define PERI_TRANSFERS 256

struct peri;

/**
 * struct transfer - one transaction with a peripheral
 * @p:      whose
 * @ch:     channel
 * @with:   the peripheral
 * @sg:     entries in memory, @nents of them
 * @offset: of each in the arena
 * @len:    bytes in all
 * @tx:     from prep; @cookie from submit
 * @calls:  callbacks so far
 * @result: of the last one; @clock when it came
 * @cyclic: it has no status words
 * @then:   called in each callback if not NULL
 */
struct transfer {
	struct peri *p;
	unsigned int ch;
	struct peripheral *with;
	struct scatterlist sg[PERI_ENTRIES];
	size_t offset[PERI_ENTRIES];
	unsigned int nents;
	size_t len;
	struct dma_async_tx_descriptor *tx;
	dma_cookie_t cookie;
	unsigned int calls;
	uint64_t clock;
	struct dmaengine_result result;
	bool cyclic;
	void (*then)(struct transfer *t);
};

/**
 * struct peri - peripherals around a driver
 * @d:    the driver
 * @all:  the peripherals
 * @wait: for callbacks
 * @used: bytes of each line's stream that have been compared
 */
struct peri {
	struct driver *d;
	struct peripherals all;
	uint32_t attached;
	wait_queue_head_t wait;
	struct transfer transfer[PERI_TRANSFERS];
	unsigned int nr;
	uint32_t used[PQDMA_LINES];
};

/** peri_up() - no peripherals yet; takes the bench's tap until driver_down(). Once in a run */
struct peri *peri_up(struct driver *d);

/** peri_attach() - a peripheral at @line, in place of the one before */
struct peripheral *peri_attach(struct peri *p, unsigned int line, const struct peripheral_config *config);

/** peri_line() - line of a peripheral */
unsigned int peri_line(const struct peri *p, const struct peripheral *with);

/** peri_feed() - @size random bytes come to a receiver, the last entry with drq_last if @last */
void peri_feed(struct peri *p, struct peripheral *with, uint32_t size, bool last);

/** peri_config() - what a client of @with says to dmaengine_slave_config(); @slave is filled in and must stay */
struct dma_slave_config peri_config(const struct peri *p, const struct peripheral *with, struct pqdma_slave *slave);

/** peri_configure() - configure channel @ch for @with */
void peri_configure(struct peri *p, unsigned int ch, const struct peripheral *with);

/** peri_out() - prepare a list of @nents entries of @size[] bytes from the source arena to @with, configuring the channel */
struct transfer *peri_out(struct peri *p, unsigned int ch, struct peripheral *with, const size_t *size, unsigned int nents,
			  unsigned long flags);

/** peri_in() - likewise from @with to the destination arena */
struct transfer *peri_in(struct peri *p, unsigned int ch, struct peripheral *with, const size_t *size, unsigned int nents,
			 unsigned long flags);

/** peri_place() - room for entries in an arena, without preparing anything */
struct transfer *peri_place(struct peri *p, unsigned int ch, struct peripheral *with, const size_t *size, unsigned int nents);

/** peri_give() - @tx belongs to @t: set its callback */
void peri_give(struct transfer *t, struct dma_async_tx_descriptor *tx);

/** peri_submit() - submit it; starts nothing */
void peri_submit(struct transfer *t);

/** peri_send() - submit and issue */
void peri_send(struct transfer *t);

/** peri_wait() - sleep until it has been called back @calls times */
void peri_wait(struct transfer *t, unsigned int calls);

/** peri_status() - status of a submitted transfer; *residue, if not NULL, is what it has to go */
enum dma_status peri_status(struct transfer *t, u32 *residue);

/** peri_check() - the first @moved bytes have gone where they should: compared with the peripheral's stream, or noted for driver_check() */
void peri_check(struct transfer *t, size_t moved);

#endif
