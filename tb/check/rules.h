/* SPDX-License-Identifier: MIT */
/*
 * Rules of a protocol as data: a table that names them, and counts of how often each was looked at and broken.
 *
 *	rule_check(&check->rules, AXI_W_LAST, last == expected);
 *
 * A checker counts; it never stops a run by itself.
 */
#ifndef PQDMA_RULES_H
#define PQDMA_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULES_MAX 40

/**
 * struct rule - one rule
 * @name:   for reports and tests
 * @source: document and section that demands it
 * @text:   what must be so
 */
struct rule {
	const char *name;
	const char *source;
	const char *text;
};

/**
 * struct rules - a set of rules and what became of them
 * @table:     the rules, @count of them
 * @evaluated: how often each was looked at
 * @broken:    how often each was broken
 * @edge:      edge of the present clock, set by the checker
 * @first:     the rule broken first, NULL if none was
 * @first_edge: when
 */
struct rules {
	const struct rule *table;
	size_t count;
	uint64_t evaluated[RULES_MAX];
	uint64_t broken[RULES_MAX];
	uint64_t edge;
	const struct rule *first;
	uint64_t first_edge;
};

/** rule_break() - note that a rule is broken; rule_check() is the one to call */
static inline void rule_break(struct rules *rules, unsigned int id)
{
	rules->broken[id]++;
	if (rules->first)
		return;
	rules->first = &rules->table[id];
	rules->first_edge = rules->edge;
}

/** rule_check() - rule @id was looked at, and is kept if @ok. Return: @ok */
static inline bool rule_check(struct rules *rules, unsigned int id, bool ok)
{
	rules->evaluated[id]++;
	if (__builtin_expect(!ok, 0))
		rule_break(rules, id);
	return ok;
}

/** rules_evaluated() - how many times rules were looked at, all together */
static inline uint64_t rules_evaluated(const struct rules *rules)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < rules->count; i++)
		sum += rules->evaluated[i];
	return sum;
}

#endif
