// SPDX-License-Identifier: MIT
// Lists of descriptors, in the controller's memory and in the oracle's.
#include "lists.h"

#define RESET_BURST PQDMA_CFG_BURST_RESET
#define AREA_BYTES (2u * LIST_MAX * PQDMA_DESC_SIZE)	/* half of it may be lost to gaps */
#define DST_GAP 64
#define PAGE 4096

/* One run in a process, and too big for a fiber's stack. */
static struct lists lists;
static uint8_t shadow[BENCH_RAM_SIZE];
static uint8_t before[BENCH_RAM_SIZE];

/* The oracle asks what the memory would answer. */
static unsigned int respond(void *ctx, uint64_t addr, size_t len, enum oracle_access access)
{
	static const unsigned int kinds[] = {
		[ORACLE_FETCH] = AXI_MEM_FETCH,
		[ORACLE_READ] = AXI_MEM_READ,
		[ORACLE_WRITE] = AXI_MEM_WRITE,
		[ORACLE_STATUS] = AXI_MEM_STATUS,
	};
	const struct bench *b = ctx;
	const bool by_port = PQDMA_WITH_DESC_PORT && kinds[access] == AXI_MEM_FETCH;

	return axi_mem_response(by_port ? &b->desc_port.mem : &b->mem, kinds[access], addr, len);
}

static void forget(struct lists *l, unsigned int ch)
{
	struct list *list = &l->list[ch];
	unsigned int burst = list->burst;

	*list = (struct list){
		.burst = burst,
		.low = l->area[ch],
		.high = l->area[ch] + AREA_BYTES,
		.dst = l->room[ch],
		.dst_end = l->room[ch] + LISTS_DST_BYTES,
	};
}

struct lists *lists_new(struct bench *b)
{
	struct lists *l = &lists;

	l->b = b;
	l->oracle = (struct oracle){ .ram = shadow, .ram_bus = b->hw.ram_bus, .ram_size = sizeof(shadow), .resp = respond, .ctx = b };
	l->src = ram_alloc(b, LISTS_SRC_BYTES);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		l->area[ch] = ram_alloc(b, AREA_BYTES);
		l->room[ch] = ram_alloc(b, LISTS_DST_BYTES);
		l->list[ch].burst = RESET_BURST;
		forget(l, ch);
	}
	memcpy(shadow, b->hw.ram, sizeof(shadow));
	return l;
}

struct desc lists_desc(struct lists *l, unsigned int ch, uint8_t op, uint32_t length)
{
	struct bench *b = l->b;
	struct rng *rng = test_rng(b);
	struct list *list = &l->list[ch];
	struct desc desc = {
		.op = op,
		.tag = (uint16_t)rng_u64(rng),
		.length = length,
		.src = op == PQDMA_OP_COPY ? l->src + rng_below(rng, LISTS_SRC_BYTES - length + 1) : rng_u64(rng),
		.dst = list->dst + rng_below(rng, DST_GAP),
	};

	list->dst = desc.dst + length;
	CHECK(list->dst <= list->dst_end && (op != PQDMA_OP_COPY || length <= LISTS_SRC_BYTES));
	return desc;
}

/* Groups grow from both ends of the room, with gaps, so that neither their order nor their distance is the list's. */
static uint64_t place(struct lists *l, struct list *list, unsigned int nr)
{
	struct bench *b = l->b;
	struct rng *rng = test_rng(b);
	uint64_t gap = rng_below(rng, 3) * PQDMA_DESC_SIZE, size = nr * PQDMA_DESC_SIZE;
	uint64_t at = rng_below(rng, 2) ? list->low + gap : list->high - gap - size;

	CHECK(list->low + gap + size <= list->high);
	if (at == list->low + gap)
		list->low = at + size;
	else
		list->high = at;
	return at;
}

static void mirror(struct lists *l, uint64_t addr, size_t size)
{
	memcpy(shadow + (addr - l->oracle.ram_bus), bench_ram(l->b, addr), size);
}

void lists_link(struct lists *l, unsigned int ch, uint64_t next, unsigned int count)
{
	struct list *list = &l->list[ch];
	uint64_t last = list->at[list->nr - 1];

	desc_link(l->b, last, next, count);
	mirror(l, last + PQDMA_DESC_LINK_OFFSET, 8);
}

