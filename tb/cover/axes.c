// SPDX-License-Identifier: MIT
// Axes that the groups of several files use.
#include "cover/axes.h"

static uint64_t op_of(const struct cover_event *event)
{
	return event->desc ? 1ull << event->desc->op : 0;
}

static const char *const ops[] = { "nop", "interrupt", "copy", "fill", "xor", "xor_val", "pq", "pq_val", "matrix" };

const struct cover_axis cover_op = { "op", PQDMA_OP_MATRIX + 1, ops, op_of };

bool cover_built_first(const unsigned int *at)
{
	return cover_built(at[0]);
}

static uint64_t form_of(const struct cover_event *event)
{
	return 1ull << event->desc->compact;
}

static const char *const forms[] = { "full", "compact" };

const struct cover_axis cover_form = { "form", 2, forms, form_of };

static uint64_t length_of(const struct cover_event *event)
{
	static const uint32_t longest[] = { 1, PQDMA_BYTES - 1, PQDMA_BYTES, PQDMA_STRIP_BYTES - 1, PQDMA_STRIP_BYTES, 4096, 131072 };
	unsigned int class = 0;

	while (class < sizeof(longest) / sizeof(longest[0]) && event->desc->length > longest[class])
		class++;
	return event->desc->length ? 1ull << class : 0;
}

static const char *const lengths[] = {
	"1", "below a bus word", "a bus word", "below a strip", "a strip", "to 4 KiB", "to 128 KiB", "above 128 KiB",
};

const struct cover_axis cover_length = { "bytes", 8, lengths, length_of };

static uint64_t src_lane_of(const struct cover_event *event)
{
	return 1ull << event->desc->src % PQDMA_BYTES;
}

static uint64_t dst_lane_of(const struct cover_event *event)
{
	return 1ull << event->desc->dst % PQDMA_BYTES;
}

static uint64_t dst2_lane_of(const struct cover_event *event)
{
	return 1ull << event->desc->dst2 % PQDMA_BYTES;
}

const struct cover_axis cover_src_lane = { "source at", PQDMA_BYTES, NULL, src_lane_of };
const struct cover_axis cover_dst_lane = { "destination at", PQDMA_BYTES, NULL, dst_lane_of };
const struct cover_axis cover_dst2_lane = { "Q at", PQDMA_BYTES, NULL, dst2_lane_of };

static uint64_t memory_of(const struct cover_event *event)
{
	return 1ull << event->memory;
}

static const char *const memories[] = { "ideal", "typical", "slow", "torture" };

const struct cover_axis cover_memory = { "memory", 4, memories, memory_of };

static uint64_t state_of(const struct cover_event *event)
{
	return 1ull << event->state;
}

static const char *const states[] = { "IDLE", "RUN", "STOP", "FAIL", "ABORT", "PAUSE" };

const struct cover_axis cover_state = { "in", 6, states, state_of };

static uint64_t outstanding_of(const struct cover_event *event)
{
	return event->outstanding;
}

static const char *const under_way[COVER_BUSY_BITS] = {
	"nothing", "a fetch", "a descriptor", "strips", "a piece", "a line", "a fence", "a status word", "a completion word",
};

const struct cover_axis cover_outstanding = { "with", COVER_BUSY_BITS, under_way, outstanding_of };
