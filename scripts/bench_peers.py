# SPDX-License-Identifier: MIT
"""Figures of other open DMA engines that stand beside ours in docs/performance.md, and how they were measured.

All were verilated behind one harness: reads in order, first beat L clocks after the address and then one a clock, at most 16 bursts
in flight (on the descriptor port too), W always ready, B one clock after the last beat; no turnaround. Use is payload over what W could
carry in steady state, from the end of a quarter of the list to its end. Sizes: Yosys 0.23, generic, memories apart.
"""

ENGINES = (
    ("verilog-axi `axi_cdma`", "516bd5da", "descriptors through a ready/valid port, one waits"),
    ("verilog-axi `axi_dma_rd` into `axi_dma_wr`", "516bd5da", "the same, with a queue of 16 in front"),
    ("ZipCPU wb2axip `axidma`", "df8e7649", "AXI-Lite registers, one job at a time"),
    ("ZipCPU wb2axip `axisgdma`", "df8e7649", "12-byte table over the data port; its busy signal mended in one token"),
    ("ADI hdl `axi_dmac`", "e57851ff", "linked list of 48 bytes over a 64-bit port of its own; aligned addresses only"),
    ("PULP iDMA `desc64` and back end", "v0.6.5", "linked list of 32 bytes over a 64-bit port of its own, next ones prefetched by guess"),
)

LATENCIES = (1, 10, 50, 100)

# W use: {bus: {engine: {bytes: (L = 1, 10, 50, 100)}}}; descriptors on a port of their own where the engine has one
USE = {
    64: {
        "axi_cdma, 16-beat bursts": {64: (.89, .70, .25, .14), 256: (.94, .94, .45, .26),
                                     1024: (.94, .94, .46, .27), 4096: (.94, .94, .46, .27)},
        "axi_dma loop, 16-beat bursts": {64: (.80, .73, .26, .14), 256: (.91, .91, .74, .47),
                                         1024: (.93, .93, .93, .93), 4096: (.94, .94, .94, .94)},
        "ZipCPU axisgdma, 16-beat bursts": {64: (.29, .22, .10, .06), 256: (.53, .46, .29, .20),
                                            1024: (.82, .78, .62, .50), 4096: (.95, .93, .87, .80)},
        "ADI axi_dmac SG, 128-byte bursts": {64: (1, .47, .14, .07), 256: (1, 1, .56, .30),
                                             1024: (1, 1, 1, .93), 4096: (1, 1, 1, .93)},
        "iDMA desc64, 3 in flight, 4 prefetched": {64: (1, 1, .41, .22), 256: (1, 1, 1, .72),
                                                   1024: (1, 1, 1, 1), 4096: (1, 1, 1, 1)},
        "iDMA desc64, 16 in flight, 16 prefetched": {64: (1, 1, 1, 1), 256: (1, 1, 1, 1),
                                                     1024: (1, 1, 1, 1), 4096: (1, 1, 1, 1)},
    },
    128: {
        "axi_cdma, 16-beat bursts": {64: (.80, .42, .14, .07), 256: (.94, .94, .45, .26),
                                     1024: (.94, .94, .46, .27), 4096: (.94, .94, .46, .27)},
        "axi_dma loop, 16-beat bursts": {64: (.67, .44, .14, .07), 256: (.89, .89, .46, .27),
                                         1024: (.93, .93, .93, .76), 4096: (.94, .94, .94, .94)},
        "ZipCPU axisgdma, 16-beat bursts": {64: (.20, .14, .06, .03), 256: (.36, .30, .17, .11),
                                            1024: (.70, .63, .45, .34), 4096: (.90, .87, .77, .67)},
        "ADI axi_dmac SG, 128-byte bursts": {64: (.50, .24, .07, .04), 256: (1, .94, .28, .15),
                                             1024: (1, 1, .90, .53), 4096: (1, 1, .90, .53)},
        "iDMA desc64, 3 in flight, 4 prefetched": {64: (1, .80, .22, .11), 256: (1, 1, .72, .41),
                                                   1024: (1, 1, 1, 1), 4096: (1, 1, 1, 1)},
        "iDMA desc64, 16 in flight, 16 prefetched": {64: (1, 1, 1, .60), 256: (1, 1, 1, 1),
                                                     1024: (1, 1, 1, 1), 4096: (1, 1, 1, 1)},
    },
}

# 64-bit bus, descriptors read over the data port: {engine: {bytes: (L = 1, 10, 50)}}
SHARED = {
    "ZipCPU axisgdma, 16-beat bursts": {64: (.29, .22, .10), 256: (.53, .46, .29), 1024: (.82, .78, .62), 4096: (.95, .93, .87)},
    "ADI axi_dmac SG": {64: (.57, .47, .14), 256: (.84, .84, .56), 1024: (.96, .96, .96), 4096: (.99, .99, .99)},
    "iDMA desc64, 16 in flight, 4 prefetched": {64: (.67, .67, .60), 256: (.89, .89, .89), 1024: (.97, .97, .97), 4096: (.99, .99, .99)},
}

