// SPDX-License-Identifier: MIT
// What the tests of commands and reset have to see: in which state, and with what under way.
#include "cover/axes.h"

static uint64_t command_of(const struct cover_event *event)
{
	switch (event->command) {
	case PQDMA_CTRL_RUN_MASK:
		return 1;
	case PQDMA_CTRL_PAUSE_MASK:
		return 2;
	case PQDMA_CTRL_STOP_MASK:
		return 4;
	default:
		return 8;
	}
}

static const char *const commands[] = { "RUN", "PAUSE", "STOP", "ABORT" };
static const struct cover_axis command = { "command", 4, commands, command_of };

/* In IDLE nothing is under way. In FAIL and ABORT something still may be: what has begun is finished, and what is current stays there. */
static bool control_legal(const unsigned int *at)
{
	const uint32_t outstanding = 1u << at[2];

	if (at[1] == PQDMA_STATE_IDLE)
		return outstanding == COVER_NOTHING;
	return true;
}

COVER(control_commands, COVER_COMMAND, "command x state x what is under way", .axes = { &command, &cover_state, &cover_outstanding },
      .legal = control_legal)
COVER(control_reset, COVER_RESET, "reset with this under way", .axes = { &cover_outstanding })
