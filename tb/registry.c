// SPDX-License-Identifier: MIT
// The tests of this build. TEST() leaves a pointer in a section of its own; the linker says where that begins and ends.
#include <stdio.h>
#include <stdlib.h>
#include "test.h"

extern const struct test *const __start_bench_tests[];
extern const struct test *const __stop_bench_tests[];

const struct test *test_find(const char *name)
{
	for (const struct test *const *t = __start_bench_tests; t < __stop_bench_tests; t++)
		if (!strcmp((*t)->name, name))
			return *t;
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct test *const *)a)->name, (*(const struct test *const *)b)->name);
}

static void print_test(const struct test *t)
{
	const struct {
		bool set;
		const char *name;
	} flags[] = {
		{ t->moves, "moves" },
		{ t->software, "software" },
		{ t->needs_pair, "pair" },
		{ t->takes_long, "long" },
	};
	const char *comma = "";

	printf("%s\t", t->name);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!flags[i].set)
			continue;
		printf("%s%s", comma, flags[i].name);
		comma = ",";
	}
	printf("\t%s\n", t->what);
}

void test_list(void)
{
	size_t count = (size_t)(__stop_bench_tests - __start_bench_tests);
	const struct test **sorted = calloc(count + 1, sizeof(*sorted));

	if (!sorted)
		return;
	memcpy(sorted, __start_bench_tests, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_name);
	for (size_t i = 0; i < count; i++)
		print_test(sorted[i]);
	free(sorted);
}
