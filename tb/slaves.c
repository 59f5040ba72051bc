// SPDX-License-Identifier: MIT
// Copies from and to peripherals: descriptors, and the walk over their bytes that says what must come of them.
#include "slaves.h"

#define GUARD 64
#define PAGE 4096
#define DRAW_PIECES 10		/* pieces are made one at a time, so many of them are slow */

/* One run in a process, and too big for a fiber's stack. */
static struct slaves slaves;
static uint8_t shadow[BENCH_RAM_SIZE];
static uint8_t untouched[BENCH_RAM_SIZE];

static void tap(struct bench *b, void *arg)
{
	struct slaves *s = arg;
	unsigned int line;
	const char *fault;

	peripherals_clock(&s->all, &b->out, &b->in, b->hw.clock + 1);
	fault = peripherals_fault(&s->all, &line);
	if (fault)
		bench_fail(b, "peripheral at line %u: %s", line, fault);
	if (s->watch)
		s->watch(b, s->watch_arg);
}

struct slaves *slaves_new(struct bench *b)
{
	struct slaves *s = &slaves;

	if (!(reg_read(b, PQDMA_REG_CAP1) & PQDMA_CAP1_PERI_MASK))
		test_skip(b, "PERI is not built");
	s->b = b;
	peripherals_init(&s->all, b->options->seed);
	s->src = ram_alloc(b, SLAVES_ROOM);
	s->dst = ram_alloc(b, SLAVES_ROOM);
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		s->list[ch].at = ram_alloc(b, SLAVES_DESCS * PQDMA_DESC_SIZE);
	bench_tap(b, tap, s);
	return s;
}

struct peripheral *slaves_attach(struct slaves *s, unsigned int line, const struct peripheral_config *config)
{
	struct bench *b = s->b;
	struct peripheral *p = peripheral_add(&s->all, line, config);

	s->received[line] = s->sent_size[line] = 0;
	if (!(s->attached >> line & 1))
		CHECK(axi_mem_attach(&b->mem, &p->device));
	s->attached |= 1u << line;
	return p;
}

void slaves_feed(struct slaves *s, struct peripheral *p, uint32_t size, bool last)
{
	static uint8_t data[PERIPHERAL_STREAM];
	struct bench *b = s->b;

	CHECK(size <= sizeof(data));
	rng_fill(test_rng(b), data, size);
	peripheral_feed(p, data, size, last);
}

unsigned int slaves_line(const struct slaves *s, const struct peripheral *p)
{
	return (unsigned int)(p - s->all.at);
}

/* Descriptors */

uint64_t slave_addr(const struct slave_side *side, uint32_t at)
{
	const uint32_t lane = at & ((1u << side->width) - 1);

	if (side->mode == SLAVE_FIXED)
		return side->addr + lane;
	return side->mode == SLAVE_DOWN ? side->addr - (at - lane) + lane : side->addr + at;
}

static bool side_legal(const struct slave_desc *d, const struct slave_side *side)
{
	const unsigned int device = slave_device(d)->width, size = 1u << side->width;

	if (side->width > SLAVES_BUS || side->mode >= SLAVE_MODES)
		return false;
	if (!slave_narrow(side))
		return true;
	return side->addr % size == 0 && d->length % size == 0 && side->width <= device && slave_piece(d) <= 16 * size;
}

bool slave_legal(const struct slave_desc *d)
{
	return side_legal(d, &d->src) && side_legal(d, &d->dst) && d->burst <= 4 && d->line < PQDMA_LINES &&
	       slave_piece(d) <= PQDMA_STRIP_BYTES;
}

uint64_t slave_settings(const struct slave_desc *d)
{
	return (uint64_t)d->line << PQDMA_SETTINGS_LINE_SHIFT | (uint64_t)d->paced << PQDMA_SETTINGS_PACED_SHIFT |
	       (uint64_t)d->dst_dev << PQDMA_SETTINGS_DST_DEV_SHIFT | (uint64_t)d->src.width << PQDMA_SETTINGS_SRC_WIDTH_SHIFT |
	       (uint64_t)d->dst.width << PQDMA_SETTINGS_DST_WIDTH_SHIFT | (uint64_t)d->src.mode << PQDMA_SETTINGS_SRC_MODE_SHIFT |
	       (uint64_t)d->dst.mode << PQDMA_SETTINGS_DST_MODE_SHIFT | (uint64_t)d->burst << PQDMA_SETTINGS_BURST_SHIFT;
}

