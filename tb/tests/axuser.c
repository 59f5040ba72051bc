// SPDX-License-Identifier: MIT
/*
 * AxUSER is the number of the channel that a burst is for. Every channel has memory of its own for each purpose: descriptors, source
 * tables, data to read, data to write, a completion word. So the address of a burst says whose it is, and the pin must say the same.
 */
#include "shapes.h"
#include "slaves.h"
#include "sums.h"

#define RANGES 512
#define LENGTH (6 * PQDMA_BYTES)
#define DESCS 12
#define PIECES 4
#define PIECE_BYTES 256

enum purpose { LIST, TABLE, DATA, CMPL, PURPOSES };

static const char *const purpose_names[] = { [LIST] = "list", [TABLE] = "table", [DATA] = "data", [CMPL] = "completion word" };

/** struct range - bus words that are channel @ch's, for @purpose */
struct range {
	uint64_t first;
	uint64_t end;
	unsigned int ch;
	enum purpose purpose;
};

/** struct owners - who owns what, and bursts by purpose, direction and channel; @wrong had another number, @first_wrong says which */
struct owners {
	struct range range[RANGES];
	unsigned int nr;
	uint64_t bursts[PURPOSES][2][PQDMA_CHANNELS];
	uint64_t wrong;
	char first_wrong[120];
};

static void own(struct bench *b, struct owners *o, unsigned int ch, enum purpose purpose, uint64_t addr, uint64_t size)
{
	const uint64_t mask = ~(uint64_t)(PQDMA_BYTES - 1);

	CHECK(o->nr < RANGES);
	o->range[o->nr++] = (struct range){ .first = addr & mask, .end = (addr + size + PQDMA_BYTES - 1) & mask, .ch = ch,
					    .purpose = purpose };
}

/* A bus word that two channels share says nothing. */
static const struct range *find_owner(const struct owners *o, uint64_t addr)
{
	const struct range *found = NULL;

	for (unsigned int i = 0; i < o->nr; i++) {
		const struct range *r = &o->range[i];

		if (addr - r->first >= r->end - r->first)
			continue;
		if (found && found->ch != r->ch)
			return NULL;
		found = r;
	}
	return found;
}

static void judge(struct owners *o, uint64_t addr, bool write, uint64_t user)
{
	const struct range *r = find_owner(o, addr);

	if (!r)
		return;
	o->bursts[r->purpose][write][r->ch]++;
	if (user == r->ch || o->wrong++)
		return;
	snprintf(o->first_wrong, sizeof(o->first_wrong), "AxUSER is %u in a %s of channel %u's %s at 0x%" PRIx64, (unsigned int)user,
		 write ? "write" : "read", r->ch, purpose_names[r->purpose], addr);
}

static void watch_users(struct bench *b, void *arg)
{
	const struct pqdma_out *out = &b->out;
	const struct pqdma_in *in = &b->in;

	if (out->m_axi_arvalid && in->m_axi_arready)
		judge(arg, out->m_axi_araddr, false, out->m_axi_aruser);
	if (out->m_axi_awvalid && in->m_axi_awready)
		judge(arg, out->m_axi_awaddr, true, out->m_axi_awuser);
#if PQDMA_WITH_DESC_PORT
	if (out->d_axi_arvalid && in->d_axi_arready)
		judge(arg, out->d_axi_araddr, false, out->d_axi_aruser);
#endif
}

/* Each channel has had bursts of this kind, and none had another number. */
static void check_bursts(struct bench *b, const struct owners *o, enum purpose purpose, bool write)
{
	if (o->wrong)
		test_fail(b, "%s; %" PRIu64 " in all", o->first_wrong, o->wrong);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (!o->bursts[purpose][write][ch])
			test_fail(b, "channel %u has had no %s of its %s", ch, write ? "write" : "read", purpose_names[purpose]);
}

static void own_lists(struct bench *b, struct owners *o, const struct lists *l)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		own(b, o, ch, LIST, l->area[ch], l->list[ch].high - l->area[ch]);
		own(b, o, ch, DATA, l->room[ch], LISTS_DST_BYTES);
	}
}

static struct shape draw(struct shapes *s, unsigned int ch, uint64_t src)
{
	struct rng *rng = test_rng(s->l->b);
	const uint8_t op = rng_below(rng, 4) ? PQDMA_OP_COPY : PQDMA_OP_FILL;
	struct shape shape = shapes_draw(s, ch, op, rng_range(rng, 1, LENGTH));

