/* SPDX-License-Identifier: MIT */
/*
 * Everything that happens in a run, on one axis of clocks, as a file that Perfetto and chrome://tracing open: format "Trace Event",
 * JSON. A microsecond there is a clock here.
 *
 *	struct timeline *t = timeline_open("run.json", dut_model_state(model), &mem);
 *
 *	for (;;) {
 *		...				// a clock: edge, software, everybody chooses pins
 *		timeline_clock(t, &out, &in, edge);
 *	}
 *	timeline_close(t);
 *
 * Software tells of itself through kernel_trace_hook(). Arrows lead from the prep call to its descriptors, to their bursts, to the
 * callback; as far as something is known by its addresses.
 */
#ifndef PQDMA_TIMELINE_H
#define PQDMA_TIMELINE_H

#include <stdbool.h>
#include "env/axi_mem.h"
#include "pqdma_model.h"

struct timeline;

/** timeline_open() - begin the file @path; NULL if that failed */
struct timeline *timeline_open(const char *path, const struct pqdma *model, const struct axi_mem *mem);

/** timeline_clock() - one clock: output pins @out now, input pins @in for the coming edge @edge; software has run */
void timeline_clock(struct timeline *t, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t edge);

/** timeline_close() - finish the file; false if it could not be written */
bool timeline_close(struct timeline *t);

#endif
