// SPDX-License-Identifier: MIT
// What the tests of channel numbers and of the IOMMU have to see: bursts of each kind for each channel, and what translations come to.
#include "cover/axes.h"
#include "env/iommu.h"

static uint64_t stream_of(const struct cover_event *event)
{
	return 1ull << event->stream;
}

static uint64_t channel_of(const struct cover_event *event)
{
	return 1ull << event->ch;
}

static uint64_t outcome_of(const struct cover_event *event)
{
	return 1ull << event->translation.outcome;
}

static uint64_t alone_of(const struct cover_event *event)
{
	return 1ull << event->translation.alone;
}

static const char *const streams[COVER_STREAMS] = { "fetch", "read", "write" };
static const char *const outcomes[IOMMU_OUTCOMES] = { "TLB", "tables", "not mapped", "not in this direction", "no context" };
static const char *const contexts[] = { "of several channels", "of one" };

static const struct cover_axis stream = { "what", COVER_STREAMS, streams, stream_of };
static const struct cover_axis channel = { "channel", PQDMA_CHANNELS, NULL, channel_of };
static const struct cover_axis outcome = { "found", IOMMU_OUTCOMES, outcomes, outcome_of };
static const struct cover_axis context = { "context", 2, contexts, alone_of };

/* Rings may be read and written. No context is nobody's own. */
static bool translation_legal(const unsigned int *at)
{
	if (at[1] == IOMMU_NO_STREAM)
		return !at[2];
	return at[0] != COVER_STREAM_FETCH || at[1] != IOMMU_FORBIDDEN;
}

COVER(axuser_bursts, COVER_STREAM, "what a burst is for x its channel by AxUSER", .axes = { &stream, &channel })
COVER(map_translations, COVER_TRANSLATION, "what a burst is for x what the IOMMU finds x whether other channels have the context",
      .axes = { &stream, &outcome, &context }, .legal = translation_legal)
