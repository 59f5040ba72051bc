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
`define BD_SRC    135:72    // source, pattern of a fill, table of sources, or with a code its ERR_ADDR
`define BD_DST    199:136
`define BD_DESC   263:200   // address of the descriptor
`define BD_DST2   327:264   // Q; in 2D the strides
`define BD_K      333:328   // number of sources
`define BD_ROWS   365:334   // rows still to come, this one included
`define BD_LINE   370:366   // settings of a peripheral piece
`define BD_PACED  371
`define BD_DDEV   372       // the destination is the device
`define BD_SW     375:373   // log2 of the source's width
`define BD_DW     378:376
`define BD_SMODE  380:379   // 0 incrementing, 1 FIXED, 2 decrementing
`define BD_DMODE  382:381
`define BD_BURST  385:383   // log2 of the transfers of a burst request
`define BD_PERI   386
`define BD_W      387

// A strip on its way from the strip generator to the write engine
`define BS_CHAN   3:0
`define BS_KIND   5:4       // BS_NONE, BS_FILL, BS_DATA
`define BS_CODE   13:6
`define BS_USE_P  14
`define BS_USE_Q  15
`define BS_CHECK  16
`define BS_PROWS  25:17
`define BS_QROWS  34:26
`define BS_ROWS   43:35
`define BS_DO     49:44     // first lane of the first row of P
`define BS_EO     55:50     // last lane of its last row
`define BS_QDO    61:56
`define BS_QEO    67:62
`define BS_N      80:68     // bytes
`define BS_LAST   81
`define BS_WB     82
`define BS_IRQ    83
`define BS_TAG    99:84
`define BS_PD     163:100
`define BS_QD     227:164
`define BS_DESC   291:228
`define BS_PAT    355:292
`define BS_SMALL  356       // compact descriptor
`define BS_PERI   357
`define BS_PACED  358
`define BS_LINE   363:359
`define BS_NARROW 364       // the destination is narrow
`define BS_DW     367:365
`define BS_DMODE  369:368
`define BS_LIMIT  382:370
`define BS_W      383

`define BS_NONE   2'd0      // no bytes: nop, interrupt, malformed descriptor
`define BS_FILL   2'd1
`define BS_DATA   2'd2

// What the sequencer must know of a strip to make its reads
`define BX_CHAN   3:0
`define BX_SET    4         // which of the channel's two tables
`define BX_TABLE  5         // the sources stand in that table
`define BX_A_TAB  6         // a_i from the table, else 1
`define BX_B_TAB  7         // b_i from the table, else 0
`define BX_OLD_P  8         // the old P is a source
`define BX_OLD_Q  9         // the old Q is a source
`define BX_K      15:10     // sources in the table
`define BX_SRC    79:16     // the source, if there is no table
`define BX_POS    111:80    // bytes of the descriptor before this strip
`define BX_PD     175:112
`define BX_QD     239:176
`define BX_N      252:240
`define BX_LIMIT  265:253
`define BX_NARROW 266       // the source is narrow
`define BX_SW     269:267
`define BX_SMODE  271:270
`define BX_DO     277:272   // lane of P's first byte in its first row
`define BX_QDO    283:278
`define BX_W      284

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
`define BA_MORE   175       // the strip's other destination follows
`define BA_BAD    177:176   // a check found Q, P different
`define BA_SMALL  178
`define BA_CMPL   179       // of a completion word
`define BA_PACED  180
`define BA_LINE   185:181
`define BA_W      186

// A descriptor whose data is acknowledged, on its way to its status write
`define BC_CHAN   3:0
`define BC_WB     4
`define BC_IRQ    5
`define BC_CODE   13:6
`define BC_TAG    29:14
`define BC_BYTES  61:30
`define BC_DESC   125:62
`define BC_BAD    127:126
`define BC_SMALL  128
`define BC_W      129

`endif
