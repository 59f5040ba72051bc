/* SPDX-License-Identifier: MIT */
/* Links that are read ahead of their groups: when, in which order, and what an error of such a read means. */
#include "lists.h"

#define MOST 20			/* descriptors in a group */
#define FETCHES (2 * MOST + 2)
#define BEHIND 4		/* descriptors in the group behind */

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/** struct fetches - addresses of the fetches on the bus, in order */
struct fetches {
	uint64_t addr[FETCHES];
	unsigned int nr;
};

static void watch_fetches(struct bench *b, void *arg)
{
	struct fetches *f = arg;

	if (!b->out.m_axi_arvalid || !b->in.m_axi_arready || !b->out.m_axi_arid)
		return;
	CHECK(f->nr < FETCHES);
	f->addr[f->nr++] = b->out.m_axi_araddr;
}

static uint64_t word_of(uint64_t addr)
{
	return addr & ~(uint64_t)(PQDMA_BYTES - 1);
}

static uint64_t link_of(const struct list *list, unsigned int i)
{
	return word_of(list->at[i] + PQDMA_DESC_LINK_OFFSET);
}

static void put_group(struct lists *l, unsigned int ch, unsigned int nr)
{
	struct desc descs[MOST];

	for (unsigned int i = 0; i < nr; i++)
		descs[i] = lists_desc(l, ch, PQDMA_OP_COPY, rng_range(test_rng(l->b), 1, 2 * PQDMA_BYTES));
	lists_group(l, ch, descs, nr);
}

/* Fetch @from is of a descriptor, and so are the @nr - 1 behind it, one after another from descriptor @first on. */
static void expect_descs(struct bench *b, const struct list *list, const struct fetches *f, unsigned int from, unsigned int first,
			 unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		CHECK_EQ(f->addr[from + i], list->at[first + i]);
}

/*
 * Two groups, the second one promised from the start or after the first one has run. The link behind the first one is read second, or
 * behind all of its descriptors; but a group of one or two has no time for that, and its last descriptor brings the link if it may.
 */
static unsigned int run_two(struct lists *l, unsigned int ch, unsigned int nr, bool promised)
{
	struct bench *b = l->b;
	struct list *list = &l->list[ch];
	struct fetches f = { .nr = 0 };
	const unsigned int ahead = promised && nr > 2, again = !promised;

	put_group(l, ch, nr);
	put_group(l, ch, BEHIND);
	bench_tap(b, watch_fetches, &f);
	lists_start(l, ch, promised ? nr + BEHIND : nr);
	lists_wait(l);
	if (!promised)
		lists_ring(l, ch, nr + BEHIND);
	lists_wait(l);
	bench_tap(b, NULL, NULL);
	CHECK_EQ(f.nr, nr + BEHIND + ahead + again);
	if (ahead || again)
		CHECK_EQ(f.addr[ahead ? 1 : nr], link_of(list, nr - 1));
	CHECK_EQ(f.addr[0], list->at[0]);
	expect_descs(b, list, &f, 1 + ahead, 1, nr - 1);
	expect_descs(b, list, &f, nr + ahead + again, nr, BEHIND);
	lists_check(l);
	lists_end(l);
	return ahead;
}

TEST(ahead_order, "the link behind a group is read behind its first descriptor if it is promised, else when it is, and never twice",
     .moves = true, .one_port = true)
{
	struct lists *l = lists_new(b);
	unsigned int ahead = 0, runs = 0;

	for (unsigned int nr = 1; nr <= MOST; nr++, runs += 2) {
		ahead += run_two(l, runs / 2 % PQDMA_CHANNELS, nr, true);
		ahead += run_two(l, runs / 2 % PQDMA_CHANNELS, nr, false);
	}
	CHECK_EQ(ahead, MOST - 2);
	CHECK_EQ(lists_moved(l), (uint64_t)MOST * (MOST + 1) + 2 * MOST * BEHIND);
}

/* On either port */
static uint64_t errors(const struct bench *b)
{
	return b->mem.stats.errors + b->desc_port.mem.stats.errors;
}

/* The first read of the link fails, which nobody hears of: it is read again. */
static void lose_once(struct lists *l, unsigned int ch, unsigned int nr, unsigned int resp)
{
	struct bench *b = l->b;
	const struct axi_mem_stats was = *mem_stats(b);
	const uint64_t had = errors(b);
	uint64_t link;

	put_group(l, ch, nr);
	put_group(l, ch, BEHIND);
	link = link_of(&l->list[ch], nr - 1);
	mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_FETCH, link, link, resp, 0, 1 });
	lists_start(l, ch, nr + BEHIND);
	lists_wait(l);
	CHECK_EQ(errors(b) - had, 1);
	CHECK(mem_stats(b)->fetch_bursts - was.fetch_bursts <= nr + BEHIND + 2);
	lists_check(l);
	mem_clear_faults(b);
	lists_end(l);
}

static void lose_for_good(struct lists *l, unsigned int ch, unsigned int nr, unsigned int error)
{
	struct bench *b = l->b;
	uint64_t last, link;

	put_group(l, ch, nr);
	put_group(l, ch, BEHIND);
	last = l->list[ch].at[nr - 1];
	link = link_of(&l->list[ch], nr - 1);
	mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_FETCH, link, link, error ? AXI_DECERR : AXI_SLVERR, 0, 0 });
	lists_start(l, ch, nr + BEHIND);
	lists_check_failed(l, ch, PQDMA_ERR_FETCH_SLVERR + error, last, last);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), nr - 1);
	mem_clear_faults(b);
	lists_end(l);
}

TEST(ahead_error, "an error of a link that was read ahead is none; if it cannot be read at all it is one of the descriptor that has it",
     .moves = true)
{
	static const unsigned int latencies[] = { 1, 4, 12, 60 };
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct lists *l = lists_new(b);
	unsigned int runs = 0;

	for (unsigned int i = 0; i < NR(latencies); i++)
		for (unsigned int nr = 3; nr <= MOST; nr++, runs++) {
			config.read_latency = latencies[i];
			mem_configure(b, &config);
			lose_once(l, runs % PQDMA_CHANNELS, nr, runs % 2 ? AXI_DECERR : AXI_SLVERR);
			lose_for_good(l, runs % PQDMA_CHANNELS, nr, runs % 2);
		}
	CHECK_EQ(l->failed, runs);
}
