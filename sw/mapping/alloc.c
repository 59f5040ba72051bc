// SPDX-License-Identifier: MIT
/*
 * Memory that CPU and device see alike, its sharing with other devices, and the limits of a device.
 */
#include "mapping_priv.h"

#include <sys/mman.h>
#include <linux/irqflags.h>
#include <linux/slab.h>
#include "kernel/kernel_priv.h"

static const struct dma_map_ops *board_ops;
static u8 *cookies;
static size_t cookies_size;

void alloc_boot(void)
{
	board_ops = &direct_ops;
	if (cookies)
		munmap(cookies, cookies_size);
	cookies = NULL;
}

const struct dma_map_ops *get_dma_ops(struct device *dev)
{
	return dev->dma_ops ? dev->dma_ops : board_ops;
}

void set_dma_ops(struct device *dev, const struct dma_map_ops *ops)
{
	dev->dma_ops = ops;
}

void mapping_set_board_ops(const struct dma_map_ops *ops)
{
	board_ops = ops;
}

void *mapping_cookie(const struct page *page)
{
	if (!cookies) {
		cookies_size = cpu.hw->ram_size;
		cookies = mmap(NULL, cookies_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	}
	if (cookies == MAP_FAILED)
		panic("the host has no address space for cookies");
	trap_cookies();
	return cookies + page_offset(page);
}

bool mapping_is_cookie(const void *addr)
{
	const u8 *p = addr;

	return cookies && p >= cookies && p < cookies + cookies_size;
}

/* Allocation */

static struct mapping coherent(struct device *dev, size_t size, void *addr, dma_addr_t handle, const char *where)
{
	return (struct mapping){
		.kind = MAPPING_COHERENT,
		.dev = dev,
		.bus = handle,
		.size = PAGE_ALIGN(size),
		.dir = DMA_BIDIRECTIONAL,
		.checked = true,
		.where = where,
		.cpu = addr,
	};
}

void *kernel_dma_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs, const char *where)
{
	struct mapping m;
	bool is_own;
	void *addr;

	if (gfp & __GFP_SLEEP)
		might_sleep();
	if (!size || (!dma_alloc_from_dev_coherent(dev, (ssize_t)size, handle, &addr) && !get_dma_ops(dev)->alloc))
		return NULL;
	is_own = dev->dma_mem;
	if (!is_own)
		addr = get_dma_ops(dev)->alloc(dev, size, handle, gfp, attrs);
	if (!addr)
		return NULL;
	m = coherent(dev, size, addr, *handle, where);
	m.attrs = attrs;
	live_add(&m);
	if (!is_own)
		golden_check_alloc(&m);
	return addr;
}

/* Attributes decide what the CPU address is, so those of the allocation are wanted again. */
static bool same_attrs(const struct mapping *m, unsigned long attrs, const char *call, const char *where)
{
	if (!((m->attrs ^ attrs) & DMA_ATTR_NO_KERNEL_MAPPING))
		return true;
	debug_report(MAPPING_CPU_ADDRESS, "%s at %s with other attributes (%#lx) than at the allocation (%#lx) at %s", call, where, attrs,
		     m->attrs, m->where);
	return false;
}

void kernel_dma_free(struct device *dev, size_t size, void *addr, dma_addr_t handle, unsigned long attrs, const char *where)
{
	const struct mapping like = coherent(dev, size, addr, handle, where);
	const struct mapping *found;
	struct mapping made;

	if (!addr)
		return;
	WARN(irqs_disabled(), "coherent memory is freed with interrupts off");
	found = live_find(&like);
	made = found ? *found : like;
	if (found)
		same_attrs(found, attrs, "free", where);
	if (!live_remove(&like) || made.kind != MAPPING_COHERENT || dma_release_from_dev_coherent(made.dev, get_order(made.size), made.cpu))
		return;
	if (get_dma_ops(made.dev)->free)
		get_dma_ops(made.dev)->free(made.dev, made.size, made.cpu, handle, made.attrs);
}

/* Memory that goes when the driver does */

struct managed {
	struct device *dev;
	size_t size;
	void *addr;
	dma_addr_t handle;
	unsigned long attrs;
};

static void free_managed(void *data)
{
	struct managed *m = data;

	dma_free_attrs(m->dev, m->size, m->addr, m->handle, m->attrs);
	kfree(m);
}

