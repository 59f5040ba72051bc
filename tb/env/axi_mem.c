// SPDX-License-Identifier: MIT
/*
 * The memory behind the controller. One call per clock in two halves: drive() chooses the pins for the coming edge from
 * what was accepted at earlier edges, take() accepts what is transferred at it. So no pin depends on another pin of the same
 * clock, as in a slave whose outputs are registers.
 */
#include <string.h>
#include "axi_mem.h"

void axi_mem_init(struct axi_mem *mem, uint8_t *ram, uint64_t bus, size_t size, uint64_t seed)
{
	memset(mem, 0, sizeof(*mem));
	mem->ram = ram;
	mem->bus = bus;
	mem->size = size;
	mem->config = *axi_mem_profile("ideal");
	rng_init(&mem->rng, seed, "axi_mem");
}

void axi_mem_configure(struct axi_mem *mem, const struct axi_mem_config *config)
{
	mem->config = *config;
}

bool axi_mem_fault(struct axi_mem *mem, const struct axi_mem_fault *fault)
{
	if (mem->nr_faults == AXI_MEM_FAULTS)
		return false;
	mem->fault_hits[mem->nr_faults] = 0;
	mem->faults[mem->nr_faults++] = *fault;
	return true;
}

void axi_mem_clear_faults(struct axi_mem *mem)
{
	mem->nr_faults = 0;
}

bool axi_mem_attach(struct axi_mem *mem, struct axi_mem_device *device)
{
	if (mem->nr_devices == AXI_MEM_DEVICES)
		return false;
	mem->devices[mem->nr_devices++] = device;
	return true;
}

bool axi_mem_idle(const struct axi_mem *mem)
{
	return !mem->reads && !mem->write_count && !mem->wbeat_count;
}

/* Responses */

static bool outside(const struct axi_mem *mem, uint64_t addr, uint64_t len)
{
	uint64_t offset = addr - mem->bus;

	return offset >= mem->size || len > mem->size - offset;
}

/* The device whose window holds all of these bytes, NULL if none does */
static struct axi_mem_device *device_at(const struct axi_mem *mem, uint64_t addr, uint64_t len)
{
	for (unsigned int i = 0; i < mem->nr_devices; i++) {
		struct axi_mem_device *device = mem->devices[i];
		uint64_t offset = addr - device->bus;

		if (offset < device->size && len <= device->size - offset)
			return device;
	}
	return NULL;
}

static bool fault_matches(const struct axi_mem_fault *fault, unsigned int kind, uint64_t addr, uint64_t len)
{
	return (fault->kinds & kind) && addr <= fault->last && addr + (len - 1) >= fault->first;
}

static bool fault_fires(const struct axi_mem_fault *fault, unsigned int hits)
{
	return hits >= fault->skip && (!fault->count || hits - fault->skip < fault->count);
}

unsigned int axi_mem_response(const struct axi_mem *mem, unsigned int kind, uint64_t addr, uint64_t len)
{
	if (outside(mem, addr, len) && !device_at(mem, addr, len))
		return AXI_DECERR;
	for (unsigned int i = 0; i < mem->nr_faults; i++)
		if (fault_matches(&mem->faults[i], kind, addr, len) && fault_fires(&mem->faults[i], mem->fault_hits[i]))
			return mem->faults[i].resp;
	return AXI_OKAY;
}

/* An access takes place: it counts for the faults it matches. */
static unsigned int respond(struct axi_mem *mem, unsigned int kind, uint64_t addr, uint64_t len)
{
	unsigned int resp = axi_mem_response(mem, kind, addr, len);

	for (unsigned int i = 0; i < mem->nr_faults; i++)
		mem->fault_hits[i] += fault_matches(&mem->faults[i], kind, addr, len);
	mem->stats.errors += resp != AXI_OKAY;
	return resp;
}

/* Bursts */

static struct axi_mem_burst make_burst(struct axi_mem *mem, uint64_t addr, uint64_t len, uint64_t size, uint64_t type)
{
	struct axi_mem_burst burst = {
		.addr = addr & -(1ull << size),
		.beats = (unsigned int)len + 1,
		.size = 1u << size,
		.fixed = !type,
	};

	mem->stats.narrow_bursts += burst.size < PQDMA_BYTES;
	mem->stats.fixed_bursts += burst.fixed;
	return burst;
}

