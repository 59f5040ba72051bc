// SPDX-License-Identifier: MIT
/*
 * STOP and RUN: at every clock of a list, the descriptor that has begun is finished, no other begins, and nothing is lost. What
 * "stopped" means is judged on the whole RAM: exactly DONE descriptors have been executed, no byte more and none less.
 */
#include "lists.h"

#define DESCS 6
#define SMALL_BURST 1
#define RUNS 40
#define OTHERS 8
#define SLOW_W 20		/* percent of clocks in which W is taken */
#define BUSY_STEP 5		/* so many seeds stop in every clock up to BUSY_LAST */
#define BUSY_LAST 150

/* A list of all kinds of descriptors with several strips each, with and without status words, fences and interrupts. */
static void put_list(struct lists *l, unsigned int ch)
{
	static const uint8_t ops[DESCS] = { PQDMA_OP_COPY, PQDMA_OP_FILL, PQDMA_OP_COPY, PQDMA_OP_INTERRUPT, PQDMA_OP_COPY, PQDMA_OP_COPY };
	struct rng *rng = test_rng(l->b);
	struct desc descs[DESCS];

	for (unsigned int i = 0; i < DESCS; i++) {
		uint32_t length = rng_range(rng, 1, 10 * PQDMA_BYTES << SMALL_BURST);

		descs[i] = lists_desc(l, ch, ops[i], ops[i] == PQDMA_OP_INTERRUPT ? 0 : length);
		descs[i].flags = (uint8_t)rng_below(rng, 8);
	}
	lists_burst(l, ch, SMALL_BURST);
	lists_scatter(l, ch, descs, DESCS);
}

/* Wait until the channel has stopped; everything is as after exactly DONE descriptors. Returns DONE. */
static uint32_t check_stopped(struct lists *l, unsigned int ch)
{
	struct bench *b = l->b;
	struct axi_mem_stats was;
	uint32_t done;

	wait_idle(b, ch, LISTS_CLOCKS);
	CHECK_EQ(ch_state(b, ch), PQDMA_STATE_STOP);
	done = ch_read(b, ch, PQDMA_CH_DONE);
	was = *mem_stats(b);
	l->list[ch].goal = done;
	lists_check(l);
	CHECK_EQ(mem_stats(b)->fetch_bursts + mem_stats(b)->write_bursts, was.fetch_bursts + was.write_bursts);
	return done;
}

static void go_on(struct lists *l, unsigned int ch)
{
	struct bench *b = l->b;

	l->list[ch].goal = DESCS;
	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
	lists_wait(l);
	lists_check(l);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), DESCS);
	lists_end(l);
}

TEST(stop_sweep, "STOP in every clock of a list: exactly DONE descriptors are executed; RUN then executes the others", .moves = true,
     .max_clocks = 600000)
{
	static const unsigned int latencies[] = { 1, 4, 9, 20 };
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct lists *l = lists_new(b);
	unsigned int seen[DESCS + 1] = { 0 }, runs = 0;

	config.read_latency = latencies[b->options->seed % 4];
	config.write_latency = latencies[b->options->seed / 4 % 4];
	mem_configure(b, &config);
	put_list(l, 0);
	for (uint64_t delay = 0, step = lists_step(lists_run(l)); !seen[DESCS]; delay += step, runs++) {
		unsigned int ch = delay % PQDMA_CHANNELS;

		put_list(l, ch);
		lists_start(l, ch, DESCS);
		if (delay)
			wait_clocks(b, delay);
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
		seen[check_stopped(l, ch)]++;
		go_on(l, ch);
	}
	CHECK(seen[0] && seen[1] + seen[2] + seen[3] + seen[4] + seen[5] > DESCS);
	CHECK_EQ(lists_moved(l), (1 + runs) * (DESCS - 1));
}

/* Two copies with sources apart; one beat in the middle of the second one's fails. */
static void put_faulty(struct lists *l, unsigned int ch)
{
	struct desc descs[2];
	uint64_t beat;

	for (unsigned int i = 0; i < 2; i++) {
		descs[i] = lists_desc(l, ch, PQDMA_OP_COPY, 10 * PQDMA_BYTES << SMALL_BURST);
		descs[i].src = l->src + i * LISTS_SRC_BYTES / 2 + rng_below(test_rng(l->b), PQDMA_BYTES);
	}
	lists_burst(l, ch, SMALL_BURST);
	lists_scatter(l, ch, descs, 2);
	beat = (descs[1].src + descs[1].length / 2) & ~(uint64_t)(PQDMA_BYTES - 1);
	mem_fault(l->b, &(struct axi_mem_fault){ .kinds = AXI_MEM_READ, .first = beat, .last = beat + PQDMA_BYTES - 1,
						 .resp = AXI_DECERR });
}

