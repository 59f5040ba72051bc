// SPDX-License-Identifier: MIT
/*
 * Everything at once, by chance, as a program (see program.h) that can be saved, shortened and replayed: operations, alignments,
 * lengths, groups, flags, bursts, channels and memories; appends, STOP, RUN, refused doorbells and cleared interrupts at any moment;
 * and in two tests errors and aborts. At the end of each session the whole RAM and every channel are compared with the oracle. What
 * the oracle could not know is kept out: no two descriptors use the same bytes, but for one that follows a fence.
 */
#include "sums.h"

#define SESSIONS 3
#define STEPS (25 * PQDMA_CHANNELS)
#define APPEND_MAX 6
#define LONG ((PQDMA_READS < 8 ? 24 : 94) * PQDMA_BYTES)	/* bytes of the longest transfers */
#define MAX_CLOCKS 4000000
#define PAUSE 30
#define PROFILES 4	/* of memory: ideal, typical, slow, torture */

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/**
 * struct session - what may happen, and what has
 * @p:      where the steps come from, or go to
 * @aborts: channels are broken off
 * @open:   something has happened since the last check
 * @steps:  of each kind that were taken
 */
struct session {
	struct sums *s;
	struct lists *l;
	struct program *p;
	bool aborts;
	bool open;
	unsigned int appends;
	unsigned int stops;
	unsigned int refusals;
	unsigned int clears;
	unsigned int broken;
	struct sum last[PQDMA_CHANNELS];
};

static bool is_data(const struct sum *sum)
{
	return sum->desc.op >= PQDMA_OP_COPY && !sums_validates(sum) && sums_has_p(sum);
}

static uint32_t random_length(struct rng *rng)
{
	switch (rng_below(rng, 4)) {
	case 0:
		return rng_range(rng, 1, 3 * PQDMA_BYTES);
	case 1:
		return rng_range(rng, 1, LONG);
	case 2:
		return PQDMA_BYTES * rng_range(rng, 1, 8);
	default:
		return rng_range(rng, 1, 200);
	}
}

/* A read of what the descriptor before has written, if that has a fence: the source of a copy, or the first of several */
static void depend(struct rng *rng, struct sum *sum, const struct sum *last)
{
	uint64_t at;

	if (!is_data(last) || sum->desc.length > last->desc.length)
		return;
	at = last->desc.dst + rng_below(rng, last->desc.length - sum->desc.length + 1);
	if (sum->desc.op == PQDMA_OP_COPY)
		sum->desc.src = at;
	else if (sum->desc.op >= PQDMA_OP_XOR)
		sum->source[0].addr = at;
}

/* A validation of what the descriptor before has made, if that can be validated */
static void validate(struct sum *sum, const struct sum *last)
{
	const struct desc desc = sum->desc;

	if (last->desc.op != (sum->desc.op == PQDMA_OP_PQ_VAL ? PQDMA_OP_PQ : PQDMA_OP_XOR))
		return;
	*sum = *last;
	sum->desc.op = desc.op;
	sum->desc.tag = desc.tag;
	sum->desc.flags = (desc.flags & 7) | (last->desc.flags & (PQDMA_FLAG_P_OFF | PQDMA_FLAG_Q_OFF));
}

/* Often a descriptor uses what the one before it has written, if that has a fence. */
static struct sum random_sum(struct session *s, const struct step *step)
{
	struct rng *rng = test_rng(s->l->b);
	const struct sum *last = &s->last[step->ch];
	const uint32_t length = random_length(rng);
	struct sum sum = sums_random(s->s, step->ch, length < step->bytes ? length : step->bytes);

	if ((last->desc.flags & PQDMA_FLAG_FENCE) && rng_below(rng, 4)) {
		if (sums_validates(&sum) && rng_below(rng, 4))
			validate(&sum, last);
		else
			depend(rng, &sum, last);
	}
	s->last[step->ch] = sum;
	return sum;
}

static bool has_room(const struct list *list)
{
	return list->nr + APPEND_MAX <= LIST_MAX / 2 && list->dst + 2 * APPEND_MAX * (LONG + 64) <= list->dst_end;
}

static bool is_live(const struct session *s, unsigned int ch)
{
	return s->l->list[ch].started && !s->l->list[ch].broken;
}

static bool any_started(const struct session *s)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (s->l->list[ch].started)
			return true;
	return false;
}

static void remark(struct session *s, const struct sum *sum)
{
	static const char *const ops[] = { "nop", "interrupt", "copy", "fill", "xor", "xor_val", "pq", "pq_val", "matrix" };

	program_remark(s->p, "%s, %u bytes from %u sources to 0x%" PRIx64 ", flags %02x, tag %04x", ops[sum->desc.op], sum->desc.length,
		       sum->desc.op == PQDMA_OP_COPY ? 1 : sum->nr, sum->desc.dst, sum->desc.flags, sum->desc.tag);
}

