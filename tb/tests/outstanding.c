// SPDX-License-Identifier: MIT
/*
 * Errors while as much is in flight as the controller allows: all channels work on a memory that answers late, and one beat or one burst of
 * one channel is answered with SLVERR or DECERR. Each kind of access, each beat. The record is exact, the others do not notice.
 */
#include "sums.h"

#define DESCS 6
#define LATE_READ (20 + 5 * PQDMA_READS)	/* clocks until an answer: more than all that can be in flight takes to be asked for */
#define LATE_WRITE (40 + 5 * PQDMA_STRIPS)
#define SOURCES (PQDMA_SOURCES < 5 ? PQDMA_SOURCES : 5)
#define BEATS 4			/* most beats of a range */
#define LENGTH (3 * PQDMA_BYTES)
#define DBEATS ((PQDMA_DESC_STATUS_OFFSET + PQDMA_BYTES - 1) / PQDMA_BYTES)	/* the status word is not read */
#define TABLE_BEATS ((SOURCES + 3) / 4 * ((SUMS_BLOCK + PQDMA_BYTES - 1) / PQDMA_BYTES))
#define WORD(addr) ((addr) & ~(uint64_t)(PQDMA_BYTES - 1))

static const uint8_t ops[DESCS] = {
	PQDMA_OP_COPY, PQDMA_OP_XOR, PQDMA_OP_FILL, PQDMA_WITH_PQ ? PQDMA_OP_PQ : PQDMA_OP_XOR, PQDMA_OP_COPY, PQDMA_OP_COPY,
};

static struct sum sums[DESCS];

/**
 * struct place - what is answered with an error, and what must come of it
 * @kinds: AXI_MEM_ bits
 * @first: the first byte of it on the bus, @last the last one
 * @cause: with SLVERR; that with DECERR is one more
 * @addr:  ERR_ADDR
 */
struct place {
	unsigned int kinds;
	uint64_t first;
	uint64_t last;
	uint32_t cause;
	uint64_t addr;
};

/* In flight now, and when an error was answered at most */
struct flight {
	unsigned int now[3];
	unsigned int most[3];
};

enum { READS, FETCHES, WRITES };

static void note_error(struct flight *f, unsigned int kind)
{
	f->most[kind] = f->now[kind] > f->most[kind] ? f->now[kind] : f->most[kind];
}

static void watch_flight(struct bench *b, void *arg)
{
	const struct pqdma_out *out = &b->out;
	const struct pqdma_in *in = &b->in;
	const unsigned int read = in->m_axi_rid ? FETCHES : READS;
	struct flight *f = arg;

	if (out->m_axi_arvalid && in->m_axi_arready)
		f->now[out->m_axi_arid ? FETCHES : READS]++;
	f->now[WRITES] += out->m_axi_awvalid && in->m_axi_awready;
	if (in->m_axi_rvalid && in->m_axi_rresp & 2)
		note_error(f, read);
	if (in->m_axi_bvalid && in->m_axi_bresp & 2)
		note_error(f, WRITES);
	f->now[read] -= in->m_axi_rvalid && in->m_axi_rlast;
	f->now[WRITES] -= in->m_axi_bvalid;
}

/* A bus word belongs to one range only, since faults hit whole words. */
static uint64_t own_words(struct sums *s, unsigned int ch)
{
	struct list *list = &s->l->list[ch];
	const uint64_t at = WORD(list->dst + PQDMA_BYTES - 1);

	list->dst = at + BEATS * PQDMA_BYTES;
	return at + rng_below(test_rng(s->l->b), PQDMA_BYTES);
}

static void put_list(struct sums *s, unsigned int ch)
{
	for (unsigned int i = 0; i < DESCS; i++) {
		sums[i] = sums_draw(s, ch, ops[i], SOURCES, LENGTH);
		sums[i].desc.flags = PQDMA_FLAG_WB;
		sums[i].desc.dst = own_words(s, ch);
		sums[i].q = own_words(s, ch);
		if (ops[i] == PQDMA_OP_COPY)
			sums[i].desc.src = own_words(s, ch);
		for (unsigned int k = 0; k < SOURCES; k++)
			sums[i].source[k].addr = own_words(s, ch);
	}
	lists_burst(s->l, ch, 0);
	sums_group(s, ch, sums, DESCS);
}

/* The bus word of beat @beat of a range that begins at @at */
static struct place word_of(uint64_t at, unsigned int beat, unsigned int kinds, uint32_t cause)
{
	const unsigned int beats = (unsigned int)((at % PQDMA_BYTES + LENGTH + PQDMA_BYTES - 1) / PQDMA_BYTES);
	const uint64_t word = WORD(at) + beat % beats * PQDMA_BYTES;

	return (struct place){ kinds, word, word + PQDMA_BYTES - 1, cause, word };
}

static struct place fetch_place(struct sums *s, unsigned int ch, unsigned int i, unsigned int k)
{
	const uint64_t at = s->l->list[ch].at[i];

	return (struct place){ AXI_MEM_FETCH, at + k * PQDMA_BYTES, at + k * PQDMA_BYTES, PQDMA_ERR_FETCH_SLVERR, at };
}

static struct place table_place(struct sums *s, unsigned int ch, unsigned int i, unsigned int k)
{
	const uint64_t at = sums_table(s, ch, i) + k * PQDMA_BYTES;

