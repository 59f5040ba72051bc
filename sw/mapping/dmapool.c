// SPDX-License-Identifier: MIT
/*
 * Pools of small blocks of coherent memory: chunks of whole pages, cut up, with the free blocks in a stack.
 */
#include <linux/dmapool.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#define POISON_FREE 0xa7

struct chunk {
	void *cpu;
	dma_addr_t handle;
	unsigned int used;
	unsigned int *next;
	unsigned int first;
	struct list_head node;
};

/**
 * struct dma_pool - a pool
 * @name:     for messages
 * @dev:      whose memory it is
 * @step:     from one block to the next
 * @size:     bytes of a block
 * @per_span: blocks between two boundaries
 * @boundary: no block crosses a multiple of this
 * @chunk_size: bytes of a chunk
 * @blocks:   blocks of a chunk
 * @lock:     protects the rest
 * @chunks:   all chunks
 */
struct dma_pool {
	const char *name;
	struct device *dev;
	size_t step;
	size_t size;
	size_t per_span;
	size_t boundary;
	size_t chunk_size;
	unsigned int blocks;
	spinlock_t lock;
	struct list_head chunks;
};

static bool is_power_of_two(size_t n)
{
	return n && !(n & (n - 1));
}

struct dma_pool *dma_pool_create(const char *name, struct device *dev, size_t size, size_t align, size_t boundary)
{
	struct dma_pool *pool;

	align = align ? align : 1;
	if (!size || !is_power_of_two(align) || (boundary && (!is_power_of_two(boundary) || boundary < size)))
		return NULL;
	pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return NULL;
	pool->name = name;
	pool->dev = dev;
	pool->size = size;
	pool->step = ALIGN(size, align);
	pool->chunk_size = PAGE_ALIGN(pool->step);
	pool->boundary = boundary ? min_t(size_t, boundary, pool->chunk_size) : pool->chunk_size;
	pool->per_span = (pool->boundary - size) / pool->step + 1;
	pool->blocks = (unsigned int)(pool->chunk_size / pool->boundary * pool->per_span);
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->chunks);
	return pool;
}

static void destroy_managed(void *pool)
{
	dma_pool_destroy(pool);
}

struct dma_pool *dmam_pool_create(const char *name, struct device *dev, size_t size, size_t align, size_t boundary)
{
	struct dma_pool *pool = dma_pool_create(name, dev, size, align, boundary);

	return pool && !devm_add_action_or_reset(dev, destroy_managed, pool) ? pool : NULL;
}

void dmam_pool_destroy(struct dma_pool *pool)
{
	devm_release_action(pool->dev, destroy_managed, pool);
}

static size_t block_offset(const struct dma_pool *pool, unsigned int index)
{
	return index / pool->per_span * pool->boundary + index % pool->per_span * pool->step;
}

static void chunk_free(struct dma_pool *pool, struct chunk *chunk)
{
	dma_free_coherent(pool->dev, pool->chunk_size, chunk->cpu, chunk->handle);
	kfree(chunk->next);
	kfree(chunk);
}

static struct chunk *chunk_new(struct dma_pool *pool, gfp_t gfp)
{
	struct chunk *chunk = kmalloc(sizeof(*chunk), gfp);
	unsigned int i;

	if (!chunk)
		return NULL;
	*chunk = (struct chunk){ .next = kcalloc(pool->blocks, sizeof(*chunk->next), gfp) };
	if (!chunk->next)
		goto out_chunk;
	chunk->cpu = dma_alloc_coherent(pool->dev, pool->chunk_size, &chunk->handle, gfp);
	if (!chunk->cpu)
		goto out_next;
	memset(chunk->cpu, POISON_FREE, pool->chunk_size);
	for (i = 0; i < pool->blocks; i++)
		chunk->next[i] = i + 1;
	return chunk;

out_next:
	kfree(chunk->next);
out_chunk:
	kfree(chunk);
	return NULL;
}

