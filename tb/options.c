// SPDX-License-Identifier: MIT
// Plus arguments: one table row each.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "env/axi_mem.h"
#include "options.h"

static bool set_text(const char *value, const char **to)
{
	*to = value;
	return *value != '\0';
}

static bool set_number(const char *value, uint64_t *to)
{
	char *end;

	errno = 0;
	*to = strtoull(value, &end, 0);
	return *value >= '0' && *value <= '9' && !*end && !errno;
}

static bool parse_test(struct options *o, const char *value)
{
	return set_text(value, &o->test);
}

static bool parse_seed(struct options *o, const char *value)
{
	return set_number(value, &o->seed);
}

static bool parse_file(struct options *o, const char *value)
{
	FILE *f = fopen(value, "rb");
	bool is_empty = f && fgetc(f) == EOF;
	const char *why = !f || ferror(f) ? strerror(errno) : "it is empty";

	if (f)
		fclose(f);
	if (f && !is_empty)
		return set_text(value, &o->file);
	fprintf(stderr, "FILE=%s: %s\n", value, why);
	return false;
}

static bool parse_socket(struct options *o, const char *value)
{
	return set_text(value, &o->socket);
}

static bool parse_mem(struct options *o, const char *value)
{
	o->mem = value;
	if (axi_mem_profile(value))
		return true;
	fprintf(stderr, "no memory profile '%s'; there are:", value);
	for (unsigned int i = 0; axi_mem_profile_name(i); i++)
		fprintf(stderr, " %s", axi_mem_profile_name(i));
	fprintf(stderr, "\n");
	return false;
}

static bool parse_program(struct options *o, const char *value)
{
	return set_text(value, &o->program);
}

static bool parse_save(struct options *o, const char *value)
{
	return set_text(value, &o->save);
}

static bool parse_waves(struct options *o, const char *value)
{
	return set_text(value, &o->waves);
}

static bool parse_waves_from(struct options *o, const char *value)
{
	return set_number(value, &o->waves_from);
}

static bool parse_failure_waves(struct options *o, const char *value)
{
	return set_text(value, &o->failure_waves);
}

static bool parse_timeline(struct options *o, const char *value)
{
	return set_text(value, &o->timeline);
}

static bool parse_record(struct options *o, const char *value)
{
	return set_text(value, &o->record);
}

static bool parse_flip(struct options *o, const char *value)
{
	char error[2048];

	o->flip_text = value;
	if (flip_parse(value, &o->flip, error, sizeof(error)))
		return true;
	fprintf(stderr, "%s\n", error);
	return false;
}

static bool parse_max_clocks(struct options *o, const char *value)
{
	return set_number(value, &o->max_clocks) && o->max_clocks;
}

static bool parse_hash(struct options *o, const char *value)
{
	return set_number(value, &o->hash_every) && o->hash_every;
}

static bool parse_list(struct options *o, const char *value)
{
	o->list = true;
	return !*value;
}

static bool parse_cover(struct options *o, const char *value)
{
	return set_text(value, &o->cover);
}

static bool parse_covers(struct options *o, const char *value)
{
	o->covers = true;
	return !*value;
}

static const struct {
	const char *name;
	bool (*parse)(struct options *o, const char *value);
	const char *usage;
} table[] = {
	{ "+test=", parse_test, "+test=<name>" },
	{ "+seed=", parse_seed, "+seed=<number>" },
	{ "+file=", parse_file, "+file=<path of a file that can be read and is not empty>" },
	{ "+socket=", parse_socket, "+socket=<path of a socket to make>" },
	{ "+mem=", parse_mem, "+mem=<profile>" },
	{ "+program=", parse_program, "+program=<path of a program that +save= has written>" },
	{ "+save=", parse_save, "+save=<path of a file to write>" },
	{ "+waves=", parse_waves, "+waves=<file.fst>" },
	{ "+waves_from=", parse_waves_from, "+waves_from=<clock>" },
	{ "+failure_waves=", parse_failure_waves, "+failure_waves=<file.fst>" },
	{ "+timeline=", parse_timeline, "+timeline=<file.json>" },
	{ "+record=", parse_record, "+record=<file>" },
	{ "+flip=", parse_flip, "+flip=<pin>[<bit>]@<clock>" },
	{ "+max_clocks=", parse_max_clocks, "+max_clocks=<number, not 0>" },
	{ "+hash=", parse_hash, "+hash=<number of clocks, not 0>" },
	{ "+cover=", parse_cover, "+cover=<file>" },
	{ "+covers", parse_covers, "+covers" },
	{ "+list", parse_list, "+list" },
};

#define NR_OPTIONS (sizeof(table) / sizeof(table[0]))

static bool unknown_option(const char *arg)
{
	fprintf(stderr, "unknown option '%s'; there are:\n", arg);
	for (size_t i = 0; i < NR_OPTIONS; i++)
		fprintf(stderr, "\t%s\n", table[i].usage);
	return false;
}

static bool parse_one(struct options *o, const char *arg)
{
	for (size_t i = 0; i < NR_OPTIONS; i++) {
		size_t length = strlen(table[i].name);

		if (strncmp(arg, table[i].name, length))
			continue;
		if (table[i].parse(o, arg + length))
			return true;
		fprintf(stderr, "'%s' should be %s\n", arg, table[i].usage);
		return false;
	}
	return unknown_option(arg);
}

bool options_parse(struct options *o, int argc, char **argv)
{
	*o = (struct options){ .seed = 1 };
	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], "+verilator+", 11) && !parse_one(o, argv[i]))
			return false;
	return true;
}
