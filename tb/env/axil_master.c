// SPDX-License-Identifier: MIT
// AXI4-Lite master: one access at a time, with seeded gaps, AW and W in any order, and late BREADY and RREADY.
#include <string.h>
#include "axil_master.h"
#include "kernel.h"

void axil_master_init(struct axil_master *master, uint64_t seed)
{
	memset(master, 0, sizeof(*master));
	rng_init(&master->rng, seed, "axil_master");
}

void axil_master_configure(struct axil_master *master, const struct axil_config *config)
{
	master->config = *config;
}

static unsigned int draw(struct axil_master *master, unsigned int most)
{
	return most ? rng_below(&master->rng, most + 1) : 0;
}

static void begin(struct axil_master *master, struct axil_access *access)
{
	unsigned int gap = draw(master, master->config.gap), skew = draw(master, master->config.skew);
	bool data_first = skew && rng_below(&master->rng, 2);

	master->addr_wait = gap + (data_first ? skew : 0);
	master->data_wait = gap + (data_first ? 0 : skew);
	master->ready_wait = draw(master, master->config.delay);
	master->addr_done = master->data_done = false;
	master->access = access;
	if (access->write)
		master->writes++;
	else
		master->reads++;
}

void axil_master_run(struct axil_master *master, struct axil_access *access)
{
	begin(master, access);
	while (master->access)
		kernel_cpu_stall();
}

/* Counts down to the clock in which a valid is raised. */
static bool may_offer(unsigned int *wait)
{
	if (!*wait)
		return true;
	--*wait;
	return false;
}

/* Ready goes up ready_wait clocks after valid, or stands there from the beginning if that is 0. */
static bool may_accept(struct axil_master *master, uint64_t valid)
{
	if (!master->ready_wait)
		return true;
	if (valid)
		master->ready_wait--;
	return false;
}

static void clock_write(struct axil_master *master, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge)
{
	struct axil_access *access = master->access;

	in->s_axil_awvalid = !master->addr_done && may_offer(&master->addr_wait);
	in->s_axil_wvalid = !master->data_done && may_offer(&master->data_wait);
	in->s_axil_awaddr = access->addr;
	in->s_axil_wdata = access->data;
	in->s_axil_wstrb = access->strb;
	in->s_axil_bready = may_accept(master, out->s_axil_bvalid);
	if (in->s_axil_awvalid && out->s_axil_awready)
		master->addr_done = true;
	if (in->s_axil_wvalid && out->s_axil_wready) {
		master->data_done = true;
		access->clock = edge;
	}
	if (out->s_axil_bvalid && in->s_axil_bready) {
		access->resp = (uint8_t)out->s_axil_bresp;
		master->access = NULL;
	}
}

static void clock_read(struct axil_master *master, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge)
{
	struct axil_access *access = master->access;

	in->s_axil_arvalid = !master->addr_done && may_offer(&master->addr_wait);
	in->s_axil_araddr = access->addr;
	in->s_axil_rready = may_accept(master, out->s_axil_rvalid);
	if (in->s_axil_arvalid && out->s_axil_arready)
		master->addr_done = true;
	if (out->s_axil_rvalid && in->s_axil_rready) {
		access->resp = (uint8_t)out->s_axil_rresp;
		access->data = (uint32_t)out->s_axil_rdata;
		access->clock = edge;
		master->access = NULL;
	}
}

static void rest(struct pqdma_in *in)
{
	in->s_axil_awvalid = in->s_axil_wvalid = in->s_axil_arvalid = 0;
	in->s_axil_bready = in->s_axil_rready = 0;
}

void axil_master_clock(struct axil_master *master, const struct pqdma_out *out, struct pqdma_in *in, uint64_t edge)
{
	rest(in);
	if (!in->rst_n || !master->access)
		return;
	if (master->access->write)
		clock_write(master, out, in, edge);
	else
		clock_read(master, out, in, edge);
}
