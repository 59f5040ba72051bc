// SPDX-License-Identifier: MIT
// What the tests of peripherals have to see: widths and modes of both sides, requests, and bursts on the bus.
#include "cover/axes.h"

#define BUS ((unsigned int)__builtin_ctz(PQDMA_BYTES))
#define WIDTHS (BUS + 1)
#define MODES 3
#define SIDES (WIDTHS * MODES)
#define TRANSFERS_MAX 16	/* of a narrow side in a piece */

#define SETTING(event, name) ((event)->desc->settings >> PQDMA_SETTINGS_##name##_SHIFT & \
			      (PQDMA_SETTINGS_##name##_MASK >> PQDMA_SETTINGS_##name##_SHIFT))

static bool is_peri(const struct cover_event *event)
{
	return cover_flag(event, PQDMA_FLAG_PERI);
}

static uint64_t source_of(const struct cover_event *event)
{
	return 1ull << (SETTING(event, SRC_WIDTH) * MODES + SETTING(event, SRC_MODE));
}

static uint64_t destination_of(const struct cover_event *event)
{
	return 1ull << (SETTING(event, DST_WIDTH) * MODES + SETTING(event, DST_MODE));
}

static const char *const sides[] = {
	"1 up", "1 FIXED", "1 down", "2 up", "2 FIXED", "2 down", "4 up", "4 FIXED", "4 down", "8 up", "8 FIXED", "8 down",
	"16 up", "16 FIXED", "16 down", "32 up", "32 FIXED", "32 down", "64 up", "64 FIXED", "64 down",
};

static const struct cover_axis source = { "source", SIDES, sides, source_of };
static const struct cover_axis destination = { "destination", SIDES, sides, destination_of };

static bool is_narrow(unsigned int side)
{
	return side % MODES || side / MODES != BUS;
}

/* Two narrow sides: the wider one is the device, and a transfer of it is at most so many of the other. */
static bool sides_legal(const unsigned int *at)
{
	const unsigned int a = at[0] / MODES, b = at[1] / MODES;

	return !is_narrow(at[0]) || !is_narrow(at[1]) || 1u << (a > b ? a - b : b - a) <= TRANSFERS_MAX;
}

static bool is_paced(const struct cover_event *event)
{
	return is_peri(event) && SETTING(event, PACED);
}

static uint64_t direction_of(const struct cover_event *event)
{
	return 1ull << SETTING(event, DST_DEV);
}

static const char *const directions[] = { "from", "to" };
static const struct cover_axis direction = { "peripheral", 2, directions, direction_of };

static uint64_t width_of(const struct cover_event *event)
{
	return 1ull << (SETTING(event, DST_DEV) ? SETTING(event, DST_WIDTH) : SETTING(event, SRC_WIDTH));
}

static const char *const widths[] = { "1", "2", "4", "8", "16", "32", "64" };
static const struct cover_axis width = { "width", WIDTHS, widths, width_of };

static uint64_t burst_of(const struct cover_event *event)
{
	return 1ull << SETTING(event, BURST);
}

static const char *const bursts[] = { "1", "2", "4", "8", "16" };
static const struct cover_axis burst = { "burst", 5, bursts, burst_of };

static bool device_legal(const unsigned int *at)
{
	return 1u << (at[1] + at[2]) <= PQDMA_STRIP_BYTES;
}

static bool is_piece(const struct cover_event *event)
{
	return event->strip.piece && event->strip.paced;
}

static uint64_t line_of(const struct cover_event *event)
{
	return 1ull << SETTING(event, LINE);
}

static const struct cover_axis line = { "line", PQDMA_LINES, NULL, line_of };

static uint64_t request_of(const struct cover_event *event)
{
	return 1ull << (event->strip.burst_request | event->strip.last_request << 1);
}

static const char *const requests[] = { "single", "burst", "last single", "last burst" };
static const struct cover_axis request = { "by", 4, requests, request_of };

static uint64_t bus_side_of(const struct cover_event *event)
{
	return 1ull << event->burst.write;
}

static const char *const bus_sides[] = { "read", "write" };
static const struct cover_axis bus_side = { "bus", 2, bus_sides, bus_side_of };

static uint64_t shape_of(const struct cover_event *event)
{
	return 1ull << (event->burst.size * 2 + event->burst.fixed);
}

static const char *const shapes[] = {
	"1 INCR", "1 FIXED", "2 INCR", "2 FIXED", "4 INCR", "4 FIXED", "8 INCR", "8 FIXED", "16 INCR", "16 FIXED", "32 INCR", "32 FIXED",
	"64 INCR", "64 FIXED",
};
static const struct cover_axis shape = { "beats of", WIDTHS * 2, shapes, shape_of };

static uint64_t beats_of(const struct cover_event *event)
{
	const unsigned int n = event->burst.beats;

	return n == 1 ? 1 : n < TRANSFERS_MAX ? 2 : n == TRANSFERS_MAX ? 4 : 8;
}

static const char *const beat_names[] = { "1", "2 to 15", "16", "more" };
static const struct cover_axis beats = { "number", 4, beat_names, beats_of };

static bool bus_legal(const unsigned int *at)
{
	return at[2] < 3 || at[1] == BUS * 2;
}

COVER(slave_sides, COVER_DESC, "PERI: width and mode of the source x of the destination", .only = is_peri,
      .axes = { &source, &destination }, .legal = sides_legal)
COVER(slave_devices, COVER_DESC, "paced: direction x width x burst of the peripheral", .only = is_paced,
      .axes = { &direction, &width, &burst }, .legal = device_legal)
COVER(slave_requests, COVER_STRIP, "pieces: line x how it asked x direction", .only = is_piece, .axes = { &line, &request, &direction })
COVER(slave_bus, COVER_BURST, "bursts on the bus: direction x width and kind x beats", .axes = { &bus_side, &shape, &beats },
      .legal = bus_legal)
