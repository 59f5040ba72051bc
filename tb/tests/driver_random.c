// SPDX-License-Identifier: MIT
/*
 * Everything a client may do, by chance, on all channels at once: a task for each channel prepares, submits, issues, asks, polls,
 * waits, sleeps and terminates; a few places in memory answer with errors.
 */
#include "driver_env.h"
#include <linux/kthread.h>
#include <linux/slab.h>

#define ARENA 65536
#define STEPS 60
#define MOST (DRIVER_JOBS / PQDMA_CHANNELS)	/* jobs of a channel */
#define AT_ONCE 4
#define LONGEST 900
#define FAULTS 3
#define MAX_CLOCKS 1000000

/**
 * struct client - the task of one channel
 * @job:     its jobs
 * @residue: the last that was seen of each
 * @nr:      how many
 * @done:    steps of each kind
 */
struct client {
	struct driver *d;
	unsigned int ch;
	struct job *job[MOST];
	u32 residue[MOST];
	unsigned int nr;
	unsigned int done[8];
};

static void step_submit(struct client *c)
{
	struct rng *rng = test_rng(c->d->b);
	unsigned int nr = rng_range(rng, 1, AT_ONCE);

	for (; nr && c->nr < MOST; nr--) {
		struct job *job = driver_any(c->d, c->ch, driver_length(c->d, LONGEST), rng_below(rng, 2) ? DMA_PREP_INTERRUPT : 0);

		c->residue[c->nr] = (u32)job->len;
		c->job[c->nr++] = job;
		driver_submit(job);
	}
}

static void step_issue(struct client *c)
{
	driver_issue(c->d, c->ch);
}

/* A residue may grow once, when what was behind an error begins again. */
static void step_ask(struct client *c)
{
	const unsigned int i = rng_below(test_rng(c->d->b), c->nr);
	struct bench *b = c->d->b;
	u32 residue;

	if (!c->nr || c->job[i]->dropped)
		return;
	if (driver_status(c->job[i], &residue) != DMA_IN_PROGRESS)
		CHECK_EQ(residue, 0);
	CHECK(residue <= c->job[i]->len && (residue <= c->residue[i] || residue == c->job[i]->len));
	c->residue[i] = residue;
}

static void step_sleep(struct client *c)
{
	kernel_sleep_clocks(rng_below(test_rng(c->d->b), 200));
}

/* Whoever did not ask for an interrupt has to ask for the end. */
static void finish(struct client *c, struct job *job)
{
	struct bench *b = c->d->b;

	CHECK(dma_sync_wait(c->d->chan[c->ch], job->cookie) != DMA_IN_PROGRESS);
	driver_wait(job);
}

static void step_wait(struct client *c)
{
	struct job *job = c->nr ? c->job[rng_below(test_rng(c->d->b), c->nr)] : NULL;

	if (job && !job->dropped)
		finish(c, job);
}

static void step_terminate(struct client *c)
{
	struct bench *b = c->d->b;

	if (rng_below(test_rng(b), 3))
		return;
	CHECK_EQ(dmaengine_terminate_sync(c->d->chan[c->ch]), 0);
	driver_drop(c->d, c->ch);
}

static void (*const steps[])(struct client *c) = {
	step_submit, step_submit, step_submit, step_issue, step_ask, step_sleep, step_wait, step_terminate,
};

static int client_task(void *arg)
{
	struct client *c = arg;

	for (unsigned int i = 0; i < STEPS; i++) {
		unsigned int kind = rng_below(test_rng(c->d->b), ARRAY_SIZE(steps));

		steps[kind](c);
		c->done[kind]++;
	}
	for (unsigned int i = 0; i < c->nr; i++)
		if (!c->job[i]->dropped)
			finish(c, c->job[i]);
	return 0;
}

static void put_faults(struct driver *d)
{
	struct rng *rng = test_rng(d->b);

	for (unsigned int i = 0; i < FAULTS; i++) {
		const unsigned int ch = rng_below(rng, PQDMA_CHANNELS);
		const bool write = rng_below(rng, 2);
		const uint64_t at = (write ? d->dst[ch].bus : d->src[ch].bus) + rng_below(rng, ARENA / 4);

		mem_fault(d->b, &(struct axi_mem_fault){ write ? AXI_MEM_WRITE : AXI_MEM_READ, at, at + 63, AXI_SLVERR, 0, 0 });
	}
}

static void run_clients(struct driver *d, struct client *client)
{
	struct task_struct *task[PQDMA_CHANNELS];
	struct bench *b = d->b;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		client[ch].d = d;
		client[ch].ch = ch;
		task[ch] = kthread_run(client_task, &client[ch], "client%u", ch);
		CHECK(!IS_ERR(task[ch]));
		get_task_struct(task[ch]);
	}
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		while (!kernel_task_done(task[ch], NULL))
			kernel_sleep_clocks(20);
		put_task_struct(task[ch]);
	}
}

TEST(driver_random, "clients of all channels do what they like, and some memory is bad: every byte, callback and cookie is accounted for",
     .moves = true, .software = true, .max_clocks = MAX_CLOCKS)
{
	struct driver *d = driver_up(b, ARENA);
	struct client *client = kcalloc(PQDMA_CHANNELS, sizeof(*client), GFP_KERNEL);
	unsigned int done[ARRAY_SIZE(steps)] = { 0 };

	CHECK(client);
	d->gap = PQDMA_BYTES;
	put_faults(d);
	run_clients(d, client);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (unsigned int i = 0; i < ARRAY_SIZE(steps); i++)
			done[i] += client[ch].done[i];
	for (unsigned int i = 0; i < ARRAY_SIZE(steps); i++)
		CHECK(done[i]);
	kfree(client);
	driver_down(d);
}
