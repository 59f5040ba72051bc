/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for the controller: the registers and lists of docs/spec.md in the simplest way that could work, some bytes
 * a clock, so that the driver can be tested without the real one.
 *
 * Knobs let a test hold it, slow it, make it fail, and let it pretend to move more memory than there is.
 */
#ifndef TEST_SW_DEVICE_H
#define TEST_SW_DEVICE_H

#include "test_sw_machine.h"
#include "mapping/mapping.h"
#include "pqdma_regs.h"

#define DEVICE_CHANNELS 3

/**
 * struct fake_channel - registers, and where in the list it is
 * @link, @left: next descriptor and how many stand there
 * @begun:      a descriptor is loaded in @word
 * @moved:      bytes of it that are done
 * @uncounted:  descriptors that are done and not yet in DONE, @count_at is when they will be
 * @drain:      clocks that an abort takes; what has begun goes on meanwhile
 */
struct fake_channel {
	uint32_t state, cfg, tail, done, bytes, irq_status, irq_enable;
	uint32_t head_lo, head_hi, head_count;
	uint32_t err_cause;
	uint64_t err_addr, err_desc;
	uint64_t link, desc;
	uint32_t left, fetched;
	bool begun;
	uint64_t word[8];
	uint64_t moved;
	uint32_t uncounted;
	bool irq_owed;
	uint64_t count_at;
	unsigned int drain;
};

/**
 * struct fake - the controller
 * @rate:       bytes a clock and channel; 0 holds it
 * @lag:        clocks from the last byte of a descriptor to its being counted
 * @only_count: move no memory
 * @fail_at:    bus address: an access to it fails with @fail_cause
 * @id, @version, @cap0, @cap1, @cap2: what the registers of these names say
 * @descriptors: completed, all channels
 * @doorbells:  TAIL writes
 * @aborts:     ABORT commands
 * @fences:     descriptors with FENCE that completed
 */
struct fake {
	struct fake_channel ch[DEVICE_CHANNELS];
	uint64_t rate;
	unsigned int lag;
	bool only_count;
	uint64_t fail_at;
	uint32_t fail_cause;
	uint32_t id, version, cap0, cap1, cap2;
	unsigned int descriptors, doorbells, aborts, fences;
};

static struct fake fake;

static inline uint8_t *fake_memory(uint64_t bus, uint64_t size)
{
	assert_true(bus >= MACHINE_BUS && bus + size <= MACHINE_BUS + MACHINE_RAM);
	return machine.ram + (bus - MACHINE_BUS);
}

static inline void fake_fail(struct fake_channel *ch, uint32_t cause, uint64_t addr)
{
	ch->begun = false;
	/* What fails while an abort is under way tells nobody. */
	if (ch->state == PQDMA_STATE_ABORT)
		return;
	ch->state = PQDMA_STATE_FAIL;
	ch->err_cause = cause;
	ch->err_addr = addr;
	ch->err_desc = ch->desc;
	ch->irq_status |= PQDMA_IRQ_ERROR_MASK;
}

static inline bool fake_load(struct fake_channel *ch)
{
	if (ch->begun)
		return true;
	if (ch->state != PQDMA_STATE_RUN || ch->tail == ch->fetched)
		return false;
	if (!ch->left || (ch->link & 63)) {
		fake_fail(ch, PQDMA_ERR_BAD_LINK, ch->link);
		return false;
	}
	ch->desc = ch->link;
	memcpy(ch->word, fake_memory(ch->desc, 64), 64);
	ch->fetched++;
	ch->link += 64;
	if (--ch->left == 0) {
		ch->link = ch->word[3] & PQDMA_DESC_LINK_ADDR_MASK;
		ch->left = ch->word[3] & PQDMA_DESC_LINK_COUNT_MASK;
	}
	ch->moved = 0;
	ch->begun = true;
	return true;
}

static inline bool fake_hits(uint64_t bus, uint64_t size)
{
	return fake.fail_at >= bus && fake.fail_at - bus < size;
}

static inline void fake_move_bytes(struct fake_channel *ch, uint64_t n, bool copy)
{
	uint64_t dst = ch->word[2] + ch->moved, i;

	if (fake.only_count)
		return;
	assert_true(mapping_allows(dst, n, true));
	assert_true(!copy || mapping_allows(ch->word[1] + ch->moved, n, false));
	for (i = 0; i < n; i++)
		*fake_memory(dst + i, 1) = copy ? *fake_memory(ch->word[1] + ch->moved + i, 1) :
						  (uint8_t)(ch->word[1] >> ((dst + i) % 8 * 8));
}

