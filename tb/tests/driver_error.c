// SPDX-License-Identifier: MIT
/*
 * Errors on the bus as a client sees them: the transaction that met one says so, exactly how far it came, and is DMA_ERROR for
 * whoever asks; those before it and behind it complete; other channels notice nothing.
 */
#include "driver_env.h"

#define ARENA 40000
#define JOBS 8
#define SHORT 400
#define LONG 2500		/* of the one that fails: some strips are good before */
#define ROUNDS 3
#define FAULTS 4
#define MANY 24
#define RING 256
#define MORE 60			/* what goes behind a full ring */

static const unsigned int errors[] = { AXI_SLVERR, AXI_DECERR };

/* Bus words of two jobs are never the same, so that an error hits one of them. */
static struct driver *up(struct bench *b)
{
	struct driver *d = driver_up(b, ARENA);

	d->gap = PQDMA_BYTES;
	return d;
}

static struct job *submit_copy(struct driver *d, unsigned int ch, size_t len)
{
	struct job *job = driver_copy(d, ch, len, DMA_PREP_INTERRUPT);

	driver_spoil(job);
	driver_submit(job);
	return job;
}

/* One byte in the second half of the source or the destination of a job answers with an error from now on. */
static void put_fault(struct job *job, unsigned int kinds)
{
	const struct driver *d = job->d;
	struct rng *rng = test_rng(d->b);
	const size_t offset = job->len / 2 + rng_below(rng, (uint32_t)(job->len - job->len / 2));
	const uint64_t at = offset + (kinds == AXI_MEM_READ ? d->src[job->ch].bus + job->from : d->dst[job->ch].bus + job->at);

	mem_fault(d->b, &(struct axi_mem_fault){ .kinds = kinds, .first = at, .last = at, .resp = errors[rng_below(rng, 2)] });
}

static void check_failed(struct job *job, enum dmaengine_tx_result result)
{
	struct bench *b = job->d->b;

	CHECK(job->result.result == result);
	CHECK(job->result.residue && job->result.residue <= job->len);
	CHECK_EQ(job->result.residue, job->len - driver_prefix(job));
	CHECK(driver_status(job, NULL) == DMA_ERROR);
}

static void check_good(struct job *job)
{
	struct bench *b = job->d->b;

	CHECK(job->result.result == DMA_TRANS_NOERROR);
	CHECK_EQ(job->result.residue, 0);
	CHECK_EQ(driver_arrived(job), job->len);
	CHECK(driver_status(job, NULL) == DMA_COMPLETE);
}

/* Work for all channels; one job of one channel fails. */
static void fail_one(struct driver *d, unsigned int kinds, enum dmaengine_tx_result result)
{
	const unsigned int bad_ch = rng_below(test_rng(d->b), PQDMA_CHANNELS), bad = rng_below(test_rng(d->b), JOBS);
	struct job *job[PQDMA_CHANNELS][JOBS];

	for (unsigned int i = 0; i < JOBS; i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			job[ch][i] = submit_copy(d, ch, ch == bad_ch && i == bad ? LONG : driver_length(d, SHORT));
	put_fault(job[bad_ch][bad], kinds);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		driver_issue(d, ch);
	driver_wait_all(d);
	for (unsigned int i = 0; i < JOBS; i++)
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			if (ch == bad_ch && i == bad)
				check_failed(job[ch][i], result);
			else
				check_good(job[ch][i]);
	mem_clear_faults(d->b);
}

TEST(driver_error_read, "a read error: READ_FAILED with an exact residue and DMA_ERROR for that one, all others complete", .moves = true,
     .software = true)
{
	struct driver *d = up(b);

	for (unsigned int i = 0; i < ROUNDS; i++)
		fail_one(d, AXI_MEM_READ, DMA_TRANS_READ_FAILED);
	CHECK_EQ(d->aborts, ROUNDS);
	CHECK_EQ(d->calls, ROUNDS * JOBS * PQDMA_CHANNELS);
	driver_down(d);
}

TEST(driver_error_write, "a write error: WRITE_FAILED with an exact residue and DMA_ERROR for that one, all others complete",
     .moves = true, .software = true)
{
	struct driver *d = up(b);

	for (unsigned int i = 0; i < ROUNDS; i++)
		fail_one(d, AXI_MEM_WRITE, DMA_TRANS_WRITE_FAILED);
	CHECK_EQ(d->aborts, ROUNDS);
	CHECK_EQ(d->calls, ROUNDS * JOBS * PQDMA_CHANNELS);
	driver_down(d);
}

TEST(driver_error_many, "one channel with several bad places, neighbours among them: each fails alone", .moves = true, .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	struct driver *d = up(b);
	struct job *job[MANY];
	bool bad[MANY] = { false };

	for (unsigned int i = 0; i < MANY; i++)
		job[i] = submit_copy(d, ch, driver_length(d, 400));
	for (unsigned int i = 0; i < FAULTS; i++) {
		unsigned int which = i ? rng_below(test_rng(b), MANY) : 1;

		bad[which] = bad[which + (i == 0)] = true;
		put_fault(job[which], AXI_MEM_READ);
		if (i == 0)
			put_fault(job[which + 1], AXI_MEM_WRITE);
	}
	driver_issue(d, ch);
	driver_wait_all(d);
	for (unsigned int i = 0; i < MANY; i++)
		if (bad[i])
			CHECK(job[i]->result.result != DMA_TRANS_NOERROR && driver_status(job[i], NULL) == DMA_ERROR);
		else
			check_good(job[i]);
	CHECK(d->aborts >= 2);
	mem_clear_faults(b);
	driver_down(d);
}

TEST(driver_error_fetch, "a descriptor that cannot be read fails its own transaction, whatever has been read ahead", .moves = true,
     .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	struct driver *d = up(b);
	const uint64_t ring = ch_read64(b, ch, PQDMA_CH_HEAD_LO);

	for (unsigned int round = 0; round < ROUNDS; round++) {
		const unsigned int bad = rng_below(test_rng(b), JOBS);
		const uint64_t at = ring + (ch_read(b, ch, PQDMA_CH_TAIL) + bad) % RING * PQDMA_DESC_SIZE;
		struct job *job[JOBS];

		for (unsigned int i = 0; i < JOBS; i++)
			job[i] = submit_copy(d, ch, driver_length(d, 300));
		mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_FETCH, at, at + 63, errors[round % 2], 0, 1 });
		driver_issue(d, ch);
		driver_wait_all(d);
		for (unsigned int i = 0; i < JOBS; i++)
			if (i == bad)
				check_failed(job[i], DMA_TRANS_READ_FAILED);
			else
				check_good(job[i]);
		mem_clear_faults(b);
	}
	CHECK_EQ(d->aborts, ROUNDS);
	driver_down(d);
}