/* The first byte of a side that covers @length bytes of room from @low on. */
static uint64_t place(const struct slave_side *side, uint64_t low, uint32_t length, unsigned int offset)
{
	const uint64_t size = 1ull << side->width;
	uint64_t addr = low + offset % PQDMA_BYTES;

	if (side->mode == SLAVE_DOWN)
		addr += length;
	return slave_narrow(side) ? (addr + size - 1) & -size : addr;
}

static uint64_t take_room(struct slaves *s, uint64_t room, uint32_t *used, uint32_t length)
{
	struct bench *b = s->b;
	uint64_t low = room + *used + rng_below(test_rng(b), 4) * PQDMA_BYTES;

	*used += (length + 6 * PQDMA_BYTES + GUARD) & -(uint32_t)PQDMA_BYTES;
	CHECK(*used <= SLAVES_ROOM);
	return low;
}

void slaves_place_src(struct slaves *s, struct slave_desc *d, unsigned int offset)
{
	d->src.addr = place(&d->src, take_room(s, s->src, &s->src_used, d->length), d->length, offset);
}

void slaves_place_dst(struct slaves *s, struct slave_desc *d, unsigned int offset)
{
	d->dst.addr = place(&d->dst, take_room(s, s->dst, &s->dst_used, d->length), d->length, offset);
}

static struct slave_side draw_side(struct rng *rng)
{
	return (struct slave_side){ .width = rng_below(rng, SLAVES_BUS + 1), .mode = rng_below(rng, SLAVE_MODES) };
}

struct slave_desc slaves_draw(struct slaves *s, uint32_t max)
{
	struct rng *rng = test_rng(s->b);
	struct slave_desc d;

	do {
		d = (struct slave_desc){
			.tag = (uint16_t)rng_u64(rng),
			.length = rng_range(rng, 1, max),
			.src = draw_side(rng),
			.dst = draw_side(rng),
			.line = rng_below(rng, PQDMA_LINES),
			.burst = rng_below(rng, 5),
			.dst_dev = rng_below(rng, 2),
		};
		if (d.length > DRAW_PIECES * slave_piece(&d))
			d.length = DRAW_PIECES * slave_piece(&d);
		if (slave_narrow(&d.src))
			d.length &= -(1u << d.src.width);
		if (slave_narrow(&d.dst))
			d.length &= -(1u << d.dst.width);
	} while (!d.length || !slave_legal(&d));
	slaves_place_src(s, &d, rng_below(rng, PQDMA_BYTES));
	slaves_place_dst(s, &d, rng_below(rng, PQDMA_BYTES));
	return d;
}

static struct slave_side fifo_side(const struct slaves *s, const struct peripheral *p)
{
	return (struct slave_side){ .addr = peripheral_bus(slaves_line(s, p)), .width = p->config.width, .mode = SLAVE_FIXED };
}

static struct slave_desc paced(const struct slaves *s, const struct peripheral *p, uint32_t length)
{
	return (struct slave_desc){
		.tag = (uint16_t)rng_u64(test_rng(s->b)),
		.length = length,
		.line = slaves_line(s, p),
		.burst = p->config.burst,
		.paced = true,
		.dst_dev = p->config.tx,
		.src = { .width = SLAVES_BUS },
		.dst = { .width = SLAVES_BUS },
	};
}

struct slave_desc slaves_from(struct slaves *s, const struct peripheral *p, uint32_t length)
{
	struct slave_desc d = paced(s, p, length);

	d.src = fifo_side(s, p);
	slaves_place_dst(s, &d, rng_below(test_rng(s->b), PQDMA_BYTES));
	return d;
}

struct slave_desc slaves_to(struct slaves *s, const struct peripheral *p, uint32_t length)
{
	struct slave_desc d = paced(s, p, length);

	d.dst = fifo_side(s, p);
	slaves_place_src(s, &d, rng_below(test_rng(s->b), PQDMA_BYTES));
	return d;
}

/* Lists: one group per channel */

uint64_t slaves_put(struct slaves *s, unsigned int ch, const struct slave_desc *d)
{
	struct bench *b = s->b;
	struct slave_list *list = &s->list[ch];
	uint64_t at = list->at + list->nr * PQDMA_DESC_SIZE;

	CHECK(list->nr < SLAVES_DESCS);
	desc_put(b, at, &(struct desc){ .op = PQDMA_OP_COPY, .flags = d->flags | PQDMA_FLAG_PERI, .tag = d->tag, .length = d->length,
					.src = d->src.addr, .dst = d->dst.addr });
	desc_settings(b, at, slave_settings(d));
	list->moved[list->nr] = d->length;
	list->desc[list->nr++] = *d;
	return at;
}

