// SPDX-License-Identifier: MIT
// pqdma_bundles.vh - places of the fields in the bundles that travel between modules
//
// Verilog-2005 has no structs; a bundle is a vector and these are its slices.
`ifndef PQDMA_BUNDLES_VH
`define PQDMA_BUNDLES_VH

// A checked descriptor on its way from the list to the strip generator
`define BD_CODE   7:0       // error code, 0 if it is good
`define BD_OP     15:8
`define BD_FLAGS  23:16
`define BD_TAG    39:24
`define BD_LEFT   71:40     // bytes not yet taken by a strip
`define BD_SRC    135:72    // source, or the pattern of a fill
`define BD_DST    199:136
`define BD_DESC   263:200   // address of the descriptor
`define BD_W      264

// A strip on its way from the strip generator to the write engine
`define BS_CHAN   3:0
`define BS_KIND   5:4       // BS_NONE, BS_FILL, BS_DATA
`define BS_CODE   13:6
`define BS_ROWS   22:14
`define BS_DO     28:23     // first lane of the first row
`define BS_EO     34:29     // last lane of the last row
`define BS_N      47:35     // bytes
`define BS_LAST   48
`define BS_WB     49
`define BS_IRQ    50
`define BS_TAG    66:51
`define BS_DST    130:67
`define BS_DESC   194:131
`define BS_PAT    258:195
`define BS_W      259

`define BS_NONE   2'd0      // no bytes: nop, interrupt, malformed descriptor
`define BS_FILL   2'd1
`define BS_DATA   2'd2

// An acknowledge that is awaited
`define BA_STS    0         // of a status write or completion, not of a strip
`define BA_CHAN   4:1
`define BA_NOB    5         // there is no B beat to wait for
`define BA_DROP   6
`define BA_CODE   14:7
`define BA_N      27:15
`define BA_LAST   28
`define BA_WB     29
`define BA_IRQ    30
`define BA_TAG    46:31
`define BA_ADDR   110:47
`define BA_DESC   174:111
`define BA_W      175

// A descriptor whose data is acknowledged, on its way to its status write
`define BC_CHAN   3:0
`define BC_WB     4
`define BC_IRQ    5
`define BC_CODE   13:6
`define BC_TAG    29:14
`define BC_BYTES  61:30
`define BC_DESC   125:62
`define BC_W      126

`endif
