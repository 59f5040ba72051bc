/* SPDX-License-Identifier: MIT */
/* Memory order of integers: the simulated machine is little-endian, like its host. */
#ifndef PQDMA_LINUX_BYTEORDER_GENERIC_H
#define PQDMA_LINUX_BYTEORDER_GENERIC_H

#include <linux/types.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the simulated machine needs a little-endian host"
#endif

#define cpu_to_le16(x) ((__le16)(x))
#define cpu_to_le32(x) ((__le32)(x))
#define cpu_to_le64(x) ((__le64)(x))
#define le16_to_cpu(x) ((u16)(x))
#define le32_to_cpu(x) ((u32)(x))
#define le64_to_cpu(x) ((u64)(x))

#endif
