// SPDX-License-Identifier: MIT
/*
 * Every command in every state with everything that can be under way: scenes on a memory that takes its time, so that what a scene is
 * about is still there when the command comes. And every command in every clock around the one in which ABORT ends.
 */
#include "test.h"

#define PAGE 4096u
#define PARTS 3
#define LENGTH 64
#define SLOW 100		/* clocks from an address to the first beat, or from the last beat to the response */
#define QUICK 10
#define AT_ONCE 10		/* clocks from RUN until the list is being fetched */
#define LATER (SLOW + 30 + PARTS * PQDMA_DESC_SIZE / PQDMA_BYTES)	/* until it is there, and waits for its own accesses */
#define AT_REST (6 * SLOW)
#define CLOCKS 20000
#define SWEEP 40		/* clocks that are tried behind ABORT: more than a fetch lasts */
#define SWEEP_LATENCY 20
#define BAD_OP 0xff

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define PACED PQDMA_SETTINGS_PACED_MASK
#define PIECE (4ull << PQDMA_SETTINGS_BURST_SHIFT | 2ull << PQDMA_SETTINGS_SRC_WIDTH_SHIFT | 2ull << PQDMA_SETTINGS_DST_WIDTH_SHIFT)

/**
 * struct scene - a list, and when to look at it
 * @fails:   it fails by then; @refused because the memory refuses the first status word
 * @busy:    STATUS.BUSY is 1 then
 * @writes:  clocks that a write takes
 * @delay:   clocks from RUN to the command
 * @first:   descriptors of the first group; 0 for all
 * @nr:      descriptors
 * @parts:   what they are
 */
struct scene {
	bool fails;
	bool refused;
	bool busy;
	unsigned int writes;
	unsigned int delay;
	unsigned int first;
	unsigned int nr;
	struct {
		uint8_t op;
		uint8_t flags;
		uint64_t settings;
	} parts[PARTS];
};

#define NOP { PQDMA_OP_NOP, 0, 0 }
#define NOP_WB { PQDMA_OP_NOP, PQDMA_FLAG_WB, 0 }
#define COPY(more) { PQDMA_OP_COPY, more, 0 }
#define PERI(settings) { PQDMA_OP_COPY, PQDMA_FLAG_PERI, settings }
#define BAD { BAD_OP, 0, 0 }
#define BAD_WB { BAD_OP, PQDMA_FLAG_WB, 0 }

/* Under way are: nothing; a fetch; a status word, or a completion word, and a line; strips, a fence, the descriptor behind it; a piece. */
static const struct scene scenes[] = {
	{ .writes = SLOW, .delay = AT_REST, .nr = 1, .parts = { NOP } },
	{ .writes = SLOW, .delay = AT_ONCE, .nr = 1, .busy = true, .parts = { NOP } },
	{ .writes = SLOW, .delay = LATER, .nr = 2, .busy = true, .parts = { NOP_WB, PERI(PACED) } },
	{ .writes = SLOW, .delay = LATER, .nr = 2, .busy = true, .parts = { NOP, PERI(PACED) } },
	{ .writes = SLOW, .delay = LATER, .nr = 2, .busy = true, .parts = { COPY(PQDMA_FLAG_FENCE), COPY(0) } },
	{ .writes = SLOW, .delay = LATER, .nr = 1, .busy = true, .parts = { PERI(PIECE) } },
	{ .fails = true, .writes = SLOW, .delay = AT_REST, .nr = 1, .parts = { BAD } },
	{ .fails = true, .writes = SLOW, .delay = LATER, .nr = 1, .busy = true, .parts = { BAD_WB } },
	{ .fails = true, .refused = true, .writes = QUICK, .delay = LATER, .first = 1, .nr = 2, .busy = true, .parts = { NOP_WB, NOP } },
	{ .fails = true, .refused = true, .writes = QUICK, .delay = LATER, .nr = 2, .parts = { NOP_WB, PERI(PACED) } },
	{ .fails = true, .refused = true, .writes = QUICK, .delay = LATER, .nr = 3, .busy = true,
	  .parts = { NOP_WB, COPY(PQDMA_FLAG_FENCE), COPY(0) } },
	{ .fails = true, .refused = true, .writes = QUICK, .delay = LATER, .nr = 2, .busy = true, .parts = { NOP_WB, PERI(PIECE) } },
};

static const uint32_t commands[] = { PQDMA_CTRL_RUN_MASK, PQDMA_CTRL_PAUSE_MASK, PQDMA_CTRL_STOP_MASK, PQDMA_CTRL_ABORT_MASK };

/* A state, the command that leads there from RUN, and the states that the commands lead to from there */
static const struct state {
	unsigned int state;
	uint32_t by;
	unsigned int next[NR(commands)];
} states[] = {
	{ PQDMA_STATE_RUN, 0, { PQDMA_STATE_RUN, PQDMA_STATE_PAUSE, PQDMA_STATE_STOP, PQDMA_STATE_ABORT } },
	{ PQDMA_STATE_PAUSE, PQDMA_CTRL_PAUSE_MASK, { PQDMA_STATE_RUN, PQDMA_STATE_PAUSE, PQDMA_STATE_STOP, PQDMA_STATE_ABORT } },
	{ PQDMA_STATE_STOP, PQDMA_CTRL_STOP_MASK, { PQDMA_STATE_RUN, PQDMA_STATE_STOP, PQDMA_STATE_STOP, PQDMA_STATE_ABORT } },
	{ PQDMA_STATE_ABORT, PQDMA_CTRL_ABORT_MASK, { PQDMA_STATE_ABORT, PQDMA_STATE_ABORT, PQDMA_STATE_ABORT, PQDMA_STATE_ABORT } },
	{ PQDMA_STATE_FAIL, 0, { PQDMA_STATE_FAIL, PQDMA_STATE_FAIL, PQDMA_STATE_FAIL, PQDMA_STATE_ABORT } },
};

