/* SPDX-License-Identifier: MIT */
/*
 * The observer of functional coverage: looks at the golden model's registers and at the pins, and reports events. It changes nothing.
 *
 *	struct cover_watch *watch = cover_watch_new(dut_model_state(model), &mem, &iommu);
 *
 *	cover_watch_before(watch, &in, &out);	// pins as the coming edge will sample them
 *	tick();
 *	cover_watch_after(watch, &in);
 */
#ifndef PQDMA_COVER_WATCH_H
#define PQDMA_COVER_WATCH_H

#include "env/axi_mem.h"
#include "env/iommu.h"
#include "pqdma_model.h"

struct cover_watch;

/** cover_watch_new() - an observer of @dev and of @iommu; @mem is asked how it behaves. NULL if there is no memory */
struct cover_watch *cover_watch_new(const struct pqdma *dev, const struct axi_mem *mem, const struct iommu *iommu);

/** cover_watch_free() - give it back; NULL is allowed */
void cover_watch_free(struct cover_watch *watch);

/** cover_watch_before() - what the pins and the model's old registers say of the coming edge */
void cover_watch_before(struct cover_watch *watch, const struct pqdma_in *in, const struct pqdma_out *out);

/** cover_watch_after() - what its new registers say; @in are the pins of the edge */
void cover_watch_after(struct cover_watch *watch, const struct pqdma_in *in);

#endif