uint64_t lists_group(struct lists *l, unsigned int ch, const struct desc *descs, unsigned int nr)
{
	struct bench *b = l->b;
	struct list *list = &l->list[ch];
	uint64_t at = place(l, list, nr);

	CHECK(nr && nr <= PQDMA_HEAD_COUNT_COUNT_MASK && list->nr + nr <= LIST_MAX);
	for (unsigned int i = 0; i < nr; i++)
		desc_put(b, at + i * PQDMA_DESC_SIZE, &descs[i]);
	mirror(l, at, nr * PQDMA_DESC_SIZE);
	if (list->nr) {
		lists_link(l, ch, at, nr);
	} else {
		list->head = at;
		list->head_count = nr;
	}
	for (unsigned int i = 0; i < nr; i++) {
		list->ends[list->nr] = i + 1 == nr;
		list->at[list->nr++] = at + i * PQDMA_DESC_SIZE;
	}
	return at;
}

void lists_scatter(struct lists *l, unsigned int ch, const struct desc *descs, unsigned int nr)
{
	while (nr) {
		unsigned int n = rng_range(test_rng(l->b), 1, 8);

		n = n < nr ? n : nr;
		lists_group(l, ch, descs, n);
		descs += n;
		nr -= n;
	}
}

void lists_loop(struct lists *l, unsigned int ch)
{
	lists_link(l, ch, l->list[ch].head, l->list[ch].head_count);
}

void lists_burst(struct lists *l, unsigned int ch, unsigned int burst)
{
	ch_write(l->b, ch, PQDMA_CH_CFG, burst << PQDMA_CFG_BURST_SHIFT);
	l->list[ch].burst = burst;
}

static bool any_started(const struct lists *l)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (l->list[ch].started)
			return true;
	return false;
}

void lists_start(struct lists *l, unsigned int ch, uint32_t tail)
{
	struct list *list = &l->list[ch];

	if (!any_started(l))
		memcpy(shadow, l->b->hw.ram, sizeof(shadow));
	oracle_start(&list->oracle, list->head, list->head_count, list->burst);
	list->tail = list->goal = tail;
	list->started = true;
	chan_start(l->b, ch, list->head, list->head_count, tail);
}

void lists_ring(struct lists *l, unsigned int ch, uint32_t tail)
{
	l->list[ch].tail = l->list[ch].goal = tail;
	ch_write(l->b, ch, PQDMA_CH_TAIL, tail);
}

static bool finished(struct lists *l, unsigned int ch)
{
	uint32_t status = ch_read(l->b, ch, PQDMA_CH_STATUS);

	if (status & PQDMA_STATUS_BUSY_MASK)
		return false;
	if ((status & PQDMA_STATUS_STATE_MASK) >> PQDMA_STATUS_STATE_SHIFT == PQDMA_STATE_FAIL)
		return true;
	return ch_read(l->b, ch, PQDMA_CH_DONE) == l->list[ch].goal;
}

void lists_wait(struct lists *l)
{
	struct bench *b = l->b;
	uint64_t until = b->hw.clock + LISTS_CLOCKS;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		while (l->list[ch].started && !l->list[ch].broken && !finished(l, ch))
			if (b->hw.clock > until)
				test_fail(b, "channel %u: not finished: DONE %u of %u", ch, ch_read(b, ch, PQDMA_CH_DONE),
					  l->list[ch].goal);
}

static void check_interrupts(struct lists *l, unsigned int ch)
{
	struct bench *b = l->b;
	const struct list *list = &l->list[ch];
	uint32_t want = 0;

	if (list->oracle.irqs)
		want |= PQDMA_IRQ_DONE_MASK;
	if (list->oracle.state == PQDMA_STATE_FAIL)
		want |= PQDMA_IRQ_ERROR_MASK;
	if (list->refused)
		want |= PQDMA_IRQ_BAD_TAIL_MASK;
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_IRQ_STATUS) | list->cleared, want);
}