/* list, src, dst, cmpl: a page each */
struct area {
	uint64_t list;
	uint64_t src;
	uint64_t dst;
	uint64_t cmpl;
};

static void set_memory(struct bench *b, unsigned int reads, unsigned int writes)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");

	config.read_latency = reads;
	config.write_latency = writes;
	mem_configure(b, &config);
}

static void set_word(struct bench *b, unsigned int ch, uint64_t addr)
{
	ch_write(b, ch, PQDMA_CH_CMPL_LO, (uint32_t)addr);
	ch_write(b, ch, PQDMA_CH_CMPL_HI, (uint32_t)(addr >> 32));
}

static void start(struct bench *b, unsigned int ch, const struct area *at, const struct scene *scene)
{
	const unsigned int first = scene->first ? scene->first : scene->nr;
	const uint64_t status = at->list + PQDMA_DESC_STATUS_OFFSET;

	for (unsigned int i = 0; i < scene->nr; i++) {
		const uint64_t desc = at->list + i * PQDMA_DESC_SIZE;

		desc_put(b, desc, &(struct desc){ .op = scene->parts[i].op, .flags = scene->parts[i].flags, .src = at->src, .dst = at->dst,
						  .length = scene->parts[i].op == PQDMA_OP_COPY ? LENGTH : 0,
						  .link = desc + PQDMA_DESC_SIZE, .count = scene->nr - first });
		desc_settings(b, desc, scene->parts[i].settings);
	}
	set_memory(b, SLOW, scene->writes);
	set_word(b, ch, scene->refused ? 0 : at->cmpl);
	if (scene->refused)
		mem_fault(b, &(struct axi_mem_fault){ AXI_MEM_WRITE | AXI_MEM_STATUS, status, status + 7, AXI_SLVERR, 0, 0 });
	chan_start(b, ch, at->list, first, scene->nr);
}

static void check_ended(struct bench *b, unsigned int ch)
{
	mem_clear_faults(b);
	chan_abort(b, ch);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), 0);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), 0);
	CHECK(axi_mem_idle(&b->mem));
}

/* ABORT ends by itself where nothing is under way. */
static bool can_be(const struct scene *scene, const struct state *state)
{
	return scene->fails == (state->state == PQDMA_STATE_FAIL) && (scene->busy || state->state != PQDMA_STATE_ABORT);
}

static void play(struct bench *b, unsigned int ch, const struct area *at, const struct scene *scene, const struct state *state,
		 unsigned int command)
{
	const unsigned int want = state->next[command];
	uint32_t status;

	start(b, ch, at, scene);
	wait_clocks(b, scene->delay);
	if (state->by)
		ch_write(b, ch, PQDMA_CH_CTRL, state->by);
	ch_write(b, ch, PQDMA_CH_CTRL, commands[command]);
	status = ch_read(b, ch, PQDMA_CH_STATUS);
	CHECK_EQ(!!(status & PQDMA_STATUS_BUSY_MASK), scene->busy);
	status = (status & PQDMA_STATUS_STATE_MASK) >> PQDMA_STATUS_STATE_SHIFT;
	CHECK_EQ(status, want == PQDMA_STATE_ABORT && !scene->busy ? PQDMA_STATE_IDLE : want);
	check_ended(b, ch);
}

TEST(control_under_way, "each command in each state with whatever can be under way there: the state after it; then ABORT, and all is zero",
     .moves = true)
{
	const struct area at = { ram_alloc(b, PAGE), ram_alloc(b, PAGE), ram_alloc(b, PAGE), ram_alloc(b, PAGE) };
	unsigned int nr = 0;

	for (unsigned int i = 0; i < NR(scenes); i++)
		for (unsigned int k = 0; k < NR(states); k++)
			for (unsigned int command = 0; command < NR(commands); command++) {
				if (!can_be(&scenes[i], &states[k]))
					continue;
				play(b, nr++ % PQDMA_CHANNELS, &at, &scenes[i], &states[k], command);
			}
	CHECK(nr >= NR(scenes) * NR(commands));
}

/* A command so many clocks behind ABORT, while a fetch is on its way. Returns the state in the end. */
static unsigned int command_behind_abort(struct bench *b, unsigned int ch, uint64_t list, uint32_t command, unsigned int delay)
{
	unsigned int state;

	chan_start(b, ch, list, 1, 1);
	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	if (delay)
		wait_clocks(b, delay);
	ch_write(b, ch, PQDMA_CH_CTRL, command);
	wait_clocks(b, SWEEP);
	state = ch_state(b, ch);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), 0);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS), PQDMA_IRQ_IDLE_MASK);
	check_ended(b, ch);
	return state;
}

TEST(control_abort_end, "each command in each clock around the end of ABORT: nothing before it, and what it does in IDLE from then on")
{
	const uint64_t list = ram_alloc(b, PAGE);
	unsigned int before = 0, behind = 0;

	desc_put(b, list, &(struct desc){ .op = PQDMA_OP_NOP });
	set_memory(b, SWEEP_LATENCY, 1);
	for (unsigned int command = 0; command < NR(commands); command++)
		for (unsigned int delay = 0; delay < SWEEP; delay++) {
			const unsigned int state = command_behind_abort(b, delay % PQDMA_CHANNELS, list, commands[command], delay);

			CHECK(state == PQDMA_STATE_IDLE || (!command && state == PQDMA_STATE_RUN));
			before += !command && state == PQDMA_STATE_IDLE;
			behind += state == PQDMA_STATE_RUN;
			CHECK(command || before == (state == PQDMA_STATE_IDLE ? delay + 1 : before));
		}
	CHECK(before && behind);
}