# 64-bit bus, port of its own, every descriptor by itself: {engine: {bytes: (L = 1, 10, 50)}}
SCATTERED = {
    "iDMA desc64, 16 in flight, 4 prefetched": {64: (.50, .50, .15), 256: (1, 1, .62), 1024: (1, 1, 1)},
    "iDMA desc64, 16 in flight, 16 prefetched": {64: (.12, .12, .12), 256: (.50, .50, .50), 1024: (1, 1, 1)},
}

# 64-bit bus, L = 50, W use by reads in flight: {engine: {bytes: (K = 1, 2, 4, 8, 16)}}
READS = (1, 2, 4, 8, 16)
IN_FLIGHT = {
    "axi_cdma": {64: (.14, .25, .25, .25, .25), 4096: (.24, .46, .46, .46, .46)},
    "axi_dma loop": {64: (.14, .26, .26, .26, .26), 4096: (.24, .48, .94, .94, .94)},
    "ZipCPU axisgdma, 256-beat bursts": {64: (.05, .08, .10, .10, .10), 4096: (.54, .60, .62, .62, .62)},
    "ADI axi_dmac SG": {64: (.14, .14, .14, .14, .14), 4096: (.24, .48, .97, 1, 1)},
    "iDMA desc64, 4 prefetched": {64: (.14, .28, .55, .60, .60), 4096: (.84, 1, 1, 1, 1)},
    "iDMA desc64, 16 prefetched": {64: (.14, .28, .55, 1, 1), 4096: (.84, 1, 1, 1, 1)},
}

# 64-bit bus, L = 10, offsets of source and destination: {engine: {bytes: use}}; None: data was corrupted and the engine hung
OFFSETS = ((0, 0), (1, 0), (0, 1), (3, 3), (5, 2), (2, 5), (7, 1))
UNALIGNED = {
    "axi_cdma, 16-beat bursts": {64: (.696, .667, None, .667, None, .667, None), 1024: (.941, .889, .815, .853, .810, .815, .810),
                                 4096: (.941, .889, .869, .918, .868, .869, .868)},
    "axi_dma loop, 16-beat bursts": {64: (.727, .696, .727, .696, .696, .696, .696), 1024: (.934, .934, .921, .921, .921, .921, .921),
                                     4096: (.939, .939, .936, .936, .936, .936, .936)},
    "ZipCPU axisgdma, 256-beat bursts": {64: (.210, .205, .205, .200, .200, .200, .200), 1024: (.460, .459, .459, .457, .457, .457, .457),
                                         4096: (.647, .636, .646, .635, .635, .635, .635)},
    "iDMA desc64, 16 in flight": {64: (1, .889, .889, .889, .889, .889, .889), 1024: (1, .992, .992, .992, .992, .992, .992),
                                  4096: (1, .996, .996, .998, .994, .994, .994)},
}

# 64-bit bus, clocks after the doorbell of an idle engine, 64 bytes: to ARVALID of the first data read, to the first W beat
LAUNCH = (
    ("ZipCPU axisgdma", "14 + L", "23 + 2L"),
    ("ADI axi_dmac SG", "12 + L", "24 + 2L"),
    ("iDMA desc64", "7 + L", "8 + 2L"),
)

# 64-bit bus, 1 KiB: idle clocks on R and W between chained descriptors at L = 1, 10, 50, and most reads outstanding
BUBBLES = (
    ("axi_cdma, 16-beat bursts", "1 / 1 / 38", "1 / 1 / 38", 2),
    ("axi_dma loop, 16-beat bursts", "1 / 1 / 1", "2 / 2 / 2", 16),
    ("ZipCPU axisgdma, 16-beat bursts", "28 / 37 / 77", "28 / 37 / 77", 10),
    ("ADI axi_dmac SG", "0 / 0 / 0", "0 / 0 / 0", 8),
    ("iDMA desc64, 16 in flight", "0 / 0 / 0", "0 / 0 / 0", 16),
)

# engine, bus, two-input gates and multiplexers, flip-flops, LUT6, memory bits
SIZES = (
    ("axi_cdma, unaligned", 64, 2511, 435, 637, 2624),
    ("axi_cdma, unaligned", 128, 3330, 500, 1055, 4928),
    ("axi_dma read and write, unaligned", 64, 4239, 535, 1097, 4960),
    ("axi_dma read and write, unaligned", 128, 6285, 679, 1865, 9568),
    ("ZipCPU axisgdma, aligned", 64, 4100, 969, 1424, 33024),
    ("ZipCPU axisgdma, aligned", 128, 4385, 1026, 1570, 66048),
    ("ADI axi_dmac SG, aligned", 64, 2047, 1004, 700, 8692),
    ("ADI axi_dmac SG, aligned", 128, 2048, 994, 706, 8708),
)
