/* SPDX-License-Identifier: MIT */
/*
 * Random stimulus as a program: steps, one a line, that can be saved, read, shortened and replayed.
 *
 *	program random_errors seed=7
 *	memory ch=0 nr=3 key=0x51f1c7a3
 *	append ch=2 nr=4 bytes=1504 wait=12 key=0x9a7b0c11
 *	#   xor 311 bytes of 3 sources to 0x4000021007, flags 03, tag 1c40
 *	stop ch=2
 *	check
 *
 * Each step carries the key of all random numbers that it draws, so any step can be taken away and the others stay what they are.
 * A test that has random stimulus names its kinds of steps (TEST(..., .program = &kinds)) and asks for one step after the
 * other. Without +program= it draws them; with +save= each is written down before it is taken, with remarks about what came of it.
 */
#ifndef PQDMA_PROGRAM_H
#define PQDMA_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "rng.h"

#define PROGRAM_ANY_CHANNEL (-1)

/** struct program_kinds - the kinds of steps that a test knows: @nr @names, the index being the kind */
struct program_kinds {
	const char *const *names;
	unsigned int nr;
};

/**
 * struct step - one step
 * @kind:  index into the names of the test
 * @ch:    channel
 * @nr:    how many of what the kind is about
 * @bytes: most bytes that any descriptor of this step moves; 0 where there are none
 * @wait:  clocks to wait afterwards
 * @key:   seed of what the step draws
 */
struct step {
	unsigned int kind;
	unsigned int ch;
	uint32_t nr;
	uint32_t bytes;
	uint32_t wait;
	uint32_t key;
};

/**
 * struct program - the stimulus of a run
 * @kinds:    what the test knows
 * @steps:    read from a file, NULL if the test draws them; @nr of them, @taken of each whether it has been
 * @save:     where steps are written, or NULL
 * @rng:      draws kinds, keys and numbers of new steps
 * @executed: steps so far
 */
struct program {
	const struct program_kinds *kinds;
	struct step *steps;
	bool *taken;
	unsigned int nr;
	FILE *save;
	struct rng rng;
	unsigned int executed;
};

/**
 * program_open() - prepare the program of a run
 * @p:        receives it; zeroed
 * @kinds:    what the test knows
 * @test:     name of the test, and @seed of the run: a program belongs to both
 * @from:     file to replay, or NULL
 * @to:       file to write, or NULL
 *
 * Return: false after a line on stderr that names file, line and remedy.
 */
bool program_open(struct program *p, const struct program_kinds *kinds, const char *test, uint64_t seed, const char *from, const char *to);

/** program_close() - give everything back. Return: false after a line on stderr if the file could not be written whole */
bool program_close(struct program *p);

/** program_replays() - do the steps come from a file? */
static inline bool program_replays(const struct program *p)
{
	return p->steps;
}

/**
 * program_next() - the next step of a file
 * @p:     a program that replays
 * @kinds: bit n: kind n is wanted
 * @ch:    channel, or PROGRAM_ANY_CHANNEL
 * @step:  receives it
 *
 * Return: false if none is left.
 */
bool program_next(struct program *p, uint32_t kinds, int ch, struct step *step);

/** program_begin() - a step is about to be taken: seed @rng with its key and write it down */
void program_begin(struct program *p, const struct step *step, struct rng *rng);

/** program_remark() - write down, as a comment, what came of the step */
void program_remark(struct program *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
