// SPDX-License-Identifier: MIT
/*
 * Everything a client may do, by chance, on all channels at once, as a program (see program.h): a task for each channel prepares,
 * submits, issues, asks, polls, waits, sleeps and terminates; a few places in memory answer with errors.
 */
#include "driver_env.h"
#include <linux/kthread.h>
#include <linux/slab.h>

#define ARENA 65536
#define STEPS 60
#define TURN (STEPS / CLIENT_KINDS)	/* one step out of so many is not left to chance, so that there is one of each kind */
#define MOST (DRIVER_JOBS / PQDMA_CHANNELS)	/* jobs of a channel */
#define AT_ONCE 4
#define LONGEST 900
#define FAULTS 3
#define MAX_CLOCKS 1000000

/* Kinds of steps: first those that a client takes. */
enum { SUBMIT, ISSUE, ASK, SLEEP, WAIT, TERMINATE, CLIENT_KINDS, FAULT = CLIENT_KINDS, KINDS };

/**
 * struct client - the task of one channel
 * @rng:     draws its steps
 * @job:     its jobs
 * @residue: the last that was seen of each
 * @nr:      how many
 * @done:    steps of each kind
 */
struct client {
	struct driver *d;
	struct rng rng;
	unsigned int ch;
	struct job *job[MOST];
	u32 residue[MOST];
	unsigned int nr;
	unsigned int done[CLIENT_KINDS];
};

static void step_submit(struct client *c, const struct step *step)
{
	struct rng *rng = test_rng(c->d->b);

	for (unsigned int i = 0; i < step->nr && c->nr < MOST; i++) {
		const size_t len = step->bytes ? driver_length(c->d, min_t(size_t, step->bytes, LONGEST)) : 1;
		struct job *job = driver_any(c->d, c->ch, len, rng_below(rng, 2) ? DMA_PREP_INTERRUPT : 0);

		c->residue[c->nr] = (u32)job->len;
		c->job[c->nr++] = job;
		program_remark(test_program(c->d->b), "%s of %zu bytes to offset %zu", job->op == PQDMA_OP_COPY ? "copy" : "fill",
			       job->len, job->at);
		driver_submit(job);
	}
}

static void step_issue(struct client *c, const struct step *step)
{
	(void)step;
	driver_issue(c->d, c->ch);
}

/* A residue may grow once, when what was behind an error begins again. */
static void step_ask(struct client *c, const struct step *step)
{
	const unsigned int i = rng_below(test_rng(c->d->b), c->nr);
	struct bench *b = c->d->b;
	u32 residue;

	(void)step;
	if (!c->nr || c->job[i]->dropped)
		return;
	if (driver_status(c->job[i], &residue) != DMA_IN_PROGRESS)
		CHECK_EQ(residue, 0);
	CHECK(residue <= c->job[i]->len && (residue <= c->residue[i] || residue == c->job[i]->len));
	c->residue[i] = residue;
}

static void step_sleep(struct client *c, const struct step *step)
{
	(void)c;
	kernel_sleep_clocks(step->nr);
}

/* Whoever did not ask for an interrupt has to ask for the end. */
static void finish(struct client *c, struct job *job)
{
	struct bench *b = c->d->b;

	CHECK(dma_sync_wait(c->d->chan[c->ch], job->cookie) != DMA_IN_PROGRESS);
	driver_wait(job);
}

static void step_wait(struct client *c, const struct step *step)
{
	struct job *job = c->nr ? c->job[rng_below(test_rng(c->d->b), c->nr)] : NULL;

	(void)step;
	if (job && !job->dropped)
		finish(c, job);
}

static void step_terminate(struct client *c, const struct step *step)
{
	struct bench *b = c->d->b;

	(void)step;
	CHECK_EQ(dmaengine_terminate_sync(c->d->chan[c->ch]), 0);
	driver_drop(c->d, c->ch);
}

static const char *const names[KINDS] = { "submit", "issue", "ask", "sleep", "wait", "terminate", "fault" };
static const struct program_kinds kinds = { names, KINDS };

