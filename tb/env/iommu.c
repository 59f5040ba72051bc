// SPDX-License-Identifier: MIT
/*
 * Translation of bursts, the walker and the TLB; see iommu.h. The address pins are the only ones that change, and an address
 * that is being looked up is hidden from memory.
 */
#include "iommu.h"

#include <string.h>

#define PAGE 4096ull
#define LEVELS 4u
#define MAY_READ 1ull
#define MAY_WRITE 2ull
#define ENTRY_ADDRESS 0x000ffffffffff000ull

/* No memory is here, so what is sent here is answered with DECERR. */
#define NOWHERE 0xfffffffffffff000ull

/* Tables */

static uint64_t load(const struct iommu *iommu, uint64_t bus)
{
	uint64_t entry;

	if (bus - iommu->bus > iommu->size - sizeof(entry))
		return 0;
	memcpy(&entry, iommu->ram + (bus - iommu->bus), sizeof(entry));
	return entry;
}

static uint64_t walk(struct iommu *iommu, unsigned int context, uint64_t addr)
{
	uint64_t entry = iommu->root[context];

	iommu->stats.walks++;
	for (unsigned int shift = 12 + 9 * (LEVELS - 1); shift >= 12; shift -= 9) {
		entry = load(iommu, (entry & ENTRY_ADDRESS) + (addr >> shift & 511) * sizeof(entry));
		if (!entry)
			return 0;
	}
	return entry;
}

static const struct iommu_entry *tlb_find(const struct iommu *iommu, unsigned int context, uint64_t addr)
{
	for (unsigned int i = 0; i < IOMMU_TLB; i++) {
		const struct iommu_entry *e = &iommu->tlb[i];

		if (e->entry && e->page == addr / PAGE && e->context == context)
			return e;
	}
	return NULL;
}

static uint64_t tlb_fill(struct iommu *iommu, unsigned int context, uint64_t addr)
{
	const uint64_t entry = walk(iommu, context, addr);

	if (entry)
		iommu->tlb[iommu->next++ % IOMMU_TLB] = (struct iommu_entry){ .context = context, .page = addr / PAGE, .entry = entry };
	return entry;
}

/* Bursts */

/** struct access - what stands on an AXI address channel */
struct access {
	unsigned int stream;
	uint64_t addr;
	bool write;
};

static uint64_t refuse(struct iommu *iommu, struct iommu_lane *lane, const struct access *a, enum iommu_outcome outcome,
		       const char *reason)
{
	lane->outcome = outcome;
	iommu->stats.faults[a->stream]++;
	iommu_port_fault(&(struct iommu_fault){ .stream = a->stream, .iova = a->addr, .write = a->write, .reason = reason });
	return NOWHERE | a->addr % PAGE;
}

static uint64_t judge(struct iommu *iommu, struct iommu_lane *lane, uint64_t entry, const struct access *a)
{
	if (!iommu->context[a->stream])
		return refuse(iommu, lane, a, IOMMU_NO_STREAM, "its stream has no context");
	if (!entry)
		return refuse(iommu, lane, a, IOMMU_UNMAPPED, "it is not mapped");
	if (!(entry & (a->write ? MAY_WRITE : MAY_READ)))
		return refuse(iommu, lane, a, IOMMU_FORBIDDEN, a->write ? "it may not be written" : "it may not be read");
	return (entry & ENTRY_ADDRESS) | a->addr % PAGE;
}

static void end_translation(struct iommu *iommu, struct iommu_lane *lane, enum iommu_outcome outcome, uint64_t entry,
			    const struct access *a)
{
	lane->stream = a->stream;
	lane->outcome = outcome;
	lane->addr = judge(iommu, lane, entry, a);
	lane->done = true;
	lane->fresh = true;
}

/* One clock of an address channel. */
static void translate(struct iommu *iommu, struct iommu_lane *lane, const struct access *a)
{
	const unsigned int context = iommu->context[a->stream];
	const struct iommu_entry *hit;

	lane->fresh = false;
	if (lane->done)
		return;
	hit = lane->busy ? NULL : tlb_find(iommu, context, a->addr);
	if (hit) {
		iommu->stats.hits++;
		end_translation(iommu, lane, IOMMU_HIT, hit->entry, a);
		return;
	}
	if (!lane->busy) {
		lane->busy = true;
		lane->left = IOMMU_WALK_CLOCKS;
	}
	if (--lane->left)
		return;
	lane->busy = false;
	end_translation(iommu, lane, IOMMU_WALKED, tlb_fill(iommu, context, a->addr), a);
}

