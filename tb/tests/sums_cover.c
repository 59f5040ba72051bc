// SPDX-License-Identifier: MIT
// What the tests of xor, pq, matrix and validations have to see.
#include "cover/axes.h"

static bool is_sum(const struct cover_event *event)
{
	return event->desc->op >= PQDMA_OP_XOR;
}

static uint64_t sources_of(const struct cover_event *event)
{
	return 1ull << event->desc->sources;
}

static const struct cover_axis sources = { "sources", PQDMA_SOURCES + 1, NULL, sources_of };

static bool sources_legal(const unsigned int *at)
{
	return at[0] >= PQDMA_OP_XOR && cover_built(at[0]) && at[1];
}

static uint64_t destinations_of(const struct cover_event *event)
{
	const bool one = event->desc->op < PQDMA_OP_PQ || cover_flag(event, PQDMA_FLAG_Q_OFF);

	return one ? 1 : cover_flag(event, PQDMA_FLAG_P_OFF) ? 2 : 4;
}

static const char *const destination_names[] = { "P", "Q", "P and Q" };
static const struct cover_axis destinations = { "to", 3, destination_names, destinations_of };

static uint64_t cont_of(const struct cover_event *event)
{
	return 1ull << cover_flag(event, PQDMA_FLAG_CONT);
}

static const char *const cont_names[] = { "without", "with" };
static const struct cover_axis cont = { "CONT", 2, cont_names, cont_of };

static bool is_xor(unsigned int op)
{
	return op == PQDMA_OP_XOR || op == PQDMA_OP_XOR_VAL;
}

static bool is_val(unsigned int op)
{
	return op == PQDMA_OP_XOR_VAL || op == PQDMA_OP_PQ_VAL;
}

static bool destinations_legal(const unsigned int *at)
{
	return at[0] >= PQDMA_OP_XOR && cover_built(at[0]) && (!is_xor(at[0]) || !at[1]) && (!is_val(at[0]) || !at[2]);
}

static bool has_both(const struct cover_event *event)
{
	return event->desc->op >= PQDMA_OP_PQ && destinations_of(event) == 4;
}

static uint64_t verdict_of(const struct cover_event *event)
{
	return 1ull << event->status.bad;
}

static const char *const verdicts[] = { "good", "P differs", "Q differs", "both differ" };
static const struct cover_axis verdict = { "verdict", 4, verdicts, verdict_of };

static bool verdict_legal(const unsigned int *at)
{
	return is_val(at[0]) && cover_built(at[0]) && (at[0] == PQDMA_OP_PQ_VAL || at[1] < 2);
}

static bool is_verdict(const struct cover_event *event)
{
	return is_val(event->desc->op) && !event->status.code;
}

static bool lanes_legal(const unsigned int *at)
{
	(void)at;
	return PQDMA_WITH_PQ;
}

COVER(sums_sources, COVER_DESC, "operation x sources", .only = is_sum, .axes = { &cover_op, &sources }, .legal = sources_legal)
COVER(sums_destinations, COVER_DESC, "operation x P, Q or both x CONT", .only = is_sum, .axes = { &cover_op, &destinations, &cont },
      .legal = destinations_legal)
COVER(sums_lanes, COVER_DESC, "operations with P and Q: place of P in a bus word x place of Q", .only = has_both,
      .axes = { &cover_dst_lane, &cover_dst2_lane }, .legal = lanes_legal)
COVER(sums_verdicts, COVER_STATUS, "validation x verdict", .only = is_verdict, .axes = { &cover_op, &verdict }, .legal = verdict_legal)
