/* SPDX-License-Identifier: MIT */
/* Copies with PERI for the unit tests of the model. */
#include "model_peri.h"

uint32_t peri_word(const struct peri *peri)
{
	return (uint32_t)(peri->line << PQDMA_SETTINGS_LINE_SHIFT | (peri->paced ? PQDMA_SETTINGS_PACED_MASK : 0) |
			  (peri->dst_dev ? PQDMA_SETTINGS_DST_DEV_MASK : 0) | peri->src_size << PQDMA_SETTINGS_SRC_WIDTH_SHIFT |
			  peri->dst_size << PQDMA_SETTINGS_DST_WIDTH_SHIFT | peri->src_mode << PQDMA_SETTINGS_SRC_MODE_SHIFT |
			  peri->dst_mode << PQDMA_SETTINGS_DST_MODE_SHIFT | peri->burst << PQDMA_SETTINGS_BURST_SHIFT);
}

static uint32_t device_size(const struct peri *peri)
{
	return peri->dst_dev ? peri->dst_size : peri->src_size;
}

bool peri_is_narrow(uint32_t size, uint32_t mode)
{
	return size != PERI_BUS_SIZE || mode != PERI_UP;
}

static bool is_legal_side(const struct peri *peri, uint32_t size, uint32_t mode)
{
	if (!peri_is_narrow(size, mode))
		return true;
	return size <= device_size(peri) && device_size(peri) + peri->burst <= size + 4;
}

struct peri peri_random(struct env *env, uint32_t line)
{
	struct peri peri;

	do {
		peri = (struct peri) {
			.line = line,
			.dst_dev = env_random(env) % 2,
			.src_size = env_random(env) % (PERI_BUS_SIZE + 1),
			.src_mode = env_random(env) % 3,
			.dst_size = env_random(env) % (PERI_BUS_SIZE + 1),
			.dst_mode = env_random(env) % 3,
			.burst = env_random(env) % 5,
		};
	} while (!is_legal_side(&peri, peri.src_size, peri.src_mode) || !is_legal_side(&peri, peri.dst_size, peri.dst_mode) ||
		 1u << (device_size(&peri) + peri.burst) > PQDMA_STRIP_BYTES);
	return peri;
}

static uint64_t fit_address(struct env *env, uint64_t base, uint32_t size, uint32_t mode)
{
	const uint32_t away = env_random(env) % 64;

	return base + (peri_is_narrow(size, mode) ? away & ~((1u << size) - 1) : away);
}

/* A multiple of every width; @most bytes or a little less */
static uint32_t fit_length(struct env *env, const struct peri *peri, uint32_t most)
{
	const uint32_t src = peri_is_narrow(peri->src_size, peri->src_mode) ? peri->src_size : 0;
	const uint32_t dst = peri_is_narrow(peri->dst_size, peri->dst_mode) ? peri->dst_size : 0;
	const uint32_t unit = 1u << (src > dst ? src : dst);

	return (1 + env_random(env) % (most / unit)) * unit;
}

struct desc peri_desc(struct env *env, const struct peri *peri, uint64_t src, uint64_t dst, uint32_t most)
{
	return (struct desc) {
		.op = PQDMA_OP_COPY,
		.flags = PQDMA_FLAG_PERI | (env_random(env) & (PQDMA_FLAG_WB | PQDMA_FLAG_IRQ | PQDMA_FLAG_FENCE)),
		.tag = (uint16_t)env_random(env),
		.length = fit_length(env, peri, most),
		.src = fit_address(env, src, peri->src_size, peri->src_mode),
		.dst = fit_address(env, dst, peri->dst_size, peri->dst_mode),
		.settings = peri_word(peri),
	};
}

void peri_run(struct env *env, uint32_t c, uint32_t first, uint32_t nr)
{
	env_write(env, PQDMA_CH(c) + PQDMA_CH_CFG, env_random(env) % 9);
	env_start(env, c, PERI_DESC(first), nr, nr);
}
