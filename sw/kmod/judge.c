// SPDX-License-Identifier: MIT
/*
 * Does a message report a failure? By its words, since a client such as dmatest tells everything as mere information.
 */
#define _GNU_SOURCE	/* strcasestr() */
#include "kmod.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static const char *const bad_words[] = {
	"failed", "failure", "fails", "failing", "fail", "error",
	"timed out", "mismatch", "not copied", "overwritten", "was copied", "corrupt", "leak",
};

/* "0 failures": a count of none in front of the word. */
static bool is_none(const char *text, const char *word)
{
	const char *p = word;

	while (p > text && isspace((unsigned char)p[-1]))
		p--;
	if (p > text && p[-1] == '0')
		return p - 1 == text || !isalnum((unsigned char)p[-2]);
	return p - text >= 2 && !strncasecmp(p - 2, "no", 2);
}

/* "faila=3" is the name of something. */
static bool is_whole(const char *word, const char *at)
{
	return strcmp(word, "fail") || !isalpha((unsigned char)at[4]);
}

bool kmod_is_failure(const char *text)
{
	for (size_t i = 0; i < sizeof(bad_words) / sizeof(bad_words[0]); i++)
		for (const char *p = strcasestr(text, bad_words[i]); p; p = strcasestr(p + 1, bad_words[i]))
			if (is_whole(bad_words[i], p) && !is_none(text, p))
				return true;
	return false;
}
