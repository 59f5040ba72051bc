// SPDX-License-Identifier: MIT
// The timeline's file: events as JSON, one a line; and what software says. See timeline.h.
#include <inttypes.h>
#include <stdlib.h>
#include "timeline_priv.h"
#include "trace.h"

#define STEP 0.001		/* of a clock: what software does in one clock stands side by side, in its order */
#define LANE_BITS 64

/* There is one run in a process, and the kernel's hook has no argument. */
static struct timeline *listening;

static void comma(struct timeline *t)
{
	fputs(t->any ? ",\n" : "\n", t->f);
	t->any = true;
}

/* Names are ours, or come from sources: quotes and backslashes do not belong into JSON as they are. */
static void text(struct timeline *t, const char *s)
{
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', t->f);
		fputc(*s < ' ' ? ' ' : *s, t->f);
	}
}

void timeline_slice(struct timeline *t, int group, int row, double begin, const char *name, const char *detail)
{
	comma(t);
	fputs("{\"ph\":\"X\",\"name\":\"", t->f);
	text(t, name);
	fprintf(t->f, "\",\"pid\":%d,\"tid\":%d,\"ts\":%.3f,\"dur\":%.3f", group, row, begin, t->now - begin);
	if (*detail) {
		fputs(",\"args\":{\"detail\":\"", t->f);
		text(t, detail);
		fputs("\"}", t->f);
	}
	fputc('}', t->f);
}

void timeline_edge(struct timeline *t, char phase, int group, int row, const char *name)
{
	comma(t);
	fprintf(t->f, "{\"ph\":\"%c\",\"name\":\"", phase);
	text(t, name);
	fprintf(t->f, "\",\"pid\":%d,\"tid\":%d,\"ts\":%.3f}", group, row, t->now);
}

void timeline_flow(struct timeline *t, char phase, int group, int row, double at, uint64_t prep)
{
	if (!prep)
		return;
	comma(t);
	fprintf(t->f, "{\"ph\":\"%c\",\"name\":\"transaction\",\"cat\":\"dma\",\"id\":%" PRIu64 ",\"pid\":%d,\"tid\":%d,\"ts\":%.3f%s}",
		phase, prep, group, row, at, phase == 'f' ? ",\"bp\":\"e\"" : "");
}

void timeline_number(struct timeline *t, const char *name, uint64_t value)
{
	comma(t);
	fprintf(t->f, "{\"ph\":\"C\",\"name\":\"%s\",\"pid\":%d,\"ts\":%.3f,\"args\":{\"value\":%" PRIu64 "}}", name, GROUP_NUMBERS, t->now,
		value);
}

static void name_track(struct timeline *t, const char *what, int group, int row, const char *name)
{
	comma(t);
	fprintf(t->f, "{\"ph\":\"M\",\"name\":\"%s\",\"pid\":%d,\"tid\":%d,\"args\":{\"name\":\"%s\"}}", what, group, row, name);
}

void timeline_row(struct timeline *t, int group, int row, const char *name)
{
	name_track(t, "thread_name", group, row, name);
}

unsigned int timeline_lane(uint64_t *lanes)
{
	const unsigned int lane = ~*lanes ? (unsigned int)__builtin_ctzll(~*lanes) : LANE_BITS - 1;

	*lanes |= 1ull << lane;
	return lane;
}

/* Software */

static void call(struct timeline *t, const char *name)
{
	const double begin = t->now;

	t->now += STEP / 2;
	timeline_slice(t, GROUP_SOFTWARE, ROW_CALLS, begin, name, "");
}

static void prepared(struct timeline *t, const struct kernel_trace *event)
{
	const double begin = t->now;
	char name[TIMELINE_NAME];

	snprintf(name, sizeof(name), "prep at %s", event->name ? event->name : "unknown");
	call(t, name);
	timeline_flow(t, 's', GROUP_SOFTWARE, ROW_CALLS, begin, event->number);
}

static void named(struct timeline *t, const struct kernel_trace *event, const char *what)
{
	char name[TIMELINE_NAME];

	snprintf(name, sizeof(name), "%s %" PRIu64 " of channel %d", what, event->number, event->channel);
	call(t, name);
}

