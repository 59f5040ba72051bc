// SPDX-License-Identifier: MIT
// The tests of this build, in the order of their names.
#include <stdio.h>
#include "test.h"

static struct test *tests;

void test_register(struct test *test)
{
	struct test **at = &tests;

	while (*at && strcmp((*at)->name, test->name) < 0)
		at = &(*at)->next;
	test->next = *at;
	*at = test;
}

const struct test *test_find(const char *name)
{
	for (const struct test *t = tests; t; t = t->next)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

static void print_flags(const struct test *t)
{
	const struct {
		bool set;
		const char *name;
	} flags[] = {
		{ t->moves, "moves" },
		{ t->software, "software" },
		{ t->needs_pair, "pair" },
		{ t->takes_long, "long" },
		{ t->program, "program" },
	};
	const char *comma = "";

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!flags[i].set)
			continue;
		printf("%s%s", comma, flags[i].name);
		comma = ",";
	}
}

void test_list(void)
{
	for (const struct test *t = tests; t; t = t->next) {
		printf("%s\t", t->name);
		print_flags(t);
		printf("\t%s\n", t->what);
	}
}
