// SPDX-License-Identifier: MIT
// What the tests of registers have to see: accesses and their answers.
#include "cover/axes.h"

static uint64_t access_of(const struct cover_event *event)
{
	return 1ull << (event->access.write ? event->access.strobes : 16);
}

static const char *const accesses[] = {
	"strobes 0", "strobes 1", "strobes 2", "strobes 3", "strobes 4", "strobes 5", "strobes 6", "strobes 7", "strobes 8", "strobes 9",
	"strobes 10", "strobes 11", "strobes 12", "strobes 13", "strobes 14", "strobes 15", "read",
};
static const struct cover_axis access = { "access", 17, accesses, access_of };

static uint64_t response_of(const struct cover_event *event)
{
	return 1ull << event->access.refused;
}

static const char *const responses[] = { "OKAY", "SLVERR" };
static const struct cover_axis response = { "answer", 2, responses, response_of };

static bool is_write(const struct cover_event *event)
{
	return event->access.write;
}

static uint64_t order_of(const struct cover_event *event)
{
	return 1ull << event->access.order;
}

static const char *const orders[] = { "address and data at once", "address first", "data first" };
static const struct cover_axis order = { "order", 3, orders, order_of };

COVER(regs_access, COVER_ACCESS, "strobes of a write, or a read x answer", .axes = { &access, &response })
COVER(regs_order, COVER_ACCESS, "writes: which channel comes first x answer", .only = is_write, .axes = { &order, &response })