TEST(stop_error, "STOP in every clock until an error: what had begun fails in STOP, what had not fails after RUN", .moves = true,
     .max_clocks = 600000)
{
	struct lists *l = lists_new(b);
	unsigned int stopped = 0, failed = 0;
	bool late = false;

	mem_configure(b, axi_mem_profile("ideal"));
	for (uint64_t delay = 1; !late; delay++) {
		const unsigned int ch = delay % PQDMA_CHANNELS;

		put_faulty(l, ch);
		lists_start(l, ch, 2);
		wait_clocks(b, delay);
		late = ch_state(b, ch) == PQDMA_STATE_FAIL;
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
		wait_idle(b, ch, LISTS_CLOCKS);
		if (ch_state(b, ch) == PQDMA_STATE_STOP)
			stopped++;
		else
			failed++;
		ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
		lists_wait(l);
		CHECK_EQ(ch_state(b, ch), PQDMA_STATE_FAIL);
		lists_check(l);
		CHECK_EQ(l->list[ch].oracle.err_cause, PQDMA_ERR_READ_DECERR);
		mem_clear_faults(b);
		lists_end(l);
	}
	CHECK(stopped && failed > 1);
	CHECK_EQ(l->failed, stopped + failed);
}

TEST(stop_again, "STOP and RUN again and again, at random moments and without waiting, lose nothing", .moves = true)
{
	struct lists *l = lists_new(b);
	struct rng *rng = test_rng(b);
	unsigned int stops = 0;

	for (unsigned int i = 0; i < RUNS / 4; i++) {
		unsigned int ch = rng_below(rng, PQDMA_CHANNELS);

		put_list(l, ch);
		lists_start(l, ch, DESCS);
		for (; ch_read(b, ch, PQDMA_CH_DONE) < DESCS; stops++) {
			ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
			if (rng_below(rng, 2))
				wait_clocks(b, 1 + rng_below(rng, 30));
			ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_RUN_MASK);
			if (rng_below(rng, 2))
				wait_clocks(b, 1 + rng_below(rng, 10));
		}
		go_on(l, ch);
	}
	CHECK(stops > RUNS / 4);
}

TEST(stop_others, "one channel stops; the others run to the end meanwhile", .moves = true)
{
	struct lists *l = lists_new(b);
	unsigned int still = 0;

	for (unsigned int i = 0; i < OTHERS; i++) {
		unsigned int stopped = i % PQDMA_CHANNELS;

		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			put_list(l, ch);
		for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
			lists_start(l, ch, DESCS);
		ch_write(b, stopped, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
		wait_idle(b, stopped, LISTS_CLOCKS);
		l->list[stopped].goal = ch_read(b, stopped, PQDMA_CH_DONE);
		still += l->list[stopped].goal < DESCS;
		lists_wait(l);
		lists_check(l);
		go_on(l, stopped);
	}
	CHECK(still);
}

static uint32_t bytes_of(struct lists *l, unsigned int ch, uint32_t nr)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < nr; i++)
		bytes += ram_get64(l->b, l->list[ch].at[i]) >> PQDMA_DESC_LENGTH_SHIFT;
	return (uint32_t)bytes;
}

/* The others hold the datapath, and the memory takes their writes slowly, so a descriptor that has begun may have to wait. */
static void stop_among_others(struct lists *l, unsigned int ch, uint64_t delay)
{
	struct bench *b = l->b;
	uint32_t done;

	for (unsigned int other = 0; other < PQDMA_CHANNELS; other++) {
		struct desc fill = lists_desc(l, other, PQDMA_OP_FILL, 30 * PQDMA_BYTES);

		lists_burst(l, other, 0);
		if (other == ch)
			continue;
		lists_group(l, other, &fill, 1);
		lists_start(l, other, 1);
	}
	put_list(l, ch);
	lists_start(l, ch, DESCS);
	wait_clocks(b, delay);
	ch_write(b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_STOP_MASK);
	wait_idle(b, ch, LISTS_CLOCKS);
	done = ch_read(b, ch, PQDMA_CH_DONE);
	for (unsigned int i = 0; i < 20; i++) {
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), done);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), bytes_of(l, ch, done));
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_STATUS), PQDMA_STATE_STOP);
	}
	go_on(l, ch);
}

