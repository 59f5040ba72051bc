// SPDX-License-Identifier: MIT
/*
 * Fibers: control goes where it is sent, returns to the last resumer, and every stack is its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "kernel/fiber.h"

#define FIBERS 16
#define ROUNDS 1000

struct walker {
	struct fiber *fiber;
	struct fiber *home;
	unsigned int rounds;
};

static void walk(void *arg)
{
	struct walker *w = arg;
	volatile uint8_t stack[4096];
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		stack[i] = (uint8_t)i;
		fiber_switch(w->home);
		assert_int_equal(stack[i], (uint8_t)i);
		w->rounds++;
	}
}

static void stacks_are_separate(void **state)
{
	struct walker w[FIBERS] = { 0 };
	unsigned int i, round;

	(void)state;
	for (i = 0; i < FIBERS; i++) {
		w[i].home = fiber_self();
		w[i].fiber = fiber_new("walker", walk, &w[i]);
		assert_non_null(w[i].fiber);
	}
	for (round = 0; round <= ROUNDS; round++)
		for (i = 0; i < FIBERS; i++)
			fiber_switch(w[i].fiber);
	for (i = 0; i < FIBERS; i++) {
		assert_true(fiber_done(w[i].fiber));
		assert_int_equal(w[i].rounds, ROUNDS);
		fiber_free(w[i].fiber);
	}
}

static void finish_at_once(void *arg)
{
	(*(int *)arg)++;
}

static void nest(void *arg)
{
	struct fiber *inner = fiber_new("inner", finish_at_once, arg);

	assert_non_null(inner);
	fiber_switch(inner);
	assert_true(fiber_done(inner));
	assert_string_equal(fiber_name(fiber_self()), "outer");
	fiber_free(inner);
	(*(int *)arg)++;
}

static void a_finished_fiber_returns_to_its_resumer(void **state)
{
	int steps = 0;
	struct fiber *outer = fiber_new("outer", nest, &steps);

	(void)state;
	assert_string_equal(fiber_name(fiber_self()), "root");
	fiber_switch(outer);
	assert_int_equal(steps, 2);
	assert_true(fiber_done(outer));
	fiber_free(outer);
}

static void throw_away(void *arg)
{
	fiber_switch(arg);
	fail_msg("a fiber that was thrown away ran on");
}

static void an_unfinished_fiber_can_be_freed(void **state)
{
	struct fiber *f = fiber_new("unfinished", throw_away, fiber_self());

	(void)state;
	fiber_switch(f);
	assert_false(fiber_done(f));
	fiber_free(f);
}

static void note_visit(void *arg)
{
	*(const char **)arg = fiber_name(fiber_self());
}

static void wait_once(void *arg)
{
	fiber_switch(arg);
}

/* Before it has begun, while it waits, and twice in a row: it goes on as if nothing had been. */
static void a_visit_changes_nothing(void **state)
{
	struct fiber *f = fiber_new("visited", wait_once, fiber_self());
	const char *name = NULL;

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		name = NULL;
		fiber_visit(f, note_visit, &name);
		assert_string_equal(name, "visited");
		assert_string_equal(fiber_name(fiber_self()), "root");
	}
	fiber_switch(f);
	fiber_visit(f, note_visit, &name);
	assert_false(fiber_done(f));
	fiber_switch(f);
	assert_true(fiber_done(f));
	fiber_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks_are_separate),
		cmocka_unit_test(a_finished_fiber_returns_to_its_resumer),
		cmocka_unit_test(an_unfinished_fiber_can_be_freed),
		cmocka_unit_test(a_visit_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
