/* SPDX-License-Identifier: MIT */
/*
 * Copies with PERI for the unit tests of the model: word 6 in words, and random ones that are legal.
 *
 *	const struct peri peri = { .paced = true, .src_mode = PERI_FIXED, .dst_size = PERI_BUS_SIZE };
 *
 *	env_desc(env, addr, &(struct desc) { .op = PQDMA_OP_COPY, .flags = PQDMA_FLAG_PERI, .settings = peri_word(&peri), ... });
 */
#ifndef MODEL_PERI_H
#define MODEL_PERI_H

#include "model_env.h"

#define PERI_BUS_SIZE ((uint32_t)__builtin_ctz(PQDMA_BYTES))
#define PERI_UP 0u
#define PERI_FIXED 1u
#define PERI_DOWN 2u

/* Both requests at once */
#define PERI_BOTH (ORACLE_REQUEST_SINGLE | ORACLE_REQUEST_BURST)

/* Places of descriptor i and its data, for lists of PERI_LIST descriptors; a page of 4 KiB for each source and destination */
#define PERI_DESC(i) (ENV_DESCS + (uint64_t)(i) * PQDMA_DESC_SIZE)
#define PERI_SRC(i) (ENV_DATA + 0x2000 + 0x1000 * (uint64_t)(i))
#define PERI_DST(i) (ENV_DATA + 0x18000 + 0x1000 * (uint64_t)(i))
#define PERI_LIST 16

/** struct peri - word 6; sizes and @burst are log2 */
struct peri {
	uint32_t line;
	bool paced;
	bool dst_dev;
	uint32_t src_size;
	uint32_t src_mode;
	uint32_t dst_size;
	uint32_t dst_mode;
	uint32_t burst;
};

/** peri_word() - word 6 */
uint32_t peri_word(const struct peri *peri);

/** peri_is_narrow() - is a side anything but ordinary memory? */
bool peri_is_narrow(uint32_t size, uint32_t mode);

/** peri_random() - any legal settings without PACED */
struct peri peri_random(struct env *env, uint32_t line);

/** peri_desc() - a copy near @src and @dst of at most @most bytes (64 at least) that fits @peri, with random flags */
struct desc peri_desc(struct env *env, const struct peri *peri, uint64_t src, uint64_t dst, uint32_t most);

/** peri_run() - start channel @c with any CFG.BURST on @nr descriptors from PERI_DESC(@first) on */
void peri_run(struct env *env, uint32_t c, uint32_t first, uint32_t nr);

#endif