static struct chunk *chunk_with_room(struct dma_pool *pool)
{
	struct chunk *chunk;

	list_for_each_entry(chunk, &pool->chunks, node)
		if (chunk->used < pool->blocks)
			return chunk;
	return NULL;
}

static void *block_take(struct dma_pool *pool, struct chunk *chunk, dma_addr_t *handle)
{
	size_t offset = block_offset(pool, chunk->first);

	chunk->first = chunk->next[chunk->first];
	chunk->used++;
	*handle = chunk->handle + offset;
	return (u8 *)chunk->cpu + offset;
}

void *dma_pool_alloc(struct dma_pool *pool, gfp_t gfp, dma_addr_t *handle)
{
	struct chunk *chunk, *fresh = NULL;
	unsigned long flags;
	void *block;

	spin_lock_irqsave(&pool->lock, flags);
	chunk = chunk_with_room(pool);
	if (!chunk) {
		spin_unlock_irqrestore(&pool->lock, flags);
		fresh = chunk_new(pool, gfp);
		if (!fresh)
			return NULL;
		spin_lock_irqsave(&pool->lock, flags);
		list_add(&fresh->node, &pool->chunks);
		chunk = fresh;
	}
	block = block_take(pool, chunk, handle);
	spin_unlock_irqrestore(&pool->lock, flags);
	return block;
}

void *dma_pool_zalloc(struct dma_pool *pool, gfp_t gfp, dma_addr_t *handle)
{
	void *block = dma_pool_alloc(pool, gfp, handle);

	return block ? memset(block, 0, pool->size) : NULL;
}

static struct chunk *chunk_of(struct dma_pool *pool, dma_addr_t handle)
{
	struct chunk *chunk;

	list_for_each_entry(chunk, &pool->chunks, node)
		if (handle >= chunk->handle && handle - chunk->handle < pool->chunk_size)
			return chunk;
	return NULL;
}

/* Which block begins at @offset; the number of blocks if none does. */
static unsigned int block_index(const struct dma_pool *pool, size_t offset)
{
	unsigned int index = (unsigned int)(offset / pool->boundary * pool->per_span + offset % pool->boundary / pool->step);

	return index < pool->blocks && block_offset(pool, index) == offset ? index : pool->blocks;
}

static bool is_free(const struct dma_pool *pool, const struct chunk *chunk, unsigned int index)
{
	unsigned int i;

	for (i = chunk->first; i < pool->blocks; i = chunk->next[i])
		if (i == index)
			return true;
	return false;
}

static void block_give(struct dma_pool *pool, void *cpu, dma_addr_t handle)
{
	struct chunk *chunk = chunk_of(pool, handle);
	unsigned int index = chunk ? block_index(pool, handle - chunk->handle) : 0;

	if (WARN(!chunk || index == pool->blocks || cpu != (u8 *)chunk->cpu + block_offset(pool, index),
		 "pool %s: free of a block that is not its own", pool->name))
		return;
	if (WARN(is_free(pool, chunk, index), "pool %s: a block is freed twice", pool->name))
		return;
	memset(cpu, POISON_FREE, pool->size);
	chunk->next[index] = chunk->first;
	chunk->first = index;
	chunk->used--;
}

void dma_pool_free(struct dma_pool *pool, void *cpu, dma_addr_t handle)
{
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	block_give(pool, cpu, handle);
	spin_unlock_irqrestore(&pool->lock, flags);
}

void dma_pool_destroy(struct dma_pool *pool)
{
	struct chunk *chunk, *next;

	if (!pool)
		return;
	list_for_each_entry_safe(chunk, next, &pool->chunks, node) {
		WARN(chunk->used, "pool %s: %u blocks were not freed", pool->name, chunk->used);
		list_del(&chunk->node);
		chunk_free(pool, chunk);
	}
	kfree(pool);
}