static bool any_started(const struct slaves *s)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (s->list[ch].started)
			return true;
	return false;
}

void slaves_start(struct slaves *s, unsigned int ch)
{
	struct slave_list *list = &s->list[ch];

	if (!any_started(s))
		memcpy(shadow, s->b->hw.ram, sizeof(shadow));
	list->started = true;
	chan_start(s->b, ch, list->at, list->nr, list->nr);
}

static bool finished(struct slaves *s, unsigned int ch)
{
	uint32_t status = ch_read(s->b, ch, PQDMA_CH_STATUS);

	if (status & PQDMA_STATUS_BUSY_MASK)
		return false;
	if ((status & PQDMA_STATUS_STATE_MASK) >> PQDMA_STATUS_STATE_SHIFT == PQDMA_STATE_FAIL)
		return true;
	return ch_read(s->b, ch, PQDMA_CH_DONE) == s->list[ch].nr;
}

void slaves_wait(struct slaves *s)
{
	struct bench *b = s->b;
	uint64_t until = b->hw.clock + SLAVES_CLOCKS;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		while (s->list[ch].started && !finished(s, ch))
			if (b->hw.clock > until)
				test_fail(b, "channel %u: not finished: DONE %u of %u", ch, ch_read(b, ch, PQDMA_CH_DONE), s->list[ch].nr);
}

/* What must come of it */

static bool in_window(uint64_t addr)
{
	return addr - PERIPHERAL_BUS < PQDMA_LINES * (uint64_t)PERIPHERAL_WINDOW;
}

static uint8_t source_byte(struct slaves *s, const struct slave_desc *d, uint32_t at)
{
	const uint64_t addr = slave_addr(&d->src, at);
	unsigned int line;

	if (!in_window(addr))
		return shadow[addr - s->b->hw.ram_bus];
	line = (unsigned int)((addr - PERIPHERAL_BUS) / PERIPHERAL_WINDOW);
	return s->all.at[line].peer ? s->all.at[line].peer->stream[s->received[line]++] : s->all.at[line].stream[s->received[line]++];
}

static void walk(struct slaves *s, const struct slave_desc *d, uint32_t bytes)
{
	for (uint32_t at = 0; at < bytes; at++) {
		const uint64_t addr = slave_addr(&d->dst, at);
		const uint8_t byte = source_byte(s, d, at);
		unsigned int line = (unsigned int)((addr - PERIPHERAL_BUS) / PERIPHERAL_WINDOW);

		if (in_window(addr))
			s->sent[line][s->sent_size[line]++] = byte;
		else
			shadow[addr - s->b->hw.ram_bus] = byte;
	}
	s->copies++;
	s->bytes += bytes;
}

static void put_status(struct slaves *s, unsigned int ch, unsigned int nr, uint32_t bytes, uint32_t code)
{
	const struct slave_desc *d = &s->list[ch].desc[nr];
	const uint64_t at = s->list[ch].at + nr * PQDMA_DESC_SIZE + PQDMA_DESC_STATUS_OFFSET;
	const uint64_t word = PQDMA_DSTS_DONE_MASK | (uint64_t)code << PQDMA_DSTS_CODE_SHIFT |
			      (uint64_t)d->tag << PQDMA_DSTS_TAG_SHIFT | (uint64_t)bytes << PQDMA_DSTS_BYTES_SHIFT;

	if (d->flags & PQDMA_FLAG_WB)
		memcpy(shadow + (at - s->b->hw.ram_bus), &word, sizeof(word));
}

static uint32_t walk_list(struct slaves *s, unsigned int ch, unsigned int nr)
{
	const struct slave_list *list = &s->list[ch];
	uint32_t bytes = 0;

	for (unsigned int i = 0; i < nr; i++) {
		walk(s, &list->desc[i], list->moved[i]);
		put_status(s, ch, i, list->moved[i], PQDMA_ERR_NONE);
		bytes += list->moved[i];
	}
	return bytes;
}

static void check_ram(struct slaves *s)
{
	struct bench *b = s->b;
	const uint8_t *ram = b->hw.ram;

	if (!memcmp(ram, shadow, sizeof(shadow)))
		return;
	for (size_t i = 0; i < sizeof(shadow); i++)
		if (ram[i] != shadow[i])
			test_fail(b, "memory at 0x%" PRIx64 " is 0x%02x, expected 0x%02x", b->hw.ram_bus + i, ram[i], shadow[i]);
}