TEST(driver_error_ring, "an error while more waits than the ring holds: what is behind it, in the ring and not in it yet, keeps its order",
     .moves = true, .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS), bad = 1 + rng_below(test_rng(b), RING / 2 - 1);
	struct driver *d = up(b);
	struct job *job[RING + MORE];

	for (unsigned int i = 0; i < RING + MORE; i++) {
		job[i] = driver_copy(d, ch, 1 + rng_below(test_rng(b), 16), i + 1 == RING + MORE ? DMA_PREP_INTERRUPT : 0);
		driver_submit(job[i]);
	}
	put_fault(job[bad], AXI_MEM_READ);
	driver_issue(d, ch);
	driver_wait_all(d);
	for (unsigned int i = 0; i < RING + MORE; i++)
		CHECK((job[i]->result.result == DMA_TRANS_READ_FAILED) == (i == bad));
	CHECK_EQ(d->aborts, 1);
	driver_down(d);
}

TEST(driver_error_append, "work that is issued while the driver recovers from an error runs when it has recovered", .moves = true,
     .software = true)
{
	const unsigned int ch = rng_below(test_rng(b), PQDMA_CHANNELS);
	struct driver *d = up(b);

	for (unsigned int round = 0; round < 2 * ROUNDS; round++) {
		struct job *bad = submit_copy(d, ch, 300), *job = submit_copy(d, ch, 100);

		put_fault(bad, round % 2 ? AXI_MEM_READ : AXI_MEM_WRITE);
		driver_issue(d, ch);
		for (unsigned int i = 0; i < 4; i++) {
			kernel_sleep_clocks(rng_below(test_rng(b), 60));
			job = submit_copy(d, ch, driver_length(d, 200));
			driver_issue(d, ch);
		}
		driver_wait(job);
		check_good(job);
		CHECK(driver_status(bad, NULL) == DMA_ERROR);
		mem_clear_faults(b);
	}
	CHECK_EQ(d->aborts, 2 * ROUNDS);
	driver_down(d);
}

TEST(driver_error_poll, "dma_sync_wait() tells of an error at once, and the residue of the failed one is 0: it will not go on",
     .moves = true, .software = true)
{
	struct driver *d = up(b);

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct job *good = submit_copy(d, ch, 200), *bad = submit_copy(d, ch, 200);
		u32 residue;

		put_fault(bad, AXI_MEM_READ);
		CHECK(dma_sync_wait(d->chan[ch], good->cookie) == DMA_COMPLETE);
		CHECK(dma_sync_wait(d->chan[ch], bad->cookie) == DMA_ERROR);
		CHECK(driver_status(bad, &residue) == DMA_ERROR);
		CHECK_EQ(residue, 0);
		driver_wait(bad);
		mem_clear_faults(b);
	}
	CHECK_EQ(d->aborts, PQDMA_CHANNELS);
	driver_down(d);
}