/* The descriptor port, if there is one */
#if PQDMA_WITH_DESC_PORT
static void front_fetch(struct iommu *iommu, const struct pqdma_out *out)
{
	if (out->d_axi_arvalid)
		translate(iommu, &iommu->fetch, &(struct access){ .stream = out->d_axi_aruser, .addr = out->d_axi_araddr });
	iommu->seen.d_axi_arvalid = out->d_axi_arvalid && iommu->fetch.done;
	iommu->seen.d_axi_araddr = iommu->fetch.addr;
}
#else
static void front_fetch(struct iommu *iommu, const struct pqdma_out *out)
{
	(void)iommu;
	(void)out;
}
#endif

const struct pqdma_out *iommu_front(struct iommu *iommu, const struct pqdma_out *out, bool rst_n)
{
	if (!rst_n)
		iommu->read = iommu->write = iommu->fetch = (struct iommu_lane){ 0 };
	if (!iommu->on || !rst_n)
		return out;
	if (out->m_axi_arvalid)
		translate(iommu, &iommu->read, &(struct access){ .stream = out->m_axi_aruser, .addr = out->m_axi_araddr });
	if (out->m_axi_awvalid)
		translate(iommu, &iommu->write, &(struct access){ .stream = out->m_axi_awuser, .addr = out->m_axi_awaddr, .write = true });
	iommu->seen = *out;
	iommu->seen.m_axi_arvalid = out->m_axi_arvalid && iommu->read.done;
	iommu->seen.m_axi_araddr = iommu->read.addr;
	iommu->seen.m_axi_awvalid = out->m_axi_awvalid && iommu->write.done;
	iommu->seen.m_axi_awaddr = iommu->write.addr;
	front_fetch(iommu, out);
	return &iommu->seen;
}

/* An address that memory has not seen it has not taken. */
static void finish(struct iommu_lane *lane, uint64_t valid, uint64_t *ready)
{
	if (valid && !lane->done)
		*ready = 0;
	if (valid && *ready)
		lane->done = false;
}

void iommu_back(struct iommu *iommu, const struct pqdma_out *out, struct pqdma_in *in)
{
	if (!iommu->on)
		return;
	finish(&iommu->read, out->m_axi_arvalid, &in->m_axi_arready);
	finish(&iommu->write, out->m_axi_awvalid, &in->m_axi_awready);
#if PQDMA_WITH_DESC_PORT
	finish(&iommu->fetch, out->d_axi_arvalid, &in->d_axi_arready);
#endif
}

/* Commands */

static struct iommu *to_iommu(struct iommu_port *port)
{
	return (struct iommu *)port;
}

static void set_root(struct iommu_port *port, unsigned int context, uint64_t root)
{
	struct iommu *iommu = to_iommu(port);

	iommu->root[context] = root;
	for (unsigned int i = 0; i < IOMMU_TLB; i++)
		if (iommu->tlb[i].context == context)
			iommu->tlb[i].entry = 0;
}

static void attach(struct iommu_port *port, unsigned int stream, unsigned int context)
{
	struct iommu *iommu = to_iommu(port);

	iommu->on = true;
	iommu->context[stream] = context;
}

static void invalidate(struct iommu_port *port, unsigned int context, uint64_t iova, uint64_t size)
{
	struct iommu *iommu = to_iommu(port);

	iommu->stats.invalidations++;
	for (unsigned int i = 0; i < IOMMU_TLB && !iommu->deaf; i++) {
		struct iommu_entry *e = &iommu->tlb[i];

		if (e->context == context && e->page * PAGE < iova + size && (e->page + 1) * PAGE > iova)
			e->entry = 0;
	}
}

bool iommu_alone(const struct iommu *iommu, unsigned int stream)
{
	for (unsigned int other = 0; other < IOMMU_STREAMS; other++)
		if (other != stream && iommu->context[other] == iommu->context[stream])
			return false;
	return iommu->context[stream] != IOMMU_NO_CONTEXT;
}

uint64_t iommu_faults(const struct iommu *iommu)
{
	uint64_t sum = 0;

	for (unsigned int stream = 0; stream < IOMMU_STREAMS; stream++)
		sum += iommu->stats.faults[stream];
	return sum;
}

static const struct iommu_port_ops port_ops = {
	.set_root = set_root,
	.attach = attach,
	.invalidate = invalidate,
};

void iommu_init(struct iommu *iommu, const uint8_t *ram, uint64_t bus, size_t size)
{
	memset(iommu, 0, sizeof(*iommu));
	iommu->port.ops = &port_ops;
	iommu->ram = ram;
	iommu->bus = bus;
	iommu->size = size;
}