/* What has left it, and then what is still in the FIFO */
static void check_sent(struct slaves *s, unsigned int line)
{
	struct bench *b = s->b;
	const struct peripheral *p = &s->all.at[line];
	const uint32_t size = 1u << p->config.width;

	CHECK_EQ(p->stats.moved * size, s->sent_size[line]);
	CHECK_EQ(p->stream_size + p->fifo.count * size, s->sent_size[line]);
	CHECK(!memcmp(p->stream, s->sent[line], p->stream_size));
	for (uint32_t i = 0; i < p->fifo.count; i++)
		CHECK(!memcmp(p->fifo.at[(p->fifo.head + i) % PERIPHERAL_DEPTH].data, s->sent[line] + p->stream_size + i * size, size));
}

static void check_lines(struct slaves *s)
{
	struct bench *b = s->b;

	for (uint32_t left = s->all.present; left; left &= left - 1) {
		unsigned int line = (unsigned int)__builtin_ctz(left);

		if (s->all.at[line].config.tx)
			check_sent(s, line);
		else
			CHECK_EQ(s->all.at[line].stats.moved << s->all.at[line].config.width, s->received[line]);
	}
}

void slaves_check(struct slaves *s)
{
	struct bench *b = s->b;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		if (!s->list[ch].started)
			continue;
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), PQDMA_ERR_NONE);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), s->list[ch].nr);
		CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), walk_list(s, ch, s->list[ch].nr));
	}
	check_ram(s);
	check_lines(s);
}

void slaves_check_failed(struct slaves *s, unsigned int ch, unsigned int nr, uint32_t bytes, uint32_t cause, uint64_t addr)
{
	struct bench *b = s->b;
	const struct slave_list *list = &s->list[ch];
	uint32_t before = walk_list(s, ch, nr);

	walk(s, &list->desc[nr], bytes);
	put_status(s, ch, nr, bytes, cause);
	CHECK_EQ(ch_state(b, ch), PQDMA_STATE_FAIL);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_ERR_CAUSE), cause);
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_ADDR_LO), addr);
	CHECK_EQ(ch_read64(b, ch, PQDMA_CH_ERR_DESC_LO), list->at + nr * PQDMA_DESC_SIZE);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_DONE), nr);
	CHECK_EQ(ch_read(b, ch, PQDMA_CH_BYTES), before + bytes);
	check_ram(s);
}

bool slaves_mine(const struct slaves *s, uint64_t addr)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (addr - s->list[ch].at < SLAVES_DESCS * PQDMA_DESC_SIZE)
			return true;
	return addr - s->dst < SLAVES_ROOM;
}

void slaves_own(struct slaves *s)
{
	const bool all = !any_started(s);

	for (size_t at = 0; at < sizeof(shadow); at += PAGE)
		if (all || !slaves_mine(s, s->b->hw.ram_bus + at))
			memcpy(shadow + at, s->b->hw.ram + at, PAGE);
}

static void forget(struct slaves *s)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++) {
		s->list[ch].started = false;
		s->list[ch].nr = 0;
	}
	s->src_used = s->dst_used = 0;
}

void slaves_check_broken(struct slaves *s)
{
	struct bench *b = s->b;
	const uint8_t *ram = b->hw.ram;

	memcpy(untouched, shadow, sizeof(untouched));
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (s->list[ch].started)
			walk_list(s, ch, s->list[ch].nr);
	for (size_t i = 0; i < sizeof(shadow); i++)
		if (ram[i] != shadow[i] && ram[i] != untouched[i])
			test_fail(b, "memory at 0x%" PRIx64 " is 0x%02x; it was 0x%02x and was to become 0x%02x", b->hw.ram_bus + i, ram[i],
				  untouched[i], shadow[i]);
	forget(s);
}

void slaves_end(struct slaves *s)
{
	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (s->list[ch].started)
			chan_abort(s->b, ch);
	forget(s);
}

uint64_t slaves_run(struct slaves *s)
{
	uint64_t clocks = s->b->hw.clock;

	for (unsigned int ch = 0; ch < PQDMA_CHANNELS; ch++)
		if (s->list[ch].nr)
			slaves_start(s, ch);
	slaves_wait(s);
	clocks = s->b->hw.clock - clocks;
	slaves_check(s);
	slaves_end(s);
	return clocks;
}