static uint64_t beat_addr(const struct axi_mem_burst *burst, unsigned int beat)
{
	return burst->fixed ? burst->addr : burst->addr + (uint64_t)beat * burst->size;
}

static uint64_t word_addr(uint64_t addr)
{
	return addr & ~(uint64_t)(PQDMA_BYTES - 1);
}

/* Reads */

static struct axi_mem_read *queue_head(struct axi_mem_queue *queue)
{
	return &queue->bursts[queue->head];
}

/* A bus word is read with what stands beside the bytes that are meant, and that may be guarded: hardware does not mind. */
static void __attribute__((no_sanitize("address"))) copy_from_ram(const struct axi_mem *mem, uint64_t addr, size_t len, uint8_t *to)
{
	if (outside(mem, addr, len)) {
		memset(to, 0, len);
		return;
	}
	for (size_t i = 0; i < len; i++)
		to[i] = mem->ram[addr - mem->bus + i];
}

/* All data of the burst now. NULL if it is longer than a row, or a device's. */
static uint8_t *take_early(struct axi_mem *mem, const struct axi_mem_burst *burst)
{
	unsigned int row = (unsigned int)__builtin_ctzll(~mem->early_used);

	if (burst->beats * burst->size > AXI_MEM_BURST_BYTES || device_at(mem, burst->addr, burst->size))
		return NULL;
	mem->early_used |= 1ull << row;
	for (unsigned int i = 0; i < burst->beats; i++)
		copy_from_ram(mem, beat_addr(burst, i), burst->size, mem->early[row] + i * burst->size);
	return mem->early[row];
}

static void give_early(struct axi_mem *mem, const uint8_t *data)
{
	if (data)
		mem->early_used &= ~(1ull << ((size_t)(data - mem->early[0]) / AXI_MEM_BURST_BYTES));
}

static void accept_read(struct axi_mem *mem, const struct pqdma_out *out, uint64_t edge)
{
	struct axi_mem_queue *queue = &mem->queues[out->m_axi_arid];
	struct axi_mem_read *read = &queue->bursts[(queue->head + queue->count) % AXI_MEM_BURSTS];
	uint64_t due = edge + mem->config.read_latency + rng_below(&mem->rng, mem->config.read_jitter + 1);

	read->burst = make_burst(mem, out->m_axi_araddr, out->m_axi_arlen, out->m_axi_arsize, out->m_axi_arburst);
	read->done = 0;
	read->due = due > queue->last_due ? due : queue->last_due;
	read->order = mem->order++;
	read->early = rng_percent(&mem->rng, mem->config.early) ? take_early(mem, &read->burst) : NULL;
	queue->last_due = read->due;
	queue->count++;
	mem->reads++;
	mem->active |= 1u << out->m_axi_arid;
	if (out->m_axi_arid) {
		mem->stats.fetch_bursts++;
		return;
	}
	mem->stats.read_bursts++;
	if (!mem->stats.first_ar)
		mem->stats.first_ar = edge;
}

/* The oldest burst that is due, unless beats may mix: then any one. Returns AXI_MEM_IDS if none is. */
static unsigned int choose_id(struct axi_mem *mem, uint64_t edge)
{
	unsigned int best = AXI_MEM_IDS, due = 0;

	for (uint32_t left = mem->active; left; left &= left - 1) {
		unsigned int id = (unsigned int)__builtin_ctz(left);
		struct axi_mem_read *burst = queue_head(&mem->queues[id]);

		if (burst->due > edge)
			continue;
		due++;
		if (mem->config.interleave ? !rng_below(&mem->rng, due) :
		    best == AXI_MEM_IDS || burst->order < queue_head(&mem->queues[best])->order)
			best = id;
	}
	return best;
}

/* The bytes of a beat; nothing changes a device if the answer is an error. */
static void read_beat(struct axi_mem *mem, const struct axi_mem_read *read, uint64_t addr, bool good, uint8_t *to)
{
	const unsigned int size = read->burst.size;
	struct axi_mem_device *device;

	if (read->early) {
		memcpy(to, read->early + read->done * size, size);
		return;
	}
	device = device_at(mem, addr, size);
	if (device && good)
		device->ops->read(device, addr, size, to);
	else
		copy_from_ram(mem, addr, size, to);
}

