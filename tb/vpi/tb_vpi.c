// SPDX-License-Identifier: MIT
/*
 * SIM=verilator and SIM=icarus: the controller behind VPI. One source, unchanged, for both.
 *
 * The simulator owns main() and the bench wants to own the loop, so the bench is a fiber. Its tick() leaves the
 * input pins here and switches to the simulator, which comes back with the output pins after the next rising edge.
 *
 *	time	callback	what happens
 *	10n+5	on_fall		outputs are fetched, the bench runs up to its next tick(), inputs are put, clk = 0
 *	10n+10	on_rise		expected pins are put (only with waves), clk = 1
 *
 * Inputs and the rising edge are in different time steps, so no simulator can see them in the wrong order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vpi_user.h>
#include "carrier.h"
#include "fiber.h"
#include "tb_vpi.h"

#define HALF 5
#define VERILATOR_WINDOW 200000
#define VERILATOR_SHOWN 20000
#define ICARUS_WINDOW 20000	/* it is slower, and so is a replay */
#define ICARUS_SHOWN 10000
#define MAX_ARGS 64
#define MAX_PATH 512	/* as wide as dump_file of tb_top */
#define MAX_WORDS (PIN_IN_WORDS + PIN_OUT_WORDS)

/* Icarus has it. Verilator does not: there main() ends when no callback is left, and asks tb_vpi_status(). */
extern void vpip_set_return_value(int value) __attribute__((weak));

/* main() of SIM=verilator has it. */
bool tb_vpi_trace(const char *path) __attribute__((weak));

static struct {
	struct fiber *simulator;
	struct fiber *bench;
	vpiHandle clk;
	vpiHandle in;
	vpiHandle out;
	vpiHandle exp;
	const uint32_t *next_in;
	uint32_t *next_out;
	uint32_t *next_unknown;
	uint32_t last_in[PIN_IN_WORDS];
	uint32_t shown[PIN_OUT_WORDS];
	bool put_all;
	bool showing;
	bool over;
	int status;
} link_to = { .put_all = true, .status = 1 };

static void after(PLI_UINT32 delay, PLI_INT32 (*fn)(p_cb_data))
{
	static s_vpi_time time = { .type = vpiSimTime };
	s_cb_data cb = { .reason = cbAfterDelay, .cb_rtn = fn, .time = &time };
	vpiHandle handle;

	time.low = delay;
	handle = vpi_register_cb(&cb);
	if (handle)
		vpi_free_object(handle);	/* the callback still comes; the handle would leak */
}

static void put_bit(vpiHandle reg, int level)
{
	s_vpi_value value = { .format = vpiIntVal, .value.integer = level };

	vpi_put_value(reg, &value, NULL, vpiNoDelay);
}

static void put_words(vpiHandle reg, const uint32_t *words, size_t count)
{
	s_vpi_vecval vec[MAX_WORDS];
	s_vpi_value value = { .format = vpiVectorVal, .value.vector = vec };

	for (size_t i = 0; i < count; i++) {
		vec[i].aval = (PLI_INT32)words[i];
		vec[i].bval = 0;
	}
	vpi_put_value(reg, &value, NULL, vpiNoDelay);
}

/* In a bit that is X or Z, bval is 1; its aval is no value, so the pin reads as 0 and is marked unknown. */
static void fetch_out(void)
{
	s_vpi_value value = { .format = vpiVectorVal };

	vpi_get_value(link_to.out, &value);
	for (unsigned int i = 0; i < PIN_OUT_WORDS; i++) {
		uint32_t unknown = (uint32_t)value.value.vector[i].bval;

		link_to.next_unknown[i] = unknown;
		link_to.next_out[i] = (uint32_t)value.value.vector[i].aval & ~unknown;
	}
}

static void put_in(void)
{
	if (!link_to.put_all && !memcmp(link_to.last_in, link_to.next_in, sizeof(link_to.last_in)))
		return;
	put_words(link_to.in, link_to.next_in, PIN_IN_WORDS);
	memcpy(link_to.last_in, link_to.next_in, sizeof(link_to.last_in));
	link_to.put_all = false;
}

static void finish(void)
{
	if (!vpip_set_return_value)
		return;
	vpip_set_return_value(link_to.status);
	vpi_control(vpiFinish, 0);
}

static PLI_INT32 on_fall(p_cb_data cb);

static PLI_INT32 on_rise(p_cb_data cb)
{
	(void)cb;
	if (link_to.showing)
		put_words(link_to.exp, link_to.shown, PIN_OUT_WORDS);
	put_bit(link_to.clk, 1);
	after(HALF, on_fall);
	return 0;
}

