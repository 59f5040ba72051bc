// SPDX-License-Identifier: MIT
/*
 * What a kernel client is judged and set up by: its messages, and its parameters.
 */
#include "test_sw_machine.h"

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include "kmod/kmod.h"

static void messages_are_judged_by_their_words(void **state)
{
	static const struct {
		const char *text;
		bool is_failure;
	} lines[] = {
		{ "dmatest: dma0chan0-copy0: summary 5 tests, 0 failures 744.37 iops 2977 KB/s (0)", false },
		{ "dmatest: dma0chan0-copy0: summary 5 tests, 1 failures 744.37 iops 2977 KB/s (0)", true },
		{ "dmatest: dma0chan0-copy0: summary 5 tests, 10 failures 744.37 iops 2977 KB/s (0)", true },
		{ "dma0chan0-copy0: result #1: 'test timed out' with src_off=0x0", true },
		{ "dma0chan0-copy0: result #1: 'data error' with src_off=0x0", true },
		{ "dstbuf[0x12] not copied! Expected 5f, got 00", true },
		{ "srcbuf[0x12] overwritten! Expected 5f, got 00", true },
		{ "test_disks(0, 1): faila=  0(D)  failb=  1(D)  OK", false },
		{ "complete (2429 tests, 0 failures)", false },
		{ "complete (2429 tests, 1 failure)", true },
		{ "the test failed", true },
		{ "FAIL", true },
		{ "no errors", false },
		{ "Added 1 threads using dma0chan0", false },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		if (kmod_is_failure(lines[i].text) != lines[i].is_failure)
			fail_msg("judged wrongly: %s", lines[i].text);
}

static unsigned int number;
static int small[4];
static unsigned int smalls;
static bool flag;
static char text[8];
static char *pointer;

module_param(number, uint, 0644);
module_param_array(small, int, &smalls, 0644);
module_param(flag, bool, 0644);
module_param_string(name, text, sizeof(text), 0644);
module_param(pointer, charp, 0444);

static int shown(const char *name, char *buffer)
{
	const struct kernel_param *param = THIS_MODULE->params;

	while (strcmp(param->name, name))
		param = param->next;
	return param->ops->get(buffer, param);
}

static void parameters_are_set_and_shown(void **state)
{
	static const char *const names[] = { "number", "small", "flag", "name", "pointer" };
	static const char *const values[] = { "4294967295\n", "-3,4,5\n", "Y\n", "abc\n", "a b\n" };
	char buffer[4096];
	unsigned int i;

	(void)state;
	machine_boot(&machine_no_device, 0);
	assert_int_equal(kernel_param_parse(THIS_MODULE, "number=0xffffffff small=-3,4,5 flag name=abc pointer=\"a b\""), 0);
	assert_int_equal(smalls, 3);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		assert_int_equal(shown(names[i], buffer), strlen(values[i]));
		assert_string_equal(buffer, values[i]);
	}
	assert_int_equal(kernel_param_parse(THIS_MODULE, "flag=off"), 0);
	assert_false(flag);
	kernel_param_release(THIS_MODULE);
	machine_down();
}

static void bad_parameters_are_refused(void **state)
{
	static const struct {
		const char *params;
		int error;
	} bad[] = {
		{ "nothing=1", -ENOENT }, { "number", -EINVAL }, { "number=", -EINVAL }, { "number=-1", -EINVAL },
		{ "number=1 2", -ENOENT }, { "number=4294967296", -ERANGE },
		{ "small=1,2,3,4,5", -EINVAL }, { "small=1,x", -EINVAL }, { "flag=perhaps", -EINVAL },
		{ "name=12345678", -ENOSPC },
	};
	unsigned int i;

	(void)state;
	machine_boot(&machine_no_device, 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(kernel_param_parse(THIS_MODULE, bad[i].params), bad[i].error);
	machine_down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_judged_by_their_words),
		cmocka_unit_test(parameters_are_set_and_shown),
		cmocka_unit_test(bad_parameters_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
