/* SPDX-License-Identifier: MIT */
/*
 * Functional coverage: what happened, counted. A file of tests declares what should happen as a cross of axes, next to its tests:
 *
 *	COVER(copy_lanes, COVER_DESC, "places of source and destination in a bus word", .only = cover_is_copy,
 *	      .axes = { &cover_src_lane, &cover_dst_lane });
 *
 * Nobody calls a hit function: cover/watch.c looks at the golden model and at the pins, and reports events. So what a test intended
 * does not count, only what the controller got to do. Each event is counted in every group of its kind, at the point that the axes say.
 * With +cover=<file> a run writes what it hit; +covers prints all points. scripts/cover puts runs together.
 */
#ifndef PQDMA_COVER_H
#define PQDMA_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cover/event.h"

#define COVER_AXES 3

/**
 * struct cover_axis - one dimension of a group
 * @name:   in the text of a point
 * @count:  values are 0 to @count - 1, at most 64
 * @labels: what the values are called; NULL if by their numbers
 * @values: mask of those that the event has; 0 if the event is none for this group
 */
struct cover_axis {
	const char *name;
	unsigned int count;
	const char *const *labels;
	uint64_t (*values)(const struct cover_event *event);
};

/**
 * struct cover_group - points that belong together
 * @name:  of the group
 * @kind:  events that it counts
 * @what:  what is crossed, in a line
 * @only:  which of the events; NULL for all
 * @axes:  the first is not NULL
 * @legal: can this point be hit, @at being its values? NULL if all can. The others are no points
 * @counts: of each combination of values; @next group: both are filled in here
 */
struct cover_group {
	const char *name;
	enum cover_kind kind;
	const char *what;
	bool (*only)(const struct cover_event *event);
	const struct cover_axis *axes[COVER_AXES];
	bool (*legal)(const unsigned int *at);
	uint32_t *counts;
	struct cover_group *next;
};

/** COVER(name, kind, what, .member = value ...) - declare a group */
#define COVER(id, of, text, ...)									\
	static struct cover_group id##_cover = { .name = #id, .kind = of, .what = text, ##__VA_ARGS__ };	\
	static void __attribute__((constructor)) id##_cover_register(void)				\
	{												\
		cover_register(&id##_cover);								\
	}

/** cover_register() - add a group to those of this build; COVER() calls it before main() */
void cover_register(struct cover_group *group);

/** cover_event() - count an event in every group of its kind; before the first one, cover_begin() */
void cover_event(const struct cover_event *event);

/** cover_begin() - all counts are 0; false if there is no memory */
bool cover_begin(void);

/** cover_list() - print every point: group, tab, point, tab, what the group crosses */
void cover_list(void);

/** cover_write() - write the points that were hit to file @path: group, tab, point, tab, count; false, with errno, if that failed */
bool cover_write(const char *path);

#endif
