/* SPDX-License-Identifier: MIT */
/* Axes that the groups of several files use, and choices of events. A mask of values each: see cover.h. */
#ifndef PQDMA_COVER_AXES_H
#define PQDMA_COVER_AXES_H

#include "cover/cover.h"
#include "pqdma_params.h"
#include "pqdma_regs.h"

/* Of descriptors: COVER_DESC, COVER_STRIP, COVER_STATUS, COVER_FAIL */
extern const struct cover_axis cover_op;	/* by code; those that are not built are no points */
extern const struct cover_axis cover_form;	/* full, compact */
extern const struct cover_axis cover_length;	/* classes, from 1 byte to more than 128 KiB */
extern const struct cover_axis cover_src_lane;	/* place in a bus word */
extern const struct cover_axis cover_dst_lane;
extern const struct cover_axis cover_dst2_lane;

/* Of all */
extern const struct cover_axis cover_memory;	/* ideal, typical, slow, torture */
extern const struct cover_axis cover_state;	/* of the channel, before */
extern const struct cover_axis cover_outstanding;

/** cover_built() - can a descriptor with operation @op be done? */
static inline bool cover_built(unsigned int op)
{
	return PQDMA_OPS >> op & 1;
}

/** cover_built_first() - for groups whose first axis is cover_op */
bool cover_built_first(const unsigned int *at);

/** cover_flag() - has the descriptor of the event flag @flag? */
static inline bool cover_flag(const struct cover_event *event, unsigned int flag)
{
	return event->desc->flags & flag;
}

#endif