static void completed(struct timeline *t, const struct kernel_trace *event)
{
	t->calls[t->nr_calls++ % TIMELINE_CALLS] = (struct timeline_call){ event->object, event->channel, event->number };
	named(t, event, "complete");
}

/* The latest completion of this transaction says which it was. */
static void called_back(struct timeline *t, const void *object)
{
	const unsigned int known = t->nr_calls < TIMELINE_CALLS ? t->nr_calls : TIMELINE_CALLS;

	timeline_edge(t, 'B', GROUP_SOFTWARE, ROW_CALLS, "callback");
	for (unsigned int i = 1; i <= known; i++) {
		const struct timeline_call *c = &t->calls[(t->nr_calls - i) % TIMELINE_CALLS];

		if (c->object != object || c->channel < 0 || c->channel >= PQDMA_CHANNELS)
			continue;
		timeline_flow(t, 'f', GROUP_SOFTWARE, ROW_CALLS, t->now, t->chan[c->channel].prep_of_tag[c->cookie % TIMELINE_TAGS]);
		return;
	}
}

static const struct {
	char phase;
	int row;
} edges[] = {
	[TRACE_TASK_BEGIN] = { 'B', ROW_CPU },
	[TRACE_TASK_END] = { 'E', ROW_CPU },
	[TRACE_IRQ_BEGIN] = { 'B', ROW_CPU },
	[TRACE_IRQ_END] = { 'E', ROW_CPU },
	[TRACE_TASKLET_BEGIN] = { 'B', ROW_CPU },
	[TRACE_TASKLET_END] = { 'E', ROW_CPU },
	[TRACE_LOCK] = { 'B', ROW_LOCKS },
	[TRACE_UNLOCK] = { 'E', ROW_LOCKS },
	[TRACE_CALLBACK_END] = { 'E', ROW_CALLS },
};

static void heard(const struct kernel_trace *event)
{
	struct timeline *t = listening;

	t->now += STEP;
	if (event->kind == TRACE_PREP)
		prepared(t, event);
	else if (event->kind == TRACE_SUBMIT)
		named(t, event, "submit");
	else if (event->kind == TRACE_COMPLETE)
		completed(t, event);
	else if (event->kind == TRACE_CALLBACK_BEGIN)
		called_back(t, event->object);
	else
		timeline_edge(t, edges[event->kind].phase, GROUP_SOFTWARE, edges[event->kind].row, event->name);
}

void timeline_listen(struct timeline *t)
{
	listening = t;
	kernel_trace_hook(t ? heard : NULL);
}

/* The file */

static void name_tracks(struct timeline *t)
{
	static const struct {
		int group;
		const char *name;
	} groups[] = {
		{ GROUP_SOFTWARE, "software" },
		{ GROUP_REGISTERS, "registers and interrupts" },
		{ GROUP_CHANNELS, "channels: state, descriptors" },
		{ GROUP_READS, "AXI reads" },
		{ GROUP_WRITES, "AXI writes" },
		{ GROUP_NUMBERS, "numbers" },
		{ GROUP_STRIPS, "strips" },
	};

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		name_track(t, "process_name", groups[i].group, 0, groups[i].name);
	timeline_row(t, GROUP_SOFTWARE, ROW_CALLS, "calls");
	timeline_row(t, GROUP_SOFTWARE, ROW_CPU, "CPU");
	timeline_row(t, GROUP_SOFTWARE, ROW_LOCKS, "locks");
	timeline_name_hardware(t);
}

struct timeline *timeline_open(const char *path, const struct pqdma *model, const struct axi_mem *mem)
{
	struct timeline *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->f = fopen(path, "w");
	if (!t->f) {
		free(t);
		return NULL;
	}
	t->model = model;
	t->mem = mem;
	fputs("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"unit\":\"1 us is one clock\"},\"traceEvents\":[", t->f);
	name_tracks(t);
	timeline_listen(t);
	return t;
}

void timeline_clock(struct timeline *t, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t edge)
{
	t->clock = (double)edge;
	t->now = t->clock;
	timeline_registers(t, out, in);
	timeline_channels(t, in);
	timeline_bursts(t, out, in);
}

bool timeline_close(struct timeline *t)
{
	bool good;

	timeline_listen(NULL);
	fputs("\n]}\n", t->f);
	good = !ferror(t->f);
	good = !fclose(t->f) && good;
	free(t);
	return good;
}