/* Moves up to @n bytes of the descriptor; false if that failed. */
static inline bool fake_move(struct fake_channel *ch, uint64_t n)
{
	bool copy = (ch->word[0] & PQDMA_DESC_OP_MASK) == PQDMA_OP_COPY;
	uint64_t src = ch->word[1] + ch->moved, dst = ch->word[2] + ch->moved;

	if ((copy && fake_hits(src, n)) || fake_hits(dst, n)) {
		fake_fail(ch, fake.fail_cause, fake.fail_at);
		return false;
	}
	fake_move_bytes(ch, n, copy);
	ch->moved += n;
	ch->bytes += (uint32_t)n;
	return true;
}

static inline void fake_complete(struct fake_channel *ch)
{
	uint64_t flags = (ch->word[0] & PQDMA_DESC_FLAGS_MASK) >> PQDMA_DESC_FLAGS_SHIFT;

	ch->begun = false;
	ch->uncounted++;
	ch->irq_owed |= !!(flags & PQDMA_FLAG_IRQ);
	ch->count_at = machine.clock + fake.lag;
	fake.descriptors++;
	fake.fences += !!(flags & PQDMA_FLAG_FENCE);
}

/* Also after an error: what is done before the descriptor that failed is counted late as well. */
static inline void fake_count(struct fake_channel *ch)
{
	if (!ch->uncounted || machine.clock < ch->count_at)
		return;
	ch->done += ch->uncounted;
	ch->uncounted = 0;
	if (ch->irq_owed)
		ch->irq_status |= PQDMA_IRQ_DONE_MASK;
	ch->irq_owed = false;
}

static inline bool fake_moves(const struct fake_channel *ch)
{
	return ch->state == PQDMA_STATE_RUN || (ch->state == PQDMA_STATE_ABORT && ch->begun);
}

static inline void fake_run(struct fake_channel *ch)
{
	uint64_t budget = fake.rate;

	while (budget && fake_moves(ch) && fake_load(ch)) {
		uint64_t length = ch->word[0] >> PQDMA_DESC_LENGTH_SHIFT;
		uint64_t n = length - ch->moved < budget ? length - ch->moved : budget;

		assert_true(length > 0);
		if (!fake_move(ch, n))
			return;
		budget -= n;
		if (ch->moved == length)
			fake_complete(ch);
	}
}

static inline void fake_idle(struct fake_channel *ch)
{
	if (ch->state != PQDMA_STATE_ABORT || ch->drain--)
		return;
	ch->state = PQDMA_STATE_IDLE;
	ch->tail = ch->done = ch->bytes = ch->fetched = 0;
	ch->err_cause = 0;
	ch->err_addr = ch->err_desc = 0;
	ch->begun = false;
	ch->uncounted = 0;
	ch->irq_owed = false;
	ch->irq_status |= PQDMA_IRQ_IDLE_MASK;
}

static inline void fake_lines(void)
{
	unsigned int c;

	machine.irq = 0;
	for (c = 0; c < DEVICE_CHANNELS; c++)
		if (fake.ch[c].irq_status & fake.ch[c].irq_enable)
			machine.irq |= 1u << c;
}

static inline void fake_clock(void)
{
	unsigned int c;

	for (c = 0; c < DEVICE_CHANNELS; c++) {
		fake_run(&fake.ch[c]);
		fake_count(&fake.ch[c]);
		fake_idle(&fake.ch[c]);
	}
	fake_lines();
}

static inline void fake_command(struct fake_channel *ch, uint32_t value)
{
	if (value & PQDMA_CTRL_ABORT_MASK) {
		fake.aborts++;
		if (ch->state != PQDMA_STATE_ABORT)
			ch->drain = 20;
		ch->state = PQDMA_STATE_ABORT;
	} else if ((value & PQDMA_CTRL_RUN_MASK) && ch->state == PQDMA_STATE_IDLE) {
		ch->state = PQDMA_STATE_RUN;
		ch->link = ch->head_lo | (uint64_t)ch->head_hi << 32;
		ch->left = ch->head_count;
	}
}

