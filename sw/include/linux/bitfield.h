/* SPDX-License-Identifier: MIT */
/* Fields of a word, named by their mask in place. */
#ifndef PQDMA_LINUX_BITFIELD_H
#define PQDMA_LINUX_BITFIELD_H

#define FIELD_GET(mask, word) ((__typeof__(mask))(((word) & (mask)) >> __builtin_ctzll(mask)))
#define FIELD_MAX(mask) ((__typeof__(mask))((mask) >> __builtin_ctzll(mask)))
#define FIELD_PREP(mask, value) (((__typeof__(mask))(value) << __builtin_ctzll(mask)) & (mask))

#endif