static void put_beat(struct axi_mem *mem, struct pqdma_in *in, unsigned int id)
{
	struct axi_mem_read *read = queue_head(&mem->queues[id]);
	const uint64_t addr = beat_addr(&read->burst, read->done);
	uint8_t *data = (uint8_t *)in->m_axi_rdata;

	if (read->burst.size < PQDMA_BYTES)
		rng_fill(&mem->rng, data, PQDMA_BYTES);
	in->m_axi_rvalid = 1;
	in->m_axi_rid = id;
	in->m_axi_rresp = respond(mem, id ? AXI_MEM_FETCH : AXI_MEM_READ, addr, read->burst.size);
	in->m_axi_rlast = read->done + 1 == read->burst.beats;
	read_beat(mem, read, addr, !(in->m_axi_rresp & 2), data + addr % PQDMA_BYTES);
	mem->current = id;
	mem->burst_open = !in->m_axi_rlast && !mem->config.interleave;
}

static void drive_read(struct axi_mem *mem, struct pqdma_in *in, uint64_t edge)
{
	unsigned int id;

	in->m_axi_arready = mem->reads < mem->config.reads && rng_percent(&mem->rng, mem->config.ar_ready);
	if (mem->r_held)
		return;
	in->m_axi_rvalid = 0;
	if (!mem->active || !rng_percent(&mem->rng, mem->config.r_valid))
		return;
	id = mem->burst_open ? mem->current : choose_id(mem, edge);
	if (id < AXI_MEM_IDS)
		put_beat(mem, in, id);
}

static void finish_beat(struct axi_mem *mem, struct pqdma_in *in, uint64_t edge)
{
	unsigned int id = (unsigned int)in->m_axi_rid;
	struct axi_mem_queue *queue = &mem->queues[id];

	if (id) {
		mem->stats.fetch_beats++;
	} else {
		mem->stats.read_beats++;
		mem->stats.last_r = edge;
		if (!mem->stats.first_r)
			mem->stats.first_r = edge;
	}
	queue_head(queue)->done++;
	if (!in->m_axi_rlast)
		return;
	give_early(mem, queue_head(queue)->early);
	queue->head = (queue->head + 1) % AXI_MEM_BURSTS;
	mem->reads--;
	if (!--queue->count)
		mem->active &= ~(1u << id);
}

/* Writes */

static struct axi_mem_write *write_at(struct axi_mem *mem, unsigned int index)
{
	return &mem->writes[(mem->write_head + index) % AXI_MEM_BURSTS];
}

static struct axi_mem_wbeat *wbeat_at(struct axi_mem *mem, unsigned int index)
{
	return &mem->wbeats[index % AXI_MEM_WBEATS];
}

static void accept_address(struct axi_mem *mem, const struct pqdma_out *out)
{
	struct axi_mem_write *write = write_at(mem, mem->write_count++);

	*write = (struct axi_mem_write){
		.burst = make_burst(mem, out->m_axi_awaddr, out->m_axi_awlen, out->m_axi_awsize, out->m_axi_awburst),
		.id = (unsigned int)out->m_axi_awid,
	};
	write->late = rng_percent(&mem->rng, mem->config.late) && !device_at(mem, write->burst.addr, write->burst.size);
	mem->stats.write_bursts++;
}

static void accept_data(struct axi_mem *mem, const struct pqdma_out *out, uint64_t edge)
{
	struct axi_mem_wbeat *beat = wbeat_at(mem, mem->wbeat_head + mem->wbeat_count++);

	beat->strb = out->m_axi_wstrb;
	beat->last = out->m_axi_wlast;
	memcpy(beat->data, out->m_axi_wdata, PQDMA_BYTES);
	mem->stats.write_beats++;
	mem->stats.bytes += (unsigned int)__builtin_popcountll(beat->strb);
	mem->stats.last_w = edge;
	if (!mem->stats.first_w)
		mem->stats.first_w = edge;
}

static uint64_t first_strobed(uint64_t addr, uint64_t strb)
{
	return word_addr(addr) + (unsigned int)__builtin_ctzll(strb);
}

static uint64_t last_strobed(uint64_t addr, uint64_t strb)
{
	return word_addr(addr) + 63 - (unsigned int)__builtin_clzll(strb);
}