	if (op == PQDMA_OP_COPY)
		shape.desc.src = src + rng_below(rng, 4 * PQDMA_BYTES);
	shape.desc.flags = rng_below(rng, 2) ? PQDMA_FLAG_WB : 0;
	return shape;
}

static void put_lists(struct shapes *s, const uint64_t *src, uint32_t cfg)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct shape shapes[DESCS];

		shapes_cfg(s, ch, cfg);
		for (unsigned int i = 0; i < DESCS; i++)
			shapes[i] = draw(s, ch, src[ch]);
		shapes[0].desc.flags |= PQDMA_FLAG_WB;
		shapes[DESCS - 1].desc.op = PQDMA_OP_COPY;
		shapes[DESCS - 1].desc.src = src[ch];
		shapes_scatter(s, ch, shapes, DESCS);
	}
}

TEST(axuser_lists, "lists of all channels at once, full and compact: each burst has its channel's number, status and completion words too",
     .moves = true)
{
	static struct owners owners;
	struct shapes *s = shapes_new(b);
	uint64_t src[PQDMA_CHANNELS];

	own_lists(b, &owners, s->l);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		const uint64_t cmpl = ram_alloc(b, 64);

		src[ch] = ram_alloc(b, LENGTH + 4 * PQDMA_BYTES);
		own(b, &owners, ch, DATA, src[ch], LENGTH + 4 * PQDMA_BYTES);
		own(b, &owners, ch, CMPL, cmpl, 64);
		shapes_cmpl(s, ch, cmpl);
	}
	bench_tap(b, watch_users, &owners);
	for (unsigned int round = 0; round < 4; round++) {
		put_lists(s, src, round & 1 ? PQDMA_CFG_COMPACT_MASK : 0);
		shapes_run(s);
	}
	check_bursts(b, &owners, LIST, false);
	check_bursts(b, &owners, LIST, true);
	check_bursts(b, &owners, DATA, false);
	check_bursts(b, &owners, DATA, true);
	check_bursts(b, &owners, CMPL, true);
}

TEST(axuser_sums, "operations with tables on all channels at once: tables, every source, old P and Q have their channel's number",
     .moves = true)
{
	static struct owners owners;
	struct sums *s = sums_new(b);

	own_lists(b, &owners, s->l);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		own(b, &owners, ch, TABLE, s->tables[ch], DESCS * (PQDMA_SOURCES * SUMS_ENTRY + SUMS_BLOCK));
	bench_tap(b, watch_users, &owners);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		struct sum sums[DESCS];

		for (unsigned int i = 0; i < DESCS; i++) {
			sums[i] = sums_random(s, ch, rng_range(test_rng(b), 1, LENGTH));
			sums_apart(s, ch, &sums[i]);
		}
		sums[0] = sums_draw(s, ch, PQDMA_OP_XOR, 3, LENGTH);
		sums_apart(s, ch, &sums[0]);
		sums_scatter(s, ch, sums, DESCS);
	}
	sums_run(s);
	check_bursts(b, &owners, TABLE, false);
	check_bursts(b, &owners, DATA, false);
	check_bursts(b, &owners, DATA, true);
}

/* Whole bus words around a side, whichever way it goes */
static void own_side(struct bench *b, struct owners *o, unsigned int ch, const struct slave_side *side, uint32_t length)
{
	const uint64_t width = 1ull << side->width;

	if (side->mode == SLAVE_DOWN)
		own(b, o, ch, DATA, side->addr + width - length, length);
	else
		own(b, o, ch, DATA, side->addr, side->mode == SLAVE_FIXED ? width : length);
}

TEST(axuser_pieces, "pieces of every width and mode on all channels at once: each of their bursts has its channel's number", .moves = true)
{
	static struct owners owners;
	struct slaves *s = slaves_new(b);

	s->watch = watch_users;
	s->watch_arg = &owners;
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		own(b, &owners, ch, LIST, s->list[ch].at, SLAVES_DESCS * PQDMA_DESC_SIZE);
		for (unsigned int i = 0; i < PIECES; i++) {
			struct slave_desc d = slaves_draw(s, PIECE_BYTES);

			slaves_put(s, ch, &d);
			own_side(b, &owners, ch, &d.src, d.length);
			own_side(b, &owners, ch, &d.dst, d.length);
		}
	}
	slaves_run(s);
	check_bursts(b, &owners, LIST, false);
	check_bursts(b, &owners, DATA, false);
	check_bursts(b, &owners, DATA, true);
}
