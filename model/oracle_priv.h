/* SPDX-License-Identifier: MIT */
/* Private to the oracle: commands, memory, and what moving the data of a command comes to. */
#ifndef ORACLE_PRIV_H
#define ORACLE_PRIV_H

#include "oracle.h"
#include "pqdma_regs.h"

#define ORACLE_RESP_OKAY 0
#define ORACLE_RESP_DECERR 3
#define ORACLE_RESP_ERROR 2	/* this bit is set in both errors */

/** struct oracle_source - one entry of a source table */
struct oracle_source {
	uint64_t addr;
	uint8_t a;
	uint8_t b;
};

/**
 * struct oracle_command - a descriptor
 * @status:     where its status word stands
 * @rows:       1 without TWO_D
 * @src_stride: from row to row; like @dst_stride of no meaning without TWO_D
 * @source:     filled only when the command is executed
 *
 * The other members are as in the descriptor.
 */
struct oracle_command {
	uint64_t addr;
	uint64_t status;
	uint32_t op;
	uint32_t flags;
	uint32_t tag;
	uint32_t length;
	uint32_t rows;
	int32_t src_stride;
	int32_t dst_stride;
	uint64_t src;
	uint64_t dst;
	uint64_t dst2;
	uint64_t link;
	uint32_t sources;
	uint64_t settings;
	struct oracle_source source[PQDMA_SOURCES];
};

/**
 * struct oracle_moved - how far a command has come
 * @bytes:       of strips that are done
 * @p_bad:       validation found a difference in P
 * @q_bad:       validation found a difference in Q
 * @write_error: a write of the strip or piece behind @bytes has failed
 */
struct oracle_moved {
	uint64_t bytes;
	bool p_bad;
	bool q_bad;
	bool write_error;
};

/* ---- oracle_memory.c ---- */

/** oracle_respond() - the response of an access to exactly @len bytes at @addr, of an array or of a device */
unsigned int oracle_respond(const struct oracle *oracle, uint64_t addr, uint64_t len, enum oracle_access access);

/**
 * oracle_read() - get @len (not 0) bytes at @addr in whole beats
 *
 * Return: first error of all beats, @where then being its bus word, or OKAY. With an error the bytes have no meaning.
 */
unsigned int oracle_read(const struct oracle *oracle, uint64_t addr, uint8_t *bytes, size_t len, enum oracle_access access,
			 uint64_t *where);

/** oracle_write() - put @len (not 0) bytes at @addr in one burst; returns its response, nothing is written with an error */
unsigned int oracle_write(const struct oracle *oracle, uint64_t addr, const uint8_t *bytes, size_t len, enum oracle_access access);

/** oracle_read_transfer() - get exactly @len bytes at @addr, of memory or of a device */
unsigned int oracle_read_transfer(const struct oracle *oracle, uint64_t addr, uint8_t *bytes, size_t len);

/** oracle_write_transfer() - put exactly @len bytes at @addr; for memory that is an array after oracle_respond() said OKAY */
unsigned int oracle_write_transfer(const struct oracle *oracle, uint64_t addr, const uint8_t *bytes, size_t len);

/** oracle_cause() - the error cause of @resp, given the cause of its SLVERR form */
uint32_t oracle_cause(uint32_t slverr, unsigned int resp);

/** oracle_fail() - the channel goes to FAIL with this record; returns false for the caller to return */
bool oracle_fail(struct oracle_channel *ch, uint32_t cause, uint64_t addr, uint64_t desc);

/** oracle_mark() - @len bytes at @addr are uncertain */
void oracle_mark(struct oracle_channel *ch, uint64_t addr, uint64_t len);

/* ---- oracle_data.c ---- */

/** oracle_limit() - bytes whose multiples no burst crosses */
uint64_t oracle_limit(const struct oracle_channel *ch);

/** oracle_move() - move all bytes of a command; false and a failed channel at the first error, see @moved */
bool oracle_move(const struct oracle *oracle, struct oracle_channel *ch, const struct oracle_command *cmd,
		 struct oracle_moved *moved);

/** oracle_mark_strips() - what at most @budget strips from byte @done on write is uncertain; returns what is left of @budget */
uint32_t oracle_mark_strips(struct oracle_channel *ch, const struct oracle_command *cmd, uint64_t done, uint32_t budget);

/* ---- oracle_peri.c ---- */

/** oracle_peri_is_legal() - false for all that is BAD_WIDTH; the command has PERI */
bool oracle_peri_is_legal(const struct oracle_command *cmd);

/** oracle_peri_move() - as oracle_move(), of a command with PERI */
bool oracle_peri_move(const struct oracle *oracle, struct oracle_channel *ch, const struct oracle_command *cmd,
		      struct oracle_moved *moved);

/** oracle_peri_mark() - what a piece from byte @done on may write is uncertain */
void oracle_peri_mark(struct oracle_channel *ch, const struct oracle_command *cmd, uint32_t done);

#endif
