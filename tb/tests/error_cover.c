// SPDX-License-Identifier: MIT
// What the tests of errors have to see: causes, and what else was going on.
#include "cover/axes.h"

#define WRITERS (1u << PQDMA_OP_COPY | 1u << PQDMA_OP_FILL | 1u << PQDMA_OP_XOR | 1u << PQDMA_OP_PQ | 1u << PQDMA_OP_MATRIX)
#define SUMS (1u << PQDMA_OP_XOR | 1u << PQDMA_OP_XOR_VAL | 1u << PQDMA_OP_PQ | 1u << PQDMA_OP_PQ_VAL | 1u << PQDMA_OP_MATRIX)
#define READERS (1u << PQDMA_OP_COPY | SUMS)
#define ALL (1u << PQDMA_OP_NOP | 1u << PQDMA_OP_INTERRUPT | 1u << PQDMA_OP_FILL | READERS)

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Each cause, and the operations that can have it: none where it could not be read, or where its operation is none */
static const struct {
	unsigned int code;
	uint32_t ops;
} causes[] = {
	{ PQDMA_ERR_FETCH_SLVERR, SUMS },
	{ PQDMA_ERR_FETCH_DECERR, SUMS },
	{ PQDMA_ERR_READ_SLVERR, READERS },
	{ PQDMA_ERR_READ_DECERR, READERS },
	{ PQDMA_ERR_WRITE_SLVERR, WRITERS },
	{ PQDMA_ERR_WRITE_DECERR, WRITERS },
	{ PQDMA_ERR_STATUS_SLVERR, ALL },
	{ PQDMA_ERR_STATUS_DECERR, ALL },
	{ PQDMA_ERR_BAD_OP, 0 },
	{ PQDMA_ERR_BAD_FLAGS, ALL },
	{ PQDMA_ERR_BAD_LENGTH, ALL },
	{ PQDMA_ERR_BAD_ALIGN, 0 },
	{ PQDMA_ERR_BAD_LINK, 0 },
	{ PQDMA_ERR_BAD_SOURCES, SUMS },
	{ PQDMA_ERR_CMPL_SLVERR, 0 },
	{ PQDMA_ERR_CMPL_DECERR, 0 },
	{ PQDMA_ERR_BAD_WIDTH, 1u << PQDMA_OP_COPY },
	{ PQDMA_ERR_REQ_TIMEOUT, 1u << PQDMA_OP_COPY },
};

static const char *const cause_names[NR(causes)] = {
	"FETCH_SLVERR", "FETCH_DECERR", "READ_SLVERR", "READ_DECERR", "WRITE_SLVERR", "WRITE_DECERR", "STATUS_SLVERR", "STATUS_DECERR",
	"BAD_OP", "BAD_FLAGS", "BAD_LENGTH", "BAD_ALIGN", "BAD_LINK", "BAD_SOURCES", "CMPL_SLVERR", "CMPL_DECERR", "BAD_WIDTH",
	"REQ_TIMEOUT",
};

static uint64_t cause_of(const struct cover_event *event)
{
	for (unsigned int i = 0; i < NR(causes); i++)
		if (causes[i].code == event->cause.code)
			return 1ull << i;
	return 0;
}

static const struct cover_axis cause = { "cause", NR(causes), cause_names, cause_of };

static bool op_legal(const unsigned int *at)
{
	return cover_built(at[1]) && (causes[at[0]].ops >> at[1] & 1);
}

static bool is_known(const struct cover_event *event)
{
	for (unsigned int i = 0; i < NR(causes); i++)
		if (causes[i].code == event->cause.code)
			return event->desc && event->desc->op < 32 && (causes[i].ops >> event->desc->op & 1);
	return false;
}

static uint64_t others_of(const struct cover_event *event)
{
	return 1ull << event->cause.others;
}

static const char *const others_names[] = { "at rest", "running" };
static const struct cover_axis others = { "others", 2, others_names, others_of };

/* IDLE and FAIL have no error to come, and in ABORT nobody is told of it. */
static bool state_legal(const unsigned int *at)
{
	return at[1] == PQDMA_STATE_RUN || at[1] == PQDMA_STATE_STOP || at[1] == PQDMA_STATE_PAUSE;
}

static bool others_legal(const unsigned int *at)
{
	return !at[1] || PQDMA_CHANNELS > 1;
}

COVER(error_ops, COVER_FAIL, "cause x operation, where the descriptor could be read", .only = is_known, .axes = { &cause, &cover_op },
      .legal = op_legal)
COVER(error_states, COVER_FAIL, "cause x state in which it comes", .axes = { &cause, &cover_state }, .legal = state_legal)
COVER(error_others, COVER_FAIL, "cause x what other channels do", .axes = { &cause, &others }, .legal = others_legal)
