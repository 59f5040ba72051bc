// SPDX-License-Identifier: MIT
/*
 * Contexts of the IOMMU: one for each device that memory is mapped for. The controller's device has all streams that nobody else
 * has; a channel's device has the stream of its channel. Faults come with their stream, and so find the device.
 */
#include "iommu_context.h"

#include <stdlib.h>
#include <string.h>
#include <linux/interrupt.h>
#include <linux/of_device.h>
#include "iommu_port.h"
#include "iommu_table.h"
#include "mapping_priv.h"
#include "kernel/kernel_priv.h"

#define SPACE_BYTES ((u64)IOMMU_SPACE_PAGES * PAGE_SIZE)
#define SPACE_TOP (1ull << 40)
#define FAULTS_MAX 16u

static struct list_head domains;
static struct iommu_port *port;
static struct iommu_domain *attached[IOMMU_STREAMS];
static bool numbers[IOMMU_CONTEXTS + 1];
static bool same_start;
static unsigned int start;
static struct iommu_fault faults[FAULTS_MAX];
static unsigned int nr_faults;
static unsigned int lost_faults;
static struct tasklet_struct fault_tasklet;

/* Contexts */

static struct iommu_domain *domain_new(struct device *dev)
{
	const u64 top = min_t(u64, mapping_limit(dev), SPACE_TOP - 1) + 1;
	struct iommu_domain *domain = calloc(1, sizeof(*domain));

	if (!domain || top < SPACE_BYTES)
		goto out_domain;
	domain->root = iommu_table_new();
	if (!domain->root)
		goto out_domain;
	domain->dev = dev;
	domain->base = ALIGN_DOWN(top, SPACE_BYTES) - SPACE_BYTES;
	/* Bus address 0 means "not mapped" in many a client. */
	domain->used[0] = !domain->base;
	domain->next = same_start ? start : (unsigned int)kernel_random(IOMMU_SPACE_PAGES);
	list_add(&domain->node, &domains);
	return domain;

out_domain:
	free(domain);
	return NULL;
}

static void give_number(struct iommu_domain *domain)
{
	unsigned int i = 1;

	while (i <= IOMMU_CONTEXTS && numbers[i])
		i++;
	BUG_ON(i > IOMMU_CONTEXTS);
	numbers[i] = true;
	domain->number = i;
	port->ops->set_root(port, i, iommu_table_bus(domain->root));
}

/* Streams */

static void take_number(struct iommu_domain *domain)
{
	port->ops->set_root(port, domain->number, 0);
	numbers[domain->number] = false;
	domain->number = IOMMU_NO_CONTEXT;
}

static bool has_streams(const struct iommu_domain *domain)
{
	unsigned int stream;

	for (stream = 0; stream < IOMMU_STREAMS; stream++)
		if (attached[stream] == domain)
			return true;
	return false;
}

/* A context without streams need not be known to the IOMMU. */
static void attach(struct iommu_domain *domain, unsigned int stream)
{
	struct iommu_domain *before = attached[stream];

	attached[stream] = domain;
	port->ops->attach(port, stream, domain ? domain->number : IOMMU_NO_CONTEXT);
	mapping_set_master(stream, domain ? domain->dev : NULL);
	if (before && !has_streams(before))
		take_number(before);
}

/* A driver's device: everything that is nobody's yet, or was one's that is gone */
static void attach_rest(struct iommu_domain *domain)
{
	unsigned int stream;

	give_number(domain);
	for (stream = 0; stream < IOMMU_STREAMS; stream++)
		if (!attached[stream] || attached[stream]->dev->driver)
			attach(domain, stream);
}

struct iommu_domain *iommu_context_of(struct device *dev)
{
	if (dev->iommu_domain)
		return dev->iommu_domain;
	dev->iommu_domain = domain_new(dev);
	if (dev->iommu_domain && dev->driver && port)
		attach_rest(dev->iommu_domain);
	return dev->iommu_domain;
}

