// SPDX-License-Identifier: MIT
// Programs of random stimulus: reading, writing, one step after the other.
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "pqdma_params.h"
#include "program.h"

#define LINE_SIZE 512
#define STEPS_MAX 100000
#define BLANKS " \t\n"

/* A number of a step, by name. Those that are 0 are not written. */
static const struct {
	const char *name;
	size_t offset;
	const char *format;
} fields[] = {
	{ "ch", offsetof(struct step, ch), " ch=%" PRIu32 },
	{ "nr", offsetof(struct step, nr), " nr=%" PRIu32 },
	{ "bytes", offsetof(struct step, bytes), " bytes=%" PRIu32 },
	{ "wait", offsetof(struct step, wait), " wait=%" PRIu32 },
	{ "key", offsetof(struct step, key), " key=0x%08" PRIx32 },
};

#define NR_FIELDS (sizeof(fields) / sizeof(fields[0]))

/* Where reading has come to, for messages. */
struct place {
	const char *path;
	unsigned int line;
};

static bool __attribute__((format(printf, 2, 3))) bad(const struct place *at, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "PROGRAM=%s line %u: ", at->path, at->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}

static bool parse_number(const char *text, uint64_t most, uint64_t *to)
{
	char *end;

	errno = 0;
	*to = strtoull(text, &end, 0);
	return *text >= '0' && *text <= '9' && !*end && !errno && *to <= most;
}

static bool parse_field(const struct place *at, const char *word, struct step *step)
{
	const char *equals = strchr(word, '=');
	uint64_t value;

	for (size_t i = 0; equals && i < NR_FIELDS; i++) {
		if (strlen(fields[i].name) != (size_t)(equals - word) || strncmp(fields[i].name, word, equals - word))
			continue;
		if (!parse_number(equals + 1, UINT32_MAX, &value))
			return bad(at, "'%s' needs a whole number of up to 32 bits", word);
		*(uint32_t *)((char *)step + fields[i].offset) = (uint32_t)value;
		return true;
	}
	return bad(at, "'%s' should be ch=, nr=, bytes=, wait= or key= with a number", word);
}

static bool parse_kind(const struct program *p, const struct place *at, const char *word, struct step *step)
{
	for (unsigned int i = 0; i < p->kinds->nr; i++) {
		if (strcmp(p->kinds->names[i], word))
			continue;
		*step = (struct step){ .kind = i };
		return true;
	}
	bad(at, "this test has no step '%s'; it has:", word);
	for (unsigned int i = 0; i < p->kinds->nr; i++)
		fprintf(stderr, "\t%s\n", p->kinds->names[i]);
	return false;
}

static bool parse_step(const struct program *p, const struct place *at, char *line, struct step *step)
{
	char *rest, *word = strtok_r(line, BLANKS, &rest);

	if (!parse_kind(p, at, word, step))
		return false;
	while ((word = strtok_r(NULL, BLANKS, &rest)))
		if (!parse_field(at, word, step))
			return false;
	if (step->ch >= PQDMA_CHANNELS)
		return bad(at, "ch=%u, but this configuration has channels 0 to %u", step->ch, PQDMA_CHANNELS - 1);
	return true;
}

static bool parse_title(const struct place *at, char *line, const char *test, uint64_t seed)
{
	char *rest, *word = strtok_r(line, BLANKS, &rest), *name = strtok_r(NULL, BLANKS, &rest);
	char *number = name ? strtok_r(NULL, BLANKS, &rest) : NULL;
	uint64_t value;

	if (strcmp(word, "program") || !number || strncmp(number, "seed=", 5) || !parse_number(number + 5, UINT64_MAX, &value))
		return bad(at, "a program begins with 'program <test> seed=<number>'");
	if (strcmp(name, test) || value != seed)
		return bad(at, "this program belongs to another test or seed: run it with T=%s SEED=%" PRIu64, name, value);
	return true;
}

static bool is_empty(const char *line)
{
	line += strspn(line, BLANKS);
	return !*line || *line == '#';
}

static bool add_step(struct program *p, const struct place *at, char *line)
{
	if (p->nr == STEPS_MAX)
		return bad(at, "more than %d steps", STEPS_MAX);
	return parse_step(p, at, line, &p->steps[p->nr]) && ++p->nr;
}

static bool parse_file(struct program *p, FILE *f, const char *path, const char *test, uint64_t seed)
{
	struct place at = { .path = path };
	bool has_title = false;
	char line[LINE_SIZE];

	while (fgets(line, sizeof(line), f)) {
		at.line++;
		if (is_empty(line))
			continue;
		if (!strchr(line, '\n') && !feof(f))
			return bad(&at, "longer than %d characters", LINE_SIZE - 2);
		if (!(has_title ? add_step(p, &at, line) : parse_title(&at, line, test, seed)))
			return false;
		has_title = true;
	}
	if (!has_title)
		return bad(&at, "nothing in it; a program begins with 'program <test> seed=<number>'");
	return true;
}

static bool read_steps(struct program *p, const char *path, const char *test, uint64_t seed)
{
	FILE *f = fopen(path, "r");
	bool ok;

	if (!f) {
		fprintf(stderr, "PROGRAM=%s: %s\n", path, strerror(errno));
		return false;
	}
	p->steps = calloc(STEPS_MAX, sizeof(*p->steps));
	p->taken = calloc(STEPS_MAX, sizeof(*p->taken));
	ok = p->steps && p->taken && parse_file(p, f, path, test, seed);
	fclose(f);
	return ok;
}

bool program_open(struct program *p, const struct program_kinds *kinds, const char *test, uint64_t seed, const char *from, const char *to)
{
	p->kinds = kinds;
	rng_init(&p->rng, seed, "program");
	if (from && !read_steps(p, from, test, seed))
		return false;
	if (!to)
		return true;
	p->save = fopen(to, "w");
	if (!p->save) {
		fprintf(stderr, "SAVE=%s: %s\n", to, strerror(errno));
		return false;
	}
	setvbuf(p->save, NULL, _IOLBF, 0);
	fprintf(p->save, "program %s seed=%" PRIu64 "\n", test, seed);
	return true;
}

bool program_close(struct program *p)
{
	bool ok = true;

	free(p->steps);
	free(p->taken);
	if (p->save) {
		ok = !ferror(p->save);
		ok = !fclose(p->save) && ok;
	}
	if (!ok)
		fprintf(stderr, "the program could not be written whole: is the disk full?\n");
	return ok;
}

bool program_next(struct program *p, uint32_t kinds, int ch, struct step *step)
{
	for (unsigned int i = 0; i < p->nr; i++) {
		const struct step *s = &p->steps[i];

		if (p->taken[i] || !(kinds >> s->kind & 1) || (ch != PROGRAM_ANY_CHANNEL && s->ch != (unsigned int)ch))
			continue;
		p->taken[i] = true;
		*step = *s;
		return true;
	}
	return false;
}

void program_begin(struct program *p, const struct step *step, struct rng *rng)
{
	rng_init(rng, step->key, "step");
	p->executed++;
	if (!p->save)
		return;
	fputs(p->kinds->names[step->kind], p->save);
	for (size_t i = 0; i < NR_FIELDS; i++) {
		uint32_t value = *(const uint32_t *)((const char *)step + fields[i].offset);

		if (value)
			fprintf(p->save, fields[i].format, value);
	}
	fputc('\n', p->save);
}

void program_remark(struct program *p, const char *format, ...)
{
	va_list args;

	if (!p->save)
		return;
	fputs("#   ", p->save);
	va_start(args, format);
	vfprintf(p->save, format, args);
	va_end(args);
	fputc('\n', p->save);
}