void *kernel_dmam_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs, const char *where)
{
	struct managed *m = kmalloc(sizeof(*m), gfp);
	void *addr;

	if (!m)
		return NULL;
	addr = kernel_dma_alloc(dev, size, handle, gfp, attrs, where);
	if (!addr) {
		kfree(m);
		return NULL;
	}
	*m = (struct managed){ .dev = dev, .size = size, .addr = addr, .handle = *handle, .attrs = attrs };
	return devm_add_action_or_reset(dev, free_managed, m) ? NULL : addr;
}

static bool is_managed(const void *data, const void *like)
{
	const struct managed *m = data, *wanted = like;

	return m->addr == wanted->addr && m->handle == wanted->handle && m->size == wanted->size;
}

void dmam_free_coherent(struct device *dev, size_t size, void *addr, dma_addr_t handle)
{
	const struct managed like = { .size = size, .addr = addr, .handle = handle };
	struct managed *m = devres_search(dev, free_managed, is_managed, &like);

	if (!WARN(!m, "%zu bytes at %#llx of %s were not allocated by dmam_alloc_coherent()", size, handle, dev_name(dev)))
		devm_release_action(dev, free_managed, m);
}

/* Sharing */

static const struct mapping *find_memory(struct device *dev, void *addr, dma_addr_t handle, size_t size, unsigned long attrs,
					 const char *call)
{
	const struct mapping like = coherent(dev, size, addr, handle, call);
	const struct mapping *m = live_find(&like);

	if (!m || m->kind != MAPPING_COHERENT || m->dev != dev || m->cpu != addr || like.size > m->size) {
		debug_report(MAPPING_CPU_ADDRESS, "%s of %zu bytes at %#llx, which were not allocated like this", call, size, handle);
		return NULL;
	}
	return same_attrs(m, attrs, call, call) ? m : NULL;
}

int dma_mmap_attrs(struct device *dev, struct vm_area_struct *vma, void *addr, dma_addr_t handle, size_t size, unsigned long attrs)
{
	const unsigned long pages = PAGE_ALIGN(size) >> PAGE_SHIFT;
	int err;

	if (!find_memory(dev, addr, handle, size, attrs, "dma_mmap_attrs()"))
		return -ENXIO;
	if (vma->vm_pgoff >= pages || vma_pages(vma) > pages - vma->vm_pgoff || vma_pages(vma) > VMA_PAGES_MAX)
		return -ENXIO;
	vma->vm_page_prot = dma_pgprot(dev, vma->vm_page_prot, attrs);
	if (dma_mmap_from_dev_coherent(dev, vma, addr, size, &err))
		return err;
	return get_dma_ops(dev)->mmap ? get_dma_ops(dev)->mmap(dev, vma, addr, handle, size, attrs) : -ENXIO;
}

bool dma_can_mmap(struct device *dev)
{
	return get_dma_ops(dev)->mmap;
}

void *kernel_user_address(const struct vm_area_struct *vma, unsigned long addr)
{
	const struct page *page = NULL;

	if (addr >= vma->vm_start && addr < vma->vm_end)
		page = vma->vm_pages[(addr - vma->vm_start) >> PAGE_SHIFT];
	return page ? (u8 *)view_of_page(page) + offset_in_page(addr) : NULL;
}

int dma_get_sgtable_attrs(struct device *dev, struct sg_table *sgt, void *addr, dma_addr_t handle, size_t size, unsigned long attrs)
{
	int err;

	/* Memory of one device may have no pages, so there is nothing to list. */
	if (!find_memory(dev, addr, handle, size, attrs, "dma_get_sgtable()") || dev->dma_mem || !get_dma_ops(dev)->get_sgtable)
		return -ENXIO;
	err = get_dma_ops(dev)->get_sgtable(dev, sgt, addr, handle, size, attrs);
	if (!err)
		golden_check_sgtable(dev, sgt, handle, size);
	return err;
}

/* For tables of functions */

pgprot_t dma_pgprot(struct device *dev, pgprot_t prot, unsigned long attrs)
{
	(void)dev;
	if (cpu.hw->coherent)
		return prot;
	return attrs & DMA_ATTR_WRITE_COMBINE ? pgprot_writecombine(prot) : pgprot_dmacoherent(prot);
}