	return (struct place){ AXI_MEM_FETCH, at, at, PQDMA_ERR_FETCH_SLVERR, at & ~(uint64_t)(SUMS_BLOCK - 1) };
}

static struct place read_place(struct sums *s, unsigned int ch, unsigned int i, unsigned int k)
{
	(void)s;
	(void)ch;
	if (ops[i] == PQDMA_OP_COPY)
		return word_of(sums[i].desc.src, k, AXI_MEM_READ, PQDMA_ERR_READ_SLVERR);
	return word_of(sums[i].source[k / BEATS].addr, k % BEATS, AXI_MEM_READ, PQDMA_ERR_READ_SLVERR);
}

static struct place write_place(struct sums *s, unsigned int ch, unsigned int i, unsigned int k)
{
	const uint64_t at = k < BEATS ? sums[i].desc.dst : sums[i].q;
	struct place place = word_of(at, k % BEATS, AXI_MEM_WRITE | AXI_MEM_STATUS, PQDMA_ERR_WRITE_SLVERR);

	(void)s;
	(void)ch;
	place.addr = place.first > at ? place.first : at;
	return place;
}

static struct place status_place(struct sums *s, unsigned int ch, unsigned int i, unsigned int k)
{
	const uint64_t at = s->l->list[ch].at[i] + PQDMA_DESC_STATUS_OFFSET;

	(void)k;
	return (struct place){ AXI_MEM_STATUS, WORD(at), (at + 7) | (PQDMA_BYTES - 1), PQDMA_ERR_STATUS_SLVERR, at };
}

/* How many beats of each kind descriptor @i has */

static unsigned int fetch_beats(unsigned int i)
{
	(void)i;
	return DBEATS;
}

static unsigned int table_beats(unsigned int i)
{
	return ops[i] >= PQDMA_OP_XOR ? TABLE_BEATS : 0;
}

static unsigned int read_beats(unsigned int i)
{
	return ops[i] >= PQDMA_OP_XOR ? SOURCES * BEATS : ops[i] == PQDMA_OP_COPY ? BEATS : 0;
}

static unsigned int write_beats(unsigned int i)
{
	return ops[i] >= PQDMA_OP_PQ ? 2 * BEATS : BEATS;
}

static unsigned int status_beats(unsigned int i)
{
	(void)i;
	return 1;
}

/* Kinds of access, and the latencies of a memory that has the most of them in flight */
static const struct kind {
	unsigned int read_latency;
	unsigned int write_latency;
	unsigned int (*beats)(unsigned int i);
	struct place (*place)(struct sums *s, unsigned int ch, unsigned int i, unsigned int k);
} kinds[] = {
	{ LATE_READ, 1, fetch_beats, fetch_place },
	{ LATE_READ, 1, table_beats, table_place },
	{ LATE_READ, 1, read_beats, read_place },
	{ 1, LATE_WRITE, write_beats, write_place },
	{ 1, LATE_WRITE, status_beats, status_place },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Everybody works; beat @k of this kind of descriptor @i on channel @ch is answered with an error. */
static void fail(struct sums *s, unsigned int ch, const struct kind *kind, unsigned int i, unsigned int k, unsigned int decerr)
{
	struct bench *b = s->l->b;
	struct place place;
	uint64_t at;

	for (unsigned int n = 1; n <= PQDMA_CHANNELS; n++)
		put_list(s, (ch + n) % PQDMA_CHANNELS);		/* the last one is in sums */
	place = kind->place(s, ch, i, k);
	at = s->l->list[ch].at[i];
	mem_fault(b, &(struct axi_mem_fault){ place.kinds, place.first, place.last, decerr ? AXI_DECERR : AXI_SLVERR, 0, 0 });
	for (unsigned int n = 0; n < PQDMA_CHANNELS; n++)
		lists_start(s->l, (ch + n) % PQDMA_CHANNELS, DESCS);
	lists_check_failed(s->l, ch, place.cause + decerr, place.addr, at);
	mem_clear_faults(b);
	sums_end(s);
}

/* Returns runs. */
static unsigned int fail_all(struct sums *s, const struct kind *kind)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	unsigned int runs = 0;

	config.read_latency = kind->read_latency;
	config.write_latency = kind->write_latency;
	config.reads = config.writes = AXI_MEM_BURSTS;
	mem_configure(s->l->b, &config);
	for (unsigned int i = 0; i < DESCS; i++)
		for (unsigned int k = 0; k < kind->beats(i); k++, runs++)
			fail(s, runs % PQDMA_CHANNELS, kind, i, k, (runs + (unsigned int)s->l->b->options->seed) % 2);
	return runs;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

TEST(error_outstanding, "SLVERR or DECERR, two seeds take both, on any beat of any access with the most in flight that there can be",
     .moves = true, .max_clocks = SUMS_CLOCKS, .takes_long = true)
{
	const unsigned int reads = least(least(PQDMA_READS, PQDMA_STRIPS), PQDMA_BUF_BYTES / PQDMA_BYTES);
	struct sums *s = sums_new(b);
	struct flight flight = { .now = { 0 } };
	unsigned int runs = 0;

	bench_tap(b, watch_flight, &flight);
	for (unsigned int i = 0; i < KINDS; i++)
		runs += fail_all(s, &kinds[i]);
	bench_tap(b, NULL, NULL);
	CHECK(flight.most[READS] + 1 >= reads);
	CHECK(flight.most[WRITES] + 1 >= PQDMA_STRIPS);
	CHECK_EQ(s->l->failed, runs);
}
