/* SPDX-License-Identifier: MIT */
/*
 * Parameters of the controller for C: defaults and legal values of docs/spec.md, section 1.
 *
 * The build sets them with -D, to the same values as the parameters of the RTL. PQDMA_CHANNELS, PQDMA_DATA_W and
 * PQDMA_LINES stand in pqdma_pins.h, because they decide the pins.
 */
#ifndef PQDMA_PARAMS_H
#define PQDMA_PARAMS_H

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

#define PQDMA_IS_POWER(x) ((x) > 0 && ((x) & ((x) - 1)) == 0)
#define PQDMA_LEGAL_POWER(x, low, high) (PQDMA_IS_POWER(x) && (x) >= (low) && (x) <= (high))

_Static_assert(PQDMA_CHANNELS >= 1 && PQDMA_CHANNELS <= PQDMA_CH_MAX, "CHANNELS is 1 to 16");
_Static_assert(PQDMA_LEGAL_POWER(PQDMA_DATA_W, 32, 512), "DATA_W is 32, 64, 128, 256 or 512");
_Static_assert(PQDMA_LEGAL_POWER(PQDMA_STRIP_BYTES, 64, 4096), "STRIP_BYTES is a power of two, 64 to 4096");
_Static_assert(PQDMA_STRIP_BYTES <= 256 * PQDMA_BYTES, "STRIP_BYTES is at most 256 beats");
_Static_assert(PQDMA_LEGAL_POWER(PQDMA_BUF_BYTES, 2 * PQDMA_STRIP_BYTES, 65536),
	       "BUF_BYTES is a power of two, 2 x STRIP_BYTES to 65536");
_Static_assert(PQDMA_LEGAL_POWER(PQDMA_STRIPS, 2, 64), "STRIPS is a power of two, 2 to 64");
_Static_assert(PQDMA_LEGAL_POWER(PQDMA_READS, 2, 64), "READS is a power of two, 2 to 64");
_Static_assert(PQDMA_LEGAL_POWER(PQDMA_DESCS, 2, 64), "DESCS is a power of two, 2 to 64");
_Static_assert(PQDMA_LINES >= 1 && PQDMA_LINES <= 32, "LINES is 1 to 32");
_Static_assert(PQDMA_LEGAL_POWER(PQDMA_SOURCES, 4, 32), "SOURCES is 4, 8, 16 or 32");
_Static_assert(PQDMA_WITH_DESC_PORT == 0 || PQDMA_WITH_DESC_PORT == 1, "WITH_DESC_PORT is 0 or 1");
_Static_assert(PQDMA_WITH_PQ == 0 || PQDMA_WITH_PQ == 1, "WITH_PQ is 0 or 1");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the host stores words as the bus does");

#endif