static void take(struct client *c, const struct step *step)
{
	static void (*const steps[CLIENT_KINDS])(struct client *c, const struct step *step) = {
		step_submit, step_issue, step_ask, step_sleep, step_wait, step_terminate,
	};

	program_begin(test_program(c->d->b), step, test_rng(c->d->b));
	steps[step->kind](c, step);
	c->done[step->kind]++;
}

static struct step draw_step(struct client *c, unsigned int i)
{
	static const uint8_t often[] = {
		SUBMIT, SUBMIT, SUBMIT, ISSUE, ASK, SLEEP, WAIT, SUBMIT, SUBMIT, SUBMIT, ISSUE, ASK, SLEEP, WAIT,
		SUBMIT, SUBMIT, SUBMIT, ISSUE, ASK, SLEEP, WAIT, TERMINATE,
	};
	struct rng *rng = &c->rng;
	struct step step = { .kind = often[rng_below(rng, ARRAY_SIZE(often))], .ch = c->ch, .key = (u32)rng_u64(rng) };

	if (i % TURN == 0)
		step.kind = (i / TURN + c->ch) % CLIENT_KINDS;
	if (step.kind == SUBMIT) {
		step.nr = rng_range(rng, 1, AT_ONCE);
		step.bytes = LONGEST;
	} else if (step.kind == SLEEP) {
		step.nr = rng_below(rng, 200);
	}
	return step;
}

static int client_task(void *arg)
{
	struct client *c = arg;
	struct program *p = test_program(c->d->b);
	struct step step;

	for (unsigned int i = 0; i < STEPS && !program_replays(p); i++) {
		step = draw_step(c, i);
		take(c, &step);
	}
	while (program_next(p, (1u << CLIENT_KINDS) - 1, (int)c->ch, &step))
		take(c, &step);
	for (unsigned int i = 0; i < c->nr; i++)
		if (!c->job[i]->dropped)
			finish(c, c->job[i]);
	return 0;
}

static void put_fault(struct driver *d, const struct step *step)
{
	struct rng *rng = test_rng(d->b);
	bool write;
	uint64_t at;

	program_begin(test_program(d->b), step, rng);
	write = rng_below(rng, 2);
	at = (write ? d->dst[step->ch].bus : d->src[step->ch].bus) + rng_below(rng, ARENA / 4);
	mem_fault(d->b, &(struct axi_mem_fault){ write ? AXI_MEM_WRITE : AXI_MEM_READ, at, at + 63, AXI_SLVERR, 0, 0 });
	program_remark(test_program(d->b), "SLVERR for %s of 0x%" PRIx64, write ? "writes" : "reads", at);
}

static void put_faults(struct driver *d)
{
	struct program *p = test_program(d->b);
	struct step step = { .kind = FAULT };

	for (unsigned int i = 0; i < FAULTS && !program_replays(p); i++) {
		step.ch = rng_below(&p->rng, PQDMA_CHANNELS);
		step.key = (u32)rng_u64(&p->rng);
		put_fault(d, &step);
	}
	while (program_next(p, 1u << FAULT, PROGRAM_ANY_CHANNEL, &step))
		put_fault(d, &step);
}

static void run_clients(struct driver *d, struct client *client)
{
	struct task_struct *task[PQDMA_CHANNELS];
	struct bench *b = d->b;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		client[ch].d = d;
		client[ch].ch = ch;
		client[ch].rng.state = rng_u64(&test_program(b)->rng);
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
     .moves = true, .software = true, .max_clocks = MAX_CLOCKS, .program = &kinds)
{
	struct driver *d = driver_up(b, ARENA);
	struct client *client = kcalloc(PQDMA_CHANNELS, sizeof(*client), GFP_KERNEL);
	unsigned int done[CLIENT_KINDS] = { 0 };

	CHECK(client);
	d->gap = PQDMA_BYTES;
	put_faults(d);
	run_clients(d, client);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (unsigned int i = 0; i < CLIENT_KINDS; i++)
			done[i] += client[ch].done[i];
	for (unsigned int i = 0; i < CLIENT_KINDS && !program_replays(test_program(b)); i++)
		CHECK(done[i]);
	kfree(client);
	driver_down(d);
}