static PLI_INT32 on_fall(p_cb_data cb)
{
	(void)cb;
	if (link_to.next_out)
		fetch_out();
	fiber_switch(link_to.bench);
	if (link_to.over) {
		fiber_free(link_to.bench);
		finish();
		return 0;
	}
	put_in();
	put_bit(link_to.clk, 0);
	after(HALF, on_rise);
	return 0;
}

static void vpi_tick(struct dut *dut, const uint32_t *in, uint32_t *out, uint32_t *unknown)
{
	(void)dut;
	link_to.next_in = in;
	link_to.next_out = out;
	link_to.next_unknown = unknown;
	fiber_switch(link_to.simulator);
}

static void vpi_show(struct dut *dut, const uint32_t *expected)
{
	(void)dut;
	memcpy(link_to.shown, expected, sizeof(link_to.shown));
	link_to.showing = true;
}

/* tb_top arms Icarus's dump itself; Verilator's belongs to main(). */
static bool vpi_trace(struct dut *dut, const char *path, uint64_t edges)
{
	vpiHandle file = vpi_handle_by_name((PLI_BYTE8 *)"tb_top.dump_file", NULL);
	vpiHandle on = vpi_handle_by_name((PLI_BYTE8 *)"tb_top.dump_on", NULL);
	s_vpi_value value = { .format = vpiStringVal, .value.str = (PLI_BYTE8 *)path };
	FILE *probe;

	(void)dut;
	(void)edges;	/* simulators know the time */
	if (!file || !on)
		return tb_vpi_trace && tb_vpi_trace(path);
	probe = strlen(path) < MAX_PATH ? fopen(path, "w") : NULL;
	if (!probe)
		return false;
	fclose(probe);
	vpi_put_value(file, &value, NULL, vpiNoDelay);
	put_bit(on, 1);
	return true;
}

/* The simulator ends by itself once the bench has returned. */
static void vpi_close(struct dut *dut)
{
	(void)dut;
}

static const struct dut_ops vpi_ops = {
	.name = "rtl",
	.tick = vpi_tick,
	.show = vpi_show,
	.trace = vpi_trace,
	.close = vpi_close,
};

static struct dut device = { .ops = &vpi_ops };

static struct dut *vpi_open(uint64_t seed)
{
	(void)seed;	/* main() gives it to Verilator; in Icarus what has no reset is X */
	return &device;
}

static struct carrier carrier = { .name = "verilator", .window = VERILATOR_WINDOW, .shown = VERILATOR_SHOWN, .open = vpi_open };

/* In Icarus only plus arguments are the bench's; the others are those of vvp itself. */
static void run_bench(void *unused)
{
	char *argv[MAX_ARGS + 1] = { (char *)"pqdma" };
	s_vpi_vlog_info info;
	bool icarus;
	int argc = 1;

	(void)unused;
	vpi_get_vlog_info(&info);
	icarus = strstr(info.product, "Icarus");
	if (icarus) {
		carrier.name = "icarus";
		carrier.window = ICARUS_WINDOW;
		carrier.shown = ICARUS_SHOWN;
	}
	for (int i = 1; i < info.argc && argc < MAX_ARGS; i++)
		if (!icarus || info.argv[i][0] == '+')
			argv[argc++] = info.argv[i];
	link_to.status = bench_main(&carrier, argc, argv);
	/* Returning would go on in whichever fiber came here last: after a failure that is a task of the test. */
	link_to.over = true;
	fiber_switch(link_to.simulator);
}

static vpiHandle find(const char *name)
{
	vpiHandle handle = vpi_handle_by_name((PLI_BYTE8 *)name, NULL);

	if (!handle)
		fprintf(stderr, "vpi: %s is not there\n", name);
	return handle;
}

static PLI_INT32 on_start(p_cb_data cb)
{
	(void)cb;
	link_to.clk = find("tb_top.clk");
	link_to.in = find("tb_top.in");
	link_to.out = find("tb_top.out");
	link_to.exp = find("tb_top.exp");
	link_to.simulator = fiber_self();
	link_to.bench = fiber_new("bench", run_bench, NULL);
	if (!link_to.clk || !link_to.in || !link_to.out || !link_to.exp || !link_to.bench) {
		finish();
		return 0;
	}
	after(HALF, on_fall);
	return 0;
}

static void start(void)
{
	s_cb_data cb = { .reason = cbStartOfSimulation, .cb_rtn = on_start };
	vpiHandle handle = vpi_register_cb(&cb);

	if (handle)
		vpi_free_object(handle);
}

int tb_vpi_status(void)
{
	return link_to.status;
}

void (*vlog_startup_routines[])(void) = { start, NULL };
