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

void test_list(void)
{
	size_t count = (size_t)(__stop_bench_tests - __start_bench_tests);
	const struct test **sorted = calloc(count + 1, sizeof(*sorted));

	if (!sorted)
		return;
	memcpy(sorted, __start_bench_tests, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_name);
	for (size_t i = 0; i < count; i++)
		printf("%s\t%s\n", sorted[i]->name, sorted[i]->what);
	free(sorted);
}