/* The board's tree says that stream number @id comes from @id. */
int of_dma_configure_id(struct device *dev, struct device_node *np, bool force_dma, const u32 *id)
{
	(void)np;
	(void)force_dma;
	if (!port)
		return 0;
	if (!id || *id >= IOMMU_STREAMS || dev->iommu_domain)
		return -EINVAL;
	dev->iommu_domain = domain_new(dev);
	if (!dev->iommu_domain)
		return -ENOMEM;
	give_number(dev->iommu_domain);
	attach(dev->iommu_domain, *id);
	return 0;
}

void iommu_release_device(struct device *dev)
{
	struct iommu_domain *domain = dev->iommu_domain;
	unsigned int stream;

	if (!domain)
		return;
	for (stream = 0; stream < IOMMU_STREAMS; stream++)
		if (attached[stream] == domain)
			attach(NULL, stream);
	dev->iommu_domain = NULL;
	list_del(&domain->node);
	iommu_table_free(domain->root);
	free(domain);
}

void iommu_context_invalidate(const struct iommu_domain *domain, dma_addr_t iova, size_t size)
{
	if (domain->number)
		port->ops->invalidate(port, domain->number, iova, size);
}

uint64_t iommu_root(struct device *dev)
{
	return dev->iommu_domain ? iommu_table_bus(dev->iommu_domain->root) : 0;
}

struct iommu_domain *iommu_get_domain_for_dev(struct device *dev)
{
	return dev->iommu_domain;
}

phys_addr_t iommu_iova_to_phys(struct iommu_domain *domain, dma_addr_t iova)
{
	const phys_addr_t page = iommu_table_lookup(domain->root, iova);

	return page ? page + offset_in_page(iova) : 0;
}

void iommu_set_fault_handler(struct iommu_domain *domain, iommu_fault_handler_t handler, void *token)
{
	domain->handler = handler;
	domain->token = token;
}

/* Faults */

static void handle_fault(const struct iommu_fault *fault)
{
	struct iommu_domain *domain = attached[fault->stream];
	const int flags = fault->write ? IOMMU_FAULT_WRITE : IOMMU_FAULT_READ;

	if (domain && domain->handler && !domain->handler(domain, domain->dev, fault->iova, flags, domain->token))
		return;
	debug_report(MAPPING_FAULT, "the IOMMU refused a %s of %s, stream %u, at %#llx: %s", fault->write ? "write" : "read",
		     domain ? dev_name(domain->dev) : "nobody's", fault->stream, (u64)fault->iova, fault->reason);
}

static void handle_faults(struct tasklet_struct *t)
{
	unsigned int i;

	(void)t;
	for (i = 0; i < nr_faults; i++)
		handle_fault(&faults[i]);
	nr_faults = 0;
	if (lost_faults)
		pr_warn("%u faults of the IOMMU did not fit\n", lost_faults);
	lost_faults = 0;
}

void iommu_port_fault(const struct iommu_fault *fault)
{
	if (nr_faults == FAULTS_MAX) {
		lost_faults++;
		return;
	}
	faults[nr_faults++] = *fault;
	tasklet_schedule(&fault_tasklet);
}

/* Coming and going */

void iommu_port_plug(struct iommu_port *p)
{
	port = p;
	mapping_set_board_ops(&iommu_dma_ops);
}

void iommu_port_same_start(void)
{
	same_start = true;
	start = (unsigned int)kernel_random(IOMMU_SPACE_PAGES);
}

static void free_domains(void)
{
	struct iommu_domain *domain, *next;

	if (!domains.next)
		return;
	list_for_each_entry_safe(domain, next, &domains, node)
		free(domain);
}

void iommu_context_boot(void)
{
	free_domains();
	INIT_LIST_HEAD(&domains);
	memset(attached, 0, sizeof(attached));
	memset(numbers, 0, sizeof(numbers));
	port = NULL;
	same_start = false;
	nr_faults = 0;
	lost_faults = 0;
	tasklet_setup(&fault_tasklet, handle_faults);
}
