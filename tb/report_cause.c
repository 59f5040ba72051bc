// SPDX-License-Identifier: MIT
// One line that is the same for all failures of one cause, and the parameters of this build.
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "lockstep.h"
#include "pqdma_params.h"
#include "report.h"

static const struct parameter {
	const char *name;
	unsigned int value;
	unsigned int normal;
} parameters[] = {
	{ "CHANNELS", PQDMA_CHANNELS, 4 },
	{ "DATA_W", PQDMA_DATA_W, 128 },
	{ "STRIP_BYTES", PQDMA_STRIP_BYTES, 1024 },
	{ "BUF_BYTES", PQDMA_BUF_BYTES, 4096 },
	{ "STRIPS", PQDMA_STRIPS, 32 },
	{ "READS", PQDMA_READS, 16 },
	{ "DESCS", PQDMA_DESCS, 32 },
	{ "SOURCES", PQDMA_SOURCES, 16 },
	{ "LINES", PQDMA_LINES, 4 },
	{ "WITH_PQ", PQDMA_WITH_PQ, 1 },
	{ "WITH_DESC_PORT", PQDMA_WITH_DESC_PORT, 0 },
};

#define NR_PARAMETERS (sizeof(parameters) / sizeof(parameters[0]))

/* Only what differs from its default has to be said again. */
void report_parameters(void)
{
	for (size_t i = 0; i < NR_PARAMETERS; i++)
		if (parameters[i].value != parameters[i].normal)
			printf(" %s=%u", parameters[i].name, parameters[i].value);
}

/* FNV-1a, over values in the order of the table */
uint32_t report_config_hash(void)
{
	uint32_t hash = 0x811c9dc5u;

	for (size_t i = 0; i < NR_PARAMETERS; i++)
		for (unsigned int shift = 0; shift < 32; shift += 8)
			hash = (hash ^ (parameters[i].value >> shift & 0xff)) * 0x01000193u;
	return hash;
}

/* The number of a line in a source is part of the cause: "copy.c:120". */
static bool is_line(const char *text, const char *at)
{
	return at - text > 3 && at[-1] == ':' && (at[-2] == 'c' || at[-2] == 'h') && at[-3] == '.';
}

/* A section of a standard is part of it, too: "IHI 0022 A3.2.1". */
static bool is_section(const char *text, const char *at)
{
	return at - text >= 4 && !strncmp(at - 4, "IHI ", 4);
}

static size_t number_length(const char *at)
{
	size_t len = strspn(at, "0123456789");

	if (at[0] == '0' && at[1] == 'x' && isxdigit((unsigned char)at[2]))
		return 2 + strspn(at + 2, "0123456789abcdefABCDEF");
	if (at[len] == '.' && isdigit((unsigned char)at[len + 1]))
		len += 1 + strspn(at + len + 1, "0123456789");
	return len;
}

static bool begins_number(const char *text, const char *at)
{
	if (!isdigit((unsigned char)*at))
		return false;
	return at == text || (!isalnum((unsigned char)at[-1]) && at[-1] != '_' && at[-1] != '.');
}

/* @from without numbers that vary, into @text[@len] */
static void normalise(const char *from, char *text, size_t len)
{
	const char *at = from;
	size_t used = 0;

	while (*at && used + 1 < len) {
		const size_t number = begins_number(from, at) ? number_length(at) : 0;

		if (!number || is_line(from, at) || is_section(from, at)) {
			text[used++] = *at++;
			continue;
		}
		text[used++] = 'N';
		at += number;
	}
	text[used] = '\0';
}

static const char *first_pin(const struct mismatch *m)
{
	for (size_t i = 0; i < pin_count_out; i++)
		if (mismatch_has(m, &pin_table_out[i]))
			return pin_table_out[i].name;
	return "none";
}

void report_cause(const struct bench *b, char *text, size_t len)
{
	const struct mismatch *m = b->pair ? lockstep_mismatch(b->pair) : NULL;

	normalise(b->why, text, len);
	if (m)
		snprintf(text + strlen(text), len - strlen(text), ": %s", first_pin(m));
}
