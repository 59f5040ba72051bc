/* SPDX-License-Identifier: MIT */
/*
 * Every beat of the controller must be mapped for its channel, in that direction, in that clock: a write from its data beat to its
 * response, a read from its address to its data. The mapping layer says what is mapped.
 *
 *	map_check_init(&check);
 *	for (;;) {
 *		tick(in, out);
 *		...					// everybody chooses the pins of the next edge
 *		if (!map_check_clock(&check, &out, &in, edge))
 *			report(check.why);
 *	}
 *
 * Of a read those bytes are judged that are surely meant: reads fetch whole bus words, and what stands beside the range in its
 * first and last word may belong to anybody. Writes are judged by their strobes. And a burst that the descriptors of another channel ask
 * for, and none of its own channel, has strayed as well. A stray beat is told with its descriptor,
 * which the checker has seen being fetched, and with what became of the mapping.
 */
#ifndef PQDMA_MAP_CHECK_H
#define PQDMA_MAP_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include "map_descs.h"
#include "pqdma_model.h"

#define MAP_CHECK_BURSTS 128u
#define MAP_CHECK_IDS 2u

/**
 * struct map_burst - one burst in flight
 * @channel: whose, by AxUSER
 * @addr:  of its first beat
 * @first: first byte written, as far as beats have come; @end behind the last
 * @asked: generation of mappings in which it was asked whether all of it is allowed; @safe if it was
 * @size:  bytes of a beat; @fixed: all at one address
 * @beats: how many, @seen of them so far
 */
struct map_burst {
	unsigned int channel;
	uint64_t addr;
	uint64_t first;
	uint64_t end;
	uint64_t asked;
	uint64_t safe;
	unsigned int size;
	bool fixed;
	unsigned int beats;
	unsigned int seen;
};

/** struct map_queue - bursts in order; of writes the first @data have all their beats */
struct map_queue {
	struct map_burst burst[MAP_CHECK_BURSTS];
	unsigned int head;
	unsigned int count;
	unsigned int data;
};

/**
 * struct map_check - the checker
 * @reads:   bursts by ID: data, descriptors
 * @writes:  bursts without response
 * @offered: an address of a write is offered and not yet taken
 * @descs:   what each channel has fetched last
 * @judged_reads:  beats judged so far, and @judged_writes
 * @strays:  beats and responses that were not allowed
 * @wanted:  strays are counted and do no harm; see map_check_expect()
 * @why:     about the first of them
 */
struct map_check {
	struct map_queue reads[MAP_CHECK_IDS];
	struct map_queue writes;
	bool offered;
	struct map_descs descs[PQDMA_CHANNELS];
	uint64_t judged_reads;
	uint64_t judged_writes;
	uint64_t strays;
	bool wanted;
	char why[900];
};

/** map_check_init() - nothing in flight, nothing seen */
void map_check_init(struct map_check *check);

/**
 * map_check_clock() - look at the transfers of one edge
 * @out:  output pins of the controller
 * @in:   input pins for the edge
 * @edge: its number
 *
 * Return: false if a beat strayed and that was not expected; check->why says how.
 */
bool map_check_clock(struct map_check *check, const struct pqdma_out *out, const struct pqdma_in *in, uint64_t edge);

/** map_check_expect() - a test plants stray beats: from now on they are wanted (@on), or not any more. Return: how many there were. */
uint64_t map_check_expect(struct map_check *check, bool on);

#endif
