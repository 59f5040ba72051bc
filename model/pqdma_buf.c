/* SPDX-License-Identifier: MIT */
/*
 * The strip buffer. docs/timing.md, sections 7 and 8.
 *
 * Lane l of row r is byte r x BYTES + l. Rotating by rot lanes with a carry into the next row is then plain addition, so
 * the valid lanes of a beat are one run of bytes that wraps at the end of the buffer.
 */
#include <string.h>
#include "pqdma_priv.h"

void pqdma_buf_update(struct pqdma_buf *buf, const struct pqdma_in *in, const struct pqdma_events *ev)
{
	const uint8_t *from = (const uint8_t *)in->m_axi_rdata + ev->with.low;
	const uint32_t at = ev->with.at % PQDMA_BUF_BYTES;
	const uint32_t n = ev->with.high + 1 - ev->with.low;
	const uint32_t to_end = PQDMA_BUF_BYTES - at;

	if (ev->with.high < ev->with.low)
		return;
	if (n <= to_end) {
		memcpy(buf->bytes + at, from, n);
		return;
	}
	memcpy(buf->bytes + at, from, to_end);
	memcpy(buf->bytes, from + to_end, n - to_end);
}