TEST(stop_busy, "BUSY 0 after STOP is final, also if a descriptor that has begun waits long for its turn", .moves = true)
{
	struct axi_mem_config config = *axi_mem_profile("ideal");
	struct lists *l = lists_new(b);
	unsigned int runs = 0;

	config.w_ready = SLOW_W;
	mem_configure(b, &config);
	for (uint64_t delay = 1 + b->options->seed % BUSY_STEP; delay < BUSY_LAST; delay += BUSY_STEP, runs++)
		stop_among_others(l, runs % PQDMA_CHANNELS, delay);
	CHECK_EQ(lists_moved(l), runs * (PQDMA_CHANNELS - 1 + DESCS - 1));
}

#define COMMANDS (PQDMA_CTRL_RUN_MASK | PQDMA_CTRL_PAUSE_MASK | PQDMA_CTRL_STOP_MASK | PQDMA_CTRL_ABORT_MASK)

/* Commands and what they do: state before, bits written, state after. */
static const struct {
	unsigned int before;
	uint32_t bits;
	unsigned int after;
} commands[] = {
	{ PQDMA_STATE_IDLE, 0, PQDMA_STATE_IDLE },
	{ PQDMA_STATE_IDLE, PQDMA_CTRL_STOP_MASK, PQDMA_STATE_IDLE },
	{ PQDMA_STATE_IDLE, PQDMA_CTRL_PAUSE_MASK, PQDMA_STATE_IDLE },
	{ PQDMA_STATE_IDLE, PQDMA_CTRL_STOP_MASK | PQDMA_CTRL_RUN_MASK, PQDMA_STATE_IDLE },
	{ PQDMA_STATE_IDLE, PQDMA_CTRL_PAUSE_MASK | PQDMA_CTRL_RUN_MASK, PQDMA_STATE_IDLE },
	{ PQDMA_STATE_IDLE, PQDMA_CTRL_ABORT_MASK | PQDMA_CTRL_RUN_MASK, PQDMA_STATE_IDLE },
	{ PQDMA_STATE_RUN, 0, PQDMA_STATE_RUN },
	{ PQDMA_STATE_RUN, PQDMA_CTRL_RUN_MASK, PQDMA_STATE_RUN },
	{ PQDMA_STATE_RUN, PQDMA_CTRL_PAUSE_MASK, PQDMA_STATE_PAUSE },
	{ PQDMA_STATE_RUN, PQDMA_CTRL_PAUSE_MASK | PQDMA_CTRL_RUN_MASK, PQDMA_STATE_PAUSE },
	{ PQDMA_STATE_RUN, PQDMA_CTRL_STOP_MASK, PQDMA_STATE_STOP },
	{ PQDMA_STATE_RUN, PQDMA_CTRL_STOP_MASK | PQDMA_CTRL_RUN_MASK, PQDMA_STATE_STOP },
	{ PQDMA_STATE_RUN, PQDMA_CTRL_STOP_MASK | PQDMA_CTRL_PAUSE_MASK, PQDMA_STATE_STOP },
	{ PQDMA_STATE_RUN, ~COMMANDS, PQDMA_STATE_RUN },
	{ PQDMA_STATE_RUN, COMMANDS, PQDMA_STATE_IDLE },
	{ PQDMA_STATE_STOP, 0, PQDMA_STATE_STOP },
	{ PQDMA_STATE_STOP, PQDMA_CTRL_STOP_MASK, PQDMA_STATE_STOP },
	{ PQDMA_STATE_STOP, PQDMA_CTRL_PAUSE_MASK, PQDMA_STATE_STOP },
	{ PQDMA_STATE_STOP, PQDMA_CTRL_STOP_MASK | PQDMA_CTRL_RUN_MASK, PQDMA_STATE_STOP },
	{ PQDMA_STATE_STOP, PQDMA_CTRL_PAUSE_MASK | PQDMA_CTRL_RUN_MASK, PQDMA_STATE_STOP },
	{ PQDMA_STATE_STOP, PQDMA_CTRL_RUN_MASK, PQDMA_STATE_RUN },
	{ PQDMA_STATE_STOP, PQDMA_CTRL_ABORT_MASK | PQDMA_CTRL_RUN_MASK, PQDMA_STATE_IDLE },
	{ PQDMA_STATE_PAUSE, 0, PQDMA_STATE_PAUSE },
	{ PQDMA_STATE_PAUSE, PQDMA_CTRL_PAUSE_MASK, PQDMA_STATE_PAUSE },
	{ PQDMA_STATE_PAUSE, PQDMA_CTRL_PAUSE_MASK | PQDMA_CTRL_RUN_MASK, PQDMA_STATE_PAUSE },
	{ PQDMA_STATE_PAUSE, PQDMA_CTRL_RUN_MASK, PQDMA_STATE_RUN },
	{ PQDMA_STATE_PAUSE, PQDMA_CTRL_STOP_MASK, PQDMA_STATE_STOP },
	{ PQDMA_STATE_PAUSE, PQDMA_CTRL_STOP_MASK | PQDMA_CTRL_PAUSE_MASK | PQDMA_CTRL_RUN_MASK, PQDMA_STATE_STOP },
	{ PQDMA_STATE_PAUSE, COMMANDS, PQDMA_STATE_IDLE },
	{ PQDMA_STATE_FAIL, 0, PQDMA_STATE_FAIL },
	{ PQDMA_STATE_FAIL, PQDMA_CTRL_RUN_MASK, PQDMA_STATE_FAIL },
	{ PQDMA_STATE_FAIL, PQDMA_CTRL_PAUSE_MASK, PQDMA_STATE_FAIL },
	{ PQDMA_STATE_FAIL, PQDMA_CTRL_STOP_MASK, PQDMA_STATE_FAIL },
	{ PQDMA_STATE_FAIL, PQDMA_CTRL_ABORT_MASK, PQDMA_STATE_IDLE },
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* Bring an idle channel into a state. */
static void enter(struct lists *l, unsigned int ch, unsigned int state)
{
	struct bench *b = l->b;
	struct desc bad = lists_desc(l, ch, PQDMA_OP_NOP, 1);

	if (state == PQDMA_STATE_IDLE)
		return;
	put_list(l, ch);
	if (state == PQDMA_STATE_FAIL)
		lists_group(l, ch, &bad, 1);
	lists_start(l, ch, l->list[ch].nr);
	lists_wait(l);
	if (state == PQDMA_STATE_STOP || state == PQDMA_STATE_PAUSE)
		ch_write(b, ch, PQDMA_CH_CTRL, state == PQDMA_STATE_STOP ? PQDMA_CTRL_STOP_MASK : PQDMA_CTRL_PAUSE_MASK);
	CHECK_EQ(ch_state(b, ch), state);
}

TEST(stop_commands, "every command in every state, also several bits at once: ABORT before STOP before PAUSE before RUN", .moves = true)
{
	struct lists *l = lists_new(b);

	for (unsigned int i = 0; i < NR_COMMANDS; i++) {
		unsigned int ch = i % PQDMA_CHANNELS;

		enter(l, ch, commands[i].before);
		ch_write(b, ch, PQDMA_CH_CTRL, commands[i].bits);
		wait_clocks(b, 4);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_CTRL), 0);
		CHECK_EQ(ch_state(b, ch), commands[i].after);
		if (ch_state(b, ch) == PQDMA_STATE_IDLE)
			ch_write(b, ch, PQDMA_CH_IRQ_STATUS, UINT32_MAX);
		lists_end(l);
	}
}

TEST(stop_strobes, "CTRL acts only if its first byte is written", .moves = true)
{
	struct lists *l = lists_new(b);
	struct axil_access access = { .write = true, .strb = 0xe, .addr = PQDMA_CH(0) + PQDMA_CH_CTRL, .data = 0x0f0f0f0f };

	put_list(l, 0);
	lists_start(l, 0, DESCS);
	reg_access(b, &access);
	CHECK_EQ(access.resp, AXI_OKAY);
	CHECK_EQ(ch_state(b, 0), PQDMA_STATE_RUN);
	lists_wait(l);
	lists_check(l);
	lists_end(l);
	CHECK_EQ(lists_moved(l), DESCS - 1);
}
