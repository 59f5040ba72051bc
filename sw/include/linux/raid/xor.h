/* SPDX-License-Identifier: MIT */
/* XOR by the CPU. */
#ifndef PQDMA_LINUX_RAID_XOR_H
#define PQDMA_LINUX_RAID_XOR_H

#define MAX_XOR_BLOCKS 4

/** xor_blocks() - @dest = @dest + @count sources, at most MAX_XOR_BLOCKS, of @bytes bytes */
void xor_blocks(unsigned int count, unsigned int bytes, void *dest, void **srcs);

#endif
