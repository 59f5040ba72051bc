/* SPDX-License-Identifier: MIT */
/*
 * Attributes as a struct, as they were before they became bits of an unsigned long: for clients of that time.
 *
 *	DEFINE_DMA_ATTRS(attrs);
 *
 *	dma_set_attr(DMA_ATTR_NO_KERNEL_MAPPING, &attrs);
 *	cookie = dma_alloc_attrs(dev, size, &handle, GFP_KERNEL, dma_attrs_bits(&attrs));
 *
 * The calls themselves take the bits; dma_attrs_bits() is the bridge. dma_get_sgtable() with six arguments was the name of
 * what is dma_get_sgtable_attrs() now.
 */
#ifndef PQDMA_LINUX_DMA_ATTRS_H
#define PQDMA_LINUX_DMA_ATTRS_H

#include <linux/dma-mapping.h>

/** struct dma_attrs - a set of attributes */
struct dma_attrs {
	unsigned long flags;
};

#define DEFINE_DMA_ATTRS(name) struct dma_attrs name = { 0 }

static inline void init_dma_attrs(struct dma_attrs *attrs)
{
	attrs->flags = 0;
}

/** dma_set_attr() - @attr is one of the DMA_ATTR_ bits of linux/dma-mapping.h */
static inline void dma_set_attr(unsigned long attr, struct dma_attrs *attrs)
{
	attrs->flags |= attr;
}

/** dma_get_attr() - is it in the set? NULL is the empty set. */
static inline int dma_get_attr(unsigned long attr, const struct dma_attrs *attrs)
{
	return attrs && (attrs->flags & attr);
}

static inline unsigned long dma_attrs_bits(const struct dma_attrs *attrs)
{
	return attrs ? attrs->flags : 0;
}

#endif
