// SPDX-License-Identifier: MIT
// What the random tests have to see: operations beside each other, and on each memory.
#include "cover/axes.h"

static uint64_t before_of(const struct cover_event *event)
{
	return event->strip.before < 0 ? 0 : 1ull << event->strip.before;
}

static const char *const ops[] = { "nop", "interrupt", "copy", "fill", "xor", "xor_val", "pq", "pq_val", "matrix" };
static const struct cover_axis before = { "after", PQDMA_OP_MATRIX + 1, ops, before_of };

static bool pair_legal(const unsigned int *at)
{
	return PQDMA_CHANNELS > 1 && cover_built(at[0]) && cover_built(at[1]);
}

COVER(random_pairs, COVER_STRIP, "operation of a strip x operation of the strip before, of another channel", .axes = { &cover_op, &before },
      .legal = pair_legal)
COVER(random_memory, COVER_DESC, "operation x memory", .axes = { &cover_op, &cover_memory }, .legal = cover_built_first)
