/* SPDX-License-Identifier: MIT */
/* What word 6 of a descriptor with PERI means. docs/spec.md, section 2; docs/timing.md, sections 5 to 9. */
#include "pqdma_peri.h"
#include "pqdma_regs.h"

#define SETTING(settings, name) ((uint32_t)(((settings) & PQDMA_SETTINGS_##name##_MASK) >> PQDMA_SETTINGS_##name##_SHIFT))
#define BURST_MAX 4
#define TRANSFERS_MAX 16	/* of a FIXED burst; more than the widest piece has on the device's side */

static struct pqdma_side side_of(uint32_t mode, uint32_t size)
{
	return (struct pqdma_side) {
		.narrow = mode != PQDMA_MODE_UP || size != PQDMA_BUS_SIZE,
		.mode = (uint8_t)mode,
		.size = (uint8_t)size,
	};
}

struct pqdma_side pqdma_peri_source(uint32_t settings)
{
	return side_of(SETTING(settings, SRC_MODE), SETTING(settings, SRC_WIDTH));
}

struct pqdma_side pqdma_peri_destination(uint32_t settings)
{
	return side_of(SETTING(settings, DST_MODE), SETTING(settings, DST_WIDTH));
}

uint32_t pqdma_peri_line(uint32_t settings)
{
	return SETTING(settings, LINE);
}

bool pqdma_peri_paced(uint32_t settings)
{
	return settings & PQDMA_SETTINGS_PACED_MASK;
}

bool pqdma_peri_writes_device(uint32_t settings)
{
	return settings & PQDMA_SETTINGS_DST_DEV_MASK;
}

/* W and G of the text: bytes that a single and a burst request stand for */
static uint32_t bytes_of_single(uint32_t settings)
{
	return 1u << (pqdma_peri_writes_device(settings) ? SETTING(settings, DST_WIDTH) : SETTING(settings, SRC_WIDTH));
}

static uint32_t bytes_of_burst(uint32_t settings)
{
	return bytes_of_single(settings) << SETTING(settings, BURST);
}

static bool side_fits(const struct pqdma_side *side, uint32_t settings, uint64_t addr, uint32_t length)
{
	const uint32_t width = 1u << side->size;

	if (side->size > PQDMA_BUS_SIZE || side->mode >= PQDMA_MODES)
		return false;
	if (!side->narrow)
		return true;
	return addr % width == 0 && length % width == 0 && width <= bytes_of_single(settings) &&
	       bytes_of_burst(settings) <= TRANSFERS_MAX * width;
}

bool pqdma_peri_fits(uint32_t settings, uint64_t src, uint64_t dst, uint32_t length)
{
	const struct pqdma_side source = pqdma_peri_source(settings);
	const struct pqdma_side destination = pqdma_peri_destination(settings);

	return side_fits(&source, settings, src, length) && side_fits(&destination, settings, dst, length) &&
	       SETTING(settings, BURST) <= BURST_MAX && pqdma_peri_line(settings) < PQDMA_LINES &&
	       bytes_of_burst(settings) <= PQDMA_STRIP_BYTES;
}

static bool is_high(uint64_t pins, uint32_t settings)
{
	return pins >> pqdma_peri_line(settings) & 1;
}

bool pqdma_peri_asks(uint32_t settings, const struct pqdma_in *in)
{
	return !pqdma_peri_paced(settings) || is_high(in->drq_burst | in->drq_single, settings);
}

struct pqdma_piece pqdma_peri_piece(uint32_t settings, uint32_t left, const struct pqdma_in *in)
{
	const bool paced = pqdma_peri_paced(settings);
	const bool single = paced && !is_high(in->drq_burst, settings);
	const uint32_t most = single ? bytes_of_single(settings) : bytes_of_burst(settings);
	const uint32_t n = left < most ? left : most;

	return (struct pqdma_piece) { .n = n, .last = n == left || (paced && is_high(in->drq_last, settings)) };
}

struct pqdma_burst pqdma_side_burst(const struct pqdma_side *side, uint64_t addr, uint32_t done, uint32_t n, uint32_t limit)
{
	const uint64_t at = pqdma_side_at(side, addr, done);
	const uint32_t to_limit = limit - ((uint32_t)at & (limit - 1));
	const uint32_t lead = side->narrow ? 0 : at % PQDMA_BYTES;
	uint32_t bytes = n - done;

	if (side->mode == PQDMA_MODE_DOWN)
		bytes = 1u << side->size;
	else if (side->mode == PQDMA_MODE_UP && bytes > to_limit)
		bytes = to_limit;
	return (struct pqdma_burst) {
		.addr = at,
		.bytes = bytes,
		.beats = (lead + bytes + (1u << side->size) - 1) >> side->size,
	};
}