static void check_channel(struct lists *l, unsigned int ch)
{
	struct bench *b = l->b;
	const struct list *list = &l->list[ch];
	unsigned int state = ch_state(b, ch);

	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), list->oracle.done);
	if (!list->oracle.bytes_open)
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), list->oracle.bytes);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_TAIL), list->tail);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), list->oracle.err_cause);
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_ADDR_LO), list->oracle.err_addr);
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_DESC_LO), list->oracle.err_desc);
	CHECK(state == list->oracle.state || (state == PQDMA_STATE_STOP && list->oracle.state == PQDMA_STATE_RUN));
	check_interrupts(l, ch);
}

/* The oracle goes on to the goal; what completes on the way is counted. */
static void run_oracle(struct lists *l, unsigned int ch)
{
	struct list *list = &l->list[ch];
	struct oracle_channel was = list->oracle;

	oracle_run(&l->oracle, &list->oracle, list->goal);
	if (list->broken)
		return;
	for (unsigned int op = 0; op <= PQDMA_OP_FILL; op++)
		l->completed[op] += list->oracle.ops[op] - was.ops[op];
	l->failed += list->oracle.state == PQDMA_STATE_FAIL && was.state != PQDMA_STATE_FAIL;
}

static bool uncertain(const struct lists *l, uint64_t addr)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		for (uint32_t i = 0; l->list[ch].started && i < l->list[ch].oracle.nr_uncertain; i++)
			if (addr - l->list[ch].oracle.uncertain[i].addr < l->list[ch].oracle.uncertain[i].len)
				return true;
	return false;
}

/* May the byte still be what it was? */
static bool of_broken(const struct lists *l, uint64_t addr)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (l->list[ch].broken && (addr - l->area[ch] < AREA_BYTES || addr - l->room[ch] < LISTS_DST_BYTES))
			return true;
	return false;
}

static void check_page(struct lists *l, size_t page)
{
	const uint8_t *ram = l->b->hw.ram;

	for (size_t i = page; i < page + PAGE; i++) {
		uint64_t addr = l->oracle.ram_bus + i;

		if (ram[i] == shadow[i] || (ram[i] == before[i] && of_broken(l, addr)) || uncertain(l, addr))
			continue;
		test_fail(l->b, "memory differs from the oracle's first at 0x%" PRIx64 ": 0x%02x, expected 0x%02x",
			  addr, ram[i], shadow[i]);
	}
}

static void check_ram(struct lists *l)
{
	l->checks++;
	for (size_t page = 0; page < sizeof(shadow); page += PAGE)
		if (memcmp(l->b->hw.ram + page, shadow + page, PAGE))
			check_page(l, page);
}

void lists_check(struct lists *l)
{
	memcpy(before, shadow, sizeof(before));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (l->list[ch].started)
			run_oracle(l, ch);
	check_ram(l);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (l->list[ch].started && !l->list[ch].broken)
			check_channel(l, ch);
}

void lists_check_failed(struct lists *l, unsigned int ch, uint32_t cause, uint64_t addr, uint64_t desc)
{
	struct bench *b = l->b;

	lists_wait(l);
	CHECK_EQ(ch_state(b, ch), PQDMA_STATE_FAIL);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), cause);
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_ADDR_LO), addr);
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_DESC_LO), desc);
	CHECK(b->hw.irq >> ch & 1);
	lists_check(l);
}

void lists_break(struct lists *l, unsigned int ch)
{
	ch_write(l->b, ch, PQDMA_CH_CTRL, PQDMA_CTRL_ABORT_MASK);
	wait_state(l->b, ch, PQDMA_STATE_IDLE, LISTS_CLOCKS);
	l->list[ch].broken = true;
}

void lists_end(struct lists *l)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		if (l->list[ch].started)
			chan_abort(l->b, ch);
		forget(l, ch);
	}
}

void lists_forget(struct lists *l)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		l->list[ch].burst = RESET_BURST;
		forget(l, ch);
	}
}

uint64_t lists_run(struct lists *l)
{
	uint64_t clocks = l->b->hw.clock;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (l->list[ch].nr)
			lists_start(l, ch, l->list[ch].nr);
	lists_wait(l);
	clocks = l->b->hw.clock - clocks;
	lists_check(l);
	lists_end(l);
	return clocks;
}
