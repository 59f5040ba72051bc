/* SPDX-License-Identifier: MIT */
/*
 * Parameters of the controller for C: defaults and legal values of docs/spec.md, section 1.
 *
 * The build sets them with -D, to the same values as the parameters of the RTL. PQDMA_CHANNELS, PQDMA_DATA_W and
 * PQDMA_LINES stand in pqdma_pins.h, because they decide the pins.
 */
#ifndef PQDMA_PARAMS_H
#define PQDMA_PARAMS_H

#include <assert.h>
#include "pqdma_pins.h"
#include "pqdma_regs.h"

#ifndef PQDMA_STRIP_BYTES
#define PQDMA_STRIP_BYTES 1024
#endif
#ifndef PQDMA_BUF_BYTES
#define PQDMA_BUF_BYTES 4096
#endif
#ifndef PQDMA_STRIPS
#define PQDMA_STRIPS 32
#endif
#ifndef PQDMA_READS
#define PQDMA_READS 16
#endif
#ifndef PQDMA_DESCS
#define PQDMA_DESCS 32
#endif
#ifndef PQDMA_SOURCES
#define PQDMA_SOURCES 16
#endif
#ifndef PQDMA_WITH_PQ
#define PQDMA_WITH_PQ 1
#endif

/* Bit n is set if operation n is built, as CAP1.OPS */
#define PQDMA_OPS (PQDMA_WITH_PQ ? (2u << PQDMA_OP_MATRIX) - 1 : (2u << PQDMA_OP_XOR_VAL) - 1)

/* What CAP0, CAP1 and CAP2 read */
#define PQDMA_LOG2(x) ((uint32_t)__builtin_ctz(x))

#define PQDMA_BUILD_CAP0						\
	((uint32_t)PQDMA_CHANNELS << PQDMA_CAP0_CHANNELS_SHIFT |	\
	 PQDMA_LOG2(PQDMA_BYTES) << PQDMA_CAP0_DATA_LOG2_SHIFT |		\
	 PQDMA_LOG2(PQDMA_STRIP_BYTES) << PQDMA_CAP0_STRIP_LOG2_SHIFT |	\
	 PQDMA_LOG2(PQDMA_BUF_BYTES) << PQDMA_CAP0_BUF_LOG2_SHIFT |		\
	 (uint32_t)PQDMA_SOURCES << PQDMA_CAP0_SOURCES_SHIFT)
#define PQDMA_BUILD_CAP1						\
	(PQDMA_OPS << PQDMA_CAP1_OPS_SHIFT | PQDMA_CAP1_COMPACT_MASK | PQDMA_CAP1_TWO_D_MASK | PQDMA_CAP1_PAUSE_MASK |	\
	 PQDMA_CAP1_PERI_MASK | (PQDMA_WITH_DESC_PORT ? PQDMA_CAP1_DESC_PORT_MASK : 0) |				\
	 (uint32_t)PQDMA_LINES << PQDMA_CAP1_LINES_SHIFT)
#define PQDMA_BUILD_CAP2						\
	((uint32_t)PQDMA_STRIPS << PQDMA_CAP2_STRIPS_SHIFT |		\
	 (uint32_t)PQDMA_READS << PQDMA_CAP2_READS_SHIFT |		\
	 (uint32_t)PQDMA_DESCS << PQDMA_CAP2_DESCS_SHIFT)

#define PQDMA_IS_POWER(x) ((x) > 0 && ((x) & ((x) - 1)) == 0)
#define PQDMA_LEGAL_POWER(x, low, high) (PQDMA_IS_POWER(x) && (x) >= (low) && (x) <= (high))

static_assert(PQDMA_CHANNELS >= 1 && PQDMA_CHANNELS <= PQDMA_CH_MAX, "CHANNELS is 1 to 16");
static_assert(PQDMA_LEGAL_POWER(PQDMA_DATA_W, 32, 512), "DATA_W is 32, 64, 128, 256 or 512");
static_assert(PQDMA_LEGAL_POWER(PQDMA_STRIP_BYTES, 64, 4096), "STRIP_BYTES is a power of two, 64 to 4096");
static_assert(PQDMA_STRIP_BYTES <= 256 * PQDMA_BYTES, "STRIP_BYTES is at most 256 beats");
static_assert(PQDMA_LEGAL_POWER(PQDMA_BUF_BYTES, 2 * PQDMA_STRIP_BYTES, 65536),
	       "BUF_BYTES is a power of two, 2 x STRIP_BYTES to 65536");
static_assert(PQDMA_LEGAL_POWER(PQDMA_STRIPS, 2, 64), "STRIPS is a power of two, 2 to 64");
static_assert(PQDMA_LEGAL_POWER(PQDMA_READS, 2, 64), "READS is a power of two, 2 to 64");
static_assert(PQDMA_LEGAL_POWER(PQDMA_DESCS, 2, 64), "DESCS is a power of two, 2 to 64");
static_assert(PQDMA_LINES >= 1 && PQDMA_LINES <= 32, "LINES is 1 to 32");
static_assert(PQDMA_LEGAL_POWER(PQDMA_SOURCES, 4, 32), "SOURCES is 4, 8, 16 or 32");
static_assert(PQDMA_WITH_DESC_PORT == 0 || PQDMA_WITH_DESC_PORT == 1, "WITH_DESC_PORT is 0 or 1");
static_assert(PQDMA_WITH_PQ == 0 || PQDMA_WITH_PQ == 1, "WITH_PQ is 0 or 1");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the host stores words as the bus does");

#endif