/* First and last strobed byte of a burst; false if it writes none. */
static bool written_range(struct axi_mem *mem, const struct axi_mem_write *write, uint64_t *first, uint64_t *last)
{
	bool any = false;

	for (unsigned int i = 0; i < write->burst.beats; i++) {
		uint64_t strb = wbeat_at(mem, write->first + i)->strb, addr = beat_addr(&write->burst, i);

		if (!strb)
			continue;
		if (!any)
			*first = first_strobed(addr, strb);
		*last = last_strobed(addr, strb);
		any = true;
	}
	return any;
}

static void beat_to_ram(struct axi_mem *mem, uint64_t addr, const struct axi_mem_wbeat *beat)
{
	uint8_t *to = mem->ram + (word_addr(addr) - mem->bus);

	if (beat->strb == ~0ull >> (64 - PQDMA_BYTES)) {
		memcpy(to, beat->data, PQDMA_BYTES);
		return;
	}
	for (unsigned int lane = 0; lane < PQDMA_BYTES; lane++)
		if (beat->strb >> lane & 1)
			to[lane] = beat->data[lane];
}

static void beat_to_device(struct axi_mem_device *device, uint64_t addr, const struct axi_mem_wbeat *beat)
{
	uint64_t first = first_strobed(addr, beat->strb), last = last_strobed(addr, beat->strb);

	device->ops->write(device, first, (unsigned int)(last - first) + 1, beat->data + first % PQDMA_BYTES);
}

static void write_beats(struct axi_mem *mem, const struct axi_mem_write *write)
{
	struct axi_mem_device *device = device_at(mem, write->burst.addr, write->burst.size);

	if (write->resp & 2)
		return;
	for (unsigned int i = 0; i < write->burst.beats; i++) {
		const struct axi_mem_wbeat *beat = wbeat_at(mem, write->first + i);
		uint64_t addr = beat_addr(&write->burst, i);

		if (!beat->strb)
			continue;
		if (device)
			beat_to_device(device, addr, beat);
		else
			beat_to_ram(mem, addr, beat);
	}
}

static bool looks_like_status(struct axi_mem *mem, const struct axi_mem_write *write, uint64_t first, uint64_t last)
{
	const struct axi_mem_wbeat *beat = wbeat_at(mem, write->first + write->burst.beats - 1);

	if (last - first != 7 || first % 64 != 56 || write->burst.size != PQDMA_BYTES)
		return false;
	return beat->data[last % PQDMA_BYTES] >> 2 == 0x20;
}

static bool overlap(const struct axi_mem_burst *a, const struct axi_mem_burst *b)
{
	const uint64_t first_a = a->addr & ~(uint64_t)(PQDMA_BYTES - 1), first_b = b->addr & ~(uint64_t)(PQDMA_BYTES - 1);

	return first_a < first_b + (uint64_t)b->beats * PQDMA_BYTES && first_b < first_a + (uint64_t)a->beats * PQDMA_BYTES;
}

/* Writes of one ID to one place reach it in order (AXI A5.3), so none overtakes an older one that is late. */
static bool follows_late(struct axi_mem *mem, const struct axi_mem_write *write)
{
	unsigned int i;

	for (i = 0; i < mem->write_fill; i++) {
		const struct axi_mem_write *older = write_at(mem, i);

		if (older != write && older->late && overlap(&older->burst, &write->burst))
			return true;
	}
	return false;
}

static void complete_write(struct axi_mem *mem, struct axi_mem_write *write, uint64_t edge)
{
	uint64_t first = write->burst.addr, last = write->burst.addr;
	bool status = written_range(mem, write, &first, &last) && looks_like_status(mem, write, first, last);

	mem->stats.status_bursts += status;
	write->resp = respond(mem, status ? AXI_MEM_STATUS : AXI_MEM_WRITE, first, last - first + 1);
	write->due = edge + mem->config.write_latency + rng_below(&mem->rng, mem->config.write_jitter + 1);
	write->late = write->late || follows_late(mem, write);
	write->complete = true;
	mem->write_fill++;
	if (!write->late)
		write_beats(mem, write);
}

