// SPDX-License-Identifier: MIT
// Groups of coverage points, and their counts.
#include <stdio.h>
#include <stdlib.h>
#include "cover/cover.h"

#define POINT_TEXT 200

/* Those of each kind; only they are looked at when an event comes. */
static struct cover_group *groups[COVER_KINDS];

void cover_register(struct cover_group *group)
{
	group->next = groups[group->kind];
	groups[group->kind] = group;
}

/* Combinations of values, as one number: the last axis counts fastest. */

static unsigned int combinations(const struct cover_group *group)
{
	unsigned int n = 1;

	for (unsigned int i = 0; i < COVER_AXES && group->axes[i]; i++)
		n *= group->axes[i]->count;
	return n;
}

static void split(const struct cover_group *group, unsigned int index, unsigned int *at)
{
	for (unsigned int i = COVER_AXES; i-- > 0;) {
		if (!group->axes[i])
			continue;
		at[i] = index % group->axes[i]->count;
		index /= group->axes[i]->count;
	}
}

static bool is_point(const struct cover_group *group, unsigned int index)
{
	unsigned int at[COVER_AXES] = { 0 };

	split(group, index, at);
	return !group->legal || group->legal(at);
}

static void point_text(const struct cover_group *group, unsigned int index, char *text)
{
	unsigned int at[COVER_AXES] = { 0 }, used = 0;

	split(group, index, at);
	for (unsigned int i = 0; i < COVER_AXES && group->axes[i]; i++) {
		const struct cover_axis *axis = group->axes[i];
		const char *gap = i ? ", " : "";

		if (axis->labels)
			used += (unsigned int)snprintf(text + used, POINT_TEXT - used, "%s%s %s", gap, axis->name, axis->labels[at[i]]);
		else
			used += (unsigned int)snprintf(text + used, POINT_TEXT - used, "%s%s %u", gap, axis->name, at[i]);
	}
}

bool cover_begin(void)
{
	for (unsigned int kind = 0; kind < COVER_KINDS; kind++)
		for (struct cover_group *g = groups[kind]; g; g = g->next) {
			free(g->counts);
			g->counts = calloc(combinations(g), sizeof(*g->counts));
			if (!g->counts)
				return false;
		}
	return true;
}

/* Count every combination of the values that the axes from @axis on have. */
static void count(struct cover_group *group, const struct cover_event *event, unsigned int axis, unsigned int index)
{
	if (axis == COVER_AXES || !group->axes[axis]) {
		group->counts[index]++;
		return;
	}
	for (uint64_t values = group->axes[axis]->values(event); values; values &= values - 1)
		count(group, event, axis + 1, index * group->axes[axis]->count + (unsigned int)__builtin_ctzll(values));
}

void cover_event(const struct cover_event *event)
{
	for (struct cover_group *g = groups[event->kind]; g; g = g->next)
		if (!g->only || g->only(event))
			count(g, event, 0, 0);
}

static void list_group(const struct cover_group *g)
{
	char text[POINT_TEXT];

	for (unsigned int i = 0; i < combinations(g); i++) {
		if (!is_point(g, i))
			continue;
		point_text(g, i, text);
		printf("%s\t%s\t%s\n", g->name, text, g->what);
	}
}

void cover_list(void)
{
	for (unsigned int kind = 0; kind < COVER_KINDS; kind++)
		for (const struct cover_group *g = groups[kind]; g; g = g->next)
			list_group(g);
}

static void write_group(FILE *file, const struct cover_group *g)
{
	char text[POINT_TEXT];

	for (unsigned int i = 0; i < combinations(g); i++) {
		if (!g->counts[i])
			continue;
		point_text(g, i, text);
		fprintf(file, "%s\t%s\t%u\n", g->name, text, g->counts[i]);
	}
}

bool cover_write(const char *path)
{
	FILE *file = fopen(path, "w");
	bool good;

	if (!file)
		return false;
	for (unsigned int kind = 0; kind < COVER_KINDS; kind++)
		for (const struct cover_group *g = groups[kind]; g; g = g->next)
			write_group(file, g);
	good = !ferror(file);
	return !fclose(file) && good;
}