static inline void fake_doorbell(struct fake_channel *ch, uint32_t value)
{
	fake.doorbells++;
	if (ch->state == PQDMA_STATE_ABORT)
		return;
	if (value - ch->done > PQDMA_TAIL_WINDOW)
		ch->irq_status |= PQDMA_IRQ_BAD_TAIL_MASK;
	else
		ch->tail = value;
}

/* Where a plain register of a channel is kept; NULL if it is not plain. */
static inline uint32_t *fake_plain(struct fake_channel *ch, uint32_t reg)
{
	switch (reg) {
	case PQDMA_CH_HEAD_LO: return &ch->head_lo;
	case PQDMA_CH_HEAD_HI: return &ch->head_hi;
	case PQDMA_CH_CFG: return &ch->cfg;
	case PQDMA_CH_HEAD_COUNT: return &ch->head_count;
	case PQDMA_CH_IRQ_ENABLE: return &ch->irq_enable;
	case PQDMA_CH_TAIL: return &ch->tail;
	case PQDMA_CH_DONE: return &ch->done;
	case PQDMA_CH_BYTES: return &ch->bytes;
	case PQDMA_CH_IRQ_STATUS: return &ch->irq_status;
	case PQDMA_CH_STATUS: return &ch->state;
	case PQDMA_CH_ERR_CAUSE: return &ch->err_cause;
	case PQDMA_CH_ERR_ADDR_LO: return (uint32_t *)&ch->err_addr;
	case PQDMA_CH_ERR_ADDR_HI: return (uint32_t *)&ch->err_addr + 1;
	case PQDMA_CH_ERR_DESC_LO: return (uint32_t *)&ch->err_desc;
	case PQDMA_CH_ERR_DESC_HI: return (uint32_t *)&ch->err_desc + 1;
	default: return NULL;
	}
}

static inline struct fake_channel *fake_channel_of(uint32_t offset)
{
	uint32_t c = (offset - PQDMA_CH_BASE) / PQDMA_CH_STRIDE;

	return offset >= PQDMA_CH_BASE && c < DEVICE_CHANNELS ? &fake.ch[c] : NULL;
}

static inline uint32_t fake_readl(struct hw *hw, uint32_t offset)
{
	struct fake_channel *ch = fake_channel_of(offset);
	uint32_t *reg = ch ? fake_plain(ch, offset % PQDMA_CH_STRIDE) : NULL;
	const uint32_t globals[] = { fake.id, fake.version, fake.cap0, fake.cap1, fake.cap2 };
	uint32_t value = ~0u;

	(void)hw;
	kernel_cpu_stall();
	if (reg)
		value = *reg;
	else if (offset / 4 < sizeof(globals) / sizeof(globals[0]))
		value = globals[offset / 4];
	else
		fail_msg("read of register %#x, which does not exist", offset);
	kernel_cpu_stall();
	return value;
}

static inline void fake_writel(struct hw *hw, uint32_t offset, uint32_t value)
{
	struct fake_channel *ch = fake_channel_of(offset);
	uint32_t reg = offset % PQDMA_CH_STRIDE;

	(void)hw;
	assert_non_null(ch);
	kernel_cpu_stall();
	if (reg == PQDMA_CH_CTRL)
		fake_command(ch, value);
	else if (reg == PQDMA_CH_TAIL)
		fake_doorbell(ch, value);
	else if (reg == PQDMA_CH_IRQ_STATUS)
		ch->irq_status &= ~value;
	else if (fake_plain(ch, reg))
		*fake_plain(ch, reg) = value;
	else
		fail_msg("write of register %#x, which does not exist", offset);
	fake_lines();
	kernel_cpu_stall();
}

static const struct hw_ops fake_ops = { fake_readl, fake_writel };

/* Memory, kernel and the controller as after reset, one clock of it with every clock of the machine. */
static inline void fake_boot(uint64_t seed)
{
	memset(&fake, 0, sizeof(fake));
	fake.rate = 16;
	fake.lag = seed % 4 * 5;
	fake.fail_at = ~0ull;
	fake.id = PQDMA_ID_VALUE;
	fake.version = PQDMA_VERSION_VALUE;
	fake.cap0 = DEVICE_CHANNELS << PQDMA_CAP0_CHANNELS_SHIFT;
	fake.cap1 = 0xf << PQDMA_CAP1_OPS_SHIFT;
	fake.cap2 = 16 << PQDMA_CAP2_DESCS_SHIFT;
	machine_boot(&fake_ops, seed);
	machine_clock = fake_clock;
}

#endif