/* Give beats to the bursts they belong to, in order. W may run ahead of AW. */
static void match_beats(struct axi_mem *mem, uint64_t edge)
{
	while (mem->wbeat_free < mem->wbeat_count && mem->write_fill < mem->write_count) {
		struct axi_mem_write *write = write_at(mem, mem->write_fill);

		if (!write->got)
			write->first = mem->wbeat_head + mem->wbeat_free;
		mem->wbeat_free++;
		if (++write->got == write->burst.beats)
			complete_write(mem, write, edge);
	}
}

static void drive_write(struct axi_mem *mem, struct pqdma_in *in, uint64_t edge)
{
	struct axi_mem_write *write = write_at(mem, 0);

	in->m_axi_awready = mem->write_count < mem->config.writes && rng_percent(&mem->rng, mem->config.aw_ready);
	in->m_axi_wready = mem->wbeat_count < AXI_MEM_WBEATS && rng_percent(&mem->rng, mem->config.w_ready);
	if (mem->b_held)
		return;
	in->m_axi_bvalid = 0;
	if (!mem->write_fill || write->due > edge)
		return;
	if (write->late)
		write_beats(mem, write);
	in->m_axi_bvalid = 1;
	in->m_axi_bid = write->id;
	in->m_axi_bresp = write->resp;
}

static void finish_write(struct axi_mem *mem)
{
	unsigned int beats = write_at(mem, 0)->burst.beats;

	mem->wbeat_head += beats;
	mem->wbeat_count -= beats;
	mem->wbeat_free -= beats;
	mem->write_head = (mem->write_head + 1) % AXI_MEM_BURSTS;
	mem->write_count--;
	mem->write_fill--;
}

/* Both */

static void make_noise(struct axi_mem *mem, struct pqdma_in *in)
{
	if (!in->m_axi_rvalid) {
		rng_fill(&mem->rng, in->m_axi_rdata, sizeof(in->m_axi_rdata));
		in->m_axi_rid = rng_below(&mem->rng, AXI_MEM_IDS);
		in->m_axi_rresp = rng_below(&mem->rng, 4);
		in->m_axi_rlast = rng_below(&mem->rng, 2);
	}
	if (!in->m_axi_bvalid) {
		in->m_axi_bid = rng_below(&mem->rng, AXI_MEM_IDS);
		in->m_axi_bresp = rng_below(&mem->rng, 4);
	}
}

static void take(struct axi_mem *mem, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge)
{
	bool arrived = false;

	if (out->m_axi_arvalid && !mem->stats.first_arvalid)
		mem->stats.first_arvalid = edge;
	mem->r_held = in->m_axi_rvalid && !out->m_axi_rready;
	mem->b_held = in->m_axi_bvalid && !out->m_axi_bready;
	if (in->m_axi_rvalid && !mem->r_held)
		finish_beat(mem, in, edge);
	if (in->m_axi_bvalid && !mem->b_held)
		finish_write(mem);
	if (out->m_axi_arvalid && in->m_axi_arready)
		accept_read(mem, out, edge);
	if (out->m_axi_awvalid && in->m_axi_awready) {
		accept_address(mem, out);
		arrived = true;
	}
	if (out->m_axi_wvalid && in->m_axi_wready) {
		accept_data(mem, out, edge);
		arrived = true;
	}
	if (arrived)
		match_beats(mem, edge);
}

/* What was in flight is forgotten with a reset; memory keeps its contents. */
static void reset(struct axi_mem *mem, struct pqdma_in *in)
{
	for (unsigned int id = 0; id < AXI_MEM_IDS; id++)
		mem->queues[id].count = 0;
	mem->active = 0;
	mem->reads = 0;
	mem->early_used = 0;
	mem->burst_open = mem->r_held = mem->b_held = false;
	mem->write_count = mem->write_fill = mem->wbeat_count = mem->wbeat_free = 0;
	in->m_axi_arready = in->m_axi_awready = in->m_axi_wready = 0;
	in->m_axi_rvalid = in->m_axi_bvalid = 0;
}

void axi_mem_clock(struct axi_mem *mem, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge)
{
	if (!in->rst_n) {
		reset(mem, in);
		return;
	}
	drive_read(mem, in, edge);
	drive_write(mem, in, edge);
	if (mem->config.noise)
		make_noise(mem, in);
	take(mem, out, in, edge);
}