int dma_common_get_sgtable(struct device *dev, struct sg_table *sgt, void *addr, dma_addr_t handle, size_t size, unsigned long attrs)
{
	const int err = sg_alloc_table(sgt, 1, GFP_KERNEL);

	(void)dev;
	(void)handle;
	(void)attrs;
	if (!err)
		sg_set_page(sgt->sgl, view_page(addr), (unsigned int)PAGE_ALIGN(size), 0);
	return err;
}

int dma_common_mmap(struct device *dev, struct vm_area_struct *vma, void *addr, dma_addr_t handle, size_t size, unsigned long attrs)
{
	(void)handle;
	vma->vm_page_prot = dma_pgprot(dev, vma->vm_page_prot, attrs);
	return dma_mmap_pages(dev, vma, size, view_page(addr));
}

/* Limits */

static bool is_supported(struct device *dev, u64 mask)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	return !ops->dma_supported || ops->dma_supported(dev, mask);
}

int dma_set_mask(struct device *dev, u64 mask)
{
	if (!dev->dma_mask || !is_supported(dev, mask))
		return -EIO;
	*dev->dma_mask = mask;
	return 0;
}

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	if (!is_supported(dev, mask))
		return -EIO;
	dev->coherent_dma_mask = mask;
	return 0;
}

int dma_set_mask_and_coherent(struct device *dev, u64 mask)
{
	int err = dma_set_mask(dev, mask);

	return err ? err : dma_set_coherent_mask(dev, mask);
}

int dma_coerce_mask_and_coherent(struct device *dev, u64 mask)
{
	dev->dma_mask = &dev->coherent_dma_mask;
	return dma_set_mask_and_coherent(dev, mask);
}

u64 dma_get_mask(struct device *dev)
{
	return dev->dma_mask && *dev->dma_mask ? *dev->dma_mask : DMA_BIT_MASK(32);
}

u64 mapping_limit(struct device *dev)
{
	const u64 mask = dma_get_mask(dev);

	return dev->bus_dma_limit ? min_t(u64, mask, dev->bus_dma_limit) : mask;
}

u64 dma_get_required_mask(struct device *dev)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	return ops->get_required_mask ? ops->get_required_mask(dev) : DMA_BIT_MASK(32);
}

bool dma_addressing_limited(struct device *dev)
{
	return mapping_limit(dev) < dma_get_required_mask(dev);
}

unsigned int dma_get_max_seg_size(struct device *dev)
{
	return dev->dma_parms && dev->dma_parms->max_segment_size ? dev->dma_parms->max_segment_size : 65536;
}

int dma_set_max_seg_size(struct device *dev, unsigned int size)
{
	if (!dev->dma_parms)
		return -EIO;
	dev->dma_parms->max_segment_size = size;
	return 0;
}

unsigned long dma_get_seg_boundary(struct device *dev)
{
	return dev->dma_parms && dev->dma_parms->segment_boundary_mask ? dev->dma_parms->segment_boundary_mask : ULONG_MAX;
}

int dma_set_seg_boundary(struct device *dev, unsigned long mask)
{
	if (!dev->dma_parms)
		return -EIO;
	dev->dma_parms->segment_boundary_mask = mask;
	return 0;
}

size_t dma_max_mapping_size(struct device *dev)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	return ops->max_mapping_size ? ops->max_mapping_size(dev) : SIZE_MAX;
}

unsigned long dma_get_seg_boundary_nr_pages(struct device *dev, unsigned int page_shift)
{
	return ((dev ? dma_get_seg_boundary(dev) : U32_MAX) >> page_shift) + 1;
}

unsigned int dma_get_min_align_mask(struct device *dev)
{
	return dev->dma_parms ? dev->dma_parms->min_align_mask : 0;
}

int dma_set_min_align_mask(struct device *dev, unsigned int mask)
{
	if (WARN(!dev->dma_parms, "%s has no place for its limits", dev_name(dev)))
		return -EIO;
	dev->dma_parms->min_align_mask = mask;
	return 0;
}

size_t dma_opt_mapping_size(struct device *dev)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	return min_t(size_t, dma_max_mapping_size(dev), ops->opt_mapping_size ? ops->opt_mapping_size() : SIZE_MAX);
}

unsigned long dma_get_merge_boundary(struct device *dev)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	return ops->get_merge_boundary ? ops->get_merge_boundary(dev) : 0;
}

bool dma_need_sync(struct device *dev, dma_addr_t addr)
{
	(void)dev;
	(void)addr;
	return !cpu.hw->coherent;
}
