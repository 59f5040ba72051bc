// SPDX-License-Identifier: MIT
/*
 * Everything at once, by chance: operations, alignments, lengths, groups, flags, bursts, channels and memories; appends, STOP, RUN,
 * refused doorbells and cleared interrupts at any moment; and in two tests errors and aborts. At the end of each session the whole RAM and
 * every channel are compared with the oracle. What the oracle could not know is kept out: no two descriptors use
 * the same bytes, but for one that follows a fence.
 */
#include "sums.h"

#define SESSIONS 3
#define STEPS (25 * PQDMA_CHANNELS)
#define APPEND_MAX 6
#define LONG ((PQDMA_READS < 8 ? 24 : 94) * PQDMA_BYTES)	/* bytes of the longest transfers */
#define MAX_CLOCKS 4000000
#define PAUSE 30

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/**
 * struct session - what may happen, and what has
 * @aborts: channels are broken off
 * @steps:  of each kind that were taken
 */
struct session {
	struct sums *s;
	struct lists *l;
	bool aborts;
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
static struct sum random_sum(struct session *s, unsigned int ch)
{
	struct rng *rng = test_rng(s->l->b);
	const struct sum *last = &s->last[ch];
	struct sum sum = sums_random(s->s, ch, random_length(rng));

	if ((last->desc.flags & PQDMA_FLAG_FENCE) && rng_below(rng, 4)) {
		if (sums_validates(&sum) && rng_below(rng, 4))
			validate(&sum, last);
		else
			depend(rng, &sum, last);
	}
	s->last[ch] = sum;
	return sum;
}

static bool has_room(const struct list *list)
{
	return list->nr + APPEND_MAX <= LIST_MAX / 2 && list->dst + 2 * APPEND_MAX * (LONG + 64) <= list->dst_end;
}

static void append(struct session *s, unsigned int ch)
{
	struct lists *l = s->l;
	unsigned int nr = rng_range(test_rng(l->b), 1, APPEND_MAX);
	struct sum sums[APPEND_MAX];

	if (!has_room(&l->list[ch]))
		return;
	for (unsigned int i = 0; i < nr; i++)
		sums[i] = random_sum(s, ch);
	sums_scatter(s->s, ch, sums, nr);
	if (l->list[ch].started)
		lists_ring(l, ch, l->list[ch].nr);
	else
		lists_start(l, ch, l->list[ch].nr);
	s->appends++;
}

static void stop(struct session *s, unsigned int ch)
{
	ch_write(s->l->b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
	s->stops++;
}

static void run(struct session *s, unsigned int ch)
{
	ch_write(s->l->b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
}

static void refuse(struct session *s, unsigned int ch)
{
	struct list *list = &s->l->list[ch];
	struct rng *rng = test_rng(s->l->b);
	uint32_t back = list->tail - 1 - rng_below(rng, list->tail), ahead = list->tail + PQDMA_TAIL_WINDOW + 1 + rng_below(rng, 1u << 30);

	ch_write(s->l->b, ch, PQDMA_CH_TAIL, rng_below(rng, 2) ? back : ahead);
	list->refused = true;
	s->refusals++;
}

static void clear(struct session *s, unsigned int ch)
{
	uint32_t events = ch_read(s->l->b, ch, PQDMA_CH_IRQ_STATUS);

	ch_write(s->l->b, ch, PQDMA_CH_IRQ_STATUS, events);
	s->l->list[ch].cleared |= events;
	s->clears++;
}

static void break_off(struct session *s, unsigned int ch)
{
	if (!s->aborts)
		return;
	lists_break(s->l, ch);
	s->broken++;
}

static void step(struct session *s)
{
	static void (*const steps[])(struct session *s, unsigned int ch) = {
		append, append, append, append, stop, run, run, refuse, clear, break_off,
	};
	struct bench *b = s->l->b;
	struct rng *rng = test_rng(b);
	unsigned int ch = rng_below(rng, PQDMA_CHANNELS), what = rng_below(rng, NR(steps));
	const struct list *list = &s->l->list[ch];

	if (list->started && !list->broken)
		steps[what](s, ch);
	else if (!list->started)
		append(s, ch);
	if (rng_below(rng, 2))
		wait_clocks(b, 1 + rng_below(rng, PAUSE));
}

static void choose_memory(struct session *s)
{
	struct bench *b = s->l->b;
	struct rng *rng = test_rng(b);

	mem_profile(b, axi_mem_profile_name(rng_below(rng, 4)));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		lists_burst(s->l, ch, rng_below(rng, 10));
		s->last[ch] = (struct sum){ .nr = 0 };
	}
}

/* A fault of one kind, somewhere where this session may come. */
static void plant_fault(struct session *s, unsigned int ch)
{
	struct lists *l = s->l;
	struct rng *rng = test_rng(l->b);
	const struct {
		unsigned int kinds;
		uint64_t base;
		uint32_t size;
	} places[] = {
		{ AXI_MEM_READ, l->src, LISTS_SRC_BYTES },
		{ AXI_MEM_WRITE | AXI_MEM_STATUS, l->room[ch], LISTS_DST_BYTES / 16 },
		{ AXI_MEM_FETCH, l->area[ch], 4096 },
		{ AXI_MEM_FETCH, s->s->tables[ch], 2048 },
		{ AXI_MEM_WRITE | AXI_MEM_STATUS, l->area[ch], 4096 },
	}, *place = &places[rng_below(rng, NR(places))];
	uint64_t first = (place->base + rng_below(rng, place->size)) & ~63ull;

	mem_fault(l->b, &(struct axi_mem_fault){ place->kinds, first, first + 64 * rng_range(rng, 1, 8) - 1,
						 rng_below(rng, 2) ? AXI_SLVERR : AXI_DECERR, 0, 0 });
}

static void run_session(struct session *s)
{
	struct bench *b = s->l->b;

	for (unsigned int i = 0; i < STEPS; i++)
		step(s);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (s->l->list[ch].started && !s->l->list[ch].broken)
			run(s, ch);
	lists_wait(s->l);
	lists_check(s->l);
	sums_end(s->s);
	mem_clear_faults(b);
}

static struct session new_session(struct bench *b, bool aborts)
{
	struct sums *s = sums_new(b);

	return (struct session){ .s = s, .l = s->l, .aborts = aborts };
}

/* Has every operation that is built completed? */
static bool all_done(const struct session *s)
{
	for (unsigned int op = 0; op <= PQDMA_OP_MATRIX; op++)
		if (sums_built(op) && !s->s->completed[op])
			return false;
	return s->appends && s->stops && s->refusals && s->clears;
}

TEST(random_lists, "random lists on all channels with appends, STOP, RUN and refused doorbells at random moments", .moves = true,
     .max_clocks = MAX_CLOCKS)
{
	struct session s = new_session(b, false);

	for (unsigned int i = 0; i < SESSIONS || (!all_done(&s) && i < 8 * SESSIONS); i++) {
		choose_memory(&s);
		run_session(&s);
	}
	CHECK(all_done(&s));
	CHECK_EQ(s.l->failed, 0);
}

TEST(random_errors, "the same with one faulty range in each session: the first error of each channel, everything before it, nothing behind",
     .moves = true, .max_clocks = MAX_CLOCKS)
{
	struct session s = new_session(b, false);

	for (unsigned int i = 0; i < SESSIONS || (!(s.l->failed && all_done(&s)) && i < 8 * SESSIONS); i++) {
		choose_memory(&s);
		plant_fault(&s, i % PQDMA_CHANNELS);
		run_session(&s);
	}
	CHECK(all_done(&s));
	CHECK(s.l->failed);
}

TEST(random_aborts, "the same with channels that are aborted at random moments: every byte old or new, the other channels exact",
     .moves = true, .max_clocks = MAX_CLOCKS)
{
	struct session s = new_session(b, true);

	for (unsigned int i = 0; i < SESSIONS || (!(s.broken && mem_stats(b)->write_beats) && i < 8 * SESSIONS); i++) {
		choose_memory(&s);
		run_session(&s);
	}
	CHECK(s.appends);
	CHECK(s.broken);
}
