// SPDX-License-Identifier: MIT
// pqdma_widths - checks the settings of a peripheral copy
//
// Wires only. The rules are those of BAD_WIDTH in docs/spec.md.
`default_nettype none

module pqdma_widths #(
	parameter [31:0] LINES = 4,
	parameter DATA_W       = 128,
	parameter STRIP_BYTES  = 1024
) (
	input  wire [19:0] settings,    // burst, destination mode, source mode, destination width, source width, dst_dev, paced, line
	input  wire [5:0]  src,
	input  wire [5:0]  dst,
	input  wire [5:0]  length,
	output wire        bad
);

localparam [31:0] BUS_32   = $clog2(DATA_W / 8);
localparam [31:0] STRIP_32 = $clog2(STRIP_BYTES);
localparam [2:0]  BUS_LOG2 = BUS_32[2:0];
localparam [3:0]  STRIP_LOG2 = STRIP_32[3:0];
localparam [5:0]  LINES_6  = LINES[5:0];

wire [2:0] burst;
wire [1:0] dst_mode;
wire [1:0] src_mode;
wire [2:0] dst_log2;
wire [2:0] src_log2;
wire       dst_dev;
wire       paced;
wire [4:0] line;

assign {burst, dst_mode, src_mode, dst_log2, src_log2, dst_dev, paced, line} = settings;

wire       src_narrow = src_mode != 2'd0 || src_log2 != BUS_LOG2;
wire       dst_narrow = dst_mode != 2'd0 || dst_log2 != BUS_LOG2;
wire [2:0] dev_log2   = dst_dev ? dst_log2 : src_log2;
wire [3:0] all_log2   = {1'b0, dev_log2} + {1'b0, burst};
wire [6:0] src_mask7  = (7'd1 << src_log2) - 7'd1;
wire [6:0] dst_mask7  = (7'd1 << dst_log2) - 7'd1;
wire [5:0] src_mask   = src_mask7[5:0];
wire [5:0] dst_mask   = dst_mask7[5:0];

wire src_bad = src_narrow && (((src | length) & src_mask) != 6'd0 || src_log2 > dev_log2 ||
			      all_log2 > {1'b0, src_log2} + 4'd4);
wire dst_bad = dst_narrow && (((dst | length) & dst_mask) != 6'd0 || dst_log2 > dev_log2 ||
			      all_log2 > {1'b0, dst_log2} + 4'd4);

assign bad = src_log2 > BUS_LOG2 || dst_log2 > BUS_LOG2 || src_mode == 2'd3 || dst_mode == 2'd3 || burst > 3'd4 ||
	     {1'b0, line} >= LINES_6 || all_log2 > STRIP_LOG2 || src_bad || dst_bad;

wire unused = &{1'b0, paced, src_mask7[6], dst_mask7[6]};

endmodule
