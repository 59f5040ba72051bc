// SPDX-License-Identifier: MIT
// What the tests of classes and weights have to see: who could have made a strip instead.
#include "cover/axes.h"

static uint64_t class_of(const struct cover_event *event)
{
	return 1ull << event->strip.prio;
}

static const struct cover_axis class = { "class", 4, NULL, class_of };

static uint64_t rivals_of(const struct cover_event *event)
{
	return 1ull << (event->strip.same | event->strip.below << 1);
}

static const char *const rivals_names[] = { "nobody", "its own", "lower ones", "its own and lower ones" };
static const struct cover_axis rivals = { "rivals", 4, rivals_names, rivals_of };

static bool rivals_legal(const unsigned int *at)
{
	return PQDMA_CHANNELS > 2 ? at[0] || at[1] < 2 : !at[1] || (PQDMA_CHANNELS == 2 && at[1] < 3 && (at[0] || at[1] < 2));
}

static bool has_rival(const struct cover_event *event)
{
	return event->strip.same;
}

static uint64_t weight_of(const struct cover_event *event)
{
	return 1ull << event->strip.weight;
}

static const struct cover_axis weight = { "`CFG.WEIGHT`", 16, NULL, weight_of };

static bool weight_legal(const unsigned int *at)
{
	(void)at;
	return PQDMA_CHANNELS > 1;
}

COVER(weight_rivals, COVER_STRIP, "strips: class x which channels could have made one instead", .axes = { &class, &rivals },
      .legal = rivals_legal)
COVER(weight_values, COVER_STRIP, "strips with a rival in their class: weight", .only = has_rival, .axes = { &weight },
      .legal = weight_legal)