static void append(struct session *s, const struct step *step)
{
	struct lists *l = s->l;
	struct list *list = &l->list[step->ch];
	struct sum sums[APPEND_MAX];
	const unsigned int nr = step->nr < APPEND_MAX ? step->nr : APPEND_MAX;

	if (list->broken || !nr || !has_room(list))
		return;
	for (unsigned int i = 0; i < nr; i++) {
		sums[i] = random_sum(s, step);
		remark(s, &sums[i]);
	}
	sums_scatter(s->s, step->ch, sums, nr);
	if (list->started)
		lists_ring(l, step->ch, list->nr);
	else
		lists_start(l, step->ch, list->nr);
	s->appends++;
}

static void stop(struct session *s, const struct step *step)
{
	if (!is_live(s, step->ch))
		return;
	ch_write(s->l->b, step->ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
	s->stops++;
}

static void run(struct session *s, const struct step *step)
{
	if (is_live(s, step->ch))
		ch_write(s->l->b, step->ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
}

static void refuse(struct session *s, const struct step *step)
{
	struct list *list = &s->l->list[step->ch];
	struct rng *rng = test_rng(s->l->b);
	uint32_t back = list->tail - 1 - rng_below(rng, list->tail), ahead = list->tail + PQDMA_TAIL_WINDOW + 1 + rng_below(rng, 1u << 30);

	if (!is_live(s, step->ch))
		return;
	ch_write(s->l->b, step->ch, PQDMA_CH_TAIL, rng_below(rng, 2) ? back : ahead);
	list->refused = true;
	s->refusals++;
}

static void clear(struct session *s, const struct step *step)
{
	uint32_t events;

	if (!is_live(s, step->ch))
		return;
	events = ch_read(s->l->b, step->ch, PQDMA_CH_IRQ_STATUS);
	ch_write(s->l->b, step->ch, PQDMA_CH_IRQ_STATUS, events);
	s->l->list[step->ch].cleared |= events;
	s->clears++;
}

static void break_off(struct session *s, const struct step *step)
{
	if (!is_live(s, step->ch))
		return;
	lists_break(s->l, step->ch);
	s->broken++;
}

/* Memory profile number step->nr, and bursts. Not while something runs: the oracle takes both as fixed. */
static void choose_memory(struct session *s, const struct step *step)
{
	struct bench *b = s->l->b;

	if (any_started(s))
		return;
	mem_profile(b, axi_mem_profile_name(step->nr % PROFILES));
	program_remark(s->p, "memory %s", axi_mem_profile_name(step->nr % PROFILES));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		lists_burst(s->l, ch, rng_below(test_rng(b), 10));
		s->last[ch] = (struct sum){ .nr = 0 };
	}
}

/* A fault of one kind, somewhere where this session may come. */
static void plant_fault(struct session *s, const struct step *step)
{
	struct lists *l = s->l;
	struct rng *rng = test_rng(l->b);
	const struct {
		unsigned int kinds;
		uint64_t base;
		uint32_t size;
	} places[] = {
		{ AXI_MEM_READ, l->src, LISTS_SRC_BYTES },
		{ AXI_MEM_WRITE | AXI_MEM_STATUS, l->room[step->ch], LISTS_DST_BYTES / 16 },
		{ AXI_MEM_FETCH, l->area[step->ch], 4096 },
		{ AXI_MEM_FETCH, s->s->tables[step->ch], 2048 },
		{ AXI_MEM_WRITE | AXI_MEM_STATUS, l->area[step->ch], 4096 },
	}, *place = &places[rng_below(rng, NR(places))];
	const uint64_t first = (place->base + rng_below(rng, place->size)) & ~63ull, last = first + 64 * rng_range(rng, 1, 8) - 1;
	const unsigned int resp = rng_below(rng, 2) ? AXI_SLVERR : AXI_DECERR;

	if (any_started(s))
		return;
	mem_fault(l->b, &(struct axi_mem_fault){ place->kinds, first, last, resp, 0, 0 });
	program_remark(s->p, "%s for 0x%" PRIx64 " to 0x%" PRIx64 ", kinds %x", resp == AXI_SLVERR ? "SLVERR" : "DECERR", first, last,
		       place->kinds);
}

/* Let everything end, and compare. */
static void check(struct session *s, const struct step *step)
{
	struct step each = *step;

	for (each.ch = 0; each.ch < PQDMA_CHANNELS; each.ch++)
		run(s, &each);
	lists_wait(s->l);
	lists_check(s->l);
	sums_end(s->s);
	mem_clear_faults(s->l->b);
}

enum kind { MEMORY, FAULT, APPEND, STOP, RUN, REFUSE, CLEAR, ABORT, CHECK_ALL, KINDS };

static const char *const names[KINDS] = { "memory", "fault", "append", "stop", "run", "refuse", "clear", "abort", "check" };
static const struct program_kinds kinds = { names, KINDS };

static void take(struct session *s, const struct step *step)
{
	static void (*const steps[KINDS])(struct session *s, const struct step *step) = {
		choose_memory, plant_fault, append, stop, run, refuse, clear, break_off, check,
	};

	program_begin(s->p, step, test_rng(s->l->b));
	steps[step->kind](s, step);
	if (step->wait)
		wait_clocks(s->l->b, step->wait);
	s->open = step->kind != CHECK_ALL;
}

/* ---- drawing new steps ---- */

static struct step new_step(struct session *s, unsigned int kind, unsigned int ch)
{
	return (struct step){ .kind = kind, .ch = ch, .key = (uint32_t)rng_u64(&s->p->rng) };
}

static void draw_step(struct session *s)
{
	static const uint8_t often[] = { APPEND, APPEND, APPEND, APPEND, STOP, RUN, RUN, REFUSE, CLEAR, ABORT };
	struct rng *rng = &s->p->rng;
	const unsigned int ch = rng_below(rng, PQDMA_CHANNELS), kind = often[rng_below(rng, NR(often) - !s->aborts)];
	struct step step = new_step(s, s->l->list[ch].started ? kind : APPEND, ch);

	if (step.kind == APPEND) {
		step.nr = rng_range(rng, 1, APPEND_MAX);
		step.bytes = LONG;
	}
	if (rng_below(rng, 2))
		step.wait = rng_range(rng, 1, PAUSE);
	if (!s->l->list[ch].broken)
		take(s, &step);
}

static void draw_session(struct session *s, int fault)
{
	struct step memory = new_step(s, MEMORY, 0), plant = new_step(s, FAULT, fault < 0 ? 0 : (unsigned int)fault), end;

	memory.nr = rng_below(&s->p->rng, PROFILES);
	take(s, &memory);
	if (fault >= 0)
		take(s, &plant);
	for (unsigned int i = 0; i < STEPS; i++)
		draw_step(s);
	end = new_step(s, CHECK_ALL, 0);
	take(s, &end);
}

static void replay(struct session *s)
{
	const struct step end = { .kind = CHECK_ALL };
	struct step step;

	while (program_next(s->p, UINT32_MAX, PROGRAM_ANY_CHANNEL, &step))
		take(s, &step);
	if (s->open)
		take(s, &end);
}

static struct session new_session(struct bench *b, bool aborts)
{
	struct sums *s = sums_new(b);

	return (struct session){ .s = s, .l = s->l, .p = test_program(b), .aborts = aborts };
}

/* Has every operation that is built completed? */
static bool all_done(const struct session *s)
{
	for (unsigned int op = 0; op <= PQDMA_OP_MATRIX; op++)
		if (sums_built(op) && !s->s->completed[op])
			return false;
	return s->appends && s->stops && s->refusals && s->clears;
}

/* Sessions until @enough says so, or the steps of a file, whatever they reach. */
static void run_sessions(struct session *s, bool faults, bool (*enough)(const struct session *s))
{
	struct bench *b = s->l->b;

	if (program_replays(s->p)) {
		replay(s);
		return;
	}
	for (int i = 0; i < SESSIONS || (!enough(s) && i < 8 * SESSIONS); i++)
		draw_session(s, faults ? i % PQDMA_CHANNELS : -1);
	CHECK(enough(s));
}

static bool all_done_and_failed(const struct session *s)
{
	return all_done(s) && s->l->failed;
}

static bool broken_and_moved(const struct session *s)
{
	return s->appends && s->broken && mem_stats(s->l->b)->write_beats;
}

TEST(random_lists, "random lists on all channels with appends, STOP, RUN and refused doorbells at random moments", .moves = true,
     .max_clocks = MAX_CLOCKS, .program = &kinds)
{
	struct session s = new_session(b, false);

	run_sessions(&s, false, all_done);
	CHECK_EQ(s.l->failed, 0);
}

TEST(random_errors, "the same with one faulty range in each session: the first error of each channel, everything before it, nothing behind",
     .moves = true, .max_clocks = MAX_CLOCKS, .program = &kinds)
{
	struct session s = new_session(b, false);

	run_sessions(&s, true, all_done_and_failed);
}

TEST(random_aborts, "the same with channels that are aborted at random moments: every byte old or new, the other channels exact",
     .moves = true, .max_clocks = MAX_CLOCKS, .program = &kinds)
{
	struct session s = new_session(b, true);

	run_sessions(&s, false, broken_and_moved);
}
